"""Ink that nobody meant as a mark: specks, slips of the pen, remarks, arrows, rubbed-out pencil."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from survey.simulate.handwriting import smooth, write_digit, write_word
from survey.simulate.ink import Canvas, Pen, Points, Stroke, draw_pen, lay_ink, unit
from survey.simulate.marks import SHAPES, Box, Rng, Spot, Strokes, draw_line, draw_mark

ERASED_LEFT = (0.03, 0.15)  # share of a pencil mark's darkness that an eraser leaves


def draw_stray(canvas: Canvas, px_per_mm: float, box_mm: Box, kind: str, pen: Pen, rng: Rng) -> None:
    """Draw ink of STRAY_KINDS about a box that nobody meant as a mark, in place."""
    if kind == "erased":
        return _draw_erased(canvas, px_per_mm, box_mm, rng)
    x, y, w, h = box_mm
    centre, half = np.array([x + w / 2, y + h / 2]), np.array([w, h]) / 2
    return lay_ink(canvas, px_per_mm, _STRAYS[kind](Spot(centre, half, pen), rng), pen, rng)


def _beside(centre: Points, half: Points, rng: Rng, near: float = 1.15, far: float = 3.0) -> Points:
    """A point outside the box, at `near` to `far` of its half size from the centre."""
    angle, distance = rng.uniform(0, 6.3), rng.uniform(near, far)
    way = unit(angle)
    return np.asarray(centre + way / np.abs(way).max() * half * distance)


def _speck(at: Spot, rng: Rng) -> Strokes:
    specks = []
    for _ in range(int(rng.integers(1, 5))):
        point = at.centre + at.half * rng.uniform(-1.9, 1.9, 2)
        specks.append(
            Stroke(
                np.vstack([point, point + rng.normal(0, 0.08, 2)]),
                rng.uniform(0.3, 1),
                rng.uniform(0.25, 0.9),
                False,
            )
        )
    return specks


def _slip(at: Spot, rng: Rng) -> Strokes:
    """A short stroke beside the box, the pen touched the paper by accident."""
    start = _beside(at.centre, at.half, rng, 1.3, 2.6)
    away = (start - at.centre) / (np.hypot(*(start - at.centre)) + 1e-9)
    angle = np.arctan2(away[1], away[0]) + rng.uniform(-1.2, 1.2)
    end = start + rng.uniform(0.5, 4) * unit(angle)
    return [Stroke(draw_line(start, end, rng), rng.uniform(0.4, 1))]


def _through(at: Spot, rng: Rng) -> Strokes:
    """A long line over the box and far beyond: a column struck out, a pen dragged along."""
    angle = rng.choice([np.pi / 2, 0.0, rng.uniform(0, np.pi)]) + rng.normal(0, 0.06)
    way = unit(angle)
    middle = at.centre + at.half * rng.uniform(-1.2, 1.2, 2)
    start, end = (
        middle - way * at.half.max() * rng.uniform(5, 14),
        middle + way * at.half.max() * rng.uniform(5, 14),
    )
    return [Stroke(draw_line(start, end, rng, bow=0.01), rng.uniform(0.5, 1))]


def _note(at: Spot, rng: Rng) -> Strokes:
    """A question mark or exclamation mark beside the box."""
    size = rng.uniform(3, 7)
    side = rng.choice([-1, 1])
    left = at.centre[0] + side * (at.half[0] + rng.uniform(0.3, 3)) - (size * 0.6 if side < 0 else 0)
    place = (float(left), float(at.centre[1] - size * rng.uniform(0.3, 0.7)), size * 0.6, size)
    return write_digit("?" if rng.random() < 0.7 else "!", place, rng)


def _word(at: Spot, rng: Rng) -> Strokes:
    """A remark that begins beside the box, or ends just before it."""
    height, letters = rng.uniform(1.2, 2.4), int(rng.integers(2, 8))
    strokes, end = write_word(0.0, 0.0, letters, height, rng)
    x = (
        at.centre[0] + at.half[0] + rng.uniform(0.4, 2.5)
        if rng.random() < 0.6
        else at.centre[0] - at.half[0] - rng.uniform(0.6, 2.5) - end
    )
    point = np.array([x, at.centre[1] + at.half[1] * rng.uniform(-0.8, 1.6)])
    return [replace(stroke, points_mm=stroke.points_mm + point) for stroke in strokes]


def _underline(at: Spot, rng: Rng) -> Strokes:
    """The label beside the box underlined, the line ending at the box."""
    y = at.centre[1] + at.half[1] * rng.uniform(1.1, 1.9) * rng.choice([-1, 1], p=[0.15, 0.85])
    x = at.centre[0] + at.half[0] * rng.uniform(-1.2, 1.6)
    return [
        Stroke(
            draw_line(
                np.array([x, y]), np.array([x + rng.uniform(6, 25), y + rng.normal(0, 0.5)]), rng, bow=0.01
            )
        )
    ]


def _neighbour(at: Spot, rng: Rng) -> Strokes:
    """A mark in a box next to this one, whose ends come near."""
    way = np.array([[0, 1], [0, -1], [1, 0], [-1, 0]])[rng.integers(4)]
    place = at.centre + way * at.half * 2 * rng.uniform(1.25, 2.1)
    kind = ("tick", "cross", "slash", "scribble", "heavy cross", "revoke")[rng.integers(6)]
    gap = float(np.abs(place - at.centre).max() / at.half.max()) - 1
    return SHAPES[kind](at.moved(place - at.centre, min(1.2, max(0.7, gap))), rng)


def _arrow(at: Spot, rng: Rng) -> Strokes:
    """An arrow that points at the box and stops before it."""
    tip = _beside(at.centre, at.half, rng, 1.3, 1.8)
    away = (tip - at.centre) / (np.hypot(*(tip - at.centre)) + 1e-9)
    angle = np.arctan2(away[1], away[0])
    barbs = [tip + rng.uniform(1, 1.8) * unit(angle + turn) for turn in (-0.5, 0.5)]
    shaft = draw_line(tip + away * rng.uniform(4, 12), tip, rng)[:9]
    return [Stroke(shaft), Stroke(np.array([barbs[0], tip, barbs[1]]))]


def _brace(at: Spot, rng: Rng) -> Strokes:
    """A bracket along a column of boxes."""
    x = at.centre[0] + rng.choice([-1, 1]) * (at.half[0] + rng.uniform(0.4, 2))
    y, reach = at.centre[1] + rng.normal(0, 2), rng.uniform(4, 14)
    bend = rng.uniform(0.6, 1.8) * rng.choice([-1, 1])
    return [
        Stroke(
            smooth(
                np.array(
                    [[x - bend, y - reach], [x, y - reach * 0.9], [x, y + reach * 0.9], [x - bend, y + reach]]
                ),
                5,
            )
        )
    ]


_STRAYS: dict[str, Callable[[Spot, Rng], Strokes]] = {
    "speck": _speck, "slip": _slip, "through": _through, "note": _note, "word": _word,
    "underline": _underline, "neighbour": _neighbour, "arrow": _arrow, "brace": _brace,
}  # fmt: skip
STRAY_KINDS = (*_STRAYS, "erased")
"""Ink that is no mark. "through", "erased" and "speck" may lie inside the box, the others beside it."""


def _draw_erased(canvas: Canvas, px_per_mm: float, box_mm: Box, rng: Rng) -> None:
    """Draw a pencil mark and rub it out again."""
    height, width = canvas.shape
    x, y, w, h = box_mm
    left, top = max(0, int((x - w) * px_per_mm)), max(0, int((y - h) * px_per_mm))
    right, bottom = min(width, int((x + 2 * w) * px_per_mm)), min(height, int((y + 2 * h) * px_per_mm))
    if right <= left or bottom <= top:
        return
    patch = np.zeros((bottom - top, right - left), np.float32)
    inside = (x - left / px_per_mm, y - top / px_per_mm, w, h)
    kind = ("cross", "tick", "slash", "fill", "scribble")[rng.integers(5)]
    draw_mark(patch, px_per_mm, inside, kind, draw_pen(rng, kind="pencil"), rng)
    erase(patch, px_per_mm, rng)
    canvas[top:bottom, left:right] = np.maximum(canvas[top:bottom, left:right], patch)


def erase(ink: Canvas, px_per_mm: float, rng: Rng) -> None:
    """Rub pencil out, in place: little is left, unevenly, and smeared along the rubbing."""
    smear = max(1, int(rng.uniform(0.3, 1.5) * px_per_mm))
    left = rng.uniform(*ERASED_LEFT)
    rubbed = cv2.blur(ink, (smear, max(1, smear // 3)))
    ink[...] = left * (0.75 * ink + 0.6 * rubbed)
