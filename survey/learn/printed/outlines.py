"""What a page prints -> outlines: every square, circle, oval, glyph, ruled cell or field a mark could go into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.doors.pdf_print import Letter, PagePrint, Shape, Widget, render_drawing, render_upright
from survey.learn.printed.glyphs import STRAIGHT, box_glyphs, boxes_however_small, empty_frame

Grey = NDArray[np.uint8]

DPI = 300
PX_MM = 25.4 / DPI
SMALLEST_MM = 1.7  # the circle glyph of 8 pt type; smaller ones are bullets and the insides of letters
LARGEST_MM = 9.5  # larger than any box people are asked to cross; ruled cells may be wider
WIDEST_CELL_MM = 16.0
LONGEST_SIDES = 2.4  # ballot ovals are 1.7 times as wide as high
LEVELS = (128, 200, 250)  # black frames, grey drop-out frames, white boxes on a tint; …
RULES = (235,)  # … pale lines between the cells of tinted rows
SCAN_LEVELS = (110, 170, 215)  # the same on paper that is not quite white
DARK = 128
THICKEST = 0.35  # frame's share of the inside's shorter side, over which it is a ring or corner mark
DOUBLE_MM = 1.0  # from the outer to the inner line of a double frame, the same on all sides
FILLING = 0.70  # a half ellipse fills .79 of its frame; letters and arrows less
CONVEX = 0.93
VISIBLE = 0.6  # share of a drawn shape's outline that must show: white cell fills have none
PRINTED = 0.10  # share of the middle of the inside that is dark in print: an example, not a box
CELL_MM = (6.0, 3.0)  # the smallest frame around words: a low cell of a ruled table
# paper beside a box in a picture; the letter O has less, …
CLEAR_MM, CLEAR_LARGE_MM, CLEAR_ROUND_MM = 0.5, 0.7, 0.9
LARGE_MM, NARROW = 3.0, 0.95  # … and is smaller in the type of a text, or narrower than high
FILLS = 0.65  # a filled example may be so much smaller than the empty boxes …
BLOT_REACH = 5.0  # … that stand no further away, as a multiple of their width …
FEWEST_BY_BLOT = 2  # … and are so many
FEWEST_OF_SIZE = 3  # outlines that stand in line, or are squares of one size …
SQUARE_MM, OBLONG = 0.25, 0.1  # … to so much; wider than high by no more of their width
EDGE_MM = 0.2  # the line of a field's edge
AMID = 0.12  # of a field's width: what is drawn so near its middle is the box that the field lies on
TINT = (175, 248)  # grey of a box that is but a tint: it takes a mark, and differs from paper
SMALLEST_TINT_MM = 2.4  # its side; smaller ones are bullets
IMAGE_PAGE = 0.6  # an image that covers this share of the page is the page, …
FEWEST_LETTERS = 20  # a page of text has more letters; …
FEWEST_CURVES = 100  # … else so many small curves are its letters
FEWEST_DRAWN = 5  # … unless so many boxes are drawn on it: it lies under the print


@dataclass(frozen=True, slots=True)
class Outline:
    """One closed outline, its outer edge in mm from the page's top left."""

    kind: Literal["square", "round", "glyph", "cell", "field"]
    x_mm: float
    y_mm: float
    w_mm: float
    h_mm: float
    printed: bool = False
    """Filled or crossed in print: an example or part of a printed code."""
    sure: bool = True
    field: Widget | None = None
    panel: int = -1
    """Which frame of the page it stands in; -1 for none."""

    @property
    def right_mm(self) -> float:
        """Its right edge."""
        return self.x_mm + self.w_mm

    @property
    def bottom_mm(self) -> float:
        """Its lower edge."""
        return self.y_mm + self.h_mm

    @property
    def middle_mm(self) -> float:
        """Height of its centre line."""
        return self.y_mm + self.h_mm / 2

    @property
    def centre_mm(self) -> float:
        """Distance of its centre from the page's left."""
        return self.x_mm + self.w_mm / 2


