"""Published reports and the numbers of now -> what was corrected since the last one, and how its numbers stand now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.analysis.moved import State, numbers_beside
from survey.analysis.population import EARLY, LATE
from survey.analysis.targets import NEEDS, RETURNED
from survey.questionnaire.changes import Change, changes
from survey.questionnaire.model import Questionnaire

TOLD = ("share", "mean", "median")
"""Statistics that are compared one by one; differences between groups are, as findings."""


@dataclass(frozen=True)
class Publication:
    """A report that was published."""

    run: str
    """Name of the run that made it."""
    made_at: str
    """When, UTC, ISO 8601."""
    questionnaire: Questionnaire
    """As it was then, without its blank."""
    numbers: pd.DataFrame
    """PUBLISHABLE, as it was then."""


@dataclass(frozen=True)
class Since:
    """What became of a published report."""

    report: Publication
    changes: list[Change]
    """Of its schema, up to now."""
    numbers: pd.DataFrame
    """NUMBERS_MOVED, with `is_printed_otherwise`, of every number that both reports show, and of no other."""

    @property
    def answers(self) -> pd.DataFrame:
        """Those of them that tell what people answered, and tell it of the same: shares, means and medians.

        Early and late returns are divided at another day now, and other combinations are pooled as rare.
        """
        key = self.numbers["key"]
        is_other = key.str.endswith((f"@{EARLY}", f"@{LATE}")) | key.str.startswith(f"{NEEDS}=rare@")
        is_told = self.numbers["statistic"].isin(TOLD) & (self.numbers["item"] != RETURNED)
        return self.numbers[is_told & ~is_other]


def since_last(
    publications: Iterable[Publication], questionnaire: Questionnaire, numbers: pd.DataFrame
) -> Since | None:
    """Compare PUBLISHABLE with the first of the publications, the last one first, that tells something else.

    One tells something else if anything was corrected in the schema since, or any number is another. None without any.
    """
    for one in publications:
        found = changes(one.questionnaire, questionnaire)
        if found or not _are_the_same(one.numbers, numbers):
            return Since(one, found, _both_shown(one, questionnaire, numbers))
    return None


def _are_the_same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    counted = ["key", "count", "base"]
    if one[counted].to_numpy().tolist() != other[counted].to_numpy().tolist():
        return False
    return bool(np.allclose(one["value"], other["value"], rtol=1e-9, atol=1e-12, equal_nan=True))


def _both_shown(report: Publication, questionnaire: Questionnaire, numbers: pd.DataFrame) -> pd.DataFrame:
    then, here = (rows[rows["shown"] & (rows["base"] > 0)] for rows in (report.numbers, numbers))
    before = State(report.questionnaire, {}, lambda: then)
    table = numbers_beside(before, State(questionnaire, {}, lambda: here))
    return table[table["before"].notna() & table["now"].notna()].reset_index(drop=True)
