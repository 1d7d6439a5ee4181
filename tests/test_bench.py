"""The benchmarks run: what they measure moves, and they must not rot unseen."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest

from bench import codes, pictures, spoilt, spreads
from bench import decisions as deciding
from survey.doors import pdf
from survey.questionnaire.cases import draw_cases
from survey.questionnaire.printed_code import PrintedCode
from survey.questionnaire.thresholds import Thresholds
from survey.reading.believe import believe_match
from survey.reading.damaged import match_codes


@pytest.mark.parametrize("number", range(6))
def test_a_damaged_code_is_matched_with_its_own_serial_or_left_to_a_person(number: int) -> None:
    rng = np.random.default_rng([8, number])
    serials = draw_cases("S", {"": 300}, 1)["serial"]
    texts = [PrintedCode(serial, "SG12", 1, 2).text for serial in serials]
    _, grey = codes.scan_strips(texts[number], rng)
    match = match_codes(*codes.as_page(grey), texts)
    assert match is not None
    assert match.text == texts[number] or not believe_match(match, Thresholds())
    assert match.fit > 0.5


def test_reviewers_who_decide_at_once_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "EACH", 3)
    found = deciding.measure_threads(tmp_path, "")
    assert (found["decisions"], found["lost"], found["chain_holds"]) == (12, 0, True)


def test_the_pictures_show_one_misread_box_of_each_kind_and_each_reason_of_doubt() -> None:
    rows = [
        ("cross", 1, "empty", "", "faint"), ("cross", 1, "empty", "", "faint"), ("none", 0, "marked", "", ""),
        ("tick", 1, "doubtful", "unsure mark: 0.4", ""), ("tick", 1, "doubtful", "unsure mark: 0.5", ""),
        ("ring", 1, "doubtful", "looks empty, but ink at its edge: 0.3", ""), ("cross", 1, "marked", "", ""),
    ]  # fmt: skip
    boxes = pd.DataFrame(rows, columns=["drawn", "intended", "state", "reason", "note"])
    assert pictures.choose_defeats(boxes).index.tolist() == [0, 2]
    assert pictures.choose_doubts(boxes).index.tolist() == [3, 5]


@pytest.mark.parametrize("way", spoilt.WAYS)
def test_a_spoilt_scan_still_shows_its_page_and_is_the_same_each_time(tmp_path: Path, way: str) -> None:
    page = np.full((1169, 827, 3), 255, np.uint8)
    page[300:800, 200:600] = 20
    source = tmp_path / "ä scan.png"
    cv2.imencode(".png", page)[1].tofile(source)
    for name in ("one.pdf", "two.pdf"):
        spoilt.spoil(source, tmp_path / name, way)
    one, two = (pdf.render(tmp_path / name, 1, 50) for name in ("one.pdf", "two.pdf"))
    assert np.array_equal(one, two)
    assert not np.array_equal(one[:500, :400], cv2.resize(page[..., 0], None, fx=0.5, fy=0.5)[:500, :400])
    assert 0.15 < (one < 128).mean() < 0.3


def test_an_unfolded_booklet_shows_its_pages_as_its_sheets_do() -> None:
    booklet = {page: np.full((30, 20), 10 * page, np.uint8) for page in range(1, 7)}
    sides = [(int(one[0, 0]), int(one[0, -1])) for one in spreads.unfolded(booklet)]
    assert sides == [(240, 10), (20, 240), (60, 30), (40, 50)]
    one, two = (spreads.askew(np.full((300, 400), 200, np.uint8), np.random.default_rng(1)) for _ in range(2))
    assert np.array_equal(one, two) and one.shape < (300, 400)
