"""Coded answers, a column a variable <-> the table as which they are kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.texts import Texts

Flags = NDArray[np.bool_]
Answers = dict[str, tuple[Texts, Texts]]
"""Variable -> codes and missing reasons of all cases."""


@dataclass(frozen=True)
class Coded:
    """RESPONSES as columns of all cases, without words; variables in order."""

    cases: pd.Index
    stratum: Texts
    answers: Answers

    def of(self, variable: str) -> tuple[Texts, Texts]:
        """Codes and missing reasons of one variable."""
        return self.answers[variable]

    def where(self, kept: Flags) -> Coded:
        """Only these cases."""
        if kept.all():
            return self
        answers = {name: (code[kept], missing[kept]) for name, (code, missing) in self.answers.items()}
        return Coded(self.cases[kept], self.stratum[kept], answers)

    def as_table(self) -> pd.DataFrame:
        """A row a case: case, stratum, and of each variable its code and missing reason, as categories.

        `coded_of_table` reads it.
        """
        columns = {"case": self.cases.astype("str").array, "stratum": self.stratum.as_categories()}
        for name, (code, missing) in self.answers.items():
            columns |= {f"{name} code": code.as_categories(), f"{name} missing": missing.as_categories()}
        return pd.DataFrame(columns)


def coded_of_table(table: pd.DataFrame) -> Coded:
    """Read coded answers from the table they were written as."""
    names = [str(name).removesuffix(" code") for name in table.columns[2::2]]
    answers = {
        name: (Texts.of_column(table[f"{name} code"]), Texts.of_column(table[f"{name} missing"]))
        for name in names
    }
    return Coded(pd.Index(table["case"]), Texts.of_column(table["stratum"]), answers)
