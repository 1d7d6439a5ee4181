"""Phrases (words that stand together): how they follow each other, and what their wording gives away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey.learn.printed.outlines import Outline

FROM_RIGHT = frozenset(map(chr, range(0x590, 0x900)))  # Hebrew, Arabic and scripts akin to them
FILLS_CELL = 0.85  # of the type size: less is left of a cell's line than the next letter of a word would need

LINE_STEP = 1.65  # heights of a capital from one line of a label to the next …
TALL_LINE_STEP = 1.8  # … or to the second one, where a large box glyph stands on the first
FLUSH_MM = 0.6  # the second line then begins where the first does
HANGING_MM = 8.0  # a second line that begins with a small letter may begin under its box …
SMALLER = 0.95  # of a line's type size: the same in another language under it
LONG_LINE_MM = 60.0  # … where the first one is long

SEVERAL = re.compile(
    r"mehrere\s+(ankreuzen|auswählen|wählen|markieren|nennen|antworten|angaben|kreuze|nennungen|kästchen|felder|möglichkeiten|optionen|möglich|\w+\s+(ankreuzen|auswählen|wählen|markieren|nennen|angeben))|mehrfach(antwort|nennung|auswahl|angabe|kreuz|wahl)|(alle[sn]?)\s+(zutreffende|passende|was\s+zutrifft)"
    r"|zutreffendes|check\s+all|tick\s+all|mark\s+all|select\s+all|cross\s+all|choose\s+all|all\s+that\s+apply|all\s+the\s+\w+\s+(that|which)\s+apply|more\s+than\s+one\s+answer"
    r"|several\s+answers|as\s+many\s+as|multiple\s+(answers|responses)|no[t]?\s+more\s+than\s+(two|three|four|five|[2-9])"
    r"|(select|check|tick|mark|choose)\s+one\s+or\s+more|one\s+or\s+more\s+(answer|response|option|box)"
    r"|eine\s+oder\s+mehrere\s+(passende\s+|zutreffende\s+)?(antwort|angabe|option|aussage|möglichkeit|an|aus|wählen)"
    r"|\bkreuzt?e?\s+(bitte\s+)?alles?\b|\balles\s+(\w+\s+)?ankreuzen|\balle\s+(\w+\s+){1,2}(an)?(kreuzen|wählen|markieren)\b|kreuzen\s+sie\s+(bitte\s+)?(jede|alles?)\b|\b(markier|wähl|nenn)\w*\s+(sie\s+)?(bitte\s+)?alle\b|(tick|check|mark|cross|select)\s+(each|every|any)\b(?!\s+(statement|row|line|item|question|one))"
    r"|(?<!nicht\s)mehr\s+als\s+eine?\s+(antwort|angabe|kreuz|nennung|möglichkeit|kästchen)"
    r"|(?<!not\s)(choose|select|tick|check|mark)\s+more\s+than\s+one"
    r"|(höchstens|maximal|bis\s+zu)\s+(zwei|drei|vier|fünf|[2-9])|up\s+to\s+(two|three|four|five|[2-9])|\b(between|zwischen)\s+\w+\s+(and|und)\s+(\w{3,5}|[2-9])\s+(options|answers|choices|boxes|antworten|angaben|optionen|kreuze)\b"
    r"|meerdere\s+antwoorden|kruis\s+alle?s?\b|plusieurs\s+réponses|cochez\s+toutes|varias\s+respuestas|più\s+risposte"
    r"|birden\s+(fazla|çok)\s+(cevap|yanıt|seçenek)|(kilka|wiele)\s+odpowiedzi|więcej\s+niż\s+jedn|wielokrotn"
    r"|mai\s+multe\s+(răspunsuri|variante|opțiuni)|(несколько|кілька|декілька)\s+(вариант|варіант|ответ|відповід)"
    r"|أكثر\s+من\s+(إجابة|جواب|خيار)|عدة\s+(إجابات|أجوبة)|چند\s+(پاسخ|گزینه)|بیش\s+از\s+یک"
    r"|^♣",  # what AMC prints before a question with several answers
    re.IGNORECASE,
)
SEVERAL_LIKELY = re.compile(
    r"which\s+of\s+the(se)?\s+following|welche[rsn]?\s+(der|von\s+den|dieser)\s+(folgenden|nachstehenden)?",
    re.IGNORECASE,
)
ONE = re.compile(
    r"\btrifft\b[^?]*\bam\s+(besten|ehesten|meisten)\b|\b(best|most\s+closely|most\s+accurately)\s+(describes|matches|fits|reflects)"
    r"|nur\s+ein(e|en)?\b|bitte\s+ein(e|en)?\s+(antwort|kreuz|kästchen)|only\s+one|one\s+answer|(choose|select|check|tick|mark)\s+one\b"
    r"|vote\s+for\s+(one|1)\b|no[t]?\s+more\s+than\s+(one|1)\b|(slechts|maar)\s+één\b|één\s+antwoord|une\s+seule\s+réponse"
    r"|(yalnızca|sadece|tek)\s+bir\b|(tylko\s+)?jedn[ąa]\s+odpowied|un\s+singur\s+răspuns|(только\s+)?один\s+(вариант|ответ)|(лише\s+|тільки\s+)?одну?\s+відповідь",
    re.IGNORECASE,
)
NO_ANSWER = re.compile(
    r"k\.?\s?a\.?|(keine|ohne)\s+(angabe|meinung|aussage|antwort|ahnung)|wei(ß|ss)\s+(ich\s+)?nicht|(das\s+)?kann\s+ich\s+nicht\s+(sagen|beurteilen|einschätzen)|nicht\s+(beurteilbar|relevant)"
    r"|(trifft|betrifft)\s+(auf\s+)?mich\s+nicht(\s+zu)?|entfällt|n\.?\s?/?\s?a\.?|don.t\s+know|do\s+not\s+know|not\s+(applicable|sure)|no\s+(answer|opinion)|(prefer|rather)\s+not(\s+to)?\s+say|can.?t\s+say|unsure"
    r"|weet\s+(ik\s+)?niet|ne\s+sais\s+pas|bilmiyorum|nie\s+wiem|nu\s+știu|не\s+знаю|لا\s+أعرف|لا\s+أدري|بدون\s+إجابة|نمی.?دانم",
    re.IGNORECASE,
)
EXAMPLE = re.compile(
    r"(?<!zum\s)\bbeispiel(?!sweise|en?\b)|(?<!for\s)\bexample|\bmuster\b|so\s+(wird|kreuzen|markieren|ankreuzen|füllen)|like\s+this|(correct|right|wrong|richtig|falsch)e?s?\s+(mark|kreuz|markierung|example|beispiel)"
    r"|\b(fill|darken|mark|cross)\s+(in\s+)?(the\s+)?(circles?|ovals?|box(es)?|bubbles?)\b|kreuzen\s+sie\s+(so|bitte\s+so)|\bincorrect\b.*\bcorrect\b|\bcorrect\b.*\bincorrect\b",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"^(?:(?:frage|question|item)\s+|\[)?([A-ZÄÖÜ]{0,2}\s?\d{1,3}(?:[.]\d{1,2})?[a-z]?)\s*(?:[].):]|\s)\s*(?:[—–]\s)?(?=[^\s=])",
    re.IGNORECASE,
)
NUMBERED_ALONE = re.compile(
    r"^(?:(?:frage|question|item)\s+|\[)?([A-ZÄÖÜ]{0,2}\s?\d{1,3}(?:[.]\d{1,2})?[a-z]?)\s*[].):]?$",
    re.IGNORECASE,
)
LETTERED_ALONE = re.compile(r"^\(?[a-z][).]$")
LETTERED = re.compile(r"\(?[a-z]\s?[).]\s")
INSTRUCTION = re.compile(
    r"\(?(bitte|please)\b.*\b(antwort|angabe|kreuz|zutreffend|jede[nrs]?\s+(punkt|zeile|aussage)|of\s+the\s+following|answer|appropriate|apply|each\s+(item|row|line))",
    re.IGNORECASE,
)
THOUSANDS = re.compile(r"\d{3}(?!\d)")  # behind a blank
FILLED = re.compile(r":\s?__")
DOTTED = re.compile(r"[.…·]{10,}$")  # a line of dots to write on
WRITTEN = re.compile(r"(?:[^:?.]{1,40}:\s*)+")
HYPHEN = re.compile(r"[^\W\d_]{3}-$")
AND = re.compile(r"(und|oder|bzw|sowie|and|or|to)\b")  # "An- und Auskleiden"
SPAN = re.compile(r"\d[-–]$")  # "20–50"
SLASH = re.compile(r"[^\W\d_]/$")  # between two words, no blank behind the first
HYPHENED = re.compile(r"\b(full|part|self|non|well|long|short|semi|co|ex|high|low|e)-$", re.IGNORECASE)
SIGN = re.compile(r"[-+−–—=±]\s?[-+−–—/]?\s?[-+−–—]?|[☹-☻😀-🙏]")
PICTURE = re.compile("[⭐🌀-🫿]️?")  # beside words it only adorns them
GERMAN = re.compile(
    r"\b(und|oder|der|die|das|ist|sind|sie|ihr|ihre|bitte|nicht|welche|haben|mit|für|von|ja|nein)\b",
    re.IGNORECASE,
)
ENGLISH = re.compile(
    r"\b(and|or|the|is|are|you|your|please|not|which|have|with|for|of|yes|no|what|how)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand together on one line."""

    text: str
    x_mm: float
    right_mm: float
    y_mm: float
    bottom_mm: float
    size_mm: float
    bold: bool
    words: tuple[tuple[str, float, float], ...] = ()
    """Each word with its left and right edge, mm."""
    panel: int = -1
    """Which frame of the page it stands in; -1 for none."""
    cell: Outline | None = None
    """The cell of a ruled table, or other frame, it stands in: the smallest."""
    blank_after: bool = True
    """Whether its line ends between two words; also where a page types no blanks at the ends of its lines."""
    begins_bold: bool = False
    """Whether its first word is bold, whatever the others are."""
    begins_word: bool = False
    """Whether what it begins with stands as a word inside a line of its page, too, and ends no parted one."""

    @property
    def middle_mm(self) -> float:
        """Height of the middle of its small letters."""
        return (self.y_mm + self.bottom_mm) / 2

    @property
    def centre_mm(self) -> float:
        """Distance of its centre from the page's left."""
        return (self.x_mm + self.right_mm) / 2

    @property
    def hanging_mm(self) -> float:
        """Where its text begins behind the number of an item, or else it itself: further lines are flush with that."""
        first = self.words[0][0] if len(self.words) > 1 else ""
        numbered = NUMBERED_ALONE.match(first) or LETTERED_ALONE.match(first)
        return self.words[1][1] if numbered else self.x_mm

    @property
    def first_word(self) -> tuple[str, float, float]:
        """Its first word with its left and right edge, mm."""
        return self.words[0] if self.words else (self.text, self.x_mm, self.right_mm)

    @property
    def is_finished(self) -> bool:
        """Whether it ends as sentences, questions and captions do."""
        return self.text.endswith(("?", ":", ".", "!"))

    @property
    def says_something(self) -> bool:
        """Whether it holds a letter or digit, or is a short sign as ++ or ☺: dots and dashes only lead the eye."""
        return any(letter.isalnum() for letter in self.text) or bool(SIGN.fullmatch(self.text))

    @property
    def instructs(self) -> bool:
        """Whether it looks like a remark on how to answer."""
        begin = re.sub(r"^(bitte|please)\s+", "", self.text.lower())
        return self.text.startswith("(") or bool(ONE.match(begin) or SEVERAL.match(begin))

    @property
    def is_numbered(self) -> bool:
        """Whether it begins with the number of an item, not with one that counts something."""
        numbered = NUMBERED.match(self.text)
        return numbered is not None and not counts(numbered[0], self.text[numbered.end() :])

    @property
    def runs_from_right(self) -> bool:
        """Whether it is set in Arabic or Hebrew."""
        return any(letter in FROM_RIGHT for letter in self.text)

    @property
    def is_written_behind(self) -> bool:
        """Whether it is but names of what is to be written on lines behind them: "Name: ______ Date: ____"."""
        words = [word for word, _, _ in self.words]
        lines = any("__" in word for word in words)
        filled = bool(FILLED.search(" ".join(words)))
        dotted = bool(words) and bool(DOTTED.search(words[-1])) and "?" not in self.text
        return dotted or (lines and bool(WRITTEN.fullmatch(self.text) or (filled and not self.asks)))

    @property
    def asks(self) -> bool:
        """Whether it looks like the start or end of an item's wording."""
        return self.text.endswith(("?", "؟", ":")) or self.is_numbered


