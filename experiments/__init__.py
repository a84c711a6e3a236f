"""What if, and how sure? Replicates of a scenario, and the patterns the model is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .replicates import Replicate, run_replicates, seeds_for

__all__ = ["Replicate", "run_replicates", "seeds_for"]


def __getattr__(name: str) -> Any:
    # Loaded when first used, since the model comes with it.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import replicates

    return getattr(replicates, name)
