"""Connections: clients that go away, send half of something, do not read or are too many harm nobody else."""

from __future__ import annotations

import contextlib
import logging
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import httpx
import pytest
from classroom import listening, room

from local_citizenship.app.classroom import connections, serving
from local_citizenship.app.classroom.connections import Connection, Crowd
from local_citizenship.app.classroom.serving import files_allowed
from local_citizenship.app.classroom.visitors import TRIES_A_MINUTE, Visitors

CODE = "K7QX2M"
OWN = b"Host: 127.0.0.1\r\nContent-Type: application/json\r\n"
PATIENCE = 300  # seconds: the machine may be busy
ASK_RUN = b'{"scenario": "two-towns", "months": 240}'


def head(method: str, path: str, *more: str) -> bytes:
    """A request without its body."""
    return (
        f"{method} {path} HTTP/1.1\r\n".encode() + OWN + "".join(f"{m}\r\n" for m in more).encode() + b"\r\n"
    )


BEGINNINGS = {
    "nothing": b"",
    "half a head": b"GET /join HT",
    "half a body": head("POST", "/api/join", "Content-Length: 50") + b"{",
    "a body that waits to be called": head("POST", "/api/join", "Expect: 100-continue", "Content-Length: 50"),
    "a broken chunk": head("POST", "/api/join", "Transfer-Encoding: chunked") + b"ZZZ\r\n",
    "half a body that is refused": head("POST", "/nowhere", "Transfer-Encoding: chunked") + b"1\r\n{\r\n",
    "a body where none belongs": head("GET", "/join", "Content-Length: 500") + b"abc",
    "nonsense behind a request": head("GET", "/join") + b"\x00\x01nonsense\r\n\r\n",
    "a run": head("POST", "/api/run", f"Content-Length: {len(ASK_RUN)}") + ASK_RUN,
    "a question to the class": head("GET", "/api/class/measures"),
    "a web socket": head("GET", "/", "Connection: upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: x"),
    "a proxy's request": b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n",
    "an old browser": b"GET /join HTTP/1.0\r\n\r\n",
    "secrets of TLS": b"\x16\x03\x01\x02\x00" * 50 + b"\r\n\r\n",
}


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Crowd]]:
    """A class's server that lets few in, and its crowd."""
    crowd = Crowd(30, 20)
    with listening(room(class_mode=True, workers=1), crowd) as address:
        yield address, crowd


def connected(address: str, source: str = "127.0.0.1", reads: int | None = None) -> socket.socket:
    """A connection from this address of this machine; `reads`: bytes that it takes without being read."""
    host, port = address.removeprefix("http://").split(":")
    line = socket.socket()
    if reads is not None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, reads)
    line.settimeout(PATIENCE)
    line.bind((source, 0))
    line.connect((host, int(port)))
    return line


def until(true: Callable[[], bool]) -> None:
    """Wait for it."""
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends, "it did not come about"
        time.sleep(0.02)


def answer(line: socket.socket) -> bytes:
    """All that comes, until it is closed."""
    parts = []
    with contextlib.suppress(ConnectionError):
        while part := line.recv(65_536):
            parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_a_client_may_go_away_at_any_moment(
    served: tuple[str, Crowd], caplog: pytest.LogCaptureFixture, beginning: str
) -> None:
    address, crowd = served
    with caplog.at_level(logging.ERROR):
        for reset in (False, True):
            for more in (b"", b"ZZ\r\n\r\n\x00"):
                line = connected(address)
                line.sendall(BEGINNINGS[beginning])
                time.sleep(0.05)
                with contextlib.suppress(ConnectionError):
                    line.sendall(more)
                if reset:
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                line.close()
        with httpx.Client(base_url=address, timeout=PATIENCE) as browser:
            assert browser.get("/api/scenarios").status_code == 200
        until(lambda: len(crowd) == 0)
    assert caplog.records == []


