"""The command line: parse, call one verb of the project, print."""

from survey.cli import instrument, returns, review, report, ledger, diff  # noqa: I001, the order in which one needs them
from survey.cli.app import main

__all__ = ["diff", "instrument", "ledger", "main", "report", "returns", "review"]
