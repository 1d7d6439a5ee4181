"""Labelled boxes that follow each other -> lists of one item: by what stands between them that is nobody's label."""

from __future__ import annotations

import re
from collections.abc import Sequence

from survey.learn.layout.beside import LabelledBox
from survey.learn.layout.blocks import HIGHEST_STEP_MM, SMALL_PRINT
from survey.learn.layout.column_heads import UNEVEN
from survey.learn.layout.neighbours import on_line
from survey.learn.layout.ruled import SAME_RULE_MM, are_in_one_row
from survey.learn.layout.run_on import leads_to
from survey.learn.printed.near import SHORT, alike, connected, inside, is_code, is_level, on_row
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import (
    NO_ANSWER,
    NUMBERED_ALONE,
    TALL_LINE_STEP,
    Phrase,
    is_line_under,
    join,
    lines_down,
    with_lines_over,
)

WIDEST_GAP_MM = 95.0  # between two labelled boxes on one line: up to half the page
WIDE_STEP = 1.2  # a step so much wider than the next one parts two items with their wording on the left
LONE_STEP = 2.5  # … where there is no next one, of a box's height
STRIP_GAP_MM = 45.0  # between two labelled boxes of one line
WORDING_HANGS_MM = 14.0  # how far a wording may end left of its options
ALONE_MM = 60.0  # no box further left than another, so far up and down
OVER_MM = 14.0  # how far over its first box a column's own wording stands
UNDER_MM, FLUSH_MM = 6.0, 1.5  # a further line under a label: how far down, and how flush with it
LEVEL = 0.8  # of a box's height: how far the boxes of two columns may be off one line
BESIDE = 1.2  # … where one of them begins a little lower
NEARER = 1.5  # of the type size: a wording so much lower than another is meant
RUN_MM = 5.0  # from one option to the next where they run in a text
RUN_ON = 2.5  # of a box's height: from one line of a text with boxes in it to the next
LETTERED = re.compile(r"\(?[a-z][).]\s?(?=\S)")
DECLARES = re.compile(
    r"(ich|wir|hiermit|i|we)\b.*\b(versicher\w*|bestätig\w*|erklär\w*|willig\w*|stimm\w*|einverstanden|verpflicht\w*|zur\s+kenntnis"
    r"|agree|consent|confirm|certify|declare|affirm|acknowledge|authori[sz]e|understand)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(\S+\s+){5,}\S+[.!]")  # what people consent to
LED_IN = 1.6  # of the type size: the widest gap inside one line of a wording


def labelled_to_lists(
    cells: Sequence[LabelledBox], free: Sequence[Phrase], walls: Sequence[Outline]
) -> list[list[Outline]]:
    """Join cells that follow each other with no wording between; `walls` are the boxes that are no cells."""
    columns = _columns([*cells], free, walls)
    links = [
        (a, b)
        for a, left in enumerate(columns)
        for b, right in enumerate(columns)
        if a != b and _go_on_beside(left, right, cells, free, walls)
    ]
    return [
        [cell.box for index in group for cell in columns[index]] for group in connected(len(columns), links)
    ]


def _columns(
    cells: Sequence[LabelledBox], free: Sequence[Phrase], walls: Sequence[Outline]
) -> list[list[LabelledBox]]:
    """Join cells with those right under them."""
    over = _cells_over(cells)
    steps = {b: cells[b].box.middle_mm - cells[above[0]].box.middle_mm for b, above in over.items()}
    links = []
    for b, above in over.items():
        next_to_it = [steps[c] for c, a in over.items() if b in a or c == above[0]]
        usual = min(next_to_it, default=LONE_STEP * cells[b].box.h_mm)
        is_wide = steps[b] > WIDE_STEP * usual
        strips = _strip(cells[b], cells, free), _strip(cells[above[0]], cells, free)
        if (
            _begins_beside(*strips, cells, free, walls, is_wide)
            or (not free and next_to_it and steps[b] > UNEVEN * usual)
            or (is_wide and _begins_on_left(cells[above[0]], cells[b], cells, free, walls))
            or (_is_beside_row(cells[b], walls) and not _says_no_answer(cells[above[0]]))
            or _are_captioned(cells[b], cells[above[0]], free)
            or _is_consent(cells[b], [cells[a] for a in above], cells)
        ):
            continue
        links += [(a, b) for a in above if not _are_parted(cells[a], cells[b], strips[0][0], cells, free)]
    links += _run_on(cells, free, walls)
    return [[cells[index] for index in group] for group in connected(len(cells), links)]


