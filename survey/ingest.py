"""Scan files + schemas -> cached readings; only what is new or out of date is read, or measured, again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.doors.workers import as_completed
from survey.due import KEEP, MEASURE, READ, RENAME, Now, look_through
from survey.questionnaire.load import load_printings, load_questionnaire
from survey.questionnaire.model import Questionnaire
from survey.reading import batches, identify, read
from survey.reading.numbers import measurements_of
from survey.reading.reasons import Reason
from survey.reading.register import unpack_registration
from survey.reading.scan import PageRef, ScannedPage, walk_pages
from survey.reading.spreads import PAIRS, half_digest, picture_of
from survey.reading.told import Said
from survey.store import FILES, Cache
from survey.tables import MEASUREMENTS, PAGES, rows_by

SERIAL_BELOW = 50  # pages; below, starting workers costs more than it saves
CHUNK_PAGES = 12  # pages a worker reads at a time
VERIFIED = "every page is held against its digest"


@dataclass(frozen=True)
class Batch:
    """One scanned file as it lies on disk."""

    scan: str
    path: Path
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Step:
    """One line of a plan: what is done to how many pages, and why."""

    verb: str
    """read, measure or rename."""
    what: str
    """A batch, or how many pages."""
    why: str

    def __str__(self) -> str:
        verb = {READ: "read", MEASURE: "measure again", RENAME: "rename the boxes of"}[self.verb]
        return f"{verb} {self.what}: {self.why}"


@dataclass(frozen=True)
class Plan:
    """What an ingest has to do, and why; `stale` maps batches to reasons."""

    stale: dict[Batch, str] = field(default_factory=dict)
    fresh: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    pages: pd.DataFrame = field(default_factory=PAGES.frame)
    """What the cache holds, with what is due of it: PAGES, shard, due and why."""
    to_list: frozenset[Batch] = frozenset()
    """Stale batches whose pages are not known yet."""
    adopted: frozenset[Batch] = frozenset()
    """Batches that nothing is due of, though something was changed that might have touched them."""

    def steps(self) -> list[Step]:
        """Say what is due, line by line: batches one by one, pages of known batches together by reason."""
        lines = [Step(READ, batch.scan, why) for batch, why in self.stale.items() if batch in self.to_list]
        known = {batch.scan for batch in self.stale} - {batch.scan for batch in self.to_list}
        due = self.pages[self.pages["scan"].isin(known) & (self.pages["due"] != KEEP)]
        for verb in (READ, MEASURE, RENAME):
            counts = due.loc[due["due"] == verb, "why"].value_counts(sort=False)
            lines += [
                Step(verb, f"{count:,} page{'s' * (count > 1)}", str(why)) for why, count in counts.items()
            ]
        return lines


def make_plan(cache: Cache, batches: list[Batch], now: Now, under: str, *, is_verified: bool = False) -> Plan:
    """Compare the batches on disk with the cache: size and time first; with `is_verified` every page by its digest.

    `under` is the folder (or file) they were looked for in, as `stored_path` names it.
    """
    files = cache.files()
    known = {row.scan: row for row in files.itertuples(index=False)}
    pages = look_through(cache, files, now)
    due = pages[pages["due"] != KEEP].drop_duplicates("scan").set_index("scan")["why"]
    stale, fresh, to_list, adopted = {}, [], set(), set()
    for batch in batches:
        before = known.get(batch.scan)
        why = _why_to_list(cache, batch, before) or (VERIFIED if is_verified else "")
        if why:
            stale[batch] = why
            to_list.add(batch)
        elif batch.scan in due.index:
            stale[batch] = str(due[batch.scan])
        else:
            fresh.append(batch.scan)
            if before is not None and before.key != now.recognition.key:
                adopted.add(batch)
    present = {batch.scan for batch in batches}
    gone = tuple(
        sorted(scan for scan, row in known.items() if _lies_in(row.path, under) and scan not in present)
    )
    return Plan(stale, tuple(fresh), gone, pages, frozenset(to_list), frozenset(adopted))


def _why_to_list(cache: Cache, batch: Batch, before: Any) -> str:
    """Say why the pages of a batch must be listed; "" where they are known."""
    if before is None:
        return "new"
    if not cache.has_shard(before.shard):
        return "its readings are no longer in the cache"
    if (before.size, before.mtime_ns) != (batch.size, batch.mtime_ns):
        return "the file has changed"
    return ""


def _lies_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + "/")


def carry_out(
    plan: Plan, cache: Cache, root: Path, schemas: tuple[Path, ...], now: Now, jobs: int,
    on_pages: Callable[[int, int], None],
) -> tuple[int, int]:  # fmt: skip
    """Do what the plan names and store it batch by batch; returns pages opened and pages taken from the cache.

    `on_pages` hears (pages done, pages in all). An interruption loses at most the batches then being read.
    """
    stock = _Stock(cache, plan.pages, now)  # with the pages of files that are gone: they may have moved
    rows = cache.files().itertuples(index=False, name=None)
    files = {row[0]: row for row in rows if row[0] not in plan.gone}
    work = {batch: _work_on(batch, stock, batch in plan.to_list) for batch in plan.stale}
    total = sum(one.count for one in work.values())
    done = 0
    on_pages(done, total)
    cache.save_text("recognitions", now.recognition.key, now.recognition.text)
    for ground in now.grounds.values():
        cache.save_text("grounds", ground.digest, ground.text)
    if plan.adopted:
        files |= {one.scan: (*files[one.scan][:-1], now.recognition.key) for one in plan.adopted}
        cache.save_files(FILES.frame([*files.values()]))
    for batch, readings in _do(work, schemas, now, jobs if total >= SERIAL_BELOW else 1):
        if readings is None:
            done += 1
            on_pages(done, total)
            continue
        shard = _store(cache, readings, work[batch], stock)
        path, key = stored_path(batch.path, root), now.recognition.key
        files[batch.scan] = (batch.scan, path, batch.size, batch.mtime_ns, shard, key)
        cache.save_files(FILES.frame([*files.values()]))
    if plan.gone:
        cache.save_files(FILES.frame([*files.values()]))
    cache.drop_shards_except(set(cache.shards()))
    return total, sum(len(one.kept) for one in work.values())


def stored_path(path: Path, root: Path) -> str:
    """Name a resolved path as FILES does: relative inside the project, so that it may be moved, else absolute."""
    root = root.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


Remembered = tuple[read.Reading, NDArray[np.float64]]
"""What was read of a page, and its registration, packed."""


@dataclass(frozen=True)
class _Work:
    """What is done to one batch: pictures to read, pages to measure as they lie, and pages kept, with their digests."""

    to_read: dict[PageRef, str] = field(default_factory=dict)
    to_measure: dict[PageRef, Remembered] = field(default_factory=dict)
    kept: dict[PageRef, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Pictures that are opened."""
        return len({ref.page for ref in (*self.to_read, *self.to_measure)})


