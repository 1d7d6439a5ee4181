"""PAGES, the ledger and counted marks -> what seems to be wrong with whole batches, in plain words.

The thresholds here judge how a batch was scanned; no mark depends on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, product
from operator import attrgetter
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from survey.reading.assemble import Issue, place_in_pile, sides_of
from survey.reading.piles import orders_in
from survey.reading.spreads import HALVES
from survey.tables import ALARMS

LEAST_PAGES = 4  # fewer pages of a batch prove no habit of the scanner
STREAK_PAGES = 0.8  # share of the fronts, or of the backs, that show the same streak
STREAK_APART = 0.01  # share of the width within which two pages' streaks are the same: 2 mm of A4
COMPLETE_CASES = (
    0.8  # share of a batch's cases that must be whole before a missing sheet is called double fed
)
UNSURE_SHARE = 0.15  # unsure marks for each certain one; simulated ordinary 1-bit scans stay under half of it
LEAST_UNSURE = 8  # marks
LETTERED_SHARE = 0.5  # boxes full of print; of answer sheets all are

ONE_SIDE = "every page is a {}: was the batch scanned on one side only? Scan it again on both sides"
STREAK = "a streak runs down {} pages, {:.0%} of the width from the left{}: clean the scanner's glass"
DOUBLE_FEED = (
    "two sheets may have gone through together: pages {} of case {} are missing behind {}: scan it again"
)
ANOTHER = "in {} pictures another printed page lies beside the one that was read: scan it by itself, or cut them in two"
BLANKS = "nothing is filled in on {}, and no scanner made {}: the blank, or the printer's file? Take it out"
OTHER_ORDER = (
    "its pages have no serials and were taken to come in the order {}, as the pile's ends tell: is it so?"
)
NO_ORDER = (
    "its pages have no serials, and the pile does not tell which are one case's: sort it, and scan it again"
)
LONE_PAGES = (
    "this file and {} others hold one picture each, and no serial tells whose: each was taken for a case of its own. "
    "Scan the whole batch into one file"
)
FAINT = "black and white only, and {} of {} marks are too faint to be sure of: scan in grey, which keeps faint strokes"
LETTERED = (
    "black and white only, and {} of {} boxes have print inside: pencil there may be lost, scan in grey"
)

Row = Any
"""A row of PAGES or LEDGER, with its columns' names."""


def find_alarms(
    pages: pd.DataFrame, ledger: pd.DataFrame, tally: pd.DataFrame, issues: Mapping[str, Issue]
) -> pd.DataFrame:
    """Look for what the scanner did to whole batches; returns ALARMS in the order of batches.

    `tally` counts, by page digest, boxes that are `marked` for certain, those that are `unsure`, those `full` of print,
    and all `boxes`.
    """
    placed = _by(_rows(ledger), "scan")
    read = [row for batch in placed.values() for row in batch if row.place == "read"]
    read_of_batch, read_of_case = _by(read, "scan"), _by(read, "questionnaire", "case")
    pages_of = {case: {row.questionnaire_page for row in own} for case, own in read_of_case.items()}
    counts = dict(zip(tally.index, _rows(tally), strict=True))
    rows: list[tuple[str, str, str]] = []
    batches = _by(_rows(pages.sort_values(["scan", "page", "half"])), "scan")
    lone = dict(_lone_pages(batches, issues))
    for scan, batch in batches.items():
        found = [
            *(("one side", text) for text in _one_side(batch, issues)),
            *(("streak", text) for text in _streaks(batch)),
            *(("double feed", text) for text in _double_feeds(read_of_batch.get(scan, []), pages_of, issues)),
            *_faint_marks(batch, counts),
            *(("another sheet", text) for text in _other_sheets(batch)),
            *(("blanks", text) for text in _blanks(batch)),
            *(("order", text) for text in _orders(placed.get(scan, []), issues)),
            *(("lone pages", text) for first, text in lone.items() if first == scan),
        ]
        rows += [(scan, kind, f"{scan}: {text}") for kind, text in found]
    return ALARMS.frame(rows)


def _rows(table: pd.DataFrame) -> list[Row]:
    """Rows of a table with their columns' names: batches have few rows, which pandas takes long for."""
    return list(table.astype(object).itertuples(index=False))


def _by(rows: Iterable[Row], *columns: str) -> dict[Any, list[Row]]:
    """Rows by what stands in a column, or in several, in that order."""
    told = attrgetter(*columns)
    return {key: list(own) for key, own in groupby(sorted(rows, key=told), key=told)}


def _one_side(batch: list[Row], issues: Mapping[str, Issue]) -> Iterator[str]:
    known = sides_of(batch, issues)
    for name in sorted({row.questionnaire for row, _ in known}):
        sides = {page % 2 for page in issues[name].pages} if name in issues else set()
        own = [is_on_back for row, is_on_back in known if row.questionnaire == name]
        seen = set(own)
        if len(own) >= LEAST_PAGES and len(sides) == 2 and len(seen) == 1:
            yield ONE_SIDE.format("back" if seen == {True} else "front")


