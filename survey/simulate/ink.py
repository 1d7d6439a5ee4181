"""A pen and the strokes of a hand -> darkness on a canvas (float32, 0 paper .. 1 black)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Canvas = NDArray[np.float32]
Points = NDArray[np.float64]  # shape (n, 2), mm from the canvas's top left

DRAWN_PX_PER_MM = 24  # strokes are drawn at least this fine, then shrunk: an even edge at any resolution
STEP_MM = 0.3  # a stroke changes its pressure over about this length
LEVELS = 4  # pressures are drawn in this many steps, lightest first
SHIFT = 4  # fractional bits of cv2's coordinates: 1/16 pixel
GRAIN_PX = 512


@dataclass(frozen=True)
class PenKind:
    """What pens of one kind have in common: ranges that single pens are drawn from."""

    share: float
    width_mm: tuple[float, float]
    darkness: tuple[float, float]
    roughness: tuple[float, float]
    fade: tuple[float, float]
    skip: tuple[float, float]
    colours: tuple[str, ...]


BLUE_BLACK = ("blue", "black")
PEN_KINDS = {
    "ballpoint": PenKind(0.58, (0.22, 0.48), (0.6, 0.95), (0.05, 0.35), (0.1, 0.6), (0, 0.1), BLUE_BLACK),
    "gel": PenKind(0.12, (0.32, 0.62), (0.80, 0.98), (0.0, 0.10), (0.0, 0.2), (0, 0.02), BLUE_BLACK),
    "felt": PenKind(0.10, (0.50, 1.30), (0.78, 1.0), (0, 0.15), (0, 0.2), (0, 0), ("black", "blue", "red")),
    "fountain": PenKind(0.06, (0.40, 0.80), (0.60, 0.95), (0.0, 0.15), (0.1, 0.4), (0, 0.03), ("blue",)),
    "pencil": PenKind(0.14, (0.30, 0.75), (0.38, 0.75), (0.35, 0.80), (0.2, 0.7), (0, 0.05), ("grey",)),
}  # fmt: skip
FAINT_DARKNESS = (0.22, 0.40)  # a hard pencil held lightly
INK_RGB = {
    "black": (1.0, 1.0, 0.97), "blue": (1.0, 0.85, 0.35), "red": (0.30, 0.95, 0.90),
    "green": (0.95, 0.45, 0.85), "grey": (1.0, 1.0, 1.0),
}  # fmt: skip
"""How much of red, green and blue light an ink takes away, relative to its darkness."""


@dataclass(frozen=True)
class Pen:
    """One pen in one hand."""

    kind: str
    width_mm: float
    darkness: float
    """Darkness of a firm stroke, 0..1."""
    roughness: float
    """How much the paper's grain shows through, 0..1."""
    fade: float
    """How much lighter a stroke is at its ends, 0..1."""
    skip: float
    """Share of a stroke where the ink fails."""
    colour: str
    faint: bool = False


def draw_pen(rng: np.random.Generator, *, faint: bool = False, kind: str | None = None) -> Pen:
    """Draw a pen at random; `faint` gives a hard pencil held lightly."""
    name = "pencil" if faint else kind or _any_kind(rng)
    kinds = PEN_KINDS[name]
    return Pen(
        name,
        rng.uniform(*kinds.width_mm) * (0.8 if faint else 1.0),
        rng.uniform(*(FAINT_DARKNESS if faint else kinds.darkness)),
        rng.uniform(*kinds.roughness),
        rng.uniform(*kinds.fade),
        rng.uniform(*kinds.skip),
        kinds.colours[rng.integers(len(kinds.colours))],
        faint,
    )


def _any_kind(rng: np.random.Generator) -> str:
    names = list(PEN_KINDS)
    ends = np.cumsum([PEN_KINDS[name].share for name in names])
    return names[min(int(np.searchsorted(ends, rng.random() * ends[-1])), len(names) - 1)]


@dataclass(frozen=True)
class Stroke:
    """The pen's way from touching the paper to leaving it."""

    points_mm: Points
    press: float = 1.0
    """Pressure, relative to a firm stroke."""
    thick: float = 1.0
    """Width, relative to the pen's."""
    fades: bool = True


