"""What is learned from blanks drawn here, whose boxes, wording and labels are known."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pikepdf
import pytest
import typst

from survey.doors.pdf import render
from survey.doors.pdf_print import Letter, read_upright, render_upright
from survey.errors import UsageError
from survey.learn import Draft, draw_findings, learn
from survey.learn.drafts.direction import in_reading_order
from survey.learn.drafts.items import split_number
from survey.learn.printed.outlines import Outline, PageOutlines
from survey.learn.printed.phrases import letters_to_phrases
from survey.learn.printed.wording import Phrase, join
from survey.questionnaire.load import load_questionnaire
from survey.questionnaire.model import Item, Questionnaire

PAGE = (
    '#set page(width: 210mm, height: 297mm, margin: 0mm)\n#set text(size: 10pt, font: "Libertinus Serif")\n'
)


def at(x_mm: float, y_mm: float, what: str) -> str:
    return f"#place(dx: {x_mm}mm, dy: {y_mm}mm, {what})\n"


def square(x_mm: float, y_mm: float, side_mm: float = 4.0) -> str:
    return at(x_mm, y_mm, f"rect(width: {side_mm}mm, height: {side_mm}mm, stroke: 0.5pt)")


def circle(x_mm: float, y_mm: float) -> str:
    return at(x_mm, y_mm, "circle(radius: 2mm, stroke: 0.5pt)")


def words(x_mm: float, y_mm: float, text: str, size_pt: float = 10) -> str:
    return at(x_mm, y_mm, f"text(size: {size_pt}pt)[{text}]")


def glyph(x_mm: float, y_mm: float, letter: str) -> str:
    return at(x_mm, y_mm, f'text(font: "DejaVu Sans Mono", size: 14pt)[{letter}]')


def options(x_mm: float, y_mm: float, labels: list[str], draw: object = square) -> str:
    """A list of options under each other, boxes left of their labels, 7 mm apart."""
    return "".join(
        draw(x_mm, y_mm + 7 * n) + words(x_mm + 6.5, y_mm + 7 * n + 0.6, label)  # type: ignore[operator]
        for n, label in enumerate(labels)
    )


def blank(folder: Path, *parts: str) -> Path:
    path = folder / "blank.pdf"
    path.write_bytes(typst.compile((PAGE + "".join(parts)).encode()))
    return path


def load(folder: Path, draft: Draft, name: str = "drawn") -> Questionnaire:
    (folder / f"{name}.yaml").write_text(draft.yaml, encoding="utf-8")
    draft.boxes.to_csv(folder / f"{name}.boxes.csv", index=False)
    return load_questionnaire(folder / f"{name}.yaml")


def learned(folder: Path, *parts: str) -> Questionnaire:
    return load(folder, learn(blank(folder, *parts), "drawn"))


def labels(item: Item) -> list[str]:
    return [next(iter(option.label.values()), "") for option in item.options]


def said(item: Item) -> str:
    return next(iter(item.text.values()), "")


def corners(boxes: pd.DataFrame) -> list[tuple[float, float]]:
    return sorted((float(y), float(x)) for x, y in zip(boxes["x_mm"], boxes["y_mm"], strict=True))


AGE = words(15, 30, "1. How old are you?") + options(20, 37, ["under 25", "25 to 44", "45 or older"])


def test_squares_are_found_where_they_were_drawn(tmp_path: Path) -> None:
    found = learned(tmp_path, AGE)
    assert np.allclose(corners(found.boxes), [(37, 20), (44, 20), (51, 20)], atol=0.15)
    assert np.allclose(found.boxes[["w_mm", "h_mm"]], 4.0, atol=0.3)


def test_an_item_has_its_wording_its_number_and_its_labels(tmp_path: Path) -> None:
    (item,) = learned(tmp_path, AGE).items
    assert (item.id, item.type, said(item)) == ("q1", "single", "How old are you?")
    assert labels(item) == ["under 25", "25 to 44", "45 or older"]


def test_circles_are_found(tmp_path: Path) -> None:
    found = learned(tmp_path, words(15, 30, "Gender?"), options(20, 37, ["female", "male"], circle))
    assert np.allclose(corners(found.boxes), [(37, 20), (44, 20)], atol=0.15)


def test_ovals_are_found(tmp_path: Path) -> None:
    ovals = "".join(
        at(20, 40 + 8 * n, "ellipse(width: 5.5mm, height: 3.4mm, stroke: 0.6pt)")
        + words(28, 40 + 8 * n, name)
        for n, name in enumerate(["Ada", "Emmy", "Sofja"])
    )
    found = learned(tmp_path, words(15, 32, "Whom do you choose?"), ovals)
    assert labels(found.items[0]) == ["Ada", "Emmy", "Sofja"]
    assert np.allclose(found.boxes["w_mm"], 5.5, atol=0.4)


@pytest.mark.parametrize("letter", ["☐", "□", "○", "❏"])
def test_glyph_boxes_are_found_with_their_ink(tmp_path: Path, letter: str) -> None:
    lines = "".join(glyph(20, 40 + 8 * n, letter) + words(28, 41 + 8 * n, f"answer {n}") for n in range(3))
    path = blank(tmp_path, words(15, 32, "What is it?"), lines)
    draft = learn(path, "drawn")
    assert list(draft.boxes["page"]) == [1, 1, 1]
    ink = render_upright(read_upright(path), 1, 300) < 128
    for box in draft.boxes.itertuples():
        x, y = (int((value - 0.3) / 25.4 * 300) for value in (box.x_mm, box.y_mm))
        w, h = (int((value + 0.6) / 25.4 * 300) for value in (box.w_mm, box.h_mm))
        rows, columns = np.nonzero(ink[y : y + h, x : x + w])
        assert np.ptp(rows) * 25.4 / 300 == pytest.approx(box.h_mm, abs=0.35)
        assert np.ptp(columns) * 25.4 / 300 == pytest.approx(box.w_mm, abs=0.35)


def test_small_ballot_boxes_on_the_line_of_their_question_are_found_with_the_labels_behind_them(
    tmp_path: Path,
) -> None:
    """As a word processor's plain text has them: "How old are you? ☐ under 30 ☐ 30 to 50 ☐ over 50"."""
    line = at(15, 40, 'text(size: 8pt, font: "DejaVu Sans Mono")[5. How old are you? ☐ young ☐ middle ☐ old]')
    found = learned(tmp_path, line)
    assert found.boxes["w_mm"].max() < 1.7
    assert labels(found.items[0]) == ["young", "middle", "old"]
    assert said(found.items[0]) == "How old are you?"


def test_a_question_in_the_right_column_does_not_belong_to_a_box_in_the_left_one(tmp_path: Path) -> None:
    left = words(20, 32, "1. Which?") + options(20, 40, ["one", "two"])
    right = words(112, 41, "2. Would you?") + square(150, 40) + words(156, 41, "yes") + square(170, 40)
    found = learned(tmp_path, left, right, words(176, 41, "no"))
    assert [said(item) for item in found.items] == ["Which?", "Would you?"]
    assert labels(found.items[1]) == ["yes", "no"]


def test_a_dotted_frame_is_found(tmp_path: Path) -> None:
    dotted = "".join(
        at(
            20,
            40 + 8 * n,
            'rect(width: 4mm, height: 4mm, stroke: (thickness: 0.6pt, dash: "densely-dotted"))',
        )
        + words(27, 40.6 + 8 * n, f"answer {n}")
        for n in range(2)
    )
    assert len(learned(tmp_path, words(15, 32, "What is it?"), dotted).boxes) == 2


def test_a_white_box_on_a_tint_is_found(tmp_path: Path) -> None:
    tint = at(10, 25, "rect(width: 190mm, height: 60mm, fill: luma(225))")
    white = "".join(
        at(20, 40 + 8 * n, "rect(width: 4mm, height: 4mm, fill: white)")
        + words(27, 40.6 + 8 * n, f"answer {n}")
        for n in range(3)
    )
    assert len(learned(tmp_path, tint, words(15, 32, "What is it?"), white).boxes) == 3


def test_a_white_cell_fill_is_no_box(tmp_path: Path) -> None:
    fill = at(120, 40, "rect(width: 5mm, height: 5mm, fill: white)")
    assert len(learned(tmp_path, AGE, fill).boxes) == 3


def test_corner_marks_and_bullets_are_no_boxes(tmp_path: Path) -> None:
    rings = "".join(at(x, y, "circle(radius: 3mm, stroke: 5pt)") for x in (5, 199) for y in (5, 286))
    bullets = "".join(words(15, 100 + 6 * n, f"• remark {n}") for n in range(3))
    blots = at(5, 150, "rect(width: 4mm, height: 4mm, fill: black)")
    assert len(learned(tmp_path, AGE, rings, bullets, blots).boxes) == 3


def test_a_printed_example_is_no_box(tmp_path: Path) -> None:
    example = (
        words(15, 15.6, "Please mark like this:")
        + square(60, 15)
        + at(60, 15, "rect(width: 4mm, height: 4mm, fill: black)")
        + square(70, 15)
        + square(80, 15)
    )
    draft = learn(blank(tmp_path, example, AGE), "drawn")
    assert len(draft.boxes) == 3
    assert any("left out" in note for note in draft.notes)


def test_check_all_that_apply_means_multiple(tmp_path: Path) -> None:
    item = learned(
        tmp_path,
        words(15, 30, "2. What do you use? Check all that apply."),
        options(20, 37, ["bus", "train"]),
    ).items[0]
    assert item.type == "multiple"


def test_mehrere_antworten_means_multiple(tmp_path: Path) -> None:
    lines = words(15, 26, "3. Welche Hilfe brauchen Sie?") + words(15, 31, "(Mehrere Antworten möglich)", 9)
    found = learned(tmp_path, lines, options(20, 37, ["Kita", "Hort", "Tagespflege"]))
    assert found.items[0].type == "multiple"
    assert found.schema.languages == ["de"]
    assert "Welche Hilfe brauchen Sie?" in said(found.items[0])


def test_round_boxes_are_single_where_square_ones_stand_beside(tmp_path: Path) -> None:
    found = learned(
        tmp_path,
        words(15, 30, "1. Do you have a car?") + options(20, 37, ["yes", "no"], circle),
        words(15, 60, "2. What do you own?") + options(20, 67, ["bicycle", "scooter"]),
    )
    assert [item.type for item in found.items] == ["single", "multiple"]


def test_labels_left_of_their_boxes_are_found(tmp_path: Path) -> None:
    lines = "".join(
        words(20, 40.6 + 7 * n, name) + square(70, 40 + 7 * n)
        for n, name in enumerate(["bus", "train", "on foot"])
    )
    assert labels(learned(tmp_path, words(15, 32, "How do you travel?"), lines).items[0]) == [
        "bus",
        "train",
        "on foot",
    ]


def test_options_on_one_line_are_one_item(tmp_path: Path) -> None:
    line = "".join(
        square(20 + 40 * n, 40) + words(26 + 40 * n, 40.6, name)
        for n, name in enumerate(["yes", "no", "unsure"])
    )
    (item,) = learned(tmp_path, words(15, 32, "Do you work?"), line).items
    assert labels(item) == ["yes", "no", "unsure"]


def test_two_columns_with_own_wordings_are_two_items(tmp_path: Path) -> None:
    found = learned(
        tmp_path,
        words(15, 30, "1. How old are you?") + options(20, 37, ["under 25", "older"]),
        words(110, 30, "2. Where do you live?") + options(115, 37, ["Uetersen", "Norderstedt"]),
    )
    assert [labels(item) for item in found.items] == [["under 25", "older"], ["Uetersen", "Norderstedt"]]


def test_a_second_line_of_a_label_belongs_to_it(tmp_path: Path) -> None:
    first = (
        square(20, 37)
        + words(26.5, 37.6, "a long label that goes on")
        + words(26.5, 41.8, "on a second line")
    )
    second = square(20, 48) + words(26.5, 48.6, "a short one")
    (item,) = learned(tmp_path, words(15, 29, "Why?"), first, second).items
    assert labels(item) == ["a long label that goes on on a second line", "a short one"]


MATRIX = words(15, 30, "4. How satisfied are you with these?") + "".join(
    words(92 + 20 * n, 36, name, 8) for n, name in enumerate(["very", "fairly", "not"])
) + "".join(
    words(15, 42.6 + 8 * r, row) + "".join(square(93 + 20 * c, 42 + 8 * r) for c in range(3))
    for r, row in enumerate(["the hours", "the way there", "the costs"])
)  # fmt: skip


