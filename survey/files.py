"""Paths -> whole-or-nothing writes, digests, the project lock; what differs between operating systems."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from survey.errors import BusyError, CannotWriteError, UsageError

if TYPE_CHECKING:
    import pandas as pd

MADE = datetime(2000, 1, 1)
"""When a document that must name a day says it was made: the same content, the same bytes."""
_NEIGHBOURS = count()  # so that two threads that write the same file do not write into each other's
DIGEST_LETTERS = 24  # 96 bits: no two pages of any project will meet by chance


def digest(*parts: bytes | str) -> str:
    """Return the first 24 hex letters of the SHA-256 over all parts, each preceded by its length."""
    sha = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        sha.update(len(data).to_bytes(8, "little"))
        sha.update(data)
    return sha.hexdigest()[:DIGEST_LETTERS]


def root_of(start: Path) -> Path | None:
    """Find the folder of the project a path lies in by walking up to the one that holds schemas/, if there is one."""
    start = start.resolve()
    return next((folder for folder in [start, *start.parents] if (folder / "schemas").is_dir()), None)


def find_root(start: Path) -> Path:
    """Find the folder of the project a path lies in; UsageError where there is none."""
    root = root_of(start)
    if root is None:
        raise UsageError(
            f"no project here: no folder above {start.resolve()} holds schemas/", hint="survey init"
        )
    return root


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a neighbour is written, synced and moved over it."""

    def write(neighbour: Path) -> None:
        neighbour.write_bytes(data)

    write_whole_with(path, write)


