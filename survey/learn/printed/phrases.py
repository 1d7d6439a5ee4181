"""Letters of a page -> phrases: words that stand together on one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from survey.doors.pdf_print import Letter
from survey.learn.printed.accents import with_accents
from survey.learn.printed.outlines import Outline
from survey.learn.printed.spacing import WORD_GAP, letter_spacing
from survey.learn.printed.wording import FLUSH_MM, FROM_RIGHT, Phrase, clean, is_line_under, join

SPACED_GAP = 0.05  # of the type size: a blank that is typed may look narrower, before an italic j …
LOOSE_GAP = 0.25  # … and is about .4 in Arabic, where letters that do not join the next one stand off it
PHRASE_GAP = 0.95  # of the type size; justified text stays under .7
COLUMN_GAP = 0.4  # of the type size; between headers that all but touch, …
SNUG = 0.12  # … and that touch, each over its column: off it by less of the step between columns
FILLED, HEADER_WORDS = 0.9, 2  # of all columns' width; a column: more words that fill so much are a sentence
SET_OFF = (
    1.3  # a header stands so much further from a sentence before it than the words of that from each other
)
STEEP_STEP = 1.8  # of the type size, from line to line of a header on its side: columns stand further apart
EVEN_MM = 0.1  # dots that lead the eye are no less evenly set
LEADERS, LEADER = frozenset(".…·"), 4  # so many of these lead the eye
SAME_LINE = 0.28  # of the type size; superscripts stand further up


def letters_to_steep_phrases(letters: Iterable[Letter]) -> list[Phrase]:
    """Join letters that stand on their side to phrases of one or several lines, in their place on the page."""
    found: list[Phrase] = []
    for quarters in (1, 3):
        upright = letters_to_phrases([one for one in letters if one.quarters == quarters], [])
        for p in _lines_joined(sorted(upright, key=lambda one: (one.y_mm, one.x_mm))):
            left, right, top, bottom = p.y_mm, p.bottom_mm, -p.right_mm, -p.x_mm
            if quarters == 3:
                left, right, top, bottom = -right, -left, -bottom, -top
            found.append(replace(p, x_mm=left, right_mm=right, y_mm=top, bottom_mm=bottom, words=()))
    return found


def _lines_joined(lines: list[Phrase]) -> list[Phrase]:
    """Join lines that follow each other closely, one over the other, as those of a steep header do."""
    joined: list[Phrase] = []
    for line in lines:
        last = joined[-1] if joined else line
        over = min(last.right_mm, line.right_mm) > max(last.x_mm, line.x_mm)
        if joined and over and line.bottom_mm - last.bottom_mm <= STEEP_STEP * line.size_mm:
            left, right = min(last.x_mm, line.x_mm), max(last.right_mm, line.right_mm)
            text = join([last, line])
            joined[-1] = replace(last, text=text, x_mm=left, right_mm=right, bottom_mm=line.bottom_mm)
        else:
            joined.append(line)
    return joined


def letters_to_phrases(letters: Iterable[Letter], walls: Iterable[Outline]) -> list[Phrase]:
    """Join letters to phrases, line by line; an edge of a box between two letters parts them."""
    lines: list[list[Letter]] = []
    for letter in sorted(with_accents(letters), key=lambda one: (one.baseline_mm, one.left_mm, one.order)):
        if lines and letter.baseline_mm - lines[-1][0].baseline_mm <= SAME_LINE * letter.size_mm:
            lines[-1].append(letter)
        else:
            lines.append([letter])
    edges = np.array([[wall.y_mm, wall.bottom_mm, wall.x_mm, wall.right_mm] for wall in walls]).reshape(-1, 4)
    spacing = letter_spacing(lines)
    phrases = _with_colons([phrase for line in lines for phrase in _line_to_phrases(line, edges, spacing)])
    if not any(phrase.blank_after for phrase in phrases):
        return [replace(phrase, blank_after=True) for phrase in phrases]
    whole = _before_several(phrases)
    phrases = [replace(p, blank_after=True) if p.text in whole else p for p in phrases]
    known = {word for phrase in phrases for word, _, _ in phrase.words[1:]}
    return [replace(p, begins_word=bool(p.words) and p.words[0][0] in known) for p in phrases]


def _with_colons(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Put each colon that stands alone, beside the middle of a caption of several lines, behind its last line."""
    captions = [p for p in phrases if p.text != ":"]
    for colon in (p for p in phrases if p.text == ":"):
        left = [
            p for p in captions if p.right_mm < colon.x_mm and abs(p.middle_mm - colon.middle_mm) < p.size_mm
        ]
        last = max(left, key=lambda p: (p.bottom_mm, p.x_mm), default=None)
        if len(left) > 1 and last is not None and max(p.x_mm for p in left) - last.x_mm <= FLUSH_MM:
            captions[captions.index(last)] = replace(last, text=f"{last.text}:")
    return captions


