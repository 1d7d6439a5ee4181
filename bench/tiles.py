"""Simulated strokes on simulated print -> what the network learns from: views of boxes, and what their ink means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import cv2
import joblib
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

import survey
from survey.reading import darkness, measure
from survey.reading import ink as ink_measured
from survey.reading.network import Views
from survey.reading.prepare import FINE_DPI
from survey.simulate.pens import MARK_KINDS, STRAY_KINDS, Pen, draw_mark, draw_pen, draw_stray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Rng = np.random.Generator
PX_PER_MM = 300 / 25.4
TILE_MM = 56.0
SOFT_TARGETS = {"through": 0.3, "erased": 0.3}  # what a person would have to look at
UNSTIRRED_SHARE = (
    0.1  # of boxes with no ink at all that are learned from: at work the network hardly sees them
)
STRAY_SHARES = dict.fromkeys(STRAY_KINDS, 1.0) | {"speck": 4.0, "erased": 2.0, "through": 1.5}
BLACK_SHARE = 0.12  # of marks that black a box out: as many as it takes to learn what they look like
SMUDGED = 0.1  # of tiles
DIRTY = 0.2  # of tiles
FAINT_SHARE = 0.12
FOLDED = 0.15  # of tiles
LONG_KINDS = {"slash", "tick", "cross", "dash"}  # some people's strokes end far outside the box
BRIGHTNESS = 255
CAPITALS = 0.714  # height of Noto Sans's capitals, share of its size
OUTLINES = tuple(sorted((Path(survey.__file__).parent / "fonts").glob("*.ttf")))  # the boldest is the last
LETTER_FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_PLAIN, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
)  # fmt: skip
LETTER_PX = 22  # height of their capitals at size 1
BOLDER = 0.4  # of tiles: toner spreads, and the scan's print is bolder than the blank's
REVISED = 0.2  # of tiles with letters: the blank at hand is another revision, set in another face
LEAST_INK = 0.007  # mean darkness over a crop that a mark must add to be there at all …
LEAST_SPOT = 0.1  # … and the darkest 3 x 3 px of what it adds


class Examples(NamedTuple):
    """Boxes to learn from."""

    views: Bytes
    """The four views of network.Views, shape (n, 4, 30, 30), darkness 0..255."""
    meant: Floats
    """Whether the ink in the box was meant, 0..1, shape (n,)."""
    black: Floats
    """Whether the box was blacked out with it, 0 or 1; NaN where no ink was meant."""


@dataclass(frozen=True)
class Style:
    """How one tile's boxes are printed."""

    width_mm: float
    height_mm: float
    shape: str
    line_mm: float
    frame: float
    dotted: bool
    letter: bool
    tint: float
    pitch: tuple[float, float]


def draw_style(rng: Rng) -> Style:
    """Draw a style of boxes: the variety of all questionnaires, answer sheets and ballots one may meet."""
    shape = str(rng.choice(["rect", "rect", "rect", "round", "oval", "soft"]))
    width = rng.uniform(2.2, 5.5)
    height = width * (rng.uniform(0.45, 0.8) if shape == "oval" else rng.choice([1.0, rng.uniform(0.8, 1.2)]))
    gap = rng.choice([rng.uniform(0.6, 2), rng.uniform(2, 6), rng.uniform(4, 12)])
    return Style(
        width, height, shape,
        rng.uniform(0.1, 0.35) if rng.random() < 0.85 else rng.uniform(0.35, 0.7),
        rng.uniform(0.6, 1) if rng.random() < 0.8 else rng.uniform(0.25, 0.6),
        bool(rng.random() < 0.08), bool(rng.random() < 0.25),
        rng.uniform(0.02, 0.12) if rng.random() < 0.2 else 0.0,
        (width + gap, height + rng.choice([rng.uniform(0.6, 2), rng.uniform(2, 6), rng.uniform(4, 9)])),
    )  # fmt: skip


