"""Simulated strokes on simulated print -> survey/reading/weights.npz. No real scan is seen.

Run by `make train`; the same seed gives the same weights up to the rounding of the machine's matrix library.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import joblib
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.reading import measure, network
from survey.reading.prepare import FINE_DPI
from survey.simulate.pens import MARK_KINDS, STRAY_KINDS, Pen, draw_mark, draw_pen, draw_stray

Floats = NDArray[np.float32]
Rng = np.random.Generator
PX_PER_MM = 300 / 25.4
TILE_MM = 56.0
EPOCHS, RATE, BATCH = 14, 1.5e-3, 128
SOFT_TARGETS = {
    "ring": 0.5,
    "through": 0.35,
    "erased": 0.3,
    "dot": 0.85,
}  # what a person would have to look at
FAINT_SHARE = 0.12
LEAST_INK = 0.008  # mean darkness over a crop that a mark must add to be there at all


@dataclass(frozen=True)
class Style:
    """How one tile's boxes are printed."""

    width_mm: float
    height_mm: float
    shape: str
    line_mm: float
    frame: float
    dotted: bool
    letter: bool
    tint: float
    pitch: tuple[float, float]


def draw_style(rng: Rng) -> Style:
    """Draw a style of boxes: the variety of all questionnaires, answer sheets and ballots one may meet."""
    shape = str(rng.choice(["rect", "rect", "rect", "round", "oval", "soft"]))
    width = rng.uniform(2.2, 5.5)
    height = width * (rng.uniform(0.45, 0.8) if shape == "oval" else rng.choice([1.0, rng.uniform(0.8, 1.2)]))
    gap = rng.choice([rng.uniform(0.6, 2), rng.uniform(2, 6), rng.uniform(4, 12)])
    return Style(
        width, height, shape,
        rng.uniform(0.1, 0.35) if rng.random() < 0.85 else rng.uniform(0.35, 0.7),
        rng.uniform(0.6, 1) if rng.random() < 0.8 else rng.uniform(0.25, 0.6),
        bool(rng.random() < 0.08), bool(rng.random() < 0.15),
        rng.uniform(0.02, 0.12) if rng.random() < 0.2 else 0.0,
        (width + gap, height + rng.choice([rng.uniform(0.6, 2), rng.uniform(2, 6), rng.uniform(4, 9)])),
    )  # fmt: skip


def print_tile(style: Style, rng: Rng) -> tuple[Floats, list[tuple[float, float, float, float]]]:
    """Print boxes with labels, rules and noise of a page around them; darkness, and the boxes in mm."""
    side = round(TILE_MM * PX_PER_MM)
    ink = np.zeros((side, side), np.float32)
    boxes = []
    start = rng.uniform(4, 8, 2)
    if rng.random() < 0.25:
        ink[:] = style.tint
    for row in range(int((TILE_MM - 12) / style.pitch[1]) + 1):
        for column in range(int((TILE_MM - 12) / style.pitch[0]) + 1):
            x, y = start[0] + column * style.pitch[0], start[1] + row * style.pitch[1]
            if x + style.width_mm > TILE_MM - 4 or y + style.height_mm > TILE_MM - 4:
                continue
            boxes.append((x, y, style.width_mm, style.height_mm))
    keep = rng.permutation(len(boxes))[:36]
    boxes = [boxes[index] for index in sorted(keep)]
    if rng.random() < 0.3:
        for _ in range(rng.integers(1, 5)):
            at = int(rng.uniform(0, side))
            place = (slice(at, at + int(rng.integers(2, 5))), slice(None))
            ink[place if rng.random() < 0.5 else place[::-1]] = rng.uniform(0.3, 1)
    for box in boxes:
        print_box(ink, box, style, rng)
        room_mm = style.pitch[0] - style.width_mm
        if rng.random() < 0.6 and room_mm > 2.5:
            right = int((box[0] + box[2] + rng.uniform(0.5, 1.2)) * PX_PER_MM)
            low = int((box[1] + box[3] * rng.uniform(0.7, 1.0)) * PX_PER_MM)
            word = "".join(rng.choice(list("abdeghiklmnorstuwz "), int(room_mm / 2)))
            print_text(ink, word, (right, low), rng.uniform(0.7, 1.4), rng.uniform(0.6, 1))
    return ink, boxes


