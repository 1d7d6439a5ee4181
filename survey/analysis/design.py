"""Weights, strata, clusters and margins -> variances of weighted totals, means and shares by linearisation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Fitted:
    """Sums over a design's margins that do not depend on what is fitted; q columns."""

    inverse: Numbers
    """Of the margins' products, weighted as before the calibration, shape (q, q)."""
    before: Numbers
    """Margins times weights before, shape (q, n)."""
    squared: Numbers
    """Margins times squared weights, shape (q, n)."""
    totals: Numbers
    """Weighted margins by stratum, shape (strata, q)."""
    cross: Numbers
    """Products of margins, times squared weights, by stratum, shape (strata, q, q)."""


@dataclass(frozen=True)
class Design:
    """How n cases stand for a population."""

    weight: Numbers
    """People each case stands for, shape (n,)."""
    stratum: Places
    """Place of its stratum, from 0."""
    population: Numbers
    """Units a stratum was drawn from, shape (strata,): people, or clusters where these were drawn; inf if unknown."""
    cluster: Places | None = None
    before: Numbers | None = None
    """Weights before calibration, where the weights were calibrated to margins …"""
    margins: Numbers | None = None
    """… whose indicators stand here, shape (n, columns)."""

    @property
    def strata(self) -> int:
        return len(self.population)

    @cached_property
    def fitted(self) -> Fitted | None:
        """What every fit on the margins needs; None without margins."""
        if self.margins is None or self.before is None:
            return None
        columns, weight = self.margins, self.weight[:, None]
        places = [np.flatnonzero(self.stratum == stratum) for stratum in range(self.strata)]
        return Fitted(
            np.asarray(
                np.linalg.pinv(columns.T @ (columns * self.before[:, None]), hermitian=True), dtype=float
            ),
            np.ascontiguousarray((columns * self.before[:, None]).T),
            np.ascontiguousarray((columns * weight**2).T),
            np.stack([(columns * weight)[here].sum(axis=0) for here in places]),
            np.stack([columns[here].T @ (columns * weight**2)[here] for here in places]),
        )


@dataclass(frozen=True)
class Ratios:
    """Weighted ratios of D domains (rows) and K targets (columns)."""

    value: Numbers
    se: Numbers
    total: Numbers
    """Weighted denominators: people the domain stands for."""
    df: Numbers
    """Degrees of freedom: units that a domain has, less their strata."""


def residuals(design: Design, influence: Numbers) -> Numbers:
    """What calibration leaves of influences, shape (n, K): residuals of a fit with the weights before it.

    Deville & Särndal 1992 (Journal of the American Statistical Association 87): fitted with the old weights,
    multiplied with the new ones. Without margins the influences themselves.
    """
    fitted = design.fitted
    if design.margins is None or fitted is None:
        return influence
    return influence - design.margins @ (fitted.inverse @ (fitted.before @ influence))


def covariance(design: Design, influence: Numbers) -> Numbers:
    """Covariance of the weighted totals of K influences, shape (K, K).

    With replacement within strata but for the finite population correction of the units drawn (Särndal, Swensson &
    Wretman 1992, Model Assisted Survey Sampling, chapter 4). A stratum with one unit is compared with nothing.
    """
    spread = design.weight[:, None] * residuals(design, influence)
    found = np.zeros((spread.shape[1], spread.shape[1]))
    for stratum in range(design.strata):
        here = design.stratum == stratum
        totals = (
            spread[here] if design.cluster is None else _cluster_totals(spread[here], design.cluster[here])
        )
        n = len(totals)
        unobserved = max(0.0, 1 - n / design.population[stratum])
        centred = totals - totals.mean(axis=0) if n > 1 else totals
        found += unobserved * n / max(n - 1, 1) * centred.T @ centred
    return found


def cell_covariance(design: Design, cell: Places, cells: int) -> Numbers:
    """Covariance of the weighted shares of the cells of a table, shape (cells, cells).

    `cell` is the place of each case's cell, -1 for none. The same as `covariance` of the shares' influences; without
    clusters it needs only sums over cells.
    """
    inside = cell >= 0
    whole = (design.weight * inside).sum()
    if design.cluster is not None:
        hits = (cell[:, None] == np.arange(cells)).astype(float)
        share = (design.weight[:, None] * hits).sum(axis=0) / whole
        return covariance(design, np.where(inside[:, None], hits - share, 0.0) / whole)
    slot = design.stratum * (cells + 1) + np.where(inside, cell, cells)  # the last one for cases in no cell

    def sums(value: Numbers) -> Numbers:
        counted = np.bincount(slot, value, minlength=design.strata * (cells + 1)).astype(float)
        return counted.reshape(design.strata, cells + 1)[:, :cells]

    first, second = sums(design.weight), sums(design.weight**2)
    share = first.sum(axis=0) / whole
    fitted = design.fitted
    if fitted is not None:
        old = np.stack([sums(column).sum(axis=0) for column in fitted.before])
        beta = fitted.inverse @ (old - np.outer(old.sum(axis=1), share))
        shared = np.stack([sums(column) for column in fitted.squared])
    found = np.zeros((cells, cells))
    sizes = np.bincount(design.stratum, minlength=design.strata)
    for stratum, (a, b, n) in enumerate(zip(first, second, sizes, strict=True)):
        total = a - share * a.sum()
        squares = np.diag(b) - np.outer(b, share) - np.outer(share, b) + np.outer(share, share) * b.sum()
        if fitted is not None:
            total = total - fitted.totals[stratum] @ beta
            own = shared[:, stratum]
            mixed = (own - np.outer(own.sum(axis=1), share)).T @ beta
            squares = squares - mixed - mixed.T + beta.T @ fitted.cross[stratum] @ beta
        spread = squares - np.outer(total, total) / n if n > 1 else squares
        found += max(0.0, 1 - n / design.population[stratum]) * n / max(n - 1, 1) * spread
    return found / whole**2


