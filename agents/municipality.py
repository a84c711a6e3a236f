"""The municipality: the record, why it acts (B3), what it can afford (B4), whom it copies (B5)."""

from __future__ import annotations

import numpy as np

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
from .mechanism import mechanism
from .needs import n_needs
from .rule import rule
from .services import MINGLES, OPENABLE, VOICES, effect_of, n_services

NEIGHBOURS = 6
NEAREST = 4  # NGOs of each kind that people of a place have in view
LEVELS = 32  # by which people of a place differ in how far they get


def municipality_dtype(
    services: int, needs: int, doors: int, kinds: int, trades: int, kind_bits: type, row: type
) -> np.dtype:
    """The record of a municipality, for so many services, needs, doors, kinds of NGO (as bits: `kind_bits`) and
    trades; `row` holds the row of another."""
    return np.dtype(
        [
            ("row", np.int64),
            ("identity", np.uint64),  # from its code, so that its luck depends on no other place
            ("region", np.int64),
            ("region_identity", np.uint64),  # from the name of the region, or of the wider one it belongs to
            (
                "area",
                np.int64,
            ),  # between which moves are counted: the region, or the place where there are few
            ("population", np.float64),
            (
                "foreign_residents",
                np.float64,
            ),  # on the register: where migrants live, not how many (see places)
            ("fiscal_strength", np.float64),
            ("history", np.float64),
            ("internationalisation", np.float64),
            ("industry", np.float64),
            ("urban", np.float64),
            (
                "trades",
                np.float64,
                (trades,),
            ),  # D13: how far each has jobs here, beside what like places have
            ("insures", np.float64, (trades,)),  # D13: chance that an employer of the trade insures
            ("ruthless", np.float64, (trades,)),  # D13: trouble with employers, 1 as usual
            ("jobs", np.float64, (doors,)),  # D9: for each category (records)
            ("neighbours", row, NEIGHBOURS),
            ("similar", row, NEIGHBOURS),
            # B1, B2: what it offers, and to whom
            ("level", np.float64, (services,)),
            ("level_before", np.float64, (services,)),
            ("open", np.uint8, (services,)),
            ("fit", np.float64),  # B8: of services to needs
            ("firewall", np.uint8),
            ("service_level", np.float64),
            ("service_quintile", np.int64),  # by service level: 4 is the best fifth of migrants
            # B3, B4
            ("motivation", np.float64),
            ("budget", np.float64),  # million yen a year
            ("spent", np.float64),
            ("grant", np.float64),  # B4: central money, million yen a year
            ("to_ngos", np.float64),  # B7: what it gives to the NGOs here, million yen a year
            ("autonomy", np.float64),  # B6: the region's own baseline, -1 to 1
            ("leverage", np.float64),  # B4: political leverage, 0 to 1
            ("share", np.float64),  # migrants among residents
            ("share_past", np.float64, (12,)),  # at the end of each of the last twelve months, by month % 12
            # who lives here, as of the end of last month (records)
            ("migrants", np.int64),
            ("unauthorised", np.int64),
            ("by_door", np.int32, (doors,)),
            ("by_group", np.int32, (doors,)),  # compatriots; there are at most as many groups as doors
            ("knowers", np.float64, (doors,)),  # D2: share of each group who know a service of the city
            ("ngo_knowers", np.float64, (doors,)),
            ("tension", np.float64),  # B9: between neighbours, 0 to 1
            ("participation", np.float64),  # share of migrants in sustained programmes
            ("mobilised", np.float64),  # D12: share of migrants
            ("members", np.int32, (kinds,)),  # C10: paying members by kind of NGO (records)
            ("raided", np.int64),  # D3: people deported from here last month (records)
            ("risk", np.float64),  # D3: yearly risk of apprehension as remembered here
            ("trust", np.float64),  # D3: in the firewall, 0 to 1
            ("turnover", np.float64),  # C9: share of those living here who go away in a year
            ("unmet", np.int64, (needs,)),  # over the present fiscal year (records)
            ("left_out", np.int64, (needs,)),  # C5: of these, such as no office answers
            # NGOs: offices here, and those within reach
            ("ngo_first", np.int64),
            ("ngo_count", np.int64),
            ("ngo_kinds", kind_bits),
            ("ngo_staff", np.float64),
            (
                "within",
                kind_bits,
                (LEVELS,),
            ),  # C11: kinds within reach of people from the keenest to the least so
            ("monitored", np.float64),  # C8: how far unions watch employers, 0 to 1
            # Seldom looked at, and hence last
            ("near", np.int32, (kinds, NEAREST)),  # C11: rows of the nearest NGOs of each kind; -1 for none
            ("near_weight", np.float64, (kinds, NEAREST)),  # C11: how far the distance lets them help
            ("near_total", np.float64),  # C11: of all of these
            ("spot", np.float64, (3,)),  # C11: where it lies on the globe, from the centre (km)
            ("seat", np.int64),  # C11: row of the largest place of its region
        ]
    )


