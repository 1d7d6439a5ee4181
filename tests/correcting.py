"""A small project that has been read and partly decided, and corrections to its schema: what several tests share."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from paper import Grey, blank_page, cross, grey_pdf, print_code, write_questionnaire

from survey.project import Project, ingest
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.printed_code import PrintedCode, make_serial
from survey.reading import batches, read, scan
from survey.store import Cache

DPI = 150
SERIALS = [make_serial("S", number) for number in range(1, 7)]
MARKS = {
    SERIALS[0]: ["work.1", "wish.a", "mood_home.1", "mood_job.2", "mood_town.4"],
    SERIALS[1]: ["work.3", "wish.a", "wish.b", "mood_job.3"],
    SERIALS[2]: ["work.4", "wish.none", "mood_home.4", "mood_job.1"],
    SERIALS[3]: ["work.1", "work.2", "wish.c", "mood_town.2"],
}


def sheet(questionnaire: Questionnaire, serial: str, marks: list[str]) -> list[Grey]:
    """Both pages of a case, scanned."""
    pages = []
    for page in (1, 2):
        here = set(questionnaire.boxes.loc[questionnaire.boxes["page"] == page, "box"])
        crossed = [box for box in marks if box in here]
        grey = cross(blank_page(questionnaire, page, DPI), questionnaire, crossed, DPI)
        code = PrintedCode(serial, questionnaire.schema.code, questionnaire.schema.version, page)
        pages.append(print_code(grey, code.text, DPI, x_mm=90, y_mm=10))
    return pages


def make_project(root: Path) -> Project:
    """A project with two batches of two cases each, read, and a few decisions about them."""
    questionnaire = write_questionnaire(root / "schemas", code="MINI", issued=9)
    for name, serials in {"a.pdf": SERIALS[:2], "b.pdf": SERIALS[2:4]}.items():
        pages = [page for serial in serials for page in sheet(questionnaire, serial, MARKS[serial])]
        put(root / "scans" / "2012-07-17" / name, grey_pdf(pages, DPI))
    project = Project(root)
    ingest(project, project.scans, jobs=1)
    decide(project)
    return project


def decide(project: Project) -> None:
    """Say of one box that it is empty, of another that it is marked, and type a number."""
    digests = page_digests(project)
    boxes = project.questionnaire("mini").boxes.set_index("box")

    def row(page: tuple[str, int], box: str, state: str) -> dict[str, str]:
        at = boxes.loc[box]
        place = f"{at['page']} {at['x_mm']:g} {at['y_mm']:g} {at['w_mm']:g} {at['h_mm']:g}"
        known = {"page_digest": digests[page], "box": box, "item": str(at["item"]), "place": place}
        return {**known, "decided_by": "anna", "state": state, "value": "", "reason": "seen"}

    typed = {
        "page_digest": digests[SERIALS[0], 1],
        "box": "",
        "item": "hours",
        "place": "",
        "decided_by": "anna",
    }
    rows = [row((SERIALS[3], 1), "work.2", "empty"), row((SERIALS[1], 2), "mood_home.2", "marked")]
    project.decisions.add(pd.DataFrame([*rows, {**typed, "state": "", "value": "38", "reason": ""}]))


def page_digests(project: Project) -> dict[tuple[str, int], str]:
    """Serial and page -> digest, from the cache."""
    pages = project.cache.pages(project.cache.shards())
    keys = zip(pages["serial"], pages["questionnaire_page"], strict=True)
    return dict(zip(keys, pages["page_digest"], strict=True))


def put(path: Path, data: bytes) -> Path:
    """Write a file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def copy_of(root: Path, folder: Path) -> Project:
    """The same project elsewhere, files with their times."""
    shutil.copytree(root, folder, dirs_exist_ok=True, copy_function=shutil.copy2)
    return Project(folder)


def from_nothing(project: Project, folder: Path) -> Project:
    """The same project read from nothing: schemas, scans and decisions, without what the cache knows."""
    other = copy_of(project.root, folder)
    shutil.rmtree(other.root / ".survey")
    ingest(other, other.scans, jobs=1)
    return other


def replace_in(path: Path, old: str, new: str) -> None:
    """Replace what must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} has no {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


class Counted:
    """Counts images decoded and pages laid on their blank anew."""

    def __init__(self, monkeypatch: object) -> None:
        self.opened, self.laid = 0, 0
        patch = monkeypatch.setattr  # type: ignore[attr-defined]
        patch(scan, "decode_page", self._counting("opened", scan.decode_page))
        patch(batches, "decode_page", scan.decode_page)
        patch(read, "find_blank", self._counting("laid", read.find_blank))

    def _counting(self, name: str, function: Callable[..., object]) -> Callable[..., object]:
        def counted(*given: object) -> object:
            setattr(self, name, getattr(self, name) + 1)
            return function(*given)

        return counted


def stored(cache: Cache) -> tuple[pd.DataFrame, pd.DataFrame]:
    """PAGES and MEASUREMENTS of a cache in an order that does not depend on its history."""
    shards = cache.shards()
    pages = cache.pages(shards).sort_values(["scan", "page", "half"], ignore_index=True)
    measured = cache.measurements(shards).sort_values(["page_digest", "box"], ignore_index=True)
    return pages, measured
