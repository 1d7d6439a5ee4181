"""Claims about the account in pictures, many offices in panels, and the questionnaire with its results."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_outcomes import fake_returns, questionnaire_of, segeberg

from survey.questionnaire.load import load_questionnaire
from survey.reporting.accounts import envelopes_chart, pages_chart
from survey.reporting.blocks import Facsimile
from survey.reporting.charts import Chart
from survey.reporting.evidence import Evidence, Results
from survey.reporting.facsimile import reprint
from survey.reporting.marked import plain
from survey.reporting.pictures import offices_chart
from survey.tables import CASES, LEDGER, MAILING, MARKS, OUTCOMES

SHIPPED = Path(__file__).parents[1] / "schemas" / "segeberg-2012.yaml"


def counts(chart: Chart | None) -> dict[str, int]:
    assert chart
    return {label: int(plain(count).replace(".", "")) for label, count in chart.table.rows}


def test_every_envelope_stands_in_exactly_one_place() -> None:
    questionnaire = segeberg()
    found = fake_returns(questionnaire, 100)
    cases = found["cases"].assign(pages_missing=["2 3"] * 7 + [""] * 93)
    back = [("undeliverable", 31), ("refused", 4)]
    mailing = MAILING.frame(
        [
            ("", questionnaire.id, kind, "", "Norderstedt", count, "2012-07-20", "a.csv")
            for kind, count in back
        ]
    )
    results = Results(questionnaire, found["marks"], found["outcomes"], cases, found["ledger"], mailing)
    flow = counts(envelopes_chart(Evidence(results, "de")))
    assert flow == {"angeschrieben": 1750, "geantwortet": 100, "mit allen Seiten": 93, "mit fehlenden Seiten": 7,
                    "unzustellbar": 31, "abgelehnt": 4, "ohne Antwort": 1615}  # fmt: skip
    pages = counts(pages_chart(Evidence(results, "de")))
    assert pages["alle Seiten"] == 601 == pages["ausgewertet"] + pages["nicht ausgewertet"]


def test_many_strata_get_a_panel_each_and_few_are_told_apart_by_dots() -> None:
    towns = [f"Ort {n}" for n in range(9)]
    options = [{"code": 1, "label": "ja"}, {"code": 2, "label": "nein"}]
    questionnaire = questionnaire_of(
        {
            "questionnaire": "mini",
            "population": {"stratum": "town", "frame": dict.fromkeys(towns, 200), "minimum_cell": 5},
            "need_areas": [{"id": "care", "label": "Betreuung", "need": {"need": [1]}}],
            "sections": [{"id": "s", "title": "S", "items": [
                {"id": "need", "type": "single", "text": "Brauchen Sie das?", "options": options}]}],
        }
    )  # fmt: skip
    names = [(f"{town}-{n}", town, n % 2) for town in towns for n in range(4 if town == "Ort 8" else 40)]
    cases = CASES.frame([(name, name, town, "", 1, "") for name, town, _ in names])
    rows = OUTCOMES.frame([(name, "need", "answered", str(1 + no), "") for name, _, no in names])
    chart = offices_chart(Evidence(Results(questionnaire, MARKS.frame(), rows, cases, LEDGER.frame()), "de"))
    assert chart and chart.alt.startswith("Kleine Balkendiagramme")
    told = {row[0] for row in chart.table.rows}
    assert "Ort 0 (n = 40)" in told and not any(name.startswith("Ort 8") for name in told)


@pytest.fixture(scope="module")
def pages() -> list[Chart]:
    questionnaire = load_questionnaire(SHIPPED)
    found = fake_returns(questionnaire, 300)
    results = Results(questionnaire, found["marks"], found["outcomes"], found["cases"], found["ledger"])
    block = reprint(Evidence(results, "de")).blocks[0]
    assert isinstance(block, Facsimile)
    return block.pages


def test_the_questionnaire_is_reprinted_whole_with_a_share_in_every_box(pages: list[Chart]) -> None:
    questionnaire = load_questionnaire(SHIPPED)
    boxes = sum(len(one.options) or 1 for one in questionnaire.asked())  # a field to write in is one
    assert len(pages) == 6 and sum(len(page.table.rows) for page in pages) == boxes
    first = {label: plain(share) for label, share in pages[0].table.rows}
    assert (
        first["1. eines"].isdigit() and first["4. keine Angabe"] == "–"
    )  # nothing is estimated of missing codes
    written = {label[:3]: plain(share) for label, share in pages[5].table.rows}
    assert written["39."].endswith("Personen haben hier geschrieben")
    assert all(page.alt for page in pages)


def test_without_a_blank_there_is_no_reprint() -> None:
    found = fake_returns(segeberg(), 30)
    results = Results(segeberg(), found["marks"], found["outcomes"], found["cases"], found["ledger"])
    assert not reprint(Evidence(results, "de")).blocks
