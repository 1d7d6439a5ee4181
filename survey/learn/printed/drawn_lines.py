"""Lines drawn beside text to write or to mark on -> underscores among a page's letters, as if they were typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from survey.doors.pdf_print import Letter, Shape
from survey.learn.printed.outlines import PageOutlines

SHORTEST_MM = 3.0  # of a line to write or to mark on
TICKED_MM = 15.0  # a longer line before text is an ornament
BEFORE_MM, BEHIND_MM = 6.0, 8.0  # from the text before a line to it, and from it to the text behind
RAISED, LOWERED = 0.3, 0.5  # of the type size: how far over the foot of its text a line runs, or under it
UNDERLINED = 1.2  # of the type size: text that stands so close on a line is underlined by it
LED_TO = 0.6  # … where a caption leads to it: what stands further up is the line of text before
TOUCHING_MM = 0.8  # a line that ends so close at an upright one is of a table
LETTER = 0.5  # of the type size: the width of an underscore
FEWEST = 4  # underscores, so that they are told from a hyphen


def with_drawn_lines(found: PageOutlines, rules: Sequence[Shape], shapes: Sequence[Shape]) -> PageOutlines:
    """Add underscores where a line is drawn right behind text, or a short one before it, at the foot of its letters."""
    upright = [one for one in found.letters if not one.quarters]
    edges = [one for one in rules if one.h_mm > one.w_mm] + [*_sides(shapes)]
    level = [one for one in rules if one.w_mm >= SHORTEST_MM and one.w_mm > one.h_mm]
    drawn: list[Letter] = []
    for rule in [] if found.from_image else level:
        beside = _letter_beside(rule, upright)
        if beside is None or _is_of_table(rule, edges):
            continue
        reach = LED_TO if beside.x_mm < rule.x_mm else UNDERLINED
        if not _underlines(rule, upright, reach):
            drawn += _underscores(rule, beside)
    return replace(found, letters=(*found.letters, *drawn)) if drawn else found


def _sides(shapes: Sequence[Shape]) -> Iterator[Shape]:
    """Yield the left and the right edges of drawn shapes."""
    for one in shapes:
        yield replace(one, w_mm=0.0)
        yield replace(one, x_mm=one.x_mm + one.w_mm, w_mm=0.0)


def _letter_beside(rule: Shape, letters: Sequence[Letter]) -> Letter | None:
    """Return the letter right before a line, or, if it is short, right behind it."""
    right_mm = rule.x_mm + rule.w_mm
    level = [
        one
        for one in letters
        if -RAISED * one.size_mm <= rule.y_mm - one.baseline_mm <= LOWERED * one.size_mm
    ]
    before = [one for one in level if -0.5 <= rule.x_mm - one.right_mm <= BEFORE_MM]
    behind = [one for one in level if -0.5 <= one.left_mm - right_mm <= BEHIND_MM]
    if before:
        return max(before, key=lambda one: one.right_mm)
    return min(behind, key=lambda one: one.left_mm) if behind and rule.w_mm <= TICKED_MM else None


def _is_of_table(rule: Shape, edges: Sequence[Shape]) -> bool:
    """Whether a line ends at an upright one."""
    ends = (rule.x_mm, rule.x_mm + rule.w_mm)
    return any(
        min(abs(edge.x_mm - end) for end in ends) <= TOUCHING_MM
        and edge.y_mm - TOUCHING_MM <= rule.y_mm <= edge.y_mm + edge.h_mm + TOUCHING_MM
        for edge in edges
        if edge.h_mm > 2 * TOUCHING_MM
    )


def _underlines(rule: Shape, letters: Sequence[Letter], reach: float) -> bool:
    """Whether text stands on a line, over it by no more than so much of its type size."""
    return any(
        rule.x_mm < one.x_mm + one.w_mm / 2 < rule.x_mm + rule.w_mm
        and -LOWERED * one.size_mm < rule.y_mm - one.baseline_mm < reach * one.size_mm
        for one in letters
    )


def _underscores(rule: Shape, beside: Letter) -> Iterator[Letter]:
    """Yield underscores that cover a line, from the text before it on, in the type of the letter beside it."""
    end = rule.x_mm + rule.w_mm
    start = (
        min(rule.x_mm, beside.right_mm + LETTER * beside.size_mm) if beside.x_mm < rule.x_mm else rule.x_mm
    )
    count = max(FEWEST, round((end - start) / (LETTER * beside.size_mm)))
    step = (end - start) / count
    for place in range(count):
        left = start + place * step
        yield replace(
            beside,
            text="_",
            x_mm=left,
            y_mm=rule.y_mm,
            w_mm=step,
            h_mm=rule.h_mm,
            left_mm=left,
            right_mm=left + step,
            blank_after=False,
        )
