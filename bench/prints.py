"""How the boxes of a tile are printed: the variety of all questionnaires, answer sheets and ballots one may meet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

import survey

Floats = NDArray[np.float32]
Rng = np.random.Generator
Box = tuple[float, float, float, float]  # x, y, width, height in mm
PRINT_DPI = 300
PX_PER_MM = PRINT_DPI / 25.4
TILE_MM = 2.2 * 25.4  # a whole number of pixels at every resolution
CELLS = 0.15  # of tiles: ruled cells wider than they are high, side by side, in which people mark somewhere
LETTERED = 0.33  # of tiles of boxes: a letter or digit in each
BRIGHTNESS = 255
CAPITALS = 0.714  # height of Noto Sans's capitals, share of its size
OUTLINES = tuple(sorted((Path(survey.__file__).parent / "fonts").glob("*.ttf")))  # the boldest is the last
LETTER_FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_PLAIN, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
)  # fmt: skip
LETTER_PX = 22  # height of their capitals at size 1
REVISED = 0.25  # of tiles: the blank at hand is another revision, set in another face, with other frames


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
    """Draw a style of boxes."""
    if rng.random() < CELLS:
        return draw_cells(rng)
    shape = str(rng.choice(["rect", "rect", "rect", "round", "oval", "soft"]))
    width = rng.uniform(2.2, 5.5)
    height = width * (rng.uniform(0.45, 0.8) if shape == "oval" else rng.choice([1.0, rng.uniform(0.8, 1.2)]))
    gap = rng.choice([rng.uniform(0.6, 2), rng.uniform(2, 6), rng.uniform(4, 12)])
    return Style(
        width, height, shape,
        rng.uniform(0.1, 0.35) if rng.random() < 0.85 else rng.uniform(0.35, 0.7),
        rng.uniform(0.6, 1) if rng.random() < 0.8 else rng.uniform(0.25, 0.6),
        bool(rng.random() < 0.08), bool(rng.random() < LETTERED),
        rng.uniform(0.02, 0.12) if rng.random() < 0.3 else 0.0,
        bool(rng.random() < 0.5),
        (width + gap, height + rng.choice([rng.uniform(0.6, 2), rng.uniform(2, 6), rng.uniform(4, 9)])),
    )  # fmt: skip


def draw_cells(rng: Rng) -> Style:
    """Draw a style of ruled cells: neighbours share their lines, or nearly."""
    line, height = float(rng.uniform(0.1, 0.5)), float(rng.uniform(4, 9))
    width = float(np.clip(height * rng.uniform(0.8, 4.5), 4.5, 24))
    gap = float(rng.choice([-line, 0, rng.uniform(0.3, 2)], p=[0.7, 0.15, 0.15]))
    return Style(
        width, height, "rect", line,
        rng.uniform(0.6, 1) if rng.random() < 0.7 else rng.uniform(0.2, 0.6),
        bool(rng.random() < 0.08), bool(rng.random() < 0.15),
        rng.uniform(0.02, 0.12) if rng.random() < 0.3 else 0.0,
        bool(rng.random() < 0.5),
        (width + gap, height + (gap if rng.random() < 0.8 else rng.uniform(0.5, 6))),
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
    if isinstance(face.font, Path) and rng.random() < 0.6:
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
