"""OUTCOMES -> RESPONSES: one row a case and variable, with typed missing values; wide table and codebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.analysis.coded import Answers, Coded
from survey.analysis.derive import derive, derived_asked
from survey.questionnaire.model import Asked, Questionnaire, ResponseOption, say
from survey.reading.marks_so_far import DOUBTFUL, EMPTY, MARKED, REVOKED, STATES, UNREADABLE
from survey.tables import CODEBOOK, CONTRADICTIONS, RESPONSES, are_among, numbered, places_in
from survey.texts import Texts, together

Flags = NDArray[np.bool_]

ABSENT = -1  # state of a box that was not read
MISSING_CODES = {
    "blank": -1, "not asked": -2, "multiple": -3, "doubtful": -4, "unreadable": -5, "page missing": -6,
}  # fmt: skip
"""Codes of missing values in the wide table; -1 and -2 as the German Socio-Economic Panel has them."""
MISSING_LABELS = {
    "blank": {"de": "keine Angabe", "en": "no answer"},
    "not asked": {"de": "trifft nicht zu (Filter)", "en": "not asked (routing)"},
    "multiple": {"de": "mehrere oder widersprüchliche Kreuze", "en": "several or contradictory marks"},
    "doubtful": {"de": "Kreuz oder Handschrift noch ungeklärt", "en": "mark or handwriting not settled yet"},
    "unreadable": {"de": "nicht lesbar", "en": "unreadable"},
    "page missing": {"de": "Seite fehlt", "en": "page missing"},
}
MARKED_LABELS = {
    "1": {"de": "genannt", "en": "mentioned"},
    "0": {"de": "nicht genannt", "en": "not mentioned"},
}
WRITTEN_LABELS = {"written": {"de": "beschrieben", "en": "written"}}


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of the wide table: a thing asked, or one option of a multiple response."""

    name: str
    asked: Asked
    option: ResponseOption | None = None

    def value_labels(self) -> dict[str, dict[str, str]]:
        """The codes that are no missing reason, with their labels by language."""
        if self.option is not None:
            return MARKED_LABELS
        if self.asked.kind == "text":
            return WRITTEN_LABELS
        return {option.code: option.label for option in self.asked.options}


@dataclass(frozen=True)
class _Layout:
    """Outcomes and codes of each thing asked, a column of all cases, with what routing skipped."""

    cases: pd.DataFrame
    asked: list[Asked]
    outcome: list[Texts]
    codes: list[Texts]
    skipped: Flags
    """Shape (things asked, cases)."""
    skipped_by: NDArray[np.int32]
    """Same shape: the place of the thing asked that led past it."""

    def answered(self, place: int) -> Flags:
        """Which cases gave an answer to a thing asked."""
        return self.outcome[place].are("answered") & ~self.codes[place].are("")


def variables(questionnaire: Questionnaire) -> list[Variable]:
    """All variables in printed order, then the derived ones; the missing option of a multiple item has none."""
    everything = [*questionnaire.asked(), *derived_asked(questionnaire)]
    return [variable for asked in everything for variable in variables_of(asked)]


def variables_of(asked: Asked) -> list[Variable]:
    """The variables of one thing asked."""
    if asked.kind == "multiple":
        return [Variable(f"{asked.id}_{o.code}", asked, o) for o in asked.options if not o.missing]
    return [Variable(asked.id, asked)]


def code_responses(
    outcomes: pd.DataFrame,
    cases: pd.DataFrame,
    questionnaire: Questionnaire,
    marks: Iterable[pd.DataFrame] = (),
) -> pd.DataFrame:
    """Return RESPONSES, a row for each returned case and variable, from parts of MARKS; otherwise as `code_answers`."""
    return to_responses(code_answers(outcomes, cases, questionnaire, lambda *_: marks), questionnaire)


def to_responses(coded: Coded, questionnaire: Questionnaire) -> pd.DataFrame:
    """Return RESPONSES of coded answers: cases and variables in order, with value labels."""
    own, language = variables(questionnaire), questionnaire.schema.languages[0]
    case, variable = np.divmod(np.arange(len(coded.cases) * len(own)), max(len(own), 1))
    texts = {
        "case": (case, coded.cases), "stratum": (case, coded.stratum.as_objects()),
        "item": (variable, [one.asked.id for one in own]), "variable": (variable, [one.name for one in own]),
    }  # fmt: skip
    answers = [coded.of(one.name) for one in own]
    labels = [_label(code, one, language) for (code, _), one in zip(answers, own, strict=True)]
    columns = {name: pd.array(np.asarray(of, object), "str").take(row) for name, (row, of) in texts.items()}
    cells = {"code": [code for code, _ in answers], "label": labels, "missing": [why for _, why in answers]}
    columns |= {name: _case_by_case(columns) for name, columns in cells.items()}
    return RESPONSES.frame(pd.DataFrame({**columns, "wave": questionnaire.schema.wave}))


