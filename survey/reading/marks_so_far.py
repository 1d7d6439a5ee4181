"""Measured boxes -> arrays to decide them by, and what is decided of them so far."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from survey.questionnaire.model import Questionnaire
from survey.reading.lines import in_lines
from survey.reading.paper_place import rows_decided
from survey.reading.reasons import opens
from survey.reading.standing import standing
from survey.tables import numbered, places_in

MACHINE = "machine"
STATES = ("empty", "marked", "revoked", "doubtful", "unreadable")
EMPTY, MARKED, REVOKED, DOUBTFUL, UNREADABLE = range(len(STATES))


@dataclass(frozen=True)
class Groups:
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

    def firsts(self) -> np.ndarray:
        """One row of each group."""
        first = np.zeros(len(self.number), bool)
        first[np.unique(self.number, return_index=True)[1]] = True
        return first

    def means(self, values: np.ndarray, flags: np.ndarray) -> np.ndarray:
        """The mean value of each group's flagged rows; NaN without any. Shape (count,)."""
        number = self.number[flags]
        total = np.bincount(number, weights=values[flags], minlength=self.count)
        with np.errstate(invalid="ignore"):
            return np.asarray(total / np.bincount(number, minlength=self.count))

    def middle(self, values: np.ndarray, flags: np.ndarray) -> np.ndarray:
        """The median value of flagged rows in each row's group; NaN without any."""
        if not flags.any():
            return np.full(len(flags), np.nan)
        found = pd.Series(values[flags]).groupby(self.number[flags]).median()
        return found.reindex(np.arange(self.count)).to_numpy()[self.number]


class Notes:
    """What is noted of each row, mostly the same, by number."""

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


