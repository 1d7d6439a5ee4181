"""Claims about a run of ingest: what was read is not read again, what changed is, and one bad file harms no other."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pandas as pd
import pikepdf
import pytest
from click.testing import CliRunner
from paper import Grey, affine, blank_page, cross, g4_pdf, grey_pdf, handle, print_code, write_questionnaire

from survey.cli import main
from survey.due import recognition_of
from survey.errors import NothingReadError, UsageError
from survey.project import Ingested, Project, enter_mailing, ingest, ledger, page_rows, plan_ingest, results
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.printed_code import PrintedCode, make_serial
from survey.reading import damaged, identify, measure, network, register, scan
from survey.reading import read as read_step
from survey.simulate.printing import foreign_page
from survey.store import ADJUDICATIONS

A, B, C = (make_serial("S", number) for number in (1, 2, 3))
DPI = 150
Batches = dict[str, bytes]


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    return write_questionnaire(tmp_path_factory.mktemp("coded") / "schemas", code="MINI", issued=9)


def sheet(coded: Questionnaire, serial: str, marks: list[str]) -> list[Grey]:
    """Both pages of a case, scanned."""
    pages = []
    for page in (1, 2):
        here = set(coded.boxes.loc[coded.boxes["page"] == page, "box"])
        grey = cross(blank_page(coded, page, DPI), coded, [box for box in marks if box in here], DPI)
        pages.append(print_code(grey, PrintedCode(serial, "MINI", 1, page).text, DPI, x_mm=90, y_mm=10))
    return pages


@pytest.fixture(scope="module")
def batches(coded: Questionnaire) -> Batches:
    one, two = sheet(coded, A, ["work.1", "mood_job.2"]), sheet(coded, B, ["work.3", "wish.a", "wish.b"])
    return {"ab.pdf": grey_pdf([*one, *two], DPI), "c.pdf": g4_pdf(sheet(coded, C, ["work.4"]), DPI)}


@pytest.fixture
def project(coded: Questionnaire, batches: Batches, tmp_path: Path) -> Project:
    """A project with two batches, not yet read."""
    shutil.copytree(coded.path.parent, tmp_path / "schemas")
    for name, data in batches.items():
        put(tmp_path / "scans" / "2012-07-17" / name, data)
    return Project(tmp_path)


@pytest.fixture(scope="module")
def read_once(coded: Questionnaire, batches: Batches, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("read")
    shutil.copytree(coded.path.parent, root / "schemas")
    for name, data in batches.items():
        put(root / "scans" / "2012-07-17" / name, data)
    run(Project(root))
    return root


@pytest.fixture
def read(read_once: Path, tmp_path: Path) -> Project:
    """The same project after its first ingest."""
    shutil.copytree(read_once, tmp_path, dirs_exist_ok=True, copy_function=shutil.copy2)
    return Project(tmp_path)


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def run(project: Project, folder: str = "scans") -> Ingested:
    return ingest(project, project.root / folder, jobs=1)


def places(project: Project) -> dict[tuple[str, int], str]:
    table = ledger(project)
    return dict(zip(zip(table["scan"], table["page"], strict=True), table["place"], strict=True))


def answers(project: Project) -> dict[tuple[str, str], str]:
    table = results(project, "mini").outcomes
    table = table[table["outcome"] == "answered"]
    return dict(zip(zip(table["case"], table["item"], strict=True), table["codes"], strict=True))


ANSWERS = {
    (A, "work"): "1",
    (A, "mood_job"): "2",
    (B, "work"): "3",
    (B, "wish"): "a b",
    (C, "work"): "4",
}


def test_paper_becomes_answers(project: Project) -> None:
    done = run(project)
    assert (done.pages_read, done.pages_reused) == (6, 0)
    assert set(places(project).values()) == {"read"}
    assert answers(project) == ANSWERS
    cases = results(project, "mini").cases
    assert cases["case"].tolist() == [A, B, C]
    assert cases["stratum"].tolist() == ["North", "North", "South"]
    assert set(cases["received"]) == {"2012-07-17"}
    assert set(cases["pages_missing"]) == {""}


def test_a_second_command_says_the_same_without_drawing_up_the_ledger(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["--project", str(project.root), "ingest", str(project.root / "scans"), "--jobs", "1"]
    first = CliRunner().invoke(main, arguments)
    monkeypatch.setattr("survey.project.ingest", None)
    second = CliRunner().invoke(main, arguments)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "nothing new" in second.stderr
    assert second.stdout == first.stdout


def test_a_second_run_reads_nothing(read: Project) -> None:
    before = {
        path: path.stat().st_mtime_ns for path in (read.root / ".survey").rglob("*") if path.name != "lock"
    }
    done = run(read)
    assert (done.pages_read, done.pages_reused) == (0, 0)
    assert not done.plan.stale
    after = {
        path: path.stat().st_mtime_ns for path in (read.root / ".survey").rglob("*") if path.name != "lock"
    }
    assert after == before


def test_a_dry_run_says_what_and_why_and_writes_nothing(project: Project) -> None:
    plan = plan_ingest(project, project.scans)
    assert {batch.scan: why for batch, why in plan.stale.items()} == {
        "2012-07-17/ab.pdf": "new",
        "2012-07-17/c.pdf": "new",
    }
    assert not (project.root / ".survey").exists()


def test_a_changed_file_is_read_again_and_only_its_new_pages(read: Project, coded: Questionnaire) -> None:
    path = read.scans / "2012-07-17" / "c.pdf"
    put(path, g4_pdf(sheet(coded, C, ["work.4", "mood_town.3"]), DPI))
    plan = plan_ingest(read, read.scans)
    assert {batch.scan: why for batch, why in plan.stale.items()} == {
        "2012-07-17/c.pdf": "the file has changed"
    }
    done = run(read)
    assert (done.pages_read, done.pages_reused) == (1, 1)
    assert answers(read) == {**ANSWERS, (C, "mood_town"): "3"}


def test_splitting_a_pdf_reads_nothing_again(read: Project) -> None:
    whole = read.scans / "2012-07-17" / "ab.pdf"
    with pikepdf.open(whole) as document:
        for name, pages in {"a.pdf": document.pages[:2], "b.pdf": document.pages[2:]}.items():
            with pikepdf.new() as part:
                part.pages.extend(pages)
                part.save(whole.with_name(name))
    whole.unlink()
    done = run(read)
    assert (done.pages_read, done.pages_reused) == (0, 4)
    assert done.plan.gone == ("2012-07-17/ab.pdf",)
    assert answers(read) == ANSWERS


def test_a_moved_file_is_not_read_again_but_gets_its_new_folders_date(read: Project) -> None:
    new = read.scans / "2012-07-20" / "c.pdf"
    new.parent.mkdir()
    shutil.move(read.scans / "2012-07-17" / "c.pdf", new)
    done = run(read)
    assert (done.pages_read, done.pages_reused) == (0, 2)
    received = results(read, "mini").cases.set_index("case")["received"]
    assert received[C] == "2012-07-20"


def test_pages_taken_from_the_cache_keep_their_pictures(read: Project) -> None:
    (read.scans / "2012-07-17" / "c.pdf").rename(read.scans / "2012-07-17" / "d.pdf")
    run(read)
    kept: set[str] = set()
    for path in (read.root / ".survey" / "shards").glob("*.pictures.npz"):
        with np.load(path) as pictures:
            kept |= set(pictures.files)
    digests = set(ledger(read)["page_digest"])
    assert kept == {f"{name}.{kind}" for name in digests for kind in ("crops", "corners", "laid")}


def test_a_scan_that_is_gone_counts_no_more(read: Project) -> None:
    (read.scans / "2012-07-17" / "c.pdf").unlink()
    done = run(read)
    assert done.plan.gone == ("2012-07-17/c.pdf",)
    assert {scan for scan, _ in places(read)} == {"2012-07-17/ab.pdf"}
    assert C not in {case for case, _ in answers(read)}


def test_one_folders_run_forgets_no_other_folders_scans(read: Project, batches: Batches) -> None:
    """A folder's name may begin another's: box 1 and box 10."""
    for folder in ("box1", "box10"):
        put(read.scans / folder / "c.pdf", batches["c.pdf"])
    run(read)
    done = run(read, "scans/box1")
    assert done.plan.gone == ()
    assert len(places(read)) == 6 + 4


def test_scans_from_elsewhere_forget_none_in_the_project(
    read: Project, batches: Batches, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("elsewhere")
    put(outside / "late.pdf", batches["c.pdf"])
    done = ingest(read, outside, jobs=1)
    assert done.plan.gone == ()
    assert len(places(read)) == 6 + 2
    assert run(read).plan.gone == ()


def test_a_bad_file_beside_good_ones_is_a_row_with_a_reason(project: Project, batches: Batches) -> None:
    folder = project.scans / "2012-07-17"
    put(folder / "empty.pdf", b"")
    put(folder / "letter.pdf", b"Dear Sir or Madam")
    put(folder / "cut.pdf", batches["c.pdf"][:300])
    put(folder / "photo.png", b"\x89PNG\r\n\x1a\n" + bytes(50))
    run(project)
    table = ledger(project).set_index("scan")
    for name in ("empty.pdf", "letter.pdf", "cut.pdf", "photo.png"):
        row = table.loc[f"2012-07-17/{name}"]
        assert row["place"] == "unreadable"
        assert row["page"] == (1 if name == "cut.pdf" else 0)
        assert row["reason"]
        assert row["hint"]
    assert answers(project) == ANSWERS
    assert run(project).plan.stale == {}


def test_where_nothing_can_be_read_it_is_said_so(coded: Questionnaire, tmp_path: Path) -> None:
    shutil.copytree(coded.path.parent, tmp_path / "schemas")
    put(tmp_path / "scans" / "a.pdf", b"")
    with pytest.raises(
        NothingReadError, match=r"not one of 1 pages was read; a\.pdf: the file is empty"
    ) as caught:
        run(Project(tmp_path))
    assert caught.value.exit_code == 3
    assert caught.value.hint


def test_where_no_page_belongs_here_it_is_said_so(coded: Questionnaire, tmp_path: Path) -> None:
    """As where the blank that was learned shows another part of the page than the scans."""
    shutil.copytree(coded.path.parent, tmp_path / "schemas")
    letter = foreign_page((210.0, 297.0), 150, np.random.default_rng(0))
    put(tmp_path / "scans" / "a.pdf", grey_pdf([letter], DPI))
    with pytest.raises(NothingReadError, match=r"a\.pdf: no known questionnaire's print is on it") as caught:
        run(Project(tmp_path))
    assert "the same part of the page" in str(caught.value.hint)


def test_a_folder_without_scans_and_one_that_is_not_there_are_said_so(
    coded: Questionnaire, tmp_path: Path
) -> None:
    shutil.copytree(coded.path.parent, tmp_path / "schemas")
    (tmp_path / "scans").mkdir()
    with pytest.raises(NothingReadError, match="no scans"):
        run(Project(tmp_path))
    with pytest.raises(UsageError, match="is not there"):
        run(Project(tmp_path), "scns")


def test_a_projects_own_blank_is_no_return(project: Project) -> None:
    run(project, "scans")
    before = set(places(project))
    put(project.root / "reports" / "mini" / "report.pdf", (project.schemas / "mini.blank.pdf").read_bytes())
    run(project, ".")
    assert {(scan.removeprefix("scans/"), page) for scan, page in places(project)} == before


def test_a_page_of_ours_a_strangers_page_and_an_empty_back_have_their_places(
    project: Project, coded: Questionnaire, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = write_questionnaire(tmp_path_factory.mktemp("other") / "schemas", "other", seed=99)
    empty = np.full_like(blank_page(coded, 1, DPI), 250)
    put(project.scans / "mixed.pdf", grey_pdf([blank_page(other, 1, DPI), empty], DPI))
    run(project)
    found = places(project)
    assert found["mixed.pdf", 1] == "foreign"
    assert found["mixed.pdf", 2] == "blank back"


def test_the_same_page_of_a_case_with_another_answer_waits(read: Project, coded: Questionnaire) -> None:
    put(read.scans / "again.pdf", grey_pdf(sheet(coded, A, ["work.2", "mood_job.2"]), DPI))
    run(read)
    assert sorted(place for place in places(read).values() if place != "read") == ["duplicate", "waiting"]
    assert answers(read) == ANSWERS


def test_the_same_paper_scanned_again_is_a_duplicate_and_another_paper_marked_alike_waits(
    read: Project, coded: Questionnaire
) -> None:
    again = handle(
        sheet(coded, A, ["work.1"])[0], affine(DPI, turn_deg=0.6, shift_mm=(1, -1)), noise=9, seed=3
    )
    scribbled = blank_page(coded, 1, DPI)
    row = coded.boxes.set_index("box").loc["work.1"]
    left, top, side = (round(value * DPI / 25.4) for value in (row["x_mm"], row["y_mm"], row["w_mm"]))
    scribbled[top + side // 2 : top + side // 2 + 4, left - 2 : left + side + 2] = 40
    scribbled[top - 2 : top + side + 2, left + side // 2 : left + side // 2 + 4] = 40
    other = print_code(scribbled, PrintedCode(A, "MINI", 1, 1).text, DPI, x_mm=90, y_mm=10)
    put(read.scans / "again.pdf", grey_pdf([again, other], DPI))
    run(read)
    table = ledger(read).set_index(["scan", "page"])
    assert table.loc[("again.pdf", 1), "place"] == "duplicate"
    assert table.loc[("again.pdf", 2), "place"] == "waiting"
    assert "other strokes" in table.loc[("again.pdf", 2), "reason"]
    assert answers(read) == ANSWERS


def test_a_better_scan_supersedes_unless_a_person_has_looked(read: Project, coded: Questionnaire) -> None:
    first, _ = sheet(coded, make_serial("S", 4), ["work.1"])
    row = coded.boxes.set_index("box").loc["wish.c"]
    x, y = (round(row[name] * DPI / 25.4) for name in ("x_mm", "y_mm"))
    dusty = first.copy()
    for top, bottom in ((2, 22), (22, 2)):  # a cross beside the box, which looks empty
        cv2.line(dusty, (x - 26, y + top), (x - 6, y + bottom), 60, 3)
    put(read.scans / "2012-07-18" / "dusty.pdf", grey_pdf([dusty], DPI))
    put(read.scans / "2012-07-19" / "clean.pdf", grey_pdf([first], DPI))
    run(read)
    found = places(read)
    assert found["2012-07-18/dusty.pdf", 1] == "superseded"
    assert found["2012-07-19/clean.pdf", 1] == "read"
    table = ledger(read)
    digest = table.loc[table["scan"] == "2012-07-18/dusty.pdf", "page_digest"].iloc[0]
    row_of = dict.fromkeys(ADJUDICATIONS.columns, "")
    settled = {**row_of, "decided_by": "anna", "page_digest": digest, "box": "wish.c", "state": "empty"}
    read.decisions.add(ADJUDICATIONS.frame([tuple(settled.values())]))
    assert places(read)["2012-07-18/dusty.pdf", 1] == "read"
    assert places(read)["2012-07-19/clean.pdf", 1] == "duplicate"


def test_what_a_person_says_of_a_page_is_heeded_when_it_is_read_again(
    read: Project, coded: Questionnaire
) -> None:
    """A second page without its code, a stranger's other side before it, turned by a quarter: nobody knows its case."""
    lost = np.ascontiguousarray(np.rot90(cross(blank_page(coded, 2, DPI), coded, ["mood_job.3"], DPI)))
    put(read.root / "scans" / "2012-07-18" / "lost.pdf", grey_pdf([lost], DPI))
    run(read)
    before = ledger(read).set_index("scan").loc["2012-07-18/lost.pdf"]
    assert before["place"] == "waiting"
    said = {"page_digest": before["page_digest"], "box": "", "item": "", "decided_by": "anna"}
    serial = make_serial("S", 7)
    read.decisions.add(pd.DataFrame([{**said, "state": "turned", "value": "1"},
                                     {**said, "state": "placed", "value": f"mini 2 {serial}"}]))  # fmt: skip
    assert list(plan_ingest(read, read.scans).stale.values()) == ["a person said more about a page of it"]
    assert run(read).pages_read == 1
    after = ledger(read).set_index("scan").loc["2012-07-18/lost.pdf"]
    assert (after["place"], after["case"], after["questionnaire_page"]) == ("read", serial, 2)
    assert answers(read)[serial, "mood_job"] == "3"
    assert not plan_ingest(read, read.scans).stale


