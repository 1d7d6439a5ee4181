"""A lone box right under a grid or a row of options -> one of its options."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from survey.learn.drafts.items import DraftItem
from survey.learn.layout.lists import SENTENCE
from survey.learn.printed.near import is_level

BELOW_GRID_MM = 12.0  # how far under a grid a box that belongs to it may stand
NONE = re.compile(
    r"\b(kein\w*|nie|nicht\w*|none|no|never)\b", re.IGNORECASE
)  # else a sentence is no option of a grid


def join_to_grids(items: Sequence[DraftItem]) -> list[DraftItem]:
    """Let a lone box without a wording, right under a grid, be an option of that grid: "at no time".

    Under a single row of options it is one of them where it says none.
    """
    joined: list[DraftItem] = []
    for item in items:
        if joined and _belongs_under(item, joined[-1]):
            joined[-1] = _with_option(joined[-1], item)
        elif joined and _says_none_under(item, joined[-1]):
            joined[-1] = _with_none(joined[-1], item)
        else:
            joined.append(item)
    return joined


def _belongs_under(item: DraftItem, grid: DraftItem) -> bool:
    if grid.type != "grid" or item.type != "multiple" or len(item.places) > 1 or item.text:
        return False
    box, cells = item.places[0].outline, [place.outline for place in grid.places if place.row]
    bottom, right = max(cell.bottom_mm for cell in cells), max(cell.right_mm for cell in cells)
    below = 0 < box.y_mm - bottom <= BELOW_GRID_MM and box.x_mm < right
    label = item.options[0][1]
    is_option = bool(label) and (not SENTENCE.fullmatch(label) or bool(NONE.search(label)))
    return below and is_option and item.places[0].page == grid.places[0].page


def _with_option(grid: DraftItem, item: DraftItem) -> DraftItem:
    code, label = f"beside{len(grid.beside) + 1}", item.options[0][1]
    doubt = f"{label!r} stands under the grid as one of its options; say none: true if it means none of all"
    places = (*grid.places, replace(item.places[0], option=code))
    return replace(grid, places=places, unsure=(*grid.unsure, doubt), beside=(*grid.beside, (code, label)))


def _says_none_under(item: DraftItem, row: DraftItem) -> bool:
    """Whether a lone box says none right under options in one row, and nothing asks for it."""
    if row.type not in {"single", "multiple"} or len(item.places) > 1 or _asks(item) or not item.options:
        return False
    box, boxes = item.places[0].outline, [place.outline for place in row.places]
    is_row = len(boxes) > 1 and all(is_level(one, boxes[0], 0.5) for one in boxes)
    below = 0 < box.y_mm - boxes[0].bottom_mm <= BELOW_GRID_MM and box.panel == boxes[0].panel
    same_page = item.places[0].page == row.places[0].page
    return is_row and below and same_page and bool(NONE.search(item.options[0][1]))


def _with_none(row: DraftItem, item: DraftItem) -> DraftItem:
    code, label = str(len(row.options) + 1), item.options[0][1]
    places = (*row.places, replace(item.places[0], option=code))
    return replace(row, places=places, options=(*row.options, (code, label)))


def _asks(item: DraftItem) -> bool:
    return bool(item.number) or "?" in item.text or item.text.endswith(":")
