"""PageImage + blank -> Page: where every millimetre of the blank lies on the scan, and how far to trust it.

The questionnaire's own print decides. Rotation, scale and shift come from phase correlation of log-polar spectra
(Reddy & Chatterji 1996); patches of the blank are then looked for at 75 and at 150 dpi, a homography is fitted to them,
and what is left (folds, uneven feed) becomes a field of local displacements.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.reading.patches import find_patches, find_patches_in_grey, peaks
from survey.reading.percentiles import median
from survey.reading.prepare import (
    ANGLES,
    COARSE_DPI,
    FINE_DPI,
    GLANCE_REACH_PX,
    GLANCE_SHARE,
    SPECTRUM_PX,
    BlankPage,
    Floats,
    Patches,
    PreparedScan,
    square_matrix,
)
from survey.reading.scan import PageImage

VERSION = 10  # here and in patches.py
REACH_MM = (5.0, 2.5)  # how far a coarse patch is looked for, round by round
MATCHED = 0.55  # correlation from which a patch counts as found
INLIER_PX = 3.0  # at 75 dpi: 1 mm
LEAST_PATCHES = 6  # a homography has eight unknowns; every patch gives two equations
COARSER = np.array(
    [[0.5, 0, -0.25], [0, 0.5, -0.25], [0, 0, 1]]
)  # px at 150 -> px at 75 dpi, centre to centre
FINER = np.linalg.inv(COARSER)
DIFFERENT = 0.15  # darkness by which two siblings must differ at a pixel to be told apart there
LEAST_DIFFERENCE_PX = 25  # at 75 dpi: less is no difference
CONFIRMED = 0.6  # score from which a start from corner squares needs no second opinion …
SURE = 0.85  # … or, where only a guess says how the sheet lies: a table fits itself one row further, too …
CERTAIN = 0.95  # … and of a sheet that is all table nearly all does: up to here other starts are tried
RIVAL = 0.6  # of the highest likelihood, from which another start is held against the likeliest
SMOOTH_MM = 0.15  # … both only if print lies no further from where the homography puts it
SCATTERED_MM = 0.5  # print that lies so far from where the homography puts it counts half
FIELD_MM = 18.0  # reach of a patch's displacement over its neighbourhood
FIELD_NEIGHBOURS = 6
NEAR_ENOUGH = (
    0.3  # summed weights of the patches near a place at which trust in its displacement is two thirds
)
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


@dataclass(frozen=True)
class CoarseFit:
    """A homography blank px -> scan px at 75 dpi and how well print agrees with it, 0..1."""

    matrix: NDArray[np.float64]
    score: float
    rough_mm: float = np.inf
    """Median distance of found print from where the matrix puts it: a wrong fit finds each piece elsewhere."""
    quick: tuple[Floats, Floats] | None = None
    """Where a good start found the quick patches, px of the blank at 75 dpi, and how well."""


@dataclass(frozen=True)
class Registration:
    """All that laying a scan on its blank has found, so that it can be laid there again without looking for it."""

    coarse: CoarseFit
    paper_mm: tuple[float, float]
    """Size of the paper it was taken for, which tells its resolution where no file does."""
    homography: NDArray[np.float64] | None = None
    """Blank mm -> px of the scan, where the field was measured at 150 dpi; else the quick patches tell all."""
    field: Field | None = None
    fit_mm: float = float("nan")


def pack_registration(laid: Registration) -> NDArray[np.float64]:
    """Write a registration as one row of numbers; `unpack_registration` gives back the same to the last bit."""
    quick = np.zeros((0, 3)) if laid.coarse.quick is None else np.column_stack(laid.coarse.quick)
    field = laid.field
    fine = (
        np.zeros((0, 5))
        if field is None
        else np.column_stack([field.places_mm, field.shifts_mm, field.trust])
    )
    is_quick, is_fine = laid.coarse.quick is not None, field is not None
    head = [laid.coarse.score, is_quick, len(quick), is_fine, laid.fit_mm, *laid.paper_mm]
    homography = np.zeros((3, 3)) if laid.homography is None else laid.homography
    parts = [np.array(head, float), laid.coarse.matrix, homography, quick, fine]
    return np.concatenate([np.asarray(part, np.float64).ravel() for part in parts])


def unpack_registration(numbers: NDArray[np.float64]) -> Registration:
    """Read a registration that was packed."""
    score, is_quick, quick_rows, is_fine, fit_mm, wide, high = (float(number) for number in numbers[:7])
    matrix, homography = numbers[7:16].reshape(3, 3), numbers[16:25].reshape(3, 3)
    end = 25 + 3 * int(quick_rows)
    quick = numbers[25:end].reshape(-1, 3).astype(np.float32)
    found = (quick[:, :2].copy(), quick[:, 2].copy()) if is_quick else None
    coarse = CoarseFit(matrix, score, quick=found)
    if not is_fine:
        return Registration(coarse, (wide, high))
    rows = numbers[end:].reshape(-1, 5).astype(np.float32)
    field = Field(rows[:, :2].copy(), rows[:, 2:4].copy(), rows[:, 4].copy())
    return Registration(coarse, (wide, high), homography, field, fit_mm)


def lay_again(scan: PreparedScan, blank: BlankPage, laid: Registration) -> Page:
    """Lay a scan on its blank as it was found at 150 dpi."""
    assert laid.homography is not None and laid.field is not None, "it was never measured at 150 dpi"
    return Page(scan.image, blank, laid.homography, laid.field, laid.coarse.score, laid.fit_mm)


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
    to_square = square_matrix(blank.grey.shape, 0.5)
    from_square = np.linalg.inv(square_matrix(scan.coarse.shape, 1.0))
    return [from_square @ matrix @ to_square for _, matrix in guesses]


@dataclass(frozen=True)
class Glance:
    """How a scan and a blank look alike at a few thousand px, either way up, where they do most."""

    likeness: float
    """Their correlation, -1..1."""
    guess: NDArray[np.float64]
    """Blank px -> scan px at 75 dpi, 3 x 3, to some millimetres."""


def glance_at(scan: PreparedScan, blank: BlankPage) -> Glance:
    """Lay a blank on a scan straight and upside down, as a feeder does, wherever it looks most like it."""
    high, wide = (min(sides) for sides in zip(scan.glance.shape, blank.glance.shape, strict=True))
    page = blank.glance[:high, :wide]
    answers = [
        np.nan_to_num(cv2.matchTemplate(scan.glance, way_up, cv2.TM_CCOEFF_NORMED), posinf=0, neginf=0)
        for way_up in (page, page[::-1, ::-1])
    ]
    upright, turned = (float(answer.max()) for answer in answers)
    (place,), _ = peaks(answers[turned > upright][None])
    guess = np.eye(3)
    if turned > upright:
        guess[:2] = [[-1, 0, wide / GLANCE_SHARE - 1], [0, -1, high / GLANCE_SHARE - 1]]
    guess[:2, 2] += (place - GLANCE_REACH_PX) / GLANCE_SHARE
    return Glance(max(upright, turned), guess)


def is_sure(fit: CoarseFit) -> bool:
    """Whether a scan surely lies so: the blank's print is found, evenly and nearly all of it."""
    return _is_confirmed(fit, SURE)


