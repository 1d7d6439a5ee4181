"""The name of a task -> the picture of its paper: stored strips at once, anything else cut by a helper process."""

from __future__ import annotations

import os
import struct
import threading
import zlib
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from survey.review.errands import cut_on_demand
from survey.store import Cache

IDLE_SECONDS = 60.0  # without an errand, after which the helper gives its 200 to 400 MB back
KEPT_CROPS = 64  # pages whose crops are kept unpacked: 50 kB each
KEPT_PICTURES = 200  # pictures cut on demand that are kept: 30 kB each
ENLARGED = 3  # a crop of 30 px is shown at three times its size, smoothed by the browser

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Helper:
    """A process of its own for what needs much memory.

    It ends when nobody has asked it for a while, and with the server; it begins anew when it is needed.
    """

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._turn = threading.Lock()
        self._end = threading.Timer(IDLE_SECONDS, self.close)

    def begin(
        self, function: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> None:
        """Let the process begin with a function, and do not wait for it."""
        self._submit(function, *args, **kwargs)

    def run(
        self, function: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result:
        """Run a function there and wait for its value."""
        return self._submit(function, *args, **kwargs).result()

    def _submit(
        self, function: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        with self._turn:
            self._end.cancel()
            try:
                self._pool = self._pool or _process()
                made = self._pool.submit(function, *args, **kwargs)
            except BrokenProcessPool:
                self._pool = _process()
                made = self._pool.submit(function, *args, **kwargs)
            self._end = threading.Timer(IDLE_SECONDS, self.close)
            self._end.daemon = True
            self._end.start()
        return made

    @property
    def is_there(self) -> bool:
        """Whether the process is running."""
        return self._pool is not None

    def close(self) -> None:
        """End the process once it has done what it was asked for."""
        with self._turn:
            pool, self._pool = self._pool, None
            self._end.cancel()
        if pool is not None:
            pool.shutdown()


def _process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=end_with_parent)


def end_with_parent() -> None:
    """Let this process end when the server does, even if that is killed."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


class Pictures:
    """The stored pictures of a project's pages, found by page digest."""

    def __init__(self, root: Path, helper: Helper, shard_of: dict[str, str]) -> None:
        """`shard_of` tells in which shard of the cache the pictures of a page lie."""
        self._root, self._helper, self._shard_of = root, helper, shard_of
        self._cache = Cache(root)
        self._crops_of = lru_cache(KEPT_CROPS)(self._load_crops)
        self.on_demand = lru_cache(KEPT_PICTURES)(self._cut)

    def strip(self, page_digest: str, item: str) -> bytes:
        """Return the strip of an item as JPEG, from the cache or cut on demand; b"" where there is no scan."""
        stored = self._stored(page_digest, f"strip.{item}")
        return self.on_demand(page_digest, item, 0) if stored is None else stored.tobytes()

    def _stored(self, page_digest: str, what: str) -> NDArray[np.uint8] | None:
        shard = self._shard_of.get(page_digest)
        return self._cache.picture(shard, f"{page_digest}.{what}") if shard else None

    def crop(self, page_digest: str, place: int) -> bytes:
        """Return the crop of a box, as the network saw it, as PNG; b"" where there is none."""
        crops = self._crops_of(page_digest)
        if not 0 <= place < len(crops):
            return b""
        return png(255 - crops[place])

    def _load_crops(self, page_digest: str) -> NDArray[np.uint8]:
        stored = self._stored(page_digest, "crops")
        return np.zeros((0, 30, 30), np.uint8) if stored is None else stored

    def _cut(self, page_digest: str, item: str, turn: int) -> bytes:
        return self._helper.run(cut_on_demand, self._root, page_digest, item, turn)


def png(grey: NDArray[np.uint8]) -> bytes:
    """Write a small grey picture as PNG, every pixel three by three."""
    large = grey.repeat(ENLARGED, axis=0).repeat(ENLARGED, axis=1)
    height, width = large.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), large], axis=1).tobytes()

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
