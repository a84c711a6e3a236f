"""The NGO: the record, its money and staff (C4), founding and closing (C5)."""

from __future__ import annotations

import numpy as np

from ..scenarios.catalogue import DOORS, NEEDS, NGO_ANSWERS, NGO_KINDS
from .chance import (
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
from .rule import rule

N_KINDS = len(NGO_KINDS)
N_NEEDS = len(NEEDS)
N_DOORS = len(DOORS)
IMMIGRANT_RUN = NGO_KINDS.index("immigrant")

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
        ("group", np.int64),  # C6: the only category (door) it serves, or -1
        ("colleagues", np.int64),  # NGOs of its kind in the place, itself among them, which share the members
        ("staff", np.float64),  # workers
        ("funds", np.float64),  # million yen in hand
        ("capacity", np.int64),  # cases (records) this month
        ("served", np.int64),  # cases taken on since the last accounts (records)
        ("turned_away", np.int64),
        ("alive", np.uint8),
    ]
)

_ANSWERS = tuple(
    sum(1 << i for i, need in enumerate(NEEDS) if need in NGO_ANSWERS[kind]) for kind in NGO_KINDS
)
LEAST_STAFF = 0.5
ADJUSTMENT = 0.5  # part of the way to affordable staff covered in a year
RESERVE_YEARS = 3.0  # savings are spent on staff over this time


@rule
def answers(kind, need):
    """C1: whether this kind of NGO takes such a case."""
    return (_ANSWERS[kind] >> need) & 1


@rule
def takes_case(ngo, need, door):
    """C1/C6: whether this very NGO takes the case: its kind must, and its speciality, if it has one."""
    if ngo.issue >= 0 and ngo.issue != need:
        return False
    if ngo.group >= 0 and ngo.group != door:
        return False
    return answers(ngo.kind, need) == 1


@rule
def set_capacity(ngo, world):
    """C4: cases the staff can take on this month; the fraction of a case by lot."""
    cases = ngo.staff * world.ngos_cases_per_staff / world.persons
    whole = int(cases)
    if draw(world.luck_now, ngo.identity, NGO_CAPACITY) < cases - whole:
        whole += 1
    ngo.capacity = whole


@rule
def part_of_year(ngo, world):
    """How much of the year the accounts are for: the first ones may come sooner."""
    return min(1.0, (world.month - ngo.founded) / 12.0)


@rule
def dues_of(ngo, world, city):
    """C10: a year's dues of the members of its kind here, shared among the NGOs of the kind."""
    members = city.members[ngo.kind] * world.persons / max(1, ngo.colleagues)
    return world.ngos_dues * 12.0 * members * 0.001


@rule
def close_accounts(ngo, world, city):
    """C4: donations, fees, dues and the city's grant against the cost of staff; staff follows money."""
    year = part_of_year(ngo, world)
    ups_and_downs = world.ngos_foundation_luck * (2.0 * draw(world.luck_now, ngo.identity, NGO_MONEY) - 1.0)
    donations = world.ngo_kinds_income[ngo.kind] * (1.0 + ups_and_downs)
    grant = city.to_ngos / max(1, city.ngo_count)
    income = year * (donations + grant + dues_of(ngo, world, city))
    income = income + world.ngo_kinds_fee[ngo.kind] * ngo.served * world.persons * 0.001
    ngo.funds = ngo.funds + income - year * ngo.staff * world.ngos_staff_cost
    if year > 0.0:
        affordable = (income / year + max(0.0, ngo.funds) / RESERVE_YEARS) / world.ngos_staff_cost
        ngo.staff = max(LEAST_STAFF, ngo.staff + year * ADJUSTMENT * (affordable - ngo.staff))


@rule
def is_bankrupt(ngo, world):
    """C5: NGOs close when they are too deep in debt."""
    return ngo.funds < -world.ngos_debt * world.ngo_kinds_income[ngo.kind]


@rule
def burns_out(ngo, world):
    """C5/C9: NGOs close when the volunteers run out, which those run by immigrants do sooner (members move on,
    leaders quarrel, compatriots lose interest)."""
    burnout = world.ngos_burnout * part_of_year(ngo, world)
    if ngo.kind == IMMIGRANT_RUN:
        burnout = burnout * (1.0 + world.ngos_transience)
    if ngo.turned_away > ngo.served:
        burnout = 2.0 * burnout
    return draw(world.luck_now, ngo.identity, NGO_CLOSES) < burnout


@rule
def comes_to_an_end(ngo, world):
    """C5: for lack of money, or of people."""
    return is_bankrupt(ngo, world) or burns_out(ngo, world)


@rule
def calls_for(city, world, kind):
    """C5: unmet needs of the year in this place that such an NGO would answer (persons)."""
    unmet = 0.0
    for need in range(N_NEEDS):
        if answers(kind, need):
            unmet += city.unmet[need]
    return unmet * world.persons * world.ngo_kinds_founding[kind]


