"""Blank + serials -> copies with a bar code at head and foot of every page; cover sheets for batches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from survey.doors.codes import bar_widths
from survey.doors.pdf_write import LABEL_FONT, stamp_copies
from survey.doors.typesetting import typeset
from survey.errors import CannotWriteError, SchemaError, UsageError
from survey.files import write_csv, write_whole
from survey.questionnaire.cases import draw_cases, load_cases
from survey.questionnaire.load import load_schema
from survey.questionnaire.model import Schema, say
from survey.questionnaire.printed_code import PrintedCode, with_check
from survey.questionnaire.sheet import CODE_MODULE_MM, Area, foot_code_area, head_code_area, text_area
from survey.questionnaire.typeset import paper_mm, print_questionnaire
from survey.questionnaire.words import word

POINTS_PER_MM = 72 / 25.4
TEMPLATE = Path(__file__).with_name("cover.typ")
LABEL_PT = 7.0
LABEL_GAP_MM = 2.6  # from the bars to the baseline under them
SERIAL_LETTER = "S"
COVER_MODULE_MM = 0.55  # a cover sheet has room for wider bars
COVER_HEIGHT_MM = 32.0  # of the large code in the middle
COVER_HEAD_MM = 12.0  # white over the heading
COVER_Y_MM = 118.0  # clear of the folds at a third and two thirds of A4

Data = dict[str, object]


@dataclass(frozen=True)
class Copies:
    """What was printed: one PDF a stratum, and the table of all cases issued so far."""

    pdfs: tuple[Path, ...]
    cases: pd.DataFrame
    pages: int


def print_copies(
    path: Path, counts: Mapping[str, int], folder: Path, *, seed: int, letter: str = SERIAL_LETTER
) -> Copies:
    """Print copies of schemas/<id>.yaml for each stratum into a folder; add their serials to <id>.cases.csv.

    Typesets the blank and its boxes first, so that the copies are of the schema as it stands.
    Raises SchemaError where the schema has no short code, UsageError for a stratum that is not in the frame,
    CannotWriteError where these copies were printed before.
    """
    schema = load_schema(path)
    _check(schema, counts, path)
    column = schema.population.stratum
    list_path = path.with_suffix(".cases.csv")
    columns = ["serial", *([column] if column else [])]
    issued = (
        load_cases(list_path, column) if list_path.exists() else pd.DataFrame(columns=columns, dtype="str")
    )
    drawn = draw_cases(letter, counts, seed, frozenset(issued["serial"]))
    pdfs = {stratum: folder / f"{path.stem}.{file_part(stratum)}{letter}{seed}.pdf" for stratum in counts}
    _refuse_printed(pdfs.values())
    blank = print_questionnaire(path)
    for stratum, pdf in pdfs.items():
        serials = list(drawn.loc[drawn["stratum"] == stratum, "serial"])
        write_whole(pdf, serial_copies(schema, blank.pdf, blank.pages, serials))
    added = drawn.rename(columns={"stratum": column or "stratum"})[columns]
    both = pd.concat([issued, added], ignore_index=True)
    both = both.fillna("").sort_values(columns[::-1], ignore_index=True)
    write_csv(list_path, both)
    return Copies(tuple(pdfs.values()), both, blank.pages * len(drawn))


def _check(schema: Schema, counts: Mapping[str, int], path: Path) -> None:
    if not schema.code:
        raise SchemaError(
            "no short name for the printed code", where=f"{path}:1", hint="add for example: code: SG12"
        )
    frame = schema.population.frame
    for stratum in counts:
        if frame and stratum not in frame:
            raise UsageError(f"the frame has no stratum {stratum!r}", hint="it has: " + ", ".join(frame))


def _refuse_printed(pdfs: Iterable[Path]) -> None:
    """Refuse to overwrite copies that may have been mailed: their serials have been issued."""
    printed = next((pdf for pdf in pdfs if pdf.exists()), None)
    if printed is not None:
        raise CannotWriteError(
            f"{printed} is there already",
            hint="give another --seed, or delete the file if it was never mailed",
        )


def file_part(stratum: str) -> str:
    """Return a stratum as part of a file's name, with a point behind it; "" for no stratum."""
    plain = re.sub(r"[^\w-]+", "-", stratum.strip().lower()).strip("-")
    return f"{plain}." if plain else ""


def serial_copies(schema: Schema, blank: bytes, pages: int, serials: Sequence[str]) -> bytes:
    """Return one PDF with a copy of the blank for each serial, its code at head and foot of every page."""
    paper = paper_mm(schema)

    def copies() -> Iterator[list[bytes]]:
        for serial in serials:
            codes = (
                PrintedCode(serial, schema.code, schema.version, page).text for page in range(1, pages + 1)
            )
            yield [_page_codes(code, paper) for code in codes]

    return stamp_copies(blank, copies(), say(schema.title, schema.languages[0]))


