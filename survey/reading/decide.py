"""Numbers, adjudications and rules -> the state of each mark and the outcome of each item.

The only place that compares a measurement with a threshold. When unsure it says doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.questionnaire.model import Asked, Questionnaire, Thresholds
from survey.reading.damaged import Match
from survey.reading.paper_place import rows_decided
from survey.reading.reasons import DOUBTS, fill_last, tell_doubt
from survey.reading.scan import Reason
from survey.reading.standing import ERASED, standing
from survey.tables import MARKS, OUTCOMES

VERSION = 3
MACHINE = "machine"
TYPED = "typed by a person"  # the reason of an outcome that is known from its transcript
FAINT_DOUBTS = ("between", "little")
"""Kinds of doubt that a mark may give because the scan has kept little of it."""
NAME_BEGINS, NAME_ENDS = "⟦", "⟧"  # around what a person marked as a name in typed text
BLACKED_OUT = "█████"  # as long for every name


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


def contradict(one: np.ndarray, other: np.ndarray, limits: Thresholds) -> bool:
    """Whether two measurements of the same boxes (p_marked, shape (boxes,)) differ in a mark both are sure of."""
    empty, marked = limits.empty_below, limits.marked_above
    return bool((((one < empty) & (other > marked)) | ((one > marked) & (other < empty))).any())


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
    unclaimed = residue - measured["claimed"]
    written = is_field & (ink * measured["area_mm2"] > limits.unwritten_mm2)
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
    return np.asarray(written | misfit | (~is_field & (unsure | edge | trace | little | slight | dark)))


def _far_from_marked(p: np.ndarray, unclaimed: np.ndarray, limits: Thresholds) -> np.ndarray:
    """Whether ink that nothing else claims is clearly no mark of this box; much of it must be so more clearly."""
    least = np.where(unclaimed < limits.much_residue, limits.surely_empty_below, limits.farthest_below)
    return np.asarray(p <= least)


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
    state, reason = _by_thresholds(table, limits, is_field)
    for column, found in (("state", state), ("reason", reason), ("decided_by", MACHINE)):
        table[column] = pd.Series(found, table.index, dtype=object)  # written to much faster than texts
    items = _grouped(table, "page_digest", "item")
    if questionnaire.schema.reading.revocation:
        _revoke(table, limits, kind, items)
    _settle_by_context(table, limits, kind, items)
    _doubt_a_second_mark(table, limits, kind, items)
    _doubt_a_slight_mark(table, limits, kind)
    _doubt_what_may_be_lost(table, limits, kind, items)
    _adjudicate(table, adjudications)
    return MARKS.frame(table)


def _by_thresholds(
    table: pd.DataFrame, limits: Thresholds, is_field: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Decide each box by itself: (state, reason); of the rules that hold the first counts."""
    names = ["p_marked", "ink", "residue", "excess", "fit"]
    p, ink, residue, excess, fit = (table[name].to_numpy() for name in names)
    unclaimed = residue - table["claimed"].to_numpy()
    written_mm2 = (table["ink"] * table["w_mm"] * table["h_mm"]).to_numpy()
    room, clean, sure = _has_room(table, limits), _is_clean(table, limits), p >= limits.surely_marked_above
    little = np.where(room, (residue < limits.little_residue) & ~sure, excess < limits.little_excess)
    trace = ((ink >= limits.trace_ink) | (excess >= limits.trace_excess)) & ~_is_still(table)
    trace |= (
        (table["unusual"].to_numpy() >= limits.trace_unusual) & (p > limits.trace_above) & ~table["bilevel"]
    )
    trace &= room
    misfit = fill_last(DOUBTS["misfit"], limits.fit_above)
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
        ((p <= limits.bare_below) & clean & ~trace, "empty", "", p),
        ((p <= limits.empty_below) & (unclaimed < limits.veto_residue), "empty", "", p),
        (_far_from_marked(p, unclaimed, limits), "empty", "", p),
        (p <= limits.empty_below, "doubtful", DOUBTS["edge"], unclaimed),
    ]
    between = fill_last(DOUBTS["between"], limits.empty_below, limits.marked_above)
    state, reason = np.full(len(table), "doubtful", object), np.full(len(table), "", object)
    open_ = np.ones(len(table), bool)
    for holds, name, why, number in [*rules, (open_.copy(), "doubtful", between, p)]:
        now = open_ & holds
        state[now] = name
        reason[now] = [why.format(one) for one in number[now]] if "{" in why else why
        open_ &= ~holds
    return state, reason


