"""Where raids go, and how many they take (A4)."""

from __future__ import annotations

from .apprehension import duty_to_report
from .rule import rule


@rule("A4", "B9")
def attention_to(city, world, density):
    """How much draws raids to a place, for each of the unauthorised there: that they are many among residents, beside
    the country's `density`; complaints of tense neighbours; and officials who report."""
    here = city.unauthorised * world.persons / city.population
    seen = 2.0 * here / (here + density)
    officials = duty_to_report(world) * (1.0 - world.fear_firewall * city.firewall)
    return seen * (1.0 + world.enforcement_complaints * city.tension + world.enforcement_tips * officials)


@rule("A4")
def at_visible_work(city, world):
    """The share of a place's workers who work where officials see them: on a building site and in a factory rather than
    in a kitchen; as in a usual trade, where nobody works."""
    workers = 0
    seen = 0.0
    usual = 0.0
    for trade in range(city.at_work.shape[0]):
        workers += city.at_work[trade]
        seen += city.at_work[trade] * world.trades_visible[trade]
        usual += world.trades_visible[trade] / city.at_work.shape[0]
    if workers == 0:
        return usual
    return seen / workers


@rule("A4")
def chance_if_raided(city, world, mean):
    """The chance of each of the unauthorised of a place to be taken when it is raided: officials sweep its workplaces
    at one time, and find a part of those who work where they can be seen. Where raids are to take more in the `mean`,
    there is one every month."""
    taken = world.enforcement_sweep * at_visible_work(city, world)
    return min(MOST_RAIDED, max(mean, taken))


MOST_RAIDED = 0.25  # a month, in the worst of crackdowns
