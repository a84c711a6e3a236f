"""Raids: where the state carries them out this month (A4), and what is known of them in each place and group (D3)."""

from __future__ import annotations

import numpy as np

from ..agents.apprehension import arrests_one_by_one
from ..agents.chance import RAIDED, draw
from ..agents.compatriots import n_groups
from ..agents.fear import remembered
from ..agents.municipality import NEIGHBOURS
from ..agents.raiding import attention_to, chance_if_raided
from ..agents.rule import rule
from ..scenarios.catalogue import DEPORTED, IRREGULAR
from .counters import N_STATUSES


@rule("A4")
def plan_raids(world, cities):
    """Each place is raided this month or not, the more often, the more unauthorised there are and the more draws raids
    there; in the mean over all months and people they take `enforcement.raids` of all who are apprehended."""
    unauthorised = 0
    residents = 0.0
    for row in range(cities.shape[0]):
        unauthorised += cities[row].unauthorised
        residents += cities[row].population
    density = max(1e-12, unauthorised * world.persons / max(1.0, residents))
    whole = 0.0
    for row in range(cities.shape[0]):
        city = cities[row]
        city.raid = attention_to(city, world, density)
        whole += city.raid * city.unauthorised
    for row in range(cities.shape[0]):
        city = cities[row]
        usual = world.apprehension * world.enforcement_raids
        if city.unauthorised == 0 or usual == 0.0:
            city.raid = 0.0
            continue
        mean = usual * city.raid * unauthorised / whole
        taken = chance_if_raided(city, world, mean)
        city.raid = 0.0
        if draw(world.luck_now, city.identity, RAIDED) * taken < mean:
            city.raid = taken


@rule("D3")
def remember_raids(world, cities):
    """The yearly risk as seen from each place: raids there, those in the towns around it as far as word of them
    carries, and arrests one by one."""
    places = cities.shape[0]
    alone = arrests_one_by_one(world)
    # What a place adds to the word in towns around it: side by side, for those lie far apart among the long records.
    told_raided, told_living = np.empty(places), np.empty(places)
    for row in range(places):
        told_raided[row] = world.fear_reach * cities[row].raid * cities[row].unauthorised
        told_living[row] = world.fear_reach * cities[row].unauthorised
    for row in range(places):
        city = cities[row]
        raided = city.raid * city.unauthorised
        living = float(city.unauthorised)
        for j in range(NEIGHBOURS):
            raided += told_raided[city.neighbours[j]]
            living += told_living[city.neighbours[j]]
        seen = 12.0 * (alone + raided / max(1.0, living))
        city.risk = remembered(world, city.risk, seen)


@rule("D3")
def tell_of_raids(world, nation):
    """What compatriots tell one another, all over the country: how many of a group have been deported."""
    for group in range(n_groups(world)):
        deported = 0
        living = 0
        for door in range(world.group_of_door.shape[0]):
            if world.group_of_door[door] == group:
                for status in range(IRREGULAR, N_STATUSES):
                    living += nation.stock[door, status]
                    deported += nation.departures[door, status, DEPORTED]
        seen = 12.0 * deported / max(1.0, float(living + deported))
        world.talk[group] = remembered(world, world.talk[group], seen)
