"""Where raids go, and how many they take (A4)."""

from __future__ import annotations

from .rule import rule

MOST_TAKEN = 0.04  # of the unauthorised of a place, by one raid


@rule("A4", "B9")
def attention_to(city, world, density):
    """How much draws raids to a place, for each of the unauthorised there: that they are many among residents, beside
    the country's `density`; complaints of tense neighbours; and officials who report."""
    here = city.unauthorised * world.persons / city.population
    seen = 2.0 * here / (here + density)
    officials = world.enforcement_duty_to_report * (1.0 - world.conceded)
    officials = officials * (1.0 - world.fear_firewall * city.firewall)
    return seen * (1.0 + world.enforcement_complaints * city.tension + world.enforcement_tips * officials)


@rule("A4")
def chance_if_raided(city, world, mean):
    """The chance of each of the unauthorised of a place to be taken by a raid there: one takes so many people at a
    time, of few a small part; where raids are to take more in the `mean`, there is one every month."""
    people = city.unauthorised * world.persons
    taken = world.enforcement_raid_size / (world.enforcement_raid_size + people)
    return min(MOST_RAIDED, max(mean, min(MOST_TAKEN, taken)))


MOST_RAIDED = 0.25  # a month, in the worst of crackdowns
