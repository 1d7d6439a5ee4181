"""Pages without serials as they lie in a batch -> which of them are one case's, by the order that the pile shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, NamedTuple

PAIRED = 0.9  # share of a batch's sheets of which both sides must be read as those of one sheet
MOST_ORDERS = 20  # of those a pile shows most often, that are tried
WHOLE = 0.5  # share of a batch's cases that must have all pages, or else its order is not known


class Lying(NamedTuple):
    """Where a page lies: its number in batch and questionnaire; and whether its picture shows another one.

    Those that were cut (`is_cut`) are all those of uncut booklets: beside a page of these a blank one may lie.
    """

    at: int
    page: int
    in_spread: bool = False
    is_cut: bool = False


class Piece(NamedTuple):
    """A page, or several that lie together: its number, and the places of its pages in their stretch."""

    number: int
    places: list[int]


Picture = tuple[str, int]
"""A batch, and its page that a picture is."""
Again = Callable[[int, int], bool]
"""Whether two scans, by their places, show the same side of the same sheet."""


@dataclass(frozen=True)
class Count:
    """By what pages are counted: each alone, both sides of a sheet, or both pages that a spread shows."""

    numbers: Mapping[int, int]
    """Page -> its piece: the page itself, its sheet, or the first page of its spread."""
    pictures: int
    """Pictures whose pages make one piece, in whichever order: 2 (2n - 1 and 2n of a batch), 1, or 0 for none."""

    def are_together(self, one: Lying, other: Lying) -> bool:
        """Whether two pages lie in the same pictures."""
        return self.pictures > 0 and -(-one.at // self.pictures) == -(-other.at // self.pictures)


@dataclass(frozen=True)
class Order:
    """In which order the pages of one case follow each other in a batch."""

    turns: tuple[int, ...]
    """Pieces, one after the other."""
    count: Count
    is_sure: bool
    """Most cases that it makes of the batch are whole."""
    by_ends: bool
    """Another order makes as many cases whole, or nearly: the ends of the batch decide."""

    def _pages_of(self, turn: int) -> list[int]:
        return [page for page, number in sorted(self.count.numbers.items()) if number == turn]

    def __str__(self) -> str:
        """Say it as pages: 1, 2, 3, 4, as sheets: 1/2, 3/4, or as spreads: 1/4, 2/3."""
        return ", ".join("/".join(str(page) for page in self._pages_of(turn)) for turn in self.turns)

    def cases(self, stretch: Sequence[Lying], is_again: Again) -> list[list[int]]:
        """Part pages that follow each other into cases; returns the places of each one's pages in the stretch.

        Of a page that lies beside the same page of the questionnaire, and with which no case begins, it is asked
        whether it was fed twice.
        """

        def fed_twice(one: int, other: int) -> bool:
            return stretch[one].page not in self._pages_of(self.turns[0]) and is_again(one, other)

        cases: list[list[int]] = []
        for places, is_odd in _parts(stretch, self.count):
            if is_odd:
                cases += _cases_of_odd(stretch, places, len(self.count.numbers))
                continue
            pieces = _pieces(stretch, places, self.count, fed_twice)
            ends = _ends([piece.number for piece in pieces], self.turns)
            cases += [
                [place for piece in pieces[first:end] for place in piece.places]
                for first, end in pairwise((0, *ends))
            ]
        return cases


def runs_of(entries: Sequence[Any], is_again: Again) -> list[list[int]]:
    """Part read pages without a case, among rows of LEDGER, into cases: the indices of each one's pages.

    `is_again` is asked by indices, too. A case ends at a cover sheet, at a page whose case is known, and where the
    order of the batch begins anew. Of two sheets that lay on the glass together each page is a case of its own.
    """
    nameless = [entry.place == "read" and not entry.case for entry in entries]
    return [run for _, runs in _runs_among(entries, nameless, is_again) for run in runs]


def sure_runs_of(entries: Sequence[Any], is_again: Again) -> list[list[int]]:
    """Part all read pages, with a case or without, into what the order of the pile makes one case, where it is sure."""
    read = [entry.place == "read" for entry in entries]
    return [run for order, runs in _runs_among(entries, read, is_again) if order.is_sure for run in runs]


def _runs_among(
    entries: Sequence[Any], chosen: Sequence[bool], is_again: Again
) -> Iterator[tuple[Order, list[list[int]]]]:
    """Part the chosen pages of each stretch, which another read page or a cover sheet ends; with its batch's order."""
    of_scan: dict[str, list[Any]] = {}
    for entry in entries:
        of_scan.setdefault(entry.scan, []).append(entry)
    batches = {(entry.scan, entry.questionnaire) for entry, one in zip(entries, chosen, strict=True) if one}
    orders = {(scan, name): orders_in(of_scan[scan], name) for scan, name in batches}
    doubled, spreads = doubled_among(entries), _spreads_among(entries)
    cut = _cut_among(entries, spreads)
    stretches: list[tuple[tuple[str, str, bool, int], list[int]]] = []
    is_open = False
    for index, entry in enumerate(entries):
        if chosen[index]:
            is_apart = len(orders[entry.scan, entry.questionnaire]) > 1
            picture = entry.scan, entry.page
            alone = index if picture in doubled else -1
            batch = entry.scan, entry.questionnaire, is_apart and picture in cut, alone
            if not is_open or stretches[-1][0] != batch:
                stretches.append((batch, []))
            stretches[-1][1].append(index)
            is_open = True
        elif entry.place in {"read", "cover sheet"}:
            is_open = False
    for (scan, name, is_cut, _), own in stretches:
        lying = [_lying(entries[index], spreads, cut) for index in own]
        order = orders[scan, name][is_cut]
        cases = order.cases(lying, lambda one, other, own=own: is_again(own[one], own[other]))  # type: ignore[misc]
        yield order, [[own[place] for place in case] for case in cases]


