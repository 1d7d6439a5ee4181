"""Many texts of which few differ: each a number in a list, so that a hundred thousand are compared in microseconds."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.tables import numbered

Strings = NDArray[np.object_]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Texts:
    """A column of texts, one a case."""

    numbers: NDArray[np.int32]
    """Shape (n,)."""
    words: tuple[str, ...]
    """The different texts, each once; some may stand nowhere."""

    @classmethod
    def of(cls, values: Sequence[str] | Strings) -> Texts:
        """Number some texts."""
        numbers, words = pd.factorize(np.asarray(values, dtype=object))
        return cls(numbers.astype(np.int32), tuple(words))

    @classmethod
    def of_column(cls, column: pd.Series) -> Texts:
        """Number the texts of a column of a table; categories are numbered already."""
        numbers, words = numbered(column)
        return cls(numbers.astype(np.int32), tuple(words.tolist()))

    @classmethod
    def full(cls, count: int, text: str) -> Texts:
        """The same text so many times."""
        return cls(np.zeros(count, np.int32), (text,))

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, rows: Flags | NDArray[np.int64] | slice) -> Texts:
        return Texts(self.numbers[rows], self.words)

    def are(self, text: str) -> Flags:
        """Which of them are this text."""
        return self.numbers == (self.words.index(text) if text in self.words else -1)

    def among(self, texts: Collection[str]) -> Flags:
        """Which of them are one of these."""
        return np.array([word in texts for word in self.words], bool)[self.numbers]

    def same(self, other: Texts) -> Flags:
        """Where both have the same text."""
        return self.numbers == other._numbered_by(self.words)

    def places_in(self, names: Sequence[str]) -> NDArray[np.int64]:
        """The place of each among some names, -1 for one that is none of them."""
        place = {name: at for at, name in enumerate(names)}
        return np.array([place.get(word, -1) for word in self.words], np.int64)[self.numbers]

    def floats(self) -> NDArray[np.float64]:
        """Each as a number; NaN where it is none."""
        return np.array([_number(word) for word in self.words], float)[self.numbers]

    def put(self, where: Flags, text: str) -> Texts:
        """The same, with another text in some places."""
        words = self.words if text in self.words else (*self.words, text)
        return Texts(np.where(where, np.int32(words.index(text)), self.numbers), words)

    def where(self, chosen: Flags, other: Texts) -> Texts:
        """These where they are chosen, elsewhere those of another column."""
        words = tuple(dict.fromkeys([*self.words, *other.words]))
        return Texts(np.where(chosen, self.numbers, other._numbered_by(words)), words)

    def spread(self, rows: NDArray[np.int64], count: int) -> Texts:
        """These at some of `count` places, nothing at the others."""
        words = self.words if "" in self.words else (*self.words, "")
        numbers = np.full(count, words.index(""), np.int32)
        numbers[rows] = self.numbers
        return Texts(numbers, words)

    def mapped(self, change: Callable[[str], str]) -> Texts:
        """Each text changed; the function is asked once for each different one."""
        changed = [change(word) for word in self.words]
        words = tuple(dict.fromkeys(changed))
        return Texts(np.array([words.index(word) for word in changed], np.int32)[self.numbers], words)

    def trimmed(self) -> Texts:
        """The same without words that stand nowhere."""
        there = np.flatnonzero(np.bincount(self.numbers, minlength=len(self.words)))
        number = np.zeros(len(self.words), np.int32)
        number[there] = np.arange(len(there))
        return Texts(number[self.numbers], tuple(self.words[at] for at in there))

    def as_objects(self) -> Strings:
        """An array of texts."""
        return np.array(self.words, dtype=object)[self.numbers]

    def as_categories(self) -> pd.Categorical:
        """The same as pandas has it."""
        return pd.Categorical.from_codes(self.numbers, dtype=_categories(self.words))

    def _numbered_by(self, words: tuple[str, ...]) -> NDArray[np.int32]:
        if self.words == words:
            return self.numbers
        place = {word: at for at, word in enumerate(words)}
        return np.array([place.get(word, -1) for word in self.words], np.int32)[self.numbers]


def together(columns: Sequence[Texts]) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Number several columns of the same length by one list: shape (columns, n), and the list."""
    words = tuple(dict.fromkeys(word for column in columns for word in column.words))
    return np.stack([column._numbered_by(words) for column in columns]), words


@lru_cache(maxsize=64)  # most columns of a table have the same few words
def _categories(words: tuple[str, ...]) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(list(words))


def _number(word: str) -> float:
    return float(word) if re.fullmatch(r"-?\d+(\.\d+)?", word) else float("nan")
