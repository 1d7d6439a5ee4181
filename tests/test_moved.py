"""Claims about numbers of two states: they are followed to what their box, and that of their group, is called now."""

from __future__ import annotations

import dataclasses

import pandas as pd
from fake_outcomes import questionnaire_of

from survey.analysis.moved import State, numbers_beside
from survey.questionnaire.changes import match
from survey.questionnaire.model import Questionnaire
from survey.tables import ESTIMATES


def two_codes(swapped: bool) -> Questionnaire:
    """One item with two boxes; swapped, the first of them has the second code."""
    options = [{"code": 1, "label": "ja"}, {"code": 2, "label": "nein"}]
    item = {"id": "v", "type": "single", "text": "V", "options": options}
    found = questionnaire_of({"questionnaire": "q", "sections": [{"id": "s", "title": "S", "items": [item]}]})
    codes = ["2", "1"] if swapped else ["1", "2"]
    rows = [(f"v.{n}", 1, 20.0, 20.0 * n, 4.0, 4.0, "v", code) for n, code in enumerate(codes, start=1)]
    boxes = pd.DataFrame(rows, columns=["box", "page", "x_mm", "y_mm", "w_mm", "h_mm", "item", "option"])
    return dataclasses.replace(found, boxes=boxes)


def shares(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """ESTIMATES of shares, by variable=code and domain."""
    table = pd.DataFrame(columns=list(ESTIMATES.columns), index=range(len(rows)))
    for place, (told, domain, value) in enumerate(rows):
        variable, code = told.split("=")
        table.loc[place, ["key", "variable", "code", "domain"]] = [f"{told}@{domain}", variable, code, domain]
        table.loc[place, ["value", "base", "statistic"]] = [value, 100, "share"]
    for name, (kind, _) in ESTIMATES.columns.items():
        table[name] = table[name].fillna({"str": "", "bool": True}.get(kind, 0)).astype(kind)
    return ESTIMATES.frame(table)


def test_a_number_is_followed_to_the_code_of_its_box_and_so_is_the_group_it_is_for() -> None:
    before = shares(("v=1", "all", 0.3), ("w=1", "v=1", 0.6), ("w=1", "v=2", 0.2))
    now = shares(("v=2", "all", 0.3), ("w=1", "v=2", 0.6), ("w=1", "v=1", 0.2))
    sides = [State(two_codes(swapped), {}, lambda table=table: table)  # type: ignore[misc]
             for swapped, table in ((False, before), (True, now))]  # fmt: skip
    beside = numbers_beside(*sides)
    assert beside["before"].tolist() == beside["now"].tolist() == [0.3, 0.6, 0.2]
    assert not beside["is_printed_otherwise"].any()


def test_a_code_that_another_box_has_now_is_not_taken_for_the_old_one() -> None:
    """The first box has the second code now and the second box is gone: nothing is left of the old second code."""
    before, now = two_codes(False), two_codes(True)
    now = dataclasses.replace(now, boxes=now.boxes.iloc[:1])
    assert match(before, now).codes["v"] == {"1": "2", "2": ""}
