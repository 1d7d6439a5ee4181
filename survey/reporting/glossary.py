"""The terms a report uses -> what they mean, in plain words."""

from __future__ import annotations

from survey.reporting.blocks import Chapter, Points
from survey.reporting.evidence import Evidence

TERMS_USED = [
    "interval", "bounds", "need", "response", "n", "points", "beyond_chance", "routing", "doubtful", "weighted",
    "hidden",
]  # fmt: skip


def explain_terms(evidence: Evidence) -> Chapter:
    """Return the glossary in the language's order; what a report does not speak of is left out."""
    words, schema = evidence.words, evidence.questionnaire.schema
    spoken = {
        "need": bool(schema.need_areas), "weighted": evidence.is_weighted, "doubtful": evidence.is_interim,
        "response": bool(evidence.questionnaire.frame), "bounds": bool(evidence.questionnaire.frame),
        "routing": any(option.go_to for item in evidence.questionnaire.items for option in item.options),
    }  # fmt: skip
    points = [
        (words.say(f"term_{name}"), words.say(f"meaning_{name}"))
        for name in TERMS_USED
        if spoken.get(name, True)
    ]
    points += [
        (evidence.text(group.label), words.say("meaning_group", item=str(evidence.number(item))))
        for item in evidence.questionnaire.items
        for group in item.groups
    ]
    points.sort(key=lambda point: point[0].casefold())
    return Chapter("glossary", words.say("chapter_glossary"), evidence.accent, [Points(points)])
