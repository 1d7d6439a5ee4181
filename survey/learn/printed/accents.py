"""Letters of a page -> the same, accents that are set over a letter one with it: TeX prints a and two dots for ä."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from survey.doors.pdf_print import Letter

ACCENTS = dict(
    zip(
        "`´^ˆ~˜¯˘˙¨˚˝ˇ¸",
        "\u0300\u0301\u0302\u0302\u0303\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327",
        strict=True,
    )
)
OFF_LINE = 0.6  # of the type size: an accent over a capital stands higher


def with_accents(letters: Iterable[Letter]) -> list[Letter]:
    """Join each loose accent with the letter that it is printed over or under, wherever in the text either stands."""
    found = [*letters]
    joined: dict[int, Letter] = {}
    for place, accent in enumerate(found):
        mark = ACCENTS.get(accent.text)
        if mark is None:
            continue
        centre = accent.x_mm + accent.w_mm / 2
        under = (n for n in range(len(found)) if n != place and _stands_at(found[n], centre, accent))
        for other in sorted(under, key=lambda n: abs(n - place)):
            whole = unicodedata.normalize("NFC", found[other].text + mark)
            if len(whole) == 1:
                joined |= {place: accent, other: replace(found[other], text=whole)}
                break
    return [
        joined.get(place, one)
        for place, one in enumerate(found)
        if not (place in joined and one.text in ACCENTS)
    ]


def _stands_at(letter: Letter, centre_mm: float, accent: Letter) -> bool:
    """Whether the middle of an accent stands over or under a letter of its line."""
    across = letter.x_mm < centre_mm < letter.x_mm + letter.w_mm and letter.text.isalpha()
    return across and abs(letter.baseline_mm - accent.baseline_mm) < OFF_LINE * letter.size_mm
