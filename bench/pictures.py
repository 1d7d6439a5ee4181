"""Simulated pages -> the pictures of docs/reading.md and docs/print-test.md; there is no real paper in them."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.error_sheets import PICTURE_PX, draw_tiles, lay_out
from bench.simulated import NAME, ROOT, silent_errors
from survey import project as verbs
from survey.doors.pdf import save_png
from survey.files import read_csv
from survey.project import Project
from survey.reading.blank_boxes import BlankBoxes
from survey.reading.ink import INK_DARK
from survey.reading.read import prepare

FOLDER = ROOT / "docs" / "pictures"
RETURNED, SEED = 24, 7
SMALL_PX = 120  # side of a crop as the network sees it
TEXT_PX = 350
HEADS = ("scan", "blank", "scan, as the network sees it", "blank", "ink where nothing is printed")
STEPS = (  # what is shown step by step: kind of ink, state, highest and lowest p_marked
    ("none", "empty", 0.0, 0.05), ("cross", "marked", 0.95, 1.0), ("tick", "marked", 0.9, 1.0),
    ("revoked", "revoked", 0.9, 1.0), ("none", "doubtful", 0.0, 0.15),
)  # fmt: skip
PRINT_TEST_WIDTH_PX = 1240
MOST_TILES = 12

Picture = NDArray[np.uint8]


def simulate_and_read(project: Project) -> pd.DataFrame:
    """Simulate hard returns and read them; returns MARKS of the boxes to mark with truth, numbers and scan mode."""
    for suffix in (".yaml", ".boxes.csv", ".blank.pdf"):
        shutil.copy(ROOT / "schemas" / f"{NAME}{suffix}", project.schemas)
    truth = project.root / "truth"
    play = {"issued": 2 * RETURNED, "returned": RETURNED, "seed": SEED, "profile": "hard"}
    verbs.simulate(project, NAME, truth, **play)
    verbs.ingest(project, project.scans)
    results = verbs.results(project, NAME)
    boxes = read_csv(truth / "truth_boxes.csv").astype({"page": int, "intended": int})
    boxes = boxes.rename(columns={"ink": "drawn"}).drop(
        columns=["case", "questionnaire_page", "item", "option"]
    )
    pages = read_csv(truth / "truth_pages.csv").astype({"page": int})[["scan", "page", "mode"]]
    measured = project.cache.measurements(project.cache.shards())
    numbers = measured.drop(columns=["p_marked", "ink"])
    both = results.marks.merge(boxes, on=["scan", "page", "box"]).merge(pages, on=["scan", "page"])
    both = both.merge(numbers, on=["page_digest", "box"])
    note = both["note"].map(lambda note: f" ({note})" if note else "")
    both["truth"] = both["drawn"].replace({"none": "empty"}) + note
    return both[~both["item"].isin(results.questionnaire.handwritten())].reset_index(drop=True)


def draw_steps(project: Project, boxes: pd.DataFrame) -> Picture:
    """Draw how some boxes were decided: scan, blank, what the network sees, unexplained ink, numbers, state."""
    rows = [_pick(boxes, *step) for step in STEPS]
    chosen = pd.concat([row for row in rows if len(row)])
    questionnaire = project.questionnaire(NAME)
    blank = prepare(questionnaire)
    crops = project.cache.pictures_of("crops", chosen["page_digest"])
    tiles = draw_tiles(project, questionnaire, chosen)
    drawn = [
        _step(tile, crops[row.page_digest], blank.boxes[int(row.questionnaire_page)], row)
        for tile, row in zip(tiles, chosen.itertuples(index=False), strict=True)
    ]
    return np.vstack([_heads(drawn[0].shape[1]), *drawn])


def _pick(boxes: pd.DataFrame, drawn: str, state: str, low: float, high: float) -> pd.DataFrame:
    """Return the first grey box of a kind that was decided so, as one row; none if there is none."""
    fits = boxes["drawn"].eq(drawn) & boxes["state"].eq(state) & boxes["p_marked"].between(low, high)
    plain = fits & boxes["mode"].eq("grey") & boxes["note"].eq("")
    return boxes[plain].head(1)


def _step(tile: Picture, crops: NDArray[np.uint8], blank: BlankBoxes, row: object) -> Picture:
    place = blank.names.index(row.box)  # type: ignore[attr-defined]
    seen, printed = crops[place], np.round(blank.crops[place] * 255).astype(np.uint8)
    ink = (seen - 255 * blank.crops[place] > INK_DARK * 255) & blank.free[place]
    red = cv2.cvtColor(255 - seen // 3, cv2.COLOR_GRAY2BGR)
    red[ink] = (0, 94, 213)
    small = [cv2.cvtColor(255 - one, cv2.COLOR_GRAY2BGR) for one in (seen, printed)] + [red]
    strip = np.full((PICTURE_PX + 16, tile.shape[1] + 3 * (SMALL_PX + 12) + TEXT_PX, 3), 255, np.uint8)
    strip[: PICTURE_PX + 8, : tile.shape[1]] = tile[: PICTURE_PX + 8]
    top = (strip.shape[0] - SMALL_PX) // 2
    for at, picture in enumerate(small):
        left = tile.shape[1] + at * (SMALL_PX + 12)
        large = cv2.resize(picture, (SMALL_PX, SMALL_PX), interpolation=cv2.INTER_NEAREST)
        strip[top : top + SMALL_PX, left : left + SMALL_PX] = large
        cv2.rectangle(strip, (left, top), (left + SMALL_PX - 1, top + SMALL_PX - 1), (200, 200, 200), 1)
    _write(strip, _said(row), tile.shape[1] + 3 * (SMALL_PX + 12) + 8, top + 14)
    return strip


def _said(row: object) -> list[str]:
    names = ("p_marked", "p_black", "ink", "coverage", "excess", "residue", "fit")
    numbers = [f"{name} {getattr(row, name):.3f}" for name in names]
    reason = str(row.reason)  # type: ignore[attr-defined]
    return [
        f"truly: {row.truth}", ",  ".join(numbers[:3]), ",  ".join(numbers[3:]),  # type: ignore[attr-defined]
        f"decided: {row.state}", *([reason[:54], reason[54:]] if reason else []),  # type: ignore[attr-defined]
    ]  # fmt: skip


def _heads(width: int) -> Picture:
    head = np.full((30, width, 3), 255, np.uint8)
    wide = 2 * PICTURE_PX + 24
    places = (8, PICTURE_PX + 12, wide, wide + SMALL_PX + 12 + 60, wide + 2 * (SMALL_PX + 12))
    for text, left in zip(HEADS, places, strict=True):
        _write(head, [text], left, 20)
    return head


def _write(picture: Picture, lines: list[str], left: int, top: int) -> None:
    for number, line in enumerate(lines):
        place = (left, top + 18 * number)
        cv2.putText(picture, line, place, cv2.FONT_HERSHEY_SIMPLEX, 0.4, (30, 30, 30), 1, cv2.LINE_AA)


def choose_doubts(boxes: pd.DataFrame) -> pd.DataFrame:
    """Return doubtful boxes, one for each reason and kind of ink, as many as the picture holds."""
    doubtful = boxes[boxes["state"].eq("doubtful")]
    kind = doubtful["reason"].str.split(":").str[0]
    each = doubtful.assign(kind=kind).drop_duplicates(["kind", "drawn"])
    return each.groupby("kind", sort=False).head(3).head(MOST_TILES)


def choose_defeats(boxes: pd.DataFrame) -> pd.DataFrame:
    """Return boxes that were silently misread, one for each kind of ink, state and note."""
    missed, false = silent_errors(boxes)
    return boxes[missed | false].drop_duplicates(["drawn", "state", "note"]).head(MOST_TILES)


def draw_print_test(project: Project) -> Picture:
    """Try the print of the shipped questionnaire; returns its sheet, small."""
    done = verbs.try_print(project, NAME, project.root / "out", copies=40, seed=1)
    sheet = cv2.imread(str(done.files[1]))
    scale = PRINT_TEST_WIDTH_PX / sheet.shape[1]
    return np.asarray(cv2.resize(sheet, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def main() -> None:
    """Simulate, read and draw; writes docs/pictures/{steps,doubts,defeats,print-test}.png."""
    with tempfile.TemporaryDirectory() as folder:
        project = verbs.init_project(Path(folder))
        boxes = simulate_and_read(project)
        questionnaire = project.questionnaire(NAME)
        pictures = {"steps": draw_steps(project, boxes)}
        for name, chosen in (("doubts", choose_doubts(boxes)), ("defeats", choose_defeats(boxes))):
            pictures[name] = lay_out(draw_tiles(project, questionnaire, chosen), 4)
        pictures["print-test"] = draw_print_test(project)
    for name, picture in pictures.items():
        save_png(FOLDER / f"{name}.png", _few_tones(picture))
        print(f"docs/pictures/{name}.png {picture.shape[1]} x {picture.shape[0]}")


def _few_tones(picture: Picture) -> Picture:
    """Round tones to steps of 8, white kept, so that the file stays small."""
    return np.where(picture >= 248, 255, picture // 8 * 8).astype(np.uint8)


if __name__ == "__main__":
    main()
