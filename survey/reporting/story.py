"""Phrases of the plain summary, of what people wrote, of proposals, changes and the glossary, in two languages."""

from __future__ import annotations

STORY: dict[str, dict[str, str]] = {
    # the summary in plain language: short sentences, everyday words
    "plain_response": {
        "de": "Wir haben {frame} Menschen gefragt. {returned} haben geantwortet. Das sind\u00a0{share}.",
        "en": "We asked {frame} people. {returned} answered. That is\u00a0{share}.",
    },
    "plain_first": {
        "de": "Der größte Bedarf liegt bei {area}. {share} [zeigt|zeigen] ihn.",
        "en": "The greatest need is in {area}. {share} [shows|show] it.",
    },
    "plain_tied": {
        "de": "Die größten Bedarfe liegen bei {areas}. Welcher davon der größte ist, ist nicht sicher.",
        "en": "The greatest needs are in {areas}. Which of these is the greatest is not certain.",
    },
    "as_far_as_shown": {"de": "Soweit gezeigt: {text}", "en": "As far as shown: {text}"},
    "plain_follow": {"de": "Dann [folgt|folgen] {list}.", "en": "Next [comes|come] {list}."},
    "plain_asked": {"de": "Wir fragten: {wording}", "en": "We asked: {wording}"},
    "plain_top": {"de": "{share} [nennt|nennen] {label}.", "en": "{share} [names|name] {label}."},
    "plain_next": {"de": "Dann kommt {label} mit {share}.", "en": "Next is {label} with {share}."},
    "plain_rows": {
        "de": "{options} heißt es am häufigsten bei {top}: {top_share}.",
        "en": "{options} is said most often of {top}: {top_share}.",
    },
    "plain_several": {
        "de": "{share} [zeigt|zeigen] Bedarf in zwei oder mehr Bereichen.",
        "en": "{share} [shows|show] a need in two areas or more.",
    },
    "plain_commonest": {
        "de": "Oft kommt mehreres zusammen, am häufigsten {labels}: {share}.",
        "en": "Often several come together, most often {labels}: {share}.",
    },
    "plain_offices_alike": {
        "de": "Zwischen den Standorten zeigt sich kein sicherer Unterschied.",
        "en": "Between the offices no certain difference shows.",
    },
    "plain_office_differs": {
        "de": "{topic}: In {high_name} sind es mehr als in {low_name}, {high} gegen {low}.",
        "en": "{topic}: more in {high_name} than in {low_name}, {high} against {low}.",
    },
    "plain_unknown": {
        "de": "{count} Menschen haben nicht geantwortet. Was sie sagen würden, wissen wir nicht.",
        "en": "{count} people did not answer. What they would say we do not know.",
    },
    "point_unknown": {"de": "Nicht bekannt", "en": "Not known"},
    "plain_reading": {
        "de": "Neben jeder Zahl steht in Klammern eine Spanne. Sie sagt, wie genau die Zahl ist, wenn es "
        "Zufall war, wer geantwortet hat. Überschneiden sich zwei Spannen, kann der Unterschied Zufall "
        "sein. Was die anderen gesagt hätten, steht nicht darin.",
        "en": "Beside each number stands a range in brackets. It says how exact the number is if it was chance "
        "who answered. Where two ranges overlap, the difference may be chance. What the others would "
        "have said is not in it.",
    },
    "plain_reading_weighted": {
        "de": "Jede Antwort zählt so, dass alle Gruppen so groß sind wie unter allen Gefragten. Neben jeder "
        "Zahl steht "
        "in Klammern eine Spanne. Sie zeigt, wie genau die Zahl ist, wenn es in den Gruppen Zufall war, wer "
        "geantwortet hat.",
        "en": "Each answer counts so that all groups are as large as among all who were asked. Beside each number "
        "stands a range in brackets. It shows how exact the number is if it was chance within the groups who "
        "answered.",
    },
    # how it was asked
    "flow_title": {"de": "Was aus den Fragebögen wurde", "en": "What became of the questionnaires"},
    "flow_note": {
        "de": "Jeder ausgegebene Fragebogen steht an genau einer Stelle.",
        "en": "Every questionnaire that was issued stands in exactly one place.",
    },
    "flow_complete": {"de": "mit allen Seiten", "en": "with all pages"},
    "flow_incomplete": {"de": "mit fehlenden Seiten", "en": "with pages missing"},
    "flow_undeliverable": {"de": "unzustellbar", "en": "undeliverable"},
    "flow_refused": {"de": "abgelehnt", "en": "refused"},
    "flow_outstanding": {"de": "ohne Antwort", "en": "no answer"},
    "pages_title": {"de": "Was aus den gescannten Seiten wurde", "en": "What became of the scanned pages"},
    "pages_used": {"de": "ausgewertet", "en": "evaluated"},
    "pages_aside": {"de": "nicht ausgewertet", "en": "set aside"},
    # what people wrote
    "chapter_voices": {"de": "Was die Menschen geschrieben haben", "en": "What people wrote"},
    "voices_intro": {
        "de": "Auf {items} konnte man frei antworten. Ein Mensch hat die Texte gelesen, einem oder mehreren Themen "
        "zugeordnet und entschieden, was gedruckt werden darf. Namen und alles, was jemanden verraten könnte, sind "
        "nicht dabei.",
        "en": "{items} could be answered freely. A person read the texts, assigned them to one or several "
        "themes, and "
        "decided what may be printed. Names, and whatever might give somebody away, are not among it.",
    },
    "themes_note": {
        "de": "Basis: {base} gelesene Texte, ungewichtet; ein Text kann mehrere Themen haben. Linien: "
        "95-%-Intervall, falls "
        "die Texte "
        "eine zufällige Auswahl dessen sind, was Menschen hier schreiben würden. Themen mit weniger als {minimum} "
        "Texten sind nicht gezeigt.",
        "en": "Base: {base} texts read, unweighted; a text may have several themes. Lines: 95% interval, if the "
        "texts are a "
        "random "
        "selection of what people would write here. Themes of fewer than {minimum} texts are not shown.",
    },
    "theme_top": {
        "de": "{share} der Texte handeln von {label}.",
        "en": "{share} of the texts are about {label}.",
    },
    "theme_next": {"de": "Es folgen {list}.", "en": "Next come {list}."},
    "quotes_note": {
        "de": "Wörtlich, mit Zustimmung der Stelle, die gelesen hat. Ausgewählt ist nach Thema, nicht nach "
        "Häufigkeit.",
        "en": "Word for word, as cleared by whoever read them. Chosen by theme, not by frequency.",
    },
    "quotes_title": {"de": "Stimmen zu {label}", "en": "Voices on {label}"},
    "quotes_other": {"de": "Weitere Stimmen", "en": "Further voices"},
    "quote_gap": {"de": "[…]", "en": "[…]"},
    "voices_unread": {
        "de": "{count} [Text ist|Texte sind] noch nicht gelesen und [kommt|kommen] hier nicht vor.",
        "en": "{count} [text has|texts have] not been read yet and [is|are] not among these.",
    },
    # what would help
    "chapter_proposals": {"de": "Was helfen würde", "en": "What would help"},
    "proposals_intro": {
        "de": "Die Vorschläge stammen von {office}. Jeder stützt sich auf ein Ergebnis dieser Befragung und "
        "steht hier "
        "nur, solange dieses Ergebnis gilt.",
        "en": "The proposals are those of {office}. Each rests on a result of this survey and stands here only "
        "as long "
        "as that result holds.",
    },
    "because": {
        "de": "Grundlage: {label}, {share}. Verlangt war ein Anteil von sicher {bounds}.",
        "en": "Basis: {label}, {share}. Required was a share of certainly {bounds}.",
    },
    "bound_least": {"de": "mindestens {bound}", "en": "at least {bound}"},
    "bound_most": {"de": "höchstens {bound}", "en": "at most {bound}"},
    # what changed
    "chapter_changes": {"de": "Was sich geändert hat", "en": "What has changed"},
    "changes_title": {"de": "Bedarfe damals und heute", "en": "Needs then and now"},
    "changes_note": {
        "de": "Anteil mit Bedarf, links {before} (n = {before_base}), rechts {now} (n = {base}). {lines} "
        "Volle Verbindung: Die Änderung geht über den Zufall "
        "hinaus "
        "(5-%-Niveau, Benjamini-Hochberg).",
        "en": "Share with a need, {before} on the left (n = {before_base}), {now} on the right (n = {base}). {lines} "
        "Full connection: the change goes beyond chance (5% level, "
        "Benjamini-Hochberg).",
    },
    "change_up": {
        "de": "{topic} ist um {points} häufiger als {wave}: damals {before}, heute {now}; Änderung {interval}.",
        "en": "{topic} is {points} more frequent than in {wave}: {before} then, {now} now; change {interval}.",
    },
    "change_down": {
        "de": "{topic} ist um {points} seltener als {wave}: damals {before}, heute {now}; Änderung {interval}.",
        "en": "{topic} is {points} less frequent than in {wave}: {before} then, {now} now; change {interval}.",
    },
    "changes_none": {
        "de": "Seit {wave} hat sich kein Bedarf über den Zufall hinaus geändert.",
        "en": "Since {wave} no need has changed beyond chance.",
    },
    # the questionnaire with its results
    "chapter_facsimile": {
        "de": "Anhang: der Fragebogen mit den Ergebnissen",
        "en": "Appendix: the questionnaire with its results",
    },
    "facsimile_title": {"de": "Fragebogen, Seite {page}", "en": "Questionnaire, page {page}"},
    "facsimile_note": {
        "de": "In jedem Kästchen der Anteil in Prozent an denen, die die Frage beantwortet haben{weighted}; • "
        "kleine Gruppe. "
        "Basis und Intervall jeder Zahl stehen in den Tabellen.",
        "en": "In each box its share in per cent of those who answered the item{weighted}; • small group. Base "
        "and interval of "
        "each number stand in the tables.",
    },
    "facsimile_mean": {"de": "Ø {mean}", "en": "Ø {mean}"},
    "facsimile_written": {
        "de": "{count} [Person hat|Personen haben] hier geschrieben",
        "en": "{count} [person|people] wrote here",
    },
    # the glossary
    "chapter_glossary": {"de": "Begriffe", "en": "Terms"},
    "term_n": {"de": "n", "en": "n"},
    "meaning_n": {
        "de": "Zahl der Fragebögen, auf denen eine Frage beantwortet ist: die Basis eines Anteils.",
        "en": "Number of questionnaires on which an item is answered: the base of a share.",
    },
    "term_interval": {"de": "95-%-Intervall", "en": "95% interval"},
    "meaning_interval": {
        "de": "Spanne um einen Anteil. Wäre es Zufall, wer geantwortet hat, und fragte man oft, so läge der "
        "Anteil unter "
        "allen in 95 von 100 solchen Spannen.",
        "en": "Range around a share. If it were chance who answered, and one asked often, the share among all "
        "would lie "
        "in 95 of 100 such ranges.",
    },
    "term_bounds": {"de": "Äußerste Grenzen", "en": "Worst-case bounds"},
    "meaning_bounds": {
        "de": "Anteil unter allen Angeschriebenen, wenn niemand oder wenn jede Person ohne Antwort so "
        "geantwortet hätte.",
        "en": "Share among all who were written to, if nobody or if everybody without an answer had said so.",
    },
    "term_need": {"de": "Bedarf", "en": "Need"},
    "meaning_need": {
        "de": "Jemand hat eine der Antworten angekreuzt, die im Kapitel als Bedarf genannt sind. Wer durch "
        "einen Filter "
        "an der Frage vorbeigeführt wurde, zählt als ohne Bedarf; eine fehlende Angabe zeigt nie einen Bedarf.",
        "en": "Somebody marked one of the answers that the chapter names as a need. Who was led past the item by "
        "routing counts as without need; a missing answer never shows a need.",
    },
    "term_response": {"de": "Rücklauf", "en": "Response"},
    "meaning_response": {
        "de": "Zurückgekommene Fragebögen, geteilt durch angeschriebene Personen.",
        "en": "Questionnaires that came back, over people written to.",
    },
    "term_points": {"de": "Prozentpunkt", "en": "Percentage point"},
    "meaning_points": {
        "de": "Abstand zweier Anteile: Von 40 % auf 50 % sind es 10 Prozentpunkte.",
        "en": "Distance of two shares: from 40% to 50% it is 10 percentage points.",
    },
    "term_routing": {"de": "Filter", "en": "Routing"},
    "meaning_routing": {
        "de": "Hinweis, nach einer Antwort Fragen zu überspringen. Wer übersprungen hat, steht nicht in der Basis.",
        "en": "Advice to skip items after an answer. Who skipped is not in the base.",
    },
    "term_doubtful": {"de": "Ungeklärt", "en": "Doubtful"},
    "meaning_doubtful": {
        "de": "Kreuz, das die Maschine nicht sicher las und über das noch kein Mensch entschieden hat.",
        "en": "Mark that the machine did not read for certain and no person has decided on yet.",
    },
    "term_hidden": {"de": "• (Punkt)", "en": "• (dot)"},
    "meaning_hidden": {
        "de": "Zahl, die nicht gezeigt wird, damit niemand zu erkennen ist.",
        "en": "Number that is not shown, so that nobody can be recognised.",
    },
    "term_beyond_chance": {"de": "Über den Zufall hinaus", "en": "Beyond chance"},
    "meaning_beyond_chance": {
        "de": "Unterschied, der so groß nur selten (höchstens in 5 von 100 Fällen) durch Zufall entstünde.",
        "en": "Difference so large that chance would rarely make it (at most in 5 of 100 cases).",
    },
    "label_now": {"de": "heute", "en": "now"},
    "term_weighted": {"de": "Gewichtet", "en": "Weighted"},
    "meaning_weighted": {
        "de": "Antworten zählen so, dass bekannte Gruppen so groß sind wie unter allen Angeschriebenen.",
        "en": "Answers count so that known groups are as large as among all who were written to.",
    },
    # the misreading rate
    "audit_finding": {
        "de": "{judged} sicher gelesene Kreuze und leere Kästchen wurden ausgelost und von einem Menschen blind "
        "geprüft; "
        "{wrong} [war|waren] falsch. Damit sind {rate} aller {marks} sicher gelesenen falsch ({low}–{high}).",
        "en": "{judged} certain marks and empty boxes were drawn by lot and checked blindly by a person; "
        "{wrong} [was|were] "
        "wrong. So {rate} of all {marks} certain ones are misread ({low}–{high}).",
    },
    "audit_none": {
        "de": "Eine blinde Prüfung ausgeloster Kreuze steht noch aus; wie viele falsch gelesen sind, ist nicht "
        "gemessen.",
        "en": "A blind check of marks drawn by lot has not been made yet; how many are misread has not been "
        "measured.",
    },
    "source": {
        "de": "Quelle: Fragebogen {id}, Fassung {version}.",
        "en": "Source: questionnaire {id}, version {version}.",
    },
}
