"""Simulated returns of each profile -> silent errors and doubts by kind of mark, their pictures, and the calibration.

Fields to write in are told apart: whether something is written is read of them, and then a person reads what it is.

The truth of every box is known. A picture sheet of all silent errors of a profile lies in bench/results/errors.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import pandas as pd

from bench.error_sheets import write_error_sheet
from bench.reliability import calibration_of, plot_reliability
from survey import project as verbs
from survey.files import read_csv

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "simulated.json"
CALIBRATION = Path(__file__).parent / "results" / "reliability.json"
ERRORS = Path(__file__).parent / "results" / "errors"
NAME = "segeberg-2012"
PROFILES = ("clean", "office", "hard")
SEED = 2012  # no other simulation of the project uses it


def read_profile(profile: str, returned: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Simulate returns and read them; returns MARKS of the boxes to mark and of the fields, with the truth beside them.

    Draws the profile's silent errors into bench/results/errors.
    """
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
        is_field = both["item_true"].isin(results.questionnaire.handwritten())
        fields, both = both[is_field], both[~is_field]
        errors = _errors_of(both)
        write_error_sheet(project, results.questionnaire, errors, ERRORS / f"simulated-{profile}.png")
    return both, fields


def _errors_of(both: pd.DataFrame) -> pd.DataFrame:
    """Return the silent errors as the picture sheet takes them, visible ones first."""
    missed, false = silent_errors(both)
    lost = both["note"].str.contains("lost")
    drawn = both["ink_true"].replace({"none": "empty"})
    words = drawn + both["note"].map(lambda note: f" ({note})" if note else "")
    errors = both.assign(truth=words, lost=lost)[missed | false].sort_values("lost", kind="stable")
    return errors[["scan", "page", "page_digest", "box", "truth", "state", "p_marked", "reason"]]


def silent_errors(boxes: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Tell which boxes were missed (meant, but called empty or revoked) and which falsely called marked."""
    meant = boxes["intended"] == 1
    return meant & boxes["state"].isin(["empty", "revoked"]), ~meant & boxes["state"].eq("marked")


def figures_of(boxes: pd.DataFrame) -> dict[str, float]:
    """Count silent errors (a box wrongly empty, revoked or marked) and doubts.

    A missed mark of which the scan shows less than a speck is no misreading: it is counted apart, as `lost`.
    """
    missed, false = silent_errors(boxes)
    lost = missed & boxes["note"].str.contains("lost")
    doubtful = boxes["state"].isin(["doubtful", "unreadable"])
    return {
        "boxes": len(boxes),
        "missed": int((missed & ~lost).sum()),
        "false": int(false.sum()),
        "lost": int(lost.sum()),
        "silent_per_100000": round(1e5 * float(((missed & ~lost) | false).mean()), 1),
        "doubtful": round(float(doubtful.mean()), 4),
        "page_not_read": int(boxes["state"].eq("page not read").sum()),
    }


def written_of(fields: pd.DataFrame) -> dict[str, int]:
    """Count items that people write in: of how many that are written all fields were called empty, and the reverse.

    An item of which one field is not empty is shown to a person, who reads all of it.
    """
    read = fields[fields["state"] != "page not read"]
    items = read.assign(is_empty=read["state"].eq("empty"), lost=read["note"].str.contains("lost"))
    items = items.groupby(["scan", "page", "item_true"]).agg(
        written=("intended", "max"), is_empty=("is_empty", "all"), lost=("lost", "all")
    )
    written, is_empty = items["written"] == 1, items["is_empty"]
    return {
        "items": len(items),
        "written": int(written.sum()),
        "missed": int((written & is_empty & ~items["lost"]).sum()),
        "lost": int((written & is_empty & items["lost"]).sum()),
        "shown in vain": int((~written & ~is_empty).sum()),
    }


def main() -> None:
    """Read each profile, print a table; write bench/results/simulated.json and reliability.json, .png, after all.

    Another number of returns than usual writes simulated-<returned>.json only.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--returned", type=int, default=64, help="600 give 180,000 boxes")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("profiles", nargs="*", default=PROFILES)
    options = parser.parse_args()
    table, calibration = {}, {}
    for profile in options.profiles:
        boxes, fields = read_profile(profile, options.returned, options.seed)
        by_kind = {str(kind): figures_of(group) for kind, group in boxes.groupby("ink_true")}
        figures, handwriting = figures_of(boxes), written_of(fields)
        table[profile] = {**figures, "by_kind": by_kind, "handwriting": handwriting}
        print(f"{profile} {figures}\n    handwriting: {handwriting}", flush=True)
        for kind, row in by_kind.items():
            counts = "".join(f"{row[name]:6}" for name in ("missed", "false", "lost"))
            print(f"    {kind:12}{row['boxes']:8}{counts}{row['doubtful']:9.2%}")
        calibration[profile] = calibration_of(boxes)
        print(
            f"    calibration: { ({key: value for key, value in calibration[profile].items() if key != 'bins'}) }"
        )
    if options.returned != parser.get_default("returned"):
        RESULTS.with_stem(f"simulated-{options.returned}").write_text(json.dumps(table, indent=2) + "\n")
        return
    if tuple(options.profiles) != PROFILES:
        return
    RESULTS.write_text(json.dumps(table, indent=2) + "\n")
    CALIBRATION.write_text(json.dumps(calibration, indent=2) + "\n")
    plot_reliability(calibration, CALIBRATION.with_suffix(".png"))


if __name__ == "__main__":
    main()
