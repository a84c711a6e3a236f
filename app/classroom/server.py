"""The server of `explore`: the page, runs, lives. Made with Starlette; safe to open to a class (see guard.py)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response, StreamingResponse

from ...scenarios import ScenarioError
from ...scenarios.languages import LANGUAGES
from . import class_routes, class_teacher_routes  # noqa: F401  (which declare what they answer)
from .class_state import load_ahead
from .guard import Guard, is_loopback
from .pool import Reply
from .requests import RequestError, json_body, run_request
from .runs import request_error
from .sliders import scenario_file, scenario_shown, scenarios_shown
from .web import ROUTES, answers, bug, page_file, page_with_token, plainly, unless_gone, who
from .words import page_words
from .worker import last_edit

if TYPE_CHECKING:
    from starlette.requests import Request

    from .classroom import Classroom

KIND = {"starting": b"P", "compiling": b"P", "progress": b"P", "world": b"W", "error": b"E"}
EARLY = frozenset({"starting", "compiling"})
TELL_THE_START = (
    "x-tell-the-start"  # a header of who wants to hear these, and takes a refusal after them as a frame
)
_LEVEL = 1  # of packing: a world of Japan shrinks to a third in the time it takes to send a tenth of it
_GZIP = 16 + zlib.MAX_WBITS


def application(room: Classroom) -> Starlette:
    """The web application of a classroom; its processes live as long as it does."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await room.pool.start()
        if room.of_class is not None:
            await asyncio.to_thread(load_ahead)
        try:
            yield
        finally:
            await room.pool.stop()

    app = Starlette(
        routes=ROUTES,
        lifespan=lifespan,
        middleware=[Middleware(Guard, visitors=room.visitors, hosts=room.hosts)],
        exception_handlers={HTTPException: plainly, Exception: bug},
    )
    app.state.room = room
    return app


@answers("/")
async def _page(request: Request, room: Classroom) -> Response:
    return page_with_token(request, "index.html")


@answers("/words/{code}")
async def _words(request: Request, room: Classroom) -> Response:
    code = request.path_params["code"]
    if code not in LANGUAGES:
        raise RequestError("there is no such language", status=404)
    return JSONResponse(page_words(code))


@answers("/page/{name}")
async def _static(request: Request, room: Classroom) -> Response:
    return page_file(request.path_params["name"])


@answers("/favicon.ico")
async def _no_icon(request: Request, room: Classroom) -> Response:
    """Browsers ask for one, and would call its want an error."""
    return Response(status_code=204)


@answers("/api/scenarios")
async def _scenarios(request: Request, room: Classroom) -> Response:
    shown = asyncio.to_thread(scenarios_shown, room.scenarios, room.first, str(room.first_seed))
    return JSONResponse(await shown)


@answers("/api/scenario/{name}")
async def _scenario(request: Request, room: Classroom) -> Response:
    name = request.path_params["name"]
    if name not in room.scenarios:
        raise RequestError("there is no such scenario", status=404)
    reference = room.scenarios[name]
    return JSONResponse(await asyncio.to_thread(scenario_shown, name, reference, last_edit(reference)))


@answers("/api/run", "POST")
async def _run(request: Request, room: Classroom) -> Response:
    asked = run_request(await json_body(request), room.scenarios)
    frames = room.runs.frames(asked, who(request))
    if TELL_THE_START not in request.headers:
        frames = _without_early(frames)
    try:
        first = await unless_gone(request, anext(frames))
    except BaseException:
        await frames.aclose()
        raise
    if first[0] not in KIND:
        await frames.aclose()
        raise request_error(first)
    return streamed(request, first, frames)


@answers("/api/places/{id}")
async def _places(request: Request, room: Classroom) -> Response:
    headers = {"Cache-Control": "private, max-age=86400"}
    places = room.runs.places(request.path_params["id"])
    return Response(places, media_type="application/json", headers=headers)


@answers("/api/lives/{world}")
async def _lives(request: Request, room: Classroom) -> Response:
    lives = room.runs.lives(request.path_params["world"], who(request))
    return JSONResponse(await unless_gone(request, lives))


@answers("/api/life/{world}/{migrant}")
async def _life(request: Request, room: Classroom) -> Response:
    migrant = request.path_params["migrant"]
    if not migrant.isdecimal() or not migrant.isascii() or len(migrant) > 20:
        raise RequestError("this is no migrant's number", status=404)
    world, against = request.path_params["world"], request.query_params.get("against")
    life = room.runs.life(world, int(migrant), against, who(request))
    return JSONResponse(await unless_gone(request, life))


@answers("/api/csv/{world}")
async def _csv(request: Request, room: Classroom) -> Response:
    data = await unless_gone(request, room.runs.csv(request.path_params["world"], who(request)))
    name = "".join(c for c in request.path_params["world"] if c.isalnum() or c == "-")[:60]
    headers = {"Content-Disposition": f'attachment; filename="local-citizenship-{name}.csv"'}
    return Response(data, media_type="text/csv", headers=headers)


@answers("/api/scenario-file", "POST")
async def _scenario_file(request: Request, room: Classroom) -> Response:
    asked = run_request(await json_body(request), room.scenarios)
    try:
        text = await asyncio.to_thread(scenario_file, room.scenarios[asked.scenario], asked)
    except ScenarioError as error:
        raise RequestError(error.message, error.hint or "") from None
    return Response(text, media_type="text/yaml; charset=utf-8")


def streamed(request: Request, first: Reply, rest: AsyncGenerator[Reply, None]) -> StreamingResponse:
    """The replies of a run, the `first` of which has come, as frames. When the client goes away, the run is
    stopped."""
    frames, headers = _frames(first, rest), {}
    remote = request.client is None or not is_loopback(request.client.host)
    if remote and "gzip" in request.headers.get("accept-encoding", ""):
        frames, headers = _packed(frames), {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return StreamingResponse(frames, headers=headers, media_type="application/octet-stream")


async def _packed(frames: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The frames as gzip, each of which can be read when it comes."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    async with contextlib.aclosing(frames):  # type: ignore[type-var]
        async for frame_ in frames:
            packed = await asyncio.to_thread(packer.compress, frame_)
            yield packed + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()


async def _without_early(replies: AsyncGenerator[Reply, None]) -> AsyncGenerator[Reply, None]:
    """The replies without those that tell of no month: a rule may be compiled in the middle of a run, too."""
    async with contextlib.aclosing(replies):
        async for reply in replies:
            if reply[0] not in EARLY:
                yield reply


async def _frames(first: Reply, frames: AsyncGenerator[Reply, None]) -> AsyncIterator[bytes]:
    """The frames of a run as bytes. Left before the end (the client has gone), it stops the run."""
    async with contextlib.aclosing(frames):
        yield frame(first)
        if first[0] == "world":
            return
        async for reply in frames:
            yield frame(reply)


def frame(reply: Reply) -> bytes:
    """A reply as a frame of the stream: a byte for its kind, its length, its content."""
    if reply[0] in ("starting", "compiling", "progress"):
        told = dict(zip(("done", "total", "date"), reply[1:], strict=False))
        content = json.dumps({"step": reply[0], **told}).encode()
    elif reply[0] == "world":
        content = reply[1]
    else:
        refused = request_error(reply)
        content = json.dumps({"error": refused.message, "hint": refused.hint}).encode()
    kind = KIND.get(reply[0], KIND["error"])
    return kind + len(content).to_bytes(4, "little") + content
