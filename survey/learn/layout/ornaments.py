"""Squares that nobody is to mark -> left out, with a note: printed examples, bullets, icons before a wording."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from survey.learn.printed.near import differ, gap_mm, is_code, is_level, on_row, stands_in, to_rows
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import EXAMPLE, FLUSH_MM, LETTERED_ALONE, Phrase, join, lines_down

BULLET = 0.75  # a bullet is smaller than most boxes of its page by this share of their width, …
BULLET_MM = 2.8  # … and than any box to mark: beside cells for digits these are small, too
FILLS_GAP = 0.5  # of the gap between two boxes: a dash that leads from one to the other is longer
NEXT_TO_MM = 12.0  # from a bullet or an icon to its text
NOTE, NOTE_GAP, RAISED = (
    0.8,
    0.25,
    0.2,
)  # of a word's type size: a note's mark, its gap, and how far it stands up
FEWEST_PICTURED, HEADED_MM = (
    3,
    25.0,
)  # rows of pictures that are marked themselves; from one that heads a column to boxes
FEWEST_TIMING, TIMING_GAP = (
    10,
    0.3,
)  # marks in a column, and the least gap between them as a share of their height
DASH, DASH_MM = re.compile(r"[-–•·*]"), 6.0  # what the points of a list begin with; from there to a box
HINT = re.compile(r"(bitte|please)\b|(?!(ich|wir|hiermit|i|we|ja|yes|nein|no)\b).*[.!]$", re.IGNORECASE)
INSTRUCTS = "their line reads like an instruction"
FLUSH_SIDES_MM = 0.1
FEWEST_SHOWN = 2  # boxes filled or crossed in print that make their line a legend
LEGEND = "boxes on their line show how to mark"
BULLETS = "smaller than the others, and hints behind them"
ICONS = "of another size than the others, and wordings behind them"


def without_ornaments(boxes: Sequence[Outline], phrases: Sequence[Phrase]) -> tuple[list[Outline], list[str]]:
    """Drop what is no box to mark; with a note on each kind."""
    left, notes = [*boxes], []
    for kind, find in (
        (INSTRUCTS, _instructions),
        (LEGEND, _in_legends),
        (BULLETS, _bullets),
        (ICONS, _icons),
    ):
        dropped = find(left, phrases)
        left = [box for box in left if box not in dropped]
        if dropped:
            place = f"{dropped[0].y_mm:.0f} mm from the top"
            notes.append(f"{len(dropped)} boxes left out, {kind}, {place}")
    return left, notes


def without_timing_marks(outlines: Sequence[Outline]) -> list[Outline]:
    """Drop the filled shapes that stand in a long column by which a scanner finds its way, with no box among them."""
    columns: dict[int, list[Outline]] = {}
    filled = [one for one in outlines if one.printed]
    for one in filled:
        column = [other for other in outlines if abs(other.centre_mm - one.centre_mm) < one.w_mm / 2]
        columns[id(one)] = sorted(column, key=lambda other: other.y_mm)
    marks = [one for one in filled if _is_timing(columns[id(one)])]
    return [one for one in outlines if one not in marks]


def _is_timing(column: Sequence[Outline]) -> bool:
    """Whether the shapes of a column are many, filled, of one size, and do not touch each other."""
    first = column[0]
    alike = all(other.printed and not differ(first, other) for other in column)
    apart = all(b.y_mm - a.bottom_mm > TIMING_GAP * a.h_mm for a, b in pairwise(column))
    return len(column) >= FEWEST_TIMING and alike and apart


def without_joins(phrases: Sequence[Phrase], boxes: Sequence[Outline]) -> list[Phrase]:
    """Drop the dashes that lead from a box to the next one, as on a scale: they are no words."""
    return [p for p in phrases if any(letter.isalnum() for letter in p.text) or not _joins(p, boxes)]


def without_dashes(phrases: Sequence[Phrase], boxes: Sequence[Outline]) -> list[Phrase]:
    """Drop the dashes and dots of a list that stand under each other right before its boxes: they are no words."""
    found = [p for p in phrases if DASH.fullmatch(p.text) and _begins_option(p, boxes, phrases)]
    return [p for p in phrases if p not in found or sum(abs(p.x_mm - q.x_mm) < FLUSH_MM for q in found) < 2]


def without_enumeration(phrases: Sequence[Phrase], boxes: Sequence[Outline]) -> list[Phrase]:
    """Drop the letters a), b), c) that count options down right before their boxes: they are no words."""
    found = [p for p in phrases if LETTERED_ALONE.match(p.text) and _begins_option(p, boxes, phrases)]
    columns = [[q for q in found if _are_flush(p, q)] for p in found]
    dropped = [
        p for p, own in zip(found, columns, strict=True) if {*"ab"} <= {q.text.strip("().") for q in own}
    ]
    return [p for p in phrases if p not in dropped]


def _are_flush(one: Phrase, other: Phrase) -> bool:
    return min(abs(one.x_mm - other.x_mm), abs(one.right_mm - other.right_mm)) < FLUSH_MM


def _begins_option(dash: Phrase, boxes: Sequence[Outline], phrases: Sequence[Phrase]) -> bool:
    """Whether a box follows right behind a dash, and a text, and no other box, right behind that."""
    level = sorted((b for b in boxes if on_row(dash, b) and b.x_mm > dash.x_mm), key=lambda b: b.x_mm)
    if not level or level[0].x_mm - dash.right_mm > DASH_MM:
        return False
    end = level[1].x_mm if len(level) > 1 else np.inf
    return any(
        on_row(p, level[0]) and level[0].right_mm - DASH_MM < p.x_mm < end for p in phrases if p is not dash
    )


def without_note_marks(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Drop the small raised numbers right behind words that lead to a note at the foot of the page."""
    return [p for p in phrases if not (is_code(p) and any(_is_note_of(p, word) for word in phrases))]


