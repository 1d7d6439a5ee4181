"""PageImage + blank -> Page: where every millimetre of the blank lies on the scan, and how far to trust it.

The questionnaire's own print decides. Rotation, scale and shift come from phase correlation of log-polar spectra
(Reddy & Chatterji 1996); patches of the blank are then looked for at 75 and at 150 dpi, a homography is fitted to them,
and what is left (folds, uneven feed) becomes a field of local displacements.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.reading.scan import PageImage

VERSION = 1
COARSE_DPI, FINE_DPI = 75, 150
SPECTRUM_PX = 256  # side of the squares whose spectra are compared
ANGLES = 360  # rows of the log-polar spectrum: half a degree each
PATCH_PX = {COARSE_DPI: 29, FINE_DPI: 37}
PATCH_COUNT = {COARSE_DPI: 60, FINE_DPI: 120}
REACH_MM = {COARSE_DPI: (5.0, 2.5), FINE_DPI: (1.0,)}  # how far a patch is looked for, round by round
MATCHED = 0.55  # correlation from which a patch counts as found
INLIER_PX = 3.0  # at 75 dpi: 1 mm
DIFFERENT = 0.15  # darkness by which two siblings must differ at a pixel to be told apart there
LEAST_DIFFERENCE_PX = 25  # at 75 dpi: less is no difference
CONFIRMED = 0.6  # score from which a start from corner squares needs no second opinion
SQUARE_MM = (3.0, 8.0)  # side of a corner square
SQUARE_DARK = 120  # grey under which a pixel of a corner square is dark
BORDER_MM2 = 150.0  # a dark area this large that touches the image's edge is scanner border
FIELD_MM = 18.0  # reach of a patch's displacement over its neighbourhood
FIELD_NEIGHBOURS = 6
OUTLIER_MM = 0.35  # a patch that disagrees this far with its neighbours has slipped

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Patches:
    """Pieces of the blank that can be found again: centres in px at their dpi, shape (n, 2), and their pixels."""

    centres: Floats
    pixels: list[Floats]


@dataclass(frozen=True)
class BlankPage:
    """One page of a blank questionnaire, prepared for being found on scans."""

    questionnaire: str
    page: int
    size_mm: tuple[float, float]
    fine: Floats
    """Darkness at 150 dpi, 0 paper to 1 black."""
    spectrum: Floats
    square: Floats
    corners: Floats | None
    """Centres of its four corner squares, px at 75 dpi, clockwise from the top left; None where it has none."""
    coarse_patches: Patches
    fine_patches: Patches


@dataclass(frozen=True)
class Field:
    """Local displacements found at places of the blank: mm, shape (n, 2) each, with the correlation of each patch."""

    places_mm: Floats
    shifts_mm: Floats
    trust: Floats


@dataclass(frozen=True)
class Page:
    """A scan laid on its blank: `to_pixels` maps blank mm to px of `darkness`."""

    image: PageImage
    blank: BlankPage
    homography: NDArray[np.float64]
    """Blank mm -> px of the scan, 3 x 3, before local displacements."""
    field: Field
    score: float
    fit_mm: float
    """Median distance of found print from where the homography puts it, mm."""


@dataclass(frozen=True)
class PreparedScan:
    """A scan at the two working resolutions, darkness 0..1; `fine_scale` is px of the scan per px of `fine`."""

    image: PageImage
    grey: Grey
    """The scan at 150 dpi, 0 black to 255 white."""
    coarse: Floats
    fine: Floats
    coarse_scale: float
    fine_scale: float
    corners: Floats | None

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
    fine = flatten(grey_150, FINE_DPI)
    coarse_grey = cv2.resize(grey_150, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    coarse = flatten(coarse_grey, COARSE_DPI)
    square = _into_square(coarse)
    return BlankPage(
        questionnaire,
        page,
        size_mm,
        fine,
        _spectrum(square),
        square,
        find_corner_squares(coarse_grey),
        _choose_patches(coarse, COARSE_DPI),
        _choose_patches(fine, FINE_DPI),
    )


def prepare_scan(image: PageImage, paper_mm: tuple[float, float]) -> PreparedScan:
    """Shrink a scan to 75 and 150 dpi and flatten its background; without a stated dpi the paper's height tells it."""
    dpi = image.dpi or max(image.grey.shape) / max(paper_mm) * 25.4
    fine_grey, fine_scale = _shrink(image.grey, dpi, FINE_DPI)
    coarse_grey, extra = _shrink(fine_grey, FINE_DPI, COARSE_DPI)
    clean = _without_borders(coarse_grey)
    coarse = flatten(clean, COARSE_DPI)
    return PreparedScan(
        image,
        fine_grey,
        coarse,
        flatten(fine_grey, FINE_DPI),
        fine_scale * extra,
        fine_scale,
        find_corner_squares(clean),
    )


