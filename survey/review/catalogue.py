"""What the review page says, German and English beside each other."""

from __future__ import annotations

import re

from survey.reading import assemble
from survey.reading.reasons import HINTS, Reason

Pair = tuple[str, str]
LANGUAGES = ("de", "en")

DOUBTS_SAID: dict[str, Pair] = {
    "between": ("unsicheres Kreuz: {0}, zwischen {1} und {2}", "unsure mark: {0}, between {1} and {2}"),
    "edge": ("sieht leer aus, aber Tinte am Rand: {0}", "looks empty, but ink at its edge: {0}"),
    "trace": ("sieht leer aus, aber innen eine Spur Tinte: {0}", "looks empty, but a trace of ink is inside: {0}"),
    "little": ("sehr wenig Tinte: Kreuz oder Fleck? {0}", "little ink: a mark or a speck? {0}"),
    "no ink": ("sieht angekreuzt aus, aber keine Tinte gefunden: {0}", "looks marked, but no ink is found: {0}"),
    "second": ("ein zweites, viel schwächeres Kreuz", "a second, much weaker mark"),
    "several": (
        "nicht sicher genug neben einem anderen Kreuz: {0}, verlangt {1}",
        "not sure enough beside another mark: {0}, wanted {1}",
    ),
    "aside": (
        "sieht leer aus, aber gleich daneben steht etwas wie ein Kreuz: Ist dieses Kästchen gemeint?",
        "looks empty, but something like a mark stands right beside it: was this box meant?",
    ),
    "slight": (
        "ein kleines Kreuz, nicht sicher genug: {0}, verlangt {1}",
        "a slight mark, not sure enough: {0}, wanted {1}",
    ),
    "unusual": (
        "im Vergleich mit simulierten Bögen ungewöhnlich, falsch gelesen mit Wahrscheinlichkeit {0}: Was gilt?",
        "seldom so in simulated returns, read wrongly with probability {0}: what was meant?",
    ),
    "unlike": (
        "viel kleiner als die anderen Kreuze dieses Bogens: Kreuz oder Ausrutscher?",
        "far less of a mark than this person's others: a mark or a slip?",
    ),
    "shared": ("ein Strich in zwei Kästchen: Welches gilt?", "a stroke in two boxes: which one was meant?"),
    "upright": (
        "eine senkrechte Linie, anders als die Kreuze dieses Bogens: Kreuz oder Pfeil?",
        "an upright line, unlike this person's marks: a mark or an arrow?",
    ),
    "writing": (
        "geht neben dem Kästchen weit weiter, anders als die Kreuze dieses Bogens: Kreuz oder Schrift?",
        "goes on far beside the box, unlike this person's marks: a mark or writing?",
    ),
    "stirs": (
        "in dieser Frage ist nichts angekreuzt, und hier könnte etwas sein: {0}",
        "nothing is marked in this item, and here may be something: {0}",
    ),
    "filled": ("ausgefüllt: angekreuzt oder zurückgenommen?", "filled in: a mark or blacked out?"),
    "heavy": (
        "kräftiges Kreuz neben einem anderen: angekreuzt oder zurückgenommen?",
        "a heavy mark beside another: mark or blacked out?",
    ),
    "speck": ("ein wenig Tinte im Feld", "a little ink in the field"),
    "faint": (
        "nichts zu sehen, aber die Kreuze dieses Bogens sind so blass, dass der Scan andere verloren haben kann",
        "nothing is seen, but the marks of this case are so faint that the scan may have lost others",
    ),
    "no mark": (
        "kaum ein Kreuz auf allen Schwarz-Weiß-Seiten: Der Scan kann einen blassen Stift verloren haben",
        "hardly a mark on all black-and-white pages: the scan may have lost a pale pen",
    ),
    "misfit": ("der Druck ringsum passt nicht: {0}, verlangt {1}", "the print around does not fit: {0}, wanted {1}"),
    "missing": (
        "ein Teil des Kästchens selbst fehlt: {0}, es liegt vielleicht woanders",
        "part of the box itself is missing: {0}, it may lie elsewhere",
    ),
    "outside": ("das Kästchen liegt außerhalb des Bildes", "the box lies outside the scanned image"),
    "routing": (
        "widerspricht dem Filter oder einem anderen Kreuz: Was gilt?",
        "contradicts the routing or another mark: which counts?",
    ),
    "moved": (
        "das Kästchen ist verlegt worden, seit jemand darüber entschied",
        "its box has moved since a person decided about it",
    ),
}  # fmt: skip
KINDS_SAID: dict[str, Pair] = {
    "between": ("unsicheres Kreuz", "unsure mark"),
    "edge": ("Tinte am Rand", "ink at the edge"),
    "aside": ("Kreuz daneben", "mark beside the box"),
    "trace": ("Spur von Tinte", "trace of ink"),
    "little": ("sehr wenig Tinte", "very little ink"),
    "no ink": ("keine Tinte", "no ink"),
    "second": ("zweites Kreuz", "second mark"),
    "several": ("mehrere Kreuze", "several marks"),
    "slight": ("kleines Kreuz", "slight mark"),
    "unlike": ("auffallend kleines Kreuz", "mark unlike the others"),
    "unusual": ("ungewöhnlich für diesen Bogen", "unusual for this case"),
    "shared": ("Strich in zwei Kästchen", "stroke in two boxes"),
    "upright": ("vielleicht ein Pfeil", "perhaps an arrow"),
    "writing": ("vielleicht Schrift", "perhaps writing"),
    "stirs": ("vielleicht etwas", "perhaps something"),
    "filled": ("ausgefüllt", "filled in"),
    "heavy": ("kräftiges Kreuz", "heavy mark"),
    "speck": ("ein wenig Tinte", "a little ink"),
    "faint": ("blasse Seite", "faint page"),
    "no mark": ("Bogen fast ohne Kreuz", "return with hardly a mark"),
    "misfit": ("Druck passt nicht", "print does not fit"),
    "missing": ("Kästchen nicht ganz da", "box not all there"),
    "outside": ("außerhalb", "outside"),
    "moved": ("verlegt", "moved"),
    "routing": ("Widerspruch", "contradiction"),
    "digits": ("Ziffern", "digits"),
    "text": ("Text", "text"),
}
STATES_SAID: dict[str, Pair] = {
    "empty": ("leer", "empty"),
    "marked": ("angekreuzt", "marked"),
    "revoked": ("zurückgenommen", "revoked"),
    "doubtful": ("unsicher", "doubtful"),
    "unreadable": ("unlesbar", "unreadable"),
}
PLACES_SAID: dict[str, Pair] = {
    "read": ("gelesen", "read"),
    "duplicate": ("doppelt", "duplicate"),
    "superseded": ("ersetzt", "superseded"),
    "foreign": ("fremd", "foreign"),
    "cover sheet": ("Deckblatt", "cover sheet"),
    "blank back": ("leere Rückseite", "blank back"),
    "unreadable": ("unlesbar", "unreadable"),
    "discarded": ("ausgesondert", "discarded"),
    "waiting": ("wartet", "waiting"),
}
HALVES_SAID: dict[str, Pair] = {
    "left": ("linke Hälfte", "left half"),
    "right": ("rechte Hälfte", "right half"),
    "upper": ("obere Hälfte", "upper half"),
    "lower": ("untere Hälfte", "lower half"),
}
_REASONS: dict[str, str] = {
    Reason.EMPTY_FILE: "die Datei ist leer",
    Reason.ENCRYPTED: "die Datei ist verschlüsselt",
    Reason.DAMAGED: "die Datei ist abgeschnitten oder beschädigt",
    Reason.DAMAGED_PAGE: "das Bild der Seite lässt sich nicht entschlüsseln",
    Reason.NOT_A_SCAN: "die Datei ist weder ein PDF noch ein Bild, das sich öffnen lässt",
    Reason.BLANK: "es steht nichts darauf",
    Reason.NOT_OURS: "sie zeigt den Druck keines bekannten Fragebogens",
    Reason.AMBIGUOUS: "zwei Seiten des Fragebogens passen gleich gut",
    Reason.OTHER_QUESTIONNAIRE: "ihr Code nennt einen Fragebogen, den dieses Projekt nicht hat",
    Reason.NOT_ISSUED: "ihre Nummer wurde nie ausgegeben",
    Reason.CODES_DISAGREE: "ihre Codes nennen verschiedene Fälle oder Seiten",
    Reason.MISREGISTERED: "ihr Druck passt nicht auf das Muster",
    assemble.CASE_UNKNOWN: "ihre Nummer ist nicht lesbar",
    assemble.A_PERSON_SAID: "so entschied ein Mensch",
    assemble.SAME_IMAGE: "dasselbe Bild wie {}",
    assemble.SAME_MARKS: "dieselbe Seite desselben Falls mit denselben Kreuzen wie {}",
    assemble.SECOND_ANSWER: "eine zweite, andere Seite {} des Falls {}; die erste ist {}",
    assemble.OTHER_STROKES: "eine zweite Seite {} des Falls {}, gleich angekreuzt von anderer Hand; die erste ist {}",
    assemble.UNFILLED: "nichts ist ausgefüllt und kein Scanner hat sie gemacht: Sie ist ein leeres Muster",
    assemble.READ_BETTER: "noch einmal gescannt: {} hat weniger Zweifel",
    assemble.READ_ELSEWHERE: "dieselbe Seite desselben Falls wurde gelesen: {}",
    assemble.OTHER_COUNTS: "ein Mensch wählte einen anderen Scan dieser Seite: {}",
    assemble.TAKE_OUT: "Nehmen Sie die Datei aus dem Ordner, wenn nicht jemand sie so zurückgesandt hat.",
    "look at the sheet: which case is it?": "Sehen Sie das Blatt an: Welcher Fall ist es?",
    "look at both sheets: which one counts?": "Sehen Sie beide Blätter an: Welches zählt?",
    HINTS[Reason.DAMAGED]: "Kopieren Sie die Datei noch einmal vom Scanner, oder scannen Sie den Stapel neu.",
    HINTS[Reason.EMPTY_FILE]: "Scannen Sie den Stapel neu.",
    HINTS[Reason.ENCRYPTED]: "Speichern Sie sie ohne Passwort und lesen Sie neu ein.",
    HINTS[Reason.DAMAGED_PAGE]: "Scannen Sie dieses Blatt neu.",
    HINTS[Reason.NOT_A_SCAN]: "Speichern Sie sie als PDF, TIFF, JPEG oder PNG, oder nehmen Sie sie heraus.",
    HINTS[Reason.NOT_OURS]: "Gehört sie dazu, lernen Sie ihr Muster an; sonst nehmen Sie sie aus dem Stapel.",
    HINTS[Reason.AMBIGUOUS]: "Sehen Sie das Blatt an und scannen Sie es neu.",
    HINTS[
        Reason.OTHER_QUESTIONNAIRE
    ]: "Legen Sie das Schema dieses Fragebogens dazu, oder nehmen Sie das Blatt heraus.",
    HINTS[Reason.NOT_ISSUED]: "Vergleichen Sie das Blatt mit der Liste der ausgegebenen Nummern.",
    HINTS[
        Reason.CODES_DISAGREE
    ]: "Sehen Sie das Blatt an: Vielleicht wurden zwei Blätter als eines gescannt.",
    HINTS[Reason.MISREGISTERED]: "Glätten Sie das Blatt und scannen Sie es neu.",
}
TEXTS: dict[str, Pair] = {
    "title": ("Durchsicht", "Review"),
    "ask": ("Fragen", "Ask"),
    "sweep": ("Überfliegen", "Sweep"),
    "read": ("Lesen", "Read"),
    "pages": ("Seiten", "Pages"),
    "blind": ("Blindprobe", "Blind check"),
    "overview": ("Übersicht", "Overview"),
    "number": ("Hinter der Zahl", "Behind the number"),
    "skip": ("Zum Inhalt", "Skip to content"),
    "language": ("English", "Deutsch"),
    "dark": ("Hell oder dunkel", "Light or dark"),
    "left": ("noch {0}", "{0} left"),
    "saved": ("alles gesichert", "everything saved"),
    "saving": ("{0} werden gesichert", "saving {0}"),
    "offline": (
        "{0} warten: Der Server antwortet nicht. Es geht nichts verloren.",
        "{0} waiting: the server does not answer. Nothing is lost.",
    ),
    "locked_out": (
        "Die Anmeldung ist abgelaufen: survey review neu starten, den Link öffnen. {0} Entscheidungen warten hier.",
        "You are signed out. Start survey review again and open its link; {0} decisions wait here.",
    ),
    "refused": ("Abgelehnt: {0}", "Refused: {0}"),
    "nothing": ("Hier wartet nichts mehr.", "Nothing waits here any more."),
    "machine": ("Die Maschine liest", "The machine reads"),
    "machine_none": ("nichts Sicheres", "nothing for certain"),
    "machine_blank": ("nichts angekreuzt", "nothing marked"),
    "why": ("Warum sie fragt", "Why it asks"),
    "case": ("Fall", "Case"),
    "page": ("Seite", "Page"),
    "row": ("Zeile", "Row"),
    "options": ("Antworten", "Options"),
    "strip_alt": ("Ausschnitt der gescannten Seite: {0}", "Part of the scanned page: {0}"),
    "page_alt": ("Seite {0}, der Ausschnitt ist eingerahmt", "Page {0}, the part is framed"),
    "masked": ("Alles andere auf der Seite ist verdeckt.", "Everything else on the page is masked."),
    "key_digits": ("Antwort wählen", "choose an option"),
    "key_two": ("Antwort wählen (zwei Ziffern)", "choose an option (two digits)"),
    "key_0": ("keine Antwort", "no answer"),
    "key_m": ("mehrere gemeint", "several were meant"),
    "key_u": ("unlesbar", "unreadable"),
    "key_enter": ("wie die Maschine / fertig", "agree with the machine / done"),
    "key_done": ("fertig", "done"),
    "key_back": ("zurücknehmen", "undo"),
    "key_s": ("später", "later"),
    "key_f": ("größer", "larger"),
    "key_help": ("Hilfe", "help"),
    "help": ("Tasten", "Keys"),
    "keys_off": ("Einzelne Tasten abschalten", "Switch single keys off"),
    "nothing_yet": ("Noch wurde nichts entschieden.", "Nothing has been decided yet."),
    "close": ("Schließen", "Close"),
    "choose_first": ("Bitte zuerst eine Antwort wählen: Die Maschine ist hier unentschieden.",
                     "Please choose first: the machine is undecided here."),
    "enter_again": (
        "Hier schlägt die Maschine nichts vor. Noch einmal Eingabe entscheidet wie gezeigt.",
        "The machine suggests nothing here. Enter once more decides as shown.",
    ),
    "pick_several": ("Welche sind gemeint? Ziffern, dann Eingabe.", "Which ones were meant? Digits, then Enter."),
    "decided": ("Entschieden: {0}", "Decided: {0}"),
    "undone": ("Zurückgenommen", "Undone"),
    "own_speed": ("Ihr eigenes Tempo heute: {0} je Minute. Das sehen nur Sie.",
                  "Your own speed today: {0} a minute. Only you see this."),
    "sweep_help": (
        "Pfeile bewegen, Leertaste sagt, was ein Kästchen ist. Umschalt+Leertaste sagt dasselbe von allen offenen "
        "dahinter. Umschalt+Eingabe entscheidet dieses und alle dahinter; offene bleiben liegen.",
        "Arrows move, space says what a box is. Shift+Space says the same of all open ones beyond. "
        "Shift+Enter settles this one and all beyond; open ones are left.",
    ),
    "sweep_first": (
        "Bitte zuerst mit der Leertaste sagen, was dieses Kästchen ist.",
        "Please say first what this box is: press space.",
    ),
    "sweep_open": ("offen", "open"),
    "sweep_same": ("Alle offenen dahinter ebenso", "All open ones beyond are the same"),
    "key_space": ("Leertaste", "Space"),
    "sweep_kind": ("Art des Zweifels", "Kind of doubt"),
    "sweep_settle": (
        "Dieses und alle dahinter entscheiden: {0} (offen bleiben {1})",
        "Settle this one and all beyond: {0} ({1} left open)",
    ),
    "crop_alt": ("Kästchen {0}: {1}", "Box {0}: {1}"),
    "typed": ("Abschrift", "Transcript"),
    "digits": ("Ziffern, leer für keine Antwort", "Digits, empty for no answer"),
    "themes": ("Themen", "Themes"),
    "no_themes": ("Das Schema nennt für diese Frage keine Themen.", "The schema lists no themes for this item."),
    "name_hide": ("Name: Auswahl schwärzen", "Name: black out the selection"),
    "may_print": ("darf gedruckt werden", "may be printed"),
    "save": ("Sichern und weiter", "Save and go on"),
    "key_save_digits": ("Eingabe", "Enter"),
    "key_save_text": ("Strg Eingabe", "Ctrl Enter"),
    "key_name": ("Strg B", "Ctrl B"),
    "seems": ("Sieht aus wie (geraten, zählt nicht)", "Looks like (a guess, it does not count)"),
    "later": ("Später", "Later"),
    "undo": ("Zurücknehmen", "Undo"),
    "unreadable": ("Unlesbar", "Unreadable"),
    "digits_wrong": ("Nur Ziffern, höchstens {0}.", "Digits only, at most {0}."),
    "pages_intro": ("Was nicht einfach gelesen wurde. Entscheidungen gelten mit dem nächsten survey ingest.",
                    "What was not simply read. Decisions take effect with the next survey ingest."),
    "place": ("Platz", "Place"),
    "reason": ("Grund", "Reason"),
    "turn_left": ("Nach links drehen", "Turn left"),
    "turn_right": ("Nach rechts drehen", "Turn right"),
    "is_page": ("Es ist Seite", "It is page"),
    "of_case": ("des Falls", "of case"),
    "of_questionnaire": ("des Fragebogens", "of questionnaire"),
    "say_so": ("So ist es", "Say so"),
    "counts": ("Dieser Scan zählt", "This scan counts"),
    "set_aside": ("Ein anderer Scan zählt", "Another scan counts"),
    "discard": ("Aussondern", "Discard"),
    "discard_why": ("Grund des Aussonderns", "Why discard"),
    "needs_reason": ("Bitte nennen Sie einen Grund.", "Please give a reason."),
    "again": ("Noch einmal scannen", "Scan again"),
    "again_list": ("Liste der Blätter zum Nachscannen", "List of sheets to scan again"),
    "print_list": ("Liste drucken", "Print the list"),
    "again_none": ("Kein Blatt ist zum Nachscannen vorgemerkt.", "No sheet is marked to be scanned again."),
    "where": ("Wo es liegt", "Where it lies"),
    "said": ("Entschieden", "Decided"),
    "said_turned": ("gedreht", "turned"),
    "said_placed": ("Seite und Fall benannt", "page and case named"),
    "said_counts": ("dieser Scan zählt", "this scan counts"),
    "said_superseded": ("ein anderer Scan zählt", "another scan counts"),
    "said_discarded": ("ausgesondert", "discarded"),
    "said_again": ("wird nachgescannt", "to be scanned again"),
    "back_to_list": ("Zur Liste", "Back to the list"),
    "blind_intro": ("Sie sehen nicht, was die Maschine gelesen hat. Kreuzen Sie an, was Sie sehen.",
                    "You do not see what the machine has read. Mark what you see."),
    "blind_none": ("Es ist keine Stichprobe gezogen: survey audit ID", "No sample has been drawn: survey audit ID"),
    "double": ("Zweitlesung", "Double review"),
    "ledger": ("Rechnung", "Ledger"),
    "issued": ("ausgegeben", "issued"),
    "returned": ("zurückgekommen", "returned"),
    "undeliverable": ("unzustellbar", "undeliverable"),
    "refused_people": ("verweigert", "refused"),
    "outstanding": ("ausstehend", "outstanding"),
    "scanned": ("gescannte Seiten", "scanned pages"),
    "doubts_by_item": ("Zweifel je Frage", "Doubts by item"),
    "item": ("Frage", "Item"),
    "kind": ("Art", "Kind"),
    "count": ("Anzahl", "Number"),
    "people": ("Wer entschieden hat", "Who decided"),
    "person": ("Pseudonym", "Pseudonym"),
    "decisions": ("Entscheidungen", "Decisions"),
    "per_minute": ("je Minute", "a minute"),
    "agreement": ("Übereinstimmung", "Agreement"),
    "agreement_said": (
        "Zwei Menschen lasen {0} Kästchen: gleich bei {1} %, Cohens Kappa {2}.",
        "Two people read {0} boxes: the same for {1} %, Cohen's kappa {2}.",
    ),
    "agreement_none": ("Noch wurde nichts zweimal gelesen.", "Nothing has been read twice yet."),
    "audit_said": (
        "Blindprobe {0}: {1} von {2} beurteilt, {3} anders gesehen.",
        "Blind check {0}: {1} of {2} judged, {3} seen otherwise.",
    ),
    "waits": ("Es wartet", "What waits"),
    "look_again": ("Neu entscheiden", "Decide again"),
    "number_intro": ("Das Papier hinter {0}: {1} Fälle.", "The paper behind {0}: {1} cases."),
    "number_first": ("Gezeigt werden die ersten {0} Ausschnitte.", "The first {0} strips are shown."),
    "number_none": ("Hinter {0} liegt kein Papier.", "There is no paper behind {0}."),
    "not_typed": ("noch nicht abgeschrieben", "not typed yet"),
    "claiming": ("Einen Augenblick …", "One moment …"),
    "claimed": ("Was noch wartet, haben gerade andere Menschen vor sich.", "Others are looking at what still waits."),
}  # fmt: skip


