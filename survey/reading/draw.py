"""A scan and what was read on it -> a picture for people."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

COLOURS = {  # Okabe & Ito's palette, blue-green-red
    "empty": (178, 114, 0),
    "marked": (115, 158, 0),
    "revoked": (167, 121, 204),
    "doubtful": (0, 159, 230),
    "unreadable": (0, 94, 213),
}
WIDTH_PX = 1240  # pictures are shrunk to this width: A4 at 150 dpi


def draw_marks(
    grey: NDArray[np.uint8], corners_px: NDArray[np.float32], states: list[str]
) -> NDArray[np.uint8]:
    """Draw box outlines, shape (n, 4, 2) px, coloured by state, over a page; returns BGR."""
    scale = min(1.0, WIDTH_PX / grey.shape[1])
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    picture = cv2.cvtColor(small, cv2.COLOR_GRAY2BGR)
    for outline, state in zip(corners_px, states, strict=True):
        points = np.round((outline * scale).reshape(-1, 1, 2) * 16).astype(np.int32)
        cv2.polylines(picture, [points], True, COLOURS[state], 1 if state == "empty" else 2, cv2.LINE_AA, 4)
    return picture
