"""Claims about SPSS and Stata files: labels and missing reasons arrive, and the same table gives the same bytes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest
from fake_outcomes import fake_returns, segeberg

from survey.errors import UsageError
from survey.files import write_whole_with
from survey.project import leaving
from survey.project.folder import Project
from survey.reporting.evidence import Results
from survey.reporting.exports import EXPORTS
from survey.reporting.labelled import LABELLED, write_labelled


@pytest.fixture(scope="module")
def results() -> Results:
    questionnaire = segeberg()
    found = fake_returns(questionnaire, 80)
    return Results(questionnaire, found["marks"], found["outcomes"], found["cases"], found["ledger"])


def written(results: Results, path: Path, what: str = "wide") -> tuple[pd.DataFrame, Any]:
    write_labelled(
        partial(write_whole_with, path), EXPORTS[what](results), results.questionnaire, path.suffix
    )
    read = pyreadstat.read_sav if path.suffix == ".sav" else pyreadstat.read_dta
    return read(path, user_missing=True)


def test_spss_has_wordings_labels_and_ranges_of_missing_codes(results: Results, tmp_path: Path) -> None:
    table, about = written(results, tmp_path / "wide.sav")
    wide = EXPORTS["wide"](results)
    assert table["children"].tolist() == wide["children"].astype(float).tolist()
    assert about.column_names_to_labels["children"] == "Wie viele Kinder unter 15 Jahren leben bei Ihnen?"
    labels = about.variable_value_labels["children"]
    assert (labels[1.0], labels[-1.0], labels[-2.0]) == ("eines", "keine Angabe", "trifft nicht zu (Filter)")
    assert about.missing_ranges["children"] == [{"lo": -6.0, "hi": -1.0}]
    assert {"lo": 99.0, "hi": 99.0} in about.missing_ranges["sex"]
    assert about.missing_ranges["else_to_say"] == [{"lo": "-1", "hi": "-1"}]


def test_without_user_missing_values_spss_reads_them_as_missing(results: Results, tmp_path: Path) -> None:
    written(results, tmp_path / "wide.sav")
    table, _ = pyreadstat.read_sav(tmp_path / "wide.sav")
    wide = EXPORTS["wide"](results)
    assert table["youngest"].isna().sum() == (wide["youngest"] < 0).sum() > 0


def test_stata_tells_missing_reasons_apart_by_letters(results: Results, tmp_path: Path) -> None:
    table, about = written(results, tmp_path / "wide.dta")
    wide = EXPORTS["wide"](results)
    for code, letter in {-1: "a", -2: "b"}.items():
        assert (table["youngest"] == letter).sum() == (wide["youngest"] == code).sum() > 0
    assert about.variable_value_labels["youngest"]["b"] == "trifft nicht zu (Filter)"
    assert all(len(label) <= 80 for label in about.column_labels if label)


@pytest.mark.parametrize("what", LABELLED)
@pytest.mark.parametrize("suffix", [".sav", ".dta"])
def test_every_table_with_one_row_a_case_can_be_written_twice_alike(
    results: Results, tmp_path: Path, what: str, suffix: str
) -> None:
    table, _ = written(results, tmp_path / f"a{suffix}", what)
    written(results, tmp_path / f"b{suffix}", what)
    assert len(table) == 80
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_only_one_row_a_case_of_one_questionnaire_can_be_written(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "results", lambda *_: results)
    project = Project(tmp_path)
    for what, names in (("estimates", ["q"]), ("wide", ["q", "r"])):
        with pytest.raises(UsageError, match="one row a case of one questionnaire"):
            leaving.export(project, what, tmp_path / "x.sav", names)
    assert not (tmp_path / "x.sav").exists()
