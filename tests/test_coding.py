"""Claims about coding: outcomes become typed values, routing is respected, nothing is guessed."""

from __future__ import annotations

import pandas as pd
import pytest
from fake_outcomes import fake_returns, questionnaire_of, segeberg

from survey.analysis.coding import (
    MISSING_CODES,
    code_responses,
    codebook,
    contradictions,
    to_wide,
    variables,
)
from survey.questionnaire.model import Questionnaire
from survey.tables import CASES, MARKS, OUTCOMES


@pytest.fixture(scope="module")
def mini() -> Questionnaire:
    options = [{"code": 1, "label": "ja"}, {"code": 2, "label": "nein", "go_to": "free"}]
    helps = [
        {"code": "a", "label": "A"},
        {"code": "b", "label": "B"},
        {"code": "none", "label": "nichts", "none": True},
        {"code": "na", "label": "keine Angabe", "missing": True},
    ]
    hours = [{"code": "h06", "label": "6"}, {"code": "h08", "label": "8"}]
    items = [
        {"id": "work", "type": "single", "text": "Arbeit?", "options": options},
        {"id": "help", "type": "multiple", "text": "Hilfe?", "options": helps},
        {"id": "obstacles", "type": "multiple", "text": "Hindernisse?", "nothing_marked": "no",
         "options": helps[:2]},
        {"id": "gap", "type": "grid", "text": "Wann?", "columns": hours,
         "rows": [{"code": "mon", "label": "Mo"}, {"code": "tue", "label": "Di"}]},
        {"id": "free", "type": "text", "text": "Sonst?", "lines": 2},
        {"id": "count", "type": "number", "text": "Stunden?", "digits": 2},
        {"id": "rate", "type": "matrix", "text": "Urteil", "rows": [{"code": "x", "label": "X"}],
         "options": [{"code": 1, "label": "gut"}, {"code": 9, "label": "weiß nicht", "missing": True}]},
    ]  # fmt: skip
    return questionnaire_of(
        {"questionnaire": "mini", "wave": "1", "sections": [{"id": "s", "title": "S", "items": items}]}
    )


def coded(
    mini: Questionnaire, *answers: tuple[str, str, str], marks: pd.DataFrame | None = None
) -> dict[str, tuple[str, str]]:
    """Variable -> code and missing reason of one case with those answers (item, outcome, codes)."""
    responses = code_responses(outcomes_of(*answers), one_case(), mini, [] if marks is None else [marks])
    pairs = zip(responses["code"], responses["missing"], strict=True)
    return dict(zip(responses["variable"], pairs, strict=True))


def outcomes_of(*answers: tuple[str, str, str]) -> pd.DataFrame:
    return OUTCOMES.frame([("c1", item, outcome, codes, "") for item, outcome, codes in answers])


def one_case() -> pd.DataFrame:
    return CASES.frame([("c1", "c1", "north", "2012-07-17", 2, "")])


def test_an_answer_keeps_its_code_and_label(mini: Questionnaire) -> None:
    responses = code_responses(outcomes_of(("work", "answered", "1")), one_case(), mini)
    row = responses.set_index("variable").loc["work"]
    assert (row["code"], row["label"], row["missing"], row["stratum"]) == ("1", "ja", "", "north")


def test_each_missing_reason_stays_apart(mini: Questionnaire) -> None:
    for reason in ["blank", "multiple", "doubtful", "unreadable", "page missing"]:
        assert coded(mini, ("work", reason, ""))["work"] == ("", reason)


def test_an_item_without_an_outcome_lies_on_a_missing_page(mini: Questionnaire) -> None:
    assert coded(mini)["work"] == ("", "page missing")


def test_a_multiple_response_gives_one_variable_an_option(mini: Questionnaire) -> None:
    values = coded(mini, ("help", "answered", "b"))
    assert (values["help_a"], values["help_b"], values["help_none"]) == (("0", ""), ("1", ""), ("0", ""))
    assert "help_na" not in values


def test_a_none_option_is_no_to_all_others(mini: Questionnaire) -> None:
    values = coded(mini, ("help", "answered", "none"))
    assert (values["help_a"], values["help_b"], values["help_none"]) == (("0", ""), ("0", ""), ("1", ""))


def test_nothing_marked_is_nonresponse_unless_the_schema_says_no(mini: Questionnaire) -> None:
    values = coded(mini, ("help", "blank", ""), ("obstacles", "blank", ""))
    assert values["help_a"] == ("", "blank")
    assert values["obstacles_a"] == ("0", "")
    assert coded(mini, ("help", "answered", ""))["help_a"] == ("", "blank")


def test_none_beside_another_option_is_no_answer_but_a_contradiction(mini: Questionnaire) -> None:
    answers = ("help", "answered", "a none")
    assert coded(mini, answers)["help_a"] == ("", "multiple")
    found = contradictions(outcomes_of(answers), one_case(), mini)
    assert found["kind"].tolist() == ["none beside another"]


def test_a_declared_missing_code_is_kept_and_typed(mini: Questionnaire) -> None:
    assert coded(mini, ("rate_x", "answered", "9"))["rate_x"] == ("9", "declared")
    assert coded(mini, ("help", "answered", "na"))["help_a"] == ("", "declared")


