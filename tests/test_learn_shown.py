"""What is learned of options in ruled cells, of codes and marks for a machine, and of labels over their rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_learn import (
    at,
    blank,
    circle,
    labels,
    labels_of_rows,
    learned,
    options,
    photographed,
    said,
    square,
    words,
)
from test_learn_ruled import one_row, ruled

from survey.doors.pdf_print import Letter
from survey.errors import UsageError
from survey.learn import learn
from survey.learn.layout.ornaments import without_timing_marks
from survey.learn.printed.outlines import Outline
from survey.learn.printed.phrases import letters_to_phrases

BOX = "rect(width: 4mm, height: 4mm, stroke: 0.5pt)"


def box_cell(text: str = "") -> str:
    return f"[{text} #{BOX}]"


def test_timing_marks_along_an_edge_are_no_examples() -> None:
    """As on ballots; a filled shape among boxes, and the cells of a printed code, stay."""
    marks = [Outline("square", 5, 15 + 7 * n, 4, 1.8, printed=True) for n in range(12)]
    boxes = [Outline("round", 80, 40 + 7 * n, 6, 3, printed=n == 2) for n in range(12)]
    code = [Outline("square", 180, 40 + 2 * n, 2, 2, printed=True) for n in range(12)]
    assert without_timing_marks([*marks, *boxes, *code]) == [*boxes, *code]


def test_bold_headers_over_circles_with_digits_are_no_second_column_of_text(tmp_path: Path) -> None:
    heads = ["*Not at all*", "*A little*", "*Quite*", "*Much*"]

    def digits(y_mm: float) -> str:
        return "".join(
            circle(116 + 18 * n, y_mm) + words(117.2 + 18 * n, y_mm + 0.7, str(n + 1), 8) for n in range(4)
        )

    def part(y_mm: float, first: int, texts: list[str]) -> str:
        top = "".join(words(113 + 18 * n, y_mm, head) for n, head in enumerate(heads))
        rows = (
            words(15, y_mm + 8 * n + 0.6, f"{first + n - 1}. {text}") + digits(y_mm + 8 * n)
            for n, text in enumerate(texts, 1)
        )
        return top + "".join(rows)

    drawn = part(40, 1, ["Were you tired?", "Were you ill?", "Did you rest?"])
    drawn += words(15, 80, "*During the last week:*") + part(
        80, 4, ["Did you sleep?", "Were you sad?", "Did you cry?"]
    )
    first, second = learned(tmp_path, drawn).items
    assert labels(first) == labels(second) == ["Not at all", "A little", "Quite", "Much"]
    assert labels_of_rows(first) == ["Were you tired?", "Were you ill?", "Did you rest?"]


def test_a_corner_of_two_empty_cells_is_no_box(tmp_path: Path) -> None:
    head = ["", "", "genau", "eher", "nicht"]
    rows = ["table.cell(colspan: 5)[_Klima_]"]
    rows += [
        f"[{n}], [{text}], " + ", ".join([box_cell()] * 3)
        for n, text in enumerate(["Wir lachen.", "Es ist laut."], 1)
    ]
    cells = one_row(head) + ", " + ", ".join(rows)
    drawn = words(15, 30, "Wie ist es?") + ruled(
        15, 38, "8mm, 80mm, 18mm, 18mm, 18mm", "8mm, 6mm, 7mm, 7mm", cells
    )
    (item,) = learned(tmp_path, drawn).items
    assert (len(item.rows), labels(item)) == (2, ["genau", "eher", "nicht"])


def test_all_text_beside_the_only_box_of_a_ruled_cell_is_its_label(tmp_path: Path) -> None:
    """As on ballots: the name in bold, the party in smaller type under it, the oval between both lines."""

    def cell(y_mm: float, upper: str, under: str) -> str:
        frame = at(15, y_mm, "rect(width: 80mm, height: 10mm, stroke: 0.5pt)")
        return frame + words(18, y_mm + 1.2, f"*{upper}*") + words(18, y_mm + 5.6, under, 7)

    drawn = cell(30, "Mayor", "Vote for one")
    for n, (name, party) in enumerate([("Ada Lovelace", "Liberal"), ("Emmy Noether", "Greens")], 1):
        drawn += cell(30 + 10 * n, name, party) + square(85, 33 + 10 * n)
    (item,) = learned(tmp_path, drawn).items
    assert (said(item), labels(item)) == (
        "Mayor Vote for one",
        ["Ada Lovelace Liberal", "Emmy Noether Greens"],
    )


def test_a_code_in_small_type_between_a_label_and_its_box_is_left_out(tmp_path: Path) -> None:
    """The codes begin anew for each question, and stand far from the labels."""

    def item(y_mm: float, text: str, answers: list[str]) -> str:
        rows = (
            words(20, y_mm + 7 * n, answer)
            + words(96, y_mm + 7 * n + 0.6, str(n), 6.5)
            + square(100, y_mm + 7 * n - 0.5)
            for n, answer in enumerate(answers, 1)
        )
        return words(15, y_mm, f"*{text}*") + "".join(rows)

    drawn = item(30, "Do you live alone?", ["Yes", "No"]) + item(
        60, "What do you earn?", ["1 000 euros", "2 000 euros or more"]
    )
    first, second = learned(tmp_path, drawn).items
    assert (labels(first), labels(second)) == (["Yes", "No"], ["1 000 euros", "2 000 euros or more"])


def test_empty_cells_beside_cells_with_boxes_are_written_in(tmp_path: Path) -> None:
    days = ["Montag", "Dienstag", "Mittwoch"]
    rows = [f"[{day}], [], [], {box_cell()}, {box_cell()}" for day in days]
    cells = one_row(["", "von", "bis", "Frühstück", "Mittagessen"]) + ", " + ", ".join(rows)
    asked = words(15, 30, "3. Wann? Bitte eintragen und ankreuzen, ob Ihr Kind mitisst.")
    drawn = ruled(15, 38, "30mm, 28mm, 28mm, 26mm, 26mm", "7mm, 7mm, 7mm, 7mm", cells)
    found = learned(tmp_path, asked, drawn)
    (item,) = [one for one in found.items if one.type == "matrix"]
    assert (labels(item), labels_of_rows(item)) == (["Frühstück", "Mittagessen"], days)
    assert said(item).startswith("Wann?")


def test_a_word_over_several_that_differ_is_not_joined_with_them() -> None:
    """Headers in narrow cells, set in the middle: "stimmt | genau", "stimmt | eher", no blank at the line's end."""

    def line(text: str, x_mm: float, y_mm: float, *, blank: bool = False) -> list[Letter]:
        places = [(n, letter, x_mm + 2 * n) for n, letter in enumerate(text)]
        return [
            Letter(one, "", 3.5, False, x, y_mm - 2, 1.8, 2, x, x + 2, y_mm, n, blank_after=blank)
            for n, one, x in places
        ]

    letters = [
        *line("stimmt", 50, 40),
        *line("genau", 50, 44),
        *line("stimmt", 80, 40),
        *line("eher", 80, 44),
    ]
    letters += [*line("Hausaufgab", 110, 40), *line("en", 110, 44), *line("Wie", 20, 30, blank=True)]
    ends = {p.text: p.blank_after for p in letters_to_phrases(letters, [])}
    assert (ends["stimmt"], ends["Hausaufgab"]) == (True, False)


