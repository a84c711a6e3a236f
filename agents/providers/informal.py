"""Compatriots, congregations, ethnic businesses (C12): whoever has been here for a while may know somebody who helps.

They are asked at once or not at all, are nobody's office and nobody's fear, and of use in small things. What they give
is help and no citizenship: nobody claims it, and no community confers it.
"""

from __future__ import annotations

from ..chance import COMPATRIOT_HELPS, KNOWS_COMPATRIOT, draw
from ..compatriots import compatriots_in, group_of
from ..mechanism import mechanism
from ..needs import key_of_episode
from ..rule import rule
from ..settling import years_here
from ..tally import INFORMAL, refusal
from .provider import ANSWERED, always, be_helped_by_own, is_granted, provides, turn_to_own

REFUSAL = refusal("informal")


mechanism(
    "C12",
    "Informal help",
    "compatriots, congregations, ethnic businesses and media support people where no office does",
    without={"informal.circle": 0.0},
)


@rule("C12")
def circle_of(migrant, here):
    """How likely somebody one knows could help, 0 to 1: by compatriots here, and by time in the country."""
    world = here.world
    own = max(0.0, compatriots_in(here.city, world, group_of(migrant, world)) - world.persons)
    known = max(0.0, years_here(migrant, world))
    known = known / (known + world.informal_years)
    return world.informal_circle * known * own / (own + world.informal_compatriots)


@rule("C12")
def is_there(migrant, here, _):
    """Whether one knows such a person, which is settled for an episode, and asked in its first month."""
    world = here.world
    if world.month != migrant.need_since or migrant.tried & REFUSAL:
        return False
    if world.needs_informal[migrant.need - 1] <= 0.0:
        return False
    found = draw(world.luck_ever, migrant.identity, KNOWS_COMPATRIOT, key_of_episode(migrant))
    return found < circle_of(migrant, here)


@rule("C12")
def dares(_, __, ___, ____):
    """Nobody fears one's own."""
    return True


@rule("C12")
def ask(migrant, here):
    """They can help with some things, and with others they cannot."""
    migrant.tried = migrant.tried | REFUSAL
    turn_to_own(migrant, here, INFORMAL)
    if is_granted(migrant, here.world, COMPATRIOT_HELPS, here.world.needs_informal[migrant.need - 1]):
        be_helped_by_own(migrant, here, INFORMAL)
    return ANSWERED


provides(
    name="informal",
    turn=5,
    tally=INFORMAL,
    is_there=is_there,
    is_open=always,
    is_known=always,
    dares=dares,
    ask=ask,
    refusal=REFUSAL,
    is_claim=False,
)
