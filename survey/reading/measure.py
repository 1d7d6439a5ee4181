"""Page -> numbers per box, among them p_marked by the network. It holds no opinion."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.reading.blank_boxes import BlankBoxes, crops_in, surroundings_in
from survey.reading.claims import AROUND_BOX_PX, SIDE_PX, aside, claimed, runs_on
from survey.reading.closer import squares_about_ink
from survey.reading.darkness import Tone, darkness_in, halved, tone_of
from survey.reading.fields import measure_fields, pale_strokes
from survey.reading.flat import trust_between
from survey.reading.frames import FRAME_FOUND, NEAR_PX, SEARCH_PX, Frames, match_far, match_near
from survey.reading.ink import (
    BOX_PX,
    INK_DARK,
    beyond_print,
    blackened,
    bulge_of,
    darker_of,
    darkest_print,
    ink_of,
    is_stirred,
    lean_of,
    missing_of,
    tint_shifts,
)
from survey.reading.look import is_bilevel
from survey.reading.network import CROP_PX, Views, Weights, probabilities
from survey.reading.numbers import Numbers, measurements_of
from survey.reading.percentiles import percentile
from survey.reading.prepare import FINE_DPI, PreparedScan
from survey.reading.register import Field, Page, believable, displacements, to_pixels
from survey.reading.streaks import streakless
from survey.reading.windows import Windows, windows_on

VERSION = 26
FAINTEST_PRINT = 0.4  # print lighter than this is no measure of ink
SETTLED_FIT = 0.4  # agreement around every box, and …
SETTLED_SHARE = 0.6  # … share of frames found, from which a quick registration needs no second look
WORTH_LARGE = 0.003  # ink in a large box, share of its area, whose owner is asked for wherever anything stirs
WORTH_INK, MUCH_INK = 0.01, 0.1  # ink around a box, share of its area, whose owner is asked for …
LEAST_BESIDE_PX = 5  # of ink around a box: a mark has more
CLEAR_BELOW, MARKED_ABOVE = (
    0.02,
    0.5,
)  # … where p_marked leaves it open, or always; above, it may be the owner
CROP_SIDES = [0, 1, -2, -1]  # columns of a crop: ink there may go on beside the box
FRAMES_LOST = 0.1  # share of frames found under which a scan drops them
FARTHEST_MM = (
    2.0  # from where the field puts it no frame is looked for, however large: there lies the next cell
)
FRAME_OUTLIER_MM = 0.25  # a frame that disagrees this far with its neighbours has slipped
TO_BLANK = np.array(
    [[FINE_DPI / 25.4, 0, -0.5], [0, FINE_DPI / 25.4, -0.5], [0, 0, 1]]
)  # mm to px of its render

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Measured:
    """What was measured on one page."""

    numbers: Numbers
    crops: Floats
    """The boxes to mark as the network saw them, shape (n, 30, 30), darkness 0..1."""
    corners_px: Floats
    """Where the outline of every row of the numbers lies on the scan, shape (n, 4, 2)."""
    is_settled: bool
    """Every box stands where print around it was found, and most frames lie where the page's field puts them."""

    @property
    def shows_ink(self) -> bool:
        """Whether there is any in a box or a field."""
        ink, p_marked = (self.numbers.values[name] for name in ("ink", "p_marked"))
        return bool((ink > 0).any() or (p_marked > CLEAR_BELOW).any())

    @property
    def table(self) -> pd.DataFrame:
        """MEASUREMENTS of this page."""
        return measurements_of([self.numbers])


