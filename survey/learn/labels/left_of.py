"""Text left of a list or row of options -> its wording: on its line, in a column or cell, or a sentence it ends."""

from __future__ import annotations

from collections.abc import Sequence

from survey.learn.labels.page_text import PageText
from survey.learn.layout.blocks import Block
from survey.learn.layout.neighbours import on_line
from survey.learn.layout.ruled import boxes_in
from survey.learn.printed.near import is_code, is_level, on_row, stands_beside
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import Phrase, join, lines_down, paragraph

LABEL_REACH_MM = 30.0  # a label further to the right of its box is not its own
LEADS_MM = 5.0  # from what asks for a row to its first box
BESIDE_MM = 9.0  # from a box, comb or frame to its label
COLUMN_MM = 20.0  # boxes no further up or down belong to a column beside
OVER_MM = 6.0  # from a wording down to its options
HANGS_MM = 14.0  # how far left of its options a sentence may begin that they end


def left_of(block: Block, labels: list[Phrase], text: PageText) -> str:
    """Join what stands on the left of a list from its first line on: its wording, in a column of its own."""
    first, edge = block.rows[0][0], min([block.x_mm, *(p.x_mm for p in labels)])
    framed = any(_is_headed_in_frame(p, block) for p in text.free())
    beside = [
        p
        for p in text.free()
        if p.right_mm < edge
        and p.panel in ({first.panel} if framed else {first.panel, -1})
        and block.y_mm < p.bottom_mm
        and p.middle_mm < block.bottom_mm
    ]
    text.used.update(p for p in beside if is_code(p))
    free = text.free()
    lines = [line for p in beside if not is_code(p) for line in paragraph(p, free)]
    others = [box for box in text.boxes if box not in block.boxes]
    more = lines_down(lines[-1], free)[1:] if lines else []
    lines += [line for line in more if not _is_level_with(line, others)]
    if not any(abs(p.middle_mm - first.middle_mm) < first.h_mm + p.size_mm for p in lines):
        return ""
    if any(_is_over(lines, box, free) for box in text.boxes if box.right_mm < block.x_mm):
        return ""  # it belongs to a column of boxes
    text.used.update(lines)
    return join(dict.fromkeys(lines))


def _is_headed_in_frame(phrase: Phrase, block: Block) -> bool:
    """Whether a phrase stands right over a list in the frame of both: what stands beside the frame is no wording."""
    return phrase.panel == block.boxes[0].panel != -1 and 0 <= block.y_mm - phrase.bottom_mm + 0.5 < OVER_MM


def in_cell_left(block: Block, labels: list[Phrase], text: PageText) -> str:
    """Join the text of the cell left of all rows of a list in a ruled table, however high it stands in its cell."""
    edge = min([block.x_mm, *(p.x_mm for p in labels)])
    cells = {p.cell for p in text.phrases if p.cell is not None and p.cell.right_mm < edge}
    left = [cell for cell in cells if all(stands_beside(cell, row[0]) for row in block.rows)]
    cell = max(left, key=lambda one: one.x_mm, default=None)
    own = [p for p in text.phrases if p.cell == cell and not is_code(p)] if cell is not None else []
    others = [line for box, lines in text.beside.items() if box not in block.boxes for line in lines]
    holds_box = cell is not None and boxes_in(cell, text.boxes)
    if not own or holds_box or any(p in others for p in own):
        return ""
    text.used.update(own)
    return join(own)


def _is_level_with(phrase: Phrase, boxes: Sequence[Outline]) -> bool:
    """Whether a box stands right of a phrase on its line."""
    return any(phrase.right_mm < box.x_mm and on_row(phrase, box) for box in boxes)


def before_options(block: Block, labels: list[Phrase], text: PageText) -> str:
    """Return the beginning of a sentence whose options begin on its line and go on under it."""
    first = block.rows[0][0]
    if len(block.rows) < 2 or first.x_mm < block.rows[1][0].right_mm:
        return ""
    runs_on = (
        min(p.x_mm for p in labels) < block.x_mm
    )  # a label ends in the next line, flush with the wording
    left = min(p.x_mm for p in labels) - HANGS_MM if runs_on else block.x_mm - first.w_mm
    before = [p for p in on_line(first, text.free()) if left < p.x_mm < first.x_mm]
    text.used.update(before)
    return join(before)


def _is_over(lines: list[Phrase], box: Outline, free: list[Phrase]) -> bool:
    """Whether a box stands under a text, or beside its lines, with no other text between."""
    bottom = max(p.bottom_mm for p in lines)
    between = (
        p
        for p in free
        if p not in lines and bottom < p.middle_mm < box.y_mm and p.x_mm < box.right_mm + COLUMN_MM
    )
    return min(p.y_mm for p in lines) < box.middle_mm < bottom + COLUMN_MM and not any(between)


def row_text(row: tuple[Outline, ...], text: PageText, side: str) -> str:
    """Join what is left on a row's line before its first box or label: the row's own wording."""
    edge = row[0].x_mm
    left = [b for b in text.boxes if b.right_mm <= edge + 0.5 and is_level(row[0], b)]
    nearest = max(left, key=lambda b: b.right_mm, default=None)
    wall = nearest.right_mm if nearest is not None else -1.0
    before = [
        p
        for p in on_line(row[0], text.free())
        if wall < p.x_mm < edge
        and ((p.asks and edge - p.right_mm < LEADS_MM) or not stands_over_another(p, row, text))
        and not any(on_row(p, b) and 0 < p.x_mm - b.right_mm < BESIDE_MM for b in text.boxes)
    ]
    before = _in_cell_of_caption(_from_last_colon(before))
    if not before:
        return ""
    is_labelled = nearest is not None and bool(text.beside.get(nearest))
    may_belong = wall > 0 and side == "right" and not is_labelled
    if may_belong and min(p.x_mm for p in before) - wall < LABEL_REACH_MM:
        return ""  # it may be the label of the box further left
    lines = [line for phrase in before for line in text.with_more_lines(phrase)]
    text.used.update(lines)
    codes = [p for p in before if is_code(p)]
    rest = (p for p in dict.fromkeys([*before, *lines]) if p not in codes)
    return f"{join(codes)} {join(rest)}".strip()


def _from_last_colon(phrases: list[Phrase]) -> list[Phrase]:
    """Drop what stands left of the last phrase that asks and ends in a colon itself: what is written stands behind."""
    across = sorted(phrases, key=lambda p: p.x_mm)
    written = [n for n, p in enumerate(across[:-1]) if p.text.endswith(":") and across[-1].asks]
    return across[written[-1] + 1 :] if written else phrases


def _in_cell_of_caption(phrases: list[Phrase]) -> list[Phrase]:
    """Drop what stands in cells left of that in which a caption that ends in a colon stands before the boxes."""
    last = max(phrases, key=lambda p: p.x_mm, default=None)
    is_caption = last is not None and last.text.endswith(":")
    return [p for p in phrases if last is None or not is_caption or p.cell == last.cell]


def stands_over_another(phrase: Phrase, row: tuple[Outline, ...], text: PageText) -> bool:
    """Whether a phrase is rather the wording right above other boxes that begin where it begins."""
    right_above = [
        box
        for box in text.boxes
        if abs(phrase.x_mm - box.x_mm) < 3 and 0 < box.y_mm - phrase.bottom_mm < 12 and box not in row
    ]
    free = text.free() if right_above else []
    return any(
        not any(
            other.x_mm < box.x_mm + 3
            and box.x_mm < other.right_mm
            and phrase.bottom_mm <= other.y_mm + 1
            and other.y_mm < box.y_mm
            for other in free
        )
        for box in right_above
    )
