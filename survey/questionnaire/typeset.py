"""Schema -> printable PDF, and the table of its boxes as the typesetter placed them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from survey.doors.typesetting import typeset
from survey.files import write_csv, write_whole
from survey.questionnaire.arrange import PagePlan, Piece, arrange
from survey.questionnaire.load import load_schema
from survey.questionnaire.model import (
    PAPER_MM,
    Asked,
    Item,
    ResponseOption,
    Row,
    Schema,
    ask,
    say,
)
from survey.questionnaire.sheet import (
    CODE_HEIGHT_MM,
    CODE_INSET_X_MM,
    CODE_INSET_Y_MM,
    SQUARE_MM,
    corner_squares_mm,
    text_area,
)
from survey.questionnaire.words import word
from survey.tables import BOXES

TEMPLATE = Path(__file__).with_name("questionnaire.typ")
GUTTER_MM = 8.0  # between two columns of items
ONE_COLUMN_BELOW_MM = 150.0  # a narrower page (A5) gets one column: half of it could not hold a label
LINE_MM = 9.0  # height of a line of handwriting
MATRIX_COLUMN_MM = 20.0  # widest column of a matrix
MATRIX_COLUMNS_MM = 100.0  # width its columns may take together
MATRIX_ROW_MM = 7.5
HEAD_TITLE_MM = 63.0  # width of the running title: room for the longest code beside it
APART_MM = 4.0  # extra white before a column that is no answer, such as "does not apply"
SCALE_LABEL_LETTERS = 3  # a scale with longer labels is printed as a list
GRID_LABEL_MM = 30.0

Value = str | float | bool | list["Value"] | dict[str, "Value"]
Data = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Blank:
    """A typeset questionnaire: its PDF (PDF/A-2a, PDF/UA-1), its boxes (table BOXES), its number of pages."""

    pdf: bytes
    boxes: pd.DataFrame
    pages: int


def print_questionnaire(path: Path) -> Blank:
    """Typeset schemas/<id>.yaml and write <id>.blank.pdf and <id>.boxes.csv beside it."""
    blank = typeset_questionnaire(load_schema(path))
    write_whole(path.with_suffix(".blank.pdf"), blank.pdf)
    write_csv(path.with_suffix(".boxes.csv"), blank.boxes)
    return blank


def typeset_questionnaire(schema: Schema) -> Blank:
    """Typeset a questionnaire in the first of its languages."""
    pieces = _measure(schema)
    plans = arrange(pieces, text_area(paper_mm(schema)).h_mm)
    done = typeset(TEMPLATE, {**_data(schema, len(plans)), "pages": _pages(schema, plans)}, query="<box>")
    return Blank(done.pdf, _boxes(schema, pd.DataFrame(done.queried)), len(plans))


def paper_mm(schema: Schema) -> tuple[float, float]:
    """Width and height of the paper."""
    return PAPER_MM[schema.paper] if isinstance(schema.paper, str) else schema.paper


def _boxes(schema: Schema, placed: pd.DataFrame) -> pd.DataFrame:
    """Join what the typesetter reports with the item and option of each box."""
    names = [(box_name(asked, code), asked.id, code) for asked in _asked(schema) for code in box_codes(asked)]
    known = pd.DataFrame(names, columns=["box", "item", "option"])
    if sorted(placed["box"]) != sorted(known["box"]):
        raise RuntimeError("the template printed other boxes than the schema has")
    sizes = ["x_mm", "y_mm", "w_mm", "h_mm"]
    return BOXES.frame(placed.merge(known, on="box").round(dict.fromkeys(sizes, 3)))


def _asked(schema: Schema) -> Iterator[Asked]:
    return (asked for section in schema.sections for item in section.items for asked in ask(item))


def box_codes(asked: Asked) -> list[str]:
    """Return what its boxes stand for: option codes, positions of comb cells, or "" for free text."""
    if asked.kind == "number":
        return [str(place + 1) for place in range(asked.item.digits)]
    return [""] if asked.kind == "text" else [option.code for option in asked.options]


def box_name(asked: Asked, code: str) -> str:
    """Return the name of a box: item.option, or the item alone for free text."""
    return f"{asked.id}.{code}" if code else asked.id


# ---- the two passes: measure every piece, arrange the pieces, print ---------------------------------------


def _pieces(schema: Schema) -> Iterator[Piece]:
    """All pieces in printed order, their heights still unknown."""
    columns = 2 if text_area(paper_mm(schema)).w_mm >= ONE_COLUMN_BELOW_MM else 1
    yield Piece("front ", 0)
    for section in schema.sections:
        yield Piece(f"section {section.id}", 0, new_page=section.new_page, keeps_next=True)
        for item in section.items:
            wide = columns == 1 or item.type in {"matrix", "grid", "text"}
            yield Piece(f"item {item.id}", 0, narrow=not wide)
    yield Piece("back ", 0)


def _measure(schema: Schema) -> list[Piece]:
    """Let the typesetter tell the height of every piece."""
    pieces = list(_pieces(schema))
    area = text_area(paper_mm(schema))
    column_mm = (area.w_mm - GUTTER_MM) / 2
    asked: list[Value] = [
        {"name": piece.name, "piece": [*piece.name.split(" ")], "w": column_mm if piece.narrow else area.w_mm}
        for piece in pieces
    ]
    data = {**_data(schema, 1), "pages": [], "measure": asked}
    heights = {
        str(row["name"]): float(row["height_mm"])
        for row in typeset(TEMPLATE, data, standards=(), query="<height>").queried
    }
    return [replace(piece, height_mm=heights[piece.name]) for piece in pieces]


def _pages(schema: Schema, plans: list[PagePlan]) -> list[Value]:
    language = schema.languages[0]

    def foot(page: int) -> str:
        place = word("page", language).format(page, len(plans))
        turn = f"{word('turn', language)}  ·  " if page % 2 and page < len(plans) else ""
        return turn + place

    return [
        {
            "gap": plan.gap_mm,
            "bands": [
                [[[*name.split(" ")] for name in column] for column in band.columns] for band in plan.bands
            ],
            "head": say(schema.title, language) if page > 1 else "",
            "foot": foot(page),
        }
        for page, plan in enumerate(plans, start=1)
    ]


# ---- what the template is told ----------------------------------------------------------------------------


def _data(schema: Schema, pages: int) -> Data:
    language = schema.languages[0]
    paper = paper_mm(schema)
    area = text_area(paper)
    squares: list[Value] = [
        {"x": float(x) - SQUARE_MM / 2, "y": float(y) - SQUARE_MM / 2} for x, y in corner_squares_mm(paper)
    ]
    return {
        "language": language,
        "title": say(schema.title, language) or schema.questionnaire,
        "sender": say(schema.information.sender, language),
        "accent": schema.report.accent,
        "paper": {"w": paper[0], "h": paper[1]},
        "squares": squares,
        "square": SQUARE_MM,
        "area": {
            "x": area.x_mm,
            "y": area.y_mm,
            "w": area.w_mm,
            "column_w": (area.w_mm - GUTTER_MM) / 2,
            "gutter": GUTTER_MM,
        },
        "strip": {
            "h": CODE_HEIGHT_MM,
            "head_y": CODE_INSET_Y_MM,
            "x": CODE_INSET_X_MM,
            "w": HEAD_TITLE_MM,
            "foot_y": paper[1] - CODE_INSET_Y_MM - CODE_HEIGHT_MM,
        },
        "front": _front(schema, language, pages),
        "back": _back(schema, language),
        "sections": {
            section.id: {"title": say(section.title, language), "intro": say(section.intro, language)}
            for section in schema.sections
        },
        "items": _items(schema, language),
    }


def _front(schema: Schema, language: str, pages: int) -> Data:
    told = schema.information
    parts = [
        ("purpose", told.purpose),
        ("voluntary_head", told.voluntary),
        ("code", told.code),
        ("deletion", told.deletion),
        ("contact", told.contact),
    ]
    count = sum(len(section.items) for section in schema.sections)
    extent = word("extent" if pages > 1 else "extent_one", language)
    routed = any(option.go_to for asked in _asked(schema) for option in asked.options)
    return {
        "extent": extent.format(items=count, pages=pages),
        "told_head": word("told", language),
        "told": [{"head": word(key, language), "body": say(text, language)} for key, text in parts if text],
        "how": {
            "head": word("how", language),
            "pen": word("pen", language),
            "right": word("right", language),
            "revoked": word("revoked", language) if schema.reading.revocation else "",
            "routing": word("routing", language) if routed else "",
        },
    }


def _back(schema: Schema, language: str) -> Data:
    told = schema.information
    by = say(told.return_by, language)
    address: list[Value] = [*say(told.return_to, language).splitlines()]
    head = word("return_by", language).format(by) if by else word("return_to", language)
    return {"thanks": say(told.thanks, language), "head": head if address else "", "address": address}


def _items(schema: Schema, language: str) -> dict[str, Value]:
    items = [item for section in schema.sections for item in section.items]
    numbers = {item.id: str(number) for number, item in enumerate(items, start=1)}
    return {item.id: _item(item, numbers, language) for item in items}


def _item(item: Item, numbers: dict[str, str], language: str) -> Data:
    """Everything printed of an item, in words; its layout says which function of the template draws it."""
    common: Data = {
        "number": numbers[item.id],
        "text": say(item.text, language),
        "note": say(item.note, language) or _default_note(item, language),
        "layout": _layout(item, language),
    }
    if item.type == "matrix":
        return {**common, **_matrix(item, language)}
    asked = ask(item)[0]
    if item.type == "number":
        cells: list[Value] = [box_name(asked, code) for code in box_codes(asked)]
        return {**common, "cells": cells, "unit": say(item.unit, language)}
    if item.type == "text":
        return {**common, "area": box_name(asked, ""), "area_h": item.lines * LINE_MM}
    options: list[Value] = [_option(asked, option, numbers, language) for option in item.options]
    if item.type == "grid":
        return {**common, "options": options, **_grid(item, asked, language)}
    return {**common, "options": options}


def _layout(item: Item, language: str) -> str:
    if item.type in {"single", "multiple"}:
        return "list"
    longest = max((len(say(option.label, language)) for option in item.options), default=0)
    return "list" if item.type == "scale" and longest > SCALE_LABEL_LETTERS else item.type


def _default_note(item: Item, language: str) -> str:
    key = {
        "single": "", "scale": "", "multiple": "several", "grid": "several",
        "matrix": "each_row", "number": "digits", "text": "",
    }[item.type]  # fmt: skip
    return word(key, language) if key else ""


def _option(asked: Asked, option: ResponseOption, numbers: dict[str, str], language: str) -> Data:
    target = numbers[option.go_to] if option.go_to else ""
    return {
        "box": box_name(asked, option.code),
        "label": say(option.label, language),
        "go_to": word("go_on", language).format(target) if target else "",
    }


def _matrix(item: Item, language: str) -> Data:
    def row_data(asked: Asked, row: Row) -> Data:
        boxes: list[Value] = [box_name(asked, option.code) for option in asked.options]
        return {
            "label": say(row.label, language),
            "voluntary": word("voluntary", language) if row.voluntary else "",
            "boxes": boxes,
        }

    columns: list[Value] = [
        {"label": say(option.label, language), "apart": APART_MM if option.missing else 0.0}
        for option in item.options
    ]
    rows: list[Value] = [row_data(asked, asked.row) for asked in ask(item) if asked.row is not None]
    width_mm = min(MATRIX_COLUMN_MM, MATRIX_COLUMNS_MM / len(item.options))
    return {"columns": columns, "rows": rows, "column_w": width_mm, "row_h": MATRIX_ROW_MM}


def _grid(item: Item, asked: Asked, language: str) -> Data:
    columns: list[Value] = [{"label": say(column.label, language)} for column in item.columns]
    rows: list[Value] = [
        {
            "label": say(row.label, language),
            "voluntary": word("voluntary", language) if row.voluntary else "",
            "boxes": [box_name(asked, f"{row.code}_{column.code}") for column in item.columns],
        }
        for row in item.rows
    ]
    return {"columns": columns, "rows": rows, "label_w": GRID_LABEL_MM, "row_h": MATRIX_ROW_MM}
