"""The kept tables -> whether their chains hold, and where they break."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey.store.chain import find_breaks, link_digest, text_digest
from survey.store.layout import DECIDED, ERASURES, KEPT, ORIGINS, Row


@dataclass(frozen=True)
class Verified:
    """What checking the chains of all kept tables found."""

    rows: dict[str, int]
    """Table -> rows."""
    heads: dict[str, str]
    """Table -> digest of its last row, empty where it has none: whoever notes it can prove that no row was cut off."""
    erased: int
    """Decisions whose typed text was erased."""
    breaks: tuple[str, ...]
    """Where a chain breaks, in words; empty if all is as it was written."""


def verify_tables(
    kept: Mapping[str, Sequence[Row]], texts: Sequence[Row], missing: Sequence[str]
) -> Verified:
    """Check every chain, the texts they name, and the chains from which rows were taken over.

    `kept` has the rows of each kept table with link, salt and digest, in order; `missing` are triggers that are gone.
    """
    decided, erasures = kept[DECIDED.name], {str(row["id"]) for row in kept[ERASURES.name]}
    breaks = [found for table in KEPT for found in find_breaks(table, kept[table.name])]
    breaks += _text_breaks(decided, texts, erasures)
    breaks += _origin_breaks(decided, kept[ORIGINS.name])
    breaks += [f"the trigger {name} was taken away: rows can be changed" for name in missing]
    return Verified(
        {name: len(rows) for name, rows in kept.items()},
        {name: str(rows[-1]["digest"]) if rows else "" for name, rows in kept.items()},
        sum(str(row["id"]) in erasures for row in decided),
        tuple(breaks),
    )


def _text_breaks(decided: Sequence[Row], texts: Sequence[Row], erased: set[str]) -> Iterator[str]:
    named = {str(row["id"]): row for row in texts}
    for row in decided:
        where = f"{DECIDED.name}, row {row['link']}"
        text = named.pop(str(row["id"]), None)
        if text is None:
            if row["text"] and row["id"] not in erased:
                yield f"{where}: its typed text is gone, and no erasure is on record"
        elif row["text"] != text_digest(str(text["salt"]), str(text["value"]), str(text["reason"])):
            yield f"{where}: its typed text is not what was typed"
    for name in sorted(named):
        yield f"texts: {name} belongs to no decision"


def _origin_breaks(decided: Sequence[Row], origins: Sequence[Row]) -> Iterator[str]:
    rows = {str(row["id"]): row for row in decided}
    for origin in origins:
        row = rows.get(str(origin["id"]))
        if row is None or home_digest(row, origin) != origin["home_digest"]:
            yield f"origins, row {origin['link']}: not the decision that was taken over from {origin['source']}"


def home_digest(decided: Row, origin: Row) -> str:
    """Return the digest an adjudication must have had in the chain it comes from (see ORIGINS)."""
    values = {name: decided[name] for name in DECIDED.columns}
    link, previous, salt = int(origin["home_link"]), str(origin["home_previous"]), str(origin["home_salt"])
    return link_digest(DECIDED.name, link, previous, salt, values)
