"""Simulated strokes on simulated print -> what the network learns from: views of boxes, and what their ink means."""

from __future__ import annotations

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
from survey.reading import measure
from survey.reading.blank_boxes import prepare_boxes
from survey.reading.darkness import Tone, darkness_in, tone_of
from survey.reading.network import CROP_PX
from survey.reading.prepare import FINE_DPI, prepare_blank, prepare_scan
from survey.reading.register import Field, Page
from survey.reading.scan import PageImage, PageRef
from survey.simulate.habits import FILLING_KINDS, Habit, draw_by_habit, draw_habit
from survey.simulate.paper import Fold, Handling, locate, scan
from survey.simulate.pens import MARK_KINDS, STRAY_KINDS, Pen, draw_mark, draw_pen, draw_stray
from survey.simulate.profile import HARD, OFFICE, Sheet, draw_handling, draw_scanner

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Rng = np.random.Generator
Box = tuple[float, float, float, float]  # x, y, width, height in mm
PRINT_DPI = 300
PX_PER_MM = PRINT_DPI / 25.4
TILE_MM = 2.2 * 25.4  # a whole number of pixels at every resolution
OFFICE_SHARE = 0.6  # of tiles that an office's people mark and its scanner scans; the others vary more widely
MARKED_SHARE = 0.36  # of boxes
STRAY_SHARE = 0.12  # of the others
SOFT_TARGETS = {"through": 0.3, "erased": 0.3}  # what a person would have to look at
UNSTIRRED_SHARE = (
    0.1  # of boxes with no ink at all that are learned from: at work the network hardly sees them
)
STRAY_SHARES = dict.fromkeys(STRAY_KINDS, 1.0) | {"speck": 4.0, "erased": 2.0, "through": 1.5}
BLACK_SHARE = 0.12  # of marks that black a box out: as many as it takes to learn what they look like
CORRECTED = 0.06  # of an office's marks
HALF_OUTSIDE, RINGS = 0.06, 0.03  # of an office's marks
SMUDGED = 0.1  # of tiles
DIRTY = 0.2  # of tiles
FAINT_SHARE = 0.12
FOLDED = 0.2  # of tiles
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
REVISED = 0.25  # of tiles: the blank at hand is another revision, set in another face, with other frames
PATCHES = 8  # places of a tile where registration knows how far print is displaced
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
    banded: bool
    """Every other row lies on the tint, its boxes white."""
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
        rng.uniform(0.02, 0.12) if rng.random() < 0.3 else 0.0,
        bool(rng.random() < 0.5),
        (width + gap, height + rng.choice([rng.uniform(0.6, 2), rng.uniform(2, 6), rng.uniform(4, 9)])),
    )  # fmt: skip


def print_tile(style: Style, rng: Rng) -> tuple[Floats, Floats, list[Box]]:
    """Print boxes with labels and rules around them.

    Returns darkness as the blank has it, as the printer printed it, and the boxes in mm.
    """
    side = round(TILE_MM * PX_PER_MM)
    ink = np.zeros((side, side), np.float32)
    boxes = place_boxes(style, rng)
    lay_tint(ink, boxes, style)
    if rng.random() < 0.3:
        for _ in range(rng.integers(1, 5)):
            at = int(rng.uniform(0, side))
            place = (slice(at, at + int(rng.integers(2, 5))), slice(None))
            ink[place if rng.random() < 0.5 else place[::-1]] = rng.uniform(0.3, 1)
    label_boxes(ink, boxes, style, rng)
    printed = ink - (ink.min() * rng.choice([0.0, 0.0, 0.7, 1.0])).astype(np.float32)  # a tint may get lost
    shown = style
    if rng.random() < REVISED:
        line = float(np.clip(style.line_mm * rng.uniform(0.7, 1.9), 0.1, 0.7))
        shown = replace(style, line_mm=line, frame=float(rng.uniform(style.frame, 1)))
    for box in boxes:
        print_box(ink, box, style)
        print_box(printed, box, shown)
    if style.letter:
        print_letters(ink, printed, boxes, rng)
    return ink, printed, boxes


