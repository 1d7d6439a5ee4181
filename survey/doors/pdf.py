"""PDF files -> page sizes, renders and embedded images (pikepdf, pypdfium2, pdfplumber).

pdfium is not thread-safe: use it from one thread of a process only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.doors.pdf_images import grey_of
from survey.files import digest

POINTS_PER_MM = 72 / 25.4


def page_sizes_mm(path: Path) -> list[tuple[float, float]]:
    """Width and height of every page in mm, as displayed."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return [(w / POINTS_PER_MM, h / POINTS_PER_MM) for w, h in (page.get_size() for page in document)]


def render(path: Path, page: int, dpi: float) -> NDArray[np.uint8]:
    """Render a page (from 1) to grey, shape (height_px, width_px), 255 is white; an inch is exactly `dpi` px."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        document.init_forms()  # else fields are left out, filled in or not
        leaf = document[page - 1]
        enlarge_to_whole_pixels(leaf, dpi / 72)
        bitmap = leaf.render(scale=dpi / 72, grayscale=True, may_draw_forms=True)
        return np.asarray(
            bitmap.to_numpy()[..., 0] if bitmap.to_numpy().ndim == 3 else bitmap.to_numpy()
        ).copy()


def render_in_colour(path: Path, page: int, dpi: float) -> NDArray[np.uint8]:
    """Render a page (from 1) to BGR, shape (height_px, width_px, 3), for people to look at."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        bitmap = document[page - 1].render(scale=dpi / 72)
        return np.asarray(bitmap.to_numpy()[..., :3]).copy()


def render_finely(path: Path, page: int, dpi: float) -> NDArray[np.uint8]:
    """Render like `render`, with every letter where the file says: pdfium sets letters on whole pixels."""
    large = render(path, page, FINER * dpi)
    return np.asarray(cv2.resize(large, None, fx=1 / FINER, fy=1 / FINER, interpolation=cv2.INTER_AREA))


FINER = 3  # times the resolution: letters then lie within 0.03 mm at 150 dpi
FAR_EDGES = {0: ("right", "bottom"), 90: ("top", "right"), 180: ("left", "top"), 270: ("bottom", "left")}
"""Rotation of a page -> the edges of its box that are displayed at the right and at the bottom."""


def shown_box(media: Sequence[float], crop: Sequence[float]) -> tuple[float, float, float, float]:
    """Return what viewers show and printers print of a page, pt: its crop box as far as there is paper."""
    (left, right), (bottom, top) = sorted(media[::2]), sorted(media[1::2])
    (crop_left, crop_right), (crop_bottom, crop_top) = sorted(crop[::2]), sorted(crop[1::2])
    shown = max(left, crop_left), max(bottom, crop_bottom), min(right, crop_right), min(top, crop_top)
    return shown if shown[0] < shown[2] and shown[1] < shown[3] else (left, bottom, right, top)


def enlarge_to_whole_pixels(leaf: Any, scale: float) -> None:
    """Move a page's far edges out to whole pixels: pdfium would stretch the page to them, by up to 0.17 mm."""
    shown = shown_box(leaf.get_mediabox(), leaf.get_cropbox())
    box = dict(zip(["left", "bottom", "right", "top"], shown, strict=True))
    for edge, size_pt in zip(FAR_EDGES[leaf.get_rotation()], leaf.get_size(), strict=True):
        extra = (math.ceil(size_pt * scale - 0.001) - 0.001) / scale - size_pt
        box[edge] += extra if edge in {"right", "top"} else -extra
    leaf.set_mediabox(*box.values())
    leaf.set_cropbox(*box.values())


def save_png(path: Path, image: NDArray[np.uint8]) -> None:
    """Write an image, grey or BGR, as PNG."""
    from survey.files import write_whole

    write_whole(path, cv2.imencode(".png", image)[1].tobytes())


