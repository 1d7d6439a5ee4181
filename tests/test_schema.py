"""Claims about what an author of a schema is told: file, line and a way out; and what Excel may do to a table."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from survey.errors import SchemaError
from survey.questionnaire import tree as yaml_tree
from survey.questionnaire.load import json_schema, load_boxes, load_questionnaire, load_schema
from survey.questionnaire.model import ask
from survey.questionnaire.tree import parse

SEGEBERG = Path(__file__).parents[1] / "schemas" / "segeberg-2012.yaml"

SCHEMA = """\
questionnaire: mini
need_areas:
  - id: care
    label: Betreuung
    need:
      wish: []
sections:
  - id: first
    title: Eins
    items:
      - id: work
        type: single
        text: Arbeiten Sie?
        options:
          - {code: 1, label: ja}
          - {code: 2, label: nein, go_to: why}
      - id: wish
        type: multiple
        need_area: care
        options:
          - {code: a, label: A}
          - {code: none, label: nichts, none: true}
      - id: hours
        type: number
        digits: 2
      - id: why
        type: text
        lines: 3
      - id: mood
        type: matrix
        rows: [{code: home}, {code: job}]
        options: [{code: 1}, {code: 2}]
"""

BOXES = """\
box,page,x_mm,y_mm,w_mm,h_mm,item,option
work.1,1,20,30,4,4,work,1
work.2,1,20,36.25,4,4,work,2
hours.1,1,20,50,5,7,hours,1
why,1,20,60,100,30,why,
mood_job.2,1,60,95,4,4,mood_job,2
"""


def write(folder: Path, schema: str = SCHEMA, boxes: str = BOXES, encoding: str = "utf-8") -> Path:
    path = folder / "mini.yaml"
    path.write_text(schema, encoding="utf-8")
    (folder / "mini.boxes.csv").write_text(boxes, encoding=encoding)
    return path


def fault(folder: Path, old: str, new: str) -> SchemaError:
    """The error an author sees after changing one thing in a right schema."""
    assert SCHEMA.count(old) == 1, "the change must hit one place"
    with pytest.raises(SchemaError) as caught:
        load_questionnaire(write(folder, SCHEMA.replace(old, new)))
    return caught.value


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


def test_a_right_schema_loads(tmp_path: Path) -> None:
    questionnaire = load_questionnaire(write(tmp_path))
    assert [asked.id for asked in questionnaire.asked()] == [
        "work",
        "wish",
        "hours",
        "why",
        "mood_home",
        "mood_job",
    ]
    assert questionnaire.pages == [1]


def test_an_unknown_key_is_named_with_line_and_likely_meaning(tmp_path: Path) -> None:
    error = fault(tmp_path, "digits: 2", "digts: 2")
    assert f"mini.yaml:{line_of(SCHEMA, 'digits')}: unknown key 'digts'" in str(error)
    assert error.hint == "did you mean 'digits'?"


def test_an_option_code_that_stands_twice_is_refused(tmp_path: Path) -> None:
    error = fault(tmp_path, "{code: 2, label: nein, go_to: why}", "{code: 1, label: nein}")
    assert "code 1 stands twice" in str(error)
    assert f":{line_of(SCHEMA, 'id: work')}:" in str(error)


def test_an_item_that_stands_twice_is_refused(tmp_path: Path) -> None:
    error = fault(tmp_path, "id: mood", "id: work")
    assert f"mini.yaml:{line_of(SCHEMA, 'id: mood')}: item work stands twice" in str(error)


def test_routing_backwards_is_refused(tmp_path: Path) -> None:
    error = fault(tmp_path, "go_to: why", "go_to: work")
    assert "routing leads back to 'work'" in str(error)
    assert f":{line_of(SCHEMA, 'go_to')}:" in str(error)


def test_routing_to_nowhere_is_refused(tmp_path: Path) -> None:
    error = fault(tmp_path, "go_to: why", "go_to: wherever")
    assert "'wherever', which is no item" in str(error)


def test_an_unknown_need_area_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    error = fault(tmp_path, "need_area: care", "need_area: car")
    assert f"mini.yaml:{line_of(SCHEMA, 'need_area: care')}: need area 'car' is not declared" in str(error)
    assert "care" in error.hint


def test_a_need_that_names_no_item_or_code_is_refused(tmp_path: Path) -> None:
    assert "'wishes', which is no item" in str(fault(tmp_path, "wish: []", "wishes: []"))
    assert "wish has no code 'b'" in str(fault(tmp_path, "wish: []", "wish: [b]"))


def test_a_key_of_another_item_type_is_refused(tmp_path: Path) -> None:
    assert "has no digits" in str(fault(tmp_path, "lines: 3", "lines: 3\n        digits: 2"))
    assert "needs lines" in str(fault(tmp_path, "        lines: 3\n", ""))


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    error = fault(tmp_path, "        type: number\n", "")
    assert "type is missing" in str(error)


def test_broken_yaml_names_the_line(tmp_path: Path) -> None:
    error = fault(tmp_path, "{code: a, label: A}", "{code: a, label: A")
    number = int(str(error).split("mini.yaml:")[1].split(":")[0])
    assert abs(number - line_of(SCHEMA, "code: a")) <= 1


def test_a_schema_and_its_file_must_agree_on_the_name(tmp_path: Path) -> None:
    assert "names itself maxi" in str(fault(tmp_path, "questionnaire: mini", "questionnaire: maxi"))


def test_a_schema_without_boxes_says_how_to_get_them(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.with_suffix(".boxes.csv").unlink()
    with pytest.raises(SchemaError) as caught:
        load_questionnaire(path)
    assert "survey print mini" in caught.value.hint


def test_a_box_of_no_item_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=r"mini\.boxes\.csv:3: item 'work' with option '9'"):
        load_questionnaire(write(tmp_path, boxes=BOXES.replace("work,2", "work,9")))


def test_a_box_that_stands_twice_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=r"mini\.boxes\.csv:3: box 'work\.1' stands twice"):
        load_questionnaire(write(tmp_path, boxes=BOXES.replace("work.2", "work.1")))


def test_a_place_that_is_no_number_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=r"mini\.boxes\.csv:3: y_mm is 'oben', not a number"):
        load_questionnaire(write(tmp_path, boxes=BOXES.replace("36.25", "oben")))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="column option is missing"):
        load_questionnaire(write(tmp_path, boxes=BOXES.replace(",option", ",choice")))


def test_boxes_saved_by_excel_are_the_same_boxes(tmp_path: Path) -> None:
    plain = load_boxes(write(tmp_path).with_suffix(".boxes.csv"))
    excel = BOXES.replace(",", ";").replace("36.25", "36,25").replace("\n", "\r\n")
    path = write(tmp_path, boxes=excel, encoding="utf-8-sig").with_suffix(".boxes.csv")
    assert load_boxes(path).equals(plain)
    assert plain["y_mm"].tolist()[1] == 36.25


def test_codes_may_be_written_as_numbers(tmp_path: Path) -> None:
    schema = load_schema(write(tmp_path))
    assert [option.code for option in ask(schema.sections[0].items[0])[0].options] == ["1", "2"]


def test_words_that_older_yaml_takes_for_truth_values_or_numbers_stay_text() -> None:
    tree = parse(
        "en: No\nsent: 2012-11-05\ncode: 01\ntime: 12:30\ncount: 12\nshare: .5\nshown: true\nrest:\n"
    )
    assert tree == {"en": "No", "sent": "2012-11-05", "code": "01", "time": "12:30", "count": 12, "share": 0.5,
                    "shown": True, "rest": None}  # fmt: skip


def test_a_tree_knows_the_lines_of_its_parts_those_of_shared_ones_too() -> None:
    tree = parse("first: &yes\n  label: Ja\nsecond:\n  - *yes\n  - <<: *yes\n    code: 2\n")
    assert tree["second"] == [{"label": "Ja"}, {"label": "Ja", "code": 2}]
    assert [
        yaml_tree.line_of(tree, place) for place in (["second"], ["second", 1], ["second", 1, "code"])
    ] == [3, 5, 6]
    assert yaml_tree.line_of(tree, ["second", 7, "code"]) == 3


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("note: 'no end", "unexpected end"),
        ("? [a, b]\n: no key", "a list or mapping is no key"),
        ("note: \x00", "control characters are not allowed"),
        ("note: !!python/name:os.system x", "could not determine a constructor"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_file(line: str, told: str, tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(SchemaError, match=told) as caught:
        load_schema(path)
    assert re.match(rf"{re.escape(str(path))}:\d+: ", str(caught.value))


def test_a_key_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + "questionnaire: mini\n", encoding="utf-8")
    last = len(path.read_text(encoding="utf-8").splitlines())
    with pytest.raises(SchemaError, match=rf"mini\.yaml:{last}: found duplicate key .questionnaire."):
        load_schema(path)


def test_the_json_schema_knows_every_key_of_the_shipped_questionnaire() -> None:
    described = json.loads(json_schema())
    written = parse(SEGEBERG.read_text(encoding="utf-8"))
    assert set(written) <= set(described["properties"])
    items = [item for section in written["sections"] for item in section["items"]]
    assert {key for item in items for key in item} <= set(described["$defs"]["Item"]["properties"])
    code = described["$defs"]["ResponseOption"]["properties"]["code"]
    assert {"type": "integer"} in code["anyOf"], "an editor must accept code: 1"


def test_the_reference_names_every_key_of_a_schema() -> None:
    reference = (Path(__file__).parents[1] / "docs" / "schema.md").read_text(encoding="utf-8")
    described = json.loads(json_schema())
    models = [described, *described["$defs"].values()]
    keys = {key for model in models for key in model.get("properties", {})}
    assert [key for key in sorted(keys) if f"`{key}`" not in reference] == []


def test_every_multiple_item_that_prints_none_takes_an_empty_item_for_nonresponse() -> None:
    schema = load_schema(SEGEBERG)
    for item in (item for section in schema.sections for item in section.items):
        if item.type in {"multiple", "grid"} and any(option.none for option in item.options):
            assert item.nothing_marked == "nonresponse", item.id


def test_the_edges_of_the_day_lie_before_eight_and_after_sixteen() -> None:
    schema = load_schema(SEGEBERG)
    (grid,) = [item for section in schema.sections for item in section.items if item.type == "grid"]
    groups = {group.id: group for group in grid.groups}
    assert set(groups["edge_of_day"].columns) == {"h00", "h06", "h07", "h16", "h17", "h18", "h20"}
    covered = [(row, column) for group in grid.groups for row in group.rows or [r.code for r in grid.rows]
               for column in group.columns or [c.code for c in grid.columns]]  # fmt: skip
    assert len(covered) == len(set(covered)) == len(grid.rows) * len(grid.columns)
