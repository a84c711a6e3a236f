"""How providers are counted and remembered: a row of the counter `served` (E5), and a bit for who has refused.

A new provider takes its own: `TALLY = tally("congregation")`, `REFUSAL = refusal("congregation")`.
"""

from __future__ import annotations

from ..scenarios.catalogue import CITY as CITY
from ..scenarios.catalogue import NATION as NATION
from ..scenarios.catalogue import NGO as NGO
from ..scenarios.catalogue import NOBODY as NOBODY
from ..scenarios.catalogue import PROVIDERS

TALLIES = list(PROVIDERS)  # who met a need, as the ledger counts it
_REFUSALS: list[str] = []
_BITS = 8  # of `migrant.tried`


def tally(name: str) -> int:
    """The row of whom the ledger calls so; a new one comes last."""
    if name not in TALLIES:
        TALLIES.append(name)
    return TALLIES.index(name)


def refusal(name: str) -> int:
    """The bit of `migrant.tried` for a refusal by this provider. Errors: ValueError if all are taken."""
    if name not in _REFUSALS:
        if len(_REFUSALS) == _BITS:
            raise ValueError(f"{name} finds no bit for its refusals: {', '.join(_REFUSALS)} have them all")
        _REFUSALS.append(name)
    return 1 << _REFUSALS.index(name)
