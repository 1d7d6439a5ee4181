"""Claims about a report's files: two folders, every format, the same bytes, nothing in them that may not be told."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import docx
import openpyxl
import pandas as pd
import pikepdf
import pptx
import pyreadstat
import pytest
from fake_outcomes import fake_returns, segeberg

from survey.errors import CannotWriteError
from survey.files import german_csv_bytes, write_folder
from survey.reporting import report, slides, webpage, word
from survey.reporting.blocks import Block, Document, Figures, plain
from survey.reporting.chapters import compose
from survey.reporting.evidence import Evidence, Results
from survey.reporting.report import INTERNAL, MAKERS, PUBLIC, Edition, build_document, write_report
from survey.reporting.slides import MOST_SLIDES, write_slides
from survey.reporting.webpage import write_page

NAME = "Zsuzsanna Quirrenbach"
"""Planted in a free text; nobody is called so."""
RARE = "rare_option"


def planted(returned: int = 160) -> Results:
    """Returns with a name in a free text, and an answer that exactly three people gave."""
    questionnaire = segeberg()
    returns = fake_returns(questionnaire, returned)
    outcomes = returns["outcomes"].copy()
    texts = [asked.id for asked in questionnaire.asked() if asked.kind == "text"]
    outcomes.loc[outcomes["item"].isin(texts), ["outcome", "codes"]] = ["answered", f"Ich bin {NAME}."]
    few = outcomes["item"] == "children"
    answered = outcomes.index[few & (outcomes["outcome"] == "answered")]
    codes = [
        option.code for asked in questionnaire.asked() if asked.id == "children" for option in asked.options
    ]
    outcomes.loc[answered, "codes"] = codes[0]
    outcomes.loc[answered[:60], "codes"] = codes[1]
    outcomes.loc[answered[:3], "codes"] = codes[-1]
    return Results(questionnaire, returns["marks"], outcomes, returns["cases"], returns["ledger"])


@pytest.fixture(scope="module")
def results() -> Results:
    return planted()


@pytest.fixture(scope="module")
def folder(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public folder; its neighbour is the internal one."""
    folder = tmp_path_factory.mktemp("reports") / "segeberg-2012"
    write_report(results, folder)
    return folder


@pytest.fixture(scope="module")
def document(results: Results) -> Document:
    return compose(Evidence(results, "de"))


def contents(path: Path) -> Iterator[bytes]:
    """The bytes of a file as they are, unpacked where it is an archive, and the text and streams of a PDF."""
    data = path.read_bytes()
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            yield from (thing.read_bytes() for thing in pdf.objects if isinstance(thing, pikepdf.Stream))
    if path.suffix == ".parquet":
        yield pd.read_parquet(path).to_csv().encode("utf-8")
    if path.suffix == ".sav":
        yield pyreadstat.read_sav(path, user_missing=True)[0].to_csv().encode("utf-8")


# Which folder may be passed on ---------------------------------------------------------------------------------------


def test_a_planted_name_is_in_no_public_file_and_stays_inside(folder: Path) -> None:
    wanted = [NAME.encode(), NAME.encode("utf-16-le"), NAME.split()[1].encode()]
    for path in folder.rglob("*"):
        if path.is_file():
            assert not any(one in data for data in contents(path) for one in wanted), path
    inside = folder.with_name("segeberg-2012.internal")
    assert any(wanted[0] in data for data in contents(inside / "data" / "tidy.csv"))


def test_an_answer_of_three_people_is_in_no_public_file(results: Results, folder: Path) -> None:
    code = next(asked for asked in results.questionnaire.asked() if asked.id == "children").options[-1].code
    answers = results.responses[results.responses["variable"] == "children"]
    assert (answers["code"] == code).sum() == 3
    estimates = pd.read_csv(folder / "data" / "estimates.csv").set_index("key")
    assert not estimates.loc[f"children={code}@all", "shown"]
    assert (
        estimates.loc[f"children={code}@all", ["count", "base", "value", "low", "high", "people"]]
        .isna()
        .all()
    )
    cases = pd.read_csv(folder / "data" / "microdata.csv", dtype=str)
    assert len(cases) == results.cases["case"].nunique() and "children" not in cases.columns
    tidy = pd.read_csv(folder / "data" / "microdata-tidy.csv", dtype=str)
    assert set(tidy["variable"]) == set(cases.columns)
    described = (folder / "data" / "ddi.xml").read_text("utf-8")
    assert 'name="children"' not in described


