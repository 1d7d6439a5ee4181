"""Claims about the ledger: every page stands in exactly one place, and no case is ever made of two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.questionnaire.printed_code import make_serial
from survey.reading.assemble import Issue, Judge, assemble, place_in_pile
from survey.reading.reasons import Reason
from survey.reading.returned import cases_of
from survey.reading.told import Told
from survey.tables import CASES, LEDGER, PAGES

A, B, C = (make_serial("S", number) for number in (1, 2, 3))
NORTH, SOUTH = "North", "South"
CODED = Issue((1, 2, 3, 4), True, {A: NORTH, B: SOUTH, C: NORTH}, (NORTH, SOUTH))
PLAIN = Issue((1, 2, 3, 4), False, {}, (NORTH, SOUTH))
PLACES = {
    "read", "duplicate", "superseded", "foreign", "cover sheet", "blank back", "unreadable", "discarded", "waiting",
}  # fmt: skip


def row(page: int, questionnaire_page: int = 0, serial: str = "", **given: object) -> dict[str, object]:
    """One line of PAGES; a page of the questionnaire where `questionnaire_page` is not 0."""
    scan = str(given.get("scan", "a.pdf"))
    return {
        "scan": scan, "page": page, "page_digest": f"{scan} {page}", "serial": serial, "problem": "",
        "questionnaire": "mini" if questionnaire_page else "", "questionnaire_page": questionnaire_page,
        "cover_received": "", "cover_stratum": 0, "is_cover": False,
        "half": 0, "cut": float("nan"),
        "score": 0.9, "runner_up": 0.1, "fit_mm": 0.05, "bilevel": False, "streak": float("nan"), "another": False,
        "unfilled": False, "hint": "", "ground": "", **given,
    }  # fmt: skip


def cover(page: int, received: str = "", stratum: int = 0, **given: object) -> dict[str, object]:
    return row(
        page, cover_received=received, cover_stratum=stratum, is_cover=True, questionnaire="mini", **given
    )


def problem(page: int, reason: Reason, **given: object) -> dict[str, object]:
    return row(page, problem=reason.value, **given)


def case(serial: str, first: int = 1, **given: object) -> list[dict[str, object]]:
    return [row(first + at, at + 1, serial, **given) for at in range(4)]


def never(_one: str, _other: str) -> bool:
    return False


def always(_one: str, _other: str) -> bool:
    return True


def place(
    *rows: dict[str, object],
    issue: Issue = CODED,
    contradict: Callable[[str, str], bool] = never,
    same_paper: Callable[[str, str], bool] = always,
    doubts: Callable[[str], int] = lambda _page: 0,
) -> pd.DataFrame:
    return assemble(PAGES.frame(list(rows)), {"mini": issue}, Judge(contradict, same_paper, doubts))


def test_pages_with_a_serial_are_the_cases_and_know_their_stratum() -> None:
    ledger = place(*case(A), *case(B, 5))
    assert list(ledger.columns) == list(LEDGER.columns)
    assert set(ledger["place"]) == {"read"}
    assert ledger["case"].tolist() == [A] * 4 + [B] * 4
    assert ledger["stratum"].tolist() == [NORTH] * 4 + [SOUTH] * 4
    cases = cases_of(ledger, "mini", CODED)
    assert list(cases.columns) == list(CASES.columns)
    assert cases[["case", "serial", "pages_read", "pages_missing"]].to_numpy().tolist() == [
        [A, A, 4, ""],
        [B, B, 4, ""],
    ]


def test_pages_may_come_in_any_order_and_from_several_batches() -> None:
    ledger = place(row(1, 3, A), row(2, 1, B), row(3, 1, A), row(1, 2, A, scan="b.pdf"))
    cases = cases_of(ledger, "mini", CODED).set_index("case")
    assert cases.loc[A, "pages_missing"] == "4"
    assert cases.loc[B, "pages_missing"] == "2 3 4"


@pytest.mark.parametrize(
    ("reason", "where"),
    [
        (Reason.BLANK, "blank back"),
        (Reason.NOT_OURS, "foreign"),
        (Reason.OTHER_QUESTIONNAIRE, "foreign"),
        (Reason.DAMAGED_PAGE, "unreadable"),
        (Reason.MISREGISTERED, "unreadable"),
        (Reason.AMBIGUOUS, "waiting"),
        (Reason.NOT_ISSUED, "waiting"),
        (Reason.CODES_DISAGREE, "waiting"),
    ],
)
def test_a_page_that_was_not_read_stands_where_its_reason_says(reason: Reason, where: str) -> None:
    ledger = place(problem(1, reason), *case(A, 2))
    assert ledger.loc[0, "place"] == where
    assert ledger.loc[0, "reason"] == reason.value
    assert ledger.loc[0, "hint"] or reason is Reason.BLANK
    assert (ledger["place"] == "read").sum() == 4


def test_every_reason_leads_to_a_place() -> None:
    ledger = place(*(problem(at, reason) for at, reason in enumerate(Reason, start=1)))
    assert set(ledger["place"]) <= PLACES - {"read"}


def test_the_same_image_twice_is_a_duplicate() -> None:
    ledger = place(*case(A), row(1, 2, A, scan="b.pdf", page_digest="a.pdf 2"))
    assert ledger.loc[4, "place"] == "duplicate"
    assert "a.pdf page 2" in ledger.loc[4, "reason"]


def test_a_second_scan_of_a_page_with_the_same_marks_is_a_duplicate() -> None:
    ledger = place(*case(A), row(1, 2, A, scan="b.pdf"))
    assert ledger.loc[4, "place"] == "duplicate"


def test_the_printers_file_among_the_scans_counts_for_nobody() -> None:
    printed = case(A, scan="0 print.pdf", unfilled=True) + case(B, 5, scan="0 print.pdf", unfilled=True)
    ledger = place(*printed, *case(A, scan="a.pdf"))
    assert list(ledger.loc[ledger["place"] == "read", "scan"]) == ["a.pdf"] * 4
    blanks = ledger[ledger["scan"] == "0 print.pdf"]
    assert set(blanks["place"]) == {"waiting"}
    assert "blank" in blanks["reason"].iloc[0] and "take the file out" in blanks["hint"].iloc[0]


def test_pages_left_empty_in_a_form_filled_in_on_a_screen_count() -> None:
    ledger = place(*case(A)[:3], row(4, 4, A, unfilled=True))
    assert list(ledger["place"]) == ["read"] * 4


def test_two_people_may_leave_the_same_page_empty_and_a_copied_file_counts_once() -> None:
    """Drawn pages without a mark are alike to the bit."""
    alike = {"unfilled": True, "page_digest": "page 2 unmarked"}
    issue = Issue((1, 2), coded=False, strata={}, stratum_names=())
    rows = [row(1, 1, scan="a.pdf"), row(2, 2, scan="a.pdf", **alike), row(1, 1, scan="b.pdf")]
    rows += [row(2, 2, scan="b.pdf", **alike), row(1, 1, scan="copy of a.pdf", page_digest="a.pdf 1")]
    ledger = place(*rows, row(2, 2, scan="copy of a.pdf", **alike), issue=issue)
    assert list(ledger["place"]) == ["read"] * 4 + ["duplicate"] * 2


def test_a_person_may_say_that_somebody_sent_a_form_back_empty() -> None:
    pages = PAGES.frame([*case(A, unfilled=True)])
    told = {"a.pdf 1": Told(fate="counts")}
    ledger = assemble(pages, {"mini": CODED}, Judge(never, always, lambda _page: 0), told)
    assert set(ledger["place"]) == {"read"}


def test_a_second_different_answer_waits_for_a_person() -> None:
    ledger = place(
        *case(A),
        row(1, 2, A, scan="b.pdf"),
        contradict=lambda one, other: {one, other} == {"a.pdf 2", "b.pdf 1"},
    )
    assert ledger.loc[4, "place"] == "waiting"
    assert A in ledger.loc[4, "reason"]
    assert ledger.loc[4, "hint"]
    assert (ledger["place"] == "read").sum() == 4


def test_the_same_marks_by_other_strokes_wait_for_a_person() -> None:
    ledger = place(*case(A), row(1, 2, A, scan="b.pdf"), same_paper=never)
    assert ledger.loc[4, "place"] == "waiting"
    assert "other strokes" in ledger.loc[4, "reason"]


def test_a_second_scan_with_fewer_doubts_supersedes_the_first() -> None:
    doubts = {"a.pdf 2": 3, "b.pdf 1": 1}
    ledger = place(*case(A), row(1, 2, A, scan="b.pdf"), doubts=lambda page: doubts.get(page, 0))
    assert ledger["place"].tolist() == ["read", "superseded", "read", "read", "read"]
    assert "b.pdf page 1" in ledger.loc[1, "reason"]
    assert cases_of(ledger, "mini", CODED)["pages_read"].tolist() == [4]


def test_a_second_scan_with_as_many_doubts_is_a_duplicate() -> None:
    ledger = place(*case(A), row(1, 2, A, scan="b.pdf"), doubts=lambda _page: 2)
    assert ledger["place"].tolist() == ["read"] * 4 + ["duplicate"]


def test_the_first_scan_is_the_one_received_first_whatever_its_name() -> None:
    ledger = place(row(1, 1, A, scan="2012-07-19/a.pdf"), row(1, 1, A, scan="2012-07-17/z.pdf"))
    assert dict(zip(ledger["scan"], ledger["place"], strict=True)) == {
        "2012-07-17/z.pdf": "read",
        "2012-07-19/a.pdf": "duplicate",
    }


def test_an_unreadable_page_whose_second_scan_was_read_is_superseded() -> None:
    lost = problem(1, Reason.MISREGISTERED, questionnaire="mini", questionnaire_page=2, serial=A)
    ledger = place(lost, *case(A, scan="b.pdf"))
    assert ledger.loc[0, "place"] == "superseded"
    assert "b.pdf page 2" in ledger.loc[0, "reason"]
    assert place(lost, row(1, 1, A, scan="b.pdf")).loc[0, "place"] == "unreadable"


def test_the_ledger_says_which_sheet_from_the_top_where_both_sides_were_scanned() -> None:
    assert place(*case(A), *case(B, 5))["sheet"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4]
    face_down = [row(at, page, A) for at, page in enumerate([2, 1, 4, 3], start=1)]
    assert place(*face_down)["sheet"].tolist() == [1, 1, 2, 2]


def test_where_sides_are_out_of_step_no_sheet_is_told() -> None:
    fronts = [row(1, 1, A), row(2, 3, A), row(3, 1, B), row(4, 3, B)]
    assert set(place(*fronts)["sheet"]) == {0}
    one_lost = [row(1, 1, A), row(2, 2, A), row(3, 3, A), row(4, 1, B), row(5, 2, B)]
    assert set(place(*one_lost)["sheet"]) == {0}


def test_a_place_in_the_pile_is_told_in_words() -> None:
    assert place_in_pile("a.pdf", 5, 3) == "a.pdf page 5 (sheet 3 from the top)"
    assert place_in_pile("a.pdf", 5, 0) == "a.pdf page 5"
    assert place_in_pile("a.pdf", 0, 0) == "a.pdf"


@pytest.mark.parametrize("at", [0, 1])
def test_a_lost_serial_is_taken_from_the_other_side_of_the_sheet(at: int) -> None:
    rows = case(A)
    rows[at]["serial"] = ""
    ledger = place(*rows)
    assert ledger["case"].tolist() == [A] * 4
    assert ledger.loc[at, "stratum"] == NORTH
    assert "other side" in ledger.loc[at, "reason"]


def test_a_neighbour_that_is_another_sheet_lends_no_serial() -> None:
    """Page 2 lost its serial; page 3 of case B before it and page 3 of case A behind it are not its front."""
    ledger = place(row(1, 3, B), row(2, 2), row(3, 3, A))
    assert ledger["place"].tolist() == ["read", "waiting", "read"]
    assert ledger.loc[1, "case"] == ""


def test_two_possible_other_sides_lend_no_serial() -> None:
    ledger = place(row(1, 1, A), row(2, 2), row(3, 1, B))
    assert ledger.loc[1, "place"] == "waiting"


def test_a_whole_case_whose_serial_cannot_be_read_is_returned_with_its_case_unknown() -> None:
    ledger = place(*case("", 1), *case(A, 5))
    assert set(ledger["place"]) == {"read"}
    assert ledger["case"].tolist() == ["a.pdf#1"] * 4 + [A] * 4
    cases = cases_of(ledger, "mini", CODED).set_index("case")
    assert cases.loc["a.pdf#1", "serial"] == ""
    assert cases.loc["a.pdf#1", "stratum"] == ""


def test_sheets_without_serial_on_either_side_of_a_known_case_are_never_one_case() -> None:
    """A case lies between them in the pile: they cannot have come from one envelope."""
    ledger = place(row(1, 1), row(2, 2), *case(A, 3), row(7, 3), row(8, 4))
    assert ledger["place"].tolist() == ["read"] * 6 + ["waiting"] * 2


def test_a_cover_sheet_ends_the_case_before_it() -> None:
    ledger = place(row(1, 1), row(2, 2), cover(3), row(4, 3), row(5, 4), issue=PLAIN)
    assert ledger["case"].tolist() == ["a.pdf#1", "a.pdf#1", "", "a.pdf#4", "a.pdf#4"]


def test_consecutive_pages_without_codes_make_cases() -> None:
    ledger = place(*case("", 1), *case("", 5), row(9, 1), row(10, 4), row(11, 1), issue=PLAIN)
    assert ledger["case"].tolist() == ["a.pdf#1"] * 4 + ["a.pdf#5"] * 4 + ["a.pdf#9"] * 2 + ["a.pdf#11"]
    missing = cases_of(ledger, "mini", PLAIN).set_index("case")["pages_missing"]
    assert missing["a.pdf#9"] == "2 3"


def test_where_only_the_first_page_carries_a_serial_the_pile_tells_whose_the_others_are() -> None:
    pile = [*case(A), *case(B, 5), *case(C, 9)]
    for at, scanned in enumerate(pile):
        scanned["serial"] = scanned["serial"] if at % 4 == 0 else ""
    theirs = replace(CODED, on_every_page=False)
    ledger = place(*pile, same_paper=never, issue=theirs)
    assert ledger["case"].tolist() == [A] * 4 + [B] * 4 + [C] * 4
    assert set(ledger["place"]) == {"read"}
    assert ledger.loc[[1, 2], "reason"].str.contains("other side|before or behind").all()
    pile[4]["serial"] = ""  # of the second person's first page it cannot be read
    ledger = place(*pile, same_paper=never, issue=theirs)
    assert ledger["case"].tolist() == [A] * 4 + ["a.pdf#5"] * 4 + [C] * 4


def cases_without_serials(
    *order: int, pages: int = 4, same_paper: Callable[[str, str], bool] = never
) -> list[str]:
    """The case of each page, by the number of its first page; 0 stands for an image of which nothing was read."""
    rows = [row(at, page) if page else problem(at, Reason.MISREGISTERED) for at, page in enumerate(order, 1)]
    ledger = place(*rows, issue=Issue(tuple(range(1, pages + 1)), False, {}, ()), same_paper=same_paper)
    return [case.removeprefix("a.pdf#") for case in ledger["case"]]


@pytest.mark.parametrize(
    "order", [(1, 2, 3, 4), (2, 1, 4, 3), (4, 3, 2, 1), (3, 4, 1, 2), (4, 1, 2, 3)],
    ids=["usual", "face down", "from the last", "last sheet first", "folded sheets"],
)  # fmt: skip
def test_a_pile_may_lie_either_way_and_no_case_without_serials_is_made_of_two(order: tuple[int, ...]) -> None:
    assert cases_without_serials(*order * 3) == ["1"] * 4 + ["5"] * 4 + ["9"] * 4


def test_the_back_of_one_persons_sheet_never_joins_the_front_of_the_next() -> None:
    """A pile that was scanned face down: each back comes before its front."""
    assert cases_without_serials(2, 1, 2, 1, 2, 1, pages=2) == ["1", "1", "3", "3", "5", "5"]
    assert cases_without_serials(2, 1, 2, 0, 0, 1, 2, 1, pages=2) == ["1", "1", "3", "", "", "6", "7", "7"]


def test_a_sheet_that_lies_face_down_among_others_is_one_persons() -> None:
    assert cases_without_serials(1, 2, 2, 1, 1, 2, pages=2) == ["1", "1", "3", "3", "5", "5"]


def test_sheets_that_somebody_laid_in_another_order_are_one_case() -> None:
    whole = [1, 2, 3, 4]
    assert cases_without_serials(*whole, 3, 4, 1, 2, *whole) == ["1"] * 4 + ["5"] * 4 + ["9"] * 4
    assert cases_without_serials(3, 4, 1, 2, *whole, 3, 4, 1, 2) == ["1"] * 4 + ["5"] * 4 + ["9"] * 4


def test_a_sheet_that_may_belong_to_either_neighbour_joins_neither() -> None:
    assert cases_without_serials(1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 3, 4, 1, 2, 3, 4)[12:14] == ["13", "13"]
    lost_on_both_sides = [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 1, 2, 3, 4]
    assert cases_without_serials(*lost_on_both_sides)[8:10] == ["9", "9"]


def test_a_page_that_was_fed_twice_begins_no_case() -> None:
    order = 1, 2, 3, 3, 4, 1, 2, 3, 4
    assert cases_without_serials(*order, same_paper=always) == ["1"] * 5 + ["6"] * 4
    assert cases_without_serials(*order) == ["1"] * 3 + ["4"] * 2 + ["6"] * 4
    assert cases_without_serials(1, 1, 2, 3, 4, same_paper=always) == ["1"] + ["2"] * 4


def test_a_lost_side_does_not_turn_all_sheets_behind_it() -> None:
    assert cases_without_serials(1, 2, 1, 1, 2, 1, 2, pages=2) == ["1", "1", "3", "4", "4", "6", "6"]


def test_a_blank_back_within_a_case_does_not_divide_it() -> None:
    ledger = place(row(1, 1), problem(2, Reason.BLANK), row(3, 2), row(4, 3), issue=PLAIN)
    assert ledger["case"].tolist() == ["a.pdf#1", "", "a.pdf#1", "a.pdf#1"]


def test_a_case_ends_with_its_batch() -> None:
    ledger = place(row(1, 1), row(2, 2), row(1, 3, scan="b.pdf"), issue=PLAIN)
    assert ledger["case"].tolist() == ["a.pdf#1", "a.pdf#1", "b.pdf#1"]


def test_a_cover_sheet_gives_date_and_stratum_to_the_pages_behind_it() -> None:
    ledger = place(
        row(1, 1),
        cover(2, "2012-07-17", 2),
        row(3, 1),
        row(4, 2),
        cover(5, "2012-07-18"),
        row(6, 1),
        issue=PLAIN,
    )
    assert ledger["received"].tolist() == ["", *["2012-07-17"] * 3, *["2012-07-18"] * 2]
    assert ledger["stratum"].tolist() == ["", SOUTH, SOUTH, SOUTH, "", ""]
    assert ledger.loc[1, "place"] == "cover sheet"


def test_a_serials_own_stratum_counts_more_than_the_cover_sheets() -> None:
    ledger = place(cover(1, "2012-07-17", 2), *case(A, 2))
    assert ledger["stratum"].tolist()[1:] == [NORTH] * 4


def test_a_stratum_number_that_the_frame_does_not_have_is_none() -> None:
    assert place(cover(1, stratum=7), row(2, 1), issue=PLAIN)["stratum"].tolist() == ["", ""]


@pytest.mark.parametrize(
    ("scan", "date"),
    [
        ("2012-07-17/a.pdf", "2012-07-17"),
        ("mini/2012-07-17/box 1/a.pdf", "2012-07-17"),
        ("mini/a-2012-07-17.pdf", ""),
        ("a.pdf", ""),
    ],
)
def test_a_folder_named_by_a_date_dates_its_scans(scan: str, date: str) -> None:
    ledger = place(*case(A, scan=scan))
    assert set(ledger["received"]) == {date}


def test_a_cover_sheets_date_counts_more_than_the_folders() -> None:
    ledger = place(cover(1, "2012-07-20", scan="2012-07-17/a.pdf"), *case(A, 2, scan="2012-07-17/a.pdf"))
    assert set(ledger["received"]) == {"2012-07-20"}


def test_a_case_was_received_when_its_first_page_was() -> None:
    ledger = place(row(1, 1, A, scan="2012-07-19/a.pdf"), row(1, 2, A, scan="2012-07-17/b.pdf"))
    assert cases_of(ledger, "mini", CODED)["received"].tolist() == ["2012-07-17"]


def test_pages_that_were_not_read_make_no_case() -> None:
    ledger = place(problem(1, Reason.NOT_ISSUED, questionnaire="mini", questionnaire_page=1))
    assert cases_of(ledger, "mini", CODED).empty


def test_two_thousand_cases_without_codes_are_assembled_in_a_moment() -> None:
    rows = [entry for first in range(1, 8001, 4) for entry in case("", first)]
    assert place(*rows, issue=PLAIN)["case"].nunique() == 2000


pages = st.builds(
    lambda kind, questionnaire_page, serial, digest: (kind, questionnaire_page, serial, digest),
    st.sampled_from(["page", "page", "page", "cover", *Reason]),
    st.integers(1, 4),
    st.sampled_from(["", "", A, B]),
    st.integers(0, 30),
)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(["2012-07-19/a.pdf", "b.pdf"]), pages), max_size=25),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.dictionaries(st.integers(0, 30).map("image {}".format), st.integers(0, 3)),
)
def test_every_page_stands_in_exactly_one_place(
    found: list[tuple[str, tuple[object, int, str, int]]],
    coded: bool,
    differ: bool,
    same: bool,
    doubts: dict[str, int],
) -> None:
    rows = []
    for number, (scan, (kind, questionnaire_page, serial, digest)) in enumerate(found, start=1):
        if kind == "cover":
            rows.append(cover(number, "2012-07-17", 1, scan=scan))
        elif isinstance(kind, Reason):
            known = {"questionnaire": "mini", "questionnaire_page": questionnaire_page, "serial": serial}
            rows.append(problem(number, kind, scan=scan, **(known if coded else {})))
        else:
            serial = serial if coded else ""
            rows.append(row(number, questionnaire_page, serial, scan=scan, page_digest=f"image {digest}"))
    issue = CODED if coded else PLAIN
    judges = {
        "contradict": lambda _one, _other: differ,
        "same_paper": lambda _one, _other: same,
        "doubts": lambda page: doubts.get(page, 0),
    }
    ledger = place(*rows, issue=issue, **judges)
    pd.testing.assert_frame_equal(place(*rows[::-1], issue=issue, **judges), ledger)
    assert sorted(zip(ledger["scan"], ledger["page"], strict=True)) == sorted(
        (r["scan"], r["page"]) for r in rows
    )
    assert set(ledger["place"]) <= PLACES
    assert (ledger.loc[~ledger["place"].isin(["read", "cover sheet"]), "reason"] != "").all()
    read = ledger[ledger["place"] == "read"]
    assert (read["case"] != "").all()
    assert not read.duplicated(["questionnaire", "case", "questionnaire_page"]).any()
    assert not read.duplicated("page_digest").any()
    cases = cases_of(ledger, "mini", issue)
    assert cases["pages_read"].sum() == len(read)


# Spreads -------------------------------------------------------------------------------------------------------------


def spreads(
    *pictures: tuple[int, int], serials: dict[int, str] | None = None, first: int = 1
) -> list[dict[str, object]]:
    """Rows of PAGES of pictures that show two pages each, left and right; 0 stands for a blank half."""
    return [
        row(at, page, (serials or {}).get(page, ""), half=half, page_digest=f"{at}-{half}")
        if page
        else problem(at, Reason.BLANK, half=half, page_digest=f"{at}-{half}")
        for at, picture in enumerate(pictures, first)
        for half, page in enumerate(picture, 1)
    ]


def names(ledger: pd.DataFrame) -> list[str]:
    return [case.removeprefix("a.pdf#") for case in ledger["case"]]


FOLDED, NESTED = [(4, 1), (2, 3)], [(8, 1), (2, 7), (6, 3), (4, 5)]
EIGHT = Issue(tuple(range(1, 9)), False, {}, ())


def test_uncut_booklets_without_serials_are_one_case_each_however_they_lie() -> None:
    whole = ["1"] * 4 + ["3"] * 4 + ["5"] * 4
    upside_down = [(right, left) for left, right in FOLDED]
    assert names(place(*spreads(*FOLDED * 3), issue=PLAIN, same_paper=never)) == whole
    assert names(place(*spreads(*FOLDED[::-1] * 3), issue=PLAIN, same_paper=never)) == whole
    assert names(place(*spreads(*FOLDED, *upside_down, *FOLDED), issue=PLAIN, same_paper=never)) == whole
    nested = names(place(*spreads(*NESTED * 2), issue=EIGHT, same_paper=never))
    assert nested == ["1"] * 8 + ["5"] * 8
    opened = [(8, 1), (2, 3), (4, 5), (6, 7)]
    assert names(place(*spreads(*opened * 2), issue=EIGHT, same_paper=never)) == nested


def test_a_blank_half_and_an_unread_one_leave_the_other_pages_together() -> None:
    six = Issue(tuple(range(1, 7)), False, {}, ())
    of_six = [(0, 1), (2, 0), (6, 3), (4, 5)]
    ledger = place(*spreads(*of_six * 2), issue=six, same_paper=never)
    read = ledger[ledger["place"] == "read"]
    assert names(read) == ["1.2"] * 6 + ["5.2"] * 6
    assert set(ledger.loc[ledger["place"] != "read", "place"]) == {"blank back"}
    lost = [*FOLDED, (4, 0), (2, 3), *FOLDED]
    ledger = place(*spreads(*lost), issue=PLAIN, same_paper=never)
    assert names(ledger[ledger["place"] == "read"]) == ["1"] * 4 + ["3"] * 3 + ["5"] * 4


def test_uncut_booklets_and_cut_ones_may_lie_in_one_pile() -> None:
    pile = [*spreads(*FOLDED * 2), *case("", 5), *spreads(*FOLDED, first=9), *case("", 11), *case("", 15)]
    ledger = place(*pile, issue=PLAIN, same_paper=never)
    assert names(ledger) == ["1"] * 4 + ["3"] * 4 + ["5"] * 4 + ["9"] * 4 + ["11"] * 4 + ["15"] * 4


def test_uncut_booklets_with_blank_pages_and_cut_ones_may_lie_in_one_pile() -> None:
    six = Issue(tuple(range(1, 7)), False, {}, ())
    uncut = [(0, 1), (2, 0), (6, 3), (4, 5)]
    cut = [row(at, page) for at, page in enumerate([*range(1, 7)] * 2, 9)]
    ledger = place(*spreads(*uncut * 2), *cut, *spreads(*uncut, first=21), issue=six, same_paper=never)
    whole = ["1.2"] * 6 + ["5.2"] * 6 + ["9"] * 6 + ["15"] * 6 + ["21.2"] * 6
    assert names(ledger[ledger["place"] == "read"]) == whole


def test_a_single_sheet_laid_into_a_folded_one_is_of_the_same_case() -> None:
    six = Issue(tuple(range(1, 7)), False, {}, ())
    one = [*spreads((6, 1), (2, 5)), row(3, 3), row(4, 4)]
    two = [*spreads((6, 1), (2, 5), first=5), row(7, 3), row(8, 4)]
    assert names(place(*one, *two, issue=six, same_paper=never)) == ["1"] * 6 + ["5"] * 6


def test_a_serial_on_one_page_of_a_folded_sheet_names_all_four() -> None:
    rows = spreads(*FOLDED, serials={1: A})
    assert place(*rows)["case"].tolist() == [A] * 4
    assert place(*spreads((4, 1), serials={4: B}))["case"].tolist() == [B, B]
    reasons = place(*rows)["reason"].tolist()
    assert reasons[0] == "serial taken from the other half of the spread"
    assert reasons[2] == "serial taken from the other side of the sheet"


@pytest.mark.parametrize(
    "picture", [(1, 1), (1, 3), (1, 2)], ids=["two fronts", "other fronts", "front and back"]
)
def test_two_sheets_on_one_glass_do_not_share_a_serial(picture: tuple[int, int]) -> None:
    rows = spreads(picture)
    rows[0]["serial"] = A
    ledger = place(*rows)
    assert ledger["case"].tolist() == [A, "a.pdf#1.2" if picture[1] == 1 else ""]


def test_two_peoples_sheets_on_one_glass_are_not_made_one_case() -> None:
    """Their backs may lie the other way round, and nothing tells whose they are."""
    two = [(1, 1), (2, 2)]
    assert names(place(*spreads(*two * 2), issue=PLAIN, same_paper=never)) == [
        *("1", "1.2", "2", "2.2", "3", "3.2", "4", "4.2")
    ]
    among_booklets = names(place(*spreads(*FOLDED, *two, *FOLDED), issue=PLAIN, same_paper=never))
    assert among_booklets == ["1"] * 4 + ["3", "3.2", "4", "4.2"] + ["5"] * 4
    one_page = Issue((1,), False, {}, ())
    assert names(place(*spreads((1, 1), (1, 1)), issue=one_page, same_paper=never)) == [
        "1",
        "1.2",
        "2",
        "2.2",
    ]


@pytest.mark.parametrize("loose", [[(1, 2), (3, 4)], [(1, 3), (2, 4)], [(3, 1), (2, 4)]])
def test_loose_sheets_in_one_picture_leave_the_booklets_of_their_pile_alone(
    loose: list[tuple[int, int]],
) -> None:
    """What lies beside what differs: no page of a picture goes to the case before or behind it."""
    ledger = place(*spreads(*FOLDED * 3, *loose, *FOLDED), issue=PLAIN, same_paper=never)
    assert names(ledger) == ["1"] * 4 + ["3"] * 4 + ["5"] * 4 + ["7"] * 4 + ["9"] * 4
    at_the_end = place(*spreads(*FOLDED * 3, *loose), issue=PLAIN, same_paper=never)
    assert names(at_the_end) == ["1"] * 4 + ["3"] * 4 + ["5"] * 4 + ["7"] * 4
    half = place(*spreads(*FOLDED * 3, loose[0], *FOLDED), issue=PLAIN, same_paper=never)
    assert names(half) == ["1"] * 4 + ["3"] * 4 + ["5"] * 4 + ["7"] * 2 + ["8"] * 4


def test_an_uncut_sheet_among_cut_booklets_leaves_their_order_as_it_is() -> None:
    pile = [*case("", 1), *spreads((4, 1), first=5), *case("", 6), *case("", 10)]
    ledger = place(*pile, issue=PLAIN, same_paper=never)
    assert names(ledger) == ["1"] * 4 + ["5"] * 2 + ["6"] * 4 + ["10"] * 4


def test_no_serial_is_passed_on_by_a_picture_of_two_peoples_sheets() -> None:
    rows = spreads((1, 1), (2, 2))
    rows[0]["serial"] = A
    assert [case for case in place(*rows)["case"] if case == A] == [A]
    single = [*spreads((1, 1)), row(2, 2)]
    single[1]["serial"] = A
    assert place(*single)["case"].tolist()[2] != A
    only_first = replace(CODED, on_every_page=False)
    rows[1]["serial"] = B
    ledger = place(*rows, issue=only_first)
    assert ledger["case"].tolist()[:2] == [A, B]
    assert not set(ledger["case"][2:]) & {A, B}


def test_a_page_that_its_case_has_already_is_not_named_by_the_other_half() -> None:
    ledger = place(row(1, 4, A), *spreads((4, 1), serials={1: A}, first=2))
    assert ledger["case"].tolist()[1] != A


def test_the_sheet_of_a_spread_is_counted_by_pictures() -> None:
    ledger = place(*spreads(*FOLDED * 3), issue=PLAIN, same_paper=never)
    assert ledger["sheet"].tolist() == [1] * 4 + [2] * 4 + [3] * 4
    nested = place(*spreads(*NESTED), issue=EIGHT, same_paper=never)
    assert nested["sheet"].tolist() == [1] * 4 + [2] * 4
    outer_sides_only = place(*spreads((4, 1), (4, 1), (4, 1)), issue=PLAIN, same_paper=never)
    assert set(outer_sides_only["sheet"]) == {0}
    assert place_in_pile("a.pdf", 5, 3, 2) == "a.pdf page 5, right half (sheet 3 from the top)"


def test_single_sheets_on_a_larger_glass_are_counted_as_without_it() -> None:
    """Their pictures are cut beside them, and the other half is blank: they are no spreads for that."""
    pile = spreads((1, 0), (2, 0), (3, 0), (0, 4), (1, 0), (2, 0), (3, 0), (4, 0))
    ledger = place(*pile, issue=PLAIN, same_paper=never)
    read = ledger[ledger["place"] == "read"]
    assert names(read) == ["1"] * 4 + ["5"] * 4
    assert read["sheet"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4]
