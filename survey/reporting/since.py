"""What became of a published report -> the part of a chapter that says so: what was corrected, which numbers moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from survey.analysis.estimate import RETURNED
from survey.analysis.population import ALL
from survey.analysis.since import Since
from survey.questionnaire.changes import Change
from survey.questionnaire.model import NeedArea, Questionnaire, say
from survey.questionnaire.plan import Derived, ResponseSet
from survey.reporting.blocks import Block, DataTable, Heading, Paragraph, Points
from survey.reporting.evidence import Evidence, rows_by_key
from survey.reporting.marked import mark
from survey.reporting.naming import name_number, short_wording

MOST_LINES = 12
"""Corrections told, and numbers listed; what is more is counted."""
NAMED = ("need_area", "derived_variable", "set")
"""Kinds of corrections that are about something with a label of its own."""
OF_ALL = {
    "foreign_codes", "printing", "threshold", "revocation", "frame", "margin", "population", "weights", "disclosure",
    "analysis", "family_of_tests", "wave", "population_name", "title", "information", "report", "languages", "review",
    "sections",
}  # fmt: skip
"""Kinds of corrections that are about no single item."""


def tell_since(evidence: Evidence) -> list[Block]:
    """Say what became of the last published report; nothing where none was published."""
    since = evidence.results.since
    if since is None:
        return []
    words, day = evidence.words, evidence.words.day(since.report.made_at[:10])
    more = evidence.returned - _returned(since)
    blocks: list[Block] = [Heading(words.say("since_interim" if more > 0 else "since_report", day=day))]
    blocks.append(
        Paragraph(f"{words.say('since_with', day=day, run=since.report.run)} {_returns(evidence, more)}")
    )
    blocks += _corrections(evidence, since)
    return blocks + _needs(evidence, since) + _numbers(evidence, since)


def _returned(since: Since) -> int:
    then = rows_by_key(since.report.numbers).get(f"{RETURNED}=1@{ALL}")
    return then.count if then else 0


def _returns(evidence: Evidence, more: int) -> str:
    """How many returns there are now, and how many more than then."""
    words, row = evidence.words, evidence.any(RETURNED)
    phrase = "since_more" if more > 0 else "since_fewer" if more < 0 else "since_as_many"
    parts = {"now": evidence.cases(row) if row else words.number(evidence.returned)}
    if more:
        parts["count"] = words.number(abs(more))
    return words.say(phrase, plural=abs(more) != 1, **parts)


def _corrections(evidence: Evidence, since: Since) -> list[Block]:
    """What was corrected, by what it touches; items of which the same was corrected stand together."""
    words, lines = evidence.words, _by_thing(evidence, since)
    if not lines:
        return [Paragraph(words.say("corrected_nothing"))]
    told: dict[str, dict[str, list[str]]] = {}
    for (touches, thing), whats in list(lines.items())[:MOST_LINES]:
        alike = told.setdefault(words.say(f"touches_{touches}"), {})
        alike.setdefault(", ".join(whats), []).extend([thing] if thing else [])
    points = [
        (head, f"{'; '.join(_told(evidence, *one) for one in alike.items())}.")
        for head, alike in told.items()
    ]
    blocks: list[Block] = [Paragraph(words.say("corrected_lead")), Points(points)]
    more = sum(len(whats) for whats in list(lines.values())[MOST_LINES:])
    if more:
        blocks.append(Paragraph(words.say("corrected_more", plural=more != 1, count=words.number(more))))
    return blocks


def _told(evidence: Evidence, what: str, things: list[str]) -> str:
    words = evidence.words
    return words.say("corrected_of", things=words.listing(things), what=what) if things else what


def _by_thing(evidence: Evidence, since: Since) -> dict[tuple[str, str], list[str]]:
    """What is touched and the item it is about, "" for what is about none -> all that was corrected."""
    lines: dict[tuple[str, str], list[str]] = {}
    for one in since.changes:
        thing, what = _thing(evidence, since, one), _what(evidence, since, one)
        told = lines.setdefault((one.touches, thing), [])
        if what not in told:
            told.append(what)
    return lines


def _thing(evidence: Evidence, since: Since, one: Change) -> str:
    """The item that a correction is about, by the number and wording it has now, or had; "" for what is about none."""
    if one.kind in OF_ALL or one.kind in NAMED:
        return ""
    for questionnaire in (evidence.questionnaire, since.report.questionnaire):
        for number, item in enumerate(questionnaire.items, start=1):
            if one.about in {item.id, *(f"{item.id}_{row.code}" for row in item.rows)}:
                head = evidence.words.say("item_head", number=str(number))
                return f"{head} {short_wording(evidence, item)}".strip()
    return ""


def _what(evidence: Evidence, since: Since, one: Change) -> str:
    words = evidence.words
    if one.kind not in NAMED:
        return words.say(f"corrected_{one.kind}")
    name = next(
        (found for side in (evidence.questionnaire, since.report.questionnaire)
         if (found := _labels(side, one.kind, words.language).get(one.about))), ""
    )  # fmt: skip
    return words.say(
        "corrected_name" if one.touches == "words" else f"corrected_{one.kind}", name=words.quote(name)
    )


def _labels(questionnaire: Questionnaire, kind: str, language: str) -> dict[str, str]:
    schema = questionnaire.schema
    of_kind: dict[str, Sequence[NeedArea | Derived | ResponseSet]] = {
        "need_area": schema.need_areas, "derived_variable": schema.analysis.derived, "set": schema.analysis.sets,
    }  # fmt: skip
    return {one.id: say(one.label, language) for one in of_kind[kind]}


def _needs(evidence: Evidence, since: Since) -> list[Block]:
    """What the published report said of each need area, beside what holds now.

    Some of the same people stand in both numbers, so that no test of a difference is made: the earlier share lies in
    today's interval, or it does not.
    """
    words, then = evidence.words, since.numbers.set_index("key")
    points, outside = [], []
    for area in evidence.areas:
        now, label = evidence.find(f"need_{area.id}"), evidence.text(area.label)
        if now is None or now.key not in then.index:
            continue
        before = then.loc[now.key]
        base, told = words.number(before["base_before"]), words.percent(before["before"])
        points.append((label, words.say("since_need", before=told, base=base, now=evidence.brief(now))))
        if not now.low <= before["before"] <= now.high:
            outside.append(words.quote(label))
    if not points:
        return []
    if outside:
        where = words.say("since_outside", plural=len(outside) > 1, topics=words.listing(outside))
    else:
        where = words.say("since_inside", plural=len(points) > 1)
    return [Paragraph(words.say("since_needs_lead")), Points(points), Paragraph(where)]


def _numbers(evidence: Evidence, since: Since) -> list[Block]:
    """How many numbers read otherwise, those outside the interval they had, and which findings came or went."""
    words = evidence.words
    table = since.answers
    both, otherwise, beyond = len(table), int(table["is_printed_otherwise"].sum()), table["beyond_interval"]
    if not both:
        return []
    phrase = "since_numbers" if otherwise else "since_numbers_same"
    told = [words.say(phrase, plural=otherwise != 1, both=words.number(both), count=words.number(otherwise))]
    if otherwise:
        count = int(beyond.sum())
        phrase = "since_beyond" if count else "since_beyond_none"
        told += [words.say(phrase, plural=count != 1, count=words.number(count)), words.say("since_untested")]
    blocks: list[Block] = [Paragraph(" ".join([*told, *_findings(evidence, since)]))]
    return blocks + ([_moved(evidence, table[beyond])] if beyond.any() else [])


def _moved(evidence: Evidence, table: pd.DataFrame) -> DataTable:
    """The numbers outside the interval they had, those first that moved farthest by its width."""
    words = evidence.words
    moved = (table["now"] - table["before"]).abs() / (table["high_before"] - table["low_before"])
    order = table.assign(moved=moved).sort_values("moved", ascending=False, kind="stable")
    rows = [_moved_row(evidence, one) for one in order.head(MOST_LINES).itertuples(index=False)]
    more, note = len(order) - len(rows), words.say("since_note")
    if more:
        note += " " + words.say("since_note_more", plural=more != 1, count=words.number(more))
    heads = ["since_number_head", "since_then", "interval", "base_head", "since_now", "base_head"]
    header = [words.say(name) for name in heads]
    return DataTable(words.say("since_table"), note, header, rows, [82, 15, 25, 11, 15, 12])


def _moved_row(evidence: Evidence, one: Any) -> list[str]:
    """A row of NUMBERS_MOVED as printed; only the number of now leads to its paper."""
    words, now = evidence.words, evidence.named(one.key)
    assert now is not None, "both reports show it"
    is_share = now.statistic == "share"
    told, span = (words.percent, words.interval) if is_share else (words.decimal, words.interval_of_means)
    then = [
        told(one.before),
        span(one.low_before, one.high_before),
        words.number(one.base_before),
    ]
    return [name_number(evidence, now), *then, mark(told(now.value), now.key), evidence.cases(now, now.base)]


def _findings(evidence: Evidence, since: Since) -> list[str]:
    """Differences between strata that go beyond chance now and did not, or did and do not any more."""
    words, labels = evidence.words, dict(evidence.compared())
    names = {one.key: one for one in evidence.differences}
    strata = {stratum.domain: stratum.name for stratum in evidence.strata}
    table = since.numbers[since.numbers["key"].isin(names)]
    if table.empty:
        return []
    told = []
    for finding, phrase, side in (
        ("appears", "since_appears", "now"),
        ("falls away", "since_falls", "before"),
    ):
        found = []
        for one in table[table["finding"] == finding].itertuples(index=False):
            row = names[one.key]
            ends = [strata[row.domain], strata[row.other]]
            high, low = ends if getattr(one, side) > 0 else reversed(ends)
            found.append(
                words.say("since_differs", label=words.quote(labels[row.variable]), high=high, low=low)
            )
        if found:
            told.append(words.say(phrase, list=words.listing(found)))
    return told or [words.say("since_findings_same")]
