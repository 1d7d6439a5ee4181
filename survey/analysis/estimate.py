"""RESPONSES -> ESTIMATES: every number of a report is a row made here, with its base, interval and bounds.

Without declared weights an estimate describes those who answered; its interval takes the frame as a finite population
with random non-returns. With weights it is for the population, by linearisation over all cases of the design. The
worst-case bounds take nothing for granted about those who did not return.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from survey.analysis.coded import Coded
from survey.analysis.coding import responses_to_coded
from survey.analysis.compare import differences, report_differences, report_tests
from survey.analysis.derive import valid_cases
from survey.analysis.design import Ratios, ratios
from survey.analysis.intervals import (
    LEVEL,
    design_n,
    effective_n,
    exact_count,
    fpc,
    korn_graubard,
    logit_interval,
    standard_error,
)
from survey.analysis.medians import report_medians
from survey.analysis.population import (
    CROSS,
    Domain,
    all_domains,
    frame_domains,
    received_domains,
    variable_domains,
    weigh,
    weight_rows,
)
from survey.analysis.rates import case_counts, rate_rows, weight_facts
from survey.analysis.rows import Setting, rows_of
from survey.analysis.targets import NEEDS, NEEDS_NUMBER, NOT_RETURNED, RETURNED, Target, need_targets, targets
from survey.errors import UsageError
from survey.questionnaire.model import Questionnaire
from survey.tables import ESTIMATES, MAILING, NONRESPONSE

__all__ = ["NEEDS", "NEEDS_NUMBER", "NOT_RETURNED", "RETURNED", "differences", "estimate", "item_nonresponse"]

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

BLOCK = 64  # numbers estimated at once: a hundred thousand cases of them take 50 MB an array


@dataclass(frozen=True)
class Beside:
    """What is known of the returns besides the answers."""

    mailing: pd.DataFrame
    """MAILING."""
    received: pd.Series
    """Case -> date received, YYYY-MM-DD; empty where unknown."""
    misread: float = float("nan")
    """Upper end of the misreading rate of certain marks, 0..1; NaN without an audit."""


NOTHING = Beside(MAILING.frame(), pd.Series(dtype="str"))


def estimate(responses: pd.DataFrame, questionnaire: Questionnaire, beside: Beside = NOTHING) -> pd.DataFrame:
    """Return ESTIMATES for all cases together, for each stratum of the frame, and for the declared domains.

    Raises SchemaError where weights cannot be made as the schema says.
    """
    return estimate_coded(responses_to_coded(responses, questionnaire), questionnaire, beside)


def estimate_coded(returned: Coded, questionnaire: Questionnaire, beside: Beside = NOTHING) -> pd.DataFrame:
    """Return ESTIMATES of answers that are laid out as arrays already."""
    ready = _prepare(returned, questionnaire, beside)
    coded, setting = ready.coded, ready.setting
    rows = [return_rows(list(frame_domains(ready.returned, questionnaire)))]
    counts = case_counts(ready.returned, ready.is_valid, questionnaire, beside.mailing)
    rows += [rate_rows(counts, questionnaire), weight_facts(setting.weighted)]
    rows += estimate_targets(targets(coded, questionnaire, setting.minimum), setting)
    halves = received_domains(coded, questionnaire, beside.received)
    if halves:
        rows += estimate_targets(need_targets(coded, questionnaire), replace(setting, domains=halves))
    rows.append(report_medians(coded, questionnaire, setting))
    rows.append(report_tests(coded, questionnaire, setting))
    table = ESTIMATES.frame(pd.concat([one for one in rows if len(one)], ignore_index=True))
    compared = report_differences(table, coded, questionnaire, setting, halves)
    return ESTIMATES.frame(pd.concat([table, compared], ignore_index=True))


def estimate_item(
    responses: pd.DataFrame,
    questionnaire: Questionnaire,
    item: str,
    by: Sequence[str],
    beside: Beside = NOTHING,
) -> pd.DataFrame:
    """Return ESTIMATES of one item, derived variable, set or need area, for all cases and by the codes of variables.

    `by` names variables with categories or the stratum, names joined by * are crossed. Raises UsageError where there
    is no such item or variable.
    """
    ready = _prepare(responses_to_coded(responses, questionnaire), questionnaire, beside)
    rows_of_matrix = {asked.id for asked in questionnaire.asked() if asked.item.id == item} | {item}
    members = {name for one in questionnaire.schema.analysis.sets if one.id == item for name in one.variables}
    everything = targets(ready.coded, questionnaire, ready.setting.minimum)
    wanted = [
        one for one in everything
        if one.item in rows_of_matrix or (one.variable in members and one.answers is None)
    ]  # fmt: skip
    if not wanted:
        there = [
            *(one.id for one in questionnaire.items),
            *(one.id for one in questionnaire.schema.need_areas),
        ]
        close = get_close_matches(item, there, n=1)
        hint = f"did you mean {close[0]!r}?" if close else "there are: " + ", ".join(there)
        raise UsageError(f"there is no item {item!r}", hint=hint)
    extra = variable_domains(ready.coded, questionnaire, by, ready.setting.weighted)
    everybody = next(iter(frame_domains(ready.coded, questionnaire)))
    setting = replace(ready.setting, domains=[everybody, *extra])
    rows = estimate_targets(wanted, setting)
    medians = report_medians(ready.coded, questionnaire, setting)
    tests = report_tests(ready.coded, questionnaire, ready.setting, [one for one in by if CROSS not in one])
    rows += [table[table["item"].isin(rows_of_matrix)] for table in (medians, tests)]
    return ESTIMATES.frame(pd.concat([one for one in rows if len(one)], ignore_index=True))


def weights(responses: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Return WEIGHTS of all valid cases."""
    ready = _prepare(responses_to_coded(responses, questionnaire), questionnaire, NOTHING)
    return weight_rows(ready.coded, ready.setting.weighted)


