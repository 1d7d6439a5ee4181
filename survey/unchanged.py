"""A project's files -> what its last ingest said, as long as nothing it depended on has changed since.

A second `survey ingest` with nothing to do costs the time of looking, not that of loading pandas and drawing up the
ledger again: so this module imports nothing heavy.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from survey.files import digest, write_whole

if TYPE_CHECKING:
    from survey.reporting.report import Written

DATABASE_HEAD_BYTES = 100  # SQLite's header: it holds a counter of changes (sqlite.org/fileformat2.html, 1.3)

DECIDING = ("adjudications", "mailing", "audit_samples", "audits", "erasures", "origins", "published_cells")
"""Tables of decisions on which an account or a result may depend."""


@dataclass(frozen=True)
class Account:
    """The ledger in numbers: cases of one questionnaire, and where the scanned pages stand."""

    questionnaire: str
    issued: int
    """Copies sent out; 0 where nobody said how many."""
    returned: int
    returned_unknown: int
    """Returned cases whose serial, and so whose stratum, is unknown."""
    undeliverable: int
    """Envelopes that came back unopened, as recorded."""
    refused: int
    """People who said no, as recorded."""
    outstanding: int
    """Issued cases of which nothing is known: issued - returned - undeliverable - refused."""
    unscanned: int
    """Of those outstanding: recorded as received, but no page of theirs has been scanned."""
    complete: int
    """Returned cases of which every page was read."""
    pages: dict[str, int]
    """Place in the ledger -> pages."""
    boxes: int
    doubtful: int
    unreadable: int
    numbers_to_type: int
    """Handwritten numbers that nobody has typed yet."""
    texts_to_type: int
    """Handwritten texts that nobody has typed yet."""
    contradictory: int
    """Answers that contradict each other, of which nobody has said what counts."""
    contradictions: tuple[str, ...]
    """What was recorded and does not agree with what returned."""
    alarms: tuple[str, ...]
    """What seems to be wrong with whole batches."""

    @property
    def waits(self) -> bool:
        """Whether something waits for a person."""
        to_read = self.numbers_to_type or self.texts_to_type
        unsettled = self.doubtful or self.unreadable or self.contradictory
        return bool(unsettled or to_read or self.pages.get("waiting"))


def state_of(root: Path, scans: Path, questionnaire: str | None) -> str:
    """Digest of all that an ingest depends on besides the cache: program, schemas, scans, decisions, options.

    Schemas count by content, scans and the program by size and time, decisions by the last link of each chain.
    """
    folder = scans.resolve()
    parts = [str(folder), questionnaire or "", program_state()]
    parts += _stats(folder, folder.rglob("*") if folder.is_dir() else [folder])
    schemas = sorted(path for path in (root / "schemas").rglob("*") if path.is_file())
    parts += [f"{path.name} {digest(path.read_bytes())}" for path in schemas]
    return digest(*parts, _decided(root))


@lru_cache(maxsize=1)
def program_state() -> str:
    """Digest of the program's files by size and time: what is quickly made again is made again after any change."""
    program = Path(__file__).parent
    return digest(*_stats(program, program.rglob("*.py")), *_stats(program, program.rglob("*.npz")))


def _decided(root: Path) -> str:
    """Tell the state of what people decided and recorded; runs, which are recorded after each, are none of it."""
    path, url = root / "survey.db", os.environ.get("SURVEY_DATABASE_URL")
    if url:
        from survey.store.decisions import Decisions  # loads SQLAlchemy, which a file does without

        heads = Decisions(root, url).heads()
        return repr([heads[name] for name in DECIDING])
    if not path.exists():
        return ""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            links = [database.execute(f"SELECT max(link) FROM {name}").fetchone()[0] for name in DECIDING]
            return repr(links) if any(links) else ""
    except sqlite3.Error:  # a layout without chains, or somebody holds it
        with path.open("rb") as handle:
            return handle.read(DATABASE_HEAD_BYTES).hex() + repr(_stats(path.parent, [path]))


def recall(root: Path, state: str) -> list[Account] | None:
    """Return what the last ingest said, if nothing changed since; else None."""
    try:
        stored = json.loads(_memory(root).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if stored.get("key") != digest(state, _cache_state(root)):
        return None
    lists = ("contradictions", "alarms")
    return [Account(**{**one, **{name: tuple(one[name]) for name in lists}}) for one in stored["accounts"]]


def remember(root: Path, state: str, accounts: list[Account]) -> None:
    """Keep what an ingest said; `state` is that of before it began, so that what changes meanwhile is not missed."""
    stored = {"key": digest(state, _cache_state(root)), "accounts": [asdict(one) for one in accounts]}
    write_whole(_memory(root), json.dumps(stored, ensure_ascii=False).encode("utf-8"))


def remember_written(root: Path, name: str, state: str, written: Written) -> None:
    """Keep what files a report has, and the digest of what it was made from."""
    files = {
        level: {path.relative_to(root).as_posix(): digest(path.read_bytes()) for path in paths}
        for level, paths in written.files.items()
    }
    stored = {"key": digest(state, program_state()), "files": files,
              "waits": written.waits, "run": written.run}  # fmt: skip
    write_whole(_memory_of_report(root, name), json.dumps(stored, ensure_ascii=False).encode("utf-8"))


def as_written(root: Path, name: str, state: str) -> Written | None:
    """Return a report that is still as it was written, and would be written alike; else None."""
    try:
        stored = json.loads(_memory_of_report(root, name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    paths = {root / path: one for files in stored["files"].values() for path, one in files.items()}
    if stored["key"] != digest(state, program_state()) or not all(path.is_file() for path in paths):
        return None
    if any(digest(path.read_bytes()) != one for path, one in paths.items()):
        return None
    from survey.reporting.report import Written  # what it needs is heavy

    files = {level: [root / path for path in own] for level, own in stored["files"].items()}
    return Written(files, bool(stored["waits"]), [], str(stored["run"]))


def _memory_of_report(root: Path, name: str) -> Path:
    return root / ".survey" / f"last_report.{name}.json"


def _memory(root: Path) -> Path:
    return root / ".survey" / "last_ingest.json"


def _cache_state(root: Path) -> str:
    folder = root / ".survey"
    return digest(*_stats(folder, [folder / "files.parquet", *(folder / "shards").glob("*")]))


def _stats(folder: Path, paths: Iterable[Path]) -> list[str]:
    """Name each file with its size and time; what is not there is named too."""
    found = []
    for path in sorted(paths):
        stat = path.stat() if path.exists() else None
        if stat is None or path.is_file():
            found.append(f"{path.relative_to(folder)} {stat and (stat.st_size, stat.st_mtime_ns)}")
    return found