MAX_PIXELS = 120_000_000  # A3 at 600 dpi has 70 million; more is a damaged or hostile file
RENDER_DPI = 300  # for a page that is not one image …
FINEST_DPI = 400  # … and the most for one of several images in black and white, each px of which counts
FINE_JPEG_DPI = 290  # a JPEG this fine is decoded to half its size: pages are looked at with 150 dpi
PLAIN_SPACES = {"", "/DeviceGray", "/DeviceRGB", "/CalGray", "/CalRGB", "/ICCBased"}
"""Colour spaces in which a JPEG's own numbers are what it shows: others turn light and dark round, or mix inks."""
HIDDEN = 1 << 1 | 1 << 5  # flags of a note or a field that is neither shown nor printed
SHOWN_OF_NOTES = (
    *("/Rect", "/AS", "/V", "/Contents", "/C", "/IC"),
    *("/InkList", "/L", "/Vertices", "/QuadPoints"),
)
"""What a PDF reader draws a note or a field from, where it has no look of its own."""
TEXT, PAINT = {"Tj", "TJ", "'", '"'}, {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh"}
"""Operators that show text, and those that paint what was drawn."""
UNSEEN = {3, 7}  # modes in which text is not shown
OPERATORS = " ".join(("q Q cm Tr Do EI", *sorted(TEXT | PAINT)))
PAGE_SHARE = 0.85  # an image that covers this share of the page is the page
MOST_OF_IMAGES = 0.5  # of a page: what images cover more of is a scan, be it in strips


@dataclass(frozen=True)
class EmbeddedPage:
    """One page of a scanned PDF: a digest of what it shows, its size, and a way to its grey image."""

    digest: str
    width_mm: float
    height_mm: float
    load: Callable[[], NDArray[np.uint8]]
    is_born_digital: bool
    """A program drew it: no image on it is the page, or most of it."""
    load_half: Callable[[], NDArray[np.uint8]] | None = None
    """Decodes to half the size in two thirds of the time; only a JPEG of 300 dpi and more can."""


class DamagedFileError(Exception):
    """A PDF, or a page of one, that cannot be opened; the text says why."""


class EncryptedFileError(DamagedFileError):
    """A PDF that asks for a password."""


def embedded_pages(
    path: Path, wanted: Container[int] | None = None
) -> Iterator[tuple[int, EmbeddedPage | DamagedFileError]]:
    """Walk a PDF's pages, or the wanted ones of them, by number; one that cannot be read is a DamagedFileError.

    The digest is taken of the image stream, so that splitting or joining PDFs changes nothing; of a page that was
    filled in on a screen also of the file: two people may give the same answers to the letter.
    Raises DamagedFileError where nothing of the file can be opened. `load` works while the walk has not gone on.
    """
    import pikepdf

    try:
        document = pikepdf.open(path)
    except pikepdf.PasswordError as error:
        raise EncryptedFileError("the file asks for a password") from error
    except (pikepdf.PdfError, OSError, ValueError) as error:
        raise DamagedFileError("the file is cut or damaged") from error
    with document:
        if not len(document.pages):
            raise DamagedFileError("the file has no pages")
        for number, page in enumerate(document.pages, start=1):
            if wanted is not None and number not in wanted:
                continue
            try:
                yield number, _embedded_page(path, number, page)
            except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError) as error:
                yield number, DamagedFileError(f"the page is damaged ({error})")


def _embedded_page(path: Path, number: int, page: Any) -> EmbeddedPage:
    import pikepdf

    media, crop = ([float(edge) for edge in box] for box in (page.mediabox, page.cropbox))
    width_pt, height_pt = _sides(media)
    quarter_turns = int(page.get("/Rotate", 0)) // 90 % 4
    drawn, is_covered = _drawn_images(page)
    notes = list(shown_notes(page))
    image, matrix = _page_image(drawn, width_pt, height_pt)
    file = f"{_digest_of_file(path, path.stat().st_mtime_ns)} {number}" if notes and image is None else ""
    if notes or is_covered:
        image = None
    if image is None:  # what is cut off is not rendered
        width_pt, height_pt = _sides(shown_box(media, crop))
    size = (height_pt, width_pt) if quarter_turns % 2 else (width_pt, height_pt)
    if image is None:
        return EmbeddedPage(
            _drawing_digest(page, notes, file),
            size[0] / POINTS_PER_MM,
            size[1] / POINTS_PER_MM,
            lambda: _render_images(path, number, drawn),
            _is_born_digital(drawn, width_pt * height_pt),
        )
    if int(image.Width) * int(image.Height) > MAX_PIXELS:
        raise ValueError(f"its image has {int(image.Width)} by {int(image.Height)} pixels")

    def load(flag: int = cv2.IMREAD_GRAYSCALE) -> NDArray[np.uint8]:
        try:
            grey = _decode(image, flag)
            grey = _decode_by_pdfium(path, number, image) if grey is None else grey
        except (pikepdf.PdfError, ValueError, OSError) as error:
            return _rescue(path, number, error)
        if matrix[0] < 0:
            grey = grey[:, ::-1]
        if matrix[3] < 0:
            grey = grey[::-1]
        return np.ascontiguousarray(np.rot90(grey, -quarter_turns))

    return EmbeddedPage(
        digest(image.read_raw_bytes(), repr((quarter_turns, matrix[0] < 0, matrix[3] < 0))),
        size[0] / POINTS_PER_MM,
        size[1] / POINTS_PER_MM,
        load,
        False,
        (lambda: load(cv2.IMREAD_REDUCED_GRAYSCALE_2)) if _can_be_halved(image, max(size)) else None,
    )