FULL_DEPENDENCE = 0.05
FULL_SIZE = 10_000.0
FULL_PROSPERITY = 1.5
FULL_LOBBY = 5.0  # NGO workers for each thousand migrants
FULL_CONFLICT = 0.01
FADING = 0.2  # part of what a survey found that is out of date a year later
YEN_TO_MILLION = 1e-6
_FIREWALL = 11  # of the WINS_OPENING draws, beside those about services; no service has this number
NO_RELIEF, HOSPITALS, TEACHERS = range(3)  # the choices of services.*.relief


mechanism(
    "B3",
    "Why a city acts",
    "size, dependence, prosperity, history, internationalisation, image, lobbying, fear of conflict",
    without={
        "city.size": 0.0,
        "city.dependence": 0.0,
        "city.prosperity": 0.0,
        "city.history": 0.0,
        "city.internationalisation": 0.0,
        "city.image": 0.0,
        "city.lobbying": 0.0,
        "city.conflict": 0.0,
    },
    instead="each cause has its own weight, and can be switched off alone",
)


@rule("B3")
def size_term(city, world):
    """Many migrants, many needs: each doubling counts the same, from 10 to 10,000 migrants."""
    people = city.migrants * world.persons
    doublings = 0.0
    mark = 10.0
    while mark * 2.0 <= people and mark * 2.0 <= FULL_SIZE:
        doublings += 1.0
        mark = mark * 2.0
    if people > mark:
        doublings = doublings + min(1.0, people / mark - 1.0)
    return min(1.0, doublings / 10.0)


@rule("B3")
def image_term(city, world):
    """Visible and welcome co-ethnics make a city active, hidden or shunned groups do not."""
    total = 0.0
    seen = 0.0
    for door in range(world.doors_visibility.shape[0]):
        total += city.by_door[door]
        seen += city.by_door[door] * world.doors_visibility[door]
    if total == 0.0:
        return 0.5
    return 0.5 + 0.5 * seen / total


@rule("B3", "B9")
def conflict_term(city):
    """The fear of conflict between neighbours, as tense as things are."""
    return city.tension


@rule
def ngo_strength(city, world):
    """How strong NGOs are here: their staff for each thousand migrants, full at 5."""
    thousands = max(0.1, city.migrants * world.persons / 1000.0)
    return min(1.0, city.ngo_staff / thousands / FULL_LOBBY)


@rule("B3", "D12")
def lobbying_term(city, world):
    """NGOs lobby the city, and with them the migrants who have taken up the cause."""
    return min(1.0, ngo_strength(city, world) + world.voice_mobilised_weight * city.mobilised)


mechanism(
    "B9",
    "Neighbourly tension",
    "fast inflow strains neighbours, exchange and integration relieve: cities cannot look away",
    without={"public.inflow": 0.0, "public.hostility": 0.0},
)


