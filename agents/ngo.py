"""The NGO: the record, its money and staff (C4), founding and closing (C5)."""

from __future__ import annotations

import numpy as np

from .awareness import n_kinds
from .chance import (
    AT_SEAT,
    BRANCHES,
    FOUNDS,
    FOUNDS_KIND,
    NGO_CAPACITY,
    NGO_CLOSES,
    NGO_MONEY,
    NGO_SKILL,
    NGO_SPECIAL,
    draw,
)
from .compatriots import largest_group
from .mechanism import mechanism
from .needs import n_needs
from .rule import rule

# One office, one locality (C3).
NGO = np.dtype(
    [
        ("identity", np.uint64),
        ("kind", np.int64),
        ("home", np.int64),  # row of the municipality
        ("founded", np.int64),  # month
        ("parent", np.uint64),  # C3: the identity of the NGO it is a branch of, or 0
        ("skill", np.float64),  # chance to solve a case within the month
        ("fit", np.float64),  # C9: part of cases not misjudged
        ("issue", np.int64),  # C6: the only need it takes, or -1
        ("group", np.int64),  # C6: the only group of compatriots it serves, or -1
        ("supporters", np.float64),  # C4: residents within reach, those of several NGOs shared among these
        ("members", np.float64),  # C10: paying members, likewise (persons)
        ("voices", np.float64),  # D12: migrants within reach who have taken up the cause, likewise (persons)
        ("staff", np.float64),  # workers
        ("funds", np.float64),  # million yen in hand
        ("capacity", np.int64),  # cases (records) this month
        ("year_capacity", np.int64),  # cases that its staff could take on since the last accounts (records)
        ("served", np.int64),  # cases taken on since the last accounts (records)
        ("turned_away", np.int64),
        ("alive", np.uint8),
    ]
)

LEAST_STAFF = 0.5


mechanism(
    "C1",
    "Kinds of NGO",
    "citizens' groups, churches, women's groups, unions, medics, lawyers, immigrants: each its own cases",
    without={"ngos.enabled": False},
)


@rule("C1")
def answers(world, kind, need):
    """Whether this kind of NGO takes such a case."""
    return (world.needs_kinds[need] >> kind) & 1


@rule("C1")
def kinds_for(migrant, world):
    """The kinds of NGO, as bits, that take a case like this migrant's."""
    kinds = world.needs_kinds[migrant.need - 1]
    if not migrant.woman:
        kinds = kinds & ~world.women_kinds
    return kinds


@rule("C1", "C6")
def takes_case(ngo, world, migrant):
    """Whether this very NGO takes the case: its kind must, and its speciality, if it has one."""
    need = migrant.need - 1
    if not kinds_for(migrant, world) >> ngo.kind & 1:
        return False
    if ngo.issue >= 0 and ngo.issue != need:
        return False
    return ngo.group < 0 or ngo.group == world.group_of_door[migrant.door]


mechanism(
    "C4",
    "Finite capacity",
    "NGOs are short of money and staff, and turn people away",
    without={"ngos.limited": False},
    instead="off, nobody is turned away; money and staff are as they were",
)


@rule("C4")
def set_capacity(ngo, world):
    """Cases the staff can take on this month; the fraction of a case by lot."""
    cases = ngo.staff * world.ngos_cases_per_staff / world.persons
    whole = int(cases)
    if draw(world.luck_now, ngo.identity, NGO_CAPACITY) < cases - whole:
        whole += 1
    ngo.capacity = whole
    ngo.year_capacity += whole


@rule
def part_of_year(ngo, world):
    """How much of the year the accounts are for: the first ones may come sooner."""
    return min(1.0, (world.month - ngo.founded) / 12.0)


@rule("C10")
def dues_of(ngo, world):
    """A year's dues of its members."""
    return world.ngos_dues * 12.0 * ngo.members * 0.001


@rule("C4")
def support_for(ngo, world):
    """How much of a typical office's donations residents within reach can give: half as much again, and more, in a
    metropolis, next to nothing where nobody lives near."""
    return 2.0 * ngo.supporters / (ngo.supporters + world.ngos_supporters)


@rule("C4")
def work_of(ngo, world, year):
    """How much the year's cases, those turned away among them, are for the staff: 1 where as many are asked for as it
    can take on, and the more the more, but each further one adds less; never quite twice as much."""
    asked = (ngo.served + ngo.turned_away) * world.persons
    if asked <= 0.0:
        return 0.0
    able = max(LEAST_STAFF, ngo.staff) * world.ngos_cases_per_staff * 12.0 * max(year, 1.0 / 12.0)
    return 2.0 * asked / (asked + able)


@rule("C4")
def donations_to(ngo, world, year):
    """Donations and foundation money follow supporters, and the work that a group is asked to do."""
    ups_and_downs = world.ngos_foundation_luck * (2.0 * draw(world.luck_now, ngo.identity, NGO_MONEY) - 1.0)
    given = world.ngo_kinds_income[ngo.kind] * (1.0 + ups_and_downs) * support_for(ngo, world)
    return given * (1.0 + world.ngos_follows_work * (work_of(ngo, world, year) - 1.0))


