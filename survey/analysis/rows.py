"""Arrays of numbers -> rows of ESTIMATES, with what every one of them needs: key, base, interval, shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.analysis.population import Domain, Weighted
from survey.tables import ESTIMATES

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Setting:
    """What all estimates of one report share."""

    domains: Sequence[Domain]
    weighted: Weighted | None
    minimum: int
    """Minimum cell: combinations of needs below it are told together as rare."""
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


NOT_GIVEN: dict[str, object] = {"float64": np.nan, "int64": 0, "bool": True, "str": ""}
"""What a column holds that is not given: a number that may be told, and is not known."""


def rows_of(columns: Mapping[str, object]) -> pd.DataFrame:
    """Return rows with all columns of ESTIMATES: the key is made, numbers that are not given are NaN, texts empty.

    A column is a list or an array, or one value for all rows.
    """
    size = next(len(one) for one in columns.values() if isinstance(one, list | np.ndarray | pd.Series))
    made: dict[str, Any] = {}
    for name, (kind, _) in ESTIMATES.columns.items():
        made[name] = np.empty(size, object if kind == "str" else kind)
        made[name][:] = columns.get(name, NOT_GIVEN[kind])
    parts = zip(made["variable"], made["code"], made["domain"], strict=True)
    made["key"] = [f"{variable}={code}@{domain}" for variable, code, domain in parts]
    texts = [name for name, (kind, _) in ESTIMATES.columns.items() if kind == "str"]
    return ESTIMATES.frame(pd.DataFrame(made | {name: pd.array(made[name], dtype="str") for name in texts}))
