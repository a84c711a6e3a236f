"""How a month passes: the Mesa model, the schedule, geography, and the ledger of what is observed."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .citizenship import LocalCitizenship
    from .ledger import Ledger
    from .population import Migrants

__all__ = ["Ledger", "LocalCitizenship", "Migrants"]

_HOMES = {"Ledger": "ledger", "LocalCitizenship": "citizenship", "Migrants": "population"}


def __getattr__(name: str) -> Any:
    # Loaded when first used: Mesa comes with the model, and a run that is only kept does without.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
