"""A few processes that run scenarios for the server, with a queue before them.

A job is stopped when nobody waits for it any more. Fair to many: clients take turns, whoever asks again in the same
lane takes the place of what they asked before, each may wait for a few jobs only, and when too many wait in all, the
next are told to come back.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import multiprocessing
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .worker import Work, serve

Reply = tuple[Any, ...]  # as worker.py describes them, without the job's number
FINAL = frozenset({"world", "made", "refused", "stopped", "failed"})
MOST_WAITING = 300  # jobs in all
MOST_EACH = 6  # jobs of one client, running or waiting
_PATIENCE = 5.0  # seconds for a process to stop, before it is made to


class Busy(Exception):
    """Too much is waiting already; `everybody` or only this one's. `seconds`: when to try again."""

    def __init__(self, everybody: bool, seconds: int = 2) -> None:
        super().__init__("too many runs are waiting" if everybody else "you have too many runs waiting")
        self.everybody, self.seconds = everybody, seconds


class Job:
    """One piece of work; `replies()` gives what comes of it, the last being one of FINAL."""

    def __init__(self, number: int, who: str, lane: str, work: Work) -> None:
        self.number, self.who, self.lane, self.work = number, who, lane, work
        self.wanted = True
        self._replies: asyncio.Queue[Reply] = asyncio.Queue()

    def put(self, reply: Reply) -> None:
        """Pass a reply on (in the server's own thread)."""
        self._replies.put_nowait(reply)

    async def reply(self) -> Reply:
        """The next reply."""
        return await self._replies.get()

    async def result(self) -> Reply:
        """The final reply."""
        while (reply := await self.reply())[0] not in FINAL:
            pass
        return reply


class Pool:
    """Processes that run scenarios.

    `workers`: how many; `warm_with`: a scenario that they read before they say they are ready.
    """

    def __init__(self, workers: int = 2, warm_with: str | None = None) -> None:
        self._count, self._warm_with = workers, warm_with
        self._numbers = itertools.count(1)
        self._waiting: OrderedDict[int, Job] = OrderedDict()
        self._running: dict[int, tuple[Job, _Process]] = {}
        self._something = asyncio.Event()
        self._starting: Reply | None = ("starting",)  # what those who wait hear until a process is ready
        self._tasks: list[asyncio.Task[None]] = []
        self._processes: list[_Process] = []

    async def start(self) -> None:
        """Start the processes; the first must be ready before the others start, lest all compile the same."""
        loop = asyncio.get_running_loop()
        first_ready = asyncio.Event()
        for place in range(self._count):
            process = _Process(self._warm_with)
            self._processes.append(process)
            task = loop.create_task(self._attend(process, first_ready, first=place == 0))
            self._tasks.append(task)

    async def stop(self) -> None:
        """End the processes."""
        for task in self._tasks:
            task.cancel()
        for process in self._processes:
            process.kill()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def submit(self, work: Work, who: str, lane: str = "") -> Job:
        """Have something run. What `who` asked before in the same `lane` (if it has a name) is stopped.

        Errors: Busy if too much is waiting.
        """
        mine = [job for job in self._all() if job.who == who and job.wanted]
        for job in mine:
            if lane and job.lane == lane:
                self.give_up(job)
        mine = [job for job in mine if job.wanted]
        if len(mine) >= MOST_EACH:
            raise Busy(everybody=False)
        if len(self._waiting) >= MOST_WAITING:
            raise Busy(everybody=True)
        job = Job(next(self._numbers), who, lane, work)
        if self._starting is not None:
            job.put(self._starting)
        self._waiting[job.number] = job
        self._something.set()
        return job

    def give_up(self, job: Job) -> None:
        """Nobody waits for this job any more."""
        if not job.wanted:
            return
        job.wanted = False
        if self._waiting.pop(job.number, None) is not None:
            job.put(("stopped",))
        elif job.number in self._running:
            self._running[job.number][1].stop(job.number)

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self._waiting)

    @property
    def running(self) -> int:
        """How many jobs run."""
        return len(self._running)

    def _tell_of_the_start(self, reply: Reply) -> None:
        if self._starting is None:
            return
        self._starting = reply
        for job in self._waiting.values():
            job.put(reply)

    def _all(self) -> list[Job]:
        return [*self._waiting.values(), *(job for job, _ in self._running.values())]

    def _next(self) -> Job:
        """Take the job whose turn it is: one of each client's in turn, so that none waits for all that another asked
        before."""
        before = Counter(job.who for job, _ in self._running.values())
        turns = {}
        for job in self._waiting.values():
            turns[job.number] = before[job.who]
            before[job.who] += 1
        return self._waiting.pop(min(turns, key=lambda number: (turns[number], number)))

    async def _attend(self, process: _Process, first_ready: asyncio.Event, *, first: bool) -> None:
        loop = asyncio.get_running_loop()
        if not first:
            await first_ready.wait()
        with contextlib.suppress(_Died):

            def tell(reply: Reply) -> None:
                loop.call_soon_threadsafe(self._tell_of_the_start, reply)

            await loop.run_in_executor(process.thread, process.begin, tell)
        first_ready.set()
        self._starting = None
        while True:
            while not self._waiting:
                self._something.clear()
                await self._something.wait()
            job = self._next()
            self._running[job.number] = (job, process)
            try:
                await loop.run_in_executor(process.thread, process.carry_out, job, loop)
            except _Died:
                job.put(("failed", "the process that ran this ended, perhaps for want of memory"))
            finally:
                del self._running[job.number]


class _Died(Exception):
    pass


class _Process:
    """One process, the thread that talks to it, and another process in its place should it die."""

    def __init__(self, warm_with: str | None) -> None:
        self._warm_with = warm_with
        self._context = multiprocessing.get_context("spawn")
        self._stopped = self._context.RawValue("Q", 0)
        self._process: Any = None
        self._pipe: Any = None
        self._closing = False
        self._lock = threading.Lock()
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="runs")

    def begin(self, tell: Callable[[Reply], Any] = lambda _: None) -> None:
        """Start, and wait until it is ready; `tell` hears what it says before. Errors: _Died."""
        with self._lock:
            if self._closing:
                raise _Died
            self._pipe, theirs = self._context.Pipe()
            self._process = self._context.Process(
                target=serve, args=(theirs, self._stopped, self._warm_with), daemon=True
            )
            self._process.start()
            theirs.close()
        while (said := self._receive()[1:]) != ("ready",):
            tell(said)

    def carry_out(self, job: Job, loop: asyncio.AbstractEventLoop) -> None:
        """Hand a job over and pass the replies on, until the final one. Errors: _Died."""
        if self._process is None or not self._process.is_alive():
            self.begin()
        try:
            self._pipe.send((job.number, job.work))
        except OSError as error:
            self._process = None
            raise _Died from error
        while True:
            number, *reply = self._receive()
            if number == job.number:
                loop.call_soon_threadsafe(job.put, tuple(reply))
                if reply[0] in FINAL:
                    return

    def _receive(self) -> tuple[Any, ...]:
        try:
            return self._pipe.recv()
        except (EOFError, OSError) as error:
            self._process = None  # the next job has another one
            raise _Died from error

    def stop(self, number: int) -> None:
        """Have it give up this job; it will say so."""
        self._stopped.value = number

    def kill(self) -> None:
        """End it, whatever it does."""
        with self._lock:
            self._closing = True
            if self._process is not None:
                self._process.kill()
                self._process.join(_PATIENCE)
        self.thread.shutdown(wait=False, cancel_futures=True)
