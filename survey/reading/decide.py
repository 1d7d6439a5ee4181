"""Numbers, adjudications and rules -> the state of each mark.

The only place, with slips.py, lost.py and experience.py, that compares a measurement with a threshold. When unsure it
says doubtful.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from survey.questionnaire.model import Questionnaire
from survey.questionnaire.thresholds import Thresholds
from survey.reading.experience import hear_experience
from survey.reading.lost import (
    doubt_a_return_with_hardly_a_mark,
    doubt_ink_of_a_pale_pen,
    doubt_traces_where_several_may_be_marked,
    doubt_what_may_be_lost,
    doubt_what_may_be_taken_back,
    doubt_what_print_may_hide,
    doubt_what_stirs_where_nothing_is_marked,
)
from survey.reading.marks_so_far import DOUBTFUL, EMPTY, MACHINE, MARKED, REVOKED, STATES, UNREADABLE, Boxes
from survey.reading.reasons import DOUBTS, fill_last
from survey.reading.slips import (
    are_expected,
    doubt_a_heavy_mark,
    doubt_a_lone_mark,
    doubt_a_mark_beside_its_box,
    doubt_a_mark_unlike_the_others,
    doubt_a_second_mark,
    doubt_a_slight_mark,
    doubt_a_stroke_in_two_boxes,
    doubt_an_arrow,
    doubt_writing,
)
from survey.tables import MARKS

VERSION = 30


def look_marked(measured: pd.DataFrame, limits: Thresholds) -> pd.Series:
    """Tell of each measured box whether it is marked for certain, before rules and people are heard."""
    return measured["p_marked"].ge(limits.marked_above) & measured["inside"]


def look_unsure(measured: pd.DataFrame, limits: Thresholds) -> pd.Series:
    """Tell of each measured box whether its mark is unsure, before rules and people are heard."""
    return measured["p_marked"].gt(limits.empty_below) & measured["p_marked"].lt(limits.marked_above)


def need_a_picture(
    measured: Mapping[str, np.ndarray], limits: Thresholds, is_field: np.ndarray
) -> np.ndarray:
    """Tell of each measured box whether a person may be asked to look at it, or to read what is written in it.

    `measured` holds the columns of MEASUREMENTS, and area_mm2. Asked while a page is read, before rules that need the
    whole case are heard; what it misses is cut when a person asks for it.
    """
    p, ink, residue = (measured[name] for name in ["p_marked", "ink", "residue"])
    unclaimed = residue - measured["claimed"]
    written = is_field & (residue * measured["area_mm2"] > limits.unwritten_mm2)
    unsure = (p > limits.empty_below) & (p < limits.marked_above)
    far = _far_from_marked(p, unclaimed, limits)
    edge = (p <= limits.empty_below) & ~far & (unclaimed >= limits.veto_residue)
    excess = measured["excess"]
    trace = (p <= limits.empty_below) & ((ink >= limits.trace_ink) | (excess >= limits.trace_excess))
    little = (p >= limits.marked_above) & (
        (residue < limits.little_residue) | (excess < limits.little_excess)
    )
    slight = (p >= limits.marked_above) & (p < limits.slight_below) & (ink < limits.slight_ink)
    dark = (p >= limits.marked_above) & (measured["p_black"] > limits.light_below)
    misfit = (measured["fit"] < limits.fit_above) | ~measured["inside"]
    misfit |= measured["missing"] >= limits.missing_above
    return np.asarray(written | misfit | (~is_field & (unsure | edge | trace | little | slight | dark)))


def _far_from_marked(p: np.ndarray, unclaimed: np.ndarray, limits: Thresholds) -> np.ndarray:
    """Whether ink that nothing else claims is clearly no mark of this box; much of it must be so more clearly."""
    least = np.where(unclaimed < limits.much_residue, limits.surely_empty_below, limits.farthest_below)
    return np.asarray(p <= least)


def decide_marks(
    measured: pd.DataFrame, questionnaire: Questionnaire, adjudications: pd.DataFrame
) -> pd.DataFrame:
    """Decide every measured box; returns MARKS. Arguments as of `decide_boxes`."""
    return MARKS.frame(decide_boxes(measured, questionnaire, adjudications))


def decide_boxes(
    measured: pd.DataFrame, questionnaire: Questionnaire, adjudications: pd.DataFrame
) -> pd.DataFrame:
    """Decide every measured box; returns the table with state, reason and decided_by, as categories.

    `measured` has the columns of MARKS that say where a box lies on which page, and those of MEASUREMENTS.
    `adjudications` (ADJUDICATIONS, in the order they were made) settle single boxes; the last one that stands counts.
    """
    limits, revocation = questionnaire.schema.reading.thresholds, questionnaire.schema.reading.revocation
    boxes = Boxes(measured, questionnaire)
    _decide_alone(boxes, limits)
    if revocation:
        _revoke(boxes, limits)
    else:
        _settle_fills(boxes, limits)
    _settle_by_context(boxes, limits, revocation=revocation)
    _settle_by_darkness(boxes, limits, revocation=revocation)
    doubt_a_second_mark(boxes, limits)
    doubt_a_stroke_in_two_boxes(boxes, limits)
    if revocation:
        doubt_a_heavy_mark(boxes, limits)
    else:
        _settle_specks(boxes, limits)
    doubt_a_slight_mark(boxes, limits)
    expected = are_expected(boxes)
    doubt_a_mark_unlike_the_others(boxes, expected, limits)
    doubt_an_arrow(boxes, expected, limits)
    doubt_writing(boxes, expected, limits)
    lost = doubt_what_may_be_lost(boxes, limits)
    lost |= doubt_a_return_with_hardly_a_mark(boxes, limits, revocation=revocation)
    if revocation:
        doubt_what_may_be_taken_back(boxes, boxes.cases.any(lost), limits)
    doubt_ink_of_a_pale_pen(boxes, limits)
    doubt_what_print_may_hide(boxes, limits)
    doubt_what_stirs_where_nothing_is_marked(boxes, limits)
    doubt_traces_where_several_may_be_marked(boxes, limits)
    doubt_a_mark_beside_its_box(boxes, limits)
    doubt_a_lone_mark(boxes, limits)
    if questionnaire.schema.code:
        hear_experience(boxes, limits, revocation=revocation)
    _adjudicate(boxes, adjudications)
    return boxes.with_decisions()


def _decide_alone(boxes: Boxes, limits: Thresholds) -> None:
    """Decide each box by itself; of the rules that hold the first counts."""
    p, ink, residue, excess, fit = (boxes[name] for name in ["p_marked", "ink", "residue", "excess", "fit"])
    unclaimed, missing = boxes.unclaimed, boxes["missing"]
    strokes_mm2, all_ink_mm2 = (share * boxes["w_mm"] * boxes["h_mm"] for share in (ink, residue))
    room, clean, sure = boxes.has_room, boxes.is_clean, p >= limits.surely_marked_above
    darker = (excess >= _usual_excess(boxes, limits) + limits.beyond_usual) | boxes.are_darker
    darker &= p >= limits.usual_above
    as_usual = (excess < limits.little_excess) & ~darker
    pale = boxes.are_darker & ~boxes["bilevel"]
    little = np.where(room, (residue < limits.little_residue) & ~sure & boxes.may_be_dots, as_usual)
    trace = ((ink >= limits.trace_ink) | (excess >= _least_trace(boxes, limits))) & ~boxes.is_still
    marks = boxes.cases.middle(residue, (p >= limits.marked_above) & boxes.to_mark & room)
    least = np.where(marks < limits.smaller_residue, limits.smaller_bulge, limits.trace_bulge)
    least[marks >= limits.small_residue] = limits.dot_bulge
    on_frame = boxes["bulge"] >= np.fmax(least, boxes.least_bulge)
    on_frame &= unclaimed < limits.little_residue
    on_frame &= ~boxes.are_large
    trace |= on_frame & ~boxes["bilevel"]
    trace &= room
    least_missing = np.where(p > 0, limits.missing_above, limits.missing_all)
    parted = (missing >= limits.missing_some) & (p >= limits.marked_above)
    theirs = boxes.are_large & (residue > limits.clean_residue) & (unclaimed <= 0)
    misfit = fill_last(DOUBTS["misfit"], limits.fit_above)
    field = boxes.is_field
    rules: list[tuple[np.ndarray, int, str, np.ndarray]] = [
        (~boxes["inside"], UNREADABLE, DOUBTS["outside"], fit),
        (fit < limits.fit_above, DOUBTFUL, misfit, fit),
        (missing >= least_missing, DOUBTFUL, DOUBTS["missing"], missing),
        (parted & (p < limits.unlike_below), DOUBTFUL, DOUBTS["missing"], missing),
        (field & (strokes_mm2 >= limits.written_mm2), MARKED, "handwriting", fit),
        (field & (all_ink_mm2 <= limits.unwritten_mm2), EMPTY, "", fit),
        (field, DOUBTFUL, DOUBTS["speck"], fit),
        ((p >= limits.marked_above) & clean & ~pale, DOUBTFUL, DOUBTS["no ink"], p),
        ((p >= limits.marked_above) & little, DOUBTFUL, DOUBTS["little"], p),
        (p >= limits.marked_above, MARKED, "", p),
        ((p <= limits.empty_below) & theirs, EMPTY, "all of its ink belongs to a mark in the next cell", p),
        ((p <= limits.empty_below) & trace, DOUBTFUL, DOUBTS["trace"], p),
        ((p <= limits.bare_below) & clean & boxes["bilevel"] & ~trace, EMPTY, "", p),
        ((p <= limits.empty_below) & (unclaimed < limits.veto_residue), EMPTY, "", p),
        (_far_from_marked(p, unclaimed, limits), EMPTY, "", p),
        (p <= limits.empty_below, DOUBTFUL, DOUBTS["edge"], unclaimed),
        (_look_like_most(boxes, limits), EMPTY, "as the print in most boxes of its page looks", p),
    ]
    between = fill_last(DOUBTS["between"], limits.empty_below, limits.marked_above)
    open_ = np.ones(len(p), bool)
    for holds, state, why, number in [*rules, (open_.copy(), DOUBTFUL, between, p)]:
        now = open_ & holds
        if "{" in why:
            boxes.doubt(now, why, number)
        else:
            boxes.say(now, state, why)
        open_ &= ~holds


def _least_trace(boxes: Boxes, limits: Thresholds) -> np.ndarray:
    """How much darker than on the blank a spot on a frame is that tells of ink, not of frames scanned black."""
    usual = boxes.pages.middle(boxes["excess"], boxes.has_room & _look_empty(boxes, limits))
    return np.fmax(limits.trace_excess, usual + limits.beyond_usual)


def _usual_excess(boxes: Boxes, limits: Thresholds) -> np.ndarray:
    """How much darker than on the blank print is that fills a page's unmarked boxes; 1 where too few of them tell."""
    unmarked = ~boxes.has_room & _look_empty(boxes, limits)
    usual = boxes.pages.middle(boxes["excess"], unmarked)
    return np.where(boxes.pages.total(unmarked) >= limits.usual_boxes, usual, 1.0)


