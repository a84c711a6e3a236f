"""The municipality: the record, why it acts (B3), what it can afford (B4), whom it copies (B5)."""

from __future__ import annotations

import numpy as np

from ..scenarios.catalogue import (
    COUNCIL,
    DOORS,
    EMERGENCY,
    EXCHANGE,
    NEEDS,
    NGO_KINDS,
    SCHOOLING,
    SERVICES,
)
from .chance import (
    AGENDA,
    HAS_FIREWALL,
    LEVERAGE,
    OPENS,
    REGION,
    SURVEYS,
    WINS_OPENING,
    draw,
)
from .rule import rule

N_SERVICES = len(SERVICES)
N_DOORS = len(DOORS)
N_KINDS = len(NGO_KINDS)
NEIGHBOURS = 6

MUNICIPALITY = np.dtype(
    [
        ("row", np.int64),
        ("region", np.int64),
        ("population", np.float64),
        ("foreign_residents", np.float64),  # on the register: where migrants live, not how many (see places)
        ("fiscal_strength", np.float64),
        ("history", np.float64),
        ("internationalisation", np.float64),
        ("industry", np.float64),
        ("urban", np.float64),
        ("neighbours", np.uint16, NEIGHBOURS),
        ("similar", np.uint16, NEIGHBOURS),
        # B1, B2: what it offers, and to whom
        ("level", np.float64, N_SERVICES),
        ("level_before", np.float64, N_SERVICES),
        ("open", np.uint8, N_SERVICES),
        ("fit", np.float64),  # B8: of services to needs
        ("firewall", np.uint8),
        ("service_level", np.float64),
        ("fifth", np.int64),  # among the places, by service level: 4 is the best fifth of migrants
        # B3, B4
        ("motivation", np.float64),
        ("budget", np.float64),  # million yen a year
        ("spent", np.float64),
        ("grant", np.float64),  # B4: central money, million yen a year
        ("autonomy", np.float64),  # B6: the region's own baseline, -1 to 1
        ("leverage", np.float64),  # B4: political leverage, 0 to 1
        ("share", np.float64),  # migrants among residents, now and a year ago
        ("share_before", np.float64),
        # who lives here, as of the end of last month (records)
        ("migrants", np.int64),
        ("unauthorised", np.int64),
        ("by_door", np.int32, N_DOORS),
        ("knowers", np.float64),  # share of migrants who know a service of the city
        ("ngo_knowers", np.float64),
        ("tension", np.float64),  # B9: between neighbours, 0 to 1
        ("participation", np.float64),  # share of migrants in sustained programmes
        ("mobilised", np.float64),  # D12: share of migrants
        ("members", np.int32, N_KINDS),  # C10: paying members by kind of NGO (records)
        ("risk", np.float64),  # D3: yearly risk of apprehension as seen here
        ("unmet", np.int64, len(NEEDS)),  # over the present fiscal year (records)
        # NGOs here
        ("ngo_first", np.int64),
        ("ngo_count", np.int64),
        ("ngo_kinds", np.uint8),
        ("ngo_staff", np.float64),
        ("monitored", np.float64),  # C8: how far unions watch employers, 0 to 1
    ]
)

FULL_DEPENDENCE = 0.05
FULL_SIZE = 10_000.0
FULL_PROSPERITY = 1.5
FULL_LOBBY = 5.0  # NGO workers for each thousand migrants
FULL_CONFLICT = 0.01
FADING = 0.2  # part of what a survey found that is out of date a year later
YEN_TO_MILLION = 1e-6


@rule
def size_term(city, world):
    """B3: many migrants, many needs: each doubling counts the same, from 10 to 10,000 migrants."""
    people = city.migrants * world.persons
    doublings = 0.0
    mark = 10.0
    while mark * 2.0 <= people and mark * 2.0 <= FULL_SIZE:
        doublings += 1.0
        mark = mark * 2.0
    if people > mark:
        doublings = doublings + min(1.0, people / mark - 1.0)
    return min(1.0, doublings / 10.0)


@rule
def image_term(city, world):
    """B3: visible and welcome co-ethnics make a city active, hidden or shunned groups do not."""
    total = 0.0
    seen = 0.0
    for door in range(N_DOORS):
        total += city.by_door[door]
        seen += city.by_door[door] * world.doors_visibility[door]
    if total == 0.0:
        return 0.5
    return 0.5 + 0.5 * seen / total


@rule
def conflict_term(city):
    """B3/B9: the fear of conflict between neighbours, as tense as things are."""
    return city.tension


@rule
def ngo_strength(city, world):
    """How strong NGOs are here: their staff for each thousand migrants, full at 5."""
    thousands = max(0.1, city.migrants * world.persons / 1000.0)
    return min(1.0, city.ngo_staff / thousands / FULL_LOBBY)


@rule
def lobbying_term(city, world):
    """B3/D12: NGOs lobby the city, and with them the migrants who have taken up the cause."""
    return min(1.0, ngo_strength(city, world) + world.voice_mobilised_weight * city.mobilised)


@rule
def neighbours_react(city, world):
    """B9: tension rises with a fast inflow and with hostile news, and falls with exchange and integration."""
    inflow = min(1.0, max(0.0, city.share - city.share_before) / FULL_CONFLICT)
    tension = world.public_inflow * inflow + world.public_hostility * world.perception
    tension = tension - world.public_exchange * city.level[EXCHANGE]
    tension = tension - world.public_integration * city.participation
    city.tension = city.tension + (min(1.0, max(0.0, tension)) - city.tension) / 12.0


