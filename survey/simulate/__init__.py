"""A questionnaire -> filled and scanned returns with known truth, and a simulated reviewer."""

from survey.simulate.profile import CLEAN, HARD, OFFICE, PROFILES, Profile, override
from survey.simulate.returns import TRUTH_BOXES, TRUTH_PAGES, Simulation, simulate
from survey.simulate.reviewer import play_reviewer, type_digits, type_texts

__all__ = [
    "CLEAN",
    "HARD",
    "OFFICE",
    "PROFILES",
    "TRUTH_BOXES",
    "TRUTH_PAGES",
    "Profile",
    "Simulation",
    "override",
    "play_reviewer",
    "simulate",
    "type_digits",
    "type_texts",
]
