"""Running a study: runs are handed to an Executor, and what they tell is on disk as they finish."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path

from ...agents.code_cache import cache_is_cold, source_hash
from ...outcomes.whole_folder import sweep, written_whole
from ..workers import WorkerDied, WorkerPool, clear_spilled
from . import study
from .folder import (
    ENDING,
    RECORDS,
    SCENARIOS,
    TABLES,
    StudyFolder,
    create,
    locked,
    now,
    open_study,
    refuse_unknown_code,
    write_scenario,
)
from .points import scenario_at, set_options
from .read_study import find_study, read_study
from .records import Journal, Record, StudyError, in_a_sentence
from .results import StudyResults
from .ro_crate import write_crate
from .run_queue import WHOLE, RunQueue, Shard
from .tables import load_results, point_file, results_of, write_tables
from .working import NotInstalled, carry_out, install, packed

Progress = Callable[[int, int, Record], None]
_COUNT_EVERY = 1.0  # seconds between two counts of what is to do, where that is not known beforehand
_FINISH = "finish"
_PATIENCE = 60.0  # seconds to wait for another part of the study that writes the tables


class LocalEngine:
    """What does the runs: processes on this computer, as an Executor. Another one answers the same questions."""

    executor: Executor

    def __init__(self, folder: StudyFolder, workers: int) -> None:
        self.workers = workers = min(workers, folder.most_runs())  # each holds files open, at work or not
        name = packed(folder.study, folder.points)
        self.executor = WorkerPool(workers, initializer=install, initargs=name)
        # Where the rules have yet to be compiled, one process does it, and the others find the machine code.
        self._cold = cache_is_cold()

    def room(self, finished: int) -> int:
        """How many runs to have under way, when so many are finished: one to do and one to go on with a process."""
        return 1 if self._cold and not finished else 2 * self.workers

    def check(self) -> None:
        """Called now and then; processes that died are replaced. Errors: StudyError if it can't go on."""

    def verdict(self, error: BaseException) -> str:
        """What a run that brought no record died of; "" if the engine is to blame, and it is to be done again."""
        return str(error) if isinstance(error, WorkerDied) else ""

    def close(self, at_once: bool) -> None:
        """Let go of it; `at_once`: whatever is under way."""
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
    make_engine: Callable[[], LocalEngine],
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
        refuse_unknown_code(folder.study)
        clear_spilled()
        for place in (folder.path, folder.path / RECORDS, folder.path / SCENARIOS):
            with in_a_sentence(place):
                sweep(place)
        _tell_damage(folder, shard, say)
        with Journal(folder.file_of(shard)) as journal:
            queue = folder.queue(shard, retry=retry)
            if queue.foreign_records:
                count = queue.foreign_records
                say(f"{count} finished runs are not of this study as it is now, and are left aside.")
            if not queue.complete():
                if folder.complete:
                    folder.note(finished=None)
                _run_all(folder, queue, journal, make_engine, progress)
        done, total = queue.counts()
        failed = sum(record.failed for record in queue.done.values())
        complete = finish(folder)
    return Ran(done, total, failed, complete, time.monotonic() - started)


def _run_all(
    folder: StudyFolder,
    queue: RunQueue,
    journal: Journal,
    make_engine: Callable[[], LocalEngine],
    progress: Progress | None,
) -> None:
    name, _ = packed(folder.study, folder.points)
    engine = make_engine()
    counts, counted, count = queue.counts(), time.monotonic(), 0
    under_way: dict[Future[Record], tuple[int, int]] = {}
    again: list[tuple[int, int]] = []
    at_once = True
    try:
        while True:
            engine.check()
            while len(under_way) < engine.room(count):
                run = again.pop() if again else queue.next()
                if run is None:
                    break
                try:
                    under_way[engine.executor.submit(carry_out, name, *run)] = run
                except Exception as error:  # of an engine that breaks just now
                    engine.check()
                    engine.verdict(error)
                    again.append(run)
                    break
            if not under_way and not again:
                break
            for future in wait(under_way, timeout=1.0, return_when=FIRST_COMPLETED).done:
                run = under_way.pop(future)
                record = _record(future, engine, queue, run)
                if record is None:
                    again.append(run)
                    continue
                count += 1
                journal.append(record)
                queue.finished(record)
                if queue.study.replicates.fixed:
                    counts = counts[0] + 1, counts[1]
                elif time.monotonic() - counted > _COUNT_EVERY:
                    counts, counted = queue.counts(), time.monotonic()
                if progress is not None:
                    progress(*counts, record)
        at_once = False
    finally:
        engine.close(at_once)


