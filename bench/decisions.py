"""Reviewers who decide at once -> how long each decision waits, on SQLite and on PostgreSQL; and that none is lost."""

from __future__ import annotations

import json
import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
import uuid
from contextlib import ExitStack
from http.cookiejar import CookieJar
from multiprocessing.pool import Pool, ThreadPool
from pathlib import Path
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from browser import Server, serving
from desk import make_desk_project

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


def answer(server: Server, barrier: threading.Barrier) -> tuple[list[str], list[float]]:
    """Answer EACH items of a review page as fast as it takes them; returns what `review` returns."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    browser.open(server.link).read()
    tasks = json.loads(browser.open(f"{server.address}/api/queue/ask").read())["tasks"][:EACH]
    ids, waits = [], []
    barrier.wait()
    for task in tasks:
        reply = {"id": str(uuid.uuid4()), "task": task["name"], "verb": "options", "picked": [0]}
        headers = {"Content-Type": "application/json", "Origin": server.address}
        request = Request(f"{server.address}/api/replies", json.dumps([reply]).encode(), headers)
        start = time.perf_counter()
        kept = json.loads(browser.open(request).read())["kept"]
        waits.append(time.perf_counter() - start)
        ids += [f"{name}.0" for name in kept]
    return ids, waits


def measure_pages(folder: Path, url: str) -> Figures:
    """Let REVIEWERS review pages, a server each, answer at once; a decision here is an item, three rows."""
    make_desk_project(folder, EACH)
    with ExitStack() as stack, ThreadPool(REVIEWERS) as pool:
        people = [f"reviewer {number}" for number in range(REVIEWERS)]
        servers = [stack.enter_context(serving(folder, by=person, url=url)) for person in people]
        barrier = threading.Barrier(REVIEWERS)
        done = pool.starmap(answer, [(server, barrier) for server in servers], 1)
    return figures_of(Decisions(folder, url), done)


def measure(store: Decisions, pool: Pool, barrier: threading.Barrier) -> Figures:
    """Let a pool of REVIEWERS decide; returns figures."""
    done = pool.starmap(review, [(store, f"reviewer {number}", barrier) for number in range(REVIEWERS)], 1)
    return figures_of(store, done)


def figures_of(store: Decisions, done: list[tuple[list[str], list[float]]]) -> Figures:
    """Compare what was acknowledged with what is there; waits in milliseconds."""
    waits = sorted(wait for _, mine in done for wait in mine)
    acknowledged = {name for ids, _ in done for name in ids}
    figures = {
        "decisions": REVIEWERS * EACH,
        "acknowledged": len(acknowledged),
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
    ways = {"threads": measure_threads, "processes": measure_processes, "pages": measure_pages}
    for how, measured in ways.items():
        with tempfile.TemporaryDirectory() as folder:
            figures[f"sqlite, {how}"] = measured(Path(folder), "")
        if not find_program("initdb"):
            print(ABSENT)
            continue
        with running() as url, tempfile.TemporaryDirectory() as empty:
            figures[f"postgresql, {how}"] = measured(Path(empty), url)
    for name, found in figures.items():
        print(name, found)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
