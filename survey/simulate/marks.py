"""What a hand does in a box -> the strokes of a mark, one shape for each kind of mark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from survey.simulate.handwriting import smooth
from survey.simulate.ink import Canvas, Pen, Points, Stroke, lay_ink, unit

Box = tuple[float, float, float, float]  # x, y, width, height in mm
Rng = np.random.Generator
Strokes = list[Stroke]

OVERSHOOT = 0.15  # how far an ordinary mark's ends lie outside the box, share of its half size


@dataclass(frozen=True)
class Spot:
    """Where a hand aims with its pen, and what it means to cover there."""

    centre: Points
    half: Points
    """Half width and half height, mm."""
    pen: Pen
    oval: bool = False

    def moved(self, by_mm: Points, scale: float) -> Spot:
        """The same pen at another place and size."""
        return replace(self, centre=self.centre + by_mm, half=self.half * scale)


def draw_mark(
    canvas: Canvas,
    px_per_mm: float,
    box_mm: Box,
    kind: str,
    pen: Pen,
    rng: Rng,
    *,
    offset_mm: tuple[float, float] = (0.0, 0.0),
    overshoot: float = OVERSHOOT,
    oval: bool = False,
) -> None:
    """Draw one mark of MARK_KINDS on the canvas in place.

    `offset_mm` moves it off the box; `overshoot` lets its ends leave the box, in shares of the box's half
    size (negative: a mark smaller than the box); `oval` says that the box is a circle or an oval.
    """
    x, y, w, h = box_mm
    centre = np.array([x + w / 2, y + h / 2]) + offset_mm
    half = np.array([w, h]) / 2 * (1 + overshoot)
    if kind in {"ring", "revoke"}:
        half = np.array([w, h]) / 2
    lay_ink(canvas, px_per_mm, SHAPES[kind](Spot(centre, half, pen, oval), rng), pen, rng)


def draw_line(start: Points, end: Points, rng: Rng, *, bow: float = 0.06) -> Points:
    """A line as a hand draws it: slightly bowed, slightly shaky, sometimes with a hook at an end."""
    way = end - start
    length = float(np.hypot(*way)) + 1e-9
    across = np.array([-way[1], way[0]]) / length
    t = np.linspace(0, 1, 9)
    bowed = rng.normal(0, bow) * length * 4 * t * (1 - t)
    shake = 0.035 * np.sin(t * rng.uniform(5, 14) + rng.uniform(0, 6.3)) * rng.uniform(0.2, 1.8)
    points = start + t[:, None] * way + (bowed + shake)[:, None] * across
    if rng.random() < 0.16:
        points = np.vstack([points, _hook(points[-1], points[-1] - points[-3], rng)])
    if rng.random() < 0.10:
        points = np.vstack([_hook(points[0], points[0] - points[2], rng)[::-1], points])
    return points


def _hook(at: Points, way: Points, rng: Rng) -> Points:
    """The little turn a pen makes when it leaves the paper late."""
    angle = np.arctan2(way[1], way[0]) + rng.choice([-1, 1]) * rng.uniform(1.3, 2.6)
    size = rng.uniform(0.2, 0.8)
    return np.array([at + 0.5 * size * unit(angle), at + size * unit(angle + 0.4)])


def _end(centre: Points, half: Points, u: float, v: float, rng: Rng, spread: float = 0.14) -> Points:
    """A point of the box (-1..1 in both directions), about."""
    return np.asarray(centre + half * (np.array([u, v]) + rng.normal(0, spread, 2)))


def _with_habits(strokes: Strokes, pen: Pen, rng: Rng) -> Strokes:
    """Sometimes rest the pen at an end (a blob), sometimes go over a stroke again."""
    more: Strokes = []
    for stroke in strokes:
        if rng.random() < 0.10 and pen.kind != "pencil":
            spot = stroke.points_mm[0 if rng.random() < 0.5 else -1]
            more.append(
                Stroke(np.vstack([spot, spot + rng.normal(0, 0.05, 2)]), 1.1, rng.uniform(1.3, 1.8), False)
            )
        if rng.random() < 0.05:
            again = stroke.points_mm + rng.normal(0, 0.18, 2) + rng.normal(0, 0.04, stroke.points_mm.shape)
            more.append(Stroke(again, rng.uniform(0.7, 1.1)))
    return strokes + more


def _cross(at: Spot, rng: Rng) -> Strokes:
    reach = at.half * rng.uniform(0.62, 1.05) * (0.8 if at.oval else 1.0)
    turn = rng.normal(0, 0.12)
    u, v = np.cos(np.pi / 4 + turn) * 1.41, np.sin(np.pi / 4 + turn) * 1.41
    a, b = _end(at.centre, reach, -u, -v, rng), _end(at.centre, reach, u, v, rng)
    c, d = _end(at.centre, reach, v, -u, rng), _end(at.centre, reach, -v, u, rng)
    way = rng.random()
    if way < 0.16:  # in one go, the pen never lifted
        lines = [smooth(np.array([a, at.centre, b, (b + c) / 2 + at.half * [0.15, 0], c, d]), 5)]
    elif way < 0.26:  # two bows back to back, as some write an x
        middle = reach * [0.12, 0]
        lines = [
            smooth(np.array([a, at.centre - middle, d]), 6),
            smooth(np.array([c, at.centre + middle, b]), 6),
        ]
    elif way < 0.32:  # an upright cross
        top, foot = _end(at.centre, reach, 0, -1.1, rng), _end(at.centre, reach, 0, 1.1, rng)
        west, east = _end(at.centre, reach, -1.1, 0, rng), _end(at.centre, reach, 1.1, 0, rng)
        lines = [draw_line(top, foot, rng), draw_line(west, east, rng)]
    else:
        lines = [draw_line(a, b, rng), draw_line(c, d, rng)]
    return _with_habits([Stroke(line) for line in lines], at.pen, rng)


def _heavy_cross(at: Spot, rng: Rng) -> Strokes:
    strokes: Strokes = []
    for _ in range(int(rng.integers(2, 5))):
        strokes += _cross(at.moved(rng.normal(0, 0.16, 2), rng.uniform(0.85, 1.1)), rng)
    return strokes


def _star(at: Spot, rng: Rng) -> Strokes:
    bar = draw_line(_end(at.centre, at.half, -1, 0, rng), _end(at.centre, at.half, 1, 0, rng), rng)
    return [*_cross(at, rng), Stroke(bar)]


def _tick(at: Spot, rng: Rng) -> Strokes:
    side = -1.0 if rng.random() < 0.07 else 1.0
    long = rng.uniform(0.8, 1.9)
    start = _end(at.centre, at.half, -0.75 * side, rng.uniform(-0.5, 0.2), rng)
    foot = _end(at.centre, at.half, -0.15 * side, 0.7, rng)
    tip = _end(at.centre, at.half, 0.85 * long * side, -0.9 * long, rng, 0.2)
    if rng.random() < 0.4:  # a round foot
        middle = (foot + tip) / 2 + at.half * [0.12 * side, 0.12]
        return _with_habits(
            [
                Stroke(
                    smooth(
                        np.array(
                            [
                                start,
                                foot - at.half * [0.15 * side, 0.05],
                                foot + at.half * [0.15 * side, 0],
                                middle,
                                tip,
                            ]
                        ),
                        5,
                    )
                )
            ],
            at.pen,
            rng,
        )
    return _with_habits(
        [Stroke(np.vstack([draw_line(start, foot, rng)[:9], draw_line(foot, tip, rng)[-9:]]))], at.pen, rng
    )


def _slash(at: Spot, rng: Rng) -> Strokes:
    angle = rng.normal(-0.85, 0.28) if rng.random() < 0.82 else rng.uniform(-3.1, 0)
    reach = at.half * rng.uniform(0.75, 1.6)
    way = unit(angle) * reach * 1.3
    middle = at.centre + at.half * rng.normal(0, 0.18, 2)
    return _with_habits([Stroke(draw_line(middle - way, middle + way, rng))], at.pen, rng)


def _dash(at: Spot, rng: Rng) -> Strokes:
    reach, level = rng.uniform(0.6, 1.3), rng.normal(0, 0.25)
    return _with_habits(
        [
            Stroke(
                draw_line(
                    _end(at.centre, at.half, -reach, level, rng),
                    _end(at.centre, at.half, reach, level, rng),
                    rng,
                )
            )
        ],
        at.pen,
        rng,
    )


def _zigzag(
    centre: Points, half: Points, turns: int, angle: float, rng: Rng, oval: bool, shake: float = 0.13
) -> Points:
    """A to and fro across the box along `angle`, in a circle where the box is round."""
    along = np.linspace(-1, 1, turns)
    wide = np.sqrt(np.maximum(1 - along**2, 0.05)) if oval else np.ones(turns)
    side = np.where(np.arange(turns) % 2, 1.0, -1.0) * wide
    plane = np.column_stack([along, side]) + rng.normal(0, shake, (turns, 2))
    turned = plane @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    if not oval:
        turned = np.clip(turned, -1.15, 1.15)
    return np.asarray(centre + turned * half)


def _scribble(at: Spot, rng: Rng) -> Strokes:
    turns, angle = int(rng.integers(5, 12)), rng.uniform(-1.2, 1.2)
    return [
        Stroke(
            smooth(_zigzag(at.centre, at.half * rng.uniform(0.65, 1.1), turns, angle, rng, at.oval, 0.16), 4)
        )
    ]


def _fill(at: Spot, rng: Rng) -> Strokes:
    reach = np.maximum(at.half * rng.uniform(0.75, 1.05) - at.pen.width_mm / 2, 0.3)
    turns = int(np.clip(2 * reach.max() / (at.pen.width_mm * rng.uniform(0.55, 1.15)), 5, 40))
    angle = rng.uniform(-1.6, 1.6)
    strokes = [Stroke(_zigzag(at.centre, reach, turns, angle, rng, at.oval, 0.07), fades=False)]
    if rng.random() < 0.5:  # round the edge, or once more across
        again = (
            _round(at.centre, reach * 0.92, rng.uniform(1, 2), rng)
            if at.oval or rng.random() < 0.4
            else _zigzag(at.centre, reach, turns // 2 + 3, angle + 1.3, rng, at.oval, 0.1)
        )
        strokes.append(Stroke(again))
    return strokes


def _hatch(at: Spot, rng: Rng) -> Strokes:
    count, angle = int(rng.integers(3, 8)), rng.normal(-0.85, 0.5)
    way, across = unit(angle), np.array([-np.sin(angle), np.cos(angle)])
    strokes = []
    for place in np.linspace(-0.8, 0.8, count):
        reach = np.sqrt(max(1.15 - place**2, 0.15)) * rng.uniform(0.8, 1.15)
        middle = at.centre + at.half * (across * place + rng.normal(0, 0.06, 2))
        strokes.append(Stroke(draw_line(middle - way * reach * at.half, middle + way * reach * at.half, rng)))
    return strokes


def _dot(at: Spot, rng: Rng) -> Strokes:
    middle, size = (
        _end(at.centre, at.half, 0, 0, rng, 0.25),
        min(float(at.half.min()) * rng.uniform(0.12, 0.45), 0.9),
    )
    turns = max(1.0, size / (at.pen.width_mm * 0.8))
    t = np.linspace(0.15, 1, int(14 * turns) + 4)
    spiral = np.column_stack([np.cos(turns * 6.3 * t), np.sin(turns * 6.3 * t)]) * t[:, None]
    return [Stroke(middle + size * spiral * rng.uniform(0.75, 1.2, 2), 1.1, fades=False)]


def _round(centre: Points, half: Points, turns: float, rng: Rng) -> Points:
    """Go round `turns` times, the ends not quite meeting."""
    t = np.linspace(0, turns * 2 * np.pi, int(10 * turns) + 6) * rng.choice([-1, 1]) + rng.uniform(0, 6.3)
    wave = 1 + rng.normal(0, 0.05) * np.cos(2 * t) + rng.normal(0, 0.05) * np.sin(3 * t)
    drift = np.linspace(1, rng.normal(1, 0.08), len(t))
    ring = np.column_stack([np.cos(t), np.sin(t)]) * (wave * drift)[:, None]
    return np.asarray(centre + ring * half)


def _loop(at: Spot, rng: Rng) -> Strokes:
    """A small o inside the box."""
    return [
        Stroke(
            _round(
                _end(at.centre, at.half, 0, 0, rng),
                at.half * rng.uniform(0.4, 0.9, 2),
                rng.uniform(0.95, 2.2),
                rng,
            )
        )
    ]


def _ring(at: Spot, rng: Rng) -> Strokes:
    size = at.half * rng.uniform(1.3, 1.75) + rng.uniform(0.1, 0.6)
    size = size * [rng.uniform(0.95, 1.35), rng.uniform(0.82, 1.0)]  # lists leave more room sideways
    middle = at.centre + at.half * rng.normal(0, 0.15, 2)
    return [Stroke(smooth(_round(middle, size, rng.uniform(0.93, 1.25) + (rng.random() < 0.12), rng), 3))]


def _revoke(at: Spot, rng: Rng) -> Strokes:
    """Blacked out: to and fro over the whole box and its frame, in two or three directions, pressed hard."""
    reach = at.half * rng.uniform(0.98, 1.22)
    turns = int(np.clip(2 * reach.max() / (at.pen.width_mm * rng.uniform(0.6, 1.0)), 9, 34))
    strokes = [
        Stroke(
            _zigzag(at.centre + rng.normal(0, 0.12, 2), reach, turns, angle, rng, at.oval, 0.12),
            1.15,
            1.15,
            False,
        )
        for angle in rng.uniform(-0.5, 0.5) + np.array([0.1, 1.5, 0.8])[: rng.integers(2, 4)]
    ]
    if rng.random() < 0.4:
        strokes.append(Stroke(_round(at.centre, reach * 0.95, rng.uniform(1, 2.5), rng), 1.1))
    return strokes


SHAPES: dict[str, Callable[[Spot, Rng], Strokes]] = {
    "cross": _cross, "tick": _tick, "slash": _slash, "dash": _dash, "scribble": _scribble, "fill": _fill,
    "hatch": _hatch, "dot": _dot, "ring": _ring, "heavy cross": _heavy_cross, "star": _star, "loop": _loop,
    "revoke": _revoke,
}  # fmt: skip
MARK_KINDS = tuple(SHAPES)
"""Every kind of mark; "revoke" is the blacked-out correction, all others mean that the box is chosen."""
