"""Paper questionnaires -> marks -> tidy tables -> an evaluation one can trace back to paper."""

__version__ = "0.1.0"
