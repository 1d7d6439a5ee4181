"""Rows of options under one wording -> one item; tables side by side under one wording -> both with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from survey.learn.drafts.items import NO_WORDING, DraftItem
from survey.learn.layout.beside import SAME_COLUMN
from survey.learn.layout.blocks import HIGHEST_STEP_MM
from survey.learn.printed.near import count_on, is_level, to_rows
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import Phrase

LISTS = {"single", "multiple"}
LEVEL = 0.5  # of a box's height


def join_option_rows(items: Sequence[DraftItem]) -> list[DraftItem]:
    """Let a row of options without a wording, in the columns of the one right over it, go on with that item."""
    joined: list[DraftItem] = []
    for item in items:
        if joined and _goes_on(joined[-1], item):
            joined[-1] = _with_options(joined[-1], item)
        else:
            joined.append(item)
    return joined


def _goes_on(upper: DraftItem, lower: DraftItem) -> bool:
    if not {upper.type, lower.type} <= {"single", "multiple"} or lower.text or lower.number:
        return False
    rows = to_rows([place.outline for place in upper.places])
    last, row = rows[-1], [place.outline for place in lower.places]
    return (
        upper.at[0] == lower.at[0]
        and len(row) > 1
        and all(label for _, label in (*upper.options, *lower.options))
        and all(is_level(box, row[0], SAME_COLUMN) for box in row)
        and 0 < row[0].y_mm - last[0].bottom_mm < HIGHEST_STEP_MM
        and all(_has_over(box, last) for box in row)
    )


def _has_over(box: Outline, row: Sequence[Outline]) -> bool:
    return any(abs(box.centre_mm - one.centre_mm) <= SAME_COLUMN * box.w_mm for one in row)


def _with_options(upper: DraftItem, lower: DraftItem) -> DraftItem:
    """Return an item with the options of another, their codes counted on."""
    codes = {code: str(len(upper.options) + n) for n, (code, _) in enumerate(lower.options, start=1)}
    return replace(
        upper,
        places=(*upper.places, *(replace(place, option=codes[place.option]) for place in lower.places)),
        options=(*upper.options, *((codes[code], label) for code, label in lower.options)),
        missing=(*upper.missing, *(codes[code] for code in lower.missing)),
    )


def share_wordings(items: Sequence[DraftItem]) -> list[DraftItem]:
    """Let the wording of a table ask for the one right of it, too, with the same columns and no question of its own."""
    shared: list[DraftItem] = []
    for item in items:
        left = next((one for one in reversed(shared) if _stands_left(one, item)), None)
        if left is not None and (_counts_on(left, item) or (_asks(left) and not _asks(item))):
            doubts = tuple(doubt for doubt in item.unsure if doubt != NO_WORDING)
            item = replace(item, text=left.text, type=left.type, unsure=doubts)
        shared.append(item)
    return shared


def _stands_left(left: DraftItem, right: DraftItem) -> bool:
    """Whether two tables stand side by side, level, with the same labels of their columns."""
    first, other = (
        min((p.outline for p in item.places), key=lambda o: (o.y_mm, o.x_mm)) for item in (left, right)
    )
    columns = [label for _, label in left.options]
    return (
        {left.type, right.type} <= {"matrix", "grid"}
        and left.at[0] == right.at[0]
        and max(place.outline.right_mm for place in left.places) < other.x_mm
        and is_level(first, other, LEVEL)
        and columns == [label for _, label in right.options]
        and all(columns)
    )


def _counts_on(left: DraftItem, right: DraftItem) -> bool:
    """Whether the rows of a table without a wording count on from those of another, as on answer sheets."""
    numbers = [label.strip(".)") for item in (left, right) for _, label in item.rows]
    return (
        bool(left.text)
        and not right.text
        and all(map(str.isdecimal, numbers))
        and count_on([int(number) for number in numbers])
    )


def join_columns(items: Sequence[DraftItem], phrases: Sequence[Phrase]) -> list[DraftItem]:
    """Let two lists side by side be one item where one line of text, their wording, stands over both."""
    joined: list[DraftItem] = []
    for item in items:
        place = next((n for n, one in enumerate(joined) if _under_one_line(one, item, phrases)), None)
        if place is None:
            joined.append(item)
        else:
            joined[place] = _with_options(joined[place], item)
    return joined


def _under_one_line(left: DraftItem, right: DraftItem, phrases: Sequence[Phrase]) -> bool:
    if {left.type, right.type} - LISTS or left.type != right.type or not left.text or left.text != right.text:
        return False
    first, other = ([place.outline for place in item.places] for item in (left, right))
    over = [p for p in phrases if p.text in left.text and p.right_mm > other[0].right_mm]
    return (
        left.at[0] == right.at[0]
        and len(first) > 1
        and len(other) > 1
        and max(box.right_mm for box in first) < min(box.x_mm for box in other)
        and first[0].y_mm < other[-1].bottom_mm
        and other[0].y_mm < first[-1].bottom_mm
        and any(p.x_mm < first[0].right_mm and p.bottom_mm < first[0].y_mm for p in over)
    )


def _asks(item: DraftItem) -> bool:
    return bool(item.number) or item.text.endswith(":") or "?" in item.text
