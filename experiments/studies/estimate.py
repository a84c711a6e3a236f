"""About how long a run of a study takes, tried out."""

from __future__ import annotations

import time

from ...agents.rule import cache_is_cold
from ...model import LocalCitizenship
from ...outcomes.outcome_spec import values_of
from ...outcomes.run import Run
from ...scenarios import Scenario, load_scenario
from ..replicates import release
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
    release(_of(load_scenario("two-towns", months=13), float("inf"))[0])
    total = 0.0
    for scenario in study.scenarios:
        model, seconds = _of(scenario, _LONGEST)
        if model.month == scenario.months:
            started = time.perf_counter()
            values_of(Run.from_model(model), study.outcomes)
            seconds += time.perf_counter() - started
        release(model)
        total += seconds
    return total / len(study.scenarios)


def _of(scenario: Scenario, longest: float) -> tuple[LocalCitizenship, float]:
    """A model that has run, or was broken off after `longest` seconds, and what all its months take."""
    model = LocalCitizenship(scenario)
    started = time.perf_counter()
    while model.month < scenario.months and time.perf_counter() - started < longest:
        model.step()
    return model, (time.perf_counter() - started) * scenario.months / model.month