def _page_codes(text: str, paper: tuple[float, float]) -> bytes:
    """Draw a page's code at its head, with the text under it, and at its foot, with the text beside it."""
    modules = sum(bar_widths(text))
    head, foot = head_code_area(paper, modules), foot_code_area(paper, modules)
    return b"".join([
        _bars(text, head, paper[1]),
        _bars(text, foot, paper[1]),
        _label(text, head.x_mm, head.y_mm + head.h_mm + LABEL_GAP_MM, paper[1]),
        _label(text, foot.x_mm + foot.w_mm + LABEL_GAP_MM, foot.y_mm + foot.h_mm, paper[1]),
    ])  # fmt: skip


def _bars(text: str, area: Area, paper_h_mm: float) -> bytes:
    """Draw bars as rectangles in a frame whose unit is one module wide and one code high."""
    module = CODE_MODULE_MM * POINTS_PER_MM
    left = area.x_mm * POINTS_PER_MM
    bottom = (paper_h_mm - area.y_mm - area.h_mm) * POINTS_PER_MM
    frame = f"q 0 g {module:.4f} 0 0 {area.h_mm * POINTS_PER_MM:.3f} {left:.3f} {bottom:.3f} cm "
    return (frame + " ".join(f"{x} 0 {w} 1 re" for x, w in _dark(text)) + " f Q\n").encode()


def _dark(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and width of each dark bar of a text's Code128, in modules."""
    start = 0
    for place, width in enumerate(bar_widths(text)):
        if place % 2 == 0:
            yield start, width
        start += width


def _label(text: str, x_mm: float, baseline_mm: float, paper_h_mm: float) -> bytes:
    x, y = x_mm * POINTS_PER_MM, (paper_h_mm - baseline_mm) * POINTS_PER_MM
    return f"BT 0.2 g {LABEL_FONT} {LABEL_PT} Tf {x:.2f} {y:.2f} Td ({text}) Tj ET\n".encode()


# ---- cover sheets -----------------------------------------------------------------------------------------


def cover_text(schema: Schema, received: date, stratum: str) -> str:
    """Return what a cover sheet's code says; a stratum is its place in the frame, from 1; 0 is any."""
    places = list(schema.population.frame)
    number = places.index(stratum) + 1 if stratum else 0
    return with_check(f"COVER-{schema.code}-{received:%Y%m%d}-{number}")


def cover_sheets(schema: Schema, received: date, strata: Sequence[str] = ()) -> bytes:
    """Return a PDF with a cover sheet for each stratum (all of the frame, if none is named).

    The pages scanned behind a cover sheet inherit its date received and its stratum.
    """
    if not schema.code:
        raise SchemaError("no short name for the printed code", hint="add for example: code: SG12")
    frame = schema.population.frame
    for stratum in strata:
        if stratum not in frame:
            raise UsageError(f"the frame has no stratum {stratum!r}", hint="it has: " + ", ".join(frame))
    language = schema.languages[0]
    paper = paper_mm(schema)
    area = text_area(paper)
    data = {
        "language": language,
        "title": word("cover", language),
        "heading": word("cover", language),
        "accent": schema.report.accent,
        "paper": {"w": paper[0], "h": paper[1]},
        "area": {"x": area.x_mm, "y": area.y_mm + COVER_HEAD_MM, "w": area.w_mm},
        "steps": [word(step, language) for step in ["cover_paper", "cover_how", "cover_scan"]],
        "sheets": [_cover(schema, received, stratum, language) for stratum in strata or frame or [""]],
    }
    return typeset(TEMPLATE, data).pdf


def _cover(schema: Schema, received: date, stratum: str, language: str) -> Data:
    text = cover_text(schema, received, stratum)
    modules = sum(bar_widths(text))
    paper = paper_mm(schema)
    large_w_mm = modules * COVER_MODULE_MM
    large = Area((paper[0] - large_w_mm) / 2, COVER_Y_MM, large_w_mm, COVER_HEIGHT_MM)
    return {
        "questionnaire": say(schema.title, language) or schema.questionnaire,
        "received_word": word("received", language),
        "received": _day(received, language),
        "stratum_word": _stratum_word(schema, language),
        "stratum": stratum or word("any_stratum", language),
        "code": text,
        "text_y": COVER_Y_MM + COVER_HEIGHT_MM + 4,
        "codes": [
            _code(text, large, COVER_MODULE_MM),
            _code(text, head_code_area(paper, modules, COVER_MODULE_MM), COVER_MODULE_MM),
            _code(text, foot_code_area(paper, modules, COVER_MODULE_MM), COVER_MODULE_MM),
        ],
    }


def _code(text: str, area: Area, module_mm: float) -> Data:
    bars = [
        {"left": area.x_mm + start * module_mm, "right": area.x_mm + (start + width) * module_mm}
        for start, width in _dark(text)
    ]
    return {"y": area.y_mm, "h": area.h_mm, "bars": bars}


def _day(day: date, language: str) -> str:
    month = word("months", language).split()[day.month - 1]
    return word("day", language).format(day=day.day, month=month, year=day.year)


def _stratum_word(schema: Schema, language: str) -> str:
    return word("office", language) if schema.population.stratum == "office" else schema.population.stratum
