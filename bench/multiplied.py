"""A project that was read -> one of many times as many cases: the same readings under other serials, without images."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pandas as pd

from survey import project as verbs
from survey.due import now_of
from survey.files import write_csv
from survey.project.keys import keys_of
from survey.project.runs import keep_run
from survey.questionnaire.printed_code import make_serial
from survey.store import FILES, Cache
from survey.tables import MEASUREMENTS, PAGES

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZS"
SERIALS_A_LETTER = 9999


def multiply(given: Path, root: Path, name: str, times: int) -> verbs.Project:
    """Make a project in a folder that has the readings of another so many times, and record its first run.

    The first time they are as they are, with people's decisions. Then only pages that were read are repeated, each case
    under a serial of its own.
    """
    for part in ("schemas", "texts", "scans"):
        shutil.copytree(given / part, root / part, symlinks=True)
    shutil.copy2(given / "survey.db", root / "survey.db")
    old, new = Cache(given), Cache(root)
    new.borrow(old, old.files())
    table = verbs.ledger(verbs.find_project(given))
    read = table[(table["place"] == "read") & (table["questionnaire"] == name)]
    issued = pd.read_csv(given / "schemas" / f"{name}.cases.csv", dtype=str)
    came, free = issued[issued["serial"].isin(read["case"])], _free_serials(set(issued["serial"]))
    batches = [_readings_of(old, shard, read) for shard in old.files()["shard"]]
    files, lists = [tuple(row) for row in old.files().itertuples(index=False)], [issued]
    for copy in range(1, times):
        serials = dict(zip(came["serial"], free, strict=False))
        lists.append(came.assign(serial=[*serials.values()]))
        for (scan, *_), batch in zip(files[: len(batches)], batches, strict=True):
            pages, measured = _under(serials, copy, *batch)
            path = f"{str(scan).removesuffix('.pdf')}.{copy}.pdf"
            (root / "scans" / path).touch()
            stat = (root / "scans" / path).stat()
            shard = new.save_shard("", pages.assign(scan=path), measured, {})
            files.append((path, f"scans/{path}", stat.st_size, stat.st_mtime_ns, shard, ""))
    write_csv(root / "schemas" / f"{name}.cases.csv", pd.concat(lists))
    project = verbs.find_project(root)
    now = now_of(project.printed(project.ids()), {}).recognition  # so that nothing seems to be due
    new.save_text("recognitions", now.key, now.text)
    new.save_files(FILES.frame(files).assign(key=now.key))
    keys = keys_of(project)
    keep_run(project, "ingest", verbs.results(project, name, verbs.ledger(project, keys), keys), keys)
    return project


def _free_serials(used: set[str]) -> Iterator[str]:
    """Serials that were not issued."""
    every = (make_serial(letter, number) for letter, number in product(LETTERS, range(SERIALS_A_LETTER)))
    return (one for one in every if one not in used)


def _readings_of(cache: Cache, shard: str, read: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """PAGES and MEASUREMENTS of one shard: pages that were read by their own serial."""
    pages, measured = cache.pages([shard]), cache.measurements([shard])
    own = pages["page_digest"].isin(read["page_digest"]) & pages["serial"].isin(read["case"])
    return pages[own], measured[measured["page_digest"].isin(pages.loc[own, "page_digest"])]


def _under(
    serials: dict[str, str], copy: int, pages: pd.DataFrame, measured: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same readings under other serials and digests."""
    pages = pages.assign(serial=pages["serial"].map(serials))
    named = [
        part.assign(page_digest=f"{copy:05d}" + part["page_digest"].str[5:]) for part in (pages, measured)
    ]
    return PAGES.frame(named[0]), MEASUREMENTS.frame(named[1])
