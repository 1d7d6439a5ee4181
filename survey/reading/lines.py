"""Places of boxes -> which of them stand in one line, close to each other: what a person chooses among."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FARTHEST_MM = 25.0  # from box to box of one line: what lies further off answers something else
WIDER = 1.5  # a gap that is so many times its neighbour ends a line: a number, or a margin, stands there
MOST = 0.8  # of the lines of a block, over which they tell which way they go
ALIKE = 0.5  # least height of one box by another's beside it in a line

Numbers = NDArray[np.intp]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def in_lines(of: Numbers, places_mm: Floats, marked: Flags) -> Numbers:
    """Number boxes by the line they stand in: side by side, or downwards where no box stands beside them.

    In a block of boxes lines go downwards, too, where most of those hold one mark and more of them do than of its rows:
    so do the digits of a number. `of` numbers what the boxes belong to, shape (n,): no line goes beyond it. `places_mm`
    holds x, y, width and height, shape (n, 4). Returns shape (n,), from 0.
    """
    rows, columns = _lines(of, places_mm), _lines(of, places_mm[:, [1, 0, 3, 2]])
    block = _blocks(rows, columns)
    across, down = (_share_of_one(lines, block, marked) for lines in (rows, columns))
    upright = (down > MOST) & (down > across) | (np.bincount(rows)[rows] == 1)
    return np.unique(np.where(upright, 2 * columns + 1, 2 * rows), return_inverse=True)[1].reshape(-1)


def _share_of_one(lines: Numbers, block: Numbers, marked: Flags) -> Floats:
    """Which share of the lines of each box's block holds just one mark."""
    each = 1 / np.bincount(lines)[lines]  # a line counts once, however many boxes it has
    holds = np.bincount(lines, marked)[lines] == 1
    return np.asarray(np.bincount(block, each * holds)[block] / np.bincount(block, each)[block])


def _blocks(rows: Numbers, columns: Numbers) -> Numbers:
    """Number boxes by the block that their rows and columns hold together."""
    block = rows.copy()
    while True:
        before = block
        for lines in (columns, rows):
            least = np.full(len(lines), len(lines), np.intp)
            np.minimum.at(least, lines, block)
            block = least[lines]
        if (block == before).all():
            return block


def _lines(of: Numbers, places_mm: Floats) -> Numbers:
    """Number boxes by the row they stand in, up to where a gap ends it."""
    x, y, w, h = places_mm.T
    across, down = x + w / 2, y + h / 2
    order = np.lexsort((down, of))
    is_new = np.r_[True, (np.diff(of[order]) != 0) | (np.diff(down[order]) > h[order][1:] / 2)]
    row = np.empty(len(of), np.intp)
    row[order] = np.cumsum(is_new)
    order = np.lexsort((across, row))
    together = np.diff(row[order]) == 0
    gap = np.where(together, np.diff(across[order]), np.inf)
    least = np.minimum(np.r_[np.inf, gap[:-1]], np.r_[gap[1:], np.inf])
    low, high = np.sort([h[order][1:], h[order][:-1]], axis=0)
    ends = ~together | (gap > FARTHEST_MM) | (gap > WIDER * least) | (low < ALIKE * high)
    found = np.empty(len(of), np.intp)
    found[order] = np.cumsum(np.r_[False, ends])
    return found
