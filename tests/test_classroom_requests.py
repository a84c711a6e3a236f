"""The classroom's server: what it answers, and what it refuses: a clear sentence and a status, never a crash."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from classroom import ADDRESS, JSON, TestClient, answering, frames, listening, room, student
from hypothesis import given, settings
from hypothesis import strategies as st

from local_citizenship.app.classroom.classroom import Classroom, open_classroom
from local_citizenship.app.classroom.payload import world_of
from local_citizenship.app.classroom.payload_bytes import from_bytes
from local_citizenship.app.classroom.pool import Pool, Reply
from local_citizenship.app.classroom.requests import RequestError, run_request
from local_citizenship.app.classroom.server import frame
from local_citizenship.app.classroom.visitors import Visitors
from local_citizenship.app.classroom.worker import _KEPT, Limits, Work, _JobRunner
from local_citizenship.outcomes.simulate import simulate
from local_citizenship.scenarios import load_scenario

NAMES = st.sampled_from(["scenario", "seed", "months", "sets", "lane", "two-towns", "fear.weight", "places"])
PATIENCE = 300.0  # seconds: the machine may be busy, or the rules not compiled yet
SMALL = {"scenario": "two-towns", "months": 24}
FEW = {"scale.share": 0.0005}  # a quarter of the people
LONG = {"scenario": "japan-sample", "months": 600, "sets": {"scale.persons_per_record": 5}}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with answering(room()) as client:
        yield client


def run(client: TestClient, **changes: object) -> httpx.Response:
    return client.post("/api/run", json={**SMALL, **changes})


def world(response: httpx.Response) -> bytes:
    assert response.status_code == 200, response.text
    *_, (kind, content) = frames(response.content)
    assert kind == "W"
    return content


def drawn_by(response: httpx.Response) -> bool:
    """Whether the last that was sent is a world."""
    return frames(response.content)[-1][0] == "W"


@contextlib.contextmanager
def at_work() -> Iterator[tuple[Classroom, httpx.Client, Callable[..., bool]]]:
    """A room with one process; a browser of it; and what asks for a small run, which must come."""
    of = room(workers=1)
    with listening(of) as address, httpx.Client(base_url=address, timeout=PATIENCE) as browser:
        yield of, browser, lambda **more: drawn_by(browser.post("/api/run", json={**SMALL, **more}))


def refused(response: httpx.Response, status: int) -> str:
    """The one sentence of a refusal, hint included."""
    assert response.status_code == status, response.text
    assert "Traceback" not in response.text
    content = response.json()
    assert content["error"]
    return f"{content['error']}; {content['hint']}"


def test_a_run_is_the_world_that_the_model_gives(client: TestClient) -> None:
    block = world(run(client, seed="5", sets={"fear.weight": 2, "ngos.enabled": False}))
    run_here = simulate("two-towns", sets=["fear.weight=2", "ngos.enabled=false"], seed=5, months=24)
    assert block == world_of(run_here)
    assert from_bytes(block)[0]["sets"] == {"fear.weight": 2.0, "ngos.enabled": False}


def test_long_runs_tell_how_far_they_are(client: TestClient) -> None:
    parts = frames(client.post("/api/run", json={"scenario": "japan-sample", "months": 96}).content)
    assert [kind for kind, _ in parts[-2:]] == ["P", "W"]
    told = [json.loads(content) for kind, content in parts if kind == "P"]
    told = [one for one in told if one["step"] == "progress"]
    assert all(one["total"] == 96 for one in told)
    assert [one["done"] for one in told] == sorted({one["done"] for one in told})
    assert told[0]["date"].startswith("19")


def test_places_lives_and_measures_of_a_world(client: TestClient) -> None:
    header, _ = from_bytes(world(run(client)))
    places = client.get(f"/api/places/{header['places_id']}").json()
    assert places["name"] == ["Kawasaki-like", "Kawaguchi-like"]
    assert places["synthetic"] is False
    lives = client.get(f"/api/lives/{header['id']}").json()
    assert lives["total"] == len(lives["lives"]) > 100
    one = max(lives["lives"], key=lambda life: life["needs"])
    life = client.get(f"/api/life/{header['id']}/{one['migrant']}").json()
    assert life["migrant"] == one["migrant"]
    assert len(life["paragraphs"]) > 1
    assert life["summary"].startswith("In all: ")
    csv = client.get(f"/api/csv/{header['id']}").text.splitlines()
    assert csv[0] == "year,id,measure,by,group,value,unit"
    assert len(csv) > 500


def test_the_state_of_the_page_as_a_scenario_file(client: TestClient, tmp_path) -> None:
    sets = {"fear.weight": 2, "doors.coethnic.arrivals": 100, "policy.programme_open": "legal"}
    text = client.post("/api/scenario-file", json={**SMALL, "seed": 9, "sets": sets}).text
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    again = load_scenario(tmp_path / "mine.yaml")
    meant = load_scenario("two-towns", sets=[f"{k}={v}" for k, v in sets.items()], seed=9, months=24)
    assert again.hash == meant.hash


def test_an_edited_scenario_file_is_read_again(tmp_path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("extends: two-towns\n", encoding="utf-8")
    asked = {"scenario": "mine"}
    with answering(open_classroom(str(mine))) as client:
        for months in (12, 6):
            mine.write_text(f"extends: two-towns\nmonths: {months}\n", encoding="utf-8")
            os.utime(mine, (months, months))
            assert from_bytes(world(client.post("/api/run", json=asked)))[0]["months"] == months
        assert client.get("/api/scenario/mine").json()["settings"]["months"]["value"] == 6
        text = client.post("/api/scenario-file", json=asked).text
        assert "extends: mine.yaml" in text
        assert str(tmp_path) not in text
        mine.write_text("extends: two-towns\nmonth: 6\n", encoding="utf-8")
        assert "did you mean 'months'" in refused(client.post("/api/run", json=asked), 400)
        assert "did you mean 'months'" in refused(client.get("/api/scenario/mine"), 400)


def test_a_scenario_file_that_breaks_while_it_is_explored_is_told_of_on_every_way(tmp_path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("extends: two-towns\nmonths: 6\n", encoding="utf-8")
    of = open_classroom(str(mine), class_mode=True)
    mine.write_bytes(b"extends: two-towns\nmonth: 6\n")  # before its processes have read it
    a = {"scenario": "mine"}
    question = {"question": "?", "measure": "needs_met", "a": a, "b": {**a, "sets": {"fear.weight": 0}}}
    with answering(of) as client:
        client.get(f"/teacher/{of.visitors.teacher_key}")
        for number, broken in enumerate((b"extends: two-towns\nmonth: 6\n", b"{" * 2_000, b"\xff\x00", None)):
            if broken is None:
                mine.unlink()
            else:
                mine.write_bytes(broken)
                os.utime(mine, (number, number))
            for path, asked in (
                ("run", a),
                ("scenario-file", a),
                ("class/try", question),
                ("class/assign", question),
            ):
                refused(client.post(f"/api/{path}", json=asked), 400)
            refused(client.get("/api/scenario/mine"), 400)
            listed = client.get("/api/scenarios").json()["scenarios"]
            own = next(one for one in listed if one["name"] == "mine")
            assert own["title"] == "mine"
            assert "mine.yaml" in own["question"]
        assert run(client).status_code == 200  # another scenario, by the same processes


def test_a_process_keeps_no_more_tables_of_places_than_scenarios() -> None:
    """A server that answers for weeks does not fill the memory, whatever tables are asked for."""
    run, process = simulate(load_scenario("two-towns", months=1)), _JobRunner(None, None)
    places = run.table("places")
    for people in range(_KEPT + 5):
        other = run.replaced(places=places.assign(population=1_000.0 + people))
        other.manifest.update(run.manifest)
        assert json.loads(process._places(other))
    assert len(process._places_made) == _KEPT
    assert process._places(other) is process._places(other)


def test_sliders_come_from_the_schema(client: TestClient) -> None:
    shown = client.get("/api/scenario/two-towns").json()
    by_path = {one["path"]: one for one in shown["parameters"]}
    assert by_path["ngos.enabled"]["kind"] == "switch"
    assert by_path["needs.birth.right"]["choices"] == ["nobody", "citizen", "denizen", "legal", "anyone"]
    fear = by_path["fear.weight"]
    assert (fear["value"], fear["least"], fear["most"], fear["scale"]) == (8.0, 0.0, 40.0, "linear")
    assert by_path["ngos.founding"]["scale"] == "log"
    for one in shown["parameters"]:
        if one["kind"] == "number":
            assert one["least"] <= one["low"] < one["high"] <= one["most"], one["path"]
            assert one["zero"] or one["low"] <= one["value"] <= one["high"], one["path"]
    assert {lever["path"] for lever in shown["levers"]} <= set(by_path)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"scenario": "twotowns"}, "did you mean 'two-towns'"),
        ({"scenario": "../../etc/passwd"}, "there is no scenario"),
        ({"scenario": ["two-towns"]}, "there is no scenario a list"),
        ({"scenario": "japan"}, "there is no scenario"),  # not in this room
        ({}, "there is no scenario"),
        ({**SMALL, "sets": {"fear.wight": 1}}, "did you mean 'fear.weight'"),
        ({**SMALL, "sets": {"places": "/etc/passwd"}}, "unknown parameter"),
        (
            {**SMALL, "sets": {"fear.weight": 99}},
            "fear.weight is 99, but must be a number (per yearly risk, 0 to 40)",
        ),
        ({**SMALL, "sets": {"fear.weight": "__import__('os')"}}, "no value that it can have"),
        ({**SMALL, "sets": {"fear.weight": {"a": 1}}}, "no value that it can have"),
        ({**SMALL, "sets": {"fear.weight": 10**400}}, "no value that it can have"),
        ({**SMALL, "sets": {"fear.weight": "high"}}, "must be a number"),
        ({**SMALL, "sets": {"ngos.enabled": 1}}, "must be true or false"),
        ({**SMALL, "sets": {"policy.programme_open": "legl"}}, "did you mean 'legal'"),
        ({**SMALL, "sets": [1]}, "sets must be an object"),
        ({**SMALL, "sets": {f"x{i}": 1 for i in range(401)}}, "at most 400"),
        ({**SMALL, "months": 0}, "whole number from 1 to 1,200"),
        ({**SMALL, "months": 1e9}, "whole number from 1 to 1,200"),
        ({**SMALL, "seed": -1}, "seed is -1"),
        ({**SMALL, "seed": "1; rm"}, "seed is"),
        ({**SMALL, "lane": "x" * 41}, "lane must be text"),
        ({**SMALL, "file": "x"}, "unknown key"),
    ],
)
def test_mistakes_are_told_in_a_sentence(client: TestClient, body: dict, words: str) -> None:
    assert words in refused(client.post("/api/run", json=body), 400)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[1]",
        b"\xff\xfe",
        b'{"scenario": NaN}',
        b"[" * 50_000,
        b'{"seed": ' + b"9" * 5_000 + b"}",
        b'"\\ud800"',
        b'{"scenario": "\\ud800", "sets": {"\\ud800": 1}}',
    ],
)
def test_malformed_bodies(client: TestClient, data: bytes) -> None:
    refused(client.post("/api/run", content=data, headers=JSON), 400)


def test_bodies_too_large_or_of_another_kind(client: TestClient) -> None:
    assert "64 kB" in refused(client.post("/api/run", content=b" " * 70_000, headers=JSON), 413)
    in_parts = (b" " * 1_000 for _ in range(70))  # of no length that is told beforehand
    assert "64 kB" in refused(client.post("/api/run", content=in_parts, headers=JSON), 413)
    endless = {**JSON, "content-length": "1" * 5_000}  # longer than Python reads a number
    assert "64 kB" in refused(client.post("/api/run", content=b"{}", headers=endless), 413)
    refused(client.post("/api/run", data={"scenario": "two-towns"}), 415)
    refused(client.request("PUT", "/api/run", json=SMALL), 405)
    refused(client.get("/api/run"), 405)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost@evil.example", 421),
        ("127.0.0.1:x", 421),
        ("", 421),
        ("localhost:8765", 200),
        ("[::1]:8765", 200),
    ],
)
def test_only_our_own_names_are_answered(client: TestClient, host: str, status: int) -> None:
    assert client.get("/api/scenarios", headers={"Host": host}).status_code == status


def test_no_other_site_can_post_or_read(client: TestClient) -> None:
    for foreign in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        refused(client.post("/api/run", json=SMALL, headers=foreign), 403)
    own = client.post("/api/run", json=SMALL, headers={"Origin": ADDRESS, "Sec-Fetch-Site": "same-origin"})
    assert own.status_code == 200
    assert "access-control-allow-origin" not in own.headers
    assert own.headers["content-security-policy"].startswith("default-src 'self';")
    assert own.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/page/server.py",
        "/page/../server.py",
        "/page/..%2fserver.py",
        "/page/%2e%2e/asked.py",
        "/page//etc/passwd",
        "/etc/passwd",
        "/api/csv/nothing",
        "/api/lives/nothing",
        "/api/life/nothing/1",
        "/api/life/nothing/1e5",
        "/api/places/nothing",
        "/api/scenario/..%2f..%2fjapan",
        "/teacher/guess",
        "/api/class/state",
    ],
)
def test_there_is_nothing_else_to_be_had(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "import" not in response.text
    assert "root:" not in response.text


def test_with_a_code_only_the_door_is_open() -> None:
    of = room(visitors=Visitors(code="K7QX2M"), workers=1)
    with answering(of) as client:

        def join(code: str) -> httpx.Response:
            return client.post("/api/join", json={"code": code})

        refused(client.post("/api/run", json=SMALL), 401)
        refused(client.get("/api/scenarios"), 401)
        assert client.get("/", follow_redirects=False).headers["location"] == "/join"
        assert client.get("/page/app.js", follow_redirects=False).status_code == 303
        refused(join("AAAAAA"), 403)
        assert join(" k7qx2m ").status_code == 200
        assert "HttpOnly" in join("K7QX2M").headers["set-cookie"]
        assert run(client).status_code == 200
        client.cookies.clear()
        client.cookies.set("classroom", "x" * 32)  # a token that was never given
        refused(run(client), 401)


def test_runs_that_cost_too_much_are_refused() -> None:
    small = Limits(migrant_months=20_000, records=500, seconds=PATIENCE)
    with answering(room(limits=small, workers=1)) as client:
        assert "million migrant-months" in refused(run(client, months=240, sets=FEW), 400)
        assert "records" in refused(run(client, sets={"scale.share": 1}), 400)
        assert run(client, sets=FEW).status_code == 200
    quiet = Limits(lives=50)
    with answering(room(limits=quiet, workers=1)) as client:
        assert "stories.share" in refused(run(client), 400)
        assert run(client, sets={"stories.share": 0.01}).status_code == 200
    growing = Limits(migrant_months=1e9, records=300, seconds=PATIENCE)
    with answering(room(limits=growing, workers=1)) as client:
        # It begins small enough, and says in the stream that it has grown too large.
        response = run(client, months=240, sets=FEW)
        assert "300 records" in (refused(response, 400) if response.status_code != 200 else response.text)


def test_a_hundred_at_once_and_nobody_else_is_disturbed() -> None:
    """One browser asks for a hundred runs at once: most are refused, and another's run goes through meanwhile."""
    with listening(room()) as address:
        greedy, other = (httpx.Client(base_url=address, timeout=PATIENCE) for _ in range(2))
        for browser in (greedy, other):
            browser.get("/")
        with ThreadPoolExecutor(101) as crowd:
            asked = [
                crowd.submit(greedy.post, "/api/run", json={"scenario": "two-towns", "seed": seed})
                for seed in range(100)
            ]
            answer = crowd.submit(other.post, "/api/run", json=SMALL).result()
            found = [one.result() for one in asked]
        assert drawn_by(answer)
        by_status = {status: [one for one in found if one.status_code == status] for status in (200, 429)}
        assert len(by_status[200]) + len(by_status[429]) == 100
        assert len(by_status[200]) >= 2
        for one in by_status[429]:
            assert int(one.headers["retry-after"]) >= 1
        assert drawn_by(run(greedy))  # type: ignore[arg-type]


