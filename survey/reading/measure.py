"""Page -> numbers per box, among them p_marked by the network. It holds no opinion."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.reading.network import CROP_PX, Weights, probabilities
from survey.reading.prepare import FINE_DPI, PreparedScan
from survey.reading.register import (
    Field,
    Page,
    believable,
    displacements,
    peak,
    to_pixels,
)
from survey.tables import MEASUREMENTS

VERSION = 4
BOX_PX = 18  # a box fills the middle 18 of a crop's 30 px: a third of its size stays visible on every side
SEARCH_PX = 4  # how far a box's frame is looked for around where the field puts it
FRAME_DARK = 0.25  # darkness of the blank from which a pixel belongs to the print
FRAME_FOUND = 0.55  # correlation from which a frame counts as found
INK_DARK = 0.12  # darkness from which a pixel is ink
FREE_OF_PRINT = 0.08  # darkness of the blank, two pixels around, under which a pixel carries no print
LEAST_ROOM = 0.06  # share of a box free of print under which there is no room to measure ink in
COVERED = 0.5  # share of a mark's own darkness from which a pixel counts as covered
PEN_PERCENTILE = 90  # of a box's core: as dark as the pen that marked it
PAPER_MM = 15.0  # the paper's own tone is the brightest within this distance
FIELD_DPI = 150  # resolution at which handwriting fields are looked at
STROKE_PX = 8  # a pen's stroke is at least 1.3 mm long
LINE_PX = 6  # a streak or fold is at most 1 mm wide
FIELD_INSET_MM = 0.5  # the frame of a comb cell is left out …
TEXT_INSET_MM = 1.5  # … and more of a free-text field's, whose far ends may be registered less well
TEXT_ABOVE_MM = 12.0  # a field larger than this is for free text
PRINT_DARK = 0.35  # darkness of the blank from which a pixel tells how dark print is on the scan
FAINTEST_PRINT = 0.4  # print lighter than this is no measure of ink
FRAME_OUTLIER_MM = 0.25  # a frame that disagrees this far with its neighbours has slipped
ROWS_AT_ONCE = 30_000  # cv2.remap takes at most 32,767 rows

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Tone:
    """A grey image with the tone of its paper: darkness is 1 - grey / paper, divided by that of printed ink."""

    grey: Grey
    paper: Grey
    ink: float


@dataclass(frozen=True)
class BlankBoxes:
    """The boxes of one blank page and how each looks unmarked: crops of shape (n, 30, 30), darkness 0..1."""

    boxes: pd.DataFrame
    written: pd.DataFrame
    """Fields for handwriting: comb cells and free text."""
    crops: Floats
    tone: Tone


def tone_of(grey: Grey, dpi: float, ink: float = 1.0) -> Tone:
    """Find the paper's tone around every pixel: a wide maximum, smoothed; a quarter of the image's resolution."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    reach = max(1, round(PAPER_MM / 25.4 * dpi / 4 / 2))
    steady = cv2.medianBlur(small, 3)
    paper = cv2.dilate(steady, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    paper = cv2.erode(paper, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    return Tone(grey, cv2.blur(paper, (5, 5)), ink)


def darkness_at(tone: Tone, points_px: Floats) -> Floats:
    """Sample darkness 0..1 at points of shape (…, 2), px; outside the image is paper. Returns shape (…)."""
    shape = points_px.shape[:-1]
    flat = np.ascontiguousarray(points_px.reshape(-1, shape[-1], 2), np.float32)
    rows = [_darkness(tone, flat[at : at + ROWS_AT_ONCE]) for at in range(0, len(flat), ROWS_AT_ONCE)]
    return np.concatenate(rows).reshape(shape) if rows else np.zeros(shape, np.float32)


def _darkness(tone: Tone, points_px: Floats) -> Floats:
    grey = cv2.remap(
        tone.grey, points_px, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255
    ).astype(np.float32)
    quarter = (points_px - np.float32(1.5)) / 4
    paper = cv2.remap(tone.paper, quarter, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.clip((1 - grey / np.maximum(paper, 40).astype(np.float32)) / np.float32(tone.ink), 0, 1)


def lattice(boxes: pd.DataFrame, extra_px: int = 0) -> Floats:
    """Return the sampling points of the boxes' crops, mm, shape (n, side, side, 2).

    A box fills the middle 18 of a crop's 30 px in both directions, whatever its size and shape.
    """
    x, y, w, h = (boxes[name].to_numpy(np.float32)[:, None] for name in ["x_mm", "y_mm", "w_mm", "h_mm"])
    side = CROP_PX + 2 * extra_px
    steps = (np.arange(side, dtype=np.float32) - (side - 1) / 2) / BOX_PX
    u, v = x + w / 2 + w * steps, y + h / 2 + h * steps
    shape = (len(boxes), side, side)
    return np.stack([np.broadcast_to(u[:, None, :], shape), np.broadcast_to(v[:, :, None], shape)], axis=3)


def blank_pixels(points_mm: Floats) -> Floats:
    """Map blank mm to px of its render at 150 dpi."""
    return points_mm * np.float32(FINE_DPI / 25.4) - np.float32(0.5)


def prepare_boxes(page: int, grey_150: Grey, boxes: pd.DataFrame, handwritten: frozenset[str]) -> BlankBoxes:
    """Cut the crops of a blank page's boxes. `handwritten` names the items whose boxes are fields to write in."""
    here = boxes[boxes["page"] == page]
    is_field = here["item"].isin(handwritten)
    marks, fields = here[~is_field].reset_index(drop=True), here[is_field].reset_index(drop=True)
    tone = tone_of(grey_150, FINE_DPI)
    return BlankBoxes(marks, fields, darkness_at(tone, blank_pixels(lattice(marks))), tone)


@dataclass(frozen=True)
class Measured:
    """What was measured on one page."""

    table: pd.DataFrame
    """MEASUREMENTS: the boxes to mark first, then the fields to write in."""
    crops: Floats
    """The boxes to mark as the network saw them, shape (n, 30, 30), darkness 0..1."""
    corners_px: Floats
    """Where the outline of every row of the table lies on the scan, shape (n, 4, 2)."""


def measure(page: Page, scan: PreparedScan, blank: BlankBoxes, weights: Weights) -> Measured:
    """Measure every box of a page."""
    tone = _with_ink_level(page, scan, blank)
    shifts, fit = _box_shifts(page, scan, tone, blank)
    crops = darkness_at(tone, scan_pixels(page, scan, lattice(blank.boxes) + shifts[:, None, None, :]))
    corners = _corners(page, blank.boxes, shifts)
    marks = pd.DataFrame(
        {
            "page_digest": page.image.digest,
            "box": blank.boxes["box"],
            "p_marked": probabilities(crops, blank.crops, weights),
            **_numbers(crops, blank.crops),
            "fit": fit,
            "inside": _inside(page, corners),
        }
    )
    field_corners = _corners(page, blank.written, np.zeros((len(blank.written), 2), np.float32))
    fields = _measure_fields(page, scan, tone, blank).assign(inside=_inside(page, field_corners))
    tables = [MEASUREMENTS.frame(part) for part in (marks, fields) if len(part)]
    table = pd.concat(tables, ignore_index=True) if tables else MEASUREMENTS.frame()
    return Measured(table, crops, np.concatenate([corners, field_corners]))


def scan_pixels(page: Page, scan: PreparedScan, points_mm: Floats) -> Floats:
    """Map points of boxes, mm, shape (n, a, b, 2), to px of the scan at 150 dpi; one local displacement a box."""
    if not len(points_mm):
        return points_mm
    centres = points_mm.reshape(len(points_mm), -1, 2).mean(axis=1)
    moves, _ = displacements(page.field, centres)
    moved = (points_mm + moves[:, None, None, :]).reshape(-1, 1, 2)
    scale = scan.fine_scale
    shrink = np.array(
        [[1 / scale, 0, (1 - scale) / (2 * scale)], [0, 1 / scale, (1 - scale) / (2 * scale)], [0, 0, 1]]
    )
    return cv2.perspectiveTransform(moved, shrink @ page.homography).reshape(points_mm.shape)


def _with_ink_level(page: Page, scan: PreparedScan, blank: BlankBoxes) -> Tone:
    """Let darkness 1 be the scan's own printed ink, as its boxes' frames show it."""
    tone = tone_of(scan.grey, FINE_DPI)
    printed = blank.crops > PRINT_DARK
    if printed.sum() < 50:
        return tone
    seen = darkness_at(tone, scan_pixels(page, scan, lattice(blank.boxes)))
    level = float(np.percentile(seen[printed] / blank.crops[printed], 75))
    return Tone(tone.grey, tone.paper, float(np.clip(level, FAINTEST_PRINT, 1)))


def _box_shifts(page: Page, scan: PreparedScan, tone: Tone, blank: BlankBoxes) -> tuple[Floats, Floats]:
    """Find each box's own frame near where the field puts it.

    Returns shifts to add, mm, shape (n, 2), and fit, shape (n,): the agreement of the frame, or else of the print
    around. A frame that disagrees with its neighbours has slipped (a stroke was taken for it) and follows them.
    """
    boxes = blank.boxes
    centres = boxes[["x_mm", "y_mm"]].to_numpy(np.float32) + boxes[["w_mm", "h_mm"]].to_numpy(np.float32) / 2
    _, trust = displacements(page.field, centres)
    if not len(boxes):
        return np.zeros((0, 2), np.float32), trust
    wide = darkness_at(tone, scan_pixels(page, scan, lattice(boxes, SEARCH_PX)))
    moves_px, found = _match_frames(wide, blank.crops)
    moves = moves_px * boxes[["w_mm", "h_mm"]].to_numpy(np.float32) / BOX_PX
    good = found > FRAME_FOUND
    kept = believable(centres[good], moves[good], found[good], FRAME_OUTLIER_MM)
    believed = np.flatnonzero(good)[kept]
    around = Field(centres[believed], moves[believed], found[believed])
    shifts, nearby = displacements(around, centres)
    shifts[nearby < FRAME_FOUND / 2] = 0
    shifts[believed] = moves[believed]
    fit = trust.copy()
    fit[believed] = np.maximum(fit[believed], found[believed])
    return shifts, fit


def _match_frames(wide: Floats, crops: Floats) -> tuple[Floats, Floats]:
    """Correlate each blank crop's frame with a wider scan crop at every shift.

    Returns the best shift in crop px, shape (n, 2), refined to fractions, and its correlation, shape (n,).
    """
    shifts, best = np.zeros((len(crops), 2), np.float32), np.zeros(len(crops), np.float32)
    frame = np.stack([cv2.dilate((crop > FRAME_DARK).astype(np.uint8), np.ones((5, 5))) for crop in crops])
    for index, (scene, crop, mask) in enumerate(zip(wide, crops, frame, strict=True)):
        if mask.sum() < 30:
            continue
        answer = cv2.matchTemplate(scene, crop, cv2.TM_CCOEFF_NORMED, mask=mask.astype(np.float32))
        answer[~np.isfinite(answer)] = 0
        _, top, _, (x, y) = cv2.minMaxLoc(answer)
        shifts[index] = peak(answer, x, y) - SEARCH_PX
        best[index] = top
    return shifts, best


def _numbers(crops: Floats, blanks: Floats) -> dict[str, Floats]:
    """Ink where the blank prints nothing, inside and around, and how completely the box is covered."""
    margin = (CROP_PX - BOX_PX) // 2
    inner = slice(margin, CROP_PX - margin)
    near_print = np.stack([cv2.dilate(blank, np.ones((5, 5))) for blank in blanks]) if len(blanks) else blanks
    free = near_print < FREE_OF_PRINT
    ink = (crops > INK_DARK) & free
    room = free[:, inner, inner].mean(axis=(1, 2))
    cover = np.array([_cover(crop) for crop in crops], np.float32).reshape(-1, 2)
    return {
        "room": room.astype(np.float32),
        "ink": (ink[:, inner, inner].mean(axis=(1, 2)) / np.maximum(room, LEAST_ROOM)).astype(np.float32),
        "coverage": cover[:, 0],
        "gap": cover[:, 1],
        "residue": (ink.sum(axis=(1, 2)) / BOX_PX**2).astype(np.float32),
    }


def _cover(crop: Floats) -> tuple[float, float]:
    """Return the covered share of a box's core, and the radius of its largest uncovered disc, share of its size.

    Covered is what is at least half as dark as the mark itself, so that pencil counts as much as felt.
    """
    margin = (CROP_PX - BOX_PX) // 2
    core = crop[margin + 3 : -margin - 3, margin + 3 : -margin - 3]
    covered = max(INK_DARK, COVERED * float(np.percentile(core, PEN_PERCENTILE)))
    light = (crop[margin + 1 : -margin - 1, margin + 1 : -margin - 1] < covered).astype(np.uint8)
    framed = cv2.copyMakeBorder(light, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    gap = float(cv2.distanceTransform(framed, cv2.DIST_L2, 3).max()) / BOX_PX
    return float((core >= covered).mean()), gap


def _corners(page: Page, boxes: pd.DataFrame, shifts_mm: Floats) -> Floats:
    """Map the outlines of boxes to px of the scan, shape (n, 4, 2), clockwise from the top left."""
    x, y, w, h = (boxes[name].to_numpy(np.float32) for name in ["x_mm", "y_mm", "w_mm", "h_mm"])
    outline = np.stack([np.stack(pair, 1) for pair in [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]], 1)
    if not len(outline):
        return np.zeros((0, 4, 2), np.float32)
    return to_pixels(page, (outline + shifts_mm[:, None, :]).reshape(-1, 2)).reshape(outline.shape)


def _inside(page: Page, corners_px: Floats) -> NDArray[np.bool_]:
    """Whether the whole outline of each box lies on the scanned image."""
    height, width = page.image.grey.shape
    inside = (corners_px >= 0) & (corners_px <= np.array([width - 1, height - 1]))
    return np.asarray(inside.all(axis=(1, 2)))


def _measure_fields(page: Page, scan: PreparedScan, tone: Tone, blank: BlankBoxes) -> pd.DataFrame:
    """Measure the ink written into comb cells and free-text fields: `ink` is its share of the field."""
    rows = []
    for field in blank.written.itertuples(index=False):
        points = _field_lattice(field.x_mm, field.y_mm, field.w_mm, field.h_mm)
        seen = darkness_at(tone, scan_pixels(page, scan, points)[0])
        printed = cv2.dilate(darkness_at(blank.tone, blank_pixels(points)[0]), np.ones((7, 7)))
        ink = _stroke_share((seen > INK_DARK) & (printed < FREE_OF_PRINT))
        _, trust = displacements(page.field, _nine(points[0]))
        rows.append((page.image.digest, field.box, np.nan, 1.0, ink, ink, np.nan, ink, float(trust.max())))
    return pd.DataFrame(rows, columns=[name for name in MEASUREMENTS.columns if name != "inside"])


def _nine(points: Floats) -> Floats:
    """Corners, edge middles and centre of a lattice, shape (9, 2)."""
    rows, columns = points.shape[0] - 1, points.shape[1] - 1
    return points[np.ix_([0, rows // 2, rows], [0, columns // 2, columns])].reshape(-1, 2)


def _stroke_share(ink: NDArray[np.bool_]) -> float:
    """Return the share of a field at 150 dpi that pen strokes cover: neither specks nor lines across all of it."""
    height, width = ink.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    if count == 1:
        return 0.0
    _, _, wide, high, area = stats[1:].T
    is_stroke = np.maximum(wide, high) >= STROKE_PX
    is_line = ((high > 0.8 * height) & (wide < LINE_PX)) | ((wide > 0.8 * width) & (high < LINE_PX))
    return float(area[is_stroke & ~is_line].sum()) / ink.size


def _field_lattice(x_mm: float, y_mm: float, w_mm: float, h_mm: float) -> Floats:
    """Sampling points of a handwriting field at 150 dpi, frame left out, mm, shape (1, rows, columns, 2)."""
    step = 25.4 / FIELD_DPI
    inset = TEXT_INSET_MM if max(w_mm, h_mm) > TEXT_ABOVE_MM else FIELD_INSET_MM
    u = np.arange(x_mm + inset, x_mm + w_mm - inset, step)
    v = np.arange(y_mm + inset, y_mm + h_mm - inset, step)
    return np.stack(np.meshgrid(u, v), axis=2)[None].astype(np.float32)
