"""Claims about decisions: when unsure the program says doubtful, and a person's word stands over the machine's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.questionnaire.model import Questionnaire, Schema
from survey.questionnaire.thresholds import Thresholds
from survey.reading.believe import contradict, objection_to_page
from survey.reading.decide import decide_marks
from survey.reading.outcomes import decide_outcomes
from survey.reading.reasons import Reason, tell_doubt
from survey.store import ADJUDICATIONS
from survey.tables import MARKS, OUTCOMES

ITEMS = [
    {"id": "work", "type": "single", "options": [{"code": str(n)} for n in range(1, 5)]},
    {"id": "wish", "type": "multiple", "options": [{"code": c} for c in ["a", "b", "c", "none"]]},
    {"id": "hours", "type": "number", "digits": 2},
    {"id": "why", "type": "text", "lines": 3},
]
PLACES = [("work", code) for code in "1234"] + [("wish", code) for code in ["a", "b", "c", "none"]]
PLACES += [("hours", "1"), ("hours", "2"), ("why", "")]
LIMITS = Thresholds()

EMPTY = {
    "p_marked": 0.01,
    "p_black": 0.0,
    "room": 0.4,
    "excess": 0.0,
    "ink": 0.0,
    "coverage": 0.02,
    "residue": 0.01,
    "claimed": 0.0,
    "span": 1.0,
    "runs_on": 0.0,
    "bulge": 0.0,
    "darker": 0.0,
    "missing": 0.0,
    "lean_deg": 90.0,
    "aside": 0.0,
    "bilevel": False,
}
CROSS = {"p_marked": 0.997, "p_black": 0.01, "excess": 0.5, "ink": 0.18, "coverage": 0.25, "residue": 0.25}
LIGHT = {"p_marked": 0.5, "p_black": 0.01, "ink": 0.03, "coverage": 0.04, "residue": 0.05}
BLACK = {"p_marked": 0.99, "p_black": 0.99, "excess": 0.8, "ink": 0.6, "coverage": 0.97, "residue": 1.2}
HEAVY = {"p_marked": 0.99, "p_black": 0.15, "excess": 0.8, "ink": 0.5, "coverage": 0.8, "residue": 0.9}


def questionnaire(*, revocation: bool = False, **thresholds: float) -> Questionnaire:
    return questionnaire_of(ITEMS, revocation=revocation, thresholds=thresholds)


def questionnaire_of(items: list[dict[str, Any]], **reading: Any) -> Questionnaire:
    schema = Schema.model_validate({
        "questionnaire": "mini", "reading": reading,
        "sections": [{"id": "s", "title": "S", "items": items}],
    })  # fmt: skip
    return Questionnaire(schema, pd.DataFrame(), None, None)  # type: ignore[arg-type]


def sheet(case: str = "S1", **boxes: dict[str, float]) -> pd.DataFrame:
    """Measurements of one page: every box empty but those named, as work_1=CROSS."""
    rows = []
    for at, (item, option) in enumerate(PLACES):
        box = f"{item}.{option}" if option else item
        size = (5.0, 7.0) if item == "hours" else (150.0, 40.0) if item == "why" else (4.0, 4.0)
        given = boxes.get(f"{item}_{option}".rstrip("_"), {})
        numbers = {"fit": 0.9, "inside": True, **EMPTY, **given}
        if item in {"hours", "why"} and "residue" not in given:
            numbers["residue"] = numbers["ink"]
        rows.append({
            "scan": "a.pdf", "page": 1, "half": 0, "questionnaire": "mini", "questionnaire_page": 1, "case": case,
            "page_digest": f"page of {case}", "box": box, "item": item, "option": option,
            "x_mm": 20.0, "y_mm": 20 + 8.0 * at, "w_mm": size[0], "h_mm": size[1], **numbers,
        })  # fmt: skip
    return pd.DataFrame(rows)


def adjudications(*rows: dict[str, str]) -> pd.DataFrame:
    plain = dict.fromkeys(ADJUDICATIONS.columns, "")
    return ADJUDICATIONS.frame([tuple({**plain, "decided_by": "anna", **row}.values()) for row in rows])


def states(
    measured: pd.DataFrame, paper: Questionnaire | None = None, people: pd.DataFrame | None = None
) -> dict[str, str]:
    marks = decide_marks(measured, paper or questionnaire(), adjudications() if people is None else people)
    return dict(zip(marks["box"], marks["state"], strict=True))


def outcome(
    item: str, measured: pd.DataFrame, paper: Questionnaire | None = None, people: pd.DataFrame | None = None
) -> tuple[str, str]:
    people = adjudications() if people is None else people
    paper = paper or questionnaire()
    marks = decide_marks(measured, paper, people)
    found = decide_outcomes([marks], ["S1"], paper, people).set_index("item").loc[item]
    return found["outcome"], found["codes"]


def test_a_cross_is_marked_and_clean_paper_is_empty() -> None:
    found = states(sheet(work_2=CROSS))
    assert found.pop("work.2") == "marked"
    assert set(found.values()) == {"empty"}


def test_a_light_tick_is_doubtful() -> None:
    assert states(sheet(work_2=LIGHT))["work.2"] == "doubtful"
    assert outcome("work", sheet(work_2=LIGHT)) == ("doubtful", "")


WEAK = {
    "p_marked": 0.95,
    "p_black": 0.0,
    "excess": 0.3,
    "ink": 0.01,
    "coverage": 0.02,
    "residue": 0.01,
    "span": 0.3,
}


def test_a_box_covered_from_edge_to_edge_beside_a_mark_is_never_surely_marked() -> None:
    """However sure the network is that it was not blacked out: it may have been, neatly."""
    neat = {**BLACK, "p_black": 0.01, "coverage": 1.0}
    found = states(sheet(wish_a=neat, wish_b=CROSS), questionnaire(revocation=True))
    assert (found["wish.a"], found["wish.b"]) == ("doubtful", "marked")
    assert states(sheet(wish_a=neat, wish_b=CROSS))["wish.a"] == "marked", "on paper without that rule"


def test_a_mark_that_may_be_taken_back_settles_no_other() -> None:
    dark, hardly = {**CROSS, "p_black": 0.15, "coverage": 0.8}, {**LIGHT, "p_marked": 0.2}
    found = states(sheet(work_1=dark, work_2=hardly), questionnaire(revocation=True))
    assert (found["work.1"], found["work.2"]) == ("doubtful", "doubtful")
    found = states(sheet(work_1=CROSS, work_2=hardly), questionnaire(revocation=True))
    assert (found["work.1"], found["work.2"]) == ("marked", "empty")
    assert states(sheet(work_1=dark, work_2=hardly))["work.2"] == "empty", "on paper without that rule"


def test_where_a_page_has_mostly_faint_marks_an_unmarked_item_is_no_blank() -> None:
    """A scan that kept only specks of four marks may have kept nothing of a fifth."""
    weak = {"wish_a": WEAK, "wish_b": WEAK, "wish_c": WEAK, "wish_none": WEAK}
    found = states(sheet(**weak))
    assert {found[f"work.{code}"] for code in "1234"} == {"doubtful"}
    assert outcome("work", sheet(**weak)) == ("doubtful", "")
    assert found["why"] == "empty"


def test_a_page_of_which_a_scan_has_kept_nothing_is_told_by_the_other_pages_of_its_case() -> None:
    """One person wrote with one pencil: four weak marks here, and nothing at all there."""
    weak = {"wish_a": WEAK, "wish_b": WEAK, "wish_c": WEAK, "wish_none": WEAK, "work_1": CROSS}
    other = sheet().assign(page_digest="the next page", item="work", option="", box="next")
    both = pd.concat([sheet(**weak), other.iloc[:1]], ignore_index=True)
    assert states(both)["next"] == "doubtful"
    assert states(both.assign(case=["S1"] * len(sheet()) + ["S2"]))["next"] == "empty"


def test_firm_marks_on_grey_pages_do_not_tell_that_black_and_white_has_kept_all() -> None:
    weak = sheet(wish_a=WEAK, wish_b=WEAK, wish_c=WEAK, wish_none=WEAK).assign(bilevel=True)
    other = sheet().iloc[:1].assign(page_digest="the next page", box="next", option="", bilevel=True)
    firm = {f"wish_{code}": CROSS for code in ["a", "b", "c", "none"]}
    grey = [sheet(**firm).assign(page_digest=f"grey page {n}") for n in range(3)]

    def state(pages: list[pd.DataFrame]) -> str:
        return states(pd.concat([weak, other, *pages], ignore_index=True))["next"]

    assert state(grey) == "doubtful"
    assert state([page.assign(bilevel=True) for page in grey]) == "empty"


def test_a_grey_scan_loses_nothing_of_a_box_in_which_nothing_stirs() -> None:
    weak = {"wish_a": WEAK, "wish_b": WEAK, "wish_c": WEAK, "wish_none": WEAK}
    still = {f"work_{code}": {**EMPTY, "p_marked": 0.0} for code in "1234"}
    for code in "12":  # or hardly anything
        still[f"work_{code}"] = {**EMPTY, "p_marked": 0.001}
    grey = sheet(**weak, **still)
    assert outcome("work", grey) == ("blank", "")
    stirs = sheet(**weak, **{**still, "work_1": {**EMPTY, "p_marked": 0.007}})
    assert outcome("work", stirs) == ("doubtful", ""), "a pale ring"
    assert outcome("work", grey.assign(bilevel=True)) == ("doubtful", "")


def test_sure_marks_that_are_hardly_there_make_a_page_faint_too() -> None:
    weak = {"wish_a": WEAK, "wish_b": WEAK, "wish_none": WEAK, "wish_c": {**WEAK, "p_marked": 0.99}}
    assert outcome("work", sheet(**weak)) == ("doubtful", "")
    for excess in (0.1, 0.5):
        full = {"room": 0.05, "p_marked": 0.99, "excess": excess}  # letters inside hide how much ink there is
        assert outcome("work", sheet(**{box: {**mark, **full} for box, mark in weak.items()})) == (
            "blank",
            "",
        )


def test_where_most_marks_of_an_item_are_faint_its_other_boxes_may_be_marked() -> None:
    weak = {"wish_a": WEAK, "wish_b": WEAK, "wish_c": WEAK}
    assert states(sheet(**weak), questionnaire(faint_marks=2))["wish.none"] == "doubtful"
    found = states(sheet(wish_a=WEAK, wish_b=WEAK, wish_c=CROSS), questionnaire(faint_marks=2))
    assert found["wish.none"] == "doubtful"


def test_an_item_of_many_boxes_of_which_a_faint_page_shows_none_is_blank() -> None:
    """Who answers a large table marks several of its boxes: a scan does not lose every trace of them."""
    weak = {f"work_{code}": WEAK for code in "1234"}
    assert states(sheet(**weak))["wish.a"] == "doubtful"
    assert states(sheet(**weak), questionnaire(many_boxes=4))["wish.a"] == "empty"
    trace = {**LIGHT, "p_marked": 0.2}
    assert states(sheet(**weak, wish_b=trace), questionnaire(many_boxes=4))["wish.a"] == "doubtful"


def test_where_a_page_has_sure_marks_as_well_an_unmarked_item_is_blank() -> None:
    paper = questionnaire(faint_marks=1, faint_lead=1)
    assert outcome("work", sheet(wish_a=WEAK), paper) == ("doubtful", "")
    assert outcome("work", sheet(wish_a=WEAK, wish_b=CROSS, wish_c=CROSS), paper) == ("blank", "")


def test_a_pen_that_is_pale_on_grey_pages_may_be_lost_on_black_and_white_ones() -> None:
    """Its marks are sure where shades are kept; a scan in black and white shows none of them."""

    def next_page(excess: float, *, shown: int = 0, bilevel: bool = True, more: int = 0) -> str:
        grey = sheet(**{box: {**CROSS, "excess": excess} for box in ["work_1", "wish_a", "wish_b"]})
        other = sheet(**dict.fromkeys(["wish_a", "wish_b", "wish_c", "wish_none"][:shown], CROSS))
        other = other.assign(page_digest="the next page", bilevel=bilevel, box="next " + other["box"])
        bare = [
            sheet().assign(page_digest=f"{at}", bilevel=True, box=f"{at} " + other["box"])
            for at in range(more)
        ]
        return states(pd.concat([grey, other, *bare], ignore_index=True))["next work.2"]

    assert next_page(0.15) == "doubtful"
    assert next_page(0.15, shown=3) == "doubtful"
    assert next_page(0.15, shown=4) == next_page(0.15, shown=4, more=9) == "empty", "the scan keeps this pen"
    assert next_page(0.15, shown=4, more=10) == "doubtful", "not one box in twenty shows it"
    assert next_page(0.5) == "empty", "a dark pen would show"
    assert next_page(0.15, bilevel=False) == "empty"


def case_of_two_pages(
    *, bilevel: tuple[bool, bool] = (True, True), **boxes: dict[str, float]
) -> pd.DataFrame:
    """The named boxes are on the first page."""
    first, second = sheet(**boxes), sheet().assign(page_digest="the next page")
    second["box"] = "next " + second["box"]
    return pd.concat([first.assign(bilevel=bilevel[0]), second.assign(bilevel=bilevel[1])], ignore_index=True)


TRACE = {**LIGHT, "p_marked": 0.2}


def test_a_return_with_hardly_a_mark_is_no_blank_where_scans_may_lose_a_pen() -> None:
    marks = decide_marks(case_of_two_pages(work_1=TRACE), questionnaire(), adjudications())
    is_box = marks["item"].isin(["work", "wish"])
    assert set(marks["state"][is_box]) == {"doubtful"}
    assert {tell_doubt(reason)[0] for reason in marks["reason"][is_box].iloc[1:]} == {"no mark"}
    few = questionnaire(hardly_marked=0.1)
    found = states(case_of_two_pages(wish_a=TRACE, work_1=CROSS), few)
    assert (found["work.1"], found["work.2"], found["next work.2"]) == ("marked", "empty", "doubtful")
    assert states(case_of_two_pages(wish_a=TRACE, work_1=CROSS))["next work.2"] == "empty"


def test_a_return_of_which_nothing_is_seen_is_blank() -> None:
    assert set(states(case_of_two_pages()).values()) == {"empty"}
    assert states(case_of_two_pages(work_1=TRACE, bilevel=(True, False)))["next work.2"] == "empty"
    alone = sheet(work_1=TRACE).assign(bilevel=True)
    assert states(alone)["work.2"] == "empty", "a single page may well be skipped"


def test_of_a_pen_that_scans_lose_the_mark_that_is_seen_may_have_been_taken_back() -> None:
    """A box was blacked out, and of the mark that answers the item the scan kept nothing."""
    kept = {**CROSS, "p_black": 0.002, "coverage": 0.3}
    few, revocation = {"hardly_marked": 0.1}, {"revocation": True}
    case = case_of_two_pages(wish_a=TRACE, work_1=kept)
    found = states(case, questionnaire(**few, **revocation))
    assert (found["work.1"], found["work.2"]) == ("doubtful", "doubtful"), (
        "one of the others was marked instead"
    )
    assert states(case, questionnaire(**few))["work.1"] == "marked", "nobody is asked to black out"
    assert states(case, questionnaire(**revocation))["work.1"] == "marked", "the pen is seen"
    thin = case_of_two_pages(wish_a=TRACE, work_1={**kept, "coverage": 0.1})
    assert states(thin, questionnaire(**few, **revocation))["work.1"] == "marked"


def test_of_a_pen_that_scans_lose_a_box_full_of_ink_beside_mere_traces_may_be_blacked_out() -> None:
    """All that is sure on such a page may be its corrections: they are heavy beside what is left of the marks."""
    black, trace = {**CROSS, "p_black": 0.0001, "ink": 0.6, "coverage": 0.5}, {**TRACE, "ink": 0.05}
    more, few, revocation = {**trace, "ink": 0.3}, {"hardly_marked": 0.2}, {"revocation": True}

    def state(paper: Questionnaire, **boxes: dict[str, float]) -> str:
        return states(
            case_of_two_pages(**{"work_1": black, "wish_a": trace, "wish_b": trace, **boxes}), paper
        )["work.1"]

    assert state(questionnaire(**few, **revocation)) == "doubtful"
    assert state(questionnaire(**few, **revocation), wish_a=more, wish_b=more) == "marked", "not so much more"
    assert state(questionnaire(**few, **revocation), work_1={**black, "coverage": 0.3}) == "marked"
    assert state(questionnaire(**few)) == "marked", "nobody is asked to black out"
    assert state(questionnaire(**revocation)) == "marked", "the pen is seen"


def test_of_a_pen_that_scans_lose_all_that_is_seen_may_have_been_taken_back() -> None:
    """No trace is left of any other mark; but who answers a questionnaire does not mark little and take it all back."""
    kept = {**CROSS, "p_black": 0.02, "coverage": 0.2}
    few = {"seldom_marked": 0.15}
    case = case_of_two_pages(work_1=kept)
    found = states(case, questionnaire(**few, revocation=True))
    assert (found["work.1"], found["work.2"], found["next work.2"]) == ("doubtful",) * 3
    assert states(case, questionnaire(**few))["next work.2"] == "empty", "nobody is asked to black out"
    for mark in ({"p_black": 0.001}, {"coverage": 0.7}):
        other = case_of_two_pages(work_1={**kept, **mark})
        assert states(other, questionnaire(**few, revocation=True))["next work.2"] == "empty"
    grey = case_of_two_pages(work_1=kept, bilevel=(True, False))
    assert states(grey, questionnaire(**few, revocation=True))["next work.2"] == "empty"


def test_a_single_choice_item_with_a_faint_mark_has_the_one_it_may_have() -> None:
    weak = {"wish_a": WEAK, "wish_b": WEAK, "wish_c": WEAK, "work_2": WEAK}
    found = states(sheet(**weak))
    assert [found[f"work.{code}"] for code in "1234"] == ["empty", "doubtful", "empty", "empty"]


def test_streaks_that_are_hardly_marks_make_no_page_faint() -> None:
    streak = {**LIGHT, "p_marked": 0.13}  # unsure like a faint mark, but hardly one
    assert outcome("work", sheet(wish_a=streak, wish_b=streak, wish_c=streak)) == ("blank", "")


def test_ink_at_the_edge_of_an_empty_looking_box_is_doubtful() -> None:
    assert states(sheet(work_2={**EMPTY, "p_marked": 0.1, "residue": 0.08}))["work.2"] == "doubtful"


def test_ink_that_clearly_belongs_to_something_else_is_no_doubt() -> None:
    """To the network, or because it is the end of a mark at another box, or of a line down the page."""
    assert states(sheet(wish_a={**EMPTY, "p_marked": 0.02, "residue": 0.025}))["wish.a"] == "empty"
    edge = {**EMPTY, "p_marked": 0.08, "residue": 0.08}
    assert states(sheet(wish_a={**edge, "claimed": 0.07}))["wish.a"] == "empty"
    assert states(sheet(wish_a={**edge, "claimed": 0.06}))["wish.a"] == "doubtful"


def test_of_a_very_pale_pen_a_little_ink_around_a_box_may_be_a_mark() -> None:
    pale, inked = {**CROSS, "excess": 0.15}, {"p_marked": 0.007, "residue": 0.02}

    def state(mark: dict[str, float], **numbers: float) -> str:
        marks = {"wish_a": mark, "wish_b": mark, "wish_none": mark}
        other = sheet(work_1=mark).assign(page_digest="the next page", box="next " + sheet()["box"])
        return states(pd.concat([sheet(wish_c={**inked, **numbers}, **marks), other], ignore_index=True))[
            "wish.c"
        ]

    assert state(pale) == "doubtful"
    assert state(CROSS) == state(pale, p_marked=0.003) == state(pale, residue=0.004) == "empty"
    assert state(pale, claimed=0.018) == "empty", "it belongs to another box's mark"
    assert (
        states(sheet(work_2=inked, work_1=pale, wish_a=pale, wish_b=pale, wish_c=pale))["work.2"] == "empty"
    )


def test_much_ink_around_an_empty_looking_box_may_be_a_ring_or_a_stroke_beside_it() -> None:
    ring = {**EMPTY, "p_marked": 0.01, "residue": 0.2}
    assert states(sheet(work_2=ring))["work.2"] == "doubtful"
    assert states(sheet(work_2={**ring, "p_marked": 0.0005}))["work.2"] == "empty"
    assert states(sheet(work_2={**ring, "claimed": 0.19}))["work.2"] == "empty"


def test_a_trace_of_ink_inside_may_be_all_that_is_left_of_a_mark() -> None:
    assert states(sheet(work_2={**EMPTY, "ink": 0.01}))["work.2"] == "doubtful"
    assert states(sheet(work_2={**EMPTY, "excess": 0.7}))["work.2"] == "doubtful"
    still = sheet(work_2={**EMPTY, "p_marked": 0.0, "ink": 0.01})
    assert states(still)["work.2"] == "empty", "grey scans keep more than a trace"
    assert states(still.assign(bilevel=True))["work.2"] == "doubtful"


def test_a_speck_is_dirt_where_the_marks_of_the_case_are_firm() -> None:
    """A pen that leaves specks leaves little of its other marks, too."""

    def state(residue: float, marks: int = 5, **speck: float) -> str:
        mark = {**CROSS, "residue": residue}
        boxes = dict.fromkeys(["wish_a", "wish_b", "wish_c", "work_1", "work_2"][:marks], mark)
        speck = {**EMPTY, "ink": 0.02, **speck}
        return states(sheet(**boxes, wish_none=speck).assign(bilevel=bilevel), paper)["wish.none"]

    paper, bilevel = questionnaire(), False
    assert state(0.2) == "empty"
    assert state(0.2, bulge=0.5) == "doubtful", "a dot on the frame"
    assert state(0.08) == "doubtful", "a pale pen"
    bilevel = True
    assert state(0.2) == "empty"
    assert state(0.08) == "doubtful", "a pale pen"
    assert state(0.2, marks=4) == "doubtful", "too few marks to tell"
    assert state(0.2, ink=0.08) == "doubtful", "no mere speck"
    assert state(0.2, p_marked=0.06) == "doubtful", "not surely beside a mark"
    paper = questionnaire(revocation=True)
    assert state(0.2) == "doubtful", "the firm marks may be boxes that were blacked out"


def test_a_stroke_on_a_frame_shows_in_a_grey_scan() -> None:
    dash = {**EMPTY, "p_marked": 0.08, "excess": 0.15, "bulge": 0.4, "residue": 0.0}
    assert states(sheet(wish_a=dash))["wish.a"] == "doubtful"
    assert states(sheet(wish_a={**dash, "p_marked": 0.25}))["wish.a"] == "doubtful"
    assert states(sheet(wish_a={**dash, "p_marked": 0.0}))["wish.a"] == "doubtful", (
        "of a frame the network is no judge"
    )
    assert states(sheet(wish_a={**dash, "bulge": 0.15}))["wish.a"] == "empty"
    assert states(sheet(wish_a={**dash, "p_marked": 0.02, "residue": 0.05}))["wish.a"] == "empty", (
        "a stroke's end"
    )
    assert states(sheet(wish_a=dash).assign(bilevel=True))["wish.a"] == "empty", "its frames are ragged"
    assert outcome("work", sheet(work_2=dash, work_3=CROSS)) == ("answered", "3")


def test_where_all_frames_of_a_page_are_ragged_one_that_is_no_more_so_tells_of_no_ink() -> None:
    """As a photocopy makes them, scanned in grey."""

    def state(ragged: float, box: str = "wish.c", **others: dict[str, float]) -> str:
        frames = {f"{item}_{option}": {**EMPTY, "bulge": ragged} for item, option in PLACES[:8]}
        dash = {**EMPTY, "p_marked": 0.0, "bulge": 0.5, "residue": 0.0}
        return states(sheet(**frames | {box.replace(".", "_"): dash} | others))[box]

    assert state(0.1) == "doubtful"
    assert state(0.2) == "empty"
    assert state(-0.2) == "empty", "pinched, too"
    assert state(0.1, "work.2", wish_a=CROSS) == "doubtful"
    assert state(0.2, "work.2", wish_a=CROSS) == "empty"


def test_ink_too_pale_to_be_seen_by_itself_makes_its_box_darker_than_the_others() -> None:
    """Hard pencil in grey: the network is sure, and no pixel is as dark as ink."""

    def state(darker: float, *, bilevel: bool = False) -> str:
        frames = {f"{item}_{option}": {**EMPTY, "darker": 0.002} for item, option in PLACES[:8]}
        pale = {**CROSS, "p_marked": 0.98, "excess": 0.1, "ink": 0.0, "residue": 0.0, "darker": darker}
        paper = questionnaire(alike_boxes=6)
        measured = sheet(**frames | {"work_2": pale, "wish_a": {**CROSS, "residue": 0.05}})
        return states(measured.assign(bilevel=bilevel), paper)["work.2"]

    assert state(0.04) == "marked"
    assert state(0.01) == "doubtful", "it may be heavier print"
    assert state(0.04, bilevel=True) == "doubtful", "that has no pale ink"


def test_ink_across_the_frame_of_a_wide_cell_is_no_trace() -> None:
    """It is a ruled line, or the stroke of a mark in the next cell: who marks there has room inside."""
    dash = {**EMPTY, "p_marked": 0.01, "bulge": 0.4, "residue": 0.0}
    box = sheet(wish_a=CROSS, wish_c=dash)
    assert states(box)["wish.c"] == "doubtful"
    assert states(box.assign(w_mm=17.0))["wish.c"] == "empty"
    single = sheet(wish_a=CROSS, work_2={**dash, "p_marked": 0.0})
    assert states(single)["work.2"] == "doubtful"
    assert states(single.assign(w_mm=17.0))["work.2"] == "empty"


def test_ink_in_a_wide_cell_that_all_belongs_to_a_mark_in_the_next_one_is_none_of_its_own() -> None:
    """People's ticks reach over ruled lines into the cell above."""

    def state(w_mm: float = 17.0, **numbers: float) -> str:
        end = {**EMPTY, "p_marked": 0.09, "ink": 0.06, "residue": 0.03, "claimed": 0.05, **numbers}
        return states(sheet(wish_a=CROSS, wish_c=end).assign(w_mm=w_mm))["wish.c"]

    assert state() == "empty"
    assert state(w_mm=4.0) == "doubtful", "a common box is marked in it, and not somewhere in it"
    assert state(claimed=0.02) == "doubtful", "some is its own"
    assert state(p_marked=0.2) == "doubtful", "a dash beside it looks so, too"


