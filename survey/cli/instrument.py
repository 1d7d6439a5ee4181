"""Commands on the instrument: init, learn, check, print, simulate."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import click

from survey.cli.app import main, open_project, say
from survey.errors import SchemaError


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
def init(folder: Path) -> None:
    """Make an empty project folder.

    \b
    Example:
      survey init my-project
    """
    from survey.project import init_project

    project = init_project(folder)
    say(f"{project.root} is a project now. Next: survey learn BLANK.pdf --id ID, or write schemas/ID.yaml")


@main.command()
@click.argument("blank", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--id",
    "name",
    required=True,
    metavar="ID",
    help="Name of the questionnaire, and of its files in schemas/.",
)
@click.option(
    "--boxes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV of boxes (page, x_pt, y_pt, w_pt, h_pt, and item, label if known), where they cannot be found.",
)
@click.option(
    "--page-size",
    "paper",
    type=click.Choice(["a4", "letter", "a5", "a3"]),
    default="a4",
    show_default=True,
    help="Paper, where there is no blank.",
)
@click.option(
    "--corners-mm",
    type=click.FloatRange(min=0, min_open=True),
    help="Where there is no blank: how far from the page's edges its four black corner squares are centred.",
)
@click.option(
    "--code",
    "codes",
    multiple=True,
    metavar="REGEX",
    help="Named groups (serial, page, questionnaire, version) in codes that other programs printed.",
)
@click.option("--revocation", is_flag=True, help="The paper asks people to black out a wrong mark.")
@click.option("--replace", is_flag=True, help="Start over where a schema of this name exists.")
@click.pass_context
def learn(
    context: click.Context,
    blank: Path | None,
    name: str,
    boxes: Path | None,
    paper: str,
    corners_mm: float | None,
    codes: tuple[str, ...],
    revocation: bool,
    replace: bool,
) -> None:
    """Learn a blank questionnaire from its PDF: where its boxes lie and what they ask.

    Without a blank, --boxes and --corners-mm say where boxes and corner squares lie.

    \b
    Example:
      survey learn blank.pdf --id my-questionnaire
    """
    from survey import project as verbs

    project = open_project(context)
    notes = verbs.learn(
        project, blank, name, boxes=boxes, paper=paper, corners_mm=corners_mm,
        codes=codes, revocation=revocation, replace=replace,
    )  # fmt: skip
    for note in notes:
        say(f"unsure: {note}")
    drawn = verbs.draw(project, name, project.root / ".survey" / "drawn")
    say(
        f"wrote schemas/{name}.yaml, .boxes.csv and .blank.pdf; compare {drawn[0].parent.relative_to(project.root)}/"
    )
    say(f"next: correct schemas/{name}.yaml, then survey ingest scans/ --questionnaire {name}")


@main.command()
@click.argument("name", metavar="ID")
@click.option(
    "--draw",
    "out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Draw the boxes into PNG files in this folder.",
)
@click.option(
    "--scan",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Draw over the pages of this scan instead of the blank, coloured by what was read.",
)
@click.option("--json-schema", is_flag=True, help="Print the JSON Schema of all schemas, for editors.")
@click.pass_context
def check(context: click.Context, name: str, out: Path | None, scan: Path | None, json_schema: bool) -> None:
    """Check a schema and its boxes; draw them over the blank or over a scan.

    Faults (an option without a box, a box off its page, boxes that overlap) end it with exit code 2; what is
    merely to be looked at, such as an item without wording, does not.

    \b
    Example:
      survey check segeberg-2012 --draw drawn
    """
    from survey import project as verbs

    if json_schema:
        from survey.questionnaire.load import json_schema as make_json_schema

        click.echo(make_json_schema(), nl=False)
        return
    project = open_project(context)
    questionnaire = project.questionnaire(name)
    pages = len(questionnaire.pages)
    say(f"{name}: {len(questionnaire.items)} items, {len(questionnaire.boxes)} boxes on {pages} pages")
    if out or scan:
        for path in verbs.draw(project, name, out or Path("drawn"), scan):
            click.echo(str(path))
    findings = [*verbs.check(project, name), *verbs.lint_since_last_run(project, name)]
    for finding in findings:
        click.echo(str(finding).replace(f"{project.root}{os.sep}", ""))
        if finding.line:
            click.echo(finding.line)
    faults = [finding for finding in findings if finding.is_fault]
    if faults:
        raise SchemaError(
            f"{len(faults)} faults in {name}" if len(faults) > 1 else f"one fault in {name}",
            hint="correct the lines above; docs/schema.md tells what may stand there",
        )


@main.command("print")
@click.argument("name", metavar="ID")
@click.option(
    "--stratum",
    "strata",
    multiple=True,
    metavar="VARIABLE=VALUE",
    help="Print serial copies for this stratum; needs -n.",
)
@click.option(
    "-n",
    "--copies",
    "numbers",
    multiple=True,
    type=click.IntRange(1),
    help="How many copies, in the order of --stratum.",
)
@click.option(
    "--frame", is_flag=True, help="Print as many serial copies a stratum as the schema's frame says."
)
@click.option("--cover-sheets", is_flag=True, help="Print batch cover sheets instead.")
@click.option(
    "--received", type=click.DateTime(["%Y-%m-%d"]), help="The date on the cover sheets; default: today."
)
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help="Draws the serials; another one for another mailing.",
)
@click.option("--letter", default="S", show_default=True, help="First letter of the serials.")
@click.pass_context
def print_(
    context: click.Context,
    name: str,
    strata: tuple[str, ...],
    numbers: tuple[int, ...],
    frame: bool,
    cover_sheets: bool,
    received: datetime | None,
    seed: int,
    letter: str,
) -> None:
    """Typeset a questionnaire; print serial copies of it, or batch cover sheets.

    \b
    Example:
      survey print segeberg-2012
    """
    from survey import project as verbs

    project = open_project(context)
    if cover_sheets:
        written = [verbs.print_cover_sheets(project, name, (received or datetime.now()).date())]
    elif strata or numbers or frame:
        written = verbs.print_copies(project, name, _counts(strata, numbers), seed=seed, letter=letter)
    else:
        written = verbs.print_blank(project, name)
    for path in written:
        click.echo(str(path.relative_to(project.root)))


def _counts(strata: tuple[str, ...], numbers: tuple[int, ...]) -> dict[str, int]:
    """Pair --stratum office=Norderstedt with -n 700."""
    if not strata and len(numbers) == 1:
        return {"": numbers[0]}
    if len(strata) != len(numbers):
        raise click.UsageError("every --stratum needs its -n, as in --stratum office=Norderstedt -n 700")
    return {
        stratum.partition("=")[2] or stratum: number for stratum, number in zip(strata, numbers, strict=True)
    }


@main.command()
@click.argument("name", metavar="[ID]", required=False)
@click.option(
    "--on",
    "tried",
    metavar="ID",
    help="Print test before mailing: try this blank; tells which boxes will be misread or doubtful, and why.",
)
@click.option("--issued", type=click.IntRange(1), default=188, show_default=True, help="Copies sent out.")
@click.option(
    "--returned", type=click.IntRange(1), default=64, show_default=True, help="Copies that come back."
)
@click.option(
    "--copies", type=click.IntRange(1), default=40, show_default=True, help="Copies of the print test."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same scans.")
@click.option(
    "--profile",
    type=click.Choice(["clean", "office", "hard"]),
    default="office",
    show_default=True,
    help="How badly people mark and scanners scan.",
)
@click.option(
    "--truth",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the truth; default: truth/ID.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the print test's sheet and table; default: prints/ID.",
)
@click.option(
    "--review", is_flag=True, help="Let a simulated reviewer settle what waits in the scans already read."
)
@click.option(
    "--share", "shares", multiple=True, metavar="NAME=VALUE", help="Override one of the profile's shares."
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print the print test's verdict on every page and box as JSON."
)
@click.pass_context
def simulate(
    context: click.Context,
    name: str | None,
    tried: str | None,
    issued: int,
    returned: int,
    copies: int,
    seed: int,
    profile: str,
    truth: Path | None,
    out: Path | None,
    review: bool,
    shares: tuple[str, ...],
    as_json: bool,
) -> None:
    """Fill in, mail and scan copies of a questionnaire with known truth; play a reviewer; try a print before mailing.

    \b
    Examples:
      survey simulate segeberg-2012 --issued 9 --returned 3 --seed 7
      survey simulate --on segeberg-2012 --copies 2
    """
    from survey import project as verbs

    project = open_project(context)
    if (name is None) == (tried is None):
        raise click.UsageError("name one questionnaire: ID to simulate its returns, --on ID to try its print")
    if tried is not None:
        folder = out or project.root / "prints" / tried
        say(f"trying {copies} copies of {tried}")
        done = verbs.try_print(
            project, tried, folder, copies=copies, seed=seed, profile=profile, shares=_shares(shares)
        )
        click.echo(done.as_json() if as_json else done.as_text())
        say("wrote " + ", ".join(str(path) for path in done.files))
        return
    assert name is not None
    folder = truth or project.root / "truth" / name
    if review:
        count = verbs.play_reviewer(project, name, folder)
        say(f'the simulated reviewer made {count} decisions; they stand in survey.db as made by "simulated"')
        return
    for path in verbs.simulate(
        project,
        name,
        folder,
        issued=issued,
        returned=returned,
        seed=seed,
        profile=profile,
        shares=_shares(shares),
    ):
        click.echo(str(path))
    click.echo((folder / "profile.json").read_text(encoding="utf-8"))


def _shares(pairs: tuple[str, ...]) -> dict[str, float]:
    """Turn one_bit=0.9 into a name and a number."""
    named = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        try:
            named[name] = float(value.replace(",", "."))
        except ValueError:
            raise click.BadParameter(
                f"{pair}: say NAME=NUMBER, as in one_bit=0.9", param_hint="--share"
            ) from None
    return named
