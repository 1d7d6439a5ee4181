"""Pages without serials as they lie in a batch -> which of them are one case's, by the order that the pile shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

PAIRED = 0.9  # share of a batch's sheets of which both sides must be read as those of one sheet
MOST_ORDERS = 20  # of those a pile shows most often, that are tried
WHOLE = 0.5  # share of a batch's cases that must have all pages, or else its order is not known


class Lying(NamedTuple):
    """Where a page lies: its number in the batch, and in the questionnaire."""

    at: int
    page: int


@dataclass(frozen=True)
class Order:
    """In which order the pages of one case follow each other in a batch."""

    turns: tuple[int, ...]
    """Pages, or sheets, one after the other."""
    by_sheet: bool
    """Pages 2n - 1 and 2n of the batch are the two sides of one sheet, in whichever order."""
    is_sure: bool
    """No other order makes so few cases of the batch, and most of these are whole."""

    @property
    def is_usual(self) -> bool:
        """Whether the first page, or sheet, lies on top."""
        return self.turns == tuple(sorted(self.turns))

    def __str__(self) -> str:
        """Say it as pages: 1, 2, 3, 4, or as sheets: 1/2, 3/4."""
        return ", ".join(f"{2 * turn - 1}/{2 * turn}" if self.by_sheet else str(turn) for turn in self.turns)

    def goes_on(self, before: Lying, after: Lying) -> bool:
        """Whether two pages, with none of the questionnaire between them, are one case's."""
        place, next_place = (self.turns.index(_piece(one, self.by_sheet)) for one in (before, after))
        other_side = self.by_sheet and place == next_place and _sheet(before) == _sheet(after)
        return place < next_place or other_side


def runs_of(entries: Sequence[Any]) -> list[list[int]]:
    """Cut read pages without a case, of rows of LEDGER, into runs of indices: each is a case.

    A run ends where the order of the batch begins anew, at a cover sheet, and at a page whose case is known.
    """
    runs: list[list[int]] = []
    orders: dict[tuple[str, str], Order] = {}
    is_open = False
    for index, entry in enumerate(entries):
        if entry.place == "read" and not entry.case:
            last = entries[runs[-1][-1]] if is_open else None
            batch = entry.scan, entry.questionnaire
            goes_on = False
            if last is not None and (last.scan, last.questionnaire) == batch:
                if batch not in orders:
                    here = [one for one in entries if one.scan == entry.scan]
                    orders[batch] = order_in(here, entry.questionnaire)
                goes_on = orders[batch].goes_on(_lying(last), _lying(entry))
            if goes_on:
                runs[-1].append(index)
            else:
                runs.append([index])
            is_open = True
        elif entry.place in {"read", "cover sheet"}:
            is_open = False
    return runs


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
    """Find the order in which a batch has the pages of each case: the one that makes the fewest cases.

    `stretches` are pages of one questionnaire, in order, parted where a case surely ends; `last_page` is the batch's.
    Of orders that make as few, the first page comes first.
    """
    by_sheet = _is_by_sheet([one for stretch in stretches for one in stretch], last_page)
    pieces = [_pieces(stretch, by_sheet) for stretch in stretches]
    up = tuple(sorted({piece for stretch in pieces for piece in stretch}))
    shown = Counter(
        turns for stretch in pieces for turns in _windows(stretch, len(up)) if len(set(turns)) == len(up)
    )
    orders = dict.fromkeys([up, up[::-1], *(turns for turns, _ in shown.most_common(MOST_ORDERS))])
    cuts = {turns: tuple(tuple(_cuts(stretch, turns)) for stretch in pieces) for turns in orders}
    count = {turns: sum(map(len, of_stretches)) for turns, of_stretches in cuts.items()}
    best = min(orders, key=count.__getitem__)
    is_sure = all(cuts[other] == cuts[best] for other in orders if count[other] == count[best])
    whole = sum(
        after - before == len(up)
        for stretch, places in zip(pieces, cuts[best], strict=True)
        for before, after in pairwise((0, *places, len(stretch)))
    )
    cases = count[best] + len(pieces)
    return Order(best, by_sheet, is_sure and whole >= WHOLE * cases)


def _is_by_sheet(pages: Sequence[Lying], last_page: int) -> bool:
    """Whether a batch's pages 2n - 1 and 2n are the sides of one sheet, as a scanner of both sides gives them.

    A few sheets may lie face down among others, or two have gone through together; both at once are rather the trace
    of a side that was dropped, and so is an odd number of pages.
    """
    sides: dict[int, list[Lying]] = {}
    for one in pages:
        sides.setdefault(_sheet(one), []).append(one)
    face_down = sum((own[0].at - own[0].page) % 2 for own in sides.values())
    turned = min(face_down, len(sides) - face_down)
    pairs = [own for own in sides.values() if len(own) == 2]
    others = sum({own[0].page, own[1].page} != set(_sides_of(own[0])) for own in pairs)
    if others:
        return not turned and others <= (1 - PAIRED) * len(pairs)
    return bool(pairs) and (not turned or last_page % 2 == 0)


def _sides_of(one: Lying) -> tuple[int, int]:
    """The pages of the questionnaire on the sheet of one."""
    front = one.page - (one.page + 1) % 2
    return front, front + 1


def _sheet(one: Lying) -> int:
    return (one.at + 1) // 2


def _piece(one: Lying, by_sheet: bool) -> int:
    return (one.page + 1) // 2 if by_sheet else one.page


def _pieces(stretch: Sequence[Lying], by_sheet: bool) -> list[int]:
    """The pages of a stretch, or its sheets, each once."""
    pieces = [(_sheet(one) if by_sheet else one.at, _piece(one, by_sheet)) for one in stretch]
    return [piece for _, piece in dict.fromkeys(pieces)]


def _windows(pieces: Sequence[int], size: int) -> list[tuple[int, ...]]:
    return [tuple(pieces[at : at + size]) for at in range(len(pieces) - size + 1)]


def _cuts(pieces: Sequence[int], turns: Sequence[int]) -> list[int]:
    """Where a case begins after another: what follows does not come later in its turn."""
    place = {piece: at for at, piece in enumerate(turns)}
    places = np.array([place[piece] for piece in pieces])
    return (np.flatnonzero(np.diff(places) <= 0) + 1).tolist()
