"""A printed page and the ink on it -> the image an office scanner makes of it, with all that was done to it.

Source places are millimetres from the paper's top left; `locate` tells where they lie in the image.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.simulate.ink import INK_RGB, Canvas

Image = NDArray[np.uint8]

MM_PER_INCH = 25.4
FOLD_REACH_MM = 22.0  # over this length a fold's shift fades away
WOBBLE_LENGTH_MM = 120.0  # longest wave of an uneven paper feed
MARGIN = 0.5  # ink is looked for so far around a box, share of its size
TILE_PX = 701
BLACK_LID = 18  # grey of a scanner's black backing


@dataclass(frozen=True)
class Fold:
    """One crease across the page: its print stands apart above and below, and light falls on it otherwise."""

    y_mm: float
    jump_mm: tuple[float, float]
    """How far the print just below lies from the print just above, rightwards and downwards."""
    shade: float
    """Darkness of the crease, -1 bright .. 1 dark."""


@dataclass(frozen=True)
class Streak:
    """A line along the feed: dirt on the scanner's glass."""

    x_share: float
    width_mm: float
    shade: float
    """-1 white .. 1 black."""


@dataclass(frozen=True)
class Handling:
    """What happened to one page between the pen and the file."""

    dpi: int = 300
    mode: str = "grey"
    """1-bit, grey or colour."""
    upside_down: bool = False
    skew_deg: float = 0.0
    stretch_x: float = 1.0
    stretch_y: float = 1.0
    shift_mm: tuple[float, float] = (0.0, 0.0)
    """How far the paper lies from the frame's top left; negative: cropped."""
    wobble_mm: float = 0.0
    """Amplitude of the uneven feed along the page."""
    wobble_phase: float = 0.0
    folds: tuple[Fold, ...] = ()
    black_lid: bool = False
    paper: float = 0.96
    """Brightness of the paper, 0..1."""
    shading: float = 0.0
    """How much darker one side of the page is lit, 0..1."""
    show_through: float = 0.0
    """How much of the back's print shines through, 0..1."""
    blur_mm: float = 0.0
    noise: float = 0.0
    """Spread of the noise, share of white."""
    specks: int = 0
    stains: int = 0
    streaks: tuple[Streak, ...] = ()
    threshold: float = 0.75
    """Of a 1-bit scan: darker than this share of the paper's brightness is black."""
    jpeg_quality: int = 60


def scan(
    printed: Image,
    ink: Canvas,
    colour: str,
    handling: Handling,
    rng: np.random.Generator,
    *,
    back: Image | None = None,
) -> Image:
    """Return the scanned image: grey or 1-bit (0 and 255) of shape (h, w), colour as BGR of shape (h, w, 3).

    `printed` and `ink` show the page at `handling.dpi`; `back` is the other side's print.
    """
    page = _ink_on_print(printed, ink, colour if handling.mode == "colour" else "grey")
    if back is not None and handling.show_through:
        page = _shine_through(page, back, handling.show_through)
    page = _soil(page, handling, rng)
    if handling.folds:
        page = _fold(page, handling, rng)
    page = _feed(page, handling)
    page = _light(page, handling, rng)
    for streak in handling.streaks:
        _draw_streak(page, streak, handling.dpi)
    if handling.mode == "1-bit":
        page = _to_one_bit(page, handling)
    return page


def _ink_on_print(printed: Image, ink: Canvas, colour: str) -> Image:
    if colour == "grey" or not ink.any():
        return np.asarray(
            cv2.multiply(printed, 255 - cv2.convertScaleAbs(ink, alpha=255), scale=1 / 255), np.uint8
        )
    taken = [cv2.convertScaleAbs(ink, alpha=255 * share) for share in reversed(INK_RGB[colour])]
    return np.dstack([cv2.multiply(printed, 255 - layer, scale=1 / 255) for layer in taken])


def _shine_through(page: Image, back: Image, share: float) -> Image:
    seen = cv2.convertScaleAbs(255 - cv2.blur(np.ascontiguousarray(back[:, ::-1]), (5, 5)), alpha=share)
    seen = seen[: page.shape[0], : page.shape[1]]
    return np.asarray(cv2.subtract(page, seen if page.ndim == 2 else cv2.merge([seen] * 3)), np.uint8)


