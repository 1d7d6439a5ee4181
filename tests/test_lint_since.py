"""Claims about corrections gone wrong: they are told with file, line and the line itself, before anything runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from paper import write_questionnaire

from survey.cli import main
from survey.questionnaire.lint_since import lint_since
from survey.questionnaire.load import load_questionnaire
from survey.questionnaire.model import Questionnaire

THEMES = """        lines: 4
        themes:
          - {code: money, label: Geld}
          - {code: time, label: Zeit}
"""


@pytest.fixture
def before(tmp_path: Path) -> Questionnaire:
    questionnaire = write_questionnaire(tmp_path / "schemas", code="MINI", issued=9)
    text = questionnaire.path.read_text(encoding="utf-8").replace("        lines: 4\n", THEMES)
    labelled = "[{code: 1, label: Ja}, {code: 2, label: Nein}, {code: 3}, {code: 4}]"
    text = text.replace("[{code: 1}, {code: 2}, {code: 3}, {code: 4}]", labelled, 1)
    questionnaire.path.write_text(text, encoding="utf-8")
    return load_questionnaire(questionnaire.path)


def corrected(before: Questionnaire, ending: str, *pairs: tuple[str, str]) -> Questionnaire:
    path = before.path.with_suffix(ending)
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return load_questionnaire(before.path)


def test_what_was_not_corrected_is_no_slip(before: Questionnaire) -> None:
    assert lint_since(before, before, set(before.issued), {"why money": 3}) == []


def test_labels_that_were_exchanged_without_their_boxes(before: Questionnaire) -> None:
    now = corrected(
        before, ".yaml", ("label: Ja", "label: X"), ("label: Nein", "label: Ja"), ("label: X", "label: Nein")
    )
    found = lint_since(before, now, set(), {})
    assert [one.is_fault for one in found] == [False]
    assert "work: 1 and 2 exchanged their labels" in found[0].message
    assert "label: Nein}, {code: 2, label: Ja}" in found[0].line
    assert found[0].where.endswith(f":{found[0].line.split('|')[0].strip()}")


def test_theme_codes_that_turn_around_what_people_assigned(before: Questionnaire) -> None:
    now = corrected(
        before,
        ".yaml",
        ("label: Geld", "label: X"),
        ("label: Zeit", "label: Geld"),
        ("label: X", "label: Zeit"),
    )
    assert lint_since(before, now, set(), {}) == []
    found = lint_since(before, now, set(), {"why money": 3, "why time": 2})
    assert [one.is_fault for one in found] == [True]
    assert found[0].message.endswith("5 texts were given these codes by people, and are turned around")
    assert "code: money, label: Zeit" in found[0].line


def test_names_of_boxes_that_changed_places(before: Questionnaire) -> None:
    now = corrected(before, ".boxes.csv", ("work.1,1", "x,1"), ("work.2,1", "work.1,1"), ("x,1", "work.2,1"))
    found = lint_since(before, now, set(), {})
    assert [one.message.split(":")[0] for one in found] == [
        "box work.2 lies where work.1 lay", "box work.1 lies where work.2 lay",
    ]  # fmt: skip
    assert "work.2,1,25.0,67.0" in found[0].line


def test_a_frame_that_shrank_below_what_came_back(before: Questionnaire) -> None:
    serial = next(iter(before.issued))
    now = corrected(before, ".cases.csv", (f"{serial},North\n", ""))
    assert lint_since(before, now, set(), {}) == []
    found = lint_since(before, now, {serial}, {})
    assert [(one.is_fault, one.message) for one in found] == [
        (True, f"serials that came back are issued no more: {serial}")
    ]
    bare = replace(corrected(now, ".yaml", ("North: 6", "North: 2")), issued={})
    found = lint_since(before, bare, set(before.issued), {})
    assert "the frame of North holds 2 people, but 6 questionnaires of it came back" in [
        one.message for one in found
    ]


def test_an_error_names_file_and_line_and_shows_it(before: Questionnaire) -> None:
    corrected_path = before.path
    text = corrected_path.read_text(encoding="utf-8").replace("type: number", "type: numbers")
    corrected_path.write_text(text, encoding="utf-8")
    told = CliRunner().invoke(main, ["--project", str(before.path.parents[1]), "check", "mini"])
    assert told.exit_code == 2
    number = text[: text.index("type: numbers")].count("\n") + 1
    assert f"mini.yaml:{number}: " in told.stderr
    assert f"{number:>5} |         type: numbers" in told.stderr
