"""A blank page -> how each of its boxes looks unmarked, and where ink would be its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.reading.claims import SIDE_PX, Extent
from survey.reading.darkness import Tone, darkness_in, halved, tone_of
from survey.reading.fields import WrittenField, prepare_field
from survey.reading.frames import Frames, frames_of
from survey.reading.ink import BOX_PX, darkest_print, free_of_print, own_print
from survey.reading.network import CROP_PX
from survey.reading.prepare import FINE_DPI
from survey.reading.windows import Windows

LARGE_MM = 9.0  # longer side of a box over which a px of its crop is wider than a pen's stroke
AROUND_TIMES = (
    2  # the crop of a box's surroundings shows so many times what its own shows: thrice the box's size
)
PRINT_DARK = 0.35  # darkness of the blank from which a pixel tells how dark print is on the scan

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class BlankBoxes:
    """The boxes of one blank page and how each looks unmarked: crops of shape (n, 30, 30), darkness 0..1."""

    boxes: pd.DataFrame
    written: pd.DataFrame
    """Fields for handwriting: comb cells and free text."""
    crops: Floats
    surroundings: Floats
    """The same with all that is printed around."""
    tone: Tone

    @cached_property
    def centres_mm(self) -> Floats:
        """Centres of the boxes, shape (n, 2)."""
        return _centres_mm(self.boxes)

    @cached_property
    def size_mm(self) -> Floats:
        """Width and height of the boxes, shape (n, 2)."""
        return _pair(self.boxes, "w", "h")

    @cached_property
    def ends_mm(self) -> Floats:
        """Centre, middle of the right edge and middle of the lower edge of each box, shape (n, 3, 2)."""
        right, below = self.size_mm / 2, self.size_mm / 2
        right[:, 1], below[:, 0] = 0, 0
        return np.stack([self.centres_mm, self.centres_mm + right, self.centres_mm + below], 1)

    def extents_around(self, box: int, others: NDArray[np.intp]) -> list[Extent]:
        """Where other boxes lie in the window around one, px; those of which nothing lies there are left out."""
        ends = (self.outlines_mm[others][:, [0, 2]] - self.centres_mm[box]) / self.size_mm[box]
        px = (SIDE_PX / 2 + BOX_PX * ends).reshape(-1, 4)
        there = (px[:, :2] < SIDE_PX).all(axis=1) & (px[:, 2:] > 0).all(axis=1)
        return [Extent(*extent) for extent in px[there]]

    @cached_property
    def places(self) -> Windows:
        """Where the boxes' crops lie on the blank's render."""
        return blank_windows(self.boxes)

    @cached_property
    def outlines_mm(self) -> Floats:
        """Outlines of the boxes, shape (n, 4, 2)."""
        return outlines_of(self.boxes)

    @cached_property
    def field_outlines_mm(self) -> Floats:
        """Outlines of the fields, shape (n, 4, 2)."""
        return outlines_of(self.written)

    @cached_property
    def printed(self) -> tuple[NDArray[np.intp], Floats]:
        """Which pixels of the crops carry print, as places in all of them, and how dark it is."""
        places = np.flatnonzero(self.crops > PRINT_DARK)
        return places, self.crops.ravel()[places]

    @cached_property
    def free(self) -> NDArray[np.bool_]:
        """Where nothing is printed near, and no other box lies: ink in there is that box's; shape (n, 30, 30)."""
        return free_of_print(self.crops) & ~_in_other_boxes(self.boxes)

    def windows(self, which: NDArray[np.intp]) -> tuple[Floats, NDArray[np.bool_]]:
        """Some boxes with what is printed far around them, and where there is none near, shape (n, 90, 90) each."""
        new = [box for box in which.tolist() if box not in self._windows]
        if new:
            printed = darkness_in(self.tone, self.places.of(np.array(new)), SIDE_PX)
            self._windows.update(zip(new, zip(printed, free_of_print(printed), strict=True), strict=True))
        known = [self._windows[box] for box in which.tolist()]
        return np.stack([printed for printed, _ in known]), np.stack([free for _, free in known])

    @cached_property
    def _windows(self) -> dict[int, tuple[Floats, NDArray[np.bool_]]]:
        """Those that were asked for before, by box: most are asked for again on other scans."""
        return {}

    @cached_property
    def own_print(self) -> NDArray[np.bool_]:
        """Which px carry a box's own print, shape (n, 30, 30)."""
        return own_print(self.crops)

    @cached_property
    def darkest(self) -> Floats:
        """The darkest print within a pixel, shape (n, 30, 30)."""
        return darkest_print(self.crops)

    @cached_property
    def frames(self) -> Frames:
        """What is printed in and around each box."""
        return frames_of(self.crops)

    @cached_property
    def large(self) -> dict[int, WrittenField]:
        """The boxes so large that a crop shows thin strokes in them badly, by number, as fields to write in."""
        places = self.boxes[["x_mm", "y_mm", "w_mm", "h_mm"]].to_numpy(np.float64)
        return {
            int(box): prepare_field(places[box], self.tone)
            for box in np.flatnonzero(self.size_mm.max(axis=1, initial=0) > LARGE_MM)
        }

    @cached_property
    def fields(self) -> list[WrittenField]:
        """Where each field for handwriting is looked at."""
        places = self.written[["x_mm", "y_mm", "w_mm", "h_mm"]].to_numpy(float)
        return [prepare_field(place, self.tone) for place in places]

    @cached_property
    def areas_mm2(self) -> Floats:
        """Areas of the boxes, then of the fields, shape (n + m,)."""
        return np.concatenate(
            [_column(part, "w") * _column(part, "h") for part in (self.boxes, self.written)]
        )

    @cached_property
    def all_outlines_mm(self) -> Floats:
        """Outlines of the boxes, then of the fields, shape (n + m, 4, 2)."""
        return np.concatenate([self.outlines_mm, self.field_outlines_mm])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the boxes, then of the fields."""
        return (*self.boxes["box"], *self.written["box"])


def _column(boxes: pd.DataFrame, name: str) -> Floats:
    return boxes[f"{name}_mm"].to_numpy(np.float32)


def blank_windows(boxes: pd.DataFrame) -> Windows:
    """Where the crops of boxes lie on their blank's render at 150 dpi: a box fills the middle BOX_PX of CROP_PX.

    It does so in both directions, whatever its size and shape.
    """
    size, centres = _pair(boxes, "w", "h").astype(np.float64), _centres_mm(boxes).astype(np.float64)
    middles, step = centres * (FINE_DPI / 25.4) - 0.5, size / BOX_PX * (FINE_DPI / 25.4)
    return Windows(np.stack([middles, step * (1, 0), step * (0, 1)], axis=1))


def _pair(boxes: pd.DataFrame, one: str, other: str) -> Floats:
    return np.stack([_column(boxes, one), _column(boxes, other)], 1)


def _centres_mm(boxes: pd.DataFrame) -> Floats:
    return np.asarray(_pair(boxes, "x", "y") + _pair(boxes, "w", "h") / 2)


def _in_other_boxes(boxes: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which points of each box's crop lie in another one, shape (n, 30, 30)."""
    steps = (np.arange(CROP_PX, dtype=np.float32) - (CROP_PX - 1) / 2) / BOX_PX
    low, size = _pair(boxes, "x", "y"), _pair(boxes, "w", "h")
    points, high = _centres_mm(boxes)[:, None] + size[:, None] * steps[:, None], low + size
    reaches_in = (low[None] < points[:, None, -1]) & (high[None] > points[:, None, 0])
    others = np.zeros((len(boxes), CROP_PX, CROP_PX), bool)
    for one, other in np.argwhere(reaches_in.all(axis=2) & ~np.eye(len(boxes), dtype=bool)):
        across, down = ((points[one] > low[other]) & (points[one] < high[other])).T
        others[one] |= across & down[:, None]
    margin = (CROP_PX - BOX_PX) // 2
    others[:, margin:-margin, margin:-margin] = False
    return others


def prepare_boxes(page: int, grey_150: Grey, boxes: pd.DataFrame, handwritten: frozenset[str]) -> BlankBoxes:
    """Cut the crops of a blank page's boxes. `handwritten` names the items whose boxes are fields to write in."""
    here = boxes[boxes["page"] == page]
    is_field = here["item"].isin(handwritten)
    marks, fields = here[~is_field].reset_index(drop=True), here[is_field].reset_index(drop=True)
    tone = tone_of(grey_150, FINE_DPI)
    windows = blank_windows(marks)
    around = darkness_in(halved(tone), windows.widened(AROUND_TIMES).halved(), CROP_PX)
    return BlankBoxes(marks, fields, darkness_in(tone, windows, CROP_PX), around, tone)


def outlines_of(boxes: pd.DataFrame) -> Floats:
    """Return the outlines of boxes, mm, shape (n, 4, 2), clockwise from the top left."""
    x, y, w, h = (_column(boxes, name) for name in "xywh")
    return np.stack([np.stack(pair, 1) for pair in [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]], 1)
