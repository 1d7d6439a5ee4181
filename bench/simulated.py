"""Simulated returns of each profile -> silent errors and doubts by kind of mark, with the truth known for every box."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import pandas as pd

from survey import project as verbs
from survey.files import read_csv

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "simulated.json"
NAME = "segeberg-2012"
PROFILES = ("clean", "office", "hard")
SEED = 2012  # no other simulation of the project uses it


def read_profile(profile: str, returned: int, seed: int) -> pd.DataFrame:
    """Simulate returns and read them; returns MARKS of the boxes to mark, with the truth beside them."""
    with tempfile.TemporaryDirectory() as temporary:
        project = verbs.init_project(Path(temporary))
        for suffix in (".yaml", ".boxes.csv", ".blank.pdf"):
            shutil.copy(ROOT / "schemas" / f"{NAME}{suffix}", project.schemas)
        truth = project.root / "truth"
        verbs.simulate(
            project, NAME, truth, issued=2 * returned, returned=returned, seed=seed, profile=profile
        )
        verbs.ingest(project, project.scans)
        results = verbs.results(project, NAME)
        boxes = read_csv(truth / "truth_boxes.csv").astype({"page": int, "intended": int})
    both = results.marks.merge(boxes, on=["scan", "page", "box"], suffixes=("", "_true"), how="right")
    both["state"] = both["state"].fillna("page not read")
    handwritten = results.questionnaire.handwritten()
    return both[~both["item_true"].isin(handwritten)]


def figures_of(boxes: pd.DataFrame) -> dict[str, float]:
    """Count silent errors (a box wrongly empty, revoked or marked) and doubts."""
    meant = boxes["intended"] == 1
    missed = meant & boxes["state"].isin(["empty", "revoked"])
    false = ~meant & boxes["state"].eq("marked")
    doubtful = boxes["state"].isin(["doubtful", "unreadable"])
    return {
        "boxes": len(boxes),
        "missed": int(missed.sum()),
        "false": int(false.sum()),
        "silent_per_100000": round(1e5 * float((missed | false).mean()), 1),
        "doubtful": round(float(doubtful.mean()), 4),
        "page_not_read": int(boxes["state"].eq("page not read").sum()),
    }


def main() -> None:
    """Read each profile, print a table and write bench/results/simulated.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--returned", type=int, default=64)
    parser.add_argument("profiles", nargs="*", default=PROFILES)
    options = parser.parse_args()
    table = {}
    for profile in options.profiles:
        boxes = read_profile(profile, options.returned, SEED)
        by_kind = {str(kind): figures_of(group) for kind, group in boxes.groupby("ink_true")}
        table[profile] = {**figures_of(boxes), "by_kind": by_kind}
        print(profile, {key: value for key, value in table[profile].items() if key != "by_kind"}, flush=True)
        for kind, row in by_kind.items():
            print(f"    {kind:12}{row['boxes']:8}{row['missed']:6}{row['false']:6}{row['doubtful']:9.2%}")
    RESULTS.write_text(json.dumps(table, indent=2) + "\n")


if __name__ == "__main__":
    main()
