"""Words over a table's columns, or right under its boxes -> the header of each column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from survey.learn.labels.page_text import PageText
from survey.learn.layout.blocks import Block, column_of, columns_mm
from survey.learn.layout.column_heads import is_line_over
from survey.learn.layout.ruled import SAME_RULE_MM, are_in_one_row, lies_on
from survey.learn.printed.near import count_on
from survey.learn.printed.phrases import split_at, split_over
from survey.learn.printed.wording import Phrase, is_line_under, join

HEADER_REACH_MM = 20.0
TABLE_MM, HIGHEST_ROW_MM = 80.0, 12.0  # of a table of data over the boxes of its last row; of one of its rows
FOOTER_REACH_MM = 7.0
FLUSH_MM = (
    2.0  # a header set on the left of its column begins where the boxes do, but for the blank of a letter
)
HEADER_STEP = 1.75  # of the type size, from line to line of a header
LEAST_SCALE = 4  # boxes of which only the ends need a label
ALONE_MM = 25.0  # what a single column is taken to have for itself


def find_headers(block: Block, text: PageText) -> dict[int, list[Phrase]]:
    """Find the lines above each column that are no wider than a column may be."""
    centres = columns_mm(block)
    step = _step_mm(centres)
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
        for p in (*text.free(), *text.steep)
        if floor < p.middle_mm < block.y_mm + 0.5
        and block.y_mm - p.bottom_mm < HEADER_REACH_MM
        and not p.text.endswith("?")
        and not (p.is_numbered and p.text.endswith(":"))
    ]
    near = [p for p in near if not _is_over_question(p, block, text)]
    near += _lines_higher_up(near, floor, _step_mm(centres), text)
    near = [p for p in near if not _is_alone_over_several(p, near, centres)]
    for phrase in near:
        pieces = _split(phrase, block)
        if len(pieces) > 1:
            text.phrases = [p for p in text.phrases if p is not phrase] + pieces
    near = _over_data(block, text) or near
    above = [p for phrase in near for p in _split(phrase, block)]
    headers: dict[int, list[Phrase]] = {place: [] for place in range(len(centres))}
    flush = _flush_columns(above, block)
    owned = {p: own for p in above if (own := flush.get(p, _column_of_cell(p, block))) is not None}
    for phrase in sorted(above, key=lambda one: -one.bottom_mm):
        place = owned.get(phrase, column_of(phrase, centres))
        is_wide = phrase.right_mm - phrase.x_mm >= 1.9 * step or _is_in_next_cell(phrase, owned)
        if phrase not in owned and (is_wide or abs(centres[place] - phrase.centre_mm) > 0.55 * step):
            continue
        stack = headers[place]
        if stack and (not is_line_over(phrase, stack[-1], HEADER_STEP) or stack[-1].bold != phrase.bold):
            continue
        stack.append(phrase)
    headers = _numbers_alone(_own_cells(headers))
    if sum(bool(lines) for lines in headers.values()) < max(2, len(centres) / 3):
        return {}
    lowest = min((lines[0].bottom_mm for lines in headers.values() if lines), default=0.0)
    tallest = max((lines[0].size_mm for lines in headers.values() if lines), default=0.0)
    highest_foot = max((lines[0].bottom_mm for lines in headers.values() if lines), default=0.0)
    if highest_foot - lowest > 3.5 * tallest:  # not one line of headers: keep those that stand right above
        headers = {
            c: lines if lines and highest_foot - lines[0].bottom_mm < 2.5 * tallest else []
            for c, lines in headers.items()
        }
    return headers


def _is_over_question(phrase: Phrase, block: Block, text: PageText) -> bool:
    """Whether a question stands between a text and the boxes of a single row: the text belongs to what is over it."""
    return len(block.rows) == 1 and any(
        q.text.endswith("?") and phrase.bottom_mm < q.y_mm and q.bottom_mm < block.y_mm
        for q in text.free()
        if q.panel == phrase.panel and q.x_mm < block.right_mm and q.right_mm > block.x_mm
    )


def _lines_higher_up(near: Sequence[Phrase], floor_mm: float, step_mm: float, text: PageText) -> list[Phrase]:
    """Return what is too far up to be looked for, but goes on in a header: no wider than a column, in its type."""
    found = [*near]
    over = [p for p in text.free() if p not in near and p.middle_mm > floor_mm and not p.asks]
    for p in sorted(over, key=lambda one: -one.bottom_mm):
        goes_on = any(
            is_line_over(p, q, HEADER_STEP) and p.bottom_mm < q.bottom_mm and _are_stacked(p, q)
            for q in found
        )
        found += [p] if goes_on and p.right_mm - p.x_mm < step_mm else []
    return found[len(near) :]


def _are_stacked(upper: Phrase, lower: Phrase) -> bool:
    alike = upper.bold == lower.bold and abs(upper.size_mm - lower.size_mm) < 0.1 * lower.size_mm
    return alike and min(upper.right_mm, lower.right_mm) > max(upper.x_mm, lower.x_mm)


def _step_mm(centres: Sequence[float]) -> float:
    """Return how far columns mostly stand apart."""
    return float(np.median(np.diff(centres))) if len(centres) > 1 else ALONE_MM


def _is_in_next_cell(phrase: Phrase, owned: Iterable[Phrase]) -> bool:
    """Whether the ruled cell of a phrase is of one row with that of a column's header: it heads something else."""
    cells = [p.cell for p in owned if p.cell is not None and p.cell != phrase.cell]
    return phrase.cell is not None and any(are_in_one_row(phrase.cell, cell) for cell in cells)


