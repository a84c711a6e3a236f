"""The one way to make a run: load the scenario, run the model, keep what it observed, give its memory back."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace

from ..model.simulation import Simulation
from ..scenarios import Scenario, load_scenario
from .run import Run

Progress = Callable[[int, int, int], None]


class Stopped(Exception):
    """A run was given up because `stop()` said so."""


def simulate(
    scenario: Scenario | str | os.PathLike[str],
    *,
    seed: int | None = None,
    months: int | None = None,
    threads: int | None = 1,
    engine: str = "compiled",
    sets: Sequence[str] = (),
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Run:
    """Run a scenario to its end and return what came of it; the model's memory is given back.

    `scenario`: a Scenario, the name of a shipped one, or the path of a file. `seed`, `months`, `sets`
    ("fear.weight=0"): override what it says. `threads`: None for as many as there are cores.
    `progress(months done, months in all, migrants)` is called after each month; whatever it raises ends the run.
    `stop()`: asked before each month, true gives the run up.
    Errors: ScenarioError; Stopped; ValueError for `sets` of a Scenario, which is loaded already.
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario, sets=sets, seed=seed, months=months)
    elif sets:
        raise ValueError("a scenario that is loaded already takes no `sets`: give them when loading it")
    else:
        scenario = _with(scenario, seed=seed, months=months)
    model = Simulation(scenario, engine=engine, threads=threads)
    try:
        while model.month < scenario.months:
            if stop is not None and stop():
                raise Stopped(f"stopped in {model.date}")
            model.step()
            if progress is not None:
                progress(model.month, scenario.months, model.state.people_living())
        return Run.from_model(model)
    finally:
        model.release()


def _with(scenario: Scenario, **settings: int | None) -> Scenario:
    """The scenario with some settings changed; it remembers that the caller gave them."""
    given = {name: value for name, value in settings.items() if value is not None}
    if not given:
        return scenario
    layers = {**scenario.setting_layers, **{name: f"--{name}" for name in given}}
    return replace(scenario, **given, setting_layers=layers)  # type: ignore[arg-type]
