"""Tiles of simulated marks -> survey/reading/weights.npz. No real scan is seen.

Run by `make train`; the same seed gives the same weights up to the rounding of the machine's matrix library.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.tiles import BRIGHTNESS, Examples, make_examples
from survey.reading import network
from survey.reading.network import CROP_PX, Views

Floats = NDArray[np.float32]
Rng = np.random.Generator
Layers = dict[str, Floats]
EPOCHS, RATE, BATCH = 12, 1e-3, 32  # a batch stays in the processor's cache
KERNELS = {"box": (12, 24), "around": (10, 20)}  # of the two convolutions of each branch
HIDDEN = 40
BLACK_WEIGHT = 0.5  # of the question whether a box was blacked out, beside whether its ink was meant
POOLED = ((CROP_PX - 2) // 2 - 2) // 2  # side of what two convolutions and poolings leave: 6


def initial(rng: Rng) -> Layers:
    """He's initial weights for ReLU layers (He et al. 2015)."""

    def layer(out: int, fan_in: int) -> Floats:
        return rng.normal(0, (2 / fan_in) ** 0.5, (out, fan_in)).astype(np.float32)

    layers = {}
    for name, (first, second) in KERNELS.items():
        layers |= {f"{name}1": layer(first, 18), f"{name}1_bias": np.zeros(first, np.float32)}
        layers |= {f"{name}2": layer(second, first * 9), f"{name}2_bias": np.zeros(second, np.float32)}
    seen = sum(second for _, second in KERNELS.values()) * POOLED**2
    layers |= {"join": layer(HIDDEN, seen), "join_bias": np.zeros(HIDDEN, np.float32)}
    return layers | {"end": layer(2, HIDDEN), "end_bias": np.zeros(2, np.float32)}


def gradients(images: Floats, meant: Floats, black: Floats, layers: Layers) -> tuple[float, Layers]:
    """Loss of a batch of images (4, 30, 30, n) and its gradient for every layer, by back-propagation."""
    branches = {name: Branch(images[at : at + 2], layers, name) for name, at in (("box", 0), ("around", 2))}
    flat = np.concatenate([branch.out for branch in branches.values()])
    hidden = np.maximum(layers["join"] @ flat + layers["join_bias"][:, None], 0)
    raw = layers["end"] @ hidden + layers["end_bias"][:, None]
    loss, d_raw = cross_entropy(raw, meant, black)
    grads = {"end": d_raw @ hidden.T, "end_bias": d_raw.sum(axis=1)}
    d_hidden = (layers["end"].T @ d_raw) * (hidden > 0)
    grads |= {"join": d_hidden @ flat.T, "join_bias": d_hidden.sum(axis=1)}
    d_flat = layers["join"].T @ d_hidden
    at = 0
    for branch in branches.values():
        grads |= branch.gradients(d_flat[at : at + len(branch.out)])
        at += len(branch.out)
    return loss, grads


def cross_entropy(raw: Floats, meant: Floats, black: Floats) -> tuple[float, Floats]:
    """Loss of logits (2, n) and its gradient; `black` is NaN where it is not asked."""
    asked = ~np.isnan(black)
    targets = np.stack([meant, np.where(asked, black, 0)])
    weight = np.stack([np.ones_like(meant), BLACK_WEIGHT * asked]) / len(meant)
    p = 1 / (1 + np.exp(-raw))
    loss = -(targets * np.log(p + 1e-7) + (1 - targets) * np.log(1 - p + 1e-7))
    return float((loss * weight).sum()), ((p - targets) * weight).astype(np.float32)


class Branch:
    """One branch of the network on a batch, forward at once, with what going back needs."""

    def __init__(self, images: Floats, layers: Layers, name: str) -> None:
        self.name, self.layers, self.shape = name, layers, images.shape
        self.columns1 = network.windows(images)
        self.maps1 = _rectified(self.columns1, layers[f"{name}1"], layers[f"{name}1_bias"], images.shape)
        self.pooled = pool(self.maps1)
        self.columns2 = network.windows(self.pooled)
        self.maps2 = _rectified(self.columns2, layers[f"{name}2"], layers[f"{name}2_bias"], self.pooled.shape)
        self.out = pool(self.maps2).reshape(-1, images.shape[3])

    def gradients(self, d_out: Floats) -> Layers:
        """Gradients of the branch's layers from that of its output."""
        d2 = unpool(d_out.reshape(len(self.maps2), POOLED, POOLED, -1), self.maps2)
        d2 = (d2 * (self.maps2 > 0)).reshape(len(d2), -1)
        d_pooled = fold_windows(self.layers[f"{self.name}2"].T @ d2, self.pooled.shape)
        d1 = unpool(d_pooled, self.maps1)
        d1 = (d1 * (self.maps1 > 0)).reshape(len(d1), -1)
        return {
            f"{self.name}1": d1 @ self.columns1.T, f"{self.name}1_bias": d1.sum(axis=1),
            f"{self.name}2": d2 @ self.columns2.T, f"{self.name}2_bias": d2.sum(axis=1),
        }  # fmt: skip


def _rectified(columns: Floats, kernels: Floats, bias: Floats, shape: tuple[int, ...]) -> Floats:
    maps = network.convolve(columns, kernels, shape)
    maps += bias[:, None, None, None]
    return np.maximum(maps, 0, out=maps)