def _flush_columns(above: Sequence[Phrase], block: Block) -> dict[Phrase, int]:
    """Return what begins where a column's boxes begin and ends before the next, if all columns have such headers."""
    lefts = _lefts_mm(block)
    ends = [*lefts[1:], np.inf]
    flush = {
        p: place
        for p in above
        for place, (left, end) in enumerate(zip(lefts, ends, strict=True))
        if abs(p.x_mm - left) < FLUSH_MM and p.right_mm < end
    }
    return flush if {*flush.values()} == {*range(len(lefts))} else {}


def _lefts_mm(block: Block) -> list[float]:
    """Return where the boxes of each column begin."""
    return [
        min(box.x_mm for box in block.boxes if abs(box.centre_mm - x) < box.w_mm) for x in columns_mm(block)
    ]


def _split(phrase: Phrase, block: Block) -> list[Phrase]:
    """Part a phrase that is the headers of several columns: each over its column, or from where its boxes begin."""
    pieces = split_over(phrase, columns_mm(block))
    return pieces if len(pieces) > 1 else split_at(phrase, _lefts_mm(block), FLUSH_MM)


def _column_of_cell(phrase: Phrase, block: Block) -> int | None:
    """Return the column that the ruled cell of a phrase stands over, where it is but one."""
    cell = phrase.cell
    if cell is None or cell.bottom_mm > block.y_mm + SAME_RULE_MM:
        return None
    under = [place for place, x in enumerate(columns_mm(block)) if cell.x_mm < x < cell.right_mm]
    return under[0] if len(under) == 1 else None


def _is_alone_over_several(phrase: Phrase, phrases: Sequence[Phrase], centres: Sequence[float]) -> bool:
    """Whether a phrase is all the text of a cell that spans several columns."""
    cell = phrase.cell
    if cell is None or sum(cell.x_mm < x < cell.right_mm for x in centres) < 2:
        return False
    return not any(p.cell == cell for p in phrases if p is not phrase)


def over_several(block: Block, heads: Sequence[Phrase], left_mm: float, text: PageText) -> list[Phrase]:
    """Find what stands over the headers in cells that span several columns, but not the rows' labels, too.

    Headers on their side may be high.
    """
    centres = columns_mm(block)
    foot = min([block.y_mm, *(p.y_mm for p in heads if p in text.steep)])
    return [
        p
        for p in text.free()
        if p.cell is not None
        and 0 <= foot - p.cell.bottom_mm < HEADER_REACH_MM
        and p.cell.x_mm > left_mm
        and sum(p.cell.x_mm < x < p.cell.right_mm for x in centres) > 1
    ]


def _own_cells(headers: dict[int, list[Phrase]]) -> dict[int, list[Phrase]]:
    """Drop what stands in a cell of its own over the lowest line of some headers only: it heads several columns."""
    own = {place: [p for p in lines if p.cell == lines[0].cell] for place, lines in headers.items()}
    two = [len(own[place]) < len(lines) for place, lines in headers.items() if lines]
    return headers if all(two) else own


def _over_data(block: Block, text: PageText) -> list[Phrase]:
    """Return the row of cells that heads a table whose last row has the boxes, where the others have labels: data.

    Nothing where no text stands in the cells right over the boxes, or all rows have a label.
    """
    centres = columns_mm(block)
    over = [
        p
        for p in text.free()
        if p.cell is not None
        and 0 < block.y_mm - p.middle_mm < TABLE_MM
        and sum(p.cell.x_mm < x < p.cell.right_mm for x in centres) == 1
    ]
    rows: list[float] = []
    foot = block.y_mm
    for cell in sorted({p.cell for p in over if p.cell is not None}, key=lambda one: -one.bottom_mm):
        if foot - cell.bottom_mm > HIGHEST_ROW_MM:
            break
        rows += [cell.y_mm] if not rows or rows[-1] - cell.y_mm > SAME_RULE_MM else []
        foot = min(foot, cell.y_mm)
    left = min((p.cell.x_mm for p in over if p.cell is not None), default=0.0)
    named = [any(_is_in_row(p, y, left) for p in text.phrases) for y in rows]
    if len(block.rows) > 1 or len(rows) < 2 or named[-1] or not all(named[:-1]):
        return []
    return [p for p in over if p.cell is not None and abs(p.cell.y_mm - rows[-1]) <= SAME_RULE_MM]


