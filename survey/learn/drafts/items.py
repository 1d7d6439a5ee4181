"""Blocks with their labels -> draft items: type, wording, options, rows, columns, and what is unsure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal
from unicodedata import decimal

import numpy as np

from survey.learn.labels.asking import find_wording, label_written, lines_above
from survey.learn.labels.cell_asks import row_and_column
from survey.learn.labels.ends import LEAST_RATING
from survey.learn.labels.labels import Labels, find_labels
from survey.learn.labels.page_text import PageText
from survey.learn.labels.tables import beside_each_other, continued, split_repeated
from survey.learn.layout.blocks import Block, column_of, columns_mm
from survey.learn.layout.lists import DECLARES
from survey.learn.layout.parts import PageParts
from survey.learn.layout.routes import route_behind
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import (
    NUMBERED,
    NUMBERED_ALONE,
    ONE,
    SEVERAL,
    SEVERAL_LIKELY,
    Phrase,
    counts,
    join,
)

LINE_HEIGHT_MM = 8.0  # of handwriting
MOST_DIGITS = 12  # the most cells a number may have
SINGLE_GUESS = "single is a guess: nothing printed says that several may be marked"
SEVERAL_GUESS = "multiple, because two marks are no fault there; single if only one may be marked"
TO_CONFIRM = "to confirm: the boxes were found in a picture or a ruled table"
NO_WORDING = "no wording found"
SAME_ROW_MM = 1.0  # cells of one row begin and end as high
UNDER_COMB_MM = 6.0  # how far under a comb the bubbles for what is written in it begin
COUNTED = re.compile(r"\bhow\s+many\b|\bnumber\s+of\b|\bwie\s?viele?\b|\banzahl\b", re.IGNORECASE)
YES = re.compile(r"(ja|yes|oui|evet|tak|da|да|так|نعم|بله)\b", re.IGNORECASE)
NO = re.compile(r"(nein|no|nee|non|hayır|nie|nu|нет|ні|لا|خیر)\b", re.IGNORECASE)
WEEKDAY = re.compile(
    r"(mo(ntag)?|di(enstag)?|mi(ttwoch)?|do(nnerstag)?|fr(eitag)?|sa(mstag)?|sonnabend|so(nntag)?|(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?)s?\.?(\s*(bis|[-–—])\s*\w{2,3}\.?)?",
    re.IGNORECASE,
)
CLOCK = r"\d{1,2}([:.]\d\d)?\s*(uhr|[ap]\.?m\.?)?"
DAYTIME = re.compile(
    r"(früh|(vor|nach)?mittags?|abends?|nachts?|morgens?|tagsüber|mornings?|afternoons?|evenings?|nights?)\b.*"
    rf"|{CLOCK}\s*([-–—]|bis|to)\s*{CLOCK}|(vor|nach|ab|before|after|from)\s+{CLOCK}",
    re.IGNORECASE,
)
LEADING_NUMBER = re.compile(r"[-+−]?\d{1,2}(?=\s|$|[:=.)])")
POINTS = re.compile(
    r"^\(\d+\s*(points?|pts?|marks?|punkte?|pkte?|p)\.?\)\s*(?=\S)", re.IGNORECASE
)  # of a test
PARTING = re.compile(r"^[/|]\s*|\s*[/|;,]$|\s+(oder|or)$")  # options that follow each other in a sentence
LETTERED = re.compile(
    r"\b(name|vorname|nachname|surname|ort|straße|strasse|street|city|town|address|anschrift|specify|e-?mail|sprache|language|beruf|welche[rs]?)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Place:
    """Where a box of a draft item lies and which row and option it stands for."""

    outline: Outline
    page: int
    row: str
    option: str


@dataclass(frozen=True)
class DraftItem:
    """One item as far as the print gives it away."""

    type: Literal["single", "multiple", "scale", "matrix", "grid", "number", "text"]
    places: tuple[Place, ...]
    text: str = ""
    number: str = ""
    options: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    digits: int = 0
    unit: str = ""
    lines: int = 0
    unsure: tuple[str, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    """Options of a grid that stand outside its cells."""
    missing: tuple[str, ...] = ()
    """Codes of options that are no answer, as "don't know"."""

    @property
    def at(self) -> tuple[int, float, float]:
        """Page, height and left edge of its first box."""
        first = min(self.places, key=lambda place: (place.page, place.outline.y_mm, place.outline.x_mm))
        return first.page, first.outline.y_mm, first.outline.x_mm

    def moved(self, move: Callable[[Outline], Outline]) -> DraftItem:
        """Return the same item with its boxes elsewhere."""
        places = tuple(replace(place, outline=move(place.outline)) for place in self.places)
        return replace(self, places=places)


def parts_to_items(parts: PageParts) -> list[DraftItem]:
    """Describe everything a page asks, in reading order."""
    boxes = [box for block in parts.blocks for box in block.boxes]
    written = [cell for comb in parts.combs for cell in comb] + parts.areas
    own = {one.box: one.lines for one in parts.beside.boxes}
    text = PageText(
        parts.phrases, boxes + written, parts.steep, own, parts.beside.lines, written=frozenset(written)
    )
    blocks = sorted(parts.blocks, key=lambda block: (block.y_mm, block.x_mm))
    labels = continued([(block, find_labels(block, text)) for block in blocks])
    labels = beside_each_other([*zip(blocks, labels, strict=True)])
    writing = [label_written(group, text) for group in [*parts.combs, *((area,) for area in parts.areas)]]
    items = []
    said: list[tuple[Block, str]] = []
    for block, label in zip(blocks, labels, strict=True):
        halves = split_repeated(block, label, text)
        wording = find_wording(block, label, text) or _said_over(block, parts.combs, writing)
        wording = wording or next(
            (over for left, over in said[::-1] if _in_row_of_cells(left, block, text)), ""
        )
        wording = row_and_column(block, text) or wording
        said.append((block, wording))
        made = [
            _block_to_item(half, own, f"{wording} {over}".strip(), parts.page) for half, own, over in halves
        ]
        items += [_with_routes(item, boxes, parts.routes) for item in made]
    for group, named in zip([*parts.combs, *((area,) for area in parts.areas)], writing, strict=True):
        items.append(_written_to_item(group, named, text, parts.page))
    return sorted(items, key=lambda item: (item.at[0], item.at[1], item.at[2]))


def _in_row_of_cells(left: Block, right: Block, text: PageText) -> bool:
    """Whether the labels of two blocks stand in cells of one row of a ruled table: the row's label asks for both."""
    lines = [text.beside.get(block.boxes[0], ()) for block in (left, right)]
    cells = [own[0].cell for own in lines if own]
    if len(cells) < 2 or cells[0] is None or cells[1] is None or left.right_mm > right.x_mm:
        return False
    return (
        abs(cells[0].y_mm - cells[1].y_mm) < SAME_ROW_MM
        and abs(cells[0].bottom_mm - cells[1].bottom_mm) < SAME_ROW_MM
    )


