"""Simulated piles, their serials not looked at -> how many cases come of them, and how many of two people's pages."""

from __future__ import annotations

import argparse
import json
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from survey.project import Project, ingest
from survey.project.compare import StoredReadings
from survey.project.returns import issue_of
from survey.questionnaire.load import load_questionnaire
from survey.reading.assemble import assemble
from survey.simulate import simulate

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "piles.json"
SHIPPED = "segeberg-2012"
AS_IT_LIES, FROM_THE_LAST = "as it lies", "from its last page on"
ISSUED_FOR_EACH = 2  # copies sent out for each that comes back


def main() -> None:
    """Simulate a batch of returns, read it once, and put its pages together either way; print and store the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--returned", type=int, default=180)
    parser.add_argument("--seed", type=int, default=81)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        project, truth = _read(Path(folder), asked.returned, asked.seed)
        found = {way: _put_together(project, truth, way) for way in (AS_IT_LIES, FROM_THE_LAST)}
    for way, counts in found.items():
        print(f"{way}: " + ", ".join(f"{count:,} {what}" for what, count in counts.items()))
    RESULTS.write_text(json.dumps({"seed": asked.seed, **found}, indent=2) + "\n")


def _read(root: Path, returned: int, seed: int) -> tuple[Project, pd.DataFrame]:
    """Simulate and read returns of the shipped questionnaire as if it had no codes; returns the truth of its pages."""
    shutil.copytree(ROOT / "schemas", root / "schemas")
    path = root / "schemas" / f"{SHIPPED}.yaml"
    questionnaire = load_questionnaire(path)
    done = simulate(
        questionnaire, root / "scans", root / "truth",
        issued=ISSUED_FOR_EACH * returned, returned=returned, seed=seed, jobs=os.cpu_count() or 1,
    )  # fmt: skip
    path.write_text(
        path.read_text("utf-8").replace(f"code: {questionnaire.schema.code}", "code: ''"), "utf-8"
    )
    path.with_suffix(".cases.csv").unlink()
    project = Project(root)
    ingest(project, root / "scans")
    return project, done.pages


def _put_together(project: Project, truth: pd.DataFrame, way: str) -> dict[str, int]:
    """Put the pages of a project into cases, its piles turned round or not; returns counts of cases."""
    questionnaire = project.questionnaire(SHIPPED)
    pages = project.cache.pages(project.cache.shards())
    if way == FROM_THE_LAST:
        last = truth.groupby("scan")["page"].max()
        pages, truth = (
            part.assign(page=part["scan"].map(last) + 1 - part["page"]) for part in (pages, truth)
        )
    judge = StoredReadings(project, pages, {SHIPPED: questionnaire}).judge()
    ledger = assemble(pages, {SHIPPED: issue_of(questionnaire)}, judge)
    read = ledger[ledger["place"] == "read"].merge(truth, on=["scan", "page"], suffixes=("", "_true"))
    return {
        "people": int(read["case_true"].nunique()),
        "cases": int(read["case"].nunique()),
        "of two people": int((read.groupby("case")["case_true"].nunique() > 1).sum()),
        "people in parts": int((read.groupby("case_true")["case"].nunique() > 1).sum()),
    }


if __name__ == "__main__":
    main()
