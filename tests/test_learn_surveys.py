"""What is learned of surveys as web pages, text files and office programs print them."""

from __future__ import annotations

from pathlib import Path

from test_learn import at, circle, labels, labels_of_rows, learned, options, said, words
from test_learn_ruled import one_row
from test_learn_shown import BOX


def test_columns_as_wide_as_their_headers_are_one_table(tmp_path: Path) -> None:
    heads = {60.0: "not concerned at all about it", 107.0: "2", 117.0: "3", 127.0: "very concerned"}
    rows = "".join(
        words(15, 46 + 9 * row, f"Statement {row + 1}") + "".join(circle(x, 45.4 + 9 * row) for x in heads)
        for row in range(3)
    )
    over = "".join(words(x, 37, head) for x, head in heads.items())
    (item,) = learned(tmp_path, words(15, 28, "How much does this concern you?") + over + rows).items
    assert (item.type, labels(item)) == ("matrix", [*heads.values()])
    assert labels_of_rows(item) == ["Statement 1", "Statement 2", "Statement 3"]


def test_a_row_far_from_its_first_box_has_the_headers_of_its_cells(tmp_path: Path) -> None:
    heads = ["Yes, a doctor told me so in the last year", "No", "Unsure"]
    boxes = f"{BOX}, {BOX}, {BOX}"
    table = at(15, 40, f"table(columns: 3, inset: 4mm, stroke: 0.5pt, {one_row(heads)}, {boxes})")
    (item,) = learned(tmp_path, words(15, 30, "Have you had the illness?") + table).items
    assert (said(item), labels(item)) == ("Have you had the illness?", heads)


def loosely_ruled(stripe: int) -> str:
    """A table as web pages print it: loosely set, every other row tinted, lines hardly darker than that."""
    lines = ["1 = not #linebreak() concerned at all", "2", "3", "5 = very #linebreak() concerned"]
    rows = ["I get bored", "That I get ill in the next weeks #linebreak() and others with me", "I lose work"]
    cells = "[], " + one_row(lines) + ", " + ", ".join(f"[{row}], {BOX}, {BOX}, {BOX}, {BOX}" for row in rows)
    return at(
        15,
        40,
        "{set par(leading: 10pt); table(columns: (75mm, auto, auto, auto, auto), inset: (x: 4mm, y: 3mm),"
        f" stroke: 0.75pt + luma(225), fill: (_, y) => if calc.odd(y) {{ luma({stripe}) }}, align: left + horizon,"
        f" {cells})}}",
    )


def test_all_of_a_loosely_set_cell_heads_its_column_or_names_its_row_be_it_tinted(tmp_path: Path) -> None:
    for stripe in (243, 255):
        (item,) = learned(tmp_path, words(15, 30, "How concerned are you?") + loosely_ruled(stripe)).items
        assert labels(item) == ["1 = not concerned at all", "2", "3", "5 = very concerned"]
        assert labels_of_rows(item) == [
            "I get bored",
            "That I get ill in the next weeks and others with me",
            "I lose work",
        ]


def test_one_row_overleaf_with_the_columns_of_a_table_is_its_last(tmp_path: Path) -> None:
    def row(y_mm: float, name: str) -> str:
        return words(15, y_mm + 0.6, name) + "".join(circle(100 + 20 * n, y_mm) for n in range(3))

    heads = "".join(words(98 + 20 * n, 32, head) for n, head in enumerate(["yes", "partly", "no"]))
    first = words(15, 24, "What is true of you?") + heads + row(40, "I know many") + row(48, "I miss some")
    over = "".join(words(98 + 20 * n, 12, head) for n, head in enumerate(["yes", "partly", "no"]))
    (item,) = learned(tmp_path, first, "#pagebreak()", over + row(20, "I feel let down")).items
    assert labels_of_rows(item) == ["I know many", "I miss some", "I feel let down"]


def test_numbers_before_the_ends_of_a_scale_are_those_of_its_boxes(tmp_path: Path) -> None:
    row = words(15, 40, "0 --- not at all likely") + words(116, 40, "10 --- very likely")
    boxes = "".join(circle(52 + 5.6 * n, 39.4) for n in range(11))
    (item,) = learned(tmp_path, words(15, 30, "Would you name us to a friend?") + row + boxes).items
    assert said(item) == "Would you name us to a friend?"
    assert [labels(item)[0], labels(item)[-1]] == ["0 — not at all likely", "10 — very likely"]


def test_headings_that_end_in_colons_ask_each_for_the_table_under_it(tmp_path: Path) -> None:
    def table(x_mm: float, heading: str, first: int) -> str:
        heads = "".join(words(x_mm + 10.8 + 8 * n, 46, "ABCD"[n]) for n in range(4))
        rows = "".join(
            words(x_mm, 52.4 + 7 * row, str(first + row)) + circle(x_mm + 10 + 8 * n, 52 + 7 * row)
            for row in range(3)
            for n in range(4)
        )
        return words(x_mm, 39, heading) + heads + rows

    told = words(15, 28, "Mark the right answers. Only one is right. Mistakes may be mended once.")
    found = learned(tmp_path, told + table(20, "For 1 point:", 1) + table(90, "For 2 points:", 4))
    assert [said(item) for item in found.items] == ["For 1 point:", "For 2 points:"]


def test_a_list_of_dashes_under_a_question_belongs_to_it(tmp_path: Path) -> None:
    asked = words(15, 30, "4. Would you pay for a service that gives you:")
    lines = words(15, 38, "-- a reading of your tests") + words(15, 46, "-- plans for the year")
    (item,) = learned(tmp_path, asked + lines + options(20, 54, ["yes", "no"])).items
    assert (
        said(item)
        == "Would you pay for a service that gives you: – a reading of your tests – plans for the year"
    )