def _is_in_row(phrase: Phrase, top_mm: float, right_mm: float) -> bool:
    """Whether a phrase stands in a cell of a row, left of its other cells."""
    cell = phrase.cell
    return (
        cell is not None
        and abs(cell.y_mm - top_mm) <= SAME_RULE_MM
        and cell.right_mm <= right_mm + SAME_RULE_MM
    )


def _numbers_alone(headers: dict[int, list[Phrase]]) -> dict[int, list[Phrase]]:
    """Drop what stands over numbers that count on from column to column: it names the ends of their scale."""
    lowest = [lines[0].text if lines else "" for lines in headers.values()]
    numbers = [int(text) for text in lowest if text.isdecimal()]
    counted = len(numbers) == len(lowest) >= LEAST_SCALE and count_on(numbers)
    over = sum(len(lines) > 1 for lines in headers.values())
    return {n: lines[:1] for n, lines in headers.items()} if counted and over < len(headers) else headers


def find_footers(block: Block, text: PageText) -> dict[int, list[Phrase]]:
    """Find a label right under each box of a single row, or under its ends; nothing unless both ends have one.

    Rows of a table may all have the same under them, as on cards.
    """
    if len(block.rows) > 1:
        used = {*text.used}
        rows = [find_footers(Block((row,), block.page), text) for row in block.rows]
        said = {tuple(join(lines) for lines in row.values()) for row in rows}
        repeats = len(said) == 1 and all(rows) and all(map(all, said))
        text.used = used | {p for row in rows for lines in row.values() for p in lines} if repeats else used
        return rows[0] if repeats else {}
    centres = columns_mm(block)
    step = _step_mm(centres)
    near = [p for p in text.free() if 0 < p.middle_mm - block.bottom_mm < FOOTER_REACH_MM]
    pieces = {p: split_over(p, centres) for p in near}
    under = {
        place: [one for p in near for one in pieces[p] if abs(one.centre_mm - centre) < 0.3 * step]
        for place, centre in enumerate(centres)
    }
    if all(under.values()):
        down = {place: sorted(lines, key=lambda p: p.y_mm) for place, lines in under.items()}
        under = _numbers_alone(down)
        kept = [p for lines in under.values() for p in lines]
        text.used.update(p for p in near if len(pieces[p]) > 1 and any(one in kept for one in pieces[p]))
    more = _second_lines(under, centres, text)
    under = _without_codes({place: [*lines, *more.get(place, [])] for place, lines in under.items()})
    named = [bool(under[place]) for place in range(len(centres))]
    is_scale = len(centres) >= LEAST_SCALE and named[0] and named[-1]
    return under if len(block.rows) == 1 and len(centres) > 1 and (all(named) or is_scale) else {}


def _without_codes(under: dict[int, list[Phrase]]) -> dict[int, list[Phrase]]:
    """Drop the numbers in smaller type that count labels from box to box in a last line: codes for whoever types."""
    lasts = [lines[-1] for lines in under.values() if len(lines) > 1]
    numbers = [int(p.text) for p in lasts if p.text.isdecimal()]
    small = all(lines[-1].size_mm < lines[0].size_mm for lines in under.values() if lines)
    are_codes = len(numbers) == len(under) > 1 and count_on(numbers) and small
    return {place: lines[:-1] for place, lines in under.items()} if are_codes else under


def _second_lines(
    under: dict[int, list[Phrase]], centres: list[float], text: PageText
) -> dict[int, list[Phrase]]:
    """Return what stands in the next line of labels under boxes, in the middle of theirs; nothing unless most go on."""
    lasts = {place: lines[-1] for place, lines in under.items() if lines}
    found: dict[int, list[Phrase]] = {}
    for p in text.free():
        pieces = split_over(p, centres) if any(is_line_under(p, last) for last in lasts.values()) else []
        for place, last in lasts.items():
            own = [
                one
                for one in pieces
                if is_line_under(one, last) and abs(one.centre_mm - last.centre_mm) < 0.3 * _step_mm(centres)
            ]
            found.setdefault(place, []).extend(own)
    goes_on = sum(bool(lines) for lines in found.values()) * 2 > len(lasts)
    text.used.update(p for p in text.free() if goes_on and any(p in lines for lines in found.values()))
    return found if goes_on else {}


def heads_of_cells(labels: Iterable[Sequence[Phrase]], text: PageText) -> list[Phrase]:
    """Return the row of headers right over labels that are made of several cells of their rows."""
    rows = [{line.cell for line in lines if line.cell is not None} for lines in labels]
    cells = [cell for row in rows if len(row) > 1 for cell in row]
    tops = {
        p.cell.y_mm for p in text.free() if p.cell is not None and any(lies_on(p.cell, one) for one in cells)
    }
    return [p for p in text.free() if p.cell is not None and p.cell.y_mm in tops]
