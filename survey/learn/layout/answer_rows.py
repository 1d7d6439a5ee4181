"""Boxes that each share a cell of a ruled row with the words over or under them -> rows of options."""

from __future__ import annotations

from collections.abc import Sequence

from survey.learn.layout.beside import LabelledBox
from survey.learn.layout.ruled import are_in_one_row, boxes_in
from survey.learn.printed.near import on_row
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import Phrase

Options = list[LabelledBox]


def answer_rows(boxes: Sequence[Outline], phrases: Sequence[Phrase]) -> list[Options]:
    """Find the rows of ruled cells that hold one option each: a box, and over or under it what it stands for."""
    cells = {p.cell for p in phrases if p.cell is not None}
    found = [(cell, option) for cell in cells if (option := _option(cell, boxes, phrases)) is not None]
    rows: list[list[tuple[Outline, LabelledBox]]] = []
    for cell, option in sorted(found, key=lambda one: (one[0].y_mm, one[0].x_mm)):
        row = next((row for row in rows if are_in_one_row(row[0][0], cell)), None)
        if row is None:
            rows.append([(cell, option)])
        else:
            row.append((cell, option))
    return [
        [option for _, option in sorted(row, key=lambda one: one[0].x_mm)] for row in rows if len(row) > 1
    ]


def _option(cell: Outline, boxes: Sequence[Outline], phrases: Sequence[Phrase]) -> LabelledBox | None:
    """Return the only box of a cell with all the cell's text; None where some of it asks or stands beside the box."""
    held = boxes_in(cell, boxes)
    own = sorted((p for p in phrases if p.cell == cell), key=lambda p: (p.bottom_mm, p.x_mm))
    if len(held) != 1 or any(p.asks or on_row(p, held[0]) for p in own):
        return None
    return LabelledBox(held[0], tuple(own))
