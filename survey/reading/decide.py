"""Numbers, adjudications and rules -> the state of each mark.

The only place that compares a measurement with a threshold. When unsure it says doubtful.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.questionnaire.model import Questionnaire
from survey.questionnaire.thresholds import Thresholds
from survey.reading.paper_place import rows_decided
from survey.reading.reasons import DOUBTS, fill_last, tell_doubt
from survey.reading.standing import standing
from survey.tables import MARKS, numbered, places_in

VERSION = 5
MACHINE = "machine"
STATES = ("empty", "marked", "revoked", "doubtful", "unreadable")
EMPTY, MARKED, REVOKED, DOUBTFUL, UNREADABLE = range(len(STATES))
FAINT_DOUBTS = ("between", "little")
"""Kinds of doubt that a mark may give because the scan has kept little of it."""


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
    """Decide every measured box; returns MARKS. Arguments as of `decide_boxes`."""
    return MARKS.frame(decide_boxes(measured, questionnaire, adjudications))


def decide_boxes(
    measured: pd.DataFrame, questionnaire: Questionnaire, adjudications: pd.DataFrame
) -> pd.DataFrame:
    """Decide every measured box; returns the table with state, reason and decided_by, as categories.

    `measured` has the columns of MARKS that say where a box lies on which page, and those of MEASUREMENTS.
    `adjudications` (ADJUDICATIONS, in the order they were made) settle single boxes; the last one that stands counts.
    """
    limits = questionnaire.schema.reading.thresholds
    boxes = _Boxes(measured, questionnaire)
    _decide_alone(boxes, limits)
    if questionnaire.schema.reading.revocation:
        _revoke(boxes, limits)
    _settle_by_context(boxes, limits)
    _doubt_a_second_mark(boxes, limits)
    if questionnaire.schema.reading.revocation:
        _doubt_a_heavy_mark(boxes, limits)
    else:
        _settle_specks(boxes, limits)
    _doubt_a_slight_mark(boxes, limits)
    _doubt_a_mark_unlike_the_others(boxes, limits)
    lost = _doubt_what_may_be_lost(boxes, limits) | _doubt_a_return_with_hardly_a_mark(boxes, limits)
    if questionnaire.schema.reading.revocation:
        _doubt_what_is_kept_of_a_correction(boxes, boxes.cases.any(lost), limits)
    _doubt_a_lone_mark(boxes, limits)
    _adjudicate(boxes, adjudications)
    return boxes.with_decisions()


@dataclass(frozen=True)
class _Groups:
    """Rows that belong together, by number; `total` and `any` tell each row of all of its group."""

    number: np.ndarray
    count: int

    def total(self, flags: np.ndarray) -> np.ndarray:
        """How many rows of each row's group have a flag."""
        return np.bincount(self.number[flags], minlength=self.count)[self.number]

    def any(self, flags: np.ndarray) -> np.ndarray:
        """Whether any row of each row's group has a flag."""
        if not flags.any():
            return np.zeros(len(flags), bool)
        return (np.bincount(self.number[flags], minlength=self.count) > 0)[self.number]

    def highest(self, values: np.ndarray, flags: np.ndarray) -> np.ndarray:
        """The highest value of flagged rows in each row's group; NaN without any."""
        found = np.full(self.count, -np.inf)
        np.maximum.at(found, self.number[flags], values[flags])
        return np.where(np.isinf(found), np.nan, found)[self.number]

    def middle(self, values: np.ndarray, flags: np.ndarray) -> np.ndarray:
        """The median value of flagged rows in each row's group; NaN without any."""
        found = pd.Series(values[flags]).groupby(self.number[flags]).median()
        return found.reindex(np.arange(self.count)).to_numpy()[self.number]


class _Texts:
    """A column of texts, most of them alike, by their numbers."""

    def __init__(self, count: int, text: str) -> None:
        self._number, self._texts = np.zeros(count, np.int64), [text]

    def put(self, which: np.ndarray, *texts: str) -> None:
        """Set some rows, all to one text or each to its own."""
        first = len(self._texts)
        self._number[which] = first if len(texts) == 1 else np.arange(first, first + len(texts))
        self._texts += texts

    def of(self, which: np.ndarray) -> list[str]:
        """The texts of some rows."""
        return [self._texts[number] for number in self._number[which]]

    def as_categories(self) -> pd.Categorical:
        """The column."""
        number, texts = pd.factorize(np.array(self._texts, dtype=object))
        return pd.Categorical.from_codes(number[self._number], texts)


