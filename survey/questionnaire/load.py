"""YAML + boxes.csv -> Questionnaire; every fault names its file and line."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError
from yaml import YAMLError

from survey.errors import SchemaError
from survey.files import read_csv, to_numbers
from survey.questionnaire.cases import load_cases
from survey.questionnaire.check_plan import check_plan
from survey.questionnaire.model import Item, Questionnaire, Schema
from survey.questionnaire.plan import Written
from survey.questionnaire.tree import line_of, parse
from survey.tables import BOXES


def load_questionnaire(path: Path, known: Schema | None = None) -> Questionnaire:
    """Load schemas/<id>.yaml with the boxes.csv and blank.pdf beside it.

    `known` is its schema, where it was loaded from the same text before. Raises SchemaError naming file and line.
    """
    schema = known or load_schema(path)
    if schema.questionnaire != path.stem:
        raise SchemaError(
            f"the schema names itself {schema.questionnaire}, its file {path.stem}",
            where=f"{path}:1",
            hint="let `questionnaire:` and the file's name agree",
        )
    boxes_path = path.with_suffix(".boxes.csv")
    if not boxes_path.exists():
        raise SchemaError(
            f"{boxes_path.name} is missing: nothing says where the boxes lie",
            where=str(path),
            hint=f"survey print {path.stem}   (or survey learn BLANK.pdf --id {path.stem})",
        )
    blank = path.with_suffix(".blank.pdf")
    questionnaire = Questionnaire(
        schema, load_boxes(boxes_path), blank if blank.exists() else None, path, _issued(schema, path)
    )
    _compare(questionnaire, boxes_path)
    return questionnaire


def load_printings(questionnaire: Questionnaire) -> list[Questionnaire]:
    """Load older printings of a questionnaire: <id>.v1.boxes.csv and <id>.v1.blank.pdf beside it, and so on.

    Each is a questionnaire `id@version` with places and a blank of its own; all else is that of the questionnaire.
    Raises SchemaError for a printing that has no blank, or the version of the questionnaire itself.
    """
    name, found = questionnaire.id, []
    for path in sorted(questionnaire.path.parent.glob(f"{name}.v*.boxes.csv")):
        version = path.name.removeprefix(f"{name}.v").removesuffix(".boxes.csv")
        if not version.isdigit():
            continue
        blank = path.with_name(f"{name}.v{version}.blank.pdf")
        if not blank.exists() or int(version) == questionnaire.schema.version:
            what = (
                f"{blank.name} is missing"
                if not blank.exists()
                else f"version {version} is that of {name} itself"
            )
            raise SchemaError(
                what, where=f"{path}:1", hint="a printing has another version, boxes and a blank"
            )
        schema = questionnaire.schema.model_copy(
            update={"questionnaire": f"{name}@{version}", "version": int(version)}
        )
        printing = replace(questionnaire, schema=schema, boxes=load_boxes(path), blank=blank)
        _compare(printing, path)
        found.append(printing)
    return found


def _issued(schema: Schema, path: Path) -> Mapping[str, str]:
    """Serial -> stratum from <id>.cases.csv; empty where no copies were issued by serial."""
    cases_path = path.with_suffix(".cases.csv")
    if not cases_path.exists():
        return {}
    return _strata(_File(cases_path, cases_path.read_bytes()), schema.population.stratum, bool(schema.code))


@dataclass(frozen=True)
class _File:
    """A file, the same wherever it lies if its content is the same."""

    path: Path = field(compare=False)
    content: bytes


@lru_cache(maxsize=4)
def _strata(file: _File, stratum: str, ours: bool) -> Mapping[str, str]:
    cases = load_cases(file.path, stratum, ours=ours)
    strata = cases[stratum].tolist() if stratum else [""] * len(cases)
    return dict(zip(cases["serial"].tolist(), strata, strict=True))


def load_schema(path: Path) -> Schema:
    """Read a schema; SchemaError with file:line and a hint where it is wrong."""
    if not path.exists():
        raise SchemaError(f"{path} is not there", hint="survey init, or check the name")
    try:
        return _parse(path, path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise SchemaError("the file is not UTF-8", where=str(path), hint="save it as UTF-8") from error


@lru_cache(maxsize=8)
def _parse(path: Path, text: str) -> Schema:
    try:
        tree = parse(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise SchemaError(
            str(getattr(error, "problem", None) or error),
            where=f"{path}:{mark.line + 1 if mark else 1}",
            hint="check indentation, colons and quotation marks",
        ) from error
    if not isinstance(tree, dict):
        raise SchemaError(
            "a schema is a list of `name: value` lines", where=f"{path}:1", hint="see docs/schema.md"
        )
    try:
        schema = Schema.model_validate(tree)
    except ValidationError as error:
        fault = error.errors()[0]
        place = [step for step in fault["loc"] if step != "function-before"]
        raise SchemaError(
            _in_words(fault["type"], fault["msg"], place),
            where=f"{path}:{line_of(tree, place)}",
            hint=_hint(fault["type"], place),
        ) from error
    _cross_check(schema, path, tree)
    return schema


def json_schema() -> str:
    """Return the JSON Schema of schemas/<id>.yaml, for editors that complete and check while one writes."""
    schema = Schema.model_json_schema()
    for model in _subclasses(Written):
        described = schema if model is Schema else schema["$defs"].get(model.__name__, {})
        for name, text in _docstrings(model).items():
            described.get("properties", {}).get(name, {}).setdefault("description", text)
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _subclasses(model: type[Written]) -> Iterator[type[Written]]:
    for one in model.__subclasses__():
        yield one
        yield from _subclasses(one)


def _docstrings(model: type) -> dict[str, str]:
    """Attribute -> the text below it in the source. Pydantic can do it, for every model whenever it is imported."""
    body = ast.parse(inspect.getsource(model)).body[0]
    assert isinstance(body, ast.ClassDef)
    return {
        one.target.id: inspect.cleandoc(text.value.value)
        for one, text in pairwise(body.body)
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        if isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def _in_words(kind: str, message: str, place: list[Any]) -> str:
    name = ".".join(str(step) for step in place)
    if kind == "extra_forbidden":
        return f"unknown key {place[-1]!r}"
    if kind == "missing":
        return f"{name} is missing"
    return f"{name}: {message.removeprefix('Value error, ')}" if name else message


def _hint(kind: str, place: list[Any]) -> str:
    if kind != "extra_forbidden":
        return "docs/schema.md lists what may stand here"
    from difflib import get_close_matches  # only when something went wrong

    known = {name for model in _all_models() for name in model.model_fields}
    close = get_close_matches(str(place[-1]), sorted(known), n=1)
    return f"did you mean {close[0]!r}?" if close else "docs/schema.md lists the keys that may stand here"


def _all_models() -> list[Any]:
    from survey.questionnaire import model

    return [
        thing for thing in vars(model).values() if isinstance(thing, type) and hasattr(thing, "model_fields")
    ]


def _cross_check(schema: Schema, path: Path, tree: Any) -> None:
    """Refuse names that lead nowhere: need areas, routing, and items that stand twice."""
    places = {
        item.id: ["sections", s, "items", i]
        for s, section in enumerate(schema.sections)
        for i, item in enumerate(section.items)
    }
    order = [item for section in schema.sections for item in section.items]
    areas = {area.id for area in schema.need_areas}

    def fail(message: str, place: list[Any], hint: str) -> None:
        raise SchemaError(message, where=f"{path}:{line_of(tree, place)}", hint=hint)

    for s, section in enumerate(schema.sections):
        for i, item in enumerate(section.items):
            here = ["sections", s, "items", i]
            if places[item.id] != here:
                fail(f"item {item.id} stands twice", places[item.id], "give one of them another id")
            if item.need_area and item.need_area not in areas:
                fail(
                    f"need area {item.need_area!r} is not declared",
                    [*here, "need_area"],
                    "need_areas at the top of the schema has: " + ", ".join(sorted(areas)),
                )
            for o, option in enumerate(item.options):
                if option.go_to is not None:
                    _check_route(schema.questionnaire, item, option.go_to, order, [*here, "options", o], fail)
    check_plan(schema, fail, lambda place: f"{path}:{line_of(tree, place)}")
    known = _asked_codes(schema)
    told = {"all", *places, *known}
    for key, names in {"protect_zeros": told, "keys": {*known, schema.population.stratum} - {""}}.items():
        for k, name in enumerate(getattr(schema.disclosure, key)):
            if name not in names:
                fail(
                    f"disclosure names {name!r}, which is no item",
                    ["disclosure", key, k],
                    "name the id of an item",
                )
    for a, area in enumerate(schema.need_areas):
        for item_id, codes in area.need.items():
            at = ["need_areas", a, "need", item_id]
            if item_id not in known:
                fail(
                    f"need area {area.id} names {item_id!r}, which is no item",
                    at,
                    "name an item or a matrix row",
                )
            for code in codes:
                if code not in known[item_id]:
                    fail(
                        f"{item_id} has no code {code!r}",
                        at,
                        "its codes: " + ", ".join(sorted(known[item_id])),
                    )


def _check_route(_: str, item: Item, target: str, order: list[Item], place: list[Any], fail: Any) -> None:
    ids = [entry.id for entry in order]
    if target not in ids:
        fail(
            f"routing leads to {target!r}, which is no item", [*place, "go_to"], "name the id of a later item"
        )
    if ids.index(target) <= ids.index(item.id):
        fail(f"routing leads back to {target!r}", [*place, "go_to"], "name the id of a later item")


def _asked_codes(schema: Schema) -> dict[str, set[str]]:
    from survey.questionnaire.model import ask

    return {
        asked.id: {option.code for option in asked.options}
        for section in schema.sections
        for item in section.items
        for asked in ask(item)
    }


def load_boxes(path: Path) -> pd.DataFrame:
    """Read <id>.boxes.csv into a BOXES table; commas or semicolons, point or decimal comma."""
    table = read_csv(path)
    absent = [column for column in BOXES.columns if column not in table.columns]
    if absent:
        raise SchemaError(
            f"column {absent[0]} is missing", where=f"{path}:1", hint="columns: " + ", ".join(BOXES.columns)
        )
    for column in ["page", "x_mm", "y_mm", "w_mm", "h_mm"]:
        numbers = to_numbers(table[column])
        if numbers.isna().any():
            row = int(numbers.isna().to_numpy().argmax())
            raise SchemaError(
                f"{column} is {table[column].iloc[row]!r}, not a number",
                where=f"{path}:{row + 2}",
                hint="in mm",
            )
        table[column] = numbers
    twice = table["box"].duplicated()
    if twice.any():
        row = int(twice.to_numpy().argmax())
        raise SchemaError(
            f"box {table['box'].iloc[row]!r} stands twice", where=f"{path}:{row + 2}", hint="names are unique"
        )
    return BOXES.frame(table)


def _compare(questionnaire: Questionnaire, boxes_path: Path) -> None:
    """Refuse a box of an item or option that the schema does not have."""
    known = {(asked.id, option.code) for asked in questionnaire.asked() for option in asked.options}
    combs = {
        (asked.id, str(place + 1))
        for asked in questionnaire.asked()
        if asked.kind == "number"
        for place in range(asked.item.digits)
    }
    texts = {(asked.id, "") for asked in questionnaire.asked() if asked.kind == "text"}
    places = zip(questionnaire.boxes["item"], questionnaire.boxes["option"], strict=True)
    for row, place in enumerate(places, start=2):
        if place not in known | combs | texts:
            raise SchemaError(
                f"item {place[0]!r} with option {place[1]!r} is not in the schema",
                where=f"{boxes_path}:{row}",
                hint=f"correct {questionnaire.path.name} or this line",
            )
