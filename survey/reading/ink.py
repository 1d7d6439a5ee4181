"""Crops of boxes, scan and blank -> how much ink is in them that the blank does not print."""

from __future__ import annotations

from typing import Any, Literal

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from survey.reading.network import CROP_PX
from survey.reading.percentiles import median, percentile

VERSION = 15
BOX_PX = 18  # a box fills the middle 18 of a crop's 30 px: a third of its size stays visible on every side
AROUND_TIMES = 2  # the crop of a box's surroundings shows so many times as much: thrice the box's size
INK_DARK = 0.12  # darkness beyond the blank's, be it a tint, from which a pixel is ink
FREE_OF_PRINT = 0.08  # darkness of the blank, two pixels around, under which a pixel carries no print
NEAR_PX = 5  # side of the squares in which it is looked for
TINT_PX = 9  # a tint is even over so many px; letters and lines are narrower
DARKEST_TINT = 0.5  # darkness: on darker ground ink does not show
EVEN_TINT = 0.02  # share of a box's tint that may be darker than the rest of it
LEAST_TINT_PX = 40  # of a crop's: less tells of no tint
LEAST_ROOM = 0.06  # share of a box free of print under which there is no room to measure ink in
CORNER_PX = 3  # of a side are not looked at: what crosses a frame there belongs to two sides
EVENLY = 0.08  # px of full black that may differ along a side of a frame that is bolder in print: pens press unevenly
BEYOND_PX = 2  # past the corners, where only a stroke goes on
RAGGED = 0.14  # px of full black that such a frame may bulge by: less than any dot or dash
EDGE_PX = 2  # a stroke along the frame is this much wider than it at the most
BEYOND_PRINT = 0.2  # darkness of 3 x 3 px beyond the darkest print near, from which a frame may carry ink …
BEYOND_USUAL = 0.05  # … or this much more of it than the frame in the middle of those of its page has
STIRRED = 0.05  # mean darkness of 3 x 3 px: as dark as the noise of a poor scan, fainter than faint pencil
ROOM_TO_SEE = 0.25  # share of a box free of print under which ink may hide in the print
LINE_TIMES = 2  # a line of ink is so many times as long as it is wide
COVERED = 0.5  # share of a mark's own darkness from which a pixel counts as covered
PEN_PERCENTILE = 90  # of a box's core: as dark as the pen that marked it

FRAME_SHARE = (
    0.5  # of how much darker than its ground a box's darkest print is: what is as dark is its own, …
)
FAINTEST_FRAME = 0.12  # … and at least so much darker
LEAST_PRINT_PX = 30  # half a thin frame
SHOWN = 0.35  # of its darkness on the blank: under this a scan does not show a piece of print
ALIKE_BOXES = 25  # of a page, those that print nearest as much as one: fewer may be mostly marked
TINTED, BLACKENED = (
    0.04,
    0.5,
)  # darkness of a box's ground on the blank, and so much more on the scan: black hides marks
LOSES_PRINT = (
    0.2  # share of its print that a page's middle box misses where a scan loses pale print at random
)

Floats = NDArray[np.float32]


def free_of_print(blanks: Floats, side_px: int = NEAR_PX) -> NDArray[np.bool_]:
    """Tell where nothing is printed near, in crops of the blank of shape (n, h, w): in squares of so many px."""
    near_print = [cv2.dilate(blank, np.ones((side_px, side_px))) for blank in blanks]
    return np.array(near_print, np.float32).reshape(blanks.shape) < FREE_OF_PRINT


def on_tint(blanks: Floats, side_px: int = NEAR_PX) -> NDArray[np.bool_]:
    """Tell where nothing is printed near but an even tint, in crops of the blank of shape (n, h, w)."""
    wide, near = np.ones((TINT_PX, TINT_PX), np.uint8), np.ones((side_px, side_px), np.uint8)
    found = np.zeros(blanks.shape, bool)
    for mask, blank in zip(found, blanks, strict=True):
        if (darkest := cv2.dilate(blank, near)).max() >= FREE_OF_PRINT:
            ground = cv2.morphologyEx(blank, cv2.MORPH_OPEN, wide)
            mask[:] = (darkest - cv2.erode(ground, near) < FREE_OF_PRINT) & (darkest >= FREE_OF_PRINT)
            mask &= ground < DARKEST_TINT
    return found


