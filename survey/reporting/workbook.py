"""Rows of PUBLISHABLE on one item -> an Excel workbook with base, intervals and notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from survey.analysis.coding import variable_label, variables
from survey.analysis.compare import BY
from survey.files import MADE
from survey.questionnaire.model import Questionnaire, say
from survey.reporting.catalogue import LANGUAGES
from survey.reporting.naming import domain_label
from survey.reporting.printed_tables import HIDDEN
from survey.reporting.wording import Wording
from survey.tables import PUBLISHABLE

BLOCKS = ["share", "share of answers", "mean", "median"]
"""Kinds of numbers of a table, in the order they are shown."""
WORKBOOK = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
"""Text stays text, whatever it begins with."""
DOMAIN_COLUMNS = 5  # cases, value, from, to, people
LABEL_LETTERS, NUMBER_LETTERS = 46, 9  # widths of columns
TEST = "F"


@dataclass(frozen=True)
class Line:
    """One line of the table: its label, and a row of PUBLISHABLE for each domain (None where there is none)."""

    label: str
    cells: list[pd.Series | None]


@dataclass(frozen=True)
class Block:
    """Lines with one kind of number, and the bases they share."""

    heading: str
    kind: str
    lines: list[Line] = field(default_factory=list)


def write_workbook(
    write_with: Callable[[Callable[[Path], object]], None],
    rows: pd.DataFrame,
    questionnaire: Questionnaire,
    item: str,
) -> None:
    """Write rows of PUBLISHABLE, as `estimate_item` makes them, to a workbook of two sheets.

    `write_with` hands the function that writes to whom writes files whole or not at all. A number that is not `shown`,
    and its base, is on neither sheet.
    """
    first = questionnaire.schema.languages[0]
    words = Wording(first if first in LANGUAGES else "de")
    rows = PUBLISHABLE.frame(rows)

    def write(path: Path) -> None:
        import xlsxwriter

        with xlsxwriter.Workbook(path, WORKBOOK) as book:
            book.set_properties({"created": MADE})
            style = formats(book)
            write_item(book, words.say("sheet_table"), (rows, questionnaire, item, words), style)
            write_numbers(book, rows, words)

    write_with(write)


def blocks_of(
    rows: pd.DataFrame, questionnaire: Questionnaire, words: Wording
) -> tuple[list[str], list[Block]]:
    """The domains in order, and the blocks of lines of a table."""
    domains = [str(one) for one in rows.loc[rows["statistic"].isin(BLOCKS), "domain"].unique()]
    found = []
    for kind in BLOCKS:
        of_kind = rows[rows["statistic"] == kind]
        block = Block(words.say(f"block_{kind}"), kind)
        for _, own in of_kind.groupby(["variable", "code"], sort=False):
            by_domain = {str(row["domain"]): row for _, row in own.iterrows()}
            first = own.iloc[0]
            label = line_label(str(first["variable"]), str(first["code"]), questionnaire, words)
            block.lines.append(Line(label, [by_domain.get(domain) for domain in domains]))
        if block.lines:
            found.append(block)
    return domains, found


def line_label(variable: str, code: str, questionnaire: Questionnaire, words: Wording) -> str:
    """What a line of the table is about, in the report's language."""
    language = words.language
    for area in questionnaire.schema.need_areas:
        if variable == f"need_{area.id}":
            return say(area.label, language)
    for item in questionnaire.items:
        for group in item.groups:
            if variable == f"{item.id}_{group.id}":
                return words.say("group_label", label=say(group.label, language))
    own = next((one for one in variables(questionnaire) if one.name == variable), None)
    if own is None:
        return variable if code in {"1", "answers"} else f"{variable}: {code}"
    head = say(own.asked.row.label, language) + ": " if own.asked.row is not None else ""
    if own.option is not None:
        return say(own.option.label, language) or own.option.code
    if code == "written":
        return words.say("has_written")
    if code in {"mean", "median"}:
        return head.removesuffix(": ") or variable_label(own, language)
    labels = own.value_labels()
    return head + words.alternative([say(labels.get(one, {}), language) or one for one in code.split("+")])


