"""What is learned where other programs print boxes, numbers and tables in ways of their own."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pikepdf
import pytest
from test_learn import (
    AGE,
    at,
    blank,
    circle,
    corners,
    labels,
    labels_of_rows,
    learned,
    load,
    options,
    said,
    square,
    with_buttons,
    words,
)

from survey.doors.pdf import render
from survey.doors.pdf_print import Letter
from survey.learn import learn
from survey.learn.printed.outlines import Outline
from survey.learn.printed.spacing import letter_spacing
from survey.learn.printed.wording import SEVERAL, Phrase, join

RING = b"1000 0 0 0 800 800 d1 60 w 80 80 640 640 re s"  # the letter A of a font: an empty square


ARC = (
    b"400 620 m 522 620 620 522 620 400 c 620 278 522 180 400 180 c "
    b"278 180 180 278 180 400 c 180 522 278 620 400 620 c s "
)
STEM = b"1000 0 0 0 800 800 d1 50 w " + ARC + b"620 180 m 620 620 l S"  # … an a that is a ring with a stem


def with_letters(path: Path, places_pt: list[tuple[float, float]], looks: bytes = RING) -> Path:
    """A page on which a nameless font's letter A, 12 pt, prints what it looks like at places from the lower left."""
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        name, array, dictionary = pikepdf.Name, pikepdf.Array, pikepdf.Dictionary
        font = dictionary(
            Type=name.Font,
            Subtype=name.Type3,
            FontBBox=array([0, 0, 1000, 800]),
            FontMatrix=array([0.001, 0, 0, 0.001, 0, 0]),
            CharProcs=dictionary(one=document.make_stream(looks)),
            Encoding=dictionary(Type=name.Encoding, Differences=array([65, name.one])),
            FirstChar=65,
            LastChar=65,
            Widths=array([1000]),
            Resources=dictionary(),
        )
        page = document.pages[0]
        page.Resources.Font["/Boxes"] = document.make_indirect(font)
        drawn = b"".join(b"BT /Boxes 12 Tf %f %f Td (A) Tj ET " % place for place in places_pt)
        page.contents_add(document.make_stream(drawn))
        document.save(path)
    return path


def test_a_letter_that_prints_an_empty_frame_is_a_box_whatever_its_code(tmp_path: Path) -> None:
    names = ["under 25", "A to Z", "45 or older"]
    lines = "".join(words(28, 41 + 8 * n, name) for n, name in enumerate(names))
    path = blank(tmp_path, words(15, 32, "How old are you?"), lines)
    places = [(57.0, 841.89 - (44.2 + 8 * n) * 72 / 25.4) for n in range(3)]
    draft = learn(with_letters(path, places), "drawn")
    assert labels(load(tmp_path, draft).items[0]) == names
    assert draft.boxes["w_mm"].to_list() == pytest.approx([2.9] * 3, abs=0.2)


def test_a_ring_with_a_stem_is_a_letter(tmp_path: Path) -> None:
    names = words(26, 117, "one") + words(26, 152, "two")
    path = with_letters(blank(tmp_path, AGE, names), [(57.0, 500.0), (57.0, 400.0)], STEM)
    assert len(learn(path, "drawn").boxes) == 3


def test_a_number_in_a_filled_square_begins_the_wording_on_its_right(tmp_path: Path) -> None:
    def tag(x_mm: float, y_mm: float, number: int) -> str:
        inner = f"align(center + horizon, text(fill: white)[{number}])"
        return at(x_mm, y_mm, f"rect(width: 5mm, height: 5mm, fill: black, {inner})")

    parts = [
        tag(15, 29.5 + 30 * n, n + 3)
        + words(23, 30 + 30 * n, "Are you well?")
        + options(24, 37 + 30 * n, ["yes", "no"])
        for n in range(2)
    ]
    found = learned(tmp_path, *parts)
    assert [(item.id, said(item)) for item in found.items] == [
        ("q3", "Are you well?"),
        ("q4", "Are you well?"),
    ]
    assert len(found.boxes) == 4


