"""A project -> the desk of the review page: its tasks, its odd pages, and what is told of the whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from survey.analysis.agreement import Agreement, agreement
from survey.doors.pdf import render
from survey.errors import UsageError
from survey.files import digest
from survey.project.balance import account
from survey.project.folder import Project
from survey.project.returns import ledger, results, told_of
from survey.questionnaire.model import Questionnaire, say
from survey.reading.assemble import place_in_pile
from survey.reading.marks_so_far import MACHINE
from survey.reading.read import places_of_items
from survey.reading.standing import typed
from survey.reading.strips import PAGE_DPI, Place, to_jpeg
from survey.reporting.evidence import Results
from survey.review.behind import paper_behind
from survey.review.catalogue import LANGUAGES, in_german, texts
from survey.review.desk import Blinded, Desk
from survey.review.doubts import contradiction_tasks, doubt_tasks, item_tasks, read_tasks
from survey.review.guesses import guess_numbers
from survey.review.replies import SECOND
from survey.review.tasks import Task, task_name
from survey.tables import AUDIT_SAMPLE, AUDITS

SHOWN_PLACES = ("waiting", "unreadable", "foreign", "duplicate", "superseded", "discarded", "blank back")
PAUSE_SECONDS = 60.0  # a longer gap between two replies is no work


def lay_out(root: Path, names: list[str], by: str, *, double: bool = False) -> Desk:
    """Lay out the desk for one person. Heavy: done in a process of its own, so that a server stays small."""
    project = Project(root)
    table = ledger(project)
    known = sorted(set(table.loc[table["place"] == "read", "questionnaire"]))
    standing = project.decisions.standing()
    found = [results(project, name, table) for name in (names or known)]
    ask: list[Task] = []
    read: list[Task] = []
    blind: list[Task] = []
    shown: dict[str, str] = {}
    blinded: dict[str, Blinded] = {}
    guessed: dict[str, str] = {}
    shard_of = project.cache.shards_of_pages()
    for one in found:
        ask += seen_once(one, standing, by) if double else asked_of(one)
        done = typed(standing)[["page_digest", "item"]].itertuples(index=False, name=None)
        fields = read_tasks(one.marks, one.questionnaire, done)
        guessed |= guess_numbers(project.cache, shard_of, fields, one.questionnaire)
        read += like_ones_together(fields, guessed)
        drawn, which = blind_tasks(project, one)
        blind, blinded = blind + drawn, blinded | which
        hidden = {*blinded, *(task.name for task in ask)} if double else set(blinded)
        shown |= _show([*ask, *read, *blind], one.questionnaire, hidden, guessed)
    mixed = sorted([*blind, *([] if double else ask[: len(blind)])], key=lambda task: digest(by, task.name))
    views = {"ask": ask, "read": read, "blind": mixed}
    tasks = {task.name: task for task in [*blind, *read, *ask]}
    pages = page_entries(table, told_of(project))
    return Desk(
        tasks,
        {view: [task.name for task in entries] for view, entries in views.items()},
        shown,
        blinded,
        pages,
        {str(page["name"]): str(page["digest"]) for page in pages},
        overview(project, table, found, standing),
        {language: texts(language) for language in LANGUAGES},
        shard_of,
        {
            (one.questionnaire.id, page): jpeg
            for one in found
            for page, jpeg in draw_blanks(one.questionnaire)
        },
        crop_places(project, ask),
    )


def asked_of(found: Results) -> list[Task]:
    """Make tasks of doubtful marks, then of sure ones that contradict each other."""
    doubts = doubt_tasks(found.marks, found.questionnaire)
    known = {task.name for task in doubts}
    others = contradiction_tasks(found.marks, found.contradictions, found.questionnaire)
    return [*doubts, *(task for task in others if task.name not in known)]


def like_ones_together(tasks: list[Task], guessed: dict[str, str]) -> list[Task]:
    """Sort the numbers of each item by what they seem to be, those without a guess last; texts stay as they are."""
    order = {task.item: place for place, task in enumerate(tasks)}

    def key(task: Task) -> tuple[int, bool, int, str]:
        guess = guessed.get(task.name, "")
        return order[task.item], task.kind == "digits" and not guess, len(guess), guess

    return sorted(tasks, key=key)


def _show(
    tasks: list[Task], questionnaire: Questionnaire, hidden: set[str], guessed: dict[str, str]
) -> dict[str, str]:
    """Write what a browser is told of each task; of those hidden, not what anybody made of it before."""
    whole, shown = questionnaire.paper_mm, {}
    places = {page: places_of_items(questionnaire, page) for page in questionnaire.pages}
    boxes = {row.box: row for row in questionnaire.boxes.itertuples(index=False)}
    digits = {item.id: item.digits for item in questionnaire.items}
    for task in tasks:
        if task.questionnaire != questionnaire.id:
            continue
        place = places[task.page][task.strip]
        is_blind = task.name in hidden
        entry = {
            "name": task.name, "view": task.view, "case": task.case, "page": task.page, "item": task.item,
            "questionnaire": task.questionnaire, "kind": "" if is_blind else task.kind,
            "wording": task.wording, "row": task.row, "one": task.one_only,
            "guess": None if is_blind or task.guess is None else list(task.guess),
            "frame": _share(place, Place(0, 0, *whole)), "paper": [*whole], "size": [place.w_mm, place.h_mm],
            "digits": digits[task.strip], "seems": guessed.get(task.name, ""),
            "themes": [{"code": code, "label": label} for code, label in task.themes],
            "boxes": [
                {
                    "label": box.label,
                    "at": _share(Place(*(getattr(boxes[box.box], name) for name in ("x_mm", "y_mm", "w_mm", "h_mm"))),
                                 place),
                    **({} if is_blind else {"state": box.state, "kind": box.kind, "numbers": box.numbers,
                                            "ink": box.ink, "likely": box.likely}),
                }
                for box in task.boxes
            ],
        }  # fmt: skip
        shown[task.name] = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
    return shown


def _share(inner: Place, outer: Place) -> list[float]:
    """Left, top, width and height of a rectangle in percent of another."""
    return [
        round(100 * (inner.x_mm - outer.x_mm) / outer.w_mm, 2), round(100 * (inner.y_mm - outer.y_mm) / outer.h_mm, 2),
        round(100 * inner.w_mm / outer.w_mm, 2), round(100 * inner.h_mm / outer.h_mm, 2),
    ]  # fmt: skip


def blind_tasks(project: Project, found: Results) -> tuple[list[Task], dict[str, Blinded]]:
    """Make tasks of the newest sample's marks; those a person has judged are left out when work is given out."""
    samples = project.decisions.rows(AUDIT_SAMPLE)
    samples = samples[samples["questionnaire"] == found.questionnaire.id]
    if samples.empty:
        return [], {}
    sample = samples[samples["sample"] == samples["sample"].iloc[-1]]
    items = found.marks.merge(sample[["page_digest", "box"]], on=["page_digest", "box"])[
        ["page_digest", "item"]
    ]
    around = found.marks.merge(items.drop_duplicates(), on=["page_digest", "item"])
    wanted = {(row.page_digest, row.box): row for row in sample.itertuples(index=False)}
    tasks, which = [], {}
    for task in item_tasks(around, found.questionnaire):
        for place, box in enumerate(task.boxes):
            row = wanted.get((task.page_digest, box.box))
            if row is not None:
                name = task_name(
                    task.page_digest, box.box, "blind"
                )  # the same item may wait with a doubt, too
                which[name] = Blinded(str(row.sample), int(row.number), place, str(row.state))
                tasks.append(replace(task, name=name, guess=None))
    return tasks, which


