"""The key of a number -> the cases it is made of, and the answers of theirs that make it: the way back to the paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd

from survey.analysis.coded import Coded
from survey.analysis.coding import responses_to_coded, variables_of
from survey.analysis.compare import MINUS
from survey.analysis.derive import valid_cases
from survey.analysis.population import ALL, CROSS, all_domains, received_domains, variable_domains
from survey.analysis.rates import DEFINITIONS, ELIGIBLE, FRAME, WEIGHTING
from survey.analysis.rows import Flags
from survey.analysis.targets import NEEDS, NEEDS_NUMBER, RETURNED, Target, targets
from survey.errors import UsageError
from survey.questionnaire.formulas import names, parse
from survey.questionnaire.model import Questionnaire

PAPERLESS = frozenset({RETURNED, ELIGIBLE, FRAME, WEIGHTING, *DEFINITIONS})
"""Variables that count envelopes and weights: no answer on paper stands behind them."""
WHOLE = ("mean", "median", "test")
"""Codes of numbers that are made of every valid answer."""
BY = " by "  # joins the variables of a test
Codes = frozenset[str]


@dataclass(frozen=True)
class Trace:
    """What a number is made of."""

    cases: frozenset[str]
    codes: dict[str, Codes]
    """Thing asked -> codes of the options whose marks make the number; none where any answer does."""


def trace(key: str, responses: pd.DataFrame, questionnaire: Questionnaire, received: pd.Series) -> Trace:
    """Find the cases and the answers behind a number `variable=code@domain` of ESTIMATES or of a table.

    `received` has the day each case came in. UsageError where there is no such number, or no paper behind it.
    """
    variable, _, rest = key.partition("=")
    code, _, domain = rest.partition("@")
    variable = variable.partition(BY)[0]
    if variable in PAPERLESS:
        raise UsageError(
            f"{key} counts envelopes or weights, not answers: no page shows it",
            hint="survey status shows the account of all envelopes",
        )
    returned = responses_to_coded(responses, questionnaire)
    coded = returned.where(valid_cases(questionnaire, returned.answers, len(returned.cases)))
    codes = dict(_codes(variable, code, questionnaire))
    if not codes:
        near = get_close_matches(variable, [*coded.answers, NEEDS, NEEDS_NUMBER], 3)
        raise UsageError(
            f"there is no number {key}: nothing is named {variable!r}",
            hint=f"did you mean {' or '.join(near)}?" if near else "survey export estimates lists all keys",
        )
    inside = _inside(domain, coded, questionnaire, received)
    cases = coded.cases[_hit(key, variable, code, coded, questionnaire) & inside]
    return Trace(frozenset(map(str, cases)), codes)


def _codes(variable: str, code: str, questionnaire: Questionnaire) -> Iterator[tuple[str, Codes]]:
    """Yield things asked with the codes that make a number of a variable."""
    wanted = frozenset() if code in WHOLE else frozenset(code.split("+"))
    derived = {one.id: one for one in questionnaire.schema.analysis.derived}
    sets = {one.id: one for one in questionnaire.schema.analysis.sets}
    areas = {f"need_{area.id}": [area] for area in questionnaire.schema.need_areas}
    everywhere = [area for area in questionnaire.schema.need_areas if area.need]
    for asked in questionnaire.asked():
        for one in variables_of(asked):
            if one.name == variable:
                yield asked.id, frozenset({one.option.code}) if one.option else wanted - {"written"}
    for item in questionnaire.items:
        for group in item.groups:
            if f"{item.id}_{group.id}" == variable:
                rows = group.rows or [row.code for row in item.rows]
                columns = group.columns or [column.code for column in item.columns]
                yield item.id, frozenset(f"{row}_{column}" for row in rows for column in columns)
    if variable in derived:
        one_of = derived[variable]
        sources = [one_of.of] if one_of.of else [name for name, _ in names(parse(one_of.formula))]
        for source in sources:
            for asked_id, _ in _codes(source, "mean", questionnaire):
                yield asked_id, frozenset()
    for name, one_set in sets.items():
        for member in one_set.variables:
            if variable in {member, f"{name}_{member}"} and code == "answers":
                yield from _codes(member, "1", questionnaire)
    for area in everywhere if variable in {NEEDS, NEEDS_NUMBER} else areas.get(variable, []):
        for asked_id, shown in area.need.items():
            asked = next(one for one in questionnaire.asked() if one.id == asked_id)
            yield asked_id, frozenset(shown or (option.code for option in asked.substantive))


def _hit(key: str, variable: str, code: str, coded: Coded, questionnaire: Questionnaire) -> Flags:
    """Which cases a number counts."""
    minimum = questionnaire.schema.population.minimum_cell
    mine = [one for one in targets(coded, questionnaire, minimum) if one.variable == variable]
    if code in WHOLE and mine:
        return np.any([one.valid for one in mine], axis=0)
    found: Target | None = next((one for one in mine if one.code == code), None)
    if found is None:
        there = ", ".join(dict.fromkeys(one.code for one in mine))
        raise UsageError(f"there is no number {key}", hint=f"codes of {variable}: {there}")
    return np.asarray(found.valid & (found.value > 0))


def _inside(domain: str, coded: Coded, questionnaire: Questionnaire, received: pd.Series) -> Flags:
    """Which cases belong to a domain; to either of two, where a difference is told."""
    if MINUS in domain:
        sides = [_inside(one, coded, questionnaire, received) for one in domain.split(MINUS)]
        return np.asarray(np.any(sides, axis=0))
    if domain in {"", ALL}:
        return np.ones(len(coded.cases), dtype=bool)
    known = {one.name: one.cases for one in all_domains(coded, questionnaire, None)}
    known |= {one.name: one.cases for one in received_domains(coded, questionnaire, received)}
    if domain not in known:
        crossed = CROSS.join(part.partition("=")[0] for part in domain.split("&"))
        known |= {one.name: one.cases for one in variable_domains(coded, questionnaire, [crossed])}
    if domain not in known:
        raise UsageError(f"there is no domain {domain!r}", hint="there are: " + ", ".join(known))
    return known[domain]
