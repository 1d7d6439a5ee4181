"""A claim about any order: corrections, scans, decisions and runs that are cut off end in the tables of a clean run."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from correcting import SERIALS, copy_of, from_nothing, make_project, page_digests, put, sheet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paper import grey_pdf
from test_corrections import exported

from survey.project import Project, ingest, ledger

_COUNT = itertools.count()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("made")).root


def toggle(project: Project, ending: str, one: str, other: str) -> None:
    """Correct something, or take the correction back."""
    path = project.schemas / f"mini{ending}"
    text = path.read_text(encoding="utf-8")
    old, new = (one, other) if one in text else (other, one)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def late(project: Project) -> None:
    pages = sheet(project.questionnaire("mini"), SERIALS[4], ["wish.b", "mood_job.4"])
    put(project.scans / "late.pdf", grey_pdf(pages, 150))


def decided(project: Project, box: str, page: int, state: str) -> None:
    digest = page_digests(project).get((SERIALS[1], page))
    row = {"page_digest": digest, "box": box, "item": box.split(".")[0], "decided_by": "bert", "state": state}
    if digest:
        project.decisions.add(pd.DataFrame([row]))


def cut_off(project: Project, pages: int) -> None:
    """Run, and break off after some pages."""

    def stop(done: int, _: int) -> None:
        if done >= pages:
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        ingest(project, project.scans, jobs=1, on_pages=stop)


STEPS: dict[str, Callable[[Project], object]] = {
    "a label": lambda one: toggle(one, ".yaml", "title: Arbeit", "title: Beruf"),
    "a threshold": lambda one: toggle(one, ".yaml", "revocation: false", "thresholds: {empty_below: 0.2}"),
    "several marks": lambda one: toggle(one, ".yaml", "work\n        type: single", "work\n        type: multiple"),
    "a code": lambda one: (
        toggle(one, ".yaml", "{code: e}", "{code: f}"), toggle(one, ".boxes.csv", ",wish,e\n", ",wish,f\n")
    ),
    "a moved box": lambda one: toggle(one, ".boxes.csv", "work.1,1,25.0,67.0", "work.1,1,25.2,67.0"),
    "a serial": lambda one: toggle(one, ".cases.csv", f"{SERIALS[5]},South\n", ""),
    "a late return": late,
    "a scan that is gone": lambda one: (one.scans / "2012-07-17" / "b.pdf").unlink(missing_ok=True),
    "a decision": lambda one: decided(one, "wish.d", 1, "marked"),
    "another decision": lambda one: decided(one, "mood_town.1", 2, "marked"),
    "a run": lambda one: ingest(one, one.scans, jobs=1),
    "a run cut off at once": lambda one: cut_off(one, 0),
    "a run cut off": lambda one: cut_off(one, 3),
}  # fmt: skip


@pytest.mark.long
@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(names=st.lists(st.sampled_from(sorted(STEPS)), min_size=3, max_size=9))
def test_any_order_ends_in_the_tables_of_a_clean_run(made: Path, names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = copy_of(made, Path(folder) / f"own{next(_COUNT)}")
        for name in names:
            STEPS[name](project)
        ingest(project, project.scans, jobs=1)
        mine = {**exported(project), "ledger": ledger(project).to_csv().encode()}
        other = from_nothing(project, Path(folder) / "anew")
        assert mine == {**exported(other), "ledger": ledger(other).to_csv().encode()}
