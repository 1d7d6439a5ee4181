"""A scan or a blank -> what it takes to lay one on the other: darkness at two resolutions, patches, spectra."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.reading.look import Streaks, find_streaks, is_bilevel, is_halftoned
from survey.reading.percentiles import percentile
from survey.reading.scan import PageImage

VERSION = 8
COARSE_DPI, FINE_DPI = 75, 150
GLANCE_SHARE = 1 / 8  # of 75 dpi: a px is 2.7 mm
GLANCE_REACH_PX = 6  # how far a page is looked for on a scan at a glance
REPEAT_MM = (3.0, 30.0)  # from one row or column to the next
REPEATS = 0.25  # autocorrelation from which a page's print repeats itself …
NEARLY_ALL = 0.8  # … and share of the most from which it does so as well: of two rows the nearer counts
SPECTRUM_PX = 256  # side of the squares whose spectra are compared
ANGLES = 360  # rows of the log-polar spectrum: half a degree each
COARSE_PATCHES, FINE_PATCHES = (29, 60), (37, 120)  # side in px at 75 and 150 dpi, and how many of a page
QUICK_PATCHES = (19, 100)  # at 75 dpi: as large on paper as the fine ones
SPREADS = (0.55, 0.3, 0.15)  # how far apart patches lie, share of what would fill the page, in turn …
FEW_PATCHES = 20  # … until there are so many
NEARLY = (
    0.005  # a resolution this close to a simple share of the wanted one is taken as it is: 40 times faster
)
CORNER_SHARES = (0.12, 0.2)  # of width and height: how far from corners squares are looked for, in turn
SQUARE_MM = (3.0, 8.0)  # side of a corner square
SOLID, UPRIGHT = (
    0.75,
    0.78,
)  # least share of its bounding box that is dark, and of its height that its width is
SQUARE_DARK = 120  # grey under which a pixel of a corner square is dark
LARGEST_MM = (
    450.0  # long side of A3 and a margin: what states a resolution of larger paper (photos: 72 dpi) is wrong
)
DOT_BLUR_PX = (
    1.6  # Gaussian that turns the dots of a halftone, mostly 4 px apart, into the grey they stand for
)
BORDER_GREY, BORDER_SHARE = (
    110,
    0.5,
)  # grey under which a px may be border, and share of the paper's it is under
GROUND_SHARE = 0.7  # of the paper's grey, up to which an image's edges are ground on which a sheet lies …
SHEET_SHARE, SHEET_SLACK = 0.3, 0.02  # … of so much of the image; of its outline, how far from straight
LIGHTEST_PERCENTILE = 75  # of all px: paper, be it in a shadow
BORDER_MM2 = 150.0  # a dark area this large that touches the image's edge is scanner border

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Patches:
    """Pieces of the blank that can be found again: centres in px at their dpi, shape (n, 2), and their pixels."""

    centres: Floats
    pixels: list[Floats]

    @cached_property
    def unit(self) -> Floats:
        """Their pixels less their mean, of length 1, shape (n, size, size)."""
        stack = np.stack(self.pixels)
        stack = stack - stack.mean(axis=(1, 2), keepdims=True)
        return np.asarray(stack / np.linalg.norm(stack, axis=(1, 2), keepdims=True))


@dataclass(frozen=True, eq=False)
class BlankPage:
    """One page of a blank questionnaire; what it takes to be found on scans is made when a scan asks for it."""

    questionnaire: str
    page: int
    size_mm: tuple[float, float]
    grey: Grey
    """Its render at 150 dpi, 0 black to 255 white."""
    coarse: Floats
    """Darkness at 75 dpi, 0 paper to 1 black."""
    corners: Floats | None
    """Centres of its four corner squares, px at 75 dpi, clockwise from the top left; None where it has none."""

    @property
    def fine(self) -> Floats:
        """Darkness at 150 dpi, made anew each time: of many pages it would fill a worker's memory."""
        return flatten(self.grey, FINE_DPI)

    @cached_property
    def quick_patches(self) -> Patches:
        """At 75 dpi, small and many: what confirms a good start, and is the field of its page."""
        return _choose_patches(self.coarse, *QUICK_PATCHES)

    @cached_property
    def coarse_patches(self) -> Patches:
        """At 75 dpi, large: what is looked for where no start is known to be good."""
        return _choose_patches(self.coarse, *COARSE_PATCHES)

    @cached_property
    def fine_patches(self) -> Patches:
        """At 150 dpi: the field of a page that quick patches did not settle."""
        return _choose_patches(self.fine, *FINE_PATCHES)

    @cached_property
    def soft(self) -> Floats:
        """Darkness at 75 dpi, a little blurred, as scans are."""
        return soften(cv2.resize(self.fine, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))

    @cached_property
    def glance(self) -> Floats:
        """The page as a few thousand px: enough to tell which pages a scan may be."""
        return _at_a_glance(self.coarse)

    @cached_property
    def repeats(self) -> Floats:
        """How far apart its rows and its columns lie, where print repeats itself: px at 75 dpi (x, y), shape (n, 2)."""
        return _repeats_of(self.soft)

    @cached_property
    def square(self) -> Floats:
        """The page in the middle of a square, like that of a scan."""
        return _into_square(self.coarse)

    @cached_property
    def spectrum(self) -> Floats:
        """The log-polar spectrum of that square."""
        return _spectrum(self.square)


