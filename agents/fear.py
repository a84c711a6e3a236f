"""Fear of apprehension (D3)."""

from __future__ import annotations

from ..scenarios.catalogue import IRREGULAR, LEGAL
from .mechanism import mechanism
from .rule import rule

mechanism(
    "D3",
    "Fear of apprehension",
    "the unauthorised keep away from government even when they know, less so from NGOs",
    without={"fear.weight": 0.0},
)


@rule("D3")
def fear_of(migrant, here):
    """Fear, 0 to 1, grows with the yearly risk of apprehension, in the country and in one's own town."""
    world = here.world
    if migrant.status <= LEGAL:
        return 0.0
    risk = world.fear_local * min(1.0, here.city.risk) + (1.0 - world.fear_local) * world.risk
    if migrant.status == IRREGULAR:
        risk = risk * world.enforcement_outside_activity
    return min(1.0, world.fear_weight * risk)


@rule("D3")
def dares_city(nerve, fear, here):
    """Asks the town hall unless fear, less the city's firewall, exceeds the nerve drawn."""
    world = here.world
    return nerve >= fear * world.fear_government * (1.0 - world.fear_firewall * here.city.firewall)


@rule("D3")
def dares_state(nerve, fear, world):
    """Asks an office of the state, where no firewall helps."""
    return nerve >= fear * world.fear_government


@rule("D3")
def dares_ngo(nerve, fear, world):
    """Asks an NGO, which is feared much less."""
    return nerve >= fear * world.fear_ngos
