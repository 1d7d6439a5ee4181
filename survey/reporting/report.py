"""Results -> every file of a report, in a folder that may be passed on and one that stays in the office."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from survey import INSIDE
from survey.files import csv_bytes, german_csv_bytes, write_folder
from survey.reporting.blocks import Document
from survey.reporting.catalogue import LANGUAGES
from survey.reporting.chapters import compose
from survey.reporting.chart_file import standalone
from survey.reporting.data import Files, internal_data, public_data
from survey.reporting.evidence import Evidence, Results
from survey.reporting.numbers import write_numbers
from survey.reporting.printed import print_report
from survey.reporting.slides import write_slides
from survey.reporting.tables_workbook import write_all_tables
from survey.reporting.webpage import write_page
from survey.reporting.word import write_word

PUBLIC, INTERNAL = "public", "internal"
CsvKind = str
CSV_KINDS = {"plain": csv_bytes, "german-excel": german_csv_bytes}
"""How CSV files are written: commas and decimal points, or as German Excel opens them."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Which report is wanted."""

    language: str = ""
    """de or en; empty for the schema's first. Another one than that gets a folder of its own inside reports/<id>/."""
    levels: tuple[str, ...] = (PUBLIC, INTERNAL)
    is_interim: bool = False
    """Call it an interim report although no doubt waits."""
    csv: CsvKind = "plain"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: files by level, the report to look at first; and whether answers still wait for a person."""

    files: dict[str, list[Path]]
    waits: bool
    older: list[Path]
    """Files in the public folder that earlier runs left there and this one did not write: perhaps out of date."""
    run: str
    """Name of the run whose numbers these are."""

    @property
    def first(self) -> Path:
        """report.pdf, or report.html where only the internal level was written."""
        return next(paths[0] for paths in self.files.values())


def build_document(results: Results, edition: Edition) -> tuple[Evidence, Document]:
    """Return the numbers and words of a report, and the report as blocks."""
    evidence = Evidence(results, edition.language or results.questionnaire.schema.languages[0])
    document = compose(evidence)
    if edition.is_interim and not evidence.is_interim:
        document = replace(document, status=evidence.words.say("status_open"))
    return evidence, document


def build_report(results: Results, language: str = "de") -> tuple[Document, bytes]:
    """Return the report as blocks and as PDF (PDF/UA-1, PDF/A-2a)."""
    document = build_document(results, Edition(language))[1]
    return document, print_report(document)


def write_report(
    results: Results,
    out_folder: Path,
    edition: Edition | None = None,
    on_files: Callable[[int, int], None] = lambda done, total: None,
) -> Written:
    """Write a report's files: the public ones into `out_folder`, the others into its neighbour `<name>.internal`.

    All are made before the first is written, and none is where one of them stands open in a program (CannotWriteError).
    """
    edition = edition or Edition()
    steps = [(level, make) for level in edition.levels for make in MAKERS[level]]
    made: dict[str, Files] = {level: {} for level in edition.levels}
    with _nothing_collected():
        evidence, document = build_document(results, edition)
        for done, (level, make) in enumerate(steps):
            on_files(done, len(steps))
            made[level] |= make(evidence, document, edition)
    is_main = evidence.words.language == results.questionnaire.schema.languages[0]
    folders = {PUBLIC: out_folder, INTERNAL: out_folder.with_name(out_folder.name + INSIDE)}
    part = Path() if is_main else Path(evidence.words.language)
    written = {level: write_folder(folders[level] / part, files) for level, files in made.items()}
    on_files(len(steps), len(steps))
    new = set(written.get(PUBLIC, []))
    there = [path for path in sorted((out_folder / part).rglob("*")) if path.is_file()] if new else []
    others = {out_folder / language for language in LANGUAGES} if is_main else set()
    return Written(
        written,
        evidence.is_interim,
        [path for path in there if path not in new and not others & set(path.parents)],
        results.name_run(),
    )


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Look for no dead cycles: what a report is made of lives until it is written, and looking took an eighth of it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _pdf(_: Evidence, document: Document, __: Edition) -> Files:
    return {"report.pdf": print_report(document)}


def _page(_: Evidence, document: Document, __: Edition) -> Files:
    return {"report.html": write_page(document, linked=False).encode("utf-8")}


def _linked_page(evidence: Evidence, document: Document, _: Edition) -> Files:
    notice = evidence.words.say("page_internal")
    return {"report.html": write_page(document, linked=True, notice=notice).encode("utf-8")}


def _numbers(evidence: Evidence, _: Document, __: Edition) -> Files:
    return {"numbers.html": write_numbers(evidence).encode("utf-8")}


def _word(_: Evidence, document: Document, __: Edition) -> Files:
    return {"report.docx": write_word(document)}


def _slides(evidence: Evidence, document: Document, _: Edition) -> Files:
    return {"slides.pptx": write_slides(document, evidence.questionnaire.id)}


def _tables(evidence: Evidence, document: Document, _: Edition) -> Files:
    return {"tables.xlsx": write_all_tables(evidence, document)}


def _charts(_: Evidence, document: Document, __: Edition) -> Files:
    return {f"charts/{chart.name}.svg": standalone(chart) for chart in document.charts()}


def _public_data(evidence: Evidence, _: Document, edition: Edition) -> Files:
    return public_data(evidence, CSV_KINDS[edition.csv])


def _internal_data(evidence: Evidence, _: Document, edition: Edition) -> Files:
    return internal_data(evidence, CSV_KINDS[edition.csv])


def _read_me(level: str) -> Maker:
    """A file that says, before any other is opened, whether the folder may be passed on."""

    def make(evidence: Evidence, _: Document, __: Edition) -> Files:
        words = evidence.words
        text = words.say(f"folder_{level}", name=evidence.questionnaire.id)
        return {f"{words.say('folder_file')}.txt": text.replace("\n", "\r\n").encode("utf-8-sig")}

    return make


Maker = Callable[[Evidence, Document, Edition], Files]
MAKERS: dict[str, list[Maker]] = {
    PUBLIC: [_pdf, _page, _word, _slides, _tables, _charts, _public_data, _read_me(PUBLIC)],
    INTERNAL: [_linked_page, _numbers, _internal_data, _read_me(INTERNAL)],
}
"""What makes the files of each level, the report to look at first."""
