"""Pages -> cases, and the ledger in which every scanned page stands in exactly one place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple

import pandas as pd

from survey.reading.piles import Picture, doubled_among, runs_of, sure_runs_of
from survey.reading.reasons import HINTS, Reason
from survey.reading.spreads import HALVES, LOWER, RIGHT, is_back, page_beside
from survey.reading.told import Told
from survey.tables import LEDGER

VERSION = 7
DATE = re.compile(r"(?:^|/)(\d{4}-\d{2}-\d{2})(?=/|$)")

PLACES = {
    Reason.BLANK: "blank back",
    Reason.NOT_OURS: "foreign",
    Reason.OTHER_QUESTIONNAIRE: "foreign",
    Reason.AMBIGUOUS: "waiting",
    Reason.CODES_DISAGREE: "waiting",
    Reason.NOT_ISSUED: "waiting",
}  # every other reason: unreadable

FROM_THE_PILE = "its pages carry no serial: taken from the pages before or behind it"
FROM_OTHER_HALF = "serial taken from the other half of the spread"
FROM_OTHER_SIDE = "serial taken from the other side of the sheet"
MATCHED = "its damaged code was matched against the issued serials"
SAME_IMAGE = "the same image as {}"
SAME_PAPER = "it has no serial that can be read, and shows the same paper as {}"
SAME_MARKS = "the same page of the same case, with the same marks, as {}"
SECOND_ANSWER = "a second, different page {} of case {}: the first is {}"
OTHER_STROKES = "a second page {} of case {}, marked alike but by other strokes: the first is {}"
UNFILLED = "nothing is filled in and no scanner made it: it is a blank"
READ_BETTER = "scanned again: {} has fewer doubts"
A_PERSON_SAID = "a person said so"
OTHER_COUNTS = "a person chose another scan of this page: {}"
READ_ELSEWHERE = "the same page of the same case was read: {}"
TAKE_OUT = "take the file out of the scans folder, unless somebody sent it back like that"
SIDES_AGREE = 0.9  # share of a batch's pages whose front or back must lie where scanning both sides puts it
CASE_UNKNOWN = "its serial cannot be read"
Key = tuple[str, str, int]  # questionnaire, serial or case, and page


@dataclass(frozen=True)
class Issue:
    """What is known of the printed copies of one questionnaire."""

    pages: tuple[int, ...]
    """Pages that carry boxes."""
    coded: bool
    """Pages carry their case's serial; else pages that follow each other make a case."""
    strata: Mapping[str, str]
    """Serial -> stratum."""
    stratum_names: tuple[str, ...]
    """The frame's strata in their order; cover sheets name them by number."""
    on_every_page: bool = True
    """So does every page, as of our own paper; a stranger's may carry it on some."""


class Paper(NamedTuple):
    """What came back from one person, as it was scanned once: digests of its pages in order."""

    pages: tuple[str, ...]
    has_serial: bool


@dataclass(frozen=True)
class Judge:
    """What is to be known of two scans of one page, or of one, by page digest; asked only where pages meet."""

    contradict: Callable[[str, str], bool]
    """Whether the two carry different marks."""
    same_paper: Callable[[str, str], bool]
    """Whether the same strokes are on both."""
    doubts: Callable[[str], int]
    """Boxes of a page that wait for a person; none where a person has looked at it."""
    twins: Callable[[Sequence[Paper]], Mapping[str, str]] = lambda _papers: {}
    """Papers without a serial that are there twice, and which each is besides; both are named by their first pages."""


@dataclass(frozen=True)
class _Entry:
    """One scanned page on its way to its place in the ledger."""

    scan: str
    page: int
    half: int
    page_digest: str
    questionnaire: str
    questionnaire_page: int
    serial: str
    received: str
    stratum: str
    score: float
    runner_up: float
    fit_mm: float
    place: str = "read"
    reason: str = ""
    hint: str = ""
    case: str = ""
    sheet: int = 0
    is_unfilled: bool = False
    is_chosen: bool = False
    """A person said that this scan of its page counts."""

    @property
    def where(self) -> str:
        return place_in_pile(self.scan, self.page, self.sheet, self.half)

    @property
    def turn(self) -> tuple[bool, bool, str, str, int, int]:
        return not self.is_chosen, not self.received, self.received, self.scan, self.page, self.half

    @property
    def key(self) -> Key:
        return self.questionnaire, self.case or self.serial, self.questionnaire_page


