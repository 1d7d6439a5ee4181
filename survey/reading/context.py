"""A box -> what is measured of it, of its item, its page and its case: a row of numbers for the trees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from survey.reading.marks_so_far import Boxes, Groups

ABSENT = -30.0  # stands for a number that there is none of: less than all others
SURE, HALF, SOME, NOTHING = 0.95, 0.5, 0.2, 0.02  # p_marked
LIGHT, BLACK = 0.1, 0.3  # p_black up to, and from which marks look light or black
WIDE = 0.9  # share of its box from which ink reaches across
LEAST = 1e-3  # what numbers are divided by at least
LEAST_ODDS = 1e-5  # probability
Values = NDArray[np.float64]
Flags = NDArray[np.bool_]

OWN = (
    "odds", "black", "ink", "span", "runs_on", "coverage", "excess", "bulge", "lean_deg", "darker", "missing",
    "residue", "unclaimed", "beside", "single", "revocation",
)  # fmt: skip
OF_OTHERS = ("odds", "black", "light", "residue")
OF_USUAL = ("residue", "excess", "span", "beside")
OF_MARKS = {
    "page": ("is_black",),
    "alike": ("residue", "excess", "span", "beside", "coverage", "is_wide", "black"),
    "case": ("residue", "is_wide", "is_black", "black"),
}


def rows_of(boxes: Boxes, which: Flags, *, revocation: bool) -> dict[str, Values]:
    """Gather what there is to know of some boxes to mark; returns columns by name, each of shape (which,).

    Marks of a page or a case are told by what looks like one, whatever rules say of it. What looks so is told by limits
    the trees were grown with: no schema moves them.
    """
    p, odds, black = boxes["p_marked"], log_odds(boxes["p_marked"]), log_odds(boxes["p_black"])
    derived = {
        "odds": odds, "black": black, "unclaimed": boxes.unclaimed, "beside": boxes.beside, "single": boxes.single,
        "is_wide": boxes["span"] >= WIDE, "is_black": boxes["p_black"] >= BLACK,
        "light": np.where(boxes["p_black"] < LIGHT, odds, log_odds(np.zeros(1))),
        "revocation": np.full(len(p), revocation),
    }  # fmt: skip

    def values(name: str) -> Values:
        return derived[name] if name in derived else boxes[name]

    items, groups = boxes.items, {"page": boxes.pages, "alike": boxes.scanned_alike, "case": boxes.cases}
    number = {name: of.number[which] for name, of in groups.items()}
    rows = {name: values(name)[which].astype(np.float64) for name in OWN}
    rows["item_boxes"] = items.total(boxes.to_mark)[which].astype(np.float64)
    near = boxes.to_mark & items.any(which)
    for name in OF_OTHERS:
        rows[f"other_{name}"] = _highest_other(values(name), near, items)[which]
    of_item = np.bincount(items.number[near], weights=p[near], minlength=items.count)
    rows["other_sum"] = of_item[items.number[which]] - p[which]
    sure, looks_empty = _look_sure(boxes), boxes.to_mark & (p < NOTHING)
    for group, names in OF_MARKS.items():
        for name in names:
            rows[f"{group}_{name}"] = groups[group].means(values(name), sure)[number[group]]
    for name in ("bulge", "darker"):
        usual = boxes.pages.means(np.abs(boxes[name]), looks_empty)
        rows[f"page_empty_{name}"] = usual[number["page"]]
    first = boxes.first_of_items & boxes.single
    unanswered = first & (items.total(boxes.to_mark & (p >= HALF)) == 0)
    for group in ("page", "case"):
        rows[f"{group}_unanswered"] = np.nan_to_num(groups[group].means(unanswered, first))[number[group]]
    for group, of in groups.items():
        rows[f"{group}_unsure"] = unsure_share(boxes, of)[which]
    for name in OF_USUAL:
        rows[f"times_{name}"] = rows[name] / np.fmax(rows[f"alike_{name}"], LEAST)
    return rows


def unsure_share(boxes: Boxes, of: Groups) -> Values:
    """Share of what may be marks in each box's group that is unsure."""
    p = boxes["p_marked"]
    unsure, sure = of.total(boxes.to_mark & (p >= SOME) & (p < SURE)), of.total(_look_sure(boxes))
    return np.asarray(unsure / np.maximum(unsure + sure, 1))


def _look_sure(boxes: Boxes) -> Flags:
    return np.asarray(boxes.to_mark & (boxes["p_marked"] >= SURE) & boxes.has_room)


def log_odds(p: Values) -> Values:
    """Log odds of probabilities, none of them endless."""
    kept = np.clip(p, LEAST_ODDS, 1 - LEAST_ODDS)
    return np.asarray(np.log(kept / (1 - kept)))


def as_array(rows: dict[str, Values], columns: tuple[str, ...]) -> NDArray[np.float32]:
    """Lay columns side by side, shape (n, columns); ABSENT where there is nothing."""
    return np.nan_to_num(np.column_stack([rows[name] for name in columns]), nan=ABSENT).astype(np.float32)


def _highest_other(values: Values, where: Flags, of: Groups) -> Values:
    """The highest value of a group's flagged rows but for each row itself; NaN where there is no other."""
    number = of.number[where]
    here = values[where]
    highest, second = np.full(of.count, -np.inf), np.full(of.count, -np.inf)
    np.maximum.at(highest, number, here)
    is_highest = here == highest[number]
    np.maximum.at(second, number[~is_highest], here[~is_highest])
    several = np.bincount(number[is_highest], minlength=of.count) > 1
    others = np.full(len(values), np.nan)
    others[where] = np.where(is_highest & ~several[number], second[number], highest[number])
    return np.where(np.isinf(others), np.nan, others)
