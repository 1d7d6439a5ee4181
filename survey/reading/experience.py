"""Decided boxes -> which of them simulated returns tell to be unsure, and which doubts they settle.

On our own print only: the trees (trees.py) were trained on simulated returns of it.
"""

from __future__ import annotations

import numpy as np

from survey.questionnaire.thresholds import Thresholds
from survey.reading.context import Flags, as_array, rows_of, unsure_share
from survey.reading.marks_so_far import DOUBTFUL, EMPTY, MARKED, REVOKED, Boxes
from survey.reading.reasons import DOUBTS
from survey.reading.trees import load_trees

OPEN_DOUBTS = (
    "between", "edge", "trace", "little", "no ink", "slight", "upright", "writing", "stirs", "unlike", "filled",
    "heavy", "aside",
)  # fmt: skip
"""Kinds of doubt that are asked about: no second marks, nothing that a scan may have lost, no print that does not
fit."""
NEVER_SETTLED = ("aside",)  # what stands beside a box is none of the numbers that the trees see
QUIET_P, QUIET_BULGE, QUIET_INK, QUIET_SHARE = 0.0005, 0.1, 0.003, 0.1
"""A box with no more p_marked, ink on its frame and unclaimed ink than this is plainly empty, if no larger share of the
marks of its page and its case is unsure; …"""
EMPTY_P, EMPTY_BULGE, EMPTY_INK, EMPTY_PAGE, EMPTY_CASE = 0.01, 0.4, 0.01, 0.3, 0.15
"""… so is one with these, if its item need not have it, …"""
ANSWER_P = 0.9
"""… as where a single-choice item has a mark with so much p_marked."""
ALONE_P, LIGHT_BLACK = 0.05, 0.05
"""A mark is plain if no other box of its single-choice item has more p_marked than this, and it no more p_black, …"""
WIDE_P, WIDE_SHARE, SURE_P, SURE_SHARE = 0.99, 0.6, 0.998, 0.5
"""… with this p_marked and share of the ink that marks have in the middle if it reaches across its box, else these."""


def hear_experience(boxes: Boxes, limits: Thresholds, *, revocation: bool) -> None:
    """Doubt decisions that would often be wrong in simulated returns, and settle doubts that would hardly ever be.

    A second mark is never settled away, nor what a scan may have lost, nor what a schema asks about by a threshold of
    its own, unless it writes `settled_above`, too.
    """
    open_ = are_open(boxes, limits)
    if not open_.any():
        return
    trees = load_trees()
    odds = trees.log_odds(as_array(rows_of(boxes, open_, revocation=revocation), trees.columns))
    meant = np.zeros(len(open_))
    meant[open_] = 1 / (1 + np.exp(-odds.astype(np.float64)))
    doubted, marked = open_ & (boxes.state == DOUBTFUL), boxes.state == MARKED
    wrong = np.where(marked, 1 - meant, meant)
    boxes.doubt(open_ & ~doubted & (1 - wrong < limits.asked_below), DOUBTS["unusual"], wrong)
    settled = doubted & (np.fmax(meant, 1 - meant) >= limits.settled_above)
    settled &= "settled_above" in limits.model_fields_set or limits.model_fields_set <= {"asked_below"}
    settled &= ~boxes.are_doubted(settled, *NEVER_SETTLED)
    seen = boxes["p_marked"] >= limits.alone_wide_above
    black = revocation & seen & (boxes["p_black"] >= limits.rather_black)
    second = seen & ~black & boxes.take_one & boxes.items.any(marked)
    for which, state, why in (
        (settled & (meant > 0.5), MARKED, "unsure, but looks as marks of such cases do"),
        (settled & (meant < 0.5) & black, REVOKED, "unsure, but looks as what is blacked out in such cases"),
        (
            settled & (meant < 0.5) & ~black & ~second,
            EMPTY,
            "unsure, but looks as what nobody meant in such cases",
        ),
    ):
        boxes.say(which, state, why)


def are_open(boxes: Boxes, limits: Thresholds) -> Flags:
    """Which boxes are asked about: what is as plain as can be is not."""
    asked = boxes.to_mark & boxes.has_room & boxes["inside"] & boxes.are_in_place & ~boxes.are_large
    open_ = (boxes.state == EMPTY) & ~_are_plainly_empty(boxes)
    open_ |= (boxes.state == MARKED) & ~_are_plain_marks(boxes, limits)
    open_ |= boxes.state == REVOKED
    return np.asarray(asked & open_) | boxes.are_doubted(asked, *OPEN_DOUBTS)


def _are_plainly_empty(boxes: Boxes) -> Flags:
    p, bulge, ink = boxes["p_marked"], boxes["bulge"], boxes.unclaimed
    of_page, of_case = unsure_share(boxes, boxes.pages), unsure_share(boxes, boxes.cases)
    quiet = (p <= QUIET_P) & (bulge <= QUIET_BULGE) & (ink <= QUIET_INK)
    quiet &= (of_page < QUIET_SHARE) & (of_case < QUIET_SHARE)
    plain = ~boxes.single | boxes.items.any(boxes.to_mark & (p >= ANSWER_P))
    plain &= (p <= EMPTY_P) & (bulge <= EMPTY_BULGE) & (ink <= EMPTY_INK)
    return np.asarray(quiet | (plain & (of_page < EMPTY_PAGE) & (of_case < EMPTY_CASE)))


def _are_plain_marks(boxes: Boxes, limits: Thresholds) -> Flags:
    p, residue, usual = boxes["p_marked"], boxes["residue"], boxes.usual_ink()
    plain = (p >= SURE_P) & (residue >= SURE_SHARE * usual)
    plain |= (p >= WIDE_P) & (residue >= WIDE_SHARE * usual) & (boxes["span"] >= limits.wide_span)
    alone = boxes.items.total(boxes.to_mark & (p > ALONE_P)) == 1
    return np.asarray(plain & (boxes["p_black"] <= LIGHT_BLACK) & (~boxes.single | alone))
