"""Tables and lists that go on overleaf, or lists in the next column -> one item each, under the first one's wording."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from survey.learn.drafts.items import DraftItem
from survey.learn.layout.beside import SAME_COLUMN
from survey.learn.layout.lists import DECLARES
from survey.learn.printed.near import alike
from survey.learn.printed.wording import SEVERAL, Phrase

LISTS = {"single", "multiple"}
CONTINUED = re.compile(
    r"\W*(fortsetzung|fortgesetzt|continu|suite|vervolg|devam|ciąg\s+dalszy|продолжение|продовження)",
    re.IGNORECASE,
)


def go_on_overleaf(items: Sequence[DraftItem]) -> list[DraftItem]:
    """Join each table at a page's end with the rows of it that come first on the next page; items in reading order."""
    joined: list[DraftItem] = []
    for item in items:
        row = _as_row(joined[-1], item) if joined else item
        first = _first_row(joined[-1], item) if joined else None
        if joined and _goes_on(joined[-1], row):
            joined[-1] = _with_rows(joined[-1], row)
        elif first is not None and _goes_on(first, item):
            joined[-1] = _with_rows(first, item)
        elif joined and _lists_on(joined[-1], item):
            joined[-1] = _with_options(joined[-1], item, f"on page {item.at[0]}")
        else:
            joined.append(item)
    return joined


def go_on_in_column(
    items: Sequence[DraftItem], columns: Sequence[int], phrases: Sequence[Phrase]
) -> list[DraftItem]:
    """Join a list at the top of a page's right column, with no text over it there, to the list that ends the left one.

    `columns` are the panels of both, from the left; `items` and `phrases` are those of one page.
    """
    sides = [[item for item in items if item.places[0].outline.panel == panel] for panel in columns]
    if len(sides) < 2 or not all(sides):
        return [*items]
    upper, lower = max(sides[0], key=lambda item: item.at[1]), min(sides[1], key=lambda item: item.at[1])
    below = max(place.outline.y_mm for place in upper.places)
    is_headed = any(p.panel == columns[1] and p.bottom_mm < lower.at[1] for p in phrases)
    if is_headed or not _are_one_list(upper, lower) or lower.at[1] >= below:
        return [*items]
    joined = _with_options(upper, lower, "in the next column")
    return [joined if item is upper else item for item in items if item is not lower]


def _as_row(table: DraftItem, item: DraftItem) -> DraftItem:
    """Return one row of boxes as a table of one row, if its wording asks as rows of a matrix do, or as little."""
    is_row = table.type == "matrix" and item.type in {"single", "scale"} and bool(item.text)
    asks = {label.endswith("?") for _, label in table.rows} == {item.text.endswith("?")}
    if not is_row or item.number or not asks:
        return item
    places = tuple(replace(place, row="1") for place in item.places)
    return replace(item, type="matrix", text="", rows=(("1", item.text),), places=places)


def _first_row(item: DraftItem, table: DraftItem) -> DraftItem | None:
    """Return one row of boxes as the beginning of a table with headers overleaf, under its wording; else nothing."""
    row = _as_row(table, replace(item, number=""))  # the number is that of the row
    is_row = row.type == "matrix" and item.type != "matrix" and all(label for _, label in table.options)
    return replace(row, text=table.text, number=table.number) if is_row else None


def _goes_on(upper: DraftItem, lower: DraftItem) -> bool:
    """Whether a table has the columns of a matrix that ends the page before, and no other wording or labels."""
    if upper.type != "matrix" or lower.type not in {"matrix", "grid"} or lower.beside:
        return False
    named = [label for _, label in lower.options]
    return (
        lower.at[0] == max(place.page for place in upper.places) + 1
        and (
            not lower.text
            or bool(CONTINUED.match(lower.text))
            or lower.text.startswith(upper.text or "\0")
            or _runs_on(upper, lower)
        )
        and (not any(named) or named == [label for _, label in upper.options])
        and _same_columns(upper, lower)
    )


def _runs_on(upper: DraftItem, lower: DraftItem) -> bool:
    """Whether the label of a table's last row goes on overleaf, over the rows there: no sentence begins or ends."""
    label = upper.rows[-1][1] if upper.rows else ""
    return lower.text[:1].islower() and label[-1:].isalnum() and not any(name for _, name in lower.options)


def _lists_on(upper: DraftItem, lower: DraftItem) -> bool:
    """Whether a list stands overleaf without wording, as far from the edge as the list that ends the page before.

    One box alone may be a declaration of its own.
    """
    first = lower.places[0].outline
    return (
        _are_one_list(upper, lower)
        and (not lower.text or bool(CONTINUED.fullmatch(lower.text.strip(":.…()"))))
        and lower.at[0] == max(place.page for place in upper.places) + 1
        and any(abs(place.outline.x_mm - first.x_mm) <= SAME_COLUMN * first.w_mm for place in upper.places)
    )


def _are_one_list(upper: DraftItem, lower: DraftItem) -> bool:
    """Whether two lists have boxes of one size and labels, the first a wording, and the second is no declaration."""
    names = [label for _, label in (*upper.options, *lower.options)]
    return (
        upper.type in LISTS
        and lower.type in LISTS
        and bool(upper.text)
        and (len(upper.places) > 1 or "?" in upper.text)
        and all(names)
        and not (len(lower.places) == 1 and DECLARES.match(names[-1]))
        and alike(lower.places[0].outline, upper.places[-1].outline)
    )


def _with_options(upper: DraftItem, lower: DraftItem, where: str) -> DraftItem:
    """Give a list the options of another, under codes that go on."""
    codes = {code: str(len(upper.options) + n) for n, (code, _) in enumerate(lower.options, start=1)}
    doubts = [
        f"its options go on {where}",
        *(d for d in lower.unsure if d.startswith("behind ")),
    ]
    return replace(
        upper,
        type=upper.type if len(upper.places) > 1 or SEVERAL.search(upper.text) else "single",
        options=(*upper.options, *((codes[code], label) for code, label in lower.options)),
        places=(*upper.places, *(replace(place, option=codes[place.option]) for place in lower.places)),
        unsure=(*upper.unsure, *doubts),
    )


def _same_columns(upper: DraftItem, lower: DraftItem) -> bool:
    """Whether the columns stand as far apart; left and right pages may have other margins."""
    first, second = _columns_mm(upper), _columns_mm(lower)
    slack = SAME_COLUMN * lower.places[0].outline.w_mm
    return len(first) == len(second) and bool((abs(first - first[0] - second + second[0]) <= slack).all())


def _columns_mm(item: DraftItem) -> NDArray[np.float64]:
    return np.array(
        [
            np.mean([place.outline.centre_mm for place in item.places if place.option == code])
            for code, _ in item.options
        ]
    )


def _with_rows(upper: DraftItem, lower: DraftItem) -> DraftItem:
    """Give a table the rows of another, under codes that go on."""
    codes = {code: str(len(upper.rows) + n) for n, (code, _) in enumerate(lower.rows, start=1)}
    doubts = [f"its table goes on on page {lower.at[0]}"]
    unnamed = sum(not label for _, label in lower.rows)
    if unnamed:
        doubts.append(f"{unnamed} of {len(lower.rows)} rows there have no label")
    own = upper.rows
    if _runs_on(upper, lower):
        own = (*own[:-1], (own[-1][0], f"{own[-1][1]} {lower.text}"))
    return replace(
        upper,
        rows=(*own, *((codes[code], label) for code, label in lower.rows)),
        places=(*upper.places, *(replace(place, row=codes[place.row]) for place in lower.places)),
        unsure=(*upper.unsure, *doubts),
    )
