"""Letters of Arabic or Hebrew, and pages that run from right to left -> what is read, in its order, from the left."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from survey.doors.pdf_print import Letter
from survey.learn.drafts.items import DraftItem
from survey.learn.printed.outlines import Outline, PageOutlines

WIDEST_GAP = 0.95  # of the type size: inside one text
MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
KINDS = {"R": "R", "AL": "R", "L": "L", "EN": "N", "AN": "N"}  # of letters: Unicode's bidirectional classes


def is_right_to_left(letters: Sequence[Letter]) -> bool:
    """Whether most of a page's letters are of a script that runs from right to left."""
    kinds = [_kind(one) for one in letters]
    return kinds.count("R") > kinds.count("L")


def in_reading_order(found: PageOutlines, width_mm: float) -> PageOutlines:
    """Return a page with its letters from left to right as they are read; one that runs from the right in a mirror.

    Latin words and numbers run from the left in either.
    """
    if not any(_kind(one) == "R" for one in found.letters):
        return found
    mirror = is_right_to_left(found.letters)
    joined = _lam_before_alef(found.letters)
    flipped = [_mirrored(one, width_mm) for one in joined] if mirror else joined
    lines = _to_lines([one for one in flipped if not one.quarters])
    letters = [one for line in lines for one in _line_read(line, "L" if mirror else "R")]
    return replace(
        found,
        small=tuple(_outline_mirrored(one, width_mm) for one in found.small) if mirror else found.small,
        areas=tuple(_outline_mirrored(one, width_mm) for one in found.areas) if mirror else found.areas,
        letters=(*letters, *(one for one in found.letters if one.quarters)),
    )


def _lam_before_alef(letters: Sequence[Letter]) -> list[Letter]:
    """Give the two letters of the sign for lam and alef, which share one place, in the order they are read."""
    lam, ordered = "\u0644", [*letters]
    for n, (one, other) in enumerate(pairwise(letters)):
        if other.text == lam != one.text and (one.x_mm, one.y_mm, one.w_mm) == (
            other.x_mm,
            other.y_mm,
            other.w_mm,
        ):
            ordered[n], ordered[n + 1] = replace(one, text=lam), replace(other, text=one.text)
    return ordered


def mirrored_back(item: DraftItem, width_mm: float) -> DraftItem:
    """Return an item learned in a mirror with its boxes where they stand on the page."""
    return item.moved(lambda outline: _outline_mirrored(outline, width_mm))


def _kind(letter: Letter) -> str:
    """Tell whether a letter runs from the right (R), from the left (L), is a digit (N) or a sign ( )."""
    return KINDS.get(unicodedata.bidirectional(letter.text[0]), " ")


def _mirrored(one: Letter, sum_mm: float) -> Letter:
    """Return a letter mirrored about a line whose distance from the left is half the sum."""
    if one.quarters:
        return one
    return replace(
        one,
        text=one.text.translate(MIRRORED),
        x_mm=sum_mm - one.x_mm - one.w_mm,
        left_mm=sum_mm - one.right_mm,
        right_mm=sum_mm - one.left_mm,
    )


def _outline_mirrored(one: Outline, width_mm: float) -> Outline:
    return replace(one, x_mm=width_mm - one.right_mm)


def _to_lines(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """Yield letters that stand close beside each other on one line, from the left."""
    by_line = sorted(letters, key=lambda one: (round(one.baseline_mm, 1), one.x_mm, one.order))
    for _, line in groupby(by_line, key=lambda one: round(one.baseline_mm, 1)):
        text: list[Letter] = []
        for one in line:
            if text and one.left_mm - text[-1].right_mm > WIDEST_GAP * one.size_mm:
                yield text
                text = []
            text.append(one)
        yield text


def _line_read(line: list[Letter], other: str) -> Iterator[Letter]:
    """Yield a line's letters with the runs turned that are read the other way; numbers in them run from the left."""
    bare = other == "L" or all(_kind(one) != "L" for one in line)  # numbers at its ends belong to it
    place = 0
    while place < len(line):
        run = _run(line[place:], {other, "N"} if bare else {other}, "" if bare else "N")
        turned = _turned(run)
        if other == "R":
            plain = [replace(one, text=unicodedata.normalize("NFKC", one.text)) for one in turned]
            turned = [*_numbers_turned(plain)] if len(plain) > 1 else plain
        yield from turned
        place += len(run)


def _numbers_turned(run: list[Letter]) -> Iterator[Letter]:
    place = 0
    while place < len(run):
        number = _run(run[place:], {"N"}, "")
        yield from _turned(number)
        place += len(number)


def _run(line: list[Letter], kinds: set[str], also: str) -> list[Letter]:
    """Return the first letter, and if it is of some kinds all up to the last of them, with signs and `also` between."""
    end = 1
    for place, one in enumerate(line if _kind(line[0]) in kinds else []):
        if _kind(one) in kinds:
            end = place + 1
        elif _kind(one) not in {" ", also}:
            break
    return line[:end]


def _turned(run: list[Letter]) -> list[Letter]:
    """Mirror a run in its place."""
    if len(run) < 2:
        return run
    ends = min(one.left_mm for one in run) + max(one.right_mm for one in run)
    return sorted((_mirrored(one, ends) for one in run), key=lambda one: one.x_mm)
