"""One page -> its reading: identified, registered and measured, or a reason why not."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.doors import pdf
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.printed_code import PrintedCode
from survey.reading.believe import believe_match, objection_to_page
from survey.reading.blank_boxes import BlankBoxes, prepare_boxes
from survey.reading.damaged import match_codes
from survey.reading.decide import need_a_picture
from survey.reading.identify import CodeBook, CoverSheet, Identity, identify
from survey.reading.look import find_streaks, is_bilevel, thumbnail
from survey.reading.measure import Measured, measure
from survey.reading.network import load_weights
from survey.reading.numbers import Numbers
from survey.reading.prepare import FINE_DPI, BlankPage, PreparedScan, prepare_blank, prepare_scan, soften
from survey.reading.reasons import Reason
from survey.reading.register import (
    CoarseFit,
    Page,
    Registration,
    fit_coarsely,
    fit_there,
    glance_at,
    is_sure,
    lay_again,
    lay_softly,
    lead_over,
    pack_registration,
    register,
    to_pixels,
)
from survey.reading.scan import PageImage, PageRef, is_printed_beside
from survey.reading.strips import Place, cut_strip, place_of
from survey.reading.told import Told

VERSION = 8
DRAWN_ALIKE = 0.02  # of a blank's print, dots of 75 dpi that a picture of it may show otherwise: JPEG does
OTHERWISE = 0.15  # darkness, blurred, by which it does, and from which there is print
SHAPE_PX = 4  # by which two such pictures of one page may differ in width or height
EVEN_PAPER = 0.5  # of a picture, that is one and the same shade where a program drew it: scanners show noise
SIBLING_SHARE = 0.8  # of the best score: pages of one layout, to be told apart by what they print differently


@dataclass(frozen=True)
class Blank:
    """A questionnaire's blank pages, prepared, with their boxes."""

    questionnaire: Questionnaire
    pages: dict[int, BlankPage]
    boxes: dict[int, BlankBoxes]
    places: dict[int, dict[str, Place]] = field(default_factory=dict)
    """Page -> item -> the part of the page that is shown to a person who is asked about it."""

    @cached_property
    def digests(self) -> frozenset[str]:
        """What tells the pages of its file, were they among the scans."""
        assert self.questionnaire.blank is not None, "without one no page is laid on it"
        pages = (page for _, page in pdf.embedded_pages(self.questionnaire.blank))
        return frozenset(page.digest for page in pages if isinstance(page, pdf.EmbeddedPage))

    @cached_property
    def item_of(self) -> dict[str, str]:
        """Box -> the item it belongs to; the rows of a matrix are one item."""
        whole = {asked.id: asked.item.id for asked in self.questionnaire.asked()}
        boxes = self.questionnaire.boxes
        return {box: whole[item] for box, item in zip(boxes["box"], boxes["item"], strict=True)}


@dataclass(frozen=True)
class Catalogue:
    """Everything a page may turn out to be."""

    book: CodeBook
    blanks: dict[str, Blank]
    told: Mapping[str, Told] = field(default_factory=dict)
    """What people said of single pages, by digest."""
    decided: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Of which boxes and items of a page, by digest, people decided something."""

    @cached_property
    def papers_mm(self) -> frozenset[tuple[float, float]]:
        """Width and height of every page."""
        return frozenset(page.size_mm for blank in self.blanks.values() for page in blank.pages.values())


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
    another: bool = False
    """The image shows another printed sheet beside it."""
    cut: float = float("nan")
    """Where the spread that it is a half of was cut, share of its width or height."""
    outline_px: NDArray[np.float32] | None = None
    """Where its corners lie on the scan, shape (4, 2), where it was laid on its blank."""
    unfilled: bool = False
    """It is the blank, or a program drew it, and nothing is filled in: no return, unless somebody sent it back so."""
    thumbnail: bytes = b""
    """A small JPEG of a page that a person may have to look at."""
    strips: Mapping[str, bytes] = field(default_factory=dict)
    """Item -> JPEG of its part of the page, where a person may be asked about it."""
    hint: str = ""
    """What a person had said of the page."""
    laid: NDArray[np.float64] | None = None
    """Its registration, packed."""


def prepare(questionnaire: Questionnaire, wanted: Container[int] | None = None) -> Blank:
    """Render and prepare the pages of a questionnaire's blank, or the wanted ones of them."""
    if questionnaire.blank is None:
        return Blank(questionnaire, {}, {})
    sizes = pdf.page_sizes_mm(questionnaire.blank)
    pages, boxes, places = {}, {}, {}
    for number, size in enumerate(sizes, start=1):
        if wanted is not None and number not in wanted:
            continue
        grey = pdf.render_finely(questionnaire.blank, number, FINE_DPI)
        pages[number] = prepare_blank(questionnaire.id, number, grey, size)
        boxes[number] = prepare_boxes(number, grey, questionnaire.boxes, questionnaire.handwritten())
        places[number] = places_of_items(questionnaire, number)
    return Blank(questionnaire, pages, boxes, places)


