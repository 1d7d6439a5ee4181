"""A blank page -> how each of its boxes looks unmarked, and where ink would be its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.reading.claims import SIDE_PX, Extent
from survey.reading.darkness import Tone, darkest_in, darkness_in, halved, tone_of
from survey.reading.fields import TEXT_ABOVE_MM, WrittenField, prepare_field
from survey.reading.frames import Frames, frames_of
from survey.reading.ink import (
    AROUND_TIMES,
    BOX_PX,
    FREE_OF_PRINT,
    darkest_print,
    free_of_print,
    grounds_of,
    on_tint,
    own_print,
)
from survey.reading.network import CROP_PX
from survey.reading.prepare import FINE_DPI
from survey.reading.windows import Windows

LARGE_MM = 9.0  # longer side of a box over which a px of its crop is wider than a pen's stroke
AROUND_NEAR_PX = 3  # in a box's surroundings a px shows twice as much, and print is looked for half as far
OWN_SHARE = 0.5  # of its box a point lies from the middle at the most
PRINT_DARK = 0.35  # darkness of the blank from which a pixel tells how dark print is on the scan

NONE_LARGE = np.zeros(0, np.intp)  # no box is

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
    def half_tone(self) -> Tone:
        """The same at half its resolution."""
        return halved(self.tone)

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
        return _ends_of(self.boxes)

    @cached_property
    def field_ends_mm(self) -> Floats:
        """The same of each field, shape (n, 3, 2)."""
        return _ends_of(self.written)

    def extents_around(self, box: int, others: NDArray[np.intp], side: int, box_px: float) -> list[Extent]:
        """Where other boxes lie around one, px, in a window of `side` px that shows it `box_px` wide in its middle.

        Those of which nothing lies there are left out.
        """
        ends = (self.outlines_mm[others][:, [0, 2]] - self.centres_mm[box]) / self.size_mm[box]
        px = (side / 2 + box_px * ends).reshape(-1, 4)
        there = (px[:, :2] < side).all(axis=1) & (px[:, 2:] > 0).all(axis=1)
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
        places = np.flatnonzero(self.sampled > PRINT_DARK)
        return places, self.sampled.ravel()[places]

    @cached_property
    def sampled(self) -> Floats:
        """The crops without a thought for thin strokes in large boxes: as frames are looked for, shape (n, 30, 30)."""
        return darkness_in(self.tone, self.places, CROP_PX) if len(self.large_boxes) else self.crops

    @cached_property
    def free(self) -> NDArray[np.bool_]:
        """Where nothing is printed near, and no other box lies: ink in there is that box's; shape (n, 30, 30)."""
        return free_of_print(self.crops) & ~self.others

    @cached_property
    def others(self) -> NDArray[np.bool_]:
        """What of the crops lies in another box, shape (n, 30, 30)."""
        return _in_other_boxes(self.boxes)

    @cached_property
    def others_around(self) -> NDArray[np.bool_]:
        """The same of the surroundings, shape (n, 30, 30)."""
        return _in_other_boxes(self.boxes, AROUND_TIMES)

    @cached_property
    def free_around(self) -> NDArray[np.bool_]:
        """Where the surroundings are free so, shape (n, 30, 30)."""
        return free_of_print(self.surroundings, AROUND_NEAR_PX) & ~self.others_around

    @cached_property
    def shows_more(self) -> bool:
        """Whether the blank prints anything near boxes but boxes: a stand-in does not, and its paper may."""
        boxes = self.others_around | ((own := _own_px(AROUND_TIMES))[:, None] & own)
        framed = [cv2.dilate(one.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0 for one in boxes]
        printed = self.surroundings > FREE_OF_PRINT
        return bool((printed & ~np.array(framed, bool).reshape(printed.shape)).any())

    @cached_property
    def tinted(self) -> NDArray[np.bool_]:
        """Where in the crops only an even tint is printed near, and no other box lies, shape (n, 30, 30)."""
        return on_tint(self.crops) & ~self.others

    @cached_property
    def tinted_around(self) -> NDArray[np.bool_]:
        """The same of the surroundings, shape (n, 30, 30)."""
        return on_tint(self.surroundings, AROUND_NEAR_PX) & ~self.others_around

    def windows(self, which: NDArray[np.intp]) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
        """Some boxes with what is printed far around them, where there is none near, and where an even tint is.

        Shape (n, 90, 90) each.
        """
        new = [box for box in which.tolist() if box not in self._windows]
        if new:
            printed = darkness_in(self.tone, self.places.of(np.array(new)), SIDE_PX)
            shown = zip(printed, free_of_print(printed), on_tint(printed), strict=True)
            self._windows.update(zip(new, shown, strict=True))
        known = [self._windows[box] for box in which.tolist()]
        free, tinted = (np.stack([one[column] for one in known]) for column in (1, 2))
        return np.stack([one[0] for one in known]), free.astype(bool), tinted.astype(bool)

    @cached_property
    def _windows(self) -> dict[int, tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]]:
        """Those that were asked for before, by box: most are asked for again on other scans."""
        return {}

    @cached_property
    def own_print(self) -> NDArray[np.bool_]:
        """Which px carry a box's own print, shape (n, 30, 30)."""
        return own_print(self.crops)

    @cached_property
    def grounds(self) -> Floats:
        """How dark the ground of each box is, shape (n,)."""
        return grounds_of(self.crops)

    @cached_property
    def darkest(self) -> Floats:
        """The darkest print within a pixel, shape (n, 30, 30)."""
        return darkest_print(self.crops)

    @cached_property
    def frames(self) -> Frames:
        """What is printed in and around each box."""
        return frames_of(self.sampled)

    @cached_property
    def large_boxes(self) -> NDArray[np.intp]:
        """The boxes so large that a crop shows thin strokes in them badly, by number."""
        return large_of(self.boxes)

    @cached_property
    def large(self) -> dict[int, WrittenField]:
        """These, by number, as fields to write in."""
        places = self.boxes[["x_mm", "y_mm", "w_mm", "h_mm"]].to_numpy(np.float64)
        return {int(box): prepare_field(places[box], self.tone) for box in self.large_boxes}

    @cached_property
    def fields(self) -> list[WrittenField]:
        """Where each field for handwriting is looked at."""
        places = self.written[["x_mm", "y_mm", "w_mm", "h_mm"]].to_numpy(float)
        return [prepare_field(place, self.tone) for place in places]

    @cached_property
    def cells(self) -> NDArray[np.intp]:
        """The fields so small that their own frames tell where they lie, by number."""
        return np.flatnonzero(_pair(self.written, "w", "h").max(axis=1, initial=0) <= TEXT_ABOVE_MM)

    @cached_property
    def cell_size_mm(self) -> Floats:
        """Width and height of each of these, shape (n, 2)."""
        return _pair(self.written, "w", "h")[self.cells]

    @cached_property
    def cell_frames(self) -> Frames:
        """What is printed in and around each of these."""
        return frames_of(darkness_in(self.tone, blank_windows(self.written.iloc[self.cells]), CROP_PX))

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


