"""Boxes that were read wrongly -> a picture sheet: each on scan and blank, with truth, reading and reason."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.doors.pdf import render, save_png
from survey.project import Project
from survey.questionnaire.model import Questionnaire
from survey.reading.blank_boxes import outlines_of
from survey.reading.prepare import blank_pixels
from survey.reading.scan import ScannedPage, Unread, open_page, walk_pages

PICTURE_PX = 168  # side of a crop on the sheet
CONTEXT = 1.3  # so many sizes of the box are shown on every side of it …
CONTEXT_MM = 5.0  # … but at least this much
BLANK_DPI = 150
COLUMNS = 4
LETTERS = 52  # in a line under a tile
LINE_PX = 15
LINES = 5
TILE_PX = (2 * PICTURE_PX + 24, PICTURE_PX + LINES * LINE_PX + 20)
LINE_COLOUR = (0, 110, 230)

Picture = NDArray[np.uint8]


def write_error_sheet(
    project: Project, questionnaire: Questionnaire, errors: pd.DataFrame, path: Path
) -> None:
    """Draw every row of `errors` on one PNG; without any, an old sheet is removed.

    Columns: scan, page, page_digest, box (as in MARKS), truth and state (words), p_marked and reason.
    """
    path.unlink(missing_ok=True)
    if errors.empty:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    save_png(path, lay_out(draw_tiles(project, questionnaire, errors), COLUMNS))


def draw_tiles(project: Project, questionnaire: Questionnaire, boxes: pd.DataFrame) -> list[Picture]:
    """Draw a tile for every row (columns as for `write_error_sheet`), in their order."""
    boxes = boxes.reset_index(drop=True)
    drawn = dict(_tiles(project, questionnaire, boxes))
    return [drawn[number] for number in boxes.index]


def lay_out(tiles: list[Picture], columns: int) -> Picture:
    """Lay tiles of one size out on a white sheet, row by row."""
    high, wide = tiles[0].shape[:2]
    rows = -(-len(tiles) // columns)
    sheet = np.full((rows * high, min(columns, len(tiles)) * wide, 3), 255, np.uint8)
    for at, tile in enumerate(tiles):
        top, left = at // columns * high, at % columns * wide
        sheet[top : top + high, left : left + wide] = tile
    return sheet


def _tiles(
    project: Project, questionnaire: Questionnaire, errors: pd.DataFrame
) -> Iterator[tuple[int, Picture]]:
    """Draw the tiles page by page, each with its row's number."""
    files = project.cache.files().set_index("scan")
    corners = project.cache.pictures_of("corners", errors["page_digest"])
    measured = project.cache.measurements(sorted(set(files["shard"])))
    boxes_of = {name: page["box"].tolist() for name, page in measured.groupby("page_digest", sort=False)}
    places = questionnaire.boxes.set_index("box")
    for (scan, number), rows in errors.groupby(["scan", "page"], sort=False):
        grey = _open(project.root / files.loc[scan, "path"], int(number))
        for row in rows.itertuples():
            outline = corners[row.page_digest][boxes_of[row.page_digest].index(row.box)]
            place = places.loc[[row.box]]
            size_mm = place[["w_mm", "h_mm"]].to_numpy(float)[0]
            on_blank = blank_pixels(outlines_of(place))[0]
            print_ = _blank(questionnaire, int(place["page"].iloc[0]))
            yield row.Index, _tile(cut_out(grey, outline, size_mm), cut_out(print_, on_blank, size_mm), row)


def _open(path: Path, number: int) -> Picture:
    for page in walk_pages(path, path.name):
        if page.ref.page == number:
            image = open_page(page) if isinstance(page, ScannedPage) else page
            assert not isinstance(image, Unread), "a page that was measured can be opened"
            return image.grey
    raise ValueError(f"{path} has no page {number}")


def _blank(questionnaire: Questionnaire, page: int) -> Picture:
    assert questionnaire.blank is not None, "every set was learned from a blank or got a stand-in"
    return render(questionnaire.blank, page, BLANK_DPI)


def cut_out(grey: Picture, outline_px: NDArray[np.float32], size_mm: NDArray[np.float64]) -> Picture:
    """Cut a box (outline of shape (4, 2), clockwise from its top left) with what lies around it, upright; BGR."""
    around_mm = max(CONTEXT * float(size_mm.max()), CONTEXT_MM)
    scale = PICTURE_PX / (float(size_mm.max()) + 2 * around_mm)
    half = size_mm / 2 * scale
    middle = PICTURE_PX / 2
    target = np.array(
        [
            (middle - half[0], middle - half[1]),
            (middle + half[0], middle - half[1]),
            (middle + half[0], middle + half[1]),
        ],
        np.float32,
    )
    matrix = cv2.getAffineTransform(outline_px[:3].astype(np.float32), target)
    size = (PICTURE_PX, PICTURE_PX)
    picture = cv2.warpAffine(grey, matrix, size, flags=cv2.INTER_CUBIC, borderValue=(200, 200, 200))
    picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
    left, top = np.round(target[0] - 3).astype(int).tolist()
    right, bottom = np.round(target[2] + 3).astype(int).tolist()
    for x, step in ((left, 1), (right, -1)):
        for y, down in ((top, 1), (bottom, -1)):  # corners only, so that no stroke is hidden
            cv2.line(picture, (x, y), (x + 8 * step, y), LINE_COLOUR, 1)
            cv2.line(picture, (x, y), (x, y + 8 * down), LINE_COLOUR, 1)
    return np.asarray(picture, np.uint8)


def _tile(on_scan: Picture, on_blank: Picture, row: object) -> Picture:
    tile = np.full((TILE_PX[1], TILE_PX[0], 3), 255, np.uint8)
    for at, picture in enumerate((on_scan, on_blank)):
        left = 8 + at * (PICTURE_PX + 4)
        tile[8 : 8 + PICTURE_PX, left : left + PICTURE_PX] = picture
    said = [
        f"{row.scan}, page {row.page}",  # type: ignore[attr-defined]
        f"{row.box}: truly {row.truth}",  # type: ignore[attr-defined]
        f"read as {row.state}, p_marked {row.p_marked:.3f}",  # type: ignore[attr-defined]
        *textwrap.wrap(str(row.reason), LETTERS),  # type: ignore[attr-defined]
    ]
    for number, line in enumerate(said[:LINES]):
        place = (8, PICTURE_PX + 8 + LINE_PX * (number + 1))
        cv2.putText(tile, line[:LETTERS], place, cv2.FONT_HERSHEY_SIMPLEX, 0.38, (30, 30, 30), 1, cv2.LINE_AA)
    return tile
