"""Whom city and state leave out (C2, C5): what follows from who refuses, and never from the status itself.

An office answers a need if it is open to the migrant: a service of the city that is offered and open, the insurance of
the job, or an office of the state over a right on paper. (The nation's programme, there for all alike, takes nobody's
case from an NGO.) It is of no use to somebody whom it has refused, or who does not dare to go there.
"""

from __future__ import annotations

from ...scenarios.catalogue import IRREGULAR
from ..chance import DARES, draw
from ..fear import dares_city, dares_state, fear_left_by_firewall, fear_of
from ..needs import NOT_WORTH_IT, key_of_episode, n_needs
from ..ngo import answers
from ..rule import rule
from ..services import is_open
from .city import REFUSAL as REFUSED_BY_CITY
from .city import service_answering
from .job import is_covered
from .provider import REFUSED_BY_STATE
from .state import has_right


@rule("C2")
def city_has(migrant, here, need):
    """Whether the city offers anything for this need that is open to this migrant."""
    service = service_answering(migrant, here, need)
    return service >= 0 and is_open(migrant, here, service)


@rule("C2")
def state_has(migrant, here, need):
    """Whether the migrant has a right over which an office of the state may be asked."""
    return has_right(here.world, migrant.status, need) and here.world.needs_state_delivery[need] > 0.0


@rule("C2", "D3")
def may_turn_to_office(migrant, here):
    """Whether an office is left for the present need: open, not feared too much, and none that has refused."""
    if migrant.detained:
        return False
    need = migrant.need - 1
    fear = fear_of(migrant, here)
    nerve = 1.0
    if fear > 0.0:
        nerve = draw(here.world.luck_ever, migrant.identity, DARES, key_of_episode(migrant))
    if (
        dares_city(nerve, fear, here)
        and not migrant.tried & REFUSED_BY_CITY
        and city_has(migrant, here, need)
    ):
        return True
    if migrant.tried & REFUSED_BY_STATE or not dares_state(nerve, fear, here.world):
        return False
    return is_covered(migrant, here) or state_has(migrant, here, need)


@rule("C5")
def finds_no_office(migrant, here):
    """Whether a need that ends unmet is one that no office answers; such as was not worth asking about is none."""
    if migrant.stage & NOT_WORTH_IT and not migrant.detained:
        return False
    return not may_turn_to_office(migrant, here)


@rule("C2", "D3")
def out_of_reach(migrant, here, need):
    """How far offices are closed to people like this one in such a need: 1 where none is open, else how likely fear
    keeps them away."""
    afraid = min(1.0, fear_of(migrant, here) * here.world.fear_government)
    if city_has(migrant, here, need):
        return afraid * fear_left_by_firewall(here)
    if state_has(migrant, here, need):
        return afraid
    return 1.0


@rule("C2")
def part_left_out(migrant, here, kind):
    """Of the needs that this kind of NGO answers and that may strike people like this one, the part in which offices
    leave them out, 0 to 1."""
    world = here.world
    outside = int(migrant.status >= IRREGULAR)
    total = left = 0.0
    for need in range(n_needs(world)):
        if answers(world, kind, need):
            rate = world.needs_chance[migrant.door, outside, migrant.woman, need]
            total += rate
            left += rate * out_of_reach(migrant, here, need)
    if total <= 0.0:
        return 0.0
    return left / total
