"""Real hand-marked scans with known truth -> silent errors, doubts and unread boxes of each set, with pictures.

Each set goes through the program as a user would take it: learn the blank, ingest the scans, export the marks.
The scans are looked for in the folder SURVEY_SCANS_REAL or in ../shared/scans-real; without them the measurement is
skipped. The sheets lie in bench/results/errors, which is never committed: they show other people's paper.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from bench.error_sheets import write_error_sheet
from survey import project as verbs
from survey.files import read_csv, to_numbers
from survey.tables import MARKS

RESULTS = Path(__file__).parent / "results" / "accuracy.json"
ERRORS = Path(__file__).parent / "results" / "errors"
POINTS_PER_MM = 72 / 25.4
SAME_BOX_MM = 1.5  # a learned box this close to a true one is that box
CORNERS_MM = 12.5  # sets without a blank have corner squares centred so far from the page's edges
LEARNED = ("formscanner_questionnaire", "quexf")  # sets whose boxes `learn` must find by itself
NO_ERROR = (
    "CANCELLED",
    "filled-in box",
)  # a blotted box beside a marked one: marked or not is a matter of rule


@dataclass(frozen=True)
class Figures:
    """How one set was read; rates are shares of its boxes."""

    name: str
    boxes: int
    marked: int
    missed: int
    false: int
    doubtful: int
    unreadable: int
    unread: int
    ambiguous: int

    @property
    def silent(self) -> int:
        return self.missed + self.false


def scans_real() -> Path | None:
    """Find the folder of real scans."""
    named = os.environ.get("SURVEY_SCANS_REAL")
    folder = Path(named) if named else Path(__file__).parents[2] / "shared" / "scans-real"
    return folder if folder.is_dir() else None


def measure_set(folder: Path, *, learned: bool) -> tuple[Figures, pd.DataFrame]:
    """Learn, ingest and export one set; returns its figures and one row a box that was not simply right."""
    truth = read_csv(folder / "truth.csv")
    for column in ["x_pt", "y_pt", "w_pt", "h_pt", "page", "blank_page"]:
        truth[column] = to_numbers(truth[column])
    blank: Path | None = folder / "blank.pdf"
    if not (folder / "blank.pdf").exists():
        blank, truth = None, _numbered_backwards(truth)
    with tempfile.TemporaryDirectory() as temporary:
        project = verbs.init_project(Path(temporary))
        boxes = None
        if not learned or blank is None:
            boxes = Path(temporary) / "boxes.csv"
            _given_boxes(truth).to_csv(boxes, index=False)
        corners_mm = CORNERS_MM if blank is None else None
        verbs.learn(project, blank, "blank", boxes=boxes, corners_mm=corners_mm)
        ledger = verbs.ingest(project, folder / "scans", questionnaire="blank", jobs=2).ledger
        read = ledger["place"].eq("read").any()
        marks = verbs.results(project, "blank").marks if read else MARKS.frame()
        figures, odd = _compare(folder.name, truth, marks)
        errors = errors_of(odd, marks)
        write_error_sheet(project, project.questionnaire("blank"), errors, ERRORS / f"{folder.name}.png")
    return figures, odd


def errors_of(odd: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """Return the silent errors among the boxes that were not simply right, as the picture sheet takes them."""
    silent = odd.assign(truth=odd["checked"].map({"1": "marked", "0": "empty"}))[odd["silent"]]
    numbers = marks[["scan", "page", "box", "page_digest", "p_marked", "reason"]]
    kept = silent[["scan", "page", "box", "truth", "state"]].astype({"page": int})
    return kept.merge(numbers, on=["scan", "page", "box"])


def _numbered_backwards(truth: pd.DataFrame) -> pd.DataFrame:
    """Number the pages of a set without a blank against the order of its scans, which then gives nothing away."""
    pages = pd.MultiIndex.from_frame(truth[["scan", "page"]])
    order = {place: number for number, place in enumerate(reversed(pages.unique()), start=1)}
    return truth.assign(blank_page=[order[place] for place in pages])


def _given_boxes(truth: pd.DataFrame) -> pd.DataFrame:
    places = truth[["blank_page", "x_pt", "y_pt", "w_pt", "h_pt"]].drop_duplicates()
    return places.rename(columns={"blank_page": "page"}).astype({"page": int})


def _compare(name: str, truth: pd.DataFrame, marks: pd.DataFrame) -> tuple[Figures, pd.DataFrame]:
    states, boxes = [], []
    groups = dict(iter(marks.groupby(["scan", "page"])))
    for row in truth.itertuples(index=False):
        page = groups.get((row.scan, int(row.page)))
        state, box = "unread", ""
        if page is not None and page["questionnaire_page"].iloc[0] == row.blank_page:
            dx = page["x_mm"] + page["w_mm"] / 2 - (row.x_pt + row.w_pt / 2) / POINTS_PER_MM
            dy = page["y_mm"] + page["h_mm"] / 2 - (row.y_pt + row.h_pt / 2) / POINTS_PER_MM
            distance = np.hypot(dx, dy)
            if distance.min() < SAME_BOX_MM:
                state, box = page.loc[distance.idxmin(), ["state", "box"]]
        states.append(state)
        boxes.append(box)
    table = truth.assign(state=states, box=boxes)
    ambiguous = table["checked"].eq("ambiguous")
    plain = table[~ambiguous]
    by_rule = plain["note"].str.startswith(NO_ERROR)
    missed = plain["checked"].eq("1") & plain["state"].isin(["empty", "revoked"]) & ~by_rule
    false = plain["checked"].eq("0") & plain["state"].eq("marked") & ~by_rule
    silent, open_ = missed | false, plain["state"].isin(["doubtful", "unreadable", "unread"])
    figures = Figures(
        name, len(plain), int(plain["checked"].eq("1").sum()), int(missed.sum()), int(false.sum()),
        int(plain["state"].eq("doubtful").sum()), int(plain["state"].eq("unreadable").sum()),
        int(plain["state"].eq("unread").sum()), int(ambiguous.sum()),
    )  # fmt: skip
    return figures, plain.assign(silent=silent)[silent | open_]


def main() -> int:
    """Measure the sets, print a table and write bench/results/accuracy.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", help="only these; default: all")
    parser.add_argument("--show", action="store_true", help="list every box that was not simply right")
    options = parser.parse_args()
    root = scans_real()
    if root is None:
        print("skipped: no real scans here; set SURVEY_SCANS_REAL to their folder", file=sys.stderr)
        return 0
    names = options.sets or sorted(path.parent.name for path in root.glob("*/truth.csv"))
    print(
        f"{'set':28}{'boxes':>7}{'marked':>7}{'silent':>7}{'missed':>7}{'false':>6}{'doubtful':>9}{'unreadable':>11}{'unread':>7}"
    )
    rows = []
    for name in names:
        figures, odd = measure_set(root / name, learned=name in LEARNED)
        rows.append(figures)
        print(
            f"{name:28}{figures.boxes:7}{figures.marked:7}{figures.silent:7}{figures.missed:7}{figures.false:6}"
            f"{figures.doubtful:9}{figures.unreadable:11}{figures.unread:7}", flush=True,
        )  # fmt: skip
        if options.show:
            for row in odd.itertuples(index=False):
                print(
                    f"    {row.scan} page {row.page:.0f} {row.box_id} ({row.box}): {row.checked} read as {row.state}"
                )
    silent = np.mean([figures.silent / figures.boxes for figures in rows])
    doubts = np.mean([(figures.doubtful + figures.unreadable) / figures.boxes for figures in rows])
    print(f"macro average: {silent:.3%} silent errors, {doubts:.2%} doubtful or unreadable")
    if not options.sets:
        table = {"sets": [asdict(figures) for figures in rows], "silent": silent, "doubtful": doubts}
        RESULTS.write_text(json.dumps(table, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
