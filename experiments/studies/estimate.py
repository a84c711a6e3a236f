"""About how long a run of a study takes, tried out."""

from __future__ import annotations

import time

from ...agents.rule import cache_is_cold
from ...model import LocalCitizenship
from ...outcomes.kept import values_of
from ...outcomes.run import Run
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
    total = 0.0
    for number, scenario in enumerate(study.scenarios):
        for warm in (False, True) if number == 0 else (True,):
            model = LocalCitizenship(scenario)
            started = time.perf_counter()
            while model.month < scenario.months:
                model.step()
                if time.perf_counter() - started > (_LONGEST if warm else _LONGEST / 3):
                    break
            seconds = (time.perf_counter() - started) * scenario.months / model.month
            if warm and model.month == scenario.months:
                started = time.perf_counter()
                values_of(Run.from_model(model), study.outcomes)
                seconds += time.perf_counter() - started
            release(model)
        total += seconds
    return total / len(study.scenarios)