def _look_empty(boxes: Boxes, limits: Thresholds) -> np.ndarray:
    """Which boxes the network takes for empty, before rules are heard."""
    return np.asarray((boxes["p_marked"] <= limits.empty_below) & boxes["inside"])


def _look_like_most(boxes: Boxes, limits: Thresholds) -> np.ndarray:
    """Which boxes full of print look no more like a mark, nor darker, than most of their page do.

    Letters of another revision, or blurred by a coarse scan, unsettle the network in all of a page's boxes alike.
    """
    p, excess = boxes["p_marked"], boxes["excess"]
    full = boxes.are_full & boxes["inside"]
    usual = boxes.pages.middle(p, full)
    alike = full & (p < limits.alike_times * usual) & (excess <= boxes.pages.middle(excess, full))
    return alike & (usual <= limits.alike_below) & (boxes.pages.total(full) >= limits.alike_boxes)


def _revoke(boxes: Boxes, limits: Thresholds) -> None:
    """Take a black box for revoked where the paper has that rule and its item, which takes one, has lighter marks only.

    A black box that is all there is in its item answers it, for who takes a mark back makes another: nothing is surely
    revoked in a case that has one (but beside the other mark of a single-choice item, if it has one for twenty marks:
    a heavy cross), and a case that has several was marked by filling in. In an item that takes several
    nothing but its blackness tells what a black box means: some people fill in a box here and there.
    """
    items, cases, p_black, coverage = boxes.items, boxes.cases, boxes["p_black"], boxes["coverage"]
    marked = boxes.marked()
    black = marked & (p_black >= limits.black_above) & (coverage >= limits.black_coverage)
    rather_black = marked & (p_black >= limits.rather_black)
    light = marked & (p_black <= limits.light_below) & (coverage < limits.covered)
    all_others_light = items.total(marked & ~light) == 1
    has_light = items.any(light)
    pairs = boxes.single & (items.total(marked) == 2) & (items.total(boxes.state != EMPTY) == 2)
    alone = rather_black & (items.total(boxes.state != EMPTY) == 1)
    least = np.where(cases.any(alone), limits.black_beside, limits.black_beside_only)
    black |= marked & pairs & (p_black >= least) & (coverage >= limits.black_coverage)
    few = ~cases.any(alone) | (pairs & (cases.total(alone) <= limits.black_alone_share * cases.total(marked)))
    revoked = black & boxes.take_one_anew & has_light & all_others_light & few
    boxes.say(revoked, REVOKED, "blacked out, and a lighter box is marked")
    beside = cases.total(rather_black & boxes.take_one_anew & has_light)
    fills_in = cases.total(alone) >= np.maximum(limits.filling_marks, limits.filling_lead * beside)
    answers = fills_in & ~has_light & (boxes.multiple | (items.total(marked) == 1))
    unsure = rather_black & ~revoked & ~answers
    boxes.say(unsure, DOUBTFUL, DOUBTS["filled"])
    neat = marked & (coverage >= limits.covered) & (p_black > limits.heavy_above) & has_light
    boxes.say(neat & ~unsure & ~revoked & ~answers, DOUBTFUL, DOUBTS["heavy"])


