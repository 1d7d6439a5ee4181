"""Two states of a questionnaire -> what changed in its schema, its tidy table, its decisions and its numbers."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from survey.analysis.coded import Coded, coded_of_table
from survey.analysis.moved import Kept, State, cells_changed, decisions_kept, numbers_moved
from survey.errors import UsageError
from survey.files import digest
from survey.project.folder import Project
from survey.project.keys import Keys, keys_of
from survey.project.marks import with_names
from survey.project.returns import ledger, results, with_bases
from survey.project.runs import (
    PARTS,
    find_run,
    numbers_of,
    questionnaire_of,
    run_name,
)
from survey.questionnaire.changes import Change, changes
from survey.reporting.evidence import Results
from survey.store.layout import Row
from survey.store.runs import to_text
from survey.store.stages import Only

if TYPE_CHECKING:
    from survey.questionnaire.lint import Finding

NOW = "now"
CELLS_AT_ONCE = 20  # cells and numbers printed of one kind; the JSON has them all


@dataclass(frozen=True)
class Side:
    """One of two states that are compared, and what it is called."""

    title: str
    state: State


@dataclass(frozen=True)
class Difference:
    """What changed from one state to another."""

    questionnaire: str
    before: str
    now: str
    changes: list[Change]
    cells: pd.DataFrame
    """CELLS_CHANGED."""
    numbers: pd.DataFrame
    """NUMBERS_MOVED."""
    decisions: Kept

    @cached_property
    def kinds(self) -> dict[str, int]:
        """Kind of change -> cells."""
        return {
            str(kind): int(count) for kind, count in self.cells["kind"].value_counts().sort_index().items()
        }

    def as_dict(self) -> dict[str, object]:
        """All of it as JSON can say it."""
        return {
            "questionnaire": self.questionnaire,
            "before": self.before,
            "now": self.now,
            "schema": [
                {"touches": one.touches, "about": one.about, "text": one.text} for one in self.changes
            ],
            "kinds": self.kinds,
            "cells": json.loads(self.cells.to_json(orient="records")),
            "decisions": vars(self.decisions),
            "numbers": json.loads(self.numbers.to_json(orient="records")),
        }


def diff(project: Project, name: str, before: str = "", now: str = NOW) -> Difference:
    """Compare two states of a questionnaire: runs by name, schema files, git revisions, or `now`.

    Without `before` it is the last run that differs from what is there now. Numbers are those before disclosure
    control: what is told here is for the office itself.
    """
    keys = keys_of(project)
    table = ledger(project, keys)
    here = partial(results, project, name, table, keys)
    first = before or _last(project, name, run_name(project, name, keys, table))
    sides = [_side(project, name, which, keys, lambda: _state(here(), keys)) for which in (first, now)]
    old, new = (side.state for side in sides)
    found = changes(old.questionnaire, new.questionnaire)
    assert new.coded.answers  # before both at once ask for it
    with ThreadPoolExecutor(1) as thread:
        numbers = thread.submit(numbers_moved, old, new)
        cells = cells_changed(old, new)
        kept = decisions_kept(new, project.decisions.standing())
    return Difference(name, sides[0].title, sides[1].title, found, cells, numbers.result(), kept)


def _last(project: Project, name: str, here: str) -> str:
    """Name the last run that is not `here`, what the project is now."""
    runs = [str(row["run"]) for row in project.runs.all(name)]
    others = [run for run in runs if run != here]
    if not others:
        raise UsageError(
            f"there is no earlier run of {name} to compare with", hint="survey ingest scans/ records one"
        )
    return others[-1]


def _side(project: Project, name: str, which: str, keys: Keys, here: Callable[[], State]) -> Side:
    if which == NOW:
        return Side(NOW, here())
    path = Path(which)
    if path.suffix == ".yaml":
        return _of_file(project, name, path)
    if any(str(row["run"]).startswith(which) for row in project.runs.all(name)):
        return _of_run(project, find_run(project, name, which), keys.program)
    return _of_revision(project, name, which)


def _state(found: Results, keys: Keys) -> State:
    walk_marks = found.walk_marks
    assert walk_marks is not None, "results of a project walk through their marks"
    made_from = keys.made_from(found.questionnaire.id)
    return State(found.questionnaire, made_from, lambda: found.numbers, lambda: found.coded, walk_marks)


def _of_run(project: Project, run: Row, program: str) -> Side:
    """The state a run left; each table from the cache where it is still there, else made again.

    What is made again by another program than then, `program`, may be otherwise: the title tells.
    """
    name, day = str(run["questionnaire"]), str(run["made_at"])[:10]
    title = f"run {run['run']} of {day} ({run['command']})"
    made_from, stages = json.loads(str(run["made_from"])), project.stages
    if run["program"] != program and not stages.has("answers", made_from.get("answers", "")):
        title += ", whose answers were made again by another program than then"
    questionnaire = questionnaire_of(project, run)

    @cache
    def made_again() -> State:
        from survey.project.past import project_as_of  # loads all that reads pages

        then = project_as_of(project, run)
        keys = keys_of(then)
        return _state(results(then, name, keys=keys), keys)

    def code() -> Coded:
        table = stages.find("answers", made_from.get("answers", ""))
        return made_again().coded if table is None else coded_of_table(table)

    def walk_marks(columns: Sequence[str], only: Only = None) -> Iterable[pd.DataFrame]:
        key = made_from.get("marks", "")
        if not stages.has("marks", key):
            return made_again().walk_marks(columns, only)
        return (with_names(part, questionnaire) for part in stages.walk("marks", key, columns, only))

    return Side(title, State(questionnaire, made_from, partial(numbers_of, project, run), code, walk_marks))


def _of_file(project: Project, name: str, path: Path) -> Side:
    """The state that a schema file would lead to, with the boxes and serials beside it, or else those of now."""
    if not path.exists():
        raise UsageError(f"{path} is not there", hint="name a schema file, a git revision or a run")
    texts = {}
    for part, ending in PARTS.items():
        beside = path if part == "schema" else path.with_suffix(ending)
        there = beside if beside.exists() else project.schemas / f"{name}{ending}"
        if there.exists():
            texts[part] = to_text(there.read_bytes())
    return Side(str(path), _what_if(project, name, texts))


def _of_revision(project: Project, name: str, revision: str) -> Side:
    """The state that the schema of a git revision would lead to."""
    texts = {}
    for part, ending in PARTS.items():
        found = _shown(project, revision, f"schemas/{name}{ending}")
        if found is not None:
            texts[part] = found
    if "schema" not in texts:
        raise UsageError(
            f"{revision!r} is neither a run of {name} nor a git revision that holds schemas/{name}.yaml",
            hint="survey diff --runs lists the runs",
        )
    return Side(f"git {revision}", _what_if(project, name, texts))


def _shown(project: Project, revision: str, path: str) -> str | None:
    """Return a file of a git revision; None where git, the revision or the file is not there."""
    if revision.startswith("-"):
        return None
    try:
        done = subprocess.run(
            ["git", "-C", str(project.root), "show", f"{revision}:./{path}"], capture_output=True, check=False
        )
    except OSError:
        return None
    return to_text(done.stdout) if done.returncode == 0 else None


def _what_if(project: Project, name: str, texts: dict[str, str]) -> State:
    from survey.project.past import bring_up, project_with  # loads all that reads pages

    folder = project.root / ".survey" / "past" / digest(*(f"{part} {text!a}" for part, text in texts.items()))
    other = project_with(project, name, texts, folder)
    bring_up(project, other)
    keys = keys_of(other)
    return _state(results(other, name, keys=keys), keys)


def due_after_reading(project: Project, name: str) -> list[str]:
    """Say what is done again once all pages are read, and why: what a changed schema makes out of date.

    Nothing is said before the first run, of which everything is made.
    """
    runs = project.runs.all(name)
    if not runs:
        return []
    last = runs[-1]
    found = changes(questionnaire_of(project, last), project.questionnaire(name))
    account = json.loads(str(last["ledger"]))
    pages, cases = f"{account.get('read', 0):,} pages", f"{account.get('returned', 0):,} cases"
    verbs = {"marking": f"re-decide {pages}", "coding": f"code {cases} again", "counting": "estimate again",
             "words": "print anew"}  # fmt: skip
    return [f"{verbs[one.touches]}: {one}" for one in found if one.touches in verbs]


def paper_gone(project: Project, known: pd.DataFrame) -> int:
    """Count decisions of people about pages that are in no scan any more: they are kept, and hold when it is back."""
    return int((~project.decisions.standing()["page_digest"].isin(known["page_digest"])).sum())


def lint_since_last_run(project: Project, name: str) -> list[Finding]:
    """Return what looks like a correction gone wrong since the last run; nothing before the first."""
    from survey.questionnaire.lint_since import lint_since  # loads what opens blanks

    runs = project.runs.all(name)
    if not runs:
        return []
    pages = with_bases(project.cache.pages(project.cache.shards()))
    returned = set(pages.loc[pages["questionnaire"] == name, "serial"]) - {""}
    said = project.decisions.standing()
    themes = said[(said["box"] == "") & (said["state"] == "themes")]
    pairs = zip(themes["item"], themes["value"], strict=True)
    themed = Counter(f"{item} {code}" for item, value in pairs for code in value.split())
    before = questionnaire_of(project, runs[-1])
    return lint_since(before, project.questionnaire(name), returned, themed)


def told(found: Difference) -> list[str]:
    """Say what changed, line by line, as a person reads it."""
    lines = [f"{found.questionnaire}: {found.before} -> {found.now}"]
    lines += (
        ["schema", *(f"  {change}" for change in found.changes)] if found.changes else ["schema: the same"]
    )
    lines += _told_cells(found)
    kept = found.decisions
    told_of = [(kept.kept, "hold"), (kept.again, "come up again because their box moved"),
               (kept.paper_gone, "paper gone"), (kept.box_gone, "no box there any more")]  # fmt: skip
    if any(count for count, _ in told_of):
        lines.append("decisions: " + ", ".join(f"{count:,} {what}" for count, what in told_of if count))
    return lines + _told_numbers(found)


def _told_cells(found: Difference) -> list[str]:
    if found.cells.empty:
        return ["tidy table: the same"]
    lines = ["tidy table: " + ", ".join(f"{count:,} {kind}" for kind, count in found.kinds.items())]
    groups = found.cells.groupby(["variable", "kind"], sort=False)
    for (variable, kind), cells in list(groups)[:CELLS_AT_ONCE]:
        first = cells.iloc[0]
        was, is_ = (first[side] or first[f"missing_{side}"] or "-" for side in ("before", "now"))
        lines.append(f"  {variable}: {len(cells):,} {kind}, for example {first['case']}: {was} -> {is_}")
    more = groups.ngroups - CELLS_AT_ONCE
    return lines + ([f"  and {more} more variables: survey diff --json has them all"] if more > 0 else [])


def _number(value: float) -> str:
    return "-" if pd.isna(value) else f"{value:.3g}"


def _told_numbers(found: Difference) -> list[str]:
    if found.numbers.empty:
        return ["numbers: the same"]
    table = found.numbers
    beyond = int(table["beyond_interval"].sum())
    lines = [f"numbers: {len(table):,} are printed otherwise, {beyond:,} lie outside the interval they had"]
    order = table.assign(rank=~table["beyond_interval"]).sort_values("rank", kind="stable")
    for row in order.head(CELLS_AT_ONCE).itertuples(index=False):
        mark = ", outside the interval it had" if row.beyond_interval else ""
        was, is_ = _number(row.before), _number(row.now)
        lines.append(f"  {row.key}: {was} -> {is_} (n {row.base_before} -> {row.base_now}){mark}")
    for told_of in ("appears", "falls away"):
        keys = table.loc[table["finding"] == told_of, "key"].tolist()
        if keys:
            lines.append(f"findings: {told_of}: " + ", ".join(keys[:CELLS_AT_ONCE]))
    return lines
