"""A path or a URL -> a database whose kept tables only grow: SQLite in the project, or PostgreSQL for several people.

Its transactions are written out (BEGIN, COMMIT), because SQLite's must ask for the right to write before they look: a
chain must not fork.
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.types import TypeEngine

from survey.errors import BusyError, MissingProgramError, UsageError
from survey.files import is_on_network_drive
from survey.store.chain import chain
from survey.store.layout import CLAIMS, DECIDED, KEPT, LINK, TEXTS, Row
from survey.store.older import rows_without_chain, take_over
from survey.store.triggers import POSTGRESQL_FUNCTIONS, postgresql_triggers, sqlite_triggers
from survey.tables import Table

PATIENCE_S = 30  # how long one waits for another who writes; a decision takes some ms
CREATE_LOCK = (
    7_365_727_665  # PostgreSQL: the advisory lock under which the layout is made ("survey" as a number)
)
ASK_AGAIN_S = (0.001, 0.008)  # between two questions for the right to write: about as long as a write takes
AT_ONCE = 1000  # ids in one question; SQLite takes 32,766 parameters
BUSY_HINT = "another program holds survey.db: close it, or wait for it to end, and try again"

_TYPES: dict[str, TypeEngine[Any]] = {"str": sa.Text(), "int64": sa.BigInteger(), "float64": sa.Double()}
_LINK: TypeEngine[Any] = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite's own row number
_METADATA = sa.MetaData()
_POSTGRESQL_TRIGGERS = (
    "SELECT tgname AS name FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE relnamespace = CAST(current_schema() AS regnamespace)"
)  # of this schema: a server may keep each project in a schema of its own


def _declare(table: Table, key: str) -> None:
    """Tell SQLAlchemy of a table; in kept ones the key is the link."""
    columns = {**LINK, **table.columns} if key == "link" else table.columns
    made: list[sa.Column[Any]] = []
    for name, (kind, _) in columns.items():
        type_ = _LINK if name == "link" else _TYPES[kind]
        default = None if name in LINK or name == key else ("''" if kind == "str" else "0")
        made.append(
            sa.Column(
                name, type_, nullable=False, primary_key=name == key, autoincrement=False,
                unique=table is DECIDED and name == "id", server_default=sa.text(default) if default else None,
            )
        )  # fmt: skip
    sa.Table(table.name, _METADATA, *made)


for _table in KEPT:
    _declare(_table, "link")
_declare(TEXTS, "id")
_declare(CLAIMS, "thing")


@dataclass(frozen=True)
class Transaction:
    """What can be done in one transaction; all of it is kept, or nothing."""

    connection: Connection

    def run(self, sql: str, **given: object) -> list[Row]:
        """Run one statement with named parameters (`:name`); returns its rows by column."""
        found = self.connection.execute(sa.text(sql), given)
        if not found.returns_rows:
            return []
        names = tuple(found.keys())
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows with all their columns, if there are any."""
        if rows:
            self.connection.execute(sa.insert(_METADATA.tables[table.name]), list(rows))

    def append(self, table: Table, rows: Sequence[Row]) -> None:
        """Add rows to the chain of a kept table; the transaction must have been opened for writing this table."""
        last = self.run(f"SELECT link, digest FROM {table.name} ORDER BY link DESC LIMIT 1")
        link, previous = (int(last[0]["link"]), str(last[0]["digest"])) if last else (0, "")
        self.insert(table, list(chain(table, rows, link, previous)))

    def rows(self, table: Table) -> list[Row]:
        """Return the rows of a table; those of a kept one with link, salt and digest, in the order they were added."""
        kept = table in KEPT
        columns = [*table.columns, *(LINK if kept else ())]
        order = "ORDER BY link" if kept else ""
        return self.run(f"SELECT {', '.join(columns)} FROM {table.name} {order}")

    def rows_of(self, table: Table, ids: Sequence[str]) -> list[Row]:
        """Return the rows of a table whose `id` is one of some."""
        made = _METADATA.tables[table.name]
        columns = [made.c[name] for name in table.columns]
        found: list[Row] = []
        for start in range(0, len(ids), AT_ONCE):
            query = sa.select(*columns).where(made.c["id"].in_(ids[start : start + AT_ONCE]))
            found += [dict(row._mapping) for row in self.connection.execute(query)]
        return found


