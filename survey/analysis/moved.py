"""Results before and after -> which cells of the tidy table changed and why, which numbers moved, which findings fell.

What is compared is the same printed box: a code or item that is called otherwise now is followed to its new name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.analysis.coded import Coded
from survey.analysis.coding import variables
from survey.analysis.compare import MINUS
from survey.analysis.intervals import LEAST_P
from survey.questionnaire.changes import Matched, match
from survey.questionnaire.model import Questionnaire
from survey.reading.marks_so_far import MACHINE, STATES
from survey.reading.reasons import DOUBTS
from survey.tables import CELLS_CHANGED, NUMBERS_MOVED, numbered, places_in
from survey.texts import Texts

Strings = NDArray[np.object_]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

RECODED, DECIDED, MEASURED, SAID = "recoded", "re-decided", "re-measured", "decided by a person"
NEWLY_VALID, NEWLY_MISSING, NEW, GONE = "newly valid", "newly missing", "new", "gone"
WHOLE_PERCENT = 0.01
"""Shares are printed in whole per cent …"""
ONE_PLACE = 0.1
"""… and other numbers with one place."""
SHARES = frozenset({"share", "share of answers", "rate", "difference", "change"})

OF_MARKS = ("case", "box", "state", "p_marked", "ink", "decided_by", "reason", "page_digest")
"""What is kept of each mark; what it stands for and where it lies is told by its box and page."""


def _only_numbers(*_: object) -> NoReturn:
    raise LookupError("of this state only the numbers are known")


@dataclass(frozen=True)
class State:
    """The results of one questionnaire at some time; each table is made or loaded when it is asked for."""

    questionnaire: Questionnaire
    made_from: Mapping[str, str]
    """Digest of what a table was made from, by its name: two with the same are the same."""
    estimate: Callable[[], pd.DataFrame]
    code: Callable[[], Coded] = _only_numbers
    walk_marks: Callable[..., Iterable[pd.DataFrame]] = _only_numbers
    """Gives some columns of MARKS (of OF_MARKS), with items and options, part by part; of all rows, or, by column, of
    those that have one of some texts."""

    @cached_property
    def coded(self) -> Coded:
        """The answers of every case."""
        return self.code()

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """ESTIMATES."""
        return self.estimate()

    def has_same(self, what: str, other: State) -> bool:
        """Whether a table was made from the same here as there."""
        return what in self.made_from and self.made_from[what] == other.made_from.get(what)


def cells_changed(before: State, now: State) -> pd.DataFrame:
    """Return CELLS_CHANGED: every cell of the tidy table that differs, cases and variables in order."""
    if before.has_same("answers", now):
        return CELLS_CHANGED.frame()
    matched = match(before.questionnaire, now.questionnaire)
    cases = pd.Index(sorted({*now.coded.cases.tolist(), *before.coded.cases.tolist()}), dtype=object)
    old, new = _Side.of(before, matched, cases), _Side.of(now, None, cases)
    items, names = old.items | new.items, list(dict.fromkeys([*new.columns, *old.columns]))
    if not names:
        return CELLS_CHANGED.frame()
    parts = [_compare(len(cases), name, old, new) for name in names]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    variable = np.repeat(np.arange(len(names)), [len(part["case"]) for part in parts])
    order = np.lexsort((variable, columns["case"]))
    table = pd.DataFrame({name: values[order] for name, values in columns.items()})
    table["case"] = cases.to_numpy()[table["case"]]
    for name, texts in (("variable", names), ("item", [items[name] for name in names])):
        table[name] = np.array(texts, dtype=object)[variable[order]]
    table["cause"] = _causes(table, before, now, matched)
    table["kind"] = _kinds(table)
    return CELLS_CHANGED.frame(table)


@dataclass(frozen=True)
class _Side:
    """The coded answers of one state, by the names that variables and items have now."""

    coded: Coded
    rows: Numbers
    """The place of each of its cases among those of both."""
    columns: dict[str, str]
    """Variable as it is called now -> as it is called in this state."""
    items: dict[str, str]
    """The same -> the thing asked, as it is called now."""

    @classmethod
    def of(cls, state: State, matched: Matched | None, cases: pd.Index) -> _Side:
        """Name a state's variables as they are called now."""
        names = {name: matched.variable(name) if matched else name for name in state.coded.answers}
        renamed = matched.items if matched else {}
        owner = {one.name: renamed.get(one.asked.id, one.asked.id) for one in variables(state.questionnaire)}
        items = {now: owner[name] for name, now in names.items()}
        rows = cases.get_indexer(state.coded.cases.astype(object))
        return cls(state.coded, rows, {now: name for name, now in names.items()}, items)

    def of_cases(self, count: int, variable: str) -> tuple[Texts, Texts, Flags]:
        """Codes and missing reasons of a variable, empty where there is no such cell; and whether there is one."""
        there = np.zeros(count, bool)
        if variable not in self.columns:
            nothing = Texts.full(count, "")
            return nothing, nothing, there
        there[self.rows] = True
        code, missing = self.coded.of(self.columns[variable])
        return code.spread(self.rows, count), missing.spread(self.rows, count), there


