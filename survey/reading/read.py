"""A file's pages -> readings: each page identified, registered and measured, or Unread with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.doors import pdf
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.printed_code import PrintedCode
from survey.reading.damaged import match_codes
from survey.reading.decide import believe_match, objection_to_page
from survey.reading.identify import CodeBook, CoverSheet, Identity, identify
from survey.reading.measure import BlankBoxes, measure, prepare_boxes
from survey.reading.network import load_weights
from survey.reading.register import (
    FINE_DPI,
    BlankPage,
    CoarseFit,
    Page,
    PreparedScan,
    fit_coarsely,
    prepare_blank,
    prepare_scan,
    register,
)
from survey.reading.scan import PageImage, PageRef, Reason, ScannedPage, Unread, open_page, walk_pages

VERSION = 2


@dataclass(frozen=True)
class Blank:
    """A questionnaire's blank pages, prepared, with their boxes."""

    questionnaire: Questionnaire
    pages: dict[int, BlankPage]
    boxes: dict[int, BlankBoxes]


@dataclass(frozen=True)
class Catalogue:
    """Everything a page may turn out to be."""

    book: CodeBook
    blanks: dict[str, Blank]


@dataclass(frozen=True)
class Reading:
    """What was read of one page: who it is, how well it fits, and the numbers of its boxes."""

    ref: PageRef
    digest: str
    questionnaire: str = ""
    page: int = 0
    serial: str = ""
    matched: bool = False
    """The serial was not decoded, but matched against the issued ones."""
    cover: CoverSheet | None = None
    problem: Reason | None = None
    score: float = float("nan")
    runner_up: float = float("nan")
    fit_mm: float = float("nan")
    measurements: pd.DataFrame | None = None
    crops: NDArray[np.uint8] | None = None
    corners_px: NDArray[np.float32] | None = None
    """Where the outline of each row of `measurements` lies on the scan, shape (n, 4, 2)."""


def prepare(questionnaire: Questionnaire) -> Blank:
    """Render and prepare every page of a questionnaire's blank."""
    if questionnaire.blank is None:
        return Blank(questionnaire, {}, {})
    sizes = pdf.page_sizes_mm(questionnaire.blank)
    pages, boxes = {}, {}
    for number, size in enumerate(sizes, start=1):
        grey = pdf.render_finely(questionnaire.blank, number, FINE_DPI)
        pages[number] = prepare_blank(questionnaire.id, number, grey, size)
        boxes[number] = prepare_boxes(number, grey, questionnaire.boxes, questionnaire.handwritten())
    return Blank(questionnaire, pages, boxes)


def read_pages(path: Path, scan: str, wanted: frozenset[int], catalogue: Catalogue) -> Iterator[Reading]:
    """Read the wanted pages of one file (numbers from 1)."""
    for page in walk_pages(path, scan):
        if page.ref.page not in wanted and page.ref.page != 0:
            continue
        image = open_page(page) if isinstance(page, ScannedPage) else page
        yield _unread(image) if isinstance(image, Unread) else read_page(image, catalogue)


def _unread(page: Unread) -> Reading:
    return Reading(page.ref, page.digest, problem=page.reason)


def read_page(image: PageImage, catalogue: Catalogue) -> Reading:
    """Identify, register and measure one page."""
    identity = identify(image, catalogue.book)
    if identity.cover:
        return Reading(image.ref, image.digest, cover=identity.cover)
    if identity.problem not in {None, Reason.NOT_ISSUED}:
        return Reading(image.ref, image.digest, problem=identity.problem)
    candidates = _candidates(identity, catalogue)
    if not candidates:
        return Reading(image.ref, image.digest, problem=Reason.NOT_OURS)
    scan = prepare_scan(image, candidates[0].size_mm)
    fits = sorted(
        ((fit_coarsely(scan, blank), blank) for blank in candidates), key=lambda pair: -pair[0].score
    )
    best, blank = fits[0]
    runner_up = fits[1][0].score if len(fits) > 1 else 0.0
    limits = catalogue.blanks[blank.questionnaire].questionnaire.schema.reading.thresholds
    problem = objection_to_page(best.score, runner_up, limits) or identity.problem
    if problem in {Reason.NOT_OURS, Reason.AMBIGUOUS}:
        reason = Reason.MISREGISTERED if identity.page else problem
        return Reading(
            image.ref,
            image.digest,
            identity.questionnaire,
            identity.page,
            identity.serial,
            problem=reason,
            score=best.score,
            runner_up=runner_up,
        )
    return _measured(image, scan, best, blank, catalogue, identity, runner_up, problem)


def _candidates(identity: Identity, catalogue: Catalogue) -> list[BlankPage]:
    blanks = catalogue.blanks
    if identity.questionnaire:
        pages = blanks[identity.questionnaire].pages
        return [pages[identity.page]] if identity.page in pages else list(pages.values())
    return [page for blank in blanks.values() for page in blank.pages.values()]


def _measured(
    image: PageImage, scan: PreparedScan, fit: CoarseFit, blank: BlankPage, catalogue: Catalogue,
    identity: Identity, runner_up: float, problem: Reason | None,
) -> Reading:  # fmt: skip
    page = register(scan, blank, fit)
    boxes = catalogue.blanks[blank.questionnaire].boxes[blank.page]
    measured = measure(page, scan, boxes, load_weights())
    matched = "" if identity.serial else _match_serial(page, scan, catalogue.blanks[blank.questionnaire])
    return Reading(
        image.ref,
        image.digest,
        blank.questionnaire,
        blank.page,
        identity.serial or matched,
        bool(matched),
        problem=problem,
        score=fit.score,
        runner_up=runner_up,
        fit_mm=page.fit_mm,
        measurements=measured.table,
        crops=np.round(measured.crops * 255).astype(np.uint8),
        corners_px=measured.corners_px,
    )


def _match_serial(page: Page, scan: PreparedScan, blank: Blank) -> str:
    """Return the issued serial whose code fits the strips of a page that could not be decoded, or ""."""
    schema, issued = blank.questionnaire.schema, sorted(blank.questionnaire.issued)
    if not schema.code:
        return ""
    texts = [PrintedCode(serial, schema.code, schema.version, page.blank.page).text for serial in issued]
    match = match_codes(page, scan, texts)
    return (
        issued[texts.index(match.text)] if match and believe_match(match, schema.reading.thresholds) else ""
    )
