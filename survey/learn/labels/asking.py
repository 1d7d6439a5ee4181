"""Text above or beside a block -> the wording of its item, or the label of what is written in."""

from __future__ import annotations

import re

import numpy as np

from survey.learn.labels.labels import Labels, neighbours
from survey.learn.labels.left_of import BESIDE_MM
from survey.learn.labels.page_text import PageText
from survey.learn.layout.beside import MOST_LINES, continues
from survey.learn.layout.blocks import Block
from survey.learn.layout.cells import MARKING
from survey.learn.layout.lists import WORDING_HANGS_MM
from survey.learn.layout.ruled import SAME_RULE_MM, boxes_in, lies_on
from survey.learn.layout.run_on import FULL_MM
from survey.learn.printed.near import stands_in
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import INSTRUCTION, NUMBERED, NUMBERED_ALONE, Phrase, join, paragraph

NUMBER_HANGS_MM = 16.0  # how far left of its wording an item's number may end
TITLE = 1.2  # of the usual type size, from which a line over an item is a title
BOLD_HEADING = 1.08  # of the type size of a bold wording, from which a bold line over it is a heading
LONGEST_INSTRUCTION = 45  # letters of a remark under a wording
WORDS = re.compile(
    r"[^\W\d_]{2,}(\s\(?[^\W\d_]{2,}\)?)?"
)  # a word or two in a table's corner name what its rows are
WORDING_REACH_MM = 16.0
LISTED = re.compile(r"[-–•‣▪*]\s")  # a list under what asks belongs to that
LISTED_MM = 10.0  # from one line of such a list to the next
HIGHEST_HEAD_MM = 40.0  # of a ruled cell that asks for the options in the cells under it
ASKED_REACH_MM = 26.0  # of a line that asks: pictures may head the columns


def find_wording(block: Block, labels: Labels, text: PageText) -> str:
    """Find an item's wording: beside a single row, and in the lines above the block."""
    left, right = min(block.x_mm, labels.left_mm), max(block.right_mm, labels.right_mm)
    panel = block.boxes[0].panel
    above = _cells_over(block, text) or _in_own_cell(block, labels, text)
    above = above or lines_above(left, right, labels.top_mm, text, panel)
    above = [p for p in above if not _is_letter_apart(p, above)]
    if not (above or labels.beside or labels.corner):
        # it may stand in a column of the page that ends right over the block, or in a band over its frame
        others = sorted({p.panel for p in text.free()} - {-1, panel})
        found = (lines_above(left, right, labels.top_mm, text, other) for other in others)
        above = next((lines for lines in found if lines), [])
    if len(labels.beside) > 2 and not NUMBERED_ALONE.match(labels.beside):
        text_beside = labels.beside
        is_second = text_beside.endswith(":") and any(p.text.endswith(":") for p in above[-1:])
        if NUMBERED.match(text_beside) or text_beside.endswith("?") or is_second:
            is_end = _ends(text_beside, above, labels, text)
            return f"{_join(above)} {text_beside}" if is_end else text_beside
        # what stands in a cell on the left labels another row
        above = [p for p in above if p.cell is None or p.cell.right_mm > block.x_mm]
        if any(p.cell is not None for p in above) and not any(
            p.asks and not _names_section(p) for p in above
        ):
            above = []  # a cell over this one and others holds the heading of a section
        if text_beside.endswith(".") and all(p.bold and not _asks(p) for p in above):
            above = []  # nor does a bold heading begin the sentence beside the boxes
        return (
            _join(above)
            if not text_beside
            else f"{_join(above)} {text_beside}".strip()
            if _near(above, labels)
            and (not _is_title(above, text) or any(p.text.endswith("?") for p in above))
            else text_beside
        )
    asked = NUMBERED.match(labels.corner) or labels.corner.endswith("?")
    names_rows = bool(above) and WORDS.fullmatch(labels.corner) is not None
    asks_above = any(line.text.endswith(("?", ":")) for line in above)
    if labels.corner and (
        asked
        or (_is_title(above, text) and not asks_above)
        or not (names_rows or any(_asks(line) or MARKING.search(line.text) for line in above))
    ):
        return labels.corner
    text.used.update(above)
    return f"{labels.beside} {_join(above)}".strip()


