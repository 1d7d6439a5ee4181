"""PAGES, the ledger and counted marks -> what seems to be wrong with whole batches, in plain words.

The thresholds here judge how a batch was scanned; no mark depends on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from survey.reading.assemble import Issue, place_in_pile
from survey.tables import ALARMS

LEAST_PAGES = 4  # fewer pages of a batch prove no habit of the scanner
STREAK_PAGES = 0.8  # share of the fronts, or of the backs, that show the same streak
STREAK_APART = 0.01  # share of the width within which two pages' streaks are the same: 2 mm of A4
COMPLETE_CASES = (
    0.8  # share of a batch's cases that must be whole before a missing sheet is called double fed
)
UNSURE_SHARE = 0.15  # unsure marks for each certain one; simulated ordinary 1-bit scans stay under half of it
LEAST_UNSURE = 8  # marks

ONE_SIDE = "every page is a {}: was the batch scanned on one side only? Scan it again on both sides"
STREAK = "a streak runs down {} pages, {:.0%} of the width from the left: clean the scanner's glass"
DOUBLE_FEED = (
    "two sheets may have gone through together: pages {} of case {} are missing behind {}: scan it again"
)
FAINT = "black and white only, and {} of {} marks are too faint to be sure of: scan in grey, which keeps faint strokes"


def find_alarms(
    pages: pd.DataFrame, ledger: pd.DataFrame, tally: pd.DataFrame, issues: Mapping[str, Issue]
) -> pd.DataFrame:
    """Look for what the scanner did to whole batches; returns ALARMS in the order of batches.

    `tally` counts, by page digest, boxes that are `marked` for certain and those that are `unsure`.
    """
    rows: list[tuple[str, str, str]] = []
    read = ledger[ledger["place"] == "read"]
    pages_of = read.groupby(["questionnaire", "case"])["questionnaire_page"].agg(frozenset).to_dict()
    of_batch = dict(list(read.groupby("scan")))
    for scan, batch in pages.sort_values(["scan", "page"]).groupby("scan"):
        found = [
            *(("one side", text) for text in _one_side(batch, issues)),
            *(("streak", text) for text in _streaks(batch)),
            *(
                ("double feed", text)
                for text in _double_feeds(of_batch.get(scan, read.iloc[:0]), pages_of, issues)
            ),
            *(("faint", text) for text in _faint_marks(batch, tally)),
        ]
        rows += [(str(scan), kind, f"{scan}: {text}") for kind, text in found]
    return ALARMS.frame(rows)


def _one_side(batch: pd.DataFrame, issues: Mapping[str, Issue]) -> Iterator[str]:
    known = batch[(batch["questionnaire_page"] > 0) & ~batch["is_cover"]]
    for name, own in known.groupby("questionnaire"):
        sides = {page % 2 for page in issues[str(name)].pages} if name in issues else set()
        seen = set(own["questionnaire_page"] % 2)
        if len(own) >= LEAST_PAGES and len(sides) == 2 and len(seen) == 1:
            yield ONE_SIDE.format("front" if seen == {1} else "back")


def _streaks(batch: pd.DataFrame) -> Iterator[str]:
    """A scanner has a glass for each side: look for the same streak on all fronts, or on all backs."""
    told: list[float] = []
    for side in (1, 0):
        of_side = batch[(batch["page"] % 2 == side) & (batch["page"] > 0)]
        at = of_side["streak"].dropna()
        if len(of_side) < LEAST_PAGES or at.empty:
            continue
        place = float(at.median())
        same = int((at - place).abs().lt(STREAK_APART).sum())
        is_new = all(abs(place - other) >= STREAK_APART for other in told)
        if same >= STREAK_PAGES * len(of_side) and is_new:
            told.append(place)
            everywhere = int((batch["streak"] - place).abs().lt(STREAK_APART).sum())
            yield STREAK.format(f"{everywhere} of {len(batch)}", place)


def _double_feeds(
    batch: pd.DataFrame, pages_of: Mapping[tuple[str, str], frozenset[int]], issues: Mapping[str, Issue]
) -> Iterator[str]:
    """Name sheets of which both pages are missing between pages of their own case, where other cases are whole.

    `batch` are the pages of a batch that were read; `pages_of` has all pages of each questionnaire and case.
    """
    for name, here in batch.groupby("questionnaire"):
        cases = sorted(set(here["case"])) if name in issues else []
        absent = {case: set(issues[str(name)].pages) - pages_of[str(name), case] for case in cases}
        if sum(not pages for pages in absent.values()) < COMPLETE_CASES * len(cases):
            continue
        for case, missing in absent.items():
            own = here[here["case"] == case] if missing else here.iloc[:0]
            for front in [page for page in sorted(missing) if page % 2 and page + 1 in missing]:
                before = own[own["questionnaire_page"] < front]
                behind = own[own["questionnaire_page"] > front + 1]
                if before.empty or behind.empty:
                    continue
                last = before.sort_values("questionnaire_page").iloc[-1]
                scan = str(last["scan"])
                where = place_in_pile(scan, int(last["page"]), int(last["sheet"])).removeprefix(f"{scan} ")
                yield DOUBLE_FEED.format(f"{front} and {front + 1}", case, where)


def _faint_marks(batch: pd.DataFrame, tally: pd.DataFrame) -> Iterator[str]:
    scanned = batch[(batch["questionnaire_page"] > 0)]
    if len(scanned) < LEAST_PAGES or not scanned["bilevel"].all():
        return
    own = tally.reindex(scanned["page_digest"].unique()).fillna(0)
    marked, unsure = int(np.nansum(own["marked"])), int(np.nansum(own["unsure"]))
    if unsure >= LEAST_UNSURE and unsure >= UNSURE_SHARE * marked:
        yield FAINT.format(f"{unsure:,}", f"{marked + unsure:,}")
