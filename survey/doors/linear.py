"""Linear and integer programs -> their solutions (the door to scipy's HiGHS)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import block_array, csr_array, eye_array, kron
from scipy.sparse.csgraph import connected_components

__all__ = [
    "Best", "Flags", "Numbers", "Picked", "connected", "csr_array", "maximise", "maximise_each", "pick",
    "side_by_side",
]  # fmt: skip

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Best:
    """The largest value of a linear program, where it is reached, and the prices of its equations."""

    value: float
    point: Numbers
    prices: Numbers


@dataclass(frozen=True)
class Picked:
    """The cheapest choice found, a bound that no choice undercuts, and whether it is proven the cheapest."""

    flags: Flags
    bound: float
    is_optimal: bool


def maximise(gain: Numbers, equations: csr_array, low: Numbers, high: Numbers) -> Best:
    """Maximise gain·x where equations·x = 0 and low <= x <= high, all finite; x = 0 must be allowed."""
    found = linprog(
        -gain,
        A_eq=equations,
        b_eq=np.zeros(equations.shape[0]),
        bounds=np.column_stack([low, high]),
        method="highs",
    )
    if found.status != 0:
        raise ArithmeticError(f"a linear program with a known solution failed: {found.message}")
    return Best(-float(found.fun), np.asarray(found.x), -np.asarray(found.eqlin.marginals))


MOST_COLUMNS = 20_000
"""Columns of programs solved in one call; calling costs more than solving where they are small."""


def maximise_each(
    gains: Numbers, equations: csr_array, low: Numbers, high: Numbers
) -> tuple[Numbers, Numbers]:
    """Maximise each row of `gains`, shape (k, n), under the same equations and bounds; x = 0 must be allowed.

    Returns the points reached, shape (k, n), and the prices of the equations, shape (k, m).
    """
    at_once = max(1, MOST_COLUMNS // gains.shape[1])
    points, prices = [np.empty((0, gains.shape[1]))], [np.empty((0, equations.shape[0]))]
    for start in range(0, len(gains), at_once):
        part = gains[start : start + at_once]
        k = len(part)
        best = maximise(
            part.ravel(),
            csr_array(kron(eye_array(k), equations, format="csr")),
            np.tile(low, k),
            np.tile(high, k),
        )
        points.append(best.point.reshape(k, -1))
        prices.append(best.prices.reshape(k, -1))
    return np.concatenate(points), np.concatenate(prices)


def pick(
    cost: Numbers, rules: csr_array, least: Numbers, must: Flags, may: Flags, nodes: int
) -> Picked | None:
    """Pick flags of least cost with rules·flags >= least, all of `must` and none outside `may`.

    `nodes` limits the search tree: a limit in seconds would make the result hang on the machine.
    None where nothing was found within it.
    """
    found = milp(
        cost,
        constraints=LinearConstraint(rules, least, np.inf),
        integrality=np.ones(len(cost)),
        bounds=Bounds(must.astype(float), (must | may).astype(float)),
        options={"node_limit": nodes, "mip_rel_gap": 1e-6},
    )
    if found.x is None:
        return None
    bound = float(found.mip_dual_bound) if found.mip_dual_bound is not None else -np.inf
    return Picked(np.asarray(found.x) > 0.5, bound, found.status == 0)


def connected(links: csr_array) -> NDArray[np.int32]:
    """Number of the island each node lies on; `links` has an entry where two nodes are linked."""
    _, island = connected_components(links, directed=False)
    return np.asarray(island)


def side_by_side(blocks: list[list[csr_array | None]]) -> csr_array:
    """One matrix from blocks; None stands for zeros."""
    return csr_array(block_array(blocks))
