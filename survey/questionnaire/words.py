"""What the printed questionnaire says in every language besides the schema's own texts."""

from __future__ import annotations

from survey.questionnaire.model import Text, say

WORDS: dict[str, Text] = {
    "several": {"de": "Mehrere Kreuze sind möglich.", "en": "You may mark several."},
    "each_row": {"de": "Bitte in jeder Zeile ein Kreuz.", "en": "One cross in each row, please."},
    "digits": {"de": "Bitte eine Ziffer in jedes Kästchen.", "en": "One digit in each box, please."},
    "voluntary": {"de": "(freiwillig)", "en": "(voluntary)"},
    "go_on": {"de": "weiter mit Frage {}", "en": "go on with item {}"},
    "extent": {"de": "{items} Fragen auf {pages} Seiten", "en": "{items} items on {pages} pages"},
    "extent_one": {"de": "{items} Fragen auf einer Seite", "en": "{items} items on one page"},
    "page": {"de": "Seite {} von {}", "en": "Page {} of {}"},
    "turn": {"de": "Bitte wenden", "en": "Please turn over"},
    "told": {"de": "Gut zu wissen", "en": "Good to know"},
    "purpose": {"de": "Wozu?", "en": "What for?"},
    "voluntary_head": {"de": "Freiwillig.", "en": "Voluntary."},
    "code": {"de": "Strichcode.", "en": "Bar code."},
    "deletion": {"de": "Löschung.", "en": "Deletion."},
    "contact": {"de": "Kontakt.", "en": "Contact."},
    "how": {"de": "So füllen Sie den Bogen aus", "en": "How to fill it in"},
    "pen": {
        "de": "Bitte schreiben Sie mit einem Kugelschreiber.",
        "en": "Please write with a ballpoint pen.",
    },
    "right": {
        "de": "Richtig: ein Kreuz im Kästchen. Wo mehrere Kreuze möglich sind, steht es dabei.",
        "en": "Right: a cross in the box. Where you may mark several, the item says so.",
    },
    "revoked": {
        "de": "Vertan? Füllen Sie das falsche Kästchen ganz aus und kreuzen Sie das richtige an.",
        "en": "A mistake? Black out the wrong box and put a cross in the right one.",
    },
    "routing": {
        "de": "Steht ein Pfeil hinter Ihrem Kreuz, gehen Sie gleich zu der Frage, die er nennt.",
        "en": "Where an arrow follows your cross, go straight to the item it names.",
    },
    "return_by": {"de": "Bitte zurück bis {} an:", "en": "Please return by {} to:"},
    "return_to": {"de": "Bitte zurück an:", "en": "Please return to:"},
    "cover": {"de": "Deckblatt für einen Stapel", "en": "Cover sheet for a batch"},
    "received": {"de": "Eingegangen am", "en": "Received on"},
    "office": {"de": "Standort", "en": "Office"},
    "months": {
        "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "en": "January February March April May June July August September October November December",
    },
    "day": {"de": "{day}. {month} {year}", "en": "{day} {month} {year}"},
    "any_stratum": {"de": "alle", "en": "all"},
    "cover_how": {
        "de": "Legen Sie dieses Blatt mit der Schrift nach oben auf den Stapel und scannen Sie es "
        "mit. Alle Bögen dahinter gelten als an diesem Tag und für diesen Standort eingegangen, bis ein "
        "neues Deckblatt kommt.",
        "en": "Put this sheet face up on the pile and scan it first. All pages behind it count as received "
        "on this day and for this stratum, until the next cover sheet comes.",
    },
    "cover_scan": {
        "de": "Scannen: 300 dpi, Graustufen, beide Seiten. „Leere Seiten entfernen“ und "
        "Textverbesserung bitte ausschalten.",
        "en": "Scanning: 300 dpi, grey, both sides, no “remove blank pages”, no text enhancement.",
    },
    "cover_paper": {
        "de": "Vorher Heftklammern lösen und Knicke glatt streichen. Die Reihenfolge der "
        "Seiten ist gleichgültig.",
        "en": "Remove staples and smooth folds first. The order of the pages does not matter.",
    },
}


def word(key: str, language: str) -> str:
    """Return a printed phrase in a language; in English where that language has none."""
    texts = WORDS[key]
    return texts.get(language) or say(texts, "en")