@dataclass(frozen=True)
class Sight:
    """A page's boxes where their frames were found on its scan."""

    blank: BlankBoxes
    tone: Tone
    half: Grey
    """The scan at 75 dpi."""
    to_scan: NDArray[np.float64]
    """Blank mm to px of the scan at 150 dpi, before each box is moved; 3 x 3."""
    moves_mm: Floats
    """How far each box is moved, shape (n, 2)."""
    fit: Floats
    """Agreement of the print in or around each box, shape (n,)."""
    believed: float
    """Share of frames that were found and believed."""

    @cached_property
    def places(self) -> Windows:
        """Where the boxes' crops lie on the scan at 150 dpi."""
        return _box_windows(self.to_scan, self.blank, self.moves_mm)

    @cached_property
    def half_tone(self) -> Tone:
        """The scan at half its resolution."""
        return halved(self.tone, self.half)

    @cached_property
    def crops(self) -> Floats:
        """Every box, shape (n, 30, 30), darkness 0..1."""
        return crops_in(self.tone, self.half_tone, self.places, self.blank.large_boxes)

    @cached_property
    def beyond(self) -> Floats:
        """What these show beyond the print, shape (n, 30, 30)."""
        return beyond_print(self.crops, self.blank.darkest)

    @cached_property
    def stirred(self) -> NDArray[np.bool_]:
        """In which boxes there may be ink, shape (n,)."""
        shown = self.crops
        if self.tint is not None:
            shown = np.where(self.blank.tinted, shown - self.printed, shown)
        return is_stirred(shown, self.free, self.beyond) | (self.strokes > 0)

    @cached_property
    def tint(self) -> Floats | None:
        """How much darker each box's tint is here than on the blank, if ink is told from tints as from paper."""
        tinted = self.blank.tinted
        return tint_shifts(self.crops, self.blank.crops, tinted) if tinted.any() else None

    @cached_property
    def printed(self) -> Floats:
        """The blank's boxes with tints as dark as they are here, shape (n, 30, 30)."""
        return self._tinted_here(self.blank.crops, self.blank.tinted, slice(None))

    @cached_property
    def free(self) -> NDArray[np.bool_]:
        """Where ink is looked for: nothing is printed near but a tint that the scan shows evenly."""
        return self.blank.free if self.tint is None else self.blank.free | self.blank.tinted

    def _tinted_here(self, printed: Floats, tinted: NDArray[np.bool_], boxes: NDArray[Any] | slice) -> Floats:
        return printed if self.tint is None else printed + self.tint[boxes, None, None] * tinted

    @cached_property
    def strokes(self) -> Floats:
        """Share of each large box that pen strokes cover, seen as fields are, shape (n,); 0 for the others."""
        return pale_strokes(self.blank.large, self.moves_mm, self.to_scan, self.tone)

    def windows(self, boxes: NDArray[Any]) -> tuple[Floats, NDArray[np.bool_]]:
        """How much darker than the blank some boxes and all around are, SIDE_PX, and where nothing is printed near."""
        printed, free, tinted = self.blank.windows(boxes)
        seen = darkness_in(self.tone, self.places.of(boxes), SIDE_PX)
        return seen - self._tinted_here(printed, tinted, boxes), free if self.tint is None else free | tinted

    @cached_property
    def surroundings(self) -> Floats:
        """Every box with all that lies around it, shape (n, 30, 30), darkness 0..1."""
        return surroundings_in(self.half_tone, self.places, self.blank.large_boxes)

    def ink_around(self, boxes: NDArray[Any]) -> NDArray[np.bool_]:
        """Where there is ink around some boxes, in what `surroundings` shows, shape (n, 30, 30)."""
        free, tinted = self.blank.free_around[boxes], self.blank.tinted_around[boxes]
        printed = self._tinted_here(self.blank.surroundings[boxes], tinted, boxes)
        ink = self.surroundings[boxes] - printed > INK_DARK
        return np.asarray(ink & (free if self.tint is None else free | tinted))

    @cached_property
    def looks(self) -> Views:
        """What the network sees of the boxes that stir, in their order."""
        return self.views(np.flatnonzero(self.stirred))

    def views(self, boxes: NDArray[Any]) -> Views:
        """What the network sees of some boxes."""
        blank = self.blank
        views = Views(self.crops, blank.crops, self.surroundings, blank.surroundings).of(boxes)
        large = np.isin(boxes, blank.large_boxes)
        if large.any():
            for view, closer in zip(views, self._closer(boxes[large]), strict=True):
                view[large] = closer
        return views

    def _closer(self, boxes: NDArray[Any]) -> Views:
        """The views of large boxes: the square about the ink of each as if it were the box."""
        blank = self.blank
        beyond = (self.crops[boxes] - self.printed[boxes]) * self.free[boxes]
        ends = squares_about_ink(beyond, blank.size_mm[boxes]).ends_around(blank.centres_mm[boxes])
        here = windows_on(self.to_scan, (ends + self.moves_mm[boxes, None]).astype(np.float64), BOX_PX / 2)
        there = windows_on(TO_BLANK, ends.astype(np.float64), BOX_PX / 2)
        return Views(
            crops_in(self.tone, self.half_tone, here),
            crops_in(blank.tone, blank.half_tone, there),
            surroundings_in(self.half_tone, here),
            surroundings_in(blank.half_tone, there),
        )


