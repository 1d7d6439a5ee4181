"""Claims about the words: shares in plain fractions, hedged by precision, nothing hidden is told."""

from __future__ import annotations

import re

import pytest
from fake_outcomes import fake_returns, questionnaire_of, segeberg

from survey.questionnaire.model import Questionnaire
from survey.reporting.advice import ADVICE
from survey.reporting.captions import CAPTIONS
from survey.reporting.catalogue import OWN_PHRASES, PHRASES
from survey.reporting.chapters import compose
from survey.reporting.corrected import CORRECTED
from survey.reporting.evidence import Evidence, Results
from survey.reporting.file_words import FILE_WORDS
from survey.reporting.marked import plain
from survey.reporting.narrative import (
    Finding,
    combination_findings,
    item_findings,
    need_findings,
    office_findings,
    response_findings,
    unknown_findings,
)
from survey.reporting.printed_tables import response_table
from survey.reporting.prose import PROSE
from survey.reporting.story import STORY
from survey.reporting.terms import TERMS
from survey.reporting.wording import Wording
from survey.tables import CASES, LEDGER, MARKS, OUTCOMES

COUNTED = {"returns", "envelopes", "pages"}
"""Charts that tell counts of paper, no share."""
GERMAN, ENGLISH = Wording("de"), Wording("en")


@pytest.mark.parametrize(
    ("value", "low", "high", "german"),
    [
        (0.63, 0.59, 0.66, "63\u00a0% der Antwortenden (59–66\u00a0%)"),
        (0.65, 0.62, 0.68, "fast zwei Drittel der Antwortenden (65\u00a0%, 62–68\u00a0%)"),
        (0.515, 0.49, 0.54, "gut die Hälfte der Antwortenden (52\u00a0%, 49–54\u00a0%)"),
        (0.25, 0.24, 0.26, "etwa ein Viertel der Antwortenden (25\u00a0%, 24–26\u00a0%)"),
        (0.65, 0.50, 0.78, "etwa zwei Drittel der Antwortenden (65\u00a0%, 50–78\u00a0%)"),
        (1.0, 0.97, 1.0, "alle Antwortenden (100\u00a0%, 97–100\u00a0%)"),
        (0.98, 0.96, 0.99, "fast alle Antwortenden (98\u00a0%, 96–99\u00a0%)"),
        (0.0, 0.0, 0.02, "niemand unter den Antwortenden (0\u00a0%, 0–2\u00a0%)"),
    ],
)
def test_a_share_is_said_as_a_fraction_people_know(
    value: float, low: float, high: float, german: str
) -> None:
    assert GERMAN.share_of(value, low, high, "those_answering")[0] == german


def test_english_says_the_same() -> None:
    text, plural = ENGLISH.share_of(0.65, 0.62, 0.68, "those_answering")
    assert (text, plural) == ("almost two thirds of those who answered (65%, 62–68%)", True)


def test_german_verbs_agree_with_their_fraction() -> None:
    assert GERMAN.share_of(0.26, 0.24, 0.28, "those_answering")[1] is False  # ein Viertel nennt
    assert GERMAN.share_of(0.76, 0.74, 0.78, "those_answering")[1] is True  # drei Viertel nennen


def test_numbers_follow_the_language() -> None:
    assert (GERMAN.number(1750), ENGLISH.number(1750)) == ("1.750", "1,750")
    assert (GERMAN.percent(0.634), ENGLISH.percent(0.634)) == ("63\u00a0%", "63%")
    assert GERMAN.percent(0.004) == "<\u00a01\u00a0%"  # some is never none
    assert GERMAN.day("2012-07-17") == "17. Juli 2012"
    assert GERMAN.decimal(-0.04) == "0,0" and GERMAN.factor(0.55) == "0,55" and GERMAN.factor(2.0) == "2"
    assert GERMAN.small_percent(1e-7) == "<\u00a00,01\u00a0%" and GERMAN.interval(0.3, 0.3) == "fest"
    assert GERMAN.points(-0.12) == "12 Prozentpunkte" and GERMAN.points(0.01) == "1 Prozentpunkt"


