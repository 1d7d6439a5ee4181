"""Numbers of items that stand apart, hanging or in filled shapes -> the text on their right begins with them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import numpy as np

from survey.learn.printed.near import count_on, differ, gap_mm, is_code, is_level, on_row, stands_in, to_rows
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import LETTERED_ALONE, NUMBERED_ALONE, Phrase, follows

CODE_MM = 6.0  # from a code printed for whoever types answers in to its box, or its label
NUMBER_HANGS_MM = 16.0  # how far left of its wording an item's number may end …
SAME_LINE_MM = 0.5  # … on one line with it, …
TAG_LINE_MM = 2.6  # … or about so, in a filled shape
FLUSH_MM, FEWEST_COUNTING, LONGEST_NUMBER = 1.5, 3, 3  # of numbers that count down the page, and their digits
COUNTED = re.compile(r"([A-Za-z]{0,2}(?:\d{1,2}[.])?)(\d{1,3})(?:[.):]\s*|\s+)(?=\S)")  # "3.", "S3", "D1.3"
VARIABLE = re.compile(r"[(\[]?[A-Za-z]{0,4}_?\d{1,4}(\s?[-–/]\s?[A-Za-z]{0,4}_?\d{1,4})?[)\]]?")
MARGIN_CODE = 0.85  # of the page's usual type size
ROW_REACH = (
    5.0  # of its width: boxes of its size that stand so near in its row make a filled shape an example
)
FEWEST_CODED, CODE_BEHIND_MM, HEADER_MM = (
    3,
    3.0,
    14.0,
)  # boxes of a row; from box to code; from headers to boxes
SMALL_CODE = 0.8  # of its label's type size: a code set so small is no word of it

Manner = Literal["small", "led", "apart"]


def find_tags(outlines: Sequence[Outline], phrases: Sequence[Phrase]) -> dict[Outline, Phrase]:
    """Return the filled shapes in which the number of an item is printed, each with that number."""
    tags: dict[Outline, Phrase] = {}
    for one in (one for one in outlines if one.printed and not _is_in_row(one, outlines)):
        text = [p for p in phrases if stands_in(p, one)]
        if len(text) == 1 and NUMBERED_ALONE.match(text[0].text):
            tags[one] = text[0]
    return tags


def codes_in_margins(phrases: Sequence[Phrase], boxes: Sequence[Outline]) -> set[Phrase]:
    """Return the names of variables and columns of data at the beginning or end of lines: "V01", "(12-15)".

    They are small, stand flush under each other, and near no box; numbers of items are set like their wordings.
    """
    usual = float(np.median([p.size_mm for p in phrases])) if phrases else 0.0
    small = [p for p in phrases if VARIABLE.fullmatch(p.text) and p.size_mm < MARGIN_CODE * usual]
    small = [p for p in small if not any(on_row(p, b) and gap_mm(p, b) < CODE_MM for b in boxes)]
    lines = {
        p: [q for q in phrases if abs(q.middle_mm - p.middle_mm) < q.size_mm / 2 and q is not p]
        for p in small
    }
    before = [p for p in small if lines[p] and all(p.right_mm < q.x_mm for q in lines[p])]
    behind = [p for p in small if lines[p] and all(p.x_mm > q.right_mm for q in lines[p])]
    columns = [[q for q in side if _are_flush(p, q)] for side in (before, behind) for p in side]
    return {p for column in columns if len(column) >= FEWEST_COUNTING for p in column}


def _are_flush(one: Phrase, other: Phrase) -> bool:
    return min(abs(one.x_mm - other.x_mm), abs(one.right_mm - other.right_mm)) < FLUSH_MM


def begun_by_shapes(
    phrases: Sequence[Phrase], tags: dict[Outline, Phrase]
) -> tuple[list[Phrase], list[Phrase]]:
    """Let numbers in filled shapes begin where the shapes do: further lines are flush with that. Returns them, too."""
    wider = {p: replace(p, x_mm=min(p.x_mm, shape.x_mm)) for shape, p in tags.items()}
    return [wider.get(p, p) for p in phrases], [*wider.values()]


def find_counting(phrases: Sequence[Phrase], boxes: Sequence[Outline]) -> list[Phrase]:
    """Return the plain numbers that count down the page in a column of their own, left of wordings, on no box's line.

    They may stand in coloured shapes, a little off the line of their wording.
    """
    wordings = {p: text for p in phrases if (text := _wording_behind(p, phrases, boxes)) is not None}
    found: list[Phrase] = []
    for first in wordings:
        column = sorted(
            (p for p in wordings if abs(p.centre_mm - first.centre_mm) < FLUSH_MM), key=lambda p: p.y_mm
        )
        numbers = [int(p.text) for p in column]
        counts = numbers == [*range(numbers[0], numbers[0] + len(numbers))]
        asked = sum(wordings[p].asks or wordings[p].bold for p in column)
        if len(column) >= FEWEST_COUNTING and counts and 2 * asked >= len(column) and first not in found:
            found += column
    return found


def _wording_behind(number: Phrase, phrases: Sequence[Phrase], boxes: Sequence[Outline]) -> Phrase | None:
    """Return the text right of a plain number, about on its line, where no box stands on that line."""
    if not (number.text.isdecimal() and len(number.text) <= LONGEST_NUMBER):
        return None
    if any(on_row(number, box) for box in boxes if box.x_mm > number.x_mm - NUMBER_HANGS_MM):
        return None
    level = [
        p
        for p in phrases
        if 0 < p.x_mm - number.right_mm <= NUMBER_HANGS_MM
        and abs(p.bottom_mm - number.bottom_mm) < TAG_LINE_MM
    ]
    return min(level, key=lambda p: p.y_mm, default=None)


def _is_in_row(filled: Outline, outlines: Sequence[Outline]) -> bool:
    """Whether empty boxes of a filled shape's size stand near it in its row: it is an example."""
    return any(
        not other.printed
        and not differ(other, filled)
        and is_level(other, filled, 0.5)
        and gap_mm(other, filled) < ROW_REACH * filled.w_mm
        for other in outlines
    )