def _record(
    future: Future[Record], engine: LocalEngine, queue: RunQueue, run: tuple[int, int]
) -> Record | None:
    """What a run has told; None if it is to be done again. Errors: StudyError."""
    try:
        record = future.result()
    except (NotInstalled, KeyboardInterrupt):
        raise
    except BaseException as error:
        engine.check()
        died = engine.verdict(error)
        if not died:
            return None
        key, replicate, seed = queue.identity(*run)
        return Record(run[0], replicate, seed, key, None, died)
    if record.rules != source_hash():
        raise StudyError(
            "a worker has other rules than this computer: install the same version of the package there, and of Numba "
            "and NumPy"
        )
    return record


def _refuse_others(folder: StudyFolder, shard: Shard) -> None:
    """Parts of one and the same division may be run at once, and nothing else. Errors: StudyError."""
    mine = folder.lock_of(shard).stem
    ending = f"-of-{shard.of}"
    for name, holder in folder.at_work().items():
        if name in (mine, _FINISH) or (shard != WHOLE and name.endswith(ending)):
            continue
        raise StudyError(f"{folder.path} is being run already ({holder}): wait for it, or stop it")


def _tell_damage(folder: StudyFolder, shard: Shard, say: Callable[[str], None]) -> None:
    others = folder.at_work().keys() - {folder.lock_of(shard).stem}
    for file, found in folder.read().items():
        where = file.relative_to(folder.path)
        for number in found.damaged:
            say(f"Line {number} of {where} is damaged, and its run is done again.")
        if found.torn and file.stem not in others:  # else it is being written
            say(f"The last line of {where} was torn off in writing: it is dropped, and its run done again.")


def finish(folder: StudyFolder) -> bool:
    """Write tables and description if all runs are done; says whether they are. Errors: StudyError."""
    queue = folder.queue()
    if not queue.complete():
        return False
    lock = folder.path / RECORDS / f"{_FINISH}{ENDING}"
    with locked(lock, "writing the tables", _PATIENCE), in_a_sentence(folder.path):
        tables = folder.path / TABLES
        if folder.complete and tables.is_dir():
            return True
        rows = list(queue.rows())
        for number in dict.fromkeys(point for point, _, record in rows if record.failed):
            point = folder.points[number]
            if (
                set_options(folder.study, point) is None
            ):  # no command line repeats its runs: its scenario does
                write_scenario(scenario_at(folder.study, point), folder.path / point_file(number))
        with written_whole(tables) as built:
            write_tables(results_of(queue), built)
        finished = now()
        write_crate(folder, finished)
        folder.note(finished=finished, runs=len(rows))
    return True


class Study:
    """A shipped study by name, or a study file by path; `plan` is what it says. Errors: ScenarioError."""

    def __init__(self, file: str | os.PathLike[str]) -> None:
        self.file = find_study(file)
        self.plan: study.Study = read_study(self.file)

    def run(self, folder: str | os.PathLike[str], *, workers: int = 1) -> StudyResults:
        """Do what is missing in `folder`, which is made if it is not there, and read what was found.

        `workers`: processes that share the runs; the results do not depend on it. Errors: ScenarioError, StudyError.
        """
        path = Path(folder)
        kept = open_study(path) if path.exists() else create(self.file, path)
        run_study(kept, lambda: LocalEngine(kept, workers))
        return load_results(path)
