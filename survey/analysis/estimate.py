"""RESPONSES -> ESTIMATES: every number of a report is a row made here, with its base, interval and bounds.

Unweighted: an estimate describes those who answered. The interval takes the frame as a finite population with
random non-returns; the worst-case bounds take nothing for granted about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from survey.analysis.coding import variables, variables_of
from survey.analysis.intervals import LEVEL, effective_n, holm, korn_graubard, standard_error
from survey.questionnaire.model import Asked, CellGroup, Item, NeedArea, Questionnaire, ask
from survey.tables import DIFFERENCES, ESTIMATES, NONRESPONSE

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

NEEDS = "needs"
"""Variable of the combinations of need areas; its codes are need areas joined by +, none, and rare."""
NEEDS_NUMBER = "needs_number"
"""Variable of how many need areas a case shows; code several means two or more."""
RETURNED = "returned"
"""Variable of the return: cases returned over the frame."""


@dataclass(frozen=True)
class Domain:
    """A group an estimate is for: its cases, and the people of the frame they stand for (inf: unknown)."""

    name: str
    cases: Flags
    population: float


@dataclass(frozen=True)
class Target:
    """One number to estimate: for each case whether it was asked, answered, and hit, or the value it has."""

    item: str
    variable: str
    code: str
    asked: Flags
    valid: Flags
    value: Numbers
    undetermined: Flags
    """Cases counted as not hit although a missing answer might have made them one."""
    lowest: float = 0.0
    highest: float = 1.0

    @property
    def statistic(self) -> str:
        return "mean" if self.code == "mean" else "share"


@dataclass(frozen=True)
class Coded:
    """RESPONSES as arrays of shape (cases, variables)."""

    cases: pd.Index
    stratum: NDArray[np.object_]
    column: dict[str, int]
    code: NDArray[np.object_]
    missing: NDArray[np.object_]

    def of(self, variable: str) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
        """Codes and missing reasons of one variable."""
        return self.code[:, self.column[variable]], self.missing[:, self.column[variable]]


def estimate(responses: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Return ESTIMATES for all cases together and for each stratum of the frame."""
    coded = responses_to_arrays(responses, questionnaire)
    domains = list(frame_domains(coded, questionnaire))
    minimum = questionnaire.schema.population.minimum_cell
    rows = [return_rows(domains)]
    for target in targets(coded, questionnaire, minimum):
        rows.append(estimate_target(target, domains, minimum))
    return ESTIMATES.frame(pd.concat(rows, ignore_index=True))


def item_nonresponse(responses: pd.DataFrame) -> pd.DataFrame:
    """Return NONRESPONSE: for each item and reason the cases that lack an answer to a variable of it."""
    lacking = responses[responses["missing"] != ""]
    pairs = lacking[["item", "missing", "case"]].drop_duplicates()
    counted = pairs.groupby(["item", "missing"], sort=False).size().rename("cases").reset_index()
    return NONRESPONSE.frame(counted.rename(columns={"missing": "reason"}))


def responses_to_arrays(responses: pd.DataFrame, questionnaire: Questionnaire) -> Coded:
    """Lay RESPONSES out as one row a case and one column a variable; what is absent is `page missing`."""
    row, cases = pd.factorize(responses["case"])
    names = [variable.name for variable in variables(questionnaire)]
    column = pd.Index(names).get_indexer(pd.Index(responses["variable"]))
    code = np.full((len(cases), len(names)), "", dtype=object)
    missing = np.full(code.shape, "page missing", dtype=object)
    code[row, column] = responses["code"].to_numpy(dtype=object)
    missing[row, column] = responses["missing"].to_numpy(dtype=object)
    stratum = np.full(len(cases), "", dtype=object)
    stratum[row] = responses["stratum"].to_numpy(dtype=object)
    return Coded(
        pd.Index(cases), stratum, {str(name): place for place, name in enumerate(names)}, code, missing
    )


