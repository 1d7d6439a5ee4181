"""The command line: parse, call one verb of the project, print."""

from survey.cli import instrument, returns
from survey.cli.app import main

__all__ = ["instrument", "main", "returns"]