def place_in_pile(scan: str, page: int, sheet: int, half: int = 0) -> str:
    """Say where a page's paper lies: batch, half of a spread, and sheet from the top where both sides were scanned."""
    if page == 0:
        return scan
    which = f", {HALVES[half]} half" if half else ""
    return f"{scan} page {page}{which}" + (f" (sheet {sheet} from the top)" if sheet else "")


def assemble(
    pages: pd.DataFrame, issues: Mapping[str, Issue], judge: Judge, told: Mapping[str, Told] | None = None
) -> pd.DataFrame:
    """Put every page of PAGES into its place; returns LEDGER in the order of batches and pages.

    `told` is what people said of single pages, by digest.
    """
    in_order = pages.sort_values(["scan", "page", "half"], kind="stable")
    rows = in_order.astype(object).itertuples(index=False)  # objects are gone through much faster than texts
    batches = [list(batch) for _, batch in groupby(rows, key=lambda row: row.scan)]
    entries = [entry for batch in batches for entry in _enter_batch(batch, issues)]
    entries = [_heed(entry, (told or {}).get(entry.page_digest)) for entry in entries]
    entries = _set_duplicates_apart(entries)
    entries = _set_blanks_apart(_name_cases(entries, issues, judge))
    entries = _join_rescans(entries, judge)
    entries = _keep_one_page_each(entries, judge)
    entries = _supersede_unreadable(entries)
    columns = {name: [getattr(entry, name) for entry in entries] for name in LEDGER.columns}
    return LEDGER.frame(pd.DataFrame(columns))


def _enter_batch(batch: Sequence[Any], issues: Mapping[str, Issue]) -> list[_Entry]:
    """Give each page of a batch its date and stratum: from its serial, a cover sheet before it, or its folder.

    `batch` are rows of PAGES.
    """
    scan = str(batch[0].scan)
    dated = DATE.search(scan)
    received, stratum = dated[1] if dated else "", ""
    both_sides = _scanned_on_both_sides(batch, issues)
    entries = []
    for row in batch:
        issue = issues.get(row.questionnaire)
        if row.is_cover:
            received = row.cover_received or received
            names = issue.stratum_names if issue else next((i.stratum_names for i in issues.values()), ())
            stratum = names[row.cover_stratum - 1] if 0 < row.cover_stratum <= len(names) else ""
        own = issue.strata.get(row.serial, "") if issue else ""
        entry = _Entry(
            scan, row.page, row.half, row.page_digest, row.questionnaire, row.questionnaire_page, row.serial,
            received, own or stratum, row.score, row.runner_up, row.fit_mm,
            sheet=(row.page + 1) // 2 if both_sides else 0, case="" if row.problem or row.is_cover else row.serial,
            is_unfilled=row.unfilled,
        )  # fmt: skip
        if row.matched:
            entry = replace(entry, reason=MATCHED)
        entries.append(_place(entry, row.problem, row.is_cover))
    return entries


def _scanned_on_both_sides(batch: Sequence[Any], issues: Mapping[str, Issue]) -> bool:
    """Whether fronts and backs take turns in a batch, so that its n-th sheet has the pages 2n - 1 and 2n.

    A pile scanned face down has its backs first; sheets fed singly or missing backs leave the turns out of step.
    """
    known = sides_of(batch, issues)
    in_step = sum((row.page % 2 == 0) == is_on_back for row, is_on_back in known)
    takes_turns = max(in_step, len(known) - in_step) >= SIDES_AGREE * len(known)
    return takes_turns and any(is_on_back for _, is_on_back in known)


