"""Runs and the texts they were made from -> rows that are kept for ever, and back; a text is kept once."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping

from survey.files import digest
from survey.store.decisions import Decisions, utc_now
from survey.store.layout import CONTENTS, RUNS, Row


class Runs:
    """What was done with a project, and what with."""

    def __init__(self, decisions: Decisions) -> None:
        self._decisions = decisions

    def add(self, row: Row, texts: Mapping[str, str]) -> bool:
        """Keep a run; `texts` are the contents it names, by column. Tells whether it is new.

        A run that follows one of the same name, questionnaire and command is the same run again, unless what its tables
        lie under in the cache is otherwise, as after a change of the program that changes no result.
        """
        named = {column: name_of(text) if text else "" for column, text in texts.items()}
        with self._decisions.database.writing(RUNS, CONTENTS) as transaction:
            last = transaction.run(
                "SELECT run, made_from FROM runs WHERE questionnaire = :name AND command = :command"
                " ORDER BY link DESC LIMIT 1",
                name=row["questionnaire"],
                command=row["command"],
            )
            if last and all(last[0][one] == row[one] for one in ("run", "made_from")):
                return False
            known = {str(one["content"]) for one in transaction.run("SELECT content FROM contents")}
            new = {
                named[column]: text for column, text in texts.items() if text and named[column] not in known
            }
            packed: list[Row] = [{"content": name, "text": pack(text)} for name, text in new.items()]
            transaction.append(CONTENTS, packed)
            transaction.append(RUNS, [{**row, **named, "made_at": utc_now()}])
        return True

    def all(self, questionnaire: str) -> list[Row]:
        """Return the runs of a questionnaire, the first first."""
        return [row for row in self._decisions.kept_rows(RUNS) if row["questionnaire"] == questionnaire]

    def text(self, content: str) -> str:
        """Return a text by its digest; "" where none was kept."""
        if not content:
            return ""
        with self._decisions.database.reading() as transaction:
            found = transaction.run("SELECT text FROM contents WHERE content = :content", content=content)
        return unpack(str(found[0]["text"])) if found else ""


def name_of(text: str) -> str:
    """Return the digest under which a text is kept; it may hold bytes that are no UTF-8."""
    return digest(to_bytes(text))


def to_bytes(text: str) -> bytes:
    """Return the bytes of a file from its text; `to_text` reads them."""
    return text.encode("utf-8", "surrogateescape")


def to_text(data: bytes) -> str:
    """Return a file as text, from which `to_bytes` gives back every byte, also those that are no UTF-8."""
    return data.decode("utf-8", "surrogateescape")


def pack(text: str) -> str:
    """Make a text short enough to be kept with every run."""
    return base64.b64encode(zlib.compress(to_bytes(text), 6)).decode("ascii")


def unpack(packed: str) -> str:
    """Return a text that was packed."""
    return to_text(zlib.decompress(base64.b64decode(packed)))
