"""Claims about what a schema says of population and analysis: derived variables, validity, weights, rates, faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fake_outcomes import questionnaire_of

from survey.analysis.coding import code_responses, codebook, to_wide
from survey.analysis.estimate import Beside, estimate, estimate_item, weights
from survey.analysis.rates import CaseCounts, response_rates
from survey.errors import SchemaError, UsageError
from survey.questionnaire.load import load_schema
from survey.questionnaire.model import Questionnaire
from survey.tables import CASES, MAILING, OUTCOMES

YES_NO = [{"code": 1, "label": "ja"}, {"code": 2, "label": "nein", "go_to": "mark"}]
ITEMS: list[dict[str, Any]] = [
    {"id": "sex", "type": "single", "text": "Geschlecht?",
     "options": [{"code": 1, "label": "Frau"}, {"code": 2, "label": "Mann"}]},
    {"id": "need", "type": "single", "text": "Brauchen?", "options": YES_NO},
    {"id": "hours", "type": "number", "text": "Stunden?", "digits": 2},
    {"id": "mark", "type": "scale", "text": "Note?", "options": [{"code": c} for c in (1, 2, 3, 4)]},
    {"id": "way", "type": "multiple", "text": "Weg?", "nothing_marked": "no",
     "options": [{"code": "bus", "label": "Bus"}, {"code": "car", "label": "Auto"}]},
]  # fmt: skip


def mini(analysis: dict[str, Any] | None = None, **population: Any) -> Questionnaire:
    return questionnaire_of(
        {
            "questionnaire": "mini", "analysis": analysis or {},
            "population": {"stratum": "office", "frame": {"A": 40, "B": 60}, "minimum_cell": 1} | population,
            "need_areas": [{"id": "help", "label": "Hilfe", "need": {"need": [1]}}],
            "sections": [{"id": "s", "title": "S", "items": ITEMS}],
        }
    )  # fmt: skip


CASES_OF = {"A": 8, "B": 4}
ANSWERS = [  # sex, need, hours, mark, way
    ("1", "1", "10", "1", "bus"), ("1", "1", "20", "2", "bus car"), ("1", "2", "", "3", ""), ("1", "2", "", "4", "car"),
    ("1", "1", "15", "2", "bus"), ("1", "2", "", "", "bus"), ("2", "2", "", "1", ""), ("2", "1", "30", "2", "car"),
    ("1", "1", "25", "2", "bus car"), ("1", "2", "12", "3", "bus"), ("2", "2", "", "4", ""), ("2", "2", "", "4", "bus"),
]  # fmt: skip


def responses_of(questionnaire: Questionnaire) -> pd.DataFrame:
    strata = [name for name, count in CASES_OF.items() for _ in range(count)]
    cases = CASES.frame([(f"c{n:02d}", "", stratum, "", 1, "") for n, stratum in enumerate(strata)])
    rows = [
        (f"c{n:02d}", item, "answered" if codes else "blank", codes, "")
        for n, row in enumerate(ANSWERS)
        for item, codes in zip(["sex", "need", "hours", "mark", "way"], row, strict=True)
    ]
    return code_responses(OUTCOMES.frame(rows), cases, questionnaire)


def estimates_of(questionnaire: Questionnaire, **beside: Any) -> pd.DataFrame:
    known = {"mailing": MAILING.frame(), "received": pd.Series(dtype="str")} | beside
    return estimate(responses_of(questionnaire), questionnaire, Beside(**known)).set_index("key")


# Derived variables ---------------------------------------------------------------------------------------------------

DERIVED = [
    {"id": "ways", "label": "Zahl der Wege", "formula": "count(way_bus == 1, way_car == 1)"},
    {"id": "poor", "label": "schlechte Note", "formula": "mark >= 3"},
    {"id": "long", "label": "Stunden", "of": "hours", "groups": [
        {"code": "part", "label": "bis 19", "below": 20}, {"code": "full", "label": "ab 20", "low": 20}]},
]  # fmt: skip


def test_derived_variables_stand_in_every_table() -> None:
    questionnaire = mini({"derived": DERIVED})
    wide = to_wide(responses_of(questionnaire))
    assert wide["ways"].tolist() == [1, 2, 0, 1, 1, 1, 0, 1, 2, 1, 0, 1]
    assert wide["poor"].tolist()[:6] == [0, 0, 1, 1, 0, -1]
    assert wide["long"].tolist()[:3] == ["part", "full", "-2"]  # whom routing led past the hours
    book = codebook(questionnaire)
    assert set(book.loc[book["variable"] == "long", "value_label_de"]) >= {"bis 19", "ab 20"}
    table = estimates_of(questionnaire)
    assert table.loc["ways=mean@all", "value"] == pytest.approx(11 / 12)
    assert table.loc["poor=1@all", ["count", "base"]].tolist() == [5, 11]
    assert table.loc["long=full@all", ["count", "base"]].tolist() == [3, 6]


def test_the_routing_rule_says_what_wins() -> None:
    """Case 9 needs nothing and gives hours all the same."""
    for winner, expected in {"answer": "12", "routing": "-2", "nobody": "-3"}.items():
        wide = to_wide(responses_of(mini({"routing_wins": winner})))
        assert str(wide["hours"].iloc[9]) == expected


def test_a_case_with_too_few_answers_is_partial_and_in_no_estimate() -> None:
    questionnaire = mini({"valid_case": {"share": 1.0, "items": ["sex", "need", "mark"]}})
    table = estimates_of(questionnaire)
    assert table.loc["sex=1@all", "base"] == 11
    assert table.loc["returned=1@all", "count"] == 12
    assert table.loc["rr1=1@all", ["count", "base"]].tolist() == [11, 100]
    assert table.loc["rr2=1@all", "value"] == pytest.approx(0.12)


# Rates ---------------------------------------------------------------------------------------------------------------


def test_response_rates_reproduce_the_example() -> None:
    """R's outcomerate: I 4, P 2, R 1, NC 1, O 1, UH 1, UO 1, NE 1, e = .9."""
    counts = CaseCounts(4, 2, 1, 1, 1, 1, 1, 1)
    rates = response_rates(counts, 0.9)
    assert [round(rates[f"rr{n}"], 3) for n in (1, 2, 3, 4)] == [0.364, 0.545, 0.37, 0.556]
    assert np.isnan(rates["rr5"]) and np.isnan(rates["rr6"])


