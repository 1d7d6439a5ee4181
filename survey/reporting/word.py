"""A report as blocks -> a Word document to edit: real styles, captions and tables, pictures with alt texts."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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
from survey.reporting.canvas import GREY, INK, PALE, RULE
from survey.reporting.charts import Chart
from survey.reporting.marked import plain

if TYPE_CHECKING:
    from docx.document import Document as Docx

DPI, PAGE_DPI = 300, 150
"""Of charts, and of whole pages of the questionnaire."""
TEXT_MM = 160
"""Width between the margins of an A4 page."""
LABEL_MM, HEAD_PT = 44.0, 7.0
"""Width of a table's labels where it has many columns, and size of its head."""
LONGEST_ALT = 2000
CALLOUT, NOTE, POINT, FIGURE = "Callout", "Note", "Point", "Key figure"
"""Styles of our own, beside Word's."""
LOCALES = {"de": "de-DE", "en": "en-GB"}


@dataclass
class _Paper:
    """The document being written, and how many figures and tables it has."""

    word: Docx
    document: Document
    accent: str = INK
    counted: dict[str, int] = field(default_factory=dict)

    def say(self, text: str, style: str | None = None) -> Any:
        """Append a paragraph of finished words."""
        return self.word.add_paragraph(plain(text), style)


def write_word(document: Document) -> bytes:
    """Return the .docx; the same document gives the same bytes."""
    import docx

    word = docx.Document()
    _set_page(word, document)
    _set_styles(word, document)
    paper = _Paper(word, document)
    _title(paper)
    for chapter in document.chapters:
        _chapter(paper, chapter)
    about = word.core_properties
    about.title, about.subject, about.author = (
        plain(document.title),
        plain(document.subtitle),
        document.office,
    )
    about.language, about.comments, about.keywords = LOCALES[document.language], "", ""
    about.last_modified_by, about.revision, about.created, about.modified = document.office, 1, MADE, MADE
    target = io.BytesIO()
    word.save(target)
    return zip_undated(target.getvalue())


def _set_page(word: Docx, document: Document) -> None:
    """A4 with the report's margins, its title above and the page's number below."""
    from docx.shared import Mm, Pt

    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(25), Mm(21)
    head = section.header.paragraphs[0]
    head.text = plain(document.title)
    foot = section.footer.paragraphs[0]
    foot.add_run(f"{document.status}\t\t{document.labels['page']} ")
    _add_number(foot, "PAGE", "1")
    for paragraph in (head, foot):
        for run in paragraph.runs:
            run.font.size, run.font.color.rgb = Pt(8), _colour(GREY)


def _set_styles(word: Docx, document: Document) -> None:
    """Word's own styles in the report's type, and four of our own."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt

    styles = word.styles
    styles.element.find(f".//{qn('w:lang')}").set(qn("w:val"), LOCALES[document.language])
    sizes = {"Normal": 10, "Title": 26, "Subtitle": 13, "Heading 1": 20, "Heading 2": 13, "Caption": 9.5}
    for name, size in sizes.items():
        style = styles[name]
        style.font.name, style.font.size = document.font or "Calibri", Pt(size)
        style.font.color.rgb, style.font.italic = _colour(INK), False
        style.font.bold = name not in {"Normal", "Subtitle"}
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    styles["Caption"].paragraph_format.keep_with_next = True
    styles["Title"].element.pPr.remove(styles["Title"].element.pPr.find(qn("w:pBdr")))
    for name, size in {CALLOUT: 9.5, NOTE: 8, POINT: 10, FIGURE: 10}.items():
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.font.size = styles["Normal"], Pt(size)
        style.quick_style = True
    styles[NOTE].font.color.rgb = _colour(GREY)
    styles[NOTE].paragraph_format.space_after = styles["Caption"].paragraph_format.space_after = Pt(3)
    _frame(styles[CALLOUT].element.get_or_add_pPr(), document.accent)
    styles[CALLOUT].paragraph_format.space_before = Pt(8)


def _frame(properties: Any, accent: str) -> None:
    """A thick line on the left and a pale ground."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, left, ground = (OxmlElement(f"w:{name}") for name in ("pBdr", "left", "shd"))
    for name, value in {"val": "single", "sz": "24", "space": "8", "color": accent.lstrip("#")}.items():
        left.set(qn(f"w:{name}"), value)
    for name, value in {"val": "clear", "color": "auto", "fill": PALE.lstrip("#")}.items():
        ground.set(qn(f"w:{name}"), value)
    borders.append(left)
    properties.append(borders)
    properties.append(ground)


