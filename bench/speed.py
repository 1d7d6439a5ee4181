"""Scans -> CPU time a page of each step, as a multiple of raw decoding measured in the same run, and above it.

Three lots: the shipped scans (1-bit), simulated grey and colour JPEG scans at 300 dpi, and the same pages as a
stranger's: without corner squares, codes looked for all over the page. `raw` is the image stream and its decoder
only; `decode` is that and all that opening a page needs besides.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import cv2
import numpy as np

from survey import project as verbs
from survey.ingest import code_book
from survey.questionnaire.model import Questionnaire
from survey.reading.identify import CodeBook, identify
from survey.reading.network import load_weights
from survey.reading.prepare import BlankPage, prepare_scan
from survey.reading.read import Blank, Catalogue, lay_and_measure, prepare
from survey.reading.register import fit_coarsely
from survey.reading.scan import PageImage, ScannedPage, Unread, find_scans, open_page, walk_pages
from survey.simulate import OFFICE, override, simulate
from survey.simulate.profile import DPI_OF_MODE

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "speed.json"
PAGES = 40  # of a lot
RETURNS = 3  # simulated a lot
LEAST_PAGES = 5  # fewer of a kind give no median
STEPS = ["raw", "decode", "codes", "register", "measure"]
STRANGERS = CodeBook({}, (("theirs", r"^(?P<serial>[A-Z]\d+)-.*-(?P<page>\d+)-.$"),), {})
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
    print(f"{'':22}" + "".join(f"{step:>12}" for step in [*STEPS, "total", "x raw", "above raw"]))
    for kind, row in table.items():
        print(f"{kind:22}" + "".join(f"{value:12.1f}" for value in row.values()))
    RESULTS.write_text(json.dumps(table, indent=2) + "\n")


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
    count = 0
    for path in paths:
        pages = walk_pages(path, path.name)
        while count < PAGES:
            start = time.process_time()
            page = next(pages, None)
            walk = 1000 * (time.process_time() - start)
            if page is None:
                break
            if isinstance(page, ScannedPage):
                if not count:
                    _read(page, catalogue, walk, defaultdict(lambda: defaultdict(list)), name)
                count += _read(page, catalogue, walk, spent, name)


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
    _lay_and_measure(image, blank, blank.pages[identity.page], times)
    _add(spent, kind, times)
    with _timed(times, "codes"):
        identify(image, STRANGERS)
    _lay_and_measure(image, blank, replace(blank.pages[identity.page], corners=None), times)
    _add(spent, f"{kind}, stranger's", times)
    return 1


def _lay_and_measure(image: PageImage, blank: Blank, page: BlankPage, times: dict[str, float]) -> None:
    with _timed(times, "register"):
        scan = prepare_scan(image, blank.questionnaire.paper_mm)
        fit = fit_coarsely(scan, page)
    with _timed(times, "measure"):
        lay_and_measure(scan, page, blank.boxes[page.page], fit)


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