def frame_domains(coded: Coded, questionnaire: Questionnaire) -> Iterable[Domain]:
    """All cases, then each stratum; a stratum never counts fewer people than returned from it."""
    frame = questionnaire.frame
    everyone = np.ones(len(coded.cases), dtype=bool)
    total = float(sum(frame.values())) or np.inf
    yield Domain("all", everyone, max(total, float(len(coded.cases))))
    for stratum, count in frame.items():
        here = coded.stratum == stratum
        yield Domain(
            f"{questionnaire.schema.population.stratum}={stratum}", here, max(float(count), float(here.sum()))
        )


def targets(coded: Coded, questionnaire: Questionnaire, minimum: int) -> Iterable[Target]:
    """Everything a first report states, in printed order: items, cell groups, need areas, combinations."""
    for item in questionnaire.items:
        for asked in ask(item):
            yield from _targets_of(asked, coded)
        for group in item.groups:
            yield _group_target(item, group, coded)
    needs = [need_target(area, coded, questionnaire) for area in questionnaire.schema.need_areas if area.need]
    yield from needs
    if len(needs) > 1:
        yield from _combination_targets(needs, minimum)


def _targets_of(asked: Asked, coded: Coded) -> Iterable[Target]:
    names = [variable.name for variable in variables_of(asked)]
    if asked.kind == "multiple":
        for name in names:
            yield _share(asked.id, name, "1", coded)
    elif asked.kind == "text":
        yield _written(asked.id, coded)
    elif asked.kind == "number":
        yield _mean(asked, coded)
    else:
        for option in asked.options:
            if not option.missing:
                yield _share(asked.id, asked.id, option.code, coded)
        if asked.item.type in {"scale", "matrix"} and all(o.code.isdigit() for o in asked.options):
            yield _mean(asked, coded)
        if asked.item.type in {"scale", "matrix"} and len(asked.substantive) >= 4:
            first, *_, last_but_one, last = (option.code for option in asked.substantive)
            yield _share(asked.id, asked.id, f"{first}+{asked.substantive[1].code}", coded)
            yield _share(asked.id, asked.id, f"{last_but_one}+{last}", coded)


def _share(item: str, variable: str, wanted: str, coded: Coded) -> Target:
    """The share with a code; codes joined by + are taken together, as the two ends of a scale."""
    code, missing = coded.of(variable)
    valid = missing == ""
    hit = valid & np.isin(code, wanted.split("+"))
    return Target(
        item, variable, wanted, missing != "not asked", valid, hit.astype(float), np.zeros_like(valid)
    )


def _written(item: str, coded: Coded) -> Target:
    """The share who wrote something: a blank field is an answer here."""
    code, missing = coded.of(item)
    valid = np.isin(missing, ["", "blank"])
    hit = (missing == "") & (code != "")
    return Target(
        item, item, "written", missing != "not asked", valid, hit.astype(float), np.zeros_like(valid)
    )


def _mean(asked: Asked, coded: Coded) -> Target:
    code, missing = coded.of(asked.id)
    valid = missing == ""
    value = np.zeros(len(code))
    value[valid] = code[valid].astype(float)
    possible = [float(option.code) for option in asked.substantive] or [np.nan]
    return Target(
        asked.id, asked.id, "mean", missing != "not asked", valid, value, np.zeros_like(valid),
        min(possible), max(possible),
    )  # fmt: skip


def _group_target(item: Item, group: CellGroup, coded: Coded) -> Target:
    """Any mark in the group's cells; without one, a missing cell leaves the case without an answer."""
    rows = group.rows or [row.code for row in item.rows]
    columns = group.columns or [column.code for column in item.columns]
    places = [coded.column[f"{item.id}_{row}_{column}"] for row in rows for column in columns]
    code, missing = coded.code[:, places], coded.missing[:, places]
    hit = ((missing == "") & (code == "1")).any(axis=1)
    valid = hit | (missing == "").all(axis=1)
    asked = (missing != "not asked").any(axis=1)
    return Target(
        item.id, f"{item.id}_{group.id}", "1", asked, valid, hit.astype(float), np.zeros_like(valid)
    )


