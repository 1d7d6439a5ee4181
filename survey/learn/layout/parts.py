"""Outlines of a page -> what it asks: blocks of boxes, combs, free-text frames; examples and ornaments fall out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from survey.learn.layout.answer_rows import answer_rows
from survey.learn.layout.apart import (
    codes_apart,
    headed_apart,
    named_no_answers,
    no_answers_beside,
    scales_apart,
    with_no_answer,
)
from survey.learn.layout.bands import join_bands
from survey.learn.layout.beside import SAME_COLUMN, Beside, label_boxes, labels_under
from survey.learn.layout.blocks import Block, in_tables, lists_apart, rows_to_runs, runs_to_tables
from survey.learn.layout.cells import (
    MARKING,
    cells_to_mark,
    empty_areas,
    find_lattices,
    holds_text,
    is_corner,
    sort_lattice,
    split_field,
    stand_before_boxes,
)
from survey.learn.layout.first_ends import with_first_ends, with_first_labels, with_first_numbers
from survey.learn.layout.gutter import Gutter, find_gutter
from survey.learn.layout.lists import labelled_to_lists
from survey.learn.layout.numbering import (
    begun_by_shapes,
    codes_before_boxes,
    codes_behind_boxes,
    codes_in_margins,
    find_counting,
    find_tags,
    with_numbers,
)
from survey.learn.layout.ornaments import (
    HEADED_MM,
    crossed_in_print,
    pictures_to_mark,
    without_dashes,
    without_enumeration,
    without_joins,
    without_note_marks,
    without_ornaments,
    without_timing_marks,
)
from survey.learn.layout.routes import routes_apart
from survey.learn.printed.justified import with_justified
from survey.learn.printed.near import SHORT, alike, differ, gap_mm, inside, on_row, stands_in, to_rows
from survey.learn.printed.outlines import Outline, PageOutlines
from survey.learn.printed.phrases import letters_to_phrases, letters_to_steep_phrases
from survey.learn.printed.wording import Phrase

PANEL_MM = (35.0, 9.0)  # the smallest frame drawn around an item
COMB_MM = 5.5  # the lowest cell of a comb that does not touch its neighbour
LINE_MM = 1.0  # of a ruled table, at most
LARGE = 0.75  # all other boxes are lower than so much of a large one's height
NEAR_MM = 25.0  # text further from a lone outline says nothing of it
ODD_NEAR_MM = (
    4.5  # nor does text further than this from a lone outline of a size of its own: part of a drawing
)
MOST_BOXES_A_MARK = 60  # more boxes to one printed mark are no example


@dataclass(frozen=True)
class PageParts:
    """What one page asks: blocks of boxes, combs, free-text frames, its text, and what was left out and why."""

    page: int
    phrases: list[Phrase]
    steep: list[Phrase]
    """Text on its side."""
    routes: list[Phrase]
    """What says where to go on, none of its text."""
    blocks: list[Block]
    beside: Beside
    combs: list[tuple[Outline, ...]]
    areas: list[Outline]
    notes: list[str]
    columns: tuple[int, ...] = ()
    """Which panels are the left and the right column of text; empty where the page has but one."""


def outlines_to_parts(page: int, found: PageOutlines) -> PageParts:
    """Sort a page's outlines into blocks, combs and free-text frames."""
    found, phrases = _numbered_phrases(replace(found, small=tuple(without_timing_marks(found.small))))
    steep = letters_to_steep_phrases(found.letters)
    panels = _panels(found, phrases)
    gutter = find_gutter(phrases, found.small, found.areas)
    cells = sorted([*found.areas, *found.small], key=lambda one: one.w_mm * one.h_mm)
    phrases = [replace(p, panel=_panel_of(p, panels, gutter), cell=_cell_of(p, cells)) for p in phrases]
    phrases, routes = routes_apart(without_joins(phrases, found.small))
    phrases = without_enumeration(without_dashes(phrases, found.small), found.small)
    phrases = with_first_ends(phrases, found.small)
    phrases = with_first_labels(with_first_numbers(phrases, found.small), found.small)
    phrases = no_answers_beside(phrases, found.small)
    small = [replace(one, panel=_panel_of(one, panels, gutter)) for one in found.small]
    small = pictures_to_mark(crossed_in_print(small, phrases), phrases)
    codes = codes_before_boxes(phrases, small) | codes_behind_boxes(phrases, small)
    phrases = [p for p in phrases if p not in codes]
    cells = [] if found.from_image else cells_to_mark(replace(found, small=tuple(small)), phrases)
    found = replace(found, areas=tuple(area for area in found.areas if area not in cells))
    lattices, alone = find_lattices([one for one in small if one not in cells])
    frames = [*found.areas, *small]
    alone = [one for one in alone if one.kind != "square" or not is_corner(one, frames, [*phrases, *steep])]
    alone = [box for box in alone if not holds_text(box, phrases)]
    alone += [replace(cell, kind="cell", sure=False, panel=_panel_of(cell, panels, gutter)) for cell in cells]
    boxes, notes = without_ornaments(alone, phrases)
    combs: list[tuple[Outline, ...]] = []
    for lattice in lattices:
        if any(cell.printed and not any(stands_in(p, cell) for p in phrases) for cell in lattice):
            notes.append(f"{len(lattice)} cells left out, some are filled in print (a code?)")
            continue
        if stand_before_boxes(lattice, alone, phrases):
            continue
        ruled, chains = sort_lattice(lattice, phrases)
        boxes, combs = boxes + ruled, combs + chains
        if not ruled and not chains and not any(holds_text(cell, phrases) for cell in lattice):
            place = f"{lattice[0].x_mm:.0f} mm from the left, {lattice[0].y_mm:.0f} mm from the top"
            notes.append(
                f"{len(lattice)} touching cells left out, no text heads them or stands beside them, {place}"
            )
    blocks, beside, headings = _blocks(boxes, phrases, notes, steep=steep, from_image=found.from_image)
    areas = [] if found.from_image else list(empty_areas(found.areas, [*phrases, *steep], small))
    phrases = [p for p in phrases if p not in headings]
    written = [block for block in blocks if _is_comb(block, blocks, phrases) or _is_digit(block, combs)]
    combs += [block.rows[0] for block in written]
    blocks = [block for block in blocks if block not in written]
    fields = {area: split_field(area) for area in areas}
    return PageParts(
        page,
        phrases,
        steep,
        routes,
        blocks,
        beside,
        combs + [cells for cells in fields.values() if cells],
        [area for area, cells in fields.items() if not cells],
        [f"page {page}: {note}" for note in notes],
        (len(panels), len(panels) + 1) if gutter is not None else (),
    )


