"""Letters of a page -> phrases (words that stand together), and what their wording gives away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from survey.doors.pdf_print import Letter
from survey.learn.accents import with_accents
from survey.learn.outlines import Outline
from survey.learn.spacing import WORD_GAP, letter_spacing

FROM_RIGHT = frozenset(map(chr, range(0x590, 0x900)))  # Hebrew, Arabic and scripts akin to them
SPACED_GAP = 0.05  # of the type size: a blank that is typed may look narrower, before an italic j …
LOOSE_GAP = 0.25  # … and is about .4 in Arabic, where letters that do not join the next one stand off it
PHRASE_GAP = 0.95  # of the type size; justified text stays under .7
COLUMN_GAP = 0.4  # of the type size; between headers that all but touch, …
SNUG = 0.12  # … and that touch, each over its column: off it by less of the step between columns
FILLS_CELL = 0.8  # of the type size: less is left of a cell's line than the next letter of a word would need
STEEP_STEP = 1.8  # of the type size, from line to line of a header on its side: columns stand further apart
EVEN_MM = 0.1  # dots that lead the eye are no less evenly set
LEADERS, LEADER = frozenset(".…·"), 4  # so many of these lead the eye
SAME_LINE = 0.28  # of the type size; superscripts stand further up

LINE_STEP = 1.65  # heights of a capital from one line of a label to the next …
TALL_LINE_STEP = 1.8  # … or to the second one, where a large box glyph stands on the first
FLUSH_MM = 0.6  # the second line then begins where the first does
HANGING_MM = 8.0  # a second line that begins with a small letter may begin under its box …
LONG_LINE_MM = 60.0  # … where the first one is long

SEVERAL = re.compile(
    r"mehrere\s+(antworten|angaben|kreuze|nennungen|kästchen|felder|möglichkeiten|optionen|möglich|\w+\s+(ankreuzen|auswählen|wählen|markieren|nennen|angeben))|mehrfach(antwort|nennung|auswahl|angabe|kreuz|wahl)|(alle[sn]?)\s+(zutreffende|passende|was\s+zutrifft)"
    r"|zutreffendes|check\s+all|tick\s+all|mark\s+all|select\s+all|cross\s+all|choose\s+all|all\s+that\s+apply|all\s+the\s+\w+\s+(that|which)\s+apply|more\s+than\s+one\s+answer"
    r"|several\s+answers|as\s+many\s+as|multiple\s+(answers|responses)|no[t]?\s+more\s+than\s+(two|three|four|five|[2-9])"
    r"|(select|check|tick|mark|choose)\s+one\s+or\s+more|one\s+or\s+more\s+(answer|response|option|box)"
    r"|eine\s+oder\s+mehrere\s+(passende\s+|zutreffende\s+)?(antwort|angabe|option|aussage|möglichkeit|an|aus|wählen)"
    r"|\bkreuzt?e?\s+(bitte\s+)?alles?\b|\balles\s+ankreuzen|\balle\s+(\w+\s+){1,2}(an)?(kreuzen|wählen|markieren)\b|kreuzen\s+sie\s+(bitte\s+)?(jede|alle)\b|(tick|check|mark|cross|select)\s+(each|every|any)\b(?!\s+(statement|row|line|item|question))"
    r"|(?<!nicht\s)mehr\s+als\s+eine?\s+(antwort|angabe|kreuz|nennung|möglichkeit|kästchen)"
    r"|(?<!not\s)(choose|select|tick|check|mark)\s+more\s+than\s+one"
    r"|(höchstens|maximal|bis\s+zu)\s+(zwei|drei|vier|fünf|[2-9])|up\s+to\s+(two|three|four|five|[2-9])"
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
    r"nur\s+ein(e|en)?\b|bitte\s+ein(e|en)?\s+(antwort|kreuz|kästchen)|only\s+one|one\s+answer|(choose|select|check|tick|mark)\s+one\b"
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
    r"^(?:(?:frage|question|item)\s+|\[)?([A-ZÄÖÜ]{0,2}\s?\d{1,3}(?:[.]\d{1,2})?[a-z]?)\s*(?:[].):]|\s)\s*(?=[^\s=])",
    re.IGNORECASE,
)
NUMBERED_ALONE = re.compile(
    r"^(?:(?:frage|question|item)\s+|\[)?([A-ZÄÖÜ]{0,2}\s?\d{1,3}(?:[.]\d{1,2})?[a-z]?)\s*[].):]?$",
    re.IGNORECASE,
)
LETTERED_ALONE = re.compile(r"^\(?[a-z][).]$")
INSTRUCTION = re.compile(
    r"\(?(bitte|please)\b.*\b(antwort|angabe|kreuz|zutreffend|jede[nrs]?\s+(punkt|zeile|aussage)|of\s+the\s+following|answer|appropriate|apply|each\s+(item|row|line))",
    re.IGNORECASE,
)
THOUSANDS = re.compile(r"\d{3}(?!\d)")  # behind a blank
WRITTEN = re.compile(r"(?:[^:?.]{1,40}:\s*)+")
HYPHENED = re.compile(r"\b(full|part|self|non|well|long|short|semi|co|ex|high|low|e)-$", re.IGNORECASE)
SIGN = re.compile(r"[-+−–—=±]\s?[-+−–—/]?\s?[-+−–—]?|[☹-☻😀-🙏]")
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
        lines = any("__" in word for word, _, _ in self.words)
        return lines and bool(WRITTEN.fullmatch(self.text))

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
        and phrase.text[:1].islower()
        and abs(phrase.x_mm - label.x_mm) <= HANGING_MM
        and label.right_mm - label.x_mm > LONG_LINE_MM
    )
    return (
        alike
        and phrase.cell == label.cell
        and 0 < step <= (TALL_LINE_STEP if is_second else LINE_STEP) * label.size_mm
        and (aligned <= 1.8 or hangs)
    )


def is_line_under(lower: Phrase, upper: Phrase, step: float = LINE_STEP) -> bool:
    """Whether a text stands in the line right under another, at most so many times its type's size below."""
    return 0 < lower.bottom_mm - upper.bottom_mm <= step * upper.size_mm


