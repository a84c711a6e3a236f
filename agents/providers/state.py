"""The state's own offices (A1, A6): a right on paper, or a uniform national programme."""

from __future__ import annotations

from ...scenarios.catalogue import RUNG_OF_STATUS
from ..chance import REPORTED_TO_STATE, STATE_DELIVERS
from ..fear import dares_state
from ..language import gets_through
from ..rule import rule
from ..services import RIGHTS
from ..settling import enclave_of, feel_at_home
from ..tally import NATION, refusal
from .job import is_covered
from .provider import ANSWERED, ask_at_counter, be_helped, be_refused, is_granted, may_be_reported, provides

REFUSAL = refusal("state")
_RUNG = RUNG_OF_STATUS


@rule("A1")
def has_right(world, status, need):
    """A formal right on paper, by rung, the same in every municipality."""
    return _RUNG[status] < world.needs_right[need]


@rule("A6")
def programme_helps(world, status, need):
    """Chance that the nation's uniform programme helps: the same everywhere, for the needs it covers, and
    fitted to nobody in particular."""
    if _RUNG[status] >= world.policy_programme_open:
        return 0.0
    return world.policy_programme * world.policy_programme_fit * world.needs_programme[need]


@rule("A1", "C8")
def right_is_met(world, status, need):
    """Chance that an office of the state honours a right on paper, the more so after court cases won."""
    if not has_right(world, status, need):
        return 0.0
    delivery = world.needs_state_delivery[need]
    return delivery + (1.0 - delivery) * world.precedent


@rule("A1", "A6")
def state_is_open(world, status, need):
    """Whether there is anything to ask the state for: a right, or its programme."""
    if has_right(world, status, need) and world.needs_state_delivery[need] > 0.0:
        return True
    return programme_helps(world, status, need) > 0.0


@rule("A1", "A6")
def state_delivers(world, status, need):
    """Chance that the state helps, by right or by its programme."""
    return 1.0 - (1.0 - right_is_met(world, status, need)) * (1.0 - programme_helps(world, status, need))


@rule("A1", "A6")
def is_there(migrant, here):
    """A right, or a programme; whoever is insured through the job asks the insurance instead."""
    return not is_covered(migrant, here) and state_is_open(here.world, migrant.status, migrant.need - 1)


@rule
def is_open_to(_, __):
    """A right is for those who have it."""
    return True


@rule("D2")
def is_known_to(migrant, _):
    """Many do not know the rights they have under national law."""
    return migrant.knows & RIGHTS != 0


@rule
def dares(_, here, nerve, fear):
    """No city's firewall holds here."""
    return dares_state(nerve, fear, here.world)


@rule("A1", "A4")
def ask(migrant, here):
    """The state's own offices help only so often, and only those they understand."""
    world = here.world
    feel_at_home(migrant, here)
    ask_at_counter(migrant, here, NATION, 0)
    understood = gets_through(migrant, world, 0.0, enclave_of(migrant, here))
    chance = state_delivers(world, migrant.status, migrant.need - 1) * understood
    if is_granted(migrant, world, STATE_DELIVERS, chance):
        be_helped(migrant, here, NATION)
    else:
        be_refused(migrant, here, NATION, REFUSAL, 0)
    may_be_reported(migrant, here, REPORTED_TO_STATE, 0.0)
    return ANSWERED


provides(
    name="state",
    turn=40,
    tally=NATION,
    is_there=is_there,
    is_open=is_open_to,
    is_known=is_known_to,
    dares=dares,
    ask=ask,
    refusal=REFUSAL,
    is_office=True,
)
