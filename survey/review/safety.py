"""A request -> whether it may pass: who asks, from where, and how much; and the headers every answer carries."""

from __future__ import annotations

import hmac
import os
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from survey.files import digest

BODY_LIMIT = 262_144  # bytes of a request's body: a full outbox is sent in pieces far smaller
URL_LIMIT = 2_048
SESSION_HOURS = 12  # a working day; then the page asks for a new link
WRONG_PASSWORDS = 10  # tries in a row, after which only a restart helps
OPEN_PATHS = ("/enter/", "/open/", "/login", "/static/")
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@dataclass
class Keys:
    """Who may come in: a link that opens once, a password where others can reach the page, a session's secret."""

    session: str
    password: str = ""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    wrong: int = 0

    @property
    def cookie(self) -> str:
        """Name of the cookie; cookies of one computer's ports would overwrite one another."""
        return f"survey_{digest(self.session)[:8]}"

    def enter(self, token: str) -> bool:
        """Take the token, which opens once only."""
        if not self.token or not hmac.compare_digest(token.encode(), self.token.encode()):
            return False
        self.token = ""
        return True

    def enter_by_password(self, password: str) -> bool:
        """Compare a password; after too many wrong ones none is right any more."""
        if not self.password or self.wrong >= WRONG_PASSWORDS:
            return False
        if hmac.compare_digest(password.encode(), self.password.encode()):
            self.wrong = 0
            return True
        self.wrong += 1
        return False

    def knows(self, cookie: str) -> bool:
        """Whether a cookie holds this session's secret."""
        return hmac.compare_digest(cookie.encode(), self.session.encode())


def kept_session(folder: Path) -> str:
    """Return the session's secret, which outlives a killed server for some hours: an open page then goes on.

    It lies in the cache, readable for its owner alone.
    """
    path = folder / "review-session"
    if path.exists() and time.time() - path.stat().st_mtime < SESSION_HOURS * 3600:
        known = path.read_text(encoding="utf-8")
        if len(known) > 30:
            return known
    folder.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    made = secrets.token_urlsafe(32)
    with os.fdopen(
        os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8"
    ) as handle:
        handle.write(made)
    return made


class Gate:
    """Lets a request pass to the page only if host, origin, size and cookie are right."""

    def __init__(self, page: ASGIApp, keys: Keys, hosts: frozenset[str]) -> None:
        self.page, self.keys, self.hosts = page, keys, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.page(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        refused = self._objection(scope)
        if refused:
            await _answer(send, *refused)
            return
        await self.page(scope, _limited(receive), _with_headers(send))

    def _objection(self, scope: Scope) -> tuple[int, str] | None:
        """Tell the status and the reason a request is refused with; None if it may pass."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in self.hosts:
            return 421, "this page does not answer to that name"
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > URL_LIMIT:
            return 414, "that address is too long"
        origins = headers.getlist("origin")
        is_change = scope["method"] not in {"GET", "HEAD"}
        if origins and origins != [f"http://{hosts[0]}"]:
            return 403, "that comes from another page"
        if is_change and not origins:
            return 403, "a change must say which page it comes from"
        declared = headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > BODY_LIMIT:
            return 413, "that is too large"
        path = scope["path"]
        if not path.startswith(OPEN_PATHS) and not self._is_known(headers):
            return 401, "open the link that survey review printed"
        return None

    def _is_known(self, headers: Headers) -> bool:
        for part in ";".join(headers.getlist("cookie")).split(";"):
            name, _, value = part.strip().partition("=")
            if name == self.keys.cookie and self.keys.knows(value):
                return True
        return False


def _limited(receive: Receive) -> Receive:
    """Read a body no further than the limit, whatever its header said."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return {"type": "http.disconnect"} if seen > BODY_LIMIT else message

    return limited


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message["headers"] if name.decode() not in HEADERS]
            message = {**message, "headers": [*kept, *_encoded(HEADERS)]}
        await send(message)

    return sending


async def _answer(send: Send, status: int, text: str) -> None:
    headers = {**HEADERS, "content-type": "text/plain; charset=utf-8"}
    await send({"type": "http.response.start", "status": status, "headers": _encoded(headers)})
    await send({"type": "http.response.body", "body": text.encode()})


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
