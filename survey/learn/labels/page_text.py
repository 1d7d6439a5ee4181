"""The text of a page, and which of it has been given to boxes."""

from __future__ import annotations

from dataclasses import dataclass, field

from survey.learn.printed.near import inside, on_row
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import Phrase, lines_down


@dataclass
class PageText:
    """The phrases of a page, and which of them have been given to a box."""

    phrases: list[Phrase]
    boxes: list[Outline]
    steep: list[Phrase] = field(default_factory=list)
    """Text on its side, which only heads columns."""
    beside: dict[Outline, tuple[Phrase, ...]] = field(default_factory=dict)
    """Labels of the boxes that have one of their own …"""
    lines: dict[Phrase, tuple[Phrase, ...]] = field(default_factory=dict)
    """… and all lines of each label by its first, those of a table's rows, too."""
    used: set[Phrase] = field(default_factory=set)
    written: frozenset[Outline] = frozenset()
    """Those of the boxes that are written in: frames, and cells of combs."""

    def free(self) -> list[Phrase]:
        """Return the phrases that belong to nothing yet."""
        return [phrase for phrase in self.phrases if phrase not in self.used]

    def with_more_lines(self, first: Phrase) -> list[Phrase]:
        """Return a label with the lines that go on from it and stand on no other box's line."""
        if first in self.lines or any(first in lines for lines in self.lines.values()):
            return [p for p in self.lines.get(first, (first,)) if p is first or p not in self.used]
        own = [first]
        for line in lines_down(first, self.free())[1:]:
            if any(on_row(line, b) and line.right_mm < b.x_mm and not on_row(first, b) for b in self.boxes):
                break  # the next row's
            own.append(line)
        return own + [p for p in self._rest_of_cell(first) if p not in own]

    def _rest_of_cell(self, first: Phrase) -> list[Phrase]:
        """Return what stands under a phrase in its cell, if no box stands there."""
        cell = first.cell
        if cell is None or any(inside(box.centre_mm, box.middle_mm, cell) for box in self.boxes):
            return []
        return [p for p in self.free() if p.cell == cell and p.bottom_mm > first.bottom_mm]
