"""Claims about laying a scan on its blank: every point of the blank is found, in any position, or the score is low."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from paper import A4_MM, Grey, affine, blank_page, cross, handle, to_mm_points, write_questionnaire

from survey.questionnaire.model import Questionnaire
from survey.reading import read
from survey.reading import register as register_module
from survey.reading.patches import peaks
from survey.reading.prepare import BlankPage, PreparedScan, flatten, prepare_blank, prepare_scan
from survey.reading.read import find_blank
from survey.reading.register import (
    CoarseFit,
    Page,
    believable,
    displacements,
    fit_coarsely,
    glance_at,
    likelihood,
    register,
    to_pixels,
)
from survey.reading.scan import PageImage, PageRef

DPI = 200
NEAR_MM = 0.06
PLACES_MM = np.array([[x, y] for x in (25, 60, 110, 150) for y in (30, 90, 150, 210, 260)], float)


@pytest.fixture(scope="module")
def blanks(mini: Questionnaire) -> dict[int, BlankPage]:
    return {page: prepare_blank("mini", page, blank_page(mini, page, 150), A4_MM) for page in (1, 2)}


@pytest.fixture(scope="module")
def print_1(mini: Questionnaire) -> Grey:
    return cross(blank_page(mini, 1, DPI), mini, ["work.2", "wish.a", "wish.c"], DPI)


def laid(grey: Grey, blank: BlankPage, dpi: float | None = DPI) -> tuple[CoarseFit, Page]:
    scan = prepare_scan(PageImage(PageRef("a.pdf", 1), "d", grey, dpi), A4_MM)
    coarse = fit_coarsely(scan, blank)
    return coarse, register(scan, blank, coarse)


def worst_mm(page: Page, matrix: NDArray[np.float64], dpi: float = DPI) -> float:
    found = to_pixels(page, PLACES_MM.astype(np.float32))
    return float(np.linalg.norm(found - to_mm_points(matrix, PLACES_MM, dpi), axis=1).max()) / dpi * 25.4


POSITIONS = [
    pytest.param({}, id="straight"),
    pytest.param({"turn_deg": 180}, id="upside down"),
    pytest.param({"turn_deg": 3.5}, id="skew"),
    pytest.param({"turn_deg": -2}, id="skew the other way"),
    pytest.param({"turn_deg": 178, "shift_mm": (2, 3)}, id="upside down and skew"),
    pytest.param({"shift_mm": (5, -6)}, id="shifted"),
    pytest.param({"stretch": 1.01}, id="stretched"),
    pytest.param({"scale": 0.96, "turn_deg": 1}, id="printed smaller"),
]


@pytest.mark.parametrize("position", POSITIONS)
def test_points_of_the_blank_are_found_wherever_the_sheet_lies(
    position: dict[str, float], print_1: Grey, blanks: dict[int, BlankPage]
) -> None:
    matrix = affine(DPI, **position)  # type: ignore[arg-type]
    coarse, page = laid(handle(print_1, matrix), blanks[1])
    assert coarse.score > 0.6
    assert worst_mm(page, matrix) < NEAR_MM
    assert page.fit_mm < NEAR_MM


@pytest.mark.parametrize("stated", [None, 72, 96])
def test_a_resolution_that_no_paper_has_is_not_believed(
    stated: float | None, print_1: Grey, blanks: dict[int, BlankPage]
) -> None:
    """Telephones and some programs state 72 dpi, whatever they have."""
    coarse, page = laid(print_1, blanks[1], stated)
    assert coarse.score > 0.6
    assert worst_mm(page, affine(DPI)) < NEAR_MM


@pytest.mark.parametrize(
    "position", [*POSITIONS[:2], pytest.param({"shift_mm": (12, -10)}, id="shifted far")]
)
def test_a_glance_tells_where_a_straight_sheet_lies(
    position: dict[str, float], print_1: Grey, blanks: dict[int, BlankPage]
) -> None:
    matrix = affine(DPI, **position)  # type: ignore[arg-type]
    scan = prepare_scan(PageImage(PageRef("a.pdf", 1), "d", handle(print_1, matrix), DPI), A4_MM)
    to_px = (PLACES_MM * 75 / 25.4 - 0.5)[None]
    guessed_mm = (cv2.perspectiveTransform(to_px, glance_at(scan, blanks[1]).guess)[0] + 0.5) / 75 * 25.4
    assert np.abs(guessed_mm - to_mm_points(matrix, PLACES_MM, DPI) / DPI * 25.4).max() < 2


@pytest.mark.parametrize("position", POSITIONS[:3])
def test_once_a_page_surely_fits_a_scan_the_others_are_looked_for_in_its_place_only(
    position: dict[str, float], print_1: Grey, blanks: dict[int, BlankPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    grey = handle(print_1, affine(DPI, **position))  # type: ignore[arg-type]
    scan = prepare_scan(PageImage(PageRef("a.pdf", 1), "d", grey, DPI), A4_MM)
    searched: list[int] = []

    def searching(scan: PreparedScan, blank: BlankPage) -> CoarseFit:
        searched.append(blank.page)
        return fit_coarsely(scan, blank)

    monkeypatch.setattr(read, "fit_coarsely", searching)
    found = find_blank(scan, [blanks[2], blanks[1]])
    assert (found.blank.page, searched) == (1, [1])
    assert found.runner_up < 0.3


@pytest.mark.parametrize(("turn_deg", "stretch", "shift_px"), [(1.5, 1.01, (8, -8)), (1, 1.02, (10, 0))])
def test_a_start_that_is_millimetres_off_finds_all_of_the_print(
    turn_deg: float,
    stretch: float,
    shift_px: tuple[float, float],
    print_1: Grey,
    blanks: dict[int, BlankPage],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scan = prepare_scan(PageImage(PageRef("a.pdf", 1), "d", print_1, DPI), A4_MM)
    good = glance_at(scan, blanks[1])
    off = np.vstack([cv2.getRotationMatrix2D((300, 400), turn_deg, stretch), [0, 0, 1]])
    off[:2, 2] += shift_px
    monkeypatch.setattr(register_module, "glance_at", lambda *_: replace(good, guess=off @ good.guess))
    assert laid(print_1, blanks[1])[0].score > 0.997


def with_squares(grey: Grey, dpi: int) -> Grey:
    """Print corner squares of 5 mm, 12.5 mm from the edges."""
    squared = grey.copy()
    for x_mm in (12.5, A4_MM[0] - 12.5):
        for y_mm in (12.5, A4_MM[1] - 12.5):
            (left, top), (right, bottom) = (
                (round((x_mm + half) / 25.4 * dpi), round((y_mm + half) / 25.4 * dpi)) for half in (-2.5, 2.5)
            )
            squared[top:bottom, left:right] = 0
    return squared


@pytest.fixture(scope="module")
def squared(mini: Questionnaire) -> BlankPage:
    return prepare_blank("mini", 1, with_squares(blank_page(mini, 1, 150), 150), A4_MM)


@pytest.mark.parametrize("position", POSITIONS[:4])
def test_corner_squares_are_a_faster_way_to_the_same_place(
    position: dict[str, float], print_1: Grey, squared: BlankPage
) -> None:
    grey = handle(with_squares(print_1, DPI), affine(DPI, **position))  # type: ignore[arg-type]
    quick, page = laid(grey, squared)
    scan = prepare_scan(PageImage(PageRef("a.pdf", 1), "d", grey, DPI), A4_MM)
    slow = fit_coarsely(scan, replace(squared, corners=None))
    other = register(scan, squared, replace(slow, quick=None))
    assert quick.quick is not None
    places = PLACES_MM.astype(np.float32)
    apart_px = np.linalg.norm(to_pixels(page, places) - to_pixels(other, places), axis=1)
    assert apart_px.max() / DPI * 25.4 < NEAR_MM


def test_corner_squares_that_are_not_the_pages_own_lose_to_its_print(
    print_1: Grey, squared: BlankPage
) -> None:
    assert squared.corners is not None
    elsewhere = replace(squared, corners=squared.corners + np.float32(40))
    _, page = laid(with_squares(print_1, DPI), elsewhere)
    assert worst_mm(page, affine(DPI)) < NEAR_MM


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_the_quick_ways_to_150_dpi_are_the_slow_way(dpi: int) -> None:
    grey = np.random.default_rng(1).integers(0, 256, (dpi * 4, dpi * 3)).astype(np.uint8)
    scan = prepare_scan(PageImage(PageRef("a.pdf", 1), "d", grey, float(dpi)), A4_MM)
    slow = cv2.resize(grey, None, fx=150 / dpi, fy=150 / dpi, interpolation=cv2.INTER_AREA)
    assert np.abs(scan.grey.astype(int) - slow).max() <= 1
    assert scan.fine_scale == pytest.approx(dpi / 150)


@pytest.mark.parametrize("turns", [1, 3])
def test_a_page_scanned_on_its_side_is_found(turns: int, print_1: Grey, blanks: dict[int, BlankPage]) -> None:
    height, width = print_1.shape
    quarter = {
        1: np.array([[0, 1, 0], [-1, 0, width - 1], [0, 0, 1]], float),
        3: np.array([[0, -1, height - 1], [1, 0, 0], [0, 0, 1]], float),
    }[turns]
    _, page = laid(np.ascontiguousarray(np.rot90(print_1, turns)), blanks[1])
    assert worst_mm(page, quarter) < NEAR_MM


@pytest.mark.parametrize("dpi", [150, 300])
def test_the_scans_resolution_does_not_move_anything(
    dpi: int, mini: Questionnaire, blanks: dict[int, BlankPage]
) -> None:
    matrix = affine(dpi, turn_deg=1)
    _, page = laid(handle(blank_page(mini, 1, dpi), matrix), blanks[1], dpi)
    assert worst_mm(page, matrix, dpi) < NEAR_MM


def test_a_file_that_states_no_resolution_is_read_by_the_papers_size(
    print_1: Grey, blanks: dict[int, BlankPage]
) -> None:
    matrix = affine(DPI, turn_deg=-1)
    _, page = laid(handle(print_1, matrix), blanks[1], dpi=None)
    assert worst_mm(page, matrix) < NEAR_MM


def test_a_1_bit_scan_is_found_like_a_grey_one(print_1: Grey, blanks: dict[int, BlankPage]) -> None:
    matrix = affine(DPI, turn_deg=1.5)
    bits = np.where(handle(print_1, matrix, noise=0) < 150, 0, 255).astype(np.uint8)
    assert worst_mm(laid(bits, blanks[1])[1], matrix) < NEAR_MM


def test_a_sheet_that_was_folded_and_flattened_is_followed_locally(
    print_1: Grey, blanks: dict[int, BlankPage]
) -> None:
    """A fold at a third of the page: below it everything lies 0.5 mm further down than a straight sheet's."""
    px = DPI / 25.4
    y, x = np.mgrid[0 : print_1.shape[0], 0 : print_1.shape[1]].astype(np.float32)
    away = 0.5 * px / (1 + np.exp(-(y - 99 * px) / (2 * px)))
    folded = cv2.remap(print_1, x, y - away.astype(np.float32), cv2.INTER_LINEAR, borderValue=255)
    _, page = laid(folded, blanks[1])
    true = PLACES_MM * px - 0.5
    true[:, 1] += np.where(PLACES_MM[:, 1] > 99, 0.5 * px, 0)
    found = to_pixels(page, PLACES_MM.astype(np.float32))
    far_from_fold = np.abs(PLACES_MM[:, 1] - 99) > 15
    assert np.linalg.norm(found - true, axis=1)[far_from_fold].max() / px < 0.2


