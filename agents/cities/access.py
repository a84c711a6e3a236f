"""Whom a city serves (B2): what it starts with, and what lobbying wins (C8)."""

from __future__ import annotations

from ..chance import HAS_FIREWALL, LEVERAGE, OPENS, WINS_OPENING, draw
from ..needs import n_needs
from ..rule import rule
from ..services import OPENABLE, n_services
from .reasons import lobbying_term, zeal_of
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
def need_for_opening(city, world, service):
    """Of the year's unmet needs that the service would answer, the part of people whom no office serves, 0 to 1; of
    all unmet needs for a firewall (`service` -1), which stands before all offices."""
    unmet = left_out = 0.0
    for need in range(n_needs(world)):
        counts = service < 0
        for i in range(world.needs_services.shape[1]):
            counts = counts or world.needs_services[need, i] == service
        if counts:
            unmet += city.unmet[need]
            left_out += city.left_out[need]
    if unmet <= 0.0:
        return 0.0
    return min(1.0, left_out / unmet)


@rule("C8", "B10")
def chance_to_win(city, world, service):
    """NGOs that lobby win an opening the sooner, the keener the city is and the more of the need it would meet is of
    people whom no office serves."""
    carried = 0.5 * (zeal_of(city) + need_for_opening(city, world, service))
    return world.voice_opening * lobbying_term(city, world) * carried


@rule("C8")
def win_openings(city, world):
    """Lobbying may open schools and emergency care to the unauthorised, or win a firewall for them; where no NGO is in
    reach any more, it is lost again, but for what is the city's own."""
    lost = 0.0
    if lobbying_term(city, world) <= 0.0:
        lost = world.voice_lapse
    for i in range(world.role_counts[OPENABLE]):
        service = world.role_services[OPENABLE, i]
        won = chance_to_win(city, world, service)
        luck = draw(world.luck_now, city.identity, WINS_OPENING, world.services_number[service])
        city.open[service] = stays_won(city.open[service], luck, won, lost) or opens_by_itself(
            city, world, service
        )
    won = chance_to_win(city, world, -1)
    luck = draw(world.luck_now, city.identity, WINS_OPENING, _FIREWALL)
    city.firewall = stays_won(city.firewall, luck, won, lost) or has_own_firewall(city, world)


@rule("C8")
def stays_won(before, luck, won, lost):
    """Whether an opening there was is kept, or one that there was not is won."""
    if before:
        return luck >= lost
    return luck < won