def _settle_fills(boxes: Boxes, limits: Thresholds) -> None:
    """Dark ink that covers a box, and hardly anything beside it, was meant: on paper that asks nobody to black out."""
    filled = (boxes.state == DOUBTFUL) & boxes.to_mark & boxes.has_room & boxes.are_in_place & boxes["inside"]
    filled &= ~boxes["bilevel"] & (boxes["p_marked"] > limits.empty_below)
    filled &= (boxes["ink"] >= limits.filled_ink) & (boxes["excess"] >= limits.filled_excess)
    boxes.say(filled & (boxes.beside < limits.filled_beside), MARKED, "filled in, if not firmly")


def _settle_by_context(boxes: Boxes, limits: Thresholds, *, revocation: bool) -> None:
    """Let the rest of an item that takes one mark settle an unsure box, where it stands alone or beside a sure mark.

    Where only the case tells that it takes one, a dot may be dirt, a trace inside a second mark all the same, and of a
    box full of print its darkness tells more.
    """
    one, items, p = boxes.surely_take_one, boxes.items, boxes["p_marked"]
    marked, empty, revoked, doubtful = (
        items.total((boxes.state == state) & one) for state in (MARKED, EMPTY, REVOKED, DOUBTFUL)
    )
    usual = _usual_excess(boxes, limits)
    asked = one & (boxes.state == DOUBTFUL) & boxes.are_in_place & boxes["inside"]
    unsure = asked & (p < limits.marked_above)
    only = boxes.want_one & (doubtful == 1) & (empty == items.total(one) - 1)
    alone = unsure & only & (p >= np.where(boxes.may_be_dots, limits.alone_above, limits.alone_wide_above))
    alone &= (boxes["residue"] >= limits.little_residue) & (boxes.single | ~boxes.may_be_dots)
    alone &= ~boxes.has_room | ~(boxes["residue"] < limits.far_less_share * boxes.usual_ink())
    boxes.say(alone, MARKED, "a weak mark, but the only ink in an item that takes one")
    darkest = asked & only & boxes.are_full & (empty > 0)
    darkest &= (p >= limits.slight_below) & (boxes["excess"] >= usual + limits.alone_beyond)
    boxes.say(darkest, MARKED, "the only box of an item that takes one mark that is darker than print")
    beside = unsure & (marked == 1) & (revoked == 0) & (p <= limits.beside_below)
    beside &= boxes.single | (boxes.has_room & boxes.are_doubted(beside, "between", "edge"))
    if revocation:  # the sure mark may be one that was taken back
        dark = (boxes["p_black"] > limits.light_below) & (boxes["coverage"] >= limits.heavy_coverage)
        beside &= ~items.any(boxes.marked() & dark)
    boxes.say(beside, EMPTY, "hardly a mark, beside a sure one in an item that takes one")


