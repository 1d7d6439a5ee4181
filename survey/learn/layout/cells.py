"""Outlines that touch like cells of a table, and larger frames -> boxes of a ruled table, combs, free-text frames."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from survey.learn.layout.ruled import boxes_in
from survey.learn.printed.near import (
    connected,
    count_on,
    gap_mm,
    inside,
    on_row,
    stands_beside,
    stands_in,
    to_rows,
)
from survey.learn.printed.outlines import CELL_MM, Outline, PageOutlines
from survey.learn.printed.wording import SEVERAL, SIGN, Phrase

LEAST_RATING = 4  # numbers in a row of cells that are marked themselves
TOUCHING_MM = 0.6  # ruled cells share a line
LABEL_MM = 8.0  # how far from a cell its label begins or ends
AREA_MM = (15.0, 4.5)  # the smallest frame people write in
LINE_MM = 0.5  # of a ruled table, about
WIDEST_MM, HIGHEST_MM = 45.0, 15.0  # of a cell to mark
TOLD_MM, HEADERS_MM = 45.0, 12.0  # how far over the cells of a table text tells what to do, and headers stand
BOX_IN_CELL = 0.75  # a box is narrower than its cell by more
CLOSE_MM, NEXT_MM = 18.0, 1.5  # … and how far over those of a single column, right of their labels' cells
BAND_MM = 12.0  # the highest heading of a section between the rows of a table
BESIDE_MM = 60.0  # boxes further left, or right of a table, are none over it
MARKING = re.compile(r"\b(an|ge|ange)?kreuz|\bmarkier|zutreffend|\b(tick|cross|check|mark)\b", re.IGNORECASE)
CIRCLING = re.compile(r"\b(ein|um)?kreise|\bunterstreich|\b(circle|ring|underline)\b", re.IGNORECASE)
ENTRY = 12  # letters of the longest entry to be circled
ANSWER = re.compile(
    r"\b(ja|nein|nie|oft|immer|manchmal|selten|trifft|stimm\w*|sehr|eher|gar|voll|(un)?wichtig|(un)?zufrieden|neutral|teils|täglich)\b"
    r"|\b(yes|no|never|often|always|sometimes|rarely|agree|disagree|very|not|(dis|un)?satisfied|neutral|daily|excellent|good|fair|poor)\b"
    r"|\d[:.]\d\d\b|\d\s?(uhr|am|pm)\b",
    re.IGNORECASE,
)
LONGEST_LABEL = 60  # letters of a label inside a frame people write in


def find_lattices(outlines: list[Outline]) -> tuple[list[list[Outline]], list[Outline]]:
    """Part outlines into sets that touch each other like cells of a table, and the rest."""
    squares = [one for one in outlines if one.kind == "square" and one.field is None]
    others = [one for one in outlines if one.kind != "square" or one.field is not None]
    links = [
        (a, b)
        for a, one in enumerate(squares)
        for b, other in enumerate(squares)
        if a < b and _touch(one, other)
    ]
    groups = connected(len(squares), links)
    lattices = [[squares[index] for index in group] for group in groups if len(group) > 1]
    return lattices, others + [squares[group[0]] for group in groups if len(group) == 1]


def _touch(a: Outline, b: Outline) -> bool:
    beside = min(_apart(a.right_mm, b.x_mm), _apart(b.right_mm, a.x_mm)) <= TOUCHING_MM
    above = min(_apart(a.bottom_mm, b.y_mm), _apart(b.bottom_mm, a.y_mm)) <= TOUCHING_MM
    slack = max(TOUCHING_MM, 0.15 * min(a.w_mm, a.h_mm))
    in_row = abs(a.y_mm - b.y_mm) <= slack and abs(a.bottom_mm - b.bottom_mm) <= slack
    in_column = abs(a.x_mm - b.x_mm) <= slack and abs(a.right_mm - b.right_mm) <= slack
    return (beside and in_row) or (above and in_column)


def _apart(end: float, start: float) -> float:
    """How far two edges are from being one line; paper between them counts thrice, for ruled cells have none."""
    return max(3 * (start - end), end - start)


def sort_lattice(
    lattice: list[Outline], phrases: list[Phrase]
) -> tuple[list[Outline], list[tuple[Outline, ...]]]:
    """Part touching cells into boxes and combs; cells with text are labels.

    Boxes have headers, as in a ruled table, or stand under each other in one column, each with a text of its own.
    Cells with numbers that count along each row are boxes, too.
    """
    empty = [c for c in lattice if not any(inside(p.centre_mm, p.middle_mm, c) for p in phrases)]
    headed = len(empty) > 1 and (_have_headers(empty, phrases) or _have_labels(empty, phrases))
    boxes = lattice if _is_rating(lattice, phrases) else empty if headed else []
    if boxes:
        return [Outline("cell", c.x_mm, c.y_mm, c.w_mm, c.h_mm, sure=False, panel=c.panel) for c in boxes], []
    return [], [tuple(chain) for row in to_rows(empty) for chain in _chains(row) if len(chain) > 1]


def is_corner(outline: Outline, areas: Sequence[Outline], phrases: Sequence[Phrase]) -> bool:
    """Whether an empty cell, or several, begin a row of a ruled table with words in the next cells: its headers."""

    def beside(cell: Outline, *, has_words: bool) -> Outline | None:
        near = (area for area in areas if _touch_right(cell, area) and _as_low(cell, area))
        return next((a for a in near if any(stands_in(p, a) for p in phrases) == has_words), None)

    last = outline
    while after := beside(last, has_words=False):
        last = after
    first = beside(last, has_words=True)
    return first is not None and beside(first, has_words=True) is not None


def stand_before_boxes(lattice: list[Outline], boxes: Sequence[Outline], phrases: Sequence[Phrase]) -> bool:
    """Whether the empty cells of a column each stand left of a box in the next cell of their row.

    They are the rest of a column for the items' numbers.
    """
    empty = [cell for cell in lattice if not any(stands_in(p, cell) for p in phrases)]
    return len(to_rows(lattice)) == len(lattice) and all(
        any(
            0 < box.x_mm - cell.right_mm < LABEL_MM and cell.y_mm < box.middle_mm < cell.bottom_mm
            for box in boxes
        )
        for cell in empty
    )


def _is_rating(lattice: list[Outline], phrases: list[Phrase]) -> bool:
    """Whether each row of cells holds numbers that go up or down by one, under text that asks or tells to mark."""
    rows = to_rows(lattice)
    least = LEAST_RATING if len(rows) == 1 else 2
    for row in rows:
        held = [[p.text for p in phrases if inside(p.centre_mm, p.middle_mm, cell)] for cell in row]
        numbers = [int(text[0]) for text in held if len(text) == 1 and text[0].isdecimal()]
        if len(numbers) < max(len(row), least) or not count_on(numbers):
            return False
    top = min(cell.y_mm for cell in lattice)
    over = [p.text for p in phrases if 0 < top - p.middle_mm < CLOSE_MM]
    return any(text.endswith("?") or MARKING.search(text) for text in over)


def _have_headers(empty: list[Outline], phrases: list[Phrase]) -> bool:
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


def _have_labels(column: list[Outline], phrases: list[Phrase]) -> bool:
    """Whether cells under each other are all there is on their lines, and text stands beside each."""
    rows = to_rows(column)
    beside = [any(on_row(p, row[0]) and gap_mm(p, row[0]) < LABEL_MM for p in phrases) for row in rows]
    return len(rows) == len(column) and all(beside)


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


def holds_text(outline: Outline, phrases: list[Phrase]) -> bool:
    """Whether text stands inside: a label's cell. One or two letters in a box are its code."""
    inside = [
        phrase
        for phrase in phrases
        if outline.x_mm < phrase.centre_mm < outline.right_mm
        and outline.y_mm < phrase.middle_mm < outline.bottom_mm
    ]
    letters = sum(len(phrase.text.replace(" ", "")) for phrase in inside)
    return letters > 2 or (letters > 0 and outline.kind == "square" and outline.w_mm > 6.5)


