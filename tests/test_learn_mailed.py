"""What is learned of questionnaires that offices, practices and customer services mail."""

from __future__ import annotations

from pathlib import Path

from test_learn import at, circle, labels, labels_of_rows, learned, options, said, square, words
from test_learn_ruled import one_row

from survey.learn.drafts.items import split_number
from survey.learn.printed.justified import with_justified
from survey.learn.printed.wording import Phrase, clean, join


def rule(x_mm: float, y_mm: float, length_mm: float) -> str:
    return at(x_mm, y_mm, f"line(length: {length_mm}mm, stroke: 0.5pt)")


def test_a_caption_before_a_drawn_line_is_no_wording(tmp_path: Path) -> None:
    caption = words(15, 30, "Year of birth:") + rule(38, 33.2, 30)
    asked = words(15, 35, "Is your child minded by others?") + options(20, 42, ["yes", "no"])
    (item,) = learned(tmp_path, words(15, 24, "About your child"), caption + asked).items
    assert said(item) == "Is your child minded by others?"


def test_short_lines_drawn_before_options_are_boxes(tmp_path: Path) -> None:
    names = ["daily", "weekly", "hardly ever"]
    lines = "".join(rule(20, 43.2 + 7 * n, 9) + words(31, 40 + 7 * n, name) for n, name in enumerate(names))
    (item,) = learned(tmp_path, words(15, 30, "How often do you come?") + lines).items
    assert labels(item) == names


def test_a_line_under_words_and_one_of_a_table_are_not_written_on(tmp_path: Path) -> None:
    asked = words(15, 30, "Do you *ever* drive at night?") + rule(22, 33.4, 8)
    table = at(15, 60, "table(columns: 2, stroke: 0.5pt, inset: 0.5mm, [Name:], [])")
    (item,) = learned(tmp_path, asked + options(20, 38, ["yes", "no"]) + table).items[:1]
    assert (said(item), labels(item)) == ("Do you ever drive at night?", ["yes", "no"])


def test_cells_under_degrees_of_satisfaction_are_marked(tmp_path: Path) -> None:
    heads = ["Feature", "Very satisfied", "Satisfied", "Neutral", "Dissatisfied", "Not used"]
    rows = ", ".join(one_row([name, *[""] * 5]) for name in ("Search", "Reports", "Notices"))
    table = at(
        15, 40, f"table(columns: (30mm,) + 5 * (25mm,), rows: 9mm, stroke: 0.5pt, {one_row(heads)}, {rows})"
    )
    (item,) = learned(tmp_path, words(15, 30, "Rate your satisfaction with each feature:") + table).items
    assert (item.type, labels(item)) == ("matrix", heads[1:])


def test_a_slash_at_a_lines_end_parts_no_words() -> None:
    upper = Phrase("bring in proposals (new ones/", 10, 60, 20, 23, 3, bold=False)
    lower = Phrase("changes)", 10, 30, 25, 28, 3, bold=False)
    apart = Phrase("fall asleep /", 10, 60, 20, 23, 3, bold=False)
    assert join([upper, lower]) == "bring in proposals (new ones/changes)"
    assert join([apart, lower]) == "fall asleep / changes)"


def rows_of_circles(x_mm: list[float], y_mm: float, names: list[str]) -> str:
    return "".join(
        words(15, y_mm + 8 * n, f"{n + 1}")
        + words(26, y_mm + 8 * n, name)
        + "".join(circle(x, y_mm + 8 * n - 0.4) for x in x_mm)
        for n, name in enumerate(names)
    )


def test_headers_over_numbers_and_statements_are_no_wording(tmp_path: Path) -> None:
    columns = [100.0, 115.0, 130.0]
    heads = words(15, 40, "*Item*") + words(26, 40, "*Statement*")
    heads += "".join(words(x + 1, 40, f"*{n}*") for n, x in enumerate(columns, start=1))
    names = ["I use the handbook every day.", "It saves me time.", "It is up to date."]
    table = at(15, 38, "rect(width: 130mm, height: 32mm, stroke: 0.5pt)") + rows_of_circles(
        columns, 47, names
    )
    (item,) = learned(tmp_path, words(15, 28, "A. Use and effect", 14) + heads + table).items
    assert (said(item), labels_of_rows(item)) == ("A. Use and effect", names)


def test_a_question_over_a_table_in_small_type_is_its_wording(tmp_path: Path) -> None:
    heads = words(15, 40, "Person", 8) + "".join(words(101 + 15 * n, 40, str(n + 1), 8) for n in range(4))
    rows = "".join(
        words(15, 47 + 8 * n, name, 8) + "".join(circle(100 + 15 * m, 46.4 + 8 * n) for m in range(4))
        for n, name in enumerate(["The tutor", "The engineer", "The guide", "The clerk"])
    )
    asked = words(15, 31, "8. Rate how useful each of them was (1 = very low, 4 = very high):", 12)
    (item,) = learned(tmp_path, asked + heads + rows).items
    assert said(item) == "Rate how useful each of them was (1 = very low, 4 = very high):"