def test_a_page_that_was_not_read_has_a_thumbnail(read: Project) -> None:
    strange = np.full((1754, 1240), 245, np.uint8)
    for top in range(300, 1400, 60):
        strange[top : top + 12, 200 : 600 + top % 400] = 30
    put(read.scans / "strange.pdf", grey_pdf([strange, np.full_like(strange, 250)], DPI))
    run(read)
    odd = page_rows(read)
    assert odd["place"].tolist() == ["foreign", "blank back"]
    assert all((read.root / path).is_file() for path in odd["thumbnail"])
    assert all(path.endswith(".jpg") for path in odd["thumbnail"])


def test_the_account_says_what_contradicts_and_where_the_odd_pages_lie(read: Project, tmp_path: Path) -> None:
    undated = make_serial("S", 5)
    listed = put(tmp_path / "no.csv", f"serial;date\n{A};17.07.2012\n{undated};17.07.2012\n".encode())
    done = enter_mailing(read, "refused", listed, "mini")
    assert (done.added, done.contradictions) == (2, (f"{A} is recorded as refused, but has returned",))
    put(read.scans / "empty.pdf", grey_pdf([np.full((1754, 1240), 250, np.uint8)], DPI))
    run(read)
    line = ["--project", str(read.root), "status"]
    told = CliRunner().invoke(main, line).output
    assert "9 issued = 3 returned + 1 refused + 5 outstanding" in told
    assert f"look at  {A} is recorded as refused" in told
    found = json.loads(CliRunner().invoke(main, [*line, "--pages", "--json"]).output)
    account = found["accounts"][0]
    known = account["returned"] + account["undeliverable"] + account["refused"] + account["outstanding"]
    assert known == account["issued"] == 9
    assert [page["place"] for page in found["pages"]] == ["blank back"]
    assert (read.root / found["pages"][0]["thumbnail"]).is_file()


