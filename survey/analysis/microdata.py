"""RESPONSES -> one row a case that may leave the office: shuffled, no serials or dates, k-anonymous over its keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from survey.analysis.coding import MISSING_CODES, to_wide, variables
from survey.analysis.population import ALL
from survey.errors import UsageError
from survey.files import digest
from survey.questionnaire.model import Questionnaire
from survey.tables import COARSENED

SUPPRESSED = "suppressed"
"""Stands in a key's place where even its coarsest code would have set a case apart."""
MOST_SUPPRESSED = 0.05
"""Share of cases whose keys may be suppressed before codes are joined instead; our default."""
NO_ANSWER = {str(code) for reason, code in MISSING_CODES.items() if reason != "not asked"} | {SUPPRESSED}
"""Codes that tell nothing of a person; the report counts them however few they are."""
COUNTED = ("share", "mean", "median")
"""Statistics of a group that anybody could count from its rows."""


@dataclass(frozen=True)
class Microdata:
    """One row a case, and COARSENED: what was joined or suppressed for it."""

    rows: pd.DataFrame
    coarsened: pd.DataFrame


def internal(responses: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """All variables of each case in shuffled rows, and `alike`: how many cases share its combination of keys.

    No name of a case, no serial, no date; still about single people, so for use inside the office only.
    """
    wide = _shuffled(to_wide(responses).drop(columns=["case", "wave"]).astype("str"))
    keys = _keys(questionnaire)
    alike = wide.groupby(keys, dropna=False)[keys[0]].transform("size") if keys else len(wide)
    return wide.assign(alike=alike)


def public(responses: pd.DataFrame, questionnaire: Questionnaire) -> Microdata:
    """Shuffled rows in which every combination of keys is shared by at least k cases; free text is left out.

    Neighbouring codes of a key are joined first, then keys of the few cases left are suppressed (Samarati & Sweeney
    1998). Raises UsageError where the schema names no keys.
    """
    keys, k = _keys(questionnaire), questionnaire.schema.disclosure.k
    if not keys:
        raise UsageError(
            f"{questionnaire.id}: by which variables somebody might be recognised is not said",
            hint="disclosure: {keys: [...]} in the schema names them",
        )
    texts = [asked.id for asked in questionnaire.asked() if asked.kind == "text"]
    left_out = ["case", "wave", *texts] + ([] if "stratum" in keys else ["stratum"])
    wide = to_wide(responses).drop(columns=left_out).astype("str")
    order = {asked.id: [option.code for option in asked.options] for asked in questionnaire.asked()}
    coarse, notes = _joined(wide[keys], order, k)
    coarse, more = _suppressed(coarse, k)
    return Microdata(_shuffled(wide.assign(**coarse)), COARSENED.frame([*notes, *more]))


def released(
    responses: pd.DataFrame, questionnaire: Questionnaire, publishable: pd.DataFrame
) -> pd.DataFrame:
    """Rows as of `public`, without what would tell a number that `publishable` (PUBLISHABLE) keeps back.

    A variable of which any number of all cases is kept back is left out, and with a need area or derived variable what
    it is made of; so is a variable whose codes divide the cases, where a number of one of its groups is kept back; and
    one of which fewer cases than the minimum cell gave some answer or number, or were led past it.
    """
    rows = public(responses, questionnaire).rows
    hidden = publishable[~publishable["shown"] & (publishable["base"] > 0)]
    told = set(hidden.loc[hidden["domain"] == ALL, "variable"])
    told |= {part for name in told for part in _made_of(name, questionnaire)}
    domains = hidden.loc[(hidden["domain"] != ALL) & hidden["statistic"].isin(COUNTED), "domain"]
    groups = {part.partition("=")[0] for domain in domains for part in str(domain).split("&")}
    stratum = questionnaire.schema.population.stratum
    left_out = told | {"stratum" if name == stratum else name for name in groups}
    minimum = questionnaire.schema.population.minimum_cell
    kept = [name for name in rows.columns if name not in left_out and not _is_rare(rows[name], minimum)]
    return rows[kept]


def _is_rare(column: pd.Series, minimum: int) -> bool:
    """Whether fewer than the minimum gave one of the answers; what was not answered or not read is no answer."""
    counts = column[~column.isin(NO_ANSWER)].value_counts()
    return bool((counts < minimum).any())


def _made_of(variable: str, questionnaire: Questionnaire) -> set[str]:
    """Variables that a need area, a group of cells or a derived variable is made of."""
    schema = questionnaire.schema
    names = [one.name for one in variables(questionnaire)]
    for area in schema.need_areas:
        if variable == f"need_{area.id}":
            return {
                name for name in names for asked in area.need if name == asked or name.startswith(f"{asked}_")
            }
    for item in questionnaire.items:
        if variable in {f"{item.id}_{group.id}" for group in item.groups}:
            return {name for name in names if name.startswith(f"{item.id}_")}
    for derived in schema.analysis.derived:
        if derived.id == variable:
            return {derived.of} | (set(re.findall(r"\w+", derived.formula)) & set(names))
    return set()


def _keys(questionnaire: Questionnaire) -> list[str]:
    stratum = questionnaire.schema.population.stratum
    return ["stratum" if key == stratum else key for key in questionnaire.schema.disclosure.keys]


def _shuffled(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in an order that depends on what they say and on nothing else: scans lie in the order of the mail."""
    ordered = rows.sort_values(list(rows.columns), ignore_index=True)
    seed = int(digest(ordered.to_csv(index=False)), 16)
    places = np.random.default_rng(seed).permutation(len(ordered))
    return ordered.iloc[places].reset_index(drop=True)


def _alike(keys: pd.DataFrame) -> pd.Series:
    """How many rows share each row's combination of keys."""
    return keys.groupby(list(keys.columns))[keys.columns[0]].transform("size")


def _joined(
    keys: pd.DataFrame, order: dict[str, list[str]], k: int
) -> tuple[pd.DataFrame, list[tuple[str, str, int]]]:
    """Join the two neighbouring codes that help most, again and again, until few enough cases stand out."""
    notes = []
    while (_alike(keys) < k).mean() > MOST_SUPPRESSED:
        tried = [
            (int((_alike(_with(keys, key, pair)) < k).sum()), int(keys[key].isin(pair).sum()), key, pair)
            for key in keys
            for pair in _neighbours(keys[key], order.get(key, []))
        ]
        if not tried:
            break
        _, cases, key, pair = min(tried)
        keys = _with(keys, key, pair)
        notes.append((key, f"joined {pair[0]} and {pair[1]}", cases))
    return keys, notes


def _neighbours(values: pd.Series, codes: list[str]) -> list[tuple[str, str]]:
    """Codes that stand beside each other in printed order; what is no code (missing reasons) stands last."""
    rank = {code: place for place, code in enumerate(codes)}
    present = sorted(set(values), key=lambda value: (rank.get(value.split("+")[0], len(rank)), value))
    return list(pairwise(present))


def _with(keys: pd.DataFrame, key: str, pair: tuple[str, str]) -> pd.DataFrame:
    return keys.assign(**{key: keys[key].replace(dict.fromkeys(pair, "+".join(pair)))})


def _suppressed(keys: pd.DataFrame, k: int) -> tuple[pd.DataFrame, list[tuple[str, str, int]]]:
    """Suppress all keys of the cases that still stand out, and of as many others as make these k."""
    alike = _alike(keys)
    rare = alike < k
    if not rare.any():
        return keys, []
    while rare.sum() < k and not rare.all():
        # too few to hide among themselves: the smallest combination beside them joins
        smallest = keys.loc[alike[~rare].sort_values(kind="stable").index[0]]
        rare |= (keys == smallest).all(axis=1)
    out = keys.mask(rare, SUPPRESSED)
    return out, [(key, SUPPRESSED, int(rare.sum())) for key in keys]
