"""Counts, bases and populations -> standard errors and intervals; knows nothing of questionnaires."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

LEVEL = 0.95
"""Confidence level of every interval."""
LEAST_P = 0.05
"""P-value after correction under which a finding is told."""
NO_VARIANCE = 1e-12
"""Variance as a share of p (1 - p) up to which it is rounding: weights raked to a margin hit it exactly."""


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


def wilson(share: Numbers, base: Numbers, level: float = LEVEL) -> tuple[Numbers, Numbers]:
    """Ends of the score interval of a share in an infinite population (Wilson 1927; Newcombe 1998, method 3)."""
    from scipy import special

    z = special.ndtri(0.5 + level / 2)
    middle = (share + z**2 / (2 * base)) / (1 + z**2 / base)
    reach = z * np.sqrt(share * (1 - share) / base + z**2 / (4 * base**2)) / (1 + z**2 / base)
    return np.maximum(middle - reach, 0.0), np.minimum(middle + reach, 1.0)


def logit_interval(share: Numbers, se: Numbers, df: Numbers, level: float = LEVEL) -> tuple[Numbers, Numbers]:
    """Ends of a t interval on the log-odds; NaN where a share is 0 or 1 and has no log-odds.

    As in R's survey package, svyciprop(method="logit").
    """
    from scipy import special

    inner = (share > 0) & (share < 1)
    p = np.where(inner, share, 0.5)
    reach = special.stdtrit(np.maximum(df, 1.0), 0.5 + level / 2) * se / (p * (1 - p))
    low, high = special.expit(special.logit(p) - reach), special.expit(special.logit(p) + reach)
    return np.where(inner, low, np.nan), np.where(inner, high, np.nan)


def exact_count(
    hits: Numbers, base: Numbers, population: Numbers, level: float = LEVEL
) -> tuple[Numbers, Numbers]:
    """Ends of the interval for the number of people like the hits among the whole population.

    A number belongs to it where neither so many hits or more, nor so few or fewer, have a chance of (1 - level) / 2 or
    less among `base` people drawn from the population (hypergeometric; Konijn 1973, Buonaccorsi 1987).
    Populations must be finite and no smaller than their base.
    """
    from scipy.stats import hypergeom

    tail = (1 - level) / 2
    hits, base, population = (np.rint(np.atleast_1d(one)) for one in (hits, base, population))
    lowest, highest = hits.copy(), population - (base - hits)
    low, top = lowest.copy(), highest.copy()
    while (low < top).any():  # the least number under which so many hits are not too many
        middle = np.floor((low + top) / 2)
        enough = hypergeom.sf(hits - 1, population, middle, base) > tail
        low, top = np.where(enough, low, np.minimum(middle + 1, top)), np.where(enough, middle, top)
    bottom, high = lowest.copy(), highest.copy()
    while (bottom < high).any():  # the greatest number under which so few are not too few
        middle = np.ceil((bottom + high) / 2)
        enough = hypergeom.cdf(hits, population, middle, base) > tail
        bottom, high = (
            np.where(enough, middle, bottom),
            np.where(enough, high, np.maximum(middle - 1, bottom)),
        )
    return low, high


def design_n(share: Numbers, variance: Numbers, base: Numbers, df: Numbers, level: float = LEVEL) -> Numbers:
    """The size of a simple sample that would be as precise as a design, with t quantiles of its degrees of freedom.

    Korn & Graubard 1998, as in R's survey package, svyciprop(method="beta"); inf where nothing is uncertain, NaN where
    the variance tells nothing because the share is 0 or 1.
    """
    from scipy import special

    inner = (share > 0) & (share < 1)
    is_uncertain = variance > np.maximum(NO_VARIANCE * share * (1 - share), 0.0)
    spread = np.where(is_uncertain, variance, 1.0)
    quantile = special.stdtrit(np.maximum(base - 1, 1.0), 0.5 + level / 2)
    design = special.stdtrit(np.maximum(df, 1.0), 0.5 + level / 2)
    n = np.where(is_uncertain, share * (1 - share) / spread, np.inf) * (quantile / design) ** 2
    return np.where(inner, n, np.nan)


def t_quantile(df: Numbers | float, level: float = LEVEL) -> Numbers:
    """How many standard errors an interval reaches to either side; df inf for the normal distribution."""
    from scipy import special

    return np.where(np.isinf(df), special.ndtri(0.5 + level / 2), special.stdtrit(df, 0.5 + level / 2))


def p_two_sided(t: Numbers, df: Numbers | float) -> Numbers:
    """Chance of a value at least so many standard errors from 0, to either side."""
    from scipy import special

    below = np.where(np.isinf(df), special.ndtr(-np.abs(t)), special.stdtr(df, -np.abs(t)))
    return np.asarray(2 * below)


def holm(p_values: Numbers) -> Numbers:
    """P-values adjusted for their number (Holm 1979)."""
    order = np.argsort(p_values, kind="stable")
    steps = p_values[order] * np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps) if len(steps) else steps, 1.0)
    return adjusted


def benjamini_hochberg(p_values: Numbers) -> Numbers:
    """P-values adjusted so that the share of false finds is controlled (Benjamini & Hochberg 1995)."""
    count = len(p_values)
    order = np.argsort(-p_values, kind="stable")
    steps = p_values[order] * count / np.arange(count, 0, -1)
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(np.minimum.accumulate(steps) if count else steps, 1.0)
    return adjusted


def whole_percents(counts: Numbers) -> list[int]:
    """Whole per cent that add up to 100: the largest remainders are rounded up (Hare 1859, Niemeyer 1970)."""
    exact = counts * 100 / counts.sum()
    whole = np.floor(exact).astype(int)
    rest = 100 - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:rest]] += 1
    return [int(one) for one in whole]