def test_a_matrix_has_rows_and_columns(tmp_path: Path) -> None:
    (item,) = learned(tmp_path, MATRIX).items
    assert (item.type, said(item)) == ("matrix", "How satisfied are you with these?")
    assert labels(item) == ["very", "fairly", "not"]
    assert [next(iter(row.label.values())) for row in item.rows] == [
        "the hours",
        "the way there",
        "the costs",
    ]


def test_a_ruled_table_is_a_matrix(tmp_path: Path) -> None:
    table = at(
        20,
        40,
        """table(columns: (60mm, 14mm, 14mm), rows: 8mm, stroke: 0.5pt, align: center + horizon,
        [], [yes], [no], [a garden], [], [], [a balcony], [], [], [a cellar], [], [])""",
    )
    (item,) = learned(tmp_path, words(15, 32, "5. What do you have?"), table).items
    assert labels(item) == ["yes", "no"]
    assert [next(iter(row.label.values())) for row in item.rows] == ["a garden", "a balcony", "a cellar"]


def test_a_scale_has_labels_at_its_ends(tmp_path: Path) -> None:
    scale = (
        words(20, 40.6, "not at all")
        + "".join(square(45 + 9 * n, 40) for n in range(5))
        + words(92, 40.6, "very much")
    )
    (item,) = learned(tmp_path, words(15, 30, "6. Do you like it?"), scale).items
    assert (item.type, labels(item)) == ("scale", ["not at all", "", "", "", "very much"])


def test_a_comb_is_a_number(tmp_path: Path) -> None:
    cells = "".join(at(50 + 5 * n, 70, "rect(width: 5mm, height: 7mm, stroke: 0.5pt)") for n in range(3))
    found = learned(tmp_path, AGE, words(15, 72, "Hours a week:"), cells)
    item = found.items[-1]
    assert (item.type, item.digits, said(item)) == ("number", 3, "Hours a week:")


def test_a_text_field_is_no_box(tmp_path: Path) -> None:
    frame = words(15, 70, "What else would you like to say?") + at(
        15, 76, "rect(width: 180mm, height: 40mm, stroke: 0.5pt)"
    )
    found = learned(tmp_path, AGE, frame)
    assert [item.type for item in found.items] == ["single", "text"]
    assert (found.items[1].lines, said(found.items[1])) == (5, "What else would you like to say?")


def test_what_is_unsure_is_a_comment(tmp_path: Path) -> None:
    draft = learn(blank(tmp_path, AGE), "drawn")
    assert "# single is a guess" in draft.yaml


def test_the_draft_loads(tmp_path: Path) -> None:
    draft = learn(
        blank(tmp_path, AGE, MATRIX.replace("42", "82").replace("36mm", "76mm").replace("30mm", "70mm")),
        "drawn",
    )
    found = load(tmp_path, draft)
    assert found.schema.paper == "a4"
    assert {asked.id for asked in found.asked()} == set(found.boxes["item"])


def test_learning_twice_gives_the_same(tmp_path: Path) -> None:
    path = blank(tmp_path, AGE, options(120, 37, ["a", "b"]))
    first, second = learn(path, "drawn"), learn(path, "drawn")
    assert first.yaml == second.yaml
    assert first.boxes.equals(second.boxes)


def test_codes_and_revocation_stand_in_the_schema(tmp_path: Path) -> None:
    draft = learn(blank(tmp_path, AGE), "drawn", codes=[r"(?P<serial>[A-Z]\d+)"], revocation=True)
    reading = load(tmp_path, draft).schema.reading
    assert (reading.codes, reading.revocation) == ([r"(?P<serial>[A-Z]\d+)"], True)


def test_a_page_on_its_side_is_set_upright(tmp_path: Path) -> None:
    path = blank(tmp_path, AGE)
    upright = learn(path, "drawn").boxes
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        page = document.pages[0]
        page.contents_add(b"q 0 1 -1 0 841.89 0 cm\n", prepend=True)
        page.contents_add(b"\nQ")
        page.obj["/MediaBox"] = pikepdf.Array([0, 0, 841.89, 595.276])
        page.obj["/CropBox"] = page.obj["/MediaBox"]
        page.obj["/Rotate"] = 90
        document.save(path)
    turned = learn(path, "drawn").boxes
    places = ["x_mm", "y_mm", "w_mm", "h_mm"]
    assert np.allclose(turned[places], upright[places], atol=0.1)


def photographed(drawn: Path, askew: float = 0.0) -> Path:
    """The first page of a blank as a picture in a PDF, 200 dpi, turned counter-clockwise by some degrees."""
    picture = render_upright(read_upright(drawn), 1, 200)
    high, wide = picture.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), askew, 1.0)
    picture = cv2.warpAffine(picture, turn, (wide, high), borderValue=255) if askew else picture
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(595.28, 841.89))
        image = document.make_stream(cv2.imencode(".jpg", picture)[1].tobytes())
        for key, value in {
            "Type": "XObject",
            "Subtype": "Image",
            "ColorSpace": "DeviceGray",
            "Filter": "DCTDecode",
        }.items():
            image[f"/{key}"] = pikepdf.Name(f"/{value}")
        image["/Width"], image["/Height"], image["/BitsPerComponent"] = picture.shape[1], picture.shape[0], 8
        page.obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image))
        page.contents_add(b"595.28 0 0 841.89 0 0 cm /Im Do")
        document.save(drawn.with_name("scan.pdf"))
    return drawn.with_name("scan.pdf")


def test_a_picture_of_a_blank_is_learned_but_to_be_confirmed(tmp_path: Path) -> None:
    draft = learn(photographed(blank(tmp_path, AGE, words(15, 80, "OOO COOL BOOK DOOR", 16))), "drawn")
    assert np.allclose(corners(draft.boxes), [(37, 20), (44, 20), (51, 20)], atol=0.3)
    assert "to confirm" in draft.yaml and "no words can be read" in draft.yaml


def test_words_of_a_picture_are_seen_but_not_read(tmp_path: Path) -> None:
    """A wording parts two lists that stand close together; text heads and labels the cells of a ruled table."""
    lists = options(20, 30, ["under 25", "25 to 44"]) + words(15, 46, "Do you own a car of your own?")
    lists += options(20, 54, ["yes", "no"])
    ruled = "table(columns: (60mm, 14mm, 14mm), rows: 8mm, [], [good], [bad], [the bus], [], [], [the train], [], [])"
    draft = learn(photographed(blank(tmp_path, lists, at(15, 90, ruled))), "drawn")
    found = load(tmp_path, draft)
    assert [item.type for item in found.items] == ["multiple", "multiple", "matrix"]
    assert [len(labels(item)) for item in found.items] == [2, 2, 2]
    assert not any(ord(letter) >= 0x4E00 for letter in draft.yaml)
    assert not any(label for item in found.items for label in [said(item), *labels(item)])


def test_squares_of_a_picture_need_not_stand_in_line(tmp_path: Path) -> None:
    pair = words(130, 70.6, "yes") + square(138, 70) + words(150, 70.6, "no") + square(157, 70)
    found = learn(photographed(blank(tmp_path, AGE, words(15, 70.6, "Do you own a car?"), pair)), "drawn")
    assert len(found.boxes) == 5


def fillable(folder: Path) -> Path:
    """A fillable PDF: two radio buttons of one group, a check box, a comb of four, a text field."""
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(595.28, 841.89))
        radio = document.make_indirect(
            pikepdf.Dictionary(FT=pikepdf.Name.Btn, Ff=1 << 15, T="sex", TU="Your sex", Kids=[])
        )

        def widget(x: float, y: float, w: float, h: float, **entries: object) -> pikepdf.Object:
            rect = pikepdf.Array([x, 841.89 - y - h, x + w, 841.89 - y])
            return document.make_indirect(
                pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, Rect=rect, **entries)
            )

        empty = document.make_stream(b"")
        states = [
            pikepdf.Dictionary(N=pikepdf.Dictionary({f"/{name}": empty, "/Off": empty}))
            for name in ["female", "male"]
        ]
        radios = [widget(60, 100 + 20 * n, 12, 12, Parent=radio, AP=state) for n, state in enumerate(states)]
        radio["/Kids"] = pikepdf.Array(radios)
        others = [
            widget(60, 200, 12, 12, FT=pikepdf.Name.Btn, T="agree", TU="I agree"),
            widget(60, 250, 80, 20, FT=pikepdf.Name.Tx, T="year", TU="Year of birth", Ff=1 << 24, MaxLen=4),
            widget(60, 300, 300, 60, FT=pikepdf.Name.Tx, T="remarks", TU="Remarks"),
        ]
        page.obj["/Annots"] = pikepdf.Array(radios + others)
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([radio, *others]))
        document.save(folder / "fillable.pdf")
    return folder / "fillable.pdf"


def test_a_fillable_pdf_tells_its_groups_and_fields(tmp_path: Path) -> None:
    found = load(tmp_path, learn(fillable(tmp_path), "drawn"))
    assert [item.type for item in found.items] == ["single", "multiple", "number", "text"]
    assert labels(found.items[0]) == ["female", "male"]
    assert [said(item) for item in found.items[2:]] == ["Year of birth", "Remarks"]
    assert found.items[2].digits == 4


def write_boxes(folder: Path, text: str) -> Path:
    path = folder / "given.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_given_boxes_keep_their_order_and_count(tmp_path: Path) -> None:
    given = write_boxes(tmp_path, "page,x_pt,y_pt,w_pt,h_pt\n1,300,400,10,12\n1,72,72,10,10\n1,150,700,9,9\n")
    draft = learn(blank(tmp_path, AGE), "drawn", boxes=given)
    assert list(draft.boxes["box"]) == ["p1_b01", "p1_b02", "p1_b03"]
    assert np.allclose(
        draft.boxes[["x_mm", "y_mm"]], np.array([[300, 400], [72, 72], [150, 700]]) * 25.4 / 72, atol=0.001
    )
    assert list(load(tmp_path, draft).boxes["box"]) == list(draft.boxes["box"])


def test_given_boxes_with_items_are_named_by_them(tmp_path: Path) -> None:
    rows = "1;72,5;72;10;10;Work;yes\n1;72,5;90;10;10;Car;yes\n1;100;72;10;10;Work;no\n"
    given = write_boxes(tmp_path, "page;x_pt;y_pt;w_pt;h_pt;item;label\n" + rows)
    found = load(tmp_path, learn(blank(tmp_path, AGE), "drawn", boxes=given))
    assert list(found.boxes["box"]) == ["work.1", "car.1", "work.2"]
    assert [labels(item) for item in found.items] == [["yes", "no"], ["yes"]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("page,x_pt,y_pt,w_pt\n1,2,3,4\n", "h_pt is missing"),
        ("page,x_pt,y_pt,w_pt,h_pt\n1,2,3,4,five\n", ":2: h_pt is 'five'"),
        ("page,x_pt,y_pt,w_pt,h_pt\n2,2,3,4,5\n", "page 2 is not in the blank"),
        ("page,x_pt,y_pt,w_pt,h_pt\n1,20,3,4,5\n1,590,3,40,5\n", ":3: the box does not lie on its page"),
        ("page,x_pt,y_pt,w_pt,h_pt\n", "no box stands in it"),
        ("page,x_pt,y_pt,w_pt,h_pt\n1,20,3,0.1,0.1\n", ":2: a box of 0.035 by 0.035 mm takes no mark"),
        ("page,x_pt,y_pt,w_pt,h_pt\n1,9,9,9,9\n1,9,9,9,9\n", ":3: the box stands in the list already"),
    ],
)
def test_a_wrong_list_of_boxes_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        learn(blank(tmp_path, AGE), "drawn", boxes=write_boxes(tmp_path, text))


def test_a_blank_without_boxes_is_refused_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        learn(blank(tmp_path, words(15, 30, "Just a letter.")), "drawn")
    assert "--boxes" in caught.value.hint