def seen_once(found: Results, standing: pd.DataFrame, by: str) -> list[Task]:
    """Make tasks of items that one other person has decided and nobody has looked at a second time."""
    second = standing[standing["state"] == SECOND]
    done = set(zip(second["page_digest"], second["item"], strict=True))
    marks = found.marks
    others = marks[~marks["decided_by"].isin([MACHINE, by])]
    keys = set(zip(others["page_digest"], others["item"], strict=True)) - done
    pairs = pd.DataFrame(sorted(keys), columns=["page_digest", "item"])
    around = marks.merge(pairs, on=["page_digest", "item"])
    by_others = set(zip(others["page_digest"], others["box"], strict=True))
    return [
        replace(task, guess=None)
        for task in item_tasks(around, found.questionnaire)
        if any((task.page_digest, box.box) in by_others for box in task.boxes)
    ]


def compare_looks(found: list[Results], standing: pd.DataFrame) -> Agreement:
    """Compare what second persons saw with the decisions that stand."""
    first: list[str] = []
    second: list[str] = []
    states = {
        (row.page_digest, row.box): row.state
        for one in found
        for row in one.marks[one.marks["decided_by"] != MACHINE].itertuples(index=False)
    }
    looks = standing[standing["state"] == SECOND].drop_duplicates(
        ["page_digest", "item", "value"], keep="last"
    )
    for row in looks.itertuples(index=False):
        for said in row.value.split():
            box, _, state = said.rpartition("=")
            if (row.page_digest, box) in states:
                first.append(states[row.page_digest, box])
                second.append(state)
    return agreement(first, second)