def _are_captioned(lower: LabelledBox, upper: LabelledBox, free: Sequence[Phrase]) -> bool:
    """Whether two cells stand in two ruled rows that begin with a caption each, in a ruled cell of its own."""
    frames = [_frame(cell) for cell in (lower, upper)]
    if None in frames or frames[0] == frames[1]:
        return False
    return all(
        any(
            p.cell is not None
            and frame is not None
            and abs(frame.x_mm - p.cell.right_mm) < SAME_RULE_MM
            and are_in_one_row(p.cell, frame)
            and not is_code(p)
            for p in free
        )
        for frame in frames
    )


def _frame(cell: LabelledBox) -> Outline | None:
    """Return the ruled cell that holds a box and its label."""
    frame = cell.lines[0].cell if cell.lines else None
    return frame if frame is not None and inside(cell.box.centre_mm, cell.box.middle_mm, frame) else None


def _is_consent(cell: LabelledBox, above: Sequence[LabelledBox], cells: Sequence[LabelledBox]) -> bool:
    """Whether a cell is alone on its line, a whole sentence under several short options of one line or left of one.

    A declaration may stand right under them.
    """
    said = join(cell.lines)
    apart = (
        len(above) > 1 or all(cell.box.right_mm <= c.box.x_mm for c in above) or bool(DECLARES.match(said))
    )
    if not apart or not SENTENCE.fullmatch(said):
        return False
    alone = not any(c is not cell and is_level(c.box, cell.box, 0.35) for c in cells)
    return alone and not any(join(c.lines).endswith((".", "!")) for c in above)


def _is_beside_row(cell: LabelledBox, walls: Sequence[Outline]) -> bool:
    """Whether a cell for those who do not answer stands right of a row of a table."""
    level = (b for b in walls if b.right_mm < cell.box.x_mm and is_level(b, cell.box, 0.35))
    return _says_no_answer(cell) and any(level)


def _says_no_answer(cell: LabelledBox) -> bool:
    return bool(NO_ANSWER.fullmatch(join(cell.lines)))


def _run_on(
    cells: Sequence[LabelledBox], free: Sequence[Phrase], walls: Sequence[Outline]
) -> list[tuple[int, int]]:
    """Link cells in the lines of one text: the second line begins where the sentence with the first ones begins."""
    links = []
    for b, cell in enumerate(cells):
        if _text_left([cell], free, walls):
            continue
        above = [
            a
            for a, other in enumerate(cells)
            if alike(other.box, cell.box)
            and other.box.panel == cell.box.panel
            and other.box.x_mm - cell.right_mm > 0
            and 0 < cell.box.middle_mm - other.box.middle_mm < RUN_ON * cell.box.h_mm
        ]
        first = min(above, key=lambda a: cells[a].box.x_mm, default=None)
        box = cells[first].box if first is not None else cell.box
        begun = [p for p in on_line(box, free) if 0 < box.x_mm - p.right_mm <= RUN_MM]
        if first is not None and any(abs(p.x_mm - cell.box.x_mm) <= FLUSH_MM for p in begun):
            links.append((first, b))
    return links


def _are_parted(
    upper: LabelledBox,
    lower: LabelledBox,
    first: LabelledBox,
    cells: Sequence[LabelledBox],
    free: Sequence[Phrase],
) -> bool:
    """Whether a wording stands between two cells, or the first ones of their lines; `first` is the lower one's."""
    if wording_between(upper, lower, cells, free):
        return True
    over = _strip(upper, cells, free)[0]
    return first is not lower and over is not upper and wording_between(over, first, cells, free)


def _cells_over(cells: Sequence[LabelledBox]) -> dict[int, list[int]]:
    """Return for each cell the nearest ones over it, on one line and not too far away."""
    over = {}
    for b, lower in enumerate(cells):
        above = [
            (lower.box.middle_mm - upper.box.middle_mm, a)
            for a, upper in enumerate(cells)
            if alike(upper.box, lower.box)
            and upper.box.panel == lower.box.panel
            and lower.box.middle_mm - upper.box.middle_mm > 0.5 * lower.box.h_mm
            and min(upper.right_mm, lower.right_mm) - max(upper.x_mm, lower.x_mm) > 1
        ]
        nearest = min(above)[0] if above else 0.0
        if above and nearest <= HIGHEST_STEP_MM + lower.box.h_mm:
            over[b] = [a for step, a in above if step - nearest < 0.4 * lower.box.h_mm]
    return over


