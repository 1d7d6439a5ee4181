"""From paper to report: the whole journey on a few simulated returns, and the shipped returns against their truth."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import replace
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from survey import project as verbs
from survey.cli import main
from survey.doors.pdf import render
from survey.doors.pdf_images import encode_g4, join_images
from survey.files import read_csv, write_whole
from survey.reading.reasons import Reason
from survey.review.counter import Counter
from survey.review.lay_out import lay_out
from survey.review.pictures import Helper, Pictures

REPOSITORY = Path(__file__).parents[1]
NAME = "segeberg-2012"
MOST_SILENT_ERRORS = 5
MOST_DOUBTS = 0.03


def copy_schema(folder: Path) -> verbs.Project:
    project = verbs.init_project(folder)
    for path in (REPOSITORY / "schemas").glob(f"{NAME}.*"):
        shutil.copy(path, project.schemas / path.name)
    return project


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> verbs.Project:
    project = copy_schema(tmp_path_factory.mktemp("ein Projekt für Müller"))
    (project.schemas / f"{NAME}.cases.csv").unlink()
    verbs.simulate(project, NAME, project.root / "truth", issued=9, returned=3, seed=7, profile="clean")
    verbs.ingest(project, project.scans)
    return project


def test_every_scanned_page_stands_in_exactly_one_place(small: verbs.Project) -> None:
    truth = read_csv(small.root / "truth" / "truth_pages.csv")
    scanned = truth[truth["page"] != "0"]
    ledger = verbs.ledger(small)
    assert len(ledger) == len(scanned)
    assert not ledger.duplicated(["scan", "page"]).any()


def test_a_second_run_reads_nothing(small: verbs.Project) -> None:
    again = verbs.ingest(small, small.scans)
    assert (again.pages_read, len(again.plan.stale)) == (0, 0)


def test_the_report_is_written_twice_with_the_same_bytes(small: verbs.Project) -> None:
    written = verbs.report(small, NAME)
    paths = [path for level in written.files.values() for path in level]
    first = {path: path.read_bytes() for path in paths}
    assert written.first.name == "report.pdf"
    verbs.report(small, NAME)
    assert {path: path.read_bytes() for path in paths} == first


def test_a_corrected_label_reads_no_page_again_and_reaches_the_codebook(small: verbs.Project) -> None:
    path = small.schema_path(NAME)
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("immer bei mir", "immer bei mir zu Hause"), encoding="utf-8")
    try:
        assert verbs.ingest(small, small.scans).pages_read == 0
        assert verbs.export(small, "codebook", small.root / "codebook.csv", [NAME]) > 0
        assert "immer bei mir zu Hause" in (small.root / "codebook.csv").read_text(encoding="utf-8")
    finally:
        path.write_text(before, encoding="utf-8")


def test_a_new_threshold_decides_anew_without_reading(small: verbs.Project) -> None:
    path = small.schema_path(NAME)
    before = path.read_text(encoding="utf-8")
    certain = (verbs.results(small, NAME).marks["state"] == "marked").sum()
    assert "revocation: true" in before
    thresholds = "revocation: true\n  thresholds: {marked_above: 0.9999}"
    path.write_text(before.replace("revocation: true", thresholds), encoding="utf-8")
    try:
        assert verbs.ingest(small, small.scans).pages_read == 0
        assert (verbs.results(small, NAME).marks["state"] == "marked").sum() < certain
    finally:
        path.write_text(before, encoding="utf-8")


def test_bad_files_beside_good_ones_are_rows_with_a_reason(small: verbs.Project) -> None:
    (small.scans / "leer.pdf").write_bytes(b"")
    (small.scans / "kein Bild.pdf").write_text("kein PDF")
    good = next(iter(sorted(small.scans.rglob("*-1.pdf"))))
    (small.scans / "abgeschnitten.pdf").write_bytes(good.read_bytes()[:700])
    try:
        ledger = verbs.ingest(small, small.scans).ledger.set_index("scan")
        assert ledger.loc["leer.pdf", "place"] == "unreadable"
        assert ledger.loc["leer.pdf", "reason"] == "the file is empty"
        assert ledger.loc["kein Bild.pdf", "reason"] == Reason.NOT_A_SCAN
        assert set(ledger.loc[["abgeschnitten.pdf"], "place"]) == {"unreadable"}
        assert (ledger["place"] == "read").sum() >= 18
    finally:
        for name in ["leer.pdf", "kein Bild.pdf", "abgeschnitten.pdf"]:
            (small.scans / name).unlink()
        verbs.ingest(small, small.scans)


def test_pages_behind_a_cover_sheet_inherit_its_date_and_stratum(small: verbs.Project) -> None:
    cover = verbs.print_cover_sheets(small, NAME, date(2012, 8, 1))
    strata = list(small.questionnaire(NAME).schema.population.frame)
    sheet = encode_g4(render(cover, 2, 200), 200)
    blank = small.schemas / f"{NAME}.blank.pdf"
    pages = [encode_g4(render(blank, page, 200), 200) for page in (1, 2)]  # no serial is printed on them
    batch = small.scans / "mit Deckblatt.pdf"
    write_whole(batch, join_images([sheet, *pages]))
    try:
        ledger = verbs.ingest(small, small.scans).ledger
        mine = ledger[ledger["scan"] == batch.name]
        assert mine["place"].tolist() == ["cover sheet", "read", "read"]
        assert set(mine["received"]) == {"2012-08-01"}
        assert mine["stratum"].tolist()[1:] == [strata[1]] * 2
        assert mine["reason"].tolist()[1:] == ["its serial cannot be read"] * 2
    finally:
        batch.unlink()
        verbs.ingest(small, small.scans)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> verbs.Project:
    project = copy_schema(tmp_path_factory.mktemp("shipped"))
    verbs.ingest(project, REPOSITORY / "scans" / NAME)
    return project


def truth_of_shipped(kind: str) -> pd.DataFrame:
    truth = read_csv(REPOSITORY / "tests" / "truth" / NAME / f"truth_{kind}.csv")
    truth["scan"] = truth["scan"].str.removeprefix(f"{NAME}/")
    return truth.astype({"page": int})


def test_every_shipped_page_is_taken_for_what_it_is(shipped: verbs.Project) -> None:
    truth = truth_of_shipped("pages").query("page > 0").astype({"questionnaire_page": int})
    both = verbs.ledger(shipped).merge(
        truth, on=["scan", "page"], suffixes=("", "_true"), how="outer", indicator=True
    )
    assert (both["_merge"] == "both").all()
    pages = both[both["what"] == "page"]
    assert pages["place"].isin(["read", "superseded"]).all()
    assert (pages["case"] == pages["case_true"]).all()
    assert (pages["questionnaire_page"] == pages["questionnaire_page_true"]).all()
    again = both[both["what"] == "duplicate"]
    assert again["place"].isin(["read", "duplicate"]).all()
    assert (again["place"] == "read").sum() == (pages["place"] == "superseded").sum()
    assert (
        not both.loc[both["what"].isin(["foreign", "blank back"]), "place"].isin(["read", "duplicate"]).any()
    )


def test_shipped_marks_have_few_doubts_and_hardly_a_silent_error(shipped: verbs.Project) -> None:
    results = verbs.results(shipped, NAME)
    boxes = results.marks.merge(truth_of_shipped("boxes"), on=["scan", "page", "box"], suffixes=("", "_true"))
    assert len(boxes) == len(results.marks)
    boxes = boxes[~boxes["item"].isin(results.questionnaire.handwritten())]
    meant = boxes["intended"] == "1"
    missed = meant & boxes["state"].isin(["empty", "revoked"])
    false = ~meant & (boxes["state"] == "marked")
    assert missed.sum() + false.sum() <= MOST_SILENT_ERRORS
    assert boxes["state"].isin(["doubtful", "unreadable"]).mean() < MOST_DOUBTS


def test_the_simulated_reviewer_settles_what_waits(shipped: verbs.Project) -> None:
    before = verbs.account(shipped)[0].doubtful
    truth = shipped.root / "truth"
    truth.mkdir()
    truth_of_shipped("boxes").to_csv(truth / "truth_boxes.csv", index=False)
    assert verbs.play_reviewer(shipped, NAME, truth) >= before > 0
    left = verbs.account(shipped)[0]
    assert left.doubtful == 0
    assert left.texts_to_type > 0
    assert left.contradictory > 0
    assert replace(left, doubtful=0, unreadable=0, numbers_to_type=0, pages={}).waits


@pytest.mark.long
def test_after_the_review_nothing_waits_and_the_report_rests_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All doubts, numbers, texts and odd pages are settled through the page's own counter, as the truth has it."""
    project = copy_schema(tmp_path)
    shutil.copytree(REPOSITORY / "scans" / NAME, project.scans / NAME)
    verbs.ingest(project, project.scans)
    monkeypatch.chdir(project.root)
    waiting = ["status", "--exit-code"]
    assert CliRunner().invoke(main, waiting).exit_code == 10
    settled = settle_everything(project)
    assert settled["ask"] > 100
    assert settled["digits"] > 20
    done = verbs.ingest(project, project.scans)
    assert done.pages_read == 1, "the page of which somebody said what it is"
    for page in lay_out(project.root, [], "anna").pages:
        if page["place"] in {"foreign", "waiting", "unreadable"}:
            counter_for(project).take([reply(str(page["name"]), "discarded", reason="ein Brief")])
    assert set(verbs.ledger(project)["place"]) <= {
        "read",
        "duplicate",
        "superseded",
        "blank back",
        "discarded",
    }
    told = CliRunner().invoke(main, waiting)
    assert told.exit_code == 0, told.output
    found = verbs.results(project, NAME)
    assert not set(found.outcomes["outcome"]) & {"doubtful", "unreadable"}
    hours = found.estimates.set_index("key").loc["hours_wished=mean@all"]
    assert hours["base"] == settled["digits"]
    assert verbs.report(project, NAME).first.stat().st_size > 100_000
    assert not verbs.verify_decisions(project).breaks