def test_a_black_scanner_border_is_not_taken_for_print(print_1: Grey, blanks: dict[int, BlankPage]) -> None:
    matrix = affine(DPI, turn_deg=2, shift_mm=(-3, -2))
    scan = handle(print_1, matrix)
    scan[:, -55:] = 8
    scan[-40:] = 12
    coarse, page = laid(scan, blanks[1])
    assert coarse.score > 0.5
    assert worst_mm(page, matrix) < NEAR_MM


def test_a_dark_photo_is_no_border(print_1: Grey, blanks: dict[int, BlankPage]) -> None:
    """A sheet photographed in poor light on a dark table: its paper is darker than a scanner's border may be."""
    matrix = affine(DPI, turn_deg=2, shift_mm=(2, 2))
    photo = (handle(print_1, matrix) * 0.38).astype(np.uint8)
    photo = cv2.copyMakeBorder(photo, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=25)
    coarse, page = laid(photo, blanks[1])
    assert coarse.score > 0.5
    assert worst_mm(page, np.array([[1, 0, 60], [0, 1, 60], [0, 0, 1]]) @ matrix) < NEAR_MM


def test_the_right_page_beats_its_sibling_and_a_strangers_page_scores_low(
    print_1: Grey, blanks: dict[int, BlankPage], tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = write_questionnaire(tmp_path_factory.mktemp("other") / "schemas", "other", seed=77)
    right = laid(print_1, blanks[1])[0].score
    sibling = laid(print_1, blanks[2])[0].score
    stranger = laid(blank_page(other, 1, DPI), blanks[1])[0].score
    assert right > 0.8
    assert sibling < 0.3
    assert stranger < 0.3


def test_an_empty_image_scores_nothing(blanks: dict[int, BlankPage]) -> None:
    coarse, page = laid(np.full((2339, 1654), 250, np.uint8), blanks[1])
    assert coarse.score == 0
    assert len(page.field.places_mm) == 0


def test_flattening_takes_a_shadow_away_and_leaves_print() -> None:
    grey = np.tile(np.linspace(120, 250, 400, dtype=np.float32), (300, 1))
    grey[140:144, :] *= 0.3
    dark = flatten(grey.astype(np.uint8), 150)
    assert dark[40:100, 10:-10].max() < 0.05
    assert dark[141:143, 30:-30].min() > 0.5


@pytest.mark.parametrize("offset", [-0.4, 0.0, 0.3])
def test_a_peak_is_refined_between_pixels(offset: float) -> None:
    y, x = np.mgrid[0:9, 0:9]
    hill = -((x - 4 - offset) ** 2) - (y - 5) ** 2.0
    assert peaks(hill[None].astype(np.float32))[0][0] == pytest.approx([4 + offset, 5], abs=1e-4)


def test_a_displacement_that_no_neighbour_shares_is_not_believed() -> None:
    places = np.array([[x, y] for x in range(0, 60, 20) for y in range(0, 60, 20)], np.float32)
    shifts = np.full_like(places, 0.2)
    shifts[4] = [1.5, 0.2]
    kept = believable(places, shifts, np.ones(9, np.float32), 0.35)
    assert kept.tolist() == [index != 4 for index in range(9)]


def test_three_displacements_are_too_few_to_confirm_one_another() -> None:
    places = np.zeros((3, 2), np.float32)
    assert not believable(places, places, np.ones(3, np.float32), 0.35).any()


def test_trust_in_the_field_falls_where_no_print_is_near(print_1: Grey, blanks: dict[int, BlankPage]) -> None:
    _, page = laid(print_1, blanks[1])
    _, trust = displacements(page.field, np.array([[60, 100], [205, 292]], np.float32))
    assert trust[0] > 0.6
    assert trust[1] < 0.3


def sparse_page(dpi: int) -> Grey:
    """A page with little on it, all of it alike: rows of boxes, each with a short label."""
    page = np.full((round(A4_MM[1] * 24), round(A4_MM[0] * 24)), 255, np.uint8)  # 24 px a mm
    for row in range(6):
        y = 24 * (40 + 7 * row)
        cv2.putText(page, f"{row + 1}. Ich besitze ein Rad", (480, y + 72), 0, 2.4, 0, 6, cv2.LINE_AA)
        for x in (3600, 4080):
            cv2.rectangle(page, (x, y), (x + 96, y + 96), 0, 6)
    size = tuple(round(side / 25.4 * dpi) for side in A4_MM)
    return cv2.resize(page, size, interpolation=cv2.INTER_AREA).astype(np.uint8)


@pytest.mark.parametrize(
    ("shift_mm", "turn_deg"),
    [
        pytest.param((-3, 5), -1.2, id="every piece of print is found, but each elsewhere"),
        pytest.param((0, 7), 0.0, id="every row lies where the next one should"),
        pytest.param((3, -7), 0.5, id="or the one before"),
    ],
)
def test_a_table_that_nearly_fits_itself_is_laid_where_it_belongs(
    shift_mm: tuple[float, float], turn_deg: float
) -> None:
    blank = prepare_blank("sparse", 1, sparse_page(150), A4_MM)
    matrix = affine(DPI, shift_mm=shift_mm, turn_deg=turn_deg)
    _, page = laid(handle(sparse_page(DPI), matrix), blank)
    places = np.array([[x, y] for x in (25, 152, 172) for y in (42, 63, 77)], float)
    found = to_pixels(page, places.astype(np.float32))
    assert np.linalg.norm(found - to_mm_points(matrix, places, DPI), axis=1).max() / DPI * 25.4 < 0.2


def answer_sheet(dpi: int) -> Grey:
    """A page that is nothing but 25 rows of circles, each with its number."""
    page = np.full((round(A4_MM[1] * 12), round(A4_MM[0] * 12)), 255, np.uint8)  # 12 px a mm
    for row in range(25):
        y = round(12 * (40 + 8.6 * row))
        cv2.putText(page, str(row + 1), (240, y + 18), 0, 1.4, 0, 3, cv2.LINE_AA)
        for at in range(20):
            cv2.circle(page, (360 + 96 * at, y), 26, 0, 3, cv2.LINE_AA)
            cv2.putText(page, "ABCDE"[at % 5], (350 + 96 * at, y + 10), 0, 0.8, 0, 2, cv2.LINE_AA)
    size = tuple(round(side / 25.4 * dpi) for side in A4_MM)
    return cv2.resize(page, size, interpolation=cv2.INTER_AREA).astype(np.uint8)


def test_of_a_sheet_that_is_all_rows_a_better_start_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start one row off finds nine in ten pieces of its print."""
    blank = prepare_blank("rows", 1, answer_sheet(150), A4_MM)
    sheet = answer_sheet(DPI)
    scan = prepare_scan(PageImage(PageRef("a.pdf", 1), "d" * 24, sheet, DPI), A4_MM)
    good, row = glance_at(scan, blank), np.eye(3)
    row[1, 2] = 8.6 / 25.4 * 75
    off = replace(good, guess=row @ good.guess)
    assert register_module.is_sure(register_module._fit_guess(scan, blank, off.guess))
    monkeypatch.setattr(register_module, "glance_at", lambda *_: off)
    _, page = laid(sheet, blank)
    places = np.array([[x, y] for x in (30, 110, 180) for y in (40, 143.2, 246.4)], float)
    found = to_pixels(page, places.astype(np.float32))
    assert np.linalg.norm(found - to_mm_points(affine(DPI), places, DPI), axis=1).max() / DPI * 25.4 < 0.2


def test_where_every_start_is_one_row_off_the_row_before_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    blank = prepare_blank("rows", 1, answer_sheet(150), A4_MM)
    sheet = answer_sheet(DPI)
    scan = prepare_scan(PageImage(PageRef("a.pdf", 1), "d" * 24, sheet, DPI), A4_MM)
    off = np.eye(3)
    off[1, 2] = 8.6 / 25.4 * 75
    monkeypatch.setattr(register_module, "_other_guesses", lambda *_: [off @ glance_at(scan, blank).guess])
    _, page = laid(sheet, blank)
    places = np.array([[x, y] for x in (30, 110, 180) for y in (40, 143.2, 246.4)], float)
    found = to_pixels(page, places.astype(np.float32))
    assert np.linalg.norm(found - to_mm_points(affine(DPI), places, DPI), axis=1).max() / DPI * 25.4 < 0.2


def card(dpi: int) -> Grey:
    """A page with one question, two boxes and nothing else."""
    page = np.full((round(A4_MM[1] * 12), round(A4_MM[0] * 12)), 255, np.uint8)  # 12 px a mm
    for text, x, y in (("1. Are you a member?", 240, 420), ("yes", 420, 510), ("no", 420, 590)):
        cv2.putText(page, text, (x, y), 0, 1.6, 0, 4, cv2.LINE_AA)
    for y in (468, 548):
        cv2.rectangle(page, (330, y), (378, y + 48), 0, 4, cv2.LINE_AA)
    size = tuple(round(side / 25.4 * dpi) for side in A4_MM)
    return cv2.resize(page, size, interpolation=cv2.INTER_AREA).astype(np.uint8)


def test_a_page_that_prints_next_to_nothing_is_laid_by_what_there_is() -> None:
    matrix = affine(DPI, turn_deg=1.5, shift_mm=(3, -2))
    blank = prepare_blank("card", 1, card(150), A4_MM)
    coarse, page = laid(handle(card(DPI), matrix), blank)
    assert coarse.score > 0.8
    places = np.array([[29.5, 41], [29.5, 47.6], [70, 35]])
    found = to_pixels(page, places.astype(np.float32))
    assert np.linalg.norm(found - to_mm_points(matrix, places, DPI), axis=1).max() / DPI * 25.4 < 0.2


def test_an_answer_sheet_in_a_photo_is_laid_by_the_edges_of_the_sheet() -> None:
    """Printed smaller and a little aside, seen aslant: from the place it has in the picture a start is rows off."""
    px = DPI / 25.4
    printed = np.array([[0.96, 0, 5 * px], [0, 0.96, 2 * px], [0, 0, 1]])
    paper = handle(answer_sheet(DPI), printed)
    high, wide = paper.shape
    edges = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    seen = np.array([[107, 72], [1648, 77], [1759, 2346], [131, 2291]], np.float32)
    aslant = cv2.getPerspectiveTransform(edges, seen)
    photo = cv2.warpPerspective(paper, aslant, (wide + 130, high + 130), borderValue=45)
    blank = prepare_blank("rows", 1, answer_sheet(150), A4_MM)
    _, page = laid(photo, blank, None)
    places = np.array([[x, y] for x in (30, 110, 180) for y in (40, 143.2, 246.4)], float)
    found = to_pixels(page, places.astype(np.float32))
    assert np.linalg.norm(found - to_mm_points(aslant @ printed, places, DPI), axis=1).max() / px < 0.4


def columns_of_rows(marked: set[int]) -> Grey:
    """A page at 150 dpi of three columns of numbered rows of circles, and nothing else; marks hide some of them."""
    page = np.full((1754, 1240), 255, np.uint8)
    for at in range(390):
        row, option = divmod(at, 5)
        column, down = divmod(row, 26)
        x, y = 140 + 390 * column + 52 * option, 110 + 60 * down
        if not option:
            cv2.putText(page, str(row + 1), (x - 80, y + 12), 0, 0.6, 90, 1, cv2.LINE_AA)
        cv2.circle(page, (x, y), 17, 90, 2, cv2.LINE_AA)
        cv2.putText(page, "ABCDE"[option], (x - 7, y + 7), 0, 0.6, 90, 1, cv2.LINE_AA)
        if at in marked:
            cv2.circle(page, (x, y), 24, 20, -1)
    return page


@pytest.mark.parametrize("seed", [4, 13, 21])
def test_a_sheet_of_circles_half_of_which_are_marked_is_not_laid_upside_down(seed: int) -> None:
    """Nor a row on: numbers tell, where circles fit everywhere and half of the print is hidden."""
    rng = np.random.default_rng(seed)
    marked = set(rng.choice(390, int(rng.uniform(100, 230)), replace=False).tolist())
    blank = prepare_blank("circles", 1, columns_of_rows(set()), A4_MM)
    _, page = laid(columns_of_rows(marked), blank, 150)
    assert worst_mm(page, affine(150), 150) < 1


def test_it_is_told_how_far_apart_the_rows_and_columns_of_a_page_lie() -> None:
    rows = prepare_blank("rows", 1, answer_sheet(150), A4_MM).repeats / 75 * 25.4
    assert rows == pytest.approx(np.array([[0, 8.6], [8, 0]]), abs=0.35)
    nothing = prepare_blank("empty", 1, np.full((1754, 1240), 255, np.uint8), A4_MM)
    assert nothing.repeats.shape == (0, 2)


def test_most_print_speaks_for_a_start_though_the_paper_is_wrinkled() -> None:
    def fit(score: float, rough_mm: float) -> CoarseFit:
        return CoarseFit(np.eye(3), score, rough_mm)

    assert likelihood(fit(0.98, 0.3)) > likelihood(fit(0.6, 0.02)), "a table one row off fits itself smoothly"
    assert likelihood(fit(0.9, 0.03)) > likelihood(fit(0.95, 1.0)), "each piece is found elsewhere"
    assert likelihood(fit(0.0, np.inf)) == 0
