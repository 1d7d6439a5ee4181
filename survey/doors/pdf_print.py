"""Blank PDF -> what each page prints: letters, drawn shapes, fields, renders (pypdfium2, pdfplumber, pikepdf).

The other half of the door to PDF files; pdf.py is for scans.
"""

from __future__ import annotations

import ctypes
import io
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from survey.doors.pdf import POINTS_PER_MM, inherited, shown_box, shown_notes
from survey.doors.pdf_images import PICTURES, picture_to_pdf
from survey.errors import UsageError

# TeX's T1 and OT1 fonts without a Unicode table give these codes; pdfium gives 2 for a hyphen at a line's end.
TEX_LETTERS = {
    "\x02": "-", "\x0b": "ff", "\x0c": "fi", "\x0e": "ffi", "\x0f": "ffl",
    "\x15": "–", "\x16": "—", "\x1b": "ff", "\x1c": "fi", "\x1d": "fl", "\x1e": "ffi", "\x1f": "ffl",
}  # fmt: skip

# TeX's bitmap fonts have neither names nor a Unicode table, only the codes of T1; what is not here agrees with Latin-1.
BITMAP_LETTERS = {
    **dict(zip(range(0x10, 0x1B), "“”„«»–—\u200b‰ıȷ", strict=True)),
    **dict(zip(range(0x80, 0xC0), "ĂĄĆČĎĚĘĞĹĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£", strict=True)),
    0xD7: "Œ", 0xDF: "ẞ", 0xF7: "œ", 0xFF: "ß",
}  # fmt: skip

for library in ("pdfminer", "pypdfium2"):
    # they warn of what changes nothing here: a font's metrics, leftovers of XFA
    logging.getLogger(library).setLevel(logging.ERROR)

SIZE_OF_EM = 0.95  # a type size as its letters look: from the top of a capital to the foot of a g
ONE_PIXEL = (1, 1)  # size of an image
THICKEST_RULE_PT = 2.0  # of a line drawn as a rectangle

# what fonts are called that are bold; TeX's and URW's have names of their own: CMBX10, SFSX1000, NimbusRomNo9L-Medi
BOLD = re.compile(
    r"bold|black|heavy|(?<!aca)demi|medi(ital)?$|\b(cm(ss)?(bx|b|dc)(ti|sl)?|sf(bx|bi|bl|sx|so))\d+",
    re.IGNORECASE,
)
NAMELESS = "#"  # what the names of fonts begin with that have none, before a number
SWAPPED = range(
    ord("a") << 8, (ord("z") << 8) + 1, 0x100
)  # letters of ligatures as Ghostscript 10.0 tells them
HIGH_HALVES, LOW_HALVES = range(0xD800, 0xDC00), range(0xDC00, 0xE000)  # of letters beyond the first 65,536


@dataclass(frozen=True, slots=True)
class Letter:
    """One printed character: its tight ink box in mm from the page's top left, baseline and font."""

    text: str
    font: str
    size_mm: float
    bold: bool
    x_mm: float
    y_mm: float
    w_mm: float
    h_mm: float
    left_mm: float
    right_mm: float
    baseline_mm: float
    order: int
    """Its place in the page's text; the letters of a ligature follow each other."""
    quarters: int = 0
    """1 where it stands on its side and is read upwards, 3 downwards; its places are those of the page turned so."""
    blank_after: bool = False
    """Whether the last of its line, with a typed blank behind it: the line ends between two words."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One drawn rectangle, closed curve or embedded image, its outer edge in mm from the page's top left."""

    kind: Literal["rect", "curve", "image"]
    x_mm: float
    y_mm: float
    w_mm: float
    h_mm: float
    solid: float = 1.0
    """Share of its line that is drawn: 0.5 for dashes as long as their gaps."""


@dataclass(frozen=True, slots=True)
class Widget:
    """One field of a fillable PDF."""

    kind: Literal["check", "radio", "text"]
    name: str
    label: str
    export: str
    cells: int
    """Cells of a comb; 0 where the field is none."""
    x_mm: float
    y_mm: float
    w_mm: float
    h_mm: float


@dataclass(frozen=True)
class PagePrint:
    """What is printed on one page of a blank."""

    page: int
    width_mm: float
    height_mm: float
    letters: tuple[Letter, ...]
    shapes: tuple[Shape, ...]
    widgets: tuple[Widget, ...]
    images: tuple[Shape, ...]
    image_share: float
    """Share of the page that embedded images cover, 0..1."""
    rules: tuple[Shape, ...] = ()
    """Its thin straight lines."""


