"""Numbers, adjudications and rules -> the state of each mark and the outcome of each item.

The only place that compares a measurement with a threshold. When unsure it says doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from survey.questionnaire.model import Asked, Questionnaire, Thresholds
from survey.reading.damaged import Match
from survey.reading.scan import Reason
from survey.reading.standing import ERASED, standing
from survey.tables import MARKS, OUTCOMES

VERSION = 1
MACHINE = "machine"
TYPED = "typed by a person"  # the reason of an outcome that is known from its transcript
DOUBTS = {
    "between": "unsure mark: {:.2f}, between {:.2f} and {:.2f}",
    "edge": "looks empty, but ink at its edge: {:.2f}",
    "trace": "looks empty, but a trace of ink is inside: {:.2f}",
    "little": "little ink: a mark or a speck? {:.2f}",
    "no ink": "looks marked, but no ink is found: {:.2f}",
    "second": "a second, much weaker mark in a single-choice item",
    "faint": "nothing is seen here, but the marks of this page are so faint that the scan may have lost others",
    "filled": "filled in: a mark or blacked out?",
    "heavy": "a heavy mark beside another: mark or blacked out?",
    "speck": "a little ink in the field",
    "misfit": "the print around does not fit: {:.2f}, wanted {:.2f}",
    "outside": "the box lies outside the scanned image",
    "moved": "its box has moved since a person decided about it: look again",
}
"""Kind of doubt -> the reason it is given with; numbers stand where braces are."""
FAINT_DOUBTS = ("between", "little")
"""Kinds of doubt that a mark may give because the scan has kept little of it."""
NAME_BEGINS, NAME_ENDS = "⟦", "⟧"  # around what a person marked as a name in typed text
BLACKED_OUT = "█████"  # as long for every name


_PATTERNS = {
    kind: re.compile(re.escape(template).replace(re.escape("{:.2f}"), r"(-?[\d.]+|nan)"))
    for kind, template in DOUBTS.items()
}


def objection_to_page(score: float, runner_up: float, lead: float, limits: Thresholds) -> Reason | None:
    """Tell why a page's best fit is not to be believed; None if it is."""
    if score < limits.page_score:
        return Reason.NOT_OURS
    if score - runner_up < limits.page_margin and lead < limits.page_lead:
        return Reason.AMBIGUOUS
    return None


def believe_match(match: Match | None, limits: Thresholds) -> bool:
    """Whether a damaged code was matched well enough, and far enough ahead of the second best, to be believed."""
    return match is not None and match.fit >= limits.match_fit and match.lead >= limits.match_lead


def contradict(one: pd.Series, other: pd.Series, limits: Thresholds) -> bool:
    """Whether two measurements of a page (p_marked by box) differ in a mark that both are sure of."""
    first, second = one.align(other, join="inner")
    sure = (first.lt(limits.empty_below) & second.gt(limits.marked_above)) | (
        first.gt(limits.marked_above) & second.lt(limits.empty_below)
    )
    return bool(sure.any())