def empty_areas(
    areas: Sequence[Outline],
    phrases: Sequence[Phrase],
    outlines: Sequence[Outline],
    smallest_mm: tuple[float, float] = AREA_MM,
) -> Iterator[Outline]:
    """Yield the larger frames people write in: empty but for a short label, no header cell of a table."""
    frames = [*areas, *outlines]
    filled = {frame: [p for p in phrases if inside(p.centre_mm, p.middle_mm, frame)] for frame in frames}
    with_box = [a for a in areas if any(inside(one.centre_mm, one.middle_mm, a) for one in outlines)]
    cells, headers = [*outlines, *with_box], _headers(areas, with_box)
    for area in areas:
        text = filled[area]
        others = [other for other in frames if other is not area]
        if area.field is not None or (
            area not in headers
            and area.w_mm >= smallest_mm[0]
            and area.h_mm >= smallest_mm[1]
            and not any(inside(one.centre_mm, one.middle_mm, area) for one in others)
            and not any(filled[other] and _touch_right(area, other) for other in others)
            and not (text and any(_touch_right(area, other) for other in with_box))
            and not any(filled[other] and _heads(area, other, cells) for other in others)
            and sum(len(p.text) for p in text) <= LONGEST_LABEL
            and all(p.bottom_mm - area.y_mm <= 0.45 * area.h_mm for p in text)
        ):
            yield area


