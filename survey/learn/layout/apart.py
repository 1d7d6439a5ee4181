"""Rows that name their own ends, and columns set apart -> tables as they are meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, groupby, pairwise

from survey.learn.layout.neighbours import on_line
from survey.learn.printed.near import alike, gap_mm, is_code, is_level, stands_in
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import NO_ANSWER, NUMBERED, Phrase

Row = tuple[Outline, ...]

END_REACH_MM = 12.0  # from the ends of a scale to their labels
LEAST_SCALE = 3  # boxes
HEADER_REACH_MM = 12.0  # from a column set apart up to what it is called
CENTRED = 0.6  # of a box's width: headers are off its middle by less
UNDER_MM, ON_LINE = 4.5, 0.5  # from a box to its label under it; of its height: how far off the scale's line
SAME_LINE = 0.35  # of a box's height


def scales_apart(table: Sequence[Row], phrases: Sequence[Phrase]) -> list[list[Row]]:
    """Part a table where rows with a wording of their own name other ends than the row above, or have a number, too."""
    ends = [_own_ends(row, phrases) or _ends_before_wording(row, phrases) for row in table]
    asked = any(_ends_before_wording(row, phrases) is not None for row in table)
    if len(table[0]) < LEAST_SCALE or (2 * ends.count(None) > len(ends) and not asked):
        return [[*table]]
    rows = zip(ends, table, strict=True)
    return [[row for _, row in group] for _, group in groupby(rows, key=lambda pair: pair[0])]


def _own_ends(row: Row, phrases: Sequence[Phrase]) -> tuple[str, ...] | None:
    """Return what stands at both ends of a row whose wording stands further left, and the number of that, if any.

    None where it is not so.
    """
    level = on_line(row[0], phrases)
    left = sorted((p for p in level if p.right_mm < row[0].x_mm), key=lambda p: p.right_mm)
    end = right_end(row, level) or (number_end(row, left[-1], level) if left else None)
    if len(left) < 2 or end is None or row[0].x_mm - left[-1].right_mm > END_REACH_MM or is_code(left[-2]):
        return None
    number = NUMBERED.match(left[-2].text)
    return left[-1].text, end.text, *([number[1]] if number is not None else [])


def _ends_before_wording(row: Row, phrases: Sequence[Phrase]) -> tuple[str, ...] | None:
    """Return what stands at both ends of a row with a wording further right that asks; None where it is not so."""
    level = on_line(row[-1], phrases)
    left = [p for p in level if 0 < row[0].x_mm - p.right_mm < END_REACH_MM]
    right = sorted((p for p in level if p.x_mm > row[-1].right_mm), key=lambda p: p.x_mm)
    if len(left) != 1 or len(right) != 2 or right[0].asks or not right[1].asks:
        return None
    return left[0].text, right[0].text


def codes_apart(table: Sequence[Row], phrases: Sequence[Phrase]) -> list[list[Row]]:
    """Part a table where rows with one code in all their boxes, as in a grid of digits, end and others begin."""
    kinds = [_code_kind(row, phrases) for row in table]
    if not {"same", "own"} <= {*kinds}:
        return [[*table]]
    rows = zip(kinds, table, strict=True)
    return [[row for _, row in group] for _, group in groupby(rows, key=lambda pair: pair[0])]


def _code_kind(row: Row, phrases: Sequence[Phrase]) -> str:
    """Whether the boxes of a row hold the "same" letter or digit, or each its "own"; empty where some hold none."""
    inside = [next((p.text for p in phrases if stands_in(p, box)), "") for box in row]
    if len(row) < 2 or not all(inside):
        return ""
    return "same" if len({*inside}) == 1 else "own"


def headed_apart(table: Sequence[Row], phrases: Sequence[Phrase]) -> list[list[Row]]:
    """Part a table where headers stand over some of its rows, but not over each: there another one begins."""
    headed = [False, *(_is_headed(upper, row, phrases) for upper, row in pairwise(table))]
    if sum(headed) in {0, len(table) - 1}:
        return [[*table]]
    numbers = [*accumulate(headed, initial=0)][1:]
    rows = zip(numbers, table, strict=True)
    return [[row for _, row in group] for _, group in groupby(rows, key=lambda pair: pair[0])]


def _is_headed(upper: Row, row: Row, phrases: Sequence[Phrase]) -> bool:
    """Whether between a row and the one over it a text stands over each box, in the middle of it."""
    between = [p for p in phrases if upper[0].bottom_mm < p.middle_mm < row[0].y_mm]
    own = [any(abs(p.centre_mm - box.centre_mm) < CENTRED * box.w_mm for p in between) for box in row]
    return len(row) >= LEAST_SCALE and all(own)


def right_end(row: Row, phrases: Sequence[Phrase], reach_mm: float = END_REACH_MM) -> Phrase | None:
    """Return the phrase right behind the last box of a row, or in the next cell, that is more than a code."""
    half_mm = (row[-1].x_mm - row[-2].x_mm) / 2 if len(row) > 1 else 0.0
    near = [
        p
        for p in on_line(row[-1], phrases)
        if 0 < p.x_mm - row[-1].right_mm < reach_mm
        or (p.cell is not None and 0 < p.cell.x_mm - row[-1].right_mm <= half_mm)
    ]
    return min((p for p in near if not is_code(p)), key=lambda p: p.x_mm, default=None)


def number_end(row: Row, first: Phrase, phrases: Sequence[Phrase]) -> Phrase | None:
    """Return the number right behind a scale's boxes where another, `first`, stands before them: "1 [] [] 5"."""
    behind = [p for p in on_line(row[-1], phrases) if 0 < p.x_mm - row[-1].right_mm < END_REACH_MM]
    last = min(behind, key=lambda p: p.x_mm, default=None)
    return last if last is not None and is_code(first) and is_code(last) else None


