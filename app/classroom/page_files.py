"""The files of the page: those that ship, by name, and no others."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from starlette.responses import Response

from .page_folder import PAGE

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


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