def _soil(page: Image, handling: Handling, rng: np.random.Generator) -> Image:
    """Put specks, hairs and stains on the paper."""
    height, width = page.shape[:2]
    px_per_mm = handling.dpi / MM_PER_INCH
    for _ in range(handling.specks):
        x, y = int(rng.uniform(0, width)), int(rng.uniform(0, height))
        size = rng.exponential(0.10) * px_per_mm
        shade = float(rng.uniform(20, 170))
        axes = (max(0, round(size)), max(0, round(size * rng.uniform(0.4, 1))))
        cv2.ellipse(page, (x, y), axes, rng.uniform(0, 180), 0, 360, (shade,) * 3, -1, cv2.LINE_AA)
    for _ in range(handling.stains):
        _stain(page, px_per_mm, rng)
    return page


def _stain(page: Image, px_per_mm: float, rng: np.random.Generator) -> None:
    """A pale blot, or the ring of a cup, in place."""
    height, width = page.shape[:2]
    radius = int(rng.uniform(4, 35) * px_per_mm)
    x, y = int(rng.uniform(0, width)), int(rng.uniform(0, height))
    left, top, right, bottom = (
        max(0, x - radius),
        max(0, y - radius),
        min(width, x + radius),
        min(height, y + radius),
    )
    here = page[top:bottom, left:right]
    if here.size == 0:
        return
    small = np.zeros((64, 64), np.float32)
    ring = rng.random() < 0.35
    cv2.ellipse(
        small, (32, 32), (26, int(rng.uniform(16, 26))), rng.uniform(0, 180), 0, 360, 1.0, 3 if ring else -1
    )
    blot = cv2.resize(cv2.GaussianBlur(small, (0, 0), 1.5 if ring else 5.0), (2 * radius, 2 * radius))
    blot = blot[top - y + radius : bottom - y + radius, left - x + radius : right - x + radius]
    taken = np.float32(rng.uniform(0.03, 0.16)) * blot
    here[...] = (here * (1 - (taken if page.ndim == 2 else taken[..., None]))).astype(np.uint8)


# Geometry. Each step tells, for a place in its result, the place in its source.


