"""Boxes of a page -> blocks of boxes that belong to one item, by alignment and the text between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from survey.learn.near import alike, connected, on_row, outside, to_rows
from survey.learn.outlines import Outline
from survey.learn.wording import NUMBERED_ALONE, Phrase

WIDEST_STEP_MM = 42.0  # between neighbouring columns of a matrix
WIDEST_LINE_MM = 105.0  # between two labelled boxes on one line: up to half the page
HIGHEST_STEP_MM = 28.0  # between neighbouring rows
UNEVEN = 1.8  # a gap so much wider than the usual one parts two blocks
WIDE_STEP = 1.2  # … and a step so much wider than the next one parts two items with their wording on the left
COLUMN_MM = 20.0  # boxes no further up or down belong to a column beside
EVEN = 1.25  # columns of a matrix may stand further apart where no gap is so much wider than the usual one
NEXT_TO_MM = 9.0  # a label stands closer to its box
LINE_STEP = 1.65  # heights of a capital from one line of a label to the next …
TALL_LINE_STEP = 1.8  # … or to the second one, where a large box glyph stands on the first
SAME_COLUMN = 0.3  # of a box's width: how far boxes may stand from their column, and half as far …
TABLE_COLUMNS = 3  # … where so many columns might agree by chance
FLUSH_MM = 0.6  # the second line then begins where the first does
HANGING_MM = 8.0  # a second line that begins with a small letter may begin under its box …
LONG_LINE_MM = 60.0  # … where the first one is long
SHORT = 3  # letters of a row's number, which is no wording even where it stands between two rows


@dataclass(frozen=True)
class Block:
    """Boxes that belong together, as rows from the top, each from the left."""

    rows: tuple[tuple[Outline, ...], ...]
    page: int = 0

    @property
    def boxes(self) -> list[Outline]:
        """All boxes, row by row."""
        return [box for row in self.rows for box in row]

    @property
    def x_mm(self) -> float:
        """Left edge."""
        return min(box.x_mm for box in self.boxes)

    @property
    def right_mm(self) -> float:
        """Right edge."""
        return max(box.right_mm for box in self.boxes)

    @property
    def y_mm(self) -> float:
        """Upper edge."""
        return min(box.y_mm for box in self.boxes)

    @property
    def bottom_mm(self) -> float:
        """Lower edge."""
        return max(box.bottom_mm for box in self.boxes)


def rows_to_runs(boxes: list[Outline], phrases: list[Phrase]) -> list[tuple[Outline, ...]]:
    """Part rows where text stands between two boxes, or where a gap is uneven: runs of boxes side by side."""
    runs = []
    for row in to_rows(boxes):
        beside = [phrase for phrase in phrases if on_row(phrase, row[0])]
        steps = [b.x_mm - a.x_mm for a, b in pairwise(row)]
        run = [row[0]]
        for step, (left, right) in zip(steps, pairwise(row), strict=True):
            text = any(
                left.centre_mm < phrase.centre_mm < right.centre_mm and outside(phrase, left, right)
                for phrase in beside
            )
            uneven = len(steps) > 2 and step > UNEVEN * float(np.median(steps))
            wide = step > WIDEST_STEP_MM and (len(steps) < 2 or step > EVEN * float(np.median(steps)))
            if text or uneven or wide or left.panel != right.panel:
                runs.append(tuple(run))
                run = []
            run.append(right)
        runs.append(tuple(run))
    return runs


def runs_to_blocks(runs: list[tuple[Outline, ...]], phrases: list[Phrase]) -> list[list[tuple[Outline, ...]]]:
    """Join runs that stand under each other in the same columns with no wording between."""
    steps = {}
    for a, upper in enumerate(runs):
        below = [
            (lower[0].y_mm - upper[0].bottom_mm, b)
            for b, lower in enumerate(runs)
            if b != a and lower[0].middle_mm > upper[0].bottom_mm and _share_columns(upper, lower)
        ]
        if below and min(below)[0] <= HIGHEST_STEP_MM:
            steps[(a, min(below)[1])] = min(below)[0]
    parted = {pair for pair in steps if _parted(runs[pair[0]], runs[pair[1]], runs, phrases)}
    links = [pair for pair in steps if pair not in parted and not _parted_beside(pair, steps, parted, runs)]
    return [[runs[index] for index in group] for group in connected(len(runs), links)]


def _parted_beside(
    pair: tuple[int, int],
    steps: dict[tuple[int, int], float],
    parted: set[tuple[int, int]],
    runs: list[tuple[Outline, ...]],
) -> bool:
    """Whether the column on the left is parted at the same height, and the step here is wider than usual."""
    upper, lower = runs[pair[0]][0], runs[pair[1]][0]
    beside = any(
        abs(runs[a][0].middle_mm - upper.middle_mm) < 0.4 * upper.h_mm
        and abs(runs[b][0].middle_mm - lower.middle_mm) < 0.4 * lower.h_mm
        and runs[a][0].x_mm < upper.x_mm
        and runs[a][0].panel == upper.panel
        for a, b in parted
    )
    usual = [
        step for (a, b), step in steps.items() if (b == pair[0] or a == pair[1]) and (a, b) not in parted
    ]
    return beside and (not usual or steps[pair] > 1.35 * min(usual) + 0.3 * upper.h_mm)


def _share_columns(upper: tuple[Outline, ...], lower: tuple[Outline, ...]) -> bool:
    slack = SAME_COLUMN if min(len(upper), len(lower)) < TABLE_COLUMNS else SAME_COLUMN / 2
    return (
        alike(upper[0], lower[0])
        and upper[0].panel == lower[0].panel
        and any(abs(a.centre_mm - b.centre_mm) <= slack * a.w_mm for a in upper for b in lower)
    )


def _parted(
    upper: tuple[Outline, ...],
    lower: tuple[Outline, ...],
    runs: list[tuple[Outline, ...]],
    phrases: list[Phrase],
) -> bool:
    """Whether wording stands between two rows: text that does not go on from a label of either."""
    near = [p for p in phrases if upper[0].y_mm - 8 < p.middle_mm < lower[0].bottom_mm + 8]
    near = [p for p in near if _concerns(p, upper, lower, runs, near)]
    labels = [p for p in near if on_row(p, upper[0]) or on_row(p, lower[0])]
    between = [
        p
        for p in near
        if p not in labels and upper[0].middle_mm < p.middle_mm < lower[0].middle_mm and len(p.text) > SHORT
    ]
    if any(p.text.endswith("?") and p.x_mm < lower[0].x_mm + 1 for p in between) or _numbered(between, near):
        return True
    if _begins_beside(upper, lower, runs, phrases) or _labelled_alike(upper, lower, runs, phrases):
        return True
    known = list(labels)
    for phrase in sorted(between, key=lambda one: one.y_mm) + sorted(between, key=lambda one: -one.y_mm):
        if phrase not in known and (
            any(continues(phrase, label) for label in known) or _under_label(phrase, upper, lower, labels)
        ):
            known.append(phrase)
    sizes = [p.size_mm for p in labels]
    return any(p not in known and (p.bold or not sizes or p.size_mm > 0.88 * min(sizes)) for p in between)


def _labelled_alike(
    upper: tuple[Outline, ...],
    lower: tuple[Outline, ...],
    runs: list[tuple[Outline, ...]],
    phrases: list[Phrase],
) -> bool:
    """Whether two boxes have one label on their left, and others stand on both lines: "yes [] no []"."""
    labels = []
    for run in (upper, lower):
        left = [p for p in phrases if on_row(p, run[0]) and -NEXT_TO_MM < p.right_mm - run[0].x_mm <= 0]
        mates = [
            b
            for other in runs
            for b in other
            if 0 < run[0].x_mm - b.right_mm < COLUMN_MM
            and abs(b.middle_mm - run[0].middle_mm) < 0.35 * b.h_mm
        ]
        label = max(left, key=lambda p: p.right_mm, default=None)
        if len(run) > 1 or not mates or label is None:
            return False
        if run[0].x_mm - label.right_mm > _gap_right(run[0], phrases):
            return False  # it belongs to the box further left
        labels.append(label.text)
    return labels[0] == labels[1]


def _begins_beside(
    upper: tuple[Outline, ...],
    lower: tuple[Outline, ...],
    runs: list[tuple[Outline, ...]],
    phrases: list[Phrase],
) -> bool:
    """Whether a wording begins left of the lower of two boxes that have their labels on the right."""
    if (
        len(upper) > 1
        or len(lower) > 1
        or max(_gap_right(run[0], phrases) for run in (upper, lower)) > NEXT_TO_MM
    ):
        return False
    box = lower[0]
    if any(
        b.right_mm < box.x_mm and abs(b.middle_mm - box.middle_mm) < COLUMN_MM for run in runs for b in run
    ):
        return False  # what stands there belongs to a column of boxes
    beside = [p for p in phrases if on_row(p, box) and p.right_mm < box.x_mm and p.panel == box.panel]
    begins = [
        p
        for p in beside
        if not any(q.y_mm < p.y_mm and follows(p, q) for q in phrases if q.right_mm < box.x_mm)
    ]
    column = sorted(
        run[0].middle_mm for run in runs if abs(run[0].centre_mm - box.centre_mm) <= SAME_COLUMN * box.w_mm
    )
    steps = [
        b - a for a, b in pairwise(column) if abs(b - box.middle_mm) < HIGHEST_STEP_MM and b != box.middle_mm
    ]
    is_wide = bool(steps) and box.middle_mm - upper[0].middle_mm > WIDE_STEP * min(steps)
    return any(p.asks or is_wide for p in begins)


def _numbered(between: list[Phrase], near: list[Phrase]) -> bool:
    """Whether a bold phrase has a printed number of its own left of it: a new item begins."""
    return any(
        NUMBERED_ALONE.match(number.text)
        and abs(number.bottom_mm - p.bottom_mm) < 0.5
        and 0 < p.x_mm - number.right_mm < 12
        for p in between
        for number in near
        if p.bold and number.bold
    )


def _concerns(
    phrase: Phrase,
    upper: tuple[Outline, ...],
    lower: tuple[Outline, ...],
    runs: list[tuple[Outline, ...]],
    near: list[Phrase],
) -> bool:
    """Whether a phrase lies where the labels and the wording of two rows stand, not in a column beside."""
    level = [
        box
        for run in runs
        if run is not upper and run is not lower
        for box in run
        if upper[0].y_mm - COLUMN_MM < box.middle_mm < lower[0].bottom_mm + COLUMN_MM
    ]
    x, right = min(upper[0].x_mm, lower[0].x_mm), max(upper[-1].right_mm, lower[-1].right_mm)
    wall_left = max((box.right_mm for box in level if box.right_mm < x - 1), default=0.0)
    wall_right = min((box.x_mm for box in level if box.x_mm > right + 1), default=1000.0)
    if phrase.panel != upper[0].panel or phrase.right_mm <= wall_left or phrase.x_mm >= wall_right:
        return False
    if len(upper) > 1 or len(lower) > 1:
        return True
    on_right = [_gap_right(run[0], near) for run in (upper, lower)]
    if max(on_right) < NEXT_TO_MM:  # labels on the right: what ends before the box is of another column
        return phrase.right_mm > right + 2
    on_left = any(on_row(p, run[0]) and run[0].x_mm - p.right_mm > 0 for run in (upper, lower) for p in near)
    return phrase.x_mm < x - 2 if min(on_right) > NEXT_TO_MM and on_left else True


def _gap_right(box: Outline, phrases: list[Phrase]) -> float:
    """Distance to the first phrase right of a box, mm; large where there is none."""
    return min(
        (p.x_mm - box.right_mm for p in phrases if on_row(p, box) and p.centre_mm > box.right_mm),
        default=999.0,
    )


def _under_label(
    phrase: Phrase, upper: tuple[Outline, ...], lower: tuple[Outline, ...], labels: list[Phrase]
) -> bool:
    """Whether a phrase is a lighter second line under a label, or stands where the label of a write-in line does."""
    step = phrase.y_mm - upper[0].bottom_mm
    if len(upper) > 1 or phrase.asks or step > 6 or lower[0].y_mm - phrase.bottom_mm < -1:
        return False
    own = [label for label in labels if on_row(label, upper[0]) and label.x_mm > upper[0].right_mm]
    if own:
        first = min(own, key=lambda label: label.x_mm)
        return abs(first.x_mm - phrase.x_mm) <= 1.5 and not (phrase.bold and not first.bold)
    return 0 <= phrase.x_mm - upper[0].right_mm <= 8


def continues(phrase: Phrase, label: Phrase) -> bool:
    """Whether a phrase is the next (or the line before) of a label, and no wording of its own."""
    return follows(phrase, label) and not (phrase.y_mm > label.y_mm and phrase.asks)


def follows(phrase: Phrase, label: Phrase) -> bool:
    """Whether a phrase is the next (or the line before) of another: same type, close, aligned."""
    step = abs(phrase.bottom_mm - label.bottom_mm)
    aligned = min(
        abs(phrase.x_mm - label.x_mm),
        abs(phrase.right_mm - label.right_mm),
        abs(phrase.centre_mm - label.centre_mm),
    )
    alike = abs(phrase.size_mm - label.size_mm) <= 0.15 * label.size_mm and phrase.bold == label.bold
    lower = phrase if phrase.y_mm > label.y_mm else label
    is_second = lower is phrase and abs(phrase.x_mm - label.x_mm) <= FLUSH_MM
    hangs = (
        lower is phrase
        and phrase.text[:1].islower()
        and abs(phrase.x_mm - label.x_mm) <= HANGING_MM
        and label.right_mm - label.x_mm > LONG_LINE_MM
    )
    return (
        alike
        and 0 < step <= (TALL_LINE_STEP if is_second else LINE_STEP) * label.size_mm
        and (aligned <= 1.8 or hangs)
    )


def side_by_side(blocks: list[list[tuple[Outline, ...]]], phrases: list[Phrase]) -> list[Block]:
    """Join columns of labelled boxes that stand side by side under one wording."""
    frames = [_frame(block) for block in blocks]
    links = []
    for a, left in enumerate(blocks):
        for b, right in enumerate(blocks):
            if a == b or len(left[0]) > 1 or len(right[0]) > 1 or not alike(left[0][0], right[0][0]):
                continue
            gap = frames[b][0] - frames[a][2]
            if (
                left[0][0].panel != right[0][0].panel
                or not 0 < gap <= WIDEST_LINE_MM
                or _between(frames[a], frames[b], frames)
            ):
                continue
            level = abs(left[0][0].middle_mm - right[0][0].middle_mm) <= 0.35 * left[0][0].h_mm
            if (
                level
                and abs(len(left) - len(right)) <= 1 + len(left) // 4
                and not _has_own_wording(frames, a, b, phrases)
            ):
                links.append((a, b))
    merged = []
    for group in connected(len(blocks), links):
        rows = to_rows([box for index in group for run in blocks[index] for box in run])
        merged.append(Block(tuple(tuple(row) for row in rows)))
    return merged


def _frame(block: list[tuple[Outline, ...]]) -> tuple[float, float, float, float]:
    """Left, upper, right and lower edge of a block, mm."""
    whole = Block(tuple(block))
    return whole.x_mm, whole.y_mm, whole.right_mm, whole.bottom_mm


def _between(
    a: tuple[float, ...], b: tuple[float, ...], frames: list[tuple[float, float, float, float]]
) -> bool:
    """Whether a third block stands between two on the same lines."""
    return any(a[2] < f[0] and f[2] < b[0] and f[1] < a[3] and f[3] > a[1] for f in frames)


def _has_own_wording(
    frames: list[tuple[float, float, float, float]], a: int, b: int, phrases: list[Phrase]
) -> bool:
    """Whether text stands right above the right of two columns and does not reach over from the left one."""
    left, right = frames[a], frames[b]
    floor = max(
        (f[3] for f in frames if f[3] < right[1] and f[0] < right[2] + 30 and f[2] > left[2]), default=0.0
    )
    above = [
        p
        for p in phrases
        if max(floor, right[1] - 12) < p.middle_mm < right[1] - 0.3
        and p.x_mm < right[2] + 30
        and not any(f[1] - 1 < p.middle_mm < f[3] + 1 for f in frames if f[3] < right[1])
    ]
    return any(
        p.x_mm > left[2] + 1
        and not any(
            abs(q.bottom_mm - p.bottom_mm) < 1 and q.x_mm <= left[2] + 1 and p.x_mm - q.right_mm < 12
            for q in above
        )
        for p in above
    )