def counts(number: str, rest: str) -> bool:
    """Whether a number counts what follows, as in "3 children" and "1 000 euros", and is none of an item."""
    if number.strip().isdecimal() and THOUSANDS.match(rest.lstrip()):
        return True
    caseless = rest[:1] in FROM_RIGHT and number.strip().isdecimal()
    return rest[:1].islower() or caseless


def follows(phrase: Phrase, label: Phrase) -> bool:
    """Whether a phrase is the next (or the line before) of another: same type, close, aligned."""
    step = abs(phrase.bottom_mm - label.bottom_mm)
    lower, upper = (phrase, label) if phrase.y_mm > label.y_mm else (label, phrase)
    aligned = min(
        abs(phrase.x_mm - label.x_mm),
        abs(lower.x_mm - upper.hanging_mm),
        abs(phrase.right_mm - label.right_mm),
        abs(phrase.centre_mm - label.centre_mm),
    )
    alike = abs(phrase.size_mm - label.size_mm) <= 0.15 * label.size_mm and phrase.bold == label.bold
    is_second = lower is phrase and abs(phrase.x_mm - label.x_mm) <= FLUSH_MM
    hangs = (
        lower is phrase
        and abs(phrase.x_mm - label.x_mm) <= HANGING_MM
        and (
            _closes(phrase.text, label.text)
            or (HYPHEN.search(label.text) and phrase.text[:1].islower())
            or (phrase.text[:1].islower() and label.right_mm - label.x_mm > LONG_LINE_MM)
        )
    )
    return (
        alike
        and phrase.cell == label.cell
        and not LETTERED.match(lower.text)
        and 0 < step <= (TALL_LINE_STEP if is_second else LINE_STEP) * label.size_mm
        and (aligned <= 1.8 or hangs)
    )


