"""Claims about strokes: the same paper is recognised after another pass through the scanner, another hand is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from survey.questionnaire.thresholds import Thresholds
from survey.reading.believe import is_same_paper
from survey.reading.strokes import stroke_agreement

Crops = NDArray[np.uint8]


def crops(strokes: list[list[tuple[float, float]]], shift: float = 0.0, blur: float = 0.7) -> Crops:
    """Boxes of 18 px with polylines in them, and as many empty ones."""
    drawn = []
    for stroke in [*strokes, *[[] for _ in strokes]]:
        crop = np.zeros((30, 30), np.uint8)
        cv2.rectangle(crop, (6, 6), (23, 23), 200, 1)
        points = np.round((np.array(stroke).reshape(-1, 1, 2) + shift) * 16).astype(np.int32)
        if len(points):
            cv2.polylines(crop, [points], False, 255, 2, cv2.LINE_AA, 4)
        drawn.append(cv2.GaussianBlur(crop, (0, 0), blur))
    return np.stack(drawn)


CROSSES = [
    [(8, 8), (22, 21), (15, 15), (22, 8), (7, 22)],
    [(5, 9), (24, 20), (14, 15), (20, 6), (9, 25)],
    [(9, 14), (14, 21), (25, 5)],
]
OTHERS = [[(8, 20), (12, 9), (16, 20), (20, 9)], [(7, 15), (23, 15)], [(10, 8), (10, 22), (20, 22)]]
MARKED = np.array([True] * 3 + [False] * 3)


def is_same(one: Crops, other: Crops) -> bool:
    return is_same_paper(stroke_agreement(one, other, MARKED), Thresholds())


@pytest.mark.parametrize(("shift", "blur"), [(0.0, 0.7), (0.6, 1.0), (-1.0, 0.8)])
def test_the_same_strokes_are_found_shifted_and_blurred(shift: float, blur: float) -> None:
    assert is_same(crops(CROSSES), crops(CROSSES, shift, blur))


def test_other_strokes_in_the_same_boxes_are_another_paper() -> None:
    assert not is_same(crops(CROSSES), crops(OTHERS))


def test_where_nothing_is_marked_nothing_speaks_against_the_same_paper() -> None:
    nothing = stroke_agreement(crops(CROSSES), crops(CROSSES), np.zeros(6, bool))
    assert np.isnan(nothing)
    assert is_same_paper(nothing, Thresholds())


def test_evenly_black_boxes_cannot_be_compared() -> None:
    black = np.full((6, 30, 30), 255, np.uint8)
    black[3:] = 0
    assert np.isnan(stroke_agreement(black, black, MARKED))