def paragraph(phrase: Phrase, free: Sequence[Phrase]) -> list[Phrase]:
    """Return the lines of a text down to a phrase, from the first."""
    lines = [phrase]
    while above := [p for p in free if p.y_mm < lines[0].y_mm and _goes_on(p, lines[0])]:
        lines.insert(0, max(above, key=lambda p: p.y_mm))
    return lines


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


def letters_to_steep_phrases(letters: Iterable[Letter]) -> list[Phrase]:
    """Join letters that stand on their side to phrases of one or several lines, in their place on the page."""
    found: list[Phrase] = []
    for quarters in (1, 3):
        upright = letters_to_phrases([one for one in letters if one.quarters == quarters], [])
        for p in _lines_joined(sorted(upright, key=lambda one: (one.y_mm, one.x_mm))):
            left, right, top, bottom = p.y_mm, p.bottom_mm, -p.right_mm, -p.x_mm
            if quarters == 3:
                left, right, top, bottom = -right, -left, -bottom, -top
            found.append(replace(p, x_mm=left, right_mm=right, y_mm=top, bottom_mm=bottom, words=()))
    return found


def _lines_joined(lines: list[Phrase]) -> list[Phrase]:
    """Join lines that follow each other closely, one over the other, as those of a steep header do."""
    joined: list[Phrase] = []
    for line in lines:
        last = joined[-1] if joined else line
        over = min(last.right_mm, line.right_mm) > max(last.x_mm, line.x_mm)
        if joined and over and line.bottom_mm - last.bottom_mm <= STEEP_STEP * line.size_mm:
            left, right = min(last.x_mm, line.x_mm), max(last.right_mm, line.right_mm)
            text = join([last, line])
            joined[-1] = replace(last, text=text, x_mm=left, right_mm=right, bottom_mm=line.bottom_mm)
        else:
            joined.append(line)
    return joined


