"""Pages whose text stands on its side -> the same pages turned, and their items back in their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from survey.doors.pdf_print import PagePrint, read_print, turn_pages
from survey.learn.drafts.items import DraftItem
from survey.learn.printed.outlines import Outline

MOSTLY = 0.7  # share of a page's letters that stand on one side
FEWEST = 40  # letters


@dataclass(frozen=True)
class Turned:
    """A blank whose pages all have upright text, and by how many quarter turns clockwise each page was turned."""

    upright: bytes
    prints: Sequence[PagePrint]
    quarters: dict[int, int]
    heights_mm: dict[int, float]
    widths_mm: dict[int, float]

    def put_back(self, item: DraftItem, page: int) -> DraftItem:
        """Return an item of a page with its boxes where they stand on the paper."""
        quarters = self.quarters.get(page, 0)
        return item if not quarters else item.moved(lambda outline: self._back(outline, page, quarters))

    def _back(self, one: Outline, page: int, quarters: int) -> Outline:
        if quarters == 1:
            x, y = one.y_mm, self.heights_mm[page] - one.right_mm
        else:
            x, y = self.widths_mm[page] - one.bottom_mm, one.x_mm
        return replace(one, x_mm=x, y_mm=y, w_mm=one.h_mm, h_mm=one.w_mm)


def turn_to_text(upright: bytes, prints: Sequence[PagePrint]) -> Turned:
    """Turn the pages most of whose letters stand on one side."""
    quarters = {page.page: side for page in prints if (side := _side(page))}
    heights = {page.page: page.height_mm for page in prints}
    widths = {page.page: page.width_mm for page in prints}
    if not quarters:
        return Turned(upright, prints, {}, heights, widths)
    turned = turn_pages(upright, quarters)
    return Turned(turned, read_print(turned), quarters, heights, widths)


def _side(page: PagePrint) -> int:
    """Return 1 where a page is read upwards, 3 where downwards, else 0."""
    for side in (1, 3):
        count = sum(letter.quarters == side for letter in page.letters)
        if count >= max(FEWEST, MOSTLY * len(page.letters)):
            return side
    return 0
