"""What has been read (cache, may be deleted) and what was decided and done (kept for ever).

The cache is `.survey/`: one Parquet shard a batch with its pages, one with its measurements, crops and outlines beside
them. Decisions are rows of survey.db that triggers keep from being changed or removed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.files import digest, write_whole, write_whole_with
from survey.tables import AUDIT_SAMPLE, AUDITS, MAILING, MEASUREMENTS, PAGES, PUBLISHED, Table

if TYPE_CHECKING:
    from sqlalchemy import Connection

FILES = Table("files", {
    "scan": ("str", "batch, as a path inside the scans folder"),
    "path": ("str", "where the file lies: inside the project relative to its root, else absolute"),
    "size": ("int64", "bytes"),
    "mtime_ns": ("int64", "time of last change, ns"),
    "shard": ("str", "name of the shard with its pages"),
    "key": ("str", "digest of everything the reading depended on"),
})  # fmt: skip

ADJUDICATIONS = Table("adjudications", {
    "made_at": ("str", "when, UTC, ISO 8601"),
    "decided_by": ("str", "pseudonym of the person"),
    "page_digest": ("str", "digest of the page's image stream"),
    "box": ("str", "name of the box; empty for a decision about an item"),
    "item": ("str", "the thing asked"),
    "machine": ("str", "what the machine had read"),
    "state": ("str", "empty, marked, revoked or unreadable; empty for typed text"),
    "value": ("str", "what was typed"),
    "reason": ("str", "why"),
})  # fmt: skip


class Cache:
    """The cache folder of a project. Only the parent process writes to it."""

    def __init__(self, root: Path) -> None:
        self.folder = root / ".survey"

    def files(self) -> pd.DataFrame:
        """Return the table FILES of all batches read so far."""
        path = self.folder / "files.parquet"
        return FILES.frame(pd.read_parquet(path)) if path.exists() else FILES.frame()

    def save_files(self, files: pd.DataFrame) -> None:
        """Replace the table of batches."""
        write_whole_with(self.folder / "files.parquet", FILES.frame(files).to_parquet)

    def save_shard(
        self, key: str, pages: pd.DataFrame, measurements: pd.DataFrame, pictures: dict[str, Any]
    ) -> str:
        """Store one batch's pages, measurements, and arrays (crops and corners a page); returns the shard's name.

        `key` is the digest of everything the reading depended on.
        """
        name = digest(key, *pages["page_digest"].tolist(), *pages["scan"].tolist())
        write_whole_with(self._path(name, "measurements"), measurements.to_parquet)
        write_whole_with(
            self.folder / "shards" / f"{name}.pictures.npz",
            lambda path: np.savez_compressed(path, **pictures),
        )
        write_whole_with(self._path(name, "pages"), pages.to_parquet)
        return name

    def pages(self, shards: Iterable[str]) -> pd.DataFrame:
        """Return PAGES of several shards."""
        return self._load(PAGES, shards, "pages")

    def measurements(self, shards: Iterable[str]) -> pd.DataFrame:
        """Return MEASUREMENTS of several shards; a page that stands in two of them comes once."""
        table = self._load(MEASUREMENTS, shards, "measurements")
        return table.drop_duplicates(["page_digest", "box"], ignore_index=True)

    def pictures(self, shards: Iterable[str], digests: set[str]) -> dict[str, NDArray[Any]]:
        """Return the arrays of some pages, by `<page digest>.crops` and `<page digest>.corners`."""
        found: dict[str, NDArray[Any]] = {}
        for shard in shards:
            with np.load(self.folder / "shards" / f"{shard}.pictures.npz") as stored:
                found |= {name: stored[name] for name in stored.files if name.split(".")[0] in digests}
        return found

    def _load(self, table: Table, shards: Iterable[str], kind: str) -> pd.DataFrame:
        parts = [pd.read_parquet(self._path(name, kind)) for name in shards]
        filled = [_complete(table, part) for part in parts if len(part)]
        return table.frame(pd.concat(filled, ignore_index=True)) if filled else table.frame()

    def _path(self, shard: str, kind: str) -> Path:
        return self.folder / "shards" / f"{shard}.{kind}.parquet"

    def save_thumbnail(self, page_digest: str, jpeg: bytes) -> None:
        """Store the small picture of a page."""
        write_whole(self._thumbnail(page_digest), jpeg)

    def thumbnail(self, page_digest: str) -> Path | None:
        """Return where the small picture of a page lies, or None where there is none."""
        path = self._thumbnail(page_digest)
        return path if page_digest and path.exists() else None

    def _thumbnail(self, page_digest: str) -> Path:
        return self.folder / "thumbnails" / f"{page_digest}.jpg"

    def has_shard(self, name: str) -> bool:
        """Whether a shard is there whole; its pages are written last."""
        return self._path(name, "pages").exists()

    def drop_shards_except(self, kept: set[str]) -> None:
        """Delete shards that no batch names any more, and thumbnails of pages that are in none of those kept."""
        for path in (self.folder / "shards").glob("*"):
            if path.name.split(".")[0] not in kept:
                path.unlink(missing_ok=True)
        pages = set(self.pages(sorted(name for name in kept if self.has_shard(name)))["page_digest"])
        for path in (self.folder / "thumbnails").glob("*.jpg"):
            if path.stem not in pages:
                path.unlink(missing_ok=True)


_NEUTRAL: dict[str, object] = {"str": "", "int64": 0, "float64": float("nan"), "bool": False}


def _complete(table: Table, part: pd.DataFrame) -> pd.DataFrame:
    """Fill in columns that did not exist when a shard was written; its pages are read again at the next ingest."""
    absent = {name: _NEUTRAL[kind] for name, (kind, _) in table.columns.items() if name not in part.columns}
    return part.assign(**absent) if absent else part


_SQL_TYPES = {"str": "TEXT", "int64": "INTEGER", "float64": "REAL"}


def _kept_for_ever(table: Table) -> tuple[str, str, str]:
    """Statements that make a table of survey.db to which rows can only be added."""
    columns = ", ".join(f"{name} {_SQL_TYPES[kind]} NOT NULL" for name, (kind, _) in table.columns.items())
    name, key = table.name, "row" if "number" in table.columns else "number"
    return (
        f"CREATE TABLE IF NOT EXISTS {name} ({key} INTEGER PRIMARY KEY AUTOINCREMENT, {columns})",
        f"""CREATE TRIGGER IF NOT EXISTS {name}_stay BEFORE UPDATE ON {name}
      BEGIN SELECT RAISE(ABORT, 'a decision is never changed, only followed by another'); END""",
        f"""CREATE TRIGGER IF NOT EXISTS {name}_last BEFORE DELETE ON {name}
      BEGIN SELECT RAISE(ABORT, 'a decision is never removed'); END""",
    )


_SCHEMA = tuple(
    statement
    for table in (ADJUDICATIONS, MAILING, AUDIT_SAMPLE, AUDITS, PUBLISHED)
    for statement in _kept_for_ever(table)
)


class Decisions:
    """What people decided and recorded: survey.db, to which rows are only ever added."""

    def __init__(self, root: Path) -> None:
        self.path = root / "survey.db"

    def adjudications(self) -> pd.DataFrame:
        """Return ADJUDICATIONS in the order they were made."""
        return self.rows(ADJUDICATIONS)

    def add(self, adjudications: pd.DataFrame) -> None:
        """Append decisions, all or none; `made_at` is filled in where it is empty."""
        self.append(ADJUDICATIONS, adjudications)

    def rows(self, table: Table) -> pd.DataFrame:
        """Return one of the tables that are kept for ever, in the order its rows were added."""
        if not self.path.exists():
            return table.frame()
        import sqlalchemy

        with self._connect() as connection:
            columns = ", ".join(table.columns)
            query = sqlalchemy.text(f"SELECT {columns} FROM {table.name} ORDER BY rowid")
            found = connection.execute(query).all()
        return table.frame([tuple(row) for row in found])

    def append(self, table: Table, rows: pd.DataFrame) -> None:
        """Append rows to one of those tables, all or none; `made_at` is filled in where it is empty."""
        import sqlalchemy

        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        new = table.frame(rows)
        new["made_at"] = new["made_at"].where(new["made_at"] != "", now)
        names = list(table.columns)
        insert = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(':' + name for name in names)})"
        with self._connect() as connection, connection.begin():
            if len(new):
                connection.execute(
                    sqlalchemy.text(insert), [row._asdict() for row in new.itertuples(index=False)]
                )

    def _connect(self) -> Connection:
        import sqlalchemy

        engine = sqlalchemy.create_engine(f"sqlite:///{self.path}", poolclass=sqlalchemy.NullPool)
        connection = engine.connect()
        for pragma in ("recursive_triggers = ON", "synchronous = FULL"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        for statement in _SCHEMA:
            connection.exec_driver_sql(statement)
        connection.commit()
        return connection
