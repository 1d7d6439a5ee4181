"""A page whose codes cannot be decoded + the codes that were issued -> the one that its bars fit, and by how much.

The strips at head and foot are laid out by the page's print, so every issued code can be compared with them bar by bar;
only places where the issued codes differ count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.doors.codes import bar_widths
from survey.questionnaire.sheet import CODE_MODULE_MM, Area, foot_code_area, head_code_area
from survey.reading.darkness import darkness_at, tone_of
from survey.reading.measure import to_scan_of
from survey.reading.prepare import FINE_DPI, PreparedScan
from survey.reading.register import Page, displacements

VERSION = 1
SAMPLES = 4  # a module of a code
ROWS = 15  # lines across the bars; their median forgives strokes and stains
SLACK = 2  # modules by which a strip may lie off its place
INNER = 0.8  # share of the bars' height that is looked at

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Match:
    """The issued code that fits best: correlation -1..1 over head and foot, and its lead over the second best."""

    text: str
    fit: float
    lead: float


def match_codes(page: Page, scan: PreparedScan, texts: Sequence[str]) -> Match | None:
    """Compare the strips of a page with the codes issued for it; None where fewer than two were."""
    if len(texts) < 2:
        return None
    widths = [bar_widths(text) for text in texts]
    modules = np.array([sum(one) for one in widths])
    fits = np.zeros(len(texts), np.float32)
    for length in np.unique(modules):
        same = np.flatnonzero(modules == length)
        patterns = np.stack([_pattern(widths[index]) for index in same])
        for area_of in (head_code_area, foot_code_area):
            strip = _strip(page, scan, area_of(page.blank.size_mm, int(length)))
            fits[same] += np.clip(_correlate(strip, patterns), 0, None) / 2
    first, second = np.argsort(-fits)[:2]
    return Match(texts[first], float(fits[first]), float(fits[first] - fits[second]))


def _pattern(widths: Sequence[int]) -> Floats:
    """Return bars as 1 and spaces as 0, SAMPLES a module."""
    dark = np.arange(len(widths)) % 2 == 0
    return np.repeat(dark.astype(np.float32), np.array(widths) * SAMPLES)


def _strip(page: Page, scan: PreparedScan, area: Area) -> Floats:
    """Sample the darkness along a strip's bars, SLACK modules further at both ends."""
    step = CODE_MODULE_MM / SAMPLES
    count = round(area.w_mm / step) + 2 * SLACK * SAMPLES
    x = area.x_mm - SLACK * CODE_MODULE_MM + (np.arange(count) + 0.5) * step
    y = area.y_mm + area.h_mm * (0.5 + INNER * (np.arange(ROWS) / (ROWS - 1) - 0.5))
    points = np.stack(np.meshgrid(x, y), axis=2).astype(np.float32)
    dark = darkness_at(tone_of(scan.grey, FINE_DPI), _pixels(page, scan, points))
    return np.median(dark, axis=0)


def _pixels(page: Page, scan: PreparedScan, points_mm: Floats) -> Floats:
    """Map the points of a strip, shape (h, w, 2), to px of the scan at 150 dpi, displaced as the strip's middle is."""
    moves_mm, _ = displacements(page.field, points_mm.reshape(1, -1, 2).mean(axis=1))
    moved = (points_mm + moves_mm).reshape(-1, 1, 2)
    return cv2.perspectiveTransform(moved, to_scan_of(page, scan)).reshape(points_mm.shape)


def _correlate(strip: Floats, patterns: Floats) -> Floats:
    """Correlate a strip with every pattern where the patterns differ, at the best of all shifts; shape (n,)."""
    varied = patterns.std(axis=0) > 0 if len(patterns) > 1 else np.ones(patterns.shape[1], bool)
    wanted = patterns[:, varied]
    wanted = wanted - wanted.mean(axis=1, keepdims=True)
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    length = patterns.shape[1]
    best = np.full(len(patterns), -1.0, np.float32)
    for shift in range(len(strip) - length + 1):
        seen = strip[shift : shift + length][varied]
        seen = seen - seen.mean()
        size = np.linalg.norm(seen)
        if size > 0:
            best = np.maximum(best, wanted @ (seen / size))
    return best
