"""Claims about formulas: what they say, what a missing value leaves open, and what a slip is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.errors import SchemaError
from survey.questionnaire.formulas import check, column_of, evaluate, is_truth, parse
from survey.texts import Texts


def result(formula: str, **columns: list[str]) -> list[float | None]:
    """The formula's value for each case; an empty code is a missing value, and None a missing result."""
    made = {
        name: column_of(Texts.of(codes), Texts.of(["" if c else "blank" for c in codes]))
        for name, codes in columns.items()
    }
    found = evaluate(parse(formula), made)
    return [None if gone else float(value) for value, gone in zip(found.number, found.missing, strict=True)]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("1 + 2 * a", [3, 5, None]),
        ("(1 + 2) * a", [3, 6, None]),
        ("-a / 2", [-0.5, -1, None]),
        ("a == 1", [1, 0, None]),
        ("a in {2, 3}", [0, 1, None]),
        ("not a < 2", [0, 1, None]),
        ("a == 1 or b == 1", [1, 0, 1]),
        ("a == 2 and b == 2", [0, 1, 0]),
        ("mean(a, b)", [1.5, 2, 1]),
        ("sum(a, b)", [3, 4, 1]),
        ("min(a, b)", [1, 2, 1]),
        ("max(a, b)", [2, 2, 1]),
        ("count(a == 2, b == 2)", [1, 2, 0]),
        ("any(a == 1, b == 1)", [1, 0, 1]),
        ("all(a == 2, b == 2)", [0, 1, 0]),
        ("answered(a)", [1, 1, 0]),
        ("if(answered(a), a, 9)", [1, 2, 9]),
        ("1 / (a - 1)", [None, 1, None]),
    ],
)
def test_a_formula_says_what_it_says(formula: str, expected: list[float | None]) -> None:
    assert result(formula, a=["1", "2", ""], b=["2", "2", "1"]) == expected


def test_codes_are_compared_as_they_are_written() -> None:
    assert result("way == 'bus'", way=["bus", "car", ""]) == [1, 0, None]
    assert result("a == '01'", a=["01", "1"]) == [1, 0]
    assert result("a == 1", a=["01", "1"]) == [1, 1]


def test_truth_is_told_from_numbers() -> None:
    assert is_truth(parse("a == 1 or not b == 2")) and is_truth(parse("if(a == 1, a == 2, a == 3)"))
    assert not is_truth(parse("mean(a, b)")) and not is_truth(parse("if(a == 1, 2, 3)"))


@pytest.mark.parametrize(
    ("formula", "message", "hint"),
    [
        ("a = 1", "letter 3: '=' means nothing here", "== compares"),
        ("childrn + 1", "letter 1: there is no variable 'childrn'", "did you mean 'children'?"),
        ("children == 7", "letter 13: children has no code '7'", "its codes: 0, 1"),
        ("(children == 1", "letter 15: ')' is missing", "count the brackets"),
        ("avg(children)", "letter 1: there is no function 'avg'", "there are: sum"),
        ("maen(children)", "letter 1: there is no function 'maen'", "did you mean 'mean'?"),
        ("if(children == 1, 2)", "letter 1: if takes 3 parts, not 2", "if(statement"),
        ("children == 1 1", "letter 15: '1' was not expected", "an operator"),
        ("children in {}", "letter 14: a number or a 'code' is missing", "such as"),
        ("", "letter 1: a number or a 'code' is missing", "such as"),
        ("__import__('os')", "letter 1: there is no function '__import__'", "there are"),
        ("(" * 60 + "1" + ")" * 60, "too many brackets", "two derived variables"),
    ],
)
def test_a_slip_is_told_with_its_place_and_a_way_out(formula: str, message: str, hint: str) -> None:
    with pytest.raises(SchemaError) as caught:
        check(parse(formula, "s.yaml:3"), {"children": ["0", "1"], "a": []}, formula, "s.yaml:3")
    assert message in str(caught.value) and str(caught.value).startswith("s.yaml:3: ")
    assert hint in caught.value.hint


@given(st.text(alphabet="ab12+-*/()<>=!{}, 'notandorif", max_size=40))
def test_any_text_is_a_formula_or_a_fault_with_a_hint(text: str) -> None:
    try:
        parse(text)
    except SchemaError as error:
        assert error.hint
