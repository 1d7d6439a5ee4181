"""Claims about intervals: each against a published value or one worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.analysis.intervals import (
    benjamini_hochberg,
    design_n,
    exact_count,
    korn_graubard,
    logit_interval,
    whole_percents,
    wilson,
)


def one(*values: float) -> list[np.ndarray]:
    return [np.array([value], dtype=float) for value in values]


def ends(found: tuple[np.ndarray, np.ndarray]) -> tuple[float, float]:
    return float(found[0][0]), float(found[1][0])


@pytest.mark.parametrize(
    ("hits", "base", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_reproduces_newcombe(hits: int, base: int, low: float, high: float) -> None:
    assert ends(wilson(*one(hits / base, base))) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("hits", "low", "high"),
    [(372, 0.580515, 0.657959), (60, 0.078482, 0.126608), (12, 0.011477, 0.034630)],
)
def test_wilson_without_finite_population(hits: int, low: float, high: float) -> None:
    assert ends(wilson(*one(hits / 600, 600))) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize(("hits", "low", "high"), [(372, 1028, 1140), (60, 143, 213), (12, 21, 55)])
def test_exact_count_of_people(hits: int, low: int, high: int) -> None:
    assert ends(exact_count(*one(hits, 600, 1750))) == (low, high)


def test_exact_counts_of_nobody_everybody_and_a_census() -> None:
    assert ends(exact_count(*one(0, 10, 10))) == (0, 0)
    assert ends(exact_count(*one(4, 10, 10))) == (4, 4)
    assert ends(exact_count(*one(10, 10, 30)))[1] == 30


def test_logit_and_korn_graubard_reproduce_the_survey_package() -> None:
    """R survey, svyciprop on apiclus1: methods logit and beta, df 14; and beta on 922 cases, df 921."""
    share, se, df = one(0.8743169, 0.02035948, 14)
    assert ends(logit_interval(share, se, df)) == pytest.approx((0.823799, 0.911900), abs=1e-6)
    beta = korn_graubard(share, design_n(share, se**2, np.array([183.0]), df))
    assert ends(beta) == pytest.approx((0.823702, 0.914704), abs=1e-6)
    share, se, base, df = one(0.507348258357226, 0.0192309892530454, 922, 921)
    found = ends(korn_graubard(share, design_n(share, se**2, base, df)))
    assert found == pytest.approx((0.468954757876348, 0.545677337133621), abs=1e-14)


def test_a_share_of_nothing_has_no_log_odds() -> None:
    low, high = logit_interval(*one(0.0, 0.0, 9))
    assert np.isnan(low[0]) and np.isnan(high[0])


def test_benjamini_hochberg_reproduces_the_textbook() -> None:
    assert benjamini_hochberg(np.array([0.01, 0.02, 0.03, 0.04])) == pytest.approx([0.04] * 4)
    assert benjamini_hochberg(np.array([0.04, 0.001])) == pytest.approx([0.04, 0.002])
    assert len(benjamini_hochberg(np.array([]))) == 0


def test_whole_percents_add_up() -> None:
    assert whole_percents(np.array([152.0, 61.0, 7.0])) == [69, 28, 3]


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=12))
def test_whole_percents_always_add_up(counts: list[int]) -> None:
    assert sum(whole_percents(np.array(counts, dtype=float))) == 100