def orders_in(batch: Sequence[Any], questionnaire: str) -> dict[bool, Order]:
    """Find the order in which a batch has the pages of a case, by all that were read, with a serial or without.

    `batch` are its rows of LEDGER; a cover sheet ends a case, and so does a page beside another one like it. Where
    single pages (False) have all that cut pictures (True) have, these are other people's, and may lie in another order.
    """
    doubled, spreads = doubled_among(batch), _spreads_among(batch)
    cut = _cut_among(batch, spreads)
    stretches: list[list[Lying]] = [[]]
    for row in batch:
        if row.place == "cover sheet":
            stretches.append([])
        elif row.place == "read" and row.questionnaire == questionnaire:
            own = _lying(row, spreads, cut)
            if (row.scan, row.page) in doubled:
                stretches += [[own], []]
            else:
                stretches[-1].append(own)
    last = max(row.page for row in batch)
    shown = [{one.page for own in stretches for one in own if one.is_cut == kind} for kind in (False, True)]
    if not shown[True] or not shown[True] <= shown[False]:
        return {False: order_of([stretch for stretch in stretches if stretch], last)}
    runs = [list(run) for own in stretches for _, run in groupby(own, key=lambda one: one.is_cut)]
    return {kind: order_of([run for run in runs if run[0].is_cut == kind], last) for kind in (False, True)}


def _spreads_among(rows: Sequence[Any]) -> set[Picture]:
    """Batch and number of pictures that show two pages: a half beside a blank one may as well be a single page."""
    halves = Counter((row.scan, row.page) for row in rows if row.half and row.place != "blank back")
    return {picture for picture, count in halves.items() if count > 1}


def doubled_among(rows: Sequence[Any]) -> set[Picture]:
    """Batch and number of pictures that show one page twice: two people's sheets, which were laid anew for the next."""
    shown = Counter(
        (row.scan, row.page, row.questionnaire, row.questionnaire_page)
        for row in rows
        if row.half and row.questionnaire_page
    )
    return {(scan, page) for (scan, page, _, _), count in shown.items() if count > 1}


def _cut_among(rows: Sequence[Any], spreads: set[Picture]) -> set[Picture]:
    """Batch and number of pictures that were cut, where a batch has spreads: else they are sheets on a larger glass."""
    with_spreads = {scan for scan, _ in spreads}
    return {(row.scan, row.page) for row in rows if row.half and row.scan in with_spreads}


def _lying(row: Any, spreads: Container[Picture], cut: Container[Picture]) -> Lying:
    picture = row.scan, row.page
    return Lying(row.page, row.questionnaire_page, picture in spreads, picture in cut)