def test_a_file_that_is_no_pdf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "blank.pdf").write_text("hello", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot open"):
        learn(tmp_path / "blank.pdf", "drawn")


def test_a_pdf_without_pages_is_refused(tmp_path: Path) -> None:
    with pikepdf.new() as document:
        document.save(tmp_path / "blank.pdf")
    with pytest.raises(UsageError, match="has no pages"):
        learn(tmp_path / "blank.pdf", "drawn")


def test_a_form_that_is_drawn_by_one_program_only_says_what_to_do(tmp_path: Path) -> None:
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root["/NeedsRendering"] = True
        document.save(tmp_path / "form.pdf")
    with pytest.raises(UsageError, match="only Adobe's reader") as told:
        learn(tmp_path / "form.pdf", "form")
    assert "print it to a PDF" in told.value.hint


def test_the_findings_are_drawn_on_every_page(tmp_path: Path) -> None:
    path = blank(tmp_path, AGE, "#pagebreak()\n", AGE)
    draft = learn(path, "drawn")
    pictures = draw_findings(path, draft.boxes)
    assert len(pictures) == 2
    assert all((np.ptp(picture.astype(int), axis=2) > 60).any() for picture in pictures)


def test_the_boxes_of_our_own_questionnaire_are_found(tmp_path: Path) -> None:
    schema = Path(__file__).parent.parent / "schemas" / "segeberg-2012.yaml"
    truth = load_questionnaire(schema).boxes
    found = load(tmp_path, learn(schema.with_suffix(".blank.pdf"), "drawn")).boxes
    centres = [
        np.column_stack(
            [table["page"] * 1000, table["x_mm"] + table["w_mm"] / 2, table["y_mm"] + table["h_mm"] / 2]
        )
        for table in (truth, found)
    ]
    apart = np.linalg.norm(centres[0][:, None] - centres[1][None], axis=2)
    assert (apart.min(axis=1) < 1).mean() >= 0.98
    assert (apart.min(axis=0) > 1).mean() <= 0.03


def test_the_words_of_our_own_questionnaire_are_found(tmp_path: Path) -> None:
    schema = Path(__file__).parent.parent / "schemas" / "segeberg-2012.yaml"
    truth = load_questionnaire(schema)
    found = load(tmp_path, learn(schema.with_suffix(".blank.pdf"), "drawn"))
    assert len(found.items) == len(truth.items)
    assert all(said(item) for item in found.items)
    wanted = {option.label["de"] for item in truth.items for option in item.options + item.columns}
    seen = {label for item in found.items for label in [*labels(item), *column_labels(item)]}
    assert len(wanted - seen) <= 0.02 * len(wanted), wanted - seen


def column_labels(item: Item) -> list[str]:
    return [next(iter(column.label.values()), "") for column in item.columns]


def test_a_lone_box_under_a_grid_is_one_of_its_options(tmp_path: Path) -> None:
    grid = MATRIX.replace("with these?", "with these? Check all that apply.")
    never = square(15, 68) + words(21.5, 68.6, "with none of these")
    (item,) = learned(tmp_path, grid, never).items
    assert (item.type, labels(item)) == ("grid", ["with none of these"])


@pytest.mark.parametrize(
    ("asked", "names", "kind"),
    [
        ("Which mark do you give?", ["1", "2", "3", "4", "5", "6"], "scale"),
        ("How satisfied are you?", ["1 not at all", "2", "3", "4 fully"], "scale"),
        ("How many children do you have?", ["0", "1", "2", "3"], "single"),
        ("When did you come?", ["1990", "2000", "2010", "2020"], "single"),
    ],
)
def test_numbers_in_a_row_are_a_scale_unless_they_count(
    tmp_path: Path, asked: str, names: list[str], kind: str
) -> None:
    row = "".join(square(20 + 40 * n if len(names) == 4 else 20 + 25 * n, 40) for n in range(len(names)))
    row += "".join(
        words((20 + 40 * n if len(names) == 4 else 20 + 25 * n) + 6, 40.6, name)
        for n, name in enumerate(names)
    )
    (item,) = learned(tmp_path, words(15, 32, asked), row).items
    assert (item.type, labels(item)) == (kind, names)


def test_the_stored_blank_of_a_fillable_pdf_shows_its_fields(tmp_path: Path) -> None:
    path = fillable(tmp_path)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        frame = document.make_stream(b"q 1 w 1 1 10 10 re S Q")
        frame["/Type"], frame["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Form
        frame["/BBox"] = pikepdf.Array([0, 0, 12, 12])
        check = document.pages[0].obj["/Annots"][2]
        check["/AP"] = pikepdf.Dictionary(N=pikepdf.Dictionary({"/Yes": frame, "/Off": frame}))
        check["/AS"] = pikepdf.Name.Off
        document.save(path)
    draft = learn(path, "drawn")
    (tmp_path / "stored.pdf").write_bytes(draft.blank)
    box = draft.boxes[draft.boxes["y_mm"].between(70, 73)].iloc[0]
    x, y, side = (int(value / 25.4 * 300) for value in (box["x_mm"], box["y_mm"], box["w_mm"]))
    assert (render(tmp_path / "stored.pdf", 1, 300)[y : y + side, x : x + side] < 128).any()
    assert learn(path, "drawn").blank == draft.blank


def test_the_stored_blank_is_the_file_itself_where_nothing_is_to_be_drawn(tmp_path: Path) -> None:
    path = blank(tmp_path, AGE)
    assert learn(path, "drawn").blank == path.read_bytes()


def test_a_double_frame_is_one_box_by_its_outer_line(tmp_path: Path) -> None:
    drawn = "".join(square(20, 37 + 7 * n, 4.4) + square(20.6, 37.6 + 7 * n, 3.2) for n in range(3))
    named = "".join(words(26.5, 37.8 + 7 * n, name) for n, name in enumerate(["bus", "train", "on foot"]))
    boxes = learn(blank(tmp_path, words(15, 30, "How do you travel?"), drawn, named), "drawn").boxes
    assert [round(float(w_mm), 1) for w_mm in boxes["w_mm"]] == [4.6] * 3


def test_an_option_that_names_an_example_is_no_instruction(tmp_path: Path) -> None:
    named = ["nothing", "a diploma (for example: GED)", "Sonstiges, zum Beispiel ein Kurs"]
    (item,) = learned(tmp_path, words(15, 30, "What have you completed?"), options(20, 37, named)).items
    assert labels(item) == named


def table(headers: list[str], rows: list[str], first_mm: float, step_mm: float) -> str:
    heads = "".join(words(first_mm + step_mm * n, 42, head) for n, head in enumerate(headers))
    return heads + "".join(
        words(15, 50 + 8 * m, row)
        + "".join(square(first_mm + step_mm * n, 49 + 8 * m) for n in range(len(headers)))
        for m, row in enumerate(rows)
    )


def test_columns_may_be_headed_by_signs(tmp_path: Path) -> None:
    signs = ["++", "+", "o", "–", "– –"]
    (item,) = learned(tmp_path, words(15, 30, "How was it?"), table(signs, ["room", "food"], 90, 18)).items
    assert (item.type, labels(item)) == ("matrix", signs)


def test_the_columns_of_a_matrix_may_stand_far_apart(tmp_path: Path) -> None:
    (item,) = learned(
        tmp_path,
        words(15, 30, "How important is it?"),
        table(["very", "a bit", "no"], ["bus", "train"], 80, 44),
    ).items
    assert (item.type, labels(item)) == ("matrix", ["very", "a bit", "no"])


def test_two_columns_of_options_under_one_wording_are_one_item(tmp_path: Path) -> None:
    left, right = ["library", "pool", "museum"], ["school", "youth centre", "town hall", "none"]
    found = learned(
        tmp_path, words(15, 30, "Where have you been?"), options(20, 37, left), options(109, 37, right)
    )
    assert [sorted(labels(item)) for item in found.items] == [sorted(left + right)]


def test_the_corner_of_a_ruled_table_is_not_written_in(tmp_path: Path) -> None:
    cells = "".join(
        at(x, y, f"rect(width: {w}mm, height: {h}mm, stroke: 0.5pt)")
        for y, h in ((40, 12), (52, 8), (60, 8))
        for x, w in ((15, 80), (95, 14), (109, 14), (123, 14))
    )
    heads = "".join(words(97 + 14 * n, 44, head) for n, head in enumerate(["gut", "mittel", "schlecht"]))
    named = words(17, 54, "die Öffnungszeiten") + words(17, 62, "das Essen")
    (item,) = learned(tmp_path, words(15, 32, "Wie finden Sie das?"), cells, heads, named).items
    assert (item.type, labels_of_rows(item)) == ("matrix", ["die Öffnungszeiten", "das Essen"])


def labels_of_rows(item: Item) -> list[str]:
    return [next(iter(row.label.values()), "") for row in item.rows]


def test_shape_says_nothing_where_yes_and_no_have_square_boxes(tmp_path: Path) -> None:
    found = learned(
        tmp_path,
        words(15, 30, "Do you work?") + options(20, 37, ["yes", "no"]),
        words(15, 60, "How do you travel?") + options(20, 67, ["bus", "train"]),
        words(15, 90, "How old are you?") + options(20, 97, ["under 25", "older"], circle),
    )
    assert [item.type for item in found.items] == ["single"] * 3


def test_wordings_in_a_column_of_their_own_part_the_options_on_their_right(tmp_path: Path) -> None:
    found = learned(
        tmp_path,
        words(15, 37.6, "Where do you come"),
        words(15, 41.8, "from today?"),
        options(80, 37, ["the town", "the country"]),
        words(15, 56.6, "Your age"),
        options(80, 56, ["under 25", "25 to 44", "older"]),
    )
    assert [(said(item), len(item.options)) for item in found.items] == [
        ("Where do you come from today?", 2),
        ("Your age", 3),
    ]


def test_a_second_line_may_begin_under_its_box(tmp_path: Path) -> None:
    long = "a very long label that fills its line up to where the paper ends and goes on"
    first = square(20, 37) + words(26.5, 37.6, long) + words(22, 41.8, "on a second line")
    second = square(20, 48) + words(26.5, 48.6, "a short one")
    (item,) = learned(tmp_path, words(15, 29, "Why?"), first, second).items
    assert labels(item) == [f"{long} on a second line", "a short one"]


def test_a_wording_parts_boxes_whose_labels_stand_far_away(tmp_path: Path) -> None:
    far = [
        square(20, y) + words(95, y + 0.6, name)
        for y, name in ((40, "yes"), (47, "no"), (66, "law"), (73, "art"))
    ]
    found = learned(
        tmp_path, words(20, 32, "1. Did you like it?"), *far, words(20, 58, "2. What comes next?")
    )
    assert [said(item) for item in found.items] == ["Did you like it?", "What comes next?"]


def bubbles(x_mm: float, y_mm: float, letters: str) -> str:
    return "".join(
        circle(x_mm + 5.8 * n, y_mm) + words(x_mm + 5.8 * n + 1.2, y_mm + 1, letter, 7)
        for n, letter in enumerate(letters)
    )


def test_a_grid_of_digits_takes_one_mark_in_each_column(tmp_path: Path) -> None:
    digits = "".join(bubbles(20, 40 + 6 * n, str(n) * 4) for n in range(10))
    answers = "".join(
        words(20, 112.5 + 7 * n, str(n + 1)) + bubbles(30.6, 112 + 7 * n, "ABCD") for n in range(5)
    )
    number, sheet = learned(tmp_path, words(20, 33, "Student ID"), digits, answers).items
    assert (number.type, said(number), labels(number)) == ("matrix", "Student ID", list("0123456789"))
    assert labels_of_rows(number) == ["1", "2", "3", "4"]
    assert (sheet.type, labels(sheet), labels_of_rows(sheet)) == ("matrix", list("ABCD"), list("12345"))


@pytest.mark.parametrize(("turn", "side"), [(-90, "left"), (90, "right")])
def test_column_headers_on_their_side_are_read(tmp_path: Path, turn: int, side: str) -> None:
    names = [["fully", "agree"], ["neither agree", "nor disagree"], ["disagree"]]
    heads = "".join(
        at(
            90 + 15 * n,
            35,
            f"rotate({turn}deg, reflow: true)[#box(width: 28mm, align({side})[{' #linebreak() '.join(lines)}])]",
        )
        for n, lines in enumerate(names)
    )
    rows = "".join(
        words(15, 70 + 8 * m, row) + "".join(square(91 + 15 * n, 69 + 8 * m) for n in range(3))
        for m, row in enumerate(["The staff was kind", "The room was clean"])
    )
    (item,) = learned(tmp_path, words(15, 28, "How was it?"), heads, rows).items
    assert (item.type, labels(item)) == ("matrix", [" ".join(lines) for lines in names])
    assert labels_of_rows(item) == ["The staff was kind", "The room was clean"]


def test_yes_and_no_left_of_their_boxes_are_one_item_a_line(tmp_path: Path) -> None:
    asked = [
        "1. Do you smoke?",
        "2. Do you have allergies?",
        "3. Did you have an operation within five years?",
    ]
    lines = "".join(
        words(18, 40 + 8 * n, text)
        + words(160, 40 + 8 * n, "yes")
        + square(166, 39.4 + 8 * n)
        + words(177, 40 + 8 * n, "no")
        + square(182, 39.4 + 8 * n)
        for n, text in enumerate(asked)
    )
    found = learned(tmp_path, lines).items
    assert [(said(item), labels(item)) for item in found] == [(text[3:], ["yes", "no"]) for text in asked]


def test_codes_in_front_of_boxes_are_no_wording(tmp_path: Path) -> None:
    codes = "".join(words(15, 37.8 + 7 * n, str(n + 1), 7) for n in range(3))
    (item,) = learned(
        tmp_path, words(15, 30, "A1 Who owns it?"), codes, options(20, 37, ["me", "a bank", "others"])
    ).items
    assert (said(item), labels(item)) == ("Who owns it?", ["me", "a bank", "others"])


def test_tables_under_one_header_share_its_columns(tmp_path: Path) -> None:
    more = words(15, 72, "B. Rooms", 12) + "".join(
        words(15, 81 + 8 * m, row) + "".join(square(90 + 18 * n, 80 + 8 * m) for n in range(3))
        for m, row in enumerate(["Light", "Air"])
    )
    first, second = learned(
        tmp_path, words(15, 30, "How was it?"), table(["good", "fair", "bad"], ["Bus", "Train"], 90, 18), more
    ).items
    assert labels(first) == labels(second) == ["good", "fair", "bad"]
    assert (said(second), labels_of_rows(second)) == ("B. Rooms", ["Light", "Air"])


def test_headers_that_begin_anew_part_two_tables_side_by_side(tmp_path: Path) -> None:
    names = ["high", "fair", "low"] * 2
    over = words(95, 36, "Importance") + words(142, 36, "Satisfaction")
    first, second = learned(
        tmp_path, words(15, 28, "Please rate:"), over, table(names, ["Price", "Time"], 90, 16)
    ).items
    assert labels(first) == labels(second) == ["high", "fair", "low"]
    assert labels_of_rows(second) == ["Price", "Time"]
    assert [said(first), said(second)] == ["Please rate: Importance", "Please rate: Satisfaction"]


@pytest.mark.parametrize("name", ["blank.png", "blank.jpg", "blank.tif"])
def test_a_picture_file_is_a_blank_too(tmp_path: Path, name: str) -> None:
    drawn = blank(tmp_path, AGE)
    picture = tmp_path / name
    cv2.imwrite(str(picture), render(drawn, 1, 200))
    found = learn(picture, "drawn")
    wanted = learn(drawn, "drawn").boxes
    assert np.allclose(np.array(corners(found.boxes)), np.array(corners(wanted)), atol=0.4)
    assert found.blank.startswith(b"%PDF")


def in_a_row(x_mm: float, y_mm: float, names: list[str], gap_mm: float = 9) -> str:
    """Options that flow along a line: each begins where the one before ends."""
    line = ""
    for name in names:
        line += square(x_mm, y_mm) + words(x_mm + 6, y_mm + 0.6, name)
        x_mm += 6 + 1.9 * len(name) + gap_mm
    return line


def test_options_that_flow_into_a_second_line_are_one_item(tmp_path: Path) -> None:
    first, second = ["none", "secondary school", "vocational"], ["university degree", "other"]
    lines = in_a_row(20, 40, first) + in_a_row(20, 47, second)
    (item,) = learned(tmp_path, words(15, 32, "Which degree do you have?"), lines).items
    assert labels(item) == first + second


def test_boxes_right_behind_labels_of_any_length_are_one_item(tmp_path: Path) -> None:
    names = ["bus", "a train of any kind", "on foot", "with my own car"]
    lines = "".join(
        words(20, 40.6 + 7 * n, name) + square(24 + 1.9 * len(name), 40 + 7 * n)
        for n, name in enumerate(names)
    )
    (item,) = learned(tmp_path, words(15, 32, "How do you travel?"), lines).items
    assert labels(item) == names


def test_yes_and_no_right_behind_their_question_are_one_item_a_line(tmp_path: Path) -> None:
    asked = ["Are you a single parent?", "Can you drive?", "Do you take medicine?"]
    lines = "".join(
        words(18, 40 + 6 * n, text)
        + words(70, 40 + 6 * n, "yes") + square(77, 39.4 + 6 * n)
        + words(88, 40 + 6 * n, "no") + square(94, 39.4 + 6 * n)
        for n, text in enumerate(asked)
    )  # fmt: skip
    found = learned(tmp_path, lines).items
    assert [(said(item), labels(item)) for item in found] == [(text, ["yes", "no"]) for text in asked]


def test_sentences_with_boxes_among_their_words_are_items_of_their_own(tmp_path: Path) -> None:
    lines = [
        words(15, 30.6 + 9 * n, begin) + in_a_row(18 + 2 * len(begin), 30 + 9 * n, names, 5)
        for n, (begin, names) in enumerate(
            [("I am", ["a man", "a woman"]), ("I live", ["alone", "not alone"])]
        )
    ]
    found = learned(tmp_path, *lines).items
    assert [(said(item), labels(item)) for item in found] == [
        ("I am", ["a man", "a woman"]),
        ("I live", ["alone", "not alone"]),
    ]


def test_a_page_in_two_columns_keeps_each_label_in_its_column(tmp_path: Path) -> None:
    """The boxes of the left column stand closer to the labels of the right one than to their own."""

    def column(x_mm: float, wordings: list[str]) -> str:
        return "".join(
            words(x_mm, 30 + 30 * m, wording)
            + "".join(
                words(x_mm, 37.6 + 30 * m + 7 * n, name) + square(x_mm + 80, 37 + 30 * m + 7 * n)
                for n, name in enumerate(["often", "seldom", "never"])
            )
            for m, wording in enumerate(wordings)
        )

    found = learned(
        tmp_path, column(15, ["Do you read?", "Do you sing?"]), column(105, ["Do you cook?", "Do you run?"])
    )
    assert sorted(said(item) for item in found.items) == [
        "Do you cook?", "Do you read?", "Do you run?", "Do you sing?",
    ]  # fmt: skip
    assert all(labels(item) == ["often", "seldom", "never"] for item in found.items)


def test_the_corner_of_a_table_may_ask(tmp_path: Path) -> None:
    remark = words(15, 28, "Thank you for taking part in this survey.")
    corner = words(15, 38, "How often was that") + words(15, 42, "in the last week?")
    (item,) = learned(tmp_path, remark, corner, table(["never", "often"], ["sad", "tired"], 90, 20)).items
    assert (said(item), labels_of_rows(item)) == ("How often was that in the last week?", ["sad", "tired"])


def test_the_label_of_a_row_may_have_its_box_between_two_lines(tmp_path: Path) -> None:
    heads = "".join(words(91 + 20 * n, 36, name) for n, name in enumerate(["yes", "no"]))
    rows = "".join(
        words(15, 43 + 13 * m, "a long statement that goes on")
        + words(15, 47.2 + 13 * m, f"in a second line {m}")
        + square(92, 44.6 + 13 * m, 2.6)
        + square(112, 44.6 + 13 * m, 2.6)
        for m in range(2)
    )
    (item,) = learned(tmp_path, words(15, 28, "Is it true?"), heads, rows).items
    assert labels_of_rows(item) == [f"a long statement that goes on in a second line {m}" for m in range(2)]


def test_a_letter_inside_a_box_is_its_code_where_a_label_stands_behind(tmp_path: Path) -> None:
    coded = "".join(words(21.2, 37.8 + 7 * n, letter, 7) for n, letter in enumerate("ABC"))
    (item,) = learned(
        tmp_path, words(15, 30, "Which is prime?"), coded, options(20, 37, ["21", "the number 29", "33"])
    ).items
    assert labels(item) == ["21", "the number 29", "33"]


def test_squares_that_all_but_touch_are_boxes_and_no_comb(tmp_path: Path) -> None:
    lines = "".join(
        words(20, 40.4 + 4.5 * n, name, 9) + square(120, 40 + 4.5 * n)
        for n, name in enumerate(["bus", "train", "car"])
    )
    (item,) = learned(tmp_path, words(15, 32, "How do you travel?"), lines).items
    assert labels(item) == ["bus", "train", "car"]


@pytest.mark.parametrize("box", ["[ ]", "( )", "[\\_]", "O", "\\_\\_\\_\\_"])
def test_boxes_typed_with_letters_are_found(tmp_path: Path, box: str) -> None:
    names = ["one answer", "two answers", "none"]
    lines = "".join(
        at(20, 40 + 7 * n, f'text(font: "DejaVu Sans Mono", size: 10pt)[{box} {name}]')
        for n, name in enumerate(names)
    )
    found = learned(tmp_path, words(15, 30, "How many do you get?"), lines)
    assert [labels(item) for item in found.items] == [names]
    assert found.boxes["x_mm"].between(19.5, 21).all()


def test_brackets_with_text_between_are_no_boxes(tmp_path: Path) -> None:
    texts = "".join(words(15, 80 + 6 * n, f"Name ______ (see [{n}] or (b))") for n in range(3))
    assert len(learned(tmp_path, AGE, texts).boxes) == 3


def test_a_remark_under_a_label_is_no_wording(tmp_path: Path) -> None:
    """As on a ballot: the party stands under the name."""
    lines = "".join(
        square(20, 40 + 12 * n)
        + at(26.5, 40.6 + 12 * n, f"text(weight: 700)[{name}]")
        + words(26.5, 45 + 12 * n, party)
        for n, (name, party) in enumerate([("Ada", "Blue"), ("Emmy", "Green"), ("Sofja", "Red")])
    )
    (item,) = learned(tmp_path, words(15, 32, "Whom do you choose?"), lines).items
    assert labels(item) == ["Ada", "Emmy", "Sofja"]


def test_the_ends_of_scales_do_not_part_the_rows_of_a_table(tmp_path: Path) -> None:
    rows = "".join(
        words(15, 40.6 + 8 * m, name)
        + words(70, 40.6 + 8 * m, "not at all")
        + "".join(square(90 + 9 * n, 40 + 8 * m) for n in range(5))
        + words(136, 40.6 + 8 * m, "very")
        for m, name in enumerate(["street lighting", "libraries", "parks"])
    )
    (item,) = learned(tmp_path, words(15, 30, "How satisfied are you?"), rows).items
    assert [name.split()[0] for name in labels_of_rows(item)] == ["street", "libraries", "parks"]


def test_a_text_over_the_right_of_two_columns_parts_them_only_where_it_is_the_nearer(tmp_path: Path) -> None:
    row = "".join(
        square(20 + 60 * n, 50) + words(26 + 60 * n, 50.6, name)
        for n, name in enumerate(["own", "rent", "other"])
    )
    found = learned(
        tmp_path,
        words(130, 39, "a remark of the item above"),
        words(15, 44.5, "2. Do you own your home?"),
        row,
    )
    assert [labels(item) for item in found.items] == [["own", "rent", "other"]]


def scale(y_mm: float, wording: str, ends: tuple[str, str]) -> str:
    boxes = "".join(square(100 + 9 * n, y_mm) for n in range(5))
    return (
        words(15, y_mm + 0.6, wording)
        + words(80, y_mm + 0.6, ends[0])
        + boxes
        + words(143, y_mm + 0.6, ends[1])
    )


def test_scales_in_the_same_columns_keep_the_ends_they_name(tmp_path: Path) -> None:
    found = learned(
        tmp_path,
        scale(40, "The room is", ("too cold", "too warm")),
        scale(49, "The lecture is", ("too slow", "too fast")),
    )
    assert [(said(item), labels(item)[0], labels(item)[-1]) for item in found.items] == [
        ("The room is", "too cold", "too warm"),
        ("The lecture is", "too slow", "too fast"),
    ]


def test_rows_of_opposites_do_not_take_the_headers_of_a_table_above(tmp_path: Path) -> None:
    heads = "".join(words(101 + 9 * n, 33, name, 8) for n, name in enumerate(["a", "b", "c", "d", "e"]))
    table = heads + "".join(
        words(60, 40.6 + 8 * m, name) + "".join(square(100 + 9 * n, 40 + 8 * m) for n in range(5))
        for m, name in enumerate(["libraries", "parks"])
    )
    pairs = [("quiet", "loud"), ("clean", "dirty"), ("bright", "dark")]
    opposites = "".join(scale(80 + 8 * m, "", pair) for m, pair in enumerate(pairs))
    upper, lower = learned(
        tmp_path, words(15, 26, "1. How often?"), table, words(15, 70, "2. How is your street?"), opposites
    ).items
    assert labels(upper) == ["a", "b", "c", "d", "e"]
    assert labels_of_rows(lower) == ["quiet – loud", "clean – dirty", "bright – dark"]
    assert labels(lower) == [""] * 5


def test_dont_know_beside_a_scale_is_its_option_and_no_answer(tmp_path: Path) -> None:
    apart = square(172, 40) + words(178, 40.6, "don't know")
    (item,) = learned(tmp_path, scale(40, "The room is", ("too cold", "too warm")), apart).items
    assert labels(item) == ["too cold", "", "", "", "too warm", "don’t know"]
    assert [option.missing for option in item.options] == [False] * 5 + [True]


def test_a_column_for_no_answer_set_apart_belongs_to_its_table(tmp_path: Path) -> None:
    names = ["sehr", "eher", "kaum", "nie"]
    heads = "".join(words(80 + 12 * n, 33, name, 9) for n, name in enumerate(names)) + words(
        153, 33, "k. A.", 9
    )
    rows = "".join(
        words(20, 40.6 + 8 * m, name)
        + "".join(square(81 + 12 * n, 40 + 8 * m) for n in range(4))
        + square(155, 40 + 8 * m)
        for m, name in enumerate(["Büchereien", "Spielplätze", "Bäder"])
    )
    (item,) = learned(tmp_path, words(15, 26, "1. Wie zufrieden sind Sie?"), heads, rows).items
    assert labels(item) == [*names, "k. A."]
    assert labels_of_rows(item) == ["Büchereien", "Spielplätze", "Bäder"]


@pytest.mark.parametrize(
    "hint",
    [
        "(meerdere antwoorden mogelijk)",
        "(plusieurs réponses possibles)",
        "(birden fazla cevap mümkündür)",
        "(możliwych kilka odpowiedzi)",
        "(mai multe răspunsuri posibile)",
        "(возможны несколько ответов)",
        "(можливі кілька відповідей)",
    ],
)
def test_several_answers_are_understood_in_the_languages_of_an_office(tmp_path: Path, hint: str) -> None:
    wording = at(15, 30, f'text(font: "DejaVu Sans Mono", size: 8pt)[1. Abc? {hint}]')
    assert learned(tmp_path, wording, options(20, 37, ["aaa", "bbb"])).items[0].type == "multiple"


def test_square_boxes_mean_one_answer_where_they_ask_yes_or_no_or_dont_know(tmp_path: Path) -> None:
    found = learned(
        tmp_path,
        words(15, 30, "1. How old are you?") + options(20, 37, ["under 30", "older"], circle),
        words(15, 60, "2. Do you own a car?") + options(20, 67, ["yes", "no", "don't know"]),
        words(15, 95, "3. How do you travel?") + options(20, 102, ["by bus", "on foot"]),
    )
    assert [item.type for item in found.items] == ["single"] * 3


def test_a_short_wording_over_the_first_box_of_a_line_parts_the_whole_line(tmp_path: Path) -> None:
    first = "".join(square(20 + 35 * n, 40) + words(26 + 35 * n, 40.6, o) for n, o in enumerate("abc"))
    second = "".join(square(20 + 35 * n, 54) + words(26 + 35 * n, 54.6, o) for n, o in enumerate("xyz"))
    found = learned(tmp_path, words(15, 32, "1. Which?"), first, words(15, 47, "2. When?"), second)
    assert [(said(item), labels(item)) for item in found.items] == [
        ("Which?", ["a", "b", "c"]),
        ("When?", ["x", "y", "z"]),
    ]


def test_a_wording_far_left_of_labels_set_flush_right_parts_them(tmp_path: Path) -> None:
    def lines(y_mm: float, names: list[str]) -> str:
        return "".join(
            at(90, y_mm + 0.6 + 7 * n, f"box(width: 40mm, align(right)[{name}])") + square(132, y_mm + 7 * n)
            for n, name in enumerate(names)
        )

    found = learned(
        tmp_path,
        words(15, 30, "1. Do you rent?") + lines(37, ["yes", "no"]),
        words(15, 53, "2. How do you heat?") + lines(60, ["gas", "oil", "wood"]),
    )
    assert [labels(item) for item in found.items] == [["yes", "no"], ["gas", "oil", "wood"]]


@pytest.mark.parametrize("gap_mm", [35, 100])
def test_a_label_far_right_of_its_box_is_found_where_nothing_stands_nearer(
    tmp_path: Path, gap_mm: float
) -> None:
    names = ["by bus", "by train", "on foot"]
    lines = "".join(
        square(20, 37 + 7 * n) + words(24 + gap_mm, 37.6 + 7 * n, name) for n, name in enumerate(names)
    )
    (item,) = learned(tmp_path, words(15, 30, "1. How do you travel?"), lines).items
    assert labels(item) == names


def test_the_number_hung_left_of_a_wording_names_its_item(tmp_path: Path) -> None:
    lines = "".join(
        at(90, 37.6 + 7 * n, f"box(width: 40mm, align(right)[{name}])") + square(132, 37 + 7 * n)
        for n, name in enumerate(["yes, I rent it from somebody", "no"])
    )
    asked = words(15, 30, "A3.") + words(32, 30, "Do you rent the place where you live and sleep?")
    found = learned(tmp_path, asked, lines)
    assert [(item.id, said(item)) for item in found.items] == [
        ("a3", "Do you rent the place where you live and sleep?")
    ]


def test_a_box_in_the_middle_of_three_lines_is_labelled_by_all_of_them(tmp_path: Path) -> None:
    long = "".join(
        words(26.5, 44.6 + 4 * n, line)
        for n, line in enumerate(["nobody, as my child is old", "enough to stay at home", "all day long"])
    )
    boxes = square(20, 37) + words(26.5, 37.6, "a nursery") + square(20, 48) + long
    (item,) = learned(tmp_path, words(15, 30, "1. Who looks after your child?"), boxes).items
    assert labels(item) == ["a nursery", "nobody, as my child is old enough to stay at home all day long"]


def test_a_scale_with_a_name_at_its_right_end_alone_keeps_its_wording_whole(tmp_path: Path) -> None:
    (item,) = learned(tmp_path, scale(40, "How loud is your street at night?", ("", "very"))).items
    assert (said(item), labels(item)) == ("How loud is your street at night?", ["", "", "", "", "very"])


# Letters of LaTeX ----------------------------------------------------------------------------------------------------

BLOCK = b"600 0 0 0 500 700 d1 0 0 500 700 re f"  # stands for a letter: how it looks is not asked
RING = b"800 0 0 -50 500 550 d1 40 w 480 250 m 480 550 20 550 20 250 c 20 -50 480 -50 480 250 c s"
NAMES_A_RING = (
    b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange "
    b"1 beginbfchar <0d> <20dd> endbfchar endcmap end"
)


def bitmap_font(document: pikepdf.Pdf, codes: bytes, looks: bytes = BLOCK) -> pikepdf.Dictionary:
    """A font as TeX makes one of bitmaps: its letters are named after their codes, and it has no name itself."""
    letters = sorted(set(codes))
    names = pikepdf.Array([one for code in letters for one in (code, pikepdf.Name(f"/a{code}"))])
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type3, FontBBox=[0, -50, 800, 700],
        FontMatrix=[0.001, 0, 0, 0.001, 0, 0], FirstChar=0, LastChar=255, Widths=[600] * 256,
        Encoding=pikepdf.Dictionary(Differences=names), Resources=pikepdf.Dictionary(),
        CharProcs=pikepdf.Dictionary({f"/a{code}": document.make_stream(looks) for code in letters}),
    )  # fmt: skip


def set_by_tex(path: Path, wording: bytes, options: list[bytes], ring: bytes = b"") -> Path:
    """A wording and options under it in codes of T1, with squares drawn before them, or a ring of another font."""
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(595, 842))
        fonts = {"/T": bitmap_font(document, b"".join([wording, *options]))}
        if ring:
            fonts["/R"] = bitmap_font(document, ring, RING)
            fonts["/R"].ToUnicode = document.make_stream(NAMES_A_RING)
        page.obj["/Resources"] = pikepdf.Dictionary(Font=pikepdf.Dictionary(fonts))
        drawn = [f"BT /T 10 Tf 50 722 Td <{wording.hex()}> Tj ET"]
        for n, option in enumerate(options):
            y = 700 - 20 * n
            drawn.append(f"BT /T 10 Tf 80 {y} Td <{option.hex()}> Tj ET")
            drawn.append(f"BT /R 20 Tf 60 {y} Td <{ring.hex()}> Tj ET" if ring else f"60 {y - 2} 11 11 re S")
        page.contents_add("\n".join(drawn).encode())
        document.save(path)
    return path


