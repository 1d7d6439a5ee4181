"""Claims about the numbers of a box: ink where somebody wrote, none where nobody did, however the sheet lay."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pandas as pd
import pytest
from paper import A4_MM, Grey, affine, blacken, blank_page, cross, handle

from survey.questionnaire.model import Questionnaire
from survey.reading.blank_boxes import BlankBoxes, blank_windows, prepare_boxes
from survey.reading.claims import SIDE_PX
from survey.reading.darkness import Tone, darkness_at, tone_of
from survey.reading.ink import (
    BOX_PX,
    beyond_print,
    blackened,
    bulge_of,
    darker_of,
    darkest_print,
    free_of_print,
    grounds_of,
    ink_of,
    is_stirred,
    lean_of,
    missing_of,
    on_tint,
    own_print,
    tint_shifts,
)
from survey.reading.measure import Measured, box_shifts, measure, see
from survey.reading.network import (
    CROP_PX,
    Views,
    convolve,
    is_unsure,
    load_weights,
    look,
    look_again,
    probabilities,
    windows,
)
from survey.reading.numbers import measurements_of
from survey.reading.prepare import BlankPage, blank_pixels, prepare_blank, prepare_scan
from survey.reading.read import lay_and_measure
from survey.reading.register import Registration, fit_coarsely, register
from survey.reading.scan import PageImage, PageRef
from survey.reading.windows import sample
from survey.tables import MEASUREMENTS

DPI = 200
MARKED = ["work.2", "wish.a", "wish.d"]


@pytest.fixture(scope="module")
def blank(mini: Questionnaire) -> tuple[BlankPage, BlankBoxes]:
    grey = blank_page(mini, 1, 150)
    return prepare_blank("mini", 1, grey, A4_MM), prepare_boxes(1, grey, mini.boxes, mini.handwritten())


def measured(grey: Grey, blank: tuple[BlankPage, BlankBoxes], dpi: float = DPI) -> Measured:
    scan = prepare_scan(PageImage(PageRef("a.pdf", 1), "d" * 24, grey, dpi), A4_MM)
    page = register(scan, blank[0], fit_coarsely(scan, blank[0]))
    return measure(page, scan, blank[1], load_weights())


def by_box(found: Measured) -> pd.DataFrame:
    return found.table.set_index("box")


@pytest.fixture(scope="module")
def page_1(mini: Questionnaire) -> Grey:
    return cross(blank_page(mini, 1, DPI), mini, MARKED, DPI)


POSITIONS = [
    {},
    {"turn_deg": 180},
    {"turn_deg": 2.5, "shift_mm": (2, -3)},
    {"stretch": 1.01},
    {"scale": 0.97},
]


@pytest.mark.parametrize("position", POSITIONS, ids=repr)
def test_crosses_are_seen_and_empty_boxes_are_empty(
    position: dict[str, float], page_1: Grey, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    numbers = by_box(measured(handle(page_1, affine(DPI, **position)), blank))  # type: ignore[arg-type]
    boxes = numbers[numbers["p_marked"].notna()]
    marked = boxes.index.isin(MARKED)
    assert (boxes["p_marked"][marked] > 0.85).all()
    assert (boxes["p_marked"][~marked] < 0.15).all()
    assert (boxes["ink"][marked] > 0.1).all()
    assert (boxes["ink"][~marked] < 0.01).all()
    assert (boxes["residue"][~marked] < 0.03).all()
    assert (boxes["fit"] > 0.5).all()
    assert boxes["inside"].all()


@pytest.mark.parametrize(
    ("dpi", "bits", "surely_empty"), [(150, 8, 0.15), (300, 8, 0.15), (300, 1, 0.15), (150, 1, 0.5)]
)
def test_neither_resolution_nor_one_bit_hides_or_makes_a_mark(
    dpi: int, bits: int, surely_empty: float, mini: Questionnaire, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    """At 150 dpi and 1 bit frames are broken: an empty box may become doubtful, never marked."""
    scan = handle(cross(blank_page(mini, 1, dpi), mini, MARKED, dpi), affine(dpi, turn_deg=1))
    if bits == 1:
        scan = np.where(scan < 150, 0, 255).astype(np.uint8)
    p = by_box(measured(scan, blank, dpi))["p_marked"].dropna()
    assert set(p[p > 0.85].index) == set(MARKED)
    assert (p[~p.index.isin(MARKED)] < surely_empty).all()


def test_the_table_has_every_box_of_the_page_once_and_outlines_in_its_order(
    page_1: Grey, mini: Questionnaire, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    matrix = affine(DPI, turn_deg=1.2, shift_mm=(2, 1))
    found = measured(handle(page_1, matrix), blank)
    assert list(found.table.columns) == list(MEASUREMENTS.columns)
    here = mini.boxes[mini.boxes["page"] == 1].set_index("box")
    assert sorted(found.table["box"]) == sorted(here.index)
    assert found.crops.shape == (10, CROP_PX, CROP_PX)
    boxes = here.loc[found.table["box"]]
    centres = (boxes[["x_mm", "y_mm"]].to_numpy() + boxes[["w_mm", "h_mm"]].to_numpy() / 2) * DPI / 25.4 - 0.5
    true = cv2.perspectiveTransform(centres.reshape(-1, 1, 2), matrix).reshape(-1, 2)
    off_mm = np.linalg.norm(found.corners_px.mean(axis=1) - true, axis=1) / DPI * 25.4
    assert off_mm.max() < 0.15


def test_a_blacked_out_box_is_covered_and_a_cross_is_not(
    mini: Questionnaire, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    page = cross(blank_page(mini, 1, DPI), mini, ["work.2"], DPI, thick_mm=0.3)
    numbers = by_box(measured(blacken(page, mini, "work.4", DPI), blank))
    assert numbers.loc["work.4", "coverage"] > 0.9
    assert numbers.loc["work.2", "coverage"] < 0.45
    assert numbers.loc["work.1", "coverage"] < 0.02


def test_ink_beside_a_box_is_residue_and_not_ink(
    mini: Questionnaire, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    page = blank_page(mini, 1, DPI)
    px = DPI / 25.4
    y = round(76.5 * px)
    cv2.line(page, (round(23.2 * px), y - 8), (round(24.4 * px), y + 8), 30, 4, cv2.LINE_AA)
    numbers = by_box(measured(page, blank)).loc["work.2"]
    assert numbers["residue"] > 0.06
    assert numbers["ink"] < 0.02


def test_digits_in_a_comb_are_ink_and_an_empty_comb_has_none(
    page_1: Grey, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    px = DPI / 25.4
    page = page_1.copy()
    cv2.putText(
        page, "4", (round(26.2 * px), round(205.5 * px)), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 40, 3, cv2.LINE_AA
    )
    numbers = by_box(measured(page, blank))
    area_mm2 = 5 * 7
    assert numbers.loc["hours.1", "ink"] * area_mm2 > 1.2
    assert numbers.loc["hours.2", "ink"] * area_mm2 < 0.4
    assert np.isnan(numbers.loc["hours.1", "p_marked"])


def of_field(page: Grey, blank: tuple[BlankPage, BlankBoxes], field: str) -> tuple[float, float]:
    """What strokes cover of a comb's cell, and they and specks, mm²."""
    ink, residue = by_box(measured(page, blank)).loc[field, ["ink", "residue"]] * 5 * 7
    return float(ink), float(residue)