def _title(paper: _Paper) -> None:
    """Office, title, what it is, and the contents: a field that Word brings up to date, filled with what there is."""
    from docx.shared import Mm

    document = paper.document
    if document.logo is not None and document.logo.suffix != ".svg":
        picture = paper.word.add_picture(io.BytesIO(document.logo.picture), height=Mm(15))
        _describe(picture, document.logo.alt)
    paper.say(document.office)
    paper.say(document.title, "Title")
    paper.say(document.subtitle, "Subtitle")
    paper.say(document.status).runs[0].bold = True
    for label, value in document.facts:
        line = paper.say("")
        line.add_run(f"{plain(label)}: ").bold = True
        line.add_run(plain(value))
    paper.say(document.labels["contents"], NOTE).runs[0].bold = True
    line = paper.word.add_paragraph()
    _add_field(line, 'TOC \\o "1-1" \\h \\z \\u', [plain(chapter.title) for chapter in document.chapters])


def _chapter(paper: _Paper, chapter: Chapter) -> None:
    paper.accent = chapter.accent
    head = paper.word.add_heading(plain(chapter.title), 1)
    head.paragraph_format.page_break_before = True
    for block in chapter.blocks:
        RENDERERS[type(block)](paper, block)


def _heading(paper: _Paper, block: Heading) -> None:
    paper.word.add_heading(plain(block.text), 2)


def _paragraph(paper: _Paper, block: Paragraph) -> None:
    paper.say(block.text)


def _points(paper: _Paper, block: Points) -> None:
    for label, text in block.points:
        line = paper.say("", POINT)
        run = line.add_run(f"{plain(label)}  ")
        run.bold, run.font.color.rgb = True, _colour(paper.accent)
        line.add_run(plain(text))


def _key_figures(paper: _Paper, block: KeyFigures) -> None:
    from docx.shared import Pt

    for one in block.figures:
        line = paper.say("", FIGURE)
        value = line.add_run(f"{plain(one.value)}  ")
        value.bold, value.font.size, value.font.color.rgb = True, Pt(20), _colour(one.accent)
        line.add_run(f"{plain(one.label)}  ").bold = True
        line.add_run(plain(one.detail)).font.color.rgb = _colour(GREY)


def _figures(paper: _Paper, block: Figures) -> None:
    for chart, lead in zip(block.charts, block.leads, strict=True):
        _figure(paper, chart, lead)


def _figure(paper: _Paper, chart: Chart, lead: str = "", dpi: int = DPI) -> None:
    """Caption, what it shows in words, the picture with its alt text, and base and interval."""
    from docx.shared import Mm

    _caption(paper, "figure", chart.title)
    if lead:
        paper.say(lead).paragraph_format.keep_with_next = True
    line = paper.say("")
    line.paragraph_format.keep_with_next = True
    picture = line.add_run().add_picture(io.BytesIO(chart.png(dpi)), width=Mm(min(chart.width_mm, TEXT_MM)))
    _describe(picture, chart.alt)
    paper.say(chart.note, NOTE)


def _describe(picture: Any, alt: str) -> None:
    """Give a picture its alt text."""
    picture._inline.docPr.set("descr", plain(alt)[:LONGEST_ALT])


def _caption(paper: _Paper, label: str, title: str) -> None:
    """A caption that Word counts itself."""
    paper.counted[label] = paper.counted.get(label, 0) + 1
    line = paper.say("", "Caption")
    name = paper.document.labels[label]
    line.add_run(f"{name} ").font.color.rgb = _colour(paper.accent)
    _add_number(line, f"SEQ {name} \\* ARABIC", str(paper.counted[label]))
    line.add_run(f"  {plain(title)}")


def _table(paper: _Paper, block: DataTable) -> None:
    _caption(paper, "table", block.title)
    if block.note:
        paper.say(block.note, NOTE).paragraph_format.keep_with_next = True
    _fill_table(paper, [block.header, *block.rows], block.widths_mm)
    paper.say("", NOTE)


