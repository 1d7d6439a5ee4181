"""Cells -> which are hidden: the sensitive ones, and as few others as keep a reader from working them out.

Integer programming with one binary a cell. What protects a cell is not written down beforehand: the attack finds a
cell that spans too little, and the prices of its equations say which cells would have let it span more; each such
rule is added, and the choice is made anew (Fischetti & Salazar 2001, Management Science 47; Benders' idea). What is
returned has passed the audit, whether the search was finished or the heuristic's hiding was kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from survey.analysis.disclosure.attack import TOLERANCE, Attack, breaches, ceiling
from survey.analysis.disclosure.cells import Cells, Places
from survey.doors.linear import Flags, Numbers, Picked, csr_array, maximise, maximise_each, pick, side_by_side

MOST_CELLS, ROUNDS = 150, 60
"""Linked cells up to which the fewest are looked for, in so many choices at most (bench/disclosure.py) …"""
MOST_CELLS_ONCE, ROUNDS_ONCE = 600, 3
"""… and up to which a few choices are made for the heuristic to start from. Larger ones get a single choice …"""
MOST_PICKED = 3000
"""… that knows no attack, as long as the integer program is not too large for that."""
NODES = 500
"""Nodes of the search tree of one choice."""
SLACK = 1e-3
"""Share of the minimum cell by which a cell that is not hidden may be off while rules are made: it makes prices tell
(ibid.)."""


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
        hidden, is_optimal = _protected(cells, needed, hidden, Attack(cells, needed)), False
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
        return Hiding(hide_roughly(cells, needed), needed, False)
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


def hide_roughly(cells: Cells, needed: Numbers, start: Flags | None = None) -> Flags:
    """Hide what protects all that is in `start`, then show again what need not be hidden.

    `start` holds all sensitive cells; without it, it is the cheapest choice that leaves no cell hidden alone in a sum.
    `needed` is what `what_can_be_spanned` says.
    """
    if start is None:
        picked = _Rules(cells, needed).choose() if len(cells.names) <= MOST_PICKED else None
        start = cells.sensitive if picked is None else picked.flags
    attack = Attack(cells, needed)
    return _shown_again(cells, _protected(cells, needed, start, attack), attack)


def _protected(cells: Cells, needed: Numbers, start: Flags, attack: Attack) -> Flags:
    """Hide for one breached cell after the other what lets it span enough, cheaply."""
    hidden = cells.closed(start)
    while found := attack.breaches(hidden):
        before = hidden
        for place in sorted(found, key=lambda place: (found[place] - needed[place], place)):
            # what was hidden for one cell may have helped the next
            if not attack.spans(hidden, place):
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
    most = ceiling(cells, float(needed.max(initial=0.0)))
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


def _shown_again(cells: Cells, hidden: Flags, attack: Attack) -> Flags:
    """Show whatever can be shown without a breach, the dearest first."""
    extra = np.flatnonzero(hidden & ~cells.sensitive & ~cells.secret & ~cells.public)
    for place in sorted(extra, key=lambda one: (-cells.cost[one], cells.counts[one], one)):
        fewer = hidden & ~cells.public
        fewer[place] = False
        fewer = cells.closed(fewer)
        if not fewer[place] and attack.holds(fewer):
            hidden = fewer
    return hidden


def hide_fewest(cells: Cells, needed: Numbers, rounds: int) -> Hiding:
    """Choose, attack, add the rules the attack teaches, until no attack succeeds.

    After so many rounds the last choice is mended by the heuristic.
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
    return Hiding(hide_roughly(cells, needed, None if picked is None else picked.flags), needed, False)


class _Rules:
    """Sums of hidden flags that must reach a level, learned from attacks that succeeded."""

    def __init__(self, cells: Cells, needed: Numbers) -> None:
        self._cells, self._needed = cells, needed
        alone = ~cells.public & ~cells.secret & (needed > TOLERANCE)
        signs = [{a: -1.0, b: 1.0} for a, b in cells.follows]
        for first, last in pairwise(cells.relations.indptr):
            inside = cells.relations.indices[first:last]
            # nobody hides alone in a sum
            signs += [dict.fromkeys(inside, 1.0) | {place: -1.0} for place in inside[alone[inside]]]
        entries = [(row, place, sign) for row, of_row in enumerate(signs) for place, sign in of_row.items()]
        rows, places, values = (np.array([entry[side] for entry in entries]) for side in range(3))
        shape = (len(signs), len(cells.names))
        self._rows = [csr_array((values.astype(float), (rows.astype(int), places.astype(int))), shape=shape)]

    def learn(self, hidden: Flags, places: Places) -> None:
        """Add the rules that attacks on cells give: what may move must, together, let each span enough."""
        cells = self._cells
        places = places[self._needed[places] > TOLERANCE]
        most = ceiling(cells, float(self._needed.max(initial=0.0)))
        closed, room = cells.closed(hidden), SLACK * float(self._needed.max(initial=0.0))
        gains = np.zeros((2 * len(places), len(cells.names)))
        gains[np.arange(len(places)), places] = 1.0
        gains[len(places) + np.arange(len(places)), places] = -1.0
        low = -np.where(closed, cells.counts, np.minimum(cells.counts, room))
        _, prices = maximise_each(gains, cells.relations, low, np.where(closed, most, room))
        worth = gains - prices @ cells.relations
        reach = np.where(worth > 0, worth * most, -worth * cells.counts)
        reach = reach[: len(places)] + reach[len(places) :]
        level = self._needed[places][:, None]
        rows = np.where(reach < TOLERANCE, 0.0, np.minimum(reach, level)) / level
        rows[np.arange(len(places)), places] -= 1.0
        self._rows.append(csr_array(rows))

    def choose(self) -> Picked | None:
        """The cheapest hiding that keeps all rules so far."""
        cells = self._cells
        led = np.zeros(len(cells.names), dtype=bool)
        led[[b for _, b in cells.follows]] = True
        rules = side_by_side([[rows] for rows in self._rows])
        return pick(
            cells.cost, rules, np.zeros(rules.shape[0]),
            cells.sensitive | cells.secret, ~cells.public | led, NODES,
        )  # fmt: skip
