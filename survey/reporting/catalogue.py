"""Every phrase of the report in German and English; {parts} are filled in, [one|many] follows the number."""

from __future__ import annotations

from survey.reporting.advice import ADVICE
from survey.reporting.captions import CAPTIONS
from survey.reporting.corrected import CORRECTED
from survey.reporting.file_words import FILE_WORDS
from survey.reporting.prose import PROSE
from survey.reporting.story import STORY
from survey.reporting.terms import TERMS

LANGUAGES = ("de", "en")
"""Languages in which there is every phrase."""
OWN_PHRASES: dict[str, dict[str, str]] = {
    # shares in words
    "fraction_tenth": {"de": "ein Zehntel", "en": "a tenth"},
    "fraction_fifth": {"de": "ein Fünftel", "en": "a fifth"},
    "fraction_quarter": {"de": "ein Viertel", "en": "a quarter"},
    "fraction_third": {"de": "ein Drittel", "en": "a third"},
    "fraction_two_fifths": {"de": "zwei Fünftel", "en": "two fifths"},
    "fraction_half": {"de": "die Hälfte", "en": "half"},
    "fraction_three_fifths": {"de": "drei Fünftel", "en": "three fifths"},
    "fraction_two_thirds": {"de": "zwei Drittel", "en": "two thirds"},
    "fraction_three_quarters": {"de": "drei Viertel", "en": "three quarters"},
    "fraction_four_fifths": {"de": "vier Fünftel", "en": "four fifths"},
    "fraction_nine_tenths": {"de": "neun Zehntel", "en": "nine tenths"},
    "hedge_about": {"de": "etwa", "en": "about"},
    "hedge_almost": {"de": "fast", "en": "almost"},
    "hedge_over": {"de": "gut", "en": "just over"},
    "share_fraction": {"de": "{hedge} {fraction} der {whom}", "en": "{hedge} {fraction} of {whom}"},
    "share_plain": {"de": "{share} der {whom}", "en": "{share} of {whom}"},
    "share_all": {"de": "alle {whom}", "en": "all {whom}"},
    "share_almost_all": {"de": "fast alle {whom}", "en": "almost all {whom}"},
    "share_very_few": {"de": "sehr wenige der {whom}", "en": "very few of {whom}"},
    "share_nobody": {"de": "niemand unter den {whom}", "en": "nobody of {whom}"},
    "those_answering": {"de": "Antwortenden", "en": "those who answered"},
    "those_asked": {"de": "dazu Befragten", "en": "those who were asked"},
    "with_share": {"de": "{label} mit {share}", "en": "{label} with {share}"},
    "points": {"de": "{count} [Prozentpunkt|Prozentpunkte]", "en": "{count} percentage [point|points]"},
    "points_interval": {"de": "{low} bis {high}", "en": "{low} to {high}"},
    "counts": {
        "de": "null einem zwei drei vier fünf sechs sieben acht neun zehn",
        "en": "none one two three four five six seven eight nine ten",
    },
    # findings
    "response": {
        "de": "Angeschrieben wurden {frame} Personen. {returned} haben geantwortet, das sind\u00a0{share}.",
        "en": "{frame} people were written to. {returned} answered, which is\u00a0{share}.",
    },
    "response_range": {
        "de": "Der Rücklauf reicht von {low} in {low_name} bis {high} in {high_name}.",
        "en": "The response ranges from {low} in {low_name} to {high} in {high_name}.",
    },
    "numbers_title": {"de": "Zahlen und ihr Papier: {name}", "en": "Numbers and their paper: {name}"},
    "numbers_note": {
        "de": "Nur für das eigene Haus, nicht zum Weitergeben. Jede Zahl öffnet die Ausschnitte, aus denen sie "
        "besteht, solange auf diesem Rechner survey review läuft. Ein Strich steht, wo eine Zahl nicht "
        "gezeigt werden darf.",
        "en": "For the office itself, not to be passed on. Each number opens the strips it is made of, as long as "
        "survey review runs on this computer. A dash stands where a number may not be shown.",
    },
    "numbers_all": {"de": "alle", "en": "all"},
    "returned_only": {"de": "{returned} Personen haben geantwortet.", "en": "{returned} people answered."},
    "need_first": {
        "de": "Am häufigsten zeigt sich Bedarf im Bereich {area}: {share}.",
        "en": "The need shown most often is {area}: {share}.",
    },
    "need_tied": {
        "de": "Am häufigsten zeigt sich Bedarf bei {areas}; eine sichere Rangfolge unter diesen gibt "
        "es nicht.",
        "en": "The needs shown most often are {areas}; no safe order among them can be told.",
    },
    "follow": {"de": "Es [folgt|folgen] {list}.", "en": "Next [comes|come] {list}."},
    "need_shown": {
        "de": "{share} [zeigt|zeigen] hier einen Bedarf.",
        "en": "{share} [shows|show] a need here.",
    },
    "need_bounds": {
        "de": "Unter allen Angeschriebenen liegt der Anteil zwischen {low} und {high}, "
        "je nachdem, wie die übrigen geantwortet hätten.",
        "en": "Among all who were written to, the share lies between {low} and {high}, "
        "depending on what the others would have answered.",
    },
    "needs_several": {
        "de": "{share} [zeigt|zeigen] Bedarf in mindestens zwei Bereichen zugleich. "
        "In allen {count} Bereichen sind es {all}, in keinem {none}.",
        "en": "{share} [shows|show] needs in at least two areas at once. In all {count} it is {all}, "
        "in none {none}.",
    },
    "needs_commonest": {
        "de": "Die häufigste Verbindung ist {labels} mit {share}.",
        "en": "The commonest combination is {labels} with {share}.",
    },
    "needs_commonest_all": {
        "de": "Keine andere Verbindung ist so häufig wie alle {count} Bereiche zusammen.",
        "en": "No other combination is as common as all {count} areas together.",
    },
    "single_top": {
        "de": "{share} [antwortet|antworten] {label}.",
        "en": "{share} [answers|answer] {label}.",
    },
    "multiple_top": {"de": "{share} [nennt|nennen] {label}.", "en": "{share} [names|name] {label}."},
    "none_chosen": {
        "de": "{share} haben {label} angekreuzt.",
        "en": "{share} marked {label}.",
    },
    "group_top": {"de": "{share} [nennt|nennen] {label}.", "en": "{share} [names|name] {label}."},
    "cells_top": {
        "de": "Am häufigsten angekreuzt sind {list}.",
        "en": "Marked most often are {list}.",
    },
    "matrix_ends": {
        "de": "Am häufigsten heißt es {options} bei {top} mit {top_share}, am seltensten bei {least} mit "
        "{least_share}.",
        "en": "Most often {options} is said of {top} with {top_share}, least often of {least} with {least_share}.",
    },
    "scale": {
        "de": "Im Mittel ergibt sich {mean} ({interval}). "
        "{first} vergeben {first_share}, {last} vergeben {last_share}.",
        "en": "The mean is {mean} ({interval}). {first_share} give {first}, {last_share} give {last}.",
    },
    "mean": {
        "de": "{wording} Im Mittel sind es {mean} {unit} ({interval}; n = {base}).",
        "en": "{wording} The mean is {mean} {unit} ({interval}; n = {base}).",
    },
    "written": {
        "de": "Auf die Frage {wording} [hat eine Person|haben {count} Personen] frei geantwortet.",
        "en": "{wording} was answered in writing by {count} [person|people].",
    },
    "office_differs": {
        "de": "{topic}: In {high_name} liegt der Anteil um {points} höher als in {low_name}: {high} gegen "
        "{low}, Unterschied {interval}.",
        "en": "{topic}: the share is {points} higher in {high_name} than in {low_name}: {high} against {low}, "
        "difference {interval}.",
    },
    "offices_alike": {
        "de": "In den Bedarfen zeigt sich zwischen den Standorten kein Unterschied, der über den "
        "Zufall hinausgeht.",
        "en": "The offices do not differ in needs beyond chance.",
    },
    "offices_small": {
        "de": "Die Standorte lassen sich noch nicht vergleichen: Die Gruppen sind zu klein, um "
        "Zahlen zu zeigen.",
        "en": "The offices cannot be compared yet: the groups are too small for numbers to be shown.",
    },
    "outstanding": {
        "de": "Von {count} angeschriebenen Personen liegt keine Antwort vor; über sie sagen die "
        "Anteile nichts Sicheres.",
        "en": "{count} of the people written to did not answer; the shares say nothing certain about them.",
    },
    "doubts": {
        "de": "{count} [Antwort ist noch ungeklärt und zählt|Antworten sind noch ungeklärt und "
        "zählen] als fehlend, "
        "bis ein Mensch das Kreuz auf dem Papier angesehen hat.",
        "en": "{count} [answer is|answers are] not settled and [counts|count] as missing "
        "until a person has looked at the paper.",
    },
    "handwriting": {
        "de": "{count} handgeschriebene [Zahl ist|Zahlen sind] noch nicht erfasst.",
        "en": "{count} handwritten [number has|numbers have] not been typed yet.",
    },
    "pages_missing": {
        "de": "Bei {count} [Fragebogen|Fragebögen] fehlt mindestens eine Seite.",
        "en": "{count} [questionnaire lacks|questionnaires lack] at least one page.",
    },
    "contradictions": {
        "de": "{count}-mal wurde eine Frage beantwortet, die nach dem Filter zu überspringen war ({items}); {rule}",
        "en": "{count} [answer was|answers were] given to items that routing told people to skip ({items}); {rule}",
    },
    "omitted": {
        "de": "Am häufigsten ausgelassen wurde Frage {number}, {wording}, von {count} [Person|Personen].",
        "en": "The item left out most often is {number}, {wording}, by {count} [person|people].",
    },
    # charts and tables
    "item_title": {"de": "Frage {number}. {wording}", "en": "Item {number}. {wording}"},
    "item_short": {"de": "{number}.", "en": "{number}."},
    "not_shown": {"de": "• nicht gezeigt (kleine Gruppe)", "en": "• not shown (small group)"},
    "outlined": {"de": "umrandet: {label}", "en": "outlined: {label}"},
    "base_head": {"de": "n", "en": "n"},
    "answer_head": {"de": "Antwort", "en": "Answer"},
    "combination_head": {"de": "Verbindung", "en": "Combination"},
    "group_head": {"de": "Gruppe", "en": "Group"},
    "day_head": {"de": "Tag", "en": "Day"},
    "all_answers": {"de": "alle Antworten", "en": "all answers"},
    "base_those_answering": {"de": "alle Antwortenden", "en": "all who answered"},
    "base_those_asked": {
        "de": "alle, die diese Frage beantworten sollten",
        "en": "all who were to answer this item",
    },
    "note_single": {
        "de": "Basis: {whom}, n = {base}. {lines}",
        "en": "Base: {whom}, n = {base}. {lines}",
    },
    "note_multiple": {
        "de": "Basis: {whom}, n = {base}. Mehrere Antworten möglich. {lines}",
        "en": "Base: {whom}, n = {base}. Several answers possible. {lines}",
    },
    "note_grid": {
        "de": "Anteil derer, die dieses Feld angekreuzt haben. Basis: {whom}, n = {base}. "
        "95-%-Intervalle: höchstens {reach} nach oben oder unten{holds}.",
        "en": "Share of those who marked this cell. Base: {whom}, n = {base}. "
        "95% intervals: at most {reach} up or down{holds}.",
    },
    "groups_table": {"de": "{title} Zusammengefasst", "en": "{title} In groups"},
    "share_short": {"de": "{share} ({low}–{high})", "en": "{share} ({low}–{high})"},
    "note_stacks": {
        "de": "Anteile an allen, die geantwortet haben (n rechts){weighted}. Intervalle im Anhang.",
        "en": "Shares of all who answered (n on the right){weighted}. Intervals in the appendix.",
    },
    "note_needs": {
        "de": "Basis: alle Antwortenden, n = {low} bis {high}. {lines}",
        "en": "Base: all who answered, n = {low} to {high}. {lines}",
    },
    "note_combinations": {
        "de": "Basis: Antwortende mit Angaben zu allen Bereichen, n = {base}. Verbindungen mit "
        "weniger als {minimum} "
        "Personen sind zusammengefasst. {lines}",
        "en": "Base: those who answered in all areas, n = {base}. Combinations of fewer than "
        "{minimum} people are "
        "pooled. {lines}",
    },
    "note_offices": {
        "de": "Rücklauf: {bases}. {lines} • nicht gezeigt, weil die Gruppe zu klein ist.",
        "en": "Returned: {bases}. {lines} • not shown because the group is too small.",
    },
    "note_returns": {
        "de": "Eingegangene Fragebögen, aufsummiert; {count} mit Eingangsdatum.",
        "en": "Questionnaires received, running total; {count} with a date.",
    },
    "needs_title": {"de": "Anteil mit Bedarf je Bereich", "en": "Share with a need, by area"},
    "groups_title": {
        "de": "Mindestens ein Kreuz innerhalb von …",
        "en": "At least one mark within …",
    },
    "combinations_title": {"de": "Welche Bedarfe zusammen auftreten", "en": "Which needs come together"},
    "offices_title": {"de": "Bedarfe nach Standort", "en": "Needs by office"},
    "returns_title": {"de": "Wann die Antworten eintrafen", "en": "When the answers came in"},
    "needs_none": {"de": "in keinem Bereich", "en": "in no area"},
    "needs_rare": {"de": "seltenere Verbindungen", "en": "rarer combinations"},
    "alt_bars": {"de": "Balkendiagramm. {title} {parts}. {note}", "en": "Bar chart. {title} {parts}. {note}"},
    "alt_heat": {
        "de": "Raster. {title} Am häufigsten: {parts}. Am seltensten: {low}. {note}",
        "en": "Grid. {title} Most often: {parts}. Least often: {low}. {note}",
    },
    "alt_stacks": {
        "de": "Gestapelte Balken. {title} {parts}. {note}",
        "en": "Stacked bars. {title} {parts}. {note}",
    },
    "alt_dots": {
        "de": "Punkte mit Intervallen. {title}. {parts}. {note}",
        "en": "Dots with intervals. {title}. {parts}. {note}",
    },
    "alt_combinations": {
        "de": "Verbindungen mit Balken. {title}: {parts}. {note}",
        "en": "Combinations with bars. {title}: {parts}. {note}",
    },
    "alt_returns": {
        "de": "Treppenkurve. {title}: {parts}. {note}",
        "en": "Step curve. {title}: {parts}. {note}",
    },
    "all": {"de": "gesamt", "en": "all"},
    "strata": {"de": "Standort", "en": "Office"},
    "written_to": {"de": "angeschrieben", "en": "written to"},
    "returned": {"de": "geantwortet", "en": "answered"},
    "no_answer": {"de": "ohne Antwort", "en": "no answer"},
    "response_rate": {"de": "Rücklauf", "en": "response"},
    "response_table": {"de": "Rücklauf nach Standort", "en": "Response by office"},
    "response_note": {
        "de": "Rücklauf: zurückgekommene Fragebögen geteilt durch angeschriebene Personen (AAPOR RR2, "
        "alle Angeschriebenen gelten als zugehörig).",
        "en": "Response: returned questionnaires over people written to (AAPOR RR2, all taken as eligible).",
    },
    "stratum_unknown": {"de": "Standort nicht bekannt", "en": "office not known"},
    "response_unknown": {
        "de": "Fragebögen, deren Standort nicht bekannt ist, fehlen bei ihm: Sein Rücklauf ist mindestens so hoch.",
        "en": "Questionnaires whose office is not known are missing from it: its response is at least so high.",
    },
    "ledger_note": {
        "de": "Jede gescannte Seite steht an genau einer Stelle.",
        "en": "Every scanned page stands in exactly one place.",
    },
    "all_pages": {"de": "alle Seiten", "en": "all pages"},
    "place_read": {"de": "gelesen", "en": "read"},
    "place_duplicate": {"de": "doppelt gescannt", "en": "duplicate"},
    "place_superseded": {"de": "durch neuen Scan ersetzt", "en": "superseded"},
    "place_foreign": {"de": "gehört nicht zu diesem Fragebogen", "en": "foreign"},
    "place_cover sheet": {"de": "Deckblatt", "en": "cover sheet"},
    "place_blank back": {"de": "leere Rückseite", "en": "blank back"},
    "place_unreadable": {"de": "nicht lesbar", "en": "unreadable"},
    "place_discarded": {"de": "ausgesondert", "en": "discarded"},
    "place_waiting": {"de": "wartet auf Entscheidung", "en": "waiting"},
    "missing_table": {"de": "Fehlende Angaben", "en": "Missing answers"},
    "missing_note": {
        "de": "Die Fragen mit den meisten fehlenden Angaben; Zahl der Fragebögen.",
        "en": "The items with most answers missing; number of questionnaires.",
    },
    "item": {"de": "Frage", "en": "Item"},
    "reason_not asked": {"de": "Filter", "en": "not asked"},
    "reason_blank": {"de": "leer", "en": "blank"},
    "reason_multiple": {"de": "mehr\u00adfach", "en": "multiple"},
    "reason_doubtful": {"de": "unge\u00adklärt", "en": "doubtful"},
    "reason_unreadable": {"de": "un\u00adlesbar", "en": "un\u00adreadable"},
    "reason_page missing": {"de": "Seite fehlt", "en": "page missing"},
    "reason_declared": {"de": "weiß nicht u.\u00a0ä.", "en": "declared"},
    "share": {"de": "Anteil", "en": "Share"},
    "interval": {"de": "95-%-Intervall", "en": "95% interval"},
    "bounds": {"de": "äußerste Grenzen", "en": "worst-case bounds"},
    "base": {"de": "n", "en": "n"},
    "from_to": {"de": "{low} bis {high}", "en": "{low} to {high}"},
    "has_written": {"de": "hat etwas geschrieben", "en": "wrote something"},
    "mean_label": {"de": "Mittelwert {unit}", "en": "mean {unit}"},
    "table_note": {
        "de": "Basis n = {base}; ohne Angabe {lacking}",
        "en": "Base n = {base}; without answer {lacking}",
    },
    "table_note_past": {"de": ", durch Filter übersprungen {past}", "en": ", not asked {past}"},
    "table_matrix_note": {
        "de": "Anteil, darunter 95-%-Intervall. Zeilen mit eigener Basis n.",
        "en": "Share, with the 95% interval below. Each row has its own base n.",
    },
}
PHRASES = OWN_PHRASES | PROSE | ADVICE | TERMS | CAPTIONS | STORY | CORRECTED | FILE_WORDS
"""A test holds that no name stands in two of them."""