def test_what_is_drawn_aside_in_a_field_is_no_box_of_its_own(tmp_path: Path) -> None:
    """As some programs draw radio buttons: a ring on the page, and another one, smaller and off its middle."""
    rings = "".join(
        circle(20, 37 + 9 * n) + at(20, 38.5 + 9 * n, "circle(radius: 1.25mm, stroke: 0.5pt)")
        for n in range(2)
    )
    names = "".join(words(26.5, 37.6 + 9 * n, name) for n, name in enumerate(["yes", "no"]))
    drawn = blank(tmp_path, words(15, 30, "Do you agree?"), rings, names)
    path = with_buttons(drawn, {"agree": [(20, 37), (20, 46)]})
    found = load(tmp_path, learn(path, "drawn"))
    assert np.allclose(corners(found.boxes), [(37, 20), (46, 20)], atol=0.2)


def test_words_beside_a_scale_with_numbers_over_its_boxes_name_its_ends(tmp_path: Path) -> None:
    wording = words(15, 30, "3. How satisfied are you with your life?")
    boxes = "".join(words(61 + 8 * n, 37, str(n)) + square(60 + 8 * n, 42) for n in range(8))
    ends = words(38, 40.6, "not at all") + words(38, 44.6, "satisfied") + words(122, 42.6, "very")
    draft = learn(blank(tmp_path, wording, boxes, ends), "drawn")
    (item,) = load(tmp_path, draft).items
    assert (said(item), labels(item)) == (
        "How satisfied are you with your life?",
        [str(n) for n in range(8)],
    )
    assert "its ends are called 'not at all satisfied' and 'very'" in draft.yaml


def test_codes_between_the_dots_behind_labels_and_their_boxes_are_no_part_of_the_labels(
    tmp_path: Path,
) -> None:
    names = ["housing benefit", "child benefit", "none of these"]
    lines = "".join(
        at(20, 40.6 + 7 * n, f"box(width: 60mm)[{name} #box(width: 1fr, repeat[.#h(2pt)])]")
        + words(81, 41.2 + 7 * n, str(n + 1), 7)
        + square(84, 40 + 7 * n)
        for n, name in enumerate(names)
    )
    (item,) = learned(tmp_path, words(15, 32, "Which of these do you receive?"), lines).items
    assert labels(item) == names


def test_headings_of_one_kind_part_the_rows_of_a_table_and_not_the_table(tmp_path: Path) -> None:
    def heading(y_mm: float, text: str) -> str:
        return at(20, y_mm, f'text(weight: "bold")[{text}]')

    def row(y_mm: float, name: str) -> str:
        return words(20, y_mm + 0.6, name) + "".join(square(92 + 22 * n, y_mm) for n in range(3))

    heads = "".join(words(90 + 22 * n, 37, name) for n, name in enumerate(["great", "some", "none"]))
    rows = [heading(43, "At large"), row(48, "the economy"), row(54, "the climate")]
    rows += [heading(61, "At home"), row(66, "your health"), row(72, "your income")]
    draft = learn(blank(tmp_path, words(15, 30, "4. How worried are you?"), heads, *rows), "drawn")
    (item,) = load(tmp_path, draft).items
    assert (said(item), labels(item)) == ("How worried are you?", ["great", "some", "none"])
    assert labels_of_rows(item) == ["the economy", "the climate", "your health", "your income"]
    assert "'At large', 'At home'" in draft.yaml


PAGE_OF_SPACED = "#set text(tracking: 2pt)\n"
WIDE = "table(columns: (30mm, 22mm, 22mm, 22mm), rows: 7mm, stroke: 0.5pt, inset: 1mm, "


