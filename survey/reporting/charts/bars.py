"""Shares with intervals -> bars, dots beside each other, and bars of combinations."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from survey.reporting.canvas import GREY, INK, LETTER_MM, PALE, RULE, SMALL_PT, TEXT_PT, Canvas, mixed
from survey.reporting.charts.parts import (
    LINE_MM,
    MARKERS,
    Bar,
    Chart,
    ChartTable,
    Combination,
    Frame,
    bars_table,
    broken,
    cells_of,
    draw_interval,
    finish,
    told,
    write_numbers,
)
from survey.reporting.wording import Wording


def bar_chart(frame: Frame, bars: Sequence[Bar], words: Wording) -> Chart:
    """Horizontal bars with intervals, the numbers in a column of their own."""
    is_wide = frame.width_mm > 100
    label_mm, number_mm = (58.0, 25.0) if is_wide else (31.0, 22.0)
    labels = [broken(bar.label, label_mm) for bar in bars]
    heights = [max(5.6, LINE_MM * (label.count("\n") + 1) + 1.4) for label in labels]
    canvas = Canvas(frame.width_mm, sum(heights) + 1.0)
    reach = max([bar.high for bar in bars if bar.shown], default=1.0) or 1.0
    scale = (frame.width_mm - label_mm - number_mm - 4) / reach
    y = 0.5
    for bar, label, height in zip(bars, labels, heights, strict=True):
        middle = y + height / 2
        canvas.write((0, middle), label)
        if bar.shown:
            canvas.rectangle((label_mm, middle - 1.8), (bar.value * scale, 3.6), frame.accent)
            draw_interval(canvas, bar, label_mm, scale, middle)
            write_numbers(canvas, frame.width_mm, middle, bar, words)
        else:
            canvas.write((label_mm + 1, middle), words.say("not_shown"), SMALL_PT, GREY)
        y += height
    canvas.line([(label_mm, 0.5), (label_mm, y)], INK, 0.6)
    parts = "; ".join(told(bar, words) for bar in bars)
    alt = words.say("alt_bars", title=frame.title, parts=parts, note=frame.note)
    return finish(frame, canvas, sum(heights) + 1.0, alt, bars_table(bars, words))


def dot_plot(
    frame: Frame, rows: Sequence[tuple[str, Sequence[Bar]]], groups: Sequence[str], words: Wording
) -> Chart:
    """For each row one dot a group with its interval, on a common scale of 0 to 100 %."""
    label_mm, pitch = 58.0, 2.5
    height = pitch * len(groups) + 2.4
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
        canvas.write((0, y + height / 2), broken(label, label_mm - 4))
        if line:
            canvas.line([(0, y), (frame.width_mm, y)], RULE, 0.4)
        for place, bar in enumerate(bars):
            at, colour = y + 1.2 + pitch * (place + 0.5), colours[place % 6]
            if not bar.shown:
                canvas.write((label_mm + 1, at), f"• {bar.label}", SMALL_PT, GREY)
                continue
            canvas.line([(label_mm + bar.low * scale, at), (label_mm + bar.high * scale, at)], colour, 1.1)
            canvas.dot((label_mm + bar.value * scale, at), MARKERS[place % 6], 5.0, colour)
    parts = "; ".join(f"{label}: " + ", ".join(told(bar, words) for bar in bars) for label, bars in rows)
    alt = words.say("alt_dots", title=frame.title, parts=parts, note=frame.note)
    header = ["", words.say("group_head"), words.say("share"), words.say("interval")]
    table = [[label, bar.label, *cells_of(bar, words)] for label, bars in rows for bar in bars]
    return finish(frame, canvas, total, alt, ChartTable(header, table))


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
        draw_interval(canvas, row.bar, left, scale, y)
        write_numbers(canvas, frame.width_mm - 1, y, row.bar, words)
    parts = "; ".join(told(row.bar, words) for row in combinations)
    alt = words.say("alt_combinations", title=frame.title, parts=parts, note=frame.note)
    table = bars_table([row.bar for row in combinations], words, "combination_head")
    return finish(frame, canvas, total, alt, table)


def _membership(
    canvas: Canvas, members: Sequence[bool], colours: Sequence[str], column_and_y_mm: tuple[float, float]
) -> None:
    column, y = column_and_y_mm
    inside = [(place + 0.5) * column for place, member in enumerate(members) if member]
    if len(inside) > 1:
        canvas.line([(inside[0], y), (inside[-1], y)], GREY, 1.2)
    for place, (member, colour) in enumerate(zip(members, colours, strict=True)):
        at = ((place + 0.5) * column, y)
        canvas.dot(at, "o", 6.4, colour if member else "#ffffff", edge=colour if member else GREY)