def place_boxes(style: Style, rng: Rng) -> list[Box]:
    """Place up to 36 boxes on a grid, mm."""
    boxes = []
    start = rng.uniform(4, 8, 2)
    for row in range(int((TILE_MM - 12) / style.pitch[1]) + 1):
        for column in range(int((TILE_MM - 12) / style.pitch[0]) + 1):
            x, y = start[0] + column * style.pitch[0], start[1] + row * style.pitch[1]
            if x + style.width_mm <= TILE_MM - 4 and y + style.height_mm <= TILE_MM - 4:
                boxes.append((x, y, style.width_mm, style.height_mm))
    keep = rng.permutation(len(boxes))[:36]
    return [boxes[index] for index in sorted(keep)]


def lay_tint(ink: Floats, boxes: list[Box], style: Style) -> None:
    """Lay a tint under the whole tile, or under every other row."""
    if not style.banded:
        ink[:] = style.tint
        return
    reach = min(style.pitch[1] - style.height_mm, 4) / 2
    for y in sorted({box[1] for box in boxes})[::2]:
        top, bottom = ((at * PX_PER_MM) for at in (y - reach, y + style.height_mm + reach))
        ink[int(top) : int(bottom)] = style.tint
    for x, y, w, h in boxes:
        ink[int(y * PX_PER_MM) : int((y + h) * PX_PER_MM), int(x * PX_PER_MM) : int((x + w) * PX_PER_MM)] = 0


def label_boxes(ink: Floats, boxes: list[Box], style: Style, rng: Rng) -> None:
    """Print a word right of some boxes."""
    room_mm = style.pitch[0] - style.width_mm
    font = OUTLINES[rng.integers(len(OUTLINES))]
    outlined, capitals_mm = rng.random() < 0.6, rng.uniform(1.8, 3)
    for x, y, w, h in boxes:
        if rng.random() > 0.6 or room_mm <= 2.5:
            continue
        right = (x + w + rng.uniform(0.5, 2.5)) * PX_PER_MM
        word = "".join(rng.choice(list("abdeghiklmnorstuwzADEGKMNS "), int(room_mm / 2)))
        if outlined and word.strip():
            patch = _draw_outline(font, word, capitals_mm * PX_PER_MM) * np.float32(rng.uniform(0.6, 1))
            _lay_patch(ink, patch, np.array([right + patch.shape[1] / 2, (y + h / 2) * PX_PER_MM]))
        else:
            low = int((y + h * rng.uniform(0.7, 1.0)) * PX_PER_MM)
            print_text(ink, word, (int(right), low), rng.uniform(0.7, 1.4), rng.uniform(0.6, 1))


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


def print_letters(blank: Floats, printed: Floats, boxes: list[Box], rng: Rng) -> None:
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


def print_box(ink: Floats, box: Box, style: Style) -> None:
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


@dataclass(frozen=True)
class Hand:
    """A hand over a tile: the canvas it draws on, and what it draws with."""

    canvas: Floats
    px_per_mm: float
    rng: Rng

    def happens(self, share: float) -> bool:
        """Whether something with this share happens now."""
        return bool(self.rng.random() < share)

    def pen(self) -> Pen:
        """Take some pen."""
        return draw_pen(self.rng, faint=self.happens(FAINT_SHARE))


