"""Paths -> whole-or-nothing writes, digests, the project lock; what differs between operating systems."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from survey.errors import BusyError, CannotWriteError, UsageError

if TYPE_CHECKING:
    import pandas as pd

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
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        neighbour = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
        os.close(os.open(neighbour, os.O_CREAT | os.O_WRONLY, 0o666))
    except OSError as error:
        raise CannotWriteError(f"cannot write {path}: {error.strerror}", hint=_write_hint(path)) from error
    try:
        write(neighbour)
        with neighbour.open("rb+") as handle:
            os.fsync(handle.fileno())
        neighbour.replace(path)
    except OSError as error:
        raise CannotWriteError(f"cannot write {path}: {error.strerror}", hint=_write_hint(path)) from error
    finally:
        neighbour.unlink(missing_ok=True)


def _write_hint(path: Path) -> str:
    if path.suffix in {".xlsx", ".csv"}:
        return "if it is open in Excel, close it there and run the command again"
    return "check that the folder may be written to and that the disk is not full"


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table as UTF-8 CSV with commas, whole or not at all."""
    write_whole(path, table.to_csv(index=False, lineterminator="\n").encode("utf-8"))


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
