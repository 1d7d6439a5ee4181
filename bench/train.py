"""Tiles of simulated marks -> survey/reading/weights.npz. No real scan is seen.

Run by `make train`, which needs torch (the dependency group `train`; the program itself does without). The same seed
gives the same weights up to the rounding of the machine's matrix library.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from bench.prints import BRIGHTNESS
from bench.tiles import Examples, make_examples
from survey.questionnaire.thresholds import Thresholds
from survey.reading import network
from survey.reading.network import CROP_PX, Views

Floats = NDArray[np.float32]
TILES, LOTS, SEED = 10_000, 4, 1  # tiles of a lot
EPOCHS, RATE, BATCH, WARM_UP = 5, 2.5e-3, 256, 200  # the last in batches
BLACK_WEIGHT = 0.5  # of the question whether a box was blacked out, beside whether its ink was meant
POOLED = ((CROP_PX - 2) // 2 - 2) // 2  # side of what two convolutions and poolings leave: 6


class Size(NamedTuple):
    """How large a network is."""

    box: tuple[int, int]
    """Kernels of the two convolutions that look at the box …"""
    around: tuple[int, int]
    """… and of those that look around it."""
    hidden: int


SIZES = {"first": Size((12, 24), (10, 20), 40), "second": Size((28, 56), (18, 36), 72)}


class Network(nn.Module):
    """A network of survey/reading/network.py, layer by layer under the same names."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        for name, (first, second) in (("box", size.box), ("around", size.around)):
            self.add_module(f"{name}1", nn.Conv2d(2, first, 3))
            self.add_module(f"{name}2", nn.Conv2d(first, second, 3))
        self.join = nn.Linear((size.box[1] + size.around[1]) * POOLED**2, size.hidden)
        self.end = nn.Linear(size.hidden, 2)
        for layer in self.children():
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")  # He et al. 2015
            nn.init.zeros_(layer.bias)

    def forward(self, views: Tensor) -> Tensor:
        """Logits, shape (n, 2), of views of shape (n, 4, 30, 30)."""
        branches = [self._branch(views[:, at : at + 2], name) for name, at in (("box", 0), ("around", 2))]
        return self.end(torch.relu(self.join(torch.cat(branches, 1))))

    def _branch(self, pair: Tensor, name: str) -> Tensor:
        for number in "12":
            maps = self.get_submodule(name + number)(pair)
            pair = torch.relu(nn.functional.max_pool2d(maps, 2))
        return pair.flatten(1)

    def layers(self) -> dict[str, Floats]:
        """The layers as network.Network holds them."""
        layers = {}
        for name, layer in self.named_children():
            weight = layer.weight.detach().contiguous()
            layers[name] = weight.reshape(len(weight), -1).numpy().astype(np.float32)
            layers[f"{name}_bias"] = layer.bias.detach().numpy().astype(np.float32)
        return layers


def loss_of(logits: Tensor, meant: Tensor, black: Tensor) -> Tensor:
    """Cross entropy of logits (n, 2); `black` is NaN where it is not asked."""
    asked = ~torch.isnan(black)
    losses = cross_entropy(logits[:, 1], torch.nan_to_num(black), reduction="none")
    return cross_entropy(logits[:, 0], meant) + BLACK_WEIGHT * (losses * asked).mean()