def mark_tile(hand: Hand, boxes: list[Box], style: Style, *, office: bool) -> tuple[Floats, Floats, str]:
    """Mark about every third box, leave stray ink at others.

    Returns the targets `meant` and `black` of each box, and the colour of the ink. An office's people mark as
    survey.simulate lets them; else every kind of mark is as likely, and lies and reaches anywhere.
    """
    rng = hand.rng
    meant = np.zeros(len(boxes), np.float32)
    black = np.full(len(boxes), np.nan, np.float32)
    habit = draw_habit(rng, faint=hand.happens(FAINT_SHARE))
    colour = habit.pen.colour
    if not office:
        habit = replace(habit, kind=str(rng.choice(MARK_KINDS)))
    strays = np.array(list(STRAY_SHARES.values())) / sum(STRAY_SHARES.values())
    for index, box in enumerate(boxes):
        if hand.happens(0.15 if not office else 0.02):
            habit = replace(habit, pen=hand.pen())
        if hand.happens(MARKED_SHARE):
            kind = mark_by_habit(hand, box, habit) if office else mark_anyhow(hand, box, habit, style)
            meant[index], black[index] = SOFT_TARGETS.get(kind, 1.0), kind == "revoke"
        elif hand.happens(STRAY_SHARE):
            kind = str(rng.choice(list(STRAY_SHARES), p=strays))
            draw_stray(hand.canvas, hand.px_per_mm, box, kind, habit.pen, rng)
            meant[index] = SOFT_TARGETS.get(kind, 0.0)
    return meant, black, colour


def mark_by_habit(hand: Hand, box: Box, habit: Habit) -> str:
    """Draw one mark as a person of an office's survey does; returns its kind."""
    ring = hand.happens(RINGS)
    drawn = draw_by_habit(
        hand.canvas, hand.px_per_mm, box, habit, hand.rng,
        kind="ring" if ring else None, half_outside=not ring and hand.happens(HALF_OUTSIDE),
    )  # fmt: skip
    if habit.kind in FILLING_KINDS or not hand.happens(CORRECTED):
        return drawn
    return draw_by_habit(hand.canvas, hand.px_per_mm, box, habit, hand.rng, kind="revoke")


def mark_anyhow(hand: Hand, box: Box, habit: Habit, style: Style) -> str:
    """Draw one mark of any kind; returns its kind."""
    kind = habit.kind if hand.happens(0.4) else str(hand.rng.choice(MARK_KINDS))
    kind = "revoke" if hand.happens(BLACK_SHARE) else kind
    mark_box(hand, box, kind, habit.pen, style)
    return kind


def mark_box(hand: Hand, box: Box, kind: str, pen: Pen, style: Style) -> None:
    """Draw one mark, mostly where it belongs, now and then half outside or far too large."""
    rng = hand.rng
    offset = rng.normal(0, 0.12, 2) * box[2]
    if hand.happens(0.12):
        offset = rng.uniform(-0.5, 0.5, 2) * box[2]
    long = rng.uniform(0.7, 2.2) if kind in LONG_KINDS and hand.happens(0.2) else rng.uniform(0.1, 0.7)
    overshoot = float(rng.choice([0.15, rng.uniform(-0.4, 0.2), long]))
    draw_mark(
        hand.canvas, hand.px_per_mm, box, kind, pen, rng,
        offset_mm=(float(offset[0]), float(offset[1])), overshoot=overshoot, oval=style.shape in {"round", "oval"},
    )  # fmt: skip


def office_handling(rng: Rng) -> Handling:
    """Draw how an office scans a tile, now and then a careless one."""
    profile = OFFICE if rng.random() < 0.6 else HARD
    mode = str(rng.choice(["1-bit", "colour", "grey"], p=[0.5, 0.15, 0.35]))
    resolutions = [150, 200, 300] if mode == "1-bit" else [150, 200]
    shares = [0.45, 0.5, 0.05] if mode == "1-bit" else [0.9, 0.1]
    folds = (float(rng.uniform(0.1, 0.9)),) if rng.random() < FOLDED else ()
    sheet = Sheet(False, folds, "", mode, int(rng.choice(resolutions, p=shares)))
    handling = draw_handling(profile, draw_scanner(profile, rng), sheet, TILE_MM, rng)
    return replace(
        handling, black_lid=False, shift_mm=draw_shift(rng), specks=draw_specks(rng),
        stains=int(rng.random() < 0.02),
    )  # fmt: skip


