"""About how long a run of a study takes, tried out."""

from __future__ import annotations

import contextlib
import time

from ...agents.rule import cache_is_cold
from ...outcomes.outcome_spec import values_of
from ...outcomes.simulate import Stopped, simulate
from ...scenarios import Scenario
from .study import Study

_LONGEST = 3.0  # seconds of trial a scenario


def seconds_of_a_run(study: Study) -> float | None:
    """Seconds of a run, the mean of the scenarios; None where the rules have yet to be compiled.

    A trial that takes too long is broken off, and the rest reckoned from the months that have passed: somewhat
    less than the truth where the population grows.
    """
    if cache_is_cold():
        return None
    # All rules of a month and of a year, loaded (or compiled, if they were kept in part) before anything is timed.
    simulate("two-towns", months=13)
    return sum(_seconds(study, scenario) for scenario in study.scenarios) / len(study.scenarios)


def _seconds(study: Study, scenario: Scenario) -> float:
    months, began = 0, 0.0

    def progress(done: int, _total: int, _migrants: int) -> None:
        nonlocal months
        months = done

    def stop() -> bool:  # asked before each month, so that the first call is when the model is made
        nonlocal began
        began = began or time.perf_counter()
        return months > 0 and time.perf_counter() - began > _LONGEST

    with contextlib.suppress(Stopped):
        values_of(simulate(scenario, progress=progress, stop=stop), study.outcomes)
    return (time.perf_counter() - began) * scenario.months / months
