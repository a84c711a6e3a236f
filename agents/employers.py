"""Employers (D13): they differ by trade and place in how they treat people, and in whom they insure."""

from __future__ import annotations

from .mechanism import mechanism
from .rule import rule
from .services import BY_EMPLOYER

MOST_RUTHLESS = 2.5  # times as much trouble as with a usual employer of the trade
PAUSED = 16_000  # a month beyond every run, from which savings that have stopped are counted


@rule("A10", "D13")
def trade_of(migrant, world):
    """Where the migrant finds work."""
    return world.trade_of_door[migrant.door]


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
