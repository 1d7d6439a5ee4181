"""Outlines of a page -> blocks of boxes that belong together, combs and free-text fields; examples fall out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from survey.learn.outlines import Outline, PageOutlines
from survey.learn.wording import EXAMPLE, Phrase, letters_to_phrases

TOUCHING_MM = 0.6  # ruled cells share a line
SAME_SIZE = 0.15
ODD_SIZE = 0.06
WIDEST_STEP_MM = 42.0  # between neighbouring columns of a matrix
HIGHEST_STEP_MM = 28.0  # between neighbouring rows
UNEVEN = 1.8  # a gap so much wider than the usual one parts two blocks
PANEL_MM = (35.0, 18.0)  # the smallest frame drawn around an item
NEXT_TO_MM = 9.0  # a label stands closer to its box
NEAR_MM = 25.0  # text further from a lone outline says nothing of it
ODD_NEAR_MM = 4.5  # nor does text further than this from a lone outline of a size of its own: part of a drawing
LINE_HEIGHT_MM = 8.0  # of handwriting
MOST_DIGITS = 12  # the most cells a number may have
SHORT = 3  # letters of a row's number, which is no wording even where it stands between two rows
MOST_BOXES_A_MARK = 60  # more boxes to one printed mark are no example


@dataclass(frozen=True)
class Block:
    """Boxes that belong together, as rows from the top, each from the left."""

    rows: tuple[tuple[Outline, ...], ...]
    page: int = 0

    @property
    def boxes(self) -> list[Outline]:
        return [box for row in self.rows for box in row]

    @property
    def x_mm(self) -> float:
        return min(box.x_mm for box in self.boxes)

    @property
    def right_mm(self) -> float:
        return max(box.right_mm for box in self.boxes)

    @property
    def y_mm(self) -> float:
        return min(box.y_mm for box in self.boxes)

    @property
    def bottom_mm(self) -> float:
        return max(box.bottom_mm for box in self.boxes)


@dataclass
class PageParts:
    """What one page asks: blocks of boxes, combs, free-text frames, its text, and what was left out and why."""

    page: int
    phrases: list[Phrase]
    blocks: list[Block] = field(default_factory=list)
    combs: list[tuple[Outline, ...]] = field(default_factory=list)
    areas: list[Outline] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def outlines_to_parts(page: int, found: PageOutlines) -> PageParts:
    """Sort a page's outlines into blocks, combs and free-text frames."""
    phrases = letters_to_phrases(found.letters, found.small)
    panels = _panels(found, phrases)
    parts = PageParts(page, [replace(p, panel=_panel_of(p.centre_mm, p.middle_mm, panels)) for p in phrases])
    small = [replace(one, panel=_panel_of(one.centre_mm, one.middle_mm, panels)) for one in found.small]
    lattices, alone = _lattices(small)
    boxes = [box for box in alone if not _holds_text(box, parts.phrases)]
    for lattice in lattices:
        _sort_lattice(lattice, parts, boxes)
    boxes = _without_instructions(boxes, parts)
    groups = {box.field.name for box in boxes if box.field is not None and box.field.kind == "radio"}
    runs = _rows_to_runs([box for box in boxes if _group(box) not in groups], parts.phrases)
    blocks = _side_by_side(_runs_to_blocks(runs, parts.phrases), parts.phrases)
    parts.blocks = [block for block in blocks if _is_asked(block, blocks, parts)]
    for name in sorted(groups):
        rows = _rows([box for box in boxes if _group(box) == name])
        parts.blocks.append(Block(tuple(tuple(row) for row in rows)))
    if not found.from_image:
        parts.areas = list(_empty_areas(found.areas, parts, small))
    return parts


def _group(box: Outline) -> str:
    """The name that joins radio buttons of a fillable PDF; empty for other boxes."""
    return box.field.name if box.field is not None and box.field.kind == "radio" else ""


