"""Replicates: one scenario under several seeds, keeping only what is measured of each run."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..agents.code_cache import cache_is_cold
from ..outcomes.run import Run
from ..outcomes.simulate import simulate
from ..outcomes.whole_folder import OutputError
from .workers import WorkerDied, WorkerPool

if TYPE_CHECKING:
    from ..scenarios import Scenario


class RunsFailed(OutputError):
    """Runs that are needed went wrong."""


Measure = Callable[[Run], Mapping[str, Any]]


@dataclass(frozen=True)
class Replicate:
    """What is left of one run: `values`, or the `error` in a line if it failed. `number` counts from 0."""

    number: int
    seed: int
    values: Mapping[str, Any] | None
    error: str | None
    seconds: float

    @property
    def failed(self) -> bool:
        return self.error is not None


Progress = Callable[[int, int, Replicate], None]


def seeds_for(seed: int, count: int) -> list[int]:
    """The scenario's own seed, then spawned ones; all different, and the first k the same for any count.

    Errors: ValueError for a count below 1.
    """
    if count < 1:
        raise ValueError(f"there must be at least one replicate, not {count}")
    # A few more are drawn than needed, in case one is met twice.
    spawned = np.random.SeedSequence(seed).generate_state(count + 8, np.uint32)
    return list(dict.fromkeys([seed, *(int(each) for each in spawned)]))[:count]


def run_replicates(
    scenario: Scenario,
    count: int,
    measure: Measure,
    *,
    workers: int = 1,
    engine: str = "compiled",
    progress: Progress | None = None,
) -> list[Replicate]:
    """Run `scenario` under `count` seeds and return what `measure` says of each run, by number.

    Replicate 0 has the scenario's own seed. `measure(run)` is called where the run was made; only what it
    returns is kept. `workers` above 1: in so many processes, which import everything anew; `measure` must
    then be a function of a module (or a `partial` of one), and what it returns must be picklable. A
    replicate that fails is recorded with its seed and error, and the others go on. `progress(finished,
    count, replicate)` is called in this process after each. Errors: ValueError for fewer than one
    replicate or worker.
    """
    return run_many([scenario], count, measure, workers=workers, engine=engine, progress=progress)[0]


def run_many(
    scenarios: Sequence[Scenario],
    count: int,
    measure: Measure | Sequence[Measure],
    *,
    workers: int = 1,
    engine: str = "compiled",
    progress: Progress | None = None,
) -> list[list[Replicate]]:
    """Run every scenario under `count` seeds, by one set of processes; a list of replicates for each scenario.

    As `run_replicates`, with one measure for all or one for each. `progress(finished, in all, replicate)` counts the
    runs of all scenarios.
    """
    if workers < 1:
        raise ValueError(f"there must be at least one worker, not {workers}")
    measures = [measure] * len(scenarios) if callable(measure) else measure
    tasks: list[_Task] = []
    for scenario, of_run in zip(scenarios, measures, strict=True):
        for number, seed in enumerate(seeds_for(scenario.seed, count)):
            layers = {**scenario.setting_layers, "seed": f"replicate {number}"}
            seeded = replace(scenario, seed=seed, setting_layers=layers) if number else scenario
            tasks.append(_Task(len(tasks), seeded, of_run, engine))
    done: dict[int, Replicate] = {}

    def keep(replicate: Replicate) -> None:
        done[replicate.number] = replace(replicate, number=replicate.number % count)
        if progress is not None:
            progress(len(done), len(tasks), done[replicate.number])

    if workers == 1:
        for task in tasks:
            keep(_carry_out(task))
    else:
        _in_processes(tasks, workers, keep)
    ordered = [done[number] for number in range(len(tasks))]
    return [ordered[first : first + count] for first in range(0, len(ordered), count)]


class RunsBeside:
    """A run of each scenario, begun in the processes of a pool while this one has something else to do.

    `finish` carries out here what the processes have not begun, or could not end.
    """

    def __init__(self, scenarios: Sequence[Scenario], measure: Measure, pool: WorkerPool) -> None:
        self._tasks = [
            _Task(number, scenario, measure, "compiled") for number, scenario in enumerate(scenarios)
        ]
        self._given = [pool.submit(_carry_out, task) for task in self._tasks]

    def finish(self, progress: Progress | None = None) -> list[Replicate]:
        """All of them, in the order of the scenarios; `progress(finished, in all, replicate)` after each."""
        done: dict[int, Replicate] = {}

        def keep(replicate: Replicate) -> None:
            done[replicate.number] = replicate
            if progress is not None:
                progress(len(done), len(self._tasks), replicate)

        for task, future in reversed(list(zip(self._tasks, self._given, strict=True))):
            if future.cancel():
                keep(_carry_out(task))
        for task, future in zip(self._tasks, self._given, strict=True):
            if not future.cancelled():
                try:
                    keep(future.result())
                except Exception:  # no word of the run itself: its process died, or could not tell of it
                    keep(_carry_out(task))
        return [done[task.number] for task in self._tasks]


@dataclass(frozen=True)
class _Task:
    number: int
    scenario: Scenario
    measure: Measure
    engine: str


def _carry_out(task: _Task) -> Replicate:
    """Run and measure; whatever goes wrong is part of the result."""
    started = time.perf_counter()
    values, error = None, None
    try:
        values = dict(task.measure(simulate(task.scenario, engine=task.engine)))
    except Exception as problem:
        error = f"{type(problem).__name__}: {problem}".splitlines()[0]
    gc.collect()  # a model and its agents refer to each other
    return Replicate(task.number, task.scenario.seed, values, error, time.perf_counter() - started)


def _in_processes(tasks: list[_Task], workers: int, keep: Callable[[Replicate], None]) -> None:
    pool = WorkerPool(min(workers, len(tasks)), attempts=2)
    # Where the rules have yet to be compiled, one process does it, and the others find its machine code.
    alone = int(cache_is_cold() and tasks[0].engine == "compiled")
    try:
        for some in (tasks[:alone], tasks[alone:]):
            futures = {pool.submit(_carry_out, task): task for task in some}
            for future in as_completed(futures):
                died, task = future.exception(), futures[future]
                if isinstance(died, WorkerDied):
                    keep(Replicate(task.number, task.scenario.seed, None, str(died), 0.0))
                else:
                    keep(future.result())
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
