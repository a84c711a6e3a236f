"""Who met a need, as the ledger counts it (E5): rows of the counter `served`. Providers may add to the list."""

from __future__ import annotations

TALLIES: list[str] = ["nobody", "city", "ngo", "nation"]
NOBODY, CITY, NGO, NATION = range(4)
