"""Decisions of people -> those that stand, after some were taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import pandas as pd

Row = TypeVar("Row", bound=Mapping[str, object])
WITHDRAWN = "withdrawn"
ERASED = "erased"  # what a person typed, and what had to be erased since


def standing(adjudications: pd.DataFrame) -> pd.DataFrame:
    """Leave out decisions that were withdrawn, and the withdrawals themselves.

    A withdrawal has the state `withdrawn` and in `withdraws` the id of what it takes back, which may be a withdrawal.
    What was said before then stands again, or the machine's reading. The order of the rows stays.
    """
    if adjudications.empty:
        return adjudications
    withdrawals = adjudications.loc[adjudications["state"] == WITHDRAWN, ["id", "withdraws"]]
    gone = _taken_back(zip(withdrawals["id"].iloc[::-1], withdrawals["withdraws"].iloc[::-1], strict=True))
    return adjudications[(adjudications["state"] != WITHDRAWN) & ~adjudications["id"].isin(gone)]


def typed(stands: pd.DataFrame) -> pd.DataFrame:
    """Return those of the decisions that stand which say what was written by hand, or that it was erased since."""
    return stands[(stands["box"] == "") & (stands["item"] != "") & stands["state"].isin(["", ERASED])]


def standing_rows(rows: list[Row]) -> list[Row]:
    """Leave out the same of rows by column, in the order they were added."""
    withdrawals = [row for row in reversed(rows) if row["state"] == WITHDRAWN]
    gone = _taken_back((str(row["id"]), str(row["withdraws"])) for row in withdrawals)
    return [row for row in rows if row["state"] != WITHDRAWN and row["id"] not in gone]


def _taken_back(withdrawals: Iterable[tuple[str, str]]) -> set[str]:
    """Name the decisions that stand no more; `withdrawals` (id, what it withdraws) come last first."""
    gone: set[str] = set()
    for name, withdraws in withdrawals:
        if name not in gone:
            gone.add(withdraws)
    return gone
