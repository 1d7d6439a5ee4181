"""OUTCOMES -> RESPONSES: one row a case and variable, with typed missing values; wide table and codebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.analysis.coded import Coded
from survey.analysis.derive import derive, derived_asked
from survey.questionnaire.model import Asked, Questionnaire, ResponseOption, say
from survey.tables import CODEBOOK, CONTRADICTIONS, RESPONSES, are_among, places_in

Strings = NDArray[np.object_]
Flags = NDArray[np.bool_]

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
    """Outcomes and codes as arrays of shape (cases, things asked), with what routing skipped."""

    cases: pd.DataFrame
    asked: list[Asked]
    outcome: Strings
    codes: Strings
    skipped: Flags
    skipped_by: Strings


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
    """Return RESPONSES, a row for each returned case and variable. Arguments as of `code_answers`."""
    return to_responses(code_answers(outcomes, cases, questionnaire, marks), questionnaire)


def to_responses(coded: Coded, questionnaire: Questionnaire) -> pd.DataFrame:
    """Return RESPONSES of coded answers: cases and variables in order, with value labels."""
    own, language = variables(questionnaire), questionnaire.schema.languages[0]
    case, variable = np.divmod(np.arange(len(coded.cases) * len(own)), max(len(own), 1))
    texts = {
        "case": (case, coded.cases), "stratum": (case, coded.stratum),
        "item": (variable, [one.asked.id for one in own]), "variable": (variable, [one.name for one in own]),
    }  # fmt: skip
    labels = [_label(coded.code[:, place], one, language) for place, one in enumerate(own)]
    label = np.stack(labels, axis=1) if own else np.empty((len(coded.cases), 0), dtype=object)
    columns = {name: pd.array(np.asarray(of, object), "str").take(row) for name, (row, of) in texts.items()}
    cells = {"code": coded.code, "label": label, "missing": coded.missing}
    columns |= {name: _texts(values.ravel()) for name, values in cells.items()}
    return RESPONSES.frame(pd.DataFrame({**columns, "wave": questionnaire.schema.wave}))


def code_answers(
    outcomes: pd.DataFrame,
    cases: pd.DataFrame,
    questionnaire: Questionnaire,
    marks: Iterable[pd.DataFrame] = (),
) -> Coded:
    """Code every returned case, cases and variables in order.

    A case counts as returned when at least one of its pages was read. An outcome that is absent is
    `page missing`. A doubt makes all options of a multiple or grid item doubtful, unless `marks` (parts of MARKS)
    tell which boxes are certain.
    """
    layout = _lay_out(outcomes, cases, questionnaire)
    certain = _states_of_boxes(marks, open_items(outcomes, questionnaire))
    names: list[str] = []
    codes: list[Strings] = []
    missing: list[Strings] = []
    for place, asked in enumerate(layout.asked):
        coded = _code_multiple if asked.kind == "multiple" else _code_one
        values, reasons = coded(layout, place, certain.get(asked.id))
        _settle_routing(values, reasons, layout, place, questionnaire.schema.analysis.routing_wins)
        for column, variable in enumerate(variables_of(asked)):
            names.append(variable.name)
            codes.append(values[:, column])
            missing.append(reasons[:, column])
    answers = {name: (codes[place], missing[place]) for place, name in enumerate(names)}
    made = derive(questionnaire, answers, len(layout.cases))
    for asked in derived_asked(questionnaire):
        names.append(asked.id)
        codes.append(made[asked.id][0])
        missing.append(made[asked.id][1])
    shape = (len(layout.cases), len(names))
    grids = [np.stack(side, axis=1) if names else np.empty(shape, dtype=object) for side in (codes, missing)]
    case, stratum = (layout.cases[name] for name in ("case", "stratum"))
    column_of = {name: place for place, name in enumerate(names)}
    return Coded(pd.Index(case), stratum.to_numpy(dtype=object), column_of, grids[0], grids[1])


def responses_to_arrays(responses: pd.DataFrame, questionnaire: Questionnaire) -> Coded:
    """Lay RESPONSES out as one row a case and one column a variable; what is absent is `page missing`."""
    row, cases = pd.factorize(responses["case"])
    names = [variable.name for variable in variables(questionnaire)]
    column = places_in(names, responses["variable"])
    code = np.full((len(cases), len(names)), "", dtype=object)
    missing = np.full(code.shape, "page missing", dtype=object)
    code[row, column] = responses["code"].to_numpy(dtype=object)
    missing[row, column] = responses["missing"].to_numpy(dtype=object)
    stratum = np.full(len(cases), "", dtype=object)
    stratum[row] = responses["stratum"].to_numpy(dtype=object)
    return Coded(
        pd.Index(cases), stratum, {str(name): place for place, name in enumerate(names)}, code, missing
    )


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
        given = (layout.outcome[:, place] == "answered") & (layout.codes[:, place] != "")
        for case in np.flatnonzero(given & layout.skipped[:, place]):
            by = layout.skipped_by[case, place]
            rows.append((names[case], asked.id, SKIPPED, by, layout.codes[case, place]))
        if asked.kind == "multiple":
            marked = _marked(layout.codes[:, place], asked)
            both = given & _any(marked, asked, "none") & _any(marked, asked, "substantive")
            for case in np.flatnonzero(both):
                rows.append((names[case], asked.id, BOTH, asked.id, layout.codes[case, place]))
        for quiet, first in _silent(layout, place, [item.id for item in questionnaire.items]):
            rows.append((names[quiet], asked.id, SILENT, first, layout.codes[quiet, place]))
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
    is_sent = layout.skipped[:, between].any(axis=1) | layout.skipped[:, place]
    answered = (layout.outcome[:, place] == "answered") & (layout.codes[:, place] != "") & ~is_sent
    for case in np.flatnonzero(answered & (layout.outcome[:, between] == "blank").all(axis=1)):
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
    rows = places_in(returned["case"], outcomes["case"])
    columns = places_in([one.id for one in asked], outcomes["item"])
    known = (rows >= 0) & (columns >= 0)
    outcome = np.full((len(returned), len(asked)), "page missing", dtype=object)
    codes = np.full(outcome.shape, "", dtype=object)
    outcome[rows[known], columns[known]] = outcomes["outcome"].to_numpy(dtype=object)[known]
    codes[rows[known], columns[known]] = outcomes["codes"].to_numpy(dtype=object)[known]
    skipped, skipped_by = _route(asked, outcome, codes, [item.id for item in questionnaire.items])
    return _Layout(returned, asked, outcome, codes, skipped, skipped_by)


def _route(asked: list[Asked], outcome: Strings, codes: Strings, order: list[str]) -> tuple[Flags, Strings]:
    """What each case was told to skip, and by which item; an item that was itself skipped sends nobody on."""
    position = {item: place for place, item in enumerate(order)}
    items = np.array([position[one.item.id] for one in asked])
    skipped = np.zeros(outcome.shape, dtype=bool)
    skipped_by = np.full(outcome.shape, "", dtype=object)
    for place, one in enumerate(asked):
        routes = [option for option in one.options if option.go_to is not None]
        if not routes:
            continue
        marked = _marked(codes[:, place], one)
        order_of = [option.code for option in one.options]
        for option in routes:
            sent = (
                (outcome[:, place] == "answered")
                & marked[:, order_of.index(option.code)]
                & ~skipped[:, place]
            )
            between = (items > position[one.item.id]) & (items < position[str(option.go_to)])
            reached = sent[:, None] & between[None, :]
            skipped |= reached
            skipped_by[reached] = one.id
    return skipped, skipped_by


def _settle_routing(values: Strings, reasons: Strings, layout: _Layout, place: int, winner: str) -> None:
    """Apply the schema's rule where an item was answered although routing skips it."""
    skipped = layout.skipped[:, place]
    given = skipped & (layout.outcome[:, place] == "answered") & (layout.codes[:, place] != "")
    if winner == "routing":
        values[skipped], reasons[skipped] = "", "not asked"
    elif winner == "nobody":
        values[given], reasons[given] = "", "multiple"


