"""One case that comes back -> its pages as they lie in the batch: filled in, folded, scanned, with the truth."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from survey.doors.pdf_images import PageStream, encode_g4, encode_jpeg
from survey.questionnaire.model import Questionnaire
from survey.simulate.filling import Hand, Trace, boxes_of_page, fill_page
from survey.simulate.habits import Habit, draw_habit
from survey.simulate.households import Household, answer, load_rates
from survey.simulate.ink import draw_pen
from survey.simulate.paper import MM_PER_INCH, Handling, scan, visible_mm2
from survey.simulate.printing import empty_page, foreign_page, print_page
from survey.simulate.profile import Profile, Scanner, Sheet, draw_handling, override

Rng = np.random.Generator

VISIBLE_MM2 = 0.12  # a faint mark that adds less black than this to a 1-bit scan is lost: nobody can see it
NO_PEN = {"notes": 0.0, "slips": 0.0}  # what a blank return has none of, either
OTHER_PEN = 0.04  # sheets filled in with another pen than the person's own


@dataclass(frozen=True)
class Return:
    """One case that comes back: where it is scanned and how."""

    case: str
    stratum: str
    number: int
    """Its place among the issued cases; with the seed it fixes everything random about the case."""
    scan: str
    scanner: Scanner
    sheets: tuple[Sheet, ...]
    faint: bool
    """The person writes with a hard pencil, lightly."""
    out_of_order: bool
    foreign: bool
    """A page that is none of ours came in the same envelope."""
    blank: bool = False
    """The person marked and wrote nothing."""


@dataclass(frozen=True)
class DonePage:
    """One page of a batch: its image as a stream and the truth about it."""

    stream: PageStream
    case: str
    questionnaire_page: int
    what: str
    handling: Handling
    pen: str
    traces: tuple[Trace, ...] = ()


def sheets_of(questionnaire: Questionnaire) -> list[list[int]]:
    """Return the pages on each sheet, printed on both sides."""
    last = max(questionnaire.pages, default=1)
    return [[page for page in (front, front + 1) if page <= last] for front in range(1, last + 1, 2)]


@dataclass(frozen=True)
class _Desk:
    """What all pages of one return have in common."""

    questionnaire: Questionnaire
    entry: Return
    household: Household
    profile: Profile
    rng: Rng

    def happens(self, share: float) -> bool:
        return bool(self.rng.random() < share)


def fill_and_scan(questionnaire: Questionnaire, entry: Return, seed: int, profile: Profile) -> list[DonePage]:
    """Return all pages of one case as they lie in the batch."""
    rng = np.random.default_rng([seed, 3, entry.number])
    if entry.blank:
        household = Household(entry.case, entry.stratum, {}, {}, {})
        return fill_and_scan_as(questionnaire, entry, household, override(profile, NO_PEN), rng)
    household = answer(questionnaire, entry.case, entry.stratum, profile, load_rates(questionnaire.id), rng)
    return fill_and_scan_as(questionnaire, entry, household, profile, rng)


def fill_and_scan_as(
    questionnaire: Questionnaire, entry: Return, household: Household, profile: Profile, rng: Rng
) -> list[DonePage]:
    """Return all pages of one case whose answers are given, as they lie in the batch."""
    desk = _Desk(questionnaire, entry, household, profile, rng)
    habit = draw_habit(rng, faint=entry.faint)
    done: list[DonePage] = []
    for sheet, pages in _in_some_order(desk):
        if sheet.fate == "missing":
            continue
        other = desk.happens(OTHER_PEN) and not entry.faint
        hand = replace(habit, pen=draw_pen(rng)) if other else habit
        twice = pages[int(rng.integers(len(pages)))] if sheet.fate == "duplicate" else 0
        for page in pages:
            done += _fill_and_scan_page(desk, hand, sheet, page, times=2 if page == twice else 1)
        if sheet.fate == "blank back":
            done.append(_scan_none_of_ours(desk, sheet, "blank back"))
    if entry.foreign:
        done.append(_scan_none_of_ours(desk, entry.sheets[0], "foreign"))
    return done


def _in_some_order(desk: _Desk) -> list[tuple[Sheet, list[int]]]:
    sheets = list(zip(desk.entry.sheets, sheets_of(desk.questionnaire), strict=True))
    if desk.entry.out_of_order:
        return [sheets[place] for place in desk.rng.permutation(len(sheets))]
    return sheets


def _fill_and_scan_page(desk: _Desk, habit: Habit, sheet: Sheet, page: int, *, times: int) -> list[DonePage]:
    """Fill in one page and scan it once or more."""
    questionnaire, rng = desk.questionnaire, desk.rng
    printed = print_page(questionnaire, page, desk.entry.case, sheet.dpi)
    ink = np.zeros(printed.shape, np.float32)
    hand = Hand(ink, sheet.dpi / MM_PER_INCH, habit, desk.profile, rng)
    traces = fill_page(hand, questionnaire, page, desk.household)
    other_side = page + 1 if page % 2 else page - 1
    done = []
    for what in ["page", "duplicate"][:times]:
        handling = draw_handling(desk.profile, desk.entry.scanner, sheet, questionnaire.paper_mm[1], rng)
        shines = handling.show_through > 0 and other_side in questionnaire.pages
        back = print_page(questionnaire, other_side, desk.entry.case, sheet.dpi) if shines else None
        same, nothing = deepcopy(rng), np.zeros_like(ink)
        image = scan(printed, ink, habit.pen.colour, handling, rng, back=back)
        seen = tuple(traces)
        if handling.mode == "1-bit" and habit.pen.faint:
            unmarked = scan(printed, nothing, habit.pen.colour, handling, same, back=back)
            seen = _note_lost(desk, traces, page, handling, image < unmarked)
        stream = _encode(image, handling)
        done.append(DonePage(stream, desk.entry.case, page, what, handling, habit.pen.kind, seen))
    return done


def _note_lost(
    desk: _Desk, traces: list[Trace], page: int, handling: Handling, added: NDArray[np.bool_]
) -> tuple[Trace, ...]:
    """Note marks of which a 1-bit scan shows next to nothing; `added` is what it shows of all ink."""
    paper = desk.questionnaire.paper_mm
    return tuple(
        replace(trace, note=f"{trace.note}, lost")
        if trace.intended and visible_mm2(added, box.place_mm, handling, paper) < VISIBLE_MM2
        else trace
        for trace, box in zip(traces, boxes_of_page(desk.questionnaire, page), strict=True)
    )


def _scan_none_of_ours(desk: _Desk, sheet: Sheet, what: str) -> DonePage:
    """Scan an empty back, or a page that came in the same envelope."""
    paper = desk.questionnaire.paper_mm
    printed = foreign_page(paper, sheet.dpi, desk.rng) if what == "foreign" else empty_page(paper, sheet.dpi)
    handling = draw_handling(desk.profile, desk.entry.scanner, sheet, paper[1], desk.rng)
    image = scan(printed, np.zeros(printed.shape, np.float32), "grey", handling, desk.rng)
    return DonePage(_encode(image, handling), "", 0, what, handling, "")


def _encode(image: NDArray[np.uint8], handling: Handling) -> PageStream:
    if handling.mode == "1-bit":
        return encode_g4(image, handling.dpi)
    return encode_jpeg(image, handling.dpi, handling.jpeg_quality)
