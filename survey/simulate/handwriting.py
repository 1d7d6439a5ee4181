"""Letters, words and digits -> the strokes of a hand. The words say nothing: they only look written."""

from __future__ import annotations

import numpy as np

from survey.simulate.ink import Points, Stroke

# Digits in a box of 1 × 1, y downwards; several strokes where the pen lifts. Two ways to write 1, 4 and 7.
_DIGITS: dict[str, list[list[list[tuple[float, float]]]]] = {
    "0": [[[(0.5, 0.02), (0.15, 0.3), (0.12, 0.7), (0.45, 1.0), (0.82, 0.75), (0.85, 0.3), (0.55, 0.0)]]],
    "1": [[[(0.25, 0.3), (0.55, 0.0), (0.55, 1.0)]], [[(0.5, 0.0), (0.48, 1.0)]]],
    "2": [[[(0.15, 0.25), (0.3, 0.05), (0.65, 0.02), (0.8, 0.25), (0.55, 0.6), (0.12, 0.98), (0.88, 0.97)]]],
    "3": [[[(0.18, 0.1), (0.55, 0.0), (0.78, 0.2), (0.45, 0.46), (0.82, 0.7), (0.6, 0.97), (0.15, 0.92)]]],
    "4": [
        [[(0.45, 0.0), (0.12, 0.62), (0.88, 0.62)], [(0.66, 0.35), (0.62, 1.0)]],
        [[(0.7, 1.0), (0.7, 0.0), (0.1, 0.66), (0.92, 0.64)]],
    ],
    "5": [[[(0.25, 0.02), (0.2, 0.45), (0.55, 0.38), (0.82, 0.62), (0.65, 0.95), (0.15, 0.95)], [(0.25, 0.03), (0.82, 0.02)]]],
    "6": [[[(0.7, 0.0), (0.3, 0.3), (0.15, 0.7), (0.4, 1.0), (0.78, 0.82), (0.7, 0.52), (0.35, 0.55), (0.18, 0.75)]]],
    "7": [[[(0.12, 0.05), (0.85, 0.03), (0.4, 1.0)]], [[(0.12, 0.05), (0.85, 0.03), (0.4, 1.0)], [(0.3, 0.5), (0.78, 0.47)]]],
    "8": [[[(0.7, 0.15), (0.4, 0.0), (0.22, 0.22), (0.7, 0.6), (0.75, 0.88), (0.45, 1.0), (0.2, 0.8), (0.65, 0.4), (0.72, 0.14)]]],
    "9": [[[(0.78, 0.3), (0.5, 0.5), (0.2, 0.3), (0.45, 0.02), (0.76, 0.2), (0.74, 0.6), (0.5, 1.0)]]],
    "?": [[[(0.15, 0.25), (0.35, 0.0), (0.75, 0.08), (0.78, 0.35), (0.5, 0.55), (0.48, 0.75)], [(0.47, 0.95), (0.5, 0.98)]]],
    "!": [[[(0.5, 0.0), (0.48, 0.7)], [(0.47, 0.93), (0.5, 0.97)]]],
}  # fmt: skip


def write_digit(sign: str, box_mm: tuple[float, float, float, float], rng: np.random.Generator) -> list[Stroke]:
    """Return the strokes of a digit, ? or ! written about into a box."""
    x, y, w, h = box_mm
    ways = _DIGITS[sign]
    lines = ways[rng.integers(len(ways))]
    size = np.array([w * rng.uniform(0.45, 0.72), h * rng.uniform(0.5, 0.8)])
    corner = np.array([x, y]) + (np.array([w, h]) - size) * rng.uniform(0.25, 0.75, 2)
    slant = rng.normal(0.05, 0.12)
    strokes = []
    for line in lines:
        points = smooth(np.array(line) + rng.normal(0, 0.035, (len(line), 2)))
        points[:, 0] += (0.5 - points[:, 1]) * slant
        strokes.append(Stroke(corner + points * size))
    return strokes


def write_word(
    left_mm: float, base_mm: float, letters: int, height_mm: float, rng: np.random.Generator
) -> tuple[list[Stroke], float]:
    """Return the strokes of a joined-up scrawl on a base line, and where it ends, mm."""
    slant, narrow = rng.normal(0.25, 0.15), rng.uniform(0.55, 0.9)
    x, points = left_mm, [(left_mm, base_mm)]
    extra: list[Stroke] = []
    for _ in range(letters):
        kind = rng.random()
        rise = height_mm * (rng.uniform(1.8, 2.3) if kind < 0.22 else rng.uniform(0.8, 1.15))
        fall = height_mm * rng.uniform(0.8, 1.2) if kind > 0.88 else 0.0
        wide = height_mm * narrow * rng.uniform(0.6, 1.4)
        bend = rng.uniform(-0.15, 0.35)
        points += [
            (x + wide * 0.45, base_mm - rise * 0.7),
            (x + wide * (0.35 - bend * 0.5), base_mm - rise),
            (x + wide * 0.2, base_mm - rise * 0.5),
            (x + wide * 0.35, base_mm + fall + rng.normal(0, 0.05) * height_mm),
            (x + wide * (0.6 - (0.5 if fall else 0)), base_mm + fall * 0.8 - 0.1 * height_mm),
            (x + wide, base_mm - height_mm * rng.uniform(0.1, 0.5)),
        ]
        if rng.random() < 0.1:
            dot = np.array([(x + wide * 0.5, base_mm - height_mm * 1.6)])
            extra.append(Stroke(np.vstack([dot, dot + rng.normal(0, 0.12, 2)]), fades=False))
        x += wide
    way = np.array(points)
    way[:, 0] += (base_mm - way[:, 1]) * slant
    return [Stroke(smooth(way, 5)), *extra], x


def write_lines(box_mm: tuple[float, float, float, float], words: int, rng: np.random.Generator) -> list[Stroke]:
    """Return a few words of scrawl inside a free-text field, line under line until it is full."""
    x, y, w, h = box_mm
    height = rng.uniform(1.6, 2.6)
    pitch = max(height * 2.9, min(8.0, h / max(1, round(h / 8))))
    base, at = y + min(pitch * 0.75, h * 0.8), x + rng.uniform(1.5, 4)
    tilt = rng.normal(0, 0.008)
    strokes: list[Stroke] = []
    for _ in range(words):
        letters = int(rng.integers(2, 11))
        if at + letters * height * 0.75 > x + w - 2:
            at, base = x + rng.uniform(1.5, 4), base + pitch
        if base > y + h - 0.5:
            break
        word, end = write_word(at, base + (at - x) * tilt, letters, height, rng)
        strokes += word
        at = end + height * rng.uniform(0.7, 1.3)
    return strokes


def smooth(points: Points, parts: int = 6) -> Points:
    """Return a Catmull-Rom curve through the points, `parts` steps between two of them."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = (np.arange(parts) / parts)[:, None, None]
    a, b, c, d = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return np.vstack([curve.transpose(1, 0, 2).reshape(-1, 2), points[-1:]])
