"""ESTIMATES -> one plain HTML page for the office itself, on which every number leads to its paper."""

from __future__ import annotations

from html import escape

from survey.analysis.coding import Variable, variable_label, variables
from survey.questionnaire.model import Questionnaire, say
from survey.reporting.evidence import Estimate, Evidence
from survey.reporting.page import page, paper_link, table

TOLD = ("share", "mean", "median", "share of answers")
"""Statistics that stand on the page; differences and tests are made of them."""


def write_numbers(evidence: Evidence) -> str:
    """Return the page. What may not be published stands as a dash; its paper can be opened all the same."""
    questionnaire, words = evidence.questionnaire, evidence.words
    named = {one.name: one for one in variables(questionnaire)}
    title = words.say("numbers_title", name=evidence.text(questionnaire.schema.title) or questionnaire.id)
    parts = [f'<div class="layout"><main><h1>{escape(title)}</h1><p>{escape(words.say("numbers_note"))}</p>']
    items = list(dict.fromkeys(evidence.results.estimates["item"]))
    for item in items:
        rows = [one for one in evidence.of_item(item) if one.statistic in TOLD and one.variable != "returned"]
        if rows:
            parts.append(f'<div class="scrolls" tabindex="0">{_table(rows, evidence, named)}</div>')
    return page(words.language, title, [*parts, "</main></div>"])


def _table(rows: list[Estimate], evidence: Evidence, named: dict[str, Variable]) -> str:
    language = evidence.words.language
    domains = list(dict.fromkeys(one.domain for one in rows))
    lines: dict[tuple[str, str], dict[str, Estimate]] = {}
    for one in rows:
        lines.setdefault((one.variable, one.code), {})[one.domain] = one
    heads = [
        evidence.words.say("numbers_all") if name == "all" else name.partition("=")[2] for name in domains
    ]
    told = [
        [
            escape(say_number(variable, code, evidence.questionnaire, language, named)),
            *(_cell(cells[name], evidence) if name in cells else "" for name in domains),
        ]
        for (variable, code), cells in lines.items()
    ]
    return table(["", *map(escape, heads)], told)


def _cell(one: Estimate, evidence: Evidence) -> str:
    """A number as a link to its paper."""
    words = evidence.words
    if not one.shown or not one.base:
        said = "–"
    elif one.statistic in {"mean", "median"}:
        said = f"{words.decimal(one.value)} (n = {words.number(one.base)})"
    else:
        said = f"{words.percent(one.value)} ({words.number(one.count)}/{words.number(one.base)})"
    return paper_link(one.key, said, words.say("page_paper"))


def say_number(
    variable: str, code: str, questionnaire: Questionnaire, language: str, named: dict[str, Variable]
) -> str:
    """Say in words what a number is about: wording, row and option as printed; `named` are all variables by name."""
    own = named.get(variable)
    if own is None:
        areas = {f"need_{area.id}": say(area.label, language) for area in questionnaire.schema.need_areas}
        return areas.get(variable) or f"{variable}: {code}"
    options = {} if own.option else {one.code: say(one.label, language) for one in own.asked.options}
    chosen = " / ".join(options.get(one, one) for one in code.split("+"))
    wording = variable_label(own, language).replace("?: ", "? – ")
    parts = [wording, "" if own.option and code == "1" else chosen]
    return " – ".join(part for part in parts if part)