@pytest.mark.long
def test_every_mark_of_a_blind_check_has_its_strip(tmp_path: Path) -> None:
    """They are certain marks, of which no strip was cut while reading: it is cut when it is asked for."""
    project = copy_schema(tmp_path)
    batch = "2012-07-24/norderstedt-1.pdf"
    (project.scans / NAME / batch).parent.mkdir(parents=True)
    shutil.copy(REPOSITORY / "scans" / NAME / batch, project.scans / NAME / batch)
    verbs.ingest(project, project.scans)
    drawn = verbs.draw_audit(project, NAME, 40, 0.5, 1)
    desk, helper = lay_out(project.root, [], "anna"), Helper()
    pictures = Pictures(project.root, helper, desk.shard_of)
    assert len(desk.blinded) == drawn.size
    for name in desk.blinded:
        task = desk.tasks[name]
        strip = cv2.imdecode(np.frombuffer(pictures.strip(task.page_digest, task.strip), np.uint8), 0)
        assert strip is not None
        assert strip.std() > 5  # paper with print on it
    helper.close()


def reply(task: str, verb: str, **more: object) -> dict[str, object]:
    return {"id": str(uuid.uuid4()), "task": task, "verb": verb, **more}


def counter_for(project: verbs.Project) -> Counter:
    return Counter(project.decisions, lay_out(project.root, [], "anna"), "anna")


