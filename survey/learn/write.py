"""Draft items -> a schema in YAML with comments where it is unsure, and the table of boxes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

import pandas as pd

from survey.learn.drafts.items import DraftItem, Place, all_texts
from survey.learn.printed.wording import language_of
from survey.questionnaire.model import PAPER_MM
from survey.tables import BOXES

SAME_PAPER_MM = 1.5


def name_items(items: Sequence[DraftItem]) -> list[str]:
    """Give every item an id of its own: its printed number, else its place in the questionnaire."""
    taken: set[str] = set()
    names = []
    for place, item in enumerate(items, start=1):
        base = item.number or f"item{place}"
        name, count = base, 1
        while name in taken or any(
            name.startswith(f"{other}_") or other.startswith(f"{name}_") for other in taken
        ):
            count += 1
            name = (
                f"{base.replace('_', 'p')}{chr(95 + count)}"
                if count < 28
                else f"{base.replace('_', 'p')}x{count}"
            )
        taken.add(name)
        names.append(name)
    return names


def items_to_boxes(items: Sequence[DraftItem], names: Sequence[str]) -> pd.DataFrame:
    """Return the BOXES table of all items, in their order."""
    return BOXES.frame(
        [box_row(item, name, place) for item, name in zip(items, names, strict=True) for place in item.places]
    )


def box_row(item: DraftItem, name: str, place: Place, box: str = "") -> dict[str, object]:
    """Return one row of BOXES; the box is named item.option unless a name is given."""
    asked = f"{name}_{place.row}" if item.type == "matrix" else name
    option = f"{place.row}_{place.option}" if item.type == "grid" and place.row else place.option
    outline = place.outline
    return {
        "box": box or (f"{asked}.{option}" if option else asked),
        "page": place.page,
        "x_mm": round(outline.x_mm, 3),
        "y_mm": round(outline.y_mm, 3),
        "w_mm": round(outline.w_mm, 3),
        "h_mm": round(outline.h_mm, 3),
        "item": asked,
        "option": option,
    }


def items_to_yaml(
    items: Sequence[DraftItem],
    names: Sequence[str],
    *,
    id: str,  # noqa: A002 - the word of the command line
    paper_mm: tuple[float, float],
    codes: Sequence[str],
    revocation: bool,
    notes: Sequence[str],
) -> str:
    """Write the schema; what is unsure stands as a comment above what it is about."""
    language = language_of(all_texts(items))
    lines = [
        f"# Draft of {id}, learned from its blank. Every comment names something to look at.",
        *(f"# {_one_line(note)}" for note in notes),
        f"questionnaire: {_quoted(id)}",
        f"paper: {paper_name(paper_mm)}",
        f"languages: [{language}]",
        f"title: {_quoted(id)}",
    ]
    if codes or revocation:
        lines.append("reading:")
        lines += ["  revocation: true"] if revocation else []
        lines += ["  codes:", *(f"    - {_quoted(code)}" for code in codes)] if codes else []
    lines.append("sections:")
    for page in sorted({item.at[0] for item in items}):
        title = f"Seite {page}" if language == "de" else f"Page {page}"
        lines += [f"  - id: page_{page}", f"    title: {title}", "    items:"]
        for item, name in zip(items, names, strict=True):
            if item.at[0] == page:
                lines += _item_lines(item, name)
    return "\n".join(lines) + "\n"


def paper_name(paper_mm: tuple[float, float]) -> str:
    """Name a paper size as the schema has it, or give width and height."""
    for name, (width, height) in PAPER_MM.items():
        if abs(width - paper_mm[0]) <= SAME_PAPER_MM and abs(height - paper_mm[1]) <= SAME_PAPER_MM:
            return name
    return f"[{paper_mm[0]:.2f}, {paper_mm[1]:.2f}]"


def _item_lines(item: DraftItem, name: str) -> Iterator[str]:
    for doubt in item.unsure:
        yield f"      # {_one_line(doubt)}"
    yield f"      - id: {name}"
    yield f"        type: {item.type}"
    if item.text:
        yield f"        text: {_quoted(item.text)}"
    if item.type == "number":
        yield f"        digits: {item.digits}"
        yield from [f"        unit: {_quoted(item.unit)}"] if item.unit else []
    if item.type == "text":
        yield f"        lines: {item.lines}"
    if item.rows:
        yield "        rows:"
        yield from _entries(item.rows)
    if item.options:
        yield "        columns:" if item.type == "grid" else "        options:"
        yield from _entries(item.options, item.missing)
    if item.beside:
        yield "        options:"
        yield from _entries(item.beside)


def _entries(entries: Sequence[tuple[str, str]], missing: Sequence[str] = ()) -> Iterator[str]:
    for code, label in entries:
        said = f", label: {_quoted(label)}" if label else ""
        yield f"          - {{code: {_quoted(code)}{said}{', missing: true' if code in missing else ''}}}"


def _quoted(text: str) -> str:
    """Write a text as a double-quoted YAML scalar."""
    return json.dumps(_one_line(text), ensure_ascii=False)


def _one_line(text: str) -> str:
    return re.sub(
        r"\s+", " ", "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    ).strip()
