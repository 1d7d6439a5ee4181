"""Coded answers as arrays <-> the table as which they are kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Strings = NDArray[np.object_]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Coded:
    """RESPONSES as arrays of shape (cases, variables), without words."""

    cases: pd.Index
    stratum: Strings
    column: dict[str, int]
    code: Strings
    missing: Strings

    def as_table(self) -> pd.DataFrame:
        """A row a case and variable, texts as categories: case, stratum, variable, code and missing.

        `coded_of_table` reads it.
        """
        count = len(self.column)
        stratum, strata = pd.factorize(self.stratum)
        rows = np.arange(len(self.cases), dtype=np.int32)
        parts = {
            "case": (np.repeat(rows, count), self.cases), "stratum": (np.repeat(stratum, count), strata),
            "variable": (np.tile(np.arange(count, dtype=np.int16), len(rows)), [*self.column]),
            "code": pd.factorize(self.code.ravel()), "missing": pd.factorize(self.missing.ravel()),
        }  # fmt: skip
        return pd.DataFrame({name: pd.Categorical.from_codes(*part) for name, part in parts.items()})

    def of(self, variable: str) -> tuple[Strings, Strings]:
        """Codes and missing reasons of one variable."""
        return self.code[:, self.column[variable]], self.missing[:, self.column[variable]]

    def where(self, kept: Flags) -> Coded:
        """Only these cases."""
        return Coded(self.cases[kept], self.stratum[kept], self.column, self.code[kept], self.missing[kept])


def coded_of_table(table: pd.DataFrame) -> Coded:
    """Read coded answers from the table they were written as."""
    cases, names = (table[name].cat.categories for name in ("case", "variable"))
    code, missing = (_objects(table[name]).reshape(len(cases), len(names)) for name in ("code", "missing"))
    column = {str(name): place for place, name in enumerate(names)}
    return Coded(
        cases.astype("str"), _objects(table["stratum"])[:: max(len(names), 1)], column, code, missing
    )


def _objects(column: pd.Series) -> Strings:
    """Categories as texts."""
    return np.asarray(column.cat.categories, dtype=object)[column.cat.codes]
