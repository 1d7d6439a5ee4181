"""Boxes in a running text -> labels that go on, or begin, in the next line."""

from __future__ import annotations

from collections.abc import Sequence

from survey.learn.printed.near import is_level, on_row
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import FLUSH_MM, SPAN, Phrase, is_line_under

INNER_MM = 2.5  # from the text of a ruled cell to its edge, and a blank
RUN_STEP = 2.0  # of the type size, from line to line of a running text
FULL_MM, RUN_MM = 15.0, 8.0  # left in a line that is full; from a word to the next box of a running text


def wrapped(
    labelled: dict[Outline, Phrase | None], boxes: Sequence[Outline], phrases: Sequence[Phrase]
) -> dict[Outline, Phrase | None]:
    """Find labels that begin the line under the box that ends the line before, flush with the first box there."""
    found: dict[Outline, Phrase | None] = {}
    full_mm = max((p.right_mm for p in phrases), default=0.0) - FULL_MM
    for box in sorted((one for one, label in labelled.items() if label is None), key=lambda one: one.y_mm):
        level = sorted((b for b in boxes if is_level(b, box, 0.6)), key=lambda b: b.x_mm)
        before = [label for b in level if b is not box and (label := labelled.get(b)) is not None]
        is_last = level == [box] and box.right_mm > full_mm
        before = before or [p for p in phrases if is_last and on_row(p, box) and leads_to(p, box)]
        if len(before) + 1 < len(level) or not before or level[-1] is not box:
            continue
        begun = [p for p in found.values() if p is not None and on_row(p, box)]
        begun += [p for p in phrases if on_row(p, box) and 0 < level[0].x_mm - p.right_mm < RUN_MM]
        under = [
            p
            for p in phrases
            if is_line_under(p, before[-1], RUN_STEP)
            and p.panel == box.panel
            and _begins_under(p, [*level, *begun])
            and not any(_stands_behind(p, b) for b in boxes)
        ]
        if len(under) == 1 and (under[0].is_written_behind or not under[0].asks):
            found[box] = under[0]
    return found


def leads_to(phrase: Phrase, box: Outline) -> bool:
    """Whether a box follows close behind a phrase of its line."""
    return 0 < box.x_mm - phrase.right_mm < RUN_MM


def _begins_under(phrase: Phrase, level: Sequence[Outline | Phrase]) -> bool:
    """Whether a phrase begins flush with the first of the boxes and words of a line."""
    return abs(phrase.x_mm - min(one.x_mm for one in level)) <= FLUSH_MM


def _stands_behind(phrase: Phrase, box: Outline) -> bool:
    """Whether a phrase follows close behind a box of its own line."""
    is_level_with = abs(phrase.middle_mm - box.middle_mm) < phrase.size_mm / 2
    return is_level_with and 0 < phrase.x_mm - box.right_mm < RUN_MM


def _leads_to_box(phrase: Phrase, boxes: Sequence[Outline]) -> bool:
    """Whether a box of its line follows close behind a phrase."""
    return 0 < min((b.x_mm for b in boxes if on_row(phrase, b)), default=0.0) - phrase.right_mm < RUN_MM


def _fills_line(upper: Phrase, lower: Phrase) -> bool:
    """Whether the first word of a line found no room behind the one over it, in the ruled cell of both."""
    cell, word = upper.cell, lower.first_word
    return (
        cell is not None
        and cell == lower.cell
        and upper.right_mm + word[2] - word[1] > cell.right_mm - INNER_MM
    )


def _found_no_room(label: Phrase, phrase: Phrase, edge_mm: float) -> bool:
    """Whether the first word of a line was too long for what is left of the line over it, up to the text's edge."""
    word = phrase.first_word
    return label.right_mm + word[2] - word[1] > edge_mm


def _ends_text(
    phrase: Phrase, boxes: Sequence[Outline], words: Sequence[Phrase], phrases: Sequence[Phrase]
) -> bool:
    """Whether a phrase is alone on its line, and begins where the line of boxes and words over it began.

    That begins with a box, or with words that lead to one.
    """
    level = [p for p in phrases if abs(p.bottom_mm - phrase.bottom_mm) < phrase.size_mm / 2]
    first_mm = min(box.x_mm for box in boxes)
    before = [p for p in words if p.x_mm < first_mm]
    led = not before or any(leads_to(p, box) for p in before for box in boxes)
    return level == [phrase] and led and _begins_under(phrase, [*boxes, *words])


def _ends_paragraph(
    phrase: Phrase, box: Outline, phrases: Sequence[Phrase], boxes: Sequence[Outline]
) -> bool:
    """Whether a phrase is alone on its line, which begins where the finished text before a box of another began."""
    first = min((p for p in phrases if on_row(p, box)), key=lambda p: p.x_mm)
    is_flush = abs(first.x_mm - phrase.x_mm) <= FLUSH_MM and first.right_mm < box.x_mm and first.is_finished
    others = [
        p for p in phrases if p is not phrase and abs(p.bottom_mm - phrase.bottom_mm) < phrase.size_mm / 2
    ]
    return is_flush and not others and not any(on_row(phrase, b) for b in boxes)


def run_on(
    labelled: dict[Outline, Phrase],
    lines: dict[Phrase, tuple[Phrase, ...]],
    boxes: Sequence[Outline],
    phrases: Sequence[Phrase],
) -> dict[Phrase, tuple[Phrase, ...]]:
    """Find labels in a running text that end in the next line, before its box: a hyphen or a full line says so."""
    full_mm = max((p.right_mm for p in phrases), default=0.0) - FULL_MM
    found: dict[Phrase, tuple[Phrase, ...]] = {}
    for box, label in labelled.items():
        level = [b for b in boxes if b is not box and is_level(b, box, 0.6)]
        line = [p for p in phrases if p.cell is not None and p.cell == label.cell and on_row(p, box)]
        runs = any(b in labelled for b in level) or any(p.right_mm < box.x_mm for p in line)
        words = [p for p in phrases if on_row(p, box)]
        led = any(leads_to(p, box) for p in words)  # by a sentence, and by no other box
        if lines[label] != (label,) or not (runs or led) or any(b.x_mm > box.x_mm for b in level):
            continue
        under = [
            p
            for p in phrases
            if is_line_under(p, label, RUN_STEP)
            and p.right_mm < box.x_mm
            and p.panel == label.panel
            and (
                p.text[0].islower()
                or SPAN.search(label.text)
                or ((p.text[0] == "(" or p.text.isdecimal()) and _fills_line(label, p))
            )
            and (
                (_leads_to_box(p, boxes) and (runs or _begins_under(p, words)))
                or (label.text.endswith(",") and _begins_under(p, level))
                or (_fills_line(label, p) and _begins_under(p, [*level, *line]))
                or (p.cell == label.cell and _ends_paragraph(p, box, phrases, boxes))
                or (
                    _found_no_room(label, p, full_mm + FULL_MM)
                    and _ends_text(p, [box, *level], words, phrases)
                )
            )
        ]
        begun = min(under, key=lambda p: p.x_mm, default=None)
        if begun is None:
            continue
        is_full = label.right_mm > full_mm or _fills_line(label, begun)
        if label.text.endswith(("-", "–", ",")) or is_full:
            found[label] = (label, begun)
    return found
