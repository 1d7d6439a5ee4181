"""What charts are made of: labelled numbers, frames, the finished chart, and what several kinds of chart draw alike."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from survey.reporting.canvas import GREY, INK, LETTER_MM, SMALL_PT, Canvas
from survey.reporting.marked import mark
from survey.reporting.wording import Wording

FULL_MM, HALF_MM = 160.0, 76.0
"""Width of a chart over the whole text block, and of one of two side by side."""
ACCENTS = ["#0072b2", "#c04e00", "#00805c", "#9a4f86", "#7a6a00", "#3f5a6b"]
"""One a need area; Okabe-Ito, darkened until each has a contrast of 4.5 with white (WCAG 1.4.3)."""
LINE_MM = 3.4
MARKERS = ["o", "s", "D", "^", "v", "P"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled share with its interval; where it may not be shown, the numbers are not looked at."""

    label: str
    value: float
    low: float
    high: float
    shown: bool = True
    key: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """Shares on two axes, None where one may not be shown, and which cells are outlined."""

    rows: list[str]
    columns: list[str]
    shares: list[list[float | None]]
    outlined: list[list[bool]]
    outline_label: str
    keys: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stack:
    """One row of a matrix: its shares in the order of the options, its base, and whether it may be shown."""

    label: str
    shares: list[float]
    base: int
    shown: bool = True
    keys: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Combination:
    """Which of the sets come together, and how often."""

    members: list[bool]
    bar: Bar


@dataclass(frozen=True, slots=True)
class ChartTable:
    """The numbers behind a picture as finished words, which may hold marks: a header and rows of as many cells."""

    header: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture, what stands around it, and the numbers it shows; ValueError without an alt text."""

    name: str
    svg: bytes
    width_mm: float
    height_mm: float
    alt: str
    title: str
    note: str
    table: ChartTable
    canvas: Canvas = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError(f"chart {self.name} has no alt text")

    def png(self, dpi: int) -> bytes:
        """Draw the picture anew as PNG on white."""
        return self.canvas.png(dpi)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a chart is about: file name, item wording, note on base and interval, accent colour and width."""

    name: str
    title: str
    note: str
    accent: str
    width_mm: float = FULL_MM


def accent_of(place: int) -> str:
    """The colour of the need area at that place of the schema."""
    return ACCENTS[place % len(ACCENTS)]


def finish(frame: Frame, canvas: Canvas, height_mm: float, alt: str, table: ChartTable) -> Chart:
    """What was drawn, with what stands around it."""
    return Chart(
        frame.name, canvas.svg(), frame.width_mm, height_mm, alt, frame.title, frame.note, table, canvas
    )


def bars_table(bars: Sequence[Bar], words: Wording, first: str = "answer_head") -> ChartTable:
    """Label, share and interval of each bar; `first` is the phrase over the labels."""
    header = [words.say(first), words.say("share"), words.say("interval")]
    return ChartTable(header, [[bar.label, *cells_of(bar, words)] for bar in bars])


def cells_of(bar: Bar, words: Wording) -> list[str]:
    """Share and interval as marked cells; a dot where they may not be shown."""
    if not bar.shown:
        return ["•", "•"]
    return [mark(words.percent(bar.value), bar.key), mark(words.interval(bar.low, bar.high), bar.key)]


def draw_interval(canvas: Canvas, bar: Bar, left_mm: float, scale: float, y_mm: float) -> None:
    """A thin line, white inside the bar and dark beyond its end."""
    low, end, high = (left_mm + share * scale for share in (bar.low, bar.value, bar.high))
    canvas.line([(low, y_mm), (end, y_mm)], "#ffffff", 1.0)
    canvas.line([(end, y_mm), (high, y_mm)], INK, 1.0)


def write_numbers(canvas: Canvas, right_mm: float, y_mm: float, bar: Bar, words: Wording) -> None:
    """The share and its interval in two columns that end at `right_mm`."""
    canvas.write((right_mm - 15, y_mm), words.percent(bar.value), weight=600, align="right")
    canvas.write((right_mm, y_mm), words.interval(bar.low, bar.high), SMALL_PT, GREY, align="right")


def told(bar: Bar, words: Wording) -> str:
    """Label, share and interval in one phrase, for alt texts."""
    if not bar.shown:
        return f"{bar.label}: {words.say('not_shown')}"
    return f"{bar.label} {words.percent(bar.value)} ({words.interval(bar.low, bar.high)})"


def broken(label: str, width_mm: float) -> str:
    """A label in lines that fit a width."""
    return textwrap.fill(label, max(8, int((width_mm - 2) / LETTER_MM)), break_long_words=False)


def spread(wanted_mm: Sequence[float], apart_mm: float, low_mm: float, high_mm: float) -> list[float]:
    """Move places of labels so far apart that none covers another, in their order, between two bounds.

    What is pushed out at the lower bound pushes the others back; too many labels for the room overlap evenly.
    """
    order = sorted(range(len(wanted_mm)), key=lambda place: wanted_mm[place])
    apart_mm = min(apart_mm, (high_mm - low_mm) / max(len(order) - 1, 1))
    found = list(wanted_mm)
    floor = low_mm
    for place in order:
        found[place] = max(found[place], floor)
        floor = found[place] + apart_mm
    ceiling = high_mm
    for place in reversed(order):
        found[place] = min(found[place], ceiling)
        ceiling = found[place] - apart_mm
    return found
