"""What is a run? Its parameters, the files that set them, and its places."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from .errors import ScenarioError
from .load import ScenarioTemplate, list_scenarios, load_scenario
from .scenario import Scenario
from .timeline import Change

if TYPE_CHECKING:
    from .places import Places, load_places

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


def __getattr__(name: str) -> Any:
    # Places bring the numerical packages with them, which `--help` and `list` need not wait for.
    if name in ("Places", "load_places"):
        from . import places

        return getattr(places, name)
    if name == "Prepared":
        warnings.warn("Prepared is called ScenarioTemplate now", DeprecationWarning, stacklevel=2)
        return ScenarioTemplate
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
