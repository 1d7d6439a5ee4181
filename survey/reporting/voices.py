"""What people wrote -> its themes as bars, and the quotes a person cleared for print."""

from __future__ import annotations

import re

import pandas as pd

from survey.questionnaire.model import Item
from survey.reading.outcomes import BLACKED_OUT
from survey.reporting.blocks import Block, Chapter, Heading, Paragraph, Quotes
from survey.reporting.charts import Bar, Chart, bar_chart
from survey.reporting.evidence import Evidence
from survey.reporting.pictures import figure, framed, item_title

MOST_QUOTES, MOST_LETTERS = 4, 320
"""Quotes of a theme, and how long one may be: a page holds many voices."""
MOST_NAMED = 3


def tell_voices(evidence: Evidence) -> Chapter:
    """Return the chapter: of each free-text item how often which theme, then quotes by theme; empty without texts."""
    words, accent = evidence.words, evidence.accent
    written = evidence.results.written
    items = [item for item in evidence.questionnaire.items if (written["item"] == item.id).any()]
    blocks: list[Block] = []
    if items:
        named = words.listing([words.say("item_head", number=str(evidence.number(item))) for item in items])
        blocks.append(Paragraph(words.say("voices_intro", items=named)))
    for item in items:
        chart = themes_chart(evidence, item)
        blocks += [] if chart else [Heading(item_title(evidence, item))]  # the chart has it as its title
        blocks += figure(chart, _leading_themes(evidence, item))
        blocks += [*_unread(evidence, item), *quotes_of(evidence, item)]
    return Chapter("voices", words.say("chapter_voices"), accent, blocks)


def themes_chart(evidence: Evidence, item: Item) -> Chart | None:
    """Themes of an item's texts by size; None where fewer than two may be shown."""
    words, shown = evidence.words, _shown(evidence, item)
    if len(shown) < 2:
        return None
    bars = [Bar(label, value, low, high) for label, value, low, high in shown]
    minimum = evidence.questionnaire.schema.population.minimum_cell
    note = words.say("themes_note", base=words.number(_texts(evidence, item)), minimum=words.number(minimum))
    return bar_chart(framed(evidence, f"{item.id}-themes", item_title(evidence, item), note), bars, words)


def quotes_of(evidence: Evidence, item: Item) -> list[Quotes]:
    """Cleared texts by their first theme, in the codeframe's order; the same ones at every run.

    Each is shown once. A name that was blacked out leaves a gap; what consists of little else is left out.
    """
    words, written = evidence.words, evidence.results.written
    language = evidence.questionnaire.schema.languages[0]
    found: list[Quotes] = []
    cleared = written[(written["item"] == item.id) & written["may_print"].astype(bool)]
    first = cleared["themes"].str.split().str[0].fillna("")
    themes = [(theme.code, evidence.text(theme.label)) for theme in item.themes] + [("", "")]
    for code, label in themes:
        texts = _printable(cleared[first == code], evidence)
        if texts:
            title = words.say("quotes_title", label=words.quote(label)) if code else words.say("quotes_other")
            found.append(
                Quotes(title, "" if found else words.say("quotes_note"), texts[:MOST_QUOTES], language)
            )
    return found


def _printable(texts: pd.DataFrame, evidence: Evidence) -> list[str]:
    """The texts in alphabetical order, which tells nothing of who wrote first."""
    gap = evidence.words.say("quote_gap")
    found = {re.sub(r"\s+", " ", text.replace(BLACKED_OUT, gap)).strip() for text in texts["text"]}
    return sorted(text for text in found if len(text) <= MOST_LETTERS and len(text.replace(gap, "")) > 10)


def _shown(evidence: Evidence, item: Item) -> list[tuple[str, float, float, float]]:
    """Label, share and interval of each theme that may be shown, by size."""
    labels = {theme.code: evidence.text(theme.label) for theme in item.themes}
    table = evidence.results.themes
    mine = table[(table["item"] == item.id) & table["shown"].astype(bool)]
    return [(labels[row.theme], row.value, row.low, row.high) for row in mine.itertuples(index=False)]


def _texts(evidence: Evidence, item: Item) -> int:
    return int((evidence.results.written["item"] == item.id).sum())


def _leading_themes(evidence: Evidence, item: Item) -> str:
    words, shown = evidence.words, _shown(evidence, item)
    if not shown:
        return ""

    (label, *numbers), *rest = shown[:MOST_NAMED]
    text = words.say("theme_top", share=words.with_interval(*numbers), label=words.quote(label))
    if rest:
        named = [
            words.say("with_share", label=words.quote(one), share=words.with_interval(*others))
            for one, *others in rest
        ]
        text += " " + words.say("theme_next", list=words.listing(named))
    return text


def _unread(evidence: Evidence, item: Item) -> list[Block]:
    """How many wrote, and nobody has read it yet."""
    row = evidence.find(item.id, "written")
    waiting = row.count - _texts(evidence, item) if row else 0
    if waiting <= 0:
        return []
    words = evidence.words
    return [Paragraph(words.say("voices_unread", plural=waiting != 1, count=words.number(waiting)))]
