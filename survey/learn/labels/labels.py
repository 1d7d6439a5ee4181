"""Blocks of boxes and the text around them -> labels of options, rows and columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from survey.learn.labels.ends import (
    LEAST_RATING,
    ends_behind_wordings,
    ends_beside,
    ends_down,
    ends_of_counted,
    ends_of_numbers,
    ends_of_scale,
    names_ends,
    names_first_end,
    right_ends,
)
from survey.learn.labels.headers import find_footers, find_headers, heads_of_cells, over_several
from survey.learn.labels.left_of import (
    LABEL_REACH_MM,
    before_options,
    in_cell_left,
    left_of,
    row_text,
    stands_over_another,
)
from survey.learn.labels.page_text import PageText
from survey.learn.labels.sections import numbers_of_rows, take_sections, told_apart
from survey.learn.layout.beside import is_head
from survey.learn.layout.blocks import Block, column_of, columns_mm
from survey.learn.layout.neighbours import neighbours as beside_box
from survey.learn.layout.neighbours import on_line
from survey.learn.layout.numbering import without_counting
from survey.learn.layout.ruled import are_in_one_row, boxes_in
from survey.learn.printed.near import SHORT, inside, is_level, on_row, stands_beside, stands_in
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import LETTERED_ALONE, NUMBERED_ALONE, Phrase, join, lines_down, paragraph

BETWEEN_MM, FAR_MM = 90.0, 1000.0  # … but where it is all between the boxes of two tables
DIGITS = [*"0123456789"]  # rows of a number's grid, one digit a column
SEPARATOR = re.compile(r"\s[—–|/·•]+$")  # a dash or bar from one option to the next
LONGEST_HEADER = 2  # words over a column of text beside boxes
CHAIN_MM = 7.0  # between the number and the text of a row's label
BETWEEN_LINES_MM = 2.0  # from headers to the lines of a wording in the middle of whose height they stand
CORNER_MM = 14.0  # how far left of its rows' labels a table's corner begins
FLUSH_MM = 1.5
OFF_LINE = 0.75  # of the step between rows: how far over its row a label may stand


@dataclass(frozen=True)
class Labels:
    """Labels of the boxes of a block, and what is above them."""

    options: dict[Outline, str]
    rows: dict[int, str]
    columns: dict[int, str]
    beside: str
    top_mm: float
    left_mm: float = 1000.0
    right_mm: float = 0.0
    corner: str = ""
    """What stands left of a table's headers, over the labels of its rows."""
    is_scale: bool = False
    """Only the ends have a label, as on a scale from "not at all" to "very": all columns' or each row's own."""
    sections: dict[int, str] = field(default_factory=dict)
    """What stands left of the rows' labels in a cell that spans several rows."""
    groups: tuple[str, ...] = ()
    """What stands over the headers in cells that span several columns."""
    ends: tuple[str, ...] = ()
    """What stands at both ends of a scale whose boxes have headers of their own, numbers."""
    is_upright: bool = False
    """One is marked in each column, as in a grid of digits whose rows are 0 to 9."""


def find_labels(block: Block, text: PageText) -> Labels:
    """Find the labels of a block: of each box, or of its rows and columns."""
    inside = {box: _letters_inside(box, text) for box in block.boxes}
    lettered = sum(bool(label) for label in inside.values()) > 0.8 * len(inside)
    text.used.update(phrase for phrase in text.phrases if any(stands_in(phrase, box) for box in block.boxes))
    if lettered and not all(_says_more(text.beside.get(box, ()), inside[box]) for box in block.boxes):
        return (
            _crossed_labels(block, text)
            if _are_codes(block, inside, text)
            else _lettered(block, inside, text)
        )
    is_named = all(text.beside.get(box) for box in block.boxes)
    if (
        is_named
        or any(_between_boxes(row, text) for row in block.rows)
        or all(len(r) == 1 for r in block.rows)
    ):
        return _own_labels(block, text)
    return _crossed_labels(block, text)


def _says_more(lines: tuple[Phrase, ...], code: str) -> bool:
    """Whether a label stands so close beside a box that what is printed inside is but its code."""
    return bool(lines) and join(lines) != code


