"""Blanks as other programs make them: LibreOffice Writer, LaTeX, a fillable PDF; each with what it asks."""

# ruff: noqa: E501 - templates of other programs, and sentences as they are printed
from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest

A4_PT = (595.28, 841.89)


@dataclass(frozen=True)
class Asked:
    """One item as it was printed."""

    type: str
    text: str
    labels: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    boxes: int = 0
    """Boxes to mark, or cells and frames to write in."""


# LibreOffice ---------------------------------------------------------------------------------------------------------

OFFICE = [
    Asked("single", "Wie kommen Sie zur Arbeit?", ("mit dem Fahrrad", "mit Bus oder Bahn", "zu Fuß", "mit dem Auto"), boxes=4),
    Asked("multiple", "Was hat Ihnen geholfen? (Mehrere Antworten möglich)", ("die Beratung im Amt", "der Kurs am Abend", "Freunde und Familie", "nichts davon"), boxes=4),
    Asked("matrix", "Wie zufrieden sind Sie mit Folgendem?", ("sehr", "eher", "wenig", "gar nicht"), ("Öffnungszeiten", "Wartezeit", "Auskunft am Telefon", "Räume"), 16),
    Asked("single", "Haben Sie Kinder unter 14 Jahren?", ("ja", "nein", "keine Angabe"), boxes=3),
    Asked("multiple", "Welche Zeiten passen Ihnen? Bitte alles Zutreffende ankreuzen.", ("vormittags", "nachmittags", "abends"), boxes=3),
    Asked("single", "Was trifft am ehesten auf Sie zu?", ("Ich arbeite und bin damit im Großen und Ganzen zufrieden, auch wenn der Weg zur Arbeit weiter ist, als ich es mir wünsche", "Ich suche eine Arbeit", "Ich lerne oder bin in einer Ausbildung, die noch länger als ein Jahr dauert und die ich ganz bestimmt auch abschließen möchte", "nichts davon"), boxes=4),
    Asked("text", "Was möchten Sie uns noch sagen?", boxes=1),
]  # fmt: skip
FODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="DejaVu Sans" svg:font-family="'DejaVu Sans'"/></office:font-face-decls>
<office:styles><style:default-style style:family="paragraph">
 <style:text-properties style:font-name="DejaVu Sans" fo:font-size="10pt" fo:language="de" fo:country="DE"/>
</style:default-style></office:styles>
<office:automatic-styles>
 <style:style style:name="Asked" style:family="paragraph"><style:paragraph-properties fo:margin-top="6mm" fo:margin-bottom="2mm" fo:keep-with-next="always"/>
  <style:text-properties fo:font-weight="bold"/></style:style>
 <style:style style:name="Option" style:family="paragraph"><style:paragraph-properties fo:margin-left="12mm"
  fo:text-indent="-7mm" fo:margin-bottom="1mm"/></style:style>
 <style:style style:name="Row" style:family="paragraph"/>
 <style:style style:name="Middle" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/></style:style>
 <style:style style:name="Box" style:family="text"><style:text-properties fo:font-size="13pt"/></style:style>
 <style:style style:name="Wide" style:family="table-column"><style:table-column-properties style:column-width="70mm"/></style:style>
 <style:style style:name="Narrow" style:family="table-column"><style:table-column-properties style:column-width="22mm"/></style:style>
 <style:style style:name="Cell" style:family="table-cell">
  <style:table-cell-properties fo:border="0.5pt solid #000000" fo:padding="1mm" style:vertical-align="middle"/></style:style>
 <style:style style:name="High" style:family="table-row"><style:table-row-properties style:min-row-height="25mm"/></style:style>
 <style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="210mm" fo:page-height="297mm"
  fo:margin="20mm"/></style:page-layout>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"/></office:master-styles>
