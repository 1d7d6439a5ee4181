"""Lists in the cells of a ruled table -> their wordings: the label of the row, and the heading of the column."""

from __future__ import annotations

import re

from survey.learn.labels.page_text import PageText
from survey.learn.layout.blocks import Block
from survey.learn.layout.ruled import SAME_RULE_MM, are_in_one_row, boxes_in
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import join

NAMED = re.compile(r"\d+\.\s[^\W\d_]+")  # "1. person" begins a row and asks nothing


def row_and_column(block: Block, text: PageText) -> str:
    """Return "row (column)" where a list stands in a cell of a table with labels on the left and headings above.

    So households are asked, a person a row or a column. Nothing unless another cell of its row, under a heading of its
    own, has boxes, too: a single column of answers is asked for by the row alone.
    """
    cell = _cell_of(block, text)
    if cell is None:
        return ""
    cells = list(dict.fromkeys(p.cell for p in text.phrases if p.cell is not None))
    row = [one for one in cells if are_in_one_row(one, cell)]
    label = min(row, key=lambda one: one.x_mm)
    headed = {one: _head_of(one, cells, text) for one in row if boxes_in(one, text.boxes)}
    heads = {head for head in headed.values() if head is not None}
    head = headed.get(cell)
    if label in headed or head is None or len(heads) < 2 or len(heads) < len(headed):
        return ""
    of_row, of_column = _said_in(label, text), _said_in(head, text)
    if NAMED.fullmatch(of_row):
        return f"{of_column} ({of_row})"  # the number is no item's
    return f"{of_row} ({of_column})"


def _cell_of(block: Block, text: PageText) -> Outline | None:
    """Return the ruled cell that holds a list, all its boxes and labels."""
    lines = [text.beside.get(box, ()) for box in block.boxes]
    cells = {own[0].cell if own else None for own in lines}
    cell = cells.pop()
    if cells or cell is None or len(block.boxes) < 2:
        return None
    return cell if {*boxes_in(cell, text.boxes)} == {*block.boxes} else None


def _head_of(cell: Outline, cells: list[Outline], text: PageText) -> Outline | None:
    """Return the nearest cell without boxes over another, as wide as it, in a row without boxes."""
    over = [
        one
        for one in cells
        if max(abs(one.x_mm - cell.x_mm), abs(one.right_mm - cell.right_mm)) < SAME_RULE_MM
        and one.bottom_mm < cell.y_mm + SAME_RULE_MM
        and not any(boxes_in(other, text.boxes) for other in cells if are_in_one_row(other, one))
    ]
    return max(over, key=lambda one: one.bottom_mm, default=None)


def _said_in(cell: Outline, text: PageText) -> str:
    return join(p for p in text.phrases if p.cell == cell).rstrip(":")