@rule("B9")
def neighbours_react(city, world):
    """Tension rises with a fast inflow and with hostile news, and falls with exchange and integration."""
    a_year_ago = city.share_past[world.month % 12]
    inflow = min(1.0, max(0.0, city.share - a_year_ago) / FULL_CONFLICT)
    tension = world.public_inflow * inflow + world.public_hostility * world.perception
    tension = tension - world.public_exchange * effect_of(city, world, MINGLES)
    tension = tension - world.public_integration * city.participation
    city.tension = city.tension + (min(1.0, max(0.0, tension)) - city.tension) / 12.0


mechanism(
    "B8",
    "Fit of services to need",
    "programmes run without immigrants' voice miss what presses them; councils and surveys help",
    without={"voice.fit_unheard": 1.0, "voice.agenda": 0.0},
    instead="off, services fit without being told; voice.council and voice.surveys at 0 silence immigrants",
)


@rule("B8")
def hear_voices(city, world):
    """An advisory council or a survey makes services fit needs better; what a survey found fades."""
    lacking = 1.0 - world.voice_fit_unheard
    heard = world.voice_council * effect_of(city, world, VOICES)
    floor = world.voice_fit_unheard + lacking * heard
    remembered = max(0.0, city.fit - floor) * (1.0 - FADING)
    city.fit = floor + remembered
    if draw(world.luck_now, city.identity, SURVEYS) < world.voice_surveys * min(1.0, city.motivation):
        city.fit = city.fit + world.voice_survey_gain * (1.0 - city.fit)


@rule("B8")
def is_heard(city, world):
    """How far immigrants are heard, 0 to 1: what of the lacking fit has been made good."""
    if world.voice_fit_unheard >= 1.0:
        return 0.0
    return min(1.0, max(0.0, (city.fit - world.voice_fit_unheard) / (1.0 - world.voice_fit_unheard)))


@rule("B8")
def most_pressing_service(city, world):
    """The service that answers what went unmet most often here in the past year; -1 if nothing did."""
    most = 0
    pressing = -1
    for need in range(n_needs(world)):
        if city.unmet[need] > most and world.needs_services[need, 0] >= 0:
            most = city.unmet[need]
            pressing = world.needs_services[need, 0]
    return pressing


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


mechanism(
    "B6",
    "Regionalism",
    "regions with a history and identity of their own set their own baseline",
    without={"city.regionalism": 0.0},
)


@rule("B6")
def regional_baseline(city, world):
    """Regions with autonomy or a strong identity set a baseline of their own, above or below the country's."""
    return world.city_regionalism * city.autonomy


mechanism(
    "A5",
    "National integration policy",
    "none in Japan and Korea; declared and delegated in Italy and Spain, where gaps remain",
    without={"policy.declared": 0.0, "policy.guidance": 0.0, "policy.fund": 0.0},
    brought_in={
        "policy.declared": 0.2,
        "policy.guidance": 0.5,
        "policy.standard": 0.6,
        "policy.fund": 28000.0,
    },
    instead="off in japan: see the scenarios delegated-funding and national-standard",
)


@rule("A5")
def declared_policy(world):
    """A national policy of integration, once declared, encourages every city, which carries it out or not."""
    return world.policy_declared


