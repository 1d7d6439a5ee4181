"""Claims about what the report says of its grounds: weights, counts of the frame, late returns, misread marks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_outcomes import fake_returns, segeberg

from survey.analysis.audit import Rate
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.plan import Count, Derived, Margin, Weights
from survey.reporting.chapters import compose
from survey.reporting.evidence import Evidence, Results
from survey.reporting.grounds import (
    error_findings,
    frame_findings,
    index_findings,
    late_findings,
    rates_table,
    weight_findings,
)
from survey.reporting.marked import plain
from survey.reporting.narrative import Finding

FRAME = {"Norderstedt": 800, "Bad Segeberg": 540, "Kaltenkirchen": 480}


def declared() -> Questionnaire:
    """The shipped questionnaire with weights, a later count of its frame, and the index of a need area."""
    questionnaire = segeberg()
    schema = questionnaire.schema
    population = schema.population.model_copy(
        update={
            "counts": [Count(day="2012-09-30", people=FRAME)],
            "weights": Weights(margins=[Margin(variable="sex", shares={"1": 0.6, "2": 0.4})]),
        }
    )
    asked = next(one for one in questionnaire.asked() if one.id == "mobility_help")
    first, second = (f"mobility_help_{option.code} == 1" for option in asked.options[:2])
    index = Derived(
        id="ways", label={"de": "Mobilitätshilfen"}, need_area="mobility", formula=f"count({first}, {second})"
    )
    plan = schema.analysis.model_copy(update={"derived": [index]})
    return replace(
        questionnaire, schema=schema.model_copy(update={"population": population, "analysis": plan})
    )


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    questionnaire = declared()
    returns = fake_returns(questionnaire, 500)
    found = Results(questionnaire, returns["marks"], returns["outcomes"], returns["cases"], returns["ledger"],
                    misread=0.001)  # fmt: skip
    return Evidence(found, "de")


def test_the_report_tells_the_audited_misreading_rate_or_that_none_was_measured(evidence: Evidence) -> None:
    told = Evidence(replace(evidence.results, audited=Rate(0.004, 0.001, 0.012, 500, 2, 41_200)), "de")
    text = text_of(error_findings(told))
    assert "500 sicher gelesene Kreuze" in text and "2 waren falsch" in text
    assert "0,40\u00a0% aller 41.200" in text and "(0,10\u00a0%–1,20\u00a0%)" in text
    silent = Evidence(replace(evidence.results, audited=None, misread=float("nan")), "de")
    assert "steht noch aus" in text_of(error_findings(silent))


COUNTED = {"returns", "envelopes", "pages"}
"""Charts that tell counts of paper, no share."""


def text_of(found: list[Finding]) -> str:
    return plain(" ".join(one.text for one in found))


def test_the_report_tells_what_the_weights_cost(evidence: Evidence) -> None:
    text = text_of(weight_findings(evidence))
    row = evidence.any("weighting", "effective")
    assert row is not None and f"genau wie {evidence.words.number(row.value)} gleich" in text
    effect, rounds = evidence.any("weighting", "design_effect"), evidence.any("weighting", "rounds")
    assert effect is not None and f"(Design-Effekt {evidence.words.decimal(effect.value, 2)})" in text
    assert rounds is not None and f"Nach {evidence.words.number(rounds.value)} Runde" in text
    assert "„Sie sind …“" in text and "0,2- bis 5-fache" in text and "sex" not in text


def test_every_caption_says_that_it_is_weighted_and_when_its_intervals_hold(evidence: Evidence) -> None:
    notes = [chart.note for chart in compose(evidence).charts() if chart.name not in COUNTED]
    assert len(notes) > 20
    assert all("ewichtet" in note for note in notes)
    with_intervals = [note for note in notes if "95-%" in note]
    assert len(with_intervals) > 20
    assert all("falls innerhalb der bekannten Gruppen Zufall war" in note for note in with_intervals)


def test_a_share_that_weights_were_made_to_fit_is_no_estimate(evidence: Evidence) -> None:
    row = evidence.find("sex", "2")
    assert row is not None and row.value == pytest.approx(0.4) and row.low == row.high == row.value
    chart = next(chart for chart in compose(evidence).charts() if chart.name == "sex")
    assert evidence.words.say("note_given") in chart.note and "40–40" not in chart.alt


def test_a_weighted_report_nowhere_says_that_it_is_not(evidence: Evidence) -> None:
    method = next(chapter for chapter in compose(evidence).chapters if chapter.title == "Methode und Grenzen")
    assert "nicht gewichtet" not in str(method)
    appendix = next(chapter for chapter in compose(evidence).chapters if chapter.name == "tables")
    assert "Die Anteile sind gewichtet, n nicht." in str(appendix.blocks[0])


def test_every_count_of_the_frame_is_told_with_its_day(evidence: Evidence) -> None:
    text = text_of(frame_findings(evidence))
    assert "1.820" in text and "30. September 2012" in text


def test_early_and_late_returns_are_compared_only_by_numbers_that_are_shown(evidence: Evidence) -> None:
    for finding in late_findings(evidence):
        table = evidence.results.estimates.set_index("key")
        assert table.loc[list(finding.keys), "shown"].all()


def test_the_audited_misreading_rate_widens_an_interval(evidence: Evidence) -> None:
    (finding,) = error_findings(evidence)
    row = evidence.results.estimates.set_index("key").loc[finding.keys[0]]
    assert row["low_total"] < row["low"] and row["high_total"] > row["high"]
    assert evidence.words.percent(row["low_total"]) in finding.text


def test_an_index_is_told_with_its_formula(evidence: Evidence) -> None:
    text = text_of(index_findings(evidence))
    assert "count(mobility_help_" in text and "Mobilitätshilfen" in text


def test_response_rates_stand_with_their_definitions(evidence: Evidence) -> None:
    table = rates_table(evidence)
    assert table is not None
    assert [row[0].split(" = ")[0] for row in table.rows] == ["RR1", "RR2", "RR3", "RR4"]
    assert "= I / (" in table.rows[0][0]
    assert "RR5 und RR6" in table.note