def _begins_on_left(
    upper: LabelledBox,
    lower: LabelledBox,
    cells: Sequence[LabelledBox],
    free: Sequence[Phrase],
    walls: Sequence[Outline],
) -> bool:
    """Whether a cell further left on the line of the lower one has a wording that stands lower than the upper one."""
    level = [
        c
        for c in cells
        if c.box.x_mm < lower.box.x_mm
        and c.box.panel == lower.box.panel
        and is_level(c.box, lower.box, LEVEL)
    ]
    over = [_wording_over([c], [*cells, *walls], free) for c in level]
    return any(p is not None and p.middle_mm > upper.box.middle_mm for p in over)


def _strip(cell: LabelledBox, cells: Sequence[LabelledBox], free: Sequence[Phrase]) -> list[LabelledBox]:
    """Return the cells that stand close beside each other on one line, with nothing between, up to one of them."""
    strip = [cell]
    while True:
        first = strip[0]
        left = [
            c
            for c in cells
            if c.box.x_mm < first.box.x_mm
            and c.box.panel == first.box.panel
            and is_level(c.box, first.box, 0.35)
        ]
        before = max(left, key=lambda c: c.box.x_mm, default=None)
        if before is None or first.x_mm - before.right_mm > STRIP_GAP_MM:
            return strip
        if any(before.right_mm < p.centre_mm < first.x_mm for p in on_line(first.box, free)):
            return strip
        strip.insert(0, before)


def wording_between(
    upper: LabelledBox, lower: LabelledBox, cells: Sequence[LabelledBox], free: Sequence[Phrase]
) -> bool:
    """Whether text that is nobody's label stands between two cells, other than small print and a column of its own."""
    left, right = min(upper.x_mm, lower.x_mm), max(upper.right_mm, lower.right_mm)
    sizes = [p.size_mm for p in (*upper.lines, *lower.lines)]
    near = (c.box for c in cells if abs(c.box.middle_mm - lower.box.middle_mm) < ALONE_MM)
    first = min((box.x_mm for box in near if box.panel == lower.box.panel), default=0.0)
    # what asks further left asks for these, if none stands further left
    is_leftmost = first >= min(upper.box.x_mm, lower.box.x_mm)
    between = [
        p
        for p in free
        if upper.box.middle_mm < p.middle_mm < lower.box.middle_mm
        and p.panel == upper.box.panel
        and (left - WORDING_HANGS_MM < p.right_mm or (is_leftmost and p.asks))
        and p.x_mm < right
        and not on_row(p, upper.box)
        and not on_row(p, lower.box)
        and len(p.text) > SHORT
        and (p.bold or not sizes or p.size_mm > SMALL_PRINT * min(sizes) or p.asks)
        and not _under_label(p, upper)
    ]
    mates = [c for c in cells if c.x_mm < right and c.right_mm > left]
    return any(p.right_mm > left + 0.5 or not _in_column_beside(p, mates, free) for p in between)


def _under_label(phrase: Phrase, cell: LabelledBox) -> bool:
    """Whether a phrase is a further line right under a label, no bolder, or stands where a write-in's label would."""
    if phrase.asks or phrase.y_mm - cell.box.bottom_mm > UNDER_MM:
        return False
    if not cell.lines:
        return 0 <= phrase.x_mm - cell.box.right_mm <= WORDING_HANGS_MM
    first = cell.lines[0]
    flush = first.x_mm > cell.box.right_mm and abs(first.x_mm - phrase.x_mm) <= FLUSH_MM
    return flush and not (phrase.bold and not first.bold)


def _in_column_beside(phrase: Phrase, cells: Sequence[LabelledBox], free: Sequence[Phrase]) -> bool:
    """Whether a phrase is a line of a text that begins left of a cell: a wording in a column of its own."""
    first = with_lines_over(phrase, free)[0]
    return any(
        first.right_mm < cell.x_mm
        and first.y_mm < cell.box.bottom_mm
        and cell.box.middle_mm < phrase.bottom_mm
        for cell in cells
    )