def test_who_makes_small_marks_may_hit_the_frame_alone() -> None:
    """The network sees nothing there, but this person's other marks are dots and dashes, too."""
    dash = {**EMPTY, "p_marked": 0.0, "bulge": 0.25, "residue": 0.0}

    def state(residue: float, **dashed: float) -> str:
        others = {box: {**CROSS, "residue": residue} for box in ["work_1", "wish_a", "wish_b"]}
        return states(sheet(**others, wish_c={**dash, **dashed}))["wish.c"]

    assert state(0.1) == "doubtful"
    assert state(0.25) == "empty"
    assert state(0.25, bulge=0.45) == "doubtful", "a clear dot"
    assert state(0.1, bulge=0.15) == "empty"
    assert state(0.08, bulge=0.15) == "doubtful", "the smaller they are, the less of them shows"
    assert state(0.1, bulge=0.9, bilevel=True) == "empty", "black and white makes frames ragged"
    assert state(0.1, bulge=1.1, bilevel=True) == "doubtful"
    assert state(0.25, bulge=1.1, bilevel=True) == "empty"


def test_of_small_marks_black_and_white_leaves_hardly_a_thing() -> None:
    def state(p_marked: float, residue: float = 0.08, *, bilevel: bool = True) -> str:
        others = {box: {**CROSS, "residue": residue} for box in ["work_1", "wish_a", "wish_b"]}
        left = {**EMPTY, "p_marked": p_marked, "residue": 0.0}
        return states(sheet(**others, wish_c=left).assign(bilevel=bilevel))["wish.c"]

    assert state(0.02) == "doubtful"
    assert state(0.01) == state(0.02, 0.1) == state(0.02, bilevel=False) == "empty"