def fit_there(scan: PreparedScan, blank: BlankPage, where: CoarseFit) -> CoarseFit:
    """Look for a blank's print just where another's was found."""
    return _fit_quickly(scan, blank, where.matrix)


def fit_coarsely(scan: PreparedScan, blank: BlankPage) -> CoarseFit:
    """Find the blank's print on the scan at 75 dpi; score = share of patches found x their median correlation.

    Corner squares give a start where both have four of them; if the print does not confirm it, a glance does; if that
    is not certain, spectra tell how the sheet lies, and the likeliest start counts, or the place one row or column on.
    """
    for guess in _corner_guesses(scan, blank):
        fit = _fit_quickly(scan, blank, guess)
        if _is_confirmed(fit):
            return fit
    fits = []
    for guess in _other_guesses(scan, blank):
        fits.append(_fit_guess(scan, blank, guess))
        if _is_confirmed(fits[-1], CERTAIN):
            return fits[-1]
    likeliest = max(fits, key=likelihood)
    if likeliest.score <= CONFIRMED:
        return likeliest
    turned = _told_by_print(scan, blank, fits)
    return _told_by_print(scan, blank, [turned, *_one_row_on(scan, blank, turned)])


def _one_row_on(scan: PreparedScan, blank: BlankPage, fit: CoarseFit) -> Iterator[CoarseFit]:
    """Lay the blank where its print would nearly fit itself, too: there one may have started."""
    for across, down in [*blank.repeats, *(-blank.repeats)]:
        yield _fit_quickly(scan, blank, fit.matrix @ np.array([[1, 0, across], [0, 1, down], [0, 0, 1]]))


