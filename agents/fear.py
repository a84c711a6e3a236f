"""Fear of apprehension (D3)."""

from __future__ import annotations

from ..scenarios.catalogue import IRREGULAR, LEGAL
from .rule import rule


@rule
def fear_of(migrant, world, city):
    """D3: fear, 0 to 1, grows with the yearly risk of apprehension, in the country and in one's own town."""
    if migrant.status <= LEGAL:
        return 0.0
    risk = world.fear_local * min(1.0, city.risk) + (1.0 - world.fear_local) * world.risk
    if migrant.status == IRREGULAR:
        risk = risk * world.enforcement_outside_activity
    return min(1.0, world.fear_weight * risk)


@rule
def dares_city(nerve, fear, world, city):
    """D3: asks the town hall unless fear, less the city's firewall, exceeds the nerve drawn."""
    return nerve >= fear * world.fear_government * (1.0 - world.fear_firewall * city.firewall)


@rule
def dares_state(nerve, fear, world):
    """D3: asks an office of the state, where no firewall helps."""
    return nerve >= fear * world.fear_government


@rule
def dares_ngo(nerve, fear, world):
    """D3: asks an NGO, which is feared much less."""
    return nerve >= fear * world.fear_ngos
