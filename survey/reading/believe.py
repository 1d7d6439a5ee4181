"""How well a page, a damaged code or a second scan fits -> whether it is believed.

Beside decide.py the only place for thresholds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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


def contradict(one: np.ndarray, other: np.ndarray, limits: Thresholds) -> bool:
    """Whether two measurements of the same boxes (p_marked, shape (boxes,)) differ in a mark both are sure of."""
    empty, marked = limits.empty_below, limits.marked_above
    return bool((((one < empty) & (other > marked)) | ((one > marked) & (other < empty))).any())


def is_same_paper(agreement: float, limits: Thresholds) -> bool:
    """Whether two scans show the same strokes; where there is no stroke to compare, nothing speaks against it."""
    return bool(np.isnan(agreement) or agreement >= limits.same_strokes)
