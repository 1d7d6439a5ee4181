"""The simulator: what its pens draw, what mail and scanner do to paper, how households answer, and the truth."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from survey.doors.codes import read_code128
from survey.doors.pdf_images import encode_g4, encode_jpeg, join_images
from survey.errors import UsageError
from survey.questionnaire.load import load_schema
from survey.questionnaire.model import (
    Item,
    Population,
    Questionnaire,
    ResponseOption,
    Row,
    Schema,
    Section,
    ask,
)
from survey.questionnaire.printed_code import make_serial, parse_page_code
from survey.simulate import HARD, OFFICE, Profile, play_reviewer, simulate
from survey.simulate.filling import Hand, fill_page
from survey.simulate.habits import draw_habit, place_in
from survey.simulate.handwriting import write_lines
from survey.simulate.households import Household, Rates, Shift, answer, load_rates
from survey.simulate.paper import Fold, Handling, locate, scan, visible_mm2
from survey.simulate.pens import MARK_KINDS, STRAY_KINDS, draw_mark, draw_pen, draw_stray
from survey.simulate.printing import foreign_page, print_page
from survey.simulate.profile import CLEAN, draw_handling, draw_scanner, draw_sheets
from survey.tables import BOXES, MARKS

PX_PER_MM = 12.0
BOX = (5.0, 5.0, 4.0, 4.0)
SCHEMA = Path(__file__).parents[1] / "schemas" / "segeberg-2012.yaml"


def drawn(kind: str, seed: int, *, faint: bool = False) -> np.ndarray:
    canvas = np.zeros((168, 168), np.float32)
    rng = np.random.default_rng(seed)
    draw_mark(canvas, PX_PER_MM, BOX, kind, draw_pen(rng, faint=faint), rng)
    return canvas


def inside(canvas: np.ndarray) -> np.ndarray:
    return canvas[60:108, 60:108]


# ---- pens ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", MARK_KINDS)
def test_every_kind_of_mark_leaves_ink_about_its_box(kind: str) -> None:
    for seed in range(12):
        canvas = drawn(kind, seed)
        assert canvas.min() >= 0 and canvas.max() <= 1
        assert (canvas > 0.1).sum() / PX_PER_MM**2 > 0.05, "at least 0.05 mm² of ink"
        y, x = np.nonzero(canvas > 0.1)
        assert np.hypot(x.mean() - 84, y.mean() - 84) < 3 * PX_PER_MM


def test_in_a_wide_cell_a_mark_mostly_keeps_its_shape_and_a_square_box_is_filled() -> None:
    rng = np.random.default_rng(1)
    assert place_in((10, 20, 4, 4), rng) == (10, 20, 4, 4)
    assert rng.random() == np.random.default_rng(1).random(), "other marks stay as they were"
    places = np.array([place_in((10, 20, 24, 6), rng) for _ in range(300)])
    assert 0.75 < (places[:, 2] < 8).mean() < 0.95
    assert (places[:, 0] >= 10).all() and (places[:, 0] + places[:, 2] <= 34 + 1e-9).all()
    assert (places[:, 1] >= 20).all() and (places[:, 1] + places[:, 3] <= 26 + 1e-9).all()


@pytest.mark.parametrize("words", [1, 12])
def test_something_is_written_into_a_narrow_field(words: int) -> None:
    for seed in range(40):
        assert write_lines((10, 20, 22, 6.8), words, np.random.default_rng(seed))


@pytest.mark.parametrize("kind", STRAY_KINDS)
def test_stray_ink_is_drawn_in_place_and_cut_at_the_edge(kind: str) -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        canvas = np.zeros((100, 100), np.float32)
        draw_stray(canvas, PX_PER_MM, (0.5, 6.0, 4.0, 4.0), kind, draw_pen(rng), rng)
        assert np.isfinite(canvas).all() and canvas.max() <= 1


def test_remarks_and_arrows_stay_out_of_the_box() -> None:
    rng = np.random.default_rng(6)
    for kind in ["note", "word", "underline", "arrow", "slip"]:
        shares = []
        for _ in range(40):
            canvas = np.zeros((168, 168), np.float32)
            draw_stray(canvas, PX_PER_MM, BOX, kind, draw_pen(rng, kind="gel"), rng)
            shares.append((inside(canvas) > 0.1).mean())
        assert np.median(shares) < 0.01, kind


def test_the_same_seed_draws_the_same_mark_and_another_seed_another() -> None:
    assert np.array_equal(drawn("cross", 1), drawn("cross", 1))
    assert not np.array_equal(drawn("cross", 1), drawn("cross", 2))


def test_a_faint_pencil_is_light_and_a_common_pen_is_not() -> None:
    assert np.median([drawn("cross", seed, faint=True).max() for seed in range(30)]) < 0.45
    assert np.median([drawn("cross", seed).max() for seed in range(30)]) > 0.6


def test_a_blacked_out_box_is_covered_and_a_heavy_cross_leaves_paper() -> None:
    revoked = np.median([(inside(drawn("revoke", seed)) > 0.1).mean() for seed in range(40)])
    crossed = np.median([(inside(drawn("heavy cross", seed)) > 0.1).mean() for seed in range(40)])
    assert revoked > 0.85
    assert crossed < 0.65


def test_a_ring_goes_round_the_box_and_not_into_it() -> None:
    shares = [(inside(drawn("ring", seed)) > 0.1).mean() for seed in range(40)]
    assert np.median(shares) < 0.05


def test_a_mark_looks_alike_at_any_resolution() -> None:
    sums = []
    for px_per_mm in (6.0, 12.0):
        canvas = np.zeros((int(14 * px_per_mm),) * 2, np.float32)
        rng = np.random.default_rng(3)
        draw_mark(canvas, px_per_mm, BOX, "cross", replace(draw_pen(rng, kind="gel"), roughness=0.0), rng)
        sums.append(canvas.sum() / px_per_mm**2)
    assert sums[0] == pytest.approx(sums[1], rel=0.15)


# ---- paper and scanner ---------------------------------------------------------------------------------------------


def ruled_page(dpi: int = 200) -> np.ndarray:
    page = np.full((round(297 * dpi / 25.4), round(210 * dpi / 25.4)), 255, np.uint8)
    cv2.line(page, (page.shape[1] // 2, 0), (page.shape[1] // 2, page.shape[0]), 0, 5)
    return page


def blank_ink(page: np.ndarray) -> np.ndarray:
    return np.zeros(page.shape, np.float32)


def test_a_folded_page_really_jumps() -> None:
    page, rng = ruled_page(), np.random.default_rng(0)
    handling = Handling(dpi=200, folds=(Fold(99.0, (0.6, 0.3), 0.5),))
    seen = scan(page, blank_ink(page), "black", handling, rng)

    def centre_mm(y_mm: float) -> float:
        row = np.maximum(200.0 - seen[round(y_mm * 200 / 25.4)], 0)
        near = slice(page.shape[1] // 2 - 30, page.shape[1] // 2 + 30)
        return float((row[near] * np.arange(60)).sum() / row[near].sum()) * 25.4 / 200

    assert centre_mm(100.5) - centre_mm(97.5) == pytest.approx(0.6, abs=0.12)
    assert abs(centre_mm(200) - centre_mm(201)) < 0.05


@pytest.mark.parametrize("upside_down", [False, True])
def test_locate_tells_where_the_print_lies_in_the_scan(upside_down: bool) -> None:
    dpi, page = 150, np.full((1754, 1240), 255, np.uint8)
    points = np.array(
        [[20.0, 20.0], [190.0, 25.0], [100.0, 150.0], [30.0, 270.0], [180.0, 260.0], [60.0, 103.0]]
    )
    for x, y in points * dpi / 25.4 - 0.5:
        cv2.circle(page, (round(x * 16), round(y * 16)), 6 * 16, 0, -1, cv2.LINE_AA, 4)
    handling = Handling(
        dpi=dpi, upside_down=upside_down, skew_deg=2.5, stretch_x=1.01, stretch_y=0.992, shift_mm=(1.5, -2.0),
        wobble_mm=0.4, wobble_phase=1.0, folds=(Fold(99.0, (0.4, -0.5), 0.0), Fold(198.0, (-0.3, 0.2), 0.0)),
    )  # fmt: skip
    seen = scan(page, blank_ink(page), "black", handling, np.random.default_rng(0))
    for x, y in locate(points, handling, (210.0, 297.0)):
        left, top = round(x) - 14, round(y) - 14
        dark = 255.0 - seen[top : top + 29, left : left + 29]
        dark[dark < 60] = 0
        rows, columns = np.mgrid[:29, :29]
        found = np.array([(dark * columns).sum(), (dark * rows).sum()]) / dark.sum() + [left, top]
        assert np.hypot(*(found - [x, y])) < 0.6, "a tenth of a millimetre"


def test_a_one_bit_scan_is_black_and_white_and_loses_what_is_paler_than_its_threshold() -> None:
    page = ruled_page()
    ink = blank_ink(page)
    ink[400:460, 300:360] = 0.10
    ink[400:460, 500:560] = 0.40
    seen = scan(page, ink, "grey", Handling(dpi=200, mode="1-bit", threshold=0.8), np.random.default_rng(0))
    assert set(np.unique(seen)) == {0, 255}
    assert seen[430, 330] == 255 and seen[430, 530] == 0


def test_what_a_scan_kept_of_a_mark_is_counted_where_its_box_came_to_lie() -> None:
    """A box of 4 mm in whose middle ink added a square of 2 mm, on a sheet that lay askew and upside down."""
    handling = Handling(dpi=200, mode="1-bit", upside_down=True, skew_deg=2.0, shift_mm=(3.0, -2.0))
    paper, box = (100.0, 80.0), (60.0, 20.0, 4.0, 4.0)
    page = np.full((round(80 / 25.4 * 200), round(100 / 25.4 * 200)), 255, np.uint8)
    corners = np.array([[61.0, 21.0], [63.0, 21.0], [63.0, 23.0], [61.0, 23.0]])
    added = page.copy()
    cv2.fillConvexPoly(added, np.rint(locate(corners, handling, paper)).astype(np.int32), (0,))
    assert visible_mm2(added < page, box, handling, paper) == pytest.approx(
        4.0, rel=0.15
    )  # with its edge's px
    assert visible_mm2(added < page, (20.0, 20.0, 4.0, 4.0), handling, paper) == 0


def test_a_mark_is_lost_only_where_a_one_bit_scan_shows_nothing_of_it(
    small: Questionnaire, tmp_path: Path
) -> None:
    """The same faint pencils scanned black and white with a high and with a low threshold, and in grey."""

    def lost(**how: object) -> int:
        profile = replace(CLEAN, faint_pencil=1.0, **how)  # type: ignore[arg-type]
        done = simulate(small, tmp_path, tmp_path, issued=4, returned=4, seed=3, profile=profile)
        return int(done.boxes["note"].str.contains("lost").sum())

    harsh, mild = lost(one_bit=1.0, threshold=(0.6, 0.6)), lost(one_bit=1.0, threshold=(0.9, 0.9))
    assert harsh > mild + 10
    assert lost() == 0


def test_a_colour_scan_shows_the_colour_of_the_ink() -> None:
    page = ruled_page(150)
    ink = blank_ink(page)
    ink[400:460, 300:360] = 0.8
    seen = scan(page, ink, "blue", Handling(dpi=150, mode="colour"), np.random.default_rng(0))
    blue, _, red = (int(value) for value in seen[430, 330])
    assert seen.ndim == 3 and blue > red + 60


def test_a_g4_page_comes_out_of_the_pdf_as_it_went_in() -> None:
    import pikepdf

    image = np.where(np.random.default_rng(1).random((300, 200)) < 0.2, 0, 255).astype(np.uint8)
    grey = cv2.resize(image, (400, 600))
    data = join_images([encode_g4(image, 100), encode_jpeg(grey, 100, 60)])
    assert data == join_images([encode_g4(image, 100), encode_jpeg(grey, 100, 60)])
    with pikepdf.open(io.BytesIO(data)) as document:
        first = pikepdf.PdfImage(document.pages[0].Resources.XObject.Im0)
        assert np.array_equal(np.asarray(first.as_pil_image().convert("L")), image)
        second = document.pages[1].Resources.XObject.Im0.read_raw_bytes()
        assert Image.open(io.BytesIO(second)).size == (400, 600)


# ---- households ----------------------------------------------------------------------------------------------------


def options(*codes: str, **special: str) -> list[ResponseOption]:
    return [
        ResponseOption(code=code, none=code == "none", go_to=special.get(f"o{code}"), label={"de": code})
        for code in codes
    ]


def small_schema() -> Schema:
    items = [
        Item(id="car", type="single", options=options("1", "2", o2="hours")),
        Item(id="drives", type="single", options=options("1", "2", "3")),
        Item(id="hours", type="number", digits=2),
        Item(id="wants", type="multiple", options=options("a", "b", "c", "none")),
        Item(id="views", type="matrix", options=options("1", "2", "3"), rows=[Row(code="x"), Row(code="y")]),
        Item(
            id="gap", type="grid", rows=[Row(code="mon"), Row(code="tue")], columns=options("h06", "h16"),
            options=options("none"),
        ),
        Item(id="said", type="text", lines=2),
    ]  # fmt: skip
    return Schema(
        questionnaire="small", code="SM", wave="2012", title={"de": "Klein"},
        population=Population(stratum="office", frame={"Nord": 60, "Sued": 40}),
        sections=[Section(id="all", title={"de": "Alles"}, items=items)],
    )  # fmt: skip


def small_questionnaire(folder: Path) -> Questionnaire:
    """Two pages: boxes in a column on each; the blank is an image drawn here."""
    schema = small_schema()
    rows: list[tuple[object, ...]] = []
    asked = [entry for item in schema.sections[0].items for entry in ask(item)]
    for page, entries in [(1, asked[:4]), (2, asked[4:])]:
        y = 45.0
        for entry in entries:
            codes = [option.code for option in entry.options] or (
                ["1", "2"] if entry.kind == "number" else [""]
            )
            for code in codes:
                size = {"number": (5.0, 7.0), "text": (150.0, 20.0)}.get(entry.kind, (4.0, 4.0))
                rows.append((f"{entry.id}.{code}".rstrip("."), page, 30.0, y, *size, entry.id, code))
                y += 9.0
    boxes = BOXES.frame(rows)
    images = []
    for page in (1, 2):
        image = np.full((1754, 1240), 255, np.uint8)
        for box in boxes[boxes["page"] == page].itertuples():
            x, y, w, h = (round(value * 150 / 25.4) for value in (box.x_mm, box.y_mm, box.w_mm, box.h_mm))
            cv2.rectangle(image, (x, y), (x + w, y + h), 0, 1)
        images.append(encode_jpeg(image, 150, 90))
    blank = folder / "small.blank.pdf"
    blank.write_bytes(join_images(images))
    return Questionnaire(schema, boxes, blank, folder / "small.yaml")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    return small_questionnaire(tmp_path_factory.mktemp("small"))


def households(
    questionnaire: Questionnaire, profile: Profile, count: int, rates: Rates | None = None
) -> list[Household]:
    known = rates or load_rates(questionnaire.id)
    return [
        answer(questionnaire, str(number), "Nord", profile, known, np.random.default_rng([9, number]))
        for number in range(count)
    ]


def test_routing_is_followed_and_everything_else_is_answered(small: Questionnaire) -> None:
    people = households(small, Profile("plain"), 200)
    for person in people:
        assert ("drives" in person.chosen) == (person.chosen["car"] == ("1",))
        assert person.numbers["hours"].strip().isdigit() and len(person.numbers["hours"]) == 2
        assert all(len(person.chosen[row]) == 1 for row in ["views_x", "views_y"])
        assert not ("none" in person.chosen["wants"] and len(person.chosen["wants"]) > 1)


def test_who_breaks_off_answers_the_first_item_and_the_only_one(small: Questionnaire) -> None:
    people = households(small, Profile("broken off", broken_off=1.0), 60)
    assert all("car" in person.chosen for person in people) and any(
        len(person.chosen) < 3 for person in people
    )
    section = small.schema.sections[0]
    one = section.model_copy(update={"items": section.items[:1]})
    short = replace(small, schema=small.schema.model_copy(update={"sections": [one]}))
    assert all(
        "car" in person.chosen for person in households(short, Profile("broken off", broken_off=1.0), 20)
    )


def test_contradictions_and_skips_happen_as_often_as_the_profile_says(small: Questionnaire) -> None:
    people = households(small, Profile("odd", skipped=0.1, contradictions=0.2), 1500)
    routed = [person for person in people if person.chosen.get("car") == ("2",)]
    assert np.mean(["drives" in person.chosen for person in routed]) == pytest.approx(0.2 * 0.9, abs=0.05)
    assert np.mean(["car" not in person.chosen for person in people]) == pytest.approx(0.1, abs=0.03)


def test_given_shares_come_out_and_earlier_answers_shift_later_ones(small: Questionnaire) -> None:
    rates = Rates(
        {("car", "1"): 0.8, ("car", "2"): 0.2, ("wants", "a"): 0.3},
        {},
        (Shift({"car": ("2",)}, {"wants.a": 3.0}),),
    )
    people = households(small, Profile("plain"), 1500, rates)
    no_car = [person for person in people if person.chosen["car"] == ("2",)]
    car = [person for person in people if person.chosen["car"] == ("1",)]
    assert len(car) / len(people) == pytest.approx(0.8, abs=0.05)
    assert np.mean(["a" in p.chosen["wants"] for p in no_car]) > 0.3 + np.mean(
        ["a" in p.chosen["wants"] for p in car]
    )


def test_the_rates_of_the_shipped_questionnaire_name_only_what_it_has() -> None:
    schema = load_schema(SCHEMA)
    items = [entry for section in schema.sections for item in section.items for entry in ask(item)]
    known = {(entry.id, option.code) for entry in items for option in entry.options}
    names = {entry.id for entry in items}
    rates = load_rates(schema.questionnaire)
    assert set(rates.shares) <= known
    assert set(rates.numbers) <= names
    for rule in rates.shifts:
        assert set(rule.when) <= names | {"stratum"}
        assert all((*key.split("."), "")[:2] in known or key in names for key in rule.add), rule


# ---- the profile's shares ------------------------------------------------------------------------------------------


def test_shares_in_a_large_draw_match_the_profile(small: Questionnaire) -> None:
    marks, answered, inks, notes = 0, 0, [], []
    for number, person in enumerate(households(small, OFFICE, 150)):
        rng = np.random.default_rng([4, number])
        for page in (1, 2):
            hand = Hand(np.zeros((600, 420), np.float32), 2.0, draw_habit(rng), OFFICE, rng)
            traces = fill_page(hand, small, page, person)
            chosen = [trace for trace in traces if trace.intended and trace.ink not in {"digit", "text"}]
            marks += len(chosen)
            answered += len({trace.item for trace in chosen})
            inks += [trace.ink for trace in traces]
            notes += [trace.note for trace in chosen]
    assert inks.count("revoked") / answered == pytest.approx(OFFICE.revoked, abs=0.015)
    assert inks.count("ring") / marks == pytest.approx(OFFICE.rings, abs=0.01)
    assert sum("half outside" in note for note in notes) / marks == pytest.approx(
        OFFICE.half_outside, abs=0.012
    )


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0, 0), (0.8, 60, 96)])
def test_who_marks_by_filling_the_box_blacks_out_as_rarely_as_the_profile_says(
    small: Questionnaire, share: float, least: int, most: int
) -> None:
    profile = replace(OFFICE, revoked=0.8, revoked_by_fillers=share)
    inks: list[str] = []
    for number, person in enumerate(households(small, profile, 40)):
        rng = np.random.default_rng([5, number])
        habit = replace(draw_habit(rng), kind="fill")
        hand = Hand(np.zeros((600, 420), np.float32), 2.0, habit, profile, rng)
        inks += [trace.ink for trace in fill_page(hand, small, 1, person)]
    assert least <= inks.count("revoked") <= most


def test_sheets_are_handled_as_the_profile_says() -> None:
    rng = np.random.default_rng(8)
    scanner = draw_scanner(OFFICE, rng)
    sheets = draw_sheets(OFFICE, 3000, rng)
    assert np.mean([sheet.upside_down for sheet in sheets]) == pytest.approx(0.10)
    assert np.mean([len(sheet.folds) > 0 for sheet in sheets]) == pytest.approx(0.15)
    assert np.mean([sheet.mode == "1-bit" for sheet in sheets]) == pytest.approx(OFFICE.one_bit)
    handled = [draw_handling(OFFICE, scanner, sheet, 297.0, rng) for sheet in sheets]
    skews, stretches = np.array([h.skew_deg for h in handled]), np.array([h.stretch_x for h in handled])
    assert 1.5 < np.abs(skews).max() <= 2.0 and 0.009 < np.abs(stretches - 1).max() <= 0.01
    jumps = [np.hypot(*fold.jump_mm) for h in handled for fold in h.folds]
    assert min(jumps) >= 0.2 and max(jumps) <= 0.8


def test_the_office_has_what_was_promised_and_hard_has_three_times_as_much() -> None:
    promised = {
        "faint_pencil": 0.10, "revoked": 0.03, "half_outside": 0.05, "rings": 0.02, "upside_down": 0.10,
        "folds": 0.15, "max_skew_deg": 2.0, "max_stretch": 0.01, "one_bit": 1 / 3,
    }  # fmt: skip
    for name, share in promised.items():
        assert getattr(OFFICE, name) >= share, name
    for name in ["faint_pencil", "revoked", "half_outside", "rings", "upside_down", "folds"]:
        assert getattr(HARD, name) == pytest.approx(3 * getattr(OFFICE, name)), name
    assert HARD.max_skew_deg == 5.0


# ---- the story -----------------------------------------------------------------------------------------------------

UNTIDY = replace(
    OFFICE,
    missing_sheets=0.2,
    duplicates=0.2,
    blank_backs=0.2,
    foreign=0.3,
    one_bit=0.5,
    colour=0.2,
    faint_pencil=0.4,
)


@pytest.fixture(scope="module")
def run(
    small: Questionnaire, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, pd.DataFrame, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("run")
    done = simulate(small, folder / "scans", folder / "truth", issued=30, returned=10, seed=3, profile=UNTIDY)
    return folder, done.boxes, done.pages


def test_the_same_seed_gives_the_same_bytes(small: Questionnaire, tmp_path: Path) -> None:
    for name in ["a", "b"]:
        simulate(
            small, tmp_path / name, tmp_path / name / "truth", issued=9, returned=3, seed=7, profile=UNTIDY
        )
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert len(files) >= 4
    for path in files:
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes(), path


def test_truth_covers_every_box_of_every_page(
    small: Questionnaire, run: tuple[Path, pd.DataFrame, pd.DataFrame]
) -> None:
    _, boxes, pages = run
    ours = pages[pages["what"].isin(["page", "duplicate"])]
    for page in ours.itertuples():
        here = boxes[(boxes["scan"] == page.scan) & (boxes["page"] == page.page)]
        wanted = small.boxes[small.boxes["page"] == page.questionnaire_page]["box"]
        assert here["box"].tolist() == wanted.tolist()
    assert len(boxes) == sum((small.boxes["page"] == number).sum() for number in ours["questionnaire_page"])


def test_every_page_of_every_return_is_somewhere(run: tuple[Path, pd.DataFrame, pd.DataFrame]) -> None:
    folder, _, pages = run
    import pikepdf

    assert {"page", "duplicate", "blank back", "foreign", "missing"} == set(pages["what"])
    counted = (
        pages[pages["what"].isin(["page", "missing"])].groupby("case")["questionnaire_page"].apply(sorted)
    )
    assert len(counted) == 10 and all(numbers == [1, 2] for numbers in counted)
    for name, of_batch in pages[pages["scan"] != ""].groupby("scan"):
        with pikepdf.open(folder / "scans" / name) as document:
            assert of_batch["page"].tolist() == list(range(1, len(document.pages) + 1))


def test_a_revoked_box_is_not_intended_and_a_duplicate_says_the_same(
    run: tuple[Path, pd.DataFrame, pd.DataFrame],
) -> None:
    _, boxes, pages = run
    assert not boxes[boxes["ink"].isin(["none", "revoked", "erased"])]["intended"].any()
    meant = boxes.merge(pages[["scan", "page", "what"]], on=["scan", "page"])
    per_box = meant.groupby(["case", "box"])["intended"].nunique()
    assert (meant["what"] == "duplicate").any() and (per_box == 1).all()


def test_some_mail_a_blank_questionnaire_back(small: Questionnaire, tmp_path: Path) -> None:
    profile = replace(OFFICE, blank_returns=0.4, notes=1.0, slips=1.0)
    boxes = simulate(small, tmp_path, tmp_path, issued=10, returned=10, seed=3, profile=profile).boxes
    nothing = (boxes["ink"].eq("none") & boxes["note"].eq("")).groupby(boxes["case"]).all()
    assert nothing.sum() == 4


def test_nothing_is_blacked_out_on_paper_that_does_not_ask_for_it(
    small: Questionnaire, tmp_path: Path
) -> None:
    schema = small.schema.model_copy(
        update={"reading": small.schema.reading.model_copy(update={"revocation": True})}
    )
    profile = replace(OFFICE, revoked=0.6)
    for paper, revoked in [(small, False), (replace(small, schema=schema), True)]:
        done = simulate(paper, tmp_path, tmp_path, issued=4, returned=4, seed=3, profile=profile)
        assert done.boxes["ink"].eq("revoked").any() == revoked


def test_the_printed_code_can_be_read_and_is_ours(small: Questionnaire) -> None:
    for dpi in (150, 200, 300):
        page = print_page(small, 2, make_serial("S", 12), dpi)
        found = read_code128(page)
        assert len(found) == 2 and len({code.text for code in found}) == 1
        code = parse_page_code(found[0].text)
        assert code is not None and (code.serial, code.page) == (make_serial("S", 12), 2)


def test_a_foreign_page_has_ink_and_no_code() -> None:
    page = foreign_page((210.0, 297.0), 150, np.random.default_rng(0))
    assert (page < 128).mean() > 0.002
    assert read_code128(page) == []


def test_more_returns_than_issued_is_refused(small: Questionnaire, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="5 returns of 4 issued"):
        simulate(small, tmp_path, tmp_path, issued=4, returned=5, seed=1)


def test_printed_cases_are_used_and_must_suffice(small: Questionnaire, tmp_path: Path) -> None:
    cases = pd.DataFrame(
        {"serial": ["S00012", "S00025", "S00038", "S00041"], "office": ["Nord", "Nord", "Sued", "Sued"]}
    )
    done = simulate(small, tmp_path, tmp_path, issued=2, returned=2, seed=1, cases=cases)
    assert sorted(done.cases["office"]) == ["Nord", "Sued"]
    with pytest.raises(UsageError, match="only 4 copies"):
        simulate(small, tmp_path, tmp_path, issued=5, returned=2, seed=1, cases=cases)


# ---- the simulated reviewer ----------------------------------------------------------------------------------------


def marks_of(boxes: pd.DataFrame, state: str) -> pd.DataFrame:
    table = boxes.assign(
        half=0, questionnaire="small", x_mm=0.0, y_mm=0.0, w_mm=4.0, h_mm=4.0, state=state, p_marked=0.5, ink=0.1,
        decided_by="machine", reason="", page_digest=boxes["scan"] + boxes["page"].astype(str),
    )  # fmt: skip
    return MARKS.frame(table)


def test_the_reviewer_decides_every_doubt_almost_always_as_the_truth_says(
    run: tuple[Path, pd.DataFrame, pd.DataFrame],
) -> None:
    _, boxes, _ = run
    decided = play_reviewer(marks_of(boxes, "doubtful"), boxes)
    assert len(decided) == len(boxes) and set(decided["decided_by"]) == {"simulated"}
    meant = np.where(
        boxes["intended"] == 1, "marked", np.where(boxes["ink"] == "revoked", "revoked", "empty")
    )
    meant = np.where(boxes["note"].str.contains("lost"), "empty", meant)
    assert (decided["state"].to_numpy() == meant).mean() > 0.985
    assert play_reviewer(marks_of(boxes, "doubtful"), boxes).equals(decided)


def test_the_reviewer_leaves_alone_what_nobody_doubts(run: tuple[Path, pd.DataFrame, pd.DataFrame]) -> None:
    _, boxes, _ = run
    assert play_reviewer(marks_of(boxes, "marked"), boxes).empty
