"""Whom a city serves (B2): what it starts with, and what lobbying wins (C8)."""

from __future__ import annotations

from ..chance import HAS_FIREWALL, LEVERAGE, OPENS, WINS_OPENING, draw
from ..rule import rule
from ..services import OPENABLE, n_services
from .reasons import lobbying_term
from .will import autonomy_under, will_of_mayor

_FIREWALL = 11  # of the WINS_OPENING draws, beside those about services; no service has this number


@rule("A12", "B2", "B6", "B8", "B10", "B12", "D3")
def begin_city(city, world):
    """What a city starts with: the services it opens to the unauthorised, a firewall or none, its political leverage,
    those who govern city and region, the place's own prejudice."""
    for service in range(n_services(world)):
        openness = world.services_open_to_unauthorised[service]
        city.open[service] = (
            draw(world.luck_ever, city.identity, OPENS, world.services_number[service]) < openness
        )
    city.firewall = draw(world.luck_ever, city.identity, HAS_FIREWALL) < world.city_firewall
    city.leverage = draw(world.luck_ever, city.identity, LEVERAGE)
    city.will = will_of_mayor(city, world, world.luck_ever)
    city.autonomy = autonomy_under(city, world, world.luck_ever)
    city.prejudice = city.own_prejudice
    city.fit = world.voice_fit_unheard
    for service in range(n_services(world)):
        city.fits[service] = world.voice_fit_unheard
    city.own_internationalisation = city.internationalisation


@rule("C8")
def win_openings(city, world):
    """Lobbying may open schools and emergency care to the unauthorised, or win a firewall for them."""
    chance = world.voice_opening * lobbying_term(city, world)
    for i in range(world.role_counts[OPENABLE]):
        service = world.role_services[OPENABLE, i]
        if draw(world.luck_now, city.identity, WINS_OPENING, world.services_number[service]) < chance:
            city.open[service] = 1
    if draw(world.luck_now, city.identity, WINS_OPENING, _FIREWALL) < chance:
        city.firewall = 1
