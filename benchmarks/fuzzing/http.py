"""Requests to the classroom's server: those of its page, and those that no browser sends.

The application is called as a server calls it (ASGI), without a network, and its runs are made in this process. No
request may end in a traceback or a status of 500, and a refusal is a sentence.
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
import traceback
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from local_citizenship.app.classroom.classroom import Classroom
from local_citizenship.app.classroom.guard import COOKIE, Visitors
from local_citizenship.app.classroom.pool import Job
from local_citizenship.app.classroom.runs import Runs
from local_citizenship.app.classroom.server import application
from local_citizenship.app.classroom.worker import Limits, Work, _JobRunner
from local_citizenship.outcomes.headline import HEADLINES
from local_citizenship.scenarios.checks import all_parameters

from .case import SECONDS, Case, Fault, Step, sign_of
from .scenario import PATHS
from .values import ODD, value_of

CODE = "K7QX2M"
LIMITS = Limits(migrant_months=40_000, records=3_000, lives=500, seconds=3.0)
SHARE = 0.0005  # of two towns: a run is a moment
BUSY = 503
PATIENCE = 4.0  # times SECONDS, by the clock: the machine may be busy with something else
GETS = (
    "/", "/page/main.js", "/page/nothing.js", "/favicon.ico", "/api/scenarios", "/api/scenario/two-towns",
    "/api/scenario/nowhere",
    "/api/places/{places}", "/api/lives/{world}", "/api/life/{world}/{migrant}",
    "/api/life/{world}/{migrant}?against={world}",
    "/api/csv/{world}", "/class", "/join", "/teacher/{key}", "/api/class/state", "/api/class/measures",
    "/api/class/results",
    "/api/class/results.csv", "/api/life/{world}/99999999999999999999", "/api/life/{world}/\u0663", "/teacher/x",
)  # fmt: skip
POSTS = (
    "/api/run",
    "/api/run",
    "/api/scenario-file",
    "/api/join",
    "/api/class/assign",
    "/api/class/predict",
    "/api/class/run",
)
NO_PATHS = ("",
            "//", "/..", "/page/../guard.py", "/page/%2e%2e%2fguard.py", "/\x00", "/api/", "/api/life/a",
            "/" + "a" * 9000, "/\u65e5\u672c",
            "/api/csv/" + "x" * 300, "/page/\u0000", "/teacher/\u00e9", "/api/life//", "*")  # fmt: skip
HEADERS = (
    ("host", "evil.example"), ("host", ""), ("host", "127.0.0.1:99999"), ("host", "[::1"), ("host", "[::1]:80"),
    ("host", "127.0.0.1:x"),
    ("host", "a" * 5000), ("host", "127.0.0.1\xff"), ("host", "user@127.0.0.1"), ("content-type", "text/plain"),
    ("content-type", ""),
    ("content-type", "application/json; charset=utf-16"), ("content-length", "-1"),
    ("content-length", "999999999999"),
    ("content-length", "\xb2"), ("content-length", "1" * 5000), ("content-length", "x"), ("origin", "null"),
    ("origin", "http://evil.example"),
    ("origin", "http://127.0.0.1"), ("sec-fetch-site", "cross-site"), ("cookie", "classroom"),
    ("cookie", "classroom=\xff"),
    ("cookie", "=;;=,classroom=\"x"), ("cookie", "a" * 9000), ("accept-encoding", "gzip"),
    ("accept-encoding", "gzip;q=0, br"),
    ("cookie", "classroom=$Version; classroom=\\303\\251"), ("range", "bytes=0-1"), ("expect", "100-continue"),
    ("if-none-match", "*"),
)  # fmt: skip
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(ODD),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
BODIES = (b"",
          b"{", b"[]", b"null", b'"x"', b"{}{}", b"[" * 100_000, b'{"a":' * 3000, b"\xff\xfe",
          b"\xef\xbb\xbf{}", b'{"seed": 1e999}', b"NaN",
          b'{"code": "\\ud800"}', b'{"sets": {"a.b": "\\u0000"}}', b'{"seed": ' + b"9" * 5000 + b"}",
          b'{"a":1,"a":2}', b" " * 65_537,
          b'{"scenario": "' + b"x" * 65_000 + b'"}', b'{"value": 1e400}', b'{"value": -0.0}',
          b'{"lane": "\\u202e"}')  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A few requests to a new room."""
    asked = draw(st.lists(_request(), min_size=1, max_size=6))
    room = {"code": draw(st.sampled_from((None, None, CODE))), "class": draw(st.booleans())}
    made = tuple(f"{each['method']} {each['path'][:40]}" for each in asked)
    return Case("http", {}, {**room, "requests": asked}, made)


