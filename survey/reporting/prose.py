"""The report's fixed texts in German and English: chapter headings, explanations, method."""

from __future__ import annotations

PROSE: dict[str, dict[str, str]] = {
    # structure
    "chapter_summary": {"de": "Das Wichtigste auf einer Seite", "en": "The main results on one page"},
    "chapter_response": {
        "de": "Wie gefragt wurde und wer geantwortet hat",
        "en": "How people were asked and who answered",
    },
    "chapter_combinations": {"de": "Wie Bedarfe zusammentreffen", "en": "How needs come together"},
    "chapter_offices": {"de": "Die Standorte im Vergleich", "en": "The offices compared"},
    "chapter_method": {"de": "Methode und Grenzen", "en": "Method and limits"},
    "chapter_tables": {"de": "Anhang: alle Ergebnisse in Tabellen", "en": "Appendix: all results in tables"},
    "status_interim": {
        "de": "Zwischenbericht: Einzelne Antworten sind noch ungeklärt",
        "en": "Interim report: some answers are not settled yet",
    },
    "status_final": {"de": "Auswertung aller gelesenen Antworten", "en": "Evaluation of all answers read"},
    "fact_population": {"de": "Befragt wurden", "en": "Population"},
    "fact_returned": {"de": "Ausgewertete Fragebögen", "en": "Questionnaires evaluated"},
    "fact_until": {"de": "Eingegangen bis", "en": "Received until"},
    "fact_instrument": {"de": "Fragebogen", "en": "Questionnaire"},
    "instrument": {"de": "{id}, Fassung {version}", "en": "{id}, version {version}"},
    "fact_run": {"de": "Auswertungslauf", "en": "Run"},
    "key_response": {"de": "Rücklauf", "en": "Response"},
    "key_returned": {"de": "{count} von {frame}", "en": "{count} of {frame}"},
    "key_need": {"de": "{area}", "en": "{area}"},
    "key_detail": {"de": "zeigen Bedarf ({interval})", "en": "show a need ({interval})"},
    "item_head": {"de": "Frage {number}", "en": "Item {number}"},
    "point_response": {"de": "Rücklauf", "en": "Response"},
    "point_needs": {"de": "Bedarf", "en": "Needs"},
    "point_combinations": {"de": "Mehrere Bedarfe", "en": "Several needs"},
    "point_offices": {"de": "Standorte", "en": "Offices"},
    "reading_title": {"de": "So lesen Sie die Zahlen", "en": "How to read the numbers"},
    "interim_title": {"de": "Zwischenstand", "en": "Interim"},
    "how_asked": {
        "de": "Gefragt wurde mit einem gedruckten Fragebogen mit {items} Fragen, der mit der Post "
        "kam. Befragt wurde die "
        "ganze Gruppe, keine Stichprobe: {population}. Die Teilnahme war freiwillig. Die "
        "zurückgesandten Bögen wurden "
        "gescannt und maschinell gelesen; wo die Maschine zweifelt, entscheidet ein Mensch.",
        "en": "People were asked with a printed questionnaire of {items} items that came by mail. "
        "The whole group was "
        "asked, not a sample: {population}. Taking part was voluntary. Returned questionnaires were "
        "scanned and read by "
        "machine; where the machine is in doubt, a person decides.",
    },
    "definition_title": {"de": "Was hier als Bedarf zählt", "en": "What counts as a need here"},
    "definition": {
        "de": "Ein Bedarf ist gezählt, wenn jemand {items} angekreuzt hat.",
        "en": "A need is counted where somebody marked {items}.",
    },
    "definition_item": {"de": "in Frage {number} {answers}", "en": "{answers} in item {number}"},
    "definition_rows": {
        "de": "in Frage {number} {answers} bei {rows}",
        "en": "{answers} in item {number} for {rows}",
    },
    "any_answer": {"de": "mindestens eine der Antworten", "en": "at least one of the answers"},
    "offices_how_title": {"de": "Wie verglichen wurde", "en": "How offices were compared"},
    "offices_how": {
        "de": "Genannt werden nur Unterschiede, die nach einer Korrektur für die Zahl der Vergleiche "
        "(Holm) auf dem "
        "5-%-Niveau bestehen. Dass kein Unterschied genannt ist, heißt nicht, dass es keinen gibt.",
        "en": "Only differences are named that hold at the 5% level after correction for the number "
        "of comparisons (Holm). "
        "That none is named does not mean that there is none.",
    },
    "appendix_intro": {
        "de": "n ist die Zahl der Personen mit dieser Antwort, der Anteil bezieht sich auf die Basis "
        "der Frage. Die äußersten "
        "Grenzen nehmen an, dass niemand oder dass alle so geantwortet hätten, von denen keine "
        "Angabe vorliegt. Ein Punkt (•) steht, wo die Gruppe zu klein ist.",
        "en": "n is the number of people with this answer; the share refers to the item's base. The "
        "worst-case bounds take it "
        "that nobody, or everybody, of those who gave no answer would have answered so. A dot (•) "
        "stands where the group is too small.",
    },
    "appendix_strata": {
        "de": "Rechts stehen die Anteile der Standorte.",
        "en": "On the right stand the shares of the offices.",
    },
    # method
    "method_census_title": {"de": "Vollerhebung mit Ausfällen", "en": "A census with nonresponse"},
    "method_census": {
        "de": "Angeschrieben wurden alle, keine Auswahl. Ungenau sind die Ergebnisse daher nicht, "
        "weil eine Stichprobe gezogen "
        "wurde, sondern weil ein Teil nicht geantwortet hat. Die Zahlen sind nicht gewichtet: Jeder "
        "Fragebogen zählt gleich.",
        "en": "All were written to, not a selection. So the results are inexact not because a sample "
        "was drawn but because some "
        "did not answer. The numbers are not weighted: every questionnaire counts the same.",
    },
    "method_interval_title": {"de": "Was das 95-%-Intervall sagt", "en": "What the 95% interval says"},
    "method_interval": {
        "de": "Das Intervall ({method}, bei Mittelwerten Student, mit Endlichkeitskorrektur) gilt "
        "nur, wenn es innerhalb der Gruppe Zufall war, wer geantwortet hat. Das lässt sich nicht "
        "prüfen: Wer viel Bedarf hat, antwortet vielleicht eher, oder seltener. Fehler beim Lesen und "
        "Missverständnisse beim Ausfüllen enthält es nicht.",
        "en": "The interval ({method}, for means Student, with finite population correction) holds "
        "only if it was chance within the group who answered. That cannot be tested: people with "
        "great need may answer sooner, or less often. Misreadings and misunderstandings are not in "
        "it.",
    },
    "method_bounds_title": {"de": "Äußerste Grenzen", "en": "Worst-case bounds"},
    "method_bounds": {
        "de": "Die äußersten Grenzen setzen nichts voraus. Sie nehmen einmal an, dass niemand, und "
        "einmal, dass jede Person ohne "
        "Angabe so geantwortet hätte. Bei geringem Rücklauf liegen sie weit auseinander; das ist "
        "keine Schwäche der Rechnung, "
        "sondern der Stand des Wissens.",
        "en": "The worst-case bounds assume nothing. They take it once that nobody and once that "
        "every person without an answer "
        "would have answered so. With a low response they lie far apart; that is no weakness of the "
        "sum but the state of knowledge.",
    },
    "method_missing_title": {"de": "Fehlende Angaben", "en": "Missing answers"},
    "method_missing": {
        "de": "Nicht gestellte Fragen (Filter), leere Fragen, unzulässige Mehrfachkreuze, ungeklärte "
        "Kreuze, unlesbare und fehlende Seiten sowie „weiß nicht“ werden getrennt gezählt und stehen "
        "nicht in der Basis eines Anteils. Zwei Ausnahmen: Bei freien Texten zählt auch das leere "
        "Feld, und für die Bedarfsbereiche gilt die Regel, die unter den Begriffen steht. Sind bei einer Frage "
        "mit mehreren möglichen Kreuzen alle Kästchen leer, sagt der Fragebogenplan, ob das „nein“ "
        "oder „keine Angabe“ heißt.",
        "en": "Items not asked (routing), blank items, several marks where one was allowed, unsettled "
        "marks, unreadable and missing pages and “do not know” are counted apart and do not stand in "
        "the base of a share. Two exceptions: in free texts an empty field counts too, and for need "
        "areas the rule named under Terms applies. Where all boxes of a multiple-response item are empty, "
        "the schema says whether that means no or no answer.",
    },
    "method_reading_title": {"de": "Lesen der Kreuze", "en": "Reading of marks"},
    "method_reading": {
        "de": "Jedes Kästchen wird vermessen und mit festen Schwellen entschieden, die für alle "
        "Bögen gleich sind. Was dazwischen "
        "liegt, bleibt ungeklärt, bis ein Mensch es entscheidet, und zählt so lange als fehlend.",
        "en": "Every box is measured and decided by fixed thresholds, the same for all "
        "questionnaires. What lies between stays "
        "unsettled until a person decides it, and counts as missing until then.",
    },
    "method_comparison_title": {"de": "Rangfolgen und Vergleiche", "en": "Rankings and comparisons"},
    "method_comparison": {
        "de": "Ein Bedarfsbereich heißt nur dann häufiger als ein anderer, wenn sich ihre Intervalle nicht "
        "überschneiden. Das ist vorsichtig: Manche wirklichen Unterschiede bleiben so ungenannt. Bei "
        "den Antworten einer Frage folgt die Reihenfolge den Anteilen; wo sich die Intervalle "
        "überschneiden, kann sie Zufall sein.",
        "en": "A need area is called more frequent than another only where their intervals do not overlap. "
        "That is cautious: some real differences stay unnamed. The answers to an item are named in "
        "the order of their shares; where intervals overlap, that order may be chance.",
    },
    "method_disclosure_title": {"de": "Schutz kleiner Gruppen", "en": "Protection of small groups"},
    "method_disclosure": {
        "de": "Eine Zahl wird nicht gezeigt, wenn weniger als {minimum} Personen so geantwortet oder "
        "überhaupt geantwortet haben oder wenn an einem Standort alle oder niemand so geantwortet haben. Damit "
        "sich eine verborgene Zahl nicht aus Summen zurückrechnen lässt, bleiben weitere Zahlen verborgen; geprüft "
        "ist, dass jede verborgene Anzahl in einem Bereich von mindestens {minimum} Personen ungewiss bleibt, wo "
        "die Gruppe so groß ist. Solche Stellen tragen einen Punkt (•).",
        "en": "A number is not shown where fewer than {minimum} people said so, or answered at all, nor where "
        "everybody or nobody at an office said so. Further numbers are hidden so that a hidden one cannot be "
        "worked out from sums; it has been checked that every hidden count stays uncertain within a range of at "
        "least {minimum} people, where the group is that large. Such places carry a dot (•).",
    },
    "method_unknown_title": {"de": "Was dieser Bericht nicht weiß", "en": "What this report does not know"},
    "label_contents": {"de": "Inhalt", "en": "Contents"},
    "label_figure": {"de": "Abbildung", "en": "Figure"},
    "label_table": {"de": "Tabelle", "en": "Table"},
    "label_page": {"de": "Seite", "en": "Page"},
    "label_of": {"de": "von", "en": "of"},
}
