"""Marks and adjudications -> tasks, grouped by item, then by kind of doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from survey.analysis.coding import undecided
from survey.questionnaire.model import Asked, Questionnaire
from survey.reading.marks_so_far import MACHINE
from survey.reading.reasons import DOUBTS, tell_doubt
from survey.review.tasks import Task, TaskBox, Words, task_name

ROUTING = "routing"
"""Kind of doubt of marks that are sure, and contradict each other."""
LIKELY = 0.5  # p_marked from which the network holds a mark for likelier than none


class Row(NamedTuple):
    """What a task needs of a row of MARKS."""

    page_digest: str
    box: str
    item: str
    option: str
    case: str
    questionnaire_page: int
    state: str
    p_marked: float
    ink: float
    x_mm: float
    y_mm: float
    w_mm: float
    h_mm: float
    decided_by: str
    reason: str


def doubt_tasks(
    marks: pd.DataFrame, questionnaire: Questionnaire, settled: Iterable[tuple[str, str]] = ()
) -> list[Task]:
    """List what is doubtful or unreadable in MARKS and was decided by no person.

    In printed order of items, then by kind of doubt, then by page digest: not in the order of the pile. `settled` holds
    (page digest, box) that are not asked for again.
    """
    handwritten = questionnaire.handwritten()
    known = set(settled)
    boxed = marks[~marks["item"].isin(handwritten)]
    waiting = boxed["state"].isin(["doubtful", "unreadable"]) & (boxed["decided_by"] == MACHINE)
    open_ = {
        (row.page_digest, row.item)
        for row in boxed[waiting].itertuples(index=False)
        if (row.page_digest, row.box) not in known
    }
    asked = {one.id: one for one in questionnaire.asked()}
    tasks = []
    for (page_digest, item), rows in _by_item(boxed, open_).items():
        for boxes, label in _rows(asked[item], rows):
            if any(box.kind and (page_digest, box.box) not in known for box in boxes):
                tasks.append(_task(questionnaire, asked[item], rows[0], boxes, label))
    order = {item: place for place, item in enumerate(asked)}
    kinds = {kind: place for place, kind in enumerate(DOUBTS)}
    return sorted(tasks, key=lambda task: (order[task.item], kinds[task.kind], task.page_digest, task.name))


def contradiction_tasks(
    marks: pd.DataFrame, contradictions: pd.DataFrame, questionnaire: Questionnaire
) -> list[Task]:
    """List the items of CONTRADICTIONS, both sides of each, until a person has decided one of their boxes.

    Their marks are sure, so that each is shown as read: a person says which counts. Where both do, the schema's rule
    (analysis.routing_wins) holds.
    """
    sides = [
        contradictions[["case", side]].set_axis(["case", "item"], axis=1) for side in ("item", "because")
    ]
    around = marks.merge(pd.concat(sides).drop_duplicates(), on=["case", "item"])
    waiting = undecided(contradictions, around[around["decided_by"] != MACHINE])
    open_ = {
        pair for side in ("item", "because") for pair in zip(waiting["case"], waiting[side], strict=True)
    }
    tasks = []
    for task in item_tasks(around, questionnaire):
        if (task.case, task.item) in open_ and any(box.state == "marked" for box in task.boxes):
            boxes = tuple(replace(box, kind=ROUTING) if box.state == "marked" else box for box in task.boxes)
            tasks.append(replace(task, kind=ROUTING, boxes=boxes, guess=None))
    return sorted(tasks, key=lambda task: (task.case, task.page, task.name))


def _by_item(
    marks: pd.DataFrame, wanted: set[tuple[str, str]] | None = None
) -> dict[tuple[str, str], list[Row]]:
    """Collect the rows of MARKS by page digest and item, only those wanted."""
    if wanted is not None:
        marks = marks[marks["page_digest"].isin({page for page, _ in wanted})]
    found: dict[tuple[str, str], list[Row]] = {}
    for row in marks[list(Row._fields)].itertuples(index=False):
        key = str(row.page_digest), str(row.item)
        if wanted is None or key in wanted:
            found.setdefault(key, []).append(Row(*row))
    return found


def _rows(asked: Asked, rows: list[Row]) -> Iterator[tuple[tuple[TaskBox, ...], Words]]:
    """Yield the boxes shown together with the label of their row: a grid is asked row by row."""
    labels = {option.code: option.label for option in asked.options}
    boxes = {row.option: _task_box(row, labels.get(row.option, {})) for row in rows}
    ordered = [option.code for option in asked.options if option.code in boxes]
    if asked.item.type != "grid":
        yield tuple(boxes[code] for code in ordered), asked.row.label if asked.row else {}
        return
    for row in asked.item.rows:
        cells = [
            replace(box, label=column.label)
            for column in asked.item.columns
            if (box := boxes.get(f"{row.code}_{column.code}"))
        ]
        if cells:
            yield tuple(cells), row.label
    rest = tuple(boxes[option.code] for option in asked.item.options if option.code in boxes)
    if rest:
        yield rest, {}


def _task_box(row: Row, label: Words) -> TaskBox:
    kind, numbers = tell_doubt(row.reason) if row.decided_by == MACHINE else ("", ())
    likely = _likely(row.state, kind, row.p_marked)
    place = f"{row.questionnaire_page} {row.x_mm:g} {row.y_mm:g} {row.w_mm:g} {row.h_mm:g}"
    return TaskBox(row.box, label, row.state, likely, kind, numbers, round(row.ink, 4), place)


def _likely(state: str, kind: str, p_marked: float) -> bool | None:
    """Tell what the machine would say of a box; None where there are two readings and it shall suggest neither."""
    if state not in {"doubtful", "unreadable"}:
        return state == "marked"
    if kind == "between":
        return p_marked >= LIKELY
    return False if kind == "edge" else None


def guess_of(boxes: tuple[TaskBox, ...], *, one_only: bool) -> tuple[int, ...] | None:
    """Tell which boxes the machine takes for marked; None where the doubt is between two options or two readings."""
    if any(box.likely is None for box in boxes):
        return None
    candidates = [place for place, box in enumerate(boxes) if box.likely or box.kind == "between"]
    if one_only and len(candidates) > 1:
        return None
    return tuple(place for place, box in enumerate(boxes) if box.likely)


def _task(
    questionnaire: Questionnaire, asked: Asked, first: Row, boxes: tuple[TaskBox, ...], label: Words
) -> Task:
    one_only = asked.kind == "single"
    doubted = [box.kind for box in boxes if box.kind]
    kind = min(doubted, key=list(DOUBTS).index, default="")
    return Task(
        task_name(first.page_digest, asked.id, boxes[0].box),
        "ask",
        questionnaire.id,
        first.page_digest,
        first.questionnaire_page,
        first.case,
        asked.id,
        asked.item.id,
        kind,
        dict(asked.item.text),
        dict(label),
        one_only,
        boxes,
        guess_of(boxes, one_only=one_only),
    )


def item_tasks(marks: pd.DataFrame, questionnaire: Questionnaire) -> list[Task]:
    """Show whole items, settled or not, in the order of MARKS: the paper behind a number, to be looked at again."""
    asked = {one.id: one for one in questionnaire.asked()}
    boxed = marks[~marks["item"].isin(questionnaire.handwritten())]
    tasks = []
    for (_, item), rows in _by_item(boxed).items():
        for boxes, label in _rows(asked[item], rows):
            tasks.append(_task(questionnaire, asked[item], rows[0], boxes, label))
    return tasks


def read_tasks(
    marks: pd.DataFrame, questionnaire: Questionnaire, typed: Iterable[tuple[str, str]] = ()
) -> list[Task]:
    """List what was written by hand and typed by nobody; `typed` holds (page digest, item) that are done."""
    done = set(typed)
    written = marks[marks["state"].isin(["marked", "doubtful", "unreadable"])]
    tasks = [
        task for task in field_tasks(written, questionnaire) if (task.page_digest, task.item) not in done
    ]
    order = {one.id: place for place, one in enumerate(questionnaire.asked())}
    return sorted(tasks, key=lambda task: (order[task.item], task.page_digest))


def field_tasks(marks: pd.DataFrame, questionnaire: Questionnaire) -> list[Task]:
    """Show whole fields to write in, read or not, in the order of MARKS."""
    asked = {one.id: one for one in questionnaire.asked()}
    fields = marks[marks["item"].isin(questionnaire.handwritten())]
    tasks = []
    for (page_digest, item), rows in _by_item(fields).items():
        one, first = asked[item], rows[0]
        tasks.append(
            Task(
                task_name(page_digest, item, "read"),
                "read",
                questionnaire.id,
                page_digest,
                first.questionnaire_page,
                first.case,
                item,
                one.item.id,
                "digits" if one.kind == "number" else "text",
                dict(one.item.text),
                {},
                True,
                tuple(_task_box(row, {}) for row in rows),
                None,
                themes=tuple((theme.code, dict(theme.label)) for theme in one.item.themes),
            )
        )
    return tasks
