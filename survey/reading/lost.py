"""Boxes that look empty -> in which a scan may have lost a mark, or nearly: those are doubtful."""

from __future__ import annotations

import numpy as np

from survey.questionnaire.thresholds import Thresholds
from survey.reading.marks_so_far import DOUBTFUL, EMPTY, MARKED, REVOKED, Boxes, Groups
from survey.reading.reasons import DOUBTS


def doubt_what_stirs_where_nothing_is_marked(boxes: Boxes, limits: Thresholds) -> None:
    """In a single-choice item without any mark the one box where something stirs may hold it: it must be emptier.

    So may one whose frame bulges, whatever the network says. In black and white frames are ragged, and of a pen whose
    marks come out small this is all there is: there each box where something stirs. Of boxes full of print, which
    unsettles the network, the one may hold it that stands out of those of its page.
    """
    p, unclaimed, bilevel = boxes["p_marked"], boxes.unclaimed, boxes["bilevel"]
    unmarked = (boxes.want_one | (boxes.take_one & bilevel)) & (boxes.state == EMPTY)
    unmarked &= ~boxes.items.any((boxes.state == MARKED) | (boxes.state == REVOKED))
    stands_out = _stand_out(boxes, limits) & unmarked
    stands_out &= boxes.are_darker | (boxes.items.total(stands_out | (boxes.state != EMPTY)) == 1)
    usual = boxes.usual_ink()
    unmarked &= boxes.has_room & ~(bilevel & (usual >= limits.small_residue))
    least = np.where(unclaimed < limits.veto_residue, limits.nothing_below, limits.nothing_near_below)
    stirs = unmarked & (p > least)
    stirs &= bilevel | (boxes.items.total(stirs | (boxes.state != EMPTY)) == 1)
    ragged = limits.ragged_bulge + np.where(p > 0, 0, limits.dot_bulge)
    least_bulge = np.fmax(np.where(bilevel, ragged, limits.trace_bulge), boxes.least_bulge)
    stirs |= unmarked & ~boxes.are_large & (boxes["bulge"] >= least_bulge)
    very_small = ~bilevel & (usual < limits.smaller_residue)
    stirs |= unmarked & very_small & (boxes.times_darker >= limits.darker_times)
    boxes.doubt(stirs | stands_out, DOUBTS["stirs"], p)


def doubt_traces_where_several_may_be_marked(boxes: Boxes, limits: Thresholds) -> None:
    """In black and white an item that may take several marks must show more: a box much darker than its like.

    Of a pen whose marks come out small it shows less: a clear dot on the frame, or what little the network sees.
    """
    several = boxes.multiple & boxes["bilevel"] & (boxes.state == EMPTY)
    inked = several & boxes.are_full & (boxes.times_darker >= limits.darker_times_grey)
    usual, several = boxes.usual_ink(), several & boxes.has_room
    ragged = np.fmax(limits.ragged_bulge + limits.dot_bulge, boxes.least_bulge)
    dotted = several & ~(usual >= limits.small_residue) & ~boxes.are_large & (boxes["bulge"] >= ragged)
    seen = several & (usual < limits.smaller_residue) & (boxes["p_marked"] >= limits.smaller_above)
    for which, number in ((inked, "darker"), (dotted, "bulge"), (seen, "p_marked")):
        boxes.doubt(which, DOUBTS["trace"], boxes[number])