def cells_to_mark(found: PageOutlines, phrases: Sequence[Phrase]) -> list[Outline]:
    """Return the cells of ruled tables that are to be marked and not written in, where some are larger than boxes.

    Every column has a header; and the text over the table speaks of marking, or most headers are answers. A table
    that has boxes in some columns takes marks there, and writing in the others.
    """
    empty = [
        area
        for area in empty_areas(found.areas, phrases, found.small, CELL_MM)
        if area.field is None and area.w_mm <= WIDEST_MM and area.h_mm <= HIGHEST_MM
    ]
    with_box = _cells_of_boxes(found, phrases)
    empty = [area for area in empty if not any(_is_in_row(area, cell) for cell in with_box)]
    grown = {_with_line(area): area for area in empty}
    high = {
        one: one for one in found.small if not one.printed and not any(stands_in(p, one) for p in phrases)
    }
    known: list[list[Outline]] = []  # tables of small cells are sorted later, but go on in larger ones, too
    to_mark: list[Outline] = []
    lattices = find_lattices([*grown, *high])[0]
    for lattice in sorted(lattices, key=lambda cells: min(cell.y_mm for cell in cells)):
        is_small = grown.keys().isdisjoint(lattice)
        if is_small and sort_lattice(lattice, [*phrases])[0]:
            known.append(lattice)
        elif any(_goes_on(upper, lattice) for upper in known) or (
            not is_small and _is_to_mark(lattice, phrases, found.small)
        ):
            known.append(lattice)
            to_mark += [(grown | high)[cell] for cell in lattice]
    return to_mark + _repeated_to_mark(found, phrases)


def _repeated_to_mark(found: PageOutlines, phrases: Sequence[Phrase]) -> list[Outline]:
    """Return the cells of tables whose rows all hold the same entries, of which one is marked.

    They are numbers that count on under headers, or short words under text that tells to mark or to circle.
    """
    small = [one for one in found.small if not one.printed and one.kind == "square"]
    held = {one: [p for p in phrases if stands_in(p, one)] for one in (*found.areas, *small)}
    entries = {
        one if one in small else _with_line(one): (one, text[0].text)
        for one, text in held.items()
        if len(text) == 1 and one.w_mm <= WIDEST_MM and one.h_mm <= HIGHEST_MM
    }
    to_mark: list[Outline] = []
    for lattice in find_lattices([*entries])[0]:
        columns = _alike_columns(lattice, {cell: entries[cell][1] for cell in lattice})
        if columns and _is_to_choose(columns, entries[columns[0]][1].isdecimal(), phrases, found.small):
            to_mark += [entries[cell][0] for cell in columns]
    return to_mark