def with_numbers(
    phrases: list[Phrase], boxes: Sequence[Outline], tagged: Sequence[Phrase] = ()
) -> list[Phrase]:
    """Join each number as "B3" or "2.1", and each that is `tagged`, with the text it hangs left of."""
    joined = {p: after for p in phrases if (after := _numbered_text(p, phrases, boxes, tagged)) is not None}
    numbered = {after: p for p, after in joined.items()}
    return [
        replace(
            p,
            text=f"{numbered[p].text} {p.text}",
            x_mm=numbered[p].x_mm,
            words=(*numbered[p].words, *p.words),
        )
        if p in numbered
        else p
        for p in phrases
        if p not in joined
    ]


def _numbered_text(
    number: Phrase, phrases: list[Phrase], boxes: Sequence[Outline], tagged: Sequence[Phrase]
) -> Phrase | None:
    """Return what stands right of a number on its line, with no box between; none where it is plain or framed."""
    is_tag = number in tagged
    is_letter = bool(LETTERED_ALONE.match(number.text))
    if (number.text.isdigit() and not is_tag) or not (is_letter or NUMBERED_ALONE.match(number.text)):
        return None
    if any(stands_in(number, box) for box in boxes):
        return None
    right = [p for p in phrases if 0 < p.x_mm - number.right_mm <= NUMBER_HANGS_MM]
    level = [
        p for p in right if abs(p.bottom_mm - number.bottom_mm) < (TAG_LINE_MM if is_tag else SAME_LINE_MM)
    ]
    over = [p for p in right if p.middle_mm < number.middle_mm and _goes_on_under(p, number, right)]
    first = min(level, key=lambda p: p.y_mm if is_tag else p.x_mm, default=None)
    after = first or max(over, key=lambda p: p.y_mm, default=None)
    if after is None:
        return None
    between = (b for b in boxes if number.right_mm < b.centre_mm < after.x_mm and on_row(number, b))
    is_code_inside = any(stands_in(after, box) for box in boxes)
    return None if any(between) or is_code_inside or NUMBERED_ALONE.match(after.text) else after


def _goes_on_under(upper: Phrase, number: Phrase, phrases: list[Phrase]) -> bool:
    """Whether a number stands between the two lines of a text, of which one is given."""
    return any(p.middle_mm > number.middle_mm and follows(p, upper) for p in phrases)


def codes_before_boxes(phrases: Sequence[Phrase], boxes: Sequence[Outline]) -> set[Phrase]:
    """Return the numbers right before boxes that are led to by labels: codes for whoever types answers in.

    Nothing stands behind the last box of the line. All boxes of it have codes, and are several or have others with
    codes over or under them; where the codes stand off their labels, these all differ. Codes in smaller type than
    their labels are such wherever they stand.
    """
    codes: dict[Outline, tuple[Phrase, Manner]] = {}
    panels = {box.panel for box in boxes}
    for row in [row for panel in panels for row in to_rows([box for box in boxes if box.panel == panel])]:
        found = {box: code for box in row if (code := _code_before(box, boxes, phrases)) is not None}
        codes |= found if len(found) == len(row) and not _stands_behind(row[-1], phrases) else {}
    return {
        code
        for box, (code, manner) in codes.items()
        if _is_one_of_codes(
            {other: codes[other][0] for other in codes if manner == "small" or _beside(box, other)}, manner
        )
    }