def _settle_by_darkness(boxes: Boxes, limits: Thresholds, *, revocation: bool) -> None:
    """Of an item's boxes full of print the only one that is darker than its like is marked, where it takes one mark.

    Whoever marks such a box makes it darker, be it letters that black and white shows bolder; a scan, bold or pale,
    does so to all boxes of a page that print as much. One that is no darker is empty beside a sure mark.
    """
    items, darker, p = boxes.items, boxes["darker"], boxes["p_marked"]
    asked = boxes.to_mark & boxes.are_full & boxes.are_in_place & boxes["inside"]
    sure = boxes.marked()
    unsure = asked & (boxes.state == DOUBTFUL)
    unsure &= (p < limits.marked_above) | (boxes["excess"] < limits.little_excess)
    alone = (boxes.times_darker >= limits.darker_times) & (p >= limits.hidden_above)
    alone |= boxes.are_darker
    alone &= unsure & boxes.want_one & ~items.any(sure) & (boxes.beside <= limits.alone_beside)
    light = sure
    if revocation:  # else nothing tells whether a box was blacked out
        alone &= boxes["p_black"] < limits.rather_black
        light = sure & (boxes["p_black"] <= limits.light_below)
    alone &= (items.total(alone) == 1) & (items.total(boxes.to_mark) > 1)
    most = np.fmax(items.highest(np.where(alone, -1, darker), boxes.to_mark), 0)
    boxes.say(alone & (most <= limits.alone_share * darker), MARKED, "the only box darker than its like")
    alike = unsure & boxes.take_one & (items.total(sure) == 1) & items.any(light) & ~boxes["bilevel"]
    alike &= boxes.times_darker <= limits.alike_spread
    boxes.say(alike, EMPTY, "no darker than its like, beside a sure mark")


