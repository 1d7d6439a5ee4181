"""Evidence -> what the numbers rest on: weights, response rates, early and late returns, misread marks, indices."""

from __future__ import annotations

import math

from survey.analysis.coding import variable_label, variables
from survey.analysis.compare import MINUS
from survey.analysis.intervals import LEAST_P
from survey.analysis.population import EARLY, LATE
from survey.analysis.rates import DEFINITIONS, ELIGIBLE, FRAME, WEIGHTING
from survey.analysis.targets import RETURNED
from survey.questionnaire.plan import Weights
from survey.reporting.blocks import DataTable
from survey.reporting.evidence import Evidence
from survey.reporting.marked import mark
from survey.reporting.narrative import Finding


def ground_points(evidence: Evidence) -> list[tuple[str, list[Finding]]]:
    """Title and findings of each ground that the schema or the returns give cause to tell."""
    words = evidence.words
    points = [
        ("ground_weights", weight_findings(evidence)),
        ("ground_frame", frame_findings(evidence)),
        ("ground_late", late_findings(evidence)),
        ("ground_error", error_findings(evidence)),
        ("ground_index", index_findings(evidence)),
    ]
    return [(words.say(title), found) for title, found in points if found]


def weight_findings(evidence: Evidence) -> list[Finding]:
    """What the weights were made of, how the raking ended, how far they reach, and what they cost."""
    words, plan = evidence.words, evidence.questionnaire.schema.population.weights
    names = ("effective", "design_effect", "least", "largest")
    effective, effect, least, largest = (evidence.any(WEIGHTING, code) for code in names)
    if plan is None or effective is None or effect is None or least is None or largest is None:
        return []
    reach = words.say(
        "weights_reach",
        cases=evidence.cases(effective, effective.base),
        effective=mark(words.number(effective.value), effective.key),
        effect=mark(words.decimal(effect.value, 2), effect.key),
        least=mark(words.decimal(least.value), least.key),
        largest=mark(words.decimal(largest.value), largest.key),
    )
    first = Finding(words.say("weights_strata" if plan.nonresponse else "weights_alike"))
    keys = (effective.key, effect.key, least.key, largest.key)
    return [
        first,
        *_raking_findings(evidence, plan),
        Finding(reach, keys),
        *_trimmed_findings(evidence, plan),
    ]


def _raking_findings(evidence: Evidence, plan: Weights) -> list[Finding]:
    rounds, gap, words = evidence.any(WEIGHTING, "rounds"), evidence.any(WEIGHTING, "gap"), evidence.words
    if rounds is None or gap is None:
        return []
    margins = words.listing([_margin_label(evidence, margin.variable) for margin in plan.margins])
    text = words.say("weights_raked", margins=margins, rounds=mark(words.number(rounds.value), rounds.key),
                     gap=mark(words.small_percent(gap.value), gap.key))  # fmt: skip
    return [Finding(text, (rounds.key, gap.key))]


def _trimmed_findings(evidence: Evidence, plan: Weights) -> list[Finding]:
    trimmed, words = evidence.any(WEIGHTING, "trimmed"), evidence.words
    if trimmed is None:
        return []
    low, high = (words.factor(end) for end in plan.bounds)
    phrase = "weights_trimmed" if trimmed.value else "weights_untrimmed"
    parts = {"count": mark(words.number(trimmed.value), trimmed.key)} if trimmed.value else {}
    return [
        Finding(words.say(phrase, plural=trimmed.value != 1, low=low, high=high, **parts), (trimmed.key,))
    ]


def _margin_label(evidence: Evidence, variable: str) -> str:
    """What a margin is about, in words."""
    if variable == evidence.questionnaire.schema.population.stratum:
        return evidence.words.say("strata")
    own = next((one for one in variables(evidence.questionnaire) if one.name == variable), None)
    return evidence.words.quote(variable_label(own, evidence.words.language)) if own else variable


