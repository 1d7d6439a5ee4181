"""Claims about pages filled in on a screen: fields, strokes and text put on a PDF count as ink on paper does."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from foreign import fillable_blank
from paper import Grey, grey_pdf
from test_scan import DPI, SIZE, differs, drawn, only_image

from survey import project as verbs
from survey.doors import pdf

CROSS = b"q 0.8 w 0.5 0.5 11 11 re S 1.5 w 2 2 m 10 10 l S 2 10 m 10 2 l S Q"


def filled_in(blank: Path, path: Path, checked: Sequence[int], year: str = "") -> Path:
    """Save a fillable PDF with some of its buttons crossed, by their place in the file, and a year typed."""
    with pikepdf.open(blank) as document:
        buttons = [note for note in document.pages[0].Annots if "/AP" in note]
        for place in checked:
            looks = buttons[place].AP.N
            (name,) = (key for key in looks.keys() if key != "/Off")  # noqa: SIM118
            cross = document.make_stream(CROSS, looks[name].stream_dict)
            buttons[place].AP = pikepdf.Dictionary(N=pikepdf.Dictionary({name: cross, "/Off": looks["/Off"]}))
            buttons[place].AS = pikepdf.Name(name)
        if year:
            (comb,) = (note for note in document.pages[0].Annots if "/MaxLen" in note)
            comb.V, comb.DA = pikepdf.String(year), pikepdf.String("/Helv 12 Tf 0 g")
        document.docinfo["/Author"] = path.stem
        document.save(path)
    return path


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What was read of a fillable PDF that came back from three people: file -> box -> state."""
    folder = tmp_path_factory.mktemp("forms")
    project = verbs.init_project(folder)
    blank = fillable_blank(folder)
    verbs.learn(project, blank, "form")
    filled_in(blank, project.scans / "one.pdf", [0, 3, 5, 7], "1984")
    for name in ("two.pdf", "like two.pdf"):
        filled_in(blank, project.scans / name, [2, 4, 8])
    shutil.copy2(project.scans / "two.pdf", project.scans / "two (copy).pdf")
    shutil.copy2(blank, project.scans / "blank.pdf")
    verbs.ingest(project, project.scans, questionnaire="form", jobs=1)
    found = verbs.results(project, "form").marks
    return {
        str(scan): dict(zip(own["box"], own["state"].astype(str), strict=True))
        for scan, own in found.groupby("scan", observed=True)
    }


def test_what_was_crossed_on_a_screen_is_marked_and_nothing_else(marks: dict[str, dict[str, str]]) -> None:
    one = marks["one.pdf"]
    year = {f"q4.{digit}" for digit in (1, 2, 3, 4)}
    assert {box for box, state in one.items() if state == "marked"} == {"q1.1", "q2.1", "q2.3", "q3.1"} | year
    assert {box for box, state in marks["like two.pdf"].items() if state == "marked"} == {
        "q1.3",
        "q2.2",
        "q3.2",
    }
    assert set(one.values()) == {"marked", "empty"}


def test_two_people_may_give_the_same_answers_and_a_copied_file_counts_once(
    marks: dict[str, dict[str, str]],
) -> None:
    assert len(marks) == 3 and {"one.pdf", "like two.pdf"} < set(marks)
    (two,) = set(marks) - {"one.pdf", "like two.pdf"}
    assert marks[two] == marks["like two.pdf"] != marks["one.pdf"]


