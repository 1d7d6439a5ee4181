"""Blank PDF -> draft of a schema: where its boxes lie, what they ask, and what a person should look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.doors.pdf_images import PICTURES
from survey.doors.pdf_print import PagePrint, draw_fields, read_print, read_upright, render_upright
from survey.errors import UsageError
from survey.learn.drafts.direction import in_reading_order, is_right_to_left, mirrored_back
from survey.learn.drafts.items import DraftItem, parts_to_items, settle_by_shape
from survey.learn.drafts.level import find_tilt
from survey.learn.drafts.office import without_office
from survey.learn.drafts.order import in_printed_order
from survey.learn.drafts.overleaf import go_on_in_column, go_on_overleaf
from survey.learn.drafts.shared_wordings import join_columns, join_option_rows, share_wordings
from survey.learn.drafts.turned import turn_to_text
from survey.learn.drafts.unanswered import join_no_answers
from survey.learn.drafts.under import join_to_grids
from survey.learn.drafts.unread import with_words, without_words
from survey.learn.given import given_to_items, read_given
from survey.learn.layout.heads_before import HEADS_BEFORE, with_heads_before
from survey.learn.layout.parts import outlines_to_parts
from survey.learn.printed.boldness import with_boldness
from survey.learn.printed.crossed import with_crossed
from survey.learn.printed.drawn_lines import with_drawn_lines
from survey.learn.printed.icons import with_icons
from survey.learn.printed.lettered import with_typed
from survey.learn.printed.likeness import complete_by_likeness
from survey.learn.printed.outlines import DPI, PageOutlines, find_outlines, is_drawn_text
from survey.learn.printed.signs import with_signs
from survey.learn.stand_in import hard_to_know, stand_in_blank
from survey.learn.write import items_to_boxes, items_to_yaml, name_items

DRAW_DPI = 110
BOLD_DPI = 300  # at which the ink of letters is compared
LONG_RUN = 4  # pages
MOST_PAGES = 500  # of a questionnaire without a blank; a higher number is a slip of the pen
NO_BLANK = (
    "no blank: the stored one was drawn from the list of boxes, with corner squares and outlines only; which page a"
    " scan shows is told by its outlines alone, and waits where they do not tell"
)
COLOURS = [(150, 60, 0), (0, 120, 200), (40, 140, 30), (160, 30, 150), (0, 80, 230), (130, 130, 0)]


@dataclass(frozen=True)
class Draft:
    """What was learned of a blank: the schema's YAML, the table BOXES, notes, and the blank to keep."""

    yaml: str
    boxes: pd.DataFrame
    notes: list[str]
    blank: bytes
    """The PDF as it was; of a fillable one, with its fields drawn, as they are on the paper that comes back."""


def learn(
    blank: Path,
    id: str,  # noqa: A002 - the word of the command line
    *,
    boxes: Path | None = None,
    codes: Sequence[str] = (),
    revocation: bool = False,
) -> Draft:
    """Learn a blank questionnaire.

    `boxes` is a CSV (page, x_pt, y_pt, w_pt, h_pt, and item, label if known) that is taken as it stands instead of
    what can be found. Raises UsageError where the PDF or the CSV cannot be used, or nothing is found.
    """
    upright = read_upright(blank)
    prints = read_print(upright)
    if boxes is not None:
        given = read_given(boxes, [(page.width_mm, page.height_mm) for page in prints])
        items, names, table = given_to_items(given)
        notes: list[str] = []
    else:
        items, notes = find_items(upright, prints)
        if not items:
            raise UsageError(
                f"no box was found in {blank}",
                hint="give the boxes: --boxes FILE.csv with page,x_pt,y_pt,w_pt,h_pt",
            )
        names = name_items(items)
        table = items_to_boxes(items, names)
    notes = gather(notes) + _paper_notes(prints)
    text = items_to_yaml(
        items,
        names,
        id=id,
        paper_mm=(prints[0].width_mm, prints[0].height_mm),
        codes=codes,
        revocation=revocation,
        notes=notes,
    )
    fillable = any(page.widgets for page in prints)
    is_picture = blank.suffix.lower() in PICTURES
    kept = draw_fields(upright) if fillable else upright if is_picture else blank.read_bytes()
    return Draft(text, table, notes, kept)


def learn_without_blank(
    boxes: Path,
    id: str,  # noqa: A002 - the word of the command line
    *,
    paper_mm: tuple[float, float],
    corners_mm: float,
    codes: Sequence[str] = (),
    revocation: bool = False,
) -> Draft:
    """Learn paper of which only the places of boxes are known, and how far in its corner squares stand.

    The draft's blank is drawn from these. Raises UsageError where the list of boxes cannot be used.
    """
    items, names, table = given_to_items(read_given(boxes, [paper_mm] * MOST_PAGES))
    notes = [NO_BLANK, *gather(hard_to_know(table))]
    text = items_to_yaml(
        items, names, id=id, paper_mm=paper_mm, codes=codes, revocation=revocation, notes=notes
    )
    return Draft(text, table, notes, stand_in_blank(table, paper_mm, corners_mm))


