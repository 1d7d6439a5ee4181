"""The ledger, marks and what was recorded -> the account of a questionnaire, which must balance."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from survey.analysis.coding import undecided
from survey.files import project_lock
from survey.project.folder import Project
from survey.project.keys import keys_of
from survey.project.returns import issue_of, ledger, results, with_bases
from survey.questionnaire.mailing import balance, only_new, read_mailing
from survey.reading import alarms, decide
from survey.reading.marks_so_far import MACHINE
from survey.reading.standing import typed
from survey.reporting.evidence import Results
from survey.tables import ALARMS, CASES, LEDGER, MAILING, are_among
from survey.unchanged import Account


def account(
    project: Project, names: list[str] | None = None, known: pd.DataFrame | None = None
) -> list[Account]:
    """Balance the ledger of each questionnaire; pages that belong to none are counted with the first.

    `known` is the ledger, where it has been drawn up already.
    """
    keys = keys_of(project)
    table = ledger(project, keys) if known is None else known
    there = sorted(set(table.loc[table["place"] == "read", "questionnaire"]))
    mailing = project.decisions.rows(MAILING)
    alarmed, said = batch_alarms(project, table), project.decisions.standing()
    return [
        _account_of(results(project, name, table, keys), mailing, said, alarmed, is_first=place == 0)
        for place, name in enumerate(names or there)
    ]


def _account_of(
    found: Results, mailing: pd.DataFrame, said: pd.DataFrame, alarmed: pd.DataFrame, *, is_first: bool
) -> Account:
    name, table = found.questionnaire.id, found.ledger
    mine = table["questionnaire"].eq(name) | (table["questionnaire"].eq("") & is_first)
    unknown = found.cases["stratum"].eq("") & found.cases["serial"].eq("")
    is_field = ~found.marks["box"].isin(found.questionnaire.boxes_to_mark())
    state = found.marks["state"]
    issued = sum(found.questionnaire.frame.values()) or len(found.questionnaire.issued)
    balanced = balance(found.questionnaire, found.cases, mailing, issued)
    return Account(
        name,
        issued,
        len(found.cases),
        int(unknown.sum()) if found.questionnaire.issued else 0,
        balanced.undeliverable,
        balanced.refused,
        balanced.outstanding,
        balanced.unscanned,
        int(found.cases["pages_missing"].eq("").sum()),
        {str(key): int(count) for key, count in table.loc[mine, "place"].value_counts().items()},
        int((~is_field).sum()),
        int((state.eq("doubtful") & ~is_field).sum()),
        int((state.eq("unreadable") & found.marks["decided_by"].eq(MACHINE)).sum()),
        int(found.outcomes["reason"].str.startswith("handwriting").sum()),
        _texts_to_type(found, said),
        len(undecided(found.contradictions, found.marks[found.marks["decided_by"] != MACHINE])),
        balanced.contradictions,
        tuple(alarmed.loc[alarmed["scan"].isin(set(table.loc[mine, "scan"])), "text"]),
    )


def _texts_to_type(found: Results, said: pd.DataFrame) -> int:
    """Count texts that were written and not typed; `said` are the ADJUDICATIONS that stand."""
    texts = [asked.id for asked in found.questionnaire.asked() if asked.kind == "text"]
    is_text = found.outcomes["item"].isin(texts) & found.outcomes["outcome"].eq("answered")
    whose = found.marks[["page_digest", "case"]].drop_duplicates("page_digest")
    pairs = typed(said).merge(whose, on="page_digest")[["case", "item"]]
    return int((is_text & ~are_among(found.outcomes, pairs)).sum())


def batch_alarms(project: Project, table: pd.DataFrame) -> pd.DataFrame:
    """Tell what seems to be wrong with whole batches of a ledger; returns ALARMS."""
    shards = project.cache.shards()
    names = [name for name in project.ids() if name in set(table["questionnaire"])]
    if not names:
        return ALARMS.frame()
    questionnaires = {name: project.questionnaire(name) for name in names}
    pages = with_bases(project.cache.pages(shards))
    measured = project.cache.measurements(shards)
    tallies = []
    for name, questionnaire in questionnaires.items():
        limits = questionnaire.schema.reading.thresholds
        own = set(table.loc[table["questionnaire"] == name, "page_digest"])
        boxes = measured[
            measured["page_digest"].isin(own) & measured["box"].isin(questionnaire.boxes_to_mark())
        ]
        tallies.append(
            pd.DataFrame(
                {
                    "page_digest": boxes["page_digest"],
                    "marked": decide.look_marked(boxes, limits),
                    "unsure": decide.look_unsure(boxes, limits),
                    "full": boxes["room"].lt(limits.clean_room),
                    "boxes": 1,
                }
            )
        )
    tally = pd.concat(tallies).groupby("page_digest").sum()
    issues = {name: issue_of(questionnaire) for name, questionnaire in questionnaires.items()}
    return alarms.find_alarms(pages, table, tally, issues)


@dataclass(frozen=True)
class Recorded:
    """What recording a file did: rows added, rows that had been recorded before, and what does not agree."""

    added: int
    known: int
    contradictions: tuple[str, ...]


def enter_mailing(project: Project, kind: str, path: Path, name: str) -> Recorded:
    """Record what a file says about undeliverable, refused or received envelopes of a questionnaire, for ever."""
    with project_lock(project.root):
        questionnaire = project.questionnaire(name)
        rows = read_mailing(path, kind, questionnaire)
        known = project.decisions.rows(MAILING)
        new = only_new(rows, known)
        if len(new):
            project.decisions.append(MAILING, new)
        mailing = project.decisions.rows(MAILING)
        table = ledger(project)
        has_returns = ((table["place"] == "read") & (table["questionnaire"] == name)).any()
        cases = results(project, name, table).cases if has_returns else CASES.frame()
        issued = sum(questionnaire.frame.values()) or len(questionnaire.issued)
        said = balance(questionnaire, cases, mailing, issued).contradictions
    return Recorded(len(new), len(rows) - len(new), said)


def page_rows(project: Project) -> pd.DataFrame:
    """LEDGER of the pages that were not simply read, with the path of their thumbnail inside the project."""
    table = ledger(project)
    odd = LEDGER.frame(table[table["place"] != "read"])
    paths = [project.cache.thumbnail(digest) for digest in odd["page_digest"]]
    return odd.assign(thumbnail=[path.relative_to(project.root).as_posix() if path else "" for path in paths])