def test_options_may_stand_over_their_boxes_in_the_cells_of_a_row(tmp_path: Path) -> None:
    def option(text: str) -> str:
        return f"[#set align(center); {text}#linebreak()#box({BOX})]"

    first = ["Never", "Monthly #linebreak() or less", "Weekly"]
    second = ["1 or 2", "3 or 4", "10 or more"]
    rows = [
        "[1. How often do you have a drink?], " + ", ".join(map(option, first)),
        "[2. How many drinks #linebreak() do you have?], " + ", ".join(map(option, second)),
    ]
    cells = one_row(["Questions", "0", "1", "2"]) + ", " + ", ".join(rows)
    one, two = learned(tmp_path, ruled(15, 38, "70mm, 24mm, 24mm, 24mm", "6mm, 18mm, 18mm", cells)).items
    assert (said(one), labels(one)) == (
        "How often do you have a drink?",
        ["Never", "Monthly or less", "Weekly"],
    )
    assert (said(two), labels(two)) == ("How many drinks do you have?", second)


def test_labels_a_little_over_their_rows_are_no_headings(tmp_path: Path) -> None:
    """As LaTeX sets boxes in columns of a width: they hang under the line of the label."""
    texts = ["mit Ihrer Gesundheit", "mit Ihrem Schlaf", "mit Ihrer Arbeit"]
    heads = "".join(words(95 + 10 * n, 40, str(n)) for n in range(6))
    ends = words(95, 34, "unzufrieden") + words(136, 34, "zufrieden")
    rows = "".join(
        words(20, 46 + 8 * n, text) + "".join(square(94 + 10 * k, 49.6 + 8 * n) for k in range(6))
        for n, text in enumerate(texts)
    )
    (item,) = learned(tmp_path, words(15, 26, "*1. Wie zufrieden sind Sie?*"), ends, heads, rows).items
    assert (labels_of_rows(item), labels(item)) == (texts, [*"012345"])


