"""Claims about the verbs: all are there, and one loads no more of the program than it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from survey import project
from survey.errors import UsageError


def loaded(statement: str, *libraries: str) -> set[str]:
    code = f"import sys; {statement}; print(*[name for name in {libraries!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("name", project.__all__)
def test_every_verb_is_there(name: str) -> None:
    assert getattr(project, name).__name__ == name


def test_a_verb_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_verb"):
        project.no_such_verb  # noqa: B018


def test_printing_loads_no_picture_library_and_no_worker_processes() -> None:
    """Copies of 1,750 questionnaires are to fit into 200 MB."""
    statement = "from survey import project; project.print_copies; import survey.questionnaire.copies"
    assert loaded(statement, "cv2", "joblib", "scipy", "matplotlib", "PIL", "survey.reading.measure") == set()


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("Ballot 2026", "(?P<serial>.)", "cannot name a questionnaire"),
        ("ballot", "F12-(", "is no regular expression: missing"),
        ("ballot", "F12-", "none of the named groups serial, page"),
    ],
)
def test_a_name_or_code_that_cannot_be_used_leaves_nothing_behind(
    tmp_path: Path, name: str, code: str, message: str
) -> None:
    empty = project.init_project(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match=message):
        project.learn(empty, tmp_path / "blank.pdf", name, codes=(code,))
    assert sorted(tmp_path.rglob("*")) == before
