"""Blocks of boxes and the text around them -> labels of options, rows and columns, and the item's wording."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from survey.learn.blocks import Block, continues
from survey.learn.near import on_row, stands_in
from survey.learn.outlines import Outline
from survey.learn.wording import NUMBERED, NUMBERED_ALONE, Phrase, join, split_over

LABEL_REACH_MM = 30.0  # a label further to the right of its box is not its own
LEADER_REACH_MM = 110.0  # labels on the left may be far away, led to the box by dots
END_REACH_MM = 12.0  # from the last box of a scale to the label of its end
FAR_MM, NONE_MM = 30.0, 35.0  # what a far and an absent label weigh when a side is chosen
CHAIN_MM = 7.0  # between the number and the text of a row's label
HEADER_REACH_MM = 20.0
BESIDE_MM = 9.0  # from a comb or frame to its label
HANGING_MM = 14.0  # how far an item's number may hang left of its options
WORDING_REACH_MM = 16.0
MOST_LINES = 8


@dataclass
class PageText:
    """The phrases of a page, and which of them have been given to a box."""

    phrases: list[Phrase]
    boxes: list[Outline]
    used: set[Phrase] = field(default_factory=set)

    def free(self) -> list[Phrase]:
        return [phrase for phrase in self.phrases if phrase not in self.used]

    def with_more_lines(self, first: Phrase) -> list[Phrase]:
        """Return a label with the lines that go on from it and stand on no other box's line."""
        lines = [first]
        for phrase in sorted(self.free(), key=lambda one: abs(one.middle_mm - first.middle_mm)):
            if phrase not in lines and any(continues(phrase, line) for line in lines):
                near = [
                    box
                    for box in self.boxes
                    if on_row(phrase, box) and abs(box.centre_mm - phrase.centre_mm) < 60
                ]
                if not near or all(on_row(first, box) for box in near):
                    lines.append(phrase)
        return lines[:MOST_LINES]


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
    is_scale: bool = False
    """Only the ends have a label, as on a scale from "not at all" to "very"."""


def find_labels(block: Block, text: PageText) -> Labels:
    """Find the labels of a block: of each box, or of its rows and columns."""
    inside = {box: _letters_inside(box, text) for box in block.boxes}
    lettered = sum(bool(label) for label in inside.values()) > 0.8 * len(inside)
    text.used.update(phrase for phrase in text.phrases if any(stands_in(phrase, box) for box in block.boxes))
    if lettered:
        return _lettered(block, inside, text)
    if any(_between_boxes(row, text) for row in block.rows) or all(len(row) == 1 for row in block.rows):
        return _own_labels(block, text)
    return _crossed_labels(block, text)


def _letters_inside(box: Outline, text: PageText) -> str:
    return join(phrase for phrase in text.phrases if stands_in(phrase, box))


def _between_boxes(row: tuple[Outline, ...], text: PageText) -> bool:
    beside = [phrase for phrase in text.free() if on_row(phrase, row[0])]
    return any(
        left.right_mm - 0.6 < phrase.centre_mm < right.x_mm + 0.6
        for left, right in pairwise(row)
        for phrase in beside
    )


def _neighbours(box: Outline, text: PageText) -> tuple[Phrase | None, Phrase | None]:
    """Return the nearest free phrases left and right of a box, not beyond another box."""
    row = [
        other
        for other in text.boxes
        if other is not box and abs(other.middle_mm - box.middle_mm) < 0.6 * box.h_mm
    ]
    wall_left = max((other.right_mm for other in row if other.right_mm <= box.x_mm + 0.5), default=-1.0)
    wall_right = min((other.x_mm for other in row if other.x_mm >= box.right_mm - 0.5), default=10000.0)
    beside = [phrase for phrase in text.free() if on_row(phrase, box) and phrase.panel == box.panel]
    left = [
        p
        for p in beside
        if p.centre_mm < box.x_mm and p.centre_mm > wall_left and box.x_mm - p.right_mm < LEADER_REACH_MM
    ]
    right = [
        p
        for p in beside
        if p.centre_mm > box.right_mm and p.centre_mm < wall_right and p.x_mm - box.right_mm < LABEL_REACH_MM
    ]
    return max(left, key=lambda p: p.right_mm, default=None), min(right, key=lambda p: p.x_mm, default=None)


