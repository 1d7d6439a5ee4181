"""Paper size -> where on every page of ours the corner squares, the bar codes and the text lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SQUARE_MM = 5.0  # side of a corner square, solid black
SQUARE_INSET_MM = 10.0  # from the paper's edge to a square: office printers and scanners reach closer
CODE_MODULE_MM = 0.40  # width of the narrowest bar: 2.4 px at 150 dpi
CODE_HEIGHT_MM = 7.5
CODE_INSET_X_MM = 20.0  # from the edge to the first bar: 5 mm of white, 12 modules, beside the square
CODE_INSET_Y_MM = 10.0  # far from an envelope's folds at a third and two thirds of the page
TEXT_INSET_X_MM = 18.0
TEXT_INSET_Y_MM = 22.0

Paper = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Area:
    """An upright rectangle on a page, mm from the top left."""

    x_mm: float
    y_mm: float
    w_mm: float
    h_mm: float


def corner_squares_mm(paper_mm: Paper) -> NDArray[np.float64]:
    """Centres of the corner squares, shape (4, 2): top left, top right, bottom right, bottom left."""
    near = SQUARE_INSET_MM + SQUARE_MM / 2
    right, bottom = paper_mm[0] - near, paper_mm[1] - near
    return np.array([[near, near], [right, near], [right, bottom], [near, bottom]])


def head_code_area(paper_mm: Paper, modules: int, module_mm: float = CODE_MODULE_MM) -> Area:
    """Where the bars at the head of a page stand: they end at the right."""
    w_mm = modules * module_mm
    return Area(paper_mm[0] - CODE_INSET_X_MM - w_mm, CODE_INSET_Y_MM, w_mm, CODE_HEIGHT_MM)


def foot_code_area(paper_mm: Paper, modules: int, module_mm: float = CODE_MODULE_MM) -> Area:
    """Where the bars at the foot of a page stand: they begin at the left."""
    y_mm = paper_mm[1] - CODE_INSET_Y_MM - CODE_HEIGHT_MM
    return Area(CODE_INSET_X_MM, y_mm, modules * module_mm, CODE_HEIGHT_MM)


def text_area(paper_mm: Paper) -> Area:
    """Where everything else is printed."""
    w_mm, h_mm = paper_mm
    return Area(TEXT_INSET_X_MM, TEXT_INSET_Y_MM, w_mm - 2 * TEXT_INSET_X_MM, h_mm - 2 * TEXT_INSET_Y_MM)
