"""Neighbourly tension (B9), discrimination apart from it (B12), and raids as seen here (D3)."""

from __future__ import annotations

from ..mechanism import mechanism
from ..rule import rule
from ..services import MINGLES

MOST_PREJUDICE = 3.0

mechanism(
    "B9",
    "Neighbourly tension",
    "fast inflow and neglected needs strain neighbours, what brings people together relieves; by who speaks it moves a "
    "city or hardens it",
    without={"public.inflow": 0.0, "public.hostility": 0.0, "public.neglect": 0.0},
)


@rule("B9")
def notice_neglect(city, world, unmet):
    """What goes unmet is seen by the neighbours: needs for each thousand residents, a year, as of late. `unmet`: this
    month, whoever they are (records)."""
    a_year = 12_000.0 * unmet * world.persons / city.population
    city.neglected = city.neglected + (a_year - city.neglected) / 12.0


@rule("B9")
def neighbours_react(city, world):
    """Tension rises with a fast inflow, with needs that are neglected and, where people are prejudiced, with hostile
    news; what brings people together takes away its part of it."""
    a_year_ago = city.share_past[world.month % 12]
    inflow = min(1.0, max(0.0, city.share - a_year_ago) / world.public_inflow_full)
    strain = world.public_inflow * inflow + world.public_hostility * world.perception * city.prejudice
    strain = strain + world.public_neglect * city.neglected / (city.neglected + world.public_neglect_half)
    left = strangeness(city, world) * (1.0 - min(1.0, world.public_integration * city.participation))
    city.tension = city.tension + (min(1.0, strain * left) - city.tension) / 12.0


@rule("B9", "B12")
def strangeness(city, world):
    """What programmes at which natives and migrants meet (events, classes, schools) leave of it: each takes its part of
    the rest."""
    left = 1.0
    for i in range(world.role_counts[MINGLES]):
        service = world.role_services[MINGLES, i]
        left = left * (1.0 - world.public_exchange * city.level[service] * world.services_fit[service])
    return left


mechanism(
    "B12",
    "Discrimination",
    "landlords, businesses and employers discriminate, here more than there; an ordinance forbids it",
    without={"public.prejudice": 0.0},
    instead="how prejudiced a place is by itself is drawn by places_seed",
)


@rule("B12", "A9")
def prejudice_moves(city, world):
    """Prejudice is a place's own; in years it grows with public concern over crime, and wears off where people meet."""
    towards = city.own_prejudice * (1.0 + world.perception)
    towards = min(MOST_PREJUDICE, towards * strangeness(city, world))
    city.prejudice = city.prejudice + (towards - city.prejudice) / world.public_prejudice_lag


@rule("B8", "B9")
def voices_for(city, world, lobbying):
    """Who speaks for migrants when there is conflict: NGOs and the mobilised, the council, those who have settled."""
    settled = city.settled / max(1, city.registered)
    return lobbying + city.voice + world.public_acquaintance * settled


@rule("B10")
def heat(city, world):
    """How far something has happened that nobody can overlook: tension, or raids beyond the country's."""
    return min(1.0, city.tension + max(0.0, city.risk - world.risk))


@rule("B9", "B12")
def voices_against(city, world):
    """Who speaks against them: the prejudiced, the louder the more happens here."""
    return world.public_outcry * heat(city, world) * city.prejudice


@rule("B9")
def stance(city, world, lobbying):
    """How a city answers conflict, -1 (it hardens) to 1 (it is moved): by which voices are more, and by how much."""
    welcome, hostile = voices_for(city, world, lobbying), voices_against(city, world)
    if welcome + hostile <= 0.0:
        return 0.0
    return (welcome - hostile) / (welcome + hostile)
