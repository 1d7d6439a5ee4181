"""Counts and shares over time -> curves and slopes; what became of all envelopes -> a flow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from survey.reporting.canvas import GREY, INK, SMALL_PT, Canvas, mixed
from survey.reporting.charts.parts import (
    LINE_MM,
    MARKERS,
    Bar,
    Chart,
    ChartTable,
    Frame,
    broken,
    cells_of,
    finish,
    spread,
    told,
)
from survey.reporting.marked import mark
from survey.reporting.wording import Wording

LETTERS_OF_DATE_MM = 11.0
"""Room a date needs under an axis."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A count, and the parts it divides into; `is_lost` where nothing is known of it any more."""

    label: str
    count: int
    parts: list[Flow] = field(default_factory=list)
    is_lost: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Slope:
    """A share then and now; `holds` where the change goes beyond chance."""

    label: str
    before: Bar
    now: Bar
    holds: bool
    colour: str


def return_curve(frame: Frame, days: Sequence[tuple[str, int]], words: Wording) -> Chart:
    """How many cases had come back by each day, as steps; `days` holds date and running total, at least one."""
    height, left, right = 34.0, 5.0, 14.0
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
    _write_half(canvas, days, list(zip(xs, ys, strict=True)), floor, words)
    free = left - LETTERS_OF_DATE_MM
    for (day, _), x in zip(days, xs, strict=True):
        if x >= free + LETTERS_OF_DATE_MM:
            canvas.line([(x, floor), (x, floor + 1)], INK, 0.6)
            canvas.write((x, floor + 3.2), words.short_day(day), SMALL_PT, GREY, align="center")
            free = x
    parts = "; ".join(f"{words.day(day)}: {words.number(count)}" for day, count in days)
    alt = words.say("alt_returns", title=frame.title, parts=parts, note=frame.note)
    header = [words.say("day_head"), words.say("returned")]
    table = ChartTable(header, [[words.day(day), words.number(count)] for day, count in days])
    return finish(frame, canvas, height + 9, alt, table)


def _write_half(
    canvas: Canvas, days: Sequence[tuple[str, int]], points: Sequence[tuple[float, float]], floor_mm: float,
    words: Wording,
) -> None:  # fmt: skip
    """Say when half of all had come back, where there is room beside the curve."""
    place = next(place for place, (_, count) in enumerate(days) if 2 * count >= days[-1][1])
    x, y = points[place]
    canvas.line([(x, y), (x, floor_mm)], GREY, 0.6)
    canvas.write(
        (x + 1.5, floor_mm - 3), words.say("half_returned", day=words.short_day(days[place][0])), SMALL_PT
    )


def flow_chart(frame: Frame, flow: Flow, words: Wording) -> Chart:
    """A count that divides into parts, and those into parts again: bands as wide as their counts."""
    depth = max(level for _, level in _walk(flow))
    leaves = sum(not node.parts for node, _ in _walk(flow))
    height = max(30.0, 9.5 * leaves)
    canvas = Canvas(frame.width_mm, height + 2)
    pitch = (frame.width_mm - 44) / max(depth, 1)
    labels: list[tuple[float, float, Flow]] = []
    scale = (height - 3.0 * max(leaves - 1, 0)) / max(flow.count, 1)
    _draw_flow(canvas, flow, (0.0, 1.0), (pitch, scale), frame.accent, labels)
    for x in sorted({x for x, _, _ in labels}):
        column = [(y, node) for at, y, node in labels if at == x]
        places = spread([y for y, _ in column], 7.8, 3.0, height - 1.5)
        for (_, node), y in zip(column, places, strict=True):
            canvas.write((x + 5.5, y - 1.6), words.number(node.count), weight=600)
            canvas.write((x + 5.5, y + 1.9), node.label, SMALL_PT, GREY)
    rows = [[node.label, mark(words.number(node.count), node.key)] for node, _ in _walk(flow)]
    parts = "; ".join(f"{node.label} {words.number(node.count)}" for node, _ in _walk(flow))
    alt = words.say("alt_flow", title=frame.title, parts=parts, note=frame.note)
    return finish(frame, canvas, height + 2, alt, ChartTable(["", words.say("count_head")], rows))


def _walk(flow: Flow, level: int = 0) -> Iterator[tuple[Flow, int]]:
    yield flow, level
    for part in flow.parts:
        yield from _walk(part, level + 1)


