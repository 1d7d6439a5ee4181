"""Rows of a survey.db that was made before decisions were chained -> rows of today's tables."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from survey.store.chain import put_text_apart
from survey.store.layout import ADJUDICATIONS, KEPT, Row

NAMESPACE = uuid.UUID(
    "6a2f7c1e-4d0b-5b57-9e53-1d1f5c0a8b42"
)  # random; the same row gets the same id in every copy


def rows_without_chain(select: Callable[[str], list[Row]]) -> dict[str, list[Row]]:
    """Return the rows of every kept table that has no chain yet, in the order they were added."""
    found = {}
    for table in KEPT:
        there = {str(row["name"]) for row in select(f"SELECT name FROM pragma_table_info('{table.name}')")}
        if there and "digest" not in there:
            found[table.name] = select(f"SELECT * FROM {table.name} ORDER BY rowid")
    return found


def take_over(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """Give old adjudications an id and put what was typed apart; returns rows of DECIDED and TEXTS.

    The id is made of the row's number and of what nobody typed, so that two copies of one old file name it alike.
    """
    decided, texts = [], []
    for row in rows:
        said = [
            str(row[name])
            for name in ("number", "made_at", "decided_by", "page_digest", "box", "item", "state")
        ]
        whole = {**dict.fromkeys(ADJUDICATIONS.columns, ""), **row}
        row_with_text, text = put_text_apart({**whole, "id": str(uuid.uuid5(NAMESPACE, "\n".join(said)))})
        decided.append(row_with_text)
        texts += text
    return decided, texts