def sides_of(batch: Sequence[Any], issues: Mapping[str, Issue]) -> list[tuple[Any, bool]]:
    """Tell of each page of a questionnaire in a batch, a row of PAGES, whether it lies on the back of its sheet."""
    halves = Counter(row.page for row in batch if row.half and row.problem != Reason.BLANK)
    last = {name: max(issue.pages, default=0) for name, issue in issues.items()}
    return [
        (row, is_back(page, max(last.get(row.questionnaire, 0), page), in_spread=halves[row.page] > 1))
        for row in batch
        if (page := row.questionnaire_page) > 0 and not row.is_cover
    ]


def _place(entry: _Entry, problem: str, is_cover: bool) -> _Entry:
    if is_cover:
        return replace(entry, place="cover sheet")
    if not problem:
        return entry
    reason = Reason(problem)
    return replace(entry, place=PLACES.get(reason, "unreadable"), reason=str(reason), hint=HINTS[reason])


def _heed(entry: _Entry, told: Told | None) -> _Entry:
    """Do with a page what a person said; which page it is was heeded when it was read."""
    if told is None or not told.fate or not entry.page_digest:
        return entry
    if told.fate == "counts":
        return replace(entry, is_chosen=True)
    return replace(entry, place=told.fate, reason=told.reason or A_PERSON_SAID, hint="", case="")


def _set_duplicates_apart(entries: list[_Entry]) -> list[_Entry]:
    """Set aside what is the same image as an earlier page.

    Pages that a program drew and nobody filled in are alike for all people: only in a copied file are they duplicates.
    """
    first: dict[str, _Entry] = {}
    for entry in entries:
        if entry.place == "read":
            first.setdefault(entry.page_digest, entry)
    again = [entry.place == "read" and first[entry.page_digest] is not entry for entry in entries]
    copied = {
        one.scan for one, is_again in zip(entries, again, strict=True) if is_again and not one.is_unfilled
    }
    return [
        replace(entry, place="duplicate", reason=SAME_IMAGE.format(first[entry.page_digest].where), case="")
        if is_again and (not entry.is_unfilled or entry.scan in copied)
        else entry
        for entry, is_again in zip(entries, again, strict=True)
    ]


def _name_cases(entries: list[_Entry], issues: Mapping[str, Issue], judge: Judge) -> list[_Entry]:
    """Name the case of each read page without a serial: by the other side of its sheet, or by its place in the pile."""
    has_own = {(one.questionnaire, one.serial, one.questionnaire_page) for one in entries if one.case}
    named, doubled = _name_by_halves(entries, issues, has_own), doubled_among(entries)
    for index, entry in enumerate(named):
        if entry.place == "read" and not entry.case and issues[entry.questionnaire].coded:
            partner = _other_side(named, index, has_own, doubled)
            if partner:
                stratum = issues[entry.questionnaire].strata.get(partner, entry.stratum)
                named[index] = replace(entry, case=partner, stratum=stratum, reason=FROM_OTHER_SIDE)
    named = _name_by_halves(named, issues, has_own)  # the inner side of a sheet may have it of the outer one

    def is_again(one: int, other: int) -> bool:
        pair = named[one].page_digest, named[other].page_digest
        return not judge.contradict(*pair) and judge.same_paper(*pair)

    named = _name_by_pile(named, issues, is_again)
    for run in runs_of(named, is_again):
        first = named[run[0]]
        issue = issues[first.questionnaire]
        waits = issue.coded and issue.pages[0] not in {named[index].questionnaire_page for index in run}
        name = _name_of(first)
        for index in run:
            if waits:
                hint = "look at the sheet: which case is it?"
                named[index] = replace(named[index], place="waiting", reason=CASE_UNKNOWN, hint=hint)
            else:
                named[index] = replace(named[index], case=name, reason=CASE_UNKNOWN if issue.coded else "")
    return named


