"""What is learned of forms that offices, schools and institutes print with programs of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_learn import (
    at,
    blank,
    labels,
    labels_of_rows,
    learned,
    options,
    said,
    square,
    words,
)

from survey.learn import learn

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
