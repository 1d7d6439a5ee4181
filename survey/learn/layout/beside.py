"""Boxes that stand apart on their lines -> the label beside each, on the side that line, column and page speak for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey.learn.layout.neighbours import FROM_BELOW, neighbours, on_line
from survey.learn.layout.ruled import (
    all_of_cell,
    all_of_option,
    all_of_row,
    boxes_in,
    fills_cell,
    head_of_column,
    is_cell_beside,
    within_cell,
)
from survey.learn.layout.run_on import FULL_MM, RUN_STEP, leads_to, run_on, wrapped
from survey.learn.printed.near import inside, is_code, is_level, on_row, to_rows
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import (
    FLUSH_MM,
    HANGING_MM,
    HYPHEN,
    TALL_LINE_STEP,
    Phrase,
    follows,
    is_line_under,
)

FAR_MM, NONE_MM = 30.0, 35.0  # what a far and an absent label weigh when a side is chosen …
LEFT_OUT_MM = 100.0  # … and one absent where all others of its line have one on either side
BY_COLUMN, BY_PAGE = 0.3, 0.15  # how much boxes over and under it, and all of the page, say of its side
COLUMN_REACH_MM = 60.0  # how far up and down they may stand
SAME_COLUMN = 0.3  # of a box's width
UNDER_MM, FURTHER = (
    4.5,
    2.0,
)  # from a box down to its label's middle; the next row stands so much further from that
WRAPPED = 2.2  # heights of a box from one line of a running text to the next
MOST_LINES = 12
ASKED = re.compile(r"[?:]\s*(\([^()]*\))?$")  # the end of a question, be it with a remark behind
FEWEST_COUNTED = 3  # boxes of a line with numbers before them


@dataclass(frozen=True, slots=True)
class LabelledBox:
    """A box with the lines of its label; none where it has no label of its own."""

    box: Outline
    lines: tuple[Phrase, ...]

    @property
    def x_mm(self) -> float:
        """Left edge of box and label."""
        return min(self.box.x_mm, *(p.x_mm for p in self.lines), 1000.0)

    @property
    def begin_mm(self) -> float:
        """Where box and label begin on their line: a label behind its box may go on, or begin, in the next one."""
        return min(self.box.x_mm, *(p.x_mm for p in self.lines[:1] if on_row(p, self.box)), 1000.0)

    @property
    def right_mm(self) -> float:
        """Right edge of box and label."""
        return max(self.box.right_mm, *(p.right_mm for p in self.lines), 0.0)

    @property
    def y_mm(self) -> float:
        """Upper edge of box and label."""
        return min(self.box.y_mm, *(p.y_mm for p in self.lines), 1000.0)

    @property
    def bottom_mm(self) -> float:
        """Lower edge of the box."""
        return self.box.bottom_mm

    @property
    def is_headed(self) -> bool:
        """Whether its label is the head of its column, in a ruled cell further up."""
        return any(is_head(p, self.box) for p in self.lines)


def is_head(label: Phrase, box: Outline) -> bool:
    """Whether the label of a box stands in a ruled cell over it."""
    return label.cell is not None and label.cell.bottom_mm <= box.y_mm


@dataclass(frozen=True)
class Beside:
    """Boxes with their labels, and all lines of every text that labels a box or a row of a table, by its first one."""

    boxes: list[LabelledBox]
    lines: dict[Phrase, tuple[Phrase, ...]]


def label_boxes(
    boxes: Sequence[Outline], rows: Sequence[tuple[Outline, ...]], phrases: Sequence[Phrase]
) -> Beside:
    """Give each box its label: the phrase right or left of it on its line, with the lines that go on from it.

    `rows` are the rows of tables: their labels go on too, and no label is fetched from beyond a box.
    """
    everything = [*boxes, *(box for row in rows for box in row)]
    held = {cell: boxes_in(cell, everything) for cell in {p.cell for p in phrases} if cell is not None}
    beside = {box: within_cell(box, neighbours(box, everything, phrases), held) for box in boxes}
    side = _sides(beside)
    first = {box: pair[side[box]] for box, pair in beside.items()}
    begun = wrapped({box: p for box, p in first.items() if side[box] == 1}, everything, phrases)
    first |= begun
    second = {box: pair[1 - side[box]] for box, pair in beside.items() if _in_two_scripts(*pair)}
    of_rows = {p for row in rows for p in _ends(row, everything, phrases)} - set(first.values())
    of_rows |= {p for box, p in first.items() if p is not None and side[box] == 0}
    firsts = {p for p in (*first.values(), *second.values()) if p is not None}
    whole = {p for p in firsts | of_rows if fills_cell(p, everything)}
    whole |= {
        p
        for box in everything
        for p in on_line(box, phrases)
        if box.middle_mm - p.middle_mm > FROM_BELOW * p.size_mm
    }
    behind = {p: box for box, p in first.items() if p is not None and side[box] == 1}
    lines = _texts(firsts, of_rows, whole, phrases, behind)
    lines |= {p: all_of_cell(p, phrases) for p in firsts if is_cell_beside(p, firsts, everything)}
    lines |= {
        p: text
        for box, p in first.items()
        if p is not None and (text := all_of_option(box, p, everything, phrases))
    }
    lines |= {
        p: row
        for box, p in first.items()
        if p is not None and (row := all_of_row(box, p, everything, phrases))
    }
    lines |= {p: (p,) for p in begun.values() if p is not None}
    lines |= run_on(
        {box: p for box, p in first.items() if p is not None and side[box] == 1}, lines, everything, phrases
    )
    cells, taken = [], set()
    for box, phrase in first.items():
        own = lines[phrase] if phrase is not None and phrase not in taken else ()
        other = second.get(box)
        cells.append(LabelledBox(box, (*own, *lines[other]) if own and other is not None else own))
        taken.add(phrase)
    cells = _with_second_language(cells, everything, phrases)
    return Beside(_with_heads(cells, phrases, held), lines)


def _with_heads(
    cells: Sequence[LabelledBox], phrases: Sequence[Phrase], held: dict[Outline, list[Outline]]
) -> list[LabelledBox]:
    """Give a box alone in its cell of a ruled row the head of its column, where others share a cell with a label."""
    in_cells = [
        one.box for one in cells if one.lines and one.box in held.get(one.lines[0].cell or one.box, ())
    ]
    return [
        replace(one, lines=(head,))
        if not one.lines
        and any(is_level(one.box, other, 0.5) and one.box.panel == other.panel for other in in_cells)
        and (head := head_of_column(one.box, phrases, held)) is not None
        else one
        for one in cells
    ]


def labels_under(
    row: tuple[Outline, ...], boxes: Sequence[Outline], phrases: Sequence[Phrase]
) -> list[Phrase]:
    """Return what stands right under each box of a row, in the middle of it, and over no other row so closely."""
    found = []
    for box in row:
        under = [
            p
            for p in phrases
            if 0 < p.middle_mm - box.bottom_mm < UNDER_MM and abs(p.centre_mm - box.centre_mm) < box.w_mm / 2
        ]
        label = min(under, key=lambda p: p.y_mm, default=None)
        gap_mm = label.middle_mm - box.bottom_mm if label is not None else 0.0
        if label is None or any(
            0 < other.y_mm - label.middle_mm < min(gap_mm + UNDER_MM, FURTHER * gap_mm)
            and abs(other.centre_mm - box.centre_mm) < box.w_mm
            for other in boxes
        ):
            return []
        found.append(label)
    return found


def _with_second_language(
    cells: Sequence[LabelledBox], everything: Sequence[Outline], phrases: Sequence[Phrase]
) -> list[LabelledBox]:
    """Add the smaller line under each label where most labels have one, as on a paper in two languages.

    So it is where box, label and line are all that stands in a ruled cell: a candidate and a party.
    """
    more = {one.box: _smaller_under(one, everything, phrases) for one in cells if one.lines}
    if sum(line is not None for line in more.values()) * 2 <= len(more):
        more = {
            one.box: more[one.box]
            for one in cells
            if one.lines and _is_alone(one, more[one.box], everything, phrases)
        }
    return [
        replace(one, lines=(*one.lines, line)) if (line := more.get(one.box)) is not None else one
        for one in cells
    ]


def _is_alone(
    one: LabelledBox, line: Phrase | None, everything: Sequence[Outline], phrases: Sequence[Phrase]
) -> bool:
    """Whether a box, its label and the line under that have a ruled cell to themselves."""
    cell = one.lines[0].cell
    if cell is None or line is None or {p for p in phrases if p.cell == cell} != {*one.lines, line}:
        return False
    return [box for box in everything if inside(box.centre_mm, box.middle_mm, cell)] == [one.box]


def _smaller_under(
    one: LabelledBox, everything: Sequence[Outline], phrases: Sequence[Phrase]
) -> Phrase | None:
    """Return the line in smaller type right under a label, flush with it and on no other box's line."""
    last = one.lines[-1]
    under = [
        p
        for p in phrases
        if p.size_mm < last.size_mm
        and abs(p.x_mm - last.x_mm) <= FLUSH_MM
        and is_line_under(p, last)
        and p.panel == last.panel
        and not p.asks
        and not any(on_row(p, box) and box is not one.box for box in everything if box.x_mm < p.x_mm)
    ]
    return min(under, key=lambda p: p.bottom_mm, default=None)


