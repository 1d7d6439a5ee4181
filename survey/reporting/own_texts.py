"""The analyst's own Markdown -> blocks between ours, numbers quoted by key; faults with file and line.

Markdown keeps no line for a word, so `{{key.what}}` is looked up line by line before the file is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial

from markdown_it import MarkdownIt
from markdown_it.token import Token

from survey.errors import UsageError
from survey.reporting.blocks import Block, BulletList, Callout, Chapter, Figures, Heading, Paragraph
from survey.reporting.catalogue import LANGUAGES
from survey.reporting.evidence import Estimate, Evidence, OwnText
from survey.reporting.marked import mark, plain
from survey.reporting.narrative import whom

QUOTED = re.compile(r"\{\{([^{}]*)\}\}")
HELD = "\ue010"
"""Stands on both sides of a number's place while the text is parsed; private use, as the marks are."""
PRIVATE = re.compile("[\ue000-\uf8ff]")
FIRST, LAST, NEW = "start", "end", "after-"
NAMING = "name it CHAPTER.md, CHAPTER.end.md, CHAPTER.ITEM.md or after-CHAPTER.md (docs/report.md)"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text goes: a chapter, and there its start, its end, behind an item's blocks, or a chapter of its own."""

    chapter: str
    at: str
    is_chapter: bool
    language: str


def place_texts(evidence: Evidence, chapters: list[Chapter]) -> list[Chapter]:
    """Return the chapters with the analyst's texts in them, in the order of the files' names.

    UsageError with file and line for a name that leads nowhere, an unknown, hidden or stale number, and for Markdown
    that the report has no block for.
    """
    for text in evidence.results.texts:
        place = place_of(text, chapters)
        if place.language in {"", evidence.words.language}:
            chapters = _placed(place, text, read_blocks(evidence, text), chapters)
    return chapters


def place_of(text: OwnText, chapters: Sequence[Chapter]) -> Place:
    """Read the place of a text off its file's name; UsageError where there is no such chapter or item."""
    name = text.path.rpartition("/")[2].removesuffix(".md")
    chapter, *rest = name.split(".")
    language = rest.pop() if rest and rest[-1] in LANGUAGES else ""
    is_chapter = chapter.startswith(NEW)
    chapter = chapter.removeprefix(NEW)
    known = [one.name for one in chapters]
    if chapter not in known:
        near = get_close_matches(chapter, known, 1)
        hint = f"did you mean {near[0]}? " if near else f"chapters are {', '.join(known)}; "
        raise UsageError(f"the report has no chapter {chapter}", where=f"{text.path}:1", hint=hint + NAMING)
    at = rest[0] if rest else FIRST
    if len(rest) > 1 or (is_chapter and rest):
        raise UsageError(f"{name}.md names no place", where=f"{text.path}:1", hint=NAMING)
    return Place(chapter, at, is_chapter, language)


def read_blocks(evidence: Evidence, text: OwnText) -> list[Block]:
    """Turn Markdown into blocks; a first-level heading stays a Heading, which `after-` makes a chapter's title."""
    source, numbers = _hold_numbers(evidence, text)
    tokens = MarkdownIt("commonmark").parse(source)
    blocks: list[Block] = []
    fill = partial(_filled, numbers=numbers)
    while tokens:
        token = tokens.pop(0)
        inner = _until_closed(token, tokens)
        blocks.append(_block(text, token, inner, fill))
    return blocks


def quote_number(evidence: Evidence, said: str, where: str) -> str:
    """Return what `key.what` stands for, marked with its key; `| words` behind it are what the text was written for.

    `what` is share (with its interval), percent (alone), interval, words ("fast zwei Drittel der Antwortenden (…)"),
    mean (with its interval), count or base. UsageError where there is no such number, it is hidden, or it has moved.
    """
    name, _, expected = (part.strip() for part in said.partition("|"))
    key, _, what = name.rpartition(".")
    row = _row(evidence, key, where)
    if what not in TELL:
        raise UsageError(f"{{{{{said}}}}}: nothing of a number is called {what!r}", where=where,
                         hint=f"ask for one of {', '.join(TELL)}")  # fmt: skip
    if (row.statistic == "mean") != (what == "mean") and what not in {"count", "base"}:
        raise UsageError(f"{key} is a {row.statistic}, which has no {what}", where=where,
                         hint=f"write {{{{{key}.{'mean' if row.statistic == 'mean' else 'share'}}}}}")  # fmt: skip
    words = TELL[what](evidence, row)
    if expected and _even(expected) != _even(plain(words)):
        raise UsageError(
            f"{key} is now {plain(words)}, and the text was written for {expected}", where=where,
            hint="read the sentence again; then write the new number behind the |, or leave it out",
        )  # fmt: skip
    return words


def _row(evidence: Evidence, key: str, where: str) -> Estimate:
    row = evidence.named(key)
    if row is not None:
        return row
    known = evidence.all_keys()
    if evidence.is_known(key):
        raise UsageError(f"{key} may not be shown: the group is small", where=where,
                         hint="write the sentence without it")  # fmt: skip
    short = [name.removesuffix("@all").removesuffix("=1") for name in known]
    near = get_close_matches(key, short, 2)
    hint = f"did you mean {' or '.join(near)}?" if near else "survey export estimates lists all keys"
    raise UsageError(f"there is no number {key or 'without a name'}", where=where, hint=hint)


