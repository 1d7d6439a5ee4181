"""Claims about paper without serials that was scanned twice: it counts once, and two people's never for one."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from paper import Grey, affine, blank_page, grey_pdf, handle, print_code, write_questionnaire

from survey.project import Project, ingest, ledger
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.printed_code import PrintedCode, make_serial
from survey.reading.rescans import find_twins

SAME, BOXES = 0.92, 12
DPI = 150
Strokes = Mapping[int, NDArray[np.float32]]


def hand(person: int, boxes: range, shift: float = 0.0) -> Strokes:
    """What a person drew in some boxes, in a scan that lies shifted by so many px."""
    drawn = {}
    for box in boxes:
        points = np.random.default_rng([person, box]).uniform(6, 24, (5, 2)) + shift
        crop = np.zeros((30, 30), np.float32)
        cv2.polylines(crop, [np.round(points * 16).astype(np.int32)], False, 255, 2, cv2.LINE_AA, 4)
        drawn[box] = cv2.GaussianBlur(crop, (0, 0), 0.9)
    return drawn


def twins(*cases: Strokes, clean: range = range(BOXES), named: Sequence[int] = ()) -> dict[int, int]:
    marks = np.array([[box in case for box in range(BOXES)] for case in cases])
    empty = ~marks & np.isin(np.arange(BOXES), clean)
    has_serial = np.isin(np.arange(len(cases)), named)
    return find_twins(marks, empty, has_serial, lambda number: cases[number], SAME)


def test_a_paper_scanned_twice_is_found_and_other_people_who_answer_alike_are_not() -> None:
    alike = [hand(person, range(7)) for person in range(5)]
    assert twins(*alike) == {}
    assert twins(*alike, hand(2, range(7), 0.7), hand(2, range(7), -0.5)) == {5: 2, 6: 2}


def test_a_second_scan_that_is_less_sure_shows_the_same_paper_and_one_with_other_answers_does_not() -> None:
    assert twins(hand(1, range(8)), hand(1, range(6), 0.5), clean=range(8, BOXES)) == {1: 0}
    assert twins(hand(1, range(6)), {**hand(1, range(6)), **hand(2, range(6, 12))}) == {}


def test_a_paper_whose_serial_was_lost_in_one_scan_is_that_of_the_other() -> None:
    alike = [hand(person, range(7)) for person in range(3)]
    assert twins(*alike, hand(1, range(7), 0.7), named=(0, 1, 2)) == {3: 1}
    assert twins(*alike, hand(1, range(7), 0.7), named=(0, 2, 3)) == {1: 3}
    assert twins(*alike, hand(1, range(7), 0.7), named=(0, 1, 2, 3)) == {}
    assert twins(*alike, hand(1, range(7), 0.7), hand(1, range(7), 0.4), named=(4,)) == {1: 4, 3: 4}


def test_few_strokes_tell_only_where_piles_or_scans_follow_each_other() -> None:
    short = [hand(person, range(2)) for person in range(4)]
    again = [hand(person, range(2), 0.6) for person in range(4)]
    assert twins(short[0], hand(8, range(2)), again[0]) == {}
    assert twins(hand(1, range(3)), hand(1, range(3), 0.6), hand(2, range(3))) == {1: 0}
    assert twins(*short, *again) == {4: 0, 5: 1, 6: 2, 7: 3}
    assert twins(*short, *again[::-1]) == {4: 3, 5: 2, 6: 1, 7: 0}


@pytest.fixture
def pile(mini: Questionnaire) -> list[Grey]:
    """What three people sent back of a questionnaire without serials."""
    answers = [("work.1", "mood_job.2"), ("work.3", "mood_job.4"), ("work.1", "mood_job.2")]
    filled = []
    for person, (work, mood) in enumerate(answers):
        for page, boxes in ((1, [work, "wish.a", "wish.c"]), (2, [mood, "mood_home.1", "mood_town.3"])):
            filled.append(mark_by_hand(mini, page, boxes, np.random.default_rng([person, page])))
    return filled


def mark_by_hand(mini: Questionnaire, page: int, boxes: list[str], rng: np.random.Generator) -> Grey:
    """A page with a few strokes in each of the boxes, as each hand draws others."""
    grey = blank_page(mini, page, DPI).copy()
    for box in mini.boxes.set_index("box").loc[boxes].itertuples():
        ends = (np.array([box.x_mm, box.y_mm]) + rng.uniform(0.4, 3.6, (5, 2))) * DPI / 25.4
        cv2.polylines(grey, [np.round(ends).astype(np.int32)], False, 40, 2, cv2.LINE_AA)
    return grey


def test_a_pile_without_serials_that_was_scanned_twice_counts_once(
    mini: Questionnaire, pile: list[Grey], tmp_path: Path
) -> None:
    shutil.copytree(mini.path.parent, tmp_path / "schemas")
    scan = partial(handle, matrix=affine(DPI, turn_deg=0.4, shift_mm=(0.6, -0.5)))
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "a.pdf").write_bytes(grey_pdf(pile, DPI))
    # the feeder stopped at the second sheet; then all were scanned again
    again = [scan(page, seed=at) for at, page in enumerate([*pile[:3], *pile])]
    (tmp_path / "scans" / "b.pdf").write_bytes(grey_pdf(again, DPI))
    project = Project(tmp_path)
    ingest(project, tmp_path / "scans")
    found = ledger(project)
    read = found[found["place"] == "read"]
    assert read["case"].nunique() == 3
    assert (found["place"] == "duplicate").sum() == 9
    assert found.loc[found["place"] == "duplicate", "reason"].str.contains("a.pdf page").all()


def test_a_sheet_scanned_again_because_its_serial_was_not_read_counts_once(tmp_path: Path) -> None:
    coded = write_questionnaire(tmp_path / "schemas", code="MINI", issued=3)
    serial = make_serial("S", 2)
    boxes = ["work.2", "wish.a", "wish.d"], ["mood_home.1", "mood_job.2", "mood_town.4"]
    lost = [
        mark_by_hand(coded, page, own, np.random.default_rng(page)) for page, own in enumerate(boxes, start=1)
    ]
    codes = [PrintedCode(serial, "MINI", 1, page).text for page in (1, 2)]
    shown = [print_code(page, code, DPI, x_mm=90, y_mm=10) for page, code in zip(lost, codes, strict=True)]
    (tmp_path / "scans").mkdir()
    for name, pages in (("first.pdf", lost), ("second.pdf", shown)):
        noisy = [handle(page, affine(DPI, turn_deg=0.3), seed=at) for at, page in enumerate(pages)]
        (tmp_path / "scans" / name).write_bytes(grey_pdf(noisy, DPI))
    project = Project(tmp_path)
    ingest(project, tmp_path / "scans")
    found = ledger(project)
    assert set(found["case"]) == {serial}
    assert sorted(found["place"]) == ["duplicate"] * 2 + ["read"] * 2
