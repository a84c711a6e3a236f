"""Apprehension and the duty to report (A4)."""

from __future__ import annotations

from ..scenarios.catalogue import OVERSTAYER
from .chance import draw
from .event_log import APPREHENDED, log_event
from .mechanism import mechanism
from .needs import begin_need, close_need
from .rule import rule
from .tally import NOBODY

NO_DATE = -32_000  # before every run
BY_AMNESTY = 2  # what a permit may rest on beside the door and marriage (`migrant.grounds`)


mechanism(
    "A4",
    "Enforcement",
    "control comes first: apprehension, deportation, crackdowns, officials who must report",
    without={
        "enforcement.apprehension": 0.0,
        "enforcement.halve_in": 0.0,
        "enforcement.borne": 1.0,
        "enforcement.duty_to_report": 0.0,
    },
)


@rule("A4")
def be_apprehended(migrant, here):
    """Detention; whatever else was the matter goes unmet, and getting out becomes the need."""
    if migrant.detained:
        return
    log_event(migrant, here, APPREHENDED, 0, 0, 0)
    here.nation.raids += 1  # A9: and makes news
    if migrant.need:
        close_need(migrant, here, NOBODY)
    migrant.detained = 1
    begin_need(migrant, here, here.world.need_in_detention, here.world.month)


@rule("A4")
def duty_to_report(world):
    """How far officials report, less the leeway that lobbying has won them."""
    return world.enforcement_duty_to_report * (1.0 - world.conceded)


@rule("A4")
def chance_by_law(world):
    """The chance a month to be apprehended that the state has set: as it is dated now, times what laws have made of it.
    Concern and crackdowns come on top."""
    return world.enforcement_apprehension * world.enforcement_tightened


@rule("A4")
def arrests_one_by_one(world):
    """The chance a month to be apprehended otherwise than in a raid."""
    return world.apprehension * (1.0 - world.enforcement_raids)


@rule("A4")
def is_reported(migrant, world, luck_of_whom, protection):
    """An official reports the unauthorised who come to a public office, as is the duty, unless a firewall
    protects them or lobbying has won officials some leeway (C8)."""
    if migrant.status < OVERSTAYER:
        return False
    return draw(world.luck_now, migrant.identity, luck_of_whom) < duty_to_report(world) * (1.0 - protection)
