"""Claims about microdata: nobody stands out, nothing tells the order of the mail, and what was coarsened is told."""

from __future__ import annotations

import pandas as pd
import pytest
from fake_outcomes import fake_returns, segeberg

from survey.analysis.coding import code_responses
from survey.analysis.microdata import SUPPRESSED, internal, public
from survey.errors import UsageError
from survey.questionnaire.model import Disclosure, Questionnaire

KEYS = ["stratum", "sex", "age_group", "children", "youngest"]


@pytest.fixture(scope="module")
def responses() -> pd.DataFrame:
    questionnaire = segeberg()
    returns = fake_returns(questionnaire, 120)
    return code_responses(returns["outcomes"], returns["cases"], questionnaire)


def turned(responses: pd.DataFrame) -> pd.DataFrame:
    """The same cases, scanned in another order."""
    order = {case: place for place, case in enumerate(sorted(set(responses["case"]), reverse=True))}
    return responses.sort_values("case", key=lambda cases: cases.map(order), kind="stable", ignore_index=True)


def test_every_combination_of_keys_is_shared_by_five(responses: pd.DataFrame) -> None:
    found = public(responses, segeberg())
    assert len(found.rows) == 120
    assert found.rows.groupby(KEYS).size().min() >= 5
    assert set(found.coarsened["variable"]) <= set(KEYS)
    assert len(found.coarsened)
    assert (found.rows[KEYS] != SUPPRESSED).any(axis=None)


def test_no_serial_no_date_no_text_and_no_order_of_scans(responses: pd.DataFrame) -> None:
    rows = public(responses, segeberg()).rows
    assert not {"case", "received", "serial", "wave", "else_to_say"} & set(rows.columns)
    assert public(turned(responses), segeberg()).rows.equals(rows)
    inside = internal(responses, segeberg())
    assert not set(responses["case"]) & set(inside.astype(str).stack())
    assert internal(turned(responses), segeberg()).equals(inside)
    in_scan_order = responses.drop_duplicates("case")["stratum"].tolist()
    assert inside["stratum"].tolist() not in (in_scan_order, sorted(in_scan_order))


def test_inside_one_sees_how_many_cases_are_alike(responses: pd.DataFrame) -> None:
    inside = internal(responses, segeberg())
    assert (inside.groupby(KEYS)["alike"].first() == inside.groupby(KEYS).size()).all()


def test_without_declared_keys_nothing_is_given_away(responses: pd.DataFrame) -> None:
    shipped = segeberg()
    schema = shipped.schema.model_copy(update={"disclosure": Disclosure()})
    bare = Questionnaire(schema, shipped.boxes, None, shipped.path)
    with pytest.raises(UsageError, match="is not said"):
        public(responses, bare)


def test_a_few_cases_are_suppressed_with_their_keys(responses: pd.DataFrame) -> None:
    shipped = segeberg()
    schema = shipped.schema.model_copy(update={"disclosure": Disclosure(keys=["sex"], k=40)})
    rows = public(responses, Questionnaire(schema, shipped.boxes, None, shipped.path)).rows
    assert rows.groupby("sex").size().min() >= 40
    assert "stratum" not in rows.columns
