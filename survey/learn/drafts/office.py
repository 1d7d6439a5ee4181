"""Draft items of a page -> those that people are asked, without what the office fills in itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from survey.learn.drafts.items import DraftItem
from survey.learn.printed.near import inside, on_row
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import Phrase

HIGHEST_MM = 120.0  # of a frame for the office; a higher one holds a page that says so of a part of it
OFFICE = re.compile(
    r"\W*((bitte\s+)?(hier\s+|dieses\s+feld\s+)?(nicht\s+(ausfüllen|beschriften|beschreiben)|nichts\s+eintragen|frei\s?lassen)"
    r"|((please\s+)?do\s+not\s+(write|mark|fill\s+in|complete))(\s+(in\s+)?(this|here|below)(\s+\w+)?)?|please\s+leave\s+(this\s+\w+\s+)?blank"
    r"|for\s+(\w+\s+){1,3}use\s+only|(for\s+)?(office|official|internal|staff)\s+use(\s+only)?|(nur\s+)?für\s+(amtliche|interne|dienstliche)\w*\s+\w+"
    r"|(amtliche|interne|dienstliche)r?\s+(vermerke?|angaben|bearbeitung)|bearbeitungsvermerke?"
    r"|((nur|wird)\s+)?(von|vom|von\s+der|durch\s+das|durch\s+die)\s+\w*(amt|jobcenter|agentur|behörde|stelle|institut|verwaltung|büro|bearbeitung|praxis|schule|klinik|kita|kasse|sekretariat)(\s+\w+)?"
    r"\s+(auszufüllen|ausgefüllt))\W*",
    re.IGNORECASE,
)


def without_office(
    page: int, items: Sequence[DraftItem], phrases: Sequence[Phrase]
) -> tuple[list[DraftItem], list[str]]:
    """Drop the items that are headed as the office's own or stand in a frame with such words; with a note on each."""
    said = [p for p in phrases if OFFICE.fullmatch(p.text)]
    frames = [p.cell for p in said if p.cell is not None and p.cell.h_mm <= HIGHEST_MM]
    dropped = [
        item
        for item in items
        if OFFICE.fullmatch(item.text) or _stands_in(item, frames) or _stands_behind(item, said)
    ]
    notes = [
        f"page {page}: {len(item.places)} boxes left out, the office fills them in, {item.at[1]:.0f} mm from the top"
        for item in dropped
    ]
    return [item for item in items if item not in dropped], notes


def _stands_behind(item: DraftItem, said: Sequence[Phrase]) -> bool:
    """Whether all boxes of an item stand on the line of such words, right of them."""
    boxes = [place.outline for place in item.places]
    return any(all(on_row(p, box) and p.right_mm < box.x_mm for box in boxes) for p in said)


def _stands_in(item: DraftItem, frames: Sequence[Outline]) -> bool:
    boxes = [place.outline for place in item.places]
    return any(all(inside(box.centre_mm, box.middle_mm, frame) for box in boxes) for frame in frames)
