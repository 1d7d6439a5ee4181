"""Results -> what leaves the program: the report, tables and exports, and what of it is kept as published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from survey.errors import UsageError
from survey.files import digest, project_lock, write_csv, write_whole_with
from survey.project.folder import Project
from survey.project.keys import keys_of
from survey.project.past import project_as_of
from survey.project.returns import ledger, results
from survey.project.runs import PUBLISHING, find_run, keep_run, run_name
from survey.reporting.evidence import Results
from survey.tables import PUBLISHED
from survey.unchanged import as_written, remember_written

if TYPE_CHECKING:
    from survey.reporting.report import Edition, Written


def report(
    project: Project,
    name: str,
    *,
    edition: Edition | None = None,
    publish: bool = False,
    known: pd.DataFrame | None = None,
    on_files: Callable[[int, int], None] = lambda done, total: None,
) -> Written:
    """Write the evaluation report of a questionnaire: reports/<id>/ to pass on, reports/<id>.internal/ for the office.

    `edition` says which language and level; `known` is the ledger, where it has been drawn up already. Where nothing
    it is made from has changed and its files are as they were written, they stay. With `publish`, what the report shows
    and keeps back is kept for ever, and later reports and tables are checked against it.
    """
    from survey.reporting.report import write_report

    keys = keys_of(project)
    table = ledger(project, keys) if known is None else known
    run = run_name(project, name, keys, table)
    state = digest(
        run, repr(edition), *(run_name(project, one, keys, table) for one in _waves(project, name))
    )
    if not publish and (there := as_written(project.root, name, state)):
        return there
    found = results(project, name, table, keys)
    if publish:
        refuse_what_tells(found, found.estimates, f"the report of {name}")
    written = write_report(found, project.root / "reports" / name, edition, on_files)
    if publish:
        keep_published(project, found, found.estimates, "report")
    keep_run(project, PUBLISHING if publish else "report", found, keys)
    remember_written(project.root, name, state, written)
    return written


def report_as_of(project: Project, name: str, which: str, edition: Edition | None = None) -> Written:
    """Write the report as it was at a run, by the beginning of its name, into reports/<id>.<run>/ and its neighbour.

    The same version of the program writes the same bytes; with another, what was written names another run. Raises
    UsageError where it is not possible any more.
    """
    from survey.reporting.report import write_report

    run = find_run(project, name, which)
    found = results(project_as_of(project, run), name)
    return write_report(found, project.root / "reports" / f"{name}.{run['run']}", edition)


def refuse_what_tells(found: Results, table: pd.DataFrame, what: str) -> None:
    """Ask of a finished PUBLISHABLE, as a reader would, whether it tells what an earlier publication kept back.

    Raises UsageError where it does. `protect` has hidden what must be: this asks once more, in another way.
    """
    from survey.analysis.disclosure import may_publish, policy_of

    policy = policy_of(found.questionnaire, found.responses, table)
    earlier = PUBLISHED.frame() if found.published is None else found.published
    decision = may_publish(table, earlier, policy.minimum, data=found.data, contained=policy.contained)
    if not decision.allowed:
        raise UsageError(
            f"{what} would tell what was kept back: {'; '.join(decision.reasons)}",
            hint="divide it by fewer or coarser variables",
        )


def keep_published(project: Project, found: Results, table: pd.DataFrame, publication: str) -> None:
    """Keep the cells of a report or table for ever, unless the same have been kept; `table` is PUBLISHABLE."""
    from survey.analysis.disclosure import to_publish

    rows = to_publish(table, found.questionnaire.id, publication, found.data)
    with project_lock(project.root):
        kept = project.decisions.rows(PUBLISHED)
        what = ["questionnaire", "data", "key", "count", "base", "shown"]
        known = set(kept[what].itertuples(index=False, name=None))
        new = [row not in known for row in rows[what].itertuples(index=False, name=None)]
        project.decisions.append(PUBLISHED, rows[new])


def export(project: Project, what: str, out: Path, names: list[str]) -> int:
    """Write one of EXPORTS to a CSV file, or to SPSS or Stata by the file's ending; returns its number of rows."""
    from survey.reporting.exports import EXPORTS
    from survey.reporting.labelled import LABELLED, SPSS, STATA, write_labelled

    tables = [EXPORTS[what](results(project, name)) for name in names]
    if out.suffix in {SPSS, STATA}:
        if what not in LABELLED or len(names) != 1:
            raise UsageError(
                f"{out.name}: SPSS and Stata files hold one row a case of one questionnaire",
                hint=f"export one of {', '.join(LABELLED)} with --questionnaire, or write a .csv file",
            )
        questionnaire = project.questionnaire(names[0])
        write_labelled(partial(write_whole_with, out), tables[0], questionnaire, out.suffix)
        return len(tables[0])
    table = pd.concat(tables, ignore_index=True)
    write_csv(out, table)
    return len(table)


def table_rows(found: Results, item: str, by: Sequence[str]) -> pd.DataFrame:
    """Return PUBLISHABLE: one item for all cases and by the codes of variables, checked against what was published."""
    from survey.analysis.disclosure import policy_of, protect
    from survey.analysis.estimate import estimate_item

    rows = estimate_item(found.responses, found.questionnaire, item, by, found.beside)
    policy = policy_of(found.questionnaire, found.responses, rows)
    return protect(rows, policy, found.published, found.data)


def export_table(
    project: Project, name: str, item: str, by: Sequence[str], out: Path, *, publish: bool = False
) -> int:
    """Write one more table to an Excel workbook: base, intervals, people and notes; returns its number of rows.

    Small numbers are hidden in it. Raises UsageError where it would all the same tell a number that was kept back in an
    earlier publication. With `publish`, what it shows and keeps back is kept for ever, as of a report.
    """
    from survey.reporting.workbook import write_workbook

    found = results(project, name)
    rows = table_rows(found, item, by)
    refuse_what_tells(found, rows, f"the table of {item}")
    write_workbook(partial(write_whole_with, out), rows, found.questionnaire, item)
    if publish:
        keep_published(project, found, rows, " by ".join(["table " + item, *by]))
    return len(rows)


def _waves(project: Project, name: str) -> list[str]:
    """Name the waves before a questionnaire, as far as they go."""
    found, before = [name], project.questionnaire(name).schema.report.before
    while before and before not in found:
        found.append(before)
        before = project.questionnaire(before).schema.report.before
    return found[1:]
