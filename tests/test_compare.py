"""Claims about comparisons: the Rao-Scott test against R's survey package, differences against hand and theory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from survey.analysis.compare import rao_scott, weighted_difference
from survey.analysis.design import Design

SCHOOLS = Path(__file__).parents[2] / "shared" / "facts" / "apiclus1.csv"


def test_rao_scott_reproduces_the_survey_package() -> None:
    """R survey, svychisq(~sch.wide + stype, dclus1): F = 5.1934, ndf = 1.495, ddf = 20.925, p-value = 0.02175."""
    if not SCHOOLS.exists():
        pytest.skip("the table of schools is not there")
    cells = pd.read_csv(SCHOOLS)
    schools = cells.loc[cells.index.repeat(cells["n"])].reset_index(drop=True)
    kind, goal = pd.factorize(schools["stype"])[0], pd.factorize(schools["sch_wide"])[0]
    design = Design(np.full(183, 6194 / 183), np.zeros(183, dtype=np.int64), np.array([757.0]),
                    pd.factorize(schools["dnum"])[0])  # fmt: skip
    found = rao_scott(design, goal, kind)
    assert found.f == pytest.approx(5.1934, abs=5e-5)
    assert (found.df, found.df_below) == (pytest.approx(1.495, abs=5e-4), pytest.approx(20.925, abs=5e-4))
    assert found.p == pytest.approx(0.02175, abs=5e-6)


def test_without_a_design_rao_scott_is_pearson() -> None:
    draw = np.random.default_rng(3)
    row = draw.integers(0, 3, 400)
    column = np.where(draw.random(400) < 0.1, row % 2, draw.integers(0, 2, 400))
    found = rao_scott(Design(np.ones(400), np.zeros(400, dtype=np.int64), np.array([np.inf])), row, column)
    pearson = stats.chi2_contingency(pd.crosstab(row, column), correction=False)
    assert found.f * found.df == pytest.approx(pearson.statistic, rel=0.03)
    assert found.p == pytest.approx(pearson.pvalue, rel=0.2, abs=0.005)


def test_what_does_not_vary_is_not_tested() -> None:
    design = Design(np.ones(5), np.zeros(5, dtype=np.int64), np.array([np.inf]))
    found = rao_scott(design, np.zeros(5, dtype=np.int64), np.array([0, 1, 0, 1, -1]))
    assert np.isnan(found.p) and found.base == 4


def test_a_weighted_difference_by_hand() -> None:
    """Two strata of 4 and 4 without correction: variances .25/3 and .1875/3 · 4/4, t with 6 degrees."""
    hit = np.array([1.0, 1, 0, 0, 1, 0, 0, 0])
    stratum = np.repeat([0, 1], 4)
    design = Design(np.full(8, 2.0), stratum, np.full(2, np.inf))
    value, low, high, p = weighted_difference(design, hit, stratum == 0, stratum == 1)
    se = np.sqrt(0.25 / 3 + 0.1875 / 3)
    assert value == pytest.approx(0.25)
    assert (low, high) == pytest.approx((0.25 - 2.446912 * se, 0.25 + 2.446912 * se), abs=1e-6)
    assert p == pytest.approx(2 * stats.t.sf(0.25 / se, 6))