def _shrink(grey: Grey, dpi: float, wanted: float) -> tuple[Grey, float]:
    factor = wanted / dpi
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    # by factor, not by size: whole sizes would stretch width and height differently
    return cv2.resize(grey, None, fx=factor, fy=factor, interpolation=method).astype(np.uint8), 1 / factor


def flatten(grey: Grey, dpi: float) -> Floats:
    """Return darkness 0..1 relative to the paper around: what is wider than 3 mm counts as paper."""
    kernel = np.ones((3, 3), np.uint8)
    rounds = max(1, round(3 / 25.4 * dpi / 2))
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel, iterations=max(1, rounds // 2))
    paper = cv2.resize(
        cv2.blur(paper, (5, 5)), (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR
    )
    dark = np.subtract(paper, grey, dtype=np.float32) / np.maximum(paper, 40).astype(np.float32)
    return np.clip(dark, 0, 1)


def _without_borders(grey: Grey) -> Grey:
    """Whiten large dark areas that touch the image's edge: scanner borders, not print."""
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    dark = (small < 110).astype(np.uint8)
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


def find_corner_squares(grey: Grey) -> Floats | None:
    """Find four solid squares, each nearest to one corner of a page at 75 dpi; None if there are not four.

    Only a faster start: what is found must stand the test of the print around it.
    """
    dark = (grey < SQUARE_DARK).astype(np.uint8)
    count, _, stats, centres = cv2.connectedComponentsWithStats(dark, connectivity=4)
    if count <= 4:
        return None
    _, _, wide, high, area = stats[1:].T.astype(np.float64)
    side_mm = np.sqrt(area) / COARSE_DPI * 25.4
    upright = (area > 0.75 * wide * high) & (np.abs(np.log(wide / high)) < 0.25)
    found = centres[1:][upright & (side_mm > SQUARE_MM[0]) & (side_mm < SQUARE_MM[1])]
    if len(found) < 4:
        return None
    height, width = grey.shape
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)])
    near = [int(np.linalg.norm(found - corner, axis=1).argmin()) for corner in corners]
    return found[near].astype(np.float32) if len(set(near)) == 4 else None


def _into_square(coarse: Floats) -> Floats:
    """Shrink a 75 dpi page into the middle of a square of 32 cm, 256 px a side; pages keep their true scale."""
    side_px = 320 / 25.4 * COARSE_DPI
    scale = SPECTRUM_PX / side_px
    soft = cv2.GaussianBlur(coarse, (0, 0), 1.2)
    shift = (SPECTRUM_PX - 1) / 2 - scale * (np.array([coarse.shape[1], coarse.shape[0]]) - 1) / 2
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    return cv2.warpAffine(soft, matrix, (SPECTRUM_PX, SPECTRUM_PX), flags=cv2.INTER_AREA).astype(np.float32)


def _spectrum(square: Floats) -> Floats:
    """Return the log-polar magnitude spectrum, ANGLES rows over half a turn."""
    window = cv2.createHanningWindow((SPECTRUM_PX, SPECTRUM_PX), cv2.CV_32F)
    padded = np.fft.fft2(square * window, s=(2 * SPECTRUM_PX, 2 * SPECTRUM_PX))
    magnitude = np.fft.fftshift(np.log1p(np.abs(padded))).astype(np.float32)
    centre = (float(SPECTRUM_PX), float(SPECTRUM_PX))
    polar = cv2.warpPolar(
        magnitude, (SPECTRUM_PX, 2 * ANGLES), centre, SPECTRUM_PX * 0.8, cv2.INTER_LINEAR | cv2.WARP_POLAR_LOG
    )
    half = polar[:ANGLES]
    high_pass = half - cv2.blur(half, (31, 61))
    return high_pass.astype(np.float32)


