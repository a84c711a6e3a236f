"""The NGO: the record, its money and staff (C4), founding and closing (C5)."""

from __future__ import annotations

import numpy as np

from ..scenarios.catalogue import NEEDS, NGO_ANSWERS, NGO_KINDS
from .chance import FOUNDS, FOUNDS_KIND, NGO_CAPACITY, NGO_CLOSES, NGO_MONEY, draw
from .rule import rule

N_KINDS = len(NGO_KINDS)
N_NEEDS = len(NEEDS)

# One office, one locality (C3).
NGO = np.dtype(
    [
        ("identity", np.uint64),
        ("kind", np.int64),
        ("home", np.int64),  # row of the municipality
        ("founded", np.int64),  # month
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
def set_capacity(ngo, world):
    """C4: cases the staff can take on this month; the fraction of a case by lot."""
    cases = ngo.staff * world.ngos_cases_per_staff / world.persons
    whole = int(cases)
    if draw(world.luck_now, ngo.identity, NGO_CAPACITY) < cases - whole:
        whole += 1
    ngo.capacity = whole


@rule
def close_accounts(ngo, world, city):
    """C4: a year's donations, fees and grants against the cost of staff; staff follows money."""
    ups_and_downs = world.ngos_foundation_luck * (2.0 * draw(world.luck_now, ngo.identity, NGO_MONEY) - 1.0)
    donations = world.ngo_kinds_income[ngo.kind] * (1.0 + ups_and_downs)
    fees = world.ngo_kinds_fee[ngo.kind] * ngo.served * world.persons * 0.001
    grant = world.ngos_grant * city.budget / max(1, city.ngo_count)
    income = donations + fees + grant
    ngo.funds = ngo.funds + income - ngo.staff * world.ngos_staff_cost
    affordable = (income + max(0.0, ngo.funds) / RESERVE_YEARS) / world.ngos_staff_cost
    ngo.staff = max(LEAST_STAFF, ngo.staff + ADJUSTMENT * (affordable - ngo.staff))


@rule
def comes_to_an_end(ngo, world):
    """C5: NGOs close when they are in debt by half a year's donations, or when the volunteers run out."""
    if ngo.funds < -0.5 * world.ngo_kinds_income[ngo.kind]:
        return True
    burnout = world.ngos_burnout
    if ngo.turned_away > ngo.served:
        burnout = 2.0 * burnout
    return draw(world.luck_now, ngo.identity, NGO_CLOSES) < burnout


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
    if draw(world.luck_now, city.row, FOUNDS) >= chance:
        return -1
    mark = draw(world.luck_now, city.row, FOUNDS_KIND) * total
    for kind in range(N_KINDS):
        mark = mark - calls_for(city, world, kind)
        if mark < 0.0:
            return kind
    return N_KINDS - 1


@rule
def set_up(ngo, world, identity, kind, home):
    """C5: a new office begins with a year's donations in hand and the staff they pay for."""
    ngo.identity = identity
    ngo.kind = kind
    ngo.home = home
    ngo.founded = world.month
    ngo.funds = 0.25 * world.ngo_kinds_income[kind]
    ngo.staff = max(LEAST_STAFF, world.ngo_kinds_income[kind] / world.ngos_staff_cost)
    ngo.capacity = 0
    ngo.served = 0
    ngo.turned_away = 0
    ngo.alive = 1
