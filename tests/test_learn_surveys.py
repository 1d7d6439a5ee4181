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


def scale(x_mm: float, y_mm: float, count: int = 5) -> str:
    return "".join(circle(x_mm + 7 * n, y_mm) for n in range(count))


def test_what_stands_between_a_sentence_and_the_boxes_of_a_scale_names_its_first_end(tmp_path: Path) -> None:
    rows = [("1. How did you like the evening? not at all", 86.0), ("2. I felt well. never", 50.0)]
    lines = "".join(
        words(15, 30.6 + 9 * n, text) + scale(x, 30 + 9 * n) + words(x + 34, 30.6 + 9 * n, end)
        for n, ((text, x), end) in enumerate(zip(rows, ["very much", "always"], strict=True))
    )
    first, second = learned(tmp_path, lines).items
    assert (said(first), labels(first)) == (
        "How did you like the evening?",
        ["not at all", "", "", "", "very much"],
    )
    assert (said(second), labels(second)[0], labels(second)[-1]) == ("I felt well.", "never", "always")


def test_a_numbered_wording_over_boxes_with_labels_under_them_is_no_row_of_headers(tmp_path: Path) -> None:
    def item(y_mm: float, wording: str, names: list[str]) -> str:
        boxes = "".join(
            at(30 + 46 * n, y_mm + 6, "circle(radius: 3.2mm, stroke: 0.5pt)")
            + at(23 + 46 * n, y_mm + 14, f"box(width: 20mm, align(center, text(size: 10pt)[{name}]))")
            for n, name in enumerate(names)
        )
        return at(15, y_mm, f'text(size: 11pt, font: "DejaVu Sans Mono")[{wording}]') + boxes

    asked = ["1. How was the food?", "2. The time you had to wait was:", "3. What you were told was:"]
    names = [
        ["good", "fair", "poor", "bad"],
        ["short", "right", "long", "far too long"],
        ["clear", "so", "no", "-"],
    ]
    found = learned(tmp_path, "".join(map(item, (30, 55, 80), asked, names)))
    assert [said(one) for one in found.items] == [text[3:] for text in asked]
    assert [labels(one) for one in found.items] == names


def test_the_last_label_of_a_line_may_end_where_the_paragraph_began(tmp_path: Path) -> None:
    line = words(15, 40.6, "Did it meet your hopes?") + "".join(
        at(60 + 40 * n, 40, BOX) + words(66 + 40 * n, 40.6, name)
        for n, name in enumerate(["fully", "for the most part", "partly", "not in the"])
    )
    asked = words(15, 45.2, "least") + words(
        15, 60, "Anything else that you want to tell us in your own words?"
    )
    wide = words(
        15,
        20,
        "Thank you for your time; it helps us to make the next courses better than the last ones were. ",
    )
    found = learned(tmp_path, wide, line + asked)
    assert labels(found.items[0])[-1] == "not in the least"


def test_a_sentence_that_acknowledges_something_stands_for_itself(tmp_path: Path) -> None:
    asked = words(15, 30, "Pictures --- check one, this is required:")
    names = ["I allow pictures", "no pictures", "I acknowledge the rules of the house overleaf."]
    found = learned(tmp_path, asked + options(20, 36, names))
    assert [len(item.options) for item in found.items] == [2, 1]


def scores(rows: list[str]) -> str:
    """A ruled table: number, caption, options, points."""
    cells = "[*Step*], [*What*], [*Outcome*], [*Points*], " + ", ".join(rows)
    return at(
        15,
        40,
        f"table(columns: (12mm, 80mm, 46mm, 25mm), inset: 2mm, stroke: 0.5pt, align: horizon, {cells})",
    )


def test_ruled_rows_with_a_caption_each_ask_each_for_themselves_however_their_options_wrap(
    tmp_path: Path,
) -> None:
    box = "#box(width: 3mm, height: 3mm, stroke: 0.5pt)"
    rows = [
        f"[1], [Left the room with the box], [{box} yes (+5) #h(4mm) {box} no (0)], []",
        f"[2], [Reached the station], [{box} yes (+10) #h(4mm) {box} no (0)], []",
        f"[3], [Put on the circle], [{box} right (+20) #h(4mm) {box} wrong circle (-10) #h(4mm) {box} lost (0)], []",
    ]
    info = (
        words(15, 20, "*Name of the team*") + words(112, 20, "*Field or table*") + words(112, 26, "*Judge*")
    )
    found = learned(
        tmp_path, words(15, 14, "*Mission* of the day"), info, words(15, 32, "*Phases*"), scores(rows)
    )
    asked = [item for item in found.items if item.options]
    assert [said(item) for item in asked] == [
        "Left the room with the box",
        "Reached the station",
        "Put on the circle",
    ]
    assert labels(asked[-1]) == ["right (+20)", "wrong circle (-10)", "lost (0)"]


