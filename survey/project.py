"""The story: each verb of the program in a few lines, for a notebook to call and the command line to print."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.doors.pdf import render, save_png
from survey.doors.workers import cores
from survey.errors import CannotWriteError, NothingReadError, UsageError
from survey.files import project_lock, read_csv, write_csv, write_whole
from survey.ingest import SERIAL_BELOW, Batch, Plan, carry_out, code_book, make_plan, reading_key, stored_path
from survey.questionnaire.cases import load_cases
from survey.questionnaire.load import load_questionnaire, load_schema
from survey.questionnaire.model import Questionnaire
from survey.reading import assemble, decide
from survey.reading.draw import draw_marks
from survey.reading.read import Catalogue, prepare, read_page
from survey.reading.scan import ScannedPage, Unread, find_scans, open_page, walk_pages
from survey.reporting.evidence import Results
from survey.store import Cache, Decisions
from survey.tables import MEASUREMENTS


@dataclass(frozen=True)
class Project:
    """A folder that holds schemas/; everything else of a project lies beside it."""

    root: Path

    @property
    def schemas(self) -> Path:
        return self.root / "schemas"

    @property
    def scans(self) -> Path:
        return self.root / "scans"

    @cached_property
    def cache(self) -> Cache:
        return Cache(self.root)

    @cached_property
    def decisions(self) -> Decisions:
        return Decisions(self.root)

    def schema_path(self, questionnaire: str) -> Path:
        return self.schemas / f"{questionnaire}.yaml"

    def ids(self) -> list[str]:
        """Names of all questionnaires that have boxes, and so can be read."""
        return sorted(
            path.stem for path in self.schemas.glob("*.yaml") if path.with_suffix(".boxes.csv").exists()
        )

    def questionnaire(self, name: str) -> Questionnaire:
        """Load one questionnaire with its boxes; UsageError names the ones there are."""
        return load_questionnaire(_schema(self, name))


def find_project(start: Path) -> Project:
    """Find the project a path lies in by walking up to the folder that holds schemas/."""
    start = start.resolve()
    for folder in [start, *start.parents]:
        if (folder / "schemas").is_dir():
            return Project(folder)
    raise UsageError(f"no project here: no folder above {start} holds schemas/", hint="survey init")


def init_project(folder: Path) -> Project:
    """Make an empty project: schemas/, scans/, texts/, reports/, notebooks/. What is there stays."""
    for name in ["schemas", "scans", "texts", "reports", "notebooks"]:
        (folder / name).mkdir(parents=True, exist_ok=True)
    return Project(folder.resolve())


@dataclass(frozen=True)
class Ingested:
    """What an ingest did: its plan, pages read and reused, and the ledger of all scans."""

    plan: Plan
    pages_read: int
    pages_reused: int
    ledger: pd.DataFrame


def plan_ingest(project: Project, folder: Path, questionnaire: str | None = None) -> Plan:
    """Tell what `ingest` would read, and why; nothing is written."""
    return _plan(project, folder, questionnaire)[0]


def _plan(project: Project, folder: Path, questionnaire: str | None) -> tuple[Plan, str, tuple[Path, ...]]:
    names = [questionnaire] if questionnaire else project.ids()
    if not names:
        raise UsageError(
            "schemas/ has no questionnaire with boxes",
            hint="survey print ID, or survey learn BLANK.pdf --id ID",
        )
    questionnaires = [project.questionnaire(name) for name in names]
    batches = _batches(project, folder)
    key = reading_key(questionnaires)
    under = stored_path(folder.resolve(), project.root)
    return make_plan(project.cache, batches, key, under), key, tuple(one.path for one in questionnaires)


def _batches(project: Project, folder: Path) -> list[Batch]:
    if not folder.exists():
        raise UsageError(f"{folder} is not there", hint="name the folder that your scanner writes to")
    paths = [folder] if folder.is_file() else find_scans(folder)
    batches = []
    for path in (path.resolve() for path in paths):
        stat = path.stat()
        name = _scan_name(project, path)
        batches.append(
            Batch(name or path.relative_to(folder.resolve()).as_posix(), path, stat.st_size, stat.st_mtime_ns)
        )
    return batches


def _scan_name(project: Project, path: Path) -> str:
    """Name a batch by its path inside scans/; "" for what lies elsewhere."""
    scans = project.scans.resolve()
    return path.relative_to(scans).as_posix() if path.is_relative_to(scans) and path != scans else ""


def ingest(
    project: Project,
    folder: Path,
    *,
    questionnaire: str | None = None,
    jobs: int | None = None,
    on_pages: Callable[[int, int], None] = lambda done, total: None,
) -> Ingested:
    """Read every scan below a folder that is new or out of date; returns what was done and the ledger.

    `questionnaire` names the instrument where no code does. Raises NothingReadError if not one scan could be read.
    """
    with project_lock(project.root):
        plan, key, schemas = _plan(project, folder, questionnaire)
        if not plan.stale and not plan.fresh:
            raise NothingReadError(
                f"no scans in {folder}", hint="it should hold PDF, TIFF, JPEG or PNG files"
            )
        read, reused = 0, 0
        if plan.stale or plan.gone:
            workers = jobs or cores()
            read, reused = carry_out(plan, project.cache, project.root, schemas, key, workers, on_pages)
    table = ledger(project)
    if table["place"].isin(["unreadable"]).all():
        first = table.iloc[0]
        raise NothingReadError(f"{first['scan']}: {first['reason']}", hint=str(first["hint"]))
    return Ingested(plan, read, reused, table)


def ledger(project: Project) -> pd.DataFrame:
    """Put every scanned page into its place; returns LEDGER."""
    shards = sorted(set(project.cache.files()["shard"]))
    pages = project.cache.pages(shards)
    names = [name for name in project.ids() if name in set(pages["questionnaire"])]
    questionnaires = {name: project.questionnaire(name) for name in names}
    pages = pages[pages["questionnaire"].isin(["", *names])]
    measured: dict[str, pd.Series] = {}
    unmarkable = pd.Series(dtype="float64")  # a page without boxes

    def contradict(one: str, other: str) -> bool:
        if not measured:
            table = project.cache.measurements(shards)
            measured.update(
                {name: group.set_index("box")["p_marked"] for name, group in table.groupby("page_digest")}
            )
        name = str(pages.loc[pages["page_digest"] == one, "questionnaire"].iloc[0])
        return decide.contradict(
            measured.get(one, unmarkable),
            measured.get(other, unmarkable),
            questionnaires[name].schema.reading.thresholds,
        )

    issues = {name: issue_of(questionnaire) for name, questionnaire in questionnaires.items()}
    return assemble.assemble(pages, issues, contradict)


def issue_of(questionnaire: Questionnaire) -> assemble.Issue:
    """Tell what was printed and sent out of a questionnaire."""
    serial_in_code = any("(?P<serial>" in pattern for pattern in questionnaire.schema.reading.codes)
    return assemble.Issue(
        tuple(questionnaire.pages),
        bool(questionnaire.schema.code) or serial_in_code,
        questionnaire.issued,
        tuple(questionnaire.schema.population.frame),
    )


def results(project: Project, name: str) -> Results:
    """Decide all marks and outcomes of a questionnaire from stored measurements and people's decisions."""
    questionnaire = project.questionnaire(name)
    table = ledger(project)
    read = table[(table["place"] == "read") & (table["questionnaire"] == name)]
    if read.empty:
        raise UsageError(f"no page of {name} has been read", hint="survey ingest scans/")
    shards = sorted(set(project.cache.files()["shard"]))
    measured = _place(project.cache.measurements(shards), read, questionnaire)
    adjudications = project.decisions.adjudications()
    marks = decide.decide_marks(measured, questionnaire, adjudications)
    cases = assemble.cases_of(table, name, issue_of(questionnaire))
    outcomes = decide.decide_outcomes(marks, cases["case"], questionnaire, adjudications)
    return Results(questionnaire, marks, outcomes, cases, table)


