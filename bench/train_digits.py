"""Simulated digits -> survey/reading/digits.npz, the weights that pre-sort combs for a person (make train)."""

from __future__ import annotations

import argparse

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.reading.digits import WEIGHTS_FILE, DigitWeights, forward, normalise
from survey.simulate.handwriting import write_digit
from survey.simulate.ink import draw_pen, lay_ink

PX_PER_MM = 150 / 25.4
CELL_MM = (4.0, 6.0)  # inside a comb cell of 5 x 7 mm
EACH = 2500  # examples of each digit
HIDDEN = 40
EPOCHS, BATCH, RATE, DECAY = 30, 64, 0.003, 1e-4
FAINT, ONE_BIT = 0.08, 0.4  # shares
OVER = 0.45  # digits are written up to so much larger than people are asked to
BEND_PX = 1.6  # spread of what a hand bends
Floats = NDArray[np.float32]


def draw_cell(digit: int, rng: np.random.Generator) -> Floats:
    """Write one digit into a cell, or beyond it, and scan it: darkness 0..1 at 150 dpi, bent, blurred, with dirt."""
    width, height = (round(side * PX_PER_MM) for side in CELL_MM)
    ink = np.zeros((height, width), np.float32)
    pen = draw_pen(rng, faint=bool(rng.random() < FAINT))
    over = np.array(CELL_MM) * rng.uniform(-0.1, OVER, 2)
    box = (-over[0] / 2, -over[1] / 2, CELL_MM[0] + over[0], CELL_MM[1] + over[1])
    lay_ink(ink, PX_PER_MM, write_digit(str(digit), box, rng), pen, rng)
    ink = cv2.GaussianBlur(_bend(ink, rng), (0, 0), rng.uniform(0.3, 0.9))
    ink = np.clip(ink + rng.normal(0, 0.02, ink.shape), 0, 1)
    if rng.random() < ONE_BIT:
        ink = np.where(ink > rng.uniform(0.15, 0.4), 1.0, 0.0)
    return ink.astype(np.float32)


def _bend(ink: Floats, rng: np.random.Generator) -> Floats:
    """Slant, turn and bend a digit, as hands differ (elastic distortion: Simard, Steinkraus & Platt 2003)."""
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), rng.normal(0, 6), 1)
    matrix[0, 1] += rng.normal(0, 0.15)
    matrix[:, 2] = np.array([width, height]) / 2 @ (np.eye(2) - matrix[:, :2]).T
    bends = [
        cv2.resize(rng.normal(0, BEND_PX, (4, 4)), (width, height), interpolation=cv2.INTER_CUBIC)
        for _ in "xy"
    ]
    v, u = np.mgrid[:height, :width]
    at = np.stack([u + bends[0], v + bends[1], np.ones_like(u)], axis=2) @ matrix.T
    return np.asarray(cv2.remap(ink, at.astype(np.float32), None, cv2.INTER_LINEAR))


def make_digits(each: int, seed: int) -> tuple[Floats, NDArray[np.int_]]:
    """Return normalised digits, shape (n, 400), and what they are; what no longer shows is left out."""
    rng = np.random.default_rng(seed)
    drawn = [(normalise(draw_cell(digit, rng)), digit) for _ in range(each) for digit in range(10)]
    kept = [(shape.ravel(), digit) for shape, digit in drawn if shape is not None]
    return np.stack([shape for shape, _ in kept]), np.array([digit for _, digit in kept])


def train(shapes: Floats, digits: NDArray[np.int_], seed: int) -> DigitWeights:
    """Train by Adam (Kingma & Ba 2015) on cross-entropy, the rate falling to nothing."""
    rng = np.random.default_rng(seed)
    w = {
        "into": rng.normal(0, np.sqrt(2 / 400), (400, HIDDEN)), "bias_in": np.zeros(HIDDEN),
        "out": rng.normal(0, np.sqrt(2 / HIDDEN), (HIDDEN, 10)), "bias_out": np.zeros(10),
    }  # fmt: skip
    w = {name: layer.astype(np.float32) for name, layer in w.items()}
    first, second = ({name: np.zeros_like(layer) for name, layer in w.items()} for _ in range(2))
    steps = EPOCHS * (len(shapes) // BATCH)
    for step in range(1, steps + 1):
        chosen = rng.integers(len(shapes), size=BATCH)
        gradients = _gradients(shapes[chosen], digits[chosen], DigitWeights(**w))
        for name, gradient in gradients.items():
            gradient = gradient + DECAY * w[name]
            first[name] = 0.9 * first[name] + 0.1 * gradient
            second[name] = 0.999 * second[name] + 0.001 * gradient**2
            move = (first[name] / (1 - 0.9**step)) / (np.sqrt(second[name] / (1 - 0.999**step)) + 1e-8)
            w[name] = (w[name] - RATE * (1 - step / steps) * move).astype(np.float32)
    return DigitWeights(**w)


def _gradients(shapes: Floats, digits: NDArray[np.int_], w: DigitWeights) -> dict[str, Floats]:
    hidden = np.maximum(shapes @ w.into + w.bias_in, 0)
    error = forward(shapes, w) - np.eye(10, dtype=np.float32)[digits]
    error /= len(shapes)
    back = (error @ w.out.T) * (hidden > 0)
    return {
        "into": shapes.T @ back,
        "bias_in": back.sum(0),
        "out": hidden.T @ error,
        "bias_out": error.sum(0),
    }


def main() -> None:
    """Train, tell how many digits of other seeds are read, and store the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=EACH)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    weights = train(*make_digits(options.each, options.seed), options.seed)
    shapes, digits = make_digits(100, options.seed + 1000)
    right = forward(shapes, weights).argmax(axis=1) == digits
    print(f"{right.mean():.1%} of {len(right):,} simulated digits of another seed are read")
    stored = {name: layer.astype(np.float16) for name, layer in vars(weights).items()}
    np.savez_compressed(WEIGHTS_FILE, **stored)


if __name__ == "__main__":
    main()
