"""Letters of a page, line by line -> how far spaced type sets them apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from survey.doors.pdf_print import Letter

WORD_GAP = 0.14  # of the type size; a blank is about .25
FEWEST_SPACED = 4  # gaps in a run of spaced type, …
EVEN_SPACING = 0.08  # … as even as this, of the type size
SPACED_REACH = 1.6  # of the type size: the widest gap between its words


def letter_spacing(lines: Sequence[Sequence[Letter]]) -> dict[Letter, float]:
    """Return how far the letters of spaced type are set apart, mm: most letters of a line by about as much.

    Letters in the order of the alphabet, digits and capitals one by one are no such type: they head columns. Short
    words are spaced where longer runs of their font are, as widely.
    """
    spaced: dict[Letter, float] = {}
    fonts: dict[tuple[str, float], float] = {}
    short: list[list[Letter]] = []
    for run in (run for line in lines for run in _runs(line)):
        gaps = _gaps(run)
        steps = [ord(b.text[0]) - ord(a.text[0]) for a, b in pairwise(run) if (a.text + b.text).islower()]
        usual = float(np.median(gaps)) if len(gaps) >= FEWEST_SPACED else 0.0
        if not _are_even(gaps, usual, run[0]) or not set(steps) - {1}:
            short += [run] if len(gaps) < FEWEST_SPACED else []
        elif usual > WORD_GAP * run[0].size_mm:
            spaced |= dict.fromkeys(run, usual)
            fonts[run[0].font, round(run[0].size_mm, 1)] = usual
    for run in short:
        usual = fonts.get((run[0].font, round(run[0].size_mm, 1)), 0.0)
        if usual and _are_even(_gaps(run), usual, run[0]):
            spaced |= dict.fromkeys(run, usual)
    return spaced


def _runs(line: Sequence[Letter]) -> Iterator[list[Letter]]:
    """Yield the letters of a line that stand no further from each other than words of spaced type."""
    run: list[Letter] = []
    for letter in sorted(line, key=lambda one: (one.left_mm, one.x_mm, one.order)):
        if run and letter.left_mm - run[-1].right_mm > SPACED_REACH * letter.size_mm:
            yield run
            run = []
        run.append(letter)
    yield from [run] if run else []


def _gaps(run: Sequence[Letter]) -> list[float]:
    """Return the gaps between letters and digits, mm; dots may only lead the eye."""
    return [b.left_mm - a.right_mm for a, b in pairwise(run) if (a.text + b.text).isalnum()]


def _are_even(gaps: Sequence[float], usual_mm: float, letter: Letter) -> bool:
    """Whether most gaps between letters are as wide as usual; `letter` is one of them."""
    return sum(abs(gap - usual_mm) <= EVEN_SPACING * letter.size_mm for gap in gaps) > 0.6 * len(gaps)
