"""Page images or picture files -> a PDF with one image a page, as an office scanner writes it (pikepdf, Pillow)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.errors import UsageError

if TYPE_CHECKING:
    from PIL.Image import Image

POINTS_PER_INCH = 72
PICTURES = (".tif", ".tiff", ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".webp", ".jp2")
LARGEST_MM, A4_MM = 430.0, 297.0  # longer sides: of paper that is scanned (A3), and of a page of unknown size
QUALITY = 95  # of JPEG: boxes are looked for in it


@dataclass(frozen=True, slots=True)
class PageStream:
    """One page's encoded image: CCITT G4 for 1-bit, JPEG for grey and colour."""

    data: bytes
    coding: str
    """g4, grey or colour."""
    width_px: int
    height_px: int
    dpi: float


def encode_g4(image: NDArray[np.uint8], dpi: float) -> PageStream:
    """Encode a black (0) and white (255) image of shape (h, w) as one strip of CCITT G4."""
    from PIL import Image, TiffImagePlugin

    height, width = image.shape
    out = io.BytesIO()
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[TiffImagePlugin.ROWSPERSTRIP] = height
    black = Image.fromarray(255 - image).convert(
        "1", dither=Image.Dither.NONE
    )  # in G4 the coded runs are the ink
    black.save(out, "TIFF", compression="group4", tiffinfo=tags)
    with Image.open(out) as tiff:
        directory = tiff.tag_v2  # type: ignore[attr-defined]
        starts, lengths = directory[TiffImagePlugin.STRIPOFFSETS], directory[TiffImagePlugin.STRIPBYTECOUNTS]
    start, length = int(starts[0]), int(lengths[0])
    return PageStream(out.getvalue()[start : start + length], "g4", width, height, dpi)


def encode_jpeg(image: NDArray[np.uint8], dpi: float, quality: int) -> PageStream:
    """Encode a grey (h, w) or BGR (h, w, 3) image as JPEG."""
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1])[
        1
    ].tobytes()
    return PageStream(data, "grey" if image.ndim == 2 else "colour", image.shape[1], image.shape[0], dpi)


def grey_of(picture: Image) -> NDArray[np.uint8]:
    """Return a picture as grey, 0 black to 255 white: what is clear as on white paper, 16 bits as 8."""
    from PIL import Image

    if picture.mode == "I":  # 16 bits in 32, of which Pillow would call all that is lighter white
        wide = np.asarray(picture)
        return np.asarray(np.clip(wide >> (8 if wide.max(initial=0) > 255 else 0), 0, 255), np.uint8)
    if picture.mode.startswith("I;16"):  # Pillow would cut off all that is lighter than nearly black
        return np.asarray(np.asarray(picture, np.uint16) >> 8, np.uint8)
    if "A" in picture.getbands() or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    return np.asarray(picture.convert("L"))


def picture_to_pdf(path: Path) -> bytes:
    """Return a PDF of the pages of a TIFF, JPEG or PNG, for A4 where it does not say how large its paper is.

    Raises UsageError where it is no picture.
    """
    from PIL import Image, ImageSequence, UnidentifiedImageError

    pages = []
    try:
        with Image.open(path) as picture:
            for frame in ImageSequence.Iterator(picture):
                dpi, longer = float(frame.info.get("dpi", (0, 0))[0]), max(frame.size)
                if dpi <= 0 or longer / dpi * 25.4 > LARGEST_MM:
                    dpi = longer / A4_MM * 25.4
                grey = grey_of(frame)
                pages.append(encode_g4(grey, dpi) if frame.mode == "1" else encode_jpeg(grey, dpi, QUALITY))
    except (UnidentifiedImageError, OSError) as error:
        raise UsageError(f"cannot open {path}: {error}", hint="is it a picture, and whole?") from error
    return join_images(pages)


def join_images(pages: Sequence[PageStream]) -> bytes:
    """Return a PDF whose pages are the given images; the same images give the same bytes."""
    import pikepdf

    document = pikepdf.new()
    for page in pages:
        width_pt, height_pt = (px / page.dpi * POINTS_PER_INCH for px in (page.width_px, page.height_px))
        image = pikepdf.Stream(document, page.data)
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height = page.width_px, page.height_px
        if page.coding == "g4":
            image.BitsPerComponent, image.ColorSpace = 1, pikepdf.Name.DeviceGray
            image.Filter = pikepdf.Name.CCITTFaxDecode
            image.DecodeParms = pikepdf.Dictionary(K=-1, Columns=page.width_px, Rows=page.height_px)
        else:
            image.BitsPerComponent = 8
            image.ColorSpace = pikepdf.Name.DeviceGray if page.coding == "grey" else pikepdf.Name.DeviceRGB
            image.Filter = pikepdf.Name.DCTDecode
        leaf = document.add_blank_page(page_size=(width_pt, height_pt))
        leaf.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=document.make_indirect(image)))
        leaf.Contents = pikepdf.Stream(
            document, f"q {width_pt:.3f} 0 0 {height_pt:.3f} 0 0 cm /Im0 Do Q".encode()
        )
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()
