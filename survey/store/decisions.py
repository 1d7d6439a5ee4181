"""What people decide and record -> rows that are kept for ever, and back."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from survey.errors import UsageError
from survey.reading.standing import ERASED, WITHDRAWN, standing, standing_rows
from survey.store.chain import put_text_apart
from survey.store.layout import ADJUDICATIONS, CLAIMS, DECIDED, ERASURES, KEPT, ORIGINS, TEXTS, Row
from survey.store.proof import Verified, verify_tables
from survey.tables import Table

if TYPE_CHECKING:
    import pandas as pd

    from survey.store.database import Database, Transaction

LAST_LINK = 2**62  # beyond any that a chain will have
MAY_BE_LEFT_OUT = ("id", "made_at", "place", "machine", "value", "reason", "withdraws")


@dataclass(frozen=True)
class Acknowledged:
    """Decisions that are on disk: the ids in the order they were given, and how many of them are new."""

    ids: tuple[str, ...]
    added: int


class Decisions:
    """What people decided and recorded: survey.db, or a PostgreSQL database, to which rows are only ever added.

    Several threads and processes may use it at once. What is named `…_rows` takes and gives plain rows, without pandas.
    """

    def __init__(self, root: Path, url: str = "", until: Mapping[str, int] | None = None) -> None:
        """`until` has by table the last link that is seen: decisions as they were then."""
        self.path, self.url, self.until = root / "survey.db", url, until
        self._last_seen: tuple[str, pd.DataFrame] | None = None
        """ADJUDICATIONS as they were last asked for, and the state of the tables they came from."""

    @cached_property
    def database(self) -> Database:
        """The database, which loads SQLAlchemy."""
        from survey.store.database import Database

        return Database(self.path, self.url)

    @property
    def _exists(self) -> bool:
        return bool(self.url) or self.path.exists()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Keep the database open, so that a server's decisions cost one write to disk each, not four."""
        with self.database.open():
            yield

    # What was decided ------------------------------------------------------------------------------------------------

    def adjudications(self) -> pd.DataFrame:
        """Return ADJUDICATIONS in the order they were added, with those that were withdrawn and the withdrawals."""
        heads = self.heads()
        state = repr([heads[table.name] for table in (DECIDED, ERASURES)])
        if self._last_seen is None or self._last_seen[0] != state:
            self._last_seen = state, ADJUDICATIONS.frame(self._seen_rows())
        return self._last_seen[1].copy(deep=False)

    def _seen_rows(self) -> list[Row]:
        if not self._exists:
            return []
        with self.database.reading() as transaction:
            return transaction.run(_SEEN, until=self._last_known(DECIDED))

    def _last_known(self, table: Table) -> int:
        return LAST_LINK if self.until is None else self.until.get(table.name, 0)

    def _known_then(self, table: Table, rows: list[Row]) -> list[Row]:
        return [row for row in rows if int(row["link"]) <= self._last_known(table)]

    def standing(self) -> pd.DataFrame:
        """Return the ADJUDICATIONS that stand: nobody has withdrawn them. Of several about one box the last counts."""
        return standing(self.adjudications())

    def standing_rows(self) -> list[Row]:
        """Return the same as plain rows."""
        stands = standing_rows(self._seen_rows())
        return [{name: row[name] for name in ADJUDICATIONS.columns} for row in stands]

    def count(self) -> int:
        """Return how many decisions and withdrawals there are: it changes whenever something was decided."""
        if not self._exists:
            return 0
        with self.database.reading() as transaction:
            return int(transaction.run("SELECT count(*) AS n FROM adjudications")[0]["n"])

    def ids_below(self, name: str) -> list[str]:
        """Return the ids that begin with a UUID and a dot: the rows of one reply of the review page."""
        if not self._exists:
            return []
        with self.database.reading() as transaction:
            query = "SELECT id FROM adjudications WHERE id LIKE :like ORDER BY link"
            return [str(row["id"]) for row in transaction.run(query, like=f"{name}.%")]

    def add(self, adjudications: pd.DataFrame) -> Acknowledged:
        """Append decisions, all or none; when it returns they are on disk. One whose id is there already is kept once.

        Columns as in ADJUDICATIONS; MAY_BE_LEFT_OUT names those that may be absent. Empty id and made_at are filled in.
        UsageError for a withdrawal of nothing, a place that is none, and an id that is known with another decision.
        """
        unknown = [str(name) for name in adjudications.columns if name not in ADJUDICATIONS.columns]
        if unknown:
            raise KeyError(f"adjudications have no column {', '.join(unknown)}")
        absent = {name: "" for name in MAY_BE_LEFT_OUT if name not in adjudications.columns}
        return self.add_rows(_rows(ADJUDICATIONS, adjudications.assign(**absent)))

    def add_rows(self, given: Sequence[Row]) -> Acknowledged:
        """Append decisions, given as rows with all columns of ADJUDICATIONS."""
        now = utc_now()
        for row in given:
            row["id"] = row["id"] or str(uuid.uuid4())
            row["made_at"] = row["made_at"] or now
            _refuse_half_decisions(row)
        with self.database.writing(DECIDED) as transaction:
            new = _only_new(transaction, given)
            apart = [put_text_apart(row) for row in new]
            _append_with_texts(
                transaction, [row for row, _ in apart], [text for _, texts in apart for text in texts]
            )
        return Acknowledged(tuple(str(row["id"]) for row in given), len(new))

    # What was recorded -----------------------------------------------------------------------------------------------

    def rows(self, table: Table) -> pd.DataFrame:
        """Return one of the tables that are kept for ever, in the order its rows were added."""
        return table.frame([tuple(row[name] for name in table.columns) for row in self.kept_rows(table)])

    def kept_rows(self, table: Table) -> list[Row]:
        """Return the same as plain rows, with link, salt and digest."""
        if not self._exists:
            return []
        with self.database.reading() as transaction:
            return self._known_then(table, transaction.rows(table))

    def append(self, table: Table, rows: pd.DataFrame) -> None:
        """Append rows to one of those tables, all or none; `made_at` is filled in where it is empty."""
        self.append_rows(table, _rows(table, table.frame(rows)))

    def append_rows(self, table: Table, rows: Sequence[Row]) -> None:
        """Append plain rows with all columns of the table."""
        now = utc_now()
        filled = [{**row, "made_at": row["made_at"] or now} if "made_at" in row else row for row in rows]
        with self.database.writing(table) as transaction:
            transaction.append(table, filled)

    def heads(self) -> dict[str, tuple[int, str]]:
        """Return link and digest of the last row of each kept table, 0 and "" where it has none."""
        heads = {table.name: (0, "") for table in KEPT}
        if not self._exists:
            return heads
        with self.database.reading() as transaction:
            for name in heads:
                until = "" if self.until is None else f"WHERE link <= {self.until.get(name, 0):d}"
                query = f"SELECT link, digest FROM {name} {until} ORDER BY link DESC LIMIT 1"
                for row in transaction.run(query):
                    heads[name] = int(row["link"]), str(row["digest"])
        return heads

    # Proof and erasure -----------------------------------------------------------------------------------------------

    def verify(self) -> Verified:
        """Check the chains of all kept tables, and the texts they name."""
        if not self._exists:
            return verify_tables({table.name: [] for table in KEPT}, [], [])
        with self.database.reading() as transaction:
            kept = {table.name: transaction.rows(table) for table in KEPT}
            texts = transaction.rows(TEXTS)
            return verify_tables(kept, texts, self.database.triggers_missing(transaction))

    def erase(self, ids: Iterable[str], by: str, reason: str) -> int:
        """Erase what was typed with some decisions, from the files, too; who did it and why is kept. Returns how many.

        The decisions stay, and so do their chains. UsageError for an id that is not there; BusyError where somebody
        reads the database and so keeps a copy of the text in its log: then erase again.
        """
        wanted = list(dict.fromkeys(ids))
        with self.database.writing(ERASURES) as transaction:
            known = {str(row["id"]) for row in transaction.rows_of(DECIDED, wanted)}
            absent = [name for name in wanted if name not in known]
            if absent:
                raise UsageError(
                    f"there is no decision {absent[0]}", hint="survey export decisions OUT.jsonl"
                )
            there = [str(row["id"]) for row in transaction.rows_of(TEXTS, wanted)]
            transaction.append(
                ERASURES,
                [{"made_at": utc_now(), "decided_by": by, "id": name, "reason": reason} for name in there],
            )
            for name in there:
                transaction.run(f"DELETE FROM {TEXTS.name} WHERE id = :id", id=name)
        self.database.sweep()
        return len(there)

    # Claims ----------------------------------------------------------------------------------------------------------

    def claim(self, things: Iterable[str], by: str, minutes: float = 5.0) -> list[str]:
        """Claim things to decide about for some minutes; returns those that `by` holds now.

        What somebody else holds is left out. Claiming again begins the minutes anew. A claim is no decision: it keeps
        two people from meeting, and nobody from deciding.
        """
        wanted, now = sorted(set(things)), self.database.now
        with self.database.writing(CLAIMS) as transaction:
            transaction.run(f"DELETE FROM claims WHERE until <= {now}")
            for thing in wanted:  # by name, so that two reviewers never wait for each other
                transaction.run(
                    f"INSERT INTO claims (thing, claimed_by, until) VALUES (:thing, :by, {now} + :seconds)"
                    " ON CONFLICT (thing) DO UPDATE SET until = excluded.until"
                    " WHERE claims.claimed_by = excluded.claimed_by",
                    thing=thing, by=by, seconds=60.0 * minutes,
                )  # fmt: skip
            held = transaction.run("SELECT thing FROM claims WHERE claimed_by = :by", by=by)
        mine = {str(row["thing"]) for row in held}
        return [thing for thing in wanted if thing in mine]

    def release(self, things: Iterable[str], by: str) -> None:
        """Give claims back before they end; what `by` does not hold stays as it is."""
        with self.database.writing(CLAIMS) as transaction:
            for thing in sorted(set(things)):
                transaction.run(
                    "DELETE FROM claims WHERE thing = :thing AND claimed_by = :by", thing=thing, by=by
                )

    def claims(self) -> pd.DataFrame:
        """Return the CLAIMS that have not ended."""
        if not self._exists:
            return CLAIMS.frame()
        query = (
            f"SELECT thing, claimed_by, until FROM claims WHERE until > {self.database.now} ORDER BY thing"
        )
        with self.database.reading() as transaction:
            return CLAIMS.frame([tuple(row.values()) for row in transaction.run(query)])

    # Decisions from elsewhere ----------------------------------------------------------------------------------------

    def whole_rows(self) -> tuple[list[Row], list[Row], list[Row]]:
        """Return for an export all decisions, with their link and the salt of their text; ORIGINS; ERASURES."""
        if not self._exists:
            return [], [], []
        with self.database.reading() as transaction:
            return _joined(transaction), transaction.rows(ORIGINS), transaction.rows(ERASURES)

    def take_in(
        self, decided: Sequence[Row], texts: Sequence[Row], origins: Sequence[Row], erasures: Sequence[Row]
    ) -> int:
        """Append decisions of another database with their texts, origins and erasures; returns how many are new.

        Their digests are not checked here. Raises UsageError for an id that is known with another decision.
        """
        named = {str(row["id"]): row for row in texts}
        whole = [_with_text(row, named.get(str(row["id"]))) for row in decided]
        with self.database.writing(DECIDED, ERASURES, ORIGINS) as transaction:
            new = {str(row["id"]) for row in _only_new(transaction, whole)}
            _append_with_texts(
                transaction,
                [row for row in decided if row["id"] in new],
                [row for row in texts if row["id"] in new],
            )
            now = utc_now()
            for table, rows in ((ORIGINS, origins), (ERASURES, erasures)):
                filled = [{**row, "made_at": row["made_at"] or now} for row in rows if row["id"] in new]
                transaction.append(table, filled)
        return len(new)


