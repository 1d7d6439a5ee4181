"""Questionnaire -> findings: what its loader accepts and is wrong or incomplete all the same, with file and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from survey.doors.pdf import page_sizes_mm
from survey.files import line_at
from survey.questionnaire.changes import name_some
from survey.questionnaire.model import Asked, Item, Questionnaire, ask
from survey.questionnaire.tree import line_of, read_tree

OVERLAP_MM = 0.6  # cells of a comb or a ruled table share the line between them; more than a line is a slip
OUTSIDE_MM = 0.3  # a box may reach so far over the edge: rounding
NAMED_AT_ONCE = 6  # codes listed in a finding; what is more is counted


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to correct (a fault) or to look at (not a fault)."""

    where: str
    """File and line."""
    message: str
    is_fault: bool

    def __str__(self) -> str:
        return f"{self.where}: {'' if self.is_fault else 'look at this: '}{self.message}"

    @property
    def line(self) -> str:
        """The line itself, with its number."""
        return line_at(self.where)


def lint(questionnaire: Questionnaire) -> list[Finding]:
    """Return all findings on a loaded questionnaire: those of the schema in its order, then those of boxes.csv."""
    tree = read_tree(questionnaire.path)
    boxes_path = questionnaire.path.with_suffix(".boxes.csv")
    schema_findings = [
        Finding(f"{questionnaire.path}:{line_of(tree, place)}", message, is_fault)
        for place, message, is_fault in _of_the_schema(questionnaire)
    ]
    box_findings = [
        Finding(f"{boxes_path}:{row + 2}", message, True) for row, message in _of_the_boxes(questionnaire)
    ]
    return [*schema_findings, *box_findings]


Place = list[Any]
"""Keys and positions that lead to a part of the YAML tree."""


def _of_the_schema(questionnaire: Questionnaire) -> Iterator[tuple[Place, str, bool]]:
    boxed = set(zip(questionnaire.boxes["item"], questionnaire.boxes["option"], strict=True))
    names = Counter(asked.id for asked in questionnaire.asked())
    for a, area in enumerate(questionnaire.schema.need_areas):
        if not area.need and all(item.need_area != area.id for item in questionnaire.items):
            yield ["need_areas", a], f"need area {area.id} names no item", True
    listed = Counter(questionnaire.issued.values())
    for name, count in questionnaire.schema.population.frame.items():
        if listed and not listed[name]:
            text = f"the frame of {name} holds {count:,} people, and no serial of it is listed as issued"
            yield ["population", "frame", name], f"{text}: nobody of it will be counted", False
    for s, section in enumerate(questionnaire.schema.sections):
        for i, item in enumerate(section.items):
            place: Place = ["sections", s, "items", i]
            for asked in ask(item):
                if names[asked.id] > 1:
                    yield place, f"{asked.id} is asked twice: an item and a row of another one", True
                yield from ((place, message, True) for message in _without_box(asked, boxed))
            yield from ((place, message, False) for message in _without_words(item))


def _without_box(asked: Asked, boxed: set[tuple[str, str]]) -> Iterator[str]:
    """Tell which options, comb cells or frames of one thing asked have no box."""
    if asked.kind == "text":
        wanted = [""]
    elif asked.kind == "number":
        wanted = [str(cell + 1) for cell in range(asked.item.digits)]
    else:
        wanted = [option.code for option in asked.options]
    absent = [code for code in wanted if (asked.id, code) not in boxed]
    if absent == [""]:
        yield f"{asked.id} has no box to write in"
    elif absent and len(absent) == len(wanted):
        yield f"{asked.id} has no box at all"
    elif absent:
        yield f"{asked.id}: no box for {name_some(absent, NAMED_AT_ONCE)}"


def _without_words(item: Item) -> Iterator[str]:
    if not any(item.text.values()):
        yield f"{item.id} has no wording"
    for name in ["rows", "columns", "options"]:
        entries = getattr(item, name)
        bare = [entry.code for entry in entries if not any(entry.label.values())]
        if bare and not (item.type == "scale" and len(bare) < len(entries)):
            yield f"{item.id}: no label for {name_some(bare, NAMED_AT_ONCE)} of its {name}"


def _of_the_boxes(questionnaire: Questionnaire) -> Iterator[tuple[int, str]]:
    """Yield row numbers of the table of boxes, from 0, with what is wrong there."""
    boxes = questionnaire.boxes.reset_index(drop=True)
    found = [*_twice(boxes), *_off_the_page(boxes, _sizes_mm(questionnaire)), *_overlapping(boxes)]
    yield from sorted(found)


def _twice(boxes: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Yield second boxes of one option: whichever is marked, the other says it is not."""
    for row in np.flatnonzero(boxes.duplicated(["item", "option"]).to_numpy()):
        box = boxes.iloc[row]
        yield int(row), f"item {box['item']}, option {box['option']!r} has a box already"


def _sizes_mm(questionnaire: Questionnaire) -> dict[int, tuple[float, float]]:
    if questionnaire.blank is None:
        return dict.fromkeys(questionnaire.pages, questionnaire.paper_mm)
    return dict(enumerate(page_sizes_mm(questionnaire.blank), start=1))


def _off_the_page(boxes: pd.DataFrame, sizes_mm: dict[int, tuple[float, float]]) -> Iterator[tuple[int, str]]:
    for row, box in enumerate(boxes.itertuples(index=False)):
        if box.page not in sizes_mm:
            yield row, f"box {box.box} is on page {box.page}, which the blank does not have"
            continue
        width, height = sizes_mm[box.page]
        if box.w_mm <= 0 or box.h_mm <= 0:
            yield row, f"box {box.box} has no extent: width and height are mm above 0"
        elif not (
            -OUTSIDE_MM <= box.x_mm <= width + OUTSIDE_MM - box.w_mm
            and -OUTSIDE_MM <= box.y_mm <= height + OUTSIDE_MM - box.h_mm
        ):
            yield row, f"box {box.box} lies outside its page of {width:.0f} by {height:.0f} mm"


def _overlapping(boxes: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Yield the later one of every two boxes that overlap by more than a line."""
    for _, here in boxes.groupby("page"):
        low = here[["x_mm", "y_mm"]].to_numpy(float)
        high = low + here[["w_mm", "h_mm"]].to_numpy(float)
        shared = np.minimum(high[:, None], high[None]) - np.maximum(low[:, None], low[None])
        first, second = np.nonzero(np.triu((shared > OVERLAP_MM).all(axis=2), k=1))
        for one, other in zip(first, second, strict=True):
            names = here["box"].iloc[[one, other]].tolist()
            yield int(here.index[other]), f"box {names[1]} overlaps box {names[0]}"
