"""Claims about how scanners store a page: whatever the way, what is on the paper is what is looked at."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image, TiffImagePlugin
from test_scan import DPI, SIZE, differs, drawn, only_image, opened

from survey.doors.pdf import EmbeddedPage, embedded_pages
from survey.doors.pdf_images import encode_jpeg
from survey.reading.scan import find_scans

BLACK_AND_WHITE = drawn() > 140


def image_of(document: pikepdf.Pdf, data: bytes, width: int, height: int, **keys: object) -> pikepdf.Object:
    """An image to be drawn in a PDF; `data` is what its filter makes of the pixels."""
    named = {f"/{key}": value for key, value in keys.items()}
    image = pikepdf.Stream(document, data)
    image.Type, image.Subtype, image.Width, image.Height = (
        pikepdf.Name.XObject, pikepdf.Name.Image, width, height,
    )  # fmt: skip
    for name, value in {"/BitsPerComponent": 8, "/ColorSpace": pikepdf.Name.DeviceGray, **named}.items():
        image[name] = value
    return document.make_indirect(image)


def page_of(
    document: pikepdf.Pdf, content: bytes, things: dict[str, pikepdf.Object], size: tuple[int, int] = SIZE
) -> None:
    """Add a page of A4 (its pixels at DPI) that draws things by name, in a space of 1 x 1."""
    width, height = size[1] / DPI * 72, size[0] / DPI * 72
    leaf = document.add_blank_page(page_size=(width, height))
    leaf.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(things))
    leaf.Contents = document.make_stream(f"{width} 0 0 {height} 0 0 cm ".encode() + content)


@pytest.mark.parametrize("kind", ["turned round", "mask", "separation", "two colours"])
def test_black_and_white_stays_so_however_it_is_stored(tmp_path: Path, kind: str) -> None:
    """Rendered at another resolution it would be grey, and what scans in black and white lose would not be told."""
    ink = np.packbits(~BLACK_AND_WHITE, axis=1).tobytes()
    with pikepdf.new() as document:
        function = pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], C0=[1], C1=[0], N=1)
        names = pikepdf.Name
        keys = {
            "turned round": {"Decode": [1, 0], "BitsPerComponent": 1},
            "mask": {"ImageMask": True, "Decode": [1, 0], "BitsPerComponent": 1},
            "separation": {
                "ColorSpace": [names.Separation, names.Black, names.DeviceGray, function], "BitsPerComponent": 1,
            },
            "two colours": {
                "ColorSpace": [names.Indexed, names.DeviceRGB, 1, pikepdf.String(b"\xff\xff\xfa\x10\x10\x40")],
                "BitsPerComponent": 1,
            },
        }  # fmt: skip
        image = image_of(document, ink, SIZE[1], SIZE[0], **keys[kind])
        page_of(document, b"0 g /Im0 Do", {"/Im0": image})
        document.save(tmp_path / "batch.pdf")
    assert np.array_equal(only_image(tmp_path / "batch.pdf").grey, np.where(BLACK_AND_WHITE, 255, 0))


def test_a_jpeg_of_ink_is_not_read_as_one_of_light(tmp_path: Path) -> None:
    with pikepdf.new() as document:
        function = pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], C0=[1], C1=[0], N=1)
        space = [pikepdf.Name.Separation, pikepdf.Name.Black, pikepdf.Name.DeviceGray, function]
        data = encode_jpeg(255 - drawn(), DPI, 90).data
        keys = {"ColorSpace": space, "Filter": pikepdf.Name.DCTDecode}
        page_of(document, b"/Im0 Do", {"/Im0": image_of(document, data, SIZE[1], SIZE[0], **keys)})
        document.save(tmp_path / "batch.pdf")
    assert differs(only_image(tmp_path / "batch.pdf").grey, drawn()) < 2


@pytest.mark.parametrize("above", ["form", "inline", "seen through another image"])
def test_ink_that_lies_above_a_picture_of_the_paper_is_seen(tmp_path: Path, above: str) -> None:
    """Scanners that save room store paper and ink apart."""
    paper = np.full((SIZE[0] // 4, SIZE[1] // 4), 245, np.uint8)
    ink = np.packbits(BLACK_AND_WHITE, axis=1).tobytes()
    with pikepdf.new() as document:
        things = {"/Im0": image_of(document, paper.tobytes(), paper.shape[1], paper.shape[0])}
        mask = image_of(document, ink, SIZE[1], SIZE[0], ImageMask=True, BitsPerComponent=1)
        del mask.ColorSpace
        if above == "form":
            form = document.make_stream(b"0 g /Im1 Do")
            form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            form.BBox = [0, 0, 1, 1]
            form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im1=mask))
            content, things["/Fm0"] = b"/Im0 Do /Fm0 Do", form
        elif above == "inline":
            head = f"BI /IM true /W {SIZE[1]} /H {SIZE[0]} /BPC 1 ID ".encode()
            content = b"/Im0 Do 0 g " + head + ink + b"\nEI"
        else:
            seen = image_of(document, (255 - drawn()).tobytes(), SIZE[1], SIZE[0])
            black = np.full(paper.shape, 20, np.uint8)
            content = b"/Im0 Do"
            things = {"/Im0": image_of(document, black.tobytes(), paper.shape[1], paper.shape[0], SMask=seen)}
        page_of(document, content, things)
        document.save(tmp_path / "batch.pdf")
    assert differs(only_image(tmp_path / "batch.pdf").grey, drawn()) < 12


def test_pages_that_draw_their_image_inside_another_thing_are_not_one_page(tmp_path: Path) -> None:
    """What such pages say of themselves is the same on every page."""
    with pikepdf.new() as document:
        for number in (1, 2):
            image = image_of(document, drawn(number).tobytes(), SIZE[1], SIZE[0])
            form = document.make_stream(b"/Im0 Do")
            form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 1, 1]
            form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
            page_of(document, b"/Fm0 Do", {"/Fm0": form})
        document.save(tmp_path / "batch.pdf")
    one, two = opened(tmp_path / "batch.pdf")
    assert one.digest != two.digest


def test_of_a_drawn_page_whose_crop_box_is_larger_than_its_paper_the_paper_is_measured(
    tmp_path: Path,
) -> None:
    """The render shows the paper alone: a size of more would tell a wrong resolution."""
    with pikepdf.new() as document:
        page_of(document, b"0 0 1 1 re f", {})
        leaf = document.pages[0]
        leaf.CropBox = [-90, -90, *(float(edge) + 90 for edge in list(leaf.MediaBox)[2:])]
        document.save(tmp_path / "a.pdf")
    ((_, page),) = embedded_pages(tmp_path / "a.pdf")
    assert isinstance(page, EmbeddedPage)
    high, wide = page.load().shape
    assert page.width_mm == pytest.approx(SIZE[1] / DPI * 25.4, abs=0.1)
    assert wide / page.width_mm == pytest.approx(high / page.height_mm, rel=0.01)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_a_picture_of_16_bits_keeps_its_greys(tmp_path: Path, suffix: str) -> None:
    pale = np.where(drawn() < 100, 150, 245).astype(np.uint8)
    cv2.imwrite(str(tmp_path / f"page{suffix}"), pale.astype(np.uint16) * 257)
    assert differs(only_image(tmp_path / f"page{suffix}").grey, pale) < 1


def test_what_is_clear_in_a_picture_is_white_paper(tmp_path: Path) -> None:
    clear = np.zeros((*SIZE, 4), np.uint8)
    clear[..., 3] = 255 - drawn()
    Image.fromarray(clear).save(tmp_path / "page.png")
    assert differs(only_image(tmp_path / "page.png").grey, drawn()) < 1


def test_a_fax_with_half_as_many_rows_is_stretched(tmp_path: Path) -> None:
    half = Image.fromarray(drawn()[::2]).point(lambda v: 255 * (v > 140)).convert("1")
    half.save(tmp_path / "fax.tif", compression="group4", dpi=(DPI, DPI / 2))
    image = only_image(tmp_path / "fax.tif")
    assert image.dpi == pytest.approx(DPI, abs=0.2)
    assert abs(image.grey.shape[0] - SIZE[0]) <= 2
    assert differs(image.grey, drawn()) < 14


@pytest.mark.parametrize("suffix", [".jfif", ".jpe", ".bmp", ".webp", ".jp2", ".gif", "", ".PDF", ".heic"])
def test_a_picture_of_another_kind_or_name_is_read(tmp_path: Path, suffix: str) -> None:
    kinds = {".jfif": "JPEG", ".jpe": "JPEG", ".jp2": "JPEG2000", "": "TIFF", ".PDF": "PNG", ".heic": "JPEG"}
    Image.fromarray(drawn()).save(tmp_path / f"page{suffix}", kinds.get(suffix))
    assert find_scans(tmp_path) == [tmp_path / f"page{suffix}"]
    assert differs(only_image(tmp_path / f"page{suffix}").grey, drawn()) < 2


def test_a_photo_stored_with_its_light_is_one_page(tmp_path: Path) -> None:
    """Phones store beside the picture how bright its parts are to be shown."""
    light = Image.fromarray(np.full((100, 80), 128, np.uint8))
    Image.fromarray(drawn()).save(tmp_path / "photo.jpg", "MPO", save_all=True, append_images=[light])
    with Image.open(tmp_path / "photo.jpg") as stored:
        assert getattr(stored, "n_frames", 1) == 2
    assert differs(only_image(tmp_path / "photo.jpg").grey, drawn()) < 2


def test_a_small_picture_of_a_page_is_no_page(tmp_path: Path) -> None:
    page = Image.fromarray(drawn())
    with TiffImagePlugin.AppendingTiffWriter(str(tmp_path / "page.tif"), True) as file:
        page.save(file, "TIFF")
        file.newFrame()
        page.resize((83, 117)).save(file, "TIFF", tiffinfo={254: 1})
        file.newFrame()
    assert differs(only_image(tmp_path / "page.tif").grey, drawn()) < 1