class _Stock:
    """Pages that stand in the cache, by digest, with what is due of them."""

    def __init__(self, cache: Cache, pages: pd.DataFrame, now: Now) -> None:
        self.cache, self.now = cache, now
        named = pages[(pages["page_digest"] != "") & (pages["due"] != READ)].drop_duplicates("page_digest")
        rows = named.astype(object).itertuples(index=False)  # objects are gone through much faster than texts
        self.rows: dict[str, Any] = {row.page_digest: row for row in rows}
        self._pages = pages

    @cached_property
    def in_scan(self) -> dict[str, list[tuple[PageRef, str]]]:
        """Scan -> place and digest of all pages that were in it, in order."""
        found: dict[str, list[tuple[PageRef, str]]] = {}
        ordered = (
            self._pages[["scan", "page", "half", "page_digest"]].sort_values(["page", "half"]).astype(object)
        )
        for scan, page, half, name in ordered.itertuples(index=False, name=None):
            found.setdefault(scan, []).append((PageRef(scan, page, half), name))
        return found

    def pages_of(self, ref: PageRef, picture: str) -> list[tuple[PageRef, str]]:
        """Place and digest of what a picture, by its digest, was read as: one page, or both halves of a spread."""
        alone = self.rows[picture].half if picture in self.rows else 0
        for halves in PAIRS:
            names = {half: picture if half == alone else half_digest(picture, half) for half in halves}
            if alone in halves or (
                picture not in self.rows and not self.rows.keys().isdisjoint(names.values())
            ):
                return [(replace(ref, half=half), name) for half, name in names.items()]
        return [(ref, picture)]

    def due(self, page_digest: str) -> str:
        """What is due of a page that was found in a file; READ where nothing is known of it."""
        return self.rows[page_digest].due if page_digest in self.rows else READ

    def remembered(self, ref: PageRef, page_digest: str) -> read.Reading | None:
        """What was read of a page whose boxes have moved; None where its serial depends on how it lies."""
        row = self.rows[page_digest]
        is_decoded = row.serial != "" and not row.matched
        if row.questionnaire in self.now.coded and not is_decoded:
            return None  # its serial is matched by where its codes lie
        problem = Reason(row.problem) if row.problem else None
        return read.Reading(
            ref, page_digest, row.questionnaire, row.questionnaire_page, row.serial, problem=problem,
            score=row.score, runner_up=row.runner_up, bilevel=row.bilevel, streak=row.streak,
            another=row.another, cut=row.cut, hint=row.hint,
        )  # fmt: skip

    def row_now(self, ref: PageRef, page_digest: str) -> tuple[object, ...]:
        """The row of PAGES of a page that is kept, and lies there now."""
        row = self.rows[page_digest]
        ground = row.ground and self.now.ground_digest(row.questionnaire, row.questionnaire_page)
        return row._replace(scan=ref.scan, page=ref.page, half=ref.half, ground=ground)[: len(PAGES.columns)]

    def measurements(self, digests: list[str]) -> pd.DataFrame:
        """Return the stored MEASUREMENTS of some pages, their boxes named as they are now."""
        rows = [self._rows_of[one] for one in digests if one in self._rows_of]
        found = self._measured.iloc[np.sort(np.concatenate(rows))] if rows else self._measured.iloc[:0]
        renamed = [one for one in digests if self.due(one) == RENAME]
        if not renamed:
            return found
        found = found.copy()
        for page, rows in found[found["page_digest"].isin(renamed)].groupby("page_digest", sort=False):
            row = self.rows[str(page)]
            found.loc[rows.index, "box"] = self.now.grounds[row.questionnaire, row.questionnaire_page].names
        return found

    @cached_property
    def _measured(self) -> pd.DataFrame:
        return self.cache.measurements(sorted(self.shards(self.rows)))

    @cached_property
    def _rows_of(self) -> dict[str, NDArray[np.int64]]:
        return rows_by(self._measured["page_digest"])

    def laid(self, digests: list[str]) -> dict[str, NDArray[np.float64]]:
        """Return how some pages lay on their blank, packed."""
        found: dict[str, NDArray[np.float64]] = {}
        for shard in sorted(self.shards(digests)):
            own = [one for one in digests if self.rows[one].shard == shard]
            found |= self.cache.pictures(shard, "laid", own)
        return found

    def shards(self, digests: Iterable[str]) -> set[str]:
        """Name the shards in which some pages stand."""
        return {self.rows[one].shard for one in digests}