def _join(lines: list[Phrase]) -> str:
    """Join the lines of a wording; of two that stand side by side, as in two languages, one after the other."""
    edges = sorted(p.x_mm for p in lines)[1:]
    for edge in edges:
        left, right = [p for p in lines if p.x_mm < edge], [p for p in lines if p.x_mm >= edge]
        is_parted = bool(left) and max(p.right_mm for p in left) < edge
        if is_parted and min(len(left), len(right)) > 1:
            return f"{join(left)} {join(right)}"
    return join(lines)


def _ends(said: str, above: list[Phrase], labels: Labels, text: PageText) -> bool:
    """Whether what stands before boxes is but the end of a sentence that begins with a number in full lines above."""
    if NUMBERED.match(said) or not _near(above, labels) or not any(line.is_numbered for line in above):
        return False
    last = max(above, key=lambda line: line.bottom_mm)
    return not last.is_finished and last.right_mm > max(p.right_mm for p in text.phrases) - FULL_MM


def _cells_over(block: Block, text: PageText) -> list[Phrase]:
    """Return the text of the ruled cells right on top of options that stand in such cells themselves, as on ballots."""
    lines = text.beside.get(block.boxes[0], ())
    cell = lines[0].cell if lines else None
    if cell is None or boxes_in(cell, text.boxes) != [block.boxes[0]]:
        return []
    found: list[Phrase] = []
    while over := next((p.cell for p in text.free() if p.cell is not None and lies_on(p.cell, cell)), None):
        own = [p for p in text.free() if p.cell == over]
        if boxes_in(over, text.boxes) or over.h_mm > HIGHEST_HEAD_MM:
            break
        found, cell = own + found, over
    return found


def _in_own_cell(block: Block, labels: Labels, text: PageText) -> list[Phrase]:
    """Return the text over a block in the ruled cell that holds its boxes and no others: its caption, however small."""
    over = [p for p in text.free() if p.cell is not None and p.middle_mm < labels.top_mm + 0.4]
    return [
        p
        for p in over
        if p.cell is not None
        and labels.top_mm - p.bottom_mm < WORDING_REACH_MM
        and {*boxes_in(p.cell, text.boxes)} == {*block.boxes}
    ]


def _is_letter_apart(phrase: Phrase, lines: list[Phrase]) -> bool:
    """Whether a phrase is a single letter in a ruled cell of its own, left of a wording: a code."""
    cell = phrase.cell
    return (
        len(phrase.text) == 1
        and cell is not None
        and any(p.cell is not None and cell.right_mm <= p.cell.x_mm + SAME_RULE_MM for p in lines)
    )


def _names_section(line: Phrase) -> bool:
    """Whether a line is but a number with a word or two behind it: "3. Mobility"."""
    number = NUMBERED.match(line.text)
    return number is not None and WORDS.fullmatch(line.text[number.end() :]) is not None


def _asks(line: Phrase) -> bool:
    """Whether a line asks, be it that a remark follows on it."""
    return line.asks or "? " in line.text


def _is_title(above: list[Phrase], text: PageText) -> bool:
    """Whether lines are set larger than most of the page."""
    usual = float(np.median([p.size_mm for p in text.phrases]))
    return all(p.size_mm > TITLE * usual for p in above)


def _near(above: list[Phrase], labels: Labels) -> bool:
    return bool(above) and labels.top_mm - max(p.bottom_mm for p in above) < 8