def read_upright(path: Path) -> bytes:
    """Read a PDF, or a picture as one, so that every page stands upright with its origin in the corner.

    Raises UsageError where it cannot be opened, or has no pages.
    """
    import pikepdf

    source = io.BytesIO(picture_to_pdf(path)) if path.suffix.lower() in PICTURES else path
    try:
        with pikepdf.open(source) as document:
            if not document.pages:
                raise UsageError(f"{path} has no pages", hint="is it whole?")
            if document.Root.get("/NeedsRendering", False):
                raise UsageError(
                    f"{path} is a form that only Adobe's reader can draw (XFA)",
                    hint="print it to a PDF there, and learn that one",
                )
            for page in document.pages:
                _turn_upright(page)
            out = io.BytesIO()
            document.save(out, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise UsageError(f"{path} is encrypted", hint="save a copy without a password") from error
    except (pikepdf.PdfError, OSError) as error:
        raise UsageError(
            f"cannot open {path}: {error}", hint="is it a PDF, and whole? save a text document as PDF first"
        ) from error
    return out.getvalue()


def turn_pages(upright: bytes, quarters: Mapping[int, int]) -> bytes:
    """Turn pages (from 1) clockwise by quarter turns, print and fields."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(upright)) as document:
        for number, turns in quarters.items():
            document.pages[number - 1].obj["/Rotate"] = 90 * turns
            _turn_upright(document.pages[number - 1])
        document.save(out, deterministic_id=True)
    return out.getvalue()


def draw_fields(upright: bytes) -> bytes:
    """Draw the fields of a fillable PDF into its pages, as they come out of a printer."""
    import pikepdf
    import pypdfium2

    drawn, out = io.BytesIO(), io.BytesIO()
    with pypdfium2.PdfDocument(upright) as document:
        document.init_forms()
        for number in range(len(document)):
            document[number].flatten()
        document.save(drawn)
    with pikepdf.open(drawn) as document:
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _turn_upright(page: Any) -> None:
    """Bake a page's rotation and crop into its content and its fields."""
    import pikepdf

    media, crop = ([float(edge) for edge in box] for box in (page.mediabox, page.cropbox))
    left, bottom, right, top = shown_box(media, crop)
    turn = int(inherited(page.obj, "/Rotate") or 0) % 360
    if turn == 0 and abs(left) < 0.01 and abs(bottom) < 0.01 and media == crop == [left, bottom, right, top]:
        return
    a, b, c, d, e, f = {
        0: (1, 0, 0, 1, -left, -bottom),
        90: (0, -1, 1, 0, -bottom, right),
        180: (-1, 0, 0, -1, right, top),
        270: (0, 1, -1, 0, top, -left),
    }[turn]
    page.contents_add(f"q {a} {b} {c} {d} {e} {f} cm\n".encode(), prepend=True)
    page.contents_add(b"\nQ")
    width, height = (right - left, top - bottom) if turn % 180 == 0 else (top - bottom, right - left)
    page.mediabox = pikepdf.Array([0, 0, width, height])
    for name in ["/CropBox", "/Rotate", "/TrimBox", "/BleedBox", "/ArtBox"]:
        if name in page.obj:
            del page.obj[name]
    page.obj["/CropBox"] = page.mediabox
    page.obj["/Rotate"] = 0
    for note in (note for note in page.obj.get("/Annots", []) if "/Rect" in note):
        x0, y0, x1, y1 = (float(edge) for edge in note["/Rect"])
        xs, ys = (
            sorted([a * x0 + c * y0 + e, a * x1 + c * y1 + e]),
            sorted([b * x0 + d * y0 + f, b * x1 + d * y1 + f]),
        )
        note["/Rect"] = pikepdf.Array([xs[0], ys[0], xs[1], ys[1]])


def read_print(upright: bytes) -> list[PagePrint]:
    """Read what every page of an upright PDF prints: letters, shapes and fields."""
    import pdfplumber
    import pikepdf
    import pypdfium2

    prints = []
    with (
        pypdfium2.PdfDocument(upright) as document,
        pdfplumber.open(io.BytesIO(upright)) as plumbed,
        pikepdf.open(io.BytesIO(upright)) as pikes,
    ):
        for number in range(len(document)):
            width, height = document[number].get_size()
            drawn = plumbed.pages[number]
            images = tuple(_shape("image", image) for image in drawn.images)
            covered = sum(image.w_mm * image.h_mm for image in images) * POINTS_PER_MM**2
            prints.append(
                PagePrint(
                    page=number + 1,
                    width_mm=width / POINTS_PER_MM,
                    height_mm=height / POINTS_PER_MM,
                    letters=tuple(
                        _letters(document[number], height, is_bitmap=_has_bitmap_letters(pikes.pages[number]))
                    ),
                    shapes=tuple(_shapes(drawn)),
                    widgets=tuple(_widgets(pikes.pages[number], height)),
                    images=images,
                    image_share=min(1.0, covered / (width * height)),
                    rules=tuple(_rules(drawn)),
                )
            )
            drawn.close()
    return prints


def _has_bitmap_letters(page: Any) -> bool:
    """Whether all nameless fonts of a page are TeX's bitmaps, whose letters are named after their codes."""
    fonts = (inherited(page.obj, "/Resources") or {}).get("/Font", {})
    nameless = [font for _, font in fonts.items() if font.get("/Subtype") == "/Type3"]
    return bool(nameless) and all(
        "/ToUnicode" not in font and re.search(r"^/a\d+$", _letter_names(font), re.M) for font in nameless
    )


def _letter_names(font: Any) -> str:
    encoding = font.get("/Encoding", {})
    differences = encoding.get("/Differences", []) if hasattr(encoding, "get") else []
    return "\n".join(str(name) for name in differences)


def _whole(high: int, low: int) -> int:
    """Return the code of a letter that pdfium gives in two halves (UTF-16)."""
    return (
        0x10000 + ((high - HIGH_HALVES.start) << 10) + low - LOW_HALVES.start if low in LOW_HALVES else 0xFFFD
    )


def _letters(page: Any, height_pt: float, *, is_bitmap: bool) -> Iterator[Letter]:
    """Yield the visible letters of a page, upright or on their side; `is_bitmap` says whose the nameless fonts are."""
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    name, flags = ctypes.create_string_buffer(256), ctypes.c_int()
    nameless: dict[int | None, str] = {}
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text, index) or 0xFFFD
        if code in HIGH_HALVES and index + 1 < text.count_chars():
            code = _whole(code, pdfium.FPDFText_GetUnicode(text, index + 1))
        elif code in LOW_HALVES:
            continue
        pdfium.FPDFText_GetFontInfo(text, index, name, 256, flags)
        font = name.value.decode("utf-8", "replace")
        beside = [pdfium.FPDFText_GetUnicode(text, at) for at in (index - 1, index + 1) if at >= 0]
        if code in SWAPPED and any(one in SWAPPED for one in beside):
            code >>= 8
        letter = TEX_LETTERS.get(chr(code), chr(code))
        if is_bitmap and not font:
            letter = BITMAP_LETTERS.get(code, letter)
        angle = pdfium.FPDFText_GetCharAngle(text, index)
        quarters = round(-angle / (np.pi / 2)) % 4  # pdfium tells it clockwise
        is_slanted = abs(angle - round(angle / (np.pi / 2)) * np.pi / 2) > 0.02
        if letter.isspace() or letter in "\x00\ufffe\u00ad" or is_slanted or quarters == 2:
            continue
        left, bottom, right, top = _turned(text.get_charbox(index), quarters, height_pt)
        loose = _turned(text.get_charbox(index, loose=True), quarters, height_pt)
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        baseline = _turned((x.value, y.value, x.value, y.value), quarters, height_pt)[1]
        pdfium.FPDFText_GetMatrix(text, index, matrix)
        em = pdfium.FPDFText_GetFontSize(text, index) * float(np.hypot(matrix.c, matrix.d))
        yield Letter(
            text=letter,
            font=font or nameless.setdefault(_font_of(text, index), f"{NAMELESS}{len(nameless)}"),
            size_mm=(SIZE_OF_EM * em or max(loose[3] - loose[1], top - bottom) / 1.2) / POINTS_PER_MM,
            bold=bool(BOLD.search(font)),
            x_mm=left / POINTS_PER_MM,
            y_mm=(height_pt - top) / POINTS_PER_MM,
            w_mm=(right - left) / POINTS_PER_MM,
            h_mm=(top - bottom) / POINTS_PER_MM,
            left_mm=min(loose[0], left) / POINTS_PER_MM,
            right_mm=max(loose[2], right) / POINTS_PER_MM,
            baseline_mm=(height_pt - baseline) / POINTS_PER_MM,
            order=index,
            quarters=quarters,
            blank_after=[pdfium.FPDFText_GetUnicode(text, index + n) for n in (1, 2)] == [32, 13],
        )


