"""The whole job at full size: 600 of 1,750 returns simulated, read, reviewed, audited and reported, in build/full.

The report is made by a process of its own, from stored marks to the last file: its CPU time must stay under 25 s.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from survey import project as verbs
from survey.files import read_csv, write_csv
from survey.simulate import TRUTH_BOXES
from survey.tables import AUDIT_SAMPLE

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "full.json"
NAME = "segeberg-2012"
UNDELIVERABLE, REFUSED, AUDITED = 41, 6, 800
"""Envelopes that came back unopened, that were refused, and certain marks checked blindly."""
MOST_CPU_S = 25


def enter_lost(project: verbs.Project, truth: Path) -> None:
    """Some of the envelopes that did not return came back unopened, and a few were refused."""
    back = set(read_csv(truth / "truth_pages.csv")["case"])
    lost = sorted(set(project.questionnaire(NAME).issued) - back)
    places = {"undeliverable": lost[:UNDELIVERABLE], "refused": lost[UNDELIVERABLE : UNDELIVERABLE + REFUSED]}
    for kind, serials in places.items():
        path = project.root / f"{kind}.csv"
        path.write_text("serial;date\n" + "".join(f"{one};20.07.2012\n" for one in serials), "utf-8")
        verbs.enter_mailing(project, kind, path, NAME)


def audit(project: verbs.Project, truth: Path) -> None:
    """A sample of certain marks is judged as the truth has it; what the scan lost is unclear."""
    drawn = verbs.draw_audit(project, NAME, AUDITED, 0.0, 1)
    sample = project.decisions.rows(AUDIT_SAMPLE)
    marks = verbs.results(project, NAME).marks[["page_digest", "box", "scan", "page"]]
    known = TRUTH_BOXES.frame(read_csv(truth / "truth_boxes.csv"))[
        ["scan", "page", "box", "intended", "ink", "note"]
    ]
    table = sample.merge(marks, on=["page_digest", "box"]).merge(
        known, on=["scan", "page", "box"], how="left"
    )
    seen = np.where(table["intended"] == 1, "marked", np.where(table["ink"] == "revoked", "revoked", "empty"))
    table["state"] = np.where(table["note"].fillna("").str.contains("lost"), "unclear", seen)
    path = drawn.files[0]
    write_csv(path, table[["number", "state", "sample"]].sort_values("number"))
    found = verbs.judge_audit(project, NAME, path, "simulated")
    print(f"{found.rate.wrong} of {found.rate.judged} certain marks misread, {found.unclear} unclear")


def main() -> None:
    """Run each step and note its wall time in seconds; of the report its CPU time."""
    shutil.rmtree(ROOT / "build" / "full", ignore_errors=True)
    project = verbs.init_project(ROOT / "build" / "full")
    for path in (ROOT / "schemas").glob(f"{NAME}.*"):
        shutil.copy(path, project.schemas / path.name)
    (project.schemas / f"{NAME}.cases.csv").unlink(missing_ok=True)  # 1,750 serials are drawn anew
    truth = project.root / "truth" / NAME
    figures = {}
    play = {"issued": 1750, "returned": 600, "seed": 1, "profile": "office"}
    steps = {
        "simulate": lambda: verbs.simulate(project, NAME, truth, **play),
        "ingest": lambda: verbs.ingest(project, project.scans),
        "mailing": lambda: enter_lost(project, truth),
        "review": lambda: verbs.play_reviewer(project, NAME, truth),
        "audit": lambda: audit(project, truth),
        "ingest again": lambda: verbs.ingest(project, project.scans),
    }
    for name, step in steps.items():
        start = time.perf_counter()
        step()
        figures[name] = round(time.perf_counter() - start, 1)
        print(f"{name:14}{figures[name]:8.1f} s", flush=True)
    figures["report, CPU"] = round(report(project.root), 1)
    print(f"{'report':14}{figures['report, CPU']:8.1f} s of CPU; at most {MOST_CPU_S} is promised")
    for account in verbs.account(project):
        print(f"{account.boxes:,} boxes, {account.doubtful:,} doubtful, {account.returned} cases returned")
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")


def report(root: Path) -> float:
    """Write every file of the report in a process of its own, as the command does; returns its CPU time in seconds."""
    before = os.times()
    subprocess.run([sys.executable, "-m", "survey.cli", "--project", str(root), "report"], check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


if __name__ == "__main__":
    main()
