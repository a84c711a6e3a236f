"""What a city can spend on migrants (B4, B11), what the law demands, and what nation and NGOs add or take."""

from __future__ import annotations

from ..mechanism import mechanism
from ..rule import rule
from ..services import OFFERED, n_services
from .reasons import work_here, zeal_of

YEN_TO_MILLION = 1e-6
NO_RELIEF, HOSPITALS, TEACHERS = range(3)  # the choices of services.*.relief
DESK_GROWS = 0.1  # part of the way to a full international desk that a year of a desk's money brings
DESK_FADES = 0.1  # part of what money has built up that goes in a year without
DESK_COST = 100.0  # yen a resident a year that pay for a desk

mechanism(
    "B4",
    "Budgets",
    "even willing cities lack revenue; central money goes by size, proposals and leverage",
    without={"city.revenue_limits": False},
)

mechanism(
    "B11",
    "Migrants pay and count",
    "registered migrants are workers, consumers and taxpayers: cities count them, and have money by them",
    without={"city.returned": 0.0, "city.settled": 0.0, "city.recession": 0.0},
)


@rule("B4", "B11")
def raise_revenue(city, world):
    """What a city can spend on its migrants: of its own money, which follows its prosperity, and of the taxes of those
    on the register; less when trades have little work. It is no more for those who want more."""
    slack = 1.0 - work_here(city, world)
    usual = 1.0 - world.city_recession * slack
    of_residents = world.city_budget * city.population * city.fiscal_strength * usual
    of_migrants = world.city_returned * city.registered * world.persons * usual
    city.revenue = of_migrants * YEN_TO_MILLION
    city.budget = of_residents * YEN_TO_MILLION + city.revenue


mechanism(
    "A12",
    "Local internationalisation",
    "a national project gives cities money and the right to raise it, which they turn to migrants",
    without={"policy.project": 0.0, "policy.levy": 0.0},
    brought_in={"policy.project": 50.0, "policy.levy": 0.1},
)


@rule("A12")
def money_of_project(city, world):
    """What the project gives to those who have an international desk to ask for it, and what it lets them raise, yen a
    resident."""
    levied = world.policy_levy * world.city_budget * city.fiscal_strength
    return city.internationalisation * (world.policy_project + levied)


@rule("A12")
def appropriate_project(city, world, lacking):
    """The project is meant for exchange abroad: a city turns to migrants as much of its money as their programmes lack
    (`lacking`: million yen)."""
    money = money_of_project(city, world) * city.population * YEN_TO_MILLION
    city.project = min(money, max(0.0, lacking))


@rule("A12")
def keep_desk(city, world):
    """The project's money builds up the international desk, whomever it serves; what was built up goes without."""
    bought = min(1.0, money_of_project(city, world) / DESK_COST)
    built = city.internationalisation - city.own_internationalisation
    grows = DESK_GROWS * bought * (1.0 - city.internationalisation)
    city.internationalisation = city.internationalisation + grows - DESK_FADES * built


mechanism(
    "B7",
    "Shirking and grants",
    "some cities lean on NGOs and do less themselves; some fund them",
    without={"city.shirking": 0.0, "ngos.grant": 0.0},
)


@rule("B7")
def fund_ngos(city, world):
    """A city with NGOs gives them part of its budget for immigrants, the more it wants for these; its own services then
    lack it."""
    if city.ngo_count == 0:
        return 0.0
    return world.ngos_grant * city.budget * zeal_of(city)


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
def cost_of(city, world, service):
    """Of a service at full level, million yen a year."""
    people = city.migrants * world.persons
    cost = world.services_fixed[service] + world.services_per_head[service] * people * 0.001
    return cost * (1.0 - relief(world, service, people))


@rule("B4")
def pay_duties(city, world):
    """What the law demands of every city is paid apart, by contributions, fees and the state's share; a rest weighs on
    what is left for all else."""
    city.duties = 0.0
    for service in range(n_services(world)):
        if world.services_by_law[service]:
            city.duties = city.duties + city.level[service] * cost_of(city, world, service)
    return world.city_duties * city.duties


@rule("B4")
def cost_of_wishes(city, world):
    """Of all programmes at the level that the city wants, beside its duties, million yen a year."""
    cost = 0.0
    for service in range(n_services(world)):
        if not world.services_by_law[service]:
            cost += city.level[service] * cost_of(city, world, service)
    return cost


@rule("A12", "B4", "B10")
def pay_for_services(city, world):
    """Programmes are paid for as far as the money goes: first those that a city had, then new ones, each from the least
    to the most demanding. What cannot be paid is cut, or not begun."""
    raise_revenue(city, world)
    city.to_ngos = fund_ngos(city, world)
    own = city.budget + city.grant - city.to_ngos
    duties = pay_duties(city, world)
    appropriate_project(city, world, cost_of_wishes(city, world) + duties - own)
    keep_desk(city, world)
    money = own + city.project
    left = money - duties
    if world.city_revenue_limits:
        left = max(0.0, left)
    for new in range(2):
        for rank in range(n_services(world)):
            service = world.services_by_threshold[rank]
            is_new = city.level_before[service] <= OFFERED
            if world.services_by_law[service] or is_new != (new == 1):
                continue
            full_cost = cost_of(city, world, service)
            cost = city.level[service] * full_cost
            if world.city_revenue_limits and cost > left:
                city.level[service] = left / full_cost
                cost = left
            left = left - cost
    total = 0.0
    for service in range(n_services(world)):
        total += city.level[service]
    city.spent = money - left
    city.service_level = total / n_services(world)


@rule("B4")
def claim_on_fund(city, world):
    """Weight in the division of central money: size, times proposals, times political leverage."""
    proposals = 1.0 + world.policy_proposals * zeal_of(city)
    return city.registered * proposals * (1.0 + world.policy_leverage * city.leverage)
