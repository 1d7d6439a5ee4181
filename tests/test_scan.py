"""Claims about what scanners leave: every page comes out upright, every file leads to a page or a reason."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from numpy.typing import NDArray
from paper import Grey, g4, g4_pdf, grey_pdf
from PIL import Image

from survey.doors.pdf_images import PageStream, encode_jpeg, join_images
from survey.reading.reasons import HINTS, Reason
from survey.reading.scan import (
    PageImage,
    PageRef,
    ScannedPage,
    Unread,
    find_scans,
    is_blank,
    open_page,
    walk_pages,
)

DPI = 100
SIZE = (1169, 827)  # A4 at 100 dpi


def drawn(number: int = 1) -> Grey:
    """A page that looks different from every side: a bar at the top, a square at the left, its number as dots."""
    page = np.full(SIZE, 245, np.uint8)
    cv2.rectangle(page, (100, 80), (700, 130), 20, -1)
    cv2.rectangle(page, (100, 300), (180, 380), 20, -1)
    for dot in range(number):
        cv2.circle(page, (150 + 60 * dot, 900), 20, 20, -1)
    return page


def opened(path: Path) -> list[PageImage | Unread]:
    return [
        open_page(page) if isinstance(page, ScannedPage) else page for page in walk_pages(path, path.name)
    ]


def only_image(path: Path) -> PageImage:
    (page,) = opened(path)
    assert isinstance(page, PageImage), page
    return page


def differs(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Mean absolute difference of two pages after a shrink; the second may have another resolution."""
    size = (200, 283)
    small = [cv2.resize(page, size, interpolation=cv2.INTER_AREA).astype(float) for page in (one, other)]
    return float(np.abs(small[0] - small[1]).mean())


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(g4(drawn(), DPI), id="1-bit"),
        pytest.param(encode_jpeg(drawn(), DPI, 90), id="grey"),
        pytest.param(encode_jpeg(cv2.cvtColor(drawn(), cv2.COLOR_GRAY2BGR), DPI, 90), id="colour"),
    ],
)
def test_an_embedded_page_comes_out_pixel_for_pixel(tmp_path: Path, stream: PageStream) -> None:
    path = tmp_path / "batch.pdf"
    path.write_bytes(join_images([stream]))
    image = only_image(path)
    assert image.grey.shape == SIZE
    assert image.grey.dtype == np.uint8
    assert image.dpi == pytest.approx(DPI, abs=0.2)
    assert differs(image.grey, drawn()) < 12