def test_the_first_of_the_dots_that_lead_the_eye_is_no_full_stop() -> None:
    """LaTeX fills a line with dots that are set evenly, the first as close to the last word as it happens to come."""

    lefts = [*(20 + 2.0 * n for n in range(8)), *(36.1 + 1.4 * n for n in range(6))]
    letters = [
        Letter(text, "", 3.5, False, x, 52.0, 0.5, 0.5, x, x + (0.8 if text == "." else 2.0), 53.0, n)
        for n, (text, x) in enumerate(zip("Freizeit......", lefts, strict=True))
    ]
    assert letters_to_phrases(letters, [])[0].text == "Freizeit"


def test_a_question_in_two_languages_is_one_wording(tmp_path: Path) -> None:
    asked = words(15, 30, "*4. Kommen Sie wieder?*") + words(15, 38, "_Reviendrez-vous?_")
    (item,) = learned(tmp_path, asked, options(20, 45, ["Ja / Oui", "Nein / Non"])).items
    assert (item.id, said(item)) == ("q4", "Kommen Sie wieder? Reviendrez-vous?")


def test_a_crossed_box_of_a_picture_shows_how_to_mark(tmp_path: Path) -> None:
    shown = words(15, 29.6, "So geht es:") + square(50, 29) + words(56, 29.6, "falsch") + square(80, 29)
    cross = at(80, 29, "line(end: (4mm, 4mm), stroke: 0.8pt)") + at(
        80, 29, "line(start: (4mm, 0mm), end: (0mm, 4mm), stroke: 0.8pt)"
    )
    asked = words(15, 45, "Was tun Sie?") + options(20, 52, ["lesen", "wandern", "schlafen", "nichts"])
    drawn = blank(tmp_path, shown, cross, words(86, 29.6, "richtig"), asked)
    assert len(learn(photographed(drawn), "x").boxes) == 4


@pytest.mark.parametrize("count", [3, 2])
def test_numbers_in_wide_cells_under_headers_are_marked_themselves(tmp_path: Path, count: int) -> None:
    heads = ["Ja, stark", "Ja, etwas", "Nein, gar nicht"][-count:]
    texts = ["einkaufen", "Treppen steigen", "baden"]
    rows = [one_row([text, *(str(n + 1) for n in range(count))]) for text in texts]
    cells = one_row(["", *heads]) + ", " + ", ".join(rows)
    asked = words(15, 30, "1. Sind Sie eingeschränkt?")
    drawn = ruled(15, 38, "70mm" + ", 28mm" * count, "7mm, 7mm, 7mm, 7mm", cells)
    (item,) = learned(tmp_path, asked, drawn).items
    assert (labels(item), labels_of_rows(item)) == (heads, texts)


