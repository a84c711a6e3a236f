"""What a city can spend on migrants (B4, B11), what the law demands, and what nation and NGOs add or take."""

from __future__ import annotations

from ..mechanism import mechanism
from ..rule import rule
from ..services import OFFERED, n_services
from .reasons import work_here, zeal_of

YEN_TO_MILLION = 1e-6
NO_RELIEF, HOSPITALS, TEACHERS = range(3)  # the choices of services.*.relief (teachers: see adoption.py)

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
    without={"city.returned": 0.0, "city.guests": 1.0, "city.recession": 0.0},
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
def appropriate_project(city, world):
    """The project's money is earmarked. What it is for, exchange, has it first. Of the rest a city turns as much to its
    other programmes for migrants as it is zealous: who is reluctant takes the money, and spends it abroad."""
    city.earmarked = money_of_project(city, world) * city.population * YEN_TO_MILLION
    meant = min(city.earmarked, cost_of_wishes(city, world, True))
    turned = min(zeal_of(city) * (city.earmarked - meant), cost_of_wishes(city, world, False))
    city.project = meant + turned
    return meant


@rule("A12")
def project_asks(city, world, service):
    """How far the project's money asks for a service that it is for: full where it would pay for a busy desk."""
    if not world.services_international[service]:
        return 0.0
    return min(1.0, money_of_project(city, world) / world.policy_desk_cost)


@rule("A12")
def work_of_desk(city, world):
    """What the international desk has to do, 0 to 1: to spend what is spent here of the project's money, and to run the
    programmes that are on the city's agenda."""
    spent = city.project / max(1.0, city.population) / YEN_TO_MILLION / world.policy_desk_cost
    return min(1.0, spent + city.service_level)


@rule("A12")
def keep_desk(city, world):
    """The international desk grows by the work that it has, and what was built up goes without."""
    built = city.internationalisation - city.own_internationalisation
    grows = world.policy_desk_grows * work_of_desk(city, world) * (1.0 - city.internationalisation)
    city.internationalisation = city.internationalisation + grows - world.policy_desk_fades * built


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
def relief(world, service):
    """The part of a service's cost that the nation takes over: hospitals' unpaid bills."""
    if world.services_relief[service] == HOSPITALS:
        return world.policy_relief_hospitals
    return 0.0


@rule("B2", "B4")
def people_served(city, world, service):
    """For whom a city runs a service: those on its register, and the others where it has opened it to them."""
    if city.open[service]:
        return city.migrants * world.persons
    return city.registered * world.persons


@rule("B4", "D2")
def share_who_know(city):
    """Of the migrants who live here, those who know a service of the city: who has never heard of one costs nothing."""
    people = 0.0
    know = 0.0
    for group in range(city.by_group.shape[0]):
        people += city.by_group[group]
        know += city.by_group[group] * city.knowers[group]
    if people <= 0.0:
        return 0.0
    return know / people


@rule("B4")
def cost_of(city, world, service):
    """Of a service at full level, million yen a year: a programme costs the more, the more of those whom it is for come
    to it."""
    people = people_served(city, world, service) * share_who_know(city)
    cost = world.services_fixed[service] + world.services_per_head[service] * people * 0.001
    return cost * (1.0 - relief(world, service))


@rule("B4")
def pay_duties(city, world):
    """What the law demands of every city is paid apart, by contributions, fees and the state's share; a rest weighs on
    what is left for all else."""
    city.duties = 0.0
    for service in range(n_services(world)):
        if world.services_by_law[service]:
            city.duties = city.duties + city.level[service] * cost_of(city, world, service)
    return world.city_duties * city.duties


@rule("A12", "B4")
def cost_of_wishes(city, world, international):
    """Of the programmes that are meant by local internationalisation, or of the others, at the level that the city
    wants, beside its duties, million yen a year."""
    cost = 0.0
    for service in range(n_services(world)):
        meant = world.services_international[service] != 0
        if not world.services_by_law[service] and meant == international:
            cost += city.level[service] * cost_of(city, world, service)
    return cost


@rule("B4")
def level_paid_for(level, full_cost, money):
    """As much of a wished level as the money pays for; all of what costs nothing, also where nothing is left."""
    there = max(0.0, money)  # what is left of sums that were spent to the end may lie a hair below
    if level * full_cost <= there:
        return level
    return there / full_cost


@rule("A12", "B4", "B10")
def pay_for_services(city, world):
    """Programmes are paid for as far as the money goes: first those that a city had, then new ones, each from the least
    to the most demanding. Earmarked money is spent first, on what it is for. What cannot be paid is cut, or not begun.
    """
    raise_revenue(city, world)
    city.to_ngos = fund_ngos(city, world)
    meant = appropriate_project(city, world)
    money = city.budget + city.grant - city.to_ngos + city.project
    left = money - meant - pay_duties(city, world)
    if world.city_revenue_limits:
        left = max(0.0, left)
    for new in range(2):
        for rank in range(n_services(world)):
            service = world.services_by_threshold[rank]
            is_new = city.level_before[service] <= OFFERED
            if world.services_by_law[service] or is_new != (new == 1):
                continue
            full_cost = cost_of(city, world, service)
            there = left
            if world.services_international[service]:
                there = left + meant
            if world.city_revenue_limits:
                city.level[service] = level_paid_for(city.level[service], full_cost, there)
            cost = city.level[service] * full_cost
            if world.services_international[service]:
                earmarked = min(meant, cost)
                meant = meant - earmarked
                cost = cost - earmarked
            left = left - cost
    total = 0.0
    for service in range(n_services(world)):
        total += city.level[service]
    city.spent = money - left
    city.service_level = total / n_services(world)
    keep_desk(city, world)


@rule("B4")
def claim_on_fund(city, world):
    """Weight in the division of central money: size, times proposals, times political leverage."""
    proposals = 1.0 + world.policy_proposals * zeal_of(city)
    return city.registered * proposals * (1.0 + world.policy_leverage * city.leverage)