def _draw_flow(
    canvas: Canvas, flow: Flow, corner_mm: tuple[float, float], pitch_and_scale: tuple[float, float], accent: str,
    labels: list[tuple[float, float, Flow]],
) -> float:  # fmt: skip
    """Draw a node and all that comes of it; returns how far down its parts reach, mm."""
    (x, y), (pitch, scale) = corner_mm, pitch_and_scale
    size = max(flow.count * scale, 0.4)
    below, start = y, y
    for part in flow.parts:
        band = part.count * scale
        pale = mixed(GREY if part.is_lost else accent, "#ffffff", 0.82)
        canvas.area(_band((x + 4, start), (x + pitch, below), band), pale)
        start += band
        below = _draw_flow(canvas, part, (x + pitch, below), pitch_and_scale, accent, labels) + 3.0
    fill = mixed(GREY, "#ffffff", 0.2) if flow.is_lost else accent
    canvas.rectangle((x, y), (4, size), fill)
    if flow.is_lost:
        canvas.hatch((x, y), (4, size), "#ffffff")
    labels.append((x, y + size / 2, flow))
    return max(y + size, below - 3.0)


def _band(
    start_mm: tuple[float, float], end_mm: tuple[float, float], size_mm: float
) -> list[tuple[float, float]]:
    """The outline of a band that swings from one place to another (a cosine would do; this is 3t² - 2t³)."""
    (x0, y0), (x1, y1) = start_mm, end_mm
    steps = [place / 16 for place in range(17)]
    upper = [(x0 + t * (x1 - x0), y0 + (3 * t**2 - 2 * t**3) * (y1 - y0)) for t in steps]
    return upper + [(x, y + size_mm) for x, y in reversed(upper)]


def slope_chart(frame: Frame, slopes: Sequence[Slope], ends: tuple[str, str], words: Wording) -> Chart:
    """Each share then on the left, now on the right, with intervals; a full line where the change holds."""
    height, top, left, right = max(52.0, 7.0 * len(slopes)), 7.0, 22.0, 78.0
    canvas = Canvas(frame.width_mm, top + height + 2)
    values = [end for slope in slopes for bar in (slope.before, slope.now) for end in (bar.low, bar.high)]
    low, high = min(values), max(values)

    def at(share: float) -> float:
        return top + height * (1 - (share - low) / ((high - low) or 1.0))

    for x, label in zip((left, right), ends, strict=True):
        canvas.line([(x, top - 1), (x, top + height + 1)], GREY, 0.5)
        canvas.write((x, 2), label, SMALL_PT, GREY, align="center")
    for place, slope in enumerate(slopes):
        for x, bar in ((left, slope.before), (right, slope.now)):
            shift = (place - (len(slopes) - 1) / 2) * 0.9
            canvas.line([(x + shift, at(bar.low)), (x + shift, at(bar.high))], slope.colour, 1.0)
            canvas.dot((x + shift, at(bar.value)), MARKERS[place % 6], 5.0, slope.colour)
        line = [(left + 3.5, at(slope.before.value)), (right - 3.5, at(slope.now.value))]
        canvas.line(line, slope.colour, 1.8 if slope.holds else 1.0, dashes=not slope.holds)
    bounds = (top, top + height)
    for slope, y in zip(
        slopes, spread([at(one.before.value) for one in slopes], LINE_MM + 0.6, *bounds), strict=True
    ):
        canvas.write((left - 6, y), words.percent(slope.before.value), SMALL_PT, slope.colour, align="right")
    for slope, y in zip(
        slopes, spread([at(one.now.value) for one in slopes], LINE_MM + 0.6, *bounds), strict=True
    ):
        canvas.write((right + 6, y), words.percent(slope.now.value), weight=600, colour=slope.colour)
        canvas.write((right + 16, y), broken(slope.label, frame.width_mm - right - 14), colour=slope.colour)
    parts = "; ".join(
        f"{ends[0]}: {told(one.before, words)}, {ends[1]}: {told(one.now, words)}" for one in slopes
    )
    header = ["", ends[0], words.say("interval"), ends[1], words.say("interval")]
    rows = [[one.label, *cells_of(one.before, words), *cells_of(one.now, words)] for one in slopes]
    alt = words.say("alt_slopes", title=frame.title, parts=parts, note=frame.note)
    return finish(frame, canvas, top + height + 2, alt, ChartTable(header, rows))
