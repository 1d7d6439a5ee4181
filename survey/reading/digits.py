"""Ink in comb cells -> how likely each digit is. A guess that sorts a person's work: it never becomes data.

Each cell's ink is brought to one size and place, then a network with one hidden layer compares it with digits that were
drawn by survey/simulate (bench/train_digits.py). How well it reads real hands nobody has measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

WEIGHTS_FILE = Path(__file__).with_name("digits.npz")
SIDE_PX = 20  # a digit as the network sees it
TALL_PX = 16  # its longer side within that
INK_DARK = 0.12  # darkness from which a pixel is ink, as in measure.py
SPECK_SHARE = 0.12  # a blot shorter than this share of the cell's height is dirt or a dot
LEAST_INK_PX = 6  # at 150 dpi; less is no digit
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class DigitWeights:
    """The network's layers: shapes (400, hidden), (hidden,), (hidden, 10), (10,)."""

    into: Floats
    bias_in: Floats
    out: Floats
    bias_out: Floats


@cache
def load_digit_weights(path: Path = WEIGHTS_FILE) -> DigitWeights:
    """Load the trained weights shipped with the program."""
    with np.load(path) as stored:
        return DigitWeights(**{name: stored[name].astype(np.float32) for name in stored.files})


def guess_digits(cells: Sequence[Floats], weights: DigitWeights) -> Floats:
    """Return the probabilities of 0 to 9 for each cell, shape (n, 10); a row of NaN where nothing is written.

    A cell is darkness 0..1 at 150 dpi, shape (h, w), without its frame, 0 where something is printed.
    """
    found = [normalise(cell) for cell in cells]
    guessed = np.full((len(cells), 10), np.nan, np.float32)
    written = [place for place, digit in enumerate(found) if digit is not None]
    if written:
        flat = np.stack([digit.ravel() for digit in found if digit is not None])
        guessed[written] = forward(flat, weights)
    return guessed


def forward(flat: Floats, weights: DigitWeights) -> Floats:
    """Run normalised digits, shape (n, 400), through the network; returns probabilities, shape (n, 10)."""
    hidden = np.maximum(flat @ weights.into + weights.bias_in, 0)
    logits = hidden @ weights.out + weights.bias_out
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def normalise(cell: Floats) -> Floats | None:
    """Bring a cell's ink to one size and to the middle, shape (20, 20); None where nothing is written."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (cell > INK_DARK).astype(np.uint8), connectivity=8
    )
    long_sides = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    strokes = 1 + np.flatnonzero(long_sides >= SPECK_SHARE * cell.shape[0])
    mask = np.isin(labels, strokes)
    if count == 1 or mask.sum() < LEAST_INK_PX:
        return None
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    digit = np.where(mask, cell, 0)[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    scale = TALL_PX / max(digit.shape)
    size = [max(1, round(side * scale)) for side in digit.shape[::-1]]
    small = cv2.resize(digit, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    v, u = (np.arange(side, dtype=np.float32) for side in small.shape)
    mass = float(small.sum())
    middle = (SIDE_PX - 1) / 2
    shift = (
        middle - float((small.sum(axis=0) * u).sum()) / mass,
        middle - float((small.sum(axis=1) * v).sum()) / mass,
    )
    matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
    laid = cv2.warpAffine(small, matrix, (SIDE_PX, SIDE_PX), flags=cv2.INTER_LINEAR)
    return np.asarray(laid / max(float(laid.max()), INK_DARK), np.float32)


def likeliest_number(guessed: Floats) -> tuple[str, float]:
    """Return a comb's likeliest digits, a blank for an empty cell, and the probability that all of them are right.

    `guessed` is what `guess_digits` says of its cells. A person types the number; this only lays like ones together.
    """
    empty = np.asarray(np.isnan(guessed).any(axis=1))
    best = np.where(empty[:, None], 0, guessed)
    digits = "".join(
        " " if blank else str(place) for blank, place in zip(empty, best.argmax(axis=1), strict=True)
    )
    return digits, float(np.prod(best.max(axis=1)[~empty])) if not empty.all() else 0.0
