"""Claims about how often intervals hold the truth, by simulation; the figures stand in docs/analysis.md."""

from __future__ import annotations

import pytest

from bench.coverage import EQUAL, NORMAL_FROM, SHARES, UNEQUAL, bias, coverage, weighted_coverage


@pytest.mark.long
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    table = [*coverage(SHARES, EQUAL, 1), *weighted_coverage(SHARES, UNEQUAL, 2)]
    for row in table:
        if row.method in {"korn-graubard", "exact", "weighted korn-graubard"}:
            assert row.held >= 0.945, row
        if row.spread >= NORMAL_FROM:
            assert 0.94 <= row.held <= 0.97, row


def test_raking_on_what_drives_nonresponse_at_least_halves_the_bias() -> None:
    found = bias(3, populations=60)
    assert abs(found.within_offices) > 0.03  # strata alone do not help
    assert abs(found.raked) < abs(found.unweighted) / 2
