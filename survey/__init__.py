"""Paper questionnaires -> marks -> tidy tables -> an evaluation one can trace back to paper."""

__version__ = "0.1.0"

REVIEW_PORT = 8750
"""Where the review page is, if nothing else was there first: links of a report lead there."""

INSIDE = ".internal"
"""Ends the name of the folder of reports/ that stays in the office: it lies beside the one that may be passed on."""