@dataclass(frozen=True)
class _Ready:
    """Coded answers of all returned and of the valid cases, and what all estimates share."""

    returned: Coded
    is_valid: Flags
    coded: Coded
    setting: Setting


def _prepare(returned: Coded, questionnaire: Questionnaire, beside: Beside) -> _Ready:
    is_valid = valid_cases(questionnaire, returned.answers, len(returned.cases))
    coded = returned.where(is_valid)
    weighted = weigh(coded, questionnaire)
    domains = all_domains(coded, questionnaire, weighted)
    plan, minimum = questionnaire.schema.analysis, questionnaire.schema.population.minimum_cell
    return _Ready(
        returned, is_valid, coded, Setting(domains, weighted, minimum, plan.interval, beside.misread)
    )


def item_nonresponse(responses: pd.DataFrame) -> pd.DataFrame:
    """Return NONRESPONSE: for each item and reason the cases that lack an answer to a variable of it."""
    lacking = responses[responses["missing"] != ""]
    pairs = lacking[["item", "missing", "case"]].drop_duplicates()
    counted = pairs.groupby(["item", "missing"], sort=False).size().rename("cases").reset_index()
    return NONRESPONSE.frame(counted.rename(columns={"missing": "reason"}))


def estimate_targets(wanted: Iterable[Target], setting: Setting) -> list[pd.DataFrame]:
    """One row of ESTIMATES for each target and domain, targets in order."""
    return [_estimate_block(block, setting) for block in _blocks(wanted)]


def _blocks(wanted: Iterable[Target]) -> Iterator[list[Target]]:
    left = iter(wanted)
    while block := list(islice(left, BLOCK)):
        yield block


@dataclass(frozen=True)
class _Counts:
    """Sums over the cases of each domain, shape (domains, targets)."""

    returned: Numbers
    asked: Numbers
    base: Numbers
    """Cases with a valid answer."""
    answers: Numbers
    """The denominator of the ratio: these cases, or all their answers."""
    total: Numbers
    squares: Numbers
    undetermined: Numbers
    applies: Numbers
    """The frame's people to whom the item applies: as many of the returned ones as were asked."""


def _estimate_block(block: Sequence[Target], setting: Setting) -> pd.DataFrame:
    valid = np.stack([target.valid for target in block], axis=1).astype(float)
    y = np.stack([target.value for target in block], axis=1) * valid
    over = [target.valid if target.answers is None else target.answers for target in block]
    x = np.stack(over, axis=1).astype(float) * valid
    counts = _count(block, y, x, valid, setting)
    found = _srs(y, x, counts, setting) if setting.weighted is None else (
        ratios(setting.weighted.design, setting.inside, y, x)
    )  # fmt: skip
    n_effective = _effective(found, counts, setting)
    is_mean = np.array([target.statistic == "mean" for target in block])
    low, high, method = _interval(found, counts, n_effective, is_mean, setting)
    columns = {
        "base": np.where([target.answers is not None for target in block], counts.answers, counts.base),
        "count": np.where(is_mean, counts.base, counts.total),
        "value": found.value, "se": found.se, "low": low, "high": high, "method": method,
        "n_effective": n_effective, "design_effect": _design_effect(n_effective, counts, setting),
    }  # fmt: skip
    columns |= _worst_case(block, counts, setting)
    columns |= _people(block, found.value, low, high, counts)
    columns |= _with_misreading(block, low, high, setting)
    return _to_rows(block, columns, setting)


