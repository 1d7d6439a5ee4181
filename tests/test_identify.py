"""Claims about reading codes: what a damaged or strange code says is never taken for a case."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from paper import Grey, affine, blank_page, handle, print_code

from survey.doors.codes import bar_widths, read_any_code, read_code128, read_linear_codes
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.printed_code import PrintedCode, make_serial, with_check
from survey.reading.identify import FINE_PX, CodeBook, CoverSheet, Identity, combine, identify
from survey.reading.reasons import Reason
from survey.reading.scan import PageImage, PageRef

A, B, STRANGER = (make_serial("S", number) for number in (1, 2, 999))
BOOK = CodeBook({("MINI", 1): "mini"}, (), {"mini": frozenset({A, B})})
HEAD, FOOT = {"x_mm": 90.0, "y_mm": 10.0}, {"x_mm": 20.0, "y_mm": 279.0}


def code(serial: str = A, page: int = 1, name: str = "MINI", version: int = 1) -> str:
    return PrintedCode(serial, name, version, page).text


@pytest.fixture(scope="module")
def page_1(mini: Questionnaire) -> Grey:
    return blank_page(mini, 1, 200)


def said(grey: Grey, book: CodeBook = BOOK) -> Identity:
    return identify(PageImage(PageRef("a.pdf", 1), "d", np.ascontiguousarray(grey), 200), book)


def with_codes(page: Grey, head: str, foot: str) -> Grey:
    return print_code(print_code(page, head, **HEAD), foot, **FOOT)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_page_tells_its_case_in_any_rotation(turns: int, page_1: Grey) -> None:
    page = with_codes(page_1, code(), code())
    assert said(np.rot90(page, turns)) == Identity("mini", 1, A)


def test_a_skewed_noisy_page_tells_its_case(page_1: Grey) -> None:
    page = handle(with_codes(page_1, code(B), code(B)), affine(200, turn_deg=2.5), noise=12)
    assert said(page) == Identity("mini", 1, B)


def test_one_of_two_codes_is_enough(page_1: Grey) -> None:
    page = with_codes(page_1, code(), code())
    px = 200 / 25.4
    cv2.line(page, (round(80 * px), round(14 * px)), (round(190 * px), round(15 * px)), 0, 70)
    assert said(page) == Identity("mini", 1, A)


def test_codes_that_disagree_are_a_problem_and_no_case(page_1: Grey) -> None:
    assert said(with_codes(page_1, code(A), code(B))) == Identity(problem=Reason.CODES_DISAGREE)
    assert said(with_codes(page_1, code(A, 1), code(A, 2))) == Identity(problem=Reason.CODES_DISAGREE)


def test_a_serial_that_was_never_issued_is_a_problem(page_1: Grey) -> None:
    page = with_codes(page_1, code(STRANGER), code(STRANGER))
    assert said(page) == Identity("mini", 1, "", problem=Reason.NOT_ISSUED)
    no_list = CodeBook(BOOK.ours, (), {})
    assert said(page, no_list) == Identity("mini", 1, STRANGER)


def test_another_projects_questionnaire_or_version_is_named_as_such(page_1: Grey) -> None:
    for text in (code(name="OTHER"), code(version=2)):
        assert said(with_codes(page_1, text, text)) == Identity(problem=Reason.OTHER_QUESTIONNAIRE)


def test_a_code_with_a_wrong_check_character_says_nothing(page_1: Grey) -> None:
    wrong = code()[:-1] + ("A" if code()[-1] != "A" else "B")
    assert said(with_codes(page_1, wrong, wrong)) == Identity()


def test_somebody_elses_code_says_nothing(page_1: Grey) -> None:
    assert said(with_codes(page_1, "4006381333931", "RR123456785DE")) == Identity()


def test_a_page_without_codes_says_nothing(page_1: Grey) -> None:
    assert said(page_1) == Identity()


def test_a_cover_sheet_tells_date_and_stratum(page_1: Grey) -> None:
    page = print_code(page_1, with_check("COVER-MINI-20120717-2"), **HEAD)
    assert said(page) == Identity(cover=CoverSheet("mini", "2012-07-17", 2))


def test_codes_of_other_programs_are_read_by_their_expressions(page_1: Grey) -> None:
    book = CodeBook({}, (("theirs", r"^Q(?P<serial>\d+)p(?P<page>\d)$"),), {})
    page = print_code(page_1, "Q4711p2", x_mm=60, y_mm=150)
    assert said(page, book) == Identity("theirs", 2, "4711")
    assert said(page_1, book) == Identity()


def test_groups_of_several_expressions_are_put_together(page_1: Grey) -> None:
    book = CodeBook({}, (("theirs", r"^CASE(?P<serial>\d+)$"), ("theirs", r"^PAGE(?P<page>\d+)$")), {})
    page = print_code(print_code(page_1, "CASE12", x_mm=30, y_mm=60), "PAGE3", x_mm=120, y_mm=200)
    assert said(page, book) == Identity("theirs", 3, "12")


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_code_of_others_is_read_in_any_rotation(turns: int, page_1: Grey) -> None:
    """Upright and upside down the quickest reader has it; on its side that finds nothing, and the next one does."""
    book = CodeBook({}, (("theirs", r"^(?P<serial>R\d{5})$"),), {})
    page = np.ascontiguousarray(np.rot90(print_code(page_1, "R12345", **HEAD), turns))
    assert bool(read_linear_codes(page)) == (turns % 2 == 0)
    assert said(page, book) == Identity("theirs", 0, "R12345")


def test_a_code_of_others_is_read_on_a_fine_scan_too(page_1: Grey) -> None:
    book = CodeBook({}, (("theirs", r"^CASE(?P<serial>\d+)$"), ("theirs", r"^PAGE(?P<page>\d+)$")), {})
    page = print_code(print_code(page_1, "CASE12", x_mm=30, y_mm=60), "PAGE3", x_mm=120, y_mm=200)
    fine = cv2.resize(page, None, fx=1.5, fy=1.5, interpolation=cv2.INTER_LINEAR)
    assert max(fine.shape) > FINE_PX
    assert said(fine, book) == Identity("theirs", 3, "12")


def test_nothing_heard_is_nothing_said_and_a_problem_loses_to_a_good_code() -> None:
    assert combine([None, None], BOOK) == Identity()
    assert combine([Identity(problem=Reason.OTHER_QUESTIONNAIRE), Identity("mini", 1, A)], BOOK) == Identity(
        "mini", 1, A
    )


def test_printed_bars_are_what_the_reader_reads() -> None:
    """The widths that copies are printed with are those of a Code128, whatever library draws them."""
    widths = bar_widths(code())
    assert len(widths) % 2 == 1
    row = np.repeat(np.arange(len(widths)) % 2 * 255, np.array(widths) * 3).astype(np.uint8)
    image = np.tile(np.pad(row, 60, constant_values=255), (60, 1))
    assert [read.text for read in read_code128(image)] == [code()]
    assert {read.text for read in read_any_code(np.ascontiguousarray(image.T))} == {code()}
