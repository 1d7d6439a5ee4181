"""A task and what a person answered on the page -> rows of ADJUDICATIONS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from survey.errors import UsageError
from survey.review.tasks import Task, TaskBox
from survey.store.layout import Row

LONGEST_TEXT = 4000  # letters of typed text
LONGEST_REASON = 300
MOST_PICKED = 200  # boxes of one reply
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
REVOKED_RATHER = {"filled", "heavy"}  # kinds of doubt whose box was blacked out if it was not meant
SECOND = "second look"
"""State of a row in which a second person says what they saw; it changes no mark."""


@dataclass(frozen=True)
class Reply:
    """What a person answered: the browser's own name for it, the task, a verb and what belongs to it."""

    id: str
    task: str
    verb: str
    picked: tuple[int, ...] = ()
    """Places of the boxes meant."""
    text: str = ""
    reason: str = ""
    themes: tuple[str, ...] = ()
    may_print: bool = False
    number: int = 0
    """A page, or quarter turns."""
    of: str = ""
    """The reply that is taken back."""


def parse_reply(said: object) -> Reply:
    """Check what a browser sent; UsageError for anything else than a reply."""
    if not isinstance(said, Mapping):
        raise UsageError("a reply must be an object")
    picked, themes, number = said.get("picked", ()), said.get("themes", ()), said.get("number", 0)
    texts = {name: said.get(name, "") for name in ("id", "task", "verb", "text", "reason", "of")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise UsageError("id, task, verb, text, reason and of must be text")
    if not UUID.fullmatch(texts["id"]) or (texts["of"] and not UUID.fullmatch(texts["of"])):
        raise UsageError("a reply's id must be a UUID")
    if len(texts["text"]) > LONGEST_TEXT or max(len(texts["reason"]), len(texts["task"])) > LONGEST_REASON:
        raise UsageError("too long")
    if not isinstance(picked, list | tuple) or len(picked) > MOST_PICKED or not all(map(_is_count, picked)):
        raise UsageError("picked must be places of boxes")
    if not isinstance(themes, list | tuple) or not all(isinstance(theme, str) for theme in themes):
        raise UsageError("themes must be codes")
    if not _is_count(number):
        raise UsageError("number must be a whole number from 0")
    return Reply(
        **texts, picked=tuple(picked), themes=tuple(themes), may_print=said.get("may_print") is True,
        number=number,
    )  # fmt: skip


def _is_count(thing: object) -> bool:
    return isinstance(thing, int) and not isinstance(thing, bool) and 0 <= thing < 10_000


def states_of(task: Task, reply: Reply) -> dict[int, str]:
    """Tell the state a reply gives to the boxes of a task, by place."""
    if any(place >= len(task.boxes) for place in reply.picked):
        raise UsageError("picked names a box this task does not have")
    if reply.verb == "box" and len(reply.picked) == 1 and reply.text in {"marked", "empty"}:
        place = reply.picked[0]
        return {place: "marked" if reply.text == "marked" else _unmarked(task.boxes[place])}
    if reply.verb == "unreadable":
        doubted = {place: "unreadable" for place, box in enumerate(task.boxes) if box.kind}
        return doubted or dict.fromkeys(range(len(task.boxes)), "unreadable")
    if reply.verb == "agree" and task.guess is None:
        raise UsageError("there is no guess to agree with")
    meant = {"options": reply.picked, "none": (), "agree": task.guess or ()}
    if reply.verb not in meant:
        raise UsageError(f"{reply.verb!r} is no answer to this task")
    return {
        place: "marked" if place in meant[reply.verb] else _unmarked(box)
        for place, box in enumerate(task.boxes)
    }


def _unmarked(box: TaskBox) -> str:
    return "revoked" if box.state == "revoked" or box.kind in REVOKED_RATHER else "empty"


def decide_task(task: Task, reply: Reply, by: str) -> list[Row]:
    """Turn a reply about boxes into one row a box."""
    rows: list[Row] = []
    for place, state in states_of(task, reply).items():
        box = task.boxes[place]
        rows.append(
            _row(task.page_digest, reply, by, len(rows))
            | {"box": box.box, "item": task.item, "place": box.place, "machine": box.state, "state": state}
            | {"reason": _why(box)}
        )
    return rows


def _why(box: TaskBox) -> str:
    """Say why the box was shown, so that MARKS still tells it."""
    numbers = ", ".join(f"{number:.2f}" for number in box.numbers)
    return (
        f"seen by a person ({box.kind}{': ' + numbers if numbers else ''})"
        if box.kind
        else "seen by a person"
    )


def second_look(task: Task, reply: Reply, by: str) -> list[Row]:
    """Turn a second person's reply into one row about the item: `value` holds box=state, separated by blanks."""
    said = " ".join(f"{task.boxes[place].box}={state}" for place, state in states_of(task, reply).items())
    return [_row(task.page_digest, reply, by, 0) | {"item": task.item, "state": SECOND, "value": said}]


def read_task(task: Task, reply: Reply, by: str) -> list[Row]:
    """Turn what was typed into rows about the item: the text, its themes, whether it may be printed."""
    if reply.verb == "unreadable":
        return [
            _row(task.page_digest, reply, by, place)
            | {
                "box": box.box,
                "item": task.item,
                "place": box.place,
                "machine": box.state,
                "state": "unreadable",
            }
            for place, box in enumerate(task.boxes)
        ]
    if reply.verb != "typed":
        raise UsageError(f"{reply.verb!r} is no answer to this task")
    if task.kind == "digits" and not re.fullmatch(r"[0-9]*", reply.text):
        raise UsageError("digits only")
    known = {code for code, _ in task.themes}
    if not set(reply.themes) <= known:
        raise UsageError("a theme that is not in the codeframe")
    said = {"": reply.text.strip()}
    if task.kind == "text":
        said |= {"themes": " ".join(reply.themes), "print": "yes" if reply.may_print else "no"}
    return [
        _row(task.page_digest, reply, by, place) | {"item": task.item, "state": state, "value": value}
        for place, (state, value) in enumerate(said.items())
    ]


def decide_page(page_digest: str, reply: Reply, by: str) -> list[Row]:
    """Turn what was said of a whole page into a row with neither box nor item; `told.Told` is what it means."""
    row = _row(page_digest, reply, by, 0)
    if reply.verb == "turned":
        return [row | {"state": "turned", "value": str(reply.number % 4)}]
    if reply.verb == "placed":
        questionnaire, _, serial = reply.text.partition(" ")
        return [row | {"state": "placed", "value": f"{questionnaire} {reply.number} {serial}".strip()}]
    if reply.verb == "scan again":
        return [row | {"state": "scan again", "value": "yes"}]
    if reply.verb == "discarded" and not reply.reason.strip():
        raise UsageError("a page is discarded for a reason only")
    if reply.verb in {"counts", "superseded", "discarded"}:
        return [row | {"state": reply.verb, "reason": reply.reason.strip()}]
    raise UsageError(f"{reply.verb!r} is nothing one can say of a page")


def withdraw(ids: list[str], reply: Reply, by: str) -> list[Row]:
    """Take back the rows of an earlier reply: each is followed by one that says so."""
    return [
        _row("", reply, by, place) | {"state": "withdrawn", "withdraws": gone}
        for place, gone in enumerate(ids)
    ]


def _row(page_digest: str, reply: Reply, by: str, place: int) -> Row:
    return {
        "id": f"{reply.id}.{place}", "made_at": "", "decided_by": by, "page_digest": page_digest, "box": "", "item": "",
        "place": "", "machine": "", "state": "", "value": "", "reason": "", "withdraws": "",
    }  # fmt: skip
