"""Neighbourly tension (B9), discrimination apart from it (B12), and raids as seen here (D3)."""

from __future__ import annotations

from ..mechanism import mechanism
from ..rule import rule
from ..services import MINGLES, effect_of

FULL_CONFLICT = 0.01
PREJUDICE_LAG = 60.0  # months
MOST_PREJUDICE = 3.0

mechanism(
    "B9",
    "Neighbourly tension",
    "fast inflow strains neighbours, exchange and integration relieve; it moves a city or hardens it",
    without={"public.inflow": 0.0, "public.hostility": 0.0},
)


@rule("B9")
def neighbours_react(city, world):
    """Tension rises with a fast inflow and, where people are prejudiced, with hostile news; exchange and integration
    take away their part of it."""
    a_year_ago = city.share_past[world.month % 12]
    inflow = min(1.0, max(0.0, city.share - a_year_ago) / FULL_CONFLICT)
    strain = world.public_inflow * inflow + world.public_hostility * world.perception * city.prejudice
    left = 1.0 - world.public_exchange * effect_of(city, world, MINGLES)
    left = left * (1.0 - min(1.0, world.public_integration * city.participation))
    city.tension = city.tension + (min(1.0, strain * left) - city.tension) / 12.0


mechanism(
    "B12",
    "Discrimination",
    "landlords, businesses and employers discriminate, here more than there; an ordinance forbids it",
    without={"public.prejudice": 0.0},
    instead="how prejudiced a place is by itself is drawn by places_seed",
)


@rule("B12", "A9")
def prejudice_moves(city, world):
    """Prejudice is a place's own; in years it grows with public concern over crime, and wears off by exchange."""
    towards = city.own_prejudice * (1.0 + world.perception)
    towards = towards * (1.0 - world.public_exchange * effect_of(city, world, MINGLES))
    city.prejudice = city.prejudice + (min(MOST_PREJUDICE, towards) - city.prejudice) / PREJUDICE_LAG


@rule("B9")
def stance(city, world, lobbying):
    """How a city answers conflict, -1 to 1: by its will, and by who speaks, NGOs for migrants or the public against."""
    voices = lobbying - world.public_outcry * world.perception * city.prejudice
    return min(1.0, max(-1.0, city.will + voices))


@rule("B10")
def heat(city, world):
    """How far something has happened that nobody can overlook: tension, or raids beyond the country's."""
    return min(1.0, city.tension + max(0.0, city.risk - world.risk))
