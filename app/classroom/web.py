"""Endpoints of the server: how they are called, and how what goes wrong is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from .asked import Refused
from .guard import told

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from .room import Classroom

Endpoint = Callable[["Request", "Classroom"], Awaitable["Response"]]


def answering(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint whose refusals become answers."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request, request.app.state.room)
        except Refused as refused:
            return told(refused.message, refused.hint, refused.status, refused.retry_after)

    return answer


async def plainly(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {404: "there is nothing here", 405: "this is not done that way"}
    return told(words.get(error.status_code, error.detail), status=error.status_code)


async def bug(request: Request, error: Exception) -> Response:
    return told("something went wrong in the server, which goes on", "please report what you did", 500)


def who(request: Request) -> str:
    """Who asks: a visitor by cookie, or else an address."""
    return request.scope.get("visitor") or f"at {request.client.host if request.client else 'unknown'}"
