"""Claims about the guess that pre-sorts combs: plain digits are read, dirt is none, training repeats."""

from __future__ import annotations

import numpy as np

from bench.train_digits import draw_cell, make_digits, train
from survey.reading.digits import SIDE_PX, guess_digits, likeliest_number, load_digit_weights, normalise
from survey.simulate.handwriting import write_digit
from survey.simulate.ink import draw_pen, lay_ink


def written(digit: int, seed: int) -> np.ndarray:
    """A digit in ballpoint inside a cell, as the simulator of returns writes it."""
    rng = np.random.default_rng(seed)
    ink = np.zeros((35, 24), np.float32)
    lay_ink(ink, 150 / 25.4, write_digit(str(digit), (0, 0, 4, 6), rng), draw_pen(rng, kind="ballpoint"), rng)
    return ink


def test_most_digits_of_simulated_returns_are_guessed() -> None:
    cells = [written(digit, seed) for seed in range(20) for digit in range(10)]
    guessed = guess_digits(cells, load_digit_weights())
    right = np.nanargmax(guessed, axis=1) == np.tile(np.arange(10), 20)
    assert right.mean() > 0.9
    assert np.allclose(guessed.sum(axis=1), 1, atol=1e-4)


def test_an_empty_cell_and_a_speck_are_no_digit() -> None:
    empty = np.zeros((35, 24), np.float32)
    speck = empty.copy()
    speck[10:12, 10:12] = 0.9
    assert np.isnan(guess_digits([empty, speck], load_digit_weights())).all()


def test_a_digit_looks_the_same_wherever_it_stands() -> None:
    ink = np.zeros((60, 60), np.float32)
    ink[5:40, 3:27] = written(5, 1)
    moved = np.roll(ink, (12, 20), axis=(0, 1))
    here, there = normalise(ink), normalise(moved)
    assert here is not None and there is not None and here.shape == (SIDE_PX, SIDE_PX)
    assert np.abs(here - there).max() < 1e-5


def test_a_number_is_as_sure_as_its_digits_together() -> None:
    sure = np.full((3, 10), np.nan, np.float32)
    sure[0], sure[2] = 0.01, 0.02
    sure[0, 4], sure[2, 7] = 0.9, 0.8
    number, p = likeliest_number(sure)
    assert number == "4 7" and np.isclose(p, 0.72)
    assert likeliest_number(np.full((2, 10), np.nan, np.float32)) == ("  ", 0.0)


def test_the_same_seed_trains_the_same_weights() -> None:
    one, again = (train(*make_digits(2, 3), 3) for _ in range(2))
    assert all(np.array_equal(vars(one)[name], vars(again)[name]) for name in vars(one))
    assert draw_cell(3, np.random.default_rng(1)).max() <= 1
