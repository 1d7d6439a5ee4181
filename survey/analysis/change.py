"""Two waves -> what changed between them, for cases that can be linked and for those that cannot."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.analysis.design import Design, covariance, degrees_of_freedom, mean
from survey.analysis.intervals import p_two_sided, t_quantile
from survey.analysis.population import ALL
from survey.analysis.rows import rows_of

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

CHANGE = "change"


def change_unlinked(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Changes of all shares and means of two ESTIMATES that have the same key, as rows of ESTIMATES.

    The waves are taken for independent: variances add up. Only numbers that may be shown in both are compared.
    Interval and p-value after the normal distribution; both finite population corrections stay, for what changed are
    two frames.
    """
    kinds = ["share", "mean"]
    sides = [
        table[table["statistic"].isin(kinds) & table["shown"] & table["se"].gt(0)] for table in (now, before)
    ]
    pairs = sides[0].merge(sides[1][["key", "value", "se", "base"]], on="key", suffixes=("", "_before"))
    se = np.sqrt(pairs["se"] ** 2 + pairs["se_before"] ** 2).to_numpy(float)
    value = (pairs["value"] - pairs["value_before"]).to_numpy(float)
    z = t_quantile(np.inf)
    columns = {name: pairs[name] for name in ["item", "variable", "domain", "count"]}
    return rows_of(
        columns
        | {
            "code": pairs["code"] + f" {CHANGE}", "statistic": CHANGE, "base": pairs["base"] + pairs["base_before"],
            "value": value, "se": se, "low": value - z * se, "high": value + z * se,
            "p": p_two_sided(value / se, np.inf), "method": "unlinked",
        }
    )  # fmt: skip


def change_linked(
    design: Design, now: Numbers, before: Numbers, answered: Flags, name: str = "", domain: str = ALL
) -> pd.DataFrame:
    """Change of a value within the cases that answered both times, as one row of ESTIMATES.

    `now`, `before` and `answered` have shape (n,), for the cases of one design. What a case said before is taken from
    what it says now, so that what stays the same within it adds no variance.
    """
    value, influence = mean(design, now - before, answered)
    se = float(np.sqrt(covariance(design, influence[:, None])[0, 0]))
    df = max(degrees_of_freedom(design, answered), 1)
    reach = t_quantile(df) * se
    p = float(p_two_sided(np.array(value / se), df)) if se > 0 else float(value == 0)
    return rows_of(
        {
            "item": [name], "variable": name, "code": CHANGE, "domain": domain, "statistic": CHANGE,
            "count": int(answered.sum()), "base": int(answered.sum()), "value": value, "se": se,
            "low": value - reach, "high": value + reach, "p": p, "method": "linked",
        }
    )  # fmt: skip