def _told_by_print(scan: PreparedScan, blank: BlankPage, fits: list[CoarseFit]) -> CoarseFit:
    """Of starts about as likely take the one by which the scan shows what they put in different places.

    Where much of a sheet of circles is marked, one row on and upside down they fit nearly as well: not so the numbers.
    """
    best, *others = sorted(fits, key=lambda fit: -likelihood(fit))
    least = RIVAL * likelihood(best)
    for other in others:
        if likelihood(other) < least:
            break
        moved = np.linalg.inv(best.matrix) @ other.matrix
        there = cv2.warpPerspective(blank.soft, moved, blank.soft.shape[::-1]).astype(np.float32)
        if _lead(lay_softly(scan, blank, best), blank.soft, there) < 0:
            best = other
    return best


def likelihood(fit: CoarseFit) -> float:
    """How much speaks for a start: the share of print that is found, less where it lies scattered.

    Wrinkled paper scatters it by .3 mm, and a table one row off fits itself smoothly, but not nearly all of it.
    """
    return fit.score / (1 + (fit.rough_mm / SCATTERED_MM) ** 2)


def _is_confirmed(fit: CoarseFit, least: float = CONFIRMED) -> bool:
    return fit.score > least and fit.rough_mm <= SMOOTH_MM


def _corner_guesses(scan: PreparedScan, blank: BlankPage) -> Iterator[NDArray[np.float64]]:
    """Lay the blank's corner squares on the scan's: upright, upside down, and on either side."""
    if scan.corners is None or blank.corners is None:
        return
    for turn in (0, 2, 1, 3):
        yield cv2.getPerspectiveTransform(blank.corners, np.roll(scan.corners, turn, axis=0))


def _other_guesses(scan: PreparedScan, blank: BlankPage) -> Iterator[NDArray[np.float64]]:
    """Lay the blank where a glance puts it, straight or upside down; then ask the spectra, first of a photo's sheet."""
    yield glance_at(scan, blank).guess
    if scan.sheet is not None:
        flat, matrix = _flattened(scan, scan.sheet, blank)
        for guess in (glance_at(flat, blank).guess, *coarse_guesses(flat, blank)):
            yield matrix @ guess
    yield from coarse_guesses(scan, blank)


