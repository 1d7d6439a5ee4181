"""What our printed bar codes say: serial, questionnaire, version and page, with a check character."""

from __future__ import annotations

import re
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SERIAL = re.compile(r"[A-Z][0-9]{5}")
PAGE_CODE = re.compile(
    r"(?P<serial>[A-Z]\d{5})-(?P<questionnaire>[A-Z0-9]{1,6})-(?P<version>\d{1,2})-(?P<page>\d{1,2})"
)
COVER_CODE = re.compile(r"COVER-(?P<questionnaire>[A-Z0-9]{1,6})-(?P<received>\d{8})-(?P<stratum>\d{1,3})")


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """One page's code: which case, which page of which questionnaire."""

    serial: str
    questionnaire: str
    version: int
    page: int

    @property
    def text(self) -> str:
        """The code as printed, for example S01231-SG12-1-3-S."""
        return with_check(f"{self.serial}-{self.questionnaire}-{self.version}-{self.page}")


def parse_page_code(text: str) -> PrintedCode | None:
    """Return what a page's code says; None if it is not ours or its check characters do not fit."""
    match = PAGE_CODE.fullmatch(without_check(text) or "")
    if match is None or not serial_is_valid(match["serial"]):
        return None
    return PrintedCode(match["serial"], match["questionnaire"], int(match["version"]), int(match["page"]))


def with_check(body: str) -> str:
    """Append the check character of ISO/IEC 7064, MOD 37,36, over the letters and digits."""
    return f"{body}-{_check_character(body)}"


def without_check(text: str) -> str | None:
    """Return the text before its check character, or None if that does not fit."""
    body, _, check = text.rpartition("-")
    return body if body and check == _check_character(body) else None


def _check_character(body: str) -> str:
    product = 36
    for letter in body:
        if letter in ALPHABET:
            total = (product + ALPHABET.index(letter)) % 36 or 36
            product = total * 2 % 37
    return ALPHABET[(37 - product) % 36]


def make_serial(letter: str, number: int) -> str:
    """Return a serial: a letter, four digits and a check digit (ISO/IEC 7064, MOD 11,10): S01231."""
    if not 0 <= number <= 9999:
        raise ValueError("a serial's number has at most four digits")
    return f"{letter}{number:04d}{_check_digit(f'{number:04d}')}"


def serial_is_valid(serial: str) -> bool:
    """Whether a text is a capital letter and five digits, the last of which checks the others."""
    return bool(SERIAL.fullmatch(serial)) and serial[5] == _check_digit(serial[1:5])


def _check_digit(digits: str) -> str:
    product = 10
    for letter in digits:
        total = (product + int(letter)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)