@pytest.mark.parametrize(
    ("wording", "heads", "boxes"),
    [
        ("1. Please tick the hours you need.", ["7 to 8", "8 to 12", "after 12"], 6),
        ("1. How often do you come?", ["never", "sometimes", "often"], 6),
        ("1. Who lives with you?", ["name", "age", "school"], 0),
    ],
)
def test_wide_cells_are_marked_where_the_text_says_so_or_their_headers_are_answers(
    tmp_path: Path, wording: str, heads: list[str], boxes: int
) -> None:
    cells = ", ".join(f"[{text}]" for text in ["", *heads, "Monday", "", "", "", "Friday", "", "", ""])
    age = words(15, 70, "2. How old are you?") + options(20, 77, ["under 25", "25 or older"])
    found = learned(tmp_path, words(15, 32, wording), at(15, 40, f"{WIDE}{cells})"), age)
    marked = [item for item in found.items if item.type in {"matrix", "grid"}]
    assert sum(len(found.boxes[found.boxes["item"].str.startswith(item.id)]) for item in marked) == boxes


@pytest.mark.parametrize(
    ("wording", "several"),
    [
        ("Wenn eine oder mehrere dieser Beschwerden zutreffen, wie schwer fällt es Ihnen?", False),
        ("If you checked one or more of these problems, how hard is it to work?", False),
        ("Bitte wählen Sie eine oder mehrere Antworten.", True),
        ("Select one or more.", True),
    ],
)
def test_one_or_more_means_several_answers_only_where_it_is_said_of_answers(
    wording: str, several: bool
) -> None:
    assert bool(SEVERAL.search(wording)) is several


def test_a_line_in_the_middle_of_its_cell_fills_it_only_if_it_is_the_longest() -> None:
    cell = Outline("cell", 20, 40, 20, 12)

    def line(text: str, wide_mm: float, y_mm: float, known: bool = False) -> Phrase:
        left = 30 - wide_mm / 2
        return Phrase(
            text, left, left + wide_mm, y_mm, y_mm + 3, 3.5, False, (), -1, cell, False, begins_word=known
        )

    short = [line("trifft", 7, 41), line("überwiegend", 17.5, 45)]
    assert join(short) == "trifft überwiegend"
    assert join([line("überhaupt", 17, 41), line("nicht", 7, 45, known=True)]) == "überhaupt nicht"
    assert join([line("Hausaufgab", 17, 41), line("en", 3, 45)]) == "Hausaufgaben"


def test_words_of_spaced_type_stay_words(tmp_path: Path) -> None:
    names = ["yes", "no", "I would rather not say"]
    spaced = PAGE_OF_SPACED + options(20, 37, names) + words(15, 30, "2. Do you live alone?")
    (item,) = learned(tmp_path, spaced).items
    assert (said(item), labels(item)) == ("Do you live alone?", names)


def test_letters_that_head_columns_are_no_spaced_type() -> None:
    def letter(text: str, place: int, step_mm: float) -> Letter:
        left = 20 + step_mm * place
        return Letter(text, "Sans", 3.5, False, left, 40, 2, 2.5, left, left + 2, 42.5, 2 * place)

    columns = [letter(text, n, 3.2) for n, text in enumerate("abcdef")]
    spaced = [letter(text, n, 3.2) for n, text in enumerate("spaced")]
    assert letter_spacing([columns]) == {}
    assert set(letter_spacing([spaced])) == set(spaced)


def test_an_image_of_an_empty_frame_is_a_box_and_one_of_a_face_is_none(tmp_path: Path) -> None:
    face = np.full((60, 60), 255, np.uint8)
    cv2.circle(face, (30, 30), 26, 0, 3)
    frame = cv2.rectangle(np.full((60, 60), 255, np.uint8), (3, 3), (56, 56), 0, 3)
    for eye in (22, 38):
        cv2.circle(face, (eye, 24), 2, 0, -1)
    drawn = blank(tmp_path, words(15, 30, "Do you agree?"), words(28, 40, "yes"), words(28, 48, "no"))
    with pikepdf.open(drawn, allow_overwriting_input=True) as document:
        page = document.pages[0]
        for n, (picture, y) in enumerate([(frame, 39.5), (frame, 47.5), (face, 60.0)]):
            image = document.make_stream(picture.tobytes())
            entries = {"Type": "XObject", "Subtype": "Image", "ColorSpace": "DeviceGray"}
            for key, value in entries.items():
                image[f"/{key}"] = pikepdf.Name(f"/{value}")
            image["/Width"], image["/Height"], image["/BitsPerComponent"] = 60, 60, 8
            page.add_resource(image, pikepdf.Name.XObject, pikepdf.Name(f"/I{n}"))
            x_pt, y_pt, side_pt = 20 * 72 / 25.4, 841.89 - (y + 4) * 72 / 25.4, 4 * 72 / 25.4
            page.contents_add(f"q {side_pt} 0 0 {side_pt} {x_pt} {y_pt} cm /I{n} Do Q".encode())
        document.save(drawn)
    found = load(tmp_path, learn(drawn, "drawn"))
    assert np.allclose(corners(found.boxes), [(39.6, 20.2), (47.6, 20.2)], atol=0.3)
    assert labels(found.items[0]) == ["yes", "no"]


