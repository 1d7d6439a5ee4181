"""What a person is asked to look at: tasks and the boxes they show."""

from __future__ import annotations

from dataclasses import dataclass, field

from survey.files import digest

Words = dict[str, str]
KEEP_LETTERS = 20  # of a task's name: 80 bits


@dataclass(frozen=True, slots=True)
class TaskBox:
    """One box of a task: what is printed beside it, and what the machine makes of it."""

    box: str
    label: Words
    state: str
    """What the machine has decided: empty, marked, revoked, doubtful or unreadable."""
    likely: bool | None
    """Whether the machine would call it marked; None where two readings stand against each other."""
    kind: str = ""
    """Kind of doubt, empty where it has none."""
    numbers: tuple[float, ...] = ()
    """The numbers of that doubt."""
    ink: float = 0.0
    place: str = ""
    """Where it lies, as ADJUDICATIONS keeps it: page, x, y, width and height in mm."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing a person settles at once: an item of a case, a row of a grid, or something written by hand."""

    name: str
    view: str
    """ask (boxes) or read (digits, text)."""
    questionnaire: str
    page_digest: str
    page: int
    case: str
    item: str
    strip: str
    """The item whose strip shows it."""
    kind: str
    """Kind of doubt of its first doubtful box; digits or text to be read."""
    wording: Words
    row: Words
    """What stands at the beginning of the matrix's or grid's row."""
    one_only: bool
    """Only one option is asked for."""
    boxes: tuple[TaskBox, ...]
    guess: tuple[int, ...] | None
    """Places of the boxes the machine takes for marked; None where it must not suggest anything."""
    themes: tuple[tuple[str, Words], ...] = field(default=())


def task_name(page_digest: str, item: str, first: str) -> str:
    """Name a task by what it is about, so that it has the same name after every run."""
    return digest(page_digest, item, first)[:KEEP_LETTERS]
