"""Crops of a box and of its surroundings, scan beside blank -> what its ink means, by two small networks in NumPy.

The first looks at every box; where it is not sure a larger one looks, and where that is not either, from several
sides. Each has two branches, one for the box itself and one for what lies around it, of two convolutions of 3 x 3 with
2 x 2 maximum pooling; two dense layers join them. Trained on simulated strokes only (bench/train.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.files import digest

WEIGHTS_FILE = Path(__file__).with_name("weights.npz")
CROP_PX = 30
SURE_ODDS = 4.0  # logarithmic, a probability of .018 or .982: what is nearer to one half is looked at again …
SIDES = (0, 2, 5, 7)  # … first as it stands, and then, if need be, from the other sides, too
MOST_AT_ONCE = 32  # boxes: what a step makes of so many stays in the processor's cache
Floats = NDArray[np.float32]


class Views(NamedTuple):
    """What the network sees of n boxes: darkness 0..1, each of shape (n, 30, 30)."""

    crops: Floats
    """The box, filling the middle of the crop, on the scan …"""
    blanks: Floats
    """… and on the blank."""
    surroundings: Floats
    """The box at half that size, with all that lies around it, on the scan …"""
    blank_surroundings: Floats
    """… and on the blank."""

    def of(self, chosen: NDArray[np.bool_] | NDArray[np.int64] | slice) -> Views:
        """The views of some of the boxes."""
        return Views(*(view[chosen] for view in self))


@dataclass(frozen=True)
class Network:
    """One network: its layers by name, convolutions of shape (out, in * 9), dense layers (out, in), biases (out,)."""

    layers: dict[str, Floats]
    slopes: Floats
    """Calibration: each logit is multiplied by this …"""
    offsets: Floats
    """… and this is added."""

    def calibrated(self, raw: Floats) -> Floats:
        """Log odds, shape (n, 2), of what the layers give."""
        return np.asarray(self.slopes * raw + self.offsets)


@dataclass(frozen=True)
class Weights:
    """The trained networks."""

    first: Network
    second: Network


@cache
def load_weights(path: Path = WEIGHTS_FILE) -> Weights:
    """Load the trained weights shipped with the program."""
    networks: dict[str, dict[str, Floats]] = {"first": {}, "second": {}}
    with np.load(path) as stored:
        for name in stored.files:
            which, layer = name.split(".")
            networks[which][layer] = stored[name].astype(np.float32)
    return Weights(
        **{
            which: Network(slopes=arrays.pop("slopes"), offsets=arrays.pop("offsets"), layers=arrays)
            for which, arrays in networks.items()
        }
    )


@cache
def weights_digest(path: Path = WEIGHTS_FILE) -> str:
    """Digest of the weights: new weights make old probabilities stale."""
    return digest(path.read_bytes())


def probabilities(views: Views, weights: Weights) -> Floats:
    """Return, shape (n, 2): that somebody meant the ink in this box, and if so, that he blacked the box out."""
    odds = weights.first.calibrated(look(views, weights.first.layers))
    unsure = np.flatnonzero(is_unsure(odds))
    if len(unsure):
        odds[unsure] = weights.second.calibrated(look_again(views.of(unsure), weights.second.layers))
    return (1 / (1 + np.exp(-odds))).astype(np.float32)


def is_unsure(odds: Floats) -> NDArray[np.bool_]:
    """Tell of log odds, shape (n, 2), where a second look is due."""
    near = np.abs(odds) < SURE_ODDS
    return near[:, 0] | (near[:, 1] & (odds[:, 0] > 0))  # black is what is marked


def look_again(views: Views, layers: dict[str, Floats]) -> Floats:
    """Look at boxes once more, from all of SIDES where the first leaves a doubt; returns raw logits, shape (n, 2).

    The mean of several looks is surer than each.
    """
    logits = look_from(views, SIDES[:1], layers)
    unsure = np.flatnonzero(is_unsure(logits))
    if len(unsure):
        others = look_from(views.of(unsure), SIDES[1:], layers)
        logits[unsure] += (others - logits[unsure]) * (1 - 1 / len(SIDES))
    return logits


def look_from(views: Views, sides: tuple[int, ...], layers: dict[str, Floats]) -> Floats:
    """Look at boxes from several sides, all at once; returns the mean of raw logits, shape (n, 2)."""
    pictures = np.stack(views)
    turned = np.concatenate([turn(pictures, side) for side in sides], axis=1)
    return look(Views(*turned), layers).reshape(len(sides), -1, 2).mean(axis=0)


def turn(pictures: Floats, side: int) -> Floats:
    """Turn pictures of shape (…, h, w) by quarters, `side` 0 to 3, or mirror them besides, 4 to 7."""
    return np.rot90(pictures[..., ::-1] if side > 3 else pictures, side % 4, axes=(-2, -1))


def look(views: Views, layers: dict[str, Floats]) -> Floats:
    """Run a network; returns raw logits, shape (n, 2)."""
    count = len(views.crops)
    if not count:
        return np.zeros((0, 2), np.float32)
    at_once = math.ceil(count / math.ceil(count / MOST_AT_ONCE))
    parts = [_forward_batch(views.of(slice(at, at + at_once)), layers) for at in range(0, count, at_once)]
    return np.concatenate(parts)


def _forward_batch(views: Views, layers: dict[str, Floats]) -> Floats:
    branches = [
        _branch(views.crops, views.blanks, layers, "box"),
        _branch(views.surroundings, views.blank_surroundings, layers, "around"),
    ]
    hidden = np.maximum(layers["join"] @ np.concatenate(branches) + layers["join_bias"][:, None], 0)
    return (layers["end"] @ hidden + layers["end_bias"][:, None]).T


def _branch(scan: Floats, blank: Floats, layers: dict[str, Floats], name: str) -> Floats:
    """Look at a pair of views, (n, 30, 30) each; inside, the boxes are the last axis, so that rows are long."""
    images = np.empty((2, *scan.shape[1:], len(scan)), np.float32)
    images[0], images[1] = scan.transpose(1, 2, 0), blank.transpose(1, 2, 0)
    first = _layer(images, layers[f"{name}1"], layers[f"{name}1_bias"])
    second = _layer(first, layers[f"{name}2"], layers[f"{name}2_bias"])
    return second.reshape(-1, images.shape[3])


def _layer(images: Floats, kernels: Floats, bias: Floats) -> Floats:
    """Convolve, pool and rectify: (channels, h, w, n) -> (out, (h - 2) / 2, (w - 2) / 2, n)."""
    maps = convolve(windows(images), kernels, images.shape)
    count, high, wide, n = maps.shape
    pairs = maps.reshape(count * high // 2, 2, wide * n)
    rows = cv2.max(pairs[:, 0], pairs[:, 1]).reshape(
        -1, 2 * n
    )  # of rows side by side: twice as quick as NumPy
    pooled = cv2.max(rows[:, :n], rows[:, n:]).reshape(count, high // 2, wide // 2, n)
    pooled += bias[:, None, None, None]
    return np.asarray(np.maximum(pooled, 0, out=pooled), np.float32)


def windows(images: Floats) -> Floats:
    """Lay out all windows of 3 x 3: (channels, h, w, n) -> (channels * 9, (h - 2) * (w - 2) * n)."""
    channels, h, w, n = images.shape
    columns = np.empty((channels, 3, 3, h - 2, w - 2, n), np.float32)
    for dy in range(3):
        for dx in range(3):
            columns[:, dy, dx] = images[:, dy : dy + h - 2, dx : dx + w - 2]
    return columns.reshape(channels * 9, -1)


def convolve(columns: Floats, kernels: Floats, shape: tuple[int, ...]) -> Floats:
    """Apply kernels to the windows of images of a shape (channels, h, w, n) -> (out, h - 2, w - 2, n)."""
    _, h, w, n = shape
    return (kernels @ columns).reshape(len(kernels), h - 2, w - 2, n)
