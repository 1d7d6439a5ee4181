"""Two waves, or a published report and this one -> what changed, in sentences, slopes and a table."""

from __future__ import annotations

from survey.analysis.change import CHANGE
from survey.analysis.intervals import LEAST_P
from survey.analysis.population import ALL
from survey.reporting.blocks import Block, Chapter, Paragraph
from survey.reporting.charts import Chart, Slope, accent_of, slope_chart
from survey.reporting.evidence import Estimate, Evidence, rows_by_key
from survey.reporting.marked import mark
from survey.reporting.narrative import Finding
from survey.reporting.pictures import bar, figure, framed
from survey.reporting.since import tell_since

Pair = tuple[Estimate, Estimate, Estimate, str, str]
"""A share before, now, their difference, the label of its need area, and its colour."""


def tell_changes(evidence: Evidence) -> Chapter:
    """Return the chapter; empty without an earlier wave and without a published report."""
    accent = evidence.accent
    blocks: list[Block] = [Paragraph(finding.text) for finding in change_findings(evidence)]
    blocks += figure(changes_chart(evidence))
    return Chapter("changes", evidence.words.say("chapter_changes"), accent, blocks + tell_since(evidence))


def change_findings(evidence: Evidence) -> list[Finding]:
    """Needs that changed beyond chance since the wave before, the surest largest first; else that none did."""
    words, pairs = evidence.words, _pairs(evidence)
    wave = _wave(evidence)
    found = []
    for before, now, change, label, _ in sorted(pairs, key=lambda pair: -_surely(pair[2])):
        if change.p_adjusted < LEAST_P:
            phrase = "change_up" if change.value > 0 else "change_down"
            text = words.say(
                phrase, topic=words.quote(label), points=mark(words.points(change.value), change.key), wave=wave,
                before=words.with_interval(before.value, before.low, before.high), now=evidence.brief(now),
                interval=mark(words.interval_of_points(change.low, change.high), change.key),
            )  # fmt: skip
            found.append(Finding(text, (now.key,)))
    if pairs and not found:
        found.append(Finding(words.say("changes_none", wave=wave)))
    return found


def changes_chart(evidence: Evidence) -> Chart | None:
    """Each need area then and now."""
    pairs, words = _pairs(evidence), evidence.words
    if not pairs:
        return None
    ends = (_wave(evidence), evidence.questionnaire.schema.wave or words.say("label_now"))
    slopes = [
        Slope(label, bar(before, label), bar(now, label), change.p_adjusted < LEAST_P, colour)
        for before, now, change, label, colour in pairs
    ]
    note = words.say(
        "changes_note", before=ends[0], now=ends[1], before_base=words.number(pairs[0][0].base),
        base=words.number(pairs[0][1].base), lines=evidence.conditional("lines"),
    )  # fmt: skip
    return slope_chart(framed(evidence, "changes", words.say("changes_title"), note), slopes, ends, words)


def _pairs(evidence: Evidence) -> list[Pair]:
    earlier = evidence.results.before
    if earlier is None:
        return []
    then, changes, found = rows_by_key(earlier.estimates), rows_by_key(evidence.results.changes), []
    for place, area in enumerate(evidence.questionnaire.schema.need_areas):
        now = evidence.find(f"need_{area.id}")
        before = then.get(now.key) if now else None
        change = changes.get(f"need_{area.id}=1 {CHANGE}@{ALL}")
        if now and before and before.shown and change:
            found.append((before, now, change, evidence.text(area.label), accent_of(place)))
    return found


def _wave(evidence: Evidence) -> str:
    before = evidence.results.before
    return (before.questionnaire.schema.wave or before.questionnaire.id) if before else ""


def _surely(change: Estimate) -> float:
    """How far a change reaches at least, by the end of its interval nearer to nothing."""
    return max(change.low, -change.high)