def is_same_paper(agreement: float, limits: Thresholds) -> bool:
    """Whether two scans show the same strokes; where there is no stroke to compare, nothing speaks against it."""
    return bool(np.isnan(agreement) or agreement >= limits.same_strokes)


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
    whole case are heard; rather once too often.
    """
    p, ink, residue = (measured[name] for name in ["p_marked", "ink", "residue"])
    written = is_field & (ink * measured["area_mm2"] > limits.unwritten_mm2)
    unsure = (p > limits.empty_below) & (p < limits.marked_above)
    far = _far_from_marked(p, residue, limits)
    edge = (p <= limits.empty_below) & ~far & (residue >= limits.veto_residue)
    excess = measured["excess"]
    trace = (p <= limits.empty_below) & ((ink >= limits.trace_ink) | (excess >= limits.trace_excess))
    little = (p >= limits.marked_above) & (
        (residue < limits.little_residue) | (excess < limits.little_excess)
    )
    dark = (p >= limits.marked_above) & (measured["p_black"] > limits.light_below)
    misfit = (measured["fit"] < limits.fit_above) | ~measured["inside"]
    return np.asarray(written | misfit | (~is_field & (unsure | edge | trace | little | dark)))


def _far_from_marked(p: np.ndarray, residue: np.ndarray, limits: Thresholds) -> np.ndarray:
    """Whether ink in and around a box clearly belongs to something else; much of it must do so more clearly."""
    least = np.where(residue < limits.much_residue, limits.surely_empty_below, limits.farthest_below)
    return np.asarray(p <= least)


def tell_doubt(reason: str) -> tuple[str, tuple[float, ...]]:
    """Return the kind of doubt a reason of MARKS gives, and its numbers; ("", ()) for any other reason."""
    for kind, pattern in _PATTERNS.items() if reason else ():
        found = pattern.fullmatch(reason)
        if found:
            return kind, tuple(float(number) for number in found.groups())
    return "", ()


def _fill(template: str, *last: float) -> str:
    """Fill in the last numbers of a template; the first is left for each box's own."""
    head, *tails = template.split("{:.2f}")
    return (
        head
        + "{:.2f}"
        + "".join(
            tail + (f"{number:.2f}" if number is not None else "")
            for tail, number in zip(tails, [*last, None], strict=True)
        )
    )


def decide_marks(
    measured: pd.DataFrame, questionnaire: Questionnaire, adjudications: pd.DataFrame
) -> pd.DataFrame:
    """Decide every measured box; returns MARKS.

    `measured` has the columns of MARKS that say where a box lies on which page, and those of MEASUREMENTS.
    `adjudications` (ADJUDICATIONS, in the order they were made) settle single boxes; the last one that stands counts.
    """
    limits = questionnaire.schema.reading.thresholds
    kinds = {asked.id: asked.kind for asked in questionnaire.asked()}
    table = measured.copy()
    kind = table["item"].map(kinds).to_numpy()
    is_field = (kind == "number") | (kind == "text")
    table["state"], table["reason"] = _by_thresholds(table, limits, is_field)
    if questionnaire.schema.reading.revocation:
        _revoke(table, limits, kind)
    _settle_by_context(table, limits, kind)
    _doubt_a_second_mark(table, limits, kind)
    _doubt_what_may_be_lost(table, limits, is_field)
    table["decided_by"] = MACHINE
    _adjudicate(table, adjudications)
    return MARKS.frame(table)


