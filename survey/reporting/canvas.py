"""Shapes and words in millimetres from the top left -> SVG, the same bytes every time (the door to matplotlib)."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import cache, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from numpy.typing import NDArray

from survey.files import digest

FONTS = Path(__file__).parents[1] / "fonts"
MM_PER_INCH = 25.4
INK, GREY, RULE, PALE = "#1c2a33", "#56636c", "#c9d1d6", "#eef2f4"
TEXT_PT, SMALL_PT = 8.0, 7.0
LETTER_MM = 1.52
"""Mean width of a letter of Noto Sans at TEXT_PT; labels are broken by it."""

HATCH_MM = 0.9
"""Distance of the lines of a hatching."""

Point = tuple[float, float]


P = ParamSpec("P")
DRAWN: dict[str, bytes] = {}
"""Pictures by what is on them: a report that is made again draws only those that have changed."""
MOST_DRAWN = 512


def _later(stroke: Callable[Concatenate[Canvas, P], None]) -> Callable[Concatenate[Canvas, P], None]:
    """Keep a stroke until the picture is asked for: whoever asks for none waits for none."""

    @wraps(stroke)
    def keep(canvas: Canvas, /, *args: P.args, **named: P.kwargs) -> None:
        canvas._strokes.append((stroke, args, named))
        canvas._figure = None

    return keep


class Canvas:
    """An empty picture; what is drawn later lies on top."""

    def __init__(self, width_mm: float, height_mm: float) -> None:
        self._size_mm = (width_mm, height_mm)
        self._strokes: list[tuple[Callable[..., None], tuple[Any, ...], dict[str, Any]]] = []
        self._figure: Figure | None = None

    def _draw(self) -> Figure:
        """Make all strokes, in order."""
        width_mm, height_mm = self._size_mm
        figure = Figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH))
        figure.patch.set_alpha(0)
        self._ax = figure.add_axes((0, 0, 1, 1))
        self._ax.set_axis_off()
        self._ax.set_xlim(0, width_mm)
        self._ax.set_ylim(height_mm, 0)
        self._ax.set_autoscale_on(False)
        self._order = 1.0
        for stroke, args, named in self._strokes:
            stroke(self, *args, **named)
        return figure

    def _digest(self) -> str:
        """Digest of what is on the picture."""
        told = [
            (
                stroke.__name__,
                [digest(one.tobytes()) if isinstance(one, np.ndarray) else one for one in args],
                named,
            )
            for stroke, args, named in self._strokes
        ]
        return digest(repr((self._size_mm, told)))

    def _above(self) -> float:
        self._order += 0.001
        return self._order

    @_later
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
        self._ax.add_artist(shape)  # add_patch and plot would reckon with limits that are fixed

    @_later
    def area(self, points_mm: Sequence[Point], fill: str) -> None:
        """A filled polygon."""
        self._ax.add_artist(
            Polygon(list(points_mm), closed=True, facecolor=fill, linewidth=0, zorder=self._above())
        )

    @_later
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
        self._ax.add_artist(
            Line2D(xs, ys, color=colour, lw=width_pt, ls=drawn, solid_capstyle=style, zorder=self._above())
        )

    @_later
    def hatch(self, corner_mm: Point, size_mm: Point, colour: str) -> None:
        """Slanted lines over a rectangle, as one path."""
        (x, y), (width, height) = corner_mm, size_mm
        clip = Rectangle(corner_mm, width, height, transform=self._ax.transData)
        starts = np.arange(x - height, x + width, HATCH_MM)
        xs = np.stack([starts, starts + height, np.full_like(starts, np.nan)], axis=1).ravel()
        ys = np.tile([y + height, y, np.nan], len(starts))
        lines = Line2D(xs, ys, color=colour, lw=0.6, zorder=self._above())
        self._ax.add_artist(lines)
        lines.set_clip_path(clip)

    @_later
    def picture(self, corner_mm: Point, size_mm: Point, grey: NDArray[np.uint8]) -> None:
        """An image of grey values (rows, columns), 0..255, as it is."""
        (x, y), (width, height) = corner_mm, size_mm
        self._ax.imshow(
            grey, cmap="gray", vmin=0, vmax=255, extent=(x, x + width, y + height, y), interpolation="none",
            aspect="auto", zorder=self._above(),
        )  # fmt: skip

    @_later
    def dot(self, at_mm: Point, marker: str, size_pt: float, fill: str, *, edge: str = "#ffffff") -> None:
        """A marker by its centre: o, s, D, ^, v or P."""
        self._ax.add_artist(
            Line2D(
                [at_mm[0]], [at_mm[1]], ls="None", marker=marker, ms=size_pt, color=fill, mec=edge, mew=0.7,
                zorder=self._above(),
            )
        )  # fmt: skip

    @_later
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
        return self._saved("svg", metadata={"Date": None, "Creator": None})

    def png(self, dpi: int) -> bytes:
        """The picture on white, with that many pixels an inch."""
        return self._saved(
            "png", dpi=dpi, facecolor="#ffffff", metadata={"Software": None}, pil_kwargs={"compress_level": 3}
        )

    def _saved(self, kind: str, **options: Any) -> bytes:
        """The picture in a format, drawn once whatever it is asked for as, and not again while nothing changes."""
        name = f"{self._digest()}.{kind}.{options.get('dpi', 0)}"
        if name not in DRAWN:
            target = io.BytesIO()
            with matplotlib.rc_context(_style()):
                if self._figure is None:
                    self._figure = self._draw()
                self._figure.savefig(target, format=kind, **options)
            if len(DRAWN) >= MOST_DRAWN:
                DRAWN.clear()
            DRAWN[name] = target.getvalue()
        return DRAWN[name]


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
