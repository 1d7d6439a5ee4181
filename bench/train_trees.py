"""Simulated returns of our own print -> survey/reading/trees.npz. No real scan is seen.

Run by `make train`, which needs LightGBM (the dependency group `train`; the program itself does without).
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import lightgbm
import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray

from survey import project as verbs
from survey.files import read_csv
from survey.questionnaire.thresholds import Thresholds
from survey.reading import decide
from survey.reading.context import as_array, rows_of
from survey.reading.experience import are_open
from survey.reading.marks_so_far import Boxes
from survey.reading.trees import MOST_LEAVES, TREES_FILE, Trees

ROOT = Path(__file__).parents[1]
NAME = "segeberg-2012"
TREES, RATE = 500, 0.1
PLACE = ["scan", "page", "box"]


class Batch(NamedTuple):
    """Simulated returns to learn from."""

    profile: str
    seed: int
    returned: int
    revocation: bool = True
    opinions: bool = False
    """Of a questionnaire that asks for opinions, with other items on other pages."""


BATCHES = (
    *(Batch("office", seed, 600) for seed in (2035, 2036, 2037, 3001, 3002, 3003, 3004, 3005, 4021, 4022, 4024)),
    *(Batch("hard", seed, 100) for seed in (3101, 3102, 3103)),
    *(Batch("hard", seed, 150) for seed in (4011, 4012, 4013, 4025)),
    Batch("office", 4001, 300, revocation=False), Batch("office", 4023, 400, revocation=False),
    Batch("hard", 4002, 150, revocation=False),
    Batch("office", 5001, 200, opinions=True), Batch("office", 5002, 200, revocation=False, opinions=True),
    Batch("hard", 5003, 60, opinions=True), Batch("hard", 5004, 60, revocation=False, opinions=True),
)  # fmt: skip


class Examples(NamedTuple):
    """Open boxes to learn from."""

    rows: NDArray[np.float32]
    """Shape (n, columns)."""
    meant: NDArray[np.bool_]
    """Shape (n,)."""
    columns: tuple[str, ...]


class Notebook:
    """Takes the place of `hear_experience` and notes what it would have been asked about."""

    def __init__(self) -> None:
        self.parts: list[pd.DataFrame] = []

    def note(self, boxes: Boxes, limits: Thresholds, *, revocation: bool) -> None:
        """Note rows of open boxes, and where these lie."""
        which = are_open(boxes, limits)
        place = {name: boxes[name][which] for name in PLACE}
        self.parts.append(pd.DataFrame(place | rows_of(boxes, which, revocation=revocation)))

    def examples(self, truth: pd.DataFrame) -> Examples:
        """Compare with TRUTH_BOXES. Marks that a scan lost altogether are meant, too."""
        noted = pd.concat(self.parts, ignore_index=True)
        columns = tuple(name for name in noted if name not in PLACE)
        known = truth.astype({"page": int, "intended": int})[[*PLACE, "intended"]].drop_duplicates(PLACE)
        both = noted.merge(known, on=PLACE).sort_values(PLACE)  # parts are decided by several threads
        rows = as_array({name: both[name].to_numpy() for name in columns}, columns)
        return Examples(rows, both["intended"].to_numpy() == 1, columns)


def make_examples(batch: Batch) -> Examples:
    """Simulate returns, read them and note their open boxes."""
    notebook = Notebook()
    with tempfile.TemporaryDirectory() as temporary:
        project = verbs.init_project(Path(temporary))
        name = write_questionnaire(project.schemas, batch)
        truth = project.root / "truth"
        if not (project.schemas / f"{name}.blank.pdf").exists():
            verbs.print_blank(project, name)
        verbs.simulate(
            project, name, truth, issued=2 * batch.returned, returned=batch.returned,
            seed=batch.seed, profile=batch.profile,
        )  # fmt: skip
        with mock.patch.object(decide, "hear_experience", notebook.note):
            verbs.ingest(project, project.scans)
            verbs.results(project, name)
        return notebook.examples(read_csv(truth / "truth_boxes.csv"))


def write_questionnaire(folder: Path, batch: Batch) -> str:
    """Write a batch's questionnaire, or copy the shipped one; returns its id."""
    text = (ROOT / "schemas" / f"{NAME}.yaml").read_text()
    plain = yaml.safe_load(text)
    plain["reading"]["revocation"] = batch.revocation
    if not batch.opinions:
        for suffix in (".boxes.csv", ".blank.pdf"):
            shutil.copy(ROOT / "schemas" / f"{NAME}{suffix}", folder)
    else:
        plain = {key: plain[key] for key in plain if key not in {"need_areas", "report", "disclosure"}}
        plain |= {
            "questionnaire": "opinions",
            "code": "OP12",
            "sections": [_opinions(part) for part in range(4)],
        }
    name = str(plain["questionnaire"])
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False))
    return name


