"""Claims about alarms: what a scanner did to a whole batch is said, and an ordinary batch is left in peace."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pandas as pd
import pytest
from paper import Grey, blank_page, handle

from survey.questionnaire.model import Questionnaire
from survey.reading.alarms import find_alarms
from survey.reading.assemble import Issue, Judge, assemble
from survey.reading.look import find_streaks, is_bilevel, thumbnail
from survey.reading.reasons import Reason
from survey.reading.scan import is_printed_beside
from survey.tables import PAGES

NAN = float("nan")
ISSUE = Issue((1, 2, 3, 4, 5, 6), True, {f"S{n}": "North" for n in range(20)}, ("North",))
TRUSTING = Judge(lambda _a, _b: False, lambda _a, _b: True, lambda _page: 0)


def batch(sequence: list[tuple[str, int]], **given: object) -> pd.DataFrame:
    """PAGES of one batch: serial and page of the questionnaire, one after the other."""
    rows = [
        {
            "scan": "a.pdf", "page": at, "half": 0, "cut": NAN, "page_digest": f"d{at}",
            "questionnaire": "mini", "questionnaire_page": page,
            "serial": serial, "matched": False, "problem": "", "cover_received": "", "cover_stratum": 0,
            "is_cover": False, "score": 0.9, "runner_up": 0.1, "fit_mm": 0.1, "bilevel": False, "streak": NAN,
            "another": False, "unfilled": False, "hint": "", "ground": "",
        }
        for at, (serial, page) in enumerate(sequence, start=1)
    ]  # fmt: skip
    return PAGES.frame(pd.DataFrame(rows).assign(**given))


def cases(count: int, pages: range = range(1, 7)) -> list[tuple[str, int]]:
    return [(f"S{case}", page) for case in range(count) for page in pages]


def alarms(pages: pd.DataFrame, marked: int = 10, unsure: int = 0, full: int = 0) -> list[tuple[str, str]]:
    ledger = assemble(pages, {"mini": ISSUE}, TRUSTING)
    tally = pd.DataFrame(
        {"marked": marked, "unsure": unsure, "full": full, "boxes": 60}, index=pages["page_digest"].unique()
    )
    found = find_alarms(pages, ledger, tally, {"mini": ISSUE})
    return list(zip(found["kind"], found["text"], strict=True))


def test_an_ordinary_batch_raises_no_alarm() -> None:
    assert alarms(batch(cases(5))) == []


@pytest.mark.parametrize(("pages", "side"), [(range(1, 7, 2), "front"), (range(2, 7, 2), "back")])
def test_a_batch_without_any_back_was_scanned_on_one_side(pages: range, side: str) -> None:
    ((kind, text),) = alarms(batch(cases(3, pages)))
    assert kind == "one side"
    assert f"every page is a {side}" in text
    assert text.startswith("a.pdf: ")


def test_two_fronts_prove_nothing() -> None:
    assert alarms(batch([("S1", 1), ("S1", 3)])) == []


def test_a_streak_at_one_place_of_all_pages_asks_for_a_clean_glass() -> None:
    ((kind, text),) = alarms(batch(cases(2), streak=0.71))
    assert kind == "streak"
    assert "12 of 12 pages" in text
    assert "71%" in text
    assert "clean" in text


def test_a_streak_on_the_fronts_only_is_one_of_two_glasses() -> None:
    ((kind, text),) = alarms(batch(cases(2), streak=[0.3, NAN] * 6))
    assert kind == "streak"
    assert "6 of 12" in text


def test_lines_at_different_places_are_no_streak() -> None:
    assert alarms(batch(cases(2), streak=np.linspace(0.1, 0.9, 12))) == []


def test_a_sheet_missing_within_a_case_of_a_whole_batch_may_be_double_fed() -> None:
    pages = [one for one in cases(6) if one not in {("S2", 3), ("S2", 4)}]
    ((kind, text),) = alarms(batch(pages))
    assert kind == "double feed"
    assert "pages 3 and 4 of case S2" in text
    assert "page 14 (sheet 7 from the top)" in text


def test_missing_sheets_are_no_alarm_where_many_are_missing_or_a_single_side_is() -> None:
    many = [one for one in cases(6) if one[1] not in {3, 4} or one[0] in {"S0", "S1"}]
    assert alarms(batch(many)) == []
    one_side = [one for one in cases(6) if one != ("S2", 4)]
    assert alarms(batch(one_side)) == []


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ((1, 2, 3, 4) * 3, []),
        ((2, 1, 4, 3) * 3, []),
        ((6, 5, 4, 3, 2, 1) * 3, []),
        ((4, 3, 2, 1) * 3, ["in the order 3/4, 1/2, as the pile's ends tell"]),
        ((4, 1, 2, 3) * 3, ["in the order 4, 1, 2, 3, as"]),
        ((1, 1, 1, 2, 2, 2), ["the pile does not tell"]),
        ((2, 3, 4, 1, 2, 3, 4), []),
    ],
    ids=[
        "usual",
        "face down",
        "from the last",
        "from the last of two sheets",
        "folded sheets",
        "fronts, then backs",
        "a first page lost",
    ],
)
def test_a_pile_without_serials_whose_order_only_its_ends_tell_is_said(
    order: tuple[int, ...], told: list[str]
) -> None:
    pages = batch([("", page) for page in order])
    issues = {"mini": Issue((1, 2, 3, 4, 5, 6), False, {}, ())}
    ledger = assemble(pages, issues, replace(TRUSTING, same_paper=lambda _a, _b: False))
    found = find_alarms(pages, ledger, pd.DataFrame(), issues)
    assert found["kind"].tolist() == ["order"] * len(told)
    assert all(part in text for part, text in zip(told, found["text"], strict=True))


def test_files_of_one_page_each_without_serials_are_said_once() -> None:
    pages = batch([("", page) for page in (1, 2, 3, 4) * 2])
    pages["scan"], pages["page"] = [f"{at}.jpg" for at in range(8)], 1
    for of_questionnaire, told in (((1, 2, 3, 4), 1), ((1,), 0)):
        issues = {"mini": Issue(of_questionnaire, False, {}, ())}
        found = find_alarms(pages, assemble(pages, issues, TRUSTING), pd.DataFrame(), issues)
        assert found["kind"].tolist() == ["lone pages"] * told
        assert all("this file and 7 others" in text for text in found["text"])


def test_files_of_one_picture_are_counted_by_the_pages_they_show() -> None:
    """A sheet alone on a larger glass has a blank half; a spread may show all pages of a case."""
    pages = batch([("", page) for page in (1, 2) * 5])
    files = pages.assign(scan=[f"{at}.jpg" for at in range(10)], page=1, half=2)
    blank = files.assign(half=1, questionnaire="", questionnaire_page=0, problem=Reason.BLANK.value)
    blank["page_digest"] += "-1"
    spread = pages.assign(scan=[f"{at // 2}.jpg" for at in range(10)], page=1, half=[1, 2] * 5)
    issues = {"mini": Issue((1, 2), False, {}, ())}
    for shown, told in ((pd.concat([files, blank]), ["lone pages"]), (spread, [])):
        table = PAGES.frame(shown)
        found = find_alarms(table, assemble(table, issues, TRUSTING), pd.DataFrame(), issues)
        assert found["kind"].tolist() == told


def test_other_sheets_are_counted_by_pictures() -> None:
    pages = batch(cases(1), another=[True, False, False, False, False, False])
    pages = pages.assign(page=[1, 2, 2, 3, 3, 4], half=[0, 1, 2, 1, 2, 0])
    assert any("in 1 of 4 pictures" in text for _, text in alarms(pages))


def test_sheets_that_were_scanned_two_at_a_time_are_said() -> None:
    ((kind, text),) = alarms(batch(cases(1), another=[True, True, False, False, False, False]))
    assert kind == "another sheet"
    assert "2 of 6 pictures" in text


def test_answer_sheets_in_black_and_white_are_said() -> None:
    ((kind, text),) = alarms(batch(cases(2), bilevel=True), full=60)
    assert kind == "letters"
    assert "720 of 720 boxes" in text
    assert alarms(batch(cases(2), bilevel=True), full=20) == []
    assert alarms(batch(cases(2), bilevel=False), full=60) == []


def test_a_file_of_nothing_but_blanks_is_said_and_one_blank_form_among_others_is_not() -> None:
    ((kind, text),) = alarms(batch(cases(2), unfilled=True))
    assert kind == "blanks"
    assert "12 pages" in text and "printer" in text
    assert alarms(batch(cases(2), unfilled=[True] * 6 + [False] * 6)) == []


def test_two_sheets_in_one_picture_are_told_from_a_sheet_on_a_desk_or_a_large_glass(page: Grey) -> None:
    high, wide = page.shape
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    glass, desk = np.full((high, wide), 250, np.uint8), np.full((high, wide), 90, np.uint8)
    desk[::40] = 20
    assert is_printed_beside(np.hstack([page, page[::-1, ::-1]]), corners)
    assert not is_printed_beside(np.hstack([page, glass]), corners)
    assert not is_printed_beside(np.hstack([page, desk]), corners)
    assert not is_printed_beside(page, corners)


def test_faint_marks_in_black_and_white_are_said() -> None:
    ((kind, text),) = alarms(batch(cases(2), bilevel=True), marked=10, unsure=3)
    assert kind == "faint"
    assert "36 of 156 marks" in text
    assert alarms(batch(cases(2), bilevel=True), marked=10, unsure=0) == []
    assert alarms(batch(cases(2), bilevel=False), marked=10, unsure=3) == []


@pytest.fixture(scope="module")
def page(mini: Questionnaire) -> Grey:
    return handle(blank_page(mini, 1, 200), np.eye(3))


def test_a_printed_page_has_no_streak(page: Grey, mini: Questionnaire) -> None:
    assert np.isnan(find_streaks(page).share)
    assert np.isnan(find_streaks(handle(blank_page(mini, 2, 300), np.eye(3))).share)


@pytest.mark.parametrize("bilevel", [False, True])
def test_a_thin_line_down_the_whole_image_is_a_streak(page: Grey, bilevel: bool) -> None:
    streaked = page.copy()
    streaked[:, 1000:1002] = 90
    if bilevel:
        streaked = np.where(streaked < 128, 0, 255).astype(np.uint8)
    seen = find_streaks(streaked)
    assert seen.share == pytest.approx(1001 / page.shape[1], abs=0.002)
    assert is_bilevel(streaked) == bilevel


def test_a_ruled_line_that_ends_within_the_page_is_no_streak(page: Grey) -> None:
    ruled = page.copy()
    ruled[200:-200, 1000:1002] = 0
    assert np.isnan(find_streaks(ruled).share)


def test_a_tiny_image_has_no_streak() -> None:
    assert np.isnan(find_streaks(np.zeros((3, 3), np.uint8)).share)


def test_a_thumbnail_is_small_and_keeps_the_pages_shape(page: Grey) -> None:
    jpeg = thumbnail(page)
    assert len(jpeg) < 20_000
    shown = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert shown.shape[0] / shown.shape[1] == pytest.approx(page.shape[0] / page.shape[1], abs=0.01)


def test_spreads_of_which_one_side_was_scanned_are_said_and_whole_ones_are_not() -> None:
    pages = batch(cases(5, range(1, 5)))
    outer = pages[pages["questionnaire_page"].isin([1, 4])]
    outer = outer.assign(page=(outer["page"] + 3) // 4, half=1 + outer["questionnaire_page"] % 2)
    ((kind, text),) = alarms_of_four(PAGES.frame(outer))
    assert kind == "one side" and "front" in text
    sides = pages["questionnaire_page"].isin([2, 3])
    both = pages.assign(
        page=2 * ((pages["page"] - 1) // 4) + 1 + sides, half=1 + pages["questionnaire_page"] % 2
    )
    assert alarms_of_four(PAGES.frame(both)) == []


def alarms_of_four(pages: pd.DataFrame) -> list[tuple[str, str]]:
    issues = {"mini": Issue((1, 2, 3, 4), True, {f"S{n}": "North" for n in range(20)}, ("North",))}
    tally = pd.DataFrame(
        {"marked": 10, "unsure": 0, "full": 0, "boxes": 60}, index=pages["page_digest"].unique()
    )
    found = find_alarms(pages, assemble(pages, issues, TRUSTING), tally, issues)
    return list(zip(found["kind"], found["text"], strict=True))


def test_a_streak_down_one_half_of_all_spreads_is_said_with_the_half() -> None:
    pages = batch(cases(5, range(1, 5)))
    sides = pages["questionnaire_page"].isin([2, 3])
    both = pages.assign(
        page=2 * ((pages["page"] - 1) // 4) + 1 + sides, half=1 + pages["questionnaire_page"] % 2
    )
    dirty = both.assign(streak=np.where((both["half"] == 2) & ~sides, 0.3, NAN))
    ((kind, text),) = alarms_of_four(PAGES.frame(dirty))
    assert kind == "streak"
    assert "5 of 20 pages, 30% of the width from the left of the right half" in text
