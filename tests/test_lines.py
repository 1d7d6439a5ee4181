"""Claims about the lines that boxes of a list stand in."""

from __future__ import annotations

import numpy as np

from survey.reading.lines import in_lines

Place = tuple[float, float]


def lines(places: list[Place], *marked: int, of: list[int] | None = None) -> list[set[int]]:
    """Lines of boxes of 4 mm, each as the numbers of its boxes, in their order."""
    boxes = np.array([(x, y, 4.0, 4.0) for x, y in places])
    flags = np.isin(np.arange(len(places)), marked)
    number = in_lines(np.array(of or [0] * len(places), np.intp), boxes, flags)
    found = [set(np.flatnonzero(number == one).tolist()) for one in np.unique(number)]
    return sorted(found, key=min)


def grid(columns: int, rows: int, x: float = 20, y: float = 20, step: float = 6) -> list[Place]:
    """Boxes row by row."""
    return [(x + step * column, y + step * row) for row in range(rows) for column in range(columns)]


def test_boxes_side_by_side_make_a_line_up_to_a_wider_gap() -> None:
    two_blocks = [*grid(5, 1), *grid(5, 1, x=60)]
    assert lines(two_blocks) == [{0, 1, 2, 3, 4}, {5, 6, 7, 8, 9}]
    assert lines([(20, 20), (60, 20)]) == [{0}, {1}], "too far from each other"
    assert lines([(20, 20), (30, 21), (40, 20.5)]) == [{0, 1, 2}], "a list of places is not exact"


def test_boxes_with_none_beside_them_stand_in_a_line_downwards() -> None:
    below = [(20, 20), (20, 27), (20, 34), (20, 50), (20, 57)]
    assert lines(below) == [{0, 1, 2}, {3, 4}], "a wider gap ends it"


def test_pairs_are_told_by_what_lies_between_them() -> None:
    yes_and_no = [(20, 20), (28, 20), (50, 20), (58, 20), (80, 20), (88, 20)]
    assert lines(yes_and_no) == [{0, 1}, {2, 3}, {4, 5}]


def test_lines_go_downwards_where_each_of_them_has_one_mark() -> None:
    """As the digits of a number do."""
    digits = grid(3, 10)
    rows = [{3 * row, 3 * row + 1, 3 * row + 2} for row in range(10)]
    columns = [set(range(column, 30, 3)) for column in range(3)]
    assert lines(digits) == rows
    assert lines(digits, 3, 4, 8) == columns, "4th digit of the first two, and another of the third"
    assert lines(digits, 3, 4) == rows, "most columns are not enough"
    assert lines(digits, *(3 * row + row % 3 for row in range(10))) == rows, "an answer in each row"


def test_no_line_goes_on_in_another_list_or_size() -> None:
    assert lines([(20, 20), (28, 20)], of=[0, 1]) == [{0}, {1}]
    sizes = np.array([(20.0, 20.0, 4.0, 4.0), (28.0, 18.0, 4.0, 9.0)])
    assert len(set(in_lines(np.zeros(2, np.intp), sizes, np.zeros(2, bool)))) == 2
