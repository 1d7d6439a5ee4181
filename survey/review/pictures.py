"""The name of a task -> the picture of its paper: stored strips at once, anything else cut by a helper process."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from survey.store import Cache

if TYPE_CHECKING:
    from survey.project.folder import Project
    from survey.questionnaire.model import Questionnaire
    from survey.reading.scan import PageImage

KEPT_CROPS = 64  # pages whose crops are kept unpacked: 50 kB each
KEPT_PICTURES = 200  # pictures cut on demand that are kept: 30 kB each
ENLARGED = 3  # a crop of 30 px is shown at three times its size, smoothed by the browser

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Helper:
    """A process of its own for what needs much memory; it ends with the server, and begins anew if it died."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def run(
        self, function: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result:
        """Run a function there and wait for its value."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        return self._pool.submit(function, *args, **kwargs).result()

    def close(self) -> None:
        """End the process."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


class Pictures:
    """The stored pictures of a project's pages, found by page digest."""

    def __init__(self, root: Path, helper: Helper) -> None:
        self._root, self._helper = root, helper
        self._cache = Cache(root)
        self._shard_of = self._cache.picture_names(sorted(set(self._cache.files()["shard"])))
        self._crops_of = lru_cache(KEPT_CROPS)(self._load_crops)
        self.on_demand = lru_cache(KEPT_PICTURES)(self._cut)

    def strip(self, page_digest: str, item: str) -> bytes:
        """Return the strip of an item as JPEG, from the cache or cut on demand; b"" where there is no scan."""
        name = f"{page_digest}.strip.{item}"
        if name in self._shard_of:
            return self._cache.picture(self._shard_of[name], name).tobytes()
        return self.on_demand(page_digest, item, 0)

    def crop(self, page_digest: str, place: int) -> bytes:
        """Return the crop of a box, as the network saw it, as PNG; b"" where there is none."""
        crops = self._crops_of(page_digest)
        if not 0 <= place < len(crops):
            return b""
        return png(255 - crops[place])

    def _load_crops(self, page_digest: str) -> NDArray[np.uint8]:
        name = f"{page_digest}.crops"
        if name not in self._shard_of:
            return np.zeros((0, 30, 30), np.uint8)
        return self._cache.picture(self._shard_of[name], name)

    def _cut(self, page_digest: str, item: str, turn: int) -> bytes:
        return self._helper.run(cut_on_demand, self._root, page_digest, item, turn)


def png(grey: NDArray[np.uint8]) -> bytes:
    """Write a small grey picture as PNG, every pixel three by three."""
    large = grey.repeat(ENLARGED, axis=0).repeat(ENLARGED, axis=1)
    height, width = large.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), large], axis=1).tobytes()

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def cut_on_demand(root: Path, page_digest: str, item: str, turn: int) -> bytes:
    """Cut a strip, or with no item the whole page, out of its scan; b"" where the scan is gone.

    A page that was laid on no blank is shown as it was scanned, turned clockwise by `turn` quarters.
    """
    from survey.project.folder import Project
    from survey.reading.prepare import prepare_scan
    from survey.reading.read import places_of_items, shrunk
    from survey.reading.strips import cut_page, cut_strip, turn_page

    project = _project(root)
    image = _open_again(Project(root), page_digest)
    if image is None:
        return b""
    laid = _laid(project, page_digest)
    if laid is None:
        return turn_page(image.grey, turn)
    questionnaire, page, told_turn, outlines, corners_px = laid
    grey = np.ascontiguousarray(np.rot90(image.grey, -told_turn))
    scan = prepare_scan(_with_pixels(image, grey), questionnaire.paper_mm)
    corners = shrunk(corners_px, scan.fine_scale)
    if not item:
        return cut_page(scan.grey, questionnaire.paper_mm, outlines, corners)
    return cut_strip(scan.grey, places_of_items(questionnaire, page)[item], outlines, corners)


def _with_pixels(image: PageImage, grey: NDArray[np.uint8]) -> PageImage:
    from dataclasses import replace

    return replace(image, grey=grey)


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
