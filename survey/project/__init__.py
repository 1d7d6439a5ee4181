"""The story: each verb of the program in a few lines, for a notebook to call and the command line to print.

A verb's part of the program is loaded when the verb is first asked for: printing needs no picture library, and looking
for what is new no report.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from survey.project.audit import Audited, Drawn, draw_audit, judge_audit
    from survey.project.balance import Recorded, account, batch_alarms, enter_mailing, page_rows
    from survey.project.behind import crops_of, marks_behind
    from survey.project.change import change_table, export_change
    from survey.project.decisions import enter_decisions, erase_typed, export_decisions, verify_decisions
    from survey.project.explain import tell_why
    from survey.project.folder import Project, find_project, init_project
    from survey.project.instrument import (
        check,
        draw,
        draw_blank,
        learn,
        play_reviewer,
        simulate,
    )
    from survey.project.intake import Ingested, ingest, plan_ingest
    from survey.project.leaving import (
        export,
        export_table,
        keep_published,
        report,
        report_as_of,
        table_rows,
    )
    from survey.project.preview import Built, watch
    from survey.project.print_test import Tried, try_print
    from survey.project.printing import print_blank, print_copies, print_cover_sheets
    from survey.project.returns import ids_with_scans, issue_of, ledger, results
    from survey.project.states import (
        Difference,
        diff,
        due_after_reading,
        lint_since_last_run,
        paper_gone,
        told,
    )
    from survey.unchanged import Account

__all__ = [
    "Account",
    "Audited",
    "Built",
    "Difference",
    "Drawn",
    "Ingested",
    "Project",
    "Recorded",
    "Tried",
    "account",
    "batch_alarms",
    "change_table",
    "check",
    "crops_of",
    "diff",
    "draw",
    "draw_audit",
    "draw_blank",
    "due_after_reading",
    "enter_decisions",
    "enter_mailing",
    "erase_typed",
    "export",
    "export_change",
    "export_decisions",
    "export_table",
    "find_project",
    "ids_with_scans",
    "ingest",
    "init_project",
    "issue_of",
    "judge_audit",
    "keep_published",
    "learn",
    "ledger",
    "lint_since_last_run",
    "marks_behind",
    "page_rows",
    "paper_gone",
    "plan_ingest",
    "play_reviewer",
    "print_blank",
    "print_copies",
    "print_cover_sheets",
    "report",
    "report_as_of",
    "results",
    "simulate",
    "table_rows",
    "tell_why",
    "told",
    "try_print",
    "verify_decisions",
    "watch",
]

PARTS = (
    "folder",
    "printing",
    "returns",
    "states",
    "intake",
    "leaving",
    "balance",
    "behind",
    "audit",
    "change",
    "explain",
    "decisions",
    "instrument",
    "print_test",
    "preview",
)  # what loads least first


def __getattr__(name: str) -> Any:
    """Load the part that has a verb (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    for part in PARTS:
        module = import_module(f"{__name__}.{part}")
        if hasattr(module, name):
            return getattr(module, name)
    raise AttributeError(f"no part of {__name__!r} has {name!r}")