def _own_labels(block: Block, text: PageText) -> Labels:
    """Labels of boxes that each have one: right, left or above, as most of the block has it."""
    beside = {box: _neighbours(box, text) for box in block.boxes}
    gaps = {
        "left": [box.x_mm - left.right_mm for box, (left, _) in beside.items() if left is not None],
        "right": [right.x_mm - box.right_mm for box, (_, right) in beside.items() if right is not None],
    }
    side = min(
        gaps,
        key=lambda name: sum(min(g, FAR_MM) for g in gaps[name]) + NONE_MM * (len(beside) - len(gaps[name])),
    )
    chosen = {box: pair[0] if side == "left" else pair[1] for box, pair in beside.items()}
    if len(gaps[side]) < 0.5 * len(block.boxes):
        return _crossed_labels(block, text)
    options: dict[Outline, str] = {}
    text.used.update(phrase for phrase in chosen.values() if phrase is not None)
    for box, phrase in chosen.items():
        lines = text.with_more_lines(phrase) if phrase is not None else _label_below(box, side, text)
        text.used.update(lines)
        options[box] = join(lines)
    rows = {place: _row_text(row, text, side) for place, row in enumerate(block.rows)}
    found = [p for p in chosen.values() if p is not None]
    return Labels(
        options,
        rows,
        {},
        rows[0] if len(block.rows) == 1 else "",
        min([block.y_mm, *(p.y_mm for p in found)]),
        min(p.x_mm for p in found),
        max(p.right_mm for p in found),
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


def _row_text(row: tuple[Outline, ...], text: PageText, side: str) -> str:
    """Join what is left on a row's line before its first box or label: the row's own wording."""
    edge = row[0].x_mm
    wall = max(
        (
            b.right_mm
            for b in text.boxes
            if b.right_mm <= edge + 0.5 and abs(b.middle_mm - row[0].middle_mm) < b.h_mm
        ),
        default=-1.0,
    )
    before = [p for p in text.free() if on_row(p, row[0]) and wall < p.x_mm < edge]
    if wall > 0 and side == "right":
        return ""  # it may be the label of the box further left
    if not before:
        return ""
    lines = [line for phrase in before for line in text.with_more_lines(phrase)]
    text.used.update(lines)
    return join(dict.fromkeys([*before, *lines]))


def columns_mm(block: Block) -> list[float]:
    """Return the centres of a block's columns, mm."""
    centres: list[float] = []
    for box in sorted(block.boxes, key=lambda one: one.centre_mm):
        if not centres or box.centre_mm - centres[-1] > 0.6 * box.w_mm:
            centres.append(box.centre_mm)
    return centres


def column_of(box: Outline, centres: list[float]) -> int:
    return int(np.argmin([abs(centre - box.centre_mm) for centre in centres]))


def _crossed_labels(block: Block, text: PageText) -> Labels:
    """Labels of a table: one for each row, beside it, and one for each column, above it."""
    rows = {place: _row_label(row, block, text) for place, row in enumerate(block.rows)}
    headers = _headers(block, text)
    ends = _ends_of_scale(block, rows, headers, text)
    if ends:
        rows = {place: _row_label(row, block, text) for place, row in enumerate(block.rows)}
    text.used.update(phrase for lines in headers.values() for phrase in lines)
    columns = {place: join(lines) for place, lines in headers.items()} | ends
    top = min([block.y_mm, *(phrase.y_mm for lines in headers.values() for phrase in lines)])
    beside = [
        p for p in text.used if any(on_row(p, row[0]) for row in block.rows) and p.right_mm <= block.x_mm
    ]
    wall = max(
        (
            b.right_mm
            for b in text.boxes
            if b.right_mm < block.x_mm and block.y_mm < b.middle_mm < block.bottom_mm
        ),
        default=-1.0,
    )
    left = min((p.x_mm for p in beside if p.x_mm > wall), default=block.x_mm)
    return Labels(
        {}, rows, columns, rows[0] if len(block.rows) == 1 else "", top, left, block.right_mm, bool(ends)
    )


def _ends_of_scale(
    block: Block, rows: dict[int, str], headers: dict[int, list[Phrase]], text: PageText
) -> dict[int, str]:
    """Return the labels of a scale's first and last column where they stand beside every row, else nothing."""
    last = len(columns_mm(block)) - 1
    right = [_neighbours(row[-1], text)[1] for row in block.rows]
    near = {
        phrase.text for phrase in right if phrase is not None and phrase.x_mm - block.right_mm < END_REACH_MM
    }
    if len(near) != 1 or None in right or len(set(rows.values())) != 1 or any(headers.values()) or last < 2:
        return {}
    start = rows[0]
    if not start or start.endswith("?") or NUMBERED.match(start):
        return {}
    text.used.update(phrase for phrase in right if phrase is not None)
    return {0: start, last: near.pop()}


def _row_label(row: tuple[Outline, ...], block: Block, text: PageText) -> str:
    """Return the text beside a row, left or else right; a short number may stand a little off the line."""
    row_boxes = [b for b in text.boxes if b not in row and abs(b.middle_mm - row[0].middle_mm) < b.h_mm]
    wall = max((b.right_mm for b in row_boxes if b.right_mm <= row[0].x_mm + 0.5), default=-1.0)
    end = min((b.x_mm for b in row_boxes if b.x_mm >= row[-1].right_mm - 0.5), default=10000.0)
    pitch = (block.bottom_mm - block.y_mm) / len(block.rows)
    close = [p for p in text.free() if on_row(p, row[0])] or [
        p for p in text.free() if abs(p.middle_mm - row[0].middle_mm) < 0.5 * pitch and len(p.text) <= 4
    ]
    left = [p for p in close if wall < p.x_mm and p.centre_mm < row[0].x_mm]
    right = [
        p
        for p in close
        if row[-1].right_mm < p.centre_mm < end and p.x_mm - row[-1].right_mm < LABEL_REACH_MM
    ]
    chosen = _chained(left) or right
    lines = [line for phrase in chosen for line in text.with_more_lines(phrase)]
    text.used.update([*chosen, *lines])
    return join(dict.fromkeys([*chosen, *lines]))


def _chained(phrases: list[Phrase]) -> list[Phrase]:
    """Return the phrases on a line, from the right, up to the first wide gap."""
    chain: list[Phrase] = []
    for phrase in sorted(phrases, key=lambda one: -one.right_mm):
        if chain and min(p.x_mm for p in chain) - phrase.right_mm > CHAIN_MM:
            break
        chain.append(phrase)
    return chain[::-1]


def _headers(block: Block, text: PageText) -> dict[int, list[Phrase]]:
    """Find the lines above each column that are no wider than a column may be."""
    centres = columns_mm(block)
    step = float(np.median(np.diff(centres))) if len(centres) > 1 else 25.0
    floor = max(
        (
            b.bottom_mm
            for b in text.boxes
            if b.bottom_mm < block.y_mm and block.x_mm - 20 < b.centre_mm < block.right_mm + 5
        ),
        default=0.0,
    )
    near = [
        p
        for p in text.free()
        if floor < p.middle_mm < block.y_mm + 0.5 and block.y_mm - p.bottom_mm < HEADER_REACH_MM
    ]
    for phrase in near:
        pieces = split_over(phrase, centres)
        if len(pieces) > 1:
            text.phrases = [p for p in text.phrases if p is not phrase] + pieces
    above = [p for phrase in near for p in split_over(phrase, centres) if p.right_mm - p.x_mm < 1.9 * step]
    headers: dict[int, list[Phrase]] = {place: [] for place in range(len(centres))}
    for phrase in sorted(above, key=lambda one: -one.bottom_mm):
        place = int(np.argmin([abs(centre - phrase.centre_mm) for centre in centres]))
        if abs(centres[place] - phrase.centre_mm) > 0.55 * step:
            continue
        stack = headers[place]
        if stack and (
            stack[-1].bottom_mm - phrase.bottom_mm > 1.6 * phrase.size_mm or stack[-1].bold != phrase.bold
        ):
            continue
        stack.append(phrase)
    lowest = min((lines[0].bottom_mm for lines in headers.values() if lines), default=0.0)
    tallest = max((lines[0].size_mm for lines in headers.values() if lines), default=0.0)
    highest_foot = max((lines[0].bottom_mm for lines in headers.values() if lines), default=0.0)
    if highest_foot - lowest > 3.5 * tallest:  # not one line of headers: keep those that stand right above
        headers = {
            c: lines if lines and highest_foot - lines[0].bottom_mm < 2.5 * tallest else []
            for c, lines in headers.items()
        }
    return headers


def _lettered(block: Block, inside: dict[Outline, str], text: PageText) -> Labels:
    """Labels printed inside the boxes: the options' where columns agree, the rows' where rows agree."""
    centres = columns_mm(block)
    by_column = [{inside[b] for b in block.boxes if column_of(b, centres) == c} for c in range(len(centres))]
    rows = {place: _row_label(row, block, text) for place, row in enumerate(block.rows)}
    if len(block.rows) > 1 and len(centres) > 1:
        if all(len(labels) == 1 for labels in by_column):
            return Labels({}, rows, {c: min(labels) for c, labels in enumerate(by_column)}, "", block.y_mm)
        own = {place: min({inside[b] for b in row}) for place, row in enumerate(block.rows)}
        return Labels({}, own, {}, "", block.y_mm)
    return Labels(dict(inside), rows, {}, rows[0] if len(block.rows) == 1 else "", block.y_mm)


def find_wording(block: Block, labels: Labels, text: PageText) -> str:
    """Find an item's wording: beside a single row, and in the lines above the block."""
    left, right = min(block.x_mm, labels.left_mm), max(block.right_mm, labels.right_mm)
    above = lines_above(left, right, labels.top_mm, text)
    if labels.beside and len(labels.beside) > 3:
        text_beside = labels.beside
        if NUMBERED.match(text_beside) or text_beside.endswith("?"):
            return text_beside
        return (
            join(above)
            if not text_beside
            else f"{join(above)} {text_beside}".strip()
            if _near(above, labels)
            else text_beside
        )
    text.used.update(above)
    return f"{labels.beside} {join(above)}".strip()


def _near(above: list[Phrase], labels: Labels) -> bool:
    return bool(above) and labels.top_mm - max(p.bottom_mm for p in above) < 8


def lines_above(left_mm: float, right_mm: float, top_mm: float, text: PageText) -> list[Phrase]:
    """Return the lines of text that stand together above a place and belong to nothing else.

    Text right over the place goes before text that stands further left, which may be another column's.
    """
    free = _free_above(left_mm, right_mm, top_mm, text)
    over = [p for p in free if p.right_mm > left_mm - HANGING_MM]
    return _stacked(over, top_mm) or _stacked(free, top_mm)


def _free_above(left_mm: float, right_mm: float, top_mm: float, text: PageText) -> list[Phrase]:
    """Return the phrases above a place down from the next box above, without those over another label."""
    across = [
        b for b in text.boxes if b.bottom_mm < top_mm and b.x_mm < right_mm + 5 and b.right_mm > left_mm - 5
    ]
    floor = max((b.bottom_mm for b in across), default=0.0)
    used = [
        p for p in text.used if p.bottom_mm < top_mm and p.x_mm < right_mm + 5 and p.right_mm > left_mm - 5
    ]
    beside = [
        b
        for b in text.boxes
        if b.right_mm < left_mm - 4 and b.y_mm < top_mm + 12 and b.bottom_mm > top_mm - 4
    ]
    wall = max((b.right_mm for b in beside), default=-1.0)
    return [
        p
        for p in text.free()
        if floor - 0.5 < p.middle_mm < top_mm + 0.4
        and wall < p.x_mm < right_mm + 15
        and not any(u.y_mm > p.bottom_mm and u.x_mm < p.right_mm and u.right_mm > p.x_mm for u in used)
    ]


def _stacked(free: list[Phrase], top_mm: float) -> list[Phrase]:
    """Collect lines upwards until a gap, a section's title or the item's number."""
    lines: list[Phrase] = []
    edge = top_mm
    for phrase in sorted(free, key=lambda one: (-one.bottom_mm, one.x_mm)):
        step = edge - phrase.bottom_mm
        fits = step <= (WORDING_REACH_MM if not lines else 1.3 * phrase.size_mm)
        if lines and not fits and step <= 10 and not any(line.asks for line in lines):
            fits = _begins(phrase, free)
        if not fits or len(lines) >= MOST_LINES or _is_heading(phrase, lines, free):
            break
        lines.append(phrase)
        edge = min(edge, phrase.y_mm)
        if NUMBERED.match(phrase.text) and phrase.asks and not _same_line(free, phrase, lines):
            break
    return lines


def _begins(phrase: Phrase, free: list[Phrase]) -> bool:
    """Whether an item's wording begins on the line of a phrase: a question mark, a colon or a printed number."""
    line = [p for p in free if abs(p.bottom_mm - phrase.bottom_mm) < 1]
    return any(p.asks or NUMBERED_ALONE.match(p.text) for p in line)


def _same_line(free: list[Phrase], phrase: Phrase, lines: list[Phrase]) -> bool:
    return any(p not in lines and abs(p.bottom_mm - phrase.bottom_mm) < 1 for p in free)


def _is_heading(phrase: Phrase, lines: list[Phrase], free: list[Phrase]) -> bool:
    """Whether a line above is a section's title: larger type, unless only an instruction was found below it."""
    larger = bool(lines) and phrase.size_mm > 1.22 * max(line.size_mm for line in lines)
    return larger and (any(line.asks for line in lines) or not _begins(phrase, free))


def label_written(group: tuple[Outline, ...], text: PageText) -> tuple[str, str]:
    """Find the label of a comb or frame: inside it, beside it, right above, or further left; and its unit."""
    first, last = group[0], group[-1]
    inside = [p for p in text.free() if any(stands_in(p, cell) for cell in group)]
    left, right = _neighbours(first, text)[0], _neighbours(last, text)[1]
    unit = [right] if right is not None and right.x_mm - last.right_mm < BESIDE_MM and not right.asks else []
    chosen = inside or ([left] if left is not None and first.x_mm - left.right_mm < BESIDE_MM else [])
    if not chosen:
        above = lines_above(first.x_mm, last.right_mm, first.y_mm, text)
        chosen = above if above and first.y_mm - max(p.bottom_mm for p in above) < BESIDE_MM else []
    if not chosen and left is not None and first.x_mm - left.right_mm < 25:
        chosen = [left]
    text.used.update([*chosen, *unit])
    return join(chosen), join(unit)
