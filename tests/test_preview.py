"""Claims about report on the command line and its preview: exit codes, folders, and a page that follows each word."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fake_outcomes import SEGEBERG, fake_returns

from survey.cli import main
from survey.project import Project, init_project, leaving, preview, watch
from survey.questionnaire.digests import numbers_digest
from survey.reporting.evidence import Results
from survey.reporting.report import Edition

NAME = "segeberg-2012"
LABEL = "Wie viele Kinder unter 15 Jahren leben bei Ihnen?"
QUICK_S = 2.0


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The shipped questionnaire with made-up returns, which are made anew whenever results are asked for."""
    project = init_project(tmp_path / "p")
    for path in SEGEBERG.parent.glob(f"{NAME}.*"):
        shutil.copy(path, project.schemas / path.name)

    def made(project: Project, name: str, *_: object) -> Results:
        questionnaire = Project(project.root).questionnaire(name)
        found = fake_returns(questionnaire, 600)
        made.count += 1  # type: ignore[attr-defined]
        return Results(questionnaire, found["marks"], found["outcomes"], found["cases"], found["ledger"])

    made.count = 0  # type: ignore[attr-defined]
    monkeypatch.setattr(leaving, "results", made)
    monkeypatch.setattr(preview, "results", made)
    return project


def survey(project: Project, *words: str) -> Result:
    return CliRunner().invoke(main, ["--project", str(project.root), "report", NAME, *words])


@pytest.mark.usefixtures("first_and_last_files_only")
def test_a_final_report_exits_10_while_answers_wait(project: Project) -> None:
    found = survey(project, "--final", "--public")
    assert found.exit_code == 10, found.output
    assert "wait for a person" in found.stderr
    assert (project.root / "reports" / NAME / "report.pdf").exists()
    assert not (project.root / "reports" / f"{NAME}.internal").exists()


@pytest.mark.usefixtures("first_and_last_files_only")
def test_a_report_says_which_folder_is_which(project: Project) -> None:
    found = survey(project, "--interim", "--language", "en")
    assert found.exit_code == 0, found.output
    assert f"reports/{NAME}/en/, which may be passed on" in found.stderr
    assert f"reports/{NAME}.internal/en/, which stays in the office" in found.stderr
    assert found.stdout.strip().endswith(str(Path("reports") / NAME / "en" / "report.pdf"))


def test_a_corrected_label_is_on_the_page_within_two_seconds_and_counts_nothing_again(
    project: Project,
) -> None:
    path = project.schema_path(NAME)
    building = watch(project, NAME, Edition("de"))
    first = next(building)
    assert not first.changed and LABEL in first.page.read_text("utf-8")
    version = (first.page.parent / "preview.js").read_text("utf-8")
    asked = leaving.results.count  # type: ignore[attr-defined]
    path.write_text(path.read_text("utf-8").replace(LABEL, "Wie viele Kinder haben Sie?"), "utf-8")
    begun = time.process_time()
    second = next(building)
    assert time.process_time() - begun < QUICK_S
    assert second.changed == (f"{NAME}.yaml",) and not second.fault
    assert "Wie viele Kinder haben Sie?" in second.page.read_text("utf-8")
    assert LABEL not in second.page.read_text("utf-8")
    assert (first.page.parent / "preview.js").read_text("utf-8") != version
    assert leaving.results.count == asked  # type: ignore[attr-defined]


def test_a_fault_in_the_schema_is_told_and_the_last_page_stays(project: Project) -> None:
    path = project.schema_path(NAME)
    building = watch(project, NAME, Edition("de"))
    good = next(building).page.read_text("utf-8")
    kept = path.read_text("utf-8")
    path.write_text(kept.replace("type: single", "type: sinlge", 1), "utf-8")
    broken = next(building)
    assert f"{NAME}.yaml:" in broken.fault and broken.page.read_text("utf-8") == good
    path.write_text(kept, "utf-8")
    assert not next(building).fault


def test_a_changed_code_counts_anew(project: Project) -> None:
    first = Project(project.root).questionnaire(NAME)
    path = project.schema_path(NAME)
    path.write_text(path.read_text("utf-8").replace("minimum_cell:", "minimum_cell: 25 #", 1), "utf-8")
    if "minimum_cell" not in path.read_text("utf-8"):
        path.write_text(
            path.read_text("utf-8").replace("population:\n", "population:\n  minimum_cell: 25\n", 1), "utf-8"
        )
    second = Project(project.root).questionnaire(NAME)
    assert numbers_digest(first) != numbers_digest(second)
    renamed = replace(first, schema=first.schema.model_copy(update={"title": {"de": "Neu"}}))
    assert numbers_digest(renamed) == numbers_digest(first)


def test_a_page_open_in_a_browser_loads_itself_anew(project: Project) -> None:
    from browser import chromium

    path = project.schema_path(NAME)
    building = watch(project, NAME, Edition("de"))
    first = next(building)
    with chromium() as browser:
        page = browser.new_page()
        page.goto(first.page.as_uri())
        assert page.locator(f"text={LABEL}").count()
        path.write_text(path.read_text("utf-8").replace(LABEL, "Wie viele Kinder haben Sie?"), "utf-8")
        next(building)
        page.wait_for_selector("text=Wie viele Kinder haben Sie?", state="attached", timeout=20_000)
