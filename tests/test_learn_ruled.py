"""What is learned of ruled tables and of the rows of forms, and where their labels and wordings end."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from test_learn import (
    at,
    blank,
    labels,
    labels_of_rows,
    learned,
    load,
    options,
    photographed,
    said,
    square,
    with_buttons,
    words,
)

from survey.learn import gather, learn
from survey.learn.printed.phrases import split_over
from survey.learn.printed.wording import Phrase

SIGNS = ["++", "+", "o", "–", "– –"]


def ruled(x_mm: float, y_mm: float, columns: str, rows: str, cells: str) -> str:
    return at(
        x_mm,
        y_mm,
        f"table(columns: ({columns}), rows: ({rows}), stroke: 0.5pt, inset: 1mm, align: horizon, {cells})",
    )


def one_row(texts: list[str]) -> str:
    return ", ".join(f"[{text}]" for text in texts)


def test_low_cells_too_short_to_write_in_are_marked_with_higher_ones_of_their_table(tmp_path: Path) -> None:
    rows = [[f"{n}", f"Row {n}", *[""] * 5] for n in range(1, 4)]
    cells = one_row(["", "A. Work", *SIGNS]) + ", " + ", ".join(map(one_row, rows))
    found = learn(
        blank(
            tmp_path,
            ruled(15, 40, "10mm, 70mm, 13mm, 13mm, 13mm, 13mm, 13mm", "4.8mm, 4.8mm, 4.8mm, 8mm", cells),
        ),
        "x",
    )
    (item,) = load(tmp_path, found, "x").items
    assert (len(found.boxes), labels(item)) == (15, SIGNS)
    assert labels_of_rows(item) == ["Row 1", "Row 2", "Row 3"]


def test_cells_to_mark_go_on_under_the_headings_of_sections(tmp_path: Path) -> None:
    def section(name: str, first: int) -> str:
        rows = [[f"{n}", f"point {n}", "", "", ""] for n in (first, first + 1)]
        return f"table.cell(colspan: 5)[*{name}*], " + ", ".join(map(one_row, rows))

    cells = (
        one_row(["No.", "point", "fine", "not fine", "n/a"]) + f", {section('Ways', 1)}, {section('Fire', 3)}"
    )
    found = learn(
        blank(
            tmp_path,
            words(15, 32, "1. Tick what is true."),
            ruled(15, 40, "10mm, 80mm, 17mm, 17mm, 17mm", "6mm", cells),
        ),
        "x",
    )
    (item,) = load(tmp_path, found, "x").items
    assert (len(found.boxes), labels(item)) == (12, ["fine", "not fine", "n/a"])
    assert labels_of_rows(item) == [f"point {n}" for n in range(1, 5)]


def test_the_rest_of_a_column_for_numbers_is_no_box(tmp_path: Path) -> None:
    box = "#box(rect(width: 3.5mm, height: 3.5mm))"
    asked = "[*1*], table.cell(colspan: 2)[*How many rooms?*], "
    names = [("one", "two"), ("three", "four"), ("five", "more")]
    cells = asked + ", ".join(f"[], [{box} {left}], [{box} {right}]" for left, right in names)
    found = learn(blank(tmp_path, ruled(15, 40, "10mm, 70mm, 70mm", "6mm", cells)), "x")
    (item,) = load(tmp_path, found, "x").items
    assert labels(item) == [name for pair in names for name in pair]


def test_a_row_of_cells_is_the_label_of_its_only_box(tmp_path: Path) -> None:
    """As on ballots: number, name and trade, party, and a circle in a cell of its own."""
    names = [
        ("Ahrens, Petra", "Lehrerin", "AP"),
        ("Bock, Jürgen", "Landwirt", "BLP"),
        ("Dorn, Silke", "Ärztin", "Freie"),
    ]
    cells = ", ".join(
        f"[{n}], [*{name}* \\ {trade}], [{party}], [#box(circle(radius: 3mm))]"
        for n, (name, trade, party) in enumerate(names, start=1)
    )
    (item,) = learned(
        tmp_path, words(15, 32, "One vote for:"), ruled(15, 40, "8mm, 50mm, 22mm, 12mm", "12mm", cells)
    ).items
    assert labels(item) == [" ".join(parts) for parts in names]


def test_a_smaller_line_with_a_label_alone_in_its_cell_belongs_to_it(tmp_path: Path) -> None:
    names = [("Ada", "Greens"), ("Emmy", "Liberals"), ("Sofja", "none")]
    oval = "#place(dx: 1mm, dy: 2.2mm, ellipse(width: 5mm, height: 3mm))"
    cells = ", ".join(
        f"[{oval} #pad(left: 9mm)[*{name}* \\ #text(size: 7pt)[{party}]]]" for name, party in names
    )
    ages = words(15, 100, "How old are you?") + options(20, 107, [f"{n}0 to {n}9" for n in range(2, 8)])
    item, _ = learned(
        tmp_path, words(15, 32, "Vote for ONE"), ruled(15, 40, "80mm", "11mm", cells), ages
    ).items
    assert labels(item) == [f"{name} {party}" for name, party in names]


def test_a_remark_where_to_go_on_may_end_in_the_next_line(tmp_path: Path) -> None:
    lines = options(20, 40, ["planned in advance ➔ Go to", "", "something else"])
    lines = lines.replace("[]", "[]").replace(square(20, 47), "") + words(26.5, 44.8, "*Question 2*")
    (item,) = learned(tmp_path, words(15, 32, "1. Was it planned?"), lines).items
    assert labels(item) == ["planned in advance", "something else"]


def test_rows_of_opposites_keep_both_ends_where_numbers_stand_inside_their_circles(tmp_path: Path) -> None:
    def row(y_mm: float, left: str, right: str) -> str:
        inside = "".join(
            at(
                60 + 12 * n,
                y_mm,
                f"circle(radius: 2.6mm, stroke: 0.5pt, align(center + horizon, text(size: 7pt)[{n + 1}]))",
            )
            for n in range(5)
        )
        return (
            at(15, y_mm + 1, f"box(width: 42mm, align(right)[{left}])") + inside + words(117, y_mm + 1, right)
        )

    rows = row(40, "dull", "exciting") + row(48, "too short", "too long") + row(56, "useless", "useful")
    (item,) = learned(tmp_path, words(15, 32, "How was the course?"), rows).items
    assert labels_of_rows(item) == ["dull – exciting", "too short – too long", "useless – useful"]
    assert labels(item) == ["1", "2", "3", "4", "5"]


def test_lettered_rows_with_the_same_options_are_a_table_though_each_asks(tmp_path: Path) -> None:
    rows = ""
    for n, name in enumerate(["a) the car?", "b) the bus?", "c) the bicycle?"]):
        rows += words(15, 40.6 + 7 * n, name)
        for k, often in enumerate(["daily", "seldom", "never"]):
            rows += square(60 + 35 * k, 40 + 7 * n) + words(66 + 35 * k, 40.6 + 7 * n, often)
    (item,) = learned(tmp_path, words(15, 32, "2. How often do you take …"), rows).items
    assert (item.type, labels(item)) == ("matrix", ["daily", "seldom", "never"])
    assert labels_of_rows(item) == ["a) the car?", "b) the bus?", "c) the bicycle?"]


def test_one_wording_asks_for_two_tables_side_by_side(tmp_path: Path) -> None:
    def row(x_mm: float, y_mm: float, name: str) -> str:
        boxes = square(x_mm + 50, y_mm) + words(x_mm + 55, y_mm, "ja") + square(x_mm + 65, y_mm)
        return words(x_mm, y_mm, name) + boxes + words(x_mm + 70, y_mm, "nein")

    left = "".join(row(15, 40 + 7 * n, name) for n, name in enumerate(["Asthma", "Gicht", "Rheuma"]))
    right = "".join(row(110, 40 + 7 * n, name) for n, name in enumerate(["Diabetes", "Migräne", "Krampf"]))
    head = words(15, 24, "Name: ......") + words(130, 24, "Geburtstag")
    items = learned(tmp_path, head, words(15, 32, "Haben Sie folgende Leiden?"), left, right).items
    assert [said(item) for item in items] == ["Haben Sie folgende Leiden?"] * 2


def test_a_consent_left_of_the_boxes_above_is_an_item_of_its_own(tmp_path: Path) -> None:
    consent = square(12, 66) + words(18, 66.6, "I have read the sheet and agree that my child takes part.")
    items = learned(
        tmp_path, words(12, 30, "Which food?"), options(22, 37, ["no meat", "no milk", "other"]), consent
    ).items
    assert [len(item.options) for item in items] == [3, 1]


def test_words_that_all_but_touch_head_columns_only_where_they_head_most_of_them() -> None:
    """Else they stand over columns by chance, as what names the end of a scale from 0 to 10."""
    places = [("wholly", 0.0, 8.8), ("truly", 9.5, 18.3), ("unhappy", 19.0, 27.8)]
    phrase = Phrase("wholly truly unhappy", 0.0, 27.8, 10.0, 13.0, 3.0, False, tuple(places))
    centres = [4.4 + 9.5 * n for n in range(11)]
    assert [len(split_over(phrase, centres[:count])) for count in (3, 6, 11)] == [3, 3, 1]


@pytest.mark.parametrize(
    "wording",
    [
        "Sie können mehrere Kreise ankreuzen.",
        "Mehrere Gründe nennen!",
        "Bitte mehrere Themen auswählen",
        "Mehrfachangaben möglich.",
        "Sie können mehr als eine Antwort geben.",
        "Please tick any that you need:",
        "You may choose more than one.",
    ],
)
def test_several_things_to_mark_are_several_answers(tmp_path: Path, wording: str) -> None:
    (item,) = learned(
        tmp_path, words(15, 30, f"Worum geht es? {wording}"), options(20, 37, ["Geld", "Zeit"])
    ).items
    assert item.type == "multiple"


def test_a_typeset_hyphen_parts_a_word_as_a_typed_one_does(tmp_path: Path) -> None:
    lines = options(20, 40, ["Haltestellen und Arztpra\u2010", "", "Läden"]).replace(square(20, 47), "")
    (item,) = learned(tmp_path, words(15, 32, "1. Was fehlt?"), lines + words(26.5, 44.8, "xen")).items
    assert labels(item) == ["Haltestellen und Arztpraxen", "Läden"]


def test_words_set_far_apart_on_a_justified_line_are_one_label(tmp_path: Path) -> None:
    def row(y_mm: float, name: str) -> str:
        text = f"box(width: 39mm, {{ set par(justify: true, leading: 1.2mm); set text(hyphenate: false); [{name}] }})"
        return at(15, y_mm, text) + "".join(square(60 + 20 * n, y_mm, 2.5) for n in range(3))

    heads = "".join(words(60 + 20 * n, 34, name) for n, name in enumerate(["good", "fair", "poor"]))
    names = ["Seats", "Wireless network", "Online catalogue of extraordinaryjournals"]
    rows = "".join(row(40 + 3.7 * n, name) for n, name in enumerate(names))
    (item,) = learned(tmp_path, words(15, 26, "1. Please rate:"), heads, rows).items
    assert labels_of_rows(item) == names


def test_frames_of_one_pixel_images_are_boxes(tmp_path: Path) -> None:
    """As dvips draws its rules."""
    path = blank(tmp_path, words(15, 30, "Do you cycle?"), words(28, 40.6, "yes"), words(28, 47.6, "no"))

    def rule(x: float, y: float, w: float, h: float) -> bytes:
        return b"q %f 0 0 %f %f %f cm BI /W 1 /H 1 /IM true /BPC 1 ID \x00 EI Q " % (w, h, x, y)

    with pikepdf.open(path, allow_overwriting_input=True) as document:
        drawn = b""
        for y in (720.0, 700.0):
            drawn += (
                rule(57, y, 10, 0.5)
                + rule(57, y + 9.5, 10, 0.5)
                + rule(57, y, 0.5, 10)
                + rule(66.5, y, 0.5, 10)
            )
        document.pages[0].contents_add(document.make_stream(drawn))
        document.save(path)
    (item,) = load(tmp_path, learn(path, "x"), "x").items
    assert labels(item) == ["yes", "no"]


def test_a_field_is_to_be_marked_whatever_is_drawn_in_it(tmp_path: Path) -> None:
    places = [(60 + 20 * n, 40 + 8 * r) for r in range(2) for n in range(3)]
    disc = "circle(radius: 2mm, stroke: 0.5pt, align(center + horizon, circle(radius: 0.8mm, fill: black)))"
    heads = "".join(words(59 + 20 * n, 33, name) for n, name in enumerate(["good", "fair", "poor"]))
    rows = words(15, 40.6, "Seats") + words(15, 48.6, "Light") + "".join(at(x, y, disc) for x, y in places)
    path = with_buttons(
        blank(tmp_path, words(15, 26, "1. Please rate:"), heads, rows),
        {"seats": places[:3], "light": places[3:]},
    )
    assert len(learn(path, "x").boxes) == 6


def test_the_head_of_an_arrow_is_no_box_and_takes_no_label(tmp_path: Path) -> None:
    arrow = at(60, 48.5, "line(start: (0mm, 0mm), end: (20mm, -6mm), stroke: 0.5pt)")
    arrow += at(80, 40.5, "polygon(fill: black, (0mm, 0mm), (3mm, 1mm), (0mm, 2mm))")
    small = options(20, 40, ["yes", "no"], lambda x, y: square(x, y + 0.8, 2.2))
    (item,) = learned(tmp_path, words(15, 32, "1. Are you a member?"), small, arrow).items
    assert labels(item) == ["yes", "no"]


def test_one_line_has_one_wording_whatever_stands_over_it(tmp_path: Path) -> None:
    def line(y_mm: float, places: list[tuple[float, str]]) -> str:
        return "".join(square(x, y_mm) + words(x + 6, y_mm + 0.6, name) for x, name in places)

    over = words(15, 33, "Name:") + words(62, 33, "First name:")
    first = words(15, 40.6, "Sex:") + line(40, [(42, "m"), (53, "f"), (64, "x")])
    first += (
        words(80, 40.6, "Born on:")
        + words(120, 40.6, "Citizen of:")
        + line(40, [(144, "this"), (165, "other")])
    )
    second = words(15, 47.6, "You are:") + line(
        47, [(42, "single"), (60, "married"), (84, "divorced"), (117, "widowed")]
    )
    found = learned(tmp_path, over, first, second).items
    items = [item for item in found if item.type != "text"]
    assert [said(item) for item in items] == ["Sex:", "Citizen of:", "You are:"]
    assert [len(item.options) for item in items] == [3, 2, 4]


def test_a_declaration_right_under_options_is_an_item_of_its_own(tmp_path: Path) -> None:
    names = ["nein", "ja", "Ich versichere, dass alle meine Angaben vollständig sind."]
    items = learned(tmp_path, words(15, 32, "Erhalten Sie Wohngeld?"), options(20, 40, names)).items
    assert [len(item.options) for item in items] == [2, 1]


def test_the_mark_of_a_note_is_no_part_of_a_label(tmp_path: Path) -> None:
    heads = "".join(words(60 + 20 * n, 34, name) for n, name in enumerate(["yes", "no", "unsure"]))
    rows = words(28.9, 46.2, "1", 6)
    for n, name in enumerate(["Mumps", "Scharlach", "Masern"]):
        rows += words(15, 40 + 7 * n, name) + "".join(square(60 + 20 * k, 40 + 7 * n) for k in range(3))
    (item,) = learned(tmp_path, words(15, 26, "1. Which did it have?"), heads, rows).items
    assert labels_of_rows(item) == ["Mumps", "Scharlach", "Masern"]


def test_a_comb_in_the_right_column_of_a_page_runs_not_across_both(tmp_path: Path) -> None:
    def asked(x_mm: float, y_mm: float, wording: str, names: list[str]) -> str:
        return at(x_mm, y_mm, f"text(weight: 700)[{wording}]") + options(x_mm + 5, y_mm + 7, names)

    left = asked(12, 30, "1 What is it?", ["a tent", "a house", "a boat", "a car"]) + asked(
        12, 64, "2 When was it built?", ["early", "late", "never", "then"]
    )
    comb = "".join(square(125 + 5 * n, 58, 5) for n in range(9))
    right = asked(112, 30, "3 Which one do you own?", ["a phone", "a tablet", "other – print below"]) + comb
    right += options(117, 69, ["none"]) + asked(112, 90, "4 Do you heat?", ["yes", "no"])
    items = [item for item in learned(tmp_path, left, right).items if item.type in {"single", "multiple"}]
    assert [len(item.options) for item in items] == [4, 4, 4, 2]


def test_rows_of_options_with_labels_over_them_are_one_item(tmp_path: Path) -> None:
    def tile(x_mm: float, y_mm: float, name: str) -> str:
        return at(x_mm - 10, y_mm, f"box(width: 24mm, align(center)[{name}])") + square(x_mm, y_mm + 5)

    names = [["sport", "music", "friends"], ["games", "reading", "painting"]]
    tiles = "".join(
        tile(30 + 40 * n, 40 + 16 * r, name) for r, row in enumerate(names) for n, name in enumerate(row)
    )
    other = words(15, 80, "2. Kreuze alles an, was stimmt:") + options(20, 87, ["früh", "spät"])
    first, second = learned(
        tmp_path, words(15, 30, "1. What do you do? (several answers)"), tiles, other
    ).items
    assert (labels(first), second.type) == ([name for row in names for name in row], "multiple")


def test_all_text_of_the_cell_left_of_options_is_their_wording(tmp_path: Path) -> None:
    box = "#box(rect(width: 3.5mm, height: 3.5mm))"
    drug = f"[Current medication (tick all that apply)], align(bottom)[{box} Aspirin #h(4mm) {box} Statin]"
    sex = f"[Sex], [#v(4mm) {box} female #h(4mm) {box} male]"
    cells = f"table(columns: (42mm, 110mm), stroke: 0.5pt, inset: 1.5mm, {sex}, {drug})"
    title = at(15, 28, "text(size: 16pt)[Follow-up form]")
    first, second = learned(tmp_path, title, at(15, 40, cells)).items
    assert (said(first), said(second)) == ("Sex", "Current medication (tick all that apply)")


def test_the_empty_corner_of_a_table_is_no_box_and_a_word_beside_it_no_wording(tmp_path: Path) -> None:
    boxes = ["#box(rect(width: 3.5mm, height: 3.5mm))"] * 3
    gut = (
        "table.cell(rowspan: 2, align: horizon)[Gut], "
        + one_row(["Nausea", *boxes])
        + ", "
        + one_row(["Colic", *boxes])
    )
    heads = one_row(["", "Event", "none", "mild", "severe"])
    wording = at(15, 34, "text(weight: 700)[Events since the last visit]")
    (item,) = learned(
        tmp_path, wording, ruled(15, 40, "10mm, 80mm, 16mm, 16mm, 18mm", "6mm", f"{heads}, {gut}")
    ).items
    assert (said(item), labels(item)) == ("Events since the last visit", ["none", "mild", "severe"])
    assert labels_of_rows(item) == ["Nausea", "Colic"]


def test_boxes_a_little_wider_than_high_are_found_in_a_picture(tmp_path: Path) -> None:
    def oblong(x_mm: float, y_mm: float) -> str:
        return at(x_mm, y_mm, "rect(width: 4.6mm, height: 4.2mm, stroke: 0.5pt)")

    places = [(20, 40), (20, 60), (30, 60), (20, 80), (45, 100)]
    path = blank(tmp_path, *(oblong(x, y) + words(x + 6, y + 0.6, "so") for x, y in places))
    assert len(learn(photographed(path), "x").boxes) == 5


def test_large_circles_of_a_picture_hold_no_words(tmp_path: Path) -> None:
    names = ["Ada", "Emmy", "Sofja", "Grace"]
    cells = ", ".join(f"[{name}], align(center + horizon)[#box(circle(radius: 4mm))]" for name in names)
    path = blank(tmp_path, words(15, 32, "Vote for one"), ruled(15, 40, "60mm, 16mm", "13mm", cells))
    assert len(learn(photographed(path), "x").boxes) == 4


def test_headers_over_rows_of_cells_with_one_box_are_no_wording(tmp_path: Path) -> None:
    box = "#box(rect(width: 3.5mm, height: 3.5mm))"
    rows = [["Mo", "9–12", "Pottery"], ["Mo", "14–17", "Robots"], ["Tu", "9–12", "Circus"]]
    cells = one_row(["Day", "Time", "Course", "Yes"]) + ", " + ", ".join(one_row([*row, box]) for row in rows)
    told = words(15, 32, "Please tick up to three courses.")
    (item,) = learned(tmp_path, told, ruled(15, 40, "14mm, 26mm, 80mm, 16mm", "7mm", cells)).items
    assert (said(item), labels(item)) == ("Please tick up to three courses.", [" ".join(row) for row in rows])


def test_one_wording_asks_for_two_headed_tables_side_by_side(tmp_path: Path) -> None:
    def table(x_mm: float, names: list[str]) -> str:
        heads = words(x_mm + 39, 38, "left") + words(x_mm + 54, 38, "right")
        return heads + "".join(
            words(x_mm, 44.6 + 7 * n, name) + square(x_mm + 40, 44 + 7 * n) + square(x_mm + 55, 44 + 7 * n)
            for n, name in enumerate(names)
        )

    tables = table(15, ["Shoulder", "Elbow", "Wrist"]) + table(110, ["Hip", "Knee", "Ankle"])
    items = learned(tmp_path, words(15, 30, "1. Where does it hurt? Tick all that apply."), tables).items
    assert [(item.type, said(item)) for item in items] == [
        ("grid", "Where does it hurt? Tick all that apply.")
    ] * 2


def test_a_full_stop_before_leading_dots_stays(tmp_path: Path) -> None:
    names = ["My child feels safe.", "I am informed."]
    rows = "".join(
        words(15, 40.6 + 7 * n, f"{name} {'.' * 30}")
        + "".join(square(120 + 10 * k, 40 + 7 * n) for k in range(3))
        for n, name in enumerate(names)
    )
    heads = "".join(words(120.5 + 10 * k, 34, letter) for k, letter in enumerate("AND"))
    (item,) = learned(tmp_path, words(15, 28, "1. Do you agree?"), heads, rows).items
    assert labels_of_rows(item) == names


def test_a_number_left_of_all_text_of_a_cell_is_no_part_of_its_label(tmp_path: Path) -> None:
    names = [("ADEYEMI, Grace", "Labour"), ("BIRCH, Tom", "Greens"), ("DAVIES, Sian", "none")]
    cells = ", ".join(
        f"[#place(dy: 3mm)[*{n}*] #pad(left: 9mm)[*{name}* \\ #text(size: 8pt)[{party}]]],"
        " align(center + horizon)[#box(rect(width: 8mm, height: 8mm))]"
        for n, (name, party) in enumerate(names, start=1)
    )
    (item,) = learned(
        tmp_path, words(15, 32, "Vote for no more than two:"), ruled(15, 40, "90mm, 20mm", "13mm", cells)
    ).items
    assert labels(item) == [f"{name} {party}" for name, party in names]


@pytest.mark.parametrize("wording", ["Bitte nicht mehr als ein Kreuz.", "Do not choose more than one."])
def test_not_more_than_one_is_one_answer(tmp_path: Path, wording: str) -> None:
    (item,) = learned(
        tmp_path, words(15, 30, f"Worum geht es? {wording}"), options(20, 37, ["Geld", "Zeit"])
    ).items
    assert item.type == "single"


def test_a_label_in_a_running_text_may_end_in_the_next_line(tmp_path: Path) -> None:
    """As LaTeX's exam class sets options in one paragraph, after the points of the question."""
    first = (
        words(15, 40.6, "2. (1 point) A cell usually has")
        + square(80, 40)
        + words(86, 40.6, "23 chromosomes")
    )
    first += square(160, 40) + words(166, 40.6, "46 chro-")
    second = words(20, 45.2, "mosomes") + square(38, 44.6) + words(44, 45.2, "none")
    other = (
        words(15, 60.6, "3. (2 points) Is it so?") + square(80, 60) + words(86, 60.6, "yes") + square(100, 60)
    )
    one, two = learned(tmp_path, first, second, other + words(106, 60.6, "no")).items
    assert (said(one), labels(one)) == ("A cell usually has", ["23 chromosomes", "46 chromosomes", "none"])
    assert said(two) == "Is it so?"


