"""How providers are counted and remembered: a row of the counter `served` (E5), and a bit for who has refused.

A new provider takes its own: `TALLY = tally("congregation")`, `REFUSAL = refusal("congregation")`. What tables, figures
and stories call it may be said there too: `tally("congregation", many="congregations")`, see `vocabulary.provider`.
"""

from __future__ import annotations

from ..scenarios.catalogue import CITY as CITY
from ..scenarios.catalogue import INFORMAL as INFORMAL
from ..scenarios.catalogue import JOB as JOB
from ..scenarios.catalogue import NATION as NATION
from ..scenarios.catalogue import NGO as NGO
from ..scenarios.catalogue import NOBODY as NOBODY
from ..scenarios.catalogue import PROVIDERS
from ..scenarios.vocabulary import PROVIDER, provider

TALLIES = list(PROVIDERS)  # who met a need, as the ledger counts it
_REFUSALS: list[str] = []
_BITS = 8  # of `migrant.tried`


def tally(name: str, **words: str) -> int:
    """The row of whom the ledger calls so; a new one comes last, and `words` are its fields in the vocabulary."""
    if name not in TALLIES:
        TALLIES.append(name)
        PROVIDER[name] = provider(name, **words)
    return TALLIES.index(name)


def refusal(name: str) -> int:
    """The bit of `migrant.tried` for a refusal by this provider. Errors: ValueError if all are taken."""
    if name not in _REFUSALS:
        if len(_REFUSALS) == _BITS:
            raise ValueError(f"{name} finds no bit for its refusals: {', '.join(_REFUSALS)} have them all")
        _REFUSALS.append(name)
    return 1 << _REFUSALS.index(name)