@dataclass(frozen=True)
class PreparedScan:
    """A scan at 150 dpi; what only some pages need is made when it is asked for."""

    image: PageImage
    grey: Grey
    """The scan at 150 dpi, 0 black to 255 white."""
    fine_scale: float
    """Px of the scan per px of `grey`."""

    @cached_property
    def half(self) -> Grey:
        """The scan at 75 dpi."""
        return halve(self.grey)

    @cached_property
    def coarse(self) -> Floats:
        """Darkness at 75 dpi, 0 paper to 1 black, without the scanner's borders."""
        return flatten(_without_borders(self.half), COARSE_DPI)

    @cached_property
    def glance(self) -> Floats:
        """The page as a few thousand px, with paper around."""
        return np.pad(_at_a_glance(self.coarse), GLANCE_REACH_PX)

    @cached_property
    def streaks(self) -> Streaks:
        """Thin dark lines down all of it."""
        return find_streaks(self.grey)

    @cached_property
    def corners(self) -> Floats | None:
        """Centres of its corner squares, px at 75 dpi, clockwise from the top left; None where it has not four."""
        return find_corner_squares(self.half)

    @cached_property
    def sheet(self) -> Floats | None:
        """Corners of a sheet on a darker ground, px at 75 dpi, clockwise from the top left; None without any."""
        return find_sheet(self.half)

    @cached_property
    def square(self) -> Floats:
        """The page in the middle of a square, made only where corner squares do not settle its place."""
        return _into_square(self.coarse)

    @cached_property
    def spectrum(self) -> Floats:
        """The log-polar spectrum of that square."""
        return _spectrum(self.square)


