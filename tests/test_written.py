"""Claims about free texts: the last word stands, names are black, and few are never counted."""

from __future__ import annotations

import pandas as pd
import pytest
from fake_outcomes import questionnaire_of, segeberg

from survey.analysis.themes import count_themes
from survey.questionnaire.model import Questionnaire
from survey.reading.outcomes import BLACKED_OUT, NAME_BEGINS, NAME_ENDS
from survey.reading.written import written_texts
from survey.reporting.blocks import Figures, Paragraph, Quotes
from survey.reporting.evidence import Evidence, Results
from survey.reporting.voices import quotes_of, tell_voices
from survey.tables import CASES, LEDGER, MARKS, OUTCOMES, WRITTEN

ITEM = "most_important"


def said(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Adjudications from (id, page_digest, state, value); a withdrawal names in `value` what it takes back."""
    columns = ["id", "page_digest", "state", "value"]
    table = pd.DataFrame(list(rows), columns=columns, dtype="str")
    gone = table["value"].where(table["state"] == "withdrawn", "")
    return table.assign(box="", item=ITEM, withdraws=gone)


def marks(*cases: str) -> pd.DataFrame:
    return pd.DataFrame({"page_digest": [f"d{case}" for case in cases], "case": list(cases)}, dtype="str")


def test_the_last_word_that_stands_is_kept_with_its_themes() -> None:
    rows = said(
        ("1", "dA", "", "Ein Bus"), ("2", "dA", "themes", "mobility"), ("3", "dA", "print", "yes"),
        ("4", "dA", "", "Ein Zug"), ("5", "dB", "", "Nichts"), ("6", "dB", "withdrawn", "5"),
    )  # fmt: skip
    table = written_texts(rows, marks("A", "B"), segeberg())
    assert table.to_dict("records") == [
        {"case": "A", "item": ITEM, "text": "Ein Zug", "themes": "mobility", "may_print": True}
    ]


def test_a_name_is_black_and_an_erased_text_is_gone() -> None:
    rows = said(
        ("1", "dA", "", f"Bei {NAME_BEGINS}Frau Muster{NAME_ENDS} war es gut"),
        ("2", "dB", "erased", "was hier stand"), ("3", "dB", "print", "yes"),
    )  # fmt: skip
    table = written_texts(rows, marks("A", "B"), segeberg())
    assert table["text"].tolist() == [f"Bei {BLACKED_OUT} war es gut"] and not table["may_print"].any()


def many(*counts: tuple[str, int]) -> pd.DataFrame:
    rows = [
        (f"{themes}{n}", ITEM, f"Satz {n} zu {themes} genug", themes, True)
        for themes, count in counts
        for n in range(count)
    ]
    return WRITTEN.frame(rows)


def test_themes_are_counted_by_hand() -> None:
    """12 of 20 texts: Clopper & Pearson give .361 to .809 (as printed in tables of the binomial)."""
    table = count_themes(many(("care", 12), ("mobility care", 0), ("money", 8)), segeberg())
    first = table.iloc[0]
    assert (first["theme"], first["count"], first["base"]) == ("care", 12, 20)
    assert (round(first["low"], 3), round(first["high"], 3)) == (0.361, 0.809)


def test_a_theme_of_few_texts_is_hidden_and_so_is_one_of_nearly_all() -> None:
    table = count_themes(many(("care", 40), ("money", 9)), segeberg()).set_index("theme")
    assert not table.loc["money", "shown"] and not table.loc["care", "shown"]  # 9 did not write of care


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    written = many(("care", 30), ("mobility", 25), ("", 3))
    secret = [("x1", ITEM, f"Frau {BLACKED_OUT} hat mir sehr geholfen", "care", True)]
    secret += [("x2", ITEM, "Das soll niemand lesen dürfen", "care", False)]
    table = WRITTEN.frame(pd.concat([written, WRITTEN.frame(secret)], ignore_index=True))
    questionnaire: Questionnaire = segeberg()
    cases = CASES.frame([(f"c{n}", f"c{n}", "", "", 6, "") for n in range(80)])
    rows = OUTCOMES.frame([(f"c{n}", ITEM, "answered", "written", "") for n in range(80)])
    found = Results(questionnaire, MARKS.frame(), rows, cases, LEDGER.frame(), written=table)
    return Evidence(found, "de")


def test_only_cleared_texts_are_quoted_and_a_black_name_leaves_a_gap(evidence: Evidence) -> None:
    quotes = quotes_of(evidence, evidence.items[ITEM])
    assert [one.title for one in quotes] == [
        "Stimmen zu „Kinderbetreuung“",
        "Stimmen zu „Wege und Mobilität“",
        "Weitere Stimmen",
    ]
    everything = str(quotes)
    assert "Frau […] hat mir sehr geholfen" in everything and "niemand lesen" not in everything
    assert BLACKED_OUT not in everything and all(len(one.quotes) <= 4 for one in quotes)


def test_the_chapter_counts_themes_with_intervals_and_says_how_many_are_unread(evidence: Evidence) -> None:
    blocks = tell_voices(evidence).blocks
    figure = next(block for block in blocks if isinstance(block, Figures))
    assert "53\u00a0%\u00a0(40–66\u00a0%) der Texte handeln von „Kinderbetreuung“" in figure.leads[0]
    assert any(
        isinstance(block, Paragraph) and block.text.startswith("20 Texte sind noch nicht") for block in blocks
    )
    assert any(isinstance(block, Quotes) for block in blocks)


def test_without_texts_there_is_no_chapter() -> None:
    questionnaire = questionnaire_of(
        {"questionnaire": "mini", "sections": [{"id": "s", "title": "S", "items": [
            {"id": "w", "type": "single", "text": "W", "options": [{"code": 1}]}]}]}
    )  # fmt: skip
    found = Results(questionnaire, MARKS.frame(), OUTCOMES.frame(), CASES.frame(), LEDGER.frame())
    assert not tell_voices(Evidence(found, "de")).blocks