def page_entries(table: pd.DataFrame, told: Iterable[str]) -> list[dict[str, object]]:
    """List the pages of LEDGER that were not simply read or that people spoke of, those first that wait."""
    odd = table[table["place"].isin(SHOWN_PLACES) | table["page_digest"].isin(list(told))]
    entries = []
    for row in odd.itertuples(index=False):
        where = place_in_pile(row.scan, row.page, row.sheet, row.half)
        picture = [row.scan, str(row.page)]
        entries.append({
            "name": digest(*picture, *[str(row.half)] * (row.half > 0))[:20],
            "digest": row.page_digest, "scan": row.scan,
            "number": row.page, "sheet": row.sheet, "place": row.place, "where": where,
            "reason": {"de": in_german(row.reason), "en": row.reason},
            "hint": {"de": in_german(row.hint), "en": row.hint},
            "questionnaire": row.questionnaire, "page": row.questionnaire_page, "case": row.case,
        })  # fmt: skip
    order = {place: at for at, place in enumerate(SHOWN_PLACES)}
    return sorted(entries, key=lambda entry: (order.get(str(entry["place"]), 99), str(entry["where"])))


def overview(
    project: Project, table: pd.DataFrame, found: list[Results], standing: pd.DataFrame
) -> dict[str, object]:
    """Tell the ledger, the doubts by item, who decided how much, and how far people agree."""
    accounts = account(project, [one.questionnaire.id for one in found], table)
    people = standing[(standing["box"] != "") | (standing["item"] != "")].groupby("decided_by")
    agreed = compare_looks(found, standing)
    timing = all(one.questionnaire.schema.review.timing for one in found)
    return {
        "accounts": [
            {
                "questionnaire": one.questionnaire, "issued": one.issued, "returned": one.returned,
                "undeliverable": one.undeliverable, "refused": one.refused, "outstanding": one.outstanding,
                "pages": one.pages,
            }
            for one in accounts
        ],
        "wording": {
            one.questionnaire.id: {
                asked.id: {
                    language: " – ".join(
                        part for part in [say(asked.item.text, language),
                                          say(asked.row.label, language) if asked.row else ""] if part
                    )
                    for language in ("de", "en")
                }
                for asked in one.questionnaire.asked()
            }
            for one in found
        },
        "people": [_person(str(name), rows, timing=timing) for name, rows in people],
        "audits": [audit for one in found for audit in audits_of(project, one)],
        "agreement": {"boxes": agreed.boxes, "share": _number(agreed.share), "kappa": _number(agreed.kappa)},
        "questionnaires": {
            one.questionnaire.id: {"pages": one.questionnaire.pages, "serials": bool(one.questionnaire.issued)}
            for one in found
        },
        "whole_page": all(one.questionnaire.schema.review.whole_page for one in found),
        "timing": timing,
    }  # fmt: skip


