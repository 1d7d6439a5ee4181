"""Numbers -> sentences: every claim is computed, carries its interval, and names the keys it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from survey.analysis.coding import SILENT, SKIPPED
from survey.analysis.estimate import NEEDS, NEEDS_NUMBER, NOT_RETURNED, RETURNED
from survey.analysis.rates import without_stratum
from survey.questionnaire.model import Asked, Item, ask
from survey.reporting.evidence import Difference, Estimate, Evidence
from survey.reporting.marked import mark
from survey.reporting.wording import first_up

SEVERAL = 3
"""How many options of a list are named in a sentence."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence (or two) and the keys of the estimates it tells."""

    text: str
    keys: tuple[str, ...] = ()


def response_findings(evidence: Evidence) -> list[Finding]:
    """How many were written to, how many answered, and where most and fewest did."""
    words, row = evidence.words, evidence.find(RETURNED)
    if row is None:
        return [Finding(words.say("returned_only", returned=words.number(evidence.returned)))]
    found = [
        Finding(
            words.say(
                "response",
                frame=evidence.cases(row, row.base),
                returned=evidence.cases(row),
                share=evidence.percent(row),
            ),
            (row.key,),
        )
    ]
    parts = [(evidence.find(RETURNED, domain=stratum.domain), stratum.name) for stratum in evidence.strata]
    # a small stratum is not named: its rate says little, and its people should not be pointed at
    minimum = evidence.questionnaire.schema.population.minimum_cell
    large = [(part, name) for part, name in parts if part and part.count >= minimum]
    known = sorted(large, key=lambda pair: pair[0].value)
    unknown = without_stratum(
        evidence.results.cases, evidence.questionnaire.frame
    )  # then no rate is surely low
    if not unknown and len(known) > 1 and known[0][0].value < known[-1][0].value:
        (low, low_name), (high, high_name) = known[0], known[-1]
        text = words.say("response_range", low=evidence.percent(low), low_name=low_name,
                         high=evidence.percent(high), high_name=high_name)  # fmt: skip
        found.append(Finding(text, (high.key, low.key)))
    return found


Ranked = list[tuple[Estimate, str]]
"""Estimates with their labels."""


def largest_first(named: Iterable[tuple[Estimate | None, str]]) -> Ranked:
    """The pairs that have an estimate, by size."""
    return sorted(((row, label) for row, label in named if row), key=lambda pair: -pair[0].value)


def ranked_needs(evidence: Evidence) -> tuple[Ranked, Ranked]:
    """The need areas by size, divided: those whose intervals reach the largest one's, and the rest."""
    words = evidence.words
    rows = [
        (evidence.find(f"need_{area.id}"), words.quote(evidence.text(area.label))) for area in evidence.areas
    ]
    ranked = largest_first(rows)
    lead = [pair for pair in ranked if pair[0].high >= ranked[0][0].low]
    return lead, ranked[len(lead) :]


def as_far_as_shown(evidence: Evidence, text: str, candidates: Iterable[tuple[str, str]]) -> str:
    """The text; where the number of a candidate, as variable and code, may not be shown, with that reservation.

    A hidden number need not be small: it may be hidden so that another one cannot be worked out.
    """
    rows = [evidence.any(variable, code) for variable, code in candidates]
    is_whole = all(row is None or row.shown for row in rows)
    return text if is_whole else evidence.words.say("as_far_as_shown", text=text)


def need_findings(evidence: Evidence) -> list[Finding]:
    """The need areas by size; those whose intervals overlap the largest are named together with it."""
    words = evidence.words
    lead, rest = ranked_needs(evidence)
    if not lead:
        return []
    if len(lead) == 1:
        share, _ = evidence.in_words(lead[0][0], "those_answering")
        text = words.say("need_first", area=lead[0][1], share=share)
    else:
        text = words.say("need_tied", areas=with_shares(evidence, lead))
    text = as_far_as_shown(evidence, text, every_need(evidence))
    found = [Finding(text, tuple(row.key for row, _ in lead))]
    if rest:
        text = words.say("follow", plural=len(rest) > 1, list=with_shares(evidence, rest))
        found.append(Finding(text, tuple(row.key for row, _ in rest)))
    return found


def every_need(evidence: Evidence) -> list[tuple[str, str]]:
    """Variable and code of every need area's share, shown or not."""
    return [(f"need_{area.id}", "1") for area in evidence.questionnaire.schema.need_areas]


def need_finding(evidence: Evidence, area: str) -> list[Finding]:
    """One need area, with what it could be among all who were written to."""
    words, row = evidence.words, evidence.find(f"need_{area}")
    if row is None:
        return []
    share, plural = evidence.in_words(row, "those_answering")
    text = words.say("need_shown", plural=plural, share=first_up(share))
    if row.low_worst == row.low_worst:  # not NaN: the frame is known
        text += " " + words.say(
            "need_bounds",
            low=mark(words.percent(row.low_worst), row.key),
            high=mark(words.percent(row.high_worst), row.key),
        )
    return [Finding(text, (row.key,))]