def test_rows_of_data_over_a_row_of_boxes_are_no_headers_and_none_under_it_is_an_option(
    tmp_path: Path,
) -> None:
    """As on the cards of a conjoint survey."""
    rows = [
        ["", "*Ticket A*", "*Ticket B*"],
        ["Price", "3 pounds", "4 pounds"],
        ["Valid for", "1 hour", "a day"],
    ]
    cells = ", ".join(map(one_row, rows)) + f", [I would choose], {box_cell()}, {box_cell()}"
    drawn = words(15, 30, "Choice 1: Which would you choose?")
    drawn += (
        ruled(15, 38, "40mm, 40mm, 40mm", "6mm, 6mm, 6mm, 7mm", cells)
        + square(16, 66)
        + words(22, 66.6, "None of these")
    )
    (item,) = learned(tmp_path, drawn).items
    assert labels(item) == ["Ticket A", "Ticket B", "None of these"]


def test_a_remark_behind_a_question_leaves_it_the_wording(tmp_path: Path) -> None:
    """Name and date of birth, to be written over it, are none of it."""
    head = words(15, 25, "Name, Vorname:") + words(
        15, 33, "Haben Sie Beschwerden? Bitte in jeder Zeile ankreuzen."
    )
    rows = [f"[{text}], {box_cell()}, {box_cell()}" for text in ("Asthma", "Diabetes")]
    cells = one_row(["Erkrankungen", "Ja", "Nein"]) + ", " + ", ".join(rows)
    (item,) = learned(tmp_path, head, ruled(15, 39, "50mm, 14mm, 14mm", "7mm, 7mm, 7mm", cells)).items
    assert said(item) == "Haben Sie Beschwerden? Bitte in jeder Zeile ankreuzen."


def test_short_words_in_the_cells_of_each_row_are_circled(tmp_path: Path) -> None:
    """Every row holds the same: a table of data does not."""
    rows = [
        one_row([text, "SD", "D", "A", "SA"]) for text in ("I felt welcome.", "I was trained.", "I had fun.")
    ]
    asked = words(15, 30, "Please circle one answer in each row.")
    table = ruled(15, 38, "80mm, 14mm, 14mm, 14mm, 14mm", "8mm, 8mm, 8mm", ", ".join(rows))
    (item,) = learned(tmp_path, asked, table).items
    assert (labels(item), len(item.rows)) == (["SD", "D", "A", "SA"], 3)


def test_a_small_letter_o_far_from_words_is_a_box_where_no_other_letters_begin_points(tmp_path: Path) -> None:
    """As an online survey comes out of a word processor."""
    drawn = words(15, 30, "Q1 Do you cycle?") + "".join(
        words(20, 38 + 7 * n, f"o #h(4mm) {label}", 13)
        for n, label in enumerate(["often", "seldom", "never"])
    )
    (item,) = learned(tmp_path, drawn).items
    assert labels(item) == ["often", "seldom", "never"]
    with pytest.raises(UsageError):
        learned(tmp_path, words(15, 25, "• Please note:"), drawn)
    hints = ["Please use a pen.", "Send it back in May.", "Ask us if in doubt."]
    with pytest.raises(UsageError):
        learned(tmp_path, *(words(20, 38 + 7 * n, f"o #h(4mm) {hint}", 13) for n, hint in enumerate(hints)))


def test_examples_in_a_label_are_no_instruction(tmp_path: Path) -> None:
    drawn = words(15, 30, "Was hat Ihnen gefallen?") + options(
        20, 37, ["die Übungen", "das Skript", "die Beispiele"]
    )
    (item,) = learned(tmp_path, drawn).items
    assert labels(item) == ["die Übungen", "das Skript", "die Beispiele"]