def _numbered_phrases(found: PageOutlines) -> tuple[PageOutlines, list[Phrase]]:
    """Return the text of a page, items with their numbers, and its outlines without the shapes these stand in."""
    walls = (*found.small, *found.areas)
    phrases = letters_to_phrases([one for one in found.letters if not one.quarters], walls)
    phrases = without_note_marks(with_justified(phrases, walls))
    margins = codes_in_margins(phrases, found.small)
    phrases = [p for p in phrases if p not in margins]
    tags = find_tags(found.small, phrases)
    found = replace(found, small=tuple(one for one in found.small if one not in tags))
    phrases, numbers = begun_by_shapes(phrases, tags)
    tagged = [*numbers, *find_counting(phrases, found.small)]
    return found, with_numbers(phrases, found.small, tagged)


def _blocks(
    boxes: list[Outline], phrases: list[Phrase], notes: list[str], *, steep: list[Phrase], from_image: bool
) -> tuple[list[Block], Beside, list[Phrase]]:
    """Join boxes to blocks, radio buttons of a fillable PDF by their name or as rows of a table; with their labels.

    Returns the headings of groups of rows, too. Adds to the notes what is left out.
    """
    options = answer_rows([box for box in boxes if not _group(box)], phrases)
    in_cells = {one.box for row in options for one in row}
    boxes = [box for box in boxes if box not in in_cells]
    runs = lists_apart(rows_to_runs(boxes, phrases), phrases)
    rows = in_tables(runs, phrases)
    beside = label_boxes([run[0] for run in runs if run not in rows], rows, phrases)
    labels = {line for lines in beside.lines.values() for line in lines}
    labels |= {line for one in beside.boxes for line in one.lines}
    labels |= {line for row in options for one in row for line in one.lines}
    labels |= {line for row in rows for line in labels_under(row, boxes, phrases)}
    buttons = _buttons(boxes)
    tables = runs_to_tables(
        [run for run in rows if not _group(run[0]) or {*run} == {*buttons[_group(run[0])]}],
        [p for p in phrases if p in labels],
        [p for p in phrases if p not in labels],
    )
    tables, headings = join_bands(tables, [p for p in phrases if p not in labels], steep)
    if headings:
        called = "" if from_image else f": {', '.join(repr(p.text) for p in headings)}"
        notes.append(f"headings that part the rows of a table are left out{called}")
    tables = [table for table in tables if len(table) > 1 or not _group(table[0][0])]
    of_tables = {box for table in tables for run in table for box in run}
    lists = labelled_to_lists(
        [one for one in beside.boxes if not _group(one.box)],
        [p for p in phrases if p not in labels],
        [box for run in rows for box in run],
    )
    tables, lists = with_no_answer(tables, lists, phrases)
    heads = named_no_answers(tables, lists, phrases)
    beside = replace(
        beside, boxes=[replace(one, lines=heads.get(one.box, one.lines)) for one in beside.boxes]
    )
    for parted in (headed_apart, codes_apart, scales_apart):
        tables = [part for table in tables for part in parted(table, phrases)]
    found = [Block(tuple(table)) for table in tables] + [Block(_in_rows(members)) for members in lists]
    found += [Block((tuple(one.box for one in row),)) for row in options]
    beside = replace(beside, boxes=[*beside.boxes, *(one for row in options for one in row)])
    kept = []
    for block in found:
        reason = _why_not_asked(
            block, found, [] if from_image else phrases
        )  # not all words of a picture are seen
        if not reason:
            kept.append(block)
        elif len(block.boxes) > sum(box.printed for box in block.boxes):
            place = f"{block.x_mm:.0f} mm from the left, {block.y_mm:.0f} mm from the top"
            notes.append(f"{len(block.boxes)} boxes left out, {reason}, {place}")
    named = [Block(_in_rows(own)) for own in buttons.values() if not of_tables.issuperset(own)]
    return kept + named, beside, headings