def _work_on(batch: Batch, stock: _Stock, is_to_list: bool) -> _Work:
    """Tell which pages of a batch are read, which measured as they lie, and which kept.

    Where one half of a spread is to be read, the picture is: then it may be cut elsewhere, or not at all.
    """
    work = _Work()
    listed = list(_list_pages(batch, stock) if is_to_list else stock.in_scan.get(batch.scan, []))
    laid = stock.laid([name for _, name in listed if name and stock.due(name) == MEASURE])
    for number, own in groupby(listed, key=lambda one: one[0].page):
        to_measure: dict[PageRef, Remembered] = {}
        kept: dict[PageRef, str] = {}
        for ref, name in (pages := list(own)):
            known = stock.remembered(ref, name) if name in laid else None
            if known is not None:
                to_measure[ref] = (known, laid[name])
            elif name and stock.due(name) in {KEEP, RENAME}:
                kept[ref] = name
        if len(to_measure) + len(kept) < len(pages):
            work.to_read[PageRef(batch.scan, number)] = picture_of(pages[0][1])
        else:
            work.to_measure.update(to_measure)
            work.kept.update(kept)
    return work


def _list_pages(batch: Batch, stock: _Stock) -> Iterator[tuple[PageRef, str]]:
    for page in walk_pages(batch.path, batch.scan):
        if isinstance(page, ScannedPage):
            yield from stock.pages_of(page.ref, page.digest)
        else:
            yield page.ref, ""