def _to_rows(block: Sequence[Target], columns: dict[str, Numbers], setting: Setting) -> pd.DataFrame:
    """Lay arrays of shape (domains, targets) out as rows, targets one by one."""
    size = len(setting.domains)
    flat: dict[str, object] = {name: np.asarray(values).T.ravel() for name, values in columns.items()}
    for name in ["item", "variable", "code", "statistic"]:
        flat[name] = np.repeat(np.array([getattr(target, name) for target in block], dtype=object), size)
    flat["domain"] = np.tile(np.array([domain.name for domain in setting.domains], dtype=object), len(block))
    return rows_of(flat)


def _count(block: Sequence[Target], y: Numbers, x: Numbers, valid: Numbers, setting: Setting) -> _Counts:
    held = setting.inside.astype(float)
    asked_of = np.stack([target.asked for target in block], axis=1).astype(float)
    undetermined = np.stack([target.undetermined for target in block], axis=1).astype(float)
    returned = np.repeat(held.sum(axis=1)[:, None], len(block), axis=1)
    weight = (
        np.ones((held.shape[1], 1)) if setting.weighted is None else setting.weighted.design.weight[:, None]
    )
    everyone, asked = (held @ (weight * one) for one in (np.ones_like(asked_of), asked_of))
    population = setting.population[:, None]
    part = np.where(everyone > 0, asked / np.where(everyone > 0, everyone, 1), 1.0)
    applies = np.multiply(
        population, part, where=part > 0, out=np.zeros_like(part)
    )  # nobody, of however many
    return _Counts(returned, held @ asked_of, held @ valid, held @ x, held @ y, held @ y**2,
                   held @ undetermined, applies)  # fmt: skip


def _srs(y: Numbers, x: Numbers, counts: _Counts, setting: Setting) -> Ratios:
    """Ratios as of a simple random sample of the base from those to whom the item applies."""
    held = setting.inside.astype(float)
    some = np.where(counts.answers > 0, counts.answers, 1)
    value = np.where(counts.answers > 0, counts.total / some, np.nan)
    se = standard_error(counts.total, counts.squares, counts.base, counts.applies)
    is_ratio = ~np.isclose(x.max(axis=0, initial=0.0), 1.0)
    if is_ratio.any():
        r = np.nan_to_num(value)
        spread = counts.squares - 2 * r * (held @ (x * y)) + r**2 * (held @ x**2)
        n = np.maximum(counts.base, 2)
        own = np.sqrt(np.maximum(spread, 0) * n / (n - 1) * fpc(counts.base, counts.applies)) / some
        se = np.where(is_ratio, np.where(counts.base > 1, own, np.nan), se)
    return Ratios(value, se, counts.answers, np.maximum(counts.base - 1, 0))


def _effective(found: Ratios, counts: _Counts, setting: Setting) -> Numbers:
    """Effective sample size of every number; for shares as Korn & Graubard have it."""
    simple = effective_n(counts.base, counts.applies)
    n = design_n(np.nan_to_num(found.value), found.se**2, counts.base, found.df)
    if setting.weighted is None:
        return np.where((counts.answers != counts.base) & ~np.isnan(n), n, simple)
    held, weight = setting.inside.astype(float), setting.weighted.design.weight
    spent = held @ weight**2 * np.maximum(held.sum(axis=1), 1) / np.maximum(held @ weight, 1e-12) ** 2
    return np.where(np.isnan(n), simple / np.maximum(spent, 1.0)[:, None], n)


def _design_effect(n_effective: Numbers, counts: _Counts, setting: Setting) -> Numbers:
    if setting.weighted is None:
        return np.ones_like(n_effective)
    simple = effective_n(counts.base, counts.applies)
    usable = np.isfinite(simple) & np.isfinite(n_effective) & (n_effective > 0)
    return np.where(usable, simple / np.where(usable, n_effective, 1), np.nan)


