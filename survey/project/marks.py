"""Readings, and what people decided -> the marks of a questionnaire, part by part or as a whole."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TypeVar

import numpy as np
import pandas as pd

from survey.analysis.moved import OF_MARKS
from survey.project.folder import Project
from survey.project.keys import Keys
from survey.questionnaire.model import Questionnaire
from survey.reading import decide
from survey.store.stages import Only
from survey.tables import MARKS, places_in

Part = TypeVar("Part")
AHEAD = 2  # parts that are decided while the next one is loaded


def walk_marks(
    project: Project,
    read: pd.DataFrame,
    keys: Keys,
    questionnaire: Questionnaire,
    adjudications: pd.DataFrame,
    columns: Sequence[str] = OF_MARKS,
    only: Only = None,
) -> Iterator[pd.DataFrame]:
    """Walk through MARKS by parts of whole cases, as far as they are kept (OF_MARKS, item, option; categories).

    `adjudications` are those of which `keys` tell: what is decided later belongs under another key.
    """
    stages, key = project.stages, keys.made_from(questionnaire.id)["marks"]
    made = _decide(project, read, keys, questionnaire, adjudications)
    if columns == OF_MARKS and only is None:
        parts = stages.walk_all("marks", key, made)
    else:
        stages.keep("marks", key, made)
        parts = stages.walk("marks", key, columns, only)
    return (with_names(part, questionnaire) for part in parts)


def _decide(
    project: Project,
    read: pd.DataFrame,
    keys: Keys,
    questionnaire: Questionnaire,
    adjudications: pd.DataFrame,
) -> Iterator[pd.DataFrame]:
    """Decide all marks, a part of the readings at a time; cases whose pages lie in several parts come last.

    While one part is decided the next is loaded.
    """
    index = pd.Index(read["page_digest"].astype(object))
    case, names = pd.factorize(read["case"])
    wanted = np.bincount(case[read["questionnaire_page"].isin(questionnaire.pages)], minlength=len(names))
    place = _placing(project, questionnaire)

    scattered: list[pd.DataFrame] = []

    def whole_cases() -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
        for part in project.cache.walk_measurements(keys.shards):
            rows = index.get_indexer(np.asarray(part["page_digest"].unique(), dtype=object))
            rows = np.sort(rows[rows >= 0])
            is_whole = (np.bincount(case[rows], minlength=len(names)) == wanted)[case[rows]]
            yield part, read.iloc[rows[is_whole]]
            if not is_whole.all():
                scattered.append(place(part, read.iloc[rows[~is_whole]]))

    def decided(placed: pd.DataFrame) -> pd.DataFrame:
        return decide.decide_boxes(placed, questionnaire, adjudications)[list(OF_MARKS)]

    yield from _meanwhile(lambda part: decided(place(*part)), whole_cases())
    if scattered:
        yield decided(_in_order(pd.concat([part.astype(_plain(part)) for part in scattered])))


def _meanwhile(work: Callable[[Part], pd.DataFrame], parts: Iterator[Part]) -> Iterator[pd.DataFrame]:
    """Yield what becomes of each part, in order; while some are worked on, the next one is loaded."""
    with ThreadPoolExecutor(AHEAD) as threads:
        begun: deque[Future[pd.DataFrame]] = deque()
        for part in parts:
            begun.append(threads.submit(work, part))
            if len(begun) > AHEAD:
                yield begun.popleft().result()
        for one in begun:
            yield one.result()


def _plain(table: pd.DataFrame) -> dict[str, str]:
    return {str(name): "str" for name, kind in table.dtypes.items() if kind == "category"}


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values(["scan", "page", "half"], kind="stable", ignore_index=True)


def _placing(
    project: Project, questionnaire: Questionnaire
) -> Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]:
    """Tell how boxes of some pages get their places: each page those of its own printing."""
    printings = project.printed([questionnaire.id])[1:]
    if not printings:
        return partial(place_boxes, questionnaire=questionnaire)
    pages = project.cache.pages(project.cache.shards()).drop_duplicates("page_digest")
    printed = pages.set_index("page_digest")["questionnaire"]

    def place(measurements: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
        which = read["page_digest"].map(printed)
        parts = [place_boxes(measurements, read[which == questionnaire.id], questionnaire)]
        for printing in printings:
            known = printing.boxes[printing.boxes["box"].isin(questionnaire.boxes["box"])]
            parts.append(
                place_boxes(measurements, read[which == printing.id], replace(printing, boxes=known))
            )
        return _in_order(pd.concat([part.astype(_plain(part)) for part in parts]))

    return place


def all_marks(
    project: Project,
    read: pd.DataFrame,
    questionnaire: Questionnaire,
    walk: Callable[[], Iterator[pd.DataFrame]],
) -> pd.DataFrame:
    """MARKS as a whole, with the place of each box."""
    place, kept = _placing(project, questionnaire), ["item", "option"]
    parts = [MARKS.frame(place(part.drop(columns=[*kept, "case"]), read)) for part in walk()]
    return parts[0] if len(parts) == 1 else _in_order(pd.concat(parts))


def with_names(marks: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Give MARKS the items and options that their boxes stand for now, as categories."""
    box = places_in(questionnaire.boxes["box"], marks["box"])
    named = {column: questionnaire.boxes[column].astype("category").array for column in ("item", "option")}
    return marks.assign(**{column: names.take(box) for column, names in named.items()})


def place_boxes(measurements: pd.DataFrame, read: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Join measurements with the page and case they belong to and the place of their box, in the order of both.

    Texts that are joined are categories.
    """
    texts = dict.fromkeys(("item", "option"), "category")
    boxes = questionnaire.boxes.astype(texts)
    pages = read.drop_duplicates("page_digest").sort_values(["scan", "page", "half"])
    pages = pages.astype(dict.fromkeys(("scan", "questionnaire", "case"), "category"))
    box = places_in(boxes["box"], measurements["box"])
    page = places_in(pages["page_digest"], measurements["page_digest"])
    there = np.flatnonzero((page >= 0) & (box >= 0))
    page_of_box, page_of_page = boxes["page"].to_numpy(), pages["questionnaire_page"].to_numpy()
    there = there[page_of_page[page[there]] == page_of_box[box[there]]]
    there = there[np.lexsort((box[there], page[there]))]
    parts = [
        measurements.iloc[there],
        pages[["scan", "page", "half", "questionnaire", "questionnaire_page", "case"]].iloc[page[there]],
        boxes.drop(columns=["box", "page"]).iloc[box[there]],
    ]
    return pd.concat([part.reset_index(drop=True) for part in parts], axis=1)
