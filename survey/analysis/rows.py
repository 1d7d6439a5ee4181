"""Arrays of numbers -> rows of ESTIMATES, with what every one of them needs: key, base, interval, shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.analysis.population import ALL, Domain, Weighted
from survey.tables import ESTIMATES

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Setting:
    """What all estimates of one report share."""

    domains: Sequence[Domain]
    weighted: Weighted | None
    minimum: int
    """Minimum cell: cases under which a number is not shown."""
    interval: str = "korn-graubard"
    misread: float = float("nan")
    """Upper end of the misreading rate of certain marks, 0..1; NaN without an audit."""

    @property
    def inside(self) -> Flags:
        """Which cases belong to which domain, shape (domains, cases)."""
        return np.stack([domain.cases for domain in self.domains])

    @property
    def population(self) -> Numbers:
        """People of each domain, shape (domains,)."""
        return np.array([domain.population for domain in self.domains])

    @property
    def is_part(self) -> Flags:
        """Which domains are not everybody."""
        return np.array([domain.name != ALL for domain in self.domains])


def rows_of(columns: Mapping[str, object]) -> pd.DataFrame:
    """Return rows with all columns of ESTIMATES: the key is made, numbers that are not given are NaN, texts empty."""
    table = pd.DataFrame(dict(columns))
    for name, (kind, _) in ESTIMATES.columns.items():
        if name not in table.columns and name != "key":
            table[name] = {"float64": np.nan, "int64": 0, "bool": True, "str": ""}[kind]
    variable, code, domain = (table[name].astype("str") for name in ["variable", "code", "domain"])
    table["key"] = variable + "=" + code + "@" + domain
    return ESTIMATES.frame(table)


def may_be_shown(count: Numbers, base: Numbers, minimum: int, *, is_part: Flags) -> Flags:
    """The first rule of disclosure: the base reaches the minimum; in a part, cell and rest do too.

    A cell of nobody (or of everybody) is shown. What can be found by subtraction is not looked at here.
    """
    rest = base - count
    small_cell = ((count > 0) & (count < minimum)) | ((rest > 0) & (rest < minimum))
    return (base >= minimum) & ~(is_part & small_cell)