def _panels(found: PageOutlines, phrases: list[Phrase]) -> list[Outline]:
    """Return the frames that hold several boxes and their text, the smallest first."""
    large = [area for area in found.areas if area.w_mm >= PANEL_MM[0] and area.h_mm >= PANEL_MM[1]]
    panels = [
        area
        for area in large
        if sum(_inside(one.centre_mm, one.middle_mm, area) for one in found.small) >= 2
        and sum(_inside(p.centre_mm, p.middle_mm, area) for p in phrases) >= 2
    ]
    return sorted(panels, key=lambda area: (area.w_mm * area.h_mm, area.y_mm, area.x_mm))


def _panel_of(x_mm: float, y_mm: float, panels: list[Outline]) -> int:
    return next((place for place, panel in enumerate(panels) if _inside(x_mm, y_mm, panel)), -1)


# --- ruled cells -------------------------------------------------------------------------------------------------


def _lattices(outlines: list[Outline]) -> tuple[list[list[Outline]], list[Outline]]:
    """Part outlines into sets that touch each other like cells of a table, and the rest."""
    squares = [one for one in outlines if one.kind == "square" and one.field is None]
    others = [one for one in outlines if one.kind != "square" or one.field is not None]
    links = [
        (a, b)
        for a, one in enumerate(squares)
        for b, other in enumerate(squares)
        if a < b and _touch(one, other)
    ]
    groups = _connected(len(squares), links)
    lattices = [[squares[index] for index in group] for group in groups if len(group) > 1]
    return lattices, others + [squares[group[0]] for group in groups if len(group) == 1]


def _touch(a: Outline, b: Outline) -> bool:
    beside = min(abs(a.right_mm - b.x_mm), abs(b.right_mm - a.x_mm)) <= TOUCHING_MM
    above = min(abs(a.bottom_mm - b.y_mm), abs(b.bottom_mm - a.y_mm)) <= TOUCHING_MM
    slack = max(TOUCHING_MM, 0.15 * min(a.w_mm, a.h_mm))
    in_row = abs(a.y_mm - b.y_mm) <= slack and abs(a.bottom_mm - b.bottom_mm) <= slack
    in_column = abs(a.x_mm - b.x_mm) <= slack and abs(a.right_mm - b.right_mm) <= slack
    return (beside and in_row) or (above and in_column)


