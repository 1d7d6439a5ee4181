"""What was published before -> cells that are known or must stay hidden; whether a further table may follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from survey.analysis.disclosure.attack import audit, breaches
from survey.analysis.disclosure.cells import Cells, Linking
from survey.analysis.disclosure.rules import KEPT_BACK, Contained, Linked, Policy, Row, link_rows, rows_of
from survey.files import digest
from survey.tables import PUBLISHED

MOST_TOLD = 5
"""Reasons named in a refusal; what is more is counted."""


@dataclass(frozen=True)
class Decision:
    """Whether a table may be published, and in words why not."""

    allowed: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Earlier:
    """Earlier publications: those of the same data, and the last one of each other state of the data."""

    same: tuple[Row, ...]
    others: dict[str, tuple[Row, ...]]
    """Prefix of its cells -> rows."""
    shown: frozenset[str]
    """Cells that a reader knows."""
    hidden: dict[str, str]
    """Cells that were kept back -> by which publication."""

    def reason(self, cell: str) -> str:
        """Why an earlier publication forbids to show a cell."""
        return f"{KEPT_BACK}: {self.hidden[cell]}" if cell in self.hidden else KEPT_BACK

    def applied(self, cells: Cells) -> Cells:
        """The cells with what is known made public, and what was kept back made sensitive."""
        known = np.array([name in self.shown for name in cells.names])
        kept = np.array([name in self.hidden for name in cells.names])
        return replace(
            cells, public=(cells.public | known) & ~kept, sensitive=(cells.sensitive & ~known) | kept,
        )  # fmt: skip


def data_digest(responses: pd.DataFrame) -> str:
    """Digest of all answers, whatever their order; publications of one digest show the same counts."""
    columns = ["case", "stratum", "variable", "code", "missing"]
    ordered = responses[columns].sort_values(columns, ignore_index=True)
    return digest(ordered.to_csv(index=False))


def to_publish(publishable: pd.DataFrame, questionnaire: str, publication: str, data: str) -> pd.DataFrame:
    """Return PUBLISHED: the rows of a table that is about to be published, with what it keeps back."""
    rows = publishable.assign(
        made_at="", questionnaire=questionnaire, publication=publication, data=data,
        shown=publishable["shown"].astype("int64"),
    )  # fmt: skip
    return PUBLISHED.frame(rows[rows["key"].isin({row.key for row in rows_of(publishable)})])


def earlier_of(published: pd.DataFrame, data: str, rows: Sequence[Row] = ()) -> Earlier:
    """Sort PUBLISHED into what shows the same data and what shows another state of it.

    A variable that counts the same answers differently than `rows` now do (a formula was changed) is another state.
    """
    same: dict[str, Row] = {}
    others, shown, hidden = {}, set(), {}
    changed = _changed(published[published["data"] == data], rows)
    is_changed = (published["data"] == data) & published["variable"].isin(changed)
    states = published["data"].mask(is_changed, published["data"] + " before")
    for state, rows_then in published.groupby(states, sort=False):
        prefix = "" if state == data else f"{rows_then['publication'].iloc[-1]} ({_short(str(state))}): "
        last = rows_then.sort_values("shown", kind="stable").drop_duplicates("key", keep="last")
        found = {row.key: row for row in rows_of(last)}
        if state == data:
            same = found
        else:
            others[prefix] = tuple(found.values())
        told = set(last.loc[last["shown"] == 1, "key"])
        names = dict(zip(last["key"], last["publication"] + ", " + last["made_at"].str[:10], strict=True))
        seen = {_base(row) for row in found.values() if row.key in told}
        for row in found.values():
            for cell, is_known in ((row.key, row.key in told), (_base(row), _base(row) in seen)):
                if is_known:
                    shown.add(prefix + cell)
                elif row.base:
                    hidden[prefix + cell] = names[row.key]
    return Earlier(tuple(same.values()), others, frozenset(shown), hidden)


def _changed(published: pd.DataFrame, rows: Sequence[Row]) -> set[str]:
    """Variables whose counts of the same data are no longer what was published."""
    now = {row.key: (row.count, row.base) for row in rows}
    return {
        row.variable
        for row in rows_of(published)
        if now.get(row.key, (row.count, row.base)) != (row.count, row.base)
    }


def _short(state: str) -> str:
    digest_, _, more = state.partition(" ")
    return f"{digest_[:6]} {more}".strip()


def _base(row: Row) -> str:
    return f"{row.variable}@{row.domain}"


def link_earlier(linking: Linking, linked: Linked, earlier: Earlier, policy: Policy) -> None:
    """Enter publications of other data, and that people were only added since.

    Where a count went down (a reading was corrected), a reader cannot rely on that, and no link is made.
    """
    for prefix, rows in earlier.others.items():
        link_rows(linking, rows, policy, prefix)
        names = [
            name.format(cell) for cells in linked.cell.values() for cell in cells for name in ("{}", "not {}")
        ]
        for name in dict.fromkeys(names):
            before = name.replace("not ", f"not {prefix}") if name.startswith("not ") else prefix + name
            if name in linking and before in linking and linking.count(name) >= linking.count(before):
                since = f"since {before}"
                linking.add_secret(since, linking.count(name) - linking.count(before))
                linking.relate(name, [before, since], loose=True)


def together(rows: Sequence[Row], earlier: Earlier) -> list[Row]:
    """The rows of a table and those that were published of the same data."""
    own = {row.key for row in rows}
    return [*rows, *(row for row in earlier.same if row.key not in own)]


def may_publish(
    table: pd.DataFrame,
    published: pd.DataFrame,
    minimum_cell: int,
    *,
    data: str = "",
    contained: tuple[Contained, ...] = (),
) -> Decision:
    """Whether a table may be published as it stands, given PUBLISHED.

    `table` has the columns of ESTIMATES up to the base, and `shown` where some rows are left empty; `data` is the
    digest of the responses it was made from. Refused where a row is itself too small, or where the table together
    with what was published before narrows a count that is kept back to less than the minimum cell, in people.
    """
    policy = Policy(minimum_cell, contained=contained)
    rows, linking = rows_of(table), Linking()
    earlier = earlier_of(published, data, rows)
    linked = link_rows(linking, together(rows, earlier), policy)
    link_earlier(linking, linked, earlier, policy)
    told = set(table.loc[table["shown"], "key"]) if "shown" in table else set(table["key"])
    new = {cell for row in rows if row.key in told for cell in linked.cell[row.key]}
    plain = [
        f"{cell} may not be shown: {linked.reason[cell]}"
        for cell in sorted(new & linked.reason.keys())
        if cell not in earlier.shown
    ]
    plain += [f"{cell} was {earlier.reason(cell)}" for cell in sorted(new & earlier.hidden.keys())]
    return _decision(plain or _narrowed(linking.done(), new, earlier, minimum_cell))


def _narrowed(cells: Cells, new: set[str], earlier: Earlier, minimum_cell: int) -> list[str]:
    """In words, every kept back count that the new cells, once known, would narrow too much."""
    cells = earlier.applied(cells)
    cells = replace(cells, secret=cells.secret | (~cells.sensitive & ~cells.public))
    known = np.array([name in earlier.shown for name in cells.names]) | cells.public
    shown = known | np.array([name in new for name in cells.names])
    cells = replace(cells, secret=cells.secret & ~shown, follows=())
    before = replace(cells, secret=cells.secret | (~known & ~cells.sensitive))
    needed = np.full(len(cells.names), float(minimum_cell))
    for place, span in breaches(before, ~known, needed).items():
        needed[place] = span
    found = breaches(cells, ~shown, needed)
    if not found:
        return []
    seen = audit(cells, ~shown, needed)
    return [
        f"{cells.names[place]} would lie between {seen.low[place]:.0f} and {seen.high[place]:.0f}; "
        f"it was {earlier.reason(cells.names[place])}"
        if cells.names[place] in earlier.hidden
        else f"{cells.names[place]} would lie between {seen.low[place]:.0f} and {seen.high[place]:.0f}"
        for place in found
    ]


def _decision(reasons: list[str]) -> Decision:
    more = len(reasons) - MOST_TOLD
    told = reasons[:MOST_TOLD] + ([f"and {more} more"] if more > 0 else [])
    return Decision(not reasons, tuple(told))
