"""What is learned of forms that offices, schools and institutes print with programs of their own."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from test_learn import (
    at,
    blank,
    circle,
    labels,
    labels_of_rows,
    learned,
    load,
    options,
    photographed,
    said,
    square,
    words,
)

from survey.doors.pdf_print import Letter, read_print, read_upright
from survey.learn import learn
from survey.learn.printed.accents import with_accents
from survey.learn.printed.likeness import complete_by_likeness
from survey.learn.printed.outlines import Outline, PageOutlines

LINES = ["start: (-0.5mm, -0.5mm), end: (4.5mm, 4.5mm)", "start: (4.5mm, -0.5mm), end: (-0.5mm, 4.5mm)"]
CROSSED = " + ".join(f"place(line({line}))" for line in LINES)
FULL = "rect(width: 5mm, height: 5mm, fill: black)"


def test_the_empty_box_on_a_line_that_shows_how_to_mark_is_no_box(tmp_path: Path) -> None:
    legend = square(15, 20) + words(22, 20.6, "Several answers (mark all of them)") + square(90, 20)
    legend += (
        at(90, 20, CROSSED) + words(98, 20.6, "Marked") + at(130, 19.5, FULL) + words(138, 20.6, "Taken back")
    )
    draft = learn(
        blank(tmp_path, legend, words(15, 50, "Do you cycle?"), options(15, 57, ["yes", "no"])), "x"
    )
    assert len(draft.boxes) == 2
    assert "show how to mark" in draft.yaml


def test_one_filled_square_before_a_wording_makes_no_legend_of_its_line(tmp_path: Path) -> None:
    def asked(y_mm: float, wording: str) -> str:
        bullet = at(15, y_mm, "rect(width: 3mm, height: 3mm, fill: black)") + words(21, y_mm, wording)
        return (
            bullet + square(100, y_mm) + words(106, y_mm, "yes") + square(120, y_mm) + words(126, y_mm, "no")
        )

    draft = learn(blank(tmp_path, asked(30, "Do you cycle?"), asked(45, "Do you swim?")), "x")
    assert len(draft.boxes) == 4


def test_what_the_office_fills_in_itself_is_not_asked(tmp_path: Path) -> None:
    office = words(150, 14, "Bitte nicht ausfüllen", 8) + options(150, 20, ["Eingang", "geprüft"])
    asked = words(15, 60, "Haben Sie Kinder?") + options(15, 67, ["ja", "nein"])
    draft = learn(blank(tmp_path, office, asked), "x")
    assert len(draft.boxes) == 2
    assert "the office fills them in" in draft.yaml


def test_all_of_a_frame_that_is_the_offices_is_not_asked(tmp_path: Path) -> None:
    frame = at(120, 12, "rect(width: 80mm, height: 40mm, stroke: 0.5pt)") + words(
        124, 14, "For office use only"
    )
    office = frame + words(124, 21, "Entered by:") + options(124, 27, ["A. Miller", "B. Smith"])
    asked = words(15, 60, "Do you have children?") + options(15, 67, ["yes", "no"])
    (item,) = learned(tmp_path, office, asked).items
    assert said(item) == "Do you have children?"


def test_codes_that_stand_off_their_labels_are_no_labels(tmp_path: Path) -> None:
    names = ["only the first", "the first and a second one", "only another one"]
    lines = "".join(
        words(20, 40.6 + 7 * n, name) + words(136, 41.2 + 7 * n, str(n + 1), 7) + square(140, 40 + 7 * n)
        for n, name in enumerate(names)
    )
    (item,) = learned(tmp_path, words(15, 32, "Which nationality do you hold?"), lines).items
    assert labels(item) == names


def test_codes_before_the_boxes_of_one_line_are_no_labels(tmp_path: Path) -> None:
    line = (
        words(15, 40, "Were you born here?")
        + words(110, 40, "yes")
        + words(118, 40.3, "1", 7)
        + square(121, 39.4)
    )
    line += words(140, 40, "no") + words(148, 40.3, "8", 7) + square(151, 39.4)
    (item,) = learned(tmp_path, line).items
    assert labels(item) == ["yes", "no"]


def test_a_sentence_to_consent_to_is_no_option_of_the_line_above(tmp_path: Path) -> None:
    ages = "".join(
        square(15 + 30 * n, 40) + words(21 + 30 * n, 40.6, age)
        for n, age in enumerate(["under 18", "18–59", "60 +"])
    )
    consent = square(15, 50) + words(21, 50.6, "Yes, I want to take part in the prize draw of the county.")
    first, second = learned(tmp_path, words(15, 32, "Your age:"), ages, consent).items
    assert (len(first.options), len(second.options)) == (3, 1)


@pytest.mark.parametrize(
    ("heads", "kind"),
    [(["5–6 Uhr", "6–7 Uhr", "nach 18 Uhr"], "grid"), (["12:45 Uhr", "14:15 Uhr", "16:00 Uhr"], "matrix")],
)
def test_days_by_spans_of_time_take_several_marks_and_days_by_points_one(
    tmp_path: Path, heads: list[str], kind: str
) -> None:
    days = ["Montag", "Dienstag", "Samstag"]
    over = "".join(words(61 + 25 * n, 40, head) for n, head in enumerate(heads))
    rows = "".join(
        words(15, 50.6 + 8 * r, day) + "".join(square(65 + 25 * n, 50 + 8 * r) for n in range(3))
        for r, day in enumerate(days)
    )
    (item,) = learned(tmp_path, words(15, 30, "Wann brauchen Sie Betreuung?"), over, rows).items
    assert item.type == kind
    assert labels_of_rows(item) == days


def boxed(x_mm: float, y_mm: float, letter: str) -> str:
    return square(x_mm, y_mm, 4.4) + words(x_mm + 1.2, y_mm + 0.6, letter, 8)


def test_rows_of_an_answer_sheet_begin_where_a_grid_of_digits_ends(tmp_path: Path) -> None:
    digits = "".join(boxed(30 + 7 * n, 40 + 6.5 * d, str(d)) for d in range(10) for n in range(4))
    rows = "".join(
        words(14, 115.6 + 6.5 * r, f"Frage {r + 1} :")
        + "".join(boxed(30 + 7 * n, 115 + 6.5 * r, letter) for n, letter in enumerate("ABCD"))
        for r in range(3)
    )
    number, answers = learned(tmp_path, words(30, 32, "Matrikelnummer"), digits, rows).items
    assert [len(number.rows), len(number.options)] == [4, 10]
    assert labels(answers) == [*"ABCD"]
    assert labels_of_rows(answers) == ["Frage 1 :", "Frage 2 :", "Frage 3 :"]


def test_headers_over_some_rows_begin_a_table_and_rows_called_0_to_9_are_a_number(tmp_path: Path) -> None:
    digits = "".join(
        words(140, 40.6 + 6 * d, str(d)) + "".join(square(145 + 8 * n, 40 + 6 * d) for n in range(5))
        for d in range(10)
    )
    tables = ""
    for top in (110.0, 150.0):
        tables += "".join(words(146.2 + 8 * n, top, letter, 8) for n, letter in enumerate("abcde"))
        tables += "".join(
            words(138, top + 6.6 + 7 * r, str(r + 1)) + square(145 + 8 * n, top + 6 + 7 * r)
            for r in range(3)
            for n in range(5)
        )
    number, first, second = learned(tmp_path, words(140, 32, "Registration number"), digits, tables).items
    assert labels(number) == [*"0123456789"]
    assert (len(number.rows), labels(first), labels(second)) == (5, [*"abcde"], [*"abcde"])


def test_dashes_between_the_boxes_of_a_scale_are_no_labels(tmp_path: Path) -> None:
    line = words(15, 40, "Music helps me to relax.") + words(87, 40, "never")
    line += "".join(square(100 + 8 * n, 39.4) for n in range(5)) + words(139, 40, "always")
    line += "".join(words(104.2 + 8 * n, 39.9, "—") for n in range(4))
    (item,) = learned(tmp_path, line).items
    assert said(item) == "Music helps me to relax."
    assert labels(item) == ["never", "", "", "", "always"]


def test_lines_for_a_date_are_no_boxes_and_no_part_of_a_label(tmp_path: Path) -> None:
    date = "\\_\\_\\_\\_ / \\_\\_\\_\\_ / 202\\_\\_\\_"
    asked = words(15, 40, "Have you been here before?") + options(15, 47, ["no", f"yes, last on {date}"])
    (item,) = learned(
        tmp_path, asked, words(15, 70, f"Date: {date} Time: \\_\\_\\_\\_ : \\_\\_\\_\\_ h")
    ).items
    assert labels(item) == ["no", "yes, last on"]


def test_a_loose_accent_is_one_with_the_letter_under_it() -> None:
    def letter(text: str, left_mm: float, order: int) -> Letter:
        return Letter(text, "CMR10", 3.0, False, left_mm, 10.0, 1.5, 2.0, left_mm, left_mm + 1.5, 12.0, order)

    word = [letter("m", 10, 0), letter("a", 12, 1), letter("¨", 12.1, 2), letter("n", 14, 3)]
    assert [one.text for one in with_accents(word)] == ["m", "ä", "n"]
    far = [word[0], word[2], *[word[3]] * 3, word[1]]
    assert [one.text for one in with_accents(far)] == ["m", "n", "n", "n", "ä"]
    apart = [letter("a", 12, 0), letter("¨", 15, 1)]
    assert with_accents(apart) == apart


def test_a_star_before_a_number_hides_neither(tmp_path: Path) -> None:
    (item,) = learned(
        tmp_path, words(15, 32, "\\* 4. Do you cycle?"), options(15, 39, ["often", "never"])
    ).items
    assert (item.id, said(item)) == ("q4", "Do you cycle?")


def test_words_over_the_ends_of_boxes_with_numbers_under_them_are_no_part_of_the_wording(
    tmp_path: Path,
) -> None:
    numbers = "".join(square(20 + 15 * n, 48) + words(21.2 + 15 * n, 53.5, str(n), 9) for n in range(11))
    ends = words(20, 43, "Not at all likely to do so", 9) + words(142, 43, "Extremely likely to do so", 9)
    (item,) = learned(tmp_path, words(15, 32, "1. Would you come again?"), ends, numbers).items
    assert said(item) == "Would you come again?"


def test_strokes_between_options_are_no_part_of_them(tmp_path: Path) -> None:
    line = words(15, 40, "yes") + square(23, 39.4) + words(29, 40, "\\/ no") + square(38, 39.4)
    line += words(44, 40, "\\/ not yet") + square(62, 39.4)
    (item,) = learned(tmp_path, words(15, 32, "May your child go home alone?"), line).items
    assert labels(item) == ["yes", "no", "not yet"]


def test_a_wording_on_the_left_goes_on_under_the_last_line_of_its_options(tmp_path: Path) -> None:
    left = "".join(
        words(15, 40 + 4.2 * n, text)
        for n, text in enumerate(["How did you prepare", "yourself? (several", "answers are possible)"])
    )
    names = [["books", "videos"], ["a course", "a friend"]]
    boxes = "".join(
        square(70 + 50 * c, 39.6 + 5.6 * r) + words(76 + 50 * c, 40.2 + 5.6 * r, name)
        for r, row in enumerate(names)
        for c, name in enumerate(row)
    )
    (item,) = learned(tmp_path, left, boxes).items
    assert said(item) == "How did you prepare yourself? (several answers are possible)"


def test_what_ends_in_a_colon_is_no_beginning_of_a_wording_that_does_so_too(tmp_path: Path) -> None:
    line = words(15, 42, "Impression:") + square(50, 41.4) + words(56, 42, "good") + square(80, 41.4)
    (item,) = learned(
        tmp_path, words(15, 34, "Inspected by: \\_\\_\\_\\_\\_\\_\\_\\_\\_"), line, words(86, 42, "bad")
    ).items
    assert said(item) == "Impression:"


def test_faces_that_head_columns_are_their_labels_and_no_boxes(tmp_path: Path) -> None:
    faces = "☺😐☹"
    heads = "".join(
        at(62 + 20 * n, 36, f'text(font: "DejaVu Sans", size: 15pt)[{face}]') for n, face in enumerate(faces)
    )
    rows = "".join(
        words(15, 46.6 + 8 * r, name) + "".join(square(63 + 20 * n, 46 + 8 * r) for n in range(3))
        for r, name in enumerate(["the choice", "the hours", "the advice"])
    )
    draft = learn(blank(tmp_path, words(15, 28, "How satisfied are you with …"), heads, rows), "drawn")
    (item,) = load(tmp_path, draft).items
    assert len(draft.boxes) == 9
    assert labels(item) == [*faces]


def test_the_number_of_a_page_in_a_square_is_no_box(tmp_path: Path) -> None:
    asked = words(15, 60, "Do you cycle?") + options(15, 67, ["often", "never"])
    draft = learn(blank(tmp_path, asked, square(190, 280, 6) + words(192.2, 281.4, "1")), "x")
    assert len(draft.boxes) == 2


def test_two_items_may_share_a_line_and_stand_under_labels_of_other_boxes(tmp_path: Path) -> None:
    years = ["under 1", "1 to 3", "4 to 9", "10 or more"]
    over = "".join(
        square(30 + 34 * n, 40) + words(32 - 0.76 * len(year) + 34 * n, 46, year)
        for n, year in enumerate(years)
    )
    lines, x = "", 0.0
    for y, parts in [
        (56.0, [("Sex:", ["f", "m", "d"]), ("Age:", ["to 29", "30–49", "50–69", "70 +"])]),
        (64.0, [("Household:", ["one", "two", "three"]), ("Home:", ["rented", "owned"])]),
    ]:
        x = 15.0
        for wording, names in parts:
            lines += words(x, y + 0.6, wording)
            x += 3 * len(wording) ** 0.9
            for name in names:
                lines += square(x, y) + words(x + 5.5, y + 0.6, name)
                x += 12 + 1.7 * len(name)
            x += 8
    items = learned(tmp_path, words(15, 32, "How long have you been a customer?"), over, lines).items
    assert [said(item) for item in items][1:] == ["Sex:", "Age:", "Household:", "Home:"]
    assert [len(item.options) for item in items] == [4, 3, 4, 3, 2]


def test_a_table_in_the_second_of_three_columns_keeps_its_wording(tmp_path: Path) -> None:
    def listed(x_mm: float, wording: str, names: list[str]) -> str:
        return words(x_mm, 40, wording) + "".join(
            square(x_mm, 47 + 6 * n) + words(x_mm + 6, 47.6 + 6 * n, name) for n, name in enumerate(names)
        )

    heads = "".join(words(104 + 14 * n, 47, head, 8) for n, head in enumerate(["well", "badly"]))
    rows = "".join(
        words(78, 53.6 + 6 * r, name) + square(105, 53 + 6 * r) + square(119, 53 + 6 * r)
        for r, name in enumerate(["shopping", "cleaning", "gardening"])
    )
    table = words(78, 40, "2. How do you manage …") + heads + rows
    first = listed(12, "1. What is missing?", ["a shop", "a doctor", "a bus", "nothing"])
    items = learned(
        tmp_path, first, table, listed(150, "3. Who helps?", ["family", "friends", "nobody"])
    ).items
    assert said(next(item for item in items if item.rows)) == "How do you manage …"


def test_words_over_the_ends_of_numbered_columns_are_no_part_of_the_wording(tmp_path: Path) -> None:
    heads = words(74, 36, "very good", 8) + words(146, 36, "insufficient", 8)
    heads += "".join(words(81.2 + 15 * n, 42, str(n + 1)) for n in range(6))
    rows = "".join(
        words(15, 50.6 + 7 * r, name) + "".join(square(80 + 15 * n, 50 + 7 * r) for n in range(6))
        for r, name in enumerate(["the service", "the bill", "the price"])
    )
    draft = learn(blank(tmp_path, words(15, 28, "1. How do you rate us?"), heads, rows), "drawn")
    (item,) = load(tmp_path, draft).items
    assert said(item) == "How do you rate us?"
    assert "its ends are called 'very good' and 'insufficient'" in draft.yaml


def test_circles_close_to_their_words_and_boxes_with_round_corners_are_found_in_a_picture(
    tmp_path: Path,
) -> None:
    near = "".join(
        circle(15, 40 + 6 * n) + words(19.8, 40.6 + 6 * n, name) for n, name in enumerate(["up", "so", "no"])
    )
    corner = "rect(width: 7.6mm, height: {high}mm, radius: 1.9mm, stroke: 0.4pt)"
    rounded = "".join(
        at(15, 70 + 8 * n, corner.format(high=3.7 + 0.2 * (n == 1))) + words(28, 70 + 8 * n, name)
        for n, name in enumerate(["one", "two", "three"])
    )
    asked = words(15, 33, "How was it?") + near + words(15, 63, "How many?") + rounded
    assert len(learn(photographed(blank(tmp_path, asked)), "drawn").boxes) == 6


def test_faces_over_the_columns_of_a_picture_make_no_example_of_the_table(tmp_path: Path) -> None:
    face = "circle(radius: 2.1mm, stroke: 0.6pt, align(center + horizon, circle(radius: 0.9mm, fill: black)))"
    heads = "".join(at(79.9 + 20 * n, 40, face) for n in range(3))
    rows = "".join(
        words(15, 50.6 + 8 * r, name) + "".join(square(80 + 20 * n, 50 + 8 * r) for n in range(3))
        for r, name in enumerate(["the choice", "the hours", "the advice"])
    )
    draft = learn(
        photographed(blank(tmp_path, words(15, 30, "How satisfied are you?"), heads, rows)), "drawn"
    )
    assert len(draft.boxes) == 9


@pytest.mark.parametrize(
    ("told", "count"), [("Please tick what is enclosed.", 3), ("What do you receive?", 0)]
)
def test_a_column_of_wide_cells_is_marked_where_the_text_over_it_says_so(
    tmp_path: Path, told: str, count: int
) -> None:
    cells = "[Paper], [enclosed], [Lease], [], [Pay slip], [], [Notice], []"
    ruled = at(15, 40, f"table(columns: (90mm, 28mm), rows: 8mm, stroke: 0.5pt, {cells})")
    other = words(15, 90, "Do you cycle?") + options(15, 97, ["often", "never"])
    items = learned(tmp_path, words(15, 33, told), ruled, other).items
    assert sum(len(item.options) for item in items) == count + 2


def test_words_beside_circles_with_numbers_inside_name_the_ends(tmp_path: Path) -> None:
    line = words(15, 40.4, "unlikely") + words(112, 40.4, "very likely")
    line += "".join(circle(32 + 7 * n, 40) + words(33.2 + 7 * n, 40.6, str(n), 8) for n in range(11))
    draft = learn(blank(tmp_path, words(15, 32, "3. Would you recommend us?"), line), "drawn")
    (item,) = load(tmp_path, draft).items
    assert said(item) == "Would you recommend us?"
    assert "its ends are called 'unlikely' and 'very likely'" in draft.yaml


def test_more_than_a_number_leads_nowhere_where_less_than_one_is_an_option(tmp_path: Path) -> None:
    ages = "".join(
        square(30 + 30 * n, 39.4) + words(36 + 30 * n, 40, age)
        for n, age in enumerate(["\\< 18", "18–65", "\\> 65"])
    )
    (item,) = learned(tmp_path, words(15, 40, "Age:"), ages).items
    assert labels(item) == ["< 18", "18–65", "> 65"]


def test_options_in_two_cells_of_one_row_are_two_items_that_row_and_column_ask_for(tmp_path: Path) -> None:
    def cell(names: list[str]) -> str:
        return "[" + " ".join(f"#box(rect(width: 3mm, height: 3mm)) {name} #h(3mm)" for name in names) + "]"

    rows = ", ".join(
        f"[{wording}], {cell(['yes', 'no'])}, {cell(['now', 'later', 'never'])}"
        for wording in ("The exits are free.", "The doors open.", "The alarm works.")
    )
    table = f"table(columns: (60mm, 45mm, 60mm), rows: 9mm, stroke: 0.5pt, [Point], [met?], [to do], {rows})"
    items = learned(tmp_path, at(15, 40, table)).items
    assert [len(item.options) for item in items] == [2, 3] * 3
    assert [said(item) for item in items][2:4] == ["The doors open. (met?)", "The doors open. (to do)"]


def test_a_table_of_which_only_the_outer_columns_are_headed_is_a_matrix(tmp_path: Path) -> None:
    heads = words(84, 40, "fully true", 8) + words(160, 40, "not true", 8)
    rows = "".join(
        words(15, 46.6 + 8 * r, name) + "".join(square(90 + 19 * n, 46 + 8 * r) for n in range(5))
        for r, name in enumerate(["We find people.", "The school helps.", "We keep them."])
    )
    (item,) = learned(tmp_path, words(15, 30, "1. How true is that?"), heads, rows).items
    assert item.type == "matrix"
    assert labels(item) == ["fully true", "", "", "", "not true"]


def test_a_sentence_that_leads_on_under_a_condition_is_no_part_of_a_label(tmp_path: Path) -> None:
    lists = (
        options(15, 40, ["ja"])
        + words(21.5, 45.2, "Wenn ja, bitte weiter mit Frage 4.")
        + options(15, 52, ["nein"])
    )
    (item,) = learned(tmp_path, words(15, 32, "2. Bilden Sie zurzeit aus?"), lists).items
    assert labels(item) == ["ja", "nein"]


@pytest.mark.parametrize(("told", "count"), [("How likely is that?", 11), ("The year in numbers", 0)])
def test_cells_with_numbers_that_count_are_marked_where_the_text_over_them_asks(
    tmp_path: Path, told: str, count: int
) -> None:
    numbers = ", ".join(f"[{n}]" for n in range(11))
    ruled = at(15, 40, f"table(columns: (11mm,) * 11, rows: 8mm, stroke: 0.5pt, {numbers})")
    other = words(15, 90, "Do you cycle?") + options(15, 97, ["often", "never"])
    draft = learn(blank(tmp_path, words(15, 33, told), ruled, other), "x")
    assert len(draft.boxes) == count + 2


def test_letters_of_ligatures_are_read_though_their_bytes_are_swapped(tmp_path: Path) -> None:
    """Ghostscript 10.0 writes the two letters of a ligature so into a font's table of letters."""
    path = blank(tmp_path, words(15, 30, "x"))
    table = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF> "
    table += b"endcodespacerange "
    letters = b" ".join(b"<%02X> <%04X>" % (code, code) for code in b"Staon")
    table += b"6 beginbfchar " + letters + b" <41> <74006900> endbfchar endcmap end end"
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        font.ToUnicode = document.make_stream(table)
        document.pages[0].Resources.Font["/Gs"] = document.make_indirect(font)
        document.pages[0].contents_add(document.make_stream(b"BT /Gs 12 Tf 100 500 Td (StaAon) Tj ET"))
        document.save(path)
    (page,) = read_print(read_upright(path))
    assert "".join(letter.text for letter in page.letters).endswith("Station")


