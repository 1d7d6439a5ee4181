"""Rows of ESTIMATES in readers' words -> charts as SVG with computed alt texts, the same bytes every time.

Everything is drawn in millimetres from the top left, so that type and lines have the same size in every chart.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from survey.reporting.canvas import (
    GREY,
    INK,
    LETTER_MM,
    PALE,
    RULE,
    SMALL_PT,
    TEXT_PT,
    Canvas,
    legible,
    mixed,
    readable_on,
)
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


def bar_chart(frame: Frame, bars: Sequence[Bar], words: Wording) -> Chart:
    """Horizontal bars with intervals, the numbers in a column of their own."""
    is_wide = frame.width_mm > 100
    label_mm, number_mm = (58.0, 25.0) if is_wide else (31.0, 22.0)
    labels = [_broken(bar.label, label_mm) for bar in bars]
    heights = [max(6.4, LINE_MM * (label.count("\n") + 1) + 1.8) for label in labels]
    canvas = Canvas(frame.width_mm, sum(heights) + 1.0)
    reach = max([bar.high for bar in bars if bar.shown], default=1.0) or 1.0
    scale = (frame.width_mm - label_mm - number_mm - 4) / reach
    y = 0.5
    for bar, label, height in zip(bars, labels, heights, strict=True):
        middle = y + height / 2
        canvas.write((0, middle), label)
        if bar.shown:
            canvas.rectangle((label_mm, middle - 1.8), (bar.value * scale, 3.6), frame.accent)
            _interval(canvas, bar, label_mm, scale, middle)
            _numbers(canvas, frame.width_mm, middle, bar, words)
        else:
            canvas.write((label_mm + 1, middle), words.say("not_shown"), SMALL_PT, GREY)
        y += height
    canvas.line([(label_mm, 0.5), (label_mm, y)], INK, 0.6)
    told = "; ".join(_told(bar, words) for bar in bars)
    alt = words.say("alt_bars", title=frame.title, parts=told, note=frame.note)
    return _chart(frame, canvas, sum(heights) + 1.0, alt, _bars_table(bars, words))


def heat_map(frame: Frame, heat: Heat, words: Wording) -> Chart:
    """A grid of shares, darker where more, the numbers printed, a group of cells outlined."""
    left, top, legend = 22.0, 8.5, 7.0
    width, height = (frame.width_mm - left - 0.5) / len(heat.columns), 8.2
    total = top + height * len(heat.rows) + legend
    canvas = Canvas(frame.width_mm, total)
    most = max([share for row in heat.shares for share in row if share is not None], default=1.0) or 1.0
    for place, column in enumerate(heat.columns):
        label = textwrap.fill(column, max(6, int(width / LETTER_MM)))
        canvas.write((left + (place + 0.5) * width, top - 1.4), label, SMALL_PT, align="center", stands=True)
    for line, row in enumerate(heat.rows):
        y = top + line * height
        canvas.write((0, y + height / 2), row)
        for place, share in enumerate(heat.shares[line]):
            x = left + place * width
            colour = "#ffffff" if share is None else _shade(frame.accent, share / most)
            canvas.rectangle((x, y), (width, height), colour, edge="#ffffff", edge_pt=1.2)
            text = "•" if share is None else words.percent(share)
            canvas.write((x + width / 2, y + height / 2), text, TEXT_PT, readable_on(colour), align="center")
    _outline(canvas, heat.outlined, (left, top), (width, height))
    if heat.outline_label:
        y = total - 2.4
        canvas.rectangle((left + 0.4, y - 1.4), (4.4, 2.8), edge=INK, edge_pt=1.6)
        canvas.write((left + 7, y), words.say("outlined", label=heat.outline_label), SMALL_PT, GREY)
    return _chart(frame, canvas, total, _heat_alt(frame, heat, words), _heat_table(heat, words))


def stacked_bars(frame: Frame, stacks: Sequence[Stack], options: Sequence[str], words: Wording) -> Chart:
    """One bar a row, a segment an option; with an even number of options from four on, about the middle."""
    label_mm, top = 52.0, 5.5
    labels = [_broken(stack.label, label_mm) for stack in stacks]
    heights = [max(7.4, LINE_MM * (label.count("\n") + 1) + 2.0) for label in labels]
    total = sum(heights) + top + 2
    canvas = Canvas(frame.width_mm, total)
    colours = segment_colours(frame.accent, len(options))
    half = len(options) // 2 if _diverges(len(options)) else 0
    lefts = [sum(stack.shares[:half]) for stack in stacks if stack.shown]
    rights = [sum(stack.shares[half:]) for stack in stacks if stack.shown]
    scale = (frame.width_mm - label_mm - 12) / (max(lefts, default=0.0) + max(rights, default=1.0))
    zero = label_mm + max(lefts, default=0.0) * scale
    _legend(canvas, label_mm, 2.0, list(zip(options, colours, strict=True)))
    canvas.write((frame.width_mm, 2.0), words.say("base_head"), SMALL_PT, GREY, align="right")
    y = top
    for stack, label, height in zip(stacks, labels, heights, strict=True):
        middle = y + height / 2
        canvas.write((0, middle), label)
        base = words.number(stack.base) if stack.shown else "•"
        canvas.write((frame.width_mm, middle), base, SMALL_PT, GREY, align="right")
        if stack.shown:
            start = zero - sum(stack.shares[:half]) * scale
            _segments(canvas, stack, colours, (start, middle), scale, words)
        else:
            canvas.write((label_mm + 1, middle), words.say("not_shown"), SMALL_PT, GREY)
        y += height
    canvas.line([(zero, top), (zero, y)], INK, 0.6)
    alt = _stacks_alt(frame, stacks, options, words)
    return _chart(frame, canvas, total, alt, _stacks_table(stacks, options, words))


def dot_plot(
    frame: Frame, rows: Sequence[tuple[str, Sequence[Bar]]], groups: Sequence[str], words: Wording
) -> Chart:
    """For each row one dot a group with its interval, on a common scale of 0 to 100 %."""
    label_mm, pitch = 58.0, 3.2
    height = pitch * len(groups) + 3.6
    total, bottom = height * len(rows) + 12, 6 + height * len(rows)
    canvas = Canvas(frame.width_mm, total)
    scale = frame.width_mm - label_mm - 6
    colours = [frame.accent, INK, mixed(frame.accent, "#ffffff", 0.35), GREY, INK, GREY]
    for share in (0, 0.25, 0.5, 0.75, 1):
        x = label_mm + share * scale
        canvas.line([(x, 5.5), (x, bottom)], RULE, 0.5)
        canvas.write((x, bottom + 2.4), words.percent(share), SMALL_PT, GREY, align="center")
    x = label_mm
    for place, group in enumerate(groups):
        canvas.dot((x + 1.2, 2), MARKERS[place % 6], 4.6, colours[place % 6])
        canvas.write((x + 3.4, 2), group, SMALL_PT)
        x += 8 + len(group) * LETTER_MM
    for line, (label, bars) in enumerate(rows):
        y = 6 + height * line
        canvas.write((0, y + height / 2), _broken(label, label_mm - 4))
        if line:
            canvas.line([(0, y), (frame.width_mm, y)], RULE, 0.4)
        for place, bar in enumerate(bars):
            at, colour = y + 1.8 + pitch * (place + 0.5), colours[place % 6]
            if not bar.shown:
                canvas.write((label_mm + 1, at), f"• {bar.label}", SMALL_PT, GREY)
                continue
            canvas.line([(label_mm + bar.low * scale, at), (label_mm + bar.high * scale, at)], colour, 1.1)
            canvas.dot((label_mm + bar.value * scale, at), MARKERS[place % 6], 5.0, colour)
    told = "; ".join(f"{label}: " + ", ".join(_told(bar, words) for bar in bars) for label, bars in rows)
    alt = words.say("alt_dots", title=frame.title, parts=told, note=frame.note)
    header = ["", words.say("group_head"), words.say("share"), words.say("interval")]
    table = [[label, bar.label, *_cells(bar, words)] for label, bars in rows for bar in bars]
    return _chart(frame, canvas, total, alt, ChartTable(header, table))


def combination_chart(
    frame: Frame, sets: Sequence[tuple[str, str]], combinations: Sequence[Combination], words: Wording
) -> Chart:
    """One row a combination: filled dots for the sets in it, a bar for how often (after UpSet, Lex et al. 2014)."""
    number_mm, head, height = 25.0, 9.0, 6.2
    longest = max(len(word) for label, _ in sets for word in label.split())
    column = max(15.0, longest * LETTER_MM * SMALL_PT / TEXT_PT + 2)
    left = column * len(sets) + 3
    total = head + height * len(combinations) + 1
    canvas = Canvas(frame.width_mm, total)
    reach = max([row.bar.high for row in combinations if row.bar.shown], default=1.0) or 1.0
    scale = (frame.width_mm - left - number_mm - 3) / reach
    for place, (label, _) in enumerate(sets):
        at = ((place + 0.5) * column, head - 1.5)
        canvas.write(at, textwrap.fill(label, longest), SMALL_PT, align="center", stands=True)
    for line, row in enumerate(combinations):
        y = head + height * (line + 0.5)
        if line % 2 == 0:
            canvas.rectangle((0, y - height / 2), (frame.width_mm, height), PALE)
        if row.members:
            _membership(canvas, row.members, [colour for _, colour in sets], (column, y))
        else:
            canvas.write((2, y), row.bar.label, SMALL_PT, GREY)
        canvas.rectangle((left, y - 1.7), (row.bar.value * scale, 3.4), frame.accent)
        _interval(canvas, row.bar, left, scale, y)
        _numbers(canvas, frame.width_mm - 1, y, row.bar, words)
    told = "; ".join(_told(row.bar, words) for row in combinations)
    alt = words.say("alt_combinations", title=frame.title, parts=told, note=frame.note)
    table = _bars_table([row.bar for row in combinations], words, "combination_head")
    return _chart(frame, canvas, total, alt, table)


def return_curve(frame: Frame, days: Sequence[tuple[str, int]], words: Wording) -> Chart:
    """How many cases had come back by each day, as steps; `days` holds date and running total."""
    height, left, right = 34.0, 5.0, 12.0
    floor = 3 + height
    canvas = Canvas(frame.width_mm, height + 9)
    top = max(count for _, count in days)
    dates = [date.fromisoformat(day).toordinal() for day, _ in days]
    per_day = (frame.width_mm - left - right) / max(dates[-1] - dates[0] + 1, 1)
    xs = [left + (day - dates[0]) * per_day for day in dates]
    ys = [3 + height * (1 - count / top) for _, count in days]
    steps = [(xs[0], floor)]
    for x, y in zip(xs, ys, strict=True):
        steps += [(x, steps[-1][1]), (x, y)]
    steps.append((xs[-1] + per_day, ys[-1]))
    canvas.area([*steps, (xs[-1] + per_day, floor)], mixed(frame.accent, "#ffffff", 0.85))
    canvas.line(steps, frame.accent, 1.5, "projecting")
    canvas.line([(left, floor), (xs[-1] + per_day, floor)], INK, 0.6)
    canvas.write((xs[-1] + per_day + 1.5, ys[-1]), words.number(top), weight=600)
    every = -(-len(days) // 7)
    for place in range(0, len(days), every):
        canvas.line([(xs[place], floor), (xs[place], floor + 1)], INK, 0.6)
        canvas.write(
            (xs[place], floor + 3.2), words.short_day(days[place][0]), SMALL_PT, GREY, align="center"
        )
    told = "; ".join(f"{words.day(day)}: {words.number(count)}" for day, count in days)
    alt = words.say("alt_returns", title=frame.title, parts=told, note=frame.note)
    header = [words.say("day_head"), words.say("returned")]
    table = ChartTable(header, [[words.day(day), words.number(count)] for day, count in days])
    return _chart(frame, canvas, height + 9, alt, table)


def accent_of(place: int) -> str:
    """The colour of the need area at that place of the schema."""
    return ACCENTS[place % len(ACCENTS)]


def segment_colours(accent: str, count: int) -> list[str]:
    """With an even number from four on: accent to pale, then grey to dark; else from pale grey to the accent."""
    if _diverges(count):
        half = count // 2
        steps = [0.62 * place / max(half - 1, 1) for place in range(half)]
        near = [legible(mixed(accent, "#ffffff", step)) for step in steps]
        return near + [legible(mixed("#46525a", "#ffffff", step)) for step in reversed(steps)]
    return [legible(mixed(accent, "#dfe5e9", 1 - place / max(count - 1, 1))) for place in range(count)]


def _diverges(count: int) -> bool:
    return count >= 4 and count % 2 == 0


def _chart(frame: Frame, canvas: Canvas, height_mm: float, alt: str, table: ChartTable) -> Chart:
    return Chart(
        frame.name, canvas.svg(), frame.width_mm, height_mm, alt, frame.title, frame.note, table, canvas
    )


def _bars_table(bars: Sequence[Bar], words: Wording, first: str = "answer_head") -> ChartTable:
    header = [words.say(first), words.say("share"), words.say("interval")]
    return ChartTable(header, [[bar.label, *_cells(bar, words)] for bar in bars])


def _cells(bar: Bar, words: Wording) -> list[str]:
    """Share and interval as marked cells; a dot where they may not be shown."""
    if not bar.shown:
        return ["•", "•"]
    return [mark(words.percent(bar.value), bar.key), mark(words.interval(bar.low, bar.high), bar.key)]


def _heat_table(heat: Heat, words: Wording) -> ChartTable:
    rows = []
    for line, (label, shares) in enumerate(zip(heat.rows, heat.shares, strict=True)):
        keys = heat.keys[line] if heat.keys else [""] * len(shares)
        told = [
            "•" if share is None else mark(words.percent(share), key)
            for share, key in zip(shares, keys, strict=True)
        ]
        rows.append([label, *told])
    return ChartTable(["", *heat.columns], rows)


def _stacks_table(stacks: Sequence[Stack], options: Sequence[str], words: Wording) -> ChartTable:
    rows = []
    for stack in stacks:
        keys = stack.keys or [""] * len(options)
        pairs = zip(stack.shares, keys, strict=True)
        told = [mark(words.percent(share), key) if stack.shown else "•" for share, key in pairs]
        base = mark(words.number(stack.base), keys[0]) if stack.shown else "•"
        rows.append([stack.label, *told, base])
    return ChartTable(["", *options, words.say("base_head")], rows)


def _shade(accent: str, share: float) -> str:
    """From nearly white to the accent at two thirds, and darker beyond."""
    if share < 2 / 3:
        return legible(mixed("#f3f6f8", accent, share * 1.5))
    return legible(mixed(accent, "#000000", (share - 2 / 3) * 1.3))


def _numbers(canvas: Canvas, right_mm: float, y_mm: float, bar: Bar, words: Wording) -> None:
    canvas.write((right_mm - 15, y_mm), words.percent(bar.value), weight=600, align="right")
    canvas.write((right_mm, y_mm), words.interval(bar.low, bar.high), SMALL_PT, GREY, align="right")


def _interval(canvas: Canvas, bar: Bar, left_mm: float, scale: float, y_mm: float) -> None:
    """A thin line, white inside the bar and dark beyond its end."""
    low, end, high = (left_mm + share * scale for share in (bar.low, bar.value, bar.high))
    canvas.line([(low, y_mm), (end, y_mm)], "#ffffff", 1.0)
    canvas.line([(end, y_mm), (high, y_mm)], INK, 1.0)


def _segments(
    canvas: Canvas,
    stack: Stack,
    colours: Sequence[str],
    start_mm: tuple[float, float],
    scale: float,
    words: Wording,
) -> None:
    x, middle = start_mm
    for share, colour in zip(stack.shares, colours, strict=True):
        canvas.rectangle((x, middle - 2.4), (share * scale, 4.8), colour, edge="#ffffff", edge_pt=0.7)
        if share * scale > 6:
            at = (x + share * scale / 2, middle)
            canvas.write(at, words.percent(share), SMALL_PT, readable_on(colour), align="center")
        x += share * scale


def _membership(
    canvas: Canvas, members: Sequence[bool], colours: Sequence[str], column_and_y_mm: tuple[float, float]
) -> None:
    column, y = column_and_y_mm
    inside = [(place + 0.5) * column for place, member in enumerate(members) if member]
    if len(inside) > 1:
        canvas.line([(inside[0], y), (inside[-1], y)], GREY, 1.2)
    for place, (member, colour) in enumerate(zip(members, colours, strict=True)):
        at = ((place + 0.5) * column, y)
        canvas.dot(at, "o", 6.4, colour if member else "#ffffff", edge=colour if member else "#8a969e")


def _legend(canvas: Canvas, x_mm: float, y_mm: float, entries: Sequence[tuple[str, str]]) -> None:
    for label, colour in entries:
        canvas.rectangle((x_mm, y_mm - 1.2), (2.6, 2.4), colour)
        canvas.write((x_mm + 3.6, y_mm), label, SMALL_PT)
        x_mm += 6.4 + len(label) * LETTER_MM * SMALL_PT / TEXT_PT


def _outline(
    canvas: Canvas, marked: list[list[bool]], origin_mm: tuple[float, float], cell_mm: tuple[float, float]
) -> None:
    """Draw the border between marked and unmarked cells."""
    (left, top), (w, h) = origin_mm, cell_mm

    def is_marked(line: int, place: int) -> bool:
        return 0 <= line < len(marked) and 0 <= place < len(marked[0]) and marked[line][place]

    for line in range(len(marked) + 1):
        for place in range(len(marked[0]) + 1 if marked else 0):
            x, y = left + place * w, top + line * h
            if is_marked(line, place) != is_marked(line - 1, place):
                canvas.line([(x, y), (x + w, y)], INK, 1.6, "projecting")
            if is_marked(line, place) != is_marked(line, place - 1):
                canvas.line([(x, y), (x, y + h)], INK, 1.6, "projecting")


def _heat_alt(frame: Frame, heat: Heat, words: Wording) -> str:
    cells = [
        (share, f"{row}, {column}")
        for row, line in zip(heat.rows, heat.shares, strict=True)
        for column, share in zip(heat.columns, line, strict=True)
        if share is not None
    ]
    ranked = sorted(cells, key=lambda cell: -cell[0])
    most = "; ".join(f"{name} {words.percent(share)}" for share, name in ranked[:5])
    least = "; ".join(f"{name} {words.percent(share)}" for share, name in ranked[-3:])
    return words.say("alt_heat", title=frame.title, parts=most, low=least, note=frame.note)


def _stacks_alt(frame: Frame, stacks: Sequence[Stack], options: Sequence[str], words: Wording) -> str:
    def told(stack: Stack) -> str:
        if not stack.shown:
            return words.say("not_shown")
        return ", ".join(f"{o} {words.percent(s)}" for o, s in zip(options, stack.shares, strict=True))

    parts = "; ".join(f"{stack.label}: {told(stack)}" for stack in stacks)
    return words.say("alt_stacks", title=frame.title, parts=parts, note=frame.note)


def _told(bar: Bar, words: Wording) -> str:
    if not bar.shown:
        return f"{bar.label}: {words.say('not_shown')}"
    return f"{bar.label} {words.percent(bar.value)} ({words.interval(bar.low, bar.high)})"


def _broken(label: str, width_mm: float) -> str:
    return textwrap.fill(label, max(8, int((width_mm - 2) / LETTER_MM)), break_long_words=False)
