"""Text in the cells of a ruled table -> which of it is one label: of a cell, of a row, of an option."""

from __future__ import annotations

from collections.abc import Sequence

from survey.learn.printed.near import gap_mm, inside, is_code
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import Phrase

HIGHEST_CELL_MM = 20.0  # of a cell all of whose text is one label
SAME_RULE_MM, CELL_REACH_MM = (
    1.0,
    20.0,
)  # between the edges of cells of one row; from these to a box in the next cell


def fills_cell(phrase: Phrase, boxes: Sequence[Outline]) -> bool:
    """Whether a phrase stands in a ruled cell without boxes: all of the cell's text is one label."""
    cell = phrase.cell
    return cell is not None and not boxes_in(cell, boxes)


def is_cell_beside(phrase: Phrase, labels: set[Phrase], boxes: Sequence[Outline]) -> bool:
    """Whether a label begins the text of a ruled cell in which no box and no other label stands."""
    cell = phrase.cell
    alone = cell is not None and not any(p.cell == cell for p in labels if p is not phrase)
    return alone and cell is not None and cell.h_mm < HIGHEST_CELL_MM and fills_cell(phrase, boxes)


def all_of_cell(phrase: Phrase, phrases: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """Return all text of a label's cell but a number left of it all, which counts the labels."""
    own = [p for p in phrases if p.cell == phrase.cell]
    left = min(p.x_mm for p in own if p is phrase or not is_code(p))
    words = (p for p in own if p is phrase or not (is_code(p) and p.right_mm < left))
    return tuple(sorted(words, key=lambda p: (p.bottom_mm, p.x_mm)))


def all_of_row(
    box: Outline, label: Phrase, boxes: Sequence[Outline], phrases: Sequence[Phrase]
) -> tuple[Phrase, ...]:
    """Return the text of all cells of a ruled row, up to the next gap, where its only box has a cell to itself.

    Numbers that count the rows are left out. Nothing where the text stands in a single cell.
    """
    cell = label.cell
    if cell is None or inside(box.centre_mm, box.middle_mm, cell):
        return ()
    level = [
        p.cell for p in phrases if p.cell is not None and are_in_one_row(p.cell, cell) and not is_code(p)
    ]
    own, row = any(inside(box.centre_mm, box.middle_mm, one) for one in level), [cell]
    while more := [
        c for c in level if c not in row and any(abs(gap_mm(c, one)) < SAME_RULE_MM for one in row)
    ]:
        row += dict.fromkeys(more)
    left, right = min(c.x_mm for c in row), max(c.right_mm for c in row)
    others = [b for b in boxes if b is not box and cell.y_mm < b.middle_mm < cell.bottom_mm]
    goes_on = any(c not in row and gap_mm(c, box) < CELL_REACH_MM for c in level)
    crowded = any(goes_on or left < b.centre_mm < right for b in others)
    if own or crowded or len(row) < 2 or left < box.centre_mm < right:
        return ()
    return tuple(
        sorted((p for p in phrases if p.cell in row and not is_code(p)), key=lambda p: (p.bottom_mm, p.x_mm))
    )


def all_of_option(
    box: Outline, label: Phrase, boxes: Sequence[Outline], phrases: Sequence[Phrase]
) -> tuple[Phrase, ...]:
    """Return the text of a ruled cell on a label's side of its only box: a name and, smaller, a party.

    Another cell with a single box lies right over or under it. Nothing where part of the text asks.
    """
    cell = label.cell
    if cell is None or cell.h_mm >= HIGHEST_CELL_MM or boxes_in(cell, boxes) != [box]:
        return ()
    others = {p.cell for p in phrases if p.cell is not None}
    stacked = (other for other in others if lies_on(other, cell) or lies_on(cell, other))
    if not any(len(boxes_in(other, boxes)) == 1 for other in stacked):
        return ()
    is_left = label.centre_mm < box.centre_mm  # a second line may begin under the box
    own = [p for p in all_of_cell(label, phrases) if (p.centre_mm < box.centre_mm) == is_left]
    return () if any(p.asks for p in own) else tuple(own)


def boxes_in(cell: Outline, boxes: Sequence[Outline]) -> list[Outline]:
    """Return the boxes whose middle lies within a cell."""
    return [box for box in boxes if inside(box.centre_mm, box.middle_mm, cell)]


def are_in_one_row(cell: Outline, other: Outline) -> bool:
    """Whether two ruled cells begin and end at the same lines."""
    return max(abs(cell.y_mm - other.y_mm), abs(cell.bottom_mm - other.bottom_mm)) < SAME_RULE_MM


def lies_on(upper: Outline, lower: Outline) -> bool:
    """Whether a cell lies right on top of another, and is as wide."""
    sides = abs(upper.x_mm - lower.x_mm), abs(upper.right_mm - lower.right_mm)
    return max(*sides, abs(lower.y_mm - upper.bottom_mm)) <= SAME_RULE_MM


def within_cell(
    box: Outline, pair: tuple[Phrase | None, Phrase | None], held: dict[Outline, list[Outline]]
) -> tuple[Phrase | None, Phrase | None]:
    """Drop of the texts left and right of a box what belongs to another ruled cell; `held` are the boxes of each cell.

    It stands in a cell with other boxes, or the text on the other side shares the box's own cell.
    """
    cells = [p.cell if p is not None else None for p in pair]
    own = [cell is not None and box in held[cell] for cell in cells]
    foreign = [cell is not None and bool(held[cell]) and box not in held[cell] for cell in cells]
    in_two = None not in cells and cells[0] != cells[1]
    left = None if foreign[0] or (in_two and own[1]) else pair[0]
    right = None if foreign[1] or (in_two and own[0]) else pair[1]
    return left, right


def head_of_column(
    box: Outline, phrases: Sequence[Phrase], held: dict[Outline, list[Outline]]
) -> Phrase | None:
    """Return the lowest text over a box in a ruled cell of its column, if no box stands there."""
    over = [
        p
        for p in phrases
        if p.cell is not None and p.cell.x_mm < box.centre_mm < p.cell.right_mm and p.bottom_mm < box.y_mm
    ]
    lowest = max(over, key=lambda p: p.bottom_mm, default=None)
    return lowest if lowest is not None and lowest.cell is not None and not held[lowest.cell] else None
