"""What came of it: the run and its folder, and the measures computed from its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .run import Run, ScenarioInfo

__all__ = ["Run", "ScenarioInfo"]


def __getattr__(name: str) -> Any:
    # Loaded when first used: pandas comes with it, and the command line asks this room for a folder's state only.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import run

    return getattr(run, name)
