"""Shipped scans -> CPU time a page of each step, and as a multiple of raw decoding measured in the same run."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np

from survey import project as verbs
from survey.ingest import code_book
from survey.reading.identify import identify
from survey.reading.measure import measure
from survey.reading.network import load_weights
from survey.reading.prepare import prepare_scan
from survey.reading.read import Catalogue, prepare
from survey.reading.register import fit_coarsely, register
from survey.reading.scan import ScannedPage, Unread, find_scans, open_page, walk_pages

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "speed.json"
PAGES = 60
STEPS = ["decode", "codes", "prepare", "coarse fit", "fine fit", "measure"]


def main() -> None:
    """Read pages step by step on one core; print and store medians in CPU ms."""
    cv2.setNumThreads(1)
    project = verbs.find_project(ROOT)
    questionnaires = [project.questionnaire(name) for name in project.ids()]
    blanks = {one.id: prepare(one) for one in questionnaires}
    catalogue = Catalogue(code_book(questionnaires), blanks)
    load_weights()
    spent: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    count = 0
    for path in find_scans(project.scans):
        for page in walk_pages(path, path.name):
            if isinstance(page, ScannedPage) and count < PAGES:
                count += _read(page, catalogue, spent)
    table = {kind: _medians(steps) for kind, steps in sorted(spent.items())}
    print(f"{'':10}" + "".join(f"{step:>12}" for step in [*STEPS, "total", "x decode"]))
    for kind, row in table.items():
        print(f"{kind:10}" + "".join(f"{value:12.1f}" for value in row.values()))
    RESULTS.write_text(json.dumps(table, indent=2) + "\n")


def _read(page: ScannedPage, catalogue: Catalogue, spent: dict[str, dict[str, list[float]]]) -> int:
    times: dict[str, float] = {}
    with _timed(times, "decode"):
        image = open_page(page)
    if isinstance(image, Unread):
        return 0
    with _timed(times, "codes"):
        identity = identify(image, catalogue.book)
    if not identity.page:
        return 0
    blank = catalogue.blanks[identity.questionnaire]
    with _timed(times, "prepare"):
        scan = prepare_scan(image, blank.questionnaire.paper_mm)
    with _timed(times, "coarse fit"):
        fit = fit_coarsely(scan, blank.pages[identity.page])
    with _timed(times, "fine fit"):
        laid = register(scan, blank.pages[identity.page], fit)
    with _timed(times, "measure"):
        measure(laid, scan, blank.boxes[identity.page], load_weights())
    kind = "1-bit" if set(np.unique(image.grey[::7, ::7])) <= {0, 255} else "grey"
    for step, value in times.items():
        spent[f"{kind} {image.dpi or 0:.0f}"][step].append(value)
    return 1


@contextmanager
def _timed(times: dict[str, float], step: str) -> Iterator[None]:
    start = time.process_time()
    yield
    times[step] = 1000 * (time.process_time() - start)


def _medians(steps: dict[str, list[float]]) -> dict[str, float]:
    medians = {step: float(np.median(steps[step])) for step in STEPS}
    total = sum(medians.values())
    return {**medians, "total": total, "multiple": total / medians["decode"]}


if __name__ == "__main__":
    main()