def settle_everything(project: verbs.Project) -> dict[str, int]:
    """Answer every task of the desk by the truth, and say of one foreign page that it is a page of a case."""
    marks = verbs.results(project, NAME).marks
    known = marks.merge(truth_of_shipped("boxes").assign(scan=lambda one: NAME + "/" + one["scan"]),
                        on=["scan", "page", "box"], suffixes=("", "_true"))  # fmt: skip
    truth = {(row.page_digest, row.box): row for row in known.itertuples(index=False)}
    counter, settled = counter_for(project), dict.fromkeys(("ask", "digits", "text"), 0)
    for view in ("ask", "read"):
        for task in map(counter.desk.tasks.__getitem__, counter.open_tasks(view)):
            rows = [truth[task.page_digest, box.box] for box in task.boxes]
            if view == "ask":
                meant = [at for at, row in enumerate(rows) if row.intended == "1" and "lost" not in row.note]
                said = reply(task.name, "options", picked=meant)
            else:
                said = reply(task.name, "typed", text="".join(row.written for row in rows))
            assert counter.take([said])[1] == {}
            settled["ask" if view == "ask" else task.kind] += bool(view == "ask" or said["text"])
    odd = next(page for page in counter.desk.pages if page["place"] == "foreign")
    serial = known["case"].iloc[0]
    assert counter.take([reply(str(odd["name"]), "placed", number=3, text=f"{NAME} {serial}")])[1] == {}
    return settled