def formats(book: Any) -> dict[str, Any]:
    """The cell formats of a workbook by what they are for."""
    base = {"font_name": "Calibri", "font_size": 10}
    return {
        "title": book.add_format(base | {"bold": True, "font_size": 13, "text_wrap": True, "valign": "top"}),
        "head": book.add_format(base | {"bold": True, "align": "center", "bottom": 1, "text_wrap": True}),
        "small": book.add_format(base | {"align": "right", "bottom": 1, "font_color": "#555555"}),
        "block": book.add_format(base | {"bold": True, "bg_color": "#e8eef2"}),
        "text": book.add_format(base | {"text_wrap": True, "valign": "top"}),
        "count": book.add_format(base | {"num_format": "#,##0"}),
        "share": book.add_format(base | {"num_format": "0.0%"}),
        "value": book.add_format(base | {"num_format": "0.00"}),
        "hidden": book.add_format(base | {"align": "right"}),
        "note": book.add_format(base | {"font_size": 9, "font_color": "#444444", "text_wrap": True, "valign": "top"}),
    }  # fmt: skip


def fit_to_page(sheet: Any) -> None:
    """Print on A4 across, as wide as the page."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


Told = tuple[pd.DataFrame, Questionnaire, str, Wording]
"""Rows of PUBLISHABLE, their questionnaire, the item they are about, and the words of the language."""


def write_item(book: Any, name: str, told: Told, style: dict[str, Any]) -> None:
    """Add a sheet of that name with the table of one item: its blocks, their bases, and the notes."""
    rows, questionnaire, item, words = told
    sheet = book.add_worksheet(name)
    domains, blocks = blocks_of(rows, questionnaire, words)
    last = DOMAIN_COLUMNS * len(domains)
    fit_to_page(sheet)
    sheet.set_column(0, 0, LABEL_LETTERS)
    sheet.set_column(1, last, NUMBER_LETTERS)
    sheet.merge_range(
        0, 0, 0, min(last, 2 * DOMAIN_COLUMNS), item_title(item, questionnaire, words), style["title"]
    )
    sheet.set_row(0, 36)
    heads = [words.say(f"{name}_head") for name in ("cases", "share", "low", "high", "people")]
    for place, domain in enumerate(domains):
        left = 1 + DOMAIN_COLUMNS * place
        label = domain_label(domain, questionnaire, words)
        sheet.merge_range(2, left, 2, left + DOMAIN_COLUMNS - 1, label, style["head"])
        for column, head in enumerate(heads):
            sheet.write_string(3, left + column, head, style["small"])
    sheet.freeze_panes(4, 1)
    line = 4
    for block in blocks:
        line = _write_block(sheet, line, block, style, words) + 1
    notes = [*_notes(rows, questionnaire, words), *_formula_notes(item, questionnaire, words)]
    for note in notes:
        sheet.merge_range(line, 0, line, min(last, 2 * DOMAIN_COLUMNS), note, style["note"])
        sheet.set_row(line, 26)
        line += 1


def _write_block(sheet: Any, line: int, block: Block, style: dict[str, Any], words: Wording) -> int:
    width = DOMAIN_COLUMNS * len(block.lines[0].cells)
    for column in range(width + 1):
        sheet.write_blank(line, column, None, style["block"])
    sheet.write_string(line, 0, block.heading, style["block"])
    kind = style["share"] if block.kind in {"share", "share of answers"} else style["value"]
    for one in block.lines:
        line += 1
        sheet.write_string(line, 0, one.label, style["text"])
        for place, row in enumerate(one.cells):
            _write_cells(
                sheet, line, 1 + DOMAIN_COLUMNS * place, row, (style["count"], kind, style["hidden"])
            )
    line += 1
    base = words.say("answers_row" if block.kind == "share of answers" else "base_row")
    sheet.write_string(line, 0, base, style["text"])
    for place in range(len(block.lines[0].cells)):
        told = [row for one in block.lines if (row := one.cells[place]) is not None]
        bases = sorted({int(row["base"]) for row in told if row["shown"]})
        _write_bases(sheet, line, 1 + DOMAIN_COLUMNS * place, bases, style)
    return line + 1


def _write_bases(sheet: Any, line: int, column: int, bases: list[int], style: dict[str, Any]) -> None:
    """The base of a block's shown numbers, from smallest to largest where they differ; a dot where none is shown."""
    if len(bases) == 1:
        sheet.write_number(line, column, bases[0], style["count"])
    else:
        text = f"{bases[0]}–{bases[-1]}" if bases else HIDDEN
        sheet.write_string(line, column, text, style["hidden"])


