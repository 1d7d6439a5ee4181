"""What is learned of several columns of text beside boxes, of lists that go on overleaf, of scales typed as numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from test_learn import (
    at,
    circle,
    labels,
    labels_of_rows,
    learned,
    options,
    said,
    words,
)
from test_learn_ruled import ruled
from test_learn_shown import BOX

from survey.doors.pdf_print import Letter
from survey.learn.printed.glyphs import box_glyphs
from survey.learn.printed.icons import ICON, with_icons


def test_all_columns_of_text_beside_boxes_label_their_row_and_their_headers_are_no_wording(
    tmp_path: Path,
) -> None:
    rows = [("Coconut milk", "tinned"), ("Curry", "mixed spice"), ("Mustard", "in a glass")]
    cells = "[Product], [Why listed], [Yes], [No], [Unsure], " + ", ".join(
        f"[{name}], [{why}], {BOX}, {BOX}, {BOX}" for name, why in rows
    )
    (item,) = learned(
        tmp_path,
        words(15, 30, "*Question C: does the packing have to be looked at?*"),
        ruled(15, 36, "50mm, 45mm, 20mm, 20mm, 20mm", "7mm, 7mm, 7mm, 7mm", cells),
    ).items
    assert labels_of_rows(item) == ["Coconut milk tinned", "Curry mixed spice", "Mustard in a glass"]
    assert said(item) == "Question C: does the packing have to be looked at?"


def test_a_list_without_wording_overleaf_goes_on_from_the_one_at_the_end_of_the_page(tmp_path: Path) -> None:
    first = words(15, 240, "I agree to the use of my data (tick what applies):")
    found = learned(
        tmp_path,
        first + options(20, 247, ["for the paper", "for messages"]),
        "#pagebreak()" + options(20, 20, ["for the list of members", "for the tax office"]),
    )
    (item,) = found.items
    assert labels(item) == [
        "for the paper",
        "for messages",
        "for the list of members",
        "for the tax office",
    ]
    assert [*found.boxes["page"]] == [1, 1, 2, 2]


def test_headers_that_repeat_the_letters_in_the_circles_under_them_are_no_wording(tmp_path: Path) -> None:
    letters = "ABCD"
    heads = "".join(words(41.2 + 13 * n, 40, one, 9) for n, one in enumerate(letters))
    rows = "".join(
        words(25, 47 + 9 * row, f"{row + 1}.")
        + circle(40 + 13 * n, 46 + 9 * row)
        + words(41.3 + 13 * n, 47 + 9 * row, one, 7)
        for row in range(4)
        for n, one in enumerate(letters)
    )
    (item,) = learned(tmp_path, words(20, 30, "*Section A*") + heads + rows).items
    assert (said(item), labels(item)) == ("Section A", ["A", "B", "C", "D"])


def test_what_is_written_on_the_line_above_is_no_wording(tmp_path: Path) -> None:
    (item,) = learned(
        tmp_path,
        words(15, 30, "First noticed on:"),
        words(70, 30, "Date: \\_\\_\\_\\_ / \\_\\_\\_\\_   Time: about \\_\\_\\_\\_ h"),
        words(15, 37, "Complaints:") + options(70, 36.4, ["fever", "cramps"]),
    ).items
    assert said(item) == "Complaints:"


def test_choosing_between_one_and_three_options_means_multiple(tmp_path: Path) -> None:
    asked = words(15, 30, "Which rooms do you use?") + words(
        15, 35, "_You must choose between 1 and 3 options._"
    )
    (item,) = learned(tmp_path, asked + options(20, 42, ["library", "canteen", "at home"])).items
    assert item.type == "multiple"


def test_numbers_in_brackets_that_dashes_join_are_a_scale(tmp_path: Path) -> None:
    chain = "---".join(f"({n})" for n in range(1, 8))
    found = learned(
        tmp_path,
        words(15, 30, "*How good is the canteen?*", 13) + words(15, 38, f"_Put an X on a number._ {chain}"),
        words(15, 60, "Columns: (1) (2) (3) (4) (5)"),
    )
    (item,) = found.items
    assert (len(found.boxes), item.type) == (7, "scale")
    assert said(item) == "How good is the canteen? Put an X on a number."


def test_a_colon_in_a_column_of_its_own_belongs_to_the_caption_on_its_left(tmp_path: Path) -> None:
    def row(y_mm: float, caption: str, names: list[str]) -> str:
        boxes = "".join(
            at(80 + 35 * n, y_mm, "rect(width: 4mm, height: 4mm, stroke: 0.5pt)")
            + words(86 + 35 * n, y_mm + 0.6, name)
            for n, name in enumerate(names)
        )
        return words(15, y_mm + 0.6, caption) + words(60, y_mm + 0.6, ":") + boxes

    found = learned(
        tmp_path,
        row(30, "Way of arrival", ["on foot", "stretcher"]),
        row(38, "Sent by", ["doctor", "nobody"]),
    )
    assert [said(item) for item in found.items] == ["Way of arrival:", "Sent by:"]


def test_a_line_that_closes_the_bracket_of_a_label_belongs_to_it_wherever_it_begins(tmp_path: Path) -> None:
    (item,) = learned(
        tmp_path,
        words(15, 30, "Which of these do you take?"),
        options(20, 37, ["blood thinners (such as Aspirin, Marcumar,"]) + words(20, 42, "Xarelto, Lixiana)"),
        options(20, 47, ["insulin"]),
    ).items
    assert labels(item) == ["blood thinners (such as Aspirin, Marcumar, Xarelto, Lixiana)", "insulin"]


def test_dots_to_write_on_within_brackets_do_not_part_a_label(tmp_path: Path) -> None:
    found = learned(
        tmp_path,
        words(15, 30, "Do you smoke?")
        + options(20, 37, ["no", "yes (..... a day)", "earlier (until: .....)"]),
    )
    assert labels(found.items[0]) == ["no", "yes (… a day)", "earlier (until: …)"]


def test_a_lettered_line_begins_a_text_of_its_own_and_lines_of_dots_are_no_wording(tmp_path: Path) -> None:
    dots = "." * 60
    found = learned(
        tmp_path,
        words(15, 30, "a) State of mind:"),
        options(20, 36, ["anxious", f"other, namely {dots}"]),
        words(18, 49, "b) State of health:"),
        options(20, 55, ["good", "bad"]),
        words(15, 69, f"Operations {dots}"),
        words(15, 75, "c) In the family"),
        options(20, 81, ["cancer", "allergies"]),
    )
    assert [said(item) for item in found.items] == [
        "a) State of mind:",
        "b) State of health:",
        "c) In the family",
    ]
    assert labels(found.items[0]) == ["anxious", "other, namely"]


def test_the_last_word_of_a_sentence_over_a_column_is_no_header(tmp_path: Path) -> None:
    told = "box(width: 45mm, align(right, text(size: 10pt, spacing: 220%)[Put a tick in the right box.]))"
    rows = "".join(
        words(20, 45 + 7 * n, name)
        + "".join(at(x, 44.4 + 7 * n, "rect(width: 4mm, height: 4mm, stroke: 0.5pt)") for x in (55, 70))
        for n, name in enumerate(["fish", "fox deaths", "water levels"])
    )
    drawn = words(15, 30, "1. Is each of these a stock or a flow?") + at(15, 34.6, told)
    (item,) = learned(tmp_path, drawn + words(53, 39.4, "Stock") + words(69, 39.4, "Flow") + rows).items
    assert labels(item) == ["Stock", "Flow"]


def test_digits_down_under_columns_that_are_counted_are_a_number(tmp_path: Path) -> None:
    heads = "".join(words(31 + 9 * n, 40, f"[{n + 1}]", 8) for n in range(6))
    rows = "".join(
        words(20, 45 + 6 * digit, str(digit), 8)
        + "".join(circle(30 + 9 * n, 44.4 + 6 * digit) for n in range(6))
        for digit in range(10)
    )
    (item,) = learned(tmp_path, words(15, 30, "Student number:") + heads + rows).items
    assert (labels(item), len(item.rows)) == ([*"0123456789"], 6)


def test_options_that_rows_repeat_are_columns_though_one_row_begins_further_right(tmp_path: Path) -> None:
    def row(x_mm: float, y_mm: float, caption: str) -> str:
        boxes = "".join(
            at(x_mm + 30 * n, y_mm, "rect(width: 4mm, height: 4mm, stroke: 0.5pt)")
            + words(x_mm + 6 + 30 * n, y_mm + 0.6, name)
            for n, name in enumerate(["no", "yes, to:"])
        )
        return words(x_mm - 25, y_mm + 0.6, caption) + boxes

    (item,) = learned(tmp_path, words(15, 30, "Allergies"), row(52, 37, "drugs"), row(55, 44, "food")).items
    assert (labels(item), labels_of_rows(item)) == (["no", "yes, to:"], ["drugs", "food"])


def test_a_label_may_begin_the_line_under_its_box_in_a_running_text(tmp_path: Path) -> None:
    def box(x_mm: float, y_mm: float) -> str:
        return at(x_mm, y_mm, "rect(width: 3mm, height: 3mm, stroke: 0.5pt)")

    (item,) = learned(
        tmp_path,
        words(15, 30.2, "Q50 What do you mainly do?"),
        box(100, 30)
        + words(104, 30.2, "data entry")
        + box(124, 30)
        + words(128, 30.2, "review")
        + box(145, 30),
        words(100, 34.4, "field work") + box(124, 34.2) + words(128, 34.4, "not used") + box(146, 34.2),
        words(100, 38.6, "other"),
    ).items
    assert labels(item) == ["data entry", "review", "field work", "not used", "other"]


def test_headers_of_a_table_in_bold_are_no_column_of_wordings(tmp_path: Path) -> None:
    heads = ["fully agree", "rather agree", "neither", "rather not", "not at all", "no answer"]
    cells = "".join(
        words(80 + 18 * n, 40 + 5.05 * k, f"*{word}*", 9)
        for n, head in enumerate(heads)
        for k, word in enumerate(head.split(" ", 1))
    )
    rows = "".join(
        words(20, 44 + 12 * n, f"The lecture has a good point number {n}")
        + "".join(circle(80 + 18 * k, 43.6 + 12 * n) for k in range(6))
        for n in range(1, 5)
    )
    (item,) = learned(tmp_path, words(20, 30, "How do you like it?") + cells + rows).items
    assert (labels(item), len(item.rows)) == (heads, 4)


def test_ends_of_rows_in_wide_cells_are_opposites(tmp_path: Path) -> None:
    pairs = [("easy", "difficult"), ("clear", "confused"), ("short", "wordy")]
    boxes = ", ".join([f"align(center, {BOX})"] * 3)
    cells = "[*Term*], [1], [2], [3], [*Term*], " + ", ".join(
        f"[{left}], {boxes}, [{right}]" for left, right in pairs
    )
    (item,) = learned(
        tmp_path,
        words(15, 25, "How do you find the text?"),
        ruled(15, 32, "25mm, 35mm, 35mm, 35mm, 25mm", "7mm, 7mm, 7mm, 7mm", cells),
    ).items
    assert labels_of_rows(item) == [f"{left} – {right}" for left, right in pairs]


def test_two_lists_side_by_side_under_one_line_of_text_are_one_item(tmp_path: Path) -> None:
    (item,) = learned(
        tmp_path,
        words(15, 30, "*Urgent warnings of the practice for internal medicine (please tick what applies)*"),
        options(20, 37, ["blood thinners", "metal implants"]),
        options(90, 39, ["pacemaker", "infections"]),
    ).items
    assert sorted(labels(item)) == ["blood thinners", "infections", "metal implants", "pacemaker"]


def test_a_table_whose_rows_count_on_from_the_one_on_its_left_has_its_wording(tmp_path: Path) -> None:
    def column(x_mm: float, first: int) -> str:
        return "".join(
            words(x_mm, 47 + 8 * row, f"{first + row}.")
            + circle(x_mm + 10 + 8 * n, 46 + 8 * row)
            + words(x_mm + 11.3 + 8 * n, 47 + 8 * row, one, 7)
            for row in range(4)
            for n, one in enumerate("ABCDE")
        )

    heading = words(30, 35, "*A. Answers of the first part (blacken one circle)*")
    found = learned(tmp_path, heading + column(20, 1) + column(110, 5))
    assert [said(item) for item in found.items] == ["A. Answers of the first part (blacken one circle)"] * 2


def test_a_caption_before_the_boxes_of_its_line_goes_before_the_cell_on_the_left(tmp_path: Path) -> None:
    def line(caption: str, names: list[str]) -> str:
        return f"{caption}: " + " #h(4mm) ".join(f"#box({BOX}) {name}" for name in names)

    rows = [line("Sign", ["there", "wrong", "missing"]), line("Cover", ["in order", "loose"])]
    cell = f"[{' #linebreak() '.join(rows)}]"
    found = learned(
        tmp_path, ruled(15, 30, "50mm, 110mm", "20mm", f"[Main Street 4 #linebreak() hydrant], {cell}")
    )
    assert [said(item) for item in found.items] == ["Sign:", "Cover:"]


def test_a_line_that_begins_left_of_the_box_is_none_of_its_label(tmp_path: Path) -> None:
    def row(y_mm: float, name: str, x_mm: float) -> str:
        pair = "".join(
            at(x_mm + 12 * n, y_mm, "rect(width: 3.4mm, height: 3.4mm, stroke: 0.5pt)")
            + words(x_mm + 4.5 + 12 * n, y_mm + 0.3, one)
            for n, one in enumerate(["yes", "no"])
        )
        text = f"box(width: {x_mm - 22}mm, align(right, text(size: 10pt)[{name}]))"
        return at(20, y_mm + 0.3, text) + pair

    found = learned(
        tmp_path,
        words(15, 30, "*Legal grounds*"),
        row(38, "Consent", 57),
        row(43, "Contract and its end", 69.4),
        row(48, "Interest", 63),
    )
    assert {label for item in found.items for label in labels(item)} == {"yes", "no"}


def test_a_write_in_may_begin_the_line_under_its_box_and_short_lines_are_none_of_its_label(
    tmp_path: Path,
) -> None:
    def box(x_mm: float) -> str:
        return at(x_mm, 30, "rect(width: 3mm, height: 3mm, stroke: 0.5pt)")

    (item,) = learned(
        tmp_path,
        words(15, 30.2, "Next step:"),
        box(34) + words(38, 30.2, "call") + box(60) + words(64, 30.2, "visit") + box(80),
        words(15, 34.4, "other: \\_\\_\\_"),
    ).items
    assert labels(item) == ["call", "visit", "other:"]


def test_boxes_in_a_column_are_asked_however_far_the_words_on_their_lines_end(tmp_path: Path) -> None:
    texts = ["Letter of the faculty", "Copy of the fees", "Copy of the card"]
    rows = "".join(
        words(25, 45.6 + 6 * n, f"{n + 1}. {text}")
        + at(125, 45 + 6 * n, "rect(width: 5mm, height: 5mm, stroke: 0.5pt)")
        for n, text in enumerate(texts)
    )
    found = learned(tmp_path, words(20, 38, "What is needed for the visa") + rows)
    assert [label for item in found.items for label in labels(item)] == texts


def test_a_word_that_prints_as_one_icon_is_one_letter_and_an_empty_icon_a_box() -> None:
    def spelt(word: str, left_mm: float, wide_mm: float) -> list[Letter]:
        places = [left_mm + wide_mm * n for n in range(len(word))]
        return [
            Letter(one, "Icons", 4.0, False, x, 10.0, wide_mm, 4.0, x, x + wide_mm, 13.5, n)
            for n, (one, x) in enumerate(zip(word, places, strict=True))
        ]

    text = spelt("illil", 30, 0.9)
    box, *rest = with_icons([*spelt("check_box_outline_blank", 10, 0.16), *text])
    assert (box.text, round(box.w_mm, 2), rest) == (ICON, 3.68, text)
    picture = np.full((200, 200), 255, np.uint8)
    picture[107:133, 107:130], picture[110:130, 110:127] = 0, 255
    assert box_glyphs([box], [box], picture, 0.1)[box].look == "hollow"


def test_a_colon_beside_the_middle_of_two_lines_belongs_to_their_caption(tmp_path: Path) -> None:
    def boxes(y_mm: float, names: list[str], step_mm: float) -> str:
        return "".join(
            at(70 + step_mm * n, y_mm, "rect(width: 4mm, height: 4mm, stroke: 0.5pt)")
            + words(76 + step_mm * n, y_mm + 0.6, name)
            for n, name in enumerate(names)
        )

    upper = words(15, 30.6, "Way in which the") + words(15, 34.6, "patient came") + words(50, 32.6, ":")
    lower = words(15, 39.6, "Sent by") + words(50, 39.6, ":")
    found = learned(
        tmp_path,
        upper + boxes(30, ["on foot", "wheelchair", "stretcher"], 31),
        lower + boxes(39, ["doctor", "midwife", "other"], 34),
    )
    assert [said(item) for item in found.items] == ["Way in which the patient came:", "Sent by:"]
    assert labels(found.items[0]) == ["on foot", "wheelchair", "stretcher"]


def test_labels_under_the_boxes_of_a_row_may_take_two_lines(tmp_path: Path) -> None:
    names = [("Agent 1", "better"), ("Agent 1", "a bit so"), ("Both are", "alike"), ("Agent 2", "better")]
    row = "".join(
        circle(40 + 15 * n, 38)
        + at(34 + 15 * n, 43.6 + 5 * k, f"box(width: 16mm, align(center, text(size: 10pt)[{line}]))")
        for n, lines in enumerate(names)
        for k, line in enumerate(lines)
    )
    (item,) = learned(tmp_path, words(15, 30, "Which agent acted better in your view?") + row).items
    assert labels(item) == [f"{first} {second}" for first, second in names]


def test_a_hyphen_at_the_end_of_a_line_binds_the_next_one_before_the_row_under_it(tmp_path: Path) -> None:
    lines = ["Agents should follow the law of the coun-", "try they are used in.", "I would report a liar."]
    places = zip((40.0, 44.9, 48.9, 53.8), [*lines, "Tests are good."], strict=True)
    text = "".join(words(20, y_mm, line) for y_mm, line in places)
    heads = "".join(words(99 + 20 * n, 34, head) for n, head in enumerate(["no", "partly", "yes"]))
    rows = "".join(
        at(100 + 20 * n, 39.7 + 4.4 * k, "circle(radius: 1.5mm, stroke: 0.5pt)")
        for k in (0, 2, 3)
        for n in range(3)
    )
    (item,) = learned(tmp_path, words(20, 28, "How far do you agree?") + heads + text + rows).items
    assert labels_of_rows(item)[:2] == [
        "Agents should follow the law of the country they are used in.",
        "I would report a liar.",
    ]


def test_all_lines_of_a_ruled_cell_name_its_row_though_the_first_is_bold(tmp_path: Path) -> None:
    texts = ["*Argumentation* --- claim, #linebreak() Reason and proof are complete", "*Language* --- plain"]
    boxes = ", ".join([f"table.cell(align: top + center, {BOX})"] * 3)
    cells = "[*Statement*], [sure], [partly], [unsure], " + ", ".join(
        f"table.cell(align: top)[{t}], {boxes}" for t in texts
    )
    (item,) = learned(
        tmp_path,
        words(15, 26, "_Tick how sure you are of each point._"),
        ruled(15, 32, "80mm, 25mm, 25mm, 25mm", "7mm, 12mm, 8mm", cells),
    ).items
    assert labels_of_rows(item)[0] == "Argumentation — claim, Reason and proof are complete"


def test_a_list_may_go_on_overleaf_after_its_first_option(tmp_path: Path) -> None:
    asked = words(15, 246, "Should an agent be used here at all?") + options(20, 254, ["yes"])
    (item,) = learned(tmp_path, asked + "#pagebreak()" + options(20, 20, ["no", "unsure"])).items
    assert (item.type, labels(item)) == ("single", ["yes", "no", "unsure"])