def print_tile(style: Style, rng: Rng) -> tuple[Floats, Floats, list[tuple[float, float, float, float]]]:
    """Print boxes with labels and rules around them.

    Returns darkness as the blank has it, as the printer printed it, and the boxes in mm.
    """
    side = round(TILE_MM * PX_PER_MM)
    ink = np.zeros((side, side), np.float32)
    boxes = []
    start = rng.uniform(4, 8, 2)
    if rng.random() < 0.25:
        ink[:] = style.tint
    for row in range(int((TILE_MM - 12) / style.pitch[1]) + 1):
        for column in range(int((TILE_MM - 12) / style.pitch[0]) + 1):
            x, y = start[0] + column * style.pitch[0], start[1] + row * style.pitch[1]
            if x + style.width_mm > TILE_MM - 4 or y + style.height_mm > TILE_MM - 4:
                continue
            boxes.append((x, y, style.width_mm, style.height_mm))
    keep = rng.permutation(len(boxes))[:36]
    boxes = [boxes[index] for index in sorted(keep)]
    if rng.random() < 0.3:
        for _ in range(rng.integers(1, 5)):
            at = int(rng.uniform(0, side))
            place = (slice(at, at + int(rng.integers(2, 5))), slice(None))
            ink[place if rng.random() < 0.5 else place[::-1]] = rng.uniform(0.3, 1)
    for box in boxes:
        print_box(ink, box, style)
        room_mm = style.pitch[0] - style.width_mm
        if rng.random() < 0.6 and room_mm > 2.5:
            right = int((box[0] + box[2] + rng.uniform(0.5, 1.2)) * PX_PER_MM)
            low = int((box[1] + box[3] * rng.uniform(0.7, 1.0)) * PX_PER_MM)
            word = "".join(rng.choice(list("abdeghiklmnorstuwz "), int(room_mm / 2)))
            print_text(ink, word, (right, low), rng.uniform(0.7, 1.4), rng.uniform(0.6, 1))
    printed = ink - (ink.min() * rng.choice([0.0, 0.0, 0.7, 1.0])).astype(np.float32)  # a tint may get lost
    if style.letter:
        print_letters(ink, printed, boxes, rng)
    return ink, printed, boxes


def print_text(
    ink: Floats, text: str, at: tuple[int, int], size: float, darkness: float, font: int = 0, line_px: int = 2
) -> None:
    """Print text in one of OpenCV's fonts, its lower left corner at a pixel."""
    letters = np.zeros(ink.shape, np.uint8)
    cv2.putText(letters, text, at, font, size, BRIGHTNESS, line_px, cv2.LINE_AA)
    np.maximum(ink, letters * np.float32(darkness / BRIGHTNESS), out=ink)


@dataclass(frozen=True)
class Face:
    """What letters inside boxes look like: one of OpenCV's stroke fonts, or an outline shipped with the program."""

    font: int | Path
    line_px: int
    share: float
    """Height of its capitals, share of the box's height."""

    def draw(self, text: str, height_px: float) -> Floats:
        """Draw a letter; returns the darkness of the pixels it takes, with a margin."""
        if isinstance(self.font, Path):
            return _draw_outline(self.font, text, height_px * self.share)
        size = height_px * self.share / LETTER_PX
        (width, height), below = cv2.getTextSize(text, self.font, size, self.line_px)
        patch = np.zeros((height + 2 * below + 4, width + 8), np.uint8)
        cv2.putText(patch, text, (4, height + below), self.font, size, BRIGHTNESS, self.line_px, cv2.LINE_AA)
        return patch.astype(np.float32) / BRIGHTNESS


@cache
def _outline_font(path: Path, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size_px)


def _draw_outline(path: Path, text: str, capitals_px: float) -> Floats:
    font = _outline_font(path, max(6, round(capitals_px / CAPITALS)))
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (int(right - left) + 4, int(bottom - top) + 4))
    ImageDraw.Draw(image).text((2 - left, 2 - top), text, fill=BRIGHTNESS, font=font)
    return np.asarray(image, np.float32) / BRIGHTNESS


def draw_face(rng: Rng) -> Face:
    """Draw a face for the letters of a tile."""
    outlined = rng.random() < 0.5
    font = OUTLINES[rng.integers(len(OUTLINES))] if outlined else int(rng.choice(LETTER_FONTS))
    return Face(font, int(rng.integers(1, 4)), float(rng.uniform(0.3, 0.65)))