def _write_cells(
    sheet: Any, line: int, left: int, row: pd.Series | None, style: tuple[Any, Any, Any]
) -> None:
    """Cases, value, interval and people of one number; a dot for each where it may not be shown."""
    count, kind, hidden = style
    if row is None:
        return
    cells = [
        (row["count"], count),
        (row["value"], kind),
        (row["low"], kind),
        (row["high"], kind),
        (row["people"], count),
    ]
    for column, (value, own) in enumerate(cells):
        if not row["shown"]:
            sheet.write_string(line, left + column, HIDDEN, hidden)
        elif pd.notna(value):
            sheet.write_number(line, left + column, float(value), own)


def item_title(item: str, questionnaire: Questionnaire, words: Wording) -> str:
    """The wording of an item, a derived variable, a set or a need area."""
    texts = {one.id: one.text for one in questionnaire.items}
    texts |= {one.id: one.label for one in questionnaire.schema.need_areas}
    texts |= {one.id: one.label for one in questionnaire.schema.analysis.derived}
    texts |= {one.id: one.label for one in questionnaire.schema.analysis.sets}
    return say(texts.get(item, {}), words.language) or item


def _notes(rows: pd.DataFrame, questionnaire: Questionnaire, words: Wording) -> Iterable[str]:
    methods = [str(one) for one in rows.loc[rows["statistic"] == "share", "method"].unique()]
    if methods:
        yield words.say("note_interval", method=", ".join(methods))
    has_weights = questionnaire.schema.population.weights is not None
    yield words.say("note_weighted" if has_weights else "note_unweighted")
    if rows["people"].notna().any():
        yield words.say("note_people")
    if rows["low_worst"].notna().any():
        yield words.say("note_worst")
    if not rows.loc[rows["statistic"] != TEST, "shown"].all():
        yield words.say("note_hidden", minimum=str(questionnaire.schema.population.minimum_cell))
    for _, test in rows[(rows["statistic"] == TEST) & rows["p"].notna() & rows["shown"]].iterrows():
        variable, _, by = str(test["variable"]).partition(BY)
        own = next(one for one in variables(questionnaire) if one.name == variable)
        label = words.quote(variable_label(own, words.language))
        yield words.say("note_test", variable=f"{label} × {by}", f=words.decimal(test["value"]),
                        p=words.p_value(test["p"]))  # fmt: skip


def _formula_notes(item: str, questionnaire: Questionnaire, words: Wording) -> Iterable[str]:
    for derived in questionnaire.schema.analysis.derived:
        if derived.id == item and derived.formula:
            yield words.say("note_formula", formula=derived.formula)


def write_numbers(book: Any, rows: pd.DataFrame, words: Wording) -> None:
    """The rows as they stand in PUBLISHABLE, for whoever counts on; what may not be shown is empty."""
    sheet = book.add_worksheet(words.say("sheet_numbers"))
    bold = book.add_format({"bold": True})
    for column, name in enumerate(PUBLISHABLE.columns):
        sheet.write_string(0, column, name, bold)
    kinds = {name: kind for name, (kind, _) in PUBLISHABLE.columns.items()}
    for line, row in enumerate(rows.to_dict("records"), start=1):
        for column, (name, kind) in enumerate(kinds.items()):
            value = row[name]
            if kind == "str":
                sheet.write_string(line, column, str(value))
            elif kind == "bool":
                sheet.write_boolean(line, column, bool(value))
            elif row["shown"] and pd.notna(value) and abs(value) != float("inf"):
                sheet.write_number(line, column, float(value))
    sheet.set_column(0, 0, LABEL_LETTERS)
    sheet.freeze_panes(1, 1)