def _do(
    work: dict[Batch, _Work], schemas: tuple[Path, ...], now: Now, jobs: int
) -> Iterator[tuple[Batch, list[read.Reading] | None]]:
    """Open chunks of pages, in worker processes if jobs > 1; yields (batch, None) a picture, each batch once, whole."""
    chunks = [(batch, chunk) for batch, one in work.items() for chunk in _chunks_of(one)]
    open_chunks = Counter(batch for batch, _ in chunks)
    collected: dict[Batch, list[read.Reading]] = {batch: [] for batch in work}
    blanks = Blanks(schemas, now.key, _pages_laid(work))
    tasks = (
        (batch, chunk, blanks, Said(now.told, _decided_in(work[batch], chunk, now)))
        for batch, chunk in chunks
    )
    for batch, readings in as_completed(open_chunk, tasks, jobs):
        collected[batch] += readings
        open_chunks[batch] -= 1
        for _ in {one.ref.page for one in readings}:
            yield batch, None
        if open_chunks[batch] == 0:
            yield batch, sorted(collected.pop(batch), key=lambda one: (one.ref.page, one.ref.half))


Chunk = dict[PageRef, Remembered | None]
"""Page of a file -> what is remembered of it; None where it is to be read."""


def _chunks_of(work: _Work) -> list[Chunk]:
    wanted: Chunk = {ref: work.to_measure.get(ref) for ref in (*work.to_read, *work.to_measure)}
    pages = sorted({ref.page for ref in wanted})
    parts = [frozenset(pages[at : at + CHUNK_PAGES]) for at in range(0, max(len(pages), 1), CHUNK_PAGES)]
    return [{ref: one for ref, one in wanted.items() if ref.page in part} for part in parts]


@dataclass(frozen=True)
class Blanks:
    """Which blanks a worker has to prepare; the same ones are prepared once a process."""

    schemas: tuple[Path, ...]
    key: str
    """Digest of all that reading and measuring depend on: a changed schema makes them other ones."""
    pages: frozenset[tuple[str, int]] | None = None
    """Questionnaire and page of those that are needed; None where any may be."""


def _pages_laid(work: Mapping[Batch, _Work]) -> frozenset[tuple[str, int]] | None:
    """The pages of blanks on which pages are measured again; None where there are pages to be recognised."""
    if any(one.to_read for one in work.values()):
        return None
    known = [reading for one in work.values() for reading, _ in one.to_measure.values()]
    return frozenset((reading.questionnaire, reading.page) for reading in known)


def _decided_in(work: _Work, chunk: Chunk, now: Now) -> dict[str, frozenset[str]]:
    """What was decided on the pictures of a chunk that are read: of all pages it would be too much for a worker."""
    pictures = {work.to_read[ref] for ref in chunk if ref in work.to_read}
    return {name: now.decided[name] for name in pictures if name in now.decided}


