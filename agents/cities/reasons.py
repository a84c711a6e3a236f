"""Why a city acts (B3): what lies in the place, who is a member there (B11), and who pushes."""

from __future__ import annotations

from ..mechanism import mechanism
from ..rule import rule
from .hostility import stance
from .will import regional_baseline, will_term

FEW = 10.0  # migrants, from whom on each doubling counts
SIZES = 12  # doublings, to some 41,000
LITTLE = 0.001  # share of residents, from which on each doubling counts
DEPENDENCES = 8  # doublings, to 25.6%
FULL_PROSPERITY = 1.5
FULL_MOTIVATION = 2.5  # what moves the keenest cities
FULL_LOBBY = 5.0  # NGO workers for each thousand migrants

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
def doublings_of(number, least, most):
    """How often the least is doubled to make the number, from 0 to at most so often; straight in between."""
    doublings = 0.0
    mark = least
    while number >= mark * 2.0 and doublings < most:
        doublings += 1.0
        mark = mark * 2.0
    if number > mark and doublings < most:
        doublings = doublings + number / mark - 1.0
    return doublings


@rule("B11")
def members(city, world):
    """Who counts: those on the register, and in full only who has settled or has children here. The others are guests,
    who may be gone next year; the unauthorised do not count. Persons."""
    guests = city.registered - city.settled
    return (city.registered - world.city_guests * guests) * world.persons


@rule("B3", "B11")
def size_term(city, world):
    """Many members, many needs: each doubling counts the same."""
    return doublings_of(members(city, world), FEW, SIZES) / SIZES


@rule("B3", "B11", "A10")
def dependence_term(city, world):
    """Trades that live on migrants, guests like members: each doubling of the registered among residents, as far as
    their trades have work now."""
    share = city.registered * world.persons / city.population
    return doublings_of(share, LITTLE, DEPENDENCES) / DEPENDENCES * work_here(city, world)


@rule("B3")
def prosperity_term(city, world):
    """Tax revenue: own money as a share of what a city of its size needs."""
    return min(1.0, city.fiscal_strength / FULL_PROSPERITY)


@rule("A10", "B11")
def work_here(city, world):
    """Jobs that the trades of the migrants who live here offer, as a share of a boom's; of all trades where none do."""
    people = 0.0
    offered = 0.0
    for door in range(world.trade_of_door.shape[0]):
        people += city.by_door[door]
        offered += city.by_door[door] * world.offered[world.trade_of_door[door]]
    if people > 0.0:
        return min(1.0, offered / people)
    trades = world.offered.shape[0]
    for trade in range(trades):
        offered += world.offered[trade]
    return min(1.0, offered / trades)


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


@rule
def ngo_strength(city, world):
    """How strong NGOs are here: their staff for each thousand migrants, full at 5."""
    thousands = max(0.1, city.migrants * world.persons / 1000.0)
    return min(1.0, city.ngo_staff / thousands / FULL_LOBBY)


@rule("B3", "D12")
def lobbying_term(city, world):
    """NGOs lobby the city, and with them the migrants who have taken up the cause."""
    return min(1.0, ngo_strength(city, world) + world.voice_mobilised_weight * city.mobilised)


@rule("B3", "B9")
def conflict_term(city, world):
    """Conflict between neighbours moves a city to relieve it where migrants have more of a voice than the hostile, and
    hardens it where they have less."""
    return city.tension * stance(city, world, lobbying_term(city, world))


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
def declared_policy(city, world):
    """A national policy of integration, once declared, encourages cities as far as their region carries it out."""
    return world.policy_declared * city.uptake


@rule("A5", "B6")
def readiness_of_region(city, zeal):
    """How far a region would carry out what the nation declares, 0 to 1: by the zeal of its cities, as many migrants as
    are on their registers, and more or less by whoever governs it. A region may decline."""
    return min(1.0, zeal * (1.0 + city.autonomy))


@rule("A5")
def take_up_policy(city, world, readiness):
    """Legislation takes years, once there is something to carry out, and is dropped again by who is not ready."""
    if world.policy_declared + world.policy_guidance <= 0.0:
        city.uptake = 0.0
    else:
        city.uptake = city.uptake + world.policy_uptake * (readiness - city.uptake)


@rule("B3", "B10")
def motivation_of(city, world):
    """The sum of the causes, each a term of 0 to 1 (of -1 to 1: conflict) with a weight that may be 0, and of what
    will, region and nation add."""
    return max(
        0.0,
        world.city_size * size_term(city, world)
        + world.city_dependence * dependence_term(city, world)
        + world.city_prosperity * prosperity_term(city, world)
        + world.city_history * city.history
        + world.city_internationalisation * city.internationalisation
        + world.city_image * image_term(city, world)
        + world.city_lobbying * lobbying_term(city, world)
        + world.city_conflict * conflict_term(city, world)
        + will_term(city, world)
        + regional_baseline(city, world)
        + declared_policy(city, world),
    )


@rule("B3")
def zeal_of(city):
    """Motivation, 0 to 1, as a share of the keenest cities'."""
    return min(1.0, city.motivation / FULL_MOTIVATION)