def test_letters_of_a_nameless_font_are_those_of_tex(tmp_path: Path) -> None:
    """Not of Latin-1, in which 255 is no sharp s, nor 167 a Turkish g."""
    path = set_by_tex(tmp_path / "tex.pdf", b"Wie\x15sagen?", [b"wei\xff", b"de\xa7il", b"gr\xfc\x1cg"])
    (item,) = load(tmp_path, learn(path, "drawn")).items
    assert (said(item), labels(item)) == ("Wie–sagen?", ["weiß", "değil", "grüfig"])


def test_a_font_with_a_unicode_table_says_itself_what_its_letters_are(tmp_path: Path) -> None:
    path = set_by_tex(tmp_path / "tex.pdf", b"Frage?", [b"a\xa7", b"b", b"c"], ring=b"\x0d")
    found = load(tmp_path, learn(path, "drawn"))
    assert labels(found.items[0]) == ["a§", "b", "c"]
    assert np.allclose(corners(found.boxes)[0], (46.6, 21.5), atol=0.5)


def test_a_wording_hangs_behind_its_number(tmp_path: Path) -> None:
    """Its second line, on the line of the second option, is flush with its words and begins no item."""
    wording = words(15, 30, "#box(width: 4.5mm)[*1*]How gladly do you live in our") + words(
        19.5, 34.5, "town?"
    )
    lines = "".join(
        words(80, 30 + 5 * n, one) + square(150, 29.5 + 5 * n)
        for n, one in enumerate(["gladly", "so so", "not"])
    )
    (item,) = learned(tmp_path, wording, lines).items
    assert (said(item), labels(item)) == ("How gladly do you live in our town?", ["gladly", "so so", "not"])