def _are_codes(block: Block, inside: dict[Outline, str], text: PageText) -> bool:
    """Whether numbers inside boxes are but codes: words stand over each column."""
    if len(columns_mm(block)) < 2 or not all(label.isdigit() for label in inside.values()):
        return False
    heads = [join(lines) for lines in find_headers(block, text).values()]
    return bool(heads) and all(any(letter.isalpha() for letter in head) for head in heads)


def _letters_inside(box: Outline, text: PageText) -> str:
    found = join(phrase for phrase in text.phrases if stands_in(phrase, box))
    return found.lstrip(".")  # the full stop behind a number may reach into the box


def _between_boxes(row: tuple[Outline, ...], text: PageText) -> bool:
    beside = [phrase for phrase in text.free() if on_row(phrase, row[0])]
    return any(
        left.right_mm - 0.6 < phrase.centre_mm < right.x_mm + 0.6
        for left, right in pairwise(row)
        for phrase in beside
    )


def neighbours(box: Outline, text: PageText) -> tuple[Phrase | None, Phrase | None]:
    """Return the nearest free phrases left and right of a box, not beyond another box."""
    return beside_box(box, text.boxes, text.free())


def _own_labels(block: Block, text: PageText) -> Labels:
    """Labels of boxes that each have one, right or left of it."""
    lines = {box: text.beside.get(box, ()) for box in block.boxes}
    if sum(bool(own) for own in lines.values()) < 0.5 * len(lines):
        return _crossed_labels(block, text)
    found = [line for own in lines.values() for line in own]
    text.used.update(found)
    side = (
        "left"
        if sum(own[0].x_mm < box.x_mm for box, own in lines.items() if own) * 2 > len(lines)
        else "right"
    )
    options = {
        box: SEPARATOR.sub("", join(own or _label_below(box, side, text))) for box, own in lines.items()
    }
    ends = ends_of_counted(block, [*lines.values()], text)
    text.used.update(ends)
    sets = {tuple(options[box] for box in row) for row in block.rows}
    repeats = len(sets) == 1 and len(block.rows[0]) > 1
    single = len(block.rows) == 1
    rows = {
        place: row_text(row, text, side) if single or repeats else "" for place, row in enumerate(block.rows)
    }
    heads = [*heads_of_cells(lines.values(), text), *ends_down(block, [*options.values()], text)]
    text.used.update(heads)
    level = [p for p in found if not is_head(p, block.rows[0][0])]
    in_cell = in_cell_left(block, found, text)
    said = (
        rows[0]
        if single
        else ""
        if repeats
        else left_of(block, found, text) or before_options(block, found, text)
    )
    return Labels(
        options,
        rows,
        {},
        said if in_cell in said or (said.endswith((":", "?")) and said not in in_cell) else in_cell,
        min([block.y_mm, *(p.y_mm for p in (*level, *heads))]),
        min(p.x_mm for p in (*found, *ends)),
        max(p.right_mm for p in (*found, *ends)),
        ends=tuple(p.text for p in ends),
    )


def _label_below(box: Outline, side: str, text: PageText) -> list[Phrase]:
    """Return the small print under the line where a write-in's label would stand."""
    if side == "left":
        return []
    below = [
        p
        for p in text.free()
        if 0 <= p.x_mm - box.right_mm <= 8 and -1.5 < p.y_mm - box.bottom_mm < 5 and not p.asks
    ]
    return [min(below, key=lambda p: p.y_mm)] if below else []


