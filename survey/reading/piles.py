"""Pages without serials as they lie in a batch -> which of them are one case's, by the order that the pile shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, NamedTuple

PAIRED = 0.9  # share of a batch's sheets of which both sides must be read as those of one sheet
MOST_ORDERS = 20  # of those a pile shows most often, that are tried
WHOLE = 0.5  # share of a batch's cases that must have all pages, or else its order is not known


class Lying(NamedTuple):
    """Where a page lies: its number in the batch, and in the questionnaire."""

    at: int
    page: int


class Piece(NamedTuple):
    """A page, or both of a sheet: its number in the questionnaire, and the places of its pages in their stretch."""

    number: int
    places: list[int]


Again = Callable[[int, int], bool]
"""Whether two scans, by their places, show the same side of the same sheet."""


@dataclass(frozen=True)
class Order:
    """In which order the pages of one case follow each other in a batch."""

    turns: tuple[int, ...]
    """Pages, or sheets, one after the other."""
    by_sheet: bool
    """Pages 2n - 1 and 2n of the batch are the two sides of one sheet, in whichever order."""
    is_sure: bool
    """Most cases that it makes of the batch are whole."""
    by_ends: bool
    """Another order makes as many cases whole, or nearly: the ends of the batch decide."""

    @property
    def _first_pages(self) -> tuple[int, ...]:
        first = self.turns[0]
        return (2 * first - 1, 2 * first) if self.by_sheet else (first,)

    def __str__(self) -> str:
        """Say it as pages: 1, 2, 3, 4, or as sheets: 1/2, 3/4."""
        return ", ".join(f"{2 * turn - 1}/{2 * turn}" if self.by_sheet else str(turn) for turn in self.turns)

    def cases(self, stretch: Sequence[Lying], is_again: Again) -> list[list[int]]:
        """Part pages that follow each other into cases; returns the places of each one's pages in the stretch.

        Of a page that lies beside the same page of the questionnaire, and with which no case begins, it is asked
        whether it was fed twice.
        """

        def fed_twice(one: int, other: int) -> bool:
            return stretch[one].page not in self._first_pages and is_again(one, other)

        pieces = _pieces(stretch, self.by_sheet, fed_twice)
        ends = _ends([piece.number for piece in pieces], self.turns)
        return [
            [place for piece in pieces[first:end] for place in piece.places]
            for first, end in pairwise((0, *ends))
        ]


def runs_of(entries: Sequence[Any], is_again: Again) -> list[list[int]]:
    """Part read pages without a case, among rows of LEDGER, into cases: the indices of each one's pages.

    `is_again` is asked by indices, too. A case ends at a cover sheet, at a page whose case is known, and where the
    order of the batch begins anew.
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
    stretches: list[tuple[tuple[str, str], list[int]]] = []
    is_open = False
    for index, entry in enumerate(entries):
        if chosen[index]:
            batch = entry.scan, entry.questionnaire
            if not is_open or stretches[-1][0] != batch:
                stretches.append((batch, []))
            stretches[-1][1].append(index)
            is_open = True
        elif entry.place in {"read", "cover sheet"}:
            is_open = False
    of_scan: dict[str, list[Any]] = {}
    for entry in entries:
        of_scan.setdefault(entry.scan, []).append(entry)
    orders = {(scan, name): order_in(of_scan[scan], name) for scan, name in {batch for batch, _ in stretches}}
    for batch, own in stretches:
        lying = [_lying(entries[index]) for index in own]
        cases = orders[batch].cases(lying, lambda one, other, own=own: is_again(own[one], own[other]))  # type: ignore[misc]
        yield orders[batch], [[own[place] for place in case] for case in cases]


def order_in(batch: Sequence[Any], questionnaire: str) -> Order:
    """Find the order in which a batch has the pages of a case, by all that were read, with a serial or without.

    `batch` are its rows of LEDGER; a cover sheet ends a case.
    """
    stretches: list[list[Lying]] = [[]]
    for row in batch:
        if row.place == "cover sheet":
            stretches.append([])
        elif row.place == "read" and row.questionnaire == questionnaire:
            stretches[-1].append(_lying(row))
    return order_of([stretch for stretch in stretches if stretch], max(row.page for row in batch))


def _lying(row: Any) -> Lying:
    return Lying(row.page, row.questionnaire_page)


def order_of(stretches: Sequence[Sequence[Lying]], last_page: int) -> Order:
    """Find the order in which a batch has the pages of each case: the one that makes most whole ones, and few others.

    `stretches` are pages of one questionnaire, in order, parted where a case surely ends; `last_page` is the batch's.
    First to last is taken, or last to first, unless another order makes two more whole, or one more and fits the ends.
    """
    by_sheet = _is_by_sheet([one for stretch in stretches for one in stretch], last_page)
    numbers = [[piece.number for piece in _pieces(stretch, by_sheet, _is_never)] for stretch in stretches]
    up = tuple(sorted({number for stretch in numbers for number in stretch}))
    once = [[number for number, _ in groupby(stretch)] for stretch in numbers]  # of pages that were fed twice
    windows = (stretch[at : at + len(up)] for stretch in once for at in range(len(stretch)))
    shown = Counter(tuple(window) for window in windows if sorted(window) == list(up))
    possible = [turns for turns, _ in shown.most_common() if by_sheet or _keeps_sheets(turns)]
    orders = dict.fromkeys([up, up[::-1], *possible[:MOST_ORDERS]])
    rank = {turns: _rank([_ends(stretch, turns) for stretch in once], len(up)) for turns in orders}
    best, by_ends = up, False
    for other in (up[::-1], min(orders, key=rank.__getitem__)):
        lead = rank[best][0] - rank[other][0]
        if rank[other] < rank[best]:
            fits = all((stretch[0], stretch[-1]) == (other[0], other[-1]) for stretch in once)
            best, by_ends = (other if fits or lead > 1 else best), lead <= 1
    whole, count = _rank([_ends(stretch, best) for stretch in numbers], len(up))
    return Order(best, by_sheet, -whole >= WHOLE * count, by_ends)


def _keeps_sheets(turns: Sequence[int]) -> bool:
    """Whether both pages of each sheet stand beside each other, or those that a folded one shows at once."""
    beside = {frozenset(pair) for pair in pairwise(turns)}
    sheets = {frozenset((page, page + 1)) for page in turns if page % 2 and page + 1 in turns}
    spreads = {frozenset((page, len(turns) + 1 - page)) for page in turns if page <= len(turns)}
    return sheets <= beside or (len(turns) % 4 == 0 and spreads <= beside)


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


def _pieces(stretch: Sequence[Lying], by_sheet: bool, is_again: Again) -> list[Piece]:
    """The pages of a stretch, or its sheets; a page that was fed twice is one."""
    pieces: list[Piece] = []
    for place, one in enumerate(stretch):
        number = _sheet(one.page) if by_sheet else one.page
        before = stretch[place - 1] if place else None
        other_side = by_sheet and before is not None and _sheet(before.at) == _sheet(one.at)
        same_side = before is not None and before.page == one.page
        is_alike = bool(pieces) and pieces[-1].number == number
        if is_alike and (other_side or (same_side and is_again(place - 1, place))):
            pieces[-1].places.append(place)
        else:
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
    whole = [range(0), *_whole_together(parts, len(turns)), range(len(parts), len(parts))]
    inner = {
        at
        for before, one, after in zip(
            whole, whole[1:], whole[2:], strict=False
        )  # each ends behind the one before
        if before.stop <= one.start and one.stop <= after.start
        for at in one[:-1]
    }
    return [end for at, end in enumerate(ends) if at not in inner]


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