def _choose_patches(darkness: Floats, dpi: int) -> Patches:
    """Choose corner-like pieces spread over the page."""
    size, count = PATCH_PX[dpi], PATCH_COUNT[dpi]
    reach = size // 2 + 1
    height, width = darkness.shape
    mask = np.zeros((height, width), np.uint8)
    mask[reach : height - reach, reach : width - reach] = 1
    spread = 0.55 * (height * width / count) ** 0.5
    strength = cv2.GaussianBlur(darkness, (0, 0), 1.0)
    found = cv2.goodFeaturesToTrack(strength, count, 0.002, spread, mask=mask, blockSize=size // 2)
    if found is None:
        return Patches(np.zeros((0, 2), np.float32), [])
    centres = np.round(found.reshape(-1, 2)).astype(np.float32)
    pixels = [cv2.getRectSubPix(strength, (size, size), (float(x), float(y))) for x, y in centres]
    textured = [index for index, patch in enumerate(pixels) if patch.std() > 0.02]
    return Patches(centres[textured], [pixels[index] for index in textured])


def coarse_guesses(scan: PreparedScan, blank: BlankPage) -> list[NDArray[np.float64]]:
    """Return two guesses, half a turn apart, of the map from blank px to scan px at 75 dpi (3 x 3), best first."""
    (log_shift, row_shift), _ = cv2.phaseCorrelate(blank.spectrum, scan.spectrum)
    angle = row_shift * 180.0 / ANGLES
    scale = float(np.exp(-log_shift * np.log(SPECTRUM_PX * 0.8) / SPECTRUM_PX))
    centre = ((SPECTRUM_PX - 1) / 2,) * 2
    guesses: list[tuple[float, NDArray[np.float64]]] = []
    for turn in (angle, angle + 180):
        matrix = cv2.getRotationMatrix2D(centre, -turn, scale)
        turned = cv2.warpAffine(blank.square, matrix, (SPECTRUM_PX, SPECTRUM_PX)).astype(np.float32)
        (dx, dy), response = cv2.phaseCorrelate(turned, scan.square)
        matrix[:, 2] += (dx, dy)
        guesses.append((response, np.vstack([matrix, [0, 0, 1]])))
    guesses.sort(key=lambda guess: -guess[0])
    to_square = _square_matrix(blank.fine.shape, 0.5)
    from_square = np.linalg.inv(_square_matrix(scan.coarse.shape, 1.0))
    return [from_square @ matrix @ to_square for _, matrix in guesses]


def _square_matrix(shape: tuple[int, ...], share: float) -> NDArray[np.float64]:
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


def find_patches(
    darkness: Floats, patches: Patches, matrix: NDArray[np.float64], reach_px: int
) -> tuple[Floats, Floats]:
    """Look for each patch near where `matrix` (blank px -> scan px) puts it.

    Returns the places found as px of the blank, shape (n, 2), and correlations, shape (n,). The scan is laid on the
    blank first, so patches need no turning.
    """
    if not len(patches.centres):
        return np.zeros((0, 2), np.float32), np.zeros(0, np.float32)
    size = patches.pixels[0].shape[0]
    extent = np.ceil(patches.centres.max(axis=0)).astype(int) + size
    laid = cv2.warpPerspective(
        darkness, matrix, (int(extent[0]), int(extent[1])), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    laid = cv2.copyMakeBorder(
        cv2.GaussianBlur(laid, (0, 0), 1.0), reach_px, reach_px, reach_px, reach_px, cv2.BORDER_CONSTANT
    )
    found = np.empty_like(patches.centres)
    trust = np.empty(len(patches.centres), np.float32)
    half = size // 2
    for index, (centre, patch) in enumerate(zip(patches.centres, patches.pixels, strict=True)):
        x, y = int(centre[0]) - half, int(centre[1]) - half
        window = laid[y : y + size + 2 * reach_px, x : x + size + 2 * reach_px]
        answer = cv2.matchTemplate(window, patch, cv2.TM_CCOEFF_NORMED)
        _, best, _, (px, py) = cv2.minMaxLoc(answer)
        found[index] = centre + (peak(answer, px, py) - reach_px)
        trust[index] = best if np.isfinite(best) else 0
    return found, trust


def peak(answer: Floats, x: int, y: int) -> Floats:
    """Refine a maximum to a fraction of a pixel by a parabola in each direction."""
    place = np.array([x, y], np.float32)
    if 0 < x < answer.shape[1] - 1:
        place[0] += _vertex(answer[y, x - 1], answer[y, x], answer[y, x + 1])
    if 0 < y < answer.shape[0] - 1:
        place[1] += _vertex(answer[y - 1, x], answer[y, x], answer[y + 1, x])
    return place


def _vertex(before: float, at: float, after: float) -> float:
    bend = before - 2 * at + after
    return float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5)) if bend < -1e-6 else 0.0


