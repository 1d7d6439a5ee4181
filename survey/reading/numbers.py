"""What was measured on many pages -> the table MEASUREMENTS, built once: a table a page would double its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.tables import MEASUREMENTS


@dataclass(frozen=True)
class Numbers:
    """The MEASUREMENTS of one page, not yet a table: a row a box, the boxes to mark first, then the fields."""

    page_digest: str
    boxes: tuple[str, ...]
    values: dict[str, NDArray[np.float64]]
    """By the column's name, shape (n,)."""
    inside: NDArray[np.bool_]
    bilevel: bool


def measurements_of(pages: Sequence[Numbers]) -> pd.DataFrame:
    """Build MEASUREMENTS of several pages at once: a table a page would take as long as measuring it."""
    if not pages:
        return MEASUREMENTS.frame()
    digests = np.repeat([page.page_digest for page in pages], [len(page.boxes) for page in pages])
    numbers = {name: np.concatenate([page.values[name] for page in pages]) for name in pages[0].values}
    inside = np.concatenate([page.inside for page in pages])
    bilevel = np.repeat([page.bilevel for page in pages], [len(page.boxes) for page in pages])
    boxes = [box for page in pages for box in page.boxes]
    return MEASUREMENTS.frame(
        pd.DataFrame({"page_digest": digests, "box": boxes, **numbers, "inside": inside, "bilevel": bilevel})
    )