def test_boxes_under_headers_behind_options_of_their_row_are_a_table_of_their_own(tmp_path: Path) -> None:
    box = "#box(width: 3mm, height: 3mm, stroke: 0.5pt)"
    heads = "[*\\#*], [*Colour*], [*Right bay (+20)*], [*Wrong bay (-10)*], [*Not brought (0)*]"
    rows = ", ".join(f"[{n}], [{box} red #h(3mm) {box} green], [{box}], [{box}], [{box}]" for n in (1, 2, 3))
    table = at(
        15, 40, f"table(columns: (10mm, 30mm, 50mm, 46mm, 40mm), inset: 2mm, stroke: 0.5pt, {heads}, {rows})"
    )
    first, second = learned(tmp_path, words(15, 30, "Mark colour and place of each cube."), table).items
    assert (labels(first), labels(second)) == (
        ["red", "green"],
        ["Right bay (+20)", "Wrong bay (-10)", "Not brought (0)"],
    )


def test_one_labelled_box_in_each_of_two_touching_cells_of_a_row_is_one_item(tmp_path: Path) -> None:
    box = "#box(width: 3mm, height: 3mm, stroke: 0.5pt)"
    cells = (
        f"[The gate was touched], [{box} no (0) #h(4mm) {box} yes (-10)], [(C): \\_\\_\\_\\_\\_],"
        f"[Someone touched the robot], [{box} no], [{box} yes, score is 0],"
        f"[Someone steered it], [{box} no], [{box} yes, score is 0]"
    )
    table = at(15, 40, f"table(columns: (80mm, 45mm, 45mm), inset: 2mm, stroke: 0.5pt, {cells})")
    found = learned(tmp_path, words(15, 30, "*Penalties*", 12), table)
    assert [labels(item) for item in found.items if item.options] == [
        ["no (0)", "yes (-10)"],
        ["no", "yes, score is 0"],
        ["no", "yes, score is 0"],
    ]


def test_a_caption_before_boxes_of_its_own_line_asks_for_none_under_it(tmp_path: Path) -> None:
    def row(x_mm: float, y_mm: float, names: list[str], step_mm: float) -> str:
        return "".join(
            at(x_mm + step_mm * n, y_mm, BOX) + words(x_mm + 5 + step_mm * n, y_mm + 0.6, name)
            for n, name in enumerate(names)
        )

    upper = words(20, 30.6, "*Receptive:*") + row(45, 30, ["full", "impaired"], 18)
    upper += words(88, 30.6, "*Expressive:*") + row(110.5, 30, ["full", "impaired"], 18)
    lower = words(20, 36.6, "*Speech*") + row(
        45, 36, ["verbal", "other", "little", "withdrawn", "evasive"], 21
    )
    found = learned(tmp_path, words(15, 20, "State of mind"), upper, lower)
    assert len(found.items[-1].options) == 5


def test_ruled_rows_however_high_are_rows_of_one_table(tmp_path: Path) -> None:
    label = " #linebreak() ".join(
        ["I think", "that I", "would like", "to use", "this way", "often", "if I can", "get it"]
    )
    cells = ", ".join(f"[{label} {n}], {BOX}, {BOX}, {BOX}" for n in range(3))
    table = at(
        15,
        40,
        f"table(columns: (22mm, 20mm, 20mm, 20mm), inset: 1mm, stroke: 0.5pt, [], [no], [so], [yes], {cells})",
    )
    (item,) = learned(tmp_path, words(15, 30, "How far do you agree?"), table).items
    assert (item.type, len(labels_of_rows(item))) == ("matrix", 3)


def typed(x_mm: float, y_mm: float, line: str) -> str:
    return at(x_mm, y_mm, f'text(size: 9pt, font: "DejaVu Sans Mono")[#"{line}"]')


