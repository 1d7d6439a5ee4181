"""Pages without serials as they lie in a batch -> which of them are one case's, by the order that the pile shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
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


@dataclass(frozen=True)
class Order:
    """In which order the pages of one case follow each other in a batch."""

    turns: tuple[int, ...]
    """Pages, or sheets, one after the other."""
    by_sheet: bool
    """Pages 2n - 1 and 2n of the batch are the two sides of one sheet, in whichever order."""
    is_sure: bool
    """No other order makes as many whole cases of the batch, and most are whole."""
    by_ends: bool
    """It is not from first to last, which would leave but the first and the last case of the batch not whole."""

    def __str__(self) -> str:
        """Say it as pages: 1, 2, 3, 4, or as sheets: 1/2, 3/4."""
        return ", ".join(f"{2 * turn - 1}/{2 * turn}" if self.by_sheet else str(turn) for turn in self.turns)

    def cases(self, stretch: Sequence[Lying]) -> list[list[int]]:
        """Part pages that follow each other into cases; returns the places of each one's pages in the stretch."""
        pieces = _pieces(stretch, self.by_sheet)
        ends = _ends([piece.number for piece in pieces], self.turns)
        return [
            [place for piece in pieces[first:end] for place in piece.places]
            for first, end in pairwise((0, *ends))
        ]


def runs_of(entries: Sequence[Any]) -> list[list[int]]:
    """Part read pages without a case, among rows of LEDGER, into cases: the indices of each one's pages.

    A case ends at a cover sheet, at a page whose case is known, and where the order of the batch begins anew.
    """
    stretches: list[tuple[tuple[str, str], list[int]]] = []
    is_open = False
    for index, entry in enumerate(entries):
        if entry.place == "read" and not entry.case:
            batch = entry.scan, entry.questionnaire
            if not is_open or stretches[-1][0] != batch:
                stretches.append((batch, []))
            stretches[-1][1].append(index)
            is_open = True
        elif entry.place in {"read", "cover sheet"}:
            is_open = False
    orders = {
        (scan, name): order_in([entry for entry in entries if entry.scan == scan], name)
        for scan, name in {batch for batch, _ in stretches}
    }
    return [
        [own[place] for place in case]
        for batch, own in stretches
        for case in orders[batch].cases([_lying(entries[index]) for index in own])
    ]


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
    Of orders that make as many, the first page comes first.
    """
    by_sheet = _is_by_sheet([one for stretch in stretches for one in stretch], last_page)
    numbers = [[piece.number for piece in _pieces(stretch, by_sheet)] for stretch in stretches]
    up = tuple(sorted({number for stretch in numbers for number in stretch}))
    windows = (stretch[at : at + len(up)] for stretch in numbers for at in range(len(stretch)))
    shown = Counter(tuple(window) for window in windows if sorted(window) == list(up))
    orders = dict.fromkeys([up, up[::-1], *(turns for turns, _ in shown.most_common(MOST_ORDERS))])
    cases = {turns: [_ends(stretch, turns) for stretch in numbers] for turns in orders}
    rank = {turns: (-_count_whole(ends, len(up)), sum(map(len, ends))) for turns, ends in cases.items()}
    best = min(orders, key=rank.__getitem__)
    is_sure = all(cases[other] == cases[best] for other in orders if rank[other] == rank[best])
    whole, count = rank[best]
    by_ends = best != up and rank[up][0] <= whole + 1
    return Order(best, by_sheet, is_sure and -whole >= WHOLE * count, by_ends)


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


def _pieces(stretch: Sequence[Lying], by_sheet: bool) -> list[Piece]:
    """The pages of a stretch, or its sheets."""
    pieces: list[Piece] = []
    for place, one in enumerate(stretch):
        number = _sheet(one.page) if by_sheet else one.page
        before = stretch[place - 1] if by_sheet and place else None
        if before is not None and (_sheet(before.at), pieces[-1].number) == (_sheet(one.at), number):
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
    whole = _whole_together(parts, len(turns))
    inner = {
        at
        for one in whole
        if not any(one != other and one.start < other.stop and other.start < one.stop for other in whole)
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


def _count_whole(ends: Sequence[Sequence[int]], size: int) -> int:
    return sum(end - first == size for own in ends for first, end in pairwise((0, *own)))
