"""PageImage -> which case, which page of which questionnaire, as far as its printed codes say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.doors.codes import ReadCode, read_any_code, read_code128, read_linear_codes, read_with_zxing
from survey.questionnaire.printed_code import COVER_CODE, parse_page_code, without_check
from survey.reading.reasons import Reason
from survey.reading.scan import PageImage

VERSION = 5
STRIP = 0.16  # our codes stand in the upper and lower sixth of a page
ROW_STEP = 8  # every eighth row of a strip is looked at first: bars run down through all of them
FINE_PX = 3000  # a page longer than this (250 dpi of A4) is looked at in half its size first


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
        ours = combine([_ours(code, book) for code in _codes_of_ours(image)], book)
        if ours.questionnaire or ours.cover or ours.problem:
            return ours
    if book.foreign:
        return combine(list(_foreign(_codes_of_others(image, book), book)), book)
    return Identity()


def _codes_of_ours(page: PageImage) -> list[ReadCode]:
    """Read the strips at head and foot of a page, also if it lies on its side; else, at half size, all of it.

    The large code of a cover sheet stands in its middle. A page decoded to half its size is looked at in full
    before it is given up.
    """
    found = _codes_of_page(page.grey)
    return _codes_of_page(page.finer()) if page.finer and not found else found


def _codes_of_page(grey: NDArray[np.uint8]) -> list[ReadCode]:
    height, width = grey.shape
    depth = round(STRIP * max(height, width))
    image = grey if height >= width else np.ascontiguousarray(np.rot90(grey))
    found = [*_codes_of_strip(image[:depth]), *_codes_of_strip(image[-depth:])]
    return found or read_code128(cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))


def _codes_of_strip(strip: NDArray[np.uint8]) -> list[ReadCode]:
    return read_code128(strip[::ROW_STEP], smaller_too=False) or read_code128(strip)


def _codes_of_others(page: PageImage, book: CodeBook) -> list[ReadCode]:
    """Read the codes of other programs: by the quickest reader first, and no further where every expression is met."""
    grey = page.grey
    is_fine = max(grey.shape) > FINE_PX
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) if is_fine else grey
    for reader in (read_linear_codes, read_with_zxing):
        found = reader(np.asarray(small, np.uint8))
        if _is_complete(found, book):
            return found
    return read_any_code(page.finer() if page.finer else grey)


def _is_complete(codes: list[ReadCode], book: CodeBook) -> bool:
    """Tell whether all expressions of one questionnaire are met."""
    for name in {name for name, _ in book.foreign}:
        patterns = [pattern for owner, pattern in book.foreign if owner == name]
        if all(any(re.search(pattern, code.text) for code in codes) for pattern in patterns):
            return True
    return False


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