def test_of_small_marks_a_grey_scan_leaves_a_box_darker_than_its_like() -> None:
    def state(darker: float, residue: float = 0.08, **others: dict[str, float]) -> str:
        frames = {f"{item}_{option}": {**EMPTY, "darker": 0.002} for item, option in PLACES[:8]}
        marks = {box: {**CROSS, "residue": residue} for box in ["wish_a", "wish_b"]}
        left = {**EMPTY, "p_marked": 0.0, "residue": 0.0, "darker": darker}
        return states(sheet(**{**frames, **marks, "work_2": left, **others}), questionnaire(alike_boxes=5))[
            "work.2"
        ]

    assert state(0.014) == "doubtful"
    assert state(0.01) == state(0.014, 0.12) == state(0.014, work_1=CROSS) == "empty"


def test_very_little_ink_may_be_a_speck_where_there_would_be_room_for_more() -> None:
    speck = {**CROSS, "p_marked": 0.95, "ink": 0.03, "residue": 0.02}
    assert states(sheet(work_2=speck))["work.2"] == "doubtful"
    assert states(sheet(work_2={**speck, "room": 0.05}, wish_a=CROSS))["work.2"] == "marked"
    assert states(sheet(work_2={**speck, "room": 0.05, "excess": 0.1}))["work.2"] == "doubtful"
    bold = {**speck, "room": 0.05, "excess": 0.1, "p_marked": 0.99}
    assert states(sheet(work_2=bold))["work.2"] == "doubtful", "letters that the network has never seen"


def test_a_pale_fill_between_letters_is_told_by_the_page_s_other_letters() -> None:
    """Where the scan's letters are as on the blank, little ink in one box is a mark; where all are bolder it is not."""

    def state(excess: float, *, count: int = 7, p: float = 0.997) -> str:
        pale = {**CROSS, "p_marked": p, "room": 0.05, "excess": 0.18}
        letters = {"room": 0.05, "excess": excess}
        others = [f"{item}_{option}" for item, option in PLACES[:8] if (item, option) != ("wish", "b")][
            :count
        ]
        return states(sheet(wish_b=pale, **{box: {**EMPTY, **letters} for box in others}))["wish.b"]

    assert state(0.05) == "marked"
    assert state(0.1) == "doubtful"
    assert state(0.05, count=4) == "doubtful", "too few to tell"
    assert state(0.05, p=0.99) == "doubtful"


def test_among_letters_the_one_box_of_a_single_choice_item_that_is_darker_is_its_mark() -> None:
    letters = {**EMPTY, "room": 0.05, "excess": 0.05}
    names = [f"{item}_{option}" for item, option in PLACES[:8]]

    def state(excess: float = 0.13, p: float = 0.92, box: str = "work_2", **others: dict[str, float]) -> str:
        mark = {**CROSS, "p_marked": p, "room": 0.05, "excess": excess}
        boxes = {**dict.fromkeys(names, letters), "wish_a": {**CROSS, "room": 0.05}, box: mark, **others}
        return states(sheet(**boxes))[box.replace("_", ".")]

    assert state() == "marked"
    assert state(0.1) == "doubtful", "hardly darker than the letters of its page"
    assert state(p=0.88) == "doubtful"
    assert state(box="wish_b") == "doubtful", "nothing needs to be marked there"
    assert state(work_3={**letters, "p_marked": 0.2}) == "doubtful", "another may be meant"