def test_who_asks_before_a_process_is_ready_hears_what_is_done() -> None:
    with answering(room(workers=1)) as browser:
        asked = browser.post("/api/run", json=SMALL, headers={"X-Tell-The-Start": "yes"})
        first, *_, last = frames(asked.content)
        assert (first[0], json.loads(first[1]), last[0]) == ("P", {"step": "starting"}, "W")

    async def heard() -> list[Reply]:
        pool = Pool()
        before = pool.submit(Work("two-towns"), "one")
        pool._tell_of_the_start(("compiling", 3, 20))
        after = pool.submit(Work("two-towns"), "other")
        return [await before.reply(), await before.reply(), await after.reply()]

    compiling = ("compiling", 3, 20)
    assert asyncio.run(heard()) == [("starting",), compiling, compiling]
    told = [json.loads(content) for _, content in frames(frame(compiling))]
    assert told == [{"step": "compiling", "done": 3, "total": 20}]


@pytest.mark.parametrize("asks", [False, True])
def test_what_is_compiled_in_the_middle_of_a_run_is_told_to_who_asks_alone(asks: bool) -> None:
    """Others would read a date in each frame of progress."""

    async def replies(*_: object) -> AsyncGenerator[Reply, None]:
        yield ("starting",)
        yield ("progress", 1, 2, "1990-01")
        yield ("compiling", 3, 20)
        yield ("progress", 2, 2, "1990-02")
        yield ("world", b"a world")

    of = room(workers=1)
    of.runs.frames = replies  # type: ignore[method-assign, assignment]
    with answering(of) as browser:
        answer = browser.post("/api/run", json=SMALL, headers={"X-Tell-The-Start": "yes"} if asks else {})
    *told, last = frames(answer.content)
    steps = [json.loads(content)["step"] for _, content in told]
    assert steps == (["starting", "progress", "compiling", "progress"] if asks else ["progress"] * 2)
    assert asks or all("date" in json.loads(content) for _, content in told)
    assert last == ("W", b"a world")


