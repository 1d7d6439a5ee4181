"""A number's variable, code and domain -> what it is about, in the words printed on the questionnaire."""

from __future__ import annotations

from textwrap import shorten

from survey.analysis.coding import variables
from survey.analysis.estimate import NEEDS, NEEDS_NUMBER
from survey.analysis.population import ALL
from survey.questionnaire.model import Item, Questionnaire, say
from survey.reporting.evidence import Estimate, Evidence
from survey.reporting.narrative import need_labels
from survey.reporting.wording import Wording

WORDING_LETTERS = 52
"""Of an item's wording beside its number."""


def name_number(evidence: Evidence, row: Estimate) -> str:
    """What a number is about, in the words of now: item, row, answer, and the group where it is not for all."""
    words = evidence.words
    label = _of_areas(evidence, row) or _of_items(evidence, row)
    group = "" if row.domain == ALL else domain_label(row.domain, evidence.questionnaire, words)
    return f"{label} ({group})" if group else label


def _of_areas(evidence: Evidence, row: Estimate) -> str:
    """A need area, several of them together, or how many there are; "" for another number."""
    words = evidence.words
    labels = {
        f"need_{area.id}": evidence.text(area.label) for area in evidence.questionnaire.schema.need_areas
    }
    if row.variable in labels:
        return words.say("since_needs", labels=labels[row.variable])
    if row.variable == NEEDS_NUMBER:
        if not row.code.isdigit():
            return words.say("since_needs_several")
        return words.say("since_needs_number", plural=row.code != "1", count=words.spelt(int(row.code)))
    if row.variable == NEEDS:
        plain = {"none": "needs_none", "rare": "needs_rare"}.get(row.code)
        named = words.say(plain) if plain else words.listing(need_labels(evidence, row.code))
        return words.say("since_needs", labels=named)
    return ""


def _of_items(evidence: Evidence, row: Estimate) -> str:
    words, items = evidence.words, evidence.items
    for item in items.values():
        for group in item.groups:
            if row.variable == f"{item.id}_{group.id}":
                return f"{_head(evidence, item.id)} – {evidence.text(group.label)}"
    own = next((one for one in variables(evidence.questionnaire) if one.name == row.variable), None)
    if own is None:
        return words.quote(row.variable)
    text = _shortened(words, evidence.text(own.asked.item.text))
    parts = [_head(evidence, own.asked.item.id) if own.asked.item.id in items else text]
    if own.asked.row is not None:
        parts.append(evidence.text(own.asked.row.label))
    fixed = {"mean": "since_mean", "median": "since_median", "written": "has_written"}
    if own.option is not None:
        parts.append(evidence.text(own.option.label) or own.option.code)
    elif row.code in fixed:
        parts.append(words.say(fixed[row.code]))
    else:
        labels = own.value_labels()
        codes = [evidence.text(labels.get(code, {})) or code for code in row.code.split("+")]
        parts.append(words.alternative(codes))
    return " – ".join(part for part in parts if part)


def _head(evidence: Evidence, item: str) -> str:
    own = evidence.items[item]
    return f"{evidence.number(own)}. {short_wording(evidence, own)}".strip()


def short_wording(evidence: Evidence, item: Item) -> str:
    """The beginning of an item's wording, in quotation marks; "" where it has none."""
    return _shortened(evidence.words, evidence.text(item.text))


def _shortened(words: Wording, text: str) -> str:
    return words.quote(shorten(text, WORDING_LETTERS, placeholder=" …")) if text else ""


def domain_label(domain: str, questionnaire: Questionnaire, words: Wording) -> str:
    """A domain in words: everybody, an office, or the value labels of its variables."""
    if domain == ALL:
        return words.say("everybody")
    parts = []
    for part in domain.split("&"):
        name, _, code = part.partition("=")
        own = next((one for one in variables(questionnaire) if one.name == name), None)
        label = say(own.value_labels().get(code, {}), words.language) if own else ""
        parts.append(label or code)
    return ", ".join(parts)