def _cluster_totals(spread: Numbers, cluster: Places) -> Numbers:
    names, place = np.unique(cluster, return_inverse=True)
    totals = np.zeros((len(names), spread.shape[1]))
    np.add.at(totals, place, spread)
    return totals


def mean(design: Design, value: Numbers, inside: Flags) -> tuple[float, Numbers]:
    """Weighted mean over the cases inside, and each case's influence on it, shape (n,); 0 outside."""
    weight = design.weight * inside
    total = weight.sum()
    found = float((weight * value).sum() / total)
    return found, np.where(inside, value - found, 0.0) / total


def degrees_of_freedom(design: Design, inside: Flags) -> int:
    """Units with cases inside less strata with such; what R's degf says of a subset."""
    if design.cluster is None:
        return int(inside.sum()) - int((np.bincount(design.stratum[inside]) > 0).sum())
    units = design.cluster
    pairs = np.unique(np.stack([design.stratum[inside], units[inside]]), axis=1)
    return pairs.shape[1] - len(np.unique(pairs[0]))


def ratios(design: Design, inside: Flags, numerator: Numbers, denominator: Numbers) -> Ratios:
    """Ratios of weighted totals for every domain and target, with their variance over all cases of the design.

    `inside` has shape (D, n), the two others (n, K). The same as `covariance` says one by one, for designs without
    clusters, from sums over strata: a hundred thousand cases take seconds.
    """
    held = inside.astype(float)
    y, x = numerator, denominator
    weight = design.weight[:, None]
    total = held @ (weight * x)
    value = np.divide(held @ (weight * y), total, out=np.full(total.shape, np.nan), where=total > 0)
    scale = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    r = np.nan_to_num(value)
    beta = _coefficients(design, held, (y, x), r) * scale if design.margins is not None else None
    variance = np.zeros_like(total)
    df = np.zeros_like(total)
    for stratum in range(design.strata):
        rows = np.flatnonzero(design.stratum == stratum)
        if not len(rows):
            continue
        part, n = held[:, rows], len(rows)
        units = part @ (x[rows] != 0).astype(float)
        df += np.maximum(units - 1, 0)
        first, second = _moments(part, weight[rows], y[rows], x[rows], r)
        first, second = first * scale, second * scale**2
        if beta is not None and design.margins is not None:
            columns = design.margins[rows]
            first, second = _without_margins(first, second, part, weight[rows], (y[rows], x[rows]), r, scale,
                                             columns, beta)  # fmt: skip
        spread = second - first**2 / n if n > 1 else second
        unobserved = max(0.0, 1 - n / design.population[stratum])
        variance += unobserved * n / max(n - 1, 1) * np.maximum(spread, 0.0)
    return Ratios(value, np.where(total > 0, np.sqrt(variance), np.nan), total, df)


def _moments(part: Numbers, w: Numbers, y: Numbers, x: Numbers, r: Numbers) -> tuple[Numbers, Numbers]:
    """Sums of w (y - r x) and of their squares over the cases of each domain, shape (D, K)."""
    first = part @ (w * y) - r * (part @ (w * x))
    square = w**2
    second = part @ (square * y**2) - 2 * r * (part @ (square * y * x)) + r**2 * (part @ (square * x**2))
    return first, second


def _coefficients(design: Design, held: Numbers, yx: tuple[Numbers, Numbers], r: Numbers) -> Numbers:
    """Coefficients of the margins for y - r x inside each domain, shape (columns, D, K)."""
    assert design.fitted is not None
    old = [
        held @ (row[:, None] * yx[0]) - r * (held @ (row[:, None] * yx[1])) for row in design.fitted.before
    ]
    return np.tensordot(design.fitted.inverse, np.stack(old), axes=1)


def _without_margins(
    first: Numbers, second: Numbers, part: Numbers, w: Numbers, yx: tuple[Numbers, Numbers], r: Numbers,
    scale: Numbers, columns: Numbers, beta: Numbers,
) -> tuple[Numbers, Numbers]:  # fmt: skip
    """The two moments of one stratum after the fitted margins are taken from the influences."""
    square = w**2
    means = (w * columns).sum(axis=0)
    cross = columns.T @ (square * columns)
    first = first - np.tensordot(means, beta, axes=1)
    for place, column in enumerate(columns.T):
        weighted = square * column[:, None]
        shared = (part @ (weighted * yx[0]) - r * (part @ (weighted * yx[1]))) * scale
        second = second - 2 * beta[place] * shared
    return first, second + np.einsum("pdk,pq,qdk->dk", beta, cross, beta, optimize=True)