def test_rows_of_cases_tell_no_number_that_is_kept_back(results: Results, folder: Path) -> None:
    cases = pd.read_csv(folder / "data" / "microdata.csv", dtype=str)
    table = results.estimates
    hidden = table[~table["shown"] & (table["base"] > 0)]
    assert not set(hidden.loc[hidden["domain"] == "all", "variable"]) & set(cases.columns)
    minimum = results.questionnaire.schema.population.minimum_cell
    for name in cases.columns:
        answers = cases.loc[~cases[name].isin(["-1", "-3", "-4", "-5", "-6", "suppressed"]), name]
        assert answers.value_counts().min() >= minimum, name
    divided = hidden[(hidden["domain"] != "all") & (hidden["statistic"] == "share")]
    assert len(divided) and "stratum" not in cases.columns


def test_no_serial_and_no_scan_is_in_a_public_file(results: Results, folder: Path) -> None:
    names = [name.encode() for name in results.cases["case"].head(5)]
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".svg":
            assert not any(one in data for data in contents(path) for one in names), path


def test_each_folder_says_at_once_whether_it_may_be_passed_on(folder: Path) -> None:
    outside = (folder / "LIESMICH.txt").read_text("utf-8-sig")
    inside = (folder.with_name("segeberg-2012.internal") / "LIESMICH.txt").read_text("utf-8-sig")
    assert outside.startswith("Dieser Ordner darf als Ganzes weitergegeben werden.")
    assert inside.startswith("Dieser Ordner bleibt im Amt")


def test_one_level_or_another_language_can_be_asked_for(results: Results, tmp_path: Path) -> None:
    written = write_report(results, tmp_path / "s", Edition("en", (INTERNAL,)))
    assert list(written.files) == [INTERNAL]
    assert written.first == tmp_path / "s.internal" / "en" / "report.html"
    assert not (tmp_path / "s").exists()


def test_an_interim_report_is_called_so_even_without_doubts(results: Results) -> None:
    settled = replace(results, outcomes=results.outcomes[results.outcomes["outcome"] != "doubtful"])
    assert build_document(settled, Edition("de"))[1].status == "Auswertung aller gelesenen Antworten"
    assert build_document(settled, Edition("de", is_interim=True))[1].status.startswith(
        "Zwischenbericht: Es können"
    )
    assert build_document(results, Edition("de"))[1].status.startswith("Zwischenbericht: Einzelne")


# Nothing lost --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", ["~$report.docx", "~$port.docx", ".~lock.report.docx#"])
def test_a_document_open_in_word_is_not_written_over_and_nothing_else_is(tmp_path: Path, lock: str) -> None:
    write_folder(tmp_path, {"report.docx": b"old", "tables.xlsx": b"old"})
    (tmp_path / lock).write_bytes(b"")
    with pytest.raises(CannotWriteError, match=r"report\.docx is open in Word") as caught:
        write_folder(tmp_path, {"tables.xlsx": b"new", "report.docx": b"new"})
    assert "close it in Word" in caught.value.hint
    assert (tmp_path / "tables.xlsx").read_bytes() == (tmp_path / "report.docx").read_bytes() == b"old"


def test_a_file_that_a_program_holds_names_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tables.xlsx").write_bytes(b"old")

    def held(path: Path, *_: object) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(CannotWriteError) as caught:
        write_folder(tmp_path, {"tables.xlsx": b"new"})
    assert "Excel, close it there" in caught.value.hint and caught.value.exit_code == 4


