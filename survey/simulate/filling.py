"""A household's answers and a hand's habits -> ink on one page, and the truth about every box of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from survey.questionnaire.model import Asked, Questionnaire
from survey.simulate.habits import FILLING_KINDS, HABIT_KINDS, Habit, draw_by_habit, place_in
from survey.simulate.handwriting import write_digit, write_lines
from survey.simulate.households import Household
from survey.simulate.ink import Canvas, draw_pen, lay_ink
from survey.simulate.pens import draw_stray, erase
from survey.simulate.profile import Profile

Rng = np.random.Generator
Box = tuple[float, float, float, float]

NOTES = ("note", "word", "underline", "arrow", "brace")
SLIPS = ("slip", "speck")
FILLERS = sum(HABIT_KINDS[kind] for kind in FILLING_KINDS)  # share of people


@dataclass(frozen=True)
class PlacedBox:
    """One box of a page."""

    name: str
    item: str
    option: str
    place_mm: Box


@dataclass(frozen=True)
class Trace:
    """What was meant and what was drawn at one box."""

    box: str
    item: str
    option: str
    intended: bool
    """The person means this box after all corrections; of combs and text: something is written."""
    ink: str
    """none, a kind of mark, revoked, erased, digit or text."""
    note: str = ""
    """faint, half outside, lost, or the kind of stray ink beside it; joined by a comma."""
    written: str = ""
    """The digit in a cell of a comb."""


def boxes_of_page(questionnaire: Questionnaire, page: int) -> list[PlacedBox]:
    """Return the boxes of one page in the table's order."""
    here = questionnaire.boxes[questionnaire.boxes["page"] == page]
    columns = ["box", "item", "option", "x_mm", "y_mm", "w_mm", "h_mm"]
    return [
        PlacedBox(str(box), str(item), str(option), (float(x), float(y), float(w), float(h)))
        for box, item, option, x, y, w, h in here[columns].itertuples(index=False)
    ]


@dataclass(frozen=True)
class Hand:
    """A hand over a page: the canvas it draws on, its habit, and how often what happens to it."""

    canvas: Canvas
    px_per_mm: float
    habit: Habit
    profile: Profile
    rng: Rng

    @property
    def share_revoked(self) -> float:
        """Answered items in which this hand blacks out a wrong mark."""
        if self.habit.kind in FILLING_KINDS:
            return self.profile.revoked_by_fillers
        return self.profile.revoked / (1 - FILLERS)

    def happens(self, share: float) -> bool:
        """Whether something with this share happens now."""
        return bool(self.rng.random() < share)


def fill_page(hand: Hand, questionnaire: Questionnaire, page: int, household: Household) -> list[Trace]:
    """Draw one page's answers on the hand's canvas; return the truth about every box of the page."""
    boxes = boxes_of_page(questionnaire, page)
    asked = {entry.id: entry for entry in questionnaire.asked()}
    traces: dict[str, Trace] = {}
    for item, group in _by_item(boxes).items():
        for trace in _fill_item(hand, asked[item], group, household):
            traces[trace.box] = trace
    return _stray(hand, boxes, [traces[box.name] for box in boxes])


def _by_item(boxes: Iterable[PlacedBox]) -> dict[str, list[PlacedBox]]:
    groups: dict[str, list[PlacedBox]] = {}
    for box in boxes:
        groups.setdefault(box.item, []).append(box)
    return groups


def _fill_item(hand: Hand, asked: Asked, boxes: list[PlacedBox], household: Household) -> list[Trace]:
    if asked.kind == "number":
        return _write_number(hand, boxes, household.numbers.get(asked.id, ""))
    if asked.kind == "text":
        return [_write_text(hand, box, household.words) for box in boxes]
    codes = household.chosen.get(asked.id, ())
    traces = [
        _mark(hand, box) if box.option in codes else Trace(box.name, box.item, box.option, False, "none")
        for box in boxes
    ]
    if any(trace.intended for trace in traces):
        _correct(hand, boxes, traces)
    return traces


