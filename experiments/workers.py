"""Processes that do the work of many runs: an Executor whose dead processes are replaced, and their work done again."""

from __future__ import annotations

import contextlib
import os
import pickle
import secrets
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from typing import Any

from ..outcomes.interruption import STOPPING, undisturbed
from ..outcomes.whole_folder import sweep, workshop

DIED = "its process died, perhaps for want of memory"
# Each process has a core to itself: libraries that would start threads of their own only get in each other's way.
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
_AHEAD = 2  # what a process is given at a time: one task to do, one to go on with
# Bytes. The smallest pipes hold 4,096, and a process is told more than a call at its start. Whoever writes into a pipe
# whose reader was killed waits for ever, if what is written does not fit into it at once and somebody else holds its
# reading end: with processes of `multiprocessing`, the writer holds it itself. So does a reader whose writer was killed
# half-way. What is larger, a call or what it returns, travels as a file.
_LARGEST_BY_PIPE = 2_048

# What a terminal sends to all processes alike: the one that started the others decides what is to be done.
_OF_TERMINALS = [number for number in STOPPING if number != signal.SIGTERM]

Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class WorkerDied(Exception):
    """A task took its process along as often as it was tried."""


@dataclass
class _Work:
    future: Future[Any]
    call: Call
    deaths: int = 0


@dataclass
class _Worker:
    """One process, and what it has been given, in order: it is at work on the first."""

    pool: ProcessPoolExecutor
    given: list[_Work] = field(default_factory=list)


