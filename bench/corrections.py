"""Corrections to a project of 600 cases of 6 pages: wall and CPU seconds of each, as whole commands and as verbs.

`python -m bench.corrections [PROJECT]` works on a copy of a project that was read; without a name on build/full, which
is made if it is not there. Figures go to bench/results/corrections.json. `--cases 100000` takes the readings of that
project so many times that there are as many cases, and times those corrections that open no image, once; figures go to
bench/results/corrections-100000.json.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

from bench.full import main as make_full
from bench.multiplied import multiply
from survey import project as verbs

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "corrections.json"
NAME = "segeberg-2012"
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Of commands: Python keeps what it compiled, as it does where it is not told otherwise."""
RUNS = 3
KB_A_GB = 1e6
Seconds = dict[str, float]


def main() -> None:
    """Make each correction in a copy, and time it."""
    parser = argparse.ArgumentParser(description="time corrections")
    parser.add_argument("project", nargs="?", type=Path, default=ROOT / "build" / "full")
    parser.add_argument("--cases", type=int, default=0)
    given = parser.parse_args()
    if not given.project.exists():
        make_full()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        figures = (
            correct_many(given.project, root, given.cases) if given.cases else correct(given.project, root)
        )
    for name, row in figures.items():
        print(f"{name:40}" + "".join(f"{value:9.2f} {what}" for what, value in row.items()))
    results = RESULTS.with_stem(f"{RESULTS.stem}-{given.cases}") if given.cases else RESULTS
    results.write_text(json.dumps(figures, indent=2) + "\n")


def correct_many(given: Path, root: Path, cases: int) -> dict[str, Seconds]:
    """Time each correction that opens no image in a project that has a given one's readings many times."""
    returned = len(verbs.results(verbs.find_project(given), NAME).cases)
    start = time.perf_counter()
    root.mkdir()
    times = -(-cases // returned)
    maker = get_context("spawn").Process(target=multiply, args=(given, root, NAME, times))
    maker.start()  # apart: the memory a process had once is counted with each that it starts
    maker.join()
    print(f"made in {time.perf_counter() - start:.0f} s", flush=True)
    figures = {}
    for name, change in CORRECTIONS.items():
        if name not in PLACES:
            texts = {path: path.read_bytes() for path in (root / "schemas").glob(f"{NAME}.*")}
            change(root)
            figures[name] = run(root, "diff")
            print(name, figures[name], flush=True)
            for path, text in texts.items():
                path.write_bytes(text)
    return figures


def correct(given: Path, root: Path) -> dict[str, Seconds]:
    """Time each correction in a copy of a project."""
    figures: dict[str, Seconds] = {}
    shutil.copytree(given, root, copy_function=shutil.copy2, symlinks=True)
    run(root, "ingest", "scans/")
    run(root, "status")  # loads what a first command has to load
    figures["nothing changed"] = run(root, "ingest", "scans/")
    for name, change in CORRECTIONS.items():
        texts = {path: path.read_bytes() for path in (root / "schemas").glob(f"{NAME}.*")}
        change(root)
        if name in PLACES:
            figures[name] = run(root, "ingest", "scans/", "--jobs", "1")
        else:
            figures[name] = median_of(root, lambda: run(root, "diff"))
            figures[f"{name}, as a verb"] = median_of(root, lambda: as_verb(root))
        for path, text in texts.items():
            path.write_bytes(text)
        run(root, "ingest", "scans/")
    return figures


def median_of(root: Path, measure: Callable[[], Seconds]) -> Seconds:
    """Measure several times, from the same start; the run of the median wall time."""
    before, found = kept(root), []
    for _ in range(RUNS):
        found.append(measure())
        for path in kept(root) - before:  # so that it is made once more
            path.unlink()
    return sorted(found, key=lambda one: one["wall"])[RUNS // 2]


def run(root: Path, *arguments: str) -> Seconds:
    """Run a command of survey in a process of its own; seconds, and the memory it took at the most, GB."""
    start = time.perf_counter()
    command = subprocess.Popen(
        [sys.executable, "-m", "survey.cli", *arguments],
        cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT,
    )  # fmt: skip
    _, status, used = os.wait4(command.pid, 0)
    wall = time.perf_counter() - start
    assert status == 0, arguments
    cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / KB_A_GB
    return {"wall": round(wall, 2), "cpu": round(cpu, 2), "GB": round(memory, 2)}


def as_verb(root: Path) -> Seconds:
    """Make tidy table and estimates and compare, as a notebook would, where the libraries are loaded."""
    project = verbs.find_project(root)
    start, cpu = time.perf_counter(), time.process_time()
    found = verbs.results(project, NAME)
    assert len(found.responses)
    assert len(found.numbers)
    verbs.diff(project, NAME)
    return {"wall": round(time.perf_counter() - start, 2), "cpu": round(time.process_time() - cpu, 2)}


def kept(root: Path) -> set[Path]:
    """Tables that are kept of earlier commands."""
    return set((root / ".survey" / "stages").glob("*.arrows"))


def _replace(root: Path, ending: str, *pairs: tuple[str, str]) -> None:
    path = root / "schemas" / f"{NAME}{ending}"
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def _swap(root: Path) -> None:
    """Swap the first two codes of the first item, by their boxes."""
    path = root / "schemas" / f"{NAME}.boxes.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    for at, code in ((1, "2"), (2, "1")):
        lines[at] = ",".join([*lines[at].split(",")[:-1], code])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _move(root: Path) -> None:
    path = root / "schemas" / f"{NAME}.boxes.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    parts = lines[1].split(",")
    parts[2] = f"{float(parts[2]) + 0.2:.3f}"
    lines[1] = ",".join(parts)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


CORRECTIONS: dict[str, Callable[[Path], None]] = {
    "a label": lambda root: _replace(root, ".yaml", ("immer bei mir", "immer bei mir zu Hause")),
    "two codes swapped": _swap,
    "a threshold": lambda root: _replace(
        root, ".yaml", ("reading:", "reading:\n  thresholds: {empty_below: 0.2}")
    ),
    "one mark to several": lambda root: _replace(root, ".yaml", ("type: single", "type: multiple")),
    "a moved box": _move,
}
PLACES = {"a moved box"}


if __name__ == "__main__":
    main()
