"""What can do nothing in a scenario: parameters that were set there, and that a switch elsewhere keeps from acting."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

from .checks import get
from .settings import place_of

if TYPE_CHECKING:
    from .scenario import Scenario


class Gate(NamedTuple):
    """While all `keys` have the value at which they are shut, the parameters behind them (patterns of paths) do
    nothing, but for the `others`."""

    keys: dict[str, Any]
    behind: tuple[str, ...]
    others: tuple[str, ...] = ()


# Each is run with its parameters moved, by a test that no table differs.
GATES = (
    Gate(
        {"city.pace": 0.0},
        ("city.neighbours", "city.similar", "city.rivalry", "city.norm", "city.pioneers", "city.pioneers_from",
         "city.incidents", "city.advocacy", "city.adoption", "city.habit"),
    ),
    Gate({"ngos.enabled": False}, ("ngos.*", "ngo_kinds.*"), ("ngos.enabled",)),
    Gate(
        {"fear.weight": 0.0},
        ("fear.local", "fear.talk", "fear.circle", "fear.government", "fear.ngos"),
    ),
    Gate({"policy.programme": 0.0}, ("needs.*.programme", "policy.one_size")),
    Gate(
        {"enforcement.borne": 1.0},
        ("enforcement.patience", "enforcement.answers_in", "enforcement.ebb", "enforcement.purse",
         "enforcement.given_up"),
    ),
    Gate({"policy.project": 0.0, "policy.levy": 0.0}, ("policy.desk_cost",)),
    Gate({"policy.relief_teachers": 0.0}, ("policy.teachers_from",)),
    Gate({"policy.declared": 0.0, "policy.guidance": 0.0}, ("policy.uptake",)),
    Gate({"status.amnesty": 0.0}, ("status.amnesty_after", "status.amnesty_permit")),
)  # fmt: skip


class Idle(NamedTuple):
    """A parameter that was set and does nothing, and what keeps it from acting."""

    path: str
    layer: str
    keys: dict[str, Any]


def idle_parameters(scenario: Scenario) -> Iterator[Idle]:
    """Parameters that `--set` or the scenario's own file gave a value, and that can do nothing during its run."""
    regimes = [parameters.model_dump() for month, parameters in scenario.regimes if month < scenario.months]
    own = [
        path for path, layer in scenario.layers.items() if layer == "--set" or _stem(layer) == scenario.name
    ]
    for gate in GATES:
        if not all(get(values, key) == shut for values in regimes for key, shut in gate.keys.items()):
            continue
        for path in own:
            if path in gate.keys or any(fnmatchcase(path, each) for each in gate.others):
                continue
            if any(fnmatchcase(path, each) for each in gate.behind):
                yield Idle(path, scenario.layers[path], gate.keys)


def _stem(layer: str) -> str:
    """The name of the file that a layer is of."""
    file = (place_of(layer)[0] or layer).replace("\\", "/").rpartition("/")[2]
    return file.rpartition(".")[0]