def _fold_offsets(
    y_mm: NDArray[np.float64], folds: tuple[Fold, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far (mm, right and down) the folded page shows its print displaced, for places down the page."""
    right, down = np.zeros_like(y_mm), np.zeros_like(y_mm)
    for fold in folds:
        distance = y_mm - fold.y_mm
        side = np.where(distance >= 0, 0.5, -0.5) * np.exp(-np.abs(distance) / FOLD_REACH_MM)
        right += fold.jump_mm[0] * side
        down += fold.jump_mm[1] * side
    return right, down


def _fold(page: Image, handling: Handling, rng: np.random.Generator) -> Image:
    height, width = page.shape[:2]
    px_per_mm = handling.dpi / MM_PER_INCH
    places = np.arange(height, dtype=np.float64)
    right, down = _fold_offsets((places + 0.5) / px_per_mm, handling.folds)
    rows = (places - down * px_per_mm).astype(np.float32)
    shifts = (right * px_per_mm).astype(np.float32)
    map_x = np.arange(width, dtype=np.float32)[None, :] - shifts[:, None]
    map_y = np.repeat(rows[:, None], width, axis=1)
    page = np.asarray(
        cv2.remap(page, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )
    for fold in handling.folds:
        _crease(page, fold, px_per_mm, rng)
    return page


def _crease(page: Image, fold: Fold, px_per_mm: float, rng: np.random.Generator) -> None:
    """Draw the line of a fold in place: uneven, darker or brighter, toner rubbed off here and there."""
    height, width = page.shape[:2]
    middle, reach = round(fold.y_mm * px_per_mm), max(2, round(0.6 * px_per_mm))
    top, bottom = max(0, middle - reach), min(height, middle + reach + 1)
    knots = np.arange(0, width + 50, 25)
    rough = np.interp(np.arange(width), knots, rng.normal(1, 0.45, len(knots)))
    rows = (np.arange(top, bottom) - middle) / (0.14 * px_per_mm)
    profile = np.exp(-0.5 * rows**2).astype(np.float32)
    depth = 90 * fold.shade * np.clip(rough, 0, 2) * profile[:, None]
    band = page[top:bottom].astype(np.float32) - (depth if page.ndim == 2 else depth[..., None])
    rubbed = rng.random((bottom - top, width)) < 0.12 * profile[:, None]
    band = np.where(rubbed if page.ndim == 2 else rubbed[..., None], band + 70, band)
    page[top:bottom] = np.clip(band, 0, 255).astype(np.uint8)


def _feed_matrix(handling: Handling, height: int, width: int) -> NDArray[np.float64]:
    """The matrix (2 × 3) from the paper's pixels to the scan's: stretch and turn about the middle, shift."""
    angle = np.deg2rad(handling.skew_deg)
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, -sin], [sin, cos]]) @ np.diag([handling.stretch_x, handling.stretch_y])
    middle = np.array([width - 1, height - 1]) / 2
    shift = middle - turn @ middle + np.array(handling.shift_mm) * handling.dpi / MM_PER_INCH
    return np.column_stack([turn, shift])


def _wobble_px(rows: NDArray[np.float64], handling: Handling) -> NDArray[np.float64]:
    """How far ahead (px) the paper is when the scanner reads each row."""
    px_per_mm = handling.dpi / MM_PER_INCH
    turn = rows / px_per_mm * 2 * np.pi / WOBBLE_LENGTH_MM + handling.wobble_phase
    return np.asarray(handling.wobble_mm * px_per_mm * (0.7 * np.sin(turn) + 0.3 * np.sin(2.6 * turn + 1)))


def _feed(page: Image, handling: Handling) -> Image:
    """Skew, stretch, shift and the uneven feed in one resampling; then turned about if upside down."""
    height, width = page.shape[:2]
    inverse = cv2.invertAffineTransform(_feed_matrix(handling, height, width))
    rows = np.arange(height, dtype=np.float64)
    read = rows + _wobble_px(rows, handling)
    columns = np.arange(width, dtype=np.float32)[None, :]
    map_x = (inverse[0, 1] * read + inverse[0, 2]).astype(np.float32)[:, None] + columns * np.float32(
        inverse[0, 0]
    )
    map_y = (inverse[1, 1] * read + inverse[1, 2]).astype(np.float32)[:, None] + columns * np.float32(
        inverse[1, 0]
    )
    outside = BLACK_LID if handling.black_lid else 252
    fed = cv2.remap(
        page, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(outside,) * 3
    )
    return np.asarray(cv2.rotate(fed, cv2.ROTATE_180) if handling.upside_down else fed, np.uint8)


def locate(
    points_mm: NDArray[np.float64], handling: Handling, paper_mm: tuple[float, float]
) -> NDArray[np.float64]:
    """Return where places on the paper (n, 2; mm) lie in the scan, in pixels; centres are whole numbers."""
    px_per_mm = handling.dpi / MM_PER_INCH
    width, height = (round(side * px_per_mm) for side in paper_mm)
    seen_mm = points_mm
    for _ in range(4):
        seen_mm = points_mm + np.column_stack(_fold_offsets(seen_mm[:, 1], handling.folds))
    paper_px = seen_mm * px_per_mm - 0.5
    matrix = _feed_matrix(handling, height, width)
    ideal = paper_px @ matrix[:, :2].T + matrix[:, 2]
    rows = ideal[:, 1].copy()
    for _ in range(6):
        rows = ideal[:, 1] - _wobble_px(rows, handling)
    placed = np.column_stack([ideal[:, 0], rows])
    return np.array([width - 1, height - 1]) - placed if handling.upside_down else placed


def visible_mm2(
    added: NDArray[np.bool_],
    box_mm: tuple[float, float, float, float],
    handling: Handling,
    paper_mm: tuple[float, float],
) -> float:
    """Return how much of what ink added to a scan lies in and around a box, mm²."""
    x, y, w, h = box_mm
    sides = [(x - MARGIN * w, x + (1 + MARGIN) * w), (y - MARGIN * h, y + (1 + MARGIN) * h)]
    corners = np.array([(right, down) for right in sides[0] for down in sides[1]])
    placed = locate(corners, handling, paper_mm)
    (left, top), (right, bottom) = (
        np.maximum(np.rint(end(placed, axis=0)), 0).astype(int) for end in (np.min, np.max)
    )
    return float(added[top : bottom + 1, left : right + 1].sum()) * (MM_PER_INCH / handling.dpi) ** 2


# Light and sensor.


def _light(page: Image, handling: Handling, rng: np.random.Generator) -> Image:
    """Blur, the paper's tone, uneven light and noise."""
    if handling.blur_mm:
        page = np.asarray(
            cv2.GaussianBlur(page, (0, 0), handling.blur_mm * handling.dpi / MM_PER_INCH), np.uint8
        )
    height, width = page.shape[:2]
    if handling.mode != "1-bit":  # such a scanner follows the brightness of the paper
        tone = handling.paper * (1 - handling.shading * _slope(rng))
        field = cv2.resize((255 * tone).astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
        field = field if page.ndim == 2 else cv2.merge([field] * 3)
        page = np.asarray(cv2.multiply(page, field, scale=1 / 255), np.uint8)
    if handling.noise:
        page = _add_noise(page, handling.noise, rng)
    return page


def _slope(rng: np.random.Generator) -> NDArray[np.float64]:
    """A gentle slope of shade over a coarse grid, 0..1, falling to some side."""
    angle = rng.uniform(0, 2 * np.pi)
    x, y = np.meshgrid(np.linspace(-1, 1, 16), np.linspace(-1, 1, 16))
    return np.asarray(np.clip((x * np.cos(angle) + y * np.sin(angle)) * 0.4 + 0.5, 0, 1) ** 2)


def _add_noise(page: Image, spread: float, rng: np.random.Generator) -> Image:
    height, width = page.shape[:2]
    top, left = rng.integers(0, TILE_PX, 2)
    repeats = (height // TILE_PX + 2, width // TILE_PX + 2)
    noise = np.tile(_noise(), repeats)[top : top + height, left : left + width]
    brighter = cv2.convertScaleAbs(noise, alpha=spread * 255 / 32)
    darker = cv2.convertScaleAbs(np.roll(noise, (91, 53), (0, 1)), alpha=spread * 255 / 32)
    if page.ndim == 3:
        brighter, darker = cv2.merge([brighter] * 3), cv2.merge([darker] * 3)
    return np.asarray(cv2.subtract(cv2.add(page, brighter), darker), np.uint8)


@lru_cache(maxsize=1)
def _noise() -> NDArray[np.int8]:
    """A fixed tile of slightly smoothed noise with a spread of 32."""
    raw = np.random.default_rng(11).standard_normal((TILE_PX, TILE_PX))
    smooth = cv2.GaussianBlur(raw.astype(np.float32), (0, 0), 0.6)
    return np.asarray(np.clip(smooth / smooth.std() * 32, -127, 127), np.int8)


def _draw_streak(page: Image, streak: Streak, dpi: int) -> None:
    """Draw a line along the feed, in place; it hides what lies under it the more the stronger it is."""
    width = page.shape[1]
    left = int(streak.x_share * width)
    right = min(width, left + max(1, round(streak.width_mm * dpi / MM_PER_INCH)))
    target = 0 if streak.shade > 0 else 255
    here = page[:, left:right].astype(np.float32)
    page[:, left:right] = (here + (target - here) * abs(streak.shade)).astype(np.uint8)


def _to_one_bit(page: Image, handling: Handling) -> Image:
    """Black and white, the limit relative to the brightness of the paper."""
    return np.asarray(cv2.threshold(page, 255 * handling.threshold, 255, cv2.THRESH_BINARY)[1], np.uint8)
