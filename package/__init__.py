"""Local citizenship: an agent-based model of what municipalities and NGOs give migrants, and who gets it.

The names below are the public ones: docs/python.md shows each at work. A name is loaded when it is first used, so
that `import local_citizenship` costs nothing. One that is to go is announced for a release before it does.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .experiments.comparison import compare_scenarios as compare
    from .experiments.studies.running import Study
    from .model import LocalCitizenship
    from .outcomes.measures import measure
    from .outcomes.run import Run
    from .outcomes.run_folder import load_run, save_run
    from .outcomes.simulate import simulate
    from .scenarios import Scenario, load_scenario

__version__ = "0.2.0.dev0"
__all__ = [
    "LocalCitizenship",
    "Run",
    "Scenario",
    "Study",
    "__version__",
    "compare",
    "load_run",
    "load_scenario",
    "measure",
    "save_run",
    "simulate",
]

# Public name -> the module it lives in, and its name there.
_HOMES = {
    "LocalCitizenship": ("model", "LocalCitizenship"),
    "Run": ("outcomes.run", "Run"),
    "Scenario": ("scenarios", "Scenario"),
    "Study": ("experiments.studies.running", "Study"),
    "compare": ("experiments.comparison", "compare_scenarios"),
    "load_run": ("outcomes.run_folder", "load_run"),
    "load_scenario": ("scenarios", "load_scenario"),
    "measure": ("outcomes.measures", "measure"),
    "save_run": ("outcomes.run_folder", "save_run"),
    "simulate": ("outcomes.simulate", "simulate"),
}
_ROOMS = ("scenarios", "agents", "model", "outcomes", "experiments", "app")

# Public names on their way out: name -> (what to use instead, the release in which it goes, its home as above).
_DEPRECATED: dict[str, tuple[str, str, tuple[str, str]]] = {}


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return importlib.import_module(f".{name}", __name__)
    if name in _DEPRECATED:
        instead, goes, home = _DEPRECATED[name]
        _warn(name, instead, goes)
        return _loaded(home)
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{_hint(name)}")
    value = _loaded(_HOMES[name])
    globals()[name] = value  # the next look finds it without this function
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_ROOMS})


def _loaded(home: tuple[str, str]) -> Any:
    module, name = home
    return getattr(importlib.import_module(f".{module}", __name__), name)


def _warn(name: str, instead: str, goes: str) -> None:
    import warnings

    text = f"{__name__}.{name} goes in {goes}: use {instead}"
    warnings.warn(text, DeprecationWarning, stacklevel=3)


def _hint(name: str) -> str:
    from .scenarios.errors import did_you_mean

    hint = did_you_mean(name, [*__all__, *_ROOMS])
    return f"; {hint}" if hint and not name.startswith("_") else ""
