"""The migrant: the record, how a newcomer begins, and how one leaves.

What happens in between is declared in the neighbouring files, one subject each, and put in order by life.py.
"""

from __future__ import annotations

import numpy as np

from ..scenarios.catalogue import DEPORTED, LEGAL, OVERSTAYER, SMUGGLED
from .apprehension import NO_DATE
from .awareness import ARRIVING, be_told_on_registering
from .chance import (
    SAMPLED,
    TRAIT_FAMILY,
    TRAIT_KNOWS_STATE,
    TRAIT_SETTLER,
    TRAIT_STATUS,
    TRAIT_STAYED,
    TRAIT_TARGET,
    TRAIT_WOMAN,
    draw,
)
from .employers import trade_on_arrival
from .enrolling import be_insured_by_employer
from .event_log import ARRIVED, LEFT, PRESENT, log_event
from .event_log import DEPORTED as WAS_DEPORTED
from .family import MARRIED, bring_children
from .mechanism import mechanism
from .rule import rule
from .services import RIGHTS, is_registered
from .settling import NEVER_DUE, feel_at_home


def migrant_dtype(service_bits: type, kind_bits: type, row: type) -> np.dtype:
    """The record of a migrant: with 16 bits for services and 8 for kinds of NGO it takes 66 bytes,
    if `row`, which holds the row of a place, is of 16 bits.

    Dates are months of the run (negative: before it); bit sets are over services (see services.py) and kinds of NGO.
    """
    return np.dtype(
        [
            ("identity", np.uint64),  # month of arrival, door, ordinal: never reused, whatever the row
            ("belonging", np.float32),  # D5, as of `belonging_at`
            ("language", np.float32),  # D6, as of `belonging_at`
            ("belonging_at", np.int16),
            ("arrived", np.int16),  # in the country
            ("permit_until", np.int16),
            ("legal_since", np.int16),
            (
                "target",
                np.int16,
            ),  # D4: the month the savings target is reached (without work: see employers.py)
            ("need_since", np.int16),
            ("last_ngo", np.int16),  # month an NGO last solved a need, if any
            ("first_born", np.int16),  # A11: month of birth of the eldest child, if there is any
            ("last_born", np.int16),
            ("owes_until", np.int16),  # D4: month by which debts are paid off
            ("joined", np.int16),  # month of joining the present programme
            ("home", row),  # row of the municipality
            ("knows", service_bits),  # D2: services of this municipality known
            ("enrolled", service_bits),  # D7: services enrolled in
            ("knows_ngo", kind_bits),  # D2: kinds of NGO known
            ("status", np.uint8),
            ("door", np.uint8),
            ("family", np.uint8),
            ("settler", np.uint8),
            (
                "grounds",
                np.uint8,
            ),  # A3: what a permit rests on beside the door: marriage, an amnesty, or nothing
            ("detained", np.uint8),
            ("need", np.uint8),  # D1: 0 for none, else 1 + the need's number
            ("stage", np.uint8),  # how far the present episode got
            ("tried", np.uint8),  # who has refused in the present episode
            ("claims", np.uint8),
            ("harm", np.uint8),
            ("moved", np.uint8),
            ("wronged", np.uint8),  # C2, D12: half year in which one was last wronged (needs.py); 0 for never
            ("mobilised", np.uint8),  # D12
            ("member", np.uint8),  # C10: 1 + the kind of NGO; 0 for none
            ("sampled", np.uint8),
            ("jobless", np.uint8),  # A10
            ("trade", np.uint8),  # A10: of the job, or of the last one
            ("woman", np.uint8),
            ("children", np.uint8),  # A11: who live here
            ("present", np.uint8),  # 0 for a free row
        ]
    )


# An identity is the month and the ordinal, in decimal digits, and between them the number of the door: one digit. In
# front of all stand the number's tens, and then the tens of millions of the ordinal.
_TENS, _TEN_MILLIONS, _MONTH, _DOOR = 10**15, 10**12, 10**8, 10**7


@rule
def identity_of(month, door_number, ordinal):
    """Who an arrival is: month, door and ordinal, so that no scenario renumbers anybody else."""
    ahead = door_number // 10 * _TENS + ordinal // _DOOR * _TEN_MILLIONS
    return ahead + month * _MONTH + door_number % 10 * _DOOR + ordinal % _DOOR


mechanism(
    "A2",
    "Three doors of entry",
    "the unskilled are kept out of the front door and come by side and back doors",
    without={"doors.*(side).initial": 0.0, "doors.*(side).arrivals": 0.0},
    instead="doors are structure; off, the side doors are shut. Vary doors.<name>.arrivals",
)


