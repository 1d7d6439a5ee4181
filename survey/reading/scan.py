"""PDF, TIFF, JPEG, PNG -> PageImage: grey pixels with provenance. Scans are only ever read."""

from __future__ import annotations

import io
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from survey.doors import pdf
from survey.doors.pdf_images import grey_of
from survey.files import digest
from survey.reading.reasons import Reason

VERSION = 9  # of decoding, here and in doors/pdf.py
BESIDE_SCANS = frozenset(
    {".csv", ".db", ".ini", ".json", ".log", ".md", ".tsv", ".txt", ".xml", ".yaml", ".yml"}
)
"""Suffixes of lists, notes and what systems leave in folders: every other file may hold somebody's answers."""
PICTURES = ("TIFF", "JPEG", "PNG", "BMP", "WEBP", "JPEG2000", "GIF", "PPM")
"""Kinds of picture that are opened, by Pillow's names."""
FAULTS: tuple[type[Exception], ...] = (
    *(OSError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, SyntaxError),
    *(MemoryError, RuntimeError, cv2.error),
)
"""What decoders raise at damaged data."""
KIND_OF_PAGE, SMALLER = 254, 1  # a TIFF's tag NewSubfileType; its flag of one that shows another page small
BLANK_INK = (
    0.0004  # share of dark pixels under which a page is called blank (a stamp of 8 x 8 mm on A4 has .001)
)
SURELY_PRINTED = 0.005  # dark share of a sample, 12 times that, from which no closer look is needed
DARK_LID = 128  # grey under which most of a picture is no paper
LIT_SHARE = (
    0.25  # of a row or column that is lighter, and of all rows and columns: A5 has 0.35 of A3's longer side
)
LIT_STEP = 8  # pixels of which one is looked at for that
BAND_STEP, BAND_ROWS = 64, 8  # the sample: the first rows of every so many
SMALLEST_PX = 64  # of an image's shorter side: a page of which anything can be read has ten times as many
OBLONG = 1.5  # length of a pixel by its width from which a page is stretched: a fax's is twice as long …
MOST_OBLONG = 4.5  # … or four times; what states more is wrong
MOST_OF_PAIR = 0.6  # of an image, that one of two pages in it covers …
EDGE_OF_PAIR = 0.02  # … without so much of its longer side: shadows of the page's edges
PAPER_OF_PAIR = 0.8  # of the page's lightness, above which the rest is paper, too: no desk, no scanner's lid
STREAK_SHARE = 0.7  # a column or row as dark as this along its length is a streak or a fold
Image.MAX_IMAGE_PIXELS = pdf.MAX_PIXELS


@dataclass(frozen=True, slots=True)
class PageRef:
    """Where a page lies: the batch as a path inside the scans folder, the page in it from 1 (0: the whole file)."""

    scan: str
    page: int
    half: int = 0
    """Of a spread: 1 left, 2 right, 3 upper, 4 lower half, as it was scanned; 0 for all of the picture."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A page or file that was not read, and why."""

    ref: PageRef
    reason: Reason
    digest: str = ""
    grey: NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)
    """Its pixels, where it could be decoded."""


@dataclass(frozen=True)
class ScannedPage:
    """A page found in a batch, not yet decoded; `load` decodes it to grey, shape (height_px, width_px)."""

    ref: PageRef
    digest: str
    paper_mm: tuple[float, float] | None
    load: Callable[[], NDArray[np.uint8]]
    load_half: Callable[[], NDArray[np.uint8]] | None = None
    """Decodes it to half its size, where that is quicker and fine enough to read marks."""
    is_born_digital: bool = False
    """A program drew it; nobody scanned it."""


@dataclass(frozen=True)
class PageImage:
    """The grey pixels of a scanned page; `dpi` is their resolution, or None where no file says it."""

    ref: PageRef
    digest: str
    grey: NDArray[np.uint8]
    dpi: float | None
    finer: Callable[[], NDArray[np.uint8]] | None = None
    """Decodes twice the pixels, where the scan has them; works while the walk has not gone on."""
    is_born_digital: bool = False
    """A program drew it; nobody scanned it."""


