"""Claims about rendering: a millimetre of the file is one of the picture, at every edge and in every rotation."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from numpy.typing import NDArray

from survey.doors.pdf import page_sizes_mm, render, render_finely

A4_MM = (210.0, 297.0)
PT = 72 / 25.4
SPOTS_MM = [(10.0, 10.0), (200.0, 10.0), (10.0, 287.0), (200.0, 287.0)]


def spotted(path: Path, *, rotate: int = 0, corner_mm: tuple[float, float] = (0, 0)) -> Path:
    """A4 with four black squares of 2 mm; the page's box may begin elsewhere than at 0, 0."""
    left, bottom = corner_mm
    squares = [
        f"{(left + x - 1) * PT} {(bottom + A4_MM[1] - y - 1) * PT} {2 * PT} {2 * PT} re f"
        for x, y in SPOTS_MM
    ]
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(A4_MM[0] * PT, A4_MM[1] * PT))
        page.mediabox = pikepdf.Array(
            [edge * PT for edge in (left, bottom, left + A4_MM[0], bottom + A4_MM[1])]
        )
        page.Contents = document.make_stream("\n".join(squares).encode())
        page.Rotate = rotate
        document.save(path)
    return path


def centres_mm(grey: NDArray[np.uint8], dpi: float) -> NDArray[np.float64]:
    """Centres of dark spots, weighed by darkness, sorted by row and column."""
    count, labels = cv2.connectedComponents((grey < 250).astype(np.uint8))
    y, x = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]]
    found = []
    for label in range(1, count):
        weight = (labels == label) * (255.0 - grey)
        found.append([((x + 0.5) * weight).sum() / weight.sum(), ((y + 0.5) * weight).sum() / weight.sum()])
    return np.array(sorted(found, key=lambda spot: (round(spot[1] / dpi), spot[0]))) * 25.4 / dpi


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("dpi", [75, 150])
def test_a_render_is_true_to_scale_in_every_rotation(tmp_path: Path, rotate: int, dpi: int) -> None:
    path = spotted(tmp_path / "a.pdf", rotate=rotate, corner_mm=(5, -7))
    size = page_sizes_mm(path)[0]
    assert size == pytest.approx(A4_MM if rotate % 180 == 0 else A4_MM[::-1], abs=0.01)
    true = [(x, y) for y in (10.0, size[1] - 10) for x in (10.0, size[0] - 10)]
    assert centres_mm(render(path, 1, dpi), dpi) == pytest.approx(np.array(true), abs=25.4 / dpi / 2)
    assert centres_mm(render_finely(path, 1, dpi), dpi) == pytest.approx(np.array(true), abs=25.4 / dpi / 6)


def test_letters_of_a_fine_render_lie_where_the_file_says(tmp_path: Path) -> None:
    """pdfium sets letters on whole pixels: at 150 dpi up to 0.17 mm beside their place."""
    bars_mm = 20 + 0.37 * np.arange(1, 12) + 12 * np.arange(11)
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(A4_MM[0] * PT, A4_MM[1] * PT))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = document.make_stream(
            "\n".join(f"BT /F1 12 Tf {x * PT:.4f} 400 Td (l) Tj ET" for x in bars_mm).encode()
        )
        document.save(tmp_path / "a.pdf")
    steps = np.diff(centres_mm(render_finely(tmp_path / "a.pdf", 1, 150), 150)[:, 0])
    assert steps == pytest.approx(np.diff(bars_mm), abs=0.06)


def test_a_fine_render_has_the_size_of_a_plain_one(tmp_path: Path) -> None:
    path = spotted(tmp_path / "a.pdf")
    for dpi in (75, 100, 150, 200):
        fine, plain = render_finely(path, 1, dpi), render(path, 1, dpi)
        assert abs(np.array(fine.shape) - plain.shape).max() <= 1
        assert fine.dtype == np.uint8