def any_handling(rng: Rng) -> Handling:
    """Draw how any scanner may scan a tile: other resolutions, limits of black, tones and skews."""
    fold = Fold(
        float(rng.uniform(0.1, 0.9) * TILE_MM),
        (float(rng.normal(0, 0.4)), float(rng.normal(0, 0.4))),
        float(rng.choice([-1, 1]) * rng.uniform(0.15, 1)),
    )
    return Handling(
        dpi=int(rng.choice([300, 300, 200, 200, 150, 150, 150, 100])),
        mode="1-bit" if rng.random() < 0.5 else "grey",
        skew_deg=float(np.clip(rng.normal(0, rng.choice([0.3, 1.0, 2.5])), -5, 5)),
        stretch_x=float(rng.normal(1, 0.004)),
        stretch_y=float(rng.normal(1, 0.004)),
        shift_mm=draw_shift(rng),
        wobble_mm=float(rng.uniform(0, 0.3)),
        wobble_phase=float(rng.uniform(0, 6.28)),
        folds=(fold,) if rng.random() < FOLDED else (),
        paper=float(rng.uniform(0.82, 1)),
        shading=float(rng.uniform(0, 0.1)),
        show_through=float(rng.uniform(0.02, 0.1)) if rng.random() < 0.1 else 0.0,
        blur_mm=float(rng.uniform(0.03, 0.11)),
        noise=float(rng.uniform(0.003, 0.03)),
        specks=draw_specks(rng),
        threshold=float(rng.choice([rng.uniform(0.42, 0.7), rng.uniform(0.7, 0.88)])),
        jpeg_quality=int(rng.integers(30, 90)),
    )


def draw_shift(rng: Rng) -> tuple[float, float]:
    """Draw how far a tile lies from where it should, mm."""
    return float(rng.normal(0, 0.6)), float(rng.normal(0, 0.6))


def draw_specks(rng: Rng) -> int:
    """Draw how many specks lie on a tile."""
    return int(rng.poisson(rng.choice([3, 20]))) if rng.random() < DIRTY else 0


def scan_tile(printed: Floats, ink: Floats, colour: str, handling: Handling, seed: int) -> Bytes:
    """Scan a tile; returns grey at the scan's resolution, as the program decodes it."""
    rng = np.random.default_rng(seed)
    paper = np.round(BRIGHTNESS * (1 - printed)).astype(np.uint8)
    image = scan(paper, ink, colour, handling, rng, back=paper[::-1])
    if handling.mode == "1-bit":
        if rng.random() < 0.07:
            image = (cv2.erode if rng.random() < 0.6 else cv2.dilate)(image, np.ones((2, 2), np.uint8))
        return image
    image = np.clip(image + rng.choice([0, 0, 10, 40]) * (1 - image / BRIGHTNESS), 0, BRIGHTNESS).astype(
        np.uint8
    )  # not all ink is black
    coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, handling.jpeg_quality])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)


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


def lay_page(grey: Bytes, blank_150: Bytes, handling: Handling, rng: Rng) -> Page:
    """Lay a scanned tile on its blank as registration does: a plane, and shifts known at a few places, about right."""
    size = (TILE_MM, TILE_MM)
    plane = replace(handling, folds=(), wobble_mm=0.0)
    corners = np.array([[0, 0], [TILE_MM, 0], [0, TILE_MM]])
    to_scan = cv2.getAffineTransform(
        corners.astype(np.float32), locate(corners, plane, size).astype(np.float32)
    )
    places = rng.uniform(0, TILE_MM, (PATCHES, 2))
    seen_mm = cv2.transform(locate(places, handling, size)[None], cv2.invertAffineTransform(to_scan))[0]
    shifts = seen_mm - places + rng.normal(0, rng.choice([0.02, 0.05, 0.12]), (PATCHES, 2))
    field = Field(
        places.astype(np.float32),
        shifts.astype(np.float32),
        rng.uniform(0.6, 0.95, PATCHES).astype(np.float32),
    )
    image = PageImage(PageRef("tile", 1), "", grey, handling.dpi)
    return Page(
        image, prepare_blank("tile", 1, blank_150, size), np.vstack([to_scan, [0, 0, 1]]), field, 1, 0
    )