def _has_room(table: pd.DataFrame, limits: Thresholds) -> np.ndarray:
    """Whether enough of a box is free of print for ink to be seen."""
    return np.asarray(table["room"].to_numpy() >= limits.clean_room)


def _is_clean(table: pd.DataFrame, limits: Thresholds) -> np.ndarray:
    """Whether there is room for ink, and none."""
    return _has_room(table, limits) & (table["residue"].to_numpy() <= limits.clean_residue)


def _is_still(table: pd.DataFrame) -> np.ndarray:
    """Whether nothing stirs in a box on a scan that keeps all shades: there the network was not even asked."""
    return np.asarray(~table["bilevel"].to_numpy() & (table["p_marked"].to_numpy() == 0))


@dataclass(frozen=True)
class _Groups:
    """Rows that belong together, by number; `total` and `any` tell each row of all of its group."""

    number: np.ndarray
    count: int

    def total(self, flags: np.ndarray) -> np.ndarray:
        """How many rows of each row's group have a flag."""
        return np.bincount(self.number, flags, self.count)[self.number]

    def any(self, flags: np.ndarray) -> np.ndarray:
        """Whether any row of each row's group has a flag."""
        return self.total(flags) > 0

    def highest(self, values: np.ndarray, flags: np.ndarray) -> np.ndarray:
        """The highest value of flagged rows in each row's group; NaN without any."""
        found = np.full(self.count, -np.inf)
        np.maximum.at(found, self.number[flags], values[flags])
        return np.where(np.isinf(found), np.nan, found)[self.number]


def _grouped(table: pd.DataFrame, *columns: str) -> _Groups:
    number, count = np.zeros(len(table), np.int64), 1
    for column in columns:
        codes, names = pd.factorize(table[column])
        number, there = pd.factorize(number * len(names) + codes)
        count = len(there)
    return _Groups(number, count)


def _say(table: pd.DataFrame, which: np.ndarray, state: str, reason: str) -> None:
    if which.any():
        table.loc[which, ["state", "reason"]] = [state, reason]


def _say_numbers(table: pd.DataFrame, which: np.ndarray, template: str, numbers: np.ndarray) -> None:
    """Doubt boxes, each with its own number in the reason."""
    table.loc[which, "state"] = "doubtful"
    table.loc[which, "reason"] = [template.format(number) for number in numbers[which]]


def _revoke(table: pd.DataFrame, limits: Thresholds, kind: np.ndarray, items: _Groups) -> None:
    """Take a black box for revoked where the paper has that rule and its item has clearly lighter marks only."""
    marked = (table["state"] == "marked").to_numpy() & np.isin(kind, ["single", "multiple"])
    p_black, coverage = table["p_black"].to_numpy(), table["coverage"].to_numpy()
    black = marked & (p_black >= limits.black_above) & (coverage >= limits.black_coverage)
    light = marked & (p_black <= limits.light_below) & (coverage < limits.covered)
    all_others_light = items.total(marked & ~light) == 1
    has_light, has_black = items.any(light), items.any(black)
    fills_in = _fills_in(_grouped(table, "case"), black, marked, limits)
    pairs = (kind == "single") & (items.total(marked) == 2) & (items.total(table["state"] != "empty") == 2)
    black |= marked & pairs & (p_black >= limits.black_beside) & (coverage >= limits.black_coverage)
    revoked = black & has_light & all_others_light & ~fills_in
    _say(table, revoked, "revoked", "blacked out, and a lighter box is marked")
    unsure = marked & (p_black >= limits.rather_black) & ~revoked & ~fills_in
    _say(table, unsure, "doubtful", DOUBTS["filled"])
    heavy = marked & ~light & ~unsure & ~revoked & (has_light | has_black) & ~fills_in
    _say(table, heavy, "doubtful", DOUBTS["heavy"])


