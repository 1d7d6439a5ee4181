"""A scan of a blank that lies askew -> its outlines and words on a level page, and its items back in their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.doors.pdf_print import Letter
from survey.learn.drafts.items import DraftItem
from survey.learn.printed.outlines import PX_MM, Outline, PageOutlines

MOST_TILT, LEAST_TILT = 0.035, 0.001  # as the slope of lines: two degrees; 0.2 mm across the page
FAR_MM = 20.0  # boxes nearer to each other say little of the page's lines
SLOPE_STEP = 0.001  # slopes so close to each other are one
FEWEST_PAIRS, MOST_BOXES = 6, 1200  # each is compared with each
SAME_SIZE_MM = 0.6

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Tilt:
    """How far a page is turned clockwise about its middle: the angle in radians, the middle in mm."""

    angle: float
    x_mm: float
    y_mm: float

    def turned(self, x_mm: float, y_mm: float, angle: float) -> tuple[float, float]:
        """Turn a point about the middle of the page."""
        across, down = x_mm - self.x_mm, y_mm - self.y_mm
        cos, sin = float(np.cos(angle)), float(np.sin(angle))
        return self.x_mm + across * cos - down * sin, self.y_mm + across * sin + down * cos

    def levelled(self, found: PageOutlines) -> PageOutlines:
        """Return what stands on the page where it stands on a level one."""
        return replace(
            found,
            small=tuple(self._outline(one, -self.angle) for one in found.small),
            areas=tuple(self._outline(one, -self.angle) for one in found.areas),
            letters=tuple(self._letter(one) for one in found.letters),
        )

    def level_picture(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the page's picture at 300 dpi turned level, with white at its corners."""
        if not self.angle:
            return picture
        middle = (self.x_mm / PX_MM, self.y_mm / PX_MM)
        turn = cv2.getRotationMatrix2D(middle, float(np.degrees(self.angle)), 1.0)
        size = (picture.shape[1], picture.shape[0])
        return np.asarray(cv2.warpAffine(picture, turn, size, borderValue=255), dtype=np.uint8)

    def put_back(self, item: DraftItem) -> DraftItem:
        """Return an item of the level page with its boxes where they stand on the page itself."""
        return item.moved(lambda outline: self._outline(outline, self.angle))

    def _outline(self, one: Outline, angle: float) -> Outline:
        x, y = self.turned(one.centre_mm, one.middle_mm, angle)
        return replace(one, x_mm=x - one.w_mm / 2, y_mm=y - one.h_mm / 2)

    def _letter(self, one: Letter) -> Letter:
        if one.quarters:
            return one
        at = one.x_mm + one.w_mm / 2, one.baseline_mm
        x, y = self.turned(*at, -self.angle)
        across, down = x - at[0], y - at[1]
        return replace(
            one,
            x_mm=one.x_mm + across,
            left_mm=one.left_mm + across,
            right_mm=one.right_mm + across,
            y_mm=one.y_mm + down,
            baseline_mm=one.baseline_mm + down,
        )


def find_tilt(boxes: Sequence[Outline], width_mm: float, height_mm: float) -> Tilt:
    """Find by how much a page is turned from the lines and columns that boxes of one size stand in."""
    few = boxes[:: len(boxes) // MOST_BOXES + 1]
    slopes = _slopes(np.array([[one.centre_mm, one.middle_mm, one.w_mm, one.h_mm] for one in few]))
    level = Tilt(0.0, width_mm / 2, height_mm / 2)
    if len(slopes) < FEWEST_PAIRS:
        return level
    slopes = np.sort(slopes)
    near = np.searchsorted(slopes, slopes + SLOPE_STEP) - np.searchsorted(slopes, slopes - SLOPE_STEP)
    usual = slopes[int(np.argmax(near))]
    slope = float(np.median(slopes[abs(slopes - usual) <= SLOPE_STEP]))
    return replace(level, angle=float(np.arctan(slope))) if abs(slope) >= LEAST_TILT else level


def _slopes(boxes: Floats) -> Floats:
    """Return the slopes of the lines through two boxes of a size, one beside or under the other; x, y, w, h in mm."""
    if len(boxes) < 2:
        return np.empty(0)
    first, second = np.triu_indices(len(boxes), 1)
    apart = boxes[second] - boxes[first]
    apart = apart[(abs(apart[:, 2:]) < SAME_SIZE_MM).all(axis=1)]
    across, down = apart[:, 0], apart[:, 1]
    in_line = (abs(across) > FAR_MM) & (abs(down) < MOST_TILT * abs(across))
    in_column = (abs(down) > FAR_MM) & (abs(across) < MOST_TILT * abs(down))
    return np.concatenate([down[in_line] / across[in_line], -across[in_column] / down[in_column]])
