"""Claims about designs: published outputs of R's survey package, and the quick way against the slow one.

Wrong variants computed, each out of the tolerance of the test in brackets: residuals fitted with the raked weights
give 23.743323 and no residuals at all 23.806206 instead of 23.703617 (test_raked_schools); no finite population
correction gives .741268 instead of .616041 (test_a_stratified_mean); a domain's variance over its own cases only gives
.788178 instead of .755513 (test_a_domain_is_part_of_its_design).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.analysis.design import (
    Design,
    cell_covariance,
    covariance,
    degrees_of_freedom,
    mean,
    ratios,
    residuals,
)
from survey.analysis.weighting import KnownMargin, indicators, rake

X = np.array([2.8, 4.1, 6.8, 6.8, 9.2, 3.7, 6.6, 4.2])
STRATUM = np.array([0] * 5 + [1] * 3)
WEIGHT = np.array([3.0] * 5 + [4.0] * 3)
SCHOOLS = Path(__file__).parents[2] / "shared" / "facts" / "apiclus1.csv"


def se_of(design: Design, value: np.ndarray, inside: np.ndarray) -> tuple[float, float]:
    found, influence = mean(design, value, inside)
    return found, float(np.sqrt(covariance(design, influence[:, None])[0, 0]))


def test_a_stratified_mean() -> None:
    """R survey, data(fpc)."""
    everybody = np.ones(8, dtype=bool)
    free = Design(WEIGHT, STRATUM, np.array([np.inf, np.inf]))
    assert se_of(free, X, everybody) == (
        pytest.approx(5.448148, abs=1e-6),
        pytest.approx(0.7412683, abs=1e-7),
    )
    finite = Design(WEIGHT, STRATUM, np.array([15.0, 12.0]))
    assert se_of(finite, X, everybody)[1] == pytest.approx(0.6160407, abs=1e-7)


def test_a_domain_is_part_of_its_design() -> None:
    design = Design(WEIGHT, STRATUM, np.array([np.inf, np.inf]))
    assert se_of(design, X, X > 4) == (pytest.approx(6.195, abs=1e-6), pytest.approx(0.7555129, abs=1e-7))
    assert se_of(design, X, X <= 4) == (pytest.approx(3.314286, abs=1e-6), pytest.approx(0.3117042, abs=1e-7))


def strata_from_sums(rows: list[tuple[int, float, float]]) -> list[np.ndarray]:
    """Values with these counts, sums and sums of squares: half below the mean, half above."""
    found = []
    for n, total, squares in rows:
        spread = np.sqrt(squares / n - (total / n) ** 2)
        found.append(total / n + np.repeat([-spread, spread], n // 2))
    return found


def test_stratified_schools() -> None:
    """R survey, apistrat: mean of api00, with and without the finite population correction."""
    values = strata_from_sums([(100, 67443, 47038637), (50, 31291, 20167941), (50, 31830, 20940396)])
    population = np.array([4421.0, 755.0, 1018.0])
    stratum = np.repeat([0, 1, 2], [len(one) for one in values])
    weight = (population / np.array([100, 50, 50]))[stratum]
    everybody = np.ones(200, dtype=bool)
    finite = se_of(Design(weight, stratum, population), np.concatenate(values), everybody)
    assert finite == (pytest.approx(662.2874, abs=1e-4), pytest.approx(9.408941, abs=1e-6))
    free = se_of(Design(weight, stratum, np.full(3, np.inf)), np.concatenate(values), everybody)
    assert free[1] == pytest.approx(9.536132, abs=1e-6)


@pytest.fixture(scope="module")
def schools() -> pd.DataFrame:
    """apiclus1: 183 schools in 15 of 757 districts. Sums of each district and group suffice for its variances."""
    if not SCHOOLS.exists():
        pytest.skip("the table of schools is not there")
    cells = pd.read_csv(SCHOOLS)
    one_by_one = cells.loc[cells.index.repeat(cells["n"])].reset_index(drop=True)
    return one_by_one.assign(api00=one_by_one["sum_api00"] / one_by_one["n"])


def raked_schools(schools: pd.DataFrame) -> Design:
    before = np.full(len(schools), 6194 / 183)
    kinds = KnownMargin("stype", ("E", "H", "M"), pd.Index(["E", "H", "M"]).get_indexer(schools["stype"]),
                        np.array([4421.0, 755.0, 1018.0]))  # fmt: skip
    goals = KnownMargin("sch.wide", ("No", "Yes"), pd.Index(["No", "Yes"]).get_indexer(schools["sch_wide"]),
                        np.array([1072.0, 5122.0]))  # fmt: skip
    weight = rake(before, [kinds, goals], (0.01, 100)).weight
    district = pd.factorize(schools["dnum"])[0]
    stratum = np.zeros(len(schools), dtype=np.int64)
    return Design(weight, stratum, np.array([757.0]), district, before, indicators([kinds, goals]))


def test_raked_schools(schools: pd.DataFrame) -> None:
    """R survey: svymean(~api00, rake(dclus1, list(~stype, ~sch.wide), …)) is 641.2303, SE 23.70362."""
    found = se_of(raked_schools(schools), schools["api00"].to_numpy(), np.ones(183, dtype=bool))
    assert found == (pytest.approx(641.2303, abs=1e-4), pytest.approx(23.70362, abs=1e-5))
    assert degrees_of_freedom(raked_schools(schools), np.ones(183, dtype=bool)) == 14


def test_calibration_leaves_no_variance_in_its_own_margins(schools: pd.DataFrame) -> None:
    design = raked_schools(schools)
    assert design.margins is not None
    assert residuals(design, design.margins) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("is_raked", [False, True])
def test_many_ratios_at_once_are_the_same_as_one_by_one(is_raked: bool) -> None:
    draw = np.random.default_rng(5)
    n, stratum = 90, draw.integers(0, 3, 90)
    before = draw.uniform(1, 4, n)
    group = draw.integers(0, 2, n)
    margin = KnownMargin("g", ("0", "1"), group, np.array([0.6, 0.4]) * before.sum())
    weight = rake(before, [margin], (0.1, 10)).weight if is_raked else before
    extra = (before, indicators([margin])) if is_raked else (None, None)
    design = Design(weight, stratum, np.array([60.0, 80.0, np.inf]), None, *extra)
    inside = np.stack([np.ones(n, dtype=bool), stratum == 1, draw.random(n) < 0.4])
    valid = (draw.random((n, 2)) < 0.8).astype(float)
    value = draw.normal(3, 1, (n, 2)) * valid
    table = ratios(design, inside, value, valid)
    for domain in range(3):
        for target in range(2):
            here = inside[domain] & (valid[:, target] > 0)
            expected = se_of(design, value[:, target], here)
            assert (table.value[domain, target], table.se[domain, target]) == pytest.approx(
                expected, rel=1e-9
            )
            assert table.df[domain, target] == degrees_of_freedom(design, here)


def test_a_stratum_seen_whole_adds_no_variance() -> None:
    design = Design(np.ones(4), np.array([0, 0, 1, 1]), np.array([2.0, 2.0]))
    assert se_of(design, np.array([1.0, 2.0, 3.0, 9.0]), np.ones(4, dtype=bool))[1] == 0


@pytest.mark.parametrize("is_raked", [False, True])
def test_cells_of_a_table_need_only_their_sums(is_raked: bool) -> None:
    draw = np.random.default_rng(8)
    cell, stratum, weight = draw.integers(-1, 4, 70), draw.integers(0, 2, 70), draw.uniform(1, 3, 70)
    extra: tuple[np.ndarray | None, np.ndarray | None] = (None, None)
    if is_raked:
        margin = KnownMargin("g", ("0", "1"), draw.integers(-1, 2, 70), np.array([0.7, 0.3]) * weight.sum())
        extra, weight = (weight, indicators([margin])), rake(weight, [margin], (0.1, 10)).weight
    design = Design(weight, stratum, np.array([90.0, np.inf]), None, *extra)
    inside = cell >= 0
    share = np.array([weight[cell == one].sum() for one in range(4)]) / weight[inside].sum()
    influence = np.where(inside[:, None], (cell[:, None] == np.arange(4)) - share, 0.0) / weight[inside].sum()
    assert cell_covariance(design, cell, 4) == pytest.approx(covariance(design, influence), abs=1e-15)
