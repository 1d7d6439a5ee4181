"""A picture that shows two pages beside each other -> its halves, each a page of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from survey.reading.scan import PageImage

VERSION = 1
LEFT, RIGHT, UPPER, LOWER = 1, 2, 3, 4
PAIRS = ((LEFT, RIGHT), (UPPER, LOWER))
HALVES = ("", "left", "right", "upper", "lower")
SIZE_TOLERANCE = 0.06  # of each side: scanners trim, stretch, and add an edge of the glass
OVERLAP = 0.02  # of the longer side, beyond the cut: where a spread lies 2 degrees askew, its fold lies there
OUTSIDE = 0.08  # of a spread's longer side, that a page may reach out of its half: trimmed, askew, cut beside the fold


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a picture is cut in two."""

    halves: tuple[int, int]
    """Left and right, or upper and lower."""
    at: float
    """Share of its width, or of its height."""


def cut_by_size(image: PageImage, papers_mm: Collection[tuple[float, float]]) -> Cut | None:
    """Cut a picture in the middle that is as large as two pages of a paper beside each other, and as no single one.

    Papers, width and height, may lie on their sides. None where it is not so, or its resolution is not known.
    """
    if not image.dpi:
        return None
    height, width = (side / image.dpi * 25.4 for side in image.grey.shape)
    size_mm = width, height
    if any(_is_about(size_mm, paper) for paper in papers_mm):
        return None
    across, down = ((width / 2, height), PAIRS[0]), ((width, height / 2), PAIRS[1])
    for half_mm, halves in (across, down) if width >= height else (down, across):
        if any(_is_about(half_mm, paper) for paper in papers_mm):
            return Cut(halves, 0.5)
    return None


def _is_about(size_mm: tuple[float, float], paper_mm: tuple[float, float]) -> bool:
    sides = zip(sorted(size_mm), sorted(paper_mm), strict=True)
    return all(abs(side / wanted - 1) <= SIZE_TOLERANCE for side, wanted in sides)


def cut_beside(shape: tuple[int, ...], outline_px: NDArray[np.float32]) -> Cut:
    """Cut a picture, shape (height, width), along the page with these corners, shape (4, 2), where most lies beside."""
    sizes = np.array(shape[1::-1], np.float64)
    first, last = outline_px.min(axis=0) / sizes, outline_px.max(axis=0) / sizes
    before, beyond = first, 1 - last  # shares of width and height that lie left and above, right and below
    axis = int(np.argmax(np.maximum(before, beyond)))
    at = first[axis] if before[axis] > beyond[axis] else last[axis]
    return Cut(PAIRS[axis], float(at))


def take_half(image: PageImage, half: int, at: float, overlap: float = OVERLAP) -> PageImage:
    """Return one half of a picture, and as much beyond the cut as its longer side times `overlap`."""

    def part(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
        side = grey.shape[1 if half in PAIRS[0] else 0]
        more = overlap * max(grey.shape)
        if half in (LEFT, UPPER):
            own = slice(0, min(round(at * side + more), side))
        else:
            own = slice(max(round(at * side - more), 0), side)
        return np.ascontiguousarray(grey[:, own] if half in PAIRS[0] else grey[own])

    whole = image.finer
    return replace(
        image,
        ref=replace(image.ref, half=half),
        digest=half_digest(image.digest, half),
        grey=part(image.grey),
        finer=None if whole is None else lambda: part(whole()),
    )


def page_beside(page: int, last: int) -> int:
    """Return the page beside another one on an unfolded sheet of a booklet whose last page that counts is `last`.

    A folded sheet has four pages, so that blank ones may follow: 1 lies beside the last one, 2 beside the last but one.
    """
    return -(-last // 4) * 4 + 1 - page


def is_back(page: int, last: int, *, in_spread: bool) -> bool:
    """Whether a page lies on the back of its sheet: an even one, or if it was scanned unfolded an inner one."""
    return (min(page, page_beside(page, last)) if in_spread else page) % 2 == 0


def half_digest(picture: str, half: int) -> str:
    """Name a half by the digest of its picture: that does not change where a batch is split or joined."""
    return f"{picture}-{half}"


def picture_of(page_digest: str) -> str:
    """Return the digest of the picture a page is a half of, or all of."""
    return page_digest.partition("-")[0]


def lies_within(outline_px: NDArray[np.float32], half: PageImage, spread: PageImage) -> bool:
    """Whether a page with these corners, px of its half, shape (4, 2), lies in it, as far as scanners let it."""
    slack = OUTSIDE * max(spread.grey.shape)
    return bool(
        (outline_px >= -slack).all() and (outline_px <= np.array(half.grey.shape[::-1]) + slack).all()
    )


def fold_at(cut: Cut, outlines_px: Mapping[int, NDArray[np.float32]], spread: PageImage) -> float:
    """Where the pages that were found in its halves say that a spread's fold lies, as `Cut.at`.

    `outlines_px` has by half the corners of its page, px of the half, shape (4, 2).
    """
    axis = PAIRS.index(cut.halves)
    side = spread.grey.shape[1 - axis]
    edges = []
    for half, outline in outlines_px.items():
        along = np.sort(outline[:, axis])
        if half == cut.halves[0]:
            edges.append(along[2:].mean())
        else:
            edges.append(along[:2].mean() + side - take_half(spread, half, cut.at).grey.shape[1 - axis])
    return float(np.mean(edges)) / side
