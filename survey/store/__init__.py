"""What has been read (cache, may be deleted) and what was decided and done (kept for ever)."""

from survey.store.cache import FILES, Cache
from survey.store.decisions import Acknowledged, Decisions
from survey.store.layout import ADJUDICATIONS, CLAIMS
from survey.store.proof import Verified
from survey.store.runs import Runs
from survey.store.stages import Stages

__all__ = [
    "ADJUDICATIONS",
    "CLAIMS",
    "FILES",
    "Acknowledged",
    "Cache",
    "Decisions",
    "Runs",
    "Stages",
    "Verified",
]