def _crossed_labels(block: Block, text: PageText) -> Labels:
    """Labels of a table: one for each row, beside it, and one for each column, above it."""
    sections = take_sections(block, text)
    text.used.update(numbers_of_rows(block, text))
    behind = ends_behind_wordings(block, text)
    rows = {place: _row_label(row, block, text) for place, row in enumerate(block.rows)}
    rows = rows if any(rows.values()) else _labels_over(block, text) or rows
    headers = find_headers(block, text)
    if not any(headers.values()):
        headers = find_footers(block, text)
    is_bare = not any(headers.values())
    ends = (behind if is_bare else {}) or ends_of_scale(block, rows, headers, text)
    own_ends: dict[int, str] = {}
    named, over_ends = ends_of_numbers(block, rows, headers, text)
    if behind:
        named = named if is_bare else tuple(behind.values())
    elif named and len(rows) == 1:
        rows = {0: "" if rows[0] == named[0] else rows[0]}
    elif ends:
        rows = {place: _row_label(row, block, text) for place, row in enumerate(block.rows)}
    elif len(columns_mm(block)) > 2 and all(rows.values()):
        own_ends = right_ends(block, text) if len(rows) > 1 or not any(headers.values()) else {}
        if len(rows) > 1:
            rows = {n: f"{row} – {own_ends[n]}" if own_ends else row for n, row in rows.items()}
        elif own_ends:
            ends = {len(columns_mm(block)) - 1: own_ends[0]}
    text.used.update(phrase for lines in headers.values() for phrase in lines)
    columns = {place: join(lines) for place, lines in headers.items()} | ends
    left, wall = _left_of_labels(block, text)
    heads = [phrase for lines in headers.values() for phrase in lines]
    over = over_several(block, heads, left, text)
    text.used.update(over)
    top = min([block.y_mm, *(p.y_mm for p in (*heads, *over, *over_ends))])
    foot = max((p.bottom_mm for p in heads), default=top)
    near, far = max(left - CORNER_MM, wall), wall if len(block.rows) == 1 and not rows[0] else None
    corner = _corner(block, near, (top, foot), text) or _far_corner(block, far, (top, foot), text)
    corner = corner or _right_corner(block, (top, foot), text)
    text.used.update(corner)
    corner = [] if _head_columns(corner) else corner
    beside_row = rows[0] if len(block.rows) == 1 else ""
    bare = not any(columns.values()) and not (ends or own_ends)
    return Labels(
        {},
        told_apart(without_counting(rows), sections),
        columns,
        beside_row,
        top,
        left,
        block.right_mm,
        join(corner),
        is_scale=bool(ends or own_ends) or names_ends(block, columns),
        sections=sections,
        groups=tuple(p.text for p in sorted(over, key=lambda p: p.x_mm)),
        ends=named,
        is_upright=(bare or _count(columns)) and [*rows.values()] == DIGITS,
    )


def _left_of_labels(block: Block, text: PageText) -> tuple[float, float]:
    """Return where the labels of a table's rows begin, and where boxes left of them end; mm."""
    passed = _to_write_in(block, text)
    others = {line for box, lines in text.beside.items() if box not in block.boxes for line in lines}
    beside = [
        p
        for p in text.used - others
        if any(on_row(p, row[0]) for row in block.rows)
        and p.right_mm <= block.x_mm
        and p.panel == block.boxes[0].panel
    ]
    wall = max(
        (
            b.right_mm
            for b in text.boxes
            if b not in passed and b.right_mm < block.x_mm and block.y_mm < b.middle_mm < block.bottom_mm
        ),
        default=-1.0,
    )
    return min((p.x_mm for p in beside if p.x_mm > wall), default=block.x_mm), wall


def _corner(block: Block, left_mm: float, reach_mm: tuple[float, float], text: PageText) -> list[Phrase]:
    """Find the text left of a table's headers, with the lines it goes on from."""
    level = [
        p
        for p in text.free()
        if left_mm < p.x_mm
        and p.right_mm < block.x_mm
        and reach_mm[0] - 0.5 < p.middle_mm < reach_mm[1]
        and p.panel == block.boxes[0].panel
        and len(p.text) > SHORT
    ]
    free = text.free()
    cells = {p.cell for p in level if p.cell is not None and not boxes_in(p.cell, block.boxes)}
    in_cell = {p for p in free if p.cell in cells}
    lines = [line for p in level for line in (*paragraph(p, free), *lines_down(p, free)[1:])]
    lines = [line for line in lines if line.middle_mm < block.y_mm]
    return list(
        dict.fromkeys(
            [*sorted(lines, key=lambda p: (p.y_mm, p.x_mm)), *sorted(in_cell, key=lambda p: (p.y_mm, p.x_mm))]
        )
    )


