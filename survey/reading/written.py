"""What people typed of free text -> one row a text: its words, its themes, and whether it may be printed."""

from __future__ import annotations

import pandas as pd

from survey.questionnaire.model import Questionnaire
from survey.reading.outcomes import black_out_names
from survey.reading.standing import ERASED, standing
from survey.tables import WRITTEN

SAID_OF_TEXT = {"": "text", ERASED: "text", "themes": "themes", "print": "print"}
"""State of a decision about a text -> what it says: the words, their themes, whether they may be printed."""


def written_texts(
    adjudications: pd.DataFrame, read: pd.DataFrame, questionnaire: Questionnaire
) -> pd.DataFrame:
    """Return WRITTEN: every text that somebody typed, in printed order of items; of each the last word that stands.

    `read` tells the case of each page that was read (page_digest, case). Names that a person marked are blacked out.
    An erased text is none.
    """
    items = [asked.id for asked in questionnaire.asked() if asked.kind == "text"]
    said = standing(adjudications)
    if said.empty or not items:
        return WRITTEN.frame()
    said = said[(said["box"] == "") & said["item"].isin(items) & said["state"].isin(list(SAID_OF_TEXT))]
    pages = read[read["page_digest"].isin(said["page_digest"].unique())]
    whose = pages.drop_duplicates("page_digest").set_index("page_digest")["case"]
    said = said.assign(case=said["page_digest"].map(whose), what=said["state"].map(SAID_OF_TEXT))
    said = said.dropna(subset=["case"]).drop_duplicates(["case", "item", "what"], keep="last")
    said["value"] = said["value"].mask(said["state"] == ERASED, "")
    wide = said.pivot(index=["item", "case"], columns="what", values="value").reset_index()
    for name in ("text", "themes", "print"):
        wide[name] = wide[name].fillna("") if name in wide.columns else ""
    wide["text"] = [black_out_names(text).strip() for text in wide["text"]]
    wide = wide[wide["text"] != ""].assign(order=lambda table: table["item"].map(items.index))
    table = wide.sort_values(["order", "case"], ignore_index=True)
    return WRITTEN.frame(table.assign(may_print=table["print"] == "yes"))
