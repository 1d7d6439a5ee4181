"""Boxes of a picture -> those, too, in which a cross is printed: they show how to mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.learn.printed.near import differ
from survey.learn.printed.outlines import PX_MM, Outline, PageOutlines, overlap

INK = 160  # grey under which a pixel of a picture is print
EDGE, FRAMED = 0.12, 0.85  # how thick a frame may be, of a box's side, and the share of it that shows
CROSSED = 0.8  # share of each diagonal that is print
MIDDLE = 0.25  # of a side: the strokes of a cross leave paper in the middle of each edge

Grey = NDArray[np.uint8]


def with_crossed(found: PageOutlines, picture: Grey) -> PageOutlines:
    """Add the boxes with a printed cross, of the size of others; `picture` is the page at 300 dpi."""
    crossed = [
        one for one in _crossed(picture, found.small) if not any(overlap(one, b) > 0 for b in found.small)
    ]
    return replace(found, small=(*found.small, *crossed))


def _crossed(picture: Grey, boxes: Sequence[Outline]) -> Iterator[Outline]:
    ink = (picture < INK).astype(np.uint8)
    contours, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    for contour, (_, _, _, parent) in zip(contours, tree[0] if tree is not None else (), strict=True):
        if parent >= 0:
            continue
        x, y, w, h = cv2.boundingRect(contour)
        place = Outline("glyph", x * PX_MM, y * PX_MM, w * PX_MM, h * PX_MM, printed=True, sure=False)
        is_of_size = w > 0.8 * h and h > 0.8 * w and any(not _is_other_size(place, box) for box in boxes)
        if is_of_size and _is_crossed(ink[y : y + h, x : x + w]):
            yield place


def _is_other_size(place: Outline, box: Outline) -> bool:
    """Whether a shape is not of a box's size, by more than a pixel or two."""
    slack_mm = 2.5 * PX_MM
    return differ(place, box) and max(abs(place.w_mm - box.w_mm), abs(place.h_mm - box.h_mm)) > slack_mm


def _is_crossed(ink: Grey) -> bool:
    """Whether a shape is a frame with both diagonals drawn in it, and paper between them at its sides."""
    high, wide = ink.shape
    edge = max(int(EDGE * min(high, wide)), 2)
    sides = (
        ink[:edge].max(axis=0),
        ink[-edge:].max(axis=0),
        ink[:, :edge].max(axis=1),
        ink[:, -edge:].max(axis=1),
    )
    along = np.linspace(0.2, 0.8, 24)
    rows, columns = (along * (high - 1)).astype(int), (along * (wide - 1)).astype(int)
    thick = cv2.dilate(ink, np.ones((3, 3), np.uint8))
    diagonals = thick[rows, columns].mean(), thick[rows, columns[::-1]].mean()
    inner = (int(MIDDLE * high), wide // 2), (high // 2, int(MIDDLE * wide))
    light = all(not ink[at] for at in inner)
    return min(float(side.mean()) for side in sides) >= FRAMED and min(diagonals) >= CROSSED and light
