"""A real browser and a real server for tests of the review page; skips where there is no Chromium."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
STARTS_WITHIN_S = 120


@contextmanager
def chromium() -> Iterator[Any]:
    """Start Debian's Chromium; skip the test where it, or playwright, is not installed."""
    if not CHROMIUM:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Server:
    """`survey review` in a process of its own, that can be killed and started again at the same port."""

    def __init__(self, root: Path, *more: str, by: str = "anna", url: str = "") -> None:
        """`url` names a PostgreSQL database for the decisions; without it they lie in survey.db."""
        self.root, self.more, self.by, self.port = root, more, by, free_port()
        self.environment = {**os.environ, "SURVEY_DATABASE_URL": url}
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start it and wait for its link."""
        command = [sys.executable, "-m", "survey.cli", "--project", str(self.root), "review", "--no-open"]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port), "--by", self.by, *self.more],
            stdout=subprocess.PIPE, text=True, start_new_session=True, env=self.environment,
        )  # fmt: skip
        assert self.process.stdout
        line = self.process.stdout.readline()
        found = re.match(r"http://\S+", line)
        assert found, line
        self.link = found[0]

    def kill(self) -> None:
        """Kill it and its helper as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def serving(root: Path, *more: str, by: str = "anna", url: str = "") -> Iterator[Server]:
    server = Server(root, *more, by=by, url=url)
    try:
        yield server
    finally:
        server.kill()
