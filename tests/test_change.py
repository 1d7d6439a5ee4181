"""Claims about change between waves, each worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from survey.analysis.change import change_linked, change_unlinked
from survey.analysis.design import Design
from survey.analysis.rows import rows_of


def share(value: float, se: float, shown: bool = True) -> object:
    return rows_of(
        {"item": ["a"], "variable": "a", "code": "1", "domain": "all", "statistic": "share", "count": 10,
         "base": 100, "value": value, "se": se, "shown": shown}
    )  # fmt: skip


def test_variances_of_unlinked_waves_add_up() -> None:
    row = change_unlinked(share(0.5, 0.03), share(0.4, 0.04)).iloc[0]
    assert (row["value"], row["se"]) == (pytest.approx(0.1), pytest.approx(0.05))
    assert row["p"] == pytest.approx(2 * stats.norm.sf(2))
    assert row["key"] == "a=1 change@all"


def test_what_may_not_be_shown_in_one_wave_is_not_compared() -> None:
    assert change_unlinked(share(0.5, 0.03), share(0.4, 0.04, shown=False)).empty


def test_linked_cases_are_compared_with_themselves() -> None:
    """Differences 1, 0, 0, 1, and one case without both answers: mean .5, variance 1/3, SE sqrt(1/12)."""
    now, before = np.array([3.0, 2, 5, 4, 9]), np.array([2.0, 2, 5, 3, 0])
    answered = np.array([True, True, True, True, False])
    design = Design(np.ones(5), np.zeros(5, dtype=np.int64), np.array([np.inf]))
    row = change_linked(design, now, before, answered, "mark").iloc[0]
    assert (row["value"], row["base"]) == (0.5, 4)
    assert row["se"] == pytest.approx(np.sqrt(5 / 4 * 4 * 0.25 / 16))
    t = stats.t.ppf(0.975, 3)
    assert (row["low"], row["high"]) == pytest.approx((0.5 - t * row["se"], 0.5 + t * row["se"]))
