"""Counts, bases and populations -> standard errors and intervals; knows nothing of questionnaires."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

LEVEL = 0.95
"""Confidence level of every interval."""


def standard_error(total: Numbers, squares: Numbers, base: Numbers, population: Numbers) -> Numbers:
    """Standard error of a mean of `base` values drawn without replacement from a population of that size."""
    enough = base > 1
    n = np.where(enough, base, 2.0)
    variance = np.maximum(squares - total**2 / n, 0.0) / (n - 1)
    return np.where(enough, np.sqrt(variance / n * fpc(base, population)), np.nan)


def fpc(base: Numbers, population: Numbers) -> Numbers:
    """Finite population correction of a variance: the share of the population that was not observed."""
    return np.clip(1 - base / np.maximum(population, 1.0), 0.0, 1.0)


def effective_n(base: Numbers, population: Numbers) -> Numbers:
    """The size of a sample from an infinite population that would be as precise; inf for a census."""
    unobserved = fpc(base, population)
    return np.where(unobserved > 0, np.maximum(base - 1, 0) / np.where(unobserved > 0, unobserved, 1), np.inf)


def korn_graubard(share: Numbers, n_effective: Numbers, level: float = LEVEL) -> tuple[Numbers, Numbers]:
    """Ends of Clopper-Pearson on the effective sample (Korn & Graubard 1998, Survey Methodology 24).

    An effective sample of nothing tells nothing: 0 to 1. An infinite one leaves no doubt.
    """
    from scipy import special  # not for those who only look at the ledger

    share, n_effective = np.atleast_1d(share), np.atleast_1d(n_effective)
    usable = np.isfinite(n_effective) & (n_effective > 0) & np.isfinite(share)
    n = np.where(usable, n_effective, 1.0)
    hits = np.where(usable, share, 0.5) * n
    tail = (1 - level) / 2
    low = np.where(hits > 0, special.betaincinv(np.maximum(hits, 1e-12), n - hits + 1, tail), 0.0)
    high = np.where(hits < n, special.betaincinv(hits + 1, np.maximum(n - hits, 1e-12), 1 - tail), 1.0)
    census = np.isinf(n_effective)
    low = np.where(usable, low, np.where(census, share, 0.0))
    high = np.where(usable, high, np.where(census, share, 1.0))
    return np.where(np.isnan(share), np.nan, low), np.where(np.isnan(share), np.nan, high)


def holm(p_values: Numbers) -> Numbers:
    """P-values adjusted for their number (Holm 1979)."""
    order = np.argsort(p_values, kind="stable")
    steps = p_values[order] * np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps) if len(steps) else steps, 1.0)
    return adjusted
