"""The municipality: the record, why it acts (B3), what it can afford (B4), whom it copies (B5)."""

from __future__ import annotations

import numpy as np

from ..scenarios.catalogue import (
    CITY_ANSWERS,
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
from .services import N_SERVICES, effect_of

N_DOORS = len(DOORS)
N_KINDS = len(NGO_KINDS)
N_NEEDS = len(NEEDS)
NEIGHBOURS = 6

MUNICIPALITY = np.dtype(
    [
        ("row", np.int64),
        ("identity", np.uint64),  # from its code, so that its luck depends on no other place
        ("region", np.int64),
        ("region_identity", np.uint64),  # from the region's name
        ("area", np.int64),  # between which moves are counted: the region, or the place where there are few
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
        ("to_ngos", np.float64),  # B7: what it gives to the NGOs here, million yen a year
        ("autonomy", np.float64),  # B6: the region's own baseline, -1 to 1
        ("leverage", np.float64),  # B4: political leverage, 0 to 1
        ("share", np.float64),  # migrants among residents
        (
            "share_past",
            np.float64,
            12,
        ),  # the same at the end of each of the last twelve months, by month % 12
        # who lives here, as of the end of last month (records)
        ("migrants", np.int64),
        ("unauthorised", np.int64),
        ("by_door", np.int32, N_DOORS),
        ("knowers", np.float64, N_DOORS),  # D2: share of each category who know a service of the city
        ("ngo_knowers", np.float64, N_DOORS),
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
_ANSWER = tuple(SERVICES.index(s) if (s := CITY_ANSWERS[n][0]) else -1 for n in NEEDS)
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
    a_year_ago = city.share_past[world.month % 12]
    inflow = min(1.0, max(0.0, city.share - a_year_ago) / FULL_CONFLICT)
    tension = world.public_inflow * inflow + world.public_hostility * world.perception
    tension = tension - world.public_exchange * effect_of(world, city, EXCHANGE)
    tension = tension - world.public_integration * city.participation
    city.tension = city.tension + (min(1.0, max(0.0, tension)) - city.tension) / 12.0


@rule
def hear_voices(city, world):
    """B8: an advisory council or a survey makes services fit needs better; what a survey found fades."""
    lacking = 1.0 - world.voice_fit_unheard
    heard = world.voice_council * effect_of(world, city, COUNCIL)
    floor = world.voice_fit_unheard + lacking * heard
    remembered = max(0.0, city.fit - floor) * (1.0 - FADING)
    city.fit = floor + remembered
    if draw(world.luck_now, city.identity, SURVEYS) < world.voice_surveys * min(1.0, city.motivation):
        city.fit = city.fit + world.voice_survey_gain * (1.0 - city.fit)


@rule
def is_heard(city, world):
    """B8: how far immigrants are heard, 0 to 1: what of the lacking fit has been made good."""
    if world.voice_fit_unheard >= 1.0:
        return 0.0
    return min(1.0, max(0.0, (city.fit - world.voice_fit_unheard) / (1.0 - world.voice_fit_unheard)))


@rule
def most_pressing_service(city):
    """B8: the service that answers what went unmet most often here in the past year; -1 if nothing did."""
    most = 0
    pressing = -1
    for need in range(N_NEEDS):
        if city.unmet[need] > most and _ANSWER[need] >= 0:
            most = city.unmet[need]
            pressing = _ANSWER[need]
    return pressing


@rule
def win_openings(city, world):
    """C8: lobbying may open schools and emergency care to the unauthorised, or win a firewall for them."""
    chance = world.voice_opening * lobbying_term(city, world)
    for service in range(N_SERVICES):
        if service == SCHOOLING or service == EMERGENCY:
            if draw(world.luck_now, city.identity, WINS_OPENING, service) < chance:
                city.open[service] = 1
    if draw(world.luck_now, city.identity, WINS_OPENING, N_SERVICES) < chance:
        city.firewall = 1


@rule
def regional_baseline(city, world):
    """B6: regions with autonomy or a strong identity set a baseline of their own, above or below the country's."""
    return world.city_regionalism * city.autonomy


@rule
def declared_policy(world):
    """A5: a national policy of integration, once declared, encourages every city, which carries it out or not."""
    return world.policy_declared


@rule
def motivation_of(city, world):
    """B3: the sum of the causes, each a term of 0 to 1 with a weight that may be 0, and of what region and nation
    add."""
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
        + regional_baseline(city, world)
        + declared_policy(world),
    )


@rule
def pull_of_others(world, own, near, alike, best_alike):
    """B5: copying neighbours and similar cities that do more, and rivalry with the best of the latter. Nobody
    does less because others do."""
    pull = world.city_neighbours * max(0.0, near - own) + world.city_similar * max(0.0, alike - own)
    return pull + world.city_rivalry * max(0.0, best_alike - own)


@rule
def lean_on_ngos(city, world, wanted):
    """B7: a city shirks what strong NGOs do for it."""
    return wanted * (1.0 - world.city_shirking * ngo_strength(city, world))


@rule
def follow_guidance(world, wanted):
    """A5: national guidance narrows what cities do: towards the national standard, from above and below."""
    return wanted + world.policy_guidance * (world.policy_standard - wanted)


@rule
def comes_on_agenda(city, world, service, pressing):
    """B1/B8: what a city gets round to this year; where immigrants are heard, rather what presses them most."""
    chance = world.city_pace
    if service == pressing:
        chance = chance * (1.0 + world.voice_agenda * is_heard(city, world))
    return draw(world.luck_now, city.identity, AGENDA, service) < chance


@rule
def consider_service(city, world, service, pull):
    """B1/B3: a service on the agenda moves a step towards the level the city wants."""
    surplus = city.motivation + pull - world.services_threshold[service]
    wanted = min(1.0, max(0.0, surplus / world.city_slope))
    wanted = follow_guidance(world, lean_on_ngos(city, world, wanted))
    level = city.level_before[service]
    if wanted > level:
        city.level[service] = min(wanted, level + world.city_step)
    else:
        city.level[service] = max(wanted, level - 0.5 * world.city_step)


@rule
def fund_ngos(city, world):
    """B7: a city with NGOs gives them part of its budget for immigrants, which its own services then lack."""
    if city.ngo_count == 0:
        return 0.0
    return world.ngos_grant * city.budget


@rule
def pay_for_services(city, world):
    """B4: programmes are paid for from the least to the most demanding, as far as the budget goes."""
    people = city.migrants * world.persons
    city.budget = (
        world.city_budget * city.population * city.fiscal_strength * city.motivation * YEN_TO_MILLION
    )
    city.to_ngos = fund_ngos(city, world)
    left = city.budget + city.grant - city.to_ngos
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
    city.spent = city.budget + city.grant - city.to_ngos - left
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
        city.open[service] = draw(world.luck_ever, city.identity, OPENS, service) < openness
    city.firewall = draw(world.luck_ever, city.identity, HAS_FIREWALL) < world.city_firewall
    city.autonomy = 2.0 * draw(world.luck_ever, city.region_identity, REGION) - 1.0
    city.leverage = draw(world.luck_ever, city.identity, LEVERAGE)
    city.fit = world.voice_fit_unheard


@rule
def remember_raids(city, deported):
    """D3: the yearly risk as seen here: raids of the last months are remembered, and fade."""
    seen = 12.0 * deported / max(1.0, float(city.unauthorised))
    city.risk = city.risk + (seen - city.risk) / 12.0