def test_of_boxes_full_of_print_the_one_that_is_darker_than_its_like_holds_ink() -> None:
    """Of black and white, which of pencil between letters keeps but bolder letters; in grey it must be darker still."""
    revocation = False

    def state(darker: float, p_marked: float = 0.3, box: str = "work.2", **others: dict[str, float]) -> str:
        names = [f"{item}_{option}" for item, option in PLACES[:8]]
        letters = {**EMPTY, "room": 0.05, "excess": 0.1, "darker": 0.004, "bilevel": True}
        mark = {**letters, "p_marked": p_marked, "darker": darker}
        boxes = {
            **dict.fromkeys(names, letters),
            box.replace(".", "_"): mark,
            "wish_none": {**letters, **CROSS},
        }
        for name, numbers in others.items():
            boxes[name] = {**boxes[name], **numbers}
        return states(sheet(**boxes), questionnaire(alike_boxes=6, revocation=revocation))[box]

    assert state(0.05) == "marked"
    revocation = True
    assert state(0.05, work_2={"p_black": 0.1}) == "marked"
    assert state(0.05, work_2={"p_black": 0.5}) == "doubtful", "blacked out, perhaps"
    revocation = False
    assert state(0.02) == "doubtful"
    assert state(0.05, work_2={"residue": 0.2}) == "doubtful", "a word, or a line"
    assert state(0.05, work_3={"darker": 0.03}) == "doubtful", "which of them?"
    assert state(0.05, work_1={**CROSS, "darker": 0.2}) == "doubtful", "the item has a mark"
    assert state(0.05, p_marked=0.01) == "doubtful", "the network sees none"
    assert state(0.01, p_marked=0.01) == "empty"
    assert state(0.05, p_marked=0.01, box="wish.b") == "doubtful"
    assert state(0.04, p_marked=0.01, box="wish.b") == "empty", (
        "where any number may be marked, it must be darker"
    )
    assert state(0.05, p_marked=0.98, box="wish.b") == "marked", "a pale one"
    assert state(0.05, p_marked=0.9) == "marked"
    bold = {"option": "2", "darker": 0.05}
    assert state(0.05, wish_b=bold) == "marked"
    assert state(0.05, wish_b=bold, wish_a=bold) == "doubtful", "all of an option are darker"
    assert state(0.05, p_marked=0.9, box="wish.b") == "doubtful", "little ink, and nothing else tells"
    assert state(0.05, p_marked=0.01, work_1={**CROSS, "p_marked": 0.99, "darker": 0.2}) == "doubtful"
    assert state(0.05, p_marked=0.01, work_1={**CROSS, "darker": 0.2}) == "empty", "beside a sure mark"
    grey = {"bilevel": False}
    assert state(0.05, work_2={**grey, "darker": 0.04}) == "doubtful"
    assert state(0.05, work_2=grey) == "marked"
    assert state(0.01, work_1={**CROSS, "darker": 0.2}, work_2=grey) == "empty", "no darker, beside a mark"


def test_items_that_may_take_several_are_read_as_taking_one_where_hardly_one_is_given_two() -> None:
    """As of a list of boxes, which does not say how many marks an item takes."""
    letters = {**EMPTY, "room": 0.05, "excess": 0.1, "darker": 0.004}
    items = [f"q{number}" for number in range(1, 13)]
    places = [(item, code) for item in items for code in "abc"]
    paper = questionnaire_of([
        {"id": item, "type": "multiple", "options": [{"code": code} for code in "abc"]} for item in items
    ])  # fmt: skip

    def state(
        box: str, twice: int = 0, *, answered: int = 12, bilevel: bool = False, **numbers: float
    ) -> str:
        marked = {f"{item}.a" for item in items[1:answered]} | {f"{item}.b" for item in items[1 : 1 + twice]}
        rows = []
        for at, (item, option) in enumerate(places):
            name = f"{item}.{option}"
            mark = {**CROSS, "darker": 0.3} if name in marked else {}
            mine = {**letters, **mark, **(numbers if name == box else {})}
            rows.append({**sheet().iloc[0].to_dict(), **mine, "box": name, "item": item, "option": option,
                         "y_mm": 20.0 + at, "bilevel": bilevel})  # fmt: skip
        return states(pd.DataFrame(rows), paper)[box]

    assert state("q1.b", p_marked=0.05, bilevel=True) == "doubtful", (
        "the item has no mark, and here something stirs"
    )
    assert state("q1.b", twice=2, p_marked=0.05, bilevel=True) == "empty", "it may have none, or several"
    assert state("q2.b", p_marked=0.3, darker=0.006) == "empty", "no darker than its like, beside a sure mark"
    assert state("q9.b", twice=2, p_marked=0.3, darker=0.006) == "doubtful", "a second mark may be meant"
    assert state("q2.b", p_marked=0.9, darker=0.05) == "doubtful", "not sure enough for a second mark"
    assert state("q1.b", p_marked=0.3, darker=0.1) == "marked", "the only box darker than its like"
    assert state("q1.b", twice=2, p_marked=0.3, darker=0.1) == "doubtful"
    assert state("q1.b", twice=2, p_marked=0.6, darker=0.1) == "doubtful", (
        "and even if rather a mark than none"
    )
    assert state("q1.b", p_marked=0.6, darker=0.03) == "marked", "if not quite so much darker"
    assert state("q1.b", p_marked=0.3, darker=0.03) == "doubtful"
    assert state("q1.b", p_marked=0.3, darker=0.1, answered=5) == "doubtful", "most items have no mark"
    assert state("q1.b", p_marked=0.05, answered=5) == "empty"
    long = {**CROSS, "p_marked": 0.98, "darker": 0.1, "runs_on": 2.0}
    assert state("q1.b", **long) == "marked", "no writing: it is all its item has"
    assert state("q1.b", answered=5, **long) == "doubtful"
    assert state("q1.b", p_marked=0.05, answered=5, bilevel=True) == "doubtful", (
        "the scan may have lost marks"
    )


def states_of_list(
    boxes: dict[str, dict[str, float]], codes: str = "abc", answered: int = 24, *, revocation: bool = False
) -> dict[str, str]:
    """States of 24 items that may take several marks; the first is empty, of the others the first box is marked."""
    items = [f"q{number}" for number in range(1, 25)]
    options = [{"code": code} for code in codes]
    paper = questionnaire_of(
        [{"id": item, "type": "multiple", "options": options} for item in items], revocation=revocation
    )
    rows = []
    for at, (item, option) in enumerate((item, code) for item in items for code in codes):
        name = f"{item}.{option}"
        mark = CROSS if item in items[1:answered] and option == codes[0] else {}
        rows.append({**sheet().iloc[0].to_dict(), **mark, **boxes.get(name, {}), "box": name, "item": item,
                     "option": option, "y_mm": 20.0 + at})  # fmt: skip
    return states(pd.DataFrame(rows), paper)


def test_where_items_are_given_one_mark_each_their_other_boxes_settle_an_unsure_one() -> None:
    """It is marked if it is all its item has, and empty beside a sure mark, as in a single-choice item."""

    def state(box: str, answered: int = 24, codes: str = "abc", **numbers: float) -> str:
        return states_of_list({box: numbers}, codes, answered)[box]

    line = {"p_marked": 0.6, "ink": 0.1, "residue": 0.1, "excess": 0.4}
    assert state("q1.b", **line) == "marked"
    assert state("q1.b", **line, span=0.4) == "doubtful", "a dot: dirt, perhaps"
    assert state("q1.b", answered=9, **line) == "doubtful", "most items have no mark"
    letters = {"p_marked": 0.95, "room": 0.05, "excess": 0.2}
    assert state("q1.b", **letters) == "doubtful", "no darker than the letters of the page"
    assert state("q2.b", p_marked=0.2, residue=0.1) == "empty"
    assert state("q2.b", p_marked=0.06, residue=0.1) == "empty", "ink at its edge"
    assert state("q2.b", p_marked=0.06, ink=0.02) == "doubtful", "ink inside may be a second mark"
    assert state("q2.b", p_marked=0.2, residue=0.1, room=0.05) == "doubtful", (
        "between letters its darkness tells more"
    )
    assert state("q2.b", codes="abcdefghijklmnopqrst", p_marked=0.2) == "doubtful", "of so many boxes several"


def test_where_items_are_given_one_mark_each_a_box_blacked_out_beside_a_lighter_one_is_revoked() -> None:
    found = states_of_list({"q2.b": BLACK}, revocation=True)
    assert found["q2.b"] == "revoked"
    assert found["q2.a"] == "marked"
    thrice = states_of_list({f"q{number}.b": BLACK for number in (2, 3, 4)}, revocation=True)
    assert [thrice[f"q{number}.b"] for number in (2, 3, 4)] == ["revoked"] * 3, "none is a second mark"
    twice = {f"q{number}.b": CROSS for number in range(3, 7)}
    assert states_of_list({"q2.b": BLACK, **twice}, revocation=True)["q2.b"] == "doubtful", "it takes several"


def test_of_a_list_of_boxes_the_lines_they_stand_in_are_read_like_items() -> None:
    """A list may not say which boxes belong together: all of a page are one item then."""
    letters = {**EMPTY, "room": 0.05, "excess": 0.1, "darker": 0.004}
    names = [f"b{number:02d}" for number in range(1, 37)]
    options = [{"code": name} for name in names]
    paper = questionnaire_of([{"id": "p1", "type": "multiple", "options": options}])

    def state(step_mm: float = 8, **numbers: float) -> str:
        rows = []
        for at, name in enumerate(names):
            row, column = divmod(at, 3)
            mark = {**CROSS, "darker": 0.3} if column == row % 3 and row else {}
            mine = {**letters, **mark, **(numbers if name == "b02" else {})}
            rows.append({**sheet().iloc[0].to_dict(), **mine, "box": name, "item": "p1", "option": name,
                         "x_mm": 20 + step_mm * column, "y_mm": 20.0 + 30 * row})  # fmt: skip
        return states(pd.DataFrame(rows), paper)["b02"]

    assert state(p_marked=0.3, darker=0.1) == "marked", (
        "the only box of its line that is darker than its like"
    )
    assert state(p_marked=0.05) == "doubtful", "nothing is marked in its line"
    assert state(step_mm=40, p_marked=0.3, darker=0.1) == "doubtful", "it stands in no line"


def test_a_grey_scan_hides_a_mark_among_letters_only_where_a_box_is_darker_than_its_like() -> None:
    """Where most of what a page's items have are traces, one without any may hold what shows least."""
    letters = {**EMPTY, "p_marked": 0.001, "room": 0.05, "excess": 0.1, "darker": 0.004}
    items = [f"q{number}" for number in range(1, 13)]
    paper = questionnaire_of([
        {"id": item, "type": "single", "options": [{"code": code} for code in "abc"]} for item in items
    ])  # fmt: skip

    def state(darker: float, traces: int = 8) -> str:
        rows = []
        for at, (item, option) in enumerate((item, option) for item in items for option in "abc"):
            trace = {"p_marked": 0.6, "darker": 0.08} if option == "a" and item in items[:traces] else {}
            mine = {**letters, **trace, **({"darker": darker} if (item, option) == ("q12", "b") else {})}
            rows.append({**sheet().iloc[0].to_dict(), **mine, "box": f"{item}.{option}", "item": item,
                         "option": option, "y_mm": 20.0 + at})  # fmt: skip
        return states(pd.DataFrame(rows), paper)["q12.b"]

    assert state(0.03) == "doubtful"
    assert state(0.01) == "empty", "no darker than its like"
    assert state(0.03, traces=3) == "empty", "too few traces"


