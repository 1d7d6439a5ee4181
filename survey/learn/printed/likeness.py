"""Clean boxes of a scanned blank -> the less clean ones too: dotted frames, broken ones, letters inside.

The clean ones are averaged to a template, which is looked for all over the page (a template bootstrapped from the
page itself). What is found so is never sure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.learn.printed.outlines import Outline, PageOutlines, lined_up, stands_clear

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]

DPI = 150  # a frame is two pixels wide here, and a page is searched in a fifth of a second
PX_MM = 25.4 / DPI
MARGIN_MM = 0.7  # paper around a box that belongs to its template
INSIDE = 0.22  # of width and height, from the edge: what lies further inside is not compared
LIKE = 0.7  # correlation from which a place looks like the template
FEWEST_MODELS = 3  # clean boxes that make a template
MOST_MODELS = 80  # more make it no better
SAME_SIZE = 0.12  # boxes of one kind differ less in width and height, as a share
IN_LINE = 3  # boxes of one kind that a found one must share a row or column with
WIDEST_STEP_MM = 42.0  # between neighbouring boxes of a table
FEWEST_LETTERED = 12  # boxes of one kind that are no row of examples
LETTER_SHARE = 0.02  # dark share of the inside over which a box holds a letter
FILLED_SHARE = 0.5  # dark share of the inside from which a box is a filled example, and no letter in a box
DARK = 0.45  # darkness of a pixel that is dark
SIDE_SHOWS = 0.2  # of a side's darkness in the template: broken frames have this much
SAME_PLACE = 0.2  # of the smaller outline: from such a shared area on no two boxes stand there


@dataclass(frozen=True)
class Template:
    """The mean of boxes of one kind and size: darkness 0..1, and where it is compared."""

    models: tuple[Outline, ...]
    pixels: Floats
    mask: Floats

    @property
    def size_mm(self) -> tuple[float, float]:
        """Median width and height of its models."""
        w, h = np.median([[model.w_mm, model.h_mm] for model in self.models], axis=0)
        return float(w), float(h)


def complete_by_likeness(found: PageOutlines, picture: Grey) -> PageOutlines:
    """Add the boxes that look like the clean ones and stand in line with them; `picture` is the page at 300 dpi."""
    half = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    darkness = (1 - half.astype(np.float32) / 255).astype(np.float32)
    small = _with_letters(found.small, darkness)
    for models in _kinds(small):
        seen = _seen(_average(models, darkness), darkness)
        fresh = [outline for outline in seen if _is_free(outline, small) and stands_clear(outline, picture)]
        kept = _in_line(fresh, models)
        small = [one for one in small if not any(_holds(one, other) for other in kept)] + kept
    return replace(found, small=tuple(small))


def _with_letters(outlines: Sequence[Outline], darkness: Floats) -> list[Outline]:
    """Take print inside boxes for letters, where most boxes of that kind hold some, and no examples."""
    settled = list(outlines)
    for models in _kinds([replace(outline, printed=False) for outline in outlines]):
        shares = [_core_share(model, darkness) for model in models]
        if len(models) >= FEWEST_LETTERED and np.median(shares) > LETTER_SHARE:
            settled = [_as_lettered(o, darkness) if _alike(models[0], o) else o for o in settled]
    return settled


def _as_lettered(outline: Outline, darkness: Floats) -> Outline:
    return replace(outline, printed=_core_share(outline, darkness) >= FILLED_SHARE)


def _core_share(outline: Outline, darkness: Floats) -> float:
    """Share of the middle of a box that is dark."""
    x, y, w, h = (side / PX_MM for side in (outline.x_mm, outline.y_mm, outline.w_mm, outline.h_mm))
    core = darkness[round(y + h / 4) : round(y + h * 3 / 4), round(x + w / 4) : round(x + w * 3 / 4)]
    return float((core > DARK).mean()) if core.size else 0.0


def _is_free(outline: Outline, taken: Sequence[Outline]) -> bool:
    """Whether an outline is none of those known, and neither holds one nor lies in one, but for a cell with print."""
    return all(
        (other.printed and _holds(other, outline) and not _alike(outline, other))
        or not (
            _shared_share(outline, other) >= SAME_PLACE or _holds(outline, other) or _holds(other, outline)
        )
        for other in taken
    )


def _shared_share(a: Outline, b: Outline) -> float:
    """Shared area of two outlines over the smaller one's, 0..1."""
    across = min(a.right_mm, b.right_mm) - max(a.x_mm, b.x_mm)
    down = min(a.bottom_mm, b.bottom_mm) - max(a.y_mm, b.y_mm)
    return max(across, 0.0) * max(down, 0.0) / min(a.w_mm * a.h_mm, b.w_mm * b.h_mm)


