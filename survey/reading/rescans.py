"""Cases without serials, by their marks and strokes -> which of them are one paper that was scanned twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from survey.reading.strokes import agreements

VERSION = 1
ALIKE = 0.75  # of all marks of two cases that the other surely has or has not, the share that it has
QUARTILE, LOWEST = 25, 0.9  # percentile of the strokes' agreements, and how far these agree at least
LEAST_STROKES = 6  # of one paper, or of several that follow each other in both piles, to be compared …
LEAST_BESIDE = 3  # … and of a page that was fed twice, one scan after the other
AT_ONCE = 500  # cases whose marks are compared with those of all others

Strokes = Mapping[int, NDArray[np.float32]]
"""What is drawn in the marked boxes of a case (`strokes.strokes_in`), by number of the box."""
Pair = tuple[int, int]


def find_twins(
    marks: NDArray[np.bool_], empty: NDArray[np.bool_], named: NDArray[np.bool_],
    strokes_of: Callable[[int], Strokes], same: float,
) -> dict[int, int]:  # fmt: skip
    """Find cases without a serial that show the same paper as another; returns their numbers, with that of the other.

    That is the one with a serial (`named`, shape (cases,)), or else the first. `marks` says which boxes of each are
    surely marked, and `empty` which are surely empty, shape (cases, boxes) each; cases are in the order of their piles.
    `same` is the median agreement of one paper's strokes. Simulated pages scanned again, turned, in noise, poor JPEG or
    100 dpi (255 pages), had medians of .944 and lower quartiles of .914 at least; six strokes that two of 180 people
    both had .893 and .875 at most (14,433 pairs).
    """
    strokes = lru_cache(maxsize=None)(strokes_of)
    compared: dict[Pair, int] = {}
    for one, other in _alike(marks, empty, named):
        found = _agreements_of(strokes(one), strokes(other))
        if found and np.median(found) >= same and np.percentile(found, QUARTILE) >= LOWEST:
            compared[one, other] = len(found)
    groups: dict[int, frozenset[int]] = {}
    for chain in _chains(compared):
        is_beside = any(other == one + 1 for one, other in chain)
        if sum(compared[pair] for pair in chain) >= (LEAST_BESIDE if is_beside else LEAST_STROKES):
            for pair in chain:
                one_paper = frozenset(pair).union(*(groups.get(case, ()) for case in pair))
                groups |= dict.fromkeys(one_paper, one_paper)
    papers = {case: min(group, key=lambda one: (not named[one], one)) for case, group in groups.items()}
    return {case: paper for case, paper in papers.items() if case != paper and not named[case]}


def _agreements_of(first: Strokes, second: Strokes) -> list[float]:
    """How far the strokes agree that both show; none once too many do not, as of two people mostly at once."""
    both = sorted(first.keys() & second.keys())
    found: list[float] = []
    for box in both:
        found += agreements([first[box]], [second[box]])
        if sum(one < LOWEST for one in found) > 1 + QUARTILE / 100 * (len(both) - 1):
            return []
    return found


def _alike(marks: NDArray[np.bool_], empty: NDArray[np.bool_], named: NDArray[np.bool_]) -> Iterator[Pair]:
    """Pairs of cases, one without a serial, with nearly the same marks, as far as both are sure, in order."""
    marked, clean = marks.astype(np.float32), empty.astype(np.float32)
    nameless = np.flatnonzero(~named)
    for at in range(0, len(nameless), AT_ONCE):
        these = nameless[at : at + AT_ONCE]
        common = marked[these] @ marked.T
        unlike = marked[these] @ clean.T + clean[these] @ marked.T
        alike = (common > 0) & (common >= ALIKE * (common + unlike))
        for row, other in np.argwhere(alike).tolist():
            one = int(these[row])
            if one < other or (named[other] and one != other):
                yield min(one, other), max(one, other)


def _chains(pairs: Mapping[Pair, int]) -> Iterator[list[Pair]]:
    """Part pairs into those that follow each other: the next case of one pile, and a neighbour in the other."""
    left = set(pairs)
    while left:
        chain = [left.pop()]
        for one, other in chain:
            near = [(one + step, other + way) for step in (-1, 1) for way in (-1, 1)]
            chain += [pair for pair in near if pair in left]
            left -= set(near)
        yield chain
