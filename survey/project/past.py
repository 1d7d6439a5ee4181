"""A run, or a schema that might be -> a project inside the cache that has the readings and decisions of then."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pandas as pd

from survey.due import now_of
from survey.errors import UsageError
from survey.files import write_whole
from survey.ingest import Batch, carry_out, make_plan
from survey.project.folder import Project
from survey.project.runs import PARTS, digest_beside
from survey.reading.spreads import picture_of
from survey.reading.told import decided_of_pages, told_of_pages
from survey.store import FILES, Decisions
from survey.store.layout import Row
from survey.store.runs import to_bytes


def project_with(project: Project, name: str, texts: dict[str, str], folder: Path) -> Project:
    """Lay out a project in a folder that has the readings of another, and a schema of its own.

    `texts` are the files of its schemas/ by the columns of RUNS. Where its boxes lie elsewhere, `bring_up` measures.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for part, ending in PARTS.items():
        if texts.get(part):
            write_whole(folder / "schemas" / f"{name}{ending}", to_bytes(texts[part]))
    for path in sorted(project.schemas.glob("*")):
        is_own = path.name in {f"{name}{ending}" for ending in PARTS.values()}
        if path.is_file() and not is_own:  # blanks, older printings, and other questionnaires as they are
            shutil.copy2(path, folder / "schemas" / path.name)
    for path, text in json.loads(texts.get("texts") or "{}").items():
        write_whole(folder / "texts" / name / path, to_bytes(text))
    return Project(folder, project.decisions)


def project_as_of(project: Project, run: Row) -> Project:
    """Lay out a project as it was when a run was made, inside the cache: its schema, decisions, pages and texts.

    Raises UsageError where a scan, the blank, an older printing or a wave before is not what it was then.
    """
    name, store = str(run["questionnaire"]), project.runs
    texts = {part: store.text(str(run[part])) for part in (*PARTS, "texts")}
    folder = project.root / ".survey" / "past" / str(run["run"])
    past = project_with(project, name, texts, folder)
    if digest_beside(past, name) != run["blank"]:
        raise UsageError(
            f"the blank of {name}, an older printing or a wave before is not what it was at run {run['run']}",
            hint="put the old one back into schemas/",
        )
    then = Decisions(project.decisions.path.parent, project.decisions.url, json.loads(str(run["decided"])))
    past = Project(folder, then)
    pages = pd.read_csv(io.StringIO(store.text(str(run["pages"]))), dtype={"scan": "str", "page_digest": "str"},
                        keep_default_na=False)  # fmt: skip
    bring_up(project, past, pages)
    return past


def bring_up(project: Project, past: Project, pages: pd.DataFrame | None = None) -> None:
    """Give a project laid out elsewhere the readings of this one, measured with its own boxes where they differ.

    `pages` (scan, page, page_digest) are those it shall have; without it all. UsageError where one is not there. Its
    picture must be: then it may have been read as one page, and now be cut in two.
    """
    files = project.cache.files()
    there = project.cache.pages(files["shard"])
    if pages is not None:
        known = _pictures(there)
        gone = [picture for picture in _pictures(pages) if picture not in known]
        if gone:
            scan, page, _ = gone[0]
            raise UsageError(
                f"{scan} page {page} is not what it was then, or gone",
                hint="put the scan back and run survey ingest",
            )
        files = files[files["scan"].isin(pages["scan"])]
    root = project.root.resolve()
    files = FILES.frame(files.assign(path=[(root / path).as_posix() for path in files["path"]]))
    past.cache.borrow(project.cache, files)
    batches = [
        Batch(row.scan, Path(row.path), row.size, row.mtime_ns) for row in files.itertuples(index=False)
    ]
    questionnaires = past.printed(past.ids())
    said = past.decisions.standing()
    now = now_of(questionnaires, told_of_pages(said), decided_of_pages(said))
    plan = make_plan(past.cache, batches, now, "")
    schemas = tuple(dict.fromkeys(one.path for one in questionnaires))
    if plan.stale or plan.adopted:
        carry_out(plan, past.cache, past.root, schemas, now, 1, lambda done, total: None)


def _pictures(pages: pd.DataFrame) -> dict[tuple[str, int, str], None]:
    """Batch, number and digest of the pictures that show some pages, in their order."""
    digests = pages["page_digest"].map(picture_of)
    return dict.fromkeys(zip(pages["scan"], pages["page"], digests, strict=True))