def test_a_label_shares_the_cell_with_its_box_and_a_box_alone_in_one_has_the_head_of_its_column(
    tmp_path: Path,
) -> None:
    """As on orders of meals: a dish in each cell, "none" in the last column."""
    dishes = {
        "Montag": ["Nudeln", "Suppe"],
        "Dienstag": ["Reis", "Auflauf"],
        "Mittwoch": ["Eintopf", "Salat"],
    }
    rows = [
        f"[{day}], " + ", ".join(f"[#box({BOX}) {dish}]" for dish in own) + f", {box_cell()}"
        for day, own in dishes.items()
    ]
    cells = one_row(["Tag", "Menü 1", "Menü 2", "kein Essen"]) + ", " + ", ".join(rows)
    items = learned(tmp_path, ruled(15, 38, "40mm, 45mm, 45mm, 40mm", "7mm, 7mm, 7mm, 7mm", cells)).items
    assert {said(item): labels(item) for item in items} == {
        day: [*own, "kein Essen"] for day, own in dishes.items()
    }


def test_a_box_that_a_line_tells_to_tick_is_asked_though_it_stands_far_off_and_has_a_size_of_its_own(
    tmp_path: Path,
) -> None:
    said_first = words(15, 30, "Do you cycle?") + options(20, 37, ["often", "seldom", "never"])
    apart = words(15, 80, "Please tick if your answers may be printed") + square(95, 80, 5)
    found = learned(tmp_path, said_first, apart)
    assert labels(found.items[1]) == ["Please tick if your answers may be printed"]


def test_names_of_lines_to_write_on_are_no_wording(tmp_path: Path) -> None:
    head = words(15, 25, "Datum: \\_\\_\\_\\_\\_\\_ Name: \\_\\_\\_\\_\\_\\_\\_\\_")
    rows = [f"[{text}], {box_cell()}, {box_cell()}" for text in ("Eingang", "Zaun")]
    cells = one_row(["A Zugang", "ja", "nein"]) + ", " + ", ".join(rows)
    (item,) = learned(tmp_path, head, ruled(15, 34, "50mm, 14mm, 14mm", "7mm, 7mm, 7mm", cells)).items
    assert (said(item), labels_of_rows(item)) == ("A Zugang", ["Eingang", "Zaun"])


def test_a_letter_in_a_cell_left_of_a_wording_is_a_code(tmp_path: Path) -> None:
    answers = ["Often", "Seldom", "Never"]
    rows = [f"[{n}], {box_cell()}, [{answer}]" for n, answer in enumerate(answers)]
    cells = "[*A*], [], [*I feel tense:*], " + ", ".join(rows)
    (item,) = learned(tmp_path, ruled(15, 34, "7mm, 7mm, 60mm", "7mm, 7mm, 7mm, 7mm", cells)).items
    assert (said(item), labels(item)) == ("I feel tense:", answers)


def test_the_ends_of_a_scale_that_runs_down_stand_over_and_under_it(tmp_path: Path) -> None:
    """As of a thermometer; a table beside has its labels and their head on the right of its boxes."""
    asked = words(15, 25, "Kreuzen Sie die Zahl an, die am besten passt.")
    scale = words(18, 40, "Extrem belastet") + words(18, 91, "Gar nicht belastet")
    scale += "".join(words(24, 48.6 + 7 * n, str(5 - n)) + square(30, 48 + 7 * n) for n in range(6))
    table = words(90, 40, "*JA*") + words(99, 40, "*NEIN*") + words(115, 40, "*Probleme*")
    table += "".join(
        square(90, 48 + 7 * n) + square(101, 48 + 7 * n) + words(115, 48.6 + 7 * n, text)
        for n, text in enumerate(["Wohnung", "Arbeit", "Schule", "Schlaf", "Sorgen", "Ängste", "Schmerzen"])
    )
    items = learned(tmp_path, asked, scale, table).items
    first, second = sorted(items, key=lambda item: item.type == "matrix")
    assert said(first) == "Kreuzen Sie die Zahl an, die am besten passt."
    assert labels_of_rows(second)[-1] == "Schmerzen"
    assert said(second).endswith("Probleme")


