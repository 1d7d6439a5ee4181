"""The office's own recommendations -> those whose finding holds, each with that finding; none is ever made up."""

from __future__ import annotations

from survey.analysis.coding import variables
from survey.questionnaire.plan import Recommendation as Written
from survey.reporting.blocks import Block, Chapter, Paragraph, Recommendation, Recommendations
from survey.reporting.evidence import Estimate, Evidence
from survey.reporting.numbers import say_number


def propose(evidence: Evidence) -> Chapter:
    """Return the chapter, in the schema's order; empty where the office proposes nothing, or no finding holds."""
    words, schema = evidence.words, evidence.questionnaire.schema
    entries = [entry for one in schema.report.recommendations if (entry := _standing(evidence, one))]
    blocks: list[Block] = []
    if entries:
        intro = words.say("proposals_intro", office=evidence.office)
        blocks = [Paragraph(intro), Recommendations(entries)]
    return Chapter("proposals", words.say("chapter_proposals"), evidence.accent, blocks)


def holds(row: Estimate | None, written: Written) -> bool:
    """Whether the whole interval of a finding lies within the bounds a recommendation asks for; never if hidden."""
    if row is None:
        return False
    is_enough = written.at_least is None or row.low >= written.at_least
    is_little = written.at_most is None or row.high <= written.at_most
    return is_enough and is_little


def _standing(evidence: Evidence, written: Written) -> Recommendation | None:
    row = evidence.named(written.rests_on)
    if row is None or not holds(row, written):
        return None
    return Recommendation(
        evidence.text(written.title), evidence.text(written.text), _because(evidence, row, written)
    )


def _because(evidence: Evidence, row: Estimate, written: Written) -> str:
    words = evidence.words
    named = {one.name: one for one in variables(evidence.questionnaire)}
    label = group_label(evidence, row) or say_number(
        row.variable, row.code, evidence.questionnaire, words.language, named
    )
    ends = {"least": written.at_least, "most": written.at_most}
    bounds = [
        words.say(f"bound_{name}", bound=words.percent(end)) for name, end in ends.items() if end is not None
    ]
    return words.say(
        "because", label=words.quote(label), share=evidence.brief(row), bounds=words.listing(bounds)
    )


def group_label(evidence: Evidence, row: Estimate) -> str:
    """Wording and label of the cell group that a number is about; empty for another one."""
    for item in evidence.questionnaire.items:
        for group in item.groups:
            if row.variable == f"{item.id}_{group.id}":
                return f"{evidence.text(item.text)} – {evidence.text(group.label)}"
    return ""