def _compare(count: int, variable: str, old: _Side, new: _Side) -> dict[str, NDArray[Any]]:
    """The cells of one variable that differ, before and now; `case` is the place of each among `count` cases."""
    (was, lacked, there), (is_, lacks, is_there) = (side.of_cases(count, variable) for side in (old, new))
    rows = np.flatnonzero(~(was.same(is_) & lacked.same(lacks)))
    texts = {"before": was, "missing_before": lacked, "now": is_, "missing_now": lacks}
    told: dict[str, NDArray[Any]] = {name: column[rows].as_objects() for name, column in texts.items()}
    return {"case": rows, "there": there[rows], "is_there": is_there[rows], **told}


def _kinds(table: pd.DataFrame) -> Strings:
    """Name each change: what became of the cell, or else why it differs."""
    lost, gained = table["missing_before"].to_numpy() != "", table["missing_now"].to_numpy() != ""
    there, is_there = table["there"].to_numpy(bool), table["is_there"].to_numpy(bool)
    choices = [
        (~there, NEW),
        (~is_there, GONE),
        (lost & ~gained, NEWLY_VALID),
        (~lost & gained, NEWLY_MISSING),
    ]
    found = table["cause"].to_numpy(dtype=object).copy()
    open_ = np.ones(len(table), bool)
    for holds, name in choices:
        found[open_ & holds] = name
        open_ &= ~holds
    return found


def _causes(table: pd.DataFrame, before: State, now: State, matched: Matched) -> Strings:
    """Tell of each cell why it differs: by the boxes of its item on that case's paper."""
    typed = {one.id for one in now.questionnaire.asked() if one.kind in {"number", "text"}}
    rules = [((table["item"].isin(typed) & (table["before"] != table["now"])).to_numpy(), SAID)]
    if not before.has_same("marks", now):
        rules = [*_what_became_of_boxes(table[["case", "item"]], before, now, matched), *rules]
    return np.select([rule for rule, _ in rules], [name for _, name in rules], RECODED).astype(object)