def _name_by_halves(
    entries: list[_Entry], issues: Mapping[str, Issue], has_own: Container[Key]
) -> list[_Entry]:
    """Name the case of pages without a serial by the other half of their spread, where one sheet shows both pages."""
    named = list(entries)
    for index, entry in enumerate(entries):
        issue = issues.get(entry.questionnaire)
        if not (entry.half and issue and issue.coded and entry.place == "read" and not entry.case):
            continue
        other = next((one for one in _near(entries, index, 1) if one.page == entry.page), None)
        if other is None or other.questionnaire != entry.questionnaire or not other.case:
            continue
        pages = sorted((entry.questionnaire_page, other.questionnaire_page))
        is_sheet = page_beside(pages[0], max(issue.pages, default=pages[1])) == pages[1]
        is_opened = pages[0] % 2 == 0 and pages[1] == pages[0] + 1
        if (is_sheet or is_opened) and replace(entry, case=other.case).key not in has_own:
            stratum = issue.strata.get(other.case, entry.stratum)
            named[index] = replace(entry, case=other.case, stratum=stratum, reason=FROM_OTHER_HALF)
    return named


def _near(entries: list[_Entry], index: int, most: int) -> list[_Entry]:
    """Entries of the same batch at most so many places before or behind one."""
    around = entries[max(index - most, 0) : index] + entries[index + 1 : index + 1 + most]
    return [one for one in around if one.scan == entries[index].scan]


def _name_by_pile(
    entries: list[_Entry], issues: Mapping[str, Issue], is_again: Callable[[int, int], bool]
) -> list[_Entry]:
    """Name the case of pages that never carry a serial, as only the first one may: that of the others in their turn."""
    carry = {(entry.questionnaire, entry.questionnaire_page) for entry in entries if entry.serial}
    lacking = {
        index
        for index, entry in enumerate(entries)
        if entry.place == "read" and not entry.case
        if issues[entry.questionnaire].coded and not issues[entry.questionnaire].on_every_page
        if (entry.questionnaire, entry.questionnaire_page) not in carry
    }
    named = list(entries)
    for run in sure_runs_of(entries, is_again) if lacking else []:
        cases = {entries[index].case for index in run} - {""}
        for index in lacking.intersection(run) if len(cases) == 1 else ():
            (case,) = cases
            stratum = issues[entries[index].questionnaire].strata.get(case, entries[index].stratum)
            named[index] = replace(entries[index], case=case, stratum=stratum, reason=FROM_THE_PILE)
    return named


def _name_of(first: _Entry) -> str:
    """Name a case without a serial, by its first page; one may begin in either half of a spread."""
    return f"{first.scan}#{first.page}" + (f".{first.half}" if first.half in (RIGHT, LOWER) else "")


def _other_side(entries: list[_Entry], index: int, has_own: Container[Key], doubled: Set[Picture]) -> str:
    """Return the serial on the other side of a sheet, if exactly one neighbour in the batch can be it.

    Of a half it is in the next picture. One whose case `has_own` such a page cannot, nor one of a picture in `doubled`.
    """
    entry = entries[index]
    partner = entry.questionnaire, entry.questionnaire_page + (1 if entry.questionnaire_page % 2 else -1)
    sides = [
        side.serial
        for side in _near(entries, index, 3 if entry.half else 1)
        if side.serial and (side.questionnaire, side.questionnaire_page) == partner
        if not entry.half or abs(side.page - entry.page) == 1
        if doubled.isdisjoint([(side.scan, side.page), (entry.scan, entry.page)])
        if (side.questionnaire, side.serial, entry.questionnaire_page) not in has_own
    ]
    return sides[0] if len(sides) == 1 else ""


def _set_blanks_apart(entries: list[_Entry]) -> list[_Entry]:
    """Set aside what no person has filled in on a screen: all pages of a case in one file are as they were drawn.

    Such are blanks, and files for the printer, that lie among the scans. If a person really sent one back empty,
    somebody says so.
    """
    read = [entry for entry in entries if entry.place == "read"]
    filled_in = {
        (one.scan, one.questionnaire, one.case) for one in read if one.is_chosen or not one.is_unfilled
    }
    return [
        replace(entry, place="waiting", reason=UNFILLED, hint=TAKE_OUT)
        if entry.place == "read" and (entry.scan, entry.questionnaire, entry.case) not in filled_in
        else entry
        for entry in entries
    ]


