"""Letters of a page -> the boxes that were typed with them: [ ], ( ), a letter O, a short line of underscores."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from survey.doors.pdf_print import Letter
from survey.learn.printed.outlines import Outline, PageOutlines

BRACKETS = {"[": "]", "(": ")"}
WIDEST_MM, NARROWEST_MM = 12.0, 1.5  # of a pair of brackets
LINE_MM = (3.0, 15.0)  # shortest and longest line of underscores to mark
LINE_GAP_MM = 8.0  # from there to the text behind it
PARTS_OF_DATES = frozenset("/.,:;)|")  # behind a line that is written on: __ / __ / ____
SAME_MM = 0.6  # lines to mark are as long as each other
WORD_GAP = 0.18  # of the type size: between a letter O and its neighbours
RING_GAP = 0.6  # of the type size: a small letter o that is a box stands so far from its neighbours, …
BULLETS = frozenset("•▪‣∙\uf0b7")  # … where no other letters begin the points of lists
MARK_HEIGHT = 1.0  # of the type size: how far over a line a mark stands
IN_BRACKETS = re.compile(r"\((\d{1,2})\)")
NUMBERS_IN_BRACKETS = re.compile(r"(\(\d{1,2}\)[-‐-―_]+){3,}\(\d{1,2}\)")
NUMBERS_APART = re.compile(r"([\[(])(\d{1,2})[\])]")
HEADED_MM = 15.0  # from a number in brackets that heads a column down to its first box
LEAST_SCALE = 4  # numbers in brackets that stand apart; three may count what a sentence says
FEWEST, FEWEST_DRAWN = 2, 3  # of a kind on a page: brackets speak for themselves, other letters do not


def with_typed(found: PageOutlines) -> PageOutlines:
    """Add the boxes typed with letters to a page's outlines, and take these letters out of its text."""
    typed = [] if found.from_image else find_typed(found.letters, found.small)
    drawing = {letter for _, drawn in typed for letter in drawn}
    return replace(
        found,
        small=(*found.small, *(outline for outline, _ in typed)),
        letters=tuple(letter for letter in found.letters if letter not in drawing),
    )


def find_typed(
    letters: Sequence[Letter], drawn: Sequence[Outline] = ()
) -> list[tuple[Outline, tuple[Letter, ...]]]:
    """Find the boxes typed with letters, each with the letters that draw it; what heads `drawn` ones is none."""
    lines = [*to_lines([one for one in letters if not one.quarters])]
    brackets = [pair for line in lines for pair in (*_brackets(line), *_numbers_in_brackets(line))]
    scales = [[*_numbers_apart(line)] for line in lines]
    brackets += [
        pair for scale in scales if not any(_heads(box, drawn) for box, _ in scale) for pair in scale
    ]
    rings = [ring for line in lines for ring in _rings(line)]
    if not any(letter.text in BULLETS for letter in letters):
        begun = [(line, ring) for line in lines for ring in _small_rings(line)]
        sentences = sum(line[-1].text == "." for line, _ in begun)
        rings += [ring for _, ring in begun if 2 * sentences < len(begun)]
    rules = [rule for line in lines for rule in _rules(line)]
    alike = [
        rule
        for rule in rules
        if sum(abs(rule[0].w_mm - other[0].w_mm) < SAME_MM for other in rules) >= FEWEST_DRAWN
    ]
    return [
        *(brackets if len(brackets) >= FEWEST else []),
        *(rings if len(rings) >= FEWEST_DRAWN else []),
        *alike,
    ]