def find_scans(folder: Path) -> list[Path]:
    """Return all files below a folder that may be scans, in the order of their names; hidden ones are left out.

    Their names do not tell: what cannot be opened is said of each, so that none is passed over.
    """
    files = (path for path in folder.rglob("*") if path.suffix.lower() not in BESIDE_SCANS and path.is_file())
    return sorted(
        path for path in files if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def walk_pages(path: Path, scan: str, wanted: Container[int] | None = None) -> Iterator[ScannedPage | Unread]:
    """Walk the pages of one file, or the wanted ones of them. A page's `load` must be called before the walk goes on.

    What is wrong with the whole file is told as page 0, whatever is wanted.
    """
    whole = PageRef(scan, 0)
    if path.stat().st_size == 0:
        yield Unread(whole, Reason.EMPTY_FILE)
        return
    with path.open("rb") as handle:
        is_pdf = b"%PDF" in handle.read(1024)
    if is_pdf:
        yield from _walk_pdf(path, scan, wanted)
        return
    try:
        with Image.open(path, formats=PICTURES):  # what is no picture may be a film of two gigabytes
            pass
        yield from _walk_image(path, scan, wanted)
    except (UnidentifiedImageError, Image.DecompressionBombError):
        yield Unread(whole, Reason.NOT_A_SCAN)
    except FAULTS:
        yield Unread(whole, Reason.DAMAGED)


def _walk_pdf(path: Path, scan: str, wanted: Container[int] | None) -> Iterator[ScannedPage | Unread]:
    try:
        for number, page in pdf.embedded_pages(path, wanted):
            ref = PageRef(scan, number)
            if isinstance(page, pdf.DamagedFileError):
                yield Unread(ref, Reason.DAMAGED_PAGE)
            else:
                paper = page.width_mm, page.height_mm
                yield ScannedPage(ref, page.digest, paper, page.load, page.load_half, page.is_born_digital)
    except pdf.EncryptedFileError:
        yield Unread(PageRef(scan, 0), Reason.ENCRYPTED)
    except pdf.DamagedFileError:
        yield Unread(PageRef(scan, 0), Reason.DAMAGED)


def _walk_image(path: Path, scan: str, wanted: Container[int] | None) -> Iterator[ScannedPage | Unread]:
    data = path.read_bytes()
    with Image.open(io.BytesIO(data), formats=PICTURES) as picture:
        pages = 1 if picture.format == "MPO" else getattr(picture, "n_frames", 1)  # of a photo, and its light
        for number in range(pages):
            if wanted is not None and number + 1 not in wanted:
                continue
            picture.seek(number)
            if int(getattr(picture, "tag_v2", {}).get(KIND_OF_PAGE, 0)) & SMALLER:
                continue
            grey = grey_of(picture)
            dpi = picture.info.get("dpi", (0, 0))
            paper = None
            if min(dpi) >= 50:
                paper = (grey.shape[1] / float(dpi[0]) * 25.4, grey.shape[0] / float(dpi[1]) * 25.4)
            name = (
                digest(data)
                if number == 0 and path.suffix.lower() not in {".tif", ".tiff"}
                else digest(grey.tobytes())
            )
            yield ScannedPage(PageRef(scan, number + 1), name, paper, lambda grey=grey: grey)  # type: ignore[misc]


def open_page(page: ScannedPage) -> PageImage | Unread:
    """Decode a page. A page whose image cannot be decoded, or that is blank, is Unread."""
    image = decode_page(page)
    if isinstance(image, PageImage) and is_blank(image.grey):
        return Unread(page.ref, Reason.BLANK, page.digest, image.grey)
    return image


def decode_page(page: ScannedPage) -> PageImage | Unread:
    """Decode a page, blank or not. One whose image cannot be decoded is Unread."""
    try:
        grey = _with_square_pixels((page.load_half or page.load)(), page.paper_mm)
    except FAULTS:
        return Unread(page.ref, Reason.DAMAGED_PAGE, page.digest)
    if min(grey.shape) < SMALLEST_PX:
        return Unread(page.ref, Reason.DAMAGED_PAGE, page.digest)
    dpi = None if page.paper_mm is None else grey.shape[1] / page.paper_mm[0] * 25.4
    finer = page.load if page.load_half else None
    return PageImage(page.ref, page.digest, grey, dpi, finer, page.is_born_digital)


def _with_square_pixels(grey: NDArray[np.uint8], paper_mm: tuple[float, float] | None) -> NDArray[np.uint8]:
    """Stretch an image whose pixels are half as many one way, as a fax's are, to as many both ways."""
    across, down = (px / mm for px, mm in zip(grey.shape[::-1], paper_mm or grey.shape[::-1], strict=True))
    if not OBLONG <= max(across, down) / min(across, down) <= MOST_OBLONG:
        return grey
    size = (round(grey.shape[1] * max(1, down / across)), round(grey.shape[0] * max(1, across / down)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_NEAREST), np.uint8)


def is_blank(grey: NDArray[np.uint8]) -> bool:
    """Whether a page carries nothing: hardly a dark pixel inside a margin of 5 %, streaks and folds left out."""
    grey = _lit_part(grey)
    height, width = grey.shape
    inner = grey[height // 20 : -height // 20, width // 20 : -width // 20]
    bands = inner.shape[0] // BAND_STEP
    if bands:  # a sample of bands tells a printed page in an eighth of the time
        some = inner[: bands * BAND_STEP].reshape(bands, BAND_STEP, -1)[:, :BAND_ROWS]
        if _dark_share(some.reshape(bands * BAND_ROWS, -1)) > SURELY_PRINTED:
            return False
    return _dark_share(inner) < BLANK_INK


def _lit_part(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The sheet in a picture that is mostly a dark lid, against which nothing on the paper would be dark; else all."""
    light = grey[::LIT_STEP, ::LIT_STEP] >= DARK_LID
    if light.mean() > 0.5:
        return grey
    across, down = (np.flatnonzero(light.mean(axis=axis) >= LIT_SHARE) * LIT_STEP for axis in (0, 1))
    if min(len(across) / light.shape[1], len(down) / light.shape[0]) < LIT_SHARE:
        return grey
    return grey[down[0] : down[-1] + LIT_STEP, across[0] : across[-1] + LIT_STEP]


def is_printed_beside(grey: NDArray[np.uint8], corners_px: NDArray[np.float32]) -> bool:
    """Whether an image shows another printed sheet beside the page with these corners, px, shape (4, 2)."""
    if cv2.contourArea(corners_px) > MOST_OF_PAIR * grey.size:
        return False
    page = cv2.fillConvexPoly(np.zeros(grey.shape, np.uint8), corners_px.round().astype(np.int32), 1)
    edge = round(EDGE_OF_PAIR * max(grey.shape))
    page = cv2.dilate(page, np.ones((2 * edge + 1, 2 * edge + 1), np.uint8)).astype(bool)
    paper, beside = float(np.median(grey[page])), float(np.median(grey[~page]))
    rest = np.where(page, np.uint8(beside), grey)
    return beside > PAPER_OF_PAIR * paper and _dark_share(rest) > SURELY_PRINTED


def _dark_share(grey: NDArray[np.uint8]) -> float:
    """Return the share of dark pixels at a quarter of the size, without streaks and folds."""
    small = grey
    for _ in range(2):  # twice by half: OpenCV takes six times as long for a quarter
        small = cv2.resize(small, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    dark = small < 0.75 * float(np.median(small))
    dark[:, dark.mean(axis=0) > STREAK_SHARE] = False
    dark[dark.mean(axis=1) > STREAK_SHARE] = False
    return float(dark.mean())