class Database:
    """One database, made or brought up to date when it is first opened; several threads may use it."""

    def __init__(self, path: Path, url: str) -> None:
        self.path, self.url = path, url
        self.patience_s: float = PATIENCE_S
        self._is_ready = False
        self._turn = threading.Lock()

    @contextmanager
    def open(self) -> Iterator[Connection]:
        """Give a connection without a transaction. BusyError if somebody else holds the database too long."""
        try:
            connection = self._engine.connect()
        except sa.exc.OperationalError as error:
            where = sa.make_url(self.url).render_as_string() if self.url else str(self.path)
            raise UsageError(
                f"cannot open the database {where}", hint=str(error.orig).strip().splitlines()[0]
            ) from error
        with connection:
            try:
                self._make_ready(connection)
                yield connection
            except sa.exc.OperationalError as error:
                if _is_busy(error):
                    raise BusyError(f"{self.path} is busy", hint=BUSY_HINT) from error
                raise

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Give a transaction that sees one state of the database, whoever writes meanwhile."""
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY" if self.url else "BEGIN"
        with self.open() as connection, _transaction(connection, begin):
            yield Transaction(connection)

    @contextmanager
    def writing(self, *tables: Table) -> Iterator[Transaction]:
        """Give a transaction that alone writes to some tables."""
        # Who finds SQLite taken sleeps and asks again; threads of one process need not.
        turn = nullcontext() if self.url else self._turn
        with turn, self.open() as connection:
            if not self.url:
                self._choose_journal(connection)
            with _transaction(connection, "BEGIN" if self.url else self._begin_to_write):
                if self.url:
                    names = ", ".join(table.name for table in tables)
                    connection.exec_driver_sql("SET LOCAL synchronous_commit = on")  # as SQLite's FULL
                    connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")
                yield Transaction(connection)

    def _begin_to_write(self, connection: Connection) -> None:
        """Ask for the right to write until it is given.

        SQLite's own patience lets those who waited long ask ever more rarely, up to ten times less often than who has
        just come; here all ask equally often, so that nobody waits for many others.
        """
        until = time.monotonic() + self.patience_s
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                    return
                except sa.exc.OperationalError as error:
                    if not _is_busy(error) or time.monotonic() > until:
                        raise
                time.sleep(random.uniform(*ASK_AGAIN_S))
        finally:
            connection.exec_driver_sql(self._patience)

    @property
    def _patience(self) -> str:
        return f"PRAGMA busy_timeout = {1000 * self.patience_s:.0f}"

    @property
    def now(self) -> str:
        """SQL for the database's own clock, seconds since 1970 UTC: reviewers' machines need not agree."""
        if self.url:
            return "CAST(extract(epoch FROM now()) AS double precision)"
        return "((julianday('now') - 2440587.5) * 86400.0)"

    def triggers_missing(self, transaction: Transaction) -> list[str]:
        """Names of triggers that somebody took away."""
        if self.url:
            wanted = {name for name, _, _ in postgresql_triggers()}
            query = f"{_POSTGRESQL_TRIGGERS} AND tgenabled IN ('O', 'A')"
        else:
            wanted = {name for name, _ in sqlite_triggers()}
            query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        return sorted(wanted - {str(row["name"]) for row in transaction.run(query)})

    def sweep(self) -> None:
        """Take what was deleted out of the database's files, too. BusyError if somebody is reading them."""
        with self.open() as connection:
            if self.url:
                connection.exec_driver_sql(f"VACUUM FULL {TEXTS.name}")
                return
            held = self._empty_log(connection)
            if not held:
                connection.exec_driver_sql("VACUUM")
                held = self._empty_log(connection)
        if held:
            raise BusyError(
                f"the text is deleted, but {self.path.name}-wal still holds it, because it is being read",
                hint="close what has the project open and run the same command again",
            )

    def _empty_log(self, connection: Connection) -> bool:
        """Write SQLite's log back into the file and cut it to nothing; tells whether somebody kept us from it."""
        return bool(connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0])

    @cached_property
    def _engine(self) -> Engine:
        if self.url:
            return _postgresql_engine(self.url)
        engine = sa.create_engine(
            sa.URL.create("sqlite", database=str(self.path)),
            poolclass=sa.NullPool, isolation_level="AUTOCOMMIT",
        )  # fmt: skip
        sa.event.listen(engine, "connect", self._set_pragmas)
        return engine

    def _set_pragmas(self, connection: sqlite3.Connection, _: object) -> None:
        for pragma in ("recursive_triggers = ON", "synchronous = FULL", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(self._patience)

    def close(self) -> None:
        """Give back the connections that wait for the next transaction."""
        self._engine.dispose()

    @cached_property
    def _journal(self) -> str:
        """WAL needs shared memory, which a network drive does not give."""
        return "delete" if is_on_network_drive(self.path) else "wal"

    def _choose_journal(self, connection: Connection) -> None:
        if connection.exec_driver_sql("PRAGMA journal_mode").scalar() == self._journal:
            return
        try:
            connection.exec_driver_sql(f"PRAGMA journal_mode = {self._journal}")
        except sa.exc.OperationalError as error:
            if not _is_busy(error):  # else somebody is at work; whoever comes next tries again
                raise

    def _make_ready(self, connection: Connection) -> None:
        """Make the layout, or bring an older one up to date; a stamp in the file tells whether that is needed."""
        if self.url:
            if not self._is_ready:
                with _transaction(connection, "BEGIN"):
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({CREATE_LOCK})")
                    _make_layout(connection)
                    _make_postgresql_triggers(connection)
                self._is_ready = True
            return
        if connection.exec_driver_sql("PRAGMA user_version").scalar() == _STAMP:
            return
        self._choose_journal(connection)
        with _transaction(connection, "BEGIN IMMEDIATE"):
            if connection.exec_driver_sql("PRAGMA user_version").scalar() != _STAMP:
                _make_sqlite(connection)


def _postgresql_engine(url: str) -> Engine:
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise UsageError(
            "SURVEY_DATABASE_URL is no database URL", hint="postgresql://user:password@server/database"
        ) from error
    if parsed.get_backend_name() != "postgresql":
        raise UsageError(
            f"{parsed.get_backend_name()} is no database for decisions",
            hint="SURVEY_DATABASE_URL=postgresql://user:password@server/database; without it survey.db is used",
        )
    try:
        return sa.create_engine(
            parsed.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", pool_pre_ping=True
        )
    except ModuleNotFoundError as error:
        raise MissingProgramError(
            "PostgreSQL needs the library psycopg", hint='uv pip install "psycopg[binary]"'
        ) from error


def _is_busy(error: sa.exc.OperationalError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
    return code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


@contextmanager
def _transaction(connection: Connection, begin: str | Callable[[Connection], None]) -> Iterator[None]:
    if isinstance(begin, str):
        connection.exec_driver_sql(begin)
    else:
        begin(connection)
    is_kept = False
    try:
        yield
        connection.exec_driver_sql("COMMIT")
        is_kept = True
    finally:
        if not is_kept:
            with suppress(
                sa.exc.DBAPIError
            ):  # it may have rolled back itself; the fault that led here counts
                connection.exec_driver_sql("ROLLBACK")


def _make_layout(connection: Connection) -> None:
    """Create the tables that are absent, and add columns that came later."""
    for table in _METADATA.sorted_tables:
        connection.execute(sa.schema.CreateTable(table, if_not_exists=True))
        there = {column["name"] for column in sa.inspect(connection).get_columns(table.name)}
        if there - set(table.columns.keys()):
            raise UsageError(
                f"these decisions were kept by a newer survey: {table.name} has columns unknown to this one",
                hint="update the program",
            )
        for column in table.columns:
            if column.name not in there:
                made = sa.schema.CreateColumn(column).compile(dialect=connection.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {made}")


def _make_postgresql_triggers(connection: Connection) -> None:
    for function in POSTGRESQL_FUNCTIONS:
        connection.exec_driver_sql(function.replace("%", "%%"))
    there = {str(row["name"]) for row in Transaction(connection).run(_POSTGRESQL_TRIGGERS)}
    for name, _, statement in postgresql_triggers():
        if name not in there:
            connection.exec_driver_sql(statement)


def _make_sqlite(connection: Connection) -> None:
    """Make the tables and triggers of survey.db; rows of the layout without a chain are taken over in their order."""
    transaction = Transaction(connection)
    kept = rows_without_chain(transaction.run)
    for row in transaction.run("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        connection.exec_driver_sql(f"DROP TRIGGER {row['name']}")
    for name in kept:
        connection.exec_driver_sql(f"DROP TABLE {name}")
    _make_layout(connection)
    decided, texts = take_over(kept.pop(DECIDED.name, []))
    transaction.append(DECIDED, decided)
    transaction.insert(TEXTS, texts)
    for table in KEPT:
        transaction.append(table, kept.get(table.name, []))
    for _, statement in sqlite_triggers():
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"PRAGMA user_version = {_STAMP}")


def _stamp_of(statements: Callable[[], Iterator[tuple[str, str]]]) -> int:
    """A number that changes with the layout: SQLite keeps 31 bits of it in the file."""
    layout = [
        f"{table.name} {column.name} {column.type}"
        for table in _METADATA.sorted_tables
        for column in table.columns
    ]
    said = "\n".join([*layout, *(statement for _, statement in statements())])
    return int.from_bytes(sha256(said.encode()).digest()[:4], "big") >> 1 or 1


_STAMP = _stamp_of(sqlite_triggers)
