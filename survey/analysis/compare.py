"""Coded answers and ESTIMATES -> what differs between domains: tests, differences, corrected for their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.analysis.coded import Coded
from survey.analysis.coding import variables
from survey.analysis.design import Design, cell_covariance, covariance, degrees_of_freedom, mean
from survey.analysis.intervals import LEVEL, benjamini_hochberg, holm
from survey.analysis.population import ALL, CROSS, EARLY, Domain, variable_domains
from survey.analysis.rows import Setting, rows_of
from survey.analysis.targets import targets
from survey.questionnaire.model import Questionnaire
from survey.tables import DIFFERENCES

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

TEST, DIFFERENCE = "test", "difference"
TEST_STATISTIC, EXPLORATORY = "F", "benjamini-hochberg"
BY, MINUS = " by ", " minus "
"""Between a variable and what divides the cases; between two domains of a difference."""
REPORT = "report"
"""Family of what the report compares between strata without being told to."""
LEAST_CATEGORIES = 2


@dataclass(frozen=True)
class Association:
    """A Rao-Scott test of whether two variables are independent."""

    f: float
    df: float
    df_below: float
    p: float
    base: int


def rao_scott(design: Design, row: Places, column: Places) -> Association:
    """Test the independence of two variables given as places of their categories, negative where missing.

    Pearson's chi-square on weighted shares, corrected to second order and referred to F (Rao & Scott 1984, Annals of
    Statistics 12; R's survey package, svychisq). The variance is of the domain of the known within the whole design.
    """
    from scipy import special

    inside = (row >= 0) & (column >= 0)
    rows, columns = (np.flatnonzero(np.bincount(place[inside])) for place in (row, column))
    if len(rows) < LEAST_CATEGORIES or len(columns) < LEAST_CATEGORIES:
        return Association(np.nan, np.nan, np.nan, np.nan, int(inside.sum()))
    cell = np.searchsorted(rows, row) * len(columns) + np.searchsorted(columns, column)
    cell = np.where(inside, cell, -1)
    weight = design.weight[inside]
    share = np.bincount(cell[inside], weight, minlength=len(rows) * len(columns)) / weight.sum()
    variance = cell_covariance(design, cell, len(share))
    table = share.reshape(len(rows), len(columns))
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    n = int(inside.sum())
    pearson = n * ((table - expected) ** 2 / expected).sum()
    contrast = _interactions(len(rows), len(columns))
    inverse = np.diag(np.divide(1.0, share, out=np.zeros_like(share), where=share > 0))
    simple = contrast.T @ (inverse / n) @ contrast
    actual = contrast.T @ inverse @ variance @ inverse @ contrast
    delta = np.linalg.pinv(simple) @ actual
    trace = float(np.trace(delta))
    if trace <= 0:
        return Association(np.nan, np.nan, np.nan, np.nan, n)
    df = trace**2 / float(np.trace(delta @ delta))
    below = df * max(degrees_of_freedom(design, inside), 1)
    f = float(pearson / trace)
    return Association(f, df, below, float(special.fdtrc(df, below, f)), n)


@lru_cache(maxsize=64)
def _interactions(rows: int, columns: int) -> Numbers:
    """Contrasts of the cells of a table that its margins leave free, shape (cells, (rows - 1) (columns - 1))."""
    row, column = np.repeat(np.arange(rows), columns), np.tile(np.arange(columns), rows)
    first = [(row == r).astype(float) for r in range(1, rows)]
    second = [(column == c).astype(float) for c in range(1, columns)]
    main = np.stack([np.ones(rows * columns), *first, *second], axis=1)
    both = np.stack([a * b for b in second for a in first], axis=1)
    return both - main @ np.linalg.lstsq(main, both, rcond=None)[0]


def design_between(setting: Setting, count: int) -> Design:
    """The design without finite population correction: the question is whether groups differ, not what a frame held."""
    if setting.weighted is None:
        return Design(np.ones(count), np.zeros(count, dtype=np.int64), np.array([np.inf]))
    design = setting.weighted.design
    return replace(design, population=np.full(design.strata, np.inf))


def report_tests(
    coded: Coded, questionnaire: Questionnaire, setting: Setting, dividers: Sequence[str] | None = None
) -> pd.DataFrame:
    """One row a variable with categories and each variable that divides the cases: F, p, and p after correction.

    Without `dividers` these are the stratum, the declared domains and what the families name.

    Declared families are corrected after Holm, everything else is exploratory: Benjamini & Hochberg.
    """
    plan, stratum = questionnaire.schema.analysis, questionnaire.schema.population.stratum
    if dividers is None:
        dividers = [
            stratum,
            *(one for one in plan.domains if CROSS not in one),
            *(f.by for f in plan.families),
        ]
    design = design_between(setting, len(coded.cases))
    columns = {
        by: _places([domain.cases for domain in variable_domains(coded, questionnaire, [by])])
        for by in filter(None, dict.fromkeys(dividers))
    }
    rows = []
    for name, item, row in _categories(coded, questionnaire):
        for by, column in columns.items():
            if name != by and (column >= 0).any():
                found = rao_scott(design, row, column)
                family = next(
                    (f.id for f in plan.families if name in f.variables and (f.by or stratum) == by), ""
                )
                rows.append((item, f"{name}{BY}{by}", found.base, found.f, found.p, family))
    table = pd.DataFrame(rows, columns=["item", "variable", "base", "value", "p", "family"])
    table["p_adjusted"] = np.nan
    for family in table["family"].unique():
        own = (table["family"] == family) & table["p"].notna()
        adjust = holm if family else benjamini_hochberg
        table.loc[own, "p_adjusted"] = adjust(table.loc[own, "p"].to_numpy(float))
    corrected = np.where(table["family"] == "", EXPLORATORY, "holm: " + table["family"])
    table["method"] = pd.Series("rao-scott, ", index=table.index, dtype="str") + corrected
    table["shown"] = table["p"].notna()
    kept = {name: table[name] for name in table.columns if name != "family"}
    return rows_of(kept | {"code": TEST, "statistic": TEST_STATISTIC, "domain": ALL, "count": table["base"]})


def _categories(coded: Coded, questionnaire: Questionnaire) -> Iterator[tuple[str, str, Places]]:
    """Variable, item and place of each case's code, of all variables with categories."""
    for variable in variables(questionnaire):
        codes = list(variable.value_labels())
        if variable.asked.kind in {"text", "number"} or len(codes) < LEAST_CATEGORIES:
            continue
        code, missing = coded.of(variable.name)
        yield variable.name, variable.asked.id, np.where(missing.are(""), code.places_in(codes), -1)