def test_a_fine_jpeg_is_decoded_to_half_its_size_and_its_whole_is_at_hand(tmp_path: Path) -> None:
    fine = cv2.resize(drawn(), (2480, 3508), interpolation=cv2.INTER_CUBIC)
    path = tmp_path / "batch.pdf"
    path.write_bytes(join_images([encode_jpeg(fine, 300, 90)]))
    walk = walk_pages(path, path.name)
    page = next(walk)
    assert isinstance(page, ScannedPage)
    image = open_page(page)
    assert isinstance(image, PageImage)
    assert image.grey.shape == (1754, 1240)
    assert image.dpi == pytest.approx(150, abs=0.2)
    assert differs(image.grey, cv2.resize(fine, (1240, 1754), interpolation=cv2.INTER_AREA)) < 2
    assert image.finer is not None
    assert image.finer().shape == fine.shape
    assert not list(walk)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_that_the_pdf_turns_comes_out_as_a_viewer_shows_it(tmp_path: Path, turn: int) -> None:
    """The scanner stored the page turned the other way; /Rotate sets it right."""
    path = tmp_path / "batch.pdf"
    stored = np.ascontiguousarray(np.rot90(drawn(), turn // 90))
    with pikepdf.open(io.BytesIO(grey_pdf([stored], DPI))) as document:
        document.pages[0].Rotate = turn
        document.save(path)
    image = only_image(path)
    assert differs(image.grey, drawn()) < 2
    assert image.dpi == pytest.approx(DPI, abs=0.2)


@pytest.mark.parametrize("flip", [(-1, 1), (1, -1), (-1, -1)])
def test_an_image_drawn_mirrored_comes_out_as_a_viewer_shows_it(
    tmp_path: Path, flip: tuple[int, int]
) -> None:
    path = tmp_path / "batch.pdf"
    stored = drawn()[:, :: flip[0]][:: flip[1]]
    with pikepdf.open(io.BytesIO(grey_pdf([np.ascontiguousarray(stored)], DPI))) as document:
        page = document.pages[0]
        width, height = float(page.mediabox[2]), float(page.mediabox[3])
        x, y = (width if flip[0] < 0 else 0), (height if flip[1] < 0 else 0)
        page.Contents = document.make_stream(
            f"q {flip[0] * width} 0 0 {flip[1] * height} {x} {y} cm /Im0 Do Q".encode()
        )
        document.save(path)
    assert differs(only_image(path).grey, drawn()) < 2


def test_a_page_of_several_images_is_rendered(tmp_path: Path) -> None:
    """Some scanners cut a page into strips: they are put together by the renderer."""
    path = tmp_path / "batch.pdf"
    page = drawn()
    with pikepdf.open(io.BytesIO(grey_pdf([page], DPI))) as document:
        leaf = document.pages[0]
        width, height = float(leaf.mediabox[2]), float(leaf.mediabox[3])
        halves = [encode_jpeg(np.ascontiguousarray(half), DPI, 90) for half in (page[:600], page[600:])]
        images = {}
        for name, half in zip(["/Im0", "/Im1"], halves, strict=True):
            image = pikepdf.Stream(document, half.data)
            image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
            image.Width, image.Height, image.BitsPerComponent = half.width_px, half.height_px, 8
            image.ColorSpace, image.Filter = pikepdf.Name.DeviceGray, pikepdf.Name.DCTDecode
            images[name] = document.make_indirect(image)
        leaf.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(images))
        low = height * 569 / 1169
        leaf.Contents = document.make_stream(
            f"q {width} 0 0 {height - low} 0 {low} cm /Im0 Do Q q {width} 0 0 {low} 0 0 cm /Im1 Do Q".encode()
        )
        document.save(path)
    image = only_image(path)
    assert image.dpi == pytest.approx(300, abs=0.5)
    assert differs(image.grey, page) < 3


def test_a_cropped_page_keeps_the_scale_of_its_paper(tmp_path: Path) -> None:
    path = tmp_path / "batch.pdf"
    with pikepdf.open(io.BytesIO(grey_pdf([drawn()], DPI))) as document:
        page = document.pages[0]
        page.CropBox = pikepdf.Array([30, 30, 560, 800])
        document.save(path)
    assert only_image(path).dpi == pytest.approx(DPI, abs=0.2)


def test_a_page_keeps_its_digest_when_pdfs_are_split_and_joined(tmp_path: Path) -> None:
    whole = tmp_path / "whole.pdf"
    whole.write_bytes(grey_pdf([drawn(1), drawn(2)], DPI))
    with pikepdf.open(whole) as document, pikepdf.new() as second, pikepdf.new() as joined:
        second.pages.append(document.pages[1])
        second.save(tmp_path / "second.pdf")
        joined.pages.append(document.pages[1])
        joined.pages.append(document.pages[0])
        joined.save(tmp_path / "joined.pdf", object_stream_mode=pikepdf.ObjectStreamMode.generate)
    one, two = (page.digest for page in opened(whole))
    assert one != two
    assert [page.digest for page in opened(tmp_path / "second.pdf")] == [two]
    assert [page.digest for page in opened(tmp_path / "joined.pdf")] == [two, one]


def test_the_same_image_turned_is_another_page(tmp_path: Path) -> None:
    """Marks are remembered by the digest: the turned page must be read anew."""
    data = grey_pdf([drawn()], DPI)
    (tmp_path / "a.pdf").write_bytes(data)
    with pikepdf.open(io.BytesIO(data)) as document:
        document.pages[0].Rotate = 180
        document.save(tmp_path / "b.pdf")
    assert only_image(tmp_path / "a.pdf").digest != only_image(tmp_path / "b.pdf").digest


def test_pages_of_a_tiff_come_out_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "batch.tif"
    pages = [Image.fromarray(drawn(number)) for number in (1, 2, 3)]
    bits = [page.point(lambda v: 255 * (v > 140)).convert("1") for page in pages]
    bits[0].save(path, save_all=True, append_images=bits[1:], compression="group4", dpi=(DPI, DPI))
    images = opened(path)
    assert [image.ref for image in images] == [PageRef("batch.tif", number) for number in (1, 2, 3)]
    assert len({image.digest for image in images}) == 3
    for number, image in enumerate(images, start=1):
        assert isinstance(image, PageImage)
        assert image.dpi == pytest.approx(DPI)
        assert differs(image.grey, drawn(number)) < 12


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_a_picture_says_its_resolution_or_none(tmp_path: Path, suffix: str) -> None:
    Image.fromarray(drawn()).save(tmp_path / f"with{suffix}", dpi=(DPI, DPI))
    Image.fromarray(drawn()).save(tmp_path / f"without{suffix}")
    assert only_image(tmp_path / f"with{suffix}").dpi == pytest.approx(DPI, abs=0.2)
    assert only_image(tmp_path / f"without{suffix}").dpi is None


def test_an_encrypted_pdf_asks_for_its_password(tmp_path: Path) -> None:
    path = tmp_path / "batch.pdf"
    with pikepdf.open(io.BytesIO(grey_pdf([drawn()], DPI))) as document:
        document.save(path, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert opened(path) == [Unread(PageRef("batch.pdf", 0), Reason.ENCRYPTED)]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.pdf", b"", Reason.EMPTY_FILE),
        ("empty.tif", b"", Reason.EMPTY_FILE),
        ("letter.pdf", b"Dear Sir or Madam,\n", Reason.NOT_A_SCAN),
        ("letter.png", b"Dear Sir or Madam,\n", Reason.NOT_A_SCAN),
        ("photo.heic", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 400, Reason.NOT_A_SCAN),
        ("all of them.zip", b"PK\x03\x04" + b"\x00" * 400, Reason.NOT_A_SCAN),
        ("start.pdf", b"%PDF-1.7\n" + b"\x00" * 400, Reason.DAMAGED),
        ("nopages.pdf", None, Reason.DAMAGED),
    ],
)
def test_a_file_that_is_no_scan_is_one_row_with_a_reason(
    tmp_path: Path, name: str, data: bytes | None, reason: Reason
) -> None:
    path = tmp_path / name
    if data is None:
        pikepdf.new().save(path)
    else:
        path.write_bytes(data)
    assert opened(path) == [Unread(PageRef(name, 0), reason)]


