"""Estimates, and what was published before -> which numbers may be shown, and why not the others."""

from __future__ import annotations

from survey.analysis.disclosure.attack import Audit, audit
from survey.analysis.disclosure.cells import Cells, crossed
from survey.analysis.disclosure.hiding import Hiding, hide
from survey.analysis.disclosure.policy import policy_of
from survey.analysis.disclosure.protect import protect
from survey.analysis.disclosure.published import Decision, data_digest, may_publish, to_publish
from survey.analysis.disclosure.rules import Policy

__all__ = [
    "Audit", "Cells", "Decision", "Hiding", "Policy", "audit", "crossed", "data_digest", "hide", "may_publish",
    "policy_of", "protect", "to_publish",
]  # fmt: skip