def test_rows_that_end_in_question_marks_make_no_column_of_the_page(tmp_path: Path) -> None:
    """Two columns of wordings; in the right one stands a table whose rows ask, flush further right."""
    left = "".join(
        words(15, 30 + 30 * n, f"{n + 1}. Are you well?") + options(20, 37 + 30 * n, ["yes", "no"])
        for n in range(4)
    )
    right = words(110, 30, "5. Is it far?") + options(115, 37, ["near", "far"])
    heads = words(110, 80, "6. How well can you do this?")
    heads += words(150, 89, "well") + words(170, 89, "badly")
    rows = "".join(
        words(118, 95.6 + 7 * n, f"{name} it?") + square(152, 95 + 7 * n) + square(172, 95 + 7 * n)
        for n, name in enumerate(["speak", "read", "write"])
    )
    found = learned(tmp_path, left, right, heads, rows).items
    assert [said(item) for item in found] == [
        *["Are you well?"] * 4,
        "Is it far?",
        "How well can you do this?",
    ]


def test_rows_with_numbers_and_ends_of_their_own_are_items_with_their_no_answer(tmp_path: Path) -> None:
    """As course evaluations have them, under a list whose last option stands over the column of "k. A."."""
    list_above = words(15, 30, "1.3 Warum kommen Sie?") + "".join(
        square(x, 29.5) + words(x + 6, 30, name)
        for x, name in ((110, "Pflicht"), (140, "Lust"), (168, "Not"))
    )
    title = at(15, 37, 'text(weight: "bold", size: 11pt)[2. Dozentin]')
    rows = "".join(
        words(15, 45 + 7 * n, f"2.{n + 1} {wording}")
        + words(96, 45 + 7 * n, "gern")
        + "".join(square(110 + 8 * m, 44.4 + 7 * n) for m in range(5))
        + words(150, 45 + 7 * n, "ungern")
        + square(172, 44.4 + 7 * n)
        + words(178, 45 + 7 * n, "k. A.")
        for n, wording in enumerate(["Sie ist gut vorbereitet.", "Sie geht auf Fragen ein."])
    )
    found = learned(tmp_path, list_above, title, rows).items
    assert [(item.id, len(labels(item))) for item in found] == [("q1_3", 3), ("q2_1", 6), ("q2_2", 6)]
    assert labels(found[1]) == ["gern", "", "", "", "ungern", "k. A."]


def test_a_wording_may_stand_on_the_line_of_the_headers_of_a_single_row(tmp_path: Path) -> None:
    title = at(15, 24, 'text(weight: "bold")[4. Your work]')
    line = words(15, 32.5, "4.1 How many hours do you work?")
    boxes = "".join(
        words(101 + 12 * n, 32, name) + square(100 + 12 * n, 37)
        for n, name in enumerate(["0", "1", "2", "more"])
    )
    (item,) = learned(tmp_path, title, line, boxes).items
    assert (said(item), labels(item)) == ("How many hours do you work?", ["0", "1", "2", "more"])


