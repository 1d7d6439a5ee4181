"""A box and the text of its page -> what stands on its line, and left and right of it."""

from __future__ import annotations

from collections.abc import Sequence

from survey.learn.printed.near import is_level, on_row
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import FLUSH_MM, Phrase, follows

REACH_MM = 180.0  # labels may be far away, led to the box by dots, by a line, or by nothing
FROM_ABOVE, FROM_BELOW = (
    0.8,
    0.35,
)  # of the type size: most and least from a box to the two lines it is between …
BALANCED = 0.2  # … and by how much these may differ where they have a ruled cell to themselves


def neighbours(
    box: Outline, everything: Sequence[Outline], phrases: Sequence[Phrase]
) -> tuple[Phrase | None, Phrase | None]:
    """Return the nearest phrases left and right of a box on its line, not beyond another box."""
    row = [b for b in everything if b is not box and is_level(b, box, 0.6)]
    wall_left = max((b.right_mm for b in row if b.right_mm <= box.x_mm + 0.5), default=-1.0)
    wall_right = min((b.x_mm for b in row if b.x_mm >= box.right_mm - 0.5), default=10000.0)
    level = on_line(box, phrases)
    left = [p for p in level if wall_left < p.centre_mm < box.x_mm and box.x_mm - p.right_mm < REACH_MM]
    right = [p for p in level if box.right_mm < p.centre_mm < wall_right and p.x_mm - box.right_mm < REACH_MM]
    return max(left, key=lambda p: p.right_mm, default=None), min(right, key=lambda p: p.x_mm, default=None)


def on_line(box: Outline, phrases: Sequence[Phrase]) -> list[Phrase]:
    """Return the phrases on a box's line; of lines that follow each other only the first, be it a little higher."""
    near = [
        p
        for p in phrases
        if p.panel == box.panel and abs(p.middle_mm - box.middle_mm) < box.h_mm + 1.5 * p.size_mm
    ]
    level = [p for p in near if on_row(p, box)]
    level += [
        p
        for p in near
        if p not in level
        and p.middle_mm < box.middle_mm
        and box.middle_mm - p.middle_mm < FROM_ABOVE * p.size_mm
        and any(q.middle_mm - box.middle_mm > FROM_BELOW * p.size_mm and follows(q, p) for q in near)
    ]
    level += [p for p in near if p not in level and _is_over_line(p, box, near)]
    exact = [p for p in level if abs(p.middle_mm - box.middle_mm) < FROM_BELOW * p.size_mm]
    return [
        p
        for p in level
        if p in exact or not any(follows(p, q) or follows(q, p) for q in exact)
        if p in exact or not any(p.y_mm > q.y_mm and follows(p, q) for q in level)
    ]


def _is_over_line(phrase: Phrase, box: Outline, phrases: Sequence[Phrase]) -> bool:
    """Whether a phrase is the upper of two lines of a ruled cell that stand as far over and under the line of a box."""
    over = box.middle_mm - phrase.middle_mm
    return (
        phrase.cell is not None
        and 0 < over < phrase.size_mm
        and any(
            p.cell == phrase.cell
            and abs(p.x_mm - phrase.x_mm) <= FLUSH_MM
            and abs(p.middle_mm - box.middle_mm - over) < BALANCED * p.size_mm
            for p in phrases
        )
    )