def _flattened(
    scan: PreparedScan, sheet: Floats, blank: BlankPage
) -> tuple[PreparedScan, NDArray[np.float64]]:
    """Return a photo's sheet as a scanner would show it, and the map from its px to the photo's at 75 dpi, 3 x 3."""
    high, wide = blank.coarse.shape
    across, down = (np.linalg.norm(sheet[0] - sheet[at]) for at in (1, 3))
    if (across > down) != (wide > high):
        high, wide = wide, high
    page = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    matrix = cv2.getPerspectiveTransform(page, sheet).astype(np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    flat = cv2.warpPerspective(scan.grey, FINER @ matrix @ COARSER, (2 * wide, 2 * high), flags=flags)
    return PreparedScan(scan.image, np.asarray(flat, np.uint8), scan.fine_scale), matrix


def _fit_quickly(scan: PreparedScan, blank: BlankPage, guess: NDArray[np.float64]) -> CoarseFit:
    """Ask the quick patches whether a guess holds, and fit a homography to them."""
    found, trust = find_patches_in_grey(scan.half, COARSE_DPI, blank.quick_patches, guess)
    return _fit_homography(guess, blank.quick_patches, found, trust)


def _fit_homography(guess: NDArray[np.float64], patches: Patches, found: Floats, trust: Floats) -> CoarseFit:
    """Fit a homography to where patches were found, px of the blank as `guess` lays it on the scan."""
    good = trust > MATCHED
    if good.sum() < LEAST_PATCHES:
        return CoarseFit(guess, 0.0)
    step, inliers = cv2.findHomography(
        patches.centres[good], found[good], cv2.USAC_MAGSAC, INLIER_PX, maxIters=2000, confidence=0.999
    )
    if step is None or inliers.sum() < LEAST_PATCHES:
        return CoarseFit(guess, 0.0)
    score = float(inliers.sum() / len(patches.centres) * median(trust[good][inliers.ravel() > 0]))
    back = cv2.perspectiveTransform(found[None].astype(np.float64), np.linalg.inv(step))[0].astype(np.float32)
    away = np.linalg.norm(back[good] - patches.centres[good], axis=1)
    return CoarseFit(guess @ step, score, float(median(away) / COARSE_DPI * 25.4), (back, trust))


def _fit_guess(scan: PreparedScan, blank: BlankPage, guess: NDArray[np.float64]) -> CoarseFit:
    """Look for large patches, far and then nearer, until the quick ones confirm what these say."""
    fit = CoarseFit(guess, 0.0)
    for reach_mm in REACH_MM:
        reach_px = round(reach_mm / 25.4 * COARSE_DPI)
        found, trust = find_patches(scan.coarse, blank.coarse_patches, fit.matrix, reach_px)
        fit = replace(_fit_homography(fit.matrix, blank.coarse_patches, found, trust), quick=None)
        if not fit.score:
            return fit
        quick = _fit_quickly(scan, blank, fit.matrix)
        if _is_confirmed(quick):
            again = _fit_quickly(scan, blank, quick.matrix)  # from nearer by more of the print is found
            return max(quick, again, key=lambda one: one.score)
    return fit


def lay_softly(scan: PreparedScan, blank: BlankPage, fit: CoarseFit) -> Floats:
    """The scan laid on a blank at 75 dpi, a little blurred: of the shape of the blank's `soft`."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpPerspective(scan.coarse, fit.matrix, blank.soft.shape[::-1], flags=flags)
    return np.asarray(cv2.GaussianBlur(laid, (0, 0), 1.0), np.float32)


def lead_over(laid: Floats, one: BlankPage, other: BlankPage) -> float:
    """Tell how much better a scan agrees with one blank than with a sibling, where these differ; -2 to 2, 0 for none.

    `laid` is the scan on both (`lay_softly`): siblings share their layout, and differ in a few words or boxes.
    """
    if one.soft.shape != other.soft.shape:
        return 0.0
    return _lead(laid, one.soft, other.soft)


def _lead(laid: Floats, one: Floats, other: Floats) -> float:
    """Tell the same of two prints in the same place, and of a scan that lies there."""
    differs = (np.abs(one - other) > DIFFERENT).astype(np.uint8)
    differs = cv2.dilate(differs, np.ones((3, 3))) > 0
    if differs.sum() < LEAST_DIFFERENCE_PX:
        return 0.0
    seen = laid[differs]
    if seen.std() < 1e-6:
        return 0.0
    return float(np.corrcoef(seen, one[differs])[0, 1] - np.corrcoef(seen, other[differs])[0, 1])


def register(scan: PreparedScan, blank: BlankPage, coarse: CoarseFit) -> Page:
    """Measure the field of local displacements at 150 dpi, or take the one that a quick fit found at 75."""
    if coarse.quick:
        patches, dpi, matrix = blank.quick_patches, COARSE_DPI, coarse.matrix
        found, trust = coarse.quick
    else:
        patches, dpi, matrix = blank.fine_patches, FINE_DPI, FINER @ coarse.matrix @ COARSER
        found, trust = find_patches_in_grey(scan.grey, dpi, patches, matrix)
    to_mm = np.float32(25.4 / dpi)
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
        _rescale(scan.fine_scale * FINE_DPI / dpi) @ matrix @ mm_to_px,
        Field(places[kept], shifts[kept], trust[kept]),
        coarse.score,
        float(median(np.linalg.norm(shifts[kept], axis=1))) if kept.any() else float("nan"),
    )


def _rescale(factor: float) -> NDArray[np.float64]:
    """Map px of a shrunk image to px of the larger one, centre to centre."""
    return np.array([[factor, 0, (factor - 1) / 2], [0, factor, (factor - 1) / 2], [0, 0, 1.0]])


def believable(places_mm: Floats, shifts_mm: Floats, trust: Floats, outlier_mm: float) -> NDArray[np.bool_]:
    """Tell which displacements agree with those of their neighbours; places and shifts of shape (n, 2)."""
    if len(places_mm) < 4:
        return trust > 1  # too few to confirm one another
    wanted = min(FIELD_NEIGHBOURS, len(places_mm) - 1)
    nearest = np.argpartition(_squared(places_mm, places_mm), wanted, axis=1)[:, : wanted + 1]
    usual = median(shifts_mm.T[:, nearest])
    return np.hypot(*(shifts_mm.T - usual)) < outlier_mm


def _squared(points_mm: Floats, others_mm: Floats) -> Floats:
    """Squares of the distances between points, shape (n, 2), and others, shape (m, 2); shape (n, m)."""
    x, y = (np.subtract.outer(points_mm[:, axis], others_mm[:, axis]) for axis in (0, 1))
    return np.square(x) + np.square(y)


def displacements(field: Field, points_mm: Floats) -> tuple[Floats, Floats]:
    """Return local displacement, mm, shape (n, 2), and trust, 0..1, shape (n,), at points of the blank.

    Near patches weigh more (Gaussian, FIELD_MM / 2 wide); trust falls where no patch is near.
    """
    if len(field.places_mm) < 3:
        return np.zeros_like(points_mm), np.zeros(len(points_mm), np.float32)
    squared = _squared(points_mm, field.places_mm)
    weights = np.exp(-squared / (2 * (FIELD_MM / 2) ** 2)) * field.trust[None] ** 2
    far = np.exp(-squared / (2 * (4 * FIELD_MM) ** 2)) * 0.02
    total = weights + far
    shifts = (total @ field.shifts_mm) / total.sum(axis=1, keepdims=True)
    nearness = 1 - np.exp(-weights.sum(axis=1) / NEAR_ENOUGH)
    local_trust = (total @ field.trust) / total.sum(axis=1)
    return shifts.astype(np.float32), (local_trust * nearness).astype(np.float32)


def to_pixels(page: Page, points_mm: Floats) -> Floats:
    """Map blank mm, shape (n, 2), to px of the scan."""
    shifts, _ = displacements(page.field, points_mm)
    moved = (points_mm + shifts).reshape(-1, 1, 2).astype(np.float64)
    return cv2.perspectiveTransform(moved, page.homography).reshape(-1, 2).astype(np.float32)
