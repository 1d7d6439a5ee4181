"""Claims about mixed printings: a page that was corrected after some were mailed leads to the same variables."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from correcting import DPI, SERIALS, from_nothing, put
from paper import blank_page, cross, draw_blank, grey_pdf, mini_boxes, print_code, write_questionnaire
from test_corrections import exported

from survey.errors import SchemaError
from survey.project import Project, ingest, ledger, plan_ingest, results
from survey.questionnaire.load import load_printings, load_questionnaire
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.printed_code import PrintedCode


def returned(questionnaire: Questionnaire, version: int, serial: str, box: str) -> bytes:
    """Page 1 of a case as it was printed in a version, with one cross."""
    grey = cross(blank_page(questionnaire, 1, DPI), questionnaire, [box], DPI)
    return grey_pdf(
        [print_code(grey, PrintedCode(serial, "MINI", version, 1).text, DPI, x_mm=90, y_mm=10)], DPI
    )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Version 1 was mailed and came back; version 2 has its first item 5 mm lower, and other words around it."""
    first = write_questionnaire(tmp_path / "schemas", code="MINI", issued=9)
    put(tmp_path / "scans" / "one.pdf", returned(first, 1, SERIALS[0], "work.1"))
    project = Project(tmp_path)
    ingest(project, project.scans, jobs=1)
    for ending in (".boxes.csv", ".blank.pdf"):
        shutil.copy(first.path.with_suffix(ending), first.path.with_suffix(f".v1{ending}"))
    boxes = mini_boxes()
    boxes.loc[boxes["item"] == "work", "y_mm"] += 5
    boxes.to_csv(first.path.with_suffix(".boxes.csv"), index=False)
    first.path.with_suffix(".blank.pdf").write_bytes(draw_blank(boxes, seed=2))
    text = first.path.read_text(encoding="utf-8").replace("code: MINI", "code: MINI\nversion: 2")
    first.path.write_text(text, encoding="utf-8")
    put(tmp_path / "scans" / "two.pdf", returned(load_questionnaire(first.path), 2, SERIALS[1], "work.2"))
    return project


def test_both_printings_lead_to_the_same_variables(project: Project, tmp_path: Path) -> None:
    ingest(project, project.scans, jobs=1)
    assert set(ledger(project)["place"]) == {"read"}
    assert set(ledger(project)["questionnaire"]) == {"mini"}
    found = results(project, "mini")
    codes = found.outcomes[found.outcomes["item"] == "work"].set_index("case")["codes"]
    assert codes.to_dict() == {SERIALS[0]: "1", SERIALS[1]: "2"}
    places = found.marks[found.marks["box"] == "work.1"].set_index("case")["y_mm"]
    assert places.to_dict() == {SERIALS[0]: 67.0, SERIALS[1]: 72.0}
    assert not plan_ingest(project, project.scans).steps()
    assert exported(project) == exported(from_nothing(project, tmp_path / "anew"))


def test_a_decision_about_the_older_printing_stays_with_its_paper(project: Project) -> None:
    ingest(project, project.scans, jobs=1)
    digest = results(project, "mini").marks.set_index("case").loc[SERIALS[0], "page_digest"].iloc[0]
    row = {
        "page_digest": digest,
        "box": "work.4",
        "item": "work",
        "place": "1 25 88 4 4",
        "decided_by": "anna",
        "state": "marked",
    }
    project.decisions.add(pd.DataFrame([row]))
    outcomes = results(project, "mini").outcomes
    mine = outcomes[(outcomes["item"] == "work") & (outcomes["case"] == SERIALS[0])]
    assert mine["codes"].tolist() == ["1 4"]


def test_a_printing_needs_a_blank_and_a_version_of_its_own(project: Project) -> None:
    questionnaire = project.questionnaire("mini")
    assert [one.id for one in load_printings(questionnaire)] == ["mini@1"]
    shutil.copy(project.schemas / "mini.v1.boxes.csv", project.schemas / "mini.v2.boxes.csv")
    with pytest.raises(SchemaError, match=r"mini\.v2\.blank\.pdf is missing"):
        load_printings(questionnaire)
