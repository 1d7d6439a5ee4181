"""A report's numbers -> one Excel workbook: a sheet that explains, a sheet an item, the other tables, all numbers."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from survey.files import MADE
from survey.questionnaire.model import ask
from survey.reporting.blocks import DataTable, Document, Figures
from survey.reporting.evidence import Evidence
from survey.reporting.marked import plain
from survey.reporting.pictures import item_title
from survey.reporting.workbook import LABEL_LETTERS, WORKBOOK, fit_to_page, formats, write_item, write_numbers

LINE_PT = 15
LONGEST_SHEET = 31
"""Letters of a sheet's name in Excel."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A sheet as the first one lists it."""

    sheet: str
    content: str
    base: str = ""


def write_all_tables(evidence: Evidence, document: Document) -> bytes:
    """Return the .xlsx. A number that may not be shown, and its base, is on no sheet; no cell holds a formula."""
    import xlsxwriter

    target = io.BytesIO()
    words = evidence.words
    with xlsxwriter.Workbook(target, WORKBOOK) as book:
        book.set_properties({"title": plain(document.title), "author": document.office, "created": MADE})
        style = formats(book)
        guide = book.add_worksheet(words.say("sheet_guide"))
        entries = [*_items(book, evidence, style), *_others(book, evidence, document, style)]
        write_numbers(book, evidence.results.estimates, words)
        entries.append(_Entry(words.say("sheet_numbers"), words.say("guide_numbers")))
        _write_guide(guide, entries, evidence, document, style)
    return target.getvalue()


def _items(book: Any, evidence: Evidence, style: dict[str, Any]) -> Iterator[_Entry]:
    """A sheet an item; the rows of a matrix stand on one sheet. Then the need areas."""
    table, words = evidence.results.estimates, evidence.words
    for item in evidence.questionnaire.items:
        rows = table[table["item"].isin([asked.id for asked in ask(item)])]
        if len(rows):
            name = words.say("item_head", number=str(evidence.number(item)))[:LONGEST_SHEET]
            write_item(book, name, (rows, evidence.questionnaire, item.id, words), style)
            yield _Entry(name, evidence.text(item.text), _base(evidence, [asked.id for asked in ask(item)]))
    areas = [area.id for area in evidence.questionnaire.schema.need_areas]
    rows = table[table["item"].isin(areas)]
    if len(rows):
        name = words.say("point_needs")[:LONGEST_SHEET]
        write_item(book, name, (rows, evidence.questionnaire, name, words), style)
        yield _Entry(name, words.say("chapter_combinations"), _base(evidence, areas))


def _base(evidence: Evidence, items: Sequence[str]) -> str:
    """Least and largest base of an item's numbers of all cases that may be shown."""
    rows = [row for item in items for row in evidence.of_item(item)]
    bases = [
        row.base for row in rows if row.shown and row.domain == "all" and row.statistic in {"share", "mean"}
    ]
    if not bases:
        return ""
    ends = sorted({min(bases), max(bases)})
    return "–".join(evidence.words.number(end) for end in ends)


def _others(book: Any, evidence: Evidence, document: Document, style: dict[str, Any]) -> Iterator[_Entry]:
    """The report's tables, and the numbers behind its figures, that are about no single item."""
    own = [item_title(evidence, item) for item in evidence.questionnaire.items]
    found = [
        (plain(block.title), plain(block.note), [block.header, *block.rows])
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, DataTable)
    ]
    found += [
        (plain(chart.title), plain(chart.note), [chart.table.header, *chart.table.rows])
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, Figures)
        for chart in block.charts
        if chart.table.rows
    ]
    further = [one for one in found if not any(plain(title) in one[0] for title in own)]
    if not further:
        return
    name = evidence.words.say("sheet_further")
    sheet = book.add_worksheet(name)
    fit_to_page(sheet)
    sheet.set_column(0, 0, LABEL_LETTERS)
    sheet.set_column(1, 9, 14)
    line = 0
    for title, note, rows in further:
        sheet.write_string(line, 0, title, style["block"])
        for place, row in enumerate(rows):
            kind = style["head"] if place == 0 else style["text"]
            for column, cell in enumerate(row):
                sheet.write_string(line + 1 + place, column, plain(cell).replace("\u00ad", ""), kind)
        line += len(rows) + 1
        sheet.write_string(line, 0, note, style["note"])
        line += 2
    yield _Entry(name, "; ".join(title for title, _, _ in further))


def _write_guide(
    sheet: Any, entries: Sequence[_Entry], evidence: Evidence, document: Document, style: dict[str, Any]
) -> None:
    """What the sheets are, how to read them, and a list of them with links."""
    words = evidence.words
    fit_to_page(sheet)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 90)
    sheet.set_column(2, 2, 14)
    sheet.merge_range(0, 0, 0, 2, words.say("guide_title", title=plain(document.title)), style["title"])
    sheet.set_row(0, 36)
    minimum = words.number(evidence.questionnaire.schema.population.minimum_cell)
    notes = [
        document.status,
        words.say("guide_what"),
        words.say("note_weighted" if evidence.is_weighted else "note_unweighted"),
        words.say("note_hidden", minimum=minimum),
    ]
    for line, note in enumerate(notes, start=1):
        sheet.merge_range(line, 0, line, 2, note, style["text"])
        sheet.set_row(line, LINE_PT * (1 + len(note) // 115))
    first = len(notes) + 2
    for column, head in enumerate(("guide_sheet", "guide_content", "guide_base")):
        sheet.write_string(first, column, words.say(head), style["head"])
    for line, entry in enumerate(entries, start=first + 1):
        sheet.write_url(line, 0, f"internal:'{entry.sheet}'!A1", string=entry.sheet)
        sheet.write_string(line, 1, entry.content, style["text"])
        sheet.set_row(line, LINE_PT * (1 + len(entry.content) // 95))
        sheet.write_string(line, 2, entry.base, style["hidden"])
    sheet.activate()
