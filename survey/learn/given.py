"""A person's list of boxes -> draft items and the table BOXES; its order and count stay as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from survey.errors import UsageError
from survey.files import read_csv, to_numbers
from survey.learn.drafts.items import DraftItem, Place
from survey.learn.printed.outlines import Outline
from survey.learn.write import box_row
from survey.tables import BOXES

MM_PER_POINT = 25.4 / 72
NEEDED = ["page", "x_pt", "y_pt", "w_pt", "h_pt"]
SMALLEST_MM = 1.0  # side of a box


def read_given(path: Path, sizes_mm: Sequence[tuple[float, float]]) -> pd.DataFrame:
    """Read a CSV of boxes (points from the top left); UsageError names file, line and what is wrong."""
    table = read_csv(path)
    absent = [name for name in NEEDED if name not in table.columns]
    if absent:
        raise UsageError(
            f"column {absent[0]} is missing",
            where=f"{path}:1",
            hint=f"columns: {','.join(NEEDED)}[,item,label]",
        )
    if table.empty:
        raise UsageError("no box stands in it", where=f"{path}:2", hint="one line a box")
    for name in NEEDED:
        numbers = to_numbers(table[name])
        if numbers.isna().any():
            row = int(numbers.isna().to_numpy().argmax())
            raise UsageError(
                f"{name} is {table[name].iloc[row]!r}, not a number", where=f"{path}:{row + 2}", hint="points"
            )
        table[name] = numbers
    for row, box in enumerate(table.itertuples(), start=2):
        _check(box, sizes_mm, f"{path}:{row}")
    again = table.duplicated([*NEEDED]).to_numpy()
    if again.any():
        raise UsageError(
            "the box stands in the list already",
            where=f"{path}:{int(again.argmax()) + 2}",
            hint="one line a box, each with a place of its own",
        )
    for name in ["item", "label"]:
        table[name] = table[name].str.strip() if name in table.columns else ""
    return table


def _outline(box: object) -> Outline:
    x, y, w, h = (float(getattr(box, name)) * MM_PER_POINT for name in NEEDED[1:])
    return Outline("square", x, y, w, h)


def _check(box: object, sizes_mm: Sequence[tuple[float, float]], where: str) -> None:
    page = float(getattr(box, "page"))  # noqa: B009 - the row has no declared type
    x, y, w, h = (float(getattr(box, name)) * MM_PER_POINT for name in NEEDED[1:])
    if page != int(page) or not 1 <= page <= len(sizes_mm):
        raise UsageError(
            f"page {page:g} is not in the blank", where=where, hint=f"it has pages 1 to {len(sizes_mm)}"
        )
    if 0 < min(w, h) < SMALLEST_MM:
        raise UsageError(
            f"a box of {w:.2g} by {h:.2g} mm takes no mark", where=where, hint="sizes in points; 1 mm is 2.83"
        )
    width, height = sizes_mm[int(page) - 1]
    if w <= 0 or h <= 0 or x < -1 or y < -1 or x + w > width + 1 or y + h > height + 1:
        raise UsageError(
            "the box does not lie on its page",
            where=where,
            hint=f"the page has {width / MM_PER_POINT:.0f} by {height / MM_PER_POINT:.0f} points; origin top left"
            " (a picture that states no resolution is as long as A4)",
        )


def given_to_items(given: pd.DataFrame) -> tuple[list[DraftItem], list[str], pd.DataFrame]:
    """Make one item of the boxes that share an item's name, or of a page's boxes where none is named.

    Returns the items, their ids, and the table BOXES in the order given.
    """
    keys = [item or f"p{int(page)}" for item, page in zip(given["item"], given["page"], strict=True)]
    order = list(dict.fromkeys(keys))
    names = dict(zip(order, _item_names(order), strict=True))
    places: dict[str, list[Place]] = {key: [] for key in order}
    options: dict[str, list[tuple[str, str]]] = {key: [] for key in order}
    rows = []
    seen_on_page: dict[int, int] = {}
    for key, box in zip(keys, given.itertuples(), strict=True):
        page = int(float(str(box.page)))
        seen_on_page[page] = seen_on_page.get(page, 0) + 1
        outline = _outline(box)
        named = bool(str(box.item))
        code = str(len(options[key]) + 1) if named else f"b{seen_on_page[page]:02d}"
        place = Place(outline, page, "", code)
        places[key].append(place)
        options[key].append((code, str(box.label)))
        rows.append((key, place, "" if named else f"p{page}_b{seen_on_page[page]:02d}"))
    items = {
        key: DraftItem(
            "multiple",
            tuple(places[key]),
            text=key if key in set(given["item"]) else "",
            options=tuple(options[key]),
            unsure=("boxes as given; multiple, because two marks are no fault there",),
        )
        for key in order
    }
    table = BOXES.frame([box_row(items[key], names[key], place, box) for key, place, box in rows])
    return [items[key] for key in order], [names[key] for key in order], table


def _item_names(keys: Sequence[str]) -> list[str]:
    """Turn the names people gave into ids: small letters, digits and underscores, each once."""
    taken: set[str] = set()
    names = []
    for key in keys:
        base = re.sub(r"[^a-z0-9]+", "_", key.lower()).strip("_") or "item"
        base = base if base[0].isalpha() else f"q{base}"
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base}_{count}"
        taken.add(name)
        names.append(name)
    return names