def frame_findings(evidence: Evidence) -> list[Finding]:
    """The frame's counts with their days, and the return over each."""
    words, found = evidence.words, []
    for count in evidence.questionnaire.schema.population.counts:
        people, share = evidence.any(FRAME, count.day), evidence.any(RETURNED, count.day)
        if people is not None and share is not None:
            text = words.say("return_at", day=words.day(count.day), people=mark(words.number(people.value), people.key),
                             share=evidence.percent(share))  # fmt: skip
            found.append(Finding(text, (people.key, share.key)))
    return found


def late_findings(evidence: Evidence) -> list[Finding]:
    """Whether late returns show other needs than early ones: a hint at who did not return."""
    words, pair = evidence.words, f"{EARLY}{MINUS}{LATE}"
    known = [(area, evidence.find(f"need_{area.id}", "1", pair)) for area in evidence.areas]
    rows = [(area, row) for area, row in known if row is not None]
    found = []
    for area, row in rows:
        early, late = (evidence.find(row.variable, "1", domain) for domain in (EARLY, LATE))
        if row.p_adjusted < LEAST_P and early and late:
            text = words.say("late_differ", area=words.quote(evidence.text(area.label)),
                             early=evidence.percent(early), late=evidence.percent(late))  # fmt: skip
            found.append(Finding(text, (row.key, early.key, late.key)))
    if rows and not found:
        found.append(Finding(words.say("late_alike"), tuple(row.key for _, row in rows)))
    return found


def error_findings(evidence: Evidence) -> list[Finding]:
    """The audited misreading rate, or that none was measured; the first need area's interval with it added."""
    return _audit_findings(evidence) + _total_findings(evidence)


def _audit_findings(evidence: Evidence) -> list[Finding]:
    words, audited = evidence.words, evidence.results.audited
    if audited is None:
        return [Finding(words.say("audit_none"))] if math.isnan(evidence.results.misread) else []
    text = words.say(
        "audit_finding", plural=audited.wrong != 1, judged=words.number(audited.judged),
        wrong=words.number(audited.wrong), rate=words.small_percent(audited.value),
        marks=words.number(audited.marks), low=words.small_percent(audited.low), high=words.small_percent(audited.high),
    )  # fmt: skip
    return [Finding(text)]


def _total_findings(evidence: Evidence) -> list[Finding]:
    words, misread = evidence.words, evidence.results.misread
    row = next((found for area in evidence.areas if (found := evidence.find(f"need_{area.id}"))), None)
    if math.isnan(misread) or row is None or math.isnan(row.low_total):
        return []
    area = next(one for one in evidence.areas if f"need_{one.id}" == row.variable)
    text = words.say(
        "total_error",
        rate=words.small_percent(misread),
        area=words.quote(evidence.text(area.label)),
        low=mark(words.percent(row.low_total), row.key),
        high=mark(words.percent(row.high_total), row.key),
    )
    return [Finding(text, (row.key,))]


def index_findings(evidence: Evidence) -> list[Finding]:
    """The index of each need area with its printed formula."""
    words, found = evidence.words, []
    for derived in evidence.questionnaire.schema.analysis.derived:
        row = evidence.find(derived.id, "mean")
        if derived.need_area and derived.formula and row:
            interval = mark(words.interval_of_means(row.low, row.high), row.key)
            text = words.say("index_finding", label=evidence.text(derived.label), formula=derived.formula,
                             mean=mark(words.decimal(row.value), row.key), interval=interval)  # fmt: skip
            found.append(Finding(text, (row.key,)))
    return found


def rates_table(evidence: Evidence) -> DataTable | None:
    """RR1 to RR4 with their definitions; why RR5 and RR6 are not told."""
    words, eligible = evidence.words, evidence.any(ELIGIBLE)
    rows = []
    for name in ("rr1", "rr2", "rr3", "rr4"):
        row = evidence.find(name)
        if row:
            label = f"{name.upper()} = {DEFINITIONS[name]}"
            rows.append([label, evidence.cases(row), evidence.percent(row)])
    if not rows or eligible is None:
        return None
    header = [words.say("definition_head"), words.say("returned"), words.say("response_rate")]
    note = words.say("rates_note", e=evidence.percent(eligible))
    return DataTable(words.say("rates_table"), note, header, rows, [104, 28, 28])