@pytest.mark.parametrize("heading", ["For practice use only", "Von der Schule auszufüllen"])
def test_what_one_who_hands_the_form_out_fills_in_is_not_asked(tmp_path: Path, heading: str) -> None:
    drawn = at(15, 70, "rect(width: 150mm, height: 20mm, stroke: 0.5pt)") + words(17, 72, heading)
    drawn += square(17, 80) + words(23, 80.6, "seen") + square(60, 80) + words(66, 80.6, "coded")
    (item,) = learned(tmp_path, words(15, 30, "Do you cycle?"), options(15, 37, ["yes", "no"]), drawn).items
    assert labels(item) == ["yes", "no"]


def test_two_circles_on_a_line_of_their_own_are_found_in_a_picture(tmp_path: Path) -> None:
    def ring(x_mm: float, y_mm: float) -> str:
        return at(x_mm, y_mm, "circle(radius: 2.1mm, stroke: 0.8pt)")

    drawn = options(20, 40, ["often", "seldom", "never"], ring)
    drawn += ring(35, 80) + words(41, 80.6, "yes") + ring(63, 80) + words(69, 80.6, "no")
    assert len(learn(photographed(blank(tmp_path, words(15, 30, "Do you cycle?"), drawn)), "x").boxes) == 5


def test_what_is_noted_of_many_pages_is_said_with_their_ends() -> None:
    notes = [f"page {page}: a picture" for page in range(1, 61)] + ["page 2: a box", "page 5: a box"]
    assert gather(notes) == ["pages 1 to 60: a picture", "pages 2, 5: a box"]
