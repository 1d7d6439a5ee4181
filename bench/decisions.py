"""Reviewers who decide at once -> how long each decision waits, on SQLite and on PostgreSQL; and that none is lost."""

from __future__ import annotations

import json
import multiprocessing
import statistics
import tempfile
import threading
import time
from multiprocessing.pool import Pool, ThreadPool
from pathlib import Path

import pandas as pd

from bench.postgres import ABSENT, find_program, running
from survey.store import Decisions

RESULTS = Path(__file__).parent / "results" / "decisions.json"
REVIEWERS, EACH = 4, 200
Figures = dict[str, float | int | bool]


def review(store: Decisions, person: str, barrier: threading.Barrier) -> tuple[list[str], list[float]]:
    """Decide EACH times as fast as the store takes it; returns the acknowledged ids and the waits in seconds."""
    ids, waits = [], []
    with store.opened():
        store.adjudications()
        barrier.wait()
        for number in range(EACH):
            row = {
                "decided_by": person,
                "page_digest": "d",
                "box": f"b{number}",
                "item": "i",
                "state": "marked",
            }
            start = time.perf_counter()
            ids += store.add(pd.DataFrame([{**row, "value": "a few words", "reason": ""}])).ids
            waits.append(time.perf_counter() - start)
    return ids, waits


def measure_threads(folder: Path, url: str) -> Figures:
    """Let REVIEWERS threads of one process decide at once, as one review page serves them."""
    store = Decisions(folder, url)
    with ThreadPool(REVIEWERS) as pool:
        return measure(store, pool, threading.Barrier(REVIEWERS))


def measure_processes(folder: Path, url: str) -> Figures:
    """Let REVIEWERS processes decide at once, as a review page each serves them."""
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(REVIEWERS) as pool:
        return measure(Decisions(folder, url), pool, manager.Barrier(REVIEWERS))


def measure(store: Decisions, pool: Pool, barrier: threading.Barrier) -> Figures:
    """Let a pool of REVIEWERS decide; returns figures, waits in milliseconds."""
    done = pool.starmap(review, [(store, f"reviewer {number}", barrier) for number in range(REVIEWERS)], 1)
    waits = sorted(wait for _, mine in done for wait in mine)
    acknowledged = {name for ids, _ in done for name in ids}
    figures = {
        "decisions": REVIEWERS * EACH,
        "lost": len(acknowledged - set(store.adjudications()["id"])),
        "chain_holds": not store.verify().breaks,
        "median_ms": round(1000 * statistics.median(waits), 1),
        "99_percent_ms": round(1000 * waits[int(0.99 * len(waits))], 1),
        "longest_ms": round(1000 * waits[-1], 1),
    }
    if store.url:
        store.database.close()
    return figures


def main() -> None:
    """Measure both databases, print and store the figures."""
    figures: dict[str, Figures] = {}
    for how, measured in (("threads", measure_threads), ("processes", measure_processes)):
        with tempfile.TemporaryDirectory() as folder:
            figures[f"sqlite, {how}"] = measured(Path(folder), "")
        if not find_program("initdb"):
            print(ABSENT)
            continue
        with running() as url:
            figures[f"postgresql, {how}"] = measured(Path(), url)
    for name, found in figures.items():
        print(name, found)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