def _in_two_scripts(left: Phrase | None, right: Phrase | None) -> bool:
    """Whether a box stands between a label in Arabic or Hebrew and the same in another script."""
    if left is None or right is None or left.asks or right.asks:
        return False
    return left.runs_from_right != right.runs_from_right and not is_code(left) and not is_code(right)


def _ends(
    row: tuple[Outline, ...], everything: Sequence[Outline], phrases: Sequence[Phrase]
) -> Iterator[Phrase]:
    """Yield the phrases left of the first and right of the last box of a table's row."""
    left, right = neighbours(row[0], everything, phrases)[0], neighbours(row[-1], everything, phrases)[1]
    yield from [left] if left is not None else []
    yield from [right] if right is not None else []


def _texts(
    firsts: set[Phrase],
    of_rows: set[Phrase],
    whole: set[Phrase],
    phrases: Sequence[Phrase],
    behind: dict[Phrase, Outline],
) -> dict[Phrase, tuple[Phrase, ...]]:
    """Return each label's lines: lines close to each other are joined first, and no two labels to one text.

    A line that asks is the wording of what follows, but for labels of which more lines are sure to follow (`whole`).
    Lines over the one on a box's line are the label's own only where labels stand in the middle of their row: left of
    boxes, and where as many lines follow. None begins further left than the box that a label stands `behind`.
    """
    texts: dict[Phrase, list[Phrase]] = {phrase: [phrase] for phrase in phrases}
    known = firsts | of_rows
    for _, upper, lower in sorted(_steps(phrases), key=lambda step: (step[0], step[1].y_mm, step[1].x_mm)):
        a, b = texts[upper], texts[lower]
        named = sum(p in known for p in (*a, *b))
        asks = (
            named
            and whole.isdisjoint(a)
            and not (upper in of_rows and _is_wrapped(upper, lower, of_rows))
            and not (lower in of_rows and _begins_label(upper, lower))
            and any(p.asks and p not in known and not p.text[0].islower() for p in (*a, *b))
        )
        left_of_box = any(
            p in behind and lower.x_mm < min(behind[p].x_mm, p.x_mm - HANGING_MM) - FLUSH_MM for p in a
        )
        if a is b or named > 1 or asks or left_of_box or a[-1] is not upper or b[0] is not lower:
            continue
        for phrase in b:
            texts[phrase] = a
        a += b
    found = {}
    for phrase in known:
        place = texts[phrase].index(phrase)
        after = texts[phrase][place + 1 : place + MOST_LINES]
        most = len(after) if phrase in firsts else max(len(after), 1)
        is_middle = phrase in of_rows or 0 < place == len(texts[phrase]) - place - 1
        before = texts[phrase][max(0, place - most) : place] if is_middle else []
        found[phrase] = (*before, phrase, *after)
    return found


