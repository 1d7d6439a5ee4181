"""What a report is made of, whatever the file format: chapters of blocks that hold finished words and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field

from survey.reporting.charts import Chart


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


Block = Heading | Paragraph | Points | KeyFigures | Figures | DataTable | Callout


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter with its accent colour."""

    title: str
    accent: str
    blocks: list[Block] = field(default_factory=list)
    is_appendix: bool = False


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

    def charts(self) -> list[Chart]:
        """All charts in order."""
        return [
            chart
            for chapter in self.chapters
            for block in chapter.blocks
            if isinstance(block, Figures)
            for chart in block.charts
        ]
