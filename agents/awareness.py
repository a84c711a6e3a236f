"""What migrants know of: learned from outreach, handbooks, fellow migrants and asking around (D2)."""

from __future__ import annotations

from ..scenarios.catalogue import INFORMATION, SERVICES
from .chance import (
    FINDS,
    HEARS_OF_NGO,
    KEEPS,
    LEARNS,
    READS,
    SEARCHES,
    TOLD,
    WHICH_NGO,
    draw,
    lane_draw,
)
from .diary import LEARNED_CITY, LEARNED_NGO, note
from .rule import rule

N_SERVICES = len(SERVICES)
OFFERED = 0.05  # a service below this level is not offered


@rule
def hear_of_services(migrant, world, city, luck_bytes, pen):
    """D2: a city's outreach, or a fellow migrant who knows, passes on part of what the city offers."""
    u = lane_draw(world.luck_now, migrant.identity, luck_bytes, LEARNS)
    if u < world.awareness_outreach * city.level[INFORMATION] + world.awareness_peers * city.knowers:
        learn_services(migrant, world, city, READS, world.awareness_handbook, pen)


@rule
def be_told_on_registering(migrant, world, city, pen):
    """D2: who registers with a city may be told of a service across the counter."""
    chance = world.awareness_arrival * city.level[INFORMATION]
    learn_services(migrant, world, city, TOLD, chance, pen)


@rule
def learn_services(migrant, world, city, occasion, chance, pen):
    """Each service offered here, not yet known, is learned with the given chance."""
    for service in range(N_SERVICES):
        known = (migrant.knows >> service) & 1
        if not known and city.level[service] > OFFERED:
            if draw(world.luck_now, migrant.identity, occasion, service) < chance:
                migrant.knows = migrant.knows | (1 << service)
                note(migrant, world, city, pen, LEARNED_CITY, 0, 0, service)


@rule
def hear_of_ngos(migrant, world, city, luck_bytes, pen):
    """D2: an NGO's outreach reaches further the more staff it has for the migrants of the place."""
    if city.ngo_count == 0:
        u = lane_draw(world.luck_now, migrant.identity, luck_bytes, HEARS_OF_NGO)
        if u < world.ngos_hotline:
            learn_of_ngo(migrant, world, city, world.phone_kinds, pen)
        return
    staff_per_hundred = 100.0 * city.ngo_staff / max(1.0, city.migrants * world.persons)
    chance = world.awareness_ngo_outreach * min(1.0, staff_per_hundred)
    chance = chance + world.awareness_peers * city.ngo_knowers
    if lane_draw(world.luck_now, migrant.identity, luck_bytes, HEARS_OF_NGO) < chance:
        learn_of_ngo(migrant, world, city, city.ngo_kinds, pen)


@rule
def learn_of_ngo(migrant, world, city, kinds, pen):
    """Learn of one of the kinds of NGO given as bits."""
    count = 0
    for kind in range(8):
        count += (kinds >> kind) & 1
    if count == 0:
        return
    pick = int(draw(world.luck_now, migrant.identity, WHICH_NGO) * count)
    for kind in range(8):
        if (kinds >> kind) & 1:
            if pick == 0:
                if not (migrant.knows_ngo >> kind) & 1:
                    migrant.knows_ngo = migrant.knows_ngo | (1 << kind)
                    note(migrant, world, city, pen, LEARNED_NGO, 0, 0, kind)
                return
            pick -= 1


@rule
def ask_around(migrant, world, city, service, ngo_kinds, pen):
    """D2: someone in need who knows of nobody asks around, and may find the city's service or an NGO."""
    if draw(world.luck_now, migrant.identity, SEARCHES) >= world.awareness_search:
        return
    by_city = service >= 0
    if by_city and (ngo_kinds == 0 or draw(world.luck_now, migrant.identity, FINDS) < 0.5):
        migrant.knows = migrant.knows | (1 << service)
        note(migrant, world, city, pen, LEARNED_CITY, 0, 0, service)
    elif ngo_kinds != 0:
        learn_of_ngo(migrant, world, city, ngo_kinds, pen)


@rule
def forget_on_moving(migrant, world):
    """D2/D8: knowledge of one town's offices is of little use in the next."""
    kept = world.awareness_kept_on_moving
    if kept <= 0.0:
        migrant.knows = 0
        migrant.knows_ngo = 0
        return
    for service in range(N_SERVICES):
        if draw(world.luck_now, migrant.identity, KEEPS, service) >= kept:
            migrant.knows = migrant.knows & ~(1 << service)
    for kind in range(8):
        if draw(world.luck_now, migrant.identity, KEEPS, 16 + kind) >= kept:
            migrant.knows_ngo = migrant.knows_ngo & ~(1 << kind)