def _fills_in(cases: _Groups, black: np.ndarray, marked: np.ndarray, limits: Thresholds) -> np.ndarray:
    """Tell for each box whether its case was marked by filling in: nearly all of its marks are black."""
    blacks, others = cases.total(black), cases.total(marked & ~black)
    return np.asarray((blacks >= limits.filling_marks) & (blacks > limits.filling_lead * others))


def _settle_by_context(table: pd.DataFrame, limits: Thresholds, kind: np.ndarray, items: _Groups) -> None:
    """Let the rest of a single-choice item settle an unsure box, where it stands alone or beside a sure mark."""
    single, state = kind == "single", table["state"].to_numpy()
    count = {
        name: items.total((state == name) & single) for name in ["marked", "empty", "revoked", "doubtful"]
    }
    p = table["p_marked"].to_numpy()
    unsure = single & (state == "doubtful") & (table["fit"].to_numpy() >= limits.fit_above)
    unsure &= (p < limits.marked_above) & table["inside"].to_numpy()
    alone = unsure & (count["doubtful"] == 1) & (count["empty"] == items.total(single) - 1)
    alone &= (p >= limits.alone_above) & (table["residue"].to_numpy() >= limits.little_residue)
    _say(table, alone, "marked", "a weak mark, but the only ink in a single-choice item")
    hardly = (p <= limits.beside_below) | _is_clean(table, limits)
    beside = unsure & (count["marked"] == 1) & (count["revoked"] == 0) & hardly
    _say(table, beside, "empty", "hardly a mark, beside a sure one in a single-choice item")


def _doubt_a_second_mark(table: pd.DataFrame, limits: Thresholds, kind: np.ndarray, items: _Groups) -> None:
    """In a single-choice item a second mark that is weaker or not quite sure is no certainty: a person shall look."""
    marked, single = (table["state"] == "marked").to_numpy(), kind == "single"
    ink, p = table["ink"].to_numpy(), table["p_marked"].to_numpy()
    perhaps = (table["state"] == "doubtful").to_numpy() & (p > limits.empty_below)
    unsure = marked & single & (items.total(marked | perhaps) > 1) & (p < limits.surely_marked_above)
    several = marked & single & (items.total(marked) > 1)
    weak = several & (ink < limits.weak_share * items.highest(ink, marked))
    _say_numbers(table, unsure & ~weak, fill_last(DOUBTS["several"], limits.surely_marked_above), p)
    _say(table, weak, "doubtful", DOUBTS["second"])


def _doubt_a_slight_mark(table: pd.DataFrame, limits: Thresholds, kind: np.ndarray) -> None:
    """In a multiple-choice item nothing else tells whether a little ink was meant: it must be surer than much of it."""
    p = table["p_marked"].to_numpy()
    slight = (table["state"] == "marked").to_numpy() & (kind == "multiple") & _has_room(table, limits)
    slight &= (table["ink"].to_numpy() < limits.slight_ink) & (p < limits.slight_below)
    _say_numbers(table, slight, fill_last(DOUBTS["slight"], limits.slight_below), p)


