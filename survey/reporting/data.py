"""Results -> the files of a report's data/: tables, SPSS, Stata, codebook, DDI; to give away, or for the office."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from survey.analysis.coding import variables
from survey.analysis.microdata import released
from survey.questionnaire.model import say
from survey.reporting.codebook import codebook_page
from survey.reporting.ddi import DataFile, ddi_codebook
from survey.reporting.evidence import Evidence
from survey.reporting.exports import EXPORTS
from survey.reporting.labelled import SPSS, STATA, multiple_response_syntax, write_labelled

Files = dict[str, bytes]
"""Path inside a report's folder -> content."""
ToCsv = Callable[[pd.DataFrame], bytes]
FOLDER = "data"


def public_data(evidence: Evidence, to_csv: ToCsv) -> Files:
    """What may leave the office: the report's numbers, the codebook, and rows of cases where the schema names keys.

    Those rows are shuffled, k-anonymous, and without any variable that would tell a number kept back.
    """
    results = evidence.results
    files = _table("estimates", EXPORTS["estimates"](results), to_csv)
    files[f"{FOLDER}/codebook.csv"] = to_csv(EXPORTS["codebook"](results))
    if not evidence.questionnaire.schema.disclosure.keys or not evidence.returned:
        return files | _described(evidence, None)
    rows = released(results.responses, evidence.questionnaire, results.estimates)
    files |= _cases("microdata", rows, evidence, to_csv)
    return files | _described(evidence, DataFile("microdata.csv", len(rows), list(rows.columns)))


def internal_data(evidence: Evidence, to_csv: ToCsv) -> Files:
    """What stays inside: every case with its name and everything it answered, free text as it was typed.

    And, where a report was published before, what was corrected in the schema since, in exact sentences.
    """
    results = evidence.results
    wide = EXPORTS["wide"](results)
    files = _cases("wide", wide, evidence, to_csv)
    files |= _table("tidy", EXPORTS["responses"](results), to_csv)
    files |= _table("weights", EXPORTS["weights"](results), to_csv)
    files |= _table("estimates", EXPORTS["estimates"](results), to_csv)
    files[f"{FOLDER}/codebook.csv"] = to_csv(EXPORTS["codebook"](results))
    if results.since:
        exact = [(one.touches, one.about, one.text) for one in results.since.changes]
        files[f"{FOLDER}/changes.csv"] = to_csv(pd.DataFrame(exact, columns=["touches", "about", "change"]))
    return files | _described(evidence, DataFile("wide.csv", len(wide), list(wide.columns)))


def _table(name: str, table: pd.DataFrame, to_csv: ToCsv) -> Files:
    """A table as CSV and as Parquet, which keeps its types."""
    target = io.BytesIO()
    table.to_parquet(target, index=False)
    return {f"{FOLDER}/{name}.csv": to_csv(table), f"{FOLDER}/{name}.parquet": target.getvalue()}


def _cases(name: str, rows: pd.DataFrame, evidence: Evidence, to_csv: ToCsv) -> Files:
    """One row a case in every format: CSV, Parquet, SPSS with its syntax, Stata; and the same as a long table."""
    questionnaire = evidence.questionnaire
    files = _table(name, rows, to_csv)
    if name != "wide":
        files |= _table(f"{name}-tidy", _long(rows, evidence), to_csv)
    for kind in (SPSS, STATA) if len(rows) else ():
        files[f"{FOLDER}/{name}{kind}"] = _labelled(rows, evidence, kind)
    files[f"{FOLDER}/{name}.sps"] = multiple_response_syntax(
        questionnaire, list(rows.columns), f"{name}{SPSS}"
    )
    return files


def _labelled(rows: pd.DataFrame, evidence: Evidence, kind: str) -> bytes:
    """The bytes of a file that its library only writes to a path."""
    with tempfile.TemporaryDirectory(prefix="survey-") as folder:
        path = Path(folder) / f"file{kind}"
        write_labelled(lambda write: write(path), rows, evidence.questionnaire, kind)
        return path.read_bytes()


def _long(rows: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """One row a case and variable: number of the row, variable, code, value label in the report's language."""
    labels = {
        (one.name, code): say(label, evidence.words.language)
        for one in variables(evidence.questionnaire)
        for code, label in one.value_labels().items()
    }
    numbered = rows.astype("str").assign(row=range(1, len(rows) + 1))
    long = numbered.melt("row", var_name="variable", value_name="code").sort_values("row", kind="stable")
    pairs = zip(long["variable"], long["code"], strict=True)
    return long.assign(label=[labels.get(pair, "") for pair in pairs]).reset_index(drop=True)


def _described(evidence: Evidence, file: DataFile | None) -> Files:
    """The codebook as a page and as DDI; of the table of cases, where there is one."""
    columns = None if file is None else file.columns
    return {
        f"{FOLDER}/codebook.html": codebook_page(evidence, columns).encode("utf-8"),
        f"{FOLDER}/ddi.xml": ddi_codebook(evidence, file),
    }
