"""A schema or a blank -> what is learned, drawn and simulated of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.doors.pdf import render, save_png
from survey.doors.workers import cores
from survey.errors import CannotWriteError, UsageError
from survey.files import read_csv, write_csv, write_whole
from survey.ingest import SERIAL_BELOW, code_book
from survey.project.folder import Project
from survey.project.marks import place_boxes
from survey.project.returns import results
from survey.project.runs import questionnaire_of
from survey.questionnaire.cases import load_cases
from survey.questionnaire.lint import Finding, lint
from survey.questionnaire.model import ID_PATTERN, PAPER_MM, Questionnaire, fault_in_code
from survey.reading import decide
from survey.reading.batches import read_picture
from survey.reading.blank_boxes import outlines_of
from survey.reading.draw import draw_marks
from survey.reading.numbers import measurements_of
from survey.reading.prepare import FINE_DPI, blank_pixels
from survey.reading.read import Catalogue, outlines_on_scan, prepare
from survey.reading.register import unpack_registration
from survey.reading.scan import PageImage, ScannedPage, open_page, walk_pages
from survey.reading.spreads import HALVES
from survey.reading.told import decided_of_pages, told_of_pages


def learn(
    project: Project,
    blank: Path | None,
    name: str,
    *,
    boxes: Path | None = None,
    paper: str = "a4",
    corners_mm: float | None = None,
    codes: tuple[str, ...] = (),
    revocation: bool = False,
    replace: bool = False,
) -> list[str]:
    """Learn a blank PDF: writes schemas/<name>.yaml, .boxes.csv and .blank.pdf; returns notes on what is unsure.

    Without a blank, `boxes` and `corners_mm` say where boxes and corner squares lie on `paper`.
    """
    from survey.learn import learn as learn_blank
    from survey.learn import learn_without_blank

    if not re.search(ID_PATTERN, name):
        hint = "small letters, digits, '.', '_' and '-', the first a letter or digit: --id ballot-2026"
        raise UsageError(f"{name!r} cannot name a questionnaire", hint=hint)
    if fault := next(filter(None, map(fault_in_code, codes)), ""):
        raise UsageError(fault, hint=r"name what it finds: --code 'F12-(?P<serial>[A-Z]\d+)-(?P<page>\d)'")
    path = project.schema_path(name)
    if path.exists() and not replace:
        raise CannotWriteError(
            f"{path.name} exists already", hint="choose another --id, or say --replace to start over"
        )
    if blank is not None:
        draft = learn_blank(blank, name, boxes=boxes, codes=codes, revocation=revocation)
    elif boxes is not None and corners_mm is not None:
        draft = learn_without_blank(
            boxes, name, paper_mm=PAPER_MM[paper], corners_mm=corners_mm, codes=codes, revocation=revocation
        )
    else:
        raise UsageError(
            "there is nothing to learn from",
            hint="name a BLANK.pdf; without one, say --boxes FILE.csv and --corners-mm 12.5",
        )
    write_whole(path.with_suffix(".blank.pdf"), draft.blank)
    write_csv(path.with_suffix(".boxes.csv"), draft.boxes)
    write_whole(path, draft.yaml.encode("utf-8"))
    project.questionnaire(name)
    return draft.notes


def check(project: Project, name: str) -> list[Finding]:
    """Return what is wrong or incomplete in a schema and its boxes; SchemaError where it cannot even be loaded."""
    return lint(project.questionnaire(name))


def draw(project: Project, name: str, out: Path, scan: Path | None = None) -> list[Path]:
    """Draw a questionnaire's boxes over its blank, or over the pages of a scan coloured by their state; writes PNG."""
    questionnaire = project.questionnaire(name)
    pictures = _draw_scan(project, questionnaire, scan) if scan else draw_blank(questionnaire)
    written = []
    for label, picture in pictures:
        written.append(out / f"{label}.png")
        save_png(written[-1], picture)
    return written


