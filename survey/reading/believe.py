"""How well a page or a damaged code fits -> whether it is believed. Beside decide.py the only place for thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey.questionnaire.thresholds import Thresholds
from survey.reading.reasons import Reason

if TYPE_CHECKING:
    from survey.reading.damaged import Match


def objection_to_page(score: float, runner_up: float, lead: float, limits: Thresholds) -> Reason | None:
    """Tell why a page's best fit is not to be believed; None if it is."""
    if score < limits.page_score:
        return Reason.NOT_OURS
    if score - runner_up < limits.page_margin and lead < limits.page_lead:
        return Reason.AMBIGUOUS
    return None


def believe_match(match: Match | None, limits: Thresholds) -> bool:
    """Whether a damaged code was matched well enough, and far enough ahead of the second best, to be believed."""
    return match is not None and match.fit >= limits.match_fit and match.lead >= limits.match_lead
