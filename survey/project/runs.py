"""What was done with a project -> its record, from which any run can be found and made again."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from survey.analysis.since import Publication
from survey.doors.arrow import csv_text
from survey.errors import SchemaError, UsageError
from survey.files import digest
from survey.project.folder import Project, load_with_memory
from survey.project.keys import RECORDED, SAID, Keys
from survey.questionnaire.model import Questionnaire
from survey.reporting.evidence import Results
from survey.store.layout import Row
from survey.store.runs import name_of, to_bytes, to_text
from survey.tables import ESTIMATES, PUBLISHABLE

PARTS = {"schema": ".yaml", "boxes": ".boxes.csv", "issued": ".cases.csv"}
"""Columns of RUNS that hold a file of schemas/, with the end of its name."""
NAME_LETTERS = 10  # of a run's name
PUBLISHING = "publish"
"""Command of a run that made a report which was published."""


def run_name(project: Project, name: str, keys: Keys, ledger: pd.DataFrame) -> str:
    """Name the run that the project as it is would be: the same inputs and program have the same name."""
    return _name_of(_inputs(project, name, ledger), digest_beside(project, name), keys, name)


def _name_of(texts: dict[str, str], beside: str, keys: Keys, name: str) -> str:
    said = repr([keys.heads[table] for table in (*SAID, *RECORDED)])
    parts = [name_of(texts[part]) for part in sorted(texts)]
    return "r" + digest(name, keys.program, *parts, beside, said)[:NAME_LETTERS]


def digest_beside(project: Project, name: str) -> str:
    """Digest of what a run is made from besides its own texts: blank, older printings, waves before; "" for nothing."""
    paths = [project.schemas / f"{name}.blank.pdf", *project.schemas.glob(f"{name}.v*")]
    paths += [path for wave in project.waves_before(name) for path in project.schemas.glob(f"{wave}.*")]
    there = sorted(path for path in paths if path.is_file())
    return digest(*(part for path in there for part in (path.name, path.read_bytes()))) if there else ""


def _inputs(project: Project, name: str, ledger: pd.DataFrame) -> dict[str, str]:
    """Return the texts a run is made from: files of schemas/, texts/, and the list of scanned pages."""
    paths = {part: project.schemas / f"{name}{ending}" for part, ending in PARTS.items()}
    texts = {part: _written(path) for part, path in paths.items()}
    own = project.root / "texts" / name
    written = {
        path.relative_to(own).as_posix(): _written(path) for path in sorted(own.rglob("*")) if path.is_file()
    }
    texts["texts"] = json.dumps(written, ensure_ascii=False) if written else ""
    pages = ledger.sort_values(["scan", "page", "half"])[["scan", "page", "page_digest"]]
    return {**texts, "pages": csv_text(pages)}


def _written(path: Path) -> str:
    return to_text(path.read_bytes()) if path.exists() else ""


def keep_run(project: Project, command: str, found: Results, keys: Keys) -> str:
    """Keep for ever what was made with the results of a questionnaire; returns its name. The last is kept once."""
    name = found.questionnaire.id
    texts = _inputs(project, name, found.ledger)
    beside = digest_beside(project, name)
    run = _name_of(texts, beside, keys, name)
    row: Row = {
        "run": run, "command": command, "questionnaire": name, "program": keys.program, "blank": beside,
        "decided": json.dumps({table: link for table, (link, _) in keys.heads.items()}),
        "ledger": json.dumps(_account(found)), "made_from": json.dumps(keys.made_from(name)),
    }  # fmt: skip
    project.runs.add(row, {**texts, "estimates": _numbers(found, command)})
    return run


def _account(found: Results) -> dict[str, int]:
    places = found.ledger.loc[found.ledger["questionnaire"] == found.questionnaire.id, "place"].value_counts()
    return {
        **{str(place): int(count) for place, count in places.sort_index().items()},
        "returned": len(found.cases),
    }


def _numbers(found: Results, command: str) -> str:
    """ESTIMATES as CSV, of a report with what it may show; "" where the schema does not let them be made.

    The tidy table is made with them, where it was not needed for that: the next run will be compared with it.
    """
    assert found.coded.answers
    try:
        table = found.estimates if command in {"report", PUBLISHING} else found.numbers
    except SchemaError:  # whoever asks for the report is told
        return ""
    return table.to_csv(index=False, lineterminator="\n")


def find_run(project: Project, name: str, which: str) -> Row:
    """Return the run of a questionnaire whose name begins so: the last one, if several do. UsageError without any."""
    runs = project.runs.all(name)
    found = [row for row in runs if str(row["run"]).startswith(which)]
    if not found:
        there = ", ".join(dict.fromkeys(str(row["run"]) for row in runs[-5:])) or "none"
        raise UsageError(f"there is no run {which!r} of {name}", hint=f"the last ones are: {there}")
    return found[-1]


def numbers_of(project: Project, run: Row) -> pd.DataFrame:
    """Return the ESTIMATES, or PUBLISHABLE, that a run made."""
    text = project.runs.text(str(run["estimates"]))
    if not text:
        return ESTIMATES.frame()
    strings = {name: "str" for name, (kind, _) in PUBLISHABLE.columns.items() if kind == "str"}
    table = pd.read_csv(io.StringIO(text), dtype=strings, keep_default_na=False, na_values={
        name: [""] for name, (kind, _) in PUBLISHABLE.columns.items() if kind == "float64"
    })  # fmt: skip
    return (PUBLISHABLE if "reason" in table.columns else ESTIMATES).frame(table)


def questionnaire_of(project: Project, run: Row) -> Questionnaire:
    """Load the questionnaire as it was when a run was made, without its blank."""
    name = str(run["questionnaire"])
    with tempfile.TemporaryDirectory(prefix="survey-") as folder:
        for part, ending in PARTS.items():
            text = project.runs.text(str(run[part]))
            if text:
                Path(folder, f"{name}{ending}").write_bytes(to_bytes(text))
        return load_with_memory(Path(folder, f"{name}.yaml"), project.root / ".survey" / "schemas")


def publications(project: Project, name: str) -> Iterator[Publication]:
    """Yield the published reports of a questionnaire, the last one first.

    One whose schema this version of the program cannot read any more is left out: nothing can be said of it.
    """
    for run in reversed(project.runs.all(name)):
        if run["command"] == PUBLISHING:
            try:
                then = questionnaire_of(project, run)
            except SchemaError:
                continue
            yield Publication(str(run["run"]), str(run["made_at"]), then, numbers_of(project, run))
