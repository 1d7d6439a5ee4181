"""PageImage -> which case, which page of which questionnaire, as far as its printed codes say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.doors.codes import ReadCode, read_any_code, read_code128
from survey.questionnaire.printed_code import COVER_CODE, parse_page_code, without_check
from survey.reading.scan import PageImage, Reason

VERSION = 2
STRIP = 0.16  # our codes stand in the upper and lower sixth of a page


@dataclass(frozen=True)
class CodeBook:
    """What codes may say in this project."""

    ours: Mapping[tuple[str, int], str]
    """(short name, version) as printed in our codes -> questionnaire id."""
    foreign: tuple[tuple[str, str], ...]
    """(questionnaire id, regular expression) for codes that other programs printed."""
    serials: Mapping[str, frozenset[str]]
    """Questionnaire id -> issued serials; no entry where nothing was issued by name."""


@dataclass(frozen=True, slots=True)
class CoverSheet:
    """What a batch cover sheet says of the pages behind it."""

    questionnaire: str
    received: str
    """Date received, YYYY-MM-DD."""
    stratum_number: int
    """Place of the stratum in the frame, from 1; 0 for none."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the codes of a page say; empty or 0 where they say nothing."""

    questionnaire: str = ""
    page: int = 0
    serial: str = ""
    cover: CoverSheet | None = None
    problem: Reason | None = None


def identify(image: PageImage, book: CodeBook) -> Identity:
    """Read a page's codes: ours in its head and foot first, then any code anywhere if other programs' are known."""
    if book.ours:
        ours = combine([_ours(code, book) for code in _codes_of_ours(image.grey)], book)
        if ours.questionnaire or ours.cover or ours.problem:
            return ours
    if book.foreign:
        return combine(list(_foreign(read_any_code(image.grey), book)), book)
    return Identity()


def _codes_of_ours(grey: NDArray[np.uint8]) -> list[ReadCode]:
    """Read the strips at head and foot of a page, also if it lies on its side; else, at half size, all of it.

    The large code of a cover sheet stands in its middle.
    """
    height, width = grey.shape
    depth = round(STRIP * max(height, width))
    image = grey if height >= width else np.ascontiguousarray(np.rot90(grey))
    found = [*read_code128(image[:depth]), *read_code128(image[-depth:])]
    return found or read_code128(cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))


def _ours(code: ReadCode, book: CodeBook) -> Identity | None:
    page = parse_page_code(code.text)
    if page is not None:
        name = book.ours.get((page.questionnaire, page.version), "")
        if not name:
            return Identity(problem=Reason.OTHER_QUESTIONNAIRE)
        return Identity(name, page.page, page.serial)
    cover = COVER_CODE.fullmatch(without_check(code.text) or "")
    if cover is None:
        return None
    day = cover["received"]
    name = next((name for (short, _), name in book.ours.items() if short == cover["questionnaire"]), "")
    return Identity(cover=CoverSheet(name, f"{day[:4]}-{day[4:6]}-{day[6:]}", int(cover["stratum"])))


def _foreign(codes: Iterable[ReadCode], book: CodeBook) -> Iterable[Identity]:
    """Try every regular expression on every code of the page; the named groups of all matches are merged."""
    texts = [code.text for code in codes]
    for name in dict.fromkeys(name for name, _ in book.foreign):
        groups: dict[str, str] = {}
        for pattern in (pattern for owner, pattern in book.foreign if owner == name):
            for text in texts:
                match = re.search(pattern, text)
                if match:
                    groups |= {group: value for group, value in match.groupdict().items() if value}
        if groups:
            page = groups.get("page", "")
            yield Identity(name, int(page) if page.isdigit() else 0, groups.get("serial", ""))


def combine(said: list[Identity | None], book: CodeBook) -> Identity:
    """Merge what several codes of one page say; codes that disagree, or a serial never issued, are a problem."""
    heard = [identity for identity in said if identity is not None]
    if not heard:
        return Identity()
    covers = [identity for identity in heard if identity.cover]
    if covers:
        return covers[0]
    known = [identity for identity in heard if identity.problem is None]
    if not known:
        return heard[0]
    if len(set(known)) > 1:
        return Identity(problem=Reason.CODES_DISAGREE)
    issued = book.serials.get(known[0].questionnaire)
    if issued is not None and known[0].serial and known[0].serial not in issued:
        return Identity(known[0].questionnaire, known[0].page, problem=Reason.NOT_ISSUED)
    return known[0]