def print_letters(
    blank: Floats, printed: Floats, boxes: list[tuple[float, float, float, float]], rng: Rng
) -> None:
    """Print a letter or digit in the middle of each box, as answer sheets do: from small and pale to filling it.

    Thin pale type of the blank often comes darker and bolder out of the printer, or the blank is another revision.
    """
    face, darkness = draw_face(rng), rng.uniform(0.35, 1)
    bolder = replace(face, line_px=face.line_px + int(rng.choice([0, 0, 1, 2, 3])))
    if isinstance(face.font, Path) and rng.random() < 0.5:
        bolder = replace(face, font=OUTLINES[-1])
    if rng.random() < REVISED:
        bolder = replace(draw_face(rng), share=face.share * rng.uniform(0.85, 1.2))
    darker = darkness + rng.uniform(0, 1) * (1 - darkness)
    for x, y, w, h in boxes:
        text = str(rng.choice(list("ABCDEFGHJKLMNOPQRSTUVWXYZ0123456789abcdxyz")))
        middle = np.array([x + w / 2, y + h / 2]) * PX_PER_MM + rng.normal(0, 0.7, 2)
        for ink, shown, dark in ((blank, face, darkness), (printed, bolder, darker)):
            _lay_patch(ink, shown.draw(text, h * PX_PER_MM) * np.float32(dark), middle)


def _lay_patch(ink: Floats, patch: Floats, middle_px: NDArray[np.float64]) -> None:
    """Print a patch with its middle at a pixel; beyond the left and upper edge it is moved in, else cut off."""
    height, width = patch.shape
    left, top = (int(value) for value in middle_px - np.array([width, height]) / 2)
    here = ink[max(0, top) : top + height, max(0, left) : left + width]
    np.maximum(here, patch[: here.shape[0], : here.shape[1]], out=here)


