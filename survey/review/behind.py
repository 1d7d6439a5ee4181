"""The key of a number -> the paper behind it: tasks that show each answer it is made of."""

from __future__ import annotations

from dataclasses import dataclass

from survey.analysis.coding import variables
from survey.analysis.trace import BY, Trace, trace
from survey.questionnaire.model import Questionnaire
from survey.reading.outcomes import TYPED
from survey.reporting.evidence import Results
from survey.reporting.numbers import say_number
from survey.review.catalogue import LANGUAGES
from survey.review.doubts import field_tasks, item_tasks
from survey.review.tasks import Task, Words

MOST_SHOWN = 500  # answers behind a number that are shown


@dataclass(frozen=True)
class Paper:
    """The paper behind one number."""

    title: Words
    cases: int
    tasks: list[Task]
    rings: dict[str, list[int]]
    """Task -> places of the boxes that make the number."""
    typed: dict[str, str]
    """Task -> what was typed of it, names blacked out."""


def paper_behind(found: Results, key: str) -> Paper:
    """Collect the answers behind a number; UsageError where there is no such number, or no paper behind it."""
    questionnaire = found.questionnaire
    received = found.cases.drop_duplicates("case").set_index("case")["received"]
    traced = trace(key, found.responses, questionnaire, received)
    around = found.marks[found.marks["item"].isin(traced.codes) & found.marks["case"].isin(traced.cases)]
    wanted = _boxes(traced, questionnaire)
    tasks = [*item_tasks(around, questionnaire), *field_tasks(around, questionnaire)]
    rings = {task.name: _ring(task, wanted) for task in tasks}
    shown = _those_that_show(tasks, rings)[:MOST_SHOWN]
    answers = found.outcomes[found.outcomes["reason"] == TYPED]
    typed = {
        (row.case, row.item): row.codes
        for row in answers[answers["item"].isin(questionnaire.handwritten())].itertuples(index=False)
    }
    variable, _, rest = key.partition("=")
    about = variable.partition(BY)[0], rest.partition("@")[0]
    named = {one.name: one for one in variables(questionnaire)}
    title = {language: say_number(*about, questionnaire, language, named) for language in LANGUAGES}
    return Paper(
        title, len(traced.cases), shown, rings,
        {task.name: typed.get((task.case, task.item), "") for task in shown if task.view == "read"},
    )  # fmt: skip


def _boxes(traced: Trace, questionnaire: Questionnaire) -> frozenset[str]:
    """Boxes whose marks make the number."""
    rows = questionnaire.boxes[questionnaire.boxes["item"].isin(traced.codes)]
    return frozenset(row.box for row in rows.itertuples(index=False) if row.option in traced.codes[row.item])


def _ring(task: Task, wanted: frozenset[str]) -> list[int]:
    return [at for at, box in enumerate(task.boxes) if box.box in wanted and box.state == "marked"]


def _those_that_show(tasks: list[Task], rings: dict[str, list[int]]) -> list[Task]:
    """Leave out rows and items of a case that do not make the number, where another one of the case does."""
    telling = {task.case for task in tasks if rings[task.name]}
    return [task for task in tasks if rings[task.name] or task.case not in telling]
