"""A project as it is -> digests of what each table of its results is made from, so that none is made twice."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from survey import __version__
from survey.files import digest
from survey.ground import ground_of_text, recognition_of_text
from survey.project.folder import Project
from survey.questionnaire.digests import counting_digest, marking_digest, naming_digest
from survey.questionnaire.model import Questionnaire
from survey.reading import assemble, decide, outcomes
from survey.store import Cache
from survey.unchanged import program_state

SAID = ("adjudications", "erasures")
"""Kept tables on which marks and outcomes depend …"""
RECORDED = ("mailing", "audit_samples", "audits", "published_cells")
"""… and those on which numbers depend besides."""
_DECIDING_STEPS = repr((assemble.VERSION, decide.VERSION, outcomes.VERSION))


@dataclass(frozen=True)
class Keys:
    """What a project's tables are made from: its readings, questionnaires, and the state of what people said."""

    shards: tuple[str, ...]
    heads: dict[str, tuple[int, str]]
    """Kept table -> link and digest of its last row."""
    questionnaires: dict[str, Questionnaire]
    printed: dict[str, str]
    """Questionnaire -> digest of its blank and of its older printings."""
    read_by: tuple[str, ...]
    """By which versions of their steps, with which network, the pages were recognised and measured."""

    @property
    def program(self) -> str:
        """Version of the program, and after a plus a digest of the versions of all steps whose results are kept."""
        return f"{__version__}+{digest(*self.read_by, _DECIDING_STEPS)[:8]}"

    @cached_property
    def places(self) -> str:
        """Digest of what the ledger is made from besides the marks of pages that it compares."""
        about = [
            (name, one.schema.code, one.schema.reading.codes, sorted(one.issued.items()),
             list(one.schema.population.frame), one.pages)
            for name, one in sorted(self.questionnaires.items())
        ]  # fmt: skip
        return digest(program_state(), _DECIDING_STEPS, *self.shards, repr(about), self._said(SAID))

    @cached_property
    def ledger(self) -> str:
        """Digest of what the ledger is made from."""
        return digest(self.places, *(marking_digest(one) for _, one in sorted(self.questionnaires.items())))

    def made_from(self, name: str) -> dict[str, str]:
        """Digest of what each table of a questionnaire is made from, by its name in the cache.

        Names and codes are not among what marks are made from, nor words among what answers and numbers are.
        """
        one = self.questionnaires[name]
        places = one.boxes[["box", "page", "x_mm", "y_mm", "w_mm", "h_mm"]].to_csv(index=False)
        marks = digest(self.ledger, name, marking_digest(one), places, self.printed[name])
        settled = digest(marks, naming_digest(one))
        answers = digest(settled, counting_digest(one))
        estimates = digest(answers, self._said(RECORDED))
        return {
            "ledger": self.ledger, "cases": digest(self.ledger, name), "marks": marks, "outcomes": settled,
            "answers": answers, "estimates": estimates, "publishable": estimates,
        }  # fmt: skip

    def _said(self, tables: tuple[str, ...]) -> str:
        return repr([self.heads[name] for name in tables])


def keys_of(project: Project) -> Keys:
    """Collect what a project's tables are made from now."""
    shards = tuple(project.cache.shards())
    questionnaires = {name: project.questionnaire(name) for name in project.ids()}
    printed = {
        name: digest(
            *(path.read_bytes() for path in [*sorted(project.schemas.glob(f"{name}.v*")), *_blank(one)])
        )
        for name, one in questionnaires.items()
    }
    return Keys(shards, project.decisions.heads(), questionnaires, printed, _read_by(project.cache))


def _read_by(cache: Cache) -> tuple[str, ...]:
    """Collect what the pages in the cache were read by, as texts."""
    recognised = {cache.text("recognitions", key) for key in cache.files()["key"].unique()}
    measured = {cache.text("grounds", name) for name in cache.grounds()}
    programs = [recognition_of_text(text).program for text in recognised if text]
    programs += [ground_of_text(text).program for text in measured if text]
    return tuple(sorted({json.dumps(one, sort_keys=True) for one in programs}))


def _blank(questionnaire: Questionnaire) -> list[Path]:
    return [questionnaire.blank] if questionnaire.blank else []