def with_no_answer(
    tables: Sequence[Sequence[Row]], lists: Sequence[Sequence[Outline]], phrases: Sequence[Phrase]
) -> tuple[list[list[Row]], list[list[Outline]]]:
    """Give each table the column for those who do not answer that stands apart on its right, headed as such.

    Not a table of scales with ends of their own: there the column stays a list (see `named_no_answers`).
    """
    found, left = [[*table] for table in tables], []
    for boxes in lists:
        place = next((n for n, table in enumerate(found) if _is_column_of(boxes, table)), None)
        if (
            place is None
            or not _heads_no_answer(boxes, phrases)
            or len(scales_apart(found[place], phrases)) > 1
        ):
            left.append([*boxes])
        else:
            pairs = zip(found[place], sorted(boxes, key=lambda box: box.y_mm), strict=True)
            found[place] = [(*row, box) for row, box in pairs]
    return found, left


def no_answers_beside(phrases: Sequence[Phrase], boxes: Sequence[Outline]) -> list[Phrase]:
    """Set "don't know" and the like that stand right under a box behind a scale on its line, right beside that box."""
    moved: dict[Phrase, Phrase] = {}
    for p in (p for p in phrases if NO_ANSWER.fullmatch(p.text)):
        for box in boxes:
            is_under = 0 < p.middle_mm - box.bottom_mm < UNDER_MM
            if not is_under or abs(p.centre_mm - box.centre_mm) > box.w_mm / 2:
                continue
            level = [b for b in boxes if b.right_mm < box.x_mm and is_level(b, box, ON_LINE)]
            named = any(box.right_mm < q.x_mm < box.right_mm + END_REACH_MM for q in on_line(box, phrases))
            if len(level) >= LEAST_SCALE and not named:
                up, aside = p.middle_mm - box.middle_mm, box.right_mm + 1 - p.x_mm
                moved[p] = replace(
                    p,
                    x_mm=p.x_mm + aside,
                    right_mm=p.right_mm + aside,
                    y_mm=p.y_mm - up,
                    bottom_mm=p.bottom_mm - up,
                )
    return [moved.get(p, p) for p in phrases]


def named_no_answers(
    tables: Sequence[Sequence[Row]], lists: Sequence[Sequence[Outline]], phrases: Sequence[Phrase]
) -> dict[Outline, tuple[Phrase, ...]]:
    """Return what heads each box of a column for those who do not answer that stays a list beside scales."""
    heads: dict[Outline, tuple[Phrase, ...]] = {}
    for boxes in lists:
        if any(_is_column_of(boxes, table) for table in tables):
            heads.update(dict.fromkeys(boxes, _heads_no_answer(boxes, phrases)))
    return {box: lines for box, lines in heads.items() if lines}


def _is_column_of(boxes: Sequence[Outline], table: Sequence[Row]) -> bool:
    """Whether boxes stand one on each line of a table, right of it."""
    down = sorted(boxes, key=lambda box: box.y_mm)
    return len(down) == len(table) and all(
        alike(box, row[-1])
        and box.panel == row[-1].panel
        and box.x_mm > row[-1].right_mm
        and abs(box.middle_mm - row[-1].middle_mm) <= SAME_LINE * box.h_mm
        for box, row in zip(down, table, strict=True)
    )


def _heads_no_answer(boxes: Sequence[Outline], phrases: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """Return "don't know" or the like where it stands right over a column, else nothing."""
    first = min(boxes, key=lambda box: box.y_mm)
    over = [
        p for p in phrases if 0 <= first.y_mm - p.bottom_mm + 0.5 < HEADER_REACH_MM and gap_mm(p, first) < 0
    ]
    lines = sorted(over, key=lambda p: p.y_mm)
    return tuple(lines) if NO_ANSWER.fullmatch(" ".join(p.text for p in lines)) else ()
