"""Claims about the square of a large box at which the network looks: it lies about the ink, inside the box."""

from __future__ import annotations

import numpy as np
import pytest

from survey.reading.closer import SQUARE_MM, squares_about_ink
from survey.reading.ink import BOX_PX
from survey.reading.network import CROP_PX

CELL_MM = (18.0, 6.0)


def square(
    *spots: tuple[int, int, float], size_mm: tuple[float, float] = CELL_MM
) -> tuple[np.ndarray, float]:
    """Where the square of one box lies whose crop has dark spots of 3 x 3 px about these places (x, y, darkness)."""
    beyond = np.zeros((1, CROP_PX, CROP_PX), np.float32)
    for x, y, dark in spots:
        beyond[0, y - 1 : y + 2, x - 1 : x + 2] = dark
    found = squares_about_ink(beyond, np.array([size_mm], np.float32))
    return found.middles_mm[0], float(found.sides_mm[0])


@pytest.mark.parametrize(
    ("x_px", "x_mm"), [(7, -6.0), (12, -2.5), (15, 0.5), (17, 2.5), (22, 6.0)], ids=lambda value: f"{value}"
)
def test_a_square_lies_about_the_ink_and_inside_its_box(x_px: int, x_mm: float) -> None:
    middle, side = square((x_px, 15, 1.0))
    assert side == CELL_MM[1]
    assert middle[0] == pytest.approx(x_mm, abs=0.5 * CELL_MM[0] / BOX_PX)
    assert middle[1] == 0


def test_without_ink_and_with_ink_of_other_boxes_alone_it_lies_in_the_middle() -> None:
    for spots in [(), ((2, 15, 1.0),), ((20, 15, 0.03),)]:
        assert square(*spots)[0].tolist() == [0, 0]


def test_of_two_marks_it_shows_the_darker_one_and_never_what_lies_between() -> None:
    assert square((8, 15, 0.5), (21, 15, 1.0))[0][0] > 4
    assert abs(square((8, 15, 1.0), (21, 15, 1.0))[0][0]) > 4


def test_a_high_box_and_a_large_one_have_squares_too() -> None:
    middle, side = square((15, 22, 1.0), size_mm=(6, 18))
    assert (side, middle[0]) == (6, 0)
    assert middle[1] > 5
    assert square((15, 15, 1.0), size_mm=(30, 12))[1] == SQUARE_MM