class WorkerPool(Executor):
    """So many spawned processes, which import everything anew, each with one thread for linear algebra; or forked ones
    (`method`), which have what this process has, and may be had only while it has no threads.

    A process that dies is replaced, and what it was at work on is done again; when a task has taken `attempts`
    processes along, its future raises WorkerDied; so do all, once a forked one has died: another can't be had any
    more. `initializer(*initargs)` is called in every process as it starts; both must be picklable. Processes end with
    this one, however it ends, and leave Ctrl-C and the terminal's end to it. What is too large for a pipe goes by way
    of a temporary file. Errors: ValueError for fewer than one worker.
    """

    def __init__(
        self,
        workers: int,
        *,
        attempts: int = 3,
        method: str = "spawn",
        initializer: Callable[..., None] | None = None,
        initargs: tuple[Any, ...] = (),
    ) -> None:
        if workers < 1:
            raise ValueError(f"there must be at least one worker, not {workers}")
        self.workers = workers
        self._attempts, self._context = attempts, get_context(method)
        self._spill = _Spill()
        self._start = None if initializer is None else self._spill.spill_large((initializer, initargs, {}))
        self._lock = threading.RLock()
        self._waiting: deque[_Work] = deque()
        self._closed = self._stopped = self._lost = False
        self._workers = [_Worker(self._new_pool()) for _ in range(workers)]

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As any Executor: the future of `fn(*args, **kwargs)`, done in one of the processes."""
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
            future: Future[Any] = Future()
            if self._lost:
                future.set_exception(WorkerDied(DIED))
                return future
            try:
                call = self._spill.spill_large((fn, args, kwargs))
            except Exception as error:  # it can't be pickled, or there is no room for it
                future.set_exception(error)
                return future
            future.add_done_callback(lambda _: self._spill.drop(call))
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
            unfinished = [work.future for worker in self._workers for work in worker.given]
            unfinished += [work.future for work in self._waiting]
        if wait:
            for future in unfinished:
                with contextlib.suppress(BaseException):
                    future.exception()
        else:
            for worker in self._workers:
                for process in list((worker.pool._processes or {}).values()):
                    process.kill()
        for worker in self._workers:
            worker.pool.shutdown(wait=True, cancel_futures=not wait)
        self._spill.close()

    def _new_pool(self) -> ProcessPoolExecutor:
        with (
            _terminal_unheard()
        ):  # the first one starts a process of multiprocessing's own, to look after its locks
            return ProcessPoolExecutor(
                1, mp_context=self._context, initializer=_begin, initargs=(self._start,)
            )

    def _hand_out(self) -> None:
        """Give waiting work to the processes with the least to do."""
        while self._waiting:
            worker = min(self._workers, key=lambda each: len(each.given))
            if len(worker.given) >= _AHEAD:
                return
            work = self._waiting.popleft()
            if work.future.running() or work.future.set_running_or_notify_cancel():
                self._give(worker, work)

    def _give(self, worker: _Worker, work: _Work) -> None:
        fn, args, kwargs = work.call
        try:
            with (
                _environment(ONE_THREAD),
                _terminal_unheard(),
            ):  # a process starts at its first task, and takes both over
                done = worker.pool.submit(_result_of, self._spill.folder, fn, args, kwargs)
        except BrokenProcessPool:  # it has just died: this work waits, behind what the process had been given
            self._waiting.appendleft(work)
            self._replace(worker)
            return
        worker.given.append(work)
        pool = worker.pool
        done.add_done_callback(lambda future: self._finished(worker, pool, work, future))

    def _finished(self, worker: _Worker, pool: ProcessPoolExecutor, work: _Work, done: Future[Any]) -> None:
        error = None if done.cancelled() else done.exception()
        with self._lock:
            if isinstance(error, BrokenProcessPool) and (self._lost or not self._stopped):
                if worker.pool is pool and not self._lost:
                    self._replace(worker)
                return
            if work in worker.given:
                worker.given.remove(work)
            self._hand_out()
        if done.cancelled() or isinstance(error, BrokenProcessPool):
            work.future.set_exception(WorkerDied("it was stopped"))
        elif error is not None:
            work.future.set_exception(error)
        else:
            try:
                result = done.result()
                result = result.taken() if isinstance(result, _Filed) else result
            except Exception as unreadable:  # the pool may be stopping
                work.future.set_exception(unreadable)
            else:
                work.future.set_result(result)

    def _replace(self, worker: _Worker) -> None:
        """A new process in place of a dead one; what that had been given waits again, ahead of all other work."""
        if self._context.get_start_method() == "fork":
            self._give_up()
            return
        lost, worker.given, worker.pool = worker.given, [], self._new_pool()
        if lost:
            lost[0].deaths += 1
            if lost[0].deaths >= self._attempts:
                lost[0].future.set_exception(WorkerDied(DIED))
                lost = lost[1:]
        self._waiting.extendleft(reversed(lost))
        self._hand_out()

    def _give_up(self) -> None:
        """No process can be had in place of one that died: this one has threads by now."""
        self._lost = True
        unfinished = [work for worker in self._workers for work in worker.given] + [*self._waiting]
        for worker in self._workers:
            worker.given = []
        self._waiting.clear()
        for work in unfinished:
            if work.future.running() or work.future.set_running_or_notify_cancel():
                work.future.set_exception(WorkerDied(DIED))


_SPILLED = "local-citizenship-"


def clear_spilled() -> None:
    """Clear away calls on their way that a killed process left among temporary files."""
    with contextlib.suppress(OSError):
        sweep(Path(tempfile.gettempdir()), of=_SPILLED)


class _Spill:
    """A folder of calls on their way to processes, and of what came of them, if it is too large for a pipe."""

    def __init__(self) -> None:
        self._open = contextlib.ExitStack()
        self._folder: Path | None = None
        self._number = 0

    @property
    def folder(self) -> Path:
        """Made when it is first asked for."""
        if self._folder is None:
            # Whoever makes such a folder clears away those of killed processes.
            name = f"{_SPILLED}{secrets.token_hex(8)}"
            outer = self._open.enter_context(workshop(Path(tempfile.gettempdir(), name)))
            self._folder = outer / "calls"
            self._folder.mkdir(mode=0o700)  # others may not read what is in it
        return self._folder

    def spill_large(self, call: Call) -> Call:
        """The same call, if it is small; else one that reads it from a file. Errors: whatever pickling raises;
        OSError, OutputError if no folder can be made."""
        folder, content = self.folder, pickle.dumps(call)  # which what comes of the call may need, too
        if len(content) <= _LARGEST_BY_PIPE:
            return call
        self._number += 1
        path = folder / f"{self._number}.pickle"
        path.write_bytes(content)
        return _call_from_file, (path,), {}

    def drop(self, call: Call) -> None:
        """What `spill_large` gave is not needed any more."""
        function, arguments, _ = call
        if function is _call_from_file:
            with contextlib.suppress(OSError):
                arguments[0].unlink()

    def close(self) -> None:
        """Leave nothing behind."""
        self._folder = None
        self._open.close()


def _call_from_file(path: Path) -> Any:
    """In the process: do the call that came by file."""
    function, arguments, keywords = pickle.loads(path.read_bytes())
    return function(*arguments, **keywords)


@dataclass(frozen=True)
class _Filed:
    """A result that lies in a file."""

    path: Path

    def taken(self) -> Any:
        """The result; the file is gone then."""
        content = self.path.read_bytes()
        self.path.unlink()
        return pickle.loads(content)


def _result_of(folder: Path, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """In the process: what comes of a call, by way of a file in `folder` if it is large."""
    result = fn(*args, **kwargs)
    content = pickle.dumps(result)
    if len(content) <= _LARGEST_BY_PIPE:
        return result
    path = folder / f"{secrets.token_hex(8)}.result"
    try:
        path.write_bytes(content)
    except OSError:  # no room among temporary files is no fault of the call
        with contextlib.suppress(OSError):
            path.unlink()
        return result
    return _Filed(path)


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
def _terminal_unheard() -> Iterator[None]:
    """Processes started meanwhile never hear of Ctrl-C or the terminal's end, not even before they can say what it
    means; this one hears of it afterwards, as of a plain kill: a process that is half started would complain."""
    with undisturbed():
        if not hasattr(signal, "pthread_sigmask"):  # Windows
            yield
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _OF_TERMINALS)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(first: Call | None) -> None:
    """What a process does first."""
    for number in _OF_TERMINALS:  # where it could not be kept from hearing of them
        signal.signal(number, signal.SIG_IGN)
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
