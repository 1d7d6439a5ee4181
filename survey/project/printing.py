"""A schema -> what is printed of it. Loads little: copies for a whole mailing take memory enough."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from survey.files import write_whole
from survey.project.folder import Project
from survey.questionnaire.load import load_schema


def print_blank(project: Project, name: str) -> list[Path]:
    """Typeset a schema: writes <id>.blank.pdf and <id>.boxes.csv beside it."""
    from survey.questionnaire.typeset import print_questionnaire

    path = project.written_schema(name)
    print_questionnaire(path)
    return [path.with_suffix(".blank.pdf"), path.with_suffix(".boxes.csv")]


def print_copies(
    project: Project, name: str, counts: dict[str, int], *, seed: int, letter: str
) -> list[Path]:
    """Print serial copies for each stratum into prints/<id>/ and add them to <id>.cases.csv."""
    from survey.questionnaire.copies import print_copies as make_copies

    path = project.written_schema(name)
    wanted = counts or load_schema(path).population.frame
    done = make_copies(path, wanted, project.root / "prints" / name, seed=seed, letter=letter)
    return [*done.pdfs, path.with_suffix(".cases.csv")]


def print_cover_sheets(project: Project, name: str, received: date) -> Path:
    """Print batch cover sheets, one a stratum, into prints/<id>/."""
    from survey.questionnaire.copies import cover_sheets

    out = project.root / "prints" / name / f"{name}.cover-{received.isoformat()}.pdf"
    write_whole(out, cover_sheets(load_schema(project.written_schema(name)), received))
    return out
