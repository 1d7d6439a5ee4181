"""Decisions of people -> those that stand, after some were taken back."""

from __future__ import annotations

import pandas as pd

WITHDRAWN = "withdrawn"
ERASED = "erased"  # what a person typed, and what had to be erased since


def standing(adjudications: pd.DataFrame) -> pd.DataFrame:
    """Leave out decisions that were withdrawn, and the withdrawals themselves.

    A withdrawal has the state `withdrawn` and in `withdraws` the id of what it takes back, which may be a withdrawal.
    What was said before then stands again, or the machine's reading. The order of the rows stays.
    """
    if adjudications.empty:
        return adjudications
    withdrawals = adjudications[adjudications["state"] == WITHDRAWN]
    taken_back: set[str] = set()
    for name, withdraws in zip(
        withdrawals["id"].iloc[::-1], withdrawals["withdraws"].iloc[::-1], strict=True
    ):
        if name not in taken_back:
            taken_back.add(withdraws)
    stands = (adjudications["state"] != WITHDRAWN) & ~adjudications["id"].isin(taken_back)
    return adjudications[stands]