def _sides(box: Sequence[float]) -> tuple[float, float]:
    """Width and height of a page's box, points."""
    left, bottom, right, top = box
    return abs(right - left), abs(top - bottom)


def _can_be_halved(image: Any, long_side_pt: float) -> bool:
    """Tell whether the image is a JPEG of even width and height that has still 150 dpi at half its size."""
    width, height = int(image.Width), int(image.Height)
    return (
        str(image.get("/Filter")) == "/DCTDecode"
        and width % 2 == height % 2 == 0
        and max(width, height) / long_side_pt * 72 >= FINE_JPEG_DPI
    )


def _rescue(path: Path, number: int, fault: Exception) -> NDArray[np.uint8]:
    """Render a page whose image is damaged; what comes out white is no blank back but a lost page."""
    grey = render_capped(path, number)
    if grey.min() == grey.max():
        raise ValueError("the page's image is damaged") from fault
    return grey


Drawn = tuple[Any, tuple[float, ...]]
"""An image, and the matrix that lays it on its page."""


def _drawn_images(page: Any) -> tuple[list[Drawn] | None, bool]:
    """Return the images a page draws, in order, and whether anything else is seen over the first of them.

    None where it draws images inside other things, or in its own lines.
    """
    drawn: list[Drawn] = []
    is_covered = False
    for operator, thing, matrix in _painted(page):
        if operator == "EI":
            return None, False
        if thing is None:
            is_covered |= bool(drawn)
        elif thing.get("/Subtype") == "/Image":
            drawn.append((thing, tuple(matrix.shorthand)))
        elif any(inner.get("/Subtype") == "/Image" for inner in _things_in(thing)):
            return None, False
        else:
            is_covered = is_covered or (bool(drawn) and _shows_anything(thing))
    return drawn, is_covered


def _shows_anything(thing: Any) -> bool:
    """Whether a form without images paints anything."""
    return any(inner is None or _shows_anything(inner) for _, inner, _ in _painted(thing))


