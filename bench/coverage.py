"""Simulated populations -> how often intervals hold the truth, and what raking takes away of a nonresponse bias.

Two thousand populations of Segeberg's size (offices of 760, 520 and 470 people) are drawn with shares that differ
between offices, and about a third of each office returns.

Coverage: who returns is chance within each office, of the same rate (an unweighted share supposes that) or of different
ones (weights take them into account). Bias: a family with a small child returns less often and needs childcare more
often; the weights are raked to the ages of the youngest children.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from survey.analysis.design import Design, ratios
from survey.analysis.intervals import (
    design_n,
    effective_n,
    exact_count,
    korn_graubard,
    logit_interval,
    standard_error,
)
from survey.analysis.weighting import KnownMargin, adjust_for_nonresponse, indicators, rake

RESULTS = Path(__file__).parent / "results" / "coverage.json"
OFFICES = np.array([760, 520, 470])
POPULATIONS = 2000
SHARES = [0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.35, 0.5]
SPREAD = np.array([1.1, 1.0, 0.84])  # an office's share as a multiple of the average one
EQUAL, UNEQUAL = np.array([0.343, 0.343, 0.343]), np.array([0.42, 0.33, 0.23])  # share that returns
NORMAL_FROM = 15.0  # n p (1 - p) from which every interval is to hold its level

AGES = np.array([0.08, 0.22, 0.26, 0.24, 0.20])  # youngest child: under 1, 1 to 2, 3 to 5, 6 to 9, 10 to 14
RETURN_BY_AGE = np.array([0.20, 0.26, 0.34, 0.40, 0.44])
NEED_BY_AGE = np.array([0.80, 0.72, 0.55, 0.38, 0.22])

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Coverage:
    """How often the intervals of one method held the population's share, 0..1."""

    method: str
    share: float
    spread: float
    """n p (1 - p)."""
    held: float


@dataclass(frozen=True)
class Bias:
    """Mean error of a share without and with raking, and how often the raked interval held the truth."""

    unweighted: float
    within_offices: float
    raked: float
    held: float


def main() -> None:
    """Run both simulations, print and store them."""
    table = [*coverage(SHARES, EQUAL, 1), *weighted_coverage(SHARES, UNEQUAL, 2)]
    found = bias(3)
    for row in table:
        print(f"{row.method:26} p {row.share:4.2f}  npq {row.spread:6.1f}  {row.held:.3f}")
    print(found)
    rows = {"populations": POPULATIONS, "coverage": [asdict(row) for row in table], "bias": asdict(found)}
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _population(share: float, draw: np.random.Generator) -> tuple[NDArray[np.int64], Flags]:
    """Office and need of everybody."""
    office = np.repeat(np.arange(len(OFFICES)), OFFICES)
    return office, draw.random(len(office)) < np.clip(share * SPREAD, 0, 1)[office]


def _returns(office: NDArray[np.int64], rates: NDArray[np.float64], draw: np.random.Generator) -> Flags:
    """As many returns as the rates say of each office, chosen by chance."""
    chosen = np.zeros(len(office), dtype=bool)
    for place, rate in enumerate(rates):
        here = np.flatnonzero(office == place)
        chosen[draw.choice(here, round(rate * len(here)), replace=False)] = True
    return chosen


def coverage(shares: list[float], rates: NDArray[np.float64], seed: int) -> list[Coverage]:
    """Coverage of the unweighted intervals, all three methods."""
    rows = []
    for place, share in enumerate(shares):
        draw = np.random.default_rng([seed, place])
        drawn = [_one(share, rates, draw) for _ in range(POPULATIONS)]
        truth, hits, base = (np.array(column, float) for column in zip(*drawn, strict=True))
        people = np.full(POPULATIONS, float(OFFICES.sum()))
        value = hits / base
        se = standard_error(hits, hits, base, people)
        counts = exact_count(hits, base, people)
        ends = {
            "korn-graubard": korn_graubard(value, effective_n(base, people)),
            "logit": logit_interval(value, se, base - 1),
            "exact": (counts[0] / people, counts[1] / people),
        }
        spread = float(base[0] * share * (1 - share))
        rows += [Coverage(name, share, spread, _held(truth, *end)) for name, end in ends.items()]
    return rows