def need_target(area: NeedArea, coded: Coded, questionnaire: Questionnaire) -> Target:
    """Whether a case shows the need in any of the area's items.

    In the base stands who answered at least one of them, or was led past it by routing: who skips the
    childcare items because no child needs care lacks no childcare. A missing answer never shows a need.
    """
    hits, answered, lacking = [], [], []
    by_id = {asked.id: asked for asked in questionnaire.asked()}
    for item, codes in area.need.items():
        asked = by_id[item]
        wanted = set(codes) or {option.code for option in asked.substantive}
        for variable in variables_of(asked):
            own = variable.option.code if variable.option else None
            if own is not None and own not in wanted:
                continue
            code, missing = coded.of(variable.name)
            hit = (code == "1") if own is not None else np.isin(code, sorted(wanted))
            hits.append(hit & (missing == ""))
            answered.append(np.isin(missing, ["", "not asked"]))
            lacking.append(~np.isin(missing, ["", "not asked"]))
    shown = np.any(hits, axis=0)
    valid = np.any(answered, axis=0)
    undetermined = valid & ~shown & np.any(lacking, axis=0)
    everyone = np.ones_like(valid)
    return Target(area.id, f"need_{area.id}", "1", everyone, valid, shown.astype(float), undetermined)


def _combination_targets(needs: Sequence[Target], minimum: int) -> Iterable[Target]:
    """Exactly which needs come together, and how many; combinations below the minimum cell are `rare`."""
    valid = np.all([need.valid for need in needs], axis=0)
    shown = np.stack([need.value > 0 for need in needs], axis=1)
    open_ = np.any([need.undetermined for need in needs], axis=0)

    def target(variable: str, code: str, hit: Flags) -> Target:
        here = valid & hit
        return Target(
            NEEDS, variable, code, np.ones_like(valid), valid, here.astype(float), valid & ~here & open_
        )

    for count in range(len(needs) + 1):
        yield target(NEEDS_NUMBER, str(count), shown.sum(axis=1) == count)
    yield target(NEEDS_NUMBER, "several", shown.sum(axis=1) >= 2)
    rare = np.zeros_like(valid)
    for count in range(len(needs) + 1):
        for members in combinations(range(len(needs)), count):
            pattern = np.isin(np.arange(len(needs)), members)
            exactly = (shown == pattern).all(axis=1)
            if 0 < int((valid & exactly).sum()) < minimum:
                rare |= exactly
            elif (valid & exactly).any():
                yield target(NEEDS, "+".join(needs[place].item for place in members) or "none", exactly)
    if (valid & rare).any():
        yield target(NEEDS, "rare", rare)


def estimate_target(target: Target, domains: Sequence[Domain], minimum: int) -> pd.DataFrame:
    """One row of ESTIMATES for each domain."""
    inside = np.stack([domain.cases for domain in domains])
    population = np.array([domain.population for domain in domains])
    returned = inside.sum(axis=1).astype(float)
    asked = (inside & target.asked).sum(axis=1).astype(float)
    base = (inside & target.valid).sum(axis=1).astype(float)
    total = np.where(inside & target.valid, target.value, 0.0).sum(axis=1)
    squares = np.where(inside & target.valid, target.value**2, 0.0).sum(axis=1)
    undetermined = (inside & target.undetermined).sum(axis=1)
    # the frame's people to whom the item applies: as many of the returned ones as were asked
    applies = np.where(returned > 0, population * asked / np.maximum(returned, 1), population)
    value = np.where(base > 0, total / np.maximum(base, 1), np.nan)
    se = standard_error(total, squares, base, applies)
    if target.statistic == "share":
        low, high = korn_graubard(value, effective_n(base, applies))
        count = total
    else:
        reach = special.stdtrit(np.maximum(base - 1, 1), 0.5 + LEVEL / 2) * se
        low, high = value - reach, value + reach
        count = base
    # everybody who did not return might have been asked this item
    unknown = np.where(np.isfinite(population), asked - base + population - returned, np.nan)
    everyone = base + unknown
    low_worst = (total + unknown * target.lowest) / np.where(everyone > 0, everyone, np.nan)
    high_worst = (total + undetermined + unknown * target.highest) / np.where(everyone > 0, everyone, np.nan)
    names = [domain.name for domain in domains]
    return pd.DataFrame(
        {
            "key": [f"{target.variable}={target.code}@{name}" for name in names],
            "item": target.item, "variable": target.variable, "code": target.code, "domain": names,
            "statistic": target.statistic, "count": count.astype("int64"), "base": base.astype("int64"),
            "value": value, "se": se, "low": low, "high": high,
            "low_worst": low_worst, "high_worst": high_worst,
            "shown": may_be_shown(count, base, minimum, is_part=np.array(names) != "all")
        }
    )  # fmt: skip


