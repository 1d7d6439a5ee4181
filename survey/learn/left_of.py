"""Text left of a list of options -> its wording: in a column, in a cell of a table, or the sentence it goes on from."""

from __future__ import annotations

from collections.abc import Sequence

from survey.learn.beside import on_line
from survey.learn.blocks import Block
from survey.learn.near import is_code, on_row, stands_beside
from survey.learn.outlines import Outline
from survey.learn.page_text import PageText
from survey.learn.ruled import boxes_in
from survey.learn.wording import Phrase, join, lines_down, paragraph

COLUMN_MM = 20.0  # boxes no further up or down belong to a column beside
HANGS_MM = 14.0  # how far left of its options a sentence may begin that they end


def left_of(block: Block, labels: list[Phrase], text: PageText) -> str:
    """Join what stands on the left of a list from its first line on: its wording, in a column of its own."""
    first, edge = block.rows[0][0], min([block.x_mm, *(p.x_mm for p in labels)])
    beside = [
        p
        for p in text.free()
        if p.right_mm < edge
        and p.panel in {first.panel, -1}
        and block.y_mm < p.bottom_mm
        and p.middle_mm < block.bottom_mm
    ]
    text.used.update(p for p in beside if is_code(p))
    free = text.free()
    lines = [line for p in beside if not is_code(p) for line in paragraph(p, free)]
    others = [box for box in text.boxes if box not in block.boxes]
    more = lines_down(lines[-1], free)[1:] if lines else []
    lines += [line for line in more if not _is_level_with(line, others)]
    if not any(abs(p.middle_mm - first.middle_mm) < first.h_mm + p.size_mm for p in lines):
        return ""
    if any(_is_over(lines, box, free) for box in text.boxes if box.right_mm < block.x_mm):
        return ""  # it belongs to a column of boxes
    text.used.update(lines)
    return join(dict.fromkeys(lines))


def in_cell_left(block: Block, labels: list[Phrase], text: PageText) -> str:
    """Join the text of the cell left of all rows of a list in a ruled table, however high it stands in its cell."""
    edge = min([block.x_mm, *(p.x_mm for p in labels)])
    cells = {p.cell for p in text.phrases if p.cell is not None and p.cell.right_mm < edge}
    left = [cell for cell in cells if all(stands_beside(cell, row[0]) for row in block.rows)]
    cell = max(left, key=lambda one: one.x_mm, default=None)
    own = [p for p in text.phrases if p.cell == cell and not is_code(p)] if cell is not None else []
    others = [line for box, lines in text.beside.items() if box not in block.boxes for line in lines]
    holds_box = cell is not None and boxes_in(cell, text.boxes)
    if not own or holds_box or any(p in others for p in own):
        return ""
    text.used.update(own)
    return join(own)


def _is_level_with(phrase: Phrase, boxes: Sequence[Outline]) -> bool:
    """Whether a box stands right of a phrase on its line."""
    return any(phrase.right_mm < box.x_mm and on_row(phrase, box) for box in boxes)


def before_options(block: Block, labels: list[Phrase], text: PageText) -> str:
    """Return the beginning of a sentence whose options begin on its line and go on under it."""
    first = block.rows[0][0]
    if len(block.rows) < 2 or first.x_mm < block.rows[1][0].right_mm:
        return ""
    runs_on = (
        min(p.x_mm for p in labels) < block.x_mm
    )  # a label ends in the next line, flush with the wording
    left = min(p.x_mm for p in labels) - HANGS_MM if runs_on else block.x_mm - first.w_mm
    before = [p for p in on_line(first, text.free()) if left < p.x_mm < first.x_mm]
    text.used.update(before)
    return join(before)


def _is_over(lines: list[Phrase], box: Outline, free: list[Phrase]) -> bool:
    """Whether a box stands under a text, or beside its lines, with no other text between."""
    bottom = max(p.bottom_mm for p in lines)
    between = (
        p
        for p in free
        if p not in lines and bottom < p.middle_mm < box.y_mm and p.x_mm < box.right_mm + COLUMN_MM
    )
    return min(p.y_mm for p in lines) < box.middle_mm < bottom + COLUMN_MM and not any(between)
