"""A blank's boxes -> what about their print and place makes marks hard to read. It holds no opinion."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.reading.blank_boxes import BlankBoxes
from survey.reading.ink import BOX_PX, INK_DARK
from survey.reading.network import CROP_PX
from survey.tables import Table

OUTLINE_PX = 2  # a crop's pixels this close to the box's outline belong to its frame
CORE_PX = 5  # so far inside the outline a frame has ended
OTHER_FRAME_MM = 0.4  # the frame of another box reaches so far out of its outline
FRAME_PERCENTILE = 90  # of darkness along the outline: a circle touches it at four places only
FOLDS = (1 / 3, 1 / 2, 2 / 3)  # of a page's height: C6/5 envelopes fold at thirds, C5 ones in the middle
ALONE_MM = 99.0  # distance to the next box, where there is none

BOX_FACTS = Table("box_facts", {
    "box": ("str", "name of the box"),
    "frame": ("float64", "darkness of the frame on the blank, 0..1"),
    "inside": ("float64", "share of the box's core that carries print, 0..1"),
    "around": ("float64", "share of a ring around the box, a third of its size wide, with print but other boxes, 0..1"),
    "apart_mm": ("float64", "distance to the next box, outline to outline, mm"),
    "side_mm": ("float64", "shorter side, mm"),
    "edge_mm": ("float64", "distance to the paper's nearest edge, mm"),
    "fold_mm": ("float64", "distance to the nearest fold of a mailed page, mm; 0 on it"),
})  # fmt: skip


def facts_of(blank: BlankBoxes, paper_mm: tuple[float, float]) -> pd.DataFrame:
    """Measure the boxes to mark of one blank page; returns BOX_FACTS."""
    places = blank.boxes[["x_mm", "y_mm", "w_mm", "h_mm"]].to_numpy(float).reshape(-1, 4)
    x, y, w, h = places.T
    away = np.array([np.maximum(y - fold * paper_mm[1], fold * paper_mm[1] - y - h) for fold in FOLDS])
    return BOX_FACTS.frame(
        pd.DataFrame({
            "box": blank.boxes["box"].astype("str"),
            "frame": _frame(blank.crops),
            "inside": _print_in(blank.crops, _core()),
            "around": _print_around(blank.crops, places),
            "apart_mm": _apart(places),
            "side_mm": np.minimum(w, h),
            "edge_mm": np.min([x, y, paper_mm[0] - x - w, paper_mm[1] - y - h], axis=0),
            "fold_mm": np.maximum(away, 0).min(axis=0),
        })
    )  # fmt: skip


def _depth() -> NDArray[np.int_]:
    """How deep each pixel of a crop lies inside the box's outline, px; negative outside. Shape (30, 30)."""
    step = np.minimum(np.arange(CROP_PX), np.arange(CROP_PX)[::-1]) - (CROP_PX - BOX_PX) // 2
    return np.minimum(step[:, None], step[None, :])


def _core() -> NDArray[np.bool_]:
    return np.asarray(_depth() >= CORE_PX)


def _ring() -> NDArray[np.bool_]:
    return np.asarray(_depth() < -OUTLINE_PX)


def _frame(crops: NDArray[np.float32]) -> NDArray[np.float64]:
    depth = _depth()
    along = crops[:, (depth >= -OUTLINE_PX) & (depth <= OUTLINE_PX)]
    return np.percentile(along, FRAME_PERCENTILE, axis=1).astype(np.float64) if len(crops) else np.zeros(0)


def _print_in(crops: NDArray[np.float32], where: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.asarray((crops[:, where] > INK_DARK).mean(axis=1), np.float64)


def _print_around(crops: NDArray[np.float32], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of each box's ring that carries print, the outlines of other boxes left out."""
    steps = (np.arange(CROP_PX) - (CROP_PX - 1) / 2) / BOX_PX
    shares = np.zeros(len(crops))
    for number, (crop, (x, y, w, h)) in enumerate(zip(crops, places, strict=True)):
        u, v = (x + w / 2 + w * steps)[None, :, None], (y + h / 2 + h * steps)[:, None, None]
        others = np.delete(places, number, axis=0)
        reach = np.maximum(
            np.abs(others[:, 0] + others[:, 2] / 2 - x - w / 2) - others[:, 2] / 2 - w,
            np.abs(others[:, 1] + others[:, 3] / 2 - y - h / 2) - others[:, 3] / 2 - h,
        )
        left, top, wide, high = others[reach < OTHER_FRAME_MM].T
        across = (u > left - OTHER_FRAME_MM) & (u < left + wide + OTHER_FRAME_MM)
        down = (v > top - OTHER_FRAME_MM) & (v < top + high + OTHER_FRAME_MM)
        free = _ring() & ~(across & down).any(axis=2)
        shares[number] = (crop[free] > INK_DARK).mean() if free.any() else 0.0
    return shares


def _apart(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance from each outline to the nearest other one, mm; touching or overlapping is 0."""
    if len(places) < 2:
        return np.full(len(places), ALONE_MM)
    x, y, w, h = places.T
    across = np.abs((x + w / 2)[:, None] - x - w / 2) - (w[:, None] + w) / 2
    down = np.abs((y + h / 2)[:, None] - y - h / 2) - (h[:, None] + h) / 2
    gap = np.hypot(np.maximum(across, 0), np.maximum(down, 0))
    np.fill_diagonal(gap, ALONE_MM)
    return np.asarray(gap.min(axis=1))