def _doubt_what_may_be_lost(
    table: pd.DataFrame, limits: Thresholds, kind: np.ndarray, items: _Groups
) -> None:
    """Where marks of a page or a case are too faint to be sure of, scans may have lost others: nothing there is blank.

    One person wrote with one pencil: of some pages nothing is left. A single-choice item with a faint mark has the one
    it may have.
    """
    state, p = table["state"].to_numpy(), table["p_marked"].to_numpy()
    pages, cases = _grouped(table, "page_digest"), _grouped(table, "case")
    is_box = np.isin(kind, ["single", "multiple"])
    marked, traces = is_box & (state == "marked"), is_box & (state == "doubtful") & (p >= limits.faint_above)
    traces[traces] = [tell_doubt(reason)[0] in FAINT_DOUBTS for reason in table["reason"].to_numpy()[traces]]
    traces |= marked & (table["residue"].to_numpy() < limits.little_residue)
    traces &= _has_room(table, limits)
    sure = marked & ~traces

    def is_faint(group: _Groups) -> np.ndarray:
        faint = group.total(traces)
        return np.asarray((faint >= limits.faint_marks) & (faint >= limits.faint_lead * group.total(sure)))

    lost = is_box & (state == "empty") & ~_is_still(table) & (is_faint(pages) | is_faint(cases))
    lost &= np.where(kind == "single", ~items.any(marked | traces), ~items.any(marked) | is_faint(items))
    _say(table, lost, "doubtful", DOUBTS["faint"])


def _adjudicate(table: pd.DataFrame, adjudications: pd.DataFrame) -> None:
    """Let people's decisions about boxes stand over the machine's: where their box lay, whatever it is called now."""
    stands = standing(adjudications)
    boxes = stands[(stands["box"] != "") & stands["page_digest"].isin(table["page_digest"].unique())]
    if boxes.empty:
        return
    rows, moved = rows_decided(table, boxes)
    last = pd.Series(np.arange(len(rows)), rows).groupby(level=0).last()
    last = last[last.index >= 0]
    at, which = table.index[last.index], last.to_numpy()
    for column in ["state", "decided_by", "reason"]:
        table.loc[at, column] = boxes[column].to_numpy()[which]
    again = at[moved[which]]
    table.loc[again, ["state", "decided_by", "reason"]] = ["doubtful", MACHINE, DOUBTS["moved"]]


def decide_outcomes(
    marks: pd.DataFrame, cases: Iterable[str], questionnaire: Questionnaire, adjudications: pd.DataFrame
) -> pd.DataFrame:
    """Decide every item of every case; returns OUTCOMES. An item none of whose boxes were read is `page missing`.

    `adjudications` with an item, no box and no state type what was written by hand, in `value`.
    """
    asked, names = list(questionnaire.asked()), sorted(set(cases))
    counts, codes, reasons = _summarise(marks, names, asked)
    outcome = np.stack([_outcome(*one) for one in zip(asked, counts, codes, reasons, strict=True)])
    typed, place = _typed(adjudications, marks), {name: at for at, name in enumerate(names)}
    for at, one in enumerate(asked):
        for case, (value, state) in typed.get(one.id, {}).items():
            if case in place:
                cell = at, place[case]
                outcome[cell], codes[cell], reasons[cell] = _heard(
                    one, value, state, (outcome[cell], codes[cell], reasons[cell])
                )
    whose = np.tile(np.array(names, dtype=object), len(asked))
    item = np.repeat(np.array([one.id for one in asked], dtype=object), len(names))
    flat = {"outcome": outcome.ravel(), "codes": codes.ravel(), "reason": reasons.ravel()}
    return OUTCOMES.frame(pd.DataFrame({"case": whose, "item": item, **flat}))


STATES = ("empty", "marked", "revoked", "doubtful", "unreadable")