def see(page: Page, scan: PreparedScan, blank: BlankBoxes) -> Sight:
    """Find every box of a page by its own frame, near where the page's field puts it."""
    moves, trust = displacements(page.field, blank.centres_mm)
    to_scan = to_scan_of(page, scan)
    scan = streakless(scan, TO_BLANK @ np.linalg.inv(to_scan), blank.tone)
    plain = tone_of(scan.grey, FINE_DPI, scan.half)
    windows = _box_windows(to_scan, blank, moves)
    near = darkness_in(plain, windows, CROP_PX + 2 * NEAR_PX)
    tone = Tone(plain.grey, plain.paper, _ink_level(near, blank))
    near = np.minimum(near / np.float32(tone.ink), 1)
    moves_px, found = _find_frames(near, blank.frames, tone, windows)
    shifts, fit, believed = box_shifts(moves_px, found, blank, trust)
    if believed < FRAMES_LOST:
        fit = np.maximum(fit, trust_between(page.field, blank.centres_mm))
    return Sight(blank, tone, scan.half, to_scan, moves + shifts, fit, believed)


def _find_frames(near: Floats, frames: Frames, tone: Tone, windows: Windows) -> tuple[Floats, Floats]:
    """Find frames in `near`, windows with NEAR_PX around, or else farther off.

    Returns how far each is moved, crop px, shape (n, 2), and its correlation, shape (n,).
    """
    moves_px, found, settled = match_near(near, frames)
    far = np.flatnonzero(~settled)
    if len(far):
        wide = darkness_in(tone, windows.of(far), CROP_PX + 2 * SEARCH_PX)
        moves_px[far], found[far] = match_far(wide, frames, far)
    return moves_px, found


def measure(page: Page, scan: PreparedScan, blank: BlankBoxes, weights: Weights) -> Measured:
    """Measure every box of a page."""
    sight = see(page, scan, blank)
    boxes = {
        **_probabilities(sight, weights),
        **ink_of(sight.crops, sight.printed, sight.free, sight.beyond),
        "bulge": bulge_of(sight.crops, blank.crops),
        "missing": missing_of(sight.crops, blank.crops, blank.own_print),
        "fit": sight.fit,
    }
    boxes["missing"][blackened(sight.crops, blank.grounds)] = 1
    boxes["darker"] = darker_of(sight.crops, blank.crops, boxes["p_marked"] < MARKED_ABOVE)
    boxes |= _beside(boxes, sight)
    boxes["ink"] = np.maximum(boxes["ink"], sight.strokes)
    boxes["lean_deg"] = _leans(boxes, sight)
    fields = measure_fields(blank.fields, _field_moves(page, sight), page.field, sight.to_scan, sight.tone)
    values = {name: np.concatenate([boxes[name], fields[name]]).astype(np.float64) for name in boxes}
    corners = np.concatenate([_box_corners(page, blank, sight.moves_mm), _field_corners(page, blank)])
    numbers = Numbers(
        page.image.digest, blank.names, values, _inside(page, corners), is_bilevel(page.image.grey)
    )
    is_settled = bool((values["fit"] >= SETTLED_FIT).all() and sight.believed >= SETTLED_SHARE)
    return Measured(numbers, sight.crops, corners, is_settled)


