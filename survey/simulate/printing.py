"""A questionnaire -> the print of one copy's page as pixels: the blank page and its bar codes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.doors.codes import bar_widths
from survey.doors.pdf import render
from survey.errors import UsageError
from survey.questionnaire.copies import LABEL_GAP_MM, LABEL_PT
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.printed_code import PrintedCode
from survey.questionnaire.sheet import Area, foot_code_area, head_code_area
from survey.simulate.handwriting import write_lines
from survey.simulate.ink import draw_pen, lay_ink

MM_PER_INCH = 25.4
MM_PER_POINT = 25.4 / 72
COURIER_ADVANCE = 0.6  # from letter to letter, share of the size
HERSHEY_HEIGHT_PX = 21  # height of a capital of cv2's plain font at scale 1
FINE = 8  # bars are painted so many times finer, then shrunk


def print_page(questionnaire: Questionnaire, page: int, serial: str, dpi: int) -> NDArray[np.uint8]:
    """Return one page of the copy with this serial, grey, its codes at head and foot where the schema has a code."""
    if questionnaire.blank is None:
        raise UsageError(
            f"{questionnaire.id} has no blank PDF to fill in", hint=f"survey print {questionnaire.id}"
        )
    image = _blank(questionnaire.blank, page, dpi, questionnaire.paper_mm).copy()
    schema = questionnaire.schema
    if schema.code and serial:
        text = PrintedCode(serial, schema.code, schema.version, page).text
        modules = sum(bar_widths(text))
        for area in (
            head_code_area(questionnaire.paper_mm, modules),
            foot_code_area(questionnaire.paper_mm, modules),
        ):
            _paint_bars(image, area, text, dpi / MM_PER_INCH)
        _paint_labels(image, questionnaire.paper_mm, text, dpi / MM_PER_INCH)
    return image


@lru_cache(maxsize=24)
def _blank(path: Path, page: int, dpi: int, paper_mm: tuple[float, float]) -> NDArray[np.uint8]:
    """The rendered blank, exactly as large as the paper."""
    width, height = (round(side * dpi / MM_PER_INCH) for side in paper_mm)
    image = render(path, page, dpi)
    canvas = np.full((height, width), 255, np.uint8)
    rows, columns = min(height, image.shape[0]), min(width, image.shape[1])
    canvas[:rows, :columns] = image[:rows, :columns]
    return canvas


def _paint_bars(image: NDArray[np.uint8], area: Area, text: str, px_per_mm: float) -> None:
    """Paint a code's bars into an area of the image, in place."""
    left, right = area.x_mm * px_per_mm, (area.x_mm + area.w_mm) * px_per_mm
    first, last = int(left), int(np.ceil(right))
    edges = (
        np.concatenate([[0], np.cumsum(bar_widths(text))]) / sum(bar_widths(text)) * (right - left)
        + left
        - first
    )
    places = (np.arange((last - first) * FINE) + 0.5) / FINE
    inside = np.searchsorted(edges, places, side="right")
    row = np.where((inside % 2 == 1) & (inside < len(edges)), 0.0, 255.0).reshape(-1, FINE).mean(axis=1)
    top, bottom = round(area.y_mm * px_per_mm), round((area.y_mm + area.h_mm) * px_per_mm)
    image[top:bottom, first:last] = np.round(row).astype(np.uint8)[None, :]


def _paint_labels(
    image: NDArray[np.uint8], paper_mm: tuple[float, float], text: str, px_per_mm: float
) -> None:
    """Paint the code's text under the bars at the head and beside those at the foot, in place."""
    modules = sum(bar_widths(text))
    head, foot = head_code_area(paper_mm, modules), foot_code_area(paper_mm, modules)
    places = [
        (head.x_mm, head.y_mm + head.h_mm + LABEL_GAP_MM),
        (foot.x_mm + foot.w_mm + LABEL_GAP_MM, foot.y_mm + foot.h_mm),
    ]
    size_mm = LABEL_PT * MM_PER_POINT
    scale = 0.6 * size_mm * px_per_mm / HERSHEY_HEIGHT_PX
    for x_mm, baseline_mm in places:
        for place, sign in enumerate(text):
            at = (
                round((x_mm + place * COURIER_ADVANCE * size_mm) * px_per_mm),
                round(baseline_mm * px_per_mm),
            )
            cv2.putText(image, sign, at, cv2.FONT_HERSHEY_SIMPLEX, scale, 30, 1, cv2.LINE_AA)


def foreign_page(paper_mm: tuple[float, float], dpi: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return a page that is none of ours: a letter by hand, with or without a typed head."""
    width, height = (round(side * dpi / MM_PER_INCH) for side in paper_mm)
    image = np.full((height, width), 255, np.uint8)
    px_per_mm = dpi / MM_PER_INCH
    if rng.random() < 0.5:
        for line in range(int(rng.integers(2, 5))):
            signs = "".join(rng.choice(list("abdegilmnorstu  "), int(rng.integers(12, 34)))).capitalize()
            place = (int(22 * px_per_mm), int((24 + 6 * line) * px_per_mm))
            cv2.putText(
                image, signs, place, cv2.FONT_HERSHEY_SIMPLEX, dpi / 220, 40, max(1, dpi // 120), cv2.LINE_AA
            )
    ink = np.zeros((height, width), np.float32)
    box = (22.0, 70.0, paper_mm[0] - 45, paper_mm[1] * rng.uniform(0.25, 0.6))
    lay_ink(ink, px_per_mm, write_lines(box, 120, rng), draw_pen(rng), rng)
    return np.asarray(cv2.multiply(image, 255 - cv2.convertScaleAbs(ink, alpha=255), scale=1 / 255), np.uint8)


def empty_page(paper_mm: tuple[float, float], dpi: int) -> NDArray[np.uint8]:
    """Return a page with nothing on it."""
    width, height = (round(side * dpi / MM_PER_INCH) for side in paper_mm)
    return np.full((height, width), 255, np.uint8)