def _code_one(layout: _Layout, place: int, _: pd.DataFrame | None) -> tuple[Strings, Strings]:
    """Code and missing reason, shape (cases, 1), of a single response, a number or a text."""
    asked = layout.asked[place]
    outcome, codes, skipped = layout.outcome[:, place], layout.codes[:, place], layout.skipped[:, place]
    reason = np.where(outcome == "answered", "", outcome)
    reason = np.where(skipped & np.isin(outcome, ["blank", "page missing"]), "not asked", reason)
    if asked.kind == "number":
        digits = np.array([code.lstrip("0") or code[-1:] for code in codes], dtype=object)
        # handwriting that nobody has typed yet is a doubt, whatever else is known
        reason = np.where((reason == "") & (digits == ""), "doubtful", reason)
        codes = digits
    if asked.kind == "single":
        declared = [option.code for option in asked.options if option.missing]
        reason = np.where((reason == "") & np.isin(codes, declared), "declared", reason)
    values = np.where(np.isin(reason, ["", "declared"]), codes, "")
    return values.astype(object)[:, None], reason.astype(object)[:, None]


def _code_multiple(layout: _Layout, place: int, certain: pd.DataFrame | None) -> tuple[Strings, Strings]:
    """0/1 codes and missing reasons, shape (cases, variables), of a multiple response or a grid."""
    asked = layout.asked[place]
    outcome, skipped = layout.outcome[:, place], layout.skipped[:, place]
    marked = _marked(layout.codes[:, place], asked)
    usable = np.isin(outcome, ["answered", "blank"])
    nothing = ~marked.any(axis=1)
    substantive, none = _any(marked, asked, "substantive"), _any(marked, asked, "none")
    reason = np.where(usable, "", outcome).astype(object)
    reason[usable & substantive & none] = "multiple"
    reason[usable & _any(marked, asked, "missing") & ~substantive & ~none] = "declared"
    if asked.item.nothing_marked == "nonresponse":
        reason[usable & nothing] = "blank"
    reason[skipped & nothing & np.isin(outcome, ["answered", "blank", "page missing"])] = "not asked"

    own = np.array([not option.missing for option in asked.options])
    values = np.where(marked[:, own], "1", "0").astype(object)
    reasons = np.repeat(reason[:, None], int(own.sum()), axis=1)
    if certain is not None:
        _settle_certain_boxes(values, reasons, layout, asked, certain)
    values[reasons != ""] = ""
    return values, reasons


