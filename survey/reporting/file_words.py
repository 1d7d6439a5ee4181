"""Words of the files beside the printed report, in German and English: pages, documents, slides, workbooks, data."""

from __future__ import annotations

FILE_WORDS: dict[str, dict[str, str]] = {
    # the folders
    "status_open": {
        "de": "Zwischenbericht: Es können noch Fragebögen eingehen",
        "en": "Interim report: further questionnaires may come in",
    },
    "folder_file": {"de": "LIESMICH", "en": "README"},
    "folder_public": {
        "de": """Dieser Ordner darf als Ganzes weitergegeben werden.

report.pdf   der Bericht, barrierefrei, zum Lesen und Drucken
report.html  derselbe Bericht für den Bildschirm; unter jeder Abbildung stehen ihre Zahlen
report.docx  derselbe Bericht zum Bearbeiten in Word
slides.pptx  zehn Folien mit Notizen zum Vortrag
tables.xlsx  alle Tabellen mit Basis, Intervall und Hinweisen
charts/      die Abbildungen einzeln
data/        die Zahlen des Berichts, Codebuch und DDI; einzelne Fälle nur, soweit sie anonym sind

Zu kleine Zahlen sind in allen Dateien verborgen.
Was im Amt bleiben muss, liegt im Ordner {name}.internal.
""",
        "en": """This folder may be passed on as a whole.

report.pdf   the report, accessible, to read and to print
report.html  the same report for the screen; each figure has its numbers below it
report.docx  the same report, to edit in Word
slides.pptx  ten slides with notes for the speaker
tables.xlsx  every table with base, interval and notes
charts/      the figures one by one
data/        the report's numbers, codebook and DDI; single cases only as far as they are anonymous

Numbers too small to be shown are hidden in all files.
What must stay in the office lies in {name}.internal.
""",
    },
    "folder_internal": {
        "de": """Dieser Ordner bleibt im Amt: Er enthält einzelne Fälle mit ihren Nummern und freien Texten.

report.html   der Bericht; jede Zahl öffnet ihr Papier, solange survey review läuft
numbers.html  alle Zahlen mit ihrem Papier
data/         alle Antworten: wide (eine Zeile je Fall), tidy (eine je Fall und Variable), Gewichte

Zum Weitergeben ist der Ordner {name} da.
""",
        "en": """This folder stays in the office: it holds single cases with their serials and free texts.

report.html   the report; each number opens its paper while survey review runs
numbers.html  all numbers with their paper
data/         all answers: wide (one row a case), tidy (one a case and variable), weights

The folder {name} is the one to pass on.
""",
    },
    # the page, the document, the slides
    "page_skip": {"de": "Zum Inhalt", "en": "Skip to the contents"},
    "page_numbers": {"de": "Zahlen zu dieser Abbildung", "en": "The numbers of this figure"},
    "page_paper": {"de": "Papier zu dieser Zahl öffnen", "en": "Open the paper of this number"},
    "page_internal": {
        "de": "Nur für das Amt: Jede unterstrichene Zahl öffnet auf der Prüfseite (survey review) die Bögen, aus denen "
        "sie besteht.",
        "en": "For the office only: each underlined number opens, on the review page (survey review), the sheets it is "
        "made of.",
    },
    "page_preview": {
        "de": "Vorschau: folgt jeder Änderung an Fragebogen und Texten. Nur für das Amt.",
        "en": "Preview: follows each change of the questionnaire and its texts. For the office only.",
    },
    "page_table_scrolls": {"de": "Tabelle: {title}", "en": "Table: {title}"},
    "page_picture_scrolls": {"de": "Abbildung: {title}", "en": "Figure: {title}"},
    "slide_summary": {"de": "Das Wichtigste", "en": "The main results"},
    "slide_how": {"de": "Wie sicher die Zahlen sind", "en": "How certain the numbers are"},
    "slide_notes_figure": {"de": "Die Abbildung in Worten: {alt}", "en": "The figure in words: {alt}"},
    "slide_source": {"de": "Quelle: {office}. Bericht {id}, {status}", "en": "Source: {office}. Report {id}, {status}"},
    # the workbook
    "sheet_guide": {"de": "Hinweise", "en": "Read me"},
    "sheet_further": {"de": "Weitere Tabellen", "en": "Further tables"},
    "guide_title": {"de": "Tabellen zu: {title}", "en": "Tables of: {title}"},
    "guide_what": {
        "de": "Jedes Blatt zeigt eine Frage: je Antwort die Zahl der Fälle, den Anteil, sein 95-%-Intervall (von, bis) "
        "und, wenn hochgerechnet wird, die Personen. Links alle, rechts daneben die Gruppen. Unter jedem Block steht "
        "die Basis, unter der Tabelle stehen die Hinweise.",
        "en": "Each sheet shows one item: for each answer the number of cases, the share, its 95% interval (from, to) "
        "and, where the results stand for more people, the people. All on the left, then the groups. Each block ends "
        "with its base, each table with its notes.",
    },
    "guide_numbers": {
        "de": "Das letzte Blatt enthält dieselben Zahlen als Liste, eine Zeile je Zahl, zum Weiterrechnen; der "
        "Schlüssel in der ersten Spalte ist derselbe wie im Bericht und in den Daten.",
        "en": "The last sheet has the same numbers as a list, one row a number, to work on with; the key in its first "
        "column is that of the report and the data.",
    },
    "guide_sheet": {"de": "Blatt", "en": "Sheet"},
    "guide_content": {"de": "Inhalt", "en": "Contents"},
    "guide_base": {"de": "Basis (alle)", "en": "Base (all)"},
    # the codebook
    "codebook_title": {"de": "Codebuch: {title}", "en": "Codebook: {title}"},
    "codebook_note": {
        "de": "Alle Variablen in der Reihenfolge des Fragebogens. Die Häufigkeiten sind ungewichtet und gelten für "
        "alle Rückläufe; • steht für eine Zahl, die zu klein ist, um sie zu zeigen.",
        "en": "All variables in the order of the questionnaire. Frequencies are unweighted and of all returns; • "
        "stands for a number too small to be shown.",
    },
    "codebook_code": {"de": "Code", "en": "Code"},
    "codebook_label": {"de": "Bedeutung", "en": "Meaning"},
    "codebook_cases": {"de": "Fälle", "en": "Cases"},
    "codebook_missing": {"de": "fehlend", "en": "missing"},
    "codebook_all_missing": {"de": "Fehlende Werte aller Variablen", "en": "Missing values of all variables"},
    "codebook_sets": {"de": "Mehrfachantworten", "en": "Multiple responses"},
    # the description for archives
    "ddi_census": {
        "de": "Vollerhebung: Alle Personen der Liste wurden angeschrieben.",
        "en": "Census: all people of the frame were written to.",
    },
    "ddi_mode": {
        "de": "Schriftliche Befragung per Post, maschinell eingelesen",
        "en": "Mailed paper questionnaire, read from scans",
    },
    "ddi_instrument": {"de": "Fragebogen zum Ankreuzen", "en": "Questionnaire with boxes to mark"},
    "ddi_rate": {"de": "{rate} ({count} von {frame})", "en": "{rate} ({count} of {frame})"},
}  # fmt: skip
