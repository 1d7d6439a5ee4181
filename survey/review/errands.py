"""What the helper process does for the review page; each errand loads what it needs only there: the server stays small."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from survey.project.folder import Project
    from survey.questionnaire.model import Questionnaire
    from survey.reading.scan import PageImage
    from survey.review.desk import Desk
    from survey.review.tasks import Task


def lay_out_desk(root: Path, names: list[str], by: str, double: bool) -> Desk:
    """Lay out the desk for one person."""
    from survey.review.lay_out import lay_out

    return lay_out(root, names, by, double=double)


def find_behind(root: Path, key: str) -> tuple[list[Task], dict[str, str], int]:
    """Find the paper behind a number."""
    from survey.review.lay_out import behind

    return behind(root, key)


def list_pages(root: Path) -> list[dict[str, object]]:
    """List the pages that were not simply read, with what people have said by now."""
    from survey.project.folder import Project
    from survey.project.returns import ledger, told_of
    from survey.review.lay_out import page_entries

    project = Project(root)
    return page_entries(ledger(project), told_of(project))


def cut_on_demand(root: Path, page_digest: str, item: str, turn: int) -> bytes:
    """Cut a strip, or with no item the whole page, out of its scan; b"" where the scan is gone.

    A page that was laid on no blank is shown as it was scanned, turned clockwise by `turn` quarters.
    """
    from survey.reading.prepare import prepare_scan
    from survey.reading.read import places_of_items, shrunk
    from survey.reading.strips import cut_page, cut_strip, turn_page

    project = _project(root)
    image = _open_again(project, page_digest)
    if image is None:
        return b""
    laid = _laid(project, page_digest)
    if laid is None:
        return turn_page(image.grey, turn)
    questionnaire, page, told_turn, outlines, corners_px = laid
    grey = np.ascontiguousarray(np.rot90(image.grey, -told_turn))
    scan = prepare_scan(replace(image, grey=grey), questionnaire.paper_mm)
    corners = shrunk(corners_px, scan.fine_scale)
    if not item:
        return cut_page(scan.grey, questionnaire.paper_mm, outlines, corners)
    return cut_strip(scan.grey, places_of_items(questionnaire, page)[item], outlines, corners)


@lru_cache(maxsize=1)
def _project(root: Path) -> Project:
    from survey.project.folder import Project

    return Project(root)


def _open_again(project: Project, page_digest: str) -> PageImage | None:
    """Find a page's scan by the cache's tables and decode it; None where it is gone or cannot be decoded."""
    from survey.reading.scan import PageImage, ScannedPage, Unread, open_page, walk_pages

    files = project.cache.files()
    pages = project.cache.pages(sorted(set(files["shard"])))
    found = pages[pages["page_digest"] == page_digest]
    paths = dict(zip(files["scan"], files["path"], strict=True))
    if found.empty or not page_digest:
        return None
    row = found.iloc[0]
    path = project.root / paths[row["scan"]]
    if not path.exists():
        return None
    for page in walk_pages(path, str(row["scan"])):
        if page.ref.page == row["page"] and isinstance(page, ScannedPage):
            image = open_page(page)
            if isinstance(image, Unread):
                return None if image.grey is None else PageImage(image.ref, image.digest, image.grey, None)
            return image
    return None


def _laid(
    project: Project, page_digest: str
) -> tuple[Questionnaire, int, int, NDArray[np.float32], NDArray[np.float32]] | None:
    """Return how a page lies on its blank: questionnaire, page, turns, outlines (mm) and corners (px) of its boxes."""
    from survey.reading.measure import outlines_of
    from survey.reading.told import Told, told_of_pages

    shards = sorted(set(project.cache.files()["shard"]))
    pictures = project.cache.pictures(shards, {page_digest})
    corners = pictures.get(f"{page_digest}.corners")
    if corners is None or not len(corners):
        return None
    pages = project.cache.pages(shards)
    row = pages[pages["page_digest"] == page_digest].iloc[0]
    if row["questionnaire"] not in project.ids():
        return None
    questionnaire = project.questionnaire(str(row["questionnaire"]))
    measured = project.cache.measurements(shards)
    names = measured.loc[measured["page_digest"] == page_digest, "box"]
    boxes = questionnaire.boxes.set_index("box").reindex(names).reset_index()
    told = told_of_pages(project.decisions.standing()).get(page_digest, Told())
    return questionnaire, int(row["questionnaire_page"]), told.turn, outlines_of(boxes), corners


def draw_blank(root: Path, questionnaire: str, page: int) -> bytes:
    """Render a page of the blank as PNG, on which strips of scans are laid; b"" where there is none."""
    import cv2

    from survey.doors.pdf import render_finely
    from survey.reading.strips import PAGE_DPI

    blank = _project(root).questionnaire(questionnaire).blank
    if blank is None:
        return b""
    return cv2.imencode(".png", render_finely(blank, page, PAGE_DPI))[1].tobytes()
