"""Evidence -> the one page that everybody reads: large numbers, then short sentences in everyday words."""

from __future__ import annotations

from survey.analysis.estimate import NEEDS, NEEDS_NUMBER, NOT_RETURNED, RETURNED
from survey.questionnaire.model import Item, NeedArea, ask
from survey.reporting.blocks import Block, Callout, Chapter, KeyFigure, KeyFigures, Points
from survey.reporting.charts import accent_of
from survey.reporting.evidence import Estimate, Evidence
from survey.reporting.marked import mark
from survey.reporting.narrative import (
    as_far_as_shown,
    doubt_findings,
    every_combination,
    every_need,
    largest_first,
    need_labels,
    ranked_needs,
    told_differences,
    whom,
    with_shares,
)
from survey.reporting.wording import first_up

NEARLY_ALL, HALF = 0.9, 0.5
"""Shares of numbers shown, of all cases and by stratum, under which the summary says that few answered."""
MOST_FIGURES = 5
MOST_DIFFERENCES = 2


def summarise(evidence: Evidence) -> Chapter:
    """Return the page. Need areas come by size; those that cannot be told apart keep the schema's order."""
    words = evidence.words
    figures = _key_figures(evidence)
    blocks: list[Block] = [KeyFigures(figures)] if figures else []
    points = [
        (words.say("point_response"), _response(evidence)),
        (words.say("point_needs"), _needs(evidence)),
        *((evidence.text(area.label), _area(evidence, area)) for area in _by_size(evidence)),
        (words.say("point_combinations"), _combinations(evidence)),
        (words.say("point_offices"), _offices(evidence)),
        (words.say("point_unknown"), _unknown(evidence)),
    ]
    blocks.append(Points([(label, text) for label, text in points if text]))
    how = "plain_reading_weighted" if evidence.is_weighted else "plain_reading"
    blocks.append(Callout(words.say("reading_title"), words.say(how)))
    blocks += _few(evidence)
    if evidence.is_interim:
        text = " ".join(finding.text for finding in doubt_findings(evidence))
        blocks.append(Callout(words.say("interim_title"), text))
    return Chapter("summary", words.say("chapter_summary"), evidence.accent, blocks)


def lead_item(evidence: Evidence, area: NeedArea) -> Item | None:
    """The item a need area rests on: the first its need names; a matrix by any of its rows."""
    for item in evidence.questionnaire.items:
        if any(asked.id in area.need for asked in ask(item)):
            return item
    return None


def _key_figures(evidence: Evidence) -> list[KeyFigure]:
    words, schema = evidence.words, evidence.questionnaire.schema
    figures = []
    returned = evidence.find(RETURNED)
    if returned:
        detail = words.say(
            "key_returned", count=evidence.cases(returned), frame=evidence.cases(returned, returned.base)
        )
        share = evidence.percent(returned)
        figures.append(KeyFigure(share, words.say("key_response"), detail, evidence.accent))
    for place, area in enumerate(schema.need_areas):
        row = evidence.find(f"need_{area.id}")
        if row:
            label = words.say("key_need", area=evidence.text(area.label))
            interval = mark(words.interval(row.low, row.high), row.key)
            detail = words.say("key_detail", interval=interval)
            figures.append(KeyFigure(evidence.percent(row), label, detail, accent_of(place)))
    return figures[:MOST_FIGURES]


def _by_size(evidence: Evidence) -> list[NeedArea]:
    """Need areas whose share may be shown, largest first; then the others."""
    rows = {area.id: evidence.find(f"need_{area.id}") for area in evidence.questionnaire.schema.need_areas}

    def size(area: NeedArea) -> float:
        row = rows[area.id]
        return row.value if row else -1.0

    return sorted(evidence.questionnaire.schema.need_areas, key=size, reverse=True)


def _response(evidence: Evidence) -> str:
    words, row = evidence.words, evidence.find(RETURNED)
    if row is None:
        return words.say("returned_only", returned=words.number(evidence.returned))
    return words.say(
        "plain_response", frame=evidence.cases(row, row.base), returned=evidence.cases(row),
        share=evidence.percent(row),
    )  # fmt: skip


def _needs(evidence: Evidence) -> str:
    words = evidence.words
    lead, rest = ranked_needs(evidence)
    if not lead:
        return ""
    if len(lead) == 1:
        share, plural = evidence.in_words(lead[0][0], "those_answering")
        text = words.say("plain_first", plural=plural, area=lead[0][1], share=first_up(share))
    else:
        text = words.say("plain_tied", areas=with_shares(evidence, lead))
    if rest:
        text += " " + words.say("plain_follow", plural=len(rest) > 1, list=with_shares(evidence, rest))
    return as_far_as_shown(evidence, text, every_need(evidence))