def test_a_recorded_date_dates_a_case_that_no_folder_dates(read: Project, coded: Questionnaire) -> None:
    serial = make_serial("S", 4)
    put(read.scans / "undated.pdf", grey_pdf(sheet(coded, serial, ["work.1"]), DPI))
    run(read)
    listed = put(read.root / "post.csv", f"serial,date\n{serial},2012-07-20\n{A},2012-07-21\n".encode())
    enter_mailing(read, "received", listed, "mini")
    days = results(read, "mini").cases.set_index("case")["received"]
    assert (days[serial], days[A]) == ("2012-07-20", "2012-07-17")


def test_a_page_without_boxes_that_comes_twice_is_a_duplicate(read: Project, coded: Questionnaire) -> None:
    """Nothing can be marked on it, so nothing contradicts."""
    boxes = read.schemas / "mini.boxes.csv"
    table = pd.read_csv(boxes, dtype=str)
    table[table["page"] == "1"].to_csv(boxes, index=False)
    put(read.scans / "again.pdf", grey_pdf(sheet(coded, A, []), DPI, quality=60))
    run(read)
    assert places(read)["again.pdf", 2] == "duplicate"


def test_a_lost_cache_costs_time_and_changes_nothing(read: Project) -> None:
    before = results(read, "mini")
    shutil.rmtree(read.root / ".survey")
    assert run(read).pages_read == 6
    after = results(read, "mini")
    for name in ("marks", "outcomes", "cases", "ledger"):
        pd.testing.assert_frame_equal(getattr(before, name), getattr(after, name))


