"""Words that tell a number -> the same words with the key of its estimate inside, and back.

Finished text may be read aloud, typeset or linked: a mark leaves the choice to whoever writes the file. Marks are three
characters of Unicode's private use area around key and words, and no reader ever sees one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

OPEN, BETWEEN, CLOSE = "\ue000", "\ue001", "\ue002"
MARKED = re.compile(f"{OPEN}([^{BETWEEN}]*){BETWEEN}([^{CLOSE}]*){CLOSE}")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of finished text; `key` names the estimate its numbers come from, or is empty."""

    text: str
    key: str = ""


def mark(words: str, key: str) -> str:
    """Return the words with the key of the estimate they tell; unchanged without a key. Marks do not nest."""
    return f"{OPEN}{key}{BETWEEN}{words}{CLOSE}" if key else words


def spans(text: str) -> list[Span]:
    """Split finished text at its marks, in order; the texts joined are `plain(text)`, none is empty."""
    found, end = [], 0
    for match in MARKED.finditer(text):
        found += [Span(text[end : match.start()]), Span(match[2], match[1])]
        end = match.end()
    return [span for span in [*found, Span(text[end:])] if span.text]


def plain(text: str) -> str:
    """Return finished text without its marks, as people read it."""
    return MARKED.sub(r"\2", text)


def numbers_in(text: str, language: str) -> Iterator[tuple[str, float]]:
    """Yield key and value of every number in the marked stretches of a text in German or English, in order."""
    thousands, decimal = (".", ",") if language == "de" else (",", ".")
    for span in spans(text):
        if span.key:
            for digits in NUMBER.findall(span.text):
                yield span.key, float(digits.replace(thousands, "").replace(decimal, "."))