def test_every_phrase_stands_in_both_languages_with_the_same_parts() -> None:
    for name, phrase in PHRASES.items():
        assert set(phrase) == {"de", "en"}, name
        parts = {language: set(re.findall(r"{(\w+)}", text)) for language, text in phrase.items()}
        assert parts["de"] == parts["en"], name


def test_no_phrase_replaces_another_one_of_the_same_name() -> None:
    assert len(PHRASES) == sum(
        map(len, (OWN_PHRASES, PROSE, ADVICE, TERMS, CAPTIONS, STORY, CORRECTED, FILE_WORDS))
    )


def evidence_of(questionnaire: Questionnaire, count: int, language: str = "de", seed: int = 1) -> Evidence:
    returns = fake_returns(questionnaire, count, seed)
    results = Results(
        questionnaire, returns["marks"], returns["outcomes"], returns["cases"], returns["ledger"]
    )
    return Evidence(results, language)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return evidence_of(segeberg(), 300)


def everything(evidence: Evidence) -> list[Finding]:
    found = response_findings(evidence) + need_findings(evidence) + combination_findings(evidence)
    found += office_findings(evidence) + unknown_findings(evidence)
    return found + [one for item in evidence.questionnaire.items for one in item_findings(evidence, item)]


def test_every_sentence_rests_on_numbers_that_may_be_shown(evidence: Evidence) -> None:
    table = evidence.results.estimates.set_index("key")
    for finding in everything(evidence):
        assert table.loc[list(finding.keys), "shown"].all(), finding


def test_every_share_in_a_sentence_carries_an_interval(evidence: Evidence) -> None:
    for finding in everything(evidence):
        if finding.keys and not any(key.startswith("returned") for key in finding.keys):
            shares = len(re.findall(r"\d\u00a0%", finding.text))
            assert shares == 0 or "–" in finding.text, finding


def test_german_and_english_tell_the_same_numbers() -> None:
    questionnaire = segeberg()
    told = {}
    for language in ("de", "en"):
        findings = everything(evidence_of(questionnaire, 120, language))
        told[language] = [finding.keys for finding in findings]
    assert told["de"] == told["en"]


def test_the_response_is_told_with_its_frame(evidence: Evidence) -> None:
    first = plain(response_findings(evidence)[0].text)
    assert first == "Angeschrieben wurden 1.750 Personen. 300 haben geantwortet, das sind\u00a017\u00a0%."


def small(offices: dict[str, int], needs: dict[str, int], unknown: int = 0) -> Evidence:
    """Evidence of a questionnaire with one need; so many returned and so many with the need, by office.

    Of `unknown` more nobody knows the office.
    """
    options = [{"code": 1, "label": "ja"}, {"code": 2, "label": "nein"}]
    items = [{"id": "need", "type": "single", "text": "Brauchen Sie das?", "options": options}]
    questionnaire = questionnaire_of(
        {
            "questionnaire": "mini",
            "population": {"stratum": "office", "frame": dict.fromkeys(offices, 500)},
            "need_areas": [{"id": "care", "label": "Betreuung", "need": {"need": [1]}}],
            "sections": [{"id": "s", "title": "S", "items": items}],
        }
    )
    names = [
        (f"{office}{n}", office, n < needs[office]) for office, count in offices.items() for n in range(count)
    ]
    names += [(f"?{n}", "", False) for n in range(unknown)]
    cases = CASES.frame([(name, name, office, "", 1, "") for name, office, _ in names])
    rows = OUTCOMES.frame([(name, "need", "answered", "1" if need else "2", "") for name, _, need in names])
    return Evidence(Results(questionnaire, MARKS.frame(), rows, cases, LEDGER.frame()), "de")


def test_offices_are_named_only_where_they_differ_beyond_chance() -> None:
    apart = office_findings(small({"Nord": 100, "Süd": 100}, {"Nord": 70, "Süd": 35}))
    assert plain(apart[0].text).startswith(
        "„Betreuung“: In Nord liegt der Anteil um 35 Prozentpunkte höher als in Süd"
    )
    alike = office_findings(small({"Nord": 100, "Süd": 100}, {"Nord": 50, "Süd": 46}))
    assert "kein Unterschied" in alike[0].text and not alike[0].keys


