"""Replies from the page -> decisions kept for ever, each once; and which tasks are settled by now."""

from __future__ import annotations

import threading
from collections.abc import Callable

from survey.errors import UsageError
from survey.reading.told import Told, told_by_rows
from survey.review.desk import Desk
from survey.review.replies import (
    SECOND,
    Reply,
    decide_page,
    decide_task,
    parse_reply,
    read_task,
    second_look,
    states_of,
    withdraw,
)
from survey.review.tasks import Task
from survey.store import Decisions
from survey.store.layout import Row, Value
from survey.tables import AUDITS

CLAIM_MINUTES = 5.0  # how long the next items are held for one person
UNCLEAR = "unclear"


def _judged(row: Row) -> tuple[Value, Value, Value]:
    """Who judged which mark of which sample, as a row of AUDITS tells it."""
    return row["decided_by"], row["sample"], row["number"]


def _with_told(page: dict[str, object], said: Told) -> dict[str, object]:
    shown = {name: value for name, value in page.items() if name != "digest"}
    if said.questionnaire:
        shown |= {"questionnaire": said.questionnaire, "page": said.page, "case": said.serial}
    return shown | {
        "turn": said.turn, "fate": said.fate, "again": said.again, "placed": bool(said.questionnaire),
    }  # fmt: skip


class Counter:
    """Takes replies in, one batch after the other, and writes them down before it says so."""

    def __init__(self, decisions: Decisions, desk: Desk, by: str, *, double: bool = False) -> None:
        self.decisions, self.desk, self.by, self.double = decisions, desk, by, double
        self._lock = threading.Lock()
        self._ids: dict[str, list[str]] = {}

    def take(self, said: list[object]) -> tuple[list[str], dict[str, str]]:
        """Write a batch of replies down in order; returns ids that are safe on disk, and others with what is wrong."""
        refused: dict[str, str] = {}
        made: list[tuple[str, list[Row]]] = []
        with self._lock:
            for one in said:
                try:
                    reply = parse_reply(one)
                    made.append((reply.id, self._rows(reply)))
                except UsageError as error:
                    refused[str(one.get("id", "")) if isinstance(one, dict) else ""] = str(error)
                    continue
                self._ids[reply.id] = [str(row["id"]) for row in made[-1][1]]
            return self._write(made, refused), refused

    def _write(self, made: list[tuple[str, list[Row]]], refused: dict[str, str]) -> list[str]:
        """Write replies in one go; if the store takes offence at one of them, one by one."""
        rows = [row for _, rows in made for row in rows]
        try:
            self._add(rows)
        except UsageError:
            for name, some in made:
                try:
                    self._add(some)
                except UsageError as error:
                    if not self.decisions.ids_below(name):
                        refused[name] = str(error)
        return [name for name, _ in made if name not in refused]

    def _add(self, rows: list[Row]) -> None:
        if rows:
            self.decisions.add_rows(rows)

    def _rows(self, reply: Reply) -> list[Row]:
        """Turn one reply into rows; a mark of the blind check is written down at once, elsewhere."""
        if reply.verb == "withdraw":
            return withdraw(self._ids.get(reply.of) or self.decisions.ids_below(reply.of), reply, self.by)
        if reply.task in self.desk.page_digests:
            return decide_page(self.desk.page_digests[reply.task], reply, self.by)
        task = self.desk.tasks.get(reply.task)
        if task is None and self.decisions.ids_below(reply.id):
            return []  # kept before the server was started anew; only the word that it was got lost
        if task is None:
            raise UsageError("this item is no longer on the desk: reload the page")
        if task.name in self.desk.blinded:
            self._judge(task, reply)
            return []
        make: Callable[[Task, Reply, str], list[Row]]
        make = read_task if task.view == "read" else second_look if self.double else decide_task
        return make(task, reply, self.by)

    def _judge(self, task: Task, reply: Reply) -> None:
        """Write down what a person saw of a sample's mark; the same word twice is one word."""
        drawn = self.desk.blinded[task.name]
        state = states_of(task, reply).get(drawn.place, UNCLEAR)
        if state == "unreadable":
            state = UNCLEAR
        if state == "empty" and drawn.state == "revoked":
            state = (
                "revoked"  # the page asks whether a box counts as marked; how it was taken back is not asked
            )
        key = (self.by, drawn.sample, drawn.number)
        said = [row["state"] for row in self.decisions.kept_rows(AUDITS) if _judged(row) == key]
        if said[-1:] != [state]:
            row: Row = {"made_at": "", "decided_by": self.by, "sample": drawn.sample, "number": drawn.number}
            self.decisions.append_rows(AUDITS, [{**row, "state": state}])

    def open_tasks(self, view: str) -> list[str]:
        """Name the tasks of a view that nobody has settled since the desk was laid out."""
        return self._open(self.desk.views.get(view, []))

    def _open(self, names: list[str]) -> list[str]:
        standing = self.decisions.standing_rows()
        boxes = {(row["page_digest"], row["box"]) for row in standing}
        items = {(row["page_digest"], row["item"], row["state"]) for row in standing if not row["box"]}
        judged = {_judged(row) for row in self.decisions.kept_rows(AUDITS)} if self.desk.blinded else set()
        return [name for name in names if not self._is_settled(self.desk.tasks[name], boxes, items, judged)]

    def _is_settled(
        self,
        task: Task,
        boxes: set[tuple[Value, Value]],
        items: set[tuple[Value, Value, Value]],
        judged: set[tuple[Value, Value, Value]],
    ) -> bool:
        if task.name in self.desk.blinded:
            drawn = self.desk.blinded[task.name]
            return (self.by, drawn.sample, drawn.number) in judged
        if task.view == "read":
            typed = (task.page_digest, task.item, "") in items
            return typed or any((task.page_digest, box.box) in boxes for box in task.boxes)
        if self.double:
            return (task.page_digest, task.item, SECOND) in items
        return all((task.page_digest, box.box) in boxes for box in task.boxes if box.kind)

    def themes(self) -> dict[str, dict[str, int]]:
        """Count how often each theme was assigned so far, by item."""
        said = {
            (row["page_digest"], str(row["item"])): str(row["value"]).split()
            for row in self.decisions.standing_rows()
            if not row["box"] and row["state"] == "themes"
        }
        counts: dict[str, dict[str, int]] = {}
        for (_, item), themes in said.items():
            of = counts.setdefault(item, {})
            for theme in themes:
                of[theme] = of.get(theme, 0) + 1
        return counts

    def pages(self) -> list[dict[str, object]]:
        """Tell of the pages that were not simply read, with what people have said of each by now."""
        told = told_by_rows(self.decisions.standing_rows())
        return [_with_told(page, told.get(str(page["digest"]), Told())) for page in self.desk.pages]

    def claim(self, names: list[str]) -> list[str]:
        """Hold tasks for this person for some minutes; returns those nobody else holds or has settled by now."""
        known = self._open([name for name in names if name in self.desk.tasks])
        held = set(self.decisions.claim(known, self.by, CLAIM_MINUTES))
        return [name for name in known if name in held]