def _by_thresholds(
    table: pd.DataFrame, limits: Thresholds, is_field: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Decide each box by itself: (state, reason); of the rules that hold the first counts."""
    names = ["p_marked", "ink", "residue", "excess", "fit"]
    p, ink, residue, excess, fit = (table[name].to_numpy() for name in names)
    written_mm2 = (table["ink"] * table["w_mm"] * table["h_mm"]).to_numpy()
    room = table["room"].to_numpy() >= limits.clean_room
    clean = room & (residue <= limits.clean_residue)
    little = np.where(room, residue < limits.little_residue, excess < limits.little_excess)
    trace = room & ((ink >= limits.trace_ink) | (excess >= limits.trace_excess))
    misfit = _fill(DOUBTS["misfit"], limits.fit_above)
    rules: list[tuple[np.ndarray, str, str, np.ndarray]] = [
        (~table["inside"].to_numpy(), "unreadable", DOUBTS["outside"], fit),
        (fit < limits.fit_above, "doubtful", misfit, fit),
        (is_field & (written_mm2 >= limits.written_mm2), "marked", "handwriting", fit),
        (is_field & (written_mm2 <= limits.unwritten_mm2), "empty", "", fit),
        (is_field, "doubtful", DOUBTS["speck"], fit),
        ((p >= limits.marked_above) & clean, "doubtful", DOUBTS["no ink"], p),
        ((p >= limits.marked_above) & little, "doubtful", DOUBTS["little"], p),
        (p >= limits.marked_above, "marked", "", p),
        ((p <= limits.empty_below) & trace, "doubtful", DOUBTS["trace"], p),
        ((p <= limits.empty_below) & (residue < limits.veto_residue), "empty", "", p),
        (_far_from_marked(p, residue, limits), "empty", "", p),
        (p <= limits.empty_below, "doubtful", DOUBTS["edge"], residue),
    ]
    between = _fill(DOUBTS["between"], limits.empty_below, limits.marked_above)
    state = np.full(len(table), "doubtful", object)
    reason = np.array([between.format(one) for one in p], object)
    open_ = np.ones(len(table), bool)
    for holds, name, why, number in rules:
        now = open_ & holds
        state[now] = name
        reason[now] = [why.format(one) for one in number[now]]
        open_ &= ~holds
    return state, reason


def _revoke(table: pd.DataFrame, limits: Thresholds, kind: np.ndarray) -> None:
    """Take a black box for revoked where the paper has that rule and its item has clearly lighter marks only."""
    marked = (table["state"] == "marked") & np.isin(kind, ["single", "multiple"])
    keys = [table["page_digest"], table["item"]]
    black = marked & (table["p_black"] >= limits.black_above) & (table["coverage"] >= limits.black_coverage)
    light = marked & (table["p_black"] <= limits.light_below) & (table["coverage"] < limits.covered)
    all_others_light = (marked & ~light).groupby(keys).transform("sum") == 1
    has_light = light.groupby(keys).transform("any")
    has_black = black.groupby(keys).transform("any")
    fills_in = _fills_in(table, black, marked, limits)
    revoked = black & has_light & all_others_light & ~fills_in
    table.loc[revoked, ["state", "reason"]] = ["revoked", "blacked out, and a lighter box is marked"]
    unsure = marked & (table["p_black"] >= limits.rather_black) & ~revoked & ~fills_in
    table.loc[unsure, ["state", "reason"]] = ["doubtful", DOUBTS["filled"]]
    heavy = marked & ~light & ~unsure & ~revoked & (has_light | has_black) & ~fills_in
    table.loc[heavy, ["state", "reason"]] = ["doubtful", DOUBTS["heavy"]]


def _fills_in(table: pd.DataFrame, black: pd.Series, marked: pd.Series, limits: Thresholds) -> pd.Series:
    """Tell for each box whether its case was marked by filling in: nearly all of its marks are black."""
    case = table["case"]
    blacks = black.groupby(case).transform("sum")
    others = (marked & ~black).groupby(case).transform("sum")
    return (blacks >= limits.filling_marks) & (blacks > limits.filling_lead * others)


def _settle_by_context(table: pd.DataFrame, limits: Thresholds, kind: np.ndarray) -> None:
    """Let the rest of a single-choice item settle an unsure box, where it stands alone or beside a sure mark."""
    single = kind == "single"
    keys = [table["page_digest"], table["item"]]
    count = {
        state: (table["state"] == state).where(single, False).groupby(keys).transform("sum")
        for state in ["marked", "empty", "revoked", "doubtful"]
    }
    boxes = pd.Series(single, table.index).groupby(keys).transform("sum")
    unsure = single & (table["state"] == "doubtful") & (table["fit"] >= limits.fit_above)
    unsure &= (table["p_marked"] < limits.marked_above) & table["inside"]
    alone = unsure & (count["doubtful"] == 1) & (count["empty"] == boxes - 1)
    alone &= (table["p_marked"] >= limits.alone_above) & (table["residue"] >= limits.little_residue)
    table.loc[alone, ["state", "reason"]] = [
        "marked",
        "a weak mark, but the only ink in a single-choice item",
    ]
    beside = unsure & (count["marked"] == 1) & (count["revoked"] == 0)
    beside &= table["p_marked"] <= limits.beside_below
    table.loc[beside, ["state", "reason"]] = [
        "empty",
        "hardly a mark, beside a sure one in a single-choice item",
    ]


def _doubt_a_second_mark(table: pd.DataFrame, limits: Thresholds, kind: np.ndarray) -> None:
    """In a single-choice item a second, weaker mark is no certainty: a person shall look at it."""
    marked = (table["state"] == "marked") & (kind == "single")
    keys = [table["page_digest"], table["item"]]
    several = marked.groupby(keys).transform("sum") > 1
    strongest = table["ink"].where(marked).groupby(keys).transform("max")
    weak = marked & several & (table["ink"] < limits.weak_share * strongest)
    table.loc[weak, ["state", "reason"]] = ["doubtful", DOUBTS["second"]]


def _doubt_what_may_be_lost(table: pd.DataFrame, limits: Thresholds, is_field: np.ndarray) -> None:
    """Where most marks of a page are too faint to be sure of, its scan may have lost others: nothing there is blank."""
    page, boxes = table["page_digest"], pd.Series(~is_field, table.index)
    marked = boxes & (table["state"] == "marked")
    traces = boxes & (table["state"] == "doubtful") & (table["p_marked"] >= limits.faint_above)
    kinds = np.array([tell_doubt(reason)[0] for reason in table["reason"].where(traces, "")])
    traces &= np.isin(kinds, FAINT_DOUBTS)
    faint, sure = (found.groupby(page).transform("sum") for found in (traces, marked))
    answered = marked.groupby([page, table["item"]]).transform("any")
    lost = boxes & (table["state"] == "empty") & ~answered
    lost &= (faint >= limits.faint_marks) & (faint >= limits.faint_lead * sure)
    table.loc[lost, ["state", "reason"]] = ["doubtful", DOUBTS["faint"]]


def _adjudicate(table: pd.DataFrame, adjudications: pd.DataFrame) -> None:
    """Let people's decisions about boxes stand over the machine's."""
    stands = standing(adjudications)
    boxes = stands[stands["box"] != ""].drop_duplicates(["page_digest", "box"], keep="last")
    if boxes.empty:
        return
    keys = pd.MultiIndex.from_frame(table[["page_digest", "box"]])
    settled = boxes.set_index(["page_digest", "box"]).reindex(keys)
    has = settled["state"].notna().to_numpy()
    for column in ["state", "decided_by", "reason"]:
        table.loc[has, column] = settled[column].to_numpy()[has]
    moved = _moved_away(settled["place"].fillna("").to_numpy(), table)
    table.loc[moved, ["state", "decided_by", "reason"]] = ["doubtful", MACHINE, DOUBTS["moved"]]


def _moved_away(places: np.ndarray, table: pd.DataFrame) -> np.ndarray:
    """Tell of each box whether its centre lies outside the outline it had (`place`) when a person decided about it."""
    moved = np.zeros(len(table), bool)
    for row in np.flatnonzero(places != ""):
        page, x, y, w, h = (float(number) for number in places[row].split())
        box = table.iloc[row]
        across, down = box["x_mm"] + box["w_mm"] / 2 - x, box["y_mm"] + box["h_mm"] / 2 - y
        moved[row] = box["questionnaire_page"] != page or not (0 <= across <= w and 0 <= down <= h)
    return moved


def decide_outcomes(
    marks: pd.DataFrame, cases: Iterable[str], questionnaire: Questionnaire, adjudications: pd.DataFrame
) -> pd.DataFrame:
    """Decide every item of every case; returns OUTCOMES. An item none of whose boxes were read is `page missing`.

    `adjudications` with an item, no box and no state type what was written by hand, in `value`.
    """
    summary = _summarise(marks, questionnaire)
    typed = _typed(adjudications, marks)
    case_names = sorted(set(cases))
    tables = []
    for asked in questionnaire.asked():
        rows = summary.loc[[asked.id]] if asked.id in summary.index.get_level_values(0) else None
        found = rows.droplevel(0) if rows is not None else summary.iloc[:0].droplevel(0)
        tables.append(_outcome(asked, found.reindex(case_names), typed))
    return OUTCOMES.frame(pd.concat(tables, ignore_index=True))


def _summarise(marks: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Count states an item and case, and join the codes of its marked boxes; index (item, case)."""
    order = {
        (asked.id, option.code): place
        for asked in questionnaire.asked()
        for place, option in enumerate(asked.options)
    }
    places = [order.get(key, 0) for key in zip(marks["item"], marks["option"], strict=True)]
    table = marks.assign(place=places).sort_values(["case", "item", "place"], kind="stable")
    keys = ["item", "case"]
    counts = table.groupby(keys)["state"].value_counts().unstack(fill_value=0)
    counts = counts.reindex(columns=["empty", "marked", "revoked", "doubtful", "unreadable"], fill_value=0)
    codes = table[table["state"] == "marked"].groupby(keys)["option"].agg(" ".join)
    reasons = table[table["state"].isin(["doubtful", "unreadable"])].groupby(keys)["reason"].first()
    return counts.assign(codes=codes.reindex(counts.index), reason=reasons.reindex(counts.index)).fillna(
        {"codes": "", "reason": ""}
    )


def _typed(adjudications: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """What people typed, by (item, case); the last one that stands counts. Its state may be `erased`."""
    stands = standing(adjudications)
    typed = stands[(stands["box"] == "") & (stands["item"] != "") & stands["state"].isin(["", ERASED])]
    typed = typed.assign(value=[black_out_names(text) for text in typed["value"]])
    whose = marks.drop_duplicates("page_digest").set_index("page_digest")["case"]
    typed = typed.assign(case=typed["page_digest"].map(whose)).dropna(subset=["case"])
    return typed.drop_duplicates(["item", "case"], keep="last").set_index(["item", "case"])


def black_out_names(text: str) -> str:
    """Black out what a person marked as a name in typed text; no table of results ever holds it."""
    return re.sub(f"{NAME_BEGINS}[^{NAME_ENDS}]*{NAME_ENDS}", BLACKED_OUT, text)


def _outcome(asked: Asked, counts: pd.DataFrame, typed: pd.DataFrame) -> pd.DataFrame:
    missing = counts["marked"].isna().to_numpy()
    marked, doubtful, unreadable = (
        counts[name].fillna(0).to_numpy() for name in ["marked", "doubtful", "unreadable"]
    )
    choices = [
        (missing, "page missing"),
        (unreadable > 0, "unreadable"),
        ((marked > 1) & (asked.kind == "single") & (doubtful == 0), "multiple"),
        (doubtful > 0, "doubtful"),
        (marked == 0, "blank"),
        (np.full(len(counts), asked.kind == "number"), "doubtful"),
    ]
    outcome = np.select([holds for holds, _ in choices], [name for _, name in choices], "answered").astype(
        object
    )
    codes = counts["codes"].fillna("").to_numpy(dtype=object)
    reason = counts["reason"].fillna("").to_numpy(dtype=object)
    if asked.kind == "number":
        codes[:] = ""
        reason[(outcome == "doubtful") & (doubtful == 0)] = "handwriting: a person types the digits"
    if asked.kind == "text":
        codes[:] = np.where(outcome == "answered", "written", "")
    codes[~np.isin(outcome, ["answered", "multiple"])] = ""
    table = pd.DataFrame(
        {"case": counts.index, "item": asked.id, "outcome": outcome, "codes": codes, "reason": reason}
    )
    if asked.id in typed.index.get_level_values(0):
        mine = typed.loc[asked.id].reindex(table["case"])
        said = mine["value"]
        erased = mine["state"].eq(ERASED).to_numpy()
        has = said.notna().to_numpy() & ~erased
        table.loc[has, "outcome"] = np.where(said[has] == "", "blank", "answered")
        table.loc[has, "codes"] = said[has].to_numpy()
        table.loc[has, "reason"] = TYPED
        if asked.kind == "number":
            table.loc[erased, ["outcome", "codes", "reason"]] = [
                "unreadable",
                "",
                "what was typed was erased",
            ]
    return table
