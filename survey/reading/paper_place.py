"""Decisions about boxes + boxes as they lie now -> which box each is about: the one in its place on the paper."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd


def rows_decided(table: pd.DataFrame, boxes: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Find the row of a table each decision is about, -1 for none, and whether that box lay elsewhere then."""
    keys = pd.MultiIndex.from_frame(table[["page_digest", "box"]])
    rows = keys.get_indexer(pd.MultiIndex.from_frame(boxes[["page_digest", "box"]]))
    moved = np.zeros(len(boxes), bool)
    pages: Mapping[object, np.ndarray] = {}
    for at, (page, place) in enumerate(zip(boxes["page_digest"], boxes["place"], strict=True)):
        if not place or (rows[at] >= 0 and _lay_there(table.iloc[[rows[at]]], place)[0]):
            continue
        pages = pages or table.groupby("page_digest", sort=False).indices
        here = pages[page]
        there = here[_lay_there(table.iloc[here], place)]
        moved[at] = not len(there)
        rows[at] = there[0] if len(there) else rows[at]
    return rows, moved


def _lay_there(table: pd.DataFrame, place: str) -> np.ndarray:
    """Tell of each box whether its centre lies in an outline (`place`: page and mm) in which a box lay before."""
    page, x, y, w, h = (float(number) for number in place.split())
    across = table["x_mm"].to_numpy() + table["w_mm"].to_numpy() / 2 - x
    down = table["y_mm"].to_numpy() + table["h_mm"].to_numpy() / 2 - y
    there = (across >= 0) & (across <= w) & (down >= 0) & (down <= h)
    return np.asarray(there & (table["questionnaire_page"].to_numpy() == page))
