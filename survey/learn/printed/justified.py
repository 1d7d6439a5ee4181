"""Words far apart on justified lines -> one phrase a line: they are set off equally, and a text goes on under them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import FLUSH_MM, Phrase, clean, is_line_under

WIDEST_STRETCH = 3.0  # of the type size: the widest gap in a justified line, …
EQUAL_MM, FEWEST_STRETCHED = 0.08, 3  # … where all are the same; of so many words
ALMOST_MM, FEWEST_FLUSH = (
    0.3,
    2,
)  # what the sides of letters make of that, where so many lines end where it does
WORD = re.compile(r"\W?[^\W\d_](-?[^\W\d_])*\W?")
SAME_SIZE = 0.05  # share by which the type of two lines may differ


def with_justified(phrases: Sequence[Phrase], walls: Sequence[Outline]) -> list[Phrase]:
    """Join the words of justified lines, where a text goes on under them; an edge of a box parts them."""
    joined: list[Phrase] = []
    lines: dict[float, list[Phrase]] = {}
    for phrase in phrases:
        lines.setdefault(phrase.bottom_mm, []).append(phrase)
    for line in lines.values():
        run = [line[0]]
        for phrase in line[1:]:
            if not _are_stretched(run, phrase, walls):
                joined += _one_line(run, phrases)
                run = []
            run.append(phrase)
        joined += _one_line(run, phrases)
    return joined


def _are_stretched(run: Sequence[Phrase], phrase: Phrase, walls: Sequence[Outline]) -> bool:
    """Whether a single word goes on a line of single words, as far off as they, with no edge of a box between."""
    last = run[-1]
    gap = phrase.x_mm - last.right_mm
    level = [wall for wall in walls if wall.y_mm <= phrase.middle_mm <= wall.bottom_mm]
    edges = [edge for wall in level for edge in (wall.x_mm, wall.right_mm)]
    return (
        all(len(one.words) == 1 and WORD.fullmatch(one.text) for one in (last, phrase))
        and last.size_mm == phrase.size_mm
        and gap <= WIDEST_STRETCH * phrase.size_mm
        and (len(run) < 2 or abs(gap - (last.x_mm - run[-2].right_mm)) <= ALMOST_MM)
        and not any(last.centre_mm < edge < phrase.centre_mm for edge in edges)
    )


def _one_line(run: list[Phrase], phrases: Sequence[Phrase]) -> list[Phrase]:
    """Return the words of a justified line as one phrase, and others as they are."""
    first, gaps = run[0], [b.x_mm - a.right_mm for a, b in pairwise(run)]
    is_equal = all(abs(b - a) <= EQUAL_MM for a, b in pairwise(gaps))
    goes_on = any(
        is_line_under(p, first)
        and abs(p.x_mm - first.x_mm) <= FLUSH_MM
        and abs(p.size_mm - first.size_mm) <= SAME_SIZE * first.size_mm
        and p.bold == first.bold
        for p in phrases
    )
    flush = sum(
        abs(p.x_mm - first.x_mm) <= FLUSH_MM and abs(p.right_mm - run[-1].right_mm) <= FLUSH_MM
        for p in phrases
    )
    if len(run) < FEWEST_STRETCHED or not goes_on or not (is_equal or flush >= FEWEST_FLUSH):
        return run
    words = tuple(word for p in run for word in p.words)
    text = clean(" ".join(word for word, _, _ in words))
    return [
        replace(first, text=text, right_mm=run[-1].right_mm, words=words, blank_after=run[-1].blank_after)
    ]
