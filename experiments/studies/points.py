"""Design points: the scenarios that a study runs, and under which seeds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...scenarios import Change, Scenario
from ...scenarios.checks import get, put
from ...scenarios.scenario import regimes_of
from ...scenarios.settings import month_number
from ...scenarios.yaml_text import Scalar, SourceLocation
from .designs import combinations
from .study import NEVER, SHARED, Factor, Setting, Study

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
    kept = [[k.name, k.theme, k.measure, k.by, k.group, k.year] for k in study.outcomes]
    how = [
        [f.name, f.paths, f.changes, f.moved, {name: list(s) for name, s in (f.alternatives or {}).items()}]
        for f in study.factors
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
    """The seed of a run: of (study's seed, replicate) where luck is shared, of the point as well where it is not."""
    path = (replicate,) if study.luck == SHARED else (replicate, point)
    state = np.random.SeedSequence(study.seed, spawn_key=path).generate_state(1, np.uint64)
    return int(state[0]) >> (64 - SEED_BITS)


def scenario_at(study: Study, point: Point) -> Scenario:
    """The scenario of a design point, with the seed of its scenario."""
    base = next(each for each in study.scenarios if each.name == point.scenario)
    settings: list[Setting] = []
    timeline = {(change.month, change.path): change for change in base.timeline}
    for factor in study.factors:
        if factor.name not in point.values:
            continue
        value = point.values[factor.name]
        if factor.alternatives is not None:
            settings += factor.alternatives[value]
        elif factor.dated:
            _date(factor, value, base, timeline)
        else:
            settings.append((factor.paths[0], value))
    dated = [timeline[key] for key in sorted(timeline)]
    if dated != base.timeline:
        base = replace(base, timeline=dated)
        return with_settings(base, settings, "study", changed=True)
    return with_settings(base, settings, "study")


def with_settings(
    scenario: Scenario, settings: Iterable[Setting], where: str, *, changed: bool = False
) -> Scenario:
    """The scenario with other parameters at the start, as `--set` gives them; its dated changes still come.

    `changed`: the timeline is another one than the regimes of the scenario were made of.
    """
    settings = list(settings)
    if not settings and not changed:
        return scenario
    values = scenario.regimes[0][1].model_dump()
    layers = dict(scenario.layers)
    for path, value in settings:
        put(values, path, value)
        layers[path] = where
    return replace(scenario, regimes=regimes_of(values, scenario.timeline), layers=layers)


def own_value(factor: Factor, scenario: Scenario) -> Any:
    """The value of a factor that a point leaves as the scenario has it."""
    if factor.changes:
        return NEVER
    if factor.moved is not None:
        first = _month(scenario.start)
        assert factor.moved[1] >= first
        return scenario.date(factor.moved[1] - first)
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
    for factor in study.factors:
        if factor.name not in point.values:
            continue
        value = point.values[factor.name]
        if factor.dated:
            return None
        settings = [(factor.paths[0], value)] if factor.alternatives is None else factor.alternatives[value]
        found += [
            f"{path}={json.dumps(each) if not isinstance(each, str) else each}" for path, each in settings
        ]
    return found


def _date(factor: Factor, value: str, base: Scenario, timeline: dict[tuple[int, str], Change]) -> None:
    """Put a factor's dated changes into the timeline, or take its own away."""
    first = _month(base.start)
    changes = factor.changes
    if factor.moved is not None:
        path, month = factor.moved
        moved = timeline.pop((month - first, path))
        changes = ((path, moved.value),)
    if value != NEVER:
        at = _month(value) - first
        for path, new in changes:
            timeline[at, path] = Change(at, path, new, f"study: {factor.name}")


def _month(date: str) -> int:
    number = month_number(Scalar(date, date, SourceLocation("")))
    assert number is not None
    return number
