"""Words beside, over or right of a scale -> what its ends are called."""

from __future__ import annotations

import re
from collections.abc import Sequence

from survey.learn.labels.page_text import PageText
from survey.learn.layout.apart import END_REACH_MM, LEAST_SCALE, number_end, right_end
from survey.learn.layout.blocks import Block, columns_mm
from survey.learn.layout.neighbours import neighbours, on_line
from survey.learn.printed.near import count_on, is_code, is_level, on_row
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import NUMBERED, Phrase, is_line_under, join

SMALL_END = 0.9  # of the type size of a wording: what stands behind it in smaller type names an end
COUNTED_END = re.compile(r"[\[(]?(\d{1,2})\s*[-=–—:.)]")
LEAST_RATING = 4  # numbers in a row that make a scale; three may be three answers
OVER_ENDS_MM, FLUSH_MM = 7.0, 3.0  # how far over its numbers a scale's ends are named, and how flush with it


def ends_of_numbers(
    block: Block, rows: dict[int, str], headers: dict[int, list[Phrase]], text: PageText
) -> tuple[tuple[str, ...], list[Phrase]]:
    """Return what the ends of columns of numbers are called, over them or right beside a single row, else nothing.

    With it go the phrases over them.
    """
    numbered = len(headers) >= LEAST_RATING and all(
        lines and join(lines).strip("+-− ").isdigit() for lines in headers.values()
    )
    if not numbered:
        return (), []
    named = ends_beside(block, rows, text)
    heads = [line for lines in headers.values() for line in lines]
    under = [] if named else _under_ends(block, heads, text)
    text.used.update(under)
    named = named or tuple(p.text for p in under)
    over = [] if named else _over_ends(block, heads, text)
    text.used.update(over)
    lines = [[p, *_lines_over(p, text)] for p in over]
    text.used.update(p for own in lines for p in own)
    return named or tuple(join(own) for own in lines), [p for own in lines for p in own]


def _lines_over(last: Phrase, text: PageText) -> list[Phrase]:
    """Return the lines that go on in a text, flush with it on either side and in its type."""
    found: list[Phrase] = []
    free = [p for p in text.free() if not p.asks]
    while over := [
        p for p in free if p not in found and is_line_under((found or [last])[-1], p) and _flush(p, last)
    ]:
        found.append(over[0])
    return found


def _flush(upper: Phrase, lower: Phrase) -> bool:
    sides = abs(upper.x_mm - lower.x_mm), abs(upper.right_mm - lower.right_mm)
    return min(sides) < FLUSH_MM / 2 and upper.bold == lower.bold and upper.panel == lower.panel


def ends_beside(block: Block, rows: dict[int, str], text: PageText) -> tuple[str, ...]:
    """Return what stands right beside both ends of a single row, else nothing; `rows` is what stands left of it."""
    row = block.rows[0]
    step = (row[-1].x_mm - row[0].x_mm) / max(
        1, len(row) - 1
    )  # ends may stand as far off as the next box would
    right = right_end(row, text.free(), max(END_REACH_MM, step))
    before = [
        p for p in text.used if on_row(p, row[0]) and 0 < row[0].x_mm - p.right_mm < max(END_REACH_MM, step)
    ]
    if len(rows) > 1 or right is None or not before or rows[0].endswith(("?", ":")):
        return ()
    lines = text.with_more_lines(right)
    text.used.update(lines)
    return rows[0], join(lines)


