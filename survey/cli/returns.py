"""Commands on returns: ingest, status, export."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey.cli.app import WAITS, Progress, main, open_project, print_json, say

if TYPE_CHECKING:
    import pandas as pd

    from survey.ingest import Plan
    from survey.project import Project
    from survey.store import Verified
    from survey.unchanged import Account

NOTHING_NEW = "nothing new: every scan has been read, nothing was out of date"
EXPORT_NAMES = {
    "marks": "Every box of every page read: its state, and why.",
    "responses": "One row a case and variable, with typed missing values.",
    "contradictions": "Answers that contradict the routing or each other, with their cases.",
    "wide": "One row a case, one column a variable.",
    "codebook": "Every variable with its codes and labels.",
    "estimates": "Every number of the report.",
    "weights": "One row a case: the people it stands for, step by step.",
    "microdata-internal": "One row a case for use inside the office: shuffled, no serials, no dates.",
    "microdata-public": "One row a case to give away: no text, and no combination of keys that few share.",
    "coarsened": "What was joined or suppressed for the public microdata.",
}
"""What EXPORTS offers, in words; a test compares them (importing the exports would slow every command's start)."""


def _ids(project: Project, named: tuple[str, ...]) -> list[str]:
    """The questionnaires a command is about: those named, or all that have scans."""
    from survey.project import ids_with_scans

    return list(named) or ids_with_scans(project)


@main.command()
@click.argument("scans", type=click.Path(path_type=Path), default=Path("scans"))
@click.option(
    "--questionnaire", metavar="ID", help="The instrument on these scans, where no printed code names it."
)
@click.option("--jobs", type=click.IntRange(1), help="Worker processes; default: one a processor core.")
@click.option("--dry-run", is_flag=True, help="Say what would be read and why; read nothing.")
@click.option(
    "--verify",
    is_flag=True,
    help="Hold every page against its digest, also where size and time are the same.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the ledger as JSON.")
@click.pass_context
def ingest(
    context: click.Context,
    scans: Path,
    questionnaire: str | None,
    jobs: int | None,
    dry_run: bool,
    verify: bool,
    as_json: bool,
) -> None:
    """Read scans: every page below a folder that is new or out of date.

    \b
    Example:
      survey ingest scans/
    """
    from survey.files import root_of
    from survey.unchanged import recall, remember, state_of

    root = root_of(context.obj)
    state = "" if root is None else state_of(root, scans, questionnaire)
    said = None if root is None or dry_run or verify else recall(root, state)
    if said is not None:
        say(NOTHING_NEW)
        _print_accounts(said, as_json)
        return
    from survey import project as verbs

    project = open_project(context)
    if dry_run:
        plan = verbs.plan_ingest(project, scans, questionnaire)
        names = [questionnaire] if questionnaire else project.ids()
        _print_plan(plan, [line for name in names for line in verbs.due_after_reading(project, name)])
        return
    for finding in [one for name in project.ids() for one in verbs.lint_since_last_run(project, name)]:
        say(f"{finding}\n{finding.line}")
    after = [line for name in project.ids() for line in verbs.due_after_reading(project, name)]
    with Progress("pages") as on_pages:
        done = verbs.ingest(
            project, scans, questionnaire=questionnaire, jobs=jobs, verify=verify, on_pages=on_pages
        )
    if done.picked_up:
        say(f"the run before was cut off: {done.picked_up:,} pages it had read are kept")
    if done.plan.stale or done.plan.gone:
        say(
            f"read {done.pages_read} pages"
            + (f", {done.pages_reused} more were in the cache" if done.pages_reused else "")
        )
        for scan in done.plan.gone:
            say(f"gone: {scan} is no longer in the folder; its pages no longer count")
    elif not after:
        say(NOTHING_NEW)
    for line in [str(step) for step in done.plan.steps() if step.verb != "read"] + after:
        say(line)
    if gone := verbs.paper_gone(project, done.ledger):
        say(f"paper gone: {gone:,} decisions are about pages that are in no scan here; they are kept")
    accounts = verbs.account(project, known=done.ledger)
    remember(project.root, state, accounts)
    _print_accounts(accounts, as_json)


def _print_plan(plan: Plan, after: list[str]) -> None:
    lines = [str(step) for step in plan.steps()]
    lines += [f"forget {scan}: no longer there" for scan in plan.gone]
    for line in [*lines, *after] or ["nothing to do"]:
        click.echo(line)


def _print_accounts(accounts: list[Account], as_json: bool) -> None:
    if as_json:
        print_json([asdict(account) for account in accounts])
        return
    for account in accounts:
        _print_account(account)


def _print_account(account: Account) -> None:
    """Print one ledger: what must balance, what waits, and what to type next."""
    click.echo(f"{account.questionnaire}")
    if account.issued:
        unknown = f" ({account.returned_unknown} of unknown serial)" if account.returned_unknown else ""
        click.echo(
            f"  cases    {account.issued:>7,} issued = {account.returned:,} returned{unknown}"
            + (f" + {account.undeliverable:,} undeliverable" if account.undeliverable else "")
            + (f" + {account.refused:,} refused" if account.refused else "")
            + f" + {account.outstanding:,} outstanding"
            + (f" ({account.unscanned:,} of them received, not scanned)" if account.unscanned else "")
        )
    else:
        click.echo(f"  cases    {account.returned:>7,} returned; how many were issued is not known")
    places = ", ".join(f"{count:,} {place}" for place, count in sorted(account.pages.items(), key=_by_count))
    click.echo(f"  pages    {sum(account.pages.values()):>7,} scanned = {places}")
    share = account.doubtful / max(1, account.boxes)
    unreadable = f", {account.unreadable:,} unreadable" if account.unreadable else ""
    click.echo(
        f"  boxes    {account.boxes:>7,} read, {account.doubtful:,} doubtful ({share:.1%}){unreadable}"
    )
    if account.numbers_to_type or account.texts_to_type:
        numbers, texts = f"{account.numbers_to_type:>7,} numbers", f"{account.texts_to_type:,} texts"
        click.echo(f"  written  {numbers} and {texts} by hand, to be typed by a person")
    if account.contradictory:
        click.echo(f"  answers  {account.contradictory:>7,} contradict each other: which counts?")
    for contradiction in account.contradictions:
        click.echo(f"  look at  {contradiction}")
    for alarm in account.alarms:
        click.echo(f"  alarm    {alarm}")
    odd = sum(count for place, count in account.pages.items() if place not in {"read", "blank back"})
    if odd:
        click.echo("  next     survey status --pages   lists the pages that were not simply read")
    click.echo(f"  next     survey report {account.questionnaire}")


def _by_count(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]


@main.command()
@click.argument("questionnaires", nargs=-1, metavar="[ID]...")
@click.option("--json", "as_json", is_flag=True, help="Print the account as JSON.")
@click.option(
    "--pages", is_flag=True, help="List every page that was not simply read, with reason and next step."
)
@click.option("--exit-code", is_flag=True, help="End with exit code 10 while something waits for a person.")
@click.option(
    "--verify",
    is_flag=True,
    help="Instead: check that every kept decision is as it was made; exit code 7 if not.",
)
@click.option(
    "--why",
    "thing",
    metavar="THING",
    help="Instead: why a page (batch.pdf:3), an item, an answer (CASE/ITEM) or a number (item=1@all) is as it is.",
)
@click.pass_context
def status(
    context: click.Context,
    questionnaires: tuple[str, ...],
    as_json: bool,
    pages: bool,
    exit_code: bool,
    verify: bool,
    thing: str | None,
) -> None:
    """Print the ledger: what was issued, what came back, where every page stands.

    \b
    Examples:
      survey status
      survey status --verify
      survey status --why residence
    """
    from survey import project as verbs

    project = open_project(context)
    if thing is not None:
        lines = verbs.tell_why(project, thing)
        print_json(lines) if as_json else click.echo("\n".join(lines))
        return
    if verify:
        _print_verified(verbs.verify_decisions(project), as_json)
        return
    accounts = verbs.account(project, list(questionnaires) or None)
    odd = verbs.page_rows(project) if pages else None
    if as_json and odd is not None:
        rows = json.loads(odd.to_json(orient="records"))
        print_json({"accounts": [asdict(account) for account in accounts], "pages": rows})
    else:
        _print_accounts(accounts, as_json)
        if odd is not None:
            _print_pages(odd)
    if exit_code and any(account.waits for account in accounts):
        context.exit(WAITS)


def _print_verified(found: Verified, as_json: bool) -> None:
    """Print what checking the kept decisions found; BrokenChainError where one is not as it was made."""
    from survey.errors import BrokenChainError

    if as_json:
        print_json(asdict(found))
    else:
        for name, count in found.rows.items():
            head = f", the last one {found.heads[name]}" if found.heads[name] else ""
            click.echo(f"{name:<14} {count:>7,} rows{head}")
        if found.erased:
            click.echo(f"{found.erased:,} decisions had their typed text erased, as recorded")
        for broken in found.breaks:
            click.echo(f"  broken   {broken}")
    if found.breaks:
        raise BrokenChainError(
            "what was decided has been changed since",
            hint="take survey.db from a backup, and ask who changed it",
        )
    if not as_json:
        click.echo("every row is as it was written")


def _print_pages(odd: pd.DataFrame) -> None:
    from survey.reading.assemble import place_in_pile

    for row in odd.itertuples(index=False):
        where = place_in_pile(row.scan, row.page, row.sheet, row.half)
        next_step = f" ({row.hint})" if row.hint else ""
        click.echo(f"{where}: {row.place}" + (f", {row.reason}" if row.reason else "") + next_step)


@main.group()
def export() -> None:
    """Write a table to a file: CSV, or SPSS (.sav) and Stata (.dta) where it has one row a case.

    \b
    Examples:
      survey export marks marks.csv
      survey export wide wide.sav
    """


def _add_export(name: str, doc: str) -> None:
    @export.command(name, help=f"{doc}\n\n\b\nExample:\n  survey export {name} {name}.csv")
    @click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
    @click.option(
        "--questionnaire", "named", metavar="ID", multiple=True, help="Only these; default: all with scans."
    )
    @click.pass_context
    def command(context: click.Context, out: Path, named: tuple[str, ...]) -> None:
        from survey import project as verbs

        project = open_project(context)
        rows = verbs.export(project, name, out, _ids(project, named))
        say(f"wrote {rows:,} rows to {out}")


@export.command("table")
@click.argument("item")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--by",
    "by",
    metavar="DOMAIN",
    multiple=True,
    help="A variable whose codes divide the cases, or the stratum; a*b crosses two. May be given several times.",
)
@click.option("--questionnaire", "named", metavar="ID", help="Which one, where several have scans.")
@click.option(
    "--publish", is_flag=True, help="Keep what it shows: later reports and tables are checked against it."
)
@click.pass_context
def export_table(
    context: click.Context, item: str, out: Path, by: tuple[str, ...], named: str | None, publish: bool
) -> None:
    """Write one more table of an item to an Excel workbook, with base, intervals and notes.

    Small numbers are hidden in it; it is refused where it would tell what an earlier publication kept back.

    \b
    Example:
      survey export table care_gap --by office care_gap.xlsx
    """
    from survey import project as verbs

    project = open_project(context)
    names = [named] if named else _ids(project, ())
    if len(names) > 1:
        raise click.UsageError(f"several have scans: name one with --questionnaire ({', '.join(names)})")
    rows = verbs.export_table(project, names[0], item, by, out, publish=publish)
    say(f"wrote {rows:,} numbers to {out}")


