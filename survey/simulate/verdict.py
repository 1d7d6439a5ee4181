"""Trial marks, their truth and facts about the print -> which boxes were misread or doubtful, and probably why.

Its thresholds judge a blank before it is mailed; no mark of a real return depends on them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.analysis.intervals import korn_graubard
from survey.reading.reasons import Reason
from survey.simulate.box_facts import BOX_FACTS
from survey.tables import Table

LEVEL = 0.98  # of the interval: a box is named if chance alone would name one good box in a hundred
USUAL_SILENT = (
    0.002  # silent errors a box on good print with these pens (docs/accuracy.md, between office and hard)
)
USUAL_DOUBT_EMPTY = (
    0.02  # doubts an empty box on good print: ends of strokes, dirt, remarks (docs/accuracy.md) …
)
USUAL_DOUBT_MARKED = 0.10  # … and a marked one: dashes, thin ticks and slashes wait on any paper
FAINT_FRAME = 0.35  # darkness under which a 1-bit scan loses a frame
PRINT_INSIDE = 0.06  # share of a box's core; a letter in it covers .1 and more
PRINT_AROUND = 0.15  # share of the ring; a neighbouring line of text covers .2 and more
CLOSE_MM = 2.0  # nothing should stand within 2 mm of a box (scanner makers' guides)
CROSSING_MM = 6.0  # farther than this hardly a stroke reaches over from the next box
SMALL_MM = 3.0  # boxes of 3.5 to 4 mm are advised
NEAR_EDGE_MM = 10.0  # scanners crop and shift by a few millimetres
NEAR_FOLD_MM = 2.0  # a fold lies where it should within about 2 mm
OFF_SHARE = 0.5  # of a box's doubts that say the print did not fit: its place is the trouble

CAUSES_OF_MARKS = ("filled", "sparse", "marks")
"""What may be wrong with a box whose print is right."""
CAUSES = (
    "inside",
    "faint",
    "close",
    "around",
    "small",
    "edge",
    "fold",
    "place",
    "crossed",
    "blurred",
    *CAUSES_OF_MARKS,
)
"""What may be wrong with a box."""
CAUSES_OF_PAGES = ("sibling", "unfound", "code")
"""What may be wrong with a page."""

TRIAL_BOXES = Table("trial_boxes", {
    "box": ("str", "name of the box"),
    "page": ("int64", "page of the questionnaire, from 1"),
    "item": ("str", "the thing asked"),
    "option": ("str", "code of the response option"),
    "verdict": ("str", "good, doubtful, misread or not read"),
    "causes": ("str", "what is probably wrong, separated by blanks; empty for a good box"),
    "seen": ("int64", "trial copies in which the box was read"),
    "marked": ("int64", "those in which it was marked"),
    "missed": ("int64", "marks read as empty or revoked"),
    "false": ("int64", "empty boxes read as marked"),
    "doubtful": ("int64", "times it was left to a person"),
    "expected": ("float64", "times a box on good print would have been left to a person"),
    "reason": ("str", "the commonest reason for leaving it to a person"),
    "fit": ("float64", "how well scan and blank agreed around it, mean correlation"),
    **{name: column for name, column in BOX_FACTS.columns.items() if name != "box"},
})  # fmt: skip

TRIAL_PAGES = Table("trial_pages", {
    "page": ("int64", "page of the questionnaire, from 1"),
    "scanned": ("int64", "trial copies of it"),
    "read": ("int64", "copies taken for this page, and read"),
    "mistaken": ("int64", "copies taken for another page"),
    "confused": ("int64", "copies left to a person because two pages fit equally well"),
    "lost": ("int64", "copies left to a person for another reason"),
    "serials_lost": ("int64", "copies read whose serial could not be read or matched"),
    "serials_wrong": ("int64", "copies read under a serial that is not theirs"),
    "causes": ("str", "what is probably wrong, separated by blanks"),
})  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What a trial has shown."""

    copies: int
    boxes: pd.DataFrame
    """TRIAL_BOXES."""
    pages: pd.DataFrame
    """TRIAL_PAGES."""


