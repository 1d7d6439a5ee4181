"""Fields for handwriting, as they lie on a scan -> how much of each pen strokes cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.reading.darkness import Tone, darkness_at
from survey.reading.ink import BLACKENED, FREE_OF_PRINT, INK_DARK, is_tint
from survey.reading.prepare import FINE_DPI, blank_pixels
from survey.reading.register import Field, displacements

VERSION = 4
LEAST_FREE = 0.1  # share of a field free of print under which nothing can be told of it
STROKE_PX = 8  # a pen's stroke is at least 1.3 mm long
LEAST_SPECKS = 3  # dust comes alone; of pencil that a scan hardly keeps as many are left at least
LINE_PX = 6  # a streak or fold is at most 1 mm wide
FIELD_INSET_MM = 0.5  # the frame of a comb cell is left out …
TEXT_INSET_MM = 1.5  # … and more of a free-text field's, whose far ends may be registered less well
TEXT_ABOVE_MM = 12.0  # a field larger than this is for free text

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class WrittenField:
    """A field for handwriting without its frame: where its px at 150 dpi begin, and which have no print near."""

    x_mm: float
    y_mm: float
    free: NDArray[np.bool_]
    ground: float = 0.0
    """How dark the tint is that it is printed on."""

    @cached_property
    def is_full(self) -> bool:
        """So little of it is free of print that no ink would be seen."""
        return bool(self.free.mean() < LEAST_FREE)

    @cached_property
    def nine_mm(self) -> Floats:
        """Corners, edge middles and centre, shape (9, 2)."""
        ends = (np.array(self.free.shape) - 1) * 25.4 / FINE_DPI
        x, y = self.x_mm + ends[1] * np.array([0, 0.5, 1]), self.y_mm + ends[0] * np.array([0, 0.5, 1])
        return np.stack(np.meshgrid(x, y), axis=2).reshape(-1, 2).astype(np.float32)


def prepare_field(place_mm: NDArray[np.float64], tone: Tone) -> WrittenField:
    """Look at a field on the blank, its frame left out; its place is x, y, width and height."""
    points_mm = _lattice(*place_mm)
    printed = darkness_at(tone, blank_pixels(points_mm))
    ground = float(np.median(printed))
    ground = ground if is_tint(ground) else 0.0
    left_mm, top_mm = points_mm[0, 0]
    free = cv2.dilate(printed, np.ones((7, 7))) < ground + FREE_OF_PRINT
    return WrittenField(float(left_mm), float(top_mm), free, ground)


def _lattice(x_mm: float, y_mm: float, w_mm: float, h_mm: float) -> Floats:
    """Sampling points of a handwriting field at 150 dpi, frame left out, mm, shape (rows, columns, 2)."""
    step = 25.4 / FINE_DPI
    inset = TEXT_INSET_MM if max(w_mm, h_mm) > TEXT_ABOVE_MM else FIELD_INSET_MM
    u = np.arange(x_mm + inset, x_mm + w_mm - inset, step)
    v = np.arange(y_mm + inset, y_mm + h_mm - inset, step)
    return np.stack(np.meshgrid(u, v), axis=2).astype(np.float32)


def measure_fields(
    fields: list[WrittenField], moves_mm: Floats, shifts: Field, to_scan: NDArray[np.float64], tone: Tone
) -> dict[str, Floats]:
    """Measure the ink written into comb cells and free-text fields.

    `ink` is the share of a field that strokes cover, `residue` that with specks, of which a scan may leave but those.
    `to_scan` maps mm of the blank to px of the scan at 150 dpi, 3 x 3, before each field is moved by `moves_mm`, shape
    (n, 2); how far the print around is trusted the page's `shifts` tell.
    """
    count = len(fields)
    ink, residue, trust, none = (np.zeros(count, np.float32) for _ in range(4))
    unknown, missing = (np.full(count, np.nan, np.float32) for _ in range(2))
    for index, field in enumerate(fields):
        trust[index] = displacements(shifts, field.nine_mm)[1].max()
        matrix = to_scan @ _to_blank(field, moves_mm[index])
        ground = _ground_on(tone, matrix, field)
        if field.is_full or ground - field.ground > BLACKENED:
            missing[index] = 1
        ink[index], residue[index] = _ink_shares(_is_ink(tone, matrix, field, ground + INK_DARK) & field.free)
    return {
        "p_marked": unknown, "p_black": unknown, "room": np.ones(count, np.float32), "ink": ink, "coverage": ink,
        "span": unknown, "runs_on": unknown, "excess": unknown, "bulge": unknown, "missing": missing, "aside": unknown,
        "darker": unknown, "lean_deg": unknown, "residue": residue, "claimed": none, "fit": trust,
    }  # fmt: skip


def pale_strokes(
    fields: Mapping[int, WrittenField], moves_mm: Floats, to_scan: NDArray[np.float64], tone: Tone
) -> Floats:
    """Return the share that strokes cover of some of n fields, by number, shape (n,); 0 for the others.

    They count from half the darkness of ink on: of 3 x 3 px the mean, in which noise shows little. `moves_mm`, shape
    (n, 2), says how far each is moved; `to_scan` as for `measure_fields`.
    """
    found = np.zeros(len(moves_mm), np.float32)
    soft = replace(tone, grey=cv2.blur(tone.grey, (3, 3))) if fields else tone
    for number, field in fields.items():
        if not field.ground:  # half the darkness of ink may be the dots of a tint
            matrix = to_scan @ _to_blank(field, moves_mm[number])
            found[number], _ = _ink_shares(_is_ink(soft, matrix, field, INK_DARK / 2) & field.free)
    return found


def _to_blank(field: WrittenField, move_mm: Floats) -> NDArray[np.float64]:
    """Map px of a field, moved as a whole, to mm of the blank; 3 x 3."""
    step = 25.4 / FINE_DPI
    return np.array([[step, 0, field.x_mm + move_mm[0]], [0, step, field.y_mm + move_mm[1]], [0, 0, 1]])


def _is_ink(
    tone: Tone, matrix: NDArray[np.float64], field: WrittenField, dark: float = INK_DARK
) -> NDArray[np.bool_]:
    """Tell which px of a field are darker than `dark`, as `darkness_at` would."""
    grey = _laid(tone.grey, matrix, field)
    if grey.min() >= 255 * (1 - dark * tone.ink):
        return np.zeros(grey.shape, bool)  # nothing is darker than ink on the whitest paper
    return np.asarray(grey < _paper_of(tone, matrix, field) * np.float32(1 - dark * tone.ink))


def _ground_on(tone: Tone, matrix: NDArray[np.float64], field: WrittenField) -> float:
    """How dark a field's tint is on a scan, where nothing is printed on it: as most of its px are; 0 without a tint."""
    if not field.ground or not field.free.any():
        return field.ground
    share = _laid(tone.grey, matrix, field) / _paper_of(tone, matrix, field)
    return float((1 - np.median(share[field.free])) / tone.ink)


