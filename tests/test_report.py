"""Claims about the report: conforming, reproducible, complete, and no number where none may be shown."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pikepdf
import pytest
from fake_outcomes import fake_returns, segeberg

from survey.questionnaire.model import Questionnaire
from survey.reporting.blocks import DataTable, Document, Figures
from survey.reporting.chapters import compose
from survey.reporting.chart_file import standalone
from survey.reporting.charts import ACCENTS, Bar, Frame, bar_chart
from survey.reporting.evidence import Evidence, Results
from survey.reporting.exports import EXPORTS, MARK_COLUMNS
from survey.reporting.printed import TEMPLATE
from survey.reporting.report import PUBLIC, build_report, write_report
from survey.reporting.wording import Wording


@pytest.fixture(scope="module")
def results() -> Results:
    questionnaire = segeberg()
    returns = fake_returns(questionnaire, 64)
    return Results(questionnaire, returns["marks"], returns["outcomes"], returns["cases"], returns["ledger"])


@pytest.fixture(scope="module")
def document(results: Results) -> Document:
    return compose(Evidence(results, "de"))


@pytest.fixture(scope="module")
def written(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    written = write_report(results, folder)
    assert written.first == folder / "report.pdf"
    assert all(path.exists() for path in written.files[PUBLIC])
    return folder


def test_the_pdf_is_tagged_titled_and_in_german(written: Path) -> None:
    with pikepdf.open(written / "report.pdf") as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("de")
        metadata = pdf.open_metadata()
        assert metadata["dc:title"] == "Was Alleinerziehende im Kreis Segeberg brauchen"
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")


def test_every_figure_has_an_alt_text(written: Path, document: Document) -> None:
    with pikepdf.open(written / "report.pdf") as pdf:
        alts = [
            str(thing.Alt)
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary)
            and "/S" in thing
            and thing.S == "/Figure"
            and "/Alt" in thing
        ]
    charts = document.charts()
    assert len(charts) > 20
    assert {chart.alt for chart in charts} <= set(alts)


def test_two_runs_give_the_same_bytes(written: Path, results: Results) -> None:
    again = Results(results.questionnaire, results.marks, results.outcomes, results.cases, results.ledger)
    assert build_report(again)[1] == (written / "report.pdf").read_bytes()


def test_english_and_german_reports_have_the_same_parts(results: Results, document: Document) -> None:
    def shape(report: Document) -> list[list[str]]:
        return [[block.kind for block in chapter.blocks] for chapter in report.chapters]

    english = compose(Evidence(results, "en"))
    assert shape(document) == shape(english)
    assert english.chapters[0].title == "The main results on one page"


def test_every_item_has_a_table(results: Results, document: Document) -> None:
    appendix = next(chapter for chapter in document.chapters if chapter.name == "tables")
    tables = [block.title for block in appendix.blocks if isinstance(block, DataTable)]
    for number in range(1, len(results.questionnaire.items) + 1):
        assert any(title.startswith(f"Frage {number}. ") for title in tables), number


def test_half_charts_stand_in_pairs(document: Document) -> None:
    for chapter in document.chapters:
        for block in chapter.blocks:
            if isinstance(block, Figures):
                assert len(block.charts) == len(block.leads)
                assert sum(chart.width_mm for chart in block.charts) <= 160


def test_a_number_that_may_not_be_shown_is_in_no_table(results: Results) -> None:
    hidden = results.estimates[~results.estimates["shown"]]
    assert len(hidden)
    exported = EXPORTS["estimates"](results).set_index("key")
    assert exported.loc[hidden["key"], ["count", "value", "low", "high"]].isna().all(axis=None)


def sums_in(template: str) -> list[str]:
    """Lines that calculate; a number with its unit (width * 1mm) and the joining of content are layout."""
    code = re.sub(r"//.*|\"[^\"]*\"", "", template)
    return [line for line in code.splitlines() if re.search(r"\w\s*[*/]\s*(?!1mm)\w|\d\s*-\s*\d", line)]


def test_the_template_does_no_arithmetic() -> None:
    assert sums_in(TEMPLATE.read_text(encoding="utf-8")) == []
    assert sums_in("#(row.count / row.base)\n#(value * 100)\n#(100 - 7)") != []


NUMBERS = {
    "count",
    "base",
    "value",
    "se",
    "low",
    "high",
    "low_worst",
    "high_worst",
    "people",
    "p",
    "p_adjusted",
}
SPEAKING = ["blocks", "chapters", "grounds", "narrative", "pictures", "printed_tables", "workbook"]
"""Modules that turn rows of ESTIMATES into sentences, tables and charts."""


def calculations_in(source: str) -> list[str]:
    """Places where a number of a row is added, subtracted, multiplied or divided."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
            sides = [one for one in (node.left, node.right) if isinstance(one, ast.Attribute)]
            sides += [one.value for one in (node.left, node.right) if isinstance(one, ast.Subscript)]
            found += [
                ast.unparse(node) for one in sides if isinstance(one, ast.Attribute) and one.attr in NUMBERS
            ]
    return found


@pytest.mark.parametrize("module", SPEAKING)
def test_reporting_calculates_nothing_from_estimates(module: str) -> None:
    source = (TEMPLATE.parents[1] / f"{module}.py").read_text(encoding="utf-8")
    assert calculations_in(source) == []
    assert calculations_in("outstanding = row.base - row.count") != []


def test_a_chart_file_stands_on_its_own() -> None:
    frame = Frame("x", "Frage 1. Was fehlt & wem?", "Basis: n = 40.", ACCENTS[0])
    picture = standalone(bar_chart(frame, [Bar("Bus", 0.5, 0.4, 0.6)], Wording("de")))
    text = "".join(ElementTree.fromstring(picture).itertext())
    assert "Was fehlt & wem?" in text and "Basis: n = 40." in text


def test_exports_have_the_promised_columns(results: Results) -> None:
    assert list(EXPORTS["marks"](results).columns) == MARK_COLUMNS
    wide = EXPORTS["wide"](results)
    assert len(wide) == 64 and {"case", "stratum", "hours_wished", "care_gap_mon_h07"} <= set(wide.columns)
    assert len(EXPORTS["responses"](results)) == 64 * (len(wide.columns) - 3)


def test_nothing_about_a_single_case_lies_beside_the_report(results: Results, written: Path) -> None:
    names = set(results.cases["case"])
    for path in written.rglob("*.csv"):
        assert not names & set(pd.read_csv(path, dtype=str).stack())


def test_nothing_returned_still_makes_a_report() -> None:
    questionnaire: Questionnaire = segeberg()
    empty = {name: table.iloc[:0] for name, table in fake_returns(questionnaire, 2).items()}
    results = Results(questionnaire, empty["marks"], empty["outcomes"], empty["cases"], empty["ledger"])
    assert build_report(results)[1].startswith(b"%PDF")
