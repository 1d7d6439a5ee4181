"""ESTIMATES -> one plain HTML page for the office itself, on which every number leads to its paper."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from urllib.parse import quote

from survey import REVIEW_PORT
from survey.analysis.coding import Variable, variable_label, variables
from survey.questionnaire.model import Questionnaire, say
from survey.reporting.evidence import Estimate, Evidence, Results

TOLD = ("share", "mean", "median", "share of answers")
"""Statistics that stand on the page; differences and tests are made of them."""
STYLE = (
    "body{font:1rem/1.4 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#16201f}"
    "table{border-collapse:collapse;margin:.5rem 0 2rem}th,td{text-align:left;vertical-align:top;"
    "padding:.3rem .8rem .3rem 0;border-bottom:1px solid #c9d0cd;font-weight:400}thead th{font-weight:650}"
    "td{white-space:nowrap;font-variant-numeric:tabular-nums}a{color:#0f5f63}p.note{max-width:45rem}"
)


def write_numbers(results: Results, language: str) -> str:
    """Return the page. What may not be published stands as a dash; its paper can be opened all the same."""
    evidence = Evidence(results, language)
    questionnaire, words = results.questionnaire, evidence.words
    named = {one.name: one for one in variables(questionnaire)}
    title = words.say("numbers_title", name=say(questionnaire.schema.title, language) or questionnaire.id)
    parts = [
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>',
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>",
        f'<p class="note">{escape(words.say("numbers_note"))}</p>',
    ]
    items = list(dict.fromkeys(results.estimates["item"]))
    for item in items:
        rows = [one for one in evidence.of_item(item) if one.statistic in TOLD and one.variable != "returned"]
        if rows:
            parts += _table(rows, evidence, named)
    return "".join([*parts, "</body></html>\n"])


def _table(rows: list[Estimate], evidence: Evidence, named: dict[str, Variable]) -> Iterator[str]:
    language = evidence.words.language
    domains = list(dict.fromkeys(one.domain for one in rows))
    lines: dict[tuple[str, str], dict[str, Estimate]] = {}
    for one in rows:
        lines.setdefault((one.variable, one.code), {})[one.domain] = one
    heads = [
        evidence.words.say("numbers_all") if name == "all" else name.partition("=")[2] for name in domains
    ]
    columns = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    yield f"<table><thead><tr><th></th>{columns}</tr></thead>"
    for (variable, code), cells in lines.items():
        label = say_number(variable, code, evidence.questionnaire, language, named)
        told = "".join(
            f"<td>{_cell(cells[name], evidence) if name in cells else ''}</td>" for name in domains
        )
        yield f'<tr><th scope="row">{escape(label)}</th>{told}</tr>'
    yield "</table>"


def _cell(one: Estimate, evidence: Evidence) -> str:
    """A number as a link to its paper."""
    words = evidence.words
    if not one.shown or not one.base:
        said = "–"
    elif one.statistic in {"mean", "median"}:
        said = f"{words.decimal(one.value)} (n = {words.number(one.base)})"
    else:
        said = f"{words.percent(one.value)} ({words.number(one.count)}/{words.number(one.base)})"
    return f'<a href="http://127.0.0.1:{REVIEW_PORT}/open/{quote(one.key, safe="=@+*&")}">{escape(said)}</a>'


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