def test_how_strong_two_marks_among_print_are_is_told_by_how_dark_they_make_it() -> None:
    def state(darker: float) -> str:
        names = [f"{item}_{option}" for item, option in PLACES[:8]]
        letters = {**EMPTY, "room": 0.05}
        strong, other = ({**letters, **CROSS, "ink": ink, "residue": ink} for ink in (0.6, 0.1))
        boxes = {**dict.fromkeys(names, letters), "work_1": {**strong, "darker": 0.2}}
        return states(sheet(**boxes | {"work_2": {**other, "darker": darker}}))["work.2"]

    assert state(0.15) == "marked", "there is hardly room to see ink"
    assert state(0.04) == "doubtful"


def test_letters_that_unsettle_the_network_in_most_boxes_of_a_page_are_no_marks() -> None:
    """As a coarse scan blurs them, or another revision prints them."""
    paper = questionnaire(alike_boxes=8)
    places = [f"{item}_{option}" for item, option in PLACES[:8]]

    def state(usual: float = 0.2, **numbers: float) -> str:
        letters = {**EMPTY, "room": 0.05, "p_marked": usual, "excess": 0.1}
        boxes = dict.fromkeys(places, letters) | {"wish_b": {**letters, "p_marked": 0.35, **numbers}}
        return states(sheet(**boxes), paper)["wish.b"]

    assert state() == "empty"
    assert state(p_marked=0.45) == "doubtful", "more than twice what most have"
    assert state(excess=0.12) == "doubtful", "darker than most"
    assert state(usual=0.32) == "doubtful", "most of them may be marked"
    paper = questionnaire(alike_boxes=9)
    assert state() == "doubtful", "too few boxes to tell"


def test_a_sure_mark_needs_little_ink() -> None:
    """The network was surer than of any speck it was ever asked about."""
    mark = {**CROSS, "ink": 0.03, "residue": 0.02}
    assert states(sheet(work_2={**mark, "p_marked": 0.97}))["work.2"] == "doubtful"
    assert states(sheet(work_2=mark))["work.2"] == "marked"


def test_a_frame_that_a_scan_has_thickened_is_no_mark() -> None:
    def state(*, bilevel: bool = True, **numbers: float) -> str:
        thick = {**EMPTY, "p_marked": 0.14, "residue": 0.0, "excess": 0.2, **numbers}
        return states(sheet(wish_a=thick).assign(bilevel=bilevel))["wish.a"]

    assert state() == "empty"
    assert state(bilevel=False) == "doubtful", "a grey scan thickens none"
    assert state(p_marked=0.4) == "doubtful"
    assert state(residue=0.02) == "doubtful"
    assert state(excess=0.7) == "doubtful", "a dot on the frame"
    assert state(room=0.05) == "doubtful", "print may hide it"


def test_beside_a_sure_mark_an_unsure_box_without_ink_stays_a_doubt() -> None:
    """A dot on a ragged frame leaves none where nothing is printed."""
    thick = {**EMPTY, "p_marked": 0.4, "residue": 0.0, "excess": 0.2}
    assert outcome("work", sheet(work_2=CROSS, work_3=thick)) == ("doubtful", "")
    assert outcome("work", sheet(work_2=CROSS, work_3={**thick, "p_marked": 0.2})) == ("answered", "2")


def test_a_weak_mark_that_stands_alone_in_a_single_choice_item_is_marked() -> None:
    weak = {**LIGHT, "p_marked": 0.8, "residue": 0.1}
    assert outcome("work", sheet(work_2=weak, wish_b=CROSS)) == ("answered", "2")
    assert outcome("wish", sheet(wish_a=weak)) == ("doubtful", "")
    assert outcome("work", sheet(work_2=weak, work_3=LIGHT)) == ("doubtful", "")


def test_what_is_hardly_a_mark_is_none_beside_a_sure_one_and_a_second_mark_is_never_hidden() -> None:
    hardly = {**LIGHT, "p_marked": 0.15}
    assert outcome("work", sheet(work_2=CROSS, work_3=hardly)) == ("answered", "2")
    assert outcome("work", sheet(work_3=hardly)) == ("doubtful", "")
    assert outcome("work", sheet(work_2=CROSS, work_3=LIGHT)) == ("doubtful", "")
    assert outcome("wish", sheet(wish_a=CROSS, wish_b=hardly)) == ("doubtful", "")


def test_a_box_whose_surroundings_do_not_fit_is_doubtful_however_sure_the_network() -> None:
    assert states(sheet(work_2={**CROSS, "fit": 0.1}))["work.2"] == "doubtful"
    assert states(sheet(work_2={**EMPTY, "fit": 0.1}))["work.2"] == "doubtful"


def test_a_box_outside_the_image_is_unreadable_and_so_is_its_item() -> None:
    measured = sheet(work_1=CROSS, work_4={**EMPTY, "inside": False})
    assert states(measured)["work.4"] == "unreadable"
    assert outcome("work", measured) == ("unreadable", "")


def test_a_lone_heavy_cross_is_never_revoked() -> None:
    for mark in (HEAVY, BLACK):
        for paper in (questionnaire(), questionnaire(revocation=True)):
            assert states(sheet(work_3=mark), paper)["work.3"] in {"marked", "doubtful"}
            assert outcome("work", sheet(work_3=mark), paper) in {("answered", "3"), ("doubtful", "")}
    assert states(sheet(work_3=HEAVY), questionnaire(revocation=True))["work.3"] == "marked"


def test_a_filled_box_beside_a_lighter_mark_is_revoked_only_where_the_paper_has_that_rule() -> None:
    measured = sheet(work_1=BLACK, work_3=CROSS)
    assert states(measured, questionnaire(revocation=True))["work.1"] == "revoked"
    assert outcome("work", measured, questionnaire(revocation=True)) == ("answered", "3")
    assert states(measured)["work.1"] == "marked"
    assert outcome("work", measured)[0] in {"multiple", "doubtful"}


def test_beside_the_one_light_mark_of_a_single_choice_item_a_rather_black_box_is_revoked() -> None:
    rather, paper = {**BLACK, "p_black": 0.85}, questionnaire(revocation=True)
    assert outcome("work", sheet(work_1=rather, work_3=CROSS), paper) == ("answered", "3")
    assert states(sheet(work_1=rather, work_3=CROSS))["work.1"] == "marked", "on paper without that rule"
    assert states(sheet(wish_a=rather, wish_c=CROSS), paper)["wish.a"] == "doubtful"
    assert states(sheet(work_1=rather), paper)["work.1"] == "doubtful"
    for third in (CROSS, LIGHT, rather):
        assert states(sheet(work_1=rather, work_3=CROSS, work_4=third), paper)["work.1"] == "doubtful"


def test_a_heavy_mark_beside_a_lighter_one_is_doubtful_where_marks_can_be_revoked() -> None:
    measured = sheet(work_1=HEAVY, work_3=CROSS)
    assert states(measured, questionnaire(revocation=True))["work.1"] == "doubtful"
    assert states(measured)["work.1"] == "marked"


def test_two_filled_boxes_are_for_a_person_where_marks_can_be_revoked() -> None:
    found = states(sheet(work_1=BLACK, work_3=BLACK), questionnaire(revocation=True))
    assert (found["work.1"], found["work.3"]) == ("doubtful", "doubtful")


def test_of_several_filled_boxes_in_a_multiple_response_none_is_silently_revoked() -> None:
    """Whoever hatches three cells and ticks a fourth has not taken three back."""
    found = states(sheet(wish_a=BLACK, wish_b=BLACK, wish_c=CROSS), questionnaire(revocation=True))
    assert found["wish.a"] == found["wish.b"] == "doubtful"
    assert found["wish.c"] == "marked"


def test_a_box_rather_black_is_doubtful_even_alone() -> None:
    rather = {**HEAVY, "p_black": 0.6}
    assert states(sheet(wish_a=rather), questionnaire(revocation=True))["wish.a"] == "doubtful"
    assert states(sheet(wish_a=rather))["wish.a"] == "marked"


def test_what_the_network_takes_for_blacked_out_is_not_revoked_unless_ink_covers_it() -> None:
    thin = {**BLACK, "coverage": 0.4}
    assert states(sheet(work_1=thin, work_3=CROSS), questionnaire(revocation=True))["work.1"] == "doubtful"


def test_heavy_crosses_beside_a_light_one_are_never_revoked() -> None:
    found = states(sheet(wish_a=HEAVY, wish_b=HEAVY, wish_c=CROSS), questionnaire(revocation=True))
    assert "revoked" not in found.values()


def test_who_fills_boxes_in_is_told_by_items_in_which_one_black_box_is_all_there_is() -> None:
    """Beside a lighter mark, and beside another of a single-choice item, such a person's box is a doubt."""

    def filled(**boxes: dict[str, float]) -> dict[str, str]:
        first, second = sheet(work_1=BLACK), sheet(work_2=BLACK, wish_c=BLACK)
        second = second.assign(page_digest="the next page", box="next " + second["box"])
        third = sheet(**boxes).assign(page_digest="the last page")
        return states(pd.concat([first, second, third.assign(box="last " + third["box"])]), paper)

    paper = questionnaire(revocation=True)
    found = filled(work_3=BLACK, wish_a=BLACK, wish_b=BLACK)
    assert {box for box, state in found.items() if state != "empty"} == {
        "work.1", "next work.2", "next wish.c", "last work.3", "last wish.a", "last wish.b",
    }  # fmt: skip
    assert set(found.values()) == {"marked", "empty"}
    assert filled(wish_a=BLACK, wish_b=CROSS)["last wish.a"] == "doubtful"
    assert filled(work_1=BLACK, work_3=BLACK)["last work.1"] == "doubtful"
    assert states(sheet(work_1=BLACK, wish_a=BLACK, wish_b=BLACK), paper)["work.1"] == "doubtful"


def test_nothing_is_surely_revoked_where_a_black_box_answers_an_item() -> None:
    paper, black = questionnaire(revocation=True), {"work_1": BLACK, "work_2": CROSS}
    assert states(sheet(**black), paper)["work.1"] == "revoked"
    answered = sheet().head(1).assign(page_digest="the next page", item="work", box="next")
    answer = answered.assign(**BLACK)
    for other, state in [(answered, "revoked"), (answer, "doubtful")]:
        assert states(pd.concat([sheet(**black), other], ignore_index=True), paper)["work.1"] == state