def test_rates_that_take_nobody_unknown_for_eligible_want_nobody_unknown() -> None:
    rates = response_rates(CaseCounts(4, 2, 1, 1, 1, 0, 0, 1))
    assert [round(rates[f"rr{n}"], 3) for n in (5, 6)] == [0.444, 0.667]


def test_a_moving_frame_is_counted_with_its_days() -> None:
    later = [{"day": "2012-09-30", "people": {"A": 44, "B": 66}}]
    table = estimates_of(mini(counts=later))
    assert table.loc["frame=2012-09-30@all", "value"] == 110
    assert table.loc["returned=2012-09-30@all", "value"] == pytest.approx(12 / 110)
    assert table.loc["returned=1@office=A", "base"] == 44  # estimates are for the last count


def test_refusals_and_returned_envelopes_enter_the_rates() -> None:
    mailing = MAILING.frame(
        [("", "mini", "refused", "", "A", 3, "", ""), ("", "mini", "undeliverable", "", "B", 5, "", "")]
    )
    table = estimates_of(mini(ineligible=2), mailing=mailing)
    assert table.loc["eligible=1@all", "value"] == pytest.approx(15 / 17)
    assert table.loc["rr1=1@all", "value"] == pytest.approx(12 / 98)
    assert table.loc["rr3=1@all", "value"] == pytest.approx(12 / (15 + 15 / 17 * 83))
    assert not table.loc["rr5=1@all", "shown"] and "nobody knows" in table.loc["rr5=1@all", "method"]


# Weights -------------------------------------------------------------------------------------------------------------


def test_weighted_shares_by_hand() -> None:
    """A: 4 of 8 stand for 40, B: 1 of 4 for 60."""
    table = estimates_of(mini(weights={}))
    row = table.loc["need=1@all"]
    assert row["value"] == pytest.approx(0.4 * 4 / 8 + 0.6 * 1 / 4)
    variance = 0.4**2 * 0.5 * 0.5 / 7 * 0.8 + 0.6**2 * 0.25 * 0.75 / 3 * (1 - 4 / 60)
    assert row["se"] == pytest.approx(np.sqrt(variance))
    assert row["people"] == pytest.approx(35)
    assert (row["count"], row["base"]) == (5, 12)
    assert table.loc["weighting=effective@all", "value"] == pytest.approx(100**2 / (8 * 25 + 4 * 225))