def test_requests_that_the_end_of_the_server_cuts_short_are_no_errors(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with listening(room(workers=1)) as address, connected(address) as line:
        line.sendall(BEGINNINGS["half a body"])
        httpx.get(f"{address}/join", timeout=PATIENCE)  # by then, the other has been begun
    assert caplog.records == []


@pytest.mark.parametrize(
    "data",
    [
        BEGINNINGS["secrets of TLS"],
        b"GET / HTTP/1.1\r\nHost: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n" + OWN + b"\r\n",
        head("GET", "/", *(f"X-{number}: {'x' * 100}" for number in range(5_000))),
        BEGINNINGS["a broken chunk"],
    ],
)
def test_what_is_no_http_or_too_large_is_refused(served: tuple[str, Crowd], data: bytes) -> None:
    with connected(served[0]) as line, contextlib.suppress(ConnectionError):
        line.sendall(data)
        assert line.recv(100).startswith(b"HTTP/1.1 4")


@pytest.mark.parametrize("source", ["127.0.0.1", "127.0.0.2"])
def test_half_open_connections_shut_nobody_out(
    served: tuple[str, Crowd], source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three times as many as there is room for, and students behind the same address or another are answered."""
    if source != "127.0.0.1" and sys.platform != "linux":
        pytest.skip("only on Linux does a machine have a second address of its own")
    monkeypatch.setattr(connections, "SECONDS_FOR_REQUEST", 10 * PATIENCE)  # they go for others, not in time
    address, crowd = served
    with contextlib.ExitStack() as opened:
        for number in range(3 * crowd.most_each):
            line = opened.enter_context(connected(address))
            with contextlib.suppress(ConnectionError):
                line.sendall([b"GET /join HT", BEGINNINGS["half a body"]][number % 2])
        transport = httpx.HTTPTransport(local_address=source)
        for _ in range(20):
            with httpx.Client(base_url=address, transport=transport, timeout=PATIENCE) as browser:
                assert browser.get("/api/scenarios").status_code == 200
        assert len(crowd) <= crowd.most_each + 1
    until(lambda: len(crowd) == 0)


def test_a_request_has_a_deadline(served: tuple[str, Crowd], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SECONDS_FOR_REQUEST", 0.3)
    address, crowd = served
    said = b""
    for _ in range(100):  # on a busy machine we may be too late ourselves to begin one
        with connected(address) as line, contextlib.suppress(ConnectionError):
            line.sendall(b"GET /join HT")
            said = answer(line)
        if said:
            break
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b"the request did not come in time" in said
    with connected(address) as silent:
        assert answer(silent) == b""
    with connected(address) as dripping:  # a body that nobody waits for: the answer has been given
        dripping.sendall(BEGINNINGS["half a body that is refused"])
        with contextlib.suppress(ConnectionError):
            for _ in range(50 * PATIENCE):
                time.sleep(0.02)
                dripping.sendall(b"1\r\n{\r\n")
            raise AssertionError("it may drip for ever")
    until(lambda: len(crowd) == 0)


def test_a_body_that_does_not_come_is_told_so(
    served: tuple[str, Crowd], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local_citizenship.app.classroom.requests.SECONDS_FOR_BODY", 0.1)
    with connected(served[0]) as line:
        line.sendall(BEGINNINGS["half a body"])
        said = b""
        while b"the body did not come in time" not in said:
            part = line.recv(2_000)
            assert part, said
            said += part
    assert said.startswith(b"HTTP/1.1 408 ")


def test_a_client_that_does_not_read_is_left(
    served: tuple[str, Crowd], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "SECONDS_TO_READ", 0.3)
    address, crowd = served
    with connected(address, reads=4_096) as line:
        line.settimeout(1)
        with contextlib.suppress(TimeoutError, ConnectionError):
            for _ in range(2_000):  # until nothing more is taken
                line.sendall(head("GET", "/page/style.css"))
        until(lambda: len(crowd) == 0)


def test_a_client_that_reads_slowly_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock of our own: on a busy machine nobody reads for a while."""
    monkeypatch.setattr(connections, "LEAST_READ", 100)
    line, waits, due, gone = object.__new__(Connection), [5_000], list[Callable[[], None]](), list[bool]()
    line.transport = SimpleNamespace(get_write_buffer_size=lambda: waits[0], abort=lambda: gone.append(True))
    line.loop = SimpleNamespace(
        call_later=lambda _, call, *given: due.append(lambda: call(*given)) or SimpleNamespace()
    )
    line._expect_reader()
    for read in (100, 2_000, 100, 99):
        assert not gone
        waits[0] -= read
        due.pop()()
    assert gone == [True]
    assert due == []


def test_all_that_is_asked_for_comes_to_who_reads_slowly(served: tuple[str, Crowd]) -> None:
    with connected(served[0], reads=4_096) as line:
        asked = 100
        line.sendall(head("GET", "/page/style.css") * asked)
        size = len(httpx.get(f"{served[0]}/page/style.css", timeout=PATIENCE).content)
        got = 0
        while got < asked * size:
            part = line.recv(65_536)
            assert part, "it was cut off"
            got += len(part)
            time.sleep(0.001)


class _Fake(Connection):
    """A connection as the crowd sees it."""

    def __init__(self, origin: str, *, idle: bool = True) -> None:
        self.origin, self._is_idle, self.gone = origin, idle, False

    is_idle = property(lambda self: self._is_idle)

    def give_way(self) -> None:
        self.gone = True


def test_who_gives_way() -> None:
    crowd = Crowd(6, 4)
    polite, silent, last, other = _Fake("a"), _Fake("a"), _Fake("a"), _Fake("b")
    at_work = [_Fake(origin, idle=False) for origin in "aabcba"]
    for one in (at_work[0], polite, silent, last):
        assert crowd.admit(one)
    crowd.has_asked(last)
    crowd.has_asked(polite)
    assert crowd.admit(at_work[1])  # one address has too many: the one that has asked for nothing goes
    assert [one.gone for one in (polite, silent, last)] == [False, True, False]
    for one in (
        at_work[2],
        other,
        at_work[3],
    ):  # the last is one too many in all: a place is found where most are
        assert crowd.admit(one)
    assert last.gone
    assert crowd.admit(at_work[4])
    assert polite.gone
    assert not other.gone
    assert crowd.admit(at_work[5])
    assert other.gone
    assert not crowd.admit(_Fake("a"))  # all are at work, and stay
    assert not any(one.gone for one in at_work)
    for _ in range(2):
        crowd.leave(at_work[0])
    assert len(crowd) == 5


def test_where_all_are_at_work_the_next_is_told_so() -> None:
    with (
        listening(room(visitors=Visitors(code=CODE), workers=1), Crowd(1, 1)) as address,
        connected(address) as line,
    ):
        for _ in range(40):  # wrong codes, of which the last waits for its answer
            body = b'{"code": "A"}'
            line.sendall(head("POST", "/api/join", f"Content-Length: {len(body)}") + body)
        said = b""
        while said.count(b"HTTP/1.1 403 ") < TRIES_A_MINUTE:
            said += line.recv(65_536)
        with connected(address) as refused:
            said = answer(refused)
        assert said.startswith(b"HTTP/1.1 503 ")
        assert b"too many are asking" in said
        assert b"Retry-After: 1\r\n" in said


def test_more_files_may_be_opened_where_the_system_lets_us() -> None:
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
        assert files_allowed(128) == 128
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (128, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_client_that_goes_away_in_mid_answer_is_no_news() -> None:
    told = [
        logging.makeLogRecord({"msg": text}) for text in ("socket.send() raised exception.", "anything else")
    ]
    assert [serving._is_no_goodbye(record) for record in told] == [False, True]