def code_answers(
    outcomes: pd.DataFrame,
    cases: pd.DataFrame,
    questionnaire: Questionnaire,
    walk_marks: Callable[..., Iterable[pd.DataFrame]],
) -> Coded:
    """Code every returned case, cases and variables in order.

    A case counts as returned when at least one of its pages was read. An outcome that is absent is
    `page missing`. A doubt makes all options of a multiple or grid item doubtful, unless marks tell which boxes are
    certain: `walk_marks` gives parts of MARKS by their columns and the texts that rows must have in some of them.
    """
    layout = _lay_out(outcomes, cases, questionnaire)
    certain = _states_of_boxes(walk_marks, _open_items(outcomes, questionnaire), questionnaire)
    answers: Answers = {}
    for place, asked in enumerate(layout.asked):
        code = _code_multiple if asked.kind == "multiple" else _code_one
        columns = code(layout, place, certain.get(asked.id))
        for variable, column in zip(variables_of(asked), columns, strict=True):
            answers[variable.name] = _settle_routing(
                *column, layout, place, questionnaire.schema.analysis.routing_wins
            )
    answers |= derive(questionnaire, answers, len(layout.cases))
    return Coded(pd.Index(layout.cases["case"]), Texts.of_column(layout.cases["stratum"]), answers)


def responses_to_coded(responses: pd.DataFrame, questionnaire: Questionnaire) -> Coded:
    """Lay RESPONSES out as a column a variable of the questionnaire; what is absent is `page missing`."""
    names = [variable.name for variable in variables(questionnaire)]
    first = responses.drop_duplicates("case")
    row, column = (
        places_in(pd.Index(first["case"]), responses["case"]),
        places_in(names, responses["variable"]),
    )
    cells = {"code": "", "missing": "page missing"}
    columns = [_columns(responses[name], (column, row), (len(names), len(first)), absent)
               for name, absent in cells.items()]  # fmt: skip
    answers = dict(zip(names, zip(*columns, strict=True), strict=True))
    return Coded(pd.Index(first["case"]), Texts.of_column(first["stratum"]), answers)


def _columns(
    cells: pd.Series, places: tuple[NDArray[np.int64], NDArray[np.int64]], shape: tuple[int, int], absent: str
) -> list[Texts]:
    """Sort texts into columns: `places` are the column and row of each, -1 for one that belongs nowhere."""
    found = Texts.of_column(cells)
    words = (*found.words, absent) if absent not in found.words else found.words
    grid = np.full(shape, words.index(absent), np.int32)
    known = (places[0] >= 0) & (places[1] >= 0)
    grid[places[0][known], places[1][known]] = found.numbers[known]
    return [Texts(numbers, words).trimmed() for numbers in grid]


SKIPPED, SILENT, BOTH = "answered although skipped", "blank although asked", "none beside another"
"""Kinds of contradiction."""
LEAST_SILENT = 2
"""Things asked that must all be blank after an answer that leads to them: a single blank is nonresponse to an item."""


