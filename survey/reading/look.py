"""A page's pixels -> what tells of the scanner: black and white only, a streak; and a small picture for people."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

VERSION = 2
BAND_ROWS = 7  # so many rows of a band are enough to see what runs down the whole page
BANDS = 16  # a streak crosses all of these bands of the page, its margins too, where nothing is printed
BANDS_CROSSED = 15  # … but one, where it may meet print
STREAK_WIDTH = 0.006  # share of the page's width (1.2 mm of A4) that a streak is narrower than
STREAK_LEVELS = (
    10  # of 255, by which a streak is darker than the paper beside it: dust on glass has 20 to 200
)
ROW_STEP = 64  # every so many rows are enough to tell black and white from grey
EDGE = 0.02  # share of the width at either side where the paper's own edge throws a shadow
THUMBNAIL_PX = 320  # width of a thumbnail: headings can be read, and it takes about 15 kB
THUMBNAIL_QUALITY = 30  # of JPEG


@dataclass(frozen=True)
class Look:
    """What a page's pixels tell of the scanner; `streak` is a share of the width from the left, NaN without one."""

    bilevel: bool
    streak: float


def look_at(grey: NDArray[np.uint8]) -> Look:
    """Look at a page for what is wrong with the scanner, in a fraction of a millisecond; grey is as scanned."""
    return Look(is_bilevel(grey), find_streak(grey))


def is_bilevel(grey: NDArray[np.uint8]) -> bool:
    """Whether an image as scanned is black and white only: what is too light for black is lost."""
    few = grey[::ROW_STEP]
    return bool(((few == 0) | (few == 255)).all())


def find_streak(grey: NDArray[np.uint8]) -> float:
    """Return where a thin dark line runs from the page's top to its bottom, as a share of its width, or NaN."""
    columns, darker = _dark_lines(grey)
    if not len(columns):
        return float("nan")
    strongest = columns[np.argmax(darker[:, columns].sum(axis=0))]
    return float((strongest + 0.5) / grey.shape[1])


def streak_columns(grey: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Return every column of the image in which a thin dark line runs from the page's top to its bottom."""
    return _dark_lines(grey)[0]


def _dark_lines(grey: NDArray[np.uint8]) -> tuple[NDArray[np.intp], NDArray[np.int16]]:
    """Columns of thin dark lines, and how much darker than beside it each column is in each band of the page."""
    height, width = grey.shape
    if min(height, width) < BANDS * BAND_ROWS:
        return np.zeros(0, np.intp), np.zeros((BANDS, 0), np.int16)
    rows = np.arange(BANDS * BAND_ROWS) * height // (BANDS * BAND_ROWS)
    added = grey[rows].reshape(BANDS, BAND_ROWS, width).sum(axis=1, dtype=np.uint16)
    bands = (added // BAND_ROWS).astype(np.uint8)
    reach = max(3, round(STREAK_WIDTH * width)) | 1
    paper = cv2.morphologyEx(bands, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    darker = (paper.astype(np.int16) - bands).clip(0)
    crossed = (darker >= STREAK_LEVELS).sum(axis=0)
    crossed[: round(EDGE * width)] = 0
    crossed[round((1 - EDGE) * width) :] = 0
    return np.flatnonzero(crossed >= BANDS_CROSSED), darker


def thumbnail(grey: NDArray[np.uint8]) -> bytes:
    """Shrink a page to a small JPEG, turned as it was scanned."""
    scale = min(1.0, THUMBNAIL_PX / grey.shape[1])
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, THUMBNAIL_QUALITY])[1].tobytes()