def test_equal_weights_change_no_share() -> None:
    plain, weighted = estimates_of(mini()), estimates_of(mini(weights={"nonresponse": False}))
    shares = plain.index[plain["statistic"].isin(["share", "mean"])]
    assert weighted.loc[shares, "value"].to_numpy() == pytest.approx(
        plain.loc[shares, "value"].to_numpy(), nan_ok=True
    )
    one = "need=1@all"
    assert weighted.loc[one, ["se", "low", "high"]].tolist() == pytest.approx(
        plain.loc[one, ["se", "low", "high"]].tolist()
    )


def test_raked_weights_meet_their_margins() -> None:
    questionnaire = mini(weights={"margins": [{"variable": "sex", "shares": {1: 0.6, 2: 0.4}}]})
    table = estimates_of(questionnaire)
    assert table.loc["sex=1@all", "value"] == pytest.approx(0.6)
    assert table.loc["sex=1@all", "se"] == pytest.approx(0, abs=1e-8)  # known: a variance of rounding, 1e-17
    found = weights(responses_of(questionnaire), questionnaire)
    assert found["weight"].sum() == pytest.approx(100)
    assert not found["is_trimmed"].any()
    assert table.loc["weighting=gap@all", "value"] < 1e-8


def test_a_difference_of_weighted_shares_has_its_own_variance() -> None:
    row = estimates_of(mini(weights={})).loc["need_help=1@office=A minus office=B"]
    assert row["value"] == pytest.approx(0.25)
    assert row["method"].startswith("linearisation")
    assert row["low"] < 0.25 < row["high"]


def test_exact_and_logit_intervals_are_made_on_request() -> None:
    exact = estimates_of(mini({"interval": "exact"})).loc["need=1@all"]
    assert exact["method"] == "exact" and exact["low"] * 100 == pytest.approx(round(exact["low"] * 100))
    assert estimates_of(mini({"interval": "logit"})).loc["need=1@all", "method"] == "logit"
    with pytest.raises(SchemaError, match="nobody returned from C"):
        estimates_of(mini(frame={"A": 40, "B": 60, "C": 5}, weights={}))


def test_a_margin_that_does_not_add_up_is_named() -> None:
    with pytest.raises(SchemaError, match="margin sex adds up to 90 people, the frame to 100"):
        estimates_of(mini(weights={"margins": [{"variable": "sex", "people": {1: 60, 2: 30}}]}))


# Further numbers -----------------------------------------------------------------------------------------------------


def test_several_marks_are_told_on_cases_and_on_answers() -> None:
    table = estimates_of(mini())
    assert table.loc["way_bus=1@all", ["count", "base"]].tolist() == [7, 12]
    assert table.loc["way_bus=answers@all", ["count", "base"]].tolist() == [7, 11]
    answers = table[table["code"].eq("answers") & table["domain"].eq("all")]
    assert answers["value"].sum() == pytest.approx(1)


def test_scales_have_mean_median_and_both_ends() -> None:
    table = estimates_of(mini())
    assert table.loc["mark=mean@all", "value"] == pytest.approx(28 / 11)
    assert table.loc["mark=median@all", "value"] == 2
    assert table.loc["mark=1+2@all", "count"] == 6 and table.loc["mark=3+4@all", "count"] == 5


def test_declared_domains_and_crossed_ones_are_estimated() -> None:
    table = estimates_of(mini({"domains": ["sex", "office*sex"]}))
    assert table.loc["need=1@sex=1", ["count", "base"]].tolist() == [4, 8]
    assert table.loc["need=1@office=A&sex=2", ["count", "base"]].tolist() == [1, 2]
    assert np.isnan(table.loc["need=1@sex=1", "high_worst"])  # how many women did not return is not known


def test_late_and_early_returns_are_compared() -> None:
    days = pd.Series({f"c{n:02d}": "2012-07-10" if n % 2 else "2012-08-10" for n in range(12)})
    table = estimates_of(mini(), received=days)
    assert table.loc["need_help=1@received=early", "base"] == 6
    row = table.loc["need_help=1@received=early minus received=late"]
    assert "holm: received" in row["method"]


