"""The story: each verb of the program in a few lines, for a notebook to call and the command line to print."""

from survey.project.folder import Project, find_project, init_project
from survey.project.instrument import (
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
    Account,
    Ingested,
    account,
    export,
    ids_with_scans,
    ingest,
    issue_of,
    ledger,
    plan_ingest,
    report,
    results,
)

__all__ = [
    "Account",
    "Ingested",
    "Project",
    "account",
    "draw",
    "draw_blank",
    "export",
    "find_project",
    "ids_with_scans",
    "ingest",
    "init_project",
    "issue_of",
    "learn",
    "ledger",
    "plan_ingest",
    "play_reviewer",
    "print_blank",
    "print_copies",
    "print_cover_sheets",
    "report",
    "results",
    "simulate",
]