def _mean(evidence: Evidence, row: Estimate) -> str:
    words = evidence.words
    return mark(f"{words.decimal(row.value)} ({words.interval_of_means(row.low, row.high)})", row.key)


TELL: dict[str, Callable[[Evidence, Estimate], str]] = {
    "share": lambda evidence, row: evidence.brief(row),
    "percent": lambda evidence, row: evidence.percent(row),
    "interval": lambda evidence, row: mark(evidence.words.interval(row.low, row.high), row.key),
    "words": lambda evidence, row: evidence.in_words(row, whom(evidence, row.item))[0],
    "mean": _mean,
    "count": lambda evidence, row: evidence.cases(row),
    "base": lambda evidence, row: evidence.cases(row, row.base),
}
"""What may be told of a number, by the word behind its key."""


def _even(words: str) -> str:
    return re.sub(r"[\s\u00a0]+", "", words).replace("-", "–")


def _hold_numbers(evidence: Evidence, text: OwnText) -> tuple[str, list[str]]:
    """The source with a place for every quoted number, and what goes there."""
    numbers: list[str] = []

    def hold(match: re.Match[str], where: str) -> str:
        numbers.append(quote_number(evidence, match[1].strip(), where))
        return f"{HELD}{len(numbers) - 1}{HELD}"

    lines = [
        QUOTED.sub(partial(hold, where=f"{text.path}:{number}"), PRIVATE.sub("", line))
        for number, line in enumerate(text.markdown.splitlines(), start=1)
    ]
    return "\n".join(lines), numbers


def _filled(words: str, numbers: list[str]) -> str:
    return re.sub(f"{HELD}(\\d+){HELD}", lambda match: numbers[int(match[1])], words)


def _until_closed(token: Token, tokens: list[Token]) -> list[Token]:
    """Take from `tokens` what stands inside a token that opens something, its end included."""
    inner: list[Token] = []
    depth: int = token.nesting
    while depth > 0:
        inner.append(tokens.pop(0))
        depth += inner[-1].nesting
    return inner


def _block(text: OwnText, token: Token, inner: list[Token], fill: Callable[[str], str]) -> Block:
    words = [fill(_words(text, one)) for one in inner if one.type == "inline"]
    if token.type == "heading_open":
        return Heading(" ".join(words))
    if token.type == "paragraph_open":
        return Paragraph(" ".join(words))
    if token.type in {"bullet_list_open", "ordered_list_open"}:
        return BulletList(words, is_numbered=token.type == "ordered_list_open")
    if token.type == "blockquote_open":
        return Callout("", " ".join(words))
    raise UsageError(
        f"the report has no block for this ({token.type.removesuffix('_open').replace('_', ' ')})",
        where=_where(text, token), hint="use headings, paragraphs, lists and quotes",
    )  # fmt: skip


def _words(text: OwnText, inline: Token) -> str:
    """The words of a stretch of text; emphasis and links leave their words, a picture is refused."""
    parts = []
    for child in inline.children or []:
        if child.type in {"image", "html_inline"}:
            raise UsageError("a text of the report holds words only", where=_where(text, inline),
                             hint="leave out pictures and HTML")  # fmt: skip
        parts.append(" " if child.type in {"softbreak", "hardbreak"} else child.content)
    return "".join(parts)


def _where(text: OwnText, token: Token) -> str:
    return f"{text.path}:{token.map[0] + 1 if token.map else 1}"


def _placed(place: Place, text: OwnText, blocks: list[Block], chapters: list[Chapter]) -> list[Chapter]:
    at = next(number for number, chapter in enumerate(chapters) if chapter.name == place.chapter)
    chapter = chapters[at]
    if place.is_chapter:
        if not blocks or not isinstance(blocks[0], Heading):
            raise UsageError(
                "a chapter of its own begins with its title", where=f"{text.path}:1", hint="# Title"
            )
        name = text.path.rpartition("/")[2].removesuffix(".md")
        own = Chapter(name, blocks[0].text, chapter.accent, blocks[1:], chapter.is_appendix)
        return [*chapters[: at + 1], own, *chapters[at + 1 :]]
    here = list(chapter.blocks)
    number = {FIRST: 0, LAST: len(here)}.get(place.at)
    if number is None:
        number = _behind_item(here, place.at)
    if number is None:
        raise UsageError(
            f"chapter {chapter.name} shows no item {place.at}", where=f"{text.path}:1", hint=NAMING
        )
    return [
        *chapters[:at],
        replace(chapter, blocks=[*here[:number], *blocks, *here[number:]]),
        *chapters[at + 1 :],
    ]


def _behind_item(blocks: Sequence[Block], item: str) -> int | None:
    """The place behind the last picture of an item; None where there is none."""
    found = None
    for number, block in enumerate(blocks):
        if isinstance(block, Figures) and any(one.name.partition("-")[0] == item for one in block.charts):
            found = number + 1
    return found