@st.composite
def _request(draw: st.DrawFn) -> dict[str, Any]:
    careful = draw(st.integers(0, 2)) > 0
    method = draw(st.sampled_from(("GET", "POST")))
    path = draw(st.sampled_from(GETS if method == "GET" else POSTS))
    asked: dict[str, Any] = {
        "method": method,
        "who": draw(st.sampled_from(("teacher", "student", "student", "stranger"))),
    }
    if not careful and draw(st.integers(0, 4)) == 4:
        asked["method"] = draw(
            st.sampled_from(("HEAD", "PUT", "OPTIONS", "TRACE", "get", "X" * 99, "POST", "GET"))
        )
    if not careful and draw(st.integers(0, 4)) == 4:
        path = draw(st.sampled_from(NO_PATHS) | st.text(max_size=20).map(lambda text: f"/{text}"))
    asked["path"] = path
    body = draw(_body(path, careful)) if method == "POST" else b""
    asked["body"] = base64.b64encode(body).decode()
    asked["headers"] = (
        []
        if careful
        else draw(
            st.lists(st.sampled_from(HEADERS), max_size=2).map(lambda all_: [list(each) for each in all_])
        )
    )
    asked["chunks"] = draw(st.sampled_from((1, 1, 3)))
    asked["gone"] = not careful and draw(st.integers(0, 5)) == 5  # the client goes away, without waiting
    asked["address"] = draw(st.sampled_from(("127.0.0.1", "127.0.0.1", "192.0.2.9", "")))
    return asked


@st.composite
def _body(draw: st.DrawFn, path: str, careful: bool) -> bytes:
    if not careful and draw(st.integers(0, 3)) == 3:
        return draw(st.sampled_from(BODIES) | st.binary(max_size=40))
    content = draw(_content(path, careful))
    if not careful:
        for _ in range(draw(st.integers(0, 2))):
            content[draw(st.sampled_from((*content, "x", "seed", "sets")))] = draw(JSON_VALUES)
    return json.dumps(content).encode("utf-8", "surrogatepass")


@st.composite
def _content(draw: st.DrawFn, path: str, careful: bool) -> dict[str, Any]:
    if path == "/api/join":
        return {"code": draw(st.sampled_from((CODE, CODE.lower(), "", "AAAAAA", "\u00e9")))}
    if path == "/api/class/predict":
        return {"value": draw(st.sampled_from((0.1, -1, 0, 1e12, 1e13)) | st.floats())}
    if path == "/api/class/run":
        return {}
    if path == "/api/class/assign":
        measure = draw(st.sampled_from((*HEADLINES, "happiness")))
        return {
            "question": draw(st.text(max_size=50)),
            "measure": measure,
            "a": draw(_run(careful)),
            "b": draw(_run(careful)),
        }
    return draw(_run(careful))


@st.composite
def _run(draw: st.DrawFn, careful: bool) -> dict[str, Any]:
    sets: dict[str, Any] = {"scale.share": SHARE}
    for path in draw(st.lists(st.sampled_from(PATHS), max_size=3)):
        text = draw(value_of(all_parameters()[path], careful)).strip("'\"")
        try:
            sets[path] = json.loads(text)
        except (ValueError, RecursionError):
            sets[path] = text
    content: dict[str, Any] = {"scenario": "two-towns", "months": draw(st.integers(1, 30)), "sets": sets}
    if draw(st.booleans()):
        content["seed"] = draw(st.sampled_from((0, 1, 2**63 - 1, str(2**63 - 1))))
    if draw(st.booleans()):
        content["lane"] = draw(st.sampled_from(("a", "b")))
    return content


# A room that does its runs here --------------------------------------------------------------------------


class PoolHere:
    """Stands in for the pool of processes: runs are made in this one, in a thread beside the loop."""

    def __init__(self) -> None:
        self.count, self.waiting, self.running = 0, 0, 0
        self.replies: list[Any] = []
        self.runner = _JobRunner(SimpleNamespace(send=self.replies.append), SimpleNamespace(value=0))  # type: ignore[arg-type]

    def submit(self, work: Work, who: str, lane: str = "") -> Job:
        """Have it run; its replies come all at once."""
        self.count += 1
        job = Job(self.count, who, lane, work)
        self.replies.clear()
        self.runner.carry_out(job.number, work)
        for _, *reply in self.replies:
            job.put(tuple(reply))
            if reply[0] == "failed":
                raise Fault(f"a run failed: {str(reply[1])[:120]}", f"{work}: {reply[1]}")
        return job

    def give_up(self, job: Job) -> None:
        """It is done already."""


_POOL: list[PoolHere] = []


def trial(case: Case, steps: list[Step]) -> None:
    """Ask a new room for everything in turn. Errors: Fault."""
    asyncio.run(_ask_all(case, steps))


