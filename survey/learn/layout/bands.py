"""Tables parted by headings of groups of rows -> one table, and what the groups are called."""

from __future__ import annotations

from collections.abc import Sequence

from survey.learn.layout.beside import SAME_COLUMN
from survey.learn.printed.near import alike, in_same_columns, on_row
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import FLUSH_MM, Phrase

Table = list[tuple[Outline, ...]]

HIGHEST_MM = 28.0  # from the last row of one group to the first of the next
SAME_TYPE = 0.05  # share by which the type of headings may differ
STEEP_MM = 30.0  # headers on their side are higher, and so are their middles
HEADERS_MM = 16.0  # how far over the first group's heading the columns' headers end


def join_bands(
    tables: Sequence[Table], free: Sequence[Phrase], steep: Sequence[Phrase] = ()
) -> tuple[list[Table], list[Phrase]]:
    """Join tables whose rows stand in groups under headings of one kind, the first between headers and first row.

    `free` is the text that labels no row, `steep` that on its side, which may be headers. Returns the tables, and
    the headings; what stands over each row of a table is no heading, but the row's label.
    """
    joined: list[Table] = []
    firsts: list[Phrase | None] = []
    groups: list[int] = []
    over: list[list[Phrase]] = []
    for table in sorted(tables, key=lambda rows: (rows[0][0].y_mm, rows[0][0].x_mm)):
        place = next((n for n, upper in enumerate(joined) if _goes_on(upper, table)), None)
        first = firsts[place] if place is not None else None
        last = joined[place][-1][0] if place is not None else None
        between = []
        if last is not None:  # but for the row's own number
            between = [p for p in _over(table[0], free, last.middle_mm) if not on_row(p, last)]
        if place is not None and first is not None and between and all(_alike(p, first) for p in between):
            joined[place] += table
            groups[place] += 1
            over[place] += [p for p in (first, *between) if p not in over[place]]
        else:
            joined.append([*table])
            groups.append(1)
            over.append([])
            firsts.append(_first_heading(table, free, steep))
    parted = zip(joined, groups, over, strict=True)
    return joined, [p for table, count, lines in parted if count < len(table) for p in lines]


def _goes_on(upper: Table, lower: Table) -> bool:
    """Whether a table stands right under another, in the same columns."""
    above, below = upper[-1], lower[0]
    return (
        in_same_columns(above, below, SAME_COLUMN)
        and above[0].panel == below[0].panel
        and alike(above[0], below[0])
        and 0 < below[0].y_mm - above[0].bottom_mm < HIGHEST_MM
    )


def _over(row: tuple[Outline, ...], free: Sequence[Phrase], top_mm: float) -> list[Phrase]:
    """Return the text over a row down from a height, in its columns and left of them."""
    return [
        p
        for p in free
        if top_mm < p.middle_mm < row[0].middle_mm
        and p.x_mm < row[-1].right_mm
        and p.panel == row[0].panel
        and not on_row(p, row[0])
    ]


def _first_heading(table: Table, free: Sequence[Phrase], steep: Sequence[Phrase]) -> Phrase | None:
    """Return the line left of the columns, right over the first row, that stands under the columns' headers."""
    row = table[0]
    near = _over(row, free, row[0].y_mm - HIGHEST_MM)
    last = max(near, key=lambda p: p.bottom_mm, default=None)
    if last is None or last.right_mm > row[0].x_mm:
        return None
    heads = [
        p
        for p in (*near, *_over(row, steep, row[0].y_mm - HIGHEST_MM - STEEP_MM))
        if p.x_mm > last.right_mm and p.centre_mm > row[0].x_mm - row[0].w_mm
    ]
    over = [p for p in heads if last.y_mm - p.bottom_mm > -p.size_mm and last.y_mm - p.bottom_mm < HEADERS_MM]
    return last if over and all(p.middle_mm < last.y_mm for p in heads) else None


def _alike(one: Phrase, other: Phrase) -> bool:
    """Whether two lines are headings of one kind."""
    return (
        abs(one.x_mm - other.x_mm) <= FLUSH_MM
        and one.bold == other.bold
        and abs(one.size_mm - other.size_mm) <= SAME_TYPE * other.size_mm
        and not one.asks
    )
