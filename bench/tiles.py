"""Simulated strokes on simulated print -> what the network learns from: views of boxes, and what their ink means."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import cv2
import joblib
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from bench.hands import Hand, mark_tile
from bench.prints import BRIGHTNESS, PRINT_DPI, PX_PER_MM, TILE_MM, Floats, Rng, draw_style, print_tile
from survey.reading import measure
from survey.reading.blank_boxes import crops_in, prepare_boxes
from survey.reading.darkness import Tone, halved, tone_of
from survey.reading.prepare import FINE_DPI, prepare_blank, prepare_scan
from survey.reading.register import Field, Page
from survey.reading.scan import PageImage, PageRef
from survey.simulate.paper import Fold, Handling, locate, scan
from survey.simulate.profile import HARD, OFFICE, Sheet, draw_handling, draw_scanner

Bytes = NDArray[np.uint8]
OFFICE_SHARE = 0.6  # of tiles that an office's people mark and its scanner scans; the others vary more widely
UNSTIRRED_SHARE = (
    0.1  # of boxes with no ink at all that are learned from: at work the network hardly sees them
)
DIRTY = 0.2  # of tiles
FOLDED = 0.2  # of tiles
SHARPENED, ADAPTIVE, DITHERED = 0.1, 0.12, 0.08  # of grey scans: as scanners, telephones and fax machines do
BOLDER = 0.4  # of tiles: toner spreads, and the scan's print is bolder than the blank's
PATCHES = 8  # places of a tile where registration knows how far print is displaced
LEAST_INK = 0.007  # mean darkness over a crop that a mark must add to be there at all …
LEAST_SPOT = 0.1  # … and the darkest 3 x 3 px of what it adds


class Examples(NamedTuple):
    """Boxes to learn from."""

    views: Bytes
    """The four views of network.Views, shape (n, 4, 30, 30), darkness 0..255."""
    meant: Floats
    """Whether the ink in the box was meant, 0..1, shape (n,)."""
    black: Floats
    """Whether the box was blacked out with it, 0 or 1; NaN where no ink was meant."""


def office_handling(rng: Rng) -> Handling:
    """Draw how an office scans a tile, now and then a careless one."""
    profile = OFFICE if rng.random() < 0.6 else HARD
    mode = str(rng.choice(["1-bit", "colour", "grey"], p=[0.5, 0.15, 0.35]))
    resolutions = [150, 200, 300] if mode == "1-bit" else [150, 200]
    shares = [0.45, 0.5, 0.05] if mode == "1-bit" else [0.9, 0.1]
    folds = (float(rng.uniform(0.1, 0.9)),) if rng.random() < FOLDED else ()
    sheet = Sheet(False, folds, "", mode, int(rng.choice(resolutions, p=shares)))
    handling = draw_handling(profile, draw_scanner(profile, rng), sheet, TILE_MM, rng)
    return replace(
        handling, black_lid=False, shift_mm=draw_shift(rng), specks=draw_specks(rng),
        stains=int(rng.random() < 0.02),
    )  # fmt: skip


def any_handling(rng: Rng) -> Handling:
    """Draw how any scanner may scan a tile: other resolutions, limits of black, tones and skews."""
    fold = Fold(
        float(rng.uniform(0.1, 0.9) * TILE_MM),
        (float(rng.normal(0, 0.4)), float(rng.normal(0, 0.4))),
        float(rng.choice([-1, 1]) * rng.uniform(0.15, 1)),
    )
    return Handling(
        dpi=int(rng.choice([300, 300, 200, 200, 150, 150, 150, 100])),
        mode="1-bit" if rng.random() < 0.5 else "grey",
        skew_deg=float(np.clip(rng.normal(0, rng.choice([0.3, 1.0, 2.5])), -5, 5)),
        stretch_x=float(rng.normal(1, 0.004)),
        stretch_y=float(rng.normal(1, 0.004)),
        shift_mm=draw_shift(rng),
        wobble_mm=float(rng.uniform(0, 0.3)),
        wobble_phase=float(rng.uniform(0, 6.28)),
        folds=(fold,) if rng.random() < FOLDED else (),
        paper=float(rng.uniform(0.82, 1)),
        shading=float(rng.uniform(0, 0.1)),
        show_through=float(rng.uniform(0.02, 0.1)) if rng.random() < 0.1 else 0.0,
        blur_mm=float(rng.uniform(0.03, 0.11)),
        noise=float(rng.uniform(0.003, 0.03)),
        specks=draw_specks(rng),
        threshold=float(rng.choice([rng.uniform(0.42, 0.7), rng.uniform(0.7, 0.88)])),
        jpeg_quality=int(rng.integers(30, 90)),
    )


def draw_shift(rng: Rng) -> tuple[float, float]:
    """Draw how far a tile lies from where it should, mm."""
    return float(rng.normal(0, 0.6)), float(rng.normal(0, 0.6))


def draw_specks(rng: Rng) -> int:
    """Draw how many specks lie on a tile."""
    return int(rng.poisson(rng.choice([3, 20]))) if rng.random() < DIRTY else 0


def scan_tile(printed: Floats, ink: Floats, colour: str, handling: Handling, seed: int) -> Bytes:
    """Scan a tile; returns grey at the scan's resolution, as the program decodes it."""
    rng = np.random.default_rng(seed)
    paper = np.round(BRIGHTNESS * (1 - printed)).astype(np.uint8)
    image = scan(paper, ink, colour, handling, rng, back=paper[::-1])
    if handling.mode == "1-bit":
        if rng.random() < 0.07:
            image = (cv2.erode if rng.random() < 0.6 else cv2.dilate)(image, np.ones((2, 2), np.uint8))
        return image
    if rng.random() < SHARPENED:
        soft = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.8, 1.6))
        image = cv2.addWeighted(image, 1 + (more := rng.uniform(0.4, 1.5)), soft, -more, 0)
    if handling.mode == "grey" and rng.random() < ADAPTIVE:
        side = round(rng.uniform(4, 9) / 25.4 * handling.dpi) * 2 + 1
        return cv2.adaptiveThreshold(
            image, BRIGHTNESS, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, side, rng.uniform(8, 28)
        )
    if handling.mode == "grey" and rng.random() < DITHERED:
        return dithered(image, rng)
    image = np.clip(image + rng.choice([0, 0, 10, 40]) * (1 - image / BRIGHTNESS), 0, BRIGHTNESS).astype(
        np.uint8
    )  # not all ink is black
    coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, handling.jpeg_quality])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)


