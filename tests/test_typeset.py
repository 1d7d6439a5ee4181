"""Claims about the printed questionnaire: what lies where, what nobody may print over, what a copy says."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pikepdf
import pytest
from numpy.typing import NDArray

from survey.doors.codes import read_code128
from survey.doors.pdf import render
from survey.doors.typesetting import typeset
from survey.errors import CannotWriteError, SchemaError, SurveyError, UsageError
from survey.files import write_csv
from survey.questionnaire.arrange import Piece, arrange
from survey.questionnaire.cases import draw_cases, load_cases
from survey.questionnaire.copies import cover_sheets, cover_text, print_copies, serial_copies
from survey.questionnaire.load import load_questionnaire, load_schema
from survey.questionnaire.model import Questionnaire, Schema
from survey.questionnaire.printed_code import make_serial, parse_page_code, serial_is_valid
from survey.questionnaire.sheet import SQUARE_MM, corner_squares_mm
from survey.questionnaire.typeset import Blank, print_questionnaire, typeset_questionnaire

SEGEBERG = Path(__file__).parents[1] / "schemas" / "segeberg-2012.yaml"
DPI = 200
PX_PER_MM = DPI / 25.4
A4_MM = (210.0, 297.0)


@pytest.fixture(scope="module")
def schema() -> Schema:
    return load_schema(SEGEBERG)


@pytest.fixture(scope="module")
def blank(schema: Schema) -> Blank:
    return typeset_questionnaire(schema)


@pytest.fixture(scope="module")
def pages(blank: Blank, tmp_path_factory: pytest.TempPathFactory) -> list[NDArray[np.uint8]]:
    path = tmp_path_factory.mktemp("blank") / "blank.pdf"
    path.write_bytes(blank.pdf)
    return [render(path, page, DPI) for page in range(1, blank.pages + 1)]


def cut(page: NDArray[np.uint8], x_mm: float, y_mm: float, w_mm: float, h_mm: float) -> NDArray[np.uint8]:
    left, top = round(x_mm * PX_PER_MM), round(y_mm * PX_PER_MM)
    return page[top : top + round(h_mm * PX_PER_MM), left : left + round(w_mm * PX_PER_MM)]


def mini(**keys: object) -> Schema:
    item = {
        "id": "one",
        "type": "single",
        "text": "Eins?",
        "options": [{"code": 1, "label": "ja"}, {"code": 2}],
    }
    return Schema.model_validate(
        {"questionnaire": "mini", "sections": [{"id": "s", "title": "S", "items": [item]}], **keys}
    )


def test_the_shipped_questionnaire_fills_six_pages(blank: Blank) -> None:
    assert blank.pages == 6
    assert set(blank.boxes["page"]) == {1, 2, 3, 4, 5, 6}


def test_every_option_comb_cell_and_text_has_exactly_one_box(schema: Schema, blank: Blank) -> None:
    asked = list(Questionnaire(schema, blank.boxes, None, SEGEBERG).asked())
    expected = {(a.id, option.code) for a in asked for option in a.options}
    expected |= {("hours_wished", "1"), ("hours_wished", "2"), ("most_important", ""), ("else_to_say", "")}
    assert set(zip(blank.boxes["item"], blank.boxes["option"], strict=True)) == expected
    assert blank.boxes["box"].is_unique


def test_a_box_lies_where_the_table_says(blank: Blank, pages: list[NDArray[np.uint8]]) -> None:
    for box in blank.boxes.itertuples():
        page = pages[box.page - 1]
        outline = cut(page, box.x_mm, box.y_mm, box.w_mm, box.h_mm)
        for edge in [outline[:3].min(0), outline[-3:].min(0), outline[:, :3].min(1), outline[:, -3:].min(1)]:
            assert np.mean(edge < 160) > 0.9, box.box
        inside = cut(page, box.x_mm + 0.5, box.y_mm + 0.5, box.w_mm - 1, box.h_mm - 1)
        assert inside.min() > 250, box.box


def test_nothing_is_printed_within_two_millimetres_of_a_box(
    blank: Blank, pages: list[NDArray[np.uint8]]
) -> None:
    reach = 1.95  # less a pixel's half width
    for box in blank.boxes.itertuples():
        around = cut(
            pages[box.page - 1],
            box.x_mm - reach, box.y_mm - reach, box.w_mm + 2 * reach, box.h_mm + 2 * reach,
        ).copy()  # fmt: skip
        own = round((reach - 0.15) * PX_PER_MM)
        around[own:-own, own:-own] = 255
        assert around.min() > 215, box.box  # a light tint may lie there


def test_boxes_to_mark_are_four_millimetres_wide_and_keep_apart(blank: Blank) -> None:
    fields = blank.boxes["item"].isin(["hours_wished", "most_important", "else_to_say"])
    boxes = blank.boxes[~fields]
    assert ((boxes[["w_mm", "h_mm"]] - 4.0).abs() < 0.01).all(axis=None)
    for _, page in boxes.groupby("page"):
        x, y = page["x_mm"].to_numpy(), page["y_mm"].to_numpy()
        apart = np.maximum(np.abs(x[:, None] - x), np.abs(y[:, None] - y))
        assert apart[~np.eye(len(page), dtype=bool)].min() > 5.9


def test_corner_squares_are_black_on_every_page(pages: list[NDArray[np.uint8]]) -> None:
    half = SQUARE_MM / 2
    for page in pages:
        for x_mm, y_mm in corner_squares_mm(A4_MM):
            assert (
                cut(page, x_mm - half + 0.15, y_mm - half + 0.15, SQUARE_MM - 0.3, SQUARE_MM - 0.3).max() < 60
            )
            ring = cut(page, x_mm - half - 1.5, y_mm - half - 1.5, SQUARE_MM + 3, SQUARE_MM + 3)
            assert ring[:8].min() > 240 and ring[:, :8].min() > 240


def test_the_blank_is_tagged_archived_and_the_same_each_time(schema: Schema, blank: Blank) -> None:
    with pikepdf.open(BytesIO(blank.pdf)) as pdf:
        said = pdf.open_metadata()
        assert (
            said["pdfaid:part"] == "2" and said["pdfaid:conformance"] == "A" and said["pdfuaid:part"] == "1"
        )
        assert "/StructTreeRoot" in pdf.Root and str(pdf.Root.Lang) == "de"
    again = typeset_questionnaire(schema)
    assert again.pdf == blank.pdf
    pd.testing.assert_frame_equal(again.boxes, blank.boxes)


def test_an_a5_questionnaire_has_one_column() -> None:
    boxes = typeset_questionnaire(mini(paper="a5")).boxes
    assert boxes["x_mm"].nunique() == 1


def test_the_smallest_schema_of_the_reference_prints(tmp_path: Path) -> None:
    reference = (SEGEBERG.parents[1] / "docs" / "schema.md").read_text(encoding="utf-8")
    path = tmp_path / "mini.yaml"
    path.write_text(reference.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert list(print_questionnaire(path).boxes["box"]) == ["work.1", "work.2"]


def test_a_glyph_no_font_has_is_an_error_not_a_gap() -> None:
    with pytest.raises(SurveyError, match="typesetting"):
        typeset_questionnaire(mini(title="日本"))


def test_a_template_error_is_reported(tmp_path: Path) -> None:
    (tmp_path / "wrong.typ").write_text('#let data = json("data.json")\n#data.absent\n', encoding="utf-8")
    with pytest.raises(SurveyError, match="absent"):
        typeset(tmp_path / "wrong.typ", {"title": "x"})


def test_printing_writes_a_questionnaire_that_loads(tmp_path: Path) -> None:
    path = tmp_path / "segeberg-2012.yaml"
    path.write_bytes(SEGEBERG.read_bytes())
    print_questionnaire(path)
    assert load_questionnaire(path).pages == [1, 2, 3, 4, 5, 6]


# ---- arranging ---------------------------------------------------------------------------------------------


def test_narrow_pieces_share_two_balanced_columns() -> None:
    pieces = [Piece(name, 20, narrow=True) for name in "abcd"]
    (page,) = arrange(pieces, 100)
    assert page.bands[0].columns == (("a", "b"), ("c", "d"))


def test_a_heading_never_ends_a_page() -> None:
    pieces = [Piece("a", 60), Piece("heading", 10, keeps_next=True), Piece("b", 40)]
    first, second = arrange(pieces, 100)
    assert [band.columns for band in first.bands] == [(("a",),)]
    assert second.bands[0].columns == (("heading",),)


def test_a_section_can_ask_for_a_new_page() -> None:
    pages = arrange([Piece("a", 10), Piece("b", 10, new_page=True), Piece("c", 10)], 100)
    assert [len(page.bands) for page in pages] == [1, 2]


def test_a_piece_taller_than_the_page_is_an_error() -> None:
    with pytest.raises(SchemaError, match="taller"):
        arrange([Piece("a", 101)], 100)


# ---- copies ------------------------------------------------------------------------------------------------


def test_each_page_of_a_copy_names_case_and_page_at_head_and_foot(
    schema: Schema, blank: Blank, tmp_path: Path
) -> None:
    serials = [make_serial("S", 12), make_serial("S", 9071)]
    path = tmp_path / "copies.pdf"
    path.write_bytes(serial_copies(schema, blank.pdf, blank.pages, serials))
    for number in range(12):
        image = render(path, number + 1, 150)
        strips = [image[: len(image) // 8], image[-len(image) // 8 :]]
        for strip in strips:
            (code,) = [parse_page_code(code.text) for code in read_code128(strip)]
            assert code is not None
            assert (code.serial, code.questionnaire, code.version) == (serials[number // 6], "SG12", 1)
            assert code.page == number % 6 + 1


def test_a_copy_prints_what_the_blank_prints(schema: Schema, blank: Blank, tmp_path: Path) -> None:
    (tmp_path / "blank.pdf").write_bytes(blank.pdf)
    (tmp_path / "copy.pdf").write_bytes(serial_copies(schema, blank.pdf, blank.pages, [make_serial("S", 3)]))
    for page in [1, 6]:
        both = [render(tmp_path / name, page, 100) for name in ["blank.pdf", "copy.pdf"]]
        top, bottom = round(21.5 / 25.4 * 100), round(277 / 25.4 * 100)  # between the codes
        assert np.array_equal(both[0][top:bottom], both[1][top:bottom])


def test_copies_share_the_print_of_the_blank(schema: Schema, blank: Blank) -> None:
    serials = [make_serial("S", number) for number in range(60)]
    one, many = (serial_copies(schema, blank.pdf, blank.pages, part) for part in [serials[:1], serials])
    assert (len(many) - len(one)) / (59 * 6) < 1500  # bytes a page


def test_copies_are_the_same_each_time(schema: Schema, blank: Blank) -> None:
    serials = [make_serial("S", 5)]
    assert serial_copies(schema, blank.pdf, 6, serials) == serial_copies(schema, blank.pdf, 6, serials)


def test_serials_are_valid_unique_and_in_no_order() -> None:
    drawn = draw_cases("S", {"A": 300, "B": 200}, seed=1)
    assert drawn["serial"].is_unique and all(map(serial_is_valid, drawn["serial"]))
    assert list(drawn["stratum"]) == ["A"] * 300 + ["B"] * 200
    assert not drawn["serial"].is_monotonic_increasing
    assert drawn["serial"].str[1:].astype(int).groupby(drawn["stratum"]).mean().between(40_000, 60_000).all()


def test_more_serials_than_numbers_are_refused() -> None:
    with pytest.raises(UsageError, match="letter"):
        draw_cases("S", {"A": 10_001}, seed=1)


def test_a_second_print_run_adds_to_the_cases(tmp_path: Path) -> None:
    path = tmp_path / "schemas" / "segeberg-2012.yaml"
    path.parent.mkdir()
    path.write_bytes(SEGEBERG.read_bytes())
    first = print_copies(path, {"Norderstedt": 3}, tmp_path / "print", seed=1)
    second = print_copies(path, {"Bad Segeberg": 2}, tmp_path / "print", seed=1)
    assert first.pages == 18 and len(second.cases) == 5 and second.cases["serial"].is_unique
    assert [pdf.name for pdf in second.pdfs] == ["segeberg-2012.bad-segeberg.S1.pdf"]
    issued = load_cases(path.with_suffix(".cases.csv"), "office")
    with pytest.raises(CannotWriteError, match="there already"):
        print_copies(path, {"Norderstedt": 1}, tmp_path / "print", seed=1)
    assert issued["office"].value_counts().to_dict() == {"Norderstedt": 3, "Bad Segeberg": 2}


def test_a_stratum_outside_the_frame_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "segeberg-2012.yaml"
    path.write_bytes(SEGEBERG.read_bytes())
    with pytest.raises(UsageError, match="Hamburg"):
        print_copies(path, {"Hamburg": 3}, tmp_path, seed=1)


@pytest.mark.parametrize(
    "column",
    ["Name", "Vorname", "Straße", "strasse_nr", "Adresse", "Geburtsdatum", "Telefon", "E-Mail", "email",
     "PLZ", "Wohnort", "lastName", "BG-Nummer"],
)  # fmt: skip
def test_a_column_about_a_person_is_refused(column: str, tmp_path: Path) -> None:
    path = tmp_path / "x.cases.csv"
    write_csv(path, pd.DataFrame({"serial": [make_serial("S", 1)], "office": ["A"], column: ["x"]}))
    with pytest.raises(SchemaError, match=column) as error:
        load_cases(path, "office")
    assert ":1" in str(error.value)


@pytest.mark.parametrize("column", ["office", "Standort", "wave", "sprache", "Versand"])
def test_a_column_about_no_person_is_accepted(column: str, tmp_path: Path) -> None:
    path = tmp_path / "x.cases.csv"
    write_csv(path, pd.DataFrame({"serial": [make_serial("S", 1)], column: ["A"]}))
    assert len(load_cases(path, column)) == 1


def test_a_mistyped_serial_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.cases.csv"
    path.write_text(f"serial;office\n{make_serial('S', 1)};A\nS00000;A\n", encoding="utf-8-sig")
    with pytest.raises(SchemaError, match=r"x\.cases\.csv:3: 'S00000'"):
        load_cases(path, "office")


def test_a_cover_sheet_says_date_and_stratum(schema: Schema, tmp_path: Path) -> None:
    path = tmp_path / "cover.pdf"
    path.write_bytes(cover_sheets(schema, date(2012, 7, 17), ["Norderstedt", "Kaltenkirchen"]))
    for page, stratum in enumerate(["Norderstedt", "Kaltenkirchen"], start=1):
        image = render(path, page, 150)
        third = len(image) // 3
        for strip in [image[:third], image[third:-third], image[-third:]]:
            assert [c.text for c in read_code128(strip)] == [cover_text(schema, date(2012, 7, 17), stratum)]
    assert cover_text(schema, date(2012, 7, 17), "Kaltenkirchen").startswith("COVER-SG12-20120717-3-")
    assert cover_text(schema, date(2012, 7, 17), "").startswith("COVER-SG12-20120717-0-")
