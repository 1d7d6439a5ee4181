"""A report as blocks -> one HTML page with the same content as the PDF: charts inside it, their numbers behind them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from survey.reporting.blocks import (
    Block,
    BulletList,
    Callout,
    Chapter,
    DataTable,
    Document,
    Facsimile,
    Figures,
    Heading,
    KeyFigures,
    Paragraph,
    Points,
    Quotes,
    Recommendations,
)
from survey.reporting.charts import FULL_MM, Chart
from survey.reporting.inline import inline_svg, letters_of
from survey.reporting.marked import plain, spans
from survey.reporting.page import page, paper_link, table
from survey.reporting.wording import Wording

PX_PER_MM = 4.4
"""Pictures are at most a little larger on a screen than on paper."""
PICTURE_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


@dataclass(frozen=True)
class _Writer:
    """How texts become HTML: with `linked` numbers, each leads to its paper."""

    document: Document
    words: Wording
    linked: bool
    counted: dict[str, int]

    def text(self, text: str) -> str:
        """Finished words as HTML."""
        if not self.linked:
            return escape(plain(text), quote=False)
        hint = self.words.say("page_paper")
        return "".join(
            paper_link(one.key, one.text, hint) if one.key else escape(one.text, quote=False)
            for one in spans(text)
        )

    def numbered(self, label: str, title: str, note: str = "") -> str:
        """A caption with its running number."""
        self.counted[label] = self.counted.get(label, 0) + 1
        number = f"{self.document.labels[label]} {self.counted[label]}"
        below = f'<span class="note">{self.text(note)}</span>' if note else ""
        return f'<span class="number">{escape(number)}</span>{self.text(title)}{below}'


def write_page(document: Document, *, linked: bool, notice: str = "") -> str:
    """Return the page, which loads nothing and runs no script; `linked` for the office itself, with a notice above."""
    writer = _Writer(document, Wording(document.language), linked, {})
    names = [f"k{place}" for place in range(len(document.chapters))]
    entries = "".join(
        f'<li><a href="#{name}">{escape(plain(chapter.title))}</a></li>'
        for name, chapter in zip(names, document.chapters, strict=True)
    )
    contents = escape(document.labels["contents"])
    parts = [
        f'<a class="skip" href="#content">{escape(writer.words.say("page_skip"))}</a>',
        _cover(writer, notice),
        letters_of(document.charts()),
        f'<div class="layout"><nav class="contents" aria-label="{contents}"><strong>{contents}</strong>'
        f"<ol>{entries}</ol></nav>",
        '<main id="content">',
        *(_chapter(writer, name, chapter) for name, chapter in zip(names, document.chapters, strict=True)),
        "</main></div>",
    ]
    return page(document.language, plain(document.title), parts)


def _cover(writer: _Writer, notice: str) -> str:
    document = writer.document
    facts = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(plain(value))}</dd>" for label, value in document.facts
    )
    logo = ""
    if document.logo is not None:
        kind = PICTURE_TYPES[document.logo.suffix]
        data = b64encode(document.logo.picture).decode("ascii")
        logo = f'<img src="data:{kind};base64,{data}" alt="{escape(document.logo.alt)}" height="48">'
    told = f"<p><strong>{escape(notice)}</strong></p>" if notice else ""
    return (
        f'<header class="cover" style="--cover:{document.accent}">{logo}<p>{escape(document.office)}</p>'
        f"<h1>{escape(plain(document.title))}</h1><p>{escape(plain(document.subtitle))}</p>"
        f"<p><strong>{escape(document.status)}</strong></p>{told}<dl>{facts}</dl></header>"
    )


def _chapter(writer: _Writer, name: str, chapter: Chapter) -> str:
    inner = "\n".join(RENDERERS[type(block)](writer, block) for block in chapter.blocks)
    head = f'<h2 id="{name}">{writer.text(chapter.title)}</h2>'
    return (
        f'<section class="accented" aria-labelledby="{name}" style="--accent:{chapter.accent}">'
        f"{head}\n{inner}</section>"
    )


def _heading(writer: _Writer, block: Heading) -> str:
    return f"<h3>{writer.text(block.text)}</h3>"


def _paragraph(writer: _Writer, block: Paragraph) -> str:
    return f"<p>{writer.text(block.text)}</p>"


def _points(writer: _Writer, block: Points) -> str:
    told = "".join(
        f"<dt>{writer.text(label)}</dt><dd>{writer.text(text)}</dd>" for label, text in block.points
    )
    return f'<dl class="points">{told}</dl>'


def _key_figures(writer: _Writer, block: KeyFigures) -> str:
    told = "".join(
        f'<li class="accented" style="--accent:{one.accent}"><b>{writer.text(one.value)}</b>'
        f"<span>{writer.text(one.label)}</span><small>{writer.text(one.detail)}</small></li>"
        for one in block.figures
    )
    return f'<ul class="key-figures">{told}</ul>'


def _figures(writer: _Writer, block: Figures) -> str:
    told = "".join(
        _figure(writer, chart, lead) for chart, lead in zip(block.charts, block.leads, strict=True)
    )
    return f'<div class="pair">{told}</div>' if len(block.charts) > 1 else told


def _figure(writer: _Writer, chart: Chart, lead: str) -> str:
    """Caption, what it shows in words, the picture, the numbers behind it, and base and interval."""
    words = writer.words
    header = [writer.text(cell) for cell in chart.table.header]
    rows = [[writer.text(cell) for cell in row] for row in chart.table.rows]
    behind = (
        f"<details><summary>{escape(words.say('page_numbers'))}</summary>"
        f"{_scrolling(words, plain(chart.title), table(header, rows))}</details>"
        if rows
        else ""
    )
    label = escape(words.say("page_picture_scrolls", title=plain(chart.title)))
    wide = f' wide" role="group" tabindex="0" aria-label="{label}' if chart.width_mm >= FULL_MM else ""
    return (
        f"<figure><figcaption>{writer.numbered('figure', chart.title)}</figcaption>"
        + (f'<p class="lead">{writer.text(lead)}</p>' if lead else "")
        + f'<div class="picture{wide}" style="--width:{chart.width_mm * PX_PER_MM:.0f}px">{inline_svg(chart)}</div>'
        + f'<p class="note">{writer.text(chart.note)}</p>{behind}</figure>'
    )


def _scrolling(words: Wording, title: str, inner: str) -> str:
    """A wide thing that scrolls by itself, reachable by keyboard."""
    label = escape(words.say("page_table_scrolls", title=title))
    return f'<div class="scrolls" role="group" tabindex="0" aria-label="{label}">{inner}</div>'


def _table(writer: _Writer, block: DataTable) -> str:
    header = [writer.text(cell) for cell in block.header]
    rows = [[writer.text(cell) for cell in row] for row in block.rows]
    caption = writer.numbered("table", block.title, block.note)
    inner = _scrolling(writer.words, plain(block.title), table(header, rows))
    return f"<figure><figcaption>{caption}</figcaption>{inner}</figure>"


def _callout(writer: _Writer, block: Callout) -> str:
    return f'<div class="callout"><strong>{writer.text(block.title)}</strong> {writer.text(block.text)}</div>'


def _list(writer: _Writer, block: BulletList) -> str:
    kind = "ol" if block.is_numbered else "ul"
    return f"<{kind}>{''.join(f'<li>{writer.text(one)}</li>' for one in block.entries)}</{kind}>"


def _quotes(writer: _Writer, block: Quotes) -> str:
    told = "".join(
        f'<blockquote lang="{escape(block.language)}"><p>{writer.text(one)}</p></blockquote>'
        for one in block.quotes
    )
    return f'<h3>{writer.text(block.title)}</h3><p class="quiet">{writer.text(block.note)}</p>{told}'


def _recommendations(writer: _Writer, block: Recommendations) -> str:
    return "".join(
        f'<div class="callout"><strong>{writer.text(one.title)}</strong><p>{writer.text(one.text)}</p>'
        f'<p class="quiet">{writer.text(one.because)}</p></div>'
        for one in block.entries
    )


def _facsimile(writer: _Writer, block: Facsimile) -> str:
    return "".join(_figure(writer, chart, "") for chart in block.pages)


RENDERERS: dict[type[Block], Callable[[_Writer, Any], str]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Points: _points,
    KeyFigures: _key_figures,
    Figures: _figures,
    DataTable: _table,
    Callout: _callout,
    BulletList: _list,
    Quotes: _quotes,
    Recommendations: _recommendations,
    Facsimile: _facsimile,
}
"""Every kind of block; a test holds that none is missing, and one without a renderer is an error, never silence."""
