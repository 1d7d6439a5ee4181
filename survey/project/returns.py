"""Readings, and what people decided -> the ledger of all pages, and the results of a questionnaire."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import pandas as pd

from survey.analysis.audit import Rate, judge_sample
from survey.errors import UsageError
from survey.project.compare import StoredReadings, Verdict, are_upheld, noting, verdicts_of
from survey.project.folder import Project
from survey.project.keys import Keys, keys_of
from survey.project.marks import all_marks, walk_marks
from survey.project.runs import publications, run_name
from survey.questionnaire.mailing import days_received
from survey.questionnaire.model import Questionnaire, base_of
from survey.reading import assemble
from survey.reading.outcomes import decide_outcomes
from survey.reading.returned import cases_of
from survey.reading.told import Told, told_of_pages
from survey.reading.written import written_texts
from survey.reporting.evidence import OwnText, Results
from survey.tables import AUDIT_SAMPLE, AUDITS, MAILING, PUBLISHED


def ledger(project: Project, keys: Keys | None = None) -> pd.DataFrame:
    """Put every scanned page into its place; returns LEDGER. `keys` are the project's, where they are known already."""
    keys = keys or keys_of(project)
    return project.stages.table("ledger", keys.ledger, partial(_draw_up, project, keys))


def _draw_up(project: Project, keys: Keys) -> pd.DataFrame:
    """Draw up the ledger, or take that of before, if all it asked about marks is answered as it was then."""
    pages = with_bases(project.cache.pages(keys.shards))
    there = set(pages["questionnaire"])
    questionnaires = {name: one for name, one in keys.questionnaires.items() if name in there}
    if there - {"", *questionnaires}:
        pages = pages[pages["questionnaire"].isin(["", *questionnaires])]
    judge = StoredReadings(project, pages, questionnaires).judge()
    before = project.stages.find("verdicts", keys.places)
    if before is not None and are_upheld(before, judge):
        found = project.stages.find("ledger", str(before["ledger"].iloc[0]))
        if found is not None:
            return found
    issues = {name: issue_of(questionnaire) for name, questionnaire in questionnaires.items()}
    said: list[Verdict] = []
    table = assemble.assemble(pages, issues, noting(judge, said), told_of(project))
    project.stages.put("verdicts", keys.places, verdicts_of(said, keys.ledger))
    return table


def told_of(project: Project) -> dict[str, Told]:
    """Return what people said of single pages, by digest."""
    return told_of_pages(project.decisions.standing())


def issue_of(questionnaire: Questionnaire) -> assemble.Issue:
    """Tell what was printed and sent out of a questionnaire."""
    serial_in_code = any("(?P<serial>" in pattern for pattern in questionnaire.schema.reading.codes)
    return assemble.Issue(
        tuple(questionnaire.pages),
        bool(questionnaire.schema.code) or serial_in_code,
        questionnaire.issued,
        tuple(questionnaire.schema.population.frame),
        on_every_page=bool(questionnaire.schema.code),
    )


def results(
    project: Project, name: str, known: pd.DataFrame | None = None, keys: Keys | None = None
) -> Results:
    """Decide all marks and outcomes of a questionnaire from stored measurements and people's decisions.

    `known` is the ledger, and `keys` are the project's, where they are known already.
    """
    questionnaire = project.questionnaire(name)
    keys = keys or keys_of(project)
    table = ledger(project, keys) if known is None else known
    read = table[(table["place"] == "read") & (table["questionnaire"] == name)]
    if read.empty:
        raise UsageError(f"no page of {name} has been read", hint="survey ingest scans/")
    made_from = keys.made_from(name)

    def keep(what: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        return project.stages.table(what, made_from[what], make)

    cases = keep("cases", partial(cases_of, table, name, issue_of(questionnaire)))
    adjudications, waves = project.decisions.adjudications(), project.waves_before(name)
    walk = partial(walk_marks, project, read, keys, questionnaire, adjudications)

    def settle() -> pd.DataFrame:
        return decide_outcomes(walk(), cases["case"], questionnaire, adjudications)

    mailing = project.decisions.rows(MAILING)
    days = days_received(name, mailing)
    recorded = [days.get(serial, "") for serial in cases["serial"]]
    cases["received"] = cases["received"].where(cases["received"] != "", recorded)
    published = project.decisions.rows(PUBLISHED)
    mine = published[published["questionnaire"] == name]
    audited = _audited(project, name)
    misread = audited.high if audited else float("nan")
    return Results(
        questionnaire, partial(all_marks, project, read, questionnaire, walk),
        partial(keep, "outcomes", settle), cases, table, mailing, misread, mine, walk_marks=walk,
        written=written_texts(adjudications, read, questionnaire), audited=audited,
        before=results(project, waves[0], table, keys) if waves else None, texts=own_texts(project, name),
        name_run=cache(partial(run_name, project, name, keys, table)), keep=keep,
        publications=partial(publications, project, name),
    )  # fmt: skip


def with_bases(pages: pd.DataFrame) -> pd.DataFrame:
    """Name with each of PAGES its questionnaire, where it is an older printing of it."""
    bases = {name: base_of(name) for name in pages["questionnaire"].unique()}
    if all(name == base for name, base in bases.items()):
        return pages
    return pages.assign(questionnaire=pages["questionnaire"].map(bases))


def own_texts(project: Project, name: str) -> tuple[OwnText, ...]:
    """The analyst's own texts, by file name."""
    folder = project.root / "texts" / name
    paths = sorted(folder.glob("*.md")) if folder.is_dir() else []
    return tuple(
        OwnText(path.relative_to(project.root).as_posix(), path.read_text(encoding="utf-8")) for path in paths
    )


def _audited(project: Project, name: str) -> Rate | None:
    """The misreading rate by the last judged sample; None without one."""
    samples = project.decisions.rows(AUDIT_SAMPLE)
    said = project.decisions.rows(AUDITS)
    judged = samples[(samples["questionnaire"] == name) & samples["sample"].isin(said["sample"])]
    if judged.empty:
        return None
    title = judged["sample"].iloc[-1]
    seen = said[said["sample"] == title].drop_duplicates("number", keep="last").set_index("number")["state"]
    return judge_sample(judged[judged["sample"] == title], seen)


def ids_with_scans(project: Project, known: pd.DataFrame | None = None) -> list[str]:
    """Names of the questionnaires of which pages have been read; UsageError where there are none.

    `known` is the ledger, where it has been drawn up already.
    """
    table = ledger(project) if known is None else known
    names = sorted(set(table.loc[table["place"] == "read", "questionnaire"]))
    if not names:
        raise UsageError("no page has been read yet", hint="survey ingest scans/")
    return names
