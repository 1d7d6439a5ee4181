"""A scan and what is printed on its blank -> the scan without its streaks: lines down all of it that nobody drew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.reading.darkness import Tone, darkness_at
from survey.reading.look import STREAK_LEVELS
from survey.reading.prepare import PreparedScan

VERSION = 2
ROW_STEP = 16  # every sixteenth row tells where a line shows
WIDER_PX = 1  # a streak's sides are blurred by so much
UNPRINTED = (
    0.1  # share of a column along which the blank prints nothing that is enough to tell it from a rule …
)
PRINT = 0.08  # darkness of the blank from which it prints something, …
BESIDE_PX = np.arange(-4, 5)  # … as near as this, px at 150 dpi
PARTS = 6  # … if the line shows in each of so many parts of it

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]


def streakless(scan: PreparedScan, to_blank: NDArray[np.float64], blank: Tone) -> PreparedScan:
    """Return a scan without its streaks; `to_blank` maps its px at 150 dpi to those of the blank, 3 x 3."""

    def printed(points_px: Floats) -> NDArray[np.bool_]:
        there = cv2.perspectiveTransform(points_px[:, None].astype(np.float64), to_blank)
        beside = there + BESIDE_PX[:, None] * np.array([1, 0])
        return np.asarray(darkness_at(blank, beside.astype(np.float32)).max(axis=1) > PRINT)

    clean = without_streaks(scan.grey, scan.streaks.columns, printed)
    return scan if clean is scan.grey else replace(scan, grey=clean)


def without_streaks(
    grey: Grey, columns: NDArray[np.intp], printed: Callable[[Floats], NDArray[np.bool_]]
) -> Grey:
    """Return the scan with every streak filled in from its two sides; the scan itself where it has none.

    `columns` are those of thin dark lines (`find_streaks`); `printed` tells of points, px of the scan, shape (n, 2),
    whether the blank prints anything near. A stroke across a streak goes on; one that lies in it all along is lost.
    """
    clean = grey
    for first, last in _runs(columns):
        left, right = max(first - WIDER_PX - 1, 0), min(last + WIDER_PX + 1, grey.shape[1] - 1)
        rows = np.arange(0, len(grey), ROW_STEP)
        middle = np.full(len(rows), (first + last) / 2)
        free = rows[~printed(np.stack([middle, rows], 1).astype(np.float32))]
        line = grey[free, first : last + 1].min(axis=1)
        darker = np.minimum(grey[free, left], grey[free, right]).astype(np.float32) - line
        if len(free) < UNPRINTED * len(rows) or not _shows_everywhere(darker):
            continue
        clean = grey.copy() if clean is grey else clean
        share = np.linspace(0, 1, right - left + 1, dtype=np.float32)[1:-1]
        sides = clean[:, [left, right]].astype(np.float32)
        clean[:, left + 1 : right] = sides[:, :1] * (1 - share) + sides[:, 1:] * share
    return clean


def _shows_everywhere(darker: Floats) -> bool:
    parts = np.array_split(darker, PARTS)
    return len(darker) >= PARTS and all(part.mean() >= STREAK_LEVELS for part in parts)


def _runs(columns: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Return the first and last of neighbouring columns."""
    if not len(columns):
        return []
    parts = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    return [(int(part[0]), int(part[-1])) for part in parts]
