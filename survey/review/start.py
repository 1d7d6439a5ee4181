"""A project -> its review page, open on this computer until the person is done."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from survey import REVIEW_PORT
from survey.errors import UsageError
from survey.review.counter import Counter
from survey.review.desk import WAITING, Desk
from survey.review.errands import lay_out_desk, warm_up
from survey.review.pictures import Helper, Pictures
from survey.review.safety import Keys, kept_session
from survey.review.server import Office, make_page
from survey.store import Decisions

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PORTS_TRIED = 20
PASSWORD_LETTERS = 12  # of a password, at least


@dataclass(frozen=True)
class Plan:
    """How the page shall be opened."""

    names: tuple[str, ...] = ()
    by: str = "reviewer"
    host: str = "127.0.0.1"
    port: int = 0
    """0 for the first free one from REVIEW_PORT."""
    password: str = ""
    double: bool = False
    number: str = ""
    """Key of a number whose paper is to be shown first."""


def survey_desk(root: Path, plan: Plan) -> Desk:
    """Lay out the desk in a process of its own, whose memory is given back."""
    helper = Helper()
    try:
        return helper.run(lay_out_desk, root, list(plan.names), plan.by, plan.double, plan.number)
    finally:
        helper.close()


def tell(desk: Desk) -> list[str]:
    """Say in lines what lies on the desk: what waits a view, and doubts by item."""
    lines = [f"{view:<6} {len(names):>7,}" for view, names in desk.views.items()]
    lines.append(f"pages  {sum(page['place'] in WAITING for page in desk.pages):>7,}")
    counts: dict[str, int] = {}
    for name in desk.views["ask"]:
        counts[desk.tasks[name].item] = counts.get(desk.tasks[name].item, 0) + 1
    return [*lines, *(f"  {item:<26} {count:>5,}" for item, count in counts.items())]


def serve(root: Path, decisions: Decisions, plan: Plan, on_ready: Callable[[str], None]) -> None:
    """Open the page and serve it until interrupted; `on_ready` hears its link, which opens once."""
    if plan.host not in LOOPBACK and len(plan.password) < PASSWORD_LETTERS:
        raise UsageError(
            f"a page others can reach needs a password of {PASSWORD_LETTERS} letters or more",
            hint="set the environment variable SURVEY_REVIEW_PASSWORD",
        )
    desk = survey_desk(root, plan)
    helper = Helper()
    helper.begin(warm_up, root)
    keys = Keys(kept_session(root / ".survey"), plan.password)
    counter = Counter(decisions, desk, plan.by, double=plan.double)
    office = Office(root, decisions, desk, counter, Pictures(root, helper, desk.shard_of), helper, keys)
    with _listen(plan.host, plan.port) as listening:
        port = listening.getsockname()[1]
        names = {plan.host, "127.0.0.1", "localhost"} if plan.host in LOOPBACK else {plan.host}
        page = make_page(office, frozenset(f"{_bracketed(name)}:{port}" for name in names))
        settings = uvicorn.Config(
            page, log_level="warning", access_log=False, server_header=False, proxy_headers=False,
            timeout_graceful_shutdown=2,
        )  # fmt: skip
        inside = f"number/{plan.number}" if plan.number else ""
        on_ready(
            f"http://{_bracketed(plan.host)}:{port}/enter/{keys.token}" + (f"?to={inside}" if inside else "")
        )
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(settings).run(sockets=[listening])


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _listen(host: str, port: int) -> socket.socket:
    """Listen at a port, or at the first free one from REVIEW_PORT."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for wanted in [port] if port else range(REVIEW_PORT, REVIEW_PORT + PORTS_TRIED):
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, wanted))
            listening.listen()  # who follows the link at once shall wait, not be refused
        except OSError as error:
            listening.close()
            if port:
                raise UsageError(
                    f"port {port} is taken: {error.strerror}", hint="name another --port"
                ) from error
            continue
        return listening
    raise UsageError(
        f"ports {REVIEW_PORT} to {REVIEW_PORT + PORTS_TRIED - 1} are taken", hint="name a free --port"
    )
