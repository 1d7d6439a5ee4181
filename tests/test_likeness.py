"""Claims about scanned blanks: what their clean boxes give away about the others."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from paper import grey_pdf

from survey.learn import Draft, learn

DPI = 200
PX = DPI / 25.4
Grey = NDArray[np.uint8]


def paper() -> Grey:
    return np.full((round(297 * PX), round(210 * PX)), 245, np.uint8)


def frame(page: Grey, x_mm: float, y_mm: float, *, dotted: bool = False, letter: str = "") -> None:
    """A box of 5 mm; a dotted frame lacks every other millimetre."""
    x, y, side = (round(value * PX) for value in (x_mm, y_mm, 5))
    cv2.rectangle(page, (x, y), (x + side, y + side), 60, 2)
    if dotted:
        for gap in range(4, side - 3, 8):
            page[y + gap : y + gap + 3, x - 2 : x + side + 3] = 245
            page[y - 2 : y + side + 3, x + gap : x + gap + 3] = 245
    if letter:
        cv2.putText(page, letter, (x + 9, y + side - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 60, 2)


def learned(folder: Path, page: Grey) -> Draft:
    rough = page + np.random.default_rng(1).normal(0, 4, page.shape)
    (folder / "blank.pdf").write_bytes(grey_pdf([np.clip(rough, 0, 255).astype(np.uint8)], DPI))
    return learn(folder / "blank.pdf", "scanned")


def places(draft: Draft) -> set[tuple[int, int]]:
    return {
        (round(x / 5), round(y / 5)) for x, y in zip(draft.boxes["x_mm"], draft.boxes["y_mm"], strict=True)
    }


def test_dotted_frames_are_found_by_their_likeness_to_clean_ones(tmp_path: Path) -> None:
    page = paper()
    for row in range(6):
        for column in range(4):
            frame(page, 30 + 20 * column, 60 + 15 * row, dotted=(row + column) % 3 == 0)
    found = learned(tmp_path, page)
    assert places(found) == {(6 + 4 * column, 12 + 3 * row) for row in range(6) for column in range(4)}
    assert np.allclose(found.boxes["w_mm"], 5.2, atol=0.5)


def test_what_is_found_in_a_picture_is_to_be_confirmed(tmp_path: Path) -> None:
    page = paper()
    for row in range(5):
        frame(page, 30, 60 + 15 * row)
    found = learned(tmp_path, page)
    assert "# to confirm" in found.yaml
    assert any("to confirm" in note for note in found.notes)


def test_letters_in_boxes_make_no_examples_of_them(tmp_path: Path) -> None:
    page = paper()
    for row in range(6):
        for column, letter in enumerate("IJLW"):
            frame(page, 30 + 20 * column, 60 + 15 * row, letter=letter)
    assert len(learned(tmp_path, page).boxes) == 24


def test_lines_of_text_make_no_boxes(tmp_path: Path) -> None:
    page = paper()
    for row in range(5):
        frame(page, 30, 60 + 15 * row)
        cv2.putText(page, "goose door BOOED 0080", (450, round((63 + 15 * row) * PX)), 0, 1.4, 60, 2)
    assert len(learned(tmp_path, page).boxes) == 5


@pytest.mark.parametrize("column", [0, 3])
def test_a_filled_example_is_left_out(tmp_path: Path, column: int) -> None:
    page = paper()
    for row in range(6):
        frame(page, 30, 60 + 15 * row)
    x, y = round((100 + 20 * column) * PX), round(20 * PX)
    cv2.rectangle(page, (x, y), (x + 39, y + 39), 40, -1)
    assert places(learned(tmp_path, page)) == {(6, 12 + 3 * row) for row in range(6)}