def _with_routes(item: DraftItem, boxes: Sequence[Outline], routes: Sequence[Phrase]) -> DraftItem:
    """Tell which options send people elsewhere."""
    labels = dict(item.options)
    found = [(place.option, route_behind(place.outline, boxes, routes)) for place in item.places]
    said = tuple(
        f"behind {labels[code]!r} stands {route!r}: routing is left to you" for code, route in found if route
    )
    return replace(item, unsure=(*item.unsure, *said))


def _said_over(block: Block, combs: Sequence[tuple[Outline, ...]], writing: Sequence[tuple[str, str]]) -> str:
    """Return what labels the comb right over a block, a cell over each column: what is written there is marked, too."""
    centres = columns_mm(block)
    for comb, (label, _) in zip(combs, writing, strict=False):  # frames to write in stand behind the combs
        is_over = 0 <= block.y_mm - comb[0].bottom_mm <= UNDER_COMB_MM and len(comb) == len(centres)
        if is_over and all(
            abs(cell.centre_mm - x) < cell.w_mm / 2 for cell, x in zip(comb, centres, strict=True)
        ):
            return label
    return ""


def settle_by_shape(items: list[DraftItem]) -> list[DraftItem]:
    """Where a blank has round boxes and square ones, take the round for one answer and the square for several."""
    guessed = [item for item in items if any(doubt == SINGLE_GUESS for doubt in item.unsure)]
    shapes = {
        _is_round(item) for item in items if item.type in {"single", "multiple"} and len(item.places) > 1
    }
    if len(shapes) < 2 or any(_speaks_against_shape(item) for item in items):
        return items
    settled = []
    for item in items:
        if item in guessed:
            kind: Literal["single", "multiple"] = "single" if _is_round(item) else "multiple"
            said = (
                f"{kind}, because its boxes are {'round' if _is_round(item) else 'square'} and others are not"
            )
            item = replace(
                item, type=kind, unsure=tuple(said if d == SINGLE_GUESS else d for d in item.unsure)
            )
        settled.append(item)
    return settled