def print_box(ink: Floats, box: tuple[float, float, float, float], style: Style) -> None:
    """Print one box's outline, its outer edge on the box's outline."""
    x, y, w, h = box
    half = style.line_mm / 2
    x0, y0, x1, y1 = (value * PX_PER_MM for value in (x + half, y + half, x + w - half, y + h - half))
    line = max(1, round(style.line_mm * PX_PER_MM))
    patch = np.zeros_like(ink[int(y0) - 12 : int(y1) + 13, int(x0) - 12 : int(x1) + 13])
    ox, oy = int(x0) - 12, int(y0) - 12
    a, b = (round((x0 - ox) * 16), round((y0 - oy) * 16)), (round((x1 - ox) * 16), round((y1 - oy) * 16))
    if style.shape in {"rect", "soft"}:
        cv2.rectangle(patch, a, b, 1.0, line, cv2.LINE_AA, 4)
        if style.shape == "soft":
            patch = cv2.GaussianBlur(patch, (0, 0), 1.2)
    else:
        centre = ((a[0] + b[0]) // 2, (a[1] + b[1]) // 2)
        cv2.ellipse(
            patch, centre, ((b[0] - a[0]) // 2, (b[1] - a[1]) // 2), 0, 0, 360, 1.0, line, cv2.LINE_AA, 4
        )
    if style.dotted and style.line_mm < 0.3:
        grid = np.indices(patch.shape).sum(axis=0) // max(2, line) % 2
        patch *= grid
    place = ink[oy : oy + patch.shape[0], ox : ox + patch.shape[1]]
    np.maximum(place, patch * style.frame, out=place)


def mark_tile(
    ink: Floats, boxes: list[tuple[float, float, float, float]], style: Style, rng: Rng
) -> tuple[Floats, Floats]:
    """Mark about every third box, leave stray ink at others; returns the targets `meant` and `black` of each box."""
    meant = np.zeros(len(boxes), np.float32)
    black = np.full(len(boxes), np.nan, np.float32)
    pen: Pen = draw_pen(rng, faint=rng.random() < FAINT_SHARE)
    habit = str(rng.choice(MARK_KINDS))
    strays = np.array(list(STRAY_SHARES.values())) / sum(STRAY_SHARES.values())
    for index, box in enumerate(boxes):
        if rng.random() < 0.15:
            pen = draw_pen(rng, faint=rng.random() < FAINT_SHARE)
        if rng.random() < 0.36:
            kind = habit if rng.random() < 0.4 else str(rng.choice(MARK_KINDS))
            kind = "revoke" if rng.random() < BLACK_SHARE else kind
            mark_box(ink, box, kind, pen, style, rng)
            meant[index], black[index] = SOFT_TARGETS.get(kind, 1.0), kind == "revoke"
        elif rng.random() < 0.16:
            kind = str(rng.choice(list(STRAY_SHARES), p=strays))
            draw_stray(ink, PX_PER_MM, box, kind, pen, rng)
            meant[index] = SOFT_TARGETS.get(kind, 0.0)
    return meant, black


def mark_box(
    ink: Floats, box: tuple[float, float, float, float], kind: str, pen: Pen, style: Style, rng: Rng
) -> None:
    """Draw one mark, mostly where it belongs, now and then half outside or far too large."""
    offset = rng.normal(0, 0.12, 2) * box[2]
    if rng.random() < 0.12:
        offset = rng.uniform(-0.5, 0.5, 2) * box[2]
    long = rng.uniform(0.7, 2.2) if kind in LONG_KINDS and rng.random() < 0.2 else rng.uniform(0.1, 0.7)
    overshoot = float(rng.choice([0.15, rng.uniform(-0.4, 0.2), long]))
    draw_mark(
        ink, PX_PER_MM, box, kind, pen, rng,
        offset_mm=(float(offset[0]), float(offset[1])), overshoot=overshoot, oval=style.shape in {"round", "oval"},
    )  # fmt: skip


def scan_tile(ink: Floats, rng: Rng) -> NDArray[np.uint8]:
    """Print and scan a tile: blur, tone, noise, resolution, 1-bit or grey; returned at 150 dpi, as pages are."""
    dpi = int(rng.choice([300, 300, 300, 200, 200, 150, 150, 100]))
    page = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.4, 1.3))
    page = cv2.resize(page, None, fx=dpi / 300, fy=dpi / 300, interpolation=cv2.INTER_AREA)
    paper, black = rng.uniform(0.82, 1.0), rng.uniform(0.0, 0.22)
    grey = paper - page * (paper - black)
    slope = rng.normal(0, 0.03, 2)
    rows, columns = np.indices(grey.shape) / grey.shape[0]
    grey = grey + slope[0] * rows + slope[1] * columns + rng.normal(0, rng.uniform(0.003, 0.03), grey.shape)
    if rng.random() < 0.2:
        for at in rng.integers(0, grey.shape[1], int(rng.integers(1, 6))):
            grey[:, at : at + int(rng.integers(1, 4))] -= rng.uniform(0.05, 0.8)
    if rng.random() < 0.55:
        grey = (grey > rng.uniform(0.42, 0.86) * paper).astype(np.float32)
        if rng.random() < 0.15:
            kernel = np.ones((2, 2), np.uint8)
            grey = cv2.erode(grey, kernel) if rng.random() < 0.6 else cv2.dilate(grey, kernel)
    image = np.clip(grey * 255, 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        quality = int(rng.integers(30, 90))
        image = cv2.imdecode(
            cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE
        )
    return cv2.resize(
        image,
        None,
        fx=FINE_DPI / dpi,
        fy=FINE_DPI / dpi,
        interpolation=cv2.INTER_AREA if dpi > FINE_DPI else cv2.INTER_LINEAR,
    )


def smudge(ink: Floats, rng: Rng) -> None:
    """Smear light grey over a tile in broad, uneven strokes, as a rubber or a sleeve does."""
    smears = np.zeros((len(ink) // 4, len(ink) // 4), np.float32)
    for _ in range(int(rng.integers(1, 6))):
        start, way = rng.uniform(0, len(smears), 2), rng.normal(0, 40, 2)
        ends = [tuple(int(value) for value in point) for point in (start, start + way)]
        cv2.line(smears, *ends, float(rng.uniform(0.05, 0.25)), int(rng.integers(2, 14)))
    grain = cv2.GaussianBlur(rng.random(smears.shape), (0, 0), rng.uniform(0.7, 3))
    smears = cv2.GaussianBlur(smears, (0, 0), rng.uniform(0.5, 2)) * np.clip(4 * (grain - 0.4), 0, 1)
    ink += cv2.resize(smears.astype(np.float32), ink.shape[::-1]) * (1 - ink)


def soil(ink: Floats, rng: Rng) -> None:
    """Strew dirt over a tile: specks up to the size of a dot, most of them far smaller."""
    for _ in range(int(rng.poisson(rng.choice([8, 30])))):
        middle = tuple(int(value) for value in rng.uniform(0, len(ink), 2))
        size = rng.exponential(0.10) * PX_PER_MM
        axes = (max(0, round(size)), max(0, round(size * rng.uniform(0.4, 1))))
        speck = np.zeros((4 * axes[0] + 8, 4 * axes[0] + 8), np.float32)
        centre = (len(speck) // 2, len(speck) // 2)
        shade = float(rng.uniform(0.3, 0.95))
        cv2.ellipse(speck, centre, axes, rng.uniform(0, 180), 0, 360, shade, -1, cv2.LINE_AA)
        _lay_patch(ink, speck, np.array(middle))


class Crease(NamedTuple):
    """A fold across a tile: below it everything lies elsewhere, and the crease itself is darker or brighter."""

    y_px: float
    jump_px: NDArray[np.float64]
    shade: float


def draw_crease(rng: Rng) -> Crease:
    """Draw a fold in every eighth tile; in all others one that changes nothing, below the tile."""
    side = TILE_MM * PX_PER_MM
    if rng.random() > FOLDED:
        return Crease(side, np.zeros(2), 0.0)
    angle, size = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 0.8) * PX_PER_MM
    shade = float(rng.choice([-1, 1]) * rng.uniform(0.05, 0.4))
    return Crease(rng.uniform(0.1, 0.9) * side, size * np.array([np.cos(angle), np.sin(angle)]), shade)


def fold(ink: Floats, crease: Crease, rng: Rng) -> Floats:
    """Fold a tile: what lies below the crease is moved, and the crease shows as an uneven line."""
    if not crease.jump_px.any():
        return ink
    folded, at = ink.copy(), int(crease.y_px)
    moved = np.float32([[1, 0, crease.jump_px[0]], [0, 1, crease.jump_px[1]]])
    folded[at:] = cv2.warpAffine(ink, moved, ink.shape[::-1])[at:]
    rows = (np.arange(len(ink)) - at) / (0.14 * PX_PER_MM)
    knots = np.arange(0, len(ink) + 25, 25)
    rough = np.interp(np.arange(len(ink)), knots, rng.normal(1, 0.45, len(knots)))
    line = crease.shade * np.exp(-0.5 * rows**2)[:, None] * np.clip(rough, 0, 2)
    return np.clip(folded + line, 0, 1).astype(np.float32)


def make_tile(rng: Rng) -> Examples:
    """Make the boxes of one tile."""
    style = draw_style(rng)
    ink, marked, places = print_tile(style, rng)
    blank_grey = np.clip(BRIGHTNESS * (1 - ink), 0, BRIGHTNESS).astype(np.uint8)
    blank_grey = cv2.resize(blank_grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    if rng.random() < 0.05:  # the scan's print is fainter than the blank's, or lost
        marked *= rng.choice([0.0, rng.uniform(0.2, 0.6)])
    if rng.random() < BOLDER:
        spread = cv2.GaussianBlur(marked, (0, 0), rng.uniform(0.5, 1.6))
        marked = np.clip(spread * rng.uniform(1.0, 2.2), 0, 1).astype(np.float32)
    unmarked = marked.copy()
    meant, black = mark_tile(marked, places, style, rng)
    if rng.random() < SMUDGED:
        smudge(marked, rng)
    if rng.random() < DIRTY:
        soil(marked, rng)
    turned, crease = turn_matrix(rng), draw_crease(rng)
    seed = int(rng.integers(2**31))
    scan_grey, without = (
        scan_tile(turn(fold(page, crease, same), turned), same)
        for page in (marked, unmarked)
        for same in [np.random.default_rng(seed)]
    )
    boxes = pd.DataFrame(places, columns=["x_mm", "y_mm", "w_mm", "h_mm"])
    boxes = boxes.assign(box=[f"b{at}" for at in range(len(boxes))], page=1, item="i")
    blank = measure.prepare_boxes(1, blank_grey, boxes, frozenset())
    wrong = draw_misplacement(len(boxes), rng)
    views, added = look_at(
        blank, scan_grey, without, lambda points: misplace(lay(points, crease, turned), wrong)
    )
    seen = (meant == 0) | added  # what the scanner lost nobody can learn to see
    beyond = ink_measured.beyond_print(views.crops, blank.darkest)
    stirred = ink_measured.is_stirred(views.crops, blank.free, beyond)
    seen &= stirred | (rng.random(len(boxes)) < UNSTIRRED_SHARE)
    stacked = np.round(np.stack(views.of(seen), 1) * BRIGHTNESS).astype(np.uint8)
    return Examples(stacked, meant[seen], black[seen])


def look_at(
    blank: measure.BlankBoxes, scan_grey: Bytes, without: Bytes, place: Callable[[Floats], Floats]
) -> tuple[Views, NDArray[np.bool_]]:
    """Look at a tile's boxes as measure.py does at a page's; besides, in which crops its ink can be seen."""
    points = place(measure.blank_pixels(measure.lattice(blank.boxes)))
    tone = darkness.tone_of(scan_grey, FINE_DPI)
    first = darkness.darkness_at(tone, points)
    printed = blank.crops > measure.PRINT_DARK
    level = np.percentile(first[printed] / blank.crops[printed], 75) if printed.sum() >= 50 else 1.0
    tone = darkness.Tone(tone.grey, tone.paper, float(np.clip(level, measure.FAINTEST_PRINT, 1)))
    wide = measure.lattice(blank.boxes, box_px=measure.AROUND_BOX_PX)
    around = darkness.halved_px(place(measure.blank_pixels(wide)))
    surroundings = darkness.darkness_at(darkness.halved(tone), around)
    plain = darkness.darkness_at(darkness.tone_of(without, FINE_DPI), points)
    views = Views(darkness.darkness_at(tone, points), blank.crops, surroundings, blank.surroundings)
    added = np.abs(first - plain)
    spots = np.array([cv2.blur(crop, (3, 3)).max() for crop in added])
    return views, (added.mean(axis=(1, 2)) > LEAST_INK) & (spots > LEAST_SPOT)


def turn_matrix(rng: Rng) -> NDArray[np.float64]:
    """Draw a skew about the tile's middle, px at 300 dpi: mostly within a degree, up to five."""
    degrees = float(np.clip(rng.normal(0, rng.choice([0.3, 1.0, 2.5])), -5, 5))
    middle = (TILE_MM * PX_PER_MM / 2,) * 2
    return cv2.getRotationMatrix2D(middle, degrees, 1 + rng.normal(0, 0.004))


def turn(ink: Floats, matrix: NDArray[np.float64]) -> Floats:
    """Lay a tile askew on the scanner's glass."""
    return cv2.warpAffine(ink, matrix, ink.shape[::-1], flags=cv2.INTER_LINEAR)


def lay(points_px: Floats, crease: Crease, matrix: NDArray[np.float64]) -> Floats:
    """Map each box's points of the blank, px at 150 dpi, to the scan, as a perfect registration would."""
    fine = (points_px + 0.5) * 2 - 0.5
    below = fine[..., 1].mean(axis=(1, 2)) > crease.y_px
    fine = fine + below[:, None, None, None] * crease.jump_px
    turned = fine @ matrix[:, :2].T + matrix[:, 2]
    return ((turned + 0.5) / 2 - 0.5).astype(np.float32)


class Misplacement(NamedTuple):
    """How wrongly a tile's boxes are registered: turned and scaled about themselves, and shifted each, px."""

    matrix: NDArray[np.float64]
    shifts_px: NDArray[np.float64]


def draw_misplacement(count: int, rng: Rng) -> Misplacement:
    """Register each box a little wrongly: shift, turn and scale."""
    sigma = rng.choice([0.02, 0.05, 0.12]) * FINE_DPI / 25.4
    angle, grow = rng.normal(0, 0.006), 1 + rng.normal(0, 0.008)
    matrix = grow * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return Misplacement(matrix, rng.normal(0, sigma, (count, 1, 1, 2)))


def misplace(points_px: Floats, wrong: Misplacement) -> Floats:
    """Move sampling points, px, shape (n, side, side, 2), as a wrong registration would."""
    centre = points_px.mean(axis=(1, 2), keepdims=True)
    return ((points_px - centre) @ wrong.matrix.T + centre + wrong.shifts_px).astype(np.float32)


def make_examples(tiles: int, seed: int) -> Examples:
    """Make the boxes of so many tiles."""
    jobs = (joblib.delayed(make_tile)(np.random.default_rng([seed, index])) for index in range(tiles))
    parts = joblib.Parallel(n_jobs=-1, batch_size=50)(jobs)
    return Examples(*(np.concatenate(column) for column in zip(*parts, strict=True)))
