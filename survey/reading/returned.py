"""The ledger -> the cases that came back: which pages of each were read, and which are missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.reading.assemble import Issue
from survey.tables import CASES


def cases_of(ledger: pd.DataFrame, questionnaire: str, issue: Issue) -> pd.DataFrame:
    """List the cases of which at least one page was read; returns CASES."""
    read = ledger[(ledger["place"] == "read") & (ledger["questionnaire"] == questionnaire)]
    whose, names = pd.factorize(read["case"], sort=True)
    there = np.zeros((len(names), len(issue.pages)), bool)
    page = pd.Index(issue.pages).get_indexer(read["questionnaire_page"])
    there[whose[page >= 0], page[page >= 0]] = True
    patterns, pattern = np.unique(there, axis=0, return_inverse=True)
    absent = [" ".join(str(page) for page in np.array(issue.pages)[~one]) for one in patterns]
    without_serial = [name not in issue.strata and "#" in name for name in names]
    table = {
        "case": names, "serial": np.where(without_serial, "", names),
        "stratum": _first(read["stratum"], whose, len(names)),
        "received": _first(read["received"], whose, len(names), is_least=True),
        "pages_read": np.bincount(whose, minlength=len(names)),
        "pages_missing": np.array(absent, dtype=object)[pattern],
    }  # fmt: skip
    return CASES.frame(pd.DataFrame(table))


def _first(
    texts: pd.Series, whose: NDArray[np.int64], count: int, *, is_least: bool = False
) -> NDArray[np.object_]:
    """The first text of each case that is not empty, or the least; `whose` tells the case of each row."""
    number, words = pd.factorize(texts, sort=is_least)
    rank = number if is_least else np.arange(len(number))
    said = np.flatnonzero(texts != "")
    rows = said[np.lexsort((rank[said], whose[said]))]
    cases, first = np.unique(whose[rows], return_index=True)
    found = np.full(count, "", dtype=object)
    found[cases] = np.asarray(words, dtype=object)[number[rows[first]]]
    return found