def _what_became_of_boxes(
    cells: pd.DataFrame, before: State, now: State, matched: Matched
) -> list[tuple[Flags, str]]:
    """In which of some cases and items a box was decided by a person, or measured or decided otherwise."""
    cases, items = (pd.Index(cells[name].unique()) for name in ("case", "item"))
    named = [_named_boxes(before.questionnaire, matched), _named_boxes(now.questionnaire, None)]
    names = cases, items, pd.Index(pd.concat(named)["option"].unique())
    people = {MACHINE: 0}
    old, new = (
        _boxes(state, boxes, names, people) for state, boxes in zip((before, now), named, strict=True)
    )
    keys = old.index.union(new.index)
    was, is_ = old.reindex(keys), new.reindex(keys)
    same = (was == is_) | (was.isna() & is_.isna())
    measured, decided = ~(same["p_marked"] & same["ink"]), ~same["state"]
    cell = cases.get_indexer(cells["case"]) * len(items) + items.get_indexer(cells["item"])
    found = []
    for flags, cause in ((decided & ~same["person"], SAID), (measured, MEASURED), (decided, DECIDED)):
        told = np.zeros(len(cases) * len(items), bool)
        told[keys[flags].to_numpy() // len(names[2])] = True
        found.append((told[cell], cause))
    return found


def _named_boxes(questionnaire: Questionnaire, matched: Matched | None) -> pd.DataFrame:
    """Its boxes, with item and option as they are called now."""
    boxes = questionnaire.boxes[["box", "item", "option"]]
    if matched is None:
        return boxes
    pairs = list(zip(boxes["item"], boxes["option"], strict=True))
    options = [matched.codes.get(item, {}).get(code, code) for item, code in pairs]
    return boxes.assign(item=[matched.items.get(item, item) for item, _ in pairs], option=options)


def _boxes(
    state: State, boxes: pd.DataFrame, names: tuple[pd.Index, pd.Index, pd.Index], people: dict[str, int]
) -> pd.DataFrame:
    """What was measured and decided of the boxes of some cases and items, each by a number of its own.

    `names` are cases, items and options, whose places make the number; `people` gets a number for who decided.
    """
    cases, items, options = names
    boxes = boxes[boxes["item"].isin(items)]
    place = items.get_indexer(boxes["item"]) * len(options) + options.get_indexer(boxes["option"])
    only = {"box": frozenset(boxes["box"]), "case": frozenset(cases.tolist())}
    kept, parts, index = ("box", "case", "state", "decided_by", "p_marked", "ink"), [], pd.Index(boxes["box"])
    for part in state.walk_marks(kept, only):
        who, texts = numbered(part["decided_by"])
        numbers = np.array([people.setdefault(str(text), len(people)) for text in texts], np.int64)
        of_case = places_in(cases, part["case"]) * (len(items) * len(options))
        columns = {"state": places_in(STATES, part["state"]), "person": numbers[who]}
        columns |= {name: part[name].to_numpy() for name in ("p_marked", "ink")}
        parts.append(pd.DataFrame(columns, index=of_case + place[places_in(index, part["box"])]))
    found = pd.concat(parts)
    return found[~found.index.duplicated()].sort_index()


def numbers_moved(before: State, now: State) -> pd.DataFrame:
    """Return NUMBERS_MOVED: numbers that are printed otherwise now, that are new or gone; and whether findings fell."""
    table = numbers_beside(before, now)
    return NUMBERS_MOVED.frame(table[table["is_printed_otherwise"] | (table["finding"] != "")])


def numbers_beside(before: State, now: State) -> pd.DataFrame:
    """Return NUMBERS_MOVED of all numbers, moved or not, with `is_printed_otherwise`; those of now first, in order."""
    matched = match(before.questionnaire, now.questionnaire)
    old = before.numbers.assign(key=_keys(before.numbers, matched))
    both = old.set_index("key").merge(
        now.numbers.set_index("key"),
        how="outer",
        left_index=True,
        right_index=True,
        suffixes=("_before", "_now"),
    )
    both = both.reindex(list(dict.fromkeys([*now.numbers["key"], *old["key"]])))
    was, is_ = both["value_before"], both["value_now"]
    statistic = both["statistic_now"].fillna(both["statistic_before"])
    step = np.where(statistic.isin(SHARES), WHOLE_PERCENT, ONE_PLACE)
    otherwise = np.floor(was / step + 0.5) != np.floor(is_ / step + 0.5)
    either = was.notna() | is_.notna()
    outside = (is_ < both["low_before"]) | (is_ > both["high_before"])
    findings = {side: both[f"p_adjusted_{side}"] < LEAST_P for side in ("before", "now")}
    told = np.select(
        [findings["now"] & ~findings["before"], findings["before"] & ~findings["now"]],
        ["appears", "falls away"],
        "",
    )
    table = pd.DataFrame(
        {
            "key": both.index, "item": both["item_now"].fillna(both["item_before"]), "statistic": statistic,
            "before": was, "now": is_, "low_before": both["low_before"], "high_before": both["high_before"],
            "base_before": both["base_before"].fillna(0), "base_now": both["base_now"].fillna(0),
            "beyond_interval": outside.fillna(False), "finding": told,
        }
    )  # fmt: skip
    return NUMBERS_MOVED.frame(table).assign(is_printed_otherwise=(otherwise & either).to_numpy())


def _keys(numbers: pd.DataFrame, matched: Matched) -> list[str]:
    """Name numbers as they would be called now, the groups they are for as well."""
    domains = {name: _domain(name, matched) for name in numbers["domain"].unique()}
    told = zip(numbers["variable"], numbers["code"], numbers["domain"], strict=True)
    return [f"{_told(variable, code, matched)}@{domains[domain]}" for variable, code, domain in told]


def _domain(domain: str, matched: Matched) -> str:
    def told(part: str) -> str:
        variable, _, code = part.partition("=")
        return _told(variable, code, matched) if code else part

    return MINUS.join("&".join(told(part) for part in side.split("&")) for side in domain.split(MINUS))


def _told(variable: str, code: str, matched: Matched) -> str:
    codes = matched.codes.get(variable, {})
    return f"{matched.variable(variable)}={'+'.join(codes.get(one) or one for one in code.split('+'))}"


@dataclass(frozen=True)
class Kept:
    """What became of people's decisions about boxes."""

    kept: int
    again: int
    """Come up again as "check": the box moved."""
    paper_gone: int
    """Their page is among no scan that is there; they are kept all the same."""
    box_gone: int
    """Their page is there, but no box where theirs was."""


def decisions_kept(now: State, standing: pd.DataFrame) -> Kept:
    """Count what became of the ADJUDICATIONS that stand, those about boxes."""
    about = standing[standing["box"] != ""].drop_duplicates(["page_digest", "box"], keep="last")
    if about.empty:
        return Kept(0, 0, 0, 0)
    pages, decided, again = set(about["page_digest"]), 0, 0
    columns = ("page_digest", "box", "decided_by", "reason")
    for marks in now.walk_marks(columns, {"page_digest": frozenset(pages)}):
        pages -= set(marks["page_digest"].unique())
        decided += int((marks["decided_by"] != MACHINE).sum())
        again += int((marks["reason"] == DOUBTS["moved"]).sum())
    paper_gone = int(about["page_digest"].isin(pages).sum())
    return Kept(decided, again, paper_gone, max(0, len(about) - decided - again - paper_gone))
