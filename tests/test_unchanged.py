"""Claims about remembering what an ingest said: it is said again only while nothing it depended on has changed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from bench.postgres import ABSENT, find_program, running
from survey.files import root_of
from survey.store import ADJUDICATIONS, Decisions
from survey.unchanged import Account, recall, remember, state_of

SAID = [Account("mini", 9, 3, 0, 0, 0, 6, 0, 3, {"read": 6}, 40, 1, 0, 2, 0, 0, (), ("clean the glass",))]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project after an ingest, as far as files go."""
    for name in [
        "schemas/mini.yaml",
        "scans/a.pdf",
        ".survey/files.parquet",
        ".survey/shards/1.pages.parquet",
    ]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    decide(tmp_path)
    remember(tmp_path, state(tmp_path), SAID)
    return tmp_path


def state(root: Path, questionnaire: str | None = None) -> str:
    return state_of(root, root / "scans", questionnaire)


def decide(root: Path, url: str = "") -> None:
    row = dict.fromkeys(ADJUDICATIONS.columns, "") | {"page_digest": "d", "box": "work.1"}
    store = Decisions(root, url)
    store.add(pd.DataFrame([row]))
    store.database.close()


def test_while_nothing_has_changed_the_same_is_said(root: Path) -> None:
    assert recall(root, state(root)) == SAID


CHANGES: dict[str, Callable[[Path], object]] = {
    "a new scan": lambda root: (root / "scans" / "b.pdf").write_text("b"),
    "a scan that is gone": lambda root: (root / "scans" / "a.pdf").unlink(),
    "a scan of another time": lambda root: os.utime(root / "scans" / "a.pdf", ns=(1, 1)),
    "a schema of the same size": lambda root: (root / "schemas" / "mini.yaml").write_text(
        "schemas/mini.yamk"
    ),
    "a new schema": lambda root: (root / "schemas" / "other.yaml").write_text(""),
    "a decision": decide,
    "a part of the cache that is gone": lambda root: (
        root / ".survey" / "shards" / "1.pages.parquet"
    ).unlink(),
    "a memory that is cut": lambda root: (root / ".survey" / "last_ingest.json").write_text('{"key"'),
    "a cache that is gone": lambda root: (root / ".survey" / "last_ingest.json").unlink(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_nothing_is_recalled(change: Callable[[Path], object], root: Path) -> None:
    change(root)
    assert recall(root, state(root)) is None


def test_on_a_server_too_the_same_is_said_until_somebody_decides(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not find_program("initdb"):
        pytest.skip(ABSENT)
    with running("fsync=off") as url:
        monkeypatch.setenv("SURVEY_DATABASE_URL", url)
        decide(root, url)
        remember(root, state(root), SAID)
        assert recall(root, state(root)) == SAID
        decide(root, url)
        assert recall(root, state(root)) is None


def test_another_questionnaire_or_folder_is_another_question(root: Path) -> None:
    assert recall(root, state(root, "mini")) is None
    assert recall(root, state_of(root, root / "scans" / "a.pdf", None)) is None


def test_what_changes_while_an_ingest_runs_is_not_missed(root: Path) -> None:
    before = state(root)
    (root / "scans" / "late.pdf").write_text("late")
    remember(root, before, SAID)
    assert recall(root, state(root)) is None


def test_the_project_is_found_from_any_folder_inside(root: Path) -> None:
    assert root_of(root / "scans") == root
    assert root_of(Path(root.anchor)) is None


def test_looking_loads_no_library_of_tables_or_pictures() -> None:
    code = "import sys, survey.cli, survey.unchanged; print({'numpy', 'pandas', 'cv2'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "set()"


def test_comparing_runs_loads_neither_charts_nor_statistics() -> None:
    heavy = "{'matplotlib', 'scipy', 'typst'}"
    code = f"import sys\nfrom survey import project\nproject.diff\nprint({heavy} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "set()"
