"""Claims about printed codes: a slip of one sign is never taken for another case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaire.printed_code import (
    ALPHABET,
    PrintedCode,
    make_serial,
    parse_page_code,
    serial_is_valid,
    with_check,
    without_check,
)

codes = st.builds(
    PrintedCode,
    st.builds(make_serial, st.sampled_from("ABCXYZ"), st.integers(0, 9999)),
    st.text(ALPHABET, min_size=1, max_size=6),
    st.integers(0, 99),
    st.integers(0, 99),
)


def test_the_check_digit_agrees_with_the_standards_example() -> None:
    """ISO/IEC 7064, MOD 11,10: 0794 has the check digit 5."""
    assert make_serial("S", 794) == "S07945"


def test_the_check_character_agrees_with_published_numbers() -> None:
    """ISO/IEC 7064, MOD 37,36: the standard's A12425GABC1234002 has M; an ISAN root and episode has its own."""
    assert with_check("A12425GABC1234002") == "A12425GABC1234002-M"
    assert with_check("0000-0000-D07A-0090") == "0000-0000-D07A-0090-Q"


def test_serials_and_codes_look_as_documented() -> None:
    assert make_serial("S", 123) == "S01231"
    assert PrintedCode("S01231", "SG12", 1, 3).text == "S01231-SG12-1-3-S"


@given(st.integers(0, 9999), st.integers(1, 5), st.sampled_from("0123456789"))
def test_one_wrong_digit_in_a_serial_is_always_caught(number: int, place: int, digit: str) -> None:
    serial = make_serial("S", number)
    changed = serial[:place] + digit + serial[place + 1 :]
    assert serial_is_valid(changed) == (changed == serial)


def test_no_two_serials_are_one_digit_apart() -> None:
    serials = {make_serial("S", number) for number in range(10_000)}
    assert len(serials) == 10_000
    assert all(serial_is_valid(serial) for serial in serials)


@pytest.mark.parametrize("number", [-1, 10_000])
def test_a_number_that_does_not_fit_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="four digits"):
        make_serial("S", number)


@given(codes)
def test_what_is_printed_is_what_is_read(code: PrintedCode) -> None:
    assert parse_page_code(code.text) == code


@given(codes, st.data())
def test_one_wrong_sign_in_a_code_is_always_caught(code: PrintedCode, data: st.DataObject) -> None:
    text = code.text
    place = data.draw(st.sampled_from([at for at, sign in enumerate(text) if sign != "-"]))
    sign = data.draw(st.sampled_from([sign for sign in ALPHABET if sign != text[place]]))
    assert without_check(text[:place] + sign + text[place + 1 :]) is None


@pytest.mark.parametrize(
    "text", ["", "-", "K", "S01231", "S01231-SG12-1-3", "S01231-SG12-1-3-", "4006381333931", "sg12"]
)
def test_other_peoples_codes_are_not_ours(text: str) -> None:
    assert parse_page_code(text) is None


def test_a_code_with_a_right_check_but_a_wrong_serial_is_not_ours() -> None:
    assert parse_page_code(with_check("S01235-SG12-1-3")) is None


@pytest.mark.parametrize("text", ["S²0005", "S0123٣", "s01231", "101231", "S01231 ", ""])
def test_what_only_looks_like_a_serial_is_none(text: str) -> None:
    assert not serial_is_valid(text)