def _font_of(text: Any, index: int) -> int | None:
    """Tell the font of a letter by its address; None where it cannot be told."""
    import pypdfium2.raw as pdfium

    printed = pdfium.FPDFText_GetTextObject(text, index)
    return ctypes.cast(pdfium.FPDFTextObj_GetFont(printed), ctypes.c_void_p).value if printed else None


def _turned(
    edges: tuple[float, float, float, float], quarters: int, height_pt: float
) -> tuple[float, float, float, float]:
    """Turn left, lower, right and upper edge with the page, so that what stood on its side stands upright; pt."""
    left, bottom, right, top = edges
    if quarters == 1:
        return bottom - height_pt, height_pt - right, top - height_pt, height_pt - left
    if quarters == 3:
        return height_pt - top, height_pt + left, height_pt - bottom, height_pt + right
    return edges


def _shapes(page: Any) -> Iterator[Shape]:
    """Yield rectangles and closed curves; half the line's width belongs to a stroked one."""
    kinds: tuple[tuple[Literal["rect", "curve"], list[dict[str, Any]]], ...] = (
        ("rect", page.rects),
        ("curve", page.curves),
    )
    for kind, drawn in kinds:
        yield from (_shape(kind, one) for one in drawn)


def _rules(page: Any) -> Iterator[Shape]:
    """Yield the straight lines of a page, be they drawn as rectangles."""
    for drawn in (*page.lines, *page.rects, *page.curves):
        if min(float(drawn["width"]), float(drawn["height"])) <= THICKEST_RULE_PT:
            yield _shape("rect", drawn)


