"""Claims about the notebook for analysts: every cell runs on the scans of a project, and leads back to paper."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from desk import make_desk_project

from survey.project import crops_of, marks_behind, results

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "auswertung.ipynb"


def cells() -> list[dict[str, Any]]:
    return list(json.loads(NOTEBOOK.read_text("utf-8"))["cells"])


def test_every_cell_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_desk_project(tmp_path, 24, p_marked={"work.2": 0.99})
    monkeypatch.chdir(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    mpl.use("Agg")
    names: dict[str, Any] = {"__name__": "notebook"}
    for place, cell in enumerate(cells()):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"cell {place}", "exec"), names)
    assert names["here"].root == tmp_path.resolve()
    assert len(names["behind"]) == names["marked"]["count"].max() == 24
    assert names["crops"].shape[1:] == (30, 30)
    names["plt"].close("all")
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    changed = [path for path in after if after[path] != before.get(path)]
    assert all(
        path.is_relative_to(tmp_path / ".survey") or path.name.startswith("survey.db") for path in changed
    )


def test_the_marks_behind_a_number_are_as_many_as_it_counts(tmp_path: Path) -> None:
    project = make_desk_project(tmp_path, 12, p_marked={"work.2": 0.99, "wish_a.1": 0.98})
    found = results(project, "desk")
    behind = marks_behind(project, "desk", "work=2@all", found)
    assert len(behind) == 12 and set(behind["box"]) == {"work.2"}
    assert crops_of(project, behind).shape == (12, 30, 30)


def test_the_notebook_holds_no_output_and_no_trace_of_a_run() -> None:
    assert "outputs" in cells()[1]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells())
    assert os.sep not in NOTEBOOK.name