@rule
def is_founded(city, world):
    """C5: the kind of NGO that citizens found here this year, or -1: where needs go unmet and none is there."""
    total = 0.0
    for kind in range(N_KINDS):
        total += calls_for(city, world, kind)
    chance = world.ngos_founding * total / (1.0 + world.ngos_crowding * city.ngo_count)
    if draw(world.luck_now, city.identity, FOUNDS) >= chance:
        return -1
    mark = draw(world.luck_now, city.identity, FOUNDS_KIND) * total
    for kind in range(N_KINDS):
        mark = mark - calls_for(city, world, kind)
        if mark < 0.0:
            return kind
    return N_KINDS - 1


@rule
def set_up(ngo, world, city, identity, kind):
    """C5: a new office begins with a quarter of a year's donations in hand, and the staff they pay for."""
    ngo.identity = identity
    ngo.parent = 0
    ngo.kind = kind
    ngo.home = city.row
    ngo.founded = world.month
    ngo.funds = 0.25 * world.ngo_kinds_income[kind]
    ngo.staff = max(LEAST_STAFF, world.ngo_kinds_income[kind] / world.ngos_staff_cost)
    ngo.capacity = 0
    ngo.served = 0
    ngo.turned_away = 0
    ngo.alive = 1
    find_profile(ngo, world, city)


@rule
def find_profile(ngo, world, city):
    """C6/C9: how good it is, what it narrows itself to, and how well it judges what immigrants need."""
    ever = world.luck_ever
    swing = world.ngos_competence * (2.0 * draw(ever, ngo.identity, NGO_SKILL) - 1.0)
    ngo.skill = min(1.0, world.ngo_kinds_skill[ngo.kind] * (1.0 + swing))
    ngo.issue = -1
    ngo.group = -1
    if draw(ever, ngo.identity, NGO_SPECIAL) < world.ngos_specialised:
        ngo.skill = ngo.skill + world.ngos_specialist_gain * (1.0 - ngo.skill)
        if draw(ever, ngo.identity, NGO_SPECIAL, 1) < 0.5:
            ngo.issue = most_pressing(city, ngo.kind)
            if city.unmet[ngo.issue] == 0:
                ngo.issue = any_issue(ngo, world)
        else:
            ngo.group = largest_group(city)
    ngo.fit = 1.0
    if ngo.kind != IMMIGRANT_RUN:
        ngo.fit = 1.0 - world.ngos_paternalism * (1.0 - world.ngos_immigrant_staff)


@rule
def most_pressing(city, kind):
    """C6: the need of this kind's that went unmet most often here, the first of them if none did."""
    chosen = -1
    for need in range(N_NEEDS):
        if answers(kind, need) and (chosen < 0 or city.unmet[need] > city.unmet[chosen]):
            chosen = need
    return chosen


@rule
def any_issue(ngo, world):
    """C6: before anything has gone unmet, one of this kind's issues by lot."""
    count = 0
    for need in range(N_NEEDS):
        count += answers(ngo.kind, need)
    pick = int(draw(world.luck_ever, ngo.identity, NGO_SPECIAL, 2) * count)
    for need in range(N_NEEDS):
        if answers(ngo.kind, need):
            if pick == 0:
                return need
            pick -= 1
    return -1


@rule
def largest_group(city):
    """C6: the category with most migrants here."""
    chosen = 0
    for door in range(N_DOORS):
        if city.by_door[door] > city.by_door[chosen]:
            chosen = door
    return chosen


@rule
def opens_branch(ngo, world):
    """C3: a few of those with a year's income in hand open a branch elsewhere."""
    if ngo.funds < world.ngo_kinds_income[ngo.kind]:
        return False
    return draw(world.luck_now, ngo.identity, BRANCHES) < world.ngos_branches


@rule
def is_taken(ngos, homes, row, place):
    """C3: whether an NGO of the same kind, before this one, has chosen the place for its branch."""
    for other in range(row):
        if homes[other] == place and ngos[other].kind == ngos[row].kind:
            return True
    return False


@rule
def branch_off(branch, ngo, world, city, identity):
    """C3: the branch shares its parent's profile, and half the money in hand."""
    set_up(branch, world, city, identity, ngo.kind)
    branch.parent = ngo.identity
    branch.skill = ngo.skill
    branch.issue = ngo.issue
    branch.group = ngo.group
    branch.funds = 0.5 * ngo.funds
    ngo.funds = 0.5 * ngo.funds


@rule
def share_in_network(ngo, world, mean_skill, mean_funds):
    """C7: networks share expertise, from which those below the mean learn, and help one another with funds."""
    ngo.skill = ngo.skill + world.ngos_network * max(0.0, mean_skill - ngo.skill)
    ngo.funds = ngo.funds + world.ngos_network * (mean_funds - ngo.funds)
