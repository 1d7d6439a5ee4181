"""A page's pixels and where its boxes lie on them -> one small picture an item, for a person to look at."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

VERSION = 1
STRIP_DPI = 150  # resolution of a strip: a thin stroke is two pixels wide
STRIP_QUALITY = 45  # of JPEG: about 20 kB a strip, and pencil stays visible
PAGE_DPI = 100  # resolution of a whole page beside a strip
PAGE_EDGE_MM = 8.0  # what is nearer to the paper's edge is left out
LEFT_MM = 10.0  # an item's number stands at most so far left of its boxes
GAP_MM = 1.0  # between a strip and the boxes of the next item
WORDING_MM = 28.0  # wording, note and headings of columns stand at most so far above an item's first box
BELOW_MM = 5.0  # labels below the boxes of a scale, and what people write under the last one
LEAST_CORNERS = 8  # corners of boxes from which a page's place is told by all of them

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Place:
    """A rectangle on the blank, mm from the page's top left."""

    x_mm: float
    y_mm: float
    w_mm: float
    h_mm: float


def place_of(boxes: pd.DataFrame, names: frozenset[str], paper_mm: tuple[float, float]) -> Place:
    """Tell which part of a page belongs to an item: its boxes, their labels, and the wording above.

    `boxes` are the BOXES of the page, `names` those of the item; nothing of it lies on boxes of other items.
    """
    own = boxes["box"].isin(names)
    left, top, right, bottom = _bounds(boxes[own])
    others = [_bounds(group) for _, group in boxes[~own].groupby("item")]
    is_table = boxes.loc[own, "x_mm"].nunique() > 1 and boxes.loc[own, "y_mm"].nunique() > 1
    beside = [other for other in others if other[2] <= left and _near(other, top, bottom)]
    if is_table:  # the labels of its rows stand left of its boxes
        beside = [other for other in beside if other[1] < bottom and other[3] > top]
    start = max(left - LEFT_MM, PAGE_EDGE_MM) if beside else PAGE_EDGE_MM
    ends = [other[0] - LEFT_MM for other in others if other[0] >= right and _near(other, top, bottom)]
    end = min([paper_mm[0] - PAGE_EDGE_MM, *ends])
    above = [other[3] for other in others if other[3] <= top and other[0] < end and other[2] > start]
    first = max([PAGE_EDGE_MM, top - WORDING_MM, *(edge + GAP_MM for edge in above)])
    below = [other[1] for other in others if other[1] >= bottom and other[0] < end and other[2] > start]
    last = min([paper_mm[1] - PAGE_EDGE_MM, bottom + BELOW_MM, *(edge - GAP_MM for edge in below)])
    return Place(start, first, max(end, right + GAP_MM) - start, max(last, bottom + GAP_MM) - first)


def _near(other: tuple[float, float, float, float], top: float, bottom: float) -> bool:
    """Whether an item lies beside another one or its wording."""
    return other[1] < bottom + BELOW_MM and other[3] > top - WORDING_MM


def _bounds(boxes: pd.DataFrame) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of some boxes, mm."""
    right, bottom = boxes["x_mm"] + boxes["w_mm"], boxes["y_mm"] + boxes["h_mm"]
    return float(boxes["x_mm"].min()), float(boxes["y_mm"].min()), float(right.max()), float(bottom.max())


def cut_strip(grey: Grey, place: Place, outlines_mm: Floats, corners_px: Floats) -> bytes:
    """Cut a part of a page out of a scan, laid straight, as JPEG.

    `outlines_mm` and `corners_px`, shape (n, 4, 2), say where boxes lie on the blank and on the scan.
    """
    return to_jpeg(_lay(grey, place, STRIP_DPI, _map(place, outlines_mm, corners_px)))


def cut_page(grey: Grey, paper_mm: tuple[float, float], outlines_mm: Floats, corners_px: Floats) -> bytes:
    """Cut a whole page out of a scan, laid straight, as JPEG."""
    whole = Place(0.0, 0.0, *paper_mm)
    return to_jpeg(_lay(grey, whole, PAGE_DPI, _map(whole, outlines_mm, corners_px)))


def turn_page(grey: Grey, quarters: int) -> bytes:
    """Shrink a page that is not laid on any blank, turned clockwise by quarters, as JPEG."""
    scale = min(1.0, PAGE_DPI / 25.4 * 297 / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return to_jpeg(np.ascontiguousarray(np.rot90(small, -quarters)))


def _map(place: Place, outlines_mm: Floats, corners_px: Floats) -> NDArray[np.float64]:
    """Find the map from mm of the blank to px of the scan that is right at a place: near boxes pull it towards them."""
    mm = outlines_mm.reshape(-1, 2).astype(np.float64)
    px = corners_px.reshape(-1, 2).astype(np.float64)
    if len(mm) < LEAST_CORNERS:
        matrix = cv2.getPerspectiveTransform(mm[:4].astype(np.float32), px[:4].astype(np.float32))
        return np.asarray(matrix, np.float64)
    found, _ = cv2.findHomography(mm, px, 0)
    inside = (mm[:, 0] > place.x_mm) & (mm[:, 0] < place.x_mm + place.w_mm)
    inside &= (mm[:, 1] > place.y_mm) & (mm[:, 1] < place.y_mm + place.h_mm)
    if inside.any():
        laid = cv2.perspectiveTransform(mm[inside][None], found)[0]
        shift = np.median(px[inside] - laid, axis=0)
        found = np.array([[1, 0, shift[0]], [0, 1, shift[1]], [0, 0, 1]]) @ found
    return np.asarray(found, np.float64)


def _lay(grey: Grey, place: Place, dpi: int, to_px: NDArray[np.float64]) -> Grey:
    step = 25.4 / dpi
    to_mm = np.array([[step, 0, place.x_mm + step / 2], [0, step, place.y_mm + step / 2], [0, 0, 1]])
    size = (max(1, round(place.w_mm / step)), max(1, round(place.h_mm / step)))
    laid = cv2.warpPerspective(
        grey, to_px @ to_mm, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=255
    )
    return np.asarray(laid, np.uint8)


def to_jpeg(grey: Grey) -> bytes:
    """Write a picture of paper as JPEG, small and still legible."""
    return cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, STRIP_QUALITY])[1].tobytes()
