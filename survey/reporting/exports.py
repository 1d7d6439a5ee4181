"""Results -> the tables people take away; one function and one line in EXPORTS make an export."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from survey.analysis.coding import codebook as codebook_of
from survey.analysis.coding import to_wide
from survey.analysis.microdata import internal, public
from survey.reporting.evidence import Results, without_hidden

MARK_COLUMNS = [
    "scan", "page", "half", "questionnaire", "questionnaire_page", "case", "box", "x_mm", "y_mm", "w_mm", "h_mm",
    "state", "p_marked", "ink", "decided_by", "reason",
]  # fmt: skip


def marks(results: Results) -> pd.DataFrame:
    """Every box of every page read: its state, and why."""
    return results.marks[MARK_COLUMNS]


def responses(results: Results) -> pd.DataFrame:
    """One row a case and variable, with typed missing values."""
    return results.responses


def contradictions(results: Results) -> pd.DataFrame:
    """Answers that contradict the routing or each other, with their cases: survey review asks about them."""
    return results.contradictions


def wide(results: Results) -> pd.DataFrame:
    """One row a case, one column a variable; the codebook explains the codes."""
    return to_wide(results.responses)


def codebook(results: Results) -> pd.DataFrame:
    """Every variable with its codes and labels."""
    return codebook_of(results.questionnaire)


def estimates(results: Results) -> pd.DataFrame:
    """Every number of the report; what may not be shown is left empty, with the reason."""
    table = without_hidden(results.estimates)
    table[["count", "base"]] = table[["count", "base"]].astype("Int64")
    table.loc[~table["shown"], ["count", "base"]] = pd.NA
    return table


def weights(results: Results) -> pd.DataFrame:
    """One row a case: the people it stands for, step by step."""
    from survey.analysis.estimate import weights as weights_of

    return weights_of(results.responses, results.questionnaire)


def microdata_internal(results: Results) -> pd.DataFrame:
    """One row a case for use inside the office: shuffled, no serials, no dates."""
    return internal(results.responses, results.questionnaire)


def microdata_public(results: Results) -> pd.DataFrame:
    """One row a case to give away: as inside, no text, and no combination of keys that few share."""
    return public(results.responses, results.questionnaire).rows


def coarsened(results: Results) -> pd.DataFrame:
    """What was joined or suppressed for the public microdata."""
    return public(results.responses, results.questionnaire).coarsened


EXPORTS: dict[str, Callable[[Results], pd.DataFrame]] = {
    "marks": marks,
    "responses": responses,
    "contradictions": contradictions,
    "wide": wide,
    "codebook": codebook,
    "estimates": estimates,
    "weights": weights,
    "microdata-internal": microdata_internal,
    "microdata-public": microdata_public,
    "coarsened": coarsened,
}
