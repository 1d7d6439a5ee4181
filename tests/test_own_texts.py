"""Claims about the analyst's own texts: they stand between ours, and no unknown or stale number gets through."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_outcomes import fake_returns, segeberg

from survey.errors import UsageError
from survey.reporting.blocks import BulletList, Callout, Figures, Heading, Paragraph
from survey.reporting.chapters import compose
from survey.reporting.evidence import Evidence, OwnText, Results
from survey.reporting.marked import plain, spans
from survey.reporting.own_texts import read_blocks

EDGES = "care_gap_edge_of_day"


@pytest.fixture(scope="module")
def results() -> Results:
    questionnaire = segeberg()
    found = fake_returns(questionnaire, 600)
    return Results(questionnaire, found["marks"], found["outcomes"], found["cases"], found["ledger"])


@pytest.fixture(scope="module")
def evidence(results: Results) -> Evidence:
    return Evidence(results, "de")


def text(markdown: str, name: str = "childcare.md") -> OwnText:
    return OwnText(f"texts/segeberg-2012/{name}", markdown)


def report_with(results: Results, *texts: OwnText, language: str = "de") -> Evidence:
    known = replace(results, texts=texts)
    known.__dict__["estimates"] = results.estimates  # computed once is enough
    return Evidence(known, language)


def test_headings_paragraphs_lists_and_quotes_become_blocks(evidence: Evidence) -> None:
    blocks = read_blocks(
        evidence, text("## Hort\n\nEin *schöner*\nSatz.\n\n- eins\n- zwei\n\n1. a\n\n> Merke")
    )
    assert blocks == [
        Heading("Hort"),
        Paragraph("Ein schöner Satz."),
        BulletList(["eins", "zwei"]),
        BulletList(["a"], is_numbered=True),
        Callout("", "Merke"),
    ]


def test_a_number_is_quoted_by_key_and_keeps_it(evidence: Evidence) -> None:
    row = evidence.find(EDGES)
    assert row
    block = read_blocks(evidence, text(f"Es sind {{{{{EDGES}.share}}}} von {{{{ {EDGES}.base }}}}."))[0]
    assert isinstance(block, Paragraph)
    assert plain(block.text) == f"Es sind {plain(evidence.brief(row))} von {row.base}."
    assert [span.key for span in spans(block.text) if span.key] == [f"{EDGES}=1@all"] * 2


def test_a_share_is_told_in_words_with_its_interval(evidence: Evidence) -> None:
    block = read_blocks(evidence, text("{{need_mobility.words}} {{hours_wished=mean.mean}}"))[0]
    assert isinstance(block, Paragraph) and "der Antwortenden (" in block.text and "–" in block.text


@pytest.mark.parametrize(
    ("markdown", "line", "said"),
    [
        ("Ein Satz.\n\nNoch {{childcare_edge.share}} einer.", 3, "there is no number childcare_edge"),
        ("{{need_childcare@office=Nowhere.share}}", 1, "there is no number"),
        ("{{need_childcare.colour}}", 1, "nothing of a number is called 'colour'"),
        ("{{need_childcare.mean}}", 1, "is a share"),
        ("a\nb {{need_childcare.share | 1 %}}", 2, "the text was written for 1 %"),
        ("Satz\n\n![x](y.png)", 3, "words only"),
        ("Satz\n\n---\n", 3, "no block"),
    ],
)
def test_a_fault_names_file_and_line(evidence: Evidence, markdown: str, line: int, said: str) -> None:
    with pytest.raises(UsageError) as fault:
        read_blocks(evidence, text(markdown))
    assert said in str(fault.value) and f"childcare.md:{line}" in str(fault.value)


def test_a_hidden_number_is_an_error(evidence: Evidence) -> None:
    hidden = evidence.results.estimates.query("not shown and statistic == 'share'")["key"].iloc[0]
    with pytest.raises(UsageError, match="may not be shown"):
        read_blocks(evidence, text(f"{{{{{hidden}.share}}}}"))


def test_a_number_that_has_not_moved_passes(evidence: Evidence) -> None:
    row = evidence.find("need_childcare")
    assert row
    expected = plain(evidence.percent(row)).replace("\u00a0", " ")
    assert read_blocks(evidence, text(f"{{{{need_childcare.percent | {expected}}}}}"))


def test_texts_stand_at_start_end_behind_an_item_and_as_a_chapter(results: Results) -> None:
    told = report_with(
        results,
        text("Anfang."),
        text("Schluss.", "childcare.end.md"),
        text("Dazu.", "childcare.care_gap.md"),
        text("# Ausblick\n\nMehr.", "after-offices.md"),
    )
    document = compose(told)
    childcare = next(chapter for chapter in document.chapters if chapter.name == "childcare")
    assert childcare.blocks[0] == Paragraph("Anfang.") and childcare.blocks[-1] == Paragraph("Schluss.")
    behind = childcare.blocks[childcare.blocks.index(Paragraph("Dazu.")) - 1]
    assert isinstance(behind, Figures) and behind.charts[0].name == "care_gap-groups"
    names = [chapter.name for chapter in document.chapters]
    assert names.index("after-offices") == names.index("offices") + 1
    assert document.chapters[names.index("after-offices")].title == "Ausblick"


def test_a_text_of_another_language_is_left_out(results: Results) -> None:
    english = text("Beginning.", "childcare.en.md")
    assert Paragraph("Beginning.") not in compose(report_with(results, english)).chapters[2].blocks
    told = compose(report_with(results, english, language="en")).chapters[2].blocks
    assert told[0] == Paragraph("Beginning.")


@pytest.mark.parametrize(
    "name", ["childcar.md", "childcare.nothing.md", "childcare.end.more.md", "after-offices.md"]
)
def test_a_file_that_leads_nowhere_is_an_error(results: Results, name: str) -> None:
    with pytest.raises(UsageError) as fault:
        compose(report_with(results, text("Satz.", name)))
    assert f"{name}:1" in str(fault.value)
