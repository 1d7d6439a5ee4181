"""ESTIMATES -> which of its numbers are made of which others: differences, tests, shares of answers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from survey.analysis.compare import BY, DIFFERENCE, MINUS, TEST, TEST_STATISTIC
from survey.analysis.disclosure.rules import COUNTED

OF_ANSWERS = "share of answers"
NOWHERE = ""
"""Stands for a table that is not among the estimates, so that nothing that is made of it is shown."""


def rests_on(estimates: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Key of each number that is made of others -> their keys.

    A difference is made of its two sides. A test is made of the shares of its variable by the codes of the other one: F
    with its decimals would tell a small cell of that table. All shares of answers to an item are made of all counts of
    the item, as they add up to the number of answers.
    """
    counted = estimates[estimates["statistic"].isin(COUNTED)]
    of_kind = {
        kind: estimates[estimates["statistic"] == kind] for kind in (DIFFERENCE, TEST_STATISTIC, OF_ANSWERS)
    }
    return (
        _sides(of_kind[DIFFERENCE])
        | _tables(of_kind[TEST_STATISTIC], counted)
        | _counts(of_kind[OF_ANSWERS], counted)
    )


def _sides(rows: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    pairs = zip(rows["key"], rows["variable"] + "=" + rows["code"] + "@", rows["domain"], strict=True)
    return {key: tuple(told + side for side in domain.split(MINUS)) for key, told, domain in pairs}


def _tables(rows: pd.DataFrame, counted: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    single = counted[~counted["domain"].str.contains("&", regex=False)]
    by = single["domain"].str.partition("=")[0]
    cells = single.groupby([single["variable"], by])["key"].agg(tuple).to_dict()
    found = {}
    for key, variable, code in zip(rows["key"], rows["variable"], rows["code"], strict=True):
        told, _, divided = str(variable).partition(BY)
        found[key] = cells.get((told, divided), (NOWHERE,)) if code == TEST else ()
    return found


def _counts(rows: pd.DataFrame, counted: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    there = set(counted["variable"])
    of_item: dict[tuple[str, str], list[str]] = {}
    for item, variable, domain in rows[["item", "variable", "domain"]].itertuples(index=False, name=None):
        own = variable if variable in there else str(variable).removeprefix(f"{item}_")
        of_item.setdefault((item, domain), []).append(f"{own}=1@{domain}")
    pairs: Sequence[tuple[str, str, str]] = list(zip(rows["key"], rows["item"], rows["domain"], strict=True))
    return {key: tuple(of_item[item, domain]) for key, item, domain in pairs}
