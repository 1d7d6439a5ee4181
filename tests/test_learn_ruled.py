"""What is learned of ruled tables and of the rows of forms, and where their labels and wordings end."""

from __future__ import annotations

from pathlib import Path

import pikepdf
from test_learn import (
    at,
    blank,
    labels,
    labels_of_rows,
    learned,
    load,
    square,
    with_buttons,
    words,
)

from survey.learn import learn

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