def test_small_offices_are_not_compared() -> None:
    found = office_findings(small({"Nord": 100, "Süd": 12}, {"Nord": 50, "Süd": 8}))
    assert "zu klein" in found[0].text


def test_waiting_doubts_make_the_report_interim() -> None:
    evidence = evidence_of(segeberg(), 60)
    assert evidence.is_interim
    assert any("noch ungeklärt" in finding.text for finding in unknown_findings(evidence))
    assert not small({"Nord": 20}, {"Nord": 10}).is_interim


MINI = {
    "questionnaire": "mini",
    "sections": [{"id": "s", "title": "S", "items": [
        {"id": "work", "type": "single", "text": "W", "options": [{"code": 1}, {"code": 2, "go_to": "age"}]},
        {"id": "hours", "type": "single", "text": "H", "options": [{"code": 1}, {"code": 2}]},
        {"id": "age", "type": "single", "text": "A", "options": [{"code": 1}, {"code": 2}]},
    ]}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("winner", "said"), [("answer", "mitgezählt"), ("routing", "gilt der Filter"), ("nobody", "Angabe fehlt")]
)
def test_answers_that_routing_skips_are_listed_with_the_rule_that_holds(winner: str, said: str) -> None:
    questionnaire = questionnaire_of(MINI | {"analysis": {"routing_wins": winner}})
    answers = [("work", "2"), ("hours", "1"), ("age", "1")]
    outcomes = OUTCOMES.frame([("c1", item, "answered", code, "") for item, code in answers])
    cases = CASES.frame([("c1", "c1", "", "", 1, "")])
    evidence = Evidence(Results(questionnaire, MARKS.frame(), outcomes, cases, LEDGER.frame()), "de")
    text = " ".join(found.text for found in unknown_findings(evidence))
    assert "1-mal" in text and "(Frage 2)" in text and said in text


def test_a_report_on_few_returns_says_in_plain_words_what_is_not_shown() -> None:
    said = {count: str(compose(evidence_of(segeberg(), count)).chapters[0]) for count in (64, 700)}
    assert "Wenige Antworten" in said[64] and "mindestens 10 Menschen" in said[64]
    assert "Wenige Antworten" not in said[700]


def test_no_chart_is_drawn_of_answers_that_nobody_gave_where_all_others_are_hidden() -> None:
    evidence = evidence_of(segeberg(), 40)
    for chart in compose(evidence).charts():
        assert re.search(r"[1-9]\d?\u00a0%", chart.alt) or chart.name in COUNTED, chart.name


def test_a_long_name_may_break_between_its_syllables() -> None:
    assert GERMAN.breakable("Kaltenkirchen") == "Kal\u00adten\u00adkir\u00adchen"
    assert GERMAN.breakable("Norderstedt") == "Nor\u00adder\u00adstedt"
    assert GERMAN.breakable("Bad Segeberg") == "Bad Segeberg"


@pytest.mark.parametrize(
    ("known", "rows"),
    [
        ({"Nord": 60, "Süd": 50}, ["Nord", "Süd", "Standort nicht bekannt", "gesamt"]),
        ({"Nord": 0, "Süd": 0}, []),
    ],
)
def test_a_questionnaire_that_does_not_tell_its_office_lowers_no_offices_response(
    known: dict[str, int], rows: list[str]
) -> None:
    found = small(known, dict.fromkeys(known, 30), unknown=14)
    assert len(response_findings(found)) == 1, "no office is said to have answered least"
    table = response_table(found)
    assert [row[0] for row in (table.rows if table else [])] == rows
    if table:
        assert plain(table.rows[-2][2]) == "14"
        assert "mindestens so hoch" in table.note
        whole = response_table(small(known, dict.fromkeys(known, 30)))
        assert whole and len(whole.rows) == 3
        assert len(response_findings(small(known, dict.fromkeys(known, 30)))) == 2