def train(examples: Examples, size: Size, seed: int) -> Network:
    """Train a network with Adam (Kingma & Ba 2015); the rate rises for a while, then falls to nothing along a cosine.

    Each batch is turned or mirrored as a whole: marks have no preferred side.
    """
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    net = Network(size).to(memory_format=torch.channels_last)
    adam = torch.optim.Adam(net.parameters())
    meant, black = torch.from_numpy(examples.meant), torch.from_numpy(examples.black)
    count = len(meant)
    steps, losses = EPOCHS * (count // BATCH), []
    for epoch in range(EPOCHS):
        order = rng.permutation(count)[: count // BATCH * BATCH].reshape(-1, BATCH)
        for chosen in np.sort(order, axis=1):
            step = len(losses) + 1
            views = network.turn(examples.views[chosen], int(rng.integers(8))) / np.float32(BRIGHTNESS)
            shown = torch.from_numpy(views).contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", torch.bfloat16):
                logits = net(shown)
            loss = loss_of(logits.float(), meant[chosen], black[chosen])
            adam.param_groups[0]["lr"] = (
                RATE * min(1, step / WARM_UP) * (1 + np.cos(np.pi * step / steps)) / 2
            )
            adam.zero_grad()
            loss.backward()
            adam.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1:2d}  loss {np.mean(losses[-len(order) :]):.4f}", flush=True)
    return net


def calibrate(logits: Floats, targets: Floats) -> tuple[float, float]:
    """Fit slope and offset on tiles the network has not seen (Platt 1999), by Newton's method; of none, nothing."""
    slope, offset = 1.0, 0.0
    for _ in range(25 if len(logits) else 0):
        p = 1 / (1 + np.exp(-(slope * logits + offset)))
        weight = np.maximum(p * (1 - p), 1e-6)
        gradient = np.array([((p - targets) * logits).mean(), (p - targets).mean()])
        mixed = (weight * logits).mean()
        curve = np.array([[(weight * logits**2).mean(), mixed], [mixed, weight.mean()]])
        slope, offset = np.array([slope, offset]) - np.linalg.solve(curve + 1e-9 * np.eye(2), gradient)
    return float(slope), float(offset)


def calibrated(raw: Floats, examples: Examples, layers: dict[str, Floats]) -> network.Network:
    """Fit both questions' calibration on raw logits, shape (n, 2), of tiles the network has not seen."""
    asked = ~np.isnan(examples.black)
    lines = [calibrate(raw[:, 0], examples.meant), calibrate(raw[asked, 1], examples.black[asked])]
    slopes, offsets = np.array(lines, np.float32).T
    return network.Network(layers, slopes, offsets)


def views_of(examples: Examples) -> Views:
    """The views of examples as at work."""
    return Views(*(examples.views.astype(np.float32) / BRIGHTNESS).transpose(1, 0, 2, 3))


def calibrate_both(layers: dict[str, dict[str, Floats]], unseen: Examples) -> network.Weights:
    """Calibrate the first network on all tiles, the second on the boxes of which the first is not sure."""
    raw = network.look(views_of(unseen), layers["first"])
    first = calibrated(raw, unseen, layers["first"])
    unsure = Examples(*(column[network.is_unsure(first.calibrated(raw))] for column in unseen))
    again = network.look_again(views_of(unsure), layers["second"])
    return network.Weights(first, calibrated(again, unsure, layers["second"]))


def save(weights: network.Weights, path: Path) -> None:
    """Write weights as network.load_weights reads them."""
    arrays = {
        f"{which}.{name}": array
        for which, net in (("first", weights.first), ("second", weights.second))
        for name, array in (net.layers | {"slopes": net.slopes, "offsets": net.offsets}).items()
    }
    np.savez(path, **arrays)


def figures_of(p: Floats, unseen: Examples) -> dict[str, float]:
    """How boxes nobody trained on are read: `p`, shape (n,), by the plainest rule."""
    sure = (unseen.meant == 0) | (unseen.meant == 1)
    limits = Thresholds()
    empty, marked = p <= limits.empty_below, p >= limits.marked_above
    wrong = sure & (empty & (unseen.meant == 1) | marked & (unseen.meant == 0))
    return {
        "boxes": len(p),
        "wrong_per_10000": round(1e4 * float(wrong.mean()), 2),
        "doubtful_share": round(float((~empty & ~marked)[sure].mean()), 4),
    }


def main() -> None:
    """Train, calibrate, write the weights and print how the unseen tiles are read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiles", type=int, default=TILES)
    parser.add_argument("--lots", type=int, default=LOTS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=network.WEIGHTS_FILE)
    options = parser.parse_args()
    lots = [make_examples(options.tiles, 100 * options.seed + lot) for lot in range(1, options.lots + 1)]
    examples = Examples(*(np.concatenate(column) for column in zip(*lots, strict=True)))
    print(f"{len(examples.meant):,} boxes, {(examples.meant > 0.5).mean():.1%} marked", flush=True)
    layers = {which: train(examples, size, options.seed).layers() for which, size in SIZES.items()}
    unseen = make_examples(max(1, options.tiles // 8), options.seed + 1000)
    weights = calibrate_both(layers, unseen)
    save(weights, options.out)
    print(json.dumps(figures_of(network.probabilities(views_of(unseen), weights)[:, 0], unseen)))


if __name__ == "__main__":
    main()
