"""Claims about pictures that show two pages beside each other: both are read, each by itself, as they would be cut."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pikepdf
import pytest
from correcting import Counted, replace_in
from paper import Grey, blank_page, cross, g4_pdf, grey_pdf, handle, print_code, write_questionnaire

from survey.doors.arrow import read_parquet, write_parquet
from survey.errors import UsageError
from survey.ingest import code_book
from survey.project import Project, draw, ingest, instrument, ledger, results, tell_why
from survey.project.past import bring_up
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.printed_code import PrintedCode, make_serial
from survey.reading.batches import read_pages
from survey.reading.read import Catalogue, Reading, prepare
from survey.reading.reasons import Reason
from survey.reading.scan import PageImage, PageRef
from survey.reading.spreads import (
    LEFT,
    LOWER,
    PAIRS,
    RIGHT,
    UPPER,
    Cut,
    cut_by_size,
    is_back,
    page_beside,
    picture_of,
)
from survey.reading.told import Told
from survey.review.catalogue import in_german
from survey.review.errands import cut_on_demand
from survey.store import ADJUDICATIONS

A, B, C = (make_serial("S", number) for number in (1, 2, 3))
DPI = 150
A4, A5 = (210.0, 297.0), (148.0, 210.0)


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    return write_questionnaire(tmp_path_factory.mktemp("coded") / "schemas", code="MINI", issued=9)


@pytest.fixture(scope="module")
def catalogue(coded: Questionnaire) -> Catalogue:
    return Catalogue(code_book([coded]), {coded.id: prepare(coded)})


def page(coded: Questionnaire, serial: str, number: int, *boxes: str) -> Grey:
    grey = cross(blank_page(coded, number, DPI), coded, list(boxes), DPI)
    return print_code(grey, PrintedCode(serial, "MINI", 1, number).text, DPI, x_mm=90, y_mm=10)


@pytest.fixture(scope="module")
def front(coded: Questionnaire) -> Grey:
    return page(coded, A, 1, "work.2", "wish.c")


@pytest.fixture(scope="module")
def back(coded: Questionnaire) -> Grey:
    return page(coded, A, 2, "mood_job.3")


def glass(*laid: tuple[float, Grey], width_mm: float = 420, height_mm: float = 297) -> Grey:
    """Sheets on a glass, so many mm from its left."""
    grey = np.full((round(height_mm / 25.4 * DPI), round(width_mm / 25.4 * DPI)), 250, np.uint8)
    for left_mm, sheet in laid:
        left = round(left_mm / 25.4 * DPI)
        here = grey[: sheet.shape[0], left : left + sheet.shape[1]]
        here[:] = sheet[: here.shape[0], : here.shape[1]]
    return grey


def read(
    data: bytes | Grey,
    catalogue: Catalogue,
    folder: Path,
    told: dict[str, Told] | None = None,
    decided: dict[str, frozenset[str]] | None = None,
) -> list[Reading]:
    path = folder / "batch.pdf"
    path.write_bytes(data if isinstance(data, bytes) else grey_pdf([data], DPI))
    asked = Catalogue(catalogue.book, catalogue.blanks, told or {}, decided or {})
    return list(read_pages(path, path.name, frozenset([1]), asked))


def marked(reading: Reading) -> list[str]:
    assert reading.numbers is not None
    p_marked = reading.numbers.values["p_marked"][: len(reading.numbers.boxes)]
    return [box for box, p in zip(reading.numbers.boxes, p_marked, strict=False) if p > 0.9]


def seen(readings: list[Reading]) -> list[tuple[int, int, str, list[str]]]:
    """Half, page, serial and marked boxes of all that were laid."""
    return [(one.ref.half, one.page, one.serial, marked(one)) for one in readings if one.numbers is not None]


# Where a picture is cut ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size_mm", "papers", "cut"),
    [
        pytest.param((420, 297), [A4], Cut(PAIRS[0], 0.5), id="A3"),
        pytest.param((297, 420), [A4], Cut(PAIRS[1], 0.5), id="A3 fed short edge first"),
        pytest.param((411, 290), [A4], Cut(PAIRS[0], 0.5), id="trimmed"),
        pytest.param((297, 210), [A5], Cut(PAIRS[0], 0.5), id="A4 of two A5"),
        pytest.param((210, 297), [(105.0, 297.0)], Cut(PAIRS[0], 0.5), id="two narrow leaflets"),
        pytest.param((210, 297), [A4], None, id="A4"),
        pytest.param((297, 210), [A4, A5], None, id="A4 where A4 is a page, too"),
        pytest.param((420, 297), [A4, (420.0, 297.0)], None, id="a printer's spread that was learned as one page"),
        pytest.param((594, 420), [A4], None, id="A2"),
    ],
)  # fmt: skip
def test_a_picture_is_cut_where_it_is_as_large_as_two_pages_and_not_as_one(
    size_mm: tuple[float, float], papers: list[tuple[float, float]], cut: Cut | None
) -> None:
    grey = np.zeros((round(size_mm[1]), round(size_mm[0])), np.uint8)
    assert cut_by_size(PageImage(PageRef("a.pdf", 1), "d", grey, 25.4), papers) == cut
    assert cut_by_size(PageImage(PageRef("a.jpg", 1), "d", grey, None), papers) is None


def test_a_folded_sheet_shows_the_first_page_beside_the_last_and_its_inner_side_is_its_back() -> None:
    assert [page_beside(page, 4) for page in (1, 2, 3, 4)] == [4, 3, 2, 1]
    assert [page_beside(page, 6) for page in (1, 2, 3, 6)] == [8, 7, 6, 3]
    assert [is_back(page, 4, in_spread=True) for page in (1, 2, 3, 4)] == [False, True, True, False]
    assert [is_back(page, 4, in_spread=False) for page in (1, 2, 3, 4)] == [False, True, False, True]


# Reading -------------------------------------------------------------------------------------------------------------


def trimmed(spread: Grey) -> Grey:
    return spread[20:-15, 30:-5]


def askew(spread: Grey) -> Grey:
    high, wide = spread.shape
    matrix = np.vstack([cv2.getRotationMatrix2D((wide / 2, high / 2), 1.7, 1), [0, 0, 1]])
    return handle(spread, matrix)


def folded(spread: Grey) -> Grey:
    dark = spread.copy()
    middle = spread.shape[1] // 2
    dark[:, middle - 4 : middle + 4] = 30
    return askew(dark)


@pytest.mark.parametrize(
    "spoil", [np.asarray, trimmed, askew, folded], ids=["plain", "trimmed", "askew", "folded"]
)
def test_both_pages_of_a_spread_are_read_as_they_would_be_cut(
    spoil: Callable[[Grey], Grey], front: Grey, back: Grey, catalogue: Catalogue, tmp_path: Path
) -> None:
    found = read(spoil(np.hstack([back, front])), catalogue, tmp_path)
    assert seen(found) == [(LEFT, 2, A, ["mood_job.3"]), (RIGHT, 1, A, ["work.2", "wish.c"])]
    whole = found[0].digest.removesuffix(f"-{LEFT}")
    assert [one.digest for one in found] == [f"{whole}-{LEFT}", f"{whole}-{RIGHT}"]
    assert not any(one.another for one in found)


def test_a_spread_may_lie_on_its_side_or_upside_down_or_be_black_and_white(
    front: Grey, back: Grey, catalogue: Catalogue, tmp_path: Path
) -> None:
    spread = np.hstack([back, front])
    on_its_side = read(np.rot90(spread), catalogue, tmp_path)
    assert seen(on_its_side) == [(UPPER, 1, A, ["work.2", "wish.c"]), (LOWER, 2, A, ["mood_job.3"])]
    upside_down = read(np.rot90(spread, 2), catalogue, tmp_path)
    assert seen(upside_down) == [(LEFT, 1, A, ["work.2", "wish.c"]), (RIGHT, 2, A, ["mood_job.3"])]
    bits = read(g4_pdf([spread], DPI), catalogue, tmp_path)
    assert seen(bits) == [(LEFT, 2, A, ["mood_job.3"]), (RIGHT, 1, A, ["work.2", "wish.c"])]


@pytest.mark.parametrize("size", ["not stated", "scanned down to A4"])
def test_without_a_size_that_tells_a_spread_is_known_by_the_page_beside_the_one_that_was_read(
    size: str, front: Grey, back: Grey, catalogue: Catalogue, tmp_path: Path
) -> None:
    spread = np.hstack([back, front])
    if size == "not stated":
        path = tmp_path / "photo.jpg"
        cv2.imwrite(str(path), spread, [cv2.IMWRITE_JPEG_QUALITY, 90])
        found = list(read_pages(path, path.name, frozenset([1]), catalogue))
    else:
        found = read(grey_pdf([spread], DPI * 2**0.5), catalogue, tmp_path)
    assert seen(found) == [(LEFT, 2, A, ["mood_job.3"]), (RIGHT, 1, A, ["work.2", "wish.c"])]


def test_two_peoples_sheets_on_one_glass_keep_their_codes(
    coded: Questionnaire, front: Grey, catalogue: Catalogue, tmp_path: Path
) -> None:
    other = page(coded, B, 1, "work.4")
    beside = read(np.hstack([front, other]), catalogue, tmp_path)
    assert seen(beside) == [(LEFT, 1, A, ["work.2", "wish.c"]), (RIGHT, 1, B, ["work.4"])]
    head_to_foot = read(np.vstack([front, other]), catalogue, tmp_path)
    assert seen(head_to_foot) == [(UPPER, 1, A, ["work.2", "wish.c"]), (LOWER, 1, B, ["work.4"])]


def test_a_code_of_the_other_half_that_hangs_over_the_fold_does_not_count(
    coded: Questionnaire, catalogue: Catalogue, tmp_path: Path
) -> None:
    upper = cross(blank_page(coded, 2, DPI), coded, ["mood_job.3"], DPI)  # its own code is lost
    lower = print_code(blank_page(coded, 1, DPI), PrintedCode(A, "MINI", 1, 1).text, DPI, x_mm=90, y_mm=0)
    found = read(np.vstack([upper, lower]), catalogue, tmp_path)
    assert seen(found) == [(UPPER, 2, "", ["mood_job.3"]), (LOWER, 1, A, [])]


def test_a_sheet_alone_on_a_large_glass_keeps_the_digest_of_its_picture_wherever_it_lies(
    front: Grey, catalogue: Catalogue, tmp_path: Path
) -> None:
    at_the_edge = read(glass((0, front)), catalogue, tmp_path)
    assert [(one.ref.half, one.problem) for one in at_the_edge] == [(LEFT, None), (RIGHT, Reason.BLANK)]
    shifted = read(glass((18, front)), catalogue, tmp_path)
    assert [(one.ref.half, one.problem) for one in shifted] == [(LEFT, None), (RIGHT, Reason.BLANK)]
    assert shifted[0].cut == pytest.approx((18 + 210) / 420, abs=0.01)
    in_the_middle = read(glass((100, front)), catalogue, tmp_path)
    assert [(one.ref.half, one.problem) for one in in_the_middle] == [(0, None)]
    for found in (at_the_edge, shifted, in_the_middle):
        assert marked(found[0]) == ["work.2", "wish.c"]
        assert "-" not in found[0].digest
        assert found[0].numbers is not None and found[0].numbers.inside.all()


def test_beside_a_page_a_strangers_letter_stands_by_itself(
    front: Grey, catalogue: Catalogue, tmp_path: Path, mini: Questionnaire
) -> None:
    letter = blank_page(mini, 2, DPI)[::-1]
    found = read(np.hstack([letter, front]), catalogue, tmp_path)
    assert [(one.ref.half, one.problem) for one in found] == [(LEFT, Reason.NOT_OURS), (RIGHT, None)]
    assert found[0].thumbnail


def test_the_half_that_people_spoke_of_keeps_the_digest_of_its_picture(
    front: Grey, back: Grey, catalogue: Catalogue, tmp_path: Path
) -> None:
    """So decisions of a time when only one of its pages was read are not lost; they are about that one."""
    spread = np.hstack([back, front])
    plain = [one.digest for one in read(spread, catalogue, tmp_path)]
    whole = plain[0].removesuffix(f"-{LEFT}")
    for said in ({"wish.c"}, {"hours"}):
        found = read(spread, catalogue, tmp_path, decided={whole: frozenset(said)})
        assert [one.digest for one in found] == [plain[0], whole]
    named = read(spread, catalogue, tmp_path, {whole: Told(questionnaire="mini", page=2, serial=B)})
    assert [(one.digest, one.serial) for one in named] == [(whole, B), (plain[1], A)]
    of_a_half = read(spread, catalogue, tmp_path, {plain[0]: Told(questionnaire="mini", page=2, serial=B)})
    assert [(one.digest, one.serial) for one in of_a_half] == [(plain[0], B), (plain[1], A)]


def test_a_picture_stays_one_page_where_it_is_not_clear_which_half_people_spoke_of(
    coded: Questionnaire, front: Grey, catalogue: Catalogue, tmp_path: Path
) -> None:
    spread = np.hstack([front, page(coded, B, 1, "work.4")])
    whole = read(spread, catalogue, tmp_path)[0].digest.removesuffix(f"-{LEFT}")
    (decided,) = read(spread, catalogue, tmp_path, decided={whole: frozenset({"work.2"})})
    (discarded,) = read(spread, catalogue, tmp_path, {whole: Told(fate="discarded")})
    assert [(one.ref.half, one.digest) for one in (decided, discarded)] == [(0, whole)] * 2


# In a project --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pictures(coded: Questionnaire, front: Grey, back: Grey) -> list[Grey]:
    other = [page(coded, B, 2, "mood_town.1"), page(coded, B, 1, "work.3")]
    return [
        np.hstack([back, front]),
        np.hstack(other),
        page(coded, C, 1, "work.4"),
        glass((0, page(coded, C, 2, "mood_home.2"))),
    ]


@pytest.fixture(scope="module")
def read_once(coded: Questionnaire, pictures: list[Grey], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("spreads")
    shutil.copytree(coded.path.parent, root / "schemas")
    (root / "scans").mkdir()
    (root / "scans" / "all.pdf").write_bytes(grey_pdf(pictures, DPI))
    ingest(Project(root), root / "scans", jobs=1)
    return root


@pytest.fixture
def project(read_once: Path, tmp_path: Path) -> Project:
    shutil.copytree(read_once, tmp_path, dirs_exist_ok=True, copy_function=shutil.copy2)
    return Project(tmp_path)


def answers(project: Project) -> set[tuple[str, str, str]]:
    table = results(project, "mini").outcomes
    answered = table[table["outcome"] == "answered"]
    return set(answered[["case", "item", "codes"]].itertuples(index=False, name=None))


ANSWERS = {
    (A, "work", "2"), (A, "wish", "c"), (A, "mood_job", "3"),
    (B, "work", "3"), (B, "mood_town", "1"), (C, "work", "4"),
    (C, "mood_home", "2"),
}  # fmt: skip


def decide(project: Project, **said: str) -> None:
    """Say something of a page, or of a box on it."""
    row = {**dict.fromkeys(ADJUDICATIONS.columns, ""), "decided_by": "anna", **said}
    project.decisions.add(ADJUDICATIONS.frame([tuple(row.values())]))


def split(project: Project) -> Iterator[str]:
    """Part the batch into files of one picture each."""
    whole = project.root / "scans" / "all.pdf"
    with pikepdf.open(whole) as document:
        for at, leaf in enumerate(document.pages):
            one = pikepdf.new()
            one.pages.append(leaf)
            one.save(whole.with_name(f"part{at}.pdf"))
            yield f"part{at}.pdf"
    whole.unlink()


def test_spreads_and_single_pages_of_one_batch_stand_in_the_ledger_by_their_halves(project: Project) -> None:
    table = ledger(project)
    places = [
        (1, LEFT, "read", 2, A), (1, RIGHT, "read", 1, A), (2, LEFT, "read", 2, B), (2, RIGHT, "read", 1, B),
        (3, 0, "read", 1, C), (4, LEFT, "read", 2, C), (4, RIGHT, "blank back", 0, ""),
    ]  # fmt: skip
    columns = ["page", "half", "place", "questionnaire_page", "case"]
    assert list(table[columns].itertuples(index=False, name=None)) == places
    assert answers(project) == ANSWERS
    marks = results(project, "mini").marks
    assert set(marks.loc[marks["case"] == A, "half"]) == {LEFT, RIGHT}
    explained = tell_why(project, "all.pdf:1")
    assert explained[0].startswith("all.pdf page 1, left half") and any(
        "right half" in line for line in explained
    )


def test_nothing_of_a_spread_is_read_again_without_cause(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = Counted(monkeypatch)
    again = ingest(project, project.root / "scans", jobs=1)
    assert (again.pages_read, count.opened) == (0, 0)
    replace_in(project.schema_path("mini"), "title: Arbeit", "title: Beruf")
    parts = list(split(project))
    moved = ingest(project, project.root / "scans", jobs=1)
    assert (moved.pages_read, moved.pages_reused, count.opened) == (0, 7, 0)
    assert set(ledger(project)["scan"]) == set(parts)
    assert answers(project) == ANSWERS


def test_a_moved_box_measures_the_halves_it_lies_on_and_decisions_about_them_stand(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = ledger(project).set_index(["page", "half"]).loc[(1, RIGHT), "page_digest"]
    decide(project, page_digest=half, box="work.2", state="empty")
    decide(project, page_digest=half, box="work.3", state="marked")
    decided = ANSWERS - {(A, "work", "2")} | {(A, "work", "3")}
    assert answers(project) == decided
    boxes = project.schema_path("mini").with_suffix(".boxes.csv")
    table = pd.read_csv(boxes, keep_default_na=False)
    table.loc[table["box"] == "wish.e", "x_mm"] += 0.1
    table.to_csv(boxes, index=False)
    count = Counted(monkeypatch)
    done = ingest(project, project.root / "scans", jobs=1)
    assert (done.pages_read, count.laid) == (3, 0)  # pictures that show the first page
    assert answers(project) == decided
    assert answers(project) == decided  # and from what is stored


def test_a_moved_box_measures_a_sheet_alone_on_the_glass_turned_as_people_said(project: Project) -> None:
    alone = ledger(project).set_index(["page", "half"]).loc[(4, LEFT), "page_digest"]
    decide(project, page_digest=alone, state="turned", value="2")
    ingest(project, project.root / "scans", jobs=1)
    boxes = project.schema_path("mini").with_suffix(".boxes.csv")
    table = pd.read_csv(boxes, keep_default_na=False)
    table.loc[table["box"] == "mood_town.4", "x_mm"] += 0.1
    table.to_csv(boxes, index=False)
    ingest(project, project.root / "scans", jobs=1)
    assert answers(project) == ANSWERS


def test_what_a_person_says_of_a_half_reads_its_picture_again_and_the_other_half_stays(
    project: Project,
) -> None:
    before = ledger(project).set_index(["page", "half"])
    half = before.loc[(1, LEFT), "page_digest"]
    decide(project, page_digest=half, state="placed", value=f"mini 2 {C}")
    done = ingest(project, project.root / "scans", jobs=1)
    assert done.pages_read == 1
    after = ledger(project).set_index(["page", "half"])
    assert after.index.tolist() == before.index.tolist()
    assert after["page_digest"].tolist() == before["page_digest"].tolist()
    assert after.loc[(1, LEFT), "case"] == C
    assert after.loc[(1, RIGHT), "case"] == A


def test_a_cache_of_before_halves_were_told_is_read_as_whole_pictures(project: Project) -> None:
    for path in (project.root / ".survey" / "shards").glob("*.pages.parquet"):
        write_parquet(path, read_parquet(path).drop(columns=["half", "cut"]))
    assert set(Project(project.root).cache.pages(project.cache.shards())["half"]) == {0}


def test_a_half_is_shown_by_itself_and_drawn_by_itself(project: Project, tmp_path: Path) -> None:
    table = ledger(project).set_index(["page", "half"])["page_digest"]
    laid, blank = (cut_on_demand(project.root, table[at], "", 0) for at in ((1, RIGHT), (4, RIGHT)))
    for picture in (laid, blank):
        high, wide = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE).shape
        assert high > 1.2 * wide
    strip = cut_on_demand(project.root, table[1, LEFT], "mood", 0)
    assert strip[:2] == b"\xff\xd8"
    drawn = draw(project, "mini", tmp_path / "drawn", project.root / "scans" / "all.pdf")
    names = [
        "all-1-left.png",
        "all-1-right.png",
        "all-2-left.png",
        "all-2-right.png",
        "all-3.png",
        "all-4-left.png",
    ]
    assert [path.name for path in drawn] == names


def test_a_drawn_half_shows_what_people_decided_of_its_picture(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = picture_of(ledger(project).set_index(["page", "half"]).loc[(1, RIGHT), "page_digest"])
    decide(project, page_digest=whole, box="work.2", item="work", state="empty")
    drawn: list[list[str]] = []
    monkeypatch.setattr(
        instrument, "draw_marks", lambda grey, _corners, states, _old: drawn.append(states) or grey
    )
    draw(project, "mini", tmp_path / "drawn", project.root / "scans" / "all.pdf")
    boxes = project.questionnaire("mini").boxes
    own = boxes.loc[boxes["page"] == 1, "box"].tolist()
    assert {box for box, state in zip(own, drawn[1], strict=False) if state == "marked"} == {"wish.c"}


def test_a_picture_that_was_read_as_one_page_is_the_same_when_it_is_cut(project: Project) -> None:
    """So results can be compared with those of a run before it was."""
    pages = ledger(project)[["scan", "page", "page_digest"]]
    before = pages.assign(page_digest=pages["page_digest"].map(picture_of)).drop_duplicates()
    past = Project(project.root / "then")
    shutil.copytree(project.schemas, past.schemas)
    bring_up(project, past, before)
    assert answers(past) == ANSWERS
    with pytest.raises(UsageError, match=r"all\.pdf page 1 is not what it was then"):
        bring_up(project, past, before.assign(page_digest="another"))


def test_german_words_for_a_half() -> None:
    said = in_german("the same image as all.pdf page 1, left half (sheet 1 from the top)")
    assert said == "dasselbe Bild wie all.pdf Seite 1, linke Hälfte (Blatt 1 von oben)"