def _begins_label(upper: Phrase, lower: Phrase) -> bool:
    """Whether a line with a number is no question or sentence, and goes on with a small letter or hangs under it."""
    hangs = upper.hanging_mm > upper.x_mm + FLUSH_MM and abs(lower.x_mm - upper.hanging_mm) <= FLUSH_MM
    return upper.is_numbered and not upper.is_finished and (lower.text[:1].islower() or hangs)


def _is_wrapped(upper: Phrase, lower: Phrase, labels: set[Phrase]) -> bool:
    """Whether the first word of a line was too long for the end of the one over it, going by labels in their column."""
    first = lower.first_word
    edge_mm = max(p.right_mm for p in labels if abs(p.x_mm - upper.x_mm) <= FLUSH_MM)
    return not lower.is_numbered and upper.right_mm + first[2] - first[1] > edge_mm


def _steps(phrases: Sequence[Phrase]) -> Iterator[tuple[float, Phrase, Phrase]]:
    """Yield lines that follow each other, with the step between them, mm."""
    down = sorted(phrases, key=lambda p: p.bottom_mm)
    for place, upper in enumerate(down):
        for lower in down[place + 1 :]:
            step = lower.bottom_mm - upper.bottom_mm
            if step > TALL_LINE_STEP * upper.size_mm:
                break
            if follows(lower, upper):
                goes_on = bool(HYPHEN.search(upper.text)) and lower.text[:1].islower()  # before all others
                yield 0.0 if goes_on else round(step, 1), upper, lower