@export.command("change")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--from", "before", metavar="ID", required=True, help="Questionnaire of the earlier wave.")
@click.option("--to", "now", metavar="ID", required=True, help="Questionnaire of the later wave.")
@click.option(
    "--linked", is_flag=True, help="A serial is the same person in both waves: compare within cases."
)
@click.pass_context
def export_change(context: click.Context, out: Path, before: str, now: str, linked: bool) -> None:
    """Write what changed between two waves: every share and mean both have, with interval and p-value.

    Variables and codes are compared by name. Only numbers that may be shown are compared. (Within one wave, as in the
    example, nothing changes: name your two.)

    \b
    Example:
      survey export change --from segeberg-2012 --to segeberg-2012 change.csv
    """
    from survey import project as verbs

    rows = verbs.export_change(open_project(context), before, now, out, is_linked=linked)
    say(f"wrote {rows:,} changes to {out}" + ("" if rows else ": no number may be shown in both"))


for _name, _doc in EXPORT_NAMES.items():
    _add_export(_name, _doc)


@export.command("decisions")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def export_decisions(context: click.Context, out: Path) -> None:
    """Every decision of a person with its proof, as a line of JSON; survey record decisions takes it in elsewhere.

    The file holds what people typed: keep it as you keep survey.db.

    \b
    Example:
      survey export decisions decisions.jsonl
    """
    from survey import project as verbs

    say(f"wrote {verbs.export_decisions(open_project(context), out):,} decisions to {out}")
