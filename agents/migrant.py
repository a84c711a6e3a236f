"""The migrant: the record, and a month of a migrant's life in the order it is lived.

The rules themselves are in the neighbouring files, one subject each: status, needs, claiming, awareness, fear,
settling, enrolling, moving.
"""

from __future__ import annotations

import numpy as np

from ..scenarios.catalogue import (
    DEPORTED,
    EXPIRY,
    INSURANCE,
    IRREGULAR,
    LEGAL,
    OVERSTAYER,
    RETURN,
    SMUGGLED,
    SMUGGLED_DOOR,
    TARGET_REACHED,
    UNMET,
    VISITOR,
)
from .awareness import ARRIVING, be_told_on_registering, hear_of_ngos, hear_of_services
from .chance import (
    CHANGES_STATUS,
    ENROLS,
    HEARS_OF_NGO,
    LEARNS,
    LEAVES,
    MOVES,
    NEED_STRIKES,
    SAMPLED,
    SETTLES,
    TRAIT_FAMILY,
    TRAIT_KNOWS_STATE,
    TRAIT_SETTLER,
    TRAIT_STATUS,
    TRAIT_STAYED,
    TRAIT_TARGET,
    draw,
    is_below,
    lane_byte,
    lane_draw,
    lanes_below,
)
from .claiming import ASKS_NGO, note_return, seek_help, stay_member
from .diary import ARRIVED, LEFT, PRESENT, note
from .diary import DEPORTED as WAS_DEPORTED
from .enrolling import be_insured_by_employer, consider_enrolling
from .moving import chance_to_move, chance_to_return
from .needs import GIVES_UP_STAY, KNOWS_NOBODY, LOSES_JOB, NOT_WORTH_IT, be_struck, give_up, patience_is_over
from .rule import rule
from .services import INSURED, RIGHTS, is_registered
from .settling import NEVER_DUE, PROGRAMMES, consider_settling, feel_at_home, reach_target
from .status import NO_DATE, be_regularised, climb_or_slip, permit_expires

# One migrant, one record of at most 64 bytes: one cache line. Dates are months of the run (negative: before
# it); bit sets are over the catalogue's services and kinds of NGO.
MIGRANT = np.dtype(
    [
        ("identity", np.uint64),  # month of arrival, door, ordinal: never reused, whatever the row
        ("belonging", np.float64),  # D5, as of `belonging_at`
        ("language", np.float64),  # D6, as of `belonging_at`
        ("belonging_at", np.int16),
        ("arrived", np.int16),  # in the country
        ("permit_until", np.int16),
        ("legal_since", np.int16),
        ("target", np.int16),  # D4: the month the savings target is reached
        ("need_since", np.int16),
        ("last_ngo", np.int16),  # month an NGO last solved a need, if any
        ("joined", np.int16),  # month of joining the present programme
        ("home", np.uint16),  # row of the municipality
        ("knows", np.uint16),  # D2: services of this municipality known
        ("enrolled", np.uint16),  # D7: services enrolled in
        ("knows_ngo", np.uint8),  # D2: kinds of NGO known
        ("status", np.uint8),
        ("door", np.uint8),
        ("family", np.uint8),
        ("settler", np.uint8),
        ("grounds", np.uint8),  # A3: what a permit rests on beside the door: marriage, an amnesty, or nothing
        ("detained", np.uint8),
        ("need", np.uint8),  # D1: 0 for none, else 1 + the need's number
        ("stage", np.uint8),  # how far the present episode got
        ("tried", np.uint8),  # who has refused in the present episode
        ("claims", np.uint8),
        ("harm", np.uint8),
        ("moved", np.uint8),
        ("wronged", np.uint8),  # has gone without help
        ("mobilised", np.uint8),  # D12
        ("member", np.uint8),  # C10: 1 + the kind of NGO; 0 for none
        ("sampled", np.uint8),
        ("present", np.uint8),  # 0 for a free row
    ]
)

# What a month comes to, for the schedule to carry out.
STAYS, QUEUES_AT_NGO, MOVES_AWAY = range(3)
GOES = 8  # GOES + reason
NO_LANES = np.uint64(0)
_TOP_OF_NEED = np.uint64(8 * NEED_STRIKES + 7)

IDENTITY_MONTH = 100_000_000
IDENTITY_DOOR = 10_000_000


N_CLASSES = 144


@rule
def screen_class(migrant):
    """Whose upper bounds of chance hold: by rung (with rights of residence, working irregularly, without a permit),
    family, lasting harm, intention to settle, insurance (of any kind; else whether the city's is known), and whether in
    a programme."""
    rung = (migrant.status >= IRREGULAR) + (migrant.status >= OVERSTAYER)
    insured = migrant.enrolled & INSURED != 0
    insurance = insured + 2 * ((not insured) & (migrant.knows >> INSURANCE & 1))
    number = 2 * (2 * rung + migrant.family) + (migrant.harm != 0)
    return 2 * (3 * (2 * number + migrant.settler) + insurance) + (migrant.enrolled & PROGRAMMES != 0)


