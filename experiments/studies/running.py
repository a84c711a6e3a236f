"""Running a study: runs are handed to an Executor, and what they tell is on disk as they finish."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from typing import Protocol

from ...agents.rule import cache_is_cold, source_hash
from ..workers import WorkerDied, WorkerPool
from .agenda import WHOLE, Agenda, Shard
from .finishing import finish
from .folder import StudyFolder
from .locks import locked
from .records import Journal, Record, StudyError
from .working import NotInstalled, carry_out, install, packed

Progress = Callable[[int, int, Record], None]
_COUNT_EVERY = 1.0  # seconds between two counts of what is to do, where that is not known beforehand


class Engine(Protocol):
    """What does the runs: an Executor, and what has to be known of it."""

    executor: Executor

    def room(self, finished: int) -> int:
        """How many runs to have under way, when so many are finished."""
        ...

    def check(self) -> None:
        """Called now and then. Errors: StudyError if it can't go on."""
        ...

    def verdict(self, error: BaseException) -> str:
        """What a run that brought no record died of; "" if the engine is to blame, and it is to be done again."""
        ...

    def close(self, at_once: bool) -> None:
        """Let go of it; `at_once`: whatever is under way."""
        ...


class LocalEngine:
    """Processes on this computer."""

    def __init__(self, folder: StudyFolder, workers: int) -> None:
        self.workers = workers
        name = packed(folder.study, folder.points)
        self.executor: Executor = WorkerPool(workers, initializer=install, initargs=name)
        # Where the rules have yet to be compiled, one process does it, and the others find the machine code.
        self._cold = cache_is_cold()

    def room(self, finished: int) -> int:
        """One run to do and one to go on with, for each process."""
        return 1 if self._cold and not finished else 2 * self.workers

    def check(self) -> None:
        """Processes that died are replaced: there is nothing to look after."""

    def verdict(self, error: BaseException) -> str:
        """A task that takes its process along again and again."""
        return str(error) if isinstance(error, WorkerDied) else ""

    def close(self, at_once: bool) -> None:
        """End the processes."""
        self.executor.shutdown(wait=not at_once, cancel_futures=at_once)


@dataclass
class Ran:
    """What came of it: `done` runs of `total` of this part, `failed` of them; `complete`: all of the study are done."""

    done: int
    total: int
    failed: int
    complete: bool
    seconds: float


def run_study(
    folder: StudyFolder,
    make_engine: Callable[[], Engine],
    *,
    shard: Shard = WHOLE,
    retry: bool = False,
    progress: Progress | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> Ran:
    """Do what is missing of a study, or of one part of it; with the last run of all, its tables are written.

    `retry`: those that failed are done again, too. `say` is told what was found amiss in the records. On Ctrl-C,
    KeyboardInterrupt comes through, with all finished runs kept. Errors: StudyError.
    """
    started = time.monotonic()
    what = f"part {shard.number} of {shard.of} of {folder.path}" if shard != WHOLE else f"{folder.path}"
    with locked(folder.lock_of(shard), what):
        _refuse_others(folder, shard)
        file = folder.file_of(shard)
        _tell_damage(folder, say)
        with Journal(file) as journal:
            agenda = folder.agenda(shard, retry=retry)
            if agenda.strangers:
                say(
                    f"{agenda.strangers} finished runs are not of this study as it is now, and are left aside."
                )
            if not agenda.complete():
                if folder.complete:
                    folder.note(finished=None)
                _run_all(folder, agenda, journal, make_engine, progress)
        done, total = agenda.counts()
        failed = sum(record.failed for record in agenda.done.values())
        complete = finish(folder)
    return Ran(done, total, failed, complete, time.monotonic() - started)


def _run_all(
    folder: StudyFolder,
    agenda: Agenda,
    journal: Journal,
    make_engine: Callable[[], Engine],
    progress: Progress | None,
) -> None:
    name, _ = packed(folder.study, folder.points)
    engine = make_engine()
    tally = _Tally(agenda)
    at_once = True
    try:
        under_way: dict[Future[Record], tuple[int, int]] = {}
        again: list[tuple[int, int]] = []
        count = 0
        while True:
            engine.check()
            while len(under_way) < engine.room(count):
                run = again.pop() if again else agenda.next()
                if run is None:
                    break
                try:
                    under_way[engine.executor.submit(carry_out, name, *run)] = run
                except Exception as error:  # of an engine that breaks just now
                    engine.check()
                    engine.verdict(error)
                    again.append(run)
                    break
            if not under_way:
                if again:
                    continue
                break
            finished, _ = wait(under_way, timeout=1.0, return_when=FIRST_COMPLETED)
            for future in finished:
                run = under_way.pop(future)
                record = _record(future, engine, agenda, run)
                if record is None:
                    again.append(run)
                    continue
                count += 1
                journal.append(record)
                agenda.finished(record)
                if progress is not None:
                    progress(*tally.add(record), record)
        at_once = False
    finally:
        engine.close(at_once)


def _record(future: Future[Record], engine: Engine, agenda: Agenda, run: tuple[int, int]) -> Record | None:
    """What a run has told; None if it is to be done again. Errors: StudyError."""
    try:
        record = future.result()
    except NotInstalled:
        raise
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        engine.check()
        died = engine.verdict(error)
        if not died:
            return None
        key, replicate, seed = agenda.identity(*run)
        return Record(run[0], replicate, seed, key, None, died)
    if record.rules != source_hash():
        raise StudyError(
            "a worker has other rules than this computer: install the same version of the package there, and of Numba "
            "and NumPy"
        )
    return record


class _Tally:
    """Runs done and in all, for the progress bar: counted anew now and then only."""

    def __init__(self, agenda: Agenda) -> None:
        self._agenda = agenda
        self._done, self._total = agenda.counts()
        self._fixed = agenda.study.replicates.fixed
        self._counted = time.monotonic()

    def add(self, record: Record) -> tuple[int, int]:
        if self._fixed:
            self._done += 1
        elif time.monotonic() - self._counted > _COUNT_EVERY:
            self._done, self._total = self._agenda.counts()
            self._counted = time.monotonic()
        return self._done, self._total


def _refuse_others(folder: StudyFolder, shard: Shard) -> None:
    """Parts of one and the same division may be run at once, and nothing else. Errors: StudyError."""
    mine = folder.lock_of(shard).stem
    ending = f"-of-{shard.of}"
    for name, holder in folder.at_work().items():
        if name == mine or name == "finish" or (shard != WHOLE and name.endswith(ending)):
            continue
        raise StudyError(f"{folder.path} is being run already ({holder}): wait for it, or stop it")


def _tell_damage(folder: StudyFolder, say: Callable[[str], None]) -> None:
    for file, found in folder.read().items():
        where = file.relative_to(folder.path)
        for number in found.damaged:
            say(f"Line {number} of {where} is damaged, and its run is done again.")
        if found.torn and file not in {
            folder.path / "records" / f"{name}.jsonl" for name in folder.at_work()
        } - {file}:
            say(f"The last line of {where} was torn off in writing: it is dropped, and its run done again.")