def test_numbers_in_brackets_that_stand_apart_are_a_scale(tmp_path: Path) -> None:
    found = learned(
        tmp_path,
        words(15, 30, "How likely are you to recommend us?"),
        typed(15, 36, "[0] [1] [2] [3] [4] [5] [6] [7] [8] [9] [10]"),
        words(15, 60, "This has been said before [1], [2], [3] and [4]."),
    )
    (item,) = found.items
    assert (len(found.boxes), labels(item)) == (11, [str(n) for n in range(11)])
    assert found.boxes["w_mm"].nunique() == 1


def test_dashes_between_options_and_before_the_points_of_a_list_are_no_words(tmp_path: Path) -> None:
    line = typed(15, 36, "[ ] Much harder — [ ] Harder — [ ] Easier")
    points = "".join(
        typed(15, 56 + 5 * n, f"- [ ] {name}") for n, name in enumerate(["never", "at times", "often"])
    )
    asked = words(15, 30, "1. Compared to reading it was:") + words(15, 50, "2. Do you read such texts?")
    first, second = learned(tmp_path, asked, line, points).items
    assert labels(first) == ["Much harder", "Harder", "Easier"]
    assert (said(second), labels(second)) == ("Do you read such texts?", ["never", "at times", "often"])


def test_one_row_at_the_end_of_a_page_is_the_first_of_the_table_overleaf(tmp_path: Path) -> None:
    def row(y_mm: float, name: str) -> str:
        return words(15, y_mm + 0.6, name) + "".join(circle(100 + 20 * n, y_mm) for n in range(3))

    def heads(y_mm: float) -> str:
        over = "".join(words(98 + 20 * n, y_mm, head) for n, head in enumerate(["yes", "partly", "no"]))
        return words(15, y_mm, "How concerned were you about:") + over

    first = heads(260) + row(268, "6. Strains at home?")
    over = heads(12) + row(20, "7. Being alone?") + row(28, "8. Being ill?") + row(36, "9. Being late?")
    (item,) = learned(tmp_path, first, "#pagebreak()", over).items
    assert labels_of_rows(item) == ["Strains at home?", "Being alone?", "Being ill?", "Being late?"]


def test_radio_buttons_rounded_to_other_pixels_are_no_icons(tmp_path: Path) -> None:
    answers = ["1 Not at all", "2 A little", "3 Quite so", "4 Very much"]
    page = ""
    for item, top in enumerate((30, 70)):
        page += words(15, top - 7, "How much do you like it?")
        for n, answer in enumerate(answers):
            high = 3.44 if n == item else 3.17
            page += at(
                15, top + 7 * n, f"rect(width: 3.17mm, height: {high}mm, radius: 1.5mm, stroke: 0.7pt)"
            )
            page += words(20, top + 0.4 + 7 * n, answer)
    assert [labels(item) for item in learned(tmp_path, page).items] == [answers, answers]


def test_headers_set_close_together_begin_where_the_boxes_of_their_columns_do(tmp_path: Path) -> None:
    heads = {60.0: "Much better", 79.6: "Better", 91.4: "Neutral", 105.4: "Worse"}
    over = words(15, 30, "How are you now?") + "".join(words(x - 1.4, 37, head) for x, head in heads.items())
    rows = "".join(
        words(15, 46 + 9 * row, f"Statement {row + 1}") + "".join(circle(x, 45.4 + 9 * row) for x in heads)
        for row in range(3)
    )
    (item,) = learned(tmp_path, over + rows).items
    assert labels(item) == [*heads.values()]


def test_a_row_whose_label_hangs_down_to_the_next_row_is_of_its_table(tmp_path: Path) -> None:
    lines = ["The office", "followed", "all steps", "that were", "given"]
    page = words(15, 26, "Do you agree?")
    page += "".join(words(60 + 20 * n, 33, head) for n, head in enumerate(("Yes", "Partly", "No")))
    for row in range(3):
        top = 40 + 42 * row
        page += "".join(words(15, top + 0.6 + 5 * n, line) for n, line in enumerate(lines))
        page += words(15, top + 25.6, "on the first") + words(15, top + 30.6, f"day {row + 1}.")
        page += "".join(circle(60 + 20 * n, top) for n in range(3))
    (item,) = learned(tmp_path, page).items
    assert labels_of_rows(item)[-1] == "The office followed all steps that were given on the first day 3."