def test_the_caption_in_the_cell_of_the_options_is_their_wording_and_the_heading_over_it_none(
    tmp_path: Path,
) -> None:
    """As on forms of authorities."""
    frame = at(15, 40, "rect(width: 120mm, height: 12mm, stroke: 0.5pt)")
    other = at(15, 52, "rect(width: 120mm, height: 12mm, stroke: 0.5pt)")
    captions = words(16, 41, "Umfang der Betreuung", 6.5) + words(16, 53, "Mittagessen", 6.5)
    boxes = "".join(
        square(x_mm, y_mm, 3.5) + words(x_mm + 5, y_mm + 0.3, label, 8)
        for y_mm, names in ((46, ["bis 14 Uhr", "bis 16 Uhr"]), (58, ["ja", "nein"]))
        for x_mm, label in zip((17, 60), names, strict=True)
    )
    heading = words(15, 34, "*2. Betreuungswunsch*")
    items = learned(tmp_path, heading, frame, other, captions, boxes).items
    assert [said(item) for item in items] == ["Umfang der Betreuung", "Mittagessen"]


def test_a_line_of_names_is_no_wording_and_each_statement_takes_one_mark(tmp_path: Path) -> None:
    """The lines to write on are drawn."""
    head = words(15, 25, "Name:") + words(110, 25, "Date:")
    asked = (
        words(15, 33, "Mark each statement as true or false.")
        + words(15, 40, "True")
        + words(28, 40, "False")
    )
    rows = "".join(
        square(16, 48 + 7 * n) + square(30, 48 + 7 * n) + words(45, 48.6 + 7 * n, text)
        for n, text in enumerate(["Ice helps.", "Call first."])
    )
    (item,) = learned(tmp_path, head, asked, rows).items
    assert (said(item), item.type) == ("Mark each statement as true or false.", "matrix")


def test_digits_in_rings_that_are_letters_are_boxes_but_before_wordings_numbers_of_items(
    tmp_path: Path,
) -> None:
    def sign(x_mm: float, y_mm: float, text: str) -> str:
        return at(x_mm, y_mm, f'text(font: "DejaVu Sans", size: 12pt)[{text}]')

    def line(y_mm: float, wording: str, *answers: str) -> str:
        signs = "".join(
            sign(30 + 40 * n, y_mm + 7, "①②③"[n]) + words(36 + 40 * n, y_mm + 7.6, answer)
            for n, answer in enumerate(answers)
        )
        return words(15, y_mm, wording) + signs

    drawn = line(30, "Are you well?", "yes", "rather", "no")
    numbered = "".join(
        at(15, 60 + 16 * n, f'text(font: "DejaVu Sans")[{"①②"[n]} Do you {verb}?]')
        + options(25, 67 + 16 * n, ["yes"])
        for n, verb in enumerate(["run", "swim"])
    )
    first, *others = learned(tmp_path, drawn, numbered).items
    assert labels(first) == ["yes", "rather", "no"]
    assert [len(item.options) for item in others] == [1, 1]


def test_the_same_digit_in_rings_at_both_edges_of_a_page_is_none_of_answers(tmp_path: Path) -> None:
    """As the round corner marks of AMC, which its font calls ②."""
    corners = "".join(at(x_mm, 15, 'text(font: "DejaVu Sans", size: 12pt)[②]') for x_mm in (10, 190))
    assert (
        len(learned(tmp_path, corners, words(15, 30, "Which?"), options(20, 37, ["one", "two"])).boxes) == 2
    )


def test_stars_and_faces_in_rows_are_marked_themselves(tmp_path: Path) -> None:
    texts = ["Room", "Breakfast", "Staff"]
    star = 'text(font: "DejaVu Sans", size: 14pt)[☆]'
    face = "circle(radius: 2.8mm, stroke: 0.6pt)"
    eye, mouth = "circle(radius: 0.4mm, fill: black)", "line(length: 2.8mm, stroke: 1.2pt)"
    stars = "".join(
        words(15, 41 + 8 * n, text) + "".join(at(60 + 6 * k, 40 + 8 * n, star) for k in range(5))
        for n, text in enumerate(texts)
    )
    faces = "".join(
        words(15, 91.4 + 9 * n, text)
        + "".join(
            at(60 + 12 * k, 90 + 9 * n, face)
            + at(61.5 + 12 * k, 91.6 + 9 * n, eye)
            + at(63.3 + 12 * k, 91.6 + 9 * n, eye)
            + at(61.4 + 12 * k, 93.6 + 9 * n, mouth)
            for k in range(3)
        )
        for n, text in enumerate(texts)
    )
    asked = words(15, 32, "Colour in the stars:") + words(15, 82, "Mark a face:")
    found = learned(tmp_path, asked, stars, faces)
    first, second = found.items
    assert (len(found.boxes), [row.code for row in first.rows]) == (24, ["1", "2", "3"])
    assert labels_of_rows(first) == labels_of_rows(second) == texts