@rule
def is_due(migrant, world, bytes_):
    """Whether the month needs a closer look whatever happens on the lanes: a need under way (unless it is borne in
    silence, or nobody is known who could help and asking around leads to nobody), dues to pay, an amnesty, or a date
    come.

    All is asked at once and not one after the other: the answer is hard to foresee, and a processor that
    guesses wrong loses more time than the questions cost.
    """
    borne = (migrant.stage & NOT_WORTH_IT != 0) & (migrant.detained == 0)
    waits = (migrant.stage & KNOWS_NOBODY != 0) & (lane_byte(bytes_, NEED_STRIKES) >= world.search_bound)
    need = (migrant.need != 0) & (((not borne) & (not waits)) | patience_is_over(migrant, world))
    dates = (world.month >= migrant.permit_until) | (world.month >= migrant.target)
    amnesty = (world.status_amnesty > 0.0) & (migrant.status >= IRREGULAR)
    regular = (migrant.enrolled & PROGRAMMES != 0) & (
        world.month - migrant.joined == world.claiming_sustained_after
    )
    return need | (migrant.member != 0) | dates | amnesty | regular


@rule
def may_be_due(migrant, world):
    """Whether `is_due` is worth asking: of most it can be said at a glance that they are not."""
    dates = (world.month >= migrant.permit_until) | (world.month >= migrant.target)
    busy = (migrant.need != 0) | (migrant.member != 0) | (migrant.enrolled & PROGRAMMES != 0)
    return dates | busy | (world.status_amnesty > 0.0)


@rule
def lanes_of(migrant, world, bytes_):
    """The lanes on which this month's luck is low enough for something to happen, as `lanes_below` has them."""
    return lanes_below(bytes_, world.screen[migrant.door, screen_class(migrant)])


@rule
def is_eventful(migrant, world, bytes_, lanes):
    """Whether anything may happen to this migrant this month: luck is low enough on some lane (that of needs is idle
    while one is under way), or it is due."""
    idle = np.uint64(migrant.need != 0) << _TOP_OF_NEED
    return (migrant.present != 0) & ((lanes & ~idle != NO_LANES) | is_due(migrant, world, bytes_))


@rule
def live_through_month(migrant, world, city, account, regional, pen, bytes_, lanes):
    """A month in a migrant's life in which something may happen.

    `bytes_` is the month's luck, `lanes` those lanes of it that are low enough for their event to be possible: looked
    at again after whatever may have put the migrant into another class. Returns STAYS, QUEUES_AT_NGO, MOVES_AWAY or
    GOES + reason.
    """
    if migrant.member and not migrant.need:
        stay_member(migrant, world)
    if migrant.detained:
        return await_deportation(migrant, world, city, account, regional, pen)
    if world.month >= migrant.permit_until:
        if permit_expires(migrant, world, city, account, pen):
            return GOES + EXPIRY
        lanes = lanes_of(migrant, world, bytes_)
    if world.status_amnesty > 0.0 and migrant.status >= IRREGULAR:
        be_regularised(migrant, world, city, account, pen)
        lanes = lanes_of(migrant, world, bytes_)
    if is_below(lanes, CHANGES_STATUS):
        climb_or_slip(migrant, world, city, account, regional, bytes_, pen)
        if migrant.detained:
            return await_deportation(migrant, world, city, account, regional, pen)
        lanes = lanes_of(migrant, world, bytes_)
    if not migrant.settler and world.month >= migrant.target and reach_target(migrant, world, city, pen):
        return GOES + TARGET_REACHED
    if is_below(lanes, LEAVES):
        if lane_draw(world.luck_now, migrant.identity, bytes_, LEAVES) < chance_to_return(migrant, world):
            return GOES + RETURN

    if is_below(lanes, SETTLES):
        consider_settling(migrant, world, city, bytes_, pen)
        lanes = lanes_of(migrant, world, bytes_)
    if is_below(lanes, LEARNS):
        hear_of_services(migrant, world, city, bytes_, pen)
        lanes = lanes_of(migrant, world, bytes_)
    if is_below(lanes, HEARS_OF_NGO):
        hear_of_ngos(migrant, world, city, bytes_, pen)
    if is_below(lanes, ENROLS):
        consider_enrolling(migrant, world, city, bytes_, pen)
    if not migrant.need and is_below(lanes, NEED_STRIKES):
        be_struck(migrant, world, city, bytes_, pen)

    outcome = STAYS
    if migrant.need:
        outcome = bear_need(migrant, world, city, account, regional, pen)
    if outcome == STAYS and is_below(lanes, MOVES) and not migrant.detained:
        if lane_draw(world.luck_now, migrant.identity, bytes_, MOVES) < chance_to_move(migrant, world, city):
            return MOVES_AWAY
    return outcome