def test_a_number_that_counts_something_begins_no_item(tmp_path: Path) -> None:
    wording = words(15, 28, "1. Haben Sie Kinder?") + words(15, 32.5, "6 yaşından küçük çocuğunuz var mı?")
    (item,) = learned(tmp_path, wording, options(20, 39, ["ja", "nein"])).items
    assert (item.id, said(item)) == ("q1", "Haben Sie Kinder? 6 yaşından küçük çocuğunuz var mı?")


def test_boxes_that_touch_under_each_other_are_no_table(tmp_path: Path) -> None:
    touching = "".join(
        square(20, 37 + 4 * n) + words(26, 37.4 + 4 * n, one)
        for n, one in enumerate(["rice", "bread", "pasta"])
    )
    (item,) = learned(tmp_path, words(15, 30, "1. What do you eat?"), touching).items
    assert labels(item) == ["rice", "bread", "pasta"]


def test_touching_cells_that_nothing_explains_are_told(tmp_path: Path) -> None:
    touching = "".join(square(120, 100 + 4 * n) for n in range(3))
    draft = learn(blank(tmp_path, AGE, touching), "drawn")
    assert "3 touching cells left out" in draft.yaml
    assert len(draft.boxes) == 3


def test_dashed_boxes_are_found(tmp_path: Path) -> None:
    def dashed(x_mm: float, y_mm: float) -> str:
        return at(x_mm, y_mm, 'rect(width: 4mm, height: 4mm, stroke: (thickness: 0.5pt, dash: "dashed"))')

    found = learned(tmp_path, words(15, 30, "1. Which pet?"), options(20, 37, ["cat", "dog"], dashed))
    assert np.allclose(corners(found.boxes), [(37, 20), (44, 20)], atol=0.3)


def test_a_short_leader_is_no_label(tmp_path: Path) -> None:
    lines = "".join(
        words(20, 37 + 7 * n, one) + square(60, 36.5 + 7 * n)
        for n, one in enumerate(["town . . .", "village . ."])
    )
    (item,) = learned(tmp_path, words(15, 30, "1. Where?"), lines).items
    assert labels(item) == ["town", "village"]


def test_a_club_before_a_question_means_several_answers(tmp_path: Path) -> None:
    wording = at(15, 30, 'text(font: "DejaVu Sans Mono", size: 8pt)[Question 2 ♣ Which towns are capitals?]')
    assert learned(tmp_path, wording, options(20, 37, ["Kiel", "Unna"])).items[0].type == "multiple"


