"""Probabilities of a mark and what was truly there -> how far they can be believed: bins, Brier, a plot."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from survey.analysis.intervals import korn_graubard
from survey.questionnaire.thresholds import Thresholds

EDGES = (0, 0.01, 0.05, 0.15, 0.25, 0.35, 0.5, 0.65, 0.75, 0.85, 0.95, 0.99, 1.0)
"""Ends of the bins: fine where nearly all boxes lie, and one at each threshold of a mark."""
UNSURE_INK = ("ring", "erased")  # trained towards .5 and .3: neither a mark nor none
Figures = dict[str, object]


def calibration_of(boxes: pd.DataFrame) -> Figures:
    """Compare p_marked with the truth. `boxes` has p_marked, intended, ink_true and note of every box that was read.

    A blacked-out mark is ink in the box, so a mark to the network: revoking it is a rule of `decide.py`. Left out are
    rings, rubbed-out marks, and marks that a 1-bit scan lost altogether.
    """
    usable = (
        boxes["p_marked"].notna() & ~boxes["ink_true"].isin(UNSURE_INK) & ~boxes["note"].str.contains("lost")
    )
    p = boxes.loc[usable, "p_marked"].to_numpy(float)
    is_marked = (boxes["intended"].eq(1) | boxes["ink_true"].eq("revoked"))[usable].to_numpy(float)
    bins = _bins(p, is_marked)
    gaps = [int(row["boxes"]) * abs(float(row["said"]) - float(row["observed"])) for row in bins]
    middle = (p > EDGES[3]) & (p < EDGES[-4])
    return {
        "boxes": len(p),
        "brier": round(float(((p - is_marked) ** 2).mean()), 6),
        "brier_of_base_rate": round(float(is_marked.mean() * (1 - is_marked.mean())), 6),
        "expected_calibration_error": round(sum(gaps) / max(len(p), 1), 6),
        "between_thresholds": int(middle.sum()),
        "bins": bins,
    }


def _bins(p: np.ndarray, is_marked: np.ndarray) -> list[dict[str, float]]:
    """Count each bin: its boxes, the mean of what was said, and the observed share with its exact 95 % interval."""
    place = np.clip(np.searchsorted(EDGES, p, side="right") - 1, 0, len(EDGES) - 2)
    rows = []
    for number, (low, high) in enumerate(pairwise(EDGES)):
        here = place == number
        count = int(here.sum())
        if not count:
            continue
        share = float(is_marked[here].mean())
        ends = [float(end[0]) for end in korn_graubard(np.array([share]), np.array([float(count)]))]
        rows.append(
            {
                "from": low, "to": high, "boxes": count, "said": round(float(p[here].mean()), 5),
                "observed": round(share, 5), "low": round(ends[0], 5), "high": round(ends[1], 5),
            }
        )  # fmt: skip
    return rows


def plot_reliability(by_profile: Mapping[str, Figures], path: Path) -> None:
    """Draw observed shares with intervals over what was said, a panel a profile, both axes in log-odds; writes PNG."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(
        1,
        len(by_profile),
        figsize=(4.2 * len(by_profile), 4.4),
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    doubtful = Thresholds().empty_below, Thresholds().marked_above
    ticks = (0.001, 0.01, 0.05, 0.15, 0.5, 0.85, 0.95, 0.99, 0.999)
    for panel, (name, figures) in zip(panels[0], by_profile.items(), strict=True):
        rows = pd.DataFrame(figures["bins"])
        said, seen, low, high = (_log_odds(rows[column]) for column in ("said", "observed", "low", "high"))
        panel.axvspan(*_log_odds(pd.Series(doubtful)), color="#e69f00", alpha=0.14, lw=0)
        panel.plot([-8, 8], [-8, 8], color="#8a949b", lw=1)
        panel.errorbar(
            said,
            seen,
            [seen - low, high - seen],
            fmt="o",
            ms=5,
            color="#0072b2",
            ecolor="#0072b2",
            elinewidth=1.2,
        )
        for x, share, bottom, top, count in zip(
            said, rows["observed"], low, high, rows["boxes"], strict=True
        ):
            at, away = ((x, bottom), (0, -10)) if share > 0.5 else ((x, top), (0, 4))
            panel.annotate(
                f"{count:,}", at, away, textcoords="offset points", ha="center", fontsize=6.5, color="#56636c"
            )
        panel.set_title(f"{name}: Brier {figures['brier']:.4f}, calibration error "
                        f"{figures['expected_calibration_error']:.4f}", fontsize=9)  # fmt: skip
        panel.set_xlabel("p_marked, mean of a bin")
        panel.set_xticks(_log_odds(pd.Series(ticks)), [f"{tick:g}" for tick in ticks], fontsize=7)
        panel.set_yticks(_log_odds(pd.Series(ticks)), [f"{tick:g}" for tick in ticks], fontsize=7)
        panel.set_xlim(-7.6, 7.6)
        panel.set_ylim(-9.6, 9.6)
        for side in ("top", "right"):
            panel.spines[side].set_visible(False)
    panels[0][0].set_ylabel("share of boxes truly marked, with 95 % interval")
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)


def _log_odds(share: pd.Series) -> np.ndarray:
    clipped = np.clip(share.to_numpy(float), 1e-4, 1 - 1e-4)
    return np.array([math.log(one / (1 - one)) for one in clipped])
