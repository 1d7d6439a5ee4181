"""Heights of printed pieces -> which piece stands on which page, in one column or two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from survey.errors import SchemaError

GAP_MM = 5.0  # white between two items, at least
GAP_MOST_MM = 9.0  # and at most, where a page has room to spare


@dataclass(frozen=True, slots=True)
class Piece:
    """Something printed in one go: a heading or an item; a narrow one takes half the width."""

    name: str
    height_mm: float
    narrow: bool = False
    new_page: bool = False
    keeps_next: bool = False
    """Must not stand at the foot of a page without what follows it."""


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the page from left to right: one wide piece, or two columns of narrow ones."""

    columns: tuple[tuple[str, ...], ...]
    height_mm: float
    inner_gaps: int
    """Gaps between pieces in the taller column."""


@dataclass(frozen=True, slots=True)
class PagePlan:
    """One page: its bands from top to bottom and the gap between any two pieces."""

    bands: tuple[Band, ...]
    gap_mm: float


def arrange(pieces: Sequence[Piece], height_mm: float) -> list[PagePlan]:
    """Fill pages from top to bottom; narrow pieces in a row share two columns, balanced, left one first.

    Raises SchemaError for a piece that is taller than a page.
    """
    pages: list[list[Band]] = [[]]
    queue = list(pieces)
    while queue:
        piece = queue[0]
        room_mm = height_mm - sum(band.height_mm + GAP_MM for band in pages[-1])
        needed_mm = piece.height_mm
        if piece.keeps_next and len(queue) > 1:
            needed_mm += GAP_MM + queue[1].height_mm
        if pages[-1] and (needed_mm > room_mm or (piece.new_page and not _opens(pages[-1], piece))):
            pages.append([])
            continue
        if piece.height_mm > height_mm:
            raise SchemaError(f"{piece.name} is taller than a page", hint="split it into two items")
        band = _fill_columns(queue, room_mm) if piece.narrow else Band(((piece.name,),), piece.height_mm, 0)
        pages[-1].append(band)
        del queue[: sum(len(column) for column in band.columns)]
    return [PagePlan(tuple(bands), _spread(bands, height_mm)) for bands in pages]


def _opens(bands: Sequence[Band], piece: Piece) -> bool:
    return bool(bands) and bands[0].columns[0][0] == piece.name


def _fill_columns(queue: Sequence[Piece], room_mm: float) -> Band:
    """Take as many of the narrow pieces that come next as fit into two columns of the room left."""
    run = list(takewhile(lambda piece: piece.narrow, queue))
    for count in range(len(run), 0, -1):
        band = _balance(run[:count])
        if band.height_mm <= room_mm:
            return band
    return _balance(run[:1])


def _balance(run: Sequence[Piece]) -> Band:
    """Split a run into two columns so that the taller one is as low as can be."""
    splits = [(run[:cut], run[cut:]) for cut in range(1, len(run) + 1)]
    left, right = min(splits, key=lambda columns: max(_height(column) for column in columns))
    taller = max((left, right), key=_height)
    names = tuple(tuple(piece.name for piece in column) for column in (left, right))
    return Band(names, _height(taller), len(taller) - 1)


def _height(column: Sequence[Piece]) -> float:
    return sum(piece.height_mm for piece in column) + GAP_MM * max(len(column) - 1, 0)


def _spread(bands: Sequence[Band], height_mm: float) -> float:
    """Return the gap that shares a page's spare height among its gaps, within bounds."""
    gaps = len(bands) - 1 + sum(band.inner_gaps for band in bands)
    used_mm = sum(band.height_mm for band in bands) + GAP_MM * (len(bands) - 1)
    return min(GAP_MM + max(height_mm - used_mm, 0) / max(gaps, 1), GAP_MOST_MM)