def _painted(thing: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield what a page or a form paints, in order: the operator, the image or form that is drawn, and its matrix.

    Strokes, areas and text have no thing; text that was only recognised is not painted.
    """
    import pikepdf

    drawable = thing.get("/Resources", {}).get("/XObject", {})
    stack: list[tuple[Any, bool]] = []
    matrix, is_hidden = pikepdf.Matrix(), False
    for operands, operator in pikepdf.parse_content_stream(thing, OPERATORS):
        name = str(operator)
        if name == "q":
            stack.append((matrix, is_hidden))
        elif name == "Q" and stack:
            matrix, is_hidden = stack.pop()
        elif name == "cm":
            matrix = pikepdf.Matrix(*[float(value) for value in operands]) @ matrix
        elif name == "Tr":
            is_hidden = int(operands[0]) in UNSEEN
        elif name == "Do" and str(operands[0]) in drawable:
            yield name, drawable[str(operands[0])], matrix
        elif name == "EI" or name in PAINT or (name in TEXT and not is_hidden):
            yield name, None, matrix


def _things_in(thing: Any) -> Iterator[Any]:
    """Yield everything that a drawn thing may draw in its turn, however deep."""
    inner = thing.get("/Resources", {}).get("/XObject", {})
    for name in sorted(inner.keys()):
        yield inner[name]
        yield from _things_in(inner[name])


def _page_image(
    drawn: list[Drawn] | None, width_pt: float, height_pt: float
) -> Drawn | tuple[None, tuple[()]]:
    """Return the one image that is the page, with its matrix; (None, …) if the page must be rendered."""
    upright = [
        (image, matrix)
        for image, matrix in drawn or ()
        if abs(matrix[0] * matrix[3]) >= PAGE_SHARE * width_pt * height_pt
        and abs(matrix[1]) + abs(matrix[2]) < 1
        and not any(name in image for name in ("/SMask", "/Mask"))
    ]
    return upright[0] if drawn and len(drawn) == len(upright) == 1 else (None, ())


def _is_born_digital(drawn: list[Drawn] | None, page_pt2: float) -> bool:
    """Whether a program drew a page; unknown is no: of images inside other things nobody knows the size."""
    if drawn is None:
        return False
    covered = sum(abs(a * d - b * c) for _, (a, b, c, d, *_) in drawn)
    return covered < MOST_OF_IMAGES * page_pt2


def _render_images(path: Path, number: int, drawn: list[Drawn] | None) -> NDArray[np.uint8]:
    """Render a page; where all of its images are black and white so is the picture, px for px as far as can be."""
    if not drawn or any(int(image.get("/BitsPerComponent", 8)) > 1 for image, _ in drawn):
        return render_capped(path, number)
    finest = max(int(image.Width) / max(math.hypot(*matrix[:2]) / 72, 0.01) for image, matrix in drawn)
    return _black_and_white(render_capped(path, number, min(finest, FINEST_DPI)))


def _black_and_white(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.threshold(grey, 127, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _drawing_digest(page: Any, notes: Sequence[Any], file: str) -> str:
    """Digest of what a page draws and of what was put on it; `file` tells one filled in on a screen from its like."""
    import pikepdf

    contents: Any = page.get("/Contents", [])
    streams = list(contents) if isinstance(contents, (pikepdf.Array, list)) else [contents]
    parts: list[bytes | str] = [stream.read_raw_bytes() for stream in (*streams, *_things_in(page.obj))]
    for note in notes:
        parts += [repr((name, inherited(note, name))) for name in SHOWN_OF_NOTES]
        look = note.get("/AP", {}).get("/N", {})
        look = look if isinstance(look, pikepdf.Stream) else look.get(str(note.get("/AS", "")), {})
        if isinstance(look, pikepdf.Stream):
            parts += [look.read_raw_bytes(), *(thing.read_raw_bytes() for thing in _things_in(look))]
    return digest(*parts, repr(page.mediabox), *([file] if file else []))


@lru_cache(maxsize=1)
def _digest_of_file(path: Path, _changed_ns: int) -> str:
    return digest(path.read_bytes())


def shown_notes(page: Any) -> Iterator[Any]:
    """Yield what was put on a page besides its print and is shown: fields, strokes, text, stamps, but no links."""
    for note in page.get("/Annots", []):
        is_link = str(note.get("/Subtype", "")) in {"/Link", "/Popup"}
        is_hidden = bool(int(note.get("/F", 0)) & HIDDEN)
        sides = _sides([float(edge) for edge in note.get("/Rect", [0, 0, 0, 0])])  # a mere signature has none
        if not is_link and not is_hidden and all(sides):
            yield note


def inherited(field: Any, key: str) -> Any:
    """Return a field's own value of a key, or that of its nearest parent."""
    while field is not None:
        if key in field:
            return field[key]
        field = field.get("/Parent")
    return None


def _decode_by_pdfium(path: Path, number: int, image: Any) -> NDArray[np.uint8]:
    """Decode the one image of a page by the renderer, px for px; what a mask paints is black."""
    import pypdfium2
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    with pypdfium2.PdfDocument(path) as document:
        (only,) = document[number - 1].get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=1)
        pixels = only.get_bitmap(render=False).to_numpy()
    if pixels.ndim == 3:
        pixels = cv2.cvtColor(np.ascontiguousarray(pixels[..., :3]), cv2.COLOR_BGR2GRAY)
    return np.asarray(255 - pixels if "/ImageMask" in image else pixels, np.uint8).copy()


def _decode(image: Any, flag: int) -> NDArray[np.uint8] | None:
    """Decode an image to grey, 0 black to 255 white, a JPEG by OpenCV's `flag`; None where only pdfium can.

    Raises PdfError, ValueError or OSError for a damaged image.
    """
    import pikepdf

    filters = [str(name) for name in pikepdf.PdfImage(image).filters]
    if "/Decode" in image or "/ImageMask" in image:
        return None
    if filters == ["/DCTDecode"] and _colour_space(image) in PLAIN_SPACES:
        grey = cv2.imdecode(np.frombuffer(image.read_raw_bytes(), np.uint8), flag)
        if grey is None:
            raise ValueError("no JPEG")
        return grey
    if "/JBIG2Decode" in filters or "/JPXDecode" in filters:
        return None
    try:
        picture = pikepdf.PdfImage(image).as_pil_image()
    except (
        NotImplementedError,
        pikepdf.UnsupportedImageTypeError,
        pikepdf.HifiPrintImageNotTranscodableError,
    ):
        return None
    grey = grey_of(picture)
    is_tinted = int(image.get("/BitsPerComponent", 8)) == 1 and picture.mode != "1"
    return _black_and_white(grey) if is_tinted else grey


def _colour_space(image: Any) -> str:
    """Name an image's colour space, or the kind of it; "" where the image has none of its own."""
    import pikepdf

    space = image.get("/ColorSpace", "")
    return str(space[0] if isinstance(space, pikepdf.Array) else space)


def render_capped(path: Path, page: int, dpi: float = RENDER_DPI) -> NDArray[np.uint8]:
    """Render at `dpi`, or at less where the page would have too many pixels."""
    width_mm, height_mm = page_sizes_mm(path)[page - 1]
    return render(path, page, min(dpi, 25.4 * (MAX_PIXELS / max(width_mm * height_mm, 1)) ** 0.5))
