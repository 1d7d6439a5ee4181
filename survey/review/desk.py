"""What lies on the desk of the review page when work begins, as plain values that a small server can hold."""

from __future__ import annotations

from dataclasses import dataclass, field

from survey.review.tasks import Task

WAITING = ("waiting", "unreadable")
"""Places of pages that a person has to look at."""


@dataclass(frozen=True, slots=True)
class Blinded:
    """The mark of a sample that a task of the blind check shows."""

    sample: str
    number: int
    place: int
    """Which box of the task it is."""
    state: str
    """What the machine had decided."""


@dataclass(frozen=True)
class Desk:
    """What lies on the desk when work begins: tasks by name, their order a view, and what is told of the whole."""

    tasks: dict[str, Task]
    views: dict[str, list[str]]
    """View -> names of its tasks in order."""
    shown: dict[str, str]
    """Task -> what the browser is told of it, as JSON."""
    blinded: dict[str, Blinded]
    pages: list[dict[str, object]]
    """Pages that were not simply read."""
    page_digests: dict[str, str]
    """Name of a page in links -> its digest."""
    overview: dict[str, object]
    texts: dict[str, dict[str, object]]
    """Language -> everything the page says."""
    shard_of: dict[str, str]
    """Page digest -> shard of the cache with its pictures."""
    blanks: dict[tuple[str, int], bytes]
    """Questionnaire and page -> its blank as JPEG, on which strips are laid."""
    crops: dict[str, list[int]] = field(default_factory=dict)
    """Task -> the place of each of its boxes among the crops of its page."""