def places_of_items(questionnaire: Questionnaire, page: int) -> dict[str, Place]:
    """Tell for every item on a page which part of it shows that item; the rows of a matrix share one."""
    here = questionnaire.boxes[questionnaire.boxes["page"] == page]
    whole = {asked.id: asked.item.id for asked in questionnaire.asked()}
    together = here.assign(item=here["item"].map(whole))
    names = {item: frozenset(group["box"]) for item, group in together.groupby("item")}
    return {str(item): place_of(together, boxes, questionnaire.paper_mm) for item, boxes in names.items()}


def turn(image: PageImage, quarters: int) -> PageImage:
    """Turn a page clockwise as a person said; `finer` would still be as it was scanned."""
    if not quarters:
        return image
    return replace(image, grey=np.ascontiguousarray(np.rot90(image.grey, -quarters)), finer=None)


def look(image: PageImage, reading: Reading) -> Reading:
    """Add what tells of the scanner, where nothing was measured, and a thumbnail where its place may be asked for."""
    if reading.numbers is None:
        reading = replace(reading, bilevel=is_bilevel(image.grey), streak=find_streaks(image.grey).share)
    is_settled = reading.problem is None and (reading.serial or reading.cover)
    small = b"" if is_settled else thumbnail(image.grey)
    return replace(reading, thumbnail=small)


def read_page(
    image: PageImage, catalogue: Catalogue, told: Told | None = None, coded: PageImage | None = None
) -> Reading:
    """Identify, register and measure one page; where a person said which it is, its codes are not asked.

    They are looked for on `coded`, where the image shows more than the page.
    """
    if told and told.questionnaire in catalogue.blanks:
        return read_as(image, catalogue, Identity(told.questionnaire, told.page, told.serial))
    return read_as(image, catalogue, identify(coded or image, catalogue.book))


def read_as(image: PageImage, catalogue: Catalogue, identity: Identity) -> Reading:
    """Register and measure one page of which its codes, or a person, said this."""
    if identity.cover:
        return Reading(image.ref, image.digest, cover=identity.cover)
    if identity.problem not in {None, Reason.NOT_ISSUED}:
        return Reading(image.ref, image.digest, problem=identity.problem)
    candidates = _candidates(identity, catalogue)
    if not candidates:
        return Reading(image.ref, image.digest, problem=Reason.NOT_OURS)
    paper_mm = candidates[0].size_mm
    scan = prepare_scan(image, paper_mm)
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
    return _measured(scan, found, paper_mm, catalogue, identity)


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
    fits = _fits(scan, candidates)
    fits.sort(key=lambda pair: -pair[0].score)
    if fits[0][0].score == 0:
        return Found(fits[0][1], fits[0][0], 0.0, 0.0)
    siblings = [pair for pair in fits if pair[0].score >= SIBLING_SHARE * fits[0][0].score]
    best, blank, lead = _told_apart(scan, siblings) if len(siblings) > 1 else (*siblings[0], 2.0)
    scores = [fit.score for fit, other in fits if other is not blank]
    return Found(blank, best, max(scores, default=0.0), lead)


def _told_apart(
    scan: PreparedScan, siblings: list[tuple[CoarseFit, BlankPage]]
) -> tuple[CoarseFit, BlankPage, float]:
    """Tell pages of one layout apart, best fit first, by what they print differently; and the lead of the right one."""
    best, blank = siblings[0]
    laid = lay_softly(scan, blank, best)
    for fit, other in siblings[1:]:
        if lead_over(laid, other, blank) > 0:
            best, blank = fit, other
            laid = lay_softly(scan, blank, best)
    return best, blank, min(lead_over(laid, blank, other) for _, other in siblings if other is not blank)


def _fits(scan: PreparedScan, candidates: list[BlankPage]) -> list[tuple[CoarseFit, BlankPage]]:
    """Lay a scan on every candidate, the likeliest first; once one surely lies, the others are looked for there."""
    ordered = list(candidates)
    if len(ordered) > 1:
        ordered.sort(key=lambda one: -glance_at(scan, one).likeness)
    fits: list[tuple[CoarseFit, BlankPage]] = []
    for at, blank in enumerate(ordered, start=1):
        fits.append((fit_coarsely(scan, blank), blank))
        if is_sure(fits[-1][0]):
            return fits + [(fit_there(scan, other, fits[-1][0]), other) for other in ordered[at:]]
    return fits


def _candidates(identity: Identity, catalogue: Catalogue) -> list[BlankPage]:
    blanks = catalogue.blanks
    if identity.questionnaire:
        pages = blanks[identity.questionnaire].pages
        return [pages[identity.page]] if identity.page in pages else list(pages.values())
    return [page for blank in blanks.values() for page in blank.pages.values()]