def _join_rescans(entries: list[_Entry], judge: Judge) -> list[_Entry]:
    """Give a paper without a serial that was scanned twice one case, so that each of its pages counts once."""
    cases: dict[tuple[str, str], list[_Entry]] = {}
    for entry in entries:
        if entry.place == "read":
            cases.setdefault((entry.questionnaire, entry.case), []).append(entry)
    with_nameless = {own[0].questionnaire for own in cases.values() if _is_nameless(own)}
    papers = [
        Paper(tuple(entry.page_digest for entry in own), not _is_nameless(own))
        for own in cases.values()
        if own[0].questionnaire in with_nameless and not any(entry.is_chosen for entry in own)
    ]
    first = {own[0].page_digest: own[0] for own in cases.values()}
    twins = judge.twins(papers) if len(papers) > 1 else {}
    others = {(first[one].questionnaire, first[one].case): first[other] for one, other in twins.items()}
    return [_as_twin(entry, others.get((entry.questionnaire, entry.case))) for entry in entries]


def _as_twin(entry: _Entry, other: _Entry | None) -> _Entry:
    if other is None or entry.place != "read":
        return entry
    stratum, reason = other.stratum or entry.stratum, SAME_PAPER.format(other.where)
    return replace(entry, case=other.case, stratum=stratum, reason=reason)


def _is_nameless(case: list[_Entry]) -> bool:
    return case[0].case == _name_of(case[0])


def _keep_one_page_each(entries: list[_Entry], judge: Judge) -> list[_Entry]:
    """Of several scans of one page of a case one is read, the first by date received, batch and page.

    What has no date comes last. Of the same paper a later scan with fewer doubts supersedes it; other marks or other
    strokes wait for a person.
    """
    placed = list(entries)
    kept: dict[Key, int] = {}
    read = [index for index, entry in enumerate(entries) if entry.place == "read"]
    for index in sorted(read, key=lambda at: entries[at].turn):
        entry = entries[index]
        if entry.key not in kept:
            kept[entry.key] = index
            continue
        other = entries[kept[entry.key]]
        placed[index] = _beside(entry, other, judge)
        is_same = placed[index].place == "duplicate" and not other.is_chosen
        open_doubts = judge.doubts(other.page_digest) if is_same else 0
        if open_doubts and judge.doubts(entry.page_digest) < open_doubts:
            reason = READ_BETTER.format(entry.where)
            placed[kept[entry.key]] = replace(other, place="superseded", reason=reason)
            placed[index] = entry
            kept[entry.key] = index
    return placed


def _beside(entry: _Entry, other: _Entry, judge: Judge) -> _Entry:
    """Place a page beside an earlier scan of the same page of the same case, or one that a person chose."""
    if other.is_chosen and not entry.is_chosen:
        return replace(entry, place="superseded", reason=OTHER_COUNTS.format(other.where))
    digests = entry.page_digest, other.page_digest
    if judge.contradict(*digests):
        reason = SECOND_ANSWER
    elif judge.same_paper(*digests):
        return replace(entry, place="duplicate", reason=SAME_MARKS.format(other.where))
    else:
        reason = OTHER_STROKES
    return replace(
        entry,
        place="waiting",
        reason=reason.format(entry.questionnaire_page, entry.case, other.where),
        hint="look at both sheets: which one counts?",
    )


def _supersede_unreadable(entries: list[_Entry]) -> list[_Entry]:
    """Set an unreadable page aside whose page of the same case was read from another scan."""
    read = {entry.key: entry for entry in entries if entry.place == "read"}
    return [
        replace(entry, place="superseded", reason=READ_ELSEWHERE.format(read[entry.key].where), hint="")
        if entry.place == "unreadable" and entry.serial and entry.key in read
        else entry
        for entry in entries
    ]
