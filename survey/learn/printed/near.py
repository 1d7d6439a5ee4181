"""Outlines and phrases -> which of them stand together: on one line, of one size, one inside the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import Phrase

SAME_SIZE = 0.15  # share by which boxes of one item may differ: glyphs are drawn on a grid of pixels
SHORT = 3  # letters of a code printed beside a box for whoever types answers in
ODD_SIZE = 0.06  # share from which two outlines are clearly not the same


def on_row(phrase: Phrase, box: Outline) -> bool:
    """Whether a phrase stands on the line of a box."""
    shared = min(phrase.bottom_mm, box.bottom_mm) - max(phrase.y_mm, box.y_mm)
    return shared >= 0.25 * min(phrase.bottom_mm - phrase.y_mm, box.h_mm)


def is_level(one: Outline | Phrase, box: Outline, share: float = 1.0) -> bool:
    """Whether the middle of something is off the middle of a box by less than a share of the box's height."""
    return abs(one.middle_mm - box.middle_mm) < share * box.h_mm


def gap_mm(one: Outline | Phrase, other: Outline | Phrase) -> float:
    """How far apart two things stand, one left of the other; negative where they share some of the width."""
    return max(one.x_mm - other.right_mm, other.x_mm - one.right_mm)


def in_same_columns(row: Sequence[Outline], other: Sequence[Outline], share: float) -> bool:
    """Whether two rows have as many boxes, each pair off one middle by no more than this share of its width."""
    return len(row) == len(other) and all(
        abs(a.centre_mm - b.centre_mm) <= share * a.w_mm for a, b in zip(row, other, strict=True)
    )


def alike(a: Outline, b: Outline) -> bool:
    """Whether two outlines may be boxes of one item, going by their size.

    Columns of a ruled table differ in width, rows in height.
    """
    as_wide = abs(a.w_mm - b.w_mm) <= SAME_SIZE * max(a.w_mm, b.w_mm) + 0.1
    as_high = abs(a.h_mm - b.h_mm) <= SAME_SIZE * max(a.h_mm, b.h_mm) + 0.1
    return as_wide or as_high if a.kind == b.kind == "cell" else as_wide and as_high


def differ(a: Outline, b: Outline) -> bool:
    """Whether two outlines are clearly not of one size."""
    return abs(a.w_mm - b.w_mm) > ODD_SIZE * max(a.w_mm, b.w_mm) or abs(a.h_mm - b.h_mm) > ODD_SIZE * max(
        a.h_mm, b.h_mm
    )


def to_rows(boxes: list[Outline]) -> list[list[Outline]]:
    """Part boxes into rows of one height and size, from the top, each from the left."""
    rows: list[list[Outline]] = []
    for box in sorted(boxes, key=lambda one: (one.middle_mm, one.x_mm)):
        for row in reversed(rows[-6:]):
            if abs(row[0].middle_mm - box.middle_mm) <= 0.35 * box.h_mm and alike(row[0], box):
                row.append(box)
                break
        else:
            rows.append([box])
    return [sorted(row, key=lambda one: one.x_mm) for row in rows]


def inside(x_mm: float, y_mm: float, frame: Outline) -> bool:
    """Whether a point lies within an outline."""
    return frame.x_mm < x_mm < frame.right_mm and frame.y_mm < y_mm < frame.bottom_mm


def connected(count: int, links: list[tuple[int, int]]) -> list[list[int]]:
    """Return the connected sets of 0..count-1, each sorted, in order of their first member."""
    leader = list(range(count))

    def find(index: int) -> int:
        """Return the smallest member known of an index's set."""
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    for a, b in links:
        leader[max(find(a), find(b))] = min(find(a), find(b))
    sets: dict[int, list[int]] = {}
    for index in range(count):
        sets.setdefault(find(index), []).append(index)
    return list(sets.values())


def outside(phrase: Phrase, left: Outline, right: Outline) -> bool:
    """Whether a phrase stands between two boxes rather than inside one of them."""
    return left.right_mm - 0.6 < phrase.centre_mm < right.x_mm + 0.6


def stands_in(phrase: Phrase, box: Outline) -> bool:
    """Whether the middle of a phrase lies within a box."""
    return box.x_mm < phrase.centre_mm < box.right_mm and box.y_mm < phrase.middle_mm < box.bottom_mm


def stands_beside(cell: Outline, box: Outline) -> bool:
    """Whether the cell of a table stands left of a box, on its line."""
    return cell.right_mm <= box.x_mm and cell.y_mm < box.middle_mm < cell.bottom_mm


def is_code(phrase: Phrase) -> bool:
    """Whether a phrase is but a number, as printed in front of boxes for whoever types answers in."""
    return len(phrase.text) <= SHORT and phrase.text.strip(".)").isdigit()


def count_on(numbers: Sequence[int]) -> bool:
    """Whether numbers, two or more, go up or down by one."""
    return {b - a for a, b in pairwise(numbers)} in ({1}, {-1})