def test_a_place_that_looks_like_a_cell_and_cuts_into_a_circle_is_no_box() -> None:
    """Narrow cells under each other, and wide ones in whose middle a circle stands: their left halves look alike."""
    picture = np.full((1800, 1800), 255, np.uint8)
    px = 300 / 25.4
    small = []
    for row in range(6):
        top = 20 + 7.8 * row
        for left, width in ((10, 11.3), (30, 24.2), (54.2, 24.2), (78.4, 24.2)):
            corners = [(round(x * px), round(y * px)) for x, y in ((left, top), (left + width, top + 7.8))]
            cv2.rectangle(picture, *corners, 0, 4)
            if width > 12:
                middle = round((left + 12.1) * px), round((top + 3.9) * px)
                cv2.circle(picture, middle, round(2 * px), 0, 4)
                small.append(Outline("round", left + 10.1, top + 1.9, 4, 4))
            else:
                small.append(Outline("square", left, top, width, 7.8))
    found = PageOutlines(tuple(small), (), (), True)
    assert complete_by_likeness(found, picture).small == found.small


def test_columns_of_a_ruled_table_may_differ_in_width(tmp_path: Path) -> None:
    days = ", ".join(f"[{day}], [], [], [], []" for day in ("Monday", "Tuesday", "Friday"))
    heads = "[], [7–8], [8–12], [12–14], [14–16]"
    ruled = f"table(columns: (30mm, 12mm, 14mm, 16mm, 19mm), rows: 6mm, stroke: 0.5pt, {heads}, "
    draft = learn(
        blank(tmp_path, words(15, 33, "When? Please tick."), at(15, 40, f"{ruled}{days})")), "drawn"
    )
    (item,) = load(tmp_path, draft).items
    assert (len(draft.boxes), labels_of_rows(item)) == (12, ["Monday", "Tuesday", "Friday"])


