"""MARKS, and what people typed -> the outcome of each item of each case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from survey.questionnaire.model import Asked, Questionnaire
from survey.reading.marks_so_far import DOUBTFUL, EMPTY, MARKED, REVOKED, STATES, UNREADABLE
from survey.reading.standing import ERASED, standing, typed
from survey.tables import OUTCOMES, numbered, places_in
from survey.texts import Texts

VERSION = 1
NAMES = ("page missing", "unreadable", "multiple", "doubtful", "blank", "answered")
PAGE_MISSING, ANSWERED = NAMES.index("page missing"), NAMES.index("answered")
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
    outcome = np.full((len(asked), len(names)), PAGE_MISSING, np.int32)
    codes, reasons = np.zeros_like(outcome), np.zeros_like(outcome)
    words, why = {"": 0}, {"": 0}
    said = typed(standing(adjudications))
    whose: dict[str, str] = {}
    for part in marks:
        there = np.unique(places_in(index, part["case"].drop_duplicates()))
        there = there[there >= 0]
        found = _summarise(part, [names[case] for case in there], asked, words, why)
        decided = [_outcome(*one, words, why) for one in zip(asked, *found, strict=True)]
        outcome[:, there], codes[:, there], reasons[:, there] = np.stack(decided), found[1], found[2]
        whose |= _cases_of(said["page_digest"], part)
    by_hand, place = _typed(said, whose), {name: at for at, name in enumerate(names)}
    for at, one in enumerate(asked):
        for case, (value, state) in by_hand.get(one.id, {}).items():
            heard = _heard(one, value, state) if case in place else None
            if heard is not None:
                cell = at, place[case]
                outcome[cell] = NAMES.index(heard[0])
                codes[cell], reasons[cell] = _number(heard[1], words), _number(heard[2], why)
    of_item, of_case = np.divmod(np.arange(outcome.size, dtype=np.int32), max(len(names), 1))
    columns = {
        "case": Texts(of_case, tuple(names)), "item": Texts(of_item, tuple(one.id for one in asked)),
        "outcome": Texts(outcome.ravel(), NAMES), "codes": Texts(codes.ravel(), tuple(words)),
        "reason": Texts(reasons.ravel(), tuple(why)),
    }  # fmt: skip
    return pd.DataFrame({name: columns[name].trimmed().as_categories() for name in OUTCOMES.columns})


def _number(word: str, words: dict[str, int]) -> int:
    """The number of a word; it gets one where it has none yet."""
    return words.setdefault(word, len(words))


def _summarise(
    marks: pd.DataFrame,
    cases: Sequence[str],
    asked: Sequence[Asked],
    words: dict[str, int],
    why: dict[str, int],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count states, shape (things asked, cases, states); join the codes of marked boxes and find the first reason of
    a doubt, shape (things asked, cases), as numbers of `words` and `why`. Counts are all 0 where no box was read.
    """
    item, case, state = (
        places_in(names, marks[column])
        for names, column in [([one.id for one in asked], "item"), (cases, "case"), (STATES, "state")]
    )
    shape = (len(asked), len(cases), len(STATES))
    cell, known = item * len(cases) + case, (item >= 0) & (case >= 0)
    counts = np.bincount((cell * len(STATES) + state)[known], minlength=int(np.prod(shape))).reshape(shape)
    told = np.flatnonzero(known & (state != EMPTY) & (state != REVOKED))
    cells, rows = cell[told], marks[["item", "option", "reason"]].iloc[told]
    order = np.lexsort((_places(rows, asked), cells))
    cells, marked = cells[order], (state[told] == MARKED)[order]
    option, reason = (
        _numbers_in(rows[column], known_as)[order]
        for column, known_as in (("option", words), ("reason", why))
    )
    codes, reasons = (np.zeros(len(asked) * len(cases), np.int32) for _ in range(2))
    there, first, count = np.unique(cells[marked], return_index=True, return_counts=True)
    chosen, options = option[marked], list(words)
    codes[there] = chosen[first]
    for at in np.flatnonzero(count > 1):
        several = chosen[first[at] : first[at] + count[at]]
        codes[there[at]] = _number(" ".join([options[one] for one in several]), words)
    is_told = ~marked & (reason != 0)
    there, first = np.unique(cells[is_told], return_index=True)
    reasons[there] = reason[is_told][first]
    return counts, codes.reshape(shape[:2]), reasons.reshape(shape[:2])


def _numbers_in(column: pd.Series, words: dict[str, int]) -> np.ndarray:
    """The number of each text of a column."""
    number, texts = numbered(column)
    return np.array([_number(str(text), words) for text in texts], np.int32)[number]


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


def _outcome(
    asked: Asked,
    counts: np.ndarray,
    codes: np.ndarray,
    reasons: np.ndarray,
    words: dict[str, int],
    why: dict[str, int],
) -> np.ndarray:
    """Decide one thing asked for all cases, from what `_summarise` says of it; clears codes that count for nothing.

    Gives places in NAMES.
    """
    marked, doubtful, unreadable = (counts[:, state] for state in (MARKED, DOUBTFUL, UNREADABLE))
    choices = [
        (counts.sum(axis=1) == 0, "page missing"),
        (unreadable > 0, "unreadable"),
        ((marked > 1) & (asked.kind == "single") & (doubtful == 0), "multiple"),
        (doubtful > 0, "doubtful"),
        (marked == 0, "blank"),
        (np.full(len(counts), asked.kind == "number"), "doubtful"),
    ]
    places = [NAMES.index(name) for _, name in choices]
    outcome = np.select([holds for holds, _ in choices], places, ANSWERED)
    if asked.kind == "number":
        codes[:] = 0
        open_ = (outcome == NAMES.index("doubtful")) & (doubtful == 0)
        reasons[open_] = _number("handwriting: a person types the digits", why)
    if asked.kind == "text":
        codes[:] = _number("written", words)
    codes[(outcome != ANSWERED) & (outcome != NAMES.index("multiple"))] = 0
    return outcome


def _heard(asked: Asked, value: str, state: str) -> tuple[str, str, str] | None:
    """Outcome, codes and reason of what a person typed; None where that says nothing about the outcome."""
    if state != ERASED:
        return "answered" if value else "blank", value, TYPED
    return ("unreadable", "", "what was typed was erased") if asked.kind == "number" else None
