"""Scan files + schemas -> cached readings; only what is new or out of date is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.doors.workers import as_completed
from survey.files import digest
from survey.questionnaire.load import load_questionnaire
from survey.questionnaire.model import Questionnaire
from survey.reading import (
    damaged,
    frames,
    identify,
    ink,
    look,
    measure,
    network,
    prepare,
    read,
    register,
    scan,
    strips,
)  # fmt: skip
from survey.reading.numbers import measurements_of
from survey.reading.scan import PageRef, Reason, ScannedPage, walk_pages
from survey.reading.told import Told
from survey.store import FILES, Cache
from survey.tables import MEASUREMENTS, PAGES

SERIAL_BELOW = 50  # pages; below, starting workers costs more than it saves
CHUNK_PAGES = 12  # pages a worker reads at a time


@dataclass(frozen=True)
class Batch:
    """One scanned file as it lies on disk."""

    scan: str
    path: Path
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Plan:
    """What an ingest has to do, and why; `stale` maps batches to reasons."""

    stale: dict[Batch, str] = field(default_factory=dict)
    fresh: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def reading_key(questionnaires: list[Questionnaire]) -> str:
    """Digest of what the reading of a page depends on besides the page: blanks, boxes, codes, weights, versions."""
    steps = (scan, identify, damaged, prepare, register, frames, ink, measure, look, strips, read)
    parts = [repr([step.VERSION for step in steps]), network.weights_digest()]
    for questionnaire in sorted(questionnaires, key=lambda one: one.id):
        blank = digest(questionnaire.blank.read_bytes()) if questionnaire.blank else ""
        limits = questionnaire.schema.reading.thresholds
        parts += [
            questionnaire.id,
            blank,
            *map(str, questionnaire.pages),
            *questionnaire.schema.reading.codes,
        ]
        parts += [questionnaire.place_digest(page) for page in questionnaire.pages]
        believed = (
            limits.page_score,
            limits.page_margin,
            limits.page_lead,
            limits.match_fit,
            limits.match_lead,
        )
        parts += [repr((questionnaire.schema.code, questionnaire.schema.version, *believed))]
        parts += [digest(*sorted(questionnaire.issued))]
    return digest(*parts)


def make_plan(
    cache: Cache, batches: list[Batch], key: str, under: str, told: Mapping[str, Told] | None = None
) -> Plan:
    """Compare the batches on disk with the cache: size and time first.

    `under` is the folder (or file) they were looked for in, as `stored_path` names it; `told` is what people said of
    single pages.
    """
    known = {row.scan: row for row in cache.files().itertuples(index=False)}
    shards = [row.shard for row in known.values() if cache.has_shard(row.shard)]
    retold = _pages_retold(cache.pages(sorted(set(shards))), told or {})
    stale, fresh = {}, []
    for batch in batches:
        before = known.get(batch.scan)
        if before is None:
            stale[batch] = "new"
        elif not cache.has_shard(before.shard):
            stale[batch] = "its readings are no longer in the cache"
        elif (before.size, before.mtime_ns) != (batch.size, batch.mtime_ns):
            stale[batch] = "the file has changed"
        elif before.key != key:
            stale[batch] = "the boxes, the blank, the issued serials or the program have changed"
        elif batch.scan in retold:
            stale[batch] = "a person said more about a page of it"
        else:
            fresh.append(batch.scan)
    present = {batch.scan for batch in batches}
    gone = tuple(
        sorted(scan for scan, row in known.items() if _lies_in(row.path, under) and scan not in present)
    )
    return Plan(stale, tuple(fresh), gone)


def _pages_retold(pages: pd.DataFrame, told: Mapping[str, Told]) -> frozenset[str]:
    """Name the batches with a page of which people have said something else since it was read."""
    said = pages["page_digest"].map(lambda digest: told[digest].hint if digest in told else "")
    return frozenset(pages.loc[said.astype("str") != pages["hint"], "scan"])


def _lies_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + "/")


def carry_out(
    plan: Plan, cache: Cache, root: Path, schemas: tuple[Path, ...], key: str, jobs: int,
    on_pages: Callable[[int, int], None], told: Mapping[str, Told] | None = None,
) -> tuple[int, int]:  # fmt: skip
    """Read what the plan names and store it batch by batch; returns pages read and pages taken from the cache.

    `on_pages` hears (pages done, pages in all). An interruption loses at most the batches then being read.
    """
    files = cache.files()
    told = told or {}
    known = _Known(cache, files, key, told)  # with the pages of files that are gone: they may have moved
    files = files[~files["scan"].isin(plan.gone)]
    wanted = {batch: _list_pages(batch, known) for batch in plan.stale}
    total = sum(len(new) for new, _ in wanted.values())
    done = 0
    on_pages(done, total)
    for batch, readings in _read_batches(wanted, schemas, key, told, jobs if total >= SERIAL_BELOW else 1):
        if readings is None:
            done += 1
            on_pages(done, total)
            continue
        shard = _store(cache, batch, readings, wanted[batch][1], known)
        row = FILES.frame(
            [(batch.scan, stored_path(batch.path, root), batch.size, batch.mtime_ns, shard, key)]
        )
        files = pd.concat([files[files["scan"] != batch.scan], row], ignore_index=True)
        cache.save_files(files)
    if plan.gone:
        cache.save_files(files)
    cache.drop_shards_except(set(files["shard"]))
    return total, sum(len(reused) for _, reused in wanted.values())


def stored_path(path: Path, root: Path) -> str:
    """Name a resolved path as FILES does: relative inside the project, so that it may be moved, else absolute."""
    root = root.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


class _Known:
    """Pages that stand in the cache under the current key, by digest."""

    def __init__(self, cache: Cache, files: pd.DataFrame, key: str, told: Mapping[str, Told]) -> None:
        shards = [
            row.shard
            for row in files.itertuples(index=False)
            if row.key == key and cache.has_shard(row.shard)
        ]
        self.shards = sorted(set(shards))
        self.cache, self.key = cache, key
        pages = cache.pages(self.shards)
        said = pages["page_digest"].map(lambda digest: told[digest].hint if digest in told else "")
        pages = pages[said.astype("str") == pages["hint"]]
        self.pages = pages[pages["page_digest"] != ""].drop_duplicates("page_digest").set_index("page_digest")

    def measurements(self, digests: set[str]) -> pd.DataFrame:
        """Return the stored MEASUREMENTS of some pages."""
        if not digests:
            return MEASUREMENTS.frame()
        return self._measured[self._measured["page_digest"].isin(digests)]

    @cached_property
    def _measured(self) -> pd.DataFrame:
        return self.cache.measurements(self.shards)

    def pictures(self, digests: set[str]) -> dict[str, NDArray[Any]]:
        """Return the stored pictures of some pages."""
        return self.cache.pictures(self.shards, digests) if digests else {}


def _list_pages(batch: Batch, known: _Known) -> tuple[list[PageRef], dict[PageRef, str]]:
    """Tell which pages of a batch must be read, and which stand in the cache already (with their digests)."""
    new, reused = [], {}
    for page in walk_pages(batch.path, batch.scan):
        if isinstance(page, ScannedPage) and page.digest in known.pages.index:
            reused[page.ref] = page.digest
        else:
            new.append(page.ref)
    return new, reused


def _read_batches(
    wanted: dict[Batch, tuple[list[PageRef], dict[PageRef, str]]],
    schemas: tuple[Path, ...],
    key: str,
    told: Mapping[str, Told],
    jobs: int,
) -> Iterator[tuple[Batch, list[read.Reading] | None]]:
    """Read chunks of pages, in worker processes if jobs > 1; yields (batch, None) a page and each batch once, whole."""
    chunks = [
        (batch, tuple(ref.page for ref in new[at : at + CHUNK_PAGES]))
        for batch, (new, _) in wanted.items()
        for at in range(0, max(len(new), 1), CHUNK_PAGES)
    ]
    open_chunks = {batch: sum(1 for other, _ in chunks if other == batch) for batch in wanted}
    collected: dict[Batch, list[read.Reading]] = {batch: [] for batch in wanted}
    tasks = ((batch, pages, schemas, key, told) for batch, pages in chunks)
    for batch, readings in as_completed(read_chunk, tasks, jobs):
        collected[batch] += readings
        open_chunks[batch] -= 1
        for _ in readings:
            yield batch, None
        if open_chunks[batch] == 0:
            yield batch, sorted(collected.pop(batch), key=lambda reading: reading.ref.page)


def read_chunk(
    batch: Batch, pages: tuple[int, ...], schemas: tuple[Path, ...], key: str, told: Mapping[str, Told]
) -> tuple[Batch, list[read.Reading]]:
    """Read some pages of a batch; runs in a worker, which opens scan and schemas itself and returns a value."""
    if not pages:
        return batch, []
    catalogue = replace(_catalogue(schemas, key), told=told)
    return batch, list(read.read_pages(batch.path, batch.scan, frozenset(pages), catalogue))


@lru_cache(maxsize=2)
def _catalogue(schemas: tuple[Path, ...], _key: str) -> read.Catalogue:
    """Prepare the blanks once a process; the reading key makes a changed schema a new entry."""
    import cv2

    cv2.setNumThreads(1)
    questionnaires = [load_questionnaire(path) for path in schemas]
    return read.Catalogue(code_book(questionnaires), {one.id: read.prepare(one) for one in questionnaires})


def code_book(questionnaires: list[Questionnaire]) -> identify.CodeBook:
    """Collect what printed codes may say."""
    return identify.CodeBook(
        {(one.schema.code, one.schema.version): one.id for one in questionnaires if one.schema.code},
        tuple((one.id, pattern) for one in questionnaires for pattern in one.schema.reading.codes),
        {one.id: frozenset(one.issued) for one in questionnaires if one.issued},
    )


def _store(
    cache: Cache, batch: Batch, readings: list[read.Reading], reused: dict[PageRef, str], known: _Known
) -> str:
    again = known.pages.loc[list(reused.values())].reset_index() if reused else PAGES.frame()
    again = again.assign(scan=batch.scan, page=[ref.page for ref in reused])
    pages = PAGES.frame([page_row(reading) for reading in readings])
    pages = (
        PAGES.frame(pd.concat([part for part in (pages, again) if len(part)], ignore_index=True))
        if len(again)
        else pages
    )
    parts = [measurements_of([one.numbers for one in readings if one.numbers is not None])]
    parts += [known.measurements(set(reused.values()))]
    parts = [part for part in parts if len(part)]
    measured = pd.concat(parts, ignore_index=True) if parts else MEASUREMENTS.frame()
    pictures = {**known.pictures(set(reused.values())), **pictures_of(readings)}
    for reading in readings:
        if reading.thumbnail:
            cache.save_thumbnail(reading.digest, reading.thumbnail)
    return cache.save_shard(known.key, pages, measured, pictures)


def pictures_of(readings: list[read.Reading]) -> dict[str, NDArray[Any]]:
    """Crops of the boxes, corners of all outlines, and strips of items (bytes of a JPEG), by page digest."""
    crops = {f"{one.digest}.crops": one.crops for one in readings if one.crops is not None}
    corners = {f"{one.digest}.corners": one.corners_px for one in readings if one.corners_px is not None}
    strips_ = {
        f"{one.digest}.strip.{item}": np.frombuffer(jpeg, np.uint8)
        for one in readings
        for item, jpeg in one.strips.items()
    }
    return {**crops, **corners, **strips_}


def page_row(reading: read.Reading) -> tuple[object, ...]:
    """Return the row of PAGES that a reading is."""
    cover, problem = reading.cover, reading.problem
    return (
        reading.ref.scan, reading.ref.page, reading.digest,
        cover.questionnaire if cover else reading.questionnaire, reading.page, reading.serial, reading.matched,
        "" if problem is None else Reason(problem).value,
        cover.received if cover else "", cover.stratum_number if cover else 0, cover is not None,
        reading.score, reading.runner_up, reading.fit_mm, reading.bilevel, reading.streak, reading.hint,
    )  # fmt: skip
