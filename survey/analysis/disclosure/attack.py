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
from survey.doors.linear import Flags, Numbers, csr_array, maximise_each

TOLERANCE = 1e-6
"""People; what a linear program may be off by."""
SWEEPS, FEW = 3, 20
"""Tables made to fit before single cells are asked for, where these are more than few: one may show many to be safe."""


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
        reach = _Reach(cells.part(places), np.broadcast_to(needed, len(cells.names))[places])
        reach.ask(np.arange(len(places)))
        low[places] += reach.down
        high[places] += reach.up
    narrow = guarded(cells, shown_or_not) & (high - low < np.broadcast_to(needed, low.shape) - TOLERANCE)
    return Audit(low, high, tuple(cells.names[place] for place in np.flatnonzero(narrow)))


def breaches(cells: Cells, hidden: Flags, needed: Numbers) -> dict[int, float]:
    """Place of every guarded cell that spans too little -> how much it spans; quicker than a whole audit."""
    return dict(_breaches(cells, hidden, needed))


def holds(cells: Cells, hidden: Flags, needed: Numbers, near: int) -> bool:
    """Whether the guarded cells span what they must that stand on one island with a cell, before it is shown."""
    before = hidden.copy()
    before[near] = True
    here = np.zeros(len(hidden), dtype=bool)
    here[_island(cells, cells.closed(before), near)] = True
    return next(_breaches(cells, hidden, needed, here), None) is None


def span(cells: Cells, hidden: Flags, needed: Numbers, place: int) -> float:
    """How wide one cell spans."""
    island = _island(cells, cells.closed(hidden), place)
    reach = _Reach(cells.part(island), needed[island])
    here = np.searchsorted(island, [place])
    reach.ask(here)
    return float((reach.up - reach.down)[here[0]])


def _island(cells: Cells, hidden: Flags, place: int) -> Places:
    return next(places for places in cells.islands(hidden) if place in places)


def _breaches(
    cells: Cells, hidden: Flags, needed: Numbers, among: Flags | None = None
) -> Iterator[tuple[int, float]]:
    closed = cells.closed(hidden)
    guard = guarded(cells, closed)
    for places in cells.islands(closed if among is None else closed & among):
        wanted = np.flatnonzero(guard[places] & (needed[places] > TOLERANCE))
        if not len(wanted):
            continue
        reach = _Reach(cells.part(places), needed[places])
        reach.sweep(wanted)
        reach.ask(reach.unsure(wanted))
        for place in reach.unsure(wanted):
            yield int(places[place]), float(reach.up[place] - reach.down[place])


def guarded(cells: Cells, hidden: Flags) -> Flags:
    """The hidden cells whose span is asked for: people stand in them, or they are sensitive."""
    return hidden & ~cells.secret & ((cells.counts > 0) | cells.sensitive)


def ceiling(cells: Cells, needed: Numbers) -> Numbers:
    """How far up a reader thinks any count may deviate: he knows how many people there are at most."""
    most = float(cells.counts.max(initial=0.0)) + float(needed.max(initial=0.0))
    return np.full(len(cells.names), most)


class _Reach:
    """What is known so far about how far the cells of one island may deviate, up and down."""

    def __init__(self, cells: Cells, needed: Numbers) -> None:
        self._equations: csr_array = cells.relations
        self._low, self._high = -cells.counts, ceiling(cells, needed)
        self._needed = needed
        self.up, self.down = np.zeros(len(cells.names)), np.zeros(len(cells.names))

    def unsure(self, wanted: Places) -> Places:
        """Those of the cells that are not known to span enough."""
        return wanted[(self.up - self.down)[wanted] < self._needed[wanted] - TOLERANCE]

    def ask(self, places: Places) -> None:
        """Find out exactly how far cells may deviate."""
        gains = np.zeros((2 * len(places), len(self.up)))
        gains[np.arange(len(places)), places] = 1.0
        gains[len(places) + np.arange(len(places)), places] = -1.0
        self._try(gains)

    def sweep(self, wanted: Places) -> None:
        """Push many cells at once, up and down in turn; what moved far enough needs no asking."""
        for turn in range(SWEEPS if len(wanted) > FEW else 0):
            unsure = self.unsure(wanted)
            gain = np.zeros((2, len(self.up)))
            gain[0, unsure] = np.where((np.arange(len(unsure)) >> turn) & 1, 1.0, -1.0)
            gain[1] = -gain[0]
            self._try(gain)

    def _try(self, gains: Numbers) -> None:
        if len(gains):
            points, _ = maximise_each(gains, self._equations, self._low, self._high)
            self.up = np.maximum(self.up, points.max(axis=0))
            self.down = np.minimum(self.down, points.min(axis=0))
