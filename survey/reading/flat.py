"""Print found on all sides of a place -> how far to trust where it lies, though nothing is printed there itself.

Scanners drop pale frames, in black and white above all: what is printed around must then say where they would be.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from survey.reading.register import OUTLIER_MM, Field

VERSION = 1
SIDES = 3  # of four quarters around a place, in which print must be found
UNSEEN = 0.5  # of its trust is left for a place between: a fold that lies in it as a whole would not show

Floats = NDArray[np.float32]


def trust_between(field: Field, points_mm: Floats) -> Floats:
    """Return how far to trust that the sheet lies flat between the print around each point, 0..1, shape (n,).

    Asked is the nearest piece in each quarter around a point, shape (n, 2): they must lie as one plane says.
    """
    if not len(field.places_mm):
        return np.zeros(len(points_mm), np.float32)
    offsets = field.places_mm[None] - points_mm[:, None]
    quarters = (offsets[..., 0] > 0) + 2 * (offsets[..., 1] > 0)
    distances = np.hypot(offsets[..., 0], offsets[..., 1])
    away = np.where(quarters[..., None] == np.arange(4), distances[..., None], np.inf)
    nearest, there = away.argmin(axis=1), np.isfinite(away.min(axis=1))
    count = there.sum(axis=1)
    shifts = field.shifts_mm[nearest] * there[..., None]
    middle = shifts.sum(axis=1) / np.maximum(count, 1)[:, None]
    apart = np.where(there, np.linalg.norm(shifts - middle[:, None], axis=2), 0).max(axis=1)
    trust = np.where(there, field.trust[nearest], 1).min(axis=1)
    return np.where((count >= SIDES) & (apart < OUTLIER_MM), UNSEEN * trust, 0).astype(np.float32)