def texts(language: str) -> dict[str, object]:
    """Return everything the page says in one language, by key."""
    at = LANGUAGES.index(language)
    return {
        **{key: pair[at] for key, pair in TEXTS.items()},
        "doubts": {key: pair[at] for key, pair in DOUBTS_SAID.items()},
        "kinds": {key: pair[at] for key, pair in KINDS_SAID.items()},
        "states": {key: pair[at] for key, pair in STATES_SAID.items()},
        "places": {key: pair[at] for key, pair in PLACES_SAID.items()},
        "halves": {key: pair[at] for key, pair in HALVES_SAID.items()},
    }


def in_german(text: str) -> str:
    """Say a reason or hint of the ledger in German; what is in no template stays as it is."""
    for english, german in _REASONS.items():
        found = re.fullmatch(re.escape(english).replace(re.escape("{}"), "(.+)"), text)
        if found:
            return german.format(*(_where_in_german(part) for part in found.groups()))
    return text


def _where_in_german(text: str) -> str:
    """Say a place in the pile in German, as `assemble.place_in_pile` says it in English."""
    text = re.sub(r" page (\d+)", r" Seite \1", text)
    text = re.sub(r", (left|right|upper|lower) half", lambda found: f", {HALVES_SAID[found[1]][0]}", text)
    return re.sub(r"\(sheet (\d+) from the top\)", r"(Blatt \1 von oben)", text)
