"""Coded answers -> medians with their intervals, as rows of ESTIMATES."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.analysis.coded import Coded
from survey.analysis.derive import derived_asked
from survey.analysis.intervals import effective_n, korn_graubard
from survey.analysis.rows import Setting, rows_of
from survey.analysis.weighting import design_effect
from survey.questionnaire.model import Asked, Questionnaire

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

MEDIAN = "median"


def weighted_quantiles(value: Numbers, weight: Numbers, shares: Numbers) -> Numbers:
    """The least values up to which at least these shares of the weight lie; halfway to the next where it is exact.

    R's survey package, svyquantile(qrule="school").
    """
    order = np.argsort(value, kind="stable")
    ordered, reached = value[order], np.cumsum(weight[order])
    reached = reached / reached[-1]
    place = np.minimum(np.searchsorted(reached, shares - 1e-12), len(ordered) - 1)
    following = np.minimum(place + 1, len(ordered) - 1)
    is_exact = np.isclose(reached[place], shares)
    return np.where(is_exact, (ordered[place] + ordered[following]) / 2, ordered[place])


def report_medians(coded: Coded, questionnaire: Questionnaire, setting: Setting) -> pd.DataFrame:
    """Medians of all scales and numbers, one row a domain.

    Interval after Woodruff 1952 (Journal of the American Statistical Association 47): the values at the ends of Korn &
    Graubard's interval for a share of one half. Weights enter it by Kish's design effect.
    """
    parts = [_medians_of(asked, coded, setting) for asked in _with_numbers(questionnaire)]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in (parts[0] if parts else ())}
    return rows_of({"item": [], "code": MEDIAN, "statistic": MEDIAN, "method": "woodruff", **columns})


def _with_numbers(questionnaire: Questionnaire) -> Iterator[Asked]:
    for asked in [*questionnaire.asked(), *derived_asked(questionnaire)]:
        is_scale = asked.item.type in {"scale", "matrix"} and all(one.code.isdigit() for one in asked.options)
        if asked.kind == "number" or is_scale:
            yield asked


def _medians_of(asked: Asked, coded: Coded, setting: Setting) -> dict[str, NDArray[Any]]:
    """Columns of ESTIMATES, a value a domain."""
    code, missing = coded.of(asked.id)
    valid = missing.are("")
    value = np.where(valid, code.floats(), 0.0)
    weight = np.ones(len(code)) if setting.weighted is None else setting.weighted.design.weight
    found = np.full((len(setting.domains), 3), np.nan)
    base, effect = np.zeros(len(setting.domains)), np.ones(len(setting.domains))
    heres = [domain.cases & valid for domain in setting.domains]
    for place, here in enumerate(heres):
        base[place], effect[place] = here.sum(), design_effect(weight[here]) if here.any() else 1.0
    asked_of = np.array(
        [(domain.cases & ~missing.are("not asked")).sum() for domain in setting.domains], float
    )
    returned = np.maximum([domain.cases.sum() for domain in setting.domains], 1)
    n_effective = effective_n(base, setting.population * asked_of / returned) / effect
    low, high = korn_graubard(np.full(len(base), 0.5), n_effective)
    for place, here in enumerate(heres):
        if base[place]:
            shares = np.array([0.5, max(low[place], 1e-9), high[place]])
            found[place] = weighted_quantiles(value[here], weight[here], shares)
    name = np.full(len(base), asked.id, dtype=object)
    return {
        "item": name, "variable": name, "domain": np.array([domain.name for domain in setting.domains], dtype=object),
        "count": base, "base": base, "value": found[:, 0], "low": found[:, 1], "high": found[:, 2],
        "n_effective": n_effective, "design_effect": effect,
    }  # fmt: skip
