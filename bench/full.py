"""The whole job at full size: 600 of 1,750 returns are simulated, read, reviewed and reported, in build/full."""

from __future__ import annotations

import json
import resource
import shutil
import time
from pathlib import Path

from survey import project as verbs

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "full.json"
NAME = "segeberg-2012"


def main() -> None:
    """Run each step and note its wall and CPU seconds."""
    project = verbs.init_project(ROOT / "build" / "full")
    for path in (ROOT / "schemas").glob(f"{NAME}.*"):
        shutil.copy(path, project.schemas / path.name)
    (project.schemas / f"{NAME}.cases.csv").unlink(missing_ok=True)
    truth = project.root / "truth" / NAME
    figures = {}
    play = {"issued": 1750, "returned": 600, "seed": 1, "profile": "office"}
    steps = {
        "simulate": lambda: verbs.simulate(project, NAME, truth, **play),
        "ingest": lambda: verbs.ingest(project, project.scans),
        "review": lambda: verbs.play_reviewer(project, NAME, truth),
        "ingest again": lambda: verbs.ingest(project, project.scans),
        "report": lambda: verbs.report(project, NAME),
    }
    for name, step in steps.items():
        wall, cpu = time.perf_counter(), _cpu_seconds()
        step()
        figures[name] = {
            "wall_s": round(time.perf_counter() - wall, 1),
            "cpu_s": round(_cpu_seconds() - cpu, 1),
        }
        print(
            f"{name:14}{figures[name]['wall_s']:8.1f} s wall {figures[name]['cpu_s']:8.1f} s CPU", flush=True
        )
    for account in verbs.account(project):
        print(f"{account.boxes:,} boxes, {account.doubtful:,} doubtful, {account.returned} cases returned")
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")


def _cpu_seconds() -> float:
    """CPU seconds of this process and of all its workers that have ended."""
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in times)


if __name__ == "__main__":
    main()
