"""Stored readings -> what the ledger asks of two scans of one page: other marks, the same strokes, fewer doubts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.files import digest
from survey.project.folder import Project
from survey.project.twins import Papers
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.thresholds import Thresholds
from survey.reading import decide, rescans
from survey.reading.assemble import Judge, Paper
from survey.reading.believe import contradict, is_same_paper
from survey.store import ADJUDICATIONS
from survey.tables import MEASUREMENTS, rows_by

PAGE_OF_A_CASE = ["questionnaire", "questionnaire_page", "serial"]
Crops = NDArray[np.uint8]
Rows = NDArray[np.int64]


Verdict = tuple[str, str, str, int]
"""What a ledger asked its judge, of which page and which other one, and the answer; or a paper's pages, and a twin."""
PAPER, TWIN = "paper", "twin"


def noting(judge: Judge, said: list[Verdict]) -> Judge:
    """The same judge; what is asked and answered is noted."""

    def note(about: str, one: str, other: str, answer: int) -> int:
        said.append((about, one, other, int(answer)))
        return answer

    def twins(papers: Sequence[Paper]) -> Mapping[str, str]:
        found = judge.twins(papers)
        said.extend((PAPER, one.pages[0], page, int(one.has_serial)) for one in papers for page in one.pages)
        said.extend((TWIN, one, other, 0) for one, other in found.items())
        return found

    return Judge(
        lambda one, other: bool(note("contradict", one, other, judge.contradict(one, other))),
        lambda one, other: bool(note("same_paper", one, other, judge.same_paper(one, other))),
        lambda one: note("doubts", one, "", judge.doubts(one)),
        twins,
    )


def verdicts_of(said: list[Verdict], ledger: str) -> pd.DataFrame:
    """What was asked and answered for a ledger, kept under a name, as a table; its first row is no question."""
    table = pd.DataFrame([("", "", "", 0), *said], columns=["about", "one", "other", "answer"])
    return table.astype({"about": "str", "one": "str", "other": "str"}).assign(ledger=ledger)


def are_upheld(verdicts: pd.DataFrame, judge: Judge) -> bool:
    """Whether a judge answers the same now to all that was asked: then the ledger is the same, too."""
    pages, twins = (verdicts[verdicts["about"] == about] for about in (PAPER, TWIN))
    papers = [
        Paper(tuple(own["other"]), bool(own["answer"].iloc[0])) for _, own in pages.groupby("one", sort=False)
    ]
    if papers and dict(judge.twins(papers)) != dict(zip(twins["one"], twins["other"], strict=True)):
        return False
    asked = verdicts[~verdicts["about"].isin(["", PAPER, TWIN])]
    rows = zip(asked["about"], asked["one"], asked["other"], asked["answer"], strict=True)
    return all(
        getattr(judge, about)(*((one, other) if other else (one,))) == answer
        for about, one, other, answer in rows
    )