def doubt_what_may_be_lost(boxes: Boxes, limits: Thresholds) -> np.ndarray:
    """Where marks of a page or a case are too faint to be sure of, scans may have lost others: nothing there is blank.

    One person wrote with one pencil: of some pages nothing is left. Black and white loses what shades keep, so that
    pages of a case that were scanned either way are asked apart. A single-choice item with a faint mark has the one it
    may have. Returns the boxes it doubts.
    """
    marked = boxes.marked()
    traces = _faint_traces(boxes, limits)
    traces |= marked & (
        (boxes["residue"] < limits.little_residue) | (boxes["p_marked"] < limits.marked_above)
    )
    traces &= boxes.has_room
    sure = marked & ~traces
    items, cases, bilevel = boxes.items, boxes.cases, boxes["bilevel"]
    kept = sure & ~bilevel
    pale = cases.total(kept & (boxes["excess"] < limits.pale_below)) > cases.total(kept) / 2
    few, lead = limits.faint_marks, limits.faint_lead
    lost = _are_faint(boxes.pages, traces, sure, few, lead) | _are_faint(
        boxes.scanned_alike, traces, sure, few, lead
    )
    least = np.fmax(limits.faint_marks, limits.seldom_marked * cases.total(boxes.to_mark & bilevel))
    lost |= bilevel & pale & (cases.total(sure & bilevel) < least)
    lost &= boxes.to_mark & (boxes.state == EMPTY) & (bilevel | (boxes["p_marked"] >= limits.faintest_above))
    is_faint = _are_faint(items, traces, sure, few, lead)
    lost &= np.where(boxes.surely_take_one, ~items.any(marked | traces), ~items.any(marked) | is_faint)
    lost &= items.any(boxes.state != EMPTY) | (items.total(boxes.to_mark) < limits.many_boxes)
    boxes.say(lost, DOUBTFUL, DOUBTS["faint"])
    return lost


def doubt_ink_of_a_pale_pen(boxes: Boxes, limits: Thresholds) -> None:
    """Of a very pale pen the network sees little even in a mark: what ink of its own lies around a box may be one."""
    kept = boxes.marked() & ~boxes["bilevel"]
    pale = boxes.cases.middle(boxes["excess"], kept) < limits.palest_below
    pale &= boxes.cases.total(kept) >= limits.faint_marks
    inked = (boxes.state == EMPTY) & boxes.to_mark & boxes.has_room & ~boxes["bilevel"]
    inked &= (boxes.unclaimed >= limits.trace_ink) & (boxes["p_marked"] >= limits.pale_above)
    answered = boxes.take_one & boxes.items.any(boxes.state == MARKED)
    boxes.doubt(inked & pale & ~answered, DOUBTS["edge"], boxes.unclaimed)


def doubt_what_print_may_hide(boxes: Boxes, limits: Thresholds) -> None:
    """Where marks among print are too faint to be sure of, others may look like print: in boxes that stir, no less.

    Those have more `p_marked` than most boxes of their page that are as full of print. Of a pen that black and white
    loses among print nothing need stir: where most of what single-choice items of a page have are such traces, none of
    them is blank.
    """
    full = boxes.are_full
    if not full.any():
        return
    p = boxes["p_marked"]
    faint = full & _faint_traces(boxes, limits)
    sure = full & boxes.marked() & (p >= limits.marked_above) & ~faint
    traces = faint & (p >= limits.hidden_above) & (p < limits.marked_above)
    hidden = _are_faint(boxes.pages, traces, sure, limits.faint_marks, limits.hidden_lead)
    usual = boxes.pages.middle(p, full)
    hidden &= full & (boxes.state == EMPTY)
    hidden &= p >= np.maximum(limits.hidden_times * usual, limits.faintest_above)
    hidden &= ~(boxes.take_one & boxes.items.any(full & boxes.marked()))
    hidden |= _are_lost_among_print(boxes, limits)
    boxes.say(hidden, DOUBTFUL, DOUBTS["faint"])


def _are_lost_among_print(boxes: Boxes, limits: Thresholds) -> np.ndarray:
    """Which boxes full of print of a page are not surely empty, as its marks hardly show there.

    A grey scan shows of each something: there only boxes that are darker than their like.
    """
    asked, items = boxes.take_one & boxes.are_full, boxes.items
    faint = _faint_traces(boxes, limits)
    traces = asked & (_stand_out(boxes, limits) | faint)
    marked = boxes.marked() & boxes.are_full
    sure = marked & (boxes["p_marked"] >= limits.marked_above) & ~faint
    alone = traces & (items.total(traces) == 1) & ~items.any(sure)
    lost = _are_faint(boxes.pages, alone, sure, limits.faint_marks, limits.hidden_lead)
    lost &= asked & (boxes.state == EMPTY) & ~items.any(marked | traces)
    return lost & (boxes["bilevel"] | (boxes.times_darker >= limits.darker_times))


