"""Employers (D13): they differ by trade and place in how they treat people, and in whom they insure."""

from __future__ import annotations

from .chance import TRAIT_TRADE, WHICH_TRADE, draw
from .mechanism import mechanism
from .rule import rule
from .services import BY_EMPLOYER

MOST_RUTHLESS = 2.5  # times as much trouble as with a usual employer of the trade
PAUSED = 16_000  # a month beyond every run, from which savings that have stopped are counted


@rule("A10", "D13")
def trade_of(migrant, world):
    """The trade of the migrant's job, or of the last one."""
    return migrant.trade


@rule
def openings_elsewhere(world, own):
    """Jobs that stay free in other trades, for those whose trade is `own` (records)."""
    total = 0.0
    for trade in range(world.openings.shape[0]):
        if trade != own:
            total += world.openings[trade]
    return total


@rule("A2", "A10")
def trade_on_arrival(identity, world, door):
    """That of the door; some who come by the back door were recruited for what other trades have free."""
    own = world.trade_of_door[door]
    if draw(world.luck_ever, identity, TRAIT_TRADE) >= world.recruited_elsewhere[door]:
        return own
    mark = draw(world.luck_ever, identity, WHICH_TRADE) * (openings_elsewhere(world, own))
    for trade in range(world.openings.shape[0]):
        if trade != own:
            mark -= world.openings[trade]
            if mark < 0.0:
                return trade
    return own


mechanism(
    "D13",
    "Employers, brokers and recruiters",
    "employers deceive, abuse and are reluctant to insure, some more than others, by trade and place",
    without={"trades.*.reluctance": 0.0, "trades.*.ruthlessness": 0.0, "trades.*.brokers": 0.0},
    instead="off, a trade's employers are alike everywhere, and nobody is placed by brokers",
)


@rule("D13")
def risk_from_employers(migrant, here):
    """How much more often than usual the employers of this trade and place let accidents happen, withhold wages, abuse;
    none who is without work."""
    if migrant.jobless:
        return 0.0
    return here.city.ruthless[trade_of(migrant, here.world)]


@rule("D13", "D7")
def readiness_to_insure(migrant, here):
    """The chance that an employer of this trade and place insures."""
    return here.city.insures[trade_of(migrant, here.world)]


@rule("A10", "D4", "D10")
def lose_job(migrant, world):
    """With the job goes the insurance that came with it; savings stop until the next one.

    Until then `target` holds how many months of saving are missing, counted from PAUSED on: a date that never comes.
    """
    if migrant.jobless:
        return
    migrant.jobless = 1
    migrant.enrolled = migrant.enrolled & ~BY_EMPLOYER
    if not migrant.settler:
        migrant.target = migrant.target - world.month + PAUSED


@rule("A10", "D4")
def find_job(migrant, world):
    """Savings go on where they stopped."""
    migrant.jobless = 0
    if not migrant.settler:
        migrant.target = migrant.target - PAUSED + world.month