class StoredReadings:
    """The readings of a project, loaded only if two scans of one page meet."""

    def __init__(
        self, project: Project, pages: pd.DataFrame, questionnaires: Mapping[str, Questionnaire]
    ) -> None:
        self._project, self._questionnaires = project, questionnaires
        about = pages[["page_digest", "problem", *PAGE_OF_A_CASE]]
        self._read = about[about["problem"] == ""]
        pairs = (about[name].tolist()[::-1] for name in ("page_digest", "questionnaire"))
        self._whose = dict(zip(*pairs, strict=True))  # of a page that is there twice, the first

    def judge(self) -> Judge:
        """Return these readings as the ledger's judge."""
        return Judge(self.contradict, self.same_paper, self.doubts, self.twins)

    def contradict(self, one: str, other: str) -> bool:
        """Whether two pages carry different marks."""
        first, second = self._shared(one, other)
        p_marked = self._numbers["p_marked"].to_numpy()
        return contradict(p_marked[first], p_marked[second], self._limits(one))

    def same_paper(self, one: str, other: str) -> bool:
        """Whether the same strokes are on two pages."""
        pair = min(one, other), max(one, other)
        if pair not in self._agreements:
            self._agreements[pair] = self._agreement(*pair)
        return is_same_paper(self._agreements[pair], self._limits(one))

    def twins(self, papers: Sequence[Paper]) -> Mapping[str, str]:
        """Which of some cases without a serial show the same paper as another; both by their first pages."""
        key = digest(*self._project.cache.shards(), repr(papers), repr(self._about), str(rescans.VERSION))
        table = self._project.stages.table("twins", key, lambda: self._find_twins(papers))
        return dict(zip(table["one"], table["other"], strict=True))

    def _find_twins(self, papers: Sequence[Paper]) -> pd.DataFrame:
        found: dict[str, str] = {}
        for name, questionnaire in self._questionnaires.items():
            own = [paper for paper in papers if self._whose[paper.pages[0]] == name]
            if not all(paper.has_serial for paper in own):
                found |= Papers(self._project.cache, questionnaire, own).twins()
        return pd.DataFrame({"one": [*found], "other": [*found.values()]}, dtype="str")

    @cached_property
    def _about(self) -> dict[str, tuple[object, ...]]:
        """What of questionnaires strokes and twins depend on."""
        about: dict[str, tuple[object, ...]] = {}
        for name, one in sorted(self._questionnaires.items()):
            limits = one.schema.reading.thresholds
            sure = limits.marked_above, limits.empty_below
            about[name] = *sure, limits.same_strokes, one.boxes_to_mark()
        return about

    @cached_property
    def _agreements(self) -> dict[tuple[str, str], float]:
        """How far strokes agree on each two pages of which a serial came twice: a correction seldom changes it."""
        key = digest(*self._project.cache.shards(), *self._twice, repr(self._about))
        table = self._project.stages.table("strokes", key, self._compare_all)
        pairs = zip(table["one"], table["other"], strict=True)
        return dict(zip(pairs, table["agreement"], strict=True))

    def _compare_all(self) -> pd.DataFrame:
        read = self._read[self._read["page_digest"].isin(self._twice)]
        groups = (sorted(set(own)) for _, own in read.groupby(PAGE_OF_A_CASE)["page_digest"])
        pairs = [pair for own in groups for pair in combinations(own, 2)]
        rows = [(*pair, self._agreement(*pair)) for pair in pairs]
        return pd.DataFrame(rows, columns=["one", "other", "agreement"])

    def _agreement(self, one: str, other: str) -> float:
        from survey.reading.strokes import stroke_agreement  # loads the picture library

        limits, (first, second) = self._limits(one), self._shared(one, other)
        choice = np.isin(self._box[first], self._choices[self._whose[one]])
        first, second = first[choice], second[choice]
        marked = self._looks_marked(first, limits) & self._looks_marked(second, limits)
        if not marked.any():
            return float("nan")
        crops = [self._crops_of(page, rows) for page, rows in ((one, first), (other, second))]
        return stroke_agreement(crops[0], crops[1], marked)

    def doubts(self, page_digest: str) -> int:
        """Boxes of a page that wait for a person; none where a person has decided about it."""
        if page_digest in self._looked_at or page_digest not in self._pages:
            return 0
        if page_digest not in self._doubts:
            self._doubts |= self._doubts_of([page_digest])
        return self._doubts[page_digest]

    @cached_property
    def _twice(self) -> list[str]:
        """Pages of which a serial came twice: asking for them one by one would take as long for each as for all."""
        twice = self._is_twice & (self._read["serial"] != "")
        return [name for name in self._read.loc[twice, "page_digest"].unique() if name in self._pages]

    @cached_property
    def _is_twice(self) -> pd.Series:
        return self._read.duplicated(PAGE_OF_A_CASE, keep=False)

    @cached_property
    def _doubts(self) -> dict[str, int]:
        return self._doubts_of(self._twice)

    def _doubts_of(self, digests: list[str]) -> dict[str, int]:
        found = dict.fromkeys(digests, 0)
        for name, questionnaire in self._questionnaires.items():
            rows = [self._pages[one] for one in digests if self._whose[one] == name]
            if not rows:
                continue
            boxes = questionnaire.boxes.rename(columns={"page": "questionnaire_page"})
            placed = self._table.iloc[np.concatenate(rows)].merge(boxes, on="box")
            placed = placed.assign(scan="", page=0, half=0, questionnaire=name, case=placed["page_digest"])
            marks = decide.decide_marks(placed, questionnaire, ADJUDICATIONS.frame())
            unsure = marks.loc[marks["state"].isin(["doubtful", "unreadable"]), "page_digest"]
            found |= {str(page): int(count) for page, count in unsure.value_counts().items()}
        return found

    @cached_property
    def _looked_at(self) -> frozenset[str]:
        return frozenset(self._project.decisions.standing()["page_digest"])

    @cached_property
    def _table(self) -> pd.DataFrame:
        """MEASUREMENTS of the pages that may meet: of which a serial came twice, or none was read."""
        may_meet = self._read.loc[self._is_twice | (self._read["serial"] == ""), "page_digest"].tolist()
        shards = self._project.cache.shards()

        def load() -> pd.DataFrame:
            parts = self._project.cache.walk_measurements(shards, frozenset(may_meet))
            return MEASUREMENTS.frame(pd.concat([MEASUREMENTS.frame(part) for part in parts]))

        key = digest(*shards, *may_meet, *MEASUREMENTS.columns)
        return self._project.stages.table("meeting", key, load)

    @cached_property
    def _numbers(self) -> pd.DataFrame:
        return self._table[["p_marked", "inside"]]

    @cached_property
    def _pages(self) -> dict[str, Rows]:
        """Rows of the table by page digest."""
        return rows_by(self._table["page_digest"])

    @cached_property
    def _boxes(self) -> tuple[Rows, pd.Index]:
        """The box of each row of the table, by number, and their names."""
        number, names = pd.factorize(self._table["box"])
        return number, pd.Index(names)

    @property
    def _box(self) -> Rows:
        return self._boxes[0]

    @cached_property
    def _choices(self) -> dict[str, Rows]:
        """Numbers of the boxes to be marked, not to be written in, by questionnaire."""
        return {
            name: self._boxes[1].get_indexer(one.boxes_to_mark())
            for name, one in self._questionnaires.items()
        }

    def _rows(self, page_digest: str) -> Rows:
        """Rows of a page, in the order of its crops; a page without boxes has none."""
        return self._pages.get(page_digest, np.zeros(0, np.int64))

    def _shared(self, one: str, other: str) -> tuple[Rows, Rows]:
        """Rows of the boxes that two pages have both, in one order."""
        first, second = self._rows(one), self._rows(other)
        _, here, there = np.intersect1d(self._box[first], self._box[second], return_indices=True)
        order = np.argsort(here)
        return first[here[order]], second[there[order]]

    def _looks_marked(self, rows: Rows, limits: Thresholds) -> NDArray[np.bool_]:
        return decide.look_marked(self._numbers.iloc[rows], limits).to_numpy()

    def _crops_of(self, page_digest: str, rows: Rows) -> Crops:
        crops = self._crops.get(page_digest)
        if crops is None:
            crops = self._project.cache.pictures_of("crops", [page_digest])[page_digest]
        return crops[np.searchsorted(self._rows(page_digest), rows)]

    @cached_property
    def _crops(self) -> dict[str, Crops]:
        """Crops of all pages of which a serial came twice, read together: they lie in as many archives as batches."""
        return self._project.cache.pictures_of("crops", self._twice)

    def _limits(self, page_digest: str) -> Thresholds:
        return self._questionnaires[self._whose[page_digest]].schema.reading.thresholds