def _stand_out(boxes: Boxes, limits: Thresholds) -> np.ndarray:
    """Which boxes full of print look more like a mark than such boxes of their page in the middle, or are darker."""
    p, full = boxes["p_marked"], boxes.are_full
    usual = limits.hidden_times * boxes.pages.middle(p, full)
    return np.asarray(full & ((p > np.fmax(limits.nothing_below, usual)) | boxes.are_darker))


def _faint_traces(boxes: Boxes, limits: Thresholds) -> np.ndarray:
    """Which boxes may hold a mark of which the scan has kept little: doubtful ones, or such as only darkness tells."""
    perhaps = boxes.to_mark & (boxes["p_marked"] >= limits.faint_above)
    traces = boxes.are_doubted(perhaps, "between", "little")
    weak = (boxes["p_marked"] < limits.marked_above) | (boxes["excess"] < limits.little_excess)
    return traces | (perhaps & boxes.are_full & boxes.marked() & weak)


def _are_faint(groups: Groups, traces: np.ndarray, sure: np.ndarray, least: int, lead: float) -> np.ndarray:
    """Which boxes belong to a group with so many marks too faint to be sure of, and this lead over sure ones."""
    faint = groups.total(traces)
    return np.asarray((faint >= least) & (faint >= lead * groups.total(sure)))


def doubt_a_return_with_hardly_a_mark(boxes: Boxes, limits: Thresholds, *, revocation: bool) -> np.ndarray:
    """Where black-and-white scans of several pages show hardly a mark, but traces, they lost a pale pen.

    A return that was mailed back blank shows no trace, either. Of some pens scans keep but what pressed hardest: where
    people black out (`revocation`), and most of a few marks may be just that. Returns the boxes it doubts.
    """
    cases, p = boxes.cases, boxes["p_marked"]
    marked = boxes.marked()
    share = cases.total(marked) / np.maximum(cases.total(boxes.to_mark), 1)
    traces = boxes.to_mark & (p >= limits.faint_above) & (p < limits.marked_above)
    black = marked & (boxes["p_black"] > limits.heavy_above) & (boxes["coverage"] < limits.black_coverage)
    mostly_black = cases.any(black) & (cases.total(black) >= limits.pressed_share * cases.total(marked))
    lost = (share <= limits.hardly_marked) & cases.any(traces)
    lost |= revocation & (share <= limits.seldom_marked) & mostly_black
    lost &= (cases.total(boxes.pages.firsts()) > 1) & ~cases.any(~boxes["bilevel"])
    lost &= boxes.to_mark & (boxes.state == EMPTY) & ~(boxes.single & boxes.items.any(marked))
    boxes.say(lost, DOUBTFUL, DOUBTS["no mark"])
    return lost


def doubt_what_may_be_taken_back(boxes: Boxes, faint: np.ndarray, limits: Thresholds) -> None:
    """Of a pale pen, in the cases of `faint`, scans keep most where it pressed hardest: to black a box out.

    So they do where one box has far more ink than the others of its case, be these mere traces. Who blacks out the only
    box that is seen in a single-choice item has marked another.
    """
    coverage, ink, marked = boxes["coverage"], boxes["ink"], boxes.marked() & boxes["bilevel"]
    heavy = faint & (boxes["p_black"] > limits.kept_black) & (coverage >= limits.kept_coverage)
    perhaps = faint & (boxes.state == DOUBTFUL) & (boxes["p_marked"] >= limits.faint_above)
    usual = boxes.cases.middle(ink, (boxes.marked() | perhaps) & boxes.to_mark & boxes.has_room)
    pressed = (coverage >= limits.heavy_coverage) & (ink > limits.pressed_times * usual) & boxes.has_room
    boxes.say(marked & (heavy | pressed), DOUBTFUL, DOUBTS["filled"])
    alone = boxes.items.any(marked & heavy) & (boxes.items.total(boxes.state != EMPTY) == 1)
    boxes.say(boxes.single & alone & (boxes.state == EMPTY), DOUBTFUL, DOUBTS["faint"])