def test_all_text_of_the_cell_beside_a_box_is_its_label(tmp_path: Path) -> None:
    """As on ballots: a name in bold, and under it, smaller, what the candidate stands for."""
    names = [("Ada", "Greens"), ("Emmy", "none"), ("Sofja", "Liberals")]
    cells = ", ".join(
        f"[#box(ellipse(width: 5mm, height: 3mm))], [*{name}* \\ #text(size: 8pt)[{party}]]"
        for name, party in names
    )
    ruled = f"table(columns: (10mm, 80mm), rows: 11mm, stroke: 0.5pt, align: horizon, {cells})"
    ages = words(15, 90, "How old are you?") + options(20, 97, [f"{n}0 to {n}9" for n in range(2, 8)])
    item, _ = learned(tmp_path, words(15, 30, "Vote for ONE"), at(15, 38, ruled), ages).items
    assert labels(item) == [f"{name} {party}" for name, party in names]


def test_a_box_with_a_typed_cross_is_an_example(tmp_path: Path) -> None:
    line = words(15, 22, "Cross one box with a blue pen.") + square(70, 21.6)
    line += words(71, 22.2, "*X*") + words(77, 22, "Do not worry about mistakes.")
    assert len(learned(tmp_path, line, AGE).boxes) == 3


def test_words_over_the_ends_of_a_numbered_scale_are_no_part_of_its_wording(tmp_path: Path) -> None:
    numbers = "".join(words(21 + 9 * n, 41, str(n)) + square(20 + 9 * n, 46) for n in range(8))
    ends = words(20, 36.5, "very poor", 8) + at(
        20, 36.5, "box(width: 67mm, align(right, text(8pt)[very good]))"
    )
    draft = learn(blank(tmp_path, words(15, 30, "6. How was your stay?"), ends, numbers), "drawn")
    (item,) = load(tmp_path, draft).items
    assert (said(item), labels(item)) == ("How was your stay?", [str(n) for n in range(8)])
    assert "its ends are called 'very poor' and 'very good'" in draft.yaml


def test_a_wording_in_bold_goes_on_in_a_line_that_ends_in_plain_type(tmp_path: Path) -> None:
    wording = (
        "*8. Do you have any of the following conditions or illnesses that have lasted \\ or are expected to last "
        "for \\ 12 months or more?* _Please think of all of them, also of those long ago._"
    )
    text = at(15, 26, f"box(width: 120mm)[{wording}]")
    (item,) = learned(tmp_path, text, options(20, 42, ["asthma", "none"])).items
    assert said(item).startswith("Do you have any of") and said(item).endswith("long ago.")


def test_numbers_inside_boxes_under_words_are_codes(tmp_path: Path) -> None:
    heads = "".join(words(58 + 25 * n, 37, name) for n, name in enumerate(["much", "some", "none"]))
    rows = "".join(
        words(20, 44.6 + 8 * m, row)
        + "".join(
            square(60 + 25 * n, 44 + 8 * m) + words(60.4 + 25 * n, 44.4 + 8 * m, str(n + 1), 5)
            for n in range(3)
        )
        for m, row in enumerate(["the courts", "the police"])
    )
    (item,) = learned(tmp_path, words(15, 30, "4. How much do you trust …"), heads, rows).items
    assert (labels(item), labels_of_rows(item)) == (["much", "some", "none"], ["the courts", "the police"])


def test_an_image_under_the_print_of_a_page_is_not_the_page(tmp_path: Path) -> None:
    tint = "place(image(bytes((255, 250, 250, 255, 250, 245, 250, 250, 250, 250, 245, 255)), "
    tint += 'format: (encoding: "rgb8", width: 2, height: 2), width: 210mm, height: 297mm))'
    more = words(15, 80, "2. Why did you come?") + options(20, 87, ["by chance", "for work", "other"])
    draft = learn(blank(tmp_path, f"#{tint}\n", AGE, more), "drawn")
    assert len(draft.boxes) == 6 and "a picture" not in draft.yaml


def test_a_remark_that_hangs_under_its_wording_parts_no_options_on_one_line(tmp_path: Path) -> None:
    wording = words(15, 30, "8.") + words(24.5, 30, "Do you have children?")
    wording += words(24.5, 33.4, "Please tick one box only.", 8)
    line = square(15, 40) + words(20.4, 40.6, "ja") + square(36, 40) + words(41.4, 40.6, "nein")
    (item,) = learned(tmp_path, wording, line).items
    assert labels(item) == ["ja", "nein"]


