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
        city.open[service] = opens_by_itself(city, world, service)
    city.firewall = has_own_firewall(city, world)
    city.leverage = draw(world.luck_ever, city.identity, LEVERAGE)
    city.will = will_of_mayor(city, world, world.luck_ever)
    city.autonomy = autonomy_under(city, world, world.luck_ever)
    city.prejudice = city.own_prejudice
    city.fit = world.voice_fit_unheard
    for service in range(n_services(world)):
        city.fits[service] = world.voice_fit_unheard
    city.own_internationalisation = city.internationalisation


@rule("B2")
def opens_by_itself(city, world, service):
    """Whether a city lets the unauthorised use a service without being asked to."""
    openness = world.services_open_to_unauthorised[service]
    return draw(world.luck_ever, city.identity, OPENS, world.services_number[service]) < openness


@rule("D3")
def has_own_firewall(city, world):
    """Whether a city keeps services and control apart without being asked to."""
    return draw(world.luck_ever, city.identity, HAS_FIREWALL) < world.city_firewall


@rule("C8")
def win_openings(city, world):
    """Lobbying may open schools and emergency care to the unauthorised, or win a firewall for them; where those who won
    it are gone, it is lost again, but for what is the city's own."""
    strength = lobbying_term(city, world)
    won, lost = world.voice_opening * strength, world.voice_lapse * (1.0 - strength)
    for i in range(world.role_counts[OPENABLE]):
        service = world.role_services[OPENABLE, i]
        luck = draw(world.luck_now, city.identity, WINS_OPENING, world.services_number[service])
        city.open[service] = stays_won(city.open[service], luck, won, lost) or opens_by_itself(
            city, world, service
        )
    luck = draw(world.luck_now, city.identity, WINS_OPENING, _FIREWALL)
    city.firewall = stays_won(city.firewall, luck, won, lost) or has_own_firewall(city, world)


@rule("C8")
def stays_won(before, luck, won, lost):
    """Whether an opening there was is kept, or one that there was not is won."""
    if before:
        return luck >= lost
    return luck < won
