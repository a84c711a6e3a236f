"""Design points: which combinations of the factors' values are run, in which scenarios, under which seeds."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...model.beforehand import FEW_STAGES, check_chances, check_memory
from ...model.engine import engine_called
from ...scenarios import Change, Scenario, ScenarioError
from ...scenarios.checks import get, put
from ...scenarios.errors import shortened
from ...scenarios.places import drawn_anew
from ...scenarios.scenario import regimes_of
from .study import NEVER, PLACES_SEED, Design, Factor, Setting, Study

SAMPLED = ("lhs", "morris", "sobol")
KINDS = ("list", "grid", "ofat", *SAMPLED)

Combination = Mapping[str, Any]  # factor -> value; a factor that is left out stays as the scenario has it


def combinations(design: Design, factors: Sequence[Factor], seed: int) -> list[Combination]:
    """The points of a design, in order: for each, the factors that are set, by name.

    Sampled designs depend on `seed` alone.
    """
    names = [factor.name for factor in factors]
    if design.kind == "list":
        return list(design.points) or [{}]
    if design.kind == "grid":
        values = [factor.spread(design.levels) for factor in factors]
        return [dict(zip(names, chosen, strict=True)) for chosen in product(*values)]
    if design.kind == "ofat":
        return [{}, *({f.name: value} for f in factors for value in f.spread(design.levels))]
    return [
        {factor.name: factor.at(float(share)) for factor, share in zip(factors, row, strict=True)}
        for row in shares(design, len(factors), seed)
    ]


def size(design: Design, factors: Sequence[Factor]) -> int:
    """How many points a design has, told without making them."""
    count = len(factors)
    if design.kind == "list":
        return max(1, len(design.points))
    if design.kind == "grid":
        return int(np.prod([len(factor.spread(design.levels)) for factor in factors], dtype=np.int64))
    if design.kind == "ofat":
        return 1 + sum(len(factor.spread(design.levels)) for factor in factors)
    if design.kind == "morris":
        return design.size * (count + 1)
    if design.kind == "sobol":
        return design.size * ((2 * count if design.second_order else count) + 2)
    return design.size


def shares(design: Design, count: int, seed: int) -> NDArray[np.float64]:
    """The sample of a lhs, morris or sobol design in the unit cube, (points, count): what SALib analyses.

    `Factor.at` turns each share into a value.
    """
    if design.kind == "lhs":
        from scipy.stats import qmc

        return np.asarray(qmc.LatinHypercube(count, rng=np.random.default_rng(seed)).random(design.size))
    names = [f"x{number}" for number in range(count)]
    problem = {"num_vars": count, "names": names, "bounds": [[0.0, 1.0]] * count}
    narrow = seed % 2**32  # as far as SALib's seeds go
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a size that is no power of 2, which the file's check has told
        if design.kind == "morris":
            from SALib.sample import morris

            return np.asarray(morris.sample(problem, design.size, num_levels=design.levels, seed=narrow))
        from SALib.sample import sobol

        return np.asarray(
            sobol.sample(problem, design.size, calc_second_order=design.second_order, seed=narrow)
        )


SEED_BITS = 52  # as much as every reader of CSV and JSON keeps exactly


@dataclass(frozen=True)
class Point:
    """One design point: a scenario, and the values of the factors that are set in it; others stay as they are."""

    number: int
    scenario: str
    values: Mapping[str, Any]
    key: str  # a hash of all that its runs come from, beside seed and rules: scenario, values, outcomes kept


def points_of(study: Study) -> list[Point]:
    """All design points, numbered from 0: those of the first scenario, then those of the next."""
    chosen = combinations(study.design, study.factors, study.seed)
    if study.worlds is not None:
        chosen = [{**values, **world} for values in chosen for world in study.worlds.points]
    kept = [[k.name, k.theme, k.measure, k.by, k.group, k.year] for k in study.outcomes]
    how = [
        [f.name, f.paths, f.changes, f.moved, {name: list(s) for name, s in (f.alternatives or {}).items()}]
        for f in study.varied
    ]
    found: list[Point] = []
    for scenario in study.scenarios:
        common = hashlib.sha256(json.dumps([scenario.name, scenario.hash, kept, how]).encode())
        for values in chosen:
            digest = common.copy()
            digest.update(json.dumps(dict(values), sort_keys=True).encode())
            found.append(Point(len(found), scenario.name, values, digest.hexdigest()[:16]))
    return found


def seed_for(study: Study, point: int, replicate: int) -> int:
    """The seed of a run: of (study's seed, replicate) under common random numbers, of the world too if there are
    several, else of the point."""
    path = (replicate, *study.luck_of(point))
    state = np.random.SeedSequence(study.seed, spawn_key=path).generate_state(1, np.uint64)
    return int(state[0]) >> (64 - SEED_BITS)


def scenario_at(study: Study, point: Point) -> Scenario:
    """The scenario of a design point, with the seed of its scenario."""
    base = next(each for each in study.scenarios if each.name == point.scenario)
    settings: list[Setting] = []
    timeline = {(change.month, change.path): change for change in base.timeline}
    for factor in study.varied:
        if factor.name not in point.values:
            continue
        if factor.dated:
            _date(factor, point.values[factor.name], base, timeline)
        else:
            settings += _settings(study, factor, point)
    dated = [timeline[key] for key in sorted(timeline)]
    changed = dated != base.timeline
    return with_settings(replace(base, timeline=dated) if changed else base, settings, "study", changed)


def with_settings(
    scenario: Scenario, settings: Sequence[Setting], where: str, changed: bool = False
) -> Scenario:
    """The scenario with other parameters, or another draw of places, at the start, as `--set` gives them; its dated
    changes still come.

    `changed`: the timeline is another one than the regimes of the scenario were made of.
    """
    if not settings and not changed:
        return scenario
    values = scenario.regimes[0][1].model_dump()
    layers = dict(scenario.layers)
    for path, value in settings:
        if path == PLACES_SEED:
            scenario = _drawn_anew(scenario, int(value), where)
        else:
            put(values, path, value)
            layers[path] = where
    return replace(scenario, regimes=regimes_of(values, scenario.timeline), layers=layers)


def _drawn_anew(scenario: Scenario, seed: int, where: str) -> Scenario:
    """The scenario with all that is drawn of its places drawn by another `places_seed`."""
    services = scenario.parameters.services.names
    places = drawn_anew(scenario.places, scenario.places_name, seed, services)
    layers = {**scenario.setting_layers, PLACES_SEED: where}
    return replace(scenario, places=places, places_seed=seed, setting_layers=layers)


def check_points(study: Study, points: Sequence[Point]) -> None:
    """Errors: ScenarioError if a design point has a run that could not end: then the study is refused as a whole."""
    base = {scenario.name: scenario for scenario in study.scenarios}
    stages = sum(len(base[point.scenario].regimes) for point in points)
    engine = engine_called("compiled") if stages > FEW_STAGES else None
    for point in points:
        scenario = scenario_at(study, point)
        try:
            check_memory(scenario)
            check_chances(scenario, engine)
        except ScenarioError as error:
            if point.values:
                told = ", ".join(f"{name}: {value}" for name, value in point.values.items())
                error.message = f"at design point {point.number} ({shortened(told)}), {error.message}"
            raise


def own_value(factor: Factor, scenario: Scenario) -> Any:
    """The value of a factor that a point leaves as the scenario has it."""
    if factor.changes:
        return NEVER
    if factor.moved is not None:
        return scenario.date(factor.moved[1] - month_of(scenario.start))
    if factor.paths == (PLACES_SEED,):
        return scenario.places_seed
    values = scenario.parameters.model_dump()
    if factor.alternatives is not None:
        for name, settings in factor.alternatives.items():
            if all(get(values, path) == value for path, value in settings):
                return name
        return "as it is"
    return get(values, factor.paths[0])


def set_options(study: Study, point: Point) -> list[str] | None:
    """What `--set` has to say for a design point, as "fear.weight=3"; None if dates differ, which it can't say."""
    found = []
    for factor in study.varied:
        if factor.name not in point.values:
            continue
        if factor.dated:
            return None
        found += [
            f"{path}={each if isinstance(each, str) else json.dumps(each)}"
            for path, each in _settings(study, factor, point)
        ]
    return found


def _settings(study: Study, factor: Factor, point: Point) -> list[Setting]:
    """What a factor without dates sets at a point: of a world, not what the scenario keeps."""
    value = point.values[factor.name]
    if factor.alternatives is None:
        return [(factor.paths[0], value)]
    kept: Sequence[str] = ()
    if study.worlds is not None and factor in study.worlds.factors:
        kept = study.worlds.kept[point.scenario]
    return [(path, each) for path, each in factor.alternatives[value] if path not in kept]


def _date(factor: Factor, value: str, base: Scenario, timeline: dict[tuple[int, str], Change]) -> None:
    """Put a factor's dated changes into the timeline, or take its own away."""
    first = month_of(base.start)
    changes = factor.changes
    if factor.moved is not None:
        path, month = factor.moved
        moved = timeline.pop((month - first, path))
        changes = ((path, moved.value),)
    if value != NEVER:
        at = month_of(value) - first
        for path, new in changes:
            timeline[at, path] = Change(at, path, new, f"study: {factor.name}")


def month_of(date: str) -> int:
    """Months since the year 0 of a date that is known to be one."""
    year, month = date.split("-")
    return 12 * int(year) + int(month) - 1
