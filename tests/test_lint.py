"""Claims about what a person is told of a schema that loads and is wrong or incomplete all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from survey.cli import main
from survey.errors import SchemaError
from survey.project import Project, check, init_project
from survey.questionnaire.lint import Finding, lint
from survey.questionnaire.load import load_questionnaire
from survey.questionnaire.printed_code import make_serial

SHIPPED = Path(__file__).parents[1] / "schemas" / "segeberg-2012.yaml"
SCHEMA = """\
questionnaire: mini
need_areas:
  - id: care
    label: Care
    need: {wish: []}
sections:
  - id: first
    title: One
    items:
      - id: work
        type: single
        text: Do you work?
        options: [{code: 1, label: yes}, {code: 2, label: no}]
      - id: wish
        type: multiple
        text: What do you wish for?
        options: [{code: a, label: A}, {code: b, label: B}]
      - id: hours
        type: number
        text: How many hours?
        digits: 2
      - id: why
        type: text
        text: Why?
        lines: 3
"""
BOXES = """\
box,page,x_mm,y_mm,w_mm,h_mm,item,option
work.1,1,20,30,4,4,work,1
work.2,1,20,37,4,4,work,2
wish.a,1,20,50,4,4,wish,a
wish.b,1,20,57,4,4,wish,b
hours.1,1,20,70,5,7,hours,1
hours.2,1,25,70,5,7,hours,2
why,1,20,80,100,30,why,
"""


def schemas(folder: Path, schema: str = SCHEMA, boxes: str = BOXES) -> Path:
    init_project(folder)
    path = folder / "schemas" / "mini.yaml"
    path.write_text(schema, encoding="utf-8")
    path.with_suffix(".boxes.csv").write_text(boxes, encoding="utf-8")
    return path


def findings(folder: Path, schema: str = SCHEMA, boxes: str = BOXES) -> list[Finding]:
    return lint(load_questionnaire(schemas(folder, schema, boxes)))


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, "the change must hit one place"
    return text.replace(old, new)


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


def test_nothing_is_said_of_a_right_schema(tmp_path: Path) -> None:
    assert findings(tmp_path) == []


def test_nothing_is_said_of_the_shipped_schema() -> None:
    assert lint(load_questionnaire(SHIPPED)) == []


@pytest.mark.parametrize(
    ("box", "item", "message"),
    [
        ("wish.b,1,20,57,4,4,wish,b\n", "id: wish", "wish: no box for b"),
        ("hours.2,1,25,70,5,7,hours,2\n", "id: hours", "hours: no box for 2"),
        ("why,1,20,80,100,30,why,\n", "id: why", "why has no box to write in"),
    ],
)
def test_an_option_without_a_box_is_a_fault_of_the_schema(
    tmp_path: Path, box: str, item: str, message: str
) -> None:
    (found,) = findings(tmp_path, boxes=changed(BOXES, box, ""))
    assert (found.message, found.is_fault) == (message, True)
    assert found.where.endswith(f"mini.yaml:{line_of(SCHEMA, item)}")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("work.2,1,20,37", "work.2,1,22,32", "box work.2 overlaps box work.1"),
        ("work.2,1,20,37", "work.2,1,208,37", "box work.2 lies outside its page of 210 by 297 mm"),
        ("work.2,1,20,37,4,4", "work.2,1,20,37,0,4", "box work.2 has no extent: width and height are mm above 0"),
        ("37,4,4,work,2", "37,4,4,work,1", "item work, option '1' has a box already"),
    ],
)  # fmt: skip
def test_a_wrong_box_is_a_fault_of_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    found = [
        finding
        for finding in findings(tmp_path, boxes=changed(BOXES, old, new))
        if ".boxes.csv:" in finding.where
    ]
    assert [finding.message for finding in found] == [message]
    assert found[0].where.endswith("mini.boxes.csv:3")
    assert found[0].is_fault


def test_cells_that_share_a_line_do_not_overlap(tmp_path: Path) -> None:
    assert findings(tmp_path, boxes=changed(BOXES, "hours.2,1,25,", "hours.2,1,24.6,")) == []


def test_a_box_without_an_option_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SchemaError) as caught:
        findings(tmp_path, boxes=changed(BOXES, "wish,b", "wish,c"))
    assert "mini.boxes.csv:5: item 'wish' with option 'c' is not in the schema" in str(caught.value)


def test_a_code_used_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SchemaError) as caught:
        findings(tmp_path, changed(SCHEMA, "{code: b, label: B}", "{code: a, label: B}"))
    assert f"mini.yaml:{line_of(SCHEMA, 'id: wish')}: " in str(caught.value)


def test_a_need_area_that_names_no_item_is_a_fault(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, changed(SCHEMA, "    need: {wish: []}\n", ""))
    assert (found.message, found.is_fault) == ("need area care names no item", True)
    assert found.where.endswith(f"mini.yaml:{line_of(SCHEMA, 'id: care')}")


def test_a_stratum_of_which_no_serial_was_issued_is_to_be_looked_at(tmp_path: Path) -> None:
    people = "population: {stratum: office, frame: {North: 1, South: 2}}\nneed_areas:"
    path = schemas(tmp_path, changed(SCHEMA, "need_areas:", people), BOXES)
    path.with_suffix(".cases.csv").write_text(f"serial,office\n{make_serial('A', 1)},North\n", "utf-8")
    (found,) = lint(load_questionnaire(path))
    assert found.message.startswith("the frame of South holds 2 people, and no serial of it is listed")
    assert not found.is_fault


def test_a_need_area_that_an_item_names_is_none(tmp_path: Path) -> None:
    schema = changed(SCHEMA, "    need: {wish: []}\n", "")
    assert (
        findings(tmp_path, changed(schema, "type: multiple", "type: multiple\n        need_area: care")) == []
    )


def test_an_item_and_a_matrix_row_of_one_name_are_a_fault(tmp_path: Path) -> None:
    twice = "      - {id: work_1, type: text, lines: 1, text: A}\n"
    matrix = changed(
        SCHEMA, "        type: single\n", "        type: matrix\n        rows: [{code: 1, label: A}]\n"
    )
    boxes = BOXES.replace(",work,", ",work_1,")
    assert any(
        "work_1 is asked twice" in found.message for found in findings(tmp_path, matrix + twice, boxes)
    )


@pytest.mark.parametrize(
    ("old", "message"),
    [("        text: Do you work?\n", "work has no wording"), (", label: A", "wish: no label for a of its options")],
)  # fmt: skip
def test_missing_words_are_to_be_looked_at_and_no_fault(tmp_path: Path, old: str, message: str) -> None:
    (found,) = findings(tmp_path, changed(SCHEMA, old, ""))
    assert (found.message, found.is_fault) == (message, False)
    assert "look at this" in str(found)


def test_faults_end_the_command_with_exit_code_2(tmp_path: Path) -> None:
    schemas(tmp_path, boxes=changed(BOXES, "wish.b,1,20,57,4,4,wish,b\n", ""))
    found = CliRunner().invoke(main, ["--project", str(tmp_path), "check", "mini"])
    assert found.exit_code == 2
    where = Path("schemas") / "mini.yaml"
    line = line_of(SCHEMA, "id: wish")
    assert found.stdout == f"{where}:{line}: wish: no box for b\n{line:>5} |       - id: wish\n"
    assert "one fault in mini" in found.stderr


def test_what_is_to_be_looked_at_ends_it_well(tmp_path: Path) -> None:
    schemas(tmp_path, changed(SCHEMA, "        text: Do you work?\n", ""))
    found = CliRunner().invoke(main, ["--project", str(tmp_path), "check", "mini"])
    assert (found.exit_code, "work has no wording" in found.stdout) == (0, True)
    assert len(check(Project(tmp_path), "mini")) == 1