def _place(measurements: pd.DataFrame, read: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Join measurements with the page and case they belong to and the place of their box."""
    pages = read[["scan", "page", "page_digest", "questionnaire", "questionnaire_page", "case"]]
    boxes = questionnaire.boxes.rename(columns={"page": "questionnaire_page"})
    joined = (
        MEASUREMENTS.frame(measurements)
        .merge(pages, on="page_digest")
        .merge(boxes, on=["box", "questionnaire_page"])
    )
    order = {box: place for place, box in enumerate(questionnaire.boxes["box"])}
    joined["order"] = joined["box"].map(order)
    return joined.sort_values(["scan", "page", "order"], kind="stable", ignore_index=True).drop(
        columns="order"
    )


def ids_with_scans(project: Project) -> list[str]:
    """Names of the questionnaires of which pages have been read; UsageError where there are none."""
    table = ledger(project)
    names = sorted(set(table.loc[table["place"] == "read", "questionnaire"]))
    if not names:
        raise UsageError("no page has been read yet", hint="survey ingest scans/")
    return names


@dataclass(frozen=True)
class Account:
    """The ledger in numbers: cases of one questionnaire, and where the scanned pages stand."""

    questionnaire: str
    issued: int
    """Copies sent out; 0 where nobody said how many."""
    returned: int
    returned_unknown: int
    """Returned cases whose serial, and so whose stratum, is unknown."""
    complete: int
    """Returned cases of which every page was read."""
    pages: dict[str, int]
    """Place in the ledger -> pages."""
    boxes: int
    doubtful: int
    unreadable: int
    fields_to_type: int
    """Handwritten numbers and texts that a person has to read."""

    @property
    def outstanding(self) -> int:
        """Issued cases that have not come back."""
        return max(0, self.issued - (self.returned - self.returned_unknown))

    @property
    def waits(self) -> bool:
        """Whether something waits for a person."""
        return bool(self.doubtful or self.unreadable or self.pages.get("waiting"))


def account(project: Project, names: list[str] | None = None) -> list[Account]:
    """Balance the ledger of each questionnaire; pages that belong to none are counted with the first."""
    table = ledger(project)
    there = sorted(set(table.loc[table["place"] == "read", "questionnaire"]))
    accounts = []
    for place, name in enumerate(names or there):
        found = results(project, name)
        mine = table["questionnaire"].eq(name) | (table["questionnaire"].eq("") if place == 0 else False)
        unknown = found.cases["stratum"].eq("") & found.cases["serial"].eq("")
        fields = found.questionnaire.boxes["item"].isin(found.questionnaire.handwritten())
        is_field = found.marks["box"].isin(set(found.questionnaire.boxes.loc[fields, "box"]))
        state = found.marks["state"]
        waiting = found.outcomes["reason"].str.startswith("handwriting")
        accounts.append(
            Account(
                name,
                sum(found.questionnaire.frame.values()) or len(found.questionnaire.issued),
                len(found.cases),
                int(unknown.sum()) if found.questionnaire.issued else 0,
                int(found.cases["pages_missing"].eq("").sum()),
                {str(key): int(count) for key, count in table.loc[mine, "place"].value_counts().items()},
                int((~is_field).sum()),
                int((state.eq("doubtful") & ~is_field).sum()),
                int(state.eq("unreadable").sum()),
                int(waiting.sum()),
            )
        )
    return accounts


def report(project: Project, name: str) -> list[Path]:
    """Write the evaluation report of a questionnaire into reports/<id>/; returns its files, report.pdf first."""
    from survey.reporting.report import write_report

    return write_report(results(project, name), project.root / "reports" / name)


def export(project: Project, what: str, out: Path, names: list[str]) -> int:
    """Write one of EXPORTS to a CSV file; returns its number of rows."""
    from survey.reporting.exports import EXPORTS

    tables = [EXPORTS[what](results(project, name)) for name in names]
    table = pd.concat(tables, ignore_index=True)
    write_csv(out, table)
    return len(table)


def learn(
    project: Project,
    blank: Path,
    name: str,
    *,
    boxes: Path | None = None,
    codes: tuple[str, ...] = (),
    revocation: bool = False,
    replace: bool = False,
) -> list[str]:
    """Learn a blank PDF: writes schemas/<name>.yaml, .boxes.csv and .blank.pdf; returns notes on what is unsure."""
    from survey.learn import learn as learn_blank

    path = project.schema_path(name)
    if path.exists() and not replace:
        raise CannotWriteError(
            f"{path.name} exists already", hint="choose another --id, or say --replace to start over"
        )
    draft = learn_blank(blank, name, boxes=boxes, codes=codes, revocation=revocation)
    write_whole(path.with_suffix(".blank.pdf"), blank.read_bytes())
    write_csv(path.with_suffix(".boxes.csv"), draft.boxes)
    write_whole(path, draft.yaml.encode("utf-8"))
    project.questionnaire(name)
    return draft.notes


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
    px_per_mm = 150 / 25.4
    for page in questionnaire.pages:
        boxes = questionnaire.boxes[questionnaire.boxes["page"] == page]
        x, y, w, h = (boxes[column].to_numpy(np.float32) for column in ["x_mm", "y_mm", "w_mm", "h_mm"])
        corners = np.stack(
            [np.stack(pair, 1) for pair in [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]], 1
        )
        grey = render(questionnaire.blank, page, 150)
        yield (
            f"{questionnaire.id}-{page}",
            draw_marks(grey, (corners * px_per_mm - 0.5).astype(np.float32), ["marked"] * len(boxes)),
        )


def _draw_scan(
    project: Project, questionnaire: Questionnaire, scan: Path
) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Read a scan's pages anew and draw what was found where."""
    catalogue = Catalogue(code_book([questionnaire]), {questionnaire.id: prepare(questionnaire)})
    for page in walk_pages(scan, scan.name):
        image = open_page(page) if isinstance(page, ScannedPage) else page
        if isinstance(image, Unread):
            continue
        reading = read_page(image, catalogue)
        if reading.measurements is None or reading.corners_px is None:
            continue
        where = pd.DataFrame(
            [(scan.name, image.ref.page, image.digest, questionnaire.id, reading.page, "")],
            columns=["scan", "page", "page_digest", "questionnaire", "questionnaire_page", "case"],
        )
        measured = _place(reading.measurements, where, questionnaire)
        marks = decide.decide_marks(measured, questionnaire, project.decisions.adjudications())
        states = marks.set_index("box")["state"].reindex(reading.measurements["box"]).tolist()
        yield f"{scan.stem}-{image.ref.page}", draw_marks(image.grey, reading.corners_px, states)


def print_blank(project: Project, name: str) -> list[Path]:
    """Typeset a schema: writes <id>.blank.pdf and <id>.boxes.csv beside it."""
    from survey.questionnaire.typeset import print_questionnaire

    path = _schema(project, name)
    print_questionnaire(path)
    return [path.with_suffix(".blank.pdf"), path.with_suffix(".boxes.csv")]


def print_copies(
    project: Project, name: str, counts: dict[str, int], *, seed: int, letter: str
) -> list[Path]:
    """Print serial copies for each stratum into prints/<id>/ and add them to <id>.cases.csv."""
    from survey.questionnaire.copies import print_copies as make_copies

    path = _schema(project, name)
    wanted = counts or load_schema(path).population.frame
    done = make_copies(path, wanted, project.root / "prints" / name, seed=seed, letter=letter)
    return [*done.pdfs, path.with_suffix(".cases.csv")]


def print_cover_sheets(project: Project, name: str, received: date) -> Path:
    """Print batch cover sheets, one a stratum, into prints/<id>/."""
    from survey.questionnaire.copies import cover_sheets

    out = project.root / "prints" / name / f"{name}.cover-{received.isoformat()}.pdf"
    write_whole(out, cover_sheets(load_schema(_schema(project, name)), received))
    return out


def _schema(project: Project, name: str) -> Path:
    path = project.schema_path(name)
    if not path.exists():
        there = ", ".join(sorted(other.stem for other in project.schemas.glob("*.yaml"))) or "none"
        raise UsageError(f"there is no questionnaire {name!r}", hint=f"schemas/ has: {there}")
    return path


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
    printed = load_cases(list_path, questionnaire.schema.population.stratum) if list_path.exists() else None
    done = play(
        questionnaire, project.scans, truth, cases=printed,
        issued=issued, returned=returned, seed=seed, profile=override(PROFILES[profile], shares or {}),
        jobs=cores() if returned >= SERIAL_BELOW else 1,
    )  # fmt: skip
    if printed is None:
        write_csv(list_path, done.cases)
    return list(done.batches)


def play_reviewer(project: Project, name: str, truth: Path) -> int:
    """Let the simulated reviewer settle everything that waits; returns the number of decisions added to survey.db."""
    from survey.simulate import play_reviewer as play

    found = results(project, name)
    decisions = play(found.marks, read_csv(truth / "truth_boxes.csv"))
    machine = found.marks.set_index(["page_digest", "box"])[["state", "item"]]
    known = machine.loc[list(zip(decisions["page_digest"], decisions["box"], strict=True))]
    project.decisions.add(
        decisions.assign(
            made_at="", machine=known["state"].to_numpy(), item=known["item"].to_numpy(), value=""
        )
    )
    return len(decisions)