def _measured(
    scan: PreparedScan, found: Found, paper_mm: tuple[float, float], catalogue: Catalogue, identity: Identity
) -> Reading:
    image = scan.image
    blank, whole = found.blank, catalogue.blanks[found.blank.questionnaire]
    page, measured, laid = lay_and_measure(
        scan, blank, whole.boxes[blank.page], Registration(found.fit, paper_mm)
    )
    matched = "" if identity.serial else _match_serial(page, scan, whole)
    known = Reading(
        image.ref,
        image.digest,
        blank.questionnaire,
        blank.page,
        identity.serial or matched,
        bool(matched),
        problem=identity.problem,
        score=found.fit.score,
        runner_up=found.runner_up,
    )
    return with_numbers(known, scan, whole, page, measured, laid)


def with_numbers(
    known: Reading, scan: PreparedScan, blank: Blank, page: Page, measured: Measured, laid: Registration
) -> Reading:
    """Add to what is known of a page how it lies, and what was measured."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    outline = to_pixels(page, corners * page.blank.size_mm)
    return replace(
        known,
        fit_mm=page.fit_mm,
        numbers=measured.numbers,
        crops=np.round(measured.crops * 255).astype(np.uint8),
        corners_px=measured.corners_px,
        bilevel=measured.numbers.bilevel,
        streak=scan.streaks.share,
        another=is_printed_beside(scan.image.grey, outline),
        outline_px=outline,
        unfilled=not measured.shows_ink and _may_be_blank(scan, page.blank, blank),
        strips=cut_strips(scan, measured, blank, page.blank.page),
        laid=pack_registration(laid),
    )


def _may_be_blank(scan: PreparedScan, page: BlankPage, blank: Blank) -> bool:
    """Whether a page is none that a scanner made, or is the very picture that the blank is, or another one of it."""
    image = scan.image
    return image.is_born_digital or image.digest in blank.digests or is_picture_of(scan, page)


def is_picture_of(scan: PreparedScan, page: BlankPage) -> bool:
    """Whether a program drew the page as this picture: on even paper it shows the same in the same places."""
    shades = np.bincount(scan.image.grey.ravel(), minlength=256)
    if shades.max() < EVEN_PAPER * shades.sum():
        return False
    shown, printed = soften(scan.coarse), page.soft
    if np.abs(np.subtract(shown.shape, printed.shape)).max() > SHAPE_PX:
        return False
    shown = cv2.resize(shown, printed.shape[::-1])
    other = np.abs(shown - printed) > OTHERWISE
    return bool(other.sum() <= DRAWN_ALIKE * (printed > OTHERWISE).sum())


def lay_and_measure(
    scan: PreparedScan, blank: BlankPage, boxes: BlankBoxes, start: Registration
) -> tuple[Page, Measured, Registration]:
    """Lay a scan on its blank and measure its boxes; where a quick fit does not settle every box, at 150 dpi again.

    What `start` has from 150 dpi is not looked for again. Returns what was found beside page and numbers.
    """
    if start.coarse.quick is not None:
        page = register(scan, blank, start.coarse)
        measured = measure(page, scan, boxes, load_weights())
        if measured.is_settled:
            return page, measured, start
    if start.field is not None:
        page = lay_again(scan, blank, start)
    else:
        page = register(scan, blank, replace(start.coarse, quick=None))
    found = replace(start, homography=page.homography, field=page.field, fit_mm=page.fit_mm)
    return page, measure(page, scan, boxes, load_weights()), found


def outlines_on_scan(
    image: PageImage, laid: Registration, blank: BlankPage, outlines_mm: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return where outlines of the blank, mm, shape (n, 4, 2), lie on a scan that was registered, px."""
    scan = prepare_scan(image, laid.paper_mm)
    page = lay_again(scan, blank, laid) if laid.field is not None else register(scan, blank, laid.coarse)
    return to_pixels(page, outlines_mm.reshape(-1, 2)).reshape(outlines_mm.shape)


def cut_strips(scan: PreparedScan, measured: Measured, blank: Blank, page: int) -> dict[str, bytes]:
    """Cut a strip of every item a person may be asked about, or has to read."""
    boxes = blank.boxes[page]
    numbers = {**measured.numbers.values, "inside": measured.numbers.inside, "area_mm2": boxes.areas_mm2}
    is_field = np.arange(len(boxes.names)) >= len(boxes.boxes)
    limits = blank.questionnaire.schema.reading.thresholds
    wanted = np.flatnonzero(need_a_picture(numbers, limits, is_field))
    if not len(wanted):
        return {}
    corners = shrunk(measured.corners_px, scan.fine_scale)
    items = sorted({blank.item_of[boxes.names[box]] for box in wanted})
    return {
        item: cut_strip(scan.grey, blank.places[page][item], boxes.all_outlines_mm, corners) for item in items
    }


def shrunk(corners_px: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    """Map px of a scan to px of the scan shrunk to a part of its size, centre to centre."""
    return ((corners_px + 0.5) / scale - 0.5).astype(np.float32)


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
