"""The server of `explore`: the page, runs, lives. Made with Starlette; safe to open to a class (see guard.py)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ...scenarios import ScenarioError
from .asked import Refused, json_body, run_asked
from .class_routes import class_routes, door_routes
from .guard import Guard, with_token
from .page_files import page_file
from .pool import Reply
from .runs import refusal
from .sliders import scenario_shown, scenarios_shown
from .stream import KIND, streamed
from .web import answering, bug, plainly, who
from .worker import last_edit

if TYPE_CHECKING:
    from starlette.requests import Request

    from .room import Classroom


def application(room: Classroom) -> Starlette:
    """The web application of a classroom; its processes live as long as it does."""
    routes = [
        Route("/", _page("index.html")),
        Route("/page/{name}", _static),
        Route("/favicon.ico", _no_icon),
        Route("/api/scenarios", answering(_scenarios)),
        Route("/api/scenario/{name}", answering(_scenario)),
        Route("/api/run", answering(_run), methods=["POST"]),
        Route("/api/places/{id}", answering(_places)),
        Route("/api/lives/{world}", answering(_lives)),
        Route("/api/life/{world}/{migrant}", answering(_life)),
        Route("/api/csv/{world}", answering(_csv)),
        Route("/api/scenario-file", answering(_scenario_file), methods=["POST"]),
        *door_routes(),
        *class_routes(),
    ]

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await room.pool.start()
        try:
            yield
        finally:
            await room.pool.stop()

    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(Guard, visitors=room.visitors, hosts=room.hosts)],
        exception_handlers={HTTPException: plainly, Exception: bug},
    )
    app.state.room = room
    return app


def _page(name: str) -> Callable[[Request], Awaitable[Response]]:
    """A page; whoever has no token yet is given one."""

    async def page(request: Request) -> Response:
        response = page_file(name)
        if request.scope.get("visitor"):
            return response
        return with_token(response, request.app.state.room.visitors.enter())

    return page


async def _static(request: Request) -> Response:
    return page_file(request.path_params["name"])


async def _no_icon(request: Request) -> Response:
    """Browsers ask for one, and would call its want an error."""
    return Response(status_code=204)


async def _scenarios(request: Request, room: Classroom) -> Response:
    return JSONResponse(
        await asyncio.to_thread(scenarios_shown, room.scenarios, room.first, str(room.first_seed))
    )


async def _scenario(request: Request, room: Classroom) -> Response:
    name = request.path_params["name"]
    if name not in room.scenarios:
        raise Refused("there is no such scenario", status=404)
    reference = room.scenarios[name]
    try:
        shown = await asyncio.to_thread(scenario_shown, name, reference, last_edit(reference))
    except ScenarioError as error:  # the file was edited, and has a mistake now
        raise Refused(str(error)) from None
    return JSONResponse(shown)


async def _run(request: Request, room: Classroom) -> Response:
    asked = run_asked(await json_body(request), room.scenarios)
    frames = room.runs.frames(asked, who(request))
    try:
        first = await _unless_gone(request, anext(frames))
    except BaseException:
        await frames.aclose()
        raise
    if first[0] not in KIND:
        await frames.aclose()
        raise refusal(first)
    return streamed(request, first, frames)


async def _unless_gone(request: Request, reply: Any) -> Reply:
    """The reply, unless the client goes away first. Errors: Refused, which nobody reads, if it does."""
    waiting = asyncio.ensure_future(reply)
    leaving = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({waiting, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            raise Refused("the client has gone away", status=499)
        return waiting.result()
    finally:
        leaving.cancel()
        if not waiting.done():
            waiting.cancel()
            await asyncio.wait({waiting})


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _places(request: Request, room: Classroom) -> Response:
    return Response(
        room.runs.places(request.path_params["id"]),
        media_type="application/json",
        headers={"Cache-Control": "private, max-age=86400"},
    )


async def _lives(request: Request, room: Classroom) -> Response:
    return JSONResponse(await room.runs.lives(request.path_params["world"], who(request)))


async def _life(request: Request, room: Classroom) -> Response:
    migrant = request.path_params["migrant"]
    if not migrant.isdecimal() or not migrant.isascii() or len(migrant) > 20:
        raise Refused("this is no migrant's number", status=404)
    against = request.query_params.get("against")
    return JSONResponse(
        await room.runs.life(request.path_params["world"], int(migrant), against, who(request))
    )


async def _csv(request: Request, room: Classroom) -> Response:
    data = await room.runs.csv(request.path_params["world"], who(request))
    name = "".join(c for c in request.path_params["world"] if c.isalnum() or c == "-")[:60]
    return Response(
        data,
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="local-citizenship-{name}.csv"'},
    )


async def _scenario_file(request: Request, room: Classroom) -> Response:
    from .scenario_file import scenario_file

    asked = run_asked(await json_body(request), room.scenarios)
    try:
        text = await asyncio.to_thread(scenario_file, room.scenarios[asked.scenario], asked)
    except ScenarioError as error:
        raise Refused(error.message, error.hint or "") from None
    return Response(text, media_type="text/yaml; charset=utf-8")