def order_of(stretches: Sequence[Sequence[Lying]], last_page: int) -> Order:
    """Find the order in which a batch has the pages of each case: the one that makes most whole ones, and few others.

    `stretches` are pages of one questionnaire, in order, parted where a case surely ends; `last_page` is the batch's.
    First to last is taken, or last to first, unless another order makes two more whole, or one more and fits the ends.
    """
    count = _count_of([one for stretch in stretches for one in stretch], last_page)
    parts = [(stretch, *part) for stretch in stretches for part in _parts(stretch, count)]
    pieces = [_pieces(stretch, places, count, _is_never) for stretch, places, is_odd in parts if not is_odd]
    numbers = [[piece.number for piece in own] for own in pieces]
    odd = sum(len({stretch[place].at for place in places}) for stretch, places, is_odd in parts if is_odd)
    up = tuple(sorted({number for stretch in numbers for number in stretch}))
    once = [[number for number, _ in groupby(stretch)] for stretch in numbers]  # of pages that were fed twice
    windows = (stretch[at : at + len(up)] for stretch in once for at in range(len(stretch)))
    shown = Counter(tuple(window) for window in windows if sorted(window) == list(up))
    possible = [turns for turns, _ in shown.most_common() if count.pictures or _keeps_sheets(turns)]
    orders = dict.fromkeys([up, up[::-1], *possible[:MOST_ORDERS]])
    rank = {turns: _rank([_ends(stretch, turns) for stretch in once], len(up)) for turns in orders}
    best, by_ends = up, False
    for other in (up[::-1], min(orders, key=rank.__getitem__)):
        lead = rank[best][0] - rank[other][0]
        if rank[other] < rank[best]:
            fits = all((stretch[0], stretch[-1]) == (other[0], other[-1]) for stretch in once)
            best, by_ends = (other if fits or lead > 1 else best), lead <= 1
    whole, cases = _rank([_ends(stretch, best) for stretch in numbers], len(up))
    return Order(best, count, -whole >= WHOLE * (cases + odd), by_ends)


def _keeps_sheets(turns: Sequence[int]) -> bool:
    """Whether both pages of each sheet stand beside each other, or those that a folded one shows at once."""
    beside = {frozenset(pair) for pair in pairwise(turns)}
    sheets = {frozenset((page, page + 1)) for page in turns if page % 2 and page + 1 in turns}
    spreads = {frozenset((page, len(turns) + 1 - page)) for page in turns if page <= len(turns)}
    return sheets <= beside or (len(turns) % 4 == 0 and spreads <= beside)


def _count_of(pages: Sequence[Lying], last_page: int) -> Count:
    """By what the pages of a batch are counted, as they lie."""
    alone = {one.page: one.page for one in pages}
    if any(one.in_spread for one in pages):
        beside = _pages_beside(pages)
        return Count({page: min(page, beside.get(page, page)) for page in alone}, 1)
    if _is_by_sheet(pages, last_page):
        return Count({page: _sheet(page) for page in range(1, 2 * _sheet(max(alone)) + 1)}, 2)
    return Count(alone, 0)


def _pages_beside(pages: Sequence[Lying]) -> dict[int, int]:
    """Which page of the questionnaire lies beside which in most spreads, but for those that show one page twice."""
    pictures: dict[int, list[int]] = {}
    for one in pages:
        if one.in_spread:
            pictures.setdefault(one.at, []).append(one.page)
    seen = Counter(tuple(sorted(own)) for own in pictures.values() if len(set(own)) == 2)
    beside: dict[int, int] = {}
    for (page, other), _ in seen.most_common():
        if page not in beside and other not in beside:
            beside |= {page: other, other: page}
    return beside


def _is_by_sheet(pages: Sequence[Lying], last_page: int) -> bool:
    """Whether a batch's pages 2n - 1 and 2n are the sides of one sheet, as a scanner of both sides gives them.

    A few sheets may lie face down among others, or two have gone through together; both at once are rather the trace
    of a side that was dropped, and so is an odd number of pages.
    """
    sides: dict[int, list[Lying]] = {}
    for one in pages:
        sides.setdefault(_sheet(one.at), []).append(one)
    face_down = sum((own[0].at - own[0].page) % 2 for own in sides.values())
    turned = min(face_down, len(sides) - face_down)
    pairs = [own for own in sides.values() if len(own) == 2]
    others = sum(one.page == other.page or _sheet(one.page) != _sheet(other.page) for one, other in pairs)
    if others:
        return not turned and others <= (1 - PAIRED) * len(pairs)
    return bool(pairs) and (not turned or last_page % 2 == 0)


