"""Cells -> which are hidden: the sensitive ones, and as few others as keep a reader from working them out.

Integer programming with one binary a cell. What protects a cell is not written down beforehand: the attack finds a
cell that spans too little, and the prices of its equations say which cells would have let it span more; each such
rule is added, and the choice is made anew (Fischetti & Salazar 2001, Management Science 47; Benders' idea). What is
returned has passed the audit, whether the search was finished or the heuristic's hiding was kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from survey.analysis.disclosure.attack import TOLERANCE, breaches, ceiling, holds, span
from survey.analysis.disclosure.cells import Cells, Places
from survey.doors.linear import Flags, Numbers, Picked, csr_array, maximise, maximise_each, pick, side_by_side

MOST_CELLS, ROUNDS = 150, 60
"""Linked cells up to which the fewest are looked for, in so many choices at most (bench/disclosure.py) …"""
MOST_CELLS_ONCE, ROUNDS_ONCE = 600, 3
"""… and up to which a few choices are made for the heuristic to start from."""
NODES = 500
"""Nodes of the search tree of one choice."""
SLACK = 1e-3
"""Share to which a cell that is not hidden counts as hidden while rules are made: it makes prices tell (ibid.)."""


@dataclass(frozen=True)
class Hiding:
    """Which cells are hidden, how wide each of them must span for a reader, and whether fewer would not do."""

    hidden: Flags
    needed: Numbers
    is_optimal: bool


def hide(cells: Cells, minimum: int) -> Hiding:
    """Hide the sensitive cells and what protects them: bases first, then islands of linked cells one by one.

    Then the whole is attacked once more, overlapping counts included, and mended where that narrows a count. A hidden
    count spans at least the minimum cell, in people; where even hiding all that can be hidden leaves less (a group
    smaller than that, known to the reader), it spans what that leaves.
    """
    tight = cells.tight()
    bases, _ = _hide_islands(tight.of_bases(), minimum)
    kept = tight.base & ~bases
    settled = replace(
        tight, public=tight.public | kept, sensitive=(tight.sensitive & ~kept) | (bases & tight.base)
    )
    hidden, is_optimal = _hide_islands(settled, minimum)
    needed = what_can_be_spanned(cells, minimum, hidden)
    if breaches(cells, hidden, needed):
        hidden, is_optimal = _protected(cells, needed, hidden), False
    return Hiding(cells.closed(hidden), needed, is_optimal)


def _hide_islands(cells: Cells, minimum: int) -> tuple[Flags, bool]:
    hidden, is_optimal = cells.closed(cells.sensitive), True
    for places in cells.islands(cells.closed(~cells.public)):
        part = cells.part(places)
        if (part.sensitive & ~part.secret).any():
            found = _hide_island(part, minimum)
            hidden[places] = found.hidden
            is_optimal &= found.is_optimal
    return hidden, is_optimal


def _hide_island(cells: Cells, minimum: int) -> Hiding:
    needed = what_can_be_spanned(cells, minimum, cells.closed(cells.sensitive))
    alone = cells.closed(cells.sensitive)
    if not breaches(cells, alone, needed):
        return Hiding(alone, needed, True)
    few = len(cells.names)
    if few > MOST_CELLS_ONCE:
        return Hiding(hide_roughly(cells, needed, cells.sensitive), needed, False)
    return hide_fewest(cells, needed, ROUNDS if few <= MOST_CELLS else ROUNDS_ONCE)


def what_can_be_spanned(cells: Cells, minimum: int, hidden: Flags) -> Numbers:
    """How wide each cell must span: the minimum cell, or all that is left when everything is hidden.

    What spans the minimum with only `hidden` hidden spans it anyway, and is not asked again.
    """
    needed = np.full(len(cells.names), float(minimum))
    everything = cells.closed(~cells.public)
    if breaches(cells, hidden, needed):
        for place, left in breaches(cells, everything, needed).items():
            needed[place] = left
    return needed


def hide_roughly(cells: Cells, needed: Numbers, start: Flags) -> Flags:
    """Hide what protects all that is in `start`, then show again what need not be hidden.

    `start` holds all sensitive cells; `needed` is what `what_can_be_spanned` says.
    """
    return _shown_again(cells, _protected(cells, needed, start), needed)


def _protected(cells: Cells, needed: Numbers, start: Flags) -> Flags:
    """Hide for one breached cell after the other what lets it span enough, cheaply."""
    hidden = cells.closed(start)
    while found := breaches(cells, hidden, needed):
        before = hidden
        first, *others = sorted(found, key=lambda place: (found[place] - needed[place], place))
        hidden = cells.closed(hidden | _cover(cells, hidden, first, needed))
        for place in others:
            # what was hidden for one cell may have helped the next
            if span(cells, hidden, needed, place) < needed[place] - TOLERANCE:
                hidden = cells.closed(hidden | _cover(cells, hidden, place, needed))
        if (hidden == before).all():
            hidden = cells.closed(hidden | _linked(cells, np.array(list(found))))
            if (hidden == before).all():
                break  # all is hidden that can be: it spans what that leaves
    return hidden


def _linked(cells: Cells, places: Places) -> Flags:
    """All that can be hidden and hangs together with some cells: where the cheapest cover is hidden and not enough."""
    found = np.zeros(len(cells.names), dtype=bool)
    for island in cells.islands(cells.closed(~cells.public)):
        if np.isin(places, island).any():
            found[island] = True
    return found & ~cells.public


def _cover(cells: Cells, hidden: Flags, target: int, needed: Numbers) -> Flags:
    """The cells that two possible tables move so that the target spans enough, at least cost a person moved."""
    n, level = len(cells.names), needed[target]
    most = ceiling(cells, needed)
    free = cells.closed(~cells.public)
    price = np.where(hidden, 1e-6, cells.cost + 1e-3)
    price = price / np.maximum(np.minimum(cells.counts, level), 1.0)
    up = np.where(free, np.where(hidden, most, level), 0.0)
    down = np.where(free, np.where(hidden, cells.counts, np.minimum(cells.counts, level)), 0.0)
    # columns: higher and lower in the table where the target is large, higher and lower where it is small
    signs = csr_array(cells.relations)
    equations = side_by_side([[signs, -signs, None, None], [None, None, signs, -signs]])
    gain = -np.tile(price, 4)
    gain[[target, 3 * n + target]] += 1e4  # far above any price: span first, then cheaply
    high = np.concatenate([up, down, up, down])
    # not more than needed: the target's own columns are bounded by it in turn
    own = max(level - down[target], 0.0)
    high[[target, 3 * n + target]] = [max(own, level / 2), min(down[target], level)]
    high[[n + target, 2 * n + target]] = 0.0
    point = maximise(gain, equations, np.zeros(4 * n), high).point
    moved = point.reshape(4, n).max(axis=0) > TOLERANCE
    return moved & ~cells.public


def _shown_again(cells: Cells, hidden: Flags, needed: Numbers) -> Flags:
    """Show whatever can be shown without a breach, the dearest first."""
    extra = np.flatnonzero(hidden & ~cells.sensitive & ~cells.secret & ~cells.public)
    for place in sorted(extra, key=lambda one: (-cells.cost[one], cells.counts[one], one)):
        fewer = hidden & ~cells.public
        fewer[place] = False
        fewer = cells.closed(fewer)
        if not fewer[place] and holds(cells, fewer, needed, int(place)):
            hidden = fewer
    return hidden


def hide_fewest(cells: Cells, needed: Numbers, rounds: int) -> Hiding:
    """Choose, attack, add the rules the attack teaches, until no attack succeeds.

    After so many rounds the last choice is mended by the heuristic, and what is cheaper of that and of what the
    heuristic finds alone is kept.
    """
    rules = _Rules(cells, needed)
    rules.learn(cells.closed(cells.sensitive), np.flatnonzero(cells.sensitive))
    picked = None
    for _ in range(rounds):
        picked = rules.choose() or picked
        if picked is None:
            break
        found = breaches(cells, picked.flags, needed)
        if not found:
            return Hiding(cells.closed(picked.flags), needed, picked.is_optimal)
        rules.learn(picked.flags, np.array(list(found)))
    starts = [cells.sensitive] if picked is None else [cells.sensitive, picked.flags]
    tried = [hide_roughly(cells, needed, start) for start in starts]
    return Hiding(min(tried, key=lambda one: _price(cells, one)), needed, False)


def _price(cells: Cells, hidden: Flags) -> float:
    return float(cells.cost[hidden & ~cells.public].sum())


class _Rules:
    """Sums of hidden flags that must reach a level, learned from attacks that succeeded."""

    def __init__(self, cells: Cells, needed: Numbers) -> None:
        self._cells, self._needed = cells, needed
        self._rows: list[Numbers] = []
        n = len(cells.names)
        for a, b in cells.follows:
            row = np.zeros(n)
            row[a], row[b] = -1.0, 1.0
            self._rows.append(row)
        for relation in cells.relations.toarray() != 0:
            for place in np.flatnonzero(relation & ~cells.public & ~cells.secret & (needed > TOLERANCE)):
                # nobody hides alone in a sum
                row = relation.astype(float)
                row[place] = -1.0
                self._rows.append(row)

    def learn(self, hidden: Flags, places: Places) -> None:
        """Add the rules that attacks on cells give: what may move must, together, let each span enough."""
        cells = self._cells
        places = places[self._needed[places] > TOLERANCE]
        most = ceiling(cells, self._needed)
        share = np.where(cells.closed(hidden), 1.0, SLACK)
        gains = np.zeros((2 * len(places), len(cells.names)))
        gains[np.arange(len(places)), places] = 1.0
        gains[len(places) + np.arange(len(places)), places] = -1.0
        _, prices = maximise_each(gains, cells.relations, -cells.counts * share, most * share)
        worth = gains - prices @ cells.relations
        reach = np.where(worth > 0, worth * most, -worth * cells.counts)
        reach = reach[: len(places)] + reach[len(places) :]
        level = self._needed[places][:, None]
        rows = np.where(reach < TOLERANCE, 0.0, np.minimum(reach, level)) / level
        rows[np.arange(len(places)), places] -= 1.0
        self._rows.extend(rows)

    def choose(self) -> Picked | None:
        """The cheapest hiding that keeps all rules so far."""
        cells = self._cells
        led = np.zeros(len(cells.names), dtype=bool)
        led[[b for _, b in cells.follows]] = True
        return pick(
            cells.cost, csr_array(np.array(self._rows)), np.zeros(len(self._rows)),
            cells.sensitive | cells.secret, ~cells.public | led, NODES,
        )  # fmt: skip