def _speaks_against_shape(item: DraftItem) -> bool:
    """Whether one answer is surely meant although the boxes are square, or several although they are round."""
    if item.type not in {"single", "multiple"} or len(item.places) < 2:
        return False
    said = SEVERAL if _is_round(item) else ONE
    labels = [label for _, label in item.options]
    is_yes_no = any(YES.match(label) for label in labels) and any(NO.match(label) for label in labels)
    in_picture = not all(place.outline.sure for place in item.places)
    return in_picture or bool(said.search(item.text)) or (is_yes_no and not _is_round(item))


def _is_round(item: DraftItem) -> bool:
    return item.places[0].outline.kind == "round"


def _block_to_item(block: Block, labels: Labels, wording: str, page: int) -> DraftItem:
    first = block.boxes[0].field
    number, text = split_number(
        wording or (first.label if first is not None and first.kind == "radio" else "")
    )
    shape = _as_table(block, labels) if labels.options else labels
    if len(block.rows) > 1 and not shape.options and max(len(row) for row in block.rows) > 1:
        make = _upright_item if shape.is_upright else _table_item
        return make(block, shape, text, number, page)
    return _list_item(block, labels, text, number, page)


def _as_table(block: Block, labels: Labels) -> Labels:
    """Turn rows that repeat the same option labels into a table with those as columns."""
    if len(block.rows) < 2 or min(len(row) for row in block.rows) < 2:
        return labels
    sets = {tuple(labels.options[box] for box in row) for row in block.rows}
    if len(sets) != 1 or not all(next(iter(sets))):
        return labels
    return Labels({}, labels.rows, dict(enumerate(next(iter(sets)))), "", labels.top_mm)


def _list_item(block: Block, labels: Labels, text: str, number: str, page: int) -> DraftItem:
    """One row or list of options."""
    centres = columns_mm(block)
    named = {
        box: labels.options.get(box)
        or (labels.columns.get(column_of(box, centres), "") if not labels.options else "")
        for box in block.boxes
    }
    named = {box: PARTING.sub("", label) or _field_label(box) for box, label in named.items()}
    if [*named.values()] == [""]:
        named = dict.fromkeys(named, text)  # a box alone is called what is asked
    codes = {box: str(place) for place, box in enumerate(block.boxes, start=1)}
    unsure = _doubts(block, text, [name for name in named.values() if name or not labels.is_scale])
    several = bool(SEVERAL.search(text))
    kind: Literal["single", "multiple", "scale"] = "multiple"
    if (labels.is_scale or _is_rating(block, list(named.values()), text)) and not several:
        kind = "scale"
    elif block.boxes[0].field is not None and block.boxes[0].field.kind == "radio":
        kind = "single"
    elif len(block.boxes) == 1 or several or _are_declarations([*named.values()]):
        kind = "multiple"
    elif ONE.search(text):
        kind = "single"
    elif SEVERAL_LIKELY.search(text):
        unsure.append("multiple is a guess from the wording")
    elif not set(unsure) - {TO_CONFIRM}:
        kind = "single"
        unsure.append(SINGLE_GUESS)
    else:
        unsure.append(SEVERAL_GUESS)
    unsure += _said_of_ends(labels)
    return DraftItem(
        type=kind,
        places=tuple(Place(box, page, "", codes[box]) for box in block.boxes),
        text=text,
        number=number,
        options=tuple((codes[box], named[box]) for box in block.boxes),
        unsure=tuple(unsure),
    )