def open_chunk(batch: Batch, chunk: Chunk, blanks: Blanks, said: Said) -> tuple[Batch, list[read.Reading]]:
    """Read or measure some pages of a batch; runs in a worker, which opens scan and schemas itself."""
    if not chunk:
        return batch, []
    catalogue = replace(_catalogue(blanks), told=said.told, decided=said.decided)
    remembered = {ref: (one[0], unpack_registration(one[1])) for ref, one in chunk.items() if one is not None}
    wanted = frozenset(ref.page for ref in chunk if ref not in remembered)
    readings = list(batches.read_pages(batch.path, batch.scan, wanted, catalogue)) if wanted else []
    if remembered:
        readings += batches.measure_again(batch.path, batch.scan, remembered, catalogue)
    return batch, readings


@lru_cache(maxsize=2)
def _catalogue(wanted: Blanks) -> read.Catalogue:
    """Prepare the blanks, once a process."""
    import cv2

    cv2.setNumThreads(1)
    loaded = [load_questionnaire(path) for path in wanted.schemas]
    questionnaires = [printing for one in loaded for printing in (one, *load_printings(one))]
    blanks = {}
    for one in questionnaires:
        pages = None if wanted.pages is None else {page for name, page in wanted.pages if name == one.id}
        blanks[one.id] = read.prepare(one, pages)
    return read.Catalogue(code_book(questionnaires), blanks)


def code_book(questionnaires: list[Questionnaire]) -> identify.CodeBook:
    """Collect what printed codes may say."""
    return identify.CodeBook(
        {(one.schema.code, one.schema.version): one.id for one in questionnaires if one.schema.code},
        tuple((one.id, pattern) for one in questionnaires for pattern in one.schema.reading.codes),
        {one.id: frozenset(one.issued) for one in questionnaires if one.issued},
    )


def _store(cache: Cache, readings: list[read.Reading], work: _Work, stock: _Stock) -> str:
    kept = list(work.kept.values())
    rows = [page_row(one, stock.now.ground_digest(one.questionnaire, one.page)) for one in readings]
    pages = PAGES.frame([*rows, *(stock.row_now(ref, name) for ref, name in work.kept.items())])
    parts = [measurements_of([one.numbers for one in readings if one.numbers is not None])]
    parts += [stock.measurements(kept)] if kept else []
    parts = [part for part in parts if len(part)]
    measured = pd.concat(parts, ignore_index=True) if parts else MEASUREMENTS.frame()
    for reading in readings:
        if reading.thumbnail:
            cache.save_thumbnail(reading.digest, reading.thumbnail)
    key, older = stock.now.recognition.key, stock.shards(kept)
    return cache.save_shard(key, pages, measured, pictures_of(readings), older)


def pictures_of(readings: list[read.Reading]) -> dict[str, NDArray[Any]]:
    """Crops of the boxes, corners of all outlines, the registration, and strips of items (JPEG), by page digest."""
    crops = {f"{one.digest}.crops": one.crops for one in readings if one.crops is not None}
    corners = {f"{one.digest}.corners": one.corners_px for one in readings if one.corners_px is not None}
    laid = {f"{one.digest}.laid": one.laid for one in readings if one.laid is not None}
    strips_ = {
        f"{one.digest}.strip.{item}": np.frombuffer(jpeg, np.uint8)
        for one in readings
        for item, jpeg in one.strips.items()
    }
    return {**crops, **corners, **laid, **strips_}


def page_row(reading: read.Reading, ground: str) -> tuple[object, ...]:
    """Return the row of PAGES that a reading is; `ground` is the digest of what its numbers depend on."""
    cover, problem = reading.cover, reading.problem
    return (
        reading.ref.scan, reading.ref.page, reading.ref.half, reading.cut, reading.digest,
        cover.questionnaire if cover else reading.questionnaire, reading.page, reading.serial, reading.matched,
        "" if problem is None else Reason(problem).value,
        cover.received if cover else "", cover.stratum_number if cover else 0, cover is not None,
        reading.score, reading.runner_up, reading.fit_mm, reading.bilevel, reading.streak, reading.another,
        reading.unfilled, reading.hint,
        ground if reading.numbers is not None else "",
    )  # fmt: skip
