"""Large boxes -> the square of each in which most of its ink lies: it is looked at as a common box is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from survey.reading.ink import BOX_PX
from survey.reading.network import CROP_PX

SQUARE_MM = 7.0  # side of a square, unless its box is lower or narrower: a mark has room in it
ALIKE = 0.98  # share of the most ink that a square may hold from which one holds as much
LEAST_DARK = 0.05  # darkness beyond the print from which it is ink here, be it of a pale pencil

Floats = NDArray[np.float32]


class Squares(NamedTuple):
    """A square in each of n boxes."""

    middles_mm: Floats
    """Of each one, from the middle of its box, shape (n, 2)."""
    sides_mm: Floats
    """Shape (n,)."""

    def ends_around(self, centres_mm: Floats) -> Floats:
        """Middle of each, of its right edge and of its lower one, shape (n, 3, 2), if its box has this centre."""
        ends = np.repeat((centres_mm + self.middles_mm)[:, None], 3, axis=1)
        ends[:, 1, 0] += self.sides_mm / 2
        ends[:, 2, 1] += self.sides_mm / 2
        return ends


def squares_about_ink(beyond: Floats, size_mm: Floats) -> Squares:
    """Find the square about each box's ink.

    `beyond` is how much darker than the blank crops of the boxes are, shape (n, 30, 30), 0 where ink would not be
    theirs; `size_mm` the boxes' width and height, shape (n, 2). Where no ink is, or it is everywhere, the square lies
    in the middle.
    """
    sides = np.minimum(size_mm.min(axis=1), SQUARE_MM)
    px = np.maximum(np.round(BOX_PX * sides[:, None] / size_mm), 1).astype(int)
    margin = (CROP_PX - BOX_PX) // 2
    inside = np.where(beyond > LEAST_DARK, beyond, 0)[:, margin:-margin, margin:-margin]
    corners = np.stack(
        [_corner_of(ink, wide, high) for ink, (wide, high) in zip(inside, px.tolist(), strict=True)]
    )
    farthest = (size_mm - sides[:, None]) / 2
    middles = (corners + px / 2 - BOX_PX / 2) * size_mm / BOX_PX
    return Squares(np.clip(middles, -farthest, farthest).astype(np.float32), sides)


def _corner_of(ink: Floats, wide: int, high: int) -> tuple[float, float]:
    """Upper left corner of the rectangle of so many px that holds most ink: the middle one of all that hold as much."""
    held = sliding_window_view(ink, (high, wide)).sum(axis=(2, 3))
    most = held.max()
    down, across = np.nonzero(held >= ALIKE * most)
    if most > 0:  # two marks are not looked at between them
        first_down, first_across = np.unravel_index(held.argmax(), held.shape)
        near = (abs(down - first_down) < high) & (abs(across - first_across) < wide)
        down, across = down[near], across[near]
    return float(across.mean()), float(down.mean())