def _settle_specks(boxes: Boxes, limits: Thresholds) -> None:
    """A pen of whose marks the scans keep much leaves no mere specks: such specks are dirt.

    But for what a grey scan shows on a frame: it may be half of a dot. Where people black out, a pale pen may be seen
    in its corrections only: then firm marks tell nothing.
    """
    p, ink, residue, alike = boxes["p_marked"], boxes["ink"], boxes["residue"], boxes.scanned_alike
    marked = boxes.marked() & boxes.has_room
    firm = alike.total(marked) >= limits.firm_marks
    firm &= alike.middle(residue, marked) >= limits.firm_residue
    specks = (boxes.state == DOUBTFUL) & boxes.to_mark & boxes.are_in_place
    specks &= boxes.has_room & (ink < limits.speck_ink) & (boxes["excess"] < limits.trace_excess)
    specks &= (p <= limits.empty_below) & _far_from_marked(p, boxes.unclaimed, limits)
    specks &= boxes["bilevel"] | ((ink >= limits.trace_ink) & (boxes["bulge"] < limits.trace_bulge))
    boxes.say(specks & firm, EMPTY, "a speck, and this case's marks are firm")


def _adjudicate(boxes: Boxes, adjudications: pd.DataFrame) -> None:
    """Let people's decisions about boxes stand over the machine's: where their box lay, whatever it is called now."""
    if adjudications.empty:
        return
    said, rows, moved = boxes.rows_decided(adjudications)
    last = {int(row): at for at, row in enumerate(rows) if row >= 0}
    of_row, which = np.array([*last], dtype=np.int64), np.array([*last.values()], dtype=np.int64)
    boxes.state[of_row] = [STATES.index(state) for state in said["state"].iloc[which]]
    boxes.decided_by.put(of_row, *said["decided_by"].iloc[which])
    boxes.reason.put(of_row, *said["reason"].iloc[which])
    again = of_row[moved[which]]
    boxes.decided_by.put(again, MACHINE)
    boxes.say(again, DOUBTFUL, DOUBTS["moved"])
