"""One page, item, cell or number -> why it stands as it does, in lines that a person reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from survey.due import KEEP, look_through, now_of
from survey.errors import UsageError
from survey.project.folder import Project
from survey.project.keys import keys_of
from survey.project.returns import ids_with_scans, ledger, results, told_of
from survey.project.runs import numbers_of
from survey.project.states import due_after_reading
from survey.reading.assemble import place_in_pile
from survey.reading.marks_so_far import MACHINE
from survey.reporting.evidence import Results
from survey.tables import OUTCOMES

PAGE = re.compile(r"(?P<scan>.+\.\w+):(?P<page>\d+)")
LEAST_LETTERS = 8  # of a page's digest
RUNS_AT_ONCE = 5  # runs whose number is told


def tell_why(project: Project, thing: str) -> list[str]:
    """Explain a page (batch.pdf:3, or its digest), an item, an answer (CASE/ITEM) or a number (variable=code@domain).

    Raises UsageError where there is no such thing.
    """
    page = PAGE.fullmatch(thing)
    keys = keys_of(project)
    table = ledger(project, keys)
    if page:
        rows = table[(table["scan"] == page["scan"]) & (table["page"] == int(page["page"]))]
    else:
        digests = table["page_digest"]
        rows = table[digests.str.startswith(thing)] if len(thing) >= LEAST_LETTERS else table.iloc[:0]
    if len(rows):
        return [line for row in rows.itertuples(index=False) for line in _of_page(project, row)]
    for name in ids_with_scans(project, table):
        found = results(project, name, table, keys)
        lines = list(_of_thing(project, found, thing))
        if lines:
            return lines
    raise UsageError(
        f"there is no page, item, answer or number {thing!r}",
        hint="name a page as batch.pdf:3, an answer as CASE/ITEM, a number as in estimates.csv",
    )


def _of_thing(project: Project, found: Results, thing: str) -> Iterator[str]:
    case, _, item = thing.rpartition("/")
    asked = {one.id for one in found.questionnaire.asked()}
    if "=" in thing:
        yield from _of_number(project, found, thing if "@" in thing else f"{thing}@all")
    elif case and item in asked:
        yield from _of_answer(found, case, item)
    elif thing in asked or thing in {one.id for one in found.questionnaire.items}:
        yield from _of_item(project, found, thing)


def _of_page(project: Project, row: Any) -> Iterator[str]:
    """Where a page stands in the ledger, what it is, what is due of it, and what people said of it."""
    where = place_in_pile(row.scan, row.page, row.sheet, row.half)
    place, reason, digest = row.place, row.reason, row.page_digest
    yield f"{where}: {place}" + (f", {reason}" if reason else "") + (f" ({row.hint})" if row.hint else "")
    if row.questionnaire:
        yield f"  it is page {row.questionnaire_page} of {row.questionnaire}, case {row.case or 'unknown'}"
        yield f"  its print agrees with the blank by {row.score:.2f}, and lies {row.fit_mm:.2f} mm off in the middle"
    files = project.cache.files()
    questionnaires = project.printed(project.ids())
    pages = look_through(project.cache, files, now_of(questionnaires, told_of(project)))
    own = pages[pages["page_digest"] == digest]
    if len(own) and own["due"].iloc[0] != KEEP:
        yield f"  due: {own['due'].iloc[0]}, because {own['why'].iloc[0]}"
    else:
        yield "  nothing is due of it"
    said = project.decisions.standing()
    yield from _said(said[said["page_digest"] == digest])


def _said(said: pd.DataFrame) -> Iterator[str]:
    for row in said.itertuples(index=False):
        about = row.box or row.item or "the page"
        yield f"  {row.decided_by} said of {about} on {row.made_at[:10]}: {row.state or 'typed'}"


def _of_item(project: Project, found: Results, item: str) -> Iterator[str]:
    """How an item stands: its outcomes, its doubts by reason, and what a changed schema makes due."""
    names = {one.id for one in found.questionnaire.asked() if one.item.id == item} | {item}
    rows = OUTCOMES.frame(found.outcomes[found.outcomes["item"].isin(names)])
    counts = rows["outcome"].value_counts()
    yield f"{item}: " + ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items())
    reasons = rows.loc[~rows["outcome"].isin(["answered", "blank"]), "reason"]
    general = reasons.str.replace(r"-?\d+\.\d+", "…", regex=True).value_counts()
    for reason, count in general.items():
        if reason:
            yield f"  {count:,}: {reason}"
    marks = found.marks[found.marks["item"].isin(names)]
    by_people = int((marks["decided_by"] != MACHINE).sum())
    yield f"  {len(marks):,} boxes, {by_people:,} of them decided by people"
    due = [
        line for line in due_after_reading(project, found.questionnaire.id) if re.search(rf"\b{item}\b", line)
    ]
    yield from (f"  since the last run: {line}" for line in due)


def _of_answer(found: Results, case: str, item: str) -> Iterator[str]:
    """Why an answer is what it is: the outcome, and each box with its numbers and who decided."""
    rows = found.outcomes[(found.outcomes["case"] == case) & (found.outcomes["item"] == item)]
    for row in rows.itertuples(index=False):
        yield (
            f"{case}/{item}: {row.outcome}"
            + (f", {row.codes}" if row.codes else "")
            + (f" ({row.reason})" if row.reason else "")
        )
    coded = found.responses[(found.responses["case"] == case) & (found.responses["item"] == item)]
    for row in coded.itertuples(index=False):
        yield f"  {row.variable} is {row.code or 'missing: ' + row.missing}" + (
            f" ({row.label})" if row.label else ""
        )
    marks = found.marks[(found.marks["case"] == case) & (found.marks["item"] == item)]
    for row in marks.itertuples(index=False):
        number = f"p {row.p_marked:.2f}, " if row.p_marked == row.p_marked else ""
        why_so = f": {row.reason}" if row.reason else ""
        where = f"{row.box}, {place_in_pile(row.scan, row.page, 0, row.half)}"
        yield f"  box {where}: {row.state} by {row.decided_by}, {number}ink {row.ink:.3f}{why_so}"


def _of_number(project: Project, found: Results, key: str) -> Iterator[str]:
    """What a number is, on what base, whether it may be shown, and what it was in the last runs."""
    rows = found.estimates[found.estimates["key"] == key]
    for row in rows.itertuples(index=False):
        interval = f"{row.low:.4g} to {row.high:.4g}, {row.method or 'no interval'}"
        yield f"{key}: {row.value:.4g} ({interval}), n {row.base:,}, {row.count:,} cases"
        yield "  it may be shown" if row.shown else f"  it is not shown: {row.reason}"
    if rows.empty:
        return
    told: set[object] = set()
    for run in reversed(project.runs.all(found.questionnaire.id)):
        if run["run"] in told or len(told) == RUNS_AT_ONCE:
            continue
        told.add(run["run"])
        before = numbers_of(project, run)
        there = before[before["key"] == key]
        value = f"{there['value'].iloc[0]:.4g}, n {there['base'].iloc[0]:,}" if len(there) else "not there"
        yield f"  run {run['run']} of {str(run['made_at'])[:10]}: {value}"
