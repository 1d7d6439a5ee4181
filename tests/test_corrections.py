"""Claims about 25 corrections an analyst makes: what is done again, what survives, and what the difference names.

Each is made in a copy of a small project that was read and partly decided. Afterwards its tables must be, to the byte,
those of a project that is read from nothing with the corrected schema.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from correcting import SERIALS, Counted, copy_of, decide, from_nothing, make_project, put, replace_in, sheet
from paper import grey_pdf

from survey.cli import main
from survey.project import Project, diff, ingest, plan_ingest, results
from survey.questionnaire.printed_code import make_serial
from survey.reporting.exports import EXPORTS
from survey.tables import CELLS_CHANGED

A, B, C, D = SERIALS[:4]
WORK = "options: [{code: 1}, {code: 2}, {code: 3}, {code: 4}]\n      - id: wish"
WISH = "id: wish\n        type: multiple"
WEIGHTS = "  weights: {margins: [{variable: office, shares: {North: 0.6, South: 0.4}}]}\n"
DERIVED = """\
analysis:
  derived:
    - id: any_work
      label: {de: Arbeit, en: Work}
      of: work
      groups: [{code: yes, codes: [1, 2]}, {code: no, codes: [3, 4]}]
sections:"""
AREA = """\
need_areas:
  - id: help
    label: {de: Hilfe, en: Help}
    need: {wish: [a]}
