"""Claims about scans that show greys by dots: told from strokes and specks, they are read as the greys."""

from __future__ import annotations

import numpy as np
import pytest
from paper import A4_MM, Grey, blank_page, cross
from PIL import Image
from test_measure import DPI, MARKED, by_box, measured

from survey.questionnaire.model import Questionnaire
from survey.reading.blank_boxes import BlankBoxes, prepare_boxes
from survey.reading.look import is_halftoned
from survey.reading.prepare import BlankPage, prepare_blank

ORDERED = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) * 16 + 8


def tinted(mini: Questionnaire, dpi: int) -> Grey:
    """The small questionnaire on a tint of an eighth, marked in pencil."""
    paper = blank_page(mini, 1, dpi)
    marked = cross(paper, mini, MARKED, dpi)
    pencil = np.where(marked < paper, np.maximum(marked, 110), paper)
    return np.minimum(pencil, 224).astype(np.uint8)


def dotted(grey: Grey, way: str) -> Grey:
    if way == "error diffusion":
        return np.asarray(Image.fromarray(grey).convert("1").convert("L"))
    rows, columns = np.indices(grey.shape)
    return np.where(grey > ORDERED[rows % 4, columns % 4], 255, 0).astype(np.uint8)


@pytest.fixture(scope="module")
def blank(mini: Questionnaire) -> tuple[BlankPage, BlankBoxes]:
    grey = np.minimum(blank_page(mini, 1, 150), 224).astype(np.uint8)
    return prepare_blank("mini", 1, grey, A4_MM), prepare_boxes(1, grey, mini.boxes, mini.handwritten())


@pytest.mark.parametrize("way", ["error diffusion", "ordered"])
def test_pencil_on_a_tint_is_read_from_dots(
    way: str, mini: Questionnaire, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    scan = dotted(tinted(mini, DPI), way)
    assert is_halftoned(scan)
    found = measured(scan, blank)
    assert not found.numbers.bilevel, "dots keep what is pale"
    p = by_box(found)["p_marked"].dropna()
    assert set(p[p > 0.85].index) == set(MARKED)
    assert (p[~p.index.isin(MARKED)] < 0.1).all()


def test_strokes_and_scattered_specks_are_no_dots(mini: Questionnaire) -> None:
    rng = np.random.default_rng(1)
    scan = np.where(tinted(mini, DPI) < 150, 0, 255).astype(np.uint8)
    scan[rng.random(scan.shape) < 0.002] = 0
    assert not is_halftoned(scan)
