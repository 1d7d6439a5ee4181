"""Kinds of doubt <-> the words each is given with."""

from __future__ import annotations

import re

DOUBTS = {
    "between": "unsure mark: {:.2f}, between {:.2f} and {:.2f}",
    "edge": "looks empty, but ink at its edge: {:.2f}",
    "trace": "looks empty, but a trace of ink is inside: {:.2f}",
    "little": "little ink: a mark or a speck? {:.2f}",
    "no ink": "looks marked, but no ink is found: {:.2f}",
    "second": "a second, much weaker mark in a single-choice item",
    "several": "not sure enough beside another mark in a single-choice item: {:.2f}, wanted {:.2f}",
    "slight": "a slight mark, not sure enough: {:.2f}, wanted {:.2f}",
    "faint": "nothing is seen here, but the marks of this case are so faint that the scan may have lost others",
    "filled": "filled in: a mark or blacked out?",
    "heavy": "a heavy mark beside another: mark or blacked out?",
    "speck": "a little ink in the field",
    "misfit": "the print around does not fit: {:.2f}, wanted {:.2f}",
    "outside": "the box lies outside the scanned image",
    "moved": "its box has moved since a person decided about it: look again",
}
"""Kind of doubt -> the reason it is given with; numbers stand where braces are."""
_PATTERNS = {
    kind: re.compile(re.escape(template).replace(re.escape("{:.2f}"), r"(-?[\d.]+|nan)"))
    for kind, template in DOUBTS.items()
}


def tell_doubt(reason: str) -> tuple[str, tuple[float, ...]]:
    """Return the kind of doubt a reason of MARKS gives, and its numbers; ("", ()) for any other reason."""
    for kind, pattern in _PATTERNS.items() if reason else ():
        found = pattern.fullmatch(reason)
        if found:
            return kind, tuple(float(number) for number in found.groups())
    return "", ()


def fill_last(template: str, *last: float) -> str:
    """Fill in the last numbers of a reason; the first is left for each box's own."""
    return template.replace("{:.2f}", "{{:.2f}}", 1).format(*last)