@pytest.mark.parametrize("over", ["", "(Fortsetzung)"])
@pytest.mark.parametrize("heads", [True, False])
def test_a_table_that_goes_on_overleaf_is_one_item(tmp_path: Path, over: str, heads: bool) -> None:
    def table(y_mm: float, rows: list[str], named: bool) -> str:
        return "".join(
            words(20, y_mm + 8 * n, row) + "".join(square(90 + 25 * c, y_mm + 8 * n - 0.5) for c in range(3))
            for n, row in enumerate(rows)
        ) + "".join(
            words(88 + 25 * c, y_mm - 7, head) for c, head in enumerate(["good", "fair", "bad"]) if named
        )

    first = words(15, 200, "1. How good are these?") + table(220, ["buses", "trains", "roads"], named=True)
    second = "#pagebreak()\n" + words(20, 15, over) + table(30, ["schools", "parks"], named=heads)
    own = words(15, 60, "2. And how good are these?") + table(80, ["shops", "banks"], named=True)
    found = learned(tmp_path, first, second, own)
    assert [said(item) for item in found.items] == ["How good are these?", "And how good are these?"]
    assert labels_of_rows(found.items[0]) == ["buses", "trains", "roads", "schools", "parks"]
    assert list(found.boxes.loc[found.boxes["page"] == 2, "box"])[:2] == ["q1_4.1", "q1_4.2"]


def test_codes_behind_boxes_are_no_labels_where_these_stand_on_the_left(tmp_path: Path) -> None:
    lines = "".join(
        words(60, 37.6 + 7 * n, name) + square(120, 37 + 7 * n) + words(126, 37.8 + 7 * n, str(n + 1), 7)
        for n, name in enumerate(["always", "at times", "never"])
    )
    (item,) = learned(tmp_path, words(15, 30, "A1 How often do you go by bus?"), lines).items
    assert (said(item), labels(item)) == ("How often do you go by bus?", ["always", "at times", "never"])


def test_the_end_of_a_scale_is_no_wording_of_the_line_under_it(tmp_path: Path) -> None:
    answers = "".join(
        square(100 + 32 * n, 48) + words(106 + 32 * n, 48.6, name)
        for n, name in enumerate(["yes", "no", "perhaps"])
    )
    upper, lower = learned(
        tmp_path,
        scale(40, "1. The room is", ("too cold", "too warm")),
        words(15, 48.6, "2. Would you come again?") + answers,
    ).items
    assert (said(upper), labels(lower)) == ("The room is", ["yes", "no", "perhaps"])


