"""What migrants know of: learned from outreach, handbooks, fellow migrants and asking around (D2)."""

from __future__ import annotations

from ..scenarios.catalogue import INFORMATION
from .chance import (
    CLAIM_TEACHES,
    FINDS,
    HEARS_OF_NGO,
    KEEPS,
    LEARNS,
    NEED_STRIKES,
    READS,
    SEARCHES,
    TELLS_RIGHTS,
    TOLD,
    WHICH_NGO,
    draw,
    lane_draw,
    luck,
)
from .diary import LEARNED_CITY, LEARNED_NGO, note
from .rule import rule
from .services import N_SERVICES, RIGHTS, effect_of, is_offered

# Occasions on which the same question is asked more than once in a month: each has luck of its own.
ARRIVING, MOVING = range(2)
HEARING, ASKING = 0, 2
BY_HANDBOOK, BY_NGO = range(2)


@rule
def hear_of_services(migrant, world, city, luck_bytes, pen):
    """D2: a city's outreach and handbooks, or a fellow national who knows, pass on part of what it offers."""
    u = lane_draw(world.luck_now, migrant.identity, luck_bytes, LEARNS)
    by_city = world.awareness_outreach * effect_of(world, city, INFORMATION)
    if u < by_city + world.awareness_peers * city.knowers[migrant.door]:
        learn_services(migrant, world, city, READS, 0, world.awareness_handbook, pen)
        if u < by_city:
            be_told_of_rights(migrant, world, BY_HANDBOOK)


@rule
def be_told_on_registering(migrant, world, city, occasion, pen):
    """D2: who registers with a city may be told of a service across the counter, or by a national orientation."""
    chance = max(world.awareness_orientation, world.awareness_arrival * effect_of(world, city, INFORMATION))
    learn_services(migrant, world, city, TOLD, 16 * occasion, chance, pen)


@rule
def learn_by_claiming(migrant, world, city, pen):
    """D2: an earlier claim that the city met opens one's eyes to what else it offers."""
    learn_services(migrant, world, city, CLAIM_TEACHES, 0, world.awareness_claims, pen)


@rule
def learn_services(migrant, world, city, what, item, chance, pen):
    """Each service offered here, not yet known, is learned with the given chance (`what`, `item`: the draw's)."""
    for service in range(N_SERVICES):
        known = (migrant.knows >> service) & 1
        if not known and is_offered(city, service):
            if draw(world.luck_now, migrant.identity, what, item + service) < chance:
                migrant.knows = migrant.knows | (1 << service)
                note(migrant, world, city, pen, LEARNED_CITY, 0, 0, service)


@rule
def be_told_of_rights(migrant, world, occasion):
    """D2: a handbook, or an NGO that helped, tells of the rights one has under national law; they are the same
    everywhere, and not forgotten on moving."""
    if draw(world.luck_now, migrant.identity, TELLS_RIGHTS, occasion) < world.awareness_rights:
        migrant.knows = migrant.knows | RIGHTS


@rule
def hear_of_ngos(migrant, world, city, luck_bytes, pen):
    """D2: an NGO's outreach reaches further the more staff it has for the migrants of the place."""
    if city.ngo_count == 0:
        u = lane_draw(world.luck_now, migrant.identity, luck_bytes, HEARS_OF_NGO)
        if u < world.ngos_hotline:
            learn_of_ngo(migrant, world, city, world.phone_kinds, HEARING, pen)
        return
    staff_per_hundred = 100.0 * city.ngo_staff / max(1.0, city.migrants * world.persons)
    chance = world.awareness_ngo_outreach * min(1.0, staff_per_hundred)
    chance = chance + world.awareness_peers * city.ngo_knowers[migrant.door]
    if lane_draw(world.luck_now, migrant.identity, luck_bytes, HEARS_OF_NGO) < chance:
        learn_of_ngo(migrant, world, city, city.ngo_kinds, HEARING, pen)


@rule
def learn_of_ngo(migrant, world, city, kinds, occasion, pen):
    """Learn of one of the kinds of NGO given as bits."""
    count = 0
    for kind in range(8):
        count += (kinds >> kind) & 1
    if count == 0:
        return
    pick = int(draw(world.luck_now, migrant.identity, WHICH_NGO, occasion) * count)
    for kind in range(8):
        if (kinds >> kind) & 1:
            if pick == 0:
                if not (migrant.knows_ngo >> kind) & 1:
                    migrant.knows_ngo = migrant.knows_ngo | (1 << kind)
                    note(migrant, world, city, pen, LEARNED_NGO, 0, 0, kind)
                return
            pick -= 1


@rule
def luck_of_search(migrant, world):
    """No second need strikes while one is under way: its lane is free for the search, so that the screen can tell in
    which months asking around leads nowhere. In the month in which the need struck, that lane's luck was bad already.
    """
    if world.month == migrant.need_since:
        return draw(world.luck_now, migrant.identity, SEARCHES)
    return lane_draw(world.luck_now, migrant.identity, luck(world.luck_now, migrant.identity), NEED_STRIKES)


@rule
def ask_around(migrant, world, city, service, ngo_kinds, pen):
    """D2: someone in need who knows of nobody asks around, and may find the city's service or an NGO."""
    if luck_of_search(migrant, world) >= world.awareness_search:
        return
    by_city = service >= 0
    if by_city and (ngo_kinds == 0 or draw(world.luck_now, migrant.identity, FINDS) < 0.5):
        migrant.knows = migrant.knows | (1 << service)
        note(migrant, world, city, pen, LEARNED_CITY, 0, 0, service)
    elif ngo_kinds != 0:
        learn_of_ngo(migrant, world, city, ngo_kinds, ASKING, pen)


@rule
def forget_on_moving(migrant, world):
    """D2/D8: knowledge of one town's offices is of little use in the next."""
    kept = world.awareness_kept_on_moving
    if kept <= 0.0:
        migrant.knows = migrant.knows & RIGHTS
        migrant.knows_ngo = 0
        return
    for service in range(N_SERVICES):
        if draw(world.luck_now, migrant.identity, KEEPS, service) >= kept:
            migrant.knows = migrant.knows & ~(1 << service)
    for kind in range(8):
        if draw(world.luck_now, migrant.identity, KEEPS, 16 + kind) >= kept:
            migrant.knows_ngo = migrant.knows_ngo & ~(1 << kind)