def _paper_of(tone: Tone, matrix: NDArray[np.float64], field: WrittenField) -> Grey:
    """The paper's tone around each px of a field."""
    share = 1 / tone.paper_px
    smaller = np.array([[share, 0, (share - 1) / 2], [0, share, (share - 1) / 2], [0, 0, 1]]) @ matrix
    return np.maximum(_laid(tone.paper, smaller, field, cv2.BORDER_REPLICATE), 40)


def _laid(
    image: Grey, matrix: NDArray[np.float64], field: WrittenField, border: int = cv2.BORDER_CONSTANT
) -> Grey:
    """What an image shows of a field; `matrix` maps px of the field to its px."""
    size = (field.free.shape[1], field.free.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpPerspective(image, matrix, size, flags=flags, borderMode=border, borderValue=255)
    return np.asarray(laid, np.uint8)


def _ink_shares(ink: NDArray[np.bool_]) -> tuple[float, float]:
    """Return which shares of a field at 150 dpi pen strokes cover, and these and specks together.

    Fewer than LEAST_SPECKS in a large field are none. Thin lines from edge to edge, as streaks and folds draw them, are
    left out, but a "1" may fill a low field.
    """
    left, top, wide, high = cv2.boundingRect(ink.astype(np.uint8))
    if not wide:
        return 0.0, 0.0
    inked = ink[top : top + high, left : left + wide].astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    wide, high, area = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA]].T
    is_high, is_wide = (side > TEXT_ABOVE_MM / 25.4 * FINE_DPI for side in ink.shape)
    is_line = (wide == ink.shape[1]) & (high < LINE_PX)
    is_line |= is_high & (high == ink.shape[0]) & (wide < LINE_PX)
    is_stroke = (np.maximum(wide, high) >= STROKE_PX) & ~is_line
    strokes, specks = area[is_stroke], area[~is_stroke & ~is_line]
    is_dust = (is_high or is_wide) and len(specks) < LEAST_SPECKS
    all_ink = strokes.sum() + (0 if is_dust else specks.sum())
    return float(strokes.sum()) / ink.size, float(all_ink) / ink.size