def _person(name: str, rows: pd.DataFrame, *, timing: bool) -> dict[str, object]:
    """Tell how much one person decided; how fast only where the project says so."""
    replies = rows.assign(reply=rows["id"].str.split(".").str[0]).drop_duplicates("reply")
    told: dict[str, object] = {"name": name, "decisions": len(replies)}
    if timing:
        made = pd.to_datetime(replies["made_at"], utc=True).sort_values()
        gaps = made.diff().dt.total_seconds().dropna()
        working = gaps[gaps < PAUSE_SECONDS]
        told["per_minute"] = round(60 / max(float(working.mean()), 0.1), 1) if len(working) else None
    return told


def audits_of(project: Project, found: Results) -> list[dict[str, object]]:
    """Tell how far each sample of certain marks has been judged, and how many were seen otherwise."""
    samples = project.decisions.rows(AUDIT_SAMPLE)
    samples = samples[samples["questionnaire"] == found.questionnaire.id]
    judged = project.decisions.rows(AUDITS).drop_duplicates(["sample", "number"], keep="last")
    told: list[dict[str, object]] = []
    for name, sample in samples.groupby("sample", sort=False):
        seen = sample.merge(
            judged[["sample", "number", "state"]], on=["sample", "number"], suffixes=("", "_seen")
        )
        wrong = (seen["state"] != seen["state_seen"]) & (seen["state_seen"] != "unclear")
        told.append(
            {"sample": str(name), "size": len(sample), "judged": len(seen), "wrong": int(wrong.sum())}
        )
    return told


def _number(value: float) -> float | None:
    return None if value != value else round(value, 3)


def draw_blanks(questionnaire: Questionnaire) -> Iterator[tuple[int, bytes]]:
    """Draw the pages of a blank that carry boxes: strips of scans are laid on them, all else stays masked."""
    if questionnaire.blank is None:
        return
    for page in questionnaire.pages:
        yield page, to_jpeg(render(questionnaire.blank, page, PAGE_DPI))


def crop_places(project: Project, tasks: list[Task]) -> dict[str, list[int]]:
    """Tell where the crop of each box of each task lies among the crops of its page."""
    wanted = {task.page_digest for task in tasks}
    measured = project.cache.measurements(project.cache.shards())
    measured = measured[measured["page_digest"].isin(wanted)]
    order = {
        digest_: {box: place for place, box in enumerate(group)}
        for digest_, group in measured.groupby("page_digest", sort=False)["box"]
    }
    return {task.name: [order[task.page_digest].get(box.box, -1) for box in task.boxes] for task in tasks}


def behind(root: Path, key: str) -> tuple[list[Task], dict[str, object]]:
    """Find the paper behind a number; returns its tasks, and what the page is told.

    UsageError where no questionnaire has such a number, or no paper is behind it.
    """
    objection: UsageError | None = None
    for found in read_results(root, Project(root).decisions.count()):
        try:
            paper = paper_behind(found, key)
        except UsageError as error:
            objection = objection or error
            continue
        shown = _show(paper.tasks, found.questionnaire, set(), {})
        more = {
            name: {"ring": ring, "typed": paper.typed.get(name, "")} for name, ring in paper.rings.items()
        }
        tasks = [json.loads(shown[task.name]) | more[task.name] for task in paper.tasks]
        return paper.tasks, {"tasks": tasks, "cases": paper.cases, "title": paper.title, "key": key}
    raise objection or UsageError("no page has been read yet", hint="survey ingest scans/")


@lru_cache(maxsize=1)
def read_results(root: Path, _: int) -> tuple[Results, ...]:
    """Compute everything once for several numbers, until something is decided: the second argument counts decisions."""
    project = Project(root)
    table = ledger(project)
    names = sorted(set(table.loc[table["place"] == "read", "questionnaire"]))
    return tuple(results(project, name, table) for name in names)
