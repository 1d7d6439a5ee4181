"""Claims about runs that are cut off: killed, out of disk, two at once; nothing is lost, and nothing is left halved."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from correcting import SERIALS, copy_of, from_nothing, make_project, put, replace_in, sheet
from paper import grey_pdf
from test_corrections import exported

from survey import files
from survey.cli import main
from survey.errors import BusyError, CannotWriteError
from survey.files import project_lock
from survey.project import Project, ingest, ledger, report

KILLS = 30


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("made")).root


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Project:
    return copy_of(made, tmp_path / "own")


def correct(project: Project) -> None:
    """A correction that reads, measures, decides and codes anew."""
    replace_in(project.schemas / "mini.boxes.csv", "work.1,1,25.0,67.0", "work.1,1,25.2,67.0")
    replace_in(project.schema_path("mini"), "type: single", "type: multiple")
    for number, serial in enumerate(SERIALS[4:6]):
        pages = sheet(project.questionnaire("mini"), serial, ["wish.b", "mood_job.4"])
        put(project.scans / "2012-08-01" / f"late{number}.pdf", grey_pdf(pages, 150))


def tables(project: Project) -> dict[str, bytes]:
    return {**exported(project), "ledger": ledger(project).to_csv(index=False).encode()}


def command(project: Project, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "survey.cli", "--project", str(project.root), *arguments]


def kill_after(line: list[str], seconds: float) -> bool:
    """Start a command and kill it; tells whether it was still at work."""
    started = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    was_at_work = started.poll() is None
    started.send_signal(signal.SIGKILL)
    started.wait()
    return was_at_work


def seconds_of(line: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(line, check=True, capture_output=True)
    return time.perf_counter() - start


@pytest.mark.long
def test_30_kills_of_ingest_end_in_the_same_tables(project: Project, tmp_path: Path) -> None:
    correct(project)
    wanted = tables(from_nothing(project, tmp_path / "anew"))
    timed = copy_of(project.root, tmp_path / "timed")
    whole = seconds_of(command(timed, "ingest", str(timed.scans), "--jobs", "1"))
    rng = random.Random(7)
    kept = 0
    for number in range(KILLS):
        own = copy_of(project.root, tmp_path / f"killed{number}")
        line = command(own, "ingest", str(own.scans), "--jobs", "1")
        kill_after(line, rng.uniform(0.4, whole))
        done = subprocess.run(line, check=True, capture_output=True, text=True)
        kept += "the run before was cut off" in done.stderr
        assert tables(own) == wanted
        assert not own.decisions.verify().breaks
        shutil.rmtree(own.root)
    assert kept > 0, "no kill fell between two batches"


@pytest.mark.long
def test_30_kills_of_report_end_in_the_same_files(made: Path, project: Project, tmp_path: Path) -> None:
    first = report(project, "mini")
    wanted = {
        path.relative_to(project.root): path.read_bytes() for one in first.files.values() for path in one
    }
    whole = seconds_of(command(copy_of(made, tmp_path / "timed"), "report"))
    rng = random.Random(8)
    for number in range(KILLS):
        own = copy_of(made, tmp_path / f"killed{number}")
        kill_after(command(own, "report"), rng.uniform(0.4, whole))
        for path, data in wanted.items():
            assert not (own.root / path).exists() or (own.root / path).read_bytes() == data, path
        written = report(own, "mini")
        again = {
            path.relative_to(own.root): path.read_bytes() for one in written.files.values() for path in one
        }
        assert again == wanted
        shutil.rmtree(own.root)


def failing_at(number: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Let the n-th file that is written whole find the disk full; returns a count of those that were tried."""
    tried = 0
    whole = os.fsync

    def full(descriptor: int) -> None:
        nonlocal tried
        tried += 1
        if tried >= number:
            raise OSError(errno.ENOSPC, "No space left on device")
        whole(descriptor)

    monkeypatch.setattr(files.os, "fsync", full)
    return lambda: tried


def test_a_full_disk_leaves_what_was_before_or_what_comes_after(project: Project, tmp_path: Path) -> None:
    correct(project)
    wanted = tables(from_nothing(project, tmp_path / "anew"))
    for number in (1, 2, 4, 7, 11, 16):
        own = copy_of(project.root, tmp_path / f"full{number}")
        with pytest.MonkeyPatch.context() as patch:
            tried = failing_at(number, patch)
            with pytest.raises(CannotWriteError, match="No space left on device"):
                ingest(own, own.scans, jobs=1)
            assert tried() == number
        assert not [
            path for path in own.root.rglob(".*.*") if path.is_file() and path.parent.name != ".survey"
        ]
        ingest(own, own.scans, jobs=1)
        assert tables(own) == wanted


def test_two_runs_at_once_do_not_meet(project: Project) -> None:
    correct(project)
    with project_lock(project.root), pytest.raises(BusyError) as caught:
        ingest(project, project.scans, jobs=1)
    assert caught.value.exit_code == 5
    ingest(project, project.scans, jobs=1)


def test_a_run_that_was_interrupted_is_said_to_have_been(project: Project) -> None:
    correct(project)

    def stop(done: int, _: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(project, project.scans, jobs=1, on_pages=stop)
    line = ["--project", str(project.root), "ingest", str(project.scans), "--jobs", "1"]
    assert "the run before was cut off: " in CliRunner().invoke(main, line).stderr
    assert "cut off" not in CliRunner().invoke(main, line).stderr