def test_a_sentence_to_consent_to_is_no_option_of_the_grid_above(tmp_path: Path) -> None:
    heads = "".join(words(61 + 20 * n, 40, day) for n, day in enumerate(["Mo", "Tu", "We"]))
    rows = "".join(
        words(15, 46.6 + 7 * r, span) + "".join(square(61 + 20 * n, 46 + 7 * r) for n in range(3))
        for r, span in enumerate(["mornings", "evenings"])
    )
    consent = square(15, 66) + words(21, 66.6, "I agree that what I have told is kept for a year.")
    grid, alone = learned(
        tmp_path, words(15, 32, "When can you work? (several answers)"), heads, rows, consent
    ).items
    assert (grid.type, len(alone.options)) == ("grid", 1)


def test_wide_cells_to_mark_stand_in_a_column_of_the_page_as_others_do(tmp_path: Path) -> None:
    def listed(x_mm: float, y_mm: float, wording: str) -> str:
        return at(x_mm, y_mm, f"text(weight: 700)[{wording}]") + options(
            x_mm, y_mm + 7, ["often", "seldom", "never"]
        )

    cells = "[], [7–8], [8–12], [12–16], [Monday], [], [], [], [Friday], [], [], []"
    ruled = f"table(columns: (24mm, 14mm, 20mm, 20mm), rows: 6mm, stroke: 0.5pt, {cells})"
    told = at(12, 70, "text(weight: 700)[2. When? Please tick.]") + at(12, 77, ruled)
    left = listed(12, 30, "1. Do you cycle?") + told
    right = listed(115, 30, "3. Do you swim?") + listed(115, 70, "4. Do you run?")
    items = learned(tmp_path, left, right).items
    (table,) = [item for item in items if item.rows]
    assert labels_of_rows(table) == ["Monday", "Friday"]