def _before_several(phrases: Sequence[Phrase]) -> set[str]:
    """Return what stands alone on its line over several texts that differ: a word of its own, no parted one."""
    under: dict[str, set[str]] = {}
    for upper in (p for p in phrases if not p.blank_after and len(p.words) == 1):
        below = {p.text for p in phrases if is_line_under(p, upper) and _overlap(p, upper)}
        under.setdefault(upper.text, set()).update(below)
    return {text for text, below in under.items() if len(below) > 1}


def _overlap(one: Phrase, other: Phrase) -> bool:
    return min(one.right_mm, other.right_mm) > max(one.x_mm, other.x_mm)


def _line_to_phrases(
    line: list[Letter],
    walls: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    spacing: dict[Letter, float],
) -> list[Phrase]:
    middle = line[0].baseline_mm - 0.3 * line[0].size_mm
    here = np.sort(walls[(walls[:, 0] <= middle) & (walls[:, 1] >= middle), 2:], axis=None)
    phrases: list[list[list[Letter]]] = []
    for letter in sorted(line, key=lambda one: (one.left_mm, one.x_mm, one.order)):
        if phrases:
            last = phrases[-1][-1][-1]
            gap = letter.left_mm - last.right_mm - min(spacing.get(last, 0.0), spacing.get(letter, 0.0))
            close = abs(letter.left_mm - last.left_mm) < 0.1 * letter.size_mm
            if letter.text == last.text and close and abs(letter.order - last.order) != 1:
                continue  # printed twice to look bold; the letters of a ligature follow each other
            walled = np.searchsorted(here, letter.x_mm + letter.w_mm / 2) > np.searchsorted(
                here, last.x_mm + last.w_mm / 2
            )
            led = letter.text not in LEADERS and _ends_in_leader(phrases[-1])
            if gap <= PHRASE_GAP * letter.size_mm and not walled and not led:
                is_loose = last.text[0] in FROM_RIGHT or letter.text[0] in FROM_RIGHT
                is_spaced = letter.order - last.order > 1 and gap > SPACED_GAP * letter.size_mm
                if gap > (LOOSE_GAP if is_loose else WORD_GAP) * letter.size_mm or (
                    is_spaced and not is_loose
                ):
                    phrases[-1].append([])
                phrases[-1][-1].append(letter)
                continue
        phrases.append([[letter]])
    for place, words in [*enumerate(phrases)][:0:-1]:
        if [one.text for word in words for one in word] == [
            ":"
        ]:  # set in a column of its own behind captions
            phrases[place - 1][-1] += phrases.pop(place)[0]
    made = [_phrase(words) for words in phrases]
    return [phrase for phrase in made if phrase.says_something or phrase.text == ":"]


def _ends_in_leader(phrase: list[list[Letter]]) -> bool:
    """Whether a phrase ends in the dots that lead from a label to its box, or to the number before that."""
    last = [letter.text for word in phrase[-LEADER:] for letter in word][-LEADER:]
    text = "".join(letter.text for word in phrase for letter in word)
    is_in_brackets = text.count("(") > text.count(")")  # what is written there belongs to the label
    return len(last) == LEADER and LEADERS.issuperset(last) and not is_in_brackets


def _without_leader(words: list[list[Letter]]) -> list[list[Letter]]:
    """Take the first of the dots that lead the eye off the word it stands at: it is as far from the next as they."""
    for place, word in enumerate(words):
        dots = [word[-1], *(one for after in words[place + 1 : place + LEADER] for one in after)]
        steps = [b.left_mm - a.left_mm for a, b in pairwise(dots)]
        is_row = len(dots) == LEADER and all(one.text == "." for one in dots)
        if is_row and len(word) > 1 and max(steps) - min(steps) <= EVEN_MM:
            return [*words[:place], word[:-1], [word[-1]], *words[place + 1 :]]
    return words


