"""Readings of batches -> the cache, which may be deleted at any time: Parquet shards, and arrays beside them.

One shard a batch holds its pages, one its measurements; crops and outlines lie beside them.
"""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from survey.doors.arrow import read_parquet, read_parts, write_parquet
from survey.files import digest, write_whole, write_whole_with
from survey.store.stages import Stages
from survey.tables import MEASUREMENTS, PAGES, Table

if TYPE_CHECKING:
    import pandas as pd

FILES = Table("files", {
    "scan": ("str", "batch, as a path inside the scans folder"),
    "path": ("str", "where the file lies: inside the project relative to its root, else absolute"),
    "size": ("int64", "bytes"),
    "mtime_ns": ("int64", "time of last change, ns"),
    "shard": ("str", "name of the shard with its pages"),
    "key": ("str", "digest of everything the reading depended on"),
})  # fmt: skip

JOINED_FROM = 8  # shards
PART_BYTES = 16_000_000  # of shards that are read at once: half a million boxes


class Cache:
    """The cache folder of a project. Only the parent process writes to it."""

    def __init__(self, root: Path) -> None:
        self.folder = root / ".survey"
        self._joined = Stages(root)

    def files(self) -> pd.DataFrame:
        """Return the table FILES of all batches read so far."""
        path = self.folder / "files.parquet"
        return FILES.frame(read_parquet(path)) if path.exists() else FILES.frame()

    def shards(self) -> list[str]:
        """Name the shards of all batches, in order."""
        return sorted(set(self.files()["shard"]))

    def save_files(self, files: pd.DataFrame) -> None:
        """Replace the table of batches."""
        _save(self.folder / "files.parquet", files)

    def save_shard(
        self,
        key: str,
        pages: pd.DataFrame,
        measurements: pd.DataFrame,
        pictures: dict[str, Any],
        older: Iterable[str] = (),
    ) -> str:
        """Store one batch's pages, measurements, and arrays (crops and corners a page); returns the shard's name.

        `key` is the digest of everything the reading depended on. The arrays of pages that are not among `pictures`
        stay where they are, in `older` shards; a batch that is as one of those has it stays there as a whole.
        """
        what = ["page_digest", "scan", "ground", "hint"]
        name = digest(key, *(one for column in what for one in pages[column].tolist()))
        older = set(older)
        if name in older:
            return name
        there = sorted({one for shard in older for one in (shard, *self._older(shard))} - {name})
        if there:
            write_whole(self._older_path(name), json.dumps(there).encode("utf-8"))
        _save(self._path(name, MEASUREMENTS), measurements)
        drawn = self.folder / "shards" / f"{name}.pictures.npz"
        if (
            drawn.exists()
        ):  # a correction was taken back: the shard of before is there again, and what others look for in it
            with np.load(drawn) as stored:
                pictures = {**{one: stored[one] for one in stored.files}, **pictures}
        write_whole_with(drawn, lambda path: _save_arrays(path, pictures))
        _save(self._path(name, PAGES), pages)
        return name

    def pages(self, shards: Iterable[str]) -> pd.DataFrame:
        """Return PAGES of several shards."""
        return self._load(PAGES, shards)

    def pages_with_shards(self, shards: Iterable[str]) -> pd.DataFrame:
        """Return PAGES of several shards, with the column shard."""
        import pandas as pd

        names = sorted(set(shards))
        found, lengths = read_parts(PAGES, [self._path(name, PAGES) for name in names])
        shard = np.repeat(np.array(names, dtype=object), lengths)
        return found.assign(shard=pd.array(shard, dtype="str"))

    def grounds(self) -> list[str]:
        """Name what the pages read so far were measured on; see `text`."""
        names = tuple(self.shards())
        if len(names) < JOINED_FROM:
            parts: Iterable[pd.DataFrame] = [self._read(PAGES, names)]
        else:
            parts = self._joined.walk(PAGES.name, self._join(PAGES, names), ["ground"])
        return sorted({str(one) for part in parts for one in part["ground"].unique()} - {""})

    def save_text(self, kind: str, name: str, text: str) -> None:
        """Keep what a reading depended on, once; `kind` is grounds or recognitions."""
        path = self.folder / kind / f"{name}.json"
        if not path.exists():
            write_whole(path, text.encode("utf-8"))

    def text(self, kind: str, name: str) -> str:
        """Return what was kept under a name, or "" where nothing was."""
        path = self.folder / kind / f"{name}.json"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def measurements(self, shards: Iterable[str]) -> pd.DataFrame:
        """Return MEASUREMENTS of several shards; a page that stands in two of them comes once."""
        return self._load(MEASUREMENTS, shards)

    def walk_measurements(
        self, shards: Iterable[str], pages: Collection[str] | None = None
    ) -> Iterator[pd.DataFrame]:
        """Walk through the same part by part, each of pages that lie near to each other; texts are categories.

        With `pages` only rows of these come.
        """
        names, only = tuple(shards), None if pages is None else {"page_digest": pages}
        return self._joined.walk(MEASUREMENTS.name, self._join(MEASUREMENTS, names), only=only)

    def pictures(self, shard: str, kind: str, digests: Iterable[str]) -> dict[str, NDArray[Any]]:
        """Return the arrays of one kind (crops, corners or laid) of some pages of a shard, by digest."""
        found: dict[str, NDArray[Any]] = {}
        wanted = {f"{one}.{kind}": one for one in digests}
        for path in self._picture_files(shard):
            with np.load(path) as stored:
                there = wanted.keys() & set(stored.files)
                found |= {wanted.pop(name): stored[name] for name in sorted(there)}
            if not wanted:
                break
        return found

    def pictures_of(self, kind: str, digests: Iterable[str]) -> dict[str, NDArray[Any]]:
        """Return the arrays of one kind of some pages, whatever shards they lie in, by digest."""
        shard_of = self.shards_of_pages()
        wanted: dict[str, list[str]] = {}
        for one in sorted(set(digests)):
            wanted.setdefault(shard_of[one], []).append(one)
        found: dict[str, NDArray[Any]] = {}
        for shard, own in wanted.items():
            found |= self.pictures(shard, kind, own)
        return found

    def _picture_files(self, shard: str) -> Iterator[Path]:
        """Files in which the arrays of a shard's pages may lie, the newest first."""
        names = [shard, *self._older(shard)]
        paths = [self.folder / "shards" / f"{name}.pictures.npz" for name in names]
        there = [path for path in paths if path.exists()]
        yield from there[:1]
        yield from sorted(there[1:], key=lambda path: -path.stat().st_mtime_ns)

    def _older(self, shard: str) -> list[str]:
        """Name the shards in which arrays of this one's pages lie."""
        path = self._older_path(shard)
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []

    def _older_path(self, shard: str) -> Path:
        return self.folder / "shards" / f"{shard}.older.json"

    def shards_of_pages(self) -> dict[str, str]:
        """Return the shard in which each page's pictures lie, by page digest."""
        pages = self.pages_with_shards(self.shards())
        return dict(zip(pages["page_digest"], pages["shard"], strict=True))

    def picture(self, shard: str, name: str) -> NDArray[Any] | None:
        """Return one stored array, or None where there is none; nothing else of its shard is unpacked."""
        for path in self._picture_files(shard):
            with np.load(path) as stored:
                if name in stored:
                    return np.asarray(stored[name])
        return None

    def _load(self, table: Table, shards: Iterable[str]) -> pd.DataFrame:
        """Load one table of several shards; of many shards they are kept as one file, too, which is opened sooner."""
        names = tuple(shards)
        if len(names) < JOINED_FROM:
            return self._read(table, names)
        found = self._joined.find(table.name, self._join(table, names))
        assert found is not None
        return found

    def _join(self, table: Table, names: tuple[str, ...]) -> str:
        """Keep a table of several shards as one file; returns the key it lies under."""
        key = digest(*names, *table.columns)
        parts = self._parts(names) if table is MEASUREMENTS else (self._read(table, all_) for all_ in [names])
        self._joined.keep(table.name, key, parts)
        return key

    def _parts(self, names: tuple[str, ...]) -> Iterator[pd.DataFrame]:
        """Read MEASUREMENTS of several shards, in the order of their scans, in parts that need little memory."""
        files = self.files().sort_values("scan").drop_duplicates("shard")
        place = {shard: at for at, shard in enumerate(files["shard"])}
        in_order = sorted(names, key=lambda name: (place.get(name, len(place)), name))
        ends = np.cumsum([self._path(name, MEASUREMENTS).stat().st_size for name in in_order]) // PART_BYTES
        seen: set[str] = set()
        if not names:
            yield MEASUREMENTS.frame()
        for _, part in groupby(zip(ends, in_order, strict=True), key=itemgetter(0)):
            found = self._read(MEASUREMENTS, [name for _, name in part])
            pages = set(found["page_digest"].unique())
            yield found[~found["page_digest"].isin(pages & seen)] if pages & seen else found
            seen |= pages

    def _read(self, table: Table, names: Iterable[str]) -> pd.DataFrame:
        found, _ = read_parts(table, [self._path(name, table) for name in names])
        twice = ["page_digest", "box"]
        return found.drop_duplicates(twice, ignore_index=True) if table is MEASUREMENTS else found

    def _path(self, shard: str, table: Table) -> Path:
        return self.folder / "shards" / f"{shard}.{table.name}.parquet"

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
        return self._path(name, PAGES).exists()

    def borrow(self, other: Cache, files: pd.DataFrame) -> None:
        """Take over the readings of some batches from another cache; files are linked where the system can."""
        kept = set(files["shard"])
        kept |= {one for name in kept for one in other._older(name)}
        for path in [*(other.folder / "shards").glob("*"), *(other.folder / "grounds").glob("*"),
                     *(other.folder / "recognitions").glob("*")]:  # fmt: skip
            if path.parent.name == "shards" and path.name.split(".")[0] not in kept:
                continue
            own = self.folder / path.parent.name / path.name
            own.parent.mkdir(parents=True, exist_ok=True)
            try:
                own.hardlink_to(path)
            except OSError:
                shutil.copy2(path, own)
        self.save_files(files)

    def drop_shards_except(self, kept: set[str]) -> None:
        """Delete shards that no batch names any more, and thumbnails of pages that are in none of those kept."""
        held = {one for name in kept for one in self._older(name)}
        for path in (self.folder / "shards").glob("*"):
            own = path.name.split(".")[0]
            if own not in kept and not (own in held and path.name.endswith(".pictures.npz")):
                path.unlink(missing_ok=True)
        pages = set(self.pages(sorted(name for name in kept if self.has_shard(name)))["page_digest"])
        for path in (self.folder / "thumbnails").glob("*.jpg"):
            if path.stem not in pages:
                path.unlink(missing_ok=True)


def _save(path: Path, table: pd.DataFrame) -> None:
    write_whole_with(path, lambda neighbour: write_parquet(neighbour, table))


def _save_arrays(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Write arrays as `np.load` reads them; crops are packed, quickly: they are mostly white, and of every box."""
    with zipfile.ZipFile(path, "w") as packed:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, array, allow_pickle=False)
            how = zipfile.ZIP_DEFLATED if name.endswith(".crops") else zipfile.ZIP_STORED
            packed.writestr(zipfile.ZipInfo(f"{name}.npy"), member.getbuffer(), how, compresslevel=1)