def ends_of_counted(block: Block, lines: Sequence[Sequence[Phrase]], text: PageText) -> tuple[Phrase, ...]:
    """Return what stands at both ends of a row whose boxes are labelled with counting numbers, else nothing.

    `lines` are these labels.
    """
    numbers = [join(own) for own in lines]
    is_counted = len(block.rows) == 1 and len(numbers) >= LEAST_RATING and all(n.isdecimal() for n in numbers)
    if not is_counted or not count_on([int(n) for n in numbers]):
        return ()
    left = min(block.x_mm, *(p.x_mm for own in lines for p in own))
    right = max(block.right_mm, *(p.right_mm for own in lines for p in own))
    level = [p for p in on_line(block.boxes[0], text.free()) if not is_code(p) and not p.asks]
    before = [p for p in level if 0 < left - p.right_mm < END_REACH_MM]
    behind = [p for p in level if 0 < p.x_mm - right < END_REACH_MM]
    return (before[0], behind[0]) if len(before) == len(behind) == 1 else ()


def _over_ends(block: Block, heads: list[Phrase], text: PageText) -> list[Phrase]:
    """Return the two texts that are all of the line right over boxes and headers, flush with the first and the last."""
    top = min(block.y_mm, *(p.y_mm for p in heads))
    near = [p for p in _across(block, text) if 0 < top - p.middle_mm < OVER_ENDS_MM]
    lowest = max((p.bottom_mm for p in near), default=0.0)
    return _pair_at_ends(block, [p for p in near if lowest - p.bottom_mm < 1])


def _under_ends(block: Block, feet: list[Phrase], text: PageText) -> list[Phrase]:
    """Return the two texts that are all of the line right under the numbers under boxes, flush with first and last."""
    foot = max(p.bottom_mm for p in feet)
    if min(p.y_mm for p in feet) < block.bottom_mm - 1:
        return []
    near = [p for p in _across(block, text) if 0 < p.middle_mm - foot < OVER_ENDS_MM]
    highest = min((p.y_mm for p in near), default=0.0)
    return _pair_at_ends(block, [p for p in near if p.y_mm - highest < 1])


def _across(block: Block, text: PageText) -> list[Phrase]:
    """Return the free text that begins left of a block's right edge, in its frame or column."""
    return [p for p in text.free() if p.panel == block.boxes[0].panel and p.x_mm < block.right_mm]


def _pair_at_ends(block: Block, line: Sequence[Phrase]) -> list[Phrase]:
    """Return the texts of a line where they are two, one flush with a scale's beginning and one with its end."""
    level = sorted(line, key=lambda p: p.x_mm)
    if len(level) != 2 or any(p.asks for p in level):
        return []
    slack = max(
        FLUSH_MM, (block.right_mm - block.x_mm) / len(columns_mm(block)) / 2
    )  # flush with column or box
    is_flush = abs(level[0].x_mm - block.x_mm) <= slack and abs(level[1].right_mm - block.right_mm) <= slack
    return level if is_flush else []


def names_first_end(phrase: Phrase, row: tuple[Outline, ...], level: Sequence[Phrase]) -> bool:
    """Whether a text stands right before the boxes of a scale, and another right behind them."""
    is_near = 0 < row[0].x_mm - phrase.right_mm < END_REACH_MM
    return is_near and len(row) >= LEAST_SCALE and right_end(row, level) is not None


def ends_of_scale(
    block: Block, rows: dict[int, str], headers: dict[int, list[Phrase]], text: PageText
) -> dict[int, str]:
    """Return the labels of a scale's first and last column where they stand beside every row, else nothing."""
    last = len(columns_mm(block)) - 1
    right = [neighbours(row[-1], text.boxes, text.free())[1] for row in block.rows]
    near = {
        phrase.text for phrase in right if phrase is not None and phrase.x_mm - block.right_mm < END_REACH_MM
    }
    if len(near) != 1 or None in right or len(set(rows.values())) != 1 or any(headers.values()) or last < 2:
        return {}
    start, end = rows[0], near.pop()
    if not start or start.endswith("?") or (NUMBERED.match(start) and not _count_from_to(start, end, last)):
        return {}
    text.used.update(phrase for phrase in right if phrase is not None)
    return {0: start, last: end}


