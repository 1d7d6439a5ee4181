"""What is learned of blanks of kinds that nobody had drawn before: each claim is about what once went wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from test_learn import at, blank, circle, labels, learned, options, said, square, words
from test_learn_ruled import one_row

from survey.learn import learn
from survey.learn.layout.gutter import find_gutter
from survey.learn.layout.routes import routes_apart
from survey.learn.printed.outlines import Outline
from survey.learn.printed.phrases import split_over
from survey.learn.printed.wording import Phrase, with_lines_over


def phrase(text: str, x_mm: float, y_mm: float, size_mm: float = 3.0, step_mm: float = 0.0) -> Phrase:
    """A line of text whose words are as wide as their letters, each 2 mm, and stand .8 mm apart, or further."""
    edges, x = [], x_mm
    for word in text.split():
        edges.append((word, x, x + 2.0 * len(word)))
        x += 2.0 * len(word) + 0.8 + step_mm
    return Phrase(
        text, x_mm, edges[-1][2], y_mm, y_mm + 0.84 * size_mm, size_mm, bold=False, words=tuple(edges)
    )


def rows_of_squares(x_mm: list[float], y_mm: float, names: list[str], step_mm: float = 8.0) -> str:
    return "".join(
        words(15, y_mm + step_mm * n, name) + "".join(square(x, y_mm + step_mm * n - 0.4) for x in x_mm)
        for n, name in enumerate(names)
    )


def test_where_to_go_on_may_follow_a_condition_behind_an_arrow() -> None:
    kept, routes = routes_apart([phrase("No → If No, go to #9", 20, 30)])
    assert [p.text for p in kept] == ["No"]
    assert [p.text for p in routes] == ["→ If No, go to #9"]


def test_boxes_behind_words_for_the_office_are_left_out(tmp_path: Path) -> None:
    asked = words(15, 30, "Is the flat heated?") + options(20, 37, ["yes", "no"])
    office = words(15, 80, "Signature") + words(15, 87, "Wird vom Amt ausgefüllt:")
    office += square(60, 86.6) + words(66, 87, "bewilligt") + square(90, 86.6) + words(96, 87, "abgelehnt")
    assert [labels(item) for item in learned(tmp_path, asked + office).items] == [["yes", "no"]]


def test_headings_part_no_table_whose_headers_stand_on_their_side(tmp_path: Path) -> None:
    columns = [100.0, 112.0, 124.0]
    heads = "".join(
        at(x, 40, f"rotate(-90deg, reflow: true)[{name}]")
        for x, name in zip(columns, ["fully agree", "partly agree", "disagree"], strict=True)
    )
    upper = words(15, 65, "*Work*") + rows_of_squares(columns, 72, ["My desk is fine.", "Noise is low."])
    lower = words(15, 90, "*Team*") + rows_of_squares(columns, 97, ["We help each other.", "We meet."])
    (item,) = learned(tmp_path, words(15, 30, "Do you agree?") + heads + upper + lower).items
    assert (item.type, len(item.rows)) == ("matrix", 4)


def test_the_empty_corner_beside_headers_on_their_side_is_not_written_in(tmp_path: Path) -> None:
    heads = ", ".join(f"rotate(-90deg, reflow: true)[{name}]" for name in ("fully agree", "partly", "not"))
    rows = ", ".join(
        f"[{name}], " + ", ".join(["rect(width: 3.5mm, height: 3.5mm, stroke: 0.5pt)"] * 3)
        for name in ("My desk is fine.", "Noise is low.")
    )
    table = at(15, 40, f"table(columns: (90mm, 12mm, 12mm, 12mm), stroke: 0.5pt, [], {heads}, {rows})")
    (item,) = learned(tmp_path, words(15, 30, "Do you agree?") + table).items
    assert (item.type, said(item)) == ("matrix", "Do you agree?")


def test_a_lone_ring_over_a_column_is_a_picture(tmp_path: Path) -> None:
    columns = [110.0, 135.0, 160.0]
    face = at(107, 50, "circle(radius: 5mm, stroke: 0.5pt)")
    heads = "".join(words(x, 63, name) for x, name in zip(columns, ["yes", "partly", "no"], strict=True))
    asked = words(15, 40, "Tick one box in each line.")
    table = rows_of_squares(columns, 72, ["I like school.", "I have friends.", "It is loud."])
    (item,) = learned(tmp_path, asked + face + heads + table).items
    assert (said(item), labels(item)) == ("Tick one box in each line.", ["yes", "partly", "no"])


def test_a_caption_to_write_behind_stands_before_its_box_as_the_other_labels_do(tmp_path: Path) -> None:
    names = ["Filter coffee", "Whole beans", "Capsules", "Others, namely:"]
    lines = "".join(
        words(20, 37 + 6 * n, name) + square(90, 36.8 + 6 * n, 3.6) + words(97, 37.2 + 6 * n, f"{n + 1}", 8)
        for n, name in enumerate(names)
    )
    (item,) = learned(tmp_path, words(15, 30, "Which do you buy?") + lines).items
    assert labels(item) == names


def test_a_question_said_again_in_smaller_type_parts_no_answers(tmp_path: Path) -> None:
    asked = words(15, 30, "Wie sind Sie angereist?", 10) + words(15, 34.6, "How did you come?", 8.5)
    names = ["mit dem Auto", "mit der Bahn", "mit dem Bus", "anders"]
    boxes = "".join(
        square(80 + 50 * (n % 2), 29.8 + 9 * (n // 2), 3.4)
        + words(86 + 50 * (n % 2), 30 + 9 * (n // 2), name)
        for n, name in enumerate(names)
    )
    (item,) = learned(tmp_path, asked + boxes).items
    assert labels(item) == names


def test_smaller_lines_flush_with_a_text_are_of_it() -> None:
    upper, lower = phrase("Wie alt sind Sie?", 15, 30), phrase("How old are you?", 15, 34, 2.6)
    assert with_lines_over(lower, [upper, lower]) == [upper, lower]
    same = phrase("Where were you born?", 15, 34)
    assert with_lines_over(same, [upper, same]) == [same]


def test_numbers_before_boxes_are_told_from_the_name_of_the_first_end(tmp_path: Path) -> None:
    line = words(24.5, 40, "Not at all likely 0") + square(50, 39.6, 3.5)
    for n in range(1, 11):
        line += words(49.2 + 8 * n - (n > 9), 40, str(n)) + square(51.5 + 8 * n, 39.6, 3.5)
    line += words(138, 40, "Extremely likely")
    (item,) = learned(tmp_path, words(15, 30, "How likely are you to come back?") + line).items
    assert (item.type, said(item)) == ("scale", "How likely are you to come back?")
    assert labels(item) == [str(n) for n in range(11)]


def test_the_first_label_is_told_from_the_question_before_it(tmp_path: Path) -> None:
    line = words(15, 40, "Do you own a car? yes") + square(50.5, 39.6, 3.5)
    line += words(62, 40, "no") + square(67, 39.6, 3.5)
    (item,) = learned(tmp_path, words(15, 25, "About you") + line).items
    assert (said(item), labels(item)) == ("Do you own a car?", ["yes", "no"])


def test_what_heads_part_of_a_ruled_row_parts_no_options(tmp_path: Path) -> None:
    box = "#box(rect(width: 3mm, height: 3mm, stroke: 0.5pt))"
    names = ["single", "married", "separated", "widowed"]
    options_ = " #h(4mm) ".join(f"{box} {name}" for name in names)
    table = at(
        15, 40,
        "table(columns: (40mm, 40mm, 40mm, 40mm), stroke: 0.5pt, [Name], [], [Customer number], [], "
        f"[Marital status], table.cell(colspan: 3)[{options_}])",
    )  # fmt: skip
    items = [item for item in learned(tmp_path, table).items if item.options]
    assert [(said(item), labels(item)) for item in items] == [("Marital status", names)]


def test_the_name_of_a_section_in_a_ruled_cell_is_no_wording(tmp_path: Path) -> None:
    box = "#box(rect(width: 3mm, height: 3mm, stroke: 0.5pt))"
    table = at(
        15, 40,
        "table(columns: (60mm, 80mm), stroke: 0.5pt, table.cell(colspan: 2)[*3. Mobility*], "
        f"[Driving licence], [{box} yes #h(8mm) {box} no], [Car], [{box} yes #h(8mm) {box} no])",
    )  # fmt: skip
    assert [said(item) for item in learned(tmp_path, table).items] == ["Driving licence", "Car"]


def test_a_second_line_that_begins_under_its_box_is_of_the_label_in_its_cell(tmp_path: Path) -> None:
    box = "#box(rect(width: 3mm, height: 3mm, stroke: 0.5pt))"
    cells = one_row(
        [f"{box} #h(1mm) {name}" for name in ("care", "health", "lack of \\ transport", "others")]
    )
    table = at(
        15, 40,
        "table(columns: (50mm, 45mm, 45mm), stroke: 0.5pt, table.cell(rowspan: 2)[What keeps you from work? "
        f"Several answers are possible.], {cells})",
    )  # fmt: skip
    (item,) = learned(tmp_path, table).items
    assert labels(item) == ["care", "health", "lack of transport", "others"]


def test_a_line_of_options_over_the_beginning_of_a_column_ends_the_columns() -> None:
    left = [phrase("1. Who are you?", 15, 30), phrase("2. What is it?", 15, 60)]
    right = [phrase("3. Where is it?", 110, 30), phrase("4. When is it?", 110, 60)]
    places = [(x, y) for x in (15.0, 112.0) for y in (36.0, 42.0, 66.0, 72.0)]
    boxes = [Outline("square", x, y, 3, 3) for x, y in places]
    right += [phrase("label", x + 5, y) for x, y in places]
    gutter = find_gutter([*left, *right], boxes)
    assert gutter is not None and gutter.side(115, 100) == 1
    line = [phrase("6. By post:", 60, 99), phrase("yes", 98, 99), phrase("no", 112, 99)]
    across = [Outline("square", 94, 99, 3, 3), Outline("square", 107, 99, 3, 3)]
    gutter = find_gutter([*left, *right, *line], [*boxes, *across])
    assert gutter is not None and gutter.side(115, 100) == -1


def test_the_next_item_alone_in_a_column_makes_two_columns() -> None:
    left = [phrase("1. Who are you?", 15, 30), phrase("2. What is it?", 15, 60)]
    places = [(x, y) for x in (15.0, 112.0) for y in (36.0, 42.0)]
    boxes = [Outline("square", x, y, 3, 3) for x, y in places]
    left += [phrase("label", x + 5, y) for x, y in places]
    following, other = phrase("3. Where is it?", 110, 30), phrase("7. Where is it?", 110, 30)
    gutter = find_gutter([*left, following], boxes)
    assert gutter is not None and gutter.side(110, 31) == 1
    assert find_gutter([*left, other], boxes) is None


def test_ends_under_the_numbers_under_boxes_are_no_words_of_these(tmp_path: Path) -> None:
    scale = "".join(
        circle(20 + 14 * n, 40) + at(15 + 14 * n, 46, f"box(width: 14mm, align(center)[{n}])")
        for n in range(11)
    )
    ends = words(17, 51, "very unlikely") + words(147, 51, "very likely")
    (item,) = learned(tmp_path, words(15, 30, "Would you name us to friends?") + scale + ends).items
    assert labels(item) == [str(n) for n in range(11)]


def test_no_answer_under_a_box_behind_a_scale_is_its_label(tmp_path: Path) -> None:
    rows = ""
    for n, (wording, low, high) in enumerate(
        [("It is clear", "fully", "not"), ("The pace is", "slow", "fast")]
    ):
        y = 40 + 9 * n
        rows += words(15, y, wording) + words(88, y + 0.4, low, 7.5) + words(143, y + 0.4, high, 7.5)
        rows += "".join(circle(100 + 8 * m, y - 0.4) for m in range(5))
        rows += square(180, y - 1.2, 4) + words(179, y + 3.4, "k. A.", 7)
    items = learned(tmp_path, words(15, 30, "*The course*") + rows).items
    assert [(said(item), len(item.options)) for item in items][1] == ("The pace is", 6)
    assert all(item.options[-1].missing for item in items)


def test_numbers_behind_the_boxes_of_a_table_with_headers_are_no_labels(tmp_path: Path) -> None:
    columns = [110.0, 135.0, 160.0]
    heads = "".join(
        words(x - 3, 40, h) for x, h in zip(columns, ["never", "some days", "daily"], strict=True)
    )
    names = ["Little interest", "Poor sleep", "No appetite"]
    codes = "".join(words(x + 4.6, 49 + 8 * n, str(m), 6) for n in range(3) for m, x in enumerate(columns))
    (item,) = learned(
        tmp_path,
        words(15, 30, "How often were you bothered?") + heads + rows_of_squares(columns, 48, names) + codes,
    ).items
    assert (item.type, labels(item), len(item.rows)) == ("matrix", ["never", "some days", "daily"], 3)


def test_row_and_column_ask_for_a_list_in_a_ruled_cell(tmp_path: Path) -> None:
    box = "#box(rect(width: 3mm, height: 3mm, stroke: 0.5pt))"
    cells = f"[{box} partner \\ {box} child \\ {box} other], [{box} nursery \\ {box} school]"
    rows = ", ".join(f"[{name}], {cells}" for name in ("First person", "Second person"))
    table = at(
        15, 40, f"table(columns: (40mm, 50mm, 50mm), stroke: 0.5pt, [], [Relation], [Minded in], {rows})"
    )
    assert [said(item) for item in learned(tmp_path, table).items] == [
        "First person (Relation)",
        "First person (Minded in)",
        "Second person (Relation)",
        "Second person (Minded in)",
    ]


def test_the_row_alone_asks_where_but_one_column_has_boxes(tmp_path: Path) -> None:
    box = "#box(rect(width: 3mm, height: 3mm, stroke: 0.5pt))"
    rows = ", ".join(f"[{name}], [{box} male \\ {box} female]" for name in ("Adult", "Child"))
    table = at(15, 40, f"table(columns: (40mm, 50mm), stroke: 0.5pt, [Who], [Sex], {rows})")
    assert [said(item) for item in learned(tmp_path, table).items] == ["Adult", "Child"]


def test_ruled_headings_over_two_tables_side_by_side_are_of_their_wordings(tmp_path: Path) -> None:
    box = "rect(width: 3mm, height: 3mm, stroke: 0.5pt)"
    rows = ", ".join(f"[{name}], " + ", ".join([box] * 4) for name in ("Heating", "Water"))
    table = at(
        15, 40,
        "table(columns: (40mm, 20mm, 20mm, 20mm, 20mm), stroke: 0.5pt, table.cell(rowspan: 2)[], "
        "table.cell(colspan: 2)[today], table.cell(colspan: 2)[in five years], [high], [low], [high], [low], "
        f"{rows})",
    )  # fmt: skip
    items = learned(tmp_path, words(15, 30, "How much is needed?") + table).items
    assert [said(item) for item in items] == [
        "How much is needed? today",
        "How much is needed? in five years",
    ]


def test_a_band_over_a_frame_asks_for_what_stands_in_it(tmp_path: Path) -> None:
    def card(x_mm: float, asked: str, names: list[str]) -> str:
        band = at(x_mm, 30, 'rect(width: 80mm, height: 7mm, fill: rgb("#6a1b9a"))')
        frame = at(x_mm, 37, "rect(width: 80mm, height: 30mm, stroke: 0.5pt)")
        return (
            band
            + frame
            + words(x_mm + 2, 32, f"*#text(fill: white)[{asked}]*")
            + options(x_mm + 3, 42, names)
        )

    page = card(15, "How often do you come?", ["daily", "weekly"]) + card(
        105, "How long do you stay?", ["1 h", "2 h"]
    )
    assert [said(item) for item in learned(tmp_path, page).items] == [
        "How often do you come?",
        "How long do you stay?",
    ]


def test_a_tick_in_a_sentence_is_no_box(tmp_path: Path) -> None:
    tick = '#text(font: "DejaVu Sans")[✓]'
    asked = words(15, 30, f"Are you content? Please tick {tick} one box only")
    (item,) = learned(tmp_path, asked + options(20, 38, ["yes", "no", "partly"])).items
    assert said(item) == "Are you content? Please tick ✓ one box only"


def test_a_line_that_fills_the_width_of_all_columns_is_no_row_of_headers() -> None:
    centres = [24.0, 54.0, 84.0, 114.0]
    line = phrase("wenn eines oder dieser Fragen bei uns war dann so gilt ihr was es", 10, 30)
    assert split_over(line, centres) == [line]


@pytest.mark.parametrize(
    ("wording", "kind"),
    [
        ("Which clubs do you want? Sie können mehrere ankreuzen.", "multiple"),
        ("Welche der folgenden Beschreibungen trifft am besten zu?", "single"),
        ("Which of the following best describes your work?", "single"),
        ("Was tun Sie gern? Kreuzen Sie alles an, was zutrifft.", "multiple"),
        ("Was können Sie übernehmen? (Bitte alles Mögliche ankreuzen)", "multiple"),
    ],
)
def test_how_many_answers_a_wording_asks_for(tmp_path: Path, wording: str, kind: str) -> None:
    (item,) = learned(tmp_path, words(15, 30, wording) + options(20, 37, ["one", "two", "three"])).items
    assert item.type == kind


def test_words_over_the_ends_and_the_middle_of_a_tables_columns_make_a_scale(tmp_path: Path) -> None:
    columns = [100.0 + 14 * n for n in range(5)]
    heads = "".join(
        words(x - 2, 40, h, 8) for x, h in zip(columns[::2], ["very", "medium", "not"], strict=True)
    )
    table = rows_of_squares(columns, 47, ["short ways", "low fares", "help"])
    (item,) = learned(tmp_path, words(15, 30, "How important is it?") + heads + table).items
    assert (item.type, labels(item)) == ("matrix", ["very", "", "medium", "", "not"])


def test_letters_that_count_options_before_their_boxes_are_no_wording(tmp_path: Path) -> None:
    lines = "".join(
        words(20, 37.4 + 6 * n, f"({letter})") + square(27, 37 + 6 * n, 3.5) + words(33, 37.4 + 6 * n, name)
        for n, (letter, name) in enumerate(zip("abc", ["gas", "oil", "wood"], strict=True))
    )
    (item,) = learned(tmp_path, words(15, 30, "1. How do you heat?") + lines).items
    assert (said(item), labels(item)) == ("How do you heat?", ["gas", "oil", "wood"])


def test_labels_under_all_rows_of_a_card_are_those_of_its_columns(tmp_path: Path) -> None:
    names = ["excellent", "good", "fair", "poor"]
    rows = ""
    for n, row in enumerate(["Reception", "Room", "Breakfast"]):
        rows += words(15, 40 + 11 * n, row)
        for m, name in enumerate(names):
            rows += circle(60 + 25 * m, 39 + 11 * n)
            rows += at(
                52 + 25 * m, 43.6 + 11 * n, f"box(width: 20mm, align(center, text(size: 6.5pt)[{name}]))"
            )
    following = words(15, 75, "Would you come again?") + options(20, 82, ["yes", "no"])
    table, last = learned(tmp_path, words(15, 28, "How was your stay?") + rows + following).items
    assert (table.type, labels(table), len(table.rows)) == ("matrix", names, 3)
    assert said(last) == "Would you come again?"


def test_two_headings_over_a_tables_columns_are_told(tmp_path: Path) -> None:
    box = "rect(width: 3mm, height: 3mm, stroke: 0.5pt)"
    rows = ", ".join(f"[{name}], " + ", ".join([box] * 4) for name in ("Swing", "Slide"))
    table = at(
        15, 40,
        "table(columns: (40mm, 22mm, 22mm, 22mm, 22mm), stroke: 0.5pt, table.cell(rowspan: 2)[], "
        f"table.cell(colspan: 2)[State], table.cell(colspan: 2)[To do], [good], [poor], [now], [later], {rows})",
    )  # fmt: skip
    draft = learn(blank(tmp_path, words(15, 30, "Tick for each device."), table), "drawn")
    assert "over its columns stand 'State' and 'To do': an item each" in draft.yaml
    numbered = table.replace("[good], [poor], [now], [later]", "[1], [2], [3], [4]")
    draft = learn(blank(tmp_path, words(15, 30, "Tick for each device."), numbered), "drawn")
    assert "its ends are called 'State' and 'To do'" in draft.yaml


def test_ends_of_a_numbered_scale_stand_as_far_off_as_its_next_box_would(tmp_path: Path) -> None:
    scale = "".join(words(61 + 20 * n, 40, str(n + 1)) + circle(60 + 20 * n, 46) for n in range(5))
    scale += words(33, 46.6, "not at all") + words(159, 46.6, "very much")
    (item,) = learned(tmp_path, words(15, 30, "How did you like it?") + scale).items
    assert (item.type, said(item), labels(item)) == ("scale", "How did you like it?", list("12345"))


def test_wordings_in_two_languages_side_by_side_are_read_one_after_the_other(tmp_path: Path) -> None:
    asked = words(15, 30, "Was ist schwer? (mehrere Antworten") + words(15, 34.4, "möglich)")
    asked += words(110, 30, "What is hard? (several answers") + words(110, 34.4, "possible)")
    boxes = "".join(
        at(15, 42 + 6 * n, f"box(width: 75mm, align(right)[{a}])")
        + square(96, 41.8 + 6 * n, 3.5)
        + words(110, 42 + 6 * n, b)
        for n, (a, b) in enumerate(
            [("die Sprache", "the language"), ("Freunde", "friends"), ("nichts", "none")]
        )
    )
    (item,) = learned(tmp_path, asked + boxes).items
    assert (
        said(item) == "Was ist schwer? (mehrere Antworten möglich) What is hard? (several answers possible)"
    )


def test_a_caption_before_a_line_under_a_large_title_is_no_wording(tmp_path: Path) -> None:
    head = words(15, 20, "*Volunteers*", 16) + words(15, 26.5, "Name:")
    head += at(27, 29.4, "line(length: 60mm, stroke: 0.4pt)")
    asked = words(15, 32.5, "How did you hear of us?") + options(20, 40, ["friend", "flyer"])
    (item,) = learned(tmp_path, head + asked).items
    assert said(item) == "How did you hear of us?"


def test_headers_over_cells_to_write_in_are_no_wording_where_a_line_tells_to_mark(tmp_path: Path) -> None:
    box = "rect(width: 3mm, height: 3mm, stroke: 0.5pt)"
    rows = ", ".join(f"[{n}], [], " + ", ".join([box] * 3) for n in (1, 2, 3))
    heads = ", ".join(
        f"rotate(-90deg, reflow: true)[{name}]" for name in ("to work", "to school", "to shops")
    )
    columns = "(14mm, 30mm, 10mm, 10mm, 10mm)"
    table = at(
        15,
        40,
        f"table(columns: {columns}, align: horizon, stroke: 0.5pt, [], [Start (time)], {heads}, {rows})",
    )
    items = learned(tmp_path, words(15, 30, "Make one cross in each line.") + table).items
    assert [said(item) for item in items if item.type == "matrix"] == ["Make one cross in each line."]


def test_names_of_variables_in_the_margins_are_no_words(tmp_path: Path) -> None:
    page = ""
    for n, asked in enumerate(["Where do you live?", "Are you well?", "Do you read?"]):
        y = 30 + 30 * n
        page += words(15, y + 0.6, f"V{n + 1:02d}", 7) + words(185, y + 0.6, f"({11 + n})", 7)
        page += words(28, y, f"{n + 1}. {asked}") + options(30, y + 7, ["yes", "no"])
    items = learned(tmp_path, page).items
    assert [(item.id, said(item)) for item in items] == [
        ("q1", "Where do you live?"),
        ("q2", "Are you well?"),
        ("q3", "Do you read?"),
    ]


def test_small_numbers_that_label_the_last_boxes_of_lines_stay(tmp_path: Path) -> None:
    rows = "".join(
        words(15, 36 + 20 * n, f"*How good is the {name}?*", 12)
        + "".join(
            square(30 + 20 * m, 43 + 20 * n) + words(35.5 + 20 * m, 44 + 20 * n, str(m), 7) for m in (1, 2, 3)
        )
        for n, name in enumerate(["food", "room", "view", "team"])
    )
    assert [labels(item) for item in learned(tmp_path, rows).items] == [["1", "2", "3"]] * 4


def test_of_declarations_that_are_whole_sentences_several_may_be_marked(tmp_path: Path) -> None:
    names = ["I agree that my data are kept.", "I would like to hear of new offers by mail."]
    (item,) = learned(tmp_path, words(15, 30, "*Consent*") + options(20, 38, names)).items
    assert item.type == "multiple"


def two_columns(first: str) -> str:
    """Two columns with boxes at their right ends, as dots lead to them; the second begins with what is given."""

    def column(x_mm: float, asked: list[tuple[str, list[str]]], y_mm: float) -> str:
        page = ""
        for wording, names in asked:
            page += words(x_mm, y_mm, f"*{wording}*") if wording else ""
            y_mm += 6.5 if wording else 0
            for name in names:
                page += words(x_mm, y_mm, name) + square(x_mm + 78, y_mm - 0.4, 3.5)
                y_mm += 5
            y_mm += 3
        return page

    left = [
        ("1. How did you hear of us?", ["mail", "friends"]),
        ("2. Which talks did you hear?", ["opening", "data"]),
    ]
    right = [
        (first, ["panel", "tour"]),
        ("3. Was it too long?", ["yes", "no"]),
        ("4. Shall we go on?", ["yes", "no"]),
    ]
    return column(15, left, 30) + column(104, right, 30)


def test_a_list_goes_on_at_the_top_of_the_next_column(tmp_path: Path) -> None:
    items = learned(tmp_path, two_columns("")).items
    assert [labels(item) for item in items][1] == ["opening", "data", "panel", "tour"]
    assert [said(item) for item in items] == [
        "How did you hear of us?",
        "Which talks did you hear?",
        "Was it too long?",
        "Shall we go on?",
    ]


def test_a_list_with_a_heading_of_its_own_in_the_next_column_is_another(tmp_path: Path) -> None:
    items = learned(tmp_path, two_columns("Only for members")).items
    assert [labels(item) for item in items if said(item).startswith("Which")] == [["opening", "data"]]


def scale_row(y_mm: float, number: str, wording: str, ends: tuple[str, str]) -> str:
    row = words(15, y_mm, number, 8.5) + words(24, y_mm, wording, 8.5)
    row += at(100, y_mm + 0.3, f"box(width: 26mm, align(right, text(size: 7.5pt)[{ends[0]}]))")
    row += "".join(square(128 + 8 * n, y_mm - 0.4, 3.4) for n in range(5)) + words(
        166, y_mm + 0.3, ends[1], 7.5
    )
    return row


def test_a_scale_between_two_numbers_is_an_item_like_those_between_words(tmp_path: Path) -> None:
    page = words(15, 30, "*3. Lecturer*") + scale_row(38, "3.1", "… is prepared well.", ("agree", "disagree"))
    page += scale_row(46, "3.2", "… answers questions.", ("agree", "disagree"))
    page += scale_row(54, "3.3", "Which mark do you give?", ("1", "5"))
    items = learned(tmp_path, page).items
    assert [(item.id, said(item)) for item in items] == [
        ("q3_1", "… is prepared well."),
        ("q3_2", "… answers questions."),
        ("q3_3", "Which mark do you give?"),
    ]


def test_a_lone_cell_of_the_size_of_a_combs_cells_is_a_digit(tmp_path: Path) -> None:
    cell = "rect(width: 5mm, height: 7mm, stroke: 0.5pt)"
    comb = words(15, 30, "1. Born in the year") + "".join(at(60 + 5 * n, 28, cell) for n in range(4))
    rooms = words(15, 45, "2. How many rooms are there?") + at(20, 52, cell) + words(27, 54, "rooms")
    asked = words(15, 70, "3. Is it quiet?") + options(20, 77, ["yes", "no"])
    items = learned(tmp_path, comb + rooms + asked).items
    assert [labels(item) for item in items if item.options] == [["yes", "no"]]


def test_bold_headers_of_several_lines_begin_no_column() -> None:
    heads = [("sehr", 114.0, 31.0), ("eher", 131.0, 31.0), ("teils,", 148.0, 28.6), ("teils", 148.2, 33.4)]
    heads += [("eher", 165.0, 28.6), ("nicht", 165.3, 33.4), ("gar nicht", 180.0, 31.0)]
    left = [phrase(f"{n}. Frage?", 15, 60.0 + 30 * n) for n in range(3)]
    boxes = [Outline("square", x, 40, 3, 3) for x in (116.0, 133.0, 150.0, 167.0, 184.0)]
    boxes += [Outline("square", 15, y, 3, 3) for y in (66.0, 96.0, 126.0)]
    bold = [replace(phrase(text, x, y), bold=True) for text, x, y in heads]
    assert find_gutter([*left, *bold, phrase("Miete", 15, 40)], boxes) is None


def test_what_stands_beside_a_frame_is_no_wording_of_a_list_in_it(tmp_path: Path) -> None:
    story = "".join(
        words(15, 28 + 4.6 * n, "The fair was held in the rain, and all came nevertheless") for n in range(12)
    )
    frame = at(116, 26, "rect(width: 80mm, height: 62mm, stroke: 0.5pt)")
    inside = words(120, 30, "1. Did you come?") + options(122, 35.5, ["yes", "no"])
    inside += words(120, 52, "2. When shall we meet again?") + options(
        122, 57.5, ["in May", "in June", "never"]
    )
    assert [said(item) for item in learned(tmp_path, story + frame + inside).items] == [
        "Did you come?",
        "When shall we meet again?",
    ]


def test_a_remark_at_the_end_of_a_wordings_line_parts_no_columns_of_answers(tmp_path: Path) -> None:
    asked = words(15, 30, "*3. What did you see?*") + words(150, 29.6, "several answers", 8)
    names = ["farm", "mill", "forge", "school", "garden", "inn"]
    boxes = "".join(
        circle(20 + 60 * (n % 3), 37 + 7 * (n // 3)) + words(26 + 60 * (n % 3), 37.6 + 7 * (n // 3), name)
        for n, name in enumerate(names)
    )
    (item,) = learned(tmp_path, asked + boxes).items
    assert (item.type, labels(item)) == ("multiple", names)
    assert said(item) == "What did you see? several answers"


def test_remarks_under_two_wordings_side_by_side_join_no_items(tmp_path: Path) -> None:
    def item(x_mm: float, asked: str, names: list[str]) -> str:
        return (
            words(x_mm, 30, f"*{asked}*")
            + words(x_mm, 34.6, "Several answers.")
            + options(x_mm + 3, 41, names)
        )

    page = item(15, "1. What do you use?", ["bus", "train"]) + item(
        105, "2. What is missing?", ["seats", "trams"]
    )
    assert [labels(item) for item in learned(tmp_path, page).items] == [["bus", "train"], ["seats", "trams"]]
