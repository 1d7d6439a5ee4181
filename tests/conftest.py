"""What several tests share: a small questionnaire of their own."""

from __future__ import annotations

import pytest
from hypothesis import settings
from paper import write_questionnaire

from survey.questionnaire.model import Questionnaire

settings.register_profile("any machine", deadline=None)  # how long a test takes says nothing
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    """A questionnaire of two pages without printed codes."""
    return write_questionnaire(tmp_path_factory.mktemp("mini") / "schemas")
