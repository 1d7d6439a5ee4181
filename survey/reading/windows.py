"""Places of many small windows on one image -> their pixels, and how these agree with kernels at every shift."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

MOST_ROWS = 30_000  # of what cv2.remap makes: it takes at most 32,767
Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]
Places = NDArray[np.float64]


@dataclass(frozen=True)
class Windows:
    """Where n windows lie on an image: a map is affine so near a place."""

    lattices: Places
    """Each one's middle, the way to the next pixel in its row, and to the one below, px, shape (n, 3, 2)."""

    @property
    def middles(self) -> Places:
        """Shape (n, 2)."""
        return self.lattices[:, 0]

    @property
    def steps(self) -> Places:
        """How far apart the pixels of each lie, across and down, px of the image, shape (n, 2)."""
        return np.asarray(np.linalg.norm(self.lattices[:, 1:], axis=2))

    def of(self, which: NDArray[Any] | slice) -> Windows:
        """Some of the windows."""
        return Windows(self.lattices[which])

    def widened(self, times: float) -> Windows:
        """The same with pixels so many times as far apart."""
        return Windows(self.lattices * np.array([[1], [times], [times]]))

    def halved(self) -> Windows:
        """The same on the image at half its resolution."""
        return Windows((self.lattices - np.array([[0.5], [0], [0]])) / 2)


def windows_on(matrix: Places, ends: Places, steps: float) -> Windows:
    """Map windows by a homography, 3 x 3; `ends` are each one's middle, and places `steps` px right of and below it."""
    if not len(ends):
        return Windows(np.zeros((0, 3, 2)))
    lattices = cv2.perspectiveTransform(ends.reshape(-1, 1, 2), matrix).reshape(-1, 3, 2)
    lattices[:, 1:] = (lattices[:, 1:] - lattices[:, :1]) / steps
    return Windows(lattices)


def sample(grey: Grey, windows: Windows, side: int) -> Grey:
    """Sample windows of `side` px between the image's pixels, shape (n, side, side); outside the image is white."""
    x, y = windows.lattices.transpose(2, 0, 1).astype(np.float32) @ _grid(side, side)
    return _sample_at(grey, x, y).reshape(-1, side, side)


def sample_darkest(grey: Grey, windows: Windows, side: int, times: tuple[int, int]) -> Grey:
    """Sample the same so many times as finely across and down, and keep the darkest around each px."""
    (across, down), at_once = times, max(1, MOST_ROWS // (side * times[1]))
    grid = _grid(side * across, side * down)
    finer = (windows.lattices / np.array([[1], [across], [down]])).transpose(2, 0, 1).astype(np.float32)
    found = [np.zeros((0, side, side), np.uint8)]
    for at in range(0, len(windows.lattices), at_once):
        x, y = (finer[:, at : at + at_once] @ grid).reshape(2, -1, side * across)
        found.append(_sample_at(grey, x, y).reshape(-1, side, down, side, across).min(axis=(2, 4)))
    return np.concatenate(found)


def _sample_at(grey: Grey, x: Floats, y: Floats) -> Grey:
    if not x.size:
        return np.zeros(x.shape, np.uint8)
    seen = cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    return np.asarray(seen, np.uint8)


@lru_cache(maxsize=8)
def _grid(across: int, down: int) -> Floats:
    """Each pixel of a window as 1, steps across and steps down from its middle, shape (3, down * across)."""
    x, y = (np.arange(px, dtype=np.float32) - (px - 1) / 2 for px in (across, down))
    return np.stack([np.ones(across * down), np.tile(x, down), np.repeat(y, across)]).astype(np.float32)


def spread_rows(kernels: Floats, span: int) -> Floats:
    """Lay the rows of kernels, shape (n, size, size), as far apart as those of windows of `span` px.

    Returns each kernel as one row, shape (n, length).
    """
    count, size = kernels.shape[:2]
    rows = np.zeros((count, size, span), np.float32)
    rows[:, :, :size] = kernels
    return rows.reshape(count, size * span)[:, : size * span - (span - size)].copy()


def products(windows: Floats, spreads: Floats) -> Floats:
    """Inner products of windows, shape (n, span, span), with kernels spread for them, at every shift.

    Returns shape (n, shifts down, shifts across). A shifted piece of a window is a stretch of its pixels.
    """
    windows = np.ascontiguousarray(windows)
    (count, span), length = windows.shape[:2], spreads.shape[1]
    shifts = span - (length + span) // (span + 1) + 1
    steps = (*windows.strides, windows.itemsize)
    stretches = np.ndarray((count, shifts, shifts, length), windows.dtype, windows, strides=steps)
    return np.asarray(np.vecdot(stretches, spreads[:, None, None]))
