"""Letters of a page -> which of them print as an empty box or a filled one: by their code, or by their shape."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.doors.pdf_print import Letter, Shape
from survey.learn.printed.icons import ICON

Grey = NDArray[np.uint8]
Look = Literal["hollow", "filled"]

BALLOT_BOXES = frozenset("☐❏❐❑❒")  # nothing but a box to mark, however small its type …
SMALLEST_BALLOT_MM = 1.0  # … as far as a pen can hit it
FEWEST_ON_LINE = 3  # so many small rings beside each other are no bullets
HOLLOW = frozenset("☐□▢◻◽❏❐❑❒⬜\u20de\u20dd○◯⚪❍⭘⬭⬯◌")
FILLED = frozenset("●■⬤◼◾⬛☑☒☓⊗⊠✓✔✗✘✕✖⬢◉◙▣")
TICKS, WORD_GAP = (
    frozenset("✓✔"),
    0.8,
)  # "please tick ✓ one box": of the type size, from a sign to the next word
ROUND = frozenset("\u20dd○◯⚪❍⭘⬭⬯◌●⬤⊗◉")
SYMBOL_FONTS = (
    "wingding",
    "webding",
    "dingbat",
    "symbol",
    "msam",
    "msbm",
    "lasy",
    "cmsy",
    "wasy",
    "marvo",
    "awesome",
    "bbding",
)
STARS = frozenset("★☆⭐")
MISSING, TALL = "\ufffd", 1.15  # what is printed for a letter that a font lacks is higher than wide by more
DARK = 160  # grey under which print is ink
MARGIN_PX = 5  # letters of a nameless font may reach a little over their frame
LATIN = 0x250  # codes under this may be those of boxes in a font that hides what it is …
RINGS = frozenset("0OoDQÐĐØ°")  # … though these letters look like rings themselves, …
STRAIGHT = 0.88  # a square fills more of its frame, a circle .79
FULL = 0.95  # … unless they fill so much of their frame as only a square does
SQUARE = 0.8  # shorter side over longer one of a box that a font hides
CORNER, EVEN = 6, 0.4  # a sixth of a frame's side, and by how much the ink in two of its corners may differ
ALONE = 0.14  # of the type size: it stands so far from other letters


@dataclass(frozen=True)
class BoxGlyph:
    """What a letter prints: an empty or a filled box, and its ink in mm from the page's top left."""

    look: Look
    x_mm: float
    y_mm: float
    w_mm: float
    h_mm: float
    is_round: bool = False


def boxes_however_small(letters: Sequence[Letter]) -> set[Letter]:
    """Return the letters that are boxes to mark however small their type is.

    These are ballot boxes, and empty rings and squares of which several stand on a line, as no bullets do.
    """
    large = [one for one in letters if one.text in HOLLOW and min(one.w_mm, one.h_mm) >= SMALLEST_BALLOT_MM]
    lines = Counter((one.text, round(one.baseline_mm, 1)) for one in large)
    return {
        one
        for one in large
        if one.text in BALLOT_BOXES or lines[one.text, round(one.baseline_mm, 1)] >= FEWEST_ON_LINE
    }


def box_glyphs(
    letters: Sequence[Letter], all_letters: Sequence[Letter], picture: Grey, px_mm: float
) -> dict[Letter, BoxGlyph]:
    """Find the letters that print as empty or filled boxes; `picture` is the page in grey, `px_mm` one of its pixels.

    A font may give a box the code of any letter: that is seen where a letter prints as an empty frame, stands
    alone among all letters of the page, and no such letter looks like that.
    """
    found: dict[Letter, BoxGlyph] = {}
    for letter in letters:
        if letter.text in TICKS and _is_between_words(letter, all_letters):
            continue
        place = (letter.x_mm, letter.y_mm, letter.w_mm, letter.h_mm)
        if letter.text in HOLLOW or letter.text in FILLED:
            said: Look = "hollow" if letter.text in HOLLOW else "filled"
            found[letter] = BoxGlyph(said, *place, is_round=letter.text in ROUND)
        elif _may_be_symbol(letter):
            ink, _ = _ink(picture, letter, px_mm, 2)
            look = _look_of(ink, letter.w_mm * letter.h_mm / px_mm**2)
            if letter.text == ICON:  # its letters tell where it stands, not how large it is
                frame, filling = empty_frame(picture, letter, px_mm)
                hollow = frame and BoxGlyph("hollow", *frame, is_round=filling <= STRAIGHT)
                found |= {letter: hollow} if hollow else {}
                continue
            found |= {letter: BoxGlyph(look, *place)} if look else {}
        elif len(letter.text) == 1 and ord(letter.text) < LATIN:
            hidden = _hidden_box(letter, picture, px_mm)
            found |= {letter: hidden} if hidden is not None and _is_alone(letter, all_letters) else {}
    return found


