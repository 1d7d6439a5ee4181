"""What is learned of surveys as web pages, text files and office programs print them."""

from __future__ import annotations

from pathlib import Path

from test_learn import at, circle, labels, labels_of_rows, learned, said, words
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
