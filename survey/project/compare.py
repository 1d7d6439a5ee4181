"""Stored readings -> what the ledger asks of two scans of one page: other marks, the same strokes, fewer doubts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.project.folder import Project
from survey.questionnaire.model import Questionnaire, Thresholds
from survey.reading import decide
from survey.reading.assemble import Judge
from survey.reading.strokes import stroke_agreement
from survey.store import ADJUDICATIONS

Crops = NDArray[np.uint8]


class StoredReadings:
    """The readings of a project, loaded only if two scans of one page meet."""

    def __init__(
        self, project: Project, pages: pd.DataFrame, questionnaires: Mapping[str, Questionnaire]
    ) -> None:
        self._project, self._questionnaires = project, questionnaires
        self._read = pages[pages["problem"] == ""]
        self._whose = pages.drop_duplicates("page_digest").set_index("page_digest")["questionnaire"]

    @cached_property
    def _looked_up(self) -> dict[str, pd.DataFrame]:
        """Pages that were asked for: each meets another, and is asked for several times."""
        return {}

    def judge(self) -> Judge:
        """Return these readings as the ledger's judge."""
        return Judge(self.contradict, self.same_paper, self.doubts)

    def contradict(self, one: str, other: str) -> bool:
        """Whether two pages carry different marks."""
        return decide.contradict(
            self._page(one)["p_marked"], self._page(other)["p_marked"], self._limits(one)
        )

    def same_paper(self, one: str, other: str) -> bool:
        """Whether the same strokes are on two pages."""
        first, second, limits = self._page(one), self._page(other), self._limits(one)
        boxes = [box for box in first.index if box in second.index and box in self._choices[self._whose[one]]]
        marked = decide.look_marked(first.loc[boxes], limits) & decide.look_marked(second.loc[boxes], limits)
        if not marked.any():
            return decide.is_same_paper(float("nan"), limits)
        crops = self._crops(one, first, boxes), self._crops(other, second, boxes)
        return decide.is_same_paper(stroke_agreement(crops[0], crops[1], marked.to_numpy()), limits)

    def doubts(self, page_digest: str) -> int:
        """Boxes of a page that wait for a person; none where a person has decided about it."""
        if page_digest in self._looked_at or page_digest not in self._pages:
            return 0
        if page_digest not in self._doubts:
            self._doubts |= self._doubts_of([page_digest])
        return self._doubts[page_digest]

    @cached_property
    def _doubts(self) -> dict[str, int]:
        """Doubts of all pages of which a serial came twice: deciding them one by one would take as long for each."""
        keys = ["questionnaire", "questionnaire_page", "serial"]
        twice = self._read.duplicated(keys, keep=False) & (self._read["serial"] != "")
        wanted = [name for name in self._read.loc[twice, "page_digest"].unique() if name in self._pages]
        return self._doubts_of(wanted)

    def _doubts_of(self, digests: list[str]) -> dict[str, int]:
        found = dict.fromkeys(digests, 0)
        whose = self._whose[digests]
        for name, questionnaire in self._questionnaires.items():
            rows = [self._pages[one] for one in whose.index[whose == name]]
            if not rows:
                continue
            boxes = questionnaire.boxes.rename(columns={"page": "questionnaire_page"})
            placed = self._table.iloc[np.concatenate(rows)].merge(boxes, on="box")
            placed = placed.assign(scan="", page=0, questionnaire=name, case=placed["page_digest"])
            marks = decide.decide_marks(placed, questionnaire, ADJUDICATIONS.frame())
            unsure = marks.loc[marks["state"].isin(["doubtful", "unreadable"]), "page_digest"]
            found |= {str(page): int(count) for page, count in unsure.value_counts().items()}
        return found

    @cached_property
    def _looked_at(self) -> frozenset[str]:
        return frozenset(self._project.decisions.standing()["page_digest"])

    @cached_property
    def _shard_of(self) -> dict[str, str]:
        return self._project.cache.shards_of_pages()

    @cached_property
    def _table(self) -> pd.DataFrame:
        return self._project.cache.measurements(self._project.cache.shards())

    @cached_property
    def _pages(self) -> dict[str, NDArray[np.int64]]:
        """Rows of the table by page digest."""
        rows: dict[str, NDArray[np.int64]] = self._table.groupby("page_digest", sort=False).indices
        return rows

    @cached_property
    def _choices(self) -> dict[str, frozenset[str]]:
        """Boxes to be marked, not to be written in, by questionnaire."""
        return {
            name: frozenset(one.boxes.loc[~one.boxes["item"].isin(one.handwritten()), "box"])
            for name, one in self._questionnaires.items()
        }

    def _page(self, page_digest: str) -> pd.DataFrame:
        """Measurements of a page by box, in the order of its crops; a page without boxes has none."""
        if page_digest in self._looked_up:
            return self._looked_up[page_digest]
        if page_digest in self._pages:
            page = self._table.iloc[self._pages[page_digest]].drop(columns="page_digest").set_index("box")
            return self._looked_up.setdefault(page_digest, page)
        return pd.DataFrame({"p_marked": [], "inside": []}, index=pd.Index([], name="box"))

    def _crops(self, page_digest: str, page: pd.DataFrame, boxes: list[str]) -> Crops:
        crops = self._project.cache.picture(self._shard_of[page_digest], f"{page_digest}.crops")
        assert crops is not None, "a page with marks has crops"
        return crops[page.index.get_indexer(boxes)]

    def _limits(self, page_digest: str) -> Thresholds:
        return self._questionnaires[self._whose[page_digest]].schema.reading.thresholds
