"""Commands on the account: what was recorded about the mailing, and the audit of certain marks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey.cli.app import main, open_project, say

if TYPE_CHECKING:
    from survey.project import Audited, Project

MAILING_KINDS = {
    "undeliverable": "Envelopes that came back unopened.",
    "refused": "People who said that they will not take part.",
    "received": "Envelopes that arrived, with the date, before they are scanned.",
}
"""Kind -> help; a test compares them with the kinds of the account."""
FILE_HELP = (
    "FILE is a CSV, as Excel saves it, with the columns serial and date, or stratum, count and date. "
    "The date may be left out. The last entry for a serial counts, and so does the last count for a stratum and date; "
    "recording a file again adds nothing twice."
)


@main.group("record")
def mailing() -> None:
    """Enter what became of envelopes that hold nothing to scan, decisions made elsewhere, and erasures.

    \b
    Example:
      survey record undeliverable undeliverable.csv
    """


def _add_kind(kind: str, doc: str) -> None:
    @mailing.command(kind, help=f"{doc}\n\n{FILE_HELP}\n\n\b\nExample:\n  survey record {kind} {kind}.csv")
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
    @click.option("--questionnaire", metavar="ID", help="Whose envelopes; needed where there are several.")
    @click.pass_context
    def command(context: click.Context, file: Path, questionnaire: str | None) -> None:
        from survey import project as verbs

        project = open_project(context)
        done = verbs.enter_mailing(project, kind, file, questionnaire or _only_one(project))
        again = f", {done.known:,} had been recorded before" if done.known else ""
        lines = "line" if done.added == 1 else "lines"
        click.echo(f"{kind}: {done.added:,} {lines} recorded{again}")
        for contradiction in done.contradictions:
            click.echo(f"  look at  {contradiction}")


for _kind, _doc in MAILING_KINDS.items():
    _add_kind(_kind, _doc)


@mailing.command("decisions")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def enter_decisions(context: click.Context, file: Path) -> None:
    """Decisions of people that another copy of the project exported.

    FILE is what survey export decisions wrote. Each line is checked first, and where it comes from is kept with it.
    They count as made last; taking in a file again adds nothing.

    \b
    Example:
      survey record decisions decisions.jsonl
    """
    from survey import project as verbs

    added, known = verbs.enter_decisions(open_project(context), file)
    again = f", {known:,} were known" if known else ""
    click.echo(f"{added:,} decisions taken in{again}")


@mailing.command("erasure")
@click.argument("decisions", nargs=-1, metavar="[DECISION]...")
@click.option(
    "--case", "cases", multiple=True, metavar="CASE", help="All that was typed about this case's pages."
)
@click.option("--by", "person", default="office", show_default=True, help="Your pseudonym, kept with it.")
@click.option(
    "--because", default="", metavar="TEXT", help="Why, without naming anybody; it is kept for ever."
)
@click.pass_context
def erase(
    context: click.Context, decisions: tuple[str, ...], cases: tuple[str, ...], person: str, because: str
) -> None:
    """Typed text that must go, because the law asks: it is erased from the database's files.

    DECISION is an id from survey export decisions. The decision itself stays, and so does the proof that nothing else
    was changed. Exports, backups and scans that hold the text are yours to erase. A number that was erased counts as
    unreadable.

    \b
    Example:
      survey record erasure --case S22015 --because "withdrew consent"
    """
    from survey import project as verbs
    from survey.errors import UsageError

    if not decisions and not cases:
        raise UsageError("what shall be erased?", hint="name a DECISION, or say --case CASE")
    project = open_project(context)
    count = verbs.erase_typed(project, list(decisions), list(cases), person, because)
    click.echo(f"{count:,} texts erased")


def _only_one(project: Project) -> str:
    from survey.errors import UsageError

    names = project.ids()
    if len(names) != 1:
        raise UsageError(
            f"which questionnaire's? There are: {', '.join(names) or 'none'}", hint="say --questionnaire ID"
        )
    return names[0]


@main.command()
@click.argument("questionnaire", metavar="ID")
@click.option("-n", "size", type=click.IntRange(1), help="How many marks to draw.")
@click.option(
    "--within",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.002,
    show_default=True,
    help="Or: draw enough to show that at most this share is misread, if none in the sample is.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed draws another sample.")
@click.option(
    "--result", type=click.Path(path_type=Path, dir_okay=False), help="Read back the file you filled in."
)
@click.option("--by", "person", default="auditor", show_default=True, help="Your pseudonym, kept with it.")
@click.pass_context
def audit(
    context: click.Context,
    questionnaire: str,
    size: int | None,
    within: float,
    seed: int,
    result: Path | None,
    person: str,
) -> None:
    """Check a random sample of certain marks blindly, and estimate how many of all are misread.

    Without --result it draws the sample: sheets of numbered crops, and audit.csv beside them, into which you write
    what you see: empty, marked, revoked or unclear (e, m, r, u). With --result it tells the misreading rate.

    \b
    Example:
      survey audit segeberg-2012 --within 0.02
    """
    from survey import project as verbs

    project = open_project(context)
    if result:
        _print_audited(verbs.judge_audit(project, questionnaire, result, person))
        return
    drawn = verbs.draw_audit(project, questionnaire, size, within, seed)
    say(f"drew {drawn.size:,} of {drawn.marks:,} certain marks: sample {drawn.sample}")
    for path in drawn.files:
        click.echo(str(path.relative_to(project.root)))
    form = drawn.files[0].relative_to(project.root)
    say(f"fill in {form}, then: survey audit {questionnaire} --result {form}")


def _print_audited(found: Audited) -> None:
    rate = found.rate
    left = f", {found.open:,} not judged yet" if found.open else ""
    unclear = f", {found.unclear:,} unclear" if found.unclear else ""
    click.echo(
        f"sample {found.sample}: {rate.judged:,} marks judged{unclear}{left}, of {rate.marks:,} certain ones"
    )
    if not rate.judged:
        return
    click.echo(
        f"  misread  {rate.wrong:,} in the sample; of all {rate.value:.3%},"
        f" 95 % interval {rate.low:.3%} to {rate.high:.3%}"
    )
    for row in found.errors.itertuples(index=False):
        click.echo(
            f"  number {row.number}: {row.seen}, read as {row.state} (p {row.p_marked:.3f}), box {row.box}"
        )
