"""A report as blocks -> ten slides for the board: one thought each, what to say in the speaker's notes."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from survey.files import MADE, zip_undated
from survey.reporting.blocks import (
    Block,
    BulletList,
    Callout,
    Chapter,
    DataTable,
    Document,
    Facsimile,
    Figures,
    Heading,
    KeyFigures,
    Paragraph,
    Points,
    Quotes,
    Recommendations,
)
from survey.reporting.canvas import GREY, INK
from survey.reporting.charts import Chart
from survey.reporting.marked import plain
from survey.reporting.wording import Wording

if TYPE_CHECKING:
    from pptx.presentation import Presentation

MOST_SLIDES = 10
WIDTH_MM, HEIGHT_MM, EDGE_MM = 338.6, 190.5, 18.0
"""A wide slide, 16 to 9, and the margin inside it."""
PICTURE_MM = (WIDTH_MM - 2 * EDGE_MM, 112.0)
"""Room for a picture: width and height."""
DPI = 300
MOST_POINTS, LONGEST_POINT = 5, 230
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ„“])")
TITLE_ONLY = 5
"""Layout of the library's template with a title and nothing else."""
TOLD: set[type[Block]] = {Figures, KeyFigures, Points, Recommendations}
"""Blocks that slides are made of."""
LEFT_OUT: set[type[Block]] = {Heading, Paragraph, DataTable, Callout, BulletList, Quotes, Facsimile}
"""Blocks that are read, not shown; a test holds that every kind of block stands in one of the two."""


@dataclass(frozen=True, slots=True)
class Slide:
    """One picture of a chapter, and what it shows in words."""

    chapter: Chapter
    chart: Chart
    lead: str


def write_slides(document: Document, name: str) -> bytes:
    """Return the .pptx: title, summary, pictures of the chapters, what follows, how certain the numbers are.

    At most ten slides; `name` is the questionnaire's. The same document gives the same bytes.
    """
    import pptx

    kinds = {type(block) for chapter in document.chapters for block in chapter.blocks}
    if not kinds <= TOLD | LEFT_OUT:
        raise KeyError(f"no slide knows {kinds - TOLD - LEFT_OUT}")
    show = pptx.Presentation()
    show.slide_width, show.slide_height = _emu(WIDTH_MM), _emu(HEIGHT_MM)
    words = Wording(document.language)
    summary, *others = document.chapters or [Chapter("", "", document.accent)]
    last = _method(others)
    proposals = [
        (chapter, block)
        for chapter in others
        for block in chapter.blocks
        if isinstance(block, Recommendations)
    ][:1]
    _title_slide(show, document, words, name)
    _summary_slide(show, document, summary, words)
    room = MOST_SLIDES - 2 - len(proposals) - (1 if last else 0)
    for slide in choose([chapter for chapter in others if chapter is not last], room):
        _picture_slide(show, slide, words)
    for chapter, block in proposals:
        _proposal_slide(show, chapter, block)
    if last:
        _points_slide(show, words.say("slide_how"), last)
    about = show.core_properties
    about.title, about.subject, about.author = (
        plain(document.title),
        plain(document.subtitle),
        document.office,
    )
    about.language, about.last_modified_by, about.revision = document.language, document.office, 1
    about.created = about.modified = MADE
    target = io.BytesIO()
    show.save(target)
    return zip_undated(target.getvalue())


def choose(chapters: Sequence[Chapter], room: int) -> list[Slide]:
    """Pictures for that many slides in the report's order: the first of each chapter, then the second, and so on."""
    pictures = [
        [
            Slide(chapter, chart, lead)
            for block in chapter.blocks
            if isinstance(block, Figures)
            for chart, lead in zip(block.charts, block.leads, strict=True)
        ]
        for chapter in chapters
        if not chapter.is_appendix
    ]
    longest = max((len(one) for one in pictures), default=0)
    ranked = [(turn, at) for turn in range(longest) for at, own in enumerate(pictures) if turn < len(own)]
    chosen = sorted((at, turn) for turn, at in ranked[: max(room, 0)])
    return [pictures[at][turn] for at, turn in chosen]


def _method(chapters: Sequence[Chapter]) -> Chapter | None:
    """The chapter on method and limits."""
    return next((chapter for chapter in chapters if chapter.name == "method"), None)


def _title_slide(show: Presentation, document: Document, words: Wording, name: str) -> None:
    slide = _add(show, document.title, document.accent, size_pt=40, top_mm=55.0)
    text = _box(slide, (EDGE_MM, 100.0), (PICTURE_MM[0], 40.0))
    _write(text, document.subtitle, 20)
    _write(text, document.office, 16, GREY)
    _write(text, document.status, 16, GREY)
    source = words.say("slide_source", office=document.office, id=name, status=document.status)
    facts = [f"{label}: {value}" for label, value in document.facts]
    _note(slide, [document.title, *facts, source])


def _summary_slide(show: Presentation, document: Document, chapter: Chapter, words: Wording) -> None:
    """Large numbers side by side, and the points below."""
    slide = _add(show, chapter.title or words.say("slide_summary"), document.accent)
    figures = [one for block in chapter.blocks if isinstance(block, KeyFigures) for one in block.figures]
    points = [point for block in chapter.blocks if isinstance(block, Points) for point in block.points]
    each = PICTURE_MM[0] / max(len(figures), 1)
    for place, one in enumerate(figures):
        text = _box(slide, (EDGE_MM + place * each, 38.0), (each - 4, 48.0))
        _write(text, one.value, 40, one.accent, bold=True)
        _write(text, one.label, 14, bold=True)
        _write(text, one.detail, 12, GREY)
    told = _box(slide, (EDGE_MM, 92.0), (PICTURE_MM[0], 80.0))
    for label, text in points[:MOST_POINTS]:
        _write(told, f"{plain(label)}: {_first_sentence(text)}", 15)
    _note(slide, [f"{plain(label)}: {plain(text)}" for label, text in points])