@rule("C4")
def close_accounts(ngo, world, city):
    """Donations, fees, dues and the city's grant against the cost of staff; staff follows money."""
    year = part_of_year(ngo, world)
    grant = city.to_ngos / max(1, city.ngo_count)
    income = year * (donations_to(ngo, world, year) + grant + dues_of(ngo, world))
    income = income + world.ngo_kinds_fee[ngo.kind] * ngo.served * world.persons * 0.001
    ngo.funds = ngo.funds + income - year * ngo.staff * world.ngos_staff_cost
    if year > 0.0:
        affordable = (income / year + max(0.0, ngo.funds) / world.ngos_reserve) / world.ngos_staff_cost
        ngo.staff = max(LEAST_STAFF, ngo.staff + year * world.ngos_adjustment * (affordable - ngo.staff))


mechanism(
    "C5",
    "Founding and closing",
    "NGOs arise where needs find no office that answers, and end when money or volunteers run out",
    without={"ngos.founding": 0.0, "ngos.burnout": 0.0, "ngos.debt": 100.0},
    instead="off, the NGOs of the start are there to the end; branches (C3) are still opened",
)


@rule("C5")
def is_bankrupt(ngo, world):
    """NGOs close when they are too deep in debt."""
    return ngo.funds < -world.ngos_debt * world.ngo_kinds_income[ngo.kind]


@rule("C5", "C9")
def burns_out(ngo, world, city):
    """NGOs close when the volunteers run out: the sooner, the more is asked of them and the fewer residents could take
    their place; those run by immigrants the sooner, the more of their compatriots go away again."""
    year = part_of_year(ngo, world)
    burnout = world.ngos_burnout * year * work_of(ngo, world, year) / (0.5 + 0.5 * support_for(ngo, world))
    if world.ngo_kinds_immigrant_run[ngo.kind]:
        burnout = burnout * (1.0 + world.ngos_transience * city.turnover)
    return draw(world.luck_now, ngo.identity, NGO_CLOSES) < burnout


@rule("C5")
def comes_to_an_end(ngo, world, city):
    """For lack of money, or of people."""
    return is_bankrupt(ngo, world) or burns_out(ngo, world, city)


@rule("C5")
def calls_for(city, world, kind):
    """Needs of the year in this place that no office answers, and that such an NGO would (persons)."""
    calls = 0.0
    for need in range(n_needs(world)):
        if answers(world, kind, need):
            calls += city.left_out[need]
    return calls * world.persons * world.ngo_kinds_founding[kind]


@rule("C5", "D12")
def founders_for(city, world, kind):
    """How far people of the place can found such an NGO, 0 to 1: the more residents, citizens and congregations; one
    run by immigrants takes migrants who are settled enough to take part, or have taken up the cause."""
    if world.ngo_kinds_immigrant_run[kind]:
        people = (city.participation + city.mobilised) * city.migrants * world.persons
        return people / (people + world.ngos_founders_immigrant)
    return city.population / (city.population + world.ngos_founders)


@rule("C5")
def wish_for(city, world, kind):
    """What calls for such an NGO, and who is there to found it."""
    return calls_for(city, world, kind) * founders_for(city, world, kind)


@rule("C5")
def is_founded(city, world):
    """The kind of NGO that people here found this year, or -1: where needs find no answer and few NGOs are near."""
    total = 0.0
    for kind in range(n_kinds(world)):
        total += wish_for(city, world, kind)
    chance = world.ngos_founding * total / (1.0 + world.ngos_crowding * city.near_total)
    if draw(world.luck_now, city.identity, FOUNDS) >= chance:
        return -1
    mark = draw(world.luck_now, city.identity, FOUNDS_KIND) * total
    for kind in range(n_kinds(world)):
        mark = mark - wish_for(city, world, kind)
        if mark < 0.0:
            return kind
    return n_kinds(world) - 1


@rule("C11")
def opens_at_seat(city, world):
    """Some open in the largest city of the region, where supporters, lawyers and halls are, and not where they live."""
    return draw(world.luck_now, city.identity, AT_SEAT) < world.ngos_at_seat


@rule("C5")
def set_up(ngo, world, city, identity, kind):
    """A new office begins with a quarter of a year's donations in hand, and half the staff that a year's pay for."""
    ngo.identity = identity
    ngo.parent = 0
    ngo.kind = kind
    ngo.home = city.row
    ngo.founded = world.month
    ngo.funds = 0.25 * world.ngo_kinds_income[kind]
    ngo.staff = max(LEAST_STAFF, 0.5 * world.ngo_kinds_income[kind] / world.ngos_staff_cost)
    ngo.capacity = 0
    ngo.year_capacity = 0
    ngo.served = 0
    ngo.turned_away = 0
    ngo.supporters = 0.0
    ngo.members = 0.0
    ngo.voices = 0.0
    ngo.alive = 1
    find_profile(ngo, world, city)