@pytest.mark.parametrize(("top_mm", "bottom_mm"), [(201.2, 205.5), (200.2, 206.8), (199.0, 208.0)])
def test_a_one_is_a_digit_be_it_as_high_as_its_cell(
    top_mm: float, bottom_mm: float, page_1: Grey, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    px, page = DPI / 25.4, page_1.copy()
    ends = (round(27.6 * px), round(top_mm * px)), (round(27.6 * px), round(bottom_mm * px))
    cv2.line(page, *ends, 60, 3, cv2.LINE_AA)
    assert of_field(page, blank, "hours.1")[0] > 1.2


def dotted(page: Grey, *places_mm: tuple[float, float]) -> Grey:
    """A page with dots of .8 mm."""
    page = page.copy()
    for x_mm, y_mm in places_mm:
        cv2.circle(page, (round(x_mm * DPI / 25.4), round(y_mm * DPI / 25.4)), 3, 0, -1)
    return page


def test_of_a_digit_in_faint_pencil_specks_are_left(
    page_1: Grey, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    strokes, all_ink = of_field(dotted(page_1, (27.6, 202.0), (27.4, 204.4)), blank, "hours.1")
    assert strokes == 0 and all_ink > 0.6


def test_in_a_large_field_dust_comes_alone_and_what_is_left_of_writing_does_not(mini: Questionnaire) -> None:
    grey, page = blank_page(mini, 2, 150), blank_page(mini, 2, DPI)
    blank = prepare_blank("mini", 2, grey, A4_MM), prepare_boxes(2, grey, mini.boxes, mini.handwritten())
    writing = [(40, 150), (42, 151), (45, 150), (47, 152)]
    ink = [by_box(measured(dotted(page, *writing[:dots]), blank)).loc["why", "residue"] for dots in (0, 2, 4)]
    assert ink[0] == ink[1] == 0
    assert ink[2] * 150 * 40 > 1


def shaded(page: Grey, dpi: float, grey: int) -> Grey:
    """A page whose comb is printed on a tint, 25 to 35 by 200 to 207 mm."""
    page, px = page.copy(), dpi / 25.4
    inside = np.s_[round(196 * px) : round(211 * px), round(20 * px) : round(40 * px)]
    page[inside] = np.minimum(page[inside], grey)
    return page


@pytest.mark.parametrize(("tint", "on_scan"), [(225, 225), (225, 200), (190, 205)])
def test_what_is_written_on_a_tint_is_ink_and_the_tint_is_none(
    tint: int, on_scan: int, mini: Questionnaire, page_1: Grey
) -> None:
    grey = shaded(blank_page(mini, 1, 150), 150, tint)
    blank = prepare_blank("mini", 1, grey, A4_MM), prepare_boxes(1, grey, mini.boxes, mini.handwritten())
    page = shaded(page_1, DPI, on_scan)
    assert of_field(page, blank, "hours.1") == of_field(page, blank, "hours.2") == (0, 0)
    px = DPI / 25.4
    cv2.line(page, (round(27.6 * px), round(201.5 * px)), (round(27.6 * px), round(205.5 * px)), 90, 3)
    strokes, _ = of_field(page, blank, "hours.1")
    assert strokes > 1.2
    assert of_field(page, blank, "hours.2") == (0, 0)


def test_of_a_field_that_is_full_of_print_nothing_is_known(mini: Questionnaire, page_1: Grey) -> None:
    grey, page, px = blank_page(mini, 1, 150), page_1.copy(), DPI / 25.4
    for image, scale in ((grey, 150 / 25.4), (page, px)):
        for at in np.arange(199.5, 208, 0.8):
            line = round(25 * scale), round(at * scale)
            cv2.line(image, line, (round(30 * scale), line[1]), 0, 1)
    blank = prepare_blank("mini", 1, grey, A4_MM), prepare_boxes(1, grey, mini.boxes, mini.handwritten())
    numbers = by_box(measured(page, blank))
    assert numbers.loc["hours.1", "missing"] == 1
    assert numbers.loc["hours.2", "missing"] != 1


def test_of_a_field_whose_tint_came_out_black_nothing_is_known(mini: Questionnaire, page_1: Grey) -> None:
    grey = shaded(blank_page(mini, 1, 150), 150, 200)
    blank = prepare_blank("mini", 1, grey, A4_MM), prepare_boxes(1, grey, mini.boxes, mini.handwritten())
    numbers = by_box(measured(np.where(shaded(page_1, DPI, 200) < 210, 0, 255).astype(np.uint8), blank))
    assert numbers.loc["hours.1", "missing"] == 1
    assert not numbers.loc["work.1", "missing"] > 0.2


def test_a_combs_cell_lies_where_its_own_frame_does(
    page_1: Grey, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    px, page = DPI / 25.4, page_1.copy()
    region = np.s_[round(197 * px) : round(210 * px), round(23 * px) : round(38 * px)]
    page[region] = np.roll(page_1[region], (5, 4), axis=(0, 1))  # .6 and .5 mm
    assert of_field(page, blank, "hours.1") == of_field(page, blank, "hours.2") == (0, 0)


def test_a_box_that_the_scanner_cut_off_is_not_inside(
    page_1: Grey, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    cut = np.ascontiguousarray(page_1[:, round(26.5 * DPI / 25.4) :])
    numbers = by_box(measured(cut, blank))
    assert not numbers.loc["work.1", "inside"]
    assert numbers.loc["hours.2", "inside"]


def test_a_pale_scan_of_pencil_is_darkened_to_its_print(
    mini: Questionnaire, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    """A copier that turns black into mid grey must not turn marks into nothing."""
    page = cross(blank_page(mini, 1, DPI), mini, ["work.3"], DPI)
    pale = (255 - (255 - page.astype(float)) * 0.55).astype(np.uint8)
    numbers = by_box(measured(pale, blank))
    assert numbers.loc["work.3", "p_marked"] > 0.85
    assert numbers.loc["work.3", "ink"] > 0.1


def test_the_same_page_gives_the_same_numbers(page_1: Grey, blank: tuple[BlankPage, BlankBoxes]) -> None:
    pd.testing.assert_frame_equal(measured(page_1, blank).table, measured(page_1, blank).table)


def test_a_box_fills_the_middle_of_its_crop() -> None:
    boxes = pd.DataFrame({"x_mm": [10.0], "y_mm": [20.0], "w_mm": [4.0], "h_mm": [2.0]})
    grey = np.full((200, 200), 255, np.uint8)
    left, top = np.round(blank_pixels(np.array([10.0, 20.0]))).astype(int)
    grey[top : top + 12, left : left + 24] = 0
    crop = sample(grey, blank_windows(boxes), CROP_PX)[0] < 128
    margin = (CROP_PX - BOX_PX) // 2
    assert crop[margin:-margin, margin:-margin].all()
    assert crop.sum() == BOX_PX**2
    assert blank_pixels(np.array([25.4], np.float32)) == pytest.approx([149.5], abs=1e-3)


def test_what_is_printed_around_boxes_is_the_same_whenever_it_is_asked_for(
    blank: tuple[BlankPage, BlankBoxes],
) -> None:
    boxes = blank[1]
    first, both = boxes.windows(np.array([3])), boxes.windows(np.array([3, 1]))
    for one, two in zip(first, both, strict=True):
        assert one.shape[1:] == (SIDE_PX, SIDE_PX)
        assert (one[0] == two[0]).all()
    assert (both[0][0] != both[0][1]).any()
    middle = slice((SIDE_PX - CROP_PX) // 2, (SIDE_PX + CROP_PX) // 2)
    assert (both[0][:, middle, middle] == boxes.crops[[3, 1]]).all()
    assert not both[2].any(), "there is no tint"


def test_darkness_is_relative_to_the_paper_around_and_outside_is_paper() -> None:
    grey = np.full((400, 400), 180, np.uint8)
    grey[200:204, :] = 45
    tone = tone_of(grey, 150)
    points = np.array([[100, 100], [100, 201], [-50, 100], [100, 900]], np.float32)
    assert darkness_at(tone, points) == pytest.approx([0, 0.75, 0, 0], abs=0.03)
    assert darkness_at(Tone(grey, tone.paper, 0.75), points)[1] == pytest.approx(1, abs=0.03)


def test_more_points_than_opencv_takes_at_once_are_sampled_all() -> None:
    grey = np.full((50, 50), 200, np.uint8)
    points = np.zeros((70_000, 1, 2), np.float32)
    assert darkness_at(tone_of(grey, 150), points).shape == (70_000, 1)


def test_a_quick_registration_that_settles_its_boxes_is_kept(
    page_1: Grey, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    scan = prepare_scan(PageImage(PageRef("a.pdf", 1), "d" * 24, page_1, DPI), A4_MM)
    fit = fit_coarsely(scan, blank[0])
    page, found, _ = lay_and_measure(scan, blank[0], blank[1], Registration(fit, A4_MM))
    assert found.is_settled
    assert fit.quick is not None
    assert page.field.trust.shape == register(scan, blank[0], fit).field.trust.shape


def test_a_quick_registration_that_has_slipped_is_done_again_at_150_dpi(
    page_1: Grey, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    """The quick patches are said to lie 3 mm off: no frame is where they put it."""
    scan = prepare_scan(PageImage(PageRef("a.pdf", 1), "d" * 24, page_1, DPI), A4_MM)
    fit = fit_coarsely(scan, blank[0])
    assert fit.quick is not None
    slipped = replace(fit, quick=(fit.quick[0] + np.float32(3 / 25.4 * 75), fit.quick[1]))
    off = register(scan, blank[0], slipped)
    assert not measure(off, scan, blank[1], load_weights()).is_settled
    page, found, _ = lay_and_measure(scan, blank[0], blank[1], Registration(slipped, A4_MM))
    assert found.is_settled
    assert page.fit_mm < 0.1
    assert (by_box(found)["p_marked"].dropna()[MARKED] > 0.85).all()


def test_a_page_whose_frames_are_covered_is_not_settled(
    page_1: Grey, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    covered = page_1.copy()
    covered[:, : covered.shape[1] // 2] = 120
    assert not measured(covered, blank).is_settled


def test_tables_of_several_pages_are_those_of_each_page_one_below_the_other(
    page_1: Grey, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    one = measured(page_1, blank)
    both = measurements_of([one.numbers, one.numbers])
    pd.testing.assert_frame_equal(both, pd.concat([one.table, one.table], ignore_index=True))
    assert measurements_of([]).empty


def test_the_networks_steps_agree_with_a_convolution_written_out() -> None:
    rng = np.random.default_rng(3)
    images = rng.normal(size=(2, 6, 7, 3)).astype(np.float32)
    kernel = rng.normal(size=(1, 18)).astype(np.float32)
    ours = convolve(windows(images), kernel, images.shape)
    assert ours.shape == (1, 4, 5, 3)
    for n in range(3):
        true = sum(
            cv2.filter2D(images[c, :, :, n], -1, kernel.reshape(2, 3, 3)[c])[1:-1, 1:-1] for c in range(2)
        )
        assert ours[0, :, :, n] == pytest.approx(true, abs=1e-4)


def test_probabilities_do_not_depend_on_the_company() -> None:
    views = Views(*np.random.default_rng(5).random((4, 700, CROP_PX, CROP_PX), np.float32))
    whole = probabilities(views, load_weights())
    assert whole.shape == (700, 2)
    assert ((whole >= 0) & (whole <= 1)).all()
    few = probabilities(views.of(slice(600, 605)), load_weights())
    assert whole[600:605] == pytest.approx(few, abs=1e-5)
    assert probabilities(views.of(slice(0)), load_weights()).shape == (0, 2)


def test_only_where_the_first_network_is_unsure_the_second_counts() -> None:
    views = Views(*np.random.default_rng(6).random((4, 400, CROP_PX, CROP_PX), np.float32))
    weights = load_weights()
    odds = weights.first.calibrated(look(views, weights.first.layers))
    again = weights.second.calibrated(look_again(views, weights.second.layers))
    unsure = is_unsure(odds)
    assert 20 < unsure.sum() < 400
    wanted = np.where(unsure[:, None], again, odds)
    assert probabilities(views, weights) == pytest.approx(1 / (1 + np.exp(-wanted)), abs=1e-5)


def test_a_stroke_along_the_frame_is_looked_at() -> None:
    """It hides in the print, where ink is not measured; a frame as bold as that of the blank does not stir."""
    blank = np.zeros((3, CROP_PX, CROP_PX), np.float32)
    for crop in blank:
        cv2.rectangle(crop, (6, 6), (23, 23), 1.0, 1)
    scan = blank.copy()
    cv2.line(scan[1], (8, 5), (21, 5), 1.0, 3)  # a dash along its upper edge
    cv2.circle(scan[2], (6, 15), 3, 1.0, -1)  # a dot on its left edge
    beyond = beyond_print(scan, darkest_print(blank))
    assert is_stirred(scan, free_of_print(blank), beyond).tolist() == [False, True, True]


def test_the_network_is_not_asked_about_boxes_as_clean_as_printed(
    page_1: Grey, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    numbers = by_box(measured(page_1, blank))
    assert (numbers.loc[MARKED, "p_marked"] > 0.85).all()
    assert numbers.loc["work.1", "p_marked"] == 0


def test_a_dash_on_a_frame_stirs_where_the_frames_of_its_page_are_as_printed() -> None:
    """A scan that thickens all frames shows as much ink on each; one that thickens none does not."""
    frame = np.zeros((9, CROP_PX, CROP_PX), np.float32)
    frame[:, 6:8, 6:-6] = 0.6
    free = free_of_print(frame)

    def stirred(darker: list[float]) -> list[bool]:
        crops = frame + np.array(darker, np.float32)[:, None, None] * (frame > 0)
        return list(is_stirred(crops, free, beyond_print(crops, darkest_print(frame))))

    assert stirred([0.15] + [0.0] * 8) == [True] + [False] * 8
    assert not any(stirred([0.15] * 9))
    assert stirred([0.4] + [0.15] * 8) == [True] + [False] * 8


def test_ink_at_the_edge_of_one_crop_stirs_no_other_box() -> None:
    crops, none = (np.zeros((9, CROP_PX, CROP_PX), np.float32) for _ in range(2))
    for edge in (np.s_[0, :], np.s_[-1, :], np.s_[:, 0], np.s_[:, -1]):
        crops[4] = 0
        crops[4][edge] = 1
        found = is_stirred(crops, free_of_print(none), beyond_print(crops, none))
        assert list(np.flatnonzero(found)) == [4]


def test_a_printed_tint_is_no_ink_but_a_pale_stroke_on_it_is() -> None:
    """A scan shows a tint now a little darker, now a little lighter than the blank has it."""
    blank = np.full((2, CROP_PX, CROP_PX), 0.07, np.float32)
    scan = blank + np.random.default_rng(4).uniform(-0.05, 0.1, blank.shape).astype(np.float32)
    scan[1, 14:16, 8:22] += 0.2
    numbers = ink_of(scan, blank, free_of_print(blank), np.zeros_like(scan))
    assert numbers["ink"][0] == 0
    assert numbers["ink"][1] == pytest.approx(28 / 18**2, rel=0.1)


def test_a_dot_spans_little_of_its_box_and_a_tick_all_of_it() -> None:
    """A share of where ink could be seen: frames, thick or thin, leave different room."""
    for thick in (1, 3):
        blank = np.zeros((4, CROP_PX, CROP_PX), np.float32)
        for one in blank:
            cv2.rectangle(one, (6, 6), (23, 23), 0.9, thick)
        scan = blank.copy()
        cv2.circle(scan[1], (15, 15), 1, 0.8, -1)
        cv2.polylines(scan[2], [np.array([(7, 12), (13, 20), (26, 2)])], False, 0.8, 2)
        cv2.line(scan[3], (2, 15), (27, 15), 0.8, 2)
        spans = ink_of(scan, blank, free_of_print(blank), np.zeros_like(scan))["span"]
        assert spans[0] == 0
        assert 0 < spans[1] < 0.5
        assert spans[2] > 0.9
        assert spans[3] == 1


def test_a_box_that_print_fills_is_darker_than_its_like_where_somebody_filled_it_in() -> None:
    """Of ten letters each, printed bolder than on the blank, as black and white shows them."""
    drawn = np.zeros((2, 50, CROP_PX, CROP_PX), np.uint8)
    for bold, pictures in enumerate(drawn, start=1):
        for at, picture in enumerate(pictures):
            cv2.putText(picture, "ABCDE"[at % 5], (8, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 200, bold)
    blank, scan = drawn.astype(np.float32) / 255
    scan[7] = np.maximum(scan[7], cv2.dilate(scan[7], np.ones((2, 2), np.uint8)))
    marked = np.arange(50) == 7
    darker = darker_of(scan, blank, ~marked)
    assert darker[7] > 0.05
    assert np.abs(np.delete(darker, 7)).max() < 0.02
    assert darker_of(scan, blank, np.zeros(50, bool))[7] == 0, "nothing to compare it with"
    assert not len(darker_of(scan[:0], blank[:0], marked[:0]))


def test_a_side_of_a_frame_that_is_evenly_bolder_in_print_does_not_bulge() -> None:
    """A printer puts thin lines on whole dots: one side may be bolder than on the blank, from corner to corner."""
    blank = np.zeros((9, CROP_PX, CROP_PX), np.float32)
    blank[:, 6:24, [6, 23]] = blank[:, [6, 23], 6:24] = 0.6
    scan = blank.copy()
    scan[0, 22, 5:25] += 0.4  # bolder from corner to corner
    scan[1, 22, 5:18] += 0.4  # a dash that ends before the corner
    scan[2, 22, 5:25] += np.linspace(0.5, 0.3, 20, dtype=np.float32)  # a pen lifts
    scan[3, 22, 2:28] += 0.4  # a dash that goes beyond
    bulges = bulge_of(scan, blank)
    assert bulges[0] < 0.15 < 0.3 < min(bulges[1:4])
    assert bulges[4:] == pytest.approx(0)


def test_a_dash_on_a_frame_bulges(mini: Questionnaire, blank: tuple[BlankPage, BlankBoxes]) -> None:
    page, px = blank_page(mini, 1, DPI), DPI / 25.4
    box = mini.boxes.set_index("box").loc["work.2"]
    left, top, right = (
        round(value * px) for value in (box["x_mm"], box["y_mm"] + 0.3, box["x_mm"] + box["w_mm"])
    )
    cv2.line(page, (left - 4, top), (right + 4, top), 30, 4, cv2.LINE_AA)
    bulge = by_box(measured(page, blank))["bulge"].dropna()
    assert bulge["work.2"] > 0.5
    assert bulge.drop("work.2").max() < 0.2


def test_of_a_box_through_which_a_fold_runs_print_is_missing_and_of_a_filled_one_none() -> None:
    """Each but the last on a page whose other boxes are whole; the last page has no frames at all."""
    blank = np.zeros((7, CROP_PX, CROP_PX), np.float32)
    for one in blank:
        cv2.rectangle(one, (6, 6), (23, 23), 0.9, 1)
    scan = blank * 0.8
    scan[1, 6:24, 6:24] = 1  # filled in
    scan[2] = np.roll(scan[2], 1, axis=0)  # a pixel off
    scan[3, 14:] = np.roll(scan[3, 14:], 4, axis=1)  # the lower half lies further right
    scan[4] = np.roll(scan[4], 4, axis=0)
    missing = missing_of(scan, blank, own_print(blank))
    assert list(missing[[0, 1, 2, 5, 6]]) == [0, 0, 0, 0, 0]
    assert missing[3] > 0.2
    assert missing[4] > 0.3
    assert not missing_of(np.zeros_like(scan), blank, own_print(blank)).any(), "a scan that loses pale frames"
    for one, last in zip(scan, range(7, 21, 2), strict=True):
        one[last:] = 0
    assert not missing_of(scan, blank, own_print(blank)).any(), "or some of each"


def test_a_tint_that_a_scan_drops_is_no_print_of_a_box() -> None:
    """White boxes with thin frames on grey, of which black and white keeps the frames alone."""
    blank = np.full((3, CROP_PX, CROP_PX), 0.14, np.float32)
    for one in blank:
        one[7:23, 7:23] = 0
        cv2.rectangle(one, (6, 6), (23, 23), 0.27, 1)
    scan = np.where(blank > 0.2, 1, 0).astype(np.float32)
    scan[2, 15:] = 0  # and half of one frame
    missing = missing_of(scan, blank, own_print(blank))
    assert list(missing[:2]) == [0, 0]
    assert missing[2] > 0.4


def test_a_tint_that_a_scan_shows_black_hides_what_is_marked_on_it_and_a_filled_box_does_not() -> None:
    blanks = np.zeros((4, CROP_PX, CROP_PX), np.float32)
    blanks[:3] = 0.2
    scan = blanks.copy()
    scan[0] = 0.95
    scan[1, 6:-6, 6:-6] = 0.95
    scan[2] = 0.3
    scan[3] = 0.95  # white paper: a scanner's lid
    assert blackened(scan, grounds_of(blanks)).tolist() == [0]


def test_a_line_leans_and_a_cross_or_a_frame_does_not() -> None:
    """In degrees from upright on paper; print is taken off, whatever way it runs."""
    blank = np.zeros((5, CROP_PX, CROP_PX), np.float32)
    blank[:, 6:24, 6] = 0.8
    scan = np.zeros_like(blank)
    cv2.line(scan[0], (15, 2), (15, 27), 0.8, 2)
    cv2.line(scan[1], (10, 24), (20, 6), 0.8, 2)
    cv2.line(scan[2], (4, 14), (25, 14), 0.8, 2)
    for ends in [((8, 8), (22, 22)), ((8, 22), (22, 8))]:
        cv2.line(scan[3], *ends, 0.8, 2)
    flatness = np.ones(len(scan), np.float32)
    leans = lean_of(np.maximum(scan, blank), darkest_print(blank), flatness)
    assert leans[0] == pytest.approx(0, abs=1)
    assert leans[1] == pytest.approx(np.degrees(np.arctan2(10, 18)), abs=2)
    assert leans[2] == pytest.approx(90, abs=1)
    assert list(leans[3:]) == [90, 90]
    squeezed = lean_of(np.maximum(scan, blank), darkest_print(blank), 3 * flatness)
    assert squeezed[0] == pytest.approx(0, abs=1)
    assert squeezed[1] == pytest.approx(np.degrees(np.arctan2(30, 18)), abs=4), "in a box three times as wide"


def test_of_marks_it_is_measured_how_far_they_run_on(
    mini: Questionnaire, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    page, px = blank_page(mini, 1, DPI), DPI / 25.4
    places = mini.boxes.set_index("box")
    for name, reach_mm in [("work.2", 0.0), ("wish.a", 6.0)]:
        x, y, w, h = (places.loc[name, f"{side}_mm"] for side in "xywh")
        points = [
            (x + 0.2 * w, y + 0.8 * h),
            (x + 0.8 * w, y + 0.2 * h),
            (x - reach_mm + 0.2 * w, y + 0.5 * h),
        ]
        cv2.polylines(page, [np.round(np.array(points) * px).astype(np.int32)], False, 40, 3, cv2.LINE_AA)
    found = by_box(measured(page, blank))
    assert (found.loc[["work.2", "wish.a"], "p_marked"] > 0.5).all()
    assert found.loc["work.2", "runs_on"] == 0
    width = places.loc["wish.a", "w_mm"]
    assert found.loc["wish.a", "runs_on"] == pytest.approx((6.0 - 0.2 * width) / width, abs=0.2)
    assert (found["runs_on"].dropna().drop("wish.a") == 0).all()


def test_letters_that_follow_each_other_run_on(
    mini: Questionnaire, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    """Letters of a stamp are not joined; a mark in the next box but one is not reached."""
    page, px = blank_page(mini, 1, DPI), DPI / 25.4
    box = mini.boxes.set_index("box").loc["wish.a"]
    for at in range(4):  # letters of 3 mm that stand 1 mm apart
        left, top = round((box["x_mm"] + 0.5 + 4 * at) * px), round((box["y_mm"] + 0.5) * px)
        cv2.rectangle(page, (left, top), (left + round(3 * px), top + round(3 * px)), 40, 3, cv2.LINE_AA)
        cv2.line(page, (left, top), (left + round(3 * px), top + round(3 * px)), 40, 3, cv2.LINE_AA)
    found = by_box(measured(page, blank))
    assert found.loc["wish.a", "p_marked"] > 0.5
    assert found.loc["wish.a", "runs_on"] > 1.2


def cross_beside(page: Grey, box: pd.Series, left_mm: float, dpi: float) -> None:
    """Draw a cross of 3.2 mm in place, its middle so far left of a box."""
    middle, px = np.array([box["x_mm"] - left_mm, box["y_mm"] + 2.0]), dpi / 25.4
    for way in (-1, 1):
        ends = [np.round((middle + side * np.array([1.6, 1.6 * way])) * px).astype(int) for side in (-1, 1)]
        cv2.line(page, *[tuple(end.tolist()) for end in ends], 40, 3, cv2.LINE_AA)


@pytest.mark.parametrize("left_mm", [2.6, 3.8])  # the second lies wholly beyond the box's crop
def test_a_cross_beside_a_box_is_aside_and_what_touches_a_marked_one_is_not(
    mini: Questionnaire, blank: tuple[BlankPage, BlankBoxes], left_mm: float
) -> None:
    page = cross(blank_page(mini, 1, DPI), mini, MARKED, DPI)
    cross_beside(page, mini.boxes.set_index("box").loc["work.4"], left_mm, DPI)
    found = by_box(measured(page, blank))["aside"].dropna()
    assert found["work.4"] == pytest.approx(3.4 / 4, abs=0.2)
    assert (found.drop("work.4") == 0).all()


@pytest.mark.parametrize("shade", [0.86, 0.75, 1.0], ids=["as on the blank", "darker", "lost"])
def test_a_cross_beside_a_box_is_seen_on_a_tint(mini: Questionnaire, shade: float) -> None:
    page, px = blank_page(mini, 1, 150), 150 / 25.4
    boxes = mini.boxes[mini.boxes["page"] == 1]

    def tinted(share: float) -> Grey:
        lies = np.full(page.shape, share)
        for place in (boxes[["x_mm", "y_mm", "w_mm", "h_mm"]].to_numpy() * px).round().astype(int).tolist():
            lies[place[1] : place[1] + place[3], place[0] : place[0] + place[2]] = 1
        return (page * lies).astype(np.uint8)

    paper, scan = tinted(0.86), tinted(shade)
    cross_beside(scan, boxes.set_index("box").loc["work.4"], 3.0, 150)
    blank = prepare_blank("mini", 1, paper, A4_MM), prepare_boxes(1, paper, mini.boxes, mini.handwritten())
    found = by_box(measured(scan, blank, 150))
    assert found.loc["work.4", "aside"] > 0.6
    assert (found["aside"].drop("work.4").dropna() == 0).all()
    assert (found["residue"].drop("work.4").dropna() < 0.01).all()


def test_of_a_dithered_tint_nothing_is_told() -> None:
    rng = np.random.default_rng(7)
    blanks = np.full((9, CROP_PX, CROP_PX), 0.2, np.float32)
    tinted = on_tint(blanks)
    assert tinted.all()
    assert tint_shifts(blanks + 0.1, blanks, tinted) == pytest.approx(0.1)
    assert tint_shifts(blanks + 0.4, blanks, tinted) is None, "ink does not show there"
    dots = (rng.random(blanks.shape) < 0.2).astype(np.float32)
    assert tint_shifts(dots, blanks, tinted) is None
    assert tint_shifts(blanks, blanks, np.zeros_like(tinted)) is None


def test_a_long_line_through_a_box_is_less_sure_than_a_stroke_that_ends_in_it(
    mini: Questionnaire, blank: tuple[BlankPage, BlankBoxes]
) -> None:
    """What lies around a box tells whose stroke it is."""
    px = DPI / 25.4
    box = mini.boxes.set_index("box").loc["work.2"]
    x, y = (box["x_mm"] + box["w_mm"] / 2) * px, (box["y_mm"] + box["h_mm"] / 2) * px
    found = []
    for reach_mm in (2.5, 18):
        page = blank_page(mini, 1, DPI)
        ends = [(round(x + side * 0.4 * reach_mm * px), round(y - side * reach_mm * px)) for side in (-1, 1)]
        cv2.line(page, *ends, 40, 4, cv2.LINE_AA)
        found.append(by_box(measured(page, blank)).loc["work.2", "p_marked"])
    assert found[0] > 0.85
    assert found[1] < found[0]


def test_ink_in_a_touching_box_is_not_ink_around_this_one() -> None:
    paper = np.full((300, 300), 255, np.uint8)
    places = [("a", 10.0), ("b", 18.0), ("c", 40.0)]
    boxes = pd.DataFrame(
        [
            {
                "box": name,
                "page": 1,
                "x_mm": x,
                "y_mm": 10.0,
                "w_mm": 8.0,
                "h_mm": 6.0,
                "item": "i",
                "option": name,
            }
            for name, x in places
        ]
    )
    free = prepare_boxes(1, paper, boxes, frozenset()).free
    left = slice(0, 5)  # of the crop, left of the box
    assert free[0, :, left].all() and free[2].all()
    assert not free[1, 10:20, left].any()
    assert free[1, :3, left].all(), "above the touching box is paper"


def boxes_at(places_mm: list[tuple[float, float, float, float]]) -> pd.DataFrame:
    """Boxes of one item on page 1; each place is x, y, width and height."""
    rows = [(f"c{at}", 1, *place, "i", str(at)) for at, place in enumerate(places_mm)]
    return pd.DataFrame(rows, columns=["box", "page", "x_mm", "y_mm", "w_mm", "h_mm", "item", "option"])


def boxes_on_plain_paper(places_mm: list[tuple[float, float, float, float]]) -> BlankBoxes:
    return prepare_boxes(1, np.full((1754, 1240), 255, np.uint8), boxes_at(places_mm), frozenset())


@pytest.mark.parametrize(("move_px", "moved_mm"), [(0.5, 0.67), (4.0, 0.0)])
def test_a_wide_cell_is_not_taken_for_the_next(move_px: float, moved_mm: float) -> None:
    """4 px in the crop of a cell 24 mm wide are 5.3 mm on paper: its lines are found there, but they are another's."""
    blank = boxes_on_plain_paper(
        [(50 + 24.0 * x, 60 + 8.0 * y, 24.0, 8.0) for x in range(4) for y in range(7)]
    )
    moves, sure = np.tile(np.float32([move_px, 0]), (28, 1)), np.full(28, 0.9, np.float32)
    shifts, _, _ = box_shifts(moves, sure, blank, np.full(28, 0.7, np.float32))
    assert shifts[:, 0] == pytest.approx(moved_mm, abs=0.01)


@pytest.mark.parametrize(("fold_mm", "is_trusted"), [(0.0, True), (0.8, False)])
def test_a_frame_that_a_mark_hides_lies_where_those_around_it_say(fold_mm: float, is_trusted: bool) -> None:
    """Nine boxes, the frame of the middle one hidden; below a fold those of the last row lie further right."""
    blank = boxes_on_plain_paper([(50 + 9.0 * x, 60 + 9.0 * y, 4.0, 4.0) for y in range(3) for x in range(3)])
    moves = np.zeros((9, 2), np.float32)
    moves[6:, 0] = fold_mm / 4 * BOX_PX
    found = np.full(9, 0.8, np.float32)
    found[4] = 0.1
    _, fit, _ = box_shifts(moves, found, blank, np.zeros(9, np.float32))
    assert fit[[0, 1, 2]] == pytest.approx(0.8)
    assert (fit[4] >= 0.25) == is_trusted


@pytest.fixture(scope="module")
def cells(mini: Questionnaire) -> tuple[Grey, tuple[BlankPage, BlankBoxes]]:
    """A page with six cells of 24 x 8 mm below each other, c0 to c5, the first at (100, 60)."""
    paper, px = blank_page(mini, 1, 150).copy(), 150 / 25.4
    for y in range(7):
        ends = [(round(x * px), round((60 + 8 * y) * px)) for x in (100, 124)]
        cv2.line(paper, *ends, 0, 1)
    for x in (100, 124):
        cv2.line(paper, (round(x * px), round(60 * px)), (round(x * px), round(108 * px)), 0, 1)
    boxes = prepare_boxes(
        1, paper, boxes_at([(100.0, 60 + 8.0 * y, 24.0, 8.0) for y in range(6)]), frozenset()
    )
    return paper, (prepare_blank("mini", 1, paper, A4_MM), boxes)


def with_cross(paper: Grey, middle_mm: tuple[float, float], half_mm: tuple[float, float], grey: int) -> Grey:
    """The same with a cross on it, two px thick at 150 dpi."""
    scan, px, (x, y), (across, down) = paper.copy(), 150 / 25.4, middle_mm, half_mm
    for side in (-1, 1):
        ends = [(round((x + way * side * across) * px), round((y + way * down) * px)) for way in (-1, 1)]
        cv2.line(scan, *ends, grey, 2, cv2.LINE_AA)
    return scan


def test_pale_pencil_in_a_wide_cell_is_ink(cells: tuple[Grey, tuple[BlankPage, BlankBoxes]]) -> None:
    """A px of its crop is four times as wide as the stroke."""
    paper, blank = cells
    found = by_box(measured(with_cross(paper, (107, 80), (2, 2), 228), blank, 150))
    assert found.loc["c2", "ink"] >= 0.005
    assert found.loc["c2", "p_marked"] > 0, "the network was asked"
    assert (found["ink"].drop("c2") == 0).all()


@pytest.mark.parametrize("x_mm", [104.5, 107, 112, 118, 120])
def test_a_cross_in_a_wide_cell_is_a_mark_wherever_it_stands(
    cells: tuple[Grey, tuple[BlankPage, BlankBoxes]], x_mm: float
) -> None:
    paper, blank = cells
    found = by_box(measured(with_cross(paper, (x_mm, 88.2), (2.3, 2.3), 60), blank, 150))
    assert found.loc["c3", "p_marked"] > 0.96
    assert (found["p_marked"].drop("c3") < 0.1).all()


def test_the_end_of_a_mark_that_reaches_into_the_next_cell_is_claimed(
    cells: tuple[Grey, tuple[BlankPage, BlankBoxes]],
) -> None:
    """However little of it is there."""
    paper, blank = cells
    found = by_box(measured(with_cross(paper, (107, 88), (2.6, 5.2), 60), blank, 150))
    assert found.loc["c3", "p_marked"] > 0.9
    assert 0 < found.loc["c4", "residue"] < 0.01
    assert found.loc["c4", "claimed"] >= found.loc["c4", "residue"]


def test_the_network_sees_a_wide_cells_mark_in_its_own_shape(
    cells: tuple[Grey, tuple[BlankPage, BlankBoxes]],
) -> None:
    paper, (page, boxes) = cells
    scan = prepare_scan(
        PageImage(PageRef("a.pdf", 1), "d" * 24, with_cross(paper, (107, 88), (2.5, 2.5), 0), 150), A4_MM
    )
    sight = see(register(scan, page, fit_coarsely(scan, page)), scan, boxes)
    views = sight.views(np.array([3, 4]))
    across, down = (np.flatnonzero((views.crops[0] > 0.5)[6:-6, 6:-6].any(axis=axis)) for axis in (0, 1))
    assert len(across) == pytest.approx(len(down), abs=1)
    assert len(across) == pytest.approx(5.5 / 7 * BOX_PX, abs=1.5), "a cross of 5 mm in a square of 7"
    assert abs(views.crops[1] - views.blanks[1])[6:-6].max() < 0.1, "where nothing is, both show the same"


def test_a_page_without_boxes_is_measured(mini: Questionnaire, page_1: Grey) -> None:
    grey = blank_page(mini, 1, 150)
    none = prepare_boxes(1, grey, mini.boxes.iloc[:0], frozenset())
    assert measured(page_1, (prepare_blank("mini", 1, grey, A4_MM), none)).numbers.boxes == ()
