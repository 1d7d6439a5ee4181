"""Decisions about boxes + boxes as they lie now -> which box each is about: the one in its place on the paper."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from survey.tables import places_in, rows_by


def rows_decided(table: pd.DataFrame, boxes: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Find the row of a table each decision is about, -1 for none, and whether that box lay elsewhere then."""
    rows = _same_names(table, boxes)
    places = np.array([[float(number) for number in place.split() or NOWHERE] for place in boxes["place"]])
    places = places.reshape(-1, len(NOWHERE))
    moved = np.zeros(len(boxes), bool)
    elsewhere = ~np.isnan(places[:, 0])
    elsewhere &= (rows < 0) | ~_lie_there(table.iloc[rows], places)
    pages: Mapping[str, np.ndarray] = {}
    for at in np.flatnonzero(elsewhere):
        pages = pages or rows_by(table["page_digest"])
        here = pages[boxes["page_digest"].iloc[at]]
        there = here[_lie_there(table.iloc[here], places[[at]])]
        moved[at] = not len(there)
        rows[at] = there[0] if len(there) else rows[at]
    return rows, moved


NOWHERE = (float("nan"),) * 5


def _same_names(table: pd.DataFrame, boxes: pd.DataFrame) -> np.ndarray:
    """Find the row of a table with the page and box of each of some boxes, -1 for none."""
    (page, pages), (box, names) = (pd.factorize(boxes[column]) for column in ("page_digest", "box"))
    of_page, of_box = places_in(pages, table["page_digest"]), places_in(names, table["box"])
    there = np.flatnonzero((of_page >= 0) & (of_box >= 0))
    found = pd.Index((of_page * len(names) + of_box)[there]).get_indexer(page * len(names) + box)
    return np.where(found >= 0, there[found], -1) if len(there) else found


def _lie_there(table: pd.DataFrame, places: np.ndarray) -> np.ndarray:
    """Tell of each box whether its centre lies in an outline in which a box lay before.

    `places` are page, x, y, width and height in mm, shape (boxes, 5), or (1, 5) for all.
    """
    page, x, y, w, h = places.T
    across = table["x_mm"].to_numpy() + table["w_mm"].to_numpy() / 2 - x
    down = table["y_mm"].to_numpy() + table["h_mm"].to_numpy() / 2 - y
    there = (across >= 0) & (across <= w) & (down >= 0) & (down <= h)
    return np.asarray(there & (table["questionnaire_page"].to_numpy() == page))
