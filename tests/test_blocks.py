"""Claims about what a report is made of: every number knows its estimate, every picture its numbers."""

from __future__ import annotations

from collections import Counter

import pytest
from fake_outcomes import fake_returns, segeberg

from survey.reporting.blocks import Document, as_data, numbers
from survey.reporting.chapters import compose
from survey.reporting.charts import ACCENTS, Bar, Frame, bar_chart
from survey.reporting.evidence import Evidence, Results
from survey.reporting.marked import Span, mark, plain, spans
from survey.reporting.wording import Wording


@pytest.fixture(scope="module")
def results() -> Results:
    questionnaire = segeberg()
    returns = fake_returns(questionnaire, 600)
    return Results(questionnaire, returns["marks"], returns["outcomes"], returns["cases"], returns["ledger"])


@pytest.fixture(scope="module")
def german(results: Results) -> Document:
    return compose(Evidence(results, "de"))


def test_marked_words_split_and_join_without_loss() -> None:
    text = f"Gut {mark('52 % (49–54 %)', 'need=1@all')} sagen es."
    assert plain(text) == "Gut 52 % (49–54 %) sagen es."
    assert spans(text) == [Span("Gut "), Span("52 % (49–54 %)", "need=1@all"), Span(" sagen es.")]
    assert spans("") == [] and mark("7", "") == "7"


def test_german_and_english_reports_contain_the_same_numbers(results: Results, german: Document) -> None:
    english = compose(Evidence(results, "en"))
    assert len(numbers(german)) > 1500
    assert Counter(numbers(german)) == Counter(numbers(english))


def test_every_number_in_a_report_has_an_estimate_that_may_be_shown(
    results: Results, german: Document
) -> None:
    shown = set(results.estimates.loc[results.estimates["shown"], "key"])
    assert {key for key, _ in numbers(german)} <= shown


def test_every_chart_has_its_numbers_as_a_table(german: Document) -> None:
    for chart in german.charts():
        assert chart.table.rows and {len(row) for row in chart.table.rows} == {len(chart.table.header)}


def test_a_chart_draws_itself_as_png_when_asked(german: Document) -> None:
    chart = german.charts()[0]
    picture = chart.png(72)
    assert picture.startswith(b"\x89PNG") and chart.png(72) == picture


def test_a_chart_without_alt_text_fails_the_build() -> None:
    with pytest.raises(ValueError, match="alt text"):
        chart = bar_chart(Frame("x", "t", "n", ACCENTS[0]), [Bar("Bus", 0.5, 0.4, 0.6)], Wording("de"))
        type(chart)("x", chart.svg, 1, 1, " ", "t", "n", chart.table, chart.canvas)


def test_as_data_holds_plain_words_and_no_bytes(german: Document) -> None:
    said = repr(as_data(german))
    assert "\\ue000" not in said and "<svg" not in said and "\ue000" not in said