def test_a_picture_of_the_blank_waits_and_a_scan_of_an_empty_form_counts(tmp_path: Path) -> None:
    project = verbs.init_project(tmp_path)
    blank = fillable_blank(tmp_path)
    verbs.learn(project, blank, "form")
    picture = pdf.render_finely(blank, 1, 200)
    cv2.imwrite(str(project.scans / "blank.png"), picture)
    cv2.imwrite(str(project.scans / "blank.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 85])
    moved = cv2.warpAffine(
        picture, np.float32([[1, 0.003, 2], [-0.003, 1, 3]]), picture.shape[::-1], borderValue=255
    )
    scanned = cv2.GaussianBlur(moved, (0, 0), 0.7) + np.random.default_rng(1).normal(-6, 2, moved.shape)
    cv2.imwrite(str(project.scans / "returned.png"), np.clip(scanned, 0, 255).astype(np.uint8))
    ledger = verbs.ingest(project, project.scans, questionnaire="form", jobs=1).ledger
    assert dict(zip(ledger["scan"], ledger["place"], strict=True)) == {
        "blank.jpg": "waiting", "blank.png": "waiting", "returned.png": "read"
    }  # fmt: skip


def noted(path: Path, **note: object) -> Path:
    """Save a scan with something put on its page."""
    path.write_bytes(grey_pdf([drawn()], DPI))
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        made = pikepdf.Dictionary(
            {"/Type": pikepdf.Name.Annot, "/Rect": pikepdf.Array([200, 300, 300, 400])}
            | {f"/{k}": v for k, v in note.items()}
        )
        document.pages[0].obj["/Annots"] = pikepdf.Array([document.make_indirect(made)])
        document.save(path)
    return path


def where_it_differs(one: Grey, other: Grey) -> tuple[float, float]:
    """Middle of what differs in two pictures of a page, shares of its width and height."""
    first, second = (
        cv2.resize(page, (595, 842), interpolation=cv2.INTER_AREA).astype(int) for page in (one, other)
    )
    rows, columns = np.nonzero(np.abs(first - second) > 100)
    return float(np.median(columns) / 595), float(np.median(rows) / 842)


def test_a_stroke_drawn_on_a_scan_is_seen(tmp_path: Path) -> None:
    line = pikepdf.Array([pikepdf.Array([210, 310, 290, 390])])
    ink = {"Subtype": pikepdf.Name.Ink, "InkList": line, "C": pikepdf.Array([0, 0, 1]), "F": 4}
    plain = only_image(noted(tmp_path / "plain.pdf", Subtype=pikepdf.Name.Link))
    drawn_on = only_image(noted(tmp_path / "ink.pdf", **ink))
    assert drawn_on.digest != plain.digest
    assert where_it_differs(plain.grey, drawn_on.grey) == pytest.approx((250 / 595, 1 - 350 / 842), abs=0.02)


def test_a_link_a_hidden_note_or_a_signature_changes_nothing(tmp_path: Path) -> None:
    hidden = {"Subtype": pikepdf.Name.Square, "C": pikepdf.Array([0]), "F": 2}
    pages = [
        noted(tmp_path / "link.pdf", Subtype=pikepdf.Name.Link),
        noted(tmp_path / "hidden.pdf", **hidden),
    ]
    pages.append(
        noted(tmp_path / "signed.pdf", Subtype=pikepdf.Name.Widget, Rect=pikepdf.Array([0, 0, 0, 0]))
    )
    images = [only_image(page) for page in pages]
    assert len({image.digest for image in images}) == 1
    assert all(differs(image.grey, drawn()) < 2 for image in images)


@pytest.mark.parametrize(
    ("over", "is_seen"),
    [
        (b"q 3 w 210 310 m 290 390 l S Q", True),
        (b"/More Do", True),
        (b"BT /F1 90 Tf 0 Tr 215 320 Td (X) Tj ET", True),
        (b"BT /F1 90 Tf 3 Tr 215 320 Td (X) Tj ET", False),
        (b"q 200 300 100 100 re W n Q", False),
    ],
    ids=["stroke", "stroke in a form", "text", "recognised text", "nothing"],
)
def test_what_is_drawn_over_a_scan_is_seen(tmp_path: Path, over: bytes, is_seen: bool) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(grey_pdf([drawn()], DPI))
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        page = document.pages[0]
        page.contents_add(over)
        font = {"Type": pikepdf.Name.Font, "Subtype": pikepdf.Name.Type1, "BaseFont": pikepdf.Name.Helvetica}
        page.obj.Resources["/Font"] = pikepdf.Dictionary(F1=pikepdf.Dictionary(**font))
        more = document.make_stream(b"3 w 210 310 m 290 390 l S")
        more.Type, more.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        more.BBox = pikepdf.Array([0, 0, 595, 842])
        page.obj.Resources.XObject["/More"] = more
        document.save(path)
    image = only_image(path).grey
    if is_seen:
        place = where_it_differs(cv2.resize(drawn(), image.shape[::-1]), image)
        assert place == pytest.approx((250 / 595, 1 - 350 / 842), abs=0.02)
    else:
        assert differs(image, drawn()) < 2
        assert image.shape == SIZE