def contradictions(outcomes: pd.DataFrame, cases: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Return CONTRADICTIONS: answers although routing skips the item, nothing answered of what an answer leads to, and
    "none" beside another option.
    """
    layout = _lay_out(outcomes, cases, questionnaire)
    rows = []
    names = layout.cases["case"].to_numpy(dtype=object)
    for place, asked in enumerate(layout.asked):
        given, codes = layout.answered(place), layout.codes[place].as_objects()
        for case in np.flatnonzero(given & layout.skipped[place]):
            by = layout.asked[layout.skipped_by[place, case]].id
            rows.append((names[case], asked.id, SKIPPED, by, codes[case]))
        if asked.kind == "multiple":
            marked = _marked(layout.codes[place], asked)
            both = given & _any(marked, asked, "none") & _any(marked, asked, "substantive")
            for case in np.flatnonzero(both):
                rows.append((names[case], asked.id, BOTH, asked.id, codes[case]))
        for quiet, first in _silent(layout, place, [item.id for item in questionnaire.items]):
            rows.append((names[quiet], asked.id, SILENT, first, codes[quiet]))
    return CONTRADICTIONS.frame(rows)


def undecided(found: pd.DataFrame, by_people: pd.DataFrame) -> pd.DataFrame:
    """Return those CONTRADICTIONS of which nobody has decided about a box of either side.

    `by_people` are the MARKS that a person decided.
    """
    decided = by_people[["case", "item"]]
    sides = [are_among(found, decided.set_axis(["case", side], axis=1)) for side in ("item", "because")]
    return found[~(sides[0] | sides[1])]


def _silent(layout: _Layout, place: int, order: list[str]) -> Iterator[tuple[int, str]]:
    """Cases whose answer leads to items of which they answered none, as if it led past; the first of these items."""
    one = layout.asked[place]
    targets = [order.index(option.go_to) for option in one.options if option.go_to is not None]
    if not targets:
        return
    own, last = order.index(one.item.id), max(targets)
    between = [
        at for at, other in enumerate(layout.asked)
        if own < order.index(other.item.id) < last and other.kind != "text" and not other.item.voluntary
        and other.item.nothing_marked == "nonresponse"
    ]  # fmt: skip
    if len(between) < LEAST_SILENT:
        return
    is_sent = layout.skipped[[*between, place]].any(axis=0)
    is_quiet = np.all([layout.outcome[at].are("blank") for at in between], axis=0)
    for case in np.flatnonzero(layout.answered(place) & ~is_sent & is_quiet):
        yield int(case), layout.asked[between[0]].id


def to_wide(responses: pd.DataFrame) -> pd.DataFrame:
    """Return one row a case and one column a variable; missing values as the codes of MISSING_CODES.

    A column whose codes are all whole numbers is Int64, any other stays text. Declared missing keeps its
    code.
    """
    names = responses["variable"].drop_duplicates()
    count = len(names)
    if not count:
        return pd.DataFrame(columns=["case", "stratum", "wave"])
    filled = responses["code"].to_numpy(dtype=object)
    reason = responses["missing"].to_numpy(dtype=object)
    for name, code in MISSING_CODES.items():
        filled = np.where(reason == name, str(code), filled)
    wide = pd.DataFrame(filled.reshape(-1, count), columns=list(names))
    numbers = {name: _whole_numbers(wide[name]) for name in wide.columns}
    head = responses[["case", "stratum", "wave"]].iloc[::count].reset_index(drop=True)
    return pd.concat([head, pd.DataFrame(numbers)], axis=1)


def codebook(questionnaire: Questionnaire) -> pd.DataFrame:
    """Return CODEBOOK: every variable with every code it can have, in German and English."""
    rows = []
    for variable in variables(questionnaire):
        asked, own = variable.asked, variable.value_labels()
        wording = {language: variable_label(variable, language) for language in ("de", "en")}
        declared = {option.code for option in asked.options if option.missing and variable.option is None}
        for code, label in own.items():
            rows.append((variable.name, asked.id, wording["de"], wording["en"], code, say(label, "de"),
                         say(label, "en"), "declared" if code in declared else ""))  # fmt: skip
        for name, number in MISSING_CODES.items():
            label = MISSING_LABELS[name]
            rows.append((variable.name, asked.id, wording["de"], wording["en"], str(number), label["de"],
                         label["en"], name))  # fmt: skip
    return CODEBOOK.frame(rows)


def variable_label(variable: Variable, language: str) -> str:
    """The item's wording, with the matrix row or the option after a colon."""
    asked = variable.asked
    parts = [say(asked.item.text, language)]
    if asked.row is not None:
        parts.append(say(asked.row.label, language))
    if variable.option is not None:
        parts.append(say(variable.option.label, language))
    return ": ".join(part for part in parts if part)


def _lay_out(outcomes: pd.DataFrame, cases: pd.DataFrame, questionnaire: Questionnaire) -> _Layout:
    returned = cases[cases["pages_read"] > 0].sort_values("case").reset_index(drop=True)
    asked = list(questionnaire.asked())
    row = places_in(pd.Index(returned["case"]), outcomes["case"])
    places, shape = (places_in([one.id for one in asked], outcomes["item"]), row), (len(asked), len(returned))
    outcome = _columns(outcomes["outcome"], places, shape, "page missing")
    codes = _columns(outcomes["codes"], places, shape, "")
    skipped, skipped_by = _route(asked, outcome, codes, [item.id for item in questionnaire.items])
    return _Layout(returned, asked, outcome, codes, skipped, skipped_by)


def _route(
    asked: list[Asked], outcome: list[Texts], codes: list[Texts], order: list[str]
) -> tuple[Flags, NDArray[np.int32]]:
    """What each case was told to skip, and by which item; an item that was itself skipped sends nobody on."""
    position = {item: place for place, item in enumerate(order)}
    items = np.array([position[one.item.id] for one in asked])
    skipped = np.zeros((len(asked), len(outcome[0]) if outcome else 0), dtype=bool)
    skipped_by = np.full(skipped.shape, -1, np.int32)
    for place, one in enumerate(asked):
        routes = [option for option in one.options if option.go_to is not None]
        if not routes:
            continue
        marked = _marked(codes[place], one)
        order_of = [option.code for option in one.options]
        for option in routes:
            sent = outcome[place].are("answered") & marked[order_of.index(option.code)] & ~skipped[place]
            between = (items > position[one.item.id]) & (items < position[str(option.go_to)])
            for at in np.flatnonzero(between):
                skipped[at] |= sent
                skipped_by[at][sent] = place
    return skipped, skipped_by


def _settle_routing(
    codes: Texts, missing: Texts, layout: _Layout, place: int, winner: str
) -> tuple[Texts, Texts]:
    """Apply the schema's rule where an item was answered although routing skips it."""
    skipped = layout.skipped[place]
    if winner == "routing":
        return codes.put(skipped, ""), missing.put(skipped, "not asked")
    if winner == "nobody":
        given = skipped & layout.answered(place)
        return codes.put(given, ""), missing.put(given, "multiple")
    return codes, missing


def _code_one(layout: _Layout, place: int, _: pd.DataFrame | None) -> list[tuple[Texts, Texts]]:
    """Codes and missing reasons of a single response, a number or a text."""
    asked, outcome, codes = layout.asked[place], layout.outcome[place], layout.codes[place]
    reason = outcome.put(outcome.are("answered"), "")
    reason = reason.put(layout.skipped[place] & reason.among(["blank", "page missing"]), "not asked")
    if asked.kind == "number":
        codes = codes.mapped(lambda code: code.lstrip("0") or code[-1:])
        # handwriting that nobody has typed yet is a doubt, whatever else is known
        reason = reason.put(reason.are("") & codes.are(""), "doubtful")
    if asked.kind == "single":
        declared = [option.code for option in asked.options if option.missing]
        reason = reason.put(reason.are("") & codes.among(declared), "declared")
    return [(codes.put(~reason.among(["", "declared"]), ""), reason)]


def _code_multiple(layout: _Layout, place: int, certain: pd.DataFrame | None) -> list[tuple[Texts, Texts]]:
    """0/1 codes and missing reasons of the variables of a multiple response or a grid."""
    asked, outcome, skipped = layout.asked[place], layout.outcome[place], layout.skipped[place]
    marked = _marked(layout.codes[place], asked)
    usable, nothing = outcome.among(["answered", "blank"]), ~marked.any(axis=0)
    substantive, none = _any(marked, asked, "substantive"), _any(marked, asked, "none")
    reason = outcome.put(usable, "")
    reason = reason.put(usable & substantive & none, "multiple")
    reason = reason.put(usable & _any(marked, asked, "missing") & ~substantive & ~none, "declared")
    if asked.item.nothing_marked == "nonresponse":
        reason = reason.put(usable & nothing, "blank")
    is_skipped = skipped & nothing & outcome.among(["answered", "blank", "page missing"])
    reason = reason.put(is_skipped, "not asked")
    own = marked[[not option.missing for option in asked.options]]
    columns = [(Texts(one.astype(np.int32), ("0", "1")), reason) for one in own]
    if certain is not None:
        columns = _settle_certain_boxes(columns, layout, asked, certain)
    return [(code.put(~missing.are(""), ""), missing) for code, missing in columns]


def _settle_certain_boxes(
    columns: list[tuple[Texts, Texts]], layout: _Layout, asked: Asked, states: pd.DataFrame
) -> list[tuple[Texts, Texts]]:
    """Give the certain boxes of an open item their code; only its doubtful boxes stay missing.

    Not where the doubt reaches further: "none" is marked or doubtful, or nothing is certainly marked and
    nothing marked would mean no answer.
    """
    number, names = numbered(states["case"])
    option = places_in([one.code for one in asked.options], states["option"])
    state = np.full((len(asked.options), len(names)), ABSENT, np.int64)
    known = option >= 0
    state[option[known], number[known]] = places_in(STATES, states["state"])[known]
    rows = pd.Index(layout.cases["case"]).get_indexer(names)
    is_other = np.array([one.none or one.missing for one in asked.options])
    settled = (rows >= 0) & (state != ABSENT).all(axis=0)
    settled &= np.isin(state[is_other], [EMPTY, REVOKED]).all(axis=0)
    if asked.item.nothing_marked == "nonresponse":
        is_substantive = np.array([one in asked.substantive for one in asked.options])
        settled &= (state[is_substantive] == MARKED).any(axis=0)
    found = np.full((len(asked.options), len(layout.cases)), ABSENT, np.int64)
    found[:, rows[settled]] = state[:, settled]
    own = found[[not one.missing for one in asked.options]]
    return [_settle(*pair, boxes) for pair, boxes in zip(columns, own, strict=True)]


def _settle(code: Texts, missing: Texts, state: NDArray[np.int64]) -> tuple[Texts, Texts]:
    """Code one variable by the states of its boxes, where they are told."""
    code = code.put(np.isin(state, [EMPTY, REVOKED]), "0").put(state == MARKED, "1")
    missing = missing.put(state != ABSENT, "")
    for name in (DOUBTFUL, UNREADABLE):
        missing = missing.put(state == name, STATES[name])
    return code, missing


def _open_items(outcomes: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Return case and item of multiple and grid items that are not settled: single boxes of them may be certain."""
    several = [asked.id for asked in questionnaire.asked() if asked.kind == "multiple"]
    is_open = outcomes["outcome"].isin(["doubtful", "unreadable"]) & outcomes["item"].isin(several)
    return outcomes.loc[is_open, ["case", "item"]].astype("str")


def _states_of_boxes(
    walk_marks: Callable[..., Iterable[pd.DataFrame]], items: pd.DataFrame, questionnaire: Questionnaire
) -> dict[str, pd.DataFrame]:
    """Item -> case, option and state of the boxes of some items of cases."""
    boxes, columns = questionnaire.boxes, ["case", "item", "option", "state"]
    own = boxes.loc[boxes["item"].isin(items["item"].unique()), "box"]
    only = {"box": frozenset(own.tolist()), "case": frozenset(items["case"].unique().tolist())}
    marks = walk_marks(("case", "box", "state"), only)
    states = [part.loc[are_among(part, items), columns].astype("str") for part in marks]
    return {str(item): table for item, table in pd.concat(states).groupby("item")} if states else {}


def _marked(codes: Texts, asked: Asked) -> Flags:
    """Which options are among the codes; shape (options, cases)."""
    options = [set(text.split()) for text in codes.words]
    told = [[option.code in one for one in options] for option in asked.options]
    return np.array(told, dtype=bool).reshape(len(asked.options), -1)[:, codes.numbers]


def _any(marked: Flags, asked: Asked, kind: str) -> Flags:
    """Whether any option of a kind (substantive, none, missing) is marked; shape (cases,)."""
    of_kind = {
        "none": [option.none and not option.missing for option in asked.options],
        "missing": [option.missing for option in asked.options],
        "substantive": [not option.none and not option.missing for option in asked.options],
    }[kind]
    return np.asarray(marked[np.array(of_kind, dtype=bool)].any(axis=0))


def _label(codes: Texts, variable: Variable, language: str) -> Texts:
    labels = {code: say(label, language) for code, label in variable.value_labels().items()}
    return codes.mapped(lambda code: labels.get(code, ""))


def _case_by_case(columns: Sequence[Texts]) -> Any:
    """Texts of several variables one after the other, case by case, as pandas has texts."""
    if not columns:
        return pd.array([], "str")
    numbers, words = together(columns)
    return pd.array(np.array(words, object), "str").take(numbers.T.ravel())


def _whole_numbers(values: pd.Series) -> pd.Series:
    """Int64 where every value is a whole number without leading zeros, else the text unchanged."""
    if values.str.fullmatch(r"-?(0|[1-9]\d*)").all():
        return values.astype("int64").astype("Int64")
    return values