def test_labels_between_two_tables_belong_to_both(tmp_path: Path) -> None:
    texts = ["Räume", "klare und verständliche Regeln für alle", "Eltern"]
    heads = ["sehr", "eher", "nicht"]
    drawn = words(15, 30, "Wichtigkeit") + words(160, 30, "Umsetzung")
    for left in (15, 160):
        drawn += "".join(words(left + 10 * k, 37, head, 7) for k, head in enumerate(heads))
        drawn += "".join(square(left + 10 * k, 44 + 8 * n) for k in range(3) for n in range(3))
    middle = "".join(
        at(50, 44.6 + 8 * n, f"box(width: 100mm, align(center)[{text}])") for n, text in enumerate(texts)
    )
    first, second = learned(tmp_path, drawn, middle).items
    assert labels_of_rows(first) == labels_of_rows(second) == texts


def test_the_label_of_a_row_may_end_with_a_question_in_its_second_line(tmp_path: Path) -> None:
    texts = [["froh und guter", "Laune?"], ["voller Energie?"], ["ruhig und", "Gelassen?"]]
    rows = "".join(
        "".join(words(15, 44 + 12 * n + 4.2 * k, line) for k, line in enumerate(lines))
        + "".join(circle(60 + 15 * k, 43.6 + 12 * n) for k in range(4))
        for n, lines in enumerate(texts)
    )
    heads = "".join(words(58 + 15 * k, 37, head) for k, head in enumerate(["immer", "oft", "selten", "nie"]))
    (item,) = learned(tmp_path, words(15, 30, "*Wie oft waren Sie …*"), heads, rows).items
    assert labels_of_rows(item) == [" ".join(lines) for lines in texts]


def test_codes_before_all_rows_of_a_table_are_no_words_of_their_labels(tmp_path: Path) -> None:
    texts = ["standing for long?", "walking far?", "washing yourself?"]
    rows = "".join(
        words(15, 44.6 + 8 * n, f"S{n + 4}")
        + words(27, 44.6 + 8 * n, text)
        + "".join(square(90 + 15 * k, 44 + 8 * n) for k in range(3))
        for n, text in enumerate(texts)
    )
    heads = "".join(words(88 + 15 * k, 37, head) for k, head in enumerate(["none", "some", "much"]))
    (item,) = learned(tmp_path, words(15, 30, "How hard was it for you:"), heads, rows).items
    assert labels_of_rows(item) == texts


def test_rows_that_repeat_their_options_stay_one_table_where_a_label_takes_several_lines(
    tmp_path: Path,
) -> None:
    texts = [
        ["Ich bin hier neu."],
        ["Ich lebe mit Kindern", "in einem Haushalt, in", "dem niemand arbeitet."],
        ["Ich suche Arbeit."],
    ]
    drawn, y_mm = words(15, 30, "4. Trifft das auf Sie zu?"), 38.0
    for lines in texts:
        drawn += "".join(words(15, y_mm + 4.4 * n, line) for n, line in enumerate(lines))
        for k, option in enumerate(["ja", "nein", "k. A."]):
            drawn += words(80 + 30 * k, y_mm, option) + square(90 + 30 * k, y_mm - 0.5, 3.4)
        y_mm += 4.4 * len(lines) + 2
    (item,) = learned(tmp_path, drawn).items
    assert labels_of_rows(item) == [" ".join(lines) for lines in texts]
