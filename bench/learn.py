"""Blanks with known boxes -> how many of them `learn` finds and how many it makes up, a row a blank.

    python bench/learn.py              the blanks as they are
    python bench/learn.py --scanned    pictures of them, as a scanner would make them: neither text nor drawing is left

The blanks lie outside the project: in the folder $SURVEY_SCANS_REAL, else ../shared/scans-real.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
import pandas as pd

from survey.doors.pdf import render
from survey.doors.pdf_images import encode_jpeg, join_images
from survey.files import write_whole
from survey.learn import learn
from survey.questionnaire.tree import parse

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results" / "learn.json"
MM_PER_POINT = 25.4 / 72
NEAR_MM = 1.5  # distance of centres within which a box of similar size is the same
SIMILAR = 0.35  # share by which width and height may differ then
SCANNED_DPI, SCANNED_PAGES = 200, 3  # resolution of the pictures, and how many pages of a blank become one
SCANNED_NOISE = 6  # grey levels
PLACE = ["x_mm", "y_mm", "w_mm", "h_mm"]


def read_truth(path: Path) -> pd.DataFrame:
    """Read the true boxes of a set, each once: page and place on the blank, mm."""
    truth = pd.read_csv(path).drop_duplicates(["blank_page", "x_pt", "y_pt"])
    places = truth[["x_pt", "y_pt", "w_pt", "h_pt"]].to_numpy() * MM_PER_POINT
    return pd.DataFrame(places, columns=PLACE).assign(page=truth["blank_page"].astype(int).to_numpy())


def match(truth: pd.DataFrame, found: pd.DataFrame) -> np.ndarray:
    """Return which true box (rows) is which found box (columns): half their area shared, or near and of one size."""
    a, b = truth[PLACE].to_numpy()[:, None, :], found[PLACE].to_numpy()[None, :, :]
    low, high = (
        np.maximum(a[..., :2], b[..., :2]),
        np.minimum(a[..., :2] + a[..., 2:], b[..., :2] + b[..., 2:]),
    )
    shared = np.clip(high - low, 0, None).prod(axis=2)
    joint = a[..., 2:].prod(axis=2) + b[..., 2:].prod(axis=2) - shared
    apart = np.hypot(*np.moveaxis(a[..., :2] + a[..., 2:] / 2 - b[..., :2] - b[..., 2:] / 2, 2, 0))
    alike = (np.abs(a[..., 2:] - b[..., 2:]) <= SIMILAR * a[..., 2:]).all(axis=2)
    return ((shared / joint > 0.5) | ((apart <= NEAR_MM) & alike)) & (
        truth["page"].to_numpy()[:, None] == found["page"].to_numpy()
    )


def measure(folder: Path) -> dict[str, object]:
    """Learn one blank and compare: choice boxes only, on the pages the truth knows."""
    return compare(folder.name, folder / "blank.pdf", read_truth(folder / "truth.csv"))


def measure_scanned(folder: Path) -> dict[str, object]:
    """Learn a blank from pictures of its first pages that have boxes."""
    truth = read_truth(folder / "truth.csv")
    pages = sorted(set(truth["page"]))[:SCANNED_PAGES]
    rng = np.random.default_rng(0)
    streams = []
    for page in pages:
        grey = cv2.GaussianBlur(
            render(folder / "blank.pdf", page, SCANNED_DPI).astype(np.float32), (0, 0), 0.7
        )
        rough = grey * 0.85 + 28 + rng.normal(0, SCANNED_NOISE, grey.shape)
        streams.append(encode_jpeg(np.clip(rough, 0, 255).astype(np.uint8), SCANNED_DPI, 80))
    here = truth[truth["page"].isin(pages)]
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "blank.pdf"
        path.write_bytes(join_images(streams))
        number = {page: place for place, page in enumerate(pages, start=1)}
        return compare(folder.name, path, here.assign(page=here["page"].map(number)))


def compare(name: str, blank: Path, truth: pd.DataFrame) -> dict[str, object]:
    """Learn a blank and count which boxes are found and which made up."""
    start = time.process_time()
    draft = learn(blank, name)
    seconds = time.process_time() - start
    found = choice_boxes(draft.yaml, draft.boxes)
    found = found[found["page"].isin(truth["page"])]
    pairs = match(truth, found)
    return {
        "blank": name,
        "true": len(truth),
        "found": int(pairs.any(axis=1).sum()),
        "false": int((~pairs.any(axis=0)).sum()),
        "written": int(draft.boxes["page"].isin(truth["page"]).sum()) - len(found),
        "seconds": round(seconds, 2),
        "picture": any("a picture" in note for note in draft.notes),
    }


def choice_boxes(schema: str, boxes: pd.DataFrame) -> pd.DataFrame:
    """Leave out the cells and frames that are written in."""
    items = [item for section in parse(schema)["sections"] for item in section["items"]]
    written = {item["id"] for item in items if item["type"] in {"number", "text"}}
    return boxes[~boxes["item"].isin(written)]


def main() -> int:
    """Measure every blank, print the table, write the figures."""
    folder = Path(os.environ.get("SURVEY_SCANS_REAL", ROOT.parent / "shared" / "scans-real"))
    if not folder.is_dir():
        print(f"skipped: {folder} is not there; name it with SURVEY_SCANS_REAL", file=sys.stderr)
        return 0
    scanned = "--scanned" in sys.argv[1:]
    step = measure_scanned if scanned else measure
    rows = [step(path.parent) for path in sorted(folder.glob("*/blank.pdf"))]
    table = pd.DataFrame(rows)
    table.insert(3, "recall", (table["found"] / table["true"]).round(4))
    table.insert(5, "false_share", (table["false"] / (table["found"] + table["false"])).round(4))
    print(table.to_string(index=False))
    figures = {"near_mm": NEAR_MM, "blanks": table.to_dict(orient="records")}
    write_whole(
        RESULTS.with_stem("learn_scanned") if scanned else RESULTS,
        (json.dumps(figures, indent=1) + "\n").encode(),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
