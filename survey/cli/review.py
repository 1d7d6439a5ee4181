"""The command review: a local web page on which a person settles doubts."""

from __future__ import annotations

import os

import click

from survey.cli.app import main, say


@main.command()
@click.argument("questionnaires", nargs=-1, metavar="[ID]...")
@click.option("--by", default="reviewer", show_default=True, help="Your pseudonym, kept with every decision.")
@click.option("--no-open", is_flag=True, help="Print the link; do not open a browser.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port; default: the first free one from 8750.")
@click.option(
    "--host", default="127.0.0.1", show_default=True,
    help="Address to listen at; any but this computer's own needs SURVEY_REVIEW_PASSWORD.",
)  # fmt: skip
@click.option("--double", is_flag=True, help="Read a second time, unseen, what another person has decided.")
@click.option(
    "--number", metavar="KEY", default="", help="Show the paper behind a number, as children=1@all."
)
@click.option("--list", "list_only", is_flag=True, help="List what waits; open nothing.")
@click.pass_context
def review(
    context: click.Context,
    questionnaires: tuple[str, ...],
    by: str,
    no_open: bool,
    port: int | None,
    host: str,
    double: bool,
    number: str,
    list_only: bool,
) -> None:
    """Settle doubts on a local web page: boxes, handwriting, odd pages, the blind check.

    The page is for this computer alone, and its link opens once. Every decision is kept in survey.db.

    \b
    Example:
      survey review --list
    """
    from survey.files import find_root
    from survey.review import start
    from survey.store import Decisions

    root = find_root(context.obj)
    plan = start.Plan(
        questionnaires, by, host, port or 0, os.environ.get("SURVEY_REVIEW_PASSWORD", ""), double, number
    )
    if list_only:
        for line in start.tell(start.survey_desk(root, plan)):
            click.echo(line)
        return
    if host not in start.LOOPBACK:
        say(f"warning: others can reach {host}, and nothing is encrypted: put a server with TLS before it")

    def on_ready(link: str) -> None:
        click.echo(link)
        say("the page is open until you press Ctrl+C here; the link opens once")
        if not no_open:
            click.launch(link)

    say("laying out what waits …")
    start.serve(root, Decisions(root, os.environ.get("SURVEY_DATABASE_URL", "")), plan, on_ready)
