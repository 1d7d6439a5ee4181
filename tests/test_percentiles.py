"""Claims about percentiles: they are NumPy's."""

from __future__ import annotations

import numpy as np
import pytest

from survey.reading.percentiles import median, percentile


@pytest.mark.parametrize("length", [1, 2, 7, 144])
def test_percentiles_of_rows_are_those_of_numpy(length: int) -> None:
    rows = np.random.default_rng(length).normal(size=(2, 5, length)).astype(np.float32)
    for percent in (0, 50, 75, 90, 100):
        assert percentile(rows, percent) == pytest.approx(np.percentile(rows, percent, axis=-1), abs=1e-6)
    assert median(rows[0, 0]) == pytest.approx(np.median(rows[0, 0]), abs=1e-6)
