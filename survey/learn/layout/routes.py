"""Phrases -> the same without remarks where to go on ("nein → weiter mit Frage 7"), and these apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from survey.learn.printed.near import on_row
from survey.learn.printed.outlines import Outline
from survey.learn.printed.wording import FLUSH_MM, Phrase, clean, is_line_under

WHERE = (
    r"((frage|fragen|nr\.?|nummer|punkt|abschnitt|teil|block|seite|questions?|no\.?|section|part|page|item)\s*)?"
    r"\[?\#?[A-Z]{0,2}\s?\d+|(nächste[rn]?|next|ende|end)\b"
)
GO_ON = (
    r"(bitte\s+|dann\s+|please\s+|then\s+)*(weiter\s+(mit|bei|zu|auf|ab)"
    r"|(gehen|springen)\s+sie\s+(bitte\s+)?(weiter\s+)?(zu|auf)"
    r"|(go|skip|jump|continue|proceed)\s+(straight\s+|on\s+)?(to|with|at|from))\s+"
)
ARROW = "(?:[→⇒➔➜➞➡⮕►▶▸>\uf0e0\uf0f0\uf0e8][\ufe0e\ufe0f]?)"
ROUTE = re.compile(
    rf"[-–—(\[]*\s*{ARROW}*\s*{GO_ON}({WHERE}).*$|(^|\s){ARROW}\s*(({WHERE})\W*)?$", re.IGNORECASE
)
OPEN = re.compile(
    rf"(^|\s){ARROW}\s*\S*$|\b(weiter|(gehen|springen)\s+sie|go|skip|jump|continue|proceed)\b[\w\s]{{0,24}}$",
    re.IGNORECASE,
)  # a remark that is not yet at its end
WHOLE = re.compile(rf"((mit|bei|zu|auf|to|with|at)\s+)?({WHERE})\W*", re.IGNORECASE)
LESS, MORE = re.compile(r"[<≤]\s?\d"), re.compile(r"[>≥]\s?\d")  # "< 18", so that "> 65" leads nowhere
CONDITION = re.compile(r"\b(wenn|falls|sofern|if|unless)\b", re.IGNORECASE)
CONDITIONED = re.compile(
    rf"(^|\s){ARROW}\s*(wenn|falls|sofern|if)\b[^.?!]{{0,40}}?\b{GO_ON}({WHERE})\W*$", re.IGNORECASE
)  # "No → If No, go to #9"


def routes_apart(phrases: Sequence[Phrase]) -> tuple[list[Phrase], list[Phrase]]:
    """Part phrases from what they say about where to go on; a sentence with a condition inside stays as it is."""
    kept, routes = [], []
    compares = any(LESS.match(phrase.text) for phrase in phrases)
    ends = _ends_in_next_line(phrases)
    for phrase in phrases:
        found = ROUTE.search(f"{phrase.text} {ends[phrase].text}" if phrase in ends else phrase.text)
        if phrase in ends.values():
            routes.append(phrase)
            continue
        if found is not None and CONDITION.match(phrase.text) and not phrase.text.endswith("?"):
            routes.append(phrase)
            continue
        conditioned = CONDITIONED.search(phrase.text)
        if conditioned is None and (found is None or CONDITION.search(phrase.text)):
            kept.append(phrase)
            continue
        found = conditioned or found
        if found is None or (compares and MORE.match(phrase.text)):
            kept.append(phrase)
            continue
        count = len(phrase.text[: found.start()].split())
        label, route = phrase.words[:count], phrase.words[count:]
        kept += [_of_words(phrase, label)] if label else []
        routes += [_of_words(phrase, route)] if route else []
    return kept, routes


def _ends_in_next_line(phrases: Sequence[Phrase]) -> dict[Phrase, Phrase]:
    """Find the remarks that begin in a line and say only in the next, all of which they are, where to go on."""
    ends: dict[Phrase, Phrase] = {}
    for phrase in phrases:
        if ROUTE.search(phrase.text) is not None or not OPEN.search(phrase.text):
            continue
        under = [
            p
            for p in phrases
            if is_line_under(p, phrase)
            and -FLUSH_MM <= p.x_mm - phrase.x_mm < phrase.right_mm - phrase.x_mm
            and p.panel == phrase.panel
        ]
        both = {p: ROUTE.search(f"{phrase.text} {p.text}") for p in under}
        fitting = [p for p, found in both.items() if found and WHOLE.fullmatch(p.text)]
        ends |= {phrase: min(fitting, key=lambda p: p.bottom_mm)} if fitting else {}
    return ends


def _of_words(phrase: Phrase, words: tuple[tuple[str, float, float], ...]) -> Phrase:
    text = clean(" ".join(word for word, _, _ in words))
    return replace(phrase, text=text, x_mm=words[0][1], right_mm=words[-1][2], words=words)


def route_behind(box: Outline, boxes: Sequence[Outline], routes: Sequence[Phrase]) -> str:
    """Return what says where to go on behind a box, on its line and before the next one; empty where nothing does."""
    level = [
        one.x_mm for one in boxes if one.x_mm > box.x_mm and abs(one.middle_mm - box.middle_mm) < box.h_mm / 2
    ]
    end = min(level, default=10000.0)
    behind = [p for p in routes if box.x_mm < p.x_mm < end and p.panel == box.panel and on_row(p, box)]
    return " ".join(p.text for p in sorted(behind, key=lambda p: p.x_mm))
