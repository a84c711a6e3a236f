"""Everything known of one parameter in a scenario: its value, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .checks import all_leaves, get, leaves_below, unknown_path
from .errors import ScenarioError
from .scenario import Scenario
from .timeline import Change


@dataclass(frozen=True)
class Explanation:
    """One parameter: `value` and `layer` at the start of the run, `changes` during and after it.

    `low`, `high` and `choices` are None where there is no such bound; `default`, `unit`, `meaning` and
    `mechanism` are the schema's; `source` is the scenario's, or else the schema's.
    """

    path: str
    value: Any
    default: Any
    unit: str
    low: float | None
    high: float | None
    choices: tuple[str, ...] | None
    meaning: str
    source: str
    mechanism: str
    layer: str
    changes: tuple[Change, ...]


def explain(scenario: Scenario, path: str) -> Explanation | list[Explanation]:
    """Explain a parameter, or each parameter of a section ("fear", "doors.coethnic").

    Errors: ScenarioError, with the nearest name, if there is no such parameter or section.
    """
    paths = leaves_below(path)
    if not paths:
        raise ScenarioError(f"unknown parameter {path!r}", hint=unknown_path(path))
    values = scenario.parameters.model_dump()
    found = [_explanation(scenario, each, get(values, each)) for each in paths]
    return found[0] if paths == [path] else found


def _explanation(scenario: Scenario, path: str, value: Any) -> Explanation:
    leaf = all_leaves()[path]
    return Explanation(
        path=path,
        value=value,
        default=leaf.default,
        unit=leaf.unit,
        low=leaf.low,
        high=leaf.high,
        choices=leaf.choices,
        meaning=leaf.meaning,
        source=scenario.sources[path],
        mechanism=leaf.mechanism,
        layer=scenario.layers[path],
        changes=tuple(change for change in scenario.timeline if change.path == path),
    )
