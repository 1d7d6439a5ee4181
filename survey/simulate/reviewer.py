"""Marks that wait for a person, and the truth -> adjudications, as a careful person would make them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd

from survey.files import digest

REVIEWER_ERROR = 0.002  # share of decisions a careful person gets wrong
WAITING = ("doubtful", "unreadable")


def play_reviewer(marks: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Decide every doubtful or unreadable mark as the truth says, now and then wrongly; always the same way.

    `marks` is a table MARKS, `truth` a table TRUTH_BOXES of the same batches. Columns of the result: page_digest,
    box, state, decided_by, reason. What cannot be seen in the scan is decided as empty.
    """
    waiting = marks[marks["state"].isin(WAITING)]
    known = truth[["scan", "page", "box", "intended", "ink", "note"]]
    pairs = waiting[["scan", "page", "box", "page_digest"]].merge(
        known, on=["scan", "page", "box"], how="inner"
    )
    seen = ~pairs["note"].str.contains("lost")
    state = np.where(
        (pairs["intended"] == 1) & seen,
        "marked",
        np.where((pairs["ink"] == "revoked") & seen, "revoked", "empty"),
    )
    slips = [_slips(f"{page}/{box}") for page, box in zip(pairs["page_digest"], pairs["box"], strict=True)]
    decided = np.where(slips, np.where(state == "marked", "empty", "marked"), state)
    return pd.DataFrame({
        "page_digest": pairs["page_digest"].astype("str"),
        "box": pairs["box"].astype("str"),
        "state": pd.Series(decided, index=pairs.index).astype("str"),
        "decided_by": "simulated",
        "reason": "simulated reviewer",
    }).drop_duplicates(["page_digest", "box"], ignore_index=True)  # fmt: skip


def type_digits(marks: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Type every number that was written into comb cells, as the truth has it.

    Where something is written that is no digit, nothing is typed, which makes the item blank. Columns of the result:
    page_digest, item, value, decided_by, reason.
    """
    cells = truth[truth["written"] != ""][["scan", "page", "box", "written"]]
    seen = marks[["scan", "page", "box", "page_digest", "item", "option"]].merge(
        cells, on=["scan", "page", "box"]
    )
    seen = seen.assign(place=seen["option"].astype("int64")).sort_values(["page_digest", "item", "place"])
    typed = seen.groupby(["page_digest", "item"])["written"].agg("".join).reset_index(name="value")
    inked = marks[marks["item"].isin(seen["item"]) & (marks["state"] != "empty")]
    inked = inked[["page_digest", "item"]].drop_duplicates()
    strayed = inked.merge(typed, on=["page_digest", "item"], how="left")
    strayed = strayed[strayed["value"].isna()].assign(value="")  # a stroke that is no digit
    both = pd.concat([typed, strayed], ignore_index=True)
    return both.assign(decided_by="simulated", reason="simulated reviewer")


def type_texts(marks: pd.DataFrame, truth: pd.DataFrame, questionnaire: str) -> pd.DataFrame:
    """Type every free text as an invented sentence with themes and leave to print; the same one for the same page.

    Sentences stand in rates/<questionnaire>.texts.toml; without that file nothing is typed. Columns of the result:
    page_digest, item, state (none, themes or print), value, decided_by, reason.
    """
    path = Path(__file__).parent / "rates" / f"{questionnaire}.texts.toml"
    said = tomllib.loads(path.read_text(encoding="utf-8"))["text"] if path.exists() else []
    fields = truth[truth["ink"] == "text"][["scan", "page", "box"]]
    rows = []
    for row in marks[["scan", "page", "box", "page_digest", "item"]].merge(fields).itertuples(index=False):
        mine = [one for one in said if one["item"] == row.item]
        if mine:
            one = mine[int(digest("text", row.page_digest, row.item)[:8], 16) % len(mine)]
            told = {
                "": one["words"],
                "themes": " ".join(one["themes"]),
                "print": "yes" if one["print"] else "no",
            }
            rows += [(row.page_digest, row.item, state, value) for state, value in told.items()]
    table = pd.DataFrame(rows, columns=["page_digest", "item", "state", "value"], dtype="str")
    return table.assign(decided_by="simulated", reason="simulated reviewer")


def _slips(name: str) -> bool:
    """Whether the reviewer errs at this box."""
    return int(digest("reviewer", name)[:8], 16) / 2**32 < REVIEWER_ERROR
