"""A person -> how that person marks: one pen mostly, one kind of mark mostly, a size and a carelessness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.simulate.ink import Canvas, Pen, draw_pen
from survey.simulate.marks import Box
from survey.simulate.pens import draw_mark

HABIT_KINDS = {
    "cross": 0.58, "tick": 0.18, "slash": 0.05, "scribble": 0.05, "fill": 0.04, "heavy cross": 0.04,
    "hatch": 0.01, "dot": 0.015, "dash": 0.015, "star": 0.01, "loop": 0.01,
}  # fmt: skip
"""Share of people who mostly mark this way where a cross is asked for and shown."""
FILLING_KINDS = frozenset({"fill", "scribble", "hatch"})
"""Who marks by filling the box cannot take a mark back by filling it: such people black nothing out."""
WIDE_TIMES = 1.4  # a box so many times as wide as high leaves room beside a mark …
STRETCHED = 0.15  # … but some marks reach across it
OTHER_KIND = 0.06  # share of a person's marks that are of another kind than the usual one


@dataclass(frozen=True)
class Habit:
    """How one person marks boxes."""

    pen: Pen
    kind: str
    overshoot: float
    """How far marks usually leave the box, share of its half size; negative: small marks."""
    lean: tuple[float, float]
    """Where marks usually sit, share of the box's half size right of and below its middle."""
    care: float
    """Spread of the place about that, share of the box's half size."""


def draw_habit(rng: np.random.Generator, *, faint: bool = False) -> Habit:
    """Draw a person's habit; `faint` gives the person a hard pencil held lightly."""
    return Habit(
        draw_pen(rng, faint=faint),
        draw_kind(rng),
        float(np.clip(rng.normal(0.08, 0.22), -0.45, 0.9)),
        (float(rng.normal(0.02, 0.10)), float(rng.normal(0.0, 0.10))),
        float(rng.uniform(0.05, 0.22)),
    )


def draw_kind(rng: np.random.Generator) -> str:
    """Draw a kind of mark, as often as people use it."""
    names = list(HABIT_KINDS)
    shares = np.array(list(HABIT_KINDS.values()))
    return names[int(rng.choice(len(names), p=shares / shares.sum()))]


def place_in(box_mm: Box, rng: np.random.Generator) -> Box:
    """Draw where in a box much wider than high, or higher than wide, a hand marks: in a square about its middle."""
    x, y, w, h = box_mm
    if max(w, h) < WIDE_TIMES * min(w, h) or rng.random() < STRETCHED:
        return box_mm
    side = min(w, h) * rng.uniform(0.75, 1.3)
    kept_w, kept_h = min(w, side), min(h, side)
    left, top = np.clip(rng.normal(0.5, 0.18, 2), 0, 1)
    return float(x + left * (w - kept_w)), float(y + top * (h - kept_h)), kept_w, kept_h


def draw_by_habit(
    canvas: Canvas,
    px_per_mm: float,
    box_mm: Box,
    habit: Habit,
    rng: np.random.Generator,
    *,
    kind: str | None = None,
    half_outside: bool = False,
) -> str:
    """Draw a mark as this person does, of the given kind or the usual one; return the kind drawn.

    `half_outside` lets its middle lie at the box's edge.
    """
    drawn = kind or (draw_kind(rng) if rng.random() < OTHER_KIND else habit.kind)
    half = np.array(box_mm[2:]) / 2
    offset = half * (np.array(habit.lean) + rng.normal(0, habit.care, 2))
    if half_outside:
        side = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)][rng.integers(8)]
        offset = half * np.array(side) * rng.uniform(0.75, 1.05) / np.hypot(*side)
    overshoot = float(np.clip(habit.overshoot + rng.normal(0, 0.08), -0.5, 1.0))
    draw_mark(
        canvas,
        px_per_mm,
        box_mm,
        drawn,
        habit.pen,
        rng,
        offset_mm=(float(offset[0]), float(offset[1])),
        overshoot=overshoot,
    )
    return drawn
