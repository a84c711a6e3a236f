"""Help for tests of the classroom: a room that answers, a browser without a screen, and a real server on loopback."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
import warnings
from collections.abc import Iterator
from typing import Any

from local_citizenship.app.classroom.classroom import Classroom
from local_citizenship.app.classroom.connections import Crowd
from local_citizenship.app.classroom.payload import world_of
from local_citizenship.app.classroom.payload_bytes import from_bytes
from local_citizenship.app.classroom.server import application
from local_citizenship.app.classroom.serving import server_for
from local_citizenship.outcomes.simulate import simulate

with warnings.catch_warnings():  # of another package that Starlette's would rather have
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

ADDRESS = "http://127.0.0.1"
JSON = {"Content-Type": "application/json"}


def room(**changes: Any) -> Classroom:
    """A small classroom: two scenarios, two processes."""
    return Classroom(
        {"two-towns": "two-towns", "japan-sample": "japan-sample"},
        "two-towns",
        **{"first_seed": 1, **changes},
    )


@contextlib.contextmanager
def answering(of: Classroom) -> Iterator[TestClient]:
    """The room's server, asked without a network."""
    with browser_of(application(of)) as client:
        yield client


def browser_of(app: Any, address: str = "127.0.0.1") -> TestClient:
    """A browser on the machine with this address."""
    return TestClient(app, base_url=ADDRESS, client=(address, 50_000), raise_server_exceptions=False)


def student(of: TestClient, address: str = "127.0.0.1") -> TestClient:
    """Another browser in the same room, on the machine with this address: cookies of its own."""
    browser = browser_of(of.app, address)
    browser.portal = of.portal  # one event loop for all, as in a real server
    return browser


@contextlib.contextmanager
def listening(of: Classroom, crowd: Crowd | None = None) -> Iterator[str]:
    """The room's server on a port of this machine; gives its address. `crowd`: how many it lets in at once."""
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        server = server_for(of, crowd)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        try:
            yield f"{ADDRESS}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(60)


def world_sent(*sets: str, **how: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the page is sent of a run of two towns: header, and arrays as numbers."""
    return from_bytes(world_of(simulate("two-towns", sets=sets, **how)))


def frames(data: bytes) -> list[tuple[str, bytes]]:
    """The frames of a run's stream: kind and content."""
    found = []
    while data:
        size = int.from_bytes(data[1:5], "little")
        found.append((data[:1].decode(), data[5 : 5 + size]))
        data = data[5 + size :]
    return found
