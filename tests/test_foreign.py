"""Claims about blanks that other programs made: LibreOffice, LaTeX, a fillable PDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from foreign import FILLABLE, LATEX, OFFICE, Asked, fillable_blank, latex_blank, office_blank

from survey.learn import learn
from survey.questionnaire.load import load_questionnaire
from survey.questionnaire.model import Item, Questionnaire

RIGHT, FOUND, FALSE = 0.95, 0.98, 0.03  # shares: labels right, boxes found, boxes made up
BLANKS = [
    pytest.param(office_blank, OFFICE, marks=pytest.mark.long, id="LibreOffice"),
    pytest.param(latex_blank, LATEX, marks=pytest.mark.long, id="LaTeX"),
    pytest.param(fillable_blank, FILLABLE, id="fillable"),
]
Make = Callable[[Path], Path]


def learned(folder: Path, blank: Path) -> Questionnaire:
    draft = learn(blank, "foreign")
    (folder / "foreign.yaml").write_text(draft.yaml, encoding="utf-8")
    draft.boxes.to_csv(folder / "foreign.boxes.csv", index=False)
    return load_questionnaire(folder / "foreign.yaml")


def said(text: dict[str, str]) -> str:
    return next(iter(text.values()), "")


def words(item: Item) -> tuple[str, list[str], list[str]]:
    """Wording, labels and rows of an item."""
    return (
        said(item.text),
        [said(option.label) for option in item.columns or item.options],
        [said(row.label) for row in item.rows],
    )


def wording(asked: Asked) -> str:
    """The wording as printed, without a number before it."""
    number, _, rest = asked.text.partition(". ")
    return rest if number.isdigit() else asked.text


@pytest.mark.parametrize(("make", "asked"), BLANKS)
def test_words_are_found_with_their_boxes(tmp_path: Path, make: Make, asked: list[Asked]) -> None:
    found = [words(item) for item in learned(tmp_path, make(tmp_path)).items]
    wanted = [(wording(item), list(item.labels), list(item.rows)) for item in asked]
    right = wrong = 0
    for place, (text, labels, rows) in enumerate(wanted):
        seen = found[place] if place < len(found) else ("", [], [])
        pairs = [(text, seen[0])]
        pairs += zip(labels, [*seen[1], *[""] * len(labels)], strict=False)
        pairs += zip(rows, [*seen[2], *[""] * len(rows)], strict=False)
        right += sum(one == other for one, other in pairs)
        wrong += sum(one != other for one, other in pairs)
    assert right / (right + wrong) >= RIGHT, found
    assert len(found) == len(wanted)


@pytest.mark.parametrize(("make", "asked"), BLANKS)
def test_every_item_has_its_boxes_and_no_more(tmp_path: Path, make: Make, asked: list[Asked]) -> None:
    questionnaire = learned(tmp_path, make(tmp_path))
    counts = questionnaire.boxes["item"].value_counts()
    have = [
        sum(
            int(count)
            for name, count in counts.items()
            if name == item.id or str(name).startswith(f"{item.id}_")
        )
        for item in questionnaire.items
    ]
    want = [1 if item.type == "text" else item.boxes for item in asked]
    total = sum(want)
    assert sum(min(pair) for pair in zip(have, want, strict=False)) / total >= FOUND
    assert sum(max(0, a - b) for a, b in zip(have, want, strict=False)) / total <= FALSE


@pytest.mark.parametrize(("make", "asked"), BLANKS)
def test_the_kind_of_an_item_is_guessed(tmp_path: Path, make: Make, asked: list[Asked]) -> None:
    found = [item.type for item in learned(tmp_path, make(tmp_path)).items]
    assert found == [{"dotted": "single"}.get(item.type, item.type) for item in asked]
