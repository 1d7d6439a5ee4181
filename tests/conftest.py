"""What several tests share: a small questionnaire of their own."""

from __future__ import annotations

import pytest
from paper import write_questionnaire

from survey.questionnaire.model import Questionnaire


@pytest.fixture(scope="session")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    """A questionnaire of two pages without printed codes."""
    return write_questionnaire(tmp_path_factory.mktemp("mini") / "schemas")