def write_whole_with(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a new neighbour of the path, then move it into place; on failure nothing changes."""
    with whole_file(path) as neighbour:
        write(neighbour)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a new neighbour of the path to be filled, then move it into place; on failure nothing changes."""
    refuse_opened([path])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        neighbour = path.with_name(f".{path.stem}.{os.getpid()}-{next(_NEIGHBOURS)}{path.suffix}")
        os.close(os.open(neighbour, os.O_CREAT | os.O_WRONLY, 0o666))
    except OSError as error:
        raise CannotWriteError(f"cannot write {path}: {error.strerror}", hint=_write_hint(path)) from error
    try:
        yield neighbour
        with neighbour.open("rb+") as handle:
            os.fsync(handle.fileno())
        neighbour.replace(path)
    except OSError as error:
        raise CannotWriteError(f"cannot write {path}: {error.strerror}", hint=_write_hint(path)) from error
    finally:
        neighbour.unlink(missing_ok=True)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files by their paths inside a folder; if one of them stands open in a program, none is written."""
    paths = [folder / name for name in files]
    refuse_opened(paths)
    for path, data in zip(paths, files.values(), strict=True):
        write_whole(path, data)
    return paths


def refuse_opened(paths: Iterable[Path]) -> None:
    """Raise CannotWriteError where Word, Excel, PowerPoint or LibreOffice has one of these files open.

    They leave a small file beside it: what one of them saves later would write over what is written now.
    """
    for path in paths:
        program = PROGRAMS.get(path.suffix)
        locks = [path.with_name(name) for name in _lock_names(path.name)] if program else []
        lock = next((one for one in locks if one.exists()), None)
        if lock is not None:
            raise CannotWriteError(
                f"{path} is open in {program}",
                hint=f"close it in {program} and run the command again; if nobody has it open, delete {lock.name}",
            )
        try:
            path.open("rb+").close()
        except FileNotFoundError:
            continue
        except OSError as error:  # on Windows a program holds what it has open
            raise CannotWriteError(
                f"cannot write {path}: {error.strerror}", hint=_write_hint(path)
            ) from error


PROGRAMS = {
    ".xlsx": "Excel",
    ".csv": "Excel",
    ".docx": "Word",
    ".pptx": "PowerPoint",
    ".pdf": "the PDF viewer",
}
"""Which program people open a file in."""


def _lock_names(name: str) -> list[str]:
    """What Office, which may take away up to two letters, and LibreOffice call the file beside an open one."""
    return [f"~${name}", f"~${name[1:]}", f"~${name[2:]}", f".~lock.{name}#"]


def _write_hint(path: Path) -> str:
    program = PROGRAMS.get(path.suffix)
    if program:
        return f"if it is open in {program}, close it there and run the command again"
    return "check that the folder may be written to and that the disk is not full"


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table as UTF-8 CSV with commas, whole or not at all."""
    write_whole(path, csv_bytes(table))


def csv_bytes(table: pd.DataFrame) -> bytes:
    """A table as UTF-8 CSV with commas and decimal points, for programs."""
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")


def german_csv_bytes(table: pd.DataFrame) -> bytes:
    """A table as German Excel opens it by a double click: byte order mark, semicolons, decimal commas, CRLF.

    Text that Excel would take for a formula gets an apostrophe before it.
    """
    texts = [name for name in table.columns if table[name].dtype.kind in "OUT"]
    safe = table.assign(**{name: table[name].map(_no_formula) for name in texts})
    return safe.to_csv(index=False, sep=";", decimal=",", lineterminator="\r\n").encode("utf-8-sig")


def _no_formula(value: object) -> object:
    """Text with an apostrophe before it where a spreadsheet would calculate; a number that is text stays."""
    risky = isinstance(value, str) and value.lstrip()[:1] in ("=", "+", "-", "@")
    return f"'{value}" if risky and not re.fullmatch(r"-?\d+([.,]\d+)?", str(value)) else value


def zip_undated(data: bytes) -> bytes:
    """A zip archive's members in the same order, every one dated 1 January 1980: the same content, the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(member, old.read(name))
    return out.getvalue()


def read_csv(path: Path) -> pd.DataFrame:
    """Read a CSV that a person may have saved in Excel: semicolons, a byte order mark, cp1252; all text.

    Numbers stay text here; `to_numbers` understands a decimal comma.
    """
    import pandas as pd

    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", hint="check the name") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    lines = text.splitlines()
    if not lines:
        raise UsageError(f"{path} is empty", hint="the first line must name the columns")
    separator = max(";,\t", key=lines[0].count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(row)]
    header = [name.strip() for name in rows[0]]
    for number, row in enumerate(rows[1:], start=2):
        if len(row) > len(header):
            raise UsageError(
                f"{len(row)} values, but the first line names {len(header)} columns",
                where=f"{path}:{number}",
                hint="put values that contain the separator in quotation marks",
            )
    padded = [row + [""] * (len(header) - len(row)) for row in rows[1:]]
    return pd.DataFrame(padded, columns=header, dtype="str")


def line_at(where: str) -> str:
    """Return the line that "file:12" names, with its number, or "" where there is none."""
    path, _, number = where.rpartition(":")
    if not number.isdigit() or not Path(path).is_file():
        return ""
    lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    at = int(number)
    return f"{at:>5} | {lines[at - 1].rstrip()}" if 0 < at <= len(lines) else ""


def to_numbers(values: pd.Series) -> pd.Series:
    """Turn text into floats; "12,5" is 12.5. What is no number becomes NaN."""
    import pandas as pd

    return pd.to_numeric(values.str.strip().str.replace(",", ".", regex=False), errors="coerce")


@contextmanager
def project_lock(root: Path) -> Iterator[None]:
    """Hold the project for one writing run; a second run gets BusyError at once."""
    folder = root / ".survey"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as handle:
        try:
            _lock(handle.fileno())
        except OSError as error:
            raise BusyError(
                f"another run of survey is working in {root}", hint="wait for it to end, then try again"
            ) from error
        try:
            yield
        finally:
            _unlock(handle.fileno())


NETWORK_FILESYSTEMS = frozenset({
    "9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "davfs", "fuse.ceph", "fuse.davfs2", "fuse.glusterfs",
    "fuse.rclone", "fuse.sshfs", "fuse.vmhgfs-fuse", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs3", "nfs4",
    "prl_fs", "smb", "smb2", "smb3", "smbfs", "sshfs", "vboxsf", "webdav",
})  # fmt: skip
"""Names by which mount tables call drives of other machines, or of a virtual machine's host."""

_BSD_MOUNT = re.compile(r".* on (?P<folder>/.*) \((?P<type>[^,)]+)")
_LINUX_MOUNT = re.compile(r"\S+ (?P<folder>\S+) (?P<type>\S+) ")


def filesystem_of(path: Path, mounts: Iterable[str]) -> str:
    """Return the type of the file system a path lies on; "" where no line of the mount table covers it.

    `mounts` are lines of Linux's /proc/mounts ("device folder type …") or BSD's mount ("device on folder (type, …)").
    """
    best, found = 0, ""
    for line in mounts:
        told = _BSD_MOUNT.match(line) or _LINUX_MOUNT.match(line)
        if told is None:
            continue
        folder = re.sub(
            r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), told["folder"]
        )  # a blank is written \040
        if path.is_relative_to(folder) and len(folder) >= best:
            best, found = len(folder), told["type"]
    return found


def is_on_network_drive(path: Path) -> bool:
    """Whether a file lies, or would lie, on a drive of another machine: SQLite's WAL needs memory that both share."""
    return _is_remote(path.resolve())


if os.name == "nt":  # pragma: no cover
    import ctypes
    import msvcrt

    DRIVE_REMOTE = 4  # GetDriveTypeW's answer for a mapped drive; a UNC path (\\server\share) is remote, too

    def _is_remote(path: Path) -> bool:
        is_unc = path.drive.startswith("\\\\")
        kind = ctypes.windll.kernel32.GetDriveTypeW(path.anchor)  # type: ignore[attr-defined,unused-ignore]
        return is_unc or kind == DRIVE_REMOTE

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]

    def _unlock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl
    import subprocess

    def _is_remote(path: Path) -> bool:
        table = Path("/proc/self/mounts")
        if table.exists():
            mounts = table.read_text(encoding="utf-8", errors="surrogateescape")
        else:  # macOS and the BSDs have a program instead
            mounts = subprocess.run(["mount"], capture_output=True, text=True, check=True).stdout
        return filesystem_of(path, mounts.splitlines()) in NETWORK_FILESYSTEMS

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
