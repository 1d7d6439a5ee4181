"""Decisions of people -> their proof, a file to take away and back in, and the erasure of what was typed."""

from __future__ import annotations

from pathlib import Path

from survey.errors import UsageError
from survey.files import write_whole
from survey.project.folder import Project
from survey.project.returns import ledger
from survey.store import Verified
from survey.store.transfer import read_lines, write_lines


def verify_decisions(project: Project) -> Verified:
    """Check that every decision is as it was made, and say where one is not."""
    return project.decisions.verify()


def export_decisions(project: Project, out: Path) -> int:
    """Write every decision, with its proof, as a line of JSON; returns their number."""
    lines = list(write_lines(*project.decisions.whole_rows()))
    write_whole(out, "".join(f"{line}\n" for line in lines).encode("utf-8"))
    return len(lines)


def enter_decisions(project: Project, path: Path) -> tuple[int, int]:
    """Take in decisions that another project exported; returns how many are new, and how many were known.

    Where they come from is kept with them. UsageError where a line is not what was written; then none is taken in.
    """
    arrived = read_lines(path)
    added = project.decisions.take_in(arrived.decided, arrived.texts, arrived.origins, arrived.erasures)
    return added, len(arrived.decided) - added


def erase_typed(project: Project, ids: list[str], cases: list[str], by: str, reason: str) -> int:
    """Erase what people typed with some decisions, or about any page of some cases; returns the number of texts erased.

    Raises UsageError for a decision or a case that is not there.
    """
    wanted = list(ids)
    if cases:
        table = ledger(project)
        issued = {serial for name in project.ids() for serial in project.questionnaire(name).issued}
        absent = [case for case in cases if case not in issued and case not in set(table["case"])]
        if absent:
            raise UsageError(
                f"there is no case {absent[0]}", hint="survey export wide FILE.csv names the cases"
            )
        pages = set(table.loc[table["case"].isin(cases), "page_digest"])
        said = project.decisions.adjudications()
        wanted += said.loc[said["page_digest"].isin(pages), "id"].tolist()
    erased = project.decisions.erase(wanted, by, reason)
    project.stages.empty()  # tables in the cache hold what was typed, too
    return erased