def _blocks(maps: Floats) -> Floats:
    channels, h, w, n = maps.shape
    return maps.reshape(channels, h // 2, 2, w // 2, 2, n)


def pool(maps: Floats) -> Floats:
    """Maximum over 2 x 2: (channels, h, w, n) -> (channels, h / 2, w / 2, n)."""
    rows = np.maximum(maps[:, ::2], maps[:, 1::2])
    return np.maximum(rows[:, :, ::2], rows[:, :, 1::2])


def unpool(gradient: Floats, before: Floats) -> Floats:
    """Send the gradient of a maximum to the pixel that was it; both (channels, …, n), `before` twice as large."""
    blocks = _blocks(before)
    top = pool(before)[:, :, None, :, None, :]
    return (gradient[:, :, None, :, None, :] * (blocks == top)).reshape(before.shape)


def fold_windows(gradient: Floats, shape: tuple[int, ...]) -> Floats:
    """Add the gradients of all 3 x 3 windows up: the inverse of network.windows."""
    channels, h, w, n = shape
    parts = gradient.reshape(channels, 3, 3, h - 2, w - 2, n)
    total = np.zeros(shape, np.float32)
    for dy in range(3):
        for dx in range(3):
            total[:, dy : dy + h - 2, dx : dx + w - 2] += parts[:, dy, dx]
    return total


def batches(count: int, rng: Rng) -> Iterator[NDArray[np.int64]]:
    """Shuffled indices in batches."""
    order = rng.permutation(count)
    return (order[at : at + BATCH] for at in range(0, count - BATCH + 1, BATCH))


def drawn(examples: Examples, chosen: NDArray[np.int64], rng: Rng) -> Floats:
    """Views of chosen examples as (4, 30, 30, n), mirrored and turned: marks have no preferred side."""
    views = network.turn(examples.views[chosen], int(rng.integers(8)))
    return np.ascontiguousarray(views.transpose(1, 2, 3, 0), np.float32) / BRIGHTNESS


def train(examples: Examples, seed: int) -> Layers:
    """Train with Adam (Kingma & Ba 2015) and a rate that falls to nothing along a cosine."""
    rng = np.random.default_rng(seed)
    layers = initial(rng)
    mean = {name: np.zeros_like(value) for name, value in layers.items()}
    square = {name: np.zeros_like(value) for name, value in layers.items()}
    count = len(examples.meant)
    steps, step = EPOCHS * (count // BATCH), 0
    for epoch in range(EPOCHS):
        losses = []
        for chosen in batches(count, rng):
            step += 1
            images = drawn(examples, chosen, rng)
            loss, grads = gradients(images, examples.meant[chosen], examples.black[chosen], layers)
            losses.append(loss)
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
            for name, grad in grads.items():
                mean[name] = 0.9 * mean[name] + 0.1 * grad
                square[name] = 0.999 * square[name] + 0.001 * grad**2
                size = np.sqrt(square[name] / (1 - 0.999**step)) + 1e-8
                change = rate * mean[name] / (1 - 0.9**step) / size
                layers[name] = (layers[name] - change).astype(np.float32)
        print(f"epoch {epoch + 1:2d}  loss {np.mean(losses):.4f}", flush=True)
    return layers


def calibrate(logits: Floats, targets: Floats) -> tuple[float, float]:
    """Fit slope and offset on tiles the network has not seen (Platt 1999), by Newton's method."""
    slope, offset = 1.0, 0.0
    for _ in range(25):
        p = 1 / (1 + np.exp(-(slope * logits + offset)))
        weight = np.maximum(p * (1 - p), 1e-6)
        gradient = np.array([((p - targets) * logits).mean(), (p - targets).mean()])
        mixed = (weight * logits).mean()
        curve = np.array([[(weight * logits**2).mean(), mixed], [mixed, weight.mean()]])
        slope, offset = np.array([slope, offset]) - np.linalg.solve(curve + 1e-9 * np.eye(2), gradient)
    return float(slope), float(offset)


def look(examples: Examples, layers: Layers) -> Floats:
    """Run the network on examples; logits, shape (n, 2)."""
    parts = np.array_split(examples.views, max(1, len(examples.views) // 256))
    scaled = (part.astype(np.float32) / BRIGHTNESS for part in parts)
    return np.concatenate([network.logits(Views(*part.transpose(1, 0, 2, 3)), layers) for part in scaled])


def main() -> None:
    """Train, calibrate, write the weights and print how the unseen tiles are read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiles", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=network.WEIGHTS_FILE)
    options = parser.parse_args()
    examples = make_examples(options.tiles, options.seed)
    print(f"{len(examples.meant):,} boxes, {(examples.meant > 0.5).mean():.1%} marked", flush=True)
    layers = train(examples, options.seed)
    unseen = make_examples(options.tiles // 6, options.seed + 1000)
    raw = look(unseen, layers)
    asked = ~np.isnan(unseen.black)
    lines = [calibrate(raw[:, 0], unseen.meant), calibrate(raw[asked, 1], unseen.black[asked])]
    slopes, offsets = np.array(lines, np.float32).T
    np.savez(options.out, **layers, slopes=slopes, offsets=offsets)
    p = 1 / (1 + np.exp(-(slopes[0] * raw[:, 0] + offsets[0])))
    sure = (unseen.meant == 0) | (unseen.meant == 1)
    wrong = sure & ((p < 0.15) & (unseen.meant == 1) | (p > 0.85) & (unseen.meant == 0))
    doubtful = (p >= 0.15) & (p <= 0.85)
    figures = {
        "boxes": len(p), "slopes": slopes.round(3).tolist(), "offsets": offsets.round(3).tolist(),
        "wrong_per_10000": round(1e4 * float(wrong.mean()), 2),
        "doubtful_share": round(float(doubtful[sure].mean()), 4),
    }  # fmt: skip
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
