"""Rows of a kept table -> a chain of salted digests, each over the one before.

A digest is the SHA-256, in hex, of the UTF-8 JSON array [table, link, digest before, salt, {column: value, …}] without
spaces; columns stand in the order of their names, and those that are empty or 0 are left out, so that a column added in
a later version breaks no chain. The digest before the first link is empty.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence

from survey.store.layout import DECIDED, TEXTS, Row, Value
from survey.tables import Table

SALT_BYTES = 16  # 128 bits: nobody finds what a digest hides by trying salts


def new_salt() -> str:
    """Return a random salt of 32 hex letters."""
    return secrets.token_hex(SALT_BYTES)


def link_digest(table: str, link: int, previous: str, salt: str, values: Mapping[str, Value]) -> str:
    """Return the digest of a row: 64 hex letters. `values` holds the declared columns of the table."""
    said = {name: values[name] for name in sorted(values) if values[name]}
    return _digest([table, link, previous, salt, said])


def text_digest(salt: str, value: str, reason: str) -> str:
    """Return the digest by which an adjudication names the text that was typed: 64 hex letters."""
    return _digest([salt, value, reason])


def put_text_apart(row: Row) -> tuple[Row, list[Row]]:
    """Split an adjudication into its row of DECIDED, which names the text by a salted digest, and its row of TEXTS.

    Where nothing was typed there is no row of TEXTS.
    """
    value, reason = str(row["value"]), str(row["reason"])
    if not value and not reason:
        return {**{name: row.get(name, "") for name in DECIDED.columns}, "text": ""}, []
    salt = new_salt()
    text: Row = dict(zip(TEXTS.columns, (row["id"], salt, value, reason), strict=True))
    kept = {name: row.get(name, "") for name in DECIDED.columns}
    return {**kept, "text": text_digest(salt, value, reason)}, [text]


def _digest(parts: list[object]) -> str:
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def chain(table: Table, rows: Sequence[Row], link: int, previous: str) -> Iterator[Row]:
    """Add link, salt and digest to rows that follow link number `link`, whose digest is `previous`."""
    for place, row in enumerate(rows, start=link + 1):
        salt = new_salt()
        values = {name: row[name] for name in table.columns}
        previous = link_digest(table.name, place, previous, salt, values)
        yield {**values, "link": place, "salt": salt, "digest": previous}


def find_breaks(table: Table, rows: Sequence[Row]) -> Iterator[str]:
    """Tell where the chain of a table breaks. `rows`, in the order of their links, have link, salt and digest."""
    wanted, previous = 1, ""
    for row in rows:
        link = int(row["link"])
        if link != wanted:
            gap = f"row {wanted}" if link == wanted + 1 else f"rows {wanted} to {link - 1}"
            yield f"{table.name}: {gap} missing"
        else:
            values = {name: row[name] for name in table.columns}
            found = link_digest(table.name, link, previous, str(row["salt"]), values)
            if found != row["digest"]:
                yield f"{table.name}, row {link}: not what was written, or the row before it is not"
        wanted, previous = link + 1, str(row["digest"])
