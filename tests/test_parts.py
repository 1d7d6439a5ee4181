"""Claims about large projects: results made in parts are those made as a whole; what nobody asks for is not made."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from correcting import MARKS, SERIALS, copy_of, decide, put, replace_in, sheet
from paper import grey_pdf, write_questionnaire

from survey.project import Project, diff, ingest, ledger, results
from survey.reading import assemble as assembling
from survey.reading import decide as deciding
from survey.reporting import evidence
from survey.store import cache as caching
from survey.store.stages import Stages
from survey.tables import MARKS as MARKS_TABLE
from survey.tables import OUTCOMES, Given

BATCHES = {"a.pdf": slice(0, 3), "b.pdf": slice(3, 6), "c.pdf": slice(6, 8)}
"""Pages of four cases, two pages each: the second case begins in one batch and ends in the next."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made")
    questionnaire = write_questionnaire(root / "schemas", code="MINI", issued=9)
    pages = [page for serial in SERIALS[:4] for page in sheet(questionnaire, serial, MARKS[serial])]
    for name, which in BATCHES.items():
        put(root / "scans" / name, grey_pdf(pages[which], 150))
    project = Project(root)
    ingest(project, project.scans, jobs=1)
    decide(project)
    ingest(project, project.scans, jobs=1)
    return root


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Project:
    return copy_of(made, tmp_path / "own")


def test_results_made_in_parts_are_those_made_as_a_whole(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = results(project, "mini")
    assert len(list(whole.walk_marks())) == 1  # type: ignore[misc]
    other = copy_of(project.root, tmp_path / "parts")
    shutil.rmtree(other.root / ".survey" / "stages")
    monkeypatch.setattr(caching, "PART_BYTES", 1)
    parts = results(other, "mini")
    cases = [set(part["case"]) for part in parts.walk_marks()]  # type: ignore[misc]
    assert cases == [{SERIALS[0]}, {SERIALS[2]}, {SERIALS[3]}, {SERIALS[1]}], (
        "whole cases, the scattered one last"
    )
    for name in ("marks", "outcomes", "responses", "numbers", "contradictions", "written"):
        one, two = getattr(whole, name), getattr(parts, name)
        if name == "outcomes":
            one, two = OUTCOMES.frame(one), OUTCOMES.frame(two)
        pd.testing.assert_frame_equal(one, two, check_exact=True)
    assert len(whole.marks) > 0
    assert list(whole.marks.columns) == list(MARKS_TABLE.columns)


def test_a_correction_is_told_alike_in_parts_and_as_a_whole(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = copy_of(project.root, tmp_path / "parts")
    for one in (project, other):
        replace_in(one.schemas / "mini.yaml", "type: single", "type: multiple")
    whole = diff(project, "mini")
    shutil.rmtree(other.root / ".survey" / "stages")
    monkeypatch.setattr(caching, "PART_BYTES", 1)
    parts = diff(other, "mini")
    assert len(whole.cells)
    pd.testing.assert_frame_equal(whole.cells, parts.cells, check_exact=True)
    pd.testing.assert_frame_equal(whole.numbers, parts.numbers, check_exact=True)
    assert whole.decisions == parts.decisions


def never(*_: object, **__: object) -> None:
    raise AssertionError("this was not to be done")


def test_a_corrected_label_reads_no_measurement_and_codes_no_answer(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_in(project.schemas / "mini.yaml", "{code: 2}", "{code: 2, label: Jawohl}")
    monkeypatch.setattr(caching.Cache, "walk_measurements", never)
    monkeypatch.setattr(evidence, "code_answers", never)
    monkeypatch.setattr(evidence.Results, "_estimate", never)
    found = diff(project, "mini")
    assert {one.touches for one in found.changes} == {"words"}
    assert found.cells.empty
    assert "Jawohl" in set(results(project, "mini").responses["label"])


def test_a_corrected_code_decides_no_mark(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    path = project.schemas / "mini.boxes.csv"
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    first, second = (next(line for line in lines if line.startswith(f"work.{n},")) for n in (1, 2))
    swapped = text.replace(first, first[:-1] + "2").replace(second, second[:-1] + "1")
    path.write_text(swapped, encoding="utf-8")
    monkeypatch.setattr(caching.Cache, "walk_measurements", never)
    monkeypatch.setattr(deciding, "decide_boxes", never)
    found = diff(project, "mini")
    assert set(found.cells["variable"]) == {"work"}
    assert set(found.cells["kind"]) == {"recoded"}


def table(*cases: str) -> pd.DataFrame:
    frame = pd.DataFrame({"case": pd.array(cases, dtype="str"), "number": range(len(cases))})
    return frame.assign(state=pd.Categorical(["empty"] * len(cases), ["marked", "empty"]))


def test_a_kept_table_comes_back_as_it_was_written_and_part_by_part(tmp_path: Path) -> None:
    stages = Stages(tmp_path)
    stages.keep("t", "k", iter([table("a", "b"), table("c"), table()]))
    stages.keep("t", "k", (never() for _ in range(1)))  # it is there
    parts = list(stages.walk("t", "k"))
    assert [len(part) for part in parts] == [2, 1, 0]
    assert [str(kind) for kind in parts[0].dtypes] == ["category", "int64", "category"]
    found = Stages(tmp_path).find("t", "k")
    assert found is not None
    assert found["case"].dtype == "str"
    assert found["case"].tolist() == ["a", "b", "c"]
    some = pd.concat(stages.walk("t", "k", ["case", "number"], {"case": {"b", "c"}}))
    assert some["number"].tolist() == [1, 0]


def test_a_table_whose_making_is_cut_off_is_not_there(tmp_path: Path) -> None:
    def parts() -> Iterator[pd.DataFrame]:
        yield table("a")
        raise KeyboardInterrupt

    stages = Stages(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        stages.keep("t", "k", parts())
    assert not stages.has("t", "k")
    assert list(stages.folder.iterdir()) == []


def test_what_is_given_as_a_recipe_is_made_once() -> None:
    class Holder:
        one = Given()

    made = []
    holder = Holder()
    holder.one = lambda: made.append(1) or table("a")  # type: ignore[func-returns-value]
    assert holder.one["case"].tolist() == holder.one["case"].tolist() == ["a"]
    assert made == [1]


def test_a_ledger_is_drawn_up_again_only_where_a_page_is_judged_otherwise(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = sheet(project.questionnaire("mini"), SERIALS[0], ["work.3"])[:1]
    put(project.scans / "again.pdf", grey_pdf(again, 150))
    ingest(project, project.scans, jobs=1)
    before = ledger(project)
    assert before["place"].tolist().count("waiting") == 1
    with monkeypatch.context() as patch:
        patch.setattr(assembling, "assemble", never)
        replace_in(
            project.schemas / "mini.yaml", "reading:\n", "reading:\n  thresholds: {empty_below: 0.09}\n"
        )
        pd.testing.assert_frame_equal(ledger(project), before)
    replace_in(project.schemas / "mini.yaml", "{empty_below: 0.09}", "{marked_above: 1}")
    now = ledger(project)  # no two marks contradict each other for sure any more: the strokes are asked
    other = copy_of(project.root, tmp_path / "other")
    shutil.rmtree(other.root / ".survey" / "stages")
    pd.testing.assert_frame_equal(now, ledger(other))
    assert not now.equals(before)
