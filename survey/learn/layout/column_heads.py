"""Boxes of a row and the text over them -> how far the header of each column reaches, where each box has one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from survey.learn.layout.beside import SAME_COLUMN
from survey.learn.printed.near import alike, count_on, in_same_columns
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import LINE_STEP, Phrase

Row = Sequence[Outline]

HEADER_REACH_MM = 20.0  # from the first row of a table up to the last line of its headers
LOOSE_STEP = 2.2  # of the type size, from line to line of a text that has a ruled cell to itself
COUNTED, LEAST_COUNTED = re.compile(r"(\d{1,2})[.)]? "), 3  # headers of one table, however they stand
UNEVEN = 1.8  # a gap so much wider than the usual one parts two blocks


def are_filled(row: Row, rows: Sequence[Row], phrases: Sequence[Phrase]) -> list[bool]:
    """Whether between each two boxes of a row no more is left than elsewhere, counted from header to header.

    A table may give each column the width of its header: then its boxes stand unevenly.
    """
    heads = _heads_of(row, rows, phrases)
    if len(heads) >= LEAST_COUNTED and _count(heads):
        return [True] * (len(row) - 1)
    edges = [
        (min([box.x_mm, *(p.x_mm for p in own)]), max([box.right_mm, *(p.right_mm for p in own)]))
        for box, own in heads
    ]
    gaps = [right[0] - left[1] for left, right in pairwise(edges)]
    return [
        len(gaps) > 1 and gap <= UNEVEN * float(np.median([*gaps[:n], *gaps[n + 1 :]]))
        for n, gap in enumerate(gaps)
    ]


def _count(heads: Sequence[tuple[Outline, list[Phrase]]]) -> bool:
    """Whether the headers of a row begin with numbers that count on: "5. Very good", "4. Good" …."""
    numbers = [COUNTED.match(own[-1].text) for _, own in heads]
    return None not in numbers and count_on([int(found[1]) for found in numbers if found is not None])


def _heads_of(row: Row, rows: Sequence[Row], phrases: Sequence[Phrase]) -> list[tuple[Outline, list[Phrase]]]:
    """Return each box of the row that headers stand over, with its header; nothing where a box has none."""
    over = [upper for upper in rows if upper[0].y_mm < row[0].y_mm and _are_columns(row, upper)]
    down = [row, *sorted(over, key=lambda one: -one[0].y_mm)]
    for place, top in enumerate(down):
        floor = down[place + 1][0].bottom_mm if place + 1 < len(down) else 0.0
        heads = [_heads(box, top, floor, phrases) for box in top]
        if all(heads):
            return [*zip(top, heads, strict=True)]
    return []


def _are_columns(row: Row, upper: Row) -> bool:
    """Whether two rows have boxes in the same columns."""
    return (
        in_same_columns(row, upper, SAME_COLUMN)
        and alike(row[0], upper[0])
        and row[0].panel == upper[0].panel
    )


def _heads(box: Outline, row: Row, floor_mm: float, phrases: Sequence[Phrase]) -> list[Phrase]:
    """Return the lines of text over a box, from the lowest, that stand over no other box of its row."""
    over = [
        p
        for p in phrases
        if floor_mm < p.middle_mm < box.y_mm
        and box.y_mm - p.bottom_mm < HEADER_REACH_MM
        and p.panel == box.panel
        and [one for one in row if p.x_mm < one.right_mm and one.x_mm < p.right_mm] == [box]
    ]
    lines: list[Phrase] = []
    for p in sorted(over, key=lambda one: -one.bottom_mm):
        if lines and not is_line_over(p, lines[-1], LINE_STEP):
            break
        lines.append(p)
    return lines


def is_line_over(upper: Phrase, lower: Phrase, step: float) -> bool:
    """Whether a text is the line right over another of one header: at most so many times its type's size above.

    Lines of one ruled cell may stand further apart.
    """
    in_cell = upper.cell is not None and upper.cell == lower.cell
    return lower.bottom_mm - upper.bottom_mm <= (LOOSE_STEP if in_cell else step) * upper.size_mm