def _sides(beside: dict[Outline, tuple[Phrase | None, Phrase | None]]) -> dict[Outline, int]:
    """Choose a side for each box, 0 left and 1 right: what its line says first, then its column and the page."""
    keyed = _keyed(beside)
    lean = {
        box: (NONE_MM if box in keyed else _cost_right(box, pair)) - _cost_left(box, pair)
        for box, pair in beside.items()
    }
    page = float(np.mean(list(lean.values()))) if lean else 0.0
    sides = {}
    panels = sorted({box.panel for box in beside})
    for row in [row for panel in panels for row in to_rows([box for box in beside if box.panel == panel])]:
        if _is_counted(row, beside):
            sides.update(dict.fromkeys(row, 0))
            continue
        if _begins_wrapped(row, beside) or _is_asked_before(row, beside):
            sides.update(dict.fromkeys(row, 1))
            continue
        left_out = LEFT_OUT_MM - NONE_MM if _leaves_last_out(row, beside) else 0.0
        line = float(np.mean([lean[box] for box in row])) + left_out / len(row)
        column = [lean[other] for other in beside if any(_in_column(other, box) for box in row)]
        total = line + BY_COLUMN * float(np.mean(column)) + BY_PAGE * page
        sides.update(dict.fromkeys(row, int(total <= 0)))
    return sides


def _is_counted(row: Sequence[Outline], beside: dict[Outline, tuple[Phrase | None, Phrase | None]]) -> bool:
    """Whether the boxes of a line have the numbers 1, 2, 3 … right before them, each nearer than the next one."""
    lefts = [beside[box][0] for box in row]
    if len(row) < FEWEST_COUNTED or not all(p is not None and is_code(p) for p in lefts):
        return False
    close = all(
        _cost_right(box, beside[box]) > box.x_mm - p.right_mm for box, p in zip(row, lefts, strict=True) if p
    )
    numbers = [int(p.text.strip(".)")) for p in lefts if p is not None]
    return close and numbers == [*range(numbers[0], numbers[0] + len(row))]


def _leaves_last_out(
    row: Sequence[Outline], beside: dict[Outline, tuple[Phrase | None, Phrase | None]]
) -> bool:
    """Whether text stands left of each box of a line and right of each but the last."""
    pairs = [beside[box] for box in row]
    named = all(left is not None and not left.asks for left, _ in pairs)
    return (
        len(row) > 1 and named and all(right is not None for _, right in pairs[:-1]) and pairs[-1][1] is None
    )


