"""Sojourners and settlers (D4), and belonging to a place (D5)."""

from __future__ import annotations

from ..scenarios.catalogue import COUNCIL, EXCHANGE, LANGUAGE, SCHOOLING
from .chance import EXTENDS, SETTLES, draw, lane_draw
from .diary import EXTENDED, SETTLED, note
from .language import learn_language, remaining
from .needs import NOT_WORTH_IT
from .rule import rule

PROGRAMMES = (1 << LANGUAGE) | (1 << SCHOOLING) | (1 << EXCHANGE) | (1 << COUNCIL)
NEVER_DUE = 32_000  # a date beyond every run, for those without permit or savings target
ENCLAVE_SHARE = 0.1  # own category's share of residents at which the enclave is complete


@rule
def enclave_of(migrant, world, city):
    """D6: how far the own category makes a world of its own here, complete at a tenth of residents."""
    own = city.by_door[migrant.door] * world.persons / city.population
    return min(1.0, own / ENCLAVE_SHARE)


@rule
def feel_at_home(migrant, world, city):
    """D5: belonging grows towards 1 with every month here, faster by taking part, slower in an enclave.

    Months since belonging was last looked at are made up for when it is next needed.
    """
    months = world.month - migrant.belonging_at
    if months > 0:
        enclave = enclave_of(migrant, world, city)
        learn_language(migrant, world, enclave, months)
        growth = world.belonging_growth * (1.0 - world.belonging_enclave * enclave)
        if migrant.enrolled & PROGRAMMES:
            growth = min(1.0, growth + world.belonging_participation)
        migrant.belonging = 1.0 - (1.0 - migrant.belonging) * remaining(growth, months)
        migrant.belonging_at = world.month


@rule
def be_treated_well(migrant, world, city):
    """D5: a claim that is met brings people closer to the place."""
    feel_at_home(migrant, world, city)
    migrant.belonging = migrant.belonging + world.belonging_treatment * (1.0 - migrant.belonging)


@rule
def be_treated_badly(migrant, world, city):
    """D5: a claim refused drives them away from it."""
    feel_at_home(migrant, world, city)
    migrant.belonging = migrant.belonging * (1.0 - world.belonging_treatment)


@rule
def years_here(migrant, world):
    """Years since entering the country."""
    return (world.month - migrant.arrived) / 12.0


@rule
def chance_to_settle(migrant, world, belonging):
    """D4: intention drifts towards settlement with years, family and belonging."""
    ties = 1.0 + world.settling_years * min(10.0, years_here(migrant, world))
    ties = ties + world.settling_family * migrant.family + world.settling_belonging * belonging
    return world.settling_drift * world.doors_settling[migrant.door] * ties


@rule
def consider_settling(migrant, world, city, luck_bytes, pen):
    """D4: a sojourner may decide to stay for good."""
    if migrant.settler:
        return
    u = lane_draw(world.luck_now, migrant.identity, luck_bytes, SETTLES)
    if u >= chance_to_settle(migrant, world, 1.0):
        return  # whatever the belonging
    feel_at_home(migrant, world, city)
    if u < chance_to_settle(migrant, world, migrant.belonging):
        migrant.settler = 1
        migrant.target = NEVER_DUE
        migrant.stage = migrant.stage & ~NOT_WORTH_IT
        note(migrant, world, city, pen, SETTLED, 0, 0, 0)


@rule
def reach_target(migrant, world, city, pen):
    """D4/D11: the sum is saved. True if the target earner goes home; the others add another round."""
    if draw(world.luck_now, migrant.identity, EXTENDS) < world.settling_extend:
        migrant.target = world.month + world.settling_round
        note(migrant, world, city, pen, EXTENDED, 0, 0, 0)
        return False
    return True