sections:"""


@dataclass(frozen=True)
class Correction:
    """One thing an analyst corrects, and what must follow."""

    make: Callable[[Project], object]
    schema: tuple[str, ...]
    """What the difference says of the schema."""
    kinds: dict[str, int] = field(default_factory=dict)
    """Cells by kind."""
    steps: tuple[str, ...] = ()
    """What is done to pages."""
    opened: int = 0
    """Images that are opened."""
    laid: int = 0
    """Pages that are laid on their blank anew."""
    cells: tuple[tuple[str, str], ...] = ()
    """Case and variable of some cells that must be named."""
    again: int = 0
    """Decisions that come up again."""


def in_schema(*pairs: tuple[str, str]) -> Callable[[Project], None]:
    def make(project: Project) -> None:
        for old, new in pairs:
            replace_in(project.schema_path("mini"), old, new)

    return make


def in_boxes(*pairs: tuple[str, str]) -> Callable[[Project], None]:
    def make(project: Project) -> None:
        for old, new in pairs:
            replace_in(project.schemas / "mini.boxes.csv", old, new)

    return make


def both(
    schema: tuple[tuple[str, str], ...], boxes: tuple[tuple[str, str], ...]
) -> Callable[[Project], None]:
    def make(project: Project) -> None:
        in_schema(*schema)(project)
        in_boxes(*boxes)(project)

    return make


def swap_codes(project: Project) -> None:
    """What stands for 1 is 3, and the other way round."""
    in_boxes(("work.1,1,25.0,67.0,4.0,4.0,work,1", "work.1,1,25.0,67.0,4.0,4.0,work,x"),
             ("work.3,1,25.0,81.0,4.0,4.0,work,3", "work.3,1,25.0,81.0,4.0,4.0,work,1"),
             ("work.1,1,25.0,67.0,4.0,4.0,work,x", "work.1,1,25.0,67.0,4.0,4.0,work,3"))(project)  # fmt: skip


def delete_item(project: Project) -> None:
    in_schema(("      - id: why\n        type: text\n        lines: 4\n", ""))(project)
    path = project.schemas / "mini.boxes.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join([line for line in lines if not line.startswith("why,")]) + "\n", encoding="utf-8"
    )


def rename_item(project: Project) -> None:
    in_schema(("id: work", "id: job"))(project)
    in_boxes(("work.", "job."), (",work,", ",job,"))(project)


def more_serials(project: Project) -> None:
    path = project.schemas / "mini.cases.csv"
    path.write_text(path.read_text(encoding="utf-8") + f"{make_serial('S', 77)},North\n", encoding="utf-8")


def late_return(project: Project) -> None:
    pages = sheet(project.questionnaire("mini"), SERIALS[4], ["work.2", "mood_job.4"])
    put(project.scans / "2012-08-01" / "late.pdf", grey_pdf(pages, 150))


def new_wave(project: Project) -> None:
    for path in sorted(project.schemas.glob("mini.*")):
        data = path.read_bytes()
        if path.suffix == ".yaml":
            data = data.replace(b"questionnaire: mini\ncode: MINI", b"questionnaire: wave2\ncode: MIN2")
        if not path.name.endswith("cases.csv"):
            path.with_name(path.name.replace("mini", "wave2")).write_bytes(data)


CORRECTIONS = {
    "a label": Correction(
        in_schema((WORK, WORK.replace("{code: 2}", "{code: 2, label: Nein}"))), ("label of work=2: “Nein”, it was “”",)
    ),
    "a wording": Correction(
        in_schema(("id: work\n", "id: work\n        text: Arbeiten Sie?\n")),
        ("wording of work: “Arbeiten Sie?”, it was “”",),
    ),
    "a text in another language": Correction(
        in_schema(("title: Arbeit", "title: {de: Arbeit, en: Work}")),
        ("sections: headings or introductions were corrected",),
    ),
    "a code": Correction(
        both(((WORK, WORK.replace("{code: 4}", "{code: 9}")),), (("4.0,4.0,work,4", "4.0,4.0,work,9"),)),
        ("work: code 4 is 9 now",), {"recoded": 1}, cells=((C, "work"),),
    ),
    "two codes that were swapped": Correction(
        swap_codes, ("work: codes 1 and 3 were swapped",), {"recoded": 3}, cells=((A, "work"), (B, "work"), (D, "work"))
    ),
    "a code that is declared missing": Correction(
        in_schema((WORK, WORK.replace("{code: 4}", "{code: 4, missing: true}"))),
        ("work=4 is no substantive answer now",), {"newly missing": 1}, cells=((C, "work"),),
    ),
    "several marks are allowed": Correction(
        in_schema(("type: single", "type: multiple")), ("item work now allows several marks",), {"new": 16, "gone": 4}
    ),
    "one mark is allowed": Correction(
        in_schema(("{code: none, none: true}", "{code: none}"), (WISH, WISH.replace("multiple", "single"))),
        ("item wish now allows one mark only", "wish=none no longer means nothing of all this"),
        {"new": 4, "gone": 24},
    ),
    "nothing marked means no": Correction(
        in_schema((WISH, WISH + "\n        nothing_marked: 'no'")),
        ("wish: nothing marked means no to all now",),
    ),
    "a threshold": Correction(
        in_schema(("  revocation: false", "  thresholds: {written_mm2: 0.0, unwritten_mm2: 0.0}")),
        ("threshold written_mm2 is 0, it was 1.2", "threshold unwritten_mm2 is 0, it was 0.2"),
        {"newly valid": 4, "re-decided": 3},
    ),
    "the revocation rule": Correction(
        in_schema(("revocation: false", "revocation: true")),
        ("revocation: the paper tells people to black out a wrong mark now",),
    ),
    "a moved box": Correction(
        in_boxes(("work.1,1,25.0,67.0", "work.1,1,25.2,67.0")), ("work: the place of 1 was corrected",),
        steps=("measure again 4 pages: boxes of page 1 of mini: work.1 has moved by +0.2 and +0 mm",), opened=4,
    ),
    "a box far from where a person saw it": Correction(
        in_boxes(("mood_home.2,2,130.0,80.0", "mood_home.2,2,130.0,60.0")),
        ("mood_home: the place of 2 was corrected",),
        {"newly missing": 1}, opened=4, again=1, cells=((B, "mood_home"),),
        steps=("measure again 4 pages: boxes of page 2 of mini: mood_home.2 has moved by +0 and -20 mm",),
    ),
    "a forgotten box": Correction(
        both(((WORK, WORK.replace("{code: 4}", "{code: 4}, {code: 5}")),),
             (("wish.a,", "work.5,1,25.0,95.0,4.0,4.0,work,5\nwish.a,"),)),
        ("work: 5 has a box now", "work: option 5 is new"),
        steps=("measure again 4 pages: boxes of page 1 of mini: work.5 is new",), opened=4,
    ),
    "a deleted item": Correction(
        delete_item, ("item why is gone",), {"gone": 4},
        steps=("measure again 4 pages: boxes of page 2 of mini: why is gone",), opened=4,
    ),
    "a renamed item": Correction(
        rename_item, ("item work is called job now",),
        steps=("rename the boxes of 4 pages: boxes of page 1 of mini have other names: work.1 is job.1 now, "
               "work.2 is job.2 now, work.3 is job.3 now and 1 more",),
    ),
    "merged options, as a derived variable": Correction(
        in_schema(("sections:", DERIVED.replace("yes", "'1'").replace("no,", "'2',"))),
        ("derived variable any_work is new",), {"new": 4},
    ),
    "a need area": Correction(in_schema(("sections:", AREA)), ("need area help is new",)),
    "routing": Correction(
        in_schema((WORK, WORK.replace("{code: 4}", "{code: 4, go_to: mood}"))), ("work=4 leads to mood now",),
        {"recoded": 1}, cells=((C, "hours"),),
    ),
    "the frame": Correction(
        in_schema(("{North: 6, South: 4}", "{North: 60, South: 40}")),
        ("frame: North holds 60 people, it held 6", "frame: South holds 40 people, it held 4"),
    ),
    "more serials": Correction(more_serials, ("frame: 1 more serials were issued",)),
    "a margin": Correction(
        in_schema(("population:\n", "population:\n" + WEIGHTS)),
        ("margin office is new", "population: how weights are made was changed"),
    ),
    "a minimum cell": Correction(
        in_schema(("population:\n", "population:\n  minimum_cell: 3\n")), ("population: minimum_cell was corrected",)
    ),
    "late returns": Correction(
        late_return, (), {"new": 12}, steps=("read 2012-08-01/late.pdf: new",), opened=2, laid=2
    ),
    "a new wave": Correction(new_wave, ()),
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = make_project(tmp_path_factory.mktemp("made"))
    ingest(project, project.scans, jobs=1)  # the run with decisions
    return project.root


def exported(project: Project) -> dict[str, bytes]:
    """Every export of the questionnaire as it is written."""
    found = results(project, "mini")
    names = ["marks", "responses", "wide", "codebook", "estimates", "contradictions", "weights"]
    return {name: EXPORTS[name](found).to_csv(index=False).encode() for name in names}


@pytest.mark.parametrize("name", CORRECTIONS)
def test_a_correction_does_what_is_due_and_ends_as_from_nothing(
    name: str, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    correction = CORRECTIONS[name]
    project = copy_of(made, tmp_path / "own")
    before = str(project.runs.all("mini")[-1]["run"])
    correction.make(project)
    assert tuple(str(step) for step in plan_ingest(project, project.scans).steps()) == correction.steps
    with monkeypatch.context() as patch:
        count = Counted(patch)
        ingest(project, project.scans, jobs=1)
        mine = exported(project)
        found = diff(project, "mini", before)
    assert (count.opened, count.laid) == (correction.opened, correction.laid)
    assert tuple(str(change) for change in found.changes) == correction.schema
    assert found.kinds == {kind: cells for kind, cells in correction.kinds.items() if cells}
    named = set(zip(found.cells["case"], found.cells["variable"], strict=True))
    assert set(correction.cells) <= named
    assert found.decisions.again == correction.again
    assert found.decisions.kept == 2 - correction.again
    assert mine == exported(from_nothing(project, tmp_path / "anew"))


def test_there_are_25_corrections() -> None:
    assert len(CORRECTIONS) == 25


def test_a_taken_back_correction_gives_the_same_tables_again(made: Path, tmp_path: Path) -> None:
    project = copy_of(made, tmp_path / "own")
    before = exported(project)
    path = project.schema_path("mini")
    text = path.read_text(encoding="utf-8")
    swap_codes(project)
    boxes = (project.schemas / "mini.boxes.csv").read_text(encoding="utf-8")
    assert exported(project) != before
    in_boxes(("work,3\nwork.2", "work,1\nwork.2"), ("81.0,4.0,4.0,work,1", "81.0,4.0,4.0,work,3"))(project)
    path.write_text(text, encoding="utf-8")
    assert boxes
    assert exported(project) == before


def test_two_states_of_nothing_differ_in_nothing(made: Path, tmp_path: Path) -> None:
    project = copy_of(made, tmp_path / "own")
    found = diff(project, "mini", "now")
    assert found.changes == []
    pd.testing.assert_frame_equal(found.cells, CELLS_CHANGED.frame(found.cells))
    assert found.cells.empty
    assert found.numbers.empty


def test_decisions_made_since_the_last_run_are_told_as_such(made: Path, tmp_path: Path) -> None:
    project = copy_of(made, tmp_path / "own")
    decide(project)
    row = {"page_digest": "", "box": "wish.d", "item": "wish", "decided_by": "anna", "state": "marked"}
    digests = results(project, "mini").marks.drop_duplicates("case").set_index("case")["page_digest"]
    project.decisions.add(pd.DataFrame([{**row, "page_digest": digests[A]}]))
    found = diff(project, "mini")
    assert found.kinds == {"decided by a person": 1}
    assert found.cells["variable"].tolist() == ["wish_d"]


def test_a_scan_that_is_gone_or_replaced_keeps_its_decisions_and_they_hold_when_it_is_back(
    made: Path, tmp_path: Path
) -> None:
    project = copy_of(made, tmp_path / "own")
    before = exported(project)
    path = project.scans / "2012-07-17" / "b.pdf"
    kept = path.read_bytes()
    path.unlink()
    line = ["--project", str(project.root), "ingest", str(project.scans), "--jobs", "1"]
    told = CliRunner().invoke(main, line).stderr
    assert "gone: 2012-07-17/b.pdf is no longer in the folder" in told
    assert "paper gone: 1 decisions are about pages that are in no scan here; they are kept" in told
    found = diff(project, "mini")
    assert (found.decisions.kept, found.decisions.paper_gone) == (1, 1)
    path.write_bytes(kept)
    assert "paper gone" not in CliRunner().invoke(main, line).stderr
    assert exported(project) == before