def _are_declarations(labels: Sequence[str]) -> bool:
    """Whether people may agree to several labels: all declare something, or some do and all are whole sentences."""
    declared = [bool(DECLARES.match(label)) for label in labels]
    return all(declared) or (any(declared) and all(label.endswith((".", "!")) for label in labels))


def _said_of_ends(labels: Labels) -> list[str]:
    return [f"its ends are called {labels.ends[0]!r} and {labels.ends[1]!r}"] if labels.ends else []


def _is_rating(block: Block, names: list[str], text: str) -> bool:
    """Whether the labels of one row are numbers that go up or down by one, and the wording does not ask how many."""
    numbers = [
        int(match[0].replace("−", "-")) if (match := LEADING_NUMBER.match(name)) else None for name in names
    ]
    steps = {b - a for a, b in pairwise(numbers) if a is not None and b is not None}
    runs = len(block.rows) == 1 and None not in numbers and len(numbers) >= LEAST_RATING
    return runs and steps in ({1}, {-1}) and not COUNTED.search(text)


def _field_label(box: Outline) -> str:
    """What a fillable PDF says of one box: a radio button's own value, a check box's label."""
    if box.field is None:
        return ""
    names = (
        [box.field.export, box.field.label]
        if box.field.kind == "radio"
        else [box.field.label, box.field.name]
    )
    return next((name for name in names if name), "")


def _doubts(block: Block, text: str, names: list[str]) -> list[str]:
    doubts = []
    if not text:
        doubts.append(NO_WORDING)
    missing = sum(not name for name in names)
    if missing:
        doubts.append(f"{missing} of {len(names)} labels not found")
    twice = [name for name, count in Counter(name for name in names if name).items() if count > 1]
    if twice:
        doubts.append(f"the label {twice[0]!r} stands more than once")
    if not all(box.sure for box in block.boxes):
        doubts.append(TO_CONFIRM)
    return doubts


def _table_item(block: Block, labels: Labels, text: str, number: str, page: int) -> DraftItem:
    """Rows and columns: a matrix where every row and column has its label, else a grid."""
    centres = columns_mm(block)
    is_even = {len(row) for row in block.rows} == {len(labels.columns)}  # though rows may begin further right
    count = len(labels.columns) if is_even else len(centres)
    rows = tuple((str(n + 1), labels.rows.get(n, "")) for n in range(len(block.rows)))
    columns = tuple((str(n + 1), labels.columns.get(n, "")) for n in range(count))
    places = tuple(
        Place(box, page, str(n + 1), str((place if is_even else column_of(box, centres)) + 1))
        for n, row in enumerate(block.rows)
        for place, box in enumerate(row)
    )
    named = [label for _, label in (*rows, *columns)]
    named = [label for label in named if label or not labels.is_scale]
    doubts = _doubts(block, text or "-", named)
    if not text:
        doubts.insert(0, NO_WORDING)
    if not any(labels.columns.values()) and not labels.is_scale:
        doubts.append("no words stand over its columns: pictures?")
    doubts += _said_of_ends(labels)
    if len(labels.groups) > 1 and all(label.isdecimal() for label in labels.columns.values()):
        doubts += _said_of_ends(replace(labels, ends=(labels.groups[0], labels.groups[-1])))
    elif len(labels.groups) > 1:
        over = " and ".join(map(repr, labels.groups))
        doubts.append(f"over its columns stand {over}: an item each, if a row takes a mark under each")
    if labels.sections:
        named_so = ", ".join(repr(name) for name in dict.fromkeys(labels.sections.values()))
        doubts.append(f"its rows stand in sections: {named_so}")
    kind: Literal["matrix", "grid"] = "matrix"
    if SEVERAL.search(text) or (_are_hours(rows, columns) and not ONE.search(text)):
        kind = "grid"
    elif not all(named) or not all(label for _, label in rows):
        kind = "grid"
        doubts.append(
            "grid (any number of marks), because labels are missing; matrix if each row takes one mark"
        )
    return DraftItem(kind, places, text, number, columns, rows, unsure=tuple(doubts))