def test_clients_take_turns() -> None:
    pool, work = Pool(), Work("two-towns")
    asked = [pool.submit(work, who) for who in ("greedy", "greedy", "greedy", "second", "third", "second")]
    order = []
    for _ in asked:
        job = pool._next()
        pool._running[job.number] = (job, None)  # type: ignore[assignment]
        order.append(asked.index(job))
    assert order == [0, 3, 4, 1, 5, 2]


def test_a_process_that_dies_is_told_of_and_replaced() -> None:
    with at_work() as (of, browser, small_run_comes):
        assert small_run_comes()
        with browser.stream("POST", "/api/run", json=LONG) as response:
            parts = response.iter_raw()
            assert next(parts).startswith(b"P")
            of.pool._processes[0]._process.kill()
            assert b"want of memory" in b"".join(parts)
        assert small_run_comes(seed=2)


def test_worlds_are_packed_for_those_elsewhere(client: TestClient) -> None:
    plain, packed = run(client), run(student(client, "192.0.2.9"))  # the second is unpacked by the client
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert world(packed) == world(plain)


def test_a_client_that_goes_away_or_asks_anew_stops_its_run() -> None:
    with at_work() as (_, browser, small_run_comes):
        assert small_run_comes(seed=1)  # the process is ready: what begins now is the run
        with browser.stream("POST", "/api/run", json=LONG) as response:
            assert next(response.iter_raw()).startswith(b"P")
        # The only process is free again at once: the run that nobody reads has been stopped.
        assert small_run_comes()
        with browser.stream("POST", "/api/run", json={**LONG, "lane": "a"}) as response:
            parts = response.iter_raw()
            assert next(parts).startswith(b"P")
            assert small_run_comes(seed=2, lane="a")
            assert b"a newer one was asked for" in b"".join(parts)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(NAMES | st.text(), JSON_VALUES, max_size=5) | JSON_VALUES)
@settings(max_examples=150)
def test_whatever_is_asked_is_a_run_or_refused_in_a_sentence(content: object) -> None:
    refusal, months = "nothing", None
    try:
        months = run_request(content, {"two-towns": "two-towns"}).months
    except RequestError as refused_:
        refusal = json.dumps([refused_.message, refused_.hint], ensure_ascii=False)
    assert refusal.encode()  # which can be sent
    assert months is None or 1 <= months <= 1_200
