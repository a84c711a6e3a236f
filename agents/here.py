"""What surrounds a migrant this month, and travels through the rules as one thing."""

from __future__ import annotations

from typing import Any, NamedTuple


class Here(NamedTuple):
    """`world`: parameters and what everybody shares. `city`: the municipality one lives in. `place`, `region`,
    `nation`: this month's counters of each (see model/counters.py). `log`: the buffer of the recorded lives.

    All are records. (A tuple of arrays would cost many times more: their references are counted.)
    """

    world: Any
    city: Any
    place: Any
    region: Any
    nation: Any
    log: Any
