"""What a study asks for, how far it is, and about how long a run takes."""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Iterator, Sequence

from ...agents.code_cache import cache_is_cold
from ...outcomes.invocation import typed
from ...outcomes.run import Run
from ...outcomes.simulate import Stopped, simulate
from ...scenarios import Scenario
from .folder import StudyFolder
from .kept import kept_of
from .points import Point
from .study import Study
from .tables import command_of

MOST_TOLD = 5


def summary(study: Study, points: list[Point]) -> Iterator[str]:
    """What a study file asks for, a line each."""
    rule = study.replicates
    yield f"{study.name}: {study.title}"
    if study.question:
        yield study.question
    names = ", ".join(f"{each.name} ({each.months} months)" for each in study.scenarios)
    yield f"Scenarios: {names}"
    for factor in study.factors:
        values = ", ".join(str(v).lower() if isinstance(v, bool) else str(v) for v in factor.values)
        values = values or f"{factor.at(0.0)} to {factor.at(1.0)}"
        yield f"Factor {factor.name} ({factor.role}): {values}"
        for change in _overtaken(study, factor.paths if not factor.dated else ()):
            yield f"  note: {change}"
    if study.worlds is not None:
        sets, *draws = (len(factor.values) for factor in study.worlds.factors)
        places = f", each with {draws[0]} draws of places" if draws else ""
        yield f"Uncertainty: {sets} plausible sets of {study.worlds.ensemble}{places}"
    runs = len({point.key for point in points}) if study.common_random_numbers else len(points)
    if rule.fixed:
        yield f"Runs: {runs * rule.least:,} ({len(points):,} design points, {rule.least:,} replicates)"
    else:
        yield (
            f"Runs: {runs * rule.least:,} to {runs * rule.most:,} ({len(points):,} design points, {rule.least:,} to "
            f"{rule.most:,} replicates, until the intervals are narrow enough)"
        )
    yield f"Kept of each: {', '.join(kept.name for kept in study.outcomes)}"


def _overtaken(study: Study, paths: tuple[str, ...]) -> Iterator[str]:
    for scenario in study.scenarios:
        for change in scenario.timeline:
            if change.path in paths and 0 < change.month < scenario.months:
                yield f"{scenario.name} changes {change.path} in {scenario.date(change.month)}, and it holds until then"


def status_of(folder: StudyFolder) -> Iterator[str]:
    """Where a study stands, a line each. Errors: StudyError."""
    found = folder.read()
    queue = folder.queue(found=found)
    done, total = queue.counts()
    failed = [(point, replicate, record) for point, replicate, record in queue.rows() if record.failed]
    open_end = "" if queue.complete() or folder.study.replicates.fixed else " or more"
    yield f"{folder.study.name}: {folder.study.title}"
    yield f"{done:,} of {total:,}{open_end} runs are done, {len(failed):,} of them failed"
    seconds = [record.seconds for record in queue.done.values() if not record.failed]
    if seconds:
        yield f"A run takes {statistics.median(seconds):.2g} s (median)"
    for file, each in found.items():
        if len(found) > 1:
            yield f"  {file.name}: {len(each.records):,} runs"
        for number in each.damaged:
            yield f"  {file.name}: line {number} is damaged; `study resume` does its run again"
    working = folder.at_work()
    for name, holder in working.items():
        yield f"At work: {holder} ({name})"
    if folder.complete:
        yield f"Complete since {folder.manifest['finished']}; its tables are in {folder.path / 'tables'}"
    elif not working:
        yield f"Nobody is at work: {typed('study resume')} {folder.path}"
    for point, replicate, record in failed[:MOST_TOLD]:
        yield f"Failed, point {point}, replicate {replicate}: {record.error}"
        yield f"  repeat it (in {folder.path}): {command_of(queue, point, record.seed)}"
    if len(failed) > MOST_TOLD:
        yield f"... and {len(failed) - MOST_TOLD:,} more: see tables/runs.csv of the complete study"


_LONGEST = 3.0  # seconds of trial a scenario


def seconds_of_a_run(study: Study) -> float | None:
    """Seconds of a run of this study, as `mean_seconds` has them."""
    return mean_seconds(study.scenarios, lambda run: kept_of(run, study.outcomes))


def mean_seconds(scenarios: Sequence[Scenario], keep: Callable[[Run], object]) -> float | None:
    """Seconds of a run, the mean of the scenarios; None where the rules have yet to be compiled. `keep`: what is made
    of each run.

    A trial that takes too long is broken off, and the rest reckoned from the months that have passed: somewhat
    less than the truth where the population grows.
    """
    if cache_is_cold():
        return None
    # All rules of a month and of a year, loaded (or compiled, if they were kept in part) before anything is timed.
    simulate("two-towns", months=13)
    return sum(_seconds(scenario, keep) for scenario in scenarios) / len(scenarios)


def _seconds(scenario: Scenario, keep: Callable[[Run], object]) -> float:
    months, began, started = 0, 0.0, time.perf_counter()

    def progress(done: int, _total: int, _migrants: int) -> None:
        nonlocal months
        months = done

    def stop() -> bool:  # asked before each month, so that the first call is when the model is made
        nonlocal began
        began = began or time.perf_counter()
        return months > 0 and time.perf_counter() - began > _LONGEST

    with contextlib.suppress(Stopped):
        keep(simulate(scenario, progress=progress, stop=stop))
    return began - started + (time.perf_counter() - began) * scenario.months / months