def find_items(upright: bytes, prints: Sequence[PagePrint]) -> tuple[list[DraftItem], list[str]]:
    """Find the items of every page of an upright PDF, with notes on what was left out."""
    items: list[DraftItem] = []
    notes: list[str] = []
    before: PageOutlines | None = None
    turned = turn_to_text(upright, prints)
    for read in turned.prints:
        page = _with_known_letters(turned.upright, read)
        found = with_drawn_lines(find_outlines(turned.upright, page), page.rules, page.shapes)
        found = with_signs(with_typed(found))
        is_drawn = is_drawn_text(page)
        is_unread = found.from_image and (is_drawn or not page.letters)
        tilt = None
        if found.from_image:
            picture = render_upright(turned.upright, page.page, DPI)
            found = complete_by_likeness(found, picture)
            found = with_crossed(found, picture)
            tilt = find_tilt(found.small, page.width_mm, page.height_mm)
            found = tilt.levelled(found)
            found = with_words(found, tilt.level_picture(picture)) if is_unread else found
        found, before = with_heads_before(found, before), found
        notes += [f"page {page.page}: {HEADS_BEFORE}"] if found is not before else []
        is_mirrored = is_right_to_left(found.letters)
        parts = outlines_to_parts(page.page, in_reading_order(found, page.width_mm))
        asked, for_office = without_office(page.page, parts_to_items(parts), parts.phrases)
        own = join_no_answers(
            join_to_grids(join_option_rows(join_columns(share_wordings(asked), parts.phrases)))
        )
        own = go_on_in_column(own, parts.columns, parts.phrases)
        own = [mirrored_back(item, page.width_mm) for item in own] if is_mirrored else own
        own = [tilt.put_back(item) for item in own] if tilt is not None else own
        own = [without_words(item) for item in own] if is_unread else in_printed_order(own)
        items += [turned.put_back(item, page.page) for item in own]
        notes += [*parts.notes, *for_office]
        if found.from_image:
            unread = ", and no words can be read" if is_unread else ""
            what = "its text is drawn as curves" if is_drawn else "a picture"
            notes.append(f"page {page.page}: {what}, to confirm: boxes were found by their outlines{unread}")
    return settle_by_shape(go_on_overleaf(items)), notes


def _with_known_letters(upright: bytes, read: PagePrint) -> PagePrint:
    """Put icons in place of the words they are spelt with, and tell what is bold though its font has no name."""
    letters = with_boldness(
        read.letters, lambda: render_upright(upright, read.page, BOLD_DPI), 25.4 / BOLD_DPI
    )
    return replace(read, letters=with_icons(letters))


def gather(notes: Sequence[str]) -> list[str]:
    """Say once what is noted of several pages: "pages 1, 2: ...", "pages 1 to 60: ..."."""
    pages: dict[str, list[str]] = {}
    for note in notes:
        page, _, rest = note.partition(": ")
        numbers = pages.setdefault(rest, [])
        numbers += [number for number in [page.removeprefix("page ")] if number not in numbers]
    return [f"page{'s' * (len(numbers) > 1)} {_named(numbers)}: {rest}" for rest, numbers in pages.items()]


def _named(pages: Sequence[str]) -> str:
    """Name pages, a long run of them by its ends."""
    is_run = pages[0].isdecimal() and [*pages] == [str(int(pages[0]) + n) for n in range(len(pages))]
    return f"{pages[0]} to {pages[-1]}" if is_run and len(pages) >= LONG_RUN else ", ".join(pages)


def _paper_notes(prints: Sequence[PagePrint]) -> list[str]:
    first = prints[0]
    other = [
        page.page
        for page in prints
        if abs(page.width_mm - first.width_mm) > 1 or abs(page.height_mm - first.height_mm) > 1
    ]
    return [f"page {page} has another size than page 1" for page in other]


def draw_findings(blank: Path, boxes: pd.DataFrame) -> list[NDArray[np.uint8]]:
    """Draw the boxes over each page of the blank, one colour an item, its name beside the first; BGR images."""
    upright = read_upright(blank)
    pages = []
    for page in read_print(upright):
        picture = cv2.cvtColor(render_upright(upright, page.page, DRAW_DPI), cv2.COLOR_GRAY2BGR)
        here = boxes[boxes["page"] == page.page]
        for place, (item, rows) in enumerate(here.groupby("item", sort=False)):
            _draw_item(picture, str(item), rows, COLOURS[place % len(COLOURS)])
        pages.append(np.asarray(picture, dtype=np.uint8))
    return pages


def _draw_item(
    picture: NDArray[np.uint8], name: str, rows: pd.DataFrame, colour: tuple[int, int, int]
) -> None:
    scale = DRAW_DPI / 25.4
    for row in rows.itertuples():
        corner = (round(float(row.x_mm) * scale), round(float(row.y_mm) * scale))
        far = (
            round((float(row.x_mm) + float(row.w_mm)) * scale),
            round((float(row.y_mm) + float(row.h_mm)) * scale),
        )
        cv2.rectangle(picture, corner, far, colour, 2)
        option = str(row.option) if "_" not in str(row.option) else ""
        cv2.putText(
            picture, option, (far[0] + 2, far[1]), cv2.FONT_HERSHEY_SIMPLEX, 0.32, colour, 1, cv2.LINE_AA
        )
    first = rows.iloc[0]
    at = (max(1, round(float(first["x_mm"]) * scale) - 2), round(float(first["y_mm"]) * scale) - 4)
    cv2.putText(picture, name, at, cv2.FONT_HERSHEY_SIMPLEX, 0.38, colour, 1, cv2.LINE_AA)
