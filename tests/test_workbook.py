"""Claims about one more table: an Excel workbook that tells what may be told, with bases and notes."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from fake_outcomes import fake_returns, segeberg

from survey.analysis.disclosure import Policy, protect
from survey.analysis.estimate import estimate_item
from survey.errors import UsageError
from survey.project.leaving import table_rows
from survey.reporting.evidence import Results
from survey.reporting.naming import domain_label
from survey.reporting.wording import Wording
from survey.reporting.workbook import blocks_of, write_workbook


@pytest.fixture(scope="module")
def results() -> Results:
    questionnaire = segeberg()
    returns = fake_returns(questionnaire, 300)
    return Results(questionnaire, returns["marks"], returns["outcomes"], returns["cases"], returns["ledger"])


@pytest.fixture(scope="module")
def rows(results: Results) -> pd.DataFrame:
    return table_rows(results, "children", ["office", "sex"])


def written(rows: pd.DataFrame, results: Results, path: Path, item: str = "children") -> str:
    """All text and all numbers of the workbook, as they stand in its XML."""
    write_workbook(lambda write: write(path), rows, results.questionnaire, item)
    with zipfile.ZipFile(path) as book:
        return "\n".join(
            book.read(name).decode() for name in sorted(book.namelist()) if name.endswith(".xml")
        )


def test_the_same_rows_give_the_same_bytes(rows: pd.DataFrame, results: Results, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        written(rows, results, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_number_that_is_not_shown_is_nowhere_in_the_workbook(
    rows: pd.DataFrame, results: Results, tmp_path: Path
) -> None:
    hidden = ~rows["shown"]
    assert hidden.any() and not hidden.all()
    other = rows.copy()
    other.loc[hidden, ["count", "base"]] = [424242, 434343]
    other.loc[hidden, ["value", "low", "high", "people"]] = 0.414243
    text = written(other, results, tmp_path / "other.xlsx")
    assert not re.search("424242|434343|414243", text)
    assert text == written(rows, results, tmp_path / "same.xlsx")
    assert "•" in text


def test_bases_intervals_and_notes_stand_in_the_workbook(
    rows: pd.DataFrame, results: Results, tmp_path: Path
) -> None:
    text = written(rows, results, tmp_path / "t.xlsx")
    words = Wording("de")
    assert words.say("base_row") in text and "korn-graubard" in text
    assert words.say("note_hidden", minimum="10") in text
    total = rows[(rows["domain"] == "all") & (rows["statistic"] == "share") & rows["shown"]].iloc[0]
    assert f"<v>{total['value']:.16G}</v>" in text and f"<v>{total['base']}</v>" in text


def test_lines_and_columns_are_named_in_words(rows: pd.DataFrame, results: Results) -> None:
    domains, blocks = blocks_of(rows, results.questionnaire, Wording("de"))
    labels = [domain_label(domain, results.questionnaire, Wording("de")) for domain in domains]
    assert labels[1:4] == ["Norderstedt", "Bad Segeberg", "Kaltenkirchen"]
    assert not any("=" in label for label in labels)
    assert "eines" in [line.label for line in blocks[0].lines]


def test_an_unknown_item_or_variable_is_named_with_a_way_out(results: Results) -> None:
    with pytest.raises(UsageError, match="childrn") as fault:
        estimate_item(results.responses, results.questionnaire, "childrn", [])
    assert "children" in fault.value.hint
    with pytest.raises(UsageError, match="does not divide"):
        estimate_item(results.responses, results.questionnaire, "children", ["moon"])


def test_what_a_published_table_kept_back_stays_out_of_the_next(rows: pd.DataFrame) -> None:
    hidden = set(rows.loc[~rows["shown"], "key"])
    assert hidden <= set(rows.loc[~protect(rows, Policy(10))["shown"], "key"])