def test_routing_turns_blanks_into_not_asked(mini: Questionnaire) -> None:
    values = coded(mini, ("work", "answered", "2"), ("help", "blank", ""), ("obstacles", "blank", ""))
    assert values["help_a"] == values["obstacles_a"] == values["gap_mon_h06"] == ("", "not asked")
    assert values["free"] == ("", "page missing")  # routing leads to it, not past it


def test_an_answer_to_a_skipped_item_is_kept_and_counted(mini: Questionnaire) -> None:
    answers = [("work", "answered", "2"), ("help", "answered", "a")]
    assert coded(mini, *answers)["help_a"] == ("1", "")
    found = contradictions(outcomes_of(*answers), one_case(), mini)
    assert found[["item", "kind", "because"]].to_numpy().tolist() == [
        ["help", "answered although skipped", "work"]
    ]


def test_an_answer_that_leads_to_nothing_but_blanks_is_a_contradiction(mini: Questionnaire) -> None:
    blanks = [(item, "blank", "") for item in ("help", "rate_x", "rate_y", "count", "gap")]
    answers = [("work", "answered", "1"), *blanks]
    found = contradictions(outcomes_of(*answers), one_case(), mini)
    assert found[["item", "kind"]].to_numpy().tolist() == [["work", "blank although asked"]]
    answered = [("work", "answered", "1"), *blanks[1:], ("help", "answered", "a")]
    assert contradictions(outcomes_of(*answered), one_case(), mini).empty
    led_past = [("work", "answered", "2"), *blanks]
    assert contradictions(outcomes_of(*led_past), one_case(), mini).empty


def test_handwriting_is_doubtful_until_somebody_typed_it(mini: Questionnaire) -> None:
    assert coded(mini, ("count", "answered", ""))["count"] == ("", "doubtful")
    assert coded(mini, ("count", "answered", "08"))["count"] == ("8", "")
    assert coded(mini, ("count", "answered", "00"))["count"] == ("0", "")


def test_a_text_is_written_or_blank(mini: Questionnaire) -> None:
    assert coded(mini, ("free", "answered", "written"))["free"] == ("written", "")
    assert coded(mini, ("free", "blank", ""))["free"] == ("", "blank")


def marks_of(**states: str) -> pd.DataFrame:
    row = {name: 0 if kind != "str" else "" for name, (kind, _) in MARKS.columns.items()}
    return MARKS.frame(
        pd.DataFrame(
            [
                row | {"case": "c1", "item": "gap", "option": option, "state": state}
                for option, state in states.items()
            ]
        )
    )


def test_one_doubtful_cell_leaves_the_certain_cells_of_a_grid(mini: Questionnaire) -> None:
    doubt = ("gap", "doubtful", "mon_h06")
    assert coded(mini, doubt)["gap_tue_h08"] == ("", "doubtful")  # without the marks nothing is certain
    marks = marks_of(mon_h06="marked", mon_h08="empty", tue_h06="doubtful", tue_h08="revoked")
    values = coded(mini, doubt, marks=marks)
    assert values["gap_mon_h06"] == ("1", "")
    assert values["gap_mon_h08"] == values["gap_tue_h08"] == ("0", "")
    assert values["gap_tue_h06"] == ("", "doubtful")


def test_a_doubt_that_may_be_the_only_mark_leaves_the_whole_grid_open(mini: Questionnaire) -> None:
    marks = marks_of(mon_h06="doubtful", mon_h08="empty", tue_h06="empty", tue_h08="empty")
    assert coded(mini, ("gap", "doubtful", ""), marks=marks)["gap_tue_h08"] == ("", "doubtful")


def test_the_wide_table_has_a_row_a_case_and_codes_for_missing(mini: Questionnaire) -> None:
    wide = to_wide(code_responses(outcomes_of(("work", "answered", "2")), one_case(), mini))
    assert len(wide) == 1
    assert wide.loc[0, "work"] == 2
    assert wide.loc[0, "help_a"] == MISSING_CODES["not asked"]
    assert wide.loc[0, "rate_x"] == MISSING_CODES["page missing"]


def test_the_codebook_names_every_value_of_the_wide_table() -> None:
    questionnaire = segeberg()
    returns = fake_returns(questionnaire, 40)
    wide = to_wide(code_responses(returns["outcomes"], returns["cases"], questionnaire))
    book = codebook(questionnaire)
    numbers = {asked.id for asked in questionnaire.asked() if asked.kind == "number"}
    for name in wide.columns[3:]:
        if name not in numbers:
            known = set(book.loc[book["variable"] == name, "code"])
            assert set(wide[name].astype(str)) <= known, name
    assert list(wide.columns[3:]) == [variable.name for variable in variables(questionnaire)]


def test_cases_without_a_read_page_are_not_returned(mini: Questionnaire) -> None:
    cases = CASES.frame([("c1", "c1", "north", "", 2, ""), ("c2", "c2", "north", "", 0, "1 2")])
    assert set(code_responses(outcomes_of(), cases, mini)["case"]) == {"c1"}


def test_no_return_at_all_gives_empty_tables(mini: Questionnaire) -> None:
    responses = code_responses(OUTCOMES.frame(), CASES.frame(), mini)
    assert responses.empty and to_wide(responses).empty
