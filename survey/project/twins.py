"""Stored readings of cases, some without a serial -> which of these show a paper that is there besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.questionnaire.model import Questionnaire
from survey.reading import decide
from survey.reading.assemble import Paper
from survey.reading.rescans import Strokes, find_twins
from survey.reading.strokes import strokes_in
from survey.store import Cache


class Seen(NamedTuple):
    """What was read of a page's boxes to mark, in the order of its crops: which boxes, and what is sure of them."""

    box: NDArray[np.intp]
    marked: NDArray[np.bool_]
    empty: NDArray[np.bool_]


@dataclass(frozen=True)
class Papers:
    """The cases of one questionnaire, in the order of their piles, as they were read."""

    cache: Cache
    questionnaire: Questionnaire
    papers: Sequence[Paper]

    def twins(self) -> dict[str, str]:
        """Find cases without a serial that show the same paper as another; both are named by their first pages."""
        marks, empty = (np.zeros((len(self.papers), len(self._boxes)), bool) for _ in range(2))
        for number, paper in enumerate(self.papers):
            for seen in (self._seen[page] for page in paper.pages if page in self._seen):
                marks[number, seen.box[seen.marked]] = True
                empty[number, seen.box[seen.empty]] = True
        named = np.array([paper.has_serial for paper in self.papers], bool)
        same = self.questionnaire.schema.reading.thresholds.same_strokes
        found = find_twins(marks, empty, named, self._strokes_of, same)
        return {self.papers[one].pages[0]: self.papers[other].pages[0] for one, other in found.items()}

    @cached_property
    def _boxes(self) -> pd.Index:
        return pd.Index(self.questionnaire.boxes_to_mark())

    @cached_property
    def _seen(self) -> dict[str, Seen]:
        """What was read of each page, part by part: of many cases all numbers would take much memory."""
        wanted = frozenset(page for paper in self.papers for page in paper.pages)
        limits = self.questionnaire.schema.reading.thresholds
        found: dict[str, Seen] = {}
        for part in self.cache.walk_measurements(self.cache.shards(), wanted):
            box = self._boxes.get_indexer(part["box"].astype("str"))
            mine, box = part[box >= 0], box[box >= 0]
            marked = decide.look_marked(mine, limits).to_numpy()
            empty = mine["p_marked"].lt(limits.empty_below).to_numpy()
            for page, rows in mine.groupby("page_digest", observed=True).indices.items():
                found[str(page)] = Seen(box[rows], marked[rows], empty[rows])
        return found

    @cached_property
    def _shard_of(self) -> dict[str, str]:
        return self.cache.shards_of_pages()

    def _strokes_of(self, number: int) -> Strokes:
        """What is drawn in the marked boxes of a case."""
        strokes: dict[int, NDArray[np.float32]] = {}
        for page in self.papers[number].pages:
            seen = self._seen.get(page)
            if seen is not None and seen.marked.any():
                crops = self.cache.pictures(self._shard_of[page], "crops", [page])[page]
                drawn = strokes_in(crops, seen.marked)
                strokes |= dict(zip(seen.box[seen.marked].tolist(), drawn, strict=True))
        return strokes