<office:body><office:text>
<text:p text:style-name="Asked">Befragung zur Arbeit vor Ort</text:p>
<text:p>Bitte kreuzen Sie an und senden Sie den Bogen zurück.</text:p>
{body}
</office:text></office:body></office:document>
"""


def office_blank(folder: Path) -> Path:
    """Set OFFICE with LibreOffice Writer: box letters beside labels, a ruled table, a framed cell to write in."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-writer-nogui")
    body = "\n".join(_office_item(number, asked) for number, asked in enumerate(OFFICE, start=1))
    (folder / "office.fodt").write_text(FODT.format(body=body), encoding="utf-8")
    subprocess.run(
        [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", str(folder), str(folder / "office.fodt")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return folder / "office.pdf"


def _office_item(number: int, asked: Asked) -> str:
    head = f'<text:p text:style-name="Asked">{number}. {asked.text}</text:p>'
    if asked.type == "matrix":
        return head + _office_table(asked)
    if asked.type == "text":
        return (
            f'{head}<table:table><table:table-column/><table:table-row table:style-name="High">'
            '<table:table-cell table:style-name="Cell"><text:p/></table:table-cell></table:table-row></table:table>'
        )
    box = '<text:span text:style-name="Box">☐</text:span><text:tab/>'
    if len(asked.labels) == 3:  # a short list stands on one line
        line = "<text:tab/>".join(f"{box.removesuffix('<text:tab/>')} {label}" for label in asked.labels)
        return f'{head}<text:p text:style-name="Option">{line}</text:p>'
    return head + "".join(f'<text:p text:style-name="Option">{box}{label}</text:p>' for label in asked.labels)


def _office_table(asked: Asked) -> str:
    def cell(words: str, style: str = "Middle") -> str:
        return f'<table:table-cell table:style-name="Cell"><text:p text:style-name="{style}">{words}</text:p></table:table-cell>'

    box = '<text:span text:style-name="Box">☐</text:span>'
    rows = [["", *asked.labels], *([row, *[box] * len(asked.labels)] for row in asked.rows)]
    lines = "".join(
        f"<table:table-row>{cell(row[0], 'Row')}{''.join(map(cell, row[1:]))}</table:table-row>"
        for row in rows
    )
    columns = f'<table:table-column table:style-name="Wide"/><table:table-column table:style-name="Narrow" table:number-columns-repeated="{len(asked.labels)}"/>'
    return f"<table:table>{columns}{lines}</table:table>"


# LaTeX ---------------------------------------------------------------------------------------------------------------

LATEX = [
    Asked("single", "How long have you lived here?", ("less than a year", "one to five years", "more than five years"), boxes=3),
    Asked("multiple", "Which of these do you use? Check all that apply.", ("library", "swimming pool", "youth centre", "music school", "none of these"), boxes=5),
    Asked("matrix", "How much do you agree?", ("fully", "partly", "not at all"), ("The town is clean.", "Buses run often enough.", "I feel safe at night."), 9),
    Asked("scale", "How satisfied are you with the town?", ("1", "2", "3", "4", "5", "6"), boxes=6),
    Asked("number", "How many people live in your household?", boxes=2),
    Asked("single", "Would you move away?", ("yes", "no"), boxes=2),
    Asked("dotted", "What brought you here?", ("work", "family", "the landscape", "something else"), boxes=4),
    Asked("text", "What should change?", boxes=1),
]  # fmt: skip
SHEET_CLASS = r"""
\NeedsTeXFormat{LaTeX2e}
\ProvidesClass{sheet}
\LoadClass[a4paper,11pt]{article}
\RequirePackage{amssymb,array}
\setlength{\textwidth}{165mm}\setlength{\oddsidemargin}{-3mm}\setlength{\parindent}{0mm}
\setlength{\topmargin}{-20mm}\setlength{\textheight}{250mm}\pagestyle{empty}
\newcounter{asked}
\newcommand{\asked}[1]{\stepcounter{asked}\par\vspace{4mm}\textbf{\theasked. #1}\par\vspace{1.5mm}}
\newcommand{\frame@}[2]{\setlength{\fboxsep}{0mm}\framebox{\rule{0mm}{#2}\rule{#1}{0mm}}}
\newcommand{\markbox}{\raisebox{-.6mm}{\frame@{3.6mm}{3.6mm}}}
\newcommand{\choice}[1]{\hspace*{5mm}\markbox\hspace{2.5mm}#1\par\vspace{1mm}}
\newcommand{\symbolchoice}[1]{\hspace*{5mm}{\Large$\square$}\hspace{2.5mm}#1\par\vspace{1mm}}
\newcommand{\cell}{\frame@{5mm}{7mm}\hspace{-.4pt}}
\newcommand{\area}{\frame@{160mm}{20mm}}
"""


def latex_blank(folder: Path) -> Path:
    """Set LATEX with LaTeX and a small class: ruled frames, the box letter of amssymb, a table, a comb."""
    program = shutil.which("pdflatex")
    if program is None:
        pytest.skip("LaTeX is not installed: apt-get install texlive-latex-recommended")
    (folder / "sheet.cls").write_text(SHEET_CLASS, encoding="utf-8")
    body = "\n".join(_latex_item(asked) for asked in LATEX)
    text = rf"\documentclass{{sheet}}\begin{{document}}\section*{{Living in our town}}{body}\end{{document}}"
    (folder / "latex.tex").write_text(text, encoding="utf-8")
    command = [program, "-interaction=nonstopmode", "-halt-on-error", "latex.tex"]
    subprocess.run(command, check=True, capture_output=True, cwd=folder, timeout=120)
    return folder / "latex.pdf"


def _latex_item(asked: Asked) -> str:
    head = rf"\asked{{{asked.text}}}"
    if asked.type == "matrix":
        columns = "".join("c" * len(asked.labels))
        lines = [" & ".join(["", *asked.labels])]
        lines += [" & ".join([row, *[r"\markbox"] * len(asked.labels)]) for row in asked.rows]
        return (
            rf"{head}\renewcommand{{\arraystretch}}{{1.5}}\begin{{tabular}}{{p{{70mm}}{columns}}}"
            + "\\\\\n".join(lines)
            + r"\end{tabular}\par"
        )
    if asked.type == "scale":
        return (
            rf"{head}\begin{{tabular}}{{{'c' * 6}}}"
            + " & ".join(asked.labels)
            + r"\\"
            + " & ".join([r"\markbox"] * 6)
            + r"\end{tabular}\par"
        )
    if asked.type == "number":
        return head + r"\hspace*{5mm}" + r"\cell" * asked.boxes + " people\\par"
    if asked.type == "text":
        return head + r"\area\par"
    if asked.type == "dotted":
        return head + "".join(
            rf"\hspace*{{5mm}}\makebox[80mm]{{{label}\dotfill\markbox}}\par\vspace{{1mm}}"
            for label in asked.labels
        )
    draw = r"\symbolchoice" if asked.type == "multiple" else r"\choice"
    return head + "".join(rf"{draw}{{{label}}}" for label in asked.labels)


# A fillable PDF ------------------------------------------------------------------------------------------------------

FILLABLE = [
    Asked("single", "1. Are you employed?", ("full time", "part time", "not employed"), boxes=3),
    Asked("multiple", "2. Which languages do you speak? Check all that apply.", ("German", "Turkish", "Ukrainian", "English"), boxes=4),
    Asked("single", "3. Do you have a driving licence?", ("yes", "no"), boxes=2),
    Asked("number", "4. Year of birth", boxes=4),
    Asked("text", "5. Anything else?", boxes=1),
]  # fmt: skip


def fillable_blank(folder: Path) -> Path:
    """Make FILLABLE as an AcroForm: radio groups, check boxes, a comb, a text field; words beside the fields."""
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=A4_PT)
        form = _Form(document)
        top = 80.0
        for number, asked in enumerate(FILLABLE, start=1):
            form.words(50, top, asked.text)
            top = form.item(f"item{number}", asked, top + 10) + 30
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.obj.Contents = document.make_stream("\n".join(form.drawn).encode())
        page.obj["/Annots"] = pikepdf.Array(form.widgets)
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(form.fields))
        document.save(folder / "fillable.pdf")
    return folder / "fillable.pdf"


