"""Pairs of crops (scan, blank) -> probability of a mark, by the forward pass of a small network in NumPy.

Two convolutions of 3 x 3 with 2 x 2 maximum pooling, then two dense layers: 15,209 weights, trained on simulated
strokes only (bench/train.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from survey.files import digest

WEIGHTS_FILE = Path(__file__).with_name("weights.npz")
CROP_PX = 30
BATCH = 32  # boxes at a time: what a step makes of them stays in the processor's cache
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """The network's layers; convolutions have shape (out, in * 9)."""

    conv1: Floats
    bias1: Floats
    conv2: Floats
    bias2: Floats
    dense1: Floats
    bias3: Floats
    dense2: Floats
    bias4: Floats
    slope: float
    """Calibration: the logit is multiplied by this …"""
    offset: float
    """… and this is added."""


@cache
def load_weights(path: Path = WEIGHTS_FILE) -> Weights:
    """Load the trained weights shipped with the program."""
    with np.load(path) as stored:
        layers = {name: stored[name].astype(np.float32) for name in stored.files if stored[name].ndim}
        return Weights(**layers, slope=float(stored["slope"]), offset=float(stored["offset"]))


@cache
def weights_digest(path: Path = WEIGHTS_FILE) -> str:
    """Digest of the weights: new weights make old probabilities stale."""
    return digest(path.read_bytes())


def windows(images: Floats) -> Floats:
    """Lay out all 3 x 3 windows, for training: (n, channels, h, w) -> (n, h - 2, w - 2, channels * 9)."""
    views = sliding_window_view(images, (3, 3), axis=(2, 3))
    n, channels, h, w = views.shape[:4]
    return np.ascontiguousarray(views.transpose(0, 2, 3, 1, 4, 5)).reshape(n, h, w, channels * 9)


def pool(images: Floats) -> Floats:
    """Maximum over 2 x 2, for training: (n, h, w, channels) -> (n, channels, h / 2, w / 2)."""
    n, h, w, channels = images.shape
    return images.reshape(n, h // 2, 2, w // 2, 2, channels).max(axis=(2, 4)).transpose(0, 3, 1, 2)


def probabilities(crops: Floats, blanks: Floats, weights: Weights) -> Floats:
    """Return p_marked, shape (n,), of darkness crops of shape (n, 30, 30), scan and blank."""
    parts = [
        _forward(np.stack([crops[at : at + BATCH], blanks[at : at + BATCH]], axis=1), weights)
        for at in range(0, len(crops), BATCH)
    ]
    logits = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    return (1 / (1 + np.exp(-(weights.slope * logits + weights.offset)))).astype(np.float32)


def _forward(pairs: Floats, weights: Weights) -> Floats:
    """Run the network on pairs (n, 2, 30, 30); inside, the boxes are the last axis, so that rows are long."""
    images = np.ascontiguousarray(pairs.transpose(1, 2, 3, 0))
    first = _layer(images, weights.conv1, weights.bias1)
    second = _layer(first, weights.conv2, weights.bias2)
    flat = second.reshape(-1, len(pairs))
    hidden = np.maximum(weights.dense1 @ flat + weights.bias3[:, None], 0)
    return (weights.dense2 @ hidden + weights.bias4[:, None])[0]


def _layer(images: Floats, conv: Floats, bias: Floats) -> Floats:
    """Convolve, pool and rectify: (channels, h, w, n) -> (out, (h - 2) / 2, (w - 2) / 2, n)."""
    channels, h, w, n = images.shape
    columns = np.empty((channels, 3, 3, h - 2, w - 2, n), np.float32)
    for dy in range(3):
        for dx in range(3):
            columns[:, dy, dx] = images[:, dy : dy + h - 2, dx : dx + w - 2]
    maps = (conv @ columns.reshape(channels * 9, -1)).reshape(len(conv), h - 2, w - 2, n)
    rows = np.maximum(maps[:, ::2], maps[:, 1::2])
    pooled = np.maximum(rows[:, :, ::2], rows[:, :, 1::2])
    pooled += bias[:, None, None, None]
    return np.maximum(pooled, 0, out=pooled)
