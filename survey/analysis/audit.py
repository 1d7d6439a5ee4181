"""Certain marks -> a random sample to be checked blindly; its findings -> the misreading rate with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from survey.analysis.intervals import LEVEL, Numbers, korn_graubard
from survey.files import digest
from survey.tables import AUDIT_SAMPLE

P_EDGES = (0.01, 0.5, 0.99)  # p_marked that divide sure marks from less sure ones
LEAST_IN_LAYER = 10  # marks drawn from every layer: rare kinds of marks shall not go unseen
SAMPLE_LETTERS = 8  # of a sample's name
BISECTIONS = 200  # more than enough for a float


@dataclass(frozen=True)
class Rate:
    """The share of certain marks that were misread, 0..1, with its 95 % interval and base."""

    value: float
    low: float
    high: float
    judged: int
    wrong: int
    marks: int
    """Certain marks the sample stands for."""


def layers_of(marks: pd.DataFrame) -> pd.Series:
    """Name the layer of each certain mark: its state, and the band its p_marked lies in."""
    edges = ["0", *(f"{edge:g}" for edge in P_EDGES), "1"]
    band = np.digitize(marks["p_marked"], P_EDGES)
    names = [f"p {low} to {high}" for low, high in pairwise(edges)]
    return marks["state"] + ", " + pd.Series([names[place] for place in band], index=marks.index, dtype="str")


def allocate(sizes: list[int], count: int) -> list[int]:
    """Divide a sample among layers: some from each, the rest in proportion (largest remainder)."""
    least = [min(LEAST_IN_LAYER, size) for size in sizes]
    count = min(max(count, sum(least)), sum(sizes))
    shares = np.array(sizes, float) * count / sum(sizes)
    given = np.maximum(np.floor(shares).astype(int), least)
    while given.sum() < count:
        room = np.array(sizes) > given
        given[int(np.argmax(np.where(room, shares - given, -np.inf)))] += 1
    while given.sum() > count:
        spare = given > np.array(least)
        given[int(np.argmax(np.where(spare, given - shares, -np.inf)))] -= 1
    return [int(one) for one in given]


def count_needed(sizes: list[int], within: float) -> int:
    """Smallest sample that, if no mark in it is misread, shows that at most `within` (share) of all are."""
    low, high = 0, sum(sizes)
    while high - low > 1:
        middle = (low + high) // 2
        if upper_without_error(np.array(sizes, float), np.array(allocate(sizes, middle), float)) <= within:
            high = middle
        else:
            low = middle
    return sum(allocate(sizes, high))


def upper_without_error(sizes: Numbers, judged: Numbers, level: float = LEVEL) -> float:
    """Upper end of the interval of a stratified share where no error was found in any layer.

    The greatest sum of W_h p_h (W_h a layer's share of all marks) for which the chance to find nothing, the product of
    (1 - p_h)^n_h, is still (1 - level) / 2: the exact test inverted and maximised over what is not asked for (Wendell &
    Schmee 1996, Journal of the American Statistical Association 91). With t_h = -log(1 - p_h) the greatest is at
    t_h = max(0, log(W_h / (c n_h))), c such that the sum of n_h t_h is -log((1 - level) / 2). Where the sample is in
    proportion all p_h are equal, and this is Clopper & Pearson's bound of 1934, 1 - ((1 - level) / 2)^(1 / n).
    """
    share = sizes / sizes.sum()
    unseen = float(share[judged == 0].sum())
    open_ = (judged > 0) & (judged < sizes)  # a layer seen whole has no unknown error
    if not open_.any():
        return unseen
    weight, n = share[open_], judged[open_]
    budget = -np.log((1 - level) / 2)

    def spent(c: float) -> Numbers:
        return np.maximum(0.0, np.log(weight / (c * n)))

    high = float((weight / n).max())
    low = high * np.exp(-budget / n.min() - 1)
    for _ in range(BISECTIONS):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if (n * spent(middle)).sum() > budget else (low, middle)
    return min(1.0, unseen + float((weight * -np.expm1(-spent(high))).sum()))


def misreading_rate(layers: pd.DataFrame) -> Rate:
    """Estimate the share of certain marks that were misread from layers with `size`, `judged` and `wrong`.

    The share is the sum of W_h p_h, its variance the sum of W_h^2 (1 - n_h / N_h) p_h (1 - p_h) / (n_h - 1) (Cochran
    1977, Sampling Techniques, 5.52). The interval is Clopper & Pearson's on the effective sample, p (1 - p) / variance
    and never more than was judged (Korn & Graubard 1998); its upper end is never under that of a sample without error.
    """
    sizes, judged, wrong = (layers[name].to_numpy(float) for name in ["size", "judged", "wrong"])
    marks, total, errors = int(sizes.sum()), int(judged.sum()), int(wrong.sum())
    ceiling = upper_without_error(sizes, judged)
    if not total or not errors:
        return Rate(0.0 if total else float("nan"), 0.0, ceiling, total, errors, marks)
    seen = judged > 0
    weight = sizes[seen] / sizes[seen].sum()
    p, n = wrong[seen] / judged[seen], judged[seen]
    value = float((weight * p).sum())
    variance = (weight**2 * (1 - n / sizes[seen]) * p * (1 - p) / np.maximum(n - 1, 1)).sum()
    effective = min(value * (1 - value) / variance, total) if variance > 0 else float(total)
    low, high = korn_graubard(np.array([value]), np.array([effective]))
    return Rate(value, float(low[0]), max(float(high[0]), ceiling), total, errors, marks)


def draw_sample(marks: pd.DataFrame, questionnaire: str, count: int, seed: int) -> pd.DataFrame:
    """Draw `count` of the certain MARKS, stratified by state and p_marked; returns AUDIT_SAMPLE in a shuffled order.

    The same marks and the same seed give the same sample.
    """
    ordered = marks.sort_values(["page_digest", "box"], kind="stable", ignore_index=True)
    layers = layers_of(ordered)
    names = sorted(set(layers))
    sizes = [int((layers == name).sum()) for name in names]
    drawn = []
    for place, (name, size, wanted) in enumerate(zip(names, sizes, allocate(sizes, count), strict=True)):
        rows = np.flatnonzero(layers == name)
        chosen = np.random.default_rng([seed, place]).choice(rows, wanted, replace=False)
        drawn.append(ordered.loc[sorted(chosen)].assign(layer=name, layer_size=size))
    table = pd.concat(drawn, ignore_index=True)
    table = table.loc[np.random.default_rng([seed, len(names)]).permutation(len(table))]
    parts = [
        f"{row.page_digest} {row.box} {row.state} {row.layer_size}" for row in table.itertuples(index=False)
    ]
    sample = digest(questionnaire, *parts)[:SAMPLE_LETTERS]
    return AUDIT_SAMPLE.frame(
        table.assign(made_at="", questionnaire=questionnaire, sample=sample, number=range(1, len(table) + 1))
    )


def judge_sample(sample: pd.DataFrame, seen: pd.Series) -> Rate:
    """Compare what people saw (state by number; `unclear` counts as not judged) with what the machine had decided."""
    table = sample.assign(seen=sample["number"].map(seen))
    table["is_judged"] = table["seen"].notna() & (table["seen"] != "unclear")
    table["is_wrong"] = table["is_judged"] & (table["seen"] != table["state"])
    layers = table.groupby("layer").agg(
        size=("layer_size", "first"), judged=("is_judged", "sum"), wrong=("is_wrong", "sum")
    )
    return misreading_rate(layers)