def _opinions(part: int) -> dict[str, object]:
    def options(*labels: str) -> list[dict[str, object]]:
        return [{"code": code, "label": _both(label)} for code, label in enumerate(labels, start=1)]

    rows = [{"code": f"r{row}", "label": _both(f"Aussage {row}")} for row in range(8)]
    scale = options("ja", "eher ja", "teils", "eher nein", "nein")
    matrix = {
        "id": f"m{part}",
        "type": "matrix",
        "text": _both("Was meinen Sie?"),
        "rows": rows,
        "options": scale,
    }
    several = {
        "id": f"w{part}", "type": "multiple", "text": _both("Was trifft zu? Mehrere Antworten sind möglich."),
        "options": options(*(f"Angabe {number}" for number in range(1, 10))),
    }  # fmt: skip
    singles = [
        {
            "id": f"s{part}_{number}", "type": "single", "text": _both(f"Frage {number}?"),
            "options": options(*(f"Antwort {code}" for code in range(1, 3 + number))),
        }
        for number in range(4)
    ]  # fmt: skip
    return {"id": f"part{part}", "title": _both(f"Teil {part}"), "items": [matrix, several, *singles]}


def _both(text: str) -> dict[str, str]:
    return {"de": text, "en": text}


def train(examples: Examples, trees: int = TREES) -> Trees:
    """Boost trees (LightGBM, Ke et al. 2017); what makes the network surer never makes them less sure of a mark."""
    settings = {
        "objective": "binary", "learning_rate": RATE, "num_leaves": MOST_LEAVES, "min_data_in_leaf": 100,
        "bagging_fraction": 0.7, "bagging_freq": 1, "feature_fraction": 0.5, "lambda_l2": 5.0, "use_missing": False,
        "monotone_constraints": [int(name == "odds") for name in examples.columns],
        "monotone_constraints_method": "advanced",
        "seed": 1, "deterministic": True, "force_row_wise": True, "num_threads": 2, "verbosity": -1,
    }  # fmt: skip
    data = lightgbm.Dataset(examples.rows, examples.meant, feature_name=list(examples.columns))
    return trees_of(lightgbm.train(settings, data, trees), examples.columns)


def trees_of(booster: lightgbm.Booster, columns: tuple[str, ...]) -> Trees:
    """Write a booster's trees as lists of questions."""
    first, column, limit, lost = [0], [], [], []
    leaves = np.zeros((booster.num_trees(), MOST_LEAVES), np.float32)
    for number, tree in enumerate(booster.dump_model()["tree_info"]):
        at = 0
        for node, begins, ends in _walk(tree["tree_structure"]):
            if "split_feature" not in node:
                leaves[number, at] = node["leaf_value"]
                at += 1
                continue
            column.append(node["split_feature"])
            limit.append(node["threshold"])
            lost.append((1 << ends) - (1 << begins))  # the leaves to the left
        first.append(len(column))
    return Trees(
        columns,
        np.array(first),
        np.array(column),
        np.array(limit, np.float32),
        np.array(lost, np.uint8),
        leaves,
    )


def _walk(node: dict[str, object], begins: int = 0) -> Iterator[tuple[dict, int, int]]:
    """Walk through a tree from left to right; with each question come the ends of the leaves on its left."""
    if "split_feature" not in node:
        yield node, begins, begins + 1
        return
    left = list(_walk(node["left_child"], begins))
    middle = begins + sum("split_feature" not in one for one, _, _ in left)
    yield from left
    yield node, begins, middle
    yield from _walk(node["right_child"], middle)


def save_trees(trees: Trees, path: Path) -> None:
    """Write trees as load_trees reads them."""
    np.savez_compressed(
        path, columns=trees.columns, first=trees.first, column=trees.column, limit=trees.limit, lost=trees.lost,
        leaves=trees.leaves,
    )  # fmt: skip


def joined(parts: list[Examples]) -> Examples:
    """Put the examples of several batches together."""
    rows, meant = (np.concatenate(column) for column in list(zip(*parts, strict=True))[:2])
    return Examples(rows, meant, parts[0].columns)


def main() -> None:
    """Make the examples, train, write the trees."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=TREES_FILE)
    options = parser.parse_args()
    parts = []
    for batch in BATCHES:
        parts.append(make_examples(batch))
        print(f"{batch}: {len(parts[-1].meant):,} open boxes, {parts[-1].meant.mean():.1%} meant", flush=True)
    examples = joined(parts)
    save_trees(train(examples), options.out)
    print(json.dumps({"open boxes": len(examples.meant), "meant": round(float(examples.meant.mean()), 4)}))


if __name__ == "__main__":
    main()