def _is_note_of(mark: Phrase, word: Phrase) -> bool:
    raised_mm = word.bottom_mm - mark.bottom_mm
    return (
        mark.size_mm < NOTE * word.size_mm
        and abs(mark.x_mm - word.right_mm) < NOTE_GAP * word.size_mm
        and RAISED * word.size_mm < raised_mm < word.size_mm
        and word.text[-1:].isalpha()
    )


def _joins(phrase: Phrase, boxes: Sequence[Outline]) -> bool:
    """Whether a phrase fills most of the gap between two boxes of its line."""
    level = [box for box in boxes if on_row(phrase, box)]
    left = max((box.right_mm for box in level if box.right_mm < phrase.centre_mm), default=-1000.0)
    right = min((box.x_mm for box in level if box.x_mm > phrase.centre_mm), default=1000.0)
    return phrase.right_mm - phrase.x_mm > FILLS_GAP * (right - left)


def crossed_in_print(boxes: Sequence[Outline], phrases: Sequence[Phrase]) -> list[Outline]:
    """Take boxes in which a lone X is typed for examples, where few boxes hold letters."""
    typed = {box: [p.text for p in phrases if stands_in(p, box)] for box in boxes}
    if 2 * sum(bool(text) for text in typed.values()) > len(boxes):
        return [*boxes]
    return [replace(box, printed=True) if typed[box] in (["X"], ["x"]) else box for box in boxes]


def pictures_to_mark(boxes: Sequence[Outline], phrases: Sequence[Phrase]) -> list[Outline]:
    """Take rings with pictures in them, as faces, for boxes where they stand in the same columns of several rows.

    Each row has text on its left, and no empty box stands under them: there they only head its column.
    """
    pictures = [box for box in boxes if box.printed and box.kind == "round"]
    rows = [
        row for row in to_rows(pictures) if len(row) > 1 and any(_stands_left(p, row[0]) for p in phrases)
    ]
    columns = [[round(box.centre_mm) for box in row] for row in rows]
    in_rows = {box for row in rows for box in row}
    alone = not any(_is_headed(box, one) for box in boxes if not box.printed for one in in_rows)
    is_table = len(rows) >= FEWEST_PICTURED and all(column == columns[0] for column in columns)
    return [replace(box, printed=False) if is_table and alone and box in in_rows else box for box in boxes]