async def _ask_all(case: Case, steps: list[Step]) -> None:
    if not _POOL:
        _POOL.append(PoolHere())
    visitors = Visitors(code=case.does["code"], teacher_key="the-teacher")
    room = Classroom(
        {"two-towns": "two-towns"},
        "two-towns",
        class_mode=case.does["class"],
        visitors=visitors,
        limits=LIMITS,
    )
    room.pool = _POOL[0]  # type: ignore[assignment]
    room.runs = Runs(room.pool, room.scenarios, LIMITS)
    app = application(room)
    tokens = {
        "teacher": await _let_in(app, "/teacher/the-teacher"),
        "student": await _let_in(app, "/api/join"),
        "stranger": "",
    }
    known = {"world": "none", "places": "none", "migrant": "1", "key": "the-teacher"}
    for asked in case.does["requests"]:
        step = Step(f"{asked['method'][:9]} {asked['path'][:60]}", 0, 0.0, "")
        steps.append(step)
        began, cpu = time.monotonic(), time.process_time()
        try:
            async with asyncio.timeout(SECONDS * PATIENCE):
                await _ask(app, asked, tokens[asked["who"]], known, step)
        except TimeoutError:
            raise Fault(f"no answer: {step.what}") from None
        except Fault:
            raise
        except Exception as error:
            raise Fault(f"traceback: {sign_of(error)}", "".join(traceback.format_exception(error))) from error
        finally:
            step.seconds = time.process_time() - cpu
        if step.seconds > SECONDS or time.monotonic() - began > SECONDS * PATIENCE:
            raise Fault(f"slow: {step.what}", f"{step.seconds:.1f} s")


async def _let_in(app: Any, path: str) -> str:
    """The token that one is given at this address."""
    join = {"method": "POST", "body": base64.b64encode(json.dumps({"code": CODE}).encode()).decode()}
    asked = {
        "method": "GET",
        "body": "",
        "headers": [],
        "chunks": 1,
        "gone": False,
        "address": "127.0.0.1",
        "path": path,
    }
    sent = await _answer(app, asked | (join if path == "/api/join" else {}), "", {})
    cookies = [value.decode() for name, value in sent[0]["headers"] if name == b"set-cookie"]
    return cookies[0].partition("=")[2].partition(";")[0]


async def _ask(app: Any, asked: dict[str, Any], token: str, known: dict[str, str], step: Step) -> None:
    _judge(asked, await _answer(app, asked, token, known), known, step)


async def _answer(app: Any, asked: dict[str, Any], token: str, known: dict[str, str]) -> list[dict[str, Any]]:
    """The messages that come back."""
    path, _, query = asked["path"].partition("?")
    for name, value in known.items():
        path, query = path.replace(f"{{{name}}}", value), query.replace(f"{{{name}}}", value)
    body = base64.b64decode(asked["body"])
    headers = {"host": "127.0.0.1", "content-type": "application/json", "content-length": str(len(body))}
    headers |= {"cookie": f"{COOKIE}={token}"} if token else {}
    headers |= dict(asked["headers"])
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
        "method": asked["method"], "scheme": "http",
        "path": path, "raw_path": quote(path).encode(), "query_string": quote(query, safe="=&").encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()],
        "client": (asked["address"], 50_000) if asked["address"] else None, "server": ("127.0.0.1", 80), "state": {},
    }  # fmt: skip
    sent: list[dict[str, Any]] = []
    coming = _messages(body, asked["chunks"], asked["gone"])
    over = asyncio.Event()

    async def receive() -> dict[str, Any]:
        for message in coming:
            return message
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    over.set()
    return sent


def _messages(body: bytes, chunks: int, gone: bool) -> Iterator[dict[str, Any]]:
    size = max(1, -(-len(body) // chunks))
    parts = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
    for number, part in enumerate(parts, start=1):
        if gone and number == len(parts):
            yield {"type": "http.disconnect"}
        yield {"type": "http.request", "body": part, "more_body": number < len(parts)}


def _judge(asked: dict[str, Any], sent: list[dict[str, Any]], known: dict[str, str], step: Step) -> None:
    """Errors: Fault for an answer that should not be."""
    if not sent:
        if asked["gone"]:
            return
        raise Fault(f"no answer: {step.what}")
    step.status = sent[0]["status"]
    body = b"".join(each.get("body", b"") for each in sent)
    if step.status >= 500 and step.status != BUSY:
        raise Fault(f"status {step.status}: {step.what}", body.decode("utf-8", "replace"))
    kinds = {name.lower(): value for name, value in sent[0]["headers"]}
    if (
        step.status >= 400
        and asked["method"] != "HEAD"
        and kinds.get(b"content-type", b"").startswith(b"application/json")
    ):
        told = json.loads(body)
        step.said = told["error"][:200]
        if not told["error"].strip() or len(body) > 2_000:
            raise Fault(f"no sentence: {step.what}", body.decode())
    elif (step.status == 200 and b"".join([body[:1], body[5:6]]) == b"W\x4c") or body[:1] == b"P":
        _remember(body, known)


def _remember(body: bytes, known: dict[str, str]) -> None:
    """The world of a stream of frames, to be asked about."""
    while body:
        kind, size = body[:1], int.from_bytes(body[1:5], "little")
        content, body = body[5 : 5 + size], body[5 + size :]
        if kind == b"W":
            header = json.loads(content[8 : 8 + int.from_bytes(content[4:8], "little")])
            known |= {"world": header["id"], "places": header["places_id"]}
        if kind == b"E" and b"this run failed" in content:
            raise Fault("a run failed", content.decode())