def _ends_of(boxes: pd.DataFrame) -> Floats:
    """Centre, middle of the right edge and middle of the lower edge of each box, shape (n, 3, 2)."""
    centres, right, below = _centres_mm(boxes), _pair(boxes, "w", "h") / 2, _pair(boxes, "w", "h") / 2
    right[:, 1], below[:, 0] = 0, 0
    return np.stack([centres, centres + right, centres + below], 1)


def _in_other_boxes(boxes: pd.DataFrame, times: float = 1) -> NDArray[np.bool_]:
    """Tell which points of each box's crop, or of one that shows so many times as much, lie in another one.

    Shape (n, 30, 30).
    """
    steps = _steps(times)
    low, size = _pair(boxes, "x", "y"), _pair(boxes, "w", "h")
    points, high = _centres_mm(boxes)[:, None] + size[:, None] * steps[:, None], low + size
    reaches_in = (low[None] < points[:, None, -1]) & (high[None] > points[:, None, 0])
    others = np.zeros((len(boxes), CROP_PX, CROP_PX), bool)
    for one, other in np.argwhere(reaches_in.all(axis=2) & ~np.eye(len(boxes), dtype=bool)):
        across, down = ((points[one] > low[other]) & (points[one] < high[other])).T
        others[one] |= across & down[:, None]
    own = _own_px(times)
    others[:, own[:, None] & own] = False
    return others


def _steps(times: float) -> Floats:
    """How far each px of a crop that shows so many times as much lies from its middle, boxes, shape (30,)."""
    return np.asarray((np.arange(CROP_PX) - (CROP_PX - 1) / 2) / BOX_PX * times, np.float32)


def _own_px(times: float) -> NDArray[np.bool_]:
    """Which of them lie in the box itself."""
    return np.asarray(np.abs(_steps(times)) < OWN_SHARE)


def prepare_boxes(page: int, grey_150: Grey, boxes: pd.DataFrame, handwritten: frozenset[str]) -> BlankBoxes:
    """Cut the crops of a blank page's boxes. `handwritten` names the items whose boxes are fields to write in."""
    here = boxes[boxes["page"] == page]
    is_field = here["item"].isin(handwritten)
    marks, fields = here[~is_field].reset_index(drop=True), here[is_field].reset_index(drop=True)
    tone = tone_of(grey_150, FINE_DPI)
    half, windows, large = halved(tone), blank_windows(marks), large_of(marks)
    crops = crops_in(tone, half, windows, large)
    return BlankBoxes(marks, fields, crops, surroundings_in(half, windows, large), tone)


def large_of(boxes: pd.DataFrame) -> NDArray[np.intp]:
    """Which boxes are so large that thin strokes would be lost between the pixels of a crop."""
    return np.flatnonzero(_pair(boxes, "w", "h").max(axis=1, initial=0) > LARGE_MM)


def crops_in(tone: Tone, half: Tone, places: Windows, large: NDArray[np.intp] = NONE_LARGE) -> Floats:
    """Cut crops of boxes, shape (n, 30, 30), darkness 0..1; `half` is `tone` at half its resolution.

    `large` numbers the boxes in whose crops each px shows the darkest of what lies around it.
    """
    crops = darkness_in(tone, places, CROP_PX)
    if len(large):
        crops[large] = darkest_in(half, places.of(large).halved(), CROP_PX)
    return crops


def surroundings_in(half: Tone, places: Windows, large: NDArray[np.intp] = NONE_LARGE) -> Floats:
    """Cut the same with all that lies around each box."""
    around = places.widened(AROUND_TIMES).halved()
    seen = darkness_in(half, around, CROP_PX)
    if len(large):
        seen[large] = darkest_in(half, around.of(large), CROP_PX)
    return seen


def outlines_of(boxes: pd.DataFrame) -> Floats:
    """Return the outlines of boxes, mm, shape (n, 4, 2), clockwise from the top left."""
    x, y, w, h = (_column(boxes, name) for name in "xywh")
    return np.stack([np.stack(pair, 1) for pair in [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]], 1)
