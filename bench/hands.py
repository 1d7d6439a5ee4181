"""What hands leave on a tile: marks, slips, words, stamps, highlighters and smudges, and what of it was meant."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from bench.prints import LETTER_FONTS, LETTER_PX, TILE_MM, Box, Floats, Rng, Style, print_text
from survey.simulate.habits import FILLING_KINDS, Habit, draw_by_habit, draw_habit, place_in
from survey.simulate.handwriting import write_word
from survey.simulate.ink import lay_ink
from survey.simulate.pens import MARK_KINDS, STRAY_KINDS, Pen, draw_mark, draw_pen, draw_stray

MARKED_SHARE = 0.36  # of boxes
STRAY_SHARE = 0.12  # of the others
SOFT_TARGETS = {"through": 0.3, "erased": 0.3, "written over": 0.2}  # what a person would have to look at
STRAY_SHARES = dict.fromkeys(STRAY_KINDS, 1.0) | {"speck": 4.0, "erased": 2.0, "through": 1.5}
BLACK_SHARE = 0.12  # of marks that black a box out: as many as it takes to learn what they look like
CORRECTED = 0.06  # of an office's marks
HALF_OUTSIDE, RINGS = 0.06, 0.03  # of an office's marks
FAINT_SHARE = 0.12
LONG_KINDS = {"slash", "tick", "cross", "dash"}  # some people's strokes end far outside the box
HIGHLIGHTED, STAMPED, WRITTEN_OVER, SMUDGED = 0.02, 0.03, 0.03, 0.1  # of tiles
STAIN = 0.007  # mean darkness over a box of what is written over it


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
            place = place_in(box, rng)
            kind = mark_by_habit(hand, place, habit) if office else mark_anyhow(hand, place, habit, style)
            meant[index], black[index] = SOFT_TARGETS.get(kind, 1.0), kind == "revoke"
        elif hand.happens(STRAY_SHARE):
            kind = str(rng.choice(list(STRAY_SHARES), p=strays))
            place = place_in(box, rng) if kind == "erased" else box
            draw_stray(hand.canvas, hand.px_per_mm, place, kind, habit.pen, rng)
            meant[index] = SOFT_TARGETS.get(kind, 0.0)
    write_over(hand, boxes, meant)
    if hand.happens(HIGHLIGHTED):
        highlight(hand)
    if hand.happens(SMUDGED):
        smudge(hand.canvas, rng)
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


def write_over(hand: Hand, boxes: list[Box], meant: Floats) -> None:
    """Stamp a tile, or write across it: what then lies in unmarked boxes is for a person to look at."""
    over = replace(hand, canvas=np.zeros_like(hand.canvas))
    if hand.happens(STAMPED):
        stamp(over)
    if hand.happens(WRITTEN_OVER):
        pen, rng = hand.pen(), hand.rng
        for _ in range(rng.integers(1, 4)):
            strokes, _ = write_word(
                *rng.uniform(0, TILE_MM * 0.8, 2), int(rng.integers(3, 12)), rng.uniform(1.2, 3.5), rng
            )
            lay_ink(over.canvas, hand.px_per_mm, strokes, pen, rng)
    if not over.canvas.any():
        return
    for index, (x, y, w, h) in enumerate(boxes):
        left, top, right, bottom = (round(at * hand.px_per_mm) for at in (x, y, x + w, y + h))
        if over.canvas[top:bottom, left:right].mean() > STAIN:
            meant[index] = max(meant[index], SOFT_TARGETS["written over"])
    np.maximum(hand.canvas, over.canvas, out=hand.canvas)


def stamp(hand: Hand) -> None:
    """Stamp a word or two somewhere on a tile, often in a frame, a little turned."""
    rng, side = hand.rng, len(hand.canvas)
    shown = np.zeros_like(hand.canvas)
    font, dark, line_px = (
        int(rng.choice(LETTER_FONTS)),
        float(rng.uniform(0.25, 0.8)),
        max(1, round(0.5 * hand.px_per_mm)),
    )
    high = rng.uniform(3, 6) * hand.px_per_mm
    left, base = rng.uniform(0, 0.7, 2) * side
    for row in range(rng.integers(1, 3)):
        word = "".join(rng.choice(list("ABDEGHIKLMNORSTUVZ0123456789. "), int(rng.integers(5, 14))))
        print_text(
            shown, word, (int(left), int(base + 1.6 * row * high)), high / LETTER_PX, dark, font, line_px
        )
    if hand.happens(0.5):
        corners = np.array(
            [(left - high / 2, base - 2 * high), (left + 8 * high, base + 2.4 * high)], int
        ).tolist()
        cv2.rectangle(shown, *corners, dark, line_px, cv2.LINE_AA)
    turned = cv2.getRotationMatrix2D((side / 2, side / 2), rng.normal(0, 8), 1)
    worn = np.clip(1.3 - 0.6 * cv2.GaussianBlur(rng.random(shown.shape), (0, 0), 2), 0, 1)
    stamped = cv2.warpAffine(shown, turned, shown.shape[::-1]) * worn.astype(np.float32)
    np.maximum(hand.canvas, stamped, out=hand.canvas)


def highlight(hand: Hand) -> None:
    """Draw broad pale bands over a tile, as a highlighter does over words and boxes."""
    rng, side = hand.rng, len(hand.canvas)
    for _ in range(rng.integers(1, 5)):
        start = rng.uniform(0, side, 2)
        end = start + rng.uniform(0.1, 0.9) * side * np.array([1, rng.normal(0, 0.03)])
        band, width_px = np.zeros_like(hand.canvas), round(rng.uniform(2.5, 6) * hand.px_per_mm)
        cv2.line(
            band,
            start.astype(int).tolist(),
            end.astype(int).tolist(),
            float(rng.uniform(0.06, 0.3)),
            width_px,
        )
        hand.canvas[...] += band * (1 - hand.canvas)


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
