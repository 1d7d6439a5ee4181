"""What several tests share: a small questionnaire of their own."""

from __future__ import annotations

import pytest
from hypothesis import settings
from paper import write_questionnaire

from survey.questionnaire.model import Questionnaire

settings.register_profile("any machine", deadline=None)  # how long a test takes says nothing
settings.load_profile("any machine")

SLOW_FIRST = (
    *("review_page", "preview", "report_files", "report_page", "corrections", "narrative", "change", "story"),
    *("summary", "accounts", "changes_page", "chapters", "house", "runs", "cut_off", "labelled", "report"),
)
"""Files that take longest: begun last, one would keep one worker busy while all others have nothing left."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slowest files first, all others as they come."""
    rank = {f"test_{name}": place for place, name in enumerate(SLOW_FIRST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))


@pytest.fixture(scope="session")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    """A questionnaire of two pages without printed codes."""
    return write_questionnaire(tmp_path_factory.mktemp("mini") / "schemas")


@pytest.fixture
def first_and_last_files_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each level only what is looked at first, and the note: what is in the others is claimed elsewhere."""
    from survey.reporting import report

    monkeypatch.setattr(report, "MAKERS", {level: [own[0], own[-1]] for level, own in report.MAKERS.items()})