@dataclass(frozen=True)
class CoarseFit:
    """A homography blank px -> scan px at 75 dpi and how well print agrees with it, 0..1."""

    matrix: NDArray[np.float64]
    score: float


def fit_coarsely(scan: PreparedScan, blank: BlankPage) -> CoarseFit:
    """Find the blank's print on the scan at 75 dpi; score = share of patches found x their median correlation.

    Corner squares give a start where both have four of them; if the print does not confirm it, spectra do.
    """
    for guess in _corner_guesses(scan, blank):
        fit = _fit_guess(scan, blank, guess)
        if fit.score > CONFIRMED:
            return fit
    fits = (_fit_guess(scan, blank, guess) for guess in coarse_guesses(scan, blank))
    return max(fits, key=lambda fit: fit.score)


def _corner_guesses(scan: PreparedScan, blank: BlankPage) -> Iterator[NDArray[np.float64]]:
    """Lay the blank's corner squares on the scan's: upright, upside down, and on either side."""
    if scan.corners is None or blank.corners is None:
        return
    for turn in (0, 2, 1, 3):
        yield cv2.getPerspectiveTransform(blank.corners, np.roll(scan.corners, turn, axis=0))


def _fit_guess(scan: PreparedScan, blank: BlankPage, guess: NDArray[np.float64]) -> CoarseFit:
    matrix, score = guess, 0.0
    patches = blank.coarse_patches
    for reach_mm in REACH_MM[COARSE_DPI]:
        found, trust = find_patches(scan.coarse, patches, matrix, round(reach_mm / 25.4 * COARSE_DPI))
        good = trust > MATCHED
        if good.sum() < 6:
            return CoarseFit(matrix, 0.0)
        step, inliers = cv2.findHomography(
            patches.centres[good], found[good], cv2.USAC_MAGSAC, INLIER_PX, maxIters=2000, confidence=0.999
        )
        if step is None or inliers.sum() < 6:
            return CoarseFit(matrix, 0.0)
        score = float(inliers.sum() / len(patches.centres) * np.median(trust[good][inliers.ravel() > 0]))
        matrix = matrix @ step
    return CoarseFit(matrix, score)