def _mark(hand: Hand, box: PlacedBox) -> Trace:
    """Mark one box the person's way."""
    ring = hand.happens(hand.profile.rings)
    half_outside = not ring and hand.happens(hand.profile.half_outside / (1 - hand.profile.rings))
    kind = draw_by_habit(
        hand.canvas, hand.px_per_mm, place_in(box.place_mm, hand.rng), hand.habit, hand.rng,
        kind="ring" if ring else None, half_outside=half_outside,
    )  # fmt: skip
    notes = [
        text for text, holds in [("faint", hand.habit.pen.faint), ("half outside", half_outside)] if holds
    ]
    return Trace(box.name, box.item, box.option, True, kind, ", ".join(notes))


def _correct(hand: Hand, boxes: list[PlacedBox], traces: list[Trace]) -> None:
    """Sometimes a wrong box was marked first, and blacked out or rubbed out; changes `traces` in place."""
    free = [place for place, trace in enumerate(traces) if not trace.intended]
    if not free:
        return
    wrong = int(hand.rng.choice(free))
    box = boxes[wrong]
    if hand.happens(hand.share_revoked):
        place = place_in(box.place_mm, hand.rng)
        draw_by_habit(hand.canvas, hand.px_per_mm, place, hand.habit, hand.rng)
        draw_by_habit(hand.canvas, hand.px_per_mm, place, hand.habit, hand.rng, kind="revoke")
        note = "faint" if hand.habit.pen.faint else ""
        traces[wrong] = replace(traces[wrong], ink="revoked", note=note)
    elif hand.habit.pen.kind == "pencil" and hand.happens(hand.profile.erased):
        _mark_and_erase(hand, box)
        traces[wrong] = replace(traces[wrong], ink="erased")


def _mark_and_erase(hand: Hand, box: PlacedBox) -> None:
    x, y, w, h = place_in(box.place_mm, hand.rng)
    margin = 3.0
    patch = np.zeros(
        (int((h + 2 * margin) * hand.px_per_mm), int((w + 2 * margin) * hand.px_per_mm)), np.float32
    )
    draw_by_habit(patch, hand.px_per_mm, (margin, margin, w, h), hand.habit, hand.rng)
    erase(patch, hand.px_per_mm, hand.rng)
    left, top = max(0, int((x - margin) * hand.px_per_mm)), max(0, int((y - margin) * hand.px_per_mm))
    here = hand.canvas[top : top + patch.shape[0], left : left + patch.shape[1]]
    np.maximum(here, patch[: here.shape[0], : here.shape[1]], out=here)


def _write_number(hand: Hand, boxes: list[PlacedBox], digits: str) -> list[Trace]:
    traces = []
    for box, digit in zip(boxes, digits.ljust(len(boxes)), strict=False):
        if digit == " ":
            traces.append(Trace(box.name, box.item, box.option, False, "none"))
            continue
        lay_ink(
            hand.canvas, hand.px_per_mm, write_digit(digit, box.place_mm, hand.rng), hand.habit.pen, hand.rng
        )
        note = "faint" if hand.habit.pen.faint else ""
        traces.append(Trace(box.name, box.item, box.option, True, "digit", note, digit))
    return traces


def _write_text(hand: Hand, box: PlacedBox, words: Mapping[str, int]) -> Trace:
    count = words.get(box.item, 0)
    if count:
        strokes = write_lines(box.place_mm, count, hand.rng, pen_mm=hand.habit.pen.width_mm)
        lay_ink(hand.canvas, hand.px_per_mm, strokes, hand.habit.pen, hand.rng)
    note = "faint" if count and hand.habit.pen.faint else ""
    return Trace(box.name, box.item, box.option, bool(count), "text" if count else "none", note)


def _stray(hand: Hand, boxes: list[PlacedBox], traces: list[Trace]) -> list[Trace]:
    """Add remarks and slips of the pen beside some boxes."""
    traces = list(traces)
    for share, kinds in [(hand.profile.notes, NOTES), (hand.profile.slips, SLIPS)]:
        small = [place for place, box in enumerate(boxes) if max(box.place_mm[2:]) < 8]
        if not small or not hand.happens(share):
            continue
        for _ in range(int(hand.rng.integers(1, 3))):
            place, kind = int(hand.rng.choice(small)), kinds[int(hand.rng.integers(len(kinds)))]
            pen = hand.habit.pen if hand.happens(0.8) else draw_pen(hand.rng)
            draw_stray(hand.canvas, hand.px_per_mm, boxes[place].place_mm, kind, pen, hand.rng)
            note = ", ".join(filter(None, [traces[place].note, kind]))
            traces[place] = replace(traces[place], note=note)
    return traces
