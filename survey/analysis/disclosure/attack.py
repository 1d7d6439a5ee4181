"""Cells and which of them are hidden -> what a reader can find out about them, by linear programming.

The reader knows every published count, how counts add up, and that no count is negative. All tables that agree
with that are possible to him; a hidden count lies between its least and its largest value among them. Whole numbers
are not asked for, so that a reader who uses them may narrow an interval in three and more dimensions a little.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from survey.analysis.disclosure.cells import Cells, Places
from survey.doors.linear import Flags, Numbers, maximise_each

TOLERANCE = 1e-6
"""People; what a linear program may be off by."""
SWEEPS, FEW = 3, 20
"""Tables made to fit before single cells are asked for, where these are more than few: one may show many to be safe."""
MOST_KEPT = 4000
"""Tables that are remembered."""


@dataclass(frozen=True)
class Audit:
    """What a reader can infer: for each cell its least and largest possible count, shape (n,)."""

    low: Numbers
    high: Numbers
    breached: tuple[str, ...]
    """Hidden cells whose interval is narrower than it must be."""


def audit(cells: Cells, hidden: Flags, needed: Numbers | float) -> Audit:
    """Work out exactly what a reader can infer about every hidden cell; `needed` is how wide it must span, people.

    Counts of nobody are not guarded unless they are sensitive; secret ones need no guard.
    """
    shown_or_not = cells.closed(hidden)
    low, high = cells.counts.copy(), cells.counts.copy()
    for places in cells.islands(shown_or_not):
        moves = _moves(cells.part(places), np.arange(len(places)), float(np.max(needed)))
        low[places] += moves.min(axis=0)
        high[places] += moves.max(axis=0)
    narrow = guarded(cells, shown_or_not) & (high - low < np.broadcast_to(needed, low.shape) - TOLERANCE)
    return Audit(low, high, tuple(cells.names[place] for place in np.flatnonzero(narrow)))


def breaches(cells: Cells, hidden: Flags, needed: Numbers) -> dict[int, float]:
    """Place of every guarded cell that spans too little -> how much it spans; quicker than a whole audit."""
    return Attack(cells, needed).breaches(hidden)


class Attack:
    """Asks again and again what a reader can infer, while cells are hidden and shown.

    It remembers the tables that it found possible. Such a table stays possible while all cells that it moves are
    hidden, so that only those cells are asked for anew that no remembered table lets span enough.
    """

    def __init__(self, cells: Cells, needed: Numbers) -> None:
        self._cells, self._needed = cells, needed
        self._moves = np.zeros((0, len(cells.names)))
        """By how many people each cell is off its count in each table, shape (tables, n)."""

    def breaches(self, hidden: Flags) -> dict[int, float]:
        """Place of every guarded cell that spans too little -> how much it spans."""
        return dict(self._narrow(hidden, np.ones(len(hidden), dtype=bool)))

    def holds(self, hidden: Flags) -> bool:
        """Whether every guarded cell spans what it must."""
        return next(self._narrow(hidden, np.ones(len(hidden), dtype=bool)), None) is None

    def spans(self, hidden: Flags, place: int) -> bool:
        """Whether one cell spans what it must."""
        only = np.zeros(len(hidden), dtype=bool)
        only[place] = True
        return next(self._narrow(hidden, only), None) is None

    def _narrow(self, hidden: Flags, among: Flags) -> Iterator[tuple[int, float]]:
        closed = self._cells.closed(hidden)
        wanted = among & guarded(self._cells, closed) & (self._needed > TOLERANCE)
        moves = self._moves[~(np.abs(self._moves[:, ~closed]) > TOLERANCE).any(axis=1)]
        unsure = self._unsure(wanted, _span(moves))
        if not unsure.any():
            return
        for places in self._cells.islands(closed):
            if unsure[places].any():
                yield from self._ask(places, unsure & np.isin(np.arange(len(hidden)), places), moves)

    def _unsure(self, wanted: Flags, span: Numbers) -> Flags:
        """Those of the cells that are not known to span enough."""
        return wanted & (span < self._needed - TOLERANCE)

    def _ask(self, places: Places, unsure: Flags, moves: Numbers) -> Iterator[tuple[int, float]]:
        """Ask for the unsure cells of an island, a few at a time: what lets one span enough may do so for others."""
        part, most = self._cells.part(places), float(self._needed.max(initial=0.0))
        for turn in range(SWEEPS):
            if unsure.sum() > FEW:
                moves = self._remembered(places, _swept(part, unsure[places], turn, most), moves)
                unsure = self._unsure(unsure, _span(moves))
        while unsure.any():
            asked = np.flatnonzero(unsure)[:FEW]
            moves = self._remembered(places, _moves(part, np.searchsorted(places, asked), most), moves)
            span = _span(moves)
            for place in asked[span[asked] < self._needed[asked] - TOLERANCE]:
                yield int(place), float(span[place])
            unsure[asked] = False
            unsure = self._unsure(unsure, span)

    def _remembered(self, places: Places, found: Numbers, moves: Numbers) -> Numbers:
        """Remember moves of the cells of an island; returns the moves known for the cells that are hidden now."""
        whole = np.zeros((len(found), len(self._needed)))
        whole[:, places] = found
        self._moves = np.concatenate([self._moves, whole])[-MOST_KEPT:]
        return np.concatenate([moves, whole])


def _span(moves: Numbers) -> Numbers:
    return np.asarray(moves.max(axis=0, initial=0.0) - moves.min(axis=0, initial=0.0))


def guarded(cells: Cells, hidden: Flags) -> Flags:
    """The hidden cells whose span is asked for: people stand in them, or they are sensitive."""
    return hidden & ~cells.secret & ((cells.counts > 0) | cells.sensitive)


def ceiling(cells: Cells, needed: float) -> Numbers:
    """How far up a reader thinks any count may deviate: he knows how many people there are at most."""
    return np.full(len(cells.names), float(cells.counts.max(initial=0.0)) + needed)


def _moves(cells: Cells, places: Places, needed: float) -> Numbers:
    """Possible tables in which each of some cells is as large, or as small, as can be; all cells are hidden."""
    gains = np.zeros((2 * len(places), len(cells.names)))
    gains[np.arange(len(places)), places] = 1.0
    gains[len(places) + np.arange(len(places)), places] = -1.0
    return maximise_each(gains, cells.relations, -cells.counts, ceiling(cells, needed))[0]


def _swept(cells: Cells, unsure: Flags, turn: int, needed: float) -> Numbers:
    """Two possible tables that push many cells up and down in turn, as far as they go."""
    place = np.cumsum(unsure) - 1
    gain = np.where(unsure, np.where((place >> turn) & 1, 1.0, -1.0), 0.0)
    return maximise_each(np.stack([gain, -gain]), cells.relations, -cells.counts, ceiling(cells, needed))[0]
