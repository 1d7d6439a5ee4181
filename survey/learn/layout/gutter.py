"""Phrases and boxes of a page -> which of its two columns of text each stands in, where it is set in two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey.learn.layout.ruled import are_in_one_row
from survey.learn.printed.near import gap_mm, is_level, on_row, stands_in
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import NUMBERED, Phrase

FLUSH_MM = 1.0  # wordings of one column begin so close to each other
NARROWEST_MM = 50.0  # from the beginning of one column to that of the next
FEWEST_WORDINGS = 2  # in each column
HEADERS = 3  # so many bold texts on a line are the headers of a table
RUN_MM = 5.0  # from one option of a line to the next, and from a box to its label
LABEL_MM = 10.0
TOUCHING_MM, NARROW = (
    0.6,
    1.2,
)  # from one cell of a comb to the next; of its height: cells of tables are wider
HIGHEST_CELL_MM = 20.0  # a higher one is a frame around a column
REACH_MM = 4.0  # a line that goes further over the beginning of the right column runs across both


@dataclass(frozen=True)
class Gutter:
    """Where the right of two columns begins, and from where to where down the page there are two; mm."""

    x_mm: float
    top_mm: float
    bottom_mm: float

    def side(self, left_mm: float, middle_mm: float) -> int:
        """Return 0 for the left column, 1 for the right one, -1 for what stands above or below both."""
        if not self.top_mm < middle_mm < self.bottom_mm:
            return -1
        return int(left_mm > self.x_mm - REACH_MM)


def find_gutter(
    phrases: Sequence[Phrase], boxes: Sequence[Outline], cells: Sequence[Outline] = ()
) -> Gutter | None:
    """Find two columns of text: several wordings begin flush in each, and boxes stand in both.

    No row of ruled cells that touch, nor a single cell, runs across both. Of several such places the one that parts
    most boxes is taken: rows of a table may begin flush, too.
    """
    found: list[tuple[int, float, Gutter]] = []
    wordings = [
        p for p in phrases if _may_ask(p) and (_is_item(p) or not any(_behind(p, box) for box in boxes))
    ]
    wordings = [p for p in wordings if p.asks or _beside(p, wordings) < HEADERS]
    columns = {
        right: [p for p in wordings if 0 <= p.x_mm - right < FLUSH_MM] for right in {p.x_mm for p in wordings}
    }
    goes_on = {p.x_mm for p in wordings if _counts_on(p, wordings)}
    columns = {
        right: begun for right, begun in columns.items() if len(begun) >= FEWEST_WORDINGS or right in goes_on
    }
    beside = [p for p in phrases if not any(stands_in(p, box) for box in boxes)] if columns else []
    last_mm = [_last_text_mm(box, beside) for box in boxes] if columns else []
    for right, begun in columns.items():
        first = min(p.y_mm for p in begun)
        ruled = _rows_across(right, cells)
        gutter = _with_ends(right, first, phrases, list(zip(boxes, last_mm, strict=True)), ruled)
        left = [
            p.x_mm
            for p in wordings
            if gutter.side(p.x_mm, p.middle_mm) == 0 and right - p.x_mm > NARROWEST_MM
        ]
        flush = max((sum(0 <= x - edge < FLUSH_MM for x in left) for edge in left), default=0)
        sides = [gutter.side(box.x_mm, box.middle_mm) for box in boxes]
        inside = sum(gutter.side(p.x_mm, p.middle_mm) == 1 for p in begun)
        inside += right in goes_on  # a single wording, but the next item
        if min(flush, inside) >= FEWEST_WORDINGS and min(sides.count(0), sides.count(1)) >= FEWEST_WORDINGS:
            found.append((len(sides) - sides.count(-1), right, gutter))
    return max(found, key=lambda one: one[:2])[2] if found else None


def _rows_across(right_mm: float, cells: Sequence[Outline]) -> list[tuple[float, float]]:
    """Return from where to where down the page rows of ruled cells reach over the beginning of a column, mm."""
    low = [cell for cell in cells if cell.h_mm < HIGHEST_CELL_MM]
    across = [one for one in low if one.x_mm < right_mm - 2 * REACH_MM and one.right_mm > right_mm + REACH_MM]
    ended = [one for one in low if -REACH_MM < right_mm - one.right_mm < 2 * REACH_MM]
    across += [one for one in ended if any(_touch(one, other) for other in low)]
    return [(one.y_mm, one.bottom_mm) for one in across]


def _touch(left: Outline, right: Outline) -> bool:
    """Whether two ruled cells of one row share a line."""
    return abs(right.x_mm - left.right_mm) < TOUCHING_MM and are_in_one_row(left, right)


def _with_ends(
    right_mm: float,
    first_mm: float,
    phrases: Sequence[Phrase],
    boxes: Sequence[tuple[Outline, float]],
    ruled: Sequence[tuple[float, float]],
) -> Gutter:
    """Return the gutter left of a column, up and down to text, a row of boxes or `ruled` ones that run across.

    With each box goes where the last text on its line begins.
    """
    left_mm = right_mm - REACH_MM
    unnamed = [box for box, last_mm in boxes if box.x_mm > left_mm >= last_mm and not _touches(box, boxes)]
    others = [box for box, last_mm in boxes if not box.x_mm > left_mm >= last_mm]
    across = [(p.y_mm, p.bottom_mm) for p in phrases if p.x_mm < left_mm and p.right_mm > right_mm + REACH_MM]
    across += ruled
    across += [(box.y_mm, box.bottom_mm) for box, _ in boxes if _runs_across(box, right_mm, boxes, phrases)]
    top = max((bottom for _, bottom in across if bottom < first_mm), default=0.0)
    for box in unnamed:
        if box.y_mm > first_mm:  # a table's row across both columns, whose wording stands higher
            above = [one.bottom_mm for one in others if one.bottom_mm < box.y_mm]
            across.append((max(above, default=first_mm), box.bottom_mm))
        else:
            top = max(top, box.bottom_mm)
    return Gutter(right_mm, top, min((y for y, _ in across if y > first_mm), default=10000.0))


def _runs_across(
    box: Outline, right_mm: float, boxes: Sequence[tuple[Outline, float]], phrases: Sequence[Phrase]
) -> bool:
    """Whether a line of options runs over the beginning of a column: a box is close behind a label, and not flush."""
    if abs(box.x_mm - right_mm) < FLUSH_MM or abs(box.x_mm - right_mm) > REACH_MM:
        return False
    options = [p for p in phrases if on_row(p, box) and 0 < box.x_mm - p.right_mm < RUN_MM]
    return any(0 <= p.x_mm - one.right_mm < RUN_MM and on_row(p, one) for p in options for one, _ in boxes)


def _touches(box: Outline, boxes: Sequence[tuple[Outline, float]]) -> bool:
    """Whether a box is a cell of a comb, which has a line to itself."""
    is_narrow = box.w_mm <= NARROW * box.h_mm
    return is_narrow and any(
        is_level(one, box, 0.2) and abs(gap_mm(one, box)) < TOUCHING_MM for one, _ in boxes
    )


def _may_ask(phrase: Phrase) -> bool:
    """Whether a phrase looks like a wording: numbers alone are those of a table's rows, captions those of lines."""
    asks = phrase.bold or (phrase.asks and not phrase.is_written_behind)
    return asks and any(letter.isalpha() for letter in phrase.text)


