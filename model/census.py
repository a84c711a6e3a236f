"""The census of December: everybody present, head by head (E4)."""

from __future__ import annotations

from ..agents.enrolling import takes_part
from ..agents.here import Here
from ..agents.moving import MILLION
from ..agents.rule import kernel, rule
from ..agents.services import BY_EMPLOYER, SERVICES_KNOWN
from ..agents.settling import feel_at_home
from ..scenarios.catalogue import EPISODIC, NEVER, SUSTAINED
from .counters import LONGEST_STAY


@rule("E4")
def mode_of(migrant, world):
    """Sustained while in a programme, episodic after any claim, else never."""
    if takes_part(migrant, world, world.month):
        return SUSTAINED
    if migrant.claims:
        return EPISODIC
    return NEVER


@kernel("E4")
def take_census(
    migrants, first, last, worlds, cities, places, regions, nations, logs, censuses, place_censuses
):
    """Everybody present, by door, status and years of stay."""
    world = worlds[0]
    census = censuses[0]
    for row in range(first, last):
        migrant = migrants[row]
        if not migrant.present:
            continue
        city = cities[migrant.home]
        feel_at_home(migrant, Here(world, city, places[migrant.home], regions[0], nations[0], logs[0]))
        door, status = migrant.door, migrant.status
        months = world.month - migrant.arrived
        stay = min(LONGEST_STAY, months // 12)
        insured = 0
        if migrant.enrolled & (world.insurance_bits | BY_EMPLOYER):
            insured = 1
        mode = mode_of(migrant, world)
        census.persons[door, status, stay] += 1
        census.settlers[door, status, stay] += migrant.settler
        census.months_stayed[door, status, stay] += months
        census.first_city[door, status, stay] += 1 - migrant.moved
        census.insured[door, status, stay] += insured
        census.members[door, status, stay] += migrant.member != 0
        census.mobilised[door, status, stay] += migrant.mobilised
        census.language[door, status, stay] += int(migrant.language * MILLION)
        if migrant.knows & SERVICES_KNOWN:
            census.knows_city[door, status, stay] += 1
        if migrant.knows_ngo & city.ngo_kinds:
            census.knows_ngo[door, status, stay] += 1
        if mode == NEVER:
            census.never[door, status, stay] += 1
        elif mode == EPISODIC:
            census.episodic[door, status, stay] += 1
        else:
            census.sustained[door, status, stay] += 1
        if world.doors_coethnic[door]:
            place = place_censuses[migrant.home]
            place.coethnics += 1
            place.coethnics_insured += insured
            place.coethnics_first_city += 1 - migrant.moved
            if migrant.knows & world.welfare_bits:
                place.coethnics_know_welfare += 1
    return last