def _far_corner(
    block: Block, left_mm: float | None, reach_mm: tuple[float, float], text: PageText
) -> list[Phrase]:
    """Find what asks further left of the headers of a single row, and stands over no other boxes."""
    if left_mm is None:
        return []
    reach = reach_mm[0] - BETWEEN_LINES_MM, reach_mm[1] + BETWEEN_LINES_MM
    found = [line for p in _corner(block, left_mm, reach, text) for line in lines_down(p, text.free())]
    is_over = any(stands_over_another(line, block.rows[0], text) for line in found)
    return [] if is_over or not any(line.asks for line in found) else list(dict.fromkeys(found))


def _right_corner(block: Block, reach_mm: tuple[float, float], text: PageText) -> list[Phrase]:
    """Find the text right of a table's headers, over the labels of its rows, where these stand right of its boxes."""
    rows = [[p for p in text.used if on_row(p, row[0]) and p.x_mm > block.right_mm] for row in block.rows]
    edges = [min(p.x_mm for p in row) for row in rows if row]
    return [
        p
        for p in text.free()
        if len(edges) == len(rows) > 1
        and reach_mm[0] - 0.5 < p.middle_mm < reach_mm[1]
        and p.panel == block.boxes[0].panel
        and max(abs(p.x_mm - edge) for edge in edges) < FLUSH_MM
    ]


def _row_label(row: tuple[Outline, ...], block: Block, text: PageText) -> str:
    """Return the text beside a row, left or else right; a short number may stand a little off the line."""
    passed = _to_write_in(block, text)
    row_boxes = [b for b in text.boxes if b not in row and b not in passed and is_level(row[0], b)]
    wall = max((b.right_mm for b in row_boxes if b.right_mm <= row[0].x_mm + 0.5), default=-1.0)
    end = min((b.x_mm for b in row_boxes if b.x_mm >= row[-1].right_mm - 0.5), default=10000.0)
    pitch = (block.bottom_mm - block.y_mm) / len(block.rows)
    close = on_line(row[0], text.free()) or [
        p for p in text.free() if abs(p.middle_mm - row[0].middle_mm) < 0.5 * pitch and len(p.text) <= 4
    ]
    left = [
        p
        for p in close
        if wall < p.x_mm
        and p.centre_mm < row[0].x_mm
        and (len(block.rows) > 1 or names_first_end(p, row, close) or not stands_over_another(p, row, text))
    ]
    right = [p for p in close if row[-1].right_mm < p.centre_mm < end]
    is_between = len(right) == 1 and right[0].panel == row[0].panel and end < FAR_MM and not left
    reach = BETWEEN_MM if is_between else LABEL_REACH_MM
    right = [p for p in right if p.x_mm - row[-1].right_mm < reach]
    chosen = _chained(left) or right
    lines = [line for phrase in chosen for line in text.with_more_lines(phrase)]
    own = {p.cell for p in chosen if p.cell is not None and [*_rows_beside(p.cell, block)] == [row]}
    lines += [p for p in text.free() if p.cell in own and p not in lines]
    text.used.update([*chosen, *lines])
    return " ".join(filter(None, map(join, _number_first([*dict.fromkeys([*chosen, *lines])]))))


def _number_first(lines: list[Phrase]) -> tuple[list[Phrase], list[Phrase]]:
    """Return the number or letter of a row that stands left of all lines of its label, and the lines without it."""
    for line in lines:
        number, others = line.words[:1], [p for p in lines if p is not line]
        if not number or not (NUMBERED_ALONE.match(number[0][0]) or LETTERED_ALONE.match(number[0][0])):
            continue
        if others and number[0][2] <= min(p.x_mm for p in others):
            first = replace(line, text=number[0][0], words=number, right_mm=number[0][2])
            if len(line.words) == 1:
                return [first], others
            behind = line.text.removeprefix(number[0][0]).strip()
            rest = replace(line, text=behind, words=line.words[1:], x_mm=line.words[1][1])
            return [first], [rest if p is line else p for p in lines]
    return [], lines


def _rows_beside(cell: Outline, block: Block) -> list[tuple[Outline, ...]]:
    """Return the rows of a table beside a ruled cell that holds none of its boxes."""
    held = any(inside(box.centre_mm, box.middle_mm, cell) for box in block.boxes)
    return [row for row in block.rows if not held and stands_beside(cell, row[0])]


