"""A PDF and something to draw on every page, per copy -> one PDF of all copies (pikepdf).

The print of the base is stored once and shared by all copies. Tags do not survive: the base stays the
accessible one.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Sequence

import pikepdf

LOST = ("/StructTreeRoot", "/MarkInfo", "/Metadata", "/Outlines", "/PageLabels", "/Names", "/Dests")
LABEL_FONT = "/SurveyLabel"  # Courier, one of the fonts every PDF reader and printer has


def stamp_copies(base: bytes, copies: Iterable[Sequence[bytes]], title: str) -> bytes:
    """Repeat a PDF once a copy; a copy gives the drawing operators for each of its pages, in points.

    The operators see the page's untouched coordinates and may use LABEL_FONT. The same copies give the same
    bytes.
    """
    with pikepdf.open(io.BytesIO(base)) as target:
        originals = [_shared_parts(target, page) for page in target.pages]
        del target.pages[:]
        for key in LOST:
            if key in target.Root:
                del target.Root[key]
        for drawings in copies:
            for original, drawing in zip(originals, drawings, strict=True):
                target.pages.append(pikepdf.Page(_stamped_page(target, original, drawing)))
        target.docinfo["/Title"] = title
        target.remove_unreferenced_resources()
        written = io.BytesIO()
        target.save(
            written,
            compress_streams=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
        )
    return written.getvalue()


def _shared_parts(target: pikepdf.Pdf, page: pikepdf.Page) -> pikepdf.Dictionary:
    """Return what all copies of a page share: its size, its resources, and its print, wrapped in q … Q."""
    resources = page.obj.Resources
    if "/Font" not in resources:
        resources.Font = pikepdf.Dictionary()
    resources.Font[LABEL_FONT] = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Courier
    )
    page.contents_coalesce()
    print_ = target.make_stream(b"q\n" + page.obj.Contents.read_bytes() + b"\nQ\n")
    return pikepdf.Dictionary(
        MediaBox=page.mediabox, Resources=target.make_indirect(resources), Contents=print_
    )


def _stamped_page(target: pikepdf.Pdf, original: pikepdf.Dictionary, drawing: bytes) -> pikepdf.Object:
    """Add a copy of a page; its drawing is packed at once, so that thousands of copies stay small in memory."""
    packed = target.make_stream(zlib.compress(drawing), Filter=pikepdf.Name.FlateDecode)
    return target.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=original.MediaBox,
            Resources=original.Resources,
            Contents=pikepdf.Array([original.Contents, packed]),
        )
    )


def draw_pages(size_pt: tuple[float, float], drawings: Sequence[bytes]) -> bytes:
    """Make a PDF of pages of one size from drawing operators, in points from the bottom left.

    The same drawings give the same bytes.
    """
    with pikepdf.new() as target:
        for drawing in drawings:
            page = pikepdf.Dictionary(
                Type=pikepdf.Name.Page,
                MediaBox=[0, 0, *(round(side, 3) for side in size_pt)],
                Resources=pikepdf.Dictionary(),
                Contents=target.make_stream(drawing),
            )
            target.pages.append(pikepdf.Page(target.make_indirect(page)))
        written = io.BytesIO()
        target.save(written, deterministic_id=True)
    return written.getvalue()