def _alike_columns(lattice: Sequence[Outline], entries: dict[Outline, str]) -> list[Outline]:
    """Return the cells of the columns that hold the same short entry in each row but that of headers; or nothing."""
    rows = to_rows([*lattice])
    rows = rows[len({entries[cell] for row in rows[:2] for cell in row[-1:]}) - 1 :]
    if len(rows) < 2 or len({len(row) for row in rows}) > 1:
        return []
    columns = [column for column in zip(*rows, strict=True) if len({entries[cell] for cell in column}) == 1]
    heads = [entries[column[0]] for column in columns]
    numbers = [int(text) for text in heads if text.isdecimal()]
    counted = len(numbers) == len(heads) and count_on(numbers)
    words = (
        len(rows) > 2
        and not numbers
        and len({*heads}) == len(heads)
        and max(map(len, heads), default=99) <= ENTRY
    )
    return [cell for column in columns for cell in column] if len(heads) > 1 and (counted or words) else []


def _is_to_choose(
    cells: Sequence[Outline], are_numbers: bool, phrases: Sequence[Phrase], boxes: Sequence[Outline]
) -> bool:
    """Whether one of the entries of each row of a table is to be marked."""
    top, right = min(cell.y_mm for cell in cells), max(cell.right_mm for cell in cells)
    over = [p for p in phrases if 0 < top - p.middle_mm < CLOSE_MM and p.x_mm < right]
    told = any(MARKING.search(p.text) or CIRCLING.search(p.text) for p in over)
    return told or (are_numbers and _is_to_mark(cells, phrases, boxes))


def _cells_of_boxes(found: PageOutlines, phrases: Sequence[Phrase]) -> list[Outline]:
    """Return the frames that hold a box and nothing else."""
    held = {area: boxes_in(area, found.small) for area in found.areas if area.h_mm <= HIGHEST_MM}
    return [
        area
        for area, boxes in held.items()
        if len(boxes) == 1
        and boxes[0].w_mm < BOX_IN_CELL * area.w_mm
        and not any(stands_in(p, area) for p in phrases)
    ]


def _is_in_row(cell: Outline, other: Outline) -> bool:
    """Whether two cells begin and end as high: they stand in one row of a table."""
    return max(abs(cell.y_mm - other.y_mm), abs(cell.bottom_mm - other.bottom_mm)) <= TOUCHING_MM


def _goes_on(upper: Sequence[Outline], lower: Sequence[Outline]) -> bool:
    """Whether a table goes on under the heading of a section: cells in the same columns, a row further down."""
    edges = [{(round(c.x_mm), round(c.right_mm)) for c in cells} for cells in (upper, lower)]
    step_mm = min(c.y_mm for c in lower) - max(c.bottom_mm for c in upper)
    return len(edges[0]) > 1 and edges[0] == edges[1] and TOUCHING_MM < step_mm < BAND_MM


def _is_to_mark(lattice: Sequence[Outline], phrases: Sequence[Phrase], boxes: Sequence[Outline]) -> bool:
    cells = [replace(one, kind="cell") for one in lattice]  # rows differ in height, columns in width
    if not _have_headers(cells, [*phrases]):
        return False
    return _is_marked(cells, phrases, boxes) if _is_table(cells) else _is_marked_column(cells, phrases)


def _with_line(area: Outline) -> Outline:
    """Return a frame with half of the line around it."""
    half = LINE_MM / 2
    x, y, w, h = area.x_mm - half, area.y_mm - half, area.w_mm + LINE_MM, area.h_mm + LINE_MM
    return replace(area, kind="square", x_mm=x, y_mm=y, w_mm=w, h_mm=h)


def _is_table(lattice: Sequence[Outline]) -> bool:
    rows = to_rows([*lattice])
    return len(rows) > 1 and len({len(row) for row in rows}) == 1 and len(rows[0]) > 1


