"""Charts as SVG -> pieces for one HTML page: letters that many charts share stand in it once, and no id twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from survey.reporting.charts import Chart
from survey.reporting.marked import plain

GLYPH = re.compile(r'<path id="(NotoSans-[^"]+)"(.*?)/>', re.DOTALL)
"""An outline of a letter, which matplotlib names by font and number: the same name is the same outline."""
NAMED = re.compile(r' id="(?!NotoSans)([^"]+)"')
NO_USE = re.compile(r"<metadata>.*?</metadata>|<style.*?</style>|<defs>\s*</defs>", re.DOTALL)
REFERRED = re.compile(r'url\(#([^)]+)\)|xlink:href="#([^"]+)"')


def letters_of(charts: Sequence[Chart]) -> str:
    """One hidden SVG with every outline that any of the charts writes with."""
    found: dict[str, str] = {}
    for chart in charts:
        for name, outline in GLYPH.findall(chart.svg.decode("utf-8")):
            found.setdefault(name, outline)
    paths = "".join(f'<path id="{name}"{found[name]}/>' for name in sorted(found))
    return (
        f'<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>{paths}</defs></svg>'
    )


def inline_svg(chart: Chart) -> str:
    """The chart's SVG without its letters, named by its alt text; its ids begin with the chart's name."""
    text = chart.svg.decode("utf-8")
    text = NO_USE.sub("", GLYPH.sub("", text[text.index("<svg") :]))
    used = {name for pair in REFERRED.findall(text) for name in pair if name}
    own = re.sub(r"\W", "-", chart.name)

    def renamed(match: re.Match[str]) -> str:
        return f' id="{own}-{match[1]}"' if match[1] in used else ""

    def referred(match: re.Match[str]) -> str:
        if match[1]:
            return f"url(#{own}-{match[1]})"
        return match[0] if match[2].startswith("NotoSans") else f'xlink:href="#{own}-{match[2]}"'

    text = REFERRED.sub(referred, NAMED.sub(renamed, text))
    head, rest = text.split(">", 1)
    head = re.sub(r' (width|height|version|xmlns(:xlink)?)="[^"]*"', "", head).replace("xlink:href", "href")
    rest = re.sub(r">\s+<", "><", rest.replace("xlink:href", "href"))
    return f'{head} role="img" aria-label="{escape(plain(chart.alt))}">{rest}'.strip()
