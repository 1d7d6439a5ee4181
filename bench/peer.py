"""The pages on which we race SDAPS -> silent errors, doubts, serials and CPU time beside SDAPS's figures.

The pages are looked for in the folder SURVEY_SCANS_PEER or in ../shared/scans-peer; without them the race is skipped.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from pathlib import Path

import pandas as pd

from bench.error_sheets import write_error_sheet
from survey import project as verbs
from survey.files import read_csv

RESULTS = Path(__file__).parent / "results" / "peer.json"
ERRORS = Path(__file__).parent / "results" / "errors"
POINTS_PER_MM = 72 / 25.4
CODES = (r"^(?P<serial>R\d{5})$", r"^\d+(?P<page>\d{4})$")
SDAPS = {  # ms of CPU a page, and wrong boxes, as measured with SDAPS 1.9.13 on these pages
    "fair": {"silent": 0, "cpu_ms": "192-220 (recognize alone), about 1,000 from PDF"},
    "normal": {"silent": 262, "cpu_ms": "192-220 (recognize alone), about 1,000 from PDF"},
}


def scans_peer() -> Path | None:
    """Find the folder of the race."""
    named = os.environ.get("SURVEY_SCANS_PEER")
    folder = Path(named) if named else Path(__file__).parents[2] / "shared" / "scans-peer"
    return folder if folder.is_dir() else None


def boxes_of(folder: Path) -> pd.DataFrame:
    """Return the places of all check boxes as `learn --boxes` takes them, with `var` beside them."""
    questions = json.loads((folder / "boxes.json").read_text(encoding="utf-8"))["questions"]
    boxes = [
        (question, box) for question in questions for box in question["boxes"] if box["kind"] == "Checkbox"
    ]
    rows = [
        (
            box["page"],
            *(box[side] * POINTS_PER_MM for side in "xywh"),
            f"q{question['id']}",
            str(box["value"]),
            box["var"],
        )
        for question, box in boxes
    ]
    return pd.DataFrame(rows, columns=["page", "x_pt", "y_pt", "w_pt", "h_pt", "item", "label", "var"])


def race(folder: Path, name: str) -> tuple[dict[str, object], pd.DataFrame]:
    """Learn the blank, ingest one of the two batches; returns figures, and the boxes that were not simply right."""
    boxes = boxes_of(folder)
    with tempfile.TemporaryDirectory() as temporary:
        project = verbs.init_project(Path(temporary))
        given = Path(temporary) / "boxes.csv"
        boxes.drop(columns="var").to_csv(given, index=False)
        verbs.learn(project, folder / "blank.pdf", "peer", boxes=given, codes=CODES, revocation=True)
        issued = (folder / "ids.txt").read_text().split()
        (project.schemas / "peer.cases.csv").write_text("\n".join(["serial", *issued]) + "\n")
        names = dict(zip(project.questionnaire("peer").boxes["box"], boxes["var"], strict=True))
        before = _cpu_seconds()
        ledger = verbs.ingest(project, folder / name / "scan_g4.pdf", questionnaire="peer", jobs=1).ledger
        spent = _cpu_seconds() - before
        marks = verbs.results(project, "peer").marks
        figures, odd = _compare(folder / name, ledger, marks.assign(box_var=marks["box"].map(names)), spent)
        truth = odd["mark"].where(odd["mark"] != "", "empty")
        errors = odd.assign(truth=truth, page=odd["scan_page"])[odd["silent"]]
        write_error_sheet(project, project.questionnaire("peer"), errors, ERRORS / f"peer-{name}.png")
    return figures, odd


def _compare(
    folder: Path, ledger: pd.DataFrame, marks: pd.DataFrame, cpu_s: float
) -> tuple[dict[str, object], pd.DataFrame]:
    truth = read_csv(folder / "truth.csv").astype({"scan_page": int})
    pages = read_csv(folder / "pages.csv").astype({"scan_page": int, "page": int})
    both = truth.merge(
        marks, left_on=["scan_page", "box_var"], right_on=["page", "box_var"], suffixes=("", "_read")
    )
    meant = both["checked"].eq("1")
    silent = meant & both["state"].isin(["empty", "revoked"]) | ~meant & both["state"].eq("marked")
    doubtful = both["state"].isin(["doubtful", "unreadable"])
    found = ledger.merge(pages, left_on="page", right_on="scan_page", suffixes=("", "_true"))
    right = found["case"].eq(found["questionnaire_id"]) & found["questionnaire_page"].eq(found["page_true"])
    figures = {
        "boxes": len(both),
        "silent": int(silent.sum()),
        "doubtful": int(doubtful.sum()),
        "pages_right": int(right.sum()),
        "pages": len(pages),
        "cpu_ms_a_page": round(1000 * cpu_s / len(pages), 1),
        "sdaps": SDAPS[folder.name],
    }
    return figures, both.assign(silent=silent)[silent | doubtful]


def _cpu_seconds() -> float:
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in times)


def main() -> int:
    """Run both batches, print and store the figures."""
    folder = scans_peer()
    if folder is None:
        print(
            "skipped: the pages of the race are not here; set SURVEY_SCANS_PEER to their folder",
            file=sys.stderr,
        )
        return 0
    table = {}
    for name in SDAPS:
        table[name], odd = race(folder, name)
        print(name, json.dumps(table[name]))
        for row in odd.itertuples(index=False):
            print(
                f"    page {row.scan_page} {row.box_var}: {row.mark or 'empty'} read as {row.state} ({row.reason})"
            )
    RESULTS.write_text(json.dumps(table, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
