"""ESTIMATES -> PUBLISHABLE: the same rows, each with whether it may be shown, and why not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from survey.analysis.disclosure.cells import Cells, Linking
from survey.analysis.disclosure.hiding import hide
from survey.analysis.disclosure.published import Earlier, earlier_of, link_earlier, together
from survey.analysis.disclosure.rules import PROTECTS, Linked, Policy, contained_in, link_rows, rows_of
from survey.analysis.estimate import NEEDS
from survey.doors.linear import Flags
from survey.questionnaire.model import Questionnaire
from survey.tables import PUBLISHABLE, PUBLISHED


def policy_of(questionnaire: Questionnaire, responses: pd.DataFrame, estimates: pd.DataFrame) -> Policy:
    """What the schema says about publishing, and what follows from single answers: who dominates a sum."""
    said = questionnaire.schema.disclosure
    codes = list(dict.fromkeys(estimates.loc[estimates["variable"] == NEEDS, "code"]))
    return Policy(
        questionnaire.schema.population.minimum_cell,
        frozenset(said.protect_zeros),
        dominated(responses, questionnaire, said.dominance),
        tuple(contained_in(questionnaire, codes)),
    )


def dominated(responses: pd.DataFrame, questionnaire: Questionnaire, limit: float) -> frozenset[str]:
    """Keys of the means of written numbers of which one person makes up more than `limit` (share) of the sum."""
    numbers = [asked.id for asked in questionnaire.asked() if asked.kind == "number"]
    valid = responses[responses["variable"].isin(numbers) & (responses["missing"] == "")]
    stratum = questionnaire.schema.population.stratum
    values = valid.assign(value=valid["code"].astype(float))
    found = set()
    for domain, rows in [
        ("all", values),
        *((f"{stratum}={name}", part) for name, part in values.groupby("stratum")),
    ]:
        sums = rows.groupby("variable")["value"].agg(["sum", "max"])
        over = sums.index[sums["max"] > limit * sums["sum"]]
        found |= {f"{variable}=mean@{domain}" for variable in over}
    return frozenset(found)


def protect(
    estimates: pd.DataFrame, policy: Policy, published: pd.DataFrame | None = None, data: str = ""
) -> pd.DataFrame:
    """Return PUBLISHABLE: which rows of ESTIMATES may be shown beside each other and beside what was published.

    `published` is PUBLISHED, `data` the digest of the responses behind the estimates (`data_digest`).
    """
    earlier = earlier_of(PUBLISHED.frame() if published is None else published, data)
    linking = Linking()
    linked = link_rows(linking, together(rows_of(estimates), earlier), policy)
    link_earlier(linking, linked, earlier, policy)
    cells = earlier.applied(linking.done())
    hidden = hide(cells, policy.minimum).hidden
    return _with_reasons(estimates, cells, hidden, linked, earlier)


def _with_reasons(
    estimates: pd.DataFrame, cells: Cells, hidden: Flags, linked: Linked, earlier: Earlier
) -> pd.DataFrame:
    is_hidden = dict(zip(cells.names, hidden, strict=True))
    sensitive = dict(zip(cells.names, cells.sensitive, strict=True))
    reasons = []
    for key in estimates["key"]:
        behind = [name for name in linked.cell.get(key, ()) if is_hidden[name]]
        told = [linked.reason.get(name, earlier.reason(name)) for name in behind if sensitive[name]]
        reasons.append((told or [PROTECTS])[0] if behind else "")
    return PUBLISHABLE.frame(estimates.assign(shown=np.array(reasons) == "", reason=reasons))