def test_a_black_box_alone_in_its_item_tells_of_nothing_among_many_marks() -> None:
    """One in twenty marks may be a heavy cross; who fills boxes in has more of them."""
    paper, pair = questionnaire(revocation=True), sheet(work_1=BLACK, work_2=CROSS)
    rather = sheet(work_1={**BLACK, "p_black": 0.6}, work_2=CROSS)
    lone = sheet(work_1=BLACK).assign(page_digest="a lone one", box="lone " + pair["box"])

    def state(first: pd.DataFrame, pages: int) -> str:
        others = [
            sheet(work_1=CROSS, wish_a=CROSS, wish_b=CROSS).assign(
                page_digest=f"{at}", box=f"{at} " + pair["box"]
            )
            for at in range(pages)
        ]
        return states(pd.concat([first, lone, *others], ignore_index=True), paper)["work.1"]

    assert state(pair, 6) == "revoked"
    assert state(pair, 5) == "doubtful"
    assert state(rather, 6) == "doubtful"
    assert states(rather, paper)["work.1"] == "revoked", "where no black box is alone"


def test_in_a_multiple_choice_item_a_black_box_beside_a_cross_is_for_a_person() -> None:
    """Nothing tells that only one of them can hold."""
    found = states(sheet(work_1=CROSS, wish_a=BLACK, wish_b=CROSS), questionnaire(revocation=True))
    assert (found["wish.a"], found["wish.b"]) == ("doubtful", "marked")


def test_a_correction_of_which_a_scan_has_kept_half_is_doubtful_beside_a_faint_mark() -> None:
    """In black and white a faint scribble looks like a heavy mark, and the mark that counts may hardly show."""
    half, paper = {**CROSS, "p_black": 0.02, "coverage": 0.5}, questionnaire(revocation=True)
    for other in (LIGHT, {**CROSS, "ink": 0.02}):
        assert states(sheet(work_1=half, work_3=other), paper)["work.1"] == "doubtful"
    assert states(sheet(work_1=half, work_3=LIGHT))["work.1"] == "marked", "on paper without that rule"
    assert states(sheet(work_1=half), paper)["work.1"] == "marked"
    assert states(sheet(work_1={**half, "coverage": 0.3}, work_3=LIGHT), paper)["work.1"] == "marked"
    assert states(sheet(work_1={**half, "p_black": 0.001}, work_3=LIGHT), paper)["work.1"] == "marked"


def test_in_black_and_white_one_box_with_far_more_ink_than_the_others_may_be_blacked_out() -> None:
    light = {**CROSS, "ink": 0.15}
    others = {"wish_a": light, "wish_b": light, "wish_c": light}

    def state(paper: Questionnaire, *, ink: float = 0.5, coverage: float = 0.5, bilevel: bool = True) -> str:
        pressed = {**CROSS, "ink": ink, "coverage": coverage}
        return states(sheet(work_1=pressed, **others).assign(bilevel=bilevel), paper)["work.1"]

    assert state(questionnaire(revocation=True)) == "doubtful"
    assert state(questionnaire(revocation=True), ink=0.3) == "marked"
    assert state(questionnaire(revocation=True), coverage=0.3) == "marked"
    assert state(questionnaire(revocation=True), bilevel=False) == "marked"
    assert state(questionnaire()) == "marked", "nobody is asked to black out"


def test_a_filled_box_in_one_item_says_nothing_about_another() -> None:
    found = states(sheet(wish_a=BLACK, work_3=CROSS), questionnaire(revocation=True))
    assert found["wish.a"] == "doubtful"
    assert found["work.3"] == "marked"


def test_a_second_weak_mark_in_a_single_choice_item_is_doubtful() -> None:
    slip = {**CROSS, "ink": 0.02}
    assert outcome("work", sheet(work_1=CROSS, work_2=slip)) == ("doubtful", "")
    assert states(sheet(work_1=CROSS, work_2=slip))["work.2"] == "doubtful"
    assert outcome("wish", sheet(wish_a=CROSS, wish_b=slip)) == ("answered", "a b")
    weaker = {**CROSS, "p_marked": 0.99, "residue": 0.14}
    assert states(sheet(work_1=CROSS, work_2=weaker))["work.2"] == "doubtful", (
        "the weaker, the surer it must be"
    )
    assert states(sheet(work_1=CROSS, work_2={**weaker, "residue": 0.16}))["work.2"] == "marked"
    assert states(sheet(work_1=CROSS, work_2={**weaker, "p_marked": 0.997}))["work.2"] == "marked"


def test_a_mark_with_far_less_ink_than_the_others_of_its_case_must_be_surer() -> None:
    slip = {**CROSS, "p_marked": 0.97, "ink": 0.1, "residue": 0.06, "span": 0.7}
    others = {"wish_a": CROSS, "wish_b": CROSS, "work_1": CROSS}

    def state(**numbers: float) -> str:
        return states(sheet(wish_c={**slip, **numbers}, **others))["wish.c"]

    assert state() == "doubtful"
    assert state(p_marked=0.99) == "marked"
    assert state(p_marked=0.99, residue=0.05) == "doubtful", "the less of it, the surer it must be"
    assert state(p_marked=0.998, residue=0.05) == "marked"
    assert state(residue=0.1) == "marked"
    assert state(span=1.0) == "marked", "it reaches all across"
    assert states(sheet(wish_c=slip, wish_a=slip, work_1=slip))["wish.c"] == "marked", "who makes small marks"
    alone = {"wish_a": CROSS, "wish_b": CROSS, "wish_c": CROSS}
    assert states(sheet(work_1=slip, **alone))["work.1"] == "doubtful"


def test_a_short_stroke_all_inside_its_box_is_for_a_person_where_the_case_s_marks_are_large() -> None:
    """It looks like a small mark, and the network is sure of it; but this person makes no small marks."""
    slip = {**CROSS, "p_marked": 0.999, "span": 0.9, "ink": 0.25, "residue": 0.1}  # all of it is inside
    others = {"wish_a": CROSS, "wish_b": CROSS, "work_1": CROSS}

    def state(**numbers: float) -> str:
        return states(sheet(wish_c={**slip, **numbers}, **others))["wish.c"]

    assert state() == "doubtful"
    assert state(span=1.0) == "marked", "from edge to edge"
    assert state(residue=0.12) == "marked", "some of it is outside"
    assert state(ink=0.35, residue=0.14) == "marked", "more than half of the others' ink"
    assert states(sheet(wish_c=slip, wish_a=slip, work_1=CROSS))["wish.c"] == "marked", (
        "who makes small marks"
    )
    alone = {"wish_a": CROSS, "wish_b": CROSS, "wish_c": CROSS}
    assert states(sheet(work_1=slip, **alone))["work.1"] == "marked", (
        "a single-choice item has a mark somewhere"
    )


def test_a_box_of_which_part_is_missing_may_lie_elsewhere() -> None:
    assert states(sheet(work_1={**CROSS, "missing": 0.4}))["work.1"] == "doubtful"
    assert states(sheet(work_1={**EMPTY, "missing": 0.4}))["work.1"] == "doubtful"
    assert states(sheet(work_1={**CROSS, "missing": 0.3}, wish_a=CROSS))["work.1"] == "marked"
    still = {**EMPTY, "p_marked": 0.0, "residue": 0.0}
    assert states(sheet(work_1={**still, "missing": 0.6}))["work.1"] == "empty", (
        "a thin frame in black and white"
    )
    assert states(sheet(work_1={**still, "missing": 0.8}))["work.1"] == "doubtful"
    weak = {**LIGHT, "p_marked": 0.8, "residue": 0.06}
    assert states(sheet(work_1=weak, wish_a=CROSS))["work.1"] == "marked", "all that its item has"
    assert states(sheet(work_1={**weak, "missing": 0.4}, wish_a=CROSS))["work.1"] == "doubtful"
    hardly = {**LIGHT, "p_marked": 0.15}
    assert states(sheet(work_1=CROSS, work_2=hardly))["work.2"] == "empty", "beside a sure mark"
    assert states(sheet(work_1=CROSS, work_2={**hardly, "missing": 0.4}))["work.2"] == "doubtful"
    parted = {**CROSS, "p_marked": 0.98, "missing": 0.2}
    assert states(sheet(work_1=parted))["work.1"] == "doubtful", "two halves of its frame"
    assert states(sheet(work_1={**parted, "missing": 0.1}, wish_a=CROSS))["work.1"] == "marked"
    assert states(sheet(work_1={**EMPTY, "missing": 0.3}))["work.1"] == "empty"


def test_a_filled_box_of_who_does_not_fill_must_be_surer() -> None:
    """A highlighter over it, dirt, or a mark that was taken back where the paper has no rule for it."""
    filled = {**CROSS, "p_marked": 0.99, "p_black": 0.6, "coverage": 0.97}

    def state(filled: dict[str, float], other: dict[str, float] = CROSS) -> str:
        others = {"work_1": other, "wish_a": other, "wish_b": other, "wish_none": other}
        return states(sheet(wish_c=filled, **others))["wish.c"]

    assert state(filled) == "doubtful"
    assert state({**filled, "p_marked": 0.997}) == "marked"
    assert state({**filled, "p_black": 0.15}) == "marked"
    assert state(filled, {**CROSS, "p_black": 0.5}) == "marked", "who fills boxes in"


def test_a_mark_beside_an_empty_box_may_be_meant_for_it() -> None:
    beside = {**EMPTY, "p_marked": 0.001, "residue": 0.06, "aside": 0.8}
    assert states(sheet(wish_a=CROSS, wish_b=beside))["wish.b"] == "doubtful"
    assert states(sheet(work_1=beside))["work.1"] == "doubtful"
    assert states(sheet(work_1=beside, work_2=CROSS))["work.1"] == "empty", "its item is answered"
    assert states(sheet(wish_a=CROSS, wish_b={**beside, "aside": 0.5}))["wish.b"] == "empty"


def test_dark_ink_that_covers_a_box_was_meant_where_nobody_is_to_black_out() -> None:
    """The network is unsure of pale fills: they lie across no frame."""

    def state(paper: Questionnaire | None = None, **numbers: float) -> str:
        fill = {**LIGHT, "p_marked": 0.2, "excess": 0.45, "ink": 0.95, "coverage": 0.9, "residue": 0.42}
        return states(sheet(wish_b={**fill, **numbers}), paper)["wish.b"]

    assert state() == "marked"
    assert state(questionnaire(revocation=True)) == "doubtful", "it may have been taken back"
    assert state(excess=0.25) == "doubtful", "a stain"
    assert state(residue=0.9) == "doubtful", (
        "as much lies beside the box: a highlighter, a hole of the binder"
    )
    assert state(ink=0.5) == "doubtful"
    assert state(bilevel=True) == "doubtful", "of dirt black and white keeps as much"
    assert state(missing=0.2) == "doubtful", "it may lie elsewhere"
    assert state(p_marked=0.05) == "doubtful", "a trace"


