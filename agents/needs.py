"""Needs that arrive as episodes (D1), how they end, and what follows if nobody helped (D10)."""

from __future__ import annotations

from ..scenarios.catalogue import IRREGULAR
from .chance import DEPARTS, HARMED, JOB_LOST, NEED_STRIKES, RECURS, draw, item_of
from .employers import lose_job, risk_from_employers
from .event import FAMILY, GOES_ON, HARM, NOTHING_HAPPENS, PLACE, RUNG, by_chance
from .event_log import CONSEQUENCE, GAVE_UP, NEED, SERVED, log_event
from .family import depends_on_spouse, has_pupil, have_child, may_have_child
from .mechanism import mechanism
from .rule import rule
from .services import PROTECTS, is_registered, open_effect
from .tally import NOBODY

WORK, ABUSE, HOUSING, PLAIN = range(4)  # the choices of needs.*.risk
MOST_HARM = 2  # times lasting harm is counted
MANY = 250  # claims are counted no further
HARM_RAISES_ILLNESS = 0.5
A_MONTH = 1.0 / 12.0  # of a year; a division takes ten times as long

# What the chance of a need depends on beside door, status and sex, as bits of `world.needs_varies`.
BIRTHS, PUPILS, OF_EMPLOYER, AT_WORK, ABUSIVE, BY_TENSION, BY_HARM = (1 << bit for bit in range(7))
VARIES_BY_RISK = {WORK: OF_EMPLOYER | AT_WORK, ABUSE: ABUSIVE}

# How far an episode got, as bits of `migrant.stage`.
AWARE, WILLING, ELIGIBLE, CLAIMED, OPEN, NOT_WORTH_IT, KNOWS_NOBODY = (1 << bit for bit in range(7))
# What an unmet need leads to.
ENDURES, GIVES_UP_STAY = range(2)
# `detail` of a consequence in the log.
DEBT, LOST_JOB, LASTING_HARM, CAME_BACK = range(4)


@rule
def n_needs(world):
    """Number of kinds of need."""
    return world.needs_rate.shape[0]


mechanism(
    "D1",
    "Needs come as episodes",
    "people come when a serious problem strikes and leave when it is solved",
    without={"needs.*.rate": 0.0},
    instead="off, nothing strikes but arrest by the state (A4)",
)


@rule("D1")
def chance_at_usual_risk(door, unauthorised, woman, need, world):
    """A month's chance of this need by door, status and sex, with the usual employers of the trade; the same in every
    month, and worked out once (model/derived.py)."""
    rate = world.needs_rate[need] * A_MONTH
    risk = world.needs_risk[need]
    if risk == WORK:
        rate = rate * world.doors_work_risk[door]
    elif risk == HOUSING:
        rate = rate * world.doors_housing_risk[door]
    if unauthorised:
        rate = rate * world.needs_unauthorised[need]
    if not woman:
        rate = rate * world.needs_men[need]
    return rate


@rule("D1")
def need_rate(migrant, here, need, discrimination):
    """Chance a month that this need strikes someone of this door, status and family, here.

    `discrimination` is what neighbours' tension and prejudice add (B9, B12).
    """
    world = here.world
    rate = world.needs_chance[migrant.door, int(migrant.status >= IRREGULAR), migrant.woman, need]
    varies = world.needs_varies[need]
    if varies & BIRTHS and not may_have_child(migrant, world):
        return 0.0
    if varies & PUPILS and not has_pupil(migrant, world):
        return 0.0
    if varies & OF_EMPLOYER:
        rate = rate * risk_from_employers(migrant, here)
    if varies & AT_WORK:
        rate = rate * not_prevented(world, here.city)
    if varies & ABUSIVE:
        rate = rate * risk_of_abuse(migrant, here)
    if varies & BY_TENSION:
        rate = rate * (1.0 + discrimination)
    if varies & BY_HARM:
        rate = rate * (1.0 + HARM_RAISES_ILLNESS * migrant.harm)
    return rate


@rule("A11", "D1", "D13")
def risk_of_abuse(migrant, here):
    """At work, by its employers; at home, with or without work, for whoever lives with a partner, and the more, if the
    permit hangs on the spouse."""
    world = here.world
    risk = world.doors_abuse_risk[migrant.door] * risk_from_employers(migrant, here)
    if migrant.family:
        at_home = world.status_abuse_at_home
        if depends_on_spouse(migrant):
            at_home = at_home * world.status_dependent
        risk = risk + at_home
    return risk


@rule("A8")
def seeks_home(migrant, world):
    """In trouble over a home."""
    return (migrant.need != 0) & (world.needs_risk[migrant.need - 1] == HOUSING)


@rule("C8")
def not_prevented(world, city):
    """Unions that watch employers prevent part of the accidents, disputes and unpaid wages."""
    return 1.0 - world.voice_monitoring * city.monitored


@rule("B9", "B12")
def discrimination_against(migrant, here):
    """Tension and prejudice turn into discrimination, less where an ordinance that protects the migrant forbids it."""
    world, city = here.world, here.city
    prevented = world.public_ordinance * open_effect(migrant, here, PROTECTS)
    hostile = world.public_discrimination * city.tension + world.public_prejudice * city.prejudice
    return hostile * (1.0 - prevented)


@rule("D1")
def chance_of_need(migrant, here):
    """Of any need; none strikes while another is under way."""
    if migrant.need:
        return 0.0
    discrimination = discrimination_against(migrant, here)
    chance = 0.0
    for need in range(n_needs(here.world)):
        chance += need_rate(migrant, here, need, discrimination)
    return chance