def test_the_second_line_of_a_row_label_may_end_in_a_question_mark(tmp_path: Path) -> None:
    heads = "".join(words(58 + 25 * n, 37, name) for n, name in enumerate(["daily", "never"]))
    rows = "".join(
        words(20, 43 + 12 * m, "order food")
        + words(20, 47 + 12 * m, f"{what}?")
        + square(60, 42.4 + 12 * m)
        + square(85, 42.4 + 12 * m)
        for m, what in enumerate(["online", "by phone"])
    )
    (item,) = learned(tmp_path, words(15, 30, "2. How often do you …"), heads, rows).items
    assert labels_of_rows(item) == ["order food online?", "order food by phone?"]


def test_a_word_that_is_spelt_with_a_hyphen_keeps_it() -> None:
    def lines(*texts: str) -> list[Phrase]:
        return [Phrase(text, 20, 50, 40 + 4 * n, 43 + 4 * n, 3.5, False) for n, text in enumerate(texts)]

    assert join(lines("employed part-", "time")) == "employed part-time"
    assert join(lines("in Aus-", "bildung")) == "in Ausbildung"


def test_leftovers_of_xfa_are_no_matter_of_the_person_who_learns(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = with_buttons(blank(tmp_path, AGE), {"age": [(20, 37), (20, 44), (20, 51)]})
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.Root.AcroForm.XFA = document.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
        document.save(path)
    assert len(learn(path, "drawn").boxes) == 3
    assert not caplog.records


def test_tinted_rows_with_labels_in_two_lines_are_rows_of_one_table(tmp_path: Path) -> None:
    heads = "".join(words(93 + 20 * n, 38, name) for n, name in enumerate(["daily", "never"]))
    tint = at(13, 28, "rect(width: 124mm, height: 52mm, fill: luma(230))")
    rows = "".join(
        at(15, 43 + 11 * m, f"rect(width: 120mm, height: 11mm, fill: luma({255 if m % 2 == 0 else 230}))")
        + words(20, 44.5 + 11 * m, "order some")
        + words(20, 48.5 + 11 * m, f"{what} online")
        + at(95, 46.5 + 11 * m, "rect(width: 4mm, height: 4mm, fill: white, stroke: 0.5pt)")
        + at(115, 46.5 + 11 * m, "rect(width: 4mm, height: 4mm, fill: white, stroke: 0.5pt)")
        for m, what in enumerate(["food", "books", "toys"])
    )
    (item,) = learned(tmp_path, tint, words(15, 30, "2. How often do you …"), heads, rows).items
    assert labels_of_rows(item) == [f"order some {what} online" for what in ["food", "books", "toys"]]


def test_lines_of_a_ruled_header_part_words_that_all_but_touch(tmp_path: Path) -> None:
    names = ["sehr zufrieden", "eher zufrieden", "eher unzufrieden", "sehr unzufrieden"]
    cells = ", ".join(f"head[{name.replace(' ', ' #linebreak() ')}]" for name in names)
    head = '#let head(body) = text(font: "DejaVu Sans Mono", size: 8.5pt, body)\n'
    ruled = f"table(columns: (18mm, 18mm, 22mm, 22mm), rows: 10mm, stroke: 0.5pt, inset: 0.6mm, align: center, {cells})"
    rows = "".join(
        words(20, 51.6 + 8 * m, row) + "".join(square(x, 51 + 8 * m) for x in (87, 105, 125, 147))
        for m, row in enumerate(["the hours", "the staff", "the prices"])
    )
    asked = words(15, 30, "6. How happy are you?")
    (item,) = learned(tmp_path, head, asked, at(80, 40, ruled), rows).items
    assert labels(item) == names


def test_letters_drawn_as_curves_are_no_boxes(tmp_path: Path) -> None:
    """As print shops get them: no letter is left, and each o looks like a small round box."""
    stem = "ellipse(width: 0.5mm, height: 2.4mm, fill: black)"
    ring = "circle(radius: 1.05mm, stroke: 0.5mm)"
    text = "".join(
        at(x + 2.4 * n, y, ring if n % 4 == 1 else stem)
        for x, y in [(15, 30), (26.5, 37.6), (26.5, 44.6), (26.5, 51.6)]
        for n in range(40)
    )
    boxes = "".join(square(20, 37 + 7 * n) for n in range(3))
    draft = learn(blank(tmp_path, text, boxes), "drawn")
    assert np.allclose(corners(draft.boxes), [(37, 20), (44, 20), (51, 20)], atol=0.3)
    assert "its text is drawn as curves" in draft.yaml


def test_a_crop_box_shows_no_more_than_there_is_paper(tmp_path: Path) -> None:
    path = blank(tmp_path, AGE)
    as_it_was = learn(path, "drawn").boxes
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.pages[0].obj["/CropBox"] = pikepdf.Array([-50, 900, 700, -60])
        document.save(path)
    pd.testing.assert_frame_equal(learn(path, "drawn").boxes, as_it_was)
    height, width = render(path, 1, 100).shape
    assert (width, height) == (827, 1170)


@pytest.mark.parametrize("change", [{"/F": 2}, {"/Rect": None}])
def test_hidden_fields_and_those_without_a_place_are_no_boxes(
    tmp_path: Path, change: dict[str, object]
) -> None:
    path = with_buttons(blank(tmp_path, AGE), {"hidden": [(120, 37), (120, 44)]})
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        for note in document.pages[0].Annots:
            for key, value in change.items():
                if value is None:
                    del note[key]
                else:
                    note[key] = value
        document.save(path)
    assert len(learn(path, "drawn").boxes) == 3


@pytest.mark.parametrize("clockwise", [True, False])
def test_a_page_whose_text_stands_on_its_side_is_read_turned(tmp_path: Path, clockwise: bool) -> None:
    """A wide page on upright paper, as it is printed to be turned by hand."""
    more = words(15, 80, "2. Why did you come?") + options(20, 87, ["by chance", "for work", "other"])
    path = blank(tmp_path, AGE, more)
    turn, shift = ("0 -1 1 0", "0 595.276") if clockwise else ("0 1 -1 0", "841.89 0")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        page = document.pages[0]
        page.contents_add(f"q {turn} {shift} cm\n".encode(), prepend=True)
        page.contents_add(b"\nQ")
        page.obj["/MediaBox"] = pikepdf.Array([0, 0, 841.89, 595.276])
        document.save(path)
    found = load(tmp_path, learn(path, "drawn"))
    assert [labels(item) for item in found.items] == [
        ["under 25", "25 to 44", "45 or older"],
        ["by chance", "for work", "other"],
    ]
    places = sorted(
        (float(x), float(y)) for x, y in zip(found.boxes["x_mm"], found.boxes["y_mm"], strict=True)
    )
    downs = [37, 44, 51, 87, 94, 101]
    expected = [(297 - down - 4, 20) for down in downs] if clockwise else [(down, 210 - 24) for down in downs]
    assert np.allclose(places, sorted(expected), atol=0.2)


def test_pale_squares_without_an_outline_are_boxes_and_bullets_are_none(tmp_path: Path) -> None:
    def tint(x_mm: float, y_mm: float) -> str:
        return at(x_mm, y_mm, "rect(width: 4mm, height: 4mm, fill: luma(225), stroke: none)")

    def bullet(x_mm: float, y_mm: float) -> str:
        return at(x_mm, y_mm, "rect(width: 2mm, height: 2mm, fill: luma(200), stroke: none)")

    ages = words(15, 30, "1. How old are you?") + options(20, 37, ["under 25", "25 to 44", "older"], tint)
    hints = options(20, 80, ["Use a pen.", "Send it back.", "Thank you."], bullet)
    found = learned(tmp_path, ages, hints)
    assert np.allclose(corners(found.boxes), [(37, 20), (44, 20), (51, 20)], atol=0.15)


def test_dots_set_apart_inside_a_wording_are_three_dots(tmp_path: Path) -> None:
    asked = words(15, 30, "3. If . . . were here, would you come?") + options(20, 37, ["very", "not"])
    assert said(learned(tmp_path, asked).items[0]) == "If … were here, would you come?"


def test_several_boxes_may_be_ticked_where_the_wording_says_boxes() -> None:
    assert SEVERAL.search("(Sie können mehrere Kästchen ankreuzen.)")


def test_numbers_in_pale_discs_count_the_items_though_they_stand_a_little_lower(tmp_path: Path) -> None:
    def disc(y_mm: float, number: int) -> str:
        inner = f"align(center + horizon, text(fill: white)[{number}])"
        return at(14, y_mm, f"circle(radius: 3.4mm, fill: rgb(232, 150, 90), stroke: none, {inner})")

    parts = [
        disc(29.5 + 40 * n, n + 1)
        + words(24, 30 + 40 * n, "Are you well?")
        + words(24, 34.2 + 40 * n, "Tick one.", 9)
        + options(24, 41 + 40 * n, ["yes", "no"])
        for n in range(3)
    ]
    found = learned(tmp_path, *parts).items
    assert [item.id for item in found] == ["q1", "q2", "q3"]
    assert {said(item) for item in found} == {"Are you well? Tick one."}


def test_a_letter_between_the_lines_of_a_row_label_begins_it(tmp_path: Path) -> None:
    heads = "".join(words(93 + 20 * n, 38, name) for n, name in enumerate(["often", "never"]))
    rows = "".join(
        words(20, 46 + 12 * m, f"{letter})")
        + words(26, 44 + 12 * m, "my child can wait for a long")
        + words(26, 48 + 12 * m, f"time {when} others go on")
        + square(95, 46 + 12 * m)
        + square(115, 46 + 12 * m)
        for m, (letter, when) in enumerate([("a", "while"), ("b", "until")])
    )
    (item,) = learned(tmp_path, words(15, 30, "2. How often is it so that …"), heads, rows).items
    assert labels_of_rows(item) == [
        "a) my child can wait for a long time while others go on",
        "b) my child can wait for a long time until others go on",
    ]


def test_a_remark_that_ends_in_a_colon_is_no_wording_under_one_that_asks(tmp_path: Path) -> None:
    """As online surveys print them."""
    asked = at(15, 30, 'text(size: 11pt, weight: "bold")[2 How often do you come?]')
    remark = words(15, 35.5, "Please choose only one of the following:", 8.5)
    (item,) = learned(tmp_path, asked, remark, options(20, 42, ["daily", "weekly", "never"])).items
    assert said(item) == "How often do you come? Please choose only one of the following:"


def test_a_section_in_a_cell_over_a_row_is_no_part_of_its_wording(tmp_path: Path) -> None:
    def box(name: str) -> str:
        return f"#box(rect(width: 3mm, height: 3mm)) {name} #h(6mm)"

    cells = f"table.cell(colspan: 2)[*D. For the office*], [Papers], [{box('yes')} {box('no')}], "
    cells += f"[Which licences? \\ (several answers)], [{box('cars')} {box('lorries')} {box('none')}]"
    ruled = f"table(columns: (50mm, 100mm), stroke: 0.5pt, inset: 1.5mm, {cells})"
    found = learned(tmp_path, words(15, 20, "Form 7"), at(15, 30, ruled)).items
    assert [said(item) for item in found] == ["Papers", "Which licences? (several answers)"]
    assert [item.type for item in found] == ["single", "multiple"]


def test_an_arrow_of_any_kind_leads_on_and_labels_nothing(tmp_path: Path) -> None:
    rows = "".join(
        words(20, 40.6 + 7 * n, name)
        + square(45, 40 + 7 * n)
        + at(53, 40.6 + 7 * n, f'text(font: "DejaVu Sans", size: 9pt)[➡ weiter mit Frage {n + 5}]')
        for n, name in enumerate(["Ja", "Nein"])
    )
    (item,) = learned(tmp_path, words(15, 32, "Haben Sie ein Auto?"), rows).items
    assert labels(item) == ["Ja", "Nein"]