def test_frames_that_a_scan_makes_black_are_no_trace_of_ink() -> None:
    def state(usual: float) -> str:
        frame, spot = {**EMPTY, "excess": usual}, {**EMPTY, "excess": 0.68}
        others = dict.fromkeys(["work_1", "work_2", "work_3", "work_4", "wish_a", "wish_c"], frame)
        return states(sheet(wish_b=spot, **others))["wish.b"]

    assert state(usual=0.2) == "doubtful"
    assert state(usual=0.64) == "empty", "all of the page are black there"


def test_on_a_page_of_faint_marks_among_print_what_stirs_is_no_blank() -> None:
    letters = {**EMPTY, "room": 0.05, "p_marked": 0.02, "excess": 0.1}
    unsure, sure = {**letters, "p_marked": 0.5}, {**letters, "p_marked": 0.999, "excess": 0.6}
    names = [f"work_{one}" for one in "1234"] + ["wish_a", "wish_b", "wish_c", "wish_none"]

    def state(p_marked: float, faint: int, firm: int = 0, **thresholds: float) -> str:
        boxes = dict.fromkeys(names, letters) | dict.fromkeys(names[1 : 1 + faint], unsure)
        boxes |= dict.fromkeys(names[1 + faint : 1 + faint + firm], sure)
        boxes["wish_none"] = {**letters, "p_marked": p_marked}
        return states(sheet(**boxes), questionnaire(faint_marks=2, **thresholds))["wish.none"]

    assert state(0.06, faint=1) == "empty"
    assert state(0.06, faint=2) == "doubtful"
    assert state(0.03, faint=2) == "empty", "not much more than most boxes of its page"
    assert state(0.09, faint=2, firm=1, hidden_times=1.5) == "doubtful"
    assert state(0.09, faint=2, firm=1, hidden_times=1.5, hidden_lead=3) == "empty", "a mark is sure"


def test_where_black_and_white_keeps_but_traces_among_print_no_single_choice_item_is_blank() -> None:
    """Of a pencil between letters most marks leave nothing at all there."""
    letters = {**EMPTY, "room": 0.05, "p_marked": 0.005, "excess": 0.1}
    trace, sure = {**letters, "p_marked": 0.05}, {**letters, "p_marked": 0.999, "excess": 0.6}
    names = [f"{item}_{option}" for item, option in PLACES[:8]]

    def state(traces: int, firm: int = 0, *, bilevel: bool = True) -> str:
        pages = []
        kinds = [trace] * traces + [sure] * firm + [letters]
        for at, mark in enumerate(kinds):
            rows = sheet(**{**dict.fromkeys(names, letters), "work_2": mark}).iloc[:4]
            pages.append(rows.assign(item=f"row_{at}", box=[f"row_{at}.{code}" for code in "1234"]))
        items = [{**ITEMS[0], "id": f"row_{at}"} for at in range(len(kinds))]
        rows = pd.concat(pages, ignore_index=True).assign(bilevel=bilevel)
        return states(rows, questionnaire_of(items))[f"row_{len(kinds) - 1}.1"]

    assert state(4) == "doubtful"
    assert state(3) == "empty", "too few to tell"
    assert state(4, firm=3) == "empty", "the pen shows"
    assert state(4, bilevel=False) == "empty", "shades keep what is there"


def test_what_goes_on_far_beside_its_box_may_be_writing() -> None:
    word = {**CROSS, "p_marked": 0.99, "runs_on": 1.5}

    def state(word: dict[str, float], other: dict[str, float] = CROSS) -> str:
        return states(sheet(wish_c=word, wish_a=other, wish_b=other, work_1=other))["wish.c"]

    assert state(word) == "doubtful"
    assert state({**word, "runs_on": 0.9}) == "marked"
    assert state({**word, "p_marked": 0.997}) == "marked"
    assert state(word, {**CROSS, "runs_on": 1.3}) == "marked", "who makes sweeping marks"
    stamped = states(sheet(wish_a=CROSS, work_1=CROSS, wish_b=word, wish_c=word, wish_none=word))
    assert [stamped[f"wish.{code}"] for code in ["b", "c", "none"]] == ["doubtful"] * 3, (
        "however many they are"
    )
    full = states(sheet(wish_c={**word, "room": 0.01}, wish_a=CROSS, wish_b=CROSS, work_1=CROSS))
    assert full["wish.c"] == "doubtful", "a highlighter over letters"
    alone = {"wish_a": CROSS, "wish_b": CROSS, "wish_c": CROSS}
    assert states(sheet(work_1=word, **alone))["work.1"] == "marked"
    assert states(sheet(work_1={**word, "p_marked": 0.9}, **alone))["work.1"] == "doubtful"


def test_a_weak_mark_that_reaches_across_a_box_is_rather_the_only_one_of_its_item_than_a_dot_is() -> None:
    weak = {**LIGHT, "p_marked": 0.6, "residue": 0.06}
    assert states(sheet(work_2={**weak, "span": 0.9}, wish_a=CROSS))["work.2"] == "marked"
    less = {**weak, "span": 0.9, "residue": 0.05}
    assert states(sheet(work_2=less, wish_a=CROSS))["work.2"] == "doubtful", (
        "this person's marks have far more"
    )
    assert states(sheet(work_2={**weak, "span": 0.5}, wish_a=CROSS))["work.2"] == "doubtful"
    assert states(sheet(work_2={**weak, "span": 0.9}, work_1=weak))["work.2"] == "doubtful"


def test_a_line_that_stands_upright_may_be_an_arrow() -> None:
    def state(*, usual_deg: float = 90.0, lean_deg: float = 5.0, p_marked: float = 0.99) -> str:
        usual = {**CROSS, "lean_deg": usual_deg}
        line = {**CROSS, "lean_deg": lean_deg, "p_marked": p_marked}
        return states(sheet(wish_c=line, wish_a=usual, wish_b=usual))["wish.c"]

    assert state() == "doubtful"
    assert state(usual_deg=30) == "doubtful", "whose marks are slashes"
    assert state(usual_deg=8) == "marked", "whose marks are upright lines"
    assert state(lean_deg=20) == "marked"
    assert state(p_marked=0.997) == "marked"
    line = {**CROSS, "lean_deg": 5.0, "p_marked": 0.99}
    assert states(sheet(work_1=line, wish_a=CROSS, wish_b=CROSS))["work.1"] == "marked", (
        "the mark of its item"
    )


def test_a_stroke_in_two_boxes_of_a_single_choice_item_may_be_meant_for_either() -> None:
    end, rest = {**CROSS, "p_marked": 0.92}, {**EMPTY, "p_marked": 0.09, "residue": 0.06, "claimed": 0.02}

    def found(end: dict[str, float], rest: dict[str, float]) -> set[str]:
        decided = states(sheet(work_1=rest, work_2=end, wish_a=CROSS), questionnaire(empty_below=0.05))
        return {decided["work.1"], decided["work.2"]}

    assert found(end, rest) == {"doubtful"}
    assert found({**end, "p_marked": 0.99}, rest) == {"empty", "marked"}
    assert found(end, {**rest, "claimed": 0.05}) == {"empty", "marked"}, "the end of the other's stroke"
    assert found(end, {**rest, "p_marked": 0.015}) == {"empty", "marked"}


def test_where_nothing_is_marked_a_box_of_a_single_choice_item_must_be_emptier() -> None:
    def state(item: str = "work", **numbers: float) -> str:
        return states(sheet(**{f"{item}_2" if item == "work" else f"{item}_b": {**EMPTY, **numbers}}))[
            "work.2" if item == "work" else "wish.b"
        ]

    assert state(p_marked=0.03) == "doubtful"
    assert state(p_marked=0.018) == "empty"
    assert state(p_marked=0.018, residue=0.02) == "doubtful", "ink beside it"
    assert state(p_marked=0.018, residue=0.02, claimed=0.01) == "empty"
    assert state("wish", p_marked=0.03) == "empty"
    stirs = {**EMPTY, "p_marked": 0.03}
    assert states(sheet(work_1=CROSS, work_2=stirs))["work.2"] == "empty"
    both = sheet(work_1=stirs, work_2=stirs)
    assert states(both)["work.2"] == "empty", "as on the whole page"
    assert states(both.assign(bilevel=True))["work.2"] == "doubtful"


def test_where_nothing_is_marked_a_box_full_of_print_may_hold_the_mark_if_it_stands_out() -> None:
    names = [f"work_{one}" for one in "1234"] + ["wish_a", "wish_b", "wish_c", "wish_none"]

    def state(p_marked: float, usual: float, **others: dict[str, float]) -> str:
        letters = {**EMPTY, "room": 0.05, "excess": 0.1}
        boxes = {name: {**letters, "p_marked": usual} for name in names}
        boxes |= {"work_2": {**letters, "p_marked": p_marked}, **others}
        return states(sheet(**boxes))["work.2"]

    assert state(0.09, usual=0.01) == "doubtful"
    assert state(0.09, usual=0.05) == "empty", "letters unsettle the network in all of them"
    assert state(0.015, usual=0.001) == "empty"
    assert state(0.09, usual=0.01, work_1={**CROSS, "room": 0.05}) == "empty"
    alike = {**EMPTY, "room": 0.05, "excess": 0.1, "p_marked": 0.09}
    assert state(0.09, usual=0.01, work_3=alike) == "empty", "not two of an item"


def test_where_nothing_is_marked_a_bulging_frame_may_hold_the_mark() -> None:
    """Of a dash along the frame the network sees nothing."""

    def state(
        bulge: float, p_marked: float = 0.0, *, bilevel: bool = False, **others: dict[str, float]
    ) -> str:
        dash = {**EMPTY, "p_marked": p_marked, "bulge": bulge, "residue": 0.0}
        return states(sheet(work_2=dash, **others).assign(bilevel=bilevel))["work.2"]

    assert state(0.25) == "doubtful"
    assert state(0.15) == "empty"
    assert state(0.25, work_1=CROSS, wish_a=CROSS) == "empty"
    assert state(0.7, 0.005, bilevel=True) == "doubtful"
    assert state(0.5, 0.005, bilevel=True) == "empty", "its frames are ragged"
    assert state(0.7, bilevel=True) == "empty", "to the network, too"
    assert state(1.1, bilevel=True) == "doubtful", "but not so ragged"


def test_a_slight_mark_that_is_all_a_case_has_must_be_surer() -> None:
    """On an unmarked ballot a few specks of dirt may look like one."""
    slight = {**CROSS, "p_marked": 0.99}
    assert states(sheet(work_1=slight))["work.1"] == "doubtful"
    assert states(sheet(work_1=CROSS))["work.1"] == "marked"
    assert states(sheet(work_1={**slight, "ink": 0.3}))["work.1"] == "marked"
    assert states(sheet(work_1=slight, wish_a=slight))["work.1"] == "marked"


