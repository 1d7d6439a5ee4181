"""The story: each verb of the program in a few lines, for a notebook to call and the command line to print."""

from survey.project.account import Account, Recorded, account, batch_alarms, enter_mailing, page_rows
from survey.project.audit import Audited, Drawn, draw_audit, judge_audit
from survey.project.folder import Project, find_project, init_project
from survey.project.instrument import (
    check,
    draw,
    draw_blank,
    learn,
    play_reviewer,
    print_blank,
    print_copies,
    print_cover_sheets,
    simulate,
)
from survey.project.returns import (
    Ingested,
    export,
    ids_with_scans,
    ingest,
    issue_of,
    keep_published,
    ledger,
    plan_ingest,
    report,
    results,
)

__all__ = [
    "Account",
    "Audited",
    "Drawn",
    "Ingested",
    "Project",
    "Recorded",
    "account",
    "batch_alarms",
    "check",
    "draw",
    "draw_audit",
    "draw_blank",
    "enter_mailing",
    "export",
    "find_project",
    "ids_with_scans",
    "ingest",
    "init_project",
    "issue_of",
    "judge_audit",
    "keep_published",
    "learn",
    "ledger",
    "page_rows",
    "plan_ingest",
    "play_reviewer",
    "print_blank",
    "print_copies",
    "print_cover_sheets",
    "report",
    "results",
    "simulate",
]