def _may_be_symbol(letter: Letter) -> bool:
    if unicodedata.name(letter.text[0], "").endswith("FACE") or letter.text in STARS:
        return False  # a ring with eyes; several stars of one line are told apart
    if letter.text == MISSING and letter.h_mm > TALL * letter.w_mm:
        return False
    font = letter.font.lower()
    return any(name in font for name in SYMBOL_FONTS) or unicodedata.category(letter.text[0]) in {
        "Co",
        "So",
        "Cn",
        "Cc",
    }


def _hidden_box(letter: Letter, picture: Grey, px_mm: float) -> BoxGlyph | None:
    """Return the empty frame that a letter of a text prints as, where it does not look like that by itself.

    Its place is that of its ink: nameless fonts do not say how large their letters are.
    """
    frame, filling = empty_frame(picture, letter, px_mm)
    is_ring = unicodedata.normalize("NFD", letter.text)[0] in RINGS
    if frame is None or (is_ring and filling < FULL):
        return None
    return BoxGlyph("hollow", *frame, is_round=filling <= STRAIGHT)


def empty_frame(
    picture: Grey, one: Letter | Shape, px_mm: float
) -> tuple[tuple[float, float, float, float] | None, float]:
    """Return the place of the ink where something is printed, if that is an empty frame; left, top, width, height, mm.

    With it goes the share of this place that lies within the ink's outer edge: .79 of a circle.
    """
    ink, (left, top) = _ink(picture, one, px_mm, MARGIN_PX)
    contours, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    outlines = [
        c for c, node in zip(contours, tree[0] if tree is not None else (), strict=True) if node[3] < 0
    ]
    x, y, w, h = cv2.boundingRect(outlines[0]) if len(outlines) == 1 else (0, 0, 0, 0)
    if min(x, y) < 2 or x + w > ink.shape[1] - 2 or y + h > ink.shape[0] - 2:
        return None, 0.0  # what reaches the edge of the cut does not stand alone, or is light on dark
    if min(w, h) < SQUARE * max(w, h) or _look_of(ink, w * h) != "hollow":
        return None, 0.0
    own, wide, high = ink[y : y + h, x : x + w], max(w // CORNER, 1), max(h // CORNER, 1)
    corners = [
        part.mean() for half in (own[:high], own[-high:]) for part in (half[:, :wide], half[:, -wide:])
    ]
    if max(corners) - min(corners) > EVEN:
        return None, 0.0  # a letter as the a of some types: a ring with a stem
    place = (left + x) * px_mm, (top + y) * px_mm, w * px_mm, h * px_mm
    return place, cv2.contourArea(outlines[0]) / ((w - 1) * (h - 1))


def _is_between_words(sign: Letter, letters: Sequence[Letter]) -> bool:
    """Whether letters stand a word's gap left and right of a sign on its line: it is part of a sentence."""
    level = [one for one in letters if abs(one.baseline_mm - sign.baseline_mm) < 0.3 * sign.size_mm]
    level = [one for one in level if one.text.isalnum()]
    left = any(0 < sign.left_mm - one.right_mm < WORD_GAP * sign.size_mm for one in level)
    return left and any(0 < one.left_mm - sign.right_mm < WORD_GAP * sign.size_mm for one in level)


def _is_alone(letter: Letter, letters: Sequence[Letter]) -> bool:
    return not any(
        other is not letter
        and abs(other.baseline_mm - letter.baseline_mm) < 0.3 * letter.size_mm
        and max(other.left_mm - letter.right_mm, letter.left_mm - other.right_mm) < ALONE * letter.size_mm
        for other in letters
    )


def _ink(picture: Grey, letter: Letter | Shape, px_mm: float, margin_px: int) -> tuple[Grey, tuple[int, int]]:
    """Cut a letter's ink from a page, 0 or 1, with nothing along the edges; and where the cut begins, px."""
    x, y = (max(0, int(edge / px_mm) - margin_px) for edge in (letter.x_mm, letter.y_mm))
    w, h = (int(side / px_mm) + 2 * margin_px + 1 for side in (letter.w_mm, letter.h_mm))
    return np.pad((picture[y : y + h, x : x + w] < DARK).astype(np.uint8), 1), (x - 1, y - 1)


def _look_of(ink: Grey, frame_px: float) -> Look | None:
    """Say whether ink looks like an empty outline, a filled shape or neither; `frame_px` is the letter's area."""
    contours, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    holes = [c for c, node in zip(contours, tree[0] if tree is not None else (), strict=True) if node[3] >= 0]
    areas = sorted((cv2.contourArea(hole) for hole in holes), reverse=True)
    if areas and areas[0] >= 0.4 * frame_px and sum(areas[1:]) < 0.1 * frame_px:
        return "hollow"
    return "filled" if ink.sum() > 0.6 * frame_px else None