def print_text(ink: Floats, text: str, at: tuple[int, int], size: float, darkness: float) -> None:
    """Print text, its lower left corner at a pixel."""
    letters = np.zeros(ink.shape, np.uint8)
    cv2.putText(letters, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, 255, 2, cv2.LINE_AA)
    np.maximum(ink, letters * np.float32(darkness / 255), out=ink)


def print_box(ink: Floats, box: tuple[float, float, float, float], style: Style, rng: Rng) -> None:
    """Print one box's outline (outer edge on the box's outline) and its letter."""
    x, y, w, h = box
    half = style.line_mm / 2
    x0, y0, x1, y1 = (value * PX_PER_MM for value in (x + half, y + half, x + w - half, y + h - half))
    line = max(1, round(style.line_mm * PX_PER_MM))
    patch = np.zeros_like(ink[int(y0) - 12 : int(y1) + 13, int(x0) - 12 : int(x1) + 13])
    ox, oy = int(x0) - 12, int(y0) - 12
    a, b = (round((x0 - ox) * 16), round((y0 - oy) * 16)), (round((x1 - ox) * 16), round((y1 - oy) * 16))
    if style.shape in {"rect", "soft"}:
        cv2.rectangle(patch, a, b, 1.0, line, cv2.LINE_AA, 4)
        if style.shape == "soft":
            patch = cv2.GaussianBlur(patch, (0, 0), 1.2)
    else:
        centre = ((a[0] + b[0]) // 2, (a[1] + b[1]) // 2)
        cv2.ellipse(
            patch, centre, ((b[0] - a[0]) // 2, (b[1] - a[1]) // 2), 0, 0, 360, 1.0, line, cv2.LINE_AA, 4
        )
    if style.dotted and style.line_mm < 0.3:
        grid = np.indices(patch.shape).sum(axis=0) // max(2, line) % 2
        patch *= grid
    if style.letter:
        text = str(rng.choice(list("ABCDE0123456789")))
        print_text(patch, text, (patch.shape[1] // 2 - 9, patch.shape[0] // 2 + 9), w / 5, 0.7)
    place = ink[oy : oy + patch.shape[0], ox : ox + patch.shape[1]]
    np.maximum(place, patch * style.frame, out=place)


def mark_tile(ink: Floats, boxes: list[tuple[float, float, float, float]], style: Style, rng: Rng) -> Floats:
    """Mark about every third box, leave stray ink at others; returns the target of each box, 0..1."""
    targets = np.zeros(len(boxes), np.float32)
    pen: Pen = draw_pen(rng, faint=rng.random() < FAINT_SHARE)
    oval = style.shape in {"round", "oval"}
    habit = str(rng.choice(MARK_KINDS))
    for index, box in enumerate(boxes):
        if rng.random() < 0.15:
            pen = draw_pen(rng, faint=rng.random() < FAINT_SHARE)
        if rng.random() < 0.36:
            kind = habit if rng.random() < 0.4 else str(rng.choice(MARK_KINDS))
            offset = rng.normal(0, 0.12, 2) * box[2]
            if rng.random() < 0.12:
                offset = rng.uniform(-0.5, 0.5, 2) * box[2]
            overshoot = float(rng.choice([0.15, rng.uniform(-0.4, 0.2), rng.uniform(0.1, 0.7)]))
            draw_mark(
                ink,
                PX_PER_MM,
                box,
                kind,
                pen,
                rng,
                offset_mm=(offset[0], offset[1]),
                overshoot=overshoot,
                oval=oval,
            )
            targets[index] = SOFT_TARGETS.get(kind, 1.0)
        elif rng.random() < 0.16:
            kind = str(rng.choice(STRAY_KINDS))
            draw_stray(ink, PX_PER_MM, box, kind, pen, rng)
            targets[index] = SOFT_TARGETS.get(kind, 0.0)
    return targets


def scan_tile(ink: Floats, rng: Rng) -> NDArray[np.uint8]:
    """Print and scan a tile: blur, tone, noise, resolution, 1-bit or grey; returned at 150 dpi, as pages are."""
    dpi = int(rng.choice([300, 300, 300, 200, 200, 150, 150, 100]))
    page = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.4, 1.3))
    page = cv2.resize(page, None, fx=dpi / 300, fy=dpi / 300, interpolation=cv2.INTER_AREA)
    paper, black = rng.uniform(0.82, 1.0), rng.uniform(0.0, 0.22)
    grey = paper - page * (paper - black)
    slope = rng.normal(0, 0.03, 2)
    rows, columns = np.indices(grey.shape) / grey.shape[0]
    grey = grey + slope[0] * rows + slope[1] * columns + rng.normal(0, rng.uniform(0.003, 0.03), grey.shape)
    if rng.random() < 0.1:
        at = int(rng.integers(0, grey.shape[1]))
        grey[:, at : at + int(rng.integers(1, 4))] -= rng.uniform(0.1, 0.8)
    if rng.random() < 0.55:
        grey = (grey > rng.uniform(0.42, 0.78) * paper).astype(np.float32)
        if rng.random() < 0.15:
            kernel = np.ones((2, 2), np.uint8)
            grey = cv2.erode(grey, kernel) if rng.random() < 0.6 else cv2.dilate(grey, kernel)
    image = np.clip(grey * 255, 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        quality = int(rng.integers(30, 90))
        image = cv2.imdecode(
            cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE
        )
    return cv2.resize(
        image,
        None,
        fx=FINE_DPI / dpi,
        fy=FINE_DPI / dpi,
        interpolation=cv2.INTER_AREA if dpi > FINE_DPI else cv2.INTER_LINEAR,
    )


def make_tile(rng: Rng) -> tuple[Floats, Floats, Floats]:
    """Make one tile; returns crops of the scan, of the blank, and targets."""
    style = draw_style(rng)
    ink, places = print_tile(style, rng)
    blank_grey = np.clip(255 * (1 - ink), 0, 255).astype(np.uint8)
    blank_grey = cv2.resize(blank_grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    marked = ink.copy()
    if rng.random() < 0.05:  # the scan's print is fainter than the blank's, or lost
        marked *= rng.choice([0.0, rng.uniform(0.2, 0.6)])
    unmarked = marked.copy()
    targets = mark_tile(marked, places, style, rng)
    turned = turn_matrix(rng)
    seed = int(rng.integers(2**31))
    scan_grey = scan_tile(turn(marked, turned), np.random.default_rng(seed))
    without = scan_tile(turn(unmarked, turned), np.random.default_rng(seed))
    boxes = pd.DataFrame(places, columns=["x_mm", "y_mm", "w_mm", "h_mm"])
    points = measure.blank_pixels(measure.lattice(boxes))
    blanks = measure.darkness_at(measure.tone_of(blank_grey, FINE_DPI), points)
    tone = measure.tone_of(scan_grey, FINE_DPI)
    moved = misplace(lay(points, turned), rng)
    printed = blanks > measure.PRINT_DARK
    first = measure.darkness_at(tone, moved)
    level = np.percentile(first[printed] / blanks[printed], 75) if printed.sum() >= 50 else 1.0
    level = float(np.clip(level, measure.FAINTEST_PRINT, 1))
    added = np.abs(first - measure.darkness_at(measure.tone_of(without, FINE_DPI), moved)).mean(axis=(1, 2))
    seen = (targets == 0) | (added > LEAST_INK)  # what the scanner lost nobody can learn to see
    return np.clip(first / level, 0, 1)[seen], blanks[seen], targets[seen]


def turn_matrix(rng: Rng) -> NDArray[np.float64]:
    """Draw a skew about the tile's middle, px at 300 dpi: mostly within a degree, up to five."""
    degrees = float(np.clip(rng.normal(0, rng.choice([0.3, 1.0, 2.5])), -5, 5))
    middle = (TILE_MM * PX_PER_MM / 2,) * 2
    return cv2.getRotationMatrix2D(middle, degrees, 1 + rng.normal(0, 0.004))


def turn(ink: Floats, matrix: NDArray[np.float64]) -> Floats:
    """Lay a tile askew on the scanner's glass."""
    return cv2.warpAffine(ink, matrix, ink.shape[::-1], flags=cv2.INTER_LINEAR)


def lay(points_px: Floats, matrix: NDArray[np.float64]) -> Floats:
    """Map points of the blank, px at 150 dpi, to the scan, as a perfect registration would."""
    fine = (points_px + 0.5) * 2 - 0.5
    turned = fine @ matrix[:, :2].T + matrix[:, 2]
    return ((turned + 0.5) / 2 - 0.5).astype(np.float32)


def misplace(points_px: Floats, rng: Rng) -> Floats:
    """Register each box a little wrongly: shift, turn and scale."""
    sigma = rng.choice([0.02, 0.05, 0.12]) * FINE_DPI / 25.4
    centre = points_px.mean(axis=(1, 2), keepdims=True)
    angle, grow = rng.normal(0, 0.006), 1 + rng.normal(0, 0.008)
    matrix = grow * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shifts = rng.normal(0, sigma, (len(points_px), 1, 1, 2))
    return ((points_px - centre) @ matrix.T + centre + shifts).astype(np.float32)


def make_examples(tiles: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """Make crops (n, 2, 30, 30), targets (n,)."""
    jobs = (joblib.delayed(make_tile)(np.random.default_rng([seed, index])) for index in range(tiles))
    parts = joblib.Parallel(n_jobs=-1, batch_size=50)(jobs)
    crops, blanks, targets = (np.concatenate(column) for column in zip(*parts, strict=True))
    return crops.astype(np.float32), blanks.astype(np.float32), targets


def initial(rng: Rng) -> dict[str, Floats]:
    """He's initial weights for ReLU layers (He et al. 2015)."""

    def layer(out: int, fan_in: int) -> Floats:
        return rng.normal(0, (2 / fan_in) ** 0.5, (out, fan_in)).astype(np.float32)

    return {
        "conv1": layer(8, 18), "bias1": np.zeros(8, np.float32),
        "conv2": layer(16, 72), "bias2": np.zeros(16, np.float32),
        "dense1": layer(24, 576), "bias3": np.zeros(24, np.float32),
        "dense2": layer(1, 24), "bias4": np.zeros(1, np.float32),
    }  # fmt: skip


def gradients(pairs: Floats, targets: Floats, w: dict[str, Floats]) -> tuple[float, dict[str, Floats]]:
    """Cross-entropy of a batch and its gradient for every layer, by back-propagation."""
    n = len(pairs)
    win1 = network.windows(pairs)
    one = np.maximum(win1 @ w["conv1"].T + w["bias1"], 0)
    pooled1 = network.pool(one)
    win2 = network.windows(pooled1)
    two = np.maximum(win2 @ w["conv2"].T + w["bias2"], 0)
    flat = network.pool(two).reshape(n, -1)
    hidden = np.maximum(flat @ w["dense1"].T + w["bias3"], 0)
    logit = (hidden @ w["dense2"].T + w["bias4"])[:, 0]
    p = 1 / (1 + np.exp(-logit))
    loss = float(-(targets * np.log(p + 1e-7) + (1 - targets) * np.log(1 - p + 1e-7)).mean())
    d_logit = ((p - targets) / n)[:, None]
    grads = {"dense2": d_logit.T @ hidden, "bias4": d_logit.sum(axis=0)}
    d_hidden = (d_logit @ w["dense2"]) * (hidden > 0)
    grads |= {"dense1": d_hidden.T @ flat, "bias3": d_hidden.sum(axis=0)}
    d_two = unpool((d_hidden @ w["dense1"]).reshape(n, 16, 6, 6), two) * (two > 0)
    grads |= {"conv2": np.tensordot(d_two, win2, ((0, 1, 2), (0, 1, 2))), "bias2": d_two.sum(axis=(0, 1, 2))}
    d_pooled1 = fold_windows(d_two @ w["conv2"], pooled1.shape)
    d_one = unpool(d_pooled1, one) * (one > 0)
    grads |= {"conv1": np.tensordot(d_one, win1, ((0, 1, 2), (0, 1, 2))), "bias1": d_one.sum(axis=(0, 1, 2))}
    return loss, grads


def unpool(gradient: Floats, before: Floats) -> Floats:
    """Send the gradient of a maximum to the pixel that was it: (n, c, h, w), (n, 2h, 2w, c) -> (n, 2h, 2w, c)."""
    n, h, w, c = before.shape
    blocks = before.reshape(n, h // 2, 2, w // 2, 2, c)
    top = blocks.max(axis=(2, 4), keepdims=True)
    spread = gradient.transpose(0, 2, 3, 1)[:, :, None, :, None, :] * (blocks == top)
    return spread.reshape(before.shape)


def fold_windows(gradient: Floats, shape: tuple[int, ...]) -> Floats:
    """Add the gradients of all 3 x 3 windows up: the inverse of network.windows."""
    n, channels, height, width = shape
    parts = gradient.reshape(n, height - 2, width - 2, channels, 3, 3)
    total = np.zeros(shape, np.float32)
    for dy in range(3):
        for dx in range(3):
            total[:, :, dy : dy + height - 2, dx : dx + width - 2] += parts[..., dy, dx].transpose(0, 3, 1, 2)
    return total


def batches(count: int, rng: Rng) -> Iterator[NDArray[np.int64]]:
    """Shuffled indices in batches."""
    order = rng.permutation(count)
    return (order[at : at + BATCH] for at in range(0, count - BATCH + 1, BATCH))


def train(crops: Floats, blanks: Floats, targets: Floats, seed: int) -> dict[str, Floats]:
    """Train with Adam (Kingma & Ba 2015) and a rate that falls to nothing along a cosine."""
    rng = np.random.default_rng(seed)
    weights = initial(rng)
    mean = {name: np.zeros_like(value) for name, value in weights.items()}
    square = {name: np.zeros_like(value) for name, value in weights.items()}
    steps = EPOCHS * (len(targets) // BATCH)
    step = 0
    for epoch in range(EPOCHS):
        losses = []
        for chosen in batches(len(targets), rng):
            step += 1
            pairs = np.stack([crops[chosen], blanks[chosen]], axis=1)
            turn = int(rng.integers(8))  # marks have no preferred side: mirror and turn
            pairs = np.rot90(pairs[..., ::-1] if turn > 3 else pairs, turn % 4, axes=(2, 3))
            loss, grads = gradients(np.ascontiguousarray(pairs), targets[chosen], weights)
            losses.append(loss)
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
            for name, grad in grads.items():
                mean[name] = 0.9 * mean[name] + 0.1 * grad
                square[name] = 0.999 * square[name] + 0.001 * grad**2
                size = np.sqrt(square[name] / (1 - 0.999**step)) + 1e-8
                weights[name] = (weights[name] - rate * mean[name] / (1 - 0.9**step) / size).astype(
                    np.float32
                )
        print(f"epoch {epoch + 1:2d}  loss {np.mean(losses):.4f}", flush=True)
    return weights


def calibrate(logits: Floats, targets: Floats) -> tuple[float, float]:
    """Fit slope and offset on tiles the network has not seen (Platt 1999), by Newton's method."""
    slope, offset = 1.0, 0.0
    for _ in range(25):
        p = 1 / (1 + np.exp(-(slope * logits + offset)))
        weight = np.maximum(p * (1 - p), 1e-6)
        gradient = np.array([((p - targets) * logits).mean(), (p - targets).mean()])
        curve = np.array(
            [
                [(weight * logits**2).mean(), (weight * logits).mean()],
                [(weight * logits).mean(), weight.mean()],
            ]
        )
        slope, offset = np.array([slope, offset]) - np.linalg.solve(curve + 1e-9 * np.eye(2), gradient)
    return float(slope), float(offset)


def main() -> None:
    """Train, calibrate, write the weights and print how the unseen tiles are read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiles", type=int, default=4600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=network.WEIGHTS_FILE)
    options = parser.parse_args()
    crops, blanks, targets = make_examples(options.tiles, options.seed)
    print(f"{len(targets):,} boxes, {(targets > 0.5).mean():.1%} marked", flush=True)
    weights = train(crops, blanks, targets, options.seed)
    unseen = make_examples(options.tiles // 6, options.seed + 1000)
    raw = network.Weights(**weights, slope=1.0, offset=0.0)
    logits = np.concatenate(
        [
            network._forward(np.stack([a, b], 1), raw)
            for a, b in zip(np.array_split(unseen[0], 50), np.array_split(unseen[1], 50), strict=True)
        ]
    )
    slope, offset = calibrate(logits, unseen[2])
    np.savez(options.out, **weights, slope=np.float32(slope), offset=np.float32(offset))
    p = 1 / (1 + np.exp(-(slope * logits + offset)))
    sure = (unseen[2] == 0) | (unseen[2] == 1)
    wrong = sure & ((p < 0.15) & (unseen[2] == 1) | (p > 0.85) & (unseen[2] == 0))
    doubtful = (p >= 0.15) & (p <= 0.85)
    figures = {
        "boxes": len(p), "slope": round(slope, 3), "offset": round(offset, 3),
        "wrong_per_10000": round(1e4 * float(wrong.mean()), 2),
        "doubtful_share": round(float(doubtful[sure].mean()), 4),
    }  # fmt: skip
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
