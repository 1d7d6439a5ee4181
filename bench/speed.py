"""Scans -> CPU time a page of each step, as a multiple of raw decoding measured in the same run, and above it.

Three lots: the shipped scans (1-bit), simulated grey and colour JPEG scans at 300 dpi, and the same pages as a
stranger's: without corner squares, codes looked for all over the page, or none at all, so that each page of the blank
may be the one. `raw` is the image stream and its decoder only; `decode` is that and all that opening a page needs
besides; `strips` are the pictures of items that a person may be asked about; `keep` is deciding marks and storing, a
share of its batch. OPENBLAS_NUM_THREADS=1 keeps idle threads out of
the figures, as the command line does.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from unittest.mock import patch

import cv2
import numpy as np

from survey import project as verbs
from survey.doors.workers import as_completed
from survey.ingest import CHUNK_PAGES, Batch, Blanks, code_book, open_chunk, page_row, pictures_of
from survey.project.marks import place_boxes
from survey.questionnaire.model import Questionnaire
from survey.reading.decide import decide_marks
from survey.reading.identify import CodeBook, identify
from survey.reading.network import load_weights
from survey.reading.numbers import measurements_of
from survey.reading.prepare import BlankPage, prepare_scan
from survey.reading.read import (
    Blank,
    Catalogue,
    Reading,
    cut_strips,
    find_blank,
    lay_and_measure,
    prepare,
    read_page,
)
from survey.reading.register import Registration
from survey.reading.scan import PageImage, PageRef, ScannedPage, Unread, find_scans, open_page, walk_pages
from survey.reading.told import Said
from survey.simulate import OFFICE, override, simulate
from survey.simulate.profile import DPI_OF_MODE
from survey.store import ADJUDICATIONS, Cache
from survey.tables import PAGES

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "speed.json"
LOT_PAGES = 40  # of a lot
RETURNS = 8  # simulated a lot: as many pages as that
LEAST_PAGES = 5  # fewer of a kind give no median
STEPS = ["raw", "decode", "codes", "register", "measure", "strips", "keep"]
STRANGERS = CodeBook({}, (("theirs", r"^(?P<serial>[A-Z]\d+)-.*-(?P<page>\d+)-.$"),), {})
WITHOUT_CODES = CodeBook({}, (), {})
SIMULATED = {
    "grey JPEG": {"one_bit": 0.0, "colour": 0.0},
    "colour JPEG": {"one_bit": 0.0, "colour": 1.0},
}
Spent = dict[str, dict[str, list[float]]]


def main() -> None:
    """Read pages step by step on one core; print and store medians in CPU ms."""
    cv2.setNumThreads(1)
    project = verbs.find_project(ROOT)
    questionnaires = [project.questionnaire(name) for name in project.ids()]
    start = time.process_time()
    blanks = {one.id: prepare(one) for one in questionnaires}
    print(
        f"preparing {sum(len(one.pages) for one in blanks.values())} blank pages: {time.process_time() - start:.1f} s"
    )
    catalogue = Catalogue(code_book(questionnaires), blanks)
    load_weights()
    spent: Spent = defaultdict(lambda: defaultdict(list))
    _read_lot(find_scans(project.scans), catalogue, spent, "G4")
    for name, shares in SIMULATED.items():
        with tempfile.TemporaryDirectory() as folder:
            _read_lot(_simulated(questionnaires[0], Path(folder), shares), catalogue, spent, name)
    table = {
        kind: _medians(steps) for kind, steps in sorted(spent.items()) if len(steps["raw"]) >= LEAST_PAGES
    }
    print(f"{'':30}" + "".join(f"{step:>12}" for step in [*STEPS, "total", "x raw", "above raw"]))
    for kind, row in table.items():
        print(f"{kind:30}" + "".join(f"{value:12.1f}" for value in row.values()))
    memory = _memory_of_workers(find_scans(project.scans), tuple(one.path for one in questionnaires))
    print(f"a worker takes at most {memory:.0f} MB")
    RESULTS.write_text(json.dumps({**table, "worker MB": memory}, indent=2) + "\n")


def _memory_of_workers(paths: list[Path], schemas: tuple[Path, ...]) -> float:
    """Read a chunk of every batch in worker processes; returns the largest peak of one, MB."""
    pages = tuple(range(1, CHUNK_PAGES + 1))
    tasks = ((Batch(path.name, path, 0, 0), pages, schemas, "bench") for path in paths)
    return round(max(as_completed(_peak_mb, tasks, 2)), 1)


def _peak_mb(batch: Batch, pages: tuple[int, ...], schemas: tuple[Path, ...], key: str) -> float:
    """Read some pages; returns what the process took at most, MB (Linux: getrusage would count its parent's, too)."""
    chunk = dict.fromkeys(PageRef(batch.scan, page) for page in pages)
    open_chunk(batch, chunk, Blanks(schemas, key), Said())
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _simulated(questionnaire: Questionnaire, folder: Path, shares: dict[str, float]) -> list[Path]:
    """Simulate a few returns at 300 dpi."""
    at_300 = dict.fromkeys(DPI_OF_MODE, ((300, 1.0),))
    with patch.dict(DPI_OF_MODE, at_300):
        done = simulate(
            questionnaire,
            folder,
            folder,
            issued=20,
            returned=RETURNS,
            seed=5,
            profile=override(OFFICE, shares),
        )
    return list(done.batches)


def _read_lot(paths: list[Path], catalogue: Catalogue, spent: Spent, name: str) -> None:
    """Read some pages of a lot, the first twice: it pays for what is made once."""
    count, readings = 0, []
    for path in paths:
        pages = walk_pages(path, path.name)
        while count < LOT_PAGES:
            start = time.process_time()
            page = next(pages, None)
            walk = 1000 * (time.process_time() - start)
            if page is None:
                break
            if isinstance(page, ScannedPage):
                if not count:
                    _read(page, catalogue, walk, defaultdict(lambda: defaultdict(list)), name)
                image = open_page(page)
                if isinstance(image, PageImage):
                    readings.append(read_page(image, catalogue))
                count += _read(page, catalogue, walk, spent, name)
    kept = [one for one in readings if one.numbers is not None]
    _, each = (_keep_ms(kept, catalogue) for _ in range(2))  # the first pays for what is loaded once
    for kind, steps in spent.items():
        if kind.startswith(name):
            steps["keep"] = [each]


def _keep_ms(readings: list[Reading], catalogue: Catalogue) -> float:
    """Decide the marks of some pages and store them as one batch; returns ms a page."""
    questionnaire = catalogue.blanks[readings[0].questionnaire].questionnaire
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        pages = PAGES.frame([page_row(one, "") for one in readings])
        table = measurements_of([one.numbers for one in readings if one.numbers is not None])
        Cache(Path(folder)).save_shard("bench", pages, table, pictures_of(readings))
        placed = place_boxes(table, pages.assign(case=pages["serial"]), questionnaire)
        decide_marks(placed, questionnaire, ADJUDICATIONS.frame())
        return 1000 * (time.process_time() - start) / len(readings)


def _read(page: ScannedPage, catalogue: Catalogue, walk: float, spent: Spent, name: str) -> int:
    times: dict[str, float] = {}
    with _timed(times, "raw"):
        whole = page.load()
    with _timed(times, "decode"):
        image = open_page(page)
    times["decode"] += walk
    if isinstance(image, Unread):
        return 0
    with _timed(times, "codes"):
        identity = identify(image, catalogue.book)
    if not identity.page:
        return 0
    blank = catalogue.blanks[identity.questionnaire]
    dpi = (image.dpi or 0) * whole.shape[1] / image.grey.shape[1]
    kind = f"{name} {10 * round(dpi / 10)}"
    _lay_and_measure(image, blank, [blank.pages[identity.page]], times)
    _add(spent, kind, times)
    with _timed(times, "codes"):
        identify(image, STRANGERS)
    _lay_and_measure(image, blank, [_without_corners(blank.pages[identity.page])], times)
    _add(spent, f"{kind}, stranger's", times)
    with _timed(times, "codes"):
        identify(image, WITHOUT_CODES)
    _lay_and_measure(image, blank, [_without_corners(page) for page in blank.pages.values()], times)
    _add(spent, f"{kind}, no code", times)
    return 1


@lru_cache
def _without_corners(page: BlankPage) -> BlankPage:
    """Make a stranger's page of one of ours, once: it keeps what its scans have asked for."""
    return replace(page, corners=None)


def _lay_and_measure(
    image: PageImage, blank: Blank, candidates: list[BlankPage], times: dict[str, float]
) -> None:
    with _timed(times, "register"):
        scan = prepare_scan(image, blank.questionnaire.paper_mm)
        found = find_blank(scan, candidates)
    page = found.blank
    with _timed(times, "measure"):
        _, measured, _ = lay_and_measure(
            scan, page, blank.boxes[page.page], Registration(found.fit, page.size_mm)
        )
    with _timed(times, "strips"):
        cut_strips(scan, measured, blank, page.page)


def _add(spent: Spent, kind: str, times: dict[str, float]) -> None:
    for step, value in times.items():
        spent[kind][step].append(value)


@contextmanager
def _timed(times: dict[str, float], step: str) -> Iterator[None]:
    start = time.process_time()
    yield
    times[step] = 1000 * (time.process_time() - start)


def _medians(steps: dict[str, list[float]]) -> dict[str, float]:
    medians = {step: round(float(np.median(steps[step])), 2) for step in STEPS}
    total = sum(medians.values()) - medians["raw"]
    above = total - medians["raw"]
    return {
        **medians,
        "total": round(total, 2),
        "x raw": round(total / medians["raw"], 2),
        "above raw": round(above, 2),
    }


if __name__ == "__main__":
    main()
