"""The HTTP server of a classroom: uvicorn, with its limits."""

from __future__ import annotations

import contextlib
import logging
import socket

import uvicorn

from .classroom import Classroom
from .connections import MOST, Crowd, protocol_for
from .server import application

_LARGEST_HEAD = 32 * 1024
_OTHER_FILES = 100  # that the process has open besides connections
# Few are accepted in one go, lest the last push out the first before these have asked; more may wait at the door.
_ACCEPTED_AT_ONCE, _AT_THE_DOOR = 32, 1_024


def server_for(room: Classroom, crowd: Crowd | None = None) -> uvicorn.Server:
    """A server that is ready to run. `crowd`: how many it lets in; None for as many as there can be."""
    if crowd is None:
        most = min(MOST, files_allowed(MOST + _OTHER_FILES) - _OTHER_FILES)
        crowd = Crowd(most, most // 2)
    config = uvicorn.Config(
        application(room),
        http=protocol_for(crowd),
        ws="none",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=_LARGEST_HEAD,
        backlog=_ACCEPTED_AT_ONCE,
        timeout_graceful_shutdown=1,
    )
    return _Server(config)


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        logging.getLogger("asyncio").addFilter(_is_no_goodbye)
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(_AT_THE_DOOR)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End. Requests that are cut short by it are no errors."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def _is_no_goodbye(record: logging.LogRecord) -> bool:
    """A client that goes away in the middle of a long answer is an ordinary thing."""
    return record.msg != "socket.send() raised exception."


def files_allowed(wanted: int) -> int:
    """How many files and connections this process may have open; on Unix, more are asked for if `wanted` are not
    allowed."""
    try:
        import resource
    except ImportError:  # Windows, which has no such limit
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    more = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
        return more
    return soft
