"""The command report: which edition is wanted, and what was written where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey.cli.app import WAITS, Progress, main, open_project, say

if TYPE_CHECKING:
    from survey.project import Project
    from survey.reporting.report import Edition, Written


@main.command()
@click.argument("questionnaires", nargs=-1, metavar="[ID]...")
@click.option(
    "--interim",
    "state",
    flag_value="interim",
    help="Call it an interim report even if no answer is in doubt.",
)
@click.option(
    "--final", "state", flag_value="final", help="End with exit code 10 while answers wait for a person."
)
@click.option(
    "--language", type=click.Choice(["de", "en"]), help="Of words and numbers; default: the schema's first."
)
@click.option("--public", is_flag=True, help="Only the folder that may be passed on, reports/ID/.")
@click.option(
    "--internal", is_flag=True, help="Only the folder that stays in the office, reports/ID.internal/."
)
@click.option(
    "--csv",
    "csv",
    type=click.Choice(["plain", "german-excel"]),
    default="plain",
    help="CSV for programs, or as German Excel opens it: semicolons, decimal commas.",
)
@click.option("--open", "open_it", is_flag=True, help="Open the report when it is written.")
@click.option(
    "--watch",
    is_flag=True,
    help="Instead: a preview that follows each change of a label or text, until Ctrl+C.",
)
@click.option(
    "--publish", is_flag=True, help="Keep what it shows: later reports and tables are checked against it."
)
@click.option(
    "--as-of",
    metavar="RUN",
    help="As it was at a run (survey diff --runs), into reports/ID.RUN/ and its neighbour.",
)
@click.pass_context
def report(
    context: click.Context,
    questionnaires: tuple[str, ...],
    state: str | None,
    language: str | None,
    public: bool,
    internal: bool,
    csv: str,
    open_it: bool,
    watch: bool,
    publish: bool,
    as_of: str | None,
) -> None:
    """Write the evaluation report: PDF, page, Word, slides, workbook and data.

    reports/ID/ may be passed on as a whole: small numbers are hidden in every file of it. reports/ID.internal/ holds
    single cases and links from each number to its paper, and stays in the office. A further language than the schema's
    first gets a folder inside each.

    \b
    Example:
      survey report
      survey report --final --language en
      survey report --publish
    """
    from survey import project as verbs
    from survey.reporting.report import INTERNAL, PUBLIC, Edition

    levels = tuple(level for level, wanted in ((PUBLIC, public), (INTERNAL, internal)) if wanted)
    edition = Edition(language or "", levels or (PUBLIC, INTERNAL), state == "interim", csv)
    project = open_project(context)
    if as_of and (publish or watch):
        raise click.UsageError("--as-of writes an old report: neither --publish nor --watch goes with it")
    known = verbs.ledger(project)
    names = list(questionnaires) or verbs.ids_with_scans(project, known)
    if watch:
        _watch(project, names, edition)
        return
    waiting = []
    for name in names:
        with Progress("files") as on_files:
            if as_of:
                written = verbs.report_as_of(project, name, as_of, edition)
            else:
                written = verbs.report(
                    project, name, edition=edition, publish=publish, known=known, on_files=on_files
                )
        _print_written(written, project.root)
        if as_of and not written.run.startswith(as_of):
            say(
                f"this program reads or decides otherwise than that of run {as_of}: numbers may not be those of then"
            )
        waiting += [name] if written.waits else []
        if open_it:
            click.launch(str(written.first))
    if waiting and state == "final":
        say(f"not final yet: answers of {', '.join(waiting)} wait for a person (survey review)")
        context.exit(WAITS)


def _print_written(written: Written, root: Path) -> None:
    """Print the report's path; say which folder is which."""
    from survey.reporting.report import PUBLIC

    for level, paths in written.files.items():
        folder = paths[0].parent.relative_to(root)
        meant = "may be passed on" if level == PUBLIC else "stays in the office"
        say(f"wrote {len(paths)} files into {folder.as_posix()}/, which {meant}")
    if written.older:
        first = written.older[0].relative_to(root).as_posix()
        say(f"left there by earlier runs, perhaps out of date: {len(written.older)} files, such as {first}")
    click.echo(str(written.first))


def _watch(project: Project, names: list[str], edition: Edition) -> None:
    """Keep the preview of one questionnaire up to date until interrupted."""
    from survey import project as verbs

    if len(names) > 1:
        raise click.UsageError(f"watch one of them: survey report --watch {names[0]}")
    try:
        for built in verbs.watch(project, names[0], edition):
            if built.fault:
                say(f"error: {built.fault}")
                continue
            say(
                f"preview of {built.page.name} in {built.seconds:.1f} s ({', '.join(built.changed) or 'first'})"
            )
            if not built.changed:
                click.echo(str(built.page))
                click.launch(str(built.page))
    except KeyboardInterrupt:
        say("preview ended")
