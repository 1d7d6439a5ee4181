"""Counts and the sums that link them -> one system of cells, of which some are hidden."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from survey.doors.linear import Flags, Numbers, connected, csr_array
from survey.errors import UsageError

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Cells:
    """Counts of people, and everything a reader knows about how they add up; n cells, m relations."""

    names: tuple[str, ...]
    counts: Numbers
    """People in each cell, shape (n,)."""
    relations: csr_array
    """Shape (m, n): relations @ counts = 0, as total - part - part."""
    sensitive: Flags
    """May not be published: a reader must stay unsure of it by the minimum cell."""
    secret: Flags
    """Published nowhere, whatever is decided: the rest of a sum that no table lists."""
    public: Flags
    """Cannot be hidden by itself: known already, or a nobody that needs no protection."""
    cost: Numbers
    """What is lost when a cell is hidden."""
    base: Flags
    """Other cells add up to it under a base of their own; it is settled before them."""
    loose: Flags
    """Relations of counts that overlap, shape (m,): looked at when the others are settled."""
    follows: tuple[tuple[int, int], ...] = ()
    """(a, b): who hides a hides b too, as the answers under a base."""

    def place(self, name: str) -> int:
        """Place of a cell by its name."""
        return self.names.index(name)

    def closed(self, hidden: Flags) -> Flags:
        """The hidden cells, the secret ones, and all that must be hidden with them."""
        found = hidden | self.secret
        while True:
            more = [b for a, b in self.follows if found[a] and not found[b]]
            if not more:
                return found
            found = found.copy()
            found[more] = True

    def part(self, places: Places) -> Cells:
        """Some of the cells with the relations among them; what is left out must be known to the reader."""
        new = {int(old): place for place, old in enumerate(places)}
        among = csr_array(self.relations[:, places])
        used = np.diff(among.indptr) > 0
        return Cells(
            tuple(self.names[place] for place in places), self.counts[places], csr_array(among[used]),
            self.sensitive[places], self.secret[places], self.public[places], self.cost[places],
            self.base[places], self.loose[used],
            tuple((new[a], new[b]) for a, b in self.follows if a in new and b in new),
        )  # fmt: skip

    def tight(self) -> Cells:
        """The same cells without the loose relations."""
        kept = ~self.loose
        return replace(self, relations=csr_array(self.relations[kept]), loose=self.loose[kept])

    def of_bases(self) -> Cells:
        """The same cells, only bases to be hidden, and only the relations among them."""
        others = np.flatnonzero(~self.base)
        among = np.diff(csr_array(self.relations[:, others]).indptr) == 0
        return replace(
            self, relations=csr_array(self.relations[among]), loose=self.loose[among], follows=(),
            sensitive=self.sensitive & self.base, public=self.public | ~self.base, secret=self.secret & self.base,
        )  # fmt: skip

    def islands(self, among: Flags) -> list[Places]:
        """The cells of `among` in groups that no relation and no following links, the cells of each in order."""
        places = np.flatnonzero(among)
        if not len(places):
            return []
        rows = csr_array(abs(self.relations[:, places]))
        links = csr_array(rows.T @ rows).tolil()
        new = {int(old): place for place, old in enumerate(places)}
        for a, b in self.follows:
            if a in new and b in new:
                links[new[a], new[b]] = 1
        island = connected(csr_array(links))
        order = np.argsort(island, kind="stable")
        bounds = np.flatnonzero(np.diff(island[order])) + 1
        return [np.sort(places[part]) for part in np.split(order, bounds)]


class Linking:
    """Collects cells and relations one by one."""

    def __init__(self) -> None:
        self._place: dict[str, int] = {}
        self._cells: list[tuple[float, bool, bool, bool, float, bool]] = []
        self._relations: list[list[tuple[int, float]]] = []
        self._loose: list[bool] = []
        self._follows: list[tuple[int, int]] = []

    def __contains__(self, name: str) -> bool:
        return name in self._place

    def add(
        self, name: str, count: float, *, sensitive: bool = False, public: bool = False, cost: float = 1.0,
        base: bool = False,
    ) -> None:  # fmt: skip
        """Add a cell that may be published."""
        self._add(name, (count, sensitive, False, public, cost, base))

    def add_secret(self, name: str, count: float) -> None:
        """Add a count that stands in no table."""
        self._add(name, (count, False, True, False, 0.0, False))

    def _add(self, name: str, cell: tuple[float, bool, bool, bool, float, bool]) -> None:
        if name in self._place:
            raise ValueError(f"cell {name} stands twice")
        self._place[name] = len(self._cells)
        self._cells.append(cell)

    def count(self, name: str) -> float:
        """People in a cell."""
        return self._cells[self._place[name]][0]

    def relate(self, total: str, parts: Iterable[str], *, loose: bool = False) -> None:
        """Say that a total is the sum of its parts; loosely, where they overlap with others that are added up.

        Raises UsageError where it is not: a margin that does not add up.
        """
        terms = [(total, 1.0)]
        terms += [(part, -1.0) for part in parts]
        gap = sum(times * self.count(name) for name, times in terms)
        if abs(gap) > 1e-6:
            raise UsageError(
                f"{total} differs by {gap:g} from the sum of its parts: the margin does not add up",
                hint=f"make them from one state of the data: {', '.join(t[0] for t in terms[1:])}",
            )
        self._relations.append([(self._place[name], times) for name, times in terms])
        self._loose.append(loose)

    def follow(self, cell: str, follower: str) -> None:
        """Say that who hides a cell hides the follower too."""
        self._follows.append((self._place[cell], self._place[follower]))

    def done(self) -> Cells:
        """The system."""
        count, sensitive, secret, public, cost, base = (
            np.array([cell[side] for cell in self._cells]) for side in range(6)
        )
        entries = [(row, place, times) for row, terms in enumerate(self._relations) for place, times in terms]
        rows, places, values = (np.array([entry[side] for entry in entries]) for side in range(3))
        shape = (len(self._relations), len(self._cells))
        relations = csr_array((values.astype(float), (rows.astype(int), places.astype(int))), shape=shape)
        return Cells(
            tuple(self._place), count.astype(float), relations, sensitive.astype(bool), secret.astype(bool),
            public.astype(bool), cost.astype(float), base.astype(bool), np.array(self._loose, dtype=bool),
            tuple(self._follows),
        )  # fmt: skip


def crossed(counts: NDArray[np.int64], minimum: int, cost: Sequence[float] = (1.0,)) -> Cells:
    """A table of any number of axes with all its margins; counts from 1 up to the minimum cell are sensitive.

    Cells are named by their places, * for a sum over an axis. `cost` is that of an inner cell, of one summed over
    one axis, over two …; its last entry holds for all further ones.
    """
    whole = np.asarray(counts, dtype=float)
    for axis in range(whole.ndim):
        whole = np.concatenate([whole, whole.sum(axis=axis, keepdims=True)], axis=axis)
    linking = Linking()

    def name(place: tuple[int, ...]) -> str:
        return ",".join("*" if at == size else str(at) for at, size in zip(place, counts.shape, strict=True))

    for place in np.ndindex(whole.shape):
        count, sums = float(whole[place]), name(place).count("*")
        linking.add(
            name(place), count, sensitive=0 < count < minimum, public=count == 0,
            cost=cost[min(sums, len(cost) - 1)],
        )  # fmt: skip
    for axis, size in enumerate(counts.shape):
        for place in np.ndindex(*(n + 1 for n in counts.shape)):
            if place[axis] == size:
                parts = [(*place[:axis], part, *place[axis + 1 :]) for part in range(size)]
                linking.relate(name(place), map(name, parts))
    return linking.done()