def _labels_over(block: Block, text: PageText) -> dict[int, str]:
    """Return the labels of rows that stand a little over their row, left of its boxes; nothing where one has none."""
    step = (block.bottom_mm - block.y_mm) / len(block.rows)
    found: dict[int, list[Phrase]] = {}
    for place, row in enumerate(block.rows if len(block.rows) > 1 else ()):
        found[place] = [
            p
            for p in text.free()
            if p.right_mm < row[0].x_mm
            and p.panel == row[0].panel
            and 0 < row[0].middle_mm - p.middle_mm < OFF_LINE * step
        ]
    if not found or not all(found.values()):
        return {}
    text.used.update(p for lines in found.values() for p in lines)
    return {place: join(lines) for place, lines in found.items()}


def _to_write_in(block: Block, text: PageText) -> frozenset[Outline]:
    """Return what may stand between the boxes of a table and the labels of its rows: cells to write in."""
    return text.written if len(block.rows) > 1 else frozenset()


def _chained(phrases: list[Phrase]) -> list[Phrase]:
    """Return the phrases on a line, from the right, up to the first wide gap that is none between a row's cells."""
    chain: list[Phrase] = []
    for phrase in sorted(phrases, key=lambda one: -one.right_mm):
        is_far = chain and min(p.x_mm for p in chain) - phrase.right_mm > CHAIN_MM
        if is_far and (NUMBERED_ALONE.match(phrase.text) or not _share_row(phrase, chain[-1])):
            break
        chain.append(phrase)
    return chain[::-1]


def _top_of_repeated(block: Block, columns: dict[int, str], text: PageText) -> float:
    """Take headers that repeat what is printed in the boxes under them; return where a block begins with them, mm."""
    heads = find_headers(block, text)
    found = [p for c, lines in heads.items() for p in lines if join(lines) == columns[c]]
    text.used.update(found)
    return min([block.y_mm, *(p.y_mm for p in found)])


def _count(columns: dict[int, str]) -> bool:
    """Whether the headers of a table but count its columns from 1."""
    return [name.strip("[]().") for name in columns.values()] == [str(n + 1) for n in range(len(columns))]


def _share_row(one: Phrase, other: Phrase) -> bool:
    """Whether two phrases stand in cells of one row of a ruled table."""
    return one.cell is not None and other.cell is not None and are_in_one_row(one.cell, other.cell)


def _head_columns(corner: Sequence[Phrase]) -> bool:
    """Whether a table's corner is but the headers of several columns of text that label its rows."""
    cells = {p.cell: [q for q in corner if q.cell == p.cell] for p in corner}
    heads = [join(own) for own in cells.values()]
    if len(cells) == 1 and all(abs(p.bottom_mm - corner[0].bottom_mm) < 1 for p in corner):
        heads = [p.text for p in corner]  # of a table without upright lines
    return len(heads) > 1 and all(len(head.split()) <= LONGEST_HEADER for head in heads)


def _lettered(block: Block, inside: dict[Outline, str], text: PageText) -> Labels:
    """Labels printed inside the boxes: the options' where columns agree, the rows' where rows agree."""
    centres = columns_mm(block)
    by_column = [{inside[b] for b in block.boxes if column_of(b, centres) == c} for c in range(len(centres))]
    rows = {place: _row_label(row, block, text) for place, row in enumerate(block.rows)}
    if len(block.rows) > 1 and len(centres) > 1:
        if all(len(labels) == 1 for labels in by_column):
            columns = {c: min(labels) for c, labels in enumerate(by_column)}
            opposite = right_ends(block, text) if len(centres) > 2 and all(rows.values()) else {}
            rows = {n: f"{row} – {opposite[n]}" if opposite else row for n, row in rows.items()}
            return Labels({}, rows, columns, "", _top_of_repeated(block, columns, text))
        own = {place: min({inside[b] for b in row}) for place, row in enumerate(block.rows)}
        is_upright = all(len({inside[b] for b in row}) == 1 for row in block.rows)
        return Labels({}, own, {}, "", block.y_mm, is_upright=is_upright)
    is_rating = len(inside) >= LEAST_RATING and all(label.isdigit() for label in inside.values())
    ends = ends_beside(block, rows, text) if is_rating else ()
    rows = {0: ""} if ends else rows
    return Labels(dict(inside), rows, {}, rows[0] if len(rows) == 1 else "", block.y_mm, ends=ends)
