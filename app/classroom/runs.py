"""Runs for the page: asked for, run in the pool, kept for a while, and told about (lives, CSV)."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cachetools import LRUCache

from ...scenarios.languages import tr
from . import artifacts
from .pool import FINAL, Busy, Job, Pool, Reply
from .requests import RequestError, RunRequest
from .worker import Limits, Work, last_edit

if TYPE_CHECKING:
    from ...outcomes.run import Run

_MB = 1e6
MOST_LIVES = 2_000  # in the list of a world's lives


class Runs:
    """The worlds there are and were. `scenarios`: name -> what the pool loads it by; `limits`: what a run may
    cost."""

    def __init__(self, pool: Pool, scenarios: Mapping[str, str], limits: Limits) -> None:
        self._pool, self._scenarios, self._limits = pool, dict(scenarios), limits
        self._worlds: LRUCache[Work, bytes] = LRUCache(128 * _MB, len)
        self._recipes: LRUCache[str, Work] = LRUCache(20_000)
        self._places: LRUCache[str, bytes] = LRUCache(32 * _MB, len)
        self._diaries: LRUCache[str, Run] = LRUCache(96 * _MB, _bytes_of)

    def work(self, asked: RunRequest) -> Work:
        """What the pool is to do for this."""
        sets = tuple(sorted(asked.sets))
        reference = self._scenarios[asked.scenario]
        edited = last_edit(reference)
        return Work(reference, sets, asked.seed, asked.months, edited=edited, limits=self._limits)

    async def frames(self, asked: RunRequest, who: str) -> AsyncGenerator[Reply, None]:
        """What comes of a run: ("starting",) while no process is ready yet, ("compiling", ready, kernels) where rules
        are compiled, ("progress", done, months, date) and at last ("world", bytes) or what the pool says instead.

        Closed before the end, the run is stopped. Errors: RequestError if too much is waiting.
        """
        work = self.work(asked)
        if (world := self._worlds.get(work)) is not None:
            self._recipes[_header(world)["id"]] = work
            yield ("world", world)
            return
        job = self._submit(work, who, asked.lane)
        try:
            while True:
                reply = await job.reply()
                if reply[0] == "world":
                    self._keep(work, reply)
                yield reply[:2] if reply[0] == "world" else reply
                if reply[0] in FINAL:
                    return
        finally:
            self._pool.give_up(job)

    def _submit(self, work: Work, who: str, lane: str = "") -> Job:
        try:
            return self._pool.submit(work, who, lane)
        except Busy as busy:
            status = 503 if busy.everybody else 429
            raise RequestError(str(busy), tr("wait a moment, and try again"), status, busy.seconds) from None

    def _keep(self, work: Work, reply: Reply) -> None:
        _, world, places = reply
        header = _header(world)
        self._recipes[header["id"]] = work
        _store(self._worlds, work, world)
        _store(self._places, header["places_id"], places)

    def places(self, places_id: str) -> bytes:
        """Places by the id that a world names. Errors: RequestError."""
        places = self._places.get(places_id)
        if places is None:
            raise RequestError("there are no such places", "run the scenario again", 404)
        return places

    async def make(self, work: Work, who: str, make: Callable[[Run], Any]) -> Any:
        """What `make` makes of a run. Errors: RequestError."""
        job = self._submit(replace(work, make=make), who)
        try:
            reply = await job.result()
        finally:
            self._pool.give_up(job)
        if reply[0] != "made":
            raise request_error(reply)
        return reply[1]

    async def csv(self, world_id: str, who: str) -> bytes:
        """The outcome measures of a world as CSV. Errors: RequestError."""
        return await self.make(self._recipe(world_id), who, artifacts.measures_csv)

    async def lives(self, world_id: str, who: str) -> dict[str, Any]:
        """The recorded lives of a world, for its list. Errors: RequestError."""
        run = await self._diary(world_id, who)
        return await asyncio.to_thread(_told, lambda: artifacts.lives_shown(run, MOST_LIVES))

    async def life(self, world_id: str, migrant: int, against: str | None, who: str) -> dict[str, Any]:
        """One life of a world in paragraphs, and where it parts from the same one `against` another. Errors:
        RequestError."""
        run = await self._diary(world_id, who)
        other = None if against is None else await self._diary(against, who)
        return await asyncio.to_thread(_told, lambda: artifacts.life_shown(run, migrant, other))

    async def _diary(self, world_id: str, who: str) -> Run:
        run = self._diaries.get(world_id)
        if run is None:
            run = await self.make(self._recipe(world_id), who, artifacts.diaries)
            _store(self._diaries, world_id, run)
        return run

    def _recipe(self, world_id: str) -> Work:
        work = self._recipes.get(world_id)
        if work is None:
            raise RequestError("there is no such world here (any more)", "run the scenario again", 404)
        return work


def request_error(reply: Reply) -> RequestError:
    """What a pool's final reply, other than what was wanted, means to whoever asked."""
    if reply[0] == "refused":
        return RequestError(reply[1], reply[2])
    if reply[0] == "stopped":
        return RequestError("this run was stopped, since a newer one was asked for", status=409)
    return RequestError(
        f"this run failed: {reply[1]}", "please report it, with the scenario and the seed", 500
    )


def _told(make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    from ...outcomes.story import StoryError

    try:
        return make()
    except StoryError as error:
        raise RequestError(str(error), status=404) from None


def _bytes_of(run: Run) -> float:
    return float(sum(run.table(name).memory_usage(deep=False).sum() for name in run.tables))


def _store(cache: LRUCache[Any, Any], key: Any, value: Any) -> None:
    """Keep the value, unless it is larger than the whole cache."""
    with contextlib.suppress(ValueError):
        cache[key] = value


def _header(world: bytes) -> dict[str, Any]:
    size = int.from_bytes(world[4:8], "little")
    return json.loads(world[8 : 8 + size])