@pytest.mark.parametrize("suffix", [".tif", ".bmp", ".png", ".jp2"])
def test_damaged_pictures_give_pages_or_reasons(tmp_path: Path, suffix: str) -> None:
    written = io.BytesIO()
    kinds = {".tif": "TIFF", ".jp2": "JPEG2000"}
    Image.fromarray(drawn()).resize((120, 170)).save(written, kinds.get(suffix, suffix[1:]), dpi=(DPI, DPI))
    whole, chance = written.getvalue(), np.random.default_rng(7)
    for _ in range(60):
        data = bytearray(whole)
        for at in chance.integers(0, chance.choice([60, 300, len(data)]), 3):
            data[min(at, len(data) - 1)] = chance.integers(256)
        (tmp_path / f"page{suffix}").write_bytes(data)
        assert all(isinstance(page, PageImage | Unread) for page in opened(tmp_path / f"page{suffix}"))


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.99])
def test_a_cut_pdf_gives_pages_or_reasons_and_never_nothing(tmp_path: Path, share: float) -> None:
    data = grey_pdf([drawn(number) for number in (1, 2, 3)], DPI)
    path = tmp_path / "batch.pdf"
    path.write_bytes(data[: int(len(data) * share)])
    pages = opened(path)
    assert pages
    whole = {page.ref.page for page in pages if isinstance(page, PageImage)}
    assert all(differs(page.grey, drawn(page.ref.page)) < 2 for page in pages if isinstance(page, PageImage))
    assert Reason.BLANK not in {page.reason for page in pages if isinstance(page, Unread)}
    if share >= 0.7:
        assert [page.ref.page for page in pages] == [1, 2, 3]
        assert whole >= {1, 2}


