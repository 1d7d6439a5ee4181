"""What stands in and around charts, in German and English: marks, legends, alt texts."""

from __future__ import annotations

CAPTIONS: dict[str, dict[str, str]] = {
    "half_returned": {"de": "die Hälfte am {day}", "en": "half by {day}"},
    "note_panels": {
        "de": "Anteil mit Bedarf; der senkrechte Strich steht bei allen zusammen. {lines} • nicht gezeigt, weil die "
        "Gruppe zu klein ist; Gruppen ohne eine einzige Zahl fehlen.",
        "en": "Share with a need; the upright line stands at all together. {lines} • not shown because the "
        "group is too "
        "small; groups without a single number are left out."},
    "count_head": {"de": "Anzahl", "en": "Count"},
    "alt_flow": {"de": "Flussbild. {title}: {parts}. {note}", "en": "Flow. {title}: {parts}. {note}"},
    "alt_slopes": {"de": "Linien von damals zu heute. {title}: {parts}. {note}",
                   "en": "Lines from then to now. {title}: {parts}. {note}"},
    "alt_panels": {"de": "Kleine Balkendiagramme, eines je Gruppe. {title}: {parts}. {note}",
                   "en": "Small bar charts, one a group. {title}: {parts}. {note}"},
    "alt_facsimile": {"de": "Der Fragebogen mit Ergebnissen. {title}: {parts}. {note}",
                      "en": "The questionnaire with its results. {title}: {parts}. {note}"},
}  # fmt: skip