def lines_above(left_mm: float, right_mm: float, top_mm: float, text: PageText, panel: int) -> list[Phrase]:
    """Return the lines of text that stand together above a place and belong to nothing else.

    Text right over the place goes before text that stands further left, which may be another column's.
    """
    free = [p for p in _free_above(left_mm, right_mm, top_mm, text) if p.panel in {panel, -1}]
    framed = [p for p in text.phrases if p.panel == panel != -1]
    edge = min((p.x_mm for p in framed), default=0.0)  # what ends left of a frame's text is none of it
    free = [p for p in free if p.panel == panel or p.right_mm > edge]
    over = [p for p in free if p.right_mm > left_mm - WORDING_HANGS_MM]
    over += [p for p in free if p not in over and any(continues(p, line) for line in over)]
    over += [p for p in free if p not in over and any(_numbers(p, line, free) for line in over)]
    narrow, wide = _stacked(over, top_mm), _stacked(free, top_mm)
    if not narrow or not wide:
        return narrow or wide
    nearer = max(p.bottom_mm for p in wide) - max(p.bottom_mm for p in narrow) > 3
    return wide if nearer and any(_begins(p, free) for p in wide) else narrow


def _numbers(phrase: Phrase, line: Phrase, free: list[Phrase]) -> bool:
    """Whether a phrase is the number of the item whose wording begins right of it on its line."""
    if not NUMBERED_ALONE.match(phrase.text) or abs(phrase.bottom_mm - line.bottom_mm) >= 1:
        return False
    between = (p for p in free if abs(p.bottom_mm - line.bottom_mm) < 1 and phrase.x_mm < p.x_mm < line.x_mm)
    return 0 < line.x_mm - phrase.right_mm < NUMBER_HANGS_MM and not any(between)


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
        and not p.is_written_behind
        and any(letter.isalnum() for letter in p.text)  # faces and signs name columns
        and not _is_one_of_captions(p, text, (left_mm, right_mm))
        and wall < p.x_mm < right_mm + 15
        and not any(u.y_mm > p.bottom_mm and u.x_mm < p.right_mm and u.right_mm > p.x_mm for u in used)
    ]


def _is_one_of_captions(phrase: Phrase, text: PageText, reach_mm: tuple[float, float]) -> bool:
    """Whether a line is made of several texts that end in colons, or in lines to write on behind them.

    Where each stands over boxes of its own, only those are meant that do not stand over this width.
    """
    level = [p for p in text.free() if abs(p.bottom_mm - phrase.bottom_mm) < 1 and p.panel == phrase.panel]
    if len(level) < 2 or not all(p.text.endswith(":") or p.is_written_behind for p in level):
        return False
    if any(p.is_written_behind for p in level) or not all(_stands_over_boxes(p, text) for p in level):
        return True
    return phrase.x_mm > reach_mm[1] or phrase.right_mm < reach_mm[0]


def _stands_over_boxes(phrase: Phrase, text: PageText) -> bool:
    """Whether boxes to mark stand close under a phrase."""
    return any(
        0 < box.y_mm - phrase.bottom_mm < WORDING_REACH_MM
        and box.x_mm < phrase.right_mm
        and phrase.x_mm < box.right_mm
        for box in text.boxes
        if box not in text.written
    )


def _stacked(free: list[Phrase], top_mm: float) -> list[Phrase]:
    """Collect lines upwards until a gap, a section's title or the item's number."""
    lines: list[Phrase] = []
    edge = top_mm
    for phrase in sorted(free, key=lambda one: (-one.bottom_mm, one.x_mm)):
        step = edge - phrase.bottom_mm
        leads = phrase.asks or phrase.instructs or bool(MARKING.search(phrase.text))
        reach = ASKED_REACH_MM if leads else WORDING_REACH_MM
        fits = step <= (reach if not lines else 1.3 * phrase.size_mm)
        said = any(_asks(line) for line in lines) and not _is_asked_over(phrase, lines)
        if lines and not fits and step <= 10 and not said:
            fits = _begins(phrase, free) and not _is_bold_heading(phrase, lines[-1])
        fits = fits or (bool(lines) and step <= LISTED_MM and bool(LISTED.match(lines[-1].text)))
        is_first = step <= 10 and _is_in_first_language(phrase, lines, free)
        is_heading = _is_heading(phrase, lines, free) and not is_first
        if not (fits or is_first) or len(lines) >= MOST_LINES or is_heading:
            break
        lines.append(phrase)
        edge = min(edge, phrase.y_mm)
        if phrase.is_numbered and not _same_line(free, phrase, lines):
            break
    return lines


