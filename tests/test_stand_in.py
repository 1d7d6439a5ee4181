"""Claims about paper of which no blank is left: only the places of its boxes and corner squares are known."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from paper import A4_MM, affine, blank_page, cross, grey_pdf, handle

from survey.cli import main
from survey.errors import UsageError
from survey.learn import learn_without_blank
from survey.project import Project, ingest, init_project, learn, results

POINTS_PER_MM = 72 / 25.4
LAYOUTS = [
    [(30 + 50 * column, 60 + 12 * row) for row in range(6) for column in range(3)],
    [(40 + 33 * column, 95 + 21 * row) for row in range(5) for column in range(4)],
    [(25 + 30 * column, 180 + 9 * row) for row in range(8) for column in range(2)],
]


def write_boxes(path: Path, layouts: list[list[tuple[int, int]]]) -> Path:
    """A list of boxes of 4 mm, in points."""
    rows = [
        f"{page},{x * POINTS_PER_MM:.2f},{y * POINTS_PER_MM:.2f},{4 * POINTS_PER_MM:.2f},{4 * POINTS_PER_MM:.2f}"
        for page, layout in enumerate(layouts, start=1)
        for x, y in layout
    ]
    path.write_text("\n".join(["page,x_pt,y_pt,w_pt,h_pt", *rows, ""]), encoding="utf-8")
    return path


def learned(folder: Path, layouts: list[list[tuple[int, int]]]) -> Project:
    project = init_project(folder)
    learn(project, None, "bare", boxes=write_boxes(folder / "boxes.csv", layouts), corners_mm=12.5)
    return project


def scan(project: Project, order: list[int], boxes: dict[int, list[str]]) -> Path:
    """Pages of the stand-in, crossed, turned a little and upside down by turns, in some order."""
    questionnaire = project.questionnaire("bare")
    pages = []
    for page in order:
        grey = cross(blank_page(questionnaire, page), questionnaire, boxes.get(page, []))
        moved = affine(200, turn_deg=1.5 if page % 2 else 178.8, stretch=1.004, shift_mm=(1.5, -1))
        pages.append(handle(grey, moved, seed=page))
    path = project.scans / "batch.pdf"
    path.write_bytes(grey_pdf(pages))
    return path


def test_pages_out_of_order_are_known_by_their_outlines(tmp_path: Path) -> None:
    project = learned(tmp_path, LAYOUTS)
    crossed = {1: ["p1_b02", "p1_b11"], 2: ["p2_b07"], 3: ["p3_b01", "p3_b16"]}
    ingest(project, scan(project, [3, 1, 2], crossed), questionnaire="bare", jobs=1)
    marks = results(project, "bare").marks
    pages = marks.groupby("page")["questionnaire_page"].first()
    assert pages.tolist() == [3, 1, 2]
    marked = marks[marks["state"] == "marked"]
    assert sorted(marked["box"]) == sorted(box for boxes in crossed.values() for box in boxes)
    assert set(marks["state"]) == {"marked", "empty"}


def test_pages_whose_boxes_lie_alike_wait_for_a_person(tmp_path: Path) -> None:
    project = learned(tmp_path, [LAYOUTS[0], LAYOUTS[0]])
    ledger = ingest(project, scan(project, [2], {}), questionnaire="bare", jobs=1).ledger
    scanned = ledger[ledger["page"] == 1].iloc[0]
    assert (scanned["place"], scanned["questionnaire_page"]) == ("waiting", 0)


def test_the_schema_says_that_there_was_no_blank(tmp_path: Path) -> None:
    boxes = write_boxes(tmp_path / "boxes.csv", LAYOUTS)
    draft = learn_without_blank(boxes, "bare", paper_mm=A4_MM, corners_mm=12.5)
    assert "# no blank: " in draft.yaml
    assert draft.blank == learn_without_blank(boxes, "bare", paper_mm=A4_MM, corners_mm=12.5).blank


def test_pages_with_hardly_a_box_are_named(tmp_path: Path) -> None:
    boxes = write_boxes(tmp_path / "boxes.csv", [LAYOUTS[0], LAYOUTS[1][:1], [], LAYOUTS[2]])
    draft = learn_without_blank(boxes, "bare", paper_mm=A4_MM, corners_mm=12.5)
    assert any(note.startswith("pages 2, 3: too few boxes") for note in draft.notes)


def test_a_page_with_one_box_is_not_taken_for_another_page(tmp_path: Path) -> None:
    project = learned(tmp_path, [LAYOUTS[0][:1], LAYOUTS[0]])
    ledger = ingest(project, scan(project, [1, 2], {}), questionnaire="bare", jobs=1).ledger
    places = ledger[ledger["page"] > 0].set_index("page")["place"]
    assert places[1] != "read"
    assert places[2] == "read"


def test_corner_squares_off_the_page_are_refused(tmp_path: Path) -> None:
    boxes = write_boxes(tmp_path / "boxes.csv", LAYOUTS)
    with pytest.raises(UsageError, match="corner squares 1 mm from the page's edges are none"):
        learn_without_blank(boxes, "bare", paper_mm=A4_MM, corners_mm=1.0)


def test_the_command_learns_without_a_blank(tmp_path: Path) -> None:
    init_project(tmp_path)
    boxes = write_boxes(tmp_path / "boxes.csv", LAYOUTS)
    said = ["--project", str(tmp_path), "learn", "--id", "bare"]
    found = CliRunner().invoke(
        main, [*said, "--boxes", str(boxes), "--page-size", "a4", "--corners-mm", "12.5"]
    )
    assert found.exit_code == 0, found.output
    assert len(Project(tmp_path).questionnaire("bare").boxes) == sum(len(layout) for layout in LAYOUTS)


def test_learning_from_nothing_is_refused_with_a_way_out(tmp_path: Path) -> None:
    init_project(tmp_path)
    found = CliRunner().invoke(main, ["--project", str(tmp_path), "learn", "--id", "bare"])
    assert found.exit_code == 2
    assert "--corners-mm" in found.stderr
