"""What the reading of a page depended on -> the text it is kept as, and back.

This module loads nothing that reads: runs ask what read their pages, too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from survey.files import digest

Place = tuple[str, float, float, float, float, bool]
"""A box, x, y, width and height in mm, and whether it is a field to write in."""
Parts = Mapping[str, str]


@dataclass(frozen=True)
class Ground:
    """What the numbers of one page depend on besides its image and how it lies."""

    questionnaire: str
    page: int
    paper_mm: tuple[float, float]
    places: tuple[Place, ...]
    program: Parts
    """Measuring step -> version; the network -> digest of its weights."""

    @cached_property
    def digest(self) -> str:
        """Digest of all of it."""
        return digest(self.text)

    @property
    def text(self) -> str:
        """All of it as JSON; `ground_of_text` reads it."""
        return json.dumps([self.questionnaire, self.page, self.paper_mm, self.places, dict(self.program)])

    @property
    def names(self) -> list[str]:
        """Boxes in the order in which they are measured: those to mark, then the fields."""
        return [one[0] for one in sorted(self.places, key=lambda place: place[5])]


def ground_of_text(text: str) -> Ground:
    """Read a ground from its text."""
    questionnaire, page, paper_mm, places, program = json.loads(text)
    return Ground(questionnaire, page, tuple(paper_mm), tuple(tuple(one) for one in places), program)


@dataclass(frozen=True)
class Recognition:
    """What recognising pages depends on besides their images, part by part."""

    program: Parts
    """Step -> version."""
    questionnaires: Mapping[str, Parts]
    """Questionnaire -> what of it (its blank, its codes, its issued serials …) -> digest."""

    @cached_property
    def key(self) -> str:
        """Digest of all of it."""
        return digest(self.text)

    @property
    def text(self) -> str:
        """All of it as JSON; `recognition_of_text` reads it."""
        parts = {name: dict(one) for name, one in self.questionnaires.items()}
        return json.dumps([dict(self.program), parts], sort_keys=True)


def recognition_of_text(text: str) -> Recognition:
    """Read a recognition from its text."""
    return Recognition(*json.loads(text))