def item_findings(evidence: Evidence, item: Item) -> list[Finding]:
    """What an item's answers say first."""
    if item.type == "matrix":
        return _matrix_findings(evidence, item)
    asked = ask(item)[0]
    if item.type == "grid":
        return _group_findings(evidence, item) + _cell_findings(evidence, asked)
    if asked.kind == "multiple":
        return _multiple_findings(evidence, asked)
    if asked.kind == "number":
        return _mean_findings(evidence, asked)
    if item.type == "scale":
        return _scale_findings(evidence, asked)
    if asked.kind == "text":
        return _text_findings(evidence, asked)
    return _single_findings(evidence, asked)


def combination_findings(evidence: Evidence) -> list[Finding]:
    """How many show several needs, all, or none; the commonest combination."""
    words = evidence.words
    count = len(evidence.areas)
    several, none = evidence.find(NEEDS_NUMBER, "several"), evidence.find(NEEDS_NUMBER, "0")
    every = evidence.find(NEEDS_NUMBER, str(count))
    found = []
    if several and none and every and count > 2:
        share, plural = evidence.in_words(several, "those_answering")
        text = words.say("needs_several", plural=plural, share=first_up(share), count=words.spelt(count),
                         all=evidence.brief(every), none=evidence.brief(none))  # fmt: skip
        found.append(Finding(text, (several.key, every.key, none.key)))
    several_rows = [row for row in evidence.of_variable(NEEDS) if "+" in row.code]
    if several_rows:
        top = max(several_rows, key=lambda row: row.value)
        labels = words.listing([words.quote(label) for label in need_labels(evidence, top.code)])
        phrase = "needs_commonest_all" if len(top.code.split("+")) == count else "needs_commonest"
        text = words.say(phrase, labels=labels, count=words.spelt(count), share=evidence.brief(top))
        text = as_far_as_shown(evidence, text, every_combination(evidence))
        found.append(Finding(text, (top.key,)))
    return found


def every_combination(evidence: Evidence) -> list[tuple[str, str]]:
    """Variable and code of every combination of several need areas, shown or not."""
    rows = [row for row in evidence.of_item(NEEDS) if row.variable == NEEDS and "+" in row.code]
    return list(dict.fromkeys((row.variable, row.code) for row in rows))


def need_labels(evidence: Evidence, code: str) -> list[str]:
    """The labels of the need areas a code of the combinations names."""
    labels = {area.id: evidence.text(area.label) for area in evidence.questionnaire.schema.need_areas}
    return [labels[part] for part in code.split("+") if part in labels]


@dataclass(frozen=True, slots=True)
class ToldDifference:
    """A difference between two strata that holds: what is compared, the higher share and the lower one."""

    label: str
    difference: Difference
    high: Estimate
    low: Estimate
    high_name: str
    low_name: str


def told_differences(evidence: Evidence) -> list[ToldDifference]:
    """Differences between strata that hold beyond chance: by how far they surely reach, the surest largest first."""
    labels = dict(evidence.compared())
    names = {stratum.domain: stratum.name for stratum in evidence.strata}
    holding = [row if row.value > 0 else row.turned() for row in evidence.differences if row.holds]
    found = []
    for row in sorted(holding, key=lambda row: -row.low):
        high, low = (evidence.find(row.variable, row.code, domain) for domain in (row.domain, row.other))
        if high is not None and low is not None:
            label = evidence.words.quote(labels[row.variable])
            found.append(ToldDifference(label, row, high, low, names[row.domain], names[row.other]))
    return found


def office_findings(evidence: Evidence) -> list[Finding]:
    """Differences between strata that hold beyond chance; else that there are none, or that groups are small."""
    words = evidence.words
    if len(evidence.strata) < 2:
        return []
    if not evidence.differences:
        return [Finding(words.say("offices_small"))]
    found = []
    for one in told_differences(evidence):
        row = one.difference
        text = words.say(
            "office_differs", topic=one.label, high_name=one.high_name, low_name=one.low_name,
            points=mark(words.points(row.value), row.key),
            interval=mark(words.interval_of_points(row.low, row.high), row.key),
            high=evidence.brief(one.high), low=evidence.brief(one.low),
        )  # fmt: skip
        found.append(Finding(text, (one.high.key, one.low.key)))
    return found or [Finding(words.say("offices_alike"))]


