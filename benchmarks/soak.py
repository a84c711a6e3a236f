"""A class's server for half an hour of students who join, answer, watch and leave: does its memory stay flat?

Thirty-five students at a time: they mistype the code, predict, run, look at their worlds in the explorer, read a life,
go away in the middle of an answer, and come back as themselves or as somebody new. A teacher asks a new question each
minute. What the server keeps for a while (worlds, lives) is filled first, and part of the time is warm-up.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np
import psutil

from benchmarks.class_server import ClassServer, class_server
from benchmarks.common import Figure, arguments, machine, median, report, spread

BAR_GROWTH, BAR_WAIT = 5.0, 1.0  # percent an hour; seconds
WARM_UP = 0.2  # of the time
SECONDS_BETWEEN_LOOKS = 5.0
WORLDS_TO_FILL, LIVES_TO_FILL = 64, 12  # of LARGE: more than the server keeps
SMALL, LARGE = "two-towns", "japan-sample"
QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("needs_met", {"fear.weight": 0}),
    ("met_by_ngo", {"ngos.enabled": False}),
)
WELCOME = {200, 303, 403, 409, 429, 503}  # busy, wrong codes and too early are a class's ordinary days


@dataclass
class Found:
    """What was seen: memory in MB by the second, waits in seconds by what was asked, what was done, what went
    wrong."""

    memory: list[tuple[float, float]] = field(default_factory=list)
    waits: dict[str, list[float]] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def count(self, what: str) -> None:
        """One more of these."""
        self.done[what] = self.done.get(what, 0) + 1


class Browser:
    """What a student's or the teacher's browser asks; what goes wrong is noted."""

    def __init__(self, server: ClassServer, found: Found) -> None:
        self.client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", timeout=300)
        self._found = found

    async def ask(self, path: str, body: Any = None, wait: str = "") -> Any:
        """The answer as JSON, or None; `wait`: under what name its time is kept."""
        began = time.perf_counter()
        try:
            if body is None:
                answer = await self.client.get(path)
            else:
                answer = await self.client.post(path, json=body)
        except httpx.HTTPError as error:
            self._found.wrong.append(f"{path}: {type(error).__name__}")
            return None
        if wait:
            self._found.waits.setdefault(wait, []).append(time.perf_counter() - began)
        if answer.status_code not in WELCOME:
            self._found.wrong.append(f"{path}: {answer.status_code} {answer.text[:200]}")
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        return answer.json() if is_json and answer.status_code == 200 else None

    async def world(self, scenario: str, seed: int, *, to_the_end: bool = True) -> str:
        """The id of a world that was run for us; nothing if we went away in the middle."""
        asked = {"scenario": scenario, "seed": seed, "sets": {"fear.weight": seed % 20}, "lane": "a"}
        try:
            async with self.client.stream("POST", "/api/run", json=asked) as answer:
                if not to_the_end:
                    self._found.count("left in the middle")
                    return ""
                data = await answer.aread()
        except httpx.HTTPError as error:
            self._found.wrong.append(f"/api/run: {type(error).__name__}")
            return ""
        if (start := data.find(b"LCW1")) < 0:
            return ""
        self._found.count("worlds looked at")
        size = int.from_bytes(data[start + 4 : start + 8], "little")
        return json.loads(data[start + 8 : start + 8 + size])["id"]


async def student(server: ClassServer, found: Found, chance: random.Random, until: float) -> None:
    """One seat of the class: somebody sits there, leaves, and comes back or is followed by another."""
    cookies = httpx.Cookies()
    while time.perf_counter() < until:
        browser = Browser(server, found)
        browser.client.cookies = cookies
        async with browser.client:
            if chance.random() < 0.2:
                await browser.ask("/api/join", {"code": "AAAAAA"})
                found.count("wrong codes")
            await browser.ask("/api/join", {"code": server.code}, "join")
            found.count("joined")
            for page in ("/class", "/page/class.js", "/page/class.css"):
                await browser.ask(page)
            leaves = time.perf_counter() + chance.uniform(10.0, 120.0)
            while time.perf_counter() < min(leaves, until):
                await take_part(browser, found, chance)
                await asyncio.sleep(1.0)
            cookies = browser.client.cookies if chance.random() < 0.5 else httpx.Cookies()


async def take_part(browser: Browser, found: Found, chance: random.Random) -> None:
    """What one does in a second: look for news, answer, look at worlds."""
    state = await browser.ask("/api/class/state", wait="student's news")
    you = state["you"] if state else {"prediction": None, "running": True}
    if state and state["assignment"] and you["difference"] is None and not you["running"]:
        await browser.ask("/api/class/predict", {"value": round(chance.gauss(0.0, 0.1), 3)})
        if await browser.ask("/api/class/run", {}, "student's two worlds"):
            found.count("answered")
    if chance.random() < 0.05:
        seed = chance.randrange(10**6)
        world = await browser.world(SMALL, seed, to_the_end=chance.random() < 0.8)
        if world and chance.random() < 0.3:
            lives = await browser.ask(f"/api/lives/{world}")
            if lives and lives["lives"]:
                await browser.ask(f"/api/life/{world}/{lives['lives'][0]['migrant']}")
                found.count("lives read")


async def teach(server: ClassServer, found: Found, until: float, minute: float) -> None:
    """The teacher's screen, which looks for results as its page does, and asks a question each `minute`."""
    browser, asked, number = Browser(server, found), 0.0, 0
    async with browser.client:
        await browser.ask(server.teacher)
        while time.perf_counter() < until:
            if time.perf_counter() - asked >= minute:
                measure, sets = QUESTIONS[number % len(QUESTIONS)]
                a = {"scenario": SMALL, "months": 120}
                question = {"question": "What if?", "measure": measure, "a": a, "b": {**a, "sets": sets}}
                await browser.ask("/api/class/assign", question)
                asked, number = time.perf_counter(), number + 1
            await browser.ask("/api/class/results", wait="teacher's news")
            await browser.ask("/api/class/results.csv")
            await asyncio.sleep(0.7)