def _closes(text: str, before: str) -> bool:
    """Whether a text closes a bracket that the line before it has left open."""
    return before.count("(") > before.count(")") and -1 < text.find(")") < (text + "(").find("(")


def is_line_under(lower: Phrase, upper: Phrase, step: float = LINE_STEP) -> bool:
    """Whether a text stands in the line right under another, at most so many times its type's size below."""
    return 0 < lower.bottom_mm - upper.bottom_mm <= step * upper.size_mm


def paragraph(phrase: Phrase, free: Sequence[Phrase]) -> list[Phrase]:
    """Return the lines of a text down to a phrase, from the first."""
    lines = [phrase]
    while above := [p for p in free if p.y_mm < lines[0].y_mm and _goes_on(p, lines[0])]:
        lines.insert(0, max(above, key=lambda p: p.y_mm))
    return lines


def with_lines_over(phrase: Phrase, free: Sequence[Phrase]) -> list[Phrase]:
    """Return the lines of a text down to a phrase, from the first; smaller ones say the same in another language."""
    lines = paragraph(phrase, free)
    while over := [p for p in free if _is_said_again(lines[0], p)]:
        lines = paragraph(max(over, key=lambda p: p.y_mm), free) + lines
    return lines


def _is_said_again(lower: Phrase, upper: Phrase) -> bool:
    """Whether a line begins right under another, flush with it or with its text behind a number, in smaller type."""
    edges = abs(lower.x_mm - upper.x_mm), abs(lower.x_mm - upper.hanging_mm)
    smaller = lower.size_mm < SMALLER * upper.size_mm and not lower.bold and not lower.is_numbered
    return smaller and is_line_under(lower, upper) and min(edges) <= FLUSH_MM and lower.cell == upper.cell