class _Form:
    """The growing parts of a fillable page; places in points from the top left."""

    def __init__(self, document: pikepdf.Pdf) -> None:
        self.document = document
        self.drawn: list[str] = []
        self.widgets: list[pikepdf.Object] = []
        self.fields: list[pikepdf.Object] = []

    def words(self, x: float, y: float, text: str) -> None:
        """Print words with their foot at y."""
        self.drawn.append(f"BT /F1 10 Tf {x} {A4_PT[1] - y} Td ({text}) Tj ET")

    def item(self, name: str, asked: Asked, top: float) -> float:
        """Draw one item's fields from `top` down; returns where they end."""
        if asked.type in {"number", "text"}:
            w, h = (80, 20) if asked.type == "number" else (400, 70)
            comb = {"Ff": 1 << 24, "MaxLen": asked.boxes} if asked.type == "number" else {}
            self.fields.append(self.widget(60, top, w, h, FT=pikepdf.Name.Tx, T=name, **comb))
            self.drawn.append(f"60 {A4_PT[1] - top - h} {w} {h} re S")
            return top + h
        parent = pikepdf.Dictionary(FT=pikepdf.Name.Btn, Ff=1 << 15, T=name, Kids=[])
        group = self.document.make_indirect(parent) if asked.type == "single" else None
        for place, label in enumerate(asked.labels):
            y = top + 20 * place
            self.words(80, y + 10, label)
            entries = (
                {"Parent": group} if group is not None else {"FT": pikepdf.Name.Btn, "T": f"{name}_{place}"}
            )
            box = self.widget(60, y, 12, 12, AP=self.look(f"v{place}"), AS=pikepdf.Name.Off, **entries)
            if group is None:
                self.fields.append(box)
            else:
                group["/Kids"].append(box)
        self.fields += [group] if group is not None else []
        return top + 20 * len(asked.labels)

    def widget(self, x: float, y: float, w: float, h: float, **entries: object) -> pikepdf.Object:
        """One field on the page."""
        rect = pikepdf.Array([x, A4_PT[1] - y - h, x + w, A4_PT[1] - y])
        made = self.document.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, Rect=rect, **entries)
        )
        self.widgets.append(made)
        return made

    def look(self, state: str) -> pikepdf.Dictionary:
        """A frame, whatever the state."""
        frame = self.document.make_stream(b"q 0.8 w 0.5 0.5 11 11 re S Q")
        frame["/Type"], frame["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Form
        frame["/BBox"] = pikepdf.Array([0, 0, 12, 12])
        return pikepdf.Dictionary(N=pikepdf.Dictionary({f"/{state}": frame, "/Off": frame}))