def _places(groups: Sequence[Flags]) -> Places:
    """The first group each case belongs to, -1 for none."""
    table = np.stack(groups) if groups else np.zeros((1, 0), dtype=bool)
    return np.where(table.any(axis=0), table.argmax(axis=0), -1).astype(np.int64)


def differences(estimates: pd.DataFrame, variables: Sequence[str]) -> pd.DataFrame:
    """Return DIFFERENCES between each two strata, in shares of code 1 of these variables.

    Interval after Agresti & Caffo (2000, The American Statistician 54): a hit and a miss added to each side.
    No finite population correction: the question is whether offices differ, not what this year's frame held.
    `holds` is true where the p-value stays below 5 % after Holm's correction over the whole table.
    """
    from scipy import special

    parts = estimates[estimates["variable"].isin(variables) & (estimates["code"] == "1")]
    parts = parts[(parts["domain"] != ALL) & (parts["base"] > 0) & parts["shown"]]
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
            low=near - far - z * spread, high=near - far + z * spread, p=p_value, p_adjusted=holm(p_value),
            holds=holm(p_value) < 1 - LEVEL,
        )
    )  # fmt: skip


def weighted_difference(
    design: Design, hit: Numbers, near: Flags, far: Flags, level: float = LEVEL
) -> tuple[float, float, float, float]:
    """Difference of two domains' weighted shares with its interval and p-value, by linearisation of the difference."""
    from scipy import special

    one, influence = mean(design, hit, near)
    other, against = mean(design, hit, far)
    se = float(np.sqrt(covariance(design, (influence - against)[:, None])[0, 0]))
    df = max(degrees_of_freedom(design, near | far), 1)
    reach = float(special.stdtrit(df, 0.5 + level / 2)) * se
    p = 2 * float(special.stdtr(df, -abs(one - other) / se)) if se > 0 else float(one == other)
    return one - other, one - other - reach, one - other + reach, p


