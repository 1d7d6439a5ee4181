"""Adjudications about whole pages -> what people said of each page: which it is, how it lies, whether it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

FATES = ("counts", "superseded", "discarded")
PAGE_STATES = ("turned", "placed", "scan again", *FATES)
"""States an adjudication with neither box nor item may have; `value` and `reason` hold what belongs to it."""


@dataclass(frozen=True)
class Told:
    """What people said of one page; empty or 0 where they said nothing."""

    turn: int = 0
    """Quarter turns clockwise that set it upright."""
    questionnaire: str = ""
    page: int = 0
    serial: str = ""
    fate: str = ""
    """counts (before other scans of the same page), superseded or discarded."""
    reason: str = ""
    """Why, in the person's words."""
    again: bool = False
    """The sheet shall be scanned again."""

    @property
    def hint(self) -> str:
        """What a page must be read anew for; empty where nothing was said that touches its reading."""
        if not self.turn and not self.questionnaire:
            return ""
        return f"{self.turn} {self.questionnaire} {self.page} {self.serial}".strip()


@dataclass(frozen=True)
class Said:
    """What people said of pages, and of which of their boxes and items they decided something; by digest."""

    told: Mapping[str, Told] = field(default_factory=dict)
    decided: Mapping[str, frozenset[str]] = field(default_factory=dict)


def told_of_pages(adjudications: pd.DataFrame) -> dict[str, Told]:
    """Collect what was said of pages, by digest; of several words about one matter the last counts."""
    about = adjudications[(adjudications["box"] == "") & (adjudications["item"] == "")]
    return told_by_rows(about.to_dict("records"))


def told_by_rows(rows: Iterable[Mapping[str, object]]) -> dict[str, Told]:
    """Collect the same from rows by column; those about a box or an item say nothing of a page."""
    told: dict[str, Told] = {}
    for row in rows:
        if not row["box"] and not row["item"]:
            said = (str(row[name]) for name in ("state", "value", "reason"))
            page_digest = str(row["page_digest"])
            told[page_digest] = _add(told.get(page_digest, Told()), *said)
    return told


def decided_of_pages(adjudications: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Collect of which boxes and items of each page, by digest, people decided something."""
    found: dict[str, set[str]] = {}
    columns = (adjudications[name].tolist() for name in ("page_digest", "box", "item"))
    for page, box, item in zip(*columns, strict=True):
        if box or item:
            found.setdefault(page, set()).add(box or item)
    return {page: frozenset(names) for page, names in found.items()}


def _add(before: Told, state: str, value: str, reason: str) -> Told:
    if state == "turned":
        return replace(before, turn=int(value) % 4)
    if state == "placed":
        questionnaire, page, serial = (*value.split(" "), "")[:3]
        return replace(before, questionnaire=questionnaire, page=int(page), serial=serial, fate="")
    if state == "scan again":
        return replace(before, again=value != "no")
    if state in FATES:
        return replace(before, fate=state, reason=reason)
    return before
