"""Questionnaire -> digests of its parts, each of which changes only if what is made from that part may change.

*Place* (where the boxes of a page lie) is the ground in `due.py`, which needs the measuring steps beside it.
"""

from __future__ import annotations

from survey.files import digest
from survey.questionnaire.model import Questionnaire

WORDS = frozenset({"label", "text", "note", "title", "intro", "unit", "name"})
"""Keys of a schema under which words stand, by language."""
ONLY_WORDS = {"information", "report", "review", "reading", "title"}
"""Parts of a schema on which no number depends; `reading` decides marks before they are counted."""


def marking_digest(questionnaire: Questionnaire) -> str:
    """Digest of what decides a mark: thresholds, the revocation rule, which boxes are one thing asked, and its kind.

    Names and codes are not among it.
    """
    kinds = {asked.id: asked.kind for asked in questionnaire.asked()}
    boxes = questionnaire.boxes
    first = boxes.drop_duplicates("item").set_index("item")["box"].to_dict()
    groups = [(box, kinds[item], first[item]) for box, item in zip(boxes["box"], boxes["item"], strict=True)]
    return digest(questionnaire.schema.reading.model_dump_json(exclude={"codes"}), repr(groups))


def naming_digest(questionnaire: Questionnaire) -> str:
    """Digest of what a mark stands for: the item and option of each box, and their order."""
    asked = [(one.id, one.kind, [option.code for option in one.options]) for one in questionnaire.asked()]
    return digest(repr(asked), questionnaire.boxes[["box", "item", "option"]].to_csv(index=False))


def counting_digest(questionnaire: Questionnaire) -> str:
    """Digest of everything in the schema that a number may depend on: all but words, and how marks are read."""
    schema = questionnaire.schema.model_dump(mode="json", exclude=ONLY_WORDS)
    return digest(repr(_without_words(schema)), repr(sorted(questionnaire.issued.items())))


def numbers_digest(questionnaire: Questionnaire) -> str:
    """Digest of all that any number depends on: everything but words."""
    places = questionnaire.boxes.to_csv(index=False)
    parts = (marking_digest(questionnaire), naming_digest(questionnaire), counting_digest(questionnaire))
    return digest(*parts, places)


def _without_words(part: object) -> object:
    if isinstance(part, dict):
        kept = {key: value for key, value in part.items() if not (key in WORDS and _is_text(value))}
        return {key: _codes_of(key, value) for key, value in kept.items()}
    return [_without_words(one) for one in part] if isinstance(part, list) else part


def _codes_of(key: str, value: object) -> object:
    """Of the labels of a derived variable only the codes count."""
    return list(value) if key == "labels" and isinstance(value, dict) else _without_words(value)


def _is_text(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
