"""Processes that do the work of many runs: an Executor whose dead processes are replaced, and their work done again."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import connection, get_context, parent_process
from typing import Any

from .parcels import Call, Parcels

DIED = "its process died, perhaps for want of memory"
# Each process has a core to itself: libraries that would start threads of their own only get in each other's way.
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
_AHEAD = 2  # what a process is given at a time: one task to do, one to go on with


class WorkerDied(Exception):
    """A task took its process along as often as it was tried."""


@dataclass
class _Work:
    future: Future[Any]
    call: Call
    deaths: int = 0


@dataclass
class _Lane:
    """One process, and what it has been given, in order: it is at work on the first."""

    pool: ProcessPoolExecutor
    given: list[_Work] = field(default_factory=list)


class WorkerPool(Executor):
    """So many spawned processes, which import everything anew, each with one thread for linear algebra.

    A process that dies is replaced, and what it was at work on is done again; when a task has taken `attempts`
    processes along, its future raises WorkerDied. `initializer(*initargs)` is called in every process as it starts;
    both must be picklable. Processes end with this one, however it ends, and leave Ctrl-C to it. What is too large for
    a pipe goes by way of a temporary file. Errors: ValueError for fewer than one worker.
    """

    def __init__(
        self,
        workers: int,
        *,
        attempts: int = 3,
        initializer: Callable[..., None] | None = None,
        initargs: tuple[Any, ...] = (),
    ) -> None:
        if workers < 1:
            raise ValueError(f"there must be at least one worker, not {workers}")
        self.workers = workers
        self._attempts = attempts
        self._parcels = Parcels()
        self._start = None if initializer is None else self._parcels.sendable((initializer, initargs, {}))
        self._lock = threading.RLock()
        self._waiting: deque[_Work] = deque()
        self._closed = self._stopped = False
        self._lanes = [_Lane(self._new_pool()) for _ in range(workers)]

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As any Executor: the future of `fn(*args, **kwargs)`, done in one of the processes."""
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
            future: Future[Any] = Future()
            try:
                call = self._parcels.sendable((fn, args, kwargs))
            except Exception as error:  # it can't be pickled
                future.set_exception(error)
                return future
            future.add_done_callback(lambda _: self._parcels.drop(call))
            self._waiting.append(_Work(future, call))
            self._hand_out()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work. Without `wait`, the processes are stopped in the midst of what they do."""
        with self._lock:
            self._closed = True
            self._stopped = self._stopped or not wait
            if cancel_futures or not wait:
                for work in self._waiting:
                    work.future.cancel()
                self._waiting.clear()
            unfinished = [work.future for lane in self._lanes for work in lane.given]
            unfinished += [work.future for work in self._waiting]
        if wait:
            for future in unfinished:
                with contextlib.suppress(BaseException):
                    future.exception()
        else:
            for lane in self._lanes:
                for process in list((lane.pool._processes or {}).values()):
                    process.kill()
        for lane in self._lanes:
            lane.pool.shutdown(wait=True, cancel_futures=not wait)
        self._parcels.close()

    def process_ids(self) -> list[int]:
        """The processes at present."""
        return [pid for lane in self._lanes for pid in (lane.pool._processes or {})]

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=_begin, initargs=(self._start,)
        )

    def _hand_out(self) -> None:
        """Give waiting work to the processes with the least to do."""
        while self._waiting:
            lane = min(self._lanes, key=lambda each: len(each.given))
            if len(lane.given) >= _AHEAD:
                return
            work = self._waiting.popleft()
            if work.future.running() or work.future.set_running_or_notify_cancel():
                self._give(lane, work)

    def _give(self, lane: _Lane, work: _Work) -> None:
        fn, args, kwargs = work.call
        try:
            with (
                _environment(ONE_THREAD),
                _deaf_to_ctrl_c(),
            ):  # a process starts at its first task, and takes both over
                done = lane.pool.submit(fn, *args, **kwargs)
        except BrokenProcessPool:  # it has just died: this work waits, behind what the process had been given
            self._waiting.appendleft(work)
            self._replace(lane)
            return
        lane.given.append(work)
        pool = lane.pool
        done.add_done_callback(lambda future: self._finished(lane, pool, work, future))

    def _finished(self, lane: _Lane, pool: ProcessPoolExecutor, work: _Work, done: Future[Any]) -> None:
        error = None if done.cancelled() else done.exception()
        with self._lock:
            if isinstance(error, BrokenProcessPool) and not self._stopped:
                if lane.pool is pool:
                    self._replace(lane)
                return
            if work in lane.given:
                lane.given.remove(work)
            self._hand_out()
        if done.cancelled() or isinstance(error, BrokenProcessPool):
            work.future.set_exception(WorkerDied("it was stopped"))
        elif error is not None:
            work.future.set_exception(error)
        else:
            work.future.set_result(done.result())

    def _replace(self, lane: _Lane) -> None:
        """A new process in place of a dead one; what that had been given waits again, ahead of all other work."""
        lost, lane.given, lane.pool = lane.given, [], self._new_pool()
        if lost:
            lost[0].deaths += 1
            if lost[0].deaths >= self._attempts:
                lost[0].future.set_exception(WorkerDied(DIED))
                lost = lost[1:]
        self._waiting.extendleft(reversed(lost))
        self._hand_out()


@contextlib.contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Environment variables that hold for a moment."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Processes started meanwhile never hear of Ctrl-C, not even before they can say what it means; this one hears
    of it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(first: Call | None) -> None:
    """What a process does first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where it could not be kept from hearing of Ctrl-C
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    if first is not None:
        call, arguments, keywords = first
        call(*arguments, **keywords)


def _end_with(sentinel: int) -> None:
    """Wait for the end of the process that started this one: a killed one can't say goodbye."""
    connection.wait([sentinel])
    os._exit(1)
