"""Claims about recommendations: the office's own, and only while their finding holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_outcomes import fake_returns, segeberg

from survey.errors import SchemaError
from survey.questionnaire.load import load_schema
from survey.questionnaire.model import Questionnaire
from survey.reporting.blocks import Recommendations
from survey.reporting.evidence import Evidence, Results
from survey.reporting.marked import plain
from survey.reporting.proposals import propose

SHIPPED = Path(__file__).parents[1] / "schemas" / "segeberg-2012.yaml"


def results_of(count: int, seed: int = 1, **beside: object) -> Results:
    questionnaire = segeberg()
    found = fake_returns(questionnaire, count, seed)
    return Results(
        questionnaire, found["marks"], found["outcomes"], found["cases"], found["ledger"], **beside  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return Evidence(results_of(500), "de")


def with_advice(evidence: Evidence, **bounds: float) -> list[str]:
    """Titles of what is printed of one recommendation on the edges of the day."""
    schema = evidence.questionnaire.schema
    written = {"title": {"de": "Früher öffnen"}, "rests_on": "care_gap_edge_of_day", **bounds}
    report = schema.report.model_copy(
        update={"recommendations": [type(schema.report.recommendations[0]).model_validate(written)]}
    )
    questionnaire = Questionnaire(
        schema.model_copy(update={"report": report}), evidence.questionnaire.boxes, None, SHIPPED
    )
    found = Evidence.__new__(Evidence)
    found.__dict__.update(evidence.__dict__, questionnaire=questionnaire)
    return [
        plain(f"{one.title}: {one.because}")
        for block in propose(found).blocks
        if isinstance(block, Recommendations)
        for one in block.entries
    ]


def test_a_recommendation_is_printed_only_while_its_whole_interval_agrees(evidence: Evidence) -> None:
    row = evidence.find("care_gap_edge_of_day")
    assert row and row.low < row.value < row.high
    told = with_advice(evidence, at_least=row.low)
    assert len(told) == 1 and "Randzeiten" in told[0] and "mindestens" in told[0]
    assert not with_advice(evidence, at_least=row.value)  # the lower end does not reach it
    assert with_advice(evidence, at_most=row.high) and not with_advice(evidence, at_most=row.value)


def test_a_recommendation_on_a_hidden_number_is_not_printed() -> None:
    assert not propose(Evidence(results_of(8), "de")).blocks


def test_a_recommendation_that_rests_on_nothing_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "segeberg-2012.yaml"
    path.write_text(
        SHIPPED.read_text("utf-8").replace("rests_on: care_gap_edge_of_day", "rests_on: care_gap_edge"),
        "utf-8",
    )
    with pytest.raises(SchemaError, match="care_gap_edge"):
        load_schema(path)
