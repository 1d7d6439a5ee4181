"""Two waves -> what changed between them, for cases that can be linked and for those that cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.analysis.coded import Coded
from survey.analysis.design import Design, ratios
from survey.analysis.intervals import benjamini_hochberg, p_two_sided, t_quantile
from survey.analysis.population import Domain, frame_domains, weigh
from survey.analysis.rows import rows_of
from survey.analysis.targets import Target, targets
from survey.questionnaire.model import Questionnaire
from survey.tables import PUBLISHABLE

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

CHANGE = "change"
COMPARED = ("share", "mean")
"""Statistics whose change is told."""
FEW_LINKED = "fewer linked cases answered both times, said so or did not, than the minimum cell"


@dataclass(frozen=True)
class Wave:
    """Coded answers of one fielding, with the serial of each case."""

    questionnaire: Questionnaire
    coded: Coded
    serial: NDArray[np.object_]


def change_unlinked(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Changes of all shares and means of two PUBLISHABLE that have the same key, as rows of PUBLISHABLE.

    The waves are taken for independent: variances add up. Only numbers that may be shown in both are compared.
    Interval and p-value after the normal distribution; both finite population corrections stay, for what changed are
    two frames. P-values are corrected after Benjamini & Hochberg.
    """
    sides = [
        table[table["statistic"].isin(COMPARED) & table["shown"] & table["se"].gt(0)]
        for table in (now, before)
    ]
    pairs = sides[0].merge(sides[1][["key", "value", "se", "base"]], on="key", suffixes=("", "_before"))
    se = np.sqrt(pairs["se"] ** 2 + pairs["se_before"] ** 2).to_numpy(float)
    value = (pairs["value"] - pairs["value_before"]).to_numpy(float)
    z = t_quantile(np.inf)
    p = p_two_sided(value / se, np.inf)
    columns = {name: pairs[name] for name in ["item", "variable", "domain", "count"]}
    rows = rows_of(
        columns
        | {
            "code": pairs["code"] + f" {CHANGE}", "statistic": CHANGE, "base": pairs["base"] + pairs["base_before"],
            "value": value, "se": se, "low": value - z * se, "high": value + z * se,
            "p": p, "p_adjusted": benjamini_hochberg(p), "method": "unlinked, benjamini-hochberg",
        }
    )  # fmt: skip
    return PUBLISHABLE.frame(rows.assign(reason=""))


def change_linked(now: Wave, before: Wave, minimum: int) -> pd.DataFrame:
    """Changes of all shares and means within the cases whose serial is in both waves, as rows of PUBLISHABLE.

    What a case said before is taken from what it says now, so that what stays the same within it adds no variance.
    The design is the later wave's, without finite population correction: who answers twice is no census of anybody.
    A row is shown where at least `minimum` linked cases answered both times, and as many said so and did not each time.
    """
    place_before = {serial: place for place, serial in enumerate(before.serial)}
    rows = [place for place, serial in enumerate(now.serial) if serial and serial in place_before]
    earlier = [place_before[now.serial[row]] for row in rows]
    domains = list(frame_domains(now.coded, now.questionnaire))
    inside = np.stack([domain.cases[rows] for domain in domains])
    wanted = {
        (one.variable, one.code, one.statistic): one
        for one in targets(before.coded, before.questionnaire, minimum)
    }
    pairs = [
        (one, wanted[one.variable, one.code, one.statistic])
        for one in targets(now.coded, now.questionnaire, minimum)
        if one.statistic in COMPARED and (one.variable, one.code, one.statistic) in wanted
    ]
    if not rows or not pairs:
        return PUBLISHABLE.frame()
    answered = np.stack([a.valid[rows] & b.valid[earlier] for a, b in pairs], axis=1)
    both = np.stack([np.stack([a.value[rows], b.value[earlier]]) for a, b in pairs], axis=2)
    return _linked_rows(_design(now, rows), [a for a, _ in pairs], domains, inside, answered, both, minimum)


def _design(now: Wave, rows: Sequence[int]) -> Design:
    """The later wave's weights and strata of its linked cases; one stratum without weights."""
    weighted = weigh(now.coded, now.questionnaire)
    if weighted is None:
        return Design(np.ones(len(rows)), np.zeros(len(rows), dtype=np.int64), np.array([np.inf]))
    design = weighted.design
    return Design(design.weight[rows], design.stratum[rows], np.full(design.strata, np.inf))


def _linked_rows(
    design: Design, wanted: Sequence[Target], domains: Sequence[Domain], inside: Flags, answered: Flags,
    both: Numbers, minimum: int,
) -> pd.DataFrame:  # fmt: skip
    """One row a target and domain; `inside` (domains, n), `answered` (n, targets), `both` (2, n, targets)."""
    found = ratios(design, inside, (both[0] - both[1]) * answered, answered.astype(float))
    base = inside.astype(float) @ answered
    hits = np.stack([inside.astype(float) @ (side * answered) for side in both])
    is_share = np.array([one.statistic == "share" for one in wanted])
    fewest = np.where(is_share, np.minimum(hits, base - hits).min(axis=0), base)
    shown = (base >= minimum) & (fewest >= minimum)
    df = np.maximum(found.df, 1)
    reach = t_quantile(df) * found.se
    certain = np.divide(
        found.value, found.se, out=np.where(found.value == 0, 0.0, np.inf), where=found.se > 0
    )
    p = np.where(shown, p_two_sided(certain, df), np.nan)
    adjusted = np.full(p.shape, np.nan)
    adjusted[shown] = benjamini_hochberg(p[shown])
    size = len(domains)
    flat = {
        name: np.where(shown, column, np.nan).T.ravel()
        for name, column in {"value": found.value, "se": found.se, "low": found.value - reach,
                             "high": found.value + reach, "p": p, "p_adjusted": adjusted}.items()
    }  # fmt: skip
    named = {name: np.repeat([getattr(one, name) for one in wanted], size) for name in ("item", "variable")}
    table = rows_of(
        named
        | flat
        | {
            "code": np.repeat([f"{one.code} {CHANGE}" for one in wanted], size), "statistic": CHANGE,
            "domain": [domain.name for domain in domains] * len(wanted), "shown": shown.T.ravel(),
            "count": np.where(shown, base, 0).T.ravel().astype("int64"),
            "base": np.where(shown, base, 0).T.ravel().astype("int64"),
            "method": "linked, benjamini-hochberg",
        }
    )  # fmt: skip
    return PUBLISHABLE.frame(table.assign(reason=np.where(table["shown"], "", FEW_LINKED)))