@rule("A2", "D4")
def be_born(migrant, world, door, identity):
    """What a newcomer brings along, drawn once from identity."""
    ever = world.luck_ever
    migrant.identity = identity
    migrant.present = 1
    migrant.door = door
    migrant.arrived = world.month
    migrant.belonging = 0.0
    migrant.belonging_at = world.month
    migrant.need = 0
    migrant.need_since = 0
    migrant.stage = 0
    migrant.tried = 0
    migrant.claims = 0
    migrant.harm = 0
    migrant.moved = 0
    migrant.wronged = 0
    migrant.mobilised = 0
    migrant.member = 0
    migrant.language = world.doors_language[door]
    migrant.grounds = 0
    migrant.detained = 0
    migrant.jobless = 0
    migrant.trade = trade_on_arrival(identity, world, door)
    migrant.knows = 0
    if draw(ever, identity, TRAIT_KNOWS_STATE) < world.awareness_state:
        migrant.knows = RIGHTS
    migrant.knows_ngo = 0
    migrant.enrolled = 0
    migrant.joined = 0
    migrant.last_ngo = NO_DATE
    migrant.settler = draw(ever, identity, TRAIT_SETTLER) < world.doors_settlers[door]
    migrant.woman = draw(ever, identity, TRAIT_WOMAN) < world.doors_women[door]
    migrant.children, migrant.first_born, migrant.last_born = 0, 0, 0
    migrant.family = draw(ever, identity, TRAIT_FAMILY) < world.doors_family[door]
    if migrant.family:
        bring_children(migrant, world, ARRIVING)
    migrant.owes_until = world.month + world.doors_debt[door]
    migrant.sampled = draw(ever, identity, SAMPLED) < world.sampled_share
    months = 12.0 * world.doors_target_years[door] * (0.5 + draw(ever, identity, TRAIT_TARGET))
    migrant.target = NEVER_DUE
    if not migrant.settler:
        migrant.target = world.month + 1 + int(months)
    enter(migrant, world, door)


@rule("A2")
def enter(migrant, world, door):
    """Through the front or a side door with a permit, through the back door without."""
    migrant.status = LEGAL
    migrant.legal_since = world.month
    migrant.permit_until = world.month + max(1, world.doors_permit[door])
    if world.doors_spouse[door]:
        migrant.grounds = MARRIED
    if world.doors_smuggled[door]:
        be_without_permit(migrant, SMUGGLED)
    elif world.doors_visit[door] and world.doors_permit[door] == 0:
        be_without_permit(migrant, OVERSTAYER)


@rule
def be_without_permit(migrant, status):
    """In the country without a permit."""
    migrant.status = status
    migrant.legal_since = NO_DATE
    migrant.permit_until = NEVER_DUE


@rule("A2")
def settle_in(migrant, here):
    """The newcomer registers, if registering is possible, and is counted."""
    here.place.arrived[migrant.status] += 1
    here.nation.arrived[migrant.door, migrant.status] += 1
    log_event(migrant, here, ARRIVED, 0, 0, migrant.door)
    be_insured_by_employer(migrant, here, ARRIVING)
    if is_registered(migrant, here.world):
        be_told_on_registering(migrant, here, ARRIVING)


@rule("A2", "D4")
def have_been_here(migrant, here):
    """Those present when the run starts have been here for some years, spread exponentially.

    The exponential number is the waiting time, in months, of a chance that comes each month with 1 / mean.
    Permits and savings targets are taken at a random point of their course.
    """
    world, door, who = here.world, migrant.door, migrant.identity
    ever = world.luck_ever
    mean = 12.0 * world.doors_initial_years[door]
    months = 0
    chance = 1.0 / (mean + 1.0)
    while months < 360 and draw(ever, who, TRAIT_STAYED, months) >= chance:
        months += 1
    migrant.arrived = world.month - months
    migrant.owes_until = migrant.owes_until - months
    if world.doors_visit[door] and months > world.doors_permit[door]:
        be_without_permit(migrant, OVERSTAYER)
    if migrant.legal_since != NO_DATE:
        migrant.legal_since = migrant.arrived
        permit = max(1, world.doors_permit[door])
        migrant.permit_until = world.month + 1 + int(draw(ever, who, TRAIT_STATUS) * permit)
    if not migrant.settler:
        mean_target = 12.0 * world.doors_target_years[door]
        migrant.target = world.month + 1 + int(draw(ever, who, TRAIT_TARGET) * mean_target)
    migrant.belonging_at = world.month - min(months, 120)
    feel_at_home(migrant, here)
    be_insured_by_employer(migrant, here, ARRIVING)
    log_event(migrant, here, PRESENT, 0, 0, door)


@rule("D11")
def depart(migrant, here, reason):
    """The row becomes free."""
    status = migrant.status
    if reason == DEPORTED:
        here.place.deported[status] += 1
        log_event(migrant, here, WAS_DEPORTED, 0, 0, reason)
    else:
        here.place.left[status] += 1
        log_event(migrant, here, LEFT, 0, 0, reason)
    here.nation.departures[migrant.door, status, reason] += 1
    migrant.present = 0
