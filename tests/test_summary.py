"""Claims about the first page: plain language by a measure, one subject a point, nothing without its interval."""

from __future__ import annotations

import re

import pytest
from fake_outcomes import fake_returns, segeberg

from survey.reporting.blocks import Callout, Chapter, KeyFigures, Points
from survey.reporting.evidence import Evidence, Results
from survey.reporting.marked import plain
from survey.reporting.summary import summarise

PLAIN = 45.0
"""LIX (Björnsson 1968) below which a text is easy to read for most adults."""


def lix(text: str) -> float:
    """Words a sentence, plus per cent of words of over six letters; a colon ends a sentence, a number is a word."""
    words = re.findall(r"[\w–%]+", re.sub(r"\u00a0", "", text))
    sentences = re.findall(r"[.:!?](?=\s|$|[“”])", re.sub(r"(\d)[.,](\d)", r"\1\2", text))
    long = [word for word in words if len(word) > 6 and not re.search(r"\d", word)]
    return len(words) / max(len(sentences), 1) + 100 * len(long) / len(words)


def evidence_of(returned: int, language: str = "de") -> Evidence:
    questionnaire = segeberg()
    found = fake_returns(questionnaire, returned)
    tables = found["marks"], found["outcomes"], found["cases"], found["ledger"]
    return Evidence(Results(questionnaire, *tables), language)


@pytest.fixture(scope="module")
def page() -> Chapter:
    return summarise(evidence_of(600))


def words_of(page: Chapter) -> str:
    parts = [text for block in page.blocks if isinstance(block, Points) for _, text in block.points]
    parts += [block.text for block in page.blocks if isinstance(block, Callout)]
    return plain(" ".join(parts))


def test_the_measure_is_lix() -> None:
    assert lix("Das ist gut. Das ist es.") == 3.0
    assert lix("Kinderbetreuung fehlt.") == 2 + 50


@pytest.mark.parametrize("returned", [64, 600])
def test_the_summary_is_easy_to_read(returned: int) -> None:
    assert lix(words_of(summarise(evidence_of(returned)))) < PLAIN


def test_every_share_in_the_summary_stands_with_its_interval(page: Chapter) -> None:
    """But the response, which is counted."""
    for block in page.blocks:
        if isinstance(block, Points):
            for label, text in block.points:
                shares = len(re.findall(r"\d\u00a0%", plain(text))) - len(
                    re.findall(r"–\d+\u00a0%", plain(text))
                )
                assert label == "Rücklauf" or shares == len(re.findall(r"–\d+\u00a0%", plain(text))), text


def test_need_areas_come_by_size(page: Chapter) -> None:
    points = next(block for block in page.blocks if isinstance(block, Points)).points
    figures = next(block for block in page.blocks if isinstance(block, KeyFigures)).figures[1:]
    sizes = {
        figure.label: int(re.sub(r"\D", "", plain(figure.value).replace("\u00a0", ""))) for figure in figures
    }
    order = [sizes[label] for label, _ in points if label in sizes]
    assert len(order) == 4 and order == sorted(order, reverse=True)


def test_the_summary_says_what_is_not_known(page: Chapter) -> None:
    assert "1.150 Menschen haben nicht geantwortet" in words_of(page)


def test_where_a_number_is_hidden_no_rank_is_claimed_without_reservation() -> None:
    """With few returns the commonest answers of all may be among those that are not shown."""
    few = evidence_of(40)
    hidden = {area.id for area in few.questionnaire.schema.need_areas if not few.find(f"need_{area.id}")}
    points = dict(next(block for block in summarise(few).blocks if isinstance(block, Points)).points)
    assert points["Bedarf"].startswith("Soweit gezeigt: ") == bool(hidden)
    assert any("Soweit gezeigt: " in text for text in points.values())
    many = words_of(summarise(evidence_of(600)))
    assert "Soweit gezeigt" not in many
