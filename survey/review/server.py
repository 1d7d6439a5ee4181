"""The desk -> a web page on this computer: routes, each a few lines."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qs, quote

from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from survey.errors import UsageError
from survey.review.counter import Counter
from survey.review.desk import WAITING, Desk
from survey.review.errands import find_behind
from survey.review.pictures import Helper, Pictures
from survey.review.safety import SESSION_HOURS, Gate, Keys
from survey.store import Decisions

BATCH = 100  # replies taken in at once
THREADS = 4  # requests worked on at once: one browser asks for few, and each thread takes memory of its own
STATIC = {
    "app.js": "text/javascript", "ask.js": "text/javascript", "card.js": "text/javascript",
    "claims.js": "text/javascript",
    "grids.js": "text/javascript",
    "outbox.js": "text/javascript", "pages.js": "text/javascript", "paper.js": "text/javascript",
    "reading.js": "text/javascript",
    "style.css": "text/css",
}  # fmt: skip
"""The only files a request can name."""


@dataclass
class Office:
    """Everything the routes share."""

    root: Path
    decisions: Decisions
    desk: Desk
    counter: Counter
    pictures: Pictures
    helper: Helper
    keys: Keys


def make_page(office: Office, hosts: frozenset[str]) -> Gate:
    """Build the web application behind its gate; `hosts` are the names (host:port) it answers to."""

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        with office.decisions.opened():
            yield
        office.helper.close()

    routes = [
        Route("/", _page),
        Route("/favicon.ico", _nothing),
        Route("/enter/{token}", _enter),
        Route("/login", _login, methods=["GET", "POST"]),
        Route("/open/{key:path}", _open),
        Route("/number/{key:path}", _page),
        Route("/static/{name}", _static),
        Route("/api/texts/{language}", _texts),
        Route("/api/queue/{view}", _queue),
        Route("/api/number/{key:path}", _number),
        Route("/api/pages", _pages),
        Route("/api/overview", _overview),
        Route("/api/replies", _replies, methods=["POST"]),
        Route("/api/claims", _claims, methods=["POST"]),
        Route("/picture/strip/{task}", _strip),
        Route("/picture/crop/{task}/{place:int}", _crop),
        Route("/picture/page/{task}", _whole_page),
        Route("/picture/scan/{page}/{turn:int}", _scan),
        Route("/picture/blank/{questionnaire}/{page:int}", _blank),
    ]
    page = Starlette(routes=routes, lifespan=life)
    page.state.office = office
    return Gate(page, office.keys, hosts)


def _office(request: Request) -> Office:
    office: Office = request.app.state.office
    return office


def static_file(name: str) -> bytes:
    """Return one of the page's own files."""
    return (files("survey.review") / "static" / name).read_bytes()


async def _page(_: Request) -> Response:
    return HTMLResponse(static_file("index.html"))


async def _nothing(_: Request) -> Response:
    return Response(status_code=204)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        return PlainTextResponse("there is no such file", 404)
    return Response(static_file(name), media_type=STATIC[name])


async def _enter(request: Request) -> Response:
    office = _office(request)
    if not office.keys.enter(request.path_params["token"]):
        return PlainTextResponse("this link was used or is wrong: start survey review again", 403)
    wanted = request.query_params.get("to", "")
    return _let_in(office, f"/{quote(wanted, safe='/=@')}" if wanted.startswith("number/") else "/")


def _let_in(office: Office, target: str = "/") -> Response:
    response = RedirectResponse(target, 303)
    response.set_cookie(
        office.keys.cookie,
        office.keys.session,
        max_age=SESSION_HOURS * 3600,
        httponly=True,
        samesite="strict",
    )
    return response


async def _login(request: Request) -> Response:
    office = _office(request)
    if not office.keys.password:
        return PlainTextResponse("open the link that survey review printed", 404)
    if request.method == "POST":
        try:
            body = (await request.body()).decode("utf-8", "replace")
        except ClientDisconnect:
            return PlainTextResponse("that is too large", 413)
        if office.keys.enter_by_password(parse_qs(body).get("password", [""])[0]):
            return _let_in(office)
        return HTMLResponse(static_file("login.html"), 403)
    return HTMLResponse(static_file("login.html"))


async def _open(request: Request) -> Response:
    """Lead a link from a report on: only a page of this server's own makes the browser send the strict cookie."""
    target = f"/number/{quote(request.path_params['key'], safe='=@')}"
    head = f'<meta charset="utf-8"><meta http-equiv="refresh" content="0; url={escape(target)}">'
    return HTMLResponse(
        f'<!doctype html><html lang="de"><head>{head}<title>survey review</title></head>'
        f'<body><p><a href="{escape(target)}">{escape(request.path_params["key"])}</a></p></body></html>'
    )


async def _texts(request: Request) -> Response:
    language = request.path_params["language"]
    known = _office(request).desk.texts
    return JSONResponse(known.get(language, known["de"]))


async def _queue(request: Request) -> Response:
    office, view = _office(request), request.path_params["view"]
    names = await run_in_threadpool(office.counter.open_tasks, view)
    themes = await run_in_threadpool(office.counter.themes) if view == "read" else {}
    return _tasks_as_json(office, names, themes=themes)


