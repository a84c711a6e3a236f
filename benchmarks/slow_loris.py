"""A class's server under a thousand half-open connections from one address: how long others wait for an answer.

Each of the thousand is one of four kinds: it says nothing, sends half the head of a request, half a body, or asks
for a page and does not read it. It drips a byte a second, and comes again about a second after it was left.
Meanwhile students from other addresses, and students from the very same one (a school's), join with the code and ask
for pages.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import multiprocessing
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks.class_server import ClassServer, class_server
from benchmarks.common import Figure, arguments, machine, median, report, spread
from local_citizenship.app.classroom.serving import files_allowed

BAR = 1.0  # seconds
TRIES = 3
# On Linux all of 127.0.0.0/8 is this machine.
ATTACKER, OTHERS = ("127.0.0.66", "127.0.0.7") if sys.platform == "linux" else ("127.0.0.1", "127.0.0.1")
HEAD = b"Host: 127.0.0.1\r\nContent-Type: application/json\r\n"
DRIPPING = itertools.cycle(
    (
        (b"", b""),
        (b"GET /join HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", b"a"),
        (b"POST /api/join HTTP/1.1\r\n" + HEAD + b"Content-Length: 5000\r\n\r\n{", b" "),
        (b"GET /page/class.css HTTP/1.1\r\n" + HEAD + b"\r\n", b""),
    )
)


@dataclass
class Answers:
    """Seconds that each answer took, how often it took another try, and what went wrong instead."""

    taken: list[float] = field(default_factory=list)
    tried_again: int = 0
    wrong: list[str] = field(default_factory=list)


async def hold_open(port: int, opened: Any, held: Any) -> None:
    """One connection of the attacker's, again and again."""
    while True:
        beginning, drop = next(DRIPPING)
        with contextlib.suppress(OSError, TimeoutError):
            source = (ATTACKER, 0)
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=source, limit=1_024)
            opened.value += 1
            held.value += 1
            try:
                writer.write(beginning)
                while not writer.is_closing() and not reader.at_eof():
                    await asyncio.sleep(1.0)
                    writer.write(drop)
                    await asyncio.wait_for(writer.drain(), 1.0)
            finally:
                held.value -= 1
                writer.transport.abort()
        await asyncio.sleep(random.uniform(0.5, 1.5))


def attack(port: int, sockets: int, opened: Any, held: Any) -> None:
    """All of the attacker's connections, for as long as this process lives."""

    async def all_of_them() -> None:
        await asyncio.gather(*(hold_open(port, opened, held) for _ in range(sockets)))

    files_allowed(sockets + 100)
    asyncio.run(all_of_them())


@contextlib.contextmanager
def attacking(port: int, sockets: int) -> Iterator[None]:
    """The attack, in a process of its own."""
    processes = multiprocessing.get_context("spawn")
    opened, held = (processes.Value("q", 0, lock=False) for _ in range(2))
    process = processes.Process(target=attack, args=(port, sockets, opened, held), daemon=True)
    process.start()
    try:
        while opened.value < sockets:
            time.sleep(0.05)
        yield
        print(f"{opened.value:,} connections were opened in all, {held.value:,} were held at the end")
    finally:
        process.kill()
        process.join()


async def ask(port: int, source: str, method: str, path: str, body: object = None, cookie: str = "") -> bytes:
    """One request on a connection of its own; the whole answer. Errors: ConnectionError, TimeoutError."""
    async with asyncio.timeout(30):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
        content = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"Content-Length: {len(content)}", f"Cookie: {cookie}"]
        writer.write("\r\n".join(lines).encode() + b"\r\nConnection: close\r\n" + HEAD + b"\r\n" + content)
        try:
            return await reader.read()
        finally:
            writer.transport.abort()


async def study(server: ClassServer, source: str, answers: Answers, until: float) -> None:
    """A student: joins, then asks for the page and for news of the class, each time on a new connection."""
    cookie = ""
    while time.perf_counter() < until:
        for method, path, body in (
            ("POST", "/api/join", {"code": server.code}),
            ("GET", "/class", None),
            ("GET", "/api/class/state", None),
        ):
            began, answer = time.perf_counter(), b""
            for _ in range(TRIES):  # as a browser does by itself
                with contextlib.suppress(ConnectionError, TimeoutError):  # a wait over its limit is told
                    if answer := await ask(server.port, source, method, path, body, cookie):
                        break
                answers.tried_again += 1
            answers.taken.append(time.perf_counter() - began)
            if not answer.startswith(b"HTTP/1.1 200 "):
                answers.wrong.append(f"{path}: {answer[:60]!r}")
            if path == "/api/join" and b"set-cookie: " in answer:
                cookie = answer.split(b"set-cookie: ")[1].split(b";")[0].decode()
        await asyncio.sleep(0.2)


async def all_study(server: ClassServer, seconds: float, students: int) -> dict[str, Answers]:
    """What students of each kind had to wait for."""
    until = time.perf_counter() + seconds
    found = {"other addresses": Answers(), "the same address": Answers()}
    for_each = zip((OTHERS, ATTACKER), found.values(), strict=True)
    work = [study(server, source, one, until) for source, one in for_each for _ in range(students)]
    await asyncio.gather(*work)
    return found


def main() -> None:
    parser = arguments(__doc__, rounds=1)
    parser.add_argument("--sockets", type=int, default=1_000, help="half-open connections (%(default)s)")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long students ask (%(default)s)")
    parser.add_argument("--students", type=int, default=10, help="from each kind of address (%(default)s)")
    options = parser.parse_args()
    about, figures = machine(), []
    with class_server() as server, attacking(server.port, options.sockets):
        found = asyncio.run(all_study(server, options.seconds, options.students))
    for who, answers in found.items():
        note = f"{spread(answers.taken, 'answers')} s, median {median(answers.taken):.3f}; "
        note += f"{answers.tried_again} tried again"
        figures.append(Figure(f"longest wait, {who}", max(answers.taken), "s", BAR, note=note))
        wrong = "; ".join(sorted(set(answers.wrong))[:3])
        figures.append(Figure(f"not answered, {who}", len(answers.wrong), "", 0, note=wrong))
    report("slow_loris", [*figures, server.figure()], about, options.json)
    print(*server.complaints, sep="\n", end="")


if __name__ == "__main__":
    main()
