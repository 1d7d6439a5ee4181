"""Damaged serial codes -> how many a decoder reads, how many are matched with the issued ones, and how many wrongly."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.doors.codes import bar_widths, read_code128
from survey.questionnaire.cases import draw_cases
from survey.questionnaire.model import PAPER_MM
from survey.questionnaire.printed_code import PrintedCode
from survey.questionnaire.sheet import Area, foot_code_area, head_code_area
from survey.questionnaire.thresholds import Thresholds
from survey.reading.believe import believe_match
from survey.reading.damaged import match_codes
from survey.reading.prepare import FINE_DPI, BlankPage, PreparedScan
from survey.reading.register import Field, Page
from survey.reading.scan import PageImage, PageRef
from survey.simulate.pens import draw_pen, draw_stray

RESULTS = Path(__file__).parent / "results" / "codes.json"
PAPER = PAPER_MM["a4"]
PX_PER_MM = 300 / 25.4
ISSUED = 1750
MARGIN_MM = 4.0
Floats = NDArray[np.float32]
Rng = np.random.Generator


def damage(ink: Floats, rng: Rng) -> Floats:
    """Damage one strip: pen strokes, scribbles, stains, a fold, blur; px at 300 dpi, darkness 0..1."""
    height, width = ink.shape
    for _ in range(int(rng.integers(1, 4))):
        box = (
            rng.uniform(0, width / PX_PER_MM),
            rng.uniform(0, height / PX_PER_MM),
            rng.uniform(3, 9),
            rng.uniform(3, 9),
        )
        draw_stray(
            ink,
            PX_PER_MM,
            box,
            str(rng.choice(["through", "word", "brace", "neighbour"])),
            draw_pen(rng),
            rng,
        )
    for _ in range(int(rng.integers(0, 3))):
        at = (int(rng.uniform(0, width)), int(rng.uniform(0, height)))
        blot = np.zeros(ink.shape, np.float32)
        cv2.ellipse(
            blot,
            at,
            (int(rng.uniform(10, 60)), int(rng.uniform(10, 60))),
            rng.uniform(0, 180),
            0,
            360,
            1.0,
            -1,
        )
        tone = rng.choice([0.0, rng.uniform(0.5, 1.0)])  # torn off, or stained
        ink = np.where(blot > 0, tone, ink).astype(np.float32)
    if rng.random() < 0.3:
        at = int(rng.uniform(0, width))
        ink[:, at : at + int(rng.integers(3, 14))] = rng.uniform(0, 0.4)
    return cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.6, 3.2))


def scan_strips(text: str, rng: Rng) -> tuple[bool, NDArray[np.uint8]]:
    """Print, damage and scan a page's two codes; returns whether a decoder reads one, and the page at 150 dpi."""
    page = np.full((round(PAPER[1] * FINE_DPI / 25.4), round(PAPER[0] * FINE_DPI / 25.4)), 255, np.uint8)
    widths = bar_widths(text)
    decoded = False
    threshold = rng.uniform(0.35, 0.6) if rng.random() < 0.5 else None
    for area in (head_code_area(PAPER, sum(widths)), foot_code_area(PAPER, sum(widths))):
        ink = damage(_print(area, widths), rng)
        grey = 255 * (1 - 0.85 * ink) + rng.normal(0, 5, ink.shape)
        if threshold is not None:
            grey = np.where(grey < 255 * threshold, 0.0, 255.0)
        strip = np.clip(grey, 0, 255).astype(np.uint8)
        decoded |= any(code.text == text for code in read_code128(strip))
        _lay(page, strip, area)
    return decoded, page


def _print(area: Area, widths: tuple[int, ...]) -> Floats:
    """Print bars at 300 dpi with a margin around; edges fall where they fall, and pixels are partly covered."""
    module = area.w_mm / sum(widths) * PX_PER_MM
    edges = np.concatenate([[0], np.cumsum(widths)]) * module + MARGIN_MM * PX_PER_MM
    fine = 8
    line = np.zeros(round((area.w_mm + 2 * MARGIN_MM) * PX_PER_MM) * fine, np.float32)
    for start, end in zip(edges[:-1:2], edges[1::2], strict=True):
        line[round(start * fine) : round(end * fine)] = 1
    row = line.reshape(-1, fine).mean(axis=1)
    margin = round(MARGIN_MM * PX_PER_MM)
    ink = np.zeros((round(area.h_mm * PX_PER_MM) + 2 * margin, len(row)), np.float32)
    ink[margin:-margin] = row
    return ink


def _lay(page: NDArray[np.uint8], strip: NDArray[np.uint8], area: Area) -> None:
    """Put a strip, shrunk to 150 dpi, where it belongs on the page."""
    scale = FINE_DPI / 300
    x, y = ((value - MARGIN_MM) * FINE_DPI / 25.4 for value in (area.x_mm, area.y_mm))
    matrix = np.array([[scale, 0, x + 0.5 * scale - 0.5], [0, scale, y + 0.5 * scale - 0.5]])
    soft = cv2.blur(strip, (2, 2))
    laid = cv2.warpAffine(soft, matrix, page.shape[::-1], flags=cv2.INTER_LINEAR, borderValue=255)
    np.minimum(page, laid, out=page)


def as_page(grey: NDArray[np.uint8]) -> tuple[Page, PreparedScan]:
    """Register a page that lies exactly where it was printed."""
    nothing = np.zeros((0, 2), np.float32)
    blank = BlankPage("codes", 1, PAPER, grey, np.zeros((1, 1), np.float32), None)
    image = PageImage(PageRef("codes", 1), "", grey, FINE_DPI)
    to_px = FINE_DPI / 25.4
    homography = np.array([[to_px, 0, -0.5], [0, to_px, -0.5], [0, 0, 1.0]])
    page = Page(image, blank, homography, Field(nothing, nothing, np.zeros(0, np.float32)), 1.0, 0.0)
    return page, PreparedScan(image, grey, 1.0)


def main() -> None:
    """Damage codes of a mailing of 1,750, read them both ways, print and store the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--codes", type=int, default=10_000)
    options = parser.parse_args()
    serials = draw_cases("S", {"": ISSUED}, 1)["serial"].tolist()
    limits = Thresholds()
    counts = {"codes": options.codes, "decoded": 0, "identified": 0, "wrong": 0}
    for number in range(options.codes):
        rng = np.random.default_rng([3, number])
        page_number = int(rng.integers(1, 7))
        texts = [PrintedCode(serial, "SG12", 1, page_number).text for serial in serials]
        true = texts[int(rng.integers(len(texts)))]
        decoded, grey = scan_strips(true, rng)
        match = match_codes(*as_page(grey), texts)
        believed = believe_match(match, limits)
        counts["decoded"] += decoded
        counts["identified"] += decoded or bool(believed and match and match.text == true)
        counts["wrong"] += bool(not decoded and believed and match and match.text != true)
    print(json.dumps(counts))
    if options.codes >= 10_000:
        RESULTS.write_text(json.dumps(counts, indent=2) + "\n")


if __name__ == "__main__":
    main()
