"""Claims about finding a box's printed frame: near by at nine places, further off at all, and never where none is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from survey.reading.frames import FRAME_FOUND, NEAR_PX, SEARCH_PX, frames_of, match_far, match_near
from survey.reading.network import CROP_PX

Floats = NDArray[np.float32]


def frame(x: float = 0, y: float = 0, room_px: int = 0) -> Floats:
    """Draw a box's frame, smoothed, moved by some px, with room around; a word beside it breaks the symmetry."""
    side = CROP_PX + 2 * room_px
    rows, columns = np.mgrid[0:side, 0:side].astype(np.float32) - room_px
    rows, columns = rows - y - 14.5, columns - x - 14.5
    ring = np.maximum(np.abs(rows), np.abs(columns))
    word = (np.abs(rows - 3) < 2) & (columns > 12)
    return np.maximum(np.clip(1.5 - np.abs(ring - 9), 0, 1), word * 0.5).astype(np.float32)


BLANK = frames_of(np.stack([frame(), frame(), np.zeros((CROP_PX, CROP_PX), np.float32)]))


@pytest.mark.parametrize("moved", [(0.0, 0.0), (0.3, -0.4), (-0.45, 0.1)])
def test_a_frame_less_than_half_a_pixel_off_is_settled_at_nine_places(moved: tuple[float, float]) -> None:
    seen = frame(*moved, NEAR_PX)
    moves, found, settled = match_near(np.stack([seen, seen, seen]), BLANK)
    assert settled.tolist() == [True, True, False]
    assert moves[0] == pytest.approx(moved, abs=0.1)
    assert found[0] > FRAME_FOUND


def test_both_ways_find_the_same_place() -> None:
    moved = (0.3, -0.2)
    near, _, _ = match_near(np.stack([frame(*moved, NEAR_PX)] * 3), BLANK)
    far, _ = match_far(np.stack([frame(*moved, SEARCH_PX)] * 2), BLANK, np.array([0, 1]))
    assert near[:2] == pytest.approx(far, abs=1e-3)


@pytest.mark.parametrize("moved", [(2.0, 0.0), (-3.2, 2.5), (0.0, 1.4)])
def test_a_frame_further_off_is_not_settled_near_by_and_is_found(moved: tuple[float, float]) -> None:
    _, _, settled = match_near(np.stack([frame(*moved, NEAR_PX)] * 3), BLANK)
    assert not settled.any()
    moves, found = match_far(np.stack([frame(*moved, SEARCH_PX)]), BLANK, np.array([1]))
    assert moves[0] == pytest.approx(moved, abs=0.15)
    assert found[0] > FRAME_FOUND


def test_lines_that_slide_along_themselves_have_not_moved() -> None:
    lines = np.zeros((CROP_PX, CROP_PX), np.float32)
    lines[6], lines[23] = 1, 1
    rng = np.random.default_rng(0)
    seen = np.pad(lines, ((SEARCH_PX, SEARCH_PX), (0, 0)))
    seen = np.repeat(seen[:, :1], CROP_PX + 2 * SEARCH_PX, axis=1)
    noisy = np.stack([seen + rng.normal(0, 0.03, seen.shape) for _ in range(20)]).astype(np.float32)
    moves, found = match_far(noisy, frames_of(np.stack([lines] * 20)), np.arange(20))
    assert np.abs(moves).max() < NEAR_PX
    assert found.min() > FRAME_FOUND


def test_where_the_blank_prints_nothing_no_frame_is_found() -> None:
    moves, found = match_far(np.stack([frame(0, 0, SEARCH_PX)]), BLANK, np.array([2]))
    assert found[0] == 0
    assert moves[0].tolist() == [0, 0]


def test_an_even_grey_crop_agrees_with_nothing() -> None:
    _, found, settled = match_near(np.full((3, CROP_PX + 2, CROP_PX + 2), 0.4, np.float32), BLANK)
    assert not settled.any()
    assert found == pytest.approx(0, abs=0.05)


def test_a_page_without_boxes_has_no_frames() -> None:
    none = frames_of(np.zeros((0, CROP_PX, CROP_PX), np.float32))
    moves, found, settled = match_near(np.zeros((0, CROP_PX + 2, CROP_PX + 2), np.float32), none)
    assert (moves.shape, found.shape, settled.shape) == ((0, 2), (0,), (0,))