def _area(evidence: Evidence, area: NeedArea) -> str:
    """What was asked, and the one or two answers given most."""
    item, words = lead_item(evidence, area), evidence.words
    found = _answers(evidence, item) if item else []
    if item is None or not found:
        return ""
    asked = words.say("plain_asked", wording=words.quote(evidence.text(item.text)))
    asked += "" if asked.endswith(("?“", "?”")) else "."
    (top, label), *rest = found
    if item.type == "matrix":
        options = words.quote(first_up(evidence.text(ask(item)[0].substantive[-1].label)))
        told = words.say("plain_rows", options=options, top=label, top_share=evidence.brief(top))
        return f"{asked} {as_far_as_shown(evidence, told, _candidates(item))}"
    share, plural = evidence.in_words(top, whom(evidence, item.id))
    told = words.say("plain_top", plural=plural, share=first_up(share), label=label)
    if rest:
        told += " " + words.say("plain_next", label=rest[0][1], share=evidence.brief(rest[0][0]))
    return f"{asked} {as_far_as_shown(evidence, told, _candidates(item))}"


def _answers(evidence: Evidence, item: Item) -> list[tuple[Estimate, str]]:
    """The two answers of an item given most, as estimate and quoted label: groups of a grid, rows of a matrix."""
    asked = ask(item)
    if item.type == "matrix":
        labels = [evidence.text(one.row.label) for one in asked if one.row]
    elif item.groups:
        labels = [evidence.text(group.label) for group in item.groups]
    else:
        labels = [evidence.text(one.label) for one in asked[0].substantive]
    named = [
        (evidence.find(*one), evidence.words.quote(label))
        for one, label in zip(_candidates(item), labels, strict=True)
    ]
    return [(row, label) for row, label in largest_first(named) if row.count][:2]


def _candidates(item: Item) -> list[tuple[str, str]]:
    """Variable and code of everything that `_answers` chooses from."""
    asked = ask(item)
    if item.type == "matrix":
        return [(one.id, one.substantive[-1].code) for one in asked]
    if item.groups:
        return [(f"{item.id}_{group.id}", "1") for group in item.groups]
    if asked[0].kind == "multiple":
        return [(f"{item.id}_{one.code}", "1") for one in asked[0].substantive]
    return [(item.id, one.code) for one in asked[0].substantive]


def _combinations(evidence: Evidence) -> str:
    words, several = evidence.words, evidence.find(NEEDS_NUMBER, "several")
    if several:
        share, plural = evidence.in_words(several, "those_answering")
        return words.say("plain_several", plural=plural, share=first_up(share))
    rows = [row for row in evidence.of_variable(NEEDS) if "+" in row.code]
    if not rows:
        return ""
    top = max(rows, key=lambda row: row.value)
    labels = words.listing([words.quote(label) for label in need_labels(evidence, top.code)])
    text = words.say("plain_commonest", labels=labels, share=evidence.brief(top))
    return as_far_as_shown(evidence, text, every_combination(evidence))


def _offices(evidence: Evidence) -> str:
    words = evidence.words
    if len(evidence.strata) < 2:
        return ""
    if not evidence.differences:
        return words.say("offices_small")
    told = [
        words.say("plain_office_differs", topic=one.label, high_name=one.high_name, low_name=one.low_name,
                  high=evidence.brief(one.high), low=evidence.brief(one.low))
        for one in told_differences(evidence)[:MOST_DIFFERENCES]
    ]  # fmt: skip
    return " ".join(told) or words.say("plain_offices_alike")


def _unknown(evidence: Evidence) -> str:
    row = evidence.find(RETURNED, NOT_RETURNED)
    return evidence.words.say("plain_unknown", count=evidence.cases(row)) if row and row.count else ""


def _few(evidence: Evidence) -> list[Block]:
    """In plain words, how much cannot be shown because few answered; nothing where nearly all is shown."""
    words = evidence.words
    every, strata = (evidence.share_shown(by_stratum=by_stratum) for by_stratum in (False, True))
    if not (every < NEARLY_ALL or strata < HALF):
        return []
    minimum = words.number(evidence.questionnaire.schema.population.minimum_cell)
    if evidence.strata:
        text = words.say("few_shown", minimum=minimum, all=words.percent(every), strata=words.percent(strata))
    else:
        text = words.say("few_shown_all", minimum=minimum, all=words.percent(every))
    return [Callout(words.say("few_title"), text)]