def test_ends_of_a_scale_may_stand_in_brackets_with_its_numbers(tmp_path: Path) -> None:
    row = words(15, 40, "[0 --- Not at all likely]") + "".join(circle(60 + 5 * n, 39.6) for n in range(10))
    row += words(112, 40, "[10 --- Extremely likely]")
    (item,) = learned(tmp_path, words(15, 30, "How likely are you to name us to a friend?") + row).items
    assert said(item) == "How likely are you to name us to a friend?"
    assert labels(item)[::9] == ["[0 — Not at all likely]", "[10 — Extremely likely]"]


def test_a_dash_parts_a_number_from_its_wording() -> None:
    assert split_number("Q4 — Value for money") == ("q4", "Value for money")


def test_a_table_right_under_another_has_its_headers_be_its_columns_narrower(tmp_path: Path) -> None:
    def table(x_mm: list[float], y_mm: float, names: list[str]) -> str:
        return "".join(
            words(15, y_mm + 6 * n, name) + "".join(square(x, y_mm - 0.4 + 6 * n, 3.4) for x in x_mm)
            for n, name in enumerate(names)
        )

    upper = words(15, 30, "*Illnesses*") + words(130, 36, "yes") + words(142.5, 36, "no")
    upper += table([130, 142.5], 42, ["Diabetes", "Migraine", "Epilepsy"])
    lower = words(15, 66, "*Further details*") + table([132.4, 143.3], 74, ["Glasses", "Insulin", "Sleep"])
    first, second = learned(tmp_path, upper + lower).items
    assert (labels(first), labels(second)) == (["yes", "no"], ["yes", "no"])


INLINE = "#box(rect(width: 2.6mm, height: 2.6mm, stroke: 0.5pt))"


def small(x_mm: float, y_mm: float) -> str:
    return square(x_mm, y_mm - 0.1, 2.5)


FEARS = (
    words(15, 30, "B4. Do you fear that your present job could be replaced?")
    + small(102, 30)
    + words(106, 30, "Very")
    + words(15, 35, "much")
    + "".join(
        small(26 + 25 * n, 35) + words(30 + 25 * n, 35, ["Somewhat", "Hardly", "Never"][n]) for n in range(3)
    )
)
SECTORS = (
    words(15, 45, "B5. Which sectors are most at risk in the country? (Select up to 3)")
    + small(112, 45)
    + "".join(
        words(15 + 18 * n, 50, name) for n, name in enumerate(["Banking", "Retail", "Media", "Transport"])
    )
    + "".join(small(29 + 18 * n, 50) for n in range(3))
)


def test_answers_that_run_on_behind_a_question_may_end_or_begin_in_the_next_line(tmp_path: Path) -> None:
    first, second = learned(tmp_path, FEARS + SECTORS).items
    assert labels(first) == ["Very much", "Somewhat", "Hardly", "Never"]
    assert labels(second) == ["Banking", "Retail", "Media", "Transport"]
    assert (second.id, second.type) == ("b5", "multiple")


def test_a_question_of_two_lines_ends_before_its_first_box(tmp_path: Path) -> None:
    asked = words(
        15, 30, "C6. Would you prefer this over what there is today, as all the benefits in kind (rations,"
    )
    row = words(15, 35, "vouchers)?") + small(33, 35) + words(37, 35, "Yes") + small(45, 35)
    row += words(49, 35, "No") + small(15, 40) + words(19, 40, "Not sure")
    (item,) = learned(tmp_path, asked + row).items
    assert said(item).endswith("(rations, vouchers)?") and said(item).startswith("Would you prefer")
    assert labels(item) == ["Yes", "No", "Not sure"]


def test_a_hyphen_left_out_for_what_comes_after_and_stays() -> None:
    upper = Phrase("Hilfe beim An-", 10, 60, 20, 23, 3, bold=False)
    lower = Phrase("und Auskleiden", 10, 60, 25, 28, 3, bold=False)
    span, end = (Phrase(text, 10, 60, y, y + 3, 3, bold=False) for text, y in (("20–", 20), ("50", 25)))
    assert join([upper, lower]) == "Hilfe beim An- und Auskleiden"
    assert join([span, end]) == "20–50"