def _tasks_as_json(office: Office, names: list[str], **more: object) -> Response:
    tasks = ",".join(office.desk.shown[name] for name in names)
    rest = json.dumps(
        {"by": office.counter.by, "double": office.counter.double,
         "whole_page": office.desk.overview["whole_page"], **more},
        ensure_ascii=False,
    )  # fmt: skip
    return Response(f'{{"tasks":[{tasks}],{rest[1:]}', media_type="application/json")


async def _number(request: Request) -> Response:
    office, key = _office(request), request.path_params["key"]
    try:
        tasks, told = await run_in_threadpool(office.helper.run, find_behind, office.root, key)
    except UsageError as error:
        return JSONResponse({"error": str(error), "hint": error.hint}, 404)
    for task in tasks:
        office.desk.tasks.setdefault(task.name, task)
    return JSONResponse({**told, "whole_page": office.desk.overview["whole_page"]})


async def _pages(request: Request) -> Response:
    office = _office(request)
    shown = await run_in_threadpool(office.counter.pages)
    return JSONResponse({"pages": shown, "questionnaires": office.desk.overview["questionnaires"]})


async def _overview(request: Request) -> Response:
    office = _office(request)
    left = {view: await run_in_threadpool(office.counter.open_tasks, view) for view in office.desk.views}
    pages = sum(_waits(page) for page in await run_in_threadpool(office.counter.pages))
    doubts: dict[tuple[str, str, str], int] = {}
    for name in left["ask"]:
        task = office.desk.tasks[name]
        key = task.questionnaire, task.item, task.kind
        doubts[key] = doubts.get(key, 0) + 1
    return JSONResponse(
        {
            **office.desk.overview,
            "left": {view: len(names) for view, names in left.items()} | {"pages": pages},
            "doubts": [[*key, count] for key, count in doubts.items()],
            "by": office.counter.by,
            "double": office.counter.double,
        }
    )


def _waits(page: dict[str, object]) -> bool:
    """Whether nobody has said yet what shall become of a page that has to be looked at."""
    return page["place"] in WAITING and not any(page[name] for name in ("turn", "placed", "fate", "again"))


async def _body(request: Request) -> object:
    """Read a JSON body; ValueError for anything else."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise ValueError("JSON is wanted")
    return json.loads(await request.body())


async def _replies(request: Request) -> Response:
    try:
        said = await _body(request)
    except (ValueError, ClientDisconnect, RecursionError):
        return PlainTextResponse("that is no list of replies", 400)
    if not isinstance(said, list) or len(said) > BATCH:
        return PlainTextResponse(f"at most {BATCH} replies at once", 400)
    kept, refused = await run_in_threadpool(_office(request).counter.take, said)
    return JSONResponse({"kept": kept, "refused": refused})


async def _claims(request: Request) -> Response:
    try:
        said = await _body(request)
    except (ValueError, ClientDisconnect, RecursionError):
        return PlainTextResponse("that is no list of items", 400)
    if not isinstance(said, list) or len(said) > BATCH or not all(isinstance(one, str) for one in said):
        return PlainTextResponse("that is no list of items", 400)
    return JSONResponse({"held": await run_in_threadpool(_office(request).counter.claim, said)})


def _picture(data: bytes, kind: str = "image/jpeg") -> Response:
    return Response(data, media_type=kind) if data else PlainTextResponse("there is no picture", 404)


async def _strip(request: Request) -> Response:
    office = _office(request)
    task = office.desk.tasks.get(request.path_params["task"])
    if task is None:
        return _picture(b"")
    return _picture(await run_in_threadpool(office.pictures.strip, task.page_digest, task.strip))


async def _crop(request: Request) -> Response:
    office, name, place = _office(request), request.path_params["task"], request.path_params["place"]
    places = office.desk.crops.get(name, [])
    if place >= len(places):
        return _picture(b"")
    page_digest = office.desk.tasks[name].page_digest
    return _picture(await run_in_threadpool(office.pictures.crop, page_digest, places[place]), "image/png")


async def _whole_page(request: Request) -> Response:
    """Show the page of a task unmasked, where the project allows it."""
    office = _office(request)
    task = office.desk.tasks.get(request.path_params["task"])
    if task is None or not office.desk.overview["whole_page"]:
        return PlainTextResponse("this project masks the rest of the page", 403)
    return _picture(await run_in_threadpool(office.pictures.on_demand, task.page_digest, "", 0))


async def _scan(request: Request) -> Response:
    """Show a page that was not simply read: without it, nobody can say what it is."""
    office = _office(request)
    page_digest = office.desk.page_digests.get(request.path_params["page"], "")
    if not page_digest:
        return _picture(b"")
    turn = request.path_params["turn"] % 4
    return _picture(await run_in_threadpool(office.pictures.on_demand, page_digest, "", turn))


async def _blank(request: Request) -> Response:
    office = _office(request)
    name, page = request.path_params["questionnaire"], request.path_params["page"]
    return _picture(office.desk.blanks.get((name, page), b""))
