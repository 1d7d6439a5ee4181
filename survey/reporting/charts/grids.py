"""Shares on two axes -> a heat map; shares of the rows of a matrix -> stacked bars."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from survey.reporting.canvas import (
    GREY,
    INK,
    LETTER_MM,
    SMALL_PT,
    TEXT_PT,
    Canvas,
    contrast,
    legible,
    mixed,
    readable_on,
)
from survey.reporting.charts.parts import LINE_MM, Chart, ChartTable, Frame, Heat, Stack, broken, finish
from survey.reporting.marked import mark
from survey.reporting.wording import Wording

FOOT_MM = 1.0
"""Height of the hatching at the foot of what stands on the far side of the middle."""


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
    return finish(frame, canvas, total, _heat_alt(frame, heat, words), _heat_table(heat, words))


def stacked_bars(frame: Frame, stacks: Sequence[Stack], options: Sequence[str], words: Wording) -> Chart:
    """One bar a row, a segment an option; with an even number of options from four on, about the middle."""
    label_mm, top = 52.0, 5.5
    labels = [broken(stack.label, label_mm) for stack in stacks]
    heights = [max(7.4, LINE_MM * (label.count("\n") + 1) + 2.0) for label in labels]
    total = sum(heights) + top + 2
    canvas = Canvas(frame.width_mm, total)
    colours = segment_colours(frame.accent, len(options))
    half = len(options) // 2 if _diverges(len(options)) else 0
    lefts = [sum(stack.shares[:half]) for stack in stacks if stack.shown]
    rights = [sum(stack.shares[half:]) for stack in stacks if stack.shown]
    scale = (frame.width_mm - label_mm - 12) / (max(lefts, default=0.0) + max(rights, default=1.0))
    zero = label_mm + max(lefts, default=0.0) * scale
    _draw_legend(canvas, label_mm, options, colours, half)
    canvas.write((frame.width_mm, 2.0), words.say("base_head"), SMALL_PT, GREY, align="right")
    y = top
    for stack, label, height in zip(stacks, labels, heights, strict=True):
        middle = y + height / 2
        canvas.write((0, middle), label)
        base = words.number(stack.base) if stack.shown else "•"
        canvas.write((frame.width_mm, middle), base, SMALL_PT, GREY, align="right")
        if stack.shown:
            start = zero - sum(stack.shares[:half]) * scale
            _draw_segments(canvas, stack, colours, (start, middle), scale, half, words)
        else:
            canvas.write((label_mm + 1, middle), words.say("not_shown"), SMALL_PT, GREY)
        y += height
    canvas.line([(zero, top), (zero, y)], INK, 0.6)
    alt = _stacks_alt(frame, stacks, options, words)
    return finish(frame, canvas, total, alt, _stacks_table(stacks, options, words))


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


def _shade(accent: str, share: float) -> str:
    """From nearly white to the accent at two thirds, and darker beyond."""
    if share < 2 / 3:
        return legible(mixed("#f3f6f8", accent, share * 1.5))
    return legible(mixed(accent, "#000000", (share - 2 / 3) * 1.3))


def _draw_segments(
    canvas: Canvas, stack: Stack, colours: Sequence[str], start_mm: tuple[float, float], scale: float, half: int,
    words: Wording,
) -> None:  # fmt: skip
    """The shares of a row side by side with their numbers; from the middle on hatched at the foot."""
    x, middle = start_mm
    for place, (share, colour) in enumerate(zip(stack.shares, colours, strict=True)):
        canvas.rectangle((x, middle - 2.4), (share * scale, 4.8), colour, edge="#ffffff", edge_pt=0.7)
        if half and place >= half:
            _hatch(canvas, (x, middle + 2.4 - FOOT_MM), (share * scale, FOOT_MM), colour)
        if share * scale > 6:
            at = (x + share * scale / 2, middle - (0.3 if half else 0))
            canvas.write(at, words.percent(share), SMALL_PT, readable_on(colour), align="center")
        x += share * scale
    left, width = start_mm[0], sum(stack.shares) * scale
    canvas.rectangle((left, middle - 2.4), (width, 4.8), edge=GREY, edge_pt=0.5)


def _draw_legend(
    canvas: Canvas, x_mm: float, options: Sequence[str], colours: Sequence[str], half: int
) -> None:
    for place, (label, colour) in enumerate(zip(options, colours, strict=True)):
        canvas.rectangle((x_mm, 0.8), (2.6, 2.4), colour, edge=GREY, edge_pt=0.5)
        if half and place >= half:
            _hatch(canvas, (x_mm, 2.2), (2.6, FOOT_MM), colour)
        canvas.write((x_mm + 3.6, 2.0), label, SMALL_PT)
        x_mm += 6.4 + len(label) * LETTER_MM * SMALL_PT / TEXT_PT


def _hatch(canvas: Canvas, corner_mm: tuple[float, float], size_mm: tuple[float, float], under: str) -> None:
    letters = readable_on(under)
    canvas.hatch(corner_mm, size_mm, mixed(under, letters, 0.75) if contrast(letters, under) > 6 else letters)


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
