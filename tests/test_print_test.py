"""Claims about the print test before mailing: every box gets its turn, bad print is named, good print is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest
from paper import A4_MM, blank_page, write_questionnaire

from survey.project import find_project, try_print
from survey.project.print_test import run_trial
from survey.questionnaire.model import Questionnaire
from survey.reading.blank_boxes import prepare_boxes
from survey.simulate import OFFICE, TRUTH_BOXES
from survey.simulate.box_facts import facts_of
from survey.simulate.print_sheet import advise, summarise
from survey.simulate.trial import fill_trial, issue_trial, plan_trial, trial_profile
from survey.simulate.verdict import Verdict, judge_boxes, judge_pages

COPIES = 40
FACTS = {
    "frame": 0.9, "inside": 0.0, "around": 0.0, "apart_mm": 5.0, "side_mm": 4.0, "edge_mm": 25.0, "fold_mm": 20.0,
}  # fmt: skip


def facts(**changed: float) -> pd.DataFrame:
    return pd.DataFrame([{"box": "a.1", **FACTS, **changed}])


def judged(states: list[str], reason: str = "", **changed: float) -> pd.Series:
    """What is said of one box whose 40 copies, every fourth of them marked, were read as these states."""
    states = states + ["right"] * (COPIES - len(states))
    rows, marks = [], []
    for number, state in enumerate(states):
        meant = int(number % 4 == 0)
        right = "marked" if meant else "empty"
        rows.append((f"{number}.pdf", 1, "", 1, "a.1", "a", "1", meant, "cross" if meant else "none", "", ""))
        marks.append(
            (f"{number}.pdf", 1, "a.1", right if state == "right" else state, reason, 0.9)
        )  # fmt: skip
    table = pd.DataFrame(marks, columns=["scan", "page", "box", "state", "reason", "fit"])
    return judge_boxes(table, TRUTH_BOXES.frame(rows), facts(**changed)).iloc[0]


def test_a_box_that_is_read_well_is_good_and_one_doubt_in_forty_is_no_verdict() -> None:
    assert judged([])["verdict"] == "good"
    assert judged(["doubtful"])["verdict"] == "good"
    assert judged(["doubtful"])["causes"] == ""


def test_a_box_that_is_often_doubtful_is_named() -> None:
    found = judged(["doubtful"] * 8, "unsure mark: 0.40")
    assert (found["verdict"], found["causes"], found["doubtful"]) == ("doubtful", "marks", 8)


def test_two_silent_errors_make_a_box_misread() -> None:
    found = judged(["empty", "marked", "marked"])
    assert (found["verdict"], found["missed"], found["false"]) == ("misread", 1, 2)


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"frame": 0.2}, "faint"), ({"inside": 0.3}, "inside"), ({"apart_mm": 1.0}, "close"),
        ({"around": 0.3}, "around"), ({"side_mm": 2.2}, "small"), ({"edge_mm": 4.0}, "edge"),
        ({"fold_mm": 0.0}, "fold"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_print_of_a_bad_box_is_named(changed: dict[str, float], cause: str) -> None:
    assert judged(["doubtful"] * 10, "unsure mark: 0.5", **changed)["causes"] == cause
    assert judged([], **changed)["causes"] == "", "good reading needs no cause"


def test_a_box_on_no_page_that_was_read_is_not_judged_by_its_marks() -> None:
    truth = TRUTH_BOXES.frame([("0.pdf", 1, "", 1, "a.1", "a", "1", 1, "cross", "", "")])
    none = pd.DataFrame(columns=["scan", "page", "box", "state", "reason", "fit"]).astype({"page": "int64"})
    assert judge_boxes(none, truth, facts()).iloc[0]["verdict"] == "not read"


def test_pages_that_are_mistaken_lost_or_without_serial_are_counted() -> None:
    pages = pd.DataFrame(
        [
            (1, "T1", 1, "T1", ""), (1, "T2", 2, "T2", ""), (1, "T3", 0, "", "nothing is printed or written on it"),
            (2, "T1", 2, "T1", ""), (2, "T2", 2, "", ""), (2, "T3", 2, "T9", ""),
        ],
        columns=["questionnaire_page", "case", "read_page", "serial", "problem"],
    )  # fmt: skip
    found = judge_pages(pages, with_serials=True).set_index("page")
    assert found.loc[1, ["read", "mistaken", "lost"]].tolist() == [1, 1, 1]
    assert found.loc[1, "causes"] == "sibling unfound"
    assert found.loc[2, ["read", "serials_lost", "serials_wrong"]].tolist() == [3, 1, 1]
    assert judge_pages(pages, with_serials=False).set_index("page").loc[2, "causes"] == ""


def test_faint_frames_and_letters_inside_are_measured_on_the_blank(mini: Questionnaire) -> None:
    grey = blank_page(mini, 1, 150)
    px = 150 / 25.4
    places = mini.boxes.set_index("box")
    x, y = (round(float(places.loc["wish.a", name]) * px) for name in ["x_mm", "y_mm"])
    around = grey[y - 3 : y + 27, x - 3 : x + 27]
    around[:] = 255 - ((255 - around.astype(int)) // 6).astype(np.uint8)
    x, y = (round(float(places.loc["wish.b", name]) * px) for name in ["x_mm", "y_mm"])
    cv2.putText(grey, "B", (x + 5, y + 19), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 0, 2)
    found = facts_of(prepare_boxes(1, grey, mini.boxes, mini.handwritten()), A4_MM).set_index("box")
    assert found.loc["wish.a", "frame"] < 0.25 < 0.5 < found.loc["wish.c", "frame"]
    assert found.loc["wish.b", "inside"] > 0.15 > found.loc["wish.c", "inside"]
    assert found.loc["wish.c", "apart_mm"] == pytest.approx(3.0)
    assert found.loc["wish.c", ["side_mm", "edge_mm"]].tolist() == [4.0, 25.0]
    assert found.loc["wish.c", "fold_mm"] == pytest.approx(148.5 - 148, abs=0.6)


def test_every_option_of_a_single_response_item_gets_its_turn(mini: Questionnaire) -> None:
    profile = trial_profile(OFFICE, revocation=False)
    entries = plan_trial(mini, 4, 1, profile)
    pages = list(fill_trial(mini, entries, 1, profile))
    meant = [
        trace.option for page in pages for trace in page.traces if trace.item == "work" and trace.intended
    ]
    assert sorted(meant) == ["1", "2", "3", "4"]
    assert {trace.ink for page in pages for trace in page.traces}.isdisjoint({"ring", "revoked"})


def test_copies_with_codes_of_ours_carry_trial_serials(tmp_path: Path) -> None:
    coded = write_questionnaire(tmp_path / "schemas", "coded", code="MI", issued=3)
    issued = issue_trial(coded, 5, 1).issued
    assert len(issued) == 5 and all(serial.startswith("T") for serial in issued)


def test_a_trial_reads_every_copy_and_says_the_same_twice(mini: Questionnaire) -> None:
    one, again = (run_trial(mini, 3, 2, OFFICE) for _ in range(2))
    assert one.pages[["scanned", "read"]].to_numpy().tolist() == [[3, 3], [3, 3]]
    assert len(one.boxes) == len(mini.boxes) and (one.boxes["seen"] == 3).all()
    pd.testing.assert_frame_equal(one.boxes, again.boxes)


def test_advice_names_the_print_first_and_counts_its_boxes() -> None:
    rows = [judged(["doubtful"] * 10, "unsure mark", **changed) for changed in ({"frame": 0.2}, {}, {})]
    boxes = pd.DataFrame(rows).reset_index(drop=True)
    boxes["box"] = ["a.1", "a.2", "a.3"]
    verdict = Verdict(COPIES, boxes, pd.DataFrame({"page": [1], "causes": [""]}))
    first, second = advise(verdict, "en")
    assert (first.cause, first.boxes, second.cause, second.boxes) == (
        "faint",
        ["a.1"],
        "marks",
        ["a.2", "a.3"],
    )
    assert any("3 of 3 boxes" in sentence for sentence in summarise(verdict, "en"))
    assert advise(verdict, "de")[0].title == "Rahmen zu blass"


def test_the_print_test_writes_a_sheet_a_picture_and_a_table(tmp_path: Path) -> None:
    write_questionnaire(tmp_path / "schemas", "small")
    done = try_print(find_project(tmp_path), "small", tmp_path / "out", copies=1, seed=1)
    assert [path.name for path in done.files] == ["small.trial.pdf", "small.trial.png", "small.trial.csv"]
    assert all(path.stat().st_size > 1000 for path in done.files)
    assert {"pages", "boxes", "advice", "copies"} <= set(json.loads(done.as_json()))
    assert "1 Exemplar simuliert" in done.as_text()