def _in_rows(boxes: list[Outline]) -> tuple[tuple[Outline, ...], ...]:
    return tuple(tuple(row) for row in to_rows(boxes))


def _buttons(boxes: Sequence[Outline]) -> dict[str, list[Outline]]:
    """Return the radio buttons of a fillable PDF by the name that joins them."""
    buttons: dict[str, list[Outline]] = {}
    for box in sorted((box for box in boxes if _group(box)), key=_group):
        buttons.setdefault(_group(box), []).append(box)
    return buttons


def _group(box: Outline) -> str:
    """The name that joins radio buttons of a fillable PDF; empty for other boxes."""
    return box.field.name if box.field is not None and box.field.kind == "radio" else ""


def _panels(found: PageOutlines, phrases: list[Phrase]) -> list[Outline]:
    """Return the frames that hold several boxes and their text, the smallest first."""
    large = [area for area in found.areas if area.w_mm >= PANEL_MM[0] and area.h_mm >= PANEL_MM[1]]
    panels = [
        area
        for area in large
        if sum(inside(one.centre_mm, one.middle_mm, area) for one in found.small) >= 2
        and sum(inside(p.centre_mm, p.middle_mm, area) for p in phrases) >= 2
        and not _is_tinted_row(area, found.small, phrases)
        and not any(_labels(other, area, found.small, phrases) for other in found.areas)
    ]
    return sorted(panels, key=lambda area: (area.w_mm * area.h_mm, area.y_mm, area.x_mm))


def _labels(cell: Outline, area: Outline, boxes: Sequence[Outline], phrases: Sequence[Phrase]) -> bool:
    """Whether a cell with words and no box stands left of a frame, as high as it: both are cells of a table."""
    beside = abs(area.x_mm - cell.right_mm) <= LINE_MM and cell.x_mm < area.x_mm
    level = abs(area.y_mm - cell.y_mm) <= LINE_MM and abs(area.bottom_mm - cell.bottom_mm) <= LINE_MM
    if not (beside and level) or any(inside(one.centre_mm, one.middle_mm, cell) for one in boxes):
        return False
    return any(len(p.text) > SHORT for p in phrases if stands_in(p, cell))


def _is_tinted_row(area: Outline, boxes: Sequence[Outline], phrases: Sequence[Phrase]) -> bool:
    """Whether a frame holds but one row of a table, a label left of its boxes, and others stand over or under them."""
    row = [box for box in boxes if inside(box.centre_mm, box.middle_mm, area)]
    near = [
        box
        for box in boxes
        if box not in row and max(area.y_mm - box.bottom_mm, box.y_mm - area.bottom_mm) < area.h_mm
    ]
    text = [p for p in phrases if inside(p.centre_mm, p.middle_mm, area)]
    return (
        len(to_rows(row)) == 1
        and all(p.right_mm < min(box.x_mm for box in row) or on_row(p, row[0]) for p in text)
        and all(
            any(abs(box.centre_mm - one.centre_mm) <= SAME_COLUMN * one.w_mm for box in near) for one in row
        )
    )


def _cell_of(phrase: Phrase, cells: Sequence[Outline]) -> Outline | None:
    """Return the smallest frame that a phrase stands in."""
    return next((cell for cell in cells if stands_in(phrase, cell)), None)