def test_a_mark_that_is_not_quite_sure_is_believed_alone_but_not_beside_another() -> None:
    """What passes for a second mark of a single-choice item is mostly a slip of the pen, or dirt."""
    fair = {**CROSS, "p_marked": 0.95}
    assert outcome("work", sheet(work_1=fair, wish_b=CROSS)) == ("answered", "1")
    found = states(sheet(work_1=CROSS, work_2=fair))
    assert (found["work.1"], found["work.2"]) == ("marked", "doubtful")
    assert states(sheet(work_1=LIGHT, work_2=fair))["work.2"] == "doubtful"
    assert states(sheet(wish_a=CROSS, wish_b=fair))["wish.b"] == "marked"


def test_a_slight_mark_in_a_multiple_choice_item_must_be_surer_than_a_strong_one() -> None:
    slight = {**CROSS, "p_marked": 0.88, "ink": 0.1, "residue": 0.06}
    assert states(sheet(wish_a=slight))["wish.a"] == "doubtful"
    assert states(sheet(wish_a={**slight, "ink": 0.3}))["wish.a"] == "marked"
    assert states(sheet(wish_a={**slight, "p_marked": 0.95}, work_1=CROSS))["wish.a"] == "marked"
    assert states(sheet(work_1=slight, wish_b=CROSS))["work.1"] == "marked"
    assert states(sheet(wish_a={**slight, "room": 0.05}, work_1=CROSS))["wish.a"] == "marked", (
        "print hides how much there is"
    )


def test_two_sure_marks_in_a_single_choice_item_are_multiple_and_hide_nothing() -> None:
    assert outcome("work", sheet(work_3=CROSS, work_1=CROSS)) == ("multiple", "1 3")


def test_codes_stand_in_printed_order() -> None:
    assert outcome("wish", sheet(wish_none=CROSS, wish_c=CROSS, wish_a=CROSS)) == ("answered", "a c none")


def test_a_person_stands_over_the_machine_and_the_last_word_counts() -> None:
    page = {"page_digest": "page of S1", "box": "work.2", "item": "work"}
    measured = sheet(work_2=LIGHT)
    once = adjudications({**page, "state": "marked", "reason": "a faint tick"})
    assert outcome("work", measured, people=once) == ("answered", "2")
    twice = adjudications({**page, "state": "marked"}, {**page, "state": "empty", "decided_by": "bert"})
    assert outcome("work", measured, people=twice) == ("blank", "")
    marks = decide_marks(measured, questionnaire(), twice).set_index("box")
    assert marks.loc["work.2", "decided_by"] == "bert"
    assert set(marks["decided_by"]) == {"bert", "machine"}


def test_a_decision_that_was_taken_back_lets_the_earlier_word_stand_again() -> None:
    page = {"page_digest": "page of S1", "box": "work.2", "item": "work"}
    said = [{**page, "id": "u1", "state": "marked"}, {**page, "id": "u2", "state": "empty"}]
    back = [
        {**page, "id": f"b{number}", "state": "withdrawn", "withdraws": f"u{number}"} for number in (1, 2)
    ]
    measured = sheet(work_2=LIGHT)
    assert states(measured, people=adjudications(*said))["work.2"] == "empty"
    assert states(measured, people=adjudications(*said, back[1]))["work.2"] == "marked"
    assert states(measured, people=adjudications(*said, back[0]))["work.2"] == "empty"
    assert states(measured, people=adjudications(*said, *back))["work.2"] == "doubtful"


def test_typed_digits_that_were_taken_back_wait_again_and_erased_ones_are_unreadable() -> None:
    digit = {"ink": 2.0 / 35, "residue": 0.1}
    measured = sheet(hours_1=digit, hours_2=digit, why={"ink": 0.01})
    hours = {"page_digest": "page of S1", "item": "hours", "id": "u1", "value": "32"}
    back = {"page_digest": "page of S1", "item": "hours", "id": "u2", "state": "withdrawn", "withdraws": "u1"}
    assert outcome("hours", measured, people=adjudications(hours, back)) == ("doubtful", "")
    gone = {"page_digest": "page of S1", "state": "erased"}
    for item, wanted in (("hours", ("unreadable", "")), ("why", ("answered", "written"))):
        assert outcome(item, measured, people=adjudications({**gone, "item": item})) == wanted


@pytest.mark.parametrize(
    ("place", "state"),
    [
        ("", "marked"),
        ("1 20.0 28.0 4.0 4.0", "marked"),
        ("1 21.5 29.0 4.0 4.0", "marked"),
        ("1 20.0 36.0 4.0 4.0", "doubtful"),
        ("2 20.0 28.0 4.0 4.0", "doubtful"),
    ],
)
def test_a_decision_about_a_box_that_has_moved_away_is_asked_again(place: str, state: str) -> None:
    page = {"page_digest": "page of S1", "box": "work.2", "item": "work", "state": "marked", "place": place}
    assert states(sheet(work_2=LIGHT), people=adjudications(page))["work.2"] == state


def test_a_decision_about_another_page_changes_nothing_here() -> None:
    other = adjudications({"page_digest": "page of S2", "box": "work.2", "state": "marked"})
    assert states(sheet(), people=other)["work.2"] == "empty"


def test_handwriting_waits_for_a_person_and_typed_digits_make_it_answered() -> None:
    digit = {"ink": 2.0 / 35, "residue": 0.1}
    measured = sheet(hours_1=digit, hours_2=digit)
    assert outcome("hours", measured) == ("doubtful", "")
    page = {"page_digest": "page of S1", "item": "hours"}
    assert outcome("hours", measured, people=adjudications({**page, "value": "32"})) == ("answered", "32")
    assert outcome(
        "hours", measured, people=adjudications({**page, "value": "32"}, {**page, "value": "23"})
    ) == (
        "answered",
        "23",
    )
    assert outcome("hours", measured, people=adjudications({**page, "value": ""})) == ("blank", "")


@pytest.mark.parametrize(("ink_mm2", "state"), [(0.1, "empty"), (0.8, "doubtful"), (2.5, "marked")])
def test_a_field_to_write_in_is_judged_by_ink_alone(ink_mm2: float, state: str) -> None:
    cell, text = ({"ink": ink_mm2 / area, "residue": ink_mm2 / area} for area in (35, 6000))
    measured = sheet(hours_1={**cell, "p_marked": float("nan")}, why=text)
    assert states(measured)["hours.1"] == state
    assert states(measured)["why"] == state


def test_a_field_with_nothing_but_specks_waits_for_a_person() -> None:
    """Faint pencil in black and white: strokes too short to be any, but several."""
    assert states(sheet(hours_1={"residue": 0.7 / 35}))["hours.1"] == "doubtful"


def test_an_empty_number_and_an_empty_text_are_blank_and_a_written_text_is_answered() -> None:
    assert outcome("hours", sheet()) == ("blank", "")
    assert outcome("why", sheet()) == ("blank", "")
    assert outcome("why", sheet(why={"ink": 0.02})) == ("answered", "written")


def test_an_item_of_a_page_that_is_missing_is_page_missing_not_blank() -> None:
    paper = questionnaire()
    only_first = sheet(work_2=CROSS)
    only_first = only_first[only_first["item"] == "work"]
    marks = decide_marks(only_first, paper, adjudications())
    found = decide_outcomes([marks], ["S1", "S2"], paper, adjudications())
    assert list(found.columns) == list(OUTCOMES.columns)
    table = found.set_index(["case", "item"])["outcome"]
    assert table["S1", "work"] == "answered"
    assert table["S1", "wish"] == "page missing"
    assert table["S2"].eq("page missing").all()
    assert len(found) == 2 * len(ITEMS)


def test_a_doubt_gives_its_reason_to_the_item() -> None:
    paper = questionnaire()
    marks = decide_marks(sheet(work_2=LIGHT), paper, adjudications())
    found = decide_outcomes([marks], ["S1"], paper, adjudications()).set_index("item")
    assert "0.50" in found.loc["work", "reason"]
    assert found.loc["wish", "reason"] == ""


def test_a_schema_may_move_a_threshold() -> None:
    assert states(sheet(work_2=LIGHT, wish_a=CROSS), questionnaire(marked_above=0.45))["work.2"] == "marked"


def test_a_mark_does_not_depend_on_what_else_was_read() -> None:
    """Thresholds are fixed numbers: a late return never changes an old mark."""
    alone = sheet(work_2=LIGHT, wish_a=CROSS)
    company = pd.concat([alone, *(sheet(f"S{n}", work_1=BLACK, wish_b=LIGHT) for n in range(2, 6))])
    paper = questionnaire(revocation=True)
    together = decide_marks(company, paper, adjudications())
    pd.testing.assert_frame_equal(
        decide_marks(alone, paper, adjudications()), together[together["case"] == "S1"].reset_index(drop=True)
    )


numbers = st.fixed_dictionaries({
    "p_marked": st.floats(0, 1), "p_black": st.floats(0, 1), "ink": st.floats(0, 1), "coverage": st.floats(0, 1),
    "residue": st.floats(0, 3), "fit": st.floats(-1, 1), "inside": st.booleans(),
    "bilevel": st.booleans(),
})  # fmt: skip


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from([f"{i}_{o}".rstrip("_") for i, o in PLACES]), numbers), st.booleans())
def test_every_box_gets_a_state_and_certainty_is_never_made_from_doubt(
    boxes: dict[str, dict[str, float]], revocation: bool
) -> None:
    paper = questionnaire(revocation=revocation)
    marks = decide_marks(sheet(**boxes), paper, adjudications())
    assert list(marks.columns) == list(MARKS.columns)
    assert set(marks["state"]) <= {"empty", "marked", "revoked", "doubtful", "unreadable"}
    assert (marks.loc[marks["state"].isin(["doubtful", "unreadable", "revoked"]), "reason"] != "").all()
    if not revocation:
        assert "revoked" not in set(marks["state"])
    found = decide_outcomes([marks], ["S1"], paper, adjudications()).set_index("item")
    for item, group in marks.groupby("item"):
        answered = found.loc[item, "outcome"] in {"answered", "multiple", "blank"}
        assert not (answered and group["state"].isin(["doubtful", "unreadable"]).any())


def test_a_pages_best_fit_must_be_good_and_beat_the_next() -> None:
    assert objection_to_page(0.1, 0.0, 2.0, LIMITS) == Reason.NOT_OURS
    assert objection_to_page(0.6, 0.56, 0.1, LIMITS) == Reason.AMBIGUOUS
    assert objection_to_page(0.6, 0.56, 0.5, LIMITS) is None
    assert objection_to_page(0.6, 0.2, 0.0, LIMITS) is None


def test_two_scans_contradict_only_where_both_are_sure() -> None:
    one = np.array([0.01, 0.99, 0.5])
    assert not contradict(one, np.array([0.1, 0.9, 0.99]), LIMITS)
    assert contradict(one, np.array([0.99, 0.9, 0.5]), LIMITS)
    assert contradict(np.array([0.99]), np.array([0.01]), LIMITS)
