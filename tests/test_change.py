"""Claims about change between waves: worked by hand, nothing hidden is told, and the command line has it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fake_outcomes import fake_returns, segeberg
from scipy import stats

from survey.analysis.change import change_unlinked
from survey.analysis.rows import rows_of
from survey.errors import UsageError
from survey.project import change
from survey.project.change import change_table, export_change
from survey.project.folder import Project
from survey.reporting.evidence import Results


def share(value: float, se: float, shown: bool = True) -> pd.DataFrame:
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


def wave(count: int, seed: int = 1) -> Results:
    questionnaire = segeberg()
    found = fake_returns(questionnaire, count, seed)
    return Results(questionnaire, found["marks"], found["outcomes"], found["cases"], found["ledger"])


@pytest.fixture(scope="module")
def waves() -> tuple[Results, Results]:
    return wave(260, 1), wave(220, 2)


def with_answers(results: Results, answers: dict[str, str]) -> Results:
    """The same returns, one item answered as said by case; nobody else answers it."""
    outcomes = results.outcomes[results.outcomes["item"] != "contact"]
    rows = [(case, "contact", "answered", code, "") for case, code in answers.items()]
    own = pd.DataFrame(rows, columns=outcomes.columns)
    return replace(results, outcomes=pd.concat([outcomes, own], ignore_index=True))


def test_linked_cases_are_compared_with_themselves(waves: tuple[Results, Results]) -> None:
    """Of 220 linked cases 30 answered both times; 6 began to say so and 2 ceased to: the mean difference is 4/30.

    A domain of the linked: variance 220/219 times the squared deviations over 30 squared, t with 29 degrees.
    """
    before = with_answers(waves[0], {f"S{n:05d}": "1" if n < 16 else "2" for n in range(35)})
    now = with_answers(waves[1], {f"S{n:05d}": "1" if 2 <= n < 22 else "2" for n in range(30)})
    table = change_table(before, now, is_linked=True).set_index("key")
    row = table.loc["contact=1 change@all"]
    differences = np.repeat([1.0, -1.0, 0.0], [6, 2, 22])
    se = np.sqrt(220 / 219 * ((differences - differences.mean()) ** 2).sum()) / 30
    reach = stats.t.ppf(0.975, 29) * se
    assert (row["base"], row["value"]) == (30, pytest.approx(4 / 30))
    assert (row["se"], row["low"], row["high"]) == pytest.approx((se, 4 / 30 - reach, 4 / 30 + reach))
    assert row["p"] == pytest.approx(2 * stats.t.sf(4 / 30 / se, 29))
    assert row["p_adjusted"] >= row["p"]


def test_too_few_linked_cases_are_not_told(waves: tuple[Results, Results]) -> None:
    before = with_answers(waves[0], {f"S{n:05d}": "1" if n < 9 else "2" for n in range(30)})
    now = with_answers(waves[1], {f"S{n:05d}": "1" if n < 20 else "2" for n in range(30)})
    row = change_table(before, now, is_linked=True).set_index("key").loc["contact=1 change@all"]
    assert not row["shown"] and "minimum cell" in row["reason"]
    assert row[["count", "base", "value", "se", "low", "high", "p"]].isna().all()


def test_waves_without_a_common_serial_say_so(waves: tuple[Results, Results]) -> None:
    strangers = replace(waves[0], cases=waves[0].cases.assign(serial=""))
    with pytest.raises(UsageError, match="no case of segeberg-2012 has a serial"):
        change_table(strangers, waves[1], is_linked=True)


def test_waves_without_a_common_variable_say_so(waves: tuple[Results, Results]) -> None:
    stranger = replace(waves[0])
    estimates = waves[0].estimates
    stranger.__dict__["estimates"] = estimates[estimates["variable"] == "returned"]
    with pytest.raises(UsageError, match="no number in common"):
        change_table(stranger, waves[1])


def test_a_change_tells_nothing_that_either_report_keeps_back(
    waves: tuple[Results, Results], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change, "results", lambda _, name: waves[int(name)])
    rows = export_change(Project(tmp_path), "0", "1", tmp_path / "change.csv")
    table = pd.read_csv(tmp_path / "change.csv", sep=None, engine="python", dtype=str)
    assert len(table) == rows > 100
    keys = set(table["key"].str.replace(" change@", "@"))
    for results in waves:
        assert keys <= set(results.estimates.loc[results.estimates["shown"], "key"])
