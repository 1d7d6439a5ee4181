"""Claims about the report's PDF for those who hear it: tags, alt texts, language, titles, and the order of reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from fake_outcomes import SEGEBERG, fake_returns, segeberg

from bench.validate import missing_programs, validate
from survey.reporting.blocks import DataTable, Document, Heading, plain
from survey.reporting.evidence import Results
from survey.reporting.report import build_report


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Document, Path]:
    questionnaire = segeberg()
    returns = fake_returns(questionnaire, 600)
    results = Results(
        questionnaire, returns["marks"], returns["outcomes"], returns["cases"], returns["ledger"]
    )
    document, pdf = build_report(results)
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    path.write_bytes(pdf)
    return document, path


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """The elements of a structure tree in the order in which they are read."""
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


@pytest.fixture(scope="module")
def read(made: tuple[Document, Path]) -> Iterator[list[pikepdf.Dictionary]]:
    with pikepdf.open(made[1]) as pdf:
        assert str(pdf.Root.Lang).startswith("de")
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        yield list(elements(pdf.Root.StructTreeRoot))


def test_chapters_headings_and_pictures_are_read_in_their_order(
    made: tuple[Document, Path], read: list[pikepdf.Dictionary]
) -> None:
    document = made[0]
    parts: list[list[pikepdf.Dictionary]] = []
    for one in read:
        if one.S == "/H1":
            parts.append([])
        elif parts:
            parts[-1].append(one)
    assert len(parts) == len(document.chapters)
    for chapter, part in zip(document.chapters, parts, strict=True):
        headings = [block for block in chapter.blocks if isinstance(block, Heading)]
        assert sum(one.S == "/H2" for one in part) >= len(headings)
        charts = replace(document, chapters=[chapter]).charts()
        heard = [str(one.Alt) for one in part if one.S == "/Figure" and "/Alt" in one]
        assert [alt for alt in heard if alt in {plain(chart.alt) for chart in charts}] == [
            plain(chart.alt) for chart in charts
        ]


def test_every_picture_says_what_it_shows_and_no_alt_text_is_empty(read: list[pikepdf.Dictionary]) -> None:
    pictures = [one for one in read if one.S == "/Figure"]
    assert len(pictures) > 20
    assert all(str(one.Alt).strip() for one in pictures)


def test_tables_have_head_cells_for_rows_and_columns(
    made: tuple[Document, Path], read: list[pikepdf.Dictionary]
) -> None:
    tables = [one for one in read if one.S == "/Table"]
    printed = [
        block for chapter in made[0].chapters for block in chapter.blocks if isinstance(block, DataTable)
    ]
    assert len(tables) >= len(printed)
    for table in tables:
        kinds = [str(one.S) for one in elements(table)]
        assert kinds.count("/TH") >= 1 and kinds.count("/TR") > 1


@pytest.mark.long
def test_vera_pdf_finds_no_broken_rule(made: tuple[Document, Path]) -> None:
    if missing_programs():
        pytest.skip(f"{' and '.join(missing_programs())} not here")
    verdicts = list(validate([made[1], SEGEBERG.with_suffix(".blank.pdf")]))
    assert len(verdicts) == 4
    assert [verdict for verdict in verdicts if not verdict.passed] == []