def _shape(kind: Literal["rect", "curve", "image"], drawn: dict[str, Any]) -> Shape:
    grown = float(drawn.get("linewidth") or 0) / 2 if drawn.get("stroke") else 0.0
    return Shape(
        kind,
        (float(drawn["x0"]) - grown) / POINTS_PER_MM,
        (float(drawn["top"]) - grown) / POINTS_PER_MM,
        (float(drawn["width"]) + 2 * grown) / POINTS_PER_MM,
        (float(drawn["height"]) + 2 * grown) / POINTS_PER_MM,
        _solid_share(drawn.get("dash")),
    )


def _solid_share(dash: Any) -> float:
    """Tell how much of a line its dashes draw, 0..1; a list of lengths and where it begins, or None."""
    lengths = [float(one) for one in (dash[0] if dash else [])]
    if len(lengths) % 2:
        lengths *= 2  # dashes and gaps take turns
    return sum(lengths[::2]) / sum(lengths) if sum(lengths) else 1.0


def _widgets(page: Any, height_pt: float) -> Iterator[Widget]:
    """Yield the fields a person can fill in; buttons and signatures are none."""
    for note in (one for one in shown_notes(page) if one.get("/Subtype") == "/Widget"):
        kind, flags = str(inherited(note, "/FT") or ""), int(inherited(note, "/Ff") or 0)
        if kind not in {"/Btn", "/Tx"} or (kind == "/Btn" and flags & 1 << 16):
            continue
        states = note.get("/AP", {}).get("/N", {}) if kind == "/Btn" else {}
        export = next((str(key)[1:] for key in getattr(states, "keys", tuple)() if key != "/Off"), "")
        x0, y0, x1, y1 = (float(edge) / POINTS_PER_MM for edge in note["/Rect"])
        comb = kind == "/Tx" and flags & 1 << 24
        yield Widget(
            kind="text" if kind == "/Tx" else "radio" if flags & 1 << 15 else "check",
            name=_field_name(note),
            label=str(inherited(note, "/TU") or ""),
            export=export,
            cells=int(inherited(note, "/MaxLen") or 0) if comb else 0,
            x_mm=min(x0, x1),
            y_mm=height_pt / POINTS_PER_MM - max(y0, y1),
            w_mm=abs(x1 - x0),
            h_mm=abs(y1 - y0),
        )


def _field_name(field: Any) -> str:
    names = []
    while field is not None:
        if "/T" in field:
            names.append(str(field["/T"]))
        field = field.get("/Parent")
    return ".".join(reversed(names))


def render_upright(upright: bytes, page: int, dpi: float) -> NDArray[np.uint8]:
    """Render a page (from 1) of an upright PDF to grey with all its print, fields included."""
    return _render(upright, page, dpi, ())


def render_drawing(upright: bytes, page: int, dpi: float) -> NDArray[np.uint8]:
    """Render a page (from 1) to grey without its letters and images: only what is drawn.

    An image of one pixel is a line or an area of one colour, as dvips draws them.
    """
    import pypdfium2.raw as pdfium

    return _render(upright, page, dpi, (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_IMAGE))


def _render(upright: bytes, page: int, dpi: float, without: tuple[int, ...]) -> NDArray[np.uint8]:
    import pypdfium2

    with pypdfium2.PdfDocument(upright) as document:
        document.init_forms()
        leaf = document[page - 1]
        for thing in list(leaf.get_objects(filter=without)) if without else []:
            if not isinstance(thing, pypdfium2.PdfImage) or thing.get_px_size() != ONE_PIXEL:
                leaf.remove_obj(thing)
        pixels = leaf.render(scale=dpi / 72, grayscale=True, may_draw_forms=True).to_numpy()
        return np.asarray(pixels[..., 0] if pixels.ndim == 3 else pixels).copy()