def letters_to_phrases(letters: Iterable[Letter], walls: Iterable[Outline]) -> list[Phrase]:
    """Join letters to phrases, line by line; an edge of a box between two letters parts them."""
    lines: list[list[Letter]] = []
    for letter in sorted(with_accents(letters), key=lambda one: (one.baseline_mm, one.left_mm, one.order)):
        if lines and letter.baseline_mm - lines[-1][0].baseline_mm <= SAME_LINE * letter.size_mm:
            lines[-1].append(letter)
        else:
            lines.append([letter])
    edges = np.array([[wall.y_mm, wall.bottom_mm, wall.x_mm, wall.right_mm] for wall in walls]).reshape(-1, 4)
    spacing = letter_spacing(lines)
    phrases = [phrase for line in lines for phrase in _line_to_phrases(line, edges, spacing)]
    if not any(phrase.blank_after for phrase in phrases):
        return [replace(phrase, blank_after=True) for phrase in phrases]
    whole = _before_several(phrases)
    phrases = [replace(p, blank_after=True) if p.text in whole else p for p in phrases]
    known = {word for phrase in phrases for word, _, _ in phrase.words[1:]}
    return [replace(p, begins_word=bool(p.words) and p.words[0][0] in known) for p in phrases]


def _before_several(phrases: Sequence[Phrase]) -> set[str]:
    """Return what stands alone on its line over several texts that differ: a word of its own, no parted one."""
    under: dict[str, set[str]] = {}
    for upper in (p for p in phrases if not p.blank_after and len(p.words) == 1):
        below = {p.text for p in phrases if is_line_under(p, upper) and _overlap(p, upper)}
        under.setdefault(upper.text, set()).update(below)
    return {text for text, below in under.items() if len(below) > 1}


def _overlap(one: Phrase, other: Phrase) -> bool:
    return min(one.right_mm, other.right_mm) > max(one.x_mm, other.x_mm)


def _line_to_phrases(
    line: list[Letter],
    walls: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    spacing: dict[Letter, float],
) -> list[Phrase]:
    middle = line[0].baseline_mm - 0.3 * line[0].size_mm
    here = np.sort(walls[(walls[:, 0] <= middle) & (walls[:, 1] >= middle), 2:], axis=None)
    phrases: list[list[list[Letter]]] = []
    for letter in sorted(line, key=lambda one: (one.left_mm, one.x_mm, one.order)):
        if phrases:
            last = phrases[-1][-1][-1]
            gap = letter.left_mm - last.right_mm - min(spacing.get(last, 0.0), spacing.get(letter, 0.0))
            close = abs(letter.left_mm - last.left_mm) < 0.1 * letter.size_mm
            if letter.text == last.text and close and abs(letter.order - last.order) != 1:
                continue  # printed twice to look bold; the letters of a ligature follow each other
            walled = np.searchsorted(here, letter.x_mm + letter.w_mm / 2) > np.searchsorted(
                here, last.x_mm + last.w_mm / 2
            )
            led = letter.text not in LEADERS and _ends_in_leader(phrases[-1])
            if gap <= PHRASE_GAP * letter.size_mm and not walled and not led:
                is_loose = last.text[0] in FROM_RIGHT or letter.text[0] in FROM_RIGHT
                is_spaced = letter.order - last.order > 1 and gap > SPACED_GAP * letter.size_mm
                if gap > (LOOSE_GAP if is_loose else WORD_GAP) * letter.size_mm or (
                    is_spaced and not is_loose
                ):
                    phrases[-1].append([])
                phrases[-1][-1].append(letter)
                continue
        phrases.append([[letter]])
    made = [_phrase(words) for words in phrases]
    return [phrase for phrase in made if phrase.says_something]


def _ends_in_leader(phrase: list[list[Letter]]) -> bool:
    """Whether a phrase ends in the dots that lead from a label to its box, or to the number before that."""
    last = [letter.text for word in phrase[-LEADER:] for letter in word][-LEADER:]
    return len(last) == LEADER and LEADERS.issuperset(last)


def _without_leader(words: list[list[Letter]]) -> list[list[Letter]]:
    """Take the first of the dots that lead the eye off the word it stands at: it is as far from the next as they."""
    for place, word in enumerate(words):
        dots = [word[-1], *(one for after in words[place + 1 : place + LEADER] for one in after)]
        steps = [b.left_mm - a.left_mm for a, b in pairwise(dots)]
        is_row = len(dots) == LEADER and all(one.text == "." for one in dots)
        if is_row and len(word) > 1 and max(steps) - min(steps) <= EVEN_MM:
            return [*words[:place], word[:-1], [word[-1]], *words[place + 1 :]]
    return words