def test_two_runs_give_the_same_bytes_in_a_process_of_their_own(folder: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from test_report_files import planted; "
        "from survey.reporting.report import write_report; write_report(planted(), Path(sys.argv[1]))"
    )
    again = tmp_path / folder.name
    subprocess.run([sys.executable, "-c", code, str(again)], check=True, cwd=Path(__file__).parent)
    for root, other in (
        (folder, again),
        (folder.with_name(folder.name + ".internal"), tmp_path / f"{folder.name}.internal"),
    ):
        names = sorted(path.relative_to(root) for path in root.rglob("*") if path.is_file())
        assert names == sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
        assert [name for name in names if (root / name).read_bytes() != (other / name).read_bytes()] == []


# Every format says the same ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("renderers", [webpage.RENDERERS, word.RENDERERS, slides.TOLD | slides.LEFT_OUT])
def test_every_kind_of_block_has_its_place_in_every_format(renderers: object) -> None:
    assert set(renderers) == set(get_args(Block))  # type: ignore[call-overload]


def test_a_block_nobody_knows_is_an_error_not_silence(document: Document) -> None:
    class Odd:
        kind = "odd"

    chapter = replace(document.chapters[0], blocks=[Odd()])
    odd = replace(document, chapters=[chapter])
    for write in (
        lambda: write_page(odd, linked=False),
        lambda: word.write_word(odd),
        lambda: write_slides(odd, "q"),
    ):
        with pytest.raises(KeyError):
            write()


def test_the_word_document_has_headings_captions_tables_and_alt_texts(
    folder: Path, document: Document
) -> None:
    word_file = docx.Document(str(folder / "report.docx"))
    texts = [(paragraph.style.name, paragraph.text) for paragraph in word_file.paragraphs]
    assert [text for style, text in texts if style == "Heading 1"] == [
        plain(one.title) for one in document.chapters
    ]
    captions = [text for style, text in texts if style == "Caption"]
    charts = document.charts()
    assert next(text for text in captions if text.startswith("Abbildung ")).startswith("Abbildung 1  ")
    assert (
        sum(text.startswith("Abbildung ") for text in captions) == len(charts) == len(word_file.inline_shapes)
    )
    alts = [shape._inline.docPr.get("descr") for shape in word_file.inline_shapes]
    assert all(alts) and alts[0] == plain(charts[0].alt)[:2000]
    assert sum(text.startswith("Tabelle ") for text in captions) == len(word_file.tables)
    assert all(table._tbl.tr_lst[0].trPr.xpath("w:tblHeader") for table in word_file.tables)
    assert word_file.core_properties.language == "de-DE" and word_file.core_properties.title == document.title


def test_slides_are_ten_with_titles_notes_and_alt_texts(folder: Path) -> None:
    show = pptx.Presentation(str(folder / "slides.pptx"))
    assert len(show.slides) == MOST_SLIDES
    for slide in show.slides:
        assert slide.shapes.title.text.strip()
        assert slide.notes_slide.notes_text_frame.text.strip()
        pictures = [shape for shape in slide.shapes if shape.shape_type == 13]
        assert all(one._element.nvPicPr.cNvPr.get("descr") for one in pictures)
        edges = [(shape.left + shape.width, shape.top + shape.height) for shape in slide.shapes]
        assert all(right <= show.slide_width and bottom <= show.slide_height for right, bottom in edges)


def test_the_workbook_explains_itself_and_calculates_nothing(folder: Path, results: Results) -> None:
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    assert book.sheetnames[0] == "Hinweise" and book.sheetnames[-1] == "Zahlen"
    assert len(book.sheetnames) >= len(results.questionnaire.items)
    for sheet in book:
        for row in sheet.iter_rows():
            assert not any(cell.data_type == "f" for cell in row)
    listed = [cell.value for cell in book["Hinweise"]["A"] if cell.value]
    assert set(listed[-len(book.sheetnames) + 1 :]) == set(book.sheetnames[1:])


def test_text_that_looks_like_a_formula_stays_text_in_german_excel() -> None:
    table = pd.DataFrame({"text": ["=1+1", "@x", "-3", "3,5", "a;b"], "share": [0.5, 1.25, 0.0, 1.0, 2.0]})
    data = german_csv_bytes(table)
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\r\n") == 6
    lines = data.decode("utf-8-sig").splitlines()
    assert lines[:4] == ["text;share", "'=1+1;0,5", "'@x;1,25", "-3;0,0"] and lines[5] == '"a;b";2,0'