def return_rows(domains: Sequence[Domain]) -> pd.DataFrame:
    """Returned cases over the frame: a count, not a sample, so its interval is the number itself."""
    returned = np.array([float(domain.cases.sum()) for domain in domains])
    frame = np.array([domain.population for domain in domains])
    known = np.isfinite(frame)
    share = np.where(known & (frame > 0), returned / np.where(frame > 0, frame, 1), np.nan)
    names = [domain.name for domain in domains]
    return pd.DataFrame(
        {
            "key": [f"{RETURNED}=1@{name}" for name in names],
            "item": RETURNED, "variable": RETURNED, "code": "1", "domain": names, "statistic": "share",
            "count": returned.astype("int64"), "base": np.where(known, frame, 0).astype("int64"),
            "value": share, "se": 0.0, "low": share, "high": share, "low_worst": share, "high_worst": share,
            "shown": True,
        }
    )  # fmt: skip


def may_be_shown(count: Numbers, base: Numbers, minimum: int, *, is_part: Flags) -> Flags:
    """The first rule of disclosure: the base reaches the minimum; in a part, cell and rest do too.

    A cell of nobody (or of everybody) is shown. What can be found by subtraction is not looked at here.
    """
    rest = base - count
    small_cell = ((count > 0) & (count < minimum)) | ((rest > 0) & (rest < minimum))
    return (base >= minimum) & ~(is_part & small_cell)


def differences(estimates: pd.DataFrame, variables: Sequence[str]) -> pd.DataFrame:
    """Return DIFFERENCES between each two strata, in shares of code 1 of these variables that may be shown.

    Interval after Agresti & Caffo (2000, The American Statistician 54): a hit and a miss added to each side.
    No finite population correction: the question is whether offices differ, not what this year's frame held.
    `holds` is true where the p-value stays below 5 % after Holm's correction over the whole table.
    """
    parts = estimates[estimates["variable"].isin(variables) & (estimates["code"] == "1") & estimates["shown"]]
    parts = parts[parts["domain"] != "all"]
    pairs = parts.merge(parts, on=["variable", "code"], suffixes=("", "_other"))
    order = {domain: place for place, domain in enumerate(estimates["domain"].unique())}
    pairs = pairs[pairs["domain"].map(order) < pairs["domain_other"].map(order)].reset_index(drop=True)
    near, far = ((pairs[f"count{side}"] + 1) / (pairs[f"base{side}"] + 2) for side in ("", "_other"))
    spread = np.sqrt(near * (1 - near) / (pairs["base"] + 2) + far * (1 - far) / (pairs["base_other"] + 2))
    z = special.ndtri(0.5 + LEVEL / 2)
    p_value = 2 * special.ndtr(-np.abs(near - far) / spread)
    return DIFFERENCES.frame(
        pairs[["variable", "code", "domain"]].assign(
            other=pairs["domain_other"], value=pairs["value"] - pairs["value_other"],
            low=near - far - z * spread, high=near - far + z * spread, holds=holm(p_value) < 1 - LEVEL,
        )
    )  # fmt: skip
