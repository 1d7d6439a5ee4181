"""Nothing -> a PostgreSQL server of one's own, for as long as it is needed; for tests and benchmarks."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ABSENT = "PostgreSQL is not installed here (Debian: apt-get install postgresql)"
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root


def find_program(name: str) -> Path | None:
    """Find a program of PostgreSQL's; Debian keeps them out of the PATH, one folder a version."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which(name)
    return found[-1] if found else Path(on_path) if on_path else None


@contextmanager
def running(*settings: str) -> Iterator[str]:
    """Start an empty server that listens on a socket in a folder of its own; gives its URL, and removes all after.

    `settings` are such as "fsync=off".
    """
    initdb, server = find_program("initdb"), find_program("postgres")
    assert initdb and server, ABSENT
    user = UNPRIVILEGED if os.name == "posix" and os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="survey-pg-"))  # short, for a socket's path may have 107 letters
    try:
        if user:
            shutil.chown(folder, user)
        made = [
            initdb,
            "-D",
            folder / "data",
            "-U",
            "survey",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        ]
        subprocess.run(made, check=True, capture_output=True, user=user, cwd=folder)
        options = ["-D", folder / "data", "-k", folder, "-c", "listen_addresses="]
        options += [part for setting in settings for part in ("-c", setting)]
        process = subprocess.Popen(
            [server, *options], user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _wait(folder, process)
            yield f"postgresql://survey@/postgres?host={folder}"
        finally:
            process.send_signal(signal.SIGQUIT)  # at once: what it kept is thrown away
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(folder: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers."""
    ready = find_program("pg_isready")
    assert ready
    while subprocess.run([ready, "-q", "-h", folder, "-d", "postgres"], check=False).returncode:
        assert process.poll() is None, "PostgreSQL did not start"