def test_the_csv_of_german_excel_can_be_asked_for(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "MAKERS", {level: own[-2:] for level, own in report.MAKERS.items()})
    write_report(results, tmp_path / "s", Edition(levels=(PUBLIC,), csv="german-excel"))
    first = (tmp_path / "s" / "data" / "estimates.csv").read_bytes()
    assert first.startswith(b"\xef\xbb\xbfkey;item;variable")


def test_parquet_holds_what_csv_holds(folder: Path) -> None:
    for path in folder.rglob("*.parquet"):
        table, text = pd.read_parquet(path), pd.read_csv(path.with_suffix(".csv"), dtype=str)
        assert list(table.columns) == list(text.columns) and len(table) == len(text)


@pytest.mark.parametrize("level", [PUBLIC, INTERNAL])
def test_spss_and_stata_files_have_all_labels(folder: Path, level: str) -> None:
    root = folder if level == PUBLIC else folder.with_name(folder.name + ".internal")
    name = "microdata" if level == PUBLIC else "wide"
    _, sav = pyreadstat.read_sav(root / "data" / f"{name}.sav")
    _, dta = pyreadstat.read_dta(root / "data" / f"{name}.dta", user_missing=True)
    codebook = pd.read_csv(root / "data" / "codebook.csv", dtype=str)
    for variable, rows in codebook.groupby("variable"):
        if variable not in sav.column_names:
            continue
        assert sav.column_names_to_labels[variable]
        known = {str(code).removesuffix(".0") for code in sav.variable_value_labels.get(variable, {})}
        numeric = rows["code"].str.fullmatch(r"-?\d+")
        if known and numeric.all():
            assert set(rows["code"]) <= known, variable
    assert len(dta.column_names) == len(sav.column_names)


def test_syntax_declares_multiple_response_sets_of_variables_that_are_there(folder: Path) -> None:
    text = (folder / "data" / "microdata.sps").read_bytes().decode("utf-8-sig")
    assert "GET FILE='microdata.sav'." in text
    columns = set(pd.read_csv(folder / "data" / "microdata.csv", nrows=1).columns)
    for members in re.findall(r"VARIABLES=(.*?)VALUE=1", text, re.DOTALL):
        assert len(members.split()) > 1 and set(members.split()) <= columns
    assert text.count("/MDGROUP NAME=$") == text.count("VALUE=1") > 5


def test_every_level_has_something_to_look_at_first() -> None:
    assert set(MAKERS) == {PUBLIC, INTERNAL}


def test_figures_of_the_page_have_their_numbers_behind_them(folder: Path, document: Document) -> None:
    text = (folder / "report.html").read_text("utf-8")
    charts = [
        chart
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, Figures)
        for chart in block.charts
    ]
    assert text.count("<details>") >= len([chart for chart in charts if chart.table.rows]) > 20
    assert "127.0.0.1" not in text and "<script" not in text
    assert not re.search(r'(?:src|href)="https?:', text)
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


@pytest.mark.usefixtures("first_and_last_files_only")
def test_files_that_an_earlier_run_left_in_the_public_folder_are_named(
    results: Results, tmp_path: Path
) -> None:
    old = tmp_path / "s" / "charts" / "gone.svg"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"<svg/>")
    (tmp_path / "s" / "en").mkdir()
    (tmp_path / "s" / "en" / "report.pdf").write_bytes(b"")
    assert write_report(results, tmp_path / "s").older == [old]


def test_german_and_english_pages_lead_to_the_same_papers(results: Results) -> None:
    keys = []
    for language in ("de", "en"):
        page = write_page(build_document(results, Edition(language))[1], linked=True)
        keys.append(sorted(re.findall(r"/open/([^\"]+)\"", page)))
    assert keys[0] == keys[1] and len(keys[0]) > 1000