def _beside(box: Outline, other: Outline) -> bool:
    """Whether two boxes stand on one line or in one column; also of a box and itself."""
    return is_level(other, box, 0.5) or abs(other.x_mm - box.x_mm) < 0.3 * box.w_mm


def _is_one_of_codes(codes: dict[Outline, Phrase], manner: Manner) -> bool:
    differ_all = len({p.text for p in codes.values()}) == len(codes)
    return len(codes) > 1 and (manner != "apart" or differ_all)


def _stands_behind(box: Outline, phrases: Sequence[Phrase]) -> bool:
    return any(p.right_mm > box.x_mm for p in phrases if on_row(p, box) and p.panel == box.panel)


def _code_before(
    box: Outline, boxes: Sequence[Outline], phrases: Sequence[Phrase]
) -> tuple[Phrase, Manner] | None:
    """Return the number right before a box behind its label, and whether it is small, or the label leads to it."""
    wall = max((b.right_mm for b in boxes if b.right_mm < box.x_mm and is_level(b, box, 0.5)), default=-1.0)
    left = sorted(
        (p for p in phrases if on_row(p, box) and p.panel == box.panel and wall < p.x_mm < box.x_mm),
        key=lambda p: p.x_mm,
    )
    if len(left) < 2 or not is_code(left[-1]) or is_code(left[-2]) or left[-2].asks:
        return None
    label, code = left[-2:]
    if not 0 <= box.x_mm - code.right_mm < CODE_MM:
        return None
    is_led = code.x_mm - label.right_mm < CODE_MM
    return code, "small" if code.size_mm < SMALL_CODE * label.size_mm else "led" if is_led else "apart"


def codes_behind_boxes(phrases: Sequence[Phrase], boxes: Sequence[Outline]) -> set[Phrase]:
    """Return the numbers right behind the boxes of a table's rows, the same in each column, under headers of words.

    They are what answers count, as on clinical forms, and no labels.
    """
    rows: dict[tuple[tuple[str, int], ...], list[dict[Outline, Phrase]]] = {}
    for row in to_rows([*boxes]):
        codes = {box: code for box in row if (code := _code_behind(box, phrases)) is not None}
        if len(codes) == len(row) >= FEWEST_CODED and count_on([int(p.text) for p in codes.values()]):
            columns = tuple((p.text, round(box.centre_mm)) for box, p in codes.items())
            rows.setdefault(columns, []).append(codes)
    tables = [own for own in rows.values() if len(own) > 1 and _are_headed([*own[0]], phrases)]
    return {code for own in tables for codes in own for code in codes.values()}


def _code_behind(box: Outline, phrases: Sequence[Phrase]) -> Phrase | None:
    near = [p for p in phrases if -0.5 < p.x_mm - box.right_mm < CODE_BEHIND_MM and on_row(p, box)]
    return near[0] if len(near) == 1 and near[0].text.isdecimal() and is_code(near[0]) else None


def _are_headed(row: Sequence[Outline], phrases: Sequence[Phrase]) -> bool:
    """Whether words stand over each box of a table's first row, and others left of it."""
    half_mm = min(b.centre_mm - a.centre_mm for a, b in pairwise(row)) / 2
    over = [p for p in phrases if 0 < row[0].y_mm - p.bottom_mm < HEADER_MM and not is_code(p)]
    named = all(any(abs(p.centre_mm - box.centre_mm) < half_mm for p in over) for box in row)
    return named and any(p.right_mm < row[0].x_mm and on_row(p, row[0]) and not is_code(p) for p in phrases)


def without_counting(rows: dict[int, str]) -> dict[int, str]:
    """Return the labels of a table's rows without the numbers that count them, where all begin with the next one."""
    begun = {place: COUNTED.match(label) for place, label in rows.items()}
    numbers = [int(match[2]) for match in begun.values() if match is not None]
    kinds = {match[1] for match in begun.values() if match is not None}
    is_run = len(numbers) == len(rows) >= FEWEST_COUNTING and all(b - a == 1 for a, b in pairwise(numbers))
    counted = is_run and len(kinds) == 1
    return {
        n: label[len(found[0]) :] if counted and (found := begun[n]) else label for n, label in rows.items()
    }
