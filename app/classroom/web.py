"""Endpoints of the server: how they are called, how what goes wrong is told, and the page's files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from ...scenarios import ScenarioError
from ...scenarios.languages import ENGLISH, LANGUAGES, speaking
from ...scenarios.languages.kinds import AUTO
from .bundle import PAGE
from .guard import error_response, origin_of, with_token
from .requests import RequestError, client_gone

if TYPE_CHECKING:
    from starlette.requests import Request

    from .classroom import Classroom

T = TypeVar("T")
Endpoint = Callable[["Request", "Classroom"], Awaitable[Response]]
ROUTES: list[Route] = []  # of all addresses, as declared
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


def answers(path: str, method: str = "GET") -> Callable[[Endpoint], Endpoint]:
    """Declare what answers at an address, in the language of who asks; its refusals become answers too."""

    def declare(endpoint: Endpoint) -> Endpoint:
        async def answer(request: Request) -> Response:
            room: Classroom = request.app.state.room
            try:
                with speaking(language_of(request, room.language)):
                    return await endpoint(request, room)
            except RequestError as refused:
                return error_response(refused.message, refused.hint, refused.status, refused.retry_after)
            except ScenarioError as error:  # a file was edited, and has a mistake now
                return error_response(str(error))

        ROUTES.append(Route(path, answer, methods=[method]))
        return endpoint

    return declare


def language_of(request: Request, asked: str) -> str:
    """The code of the language in which a request is answered; where "auto" was asked for, that which the browser
    would like best, as far as there is one."""
    if asked != AUTO:
        return asked
    wanted = request.headers.get("accept-language", "")[:200].split(",")[0].strip()[:2].lower()
    return wanted if wanted in LANGUAGES else ENGLISH.code


async def plainly(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {404: "there is nothing here", 405: "this is not done that way"}
    return error_response(words.get(error.status_code, error.detail), status=error.status_code)


async def bug(request: Request, error: Exception) -> Response:
    return error_response(
        "something went wrong in the server, which goes on", "please report what you did", 500
    )


async def unless_gone(request: Request, work: Awaitable[T]) -> T:
    """What comes of the work, which is given up if the client goes away first. Errors: RequestError, which nobody
    reads, if it does."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise client_gone()
        return working.result()
    finally:
        leaving.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait({working})


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def origin_of_request(request: Request) -> str:
    """What counts as one address."""
    return origin_of(request.client.host if request.client else "")


def who(request: Request) -> str:
    """Who asks: a visitor by cookie, or else an address."""
    return request.scope.get("visitor") or f"at {origin_of_request(request)}"


@cache
def shipped() -> dict[str, Path]:
    """The page's files by name."""
    return {each.name: each for each in sorted(PAGE.glob("*")) if each.suffix in _TYPES}


def page_file(name: str) -> Response:
    """One of them as an answer; 404 for any other name."""
    path = shipped().get(name)
    if path is None:
        return Response("There is no such page.", 404, media_type="text/plain")
    headers = {"Cache-Control": "no-cache"}
    return Response(path.read_bytes(), headers=headers, media_type=_TYPES[path.suffix])


def page_in_language(room: Classroom, name: str) -> Response:
    """A page that is told in which language it is to speak."""
    response = page_file(name)
    told = b'<html lang="en" data-language="%s">' % room.language.encode()
    response.body = bytes(response.body).replace(b'<html lang="en">', told)
    response.headers["Content-Length"] = str(len(response.body))
    return response


def page_with_token(request: Request, name: str) -> Response:
    """A page in the language that was asked for; whoever has no token yet is given one."""
    response = page_in_language(request.app.state.room, name)
    if request.scope.get("visitor"):
        return response
    return with_token(response, request.app.state.room.visitors.enter(origin_of_request(request)))
