"""Claims about estimates: hand-worked and published values, bounds, need areas, disclosure."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from fake_outcomes import fake_returns, questionnaire_of, segeberg
from scipy import stats

from survey.analysis.coding import code_responses
from survey.analysis.estimate import differences, estimate, item_nonresponse
from survey.analysis.intervals import effective_n, holm, korn_graubard, standard_error
from survey.questionnaire.model import Questionnaire
from survey.tables import CASES, OUTCOMES


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(372, 0.587594, 0.651628), (60, 0.081294, 0.121336), (12, 0.011940, 0.031337)],
)
def test_korn_graubard_with_finite_population(count: int, low: float, high: float) -> None:
    n = effective_n(np.array([600.0]), np.array([1750.0]))
    found = korn_graubard(np.array([count / 600]), n)
    assert found[0][0] == pytest.approx(low, abs=1e-6)
    assert found[1][0] == pytest.approx(high, abs=1e-6)


def test_korn_graubard_reproduces_the_survey_package() -> None:
    """R survey, svyciprop(method="beta") on 183 schools in 15 districts: df 14."""
    share, se, n = 0.8743169, 0.02035948, 183
    design = share * (1 - share) / se**2 * (stats.t.ppf(0.975, n - 1) / stats.t.ppf(0.975, 14)) ** 2
    low, high = korn_graubard(np.array([share]), np.array([design]))
    assert (low[0], high[0]) == (pytest.approx(0.823702, abs=1e-6), pytest.approx(0.914704, abs=1e-6))


def test_a_census_leaves_no_doubt_and_an_empty_base_leaves_all() -> None:
    low, high = korn_graubard(np.array([0.25, 0.0]), effective_n(np.array([8.0, 0.0]), np.array([8.0, 8.0])))
    assert low.tolist() == [0.25, 0.0]
    assert high.tolist() == [0.25, 1.0]


def test_nobody_and_everybody_have_one_sided_intervals() -> None:
    n = effective_n(np.array([21.0]), np.array([np.inf]))
    low, high = korn_graubard(np.array([0.0]), n)
    assert low[0] == 0
    assert high[0] == pytest.approx(1 - 0.025 ** (1 / 20))  # Clopper-Pearson, 0 of 20


def test_standard_error_by_hand() -> None:
    """Values 1, 2, 3, 6 from ten: variance 14/3, over n 7/6, times 1 - 4/10."""
    se = standard_error(np.array([12.0]), np.array([50.0]), np.array([4.0]), np.array([10.0]))
    assert se[0] == pytest.approx(np.sqrt(14 / 3 / 4 * 0.6))


def mini(minimum: int = 3) -> Questionnaire:
    yes_no = [{"code": 1, "label": "ja"}, {"code": 2, "label": "nein", "go_to": "mark"}]
    items = [
        {"id": "need", "type": "single", "text": "Brauchen?", "options": yes_no},
        {"id": "gap", "type": "grid", "text": "Wann?",
         "rows": [{"code": "mon"}, {"code": "sat"}], "columns": [{"code": "early"}, {"code": "noon"}],
         "options": [{"code": "none", "none": True}],
         "groups": [{"id": "edge", "label": "Rand", "columns": ["early"]}]},
        {"id": "mark", "type": "scale", "text": "Note?", "options": [{"code": c} for c in (1, 2, 3)]},
        {"id": "way", "type": "multiple", "text": "Weg?",
         "options": [{"code": "bus"}, {"code": "nothing", "none": True}]},
    ]  # fmt: skip
    return questionnaire_of(
        {
            "questionnaire": "mini",
            "population": {"stratum": "office", "frame": {"A": 6, "B": 4}, "minimum_cell": minimum},
            "need_areas": [
                {"id": "care", "label": "Betreuung", "need": {"gap": []}},
                {"id": "ways", "label": "Wege", "need": {"way": []}},
            ],
            "sections": [{"id": "s", "title": "S", "items": items}],
        }
    )


ANSWERS = {  # need, gap, mark, way
    "c1": ("A", "1", "mon_early", "1", "bus"),
    "c2": ("A", "1", "sat_noon", "2", "nothing"),
    "c3": ("A", "1", "none", "3", ""),
    "c4": ("B", "2", "", "", "bus"),
    "c5": ("B", "1", "", "2", "nothing"),
}


def estimates(minimum: int = 3) -> pd.DataFrame:
    cases = CASES.frame([(case, case, row[0], "", 1, "") for case, row in ANSWERS.items()])
    rows = [
        (case, item, "answered" if codes else "blank", codes, "")
        for case, row in ANSWERS.items()
        for item, codes in zip(["need", "gap", "mark", "way"], row[1:], strict=True)
    ]
    questionnaire = mini(minimum)
    return estimate(code_responses(OUTCOMES.frame(rows), cases, questionnaire), questionnaire).set_index(
        "key"
    )


def test_shares_by_hand() -> None:
    table = estimates()
    row = table.loc["need=1@all"]
    assert (row["count"], row["base"], row["value"]) == (4, 5, 0.8)
    assert (row["low_worst"], row["high_worst"]) == (4 / 10, 9 / 10)  # five of ten did not return
    assert table.loc["need=1@office=A", "value"] == 1
    assert table.loc["mark=mean@all", "value"] == pytest.approx(2)
    assert table.loc["mark=mean@all", "low_worst"] == pytest.approx((8 + 6 * 1) / 10)


def test_the_base_of_a_filtered_item_is_who_was_asked_and_answered() -> None:
    row = estimates().loc["gap_mon_early=1@all"]
    assert (row["count"], row["base"]) == (1, 3)  # c4 was not asked, c5 left it blank
    # bounds: c5 and the five who did not return may all have been asked and marked it
    assert (row["low_worst"], row["high_worst"]) == (1 / 9, 7 / 9)


def test_a_group_of_cells_is_any_mark_in_it() -> None:
    row = estimates().loc["gap_edge=1@all"]
    assert (row["count"], row["base"]) == (1, 3)


def test_a_need_area_counts_who_was_led_past_it_as_without_need() -> None:
    table = estimates()
    row = table.loc["need_care=1@all"]
    assert (row["count"], row["base"]) == (2, 4)  # c1, c2 of c1 to c4; c5 gave no answer
    assert table.loc["need_ways=1@all", ["count", "base"]].tolist() == [2, 4]


def test_combinations_are_exclusive_and_rare_ones_are_pooled() -> None:
    table = estimates(minimum=1)
    exact = table[(table["variable"] == "needs") & (table["domain"] == "all")]
    assert set(exact["code"]) == {"care", "ways", "care+ways"}
    assert exact["count"].sum() == exact["base"].iloc[0] == 3
    assert table.loc["needs_number=several@all", "count"] == 1
    pooled = estimates(minimum=3)
    assert pooled.loc["needs=rare@all", "count"] == 3
    assert "needs=care@all" not in pooled.index


def test_the_return_is_counted_over_the_frame() -> None:
    table = estimates()
    assert table.loc["returned=1@all", ["count", "base", "value"]].tolist() == [5, 10, 0.5]
    assert table.loc["returned=1@office=B", "value"] == 0.5


def test_an_estimate_hides_nothing_that_is_left_to_disclosure_control() -> None:
    """Whoever estimates decides nothing about publishing: one rule, in one place."""
    told = estimates(minimum=1000)
    assert told.loc[told["statistic"].isin(["share", "mean", "median"]), "shown"].all()


def test_without_a_frame_there_are_no_bounds_and_no_correction() -> None:
    questionnaire = mini()
    schema = questionnaire.schema.model_copy(
        update={"population": questionnaire.schema.population.model_copy(update={"frame": {}})}
    )
    free = Questionnaire(schema, questionnaire.boxes, None, questionnaire.path)
    cases = CASES.frame([(f"c{n}", "", "", "", 1, "") for n in range(20)])
    rows = OUTCOMES.frame([(f"c{n}", "need", "answered", "1" if n else "2", "") for n in range(20)])
    table = estimate(code_responses(rows, cases, free), free).set_index("key")
    row = table.loc["need=1@all"]
    assert np.isnan(row["low_worst"])
    assert row["se"] == pytest.approx(np.sqrt(0.95 * 0.05 / 19))


def test_keys_are_unique_and_intervals_hold_the_value() -> None:
    questionnaire = segeberg()
    returns = fake_returns(questionnaire, 150)
    table = estimate(code_responses(returns["outcomes"], returns["cases"], questionnaire), questionnaire)
    assert table["key"].is_unique
    known = table[(table["base"] > 1) & table["low"].notna()]
    assert ((known["low"] <= known["value"] + 1e-9) & (known["value"] <= known["high"] + 1e-9)).all()
    shares = known[
        (known["statistic"] == "share") & known["low_worst"].notna() & (known["variable"] != "returned")
    ]
    assert (
        (shares["low_worst"] <= shares["value"] + 1e-9) & (shares["value"] <= shares["high_worst"] + 1e-9)
    ).all()


def test_missing_answers_are_counted_by_item_and_reason() -> None:
    questionnaire = mini()
    cases = CASES.frame([("c1", "", "A", "", 1, "")])
    outcomes = OUTCOMES.frame([("c1", "need", "answered", "2", ""), ("c1", "mark", "doubtful", "", "")])
    table = item_nonresponse(code_responses(outcomes, cases, questionnaire))
    counted = {(row.item, row.reason): row.cases for row in table.itertuples()}
    assert counted == {("gap", "not asked"): 1, ("mark", "doubtful"): 1, ("way", "page missing"): 1}


def test_holm_reproduces_the_textbook() -> None:
    assert holm(np.array([0.01, 0.02, 0.03, 0.04])) == pytest.approx([0.04, 0.06, 0.06, 0.06])
    assert holm(np.array([0.03, 0.01])) == pytest.approx([0.03, 0.02])
    assert len(holm(np.array([]))) == 0


def test_offices_differ_only_beyond_chance() -> None:
    table = estimates().reset_index().iloc[:0]
    rows = [
        ("care=1@o=A", "care", "care", "1", "o=A", "share", 60, 100, 0.6, 0, 0, 0, 0, 0, True),
        ("care=1@o=B", "care", "care", "1", "o=B", "share", 30, 100, 0.3, 0, 0, 0, 0, 0, True),
        ("care=1@o=C", "care", "care", "1", "o=C", "share", 32, 100, 0.32, 0, 0, 0, 0, 0, True),
        ("care=1@o=D", "care", "care", "1", "o=D", "share", 3, 100, 0.03, 0, 0, 0, 0, 0, False),
    ]
    found = differences(pd.DataFrame(rows, columns=table.columns[:15]), ["care"])
    told = {(row.domain, row.other): row for row in found.itertuples()}
    assert set(told) == {("o=A", "o=B"), ("o=A", "o=C"), ("o=B", "o=C")}  # D may not be shown
    assert told["o=A", "o=B"].holds and not told["o=B", "o=C"].holds
    # Agresti-Caffo by hand: 61/102 - 31/102, spread sqrt(.5980*.4020/102 + .3039*.6961/102) = .066564
    assert told["o=A", "o=B"].low == pytest.approx(0.294118 - 1.959964 * 0.066564, abs=1e-5)
