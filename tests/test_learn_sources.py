"""What is learned of several columns of text beside boxes, of lists that go on overleaf, of scales typed as numbers."""

from __future__ import annotations

from pathlib import Path

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