def ends_behind_wordings(block: Block, text: PageText) -> dict[int, str]:
    """Return what stands right before and right behind the boxes of every row, where its wording stands further left.

    Nothing unless it is the same for all rows; that of a single row asks, or ends a sentence.
    """
    last = len(columns_mm(block)) - 1
    pairs = [_ends_behind_wording(row, text) for row in block.rows]
    found = [pair for pair in pairs if pair is not None]
    if last < 2 or len(found) < len(pairs) or len({(a.text, b.text) for a, b in found}) > 1:
        return {}
    text.used.update(p for pair in found for p in pair)
    return {0: found[0][0].text, last: found[0][1].text}


def _ends_behind_wording(row: tuple[Outline, ...], text: PageText) -> tuple[Phrase, Phrase] | None:
    level = on_line(row[0], text.free())
    wall = max(
        (b.right_mm for b in text.boxes if b.right_mm < row[0].x_mm and is_level(b, row[0])), default=-1.0
    )
    left = sorted((p for p in level if wall < p.x_mm and p.right_mm < row[0].x_mm), key=lambda p: p.x_mm)
    end = right_end(row, text.free()) or (number_end(row, left[-1], text.free()) if left else None)
    if len(left) < 2 or end is None or row[0].x_mm - left[-1].right_mm > END_REACH_MM:
        return None
    is_larger = max(left[-1].size_mm, end.size_mm) < SMALL_END * left[-2].size_mm and not is_code(left[-2])
    is_wording = left[-2].asks or left[-2].text.endswith((".", "!", "…")) or is_larger
    return (left[-1], end) if is_wording and not left[-1].asks and is_code(left[-1]) == is_code(end) else None


def _count_from_to(start: str, end: str, steps: int) -> bool:
    """Whether the ends of a scale begin with the numbers of its first and last box: "0 - never", "10 - always".

    Paper that counts from 0 to 10 may have but ten boxes.
    """
    numbers = [int(found[1]) for found in map(COUNTED_END.match, (start, end)) if found is not None]
    return len(numbers) == 2 and steps <= abs(numbers[1] - numbers[0]) <= steps + 1


def right_ends(block: Block, text: PageText) -> dict[int, str]:
    """Return what stands right behind each row of opposites ("quiet … loud"), else nothing."""
    right = [right_end(row, text.free()) for row in block.rows]
    found = {n: phrase for n, phrase in enumerate(right) if phrase is not None}
    if len(found) < len(right):
        return {}
    text.used.update(found.values())
    return {n: phrase.text for n, phrase in found.items()}


def names_ends(block: Block, columns: dict[int, str]) -> bool:
    """Whether words stand over or under the first column and the last, and over none between them but the middle."""
    named = [bool(columns.get(place)) for place in range(len(columns_mm(block)))]
    is_middle = (
        len(named) % 2 == 1 and len(named) > LEAST_SCALE and sum(named) == 3 and named[len(named) // 2]
    )
    inner = any(named[1:-1]) and not is_middle if len(block.rows) > 1 else all(named[1:-1])
    return len(named) > 2 and named[0] and named[-1] and not inner


def ends_down(block: Block, labels: list[str], text: PageText) -> list[Phrase]:
    """Return what stands right over and right under a column of counting numbers, and names the ends of this scale."""
    numbers = [int(label) for label in labels if label.isdecimal()]
    least = max(LEAST_RATING, len(labels))
    if not least <= len(numbers) <= len(block.rows) or not count_on(numbers):
        return []
    near = [
        p
        for p in text.free()
        if p.panel == block.boxes[0].panel
        and not p.asks
        and p.x_mm < block.right_mm
        and block.x_mm - p.right_mm < FLUSH_MM
    ]
    over = [p for p in near if 0 <= block.y_mm - p.bottom_mm < OVER_ENDS_MM]
    under = [p for p in near if 0 <= p.y_mm - block.bottom_mm < OVER_ENDS_MM]
    return [*over, *under] if len(over) == len(under) == 1 else []
