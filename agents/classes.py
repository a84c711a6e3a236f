"""Classes of migrants, for the bounds of their chances: those of a class differ in nothing that matters much.

By rung (with rights of residence, working outside the visa, without a permit), family (none, with or without a child
at school), lasting harm, intention to settle, work (with or without), insurance (of any kind; else whether the city's
is known), and whether in a programme. `be_of_class` is the inverse of `class_of`: somebody of that class to whom as
much as possible may happen.
"""

from __future__ import annotations

import numpy as np

from ..scenarios.catalogue import IRREGULAR, LEGAL, OVERSTAYER
from .apprehension import NO_DATE
from .event import FAMILY, HARM, INSURANCE, JOBLESS, PROGRAMME, RUNG, SETTLER
from .family import MARRIED, SCHOOL_FROM, has_pupil
from .needs import MOST_HARM
from .rule import rule
from .services import BY_EMPLOYER, RIGHTS
from .settling import is_in_programme

# The traits, from the slowest to the fastest varying, and how many values each has. Those that few have vary slowest,
# so that the bounds of most people lie side by side.
_TRAITS = ((PROGRAMME, 2), (JOBLESS, 2), (HARM, 2), (FAMILY, 3), (RUNG, 3), (SETTLER, 2), (INSURANCE, 3))
N_CLASSES = 2 * 2 * 2 * 3 * 3 * 2 * 3
N_COMMON = N_CLASSES // 4  # the first so many are of people at work and in no programme
NOT_INSURED, INSURED_ALREADY, KNOWS_INSURANCE = range(3)
NO_FAMILY, WITHOUT_PUPIL, WITH_PUPIL = range(3)
_LONG_AGO = 600  # months


@rule
def class_of(migrant, world):
    """The number of a migrant's class. (Without branches: it is asked of everybody.)"""
    rung = (migrant.status >= IRREGULAR) + (migrant.status >= OVERSTAYER)
    insured = migrant.enrolled & (world.insurance_bits | BY_EMPLOYER) != 0
    insurance = insured + 2 * ((not insured) & (migrant.knows & world.insurance_bits != 0))
    family = migrant.family * (1 + has_pupil(migrant, world))
    few = 4 * is_in_programme(migrant, world) + 2 * (migrant.jobless != 0) + (migrant.harm != 0)
    return 54 * few + 18 * family + 6 * rung + 3 * migrant.settler + insurance


@rule
def is_uncommon(migrant, world):
    """Of one of the classes of few, whose chances to find work, or to leave a programme, are beyond all others'."""
    return (migrant.jobless != 0) | is_in_programme(migrant, world)


@rule
def be_of_class(migrant, world, door, number):
    """Someone of this door and class who has been here for long, is at home, and speaks the language."""
    insurance = number % 3
    rung = number // 6 % 3
    family = number // 18 % 3
    migrant.door = door
    migrant.status = LEGAL + rung
    migrant.family = int(family != NO_FAMILY)
    migrant.woman = 1
    migrant.children = int(family == WITH_PUPIL)  # one, and old enough for another to follow
    migrant.first_born = world.month - SCHOOL_FROM - 1
    migrant.last_born = migrant.first_born
    migrant.harm = number // 54 % 2 * MOST_HARM
    migrant.settler = number // 3 % 2
    migrant.jobless = number // 108 % 2
    migrant.trade = world.worst_trade
    migrant.enrolled = 0
    migrant.knows = RIGHTS
    if insurance == INSURED_ALREADY:
        migrant.enrolled = world.insurance_bits | BY_EMPLOYER
    elif insurance == KNOWS_INSURANCE:
        migrant.knows = RIGHTS | world.insurance_bits
    if number // 216 % 2:
        migrant.enrolled = migrant.enrolled | world.programme_bits
    migrant.arrived = world.month - _LONG_AGO
    migrant.legal_since = migrant.owes_until = migrant.arrived
    if rung == 2:
        migrant.legal_since = NO_DATE
    migrant.belonging = 1.0
    migrant.belonging_at = world.month
    migrant.language = 1.0
    migrant.need = 0
    migrant.grounds = MARRIED * migrant.family
    migrant.detained = 0


def first_alike(looks_at: int) -> np.ndarray:
    """For each class, the first one that differs in none of the traits looked at (bits of event.py), (N_CLASSES,)."""
    number = np.arange(N_CLASSES)
    first = np.zeros(N_CLASSES, np.int64)
    size = N_CLASSES
    for trait, values in _TRAITS:
        size //= values
        if looks_at & trait:
            first += number // size % values * size
    return first