mechanism(
    "C6",
    "Specialisation",
    "many NGOs narrow themselves to one group or one issue",
    without={"ngos.specialised": 0.0},
)


@rule("C6", "C9")
def find_profile(ngo, world, city):
    """How good it is, what it narrows itself to, and how well it judges what immigrants need."""
    ever = world.luck_ever
    swing = world.ngos_competence * (2.0 * draw(ever, ngo.identity, NGO_SKILL) - 1.0)
    ngo.skill = min(1.0, world.ngo_kinds_skill[ngo.kind] * (1.0 + swing))
    ngo.issue = -1
    ngo.group = -1
    if draw(ever, ngo.identity, NGO_SPECIAL) < world.ngos_specialised:
        ngo.skill = ngo.skill + world.ngos_specialist_gain * (1.0 - ngo.skill)
        if draw(ever, ngo.identity, NGO_SPECIAL, 1) < 0.5:
            ngo.issue = most_pressing(city, world, ngo.kind)
            if city.left_out[ngo.issue] == 0:
                ngo.issue = any_issue(ngo, world)
        else:
            ngo.group = largest_group(city, world)
    judge_needs(ngo, world)


@rule("C9", "D12")
def judge_needs(ngo, world):
    """Native staff misjudge some cases; fewer, where immigrants are on the staff or clients who have taken up the cause
    have their say."""
    ngo.fit = 1.0
    if not world.ngo_kinds_immigrant_run[ngo.kind]:
        say = say_of_clients(ngo, world)
        say = world.ngos_immigrant_staff + (1.0 - world.ngos_immigrant_staff) * say
        ngo.fit = 1.0 - world.ngos_paternalism * (1.0 - say)


@rule("C9", "D12")
def say_of_clients(ngo, world):
    """How far its clients are heard, 0 to below 1: by how many, for each client of a year, have taken up the cause."""
    clients = ngo.served * world.persons / max(1.0 / 12.0, part_of_year(ngo, world))
    return ngo.voices / max(1e-9, ngo.voices + world.ngos_say * clients)


@rule("C6")
def most_pressing(city, world, kind):
    """The need of this kind's that found no answer most often here, the first of them if none did."""
    chosen = -1
    for need in range(n_needs(world)):
        if answers(world, kind, need) and (chosen < 0 or city.left_out[need] > city.left_out[chosen]):
            chosen = need
    return chosen


@rule("C6")
def any_issue(ngo, world):
    """Before anything has gone unmet, one of this kind's issues by lot."""
    count = 0
    for need in range(n_needs(world)):
        count += answers(world, ngo.kind, need)
    pick = int(draw(world.luck_ever, ngo.identity, NGO_SPECIAL, 2) * count)
    for need in range(n_needs(world)):
        if answers(world, ngo.kind, need):
            if pick == 0:
                return need
            pick -= 1
    return -1


mechanism(
    "C3",
    "One office, one locality",
    "most NGOs have one office; few have branches; the telephone reaches further, but weakly",
    without={"ngos.branches": 0.0, "ngos.telephone": 0.0, "ngos.hotline": 0.0},
    instead="one office and one locality are structure; off, there are no branches and no telephone either",
)


@rule("C3")
def opens_branch(ngo, world):
    """A few of those with a year's income in hand open a branch elsewhere."""
    if ngo.funds < world.ngo_kinds_income[ngo.kind]:
        return False
    return draw(world.luck_now, ngo.identity, BRANCHES) < world.ngos_branches


@rule("C3")
def branch_off(branch, ngo, world, city, identity):
    """The branch shares its parent's profile, and half the money in hand."""
    set_up(branch, world, city, identity, ngo.kind)
    branch.parent = ngo.identity
    branch.skill = ngo.skill
    branch.issue = ngo.issue
    branch.group = ngo.group
    branch.funds = 0.5 * ngo.funds
    ngo.funds = 0.5 * ngo.funds


mechanism(
    "C7",
    "Networks of NGOs",
    "shared expertise, joint fund-raising and referral even out quality across places",
    without={"ngos.network": 0.0, "ngos.referral": 0.0},
)


@rule("C7")
def share_in_network(ngo, world, mean_skill, mean_funds):
    """Networks share expertise, from which those below the mean learn, and help one another with funds."""
    ngo.skill = ngo.skill + world.ngos_network * max(0.0, mean_skill - ngo.skill)
    ngo.funds = ngo.funds + world.ngos_network * (mean_funds - ngo.funds)


@rule("C7", "C11")
def pull_of_room(room, here, there, world):
    """How much room an office elsewhere is to somebody from here, whom a network refers: less with the distance."""
    away = 0.0
    for axis in range(3):
        gap = there.spot[axis] - here.spot[axis]
        away += gap * gap
    near = world.ngos_referral_reach * world.ngos_referral_reach
    return room * near / (near + away)
