"""Letters of a page that are answers themselves, ① Ⓐ ☆, -> boxes, and what is printed in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from survey.doors.pdf_print import Letter
from survey.learn.printed.lettered import to_lines
from survey.learn.printed.outlines import Outline, PageOutlines

ENCLOSED = {chr(code) for code in (*range(0x2460, 0x2474), *range(0x24B6, 0x24EB))}  # ① to ⑳, Ⓐ to ⓩ, ⓪
STAR, FEWEST_STARS, FEWEST_ROWS = "☆", 3, 2  # stars in a row, and rows with as many
STAR_GAP, ROW_GAP = 1.5, 3.5  # of the type size: between stars, and from one of a column to the next
INNER = 0.6  # of the size of the ring: the type of what stands in it
FLUSH_MM = 0.5
ASKING = frozenset("?:")  # what ends a wording; rings before wordings are numbers of items


def with_signs(found: PageOutlines) -> PageOutlines:
    """Add the letters that are answers themselves to a page's outlines, with what is printed in rings as text."""
    if found.from_image:
        return found
    lines = [*to_lines([one for one in found.letters if not one.quarters])]
    rings, stars = _rings(lines), _stars(lines)
    taken = {*rings, *stars}
    return replace(
        found,
        small=(*found.small, *(_outline(one) for one in (*rings, *stars))),
        letters=(*(one for one in found.letters if one not in taken), *map(_inner, rings)),
    )


def _rings(lines: Sequence[Sequence[Letter]]) -> list[Letter]:
    """Find the letters in rings that stand beside the next one on their line, or count on in a column of answers."""
    rings = [(one, line) for line in lines for one in line if one.text in ENCLOSED]
    beside = [one for one, line in rings if any(_is_next(one, other) for other in line)]
    down = [one for one, line in rings if one not in beside and line[-1].text not in ASKING]
    counted = [one for one in down if any(_counts_on(*pair) for pair in _pairs(one, down))]
    return beside + counted


def _is_next(one: Letter, other: Letter) -> bool:
    """Whether two letters in rings follow each other as they count, either way."""
    return other.text in ENCLOSED and abs(ord(other.text) - ord(one.text)) == 1


def _pairs(one: Letter, others: Sequence[Letter]) -> Iterator[tuple[Letter, Letter]]:
    for other in others:
        yield (one, other) if one.y_mm < other.y_mm else (other, one)


def _counts_on(upper: Letter, lower: Letter) -> bool:
    """Whether a letter in a ring stands right under the one before it."""
    step_mm = lower.baseline_mm - upper.baseline_mm
    is_under = 0 < step_mm < ROW_GAP * upper.size_mm and abs(lower.x_mm - upper.x_mm) < FLUSH_MM
    return is_under and _is_next(upper, lower)


def _stars(lines: Sequence[Sequence[Letter]]) -> list[Letter]:
    """Find the stars of ratings: as many on several lines, right of words."""
    letters = [one for line in lines for one in line if one.text != STAR]
    rows = [stars for line in lines if (stars := _row_of_stars(line, letters))]
    return [
        star for row in rows if sum(len(other) == len(row) for other in rows) >= FEWEST_ROWS for star in row
    ]


def _row_of_stars(line: Sequence[Letter], letters: Sequence[Letter]) -> list[Letter]:
    stars = [one for one in line if one.text == STAR]
    close = all(b.left_mm - a.right_mm < STAR_GAP * a.size_mm for a, b in pairwise(stars))
    if len(stars) < FEWEST_STARS or not close:
        return []
    first = stars[0]
    middle = first.y_mm + first.h_mm / 2
    is_labelled = any(
        one.right_mm < first.left_mm
        and one.y_mm < middle + first.h_mm / 2
        and middle - first.h_mm / 2 < one.baseline_mm
        for one in letters
    )
    return stars if is_labelled else []


def _outline(letter: Letter) -> Outline:
    return Outline("round", letter.x_mm, letter.y_mm, letter.w_mm, letter.h_mm)


def _inner(ring: Letter) -> Letter:
    """Return the digit or letter in a ring as it would be printed in a drawn one."""
    size = INNER * ring.h_mm
    middle, bottom = ring.x_mm + ring.w_mm / 2, ring.y_mm + (ring.h_mm + 0.7 * size) / 2
    left, right = middle - 0.3 * size, middle + 0.3 * size
    return replace(
        ring,
        text=unicodedata.normalize("NFKC", ring.text),
        size_mm=size,
        x_mm=left,
        y_mm=bottom - 0.7 * size,
        w_mm=right - left,
        h_mm=0.7 * size,
        left_mm=left,
        right_mm=right,
        baseline_mm=bottom,
    )