@rule("B3")
def motivation_of(city, world):
    """The sum of the causes, each a term of 0 to 1 with a weight that may be 0, and of what region and nation
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


mechanism(
    "B5",
    "Horizontal diffusion",
    "cities copy neighbours and their like, and vie with them, which evens out local citizenship",
    without={"city.neighbours": 0.0, "city.similar": 0.0, "city.rivalry": 0.0},
)


@rule("B5")
def pull_of_others(world, own, near, alike, best_alike):
    """Copying neighbours and similar cities that do more, and rivalry with the best of the latter. Nobody
    does less because others do."""
    pull = world.city_neighbours * max(0.0, near - own) + world.city_similar * max(0.0, alike - own)
    return pull + world.city_rivalry * max(0.0, best_alike - own)


mechanism(
    "B7",
    "Shirking and grants",
    "some cities lean on NGOs and do less themselves; some fund them",
    without={"city.shirking": 0.0, "ngos.grant": 0.0},
)


@rule("B7")
def lean_on_ngos(city, world, wanted):
    """A city shirks what strong NGOs do for it."""
    return wanted * (1.0 - world.city_shirking * ngo_strength(city, world))


@rule("A5")
def follow_guidance(world, wanted):
    """National guidance narrows what cities do: towards the national standard, from above and below."""
    return wanted + world.policy_guidance * (world.policy_standard - wanted)


@rule("B1", "B8")
def comes_on_agenda(city, world, service, pressing):
    """What a city gets round to this year; where immigrants are heard, rather what presses them most."""
    chance = world.city_pace
    if service == pressing:
        chance = chance * (1.0 + world.voice_agenda * is_heard(city, world))
    return draw(world.luck_now, city.identity, AGENDA, world.services_number[service]) < chance


@rule("B1", "B3")
def consider_service(city, world, service, pull):
    """A service on the agenda moves a step towards the level the city wants."""
    surplus = city.motivation + pull - world.services_threshold[service]
    wanted = min(1.0, max(0.0, surplus / world.city_slope))
    wanted = follow_guidance(world, lean_on_ngos(city, world, wanted))
    level = city.level_before[service]
    if wanted > level:
        city.level[service] = min(wanted, level + world.city_step)
    else:
        city.level[service] = max(wanted, level - 0.5 * world.city_step)


@rule("B7")
def fund_ngos(city, world):
    """A city with NGOs gives them part of its budget for immigrants, which its own services then lack."""
    if city.ngo_count == 0:
        return 0.0
    return world.ngos_grant * city.budget


mechanism(
    "B4",
    "Budgets",
    "even willing cities lack revenue; central money goes by size, proposals and leverage",
    without={"city.revenue_limits": False},
)


@rule("B4")
def pay_for_services(city, world):
    """Programmes are paid for from the least to the most demanding, as far as the budget goes."""
    people = city.migrants * world.persons
    city.budget = (
        world.city_budget * city.population * city.fiscal_strength * city.motivation * YEN_TO_MILLION
    )
    city.to_ngos = fund_ngos(city, world)
    left = city.budget + city.grant - city.to_ngos
    total = 0.0
    for rank in range(n_services(world)):
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
    city.service_level = total / n_services(world)


mechanism(
    "A7",
    "National relief",
    "hospitals' unpaid bills and language teachers take a little load off localities",
    without={"policy.relief_hospitals": 0.0, "policy.relief_teachers": 0.0},
    brought_in={"policy.relief_hospitals": 0.3, "policy.relief_teachers": 0.3},
)


@rule("A7")
def relief(world, service, people):
    """The part of a service's cost that the nation takes over."""
    if world.services_relief[service] == HOSPITALS:
        return world.policy_relief_hospitals
    if world.services_relief[service] == TEACHERS and people >= world.policy_teachers_from:
        return world.policy_relief_teachers
    return 0.0


@rule("B4")
def claim_on_fund(city, world):
    """Weight in the division of central money: size, times proposals, times political leverage."""
    proposals = 1.0 + world.policy_proposals * min(1.0, city.motivation)
    return city.migrants * proposals * (1.0 + world.policy_leverage * city.leverage)


@rule("B2", "B6", "D3")
def decide_who_is_served(city, world):
    """What a city starts with: the services it opens to the unauthorised, a firewall or none, its
    region's own ways, its political leverage."""
    for service in range(n_services(world)):
        openness = world.services_open_to_unauthorised[service]
        city.open[service] = (
            draw(world.luck_ever, city.identity, OPENS, world.services_number[service]) < openness
        )
    city.firewall = draw(world.luck_ever, city.identity, HAS_FIREWALL) < world.city_firewall
    city.autonomy = 2.0 * draw(world.luck_ever, city.region_identity, REGION) - 1.0
    city.leverage = draw(world.luck_ever, city.identity, LEVERAGE)
    city.fit = world.voice_fit_unheard
