"""What is a run? Its parameters, the files that set them, and its places."""

from __future__ import annotations

import importlib
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import ScenarioError
    from .files import list_scenarios
    from .load import ScenarioTemplate, load_scenario
    from .places import Places, load_places
    from .scenario import Scenario
    from .timeline import Change

__all__ = [
    "Change",
    "Places",
    "Scenario",
    "ScenarioError",
    "ScenarioTemplate",
    "list_scenarios",
    "load_places",
    "load_scenario",
]

# Public name -> its module. The schema takes a while to load, and places the numerical packages: whoever lists
# scenarios, or catches their errors, need not wait for them.
_HOMES = {
    "Change": "timeline",
    "Places": "places",
    "Scenario": "scenario",
    "ScenarioError": "errors",
    "ScenarioTemplate": "load",
    "list_scenarios": "files",
    "load_places": "places",
    "load_scenario": "load",
}


def __getattr__(name: str) -> Any:
    if name == "Prepared":
        warnings.warn("Prepared is called ScenarioTemplate now", DeprecationWarning, stacklevel=2)
        name = "ScenarioTemplate"
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