def lines_down(phrase: Phrase, free: Sequence[Phrase]) -> list[Phrase]:
    """Return the lines of a text from a phrase on."""
    lines = [phrase]
    while below := [p for p in free if p.y_mm > lines[-1].y_mm and _goes_on(lines[-1], p)]:
        lines.append(min(below, key=lambda p: p.y_mm))
    return lines


def _goes_on(upper: Phrase, lower: Phrase) -> bool:
    """Whether a text goes on in the next line: a sentence that ended, or a number, begins another."""
    ended = upper.text.endswith(("?", "؟", ":", "."))
    return follows(lower, upper) and not ended and not lower.is_numbered


def clean(text: str) -> str:
    """Drop leader dots, rules, the star of what must be answered, and what cannot be printed; single blanks."""
    text = re.sub(r"(?<![.]\s)(?<![.])[.]\s?[.]\s?[.](?=\s[^.\s])", "…", text)
    text = re.sub(r"(\([^()]{0,40}?)(?:[_.…]\s?){3,}(?=[^()]{0,40}\))", r"\1… ", text).replace("… )", "…)")
    text = re.sub(r"\d{0,3}_{2,}(?:\s?[/.:]\s?\d{0,3}_{2,})+", " ", text)  # a date to be written
    text = re.sub(r"(?<=\w)\.\s(?:[_.…·]\s?){4,}", ". ", text)  # a full stop before what leads the eye
    text = re.sub(r"_{3,}|(?:[_.…·‐-―-]\s?){4,}|(?:\s\.)+$|\s\*$|^[*✱∗]\s(?=\S)", " ", text)
    text = re.sub(r"(?<=[^\W\d_]{3})[¹²³⁴-⁹]+(?!\w)", "", text)  # marks of notes
    text = text.replace("\u2010", "-")  # the hyphen of Unicode, as typesetters part words with
    text = "".join(letter for letter in text if letter.isprintable() and letter != "\ufffd")
    text = PICTURE.sub("", text) if any(letter.isalnum() for letter in text) else text
    return re.sub(r"\s+", " ", text).strip()