def _begins_beside(
    strip: Sequence[LabelledBox],
    above: Sequence[LabelledBox],
    cells: Sequence[LabelledBox],
    free: Sequence[Phrase],
    walls: Sequence[Outline],
    is_wide: bool,
) -> bool:
    """Whether a wording begins on the line of a strip, left of it and not beyond another box.

    Where one begins on the line above, too, the lines are rows of a table if their labels are the same.
    """
    begun, before = _text_left(strip, free, walls), _text_left(above, free, walls)
    is_alone = not any(
        0 < c.x_mm - strip[0].right_mm <= RUN_MM and is_level(c.box, strip[0].box, 0.35) for c in cells
    )
    runs = any(leads_to(p, strip[0].box) for p in begun)
    under = [
        c for c in cells if c.right_mm < strip[0].x_mm and c.y_mm > strip[0].y_mm and is_alone and not runs
    ]
    if not begun or any(
        _wording_over([c], [*cells, *walls], free) in begun and not _text_left([c], free, walls)
        for c in under
    ):
        return False
    asks = any(NUMBERED_ALONE.match(begun[0].text) or line.asks for line in begun)
    same = [join(c.lines) for c in strip] == [join(c.lines) for c in above]
    is_ruled = begun[0].cell is not None and begun[0].cell.y_mm > above[0].box.middle_mm
    is_striped = same and bool(before) and before[0].cell is None  # a tint hides the lines of each other row
    asks = asks or (is_ruled and not is_striped)  # a row of a table
    if same and before and all(LETTERED.match(lines[0].text) for lines in (begun, before)):
        return False  # a) …, b) …: the rows of one table
    are_rows = same and bool(before)  # of one table, be their labels of one line or several
    return asks or (is_wide and not are_rows) or (bool(before) and not same and not begun[0].instructs)


def _text_left(
    strip: Sequence[LabelledBox], free: Sequence[Phrase], walls: Sequence[Outline]
) -> list[Phrase]:
    """Return the text that begins left of a strip of cells on its line."""
    box, x = strip[0].box, strip[0].begin_mm
    level = (b for b in walls if b.right_mm < x and is_level(b, box, 0.6))
    wall = max((b.right_mm for b in level), default=-1.0)
    begun = [
        p
        for p in on_line(box, free)
        if wall < p.centre_mm < x and not is_code(p) and len(with_lines_over(p, free)) == 1
    ]
    return lines_down(max(begun, key=lambda p: p.right_mm), free) if begun else []


def _go_on_beside(
    left: Sequence[LabelledBox],
    right: Sequence[LabelledBox],
    cells: Sequence[LabelledBox],
    free: Sequence[Phrase],
    walls: Sequence[Outline],
) -> bool:
    """Whether a column of cells goes on in another on its right: on one line, under one wording."""
    pairs = [
        (abs(a.box.middle_mm - b.box.middle_mm), -a.box.x_mm, b.box.x_mm, a, b)
        for a in left
        for b in right
        if abs(a.box.middle_mm - b.box.middle_mm) <= BESIDE * b.box.h_mm and a.box.x_mm < b.box.x_mm
    ]
    if not pairs or not alike(left[0].box, right[0].box) or left[0].box.panel != right[0].box.panel:
        return False
    *_, a, b = min(pairs, key=lambda pair: pair[:3])
    if _in_cells_of_their_own(a, b, cells):
        return False
    if _in_next_cells(a, b) and is_level(a.box, b.box, 0.5):
        return True
    if b.is_headed and not a.is_headed and is_level(a.box, b.box, 0.5):
        return True
    strip = _strip(b, cells, free)
    if a in strip[:-1] and any(p.asks for p in _text_left(strip, free, walls)):
        return True  # what asks on their line asks for all of them
    between = [c.box for c in cells if c is not a and c is not b] + list(walls)
    if b.x_mm - a.right_mm > WIDEST_GAP_MM or any(
        a.box.right_mm < box.x_mm and box.right_mm < b.box.x_mm and is_level(box, b.box) for box in between
    ):
        return False
    if any(
        a.right_mm - 1 < p.centre_mm < b.x_mm and len(p.text) > SHORT and p.panel == b.box.panel
        for p in on_line(b.box, free)
    ):
        return False
    step = min(c.box.y_mm for c in left) - min(c.box.y_mm for c in right)
    level = [c for c in cells if c.x_mm < b.x_mm and is_level(c.box, b.box) and c.box.panel == b.box.panel]
    own, other = (_wording_over(column, [*cells, *walls], free) for column in (right, [*left, *level]))
    is_apart = own is not None and own is not other and not (other and _hangs_under(own, other, free))
    if own is not None and is_apart and own.x_mm > max(c.box.right_mm for c in left):
        nearer = other is not None and other.middle_mm - own.middle_mm > NEARER * own.size_mm
        return _led_in(own, left, free) or (nearer and abs(step) < LEVEL * b.box.h_mm)
    return abs(step) < BESIDE * b.box.h_mm or len(pairs) >= min(len(left), len(right))