def _holds(outer: Outline, inner: Outline) -> bool:
    return outer.x_mm < inner.centre_mm < outer.right_mm and outer.y_mm < inner.middle_mm < outer.bottom_mm


def _kinds(outlines: Sequence[Outline]) -> Iterator[tuple[Outline, ...]]:
    """Yield clean boxes of one kind and size, where there are enough of them."""
    left = [outline for outline in outlines if not outline.printed]
    while left:
        first = left[0]
        kind = tuple(outline for outline in left if _alike(first, outline))
        left = [outline for outline in left if not _alike(first, outline)]
        if len(kind) >= FEWEST_MODELS:
            yield kind


def _alike(a: Outline, b: Outline) -> bool:
    return (
        a.kind == b.kind
        and abs(a.w_mm - b.w_mm) <= SAME_SIZE * a.w_mm
        and abs(a.h_mm - b.h_mm) <= SAME_SIZE * a.h_mm
    )


def _average(models: tuple[Outline, ...], darkness: Floats) -> Template:
    w, h = np.median([[model.w_mm, model.h_mm] for model in models], axis=0)
    size = (_odd((w + 2 * MARGIN_MM) / PX_MM), _odd((h + 2 * MARGIN_MM) / PX_MM))
    step = max(1, len(models) // MOST_MODELS)
    crops = [
        cv2.getRectSubPix(darkness, size, (m.centre_mm / PX_MM - 0.5, m.middle_mm / PX_MM - 0.5))
        for m in models[::step]
    ]
    mask = np.ones((size[1], size[0]), np.float32)
    across, down = (round((MARGIN_MM + INSIDE * side) / PX_MM) for side in (w, h))
    mask[down : size[1] - down, across : size[0] - across] = 0
    return Template(models, np.mean(crops, axis=0, dtype=np.float32), mask)


def _odd(pixels: float) -> int:
    return 2 * int(pixels / 2) + 1


def _seen(template: Template, darkness: Floats) -> list[Outline]:
    """Find the places that look like a template, none of them within another one's reach."""
    answer = cv2.matchTemplate(darkness, template.pixels, cv2.TM_CCOEFF_NORMED, mask=template.mask)
    answer[~np.isfinite(answer)] = 0
    high, wide = template.pixels.shape
    best = cv2.dilate(answer, np.ones((round(high * 0.7), round(wide * 0.7)), np.uint8))
    rows, columns = np.nonzero((answer >= LIKE) & (answer == best))
    w_mm, h_mm = template.size_mm
    found = []
    for row, column in zip(rows, columns, strict=True):
        x_mm, y_mm = (column + wide / 2) * PX_MM - w_mm / 2, (row + high / 2) * PX_MM - h_mm / 2
        outline = replace(template.models[0], x_mm=x_mm, y_mm=y_mm, w_mm=w_mm, h_mm=h_mm, sure=False)
        place = darkness[row : row + high, column : column + wide]
        if _core_share(outline, darkness) < FILLED_SHARE and _has_all_sides(place, template.pixels):
            found.append(outline)
    return found


def _has_all_sides(place: Floats, template: Floats) -> bool:
    """Whether something is drawn on each of four sides, off the corners: between two lines there are only two."""
    for turn in range(4):
        seen, wanted = (_left_side(np.rot90(pixels, turn)) for pixels in (place, template))
        if (seen * wanted).sum() < SIDE_SHOWS * np.square(wanted).sum():
            return False
    return True


def _left_side(pixels: Floats) -> Floats:
    high, wide = pixels.shape
    return pixels[high // 4 : high - high // 4, : wide // 3]


def _in_line(fresh: list[Outline], models: Sequence[Outline]) -> list[Outline]:
    """Keep what shares a row or column with enough boxes of its kind, one of them no further than boxes stand apart."""
    everyone = [*models, *fresh]
    kept = []
    for outline in fresh:
        beside = [other for other in everyone if other is not outline and lined_up(outline, other)]
        if len(beside) >= IN_LINE and min(_distance(outline, other) for other in beside) <= WIDEST_STEP_MM:
            kept.append(outline)
    return kept


def _distance(a: Outline, b: Outline) -> float:
    return float(np.hypot(a.centre_mm - b.centre_mm, a.middle_mm - b.middle_mm))
