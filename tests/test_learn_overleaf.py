"""What stands at the end of a page is of the boxes overleaf; and other headers of tables as web pages print them."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_learn import at, circle, labels, labels_of_rows, learned, options, said, square, words

HEADS = ["never", "at times", "always"]


def heads(y_mm: float, names: list[str]) -> str:
    return "".join(words(96.5 + 20 * n, y_mm, name) for n, name in enumerate(names))


def rows(y_mm: float, names: list[str]) -> str:
    return "".join(
        words(15, y_mm + 0.6 + 8 * n, name)
        + "".join(circle(100 + 20 * column, y_mm + 8 * n) for column in range(3))
        for n, name in enumerate(names)
    )


def test_headers_at_the_end_of_a_page_head_the_table_overleaf(tmp_path: Path) -> None:
    first = options(15, 30, ["yes", "no"], square) + words(15, 24, "Do you work?") + heads(270, HEADS)
    over = rows(20, ["I am late", "I am tired", "I am bored"])
    work, table = learned(tmp_path, first, "#pagebreak()", over).items
    assert (labels(work), labels(table)) == (["yes", "no"], HEADS)


@pytest.mark.parametrize("own", [["1", "2", "3"], []])
def test_text_at_the_end_of_a_page_heads_no_table_with_headers_or_beside_its_columns(
    tmp_path: Path, own: list[str]
) -> None:
    first = options(15, 30, ["yes", "no"], square) + words(15, 24, "Do you work?")
    first += (
        heads(270, HEADS)
        if own
        else words(15, 270, "Please turn over to the next page of this survey, thanks")
    )
    over = heads(13, own) + rows(20, ["I am late", "I am tired", "I am bored"])
    items = learned(tmp_path, first, "#pagebreak()", over).items
    assert labels(items[1]) == own


def test_a_question_at_the_end_of_a_page_asks_for_the_first_boxes_overleaf(tmp_path: Path) -> None:
    first = (
        options(15, 30, ["yes", "no"], square)
        + words(15, 24, "Do you work?")
        + words(15, 275, "How old are you?")
    )
    over = options(15, 20, ["under 40", "40 or over"], square)
    assert [said(item) for item in learned(tmp_path, first, "#pagebreak()", over).items] == [
        "Do you work?",
        "How old are you?",
    ]


def test_the_label_of_a_row_may_go_on_overleaf(tmp_path: Path) -> None:
    first = (
        words(15, 250, "What is true of you?")
        + heads(258, HEADS)
        + rows(266, ["I am late", "I am tired of all"])
    )
    over = words(15, 15, "these meetings") + rows(24, ["I am bored", "I am ill"])
    (item,) = learned(tmp_path, first, "#pagebreak()", over).items
    assert labels_of_rows(item) == ["I am late", "I am tired of all these meetings", "I am bored", "I am ill"]


def test_columns_of_one_table_have_headers_that_count_on_however_far_apart(tmp_path: Path) -> None:
    names = {70.0: "3. Good", 120.0: "2. Fair", 138.0: "1. Poor", 156.0: "0. Bad"}
    page = words(15, 24, "How was it?") + "".join(words(x - 3.5, 32, name) for x, name in names.items())
    for n, row in enumerate(("Food", "Rooms", "Staff")):
        page += words(15, 40.6 + 8 * n, row) + "".join(circle(x, 40 + 8 * n) for x in names)
    (item,) = learned(tmp_path, page).items
    assert (item.type, labels(item), len(item.rows)) == ("matrix", [*names.values()], 3)


def test_a_header_of_many_lines_begins_however_far_up(tmp_path: Path) -> None:
    lines = {
        100: ["is", "not", "at", "all", "ever", "true"],
        120: ["is", "true"],
        140: ["is", "quite", "true"],
    }
    page = words(15, 20, "What is true of you?")
    for x, own in lines.items():
        page += "".join(words(x, 53 - 2.5 * len(own) + 5 * n, line) for n, line in enumerate(own))
    page += rows(70, ["I am late", "I am tired", "I am bored"])
    (item,) = learned(tmp_path, page).items
    assert labels(item) == [" ".join(own) for own in lines.values()]


def test_numbered_labels_in_the_middle_of_their_rows_are_of_one_table(tmp_path: Path) -> None:
    labelled = (
        ["1a. Level of", "all the", "lessons"],
        ["1b. Use of", "what is", "learned"],
        ["1c. Ease of", "the", "tests"],
    )
    page = words(15, 20, "How was it (tick each one box on each line)?") + heads(30, HEADS)
    for n, lines in enumerate(labelled):
        page += "".join(words(15, 38 + 15 * n + 4 * line, text) for line, text in enumerate(lines))
        page += "".join(circle(100 + 20 * column, 41.5 + 15 * n) for column in range(3))
    (item,) = learned(tmp_path, page).items
    assert (item.type, labels_of_rows(item)) == ("matrix", [" ".join(lines) for lines in labelled])


def test_the_first_end_of_a_scale_may_stand_over_a_box_of_the_next_question(tmp_path: Path) -> None:
    page = words(15, 20, "How glad are you?") + words(75, 26.6, "very") + words(126, 26.6, "not at all")
    page += "".join(square(86 + 7 * n, 26) for n in range(5))
    page += words(15, 33, "How did you come?")
    page += "".join(square(x, 39) + words(x + 6, 39.6, way) for x, way in ((15, "on foot"), (75, "by bus")))
    glad, came = learned(tmp_path, page).items
    assert (glad.type, labels(glad)[0], labels(glad)[-1], labels(came)) == (
        "scale",
        "very",
        "not at all",
        ["on foot", "by bus"],
    )


def test_a_bold_heading_with_a_number_is_none_of_a_smaller_bold_wording(tmp_path: Path) -> None:
    page = words(15, 17, "*2. Relation to the drug*", 11.5) + words(15, 27, "*Relationship to the drug*", 10)
    (item,) = learned(tmp_path, page + options(15, 33, ["none", "some", "much"], square)).items
    assert said(item) == "Relationship to the drug"


def test_a_frame_around_a_table_is_no_cell_of_its_corner(tmp_path: Path) -> None:
    page = at(10, 15, "rect(width: 180mm, height: 60mm, stroke: 0.5pt)") + words(
        15, 20, "What is true of you?"
    )
    page += (
        words(15, 32, "Statement") + heads(32, HEADS) + rows(40, ["I am late", "I am tired", "I am bored"])
    )
    (item,) = learned(tmp_path, page).items
    assert said(item) == "What is true of you?"


def test_a_numbered_question_over_the_first_end_of_a_scale_is_none_of_it(tmp_path: Path) -> None:
    page = (
        words(15, 24, "1) How much does it hurt now?")
        + words(20, 30.6, "not at all")
        + words(112, 30.6, "very much")
    )
    page += "".join(circle(50 + 9 * n, 30) for n in range(7))
    (item,) = learned(tmp_path, page).items
    assert (said(item), labels(item)[0]) == ("How much does it hurt now?", "not at all")
