"""Decisions -> lines of JSON that another project can take in with the proof of where they come from, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from survey.errors import UsageError
from survey.store.chain import text_digest
from survey.store.layout import DECIDED, ERASURES, LINK, ORIGINS, Row
from survey.store.proof import home_digest

HOME = {"home_link": "link", "home_previous": "previous", "home_salt": "salt", "home_digest": "digest"}
"""Column of ORIGINS -> what a line calls it."""
TYPED = ("value", "reason", "text_salt")


@dataclass
class Arrived:
    """Decisions read from a file, in its order: rows of DECIDED, TEXTS, ORIGINS and ERASURES."""

    decided: list[Row] = field(default_factory=list)
    texts: list[Row] = field(default_factory=list)
    origins: list[Row] = field(default_factory=list)
    erasures: list[Row] = field(default_factory=list)


def write_lines(decided: Sequence[Row], origins: Sequence[Row], erasures: Sequence[Row]) -> Iterator[str]:
    """Write one line of JSON for each decision: what was decided and typed, its link, where it came from before.

    `decided` have link, salt and digest, and value, reason and text_salt unless they were erased.
    """
    before = _by_id(origins)
    erased = {str(row["id"]): row for row in erasures}
    previous = ""
    for row in decided:
        line: dict[str, object] = {
            name: row[name] for name in (*DECIDED.columns, *TYPED, *LINK) if name in row
        }
        line["previous"] = previous
        previous = str(row["digest"])
        name = str(row["id"])
        if name in before:
            line["origins"] = [
                {key: one[key] for key in ORIGINS.columns if key != "id"} for one in before[name]
            ]
        if name in erased:
            line["erased"] = {key: erased[name][key] for key in ERASURES.columns if key != "id"}
        yield json.dumps(line, ensure_ascii=False)


def _by_id(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row["id"]), []).append(row)
    return found


def read_lines(path: Path) -> Arrived:
    """Read what `write_lines` wrote; UsageError with file and line where it is not that, or is not what was written."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"cannot read {path}", hint="survey export decisions OUT.jsonl writes such a file"
        ) from error
    arrived = Arrived()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where, origins_before = f"{path}:{number}", len(arrived.origins)
        try:
            _take(json.loads(line), path.name, arrived)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UsageError(
                "no decision as survey export decisions writes it",
                where=where,
                hint=f"{type(error).__name__}: {error}",
            ) from error
        _refuse_what_was_changed(arrived, arrived.origins[origins_before:], where)
    return arrived


def _take(line: Any, source: str, arrived: Arrived) -> None:
    """Add one line to what arrived."""
    name = str(line["id"])
    arrived.decided.append({key: str(line[key]) for key in DECIDED.columns})
    if line["text"] and "value" in line:
        value, reason, salt = (str(line[key]) for key in TYPED)
        arrived.texts.append({"id": name, "salt": salt, "value": value, "reason": reason})
    for one in (
        *line.get("origins", ()),
        {**{column: line[key] for column, key in HOME.items()}, "source": source},
    ):
        origin: Row = {**{key: str(one.get(key, "")) for key in ORIGINS.columns}, "id": name}
        arrived.origins.append({**origin, "home_link": int(one["home_link"])})
    erased = line.get("erased")
    if erased:
        arrived.erasures.append(
            {**{key: str(erased[key]) for key in ERASURES.columns if key != "id"}, "id": name}
        )


def _refuse_what_was_changed(arrived: Arrived, origins: list[Row], where: str) -> None:
    """Compare the last decision with its digests, here and wherever it was before."""
    row = arrived.decided[-1]
    text = arrived.texts[-1] if arrived.texts and arrived.texts[-1]["id"] == row["id"] else None
    said = text_digest(str(text["salt"]), str(text["value"]), str(text["reason"])) if text else row["text"]
    if said != row["text"] or any(home_digest(row, one) != one["home_digest"] for one in origins):
        raise UsageError(
            f"decision {row['id']} is not what was written",
            where=where,
            hint="export it anew from where it was made",
        )
    if row["text"] and text is None and not (arrived.erasures and arrived.erasures[-1]["id"] == row["id"]):
        raise UsageError(f"decision {row['id']} has lost what was typed", where=where, hint="export it anew")
