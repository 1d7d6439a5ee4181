"""Places of boxes and corner squares -> a blank that stands in for paper of which no blank is left."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.doors.pdf_write import draw_pages
from survey.errors import UsageError
from survey.questionnaire.sheet import SQUARE_MM

POINTS_PER_MM = 72 / 25.4
FRAME_MM = 0.25  # the line most programs draw a box with: 0.7 points
FEWEST_BOXES = 4  # on a page: corner squares alone fit any page, and a mark hides the outline it lies on


def stand_in_blank(boxes: pd.DataFrame, paper_mm: tuple[float, float], corners_mm: float) -> bytes:
    """Draw the boxes of a BOXES table and four corner squares centred `corners_mm` from the page's edges.

    Raises UsageError where the squares do not lie on the page.
    """
    if not SQUARE_MM / 2 <= corners_mm <= min(paper_mm) / 4:
        raise UsageError(
            f"corner squares {corners_mm:g} mm from the page's edges are none",
            hint="give the distance of their centres from the edges, as in --corners-mm 12.5",
        )
    squares = [_filled(x, y, paper_mm[1]) for x, y in square_centres_mm(paper_mm, corners_mm)]
    pages = []
    for page in range(1, int(boxes["page"].max()) + 1):
        here = boxes.loc[boxes["page"] == page, ["x_mm", "y_mm", "w_mm", "h_mm"]].to_numpy(float)
        frames = [_framed(place, paper_mm[1]) for place in here]
        pages.append("\n".join([f"{FRAME_MM * POINTS_PER_MM:.3f} w", *squares, *frames]).encode())
    width, height = paper_mm
    return draw_pages((width * POINTS_PER_MM, height * POINTS_PER_MM), pages)


def square_centres_mm(paper_mm: tuple[float, float], corners_mm: float) -> NDArray[np.float64]:
    """Centres of the corner squares, shape (4, 2), clockwise from the top left."""
    right, bottom = paper_mm[0] - corners_mm, paper_mm[1] - corners_mm
    return np.array([[corners_mm, corners_mm], [right, corners_mm], [right, bottom], [corners_mm, bottom]])


def hard_to_know(boxes: pd.DataFrame) -> list[str]:
    """Return notes on pages with so few boxes that their scans may have to wait for a person."""
    counts = boxes["page"].value_counts()
    thin = [page for page in range(1, int(boxes["page"].max()) + 1) if counts.get(page, 0) < FEWEST_BOXES]
    return [
        f"page {page}: too few boxes to know it by; its scans may have to wait for a person" for page in thin
    ]


def _filled(x_mm: float, y_mm: float, page_mm: float) -> str:
    side = SQUARE_MM
    return f"{_rectangle(x_mm - side / 2, y_mm - side / 2, side, side, page_mm)} f"


def _framed(place: NDArray[np.float64], page_mm: float) -> str:
    """Draw a frame along a box's edges: that is where a program which tells coordinates has drawn it."""
    x, y, w, h = (float(value) for value in place)
    return f"{_rectangle(x, y, w, h, page_mm)} S"


def _rectangle(x: float, y: float, w: float, h: float, page_mm: float) -> str:
    points = (value * POINTS_PER_MM for value in (x, page_mm - y - h, w, h))
    return " ".join(f"{value:.3f}" for value in points) + " re"
