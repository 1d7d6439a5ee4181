"""Phrases of what became of a published report, in two languages; `corrected_*` follow the kinds of changes."""

from __future__ import annotations

CORRECTED: dict[str, dict[str, str]] = {
    "since_interim": {"de": "Seit dem Zwischenbericht vom {day}", "en": "Since the interim report of {day}"},
    "since_report": {"de": "Seit dem Bericht vom {day}", "en": "Since the report of {day}"},
    "since_with": {
        "de": "Verglichen wird mit dem Bericht, der am {day} veröffentlicht wurde (Auswertungslauf {run}).",
        "en": "This report is compared with the one that was published on {day} (run {run}).",
    },
    "since_more": {
        "de": "Seitdem [ist ein Fragebogen|sind {count} Fragebögen] hinzugekommen; ausgewertet sind nun {now}.",
        "en": "Since then {count} [questionnaire has|questionnaires have] been added; now {now} are evaluated.",
    },
    "since_as_many": {
        "de": "Ausgewertet sind wie damals {now} Fragebögen.",
        "en": "As then, {now} questionnaires are evaluated.",
    },
    "since_fewer": {
        "de": "Ausgewertet [ist ein Fragebogen|sind {count} Fragebögen] weniger als damals, nun {now}.",
        "en": "{count} [questionnaire|questionnaires] fewer than then, now {now}, [is|are] evaluated.",
    },
    # what was corrected
    "corrected_nothing": {
        "de": "An Fragen, Antworten und Rechenregeln wurde seitdem nichts berichtigt.",
        "en": "Nothing about items, answers and rules of counting was corrected since.",
    },
    "corrected_lead": {"de": "Berichtigt wurde seitdem:", "en": "Corrected since then:"},
    "corrected_more": {
        "de": "Dazu [kommt eine weitere Berichtigung|kommen {count} weitere Berichtigungen].",
        "en": "{count} more [correction was|corrections were] made.",
    },
    "corrected_of": {"de": "{things}: {what}", "en": "{things}: {what}"},
    "touches_place": {"de": "Wo Kästchen liegen", "en": "Where boxes lie"},
    "touches_marking": {"de": "Wie Kreuze gelesen werden", "en": "How marks are read"},
    "touches_coding": {"de": "Wie Antworten verschlüsselt werden", "en": "How answers are coded"},
    "touches_counting": {"de": "Was gezählt wird", "en": "What is counted"},
    "touches_words": {"de": "Nur Worte", "en": "Words only"},
    "corrected_box_new": {
        "de": "ein Kästchen wird nun gelesen, das gefehlt hatte",
        "en": "a box that was left out is read now",
    },
    "corrected_box_moved": {
        "de": "Kästchen liegen anders als angenommen",
        "en": "boxes lie elsewhere than was taken",
    },
    "corrected_foreign_codes": {
        "de": "wie Strichcodes anderer Programme gelesen werden",
        "en": "how bar codes of other programs are read",
    },
    "corrected_printing": {"de": "Fassung oder Papier", "en": "version or paper"},
    "corrected_threshold": {
        "de": "Grenzwerte, nach denen ein Kreuz als sicher gilt",
        "en": "thresholds by which a mark is taken for certain",
    },
    "corrected_revocation": {
        "de": "die Regel, wie ein Kreuz zurückgenommen wird",
        "en": "the rule by which a mark is taken back",
    },
    "corrected_several_marks": {
        "de": "mehrere Kreuze sind nun erlaubt",
        "en": "several marks are allowed now",
    },
    "corrected_one_mark": {"de": "nur ein Kreuz ist nun erlaubt", "en": "only one mark is allowed now"},
    "corrected_other_kind": {"de": "die Art der Antwort", "en": "the kind of answer"},
    "corrected_item_gone": {"de": "wird nicht mehr ausgewertet", "en": "is no longer evaluated"},
    "corrected_item_new": {"de": "wird nun ausgewertet", "en": "is evaluated now"},
    "corrected_item_renamed": {
        "de": "der interne Name, ohne Folge für die Zahlen",
        "en": "its internal name, without any effect on numbers",
    },
    "corrected_nothing_marked": {
        "de": "was es heißt, wenn nichts angekreuzt ist",
        "en": "what it means that nothing is marked",
    },
    "corrected_option_gone": {"de": "eine Antwort ist entfallen", "en": "an answer is gone"},
    "corrected_option_new": {"de": "eine Antwort ist hinzugekommen", "en": "an answer was added"},
    "corrected_codes_swapped": {
        "de": "die Schlüssel zweier Antworten waren vertauscht",
        "en": "the codes of two answers were swapped",
    },
    "corrected_code": {"de": "eine Antwort hat einen anderen Schlüssel", "en": "an answer has another code"},
    "corrected_routing": {"de": "wohin eine Antwort weiterführt", "en": "where an answer leads to"},
    "corrected_none": {
        "de": "welche Antwort „nichts davon“ heißt",
        "en": "which answer means nothing of all this",
    },
    "corrected_missing": {
        "de": "welche Antwort als fehlende Angabe zählt",
        "en": "which answer counts as missing",
    },
    "corrected_derived_variable": {"de": "die berechnete Größe {name}", "en": "the derived variable {name}"},
    "corrected_wave": {"de": "die Bezeichnung der Erhebungswelle", "en": "the name of the wave"},
    "corrected_area_of_item": {
        "de": "zu welchem Bedarfsbereich die Frage gehört",
        "en": "which need area the item belongs to",
    },
    "corrected_voluntary": {"de": "ob die Antwort freiwillig ist", "en": "whether the answer is voluntary"},
    "corrected_groups": {
        "de": "welche Felder zusammengefasst werden",
        "en": "which cells are taken together",
    },
    "corrected_themes": {"de": "die Themen der freien Antworten", "en": "the themes of written answers"},
    "corrected_frame": {"de": "wer angeschrieben wurde", "en": "who was written to"},
    "corrected_margin": {
        "de": "eine bekannte Verteilung, auf die gewichtet wird",
        "en": "a known distribution that weights are fitted to",
    },
    "corrected_population": {"de": "Angaben zur Zielgruppe", "en": "facts about the population"},
    "corrected_weights": {"de": "wie gewichtet wird", "en": "how weights are made"},
    "corrected_need_area": {"de": "der Bedarfsbereich {name}", "en": "the need area {name}"},
    "corrected_set": {
        "de": "welche Antworten gemeinsam gezählt werden: {name}",
        "en": "which answers are counted together: {name}",
    },
    "corrected_family_of_tests": {
        "de": "welche Vergleiche gemeinsam geprüft werden",
        "en": "which comparisons are tested together",
    },
    "corrected_analysis": {"de": "Regeln der Auswertung", "en": "rules of the evaluation"},
    "corrected_disclosure": {
        "de": "wie kleine Gruppen geschützt werden",
        "en": "how small groups are protected",
    },
    "corrected_wording": {"de": "Wortlaut", "en": "wording"},
    "corrected_note": {"de": "Hinweis zur Frage", "en": "note"},
    "corrected_row_label": {"de": "Beschriftung einer Zeile", "en": "label of a row"},
    "corrected_label": {"de": "Beschriftung einer Antwort", "en": "label of an answer"},
    "corrected_unit": {"de": "Einheit", "en": "unit"},
    "corrected_name": {"de": "Bezeichnung von {name}", "en": "label of {name}"},
    "corrected_population_name": {"de": "Bezeichnung der Zielgruppe", "en": "name of the population"},
    "corrected_title": {"de": "Titel des Fragebogens", "en": "title of the questionnaire"},
    "corrected_information": {
        "de": "Hinweise für die Befragten",
        "en": "what the questionnaire tells people about itself",
    },
    "corrected_report": {"de": "Texte und Aussehen des Berichts", "en": "texts and look of the report"},
    "corrected_languages": {"de": "Sprachen", "en": "languages"},
    "corrected_review": {
        "de": "was beim Nachsehen am Bildschirm zu sehen ist",
        "en": "what is seen on the review page",
    },
    "corrected_sections": {"de": "Überschriften oder Einleitungen", "en": "headings or introductions"},
    # how numbers stand now
    "since_needs_lead": {
        "de": "Anteil mit Bedarf im früheren Bericht und heute:",
        "en": "Share with a need in the earlier report and now:",
    },
    "since_need": {
        "de": "damals {before} (n = {base}), heute {now}",
        "en": "{before} then (n = {base}), {now} now",
    },
    "since_inside": {
        "de": "[Der frühere Wert liegt|Alle früheren Werte liegen] in der heutigen Spanne.",
        "en": "[The earlier value lies|All earlier values lie] within the range of now.",
    },
    "since_outside": {
        "de": "Nicht in der heutigen Spanne [liegt der frühere Wert|liegen die früheren Werte] von {topics}.",
        "en": "The earlier [value|values] of {topics} [does|do] not lie within the range of now.",
    },
    "since_numbers": {
        "de": "Von {both} Anteilen, Mittelwerten und Medianen, die beide Berichte zeigen, [lautet|lauten] {count} "
        "heute anders.",
        "en": "Of {both} shares, means and medians that both reports show, {count} [reads|read] otherwise now.",
    },
    "since_numbers_same": {
        "de": "Die {both} Anteile, Mittelwerte und Mediane, die beide Berichte zeigen, lauten wie damals.",
        "en": "The {both} shares, means and medians that both reports show read as they did then.",
    },
    "since_beyond": {
        "de": "[Eine Zahl liegt|{count} Zahlen liegen] außerhalb des 95-%-Intervalls, das damals dabeistand.",
        "en": "{count} [number lies|numbers lie] outside the 95% interval that was told then.",
    },
    "since_beyond_none": {
        "de": "Keine Zahl liegt außerhalb des 95-%-Intervalls, das damals dabeistand.",
        "en": "No number lies outside the 95% interval that was told then.",
    },
    "since_untested": {
        "de": "Ob ein Unterschied Zufall ist, wird nicht geprüft: In beiden Berichten stehen dieselben Menschen, "
        "zumindest zum Teil.",
        "en": "Whether a difference is chance is not tested: the same people, at least in part, stand in both reports.",
    },
    "since_table": {
        "de": "Zahlen außerhalb ihres damaligen Intervalls",
        "en": "Numbers outside the interval they had",
    },
    "since_note": {
        "de": "Zuerst, was sich gemessen an der Breite seines damaligen Intervalls am weitesten bewegt hat.",
        "en": "First what moved farthest, measured by the width of the interval it had.",
    },
    "since_note_more": {
        "de": "[Eine weitere Zahl liegt|{count} weitere Zahlen liegen] außerhalb.",
        "en": "{count} more [number lies|numbers lie] outside.",
    },
    "since_number_head": {"de": "Zahl", "en": "Number"},
    "since_then": {"de": "damals", "en": "then"},
    "since_now": {"de": "heute", "en": "now"},
    "since_needs": {"de": "Bedarf: {labels}", "en": "Needs: {labels}"},
    "since_needs_number": {
        "de": "Bedarf in {count} [Bereich|Bereichen]",
        "en": "Need in {count} [area|areas]",
    },
    "since_needs_several": {"de": "Bedarf in mindestens zwei Bereichen", "en": "Need in at least two areas"},
    "since_mean": {"de": "Mittelwert", "en": "mean"},
    "since_median": {"de": "Median", "en": "median"},
    "since_differs": {"de": "{label} ({high} über {low})", "en": "{label} ({high} above {low})"},
    "since_appears": {
        "de": "Heute über den Zufall hinaus, damals nicht: {list}.",
        "en": "Beyond chance now, and not then: {list}.",
    },
    "since_falls": {
        "de": "Damals über den Zufall hinaus, heute nicht mehr: {list}.",
        "en": "Beyond chance then, and no longer now: {list}.",
    },
    "since_findings_same": {
        "de": "Welche Unterschiede zwischen den Standorten über den Zufall hinausgehen, hat sich nicht geändert.",
        "en": "Which differences between offices go beyond chance has not changed.",
    },
}