def join(phrases: Iterable[Phrase]) -> str:
    """Join phrases in reading order to one text, words that are parted at a line's end, too.

    A hyphen is taken out before a small letter, but for what is spelt with one, or is left out for
    what comes after "and". A slash parts no words.
    """
    text, last = "", None
    placed = [*phrases]
    lines = sorted(placed, key=lambda one: (round(_foot_mm(one, placed), 0), one.x_mm))
    cells = [line.cell for line in lines]
    if len({cell.y_mm for cell in cells if cell is not None}) == 1 and None not in cells:
        lines.sort(key=lambda one: one.cell.x_mm if one.cell is not None else 0.0)  # cell by cell of a row
    for phrase in lines:
        if (
            text.endswith("-")
            and phrase.text[:1].islower()
            and text[-2:-1].isalpha()
            and not AND.match(phrase.text)
        ):
            text = (text if HYPHENED.search(text) else text[:-1]) + phrase.text
        elif (
            SLASH.search(text)
            or (SPAN.search(text) and phrase.text[:1].isdecimal())
            or (last is not None and _goes_on_in_word(last, phrase, lines))
        ):
            text += phrase.text
        else:
            text = f"{text} {phrase.text}" if text else phrase.text
        last = phrase
    return text


def _foot_mm(phrase: Phrase, phrases: Sequence[Phrase]) -> float:
    """Return where the line of a phrase ends; of a number that stands a little off it, that of the words behind.

    Of a smaller remark behind a wording it is that of the wording.
    """
    level = [p for p in phrases if abs(p.bottom_mm - phrase.bottom_mm) < phrase.size_mm / 2]
    behind = [p for p in level if p.x_mm > phrase.right_mm]
    before = [p for p in level if p.right_mm < phrase.x_mm and phrase.size_mm < SMALLER * p.size_mm]
    if before:
        return max(before, key=lambda p: p.x_mm).bottom_mm
    if not behind or not NUMBERED_ALONE.match(phrase.text):
        return phrase.bottom_mm
    return min(behind, key=lambda p: p.x_mm).bottom_mm


def _goes_on_in_word(upper: Phrase, lower: Phrase, lines: Sequence[Phrase]) -> bool:
    """Whether a word too long for its cell was parted without a hyphen: it fills the line, and no blank is typed.

    Paper is left of the longest line of the cell's text as much as right of it, be it set flush or in the middle.
    """
    cell = upper.cell
    if cell is None or cell != lower.cell or upper.blank_after or lower.begins_word or " " in upper.text:
        return False
    edge = min(p.x_mm for p in lines if p.cell == cell) - cell.x_mm
    fills = cell.right_mm - cell.x_mm - 2 * edge - (upper.right_mm - upper.x_mm) <= FILLS_CELL * upper.size_mm
    return fills and upper.text[-1:].isalpha() and lower.text[:1].islower()


def language_of(texts: Iterable[str]) -> str:
    """Guess German or English from the commonest small words."""
    everything = " ".join(texts)
    return "de" if len(GERMAN.findall(everything)) >= len(ENGLISH.findall(everything)) else "en"
