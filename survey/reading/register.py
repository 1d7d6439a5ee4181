"""PageImage + blank -> Page: where every millimetre of the blank lies on the scan, and how far to trust it.

The questionnaire's own print decides. Rotation, scale and shift come from phase correlation of log-polar spectra
(Reddy & Chatterji 1996); patches of the blank are then looked for at 75 and at 150 dpi, a homography is fitted to them,
and what is left (folds, uneven feed) becomes a field of local displacements.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.reading.prepare import (
    ANGLES,
    COARSE_DPI,
    FINE_DPI,
    SPECTRUM_PX,
    BlankPage,
    Floats,
    Patches,
    PreparedScan,
    square_matrix,
)
from survey.reading.scan import PageImage

VERSION = 1
REACH_MM = {COARSE_DPI: (5.0, 2.5), FINE_DPI: (1.0,)}  # how far a patch is looked for, round by round
MATCHED = 0.55  # correlation from which a patch counts as found
INLIER_PX = 3.0  # at 75 dpi: 1 mm
DIFFERENT = 0.15  # darkness by which two siblings must differ at a pixel to be told apart there
LEAST_DIFFERENCE_PX = 25  # at 75 dpi: less is no difference
CONFIRMED = 0.6  # score from which a start from corner squares needs no second opinion
FIELD_MM = 18.0  # reach of a patch's displacement over its neighbourhood
FIELD_NEIGHBOURS = 6
OUTLIER_MM = 0.35  # a patch that disagrees this far with its neighbours has slipped


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
    to_square = square_matrix(blank.fine.shape, 0.5)
    from_square = np.linalg.inv(square_matrix(scan.coarse.shape, 1.0))
    return [from_square @ matrix @ to_square for _, matrix in guesses]


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
