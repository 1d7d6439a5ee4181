"""A project -> how soon the next item is on the screen after a key, and what the review page takes of memory and disk.

`python -m bench.review PROJECT` measures a copy of a project folder that was ingested; without one, a drawn project.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser import Server, chromium, serving  # noqa: E402, the tests' own browser
from desk import make_desk_project  # noqa: E402

RESULTS = Path(__file__).parent / "results" / "review.json"
KEYS, PAUSE_MS = 120, 330  # three keys a second, as a quick person decides
DRAWN_CASES = 150
OBSERVE = """() => {
  window.seen = { event: [], strip: [] };
  new PerformanceObserver((list) => list.getEntries().forEach((one) => {
    if (one.name === "keydown") window.seen.event.push(one.duration);
  })).observe({ type: "event", durationThreshold: 16 });
  document.addEventListener("keydown", (event) => { window.pressed = event.timeStamp; }, true);
  new PerformanceObserver((list) => list.getEntries().forEach((one) => {
    window.seen.strip.push(one.renderTime - window.pressed);
  })).observe({ type: "element" });
}"""


def press(page: Any) -> dict[str, list[float]]:
    """Decide KEYS items; returns milliseconds from the key's time stamp, by three clocks of the browser.

    `step`: our own marks, to the frame's hand-over; `event`: Event Timing, to the next paint, in steps of 8 ms;
    `strip`: Element Timing, to the paint of the next item's strip.
    """
    page.evaluate(OBSERVE)
    for at in range(KEYS):
        page.keyboard.press("u" if at % 3 else "0")
        page.wait_for_timeout(PAUSE_MS)
    step = page.evaluate("performance.getEntriesByName('survey.step').map((one) => one.duration)")
    return {"step": step, **page.evaluate("window.seen")}


def memory_mb(pid: int) -> tuple[float, float]:
    """Resident memory of a process, now and at its highest (Linux)."""
    lines = (line.split(":") for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines())
    told = {name: value.split() for name, value in lines}
    return int(told["VmRSS"][0]) / 1000, int(told["VmHWM"][0]) / 1000


def use(page: Any, server: Server) -> None:
    """Open every view and the paper behind a number, as a working day would."""
    for view in ("sweep", "read", "pages", "blind", "overview", "ask"):
        page.goto(f"{server.address}/#{view}")
        page.wait_for_selector(f"body[data-view={view}]")
        page.wait_for_load_state("networkidle")


def measure(root: Path) -> dict[str, object]:
    """Open the review page of a project, decide, look at everything; returns the figures."""
    with serving(root) as server, chromium() as browser:
        begun = memory_mb(server.process.pid)[0]
        page = browser.new_page(viewport={"width": 1366, "height": 850})
        page.goto(server.link)
        page.wait_for_selector(".strip img")
        page.wait_for_load_state("networkidle")
        times = press(page)
        use(page, server)
        now, most = memory_mb(server.process.pid)
    held = sum(path.stat().st_size for path in (root / ".survey").rglob("*") if path.is_file())
    return {
        "next_item_ms": {name: round(statistics.median(some), 1) for name, some in times.items() if some},
        "next_item_95_percent_ms": {
            name: round(sorted(some)[int(0.95 * len(some))], 1) for name, some in times.items() if some
        },
        "keys": {name: len(some) for name, some in times.items()},
        "server_mb": {"at start": round(begun), "after use": round(now), "highest": round(most)},
        "cache_mb": round(held / 1e6),
    }


def main() -> None:
    """Measure a copy, so that no decision is kept; print and store the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", nargs="?", type=Path)
    given = parser.parse_args().project
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        if given:
            shutil.copytree(given, root, ignore=shutil.ignore_patterns("survey.db*"))
        else:
            make_desk_project(root, DRAWN_CASES)
        figures = measure(root)
    print(json.dumps(figures, indent=2))
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
