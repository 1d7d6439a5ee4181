"""Claims about windows: they show what lies at their place, however the sheet lies, and kernels are found in them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from survey.reading.windows import products, sample, sample_darkest, spread_rows, windows_on

RNG = np.random.default_rng(3)
GREY = cv2.GaussianBlur(RNG.integers(0, 256, (200, 300), np.uint8), (0, 0), 3).astype(np.uint8)


def ends(middles: np.ndarray, steps: float) -> np.ndarray:
    return middles[:, None] + np.array([(0, 0), (steps, 0), (0, steps)])


def test_a_window_that_lies_straight_is_a_piece_of_the_image() -> None:
    windows = windows_on(np.eye(3), ends(np.array([[50.0, 60.0], [120.0, 90.0]]), 4), 4)
    seen = sample(GREY, windows, 21)
    assert (seen[0] == GREY[50:71, 40:61]).all()
    assert (seen[1] == GREY[80:101, 110:131]).all()


def test_a_turned_window_shows_what_a_turned_image_shows_there() -> None:
    turn = np.vstack([cv2.getRotationMatrix2D((150, 100), 12, 1.1), [0, 0, 1]])
    laid = cv2.warpPerspective(GREY, turn, (300, 200), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    seen = sample(GREY, windows_on(turn, ends(np.array([[150.0, 100.0]]), 10), 10), 31)
    assert np.abs(seen[0].astype(int) - laid[85:116, 135:166]).max() <= 2


def test_outside_the_image_is_white() -> None:
    seen = sample(
        np.zeros((50, 50), np.uint8), windows_on(np.eye(3), ends(np.array([[0.0, 25.0]]), 5), 5), 11
    )
    assert (seen[0, :, :5] == 255).all()
    assert (seen[0, :, 5:] == 0).all()


def test_windows_of_half_the_image_and_wider_ones_show_the_same_place() -> None:
    windows = windows_on(np.eye(3), ends(np.array([[100.5, 80.5]]), 6), 6)
    half = cv2.resize(GREY, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    wide = sample(half.astype(np.uint8), windows.widened(2).halved(), 21)
    assert (wide[0] == half[30:51, 40:61]).all()
    assert not len(sample(GREY, windows.of(np.zeros(1, bool)), 21))


def test_no_line_is_lost_between_pixels_that_lie_far_apart() -> None:
    page = np.full((300, 900), 255, np.uint8)
    page[:, 400:402] = 200
    page[149:151] = 100
    wide = windows_on(np.eye(3), np.array([[(450.0, 150), (474, 150), (450, 154)]]), 1)  # of 24 x 4 px
    kept = sample_darkest(page, wide.of(np.zeros(700, int)), 21, (24, 4))
    assert sample(page, wide, 21).min(axis=(0, 1)).tolist() == [100] * 21, "the upright line is lost"
    assert kept.shape == (700, 21, 21)
    assert (kept == kept[0]).all()
    assert ((kept[0] < 255).sum(axis=0) > 2).nonzero()[0].tolist() == [8]
    assert kept[0].min(axis=1)[10] == 100
    assert (kept[0, :, 8] <= 200).all(), "as dark as it is"


def test_kernels_are_multiplied_at_every_shift() -> None:
    windows = RNG.random((3, 9, 9)).astype(np.float32)
    kernels = RNG.random((3, 5, 5)).astype(np.float32)
    found = products(windows, spread_rows(kernels, 9))
    wanted = np.stack([cv2.matchTemplate(*pair, cv2.TM_CCORR) for pair in zip(windows, kernels, strict=True)])
    assert found == pytest.approx(wanted, rel=1e-5)
