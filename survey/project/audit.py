"""Certain marks -> a sample on contact sheets to be checked blindly, and back -> the misreading rate of this survey."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from survey import INSIDE
from survey.analysis.audit import Rate, count_needed, draw_sample, judge_sample, layers_of
from survey.errors import UsageError
from survey.files import project_lock, read_csv, write_csv, write_whole
from survey.project.behind import crops_of
from survey.project.folder import Project
from survey.project.returns import results
from survey.reading.draw import draw_contact_sheets
from survey.reading.marks_so_far import MACHINE
from survey.tables import AUDIT_SAMPLE, AUDITS

STATES = {
    "e": "empty", "m": "marked", "r": "revoked", "u": "unclear", "?": "unclear",
    "empty": "empty", "marked": "marked", "revoked": "revoked", "unclear": "unclear",
}  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A drawn sample: its name, its size, the certain marks it stands for, and its files, the one to fill in first."""

    sample: str
    size: int
    marks: int
    files: tuple[Path, ...]


@dataclass(frozen=True)
class Audited:
    """What a blind check found."""

    sample: str
    rate: Rate
    unclear: int
    open: int
    """Marks of the sample that nobody has judged yet."""
    errors: pd.DataFrame
    """AUDIT_SAMPLE of the marks that people saw otherwise, with the column `seen`."""


def draw_audit(project: Project, name: str, size: int | None, within: float, seed: int) -> Drawn:
    """Draw a sample of certain marks and write its contact sheets into reports/<id>.internal/audit-<sample>/.

    Without a size it is large enough to show, if no mark in it is misread, that at most `within` (share) of all are.
    """
    with project_lock(project.root):
        marks = certain_marks(project, name)
        sizes = layers_of(marks).value_counts().sort_index().tolist()
        sample = draw_sample(marks, name, size or count_needed(sizes, within), seed)
        title = str(sample["sample"].iloc[0])
        if title not in set(project.decisions.rows(AUDIT_SAMPLE)["sample"]):
            project.decisions.append(AUDIT_SAMPLE, sample)
        files = _write_sheets(
            project, sample, project.root / "reports" / f"{name}{INSIDE}" / f"audit-{title}"
        )
    return Drawn(title, len(sample), len(marks), tuple(files))


def certain_marks(project: Project, name: str) -> pd.DataFrame:
    """MARKS of boxes to be marked that the machine decided alone; UsageError where there are none."""
    found = results(project, name)
    marks = found.marks[~found.marks["item"].isin(found.questionnaire.handwritten())]
    marks = marks[marks["state"].isin(["empty", "marked", "revoked"]) & (marks["decided_by"] == MACHINE)]
    if marks.empty:
        raise UsageError(f"{name} has no certain mark to be checked", hint="survey ingest scans/")
    return marks


def _write_sheets(project: Project, sample: pd.DataFrame, folder: Path) -> list[Path]:
    """Write the file to fill in, unless it is there already, and the sheets of crops."""
    form = folder / "audit.csv"
    if not form.exists():
        write_csv(form, sample[["number"]].assign(state="", sample=sample["sample"]))
    written = [form]
    for number, sheet in enumerate(draw_contact_sheets(crops_of(project, sample)), start=1):
        path = folder / f"sheet-{number:02d}.png"
        write_whole(path, sheet)
        written.append(path)
    return written


def judge_audit(project: Project, name: str, path: Path, person: str) -> Audited:
    """Read back a filled-in sample, keep what people saw for ever, and estimate how many certain marks are misread."""
    with project_lock(project.root):
        samples = project.decisions.rows(AUDIT_SAMPLE)
        samples = samples[samples["questionnaire"] == name]
        if samples.empty:
            raise UsageError(
                f"no sample of {name} has been drawn", hint=f"survey audit {name} --within 0.002"
            )
        table = read_csv(path)
        named = {text for text in table.get("sample", pd.Series(dtype="str")) if text}
        title = named.pop() if len(named) == 1 else str(samples["sample"].iloc[-1])
        sample = samples[samples["sample"] == title]
        if sample.empty or named:
            raise UsageError(
                f"{path} is not of one sample of {name}",
                hint=f"drawn: {', '.join(samples['sample'].unique())}",
            )
        rows = AUDITS.frame([("", person, title, *seen) for seen in _read_states(table, path, len(sample))])
        keys = ["sample", "number", "decided_by", "state"]
        standing = project.decisions.rows(AUDITS).drop_duplicates(["sample", "number"], keep="last")
        known = set(standing[keys].itertuples(index=False, name=None))
        new = rows[[row not in known for row in rows[keys].itertuples(index=False, name=None)]]
        if len(new):
            project.decisions.append(AUDITS, new)
        said = project.decisions.rows(AUDITS)
    seen = said[said["sample"] == title].drop_duplicates("number", keep="last").set_index("number")["state"]
    table = sample.assign(seen=sample["number"].map(seen).fillna(""))
    is_wrong = table["seen"].isin(["empty", "marked", "revoked"]) & (table["seen"] != table["state"])
    return Audited(
        title,
        judge_sample(sample, seen),
        int((table["seen"] == "unclear").sum()),
        int((table["seen"] == "").sum()),
        table[is_wrong],
    )


def _read_states(table: pd.DataFrame, path: Path, size: int) -> list[tuple[int, str]]:
    """Return number and state of every line with a state; UsageError with file and line for what is neither."""
    if not {"number", "state"} <= set(table.columns):
        raise UsageError(
            "the columns number and state are wanted", where=f"{path}:1", hint="survey audit writes them"
        )
    found: dict[int, str] = {}
    for line, (number, state) in enumerate(zip(table["number"], table["state"], strict=True), start=2):
        where, said = f"{path}:{line}", state.strip().casefold()
        if not number.isdecimal() or not 1 <= int(number) <= size:
            raise UsageError(f"{number!r} is no number of this sample", where=where, hint=f"1 to {size}")
        if said and said not in STATES:
            hint = "empty, marked, revoked or unclear; e, m, r and u will do"
            raise UsageError(f"{state!r} is no state", where=where, hint=hint)
        if int(number) in found:
            raise UsageError(f"number {number} stands twice", where=where, hint="delete one of the lines")
        if said:
            found[int(number)] = STATES[said]
    return list(found.items())
