"""Claims about recommendations: the office's own, and only while their finding holds; about changes, likewise."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_outcomes import fake_returns, segeberg

from survey.errors import SchemaError
from survey.questionnaire.load import load_schema
from survey.questionnaire.model import Questionnaire
from survey.reporting.blocks import Figures, Recommendations
from survey.reporting.changes import change_findings, interim_findings, tell_changes
from survey.reporting.evidence import Evidence, Results
from survey.reporting.marked import plain
from survey.reporting.proposals import propose
from survey.tables import PUBLISHED

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


def test_changes_are_told_where_they_go_beyond_chance() -> None:
    """The fake offices of seed 1 and 2 are the same people's habits: nothing has changed."""
    before = results_of(400, 2)
    alike = Evidence(results_of(400, 1, before=before), "de")
    text = plain(" ".join(finding.text for finding in change_findings(alike)))
    assert "hat sich kein Bedarf" in text or "Prozentpunkte" in text
    chart = next(block for block in tell_changes(alike).blocks if isinstance(block, Figures)).charts[0]
    assert chart.name == "changes" and len(chart.table.rows) == 4 and "2012" in chart.alt


def test_a_change_that_holds_names_both_shares_and_the_interval() -> None:
    now, before = results_of(400, 1), results_of(400, 2)
    table = before.estimates.copy()
    row = table["key"] == "need_childcare=1@all"
    table.loc[row, ["value", "low", "high"]] = [0.2, 0.16, 0.24]
    before.__dict__["estimates"] = table
    told = change_findings(Evidence(Results(
        now.questionnaire, now.marks, now.outcomes, now.cases, now.ledger, before=before), "de"))  # fmt: skip
    first = plain(told[0].text)
    assert (
        "„Kinderbetreuung“ ist um" in first
        and "häufiger als 2012: damals 20\u00a0%\u00a0(16–24\u00a0%)" in first
    )


def test_the_interim_report_is_compared_with_todays_interval() -> None:
    now = results_of(400)
    row = now.estimates.set_index("key").loc["need_mobility=1@all"]
    interim = {
        "publication": "report", "data": "earlier", "key": "need_mobility=1@all", "statistic": "share", "shown": 1,
        "count": round(row["value"] * 100), "base": 100, "questionnaire": "segeberg-2012", "made_at": "",
        "item": "need_mobility", "variable": "need_mobility", "code": "1", "domain": "all",
    }  # fmt: skip
    for count, said in ((interim["count"], "liegt in dieser Spanne"), (10, "haben das Bild verändert")):
        published = PUBLISHED.frame([tuple((interim | {"count": count})[name] for name in PUBLISHED.columns)])
        found = Results(
            now.questionnaire, now.marks, now.outcomes, now.cases, now.ledger, published=published
        )
        text = plain(" ".join(one.text for one in interim_findings(Evidence(found, "de"))))
        assert said.replace("haben", "hat") in text.replace("haben", "hat") and "n = 100" in text
    assert interim_findings(Evidence(now, "de")) == []
