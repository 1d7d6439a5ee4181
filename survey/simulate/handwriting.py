"""Letters, words and digits -> the strokes of a hand. The words say nothing: they only look written."""

from __future__ import annotations

import numpy as np

from survey.simulate.ink import Points, Stroke

# Digits in a box of 100 × 100, y downwards: x,y … | the pen lifts. Several ways to write 1, 4 and 7.
_SIGNS = {
    "0": ["50,2 15,30 12,70 45,100 82,75 85,30 55,0"],
    "1": ["25,30 55,0 55,100", "50,0 48,100"],
    "2": ["15,25 30,5 65,2 80,25 55,60 12,98 88,97"],
    "3": ["18,10 55,0 78,20 45,46 82,70 60,97 15,92"],
    "4": ["45,0 12,62 88,62 | 66,35 62,100", "70,100 70,0 10,66 92,64"],
    "5": ["25,2 20,45 55,38 82,62 65,95 15,95 | 25,3 82,2"],
    "6": ["70,0 30,30 15,70 40,100 78,82 70,52 35,55 18,75"],
    "7": ["12,5 85,3 40,100", "12,5 85,3 40,100 | 30,50 78,47"],
    "8": ["70,15 40,0 22,22 70,60 75,88 45,100 20,80 65,40 72,14"],
    "9": ["78,30 50,50 20,30 45,2 76,20 74,60 50,100"],
    "?": ["15,25 35,0 75,8 78,35 50,55 48,75 | 47,95 50,98"],
    "!": ["50,0 48,70 | 47,93 50,97"],
}  # fmt: skip


def write_digit(
    sign: str, box_mm: tuple[float, float, float, float], rng: np.random.Generator
) -> list[Stroke]:
    """Return the strokes of a digit, ? or ! written about into a box."""
    x, y, w, h = box_mm
    ways = _SIGNS[sign]
    lines = ways[rng.integers(len(ways))].split(" | ")
    size = np.array([w * rng.uniform(0.45, 0.72), h * rng.uniform(0.5, 0.8)])
    corner = np.array([x, y]) + (np.array([w, h]) - size) * rng.uniform(0.25, 0.75, 2)
    slant = rng.normal(0.05, 0.12)
    strokes = []
    for line in lines:
        knots = np.array([[float(number) for number in pair.split(",")] for pair in line.split()]) / 100
        points = smooth(knots + rng.normal(0, 0.035, knots.shape))
        points[:, 0] += (0.5 - points[:, 1]) * slant
        strokes.append(Stroke(corner + points * size))
    return strokes


def write_word(
    left_mm: float, base_mm: float, letters: int, height_mm: float, rng: np.random.Generator
) -> tuple[list[Stroke], float]:
    """Return the strokes of a joined-up scrawl on a base line, and where it ends, mm."""
    slant, narrow = rng.normal(0.25, 0.15), rng.uniform(0.75, 1.15)
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


def write_lines(
    box_mm: tuple[float, float, float, float], words: int, rng: np.random.Generator, *, pen_mm: float = 0.4
) -> list[Stroke]:
    """Return a few words of scrawl inside a free-text field, line under line until it is full.

    A thick pen writes large. In a narrow field words are short, so that at least one is written.
    """
    x, y, w, h = box_mm
    height = max(rng.uniform(1.7, 2.8), 4.0 * pen_mm)
    pitch = max(height * 2.9, min(8.0, h / max(1, round(h / 8))))
    base, at = y + min(pitch * 0.75, h * 0.8), x + rng.uniform(1.5, 4)
    tilt = rng.normal(0, 0.008)
    strokes: list[Stroke] = []
    for _ in range(words):
        letters = min(int(rng.integers(2, 11)), max(1, int((w - 6) / height)))
        if at + letters * height > x + w - 2:
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