def _panel_of(one: Phrase | Outline, panels: list[Outline], gutter: Gutter | None) -> int:
    """Return the frame something stands in, else its column behind the last frame; -1 where there is neither."""
    frame = next((n for n, panel in enumerate(panels) if inside(one.centre_mm, one.middle_mm, panel)), -1)
    side = -1 if gutter is None else gutter.side(one.x_mm, one.middle_mm)
    return frame if frame >= 0 or side < 0 else len(panels) + side


def _is_comb(block: Block, blocks: Sequence[Block], phrases: Sequence[Phrase]) -> bool:
    """Whether a row of boxes is a comb whose cells do not touch: close together, high, and higher than wide.

    Or else larger than all boxes of the page, with no text over, under or between them.
    """
    row = block.rows[0]
    high = all(box.h_mm >= COMB_MM for box in row) and len(block.rows) == 1 and len(row) > 1
    if not high or any(b.x_mm - a.right_mm > 3 for a, b in pairwise(row)):
        return False
    others = [box.h_mm for other in blocks if other is not block for box in other.boxes if box.kind != "cell"]
    is_large = bool(others) and max(others) < LARGE * row[0].h_mm
    bare = not any(
        row[0].x_mm < p.centre_mm < row[-1].right_mm and abs(p.middle_mm - row[0].middle_mm) < 2 * row[0].h_mm
        for p in phrases
    )
    return all(box.h_mm >= 1.15 * box.w_mm for box in row) or (is_large and bare)


def _is_digit(block: Block, combs: Sequence[tuple[Outline, ...]]) -> bool:
    """Whether a lone box is higher than wide and of the size of the cells of the page's combs: one digit."""
    box = block.boxes[0]
    alone = len(block.boxes) == 1 and box.h_mm >= max(COMB_MM, 1.15 * box.w_mm)
    return alone and any(alike(box, cell) for comb in combs for cell in comb)


def _why_not_asked(block: Block, blocks: list[Block], phrases: list[Phrase]) -> str:
    """Say why a block is not to be filled in: a printed example, an ornament; empty where it is asked."""
    marks = sum(box.printed for box in block.boxes)
    if marks and len(block.boxes) <= MOST_BOXES_A_MARK * marks:
        return "some are filled in print (an example?)"
    odd = all(other is block or differ(block.boxes[0], other.boxes[0]) for other in blocks)
    if odd and len(block.boxes) == 1 and any(_heads_column(block.boxes[0], other) for other in blocks):
        return "a picture over a column"
    reach = ODD_NEAR_MM if odd and len(blocks) > 1 else NEAR_MM
    if len(block.boxes) == 1 and phrases:
        outside = [
            p for p in phrases if not stands_in(p, block.boxes[0])
        ]  # a page's number stands in a box, too
        is_near = _has_text_near(block.boxes[0], outside, reach) or _is_in_column(block, blocks, outside)
        return "" if is_near else "no text stands near"
    return ""


def _heads_column(box: Outline, table: Block) -> bool:
    """Whether a larger outline stands over one column of a table, in the middle of it, as a face does."""
    first = table.boxes[0]
    return (
        min(len(table.rows), len(table.rows[0])) > 1
        and min(box.w_mm / first.w_mm, box.h_mm / first.h_mm) > 1
        and 0 < first.y_mm - box.bottom_mm < HEADED_MM
        and any(abs(box.centre_mm - one.centre_mm) < first.w_mm / 2 for one in table.rows[0])
    )


def _is_in_column(block: Block, blocks: Sequence[Block], phrases: Sequence[Phrase]) -> bool:
    """Whether a box stands over or under others alone on their lines, each with words on its line, however far off."""
    box = block.boxes[0]
    column = [
        other.boxes[0]
        for other in blocks
        if len(other.boxes) == 1
        and alike(other.boxes[0], box)
        and abs(other.boxes[0].centre_mm - box.centre_mm) <= SAME_COLUMN * box.w_mm
    ]
    named = [any(on_row(p, one) and len(p.text) > SHORT for p in phrases) for one in column]
    others = [one for other in blocks if other is not block for one in other.boxes]
    is_covered = any(inside(one.centre_mm, one.middle_mm, box) for one in others)
    return len(column) > 1 and all(named) and not is_covered


def _has_text_near(box: Outline, phrases: list[Phrase], reach_mm: float) -> bool:
    return any(
        (on_row(p, box) and gap_mm(p, box) < (NEAR_MM if MARKING.search(p.text) else reach_mm))
        or (
            not on_row(p, box)
            and p.x_mm - min(8.0, reach_mm) < box.centre_mm < p.right_mm + min(8.0, reach_mm)
            and max(p.y_mm - box.bottom_mm, box.y_mm - p.bottom_mm) < min(6.0, reach_mm)
        )
        for p in phrases
    )
