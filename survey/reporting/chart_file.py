"""A chart -> an SVG file that stands on its own: item wording above, base and interval below, alt text inside."""

from __future__ import annotations

import re
import textwrap
from html import escape

from survey.reporting.canvas import GREY, INK, LETTER_MM
from survey.reporting.charts import Chart


def standalone(chart: Chart) -> bytes:
    """A chart as a file of its own: item wording above, base and interval below, alt text inside."""
    inner = chart.svg.decode("utf-8")
    inner = inner[inner.index("<svg") :].replace("<svg ", '<svg x="5" y="{top}" ', 1)
    inner = _sized(inner, chart)
    title = _lines(chart.title, chart.width_mm / (LETTER_MM * 1.25))
    note = _lines(chart.note, chart.width_mm / LETTER_MM)
    top = 7 + 5 * len(title)
    foot = top + chart.height_mm + 5
    height = foot + 4 * len(note)
    text = [_text(line, 8 + 5 * row, 3.8, INK, 600) for row, line in enumerate(title)]
    text += [_text(line, foot + 4 * row, 2.8, GREY, 400) for row, line in enumerate(note)]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{chart.width_mm + 10:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {chart.width_mm + 10:g} {height:g}" role="img" aria-labelledby="t d">\n'
        f'<title id="t">{escape(chart.title)}</title><desc id="d">{escape(chart.alt)}</desc>\n'
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n'
        + "\n".join(text)
        + "\n"
        + inner.replace("{top}", f"{top:g}", 1)
        + "</svg>\n"
    ).encode()


def _sized(inner: str, chart: Chart) -> str:
    """Give the inner picture its size in the outer one's millimetres instead of points."""
    head, rest = inner.split(">", 1)
    head = re.sub(r' (width|height)="[^"]*"', "", head)
    return f'{head} width="{chart.width_mm:g}" height="{chart.height_mm:g}">{rest}'


def _text(line: str, y_mm: float, size_mm: float, colour: str, weight: int) -> str:
    return (
        f'<text x="5" y="{y_mm:g}" font-family="Noto Sans, sans-serif" font-size="{size_mm:g}" '
        f'font-weight="{weight}" fill="{colour}">{escape(line)}</text>'
    )


def _lines(text: str, letters: float) -> list[str]:
    return textwrap.wrap(text, max(20, int(letters)))
