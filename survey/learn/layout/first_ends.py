"""Phrases that end in what the first box of a scale is called -> two: the wording, and the name of that end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from survey.learn.layout.apart import END_REACH_MM, LEAST_SCALE
from survey.learn.printed.near import count_on, gap_mm, is_code, on_row, outside, to_rows
from survey.learn.printed.outlines import Outline
from survey.learn.printed.phrases import piece_of
from survey.learn.printed.wording import Phrase

MOST_WORDS = 4  # of what an end is called
LABEL_MM = 3.0  # from a label to the box right behind it
UNEVEN = 1.2  # boxes of a scale stand no less evenly
SENTENCE_END = re.compile(r"[.?!:…]$")


def with_first_ends(phrases: Sequence[Phrase], boxes: Sequence[Outline]) -> list[Phrase]:
    """Part what stands right before the boxes of a scale from the sentence before: "Liked it? no [] [] [] yes".

    So it is where a few words stand right behind the last box, too, and no text between the boxes.
    """
    parted: dict[Phrase, tuple[Phrase, Phrase]] = {}
    for row in to_rows([*boxes]):
        level = [p for p in phrases if on_row(p, row[0])]
        before = [p for p in level if p.right_mm < row[0].x_mm and gap_mm(p, row[0]) < END_REACH_MM]
        behind = [p for p in level if p.x_mm > row[-1].right_mm and gap_mm(p, row[-1]) < END_REACH_MM]
        if len(before) == len(behind) == 1 and _is_scale(row, level) and _names_end(behind[0]):
            parts = _parts(before[0])
            parted |= {before[0]: parts} if parts else {}
    return [part for p in phrases for part in parted.get(p, (p,))]


def with_first_labels(phrases: Sequence[Phrase], boxes: Sequence[Outline]) -> list[Phrase]:
    """Part a question from the label right before its first box: "Do you smoke? yes [] no []".

    So it is where something stands right before every box of the line, and nothing behind the last.
    """
    parted: dict[Phrase, tuple[Phrase, Phrase]] = {}
    for row in to_rows([*boxes]):
        level = [p for p in phrases if on_row(p, row[0])]
        before = [[p for p in level if 0 <= box.x_mm - p.right_mm < LABEL_MM] for box in row]
        is_led = len(row) > 1 and all(before) and not any(p.x_mm > row[-1].right_mm for p in level)
        parts = _parts(before[0][-1]) if is_led else None
        if parts is not None and parts[0].text.endswith(("?", ":")):
            parted[before[0][-1]] = parts
    return [part for p in phrases for part in parted.get(p, (p,))]


def with_first_numbers(phrases: Sequence[Phrase], boxes: Sequence[Outline]) -> list[Phrase]:
    """Part the number before the first box from the name of that end, where others count on: "never 0 [] 1 []"."""
    parted: dict[Phrase, tuple[Phrase, Phrase]] = {}
    for row in to_rows([*boxes]):
        level = [p for p in phrases if on_row(p, row[0])]
        before = [p for p in level if p.right_mm < row[0].x_mm and gap_mm(p, row[0]) < END_REACH_MM]
        between = [[p.text for p in level if outside(p, a, b)] for a, b in pairwise(row)]
        numbers = [int(text[0]) for text in between if len(text) == 1 and text[0].isdecimal()]
        words = before[-1].words if before else ()
        if len(words) > 1 and len(numbers) == len(between) >= LEAST_SCALE and words[-1][0].isdecimal():
            parts = piece_of(before[-1], words[:-1]), piece_of(before[-1], words[-1:])
            parted |= {before[-1]: parts} if count_on([int(words[-1][0]), *numbers]) else {}
    return [part for p in phrases for part in parted.get(p, (p,))]


def _is_scale(row: Sequence[Outline], level: Sequence[Phrase]) -> bool:
    """Whether boxes stand evenly with nothing between."""
    steps = [b.x_mm - a.x_mm for a, b in pairwise(row)]
    if len(row) < LEAST_SCALE or max(steps) > UNEVEN * min(steps):
        return False
    return not any(outside(p, a, b) for a, b in pairwise(row) for p in level)


def _names_end(phrase: Phrase) -> bool:
    return len(phrase.words) <= MOST_WORDS and not phrase.asks and not is_code(phrase)


def _parts(phrase: Phrase) -> tuple[Phrase, Phrase] | None:
    """Return the two parts of a phrase: up to the last sentence's end, and a few words behind that."""
    words = phrase.words
    ends = [n for n, (word, _, _) in enumerate(words[:-1], start=1) if n > 1 and SENTENCE_END.search(word)]
    if not ends or len(words) - ends[-1] > MOST_WORDS:
        return None
    first, last = words[: ends[-1]], words[ends[-1] :]
    return piece_of(phrase, first), replace(piece_of(phrase, last), bold=False, begins_bold=False)