def _settle_certain_boxes(
    values: Strings, reasons: Strings, layout: _Layout, asked: Asked, states: pd.DataFrame
) -> None:
    """Give the certain boxes of an open item their code; only its doubtful boxes stay missing.

    Not where the doubt reaches further: "none" is marked or doubtful, or nothing is certainly marked and
    nothing marked would mean no answer.
    """
    number, names = pd.factorize(states["case"])
    place = {option.code: at for at, option in enumerate(asked.options)}
    state = np.full((len(names), len(place)), "", dtype=object)
    known = states["option"].isin(list(place)).to_numpy()
    state[number[known], states["option"][known].map(place)] = states["state"][known]
    rows = pd.Index(layout.cases["case"]).get_indexer(names)
    is_other = np.array([option.none or option.missing for option in asked.options])
    settled = (rows >= 0) & (state != "").all(axis=1)
    settled &= np.isin(state[:, is_other], ["empty", "revoked"]).all(axis=1)
    if asked.item.nothing_marked == "nonresponse":
        settled &= (state[:, [place[option.code] for option in asked.substantive]] == "marked").any(axis=1)
    own = np.array([place[option.code] for option in asked.options if not option.missing])
    found = state[np.ix_(settled, own)]
    values[rows[settled]] = np.where(found == "marked", "1", "0")
    reasons[rows[settled]] = np.where(np.isin(found, ["doubtful", "unreadable"]), found, "")


def open_items(outcomes: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Return case and item of multiple and grid items that are not settled: single boxes of them may be certain."""
    several = [asked.id for asked in questionnaire.asked() if asked.kind == "multiple"]
    is_open = outcomes["outcome"].isin(["doubtful", "unreadable"]) & outcomes["item"].isin(several)
    return outcomes.loc[is_open, ["case", "item"]].astype("str")


def _states_of_boxes(marks: Iterable[pd.DataFrame], items: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Item -> case, option and state of the boxes of some items of cases."""
    columns = ["case", "item", "option", "state"]
    states = [part.loc[are_among(part, items), columns].astype("str") for part in marks]
    return {str(item): table for item, table in pd.concat(states).groupby("item")} if states else {}


def _marked(codes: Strings, asked: Asked) -> Flags:
    """Which options are among the codes; shape (cases, options)."""
    number, different = pd.factorize(codes)
    marked = [set(text.split()) for text in different]
    told = [[option.code in one for option in asked.options] for one in marked]
    return np.array(told, dtype=bool).reshape(-1, len(asked.options))[number]


def _any(marked: Flags, asked: Asked, kind: str) -> Flags:
    """Whether any option of a kind (substantive, none, missing) is marked; shape (cases,)."""
    of_kind = {
        "none": [option.none and not option.missing for option in asked.options],
        "missing": [option.missing for option in asked.options],
        "substantive": [not option.none and not option.missing for option in asked.options],
    }[kind]
    return np.asarray(marked[:, np.array(of_kind, dtype=bool)].any(axis=1))


def _label(codes: Strings, variable: Variable, language: str) -> Strings:
    labels = {code: say(label, language) for code, label in variable.value_labels().items()}
    number, different = pd.factorize(codes)
    return np.array([labels.get(code, "") for code in different], dtype=object)[number]


def _texts(values: Strings) -> Any:
    """Turn many texts, few of which differ, into pandas' own: each different one once."""
    number, different = pd.factorize(values)
    return pd.array(different, dtype="str").take(number)


def _whole_numbers(values: pd.Series) -> pd.Series:
    """Int64 where every value is a whole number without leading zeros, else the text unchanged."""
    if values.str.fullmatch(r"-?(0|[1-9]\d*)").all():
        return values.astype("int64").astype("Int64")
    return values
