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
BEFORE = (150, 150, 150)  # grey: where a box lay before
WIDTH_PX = 1240  # pictures are shrunk to this width: A4 at 150 dpi
CROP_SHOWN_PX = 120  # side of a crop on a contact sheet: four times what was stored
CELL_PX = (136, 160)  # width and height of a crop with its number
SHEET_COLUMNS, SHEET_ROWS = 9, 11  # together as wide and high as A4 at 150 dpi


def draw_marks(
    grey: NDArray[np.uint8],
    corners_px: NDArray[np.float32],
    states: list[str],
    before_px: NDArray[np.float32] | None = None,
) -> NDArray[np.uint8]:
    """Draw box outlines, shape (n, 4, 2) px, coloured by state, over a page; returns BGR.

    `before_px` are outlines of places where boxes lay before they were corrected; they are grey.
    """
    scale = min(1.0, WIDTH_PX / grey.shape[1])
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    picture = cv2.cvtColor(small, cv2.COLOR_GRAY2BGR)
    for outline in [] if before_px is None else before_px:
        points = np.round((outline * scale).reshape(-1, 1, 2) * 16).astype(np.int32)
        cv2.polylines(picture, [points], True, BEFORE, 2, cv2.LINE_AA, 4)
    for outline, state in zip(corners_px, states, strict=True):
        points = np.round((outline * scale).reshape(-1, 1, 2) * 16).astype(np.int32)
        cv2.polylines(picture, [points], True, COLOURS[state], 1 if state == "empty" else 2, cv2.LINE_AA, 4)
    return picture


def draw_contact_sheets(crops: NDArray[np.uint8]) -> list[bytes]:
    """Lay crops of boxes, shape (n, 30, 30), darkness 0..255, on white sheets, each with its number; returns PNGs."""
    a_sheet = SHEET_COLUMNS * SHEET_ROWS
    return [_contact_sheet(crops[at : at + a_sheet], at + 1) for at in range(0, len(crops), a_sheet)]


def _contact_sheet(crops: NDArray[np.uint8], first: int) -> bytes:
    rows = -(-len(crops) // SHEET_COLUMNS)
    sheet = np.full((rows * CELL_PX[1], SHEET_COLUMNS * CELL_PX[0]), 255, np.uint8)
    for at, crop in enumerate(crops):
        left, top = at % SHEET_COLUMNS * CELL_PX[0], at // SHEET_COLUMNS * CELL_PX[1]
        large = cv2.resize(255 - crop, (CROP_SHOWN_PX, CROP_SHOWN_PX), interpolation=cv2.INTER_CUBIC)
        sheet[top + 8 : top + 8 + CROP_SHOWN_PX, left + 8 : left + 8 + CROP_SHOWN_PX] = large
        place = (left + 8, top + CROP_SHOWN_PX + 26)
        cv2.putText(sheet, str(first + at), place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1, cv2.LINE_AA)
    return cv2.imencode(".png", sheet)[1].tobytes()
