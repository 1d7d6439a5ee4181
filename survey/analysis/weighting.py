"""Returned cases and what is known of the population -> one weight a case, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.errors import SchemaError

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

CLOSE = 1e-9  # largest relative gap to a margin at which raking has converged
TOLERABLE = 1e-3  # gap up to which weights are used that did not converge so far
MOST_SWEEPS = 500  # through all margins
BISECTIONS = 60  # halvings of a factor's logarithm: more than a float tells
UNKNOWN = -1
"""Place of a case whose answer to a margin's variable is missing."""


@dataclass(frozen=True)
class KnownMargin:
    """People in each group of a variable, and the group of each case (UNKNOWN where its answer is missing)."""

    name: str
    labels: tuple[str, ...]
    group: Places
    people: Numbers
    where: Callable[[], str] = str
    """Tells file and line it was written in, where something is wrong."""


@dataclass(frozen=True)
class Raked:
    """Raked weights with the account of how they came about."""

    weight: Numbers
    at_bound: Flags
    """The bounds held this weight: it would be smaller or larger without them."""
    sweeps: int
    gap: float
    """Largest relative distance of a group's weights to its people."""
    largest: float
    """Largest factor by which a weight was changed."""
    least: float


def adjust_for_nonresponse(
    stratum: Places, people: Numbers, names: Sequence[str], where: Callable[[], str] = str
) -> Numbers:
    """People that each return of a stratum stands for: people written to (weight 1 each) over returns.

    A return of no known stratum (UNKNOWN) stands for as many of all people as the average return: it counts in totals
    and in no stratum. Raises SchemaError for a stratum without returns.
    """
    returned = np.bincount(stratum[stratum >= 0], minlength=len(people)).astype(float)
    empty = [name for name, back, of in zip(names, returned, people, strict=True) if of and not back]
    if empty:
        raise SchemaError(
            f"nobody returned from {empty[0]}: no weight can make others stand for it",
            where=where(),
            hint="name it together with another stratum in population.frame, or leave population.weights out",
        )
    unknown = float((stratum < 0).mean()) if len(stratum) else 0.0
    each = people * (1 - unknown) / np.maximum(returned, 1)
    return np.where(stratum >= 0, each[np.maximum(stratum, 0)], people.sum() / max(len(stratum), 1))


def rake(before: Numbers, margins: Sequence[KnownMargin], bounds: tuple[float, float]) -> Raked:
    """Bring weights to several margins at once by scaling them in turn (Deming & Stephan 1940), within bounds.

    No weight is changed by less or more than the bounds (Deville & Särndal 1992, the truncated exponential distance).
    A case whose answer is missing takes no part in that margin: the known ones are brought to the margin's shares.
    Raises SchemaError where a group has people and no returns, where a weight would explode, or nothing converges.
    """
    for margin in margins:
        _check_groups(before, margin, bounds)
    factor = np.ones(len(before))  # before the bounds are applied
    gap, sweeps = _gap(before * factor, margins), 0
    while gap > CLOSE and sweeps < MOST_SWEEPS:
        for margin in margins:
            factor = _scale_to(before, factor, margin, bounds)
        sweeps += 1
        gap = _gap(before * np.clip(factor, *bounds), margins)
    if gap > TOLERABLE:
        margin, group = _farthest(before * np.clip(factor, *bounds), margins)
        raise SchemaError(
            f"raking does not converge: after {sweeps} rounds margin {margin.name}, group {margin.labels[group]}, "
            f"is off by {gap:.1%}",
            where=margin.where(),
            hint="the margins contradict each other, or population.weights.bounds are too narrow",
        )
    held = np.clip(factor, *bounds)
    at_bound = (factor < bounds[0] * (1 - CLOSE)) | (factor > bounds[1] * (1 + CLOSE))
    return Raked(before * held, at_bound, sweeps, gap, float(held.max()), float(held.min()))


def _targets(weight: Numbers, margin: KnownMargin) -> Numbers:
    """People of each group as far as answers are known: the margin's shares of the weight of those who gave one."""
    return margin.people / margin.people.sum() * weight[margin.group >= 0].sum()


def _gap(weight: Numbers, margins: Sequence[KnownMargin]) -> float:
    return max([0.0, *(float(_gaps(weight, margin).max()) for margin in margins)])


def _gaps(weight: Numbers, margin: KnownMargin) -> Numbers:
    """How far each group is off its people, as a share of them."""
    known = margin.group >= 0
    sums = np.bincount(margin.group[known], weight[known], minlength=len(margin.people))
    wanted = _targets(weight, margin)
    return np.abs(sums / np.where(wanted > 0, wanted, 1) - (wanted > 0))


def _farthest(weight: Numbers, margins: Sequence[KnownMargin]) -> tuple[KnownMargin, int]:
    """The margin and the group that are farthest off."""
    margin = max(margins, key=lambda one: float(_gaps(weight, one).max()))
    return margin, int(_gaps(weight, margin).argmax())


def _scale_to(before: Numbers, factor: Numbers, margin: KnownMargin, bounds: tuple[float, float]) -> Numbers:
    """Multiply the factors of each group by one number so that the bounded weights meet the margin."""
    held = before * np.clip(factor, *bounds)
    wanted, scaled = _targets(held, margin), factor.copy()
    for group, people in enumerate(wanted):
        members = margin.group == group
        base, own = before[members], factor[members]
        times = people / held[members].sum()
        if (own * times < bounds[0]).any() or (own * times > bounds[1]).any():
            times = _bisect(base, own, float(people), bounds)
        scaled[members] = own * times
    return scaled


def _bisect(base: Numbers, own: Numbers, people: float, bounds: tuple[float, float]) -> float:
    low, high = np.log(bounds[0] / own.max()), np.log(bounds[1] / own.min())
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        too_few = (base * np.clip(own * np.exp(middle), *bounds)).sum() < people
        low, high = (middle, high) if too_few else (low, middle)
    return float(np.exp((low + high) / 2))


def _check_groups(before: Numbers, margin: KnownMargin, bounds: tuple[float, float]) -> None:
    """Refuse a group without returns, and one whose few returns would have to stand for too many."""
    for group, people in enumerate(_targets(before, margin)):
        members = margin.group == group
        label = f"margin {margin.name}, group {margin.labels[group]}"
        if not members.any():
            raise SchemaError(
                f"{label}: nobody returned who belongs to it",
                where=margin.where(),
                hint='join it with another group, as in "1+2": 300',
            )
        times = people / before[members].sum()
        if not bounds[0] <= times <= bounds[1]:
            raise SchemaError(
                f"{label}: {int(members.sum())} returns would have to stand for {people:,.0f} people, "
                f"{times:.2g} times as many as without the margin",
                where=margin.where(),
                hint=f"bounds are {bounds[0]:g} to {bounds[1]:g}: check the number, or join groups",
            )


def indicators(margins: Sequence[KnownMargin]) -> Numbers:
    """One column a group of each margin, shape (n, groups): 1 for a case that belongs to it."""
    return np.concatenate(
        [(margin.group[:, None] == np.arange(len(margin.people))).astype(float) for margin in margins], axis=1
    )


def effective_size(weight: Numbers) -> float:
    """Cases of equal weight that would tell as much: (sum w)^2 / sum w^2 (Kish 1965, Survey Sampling, 11.7)."""
    return float(weight.sum() ** 2 / (weight**2).sum()) if len(weight) else 0.0


def design_effect(weight: Numbers) -> float:
    """By how much unequal weights alone multiply a variance: cases over their effective number (Kish 1992)."""
    return len(weight) / effective_size(weight) if len(weight) else float("nan")