def test_a_star_before_a_row_of_boxes_is_neither_a_box_nor_part_of_a_label(tmp_path: Path) -> None:
    rows = "".join(
        words(15, 30 + 16 * n, f"Q{n + 1}. Is it of use to you in case {n}?")
        + at(12, 37 + 16 * n, 'text(font: "DejaVu Sans")[☆]')
        + "".join(words(20 + 12 * m, 37 + 16 * n, f"{m + 1} \\[ \\]") for m in range(5))
        for n in range(3)
    )
    found = learned(tmp_path, rows).items
    assert [labels(item) for item in found] == [[*"12345"]] * 3
    assert clean("⭐ 1") == "1"


def test_a_remark_that_leads_to_the_options_follows_on_a_numbered_question(tmp_path: Path) -> None:
    asked = words(15, 30, "D4. Which words mean that you look at once?") + words(
        15, 38, "To tick or to add to:"
    )
    (item,) = learned(tmp_path, asked + options(20, 46, ["deadline", "damage"])).items
    assert said(item) == "Which words mean that you look at once? To tick or to add to:"


def test_a_label_that_hangs_behind_its_number_may_go_on_with_a_capital(tmp_path: Path) -> None:
    names = ["Rechtzeitige Abgabe", "Verwendung der vereinbarten", "Einhaltung der gemeinsamen"]
    more = ["Aller Unterlagen", "Dateinamen und Pfade", "Regeln und Vorgaben"]
    rows = "".join(
        words(15, 40 + 14 * n, f"#box(width: 5.5mm)[{n + 1}.]*{name}*")
        + words(20.5, 44.6 + 14 * n, f"*{more[n]}*")
        + "".join(square(100 + 15 * m, 42.3 + 14 * n, 3.5) for m in range(4))
        for n, name in enumerate(names)
    )
    heads = "".join(words(100.5 + 15 * m, 34, str(m + 1)) for m in range(4))
    (item,) = learned(tmp_path, words(15, 26, "How well was this done?") + heads + rows).items
    assert labels_of_rows(item) == [f"{name} {end}".strip() for name, end in zip(names, more, strict=True)]


def line_of(y_mm: float, *placed: tuple[str, float, float]) -> list[Phrase]:
    return [
        Phrase(text, x, right, y_mm, y_mm + 3, 3.3, bold=False, words=((text, x, right),))
        for text, x, right in placed
    ]


def test_a_stretched_line_that_ends_flush_with_others_is_one_phrase() -> None:
    stretched = line_of(
        20, ("Professional", 30.5, 45.8), ("demands", 49.2, 72.1), ("now,", 75.7, 85.4), ("tire", 89.1, 96.0)
    )
    under = line_of(24.2, ("me", 30.3, 60.0))
    full = [*line_of(30, ("one", 30.4, 96.1)), *line_of(34, ("two", 30.5, 96.0))]
    found = with_justified([*stretched, *under, *full], ())
    assert next(p.text for p in found) == "Professional demands now, tire"
    assert len(with_justified([*stretched, *under], ())) == 5


def test_small_rings_beside_each_other_are_boxes_and_bullets_are_none(tmp_path: Path) -> None:
    def ring(x_mm: float, y_mm: float) -> str:
        return at(x_mm, y_mm, 'text(font: "Liberation Sans", size: 9pt)[○]')

    heads = "".join(words(98 + 20 * n, 34, name) for n, name in enumerate(["never", "often", "daily"]))
    rows = "".join(
        words(15, 40 + 8 * n, name) + "".join(ring(100 + 20 * m, 40 + 8 * n) for m in range(3))
        for n, name in enumerate(["Headache", "Fatigue", "Cough"])
    )
    points = "".join(ring(15, 80 + 6 * n) + words(18, 80 + 6 * n, f"Point {n}") for n in range(3))
    (item,) = learned(tmp_path, words(15, 26, "How often have you had this?") + heads + rows + points).items
    assert (item.type, labels_of_rows(item)) == ("matrix", ["Headache", "Fatigue", "Cough"])


def test_a_question_that_leads_to_its_first_box_has_its_answers_behind_their_boxes(tmp_path: Path) -> None:
    asked = f"B4. Is it likely that your job could be replaced in the next years? {INLINE} \\ Very likely"
    asked += f" {INLINE} I think so {INLINE} Not at all"
    more = f"B5. Do you think that this would be good? {INLINE} Good {INLINE} Bad {INLINE} \\ Neither {INLINE} No idea"
    first, second = learned(tmp_path, at(15, 30, f"[{asked}]") + at(15, 50, f"[{more}]")).items
    assert labels(first) == ["Very likely", "I think so", "Not at all"]
    assert labels(second) == ["Good", "Bad", "Neither", "No idea"]


def test_the_last_answer_of_a_text_may_end_alone_in_the_next_line(tmp_path: Path) -> None:
    asked = f"B4. Could your job be replaced? {INLINE} Very much so {INLINE} I think so {INLINE} Not at all"
    text = at(15, 30, f"block(width: 60mm)[{asked} {INLINE} Not sure]")
    (item,) = learned(tmp_path, text).items
    assert labels(item) == ["Very much so", "I think so", "Not at all", "Not sure"]


