"""Boxes of a page -> rows, and blocks of rows that stand under each other in the same columns: tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from survey.learn.layout.beside import SAME_COLUMN
from survey.learn.layout.column_heads import UNEVEN, are_filled
from survey.learn.layout.neighbours import on_line
from survey.learn.layout.ruled import lies_on
from survey.learn.printed.near import (
    SHORT,
    alike,
    connected,
    gap_mm,
    in_same_columns,
    is_code,
    on_row,
    outside,
    stands_beside,
    to_rows,
)
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import NO_ANSWER, Phrase, lines_down, paragraph

WIDEST_STEP_MM = 42.0  # between neighbouring columns of a matrix
HIGHEST_STEP_MM = 28.0  # between neighbouring rows
HANGS_MM = 10.0  # from the last line of a row's label down to the next row
EVEN = 1.25  # columns of a matrix may stand further apart where no gap is so much wider than the usual one
SET_OFF = 1.08  # a step so much wider than the others leads from a table to a list beside it
TABLE_COLUMNS = 3  # where so many columns might agree by chance, boxes stand closer to their column
NEXT_TO_MM = 6.0  # a label stands closer to its box
SMALL_PRINT = 0.88  # type of a remark under a label, as a share of the label's


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


def rows_to_runs(boxes: Sequence[Outline], phrases: Sequence[Phrase]) -> list[tuple[Outline, ...]]:
    """Part rows where text stands between two boxes, or where a gap is uneven: runs of boxes side by side."""
    rows = to_rows(list(boxes))
    runs: list[tuple[Outline, ...]] = []
    for row in rows:
        steps = [b.x_mm - a.x_mm for a, b in pairwise(row)]
        usual = float(np.median(steps)) if steps else 0.0
        for part in _parts_between_text(row, phrases):
            filled = are_filled(part, rows, phrases) or [False] * (len(part) - 1)
            run = [part[0]]
            for is_filled, (left, right) in zip(filled, pairwise(part), strict=True):
                step = right.x_mm - left.x_mm
                uneven = len(steps) > 2 and step > UNEVEN * usual
                wide = step > WIDEST_STEP_MM and (len(steps) < 2 or step > EVEN * usual)
                wide = wide and not _are_columns(left, right, rows, phrases)
                if (uneven or wide) and not is_filled:
                    runs.append(tuple(run))
                    run = []
                run.append(right)
            runs.append(tuple(run))
    return runs


def _parts_between_text(row: Sequence[Outline], phrases: Sequence[Phrase]) -> list[list[Outline]]:
    """Part a row where text stands between two boxes, or another column of the page begins."""
    beside = [phrase for phrase in phrases if on_row(phrase, row[0])]
    parts = [[row[0]]]
    for left, right in pairwise(row):
        text = any(
            left.centre_mm < phrase.centre_mm < right.centre_mm and outside(phrase, left, right)
            for phrase in beside
        )
        parts += [[]] if text or left.panel != right.panel else []
        parts[-1].append(right)
    return parts


def _are_columns(
    left: Outline, right: Outline, rows: Sequence[Sequence[Outline]], phrases: Sequence[Phrase]
) -> bool:
    """Whether two boxes far apart are in columns of a table: those of a row near by, none with a label next to it."""
    columns = [box for row in rows if abs(row[0].middle_mm - left.middle_mm) < HIGHEST_STEP_MM for box in row]
    lefts, rights = (
        [box for box in columns if abs(box.centre_mm - one.centre_mm) <= SAME_COLUMN * one.w_mm]
        for one in (left, right)
    )
    bare = not any(
        abs(gap_mm(p, box)) < NEXT_TO_MM for box in (*lefts, *rights) for p in phrases if on_row(p, box)
    )
    return len(lefts) > 1 and len(lefts) == len(rights) and bare


def lists_apart(runs: Sequence[tuple[Outline, ...]], phrases: Sequence[Phrase]) -> list[tuple[Outline, ...]]:
    """Part the last box from runs where it is one of a list beside a table: set off a little, its label behind it."""
    ends = [run[-1] for run in runs if _ends_in_list(run, phrases)]
    listed = {
        box
        for box in ends
        if sum(abs(box.centre_mm - other.centre_mm) <= SAME_COLUMN * box.w_mm for other in ends) > 1
    }
    parted = [(run[:-1], run[-1:]) if run[-1] in listed else (run,) for run in runs]
    return [part for parts in parted for part in parts]


def _ends_in_list(run: tuple[Outline, ...], phrases: Sequence[Phrase]) -> bool:
    """Whether a row has a label on its left, and its last box, further from the others than they, one on its right."""
    steps = [b.x_mm - a.x_mm for a, b in pairwise(run)]
    if len(steps) < 2 or steps[-1] < SET_OFF * max(steps[:-1]):
        return False
    behind = [p for p in on_line(run[-1], phrases) if 0 < p.x_mm - run[-1].right_mm < NEXT_TO_MM]
    before = any(p.right_mm < run[0].x_mm and not is_code(p) for p in on_line(run[0], phrases))
    return before and any(not is_code(p) and not NO_ANSWER.fullmatch(p.text) for p in behind)


def in_tables(runs: Sequence[tuple[Outline, ...]], phrases: Sequence[Phrase]) -> list[tuple[Outline, ...]]:
    """Return the runs that are rows of a table: several boxes, or one without a label in such a column."""
    wide = [run for run in runs if len(run) > 1]

    def is_row(run: tuple[Outline, ...]) -> bool:
        box = run[0]
        near = any(
            abs(other[0].middle_mm - box.middle_mm) < 3 * box.h_mm and _share_columns(run, other)
            for other in wide
        )
        return near and not any(gap_mm(p, box) < NEXT_TO_MM for p in on_line(box, phrases))

    return [run for run in runs if len(run) > 1 or is_row(run)]


def runs_to_tables(
    runs: Sequence[tuple[Outline, ...]], labels: Sequence[Phrase], free: Sequence[Phrase]
) -> list[list[tuple[Outline, ...]]]:
    """Join runs that stand under each other in the same columns with nothing between but the labels of rows."""
    links = []
    for a, upper in enumerate(runs):
        below = [
            (lower[0].y_mm - upper[0].bottom_mm, b)
            for b, lower in enumerate(runs)
            if b != a and lower[0].middle_mm > upper[0].bottom_mm and _share_columns(upper, lower)
        ]
        if (
            below
            and (
                min(below)[0] <= HIGHEST_STEP_MM
                or _are_ruled_rows(upper, runs[min(below)[1]], (*labels, *free))
                or _hangs_down(upper, runs[min(below)[1]], (*labels, *free))
            )
            and not _heading_between(upper, runs[min(below)[1]], runs, labels, free)
        ):
            links.append((a, min(below)[1]))
    return [[runs[index] for index in group] for group in connected(len(runs), links)]


def _are_ruled_rows(
    upper: tuple[Outline, ...], lower: tuple[Outline, ...], phrases: Sequence[Phrase]
) -> bool:
    """Whether text stands left of two rows of boxes in ruled cells of which one lies on the other, however high."""
    over, under = (
        {p.cell for p in phrases if p.cell is not None and stands_beside(p.cell, row[0])}
        for row in (upper, lower)
    )
    return any(lies_on(a, b) for a in over for b in under)


def _hangs_down(upper: tuple[Outline, ...], lower: tuple[Outline, ...], phrases: Sequence[Phrase]) -> bool:
    """Whether the text left of a row begins on its line and goes on nearly to the next row, in the same columns."""
    beside = [p for p in on_line(upper[0], phrases) if p.right_mm < upper[0].x_mm]
    lines = [line for p in beside for line in lines_down(p, phrases)]
    foot = max((p.bottom_mm for p in lines), default=0.0)
    same = in_same_columns(upper, lower, SAME_COLUMN / 2) and len(upper) >= TABLE_COLUMNS
    return same and lower[0].y_mm - foot < HANGS_MM


def _share_columns(upper: tuple[Outline, ...], lower: tuple[Outline, ...]) -> bool:
    slack = SAME_COLUMN if min(len(upper), len(lower)) < TABLE_COLUMNS else SAME_COLUMN / 2
    return (
        alike(upper[0], lower[0])
        and all(box.printed for box in upper) == all(box.printed for box in lower)  # pictures over columns
        and upper[0].panel == lower[0].panel
        and any(abs(a.centre_mm - b.centre_mm) <= slack * a.w_mm for a in upper for b in lower)
    )


def _heading_between(
    upper: tuple[Outline, ...],
    lower: tuple[Outline, ...],
    runs: Sequence[tuple[Outline, ...]],
    labels: Sequence[Phrase],
    free: Sequence[Phrase],
) -> bool:
    """Whether text stands between two rows of a table that is none of the rows' labels."""
    others = [
        box
        for run in runs
        if run is not upper and run is not lower
        for box in run
        if upper[0].y_mm - 20 < box.middle_mm < lower[0].bottom_mm + 20
    ]
    x, right = min(upper[0].x_mm, lower[0].x_mm), max(upper[-1].right_mm, lower[-1].right_mm)
    wall_left = max((box.right_mm for box in others if box.right_mm < x - 1), default=0.0)
    wall_right = min((box.x_mm for box in others if box.x_mm > right + 1), default=1000.0)
    near = [
        p
        for p in free
        if upper[0].y_mm - 12 < p.middle_mm < lower[0].bottom_mm + 12
        and p.right_mm > wall_left
        and p.x_mm < wall_right
        and p.panel == upper[0].panel
    ]
    texts = [*near, *(p for p in labels if p.right_mm < x)]
    level = [p for box in (upper[0], lower[0]) for p in on_line(box, texts)]
    known = {line for p in level for line in (*paragraph(p, texts), *lines_down(p, texts))}
    between = [
        p
        for p in near
        if p not in known
        and upper[0].middle_mm < p.middle_mm < lower[0].middle_mm
        and len(p.text) > SHORT
        and not (p.cell is not None and any(stands_beside(p.cell, row[0]) for row in (upper, lower)))
    ]
    smallest = min((p.size_mm for box in (upper[0], lower[0]) for p in on_line(box, labels)), default=0.0)
    return any(p.bold or p.size_mm > SMALL_PRINT * smallest for p in between)


def columns_mm(block: Block) -> list[float]:
    """Return the centres of a block's columns, mm."""
    centres: list[float] = []
    for box in sorted(block.boxes, key=lambda one: one.centre_mm):
        if not centres or box.centre_mm - centres[-1] > 0.6 * box.w_mm:
            centres.append(box.centre_mm)
    return centres


def column_of(one: Outline | Phrase, centres: list[float]) -> int:
    """Return the place of the column whose centre is nearest to that of a box or of words, from 0."""
    return int(np.argmin([abs(centre - one.centre_mm) for centre in centres]))
