"""Crops of a scan's boxes + the same of its blank -> where each box's printed frame lies, to a fraction of a pixel.

Most frames lie within a pixel of where the page's field of displacements puts them: nine places settle those. Only the
others are looked for further off.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.reading.patches import peaks
from survey.reading.windows import products, spread_rows

VERSION = 4
NEAR_PX = 1  # how far a frame is looked for around where the field puts it, first …
SEARCH_PX = 4  # … and then
FRAME_DARK = 0.25  # darkness of the blank from which a pixel belongs to the print …
FAINT_DARK = 0.06  # … and where all of it is fainter, half of the darkest, but no less than this
FRAME_FOUND = 0.55  # correlation from which a frame counts as found
LEAST_LEAD = (
    0.05  # what agrees nearly as well where the field puts it has not moved: a line slides along itself
)
LEAST_FRAME_PX = 30  # of a crop: less print is no frame
LEAST_SPREAD = 1e-6  # an even scan crop agrees with nothing

Floats = NDArray[np.float32]


class Spread(NamedTuple):
    """Frames whose rows are spread for crops of some size, shape (n, length), with the sums their correlations need."""

    pixels: Floats
    masks: Floats
    counts: Floats
    norms: Floats


@dataclass(frozen=True)
class Frames:
    """The print of a page's boxes, ready to be correlated, shape (n, side, side): masks, and pixels less their mean."""

    masks: Floats
    pixels: Floats

    @cached_property
    def counts(self) -> Floats:
        """Pixels inside each mask, shape (n,)."""
        return self.masks.sum(axis=(1, 2))

    @cached_property
    def norms(self) -> Floats:
        """Sums of the squares of each frame's pixels, shape (n,)."""
        return np.square(self.pixels).sum(axis=(1, 2))

    @cached_property
    def near(self) -> Spread:
        """What `match_near` looks for."""
        return self.spread(slice(None), NEAR_PX)

    def spread(self, which: NDArray[np.intp] | slice, reach_px: int) -> Spread:
        """Some frames, to be looked for in crops that have `reach_px` more on every side."""
        span = self.masks.shape[1] + 2 * reach_px
        return Spread(
            spread_rows(self.pixels[which], span), spread_rows(self.masks[which], span),
            self.counts[which, None, None], self.norms[which, None, None],
        )  # fmt: skip


def frames_of(crops: Floats) -> Frames:
    """Find the print in crops of a blank's boxes, darkness 0..1, shape (n, side, side)."""
    kernel = np.ones((5, 5))
    dark = [np.clip(crop.max() / 2, FAINT_DARK, FRAME_DARK) for crop in crops]
    masks = [
        cv2.dilate((crop > level).astype(np.uint8), kernel) for crop, level in zip(crops, dark, strict=True)
    ]
    inside = np.array(masks, np.float32).reshape(crops.shape)
    counts = np.maximum(inside.sum(axis=(1, 2), keepdims=True), 1)
    mean = (crops * inside).sum(axis=(1, 2), keepdims=True) / counts
    return Frames(inside, ((crops - mean) * inside).astype(np.float32))


def match_near(crops: Floats, frames: Frames) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Correlate frames with crops that have NEAR_PX around, at every shift, inside the frames' masks.

    Returns the best shift in crop px, shape (n, 2), its correlation, shape (n,), and whether that settles it: a frame
    that is found, with its best place not at the edge of what was looked at.
    """
    places, best = peaks(_correlations(crops, frames.near))
    moves = places - NEAR_PX
    return moves, best, (np.abs(moves).max(axis=1) < NEAR_PX) & (best > FRAME_FOUND)


def match_far(crops: Floats, frames: Frames, which: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Correlate some frames with crops of theirs that have SEARCH_PX around; returns like `match_near`."""
    answers = _correlations(crops, frames.spread(which, SEARCH_PX))
    places, best = peaks(answers)
    moves, at_home = places - SEARCH_PX, answers[:, SEARCH_PX, SEARCH_PX]
    stays = (best - at_home < LEAST_LEAD) & (np.abs(moves).max(axis=1) >= NEAR_PX)
    best = np.where(stays, at_home, best).astype(np.float32)
    return np.where(((best > 0) & ~stays)[:, None], moves, 0).astype(np.float32), best


def _correlations(crops: Floats, frames: Spread) -> Floats:
    """Correlate frames with crops at every shift, shape (n, shifts, shifts); a box with hardly any print has none."""
    product, total = products(crops, frames.pixels), products(crops, frames.masks)
    total_square = products(np.square(crops), frames.masks)
    variance = (total_square - total * total / np.maximum(frames.counts, 1)) * frames.norms
    answers = product / np.sqrt(np.maximum(variance, LEAST_SPREAD))
    return np.where(frames.counts < LEAST_FRAME_PX, 0, answers).astype(np.float32)