def _summarise(
    marks: pd.DataFrame, cases: Sequence[str], asked: Sequence[Asked]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count states, shape (things asked, cases, states); join the codes of marked boxes and find the first reason of
    a doubt, shape (things asked, cases). Counts are all 0 where no box was read.
    """
    item, case, state = (
        pd.Index(names).get_indexer(pd.Index(marks[column]))
        for names, column in [([one.id for one in asked], "item"), (cases, "case"), (STATES, "state")]
    )
    shape = (len(asked), len(cases), len(STATES))
    known = (item >= 0) & (case >= 0)
    cell = np.ravel_multi_index((item[known], case[known], state[known]), shape)
    counts = np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape)
    told = known & (state != STATES.index("empty")) & (state != STATES.index("revoked"))
    cells, rows = (item * len(cases) + case)[told], marks.iloc[np.flatnonzero(told)]
    marked, place = state[told] == STATES.index("marked"), _places(rows, asked)
    codes, reasons = (np.full(shape[:2], "", object) for _ in range(2))
    option, reason = (rows[column].to_numpy(dtype=object) for column in ("option", "reason"))
    for cell, own in _by_cell(cells, place, marked):
        codes.flat[cell] = option[own[0]] if len(own) == 1 else " ".join(option[own])
    for cell, own in _by_cell(cells, place, ~marked & (reason != "")):
        reasons.flat[cell] = reason[own[0]]
    return counts, codes, reasons


def _places(rows: pd.DataFrame, asked: Sequence[Asked]) -> np.ndarray:
    """The place of each row's option among those of its item; 0 for what is none of them."""
    order = {(one.id, option.code): place for one in asked for place, option in enumerate(one.options)}
    (item, items), (option, options) = (pd.factorize(rows[column]) for column in ("item", "option"))
    places = np.array([[order.get((one, code), 0) for code in options] for one in items], dtype=np.int64)
    return places[item, option] if len(rows) else np.zeros(0, np.int64)


def _by_cell(cells: np.ndarray, place: np.ndarray, which: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Cells with the numbers of those of their rows that have a flag, in the order of their places."""
    there = np.flatnonzero(which)
    there = there[np.lexsort((place[there], cells[there]))]
    own, start = np.unique(cells[there], return_index=True)
    return zip(own.tolist(), np.split(there, start[1:]), strict=False)


def _typed(adjudications: pd.DataFrame, marks: pd.DataFrame) -> dict[str, dict[str, tuple[str, str]]]:
    """What people typed, the last that stands: item -> case -> value, and state, which may be `erased`."""
    stands = standing(adjudications)
    typed = stands[(stands["box"] == "") & (stands["item"] != "") & stands["state"].isin(["", ERASED])]
    if typed.empty:
        return {}
    pages = marks.drop_duplicates("page_digest")
    whose = dict(zip(pages["page_digest"], pages["case"], strict=True))
    found: dict[str, dict[str, tuple[str, str]]] = {}
    rows = typed[["page_digest", "item", "value", "state"]].itertuples(index=False, name=None)
    for page, item, value, state in rows:
        if page in whose:
            found.setdefault(item, {})[whose[page]] = black_out_names(value), state
    return found


def black_out_names(text: str) -> str:
    """Black out what a person marked as a name in typed text; no table of results ever holds it."""
    return re.sub(f"{NAME_BEGINS}[^{NAME_ENDS}]*{NAME_ENDS}", BLACKED_OUT, text)


def _outcome(asked: Asked, counts: np.ndarray, codes: np.ndarray, reasons: np.ndarray) -> np.ndarray:
    """Decide one thing asked for all cases, from what `_summarise` says of it; clears codes that count for nothing."""
    marked, doubtful, unreadable = (
        counts[:, STATES.index(name)] for name in ["marked", "doubtful", "unreadable"]
    )
    choices = [
        (counts.sum(axis=1) == 0, "page missing"),
        (unreadable > 0, "unreadable"),
        ((marked > 1) & (asked.kind == "single") & (doubtful == 0), "multiple"),
        (doubtful > 0, "doubtful"),
        (marked == 0, "blank"),
        (np.full(len(counts), asked.kind == "number"), "doubtful"),
    ]
    outcome = np.select([holds for holds, _ in choices], [name for _, name in choices], "answered").astype(
        object
    )
    if asked.kind == "number":
        codes[:] = ""
        reasons[(outcome == "doubtful") & (doubtful == 0)] = "handwriting: a person types the digits"
    if asked.kind == "text":
        codes[:] = np.where(outcome == "answered", "written", "")
    codes[~np.isin(outcome, ["answered", "multiple"])] = ""
    return outcome


def _heard(asked: Asked, value: str, state: str, before: tuple[str, str, str]) -> tuple[str, str, str]:
    """Outcome, codes and reason of what a person typed, of a case in which it was `before`."""
    if state != ERASED:
        return "answered" if value else "blank", value, TYPED
    return ("unreadable", "", "what was typed was erased") if asked.kind == "number" else before
