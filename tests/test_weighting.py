"""Claims about weights: they add up, keep their bounds, and refuse what cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from survey.analysis.weighting import (
    KnownMargin,
    adjust_for_nonresponse,
    design_effect,
    effective_size,
    rake,
)
from survey.errors import SchemaError

STRATUM = np.array([0, 0, 0, 0, 1, 1])


def test_a_return_stands_for_the_people_of_its_stratum() -> None:
    weight = adjust_for_nonresponse(STRATUM, np.array([12.0, 8.0]), ["A", "B"])
    assert weight.tolist() == [3, 3, 3, 3, 4, 4]


def test_a_return_of_no_known_stratum_counts_in_totals() -> None:
    weight = adjust_for_nonresponse(np.array([0, 0, 0, 1, -1]), np.array([12.0, 8.0]), ["A", "B"])
    assert weight.sum() == pytest.approx(20)
    assert weight[4] == 4
    assert weight[:3].sum() / weight[3] == pytest.approx(12 / 8)


def test_a_stratum_without_returns_is_named() -> None:
    with pytest.raises(SchemaError, match="nobody returned from B") as caught:
        adjust_for_nonresponse(np.array([0, 0]), np.array([12.0, 8.0]), ["A", "B"])
    assert "together" in caught.value.hint


def margin(group: list[int], people: list[float], name: str = "sex") -> KnownMargin:
    labels = tuple(str(place + 1) for place in range(len(people)))
    return KnownMargin(name, labels, np.array(group), np.array(people), lambda: "s.yaml:7")


def test_raking_meets_both_margins() -> None:
    sex = margin([0, 0, 1, 1, 0, 1], [8, 12])
    age = margin([0, 1, 0, 1, 1, 1], [5, 15], "age")
    raked = rake(np.full(6, 20 / 6), [sex, age], (0.2, 5.0))
    assert np.bincount(sex.group, raked.weight) == pytest.approx([8, 12])
    assert np.bincount(age.group, raked.weight) == pytest.approx([5, 15])
    assert raked.gap < 1e-8 and not raked.at_bound.any()


def test_one_margin_is_poststratification_by_hand() -> None:
    raked = rake(np.ones(4), [margin([0, 0, 0, 1], [2, 2])], (0.1, 10))
    assert raked.weight == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])


def test_weights_keep_their_bounds_and_say_so() -> None:
    draw = np.random.default_rng(1)
    one, two = draw.integers(0, 2, 200), draw.integers(0, 4, 200)
    margins = [margin(one.tolist(), [60, 140]), margin(two.tolist(), [20, 40, 60, 80], "age")]
    raked = rake(np.ones(200), margins, (0.3, 1.95))
    assert raked.weight.min() >= 0.3 - 1e-12 and raked.weight.max() <= 1.95 + 1e-12
    assert raked.at_bound.any() and raked.gap < 1e-8
    assert np.bincount(two, raked.weight) == pytest.approx([20, 40, 60, 80])


def test_a_missing_answer_takes_no_part_in_its_margin() -> None:
    raked = rake(np.ones(5), [margin([0, 0, 1, 1, -1], [1, 3])], (0.1, 10))
    assert raked.weight.tolist() == pytest.approx([0.5, 0.5, 1.5, 1.5, 1])


def test_a_weight_that_would_explode_is_refused_with_its_place() -> None:
    with pytest.raises(SchemaError, match=r"s.yaml:7: margin sex, group 2: 1 returns .* 70 people") as caught:
        rake(np.ones(100), [margin([0] * 99 + [1], [30, 70])], (0.2, 5.0))
    assert "bounds" in caught.value.hint


def test_a_group_without_returns_is_refused() -> None:
    with pytest.raises(SchemaError, match="nobody returned who belongs to it"):
        rake(np.ones(3), [margin([0, 0, 0], [2, 1])], (0.2, 5.0))


def test_margins_that_bounds_cannot_meet_together_are_refused() -> None:
    one = margin([0] * 50 + [1] * 50, [70, 30])
    two = margin([0] * 50 + [1] * 50, [30, 70], "age")
    with pytest.raises(SchemaError, match="does not converge"):
        rake(np.ones(100), [one, two], (0.2, 5.0))


def test_unequal_weights_cost_cases() -> None:
    assert effective_size(np.array([1.0, 1.0, 1.0])) == pytest.approx(3)
    assert design_effect(np.array([1.0, 3.0])) == pytest.approx(2 * 10 / 16)
