"""A grey scan -> darkness at any point of it, measured from its own paper and its own printed ink."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.reading.prepare import halve
from survey.reading.windows import MOST_ROWS, Windows, sample, sample_darkest

PAPER_MM = 15.0  # the paper's own tone is the brightest within this distance
PAPER_PX = 8  # px of the image per px of its paper's tone
DARKEST_PAPER = np.float32(40)  # grey: what is darker is no paper, but the scanner's lid

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Tone:
    """A grey image with the tone of its paper: darkness is 1 - grey / paper, divided by that of printed ink."""

    grey: Grey
    paper: Grey
    ink: float = 1.0
    paper_px: int = PAPER_PX
    """Px of the image per px of `paper`."""


def tone_of(grey: Grey, dpi: float, half: Grey | None = None) -> Tone:
    """Find the paper's tone around every pixel: a wide maximum, smoothed; an eighth of the image's resolution.

    `half` is the image at half its resolution, where it is at hand.
    """
    steady = cv2.medianBlur(halve(halve(grey) if half is None else half), 3)
    reach = max(1, round(PAPER_MM / 25.4 * dpi / PAPER_PX / 2))
    around = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    paper = cv2.morphologyEx(halve(steady), cv2.MORPH_CLOSE, around)
    return Tone(grey, cv2.blur(paper, (3, 3)))


def darkness_at(tone: Tone, points_px: Floats) -> Floats:
    """Sample darkness 0..1 at points of shape (…, 2), px; outside the image is paper. Returns shape (…)."""
    dark = _sample(tone.grey, points_px, cv2.BORDER_CONSTANT)
    return _relative(dark, _paper_at(tone, points_px), tone.ink)


def darkness_in(tone: Tone, windows: Windows, side: int) -> Floats:
    """Sample darkness 0..1 in windows of `side` px so small that the paper has one tone in each, that of its middle.

    Returns shape (n, side, side).
    """
    paper = _paper_at(tone, windows.middles.astype(np.float32))
    return _relative(sample(tone.grey, windows, side).astype(np.float32), paper[:, None, None], tone.ink)


def darkest_in(tone: Tone, windows: Windows, side: int) -> Floats:
    """The same of windows whose pixels lie far apart: each shows the darkest of what lies around it.

    So no thin stroke passes between two of them, nor pales.
    """
    paper = _paper_at(tone, windows.middles.astype(np.float32))
    seen = np.zeros((len(paper), side, side), np.float32)
    times = np.maximum(np.ceil(windows.steps), 1).astype(int)
    for across, down in np.unique(times, axis=0).tolist():
        these = np.flatnonzero((times == (across, down)).all(axis=1))
        seen[these] = sample_darkest(tone.grey, windows.of(these), side, (across, down))
    return _relative(seen, paper[:, None, None], tone.ink)


def _paper_at(tone: Tone, points_px: Floats) -> Floats:
    small = (points_px + np.float32(0.5)) / np.float32(tone.paper_px) - np.float32(0.5)
    return np.maximum(_sample(tone.paper, small, cv2.BORDER_REPLICATE), DARKEST_PAPER)


def _relative(grey: Floats, paper: Floats, ink: float) -> Floats:
    """Turn grey, which is overwritten, into darkness between paper and printed ink."""
    grey *= np.float32(-1 / ink) / paper
    grey += np.float32(1 / ink)
    return np.clip(grey, 0, 1, out=grey)


def _sample(grey: Grey, points_px: Floats, border: int) -> Floats:
    """Sample an image between its pixels, 0..255."""
    shape = points_px.shape[:-1]
    if not points_px.size:
        return np.zeros(shape, np.float32)
    rows = np.ascontiguousarray(points_px.reshape(-1, shape[-1], 2), np.float32)
    parts = [
        cv2.remap(grey, rows[at : at + MOST_ROWS], None, cv2.INTER_LINEAR, borderMode=border, borderValue=255)
        for at in range(0, len(rows), MOST_ROWS)
    ]
    return np.concatenate(parts).astype(np.float32).reshape(shape)


def halved(tone: Tone, half: Grey | None = None) -> Tone:
    """The same at half its resolution, where thin strokes are not lost between distant sampling points."""
    return Tone(halve(tone.grey) if half is None else half, tone.paper, tone.ink, tone.paper_px // 2)