def tint_shifts(crops: Floats, blanks: Floats, tinted: NDArray[np.bool_]) -> Floats | None:
    """Tell how much darker than on the blank each box's tint is on a scan, shape (n,); 0 for a box without tint.

    None where most boxes' tints are uneven, as in black and white that dithers, or too dark for ink to show.
    """
    counts = tinted.sum(axis=(1, 2))
    boxes = np.flatnonzero(counts >= LEAST_TINT_PX)
    if not len(boxes):
        return None
    counts, shown = counts[boxes], tinted[boxes]
    added = np.where(shown, crops[boxes] - blanks[boxes], np.inf).reshape(len(boxes), -1)
    middle = np.sort(added, axis=1)[np.arange(len(boxes)), counts // 2]
    uneven = ((added > middle[:, None] + INK_DARK / 2) & np.isfinite(added)).sum(axis=1) / counts
    ground = np.where(shown, blanks[boxes], 0).max(axis=(1, 2)) + middle
    if np.median(uneven) >= EVEN_TINT or np.median(ground) >= DARKEST_TINT:
        return None
    shifts = np.zeros(len(crops), np.float32)
    shifts[boxes] = middle
    return shifts


def darkest_print(blanks: Floats) -> Floats:
    """Return the darkest print within a pixel, in crops of the blank of shape (n, 30, 30)."""
    return np.array([cv2.dilate(blank, np.ones((3, 3))) for blank in blanks], np.float32).reshape(
        blanks.shape
    )


def beyond_print(crops: Floats, darkest: Floats) -> Floats:
    """Mean darkness of every 3 x 3 px beyond the darkest print near, shape (n, 30, 30)."""
    return _spots(np.maximum(crops - darkest, 0))


def is_stirred(crops: Floats, free: NDArray[np.bool_], beyond: Floats) -> NDArray[np.bool_]:
    """Tell of each box of a page whether there may be ink: where nothing is printed, on its frame, or hidden by print.

    A scan that prints all frames as they are on the blank shows less ink on one of them than one that thickens all.
    """
    around = (CROP_PX - BOX_PX) // 2 - EDGE_PX
    stirs = _highest(_spots(crops * free)) > STIRRED
    frames = _highest(beyond[:, around:-around, around:-around])
    usual = median(frames) if len(frames) else 0.0
    stirs |= frames > min(BEYOND_PRINT, usual + BEYOND_USUAL)
    return np.asarray(stirs | (_inside_of(free).mean(axis=(1, 2)) < ROOM_TO_SEE))


def _spots(crops: Floats) -> Floats:
    """Mean darkness of every 3 x 3 px."""
    if not len(crops):
        return crops
    # as one image with long rows, which is quick, and with paper between
    beside = np.zeros((CROP_PX, len(crops), CROP_PX + 1), np.float32)
    beside[:, :, :CROP_PX] = crops.swapaxes(0, 1)
    blurred = cv2.blur(beside.reshape(CROP_PX, -1), (3, 3)).reshape(beside.shape)
    return blurred[:, :, :CROP_PX].swapaxes(0, 1)


def _highest(crops: Floats) -> Floats:
    """The highest value of each crop: row by row first, as `_spots` lays them."""
    return np.asarray(crops.max(axis=1, initial=0).max(axis=1, initial=0))


def _inside_of(crops: NDArray[Any]) -> NDArray[Any]:
    margin = (CROP_PX - BOX_PX) // 2
    return crops[:, margin:-margin, margin:-margin]


def ink_of(crops: Floats, blanks: Floats, free: NDArray[np.bool_], beyond: Floats) -> dict[str, Floats]:
    """Measure ink where the blank prints nothing, inside and around, and how much of the box is covered.

    `free` is what `free_of_print` says of the blanks, `beyond` what `beyond_print` says of the crops.
    """
    ink = (crops - blanks > INK_DARK) & free
    room = _inside_of(free).mean(axis=(1, 2), dtype=np.float32)
    return {
        "room": room,
        "ink": _inside_of(ink).mean(axis=(1, 2), dtype=np.float32) / np.maximum(room, LEAST_ROOM),
        "coverage": _coverage(crops),
        "span": _span_of(_inside_of(ink), _inside_of(free)),
        "excess": _highest(_inside_of(beyond)),
        "residue": (ink.sum(axis=(1, 2)) / BOX_PX**2).astype(np.float32),
    }


def _span_of(ink: NDArray[np.bool_], free: NDArray[np.bool_]) -> Floats:
    """How far ink reaches across each box or down it, the larger, as a share of where it could be seen, shape (n,)."""
    found = np.zeros(len(ink), np.float32)
    inked = np.flatnonzero(ink.any(axis=(1, 2)))  # the others are many
    wide, high = (_reach(ink[inked], axis) / np.maximum(_reach(free[inked], axis), 1) for axis in (1, 2))
    found[inked] = np.maximum(wide, high)
    return found


def _reach(spots: NDArray[np.bool_], axis: Literal[1, 2]) -> NDArray[np.intp]:
    """How many px lie from the first to the last spot of each picture along the axis that is left, shape (n,)."""
    there = np.asarray(spots.any(axis=axis))
    reach = there.shape[1] - there.argmax(axis=1) - there[:, ::-1].argmax(axis=1)
    return np.where(there.any(axis=1), reach, 0)


def bulge_of(crops: Floats, blanks: Floats) -> Floats:
    """Return how much more ink lies across the frame at its darkest place than at most places, px of full black, (n,).

    The blank's is taken off, and what this is in the middle one of a page's boxes: print that is unlike the blank's
    varies along every frame. What lies across is added up, so that it does not matter where a stroke hits the frame.
    Where a side is bolder from corner to corner, no farther, and evenly, it counts no more than ragged print does.
    """
    added, margin = crops - blanks, (CROP_PX - BOX_PX) // 2
    along = _across_sides(added, slice(margin + CORNER_PX, CROP_PX - margin - CORNER_PX))
    ends = _across_sides(added, [margin - BEYOND_PX, CROP_PX - 1 - margin + BEYOND_PX])
    places = (along[:, :, :-2] + along[:, :, 1:-1] + along[:, :, 2:]) / 3
    usual = median(places.reshape(len(places), -1))[:, None] if len(places) else np.zeros((0, 1))
    lowest, highest = places.min(axis=2), places.max(axis=2)
    bolder = np.maximum(lowest - usual, 0)
    is_print = (highest - lowest <= EVENLY) & (ends.max(axis=2) <= bolder / 2)
    uneven = highest - np.where(is_print, bolder, 0)
    bulges, uneven = ((side - usual).max(axis=1) for side in (highest, uneven))
    page = median(bulges) if len(bulges) else 0
    return np.fmin(bulges - page, np.fmax(uneven - page, RAGGED)).astype(np.float32)


def _across_sides(added: Floats, places: slice | list[int]) -> Floats:
    """Add up what lies across the four sides of each box's frame at some places along them, shape (n, 4, places)."""
    margin = (CROP_PX - BOX_PX) // 2
    across = slice(margin - EDGE_PX, margin + EDGE_PX + 1)
    sides = (across, slice(CROP_PX - across.stop, CROP_PX - across.start))
    rows = [added[:, side][:, :, places].sum(axis=1) for side in sides]
    columns = [added[:, :, side][:, places].sum(axis=2) for side in sides]
    return np.stack([*rows, *columns], axis=1)


def darker_of(crops: Floats, blanks: Floats, unmarked: NDArray[np.bool_]) -> Floats:
    """Return how much darker the inside of each box is than unmarked ones of its page that print as much, shape (n,).

    That is what a scan adds to the blank inside the frame, mean darkness, beyond what it adds in the middle to
    `ALIKE_BOXES` that look unmarked and print nearest as much: print is bolder or paler in all of them, a mark in one.
    """
    margin = (CROP_PX - BOX_PX) // 2 + EDGE_PX
    inside = np.s_[:, margin:-margin, margin:-margin]
    printed = blanks[inside].mean(axis=(1, 2), dtype=np.float32)
    added = crops[inside].mean(axis=(1, 2), dtype=np.float32) - printed
    if not unmarked.any():
        return np.zeros_like(added)
    order = np.flatnonzero(unmarked)[np.argsort(printed[unmarked], kind="stable")]
    alike = min(ALIKE_BOXES, len(order))
    usual = median(sliding_window_view(added[order], alike))
    nearest = np.searchsorted(printed[order], printed) - alike // 2
    return added - usual[np.clip(nearest, 0, len(usual) - 1)]


def own_print(blanks: Floats) -> NDArray[np.bool_]:
    """Tell which px of crops of the blank carry a box's own print, far darker than its ground, shape (n, 30, 30).

    Of a frame so pale or thin that few of its px are, none is: what is missing of it could not be told.
    """
    darkest = blanks.max(axis=(1, 2), keepdims=True)
    ground = median(blanks.reshape(len(blanks), -1))[:, None, None] if len(blanks) else darkest
    printed = blanks - ground > np.maximum(FRAME_SHARE * (darkest - ground), FAINTEST_FRAME)
    return np.asarray(printed & (printed.sum(axis=(1, 2)) >= LEAST_PRINT_PX)[:, None, None])


def missing_of(crops: Floats, blanks: Floats, printed: NDArray[np.bool_]) -> Floats:
    """Return the share of each box's print (`own_print`) that its scan does not show within a pixel, shape (n,).

    What the middle one of a page's boxes misses is taken off: some scans lose pale print. One that loses much of it
    everywhere tells nothing: 0. Ink hides no print, and a fold does.
    """
    if not len(crops):
        return np.zeros(0, np.float32)
    column = np.ascontiguousarray(crops).reshape(-1, CROP_PX)  # all boxes as one image
    near = cv2.dilate(column, np.ones((3, 3), np.uint8)).reshape(crops.shape)
    missing = (printed & (near < SHOWN * blanks)).sum(axis=(1, 2)) / np.maximum(printed.sum(axis=(1, 2)), 1)
    usual = float(median(missing))
    return np.asarray(missing - usual if usual < LOSES_PRINT else np.zeros_like(missing), np.float32)


def grounds_of(blanks: Floats) -> Floats:
    """Return how dark each box's ground is, shape (n,): paper, or a tint."""
    return median(blanks.reshape(len(blanks), -1)) if len(blanks) else np.zeros(0, np.float32)


def is_tint(ground: Floats | float) -> NDArray[np.bool_] | bool:
    """Whether a ground is darker than paper, but not so dark that ink would not show; of one, or of each of several."""
    return (ground > TINTED) & (ground < DARKEST_TINT)


def blackened(crops: Floats, grounds: Floats) -> NDArray[np.intp]:
    """Tell which boxes' tints (`grounds_of` the blank) a scan shows as black as print: nobody sees a mark there."""
    tinted = np.flatnonzero(is_tint(grounds))
    return tinted[grounds_of(crops[tinted]) - grounds[tinted] > BLACKENED]


def lean_of(crops: Floats, darkest: Floats, flatness: Floats) -> Floats:
    """Return how far the ink of each crop leans from upright if it is a line, degrees, or else 90, shape (n,).

    Told by the second moments of what is darker than the print near (`darkest_print`): the axis of an ellipse. Of a
    low, wide box its square crop is squeezed; `flatness` is the width of what each crop shows by its height.
    """
    ink = crops - darkest
    ink = np.where(ink > INK_DARK, ink, 0).astype(np.float64)
    total = ink.sum(axis=(1, 2)) + 1e-9
    place = np.arange(CROP_PX) - (CROP_PX - 1) / 2
    across, down = ink.sum(axis=1), ink.sum(axis=2)
    x, y = across @ place / total, down @ place / total
    wide, high = across @ place**2 / total - x**2, down @ place**2 / total - y**2
    both = (ink @ place) @ place / total - x * y
    wide, high = wide * flatness, high / flatness
    apart = np.hypot(wide - high, 2 * both)
    long, thick = wide + high + apart, np.maximum(wide + high - apart, 1 / 6)  # a pixel has a moment, too
    leans = 90 - np.abs(np.degrees(np.arctan2(2 * both, wide - high))) / 2
    return np.where(long >= LINE_TIMES**2 * thick, leans, 90).astype(np.float32)


def _coverage(crops: Floats) -> Floats:
    """Return the covered share of each box's core.

    Covered is what is at least half as dark as the mark itself, so that pencil counts as much as felt.
    """
    margin = (CROP_PX - BOX_PX) // 2
    core = crops[:, margin + 3 : -margin - 3, margin + 3 : -margin - 3]
    found = np.zeros(len(core), np.float32)
    inked = np.flatnonzero(_highest(core) >= INK_DARK)  # the others are many
    if len(inked):
        core = core[inked].reshape(len(inked), -1)
        least = np.maximum(INK_DARK, COVERED * percentile(core, PEN_PERCENTILE))
        found[inked] = (core >= least[:, None]).mean(axis=1, dtype=np.float32)
    return found
