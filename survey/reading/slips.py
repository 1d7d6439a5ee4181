"""Marks decided so far -> which may be a slip, an arrow, dirt, or a box blacked out: those are doubtful."""

from __future__ import annotations

import numpy as np

from survey.questionnaire.thresholds import Thresholds
from survey.reading.marks_so_far import DOUBTFUL, EMPTY, MARKED, Boxes
from survey.reading.reasons import DOUBTS, fill_last


def _have_company(boxes: Boxes, limits: Thresholds) -> np.ndarray:
    """Which marks of single-choice items stand beside another box that is marked, or may be."""
    marked = (boxes.state == MARKED) & boxes.take_one
    perhaps = (boxes.state == DOUBTFUL) & (boxes["p_marked"] > limits.empty_below)
    return np.asarray(marked & (boxes.items.total(marked | perhaps) > 1))


def doubt_a_second_mark(boxes: Boxes, limits: Thresholds) -> None:
    """In a single-choice item a second mark that is weaker or not quite sure is no certainty: a person shall look.

    The weaker it is, the surer it must be. How strong a mark is in a box full of print is told by how dark it makes it.
    """
    marked, p = (boxes.state == MARKED) & boxes.take_one, boxes["p_marked"]
    ink, residue = (np.where(boxes.has_room, boxes[name], boxes["darker"]) for name in ("ink", "residue"))
    several = marked & (boxes.items.total(marked) > 1)
    weak = several & (ink < limits.weak_share * boxes.items.highest(ink, marked))
    unsure = _have_company(boxes, limits) & (p < limits.surely_marked_above) & ~weak
    weaker = residue < limits.weaker_share * boxes.items.highest(residue, marked)
    weaker &= several & (p < limits.unlike_below) & ~weak & ~unsure
    boxes.doubt(unsure, fill_last(DOUBTS["several"], limits.surely_marked_above), p)
    boxes.doubt(weaker, fill_last(DOUBTS["several"], limits.unlike_below), p)
    boxes.say(weak, DOUBTFUL, DOUBTS["second"])


def doubt_a_stroke_in_two_boxes(boxes: Boxes, limits: Thresholds) -> None:
    """Where a single-choice item's mark is not quite sure and another box has ink of its own, either may be meant.

    So may, in black and white, a box full of print that is darker than its like: of pale ink no more may be left.
    """
    p, one = boxes["p_marked"], boxes.take_one
    marked, empty = one & (boxes.state == MARKED), one & (boxes.state == EMPTY)
    inked = empty & boxes.has_room & (p > limits.nothing_below) & (boxes.unclaimed >= limits.little_residue)
    darker = empty & boxes.are_full & boxes["bilevel"] & boxes.are_darker
    for other, least in ((inked, limits.surely_marked_above), (darker, limits.unlike_below)):
        unsure = marked & (p < least)
        shared = (unsure & boxes.items.any(other)) | (other & boxes.items.any(unsure))
        boxes.say(shared, DOUBTFUL, DOUBTS["shared"])


def doubt_a_heavy_mark(boxes: Boxes, limits: Thresholds) -> None:
    """Beside another mark of a single-choice item, be it too faint to be sure of, a heavy one may be blacked out."""
    heavy = (boxes["p_black"] > limits.heavy_above) & (boxes["coverage"] >= limits.heavy_coverage)
    boxes.say(_have_company(boxes, limits) & heavy, DOUBTFUL, DOUBTS["heavy"])


def doubt_a_slight_mark(boxes: Boxes, limits: Thresholds) -> None:
    """In a multiple-choice item nothing else tells whether a dot was meant: with a little ink it must be surer."""
    p = boxes["p_marked"]
    slight = (boxes.state == MARKED) & boxes.multiple & boxes.has_room & (p < limits.slight_below)
    slight &= (boxes["ink"] < limits.slight_ink) & (boxes["span"] <= limits.small_span)
    boxes.doubt(slight, fill_last(DOUBTS["slight"], limits.slight_below), p)


def are_expected(boxes: Boxes) -> np.ndarray:
    """Which boxes are all that an item has that rather has one mark: more likely this one than a slip."""
    return np.asarray(boxes.want_one & (boxes.items.total(boxes.state != EMPTY) == 1))


