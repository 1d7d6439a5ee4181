"""Stored crops of two scans of one page -> how far the same strokes are on both."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

VERSION = 1
MARGIN_PX = 3  # of a crop's 30: how far the strokes may lie shifted between two scans
BLUR_PX = 0.8  # evens out what two passes through a scanner do to a stroke's edge
LEAST_CONTRAST = 12.0  # of 255: an evenly black or empty crop has no stroke that could be compared


def stroke_agreement(one: NDArray[np.uint8], other: NDArray[np.uint8], marked: NDArray[np.bool_]) -> float:
    """Correlate the strokes of the marked boxes of two scans of a page; the median over them, -1..1.

    `one` and `other` are crops of the same boxes, shape (n, 30, 30), darkness 0..255. NaN where no stroke can be
    compared.
    """
    found = agreements(strokes_in(one, marked), strokes_in(other, marked))
    return float(np.median(found)) if found else float("nan")


def strokes_in(crops: NDArray[np.uint8], marked: NDArray[np.bool_]) -> list[NDArray[np.float32]]:
    """What is drawn in the marked boxes of a page: what all boxes have in common, their frame, is taken off."""
    plain = crops[~marked] if (~marked).any() else crops
    frame = np.median(plain, axis=0).astype(np.float32)
    strokes = np.clip(crops[marked].astype(np.float32) - frame, 0, None)
    return [cv2.GaussianBlur(crop, (0, 0), BLUR_PX) for crop in strokes]


def agreements(first: Sequence[NDArray[np.float32]], second: Sequence[NDArray[np.float32]]) -> list[float]:
    """Correlate strokes of two scans, pair by pair; those that cannot be compared are left out."""
    found = [_best_agreement(a, b) for a, b in zip(first, second, strict=True)]
    return [value for value in found if not np.isnan(value)]


def _best_agreement(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    inner = one[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX]
    if min(inner.std(), other.std()) < LEAST_CONTRAST:
        return float("nan")
    return float(cv2.matchTemplate(other, inner, cv2.TM_CCOEFF_NORMED).max())