def _is_asked_over(phrase: Phrase, lines: list[Phrase]) -> bool:
    """Whether a numbered question stands over a remark that leads to the options: "Please tick:"."""
    is_remark = len(lines) == 1 and lines[0].text.endswith(":") and not lines[0].is_numbered
    return is_remark and phrase.is_numbered and "?" in phrase.text


def _is_bold_heading(phrase: Phrase, lower: Phrase) -> bool:
    """Whether a bold line is set larger than the bold one under it: a section's heading, numbered or not."""
    return phrase.bold and lower.bold and phrase.size_mm > BOLD_HEADING * lower.size_mm


def _is_in_first_language(phrase: Phrase, lines: list[Phrase], free: list[Phrase]) -> bool:
    """Whether a numbered question stands over one without a number: the same in another language."""
    asked = lines[-1].text.endswith("?") if lines else False
    numbered = phrase.text.endswith("?") and paragraph(phrase, free)[0].is_numbered
    return asked and numbered and not any(line.is_numbered for line in lines)


def _begins(phrase: Phrase, free: list[Phrase]) -> bool:
    """Whether an item's wording begins on the line of a phrase: a question mark, a colon or a printed number."""
    line = [p for p in free if abs(p.bottom_mm - phrase.bottom_mm) < 1]
    return any(p.asks or NUMBERED_ALONE.match(p.text) for p in line)


def _same_line(free: list[Phrase], phrase: Phrase, lines: list[Phrase]) -> bool:
    return any(p not in lines and abs(p.bottom_mm - phrase.bottom_mm) < 1 for p in free)


def _is_heading(phrase: Phrase, lines: list[Phrase], free: list[Phrase]) -> bool:
    """Whether a line above is a section's title: larger type, or bold over a plain wording; not over an instruction."""
    if not lines:
        return False
    larger = phrase.size_mm > 1.22 * max(line.size_mm for line in lines)
    below = join(lines)
    is_wording = len(below) > LONGEST_INSTRUCTION and not INSTRUCTION.match(below)
    goes_on = lines[-1].begins_bold and not lines[-1].text[0].isupper()
    bolder = phrase.bold and not goes_on and not any(line.bold for line in lines) and is_wording
    said = any(_asks(line) and not INSTRUCTION.match(line.text) for line in lines)
    return (larger and (said or not _begins(phrase, free))) or (bolder and (said or not phrase.asks))


def label_written(group: tuple[Outline, ...], text: PageText) -> tuple[str, str]:
    """Find the label of a comb or frame: inside it, beside it, right above, or further left; and its unit."""
    first, last = group[0], group[-1]
    inside = [p for p in text.free() if any(stands_in(p, cell) for cell in group)]
    left, right = neighbours(first, text)[0], neighbours(last, text)[1]
    unit = [right] if right is not None and right.x_mm - last.right_mm < BESIDE_MM and not right.asks else []
    chosen = inside or ([left] if left is not None and first.x_mm - left.right_mm < BESIDE_MM else [])
    if not chosen:
        above = lines_above(first.x_mm, last.right_mm, first.y_mm, text, first.panel)
        chosen = above if above and first.y_mm - max(p.bottom_mm for p in above) < BESIDE_MM else []
    if not chosen and left is not None and first.x_mm - left.right_mm < 25:
        chosen = [left]
    text.used.update([*chosen, *unit])
    return join(chosen), join(unit)