def _are_hours(rows: Sequence[tuple[str, str]], columns: Sequence[tuple[str, str]]) -> bool:
    """Whether a table has days of the week one way and spans of the day the other: several of each may be right."""
    ways = [[label for _, label in entries] for entries in (rows, columns)]
    return any(
        len(days) > 1 and all(map(WEEKDAY.fullmatch, days)) and all(map(DAYTIME.fullmatch, spans))
        for days, spans in (ways, ways[::-1])
    )


def _upright_item(block: Block, labels: Labels, text: str, number: str, page: int) -> DraftItem:
    """A grid of digits or letters: a matrix whose rows are the columns on paper, one mark in each."""
    centres = columns_mm(block)
    options = tuple((str(n + 1), label) for n, label in labels.rows.items())
    rows = tuple((str(n + 1), str(n + 1)) for n in range(len(centres)))
    places = tuple(
        Place(box, page, str(column_of(box, centres) + 1), str(n + 1))
        for n, row in enumerate(block.rows)
        for box in row
    )
    doubts = (
        *([] if text else [NO_WORDING]),
        "its rows are the columns on paper, each takes one mark",
    )
    return DraftItem("matrix", places, text, number, options, rows, unsure=doubts)


def _written_to_item(
    group: tuple[Outline, ...], beside: tuple[str, str], text: PageText, page: int
) -> DraftItem:
    """A comb or frame: a number, or free text."""
    first, (label, unit) = group[0], beside
    above = join(lines_above(first.x_mm, group[-1].right_mm, first.y_mm, text, first.panel))
    wording = label if len(label) > 12 or not above else f"{above} {label}".strip()
    number, said = split_number(wording or _field_label(first) or (first.field.name if first.field else ""))
    unsure = [] if said else [NO_WORDING]
    if 1 < len(group) <= MOST_DIGITS and not LETTERED.search(wording):
        places = tuple(Place(cell, page, "", str(n)) for n, cell in enumerate(group, start=1))
        unsure.append("a number, going by its cells; text if letters are written there")
        return DraftItem("number", places, said, number, digits=len(group), unit=unit, unsure=tuple(unsure))
    frame = replace(first, w_mm=group[-1].right_mm - first.x_mm)
    lines = int(np.clip(round(frame.h_mm / LINE_HEIGHT_MM), 1, 20))
    return DraftItem("text", (Place(frame, page, "", ""),), said, number, lines=lines, unsure=tuple(unsure))


def split_number(wording: str) -> tuple[str, str]:
    """Part a printed item number from the wording: "B3. How often" -> ("b3", "How often")."""
    match = NUMBERED.match(wording) or NUMBERED_ALONE.match(wording)
    if match is None or not any(letter.isdigit() for letter in match[1]):
        return "", wording
    printed = "".join(str(decimal(one)) if one.isdecimal() else one for one in match[1].lower())
    number = re.sub(r"[^a-z0-9]+", "_", printed).strip("_")
    rest = POINTS.sub("", wording[match.end() :].strip())
    plain_number = match[1].isdigit() and match[0].rstrip() == match[1]
    if plain_number and counts(match[0], rest):
        return "", wording  # "3 children under 15" is no number of an item
    return (number if number[0].isalpha() else f"q{number}"), rest


def all_texts(items: Iterable[DraftItem]) -> list[str]:
    """Return every wording and label, for the guess of the language."""
    return [t for item in items for t in (item.text, *(label for _, label in (*item.options, *item.rows)))]