def _field_moves(page: Page, sight: Sight) -> Floats:
    """How far each field is moved, mm, shape (n, 2): a comb's cell to where its own frame is found."""
    blank, ends = sight.blank, sight.blank.field_ends_mm
    moves, _ = displacements(page.field, ends[:, 0])
    if not len(cells := blank.cells):
        return moves
    windows = windows_on(sight.to_scan, (ends + moves[:, None])[cells].astype(np.float64), BOX_PX / 2)
    near = darkness_in(sight.tone, windows, CROP_PX + 2 * NEAR_PX)
    moves_px, found = _find_frames(near, blank.cell_frames, sight.tone, windows)
    shifts = moves_px * blank.cell_size_mm / BOX_PX
    is_there = (found > FRAME_FOUND) & (np.linalg.norm(shifts, axis=1) < FARTHEST_MM)
    moves[cells[is_there]] += shifts[is_there]
    return moves


def _box_windows(to_scan: NDArray[np.float64], blank: BlankBoxes, moves_mm: Floats) -> Windows:
    """Where the crops of boxes, each moved, lie on the scan at 150 dpi."""
    ends = (blank.ends_mm + moves_mm[:, None]).astype(np.float64)
    return windows_on(to_scan, ends, BOX_PX / 2)


def to_scan_of(page: Page, scan: PreparedScan) -> NDArray[np.float64]:
    """Map blank mm to px of the scan at 150 dpi, before local displacements; 3 x 3."""
    scale = scan.fine_scale
    shrink = np.array(
        [[1 / scale, 0, (1 - scale) / (2 * scale)], [0, 1 / scale, (1 - scale) / (2 * scale)], [0, 0, 1]]
    )
    return shrink @ page.homography


def _ink_level(near: Floats, blank: BlankBoxes) -> float:
    """Tell how dark the scan's own printed ink is, as its boxes' frames show it: that is darkness 1."""
    places, printed = blank.printed
    if len(places) < 50:
        return 1.0
    seen = near[:, NEAR_PX:-NEAR_PX, NEAR_PX:-NEAR_PX].ravel()[places]
    level = float(percentile(seen / printed, 75))
    return float(np.clip(level, FAINTEST_PRINT, 1))


def box_shifts(
    moves_px: Floats, found: Floats, blank: BlankBoxes, trust: Floats
) -> tuple[Floats, Floats, float]:
    """Judge where each box's own frame was found, in crop px from where the field puts it, shape (n, 2).

    Returns shifts to add, mm, shape (n, 2), and fit, shape (n,): the agreement of the frame, or else of the print
    around, or the trust that frames on all sides give where a mark hides this one; and the share of frames that are
    believed. One that disagrees with its neighbours has slipped (a stroke was taken for it) and follows them.
    """
    centres = blank.centres_mm
    if not len(centres):
        return np.zeros((0, 2), np.float32), trust, 1.0
    moves = (moves_px * blank.size_mm / BOX_PX).astype(np.float32)
    good = (found > FRAME_FOUND) & (np.linalg.norm(moves, axis=1) < FARTHEST_MM)
    kept = believable(centres[good], moves[good], found[good], FRAME_OUTLIER_MM)
    believed = np.flatnonzero(good)[kept]
    around = Field(centres[believed], moves[believed], found[believed])
    shifts, nearby = displacements(around, centres)
    shifts[nearby < FRAME_FOUND / 2] = 0
    shifts[believed] = moves[believed]
    as_around = (
        np.linalg.norm(moves - shifts, axis=1) < FRAME_OUTLIER_MM
    )  # found weakly, but where it must be
    fit = np.where(as_around, np.maximum(trust, found), trust).astype(np.float32)
    hidden = np.flatnonzero(~good)
    fit[hidden] = np.maximum(fit[hidden], trust_between(around, centres[hidden]))
    return shifts, fit, len(believed) / len(centres)


def _probabilities(sight: Sight, weights: Weights) -> dict[str, Floats]:
    """Ask the network about each box; where the paper is as it was printed, it need not look: nobody meant anything."""
    found = np.zeros((len(sight.fit), 2), np.float32)
    found[sight.stirred] = probabilities(sight.looks, weights)
    return {"p_marked": found[:, 0], "p_black": found[:, 1]}