def _sheet(page: int) -> int:
    """The sheet of a page, where each has two."""
    return (page + 1) // 2


def _is_never(_one: int, _other: int) -> bool:
    return False


def _parts(stretch: Sequence[Lying], count: Count) -> Iterator[tuple[list[int], bool]]:
    """Part the places of a stretch where spreads show other pages together than most do: such are odd (True)."""

    def is_odd(place: int) -> bool:
        one = stretch[place]
        number = count.numbers[one.page]
        around = stretch[max(place - 1, 0) : place + 2]
        return one.in_spread and any(
            other.at == one.at and count.numbers[other.page] != number for other in around
        )

    for key, places in groupby(range(len(stretch)), key=is_odd):
        yield list(places), key


def _cases_of_odd(stretch: Sequence[Lying], places: Sequence[int], size: int) -> list[list[int]]:
    """Part odd spreads into cases: each is one by itself, or several that make a whole one of so many pages."""
    pictures = [list(own) for _, own in groupby(places, key=lambda place: stretch[place].at)]
    inner = _ends_within([frozenset(stretch[place].page for place in own) for own in pictures], size)
    ends = [at + 1 for at in range(len(pictures)) if at not in inner]
    return [[place for own in pictures[first:end] for place in own] for first, end in pairwise((0, *ends))]


def _pieces(stretch: Sequence[Lying], places: Sequence[int], count: Count, is_again: Again) -> list[Piece]:
    """The pages at some places of a stretch, its sheets or spreads; a page that was fed twice is one."""
    pieces: list[Piece] = []
    for place in places:
        one = stretch[place]
        number = count.numbers[one.page]
        if pieces and pieces[-1].number == number:
            before = pieces[-1].places[-1]
            is_other_side = count.are_together(stretch[before], one)
            if is_other_side or (stretch[before].page == one.page and is_again(before, place)):
                pieces[-1].places.append(place)
                continue
        pieces.append(Piece(number, [place]))
    return pieces


def _ends(numbers: Sequence[int], turns: Sequence[int]) -> list[int]:
    """Where each case ends: what follows does not come later in its turn.

    Parts that follow each other and make one whole case together, as none of them does with others, are one: somebody
    laid its sheets in another order.
    """
    turn = {number: at for at, number in enumerate(turns)}
    places = [turn[number] for number in numbers]
    ends = [at for at in range(1, len(places)) if places[at] <= places[at - 1]] + [len(places)]
    parts = [frozenset(places[first:end]) for first, end in pairwise((0, *ends))]
    inner = _ends_within(parts, len(turns))
    return [end for at, end in enumerate(ends) if at not in inner]


def _ends_within(parts: Sequence[frozenset[int]], size: int) -> set[int]:
    """Which parts end no case: those that make a whole one with the next, and none with others."""
    whole = [range(0), *_whole_together(parts, size), range(len(parts), len(parts))]
    return {
        at
        for before, one, after in zip(
            whole, whole[1:], whole[2:], strict=False
        )  # each ends behind the one before
        if before.stop <= one.start and one.stop <= after.start
        for at in one[:-1]
    }


def _whole_together(parts: Sequence[frozenset[int]], size: int) -> list[range]:
    """Which parts that follow each other make a whole case together, nothing of it twice."""
    found = []
    for first, part in enumerate(parts):
        seen, last = part, first
        while len(seen) < size and last + 1 < len(parts) and not seen & parts[last + 1]:
            last += 1
            seen |= parts[last]
        if last > first and len(seen) == size:
            found.append(range(first, last + 1))
    return found


def _rank(ends: Sequence[Sequence[int]], size: int) -> tuple[int, int]:
    """What ranks an order first that makes these cases: many whole ones, and few in all."""
    cases = [end - first for own in ends for first, end in pairwise((0, *own))]
    return -cases.count(size), len(cases)
