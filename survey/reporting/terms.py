"""Words of statistics in German and English: for workbooks, and for what the report says of its methods."""

from __future__ import annotations

TERMS: dict[str, dict[str, str]] = {
    "note_kept_back": {
        "de": "Nicht gezeigt (kleine Gruppen): {labels}.",
        "en": "Not shown (small groups): {labels}.",
    },
    "items_kept_back": {
        "de": "Ohne Zahlen, um kleine Gruppen zu schützen: {items}.",
        "en": "Without numbers, to protect small groups: {items}.",
    },
    "need_kept_back": {
        "de": "Wie viele hier einen Bedarf zeigen, bleibt ungenannt, um kleine Gruppen zu schützen.",
        "en": "How many show a need here is not told, to protect small groups.",
    },
    "combinations_kept_back": {
        "de": "Welche Bedarfe zusammentreffen, wird nicht gezeigt: Die Gruppen sind zu klein.",
        "en": "Which needs come together is not shown: the groups are too small.",
    },
    "offices_kept_back": {
        "de": "Nach Standorten nicht gezeigt: Die Gruppen sind zu klein.",
        "en": "Not shown by office: the groups are too small.",
    },
    "sheet_table": {"de": "Tabelle", "en": "Table"},
    "sheet_numbers": {"de": "Zahlen", "en": "Numbers"},
    "cases_head": {"de": "Fälle", "en": "cases"},
    "share_head": {"de": "Anteil", "en": "share"},
    "value_head": {"de": "Wert", "en": "value"},
    "low_head": {"de": "von", "en": "from"},
    "high_head": {"de": "bis", "en": "to"},
    "people_head": {"de": "Personen", "en": "people"},
    "everybody": {"de": "Alle", "en": "All"},
    "block_share": {"de": "Anteil der Personen", "en": "Share of people"},
    "block_share of answers": {"de": "Anteil an allen Nennungen", "en": "Share of all answers"},
    "block_mean": {"de": "Mittelwert", "en": "Mean"},
    "block_median": {"de": "Median (mittlerer Wert)", "en": "Median (middle value)"},
    "base_row": {"de": "Fälle mit Antwort (n)", "en": "Cases with an answer (n)"},
    "answers_row": {"de": "Nennungen", "en": "Answers"},
    "group_label": {"de": "zusammen: {label}", "en": "together: {label}"},
    "note_interval": {
        "de": "von, bis: 95-%-Intervall ({method}). Es gilt, wenn es innerhalb der Standorte Zufall war, wer "
        "geantwortet hat.",
        "en": "from, to: 95% interval ({method}). It holds if within each office it was chance who answered.",
    },
    "note_unweighted": {
        "de": "Ungewichtet: Die Anteile beschreiben die Menschen, die geantwortet haben.",
        "en": "Unweighted: shares describe the people who answered.",
    },
    "note_weighted": {
        "de": "Gewichtet auf die bekannte Zusammensetzung aller Angeschriebenen; die Fälle sind ungewichtet gezählt.",
        "en": "Weighted to the known composition of all who were written to; cases are counted without weights.",
    },
    "note_people": {
        "de": "Personen: so viele Angeschriebene meint der Anteil, wenn alle geantwortet hätten wie diese.",
        "en": "people: as many of those written to as the share means if all had answered like these.",
    },
    "note_worst": {
        "de": "Ohne jede Annahme über die, die nicht geantwortet haben, stehen auf dem Blatt „Zahlen“ die äußersten "
        "Grenzen (low_worst, high_worst).",
        "en": "Without any assumption about those who did not answer, the sheet “Numbers” has worst-case bounds "
        "(low_worst, high_worst).",
    },
    "note_hidden": {
        "de": "•: zu wenige Fälle, um die Zahl zu zeigen (Mindestzahl {minimum}).",
        "en": "•: too few cases to show the number (minimum {minimum}).",
    },
    "note_test": {
        "de": "{variable}: Unterschied zwischen den Gruppen, Rao-Scott-Test F = {f}, p = {p}.",
        "en": "{variable}: difference between the groups, Rao-Scott test F = {f}, p = {p}.",
    },
    "note_formula": {"de": "Berechnet als {formula}.", "en": "Computed as {formula}."},
    "lines_unweighted": {
        "de": "Ungewichtet. Linien: 95-%-Intervall, falls Zufall war, wer geantwortet hat.",
        "en": "Unweighted. Lines: 95% interval, if it was chance who answered.",
    },
    "lines_weighted": {
        "de": "Gewichtet. Linien: 95-%-Intervall, falls innerhalb {groups} Zufall war, wer geantwortet hat.",
        "en": "Weighted. Lines: 95% interval, if within {groups} it was chance who answered.",
    },
    "holds_unweighted": {
        "de": ", falls Zufall war, wer geantwortet hat; ungewichtet",
        "en": ", if it was chance who answered; unweighted",
    },
    "holds_weighted": {
        "de": ", falls innerhalb {groups} Zufall war, wer geantwortet hat; gewichtet",
        "en": ", if within {groups} it was chance who answered; weighted",
    },
    "groups_strata": {"de": "der Standorte", "en": "the offices"},
    "groups_raked": {"de": "der bekannten Gruppen", "en": "the known groups"},
    "word_weighted": {"de": ", gewichtet", "en": ", weighted"},
    "word_unweighted": {"de": ", ungewichtet", "en": ", unweighted"},
    "note_given": {
        "de": "Auf die bekannte Verteilung dieser Frage wurde gewichtet: „fest“ heißt vorgegeben.",
        "en": "Weights were made to fit the known distribution of this item: “fixed” means given.",
    },
    "no_range": {"de": "fest", "en": "fixed"},
    "contradictions_answer": {"de": "diese Antworten sind mitgezählt.", "en": "they are counted."},
    "contradictions_routing": {
        "de": "hier gilt der Filter, die Antworten zählen nicht.",
        "en": "routing holds, these answers do not count.",
    },
    "contradictions_nobody": {
        "de": "weder Filter noch Antwort zählt, die Angabe fehlt.",
        "en": "neither routing nor answer counts, the answer is missing.",
    },
    "contradictions_silent": {
        "de": "{count}-mal blieb alles leer, wohin eine Antwort führt ({items}), als ob sie daran vorbeiführte; {rule}",
        "en": "{count} [time|times] all was left blank that an answer leads to ({items}), as if it led past; {rule}",
    },
    "contradictions_silent_rule": {
        "de": "es zählt als fehlende Angabe.",
        "en": "it counts as missing.",
    },
    "appendix_weighted": {
        "de": "Die Anteile sind gewichtet, n nicht.",
        "en": "Shares are weighted, n is not.",
    },
    "few_title": {"de": "Wenige Antworten", "en": "Few answers"},
    "few_shown": {
        "de": "Eine Zahl steht hier nur, wenn mindestens {minimum} Menschen so geantwortet haben. Darum ist von den"
        " Anteilen "
        "für alle zusammen {all} gezeigt, von denen nach Standort {strata}. Was fehlt, ist unter jeder "
        "Abbildung genannt. "
        "Mit jedem weiteren Fragebogen lässt sich mehr zeigen.",
        "en": "A number stands here only where at least {minimum} people said so. That is why {all} of the shares "
        "for all "
        "together are shown, and {strata} of those by office. What is missing is named under each chart. With every "
        "further questionnaire more can be shown.",
    },
    "few_shown_all": {
        "de": "Eine Zahl steht hier nur, wenn mindestens {minimum} Menschen so geantwortet haben. Darum sind {all} der "
        "Anteile gezeigt. Was fehlt, ist unter jeder Abbildung genannt. Mit jedem weiteren Fragebogen lässt sich mehr "
        "zeigen.",
        "en": "A number stands here only where at least {minimum} people said so. That is why {all} of the shares are "
        "shown. What is missing is named under each chart. With every further questionnaire more can be shown.",
    },
    "method_census_weighted": {
        "de": "Angeschrieben wurden alle, keine Auswahl. Ungenau sind die Ergebnisse daher nicht, weil eine "
        "Stichprobe "
        "gezogen wurde, sondern weil ein Teil nicht geantwortet hat. Wer geantwortet hat, steht mit seinem "
        "Gewicht auch "
        "für die, die es nicht taten; wie, steht unter „Gewichte“.",
        "en": "All were written to, not a selection. So the results are inexact not because a sample was drawn but "
        "because "
        "some did not answer. Who answered stands, with a weight, for those who did not, too; how is told under "
        "“Weights”.",
    },
    "method_name_korn-graubard": {"de": "Korn und Graubard", "en": "Korn and Graubard"},
    "method_name_logit": {"de": "logit-transformiert", "en": "logit"},
    "method_name_exact": {"de": "exakt, hypergeometrisch", "en": "exact, hypergeometric"},
    "weights_strata": {
        "de": "Jeder Fragebogen steht zuerst für gleich viele Angeschriebene seines Standorts, auch für die, die "
        "nicht "
        "geantwortet haben.",
        "en": "At first each questionnaire stands for equally many people written to at its office, for those who "
        "did not "
        "answer, too.",
    },
    "weights_alike": {
        "de": "Jeder Fragebogen steht zuerst für gleich viele Angeschriebene.",
        "en": "At first each questionnaire stands for equally many of those written to.",
    },
    "weights_raked": {
        "de": "Dann sind die Gewichte an bekannte Verteilungen angepasst (Raking): {margins}. Nach {rounds} Runden "
        "weicht "
        "keine Gruppe um mehr als {gap} ab.",
        "en": "Then weights are fitted to known distributions (raking): {margins}. After {rounds} rounds no group "
        "is off by "
        "more than {gap}.",
    },
    "weights_reach": {
        "de": "Die Gewichte reichen von {least} bis {largest} Personen. Mit ihnen sind die {cases} Fragebogen so "
        "genau wie "
        "{effective} gleich gewichtete (Design-Effekt {effect}).",
        "en": "Weights range from {least} to {largest} people. With them the {cases} questionnaires are as precise "
        "as "
        "{effective} with equal weights (design effect {effect}).",
    },
    "weights_trimmed": {
        "de": "{count} [Gewicht wurde|Gewichte wurden] an der Grenze festgehalten: Kein Gewicht darf sich auf "
        "weniger als "
        "das {low}-fache oder mehr als das {high}-fache ändern. Welche, sagt die Liste der Gewichte.",
        "en": "{count} [weight was|weights were] held at the bound: no weight may become less than {low} or more "
        "than {high} "
        "times what it was. The list of weights tells which.",
    },
    "weights_untrimmed": {
        "de": "Kein Gewicht musste an den Grenzen (das {low}- bis {high}-fache) festgehalten werden.",
        "en": "No weight had to be held at the bounds ({low} to {high} times what it was).",
    },
    "ground_weights": {"de": "Gewichte", "en": "Weights"},
    "ground_frame": {"de": "Bewegte Zielgruppe", "en": "A moving population"},
    "ground_late": {"de": "Frühe und späte Antworten", "en": "Early and late answers"},
    "ground_error": {"de": "Gesamtfehler", "en": "Total error"},
    "ground_index": {"de": "Indizes", "en": "Indices"},
    "rates_table": {"de": "Rücklaufquoten nach AAPOR", "en": "Response rates after AAPOR"},
    "rates_note": {
        "de": "I vollständig, P teilweise, R verweigert, NC nicht erreicht, O anderes, UH ohne Rücksendung, UO "
        "unzustellbar; e ist der Anteil derer, die zur Zielgruppe gehören, unter den Bekannten: {e}. RR5 und RR6 "
        "setzen voraus, dass man von jedem weiß, ob er dazugehört; das ist hier nicht so.",
        "en": "I complete, P partial, R refused, NC not reached, O other, UH nothing came back, UO undeliverable; e"
        " is "
        "the share that belongs to the population among those known: {e}. RR5 and RR6 suppose that of everybody it "
        "is known whether they belong to it; here it is not.",
    },
    "definition_head": {"de": "Quote und Definition", "en": "Rate and definition"},
    "return_at": {
        "de": "Am {day} gehörten {people} Personen zur Zielgruppe; daran gemessen haben {share} geantwortet.",
        "en": "On {day} the population had {people} people; of these {share} answered.",
    },
    "index_finding": {
        "de": "Der Index „{label}“ ({formula}) liegt im Mittel bei {mean} ({interval}).",
        "en": "The index “{label}” ({formula}) has a mean of {mean} ({interval}).",
    },
    "late_differ": {
        "de": "Wer spät geantwortet hat, zeigt bei {area} andere Anteile ({late} statt {early}). Das ist ein "
        "Hinweis, "
        "dass auch die, die gar nicht geantwortet haben, anders sind.",
        "en": "Those who answered late show other shares in {area} ({late} instead of {early}). This hints that "
        "those who did not answer at all differ, too.",
    },
    "late_alike": {
        "de": "Frühe und späte Antworten unterscheiden sich in den Bedarfsbereichen nicht über den Zufall hinaus. "
        "Das "
        "spricht nicht gegen die Zahlen, beweist sie aber auch nicht.",
        "en": "Early and late answers do not differ beyond chance in the need areas. This does not speak against the "
        "numbers, nor does it prove them.",
    },
    "total_error": {
        "de": "Bei der blinden Prüfung waren höchstens {rate} der Kreuze falsch gelesen (obere Grenze). Rechnet man "
        "das zur Stichprobe hinzu, so liegt der Anteil bei {area} zwischen {low} und {high}.",
        "en": "In the blind audit at most {rate} of marks were misread (upper end). Added to the sampling error, the "
        "share for {area} lies between {low} and {high}.",
    },
}
