"""Claims about two benchmarks: what is said and what is observed meet in bins, and errors get pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from paper import blank_page, cross, grey_pdf, write_questionnaire

from bench.error_sheets import PICTURE_PX, cut_out, write_error_sheet
from bench.reliability import calibration_of
from survey.project import find_project, ingest, results


def boxes(p: list[float], intended: list[int], ink: str = "cross") -> pd.DataFrame:
    return pd.DataFrame({"p_marked": p, "intended": intended, "ink_true": ink, "note": ""})


def test_probabilities_that_come_true_have_no_calibration_error() -> None:
    found = calibration_of(boxes([0.7] * 10, [1] * 7 + [0] * 3))
    assert found["expected_calibration_error"] == pytest.approx(0.0)
    assert found["brier"] == pytest.approx(0.21)
    assert found["brier_of_base_rate"] == pytest.approx(0.21)
    (row,) = found["bins"]  # type: ignore[misc]
    assert (row["boxes"], row["said"], row["observed"]) == (10, 0.7, 0.7)
    assert row["low"] == pytest.approx(0.3475, abs=1e-4) and row["high"] == pytest.approx(0.9333, abs=1e-4)


def test_overconfidence_is_a_calibration_error() -> None:
    assert calibration_of(boxes([0.9] * 10, [1] * 5 + [0] * 5))[
        "expected_calibration_error"
    ] == pytest.approx(0.4)


def test_a_blacked_out_mark_is_ink_and_a_ring_is_left_out() -> None:
    assert calibration_of(boxes([0.99] * 4, [0] * 4, "revoked"))["brier"] == pytest.approx(0.0001)
    with_ring = pd.concat([boxes([0.99], [1]), boxes([0.5] * 4, [1] * 4, "ring")])
    assert calibration_of(with_ring)["boxes"] == 1


def test_a_cut_out_shows_its_box_upright_in_the_middle() -> None:
    page = np.full((400, 400), 255, np.uint8)
    page[200:240, 150:190] = 0
    upside_down = np.array([(190, 240), (150, 240), (150, 200), (190, 200)], np.float32)
    picture = cut_out(page, upside_down, np.array([4.0, 4.0]))
    middle = PICTURE_PX // 2
    assert picture.shape == (PICTURE_PX, PICTURE_PX, 3)
    assert picture[middle - 10 : middle + 10, middle - 10 : middle + 10].max() == 0
    assert picture[5, 5].tolist() == [255, 255, 255]


def test_a_sheet_of_errors_is_drawn_and_an_old_one_goes(tmp_path: Path) -> None:
    questionnaire = write_questionnaire(tmp_path / "schemas")
    page = cross(blank_page(questionnaire, 1, 150), questionnaire, ["work.2"], 150)
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "a.pdf").write_bytes(grey_pdf([page], 150))
    project = find_project(tmp_path)
    ingest(project, project.scans, jobs=1)
    marks = results(project, "mini").marks
    rows = marks[marks["box"] == "work.2"].assign(truth="empty")
    sheet = tmp_path / "errors" / "mini.png"
    write_error_sheet(project, questionnaire, rows, sheet)
    assert sheet.stat().st_size > 1000
    write_error_sheet(project, questionnaire, rows.iloc[:0], sheet)
    assert not sheet.exists()