def utc_now() -> str:
    """Return the time as kept tables have it: UTC, ISO 8601, seconds."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _rows(table: Table, frame: pd.DataFrame) -> list[Row]:
    """Turn a frame into rows of plain Python values; ValueError where one is missing."""
    typed = table.frame(frame)
    for column in typed.columns:
        if typed[column].isna().any():
            raise ValueError(
                f"{table.name}: column {column} has no value in row {int(typed[column].isna().argmax())}"
            )
    return [dict(zip(typed.columns, row, strict=True)) for row in typed.itertuples(index=False, name=None)]


PLACE = re.compile(r"\d+( -?\d+(\.\d+)?){4}|")  # page x_mm y_mm w_mm h_mm, or nothing


def _refuse_half_decisions(row: Row) -> None:
    if (row["state"] == WITHDRAWN) != bool(row["withdraws"]):
        raise UsageError(
            f"decision {row['id']} is no whole withdrawal",
            hint=f"the state {WITHDRAWN} and the id it withdraws go together",
        )
    if not PLACE.fullmatch(str(row["place"])):
        raise UsageError(
            f"decision {row['id']}: {row['place']!r} is no place of a box", hint="page x_mm y_mm w_mm h_mm"
        )


def _append_with_texts(transaction: Transaction, decided: list[Row], texts: list[Row]) -> None:
    transaction.append(DECIDED, decided)
    transaction.insert(TEXTS, texts)


def _with_text(decided: Row, text: Row | None) -> Row:
    """Join a decision with what was typed; value and reason are absent where they were erased."""
    if text is not None:
        return {**decided, "value": text["value"], "reason": text["reason"], "text_salt": text["salt"]}
    return dict(decided) if decided["text"] else {**decided, "value": "", "reason": "", "text_salt": ""}


def _joined(transaction: Transaction) -> list[Row]:
    texts = {str(row["id"]): row for row in transaction.rows(TEXTS)}
    return [_with_text(row, texts.get(str(row["id"]))) for row in transaction.rows(DECIDED)]


_TOLD_APART = {
    "value": "COALESCE(t.value, '')",
    "reason": "COALESCE(t.reason, '')",
    "state": f"""CASE WHEN t.id IS NULL AND d.text <> '' AND d.box = '' AND d.state = '' THEN '{ERASED}'
        ELSE d.state END""",
}
_SEEN = f"""SELECT {", ".join(f"{_TOLD_APART.get(name, f'd.{name}')} AS {name}" for name in ADJUDICATIONS.columns)}
    FROM {DECIDED.name} d LEFT JOIN {TEXTS.name} t ON t.id = d.id WHERE d.link <= :until ORDER BY d.link"""
"""Decisions with what was typed; what was erased is empty, and typed text that was has a state of its own."""


def _only_new(transaction: Transaction, given: Sequence[Row]) -> list[Row]:
    """Leave out decisions whose id is known; UsageError where one says something else under a known id."""
    ids = list(dict.fromkeys(str(row["id"]) for row in given))
    known: dict[str, Row] = {}
    texts = {str(row["id"]): row for row in transaction.rows_of(TEXTS, ids)}
    for row in transaction.rows_of(DECIDED, ids):
        known[str(row["id"])] = _with_text(row, texts.get(str(row["id"])))
    new = []
    for row in given:
        before = known.setdefault(str(row["id"]), row)
        if before is row:
            new.append(row)
            continue
        same = [
            name for name in before if name in ADJUDICATIONS.columns and name in row and name != "made_at"
        ]
        if any(before[name] != row[name] for name in same):
            raise UsageError(
                f"the id {row['id']} belongs to another decision", hint="each decision needs an id of its own"
            )
    return new