def _fill_table(paper: _Paper, rows: Sequence[Sequence[str]], widths_mm: Sequence[float]) -> None:
    """A native table: its first row heads every page it runs over, no row is torn, numbers stand on the right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    made = paper.word.add_table(len(rows), len(rows[0]))
    made.autofit = False
    widths_mm = _roomier(widths_mm)
    for column, width_mm in zip(made.columns, widths_mm, strict=True):
        column.width = Mm(width_mm)
    _rule(made)
    _narrow_margins(made)
    cells = made._cells  # every row looks for its cells anew; one look is enough
    for place, cell in enumerate(cells):
        line, at = divmod(place, len(rows[0]))
        cell.width = Mm(widths_mm[at])
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(1)
        run = paragraph.add_run()
        _hyphenate(run, plain(rows[line][at]))
        run.font.size, run.font.bold = Pt(8 if line else HEAD_PT), line == 0 or None
        if at:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for place, row in enumerate(made._tbl.tr_lst):
        properties = row.get_or_add_trPr()
        for name in ["cantSplit", "tblHeader"][: 2 if place == 0 else 1]:
            flag = OxmlElement(f"w:{name}")
            flag.set(qn("w:val"), "true")
            properties.append(flag)


def _hyphenate(run: Any, text: str) -> None:
    """Write words that may break at their soft hyphens, which Word knows as elements and not as letters."""
    from docx.oxml import OxmlElement

    first, *others = text.split("\u00ad")
    run.add_text(first)
    for part in others:
        run._r.append(OxmlElement("w:softHyphen"))
        run.add_text(part)


def _roomier(widths_mm: Sequence[float]) -> list[float]:
    """Columns of numbers a little wider than in the PDF, at the cost of the labels': Word does not hyphenate there."""
    first, *others = widths_mm
    spare = max(0.0, first - LABEL_MM) if len(others) > 2 else 0.0
    return [first - spare, *(width + spare / len(others) for width in others)]


def _narrow_margins(made: Any) -> None:
    """Little room left and right in each cell."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "40")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    made._tbl.tblPr.append(margins)


def _rule(made: Any) -> None:
    """Thin lines between the rows, none between the columns."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:tblBorders")
    for name in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{name}")
        for key, value in {"val": "single", "sz": "4", "space": "0", "color": RULE.lstrip("#")}.items():
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    made._tbl.tblPr.append(borders)


def _callout(paper: _Paper, block: Callout) -> None:
    line = paper.say("", CALLOUT)
    line.add_run(f"{plain(block.title)}  ").bold = True
    line.add_run(plain(block.text))


def _list(paper: _Paper, block: BulletList) -> None:
    for one in block.entries:
        paper.say(one, "List Number" if block.is_numbered else "List Bullet")


def _quotes(paper: _Paper, block: Quotes) -> None:
    paper.word.add_heading(plain(block.title), 2)
    paper.say(block.note, NOTE)
    for one in block.quotes:
        _speak(paper.say(one, "Quote"), block.language)


def _speak(paragraph: Any, language: str) -> None:
    """Tell Word's dictionary, and whoever listens, in which language a paragraph is."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for run in paragraph.runs:
        told = OxmlElement("w:lang")
        told.set(qn("w:val"), LOCALES.get(language, language))
        run._r.get_or_add_rPr().append(told)


def _recommendations(paper: _Paper, block: Recommendations) -> None:
    for one in block.entries:
        paper.word.add_heading(plain(one.title), 2)
        paper.say(one.text)
        paper.say(one.because, NOTE)


def _facsimile(paper: _Paper, block: Facsimile) -> None:
    for chart in block.pages:
        _figure(paper, chart, dpi=PAGE_DPI)


def _colour(colour: str) -> Any:
    from docx.shared import RGBColor

    return RGBColor.from_string(colour.lstrip("#").upper())


def _add_number(paragraph: Any, code: str, shown: str) -> None:
    _add_field(paragraph, code, [shown])


def _add_field(paragraph: Any, code: str, shown: Sequence[str]) -> None:
    """A field that Word computes; until it does, `shown` stands there, a line each."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    def mark(kind: str) -> None:
        element = OxmlElement("w:fldChar")
        element.set(qn("w:fldCharType"), kind)
        paragraph.add_run()._r.append(element)

    mark("begin")
    told = OxmlElement("w:instrText")
    told.set(qn("xml:space"), "preserve")
    told.text = f" {code} "
    paragraph.add_run()._r.append(told)
    mark("separate")
    for place, line in enumerate(shown):
        run = paragraph.add_run(line)
        if place < len(shown) - 1:
            run.add_break()
    mark("end")


RENDERERS: dict[type[Block], Callable[[_Paper, Any], None]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Points: _points,
    KeyFigures: _key_figures,
    Figures: _figures,
    DataTable: _table,
    Callout: _callout,
    BulletList: _list,
    Quotes: _quotes,
    Recommendations: _recommendations,
    Facsimile: _facsimile,
}
"""Every kind of block; a test holds that none is missing, and one without a renderer is an error, never silence."""
