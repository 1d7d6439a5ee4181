"""A path -> the project it lies in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from survey.errors import UsageError
from survey.files import digest, find_root, write_whole
from survey.questionnaire.load import load_printings, load_questionnaire
from survey.questionnaire.model import Questionnaire, Schema, base_of
from survey.store import Cache, Decisions, Runs, Stages
from survey.unchanged import program_state

KEPT_SCHEMAS = 20  # parsed ones in the cache


@dataclass(frozen=True)
class Project:
    """A folder that holds schemas/; everything else of a project lies beside it."""

    root: Path
    then: Decisions | None = None
    """Decisions as they were at some time; without it as they are."""

    @property
    def schemas(self) -> Path:
        return self.root / "schemas"

    @property
    def scans(self) -> Path:
        return self.root / "scans"

    @cached_property
    def cache(self) -> Cache:
        return Cache(self.root)

    @cached_property
    def stages(self) -> Stages:
        return Stages(self.root)

    @cached_property
    def decisions(self) -> Decisions:
        """Decisions lie in survey.db, or in the PostgreSQL database that SURVEY_DATABASE_URL names."""
        return self.then or Decisions(self.root, os.environ.get("SURVEY_DATABASE_URL", ""))

    def schema_path(self, questionnaire: str) -> Path:
        return self.schemas / f"{questionnaire}.yaml"

    def written_schema(self, name: str) -> Path:
        """Return the path of a schema that must exist; UsageError names the ones there are."""
        path = self.schema_path(name)
        if not path.exists():
            there = ", ".join(sorted(other.stem for other in self.schemas.glob("*.yaml"))) or "none"
            raise UsageError(f"there is no questionnaire {name!r}", hint=f"schemas/ has: {there}")
        return path

    def ids(self) -> list[str]:
        """Names of all questionnaires that have boxes, and so can be read."""
        return sorted(
            path.stem for path in self.schemas.glob("*.yaml") if path.with_suffix(".boxes.csv").exists()
        )

    def questionnaire(self, name: str) -> Questionnaire:
        """Load one questionnaire, or an older printing of it, with its boxes; UsageError names the ones there are."""
        if base_of(name) != name:
            return next(one for one in load_printings(self.questionnaire(base_of(name))) if one.id == name)
        path = self.written_schema(name)
        beside = [path.with_suffix(ending) for ending in (".boxes.csv", ".cases.csv", ".blank.pdf")]
        state = digest(*(one.read_bytes() if one.exists() else b"" for one in (path, *beside)))
        if state not in self._loaded:
            self._loaded[state] = load_with_memory(path, self.root / ".survey" / "schemas")
        return self._loaded[state]

    def printed(self, names: Sequence[str]) -> list[Questionnaire]:
        """Load some questionnaires, each with its older printings behind it."""
        loaded = [self.questionnaire(name) for name in names]
        return [printing for one in loaded for printing in (one, *load_printings(one))]

    def waves_before(self, name: str) -> list[str]:
        """Name the waves before a questionnaire, the last one first; UsageError where they go round in a circle."""
        waves, before = [name], self.questionnaire(name).schema.report.before
        while before:
            if before in waves:
                raise UsageError(
                    f"{before} is said to be the wave before itself",
                    where=str(self.schema_path(name)),
                    hint="report.before names an earlier questionnaire",
                )
            waves.append(before)
            before = self.questionnaire(before).schema.report.before
        return waves[1:]

    @cached_property
    def _loaded(self) -> dict[str, Questionnaire]:
        """Questionnaires by the digest of their files."""
        return {}

    @property
    def runs(self) -> Runs:
        """What was done with the project."""
        return Runs(self.decisions)


def load_with_memory(path: Path, memory: Path) -> Questionnaire:
    """Load a questionnaire; what was parsed from the same text by the same program is not parsed again.

    `memory` is a folder of the cache. Nothing is written into a project that has no cache yet.
    """
    kept = memory / f"{digest(path.read_bytes(), program_state())}.json"
    if kept.exists():
        return load_questionnaire(path, Schema.model_validate_json(kept.read_bytes()))
    loaded = load_questionnaire(path)
    if memory.parent.exists():
        for older in sorted(memory.glob("*.json"), key=lambda one: one.stat().st_mtime_ns)[:-KEPT_SCHEMAS]:
            older.unlink(missing_ok=True)
        write_whole(kept, loaded.schema.model_dump_json().encode("utf-8"))
    return loaded


def find_project(start: Path) -> Project:
    """Find the project a path lies in by walking up to the folder that holds schemas/."""
    return Project(find_root(start))


def init_project(folder: Path) -> Project:
    """Make an empty project: schemas/, scans/, texts/, reports/, notebooks/. What is there stays."""
    for name in ["schemas", "scans", "texts", "reports", "notebooks"]:
        (folder / name).mkdir(parents=True, exist_ok=True)
    return Project(folder.resolve())
