"""A questionnaire and its numbers -> the codebook as a page: every variable with wording, codes and counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from survey.analysis.coding import MISSING_CODES, MISSING_LABELS, Variable, variables
from survey.questionnaire.model import Section, say
from survey.reporting.evidence import Evidence
from survey.reporting.page import page, table
from survey.reporting.printed_tables import HIDDEN


def codebook_page(evidence: Evidence, columns: Sequence[str] | None = None) -> str:
    """Return the page. With `columns`, only the variables of a table that is passed on are on it."""
    words, schema = evidence.words, evidence.questionnaire.schema
    told = [one for one in variables(evidence.questionnaire) if columns is None or one.name in columns]
    title = words.say("codebook_title", title=evidence.text(schema.title) or evidence.questionnaire.id)
    parts = [
        f'<a class="skip" href="#content">{escape(words.say("page_skip"))}</a>',
        '<div class="layout"><nav class="contents" aria-label="'
        f'{escape(words.say("label_contents"))}"><ol>{"".join(_entries(evidence, told))}</ol></nav>',
        f'<main id="content"><h1>{escape(title)}</h1><p>{escape(words.say("codebook_note"))}</p>',
        _missing(evidence),
    ]
    for section in schema.sections:
        parts += _section(evidence, section, told)
    derived = {one.id for one in schema.analysis.derived}
    parts += [_variable(evidence, one) for one in told if one.name in derived]
    return page(words.language, title, [*parts, "</main></div>"])


def _entries(evidence: Evidence, told: Sequence[Variable]) -> Iterator[str]:
    there = {one.asked.item.id for one in told}
    for section in evidence.questionnaire.schema.sections:
        if any(item.id in there for item in section.items):
            yield f'<li><a href="#{section.id}">{escape(evidence.text(section.title) or section.id)}</a></li>'


def _missing(evidence: Evidence) -> str:
    words = evidence.words
    rows = [
        [str(code), escape(say(MISSING_LABELS[reason], words.language))]
        for reason, code in MISSING_CODES.items()
    ]
    header = [escape(words.say("codebook_code")), escape(words.say("codebook_label"))]
    return table(header, rows, escape(words.say("codebook_all_missing")), kind="codes")


def _section(evidence: Evidence, section: Section, told: Sequence[Variable]) -> list[str]:
    items = {item.id for item in section.items}
    own = [one for one in told if one.asked.item.id in items]
    if not own:
        return []
    head = f'<section id="{section.id}"><h2>{escape(evidence.text(section.title) or section.id)}</h2>'
    return [head, *(_variable(evidence, one) for one in own), "</section>"]


def _variable(evidence: Evidence, one: Variable) -> str:
    """Name and wording, then its codes with their counts; • where a count may not be shown."""
    words, asked = evidence.words, one.asked
    further = [asked.row.label if asked.row else {}, one.option.label if one.option else {}]
    wording = " – ".join(part for part in map(evidence.text, [asked.item.text, *further]) if part)
    declared = {option.code for option in asked.options if option.missing and one.option is None}
    rows = []
    for code, label in one.value_labels().items():
        note = f" ({words.say('codebook_missing')})" if code in declared else ""
        rows.append([escape(code), escape(evidence.text(label) + note), _count(evidence, one.name, code)])
    head = f'<h3 id="v-{escape(one.name)}"><code>{escape(one.name)}</code></h3><p>{escape(wording)}</p>'
    if not rows:
        return head
    header = [words.say(f"codebook_{name}") for name in ("code", "label", "cases")]
    return head + table([escape(cell) for cell in header], rows, kind="codes")


def _count(evidence: Evidence, variable: str, code: str) -> str:
    """Cases with a code, as the report may show them; nothing where no number is made of it."""
    row = evidence.any(variable, code)
    if row is None:
        return ""
    return evidence.words.number(row.count) if row.shown else HIDDEN
