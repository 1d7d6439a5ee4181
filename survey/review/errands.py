"""What the helper process does for the review page; each errand loads what it needs there: the server stays small."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from survey.project.folder import Project
    from survey.questionnaire.model import Questionnaire
    from survey.reading.scan import PageImage, PageRef
    from survey.review.desk import Desk
    from survey.review.tasks import Task


def lay_out_desk(root: Path, names: list[str], by: str, double: bool, number: str) -> Desk:
    """Lay out the desk for one person; UsageError if a number is named that has no paper behind it."""
    from survey.review.lay_out import behind, lay_out

    if number:
        behind(root, number)

    return lay_out(root, names, by, double=double)


def find_behind(root: Path, key: str) -> tuple[list[Task], dict[str, object]]:
    """Find the paper behind a number."""
    from survey.review.lay_out import behind

    return behind(root, key)


def warm_up(root: Path) -> None:
    """Load what the first picture would have to wait for."""
    from survey.reading import read, strips  # noqa: F401

    _places(root)


def cut_on_demand(root: Path, page_digest: str, item: str, turn: int) -> bytes:
    """Cut a strip, or with no item the whole page, out of its scan; b"" where the scan is gone.

    A page that was laid on no blank is shown as it was scanned, turned clockwise by `turn` quarters.
    """
    import numpy as np

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
    from survey.reading.batches import open_part
    from survey.reading.scan import PageImage, ScannedPage, walk_pages

    place = _places(project.root).get(page_digest)
    if place is None or not page_digest:
        return None
    path, ref, cut = project.root / place.path, place.ref, place.cut
    if not path.exists():
        return None
    for page in walk_pages(path, ref.scan, [ref.page]):
        if isinstance(page, ScannedPage):
            image = open_part(page, ref.half, cut)
            return image if isinstance(image, PageImage) else None
    return None


class _Place(NamedTuple):
    """Where the scan of a page lies, what it is, and the shard with its readings."""

    path: str
    ref: PageRef
    cut: float
    questionnaire: str
    questionnaire_page: int
    shard: str


@lru_cache(maxsize=1)
def _places(root: Path) -> dict[str, _Place]:
    """Tell of each page where it lies, by its digest."""
    from survey.reading.scan import PageRef

    cache = _project(root).cache
    return {
        row.page_digest: _Place(
            batch.path,
            PageRef(row.scan, row.page, row.half),
            row.cut,
            row.questionnaire,
            row.questionnaire_page,
            batch.shard,
        )
        for batch in cache.files().itertuples(index=False)
        for row in cache.pages([batch.shard]).itertuples(index=False)
        if row.scan == batch.scan
    }


@lru_cache(maxsize=4)
def _boxes_of(root: Path, shard: str) -> dict[str, list[str]]:
    """Name the measured boxes of each page of a shard, in the order of its pictures."""
    measured = _project(root).cache.measurements([shard])
    return {str(page): group.tolist() for page, group in measured.groupby("page_digest", sort=False)["box"]}


def _laid(
    project: Project, page_digest: str
) -> tuple[Questionnaire, int, int, NDArray[np.float32], NDArray[np.float32]] | None:
    """Return how a page lies on its blank: questionnaire, page, turns, outlines (mm) and corners (px) of its boxes."""
    from survey.questionnaire.model import base_of
    from survey.reading.blank_boxes import outlines_of
    from survey.reading.told import Told, told_of_pages

    place = _places(project.root)[page_digest]
    name, page, shard = place.questionnaire, place.questionnaire_page, place.shard
    corners = project.cache.picture(shard, f"{page_digest}.corners")
    if corners is None or not len(corners) or base_of(name) not in project.ids():
        return None
    questionnaire = _questionnaire(project.root, name)
    boxes = (
        questionnaire.boxes.set_index("box")
        .reindex(_boxes_of(project.root, shard)[page_digest])
        .reset_index()
    )
    told = told_of_pages(project.decisions.standing()).get(page_digest, Told())
    return questionnaire, page, told.turn, outlines_of(boxes), corners


@lru_cache(maxsize=8)
def _questionnaire(root: Path, name: str) -> Questionnaire:
    return _project(root).questionnaire(name)
