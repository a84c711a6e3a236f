"""Who is connected: how many at once, from where, and how long a request or a reader may take.

uvicorn does the talking, but has no deadline for the head of a request, nor for a client that does not read, nor a
limit for one address. Its own setting `http` takes a protocol; this is uvicorn's, with these three.

Nobody can shut others out by holding connections open: where there is no room for one more, that which has waited
longest without asking for anything gives way. So it goes even behind the one address of a school: whoever sends a
request is answered, since a connection at work gives way to none.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from .guard import origin_of

MOST = 1_000  # connections
MOST_FROM_ONE_ORIGIN = 500  # 35 students with six each are 210
SECONDS_FOR_REQUEST = 15.0  # from a connection's opening, or a request's first byte, to its last
SECONDS_TO_READ = 30.0  # in which a client must take LEAST_READ bytes of what waits for it
LEAST_READ = 16_384


class Crowd:
    """All connections, by where they come from. `most`: in all, `most_each`: from one origin."""

    def __init__(self, most: int = MOST, most_each: int = MOST_FROM_ONE_ORIGIN) -> None:
        self.most, self.most_each = most, min(most, most_each)
        self._by_origin: dict[str, dict[Connection, None]] = {}  # the first: it has waited longest
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def admit(self, newcomer: Connection) -> bool:
        """Let one more in, if need be in place of another; False where all others are at work."""
        there = len(self._by_origin.get(newcomer.origin, ()))
        if there >= self.most_each:
            crowded = [newcomer.origin]
        elif self._count >= self.most:
            crowded = sorted(self._by_origin, key=lambda origin: -len(self._by_origin[origin]))
        else:
            crowded = []
        if crowded:
            victim = next((one for origin in crowded for one in self._idle(origin)), None)
            if victim is None:
                return False
            self.leave(victim)
            victim.give_way()
        self._by_origin.setdefault(newcomer.origin, {})[newcomer] = None
        self._count += 1
        return True

    def has_asked(self, connection: Connection) -> None:
        """A request of this one has come whole: it waits anew from now on."""
        there = self._by_origin.get(connection.origin, {})
        if connection in there:
            del there[connection]
            there[connection] = None

    def leave(self, connection: Connection) -> None:
        """This one is closed; nothing happens if it has left before."""
        there = self._by_origin.get(connection.origin, {})
        if connection in there:
            del there[connection]
            self._count -= 1
            if not there:
                del self._by_origin[connection.origin]

    def _idle(self, origin: str) -> Iterator[Connection]:
        """Those that may give way, first the one that has waited longest."""
        return (one for one in self._by_origin[origin] if one.is_idle)


class Connection(H11Protocol):
    """One connection. `crowd` is that of its server."""

    crowd: ClassVar[Crowd]
    origin = ""
    _request_due: asyncio.TimerHandle | None = None
    _reading_due: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        """Whether no request has come whole that is not answered yet."""
        return self.conn.their_state not in (h11.DONE, h11.MUST_CLOSE)

    def connection_made(self, transport: Any) -> None:
        """It opens: there is room, or it is told that there is none."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # so that we hear of each byte that is not read
        self.origin = origin_of(self.client[0] if self.client else "")
        if self.crowd.admit(self):
            self._expect_request()
        else:
            self._close_with(503, "too many are asking at once", "wait a moment, and try again")

    def data_received(self, data: bytes) -> None:
        """More of a request has come."""
        try:
            super().data_received(data)
        except h11.LocalProtocolError:  # nonsense behind a request that has been answered already
            self.give_way()
        if self.is_idle:
            self._expect_request()
        else:
            self._stop_expecting_request()
            self.crowd.has_asked(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed."""
        self._stop_expecting_request()
        self._stop_expecting_reader()
        self.crowd.leave(self)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client does not read as fast as we write."""
        super().pause_writing()
        self._expect_reader()

    def resume_writing(self) -> None:
        """The client has read all there was."""
        self._stop_expecting_reader()
        super().resume_writing()

    def give_way(self) -> None:
        """Close at once."""
        self.transport.abort()

    def _expect_request(self) -> None:
        if self._request_due is None:
            self._request_due = self.loop.call_later(SECONDS_FOR_REQUEST, self._request_is_late)

    def _stop_expecting_request(self) -> None:
        if self._request_due is not None:
            self._request_due.cancel()
            self._request_due = None

    def _request_is_late(self) -> None:
        self._request_due = None
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._close_with(408, "the request did not come in time", "try again")
        else:
            self.transport.close()

    def _expect_reader(self) -> None:
        waits = self.transport.get_write_buffer_size()
        self._reading_due = self.loop.call_later(SECONDS_TO_READ, self._reader_is_late, waits)

    def _stop_expecting_reader(self) -> None:
        if self._reading_due is not None:
            self._reading_due.cancel()
            self._reading_due = None

    def _reader_is_late(self, waited: int) -> None:
        if waited - self.transport.get_write_buffer_size() < LEAST_READ:
            self.give_way()
        else:
            self._expect_reader()

    def _close_with(self, status: int, error: str, hint: str) -> None:
        """Refuse, past the application, which has not been asked, and close."""
        body = json.dumps({"error": error, "hint": hint}).encode()
        head = f"HTTP/1.1 {status} \r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self.transport.write(f"{head}Retry-After: 1\r\nConnection: close\r\n\r\n".encode() + body)
        self.transport.close()


def protocol_for(crowd: Crowd) -> type[Connection]:
    """What uvicorn makes a connection with, for a server of its own."""
    return type("Connection", (Connection,), {"crowd": crowd})