def _beside(measured: dict[str, Floats], sight: Sight) -> dict[str, Floats]:
    """Look at what lies around boxes, far beyond their crops: ink beside unmarked ones, and marks that go on.

    Of unmarked boxes it is asked whether a mark was set beside them; of those that are not clean, besides, who owns the
    ink around. Of boxes that are rather marked it is asked how far their ink goes on, where it leaves the crop.
    """
    p, residue = measured["p_marked"], measured["residue"]
    found = {name: np.zeros_like(p) for name in ("claimed", "aside", "runs_on")}
    is_marked = p >= MARKED_ABOVE
    marked, unmarked = np.flatnonzero(is_marked), np.flatnonzero(~is_marked)
    around = sight.ink_around(unmarked)
    worth = around.sum(axis=(1, 2)) > LEAST_BESIDE_PX
    worth &= sight.blank.shows_more
    beside = unmarked[worth]
    near = [sight.blank.extents_around(box, marked, CROP_PX, AROUND_BOX_PX) for box in beside.tolist()]
    found["aside"][beside] = aside(around[worth], near)
    ink = (sight.crops[marked] - sight.printed[marked] > INK_DARK) & sight.free[marked]
    leaving = marked[ink[:, :, CROP_SIDES].any(axis=(1, 2))]
    large = np.isin(np.arange(len(p)), sight.blank.large_boxes)
    is_open = (p > CLEAR_BELOW) & (residue > WORTH_INK) | (p > 0) & (residue > MUCH_INK)
    is_open |= large & (p > 0) & (residue > WORTH_LARGE)
    owned = np.flatnonzero(is_open & ~is_marked)
    if not len(owned) + len(leaving):
        return found
    added, free = sight.windows(np.concatenate([owned, leaving]))
    near = [sight.blank.extents_around(box, marked, SIDE_PX, BOX_PX) for box in owned.tolist()]
    found["claimed"][owned] = claimed(added[: len(owned)], free[: len(owned)], near)
    found["runs_on"][leaving] = runs_on(added[len(owned) :], free[len(owned) :])
    return found


def _leans(measured: dict[str, Floats], sight: Sight) -> Floats:
    """How far from upright the ink of boxes that are rather marked leans, degrees, shape (n,)."""
    found = np.full_like(measured["p_marked"], 90)
    asked = (measured["p_marked"] >= MARKED_ABOVE) & sight.stirred
    looks = sight.looks.of(asked[sight.stirred])
    size = sight.blank.size_mm.copy()
    size[sight.blank.large_boxes] = 1  # of these a square is looked at
    found[asked] = lean_of(looks.crops, darkest_print(looks.blanks), size[asked, 0] / size[asked, 1])
    return found


def _box_corners(page: Page, blank: BlankBoxes, moves_mm: Floats) -> Floats:
    """Map the outlines of boxes, each moved as a whole, to px of the scan, shape (n, 4, 2)."""
    outline = blank.outlines_mm
    if not len(outline):
        return np.zeros((0, 4, 2), np.float32)
    moved = (outline + moves_mm[:, None, :]).reshape(-1, 1, 2).astype(np.float64)
    return cv2.perspectiveTransform(moved, page.homography).reshape(outline.shape).astype(np.float32)


def _field_corners(page: Page, blank: BlankBoxes) -> Floats:
    """Map the outlines of fields, which are large, corner by corner."""
    outline = blank.field_outlines_mm
    if not len(outline):
        return np.zeros((0, 4, 2), np.float32)
    return to_pixels(page, outline.reshape(-1, 2)).reshape(outline.shape)


def _inside(page: Page, corners_px: Floats) -> NDArray[np.bool_]:
    """Whether the whole outline of each box lies on the scanned image."""
    height, width = page.image.grey.shape
    inside = (corners_px >= 0) & (corners_px <= np.array([width - 1, height - 1]))
    return np.asarray(inside.all(axis=(1, 2)))
