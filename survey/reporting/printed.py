"""A report as blocks -> its PDF: PDF/UA-1 and PDF/A-2a, laid out by templates/report.typ."""

from __future__ import annotations

import tempfile
from pathlib import Path

from survey.doors.typesetting import typeset
from survey.reporting.blocks import Document, as_data

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"


def print_report(document: Document) -> bytes:
    """Return the PDF; the same document gives the same bytes."""
    with tempfile.TemporaryDirectory(prefix="survey-") as name:
        folder = Path(name)
        for chart in document.charts():
            (folder / f"{chart.name}.svg").write_bytes(chart.svg)
        if document.logo is not None:
            (folder / f"logo{document.logo.suffix}").write_bytes(document.logo.picture)
        fonts = [Path(file) for file in document.font_files]
        return typeset(TEMPLATE, as_data(document), assets=folder, fonts=fonts).pdf
