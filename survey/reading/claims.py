"""Ink around a box -> how much of it is somebody else's: a mark's at another box, or a line's far longer than a box.

And how far what is in a box goes on beside it, as writing does; and whether a mark stands there, not in the box.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.reading.ink import AROUND_TIMES, BOX_PX, INK_DARK
from survey.reading.network import CROP_PX

VERSION = 6
BEYOND_PX = 30  # what is looked at beyond a box's crop on every side: the boxes next to it lie there
SIDE_PX = CROP_PX + 2 * BEYOND_PX
LONG_PX = 58  # 3.2 boxes: longer than a ring around one
ENCLOSED = 0.5  # share of its box that a ring's extent covers, and that of a line beside it does not
GAP_PX = 7  # less than this lies between two letters of a word, in boxes of 18 px
MARK_SIDES = (0.45, 1.8)  # how wide and high a mark is that somebody set beside the box, boxes, …
NEXT = 0.6  # … how far from the box it begins, or from the box's middle it lies up or down
AT = 0.22  # what ends so near a box is at it, …
AT_PX = 4  # … in px of a window
FRAME_PX = 7  # width of a printed frame and of the margin in which ink cannot be told from it …
AROUND_FRAME_PX = 4  # … and in what shows a box's surroundings
AROUND_BOX_PX = BOX_PX / AROUND_TIMES  # of a box there

Floats = NDArray[np.float32]
Mask = NDArray[np.uint8]


class Extent(NamedTuple):
    """From where to where something reaches, px."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: Extent, more: float = 0) -> float:
        """Area this shares with another extent that reaches `more` px further on every side."""
        wide = min(self.right, other.right + more) - max(self.left, other.left - more)
        high = min(self.bottom, other.bottom + more) - max(self.top, other.top - more)
        return max(wide, 0) * max(high, 0)


OWN = Extent(*(SIDE_PX / 2 + side * BOX_PX / 2 for side in (-1, -1, 1, 1)))  # the box in its window


def runs_on(added: Floats, free: NDArray[np.bool_]) -> Floats:
    """Return how far ink at a box goes on to the left or right of it, widths of the box, shape (n,); at most 2.

    Arguments as of `claimed`. A box's frame and inside join what touches them: of that the window shows no ink. What
    follows after no more than the gap between two letters goes on, too: words and stamps.
    """
    return np.array([_runs_on(one) for one in _ink(added, free)], np.float32)


def _runs_on(ink: Mask) -> float:
    strokes = _closed(ink) > 0
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, GAP_PX), np.uint8)).astype(np.uint8)
    _lay_frame(joined, OWN)
    _lay_frame(joined, OWN, cv2.FILLED)
    cv2.floodFill(joined, None, (SIDE_PX // 2, SIDE_PX // 2), 2, flags=8)
    columns = np.flatnonzero(((joined == 2) & strokes).any(axis=0))
    if not len(columns):
        return 0.0
    return float(max(OWN.left - columns[0], columns[-1] + 1 - OWN.right, 0)) / BOX_PX


def aside(inks: NDArray[np.bool_], marked: list[list[Extent]]) -> Floats:
    """Return how large a mark stands right beside each box, not in it: the lesser side, boxes, shape (n,); 0 for none.

    `inks` is where there is ink around a box of AROUND_BOX_PX in the middle, shape (n, 30, 30). `marked` are the other
    boxes there in which a mark is likely, px: what touches one of them belongs there.
    """
    return np.array([_aside(one, others) for one, others in zip(inks, marked, strict=True)], np.float32)


def _aside(ink: NDArray[np.bool_], marked: list[Extent]) -> float:
    strokes = _closed(ink.astype(np.uint8))
    for other in marked:
        _lay_frame(strokes, other, AROUND_FRAME_PX)
    _, _, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    left, top, wide, high = (stats[1:, side] / AROUND_BOX_PX for side in range(4))
    middle = CROP_PX / AROUND_BOX_PX / 2
    away = np.maximum(middle - 0.5 - left - wide, left - middle - 0.5)
    lower = np.abs(top + high / 2 - middle)
    is_mark = (np.minimum(wide, high) >= MARK_SIDES[0]) & (np.maximum(wide, high) <= MARK_SIDES[1])
    is_mark &= (away >= -AT) & (away <= NEXT) & (lower <= NEXT)
    sizes = [
        min(w, h) / AROUND_BOX_PX
        for x, y, w, h, _ in stats[1:][is_mark].tolist()
        if not any(Extent(x, y, x + w, y + h).shared(one, AT * AROUND_BOX_PX) for one in marked)
    ]
    return max(sizes, default=0.0)


def claimed(added: Floats, free: NDArray[np.bool_], marked: list[list[Extent]]) -> Floats:
    """Return the ink in each box's crop that is somebody else's, as a share of the box's area, shape (n,).

    `added` is how much darker a scan is than the blank in windows that show a box in their middle, as its crop does,
    and BEYOND_PX more, shape (n, SIDE_PX, SIDE_PX); `free` is where the blank prints nothing near. `marked` are the
    other boxes there in which a mark is likely, px.
    """
    inks = _ink(added, free)
    return np.array([_claimed(one, others) for one, others in zip(inks, marked, strict=True)], np.float32)


def _claimed(ink: Mask, marked: list[Extent]) -> float:
    crop = np.s_[BEYOND_PX:-BEYOND_PX, BEYOND_PX:-BEYOND_PX]
    found = np.zeros((CROP_PX, CROP_PX), bool)
    strokes = _closed(ink)
    for label, extent, labels in _parts_in(strokes, crop):
        longest = max(extent.right - extent.left, extent.bottom - extent.top)
        if longest >= LONG_PX and extent.shared(OWN) < ENCLOSED * BOX_PX**2:
            found |= labels[crop] == label
            strokes[labels == label] = 0
    for other in marked:  # what ends at the frame of a marked box goes on inside
        _lay_frame(strokes, other)
    for label, extent, labels in _parts_in(strokes, crop):
        theirs = max((extent.shared(other, AT_PX) for other in marked), default=0.0)
        if theirs > extent.shared(OWN, AT_PX):
            found |= labels[crop] == label
    return float((found & (ink[crop] > 0)).sum()) / BOX_PX**2


def _ink(added: Floats, free: NDArray[np.bool_]) -> Mask:
    return ((added > INK_DARK) & free).astype(np.uint8)


def _closed(ink: Mask) -> Mask:
    """Close the gaps of a pixel or two in strokes."""
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), np.uint8)


def _lay_frame(strokes: Mask, box: Extent, width_px: int = FRAME_PX) -> None:
    """Lay the frame of a box over strokes, in place."""
    left, top, right, bottom = (round(side) for side in box)
    cv2.rectangle(strokes, (left, top), (right - 1, bottom - 1), 1, width_px)


def _parts_in(strokes: Mask, crop: tuple[slice, slice]) -> Iterator[tuple[int, Extent, NDArray[np.int32]]]:
    """Yield every connected part that reaches into a crop: its label, its extent, and the labels of all pixels."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    for label in np.unique(labels[crop]):
        if label:
            left, top, wide, high, _ = (int(number) for number in stats[label])
            yield int(label), Extent(left, top, left + wide, top + high), labels
