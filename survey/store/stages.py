"""A table and all it was made from -> the same table, without making it again.

What lies here is part of the cache: deleting it costs time, never work. What a person typed may stand in it, so an
erasure empties it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from survey.doors.arrow import arrow_writer, read_arrow, walk_arrow
from survey.files import whole_file

if TYPE_CHECKING:
    import pandas as pd

Only = Mapping[str, Collection[str]] | None
KEPT_OF_EACH = 6  # tables of one name: as many corrections can be taken back without making anything again


class Stages:
    """Tables by name and the digest of all they were made from."""

    def __init__(self, root: Path) -> None:
        self.folder = root / ".survey" / "stages"
        self._last: dict[str, tuple[str, pd.DataFrame]] = {}
        """By name the key and table that were asked for last: a command asks for the same several times."""

    def table(self, name: str, key: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return a table that was kept under a key, or make it and keep it."""
        found = self.find(name, key)
        if found is None:
            found = make()
            self.put(name, key, found)
        return found.copy(deep=False)

    def keep(self, name: str, key: str, parts: Iterable[pd.DataFrame]) -> None:
        """Keep a table that may be too large to be held; its parts are made only where it is not there."""
        if not self.has(name, key):
            self._save(name, key, parts)

    def put(self, name: str, key: str, table: pd.DataFrame) -> None:
        """Keep a table under a key, in place of the one that may lie there."""
        self._save(name, key, [table])
        self._last[name] = key, table

    def walk_all(self, name: str, key: str, parts: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """Walk through the parts of a table that is kept under a key; where it is not there, while they are made.

        It is kept once all of them were walked through.
        """
        return self.walk(name, key) if self.has(name, key) else self._while_saving(name, key, parts)

    def has(self, name: str, key: str) -> bool:
        """Whether a table was kept under a key."""
        return self._path(name, key).exists()

    def walk(
        self, name: str, key: str, columns: Sequence[str] | None = None, only: Only = None
    ) -> Iterator[pd.DataFrame]:
        """Walk through the parts of a table that is kept under a key, or some of its columns; texts are categories.

        `only` names the texts that rows must have in some of the columns; others are left out.
        """
        return walk_arrow(self._path(name, key), columns, only)

    def find(self, name: str, key: str) -> pd.DataFrame | None:
        """Return a table that was kept under a key; None where there is none."""
        path, (last, _) = self._path(name, key), self._last.get(name, ("", None))
        if last != key or not path.exists():
            try:
                self._last[name] = key, read_arrow(path)
            except FileNotFoundError:
                return None
        return self._last[name][1].copy(deep=False)

    def empty(self) -> None:
        """Forget all tables, those of earlier versions of the program as well."""
        self._last.clear()
        for path in self.folder.glob("*"):
            path.unlink(missing_ok=True)

    def _save(self, name: str, key: str, parts: Iterable[pd.DataFrame]) -> None:
        for _ in self._while_saving(name, key, parts):
            pass

    def _while_saving(self, name: str, key: str, parts: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        with whole_file(self._path(name, key)) as path, arrow_writer(path) as write:
            for part in parts:
                write(part)
                yield part
        self._forget_old(name)

    def _path(self, name: str, key: str) -> Path:
        return self.folder / f"{name}.{key}.arrows"

    def _forget_old(self, name: str) -> None:
        """Keep the last few; another run may have deleted one meanwhile."""
        there = []
        for path in self.folder.glob(f"{name}.*.arrow*"):
            try:
                there.append((path.stat().st_mtime_ns, path))
            except FileNotFoundError:
                continue
        for _, path in sorted(there)[:-KEPT_OF_EACH]:
            path.unlink(missing_ok=True)