def _is_item(phrase: Phrase) -> bool:
    """Whether a phrase is no label, though boxes end the column on its left: it has a number, and is bold or asks."""
    return phrase.is_numbered and (phrase.bold or phrase.text.endswith("?"))


def _counts_on(phrase: Phrase, wordings: Sequence[Phrase]) -> bool:
    """Whether the item with the number before a wording's stands in a column further left, and lower on the page."""
    number = NUMBERED.match(phrase.text)
    if number is None or not number[1].isdecimal():
        return False
    return any(
        (other := NUMBERED.match(p.text)) is not None
        and other[1].isdecimal()
        and int(other[1]) == int(number[1]) - 1
        and phrase.x_mm - p.x_mm > NARROWEST_MM
        and p.y_mm > phrase.bottom_mm
        for p in wordings
    )


def _beside(phrase: Phrase, phrases: Sequence[Phrase]) -> int:
    """Return how many columns of phrases stand about on the line of one, with it: headers may have several lines."""
    near = [p for p in phrases if abs(p.bottom_mm - phrase.bottom_mm) < phrase.size_mm]
    count, edge = 0, -1.0
    for p in sorted(near, key=lambda p: p.x_mm):
        count += p.x_mm > edge
        edge = max(edge, p.right_mm)
    return count


def _behind(phrase: Phrase, box: Outline) -> bool:
    """Whether a phrase stands right of a box, as labels do."""
    return on_row(phrase, box) and 0 < phrase.x_mm - box.right_mm < LABEL_MM


def _last_text_mm(box: Outline, phrases: Sequence[Phrase]) -> float:
    """Where the last text on the line of a box begins."""
    middle, high = box.middle_mm, box.h_mm
    return max((p.x_mm for p in phrases if abs(p.middle_mm - middle) < max(high, p.size_mm)), default=-np.inf)
