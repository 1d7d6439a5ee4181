"""The command line's frame: errors to exit codes, the project a command works in, what stands on the terminal."""

from __future__ import annotations

import atexit
import gc
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey import __version__
from survey.errors import SurveyError
from survey.files import line_at

if TYPE_CHECKING:
    from survey.project import Project

WAITS = 10
"""Exit code: done, but something waits for a person."""

# NumPy's linear algebra waits for its threads by spinning: on a busy machine that took four times the processor time
# of a page, and gains nothing on matrices as small as ours. It is read when NumPy is imported, which is later.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Dead cycles are looked for after so many new objects, not after every 700: loading libraries leaves none.
gc.set_threshold(50_000, 20, 50)
# Nor is all that a command leaves looked through when it ends, which took a fifth of a second.
atexit.register(gc.freeze)


class _Commands(click.Group):
    """A group whose errors become `error:` and `hint:` lines and exit codes."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except SurveyError as error:
            click.echo(f"error: {error}", err=True)
            if line := line_at(error.where):
                click.echo(line, err=True)
            if error.hint:
                click.echo(f"hint: {error.hint}", err=True)
            context.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("interrupted; what was read so far is kept, run the command again to go on", err=True)
            context.exit(130)

    def list_commands(self, context: click.Context) -> list[str]:  # noqa: ARG002
        """The order in which one needs them."""
        return list(self.commands)


@click.group(
    cls=_Commands, context_settings={"auto_envvar_prefix": "SURVEY", "help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="survey")
@click.option(
    "--project",
    "folder",
    type=click.Path(path_type=Path),
    default=Path(),
    help="A folder of the project; default: here.",
)
@click.pass_context
def main(context: click.Context, folder: Path) -> None:
    """Turn a mailed paper questionnaire into a trustworthy evaluation.

    The usual way: survey print, mail it, scan what comes back, survey ingest scans/, survey report.
    """
    context.obj = folder


def open_project(context: click.Context) -> Project:
    """Find the project a command works in."""
    from survey.project import find_project

    return find_project(context.obj)


def say(text: str) -> None:
    """Say something to the person at the keyboard, on stderr."""
    click.echo(text, err=True)


def print_json(thing: object) -> None:
    """Print a value as JSON, on stdout."""
    click.echo(json.dumps(thing, ensure_ascii=False, indent=2, default=str))


class Progress:
    """A bar with rate and time left on a terminal; silence elsewhere."""

    def __init__(self, unit: str) -> None:
        self.unit = unit

    def __enter__(self) -> Callable[[int, int], None]:
        self.bar: Any = None
        return self._update

    def _update(self, done: int, total: int) -> None:
        if not sys.stderr.isatty() or not total:
            return
        if self.bar is None:
            from rich import progress
            from rich.console import Console

            columns = [
                progress.BarColumn(), progress.MofNCompleteColumn(), progress.TextColumn(self.unit),
                progress.TextColumn("{task.fields[rate]}"), progress.TimeRemainingColumn(),
            ]  # fmt: skip
            self.bar = progress.Progress(*columns, console=Console(stderr=True), transient=True)
            self.bar.start()
            self.task = self.bar.add_task("", total=total, rate="")
        speed = self.bar.tasks[0].speed
        self.bar.update(self.task, completed=done, rate=f"{speed:.0f} a second" if speed else "")

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()