def _interval(
    found: Ratios, counts: _Counts, n_effective: Numbers, is_mean: Flags, setting: Setting
) -> tuple[Numbers, Numbers, NDArray[np.object_]]:
    """Ends of the 95 % interval of every number, and the method's name."""
    low, high = korn_graubard(found.value, n_effective)
    method = np.full(low.shape, "korn-graubard", dtype=object)
    if setting.interval == "logit":
        low, high, method = _where_known(
            logit_interval(found.value, found.se, found.df), (low, high, method), "logit"
        )
    is_cases = counts.answers == counts.base
    if setting.interval == "exact" and setting.weighted is None:
        usable = np.isfinite(counts.applies) & is_cases & ~is_mean
        people = np.where(usable, np.maximum(np.rint(counts.applies), counts.base), counts.base + 1)
        ends = exact_count(np.where(usable, counts.total, 0.0), counts.base, people)
        shares = [np.where(usable & (counts.base > 0), end / people, np.nan) for end in ends]
        low, high, method = _where_known((shares[0], shares[1]), (low, high, method), "exact")
    reach = special.stdtrit(np.maximum(found.df, 1), 0.5 + LEVEL / 2) * found.se
    low, high = np.where(is_mean, found.value - reach, low), np.where(is_mean, found.value + reach, high)
    return low, high, np.where(is_mean, "t", method)


def _where_known(
    ends: tuple[Numbers, Numbers], others: tuple[Numbers, Numbers, NDArray[np.object_]], name: str
) -> tuple[Numbers, Numbers, NDArray[np.object_]]:
    known = ~np.isnan(ends[0])
    return (
        np.where(known, ends[0], others[0]),
        np.where(known, ends[1], others[1]),
        np.where(known, name, others[2]),
    )


def _worst_case(block: Sequence[Target], counts: _Counts, setting: Setting) -> dict[str, Numbers]:
    """Shares and means if those who did not answer all had the lowest, or the highest, value.

    Everybody who did not return might have been asked the item. Of a domain whose people are only estimated, and of
    answers, nothing can be said.
    """
    counted = np.array([domain.is_counted for domain in setting.domains])[:, None]
    is_cases = np.array([target.answers is None for target in block])
    population = setting.population[:, None]
    usable = np.isfinite(population) & counted & is_cases
    unknown = np.where(usable, counts.asked - counts.base + population - counts.returned, np.nan)
    everyone = np.where(counts.base + unknown > 0, counts.base + unknown, np.nan)
    lowest, highest = (np.array([getattr(one, name) for one in block]) for name in ("lowest", "highest"))
    return {
        "low_worst": (counts.total + unknown * lowest) / everyone,
        "high_worst": (counts.total + counts.undetermined + unknown * highest) / everyone,
    }


def _people(
    block: Sequence[Target], value: Numbers, low: Numbers, high: Numbers, counts: _Counts
) -> dict[str, Numbers]:
    """People of the population that a share of cases means."""
    usable = np.isfinite(counts.applies) & np.array([target.statistic == "share" for target in block])
    people = np.where(usable, counts.applies, np.nan)
    return {"people": value * people, "people_low": low * people, "people_high": high * people}


def _with_misreading(
    block: Sequence[Target], low: Numbers, high: Numbers, setting: Setting
) -> dict[str, Numbers]:
    """The interval, widened by the share of answers that misread marks can have changed at most on average.

    An answer changes only if one of its boxes was misread; their number times the rate's upper end bounds the share.
    """
    changed = np.array([
        target.boxes * setting.misread if target.statistic == "share" else np.nan for target in block
    ])  # fmt: skip
    return {
        "low_total": np.where(np.isnan(changed), np.nan, np.maximum(low - changed, 0.0)),
        "high_total": np.where(np.isnan(changed), np.nan, np.minimum(high + changed, 1.0)),
    }


def return_rows(domains: Sequence[Domain]) -> pd.DataFrame:
    """Returned cases over the frame, and the others: counts, not a sample, so an interval is the number itself."""
    returned = np.array([float(domain.cases.sum()) for domain in domains])
    frame = np.array([domain.population for domain in domains])
    known = np.isfinite(frame)
    people = np.where(known, frame, 0)
    tables = []
    for code, count in (("1", returned), (NOT_RETURNED, np.where(known, frame - returned, 0))):
        share = np.where(known & (frame > 0), count / np.where(frame > 0, frame, 1), np.nan)
        ends = dict.fromkeys(["value", "low", "high", "low_worst", "high_worst"], share)
        tables.append(rows_of(
            {"item": RETURNED, "variable": RETURNED, "code": code, "domain": [domain.name for domain in domains],
             "statistic": "share", "count": count.astype("int64"), "base": people.astype("int64"), "se": 0.0} | ends
        ))  # fmt: skip
    return pd.concat(tables, ignore_index=True)