def judge_boxes(marks: pd.DataFrame, truth: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Count what became of each box and judge it; returns TRIAL_BOXES.

    `marks` is MARKS with `fit` beside it; `truth` TRUTH_BOXES of every box; `facts` BOX_FACTS of the boxes to mark.
    """
    both = truth.merge(
        marks[["scan", "page", "box", "state", "reason", "fit"]], on=["scan", "page", "box"], how="left"
    )
    meant, lost = both["intended"].eq(1), both["note"].str.contains("lost")
    seen, is_open = both["state"].notna(), both["state"].isin(["doubtful", "unreadable"])
    both = both.assign(
        seen=seen,
        marked=seen & meant,
        missed=meant & both["state"].isin(["empty", "revoked"]) & ~lost,
        false=~meant & both["state"].eq("marked"),
        doubtful=is_open,
        expected=np.where(meant, USUAL_DOUBT_MARKED, USUAL_DOUBT_EMPTY) * seen,
        reason=both["reason"].where(is_open, ""),
    )
    sums = {name: (name, "sum") for name in ["seen", "marked", "missed", "false", "doubtful", "expected"]}
    counts = both.groupby("box", sort=False).agg(
        page=("questionnaire_page", "first"), item=("item", "first"), option=("option", "first"),
        **sums, reason=("reason", _commonest), fit=("fit", "mean"),
    )  # fmt: skip
    table = counts.reset_index().merge(facts, on="box", how="left")
    in_fields = table["false"].where(
        table["frame"].isna(), 0
    )  # stray ink in a field to write in: a person reads it
    table = table.assign(doubtful=table["doubtful"] + in_fields, false=table["false"] - in_fields)
    table["verdict"] = _verdicts(table)
    table["causes"] = [_causes(row) for _, row in table.iterrows()]
    return TRIAL_BOXES.frame(table)


def _commonest(reasons: pd.Series) -> str:
    """Return the commonest kind of reason, without the numbers in it; "" if there is none."""
    kinds = reasons[reasons != ""].str.split(":").str[0]
    return str(kinds.mode().iloc[0]) if len(kinds) else ""


def _verdicts(table: pd.DataFrame) -> list[str]:
    seen = table["seen"].to_numpy(float)
    base = np.maximum(seen, 1)
    silent = _at_least(((table["missed"] + table["false"]) / base).to_numpy(), seen)
    doubts = _at_least((table["doubtful"] / base).to_numpy(), seen)
    usual = (table["expected"] / base).to_numpy()
    choices = [(seen == 0, "not read"), (silent > USUAL_SILENT, "misread"), (doubts > usual, "doubtful")]
    return [
        str(one) for one in np.select([holds for holds, _ in choices], [name for _, name in choices], "good")
    ]


def _at_least(share: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Lower end of the share's interval: what is not chance."""
    return np.asarray(korn_graubard(np.asarray(share, float), base, LEVEL)[0])


def _causes(row: pd.Series) -> str:
    """Name what is probably wrong with a box that is not good: with its marks only where its print is right."""
    if row["verdict"] in {"good", "not read"}:
        return ""
    reason = row["reason"] if row["verdict"] == "doubtful" else ""
    of_print = {
        "inside": row["inside"] > PRINT_INSIDE,
        "faint": row["frame"] < FAINT_FRAME,
        "close": row["apart_mm"] < CLOSE_MM,
        "around": row["around"] > PRINT_AROUND,
        "small": row["side_mm"] < SMALL_MM,
        "edge": row["edge_mm"] < NEAR_EDGE_MM,
        "fold": row["fold_mm"] < NEAR_FOLD_MM,
        "place": reason.startswith(("the print around", "the box lies")),
    }
    found = [name for name, holds in of_print.items() if holds]
    if found:
        return " ".join(found)
    if reason.startswith("looks empty, but ink"):
        return "crossed" if row["apart_mm"] < CROSSING_MM else "blurred"
    if row.isna()["frame"]:
        return "sparse"
    return "filled" if reason.startswith(("filled in", "a heavy mark")) else "marks"


def judge_pages(pages: pd.DataFrame, *, with_serials: bool) -> pd.DataFrame:
    """Count what became of each page; returns TRIAL_PAGES.

    `pages` has a row a scanned page: questionnaire_page and case as they were printed, read_page, serial and problem as
    they were read.
    """
    right = pages["read_page"].eq(pages["questionnaire_page"]) & pages["problem"].eq("")
    unread = pages["problem"].ne("")
    confused = pages["problem"].isin([Reason.AMBIGUOUS, Reason.CODES_DISAGREE])
    serial = pages["serial"]
    counted = pages.assign(
        page=pages["questionnaire_page"],
        scanned=True,
        read=right,
        mistaken=~right & ~unread,
        confused=confused,
        lost=unread & ~confused,
        serials_lost=right & serial.eq("") & with_serials,
        serials_wrong=right & serial.ne("") & serial.ne(pages["case"]) & with_serials,
    )
    names = [name for name in TRIAL_PAGES.columns if name not in {"page", "causes"}]
    table = counted.groupby("page")[names].sum().reset_index()
    wrong = {
        "sibling": table["mistaken"] + table["confused"] > 0,
        "unfound": table["lost"] > 0,
        "code": table["serials_lost"] + table["serials_wrong"] > 0,
    }
    table["causes"] = [
        " ".join(name for name, holds in wrong.items() if holds.iloc[row]) for row in range(len(table))
    ]
    return TRIAL_PAGES.frame(table)