def doubt_a_mark_unlike_the_others(boxes: Boxes, expected: np.ndarray, limits: Thresholds) -> None:
    """What is less of a mark than a case's marks mostly are is rather a slip: it must be surer than they.

    That is far less ink; or, where they reach across their boxes and an item need not have this one, a stroke all
    inside its box with less than half of their ink: of that the network is no judge.
    """
    p, residue, span = boxes["p_marked"], boxes["residue"], boxes["span"]
    marked = boxes.marked() & boxes.has_room
    usual, wide = boxes.usual_ink(), marked & (span >= limits.wide_span)
    less = (residue < limits.unlike_share * usual) & (p < limits.slip_below)
    less |= (residue < limits.far_less_share * usual) & (p < limits.far_less_below)
    less &= marked & ~wide
    inner = marked & ~expected & (span <= limits.wide_span) & (boxes.beside < limits.trace_ink)
    inner &= boxes.cases.total(wide) >= limits.wide_share * boxes.cases.total(marked)
    inner &= residue < limits.inner_share * usual
    black = marked & (p < limits.unlike_below) & _are_black_unlike_the_others(boxes, marked, limits)
    boxes.say(less | inner | black, DOUBTFUL, DOUBTS["unlike"])


def _are_black_unlike_the_others(boxes: Boxes, marked: np.ndarray, limits: Thresholds) -> np.ndarray:
    """Which boxes are filled in where a case's marks are not: by a highlighter, dirt, or to take a mark back."""
    p_black = boxes["p_black"]
    several = boxes.cases.total(marked) >= limits.firm_marks
    return np.asarray(
        several
        & (boxes.cases.middle(p_black, marked) < limits.light_below)
        & (p_black >= limits.rather_black)
    )


def doubt_an_arrow(boxes: Boxes, expected: np.ndarray, limits: Thresholds) -> None:
    """A line that stands upright in its box, as this person's marks do not, must be surer: arrows go to boxes."""
    p, lean = boxes["p_marked"], boxes["lean_deg"]
    marked = boxes.marked() & boxes.has_room
    upright = marked & (lean < limits.upright_deg) & ~expected
    upright &= boxes.cases.middle(lean, marked) >= 2 * limits.upright_deg
    boxes.say(upright & (p < limits.unlike_below), DOUBTFUL, DOUBTS["upright"])


def doubt_writing(boxes: Boxes, expected: np.ndarray, limits: Thresholds) -> None:
    """What goes on far beside its box, as this person's sure marks do not, must be surer: writing, a long line."""
    marked = boxes.marked()
    runs_on = marked & (boxes["runs_on"] >= limits.runs_on_above)
    sure = boxes["p_marked"] >= limits.unlike_below
    sure_marks = boxes.cases.total(marked & sure)
    seldom = boxes.cases.total(runs_on & sure) <= np.maximum(1, limits.runs_on_share * sure_marks)
    least = np.where(expected, limits.surely_marked_above, limits.unlike_below)
    boxes.say(runs_on & seldom & (boxes["p_marked"] < least), DOUBTFUL, DOUBTS["writing"])


def doubt_a_mark_beside_its_box(boxes: Boxes, limits: Thresholds) -> None:
    """Some people set marks right beside the boxes: what is like one there may answer, unless the item has one."""
    empty = (boxes.state == EMPTY) & boxes.to_mark & (boxes["aside"] >= limits.aside_above)
    answered = boxes.single & boxes.items.any(boxes.state == MARKED)
    boxes.say(empty & ~answered, DOUBTFUL, DOUBTS["aside"])


def doubt_a_lone_mark(boxes: Boxes, limits: Thresholds) -> None:
    """A slight mark that is all a case has must be very sure: nothing else tells that anybody marked anything."""
    p, marked = boxes["p_marked"], boxes.marked()
    strong = boxes.has_room & (boxes["ink"] >= limits.slight_ink)
    lone = marked & ~strong & (boxes.cases.total(marked) == 1) & (p < limits.unlike_below)
    boxes.doubt(lone, fill_last(DOUBTS["slight"], limits.unlike_below), p)
