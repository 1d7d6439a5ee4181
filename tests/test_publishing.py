"""Claims about what is published one after the other, through the command line: the past is kept in mind for ever."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from fake_outcomes import questionnaire_of

from survey.analysis.disclosure import Hiding, protect
from survey.analysis.disclosure.cells import Cells
from survey.cli import main
from survey.project import Project, init_project, leaving
from survey.reporting.evidence import Results
from survey.tables import CASES, LEDGER, MARKS, OUTCOMES, PUBLISHED

NAME = "mini"
TABLE = ["export", "table", "v", "--by", "office*sex", "--publish", "--questionnaire", NAME]
SAID = {"A": (60, 30), "B": (55, 26), "C": (35, 4)}
"""Office -> people of either sex who answered, and how many of them said yes: in C eight all in all."""
ITEMS = [
    {
        "id": name,
        "type": "single",
        "text": name,
        "options": [{"code": 1, "label": "a"}, {"code": 2, "label": "b"}],
    }
    for name in ("v", "sex")
]
SCHEMA = {"questionnaire": NAME, "sections": [{"id": "s", "title": "S", "items": ITEMS}]}


@pytest.fixture(scope="module")
def made_once() -> Results:
    frame = {office: 3 * people for office, (people, _) in SAID.items()}
    questionnaire = questionnaire_of({**SCHEMA, "population": {"stratum": "office", "frame": frame}})
    people = [
        (office, sex, "1" if number < yes else "2")
        for office, (count, yes) in SAID.items() for sex in "12" for number in range(count)
    ]  # fmt: skip
    cases = CASES.frame([(f"c{n}", f"c{n}", office, "", 1, "") for n, (office, _, _) in enumerate(people)])
    outcomes = [
        (f"c{n}", item, "answered", code, "")
        for n, (_, sex, said) in enumerate(people) for item, code in (("v", said), ("sex", sex))
    ]  # fmt: skip
    return Results(questionnaire, MARKS.frame(), OUTCOMES.frame(outcomes), cases, LEDGER.frame())


@pytest.fixture
def project(tmp_path: Path, made_once: Results, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose results are made up, and whose publications are kept as in any other."""
    project = init_project(tmp_path / "p")
    project.schema_path(NAME).write_text(json.dumps(SCHEMA), "utf-8")  # JSON is YAML
    made_once.questionnaire.boxes.to_csv(project.schemas / f"{NAME}.boxes.csv", index=False)

    def results(project: Project, *_: object) -> Results:
        published = project.decisions.rows(PUBLISHED)
        return dataclasses.replace(made_once, published=published)

    monkeypatch.setattr(leaving, "results", results)
    return project


def survey(project: Project, *words: str) -> Result:
    return CliRunner().invoke(main, ["--project", str(project.root), *words])


def only_small_ones(cells: Cells, _: int) -> Hiding:
    """What a program does that knows no complementary suppression."""
    small = cells.sensitive & (cells.counts > 0)
    return Hiding(cells.closed(small), np.full(len(cells.names), 10.0), False)


def kept(project: Project) -> int:
    return len(Project(project.root).decisions.rows(PUBLISHED))


def test_a_later_table_that_tells_a_hidden_count_of_the_report_is_refused(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert survey(project, "report", NAME, "--publish").exit_code == 0
    before = kept(project)
    assert before > 10
    monkeypatch.setattr(sys.modules[protect.__module__], "hide", only_small_ones)
    found = survey(project, *TABLE, str(tmp_path / "v.xlsx"))
    assert found.exit_code == 2, found.output
    first, second = found.stderr.splitlines()
    assert "the table of v would tell what was kept back" in first and "would lie between" in first
    assert "kept back in an earlier publication: report" in first and second.startswith("hint: divide it")
    assert not (tmp_path / "v.xlsx").exists() and kept(project) == before


def test_a_later_report_that_tells_a_hidden_count_of_a_table_is_refused(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert survey(project, *TABLE, str(tmp_path / "v.xlsx")).exit_code == 0
    before = kept(project)
    monkeypatch.setattr(sys.modules[protect.__module__], "hide", only_small_ones)
    found = survey(project, "report", NAME, "--publish")
    assert found.exit_code == 2, found.output
    assert f"the report of {NAME} would tell what was kept back" in found.stderr
    assert not (project.root / "reports" / NAME / "report.pdf").exists() and kept(project) == before


def test_a_report_and_a_table_that_agree_are_both_published_and_what_is_kept_back_stays_so(
    project: Project, tmp_path: Path
) -> None:
    assert survey(project, *TABLE, str(tmp_path / "v.xlsx")).exit_code == 0
    assert survey(project, "report", NAME, "--publish").exit_code == 0
    rows = Project(project.root).decisions.rows(PUBLISHED)
    shown = rows.groupby("key")["shown"].agg(["min", "max"])
    assert (shown["min"] == shown["max"]).all(), (
        "what the table kept back, the report keeps back, and the reverse"
    )
    assert (shown["max"] == 0).sum() >= 2
    assert set(rows["publication"]) == {"table v by office*sex", "report"}
