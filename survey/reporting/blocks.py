"""What a report is made of, whatever the file format: chapters of blocks that hold finished words and pictures.

Every text may hold marks, which tie a number to its estimate: `marked.spans` splits them, `marked.plain` drops them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass

from survey.reporting.charts import Chart
from survey.reporting.marked import numbers_in, plain


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a chapter."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that belong together."""

    text: str
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Points:
    """Short statements, each with the word it is about."""

    points: list[tuple[str, str]]
    kind: str = "points"


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A large number, what it counts, and its interval or base."""

    value: str
    label: str
    detail: str
    accent: str


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Large numbers side by side."""

    figures: list[KeyFigure]
    kind: str = "key_figures"


@dataclass(frozen=True, slots=True)
class Figures:
    """One chart over the whole width, or two half ones side by side; each has what it shows first in words."""

    charts: list[Chart]
    leads: list[str]
    kind: str = "figures"


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table as printed: the first column holds labels, the others numbers; widths in mm."""

    title: str
    note: str
    header: list[str]
    rows: list[list[str]]
    widths_mm: list[float]
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Callout:
    """A note set apart."""

    title: str
    text: str
    kind: str = "callout"


@dataclass(frozen=True, slots=True)
class BulletList:
    """Short statements of the analyst's own text, numbered in order or not."""

    entries: list[str]
    is_numbered: bool = False
    kind: str = "list"


@dataclass(frozen=True, slots=True)
class Quotes:
    """What people wrote on one theme, word for word as a person cleared it for print, in their `language`."""

    title: str
    note: str
    quotes: list[str]
    language: str
    kind: str = "quotes"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The office's own proposal, and the finding it rests on, which holds: `because` is a sentence with its numbers."""

    title: str
    text: str
    because: str


@dataclass(frozen=True, slots=True)
class Recommendations:
    """Proposals in the office's order; none is ever made by the program."""

    entries: list[Recommendation]
    kind: str = "recommendations"


@dataclass(frozen=True, slots=True)
class Facsimile:
    """The printed questionnaire with results in its boxes: one picture a page, each on a page of its own on paper."""

    pages: list[Chart]
    kind: str = "facsimile"


Block = (
    Heading
    | Paragraph
    | Points
    | KeyFigures
    | Figures
    | DataTable
    | Callout
    | BulletList
    | Quotes
    | Recommendations
    | Facsimile
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter with its accent colour; `name` is what texts and links call it, the same in every language."""

    name: str
    title: str
    accent: str
    blocks: list[Block] = field(default_factory=list)
    is_appendix: bool = False


@dataclass(frozen=True, slots=True)
class Logo:
    """The office's mark on the title page: the bytes of an SVG, PNG or JPEG file, its suffix (".svg") and alt text."""

    picture: bytes
    suffix: str
    alt: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report."""

    language: str
    title: str
    subtitle: str
    office: str
    status: str
    accent: str
    facts: list[tuple[str, str]]
    chapters: list[Chapter]
    labels: dict[str, str]
    """Words the layout prints itself: contents, page, figure, table, source of a chart."""
    logo: Logo | None = None
    font: str = ""
    """Family of the office's own typeface; empty for ours."""
    font_files: list[str] = field(default_factory=list)
    """Where its files lie."""

    def charts(self) -> list[Chart]:
        """All charts in order, pages of the facsimile among them."""
        found: list[Chart] = []
        for chapter in self.chapters:
            for block in chapter.blocks:
                if isinstance(block, Figures):
                    found += block.charts
                elif isinstance(block, Facsimile):
                    found += block.pages
        return found


def numbers(document: Document) -> list[tuple[str, float]]:
    """Return key and value of every number of a report as printed, in order; shares in per cent.

    The same report in another language has the same ones, though a sentence may tell them in another order.
    """
    return [pair for text in _texts(document) for pair in numbers_in(text, document.language)]


def as_data(document: Document) -> dict[str, object]:
    """Return a report as JSON can say it, in plain words; pictures by name and size, without their bytes."""
    data = _as_data(document)
    assert isinstance(data, dict)
    return data


NOT_SAID = {"svg", "canvas", "picture", "table"}
"""What of pictures is no word of the report: bytes, and the numbers behind them."""


def _as_data(thing: object) -> object:
    if is_dataclass(thing) and not isinstance(thing, type):
        named = [one.name for one in fields(thing)]
        if isinstance(thing, Chart | Logo):
            named = [name for name in named if name not in NOT_SAID]
        return {name: _as_data(getattr(thing, name)) for name in named}
    if isinstance(thing, dict):
        return {name: _as_data(one) for name, one in thing.items()}
    if isinstance(thing, list | tuple):
        return [_as_data(one) for one in thing]
    return plain(thing) if isinstance(thing, str) else thing


def _texts(thing: object) -> Iterator[str]:
    """Every text of a block or of a whole report, in order."""
    if isinstance(thing, str):
        yield thing
    elif is_dataclass(thing) and not isinstance(thing, type):
        for one in fields(thing):
            yield from _texts(getattr(thing, one.name))
    elif isinstance(thing, list | tuple):
        for part in thing:
            yield from _texts(part)