def _is_headed(box: Outline, picture: Outline) -> bool:
    """Whether a box stands under a picture, not far away."""
    is_under = 0 < box.y_mm - picture.bottom_mm < HEADED_MM
    return is_under and abs(box.centre_mm - picture.centre_mm) < picture.w_mm / 2


def _stands_left(phrase: Phrase, box: Outline) -> bool:
    return on_row(phrase, box) and phrase.right_mm < box.x_mm


def _instructions(boxes: Sequence[Outline], phrases: Sequence[Phrase]) -> list[Outline]:
    """Return the boxes that stand inside a line of instructions: "a right mark: x"."""
    dropped: list[Outline] = []
    for row in to_rows([*boxes]):
        beside = [p for p in phrases if on_row(p, row[0])]
        near = [p for p in beside if any(gap_mm(p, b) < 3.0 for b in row)]
        short = len(row) <= 6 and any(EXAMPLE.search(p.text) for p in near)
        if short and len({p.text for p in near}) <= len(row) + 1:
            dropped += row
    more = [
        box for box in boxes if box not in dropped and any(_right_beside(box, other) for other in dropped)
    ]
    return dropped + more


def _in_legends(boxes: Sequence[Outline], phrases: Sequence[Phrase]) -> list[Outline]:
    """Return the empty boxes on a line with several that are filled or crossed in print and have words behind them.

    In a picture one is enough: no word tells there that the line is a list of its own.
    """
    shown = [box for box in boxes if box.printed and _behind(box, phrases) is not None]
    return [
        box
        for box in boxes
        if not box.printed
        and sum(is_level(one, box, 0.5) for one in shown) >= (FEWEST_SHOWN if box.sure else 1)
    ]


def _right_beside(box: Outline, other: Outline) -> bool:
    return gap_mm(box, other) < 3.0 and abs(box.middle_mm - other.middle_mm) < 0.5 * max(box.h_mm, other.h_mm)


def _bullets(boxes: Sequence[Outline], phrases: Sequence[Phrase]) -> list[Outline]:
    """Return the boxes that are smaller than most, where behind all of this size stands a hint and no answer."""
    usual = _usual(boxes)
    small = [box for box in boxes if usual is not None and box.w_mm < min(BULLET * usual.w_mm, BULLET_MM)]
    texts = [_behind(box, phrases) for box in small]
    said = [join(lines_down(p, phrases)) if p is not None else "" for p in texts]
    return small if all(HINT.match(text) for text in said) else []


def _icons(boxes: Sequence[Outline], phrases: Sequence[Phrase]) -> list[Outline]:
    """Return the boxes of another size than most, where behind all of them stands a wording that asks."""
    usual = _usual(boxes)
    odd = [box for box in boxes if usual is not None and differ(box, usual)]
    odd = [box for box in odd if not any(_is_below(box, other) for other in boxes if other not in odd)]
    texts = [_behind(box, phrases) for box in odd]
    return odd if all(p is not None and p.asks for p in texts) else []


def _is_below(box: Outline, other: Outline) -> bool:
    """Whether both sides of two boxes are flush: a browser only rounded the height of one to whole pixels."""
    return abs(box.x_mm - other.x_mm) < FLUSH_SIDES_MM and abs(box.right_mm - other.right_mm) < FLUSH_SIDES_MM


def _usual(boxes: Sequence[Outline]) -> Outline | None:
    """Return one of the boxes whose size most others share."""
    return max(boxes, key=lambda box: sum(not differ(box, other) for other in boxes), default=None)


def _behind(box: Outline, phrases: Sequence[Phrase]) -> Phrase | None:
    """Return the text right of a box on its line."""
    right = [p for p in phrases if on_row(p, box) and -1 < p.x_mm - box.right_mm < NEXT_TO_MM]
    return min(right, key=lambda p: p.x_mm, default=None)
