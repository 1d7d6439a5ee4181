"""A file's pages -> readings: each page identified, registered and measured, or Unread with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from survey.doors import pdf
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.printed_code import PrintedCode
from survey.reading.damaged import match_codes
from survey.reading.decide import believe_match, objection_to_page
from survey.reading.identify import CodeBook, CoverSheet, Identity, identify
from survey.reading.look import look_at, thumbnail
from survey.reading.measure import BlankBoxes, Measured, measure, prepare_boxes
from survey.reading.network import load_weights
from survey.reading.numbers import Numbers
from survey.reading.prepare import FINE_DPI, BlankPage, PreparedScan, prepare_blank, prepare_scan
from survey.reading.register import CoarseFit, Page, fit_coarsely, lead_over, register
from survey.reading.scan import PageImage, PageRef, Reason, ScannedPage, Unread, open_page, walk_pages

VERSION = 4
SIBLING_SHARE = 0.8  # of the best score: pages of one layout, to be told apart by what they print differently


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
    numbers: Numbers | None = None
    crops: NDArray[np.uint8] | None = None
    corners_px: NDArray[np.float32] | None = None
    """Where the outline of each row of `numbers` lies on the scan, shape (n, 4, 2)."""
    bilevel: bool = False
    """The image has black and white only."""
    streak: float = float("nan")
    """Where a streak runs down it, share of its width; NaN without one."""
    thumbnail: bytes = b""
    """A small JPEG of a page that a person may have to look at."""


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
        yield _unread(image) if isinstance(image, Unread) else _look(image, read_page(image, catalogue))


def _unread(page: Unread) -> Reading:
    small = b"" if page.grey is None else thumbnail(page.grey)
    return Reading(page.ref, page.digest, problem=page.reason, thumbnail=small)


def _look(image: PageImage, reading: Reading) -> Reading:
    """Add what tells of the scanner, and a thumbnail where the page's place may be asked for."""
    seen = look_at(image.grey)
    is_settled = reading.problem is None and (reading.serial or reading.cover)
    small = b"" if is_settled else thumbnail(image.grey)
    return replace(reading, bilevel=seen.bilevel, streak=seen.streak, thumbnail=small)


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
    found = find_blank(scan, candidates)
    limits = catalogue.blanks[found.blank.questionnaire].questionnaire.schema.reading.thresholds
    problem = objection_to_page(found.fit.score, found.runner_up, found.lead, limits)
    if problem:
        return Reading(
            image.ref,
            image.digest,
            identity.questionnaire,
            identity.page,
            identity.serial,
            problem=Reason.MISREGISTERED if identity.page else problem,
            score=found.fit.score,
            runner_up=found.runner_up,
        )
    return _measured(image, scan, found, catalogue, identity)


@dataclass(frozen=True)
class Found:
    """The blank page that fits a scan best, and how far it is ahead of all others."""

    blank: BlankPage
    fit: CoarseFit
    runner_up: float
    """Score of the next best page."""
    lead: float
    """How much better the scan agrees with it than with any sibling, where these differ (-2 to 2)."""


def find_blank(scan: PreparedScan, candidates: list[BlankPage]) -> Found:
    """Find the page a scan shows: by score, and among siblings of one layout by what they print differently."""
    fits = [(fit_coarsely(scan, blank), blank) for blank in candidates]
    fits.sort(key=lambda pair: -pair[0].score)
    if fits[0][0].score == 0:
        return Found(fits[0][1], fits[0][0], 0.0, 0.0)
    siblings = [pair for pair in fits if pair[0].score >= SIBLING_SHARE * fits[0][0].score]
    best, blank = siblings[0]
    for fit, other in siblings[1:]:
        if lead_over(scan, other, blank, best) > 0:
            best, blank = fit, other
    others = [other for _, other in siblings if other is not blank]
    scores = [fit.score for fit, other in fits if other is not blank]
    lead = min((lead_over(scan, blank, other, best) for other in others), default=2.0)
    return Found(blank, best, max(scores, default=0.0), lead)


def _candidates(identity: Identity, catalogue: Catalogue) -> list[BlankPage]:
    blanks = catalogue.blanks
    if identity.questionnaire:
        pages = blanks[identity.questionnaire].pages
        return [pages[identity.page]] if identity.page in pages else list(pages.values())
    return [page for blank in blanks.values() for page in blank.pages.values()]


def _measured(
    image: PageImage, scan: PreparedScan, found: Found, catalogue: Catalogue, identity: Identity
) -> Reading:
    blank = found.blank
    page, measured = lay_and_measure(
        scan, blank, catalogue.blanks[blank.questionnaire].boxes[blank.page], found.fit
    )
    matched = "" if identity.serial else _match_serial(page, scan, catalogue.blanks[blank.questionnaire])
    return Reading(
        image.ref,
        image.digest,
        blank.questionnaire,
        blank.page,
        identity.serial or matched,
        bool(matched),
        problem=identity.problem,
        score=found.fit.score,
        runner_up=found.runner_up,
        fit_mm=page.fit_mm,
        numbers=measured.numbers,
        crops=np.round(measured.crops * 255).astype(np.uint8),
        corners_px=measured.corners_px,
    )


def lay_and_measure(
    scan: PreparedScan, blank: BlankPage, boxes: BlankBoxes, fit: CoarseFit
) -> tuple[Page, Measured]:
    """Lay a scan on its blank and measure its boxes; where a quick fit does not settle every box, at 150 dpi again."""
    page = register(scan, blank, fit)
    measured = measure(page, scan, boxes, load_weights())
    if fit.quick is None or measured.is_settled:
        return page, measured
    page = register(scan, blank, replace(fit, quick=None))
    return page, measure(page, scan, boxes, load_weights())


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
