"""Claims about runs: they are recorded once, found again, told apart, and an old report is made again to the byte."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from correcting import SERIALS, copy_of, make_project, put, replace_in, sheet
from numpy.typing import NDArray
from paper import grey_pdf

from survey.cli import main
from survey.errors import UsageError
from survey.project import (
    Project,
    diff,
    due_after_reading,
    erase_typed,
    ingest,
    report,
    report_as_of,
    results,
    tell_why,
)
from survey.project.runs import numbers_of
from survey.reading import measure
from survey.reading.measure import Sight
from survey.reporting.report import Written

A = SERIALS[0]
WORK = "options: [{code: 1}, {code: 2}, {code: 3}, {code: 4}]\n      - id: wish"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = make_project(tmp_path_factory.mktemp("made"))
    ingest(project, project.scans, jobs=1)
    return project.root


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Project:
    return copy_of(made, tmp_path / "own")


def runs(project: Project) -> list[tuple[str, str]]:
    return [(str(row["run"]), str(row["command"])) for row in project.runs.all("mini")]


def all_but_parsed_schemas(project: Project) -> list[Path]:
    return sorted(path for path in project.root.rglob("*") if ".survey/schemas" not in path.as_posix())


def files_of(project: Project, written: Written) -> dict[str, bytes]:
    """Files of a report by their path in reports/."""
    paths = [path for files in written.files.values() for path in files]
    return {path.relative_to(project.root / "reports").as_posix(): path.read_bytes() for path in paths}


def relabel(project: Project) -> None:
    replace_in(project.schema_path("mini"), WORK, WORK.replace("{code: 2}", "{code: 2, label: Nein}"))


def test_a_run_is_kept_with_its_texts_and_numbers_and_the_same_one_once(project: Project) -> None:
    before = runs(project)
    ingest(project, project.scans, jobs=1)
    assert runs(project) == before
    relabel(project)
    ingest(project, project.scans, jobs=1)
    assert len(runs(project)) == len(before) + 1
    last = project.runs.all("mini")[-1]
    assert project.runs.text(str(last["schema"])) == project.schema_path("mini").read_text(encoding="utf-8")
    assert json.loads(str(last["ledger"])) == {"read": 8, "returned": 4}
    numbers = numbers_of(project, last)
    found = results(project, "mini").numbers
    assert numbers["key"].tolist() == found["key"].tolist()
    assert numbers["value"].equals(found["value"])
    assert not project.decisions.verify().breaks


def test_an_old_report_is_made_again_to_the_byte(project: Project) -> None:
    first = files_of(project, report(project, "mini"))
    run = runs(project)[-1][0]
    relabel(project)
    replace_in(project.schemas / "mini.boxes.csv", "work.1,1,25.0,67.0", "work.1,1,25.2,67.0")
    put(
        project.scans / "late.pdf",
        grey_pdf(sheet(project.questionnaire("mini"), SERIALS[4], ["work.2"]), 150),
    )
    ingest(project, project.scans, jobs=1)
    shutil.rmtree(project.root / ".survey" / "stages")
    later = files_of(project, report(project, "mini"))
    again = files_of(project, report_as_of(project, "mini", run[:6]))
    assert later["mini/report.html"] != first["mini/report.html"]
    assert {name.replace(f".{run}", ""): data for name, data in again.items()} == first


def test_an_old_report_whose_paper_is_gone_is_refused(project: Project) -> None:
    report(project, "mini")
    run = runs(project)[-1][0]
    (project.scans / "2012-07-17" / "b.pdf").unlink()
    ingest(project, project.scans, jobs=1)
    with pytest.raises(UsageError, match=r"b\.pdf page 1 is not what it was then, or gone"):
        report_as_of(project, "mini", run)


@pytest.mark.parametrize("name", ["mini.blank.pdf", "mini.v9.boxes.csv"])
def test_an_old_report_is_refused_where_the_blank_or_an_older_printing_is_another_one(
    project: Project, name: str
) -> None:
    for ending in (".boxes.csv", ".blank.pdf"):
        shutil.copy(project.schemas / f"mini{ending}", project.schemas / f"mini.v9{ending}")
    report(project, "mini")
    run = runs(project)[-1][0]
    with (project.schemas / name).open("ab") as file:
        file.write(b"\n")
    with pytest.raises(UsageError, match="an older printing or a wave before is not what it was at run"):
        report_as_of(project, "mini", run)


def test_a_report_of_which_nothing_has_changed_stays(project: Project) -> None:
    written = report(project, "mini")
    paths = [path for files in written.files.values() for path in files]
    times = {path: path.stat().st_mtime_ns for path in paths}
    assert report(project, "mini").files == written.files
    assert {path: path.stat().st_mtime_ns for path in paths} == times
    paths[0].write_bytes(b"spoilt")
    report(project, "mini")
    assert paths[0].read_bytes().startswith(b"%PDF")


def test_a_run_is_compared_also_where_the_cache_has_lost_its_tables(project: Project) -> None:
    relabel(project)
    replace_in(project.schemas / "mini.boxes.csv", "4.0,4.0,work,4", "4.0,4.0,work,9")
    replace_in(project.schema_path("mini"), "{code: 4}]\n      - id: wish", "{code: 9}]\n      - id: wish")
    ingest(project, project.scans, jobs=1)
    whole = diff(project, "mini").as_dict()
    shutil.rmtree(project.root / ".survey" / "stages")
    assert diff(project, "mini").as_dict() == whole
    assert whole["kinds"] == {"recoded": 1}


def test_a_run_whose_tables_are_forgotten_while_it_is_compared_is_made_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey.store.stages.KEPT_OF_EACH", 1)
    replace_in(project.schemas / "mini.boxes.csv", "4.0,4.0,work,4", "4.0,4.0,work,9")
    replace_in(project.schema_path("mini"), "{code: 4}]\n      - id: wish", "{code: 9}]\n      - id: wish")
    replace_in(project.schema_path("mini"), "reading:\n", "reading:\n  thresholds: {empty_below: 0.14}\n")
    assert diff(project, "mini").kinds == {"recoded": 1}


def test_a_schema_file_and_a_git_revision_are_compared_with_what_is_there(
    project: Project, tmp_path: Path
) -> None:
    other = tmp_path / "other.yaml"
    shutil.copy(project.schema_path("mini"), other)
    for line in (
        ["init", "-q"],
        ["add", "schemas"],
        ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "a"],
    ):
        subprocess.run(["git", "-C", str(project.root), *line], check=True)
    relabel(project)
    told = ["label of work=2: “Nein”, it was “”"]
    assert [str(change) for change in diff(project, "mini", str(other)).changes] == told
    assert [str(change) for change in diff(project, "mini", "HEAD").changes] == told
    with pytest.raises(UsageError, match="neither a run of mini nor a git revision"):
        diff(project, "mini", "nowhere")


def test_what_is_due_is_told_before_it_is_done_and_nothing_is_written(project: Project) -> None:
    replace_in(project.schema_path("mini"), "type: single", "type: multiple")
    before = all_but_parsed_schemas(project)
    line = ["--project", str(project.root), "ingest", str(project.scans), "--dry-run"]
    told = CliRunner().invoke(main, line)
    assert told.stdout == "re-decide 8 pages: item work now allows several marks\n"
    assert all_but_parsed_schemas(project) == before
    done = CliRunner().invoke(main, line[:-1])
    assert "re-decide 8 pages: item work now allows several marks" in done.stderr
    assert due_after_reading(project, "mini") == []


def test_an_erasure_empties_the_cache_of_tables_that_hold_what_was_typed(project: Project) -> None:
    stages = project.root / ".survey" / "stages"
    results(project, "mini").responses  # noqa: B018
    assert list(stages.glob("outcomes.*"))
    (stages / "outcomes.0.parquet").write_bytes(b"of an earlier version of the program")
    assert erase_typed(project, [], [A], "anna", "asked for") > 0
    assert not list(stages.iterdir())
    found = results(project, "mini").outcomes
    assert found.loc[(found["case"] == A) & (found["item"] == "hours"), "codes"].tolist() == [""]


def test_a_page_an_item_an_answer_and_a_number_tell_why(project: Project) -> None:
    assert tell_why(project, "2012-07-17/a.pdf:1")[1] == f"  it is page 1 of mini, case {A}"
    assert (
        tell_why(project, "work")[0].startswith("work: 3 answered, 1 multiple")
        or "answered" in tell_why(project, "work")[0]
    )
    answer = tell_why(project, f"{A}/work")
    assert answer[0] == f"{A}/work: answered, 1"
    assert any("work.1" in line and "marked by machine" in line for line in answer)
    number = tell_why(project, "work=1")
    assert "n 4" in number[0]
    assert any(line.startswith("  run ") for line in number)
    with pytest.raises(UsageError, match="there is no page, item, answer or number"):
        tell_why(project, "nothing")


def test_the_command_prints_text_and_json(project: Project) -> None:
    relabel(project)
    line = ["--project", str(project.root), "diff"]
    text = CliRunner().invoke(main, line).stdout
    assert "label of work=2" in text
    assert "tidy table: the same" in text
    assert (
        json.loads(CliRunner().invoke(main, [*line, "--json"]).stdout)[0]["schema"][0]["touches"] == "words"
    )
    assert runs(project)[-1][0] in CliRunner().invoke(main, [*line, "--runs"]).stdout


def all_in_doubt(sight: Sight, _: object) -> dict[str, NDArray[np.float64]]:
    doubts = np.full(len(sight.crops), 0.5)
    return {"p_marked": doubts, "p_black": np.zeros_like(doubts)}


def test_a_raised_step_is_another_run_and_what_it_changed_is_shown(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(project, "mini")
    (old, _), before = runs(project)[-1], len(runs(project))
    monkeypatch.setattr(measure, "VERSION", measure.VERSION + 1)
    monkeypatch.setattr("survey.reading.measure._probabilities", all_in_doubt)
    ingest(project, project.scans, jobs=1)
    assert len(runs(project)) == before + 1
    found = diff(project, "mini")
    assert found.before.startswith(f"run {old}")
    assert set(found.kinds) == {"newly missing", "re-measured"}
    line = ["--project", str(project.root), "report", "--as-of", old]
    assert "this program reads or decides otherwise" in CliRunner().invoke(main, line).stderr
    shutil.rmtree(project.root / ".survey" / "stages")
    assert "made again by another program than then" in diff(project, "mini").before
