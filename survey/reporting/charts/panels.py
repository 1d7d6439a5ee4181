"""The same few shares in many groups -> a small panel a group; a printed page -> the page with results in its boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.reporting.canvas import GREY, INK, RULE, SMALL_PT, TEXT_PT, Canvas, mixed
from survey.reporting.charts.parts import Bar, Chart, ChartTable, Frame, broken, cells_of, finish, told
from survey.reporting.marked import mark
from survey.reporting.wording import Wording

COLUMNS = 4
FADED = 0.35
"""How far the print of a questionnaire fades towards white, so that results stand out from it."""
WIDER_MM = 1.9
"""How far a box is widened to the left, in mm of the questionnaire, so that three digits fit in it."""
PT_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Panel:
    """One group with its base and a share a row."""

    title: str
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Filled:
    """A box of the questionnaire in mm of its page, and what it says: the words to print, or none where hidden."""

    label: str
    x_mm: float
    y_mm: float
    w_mm: float
    h_mm: float
    share: float | None
    words: str
    key: str


def panels_chart(
    frame: Frame, panels: Sequence[Panel], overall: Sequence[Bar], colours: Sequence[str], words: Wording
) -> Chart:
    """A small chart a group, all on one scale; a thin line marks the share of all."""
    width, gap, row = (frame.width_mm - 3 * 4) / COLUMNS, 4.0, 4.2
    height = 5.5 + row * len(overall) + 2.5
    head = 5.0 * (1 + len(overall) // 5)
    lines = -(-len(panels) // COLUMNS)
    total = head + lines * height
    canvas = Canvas(frame.width_mm, total)
    reach = max([bar.high for panel in panels for bar in panel.bars if bar.shown], default=1.0) or 1.0
    scale = (width - 9) / reach
    x = 0.0
    for bar, colour in zip(overall, colours, strict=True):
        canvas.rectangle((x, 0.8), (2.6, 2.4), colour)
        canvas.write((x + 3.6, 2), bar.label, SMALL_PT)
        x += 7 + len(bar.label) * 1.5
    for place, panel in enumerate(panels):
        corner = (place % COLUMNS * (width + gap), head + place // COLUMNS * height)
        _draw_panel(canvas, panel, overall, colours, (*corner, width), scale, words)
    rows = [[panel.title, bar.label, *cells_of(bar, words)] for panel in panels for bar in panel.bars]
    parts = "; ".join(
        f"{panel.title}: " + ", ".join(told(bar, words) for bar in panel.bars) for panel in panels
    )
    header = [words.say("group_head"), "", words.say("share"), words.say("interval")]
    alt = words.say("alt_panels", title=frame.title, parts=parts, note=frame.note)
    return finish(frame, canvas, total, alt, ChartTable(header, rows))


def _draw_panel(
    canvas: Canvas, panel: Panel, overall: Sequence[Bar], colours: Sequence[str],
    corner_and_width_mm: tuple[float, float, float], scale: float, words: Wording,
) -> None:  # fmt: skip
    x, y, width = corner_and_width_mm
    canvas.write((x, y + 2), broken(panel.title, width + 8).split("\n")[0], SMALL_PT, weight=600)
    canvas.line([(x, y + 4.4), (x + width, y + 4.4)], RULE, 0.5)
    for line, (bar, every, colour) in enumerate(zip(panel.bars, overall, colours, strict=True)):
        middle = y + 7.4 + line * 4.2
        if not bar.shown:
            canvas.write((x, middle), "•", SMALL_PT, GREY)
            continue
        canvas.rectangle((x, middle - 1.3), (bar.value * scale, 2.6), colour)
        canvas.line([(x + bar.low * scale, middle), (x + bar.value * scale, middle)], "#ffffff", 0.8)
        canvas.line([(x + bar.value * scale, middle), (x + bar.high * scale, middle)], INK, 0.8)
        if every.shown:
            canvas.line(
                [(x + every.value * scale, middle - 1.9), (x + every.value * scale, middle + 1.9)], INK, 0.7
            )
        canvas.write((x + width, middle), words.percent(bar.value), SMALL_PT, align="right")


def facsimile_page(
    frame: Frame,
    page: NDArray[np.uint8],
    page_mm: tuple[float, float],
    boxes: Sequence[Filled],
    words: Wording,
) -> Chart:
    """A printed page, grey (rows, columns) 0..255, faded, with a share in each box and its size as a bar of colour."""
    scale = frame.width_mm / page_mm[0]
    height = page_mm[1] * scale
    canvas = Canvas(frame.width_mm, height)
    faded = (255 - (255 - page.astype(np.float64)) * (1 - FADED)).round().astype(np.uint8)
    canvas.picture((0, 0), (frame.width_mm, height), faded)
    canvas.rectangle((0, 0), (frame.width_mm, height), edge=RULE, edge_pt=0.6)
    for box in boxes:
        _fill(canvas, box, scale, frame.accent)
    rows = [[box.label, mark(box.words, box.key)] for box in boxes]
    parts = "; ".join(f"{box.label} {box.words}" for box in boxes)
    alt = words.say("alt_facsimile", title=frame.title, parts=parts, note=frame.note)
    return finish(
        frame, canvas, height, alt, ChartTable([words.say("answer_head"), words.say("share")], rows)
    )


def _fill(canvas: Canvas, box: Filled, scale: float, accent: str) -> None:
    """Paint a box white, fill it from below as far as its share, and write the share into it or over it."""
    wide = WIDER_MM if box.h_mm >= box.w_mm - 1 else 0.0
    x, y, w, h = (
        scale * length for length in (box.x_mm - wide, box.y_mm - 0.2, box.w_mm + 1.2 * wide, box.h_mm + 0.4)
    )
    canvas.rectangle((x, y), (w, h), "#ffffff", edge=accent, edge_pt=0.6)
    if box.share:
        size = h * min(box.share, 1.0)
        canvas.rectangle((x, y + h - size), (w, size), mixed(accent, "#ffffff", 0.72))
    size_pt = min(TEXT_PT, 0.72 * h * PT_PER_MM, 1.5 * w * PT_PER_MM / max(len(box.words), 2))
    canvas.write((x + w / 2, y + h / 2), box.words, size_pt, weight=600, align="center")
