"""Coded answers -> derived variables: formulas, groupings, and which cases are valid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from survey.analysis.coded import Answers
from survey.questionnaire.formulas import column_of, evaluate, is_truth, names, parse
from survey.questionnaire.model import Asked, Item, Questionnaire, ResponseOption
from survey.questionnaire.plan import Derived
from survey.texts import Texts

NO_VALUE = "blank"
"""Missing reason where the variables it is made of have several."""
TRUE_LABELS = {"1": {"de": "ja", "en": "yes"}, "0": {"de": "nein", "en": "no"}}
DECIMALS = 6  # of a derived number


def derived_asked(questionnaire: Questionnaire) -> list[Asked]:
    """The derived variables as things asked, so that all that follows treats them as it treats items."""
    return [_as_asked(one) for one in questionnaire.schema.analysis.derived]


def _as_asked(derived: Derived) -> Asked:
    if derived.groups:
        options = [ResponseOption(code=group.code, label=group.label) for group in derived.groups]
    elif derived.labels:
        options = [ResponseOption(code=code, label=label) for code, label in derived.labels.items()]
    elif is_truth(parse(derived.formula)):
        options = [ResponseOption(code=code, label=label) for code, label in TRUE_LABELS.items()]
    else:
        return Asked(
            derived.id, Item(id=derived.id, type="number", text=derived.label, digits=1), None, "number", ()
        )
    item = Item(id=derived.id, type="single", text=derived.label, options=options)
    return Asked(derived.id, item, None, "single", tuple(options))


def derive(questionnaire: Questionnaire, answers: Answers, count: int) -> Answers:
    """Codes and missing reasons of every derived variable, in the schema's order; later ones may use earlier ones."""
    known, found = dict(answers), {}
    for derived in questionnaire.schema.analysis.derived:
        made = _grouped(derived, known) if derived.of else _computed(derived, known, count)
        known[derived.id] = found[derived.id] = made
    return found


def _grouped(derived: Derived, answers: Answers) -> tuple[Texts, Texts]:
    code, missing = answers[derived.of]
    number, result = code.floats(), Texts.full(len(code), "")
    for group in reversed(derived.groups):  # the first group that fits holds
        fits = code.among(group.codes)
        if group.low is not None or group.below is not None:
            low = -np.inf if group.low is None else group.low
            below = np.inf if group.below is None else group.below
            fits = fits | ((number >= low) & (number < below))
        result = result.put(fits & missing.are(""), group.code)
    return result, missing.put(missing.are("") & result.are(""), NO_VALUE)


def _computed(derived: Derived, answers: Answers, count: int) -> tuple[Texts, Texts]:
    tree = parse(derived.formula)
    used = {name: answers[name] for name, _ in names(tree)}
    columns = {name: column_of(*pair) for name, pair in used.items()}
    if not columns:
        columns = {"": column_of(Texts.full(count, ""), Texts.full(count, ""))}
    value = evaluate(tree, columns)
    codes = value.code if value.code is not None else _written(value.number)
    led_past = [reason.are("not asked") for _, reason in used.values()]
    missing = Texts.full(count, "").put(value.missing, NO_VALUE)
    if led_past:
        missing = missing.put(value.missing & np.all(led_past, axis=0), "not asked")
    return codes.put(value.missing, ""), missing


def _written(numbers: NDArray[np.float64]) -> Texts:
    """Numbers as codes: 2, 2.5; NaN is empty."""
    different, place = np.unique(np.round(numbers, DECIMALS) + 0.0, return_inverse=True)
    words = ["" if np.isnan(one) else f"{one:.{DECIMALS}f}".rstrip("0").rstrip(".") for one in different]
    return Texts.of(np.array(words, dtype=object)[place])


def valid_cases(questionnaire: Questionnaire, answers: Answers, count: int) -> NDArray[np.bool_]:
    """Which cases answered enough of what they were asked; all of them where the schema has no rule.

    An item counts as answered where one of its variables is known. Texts and voluntary items do not count unless named.
    """
    rule = questionnaire.schema.analysis.valid_case
    if rule is None:
        return np.ones(count, dtype=bool)
    asked, answered = np.zeros(count), np.zeros(count)
    for one in questionnaire.asked():
        voluntary = one.item.voluntary or (one.row is not None and one.row.voluntary) or one.kind == "text"
        if one.id not in rule.items and (rule.items or voluntary):
            continue
        own = [reason for name, (_, reason) in answers.items() if _belongs(name, one)]
        asked += ~np.all([reason.are("not asked") for reason in own], axis=0)
        answered += np.any([reason.among(["", "declared"]) for reason in own], axis=0)
    return np.asarray(answered >= rule.share * asked - 1e-9)


def _belongs(variable: str, asked: Asked) -> bool:
    if asked.kind != "multiple":
        return variable == asked.id
    return variable in {f"{asked.id}_{option.code}" for option in asked.options}
