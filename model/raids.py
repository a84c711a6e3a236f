"""What is known of raids at the end of a month, in each place and in each group (D3)."""

from __future__ import annotations

from ..agents.fear import remembered
from ..agents.municipality import NEIGHBOURS
from ..agents.rule import rule
from ..scenarios.catalogue import DEPORTED, IRREGULAR
from .counters import N_STATUSES


@rule("D3")
def remember_raids(world, cities):
    """The yearly risk as seen from each place: raids there and in the towns around it."""
    for row in range(cities.shape[0]):
        city = cities[row]
        raided = city.raided
        living = city.unauthorised
        for j in range(NEIGHBOURS):
            raided += cities[city.neighbours[j]].raided
            living += cities[city.neighbours[j]].unauthorised
        seen = 12.0 * raided / max(1.0, float(living + raided))
        city.risk = remembered(world, city.risk, min(1.0, seen))


@rule("D3")
def tell_of_raids(world, nation):
    """What compatriots tell one another, all over the country: how many of a group have been deported."""
    for group in range(world.talk.shape[0]):
        deported = 0
        living = 0
        for door in range(world.group_of_door.shape[0]):
            if world.group_of_door[door] == group:
                for status in range(IRREGULAR, N_STATUSES):
                    living += nation.stock[door, status]
                    deported += nation.departures[door, status, DEPORTED]
        seen = 12.0 * deported / max(1.0, float(living + deported))
        world.talk[group] = remembered(world, world.talk[group], min(1.0, seen))
