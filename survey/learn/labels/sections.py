"""Cells at the left of a ruled table -> the section each row stands in, and the numbers that count rows."""

from __future__ import annotations

from survey.learn.labels.page_text import PageText
from survey.learn.layout.blocks import Block
from survey.learn.layout.cells import TOUCHING_MM
from survey.learn.layout.neighbours import on_line
from survey.learn.printed.near import is_code, stands_beside
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import Phrase, join

Row = tuple[Outline, ...]


def take_sections(block: Block, text: PageText) -> dict[int, str]:
    """Take the sections out of a page's free text, and return the one of each row, by its place.

    A cell is the label of its rows, and no section, where a row has nothing else on its left.
    """
    cells: dict[Outline, list[Phrase]] = {}
    for p in text.free():
        if p.cell is not None and p.panel == block.boxes[0].panel and len(_rows_beside(p.cell, block)) > 1:
            cells.setdefault(p.cell, []).append(p)
    sections = {}
    for cell, lines in cells.items():
        places = _rows_beside(cell, block)
        if all(_has_label(cell, block.rows[place], text) for place in places):
            text.used.update(lines)
            sections.update(dict.fromkeys(places, join(lines)))
    return dict(sorted(sections.items()))


def _rows_beside(cell: Outline, block: Block) -> list[int]:
    return [place for place, row in enumerate(block.rows) if stands_beside(cell, row[0])]


def _has_label(cell: Outline, row: Row, text: PageText) -> bool:
    """Whether text stands in the cell right of another, on the line of a row."""
    return any(
        p.cell is not None
        and abs(p.cell.x_mm - cell.right_mm) <= TOUCHING_MM
        and stands_beside(p.cell, row[0])
        for p in text.free()
    )


def numbers_of_rows(block: Block, text: PageText) -> list[Phrase]:
    """Return the numbers that count a table's rows in a column of cells of their own: no words of the labels."""
    numbers = []
    for row in block.rows:
        cells = [p for p in on_line(row[0], text.free()) if p.cell is not None and p.right_mm < row[0].x_mm]
        first = min(cells, key=lambda p: p.x_mm, default=None)
        if first is None or not is_code(first) or all(p.cell == first.cell for p in cells):
            return []
        numbers.append(first)
    counted = [int(p.text.strip(".)")) for p in numbers]
    return numbers if counted == [*range(counted[0], counted[0] + len(counted))] else []


def told_apart(rows: dict[int, str], sections: dict[int, str]) -> dict[int, str]:
    """Put the section before the rows' labels where two of these are the same."""
    if len(set(rows.values())) == len(rows):
        return rows
    return {
        place: f"{sections[place]}: {label}" if place in sections else label for place, label in rows.items()
    }