def lay_ink(
    canvas: Canvas, px_per_mm: float, strokes: Sequence[Stroke], pen: Pen, rng: np.random.Generator
) -> None:
    """Draw strokes on the canvas in place; what lies outside it is cut off."""
    if not strokes:
        return
    scale = max(1, int(np.ceil(DRAWN_PX_PER_MM / px_per_mm)))
    reach = pen.width_mm * max(stroke.thick for stroke in strokes) + 0.1
    corners = np.concatenate([stroke.points_mm for stroke in strokes])
    low = np.floor((corners.min(axis=0) - reach) * px_per_mm).astype(int)
    high = np.ceil((corners.max(axis=0) + reach) * px_per_mm).astype(int) + 1
    height, width = canvas.shape
    left, top = max(0, low[0]), max(0, low[1])
    right, bottom = min(width, high[0]), min(height, high[1])
    if right <= left or bottom <= top:
        return
    patch = np.zeros(((bottom - top) * scale, (right - left) * scale), np.uint8)
    origin_mm = np.array([left, top]) / px_per_mm
    _draw_by_pressure(patch, strokes, pen, rng, origin_mm, px_per_mm * scale)
    if scale > 1:
        patch = cv2.resize(patch, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
    ink = patch.astype(np.float32) * np.float32(1 / 255)
    if pen.roughness > 0.02:
        ink = _through_grain(ink, pen.roughness, px_per_mm, rng)
    _lay_over(canvas[top:bottom, left:right], ink)


def _draw_by_pressure(
    patch: NDArray[np.uint8],
    strokes: Sequence[Stroke],
    pen: Pen,
    rng: np.random.Generator,
    origin_mm: Points,
    px_per_mm: float,
) -> None:
    """Draw every segment with its own darkness and width, lightest first, so that crossings stay dark."""
    starts, ends, press, thick = [], [], [], []
    for stroke in strokes:
        points = resample(stroke.points_mm, STEP_MM)
        pressure = stroke.press * _pressure(len(points) - 1, stroke, pen, rng)
        starts.append(points[:-1])
        ends.append(points[1:])
        press.append(pressure)
        thick.append(np.full(len(pressure), stroke.thick) * (0.72 + 0.28 * np.minimum(pressure, 1.1)))
    segments = np.stack([np.concatenate(starts), np.concatenate(ends)], axis=1)
    width_px = pen.width_mm * px_per_mm * np.concatenate(thick)
    if pen.kind == "fountain":
        way = segments[:, 1] - segments[:, 0]
        width_px = width_px * (0.7 + 0.6 * np.abs(np.sin(np.arctan2(way[:, 1], way[:, 0]) - 0.8)))
    shade = np.clip(255 * pen.darkness * np.concatenate(press), 0, 255)
    pixels = np.round(((segments - origin_mm) * px_per_mm - 0.5) * (1 << SHIFT)).astype(np.int32)
    level = np.clip((shade / (shade.max() + 1e-6) * LEVELS).astype(int), 0, LEVELS - 1)
    for step in np.unique(level):
        here = level == step
        cv2.polylines(
            patch,
            list(pixels[here]),
            False,
            int(shade[here].mean()),
            max(1, round(float(width_px[here].mean()))),
            cv2.LINE_AA,
            SHIFT,
        )


def _pressure(count: int, stroke: Stroke, pen: Pen, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the relative pressure of each segment: slow swings, lighter ends, places where the ink fails."""
    along = (np.arange(count) + 0.5) / count
    phase = rng.uniform(0, 6.28, 2)
    pressure = 1 + 0.10 * np.sin(along * 5.1 + phase[0]) + 0.05 * np.sin(along * 13 + phase[1])
    if stroke.fades and pen.fade:
        start, end = rng.random(2) * pen.fade
        length_mm = count * STEP_MM
        pressure -= start * np.exp(-along * length_mm / 0.35) + end * np.exp((along - 1) * length_mm / 0.5)
    if pen.skip:
        pressure[rng.random(count) < pen.skip] *= rng.uniform(0.1, 0.6)
    return np.asarray(np.clip(pressure, 0.08, 1.2))


def unit(angle: float) -> Points:
    """The direction at an angle (radians, y downwards)."""
    return np.array([np.cos(angle), np.sin(angle)], np.float64)


def resample(points: Points, step_mm: float) -> Points:
    """Return points at even distances of about `step_mm` along a polyline, at least two."""
    way = np.hypot(*np.diff(points, axis=0).T)
    total = float(way.sum())
    if total < 1e-6:
        return np.array([points[0], points[0] + [0.01, 0]])
    at = np.concatenate([[0.0], np.cumsum(way)])
    wanted = np.linspace(0, total, max(2, int(np.ceil(total / step_mm)) + 1))
    return np.column_stack([np.interp(wanted, at, points[:, 0]), np.interp(wanted, at, points[:, 1])])


def _through_grain(ink: Canvas, roughness: float, px_per_mm: float, rng: np.random.Generator) -> Canvas:
    """Let the paper's grain take away ink, most where there is little of it."""
    grain = _grain()
    height, width = ink.shape
    if height > GRAIN_PX or width > GRAIN_PX:
        grain = np.tile(grain, (height // GRAIN_PX + 1, width // GRAIN_PX + 1))
    top = rng.integers(0, grain.shape[0] - height + 1)
    left = rng.integers(0, grain.shape[1] - width + 1)
    taken = grain[top : top + height, left : left + width] * np.float32(
        roughness * min(1.3, 0.7 + px_per_mm / 20)
    )
    return np.maximum(ink * (1 - taken), 0)


@lru_cache(maxsize=1)
def _grain() -> Canvas:
    """Return a fixed tile of paper grain, 0 smooth .. 1 a hollow the pen does not reach."""
    noise = np.random.default_rng(7).standard_normal((GRAIN_PX, GRAIN_PX)).astype(np.float32)
    mixed = cv2.GaussianBlur(noise, (0, 0), 0.6) * 1.9 + cv2.GaussianBlur(noise, (0, 0), 1.6) * 2.2
    return np.clip(0.42 + 0.33 * mixed, 0, 1).astype(np.float32)


def _lay_over(canvas: Canvas, ink: Canvas) -> None:
    """Put ink over what is there, in place: the darker counts, the lighter adds a little."""
    darker = np.maximum(canvas, ink)
    canvas[...] = darker + 0.3 * np.minimum(canvas, ink) * (1 - darker)
