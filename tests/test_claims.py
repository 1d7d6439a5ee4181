"""Claims about whose ink lies around a box: a mark's at another box and a long line's are not this box's."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from survey.reading.claims import LONG_PX, OWN, SIDE_PX, Extent, claimed, runs_on
from survey.reading.ink import free_of_print, ink_of

Floats = np.ndarray
BELOW = Extent(OWN.left, OWN.top + 32, OWN.right, OWN.bottom + 32)  # the box under this one


def window() -> Floats:
    """Two boxes, one under the other, as the blank prints them."""
    drawn = np.zeros((SIDE_PX, SIDE_PX), np.float32)
    for box in (OWN, BELOW):
        left, top, right, bottom = (round(side) for side in box)
        cv2.rectangle(drawn, (left, top), (right - 1, bottom - 1), 0.9, 1)
    return drawn


def stroke(drawn: Floats, *ends: tuple[int, int]) -> None:
    cv2.polylines(drawn, [np.array(ends, np.int32)], False, 0.8, 2)


def share(draw: Callable[[Floats], None], marked: list[Extent]) -> float:
    scan = window()
    draw(scan)
    return float(claimed((scan - window())[None], free_of_print(window()[None]), [marked])[0])


def ink(draw: Callable[[Floats], None]) -> float:
    """All ink in the crop beside the print, as a share of the box."""
    scan, crop = window(), np.s_[30:-30, 30:-30]
    draw(scan)
    free, blank = free_of_print(window()[None])[:, *crop], window()[crop][None]
    return float(ink_of(scan[crop][None], blank, free, np.zeros((1, 30, 30), np.float32))["residue"][0])


def cross_below(drawn: Floats) -> None:
    """A cross in the box below, whose arms reach up to this one."""
    stroke(drawn, (34, 92), (60, 56))
    stroke(drawn, (36, 56), (58, 92))


def ring_below(drawn: Floats) -> None:
    cv2.ellipse(drawn, (45, 77), (20, 19), 0, 0, 360, 0.8, 2)


@pytest.mark.parametrize("draw", [cross_below, ring_below])
def test_the_end_of_a_mark_at_another_box_is_that_boxs(draw: Callable[[Floats], None]) -> None:
    assert ink(draw) > 0.02
    assert share(draw, [BELOW]) == pytest.approx(ink(draw))


@pytest.mark.parametrize("draw", [cross_below, ring_below])
def test_nobody_claims_ink_for_a_box_that_looks_unmarked(draw: Callable[[Floats], None]) -> None:
    assert share(draw, []) == 0


def test_a_stroke_beside_this_box_is_its_own_also_where_the_next_one_is_marked() -> None:
    def draw(drawn: Floats) -> None:
        cross_below(drawn)
        stroke(drawn, (33, 34), (33, 46))

    assert ink(draw) > ink(cross_below)
    assert share(draw, [BELOW]) == pytest.approx(ink(cross_below))


def test_a_ring_around_this_box_is_its_own() -> None:
    def draw(drawn: Floats) -> None:
        cv2.ellipse(drawn, (45, 45), (26, 14), 0, 0, 360, 0.8, 2)

    assert ink(draw) > 0.1
    assert share(draw, [BELOW]) == 0


@pytest.mark.parametrize("ends", [((0, 57), (89, 57)), ((33, 0), (33, 89))])
def test_a_line_far_longer_than_a_box_is_no_boxs(ends: tuple[tuple[int, int], tuple[int, int]]) -> None:
    def draw(drawn: Floats) -> None:
        stroke(drawn, *ends)

    assert ink(draw) > 0.05
    assert share(draw, []) == pytest.approx(ink(draw))


def test_a_large_ring_is_no_line() -> None:
    def draw(drawn: Floats) -> None:
        cv2.ellipse(drawn, (45, 45), (32, 14), 0, 0, 360, 0.8, 2)

    assert LONG_PX < 2 * 32
    assert ink(draw) > 0.1
    assert share(draw, []) == 0


def how_far(*strokes: tuple[tuple[int, int], ...]) -> float:
    scan = window()
    for ends in strokes:
        stroke(scan, *ends)
    return float(runs_on((scan - window())[None], free_of_print(window()[None]))[0])


def test_writing_through_a_box_runs_on_beside_it() -> None:
    """A cross ends within half a width of its box; a word goes on, on either side, over the frame it crosses."""
    assert how_far(((40, 40), (50, 50)), ((40, 50), (50, 40))) == 0
    assert 0.2 < how_far(((32, 32), (60, 58)), ((32, 58), (60, 32))) < 0.5
    word = ((40, 48), (48, 42), (56, 48), (64, 42), (72, 48), (80, 42))
    assert how_far(word) == pytest.approx((81 - OWN.right) / 18, abs=0.1)
    mirrored = tuple((SIDE_PX - 1 - x, y) for x, y in word)
    assert how_far(mirrored) == pytest.approx(how_far(word), abs=0.1)
    assert how_far(((0, 45), (SIDE_PX, 45))) == 2


def test_what_stands_beside_a_box_without_touching_it_does_not_run_on_from_it() -> None:
    assert how_far(((42, 42), (47, 47)), ((64, 48), (70, 42), (80, 48))) == 0
