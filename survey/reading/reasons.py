"""Why a page was not read, and kinds of doubt <-> the words each is given with."""

from __future__ import annotations

import re
from enum import StrEnum


class Reason(StrEnum):
    """Why a page or file was not read; the text is what people see."""

    EMPTY_FILE = "the file is empty"
    ENCRYPTED = "the file is encrypted and asks for a password"
    DAMAGED = "the file is cut or damaged"
    DAMAGED_PAGE = "the page's image cannot be decoded"
    NOT_A_SCAN = "the file is neither a PDF nor a picture that can be opened"
    BLANK = "nothing is printed or written on it"
    NOT_OURS = "no known questionnaire's print is on it"
    AMBIGUOUS = "two pages of the questionnaire fit it equally well"
    OTHER_QUESTIONNAIRE = "its code names a questionnaire this project does not have"
    NOT_ISSUED = "its serial was never issued"
    CODES_DISAGREE = "its codes name different cases or pages"
    MISREGISTERED = "its print could not be matched with the blank"


HINTS = {
    Reason.EMPTY_FILE: "scan the batch again",
    Reason.ENCRYPTED: "save it without a password and run survey ingest again",
    Reason.DAMAGED: "copy the file from the scanner again, or scan the batch again",
    Reason.DAMAGED_PAGE: "scan this sheet again",
    Reason.NOT_A_SCAN: "save it as PDF, TIFF, JPEG or PNG, or take it out of the scans folder",
    Reason.BLANK: "",
    Reason.NOT_OURS: "if it belongs here: survey learn BLANK.pdf --id ID, of the same revision and the same part of the"
    " page; else take it out of the batch",
    Reason.AMBIGUOUS: "look at the sheet and scan it again",
    Reason.OTHER_QUESTIONNAIRE: "copy that questionnaire's schema into schemas/, or take the sheet out",
    Reason.NOT_ISSUED: "compare the sheet with the list in schemas/<id>.cases.csv",
    Reason.CODES_DISAGREE: "look at the sheet: two sheets may have been scanned as one",
    Reason.MISREGISTERED: "flatten the sheet and scan it again",
}

DOUBTS = {
    "between": "unsure mark: {:.2f}, between {:.2f} and {:.2f}",
    "edge": "looks empty, but ink at its edge: {:.2f}",
    "aside": "looks empty, but something like a mark stands right beside it: was this box meant?",
    "trace": "looks empty, but a trace of ink is inside: {:.2f}",
    "little": "little ink: a mark or a speck? {:.2f}",
    "no ink": "looks marked, but no ink is found: {:.2f}",
    "second": "a second, much weaker mark in an item that takes one",
    "several": "not sure enough beside another mark in an item that takes one: {:.2f}, wanted {:.2f}",
    "slight": "a slight mark, not sure enough: {:.2f}, wanted {:.2f}",
    "shared": "a stroke in two boxes of an item that takes one mark: which one was meant?",
    "upright": "an upright line, unlike this person's marks: a mark or an arrow?",
    "writing": "it goes on far beside the box, unlike this person's marks: a mark or writing?",
    "stirs": "nothing is marked in this item, which takes one mark, and here may be something: {:.2f}",
    "faint": "nothing is seen here, but the marks of this case are so faint that the scan may have lost others",
    "unlike": "far less of a mark than this person's others, and not quite sure: a mark or a slip?",
    "unusual": "seldom so in simulated returns: read wrongly with a probability of {:.2f}",
    "filled": "filled in: a mark or blacked out?",
    "heavy": "a heavy mark beside another: mark or blacked out?",
    "no mark": "hardly a mark on all black-and-white pages of this return: the scan may have lost a pale pen",
    "speck": "a little ink in the field",
    "misfit": "the print around does not fit: {:.2f}, wanted {:.2f}",
    "missing": "part of the box's own print is missing: {:.2f}, so it may lie elsewhere",
    "outside": "the box lies outside the scanned image",
    "moved": "its box has moved since a person decided about it: look again",
}
"""Kind of doubt -> the reason it is given with; numbers stand where braces are."""
_PATTERNS = {
    kind: re.compile(re.escape(template).replace(re.escape("{:.2f}"), r"(-?[\d.]+|nan)"))
    for kind, template in DOUBTS.items()
}


def opens(*kinds: str) -> tuple[str, ...]:
    """Return how reasons of some kinds of doubt begin, before the first number."""
    return tuple(DOUBTS[kind].partition("{")[0] for kind in kinds)


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