def test_a_lost_shard_is_read_again_and_the_others_are_not(read: Project) -> None:
    shards = read.cache.files().set_index("scan")["shard"]
    (read.root / ".survey" / "shards" / f"{shards['2012-07-17/c.pdf']}.pages.parquet").unlink()
    plan = plan_ingest(read, read.scans)
    assert [batch.scan for batch in plan.stale] == ["2012-07-17/c.pdf"]
    assert run(read).pages_read == 2


def test_a_corrected_label_or_threshold_opens_no_image(read: Project) -> None:
    path = read.schema_path("mini")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("title: Arbeit", "title: Beruf").replace(
            "  revocation: false", "  thresholds: {empty_below: 0.2}"
        ),
        encoding="utf-8",
    )
    assert read.questionnaire("mini").schema.reading.thresholds.empty_below == 0.2
    assert plan_ingest(read, read.scans).stale == {}


def test_a_moved_box_is_measured_anew(read: Project) -> None:
    boxes = read.schemas / "mini.boxes.csv"
    boxes.write_text(
        boxes.read_text(encoding="utf-8").replace("work.1,1,25.0,67.0", "work.1,1,25.0,67.2"),
        encoding="utf-8",
    )
    assert plan_ingest(read, read.scans).stale
    run(read)
    assert answers(read) == ANSWERS


