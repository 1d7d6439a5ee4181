"""Claims about what has changed beyond chance since the wave before."""

from __future__ import annotations

from fake_outcomes import fake_returns, segeberg

from survey.reporting.blocks import Figures
from survey.reporting.changes import change_findings, tell_changes
from survey.reporting.evidence import Evidence, Results
from survey.reporting.marked import plain


def results_of(count: int, seed: int = 1, **beside: object) -> Results:
    questionnaire = segeberg()
    found = fake_returns(questionnaire, count, seed)
    return Results(
        questionnaire, found["marks"], found["outcomes"], found["cases"], found["ledger"], **beside  # type: ignore[arg-type]
    )  # fmt: skip


def test_that_nothing_has_changed_is_told_once_and_drawn() -> None:
    alike = Evidence(results_of(400, before=results_of(400)), "de")
    told = [plain(finding.text) for finding in change_findings(alike)]
    assert told == ["Seit 2012 hat sich kein Bedarf über den Zufall hinaus geändert."]
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