def draw_blank(questionnaire: Questionnaire) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Draw all boxes over the pages of the blank, at 150 dpi."""
    if questionnaire.blank is None:
        raise UsageError(f"{questionnaire.id} has no blank", hint="draw over a scan: --scan FILE")
    for page in questionnaire.pages:
        boxes = questionnaire.boxes[questionnaire.boxes["page"] == page]
        corners = blank_pixels(outlines_of(boxes))
        grey = render(questionnaire.blank, page, FINE_DPI)
        yield f"{questionnaire.id}-{page}", draw_marks(grey, corners, ["marked"] * len(boxes))


def _draw_scan(
    project: Project, questionnaire: Questionnaire, scan: Path
) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Read a scan's pages anew and draw what was found where; grey, where boxes lay at the last run."""
    runs = project.runs.all(questionnaire.id)
    before = questionnaire_of(project, runs[-1]).boxes if runs else questionnaire.boxes
    said = project.decisions.standing()
    catalogue = Catalogue(
        code_book([questionnaire]),
        {questionnaire.id: prepare(questionnaire)},
        told_of_pages(said),
        decided_of_pages(said),
    )
    for page in walk_pages(scan, scan.name):
        picture = open_page(page) if isinstance(page, ScannedPage) else page
        for image, reading in read_picture(picture, catalogue):
            if not isinstance(image, PageImage) or reading.numbers is None or reading.corners_px is None:
                continue
            ref = image.ref
            where = pd.DataFrame({
                "scan": scan.name, "page": ref.page, "half": ref.half, "page_digest": image.digest,
                "questionnaire": questionnaire.id, "questionnaire_page": reading.page, "case": "",
            }, index=[0])  # fmt: skip
            measured = place_boxes(measurements_of([reading.numbers]), where, questionnaire)
            marks = decide.decide_marks(measured, questionnaire, project.decisions.adjudications())
            states = marks.set_index("box")["state"].reindex(reading.numbers.boxes).tolist()
            old = _moved_since(before, questionnaire, reading.page)
            assert reading.laid is not None, "a page that was measured was registered"
            laid = unpack_registration(reading.laid)
            own = catalogue.blanks[questionnaire.id].pages[reading.page]
            there = outlines_on_scan(image, laid, own, outlines_of(old)) if len(old) else None
            label = f"{scan.stem}-{ref.page}" + (f"-{HALVES[ref.half]}" if ref.half else "")
            yield label, draw_marks(image.grey, reading.corners_px, states, there)


def _moved_since(before: pd.DataFrame, questionnaire: Questionnaire, page: int) -> pd.DataFrame:
    """BOXES of a page as they lay before, where no box lies like that now."""
    place = ["page", "x_mm", "y_mm", "w_mm", "h_mm"]
    now = set(questionnaire.boxes[place].itertuples(index=False, name=None))
    is_old = [row not in now for row in before[place].itertuples(index=False, name=None)]
    return before[pd.Series(is_old, before.index) & (before["page"] == page)]


def simulate(
    project: Project,
    name: str,
    truth: Path,
    *,
    issued: int,
    returned: int,
    seed: int,
    profile: str = "office",
    shares: Mapping[str, float] | None = None,
) -> list[Path]:
    """Fill in, mail and scan copies of a questionnaire: writes scans and their truth.

    The copies are those in <id>.cases.csv; where there is no such list it is drawn and written. `shares` overrides
    single shares of the profile.
    """
    from survey.simulate import PROFILES, override
    from survey.simulate import simulate as play

    questionnaire = project.questionnaire(name)
    list_path = questionnaire.path.with_suffix(".cases.csv")
    printed = None
    if list_path.exists():
        stratum = questionnaire.schema.population.stratum
        printed = load_cases(list_path, stratum, ours=bool(questionnaire.schema.code))
    done = play(
        questionnaire, project.scans, truth, cases=printed,
        issued=issued, returned=returned, seed=seed, profile=override(PROFILES[profile], shares or {}),
        jobs=cores() if returned >= SERIAL_BELOW else 1,
    )  # fmt: skip
    if printed is None:
        write_csv(list_path, done.cases)
    return list(done.batches)


def play_reviewer(project: Project, name: str, truth: Path) -> int:
    """Let the simulated reviewer settle all that waits; returns the number of decisions added to survey.db."""
    from survey.simulate import TRUTH_BOXES, type_digits, type_texts
    from survey.simulate import play_reviewer as play

    marks = results(project, name).marks
    known = TRUTH_BOXES.frame(read_csv(truth / "truth_boxes.csv"))
    machine = marks[["page_digest", "box", "item", "state"]].rename(columns={"state": "machine"})
    settled = play(marks, known).merge(machine, on=["page_digest", "box"]).assign(value="")
    typed = type_digits(marks, known).assign(box="", state="", machine="doubtful")
    texts = type_texts(marks, known, name).assign(box="", machine="marked")
    done = pd.concat([settled, typed, texts], ignore_index=True).assign(made_at="")
    project.decisions.add(done)
    return len(done)