def test_a_file_with_junk_before_it_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "batch.pdf"
    path.write_bytes(b"scanned by a device\r\n" * 3 + grey_pdf([drawn()], DPI))
    assert differs(only_image(path).grey, drawn()) < 2


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
def test_a_cut_picture_is_a_row_with_a_reason(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"page{suffix}"
    Image.fromarray(drawn()).save(path)
    path.write_bytes(path.read_bytes()[:2000])
    (page,) = opened(path)
    assert isinstance(page, Unread)
    assert page.reason == Reason.DAMAGED


def test_a_page_whose_image_is_damaged_leaves_the_others_readable(tmp_path: Path) -> None:
    path = tmp_path / "batch.pdf"
    with pikepdf.open(io.BytesIO(grey_pdf([drawn(1), drawn(2)], DPI))) as document:
        document.pages[0].Resources.XObject.Im0.write(b"no jpeg", filter=pikepdf.Name.DCTDecode)
        document.save(path)
    first, second = opened(path)
    assert isinstance(first, Unread)
    assert first.reason == Reason.DAMAGED_PAGE
    assert first.digest
    assert isinstance(second, PageImage)


def test_a_page_that_asks_for_all_memory_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "batch.pdf"
    with pikepdf.open(io.BytesIO(g4_pdf([drawn()], DPI))) as document:
        image = document.pages[0].Resources.XObject.Im0
        image.Width = image.Height = 60_000
        document.save(path)
    (page,) = opened(path)
    assert isinstance(page, Unread)
    assert page.reason == Reason.DAMAGED_PAGE


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_a_sheet_on_a_dark_lid_is_blank_by_what_is_on_it(share: float) -> None:
    lid = np.random.default_rng(1).normal(20, 4, (1100, 1600)).clip(0, 255).astype(np.uint8)
    empty = lid.copy()
    empty[10:1000, 20 : 20 + round(1600 * share)] = 245
    written = empty.copy()
    written[300:310, 100:300] = 90
    assert is_blank(lid)
    assert is_blank(empty)
    assert not is_blank(written)


def test_the_edge_of_a_page_beside_a_dark_half_is_not_on_it() -> None:
    half = np.full((1100, 800), 20, np.uint8)
    half[:, :38] = 245
    half[::9, :30] = 0
    assert is_blank(half)


def test_an_empty_back_is_blank_and_a_pencilled_word_is_not() -> None:
    rng = np.random.default_rng(1)
    empty = np.clip(rng.normal(238, 5, SIZE), 0, 255).astype(np.uint8)
    assert is_blank(empty)
    written = empty.copy()
    cv2.putText(written, "siehe Brief", (200, 400), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.5, 120, 2, cv2.LINE_AA)
    assert not is_blank(written)


def test_scanner_borders_do_not_make_an_empty_back_written() -> None:
    empty = np.full(SIZE, 245, np.uint8)
    empty[:, :25] = 10
    empty[-30:] = 10
    assert is_blank(empty)


def test_scans_are_found_in_order_and_hidden_ones_are_not(tmp_path: Path) -> None:
    names = [
        "b.PDF",
        "a/2.tiff",
        "a/1.jpg",
        ".hidden/x.pdf",
        "a/._1.jpg",
        "notes.txt",
        "Thumbs.db",
        "c.jpeg",
        "d.png",
        "e.tif",
        "f.HEIC",
        "scan0001",
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = [path.relative_to(tmp_path).as_posix() for path in find_scans(tmp_path)]
    assert found == ["a/1.jpg", "a/2.tiff", "b.PDF", "c.jpeg", "d.png", "e.tif", "f.HEIC", "scan0001"]


def test_every_reason_has_a_hint_entry_and_plain_words() -> None:
    assert set(HINTS) == set(Reason)
    assert all(str(reason)[0].islower() and not str(reason).endswith(".") for reason in Reason)


@pytest.mark.parametrize("most", [255, 65535])
def test_a_picture_of_32_bits_is_as_dark_as_it_was_scanned(tmp_path: Path, most: int) -> None:
    """Pillow would call all that is over 255 white, and the page a blank back."""
    sheet = np.full((300, 200), most, np.int32)
    sheet[100:200, 50:150] = most // 3
    Image.fromarray(sheet, mode="I").save(tmp_path / "scan.tif", dpi=(DPI, DPI))
    (page,) = walk_pages(tmp_path / "scan.tif", "scan.tif")
    assert isinstance(page, ScannedPage)
    grey = page.load()
    assert (grey[0, 0], grey[150, 100]) == (255, 85)