def test_one_word_over_the_labels_of_rows_is_no_wording(tmp_path: Path) -> None:
    heads = words(25, 46, "*Statement*") + "".join(words(101 + 15 * n, 46, str(n + 1)) for n in range(3))
    rows = "".join(
        words(25, 53 + 8 * n, name) + "".join(circle(100 + 15 * m, 52.6 + 8 * n) for m in range(3))
        for n, name in enumerate(["I use it.", "It saves time.", "It is up to date."])
    )
    (item,) = learned(tmp_path, words(15, 32, "A. Use and effect") + heads + rows).items
    assert said(item) == "A. Use and effect"


def answers_under(y_mm: float, asked: str, names: list[str]) -> str:
    """A question over a row of rings, each with its answer and, in smaller type, its code under it."""
    rings = "".join(
        circle(40 + 40 * n, y_mm + 6)
        + at(22 + 40 * n, y_mm + 11.5, f"block(width: 40mm, align(center, [{name}]))")
        + at(22 + 40 * n, y_mm + 15.5, f"block(width: 40mm, align(center, text(size: 8pt)[{n + 1}]))")
        for n, name in enumerate(names)
    )
    return words(20, y_mm, asked) + rings


def test_answers_under_the_boxes_of_a_question_head_no_other_and_have_no_codes(tmp_path: Path) -> None:
    first = ["No, surely not", "No, not really", "Yes, I think so", "Yes, surely"]
    second = ["Not at all", "A little", "Mostly", "Wholly"]
    asked = answers_under(30, "Would you name us to a friend?", first)
    found = learned(tmp_path, asked + answers_under(54, "Are you content with our help?", second)).items
    assert [labels(item) for item in found] == [first, second]


def test_several_declarations_may_all_be_marked(tmp_path: Path) -> None:
    declared = [
        "Ich willige in die Verarbeitung meiner Daten ein (Pflicht).",
        "Ich willige in die Weitergabe meiner Daten an Dritte ein, soweit es nötig ist.",
    ]
    heading = words(15, 30, "*IV. Einwilligungserklärungen (bitte ankreuzen)*", 12)
    (item,) = learned(tmp_path, heading + options(20, 40, declared)).items
    assert (item.type, labels(item)) == ("multiple", declared)


def test_all_statements_to_be_marked_are_several(tmp_path: Path) -> None:
    asked = words(15, 30, "26. Markiere alle Aussagen, die zutreffen:")
    (item,) = learned(tmp_path, asked + options(20, 38, ["Es wird gemäht.", "Es wird gedüngt."])).items
    assert item.type == "multiple"


def test_a_number_a_little_off_the_line_of_its_wording_stands_before_it() -> None:
    number = Phrase("4.", 22.4, 25.1, 131.0, 133.9, 3.35, bold=True)
    wording = Phrase("Would you name us to a friend?", 29.1, 90.0, 130.1, 133.0, 3.35, bold=True)
    assert join([number, wording]) == "4. Would you name us to a friend?"


def test_a_number_that_found_no_room_in_its_cell_ends_the_label_over_it(tmp_path: Path) -> None:
    cell = " ".join(f"{INLINE} Year {n}" for n in range(1, 5))
    rows = f"[Year of study], [{cell}], [Mode], [{INLINE} full time {INLINE} part time]"
    table = at(15, 40, f"table(columns: (40mm, 55mm), inset: 2mm, stroke: 0.5pt, {rows})")
    first, second = learned(tmp_path, words(15, 30, "About your studies") + table).items
    assert labels(first) == ["Year 1", "Year 2", "Year 3", "Year 4"]
    assert labels(second) == ["full time", "part time"]


def test_the_number_of_a_row_stands_before_all_lines_of_its_label(tmp_path: Path) -> None:
    rows = {"a)": "Because of my dates I meet far fewer people than before.", "b)": "It all goes well."}
    boxes = ", ".join(["[#box(rect(width: 3mm, height: 3mm, stroke: 0.5pt))]"] * 3)
    lines = ", ".join(f"[{number}], align(left)[{row}], {boxes}" for number, row in rows.items())
    options = "columns: (8mm, 50mm, 20mm, 20mm, 20mm), stroke: (bottom: 0.5pt), align: center + horizon"
    table = at(15, 40, f"table({options}, [], [], [no], [partly], [yes], {lines})")
    (item,) = learned(tmp_path, words(15, 30, "How far do you agree?") + table).items
    assert labels_of_rows(item) == [f"{number} {row}" for number, row in rows.items()]
