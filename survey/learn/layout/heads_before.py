"""Headers or a wording that end a page, their boxes overleaf -> the letters of these over the first box there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from survey.doors.pdf_print import Letter
from survey.learn.layout.beside import SAME_COLUMN
from survey.learn.printed.near import alike, in_same_columns, to_rows
from survey.learn.printed.outlines import Outline, PageOutlines
from survey.learn.printed.phrases import letters_to_phrases, split_over
from survey.learn.printed.wording import LINE_STEP, Phrase, paragraph

LEAST_COLUMNS = 3
OFF_CENTRE = 0.3  # of the step between columns: a header is off the middle of its own by less
MOST_LINES = 3.5  # of the type size, from the highest of the headers' last lines down to the lowest
REACH_MM = 25.0  # over its first row a table has its own headers
HEADS_BEFORE = "the headers or the wording of its first boxes stand at the end of the page before"
LIFTED_MM = 1.5  # from the headers down to the row they are put over


def with_heads_before(found: PageOutlines, before: PageOutlines | None) -> PageOutlines:
    """Put the headers that end the page before over the first row of boxes of a page, if it has none of its own."""
    if before is None or found.from_image or before.from_image:
        return found
    row = _first_row(found.small)
    heads = _last_heads(row, before) if row is not None and not _is_headed(row, found) else []
    heads = heads or _last_wording(found, before)
    if not heads:
        return found
    top = min(box.y_mm for box in row or found.small)
    shift = top - LIFTED_MM - max(p.bottom_mm for p in heads)
    carried = [_moved(one, shift) for one in before.letters if any(_is_of(one, p) for p in heads)]
    return replace(found, letters=(*carried, *found.letters))


def _first_row(small: Sequence[Outline]) -> list[Outline] | None:
    """Return the topmost row of boxes if it has several columns, and the next row the same."""
    rows = sorted(to_rows([box for box in small if not box.printed]), key=lambda row: row[0].y_mm)
    if len(rows) < 2 or len(rows[0]) < LEAST_COLUMNS:
        return None
    same = in_same_columns(rows[0], rows[1], SAME_COLUMN)
    return rows[0] if same and alike(rows[0][0], rows[1][0]) else None


def _is_headed(row: Sequence[Outline], found: PageOutlines) -> bool:
    """Whether text stands over the boxes of a row, or among them."""
    return any(
        row[0].x_mm - 1 < one.x_mm < row[-1].right_mm
        and -REACH_MM < one.baseline_mm - row[0].y_mm < row[0].h_mm
        for one in found.letters
    )


def _last_heads(row: Sequence[Outline], before: PageOutlines) -> list[Phrase]:
    """Return the lines under all boxes of the page before that stand over the columns of a row, if all have one."""
    foot = max((box.bottom_mm for box in before.small if alike(box, row[0])), default=0.0)
    centres = [box.centre_mm for box in row]
    step = float(np.median(np.diff(centres)))
    under = [p for p in letters_to_phrases(before.letters, ()) if p.y_mm > foot and p.right_mm > row[0].x_mm]
    pieces = [piece for p in under for piece in split_over(p, centres)]
    columns = [[p for p in pieces if abs(p.centre_mm - x) < OFF_CENTRE * step] for x in centres]
    if not all(columns):
        return []
    lasts = [max(column, key=lambda p: p.bottom_mm) for column in columns]
    size = lasts[0].size_mm
    if max(p.bottom_mm for p in lasts) - min(p.bottom_mm for p in lasts) > MOST_LINES * size:
        return []
    if any(p.y_mm > min(one.y_mm for one in lasts) and p not in lasts for p in pieces):
        return []
    return [line for last, column in zip(lasts, columns, strict=True) for line in _lines_up(last, column)]


def _lines_up(last: Phrase, column: Sequence[Phrase]) -> list[Phrase]:
    """Return the lines of a header from its last line up."""
    lines = [last]
    for p in sorted(column, key=lambda one: -one.bottom_mm)[1:]:
        if lines[-1].bottom_mm - p.bottom_mm > LINE_STEP * last.size_mm:
            break
        lines.append(p)
    return lines


def _last_wording(found: PageOutlines, before: PageOutlines) -> list[Phrase]:
    """Return the paragraph that ends the page before, if it asks and stands under all boxes and frames there.

    Nothing where any text stands over the first box of the page.
    """
    top = min((box.y_mm for box in found.small), default=0.0)
    foot = max((box.bottom_mm for box in (*before.small, *before.areas)), default=1000.0)
    if not found.small or any(one.baseline_mm < top for one in found.letters):
        return []
    phrases = letters_to_phrases(before.letters, ())
    last = max(phrases, key=lambda p: p.bottom_mm, default=None)
    lines = paragraph(last, phrases) if last is not None else []
    beside = [p for p in phrases if p not in lines and lines and p.bottom_mm > lines[0].y_mm]
    is_apart = bool(lines) and lines[0].y_mm > foot and not beside
    asks = is_apart and (lines[-1].text.endswith("?") or lines[0].is_numbered or _is_lead(lines))
    return lines if asks else []


def _is_lead(lines: Sequence[Phrase]) -> bool:
    """Whether a paragraph begins in bold type, as with a number, but goes on in another."""
    return lines[0].begins_bold and not all(line.bold for line in lines)


def _is_of(letter: Letter, phrase: Phrase) -> bool:
    middle = letter.x_mm + letter.w_mm / 2
    return (
        phrase.x_mm - 0.1 <= middle <= phrase.right_mm + 0.1
        and phrase.y_mm < letter.baseline_mm - 0.01 <= phrase.bottom_mm
    )


def _moved(letter: Letter, down_mm: float) -> Letter:
    return replace(letter, y_mm=letter.y_mm + down_mm, baseline_mm=letter.baseline_mm + down_mm)