def _picture_slide(show: Presentation, chosen: Slide, words: Wording) -> None:
    """The chapter's name, the item's wording, one sentence, the picture, and below it base and interval."""
    chart, chapter = chosen.chart, chosen.chapter
    slide = _add(show, chapter.title, chapter.accent)
    text = _box(slide, (EDGE_MM, 32.0), (PICTURE_MM[0], 24.0))
    _write(text, chart.title, 16, bold=True)
    if chosen.lead:
        _write(text, _first_sentence(chosen.lead), 14)
    scale = min(PICTURE_MM[0] / chart.width_mm, PICTURE_MM[1] / chart.height_mm)
    size = (chart.width_mm * scale, chart.height_mm * scale)
    left = EDGE_MM + (PICTURE_MM[0] - size[0]) / 2
    stream = io.BytesIO(chart.png(DPI))
    picture = slide.shapes.add_picture(stream, _emu(left), _emu(60.0), _emu(size[0]), _emu(size[1]))
    picture._element.nvPicPr.cNvPr.set("descr", plain(chart.alt))
    foot = _box(slide, (EDGE_MM, HEIGHT_MM - 15.0), (PICTURE_MM[0], 10.0))
    _write(foot, chart.note, 10, GREY)
    told = words.say("slide_notes_figure", alt=plain(chart.alt))
    _note(slide, [plain(chosen.lead), told])


def _proposal_slide(show: Presentation, chapter: Chapter, block: Recommendations) -> None:
    slide = _add(show, chapter.title, chapter.accent)
    text = _box(slide, (EDGE_MM, 38.0), (PICTURE_MM[0], 130.0))
    for one in block.entries[:MOST_POINTS]:
        _write(text, one.title, 18, bold=True)
        _write(text, one.because, 12, GREY)
    _note(slide, [f"{plain(one.title)}: {plain(one.text)} {plain(one.because)}" for one in block.entries])


def _points_slide(show: Presentation, title: str, chapter: Chapter) -> None:
    slide = _add(show, title, chapter.accent)
    points = [point for block in chapter.blocks if isinstance(block, Points) for point in block.points]
    text = _box(slide, (EDGE_MM, 38.0), (PICTURE_MM[0], 130.0))
    for label, told in points[:MOST_POINTS]:
        _write(text, label, 15, chapter.accent, bold=True)
        _write(text, _first_sentence(told), 14)
    _note(slide, [f"{plain(label)}: {plain(told)}" for label, told in points])


def _first_sentence(text: str) -> str:
    first, *more = SENTENCE.split(plain(text), maxsplit=2)
    if first.endswith("?") and more:  # an item's wording says nothing without what was answered
        first = f"{first} {more[0]}"
    return first if len(first) <= LONGEST_POINT else first[: LONGEST_POINT - 1].rsplit(" ", 1)[0] + " …"


def _add(show: Presentation, title: str, accent: str, *, size_pt: float = 28, top_mm: float = 12.0) -> Any:
    """A slide with a title, which screen readers and the outline find, and a mark in the chapter's colour."""
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    slide = show.slides.add_slide(show.slide_layouts[TITLE_ONLY])
    head = slide.shapes.title
    head.left, head.top = _emu(EDGE_MM), _emu(top_mm)
    head.width, head.height = _emu(PICTURE_MM[0]), _emu(size_pt * 1.4)
    head.text_frame.word_wrap, head.text_frame.vertical_anchor = True, MSO_ANCHOR.TOP
    head.text_frame.margin_left = 0
    paragraph = head.text_frame.paragraphs[0]
    paragraph.text, paragraph.alignment = plain(title), PP_ALIGN.LEFT
    font = paragraph.font
    font.size, font.bold, font.color.rgb = Pt(size_pt), True, _colour(INK)
    mark = slide.shapes.add_shape(1, _emu(EDGE_MM), _emu(top_mm - 4), _emu(22.0), _emu(2.2))
    mark.fill.solid()
    mark.fill.fore_color.rgb = _colour(accent)
    mark.line.fill.background()
    mark._element.nvSpPr.cNvPr.set("descr", "")
    return slide


def _box(slide: Any, corner_mm: tuple[float, float], size_mm: tuple[float, float]) -> Any:
    made = slide.shapes.add_textbox(*map(_emu, corner_mm), *map(_emu, size_mm))
    made.text_frame.word_wrap, made.text_frame.margin_left = True, 0
    return made.text_frame


def _write(frame: Any, text: str, size_pt: float, colour: str = INK, *, bold: bool = False) -> None:
    """Append a paragraph; the first one of a frame is there already."""
    from pptx.util import Pt

    first = frame.paragraphs[0]
    paragraph = first if not first.text and len(frame.paragraphs) == 1 else frame.add_paragraph()
    run = paragraph.add_run()
    run.text, run.font.size, run.font.bold = plain(text), Pt(size_pt), bold
    run.font.color.rgb = _colour(colour)
    paragraph.space_after = Pt(4)


def _note(slide: Any, lines: Sequence[str]) -> None:
    """What the speaker says."""
    slide.notes_slide.notes_text_frame.text = "\n\n".join(plain(line) for line in lines if line)


def _emu(mm: float) -> Any:
    from pptx.util import Mm

    return Mm(mm)


def _colour(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    given: Any = RGBColor
    return given.from_string(colour.lstrip("#").upper())
