"""Crops of a scan's boxes + the same of its blank -> where each box's printed frame lies, to a fraction of a pixel.

Most frames lie within a pixel of where the page's field of displacements puts them: nine places settle those. Only the
others are looked for further off.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.reading.register import peaks

VERSION = 3
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
    def kernels(self) -> Floats:
        """Each frame's pixels, and its mask, as columns, shape (n, side * side, 2)."""
        count, high, wide = self.masks.shape
        return np.stack([part.reshape(count, high * wide) for part in (self.pixels, self.masks)], axis=2)

    @cached_property
    def parts(self) -> list[tuple[slice, slice]]:
        """Rows and columns of each crop that its mask reaches over."""
        rectangles = [cv2.boundingRect(mask.astype(np.uint8)) for mask in self.masks]
        return [(slice(top, top + high), slice(left, left + wide)) for left, top, wide, high in rectangles]


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
    count, side = frames.masks.shape[:2]
    reach = 2 * NEAR_PX + 1
    shifted = np.lib.stride_tricks.sliding_window_view(crops, (side, side), (1, 2))
    seen = np.ascontiguousarray(shifted, np.float32).reshape(count, reach**2, side**2)
    sums = np.empty((3, count, reach, reach), np.float32)
    sums[:2] = (seen @ frames.kernels).reshape(count, reach, reach, 2).transpose(3, 0, 1, 2)
    sums[2] = (np.square(seen) @ frames.kernels[:, :, 1:]).reshape(count, reach, reach)
    answers = _correlations(sums, frames)
    places, best = peaks(answers)
    moves = places - NEAR_PX
    return moves, best, (np.abs(moves).max(axis=1) < NEAR_PX) & (best > FRAME_FOUND)


def match_far(crops: Floats, frames: Frames, which: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Correlate some frames with crops of theirs that have SEARCH_PX around; returns like `match_near`."""
    reach = 2 * SEARCH_PX + 1
    sums = np.zeros((3, len(which), reach, reach), np.float32)
    squares = crops * crops
    for place, index in enumerate(which):
        rows, columns = frames.parts[index]
        span = (
            place,
            slice(rows.start, rows.stop + reach - 1),
            slice(columns.start, columns.stop + reach - 1),
        )
        kernel, mask = frames.pixels[index, rows, columns], frames.masks[index, rows, columns]
        if mask.size:
            sums[0, place] = cv2.matchTemplate(crops[span], kernel, cv2.TM_CCORR)
            sums[1, place] = cv2.matchTemplate(crops[span], mask, cv2.TM_CCORR)
            sums[2, place] = cv2.matchTemplate(squares[span], mask, cv2.TM_CCORR)
    some = Frames(frames.masks[which], frames.pixels[which])
    answers = _correlations(sums, some)
    places, best = peaks(answers)
    moves, at_home = places - SEARCH_PX, answers[:, SEARCH_PX, SEARCH_PX]
    stays = (best - at_home < LEAST_LEAD) & (np.abs(moves).max(axis=1) >= NEAR_PX)
    best = np.where(stays, at_home, best).astype(np.float32)
    return np.where(((best > 0) & ~stays)[:, None], moves, 0).astype(np.float32), best


def _correlations(sums: Floats, frames: Frames) -> Floats:
    """Turn the sums into correlations; a box with hardly any print has none."""
    product, total, total_square = sums
    counts, norms = frames.counts[:, None, None], frames.norms[:, None, None]
    spread = (total_square - total * total / np.maximum(counts, 1)) * norms
    answers = product / np.sqrt(np.maximum(spread, LEAST_SPREAD))
    return np.where(counts < LEAST_FRAME_PX, 0, answers).astype(np.float32)
