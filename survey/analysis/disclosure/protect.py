"""ESTIMATES -> PUBLISHABLE: the same rows, each with whether it may be shown, and why not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from survey.analysis.compare import corrected_again
from survey.analysis.disclosure.cells import Cells, Linking
from survey.analysis.disclosure.hiding import hide
from survey.analysis.disclosure.published import Earlier, earlier_of, link_earlier, together
from survey.analysis.disclosure.resting import rests_on
from survey.analysis.disclosure.rules import PROTECTS, Linked, Policy, link_rows, rows_of
from survey.doors.linear import Flags
from survey.tables import PUBLISHABLE, PUBLISHED

NO_NUMBER = "there is no such number"
RESTS = "a number it is made of is not shown"


def protect(
    estimates: pd.DataFrame, policy: Policy, published: pd.DataFrame | None = None, data: str = ""
) -> pd.DataFrame:
    """Return PUBLISHABLE: which rows of ESTIMATES may be shown beside each other and beside what was published.

    `published` is PUBLISHED, `data` the digest of the responses behind the estimates (`data_digest`). What is made of
    several counts (a difference, a test, a share of answers) is shown where all of them are; p-values are corrected
    anew for those tests that are shown, so that none of them tells another.
    """
    rows = rows_of(estimates)
    earlier = earlier_of(PUBLISHED.frame() if published is None else published, data, rows)
    linking = Linking()
    linked = link_rows(linking, together(rows, earlier), policy)
    link_earlier(linking, linked, earlier, policy)
    cells = earlier.applied(linking.done())
    hidden = hide(cells, policy.minimum).hidden
    return corrected_again(_with_reasons(estimates, cells, hidden, linked, earlier))


def _with_reasons(
    estimates: pd.DataFrame, cells: Cells, hidden: Flags, linked: Linked, earlier: Earlier
) -> pd.DataFrame:
    is_hidden = dict(zip(cells.names, hidden, strict=True))
    sensitive = dict(zip(cells.names, cells.sensitive, strict=True))
    reasons = {}
    for key, is_number in zip(estimates["key"], estimates["shown"], strict=True):
        behind = [name for name in linked.cell.get(key, ()) if is_hidden[name]]
        told = [linked.reason.get(name, earlier.reason(name)) for name in behind if sensitive[name]]
        own = (told or [PROTECTS])[0] if behind else ""
        reasons[key] = own if is_number else own or NO_NUMBER
    for key, others in rests_on(estimates).items():
        if any(reasons.get(other, RESTS) for other in others):
            reasons[key] = RESTS
    reason = np.array([reasons[key] for key in estimates["key"]], dtype=object)
    return PUBLISHABLE.frame(estimates.assign(shown=reason == "", reason=reason))