def _phrase(parts: list[list[Letter]]) -> Phrase:
    words = _without_leader(parts)
    letters = [letter for word in words for letter in word]
    size = float(np.median([letter.size_mm for letter in letters]))
    baseline = float(np.median([letter.baseline_mm for letter in letters]))
    edges = [(min(one.x_mm for one in word), max(one.x_mm + one.w_mm for one in word)) for word in words]
    return Phrase(
        text=clean(" ".join("".join(one.text for one in word) for word in words)),
        x_mm=min(left for left, _ in edges),
        right_mm=max(right for _, right in edges),
        y_mm=baseline - 0.72 * size,
        bottom_mm=baseline + 0.12 * size,
        size_mm=size,
        bold=sum(letter.bold for letter in letters) * 2 > len(letters),
        words=tuple(
            ("".join(one.text for one in word), left, right)
            for word, (left, right) in zip(words, edges, strict=True)
        ),
        blank_after=words[-1][-1].blank_after,
        begins_bold=all(letter.bold for letter in words[0]),
    )


def split_over(phrase: Phrase, centres_mm: list[float]) -> list[Phrase]:
    """Part a phrase that is the headers of several columns set close together: each piece over its own column.

    What stands left of them all, as a wording on their line, is a piece of its own.
    """
    step = min((b - a for a, b in pairwise(centres_mm)), default=1000.0)
    pieces: dict[int, list[tuple[str, float, float]]] = {}
    for word in phrase.words:
        place = int(np.argmin([abs(centre - (word[1] + word[2]) / 2) for centre in centres_mm]))
        if (word[1] + word[2]) / 2 < centres_mm[0] - step / 2:
            place = -1
        pieces.setdefault(place, []).append(word)
    made = [
        replace(
            phrase, text=clean(" ".join(w[0] for w in p)), x_mm=p[0][1], right_mm=p[-1][2], words=tuple(p)
        )
        for p in pieces.values()
    ]
    off = [abs(one.centre_mm - centres_mm[n]) / step for n, one in zip(pieces, made, strict=True) if n >= 0]
    gaps = [b[0][1] - a[-1][2] for a, b in pairwise(pieces.values())]
    is_snug = 2 < len(off) >= len(centres_mm) / 2 and max(off) <= SNUG and not phrase.asks
    if any(gap < COLUMN_GAP * phrase.size_mm for gap in gaps) and not is_snug:
        return [phrase]
    over = max(off, default=0.0) <= 0.3
    return made if over and len(made) > 1 else [phrase]


def clean(text: str) -> str:
    """Drop leader dots, rules, the star of what must be answered, and what cannot be printed; single blanks."""
    text = re.sub(r"(?<![.]\s)(?<![.])[.]\s?[.]\s?[.](?=\s[^.\s])", "…", text)
    text = re.sub(r"\d{0,3}_{2,}(?:\s?[/.:]\s?\d{0,3}_{2,})+", " ", text)  # a date to be written
    text = re.sub(r"(?<=\w)\.\s(?:[_.…·]\s?){4,}", ". ", text)  # a full stop before what leads the eye
    text = re.sub(r"(?:[_.…·‐-―-]\s?){4,}|(?:\s\.)+$|\s\*$|^[*✱∗]\s(?=\S)", " ", text)
    text = text.replace("\u2010", "-")  # the hyphen of Unicode, as typesetters part words with
    text = "".join(letter for letter in text if letter.isprintable() and letter != "\ufffd")
    return re.sub(r"\s+", " ", text).strip()


def join(phrases: Iterable[Phrase]) -> str:
    """Join phrases in reading order to one text, words that are parted at a line's end, too.

    A hyphen is taken out before a small letter, but for what is spelt with one.
    """
    text, last = "", None
    lines = sorted(phrases, key=lambda one: (round(one.bottom_mm, 0), one.x_mm))
    cells = [line.cell for line in lines]
    if len({cell.y_mm for cell in cells if cell is not None}) == 1 and None not in cells:
        lines.sort(key=lambda one: one.cell.x_mm if one.cell is not None else 0.0)  # cell by cell of a row
    for phrase in lines:
        if text.endswith("-") and phrase.text[:1].islower() and text[-2:-1].isalpha():
            text = (text if HYPHENED.search(text) else text[:-1]) + phrase.text
        elif last is not None and _goes_on_in_word(last, phrase, lines):
            text += phrase.text
        else:
            text = f"{text} {phrase.text}" if text else phrase.text
        last = phrase
    return text


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
