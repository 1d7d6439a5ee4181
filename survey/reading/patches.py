"""Patches of a blank, and a scan -> where each of them lies on it, to a fraction of a pixel."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.reading.prepare import Floats, Grey, Patches, flatten
from survey.reading.windows import products, sample, spread_rows, windows_on

LOCAL_REACH_MM = 1.0  # how far a fine or a quick patch is looked for
EVEN = 1e-4  # spread of a window in which nothing is printed: it agrees with nothing
SOFT_PX = 3  # margin of a patch's window: as far as smoothing reaches


def find_patches(
    darkness: Floats, patches: Patches, matrix: NDArray[np.float64], reach_px: int
) -> tuple[Floats, Floats]:
    """Look for each patch near where `matrix` (blank px -> scan px) puts it.

    Returns the places found as px of the blank, shape (n, 2), and correlations, shape (n,). The scan is laid on the
    blank first, so patches need no turning.
    """
    if not len(patches.centres):
        return np.zeros((0, 2), np.float32), np.zeros(0, np.float32)
    size = patches.pixels[0].shape[0]
    extent = np.ceil(patches.centres.max(axis=0)).astype(int) + size
    laid = cv2.warpPerspective(
        darkness, matrix, (int(extent[0]), int(extent[1])), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    laid = cv2.copyMakeBorder(
        cv2.GaussianBlur(laid, (0, 0), 1.0), reach_px, reach_px, reach_px, reach_px, cv2.BORDER_CONSTANT
    )
    span = size + 2 * reach_px
    corners = patches.centres.astype(int) - size // 2
    windows = [laid[y : y + span, x : x + span] for x, y in corners]
    answers = [
        cv2.matchTemplate(window, patch, cv2.TM_CCOEFF_NORMED)
        for window, patch in zip(windows, patches.pixels, strict=True)
    ]
    return _places(np.nan_to_num(answers, posinf=0, neginf=0), patches, reach_px)


def find_patches_in_grey(
    grey: Grey, dpi: int, patches: Patches, matrix: NDArray[np.float64]
) -> tuple[Floats, Floats]:
    """Look for patches like `find_patches`, in a grey scan that is sampled around them only, LOCAL_REACH_MM far."""
    if not len(patches.centres):
        return np.zeros((0, 2), np.float32), np.zeros(0, np.float32)
    reach_px = round(LOCAL_REACH_MM / 25.4 * dpi)
    size = patches.unit.shape[1]
    side = size + 2 * (reach_px + SOFT_PX)
    ends = patches.centres[:, None] + np.array([(0, 0), (size, 0), (0, size)])
    seen = sample(grey, windows_on(matrix, ends, size), side)
    beside = np.ascontiguousarray(seen.swapaxes(0, 1)).reshape(side, -1)  # one image with long rows is quick
    dark = cv2.GaussianBlur(flatten(beside, dpi), (0, 0), 1.0).reshape(side, -1, side)
    inner = np.ascontiguousarray(dark[SOFT_PX:-SOFT_PX, :, SOFT_PX:-SOFT_PX])
    return _places(_correlations(inner, patches), patches, reach_px)


def _correlations(beside: Floats, patches: Patches) -> Floats:
    """Correlate each patch with its window at every shift, all at once; windows beside each other, (span, n, span).

    Returns shape (n, shifts down, shifts across).
    """
    size, span = patches.unit.shape[1], len(beside)
    product = products(beside.swapaxes(0, 1), spread_rows(patches.unit, span))
    total, squares = (_sums(part, size).swapaxes(0, 1) for part in (beside, np.square(beside)))
    return np.asarray(product / np.sqrt(np.maximum(squares - total * total / np.float32(size**2), EVEN)))


def _sums(beside: Floats, size: int) -> Floats:
    """Add up every square of `size` px in windows beside each other, (span, n, span) -> (shifts, n, shifts)."""
    span, count, _ = beside.shape
    lies = np.arange(span)[:, None] - np.arange(span - size + 1)
    inside = ((lies >= 0) & (lies < size)).astype(np.float32)
    down = inside.T @ beside.reshape(span, -1)
    return np.asarray((down.reshape(-1, span) @ inside).reshape(-1, count, inside.shape[1]))


def _places(answers: Floats, patches: Patches, reach_px: int) -> tuple[Floats, Floats]:
    places, best = peaks(answers)
    return (patches.centres + places - np.float32(reach_px)).astype(np.float32), best


def peaks(answers: Floats) -> tuple[Floats, Floats]:
    """Find the maximum of each answer, shape (n, h, w), to a fraction of a pixel by a parabola in each direction.

    Returns places (x, y), shape (n, 2), and maxima, shape (n,).
    """
    count, height, width = answers.shape
    best = answers.reshape(count, height * width).argmax(axis=1)
    rows, columns = best // width, best % width
    places = np.arange(count) * (height * width) + best
    x = columns + _vertex(answers, places, 1) * ((columns > 0) & (columns < width - 1))
    y = rows + _vertex(answers, places, width) * ((rows > 0) & (rows < height - 1))
    return np.stack([x, y], axis=1).astype(np.float32), answers.take(places)


def _vertex(answers: Floats, places: NDArray[np.intp], step: int) -> Floats:
    """How far off its place the vertex of the parabola through each maximum and its two neighbours lies."""
    before, at, after = (answers.take(places + way, mode="clip") for way in (-step, 0, step))
    bend = before - 2 * at + after
    lies = 0.5 * (before - after) / np.where(bend < -1e-6, bend, -np.inf)
    return np.clip(lies, -0.5, 0.5)
