"""Rows of numbers -> log odds by boosted trees (Friedman 2001), in NumPy. Trained elsewhere (bench/train_trees.py)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TREES_FILE = Path(__file__).with_name("trees.npz")
MOST_LEAVES = 8  # of a tree: a bit each
AT_ONCE = 8192  # rows: what a tree makes of so many stays in the processor's cache
FIRST_LEFT = np.array(
    [
        next((leaf for leaf in range(MOST_LEAVES) if not lost >> leaf & 1), 0)
        for lost in range(1 << MOST_LEAVES)
    ]
)
"""The leftmost leaf that is kept when some are lost, by their bits."""
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Trees:
    """Trees as lists of questions: which leaves does a row lose whose number is greater than a limit?

    A row ends in the first leaf, from the left, that it keeps (QuickScorer, Lucchese et al. 2015).
    """

    columns: tuple[str, ...]
    """What each number of a row is."""
    first: NDArray[np.int64]
    """Where the questions of each tree begin, shape (trees + 1,)."""
    column: NDArray[np.int64]
    """Which number each question asks about …"""
    limit: Floats
    """… and up to where all leaves are kept …"""
    lost: NDArray[np.uint8]
    """… and which are lost else, a bit each, the leftmost leaf the lowest."""
    leaves: Floats
    """What each leaf of each tree adds to the log odds, shape (trees, 8)."""

    def log_odds(self, rows: Floats) -> Floats:
        """Sum what the trees say of rows, shape (n, columns); returns shape (n,)."""
        parts = [self._of_few(rows[at : at + AT_ONCE].T) for at in range(0, len(rows), AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def _of_few(self, columns: Floats) -> Floats:
        columns = np.ascontiguousarray(columns)
        odds = np.zeros(columns.shape[1], np.float32)
        for tree, adds in enumerate(self._adds):
            here = slice(self.first[tree], self.first[tree + 1])
            greater = columns[self.column[here]] > self.limit[here, None]
            lost = np.bitwise_or.reduce(greater.view(np.uint8) * self.lost[here, None], axis=0)
            odds += adds[lost]
        return odds

    @cached_property
    def _adds(self) -> Floats:
        """What each tree adds, by the bits of the leaves that are lost, shape (trees, 256)."""
        return self.leaves[:, FIRST_LEFT]


@cache
def load_trees(path: Path = TREES_FILE) -> Trees:
    """Load the trees shipped with the program."""
    with np.load(path) as stored:
        return Trees(
            tuple(stored["columns"].tolist()),
            *(stored[name] for name in ("first", "column", "limit", "lost", "leaves")),
        )
