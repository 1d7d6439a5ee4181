"""Tables that go on under a section's heading, or stand side by side under one wording -> each with its own labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from survey.learn.labels.labels import Labels
from survey.learn.labels.page_text import PageText
from survey.learn.layout.beside import SAME_COLUMN
from survey.learn.layout.blocks import Block, column_of, columns_mm
from survey.learn.printed.near import is_level
from survey.learn.printed.wording import Phrase, join

AMID = 0.25  # of the step between columns: a header is off the middle of its own by less
ON_LINE = 0.5  # of a box's height
HEADING_MM = 9.0  # how far over the headers of its columns a table's own heading stands


def continued(tables: Sequence[tuple[Block, Labels]]) -> list[Labels]:
    """Give tables without headers those of the last table above whose columns stand where theirs do.

    Right under each other, of two tables one may have narrower columns than the other.
    """
    found: list[Labels] = []
    for place, (block, labels) in enumerate(tables):
        is_named = labels.is_scale or any(labels.columns.values())
        bare = not labels.options and not is_named and len(block.rows[0]) > 1
        above = [
            found[n].columns
            for n in range(place)
            if bare and _same_columns(tables[n][0], block, AMID if n == place - 1 else 0.0)
        ]
        named = [columns for columns in above if any(columns.values())]
        found.append(replace(labels, columns=named[-1]) if named else labels)
    return found


def beside_each_other(tables: Sequence[tuple[Block, Labels]]) -> list[Labels]:
    """Give tables whose rows have no labels those of a table on their left with rows on the same lines."""
    found = []
    for block, labels in tables:
        bare = not labels.options and len(block.rows) > 1 and not any(labels.rows.values())
        left = [other.rows for upper, other in tables if bare and _same_rows(upper, block)]
        named = [rows for rows in left if all(rows.values())]
        found.append(replace(labels, rows=named[-1]) if named else labels)
    return found


def _same_rows(left: Block, right: Block) -> bool:
    return (
        left.right_mm < right.x_mm
        and left.boxes[0].panel == right.boxes[0].panel
        and len(left.rows) == len(right.rows)
        and all(is_level(a[-1], b[0], ON_LINE) for a, b in zip(left.rows, right.rows, strict=True))
    )


def _same_columns(upper: Block, lower: Block, share: float) -> bool:
    """Whether the columns of two tables are the same, or off each other by that share of the step between them."""
    first, second = columns_mm(upper), columns_mm(lower)
    step = min((b - a for a, b in pairwise(second)), default=0.0)
    slack = max(SAME_COLUMN * lower.boxes[0].w_mm, share * step)
    return (
        upper.bottom_mm < lower.y_mm
        and len(first) == len(second)
        and all(abs(a - b) <= slack for a, b in zip(first, second, strict=True))
    )


def split_repeated(block: Block, labels: Labels, text: PageText) -> list[tuple[Block, Labels, str]]:
    """Part a table whose column labels begin anew into tables side by side, each with the heading over it, if any."""
    names = [labels.columns.get(place, "") for place in range(len(labels.columns))]
    width = next(
        (n for n in range(2, len(names) // 2 + 1) if names == names[:n] * (len(names) // n)), len(names)
    )
    if width == len(names) or not all(names) or len(set(names[:width])) < width:
        return [(block, labels, "")]
    centres = columns_mm(block)
    parts = []
    for first in range(0, len(names), width):
        rows = [
            tuple(box for box in row if first <= column_of(box, centres) < first + width)
            for row in block.rows
        ]
        part = Block(tuple(row for row in rows if row), block.page)
        own = {
            n: label
            for n, (row, label) in enumerate((r, labels.rows.get(m, "")) for m, r in enumerate(rows))
            if row
        }
        over = [
            p
            for p in text.phrases
            if _heads(p, part) or (p not in text.used and _stands_over(p, part, labels.top_mm))
        ]
        text.used.update(over)
        parts.append(
            (part, replace(labels, rows=own, columns=dict(enumerate(names[:width])), groups=()), join(over))
        )
    return parts


def _stands_over(phrase: Phrase, part: Block, top_mm: float) -> bool:
    """Whether a phrase stands right over the headers of a table, and is narrower than that."""
    return (
        part.x_mm < phrase.centre_mm < part.right_mm
        and 0 <= top_mm - phrase.bottom_mm < HEADING_MM
        and phrase.right_mm - phrase.x_mm < part.right_mm - part.x_mm
    )


def _heads(phrase: Phrase, part: Block) -> bool:
    """Whether a phrase stands over all columns of a table in a ruled cell of its own, and over no others."""
    cell, centres = phrase.cell, columns_mm(part)
    if cell is None or not 0 <= part.y_mm - cell.bottom_mm < 2 * HEADING_MM:
        return False
    step = centres[1] - centres[0]
    return cell.x_mm < centres[0] < cell.x_mm + step and centres[-1] < cell.right_mm < centres[-1] + step
