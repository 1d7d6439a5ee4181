"""What the print test says to whoever designs a questionnaire, in German and English."""

from __future__ import annotations

ADVICE: dict[str, dict[str, str]] = {
    "trial_title": {"de": "Druckprobe vor dem Versand: {id}", "en": "Print test before mailing: {id}"},
    "trial_method": {
        "de": "{copies} [Exemplar|Exemplare] simuliert: angekreuzt mit Kugelschreiber, Tinte, Filzstift und blassem "
        "Bleistift, gefaltet, schief eingezogen, zur Hälfte schwarz-weiß gescannt; dann so gelesen "
        "wie echter Rücklauf.",
        "en": "{copies} [copy|copies] simulated: marked with ballpoint, ink, felt-tip and pale pencil, folded, fed "
        "askew, half of them scanned in black and white; then read as real returns are.",
    },
    "trial_good": {
        "de": "Kein Kästchen fällt auf. Der Fragebogen kann so gedruckt werden.",
        "en": "No box stands out. The questionnaire can be printed as it is.",
    },
    "trial_named": {
        "de": "{count} von {all} Kästchen [fällt|fallen] auf: {misread} falsch gelesen, {doubtful} zu oft "
        "zweifelhaft, {unread} nicht gelesen.",
        "en": "{count} of {all} boxes [stands|stand] out: {misread} misread, {doubtful} too often doubtful, "
        "{unread} not read.",
    },
    "trial_few": {
        "de": "Mit weniger als 20 Exemplaren zeigen sich nur grobe Fehler.",
        "en": "With fewer than 20 copies only gross faults show.",
    },
    "trial_total": {
        "de": "Von {marks} Kreuzen und {empty} leeren Kästchen wurden {silent} falsch gelesen, {doubts} "
        "blieben zweifelhaft.",
        "en": "Of {marks} marks and {empty} empty boxes {silent} were misread, and {doubts} left to a "
        "person.",
    },
    "verdict_good": {"de": "unauffällig", "en": "good"},
    "verdict_doubtful": {"de": "zu oft zweifelhaft", "en": "too often doubtful"},
    "verdict_misread": {"de": "falsch gelesen", "en": "misread"},
    "verdict_unread": {"de": "nicht gelesen", "en": "not read"},
    "trial_page": {"de": "Seite {page}", "en": "Page {page}"},
    "trial_pages": {"de": "Seite {pages}", "en": "Page {pages}"},
    "trial_more": {"de": "und {count} weitere", "en": "and {count} more"},
    "trial_boxes": {"de": "{count} Kästchen: {names}", "en": "{count} [box|boxes]: {names}"},
    "trial_rest": {
        "de": "Weitere Hinweise stehen in der Tabelle.",
        "en": "More advice stands in the table.",
    },
    "cause_faint": {"de": "Rahmen zu blass", "en": "Frame too faint"},
    "advice_faint": {
        "de": "Drucken Sie den Rahmen schwarz oder dunkelgrau und mindestens 0,25 mm stark, oder lassen Sie "
        "in Graustufen statt schwarz-weiß scannen.",
        "en": "Print the frame black or dark grey and at least 0.25 mm thick, or have it scanned in grey "
        "rather than in black and white.",
    },
    "cause_inside": {"de": "Druck im Kästchen", "en": "Print inside the box"},
    "advice_inside": {
        "de": "Lassen Sie das Innere leer: Buchstaben, Ziffern und Raster gehören daneben.",
        "en": "Leave its inside empty: letters, numbers and tints belong beside it.",
    },
    "cause_close": {"de": "Kästchen stehen zu dicht", "en": "Boxes too close"},
    "advice_close": {
        "de": "Rücken Sie die Kästchen auseinander, mindestens 2 mm von Rahmen zu Rahmen, besser 4 mm: "
        "Kreuze ragen hinaus.",
        "en": "Move the boxes apart, at least 2 mm from frame to frame, better 4 mm: marks reach out of "
        "them.",
    },
    "cause_around": {"de": "Druck dicht am Kästchen", "en": "Print close to the box"},
    "advice_around": {
        "de": "Halten Sie rings um das Kästchen 2 mm frei von Text, Linien und Pfeilen.",
        "en": "Keep 2 mm around the box free of text, lines and arrows.",
    },
    "cause_small": {"de": "Kästchen zu klein", "en": "Box too small"},
    "advice_small": {
        "de": "Machen Sie das Kästchen 3,5 bis 4 mm groß; in kleineren bleibt von einem Kreuz zu wenig.",
        "en": "Make the box 3.5 to 4 mm large; in a smaller one too little is left of a cross.",
    },
    "cause_edge": {"de": "Nah am Papierrand", "en": "Near the paper's edge"},
    "advice_edge": {
        "de": "Rücken Sie das Kästchen mindestens 10 mm vom Rand ab: Scanner schneiden dort ab.",
        "en": "Move the box at least 10 mm away from the edge: scanners crop there.",
    },
    "cause_fold": {"de": "Auf der Falz des Briefes", "en": "On the letter's fold"},
    "advice_fold": {
        "de": "Lassen Sie ein Drittel, die Hälfte und zwei Drittel der Seitenhöhe frei: Dort wird der Brief "
        "gefaltet.",
        "en": "Keep a third, half and two thirds of the page's height free: there the letter is folded.",
    },
    "cause_place": {"de": "Stelle nicht sicher zu finden", "en": "Place not found for certain"},
    "advice_place": {
        "de": "Geben Sie dem Kästchen einen festen Rahmen und der Umgebung etwas Gedrucktes, woran sie zu "
        "erkennen ist.",
        "en": "Give the box a firm frame, and its surroundings some print by which to know them.",
    },
    "cause_crossed": {
        "de": "Striche der Nachbarn reichen hinein",
        "en": "Strokes reach over from beside it",
    },
    "advice_crossed": {
        "de": "Geben Sie mehr Platz zu den Nachbarn, und Platz für Bemerkungen an anderer Stelle.",
        "en": "Leave more room to its neighbours, and room for remarks elsewhere.",
    },
    "cause_blurred": {"de": "Druck verschwimmt zu Tinte", "en": "Print blurs into ink"},
    "advice_blurred": {
        "de": "Drucken Sie Rahmen und Schrift ringsum feiner, und legen Sie als Vorlage die Druckdatei "
        "selbst vor, keinen Scan davon: Leere Kästchen sehen sonst aus, als reichte Tinte hinein.",
        "en": "Print the frame and the text around finer, and learn the printer's own file, not a scan of "
        "it: otherwise empty boxes look as if ink reached into them.",
    },
    "cause_filled": {"de": "Ausgefüllt: Kreuz oder Korrektur?", "en": "Filled in: mark or correction?"},
    "advice_filled": {
        "de": "Zeigen Sie ein gezeichnetes Beispiel für das Ankreuzen und für die Korrektur.",
        "en": "Show a drawn example of a mark and of how to take one back.",
    },
    "cause_sparse": {"de": "Kaum etwas ins Feld geschrieben?", "en": "Hardly anything written?"},
    "advice_sparse": {
        "de": "Kurze, blasse Einträge und fremde Striche gleichen sich: Lassen Sie das Feld weiß, "
        "ohne Linien, und rücken Sie es von den Kästchen darüber ab.",
        "en": "Short, pale entries and stray strokes look alike: leave the field white, without rules, "
        "and away from the boxes above it.",
    },
    "cause_marks": {"de": "Kein Fehler des Drucks gefunden", "en": "No fault of the print found"},
    "advice_marks": {
        "de": "Sehen Sie sich das Kästchen an und wiederholen Sie die Probe mit mehr Exemplaren; oft sind "
        "es Häkchen und Striche, die kaum im Kästchen stehen.",
        "en": "Look at the box and repeat the test with more copies; often it is ticks and dashes that "
        "hardly touch it.",
    },
    "cause_sibling": {
        "de": "Seite mit einer anderen zu verwechseln",
        "en": "Page hard to tell from another",
    },
    "advice_sibling": {
        "de": "Drucken Sie auf jede Seite einen Code oder etwas, das nur sie hat: Überschrift, Seitenzahl "
        "in großer Schrift.",
        "en": "Print a code on each page, or something only it has: a heading, its number in large type.",
    },
    "cause_unfound": {"de": "Seite nicht immer zu erkennen", "en": "Page not always recognised"},
    "advice_unfound": {
        "de": "Drucken Sie mehr Festes auf die Seite (Rahmen, Linien, vier Eckmarken mindestens 10 mm vom "
        "Rand).",
        "en": "Print more that is firm on the page (frames, rules, four corner squares at least 10 mm from "
        "the edge).",
    },
    "cause_code": {"de": "Seriennummer nicht immer lesbar", "en": "Serial not always readable"},
    "advice_code": {
        "de": "Drucken Sie den Code zweimal, oben und unten, mindestens 10 mm vom Rand und nicht auf die "
        "Falz.",
        "en": "Print the code twice, at head and foot, at least 10 mm from the edge and off the folds.",
    },
}
