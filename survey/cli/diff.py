"""Commands on corrections: diff."""

from __future__ import annotations

import click

from survey.cli.app import main, open_project, print_json


@main.command()
@click.argument("before", default="")
@click.argument("now", default="now")
@click.option("--questionnaire", "named", metavar="ID", help="Which one; default: all that have scans.")
@click.option("--runs", is_flag=True, help="Instead: list the runs that were recorded.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.pass_context
def diff(context: click.Context, before: str, now: str, named: str | None, runs: bool, as_json: bool) -> None:
    """Say what changed between two states: schema, tidy table, decisions, numbers.

    BEFORE and NOW are runs, schema files or git revisions. Without them, what is there now is compared with the last
    run that was otherwise. What is printed is for the office itself: small counts stand in it.

    \b
    Examples:
      survey diff --runs
      survey diff schemas/segeberg-2012.yaml
    """
    from survey import project as verbs

    project = open_project(context)
    names = [named] if named else verbs.ids_with_scans(project)
    if runs:
        rows = [row for name in names for row in project.runs.all(name)]
        shown = ("run", "made_at", "command", "questionnaire", "program", "ledger")
        if as_json:
            print_json([{column: row[column] for column in shown} for row in rows])
        for row in [] if as_json else rows:
            click.echo(
                f"{row['run']}  {row['made_at']}  {row['command']:<7} {row['questionnaire']}  {row['program']}"
            )
        return
    found = [verbs.diff(project, name, before, now) for name in names]
    if as_json:
        print_json([one.as_dict() for one in found])
        return
    for one in found:
        click.echo("\n".join(verbs.told(one)))