class _Boxes:
    """Measured boxes as arrays, a row each, and what is decided of them so far."""

    def __init__(self, measured: pd.DataFrame, questionnaire: Questionnaire) -> None:
        self._measured = measured
        kinds = {asked.id: asked.kind for asked in questionnaire.asked()}
        number, items = numbered(measured["item"])
        self.single, self.multiple, self.is_field = (
            np.array([kinds.get(item) in which for item in items], bool)[number]
            for which in ({"single"}, {"multiple"}, {"number", "text"})
        )
        self.to_mark = self.single | self.multiple
        self.pages, self.cases = self.grouped("page_digest"), self.grouped("case")
        pairs, there = pd.factorize(self.pages.number * len(items) + number)
        self.items = _Groups(pairs, len(there))
        """Boxes of one item on one page."""
        self.state = np.full(len(measured), DOUBTFUL, np.int8)
        self.reason, self.decided_by = _Texts(len(measured), ""), _Texts(len(measured), MACHINE)

    def __getitem__(self, column: str) -> np.ndarray:
        """A column that was measured."""
        return self._measured[column].to_numpy()

    def grouped(self, column: str) -> _Groups:
        """Rows by a column of texts."""
        number, names = numbered(self._measured[column])
        return _Groups(number, len(names))

    def marked(self) -> np.ndarray:
        """Which boxes to mark are marked, as far as it is decided."""
        return np.asarray((self.state == MARKED) & self.to_mark)

    def say(self, which: np.ndarray, state: int, reason: str) -> None:
        """Decide some boxes."""
        self.state[which] = state
        self.reason.put(which, reason)

    def doubt(self, which: np.ndarray, template: str, numbers: np.ndarray) -> None:
        """Doubt some boxes, each with its own number in the reason."""
        self.state[which] = DOUBTFUL
        self.reason.put(which, *(template.format(number) for number in numbers[which]))

    def has_room(self, limits: Thresholds) -> np.ndarray:
        """Whether enough of a box is free of print for ink to be seen."""
        return np.asarray(self["room"] >= limits.clean_room)

    def is_clean(self, limits: Thresholds) -> np.ndarray:
        """Whether there is room for ink, and none."""
        return self.has_room(limits) & (self["residue"] <= limits.clean_residue)

    def is_still(self) -> np.ndarray:
        """Whether nothing stirs in a box on a scan that keeps all shades: there the network was not even asked."""
        return np.asarray(~self["bilevel"] & (self["p_marked"] == 0))

    def rows_decided(self, adjudications: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
        """Decisions about boxes of these pages, the row each is about or -1, and whether its box has moved since."""
        stands = standing(adjudications)
        pages = self._measured["page_digest"].unique().tolist()
        boxes = stands[(stands["box"] != "") & (places_in(pages, stands["page_digest"]) >= 0)]
        return boxes, *rows_decided(self._measured, boxes)

    def with_decisions(self) -> pd.DataFrame:
        """What was measured, and what was decided."""
        return self._measured.assign(
            state=pd.Categorical.from_codes(self.state, STATES),
            reason=self.reason.as_categories(), decided_by=self.decided_by.as_categories(),
        )  # fmt: skip


def _decide_alone(boxes: _Boxes, limits: Thresholds) -> None:
    """Decide each box by itself; of the rules that hold the first counts."""
    p, ink, residue, excess, fit = (boxes[name] for name in ["p_marked", "ink", "residue", "excess", "fit"])
    unclaimed = residue - boxes["claimed"]
    written_mm2 = ink * boxes["w_mm"] * boxes["h_mm"]
    room, clean, sure = boxes.has_room(limits), boxes.is_clean(limits), p >= limits.surely_marked_above
    darker = (p >= limits.usual_above) & (excess >= _usual_excess(boxes, limits) + limits.beyond_usual)
    as_usual = (excess < limits.little_excess) & ~darker
    little = np.where(room, (residue < limits.little_residue) & ~sure, as_usual)
    trace = ((ink >= limits.trace_ink) | (excess >= limits.trace_excess)) & ~boxes.is_still()
    on_frame = (boxes["bulge"] >= limits.trace_bulge) & (unclaimed < limits.little_residue)
    marks = boxes.cases.middle(residue, (p >= limits.marked_above) & boxes.to_mark & room)
    trace |= on_frame & ((p > limits.farthest_below) | (marks < limits.small_residue)) & ~boxes["bilevel"]
    trace &= room
    misfit = fill_last(DOUBTS["misfit"], limits.fit_above)
    field = boxes.is_field
    rules: list[tuple[np.ndarray, int, str, np.ndarray]] = [
        (~boxes["inside"], UNREADABLE, DOUBTS["outside"], fit),
        (fit < limits.fit_above, DOUBTFUL, misfit, fit),
        (field & (written_mm2 >= limits.written_mm2), MARKED, "handwriting", fit),
        (field & (written_mm2 <= limits.unwritten_mm2), EMPTY, "", fit),
        (field, DOUBTFUL, DOUBTS["speck"], fit),
        ((p >= limits.marked_above) & clean, DOUBTFUL, DOUBTS["no ink"], p),
        ((p >= limits.marked_above) & little, DOUBTFUL, DOUBTS["little"], p),
        (p >= limits.marked_above, MARKED, "", p),
        ((p <= limits.empty_below) & trace, DOUBTFUL, DOUBTS["trace"], p),
        ((p <= limits.bare_below) & clean & ~trace, EMPTY, "", p),
        ((p <= limits.empty_below) & (unclaimed < limits.veto_residue), EMPTY, "", p),
        (_far_from_marked(p, unclaimed, limits), EMPTY, "", p),
        (p <= limits.empty_below, DOUBTFUL, DOUBTS["edge"], unclaimed),
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


def _usual_excess(boxes: _Boxes, limits: Thresholds) -> np.ndarray:
    """How much darker than on the blank print is that fills a page's unmarked boxes; 1 where too few of them tell."""
    unmarked = ~boxes.has_room(limits) & (boxes["p_marked"] <= limits.empty_below) & boxes["inside"]
    usual = boxes.pages.middle(boxes["excess"], unmarked)
    return np.where(boxes.pages.total(unmarked) >= limits.usual_boxes, usual, 1.0)


def _revoke(boxes: _Boxes, limits: Thresholds) -> None:
    """Take a black box for revoked where the paper has that rule and its item has clearly lighter marks only.

    A black box that is all there is in its item answers it, for who takes a mark back makes another: nothing is surely
    revoked in a case that has one, and a case that has several was marked by filling in.
    """
    items, cases, p_black, coverage = boxes.items, boxes.cases, boxes["p_black"], boxes["coverage"]
    marked = boxes.marked()
    black = marked & (p_black >= limits.black_above) & (coverage >= limits.black_coverage)
    rather_black = marked & (p_black >= limits.rather_black)
    light = marked & (p_black <= limits.light_below) & (coverage < limits.covered)
    all_others_light = items.total(marked & ~light) == 1
    has_light, has_black = items.any(light), items.any(black)
    pairs = boxes.single & (items.total(marked) == 2) & (items.total(boxes.state != EMPTY) == 2)
    black |= marked & pairs & (p_black >= limits.black_beside) & (coverage >= limits.black_coverage)
    alone = rather_black & (items.total(boxes.state != EMPTY) == 1)
    revoked = black & has_light & all_others_light & ~cases.any(alone)
    boxes.say(revoked, REVOKED, "blacked out, and a lighter box is marked")
    beside = cases.total(rather_black & boxes.single & has_light)
    fills_in = cases.total(alone) >= np.maximum(limits.filling_marks, limits.filling_lead * beside)
    answers = fills_in & ~has_light & (boxes.multiple | (items.total(marked) == 1))
    unsure = rather_black & ~revoked & ~answers
    boxes.say(unsure, DOUBTFUL, DOUBTS["filled"])
    heavy = marked & ~light & ~unsure & ~revoked & (has_light | has_black) & ~answers
    boxes.say(heavy, DOUBTFUL, DOUBTS["heavy"])


def _settle_by_context(boxes: _Boxes, limits: Thresholds) -> None:
    """Let the rest of a single-choice item settle an unsure box, where it stands alone or beside a sure mark."""
    single, items, p = boxes.single, boxes.items, boxes["p_marked"]
    marked, empty, revoked, doubtful = (
        items.total((boxes.state == state) & single) for state in (MARKED, EMPTY, REVOKED, DOUBTFUL)
    )
    unsure = single & (boxes.state == DOUBTFUL) & (boxes["fit"] >= limits.fit_above)
    unsure &= (p < limits.marked_above) & boxes["inside"]
    alone = unsure & (doubtful == 1) & (empty == items.total(single) - 1)
    alone &= (p >= limits.alone_above) & (boxes["residue"] >= limits.little_residue)
    boxes.say(alone, MARKED, "a weak mark, but the only ink in a single-choice item")
    hardly = (p <= limits.beside_below) | boxes.is_clean(limits)
    beside = unsure & (marked == 1) & (revoked == 0) & hardly
    boxes.say(beside, EMPTY, "hardly a mark, beside a sure one in a single-choice item")


def _settle_specks(boxes: _Boxes, limits: Thresholds) -> None:
    """A pen of whose marks a black-and-white scan keeps much leaves no mere specks on it: such specks are dirt.

    Where people black out, a pale pen may be seen in its corrections only: then firm marks tell nothing.
    """
    p, ink, residue, bilevel = boxes["p_marked"], boxes["ink"], boxes["residue"], boxes["bilevel"]
    marked = boxes.marked() & bilevel & boxes.has_room(limits)
    firm = boxes.cases.total(marked) >= limits.firm_marks
    firm &= boxes.cases.middle(residue, marked) >= limits.firm_residue
    specks = (boxes.state == DOUBTFUL) & bilevel & boxes.to_mark & (boxes["fit"] >= limits.fit_above)
    specks &= boxes.has_room(limits) & (ink < limits.speck_ink) & (boxes["excess"] < limits.trace_excess)
    specks &= (p <= limits.empty_below) & _far_from_marked(p, residue - boxes["claimed"], limits)
    boxes.say(specks & firm, EMPTY, "a speck, and this case's marks are firm")


def _have_company(boxes: _Boxes, limits: Thresholds) -> np.ndarray:
    """Which marks of single-choice items stand beside another box that is marked, or may be."""
    marked = (boxes.state == MARKED) & boxes.single
    perhaps = (boxes.state == DOUBTFUL) & (boxes["p_marked"] > limits.empty_below)
    return np.asarray(marked & (boxes.items.total(marked | perhaps) > 1))


def _doubt_a_second_mark(boxes: _Boxes, limits: Thresholds) -> None:
    """In a single-choice item a second mark that is weaker or not quite sure is no certainty: a person shall look."""
    marked, ink, p = (boxes.state == MARKED) & boxes.single, boxes["ink"], boxes["p_marked"]
    unsure = _have_company(boxes, limits) & (p < limits.surely_marked_above)
    several = marked & (boxes.items.total(marked) > 1)
    weak = several & (ink < limits.weak_share * boxes.items.highest(ink, marked))
    boxes.doubt(unsure & ~weak, fill_last(DOUBTS["several"], limits.surely_marked_above), p)
    boxes.say(weak, DOUBTFUL, DOUBTS["second"])


def _doubt_a_heavy_mark(boxes: _Boxes, limits: Thresholds) -> None:
    """Beside another mark of a single-choice item, be it too faint to be sure of, a heavy one may be blacked out."""
    heavy = (boxes["p_black"] > limits.heavy_above) & (boxes["coverage"] >= limits.heavy_coverage)
    boxes.say(_have_company(boxes, limits) & heavy, DOUBTFUL, DOUBTS["heavy"])


def _doubt_a_slight_mark(boxes: _Boxes, limits: Thresholds) -> None:
    """In a multiple-choice item nothing else tells whether a little ink was meant: it must be surer than much of it."""
    p = boxes["p_marked"]
    slight = (boxes.state == MARKED) & boxes.multiple & boxes.has_room(limits)
    slight &= (boxes["ink"] < limits.slight_ink) & (p < limits.slight_below)
    boxes.doubt(slight, fill_last(DOUBTS["slight"], limits.slight_below), p)


def _doubt_a_mark_unlike_the_others(boxes: _Boxes, limits: Thresholds) -> None:
    """Far less ink than a case's marks mostly have is rather a slip than a mark: it must be surer than they."""
    p, residue = boxes["p_marked"], boxes["residue"]
    marked = boxes.marked() & boxes.has_room(limits)
    unlike = marked & (residue < limits.unlike_share * boxes.cases.middle(residue, marked))
    boxes.say(unlike & (p < limits.unlike_below), DOUBTFUL, DOUBTS["unlike"])


def _doubt_a_lone_mark(boxes: _Boxes, limits: Thresholds) -> None:
    """A slight mark that is all a case has must be very sure: nothing else tells that anybody marked anything."""
    p, marked = boxes["p_marked"], boxes.marked()
    strong = boxes.has_room(limits) & (boxes["ink"] >= limits.slight_ink)
    lone = marked & ~strong & (boxes.cases.total(marked) == 1) & (p < limits.unlike_below)
    boxes.doubt(lone, fill_last(DOUBTS["slight"], limits.unlike_below), p)


def _doubt_what_may_be_lost(boxes: _Boxes, limits: Thresholds) -> np.ndarray:
    """Where marks of a page or a case are too faint to be sure of, scans may have lost others: nothing there is blank.

    One person wrote with one pencil: of some pages nothing is left. A single-choice item with a faint mark has the one
    it may have. Returns the boxes it doubts.
    """
    marked = boxes.marked()
    traces = boxes.to_mark & (boxes.state == DOUBTFUL) & (boxes["p_marked"] >= limits.faint_above)
    traces[traces] = [tell_doubt(reason)[0] in FAINT_DOUBTS for reason in boxes.reason.of(traces)]
    traces |= marked & (boxes["residue"] < limits.little_residue)
    traces &= boxes.has_room(limits)
    sure = marked & ~traces

    def is_faint(group: _Groups) -> np.ndarray:
        faint = group.total(traces)
        return np.asarray((faint >= limits.faint_marks) & (faint >= limits.faint_lead * group.total(sure)))

    items, pages, cases, bilevel = boxes.items, boxes.pages, boxes.cases, boxes["bilevel"]
    kept = sure & ~bilevel
    pale = cases.total(kept & (boxes["excess"] < limits.pale_below)) > cases.total(kept) / 2
    lost = is_faint(pages) | is_faint(cases)
    lost |= bilevel & pale & (cases.total(sure & bilevel) < limits.faint_marks)
    lost &= boxes.to_mark & (boxes.state == EMPTY) & (bilevel | (boxes["p_marked"] >= limits.faintest_above))
    lost &= np.where(boxes.single, ~items.any(marked | traces), ~items.any(marked) | is_faint(items))
    boxes.say(lost, DOUBTFUL, DOUBTS["faint"])
    return lost


def _doubt_a_return_with_hardly_a_mark(boxes: _Boxes, limits: Thresholds) -> np.ndarray:
    """Where black-and-white scans of several pages show hardly a mark, but traces, they lost a pale pen.

    A return that was mailed back blank shows no trace, either. Returns the boxes it doubts.
    """
    cases, pages, p = boxes.cases, boxes.pages, boxes["p_marked"]
    one_of_page = np.zeros(len(boxes.state), bool)
    one_of_page[np.unique(pages.number, return_index=True)[1]] = True
    marked = boxes.marked()
    lost = (cases.total(one_of_page) > 1) & ~cases.any(~boxes["bilevel"])
    lost &= cases.total(marked) <= limits.hardly_marked * cases.total(boxes.to_mark)
    lost &= cases.any(boxes.to_mark & (p >= limits.faint_above) & (p < limits.marked_above))
    lost &= boxes.to_mark & (boxes.state == EMPTY) & ~(boxes.single & boxes.items.any(marked))
    boxes.say(lost, DOUBTFUL, DOUBTS["no mark"])
    return lost


def _doubt_what_is_kept_of_a_correction(boxes: _Boxes, faint: np.ndarray, limits: Thresholds) -> None:
    """Of a pale pen, in the cases of `faint`, scans keep most where it pressed hardest: to black a box out."""
    heavy = (boxes["p_black"] > limits.heavy_above) & (boxes["coverage"] >= limits.kept_coverage)
    boxes.say(boxes.marked() & faint & boxes["bilevel"] & heavy, DOUBTFUL, DOUBTS["filled"])


def _adjudicate(boxes: _Boxes, adjudications: pd.DataFrame) -> None:
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