@by_chance(
    order=100,
    slot=NEED_STRIKES,
    chance=chance_of_need,
    looks_at=RUNG | FAMILY | HARM | PLACE,
    hint="needs.*.rate and the risks of the door",
    decides=True,
)
@rule("D1")
def be_struck(migrant, here, u):
    """The same number that decides whether a need strikes decides which."""
    if migrant.need:
        return NOTHING_HAPPENS
    discrimination = discrimination_against(migrant, here)
    for need in range(n_needs(here.world)):
        u = u - need_rate(migrant, here, need, discrimination)
        if u < 0.0:
            begin_need(migrant, here, need, here.world.month)
            if need == here.world.need_in_detention:
                here.nation.incidents += 1  # A9: an arrest is news
            if here.world.needs_childbirth[need]:
                have_child(migrant, here.world)
            return GOES_ON
    return NOTHING_HAPPENS


@rule("D10")
def patience_is_over(migrant, world):
    """A need is borne so long and no longer."""
    return world.month - migrant.need_since >= world.needs_patience[migrant.need - 1]


@rule("D1")
def begin_need(migrant, here, need, since):
    """An episode begins, in month `since`: this one, or the next for a need that comes back."""
    if here.world.needs_victim[need]:
        be_wronged(migrant, here.world)
    migrant.need = need + 1
    migrant.need_since = since
    migrant.stage = 0
    migrant.tried = 0
    log_event(migrant, here, NEED, need + 1, 0, 0)


@rule("C2", "D12")
def be_wronged(migrant, world):
    """Abused, cheated of wages, deceived by a broker: the record keeps the half year, in one byte."""
    migrant.wronged = half_year(world)


@rule("C2", "D12")
def is_wronged(migrant, world):
    """Whether that has happened of late; it is not for life."""
    ago = (half_year(world) - int(migrant.wronged)) % HALF_YEARS
    return (migrant.wronged != 0) & (ago <= 2.0 * world.ngos_grievance)


@rule
def half_year(world):
    """The number of the present half year, from 1 on; it begins anew after more than a century."""
    return world.month // 6 % HALF_YEARS + 1


HALF_YEARS = 250


@rule
def key_of_episode(migrant):
    """What draws that hold for a whole episode are keyed by: the month it began, and the need."""
    return item_of(migrant.need_since, migrant.need)


@rule("E3", "E5")
def close_need(migrant, here, provider):
    """An episode ends: counted once, with how far it got and who met it."""
    place, region = here.place, here.region
    need, status, stage = migrant.need - 1, migrant.status, migrant.stage
    place.needs[status] += 1
    region.needs[status, need] += 1
    if stage & AWARE:
        place.aware[status] += 1
        region.aware[status, need] += 1
        if stage & WILLING:
            place.willing[status] += 1
            region.willing[status, need] += 1
            if stage & ELIGIBLE:
                place.eligible[status] += 1
                region.eligible[status, need] += 1
    if stage & CLAIMED:
        place.claimed[status] += 1
        region.claimed[status, need] += 1
    if stage & OPEN:
        place.eligible_any[status] += 1
        if stage & AWARE:
            place.eligible_aware[status] += 1
    if provider == NOBODY:
        place.unmet[status] += 1
        place.unmet_needs[need] += 1
        place.off_register[need] += int(not is_registered(migrant, here.world))
        region.unmet[status, need] += 1
    else:
        place.served[provider, status] += 1
        region.served[provider, status, need] += 1
        log_event(migrant, here, SERVED, need + 1, provider, 0)
    migrant.need = 0


mechanism(
    "D10",
    "Consequences of unmet need",
    "debt, worse health, a lost job, departure, and need that comes back",
    without={
        "needs.*.recurrence": 0.0,
        "needs.*.debt": 0,
        "needs.*.job_loss": 0.0,
        "needs.*.departure": 0.0,
        "needs.*.harm": 0.0,
    },
)


@rule("D10")
def give_up(migrant, here):
    """Nobody helped in time. Debt, harm, a need that comes back, a lost job, or the end of the stay."""
    world = here.world
    need, who, now = migrant.need - 1, migrant.identity, world.luck_now
    log_event(migrant, here, GAVE_UP, need + 1, 0, world.month - migrant.need_since)
    close_need(migrant, here, NOBODY)
    if not migrant.settler and world.needs_debt[need] > 0:
        migrant.target = migrant.target + world.needs_debt[need]
        migrant.owes_until = max(migrant.owes_until, world.month) + world.needs_debt[need]
        log_event(migrant, here, CONSEQUENCE, need + 1, 0, DEBT)
    if migrant.harm < MOST_HARM and draw(now, who, HARMED) < world.needs_harm[need]:
        migrant.harm = migrant.harm + 1
        log_event(migrant, here, CONSEQUENCE, need + 1, 0, LASTING_HARM)
    if draw(now, who, DEPARTS) < world.needs_departure[need]:
        return GIVES_UP_STAY
    if draw(now, who, RECURS) < world.needs_recurrence[need]:
        begin_need(migrant, here, need, world.month + 1)
        log_event(migrant, here, CONSEQUENCE, need + 1, 0, CAME_BACK)
    if draw(now, who, JOB_LOST) < world.needs_job_loss[need]:
        log_event(migrant, here, CONSEQUENCE, need + 1, 0, LOST_JOB)
        lose_job(migrant, world)
    return ENDURES