async def fill(server: ClassServer, found: Found, worlds: int, lives: int) -> None:
    """Have the server keep as much of worlds and lives as it ever will."""
    browser = Browser(server, found)
    async with browser.client:
        await browser.ask(server.teacher)
        for seed in range(worlds):
            world = await browser.world(LARGE, seed)
            if world and seed >= worlds - lives:
                await browser.ask(f"/api/lives/{world}")


async def watch_memory(server: ClassServer, found: Found, until: float, every: float) -> None:
    """The memory of the server and its processes, now and then."""
    process = psutil.Process(server.pid)
    began = time.perf_counter()
    while time.perf_counter() < until:
        with contextlib.suppress(psutil.NoSuchProcess):  # one that ended while we looked
            family = [process, *process.children(recursive=True)]
            memory = sum(one.memory_info().rss for one in family) / 1e6
            found.memory.append((time.perf_counter() - began, memory))
        await asyncio.sleep(every)


async def soak(
    server: ClassServer,
    minutes: float,
    students: int = 35,
    *,
    worlds: int = WORLDS_TO_FILL,
    lives: int = LIVES_TO_FILL,
    every: float = SECONDS_BETWEEN_LOOKS,
) -> Found:
    """What was seen in so many minutes, after what is kept has been filled."""
    found = Found()
    await fill(server, found, worlds, lives)
    until = time.perf_counter() + 60 * minutes
    seats = [student(server, found, random.Random(number), until) for number in range(students)]
    minute = min(60.0, 20 * minutes)
    others = (teach(server, found, until, minute), watch_memory(server, found, until, every))
    await asyncio.gather(*(noted(found, each) for each in (*seats, *others)))
    return found


async def noted(found: Found, work: Coroutine[Any, Any, None]) -> None:
    """Somebody's part to its end. What breaks it off has gone wrong, and costs nobody what was measured so far."""
    try:
        await work
    except Exception as error:
        found.wrong.append(f"{getattr(work, '__name__', work)}: {type(error).__name__}: {error}"[:200])


def growth(memory: list[tuple[float, float]], warm_up: float = WARM_UP) -> float:
    """Percent an hour by which memory grows after the warm-up: the slope of a straight line; NaN, which meets no bar,
    if it was looked at too seldom."""
    later = [look for look in memory if look[0] >= warm_up * memory[-1][0]]
    if len(later) < 2:
        return float("nan")
    seconds, used = np.array(later).T
    slope, start = np.polyfit(seconds, used, 1)
    return float(100 * 3_600 * slope / start)


def main() -> None:
    parser = arguments(__doc__, rounds=1)
    parser.add_argument("--minutes", type=float, default=30.0, help="how long (default %(default)s)")
    parser.add_argument("--students", type=int, default=35, help="at a time (default %(default)s)")
    parser.add_argument("--unfilled", action="store_true", help="leave out the filling: a class just begun")
    options = parser.parse_args()
    about = machine()
    full = {"worlds": 0, "lives": 0} if options.unfilled else {}
    with class_server(SMALL) as server:
        found = asyncio.run(soak(server, options.minutes, options.students, **full))
    figures = [*figures_of(found), server.figure()]
    report("soak", figures, about, options.json)
    print("  " + ", ".join(f"{count:,} {what}" for what, count in sorted(found.done.items())))
    print(*server.complaints, sep="\n", end="")


def figures_of(found: Found) -> list[Figure]:
    """What was seen, against the bars."""
    used = [memory for _, memory in found.memory] or [float("nan")]
    note = f"MB: {used[0]:.0f} at first, {used[-1]:.0f} at last, {max(used):.0f} at most"
    figures = [Figure("growth of memory", growth(found.memory), "% an hour", BAR_GROWTH, note=note)]
    for what, waits in sorted(found.waits.items()):
        late = float(np.quantile(waits, 0.99))
        bar = BAR_WAIT if what.endswith("news") else None
        note = f"{spread(waits, 'answers')} s, median {median(waits):.3f}"
        figures.append(Figure(f"{what}, 99 of 100 within", late, "s", bar, note=note))
    wrong = "; ".join(sorted(set(found.wrong))[:3])
    return [*figures, Figure("went wrong", len(found.wrong), "", 0, note=wrong)]


if __name__ == "__main__":
    main()