def prepare_blank(questionnaire: str, page: int, grey_150: Grey, size_mm: tuple[float, float]) -> BlankPage:
    """Prepare one page of a blank, given as a render at 150 dpi."""
    coarse_grey = cv2.resize(grey_150, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    coarse = flatten(coarse_grey, COARSE_DPI)
    return BlankPage(questionnaire, page, size_mm, grey_150, coarse, find_corner_squares(coarse_grey))


def soften(darkness: Floats) -> Floats:
    """Blur a page a little."""
    return np.asarray(cv2.GaussianBlur(darkness, (0, 0), 1.0), np.float32)


def prepare_scan(image: PageImage, paper_mm: tuple[float, float]) -> PreparedScan:
    """Shrink a scan to 150 dpi; where no resolution is stated, or one that cannot be, the paper's height tells it.

    Where black and white shows greys by dots, the scan is made grey again.
    """
    if is_bilevel(image.grey) and is_halftoned(image.grey):
        image = replace(image, grey=cv2.GaussianBlur(image.grey, (0, 0), DOT_BLUR_PX))
    longer_px, longer_mm = max(image.grey.shape), max(paper_mm)
    least_dpi = longer_px / max(LARGEST_MM, 1.2 * longer_mm) * 25.4
    dpi = image.dpi if image.dpi and image.dpi >= least_dpi else longer_px / longer_mm * 25.4
    return PreparedScan(image, *_shrink(image.grey, dpi, FINE_DPI))


def _shrink(grey: Grey, dpi: float, wanted: float) -> tuple[Grey, float]:
    """Return the image at the wanted resolution, or very nearly so, and px of the one per px of the other."""
    factor = wanted / dpi
    for share, shrink in ((1.0, _same), (0.75, _three_quarters), (0.5, halve)):
        if abs(factor / share - 1) < NEARLY:
            return shrink(grey), 1 / share
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    # by factor, not by size: whole sizes would stretch width and height differently
    return cv2.resize(grey, None, fx=factor, fy=factor, interpolation=method).astype(np.uint8), 1 / factor


def _same(grey: Grey) -> Grey:
    return grey


def blank_pixels(points_mm: Floats) -> Floats:
    """Map blank mm to px of its render at 150 dpi."""
    return points_mm * np.float32(FINE_DPI / 25.4) - np.float32(0.5)


def halve(grey: Grey) -> Grey:
    """Shrink by the mean of 2 x 2 px."""
    return np.asarray(cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)


def _three_quarters(grey: Grey) -> Grey:
    """Shrink 4 px to 3 by area in both directions."""
    high, wide = (side // 4 for side in grey.shape)
    grey = grey[: 4 * high, : 4 * wide]
    rows = np.empty((high, 3, 4 * wide), np.uint8)
    _four_to_three([grey[at::4] for at in range(4)], [rows[:, at] for at in range(3)])
    columns = [np.empty((3 * high, wide), np.uint8) for _ in range(3)]
    _four_to_three(cv2.split(rows.reshape(3 * high, wide, 4)), columns)
    return cv2.merge(columns).reshape(3 * high, 3 * wide).astype(np.uint8, copy=False)


def _four_to_three(parts: Sequence[NDArray[Any]], out: list[Grey]) -> None:
    for index, share in enumerate((0.75, 0.5, 0.25)):
        cv2.addWeighted(parts[index], share, parts[index + 1], 1 - share, 0, dst=out[index])


def flatten(grey: Grey, dpi: float) -> Floats:
    """Return darkness 0..1 relative to the paper around: what is wider than 3 mm counts as paper."""
    kernel = np.ones((3, 3), np.uint8)
    rounds = max(1, round(3 / 25.4 * dpi / 2))
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel, iterations=max(1, rounds // 2))
    paper = cv2.resize(
        cv2.blur(paper, (5, 5)), (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR
    )
    return cv2.divide(cv2.subtract(paper, grey), cv2.max(paper, 40), dtype=cv2.CV_32F)


def _without_borders(grey: Grey) -> Grey:
    """Whiten large dark areas that touch the image's edge: scanner borders, not print."""
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    paper = float(percentile(small.ravel(), LIGHTEST_PERCENTILE))
    dark = (small < min(BORDER_GREY, BORDER_SHARE * paper)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    height, width = dark.shape
    px_per_mm = COARSE_DPI / 2 / 25.4
    left, top, wide, high, area = stats.T
    touches = (left == 0) | (top == 0) | (left + wide == width) | (top + high == height)
    border = touches & (area > BORDER_MM2 * px_per_mm**2)
    border[0] = False
    if count <= 1 or not border.any():
        return grey
    mask = cv2.dilate(border[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
    mask = cv2.resize(mask, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_NEAREST)
    clean = grey.copy()
    clean[mask > 0] = np.median(grey)
    return clean


def find_sheet(grey: Grey) -> Floats | None:
    """Find the four corners of a sheet that lies on a darker ground, as photos show it; None where none does.

    Only a start, as corner squares are.
    """
    ground = float(np.mean([np.median(side) for side in (grey[0], grey[-1], grey[:, 0], grey[:, -1])]))
    paper = float(percentile(grey.ravel(), LIGHTEST_PERCENTILE))
    if ground > GROUND_SHARE * paper:
        return None
    light = (cv2.GaussianBlur(grey, (0, 0), 2.0) > (ground + paper) / 2).astype(np.uint8)
    light = cv2.morphologyEx(light, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    outlines, _ = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    corners = cv2.approxPolyDP(hull, SHEET_SLACK * cv2.arcLength(hull, True), True).reshape(-1, 2)
    if len(corners) != 4 or cv2.contourArea(corners) < SHEET_SHARE * grey.size:
        return None
    around = corners - corners.mean(axis=0)
    corners = corners[np.argsort(np.arctan2(around[:, 1], around[:, 0]))]
    return np.asarray(np.roll(corners, -int(corners.sum(axis=1).argmin()), axis=0), np.float32)


def find_corner_squares(grey: Grey) -> Floats | None:
    """Find four solid squares, each nearest to one corner of a page at 75 dpi; None if there are not four.

    Only a faster start: what is found must stand the test of the print around it.
    """
    corners = [_nearest_square(grey, right, bottom) for right, bottom in ((0, 0), (1, 0), (1, 1), (0, 1))]
    found = [corner for corner in corners if corner is not None]
    return np.array(found, np.float32) if len(found) == len(corners) else None


def _nearest_square(grey: Grey, right: int, bottom: int) -> NDArray[np.float64] | None:
    """Find the solid square nearest to one corner of a page, px; None if there is none."""
    height, width = grey.shape
    for share in CORNER_SHARES:
        high, wide = round(share * height), round(share * width)
        left, top = right * (width - wide), bottom * (height - high)
        squares = _solid_squares(grey[top : top + high, left : left + wide]) + np.array([left, top])
        if len(squares):
            distance = np.linalg.norm(squares - (right * width, bottom * height), axis=1)
            return np.asarray(squares[distance.argmin()])
    return None


def _solid_squares(grey: Grey) -> NDArray[np.float64]:
    """Return the centres of solid upright squares of the right size, px at 75 dpi, shape (n, 2)."""
    dark = (grey < SQUARE_DARK).astype(np.uint8)
    outlines, _ = cv2.findContours(dark, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    least, most = ((side_mm / 25.4 * COARSE_DPI) ** 2 for side_mm in SQUARE_MM)
    found = []
    for left, top, wide, high in map(cv2.boundingRect, outlines):
        if wide * high > least and UPRIGHT < wide / high < 1 / UPRIGHT:
            inside = cv2.moments(dark[top : top + high, left : left + wide], binaryImage=True)
            area = inside["m00"]
            if area > SOLID * wide * high and least < area < most:
                found.append((left + inside["m10"] / area, top + inside["m01"] / area))
    return np.array(found).reshape(-1, 2)


def _at_a_glance(coarse: Floats) -> Floats:
    """Shrink a page by its share, not to a size, which would be rounded and the page stretched."""
    small = cv2.resize(coarse, None, fx=GLANCE_SHARE, fy=GLANCE_SHARE, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


def _repeats_of(soft: Floats) -> Floats:
    """Find how far down, and how far across, a page's print first repeats itself, by its autocorrelation.

    Returns shape (n, 2), px: (0, y) for rows, (x, 0) for columns; none of which less than REPEATS is alike.
    """
    high, wide = soft.shape
    spectrum = np.fft.rfft2(soft - soft.mean(), (2 * high, 2 * wide))  # twice as large: nothing comes round
    alike = np.fft.irfft2(np.abs(spectrum) ** 2)
    nearest, farthest = (round(mm / 25.4 * COARSE_DPI) for mm in REPEAT_MM)
    found = []
    for way, line in (((0, 1), alike[:high, :3].max(axis=1)), ((1, 0), alike[:3, :wide].max(axis=0))):
        before, there, after = (line[nearest + step : farthest + step] for step in (-1, 0, 1))
        peaks = np.where((there >= before) & (there >= after), there, 0)
        least = max(REPEATS * alike[0, 0], NEARLY_ALL * peaks.max(initial=0))
        found += [np.multiply(way, nearest + at) for at in np.flatnonzero((peaks >= least) & (peaks > 0))[:1]]
    return np.array(found, np.float32).reshape(-1, 2)


def _into_square(coarse: Floats) -> Floats:
    """Shrink a 75 dpi page into the middle of a square of 32 cm, 256 px a side; pages keep their true scale."""
    side_px = 320 / 25.4 * COARSE_DPI
    scale = SPECTRUM_PX / side_px
    soft = cv2.GaussianBlur(coarse, (0, 0), 1.2)
    shift = (SPECTRUM_PX - 1) / 2 - scale * (np.array([coarse.shape[1], coarse.shape[0]]) - 1) / 2
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    return cv2.warpAffine(soft, matrix, (SPECTRUM_PX, SPECTRUM_PX), flags=cv2.INTER_AREA).astype(np.float32)


def square_matrix(shape: tuple[int, ...], share: float) -> NDArray[np.float64]:
    """Map px of an image of some shape, times `share`, into the square of its spectrum; 3 x 3."""
    scale = SPECTRUM_PX / (320 / 25.4 * COARSE_DPI)
    height, width = round(shape[0] * share), round(shape[1] * share)
    middle = (SPECTRUM_PX - 1) / 2
    return np.array(
        [
            [scale, 0, middle - scale * (width - 1) / 2],
            [0, scale, middle - scale * (height - 1) / 2],
            [0, 0, 1],
        ]
    )


def _spectrum(square: Floats) -> Floats:
    """Return the log-polar magnitude spectrum, ANGLES rows over half a turn."""
    window = cv2.createHanningWindow((SPECTRUM_PX, SPECTRUM_PX), cv2.CV_32F)
    padded = np.zeros((2 * SPECTRUM_PX, 2 * SPECTRUM_PX), np.float32)
    padded[:SPECTRUM_PX, :SPECTRUM_PX] = square * window
    waves = cv2.dft(padded, flags=cv2.DFT_COMPLEX_OUTPUT)
    # the last bits of cv2.magnitude depend on where its memory lies
    strength = np.sqrt(np.square(waves[..., 0]) + np.square(waves[..., 1]))
    magnitude = np.fft.fftshift(np.log1p(strength)).astype(np.float32)
    centre = (float(SPECTRUM_PX), float(SPECTRUM_PX))
    polar = cv2.warpPolar(
        magnitude, (SPECTRUM_PX, 2 * ANGLES), centre, SPECTRUM_PX * 0.8, cv2.INTER_LINEAR | cv2.WARP_POLAR_LOG
    )
    half = polar[:ANGLES]
    high_pass = half - cv2.blur(half, (31, 61))
    return high_pass.astype(np.float32)


def _choose_patches(darkness: Floats, size: int, count: int) -> Patches:
    """Choose corner-like pieces spread over the page; where it prints little they may lie closer to each other."""
    reach = size // 2 + 1
    height, width = darkness.shape
    mask = np.zeros((height, width), np.uint8)
    mask[reach : height - reach, reach : width - reach] = 1
    strength = cv2.GaussianBlur(darkness, (0, 0), 1.0)
    centres = np.zeros((0, 2), np.float32)
    for share in SPREADS:
        spread = share * (height * width / count) ** 0.5
        found = cv2.goodFeaturesToTrack(strength, count, 0.002, spread, mask=mask, blockSize=size // 2)
        if found is not None:
            centres = np.round(found.reshape(-1, 2)).astype(np.float32)
        if len(centres) >= FEW_PATCHES:
            break
    pixels = [cv2.getRectSubPix(strength, (size, size), (float(x), float(y))) for x, y in centres]
    textured = [index for index, patch in enumerate(pixels) if patch.std() > 0.02]
    return Patches(centres[textured], [pixels[index] for index in textured])
