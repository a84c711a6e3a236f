"""What migrants know of: learned from outreach, handbooks, fellow migrants and asking around (D2; NGOs': outreach)."""

from __future__ import annotations

from .chance import (
    CLAIM_TEACHES,
    KEEPS,
    LEARNS,
    NEED_STRIKES,
    READS,
    SEARCHES,
    TELLS_RIGHTS,
    TOLD,
    WHICH_NGO,
    draw,
    item_of,
    random_bytes,
    uniform_for,
)
from .compatriots import group_of
from .event import GOES_ON, PLACE, by_chance
from .event_log import LEARNED_CITY, LEARNED_NGO, log_event
from .mechanism import mechanism
from .rule import rule
from .services import INFORMS, RIGHTS, bit_of, effect_of, is_known, is_offered, n_services

# Occasions on which the same question is asked more than once in a month: each has luck of its own.
ARRIVING, MOVING, FINDING_WORK = range(3)
HEARING, ASKING = 0, 2
BY_HANDBOOK, BY_NGO = range(2)
_OF_KINDS = 1  # in the KEEPS draws: kinds of NGO, not services


@rule
def n_kinds(world):
    """Number of kinds of NGO."""
    return world.ngo_kinds_skill.shape[0]


mechanism(
    "D2",
    "Awareness",
    "most have not heard of the NGOs, and many do not know their rights",
    without={
        "awareness.state": 1.0,
        "awareness.arrival": 1.0,
        "awareness.search": 1.0,
        "awareness.kept_on_moving": 1.0,
    },
    instead="off, everyone knows their rights, is told on registering, and finds a provider at once",
)


@rule("D2")
def hears_from_city(here):
    """Chance a month to be reached by the city's outreach and handbooks."""
    return here.world.awareness_outreach * effect_of(here.city, here.world, INFORMS)


@rule("D2")
def chance_to_hear_of_services(migrant, here):
    """By the city's outreach, or by a fellow national who knows."""
    world = here.world
    return hears_from_city(here) + world.awareness_peers * here.city.knowers[group_of(migrant, world)]


@by_chance(
    order=70,
    slot=LEARNS,
    chance=chance_to_hear_of_services,
    looks_at=PLACE,
    hint="awareness.outreach and awareness.peers",
)
@rule("D2")
def hear_of_services(migrant, here, u):
    """A city's outreach and handbooks, or a fellow national who knows, pass on part of what it offers."""
    learn_services(migrant, here, READS, 0, here.world.awareness_handbook)
    if u < hears_from_city(here):
        be_told_of_rights(migrant, here.world, BY_HANDBOOK)
    return GOES_ON


@rule("D2")
def be_told_on_registering(migrant, here, occasion):
    """Who registers with a city may be told of a service across the counter, or by a national orientation."""
    world = here.world
    chance = max(world.awareness_orientation, world.awareness_arrival * effect_of(here.city, world, INFORMS))
    learn_services(migrant, here, TOLD, occasion, chance)


@rule("D2")
def learn_by_claiming(migrant, here):
    """An earlier claim that the city met opens one's eyes to what else it offers."""
    learn_services(migrant, here, CLAIM_TEACHES, 0, here.world.awareness_claims)


@rule("D2")
def learn_services(migrant, here, what, occasion, chance):
    """Each service offered here, not yet known, is learned with the given chance (`what`, `occasion`: the draw's)."""
    world = here.world
    for service in range(n_services(world)):
        if not is_known(migrant, service) and is_offered(here.city, service):
            item = item_of(occasion, world.services_number[service])
            if draw(world.luck_now, migrant.identity, what, item) < chance:
                learn_service(migrant, here, service)


@rule
def learn_service(migrant, here, service):
    """Know of it from now on."""
    migrant.knows = migrant.knows | bit_of(service)
    log_event(migrant, here, LEARNED_CITY, 0, 0, service)


@rule("D2")
def be_told_of_rights(migrant, world, occasion):
    """A handbook, or an NGO that helped, tells of the rights one has under national law; they are the same
    everywhere, and not forgotten on moving."""
    if draw(world.luck_now, migrant.identity, TELLS_RIGHTS, occasion) < world.awareness_rights:
        migrant.knows = migrant.knows | RIGHTS


@rule("D2")
def learn_of_ngo(migrant, here, kinds, occasion):
    """Learn of one of the kinds of NGO given as bits."""
    count = 0
    for kind in range(n_kinds(here.world)):
        count += (kinds >> kind) & 1
    if count == 0:
        return
    pick = int(draw(here.world.luck_now, migrant.identity, WHICH_NGO, occasion) * count)
    for kind in range(n_kinds(here.world)):
        if (kinds >> kind) & 1:
            if pick == 0:
                if not (migrant.knows_ngo >> kind) & 1:
                    migrant.knows_ngo = migrant.knows_ngo | (1 << kind)
                    log_event(migrant, here, LEARNED_NGO, 0, 0, kind)
                return
            pick -= 1


@rule("D2")
def uniform_of_search(migrant, world):
    """No second need strikes while one is under way: its slot is free for the search, so that thinning can tell in
    which months asking around leads nowhere. In the month in which the need struck, that slot's luck was bad already.
    """
    if world.month == migrant.need_since:
        return draw(world.luck_now, migrant.identity, SEARCHES)
    random = random_bytes(world.luck_now, migrant.identity)
    return uniform_for(world.luck_now, migrant.identity, random, NEED_STRIKES)


@rule("D2", "D8")
def forget_on_moving(migrant, world):
    """Knowledge of one town's offices is of little use in the next."""
    kept = world.awareness_kept_on_moving
    if kept <= 0.0:
        migrant.knows = migrant.knows & RIGHTS
        migrant.knows_ngo = 0
        return
    for service in range(n_services(world)):
        if draw(world.luck_now, migrant.identity, KEEPS, world.services_number[service]) >= kept:
            migrant.knows = migrant.knows & ~bit_of(service)
    for kind in range(n_kinds(world)):
        item = item_of(_OF_KINDS, world.ngo_kinds_number[kind])
        if draw(world.luck_now, migrant.identity, KEEPS, item) >= kept:
            migrant.knows_ngo = migrant.knows_ngo & ~(1 << kind)
