"""Claims about what is due of a page after a change: read, measured as it lies, renamed, or nothing at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
from correcting import SERIALS, Counted, copy_of, from_nothing, make_project, replace_in, sheet, stored
from paper import grey_pdf

from survey.project import Project, draw, ingest, ledger, plan_ingest
from survey.questionnaire.printed_code import make_serial
from survey.reading import measure, network
from survey.store import Cache


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("made")).root


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Project:
    return copy_of(made, tmp_path / "own")


def steps(project: Project) -> list[str]:
    return [str(step) for step in plan_ingest(project, project.scans).steps()]


def run_and_compare(project: Project, tmp_path: Path) -> None:
    """Run, and hold the cache against one that is made from nothing."""
    ingest(project, project.scans, jobs=1)
    assert steps(project) == []
    other = from_nothing(project, tmp_path / "anew")
    for mine, theirs in zip(stored(project.cache), stored(other.cache), strict=True):
        pd.testing.assert_frame_equal(mine, theirs, check_exact=True)
    assert pictured(project.cache) == pictured(other.cache)


def pictured(cache: Cache) -> dict[str, bytes]:
    """The crops of every page that has some, by its digest."""
    found: dict[str, bytes] = {}
    for shard in set(cache.files()["shard"]):
        digests = cache.pages([shard])["page_digest"]
        found |= {one: crops.tobytes() for one, crops in cache.pictures(shard, "crops", digests).items()}
    assert found
    return found


def test_files_copied_with_other_times_are_known_and_lose_no_picture(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "moved", copy_function=shutil.copyfile)
    moved = Project(tmp_path / "moved")
    assert ingest(moved, moved.scans, jobs=1).pages_read == 0
    assert pictured(moved.cache) == pictured(Project(made).cache)


def test_a_box_that_is_moved_and_moved_back_loses_no_picture(project: Project) -> None:
    before = pictured(project.cache)
    for old, new in (("25.0", "25.2"), ("25.2", "25.0"), ("25.0", "25.2"), ("25.2", "25.0")):
        replace_in(project.schemas / "mini.boxes.csv", f"work.1,1,{old},67.0", f"work.1,1,{new},67.0")
        ingest(project, project.scans, jobs=1)
        assert pictured(project.cache).keys() == before.keys()
    assert pictured(project.cache) == before


def test_a_moved_box_measures_its_page_as_it_lies_and_no_other(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_in(project.schemas / "mini.boxes.csv", "work.1,1,25.0,67.0", "work.1,1,25.2,67.0")
    assert steps(project) == [
        "measure again 4 pages: boxes of page 1 of mini: work.1 has moved by +0.2 and +0 mm"
    ]
    count = Counted(monkeypatch)
    ingest(project, project.scans, jobs=1)
    assert (count.opened, count.laid) == (4, 0)
    run_and_compare(project, tmp_path)


def test_a_forgotten_box_is_measured_and_the_page_is_not_laid_anew(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_in(
        project.schema_path("mini"),
        "{code: 3}, {code: 4}]\n      - id: wish",
        "{code: 3}, {code: 4}, {code: 5}]\n      - id: wish",
    )
    boxes = project.schemas / "mini.boxes.csv"
    boxes.write_text(
        boxes.read_text(encoding="utf-8") + "work.5,1,25.0,95.0,4.0,4.0,work,5\n", encoding="utf-8"
    )
    assert steps(project) == ["measure again 4 pages: boxes of page 1 of mini: work.5 is new"]
    count = Counted(monkeypatch)
    run_and_compare(project, tmp_path)
    assert count.laid == 8  # by the run from nothing


def test_renamed_boxes_open_no_image(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes = project.schemas / "mini.boxes.csv"
    text = boxes.read_text(encoding="utf-8")
    boxes.write_text(text.replace("work.", "job.").replace(",work,", ",job,"), encoding="utf-8")
    replace_in(project.schema_path("mini"), "id: work", "id: job")
    assert steps(project) == [
        "rename the boxes of 4 pages: boxes of page 1 of mini have other names: work.1 is job.1 now, "
        "work.2 is job.2 now, work.3 is job.3 now and 1 more"
    ]
    count = Counted(monkeypatch)
    ingest(project, project.scans, jobs=1)
    assert count.opened == 0
    run_and_compare(project, tmp_path)


def test_more_serials_touch_only_pages_whose_serial_is_unknown(project: Project, tmp_path: Path) -> None:
    new = make_serial("S", 77)
    questionnaire = project.questionnaire("mini")
    late = sheet(questionnaire, new, ["work.2"])
    (project.scans / "late.pdf").write_bytes(grey_pdf(late, 150))
    ingest(project, project.scans, jobs=1)
    table = ledger(project)
    assert set(table.loc[table["scan"] == "late.pdf", "place"]) == {"waiting"}
    cases = project.schemas / "mini.cases.csv"
    cases.write_text(cases.read_text(encoding="utf-8") + f"{new},North\n", encoding="utf-8")
    assert steps(project) == [
        "read 2 pages: other serials of mini were issued, and its own could not be read"
    ]
    run_and_compare(project, tmp_path)
    table = ledger(project)
    assert set(table.loc[table["scan"] == "late.pdf", "case"]) == {new}


def test_a_serial_that_is_issued_no_more_makes_its_pages_due(project: Project) -> None:
    replace_in(project.schemas / "mini.cases.csv", f"{SERIALS[1]},North\n", "")
    assert steps(project) == ["read 2 pages: its serial is not among the issued ones of mini any more"]


def test_a_new_wave_leaves_pages_with_codes_of_ours_alone(project: Project) -> None:
    for path in sorted(project.schemas.glob("mini.*")):
        data = path.read_bytes()
        if path.suffix == ".yaml":
            data = data.replace(b"questionnaire: mini\ncode: MINI", b"questionnaire: mini2\ncode: MIN2")
        path.with_name(path.name.replace("mini", "mini2")).write_bytes(data)
    (project.schemas / "mini2.cases.csv").unlink()
    plan = plan_ingest(project, project.scans)
    assert plan.steps() == []
    assert len(plan.adopted) == 2
    ingest(project, project.scans, jobs=1)
    assert not plan_ingest(project, project.scans).adopted


def test_new_weights_and_a_raised_step_measure_pages_as_they_lie(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(network, "weights_digest", lambda: "others")
        assert set(steps(project)) == {"measure again 8 pages: the network has other weights"}
    version = measure.VERSION
    monkeypatch.setattr(measure, "VERSION", version + 1)
    assert steps(project) == [
        f"measure again 8 pages: the step measure has version {version + 1}, it was {version}"
    ]


def test_a_cache_of_an_older_program_is_read_again(project: Project) -> None:
    for path in (project.root / ".survey" / "recognitions").glob("*"):
        path.unlink()
    replace_in(project.schemas / "mini.cases.csv", f"{SERIALS[5]},South\n", "")
    assert steps(project) == ["read 8 pages: an older program kept its reading"]


def test_a_file_that_was_changed_behind_its_size_and_time_is_found_by_verify(project: Project) -> None:
    path = project.scans / "2012-07-17" / "a.pdf"
    before, times = path.read_bytes(), path.stat()
    sheets = [
        page for serial in SERIALS[:2] for page in sheet(project.questionnaire("mini"), serial, ["work.2"])
    ]
    other = grey_pdf(sheets, 150)
    path.write_bytes(other + bytes(max(0, len(before) - len(other))))
    if len(other) > len(before):
        pytest.skip("the other file is larger")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert steps(project) == []
    assert ingest(project, project.scans, jobs=1).pages_read == 0
    done = ingest(project, project.scans, jobs=1, verify=True)
    assert (done.pages_read, done.pages_reused) == (4, 4)


def test_verify_opens_no_image_where_all_is_as_it_was(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = Counted(monkeypatch)
    done = ingest(project, project.scans, jobs=1, verify=True)
    assert (done.pages_read, done.pages_reused, count.opened) == (0, 8, 0)


def test_a_moved_box_is_drawn_where_it_lay_before(project: Project, tmp_path: Path) -> None:
    scan = project.scans / "2012-07-17" / "a.pdf"
    same = [path.read_bytes() for path in draw(project, "mini", tmp_path / "same", scan)]
    replace_in(project.schemas / "mini.boxes.csv", "work.1,1,25.0,67.0", "work.1,1,27.0,65.5")
    moved = [path.read_bytes() for path in draw(project, "mini", tmp_path / "moved", scan)]
    assert [one == other for one, other in zip(same, moved, strict=True)] == [False, True, False, True]