def _compared(questionnaire: Questionnaire) -> dict[str, list[str]]:
    """Family -> variables that are compared between strata: the declared ones, need areas and groups of cells."""
    plan, stratum = questionnaire.schema.analysis, questionnaire.schema.population.stratum
    families = {one.id: list(one.variables) for one in plan.families if one.by in {"", stratum}}
    declared = {name for names in families.values() for name in names}
    own = [f"need_{area.id}" for area in questionnaire.schema.need_areas]
    own += [f"{item.id}_{group.id}" for item in questionnaire.items for group in item.groups]
    return {REPORT: [name for name in own if name not in declared]} | families


def report_differences(
    estimates: pd.DataFrame,
    coded: Coded,
    questionnaire: Questionnaire,
    setting: Setting,
    halves: Sequence[Domain],
) -> pd.DataFrame:
    """Differences between each two strata, and of need areas between early and late returns, as rows of ESTIMATES.

    P-values are corrected after Holm within each family.
    """
    strata = {ALL, *(f"{questionnaire.schema.population.stratum}={one}" for one in questionnaire.population)}
    needs = [f"need_{area.id}" for area in questionnaire.schema.need_areas]
    of_strata = estimates[estimates["domain"].isin(strata)]
    of_halves = estimates[estimates["domain"].isin([half.name for half in halves])]
    tables = [_rows(of_strata, names, family) for family, names in _compared(questionnaire).items()]
    tables.append(_rows(of_halves, needs, EARLY.split("=")[0]))
    table = pd.concat([one for one in tables if len(one)] or tables[:1], ignore_index=True)
    if setting.weighted is not None and len(table):
        table = _weighted_rows(table, coded, questionnaire, setting, halves)
    return table


def _rows(estimates: pd.DataFrame, names: Sequence[str], family: str) -> pd.DataFrame:
    found = differences(estimates, names)
    bases = estimates.set_index(["variable", "code", "domain"])[["base", "item"]]
    sides = [
        bases.reindex(
            pd.MultiIndex.from_frame(found[["variable", "code", side]].set_axis(bases.index.names, axis=1))
        )
        for side in ("domain", "other")
    ]
    base = sum(side["base"].fillna(0).to_numpy(dtype="int64") for side in sides)
    item = sides[0]["item"].fillna("").to_numpy(dtype=object)
    return rows_of(
        {
            "item": item, "variable": found["variable"], "code": found["code"],
            "domain": found["domain"] + MINUS + found["other"], "statistic": DIFFERENCE, "count": base, "base": base,
            "value": found["value"], "low": found["low"], "high": found["high"], "p": found["p"],
            "p_adjusted": found["p_adjusted"], "method": f"agresti-caffo, holm: {family}",
        }
    )  # fmt: skip


def _weighted_rows(
    table: pd.DataFrame,
    coded: Coded,
    questionnaire: Questionnaire,
    setting: Setting,
    halves: Sequence[Domain],
) -> pd.DataFrame:
    """The same rows with weighted differences, their intervals and p-values."""
    wanted = set(table["variable"])
    hits = {
        one.variable: one
        for one in targets(coded, questionnaire, setting.minimum)
        if one.code == "1" and one.variable in wanted
    }
    cases = {domain.name: domain.cases for domain in [*setting.domains, *halves]}
    design = design_between(setting, len(coded.cases))
    found = []
    for variable, pair in zip(table["variable"], table["domain"], strict=True):
        near, far = (cases[name] & hits[variable].valid for name in pair.split(MINUS))
        found.append(weighted_difference(design, hits[variable].value, near, far))
    table = table.copy()
    table[["value", "low", "high", "p"]] = np.array(found)
    table["method"] = table["method"].str.replace("agresti-caffo", "linearisation")
    for method in table["method"].unique():
        own = table["method"] == method
        table.loc[own, "p_adjusted"] = holm(table.loc[own, "p"].to_numpy(float))
    return table


def corrected_again(estimates: pd.DataFrame) -> pd.DataFrame:
    """The same rows of ESTIMATES, p-values corrected within each family for those numbers alone that are shown."""
    table = estimates.copy()
    tested = table["shown"] & table["statistic"].isin([TEST_STATISTIC, DIFFERENCE]) & table["p"].notna()
    for method, own in table[tested].groupby("method"):
        adjust = benjamini_hochberg if EXPLORATORY in str(method) else holm
        table.loc[own.index, "p_adjusted"] = adjust(own["p"].to_numpy(float))
    return table