def to_lines(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """Yield the letters of each line from the left."""
    by_line = sorted(letters, key=lambda one: round(one.baseline_mm, 1))
    for _, line in groupby(by_line, key=lambda one: round(one.baseline_mm, 1)):
        yield sorted(line, key=lambda one: one.x_mm)


def _brackets(line: Sequence[Letter]) -> Iterator[tuple[Outline, tuple[Letter, ...]]]:
    """Yield brackets with nothing between them but underscores."""
    for place, first in enumerate(line):
        end = BRACKETS.get(first.text)
        inner = [] if end is None else _while(line[place + 1 :], "_")
        last = line[place + 1 + len(inner)] if end and place + 1 + len(inner) < len(line) else None
        if last is None or last.text != end:
            continue
        if NARROWEST_MM < last.x_mm + last.w_mm - first.x_mm < WIDEST_MM:
            drawn = (first, *inner, last)
            yield _around(drawn, "glyph"), drawn


def _numbers_in_brackets(line: Sequence[Letter]) -> Iterator[tuple[Outline, tuple[Letter, ...]]]:
    """Yield the brackets around numbers that count on and are joined by dashes: a scale, (1)--(2)--(3)--(4)."""
    text = "".join(letter.text if len(letter.text) == 1 else "?" for letter in line)
    for chain in NUMBERS_IN_BRACKETS.finditer(text):
        pairs = [*IN_BRACKETS.finditer(text, chain.start(), chain.end())]
        numbers = [int(pair[1]) for pair in pairs]
        if numbers[0] > 1 or numbers != [*range(numbers[0], numbers[0] + len(numbers))]:
            continue
        for pair in pairs:
            first, last = line[pair.start()], line[pair.end() - 1]
            yield _around(line[pair.start() : pair.end()], "glyph"), (first, last)


def _numbers_apart(line: Sequence[Letter]) -> Iterator[tuple[Outline, tuple[Letter, ...]]]:
    """Yield the brackets around numbers that count on with no words between, but behind the first: [1] low [2] [3] [4].

    All are as wide as the first: one of two digits is their box, too.
    """
    text = "".join(letter.text if len(letter.text) == 1 else "?" for letter in line)
    pairs = [*NUMBERS_APART.finditer(text)]
    numbers = [int(pair[2]) for pair in pairs]
    counted = (
        len(pairs) >= LEAST_SCALE
        and numbers[0] < 2
        and numbers == [*range(numbers[0], numbers[0] + len(pairs))]
    )
    before = text[: pairs[0].start()] if counted else "?"
    inner = before + (text[pairs[1].end() : pairs[-1].start()] if counted else "")
    if len({pair[1] for pair in pairs}) == 1 and not re.sub(NUMBERS_APART, "", inner).strip(" -–•*"):
        wide_mm = _around(line[pairs[0].start() : pairs[0].end()], "glyph").w_mm
        for pair in pairs:
            first, last = line[pair.start()], line[pair.end() - 1]
            whole = _around(line[pair.start() : pair.end()], "glyph")
            yield replace(whole, x_mm=whole.centre_mm - wide_mm / 2, w_mm=wide_mm), (first, last)


def _heads(typed: Outline, drawn: Sequence[Outline]) -> bool:
    """Whether a drawn box stands in the column under a typed one, not far down."""
    return any(
        abs(one.centre_mm - typed.centre_mm) < typed.w_mm / 2 and 0 < one.y_mm - typed.bottom_mm < HEADED_MM
        for one in drawn
    )


def _while(letters: Sequence[Letter], text: str) -> list[Letter]:
    run = []
    for letter in letters:
        if letter.text != text:
            break
        run.append(letter)
    return run


def _rings(line: Sequence[Letter]) -> Iterator[tuple[Outline, tuple[Letter, ...]]]:
    """Yield each letter O that stands for itself before a word or another O."""
    for place, letter in enumerate(line[:-1]):
        before = line[place - 1] if place else None
        gap = WORD_GAP * letter.size_mm
        alone = (before is None or letter.left_mm - before.right_mm > gap) and line[
            place + 1
        ].left_mm - letter.right_mm > gap
        if letter.text == "O" and alone and letter.w_mm >= NARROWEST_MM:
            yield _around((letter,), "round"), (letter,)


def _small_rings(line: Sequence[Letter]) -> Iterator[tuple[Outline, tuple[Letter, ...]]]:
    """Yield each small letter o far from its neighbours: online surveys come out of a word processor like that.

    Word processors put such letters before the points of a list, too, but mostly those of a second level, see
    `BULLETS`; and points that are sentences are no answers.
    """
    for place, letter in enumerate(line):
        gap = RING_GAP * letter.size_mm
        before = place == 0 or letter.left_mm - line[place - 1].right_mm > gap
        after = place == len(line) - 1 or line[place + 1].left_mm - letter.right_mm > gap
        if letter.text == "o" and before and after and len(line) > 1 and letter.w_mm >= NARROWEST_MM:
            yield _around((letter,), "round"), (letter,)


def _rules(line: Sequence[Letter]) -> Iterator[tuple[Outline, tuple[Letter, ...]]]:
    """Yield short lines of underscores with text right behind them and none right before."""
    place = 0
    while place < len(line):
        run = _while(line[place:], "_")
        after = line[place + len(run)] if place + len(run) < len(line) else None
        if run and after is not None:
            left, right = run[0].x_mm, run[-1].x_mm + run[-1].w_mm
            before = line[place - 1] if place else None
            begins = before is None or left - before.right_mm > after.left_mm - right
            if (
                begins
                and after.text not in PARTS_OF_DATES
                and LINE_MM[0] < right - left < LINE_MM[1]
                and after.left_mm - right < LINE_GAP_MM
            ):
                foot = max(one.y_mm + one.h_mm for one in run)
                height = MARK_HEIGHT * run[0].size_mm
                yield Outline("cell", left, foot - height, right - left, height, sure=False), tuple(run)
        place += max(len(run), 1)


def _around(letters: Sequence[Letter], kind: str) -> Outline:
    """Return the outline of letters' ink."""
    x, y = min(one.x_mm for one in letters), min(one.y_mm for one in letters)
    right, bottom = max(one.x_mm + one.w_mm for one in letters), max(one.y_mm + one.h_mm for one in letters)
    return Outline("round" if kind == "round" else "glyph", x, y, right - x, bottom - y)