def _begins_wrapped(
    row: Sequence[Outline], beside: dict[Outline, tuple[Phrase | None, Phrase | None]]
) -> bool:
    """Whether the text before a line's first box labels the box that ends the line over it: it begins with a box.

    Or it begins with words, and both lines are of one text with boxes in it.
    """
    left = beside[row[0]][0]
    step_mm = RUN_STEP * left.size_mm if left is not None else 0.0
    steps = {b: row[0].middle_mm - b.middle_mm for b in beside}
    over = [b for b, step in steps.items() if 0 < step < max(WRAPPED * b.h_mm, step_mm)]
    level = [b for b in over if left is not None and b.x_mm > left.x_mm - FLUSH_MM]
    last = max(level, key=lambda b: b.x_mm, default=None)
    if left is None or last is None or beside[last][1] is not None:
        return False
    words = beside[min(level, key=lambda b: b.x_mm)][0]
    full_mm = max(one.right_mm for pair in (*beside.values(), (*beside,)) for one in pair if one is not None)
    runs = leads_to(left, row[0]) and not left.asks and last.right_mm > full_mm - FULL_MM
    runs = runs and (beside[row[-1]][1] is not None or (words is not None and words.asks))
    if runs and words is not None and abs(words.x_mm - left.x_mm) <= FLUSH_MM:
        return True
    return abs(min(b.x_mm for b in level) - left.x_mm) <= FLUSH_MM


def _is_asked_before(
    row: Sequence[Outline], beside: dict[Outline, tuple[Phrase | None, Phrase | None]]
) -> bool:
    """Whether a question leads straight to the first of several boxes: no label stands before that.

    The others may all stand in the next line, which then begins with the label of the first.
    """
    first, last = beside[row[0]]
    if first is None or not ASKED.search(first.text) or not leads_to(first, row[0]):
        return False
    if len(row) > 1:
        second = beside[row[-1]][0]
        return second is not None and not second.text.endswith(":")
    under = [b for b in beside if 0 < b.middle_mm - row[0].middle_mm < RUN_STEP * first.size_mm]
    begun = beside[min(under, key=lambda b: b.x_mm)][0] if len(under) > 1 and last is None else None
    return begun is not None and not begun.asks and abs(begun.x_mm - first.x_mm) <= FLUSH_MM


def _keyed(beside: dict[Outline, tuple[Phrase | None, Phrase | None]]) -> set[Outline]:
    """Return the boxes between a label and a code for whoever types answers in, where all of their column are."""
    keyed = {
        box
        for box, (left, right) in beside.items()
        if left is not None and right is not None and is_code(right) and not is_code(left)
        if not left.asks or (left.text.endswith(":") and not left.is_numbered)  # a caption to write behind
    }
    columns = {box: [other for other in beside if _in_column(other, box)] for box in keyed}
    return {box for box, column in columns.items() if len(column) > 1 and keyed.issuperset(column)}


def _in_column(other: Outline, box: Outline) -> bool:
    """Whether a box stands over or under another, not too far away, or is that box."""
    return (
        abs(other.centre_mm - box.centre_mm) <= SAME_COLUMN * box.w_mm
        and abs(other.middle_mm - box.middle_mm) < COLUMN_REACH_MM
    )


def _cost_right(box: Outline, pair: tuple[Phrase | None, Phrase | None]) -> float:
    return NONE_MM if pair[1] is None else min(pair[1].x_mm - box.right_mm, FAR_MM)


def _cost_left(box: Outline, pair: tuple[Phrase | None, Phrase | None]) -> float:
    left, right = pair
    if left is None or left.asks or (right is not None and is_code(left) and not is_code(right)):
        return NONE_MM
    return min(box.x_mm - left.right_mm, FAR_MM)


def continues(phrase: Phrase, label: Phrase) -> bool:
    """Whether a phrase is the next (or the line before) of a label, and no wording of its own."""
    return follows(phrase, label) and not (phrase.y_mm > label.y_mm and phrase.asks)