def test_new_weights_make_old_measurements_stale(read: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "weights_digest", lambda: "others")
    assert len(plan_ingest(read, read.scans).stale) == 2


def test_an_interrupted_run_goes_on_where_it_stopped(project: Project) -> None:
    heard: list[int] = []

    def stop(done: int, _total: int) -> None:
        heard.append(done)
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(project, project.scans, jobs=1, on_pages=stop)
    done = run(project)
    assert done.pages_read == 2
    assert answers(project) == ANSWERS


def test_scans_are_never_written_to(project: Project) -> None:
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in project.scans.rglob("*.pdf")}
    run(project)
    results(project, "mini")
    assert {
        path: (path.stat().st_mtime_ns, path.read_bytes())
        for path in project.scans.rglob("*")
        if path.is_file()
    } == before


def test_two_workers_find_what_one_finds(read: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before = results(read, "mini").marks
    shutil.rmtree(read.root / ".survey")
    monkeypatch.setattr("survey.ingest.SERIAL_BELOW", 0)
    ingest(read, read.scans, jobs=2)
    pd.testing.assert_frame_equal(results(read, "mini").marks, before)


def test_a_touched_file_whose_pages_are_the_same_is_not_read_again(read: Project) -> None:
    path = read.scans / "2012-07-17" / "c.pdf"
    os.utime(path, ns=(1, 1))
    done = run(read)
    assert (done.pages_read, done.pages_reused) == (0, 2)


@pytest.mark.parametrize(
    "step", [scan, identify, damaged, register, measure, read_step], ids=lambda step: step.__name__
)
def test_a_reading_steps_raised_version_makes_readings_stale(
    step: ModuleType, read: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "VERSION", step.VERSION + 1)
    assert len(plan_ingest(read, read.scans).stale) == 2


@pytest.mark.parametrize("name", ["page_score", "page_margin", "page_lead", "match_fit", "match_lead"])
def test_a_threshold_that_decides_while_a_page_is_read_makes_it_stale(mini: Questionnaire, name: str) -> None:
    schema = mini.schema
    limits = schema.reading.thresholds.model_copy(update={name: 0.55})
    reading = schema.reading.model_copy(update={"thresholds": limits})
    changed = dataclasses.replace(mini, schema=schema.model_copy(update={"reading": reading}))
    assert recognition_of([changed]).key != recognition_of([mini]).key
