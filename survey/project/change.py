"""Two questionnaires of a project that are waves of one survey -> a table of what changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from survey.errors import UsageError
from survey.files import write_csv
from survey.project.folder import Project
from survey.project.returns import results
from survey.reporting.evidence import Results

if TYPE_CHECKING:
    from survey.analysis.change import Wave


def export_change(project: Project, before: str, now: str, out: Path, *, is_linked: bool = False) -> int:
    """Write the changes of all numbers that two waves share to a CSV file; returns its number of rows.

    `before` and `now` name questionnaires. With `is_linked` the cases of one serial are the same people in both.
    """
    table = change_table(results(project, before), results(project, now), is_linked=is_linked)
    write_csv(out, table)
    return len(table)


def change_table(before: Results, now: Results, *, is_linked: bool = False) -> pd.DataFrame:
    """Return PUBLISHABLE: changes from one wave to the next; UsageError where the waves have nothing in common."""
    from survey.analysis.change import COMPARED, change_linked, change_unlinked
    from survey.analysis.targets import RETURNED

    if not is_linked:
        table = change_unlinked(now.estimates, before.estimates)
    else:
        minimum = max(one.questionnaire.schema.population.minimum_cell for one in (before, now))
        table = change_linked(_wave(now), _wave(before), minimum)
    if is_linked and table.empty:
        raise UsageError(
            f"no case of {now.questionnaire.id} has a serial of {before.questionnaire.id}",
            hint="leave --linked out: the waves are compared as two surveys",
        )
    keys = [set(one.estimates.loc[one.estimates["statistic"].isin(COMPARED), "key"]) for one in (now, before)]
    if not is_linked and all(key.startswith(RETURNED) for key in keys[0] & keys[1]):
        raise UsageError(
            f"{before.questionnaire.id} and {now.questionnaire.id} have no number in common",
            hint="variables and codes are compared by their names: give those of one wave to the other",
        )
    table[["count", "base"]] = table[["count", "base"]].astype("Int64")
    table.loc[~table["shown"], ["count", "base"]] = pd.NA
    return table


def _wave(found: Results) -> Wave:
    from survey.analysis.change import Wave
    from survey.analysis.coding import responses_to_coded

    coded = responses_to_coded(found.responses, found.questionnaire)
    serial = found.cases.drop_duplicates("case").set_index("case")["serial"].reindex(coded.cases).fillna("")
    return Wave(found.questionnaire, coded, serial.to_numpy(dtype=object))
