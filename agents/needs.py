"""Needs that arrive as episodes (D1), how they end, and what follows if nobody helped (D10)."""

from __future__ import annotations

from ..scenarios.catalogue import (
    DISPUTE,
    FAMILY_NEEDS,
    ILLNESS,
    IRREGULAR,
    NEEDS,
    NOBODY,
    ORDINANCE,
    RISK_OF_NEED,
)
from .chance import DEPARTS, HARMED, JOB_LOST, NEED_STRIKES, RECURS, draw, lane_draw
from .diary import CONSEQUENCE, GAVE_UP, NEED, SERVED, note
from .rule import rule
from .services import BY_EMPLOYER, effect_of, is_open

N_NEEDS = len(NEEDS)
_RISK = tuple(("work", "abuse", "housing", "plain").index(RISK_OF_NEED[need]) for need in NEEDS)
_FAMILY_ONLY = tuple(need in FAMILY_NEEDS for need in NEEDS)
WORK, ABUSE, HOUSING = range(3)
MOST_HARM = 2  # times lasting harm is counted
HARM_RAISES_ILLNESS = 0.5
A_MONTH = 1.0 / 12.0  # of a year; a division takes ten times as long

# How far an episode got, as bits of `migrant.stage`.
AWARE, WILLING, ELIGIBLE, CLAIMED, OPEN, NOT_WORTH_IT, KNOWS_NOBODY = 1, 2, 4, 8, 16, 32, 64
# What an unmet need leads to.
ENDURES, LOSES_JOB, GIVES_UP_STAY = range(3)
# `detail` of a consequence in a diary.
DEBT, LOST_JOB, HARM, CAME_BACK = range(4)


@rule
def need_rate(world, door, status, family, harm, need, discrimination, monitored):
    """D1: chance a month that this need strikes someone of this door, status and family.

    `discrimination` is what neighbours' tension adds (B9), `monitored` how far unions watch employers (C8).
    """
    if _FAMILY_ONLY[need] and not family:
        return 0.0
    rate = world.needs_rate[need] * A_MONTH
    risk = _RISK[need]
    if risk == WORK:
        rate = rate * world.doors_work_risk[door] * not_prevented(world, monitored)
    elif risk == ABUSE:
        rate = rate * world.doors_abuse_risk[door]
    elif risk == HOUSING:
        rate = rate * world.doors_housing_risk[door]
    if risk == ABUSE or risk == HOUSING or need == DISPUTE:
        rate = rate * (1.0 + discrimination)
    if status >= IRREGULAR:
        rate = rate * world.needs_unauthorised[need]
    if need == ILLNESS:
        rate = rate * (1.0 + HARM_RAISES_ILLNESS * harm)
    return rate


@rule
def not_prevented(world, monitored):
    """C8: unions that watch employers prevent part of the accidents, disputes and unpaid wages."""
    return 1.0 - world.voice_monitoring * monitored


@rule
def discrimination_against(migrant, world, city):
    """B9: tension turns into discrimination, less where an ordinance that protects the migrant forbids it."""
    prevented = 0.0
    if is_open(migrant, city, ORDINANCE):
        prevented = world.public_ordinance * effect_of(world, city, ORDINANCE)
    return world.public_discrimination * city.tension * (1.0 - prevented)


@rule
def be_struck(migrant, world, city, luck_bytes, pen):
    """D1: one uniform number decides whether a need strikes this month, and which."""
    u = lane_draw(world.luck_now, migrant.identity, luck_bytes, NEED_STRIKES)
    discrimination = discrimination_against(migrant, world, city)
    for need in range(N_NEEDS):
        u = u - need_rate(
            world,
            migrant.door,
            migrant.status,
            migrant.family,
            migrant.harm,
            need,
            discrimination,
            city.monitored,
        )
        if u < 0.0:
            begin_need(migrant, world, city, pen, need, world.month)
            return


@rule
def patience_is_over(migrant, world):
    """D10: a need is borne so long and no longer."""
    return world.month - migrant.need_since >= world.needs_patience[migrant.need - 1]


@rule
def begin_need(migrant, world, city, pen, need, since):
    """An episode begins, in month `since`: this one, or the next for a need that comes back."""
    migrant.need = need + 1
    migrant.need_since = since
    migrant.stage = 0
    migrant.tried = 0
    note(migrant, world, city, pen, NEED, need + 1, 0, 0)


@rule
def key_of_episode(migrant):
    """What draws that hold for a whole episode are keyed by: the month it began, and the need."""
    return 16 * migrant.need_since + migrant.need


@rule
def close_need(migrant, world, city, account, regional, pen, provider):
    """An episode ends: counted once, with how far it got and who met it (E3, E5)."""
    need = migrant.need - 1
    status = migrant.status
    stage = migrant.stage
    account.needs[status] += 1
    regional.needs[status, need] += 1
    if stage & AWARE:
        account.aware[status] += 1
        regional.aware[status, need] += 1
        if stage & WILLING:
            account.willing[status] += 1
            regional.willing[status, need] += 1
            if stage & ELIGIBLE:
                account.eligible[status] += 1
                regional.eligible[status, need] += 1
    if stage & CLAIMED:
        account.claimed[status] += 1
        regional.claimed[status, need] += 1
    if stage & OPEN:
        account.eligible_any[status] += 1
        if stage & AWARE:
            account.eligible_aware[status] += 1
    if provider == NOBODY:
        account.unmet[status] += 1
        account.unmet_needs[need] += 1
        regional.unmet[status, need] += 1
    else:
        account.served[provider, status] += 1
        regional.served[provider, status, need] += 1
        note(migrant, world, city, pen, SERVED, need + 1, provider, 0)
    migrant.need = 0


@rule
def give_up(migrant, world, city, account, regional, pen):
    """D10: nobody helped in time. Debt, harm, a need that comes back, a lost job, or the end of the stay."""
    need = migrant.need - 1
    who = migrant.identity
    now = world.luck_now
    note(migrant, world, city, pen, GAVE_UP, need + 1, 0, world.month - migrant.need_since)
    close_need(migrant, world, city, account, regional, pen, NOBODY)
    migrant.wronged = 1
    if not migrant.settler and world.needs_debt[need] > 0:
        migrant.target = migrant.target + world.needs_debt[need]
        note(migrant, world, city, pen, CONSEQUENCE, need + 1, 0, DEBT)
    if migrant.harm < MOST_HARM and draw(now, who, HARMED) < world.needs_harm[need]:
        migrant.harm = migrant.harm + 1
        note(migrant, world, city, pen, CONSEQUENCE, need + 1, 0, HARM)
    if draw(now, who, DEPARTS) < world.needs_departure[need]:
        return GIVES_UP_STAY
    if draw(now, who, RECURS) < world.needs_recurrence[need]:
        begin_need(migrant, world, city, pen, need, world.month + 1)
        note(migrant, world, city, pen, CONSEQUENCE, need + 1, 0, CAME_BACK)
    if draw(now, who, JOB_LOST) < world.needs_job_loss[need]:
        note(migrant, world, city, pen, CONSEQUENCE, need + 1, 0, LOST_JOB)
        lose_job(migrant, world)
        return LOSES_JOB
    return ENDURES


@rule
def lose_job(migrant, world):
    """D10: with the job go the insurance that came with it, and savings until the next one."""
    migrant.enrolled = migrant.enrolled & ~BY_EMPLOYER
    if not migrant.settler:
        migrant.target = migrant.target + world.labour_search