@rule
def hear_voices(city, world):
    """B8: an advisory council or a survey makes services fit needs better; what a survey found fades."""
    lacking = 1.0 - world.voice_fit_unheard
    heard = world.voice_council * city.level[COUNCIL]
    floor = world.voice_fit_unheard + lacking * heard
    remembered = max(0.0, city.fit - floor) * (1.0 - FADING)
    city.fit = floor + remembered
    if draw(world.luck_now, city.row, SURVEYS) < world.voice_surveys * min(1.0, city.motivation):
        city.fit = city.fit + world.voice_survey_gain * (1.0 - city.fit)


@rule
def win_openings(city, world):
    """C8: lobbying may open schools and emergency care to the unauthorised, or win a firewall for them."""
    chance = world.voice_opening * lobbying_term(city, world)
    for service in range(N_SERVICES):
        if service == SCHOOLING or service == EMERGENCY:
            if draw(world.luck_now, city.row, WINS_OPENING, service) < chance:
                city.open[service] = 1
    if draw(world.luck_now, city.row, WINS_OPENING, N_SERVICES) < chance:
        city.firewall = 1


@rule
def motivation_of(city, world):
    """B3: the sum of the causes, each a term of 0 to 1 with a weight that may be 0; the region's own baseline
    (B6), and what a declared national policy adds everywhere (A5)."""
    return max(
        0.0,
        world.city_size * size_term(city, world)
        + world.city_dependence * min(1.0, city.share / FULL_DEPENDENCE)
        + world.city_prosperity * min(1.0, city.fiscal_strength / FULL_PROSPERITY)
        + world.city_history * city.history
        + world.city_internationalisation * city.internationalisation
        + world.city_image * image_term(city, world)
        + world.city_lobbying * lobbying_term(city, world)
        + world.city_conflict * conflict_term(city)
        + world.city_regionalism * city.autonomy
        + world.policy_declared,
    )


@rule
def pull_of_others(world, own, near, alike, best_alike):
    """B5: copying neighbours, copying similar cities, and rivalry with the best of them."""
    rivalry = world.city_rivalry * max(0.0, best_alike - own)
    return world.city_neighbours * near + world.city_similar * alike + rivalry


@rule
def consider_service(city, world, service, pull):
    """B1/B3: a service on the agenda moves a step towards the level the city wants.

    It wants less where NGOs do the work (B7), and, under national guidance, something nearer to the national
    standard (A5).
    """
    if draw(world.luck_now, city.row, AGENDA, service) >= world.city_pace:
        return
    surplus = city.motivation + pull - world.services_threshold[service]
    wanted = min(1.0, max(0.0, surplus / world.city_slope))
    wanted = wanted * (1.0 - world.city_shirking * ngo_strength(city, world))
    wanted = wanted + world.policy_guidance * (world.policy_standard - wanted)
    level = city.level_before[service]
    if wanted > level:
        city.level[service] = min(wanted, level + world.city_step)
    else:
        city.level[service] = max(wanted, level - 0.5 * world.city_step)


@rule
def pay_for_services(city, world):
    """B4: programmes are paid for from the least to the most demanding, as far as the budget goes."""
    people = city.migrants * world.persons
    city.budget = (
        world.city_budget * city.population * city.fiscal_strength * city.motivation * YEN_TO_MILLION
    )
    left = city.budget + city.grant
    total = 0.0
    for rank in range(N_SERVICES):
        service = world.services_by_threshold[rank]
        full_cost = world.services_fixed[service] + world.services_per_head[service] * people * 0.001
        full_cost = full_cost * (1.0 - relief(world, service, people))
        cost = city.level[service] * full_cost
        if world.city_revenue_limits and cost > left:
            city.level[service] = left / full_cost
            cost = left
        left = left - cost
        total += city.level[service]
    city.spent = city.budget + city.grant - left
    city.service_level = total / N_SERVICES


@rule
def relief(world, service, people):
    """A7: the part of a service's cost that the nation takes over."""
    if service == EMERGENCY:
        return world.policy_relief_hospitals
    if service == SCHOOLING and people >= world.policy_teachers_from:
        return world.policy_relief_teachers
    return 0.0


@rule
def claim_on_fund(city, world):
    """B4: weight in the division of central money: size, times proposals, times political leverage."""
    proposals = 1.0 + world.policy_proposals * min(1.0, city.motivation)
    return city.migrants * proposals * (1.0 + world.policy_leverage * city.leverage)


@rule
def decide_who_is_served(city, world):
    """B2/B6/D3: what a city starts with: the services it opens to the unauthorised, a firewall or none, its
    region's own ways, its political leverage."""
    for service in range(N_SERVICES):
        openness = world.services_open_to_unauthorised[service]
        city.open[service] = draw(world.luck_ever, city.row, OPENS, service) < openness
    city.firewall = draw(world.luck_ever, city.row, HAS_FIREWALL) < world.city_firewall
    city.autonomy = 2.0 * draw(world.luck_ever, city.region, REGION) - 1.0
    city.leverage = draw(world.luck_ever, city.row, LEVERAGE)
    city.fit = world.voice_fit_unheard


@rule
def remember_raids(city, deported):
    """D3: the yearly risk as seen here: raids of the last months are remembered, and fade."""
    seen = 12.0 * deported / max(1.0, float(city.unauthorised))
    city.risk = city.risk + (min(1.0, seen) - city.risk) / 12.0
