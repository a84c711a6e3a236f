"""The state's own offices (A1, A6): a right on paper, or a uniform national programme."""

from __future__ import annotations

from ...scenarios.catalogue import RUNG_OF_STATUS
from ..compatriots import n_groups
from ..mechanism import mechanism
from ..rule import rule
from ..services import RIGHTS
from ..tally import NATION
from .job import is_covered
from .provider import REFUSED_BY_STATE, always, ask_national_office, dares_as_office, provides

REFUSAL = REFUSED_BY_STATE
_RUNG = RUNG_OF_STATUS


mechanism(
    "A1",
    "Ladder of formal status",
    "citizens have most rights, the unauthorised least; on paper they do not vary by place",
    without={"needs.*.right": "nobody"},
    instead="the ladder itself is structure; off, no rung holds a right. Vary needs.<name>.right",
)


@rule("A1")
def has_right(world, status, need):
    """A formal right on paper, by rung, the same in every municipality."""
    return _RUNG[status] < world.needs_right[need]


mechanism(
    "A6",
    "Uniform national programmes",
    "the same everywhere, less sensitive to local need, avoided by those who fear the state",
    without={"policy.programme": 0.0},
)


@rule("A6")
def count_the_usual(world, nation):
    """Whom a uniform programme is made for: how many compatriots one of each group has in the country, beside
    the most that any has."""
    largest = 1.0
    for group in range(n_groups(world)):
        people = 0
        for door in range(world.group_of_door.shape[0]):
            if world.group_of_door[door] == group:
                for status in range(len(_RUNG)):
                    people += nation.stock[door, status]
        world.usual[group] = people / world.nations_of_group[group]
        largest = max(largest, world.usual[group])
    for group in range(n_groups(world)):
        world.usual[group] = world.usual[group] / largest


@rule("A6")
def fit_of_programme(world, group):
    """One size for all fits those of the largest group best, and others the less, the fewer they are in the country,
    however many they are in a place."""
    return world.policy_programme_fit * (1.0 - world.policy_one_size * (1.0 - world.usual[group]))


@rule("A6")
def programme_helps(world, status, need):
    """Chance that the nation's uniform programme helps those whom it fits: the same everywhere, for the needs it
    covers."""
    if _RUNG[status] >= world.policy_programme_open:
        return 0.0
    return world.policy_programme * world.needs_programme[need]


@rule("A1", "C8")
def right_is_met(world, status, need):
    """Chance that an office of the state honours a right on paper, the more so after court cases won."""
    if not has_right(world, status, need):
        return 0.0
    delivery = world.needs_state_delivery[need]
    return delivery + (1.0 - delivery) * world.precedent[need]


@rule("A1", "A6")
def state_is_open(world, status, need):
    """Whether there is anything to ask the state for: a right, or its programme."""
    if has_right(world, status, need) and world.needs_state_delivery[need] > 0.0:
        return True
    return programme_helps(world, status, need) > 0.0


@rule("A1", "A6")
def state_delivers(world, status, need, group):
    """Chance that the state helps, by right or by its programme."""
    programme = programme_helps(world, status, need) * fit_of_programme(world, group)
    return 1.0 - (1.0 - right_is_met(world, status, need)) * (1.0 - programme)


@rule("A1", "A6")
def is_there(migrant, here, _):
    """A right, or a programme; whoever is insured through the job asks the insurance instead."""
    return not is_covered(migrant, here) and state_is_open(here.world, migrant.status, migrant.need - 1)


@rule("D2")
def is_known_to(migrant, _, __):
    """Many do not know the rights they have under national law."""
    return migrant.knows & RIGHTS != 0


@rule("A1", "A6")
def ask(migrant, here):
    """The state's own offices help only so often."""
    world = here.world
    chance = state_delivers(world, migrant.status, migrant.need - 1, world.group_of_door[migrant.door])
    return ask_national_office(migrant, here, NATION, chance)


provides(
    name="state",
    turn=40,
    tally=NATION,
    is_there=is_there,
    is_open=always,
    is_known=is_known_to,
    dares=dares_as_office,
    ask=ask,
    refusal=REFUSAL,
    is_office=True,
)