def lead_over(scan: PreparedScan, one: BlankPage, other: BlankPage, fit: CoarseFit) -> float:
    """Tell how much better a scan agrees with one blank than with a sibling, where these differ; -2 to 2, 0 for none.

    `fit` lays the scan on both: siblings share their layout, and differ in a few words or boxes.
    """
    if one.fine.shape != other.fine.shape:
        return 0.0
    first, second = _coarse_ink(one), _coarse_ink(other)
    differs = cv2.dilate((np.abs(first - second) > DIFFERENT).astype(np.uint8), np.ones((3, 3))) > 0
    if differs.sum() < LEAST_DIFFERENCE_PX:
        return 0.0
    size = (first.shape[1], first.shape[0])
    laid = cv2.warpPerspective(scan.coarse, fit.matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    seen = cv2.GaussianBlur(laid, (0, 0), 1.0)[differs]
    if seen.std() < 1e-6:
        return 0.0
    return float(np.corrcoef(seen, first[differs])[0, 1] - np.corrcoef(seen, second[differs])[0, 1])


def _coarse_ink(blank: BlankPage) -> Floats:
    """Return a blank's darkness at 75 dpi, a little soft."""
    half = cv2.resize(blank.fine, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(half, (0, 0), 1.0)


def register(scan: PreparedScan, blank: BlankPage, coarse: CoarseFit) -> Page:
    """Refine a coarse fit at 150 dpi and measure the field of local displacements."""
    double = np.diag([0.5, 0.5, 1.0])
    double[0, 2] = double[1, 2] = -0.25  # pixel centres: 75 dpi px = (150 dpi px + 0.5) / 2 - 0.5
    zoom = scan.coarse_scale / scan.fine_scale
    matrix = _rescale(zoom) @ coarse.matrix @ double
    patches = blank.fine_patches
    reach_px = round(REACH_MM[FINE_DPI][0] / 25.4 * FINE_DPI)
    found, trust = find_patches(scan.fine, patches, matrix, reach_px)
    to_mm = np.float32(25.4 / FINE_DPI)
    good = trust > MATCHED
    places, shifts, trust = (
        (patches.centres[good] + 0.5) * to_mm,
        (found - patches.centres)[good] * to_mm,
        trust[good],
    )
    kept = believable(places, shifts, trust, OUTLIER_MM)
    mm_to_px = np.array([[1 / to_mm, 0, -0.5], [0, 1 / to_mm, -0.5], [0, 0, 1]])
    return Page(
        scan.image,
        blank,
        _rescale(scan.fine_scale) @ matrix @ mm_to_px,
        Field(places[kept], shifts[kept], trust[kept]),
        coarse.score,
        float(np.median(np.linalg.norm(shifts[kept], axis=1))) if kept.any() else float("nan"),
    )


def _rescale(factor: float) -> NDArray[np.float64]:
    """Map px of a shrunk image to px of the larger one, centre to centre."""
    return np.array([[factor, 0, (factor - 1) / 2], [0, factor, (factor - 1) / 2], [0, 0, 1.0]])


def believable(places_mm: Floats, shifts_mm: Floats, trust: Floats, outlier_mm: float) -> NDArray[np.bool_]:
    """Tell which displacements agree with those of their neighbours; places and shifts of shape (n, 2)."""
    if len(places_mm) < 4:
        return trust > 1  # too few to confirm one another
    distance = np.linalg.norm(places_mm[:, None] - places_mm[None], axis=2)
    nearest = np.argsort(distance, axis=1)[:, : FIELD_NEIGHBOURS + 1]
    usual = np.median(shifts_mm[nearest], axis=1)
    return np.linalg.norm(shifts_mm - usual, axis=1) < outlier_mm


def displacements(field: Field, points_mm: Floats) -> tuple[Floats, Floats]:
    """Return local displacement, mm, shape (n, 2), and trust, 0..1, shape (n,), at points of the blank.

    Near patches weigh more (Gaussian, FIELD_MM / 2 wide); trust falls where no patch is near.
    """
    if len(field.places_mm) < 3:
        return np.zeros_like(points_mm), np.zeros(len(points_mm), np.float32)
    squared = ((points_mm[:, None] - field.places_mm[None]) ** 2).sum(axis=2)
    weights = np.exp(-squared / (2 * (FIELD_MM / 2) ** 2)) * field.trust[None] ** 2
    far = np.exp(-squared / (2 * (4 * FIELD_MM) ** 2)) * 0.02
    total = weights + far
    shifts = (total @ field.shifts_mm) / total.sum(axis=1, keepdims=True)
    nearness = 1 - np.exp(-weights.sum(axis=1) / 0.3)
    local_trust = (total @ field.trust) / total.sum(axis=1)
    return shifts.astype(np.float32), (local_trust * nearness).astype(np.float32)


def to_pixels(page: Page, points_mm: Floats) -> Floats:
    """Map blank mm, shape (n, 2), to px of the scan."""
    shifts, _ = displacements(page.field, points_mm)
    moved = (points_mm + shifts).reshape(-1, 1, 2).astype(np.float64)
    return cv2.perspectiveTransform(moved, page.homography).reshape(-1, 2).astype(np.float32)