@dataclass(frozen=True)
class PageOutlines:
    """All outlines of one page, and the larger frames: cells of tables, and what people write in."""

    small: tuple[Outline, ...]
    areas: tuple[Outline, ...]
    letters: tuple[Letter, ...]
    """The page's text, without the glyphs that are boxes."""
    from_image: bool


def find_outlines(upright: bytes, page: PagePrint) -> PageOutlines:
    """Find every outline of a page that could be a box, and the larger frames."""
    drawn_boxes = sum(_is_box_sized(shape) for shape in page.shapes)
    from_image = page.image_share >= IMAGE_PAGE and drawn_boxes < FEWEST_DRAWN
    from_image = from_image or is_drawn_text(page)
    if from_image:
        picture = render_upright(upright, page.page, DPI)
        small, areas = _holes(picture, SCAN_LEVELS)
        clear = _with_blots(_without_lettering(_merged(small), picture), picture)
        unsure = [tuple(replace(one, sure=False) for one in found) for found in (clear, _merged(areas))]
        return PageOutlines(unsure[0], unsure[1], page.letters, True)
    drawing = render_drawing(upright, page.page, DPI)
    holes, areas = _holes(drawing, LEVELS)
    picture = render_upright(upright, page.page, DPI)
    glyphs = dict(_glyphs(picture, page))
    shapes = list(_visible_shapes(drawing, page.shapes))
    fields = [outline for widget in page.widgets if (outline := _field(widget)) is not None]
    drawn = [*glyphs.values(), *shapes, *_image_boxes(picture, page), *holes]
    small = _merged([*drawn, *_blots(drawing), *_tints(drawing)])
    return PageOutlines(
        tuple(_with_fields(small, fields)),
        tuple(_with_written(_merged([*areas, *_holes(drawing, RULES)[1]]), page.widgets)),
        tuple(letter for letter in page.letters if letter not in glyphs),
        False,
    )


def is_drawn_text(page: PagePrint) -> bool:
    """Whether a page has curves in the shape of letters and no letters: boxes are then told from them by sight."""
    curves = sum(shape.kind == "curve" and not _is_box_sized(shape) for shape in page.shapes)
    return len(page.letters) < FEWEST_LETTERS and curves >= FEWEST_CURVES


def _holes(image: Grey, levels: tuple[int, ...]) -> tuple[list[Outline], list[Outline]]:
    """Find closed outlines as light regions in ink, at several levels: (small ones, large rectangles)."""
    small, large = [], []
    for level in levels:
        ink = (image < level).astype(np.uint8)
        contours, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        for contour, (_, _, _, parent) in zip(contours, tree[0] if tree is not None else (), strict=True):
            if parent < 0:
                continue
            x, y, w, h = cv2.boundingRect(contour)
            inside = (x + 1, y + 1, w - 2, h - 2)  # OpenCV gives a hole's outline on the ink around it
            if min(inside[2:]) * PX_MM < SMALLEST_MM * 0.8:
                continue
            filling = cv2.contourArea(contour) / ((w - 1) * (h - 1))
            if (
                _is_boxlike(inside[2] * PX_MM, inside[3] * PX_MM)
                and filling >= FILLING
                and _is_convex(contour)
            ):
                outline = _outer(image, inside, level, filling)
                small += [outline] if outline is not None else []
            elif filling > 0.93 and inside[2] * PX_MM >= CELL_MM[0] and inside[3] * PX_MM >= CELL_MM[1]:
                large.append(_rectangle(inside))
    return small, large


def _rectangle(inside: tuple[int, int, int, int]) -> Outline:
    x, y, w, h = (PX_MM * edge for edge in inside)
    return Outline("cell", x, y, w, h)


def _is_boxlike(w_mm: float, h_mm: float) -> bool:
    longest = LARGEST_MM if max(w_mm, h_mm) <= LARGEST_MM else WIDEST_CELL_MM
    return (
        max(w_mm, h_mm) <= longest
        and min(w_mm, h_mm) <= LARGEST_MM
        and max(w_mm, h_mm) <= LONGEST_SIDES * min(w_mm, h_mm)
    )