class Boxes:
    """Measured boxes as arrays, a row each, and what is decided of them so far."""

    def __init__(self, measured: pd.DataFrame, questionnaire: Questionnaire) -> None:
        self._measured, self._columns = measured, dict[str, np.ndarray]()
        self._limits = questionnaire.schema.reading.thresholds
        kinds = {asked.id: asked.kind for asked in questionnaire.asked()}
        number, items = numbered(measured["item"])
        self.single, self.multiple, self.is_field = (
            np.array([kinds.get(item) in which for item in items], bool)[number]
            for which in ({"single"}, {"multiple"}, {"number", "text"})
        )
        self.to_mark = self.single | self.multiple
        self.pages, self.cases = self.grouped("page_digest"), self.grouped("case")
        pairs, there = pd.factorize(self.pages.number * len(items) + number)
        self.items = self._by_lines(Groups(pairs, len(there)))
        """Boxes of one item on one page; of a long list of boxes, those of one line."""
        self.state = np.full(len(measured), DOUBTFUL, np.int8)
        self.reason, self.decided_by = Notes(len(measured), ""), Notes(len(measured), MACHINE)

    def _by_lines(self, items: Groups) -> Groups:
        """Part an item that has all boxes of a page, and many, into lines of boxes: it is a list of boxes, no item."""
        of_item, of_page = items.total(self.multiple), self.pages.total(self.to_mark)
        listed = self.multiple & (of_item == of_page) & (of_item >= self._limits.many_boxes)
        if not listed.any():
            return items
        places = np.column_stack([self[name][listed] for name in ("x_mm", "y_mm", "w_mm", "h_mm")])
        number = items.number.copy()
        marked = self["p_marked"][listed] >= self._limits.alone_wide_above
        number[listed] = items.count + in_lines(number[listed], places, marked)
        return Groups(number, int(number.max()) + 1)

    def __getitem__(self, column: str) -> np.ndarray:
        """A column that was measured."""
        if column not in self._columns:
            self._columns[column] = self._measured[column].to_numpy()
        return self._columns[column]

    def grouped(self, column: str) -> Groups:
        """Rows by a column of texts."""
        number, names = numbered(self._measured[column])
        return Groups(number, len(names))

    def marked(self) -> np.ndarray:
        """Which boxes to mark are marked, as far as it is decided."""
        return np.asarray((self.state == MARKED) & self.to_mark)

    def usual_ink(self) -> np.ndarray:
        """The ink (`residue`) that the marks of each row's case have in the middle; NaN where none is marked so far."""
        return self.cases.middle(self["residue"], self.marked() & self.has_room)

    def say(self, which: np.ndarray, state: int, reason: str) -> None:
        """Decide some boxes."""
        self.state[which] = state
        self.reason.put(which, reason)

    def doubt(self, which: np.ndarray, template: str, numbers: np.ndarray) -> None:
        """Doubt some boxes, each with its own number in the reason."""
        self.state[which] = DOUBTFUL
        self.reason.put(which, *(template.format(number) for number in numbers[which]))

    def are_doubted(self, which: np.ndarray, *kinds: str) -> np.ndarray:
        """Which of some boxes are doubtful so far, and for a reason of these kinds."""
        found = which & (self.state == DOUBTFUL)
        found[found] = [reason.startswith(opens(*kinds)) for reason in self.reason.of(found)]
        return found

    @cached_property
    def scanned_alike(self) -> Groups:
        """Boxes of one case whose pages are all in black and white, or all not: that loses what shades keep."""
        return Groups(2 * self.cases.number + self["bilevel"], 2 * self.cases.count)

    @cached_property
    def has_room(self) -> np.ndarray:
        """Whether enough of a box is free of print for ink to be seen."""
        return np.asarray(self["room"] >= self._limits.clean_room)

    @cached_property
    def are_full(self) -> np.ndarray:
        """Which boxes to mark are full of print, letters above all."""
        return np.asarray(self.to_mark & ~self.has_room)

    @cached_property
    def take_one(self) -> np.ndarray:
        """Boxes of items that take one mark: of single-choice items, and of others where hardly one is given two.

        A list of boxes does not say how many marks an item takes; a case that has many items of several boxes does.
        """
        return np.asarray(self.single | self._hardly_given_two(self._rather_marked))

    @cached_property
    def want_one(self) -> np.ndarray:
        """Those of them that rather have it than not: where they are single-choice, or the case answers most items."""
        one = self.cases.total(self._first & (self.items.total(self._rather_marked) > 0))
        return np.asarray(self.take_one & (self.single | (2 * one >= self.cases.total(self._first))))

    @cached_property
    def surely_take_one(self) -> np.ndarray:
        """Those of them whose other boxes may settle one: not of many boxes where only the case tells.

        A grid of hours is one item and takes many marks; so is a column of letters to spell a name, which takes one.
        """
        return np.asarray(self.take_one & (self.single | self._are_few))

    @cached_property
    def take_one_anew(self) -> np.ndarray:
        """Boxes of items, not of many boxes, that take one mark and besides any that may have been blacked out."""
        light = self._rather_marked & (self["p_black"] < self._limits.rather_black)
        return np.asarray(self.single | (self._hardly_given_two(light) & self._are_few))

    @cached_property
    def _are_few(self) -> np.ndarray:
        return np.asarray(self.items.total(self.to_mark) < self._limits.many_boxes)

    @cached_property
    def _of_several(self) -> np.ndarray:
        """Boxes of items that may take several marks and have two boxes and more."""
        return np.asarray(self.multiple & (self.items.total(self.multiple) > 1))

    @cached_property
    def _rather_marked(self) -> np.ndarray:
        """Those of such boxes that look rather marked."""
        return np.asarray(self._of_several & (self["p_marked"] >= self._limits.alone_wide_above))

    @cached_property
    def first_of_items(self) -> np.ndarray:
        """One box of each item."""
        return self.items.firsts()

    @cached_property
    def _first(self) -> np.ndarray:
        """One box of each item that may take several marks and has two boxes and more."""
        return np.asarray(self.first_of_items & self._of_several)

    def _hardly_given_two(self, marked: np.ndarray) -> np.ndarray:
        """Boxes of such items in cases that have many, and in which hardly one has two boxes of these."""
        several = self.cases.total(self._first)
        two = self.cases.total(self._first & (self.items.total(marked) > 1))
        is_usual = (several >= self._limits.many_items) & (two <= self._limits.two_share * several)
        return np.asarray(self._of_several & is_usual)

    @cached_property
    def times_darker(self) -> np.ndarray:
        """How much darker a box is than those of its page that print as much, times their spread.

        The spread is what boxes as full of print differ by in the middle; NaN where a page has too few to tell. What
        all boxes of an option have in the middle is taken off: another revision may print its letter bolder.
        """
        alike = Groups(2 * self.pages.number + self.has_room, 2 * self.pages.count)
        unmarked = self.to_mark & self["inside"] & (self["p_marked"] < self._limits.alone_wide_above)
        spread = np.fmax(alike.middle(np.abs(self["darker"]), unmarked), self._limits.least_spread)
        told = self.to_mark & self["inside"] & (alike.total(unmarked) >= self._limits.alike_boxes)
        number, options = numbered(self._measured["option"])
        of_option = Groups(self.pages.number * len(options) + number, self.pages.count * len(options))
        several = of_option.total(unmarked) >= self._limits.alike_items
        bolder = np.where(several, np.fmax(of_option.middle(self["darker"], unmarked), 0), 0)
        return np.where(told, (self["darker"] - bolder) / spread, np.nan)

    @cached_property
    def are_darker(self) -> np.ndarray:
        """Which boxes are darker than any unmarked one of their page that prints as much."""
        limits = self._limits
        least = np.where(self["bilevel"], limits.darker_times, limits.darker_times_grey)
        return np.asarray(self.times_darker >= least)

    @cached_property
    def least_bulge(self) -> np.ndarray:
        """How far a frame must bulge to tell of ink where the frames of its page that nobody marked are ragged."""
        unmarked = self.has_room & self["inside"] & (self["p_marked"] <= self._limits.empty_below)
        return self._limits.bulge_times * self.pages.middle(np.abs(self["bulge"]), unmarked)

    @cached_property
    def are_large(self) -> np.ndarray:
        """Which boxes are wide or high cells."""
        return np.asarray(np.maximum(self["w_mm"], self["h_mm"]) > self._limits.large_mm)

    @cached_property
    def is_clean(self) -> np.ndarray:
        """Whether there is room for ink, and none."""
        return self.has_room & (self["residue"] <= self._limits.clean_residue)

    @cached_property
    def are_in_place(self) -> np.ndarray:
        """Whether a box surely lies where it is looked at: print around it fits, and its own is all there."""
        return np.asarray(
            (self["fit"] >= self._limits.fit_above) & (self["missing"] < self._limits.missing_some)
        )

    @cached_property
    def may_be_dots(self) -> np.ndarray:
        """Whether what ink a box has reaches across little of it, or is black and white: specks may lie all over."""
        return np.asarray((self["span"] <= self._limits.small_span) | self["bilevel"])

    @cached_property
    def beside(self) -> np.ndarray:
        """Ink around each box, but not in it, share of its area."""
        return np.asarray(self["residue"] - self["ink"] * self["room"])

    @cached_property
    def unclaimed(self) -> np.ndarray:
        """Ink in and around each box that nothing else claims, share of its area."""
        return np.asarray(self["residue"] - self["claimed"])

    @cached_property
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