def _streaks(batch: list[Row]) -> Iterator[str]:
    """A scanner has a glass for each side: look for one streak on all fronts, or all backs; of spreads by halves."""
    told: list[tuple[int, float]] = []
    for side, half in product((1, 0), sorted({row.half for row in batch})):
        of_side = [row.streak for row in batch if row.page % 2 == side and row.page > 0 and row.half == half]
        at = [streak for streak in of_side if not np.isnan(streak)]
        if len(of_side) < LEAST_PAGES or not at:
            continue
        place = median(at)
        is_new = all(other_half != half or abs(place - other) >= STREAK_APART for other_half, other in told)
        if _near(place, at) >= STREAK_PAGES * len(of_side) and is_new:
            told.append((half, place))
            everywhere = _near(place, [row.streak for row in batch if row.half == half])
            where = f" of the {HALVES[half]} half" if half else ""
            yield STREAK.format(f"{everywhere} of {len(batch)}", place, where)


def _near(place: float, streaks: Iterable[float]) -> int:
    return sum(abs(streak - place) < STREAK_APART for streak in streaks)


def _double_feeds(
    batch: list[Row], pages_of: Mapping[tuple[str, str], set[int]], issues: Mapping[str, Issue]
) -> Iterator[str]:
    """Name sheets of which both pages are missing between pages of their own case, where other cases are whole.

    `batch` are the pages of a batch that were read; `pages_of` has all pages of each questionnaire and case.
    """
    for name, here in _by(batch, "questionnaire").items():
        cases = _by(here, "case") if name in issues else {}
        absent = {case: set(issues[name].pages) - pages_of[name, case] for case in cases}
        if sum(not pages for pages in absent.values()) < COMPLETE_CASES * len(cases):
            continue
        for case, missing in absent.items():
            for front in [page for page in sorted(missing) if page % 2 and page + 1 in missing]:
                before = [row for row in cases[case] if row.questionnaire_page < front]
                if before and any(row.questionnaire_page > front + 1 for row in cases[case]):
                    last = max(before, key=attrgetter("questionnaire_page"))
                    where = place_in_pile(last.scan, last.page, last.sheet, last.half).removeprefix(
                        f"{last.scan} "
                    )
                    yield DOUBLE_FEED.format(f"{front} and {front + 1}", case, where)


def _other_sheets(batch: list[Row]) -> Iterator[str]:
    count = sum(row.another for row in batch)
    if count:
        yield ANOTHER.format(f"{count} of {len({row.page for row in batch})}")


def _blanks(batch: list[Row]) -> Iterator[str]:
    count = sum(row.unfilled for row in batch)
    if count == len(batch):
        yield BLANKS.format(*((f"all {count:,} pages", "them") if count > 1 else ("its page", "it")))


def _orders(batch: list[Row], issues: Mapping[str, Issue]) -> Iterator[str]:
    """Without serials the order of a pile makes its cases: say where only its ends tell it, or nothing does.

    `batch` are rows of LEDGER.
    """
    read = [row for row in batch if row.place == "read"]
    for name, own in _by(read, "questionnaire").items():
        if name not in issues or issues[name].coded or len(own) < LEAST_PAGES:
            continue
        orders = orders_in(batch, name).values()
        if not all(order.is_sure for order in orders):
            yield NO_ORDER
        yield from (OTHER_ORDER.format(order) for order in orders if order.is_sure and order.by_ends)


def _lone_pages(batches: Mapping[str, list[Row]], issues: Mapping[str, Issue]) -> Iterator[tuple[str, str]]:
    """Name the first of many files of one picture that shows part of a case without serials, and what to say."""
    files = {scan: batch for scan, batch in batches.items() if len({row.page for row in batch}) == 1}
    shown = {scan: [row for row in batch if row.questionnaire_page > 0] for scan, batch in files.items()}
    for name, own in _by((pages[0] for pages in shown.values() if pages), "questionnaire").items():
        if name not in issues or issues[name].coded:
            continue
        parts = [row.scan for row in own if len(shown[row.scan]) < len(issues[name].pages)]
        if len(parts) >= LEAST_PAGES:
            yield parts[0], LONE_PAGES.format(len(parts) - 1)


def _faint_marks(batch: list[Row], counts: Mapping[str, Row]) -> Iterator[tuple[str, str]]:
    """Black and white loses pale pens: what it kept of them is said, or that it may have kept nothing."""
    scanned = [row for row in batch if row.questionnaire_page > 0]
    if len(scanned) < LEAST_PAGES or not all(row.bilevel for row in scanned):
        return
    own = [counts[page] for page in {row.page_digest for row in scanned} if page in counts]
    marked, unsure, full, boxes = (
        sum(getattr(one, name) for one in own) for name in ("marked", "unsure", "full", "boxes")
    )
    if unsure >= LEAST_UNSURE and unsure >= UNSURE_SHARE * marked:
        yield "faint", FAINT.format(f"{unsure:,}", f"{marked + unsure:,}")
    elif boxes and full >= LETTERED_SHARE * boxes:
        yield "letters", LETTERED.format(f"{full:,}", f"{boxes:,}")
