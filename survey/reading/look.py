"""A page's pixels -> what tells of the scanner: black and white only, a streak; and a small picture for people."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

VERSION = 3
HALFWAY = 128  # grey between black and white
BAND_ROWS = 7  # so many rows of a band are enough to see what runs down the whole page
BANDS = 16  # a streak crosses all of these bands of the page, its margins too, where nothing is printed
BANDS_CROSSED = 15  # … but one, where it may meet print
STREAK_WIDTH = 0.006  # share of the page's width (1.2 mm of A4) that a streak is narrower than
STREAK_LEVELS = (
    10  # of 255, by which a streak is darker than the paper beside it: dust on glass has 20 to 200
)
ROW_STEP = 64  # every so many rows are enough to tell black and white from grey
FEW_BANDS, DOT_BANDS, DOT_ROWS = 5, 16, 16  # where dots are looked for: so many bands of so many rows
DOTTED = 0.25  # share of the dark pixels that stand alone from which a scan shows greys by dots: of strokes few do,
DOTTED_BLOCKS = (
    0.02  # of a tint that was printed so and scanned a fifth; and share of the blocks of 16 x 16 px with …
)
DOTS_A_BLOCK = 8  # … so many of them: specks lie scattered
EDGE = 0.02  # share of the width at either side where the paper's own edge throws a shadow
THUMBNAIL_PX = 320  # width of a thumbnail: headings can be read, and it takes about 15 kB
THUMBNAIL_QUALITY = 30  # of JPEG


@dataclass(frozen=True)
class Streaks:
    """Thin dark lines from a page's top to its bottom."""

    columns: NDArray[np.intp]
    """Every column of the image that is part of one."""
    share: float
    """Where the strongest is, as a share of the width from the left; NaN without one."""


def is_bilevel(grey: NDArray[np.uint8]) -> bool:
    """Whether an image as scanned is black and white only: what is too light for black is lost."""
    few = grey[::ROW_STEP]
    return bool(((few == 0) | (few == 255)).all())


def is_halftoned(grey: NDArray[np.uint8]) -> bool:
    """Whether a black-and-white image shows greys by dots: dark pixels alone among white ones, or white among dark.

    A few bands tell most pages that do not.
    """
    if min(grey.shape) < DOT_BANDS * DOT_ROWS:
        return False
    few, dark_px = _dots(grey, FEW_BANDS)
    if few.sum() <= DOTTED / 4 * dark_px:
        return False
    dots, dark_px = _dots(grey, DOT_BANDS)
    return bool(dots.sum() > DOTTED * dark_px and (dots >= DOTS_A_BLOCK).mean() > DOTTED_BLOCKS)


def _dots(grey: NDArray[np.uint8], bands: int) -> tuple[NDArray[np.intp], int]:
    """Count the pixels that stand alone in each block of some bands of a page, and the dark ones of all."""
    height, width = grey.shape
    whole = width // DOT_ROWS * DOT_ROWS
    tops = (np.arange(bands) * (height - DOT_ROWS) // bands).tolist()
    some = np.concatenate([grey[top : top + DOT_ROWS, :whole] for top in tops])
    dark = np.pad((some < HALFWAY).view(np.uint8), 1)
    around = dark[:-2, 1:-1] + dark[2:, 1:-1] + dark[1:-1, :-2] + dark[1:-1, 2:]
    alone = around == 4 * (1 - dark[1:-1, 1:-1])
    return alone.reshape(bands, DOT_ROWS, -1, DOT_ROWS).sum(axis=(1, 3)), int(np.count_nonzero(dark))


def find_streaks(grey: NDArray[np.uint8]) -> Streaks:
    """Look for thin dark lines down all of a page, in a fraction of a millisecond."""
    height, width = grey.shape
    if min(height, width) < BANDS * BAND_ROWS:
        return Streaks(np.zeros(0, np.intp), float("nan"))
    rows = np.arange(BANDS * BAND_ROWS) * height // (BANDS * BAND_ROWS)
    added = grey[rows].reshape(BANDS, BAND_ROWS, width).sum(axis=1, dtype=np.uint16)
    bands = (added // BAND_ROWS).astype(np.uint8)
    reach = max(3, round(STREAK_WIDTH * width)) | 1
    paper = cv2.morphologyEx(bands, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    darker = cv2.subtract(paper, bands)
    crossed = np.count_nonzero(darker >= STREAK_LEVELS, axis=0)
    crossed[: round(EDGE * width)] = 0
    crossed[round((1 - EDGE) * width) :] = 0
    columns = np.flatnonzero(crossed >= BANDS_CROSSED)
    if not len(columns):
        return Streaks(columns, float("nan"))
    strongest = columns[np.argmax(darker[:, columns].sum(axis=0))]
    return Streaks(columns, float((strongest + 0.5) / width))


def thumbnail(grey: NDArray[np.uint8]) -> bytes:
    """Shrink a page to a small JPEG, turned as it was scanned."""
    scale = min(1.0, THUMBNAIL_PX / grey.shape[1])
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, THUMBNAIL_QUALITY])[1].tobytes()