def make_tile(rng: Rng) -> Examples:
    """Make the boxes of one tile."""
    style, office = draw_style(rng), bool(rng.random() < OFFICE_SHARE)
    ink, printed, places = print_tile(style, rng)
    blank_150 = np.round(
        BRIGHTNESS * (1 - cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    )
    handling = office_handling(rng) if office else any_handling(rng)
    limit = min(handling.threshold, 0.95 - float(np.median(printed)))  # or a tint would be all black
    handling = replace(handling, threshold=limit)
    if rng.random() < 0.05:  # the scan's print is fainter than the blank's, or lost
        printed *= rng.choice([0.0, rng.uniform(0.2, 0.6)])
    if rng.random() < BOLDER:
        spread = cv2.GaussianBlur(printed, (0, 0), rng.uniform(0.5, 1.6))
        printed = np.clip(spread * rng.uniform(1.0, 2.2), 0, 1).astype(np.float32)
    share = handling.dpi / PRINT_DPI
    printed = cv2.resize(printed, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    hand = Hand(np.zeros(printed.shape, np.float32), share * PX_PER_MM, rng)
    meant, black, colour = mark_tile(hand, places, style, office=office)
    if rng.random() < SMUDGED:
        smudge(hand.canvas, rng)
    seed = int(rng.integers(2**31))
    with_ink, without = (
        scan_tile(printed, one, colour, handling, seed) for one in (hand.canvas, np.zeros_like(hand.canvas))
    )
    boxes = pd.DataFrame(places, columns=["x_mm", "y_mm", "w_mm", "h_mm"])
    boxes = boxes.assign(box=[f"b{at}" for at in range(len(boxes))], page=1, item="i")
    blank_150 = blank_150.astype(np.uint8)
    page = lay_page(with_ink, blank_150, handling, rng)
    blank = prepare_boxes(1, blank_150, boxes, frozenset())
    sight = measure.see(page, prepare_scan(page.image, (TILE_MM, TILE_MM)), blank)
    there = np.array([shows_ink(sight, without, page), meant == 0]).any(
        axis=0
    )  # nobody can learn what is lost
    learned = there & (sight.stirred | (rng.random(len(boxes)) < UNSTIRRED_SHARE))
    views = sight.views(np.flatnonzero(learned))
    stacked = np.round(np.stack(views, 1) * BRIGHTNESS).astype(np.uint8)
    return Examples(stacked, meant[learned], black[learned])


def shows_ink(sight: measure.Sight, without: Bytes, page: Page) -> NDArray[np.bool_]:
    """Tell in which boxes of a tile its scan shows some ink, by the same scan without it."""
    image = replace(page.image, grey=without)
    plain = tone_of(prepare_scan(image, (TILE_MM, TILE_MM)).grey, FINE_DPI)
    clean = darkness_in(Tone(plain.grey, plain.paper, sight.tone.ink), sight.places, CROP_PX)
    added = np.abs(sight.crops - clean)
    spots = np.array([cv2.blur(crop, (3, 3)).max() for crop in added])
    return np.asarray((added.mean(axis=(1, 2)) > LEAST_INK) & (spots > LEAST_SPOT))


def make_examples(tiles: int, seed: int) -> Examples:
    """Make the boxes of so many tiles."""
    jobs = (joblib.delayed(make_tile)(np.random.default_rng([seed, index])) for index in range(tiles))
    parts = joblib.Parallel(n_jobs=-1, batch_size=50)(jobs)
    return Examples(*(np.concatenate(column) for column in zip(*parts, strict=True)))
