"""PDF files -> page sizes, renders and embedded images (pikepdf, pypdfium2, pdfplumber).

pdfium is not thread-safe: use it from one thread of a process only.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

POINTS_PER_MM = 72 / 25.4


def page_sizes_mm(path: Path) -> list[tuple[float, float]]:
    """Width and height of every page in mm, as displayed."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return [(w / POINTS_PER_MM, h / POINTS_PER_MM) for w, h in (page.get_size() for page in document)]


def render(path: Path, page: int, dpi: float) -> NDArray[np.uint8]:
    """Render a page (from 1) to grey, shape (height_px, width_px), 255 is white."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        bitmap = document[page - 1].render(scale=dpi / 72, grayscale=True, may_draw_forms=True)
        return np.asarray(bitmap.to_numpy()[..., 0] if bitmap.to_numpy().ndim == 3 else bitmap.to_numpy()).copy()


def save_png(path: Path, image: NDArray[np.uint8]) -> None:
    """Write an image, grey or BGR, as PNG."""
    from survey.files import write_whole

    write_whole(path, cv2.imencode(".png", image)[1].tobytes())