@rule
def bear_need(migrant, world, city, account, regional, pen):
    """D1/D10: seek help, or, when patience is at an end, take what comes."""
    if patience_is_over(migrant, world):
        outcome = give_up(migrant, world, city, account, regional, pen)
        if outcome == GIVES_UP_STAY:
            return GOES + UNMET
        if outcome == LOSES_JOB:
            return MOVES_AWAY
        return STAYS
    if migrant.stage & NOT_WORTH_IT:
        return STAYS
    if seek_help(migrant, world, city, account, regional, pen) == ASKS_NGO:
        note_return(migrant, world, account)
        return QUEUES_AT_NGO
    return STAYS


@rule
def await_deportation(migrant, world, city, account, regional, pen):
    """A4: in detention one can only seek help; when the time is up, one is deported."""
    if world.month - migrant.need_since >= world.enforcement_detention:
        return GOES + DEPORTED
    if seek_help(migrant, world, city, account, regional, pen) == ASKS_NGO:
        note_return(migrant, world, account)
        return QUEUES_AT_NGO
    return STAYS


@rule
def identity_of(month, door, ordinal):
    """Who an arrival is: month, door and ordinal, so that no scenario renumbers anybody else."""
    return month * IDENTITY_MONTH + door * IDENTITY_DOOR + ordinal


@rule
def be_born(migrant, world, door, identity):
    """A2/D4: what a newcomer brings along, drawn once from identity."""
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
    migrant.knows = 0
    if draw(ever, identity, TRAIT_KNOWS_STATE) < world.awareness_state:
        migrant.knows = RIGHTS
    migrant.knows_ngo = 0
    migrant.enrolled = 0
    migrant.joined = 0
    migrant.last_ngo = NO_DATE
    migrant.settler = draw(ever, identity, TRAIT_SETTLER) < world.doors_settlers[door]
    migrant.family = draw(ever, identity, TRAIT_FAMILY) < world.doors_family[door]
    migrant.sampled = draw(ever, identity, SAMPLED) < world.sampled_share
    months = 12.0 * world.doors_target_years[door] * (0.5 + draw(ever, identity, TRAIT_TARGET))
    migrant.target = NEVER_DUE
    if not migrant.settler:
        migrant.target = world.month + 1 + int(months)
    enter(migrant, world, door)


@rule
def enter(migrant, world, door):
    """A2: through the front or a side door with a permit, through the back door without."""
    migrant.status = LEGAL
    migrant.legal_since = world.month
    migrant.permit_until = world.month + max(1, world.doors_permit[door])
    if door == SMUGGLED_DOOR:
        migrant.status = SMUGGLED
    elif door == VISITOR and world.doors_permit[door] == 0:
        migrant.status = OVERSTAYER
    if migrant.status >= OVERSTAYER:
        migrant.legal_since = NO_DATE
        migrant.permit_until = NEVER_DUE


@rule
def settle_in(migrant, world, city, account, national, pen):
    """The newcomer registers, if registering is possible, and is counted."""
    account.arrived[migrant.status] += 1
    national.arrived[migrant.door, migrant.status] += 1
    note(migrant, world, city, pen, ARRIVED, 0, 0, migrant.door)
    be_insured_by_employer(migrant, world, city, ARRIVING, pen)
    if is_registered(migrant):
        be_told_on_registering(migrant, world, city, ARRIVING, pen)


@rule
def have_been_here(migrant, world, city, pen):
    """Those present when the run starts have been here for some years, spread exponentially.

    The exponential number is the waiting time, in months, of a chance that comes each month with 1 / mean.
    Permits and savings targets are taken at a random point of their course.
    """
    ever = world.luck_ever
    who = migrant.identity
    door = migrant.door
    mean = 12.0 * world.doors_initial_years[door]
    months = 0
    chance = 1.0 / (mean + 1.0)
    while months < 360 and draw(ever, who, TRAIT_STAYED, months) >= chance:
        months += 1
    migrant.arrived = world.month - months
    if door == VISITOR and months > world.doors_permit[door]:
        migrant.status = OVERSTAYER
        migrant.legal_since = NO_DATE
        migrant.permit_until = NEVER_DUE
    if migrant.legal_since != NO_DATE:
        migrant.legal_since = migrant.arrived
        permit = max(1, world.doors_permit[door])
        migrant.permit_until = world.month + 1 + int(draw(ever, who, TRAIT_STATUS) * permit)
    if not migrant.settler:
        mean_target = 12.0 * world.doors_target_years[door]
        migrant.target = world.month + 1 + int(draw(ever, who, TRAIT_TARGET) * mean_target)
    migrant.belonging_at = world.month - min(months, 120)
    feel_at_home(migrant, world, city)
    be_insured_by_employer(migrant, world, city, ARRIVING, pen)
    note(migrant, world, city, pen, PRESENT, 0, 0, door)


@rule
def depart(migrant, world, city, account, national, pen, reason):
    """D11: the row becomes free."""
    status = migrant.status
    if reason == DEPORTED:
        account.deported[status] += 1
        note(migrant, world, city, pen, WAS_DEPORTED, 0, 0, reason)
    else:
        account.left[status] += 1
        note(migrant, world, city, pen, LEFT, 0, 0, reason)
    national.departures[migrant.door, status, reason] += 1
    migrant.present = 0
