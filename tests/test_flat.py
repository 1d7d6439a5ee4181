"""Claims about places where a scan shows nothing: print on all sides tells where they lie, if the sheet is flat."""

from __future__ import annotations

import numpy as np
import pytest

from survey.reading.flat import trust_between
from survey.reading.register import Field


def field(*pieces: tuple[float, float, float]) -> Field:
    """Pieces of print at x, y mm, displaced by so many mm to the right."""
    numbers = np.array(pieces, np.float32).reshape(-1, 3)
    shifts = np.stack([numbers[:, 2], np.zeros(len(numbers), np.float32)], 1)
    return Field(numbers[:, :2], shifts, np.full(len(numbers), 0.8, np.float32))


def trust(*pieces: tuple[float, float, float]) -> float:
    return float(trust_between(field(*pieces), np.array([[100.0, 150.0]], np.float32))[0])


FLAT = ((20, 20, 0.1), (180, 25, 0.15), (22, 280, 0.1), (185, 270, 0.12))


def test_a_place_between_print_that_lies_in_one_plane_is_trusted_less_than_the_print() -> None:
    assert trust(*FLAT) == pytest.approx(0.4)
    assert trust(*FLAT[:3]) == pytest.approx(0.4)


def test_a_place_at_the_edge_of_what_is_printed_is_not_trusted() -> None:
    assert trust(*FLAT[:2]) == 0
    assert trust() == 0


def test_a_fold_between_takes_the_trust() -> None:
    """The lower half of the sheet lies a millimetre further right."""
    assert trust(*FLAT[:2], *((x, y, shift + 1) for x, y, shift in FLAT[2:])) == 0


def test_the_nearest_print_of_each_quarter_counts() -> None:
    assert trust(*FLAT, (190, 290, 3.0)) == pytest.approx(0.4)
    assert trust(*FLAT, (110, 160, 3.0)) == 0