def unknown_findings(evidence: Evidence) -> list[Finding]:
    """What this report does not know: non-returns, doubts waiting, missing pages, omitted items."""
    words = evidence.words
    found = []
    row = evidence.find(RETURNED, NOT_RETURNED)
    if row:
        text = words.say("outstanding", plural=row.count != 1, count=evidence.cases(row))
        found.append(Finding(text, (row.key,)))
    found += doubt_findings(evidence)
    lost = evidence.incomplete()
    if lost:
        found.append(Finding(words.say("pages_missing", plural=lost != 1, count=words.number(lost))))
    return found + contradiction_findings(evidence) + _omitted(evidence)


def contradiction_findings(evidence: Evidence) -> list[Finding]:
    """How often answers contradict the routing, at which items, and what then holds."""
    words, contradictory = evidence.words, evidence.results.contradictions
    rules = {
        SKIPPED: f"contradictions_{evidence.questionnaire.schema.analysis.routing_wins}",
        SILENT: "contradictions_silent_rule",
    }
    found = []
    for kind, rule in rules.items():
        named = set(contradictory.loc[contradictory["kind"] == kind, "item"])
        count = int((contradictory["kind"] == kind).sum())
        numbers = sorted(
            {evidence.number(one.item) for one in evidence.questionnaire.asked() if one.id in named}
        )
        if count:
            items = words.listing([words.say("item_head", number=str(number)) for number in numbers])
            phrase = "contradictions" if kind == SKIPPED else "contradictions_silent"
            text = words.say(
                phrase, plural=count != 1, count=words.number(count), items=items, rule=words.say(rule)
            )
            found.append(Finding(text))
    return found


def doubt_findings(evidence: Evidence) -> list[Finding]:
    """What waits for a person: doubtful marks, and numbers that nobody has typed."""
    words = evidence.words
    doubts, numbers = evidence.waiting(handwriting=False), evidence.waiting(handwriting=True)
    found = []
    if doubts:
        found.append(Finding(words.say("doubts", plural=doubts != 1, count=words.number(doubts))))
    if numbers:
        found.append(Finding(words.say("handwriting", plural=numbers != 1, count=words.number(numbers))))
    return found


def _omitted(evidence: Evidence) -> list[Finding]:
    words = evidence.words
    obligatory = [
        asked for asked in evidence.questionnaire.asked() if asked.kind != "text" and not asked.item.voluntary
    ]
    if not obligatory:
        return []
    worst = max(obligatory, key=lambda asked: evidence.lacking(asked.id, "blank"))
    count = evidence.lacking(worst.id, "blank")
    if not count:
        return []
    wording = words.quote(evidence.text(worst.item.text))
    number = str(evidence.number(worst.item))
    return [
        Finding(
            words.say("omitted", plural=count != 1, number=number, wording=wording, count=words.number(count))
        )
    ]


def _single_findings(evidence: Evidence, asked: Asked) -> list[Finding]:
    rows = evidence.of_variable(asked.id)
    shares = [row for row in rows if row.statistic == "share" and "+" not in row.code]
    if not shares:
        return []
    top = max(shares, key=lambda row: row.value)
    label = evidence.words.quote(_option_label(evidence, asked, top.code))
    share, plural = evidence.in_words(top, whom(evidence, asked.id))
    return [
        Finding(
            evidence.words.say("single_top", plural=plural, share=first_up(share), label=label), (top.key,)
        )
    ]


def _multiple_findings(evidence: Evidence, asked: Asked) -> list[Finding]:
    words = evidence.words
    named = [
        (evidence.find(f"{asked.id}_{o.code}"), words.quote(evidence.text(o.label)))
        for o in asked.substantive
    ]
    ranked = largest_first(named)
    if not ranked or ranked[0][0].count == 0:
        return []
    (top, label), *rest = ranked
    share, plural = evidence.in_words(top, whom(evidence, asked.id))
    text = words.say("multiple_top", plural=plural, share=first_up(share), label=label)
    told = [pair for pair in rest[: SEVERAL - 1] if pair[0].count]
    if told:
        text += " " + words.say("follow", plural=len(told) > 1, list=with_shares(evidence, told))
    candidates = [(f"{asked.id}_{one.code}", "1") for one in asked.substantive]
    text = as_far_as_shown(evidence, text, candidates)
    found = [Finding(text, (top.key, *(row.key for row, _ in told)))]
    none = next((option for option in asked.options if option.none and not option.missing), None)
    row = evidence.find(f"{asked.id}_{none.code}") if none else None
    if none and row:
        text = words.say(
            "none_chosen", label=words.quote(evidence.text(none.label)), share=evidence.brief(row)
        )
        found.append(Finding(text, (row.key,)))
    return found