def _in_cells_of_their_own(left: LabelledBox, right: LabelledBox, cells: Sequence[LabelledBox]) -> bool:
    """Whether two cells stand in two cells of a ruled table, each with others of its kind on its line."""
    frames = [cell.lines[0].cell if cell.lines else None for cell in (left, right)]
    if None in frames or frames[0] == frames[1]:
        return False
    level = [c.lines[0].cell for c in cells if c.lines and is_level(c.box, left.box, 0.35)]
    return all(level.count(frame) > 1 for frame in frames)


def _in_next_cells(left: LabelledBox, right: LabelledBox) -> bool:
    """Whether two cells stand in touching cells of one ruled row, each with its label."""
    first, other = _frame(left), _frame(right)
    if first is None or other is None:
        return False
    return abs(other.x_mm - first.right_mm) < SAME_RULE_MM and are_in_one_row(first, other)


def _hangs_under(lower: Phrase, upper: Phrase, free: Sequence[Phrase]) -> bool:
    """Whether a line goes on under a wording, flush behind its number, or alone beside it tells how to answer."""
    hangs = abs(lower.x_mm - upper.hanging_mm) <= FLUSH_MM and is_line_under(lower, upper, TALL_LINE_STEP)
    is_remark = lower.instructs and upper.asks and abs(lower.bottom_mm - upper.bottom_mm) < 1
    return hangs or (is_remark and not any(is_line_under(lower, p) and p.right_mm > lower.x_mm for p in free))


def _led_in(own: Phrase, left: Sequence[LabelledBox], free: Sequence[Phrase]) -> bool:
    """Whether a phrase goes on from one on its line that begins over the column on the left."""
    return any(
        abs(q.bottom_mm - own.bottom_mm) < 1
        and q.x_mm < own.x_mm
        and own.x_mm - q.right_mm < LED_IN * own.size_mm
        and q.x_mm <= max(c.box.right_mm for c in left)
        for q in free
    )


def _wording_over(
    column: Sequence[LabelledBox], boxes: Sequence[LabelledBox | Outline], free: Sequence[Phrase]
) -> Phrase | None:
    """Return the last line right over a column of cells, down from the next box."""
    x, right, top = min(c.x_mm for c in column), max(c.right_mm for c in column), min(c.y_mm for c in column)
    over = [
        p
        for p in free
        if top - OVER_MM < p.middle_mm < top
        and p.x_mm < right
        and p.right_mm > x - WORDING_HANGS_MM
        and not any(
            p.middle_mm < b.bottom_mm < top
            and b.x_mm < max(right, p.right_mm)
            and b.right_mm > min(x, p.x_mm)
            for b in boxes
        )
        and not any(_leads_to(p, b) for b in boxes)
        and not _heads_part(p, _frame(column[0]))
    ]
    return max(over, key=lambda p: (p.bottom_mm, p.x_mm), default=None)


def _heads_part(phrase: Phrase, frame: Outline | None) -> bool:
    """Whether a phrase stands in a narrower ruled cell over the one that holds cells: it heads none of them."""
    if (cell := phrase.cell) is None or frame is None:
        return False
    return cell.w_mm < frame.w_mm and cell.bottom_mm < frame.y_mm + SAME_RULE_MM


def _leads_to(phrase: Phrase, cell: LabelledBox | Outline) -> bool:
    """Whether a caption that ends in a colon stands right before a box on its own line: it asks for that."""
    box = cell if isinstance(cell, Outline) else cell.box
    return phrase.text.endswith(":") and 0 < box.x_mm - phrase.right_mm < RUN_MM and on_row(phrase, box)