def _connected(count: int, links: list[tuple[int, int]]) -> list[list[int]]:
    """Return the connected sets of 0..count-1, each sorted, in order of their first member."""
    leader = list(range(count))

    def find(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    for a, b in links:
        leader[max(find(a), find(b))] = min(find(a), find(b))
    sets: dict[int, list[int]] = {}
    for index in range(count):
        sets.setdefault(find(index), []).append(index)
    return list(sets.values())


def _sort_lattice(lattice: list[Outline], parts: PageParts, boxes: list[Outline]) -> None:
    """Decide of touching cells: printed code, boxes of a ruled table, or combs."""
    if any(cell.printed for cell in lattice):
        parts.notes.append(f"page {parts.page}: {len(lattice)} cells left out, some are filled in print (a code?)")
        return
    empty = [c for c in lattice if not any(_inside(p.centre_mm, p.middle_mm, c) for p in parts.phrases)]
    rows = _rows(empty)
    if _has_headers(empty, lattice, parts.phrases) and (len(rows) > 1 or len(empty) > 1):
        boxes.extend(Outline("cell", c.x_mm, c.y_mm, c.w_mm, c.h_mm, sure=False) for c in empty)
        return
    for row in rows:
        parts.combs.extend(tuple(chain) for chain in _chains(row) if len(chain) > 1)


def _has_headers(empty: list[Outline], lattice: list[Outline], phrases: list[Phrase]) -> bool:
    """Whether most columns of empty cells have a text of their own above them, no wider than the column."""
    columns: dict[int, Outline] = {}
    for cell in sorted(empty, key=lambda one: -one.y_mm):
        columns[round(cell.centre_mm)] = cell
    named = 0
    for top in columns.values():
        named += any(
            top.x_mm - 1 <= phrase.centre_mm <= top.right_mm + 1
            and phrase.right_mm - phrase.x_mm <= top.w_mm * 1.25
            and 0 <= top.y_mm - phrase.middle_mm <= 12
            for phrase in phrases
        )
    return bool(columns) and named >= 0.7 * len(columns)


def _chains(row: list[Outline]) -> Iterator[list[Outline]]:
    """Part a row of cells where two do not touch."""
    chain: list[Outline] = []
    for cell in row:
        if chain and cell.x_mm - chain[-1].right_mm > TOUCHING_MM:
            yield chain
            chain = []
        chain.append(cell)
    if chain:
        yield chain


def _holds_text(outline: Outline, phrases: list[Phrase]) -> bool:
    """Whether text stands inside: a label's cell. One or two letters in a box are its code."""
    inside = [
        phrase
        for phrase in phrases
        if outline.x_mm < phrase.centre_mm < outline.right_mm and outline.y_mm < phrase.middle_mm < outline.bottom_mm
    ]
    letters = sum(len(phrase.text) for phrase in inside)
    return letters > 2 or (letters > 0 and outline.kind == "square" and outline.w_mm > 6.5)


# --- rows, runs, blocks ------------------------------------------------------------------------------------------


def _rows(boxes: list[Outline]) -> list[list[Outline]]:
    """Part boxes into rows of one height and size, from the top, each from the left."""
    rows: list[list[Outline]] = []
    for box in sorted(boxes, key=lambda one: (one.middle_mm, one.x_mm)):
        for row in reversed(rows[-6:]):
            if abs(row[0].middle_mm - box.middle_mm) <= 0.35 * box.h_mm and _alike(row[0], box):
                row.append(box)
                break
        else:
            rows.append([box])
    return [sorted(row, key=lambda one: one.x_mm) for row in rows]


def _alike(a: Outline, b: Outline) -> bool:
    return (
        abs(a.w_mm - b.w_mm) <= SAME_SIZE * max(a.w_mm, b.w_mm) + 0.1
        and abs(a.h_mm - b.h_mm) <= SAME_SIZE * max(a.h_mm, b.h_mm) + 0.1
    )


def _differ(a: Outline, b: Outline) -> bool:
    """Whether two outlines are clearly not of one size."""
    return abs(a.w_mm - b.w_mm) > ODD_SIZE * max(a.w_mm, b.w_mm) or abs(a.h_mm - b.h_mm) > ODD_SIZE * max(a.h_mm, b.h_mm)


def on_row(phrase: Phrase, box: Outline) -> bool:
    """Whether a phrase stands on the line of a box."""
    shared = min(phrase.bottom_mm, box.bottom_mm) - max(phrase.y_mm, box.y_mm)
    return shared >= 0.25 * min(phrase.bottom_mm - phrase.y_mm, box.h_mm)


def _rows_to_runs(boxes: list[Outline], phrases: list[Phrase]) -> list[tuple[Outline, ...]]:
    """Part rows where text stands between two boxes, or where a gap is uneven: runs of boxes side by side."""
    runs = []
    for row in _rows(boxes):
        beside = [phrase for phrase in phrases if on_row(phrase, row[0])]
        steps = [b.x_mm - a.x_mm for a, b in zip(row, row[1:], strict=False)]
        run = [row[0]]
        for step, (left, right) in zip(steps, zip(row, row[1:], strict=False), strict=True):
            text = any(left.centre_mm < phrase.centre_mm < right.centre_mm and _outside(phrase, left, right) for phrase in beside)
            uneven = len(steps) > 2 and step > UNEVEN * float(np.median(steps))
            if text or uneven or step > WIDEST_STEP_MM or left.panel != right.panel:
                runs.append(tuple(run))
                run = []
            run.append(right)
        runs.append(tuple(run))
    return runs


def _outside(phrase: Phrase, left: Outline, right: Outline) -> bool:
    """Whether a phrase stands between two boxes rather than inside one of them."""
    return left.right_mm - 0.6 < phrase.centre_mm < right.x_mm + 0.6


def _runs_to_blocks(runs: list[tuple[Outline, ...]], phrases: list[Phrase]) -> list[list[tuple[Outline, ...]]]:
    """Join runs that stand under each other in the same columns with no wording between."""
    links = []
    for a, upper in enumerate(runs):
        below = [
            (lower[0].y_mm - upper[0].bottom_mm, b)
            for b, lower in enumerate(runs)
            if b != a and lower[0].middle_mm > upper[0].bottom_mm and _share_columns(upper, lower)
        ]
        if not below:
            continue
        gap, b = min(below)
        if gap <= HIGHEST_STEP_MM and not _parted(upper, runs[b], runs, phrases):
            links.append((a, b))
    return [[runs[index] for index in group] for group in _connected(len(runs), links)]


def _share_columns(upper: tuple[Outline, ...], lower: tuple[Outline, ...]) -> bool:
    return _alike(upper[0], lower[0]) and upper[0].panel == lower[0].panel and any(
        abs(a.centre_mm - b.centre_mm) <= 0.3 * a.w_mm for a in upper for b in lower
    )


def _parted(
    upper: tuple[Outline, ...], lower: tuple[Outline, ...], runs: list[tuple[Outline, ...]], phrases: list[Phrase]
) -> bool:
    """Whether wording stands between two rows: text that does not go on from a label of either."""
    near = [p for p in phrases if upper[0].y_mm - 8 < p.middle_mm < lower[0].bottom_mm + 8]
    near = [p for p in near if _concerns(p, upper, lower, runs, near)]
    labels = [p for p in near if on_row(p, upper[0]) or on_row(p, lower[0])]
    between = [
        p
        for p in near
        if p not in labels and upper[0].middle_mm < p.middle_mm < lower[0].middle_mm and len(p.text) > SHORT
    ]
    if any(p.text.endswith("?") and p.x_mm < lower[0].x_mm for p in between):
        return True
    known = list(labels)
    for phrase in sorted(between, key=lambda one: one.y_mm) + sorted(between, key=lambda one: -one.y_mm):
        if phrase not in known and (
            any(continues(phrase, label) for label in known) or _under_label(phrase, upper, lower, labels)
        ):
            known.append(phrase)
    sizes = [p.size_mm for p in labels]
    return any(p not in known and (not sizes or p.size_mm > 0.88 * min(sizes)) for p in between)


def _concerns(
    phrase: Phrase,
    upper: tuple[Outline, ...],
    lower: tuple[Outline, ...],
    runs: list[tuple[Outline, ...]],
    near: list[Phrase],
) -> bool:
    """Whether a phrase lies where the labels and the wording of two rows stand, not in a column beside."""
    level = [
        box
        for run in runs
        if run is not upper and run is not lower
        for box in run
        if upper[0].y_mm - 20 < box.middle_mm < lower[0].bottom_mm + 20
    ]
    x, right = min(upper[0].x_mm, lower[0].x_mm), max(upper[-1].right_mm, lower[-1].right_mm)
    wall_left = max((box.right_mm for box in level if box.right_mm < x - 1), default=0.0)
    wall_right = min((box.x_mm for box in level if box.x_mm > right + 1), default=1000.0)
    if phrase.panel != upper[0].panel or phrase.right_mm <= wall_left or phrase.x_mm >= wall_right:
        return False
    if len(upper) > 1 or len(lower) > 1:
        return True
    on_right = [_gap_right(run[0], near) for run in (upper, lower)]
    if max(on_right) < NEXT_TO_MM:  # labels on the right: what ends before the box is of another column
        return phrase.right_mm > right + 2
    if min(on_right) > NEXT_TO_MM:
        return phrase.x_mm < x - 2
    return True


def _gap_right(box: Outline, phrases: list[Phrase]) -> float:
    """Distance to the first phrase right of a box, mm; large where there is none."""
    return min((p.x_mm - box.right_mm for p in phrases if on_row(p, box) and p.centre_mm > box.right_mm), default=999.0)


def _under_label(
    phrase: Phrase, upper: tuple[Outline, ...], lower: tuple[Outline, ...], labels: list[Phrase]
) -> bool:
    """Whether a phrase is a lighter second line under a label, or stands where the label of a write-in line does."""
    step = phrase.y_mm - upper[0].bottom_mm
    if len(upper) > 1 or phrase.asks or step > 6 or lower[0].y_mm - phrase.bottom_mm < -1:
        return False
    own = [label for label in labels if on_row(label, upper[0]) and label.x_mm > upper[0].right_mm]
    if own:
        first = min(own, key=lambda label: label.x_mm)
        return abs(first.x_mm - phrase.x_mm) <= 1.5 and not (phrase.bold and not first.bold)
    return 0 <= phrase.x_mm - upper[0].right_mm <= 8


def continues(phrase: Phrase, label: Phrase) -> bool:
    """Whether a phrase is the next (or the line before) of a label: same type, close, aligned."""
    step = abs(phrase.bottom_mm - label.bottom_mm)
    aligned = min(
        abs(phrase.x_mm - label.x_mm), abs(phrase.right_mm - label.right_mm), abs(phrase.centre_mm - label.centre_mm)
    )
    alike = abs(phrase.size_mm - label.size_mm) <= 0.15 * label.size_mm and phrase.bold == label.bold
    lower = phrase if phrase.y_mm > label.y_mm else label
    return alike and 0 < step <= 1.5 * label.size_mm and aligned <= 1.8 and not (lower is phrase and phrase.asks)


def _side_by_side(blocks: list[list[tuple[Outline, ...]]], phrases: list[Phrase]) -> list[Block]:
    """Join columns of labelled boxes that stand side by side under one wording."""
    frames = [_frame(block) for block in blocks]
    links = []
    for a, left in enumerate(blocks):
        for b, right in enumerate(blocks):
            if a == b or len(left[0]) > 1 or len(right[0]) > 1 or not _alike(left[0][0], right[0][0]):
                continue
            gap = frames[b][0] - frames[a][2]
            if left[0][0].panel != right[0][0].panel or not 0 < gap <= 1.6 * WIDEST_STEP_MM or _between(frames[a], frames[b], frames):
                continue
            level = abs(left[0][0].middle_mm - right[0][0].middle_mm) <= 0.35 * left[0][0].h_mm
            if level and abs(len(left) - len(right)) <= 1 + len(left) // 4 and not _has_own_wording(frames, a, b, phrases):
                links.append((a, b))
    merged = []
    for group in _connected(len(blocks), links):
        rows = _rows([box for index in group for run in blocks[index] for box in run])
        merged.append(Block(tuple(tuple(row) for row in rows)))
    return merged


def _frame(block: list[tuple[Outline, ...]]) -> tuple[float, float, float, float]:
    boxes = [box for run in block for box in run]
    return (
        min(b.x_mm for b in boxes), min(b.y_mm for b in boxes), max(b.right_mm for b in boxes), max(b.bottom_mm for b in boxes),
    )  # fmt: skip


def _between(a: tuple[float, ...], b: tuple[float, ...], frames: list[tuple[float, float, float, float]]) -> bool:
    """Whether a third block stands between two on the same lines."""
    return any(a[2] < f[0] and f[2] < b[0] and f[1] < a[3] and f[3] > a[1] for f in frames)


def _has_own_wording(
    frames: list[tuple[float, float, float, float]], a: int, b: int, phrases: list[Phrase]
) -> bool:
    """Whether text stands right above the right of two columns and does not reach over from the left one."""
    left, right = frames[a], frames[b]
    floor = max((f[3] for f in frames if f[3] < right[1] and f[0] < right[2] + 30 and f[2] > left[2]), default=0.0)
    above = [
        p
        for p in phrases
        if max(floor, right[1] - 12) < p.middle_mm < right[1] - 0.3 and p.right_mm > left[2] and p.x_mm < right[2] + 30
    ]
    return any(p.x_mm > left[2] + 1 for p in above)


# --- what is asked, and what is print ----------------------------------------------------------------------------


def _is_asked(block: Block, blocks: list[Block], parts: PageParts) -> bool:
    """Whether a block is to be filled in: not a printed example, not an ornament. Notes say what is left out."""
    marks = sum(box.printed for box in block.boxes)
    here = f"{block.x_mm:.0f} mm from the left, {block.y_mm:.0f} mm from the top"
    if marks and len(block.boxes) <= MOST_BOXES_A_MARK * marks:
        if len(block.boxes) > marks:
            parts.notes.append(f"page {parts.page}: {len(block.boxes)} boxes left out, some are filled in print (an example?), {here}")
        return False
    odd = all(other is block or _differ(block.boxes[0], other.boxes[0]) for other in blocks)
    reach = ODD_NEAR_MM if odd and len(blocks) > 1 else NEAR_MM
    if len(block.boxes) == 1 and parts.phrases and not _has_text_near(block.boxes[0], parts.phrases, reach):
        parts.notes.append(f"page {parts.page}: an outline left out, no text stands near it, {here}")
        return False
    return True


def _without_instructions(boxes: list[Outline], parts: PageParts) -> list[Outline]:
    """Drop boxes that stand inside a line of instructions: "a right mark: x"."""
    dropped: list[Outline] = []
    for row in _rows(boxes):
        beside = [p for p in parts.phrases if on_row(p, row[0])]
        near = [p for p in beside if any(max(p.x_mm - b.right_mm, b.x_mm - p.right_mm) < 3.0 for b in row)]
        short = len(row) <= 6 and any(EXAMPLE.search(p.text) for p in near)
        if short and len({p.text for p in near}) <= len(row) + 1:
            dropped += row
    dropped += [box for box in boxes if box not in dropped and any(_right_beside(box, other) for other in dropped)]
    if dropped:
        parts.notes.append(
            f"page {parts.page}: {len(dropped)} boxes left out, their line reads like an instruction,"
            f" {dropped[0].y_mm:.0f} mm from the top"
        )
    return [box for box in boxes if box not in dropped]


def _right_beside(box: Outline, other: Outline) -> bool:
    gap = max(box.x_mm - other.right_mm, other.x_mm - box.right_mm)
    return gap < 3.0 and abs(box.middle_mm - other.middle_mm) < 0.5 * max(box.h_mm, other.h_mm)


def _has_text_near(box: Outline, phrases: list[Phrase], reach_mm: float) -> bool:
    return any(
        (on_row(p, box) and max(p.x_mm - box.right_mm, box.x_mm - p.right_mm) < reach_mm)
        or (not on_row(p, box) and p.x_mm - 8 < box.centre_mm < p.right_mm + 8 and max(p.y_mm - box.bottom_mm, box.y_mm - p.bottom_mm) < min(6.0, reach_mm))
        for p in phrases
    )


def _empty_areas(areas: tuple[Outline, ...], parts: PageParts, outlines: list[Outline]) -> Iterator[Outline]:
    """Yield the larger frames people write in: empty but for a short label, no header cell of a table."""
    filled = {area: [p for p in parts.phrases if _inside(p.centre_mm, p.middle_mm, area)] for area in areas}
    for area in areas:
        if area.field is not None:
            yield from _field_parts(area, parts)
            continue
        if any(_inside(one.centre_mm, one.middle_mm, area) for one in outlines):
            continue
        text = filled[area]
        if text and (max(p.bottom_mm for p in text) - area.y_mm > 0.45 * area.h_mm or sum(len(p.text) for p in text) > 60):
            continue
        if any(filled[other] and _touch_right(area, other) for other in areas if other is not area):
            continue
        if any(_inside(other.centre_mm, other.middle_mm, area) for other in areas if other is not area):
            continue
        yield area


def _field_parts(area: Outline, parts: PageParts) -> Iterator[Outline]:
    """Yield a text field, or put its cells among the combs."""
    cells = area.field.cells if area.field is not None else 0
    if cells < 2:
        yield area
        return
    step = area.w_mm / cells
    parts.combs.append(
        tuple(
            Outline("field", area.x_mm + step * n, area.y_mm, step, area.h_mm, field=area.field) for n in range(cells)
        )
    )


def _touch_right(area: Outline, other: Outline) -> bool:
    return abs(other.x_mm - area.right_mm) <= 1.0 and abs(other.y_mm - area.y_mm) <= 1.0


def _inside(x_mm: float, y_mm: float, frame: Outline) -> bool:
    return frame.x_mm < x_mm < frame.right_mm and frame.y_mm < y_mm < frame.bottom_mm