def test_misread_marks_widen_the_interval() -> None:
    row = estimates_of(mini(), misread=0.01).loc["need=1@all"]
    assert row["low_total"] == pytest.approx(row["low"] - 0.02)  # two boxes
    assert row["high_total"] == pytest.approx(row["high"] + 0.02)


def test_families_are_corrected_after_holm_and_the_rest_after_benjamini_and_hochberg() -> None:
    table = estimates_of(mini({"families": [{"id": "own", "variables": ["need", "sex"]}]}))
    assert table.loc["need by office=test@all", "method"] == "rao-scott, holm: own"
    assert "benjamini-hochberg" in table.loc["mark by office=test@all", "method"]


def test_a_table_of_one_item_says_what_it_has() -> None:
    questionnaire = mini()
    table = estimate_item(responses_of(questionnaire), questionnaire, "mark", ["sex"])
    assert set(table["statistic"]) == {"share", "mean", "median", "F"}
    assert set(table["domain"]) == {"all", "sex=1", "sex=2"}
    with pytest.raises(UsageError, match="no item 'marc'") as caught:
        estimate_item(responses_of(questionnaire), questionnaire, "marc", [])
    assert caught.value.hint == "did you mean 'mark'?"


# Faults --------------------------------------------------------------------------------------------------------------

SCHEMA = """questionnaire: mini
sections:
  - id: s
    title: S
    items:
      - id: sex
        type: single
        text: Geschlecht?
        options: [{code: 1, label: Frau}, {code: 2, label: Mann}]
"""


@pytest.mark.parametrize(
    ("part", "message", "hint"),
    [
        (
            "analysis:\n  derived:\n    - {id: x, label: X, formula: sx == 1}",
            ":12: formula 'sx == 1', letter 1",
            "'sex'",
        ),
        (
            "analysis:\n  derived:\n    - {id: x, label: X, formula: sex == 3}",
            "sex has no code '3'",
            "its codes: 1, 2",
        ),
        (
            "analysis:\n  derived:\n    - {id: sex, label: X, formula: '1'}",
            "name of another one",
            "another id",
        ),
        ("analysis:\n  derived:\n    - {id: x, label: X}", "either a formula", "docs/schema.md"),
        ("analysis:\n  domains: [sox]", "no variable 'sox'", "'sex'"),
        (
            "analysis:\n  sets:\n    - {id: x, label: X, variables: [sex, sex]}",
            "no variable 'sex' for this",
            "none",
        ),
        ("analysis:\n  families:\n    - {id: x, variables: [sax]}", "no variable 'sax'", "'sex'"),
        ("analysis:\n  valid_case: {items: [sux]}", "no variable 'sux'", "'sex'"),
        (
            "analysis:\n  interval: exact\npopulation:\n  frame: {A: 3}\n  weights: {}",
            "without weights",
            "korn-graubard",
        ),
        (
            "population:\n  frame: {A: 9}\n  counts:\n    - {day: 2012-09-30, people: {B: 9}}",
            "no stratum 'B'",
            "A",
        ),
        (
            "population:\n  weights:\n    margins:\n      - {variable: sex, people: {1: 4, 3: 5}}",
            "sex has no code '3'",
            "1, 2",
        ),
        (
            "population:\n  weights:\n    margins:\n      - {variable: sex, people: {1: 4, 1+2: 5}}",
            "stands twice",
            "one group",
        ),
        (
            "population:\n  weights:\n    margins:\n      - {variable: sex, shares: {1: 6, 2: 94}}",
            "add up to 100",
            "per cent",
        ),
        ("population:\n  weights:\n    margins:\n      - {variable: sex}", "either people or shares", "docs"),
    ],
)
def test_a_slip_in_the_plan_is_told_with_line_and_hint(
    tmp_path: Path, part: str, message: str, hint: str
) -> None:
    path = tmp_path / "mini.yaml"
    path.write_text(SCHEMA + part + "\n", encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        load_schema(path)
    assert message in str(caught.value) and "mini.yaml:" in str(caught.value)
    assert hint in caught.value.hint
