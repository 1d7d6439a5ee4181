"""Shapes and words in millimetres from the top left -> SVG, the same bytes every time (the door to matplotlib)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from numpy.typing import NDArray

FONTS = Path(__file__).parents[1] / "fonts"
MM_PER_INCH = 25.4
INK, GREY, RULE, PALE = "#1c2a33", "#56636c", "#c9d1d6", "#eef2f4"
TEXT_PT, SMALL_PT = 8.0, 7.0
LETTER_MM = 1.52
"""Mean width of a letter of Noto Sans at TEXT_PT; labels are broken by it."""

HATCH_MM = 0.9
"""Distance of the lines of a hatching."""

Point = tuple[float, float]


class Canvas:
    """An empty picture; what is drawn later lies on top."""

    def __init__(self, width_mm: float, height_mm: float) -> None:
        with matplotlib.rc_context(_style()):
            self._figure = Figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH))
            self._figure.patch.set_alpha(0)
            self._ax = self._figure.add_axes((0, 0, 1, 1))
        self._ax.set_axis_off()
        self._ax.set_xlim(0, width_mm)
        self._ax.set_ylim(height_mm, 0)
        self._ax.set_autoscale_on(False)
        self._order = 1.0

    def _above(self) -> float:
        self._order += 0.001
        return self._order

    def rectangle(
        self,
        corner_mm: Point,
        size_mm: Point,
        fill: str = "none",
        *,
        edge: str = "none",
        edge_pt: float = 0.0,
    ) -> None:
        """A rectangle by its upper left corner."""
        shape = Rectangle(
            corner_mm, *size_mm, facecolor=fill, edgecolor=edge, linewidth=edge_pt, zorder=self._above()
        )
        self._ax.add_patch(shape)

    def area(self, points_mm: Sequence[Point], fill: str) -> None:
        """A filled polygon."""
        self._ax.add_patch(
            Polygon(list(points_mm), closed=True, facecolor=fill, linewidth=0, zorder=self._above())
        )

    def line(
        self,
        points_mm: Sequence[Point],
        colour: str,
        width_pt: float,
        cap: str = "butt",
        *,
        dashes: bool = False,
    ) -> None:
        """A line through points, full or in dashes; cap is butt or projecting."""
        xs, ys = zip(*points_mm, strict=True)
        style: Any = cap
        drawn: Any = (0, (3, 2)) if dashes else "-"
        self._ax.plot(xs, ys, color=colour, lw=width_pt, ls=drawn, solid_capstyle=style, zorder=self._above())

    def hatch(self, corner_mm: Point, size_mm: Point, colour: str) -> None:
        """Slanted lines over a rectangle, as one path."""
        (x, y), (width, height) = corner_mm, size_mm
        clip = Rectangle(corner_mm, width, height, transform=self._ax.transData)
        starts = np.arange(x - height, x + width, HATCH_MM)
        xs = np.stack([starts, starts + height, np.full_like(starts, np.nan)], axis=1).ravel()
        ys = np.tile([y + height, y, np.nan], len(starts))
        lines = self._ax.plot(xs, ys, color=colour, lw=0.6, zorder=self._above())
        lines[0].set_clip_path(clip)

    def picture(self, corner_mm: Point, size_mm: Point, grey: NDArray[np.uint8]) -> None:
        """An image of grey values (rows, columns), 0..255, as it is."""
        (x, y), (width, height) = corner_mm, size_mm
        self._ax.imshow(
            grey, cmap="gray", vmin=0, vmax=255, extent=(x, x + width, y + height, y), interpolation="none",
            aspect="auto", zorder=self._above(),
        )  # fmt: skip

    def dot(self, at_mm: Point, marker: str, size_pt: float, fill: str, *, edge: str = "#ffffff") -> None:
        """A marker by its centre: o, s, D, ^, v or P."""
        self._ax.plot(
            [at_mm[0]], [at_mm[1]], marker, ms=size_pt, color=fill, mec=edge, mew=0.7, zorder=self._above()
        )

    def write(
        self, at_mm: Point, text: str, size_pt: float = TEXT_PT, colour: str = INK,
        *, weight: int = 400, align: str = "left", stands: bool = False,
    ) -> None:  # fmt: skip
        """Text beside a point, vertically about it; `stands` puts it on the point."""
        several = "\n" in text
        vertical: Any = "bottom" if stands else "center" if several else "center_baseline"
        side: Any = align
        self._ax.text(
            *at_mm, text, fontsize=size_pt, color=colour, fontweight=weight, fontfamily="Noto Sans", ha=side,
            va=vertical, linespacing=1.1, zorder=self._above(),
        )  # fmt: skip

    def svg(self) -> bytes:
        """The picture; letters as outlines, so that no reader needs the font."""
        target = io.BytesIO()
        with matplotlib.rc_context(_style()):
            self._figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
        return target.getvalue()

    def png(self, dpi: int) -> bytes:
        """The picture on white, with that many pixels an inch; drawn each time it is asked for."""
        target = io.BytesIO()
        with matplotlib.rc_context(_style()):
            self._figure.savefig(
                target, format="png", dpi=dpi, facecolor="#ffffff", metadata={"Software": None}
            )
        return target.getvalue()


def mixed(colour: str, other: str, share: float) -> str:
    """A colour with that share of another one in it."""
    (r, g, b), (s, h, c) = to_rgb(colour), to_rgb(other)
    return to_hex((r + (s - r) * share, g + (h - g) * share, b + (c - b) * share))


def readable_on(colour: str) -> str:
    """Ink or white, whichever has more contrast (relative luminance of WCAG 2)."""
    return max(INK, "#ffffff", key=lambda letters: contrast(letters, colour))


def legible(colour: str) -> str:
    """The colour, lightened until letters on it can be read: a contrast of 4.5 (WCAG 1.4.3)."""
    while contrast(readable_on(colour), colour) < 4.5:
        colour = mixed(colour, "#ffffff", 0.05)
    return colour


def dark_enough(colour: str) -> str:
    """The colour, darkened until white letters on it, or it on white, can be read: a contrast of 4.5 (WCAG 1.4.3)."""
    while contrast("#ffffff", colour) < 4.5:
        colour = mixed(colour, "#000000", 0.05)
    return colour


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2)."""
    low, high = sorted([_luminance(one), _luminance(other)])
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


@cache
def _style() -> Any:
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(str(path))
    return {
        "font.family": "Noto Sans",
        "svg.hashsalt": "survey",
        "svg.fonttype": "path",
        "path.simplify": False,
    }