def _group_findings(evidence: Evidence, item: Item) -> list[Finding]:
    words = evidence.words
    named = [
        (evidence.find(f"{item.id}_{group.id}"), words.quote(evidence.text(group.label)))
        for group in item.groups
    ]
    ranked = largest_first(named)
    if not ranked:
        return []
    (top, label), *rest = ranked
    share, plural = evidence.in_words(top, whom(evidence, item.id))
    text = words.say("group_top", plural=plural, share=first_up(share), label=label)
    if rest:
        text += " " + words.say("follow", plural=len(rest) > 1, list=with_shares(evidence, rest))
    text = as_far_as_shown(evidence, text, [(f"{item.id}_{group.id}", "1") for group in item.groups])
    return [Finding(text, tuple(row.key for row, _ in ranked))]


def _cell_findings(evidence: Evidence, asked: Asked) -> list[Finding]:
    words = evidence.words
    cells = [
        (evidence.find(f"{asked.id}_{option.code}"), words.quote(evidence.text(option.label)))
        for option in asked.substantive
    ]
    ranked = largest_first(cells)
    if not ranked or ranked[0][0].count == 0:
        return []
    text = words.say("cells_top", list=with_shares(evidence, ranked[:SEVERAL]))
    text = as_far_as_shown(evidence, text, [(f"{asked.id}_{one.code}", "1") for one in asked.substantive])
    return [Finding(text, tuple(row.key for row, _ in ranked[:SEVERAL]))]


def _matrix_findings(evidence: Evidence, item: Item) -> list[Finding]:
    """The rows where most and fewest choose the first two options; of three options, the last."""
    words = evidence.words
    asked = ask(item)
    substantive = asked[0].substantive
    chosen = substantive[:2] if len(substantive) >= 4 else substantive[-1:]
    code = "+".join(option.code for option in chosen)
    rows = [(evidence.find(one.id, code), evidence.text(one.row.label)) for one in asked if one.row]
    ranked = largest_first(rows)
    if len(ranked) < 2:
        return []
    (top, top_label), (least, least_label) = ranked[0], ranked[-1]
    options = words.alternative([words.quote(evidence.text(option.label)) for option in chosen])
    text = words.say("matrix_ends", options=options, top=words.quote(top_label), top_share=evidence.brief(top),
                     least=words.quote(least_label), least_share=evidence.brief(least))  # fmt: skip
    text = as_far_as_shown(evidence, text, [(one.id, code) for one in asked])
    return [Finding(text, (top.key, least.key))]


def _scale_findings(evidence: Evidence, asked: Asked) -> list[Finding]:
    words, mean = evidence.words, evidence.find(asked.id, "mean")
    options = asked.substantive
    first = evidence.find(asked.id, "+".join(option.code for option in options[:2]))
    last = evidence.find(asked.id, "+".join(option.code for option in options[-2:]))
    if not (mean and first and last):
        return []
    text = words.say(
        "scale", mean=mark(words.decimal(mean.value), mean.key),
        interval=mark(words.interval_of_means(mean.low, mean.high), mean.key),
        first=words.alternative([option.code for option in options[:2]]), first_share=evidence.brief(first),
        last=words.alternative([option.code for option in options[-2:]]), last_share=evidence.brief(last),
    )  # fmt: skip
    return [Finding(text, (mean.key, first.key, last.key))]


def _mean_findings(evidence: Evidence, asked: Asked) -> list[Finding]:
    words, mean = evidence.words, evidence.find(asked.id, "mean")
    if mean is None:
        return []
    wording = words.quote(evidence.text(asked.item.text))
    text = words.say(
        "mean",
        wording=wording,
        mean=mark(words.decimal(mean.value), mean.key),
        unit=evidence.text(asked.item.unit),
        interval=mark(words.interval_of_means(mean.low, mean.high), mean.key),
        base=evidence.cases(mean, mean.base),
    )
    return [Finding(text, (mean.key,))]


def _text_findings(evidence: Evidence, asked: Asked) -> list[Finding]:
    row = evidence.find(asked.id, "written")
    if row is None:
        return []
    words = evidence.words
    text = words.say("written", plural=row.count != 1, wording=words.quote(evidence.text(asked.item.text)),
                     count=evidence.cases(row))  # fmt: skip
    return [Finding(text, (row.key,))]


def whom(evidence: Evidence, item: str) -> str:
    """The phrase for an item's base: all who answered, or those who were to answer it."""
    return "those_asked" if evidence.lacking(item, "not asked") else "those_answering"


def with_shares(evidence: Evidence, pairs: Ranked) -> str:
    """A listing of labels with their shares and intervals."""
    words = evidence.words
    return words.listing(
        [words.say("with_share", label=label, share=evidence.brief(row)) for row, label in pairs]
    )


def _option_label(evidence: Evidence, asked: Asked, code: str) -> str:
    return next((evidence.text(option.label) for option in asked.options if option.code == code), code)
