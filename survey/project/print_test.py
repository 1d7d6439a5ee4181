"""A questionnaire not mailed yet -> trial copies, read as real returns are, and what that says about its print."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

import pandas as pd

from survey.doors.pdf import render_in_colour, save_png
from survey.doors.pdf_images import join_images
from survey.doors.workers import cores, in_order
from survey.errors import UsageError
from survey.files import write_csv, write_whole
from survey.ingest import SERIAL_BELOW, code_book
from survey.project.folder import Project
from survey.project.marks import place_boxes
from survey.questionnaire.model import Questionnaire
from survey.reading.batches import read_pages
from survey.reading.decide import decide_marks
from survey.reading.numbers import Numbers, measurements_of
from survey.reading.read import Blank, Catalogue, Reading, prepare
from survey.simulate.box_facts import BOX_FACTS, facts_of
from survey.simulate.one_return import DonePage, Return
from survey.simulate.print_sheet import Advice, advise, draw_sheet, summarise
from survey.simulate.profile import PROFILES, Profile, override
from survey.simulate.returns import TRUTH_BOXES
from survey.simulate.trial import fill_trial, issue_trial, plan_trial, trial_profile
from survey.simulate.verdict import Verdict, judge_boxes, judge_pages

PICTURE_DPI = 150
SHOWN = [
    "box",
    "page",
    "verdict",
    "causes",
    "seen",
    "marked",
    "missed",
    "false",
    "doubtful",
    "expected",
    "reason",
]
NO_DECISIONS = pd.DataFrame(columns=["page_digest", "box", "item", "state", "decided_by", "reason", "value"])

PageRow = tuple[str, int, str, int, int, str, str, str]


@dataclass(frozen=True)
class Tried:
    """A print test: what it found, what it advises, and the files that tell of it."""

    verdict: Verdict
    advice: list[Advice]
    summary: list[str]
    """What the trial was and what it showed, in a few sentences."""
    files: list[Path]

    def as_text(self) -> str:
        """What was found, what to change, and a line for every box that stands out."""
        said = list(self.summary)
        for number, one in enumerate(self.advice, start=1):
            said += ["", f"{number}  {one.title}", f"   {one.where}", f"   {one.text}"]
        odd = self.verdict.boxes[self.verdict.boxes["verdict"] != "good"][SHOWN]
        return "\n".join([*said, "", odd.to_string(index=False)] if len(odd) else said)

    def as_json(self) -> str:
        """The verdict on every page and box, and the advice, for programs."""
        tables = {"pages": self.verdict.pages, "boxes": self.verdict.boxes}
        listed = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
        said = {"copies": self.verdict.copies, **listed, "advice": [asdict(one) for one in self.advice]}
        return json.dumps(said, indent=2, ensure_ascii=False)


def try_print(
    project: Project,
    name: str,
    out: Path,
    *,
    copies: int,
    seed: int,
    profile: str = "office",
    shares: Mapping[str, float] | None = None,
) -> Tried:
    """Simulate copies of a blank, read them, and judge its print: writes <id>.trial.csv, .trial.pdf and .trial.png."""
    questionnaire = issue_trial(project.questionnaire(name), copies, seed)
    if questionnaire.blank is None:
        raise UsageError(f"{name} has no blank PDF to try", hint=f"survey print {name}")
    verdict = run_trial(questionnaire, copies, seed, override(PROFILES[profile], shares or {}))
    language = questionnaire.schema.languages[0]
    advice = advise(verdict, language)
    files = [out / f"{name}.trial{ending}" for ending in (".pdf", ".png", ".csv")]
    write_whole(files[0], draw_sheet(questionnaire, verdict, advice, language))
    save_png(files[1], render_in_colour(files[0], 1, PICTURE_DPI))
    write_csv(files[2], verdict.boxes)
    return Tried(verdict, advice, summarise(verdict, language), files)


def run_trial(questionnaire: Questionnaire, copies: int, seed: int, profile: Profile) -> Verdict:
    """Fill in, scan, read and judge so many trial copies; on several cores where that pays."""
    plan = trial_profile(profile, revocation=questionnaire.schema.reading.revocation)
    entries = plan_trial(questionnaire, copies, seed, plan)
    jobs = cores() if copies * len(questionnaire.pages) >= SERIAL_BELOW else 1
    work = [(questionnaire, entries[part::jobs], seed, plan, part == 0) for part in range(jobs)]
    done = list(in_order(read_trial, work, jobs))
    pages, truth, measured = (
        pd.concat([part[table] for part in done], ignore_index=True) for table in range(3)
    )
    placed = place_boxes(measured, pages[pages["problem"].eq("")], questionnaire)
    marks = decide_marks(placed, questionnaire, NO_DECISIONS).assign(fit=placed["fit"].to_numpy())
    coded = bool(questionnaire.schema.code)
    return Verdict(copies, judge_boxes(marks, truth, done[0][3]), judge_pages(pages, with_serials=coded))


def read_trial(
    questionnaire: Questionnaire, entries: list[Return], seed: int, profile: Profile, with_facts: bool
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Fill in, scan and read some copies; runs in a worker. Returns pages, TRUTH_BOXES, MEASUREMENTS and BOX_FACTS."""
    blank = prepare(questionnaire)
    catalogue = Catalogue(code_book([questionnaire]), {questionnaire.id: blank})
    pages: list[PageRow] = []
    traces: list[tuple[object, ...]] = []
    measured: list[Numbers] = []
    with tempfile.TemporaryDirectory(prefix="survey-") as folder:
        for entry in entries:
            scanned = list(fill_trial(questionnaire, [entry], seed, profile))
            path = Path(folder) / f"{entry.case}.pdf"
            write_whole(path, join_images([page.stream for page in scanned]))
            every = frozenset(range(1, len(scanned) + 1))
            for reading in read_pages(path, path.name, every, catalogue):
                page = scanned[reading.ref.page - 1]
                pages.append(_page_row(page, reading))
                traces += _traces(page, reading)
                measured += [] if reading.numbers is None else [reading.numbers]
            path.unlink()
    columns = ["scan", "page", "page_digest", "questionnaire_page", "read_page", "case", "serial", "problem"]
    facts = _facts(blank, questionnaire) if with_facts else BOX_FACTS.frame()
    found = pd.DataFrame(pages, columns=columns).assign(half=0, questionnaire=questionnaire.id)
    return found, TRUTH_BOXES.frame(traces), measurements_of(measured), facts


def _page_row(page: DonePage, reading: Reading) -> PageRow:
    return (
        reading.ref.scan, reading.ref.page, reading.digest, page.questionnaire_page, reading.page, page.case,
        reading.serial, reading.problem or "",
    )  # fmt: skip


def _traces(page: DonePage, reading: Reading) -> list[tuple[object, ...]]:
    head = (reading.ref.scan, reading.ref.page, page.case, page.questionnaire_page)
    return [(*head, *astuple(trace)) for trace in page.traces]


def _facts(blank: Blank, questionnaire: Questionnaire) -> pd.DataFrame:
    tables = [facts_of(boxes, questionnaire.paper_mm) for boxes in blank.boxes.values()]
    return BOX_FACTS.frame(pd.concat(tables, ignore_index=True))