def _blanks(words: Sequence[tuple[str, float, float]]) -> list[float]:
    """Return the gaps between words but the last, mm."""
    return [right[1] - left[2] for left, right in pairwise(words[:-1])]


def _phrase(parts: list[list[Letter]]) -> Phrase:
    words = _without_leader(parts)
    letters = [letter for word in words for letter in word]
    size = float(np.median([letter.size_mm for letter in letters]))
    baseline = float(np.median([letter.baseline_mm for letter in letters]))
    edges = [(min(one.x_mm for one in word), max(one.x_mm + one.w_mm for one in word)) for word in words]
    return Phrase(
        text=clean(" ".join("".join(one.text for one in word) for word in words)),
        x_mm=min(left for left, _ in edges),
        right_mm=max(right for _, right in edges),
        y_mm=baseline - 0.72 * size,
        bottom_mm=baseline + 0.12 * size,
        size_mm=size,
        bold=sum(letter.bold for letter in letters) * 2 > len(letters),
        words=tuple(
            ("".join(one.text for one in word), left, right)
            for word, (left, right) in zip(words, edges, strict=True)
        ),
        blank_after=words[-1][-1].blank_after,
        begins_bold=all(letter.bold for letter in words[0]),
    )


def split_over(phrase: Phrase, centres_mm: list[float]) -> list[Phrase]:
    """Part a phrase that is the headers of several columns set close together: each piece over its own column.

    What stands left of them all, as a wording on their line, is a piece of its own.
    """
    step = min((b - a for a, b in pairwise(centres_mm)), default=1000.0)
    pieces: dict[int, list[tuple[str, float, float]]] = {}
    for word in phrase.words:
        place = int(np.argmin([abs(centre - (word[1] + word[2]) / 2) for centre in centres_mm]))
        if (word[1] + word[2]) / 2 < centres_mm[0] - step / 2:
            place = -1
        pieces.setdefault(place, []).append(word)
    made = [piece_of(phrase, words) for words in pieces.values()]
    off = [abs(one.centre_mm - centres_mm[n]) / step for n, one in zip(pieces, made, strict=True) if n >= 0]
    gaps = [b[0][1] - a[-1][2] for a, b in pairwise(pieces.values())]
    fills = sum(one.right_mm - one.x_mm for one in made) > FILLED * step * len(made)
    is_sentence = fills and len(phrase.words) > HEADER_WORDS * len(made)
    is_snug = 2 < len(off) >= len(centres_mm) / 2 and max(off) <= SNUG
    is_snug = is_snug and not phrase.asks and not is_sentence
    if any(gap < COLUMN_GAP * phrase.size_mm for gap in gaps) and not is_snug:
        return [phrase]
    if -1 in pieces and len(pieces) > 1:
        before = phrase.words if len(pieces) == 2 else (*pieces[-1], phrase.words[-1])
        if gaps[0] <= SET_OFF * max(_blanks(before), default=0.0):
            return [phrase]  # the last words of a sentence happen to stand over columns
    over = max(off, default=0.0) <= 0.3
    return made if over and len(made) > 1 else [phrase]


def split_at(phrase: Phrase, lefts_mm: Sequence[float], flush_mm: float) -> list[Phrase]:
    """Part a phrase whose first word and others begin where a column does, further from what stands before them."""
    starts = [
        n
        for n, (_, left, _) in enumerate(phrase.words)
        if min((abs(left - edge) for edge in lefts_mm), default=np.inf) < flush_mm
    ]
    gaps = [b[1] - a[2] for a, b in pairwise(phrase.words)]
    before = [gaps[n - 1] for n in starts if n]
    others = [gap for n, gap in enumerate(gaps, start=1) if n not in starts]
    is_apart = bool(before) and min(before) > max(
        [COLUMN_GAP * phrase.size_mm, *(SET_OFF * gap for gap in others)]
    )
    if starts[:1] != [0] or not is_apart:
        return [phrase]
    parts = [phrase.words[n:end] for n, end in zip(starts, [*starts[1:], None], strict=True)]
    return [piece_of(phrase, words) for words in parts]


def piece_of(phrase: Phrase, words: Sequence[tuple[str, float, float]]) -> Phrase:
    """Return the part of a phrase that some of its words are."""
    text = clean(" ".join(word for word, _, _ in words))
    return replace(phrase, text=text, x_mm=words[0][1], right_mm=words[-1][2], words=tuple(words))
