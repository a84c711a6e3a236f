"""Random behaviour: the model's numbers drawn anew, flows held, to see which patterns it meets all the same."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

import numpy as np

from ...scenarios import Scenario, ScenarioError, load_scenario
from ...scenarios.schema import iter_parameters
from ...scenarios.schema.parameter import ParameterInfo
from ..replicates import Progress, run_many
from . import PATTERNS
from .check import SettingRuns, of_seed, scenarios_for
from .pattern import Pattern, Values, observe_all
from .power import Power

# Sections of the schema whose numbers decide who comes, moves, works and leaves, or how a run is kept. The flows they
# make are fitted to registers, and a draw leaves them as they are: random is how people, cities and NGOs behave.
HELD = ("doors", "trades", "labour", "settling", "status", "moving", "enforcement", "scale", "stories")
DATES = ("year", "date")  # units of what is a date rather than an amount
LEAST, MOST = 1 / 3, 3.0  # times its value: how far a number is drawn, evenly on a logarithmic scale
BASE_SEEDS = 10
ATTEMPTS = 20  # sets of numbers that do not go together are drawn again


def behaviour(scenario: Scenario) -> list[ParameterInfo]:
    """The numbers that a draw changes: of behaviour, not cited, not zero."""
    return [
        info
        for info in iter_parameters(scenario.parameters)
        if info.type in (int, float)
        and not info.start_only
        and info.path.split(".")[0] not in HELD
        and info.unit not in DATES
        and info.default
        and _nobody_knows(scenario.sources[info.path])
    ]


def _nobody_knows(source: str) -> bool:
    return "assumption" in source or "fitted" in source


def drawn(info: ParameterInfo, u: float) -> float:
    """A value for `u` from 0 to 1: a third to three times what it is, of a share its odds; inside its range."""
    factor = LEAST * (MOST / LEAST) ** u
    value = float(info.default)
    if info.high == 1 and 0 < value < 1:
        odds = factor * value / (1 - value)
        return odds / (1 + odds)
    low = -math.inf if info.low is None else info.low
    high = math.inf if info.high is None else info.high
    value = min(max(factor * value, low), high)
    return max(round(value), math.ceil(low)) if info.type is int else value


def random_settings(scenario: Scenario, count: int) -> Iterator[list[str]]:
    """`count` sets of KEY=VALUE with random behaviour: the same ones for the same scenario and count."""
    numbers = behaviour(scenario)
    for draw in range(count):
        for attempt in range(ATTEMPTS):
            u = np.random.default_rng([scenario.seed, draw, attempt]).random(len(numbers)).tolist()
            sets = [f"{info.path}={drawn(info, each)!r}" for info, each in zip(numbers, u, strict=True)]
            try:
                load_scenario(scenario.name, sets=sets)
            except ScenarioError:
                continue
            yield sets
            break
        else:
            raise ValueError(f"{ATTEMPTS} random sets of numbers did not go together")


def met(pattern: Pattern, values: Values | str) -> bool | None:
    """Whether one run meets it: every judged value inside its band (no interval can be asked of one run)."""
    if isinstance(values, str):
        return None
    judged = [part for part in pattern.parts if part.band is not None]
    return all(part.band.holds(float(values[part.name])) for part in judged if part.band) if judged else None


def power_of_patterns(
    scenario: str,
    draws: int,
    *,
    seeds: int = BASE_SEEDS,
    months: int | None = None,
    workers: int = 1,
    engine: str = "compiled",
    progress: Progress | None = None,
) -> dict[str, Power]:
    """Run random behaviour `draws` times, and the model under `seeds` seeds; id -> how often each pattern was met.

    Every draw has one run of each setting that patterns need, all under the scenario's own seed: what differs is
    behaviour alone. Errors: ScenarioError; ValueError for numbers that never go together.
    """
    base = load_scenario(scenario, months=months)
    size = f"scale.persons_per_record={base.parameters.scale.persons_per_record}"  # of other countries too
    worlds = [scenarios_for(scenario, months, (*sets, size)) for sets in random_settings(base, draws)]
    plain = scenarios_for(scenario, months, (size,))
    flat = [each for world in worlds for each in world.values()]
    measures = [partial(observe_all, name) for world in worlds for name in world]
    total = len(flat) + seeds * len(plain)

    def tell(before: int) -> Progress:
        return lambda done, _, replicate: progress(before + done, total, replicate) if progress else None

    run = partial(run_many, workers=workers, engine=engine)
    found = iter(run(flat, 1, measures, progress=tell(0)) if flat else [])
    random = [{name: SettingRuns(each, next(found)) for name, each in world.items()} for world in worlds]
    of_plain = run(
        list(plain.values()), seeds, [partial(observe_all, n) for n in plain], progress=tell(len(flat))
    )
    model = {n: SettingRuns(plain[n], replicates) for n, replicates in zip(plain, of_plain, strict=True)}
    return {
        id: _power(pattern, base.name, random, model, seeds)
        for id, pattern in PATTERNS.items()
        if all(name in plain for name in pattern.observers)
    }


def _power(
    pattern: Pattern,
    name: str,
    random: list[dict[str, SettingRuns]],
    model: dict[str, SettingRuns],
    seeds: int,
) -> Power:
    of_random = [met(pattern, of_seed(pattern, runs, 0)) for runs in random]
    of_model = [met(pattern, of_seed(pattern, model, number)) for number in range(seeds)]
    told, told_of_model = [[each for each in some if each is not None] for some in (of_random, of_model)]
    return Power(len(told), sum(told), len(told_of_model), sum(told_of_model), name)
