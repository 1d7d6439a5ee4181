"""Scans -> the cache: the verb that reads what came back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from survey.doors.workers import cores
from survey.due import Now, now_of
from survey.errors import NothingReadError, UsageError
from survey.files import project_lock, write_whole
from survey.ingest import Batch, Plan, carry_out, make_plan, stored_path
from survey.project.folder import Project
from survey.project.keys import keys_of
from survey.project.returns import ledger, results
from survey.project.runs import keep_run
from survey.reading.scan import find_scans
from survey.reading.told import decided_of_pages, told_of_pages

NO_SCANS_IN = ("schemas", "texts", "reports", "notebooks")
"""Folders of a project whose blanks and reports would pass for returns, where somebody names the whole project."""


@dataclass(frozen=True)
class Ingested:
    """What an ingest did: its plan, pages read and reused, and the ledger of all scans."""

    plan: Plan
    pages_read: int
    pages_reused: int
    ledger: pd.DataFrame
    picked_up: int = 0
    """Pages that a run had read which was cut off before it ended."""


def plan_ingest(project: Project, folder: Path, questionnaire: str | None = None) -> Plan:
    """Tell what `ingest` would read, and why; nothing is written."""
    return _plan(project, folder, questionnaire)[0]


def ingest(
    project: Project,
    folder: Path,
    *,
    questionnaire: str | None = None,
    jobs: int | None = None,
    verify: bool = False,
    on_pages: Callable[[int, int], None] = lambda done, total: None,
) -> Ingested:
    """Read every scan below a folder that is new or out of date; returns what was done and the ledger.

    With `verify` files of the same size and time are held against the digests of their pages, too. `questionnaire`
    names the instrument where no code does. Raises NothingReadError if not one scan could be read.
    """
    with project_lock(project.root):
        plan, now, schemas = _plan(project, folder, questionnaire, verify=verify)
        if not plan.stale and not plan.fresh:
            raise NothingReadError(
                f"no scans in {folder}", hint="it should hold PDF, TIFF, JPEG or PNG files"
            )
        read, reused = 0, 0
        picked_up = _begin(project, plan)
        if plan.stale or plan.gone or plan.adopted:
            workers = jobs or cores()
            read, reused = carry_out(plan, project.cache, project.root, schemas, now, workers, on_pages)
        _mark_of_running(project).unlink(missing_ok=True)
    keys = keys_of(project)
    table = ledger(project, keys)
    if table["place"].isin(["unreadable", "foreign"]).all():
        first = table.iloc[0]
        raise NothingReadError(
            f"not one of {len(table):,} pages was read; {first['scan']}: {first['reason']}",
            hint=f"{first['hint']}; survey status --pages lists all",
        )
    for name in sorted(set(table.loc[table["place"] == "read", "questionnaire"])):
        keep_run(project, "ingest", results(project, name, table, keys), keys)
    return Ingested(plan, read, reused, table, picked_up)


def _mark_of_running(project: Project) -> Path:
    """A file that is there while an ingest reads: whoever finds it knows that a run was cut off."""
    return project.root / ".survey" / "running.json"


def _begin(project: Project, plan: Plan) -> int:
    """Note which readings there are before an ingest begins; returns how many pages a run that was cut off had read."""
    mark, files = _mark_of_running(project), project.cache.files()
    picked_up = 0
    if mark.exists():
        before = set(json.loads(mark.read_text(encoding="utf-8")))
        new = files.loc[~files["shard"].isin(before), "shard"]
        picked_up = len(project.cache.pages([one for one in new if project.cache.has_shard(one)]))
    elif plan.stale:
        write_whole(mark, json.dumps(sorted(files["shard"])).encode("utf-8"))
    return picked_up


def _plan(
    project: Project, folder: Path, questionnaire: str | None, *, verify: bool = False
) -> tuple[Plan, Now, tuple[Path, ...]]:
    names = [questionnaire] if questionnaire else project.ids()
    if not names:
        raise UsageError(
            "schemas/ has no questionnaire with boxes",
            hint="survey print ID, or survey learn BLANK.pdf --id ID",
        )
    questionnaires = project.printed(names)
    batches = _batches(project, folder)
    said = project.decisions.standing()
    now = now_of(questionnaires, told_of_pages(said), decided_of_pages(said))
    under = stored_path(folder.resolve(), project.root)
    plan = make_plan(project.cache, batches, now, under, is_verified=verify)
    return plan, now, tuple(dict.fromkeys(one.path for one in questionnaires))


def _batches(project: Project, folder: Path) -> list[Batch]:
    if not folder.exists():
        raise UsageError(f"{folder} is not there", hint="name the folder that your scanner writes to")
    paths = [path.resolve() for path in ([folder] if folder.is_file() else find_scans(folder))]
    ours = [project.root.resolve() / name for name in NO_SCANS_IN]
    batches = []
    for path in (one for one in paths if not any(map(one.is_relative_to, ours))):
        stat = path.stat()
        name = _scan_name(project, path)
        batches.append(
            Batch(name or path.relative_to(folder.resolve()).as_posix(), path, stat.st_size, stat.st_mtime_ns)
        )
    return batches


def _scan_name(project: Project, path: Path) -> str:
    """Name a batch by its path inside scans/; "" for what lies elsewhere."""
    scans = project.scans.resolve()
    return path.relative_to(scans).as_posix() if path.is_relative_to(scans) and path != scans else ""
