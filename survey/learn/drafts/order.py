"""Items of a page -> the order they are printed in: down one column and then the next, as their numbers tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from survey.learn.drafts.items import DraftItem

FEWEST_NUMBERED = 3
APART_MM = 40.0  # a column begins so far right of another

Key = tuple[tuple[int, str], ...]


def in_printed_order(items: Sequence[DraftItem]) -> list[DraftItem]:
    """Sort the items of one page by their numbers where these run down its columns; others stay behind the one above.

    `items` come from the top, each line from the left, and stay so where their numbers tell nothing.
    """
    numbered = sorted((item for item in items if item.number), key=lambda item: _key(item.number))
    if len(numbered) < FEWEST_NUMBERED or not all(_comes_next(a, b) for a, b in pairwise(numbered)):
        return [*items]
    after: dict[int, list[DraftItem]] = {}
    for item in (item for item in items if not item.number):
        after.setdefault(_place_above(item, numbered), []).append(item)
    ordered = after.get(-1, [])
    for place, item in enumerate(numbered):
        ordered = [*ordered, item, *after.get(place, [])]
    return ordered


def _key(number: str) -> Key:
    """Return what numbers are compared by: "q2b" before "q10"."""
    return tuple((int(part or 0), word) for part, word in re.findall(r"(\d+)|([a-z]+)", number))


def _comes_next(item: DraftItem, other: DraftItem) -> bool:
    """Whether an item stands under another, beside it on its line, or further up in a column on its right."""
    _, y, x = item.at
    _, other_y, other_x = other.at
    return _key(item.number) != _key(other.number) and (other_y >= y or other_x > x + APART_MM)


def _place_above(item: DraftItem, numbered: Sequence[DraftItem]) -> int:
    """Return the place of the numbered item above an item that stands least beside it; -1 where there is none."""
    above = [n for n, one in enumerate(numbered) if one.at[1] <= item.at[1]]
    return min(above, key=lambda n: (_beside_mm(item, numbered[n]), -n), default=-1)


def _beside_mm(item: DraftItem, other: DraftItem) -> float:
    """How far the boxes of two items stand beside each other; 0 where they share some of the width."""
    left, right = _edges(item), _edges(other)
    return max(left[0] - right[1], right[0] - left[1], 0.0)


def _edges(item: DraftItem) -> tuple[float, float]:
    boxes = [place.outline for place in item.places]
    return min(box.x_mm for box in boxes), max(box.right_mm for box in boxes)
