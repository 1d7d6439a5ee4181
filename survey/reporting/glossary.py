"""The terms a report uses -> what they mean, in plain words."""

from __future__ import annotations

import unicodedata

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
    points.sort(key=lambda point: _plain_letters(point[0]))
    return Chapter("glossary", words.say("chapter_glossary"), evidence.accent, [Points(points)])


def _plain_letters(text: str) -> str:
    """Letters without their dots, as a dictionary sorts: Ä with A; signs come last."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if letter.isalnum())
    return ("~" if not text[:1].isalnum() else "") + plain.casefold()
