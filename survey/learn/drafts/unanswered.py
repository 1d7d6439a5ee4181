"""Boxes for those who do not answer that stand apart -> options of the items on whose lines they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from survey.learn.drafts.items import DraftItem, Place
from survey.learn.printed.near import is_level
from survey.learn.printed.wording import NO_ANSWER

ON_LINE = 0.5  # of a box's height

Named = tuple[Place, str]


def join_no_answers(items: Sequence[DraftItem]) -> list[DraftItem]:
    """Let boxes labelled "don't know" or the like, right of an item's boxes on their line, be an option of that item.

    A table where only some rows have one is parted: each of these rows becomes an item of its own.
    """
    apart = [item for item in items if _says_no_answer(item)]
    kept = [item for item in items if item not in apart]
    given: dict[int, list[Named]] = {}
    for item in apart:
        owners = [_owner(place, kept) for place in item.places]
        if None in owners:
            kept.append(item)
            continue
        for owner, place, (_, label) in zip(owners, item.places, item.options, strict=True):
            given.setdefault(owner or 0, []).append((place, label))
    joined = [one for n, item in enumerate(kept) for one in _with_no_answers(item, given.get(n, []))]
    return sorted(joined, key=lambda item: item.at)


def _says_no_answer(item: DraftItem) -> bool:
    labels = [label for _, label in item.options]
    is_list = item.type in {"single", "multiple"} and not item.number
    return is_list and bool(labels) and all(NO_ANSWER.fullmatch(label) for label in labels)


def _owner(place: Place, items: Sequence[DraftItem]) -> int | None:
    """Return the place of the item that a box stands beside: of all boxes of a list, or of one row of a matrix."""
    return next((n for n, item in enumerate(items) if _row_beside(place, item)), None)


def _row_beside(place: Place, owner: DraftItem) -> list[Place]:
    """Return the boxes of an item on the line of a box, all of them left of it; none where it is not so."""
    box = place.outline
    level = [one for one in owner.places if one.page == place.page and is_level(one.outline, box, ON_LINE)]
    is_row = owner.type == "matrix" or (owner.type in {"single", "scale"} and len(level) == len(owner.places))
    beside = all(one.outline.right_mm < box.x_mm and one.outline.panel == box.panel for one in level)
    return level if is_row and beside else []


def _with_no_answers(item: DraftItem, boxes: Sequence[Named]) -> Iterator[DraftItem]:
    """Yield an item with what stands beside it; a matrix without the rows that differ from others, and these rows."""
    if not boxes:
        yield item
        return
    label = boxes[0][1]
    rows = {_row_beside(place, item)[0].row: place for place, _ in boxes}
    if item.type == "matrix" and len(rows) < len(item.rows):
        left = tuple(row for row in item.rows if row[0] not in rows)
        yield replace(item, rows=left, places=tuple(one for one in item.places if one.row not in rows))
        for row in (row for row in item.rows if row[0] in rows):
            yield _with_option(_row_alone(item, row), {"": rows[row[0]]}, label)
    else:
        yield _with_option(item, rows, label)


def _row_alone(table: DraftItem, row: tuple[str, str]) -> DraftItem:
    """Return one row of a matrix as an item of its own."""
    code, label = row
    return DraftItem(
        type="single",
        places=tuple(replace(one, row="") for one in table.places if one.row == code),
        text=f"{table.text} {label}".strip(),
        number=f"{table.number}_{code}" if table.number else "",
        options=table.options,
        unsure=("a row of the table, which has an option that others have not",),
    )


def _with_option(item: DraftItem, boxes: dict[str, Place], label: str) -> DraftItem:
    """Give an item an option that is no answer; `boxes` by row, which is empty in a list."""
    code = str(len(item.options) + 1)
    more = tuple(replace(place, row=row, option=code) for row, place in boxes.items())
    return replace(
        item,
        places=(*item.places, *more),
        options=(*item.options, (code, label)),
        missing=(*item.missing, code),
        unsure=(*item.unsure, f"{label!r} stands apart; taken for an option that is no answer"),
    )