def _one(share: float, rates: NDArray[np.float64], draw: np.random.Generator) -> tuple[float, float, float]:
    office, need = _population(share, draw)
    back = _returns(office, rates, draw)
    return float(need.mean()), float(need[back].sum()), float(back.sum())


def _held(truth: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> float:
    return float(((low - 1e-12 <= truth) & (truth <= high + 1e-12)).mean())


def weighted_coverage(shares: list[float], rates: NDArray[np.float64], seed: int) -> list[Coverage]:
    """Coverage of the weighted intervals where offices return at different rates."""
    rows = []
    for place, share in enumerate(shares):
        draw = np.random.default_rng([seed, place])
        held = {"weighted korn-graubard": 0, "weighted logit": 0}
        for _ in range(POPULATIONS):
            office, need = _population(share, draw)
            back = _returns(office, rates, draw)
            weight = adjust_for_nonresponse(office[back], OFFICES.astype(float), ["a", "b", "c"])
            design = Design(weight, office[back], OFFICES.astype(float))
            for name, (low, high) in _weighted_ends(design, need[back]).items():
                held[name] += bool(low <= need.mean() <= high)
        spread = float((rates * OFFICES).sum() * share * (1 - share))
        rows += [Coverage(name, share, spread, count / POPULATIONS) for name, count in held.items()]
    return rows


def _weighted_ends(design: Design, need: Flags) -> dict[str, tuple[float, float]]:
    """Both weighted intervals of one share; where it is 0 the logit one is Korn & Graubard's."""
    found = ratios(
        design, np.ones((1, len(need)), dtype=bool), need[:, None].astype(float), np.ones((len(need), 1))
    )
    value, se, df = found.value[0], found.se[0], found.df[0]
    n = design_n(value, se**2, np.array([float(len(need))]), df)
    n = np.where(np.isnan(n), effective_n(np.array([float(len(need))]), OFFICES.sum()[None].astype(float)), n)
    beta, logit = korn_graubard(value, n), logit_interval(value, se, df)
    ends = {"weighted korn-graubard": (float(beta[0][0]), float(beta[1][0]))}
    known = not np.isnan(logit[0][0])
    ends["weighted logit"] = (
        (float(logit[0][0]), float(logit[1][0])) if known else ends["weighted korn-graubard"]
    )
    return ends


def bias(seed: int, populations: int = POPULATIONS) -> Bias:
    """Nonresponse driven by the age of the youngest child, before and after raking on it."""
    draw = np.random.default_rng(seed)
    errors, held = np.zeros((populations, 3)), 0
    for run in range(populations):
        office = np.repeat(np.arange(len(OFFICES)), OFFICES)
        age = draw.choice(len(AGES), len(office), p=AGES)
        need = draw.random(len(office)) < NEED_BY_AGE[age]
        back = draw.random(len(office)) < RETURN_BY_AGE[age]
        before = adjust_for_nonresponse(office[back], OFFICES.astype(float), ["a", "b", "c"])
        people = np.bincount(age, minlength=len(AGES)).astype(float)
        margin = KnownMargin("youngest", tuple("12345"), age[back].astype(np.int64), people)
        raked = rake(before, [margin], (0.2, 5.0))
        design = Design(raked.weight, office[back], OFFICES.astype(float), None, before, indicators([margin]))
        low, high = _weighted_ends(design, need[back])["weighted korn-graubard"]
        held += bool(low <= need.mean() <= high)
        found = [np.average(need[back], weights=one) for one in (np.ones(back.sum()), before, raked.weight)]
        errors[run] = np.array(found) - need.mean()
    return Bias(*(float(one) for one in errors.mean(axis=0)), held / populations)


if __name__ == "__main__":
    main()
