"""Random tables -> whether anything hidden can be worked out, how much is hidden, and how long that takes.

python -m bench.disclosure
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from survey.analysis.disclosure import audit, crossed, hide
from survey.analysis.disclosure.attack import TOLERANCE
from survey.analysis.disclosure.cells import Cells
from survey.analysis.disclosure.hiding import (
    ROUNDS,
    ROUNDS_ONCE,
    hide_fewest,
    hide_roughly,
    what_can_be_spanned,
)
from survey.files import write_whole

RESULTS = Path(__file__).resolve().parent / "results" / "disclosure.json"
MINIMUM, TABLES, SEED = 10, 200, 2012
SIDES = [(2, 3, 3), (3, 3, 3), (3, 4, 3), (2, 4, 5)]
LARGE = {"512 linked cells": (7, 7, 7), "1,000 linked cells": (9, 9, 9)}
"""Sides of tables that are timed; margins count among the linked cells."""


def random_table(draw: np.random.Generator, sides: tuple[int, ...]) -> Cells:
    """Counts as skewed as answers are: negative binomial with a mean of 15 to 60."""
    mean = draw.uniform(15, 60)
    return crossed(draw.negative_binomial(1.5, 1.5 / (1.5 + mean), sides), MINIMUM)


def measure(tables: int) -> dict[str, float]:
    """Audit random three-way tables with margins; compare the way of large tables with the proven fewest."""
    draw = np.random.default_rng(SEED)
    breached, ratios, rough_ratios, cells_in_all, hidden_in_all = 0, [], [], 0, 0
    for number in range(tables):
        cells = random_table(draw, SIDES[number % len(SIDES)])
        needed = what_can_be_spanned(cells, MINIMUM, cells.sensitive)
        fewest = hide_fewest(cells, needed, ROUNDS)
        quick = hide_fewest(cells, needed, ROUNDS_ONCE)
        rough = hide_roughly(cells, needed)
        breached += sum(
            bool(audit(cells, one, needed).breached) for one in (fewest.hidden, quick.hidden, rough)
        )
        cells_in_all += len(cells.names)
        hidden_in_all += int(fewest.hidden.sum())
        if fewest.is_optimal and fewest.hidden.any():
            ratios.append(quick.hidden.sum() / fewest.hidden.sum())
            rough_ratios.append(rough.sum() / fewest.hidden.sum())
    return {
        "tables": tables, "breaches": breached, "solved_exactly": len(ratios),
        "mean_ratio": round(float(np.mean(ratios)), 3), "worst_ratio": round(float(np.max(ratios)), 3),
        "mean_ratio_heuristic_alone": round(float(np.mean(rough_ratios)), 3),
        "worst_ratio_heuristic_alone": round(float(np.max(rough_ratios)), 3),
        "share_hidden": round(hidden_in_all / cells_in_all, 3),
    }  # fmt: skip


def measure_large(sides: tuple[int, ...]) -> dict[str, float]:
    """Hide in one large table and audit it."""
    cells = random_table(np.random.default_rng(SEED), sides)
    start, cpu = time.perf_counter(), time.process_time()
    found = hide(cells, MINIMUM)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    seen = audit(cells, found.hidden, found.needed)
    narrow = (seen.high - seen.low)[found.hidden] < MINIMUM - TOLERANCE
    return {
        "cells": len(cells.names), "sensitive": int(cells.sensitive.sum()), "hidden": int(found.hidden.sum()),
        "breaches": len(seen.breached), "narrower_than_minimum": int(narrow.sum()),
        "seconds": round(seconds, 1), "cpu_seconds": round(cpu, 1),
    }  # fmt: skip


def main() -> None:
    """Measure and write bench/results/disclosure.json."""
    figures = {
        "three_way": measure(TABLES),
    } | {name: measure_large(sides) for name, sides in LARGE.items()}
    write_whole(RESULTS, (json.dumps(figures, indent=2) + "\n").encode())
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
