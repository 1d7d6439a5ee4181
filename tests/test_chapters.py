"""Claims about the whole report: its parts, the office's look, one page for the summary, nothing told twice."""

from __future__ import annotations

import re
import shutil
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fake_outcomes import fake_returns, segeberg

from survey.errors import UsageError
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.plan import ReportPart
from survey.reporting.blocks import Document, Figures, Paragraph, Points
from survey.reporting.chapters import compose
from survey.reporting.evidence import Evidence, Results
from survey.reporting.glossary import explain_terms
from survey.reporting.report import build_report
from survey.tables import WRITTEN

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M1 1h6v4H1z" fill="#7a1f3d"/></svg>'
FONTS = Path(__file__).parents[1] / "survey" / "fonts"


def office_with(folder: Path, **look: object) -> Questionnaire:
    """The shipped questionnaire as if its schema lay in a folder, with another look."""
    schema = segeberg().schema
    report = schema.report.model_copy(update=look)
    changed = schema.model_copy(update={"report": report})
    return Questionnaire(changed, segeberg().boxes, None, folder / "segeberg-2012.yaml")


def results_of(questionnaire: Questionnaire, count: int = 64) -> Results:
    found = fake_returns(questionnaire, count)
    written = WRITTEN.frame([("S00001", "most_important", "Ein Bus am Abend wäre gut", "mobility", True)])
    return Results(
        questionnaire, found["marks"], found["outcomes"], found["cases"], found["ledger"], written=written
    )


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Document, bytes]:
    folder = tmp_path_factory.mktemp("office")
    (folder / "logo.svg").write_text(LOGO, "utf-8")
    file = next(FONTS.glob("*.ttf"))
    shutil.copy(file, folder / file.name)
    look = {
        "font": "Noto Sans",
        "font_files": [file.name],
        "logo": "logo.svg",
        "logo_alt": {"de": "Wappen mit Balken"},
        "accent": "#ffcc00",
    }
    return build_report(results_of(office_with(folder, **look)), "de")


def test_the_parts_stand_in_the_order_that_the_documents_tell(printed: tuple[Document, bytes]) -> None:
    named = [chapter.name for chapter in printed[0].chapters]
    text = (Path(__file__).parents[1] / "docs" / "report.md").read_text("utf-8")
    told = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    order = [name for name in told if name in named]
    assert [name for name in named if name in told] == order and len(order) >= 8


def test_the_logo_is_on_the_title_page_with_its_alt_text(printed: tuple[Document, bytes]) -> None:
    assert printed[0].logo and printed[0].logo.alt == "Wappen mit Balken"
    with pikepdf.Pdf.open(BytesIO(printed[1])) as pdf:
        alts = [str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
    assert "Wappen mit Balken" in alts


def test_a_pale_colour_is_darkened_for_white_letters(printed: tuple[Document, bytes]) -> None:
    assert printed[0].accent != "#ffcc00"


def test_the_summary_has_one_page(printed: tuple[Document, bytes]) -> None:
    """With all its callouts, for few have answered and doubts wait."""
    with pypdfium2.PdfDocument(printed[1]) as pdf:
        pages = [pdf[number].get_textpage().get_text_bounded() for number in (1, 2)]
    assert "Das Wichtigste auf einer Seite" in pages[0] and "Zwischenstand" in pages[0]
    assert "Wie gefragt wurde und wer geantwortet hat" in pages[1].splitlines()[1]


def test_a_text_that_is_told_under_voices_is_told_nowhere_else(printed: tuple[Document, bytes]) -> None:
    chapters = {chapter.name: chapter for chapter in printed[0].chapters}
    assert "voices" in chapters
    points = [
        point for block in chapters["support"].blocks if isinstance(block, Points) for point in block.points
    ]
    assert all("Was würde Ihnen jetzt am meisten helfen" not in text for _, text in points)


def test_a_missing_logo_is_a_fault_of_the_schema(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not beside the schema"):
        compose(Evidence(results_of(office_with(tmp_path, logo="logo.png")), "de"))


def test_a_font_needs_its_files() -> None:
    with pytest.raises(ValueError, match="go together"):
        ReportPart.model_validate({"font": "Office Sans"})


def test_a_small_chart_without_a_neighbour_takes_the_whole_width(printed: tuple[Document, bytes]) -> None:
    for chapter in printed[0].chapters:
        for block in chapter.blocks:
            if isinstance(block, Figures) and len(block.charts) == 1:
                assert block.charts[0].width_mm > 100


def test_the_glossary_explains_only_what_is_spoken_of_in_the_order_of_a_dictionary() -> None:
    settled = results_of(segeberg())
    block = explain_terms(Evidence(settled, "de")).blocks[0]
    assert isinstance(block, Points)
    terms = [term for term, _ in block.points]
    assert terms[:3] == ["95-%-Intervall", "Äußerste Grenzen", "Bedarf"] and terms[-1] == "• (Punkt)"
    assert "Gewichtet" not in terms and "Ungeklärt" in terms


def test_no_chapter_is_empty(printed: tuple[Document, bytes]) -> None:
    for chapter in printed[0].chapters:
        assert chapter.blocks and chapter.title
        assert all(block.text for block in chapter.blocks if isinstance(block, Paragraph))