def test_a_number_with_a_dot_left_of_a_wording_begins_it_under_a_heading(tmp_path: Path) -> None:
    rows = "".join(
        square(80 + 30 * (n % 2), 40 + 7 * (n // 2)) + words(86 + 30 * (n % 2), 40.6 + 7 * (n // 2), name)
        for n, name in enumerate(["town", "village", "farm", "elsewhere"])
    )
    heading = words(15, 32, "#strong[1. About you]")
    (item,) = learned(
        tmp_path, heading, words(15, 40.6, "1.1"), words(24, 40.6, "Where you live"), rows
    ).items
    assert (item.id, said(item)) == ("q1_1", "Where you live")


def with_hidden_words(scan: Path, drawn: Path) -> Path:
    """A scan with the text of what was scanned, set invisibly, as programs that read text leave it."""
    with pikepdf.open(scan) as document, pikepdf.open(drawn) as source:
        page, other = document.pages[0], source.pages[0]
        kept = [
            step
            for step in pikepdf.parse_content_stream(other)
            if str(step.operator) in {"q", "Q", "cm", "BT", "ET", "Tf", "Tm", "Td", "TJ", "Tj", "TL", "T*"}
        ]
        hidden = [pikepdf.ContentStreamInstruction([3], pikepdf.Operator("Tr")), *kept]
        page.obj["/Resources"]["/Font"] = document.copy_foreign(
            source.make_indirect(other.obj["/Resources"]["/Font"])
        )
        page.contents_add(b"q", prepend=True)
        page.contents_add(b"Q q " + pikepdf.unparse_content_stream(hidden) + b" Q")
        document.save(scan.with_name("words.pdf"))
    return scan.with_name("words.pdf")


def test_a_scan_with_its_words_is_learned_with_them(tmp_path: Path) -> None:
    drawn = blank(tmp_path, AGE)
    draft = learn(with_hidden_words(photographed(drawn), drawn), "drawn")
    (item,) = load(tmp_path, draft).items
    assert (item.type, labels(item)) == ("single", ["under 25", "25 to 44", "45 or older"])
    assert "to confirm" in draft.yaml and "no words can be read" not in draft.yaml


def test_no_answer_beside_each_of_several_scales_is_an_option_of_each(tmp_path: Path) -> None:
    ends = [("too cold", "too warm"), ("too slow", "too fast"), ("too short", "too long")]
    lines = "".join(
        scale(40 + 9 * n, f"1.{n + 1} It was", pair)
        + square(172, 40 + 9 * n)
        + words(178, 40.6 + 9 * n, "k.A.")
        for n, pair in enumerate(ends)
    )
    found = learned(tmp_path, lines).items
    assert [labels(item) for item in found] == [[low, "", "", "", high, "k.A."] for low, high in ends]
    assert all([option.missing for option in item.options] == [False] * 5 + [True] for item in found)


def test_a_row_that_alone_has_no_answer_beside_it_is_an_item_of_its_own(tmp_path: Path) -> None:
    rows = table(["good", "fair", "bad"], ["Bus", "Train", "Plane"], 80, 18)
    beside = square(160, 57) + words(166, 57.6, "weiss nicht")
    first, second = learned(tmp_path, words(15, 28, "3. How good are these?"), rows, beside).items
    assert labels_of_rows(first) == ["Bus", "Plane"]
    assert (said(second), labels(second)) == (
        "How good are these? Train",
        ["good", "fair", "bad", "weiss nicht"],
    )
    assert [option.missing for option in second.options] == [False] * 3 + [True]


def test_a_corner_over_two_lines_of_headers_is_not_written_in(tmp_path: Path) -> None:
    box = "align(center, rect(width: 4mm, height: 4mm))"
    rows = ", ".join(f"[{name}], {box}, {box}, {box}" for name in ["The bus", "The train"])
    ruled = (
        "table(columns: (50mm, 28mm, 28mm, 28mm), rows: 10mm, table.cell(rowspan: 2)[Service],"
        f" table.cell(colspan: 3)[Your rating], [good], [fair], [bad], {rows})"
    )
    (item,) = learned(tmp_path, words(15, 32, "2. How good are these?"), at(15, 40, ruled)).items
    assert (item.type, labels(item)) == ("matrix", ["good", "fair", "bad"])
    assert labels_of_rows(item) == ["The bus", "The train"]


def test_bubbles_under_a_comb_ask_for_what_is_written_in_it(tmp_path: Path) -> None:
    cells = "".join(
        at(20 + 7 * n, 35, "rect(width: 7mm, height: 8mm, stroke: 0.5pt)")
        + "".join(bubbles(21.5 + 7 * n, 46 + 6 * digit, str(digit)) for digit in range(10))
        for n in range(4)
    )
    written, marked = learned(tmp_path, words(20, 30, "Candidate number"), cells).items
    assert (written.type, marked.type) == ("number", "matrix")
    assert said(written) == said(marked) == "Candidate number"


def test_a_wording_may_be_as_short_as_sex(tmp_path: Path) -> None:
    over = words(15, 22, "Fill in one box in each line. Use a pencil.", 8)
    line = words(15, 36.6, "Sex") + in_a_row(40, 36, ["female", "male", "other"])
    assert said(learned(tmp_path, over, line).items[0]) == "Sex"


def test_a_picture_that_lies_askew_is_learned_as_a_straight_one(tmp_path: Path) -> None:
    """Eleven boxes far apart are one line, two lists side by side two items; boxes lie where the picture has them."""
    numbers = "".join(square(20 + 16 * n, 40) + words(21 + 16 * n, 46, str(n)) for n in range(11))
    lists = words(15, 64, "And where do you live now?") + options(20, 70, ["town", "village", "farm"])
    lists += words(120, 67, "Who lives with you?") + options(125, 73, ["nobody", "children"])
    drawn = blank(tmp_path, words(15, 32, "How do you feel?"), numbers, lists)
    straight = learn(photographed(drawn), "drawn").boxes
    askew = learn(photographed(drawn, 1.0), "drawn").boxes
    assert straight.groupby("item").size().tolist() == [11, 3, 2]
    assert askew[["item", "option"]].equals(straight[["item", "option"]])
    across = straight["x_mm"] + straight["w_mm"] / 2 - 105
    down = straight["y_mm"] + straight["h_mm"] / 2 - 148.5
    turned = down * np.cos(np.radians(1)) - across * np.sin(np.radians(1)) + 148.5
    assert np.allclose(askew["y_mm"] + askew["h_mm"] / 2, turned, atol=0.3)


def test_a_page_that_runs_from_right_to_left_is_learned_in_its_order(tmp_path: Path) -> None:
    """Labels left of their boxes, rows labelled on the right, the first column on the right; 25 stays 25."""

    def right(x_mm: float, y_mm: float, text: str) -> str:
        return at(x_mm - 100, y_mm, f"box(width: 100mm, align(right, text(dir: rtl)[{text}]))")

    answers = ["עד 25 שנים", "יותר (כל השאר)"]
    asked = right(195, 30, "1. בן כמה אתה?") + "".join(
        square(186, 37 + 7 * n) + right(183, 37.6 + 7 * n, answer) for n, answer in enumerate(answers)
    )
    heads = "".join(right(110 - 25 * n, 62, head) for n, head in enumerate(["טוב", "סביר", "רע"]))
    rows = "".join(
        right(195, 70 + 8 * n, row) + "".join(square(105 - 25 * c, 69.5 + 8 * n) for c in range(3))
        for n, row in enumerate(["בית הספר", "האוטובוס"])
    )
    found = learned(tmp_path, asked, right(195, 55, "2. איך זה היה?"), heads, rows)
    age, rating = found.items
    assert (age.id, said(age), labels(age)) == ("q1", "בן כמה אתה?", answers)
    assert (said(rating), labels(rating)) == ("איך זה היה?", ["טוב", "סביר", "רע"])
    assert labels_of_rows(rating) == ["בית הספר", "האוטובוס"]
    first = found.boxes[found.boxes["box"] == "q2_1.1"].iloc[0]
    assert np.allclose([first["x_mm"], first["y_mm"]], [105, 69.5], atol=0.2)


def test_hebrew_beside_english_is_read_from_its_right(tmp_path: Path) -> None:
    answers = ["yes, 25 hours / כן, 25 שעות", "no, not yet / עוד לא", "for 10 years"]
    (item,) = learned(tmp_path, words(15, 30, "Do you work?"), options(20, 37, answers)).items
    assert labels(item) == answers


def test_a_number_in_arabic_digits_names_an_item() -> None:
    assert split_number("٣. ما هو عمرك؟") == ("q3", "ما هو عمرك؟")


def test_a_list_right_beside_a_table_is_no_column_of_it(tmp_path: Path) -> None:
    parts = ["shoulder", "elbow", "hip", "knee"]
    rows = "".join(
        words(20, 40.6 + 7 * n, part) + square(90, 40 + 7 * n) + square(112, 40 + 7 * n)
        for n, part in enumerate(parts)
    )
    heads = words(88, 34, "left") + words(110, 34, "right")
    beside = words(135, 34, "And besides:") + options(137, 40, ["head", "neck", "back"])
    found = learned(tmp_path, words(15, 26, "3. Where does it hurt?"), heads, rows, beside).items
    table, besides = found
    assert (labels(table), labels_of_rows(table)) == (["left", "right"], parts)
    assert (said(besides), labels(besides)) == ("And besides:", ["head", "neck", "back"])


def test_headers_a_blank_apart_are_those_of_their_columns(tmp_path: Path) -> None:
    names = ["niemals", "manchmal", "meistens", "immer"]
    heads = "".join(
        at(80 + 15 * n - 15, 40, f"box(width: 30mm, align(center, text(size: 10pt)[{name}]))")
        for n, name in enumerate(names)
    )
    rows = "".join(
        words(15, 47.6 + 8 * m, row) + "".join(square(78 + 15 * n, 47 + 8 * m) for n in range(4))
        for m, row in enumerate(["Büchereien", "Spielplätze"])
    )
    (item,) = learned(tmp_path, words(15, 32, "Wie zufrieden sind Sie?"), heads, rows).items
    assert labels(item) == names


def test_a_line_with_a_hanging_number_does_not_go_on_from_the_row_over_it(tmp_path: Path) -> None:
    heads = ["good", "fair", "bad"]
    first = (
        words(15, 30, "2.1")
        + words(24, 30, "How good are")
        + "".join(words(90 + 20 * n, 35, head, 8) for n, head in enumerate(heads))
    )
    second = (
        words(15, 50.4, "2.2")
        + words(24, 50.4, "And how important are")
        + "".join(words(90 + 20 * n, 55, head, 8) for n, head in enumerate(heads))
    )
    rows = [("the room", 40), ("the course", 45.2), ("the date", 60), ("the place", 65.2)]
    table = "".join(
        words(24, y_mm, row) + "".join(square(91 + 20 * n, y_mm - 0.6) for n in range(3))
        for row, y_mm in rows
    )
    upper, lower = learned(tmp_path, first, second, table).items
    assert [said(upper), said(lower)] == ["How good are", "And how important are"]
    assert labels_of_rows(upper) + labels_of_rows(lower) == [row for row, _ in rows]
    assert (upper.id, lower.id) == ("q2_1", "q2_2")


def test_text_does_not_go_on_from_one_cell_of_a_ruled_table_in_the_next(tmp_path: Path) -> None:
    box = "align(center, rect(width: 3mm, height: 3mm))"
    rows = ", ".join(f"[{name}], {box}, {box}" for name in ["the roster is known early", "wishes count"])
    ruled = f"table(columns: (36mm, 24mm, 24mm), inset: 1mm, [statement], [agree], [disagree], {rows})"
    (item,) = learned(tmp_path, words(15, 32, "How do you see it?"), at(15, 40, ruled)).items
    assert labels_of_rows(item) == ["the roster is known early", "wishes count"]


def test_a_number_may_hang_beside_the_middle_of_a_wording_in_two_lines(tmp_path: Path) -> None:
    wording = (
        words(15, 42.2, "1.2")
        + words(24, 40, "How did you hear of it?")
        + words(24, 44.4, "(Tick all that apply)")
    )
    answers = "".join(
        square(100 + 40 * (n % 2), 39.5 + 5.6 * (n // 2))
        + words(106 + 40 * (n % 2), 40 + 5.6 * (n // 2), name)
        for n, name in enumerate(["a friend", "the press", "the radio", "a leaflet"])
    )
    (item,) = learned(tmp_path, wording, answers).items
    assert (item.id, said(item)) == ("q1_2", "How did you hear of it? (Tick all that apply)")


def test_a_table_on_the_right_of_another_has_its_rows(tmp_path: Path) -> None:
    rows = ["the pay", "the hours", "the way there"]
    asked = words(60, 30, "How important?") + words(130, 30, "How satisfied?")
    marks = "".join(
        words(15, 43.6 + 8 * m, row)
        + "".join(square(x + 14 * n, 43 + 8 * m) for x in (60, 130) for n in range(3))
        for m, row in enumerate(rows)
    )
    heads = "".join(
        words(x + 14 * n - 1, 37, head, 8)
        for x in (60, 130)
        for n, head in enumerate(["very", "partly", "not"])
    )
    found = learned(tmp_path, asked, heads, marks).items
    assert [(said(item), labels_of_rows(item)) for item in found] == [
        ("How important?", rows),
        ("How satisfied?", rows),
    ]


def test_a_bold_wording_over_a_long_instruction_is_no_heading(tmp_path: Path) -> None:
    """As online survey programs print it: a number in brackets, a star where it must be answered, and how to answer."""
    hint = "Bitte wählen Sie nur eine der folgenden Antworten aus:"
    over = words(15, 30, "#strong[[Q1] Wie wohnen Sie zurzeit? \\*]") + words(15, 35, hint, 9)
    (item,) = learned(tmp_path, over, options(20, 41, ["zur Miete", "im eigenen Haus", "anders"])).items
    assert (item.id, item.type, said(item)) == ("q1", "single", f"Wie wohnen Sie zurzeit? {hint}")


def test_a_box_between_two_languages_is_labelled_in_both(tmp_path: Path) -> None:
    pairs = [("under 25", "עד 25"), ("25 or older", "25 ויותר")]
    lines = "".join(
        words(15, 40.6 + 7 * n, left)
        + square(100, 40 + 7 * n)
        + words(170, 40.6 + 7 * n, f"#text(dir: rtl)[{right}]")
        for n, (left, right) in enumerate(pairs)
    )
    (item,) = learned(
        tmp_path, words(15, 33, "1. How old are you?") + words(165, 33, "בן כמה אתה?"), lines
    ).items
    assert (said(item), labels(item)) == ("How old are you? בן כמה אתה?", [" ".join(pair) for pair in pairs])


def test_items_stand_in_the_order_of_their_numbers_column_by_column(tmp_path: Path) -> None:
    def asked(x_mm: float, y_mm: float, wording: str, names: list[str]) -> str:
        return words(x_mm, y_mm, wording) + options(x_mm + 3, y_mm + 7, names)

    left = asked(15, 30, "1. How old are you?", ["under 40", "over 40"]) + asked(
        15, 80, "2. Who asks?", ["me", "you"]
    )
    right = asked(115, 25, "3. Where do you live?", ["town", "village"]) + asked(
        115, 60, "4. Why?", ["work", "love"]
    )
    frame = words(115, 95, "What else?") + at(115, 100, "rect(width: 80mm, height: 30mm, stroke: 0.5pt)")
    found = learned(tmp_path, left, right, frame).items
    assert [item.id for item in found] == ["q1", "q2", "q3", "q4", "item5"]


def test_lam_and_alef_printed_as_one_sign_are_read_in_their_order() -> None:
    def letter(text: str, order: int) -> Letter:
        return Letter(text, "", 3.5, False, 100.0, 50.0, 1.7, 3.0, 100.0, 101.7, 53.0, order)

    page = PageOutlines((), (), (letter("ا", 1), letter("ل", 2)), False)
    (phrase,) = letters_to_phrases(in_reading_order(page, 210).letters, [])
    assert phrase.text == "لا"


LOW = "#set table(stroke: 0.5pt, inset: 0.8mm)\n"
LOW_BOX = "align(center, rect(width: 2.6mm, height: 2.6mm))"


def test_headers_in_low_cells_under_a_heading_of_several_columns_are_found(tmp_path: Path) -> None:
    """Rows hardly higher than their type: the empty corner is not written in, and the heading labels no column."""
    rows = ", ".join(f"[{name}], {LOW_BOX}, {LOW_BOX}, {LOW_BOX}" for name in ["Monday", "Tuesday", "Friday"])
    ruled = (
        "table(columns: (50mm, 28mm, 28mm, 28mm), rows: 4.2mm, table.cell(rowspan: 2)[],"
        f" table.cell(colspan: 3)[I need it …], [before 7], [after 5], [at night], {rows})"
    )
    (item,) = learned(tmp_path, LOW, words(15, 32, "2. When do you need care?"), at(15, 40, ruled)).items
    assert (item.type, said(item)) == ("matrix", "When do you need care?")
    assert labels(item) == ["before 7", "after 5", "at night"]
    assert labels_of_rows(item) == ["Monday", "Tuesday", "Friday"]


@pytest.mark.parametrize(("second", "named"), [("Bus", "Way: Bus"), ("Car", "Bus")])
def test_a_cell_beside_several_rows_is_their_section(tmp_path: Path, second: str, named: str) -> None:
    """It is no part of a label, unless labels would be the same without it, and parts no table."""
    ruled = (
        "table(columns: (25mm, 45mm, 28mm, 28mm), rows: 8mm, [], [], [good], [bad],"
        f" table.cell(rowspan: 2)[*Way*], [Bus], {LOW_BOX}, {LOW_BOX}, [Train], {LOW_BOX}, {LOW_BOX},"
        f" table.cell(rowspan: 2)[*Home*], [{second}], {LOW_BOX}, {LOW_BOX}, [Garden], {LOW_BOX}, {LOW_BOX})"
    )
    draft = learn(blank(tmp_path, words(15, 32, "2. How good are these?"), at(15, 40, ruled)), "drawn")
    (item,) = load(tmp_path, draft).items
    assert (said(item), labels(item)) == ("How good are these?", ["good", "bad"])
    assert labels_of_rows(item)[0] == named
    assert "# its rows stand in sections: 'Way', 'Home'" in draft.yaml


@pytest.mark.parametrize("route", ["→ weiter mit Frage 7", "(bitte weiter mit 7)", "Go to Q7", "➔ Frage 7"])
def test_where_to_go_on_is_a_comment_and_no_label(tmp_path: Path, route: str) -> None:
    behind = options(20, 37, ["yes", f"no {route}"])
    left = words(15, 60, "2. And you?") + "".join(
        words(20, 67.6 + 7 * n, label) + square(60, 67 + 7 * n) for n, label in enumerate(["yes", "no"])
    )
    away = words(65.5, 74.6, route)
    draft = learn(blank(tmp_path, words(15, 30, "1. Do you work?"), behind, left, away), "drawn")
    assert [labels(item) for item in load(tmp_path, draft).items] == [["yes", "no"], ["yes", "no"]]
    assert draft.yaml.count("routing is left to you") == 2


def test_options_may_run_in_a_sentence_and_go_on_in_its_next_line(tmp_path: Path) -> None:
    first = words(20, 30, "1. My income comes from") + in_a_row(60, 29.4, ["work", "a pension"], 3)
    second = square(20, 36.4) + words(25, 37, "others or") + square(42, 36.4) + words(47, 37, "nobody.")
    third = words(20, 47, "2. I ask for this") + in_a_row(46, 46.4, ["anew /", "again"], 3)
    below = square(20, 53.4) + words(25, 54, "Never")
    income, asked = learned(tmp_path, first, second, third, below).items
    assert (said(income), labels(income)) == (
        "My income comes from",
        ["work", "a pension", "others", "nobody."],
    )
    assert (said(asked), labels(asked)) == ("I ask for this", ["anew", "again", "Never"])


def test_bullets_of_hints_and_icons_before_wordings_are_no_boxes(tmp_path: Path) -> None:
    hints = "".join(
        square(16, 20 + 6 * n, 2) + words(20, 20 + 6 * n, text)
        for n, text in enumerate(["Please bring your passport", "This paper is anonymous."])
    )
    icons = square(15, 36, 3) + words(20, 36, "How old are you?") + options(24, 42, ["under 30", "older"])
    icons += square(15, 60, 3) + words(20, 60, "Do you work?") + options(24, 66, ["yes", "no"])
    draft = learn(blank(tmp_path, hints, icons), "drawn")
    assert [labels(item) for item in load(tmp_path, draft).items] == [["under 30", "older"], ["yes", "no"]]
    assert "2 boxes left out, smaller than the others" in draft.yaml
    assert "2 boxes left out, of another size than the others" in draft.yaml


def test_a_small_box_behind_which_somebody_agrees_is_a_box(tmp_path: Path) -> None:
    agreed = square(16, 70, 2.5) + words(20, 70, "I agree that my answers are kept.")
    assert labels(learned(tmp_path, AGE, agreed).items[-1]) == ["I agree that my answers are kept."]


def test_boxes_beside_larger_cells_for_digits_are_boxes_whatever_their_labels_say(tmp_path: Path) -> None:
    cells = words(15, 22, "1. When were you born?") + "".join(
        at(80 + 7 * n, 20, "rect(width: 6mm, height: 7mm, stroke: 0.5pt)") for n in range(8)
    )
    said = ["The opening hours do not fit.", "There is no place."]
    lines = "".join(square(20, 60 + 8 * n, 3.2) + words(25, 60 + 8 * n, text) for n, text in enumerate(said))
    items = learned(tmp_path, cells, words(15, 50, "2. Why is there no childcare?"), lines).items
    assert labels(items[-1]) == said


def test_a_second_language_in_smaller_type_belongs_to_the_label(tmp_path: Path) -> None:
    pairs = [("less than a year", "bir yıldan az"), ("longer", "daha uzun")]
    lines = "".join(
        square(20, 40 + 11 * n) + words(26.5, 40 + 11 * n, a) + words(26.5, 44.3 + 11 * n, b, 8)
        for n, (a, b) in enumerate(pairs)
    )
    (item,) = learned(tmp_path, words(15, 30, "1. How long?"), words(15, 34, "Ne kadar?", 8), lines).items
    assert labels(item) == [f"{a} {b}" for a, b in pairs]


def test_large_cells_that_do_not_touch_are_a_comb(tmp_path: Path) -> None:
    cells = words(15, 72, "3. How many rooms do you have?") + "".join(
        at(100 + 9 * n, 70, "rect(width: 8mm, height: 7mm, stroke: 0.5pt)") for n in range(2)
    )
    assert [item.type for item in learned(tmp_path, AGE, cells).items] == ["single", "number"]


def with_buttons(drawn: Path, groups: dict[str, list[tuple[float, float]]]) -> Path:
    """Radio buttons of a fillable PDF where boxes of 4 mm are drawn, mm; each group has a name."""
    with pikepdf.open(drawn, allow_overwriting_input=True) as document:
        page, names = document.pages[0], []
        for name, places in groups.items():
            radio = document.make_indirect(
                pikepdf.Dictionary(FT=pikepdf.Name.Btn, Ff=1 << 15, T=name, Kids=[])
            )
            for n, (x, y) in enumerate(places):
                state = pikepdf.Dictionary(
                    {f"/a{n}": document.make_stream(b""), "/Off": document.make_stream(b"")}
                )
                corners_pt = (x, 297 - y - 4, x + 4, 297 - y)
                button = pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, Parent=radio,
                    AP=pikepdf.Dictionary(N=state), Rect=pikepdf.Array([edge * 72 / 25.4 for edge in corners_pt]),
                )  # fmt: skip
                radio.Kids.append(document.make_indirect(button))
            names.append(radio)
        page.obj["/Annots"] = pikepdf.Array([kid for radio in names for kid in radio.Kids])
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(names))
        document.save(drawn)
    return drawn


def test_radio_buttons_in_rows_under_the_same_headers_are_a_matrix(tmp_path: Path) -> None:
    rows = {f"row{r}": [(93 + 20 * c, 42 + 8 * r) for c in range(3)] for r in range(3)}
    (item,) = load(tmp_path, learn(with_buttons(blank(tmp_path, MATRIX), rows), "drawn")).items
    assert (item.type, labels(item)) == ("matrix", ["very", "fairly", "not"])
    assert labels_of_rows(item) == ["the hours", "the way there", "the costs"]


def test_a_wording_may_stand_right_of_its_scale(tmp_path: Path) -> None:
    """Right under a rating with its rows on the right, in the same columns."""
    numbers = "".join(words(61.5 + 10 * n, 38, str(n + 1)) for n in range(5))
    rows = "".join(
        "".join(circle(60 + 10 * n, 44 + 8 * r) for n in range(5)) + words(115, 44.6 + 8 * r, row)
        for r, row in enumerate(["the price", "the hours"])
    )
    light = words(40, 60.6, "too dark") + "".join(circle(60 + 10 * n, 60) for n in range(5))
    light += words(106, 60.6, "too bright") + words(130, 60.6, "3. The light was:")
    rating, scaled = learned(tmp_path, words(15, 30, "2. How good are these?"), numbers, rows, light).items
    assert (labels(rating), labels_of_rows(rating)) == (list("12345"), ["the price", "the hours"])
    assert (scaled.type, said(scaled)) == ("scale", "The light was:")
    assert labels(scaled) == ["too dark", "", "", "", "too bright"]


def test_letters_of_a_grey_title_in_a_picture_are_no_boxes(tmp_path: Path) -> None:
    title = at(20, 12, "text(size: 16pt, fill: luma(45%))[OOO COOL BOOK DOOR noon bood]")
    draft = learn(photographed(blank(tmp_path, title, AGE)), "drawn")
    assert len(draft.boxes) == 3


def test_an_example_filled_in_print_is_told_in_a_picture(tmp_path: Path) -> None:
    """Smaller circles in a ruled frame, some filled: none of its block is asked."""
    cells = ["circle(radius: 1.2mm, stroke: 0.5pt)", "circle(radius: 1mm, fill: black)"]
    ruled = ", ".join(
        f"align(center + horizon, {cells[row == column]})" for row in range(4) for column in range(4)
    )
    example = at(100, 90, f"table(columns: (6mm,) * 4, rows: 6mm, inset: 0pt, {ruled})")
    draft = learn(photographed(blank(tmp_path, AGE, example)), "drawn")
    assert np.allclose(corners(draft.boxes), [(37, 20), (44, 20), (51, 20)], atol=0.3)


def test_rows_may_ask_and_their_columns_stand_far_apart(tmp_path: Path) -> None:
    """Labels of several lines that end in a question mark; the corner goes on in a second line."""
    asked = ["May your child go home without you?", "Has your child any allergies that we should know of?"]
    rows = ", ".join(f"[{n}.], [{row}], {LOW_BOX}, {LOW_BOX}" for n, row in enumerate(asked, start=1))
    heads = "[No.], [Please answer these questions of ours:], [Yes], [No]"
    ruled = f"table(columns: (20mm, 36mm, 50mm, 50mm), {heads}, {rows})"
    (item,) = learned(tmp_path, LOW, at(15, 40, ruled)).items
    assert (item.type, labels(item), labels_of_rows(item)) == ("matrix", ["Yes", "No"], asked)
    assert said(item) == "Please answer these questions of ours:"


def test_a_question_in_two_lines_with_its_boxes_between_them_is_one_label(tmp_path: Path) -> None:
    heads = "".join(words(120 + 20 * n, 36, name) for n, name in enumerate(["very", "little", "not"]))
    rows = "".join(
        words(15, 44 + 16 * r, "… that you can choose when you begin")
        + words(15, 48 + 16 * r, "and when you leave your work?" if r else "and when you end?")
        + "".join(square(121 + 20 * c, 45.2 + 16 * r) for c in range(3))
        for r in range(2)
    )
    (item,) = learned(tmp_path, words(15, 30, "B2 How important is it to you"), heads, rows).items
    assert [row.endswith("?") for row in labels_of_rows(item)] == [True, True]


def test_a_line_that_explains_numbers_is_no_numbered_wording(tmp_path: Path) -> None:
    rated = table(["1", "2", "3"], ["Bus", "Train"], 80, 18)
    item = learned(
        tmp_path, words(15, 24, "B1 How good are these?"), words(15, 29, "1 = good, 3 = bad"), rated
    ).items[0]
    assert (item.id, said(item)) == ("b1", "How good are these? 1 = good, 3 = bad")


def test_numbers_before_the_boxes_of_a_scale_label_them(tmp_path: Path) -> None:
    boxes = "".join(words(54 + 18 * n, 40.6, str(n + 1)) + square(57 + 18 * n, 40) for n in range(5))
    ends = words(15, 40.6, "not likely") + words(142, 40.6, "very likely")
    (item,) = learned(tmp_path, words(15, 30, "3. Would you come again?"), ends, boxes).items
    assert labels(item) == ["1", "2", "3", "4", "5"]


def test_labels_stand_left_of_their_boxes_where_the_last_has_none_on_its_right(tmp_path: Path) -> None:
    pairs = "".join(
        words(20, 40.6 + 7 * n, a)
        + square(90, 40 + 7 * n)
        + words(98, 40.6 + 7 * n, b)
        + square(180, 40 + 7 * n)
        for n, (a, b) in enumerate([("family", "neighbours"), ("volunteers", "nobody")])
    )
    (item,) = learned(tmp_path, words(15, 30, "4. Who helps you?"), pairs).items
    assert labels(item) == ["family", "neighbours", "volunteers", "nobody"]


def test_columns_headed_by_pictures_are_said_to_be_so(tmp_path: Path) -> None:
    faces = "".join(at(88 + 25 * c, 38, "circle(radius: 6mm, fill: yellow)") for c in range(3))
    rows = "".join(
        words(15, 56.6 + 9 * r, row) + "".join(square(92 + 25 * c, 56 + 9 * r) for c in range(3))
        for r, row in enumerate(["school", "the bus"])
    )
    draft = learn(blank(tmp_path, words(15, 32, "1. How do you like these?"), faces, rows), "drawn")
    (item,) = load(tmp_path, draft).items
    assert (item.type, said(item)) == ("grid", "How do you like these?")
    assert "# no words stand over its columns: pictures?" in draft.yaml


def test_a_headed_column_apart_from_scales_with_ends_of_their_own_is_no_answer_of_each(
    tmp_path: Path,
) -> None:
    ends = [("very short", "very long"), ("helpful", "useless"), ("clear", "unclear")]
    lines = "".join(
        words(15, 40.6 + 9 * n, f"2.{n + 1} It was")
        + words(78 - 1.7 * len(low), 40.6 + 9 * n, low)
        + "".join(square(80 + 8 * c, 40 + 9 * n) for c in range(5))
        + words(119, 40.6 + 9 * n, high)
        + square(160, 40 + 9 * n)
        for n, (low, high) in enumerate(ends)
    )
    heads = words(158, 31, "don’t", 8) + words(157, 34.4, "know", 8)
    found = learned(tmp_path, heads, lines).items
    assert [labels(item) for item in found] == [[low, "", "", "", high, "don’t know"] for low, high in ends]
    assert [said(item) for item in found] == ["It was"] * 3


def test_labels_over_boxes_are_no_wording_of_a_list_further_down(tmp_path: Path) -> None:
    heads = "".join(words(30 + 40 * n, 36, name) for n, name in enumerate(["swum", "sunbathed", "played"]))
    boxes = "".join(square(31 + 40 * n, 41) for n in range(3))
    line = words(15, 50.6, "4. Will you come again?") + in_a_row(62, 50, ["yes", "perhaps or", "no"], 4)
    done, again = learned(tmp_path, words(15, 30, "3. What did you do today?"), heads, boxes, line).items
    assert labels(done) == ["swum", "sunbathed", "played"]
    assert (said(again), labels(again)) == ("Will you come again?", ["yes", "perhaps", "no"])


@pytest.mark.parametrize(("blank_after", "text"), [(False, "Hausaufgaben"), (True, "Hausaufgab en")])
def test_a_word_parted_without_a_hyphen_is_one_word_where_it_fills_its_cell(
    blank_after: bool, text: str
) -> None:
    cell = Outline("cell", 20, 40, 20, 12)
    upper = Phrase("Hausaufgab", 21, 38.5, 41, 44, 3.5, False, cell=cell, blank_after=blank_after)
    lower = Phrase("en", 21, 25, 45, 48, 3.5, False, cell=cell)
    assert join([upper, lower]) == text


def test_what_stands_alone_in_a_cell_over_several_columns_heads_none_of_them(tmp_path: Path) -> None:
    poles = "table.cell(colspan: 2)[rather good], table.cell(colspan: 2, align(right)[rather bad])"
    heads = f"[], [1], [2], [3], [4], [], {poles}"
    rows = ", ".join(f"[{name}], {', '.join([LOW_BOX] * 4)}" for name in ["Prices", "Hours"])
    ruled = f"table(columns: (40mm, 20mm, 20mm, 20mm, 20mm), rows: 6mm, {heads}, {rows})"
    (item,) = learned(tmp_path, LOW, words(15, 32, "1. Which marks do you give?"), at(15, 40, ruled)).items
    assert (labels(item), labels_of_rows(item)) == (list("1234"), ["Prices", "Hours"])


def test_options_at_wide_tab_stops_belong_to_the_wording_over_their_line(tmp_path: Path) -> None:
    def stops(y_mm: float, names: list[str]) -> str:
        return "".join(
            square(20 + 57 * n, y_mm) + words(26 + 57 * n, y_mm + 0.6, name) for n, name in enumerate(names)
        )

    clubs = (
        words(15, 30, "2. Which do you use?") + stops(37, ["gym", "ball", "tennis"]) + stops(43, ["walks"])
    )
    ages = (
        words(15, 52, "3. How old are you?")
        + stops(58, ["under 18", "18 to 40", "41 to 65"])
        + stops(64, ["older"])
    )
    assert [len(labels(item)) for item in learned(tmp_path, clubs, ages).items] == [4, 4]


def test_a_row_of_a_ruled_table_begins_an_item_though_its_wording_does_not_ask(tmp_path: Path) -> None:
    def listed(names: list[str]) -> str:
        return " ".join(f"#box(rect(width: 3mm, height: 3mm)) {name} #h(6mm)" for name in names)

    rows = [
        ("How booked", ["online", "by phone"], ["at the desk", "not at all"]),
        ("Sex", ["female", "male"], []),
    ]
    cells = ", ".join(
        f"[{asked}], [{' #linebreak() '.join(listed(line) for line in lines if line)}]"
        for asked, *lines in rows
    )
    found = learned(tmp_path, AGE, at(15, 80, f"table(columns: (40mm, 100mm), inset: 1.5mm, {cells})")).items
    assert [labels(item) for item in found[1:]] == [
        ["online", "by phone", "at the desk", "not at all"],
        ["female", "male"],
    ]
    assert [said(item) for item in found[1:]] == ["How booked", "Sex"]


def test_words_under_the_ends_of_a_row_label_a_scale_and_not_the_next_one(tmp_path: Path) -> None:
    rows = "".join(
        words(15, 30 + 24 * r, f"{r + 1}. How {what} is it here?")
        + "".join(circle(30 + 20 * n, 36 + 24 * r) for n in range(5))
        + words(29, 42 + 24 * r, low, 8)
        + words(109, 42 + 24 * r, "very", 8)
        for r, (what, low) in enumerate([("safe", "not"), ("nice", "little")])
    )
    found = learned(tmp_path, rows).items
    assert [(item.type, labels(item)) for item in found] == [
        ("scale", [low, "", "", "", "very"]) for low in ["not", "little"]
    ]
