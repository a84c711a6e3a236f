"""Whom a city serves (B2): what it opens to the unauthorised by itself, and what lobbying wins (C8)."""

from __future__ import annotations

from ..chance import HAS_FIREWALL, LEVERAGE, OPENS, WINS_OPENING, draw
from ..needs import n_needs
from ..rule import rule
from ..services import is_offered, n_services
from .reasons import lobbying_term, zeal_of
from .will import autonomy_under, will_of_mayor

FIREWALL = 11  # of the WINS_OPENING draws, beside those about services; no service has this number
ALL = -1  # a firewall stands before all services
USUAL_ZEAL = 0.5  # at which a city is as ready to open as is said of the country's


@rule("A12", "B6", "B8", "B10", "B12")
def begin_city(city, world):
    """What a city starts with: its political leverage, those who govern city and region, the place's own prejudice."""
    city.leverage = draw(world.luck_ever, city.identity, LEVERAGE)
    city.will = will_of_mayor(city, world, world.luck_ever)
    city.autonomy = autonomy_under(city, world, world.luck_ever)
    city.prejudice = city.own_prejudice
    city.fit = world.voice_fit_unheard
    for service in range(n_services(world)):
        city.fits[service] = world.voice_fit_unheard
    city.own_internationalisation = city.internationalisation


@rule("B2", "D3")
def begin_openings(city, world):
    """Before anybody has followed another, or been lobbied: what a city of such zeal opens by itself."""
    for service in range(n_services(world)):
        usual = world.services_open_to_unauthorised[service]
        city.open[service] = is_offered(city, service) and opens_by_itself(city, world, service, usual)
    city.firewall = has_own_firewall(city, world, world.city_firewall)


@rule("B2", "B5")
def readiness(city, world, usual, others):
    """How ready a city is to count the unauthorised in, 0 to 1: as much as is `usual` at half zeal, with odds that grow
    with its zeal; the more so, the more of the `others` (a share of those near by and alike) have done it
    than is usual. What is usual nowhere or everywhere is no city's to decide."""
    if usual <= 0.0 or usual >= 1.0:
        return usual
    zeal = zeal_of(city) / USUAL_ZEAL
    willing = usual * zeal**world.city_zeal_to_open
    return willing / (willing + 1.0 - usual) + world.city_example * (others - usual)


@rule("B2")
def opens_by_itself(city, world, service, others):
    """Whether a city lets the unauthorised use a service without being lobbied: if it is readier than its
    circumstances, which last, make it reluctant."""
    reluctance = draw(world.luck_ever, city.identity, OPENS, world.services_number[service])
    return reluctance < readiness(city, world, world.services_open_to_unauthorised[service], others)


@rule("B2", "D3")
def has_own_firewall(city, world, others):
    """Whether a city keeps services and control apart without being lobbied: likewise."""
    reluctance = draw(world.luck_ever, city.identity, HAS_FIREWALL)
    return reluctance < readiness(city, world, world.city_firewall, others)


@rule("C8", "C11")
def is_stood_up_for(city, world):
    """How far somebody here stands up for the unauthorised, 0 to 1: as far as the nearest NGO is within reach, and
    those who have taken up the cause."""
    nearest = 0.0
    for kind in range(city.near.shape[0]):
        if city.near[kind, 0] >= 0:
            nearest = max(nearest, city.near_weight[kind, 0])
    return min(1.0, nearest + world.voice_mobilised_weight * city.mobilised)


@rule("C8")
def need_for_opening(city, world, service):
    """Of the year's unmet needs that the service would answer, the part of people whom no office serves, 0 to 1; of
    all unmet needs for a firewall (`ALL`), which stands before all offices."""
    unmet = left_out = 0.0
    for need in range(n_needs(world)):
        counts = service == ALL
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


@rule("B2", "C8")
def decide_opening(city, world, service, others):
    """A city opens to the unauthorised, of what it offers, a service by itself or, some, since it is lobbied. What is
    open stays so, but may lapse where the city would not open it any more and nobody stands up for it, and ends with
    the service."""
    if not is_offered(city, service):
        city.open[service] = 0
        return
    winnable = world.services_openable[service] != 0
    luck = draw(world.luck_now, city.identity, WINS_OPENING, world.services_number[service])
    city.open[service] = opens_by_itself(city, world, service, others) or stays_won(
        city, world, service, city.open[service], luck, winnable
    )


@rule("C8", "D3")
def decide_firewall(city, world, others):
    """A firewall, likewise."""
    luck = draw(world.luck_now, city.identity, WINS_OPENING, FIREWALL)
    city.firewall = has_own_firewall(city, world, others) or stays_won(
        city, world, ALL, city.firewall, luck, True
    )


@rule("C8")
def stays_won(city, world, service, before, luck, winnable):
    """Whether an opening there was is kept, or one that there was not is won."""
    if before:
        return luck >= world.voice_lapse * (1.0 - is_stood_up_for(city, world))
    return winnable and luck < chance_to_win(city, world, service)