def dithered(image: Bytes, rng: Rng) -> Bytes:
    """Show grey by dots: by a screen (Bayer 1973), or by handing on what each pixel misses (Floyd & Steinberg 1976)."""
    lit = np.clip(image * rng.choice([1.0, BRIGHTNESS / np.percentile(image, 75)]), 0, BRIGHTNESS).astype(
        np.uint8
    )
    if rng.random() < 0.5:
        return np.asarray(Image.fromarray(lit).convert("1"), np.uint8) * BRIGHTNESS
    screen = np.zeros((1, 1))
    for _ in range(rng.integers(1, 4)):
        screen = np.block([[4 * screen, 4 * screen + 2], [4 * screen + 3, 4 * screen + 1]])
    limits = (screen + 0.5) / screen.size * BRIGHTNESS
    times = (-(-image.shape[0] // len(screen)), -(-image.shape[1] // len(screen)))
    tiled = np.tile(limits, times)[: image.shape[0], : image.shape[1]]
    return np.where(lit > tiled, BRIGHTNESS, 0).astype(np.uint8)


def lay_page(grey: Bytes, blank_150: Bytes, handling: Handling, rng: Rng) -> Page:
    """Lay a scanned tile on its blank as registration does: a plane, and shifts known at a few places, about right."""
    size = (TILE_MM, TILE_MM)
    plane = replace(handling, folds=(), wobble_mm=0.0)
    corners = np.array([[0, 0], [TILE_MM, 0], [0, TILE_MM]])
    to_scan = cv2.getAffineTransform(
        corners.astype(np.float32), locate(corners, plane, size).astype(np.float32)
    )
    places = rng.uniform(0, TILE_MM, (PATCHES, 2))
    seen_mm = cv2.transform(locate(places, handling, size)[None], cv2.invertAffineTransform(to_scan))[0]
    shifts = seen_mm - places + rng.normal(0, rng.choice([0.02, 0.05, 0.12]), (PATCHES, 2))
    field = Field(
        places.astype(np.float32),
        shifts.astype(np.float32),
        rng.uniform(0.6, 0.95, PATCHES).astype(np.float32),
    )
    image = PageImage(PageRef("tile", 1), "", grey, handling.dpi)
    return Page(
        image, prepare_blank("tile", 1, blank_150, size), np.vstack([to_scan, [0, 0, 1]]), field, 1, 0
    )


def make_tile(rng: Rng) -> Examples:
    """Make the boxes of one tile."""
    style, office = draw_style(rng), bool(rng.random() < OFFICE_SHARE)
    ink, printed, places = print_tile(style, rng)
    blank_150 = np.round(
        BRIGHTNESS * (1 - cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    )
    handling = office_handling(rng) if office else any_handling(rng)
    limit = min(handling.threshold, 0.95 - float(np.median(printed)))  # or a tint would be all black
    handling = replace(handling, threshold=limit)
    if rng.random() < 0.05:  # the scan's print is fainter than the blank's, or lost
        printed *= rng.choice([0.0, rng.uniform(0.2, 0.6)])
    if rng.random() < BOLDER:
        spread = cv2.GaussianBlur(printed, (0, 0), rng.uniform(0.5, 1.6))
        printed = np.clip(spread * rng.uniform(1.0, 2.2), 0, 1).astype(np.float32)
    share = handling.dpi / PRINT_DPI
    printed = cv2.resize(printed, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    hand = Hand(np.zeros(printed.shape, np.float32), share * PX_PER_MM, rng)
    meant, black, colour = mark_tile(hand, places, style, office=office)
    seed = int(rng.integers(2**31))
    with_ink, without = (
        scan_tile(printed, one, colour, handling, seed) for one in (hand.canvas, np.zeros_like(hand.canvas))
    )
    boxes = pd.DataFrame(places, columns=["x_mm", "y_mm", "w_mm", "h_mm"])
    boxes = boxes.assign(box=[f"b{at}" for at in range(len(boxes))], page=1, item="i")
    blank_150 = blank_150.astype(np.uint8)
    page = lay_page(with_ink, blank_150, handling, rng)
    blank = prepare_boxes(1, blank_150, boxes, frozenset())
    sight = measure.see(page, prepare_scan(page.image, (TILE_MM, TILE_MM)), blank)
    there = np.array([shows_ink(sight, without, page), meant == 0]).any(
        axis=0
    )  # nobody can learn what is lost
    learned = there & (sight.stirred | (rng.random(len(boxes)) < UNSTIRRED_SHARE))
    views = sight.views(np.flatnonzero(learned))
    stacked = np.round(np.stack(views, 1) * BRIGHTNESS).astype(np.uint8)
    return Examples(stacked, meant[learned], black[learned])


def shows_ink(sight: measure.Sight, without: Bytes, page: Page) -> NDArray[np.bool_]:
    """Tell in which boxes of a tile its scan shows some ink, by the same scan without it."""
    image = replace(page.image, grey=without)
    plain = tone_of(prepare_scan(image, (TILE_MM, TILE_MM)).grey, FINE_DPI)
    tone = Tone(plain.grey, plain.paper, sight.tone.ink)
    clean = crops_in(tone, halved(tone), sight.places, sight.blank.large_boxes)
    added = np.abs(sight.crops - clean)
    spots = np.array([cv2.blur(crop, (3, 3)).max() for crop in added])
    return np.asarray((added.mean(axis=(1, 2)) > LEAST_INK) & (spots > LEAST_SPOT))


def make_examples(tiles: int, seed: int) -> Examples:
    """Make the boxes of so many tiles."""
    jobs = (joblib.delayed(make_tile)(np.random.default_rng([seed, index])) for index in range(tiles))
    parts = joblib.Parallel(n_jobs=-1, batch_size=50)(jobs)
    return Examples(*(np.concatenate(column) for column in zip(*parts, strict=True)))