def _is_marked(lattice: Sequence[Outline], phrases: Sequence[Phrase], boxes: Sequence[Outline]) -> bool:
    """Whether the text over a table, down from the boxes above, tells to mark, or its headers are answers."""
    top = min(cell.y_mm for cell in lattice)
    left, right = min(cell.x_mm for cell in lattice), max(cell.right_mm for cell in lattice)
    over_it = (box for box in boxes if box.bottom_mm < top and left - BESIDE_MM < box.x_mm < right)
    floor = max((box.bottom_mm for box in over_it), default=0.0)
    over = [p for p in phrases if max(floor, top - TOLD_MM) < p.middle_mm < top and p.x_mm < right]
    heads = [p for p in over if left < p.centre_mm and top - p.middle_mm < HEADERS_MM]
    answers = sum(bool(ANSWER.search(p.text) or SIGN.fullmatch(p.text)) for p in heads)
    return any(MARKING.search(p.text) or SEVERAL.search(p.text) for p in over) or 2 * answers >= max(
        len(heads), 2
    )


def _is_marked_column(column: Sequence[Outline], phrases: Sequence[Phrase]) -> bool:
    """Whether cells stand under each other, each beside one with words, and the text close over them tells to mark."""
    top, left = min(cell.y_mm for cell in column), min(cell.x_mm for cell in column)
    over = [p for p in phrases if 0 < top - p.middle_mm < CLOSE_MM and p.x_mm < left]
    named = [
        any(p.cell is not None and stands_beside(p.cell, cell) and _is_next(p.cell, cell) for p in phrases)
        for cell in column
    ]
    is_column = len(to_rows([*column])) == len(column) > 1
    return is_column and all(named) and any(MARKING.search(p.text) for p in over)


def _is_next(label: Outline, cell: Outline) -> bool:
    return abs(cell.x_mm - label.right_mm) <= NEXT_MM


def _headers(areas: Sequence[Outline], with_box: Sequence[Outline]) -> set[Outline]:
    """Return the frames right on top of cells with a box, those on top of these, and those left of them.

    They are headers in one or more lines, and the corners of a table over its sections and the labels of its rows.
    """
    under, headers = [*with_box], set[Outline]()
    while under:
        cell = under.pop()
        over = {area for area in areas if _lies_on(area, cell)}
        over |= {
            area for area in areas if cell in headers and _touch_right(area, cell) and _as_low(area, cell)
        }
        over -= headers | {*with_box}
        headers |= over
        under += over
    return headers


def _as_low(area: Outline, cell: Outline) -> bool:
    return abs(area.bottom_mm - cell.bottom_mm) <= 1.0


def _lies_on(area: Outline, cell: Outline) -> bool:
    """Whether a frame stands on another that is no wider."""
    within = area.x_mm - 1.0 <= cell.x_mm and cell.right_mm <= area.right_mm + 1.0
    return within and abs(cell.y_mm - area.bottom_mm) <= 1.0


def split_field(area: Outline) -> tuple[Outline, ...]:
    """Part a comb field of a fillable PDF into its cells; an empty tuple where it is none."""
    cells = area.field.cells if area.field is not None else 0
    step = area.w_mm / max(cells, 1)
    return tuple(
        Outline("field", area.x_mm + step * n, area.y_mm, step, area.h_mm, field=area.field)
        for n in range(cells if cells > 1 else 0)
    )


def _touch_right(area: Outline, other: Outline) -> bool:
    return abs(other.x_mm - area.right_mm) <= 1.0 and abs(other.y_mm - area.y_mm) <= 1.0


def _heads(area: Outline, other: Outline, cells: Sequence[Outline]) -> bool:
    """Whether a frame is the corner of a ruled table: on top of a row's label, which has cells on its right."""
    on_top = abs(other.y_mm - area.bottom_mm) <= 1.0 and abs(other.x_mm - area.x_mm) <= 1.0
    as_wide = abs(other.right_mm - area.right_mm) <= 1.0
    is_section = other.right_mm > area.right_mm + TOUCHING_MM  # a heading across the whole table
    return on_top and (is_section or (as_wide and any(_touch_right(other, cell) for cell in cells)))
