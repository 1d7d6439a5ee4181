"""Claims about what the network learns from: tiles repeat, are seen as pages are, and their ink is what is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.tiles import (
    BRIGHTNESS,
    PX_PER_MM,
    TILE_MM,
    Hand,
    any_handling,
    dithered,
    draw_style,
    lay_page,
    make_tile,
    mark_tile,
    office_handling,
    print_tile,
    scan_tile,
)  # fmt: skip
from survey.reading.register import to_pixels
from survey.simulate.habits import draw_habit
from survey.simulate.paper import locate

SIZE = (TILE_MM, TILE_MM)


def test_the_same_seed_makes_the_same_tile() -> None:
    one, again = (make_tile(np.random.default_rng([3, 1])) for _ in range(2))
    assert len(one.meant) > 3
    assert all(np.array_equal(*pair, equal_nan=True) for pair in zip(one, again, strict=True))


def test_marked_boxes_of_a_tile_hold_more_ink_than_its_others_beyond_what_the_blank_prints() -> None:
    more = []
    for number in range(12):
        tile = make_tile(np.random.default_rng([4, number]))
        views = tile.views.astype(float) / BRIGHTNESS
        beyond = np.clip(views[:, 0] - views[:, 1], 0, 1)[:, 6:-6, 6:-6].mean(axis=(1, 2))
        assert views.shape[1:] == (4, 30, 30)
        if {0, 1} <= set(tile.meant):
            more.append(beyond[tile.meant == 1].mean() > beyond[tile.meant == 0].mean())
    assert len(more) >= 10
    assert all(more)


def test_only_a_box_with_ink_is_asked_whether_it_was_blacked_out() -> None:
    tile = make_tile(np.random.default_rng([5, 2]))
    drawn = tile.meant[~np.isnan(tile.black)]
    assert len(drawn) and (drawn == 1).all()
    assert set(tile.meant[np.isnan(tile.black)]) <= {np.float32(0), np.float32(0.3)}
    assert (tile.meant[tile.black == 1] == 1).all()


@pytest.mark.parametrize("number", range(6))
def test_a_tile_is_laid_on_its_blank_within_half_a_millimetre(number: int) -> None:
    """As near as registration puts a page; each box then finds its own frame."""
    rng = np.random.default_rng([6, number])
    handling = replace((office_handling if number % 2 else any_handling)(rng), folds=())
    side = round(TILE_MM * handling.dpi / 25.4)
    grey = scan_tile(
        np.zeros((side, side), np.float32), np.zeros((side, side), np.float32), "grey", handling, 1
    )
    blank = np.full((330, 330), 255, np.uint8)
    page = lay_page(grey, blank, handling, rng)
    places = rng.uniform(5, TILE_MM - 5, (20, 2)).astype(np.float32)
    away = to_pixels(page, places) - locate(places.astype(float), handling, SIZE)
    assert grey.shape == (side, side)
    assert np.linalg.norm(away, axis=1).max() * 25.4 / handling.dpi < 0.5


def test_an_offices_people_mark_as_the_simulated_ones_do() -> None:
    rng = np.random.default_rng(7)
    style = draw_style(rng)
    _, printed, boxes = print_tile(style, rng)
    hand = Hand(np.zeros(printed.shape, np.float32), PX_PER_MM, rng)
    meant, _, colour = mark_tile(hand, boxes, style, office=True)
    assert colour in {draw_habit(np.random.default_rng(seed)).pen.colour for seed in range(60)}
    assert bool(hand.canvas.any()) == bool(meant.any())


def test_a_dithered_scan_has_dots_where_it_was_grey_and_is_as_dark_all_over() -> None:
    grey = np.tile(np.linspace(20, 235, 240).astype(np.uint8), (240, 1))
    seen = {tuple(np.unique(dithered(grey, np.random.default_rng(seed)))) for seed in range(8)}
    assert seen == {(0, BRIGHTNESS)}
    for seed in range(8):
        dots = dithered(np.full((240, 240), 128, np.uint8), np.random.default_rng([7, seed]))
        assert 0.4 < (dots == 0).mean() < 0.6 or (dots == BRIGHTNESS).all(), (
            "a page as pale is taken for paper"
        )
