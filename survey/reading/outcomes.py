"""MARKS, and what people typed -> the outcome of each item of each case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from survey.questionnaire.model import Asked, Questionnaire
from survey.reading.marks_so_far import DOUBTFUL, EMPTY, MARKED, REVOKED, STATES, UNREADABLE
from survey.reading.standing import ERASED, standing, typed
from survey.tables import OUTCOMES, places_in

VERSION = 1
TYPED = "typed by a person"  # the reason of an outcome that is known from its transcript
NAME_BEGINS, NAME_ENDS = "⟦", "⟧"  # around what a person marked as a name in typed text
BLACKED_OUT = "█████"  # as long for every name


def decide_outcomes(
    marks: Iterable[pd.DataFrame],
    cases: Iterable[str],
    questionnaire: Questionnaire,
    adjudications: pd.DataFrame,
) -> pd.DataFrame:
    """Decide every item of every case; returns OUTCOMES, its texts as categories.

    An item none of whose boxes were read is `page missing`.

    `marks` are parts of MARKS, each with whole cases. `adjudications` with an item, no box and no state type what was
    written by hand, in `value`.
    """
    asked, names = list(questionnaire.asked()), sorted(set(cases))
    index = pd.Index(names, dtype=object)
    outcome = np.full((len(asked), len(names)), "page missing", dtype=object)
    codes, reasons = (np.full(outcome.shape, "", dtype=object) for _ in range(2))
    said = typed(standing(adjudications))
    whose: dict[str, str] = {}
    for part in marks:
        there = np.unique(places_in(index, part["case"].drop_duplicates()))
        there = there[there >= 0]
        found = _summarise(part, [names[case] for case in there], asked)
        decided = [_outcome(*one) for one in zip(asked, *found, strict=True)]
        outcome[:, there], codes[:, there], reasons[:, there] = np.stack(decided), found[1], found[2]
        whose |= _cases_of(said["page_digest"], part)
    by_hand, place = _typed(said, whose), {name: at for at, name in enumerate(names)}
    for at, one in enumerate(asked):
        for case, (value, state) in by_hand.get(one.id, {}).items():
            if case in place:
                cell = at, place[case]
                outcome[cell], codes[cell], reasons[cell] = _heard(
                    one, value, state, (outcome[cell], codes[cell], reasons[cell])
                )
    of_item, of_case = np.divmod(np.arange(outcome.size), max(len(names), 1))
    texts = {"outcome": outcome, "codes": codes, "reason": reasons}
    numbered = {name: pd.factorize(values.ravel()) for name, values in texts.items()}
    numbered |= {"case": (of_case, names), "item": (of_item, [one.id for one in asked])}
    columns = {name: pd.Categorical.from_codes(*pair) for name, pair in numbered.items()}
    return pd.DataFrame(columns)[list(OUTCOMES.columns)]


def _summarise(
    marks: pd.DataFrame, cases: Sequence[str], asked: Sequence[Asked]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count states, shape (things asked, cases, states); join the codes of marked boxes and find the first reason of
    a doubt, shape (things asked, cases). Counts are all 0 where no box was read.
    """
    item, case, state = (
        places_in(names, marks[column])
        for names, column in [([one.id for one in asked], "item"), (cases, "case"), (STATES, "state")]
    )
    shape = (len(asked), len(cases), len(STATES))
    known = (item >= 0) & (case >= 0)
    cell = np.ravel_multi_index((item[known], case[known], state[known]), shape)
    counts = np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape)
    told = known & (state != EMPTY) & (state != REVOKED)
    cells, rows = (item * len(cases) + case)[told], marks.iloc[np.flatnonzero(told)]
    order = np.lexsort((_places(rows, asked), cells))
    cells, marked = cells[order], (state[told] == MARKED)[order]
    option, reason = (rows[column].to_numpy(dtype=object)[order] for column in ("option", "reason"))
    codes, reasons = (np.full(len(asked) * len(cases), "", object) for _ in range(2))
    there, first, count = np.unique(cells[marked], return_index=True, return_counts=True)
    chosen = option[marked]
    codes[there] = chosen[first]
    for at in np.flatnonzero(count > 1):
        codes[there[at]] = " ".join(chosen[first[at] : first[at] + count[at]])
    is_told = ~marked & (reason != "")
    there, first = np.unique(cells[is_told], return_index=True)
    reasons[there] = reason[is_told][first]
    return counts, codes.reshape(shape[:2]), reasons.reshape(shape[:2])


def _places(rows: pd.DataFrame, asked: Sequence[Asked]) -> np.ndarray:
    """The place of each row's option among those of its item; 0 for what is none of them."""
    order = {(one.id, option.code): place for one in asked for place, option in enumerate(one.options)}
    (item, items), (option, options) = (pd.factorize(rows[column]) for column in ("item", "option"))
    places = np.array([[order.get((one, code), 0) for code in options] for one in items], dtype=np.int64)
    return places[item, option] if len(rows) else np.zeros(0, np.int64)


def _cases_of(pages: pd.Series, marks: pd.DataFrame) -> dict[str, str]:
    """The case of each of some pages that stands in a part of MARKS."""
    if pages.empty:
        return {}
    rows = marks.loc[marks["page_digest"].isin(pages), ["page_digest", "case"]].drop_duplicates("page_digest")
    return dict(zip(rows["page_digest"], rows["case"], strict=True))


def _typed(said: pd.DataFrame, whose: Mapping[str, str]) -> dict[str, dict[str, tuple[str, str]]]:
    """What people typed, the last that stands: item -> case -> value, and state, which may be `erased`."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    rows = said[["page_digest", "item", "value", "state"]].itertuples(index=False, name=None)
    for page, item, value, state in rows:
        if page in whose:
            found.setdefault(item, {})[whose[page]] = black_out_names(value), state
    return found


def black_out_names(text: str) -> str:
    """Black out what a person marked as a name in typed text; no table of results ever holds it."""
    return re.sub(f"{NAME_BEGINS}[^{NAME_ENDS}]*{NAME_ENDS}", BLACKED_OUT, text)


def _outcome(asked: Asked, counts: np.ndarray, codes: np.ndarray, reasons: np.ndarray) -> np.ndarray:
    """Decide one thing asked for all cases, from what `_summarise` says of it; clears codes that count for nothing."""
    marked, doubtful, unreadable = (counts[:, state] for state in (MARKED, DOUBTFUL, UNREADABLE))
    choices = [
        (counts.sum(axis=1) == 0, "page missing"),
        (unreadable > 0, "unreadable"),
        ((marked > 1) & (asked.kind == "single") & (doubtful == 0), "multiple"),
        (doubtful > 0, "doubtful"),
        (marked == 0, "blank"),
        (np.full(len(counts), asked.kind == "number"), "doubtful"),
    ]
    names = np.array([*(name for _, name in choices), "answered"], dtype=object)
    outcome = names[np.select([holds for holds, _ in choices], range(len(choices)), len(choices))]
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