def _is_convex(contour: NDArray[np.int32]) -> bool:
    hull = cv2.contourArea(cv2.convexHull(contour))
    return bool(hull > 0 and cv2.contourArea(contour) / hull >= CONVEX)


def _outer(image: Grey, inside: tuple[int, int, int, int], level: int, filling: float) -> Outline | None:
    """Add the frame's thickness to a hole; None where the frame is too thick for a box."""
    x, y, w, h = inside
    dark, inked = _frame_px(image, inside, DARK), _frame_px(image, inside, level)
    if dark > THICKEST * min(w, h):
        return None
    frame = inked if inked * PX_MM <= 1.0 else dark  # a thicker one is a tint around the box
    core = image[y + h // 4 : y + h - h // 4, x + w // 4 : x + w - w // 4]
    left, top, width, height = ((v + d * frame) * PX_MM for v, d in ((x, -1), (y, -1), (w, 2), (h, 2)))
    printed = bool((core < DARK).mean() > PRINTED)
    return Outline(_kind(filling), left, top, width, height, printed=printed)


def _frame_px(image: Grey, inside: tuple[int, int, int, int], level: int) -> float:
    """Median thickness of the frame around a hole, walked outwards from the middle of each side, px."""
    x, y, w, h = inside
    reach = int(3 / PX_MM)
    rays = [
        image[y + h // 2, max(0, x - reach) : x][::-1],
        image[y + h // 2, x + w : x + w + reach],
        image[max(0, y - reach) : y, x + w // 2][::-1],
        image[y + h : y + h + reach, x + w // 2],
    ]
    lengths = [int(np.argmax(np.append(ray, 255) >= level)) for ray in rays]
    return float(np.median(lengths))


def _blots(image: Grey) -> Iterator[Outline]:
    """Yield compact filled shapes of a box's size: filled examples, timing marks, cells of a printed code."""
    ink = (image < DARK).astype(np.uint8)
    contours, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    for contour, (_, _, _, parent) in zip(contours, tree[0] if tree is not None else (), strict=True):
        x, y, w, h = cv2.boundingRect(contour)
        if parent >= 0 or not _is_boxlike(w * PX_MM, h * PX_MM) or min(w, h) * PX_MM < SMALLEST_MM:
            continue
        if ink[y : y + h, x : x + w].mean() > FILLING and _is_convex(contour):
            yield Outline("square", x * PX_MM, y * PX_MM, w * PX_MM, h * PX_MM, printed=True)


def _tints(image: Grey) -> list[Outline]:
    """Find pale squares and discs without an outline: several of a size in line are boxes."""
    ink = (image < TINT[1]).astype(np.uint8)
    found = []
    for contour in cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]:
        x, y, w, h = cv2.boundingRect(contour)
        side_mm = min(w, h) * PX_MM
        if side_mm < SMALLEST_TINT_MM or max(w, h) * PX_MM > LARGEST_MM or min(w, h) < 0.9 * max(w, h):
            continue
        filling = cv2.contourArea(contour) / ((w - 1) * (h - 1))
        dark = (image[y : y + h, x : x + w] < TINT[0]).mean()
        if filling >= FILLING and _is_convex(contour) and dark < 0.02:
            found.append(Outline(_kind(filling), x * PX_MM, y * PX_MM, w * PX_MM, h * PX_MM))
    return [one for one in found if sum(lined_up(one, other) for other in found) >= FEWEST_OF_SIZE]


def _with_blots(small: list[Outline], picture: Grey) -> list[Outline]:
    """Add the filled examples of a picture: compact dark shapes in line with boxes near by, and no larger than they."""
    blots = []
    for blot in _blots(picture):
        near = [known for known in small if _fills(blot, known)]
        if len(near) >= FEWEST_BY_BLOT and all(overlap(blot, known) < 0.2 for known in small):
            w, h = near[0].w_mm, near[0].h_mm
            x, y = blot.centre_mm - w / 2, blot.middle_mm - h / 2
            blots.append(replace(near[0], x_mm=x, y_mm=y, printed=True))
    return small + blots


def _fills(blot: Outline, box: Outline) -> bool:
    """Whether a filled shape may be a box filled in print like one beside, over or under it."""
    sizes = blot.w_mm / box.w_mm, blot.h_mm / box.h_mm
    across, down = abs(blot.centre_mm - box.centre_mm), abs(blot.middle_mm - box.middle_mm)
    in_line = min(across, down) < 0.25 * box.h_mm and max(across, down) < BLOT_REACH * box.w_mm
    return in_line and all(FILLS <= size <= 1.12 for size in sizes)


def _visible_shapes(drawing: Grey, shapes: tuple[Shape, ...]) -> Iterator[Outline]:
    """Yield drawn rectangles and curves of a box's size whose outline can be seen."""
    for shape in shapes:
        if not _is_box_sized(shape):
            continue
        x, y, w, h = (round(v / PX_MM) for v in (shape.x_mm, shape.y_mm, shape.w_mm, shape.h_mm))
        patch = drawing[max(0, y) : y + h, max(0, x) : x + w]
        if not patch.size or min(patch.shape) < 8:
            continue
        core = patch[h // 4 : h - h // 4, w // 4 : w - w // 4]
        printed = bool((core < DARK).mean() > PRINTED)
        straight, bent = _outline_share(drawing, shape, False), _outline_share(drawing, shape, True)
        is_round = shape.kind == "curve" and bent > straight
        filled = printed and (patch < DARK).mean() > FILLING  # the head of an arrow fills half of its frame
        if filled or max(straight, bent if is_round else 0.0) >= VISIBLE * shape.solid:
            kind: Literal["square", "round"] = "round" if is_round else "square"
            yield Outline(kind, shape.x_mm, shape.y_mm, shape.w_mm, shape.h_mm, printed=printed)


def _outline_share(drawing: Grey, shape: Shape, is_round: bool) -> float:
    """Share of an outline, 0..1, along which something darker than the inside is drawn within .3 mm."""
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    across, down = np.cos(turn), np.sin(turn)
    if not is_round:
        stretch = np.maximum(np.abs(across), np.abs(down))
        across, down = across / stretch, down / stretch
    patch_mm = np.arange(-0.3, 0.35, PX_MM)
    xs = shape.x_mm + shape.w_mm / 2 + np.outer(across, np.ones_like(patch_mm)) * (shape.w_mm / 2 + patch_mm)
    ys = shape.y_mm + shape.h_mm / 2 + np.outer(down, np.ones_like(patch_mm)) * (shape.h_mm / 2 + patch_mm)
    rows = np.clip((ys / PX_MM).astype(int), 0, drawing.shape[0] - 1)
    columns = np.clip((xs / PX_MM).astype(int), 0, drawing.shape[1] - 1)
    x0, y0 = int((shape.x_mm + shape.w_mm * 0.3) / PX_MM), int((shape.y_mm + shape.h_mm * 0.3) / PX_MM)
    core = drawing[y0 : y0 + int(shape.h_mm * 0.4 / PX_MM), x0 : x0 + int(shape.w_mm * 0.4 / PX_MM)]
    inside = float(np.median(core)) if core.size else 255.0
    return float((drawing[rows, columns].min(axis=1) < inside - 12).mean())


def _glyphs(picture: Grey, page: PagePrint) -> Iterator[tuple[Letter, Outline]]:
    """Yield the letters that are boxes or filled boxes."""
    tiny = boxes_however_small(page.letters)
    sized = [one for one in page.letters if not one.quarters and (_is_box_sized(one) or one in tiny)]
    for letter, glyph in box_glyphs(sized, page.letters, picture, PX_MM).items():
        at = (glyph.x_mm, glyph.y_mm, glyph.w_mm, glyph.h_mm)
        kind: Literal["round", "glyph"] = "round" if glyph.is_round else "glyph"
        yield letter, Outline(kind, *at, printed=glyph.look == "filled")


def _image_boxes(picture: Grey, page: PagePrint) -> Iterator[Outline]:
    """Yield the small images that show an empty frame, and nothing in it."""
    for image in (image for image in page.images if _is_box_sized(image)):
        frame, filling = empty_frame(picture, image, PX_MM)
        if frame is not None:
            yield Outline(_kind(filling), *frame)


def _kind(filling: float) -> Literal["square", "round"]:
    """Tell squares from circles by the share of its frame that an outline fills."""
    return "square" if filling > STRAIGHT else "round"


def _is_box_sized(one: Letter | Shape) -> bool:
    return min(one.w_mm, one.h_mm) >= SMALLEST_MM and _is_boxlike(one.w_mm, one.h_mm)


def _field(widget: Widget) -> Outline | None:
    """Return the outline of a check box or radio button; None for a text field."""
    if widget.kind == "text":
        return None
    return Outline("field", widget.x_mm, widget.y_mm, widget.w_mm, widget.h_mm, field=widget)


def _with_written(areas: list[Outline], widgets: tuple[Widget, ...]) -> Iterator[Outline]:
    """Yield the text fields, and the drawn frames that are none of them."""
    fields = [Outline("field", w.x_mm, w.y_mm, w.w_mm, w.h_mm, field=w) for w in widgets if w.kind == "text"]
    yield from fields
    yield from (area for area in areas if all(overlap(area, field) < 0.2 for field in fields))


def _with_fields(small: list[Outline], fields: list[Outline]) -> Iterator[Outline]:
    """Join fields with the outlines drawn where they lie: what is seen on paper gives the place.

    Fields are there to be marked: whatever is drawn inside is how they look, no example.

    What is drawn off the middle of a field and does not fill half of it is part of how it looks, no box.
    """
    taken = set()
    for field in fields:
        shares = [overlap(field, outline) for outline in small]
        best = int(np.argmax(shares)) if shares else -1
        taken |= {place for place, outline in enumerate(small) if _lies_in(outline, field)}
        if shares and (shares[best] > 0.5 or (shares[best] > 0.35 and _is_amid(small[best], field))):
            taken.add(best)
            yield replace(small[best], field=field.field, printed=False)
        else:
            yield field
    yield from (outline for place, outline in enumerate(small) if place not in taken)


def _lies_in(outline: Outline, field: Outline) -> bool:
    left, right = outline.x_mm - field.x_mm, field.right_mm - outline.right_mm
    over, under = outline.y_mm - field.y_mm, field.bottom_mm - outline.bottom_mm
    return min(left, right, over, under) >= -EDGE_MM


def _is_amid(outline: Outline, field: Outline) -> bool:
    off_mm = max(abs(outline.centre_mm - field.centre_mm), abs(outline.middle_mm - field.middle_mm))
    return off_mm <= AMID * field.w_mm


def overlap(a: Outline, b: Outline) -> float:
    """Shared area of two outlines over their joint area, 0..1."""
    across = min(a.right_mm, b.right_mm) - max(a.x_mm, b.x_mm)
    down = min(a.bottom_mm, b.bottom_mm) - max(a.y_mm, b.y_mm)
    if across <= 0 or down <= 0:
        return 0.0
    shared = across * down
    return shared / (a.w_mm * a.h_mm + b.w_mm * b.h_mm - shared)


def _merged(outlines: list[Outline]) -> list[Outline]:
    """Keep one of each set of outlines that are the same, and drop those that hold smaller ones.

    Of those that are the same, the first given of about the largest size is kept: drawn places are exact to
    the micrometre, those found in a render to a pixel.
    """
    if not outlines:
        return []
    rank = {outline: place for place, outline in reversed(list(enumerate(outlines)))}
    order = sorted(outlines, key=lambda o: (-o.w_mm * o.h_mm, o.y_mm, o.x_mm))
    edges = np.array([[o.x_mm, o.y_mm, o.right_mm, o.bottom_mm] for o in order])
    area = (edges[:, 2] - edges[:, 0]) * (edges[:, 3] - edges[:, 1])
    across = np.minimum(edges[:, None, 2], edges[None, :, 2]) - np.maximum(
        edges[:, None, 0], edges[None, :, 0]
    )
    down = np.minimum(edges[:, None, 3], edges[None, :, 3]) - np.maximum(edges[:, None, 1], edges[None, :, 1])
    shared = np.clip(across, 0, None) * np.clip(down, 0, None)
    same = shared / (area[:, None] + area[None, :] - shared) > 0.6
    gaps = np.abs(edges[:, None, :] - edges[None, :, :])
    same |= (gaps.max(axis=2) <= DOUBLE_MM) & (gaps.max(axis=2) - gaps.min(axis=2) <= 0.3)
    kept: list[int] = []
    for index in range(len(order)):
        if not same[index, kept].any():
            kept.append(index)
    smaller = area[kept][None, :] < 0.6 * area[kept][:, None]
    holds = ((shared[np.ix_(kept, kept)] > 0.9 * area[kept][None, :]) & smaller).any(axis=1)
    merged = []
    for index in (index for index, holding in zip(kept, holds, strict=True) if not holding):
        twins = [order[other] for other in np.flatnonzero(same[index] & (area > 0.7 * area[index]))]
        printed = any(order[other].printed for other in np.flatnonzero(same[index]))
        merged.append(replace(min(twins, key=rank.__getitem__), printed=printed))
    return merged


def _without_lettering(outlines: list[Outline], picture: Grey) -> list[Outline]:
    """Drop letters of a scanned text: boxes stand clear of other ink, and in line with others, or are as regular."""
    clear = [outline for outline in outlines if stands_clear(outline, picture)]
    return [
        outline
        for outline in clear
        if sum(lined_up(outline, other) for other in clear) >= FEWEST_OF_SIZE
        or sum(_as_regular(outline, other) for other in clear) > FEWEST_OF_SIZE
    ]


def _as_regular(outline: Outline, other: Outline) -> bool:
    """Whether two outlines are squares of one size, or circles of one, larger than letters: no letter is."""
    longest = max(SQUARE_MM, OBLONG * outline.w_mm)
    is_regular = abs(outline.w_mm - outline.h_mm) <= longest and (
        outline.kind == "square" or _is_large(outline)
    )
    same = max(abs(outline.w_mm - other.w_mm), abs(outline.h_mm - other.h_mm)) <= SQUARE_MM
    return outline.kind == other.kind and is_regular and same


def lined_up(a: Outline, b: Outline) -> bool:
    """Whether two outlines of one size stand in one row or column: of one kind, or larger than letters."""
    of_kind = a.kind == b.kind or _is_large(a)  # with round corners, one more so
    alike = abs(a.w_mm - b.w_mm) <= 0.12 * a.w_mm and abs(a.h_mm - b.h_mm) <= 0.12 * a.h_mm
    in_line = abs(a.middle_mm - b.middle_mm) < 0.4 * a.h_mm or abs(a.centre_mm - b.centre_mm) < 0.4 * a.w_mm
    return of_kind and alike and in_line


def _is_large(outline: Outline) -> bool:
    """Whether an outline is larger than letters, and as wide as high."""
    return outline.h_mm >= LARGE_MM and outline.w_mm >= NARROW * outline.h_mm


def stands_clear(outline: Outline, picture: Grey) -> bool:
    """Whether there is nothing but paper right beside an outline."""
    rows = slice(int(outline.y_mm / PX_MM), int(outline.bottom_mm / PX_MM) + 1)
    round_mm = CLEAR_LARGE_MM if _is_large(outline) else CLEAR_ROUND_MM
    gap = int((round_mm if outline.kind == "round" else CLEAR_MM) / PX_MM)
    left, right = int(outline.x_mm / PX_MM) - 2, int(outline.right_mm / PX_MM) + 3
    if outline.kind == "square" and outline.w_mm > 2.5:
        return True  # ruled cells touch each other
    beside = [picture[rows, max(0, left - gap) : max(left, 1)], picture[rows, right : right + gap]]
    return all(bool((strip < SCAN_LEVELS[1]).mean() < 0.05) for strip in beside if strip.size)
