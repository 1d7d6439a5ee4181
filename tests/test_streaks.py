"""Claims about streaks of the scanner: they are no ink; what is printed or drawn is left as it is."""

from __future__ import annotations

import numpy as np
import pytest
from paper import A4_MM, Grey, blank_page, cross
from test_measure import by_box, measured

from survey.questionnaire.model import Questionnaire
from survey.reading.blank_boxes import BlankBoxes, prepare_boxes
from survey.reading.look import find_streaks
from survey.reading.prepare import BlankPage, prepare_blank
from survey.reading.streaks import without_streaks

DPI = 150
PX = DPI / 25.4


@pytest.fixture(scope="module")
def blank(mini: Questionnaire) -> tuple[BlankPage, BlankBoxes]:
    grey = blank_page(mini, 1, 150)
    return prepare_blank("mini", 1, grey, A4_MM), prepare_boxes(1, grey, mini.boxes, mini.handwritten())


def streaked(page: Grey, mini: Questionnaire, share: float, dark: int = 90) -> Grey:
    """The page with a streak through the column of the boxes of `work`, at a share of their width."""
    box = mini.boxes.set_index("box").loc["work.1"]
    at = round((box["x_mm"] + share * box["w_mm"]) * PX)
    page = page.copy()
    page[:, at : at + 2] = np.minimum(page[:, at : at + 2], dark)
    return page


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8])
def test_boxes_in_a_streak_carry_no_ink(
    share: float, mini: Questionnaire, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    numbers = by_box(measured(streaked(blank_page(mini, 1, DPI), mini, share), blank, DPI))
    boxes = numbers[numbers["p_marked"].notna()]
    assert (boxes["p_marked"] < 0.03).all()
    assert (boxes["residue"] < 0.01).all()


def test_a_cross_in_a_streak_is_marked_all_the_same(
    mini: Questionnaire, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    page = streaked(cross(blank_page(mini, 1, DPI), mini, ["work.2"], DPI), mini, 0.5)
    p = by_box(measured(page, blank, DPI))["p_marked"].dropna()
    assert p["work.2"] > 0.85
    assert (p.drop("work.2") < 0.03).all()


def test_a_line_that_the_blank_prints_is_left(mini: Questionnaire) -> None:
    page = streaked(blank_page(mini, 1, DPI), mini, 0.5)
    nowhere, everywhere = (
        without_streaks(
            page, find_streaks(page).columns, lambda points, said=said: np.full(len(points), said)
        )
        for said in (False, True)
    )
    assert everywhere is page
    assert (nowhere != page).any(axis=0).sum() <= 4


def test_a_line_that_ends_where_the_blank_prints_nothing_is_no_streak(mini: Questionnaire) -> None:
    page = np.full(blank_page(mini, 1, DPI).shape, 255, np.uint8)
    margin = len(page) // 20
    page[margin:-margin, 600:602] = 40

    def between_the_margins(points: np.ndarray) -> np.ndarray:
        return (points[:, 1] >= margin) & (points[:, 1] < len(page) - margin)

    assert without_streaks(page, find_streaks(page).columns, between_the_margins) is page


def test_a_page_without_a_streak_is_not_copied(mini: Questionnaire) -> None:
    page = blank_page(mini, 1, DPI)
    assert (
        without_streaks(page, find_streaks(page).columns, lambda points: np.zeros(len(points), bool)) is page
    )
